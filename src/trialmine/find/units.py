"""What a list's numbers share: a bare number takes its kind and unit from those beside it or from the words around it."""

from __future__ import annotations

from itertools import pairwise

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.sieve import Sieved
from trialmine.find.quantity import RATIOS, PValue, Quantity

#: from a count to that of the next group, and what follows it
TO_NEXT_GROUP = Expression(
    r"(?:[^,;.\d]|(?<=\b\p{Lu})\.){0,50}?\b(?:in|with|on|among|for|after|given|taking|receiving|assigned|who)\s[^,;.\d(]{2,60}?(?:\s?[(\[][^()\[\]]*[)\]])?"
    r"(?:,|[,;]?\s(?:and|versus|vs\.?|but|while|against|(?:as )?compared (?:with|to)))\s(?:only\s|just\s|in\s|by\s)*$"
)
IN_GROUP = Expression(r"\s(?:in|with|on|among|for|after|given|taking|receiving|assigned|who)\s\p{Latin}")
#: what events are counted over, told before their numbers
OVER_YEARS = Sieved(
    Expression(
        r"(?:每\s?(?:1\d{0,2}(?:[, ]?000)?|百|千|万|10\s?万)?\s?(?:例|名|人)?(?:患者|病人)?(?:人|(?<=[例名者人]))[\s·-]?年|"
        r"(?:\b(?:per|every)\s|/\s?)(?:1\d{0,2}(?:[, ]?000)?\s)?(?:person|patient|participant|subject)s?[\s-]years?\b)"
    )
)
#: ends what was told to be counted over years
_APART = Expression(r"[;。]")
#: behind a whole number that ends the name of a study
IN_A_NAME = Expression(
    r"(?:试验|研究|队列)(?!组)|\s(?:trial|study)\b|\s?[度级](?:及|或|以上|的|不良|毒性|AE)"
)
#: right behind a number that was measured at a time: ``4.1 at 6 months and 3.7 at 12 months``
_AT_A_TIME = Expression(r"\s(?:at|after|by|within)\s\d")
#: from an estimate to the same one of another group
_SAME_OF = Expression(
    r"^\s?(?:,\s(?:(?:and|but)\s)?|(?:and|but)\s)(?:that\s)?(?:for|in|with|among)\s(?:[^,;:()\d=]|(?<=\p{Ll}\s|\d-)\d{1,3}(?=\sto\s\d|-\d|\syears?\b)){2,50}?\s?(?:was|were|of)?\s?$|^(?:\s?\([^()]{0,60}\))?\s?(?:[,;、]|和|与|及|而|对比?|比|vs\.?|versus)\s?(?:而|在|无|有|非)?[^,;。:()\d=]{0,14}?(?:则|仅)?(?:为|:|是)?\s?$"
)
#: from an estimate to the next one of a list, each before those whom it is of: ``OR 1.4 in current users and 1.2 in past users``
SAME_IN = Expression(
    r"\s(?:for|in|with|among|on)\s[^.;:()\d=]{2,50}?,?\s(?:and|but|versus|vs\.?|while|(?:as )?compared (?:with|to))\s(?:only\s|was\s|to\s)?"
)
#: what has no unit, before its number
_INDEX = Expression(
    r"(?:AUC|AUROC|曲线下面积|[Kk]appa|κ|ICC|指数|Kt/V|比值|系数)(?:值)?(?:\([^()]*\))?(?:分别)?(?:为|是|达)?$"
)
#: how often: ``0.8 relapses a year``
_EVERY = Expression(r"^an?\s(?=\p{Latin})")
_BRACKET = Expression(r"\s?(?:\([^()]{0,40}\)|\[[^\[\]]{0,40}\])")
_ZERO_GAP = Expression(r"^\s?[、,和与及;]\s?$")
_ZERO_RATE = Expression(r"(?:率|比例|者|组|患者)(?:\([^()]{0,12}\))?[^,。;]{0,4}(?:为|是|:|=)$")
_CHANGED_BY = Expression(
    r"(?:降低?|下降|减少?|减轻|升高?|上升|增加?|改善|延长|缩短|掉)(?:了|约|至|到)?\s?$|"
    r"\b(?:fell|rose|decreased|increased|dropped|declined|improved|reduced|lowered|gained|lost)\s(?:by\s)?$"
)
_TO = Expression(
    r"^\s?(?:至|到|to|(?:下|上)?(?:降|升)(?:低|高)?(?:了)?(?:至|到|为)|(?:提高|增加|增至|减少|减至|改善|恢复|缩短|延长)(?:至|到|为)?)\s?$"
)
_FROM = Expression(r"(?:由|从|自|from)[^,;。\d]{0,16}$")
_NO_UNIT = ("number", "count", "size", "not_reached", "events", "fraction")
#: what stands between two groups' numbers in a list
_LINK = Expression(
    r"^\s?(?:[、,]|和|与|及|以及|对|vs?\.?|versus|(?:as )?against|and|or|:|/|,\s?and|;|比)\s?(?:为|分别为)?\s?"
    r"(?:\p{Latin}{0,12}组|组\d|\p{Lu}[\p{Latin}\d+/-]{0,24})?(?:为)?\s?$"
)


def linked(text: str, q: Quantity, following: Quantity) -> bool:
    """Whether two numbers are neighbours of a list."""
    return _LINK.match(text[q.outer_end : following.outer_start]) is not None


class Units:
    """The units of the patterns' lexicon, and how a list's numbers share one."""

    def __init__(self, patterns: Patterns) -> None:
        units = patterns.lexicons["units"]
        # of a dose's units those of an amount only: a mean daily dose is in mg/d
        self._units = {
            e.form.lower(): e["concept"] for e in units if not (e["dimension"] == "dose" and "/" in e.form)
        }
        self._dimension = {e["concept"]: e["dimension"] for e in units}
        self._unit = patterns.compile(
            r"\s?(?P<u>%|(?:{{unit_level}}|{{unit_time}}))(?!(?<=\p{Latin})\p{Latin})"
        )

    def named(self, printed: str) -> str:
        """Canonical unit for a printed one (``个月`` gives ``month``); as printed where unknown."""
        tidy = _EVERY.sub("per ", printed.strip())
        return self._units.get(tidy.lower(), "month" if tidy == "个" else tidy)

    def share(self, text: str, quantities: list[Quantity]) -> None:
        """Bare numbers of a list take the kind and unit that the list's other members have."""
        for q, following in reversed([*pairwise(quantities)]):
            _like_neighbour(text, q, following)
        for last, q in pairwise(quantities):
            _like_neighbour(text, q, last)
        for q, following in reversed([*pairwise(quantities)]):  # 7.1±1.0 vs 8.4±1.3 mmol/L
            if q.kind == following.kind == "mean" and not q.unit and linked(text, q, following):
                q.unit = following.unit
        for q, following in reversed([*pairwise(quantities)]):  # 0.10% vs. 0.07%/year
            if q.kind == following.kind == "percent" and q.unit == "%" and linked(text, q, following):
                q.unit = following.unit
        for first, q in pairwise(quantities):
            self._next_ratio(text, first, q)
        for i, q in enumerate(quantities):
            if q.kind == "number" and q.value == 0 and "range" not in q.flags:
                near_percent = any(o.kind == "percent" for o in quantities[max(0, i - 2) : i + 3])
                if near_percent or _ZERO_RATE.search(text[: q.start]):
                    q.kind, q.unit = "percent", "%"

    def _next_ratio(self, text: str, first: Quantity, q: Quantity) -> None:
        """A bare decimal behind a ratio is the same ratio of other people: ``HR 0.71, 老年人为0.64``."""
        if first.kind not in RATIOS or q.kind != "number":
            return
        if q.value is None or q.value >= 30 or "." not in text[q.start : q.end]:
            return
        if self._unit.match(_BRACKET.sub("", text[q.end : q.end + 50])):
            return
        each = SAME_IN.fullmatch(text, first.outer_end, q.outer_start) and IN_GROUP.match(text, q.outer_end)
        if each or _SAME_OF.match(text[first.outer_end : q.outer_start]):
            q.kind, q.unit = first.kind, first.unit

    def late(self, text: str, q: Quantity) -> None:
        """The unit may stand after the limits: 11.2(95%CI 9.8-12.6)个月."""
        if q.kind == "number" and not q.unit and (unit := self._unit.match(text, q.outer_end)):
            self._set(q, unit["u"])
            q.outer_end = unit.end()

    def behind(self, text: str, quantities: list[Quantity]) -> None:
        """The unit of a list may stand behind its last bracket: ``19.4 vs 11.1(HR=0.69),13.9 vs 9.7(HR=0.85)个月``."""
        bare = [q for q in quantities if q.kind == "number" and not q.unit]
        for i, last in enumerate(bare):
            bracket = _BRACKET.match(text, last.outer_end)
            unit = self._unit.match(text, bracket.end()) if bracket else None
            if unit is None:
                continue
            told = [last]
            for q in reversed(bare[:i]):
                gap = _BRACKET.sub("", text[q.outer_end : told[-1].outer_start])
                if gap.count(")") == gap.count("(") and _LINK.match(gap):
                    told.append(q)
            for q in told:
                self._set(q, unit["u"])

    def _set(self, q: Quantity, printed: str) -> None:
        """Give a bare number its unit, which says what it is: a percentage, a time or a level."""
        q.unit = self.named(printed)
        timed = self._dimension.get(q.unit) == "time"
        q.kind = "percent" if q.unit == "%" else "time" if timed else "level"


def _like_neighbour(text: str, q: Quantity, near: Quantity) -> None:
    """A bare number takes kind and unit of the number right before or behind it, where both are of a list."""
    before = near.start < q.start
    if q.kind != "number" or near.kind in _NO_UNIT or IN_A_NAME.match(text, q.end):  # SOLO 2试验
        return
    if not before and (near.kind == "p" or near.kind.startswith("estimate")):
        return
    if near.kind == "time" and (_AT_A_TIME.match(text, q.end) or "-" in text[near.start : near.end]):
        return  # 24-mo PFS: when, not how long
    a, b = (near, q) if before else (q, near)
    gap = _BRACKET.sub("", text[a.outer_end : b.outer_start])
    if before and near.kind == "percent" and _INDEX.search(gap):
        return
    changed = _TO.match(gap) and _FROM.search(text[max(0, a.start - 24) : a.start])
    none = q.value == 0 and near.kind == "percent" and _ZERO_GAP.match(gap)
    if not (changed or none or _LINK.match(gap)):
        return
    if near.kind.startswith("estimate") and q.value is not None and (q.value > 30 or q.value.is_integer()):
        return
    if near.kind == "p":
        if q.value is None or q.value > 1:
            return
        q.p, q.value = PValue("=", q.value, q.start, q.end), None
    q.kind, q.unit = near.kind, near.unit
    q.rule = near.rule if near.rule in ("ratio_per", "rate_of_count") else q.rule
    q.flags.add("shared_unit")


def over_years(text: str, quantities: list[Quantity]) -> None:
    """Bare numbers behind what events are counted over are such rates: ``bleeding per 100 person-years was 3.2 with A and 8.4 with B``."""
    for m in OVER_YEARS.finditer(text):
        if any(q.outer_start < m.end() and m.start() < q.outer_end for q in quantities):
            continue  # a number stands before it
        for q in quantities:
            if q.start < m.end():
                continue
            if _APART.search(text, m.end(), q.start) or (q.unit and q.kind not in ("p", "size", "count")):
                break
            if q.kind == "number" and q.rule == "number" and "." in text[q.start : q.end]:
                q.kind, q.rule, q.unit = "level", "per_years_number", m.group()


#: from a ratio of some people to that of others, and right behind that
_OF_OTHERS = Expression(
    r"\s(?:\((?:[^()]|\([^()]*\))*\)\s)?(?:in|among|for)\s[^.;()%\d]{3,60}?,?\s(?:and|but|versus)\s(?:only\s)?"
)
_IN_OTHERS = Expression(r"\s(?:\((?:[^()]|\([^()]*\))*\)\s)?(?:in|among|for)\s")


def elided_unit(text: str, q: Quantity, before: list[Quantity]) -> None:
    """A bare decimal after a verb of change has the unit of the change before: 降2.1 kg, B组降1.2."""
    if q.kind != "number" or "." not in text[q.start : q.end] or not _CHANGED_BY.search(text[: q.start]):
        return
    for other in reversed(before):
        if other.kind in ("level", "percent") and other.value is not None:
            q.kind, q.unit = other.kind, other.unit
            q.flags.add("shared_unit")
            return


def beside(text: str, q: Quantity, last: Quantity | None) -> None:
    """A bare number has the unit of the other group's: ``12.1 per 100 patient-years with A and 17.8 with B``.

    A ratio is told of the next people in the same way: ``the HR was 0.64 in the high-risk group and 0.98 in the low-risk group``.
    """
    if last is not None and last.kind in RATIOS and q.kind == "number" and q.rule == "number":
        told = _OF_OTHERS.fullmatch(text, last.outer_end, q.start) and _IN_OTHERS.match(text, q.end)
        if told and "." in text[q.start : q.end]:
            q.kind = last.kind
        return
    if last is None or last.kind not in ("level", "time", "percent") or last.value is None or not last.unit:
        return
    if q.kind != "number" or q.value is None or q.rule != "number" or q.interval is not None:
        return
    alike = ("." in text[last.start : last.end]) == ("." in text[q.start : q.end])
    if alike and TO_NEXT_GROUP.match(text[last.outer_end : q.start]) and IN_GROUP.match(text, q.end):
        q.kind, q.unit = last.kind, last.unit
        q.flags.add("shared_unit")


def unit_beside(quantities: list[Quantity], i: int) -> str:
    """The unit that a value not reached would have: that of the nearest time of the sentence, else month."""
    times = [
        (abs(j - i), q.unit) for j, q in enumerate(quantities) if q.kind == "time" and q.value is not None
    ]
    return min(times)[1] if times and min(times)[0] <= 3 else "month"
