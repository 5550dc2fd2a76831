"""Every number of a sentence, typed: what it is, its value, and what hangs on it.

The rules of ``patterns/quantities.toml`` are tried in order; the first that covers a number reads it.
Then what belongs together is joined: a list shares its unit, an interval and a p-value go to the number
before them, and the words around a number give its relation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns, Rule, iter_rules
from trialmine.core.sieve import Sieve

#: seconds that a rule may take in a sentence, watched only in one of more characters than a page's sentences have:
#: to watch costs a third of the time
_LIMIT, _SHORT = 5.0, 300

#: kinds of :class:`Quantity` that can be a measurement or an analysis
RESULT_KINDS = {
    "percent",
    "time",
    "level",
    "mean",
    "count",
    "events",
    "number",
    "fraction",
    "estimate",
    "p",
    "not_reached",
}


@dataclass(slots=True)
class Interval:
    """Limits around a number; ``type`` is ``95% CI``, ``IQR``, ``range``, ``SD`` or empty."""

    type: str
    lower: float | None
    upper: float | None
    start: int
    end: int
    outer_start: int = -1
    outer_end: int = -1


@dataclass(slots=True)
class PValue:
    """A p-value: relation, value and the span of its number."""

    relation: str
    value: float
    start: int
    end: int


@dataclass(slots=True)
class Quantity:
    """A number of a sentence. ``start``/``end`` are the quote's span in the sentence's folded text;
    ``outer_start``/``outer_end`` include what hangs on it (n/N, interval, p)."""

    kind: str
    start: int
    end: int
    outer_start: int
    outer_end: int
    rule: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    unit: str = ""
    relation: str = "="
    events: int | None = None
    participants: int | None = None
    interval: Interval | None = None
    p: PValue | None = None
    flags: set[str] = field(default_factory=set)


class NumberFinder:
    """Reads the numbers of sentences by the rules of ``quantities.toml``."""

    def __init__(self, patterns: Patterns) -> None:
        self._rules = Sieve((r, r.regex) for r in iter_rules(patterns, "quantities"))
        units = patterns.lexicons["units"]
        # of a dose's units those of an amount only: a mean daily dose is in mg/d
        self._units = {
            e.form.lower(): e["concept"] for e in units if not (e["dimension"] == "dose" and "/" in e.form)
        }
        self._dimension = {e["concept"]: e["dimension"] for e in units}
        c = patterns.compile
        self._walked = c(r"{{walking}}|距离|6MWD|6MWT")
        self._before = [
            (rel, Expression(rf"{c(cue).pattern}(?:了|为|有|的)?\s?$", regex.IGNORECASE))
            for rel, cue in (
                (">=", "{{atleast_before}}"), ("<=", "{{atmost_before}}"), ("~", "{{approx_before}}"),
                (">", "(?:{{more_before}}|exceed(?:s|ed|ing)?)"), ("<", "{{less_before}}"),
            )
        ]  # fmt: skip
        self._after = [
            (rel, c(cue))
            for rel, cue in (
                ("~", "{{approx_after}}"),
                (">=", "{{atleast_after}}"),
                ("<=", "{{atmost_after}}"),
                ("<", "{{less_after}}"),
            )
        ]
        self._relations = Sieve((cue, cue) for _, cue in (*self._before, *self._after))
        self._not_reached = c(r"(?<!\p{Latin}(?=\p{Latin}))(?:{{not_reached}})(?!(?<=\p{Latin})\p{Latin})")
        self._in_words = Sieve((e, e) for e in (self._not_reached, _HALF, _PART))
        self._risk_reduced = c(
            r"(?:{{risk_of}})[^\d。;,]{0,24}?(?:{{reduced}}|降|减|少)(?:了|将?近|约|逾|超过?|达|不足){0,3}$"
        )
        self._apart = c(
            r"(?:9\d\s?%\s?的?)?(?:{{confidence}})\s?(?:分别|依次|各)?\s?(?:为|是|were|of|[:,])?\s?(?=[(\[]?\s?[-+]?\d)"
        )
        self._level = c(r"(?P<level>9\d(?:\.[1-9])?)(?:\.0)?\s?%\s?(?:CIs?(?!\p{Latin})|{{confidence}})")
        self._unit = c(r"\s?(?P<u>%|(?:{{unit_level}}|{{unit_time}}))(?!(?<=\p{Latin})\p{Latin})")
        self._link = Expression(
            r"^\s?(?:[、,]|和|与|及|以及|对|vs?\.?|versus|(?:as )?against|and|or|:|/|,\s?and|;|比)\s?(?:为|分别为)?\s?"
            r"(?:\p{Latin}{0,12}组|组\d|\p{Lu}[\p{Latin}\d+/-]{0,24})?(?:为)?\s?$"
        )

    def find(self, text: str) -> list[Quantity]:
        """The result-like quantities of one folded sentence, left to right; offsets are into ``text``."""
        quantities, intervals = self._read(text)
        taken = [(i.outer_start, i.outer_end) for i in intervals]
        quantities += self._words(text, [*taken, *((q.outer_start, q.outer_end) for q in quantities)])
        quantities.sort(key=lambda q: q.start)
        self._share_units(text, quantities)
        quantities = self._limits_apart(text, quantities, intervals)
        quantities = _loose_limits(text, quantities, intervals)
        _over_years(text, quantities)
        self._attach(text, quantities, intervals)
        self._units_behind(text, quantities)
        _next_differences(text, quantities)
        quantities = [q for q in quantities if not _part_of_name(text, q)]
        related = set(self._relations.passing(text)) if quantities else set()
        for i, q in enumerate(quantities):
            last = quantities[i - 1] if i else None
            _elided_unit(text, q, quantities[:i])
            _beside(text, q, last)
            _set_against(text, q, last)
            counted = next((x for x in reversed(quantities[:i]) if x.kind != "size"), None)
            _counted_beside(text, q, counted)
            self._relate(text, q, related)
            _denominator(q, quantities[:i])
            if q.kind == "not_reached":
                q.unit = _unit_beside(quantities, i)
        _of_whom(text, quantities)
        again = {id(q) for q, x in pairwise(quantities) if _told_again(text, q, x)}
        quantities = [q for q in quantities if id(q) not in again]
        return [q for q in quantities if q.kind != "number" or q.rule != "word_beside"]

    # ---- reading ---------------------------------------------------------------------------------

    def _read(self, text: str) -> tuple[list[Quantity], list[Interval]]:
        taken = bytearray(len(text))
        quantities: list[Quantity] = []
        intervals: list[Interval] = []
        limit = _LIMIT if len(text) > _SHORT else None
        for rule in self._rules.passing(text):
            for match in rule.regex.finditer(text, timeout=limit):
                a, b = match.span()
                if a == b or taken.find(1, a, b) >= 0:
                    continue
                taken[a:b] = b"\1" * (b - a)
                if rule.kind == "interval":
                    intervals.append(_interval(rule, match))
                elif rule.kind != "skip":
                    quantities.append(self._quantity(rule, match))
        return quantities, intervals

    def _quantity(self, rule: Rule, match: Any) -> Quantity:
        groups = match.groupdict()
        name = "q" if groups.get("q") is not None else "v"
        a, b = match.span(name)
        while match.string[a:b][:1] == " ":
            a += 1
        while match.string[a:b][-1:] == " ":
            b -= 1
        q = Quantity(rule.kind, a, b, match.start(), match.end(), rule.name)
        if groups.get("v") is not None:
            q.value = number(groups["v"])
        if groups.get("n") is not None:
            q.events = int(number(groups["n"]) or 0)
        if groups.get("N") is not None:
            q.participants = int(number(groups["N"]) or 0)
        if groups.get("lo") is not None and groups.get("hi") is not None:
            limits = Interval(
                "", number(groups["lo"]), number(groups["hi"]), match.start("lo"), match.end("hi")
            )
            if groups.get("v") is None:
                q.lower, q.upper = limits.lower, limits.upper
                q.flags.add("range")
            else:
                q.interval = limits
        if groups.get("hi2"):
            q.lower, q.upper, q.value = q.value, number(groups["hi2"]), None
            q.end = match.end("hi2")
            q.flags.add("range")
        q.unit = self.unit(groups.get("u") or ("%" if groups.get("pct") else ""))
        if (
            groups.get("u")
            and rule.kind in ("mean", "time")
            and match.end("u") >= b
            and not match.string[b : match.start("u")].strip()
        ):
            q.end = match.end("u")
        if groups.get("c"):
            q.unit = f"{groups['c']}/{q.unit}"
        q.relation = _relation(groups.get("r")) or "="
        if rule.kind == "percent":
            q.unit = q.unit or "%"
            if q.value is None and q.participants:  # 6 in 100
                q.value, q.events, q.participants = (
                    round(100 * (q.events or 0) / q.participants, 1),
                    None,
                    None,
                )
        elif rule.kind == "mean":
            if groups.get("u") == "m" and self._walked.search(match.string, max(0, a - 60), a):
                q.unit = "m"  # a metre, not a month
            q.interval = Interval("SD", None, number(groups["sd"]), match.start("sd"), match.end("sd"))
        elif rule.name == "time_in_words":
            q.value = (q.value or 0.0) + (0.5 if groups.get("half") else 0.0)
            q.relation = ">" if "多" in match[0] else "="
        elif rule.name == "measured_way" or (rule.name == "mean_difference" and groups.get("u") == "m"):
            q.unit = "m"  # a metre, not a month
        elif rule.kind == "count" and not q.unit:
            q.unit = "participants"
        elif rule.kind == "events":
            q.value, q.unit = float(q.events or 0), "participants"
        elif rule.kind == "fraction" and (
            _OF_PEOPLE.match(match.string, b) or not _CUT_BY.search(match.string, max(0, a - 40), b + 24)
        ):
            q.kind, q.value, q.unit = "percent", round(100 * (q.events or 0) / (q.participants or 1), 1), "%"
            q.relation, q.events, q.participants = "~", None, None
        elif rule.kind == "fraction":
            q.value, q.unit, q.relation = round(100 * (q.events or 0) / (q.participants or 1), 1), "%", "~"
            q.events = q.participants = None
        elif rule.kind == "estimate:risk_reduction":
            q.unit = "%"
            sign = regex.match(r"\s?%", match.string, pos=q.end)
            q.end = sign.end() if sign else q.end
        elif rule.kind in ("estimate:difference", "estimate:RD") and groups.get("u"):
            told = match.end("u")
            near = told - b < 24 and " " not in match.string[b : match.start("u")].strip()
            q.end = told if told >= b and near else b
            points = "percentage" in q.unit or "百分点" in q.unit
            q.unit = "%" if points or (q.unit.startswith("point") and "%" in match.string[:a]) else q.unit
            set_against = _COMPARED.search(match.string[:a]) or _COMPARED_AFTER.match(match.string, b)
            if rule.name == "percentage_points" and not set_against:
                q.kind = "level"
        elif rule.kind == "p":
            q.p = PValue(_relation(groups.get("r")) or "=", q.value if q.value is not None else 0.0, a, b)
            q.relation, q.value = "=", None
        return q

    def unit(self, printed: str) -> str:
        """Canonical unit for a printed one (``个月`` gives ``month``); as printed where unknown."""
        tidy = printed.strip()
        return self._units.get(tidy.lower(), "month" if tidy == "个" else tidy)

    def _words(self, text: str, taken: list[tuple[int, int]]) -> list[Quantity]:
        """Numbers in words: not reached, a half, a third."""
        found: list[Quantity] = []
        worth = set(self._in_words.passing(text))
        if not worth:
            return found

        def add(match: Any, kind: str, rule: str, **fields: Any) -> None:
            a, b = match.span()
            if not any(start < b and a < end for start, end in taken):
                taken.append((a, b))
                if kind == "percent" and self._risk_reduced.search(text[max(0, a - 48) : a]):
                    kind = "estimate:risk_reduction"
                found.append(Quantity(kind, a, b, a, b, rule, **fields))

        for match in self._not_reached.finditer(text) if self._not_reached in worth else ():
            aim = _GOAL_BEFORE.search(text[max(0, match.start() - 80) : match.start()])
            again = (  # 未达到(NR)
                bool(found)
                and _IN_BRACKET.fullmatch(text, found[-1].end, match.start())
                and _BRACKET_END.match(text, match.end())
            )
            if not aim and not again and not _NO_GOAL.match(text[match.end() : match.end() + 8]):
                add(match, "not_reached", "not_reached")
        for match in _HALF.finditer(text) if _HALF in worth else ():
            if _SAID_EXACTLY.match(text, match.end()):
                continue
            relation = ">" if match["over"] else "~"
            add(match, "percent", "half", value=50.0, unit="%", relation=relation, flags={"word"})
        for match in _PART.finditer(text) if _PART in worth else ():
            if _SAID_EXACTLY.match(text, match.end()):
                continue
            share = _share(match)
            relation = ">" if match.groupdict().get("over") else "~"
            if share is not None:
                add(match, "percent", "part", value=share, unit="%", relation=relation, flags={"word"})
        return found

    # ---- joining ---------------------------------------------------------------------------------

    def _share_units(self, text: str, quantities: list[Quantity]) -> None:
        """A bare number of a list takes the kind and unit that the list's other members have."""
        for step in (-1, 1):
            order = range(len(quantities) - 2, -1, -1) if step < 0 else range(1, len(quantities))
            for i in order:
                q, near = quantities[i], quantities[i - step]
                a, b = (q, near) if step < 0 else (near, q)
                if q.kind != "number" or near.kind in (
                    "number",
                    "count",
                    "size",
                    "not_reached",
                    "events",
                    "fraction",
                ):
                    continue
                if _IN_A_NAME.match(text, q.end):
                    continue  # SOLO 2试验
                if near.kind == "time" and (
                    _AT_A_TIME.match(text, q.end) or "-" in text[near.start : near.end]
                ):
                    continue  # 24-mo PFS: when, not how long
                if (step < 0 and near.kind in ("p",)) or (near.kind.startswith("estimate") and step < 0):
                    continue
                gap = text[a.outer_end : b.outer_start]
                gap = _BRACKET.sub("", gap)
                if step > 0 and near.kind == "percent" and _INDEX.search(gap):
                    continue
                changed = _TO.match(gap) and _FROM.search(text[max(0, a.start - 24) : a.start])
                if (
                    not changed
                    and not self._link.match(gap)
                    and not (q.value == 0 and near.kind == "percent" and _ZERO_GAP.match(gap))
                ):
                    continue
                if (
                    near.kind.startswith("estimate")
                    and q.value is not None
                    and (q.value > 30 or float(q.value).is_integer())
                ):
                    continue
                if near.kind == "p":
                    if q.value is None or q.value > 1:
                        continue
                    q.p, q.value = PValue("=", q.value, q.start, q.end), None
                q.kind, q.unit = near.kind, near.unit
                q.flags.add("shared_unit")
        for q, near in reversed([*pairwise(quantities)]):  # 7.1±1.0 vs 8.4±1.3 mmol/L
            if (
                q.kind == near.kind == "mean"
                and not q.unit
                and self._link.match(text[q.outer_end : near.outer_start])
            ):
                q.unit = near.unit
        for first, q in pairwise(quantities):  # HR 0.71, 老年人为0.64
            if (
                first.kind in ("estimate:HR", "estimate:OR", "estimate:RR")
                and q.kind == "number"
                and q.value is not None
                and "." in text[q.start : q.end]
                and q.value < 30
                and not self._unit.match(_BRACKET.sub("", text[q.end : q.end + 50]))
                and (
                    _SAME_OF.match(text[first.outer_end : q.outer_start])
                    or (
                        _SAME_IN.fullmatch(text, first.outer_end, q.outer_start)
                        and IN_GROUP.match(text, q.outer_end)
                    )
                )
            ):
                q.kind, q.unit = first.kind, first.unit
        for i, q in enumerate(quantities):
            if q.kind == "number" and q.value == 0 and "range" not in q.flags:
                near_percent = any(o.kind == "percent" and abs(i - j) <= 2 for j, o in enumerate(quantities))
                if near_percent or _ZERO_RATE.search(text[: q.start]):
                    q.kind, q.unit = "percent", "%"

    def _limits_apart(
        self, text: str, quantities: list[Quantity], intervals: list[Interval]
    ) -> list[Quantity]:
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

    def _attach(self, text: str, quantities: list[Quantity], intervals: list[Interval]) -> None:
        """Intervals and p-values go to the number before them."""
        for interval in sorted(intervals, key=lambda x: x.start):
            before = [q for q in quantities if q.outer_end <= interval.outer_start + 1 and q.kind != "size"]
            owner = before[-1] if before else None
            if owner and owner.interval is None and _JOIN.match(text[owner.outer_end : interval.outer_start]):
                if owner.kind == "p" and len(before) > 1 and before[-2].interval is None:
                    owner = before[-2]
                owner.interval = interval
                owner.outer_end = max(owner.outer_end, interval.outer_end)
                self._late_unit(text, owner)
        for q, near in reversed([*pairwise(quantities)]):  # 9.1(95%CI:8.2~9.8)和10.5(95%CI:9.0~12.0)个月
            if (
                q.kind == "number"
                and not q.unit
                and None not in (q.interval, near.interval)
                and near.kind in ("time", "percent", "level")
                and self._link.match(text[q.outer_end : near.outer_start])
            ):
                q.kind, q.unit = near.kind, near.unit
        limited = [q for q in quantities if q.interval]
        for first, q in pairwise(limited):
            if q.kind == "number" and first.kind.startswith("estimate"):
                q.kind, q.unit = first.kind, first.unit
        for q in quantities:  # HR及其95%CI为0.71(0.55~0.92)
            if q.interval and not q.interval.type and (m := self._level.search(text, q.outer_start, q.start)):
                q.interval.type = f"{m['level']}% CI"
        known = next((q.interval.type for q in quantities if q.interval and q.interval.type), "")
        if not known and (told := _LIMITS_TOLD.search(text)):
            known = {"i": "IQR", "r": "range"}.get(told[1][0].lower(), "95% CI")
        for q in quantities:
            if q.interval and not q.interval.type and known in ("95% CI", "IQR", "range"):
                alike = [
                    x.interval.type for x in quantities
                    if x.interval and x.interval.type in ("95% CI", "IQR", "range") and x.kind == q.kind
                ]  # fmt: skip
                q.interval.type = alike[0] if alike else known
        gone = _p_in_order(text, quantities)
        for i, q in enumerate(quantities):
            if q.kind != "p" or not i or q in gone:
                continue
            owner = quantities[i - 1]
            gap = _TESTED.sub("", text[owner.outer_end : q.outer_start])
            if owner in gone or not owner.kind.startswith("estimate") or owner.p is not None:
                continue
            every = _BOTH.search(text[q.outer_start : q.end] + gap[-6:]) or _EACH.match(text[q.end :])
            if not _JOIN_P.match(gap) and not (every and len(gap) < 60 and "。" not in gap):
                continue
            owner.p = q.p
            gone.append(q)
            if _JOIN_P.match(gap):
                owner.outer_end = q.outer_end
            for other in reversed(quantities[: i - 1]) if every else ():
                if not other.kind.startswith("estimate") or other.p is not None:
                    break
                other.p = q.p
        for q in gone:
            quantities.remove(q)

    def _late_unit(self, text: str, q: Quantity) -> None:
        """The unit may stand after the limits: 11.2(95%CI 9.8-12.6)个月."""
        if q.kind != "number" or q.unit:
            return
        m = self._unit.match(text, q.outer_end)
        if m:
            q.unit = self.unit(m["u"])
            q.kind = self._kind_of(q.unit)
            q.outer_end = m.end()

    def _units_behind(self, text: str, quantities: list[Quantity]) -> None:
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
                if gap.count(")") == gap.count("(") and self._link.match(gap):
                    told.append(q)
            for q in told:
                q.unit = self.unit(unit["u"])
                q.kind = self._kind_of(q.unit)

    def _kind_of(self, unit: str) -> str:
        """What a number with a unit is: a percentage, a time or a level."""
        return (
            "percent" if unit == "%" else "time" if self._dimension.get(unit, "level") == "time" else "level"
        )

    def _relate(self, text: str, q: Quantity, worth: set[Any]) -> None:
        """The words before or after a number say more than, about, at least ...; only those ``worth`` trying can."""
        worded = "word" in q.flags or q.rule == "reciprocal"
        if (q.relation != "=" and not (worded and q.relation == "~")) or q.kind in (
            "p",
            "not_reached",
            "size",
        ):
            return
        before = text[max(0, q.start - 16) : q.start]
        for relation, cue in self._before:
            if cue in worth and cue.search(before):
                q.relation = relation
                return
        if before.endswith("~"):
            q.relation = "~"
            return
        after = text[q.end : q.end + 12]
        if after.startswith("多") and (worded or q.kind == "time"):
            q.relation = ">"
            return
        for relation, cue in self._after:
            if cue in worth and cue.match(after.lstrip(" 的")):
                q.relation = relation
                return


#: from a count to that of the next group, and what follows it
TO_NEXT_GROUP = Expression(
    r"[^,;.\d]{0,50}?\b(?:in|with|on|among|for|after|given|taking|receiving|assigned|who)\s[^,;.\d(]{2,60}?(?:\s?[(\[][^()\[\]]*[)\]])?"
    r"(?:,|,?\s(?:and|versus|vs\.?|but|while|against|compared (?:with|to)))\s(?:only\s|just\s|in\s|by\s)*$"
)
_LISTED_WITH = Expression(r"^\s?(?:and|or|vs?\.?|versus|,)\s?$")
_IN_OR_OF = Expression(r"\b(?:in|by|among|for|with|only)\s$|[(:,]\s?$")
_VERSUS = Expression(r"^\s?(?:vs?\.?|versus|against|compared with)\s?$")
IN_GROUP = Expression(r"\s(?:in|with|on|among|for|after|given|taking|receiving|assigned|who)\s\p{Latin}")


#: what events are counted over, told before their numbers
OVER_YEARS = Expression(
    r"(?:每\s?(?:1\d{0,2}(?:[, ]?000)?|百|千|万|10\s?万)?\s?(?:例|名|人)?(?:患者|病人)?(?:人|(?<=[例名者人]))[\s·-]?年|"
    r"(?:\b(?:per|every)\s|/\s?)(?:1\d{0,2}(?:[, ]?000)?\s)?(?:person|patient|participant|subject)s?[\s-]years?\b)"
)


def _over_years(text: str, quantities: list[Quantity]) -> None:
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


#: ends what was told to be counted over years
_APART = Expression(r"[;。]")


#: between two differences of a list, behind the first one's limits
_NEXT_DIFFERENCE = Expression(r"\s?(?:、|,|和|与|及|以及|,?\s?and)\s?-?$")


def _next_differences(text: str, quantities: list[Quantity]) -> None:
    """A level with limits behind a mean difference with limits is one more of its list: ``MD分别为6.9(95%CI:…)和-6.4 mmHg(95%CI:…)``."""
    for first, q in pairwise(quantities):
        if (
            first.kind in ("estimate:MD", "estimate:SMD", "estimate:difference")
            and q.kind in ("level", "number", "time")
            and q.unit == first.unit
            and first.interval is not None is not q.interval
            and q.value is not None
            and _NEXT_DIFFERENCE.fullmatch(text, first.outer_end, q.start)
        ):
            q.kind = first.kind
            if text[q.start - 1] == "-":
                q.start, q.outer_start, q.value = q.start - 1, min(q.outer_start, q.start - 1), -q.value


def _loose_limits(text: str, quantities: list[Quantity], intervals: list[Interval]) -> list[Quantity]:
    """Limits without brackets or a name of their own become intervals: ``HR 0.72; 0.55-0.94``."""
    kept: list[Quantity] = []
    for q in quantities:
        owner = kept[-1] if kept else None
        if (
            owner is not None
            and q.rule in ("percent_range", "time_range")
            and owner.kind == q.kind
            and owner.interval is None
            and None not in (owner.value, q.lower, q.upper)
            and q.lower <= owner.value <= q.upper  # type: ignore[operator]
            and text[owner.outer_end : q.start].strip() in ("(", "[", ";", ",")
            and text[q.outer_end : q.outer_end + 1] in (")", "]")
        ):
            intervals.append(Interval("", q.lower, q.upper, q.start, q.end, q.outer_start, q.outer_end))
            continue
        if len(kept) > 1 and (limits := _limits_in_bracket(text, kept[-2], kept[-1], q)) is not None:
            intervals.append(limits)
            kept.pop()
            continue
        if (
            owner is not None
            and q.rule == "range_number"
            and owner.interval is None
            and q.lower is not None
            and q.upper is not None
            and (owner.value is None or q.lower <= owner.value <= q.upper)
            and _LOOSE.match(text[owner.outer_end : q.start])
            and _has_limits(text, owner, kept)
        ):
            intervals.append(Interval("", q.lower, q.upper, q.start, q.end, q.outer_start, q.outer_end))
            continue
        if (
            owner is not None
            and q.rule == "number"
            and q.value is not None
            and owner.kind in ("level", "percent", "number", "mean")
            and owner.interval is None
            and any(o.kind == "mean" for o in kept)
            and text[owner.outer_end : q.start].strip() in ("(", "[")
            and text[q.end : q.end + 1] in (")", "]")
        ):
            owner.kind = "mean"
            owner.unit = owner.unit or next((o.unit for o in kept if o.kind == "mean" and o.unit), "")
            intervals.append(Interval("SD", None, q.value, q.start, q.end, q.outer_start, q.outer_end))
            continue
        kept.append(q)
    return kept


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


#: a point (分) that begins another word: 组1至组4分别为
_OTHER_WORD = Expression(r"分(?=[别組组析为期布])")


#: behind a whole number that ends the name of a study
_IN_A_NAME = Expression(
    r"(?:试验|研究|队列)(?!组)|\s(?:trial|study)\b|\s?[度级](?:及|或|以上|的|不良|毒性|AE)"
)


def _part_of_name(text: str, q: Quantity) -> bool:
    """Whether a bare whole number belongs to the word before it (part 2, 受体1) or numbers a list."""
    if text[q.end - 1 : q.end] == "分" and _OTHER_WORD.match(text, q.end - 1):
        return True
    if q.kind == "number" and q.lower is not None and q.upper is not None:
        return "." not in text[q.start : q.end]
    if q.kind != "number" or q.interval is not None or q.value is None or not float(q.value).is_integer():
        return False
    if "shared_unit" in q.flags or "." in text[q.start : q.end]:
        return False
    if _IN_A_NAME.match(text, q.end) and text[q.start - 2 : q.start - 1].isalpha():
        return True
    return bool(_NAME_BEFORE.search(text[max(0, q.start - 24) : q.start])) or bool(
        _BRACKET_AFTER.match(text, q.end) and _LIST_BEFORE.search(text[: q.start])
    )


#: right behind a number that was measured at a time: ``4.1 at 6 months and 3.7 at 12 months``
_AT_A_TIME = Expression(r"\s(?:at|after|by|within)\s\d")


def _elided_unit(text: str, q: Quantity, before: list[Quantity]) -> None:
    """A bare decimal after a verb of change has the unit of the change before: 降2.1 kg, B组降1.2."""
    if q.kind != "number" or "." not in text[q.start : q.end] or not _CHANGED_BY.search(text[: q.start]):
        return
    for other in reversed(before):
        if other.kind in ("level", "percent") and other.value is not None:
            q.kind, q.unit = other.kind, other.unit
            q.flags.add("shared_unit")
            return


def _set_against(text: str, q: Quantity, last: Quantity | None) -> None:
    """``比B组多减2.2 kg``, ``3.2 months longer than``: a number of one group against another's."""
    if (
        q.kind not in ("level", "time", "percent")
        or q.value is None
        or "range" in q.flags
        or q.events is not None
    ):
        return
    listed = (
        last is not None
        and "against" in last.flags
        and q.kind in last.flags
        and _AND.match(text[last.outer_end : q.start])
    )
    against = _AGAINST.search(text[max(0, q.start - 60) : q.start]) or _THAN.match(text[q.outer_end :])
    if (
        not against
        and q.kind != "percent"
        and (better := _BETTER.match(text, q.outer_end) or _BETTER.match(text, q.end))
    ):
        against = better["with"] or better["lasting"] or _COMPARES.search(text[: q.start])
    if not against and q.kind != "percent" and _BY.search(text[max(0, q.start - 24) : q.start]):
        against = _SET_BEFORE.search(text[: q.start]) or _SET_BEHIND.match(text, q.outer_end)
    if listed or against:
        q.flags |= {"against", q.kind}
        q.kind = "estimate:difference"


def _counted_beside(text: str, q: Quantity, last: Quantity | None) -> None:
    """A whole number is a count beside that of another group: ``5 deaths in A and 12 in B``, ``two v four``."""
    if last is None or {last.kind, q.kind} != {"count", "number"}:
        return
    if last.kind == "number":  # in 2 and 7 patients
        last, q = q, last
        if _LISTED_WITH.match(text[q.outer_end : last.start]) and _IN_OR_OF.search(text[: q.start]):
            q.kind, q.rule, q.unit = "count", "counted_beside", "participants"
            last.rule = "counted_beside"
        return
    if not float(q.value or 0).is_integer():
        return
    if "." in text[q.start : q.end] or q.lower is not None:
        return
    gap = text[last.outer_end : q.start]
    if _VERSUS.match(gap) or (TO_NEXT_GROUP.match(gap) and IN_GROUP.match(text, q.end)):
        q.kind, q.rule, q.unit = "count", "counted_beside", "participants"


def _beside(text: str, q: Quantity, last: Quantity | None) -> None:
    """A bare number has the unit of the other group's: ``12.1 per 100 patient-years with A and 17.8 with B``."""
    if last is None or last.kind not in ("level", "time", "percent") or last.value is None or not last.unit:
        return
    if q.kind != "number" or q.value is None or q.rule != "number" or q.interval is not None:
        return
    alike = ("." in text[last.start : last.end]) == ("." in text[q.start : q.end])
    if alike and TO_NEXT_GROUP.match(text[last.outer_end : q.start]) and IN_GROUP.match(text, q.end):
        q.kind, q.unit = last.kind, last.unit
        q.flags.add("shared_unit")


def _unit_beside(quantities: list[Quantity], i: int) -> str:
    """The unit that a value not reached would have: that of the nearest time of the sentence, else month."""
    times = [
        (abs(j - i), q.unit) for j, q in enumerate(quantities) if q.kind == "time" and q.value is not None
    ]
    return min(times)[1] if times and min(times)[0] <= 3 else "month"


def _denominator(q: Quantity, before: list[Quantity]) -> None:
    """n (x%) takes its N from the same sentence, where x is n/N to the printed decimals."""
    if q.kind != "percent" or q.events is None or q.participants is not None or not q.value:
        return
    for other in reversed(before):
        if (
            other.kind in ("count", "size")
            and other.value
            and other.value >= q.events
            and other.outer_end <= q.outer_start
        ):
            share = 100 * q.events / other.value
            if abs(share - q.value) <= (0.5 if float(q.value).is_integer() else 0.06):
                q.participants = int(other.value)
                return


#: from a count to its share
_ITS_SHARE = Expression(
    r"(?:患者|病例|患[者儿])?\s?[,、(]\s?(?:共)?(?:占|占比|发生率|比例)(?:约|比|总数的?)?(?:为|是)?\s?"
)


def _told_again(text: str, q: Quantity, following: Quantity) -> bool:
    """Whether the share that follows holds a count already: ``12例,占44.4%(12/27)``."""
    if q.kind != "count" or following.kind != "percent" or following.events != q.value:
        return False
    return _ITS_SHARE.fullmatch(text, q.outer_end, following.start) is not None


def _of_whom(text: str, quantities: list[Quantity]) -> None:
    """Counts of people take the number of those they are of: ``12例均缓解``, ``of 40 patients, 9 relapsed``, ``3例中有1例``."""
    base: Quantity | None = None
    for q in quantities:
        if base is not None and _PASSED.search(text, base.outer_end, q.start):
            base = None
        if (
            q.kind not in ("count", "size")
            or not q.value
            or q.rule not in ("count", "sample_size", "word_count", "graded_count")
        ):
            continue
        if base is not None and q.kind == "count" and q.value <= (base.value or 0) and q.participants is None:
            q.participants = int(base.value or 0)
            base.flags.add("base")
        elif _ALL_OF_THEM.match(text, q.outer_end) and q.kind == "count":
            q.participants = int(q.value)
        elif _OUT_OF.match(text, q.outer_end) or _OUT_OF_EN.search(
            text[max(0, q.outer_start - 16) : q.outer_start]
        ):
            base = q


#: behind people of whom a part is counted next
_OUT_OF = Expression(
    r"\s?(?:\p{Han}{0,8}?)(?:患者|受试者|病例|病人|患儿|参与者|者)?(?:(?:中|里|内|之中|当中)(?!心)|,?(?:其中)?(?:仅|只|共|已|就)?有\s?\d+\s?(?:例|名|人|位))"
)
_OUT_OF_EN = Expression(r"\b[Oo]f\s(?:the\s|these\s|those\s|all\s)?$")
_ALL_OF_THEM = Expression(
    r"\s?(?:患者|受试者|病例|病人|患儿|者)?(?:全部|全都|均|都)(?!未|无|不|没|为(?:男|女)|有效率|来自|接受|采用|给予|使用|经|按|符合|在|行|随机|签)"
)
_PASSED = Expression(r"[。;]|组")
_HALF = Expression(
    r"(?P<over>超过?|过|逾|[Mm]ore than |[Oo]ver )?(?:一?半数?(?:以上)?(?=的?(?:患者|受试者|病例|"
    r"病人|人(?!群)))|半数(?=患者|"
    r"受试者|病例)|(?<!\p{Latin})[Hh]alf (?=(?:of )?(?:the |these |those |all )?(?:[\p{Latin}-]+ )?(?:patients|participants|"
    r"subjects|women|men|children|people|adults|infants|individuals|cases)\b))"
)
_PART = Expression(
    r"(?P<over>超过?|逾)?(?:(?P<total>[二三四五六七八九十])分之(?P<n>[一二两三四五六七八九])|"
    r"(?P<tenth>[一二两三四五六七八九])成(?P<one>[半一二三四五六七八九])?(?=的|以上|左右|多|患者|受试者|病例|病人|[,。;)])|"
    r"(?<=近|约|超|逾|过|有|达|到|仅|只|足|低|少|降|高|加|(?<!占)了|是|为|,)(?P<tenth>[一二两三四五六七八九])成(?P<one>[半一二三四五六七八九])?"
    r"(?![为功立分本果熟就长员绩套型活瘾不人因交品像都])|"
    r"(?<=近|约|过|逾|超|到|足|低|少|降|缩|减|短|了|有|达)(?P<whole>一半)(?=[,。;)多的以左]|$))|"
    r"(?<![\p{Latin}-])(?i:(?P<over>over |more than )?(?P<some>one|an?|two|three|"
    r"four)[\s-](?P<part>third|quarter|fifth|half)s?)(?= of (?:the |these |those |all |"
    r"our )?(?:\p{Latin}[\p{Latin}-]*\s){0,3}?(?:patients|participants|subjects|individuals|people|"
    r"women|men|children|adults|cases|responders|recipients)\b)|"
    r"(?<![\p{Latin}-])(?i:one in (?P<of>two|three|four|five|six|seven|eight|nine|ten|twenty|\d{1,3}))\b(?!\s?(?:%|years?|months?|weeks?|days?|of))|"
    r"(?<=\b(?:[Rr]educ|[Ll]ower|[Dd]ecreas|[Cc]ut|[Ff]ell|[Dd]eclin)(?:[^.;]|\.\d){0,120}\bby\s(?:about\s|around\s|nearly\s|almost\s|roughly\s|more than\s|over\s)?)(?P<some>an?|one|two|three)?[\s-]?(?P<part>half|third|quarter|fifth)s?\b(?!\s(?:an?|of|the)\b)"
)
#: 近半数患者(48.5%): the number says it
_SAID_EXACTLY = Expression(r"的?\p{Han}{0,6}\s?\(\s?(?:\d+\s?/\s?\d+[,;]\s?)?\d+(?:\.\d+)?\s?%")
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "half": 2}
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_WORD = {
    w: i
    for i, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    w: 10 * i
    for i, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
#: what can't be reached but is no value: a significance, an aim
_IN_BRACKET = Expression(r"\s?[(\[]\s?")
_BRACKET_END = Expression(r"\s?[)\],;]")
_NO_GOAL = Expression(
    r"\s?(?:到)?(?:统计|显著|标|主要|次要|预设|预期|预定|目标|终点|标准|临床|要求|该|这|上述|非劣|"
    r"优效|交互|异质|事先|校正|多重|预先|完全|深度|病理|缓解|应答|部分|(?:s?CR|PR|VGPR|MR|ORR|MRD|MMR|SVR|pCR|MPR|DCR|EMR|MPR)(?!\p{Latin})|statistical|significan|the )"
)
_GOAL_BEFORE = Expression(
    r"(?:终点|目标|入组|招募|样本量|显著性|界值|标准)(?:均|仍|尚|都|也)?$|"
    r"\b(?:end ?points?|enrol\w+|recruitment|targets?|sample size|significance|criteri\w+|goals?|dose)"
    r"(?:\s(?:of|for|in)(?:\s[\p{Latin}\d-]+){1,5}?)?\s(?:was|were|is|are|had|has|have)?\s?$"
)
#: words that set one group's number against another's
_COMPARED = Expression(
    r"(?:相差|差异|差值?|之差|(?<![提升增降减偏])(?:高出?|低|多|少)|优于?|超出?|领先|difference|gap|margin|higher|lower|"
    r"more|fewer|greater|"
    r"advantage|benefit)[^,。;%]{0,14}$|(?:比|较|相比|than|versus|vs\.?|compared)[^。;]{0,40}$"
)
#: words behind a number that do
#: behind a share of people in thirds and the like; around one by which something became less
_OF_PEOPLE = Expression(r"\s?的?(?:患者|受试者|病例|病人|人)")
_CUT_BY = Expression(
    r"降|减|缩|少于|更少|下降|\b(?:reduc|lower|decreas|fell|cut|less|fewer|drop|shr[aiu]nk)\p{L}*"
)
_COMPARED_AFTER = Expression(r"\s(?:higher|lower|more|fewer|greater|less|better|worse|in favou?r)\b")
#: from an estimate to the same one of another group
_SAME_OF = Expression(
    r"^\s?(?:,\s?)?(?:and|but)\s(?:that\s)?(?:for|in|with|among)\s[^,;:()\d=]{2,50}?\s?(?:was|were|of)?\s?$|^(?:\s?\([^()]{0,60}\))?\s?(?:[,;、]|和|与|及|而|对比?|比|vs\.?|versus)\s?(?:而|在|无|有|非)?[^,;。:()\d=]{0,14}?(?:则|仅)?(?:为|:|是)?\s?$"
)
#: from an estimate to the next one of a list, each before those whom it is of: ``OR 1.4 in current users and 1.2 in past users``
_SAME_IN = Expression(
    r"\s(?:for|in|with|among|on)\s[^.;:()\d=]{2,50}?,?\s(?:and|but|versus|vs\.?|while|(?:as )?compared (?:with|to))\s(?:only\s|was\s|to\s)?"
)
#: what has no unit, before its number
_INDEX = Expression(
    r"(?:AUC|AUROC|曲线下面积|[Kk]appa|κ|ICC|指数|Kt/V|比值|系数)(?:值)?(?:\([^()]*\))?(?:分别)?(?:为|是|达)?$"
)
_BRACKET = Expression(r"\s?(?:\([^()]{0,40}\)|\[[^\[\]]{0,40}\])")
_ZERO_GAP = Expression(r"^\s?[、,和与及;]\s?$")
_ZERO_RATE = Expression(r"(?:率|比例|者|组|患者)(?:\([^()]{0,12}\))?[^,。;]{0,4}(?:为|是|:|=)$")
_CHANGED_BY = Expression(
    r"(?:降低?|下降|减少?|减轻|升高?|上升|增加?|改善|延长|缩短|掉)(?:了|约|至|到)?\s?$|"
    r"\b(?:fell|rose|decreased|increased|dropped|declined|improved|reduced|lowered|gained|lost)\s(?:by\s)?$"
)
_AGAINST = Expression(
    r"(?:比(?!例|率|值|重)|较)(?!基线|治疗前|用药前|术前|入院|前|上)[^,。;:%\d()]{1,24}(?:多|少|高|低|长|短|延后|"
    r"提前|延长|缩短|领先)(?:减|降|降低|下降|增加|"
    r"升高|出|了|约|近|达)*\s?$"
)
_THAN = Expression(
    r"\s(?:more|less|longer|shorter|higher|lower|greater|fewer)\s(?:[\p{Latin}-]+\s){0,4}?than\b"
)
#: a level or time by which one group did better: ``2 points better with exercise``
_BETTER = Expression(
    r"\s(?:better|worse|higher|lower|more|less|greater|(?P<lasting>longer|shorter|earlier|later|sooner|faster|slower)(?=\s?[(\[]|\s(?:for|after|in|following|with)\s(?!(?:the\s)?(?:first|second|third|follow)))|longer|shorter|earlier|later)(?P<with>\s(?:with|in the|among|for those|for people|on)\b)?(?=\s|[.,;)]|$)"
)
#: by how much a group changed something, compared with another: ``Compared with A, B lowered the score by 2 points``
_BY = Expression(r"\bby\s(?:about\s|approximately\s|nearly\s|almost\s|an?\s|mean\s|average\s|of\s){0,4}$")
_SET_BEFORE = Expression(
    r"(?:^\s*|[;。]\s?|[.:]\s)(?:[Aa]s\s)?(?:[Cc]ompared (?:with|to)|[Rr]elative to|[Ii]n comparison (?:with|to))\s(?!(?:the\s)?(?:baseline|before|pre))[^.;%\d()]{2,60},\s[^.;()\d]{2,90}(?:\(by\s)?$"
)
_SET_BEHIND = Expression(
    r"(?:\s(?:at|after|over|in)\s\d+\s\p{Ll}+)?,?\s(?:as\s)?(?:compared (?:with|to)|relative to)\s(?!(?:the\s)?(?:baseline|before|pre)|(?:an?\s|the\s)?\p{Ll}*\s?(?:reduction|decrease|increase|change|decline|fall|gain))[^.;,()\d]{2,50}(?=[.;,(]|\s?$)"
)
_COMPARES = Expression(r"\b(?:than|versus|vs|[Cc]ompared (?:with|to))\b")
_AND = Expression(r"^\s?(?:、|,|和|与|及|,?\s?and)\s?$")
_TO = Expression(
    r"^\s?(?:至|到|to|(?:下|上)?(?:降|升)(?:低|高)?(?:了)?(?:至|到|为)|(?:提高|增加|增至|减少|减至|改善|恢复|缩短|延长)(?:至|到|为)?)\s?$"
)
_FROM = Expression(r"(?:由|从|自|from)[^,;。\d]{0,16}$")
_LIMITS_TOLD = Expression(r"[\(\[]\s?(IQR|interquartile range|range|95\s?%\s?CI)\s?[\)\]]", regex.IGNORECASE)
#: one interval of a list of them, and what joins it to the next; a lone number stands for one that has no width
_LIMITS_ITEM = Expression(
    r"(?P<item>[(\[]?\s?(?P<lo>[-+]?\d+(?:\.\d+)?)\s?%?\s?(?:-|~|至|to|,)\s?(?P<hi>[-+]?\d+(?:\.\d+)?)\s?%?\s?[)\]]?|"
    r"[(\[]\s?\d+(?:\.\d+)?\s?%?\s?[)\]])\s?(?:、|,\s?(?:and)?|;|和|与|及|对|and|vs\.?)?\s?"
)
_LOOSE = Expression(r"^\s?[,;(\[]\s?$")
_OPENS = Expression(r"[(\[,;:]\s?$")
_NAME_BEFORE = Expression(
    r"(?:受体|配体|抗原|蛋白|因子|基因|型|亚型|激酶|酶|通路|部分|阶段|试验|研究|队列|组|点|步骤|"
    r"标准|表|图|第|[\])}]|"
    r"(?<!\p{Latin})(?:\p{Lu}[\p{Lu}\d-]{2,}|[Pp]arts?|[Ss]tages?|[Tt]ypes?|[Gg]roups?|[Ss]teps?|"
    r"[Ll]evels?|[Cc]lass|[Vv]isit|[Dd]ays?|[Ww]eeks?|[Mm]onths?|[Yy]ears?|[Cc]ycles?|[Ll]ines?|"
    r"[Tt]rials?|[Ss]tudy|[Ss]tudies|[Cc]ohorts?|[Aa]rms?|[Pp]anel|[Vv]ersion|[Tt]he|[Pp]rotein|"
    r"[Ll]igand|[Rr]eceptors?|[Aa]ntigen|[Ff]actor|[Pp]oints?))"
    r"(?:\s?\([^()]{1,12}\))?[\s-]?(?:\d{1,2}(?:,\s?|\s(?:and|or)\s|和|与|、|/)){0,3}$"
)
#: what numbers a list: "1) ..., and 2) ..."
_BRACKET_AFTER = Expression(r"\)\s?\p{L}")
_LIST_BEFORE = Expression(r"(?:^|[(,。;:及和或、]|\b(?:and|or))\s?$")
_JOIN = Expression(r"^\s?(?:个月|月|周|年|天|%|\p{Latin}{1,10})?[\s,;:(\[、]*(?:其|and|with|a)?\s?$")
#: between p-values that are told once to be such
_P_LISTED = Expression(r"\s?(?:[、,]|和|与|及|and)\s?")
#: a test's statistic: ``χ2=5.1``, ``秩和检验统计量T=1.4``
STATISTIC = (
    r"(?:\p{Han}{1,6}检验)?(?:(?:(?:CMH|Wald|n|统计[量值])\s?)?(?:[χΧxX×]\s?2?|(?<!\p{Latin})[tTFZzUHQqrKSW])|CMH|Wald|统计[量值])"
    r"\s?(?:值)?(?:分别)?\s?[=:]\s?-?\d+(?:\.\d+)?(?:、\d+(?:\.\d+)?)*"
)
#: it before its p-value
_TESTED = Expression(rf"[,;\s]*{STATISTIC}(?=[,;\s])")
_JOIN_P = Expression(
    r"^\.?(?:\s(?:for|with|in|on|at)\s[^,;:()\[\]%。]{1,30}(?=,))?[\s,;:(\[\])、。]*(?:差异(?:均)?(?:有|无)统计学意义|差异(?:均)?(?:有|无)显著性|双侧|单侧|"
    r"one-sided|two-sided|1-sided|"
    r"2-sided|nominal|stratified|adjusted|log-?rank|分层|且|and|with|both|all|均|皆|两者|对数秩|lower|fewer|"
    r"higher|reductions?)?"
    r"\s?(?:test|检验)?[\s,;:(\[\])]*(?:a\s)?$",
    regex.IGNORECASE,
)
_BOTH = Expression(r"\b(?:both|all)\b|均|皆|都")
_EACH = Expression(r"\s?(?:for (?:each|both|all)|in both)\b")


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


def _share(match: Any) -> float | None:
    """Percent that a match of ``_PART`` stands for."""
    if match["whole"]:
        n, total = 1, 2
    elif match["of"]:
        n, total = 1, int(number(match["of"]) or 0)
    elif match["n"]:
        n, total = _DIGIT[match["n"]], _DIGIT[match["total"]]
    elif match["tenth"]:
        ones = match["one"] or ""
        n, total = 10 * _DIGIT[match["tenth"]] + (5 if ones == "半" else _DIGIT.get(ones, 0)), 100
    else:
        n, total = _WORD.get((match["some"] or "").lower(), 1), _PARTS[match["part"].lower()]
    return round(100 * n / total, 1) if n < total else None


def _word_number(printed: str) -> float | None:
    """The value of a number in words: forty-two, twelve patients, 十二, 无受试者 (0)."""
    first = regex.split(r"[\s-]", printed.lower())
    if first[0] in _WORD:
        more = _WORD.get(first[1], 0) if len(first) > 1 and _WORD[first[0]] >= 20 else 0
        return float(_WORD[first[0]] + (more if more < 10 else 0))
    if first[0] in ("no", "none") or printed[0] in "无没未均尚":
        return 0.0
    tens, ten, ones = printed.partition("十")
    if printed == "半":
        return 0.5
    if all(c in _DIGIT for c in printed):
        return (
            float((_DIGIT[tens] if tens else 1) * 10 + (_DIGIT[ones] if ones else 0))
            if ten
            else float(_DIGIT[tens])
        )
    return None


_DECIMAL = Expression(r"[0-9]+(?:\.[0-9]+)?")
_ANY_DIGIT = Expression(r"\d")
_BLANK_OR_COMMA = Expression(r"[\s,]")
_POWER = Expression(r"(.+?)(?:[×xX*]10\^?\{?(-?\d+)\}?|[eE](-?\d+))")


def number(printed: str) -> float | None:
    """The value of a printed number: 1,293; 6 792; .05; 3.2×10-5; twelve; None for NE, NR and the like."""
    if _DECIMAL.fullmatch(printed):
        return float(printed)
    if printed and (not _ANY_DIGIT.search(printed) or printed[0] in "无没未均尚"):
        return _word_number(printed.strip())
    tidy = _BLANK_OR_COMMA.sub("", printed).replace("+", "")
    power = _POWER.fullmatch(tidy)
    try:
        if power:
            return float(f"{power[1]}e{power[2] or power[3]}")
        return float(tidy)
    except ValueError:
        return None


def _relation(printed: str | None) -> str:
    return _RELATION.get(printed or "", printed or "")


_RELATION = {
    "≤": "<=", "≥": ">=", "≈": "~", ":": "=", "小于": "<", "低于": "<", "less than": "<", "below": "<",
    "大于": ">", "高于": ">", "greater than": ">",
}  # fmt: skip


def _interval(rule: Rule, match: Any) -> Interval:
    level = (match.groupdict().get("level") or "").removesuffix(".0")
    kind = {"ci": f"{level or 95}% CI", "iqr": "IQR"}.get(rule.name, "")
    if (
        rule.name == "iqr"
        and regex.search(r"range|范围|全距|min", match.group(), regex.IGNORECASE)
        and not regex.search(r"inter|IQR", match.group())
    ):
        kind = "range"
    return Interval(
        kind, number(match["lo"]), number(match["hi"]), match.start("lo"), match.end("hi"), *match.span()
    )
