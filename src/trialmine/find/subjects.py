"""The subject of a number's own clause as its outcome, where no lexicon holds it: ``ORR为63%,足弓塌陷12%``.

A clause that has nothing but a name and a number (groups, times and other numbers aside) tells of what it names, whatever
the clause before told of. The shape of the clause says so; that the name is no group or people, the page does.
"""

from __future__ import annotations

from collections.abc import Iterable

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.words import FUNCTION, PEOPLE
from trialmine.find.lexicon import Hit
from trialmine.find.names import INTERVENTIONS
from trialmine.find.outcomephrase import OutcomePhrase, measure_of, snake
from trialmine.find.outcomes import OutcomeFinder
from trialmine.find.quantity import Quantity
from trialmine.find.unseen import MASK, UnseenFinder
from trialmine.read.segment import HAN

#: characters before a number in which its clause begins
_FAR = 90
_COPULA = r"(?:分别|依次|依序|均|都|则|也|亦|又|仅|只|才|约|各|高达|低至|达到?|为|是|至|到|有|占|由|从|[:=]|超过?|不足(?!\s?[(\[])|降至|升至|下降|降低|降|升高|升|提高|增加|减少|了|\s)*"
#: what is said of a subject between it and its number
_SAID = (
    r"(?:(?:的?发生率|的?比例|的?占比)?(?:均|都|也|亦|则|却|反而|反|仍|同样|明显|显著|较|更|稍|略|几乎|基本|大致|大体|完全|最|相对|差异|之间|两组|组间|□)*"
    r"(?:多见|少见|常见|更多|更少|较多|较少|更高|更低|较高|较低|更长|较长|更短|较短|升高|降低|下降|增加|减少|增多|改善|延长|缩短|一样|相同|相当|相近|相仿|相似|类似|接近|持平|差不多|相差无几|无差异|差了|相差|差)(?:□)*)?"
)
_LETTER = r"(?:(?![的了在对与和及或较比而且其等为是有无未被将使以由从至到于者均都也则又占达])\p{Han}|\p{Latin}|\p{Greek}|[\d/+≥<>-]|(?<=\p{Latin})\s(?=[\p{Latin}\d]))"
#: a Chinese clause with nothing but a name before the number
_ZH = Expression(
    rf"(?:^|[,;。:|\n]|□[%)\]\s]*、|[)\]])[\s□]*(?:(?:而|但是?|可|且|并|其中|另外?|同时|此外|最终|结果|(?<=□)(?:后|时|期间|内|中)|和|与|及|以及)[\s□,]*)?"
    rf"(?:\p{{Han}}{{2,6}}(?:则)?(?:是|为|在于|包括)|(?:发生|出现|并发|报告|观察到|可见|引起|导致)(?:了)?|最?常见(?:的)?(?:者|者为|为|是))?(?:[≥>]?=?\s?(?:[1-5]|I{{1,3}}|IV)(?:\s?[~-]\s?(?:[1-5]|IV|V))?\s?[级度](?:及?以上)?(?:的)?)?(?P<n>(?!\d){_LETTER}{{2,18}}?)(?!□)(?:\([^()□%]{{1,30}}\))?[□\s]*(?P<c>{_SAID}[□\s]*{_COPULA}[□\s]*[(\[]?)\s?$"
)
_WORD = rf"(?!(?i:{FUNCTION}|whom|whose|using|undergoing|receiving|received|treated|taking|given|assigned|be|been|kept|compared|not|such|either|only|i\.e|about|up|{PEOPLE}|groups?|arms?|achieved|greater|higher|lower)(?![\p{{L}}\d-]))[\p{{Latin}}][\p{{Latin}}\d'/+-]*"
#: an English one
_EN = Expression(
    rf"(?:^\s*|[,;:]\s|[.]\s|[)\]]\s|\n)(?:(?:and|while|whereas|but|with|then|also)\s)*(?:(?:the|an?|any|overall|median|mean|\p{{L}}+ly,)\s)*(?P<n>{_WORD}(?:\s(?:of\s|to\s|for\s)?{_WORD}){{0,4}}?)"
    r"(?P<c>(?:\s(?:in|with|for|among|on|at)\s(?:the\s)?□+)*(?:[,:]|\s(?:was|were|is|occurred|developed|fell|rose|decreased|increased|improved|reached|(?:was|were)\s(?:seen|reported|observed|noted|recorded)))?(?:\s(?:in|by|to|at|from|of))?(?:\s(?:only|about|approximately|just|around|up\sto))?\s?[(\[]?)\s?$"
)
#: what a clause can have for a subject beside an outcome: groups, people, comparisons, texts
_NO_SUBJECT = (
    r"(?:组|治疗|方案|疗法|患者|病人|者|人群|人|单[药用]|联合|联用|对照|剂量|研究|试验|分析|队列|亚组|男性|女性|男|女|儿童|老年|阳性|阴性|型|级|期|后|前|时|内|中|周|月|年|天|次|例|"
    r"大概|大约|\p{Han}{0,2}多数|大部分|半数|持续|包括|包含|降幅|增幅|涨幅|合并|汇总|切口|手术|术|即可\p{Han}*|可以|^医师选择|^研究者选择|发生率|风险|^延长\p{Han}*|治疗时间|用药时间|手术时间窗|基线|总体|整体|全部|合计|共|其余|其他|校正|差异|差值|绝对值|值|系数|界值|年龄|体重指数|随访|疗程|病程|样本量?|概率|可能|目前|平均|中位数?|最[高低大小长短]|左右|以[上下]|结果|显示)$|"
    r"^(?:[中高低]剂量|一|两|三|每|第|共|约|近|前|后|该|此|本|这|那|同|各|某|不|无|未|没|可|将|已|再|更|最|仅|只)|\+"
)
_NO_SUBJECT_EN = Expression(
    r"(?i)\b(?:so|margin|pooled|\p{Ll}+ly|increasing|including|rising|falling|ranging|averaging|totall?ing|reaching|around|approximately|nearly|almost|roughly|some|background|significant|(?:un|non)?adjusted|crude|estimated|agreement|similar|comparable|likely|therapy|treatment|alone|group|arm|control|placebo|dose|age|total|difference|range|analysis|study|trial|patients|people|women|men|follow-?up|baseline|interval|years|months|weeks|days|ratio|only|overall|respectively)s?$"
)
_ABBREVIATION = Expression(r"(?=(?:[^\p{Lu}]*\p{Lu}){2})\p{Lu}?[\p{Latin}\p{Greek}\d/+-]{2,9}")
#: numbers that are results only where what they are of is measured so
_MEASURED = ("number", "time")
_MEASURES = Expression(
    r"(?:评分|积分|得分|指数|水平|浓度|含量|计数|时间|天数|生存期?|期|次数)$|(?=(?:[^\p{Lu}]*\p{Lu}){2})^(?:[\p{Latin}\d-]{2,6})$|\b(?:scores?|levels?|index|time|survival|duration|stay|count)$"
)
#: characters of a page in which a name is looked for again
_LOOKED_THROUGH = 200_000
_KINDS = ("percent", "fraction", "time", "level", "mean", "number", "estimate", "not_reached")


class Subjects:
    """Finds what clauses tell of that no lexicon holds."""

    def __init__(self, patterns: Patterns, unseen: UnseenFinder, outcomes: OutcomeFinder) -> None:
        self._unseen, self._outcomes = unseen, outcomes
        self._no_subject = patterns.compile(_NO_SUBJECT)
        self._page = ""
        self._groups: dict[str, bool] = {}

    def read(self, page: str) -> None:
        """The page whose sentences are next."""
        self._page, self._groups = page[:_LOOKED_THROUGH], {}

    def find(
        self,
        text: str,
        found: list[OutcomePhrase],
        hits: list[Hit],
        spans: Iterable[tuple[int, int]],
        quantities: list[Quantity],
    ) -> list[OutcomePhrase]:
        """The outcomes of a sentence with those that only its clauses name; ``spans`` are its groups, times and studies."""
        starts = [_start(text, q) for q in quantities]
        numbers = [(at, q.outer_end) for at, q in zip(starts, quantities, strict=True)]
        masked = self._unseen.mask(text, [*spans, *numbers])
        more: list[OutcomePhrase] = []
        for at, q in zip(starts, quantities, strict=True):
            if q.kind.split(":")[0] not in _KINDS:
                continue
            lo = max(0, at - _FAR)
            chinese = bool(HAN.search(text[max(0, at - 12) : at]))
            m = (_ZH if chinese else _EN).search(masked, lo, at)
            if m is None or MASK in m["n"]:
                continue
            a, b = m.span("n")
            if any(o.start < q.outer_end and m.start() < o.end for o in [*found, *more]):
                continue
            if any(h.start < b and a < h.end and h.name.kind in INTERVENTIONS | {"outcome"} for h in hits):
                continue
            kind = q.kind.split(":")[0]
            named = self._unseen.called(text, a, b)
            if named is None or not self._fits(named.text, chinese):
                continue
            a, b = named.start, named.end
            bare = kind in ("level", "mean") and not m["c"].strip(f"{MASK} ")
            if (bare or kind in _MEASURED) and not _MEASURES.search(text[a:b]):
                continue
            told = not chinese and m["c"].strip(f"{MASK} ,:([")
            if not told and not _MEASURES.search(text[a:b]) and not self._recurs(text[a:b]):
                continue
            phrase = _phrase(text, a, b)
            self._graded(text, phrase)
            more.append(phrase)
        return sorted([*found, *more], key=lambda o: o.start) if more else found

    def _recurs(self, name: str) -> bool:
        """Whether the page tells of a name more than once."""
        return self._page.find(name, self._page.find(name) + 1) >= 0

    def _graded(self, text: str, phrase: OutcomePhrase) -> None:
        """Give a name the grade that stands before it; it is an event then."""
        measure, phrase.measure = phrase.measure, phrase.measure or "event"
        self._outcomes.grade(text, phrase)
        phrase.measure = phrase.measure if phrase.concept.startswith("grade") else measure

    def _fits(self, name: str, chinese: bool) -> bool:
        """Whether a subject can be an outcome; an abbreviation or a word that the page uses for a group is none."""
        if chinese and (
            self._no_subject.search(name) or (name.isascii() and not _ABBREVIATION.fullmatch(name))
        ):
            return False
        return not (not chinese and _NO_SUBJECT_EN.search(name))


def _start(text: str, q: Quantity) -> int:
    """Where a number and what hangs on it begins, white space aside."""
    lead = text[q.outer_start : q.start]
    return q.outer_start + len(lead) - len(lead.lstrip())


def _phrase(text: str, start: int, end: int) -> OutcomePhrase:
    """The outcome that a stretch names."""
    name = text[start:end]
    return OutcomePhrase(start, end, snake(name), measure_of(name), name, known=False, score=11.0)
