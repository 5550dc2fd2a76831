"""Limits and p-values: which of a sentence's numbers are such, and the number that each goes to, also where they are
listed apart from it."""

from __future__ import annotations

from itertools import pairwise

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.find.quantity import Interval, Quantity, number
from trialmine.find.units import IN_GROUP, SAME_IN, Units, linked

#: a test's statistic: ``χ2=5.1``, ``秩和检验统计量T=1.4``
STATISTIC = (
    r"(?:\p{Han}{1,6}检验)?(?:(?:(?:CMH|Wald|n|统计[量值])\s?)?(?:[χΧxX×]\s?2?|(?<!\p{Latin})[tTFZzUHQqrKSW])|CMH|Wald|统计[量值])"
    r"\s?(?:值)?(?:分别)?\s?[=:]\s?-?\d+(?:\.\d+)?(?:、\d+(?:\.\d+)?)*"
)
#: it before its p-value
_TESTED = Expression(rf"[,;\s]*{STATISTIC}(?=[,;\s])")
_LIMITS_TOLD = Expression(r"[\(\[]\s?(IQR|interquartile range|range|95\s?%\s?CI)\s?[\)\]]", regex.IGNORECASE)
#: one interval of a list of them, and what joins it to the next; a lone number stands for one that has no width
_LIMITS_ITEM = Expression(
    r"(?P<item>[(\[]?\s?(?P<lo>[-+]?\d+(?:\.\d+)?)\s?%?\s?(?:-|~|至|to|,)\s?(?P<hi>[-+]?\d+(?:\.\d+)?)\s?%?\s?[)\]]?|"
    r"[(\[]\s?\d+(?:\.\d+)?\s?%?\s?[)\]])\s?(?:、|,\s?(?:and)?|;|和|与|及|对|and|vs\.?)?\s?"
)
_LOOSE = Expression(r"^\s?[,;(\[]\s?$")
_OPENS = Expression(r"[(\[,;:]\s?$")
_JOIN = Expression(
    r"^\s?(?:个月|月|周|年|天|%|\p{Latin}{1,10})?[\s,;:(\[、]*(?:[nN]\s?=\s?\d+\s?[,;]\s?)?(?:其|and|with|a)?\s?$"
)
_JOIN_P = Expression(
    r"^(?:\s?(?:\.{3}|…)|\.)?(?:\s?(?:/|per\s)\s?(?:patient-|person-)?(?:year|month|yr)s?|/[人患者]*[年月])?(?:\s(?:for|with|in|on|at)\s[^,;:()\[\]%。]{1,30}(?=,))?[\s,;:(\[\])、。]*(?:差异(?:均)?(?:有|无)统计学意义|差异(?:均)?(?:有|无)显著性|双侧|单侧|"
    r"(?:(?:(?:one|two|1|2)-sided|(?:un)?stratified|(?:un)?adjusted|nominal)\s){1,3}log-?rank|one-sided|two-sided|1-sided|"
    r"2-sided|nominal|stratified|adjusted|log-?rank|分层|且|and|with|both|all|均|皆|两者|对数秩|(?:非劣效?|优效)(?:性)?(?:检验)?的?|(?:for\s)?(?:non-?inferiority|superiority)|lower|fewer|"
    r"higher|reductions?|(?:[也亦均]|结果)?(?:倾向于?|有利于|利于|支持)[^,;。()\d]{1,14}|(?:favou?ring|in\sfavou?r\sof)\s[^,;:()\d]{2,30})?"
    r"\s?(?:test|检验)?[\s,;:(\[\])]*(?:a\s)?$",
    regex.IGNORECASE,
)
#: from an estimate over what is said of it to its p-value: ``HR为0.57(90%CI …),倾向于A组(p=0.11)``
_SAID_OF_IT = Expression(
    r"^[)\]]*\s?,?\s?(?:(?:但|且|虽然?|也|亦|均|仍|该|其|两组间?|组间|结果|提示|这一|比较)*(?:(?:倾向于?|偏向于?|有利于|支持)[^,;。()\d]{1,14}组|(?:差异|差别|未|无|没有|不|有|具有|达到?|接近)[^,;。()\d]{0,8}?(?:统计|显著|意义|差异)[^,;。()\d]{0,10})|"
    r"(?:(?:but|and|although|though|which|this|a|the|that|difference|result|finding|it|trend)\s){0,4}(?:did|does|was|were|is|not|reaching|achieving|meeting|without|favou?ring|in favou?r)\s[^,;()\d.]{0,30}?(?:significan|favou?r)[^,;()\d.]{0,24}|"
    r"(?:(?:but|and|although|though|which)\s)?favou?r(?:ing|ed|s)\s[^,;()\d.]{1,30}?)\s?[,(]\s?$"
)
#: between p-values that are told once to be such
_P_LISTED = Expression(r"\s?(?:[、,]|和|与|及|and)\s?")
_BOTH = Expression(r"\b(?:both|all)\b|均|皆|都")
_EACH = Expression(r"\s?(?:for (?:each|both|all)|in both)\b")
#: of an interaction or a trend, which is none of a single estimate
_OF_ALL = Expression(r"交互|趋势|异质|interaction|trend|heterogeneity")
#: between two differences of a list, behind the first one's limits
_EACH_IN_TURN = Expression(r"(?:分别|依次|各)(?:为|是|达)?\s?$")
_NEXT_DIFFERENCE = Expression(r"\s?(?:、|,|和|与|及|以及|,?\s?and)\s?-?$")
#: a p-value behind an estimate, up to the end of their bracket
_OWN_P = Expression(r"^\s?[,;]?\s?[Pp]\s?[<>=]\s?0?\.\d+\s?[)\]]?")
_TYPES = ("95% CI", "IQR", "range")


class Limits:
    """Gives limits and p-values to the numbers they belong to."""

    def __init__(self, patterns: Patterns, units: Units) -> None:
        c = patterns.compile
        self._units = units
        self._apart = c(
            r"(?:9\d\s?%\s?的?)?(?:{{confidence}})\s?(?:分别|依次|各)?\s?(?:为|是|were|of|[:,])?\s?(?=[(\[]?\s?[-+]?\d)"
        )
        self._level = c(r"(?P<level>9\d(?:\.[1-9])?)(?:\.0)?\s?%\s?(?:CIs?(?!\p{Latin})|{{confidence}})")

    def apart(self, text: str, quantities: list[Quantity], intervals: list[Interval]) -> list[Quantity]:
        """Intervals that are listed behind the numbers they belong to, in their order: ``其95%可信区间分别为(70~94)和(46~77)``."""
        if len(quantities) < 3 or not any("range" in q.flags for q in quantities):
            return quantities
        for cue in self._apart.finditer(text):
            spans = []
            at = cue.end()
            while item := _LIMITS_ITEM.match(text, at):
                spans.append(item)
                at = item.end()
            if len(spans) < 2:
                continue
            start, end = cue.end(), spans[-1].end("item")
            free = [
                q for q in quantities
                if q.outer_end <= cue.start() and q.interval is None and "range" not in q.flags and q.kind not in ("p", "size", "events")
            ][-len(spans) :]  # fmt: skip
            if len(free) < len(spans) or len({q.kind for q in free}) > 1:
                continue
            for q, item in zip(free, spans, strict=True):
                if item["lo"] is not None:
                    limits = (number(item["lo"]), number(item["hi"]), item.start("lo"), item.end("hi"))
                    q.interval = Interval("95% CI", *limits)
            quantities = [q for q in quantities if not start <= q.start < end]
            intervals[:] = [i for i in intervals if not start <= i.start < end]
        return quantities

    def attach(self, text: str, quantities: list[Quantity], intervals: list[Interval]) -> None:
        """Intervals and p-values go to the number before them."""
        for interval in sorted(intervals, key=lambda x: x.start):
            before = [q for q in quantities if q.outer_end <= interval.outer_start + 1 and q.kind != "size"]
            owner = before[-1] if before else None
            free = owner and (
                owner.interval is None or (owner.interval.type == "SD" and "CI" in interval.type)
            )
            if owner and free and _JOIN.match(text[owner.outer_end : interval.outer_start]):
                if owner.kind == "p" and len(before) > 1 and before[-2].interval is None:
                    owner = before[-2]
                owner.interval = interval
                owner.outer_end = max(owner.outer_end, interval.outer_end)
                self._units.late(text, owner)
        for q, near in reversed([*pairwise(quantities)]):  # 9.1(95%CI:8.2~9.8)和10.5(95%CI:9.0~12.0)个月
            if (
                q.kind == "number"
                and not q.unit
                and None not in (q.interval, near.interval)
                and near.kind in ("time", "percent", "level")
                and linked(text, q, near)
            ):
                q.kind, q.unit = near.kind, near.unit
        for first, q in pairwise([q for q in quantities if q.interval]):
            if q.kind == "number" and first.kind.startswith("estimate"):
                q.kind, q.unit = first.kind, first.unit
        next_differences(text, quantities)
        self._types(text, quantities)
        _p_values(text, quantities)

    def _types(self, text: str, quantities: list[Quantity]) -> None:
        """Limits whose type isn't told have that of the sentence's others, of those of their kind first."""
        limited = [(q, q.interval) for q in quantities if q.interval]
        for q, limits in limited:  # HR及其95%CI为0.71(0.55~0.92)
            if not limits.type and (m := self._level.search(text, q.outer_start, q.start)):
                limits.type = f"{m['level']}% CI"
        known = next((limits.type for _, limits in limited if limits.type), "")
        if not known and (told := _LIMITS_TOLD.search(text)):
            known = {"i": "IQR", "r": "range"}.get(told[1][0].lower(), "95% CI")
        if known not in _TYPES:
            return
        for q, limits in limited:
            if not limits.type:
                alike = (x.type for other, x in limited if x.type in _TYPES and other.kind == q.kind)
                limits.type = next(alike, known)


def loose_limits(text: str, quantities: list[Quantity], intervals: list[Interval]) -> list[Quantity]:
    """Limits without brackets or a name of their own become intervals: ``HR 0.72; 0.55-0.94``."""
    kept: list[Quantity] = []
    for q in quantities:
        owner = kept[-1] if kept else None
        if owner is None:
            kept.append(q)
        elif _range_of(text, owner, q, kept):
            intervals.append(Interval("", q.lower, q.upper, q.start, q.end, q.outer_start, q.outer_end))
        elif len(kept) > 1 and (limits := _limits_in_bracket(text, kept[-2], owner, q)) is not None:
            intervals.append(limits)
            kept.pop()
        elif _deviation_of(text, owner, q, kept):
            owner.kind = "mean"
            owner.unit = owner.unit or next((o.unit for o in kept if o.kind == "mean" and o.unit), "")
            intervals.append(Interval("SD", None, q.value, q.start, q.end, q.outer_start, q.outer_end))
        else:
            kept.append(q)
    return kept


def _range_of(text: str, owner: Quantity, q: Quantity, kept: list[Quantity]) -> bool:
    """Whether a range is the limits of the number before it."""
    if owner.interval is not None or q.lower is None or q.upper is None:
        return False
    if owner.value is not None and not q.lower <= owner.value <= q.upper:
        return False
    if q.rule == "range_number":
        return _LOOSE.match(text[owner.outer_end : q.start]) is not None and _has_limits(text, owner, kept)
    return (
        q.rule in ("percent_range", "time_range")
        and owner.kind == q.kind
        and owner.value is not None
        and text[owner.outer_end : q.start].strip() in ("(", "[", ";", ",")
        and text[q.outer_end : q.outer_end + 1] in (")", "]")
    )


def _deviation_of(text: str, owner: Quantity, q: Quantity, kept: list[Quantity]) -> bool:
    """Whether a bare number in a bracket is the standard deviation of the number before it: another mean of the
    sentence has one."""
    return (
        q.rule == "number"
        and q.value is not None
        and owner.kind in ("level", "percent", "number", "mean")
        and owner.interval is None
        and any(o.kind == "mean" for o in kept)
        and text[owner.outer_end : q.start].strip() in ("(", "[")
        and text[q.end : q.end + 1] in (")", "]")
    )


def _limits_in_bracket(text: str, owner: Quantity, low: Quantity, high: Quantity) -> Interval | None:
    """The limits of a percentage that stand in its bracket, each with its sign: ``40% (31%, 51%)``."""
    point, least, most = owner.value, low.value, high.value
    if owner.interval is not None or {owner.kind, low.kind, high.kind} != {"percent"}:
        return None
    if point is None or least is None or most is None or not least < point < most:
        return None
    between = (
        text[owner.outer_end : low.outer_start].strip(),
        text[low.outer_end : high.outer_start].strip(),
    )
    if between not in (("(", ","), ("[", ",")) or text[high.outer_end : high.outer_end + 1] not in (")", "]"):
        return None
    return Interval("", least, most, low.start, high.end, low.outer_start, high.outer_end)


def _has_limits(text: str, q: Quantity, before: list[Quantity]) -> bool:
    """Whether a range right behind a number can be its limits: an estimate's, a time's, or those of a bare decimal
    in a bracket, where an estimate went before: ``(RR 0.91, 0.74-1.11) ... (0.66, 0.53-0.82)``."""
    if q.kind.startswith("estimate"):
        return True
    if q.kind == "time":
        return q.value is not None
    bare = q.rule == "number" and "." in text[q.start : q.end] and _OPENS.search(text[: q.start])
    if not bare or q.value is None:
        return False
    return any(o.kind.startswith("estimate") for o in before) or (q.value > 0 and text[q.start - 1] in "([")


def _p_in_order(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Give each of several estimates its own of as many p-values listed behind them: ``RR=1.04、1.03,P值分别为0.08、0.10``."""
    gone: list[Quantity] = []
    i = 0
    while i < len(quantities):
        k = 0
        while (
            i + k < len(quantities)
            and quantities[i + k].kind == "p"
            and (not k or _P_LISTED.fullmatch(text, quantities[i + k - 1].end, quantities[i + k].start))
        ):
            k += 1
        owners = quantities[i - k : i] if k > 1 and i >= k else []
        if owners and all(q.kind.startswith("estimate") and q.p is None for q in owners):
            earlier = quantities[i - k - 1] if i > k else None
            if earlier is None or not earlier.kind.startswith("estimate") or earlier.p is not None:
                for owner, q in zip(owners, quantities[i : i + k], strict=True):
                    owner.p = q.p
                    gone.append(q)
        i += max(k, 1)
    return gone


def _p_values(text: str, quantities: list[Quantity]) -> None:
    """A p-value goes to the estimate before it, or to all of them where it is told of both or all."""
    gone = _p_in_order(text, quantities)
    for i, q in enumerate(quantities):
        if q.kind != "p" or not i or q in gone:
            continue
        owner = quantities[i - 1]
        if owner in gone or not owner.kind.startswith("estimate") or owner.p is not None:
            continue
        if _OF_ALL.search(text, q.outer_start, q.end):
            continue
        gap = _TESTED.sub("", text[owner.outer_end : q.outer_start])
        joined = _JOIN_P.match(gap) or _SAID_OF_IT.match(gap)
        every = _BOTH.search(text[q.outer_start : q.end] + gap[-6:]) or _EACH.match(text, q.end)
        if not joined and not (every and len(gap) < 60 and "。" not in gap):
            continue
        owner.p = q.p
        gone.append(q)
        if joined:
            owner.outer_end = q.outer_end
        for other in reversed(quantities[: i - 1]) if every else ():
            if not other.kind.startswith("estimate") or other.p is not None:
                break
            other.p = q.p
    for q in gone:
        quantities.remove(q)


def next_differences(text: str, quantities: list[Quantity]) -> None:
    """Further differences of a list: ``MD分别为6.9(95%CI:…)和-6.4 mmHg(95%CI:…)``, ``difference was 2.1 kg with A and 0.8 kg with B``."""
    listing: list[Quantity] = []
    for first, q in pairwise([q for q in quantities if q.kind != "p"]):
        if first.kind not in ("estimate:MD", "estimate:SMD", "estimate:difference", "estimate:RD"):
            continue
        if q.kind not in ("level", "number", "time", "percent") or q.unit != first.unit or q.value is None:
            continue
        limited = (first.interval is None) is (q.interval is None)
        gap = _OWN_P.sub("", text[first.outer_end : q.start], 1)
        each = first.interval is not None or first in listing or _EACH_IN_TURN.search(text, 0, first.start)
        listed = each and _NEXT_DIFFERENCE.fullmatch(gap)
        if limited and (listed or (SAME_IN.fullmatch(gap) and IN_GROUP.match(text, _closed(text, q)))):
            q.kind = first.kind
            listing.append(q)
            if text[q.start - 1] == "-":
                q.start, q.outer_start, q.value = q.start - 1, min(q.outer_start, q.start - 1), -q.value


def _closed(text: str, q: Quantity) -> int:
    """The end of a number with the p-value in its bracket."""
    m = _OWN_P.match(text[q.outer_end : q.outer_end + 24])
    return q.outer_end + (m.end() if m else 0)
