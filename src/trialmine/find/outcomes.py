"""Outcomes of a sentence that the lexicon knows, with the grade, threshold or range that makes them one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns, iter_rules
from trialmine.core.sieve import Sieve, possible
from trialmine.find.heads import headless
from trialmine.find.lexicon import Hit
from trialmine.find.quantity import Quantity
from trialmine.read.segment import HAN

#: outcomes' texts of which is kept whether they are anaphoric
_REMEMBERED = 2000
_OWN_THRESHOLD = Expression(r"\s?(?:≥|>=|≤|<=|[<>])\s?-?\d+(?:\.\d+)?\s?(?:%|\p{Latin}+(?:/\p{Latin}+)?)?$")
#: between a quantity and its change: ``体重平均减少``
_CHANGED = Expression(
    r"(?:的)?(?:平均|显著|明显|分别|均|较基线|相对|总体|进一步|已|也|都)+(?P<v>减少|下降|降低|减轻|增加|升高|上升)"
)
#: forms of an outcome that say how it changed: ``体重减少``
_OF_CHANGE = Expression(r"(?:减少|下降|降低|减轻|增加|升高|上升)$")
#: an event's own number before what is said of it: ``rash (50%) was the most common adverse event``
_NUMBER_FIRST = Expression(r"^\s?(?:[(\[][^()\[\]]{0,40}[)\]]|\d[\d.]*\s?%)")
_RATE_AFTER = Expression(r"\)?\s?(?:率|rates?\b|比例|的?发生率)")
_ABBREVIATED = Expression(r"^[率期]?\s?[(\[]?(?:[\p{Latin}\s-]{0,40},\s?)?$")
_LISTED = Expression(r"^(?:、|,\s?)$")
#: right before a word for what was told before
_POINTS_BACK = Expression(r"(?:这[一种些个]|该|此[种类])$")
#: right before a time that only says when something happened
_DURING = Expression(r"\b(?:[Dd]uring|[Tt]hroughout)\s(?:the\s|their\s|index\s|initial\s)*$")
_OR = Expression(
    r"^(?:、?\s?或(?:者|因)?|(?:\s(?:for|from|due\sto)\s(?:any|all)[\s-]causes?)?,?\sor\s(?:an?\s|the\s|first\s|new\s|any\s|recurrent\s)?(?:hospitali[sz]ation for\s)?)$"
)
_OF_A_TIME = Expression(r"的?\s?(?:第?\d+\s?(?:年|周|个月|天))?(?:的)?\s?")
_OPENS = Expression(
    r"率?(?:(?:较基线)?(?:至少)?(?:改善|下降|降低|减少|缓解)(?:≥|至少|达)?\s?\d{2,3}\s?%(?:以上)?)?\s?[(]"
)
_BETWEEN_WORDS = Expression(r"[^\p{L}\p{N}]+")
_ROMAN = {"II": "2", "III": "3", "IV": "4"}
_SIGN = {"≤": "<=", "≥": ">=", "低于": "<", "小于": "<", "高于": ">", "大于": ">", "不足": "<", "超过": ">", "至少": ">=",
         "不低于": ">=", "不高于": "<=", "降至": "<=", "below": "<", "under": "<", "above": ">", "less than": "<",
         "greater than": ">", "of less than": "<", "at least": ">=", "of at least": ">=", "more than": ">",
         "达": ">=", "达到": ">=", "以上": ">=", "更多": ">=", "以下": "<=", "or more": ">=", "or less": "<=",
         "or higher": ">=", "or greater": ">=", "or longer": ">=", "or above": ">=", "or lower": "<=", "or below": "<="}  # fmt: skip


#: the measure of a treatment that a share of people was on when a study began
IN_USE = "in use"


@dataclass(slots=True)
class OutcomePhrase:
    """An outcome at ``[start, end)`` of a sentence; ``measure`` is rate, time, level, event, :data:`IN_USE` or empty."""

    start: int
    end: int
    concept: str
    measure: str
    text: str
    known: bool = True
    #: whether it says only "rate" or "response", the rest stands before
    generic: bool = False
    #: how surely an unseen outcome was read (see :mod:`trialmine.find.unseen`)
    score: float = 0.0
    #: whether it stands so that it can't be passed over for the outcome of the number before
    bound: bool = False
    #: whether the sentence says first that it tells of it: ``在X方面,``
    topic: bool = False


#: behind a name that tells how something was worked out: "sensitivity analysis"
_METHOD = Expression(r"\sanaly[sz]\p{Latin}+\b")
#: around a name by whose level people are parted: 按基线eGFR分层, stratified by baseline eGFR
_PARTED_BY = Expression(
    r"(?:按|依|根据|依据)(?:照)?(?:基线|治疗前|入组时)?(?:的)?$|\b(?:[Ss]tratified|[Gg]rouped|[Dd]ivided|[Cc]ategori[sz]ed|[Ss]plit) (?:by|according to) (?:(?:baseline|median|the|patients?'?) )*$"
)
_INTO_PARTS = Expression(r"(?:的?(?:水平|高低|值|中位数))?(?:进行)?(?:分层|分组|分为|分成|分亚组|亚组)")
#: whose time it is, and its statistic, before the name of a time
_OWNER = Expression(
    r"(?:.*(?:组|患者|受试者)(?:中|的)?)?(?:中位|平均)?(?:[Tt]he\s)?(?:(?:[Mm]edian|[Mm]ean|[Aa]verage)\s)?"
)


#: a time that ends with an event, not one that an event lasts
_UNTIL = Expression(r"\p{Han}|\b(?:to|until)\b")
#: the parts of an outcome that the text calls a composite
_COMPOSITE = Expression(
    r"\b(?:(?:[Cc]omposite|(?P<loose>[Cc]ombination|[Aa]ggregate|[Cc]ombined))\s(?:(?:end[- ]?points?|outcomes?|measures?|incidence|rate|risk)\s)?|"
    r"(?:[Pp]rimary|[Ss]econdary|[Mm]ain|[Kk]ey)\s(?:\p{Ll}+\s)?(?:end[- ]?points?|outcomes?)\s(?=of\b|\())(?:\([^()]*\)\s)?(?:of|comprising|including|consisting of|that included|defined as)\s"
    r"(?P<n>[^.;:()%\d]{8,200}?)(?=,?\s(?:was|were|is|are|occurred|did|had|in|at|with|after|by|between|among|than|compared|versus|vs|fell|decreased|there|which)\b|\s?[(;.:]|,?\s?$)"
)
_TOGETHER = Expression(r"omposite|ombination|ggregate|ombined|(?:point|outcome)s?\s(?:of|\()")
#: characters from "the combination of" to its first event
_LEADS = 24
_SEVERAL = Expression(r",\s|\b(?:or|and)\b")


def _parts_people(text: str, h: Hit) -> bool:
    """Whether people are parted by what a name means, so that it is no outcome there."""
    if _PARTED_BY.search(text, max(0, h.start - 40), h.start) is None:
        return False
    return text[h.start - 1 : h.start] == " " or _INTO_PARTS.match(text, h.end) is not None


def _called_composite(text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
    """``a composite of A, B or C`` is one outcome, whether its parts are known or not."""
    for m in _COMPOSITE.finditer(text) if _TOGETHER.search(text) else ():
        a, b = m.span("n")
        inside = [p for p in found if p.start < b and a < p.end]
        if not _SEVERAL.search(m["n"]) or any(p.start < m.start() or b < p.end for p in inside):
            continue
        if m["loose"] and (not inside or inside[0].start > a + _LEADS):
            continue  # a combination of drugs
        whole = len(inside) == 1 and inside[0].start <= a + 4 and inside[0].end >= b - 4
        concept = inside[0].concept if whole else snake(m["n"])
        phrase = OutcomePhrase(m.start(), b, concept, "event", m["n"], known=bool(inside), score=11.0)
        around = [p for p in found if p not in inside and not m.start() <= p.start < a]
        found = sorted([*around, phrase], key=lambda p: p.start)
    return found


#: a sentence with a grade
_GRADED = Expression(r"\d\s?[级度]|I[VI]*\s?[级度]|[Gg]rade")
_MAY_BE_GRADED = possible(_GRADED)
#: a grade alone, before its number: what went before, so graded
_BARE_GRADE = Expression(
    r"(?:(?:≥|>=)\s?(?P<g>[2-5])\s?[级度]|(?<![\d.~/-])(?P<g>[2-5]|III|IV)\s?[级度]?(?:及|或|和|与)?(?:其|以|更)*(?:以上|高)(?:级别)?|"
    r"(?<![\d.])(?P<g>3|III)\s?[级度]?\s?[-~/或和、至到]\s?(?:[45]|IV|V)\s?[级度]|(?:(?<=[,;(、]\s?)|其中)(?P<one>[1-5])\s?[级度])"
    r"(?:者|的|毒性|反应|病例)?(?=(?:发生率|比例|仅|只有|均|占|为|有|共|约|分别|[:(])*\s?\d)"
)
#: from a class of events with a grade to the first of those it holds
_HOLDS = Expression(
    r"(?:的?发生率)?(?:(?:为|是|达|:)?\s?\d[\d.]*\s?%(?:\s?\([^()]{0,30}\))?[,;])?(?:其中)?(?:以|则)?(?:(?:最|较)?为?(?:常见|多见)|主要|多)?的?(?:分别|依次)?(?:为|是|包括|包含|有|如|:)+|"
    r"\s(?:were|was|included?|being|are)\s(?:mainly\s)?"
)
#: between the events of such a list: their numbers, and what joins them
_HELD_ON = Expression(
    r"\s?(?:率)?(?:\s?\([^()]{0,40}\)|\s?\[[^\[\]]{0,40}\]|\s?\d[\d.]*\s?%|\s?\d+\s?例)?(?:\s?\([^()]{0,40}\))?\s?(?:[、,]|,?\s?(?:和|与|及|以及|and)|)\s?"
)
_CLASS_OF_EVENTS = Expression(
    r"(?P<g>grade(?:>=| )\d) \S*(?:AEs?|ADR|toxicity|adverse_(?:events?|reactions?))$"
)


def _graded(text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
    """Events below a class with a grade (``最常见的3级以上不良反应为X(5%)、Y(3%)``), and grades alone behind an event."""
    for i, p in enumerate(found):
        held = _CLASS_OF_EVENTS.match(p.concept)
        if held is None:
            continue
        gap, end = _HOLDS, p.end
        for o in found[i + 1 :]:
            if gap is _HELD_ON and _RATE_AFTER.match(text[o.end - o.text.endswith("率") : o.end + 4]):
                break  # 皮疹发生率为31%: no more of the list
            if (
                o.measure != "event"
                or not gap.fullmatch(text[end : o.start])
                or o.concept.startswith("grade")
            ):
                break
            o.concept, gap, end = f"{held['g']} {o.concept}", _HELD_ON, o.end
    more: list[OutcomePhrase] = []
    for m in _BARE_GRADE.finditer(text):
        last = next((o for o in reversed(found) if o.end <= m.start()), None)
        own = next((o for o in found if o.start < m.end() and m.start() < o.end), None)
        if (
            last is None
            or last.measure not in ("event", "rate")
            or not _SAME_EVENT.fullmatch(text[last.end : m.start()])
        ):
            continue
        if last.measure == "rate" and last.concept not in {o.concept for o in found if o.measure == "event"}:
            continue
        base = last.concept.partition(" ")[2] if last.concept.startswith("grade") else last.concept
        concept = f"grade {m['one']} {base}" if m["one"] else f"grade>={_ROMAN.get(m['g'], m['g'])} {base}"
        if own is None:
            more.append(OutcomePhrase(m.start(), m.end(), concept, "event", m.group()))
        elif own.start >= m.start() - 1 and own.end <= m.end() + 2:
            own.concept = concept
    return sorted([*found, *more], key=lambda o: o.start) if more else found


#: from an event to its own grade
_SAME_EVENT = Expression(r"[^。;]{0,48}")

#: behind a substance that a drug acts on, or is
_A_TARGET = Expression(
    r"\s?(?:受体)?(?:抑制剂|拮抗剂|激动剂|阻断剂|单抗|类似物)|[\s-](?:receptor\s)?(?:inhibitors?|antagonists?|agonists?|blockers?)\b"
)
_CAUSE = Expression(r"(?:因|由于|死因为)[^,;。]{0,6}$")


def _effects(text: str, found: list[OutcomePhrase], came_to: Any) -> list[OutcomePhrase]:
    """``因感染死亡``: what happened, not what it came from."""
    kept = [
        p
        for p, following in zip(found, [*found[1:], None], strict=False)
        if following is None
        or following.start - p.end > 3
        or "event" not in (p.measure, following.measure)
        or not _CAUSE.search(text[max(0, p.start - 9) : p.start])
        or not _EFFECT.fullmatch(text[p.end : following.start])
    ]
    if "因" in text:
        kept = [
            p
            for p in kept
            if p.measure != "event"
            or not _CAUSE.search(text[max(0, p.start - 9) : p.start])
            or not came_to.match(text, p.end)
        ]
    return kept if len(kept) < len(found) else found


_EFFECT = Expression(r"(?:等|而|并发症)*")

#: what is measured of something, at the end of its name
_MEASURED = r"(?:率|比例|评分|积分|得分|水平|浓度|时间|天数|次数|用量|量|指数|计数|费用|体积|面积|直径|厚度|宽度|长度|程度|强度)"
_NAMED = rf"(?P<i>[\p{{Han}}\p{{Latin}}\p{{Greek}}\d/+-]{{1,14}}?{_MEASURED}(?!{_MEASURED}))"
#: names in a row, whose numbers follow in their order
_COORDINATED = Expression(
    rf"{_NAMED}(?:(?:、|,|和|与|及|以及|,以及){_NAMED}){{1,6}}(?=[^,;。:、\d]{{0,12}}(?:分别|依次)|(?:均|都|亦|也|则)?[^,;。:、\d()]{{0,18}}[高低优长短多少大小差快慢]于[^,;。:()\d]{{1,20}}\()"
)
_MAY_BE_A_ROW = possible(_COORDINATED)
#: abbreviations in a row, of which each has its own number behind it
_ABBREVIATIONS = Expression(
    r"(?<![\p{Latin}\d/-])(?P<i>(?=[^、,和与及]*\p{Lu})[\p{Latin}\p{Greek}][\p{Latin}\p{Greek}\d/·-]{0,9})(?:(?:、|,|和|与|及|以及)(?P<i>(?=[^、,和与及]*\p{Lu})[\p{Latin}\p{Greek}][\p{Latin}\p{Greek}\d/·-]{0,9})){1,7}"
    r"(?=(?:的?(?:表达|检测)?(?:值|水平|含量|浓度|结果))(?:分别|依次|均)?[^,;。:、\d()]{0,6}(?:为|是|至|到|:|从|由)\s?\(?\d)"
)
_MAY_BE_ABBREVIATIONS = possible(_ABBREVIATIONS)
_NAME_EN = r"(?P<i>(?!(?i:and|or|with|in|at|for|of|on|to|by|from|among|after|during|while|both|patients|group|arm)\b)\p{Latin}[\p{Latin}'-]*(?:\s(?!(?:and|or|were|was|in|at|with|for|of|on|to|by|the|rates?)\b)[\p{Latin}'-]+){0,3})"
#: the same in English: ``rates of A, B and C were 4%, 6% and 2%, respectively``
_COORDINATED_EN = Expression(
    rf"(?:\b(?:[Rr]ates?|[Ii]ncidences?|[Ff]requenc(?:y|ies)|[Pp]roportions?)\sof\s|(?:^|[.;]\s)(?:[Tt]he\s)?(?:[Mm]ean\s|[Mm]edian\s)?){_NAME_EN}"
    rf"(?:,\s{_NAME_EN})*,?\sand\s{_NAME_EN}(?:\srates?)?\s(?:were|was|occurred|developed|increased|decreased|fell|rose)\b"
)
_STATISTIC_EN = Expression(r"(?:(?:the|median|mean|overall|pooled|crude|cumulative)\s)*")
_WHOSE = Expression(r".*(?:组|者|人|的|例|\d\s?(?:个月|月|年|周|天))")


def _coordinated(text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
    """``夜间盗汗缓解率和纳差改善率分别为``: each name of a row is an outcome, whether the lexicon holds it or not.

    An English row is one where the lexicon holds some of its names.
    """
    rows = [(False, m) for m in _COORDINATED.finditer(text)] if _MAY_BE_A_ROW(text) else []
    if _MAY_BE_ABBREVIATIONS(text):
        rows += [(False, m) for m in _ABBREVIATIONS.finditer(text)]
    if "respectively" in text and found:
        rows += [(True, m) for m in _COORDINATED_EN.finditer(text)]
    for english, m in rows:
        items: list[OutcomePhrase] = []
        for a, b in m.spans("i"):
            owner = (_STATISTIC_EN if english else _WHOSE).match(text[a : b - 2])
            a += owner.end() if owner else 0
            inside = [p for p in found if p.start < b and a < p.end]
            if any(p.end > b + 6 * english for p in inside) or any(p.start < m.start() for p in inside):
                items = []
                break
            last = inside[-1] if inside else None
            if last is not None and last.end >= b - 1 and 2 * (last.end - last.start) >= b - a:
                items.append(last)
                continue
            head = text[a:b]
            measure = "rate" if english or head.endswith(("率", "比例")) else "level"
            measure = "time" if head.endswith(("时间", "天数")) else measure
            name = head if head.isupper() or ("-" in head and not HAN.search(head)) else snake(head)
            items.append(OutcomePhrase(a, b, name, measure, head, known=False, score=11.0))
        if {p.known for p in items} == {True, False} or (items and not english and not items[0].known):
            found = [p for p in found if p.end <= m.start() or p.start >= m.end()] + items
            found.sort(key=lambda p: p.start)
    return found


#: what may stand within the name of an outcome
_BRIDGE = Expression(r"(?:的|年|每年|年度|累[积计]|总|自发性?|持续|早期|血清|平均|完全|部分|中位|水平)+")
_INCIDENCE = Expression(r"(?:发生率|发病率)$")
#: what happened, a time, and the word for how often
_PARTED = Expression(
    r"(?P<head>[\p{Han}\p{Latin}]{2,10})(?:的|在)?\d{1,3}\s?(?:年|个月|月|周|天)(?:内|时)?的?(?P<tail>(?:累[积计])?(?:发生率|发病率))"
)


#: what people had to have besides, all of it: ``肝炎缓解且纤维化未恶化的比例``, ``HbA1c<7% without hypoglycaemia or weight gain``
_AND_ALSO = Expression(
    r"(?:,|并)?且(?:同时|均|都)?(?P<b>[^,;。:()、%且]{2,24}?)(?=(?:且|的?(?:患者|受试者|参与者|病例|人)?的?(?:比例|占比|百分比|百分率|人数))|的患者|(?<![后前患或两二学作])者|的(?:率|概率))"
)
_WITHOUT = Expression(
    r"\s(?P<no>without|with no)\s(?:any\s|a\s|an\s|the\s)?(?P<b>(?:worsening|progression)\s(?:of|in)\s)?(?P<x>(?!increas|excess|significant|differ|affect|compromis|addition|more\b|higher|apparent|major|serious|evidence|effect|change|worsen|reduc|raising|need)\p{Latin}[\p{Latin}-]*(?:\s(?:or\s|of\s|and\s)?(?!(?:was|were|is|are|in|at|by|with|on|for|than|occurred|after|among|compared|versus|vs|did|had)\b)\p{Latin}[\p{Latin}-]*){0,4})"
)
#: that something became rarer, at no cost: ``reduced stroke without bleeding``
_LESSENED = Expression(r"\b(?:reduc|lower|decreas|prevent|fewer|less|cut|declin)\p{Latin}*\s[^.;:]{0,60}$")
_THAN_OTHERS = Expression(r"[高低优长短多少大小好差快慢]于|(?:较|比)(?!基线|治疗前|入组)")
_LACKS = Expression(r"(?:无|未|没有|不伴|不)")
#: from the first of several things that people had to have to the word that joins the next
_ALL_OF = Expression(r"[^,;。:()、%于较比]{0,4}")
#: what a sentence may tell of that is no outcome
_NO_TOPIC = Expression(
    r"(?:组|者|人|人群|患者|病例|儿童|女性|男性|治疗|疗法|用药|给药|试验|研究|分析|方案|药物|制剂|手术|安全性?|毒性|疗效|有效性|方法|基线|整体|总体|结果|结局|终点|指标|亚组|目前|临床|年|月|周|天|期|中国|国内|国外|机制|诊断|预后|剂量|特征|比较)$|"
    r"^(?:一|这|该|此|本|其|上述|以上|不同|后|前)|"
    r"^(?i:the|this|that|these|those|all|both|each|some|most|more|many|comparison|example|instance|safety|efficacy|effectiveness|tolerability|treatment|therapy|outcomes?|results?|example|harms?|benefits?)$|"
    r"\b(?:patients?|participants?|people|women|men|adults|children|groups?|arms?|trials?|stud(?:y|ies)|therap(?:y|ies)|treatments?|weeks?|months?|years?|days?|end\s?points?|outcomes?|disease|cancer|safety|efficacy)$"
)
#: a name that joins two events, and what says that each has its own number
_JOINED_NAME = Expression(r"(?P<a>\p{Han}{2,8})(?:和|及|与|、)(?P<b>\p{Han}{2,10})")
_EACH = Expression(r"(?:的?发生率)?(?:分别|依次)")


def _joint(text: str, found: list[OutcomePhrase], hits: list[Hit]) -> list[OutcomePhrase]:
    """Outcomes that people had to have all of are one: ``A且B的比例``, ``A without B``."""
    for m in _AND_ALSO.finditer(text) if "且" in text else ():
        first = next((p for p in reversed(found) if p.end <= m.start()), None)
        if first is None or first.measure == "time" or not _ALL_OF.fullmatch(text, first.end, m.start()):
            continue
        a, b = m.span("b")
        inside = [p for p in found if p.start < b and a < p.end]
        if any(p.start < a or b < p.end for p in inside) or _THAN_OTHERS.search(m["b"]):
            continue
        lacks = _LACKS.match(text, a)
        other = f"{'no_' * bool(lacks)}{inside[-1].concept}" if inside else snake(m["b"])
        first.concept, first.measure, first.end = f"{first.concept}_and_{other}", "rate", b
        first.text = text[first.start : b]
        found = [p for p in found if p not in inside]
    for m in _WITHOUT.finditer(text) if "with" in text else ():
        first = next((p for p in found if p.end == m.start() and p.measure in ("rate", "event")), None)
        a, b = m.span("x")
        if first is None or _LESSENED.search(text, 0, first.start):
            continue
        if any(h.start < b and m.start("no") < h.end and h.name.kind != "outcome" for h in hits):
            continue
        inside = [p for p in found if p.start < b and m.start("no") < p.end]
        if any(b < p.end for p in inside):
            b = inside[-1].end
        # the definition of such a response tells that something else didn't get worse
        name = first.concept if m["b"] else f"{first.concept}_without_{snake(text[a:b])}"
        first.concept, first.end = name, b
        first.text = text[first.start : b]
        found = [p for p in found if p not in inside]
    return found


def _tables(
    patterns: Patterns,
) -> tuple[list[str], list[str], dict[str, str], dict[str, tuple[str, str]], dict[str, str], dict[str, str]]:
    """Concepts that are a time; endpoints; incidences, names, what a survival is free of, changes: these by their form."""
    outcomes = patterns.lexicons["outcomes"]
    return (
        sorted({e["concept"] for e in outcomes if e["measure"] == "time"}),
        sorted({e["concept"] for e in outcomes if e["concept"].endswith("_endpoint")}),
        {e.form: e["concept"] for e in outcomes if _INCIDENCE.search(e.form)},
        {
            e.form if HAN.search(e.form) else e.form.lower(): (e["concept"], e["measure"])
            for e in outcomes
            if e["kind"] == "name" and (HAN.search(e.form) or " " in e.form)
        },
        {e.form.removesuffix(_FREE_OF_IT): e["concept"] for e in outcomes if e.form.endswith(_FREE_OF_IT)},
        {e.form: e["concept"] for e in outcomes if _OF_CHANGE.search(e.form)},
    )


class OutcomeFinder:
    """Reads the known outcomes of sentences."""

    def __init__(self, patterns: Patterns) -> None:
        self._rules: dict[str, list[Any]] = {}
        #: what something led to: ``因皮疹停药``
        self._came_to = patterns.compile(
            r"(?:等|而|并发症|导致|反应)*(?:提前|永久|暂时|再次)?(?:需要?)?(?:{{came_to}})"
        )
        #: whether names are anaphoric; the same ones come again and again
        self._anaphoric: dict[str, bool] = {}
        for rule in iter_rules(patterns, "outcomes"):
            self._rules.setdefault(rule.kind, []).append(rule.regex)
        self._implied = [(r.name, r.regex) for r in iter_rules(patterns, "outcomes") if r.kind == "implied"]
        self._sieves = {
            kind: Sieve((r, r) for r in self._rules.get(kind, []))
            for kind in ("time_name", "responder", "topic")
        }
        self._sieves["implied"] = Sieve((x, x[1]) for x in self._implied)
        kinds = [r for r in iter_rules(patterns, "outcomes") if r.kind == "qualifier"]
        self._sieves["qualifier"] = Sieve(((r.name, r.regex), r.regex) for r in kinds)
        self._whole = [(r.name, r.regex) for r in iter_rules(patterns, "outcomes") if r.kind == "composite"]
        tables = patterns.table("outcomes", Path(__file__).read_bytes(), lambda: _tables(patterns))
        timed, endpoints, self._incidences, self._named, self._survivals, self._changes = tables
        #: concepts that are a survival or another time in at least one form
        self.timed = set(timed)
        self.endpoints = set(endpoints)
        #: what people are, not what is measured of them
        self._traits = set(patterns.cues.get("baseline_outcome", ()))

    def find(self, text: str, hits: list[Hit], quantities: list[Quantity]) -> list[OutcomePhrase]:
        """Known outcomes of a sentence, left to right; an abbreviation in brackets joins its name."""
        found: list[OutcomePhrase] = []
        for h in hits:
            if h.name.kind != "outcome":
                continue
            if any(q.start <= h.start and h.end <= q.end and q.kind != "not_reached" for q in quantities):
                continue
            if _A_TARGET.match(text, h.end):
                continue
            if (found and h.start < found[-1].end) or self._statistic(text, h):
                continue
            if found and h.name.detail == "event" and _POINTS_BACK.search(text, max(0, h.start - 3), h.start):
                continue  # the event told before: 最常见的为疼痛,16%的人出现了这一不良反应
            if _METHOD.match(text, h.end) or _parts_people(text, h):
                continue
            if h.name.detail == "time" and _DURING.search(text, max(0, h.start - 24), h.start):
                continue  # complications during the hospital stay
            if found and self._joins(text, found[-1], h):
                found += self._threshold(text, found[-1])
                continue
            phrase = OutcomePhrase(h.start, h.end, h.name.concept, h.name.detail, text[h.start : h.end])
            phrase.generic = self.anaphoric(phrase.text)
            self.grade(text, phrase)
            self._better(text, phrase)
            changed = _CHANGED.match(text, phrase.end) if phrase.measure == "level" else None
            if changed is not None and (concept := self._changes.get(phrase.text + changed["v"])):
                phrase.concept, phrase.end = concept, changed.end()
            self._rate(text, phrase)
            found.append(phrase)
            found += self._threshold(text, phrase)
        found = self._bridged(text, found)
        found += self._parted(text, found)
        found = [x for p in found for x in self._apart(text, p)]
        found += self._headless(text, found)
        found.sort(key=lambda p: p.start)
        found = self._responders(
            text, self._composites(text, self._times(text, _effects(text, found, self._came_to)))
        )
        for name, r in self._sieves["implied"].passing(text):
            for m in r.finditer(text):
                if not any(p.start < m.end() and m.start() < p.end for p in found):
                    measure = "time" if name in self.timed else "rate" if name in self._traits else "level"
                    found.append(OutcomePhrase(m.start(), m.end(), name, measure, m.group().strip()))
        found.sort(key=lambda p: p.start)
        found = _joint(text, found, hits)
        found = self._predicates(text, _coordinated(text, _called_composite(text, found)))
        if _MAY_BE_GRADED(text) and _GRADED.search(text):
            found = _graded(text, found)
        for p in found:
            self._qualify(text, p)
        found = self._topics(text, found, hits)
        return _freed(text, found, self._survivals) if "free" in text.lower() else found

    def _topics(self, text: str, found: list[OutcomePhrase], hits: list[Hit]) -> list[OutcomePhrase]:
        """What a sentence says first that it tells of: ``在X方面,``, ``As for X,``; known or not."""
        for r in self._sieves["topic"].passing(text):
            for m in r.finditer(text):
                a, b = m.span("n")
                inside = [p for p in found if a <= p.start and p.end <= b]
                for p in inside[-1:]:
                    p.topic = True
                named = inside or _NO_TOPIC.search(m["n"])
                if named or any(h.start < b and a < h.end for h in hits):
                    continue
                if not any(p.start < b and a < p.end for p in found):
                    name = snake(m["n"])
                    found.append(OutcomePhrase(a, b, name, "", m["n"], known=False, topic=True))
        return sorted(found, key=lambda p: p.start)

    def _bridged(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """Names whose parts a word for how it was counted or came about holds apart: ``HBsAg年自发清除率``."""
        kept: list[OutcomePhrase] = []
        for p in found:
            last = kept[-1] if kept else None
            if last is not None and _BRIDGE.fullmatch(text, last.end, p.start):
                name = text[last.start : last.end] + text[p.start : p.end]
                known = self._named.get(name) or self._named.get(name.removesuffix("率"))
                if known is not None:
                    kept[-1] = replace(
                        p, start=last.start, concept=known[0], text=text[last.start : p.end], generic=False
                    )
                    continue
            kept.append(p)
        return kept

    def _parted(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """Names of an incidence that a time parts: ``某病5年累积发生率``."""
        more = []
        for m in _PARTED.finditer(text) if "发" in text else ():
            starts = range(m.start("head"), m.end("head") - 1)
            at = next((i for i in starts if text[i : m.end("head")] + m["tail"] in self._incidences), None)
            if at is None or any(p.start < m.end() and at < p.end for p in found):
                continue
            name = text[at : m.end("head")] + m["tail"]
            more.append(OutcomePhrase(at, m.end(), self._incidences[name], "rate", name))
        return more

    def _apart(self, text: str, p: OutcomePhrase) -> list[OutcomePhrase]:
        """The two events of a name that joins them, where each has its own number: ``恶心和呕吐发生率分别为``."""
        m = _JOINED_NAME.fullmatch(text, p.start, p.end)
        if m is None or not _EACH.match(text, p.end):
            return [p]
        first, second = (self._named.get(m[x].removesuffix("发生率")) for x in ("a", "b"))
        if first is None or second is None or first[0] == second[0]:
            return [p]
        return [
            OutcomePhrase(m.start("a"), m.end("a"), *first, m["a"]),
            OutcomePhrase(m.start("b"), p.end, *second, m["b"]),
        ]

    def _headless(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """Outcomes in a row before one of ``found`` whose head is theirs, too."""
        more: list[OutcomePhrase] = []
        for p in [x for x in found if x.end - x.start > 3]:
            for a, b, concept, measure in headless(text, p.start, p.end, p.concept, self._named):
                if any(x.start < b and a < x.end and not x.generic for x in found):
                    break
                more.append(OutcomePhrase(a, b, concept, measure, text[a:b]))
        return more

    def anaphoric(self, text: str) -> bool:
        """Whether words say only "rate" or "proportion", of what was told before."""
        if text not in self._anaphoric:
            if len(self._anaphoric) >= _REMEMBERED:
                self._anaphoric.clear()
            self._anaphoric[text] = self._match("anaphor", text) is not None
        return self._anaphoric[text]

    def _match(self, kind: str, text: str) -> regex.Match[str] | None:
        return next((m for r in self._rules.get(kind, []) if (m := r.search(text))), None)

    def _statistic(self, text: str, h: Hit) -> bool:
        """Whether an abbreviation is one of statistics here (SD for standard deviation)."""
        if h.end - h.start > 3:
            return False
        lo = max(0, h.start - 14)
        around = text[lo : h.end + 12]
        return any(
            m.start("s") + lo == h.start for r in self._rules.get("statistic", []) for m in r.finditer(around)
        )

    def _joins(self, text: str, last: OutcomePhrase, h: Hit) -> bool:
        """An abbreviation after its name, and a head that says only "rate" after what it is the rate of."""
        gap = text[last.end : h.start]
        if _OF_A_TIME.fullmatch(gap) and self._match("anaphor", text[h.start : h.end]):
            last.end, last.measure = h.end, "rate"
            return True
        if _OPENS.fullmatch(gap) and text[h.end : h.end + 1] == ")" and h.name.concept != last.concept:
            last.concept, last.measure, last.text, last.end = (
                h.name.concept,
                h.name.detail,
                text[h.start : h.end],
                h.end + 1,
            )
            return True
        same = last.concept == h.name.concept and _ABBREVIATED.match(gap) is not None and len(gap) < 44
        head = gap in ("", " ", "的") and self._match("generic", text[h.start : h.end]) is not None
        if not same and not head:
            return False
        last.end = h.end + (1 if same and "(" in gap and text[h.end : h.end + 1] == ")" else 0)
        if head:
            last.text, last.measure = text[last.start : h.end], "rate"
        last.measure = last.measure or h.name.detail
        return True

    def grade(self, text: str, p: OutcomePhrase) -> None:
        """Give an event the grade that stands before it."""
        if p.measure != "event" or p.concept.startswith("grade"):
            return
        m = self._match("grade", text[max(0, p.start - 40) : p.start])
        if m is None:
            return
        low = next(g for g in m.captures("g") if g)
        low = _ROMAN.get(low, low)
        sign = "" if m.re.pattern == self._rules["grade"][-1].pattern else ">="
        p.concept = f"grade{sign or ' '}{low} {p.concept}"
        p.start = max(0, p.start - 40) + m.start() + (len(m.group()) - len(m.group().lstrip()))
        p.text = text[p.start : p.end]
        p.generic = False

    def _qualify(self, text: str, p: OutcomePhrase) -> None:
        """An event of one kind is told apart from the event: ``致死性出血``, ``non-fatal stroke``."""
        if p.generic or p.measure not in ("event", "rate") or p.concept in self.timed:
            return
        if p.concept.startswith("grade") or text[p.start : p.end] != p.text:
            return
        before = text[max(0, p.start - 20) : p.start]
        if (m := _RELATED.search(before)) is not None and not self._match("drug_related", m["x"]):
            p.start -= len(m.group())
            p.concept, p.text = f"{snake(m['x'])}_related_{p.concept}", text[p.start : p.end]
            return
        for name, r in self._sieves["qualifier"].passing(text):  # of which it is known what stands in it
            m = r.search(before)
            if m is not None and not p.concept.startswith(name):
                p.start -= len(m.group())
                p.concept, p.text = f"{name}_{p.concept}", text[p.start : p.end]
                return

    def _better(self, text: str, p: OutcomePhrase) -> None:
        if p.measure != "rate":
            return
        name = p.text.removesuffix("率")
        short = name.isascii() and name.rstrip("s").isupper() and len(name) <= 5
        if short and (m := self._match("prefix", text[max(0, p.start - 14) : p.start])):
            p.start -= len(m.group())
            p.concept = p.concept.removesuffix("率")
        elif m := self._match("suffix", text[p.end : p.end + 30]):
            p.end += m.end()
        else:
            return
        p.concept += "_or_better"
        p.text = text[p.start : p.end]

    def _rate(self, text: str, p: OutcomePhrase) -> None:
        if not _RATE_AFTER.match(text[p.end : p.end + 8]):
            return
        if p.measure == "time":
            p.measure = "rate"
        if text[p.end : p.end + 1] == "率":
            p.end += 1
        p.text = text[p.start : p.end]

    def _threshold(self, text: str, p: OutcomePhrase) -> list[OutcomePhrase]:
        """Makes a measured quantity with a threshold a share of patients; further thresholds of a list follow."""
        own = _OWN_THRESHOLD.search(p.text)
        if own:
            return self._more(text, _OWN_THRESHOLD.sub("", p.concept), p.text[: own.start()], p.end)
        if p.measure != "level":
            return []
        base, head = p.concept, p.text
        m = self._match("score", text[p.end : p.end + 40])
        if m:
            between = "/" if regex.search(r"[/或]|or", m.group()) else "-"
            p.end += m.end()
            p.concept, p.measure, p.text = f"{base}_{m['a']}{between}{m['b']}", "rate", text[p.start : p.end]
            return []
        m = self._match("threshold", text[p.end : p.end + 60])
        if not m:
            return self._reached(text, p)
        p.end += m.end()
        p.concept, p.measure, p.text = _bound(base, m), "rate", text[p.start : p.end]
        return self._more(text, base, head, p.end)

    def _reached(self, text: str, p: OutcomePhrase) -> list[OutcomePhrase]:
        """The same where the threshold stands before the change: "至少5%、10%、15%减重"."""
        lo = max(0, p.start - 40)
        m = self._match("threshold_before", text[lo : p.start]) if HAN.match(text, p.start) else None
        if not m:
            return []
        base, whole, end = p.concept, p.text, p.end
        p.start, p.measure, p.concept = lo + m.start("r"), "rate", _bound(base, m)
        spans = [m.span("u"), *m.spans("w")]
        p.end = lo + spans[0][1] if len(spans) > 1 else end
        p.text = text[p.start : p.end] + whole * (len(spans) > 1)
        sign = _SIGN.get(m["r"], m["r"])
        return [
            OutcomePhrase(lo + a, end if i == len(spans) - 1 else lo + b + 1, f"{base}{sign}{text[lo + a : lo + b]}%", "rate", f"{m['r']}{text[lo + a : lo + b]}%{whole}")
            for i, (a, b) in enumerate(spans)
            if i
        ]  # fmt: skip

    def _more(self, text: str, base: str, head: str, at: int) -> list[OutcomePhrase]:
        """The further thresholds of a list: "减重≥5%、≥10%、≥15%", and those set behind numbers: "减重≥5%(80% vs 24%)和≥10%(60% vs 12%)"."""
        more: list[OutcomePhrase] = []
        while m := self._match("threshold_more", text[at : at + 60]):
            start, end = at + m.start("r"), at + m.end()
            more.append(OutcomePhrase(start, end, _bound(base, m), "rate", head + text[start:end]))
            at = end
        for r in self._rules.get("threshold_later", ()):
            for m in r.finditer(text, at):
                start, end = m.span("t")
                more.append(OutcomePhrase(start, end, _bound(base, m), "rate", head + text[start:end]))
        return more

    def _times(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """Times to an event, or how long one lasts, that the lexicon doesn't hold."""
        for p in found if _MAY_BE_AFTER(text) else ():
            if p.measure in ("rate", "event") and (m := _AFTER_SO_LONG.match(text, p.end)):
                before = m["n"].strip()
                p.concept, p.measure = f"time_to_{snake(f'{p.concept} {before}')}", "time"
                p.end += len(m["n"])
                p.text = text[p.start : p.end]
        for r in self._sieves["time_name"].passing(text):
            for m in r.finditer(text):
                a, b = m.span("n")
                a += _OWNER.match(text[a:b]).end()
                inside = [p for p in found if p.start < b and a < p.end]
                if any(p.measure == "time" or p.end > b for p in inside):
                    continue
                event = [p.concept for p in inside if p.measure in ("rate", "event")]
                until = len(event) == 1 and _UNTIL.search(text[a:b])
                concept = f"time_to_{event[-1]}" if until else snake(text[a:b])
                phrase = OutcomePhrase(a, b, concept, "time", text[a:b])
                found = sorted([p for p in found if p not in inside] + [phrase], key=lambda p: p.start)
        return found

    def _responders(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """Shares of patients with a change of at least so much ("体重下降≥5%者")."""
        for r in self._sieves["responder"].passing(text):
            for m in r.finditer(text):
                a, b = m.span("n")
                inside = [p for p in found if a <= p.start and p.end <= b]
                base = _OWN_THRESHOLD.sub("", inside[0].concept) if inside else snake(m["h"])
                if any(p.start < b and a < p.end and p not in inside for p in found):
                    continue
                phrase = OutcomePhrase(a, b, f"{base}>={m['v']}%", "rate", text[a:b], known=bool(inside))
                found = sorted([p for p in found if p not in inside] + [phrase], key=lambda p: p.start)
        return found

    def _composites(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """Events that "or" joins are one outcome, with those that commas list before them."""
        kept: list[OutcomePhrase] = []
        for p in found:
            last = kept[-1] if kept else None
            if (
                last
                and _OR.match(text[last.end : p.start])
                and not {last.measure, p.measure} & {"time", "level"}
            ):
                parts = [p, kept.pop()]
                while (
                    kept
                    and {kept[-1].measure, parts[-1].measure} <= {"event", "rate"}
                    and _LISTED.match(text[kept[-1].end : parts[-1].start])
                ):
                    parts.append(kept.pop())
                parts.reverse()
                first = parts[0]
                concept = self.composite(parts)
                kept.append(
                    OutcomePhrase(first.start, p.end, concept, first.measure, text[first.start : p.end])
                )
                continue
            kept.append(p)
        return kept

    def composite(self, parts: Sequence[OutcomePhrase]) -> str:
        """What the composite of these outcomes is called: its own name, or theirs joined."""
        named = " + ".join(sorted({c for x in parts for c in x.concept.split("_or_")}))
        whole = next((name for name, r in self._whole if r.search(named)), None)
        return whole or "_or_".join(("_".join(x.concept for x in parts[:-1]), parts[-1].concept))

    def _said_of(self, gap: str) -> bool:
        """Whether what stands between two events makes the later one the class of the earlier."""
        gap = _NUMBER_FIRST.sub("", gap)
        m = self._match("predicate", gap)
        return (
            m is not None
            and regex.fullmatch(
                r"(?!\s?(?:是|为|有|包括|分别|依次|was\b|were\b|includ))[^,;。:]{0,14}", gap[m.end() :]
            )
            is not None
        )

    def _predicates(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """In "diarrhoea was the most common adverse event" diarrhoea is the outcome."""
        kept: list[OutcomePhrase] = []
        for p in found:
            last = kept[-1] if kept else None
            if last and last.measure == p.measure == "event" and self._said_of(text[last.end : p.start]):
                if p.concept.startswith("grade") and not last.concept.startswith("grade"):
                    last.concept = f"{p.concept.rpartition(' ')[0]} {last.concept}"
                continue
            kept.append(p)
        return kept


#: when an event came, right behind its name: ``ROP reactivation occurred at a mean of 7.5 weeks``
_AFTER_SO_LONG = Expression(
    r"(?P<n>(?:\s(?!occurred|developed|appeared|was|were|at|after)\p{Ll}{4,}){0,2})\s(?:occurred|developed|appeared|recurred|resolved|"
    r"(?:was|were)\s(?:seen|observed|noted|achieved|reached|detected|diagnosed))\s(?:at|after|in|within)\s(?:an?\s)?"
    r"(?:(?:mean|median|average)(?:\stime)?(?:\sof)?\s(?=\d)|(?=\d[\d.]*\s?(?:±|\(\s?±)[\d.\s]+\)?\s?(?:days|weeks|months|years|hours|minutes|min)\b))"
)
_MAY_BE_AFTER = possible(_AFTER_SO_LONG)


def _bound(base: str, m: regex.Match[str]) -> str:
    bound = m["v"].replace(",", "").removesuffix(".0")  # <7.0% is the same outcome as <7%
    return f"{base}{_SIGN.get(m['r'], m['r'])}{bound}{(m['u'] or '').strip()}"


def snake(printed: str) -> str:
    """A printed phrase as a name: lower case where it is ASCII, words joined by underscores."""
    return str(_BETWEEN_WORDS.sub("_", printed.lower() if printed.isascii() else printed)).strip("_")


#: what an event is told to go back to, right before it: ``导管相关感染``
_RELATED = Expression(r"(?:(?<!\p{Han})|(?<=[组中的例和与及]))(?P<x>(?:(?![组的])\p{Han}){2,8})相关性?的?$")
#: the end of the name of a survival by what it is free of
_FREE_OF_IT = "-free survival"
#: right before what people were free of
_FREE_OF = Expression(
    r"\b(?P<lead>[Ff]reedom from|(?:[Ss]urvival|[Ss]urviv\p{Ll}+|[Aa]live(?: and)?) free (?:of|from)|(?<=\b(?:were|was|are|is|remained|remain|became|become|being)\s)free (?:of|from))\s(?:(?:the|any|an?|all)\s)?(?:[\p{Ll}-]+\s){0,2}$"
)
#: a survival by what it is free of, and people who are so
_FREE_SURVIVAL = Expression(
    r"(?<![\p{L}\d-])(?P<x>[\p{Latin}\d][\p{Latin}\d/+'-]*?)-free\ssurvival(?:\s(?:rates?|probability))?\b"
)
_ARE_FREE = Expression(
    r"(?<=\b(?:were|was|are|is|remained|remain|became|become)\s(?:still\s|completely\s)?|\d\s?%\s(?:(?:of\s)?(?:the\s)?(?:patients|participants|people|them|those)\s)?(?:alive\sand\s)?)(?P<x>[\p{Latin}][\p{Latin}'-]*?)-free\b(?!\s(?:survival|interval|diet|period|days))"
)


def _freed(text: str, found: list[OutcomePhrase], survivals: Mapping[str, str]) -> list[OutcomePhrase]:
    """What people were free of is another outcome than its event: ``freedom from reintervention``, ``arrhythmia-free survival``.

    ``survivals`` are those with a name of their own, by the event that they are free of.
    """
    for p in found:
        m = _FREE_OF.search(text, max(0, p.start - 60), p.start)
        if m is None or p.generic or any(x is not p and m.start("lead") < x.end <= p.start for x in found):
            continue
        survival = m["lead"].lower().startswith(("surviv", "alive"))
        name = (
            survivals.get(p.concept, f"{p.concept}_free_survival")
            if survival
            else f"freedom_from_{p.concept}"
        )
        p.start, p.concept, p.measure = m.start("lead"), name, "rate"
        p.text = text[p.start : p.end]
    for p in [x for x in found if x.text.lower().startswith("freedom from ")]:
        following = next((x for x in found if x.start == p.end + 1 and " " not in x.text), None)
        if following is not None:  # freedom from A recurrence
            p.end, p.concept = following.end, f"{p.concept}_{following.concept}"
            p.text = text[p.start : p.end]
            found = [x for x in found if x is not following]
    for rule in (_FREE_SURVIVAL, _ARE_FREE):
        for m in rule.finditer(text):
            if any(p.start <= m.start() and m.end() - 12 <= p.end and p.end > m.end("x") + 4 for p in found):
                continue
            found = [p for p in found if p.end <= m.start() or m.end() <= p.start]
            tail = "_free_survival" if rule is _FREE_SURVIVAL else "_free"
            concept = survivals.get(m["x"].lower(), "")
            measure = "time" if rule is _FREE_SURVIVAL else "rate"
            found.append(
                OutcomePhrase(m.start(), m.end(), concept or snake(m["x"]) + tail, measure, m.group())
            )
    return sorted(found, key=lambda p: p.start)
