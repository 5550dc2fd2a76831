"""Names in a row of which each has its own number behind the row, though no lexicon holds them all.

``穿刺点渗血、鼻衄和黑便的发生率分别为4%、3%和1%``: as many names as numbers, in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.sieve import possible
from trialmine.find.lexicon import Hit, Name
from trialmine.find.names import INTERVENTIONS
from trialmine.find.outcomephrase import OutcomePhrase, measure_of, snake
from trialmine.find.quantity import Quantity

#: characters over which a row's words may lead to its numbers
_FAR = 160
#: the number of a test, before the p-value that it gave
_TEST = r"(?:(?:χ2?|x2|[tFUZzHrqTW]|\p{Greek}2)\s?值?\s?[:=]\s?-?\d[\d.]*\s?[,;、]\s?)"
#: between two numbers of a row
_NEXT = Expression(rf"\s?(?:[、,;]|和|与|及|以及)?\s?(?:和|与|及)?\s?{_TEST}?(?:P\s?值?\s?[=:<>≤≥]?\s?)?")
#: from the names to their numbers
_LEAD = Expression(
    rf"(?:[(\[]|:|为|是|达|到|有)\s?(?:{_TEST}|(?:χ2?|[tFUZz])\s?值?\s?(?:分别)?\s?(?:[:=为])\s?(?:-?\d[\d.]*\s?[、,;和]\s?){{2,12}})?(?:(?:均|其)?P\s?值?\s?(?:分别)?\s?(?:[=:<>≤≥]|为)?\s?)?$"
)
#: one name, and the marks between two
_NAME = Expression(
    r"(?:(?!\d)[\p{Han}\p{Latin}\p{Greek}/+-]|(?<=[\p{Latin}+-])\d|(?<=\d)%|\"){2,18}(?:\((?!\d)[^()%]{1,24}\))?"
)
_SHORT = Expression(r"\((?:[^()]*,\s?)?(?P<a>\p{Lu}[\p{Latin}\d-]{1,7})\)$")
#: what ends the last name: what was measured of all, how they compare
_TAIL = Expression(
    r"(?:等)?(?:的?(?:累积|累计|总)?(?:发生率|发病率|发生比例|比例|占比|例数|人数|情况|水平|方面))?(?:在?(?:两|各|三|四|2|3)?组?(?:之?间)?(?:比较|相比|对比)|与?组间比较|(?:与|同|较)[^,;。:()、\d]{0,12}?(?:组|前)(?:比较|相比|对比)?)?的?"
    r"(?:,?(?:差异|均|都|亦|也|则|无|有|未见|分别|依次|各|较|显著|明显|存在|仅|(?:均|都|亦|也|则|较|显著|明显|仍|更|略|稍){0,4}[高低优长短多少大小差快慢早晚轻]于)[^,;。:()、\d]{0,26})?(?:为|是|达|有|到|:)?\s?$"
)
#: what is told of factors of something else, and of people, places and groups
_FACTORS = Expression(r"因素|有关|相关|影响|预测|关联")
#: the ends and beginnings of what is no name; further words for it are the cue ``no_name_in_row``
_NO_NAME = (
    r"[组型级期患]$|(?<!使用|死亡|不良反应)者$|[癌瘤](?!转移|复发|栓|残留)|(?:阳|阴)性$|[轻中重]度$|^[男女]性?$|^(?:其中|分别|以及)|"
    r"(?:{{no_name_in_row}})"
)
#: whose numbers these are, before the first name
_WHOSE = Expression(
    r".*(?:\d\s?(?:年|个?月|周|天|[dh](?!\p{Latin}))(?:时|内)?的?|组(?!织|胺|氨)(?:中|患者|患儿|间|内|病人)?的?|(?<!不良反应|死亡)患?者的?|两组的?|(?:显示|表明|发现|提示)|治疗前后?|治疗后|(?:出现|(?<!复)发生|包括|其中|主要为|常见的?为))"
)
#: what has a rate of its own, of which names are only whose they are: 胃癌、肠癌的死亡率
_HEAD = Expression(r"[率期]$|时间$|\p{Lu}{2}$")
_SHARED_HEAD = Expression(r"(?:改善|好转|消失|恢复|正常|达标|复常|阳性|异常|检出|满意|知晓|合格)率$")


def _runs(text: str, quantities: list[Quantity]) -> list[list[Quantity]]:
    """Runs of two or more numbers with nothing but marks and tests between them; p-values stand in runs of their own."""
    runs: list[list[Quantity]] = []
    run: list[Quantity] = []
    for last, q in pairwise(quantities):
        alike = (last.kind == "p") == (q.kind == "p") and _NEXT.fullmatch(
            text, last.outer_end, q.outer_start
        ) is not None
        if alike:
            run = run or [last]
            run.append(q)
        elif run:
            runs.append(run)
            run = []
    return [*runs, run] if run else runs


_JOINED = Expression(
    r"(?P<a>[^,;。:()、]{2,14}?(?:\((?!\d)[^()%]{1,24}\))?)(?:以及|和|与|及)(?P<b>[^,;。:()、]{2,14}(?:\((?!\d)[^()%]{1,24}\))?)$"
)
#: two names with one word for their rates, and a bracket with the pairs of both: ``恶心和呕吐发生率均低于对照组(5% vs 15%,P=0.03;8% vs 20%,P=0.04)``
_TWO_AND_PAIRS = Expression(
    r"(?P<a>[^,;。:()、\d]{2,24}?)(?:以及|和|与|及)(?P<b>[^,;。:()、\d]{2,14}?)(?P<h>发生率|发病率|发生比例|死亡率|复发率|率|评分|水平)"
    r"(?:均|都|亦|也|则|较|显著|明显|仍|更|略|稍)*[高低优长短多少大小差快慢早晚]于[^,;。:()、\d]{1,20}(?P<in>[(\[](?:[^()\[\];]|\([^()]*\))*;(?:[^()\[\];]|\([^()]*\))*[)\]])"
)
_TWO_AND_PAIRS_EN = Expression(
    r"(?:\b(?:[Rr]ates?|[Ii]ncidences?|[Ff]requenc(?:y|ies)|[Rr]isks?)\sof\s|(?:^|[.;,]\s))(?P<a>\p{Latin}[\p{Latin}-]*(?:\s\p{Ll}[\p{Ll}-]*){0,2}?)\sand\s(?P<b>\p{Ll}[\p{Ll}-]*(?:\s\p{Ll}[\p{Ll}-]*){0,2}?)"
    r"(?P<h>(?:\srates?)?)\s(?:were|was|occurred)\s(?:\p{Ll}+ly\s)?(?:lower|higher|less|more|fewer|greater|rarer)\b[^.;()\d]{0,90}?(?P<in>[(\[](?:[^()\[\];]|\([^()]*\))*(?:;|%\sand\s)(?:[^()\[\];]|\([^()]*\))*[)\]])"
)
_BETWEEN_PAIRS = Expression(r";|(?<=%)\sand\s")
_PAIR = Expression(r"vs|versus|对|比|和")
_MAY_BE_PAIRS = possible(_TWO_AND_PAIRS, _TWO_AND_PAIRS_EN)
#: from the last number of people to what each of them had, and one of these names
_THEN_HAD = Expression(
    r"\s?例?(?:患者|病人|患儿)?(?:分别|依次)(?:发生|出现|为|是|获得|达到|达|评价为|评为|死于|因|属于?|患有|合并|诊断为|表现为)了?(?P<n>[^,;。:()]*(?:\([^()]{1,24}\)[^,;。:()]*)*)"
)
_PARTS = Expression(r"(?:(?!以及|[、和与及])[^,;。:])+")


def _item(text: str, start: int, end: int, known: list[OutcomePhrase], head: str) -> OutcomePhrase:
    """The outcome of one name: the lexicon's where it covers most of it; ``head`` is what the last name shares with it."""
    short = _SHORT.search(text, start, end)
    core = text.rfind("(", start, end) if short else end
    for p in known:
        reaches = core - 1 <= p.end <= end + 4 or (p.start == start and 3 * p.end >= 2 * core + start)
        if not head and start <= p.start < end and reaches and 2 * (p.end - p.start) >= core - start:
            return replace(p, start=start)
    if short:
        return OutcomePhrase(start, end, short["a"], "", text[start:core], known=False, score=11.0)
    printed = text[start:end] if text.endswith(head, start, end) else text[start:end] + head
    return OutcomePhrase(start, end, snake(printed), measure_of(printed), printed, known=False, score=11.0)


class Rows:
    """Reads such rows."""

    def __init__(self, patterns: Patterns, known: Callable[[str], Name | None]) -> None:
        self._no_name = patterns.compile(_NO_NAME)
        self._known = known

    def outcomes(
        self, text: str, found: list[OutcomePhrase], hits: list[Hit], quantities: list[Quantity]
    ) -> list[OutcomePhrase]:
        """The outcomes with those of rows of names that the lexicon doesn't hold all."""
        found = self._apart(text, found, hits)
        if "、" not in text:
            return found
        for run in _runs(text, quantities):
            spans = self._before(text, run) or self._behind(text, run)
            if spans is None:
                continue
            start, end = spans[0][0], spans[-1][1]
            if any(h.name.kind in INTERVENTIONS and start <= h.start < end for h in hits):
                continue
            inside = [p for p in found if p.start < end and start < p.end]
            head = _SHARED_HEAD.search(text, *spans[-1])
            items = [_item(text, a, b, inside, head.group() if head and b < end else "") for a, b in spans]
            if items == inside or any(p.start < start for p in inside):
                continue
            found = [p for p in found if p not in inside] + items
            found.sort(key=lambda p: p.start)
        return found

    def _apart(self, text: str, found: list[OutcomePhrase], hits: list[Hit]) -> list[OutcomePhrase]:
        """Two outcomes told together are two where a bracket has a pair of numbers for each."""
        if not _MAY_BE_PAIRS(text):
            return found
        for m in (x for e in (_TWO_AND_PAIRS, _TWO_AND_PAIRS_EN) for x in e.finditer(text)):
            parts = _BETWEEN_PAIRS.split(m["in"])
            if len(parts) != len(spans := [m.span("a"), m.span("b")]) or not all(map(_PAIR.search, parts)):
                continue
            a, b = spans[0]
            if whose := _WHOSE.match(text, a, b):
                a = whose.end()
                spans[0] = (a, b)
            if any(self._no_name.search(text, x, y) or y - x < 2 for x, y in spans):
                continue
            if any(h.name.kind in INTERVENTIONS and a <= h.start < spans[1][1] for h in hits):
                continue
            items = [self._one(text, x, y, m["h"]) for x, y in spans]
            items[1].end = m.end("h")
            kept = [p for p in found if p.end <= a or m.end("h") <= p.start]
            found = sorted([*kept, *items], key=lambda p: p.start)
        return found

    def _one(self, text: str, start: int, end: int, head: str) -> OutcomePhrase:
        """The outcome of a name that shares its head with another one."""
        words = text[start:end]
        known = self._known(words + head) or self._known(words)
        if known is not None:
            return OutcomePhrase(start, end, known.concept, known.detail, words + head)
        measure = measure_of(words + head) or "rate"
        return OutcomePhrase(start, end, snake(words + head), measure, words + head, known=False, score=11.0)

    def in_turn(
        self, text: str, found: list[OutcomePhrase], quantities: list[Quantity]
    ) -> dict[int, OutcomePhrase]:
        """Where people are counted -> what the row of names behind their numbers says of them."""
        if "分别" not in text and "依次" not in text:
            return {}
        told: dict[int, OutcomePhrase] = {}
        for run in _runs(text, quantities):
            for q, (a, b) in zip(run, self._behind(text, run) or (), strict=False):
                own = next((p for p in found if a <= p.start < b), None)
                told |= {q.start: own} if own is not None else {}
        return told

    def _before(self, text: str, run: list[Quantity]) -> list[tuple[int, int]] | None:
        """The names before a run: as many as numbers, or as many as each of two or three groups has."""
        lead = _LEAD.search(text, max(0, run[0].outer_start - _FAR), run[0].outer_start)
        if lead is None:
            return None
        counts = [len(run) // groups for groups in (1, 2, 3) if len(run) % groups == 0 and len(run) > groups]
        return next((s for n in counts if (s := self._names(text, lead.start(), n)) is not None), None)

    def _behind(self, text: str, run: list[Quantity]) -> list[tuple[int, int]] | None:
        """The names behind a run of people counted: ``22、5和12例患者分别发生X、Y、Z``."""
        told = _THEN_HAD.match(text, run[-1].end) or _THEN_HAD.match(text, run[-1].outer_end)
        if told is None:
            return None
        spans = [told.span("n")]
        spans = [(m.start(), m.end()) for m in _PARTS.finditer(text, *spans[0])]
        fit = all(_NAME.fullmatch(text, a, b) and not self._no_name.search(text, a, b) for a, b in spans)
        return spans if fit and len(spans) == len(run) else None

    def _names(self, text: str, end: int, count: int) -> list[tuple[int, int]] | None:
        """The spans of ``count`` names in a row before ``end``, or None."""
        at = text.rfind("、", max(0, end - 80), end)
        if at < 0:
            return None
        tail = next((m for i in range(at + 2, end) if (m := _TAIL.fullmatch(text, i, end))), None)
        if tail is None or _FACTORS.search(text, at, end):
            return None
        stop = tail.start()
        if _HEAD.search(text, at, stop) and "的" in text[at:stop]:
            return None
        spans = [(at + 1, stop)]
        first = at
        while first > 0 and len(spans) < count and text[first] == "、":
            last, first = first, first - 1
            while first >= 0 and text[first] not in "、,;。:(":
                first = text.rfind("(", max(0, first - 30), first) - 1 if text[first] == ")" else first - 1
            spans.insert(0, (first + 1, last))
        if len(spans) + 1 == count and (joined := _JOINED.match(text, at + 1, stop)):
            spans[-1:] = [joined.span("a"), joined.span("b")]
        if len(spans) != count or text[first] == "、":
            return None
        if whose := _WHOSE.match(text, spans[0][0], spans[0][1]):
            spans[0] = (whose.end(), spans[0][1])
        fit = all(
            _NAME.fullmatch(text, a, b) and not self._no_name.search(text, a, b) and "的" not in text[a:b]
            for a, b in spans
        )
        return spans if fit else None
