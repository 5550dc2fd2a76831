"""Every number of a sentence, typed: what it is, its value, and what hangs on it.

The rules of ``patterns/quantities.toml`` are tried in order; the first that covers a number reads it.
Then what belongs together is joined (``units.py``, ``limits.py``, ``counts.py``, ``compared.py``), and the words
around a number give its relation.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns, Rule, iter_rules
from trialmine.core.sieve import Sieve
from trialmine.find.cited import ranges
from trialmine.find.compared import is_contrast, set_against
from trialmine.find.counts import counted_beside, denominator, of_whom, told_again
from trialmine.find.limits import Limits, loose_limits
from trialmine.find.quantity import Interval, PValue, Quantity, number
from trialmine.find.totals import shared_out
from trialmine.find.units import IN_A_NAME, Units, beside, elided_unit, over_years, unit_beside
from trialmine.find.worded import WordedNumbers

#: seconds that a rule may take in a sentence, watched only in one of more characters than a page's sentences have:
#: to watch costs a third of the time
_LIMIT, _SHORT = 5.0, 300
_RELATION = {
    "≤": "<=", "≥": ">=", "≈": "~", ":": "=", "小于": "<", "低于": "<", "less than": "<", "below": "<",
    "大于": ">", "高于": ">", "greater than": ">",
}  # fmt: skip
#: a point (分) that begins another word: 组1至组4分别为
_OTHER_WORD = Expression(r"分(?=[别組组析为期布])")
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
#: behind a share of people in thirds and the like; around one by which something became less
_OF_PEOPLE = Expression(r"\s?的?(?:患者|受试者|病例|病人|人)")
_CUT_BY = Expression(
    r"降|减|缩|少于|更少|下降|\b(?:reduc|lower|decreas|fell|cut|less|fewer|drop|shr[aiu]nk)\p{L}*"
)


#: characters before a number of metres in which a way was said to be measured
_WALKED = 160


class NumberFinder:
    """Reads the numbers of sentences by the rules of ``quantities.toml``."""

    def __init__(self, patterns: Patterns) -> None:
        self._rules = Sieve((r, r.regex) for r in iter_rules(patterns, "quantities"))
        self._units = Units(patterns)
        self._limits = Limits(patterns, self._units)
        self._worded = WordedNumbers(patterns)
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

    def find(self, text: str) -> list[Quantity]:
        """The result-like quantities of one folded sentence, left to right; offsets are into ``text``."""
        quantities, intervals = self._read(text)
        taken = [(i.outer_start, i.outer_end) for i in intervals]
        quantities += self._worded.find(text, [*taken, *((q.outer_start, q.outer_end) for q in quantities)])
        quantities.sort(key=lambda q: q.start)
        self._units.share(text, quantities)
        quantities = self._limits.apart(text, quantities, intervals)
        quantities = loose_limits(text, quantities, intervals)
        over_years(text, quantities)
        self._limits.attach(text, quantities, intervals)
        self._units.behind(text, quantities)
        quantities = [q for q in quantities if not _part_of_name(text, q)]
        related = set(self._relations.passing(text)) if quantities else set()
        for i, q in enumerate(quantities):
            before, last = quantities[:i], quantities[i - 1] if i else None
            elided_unit(text, q, before)
            beside(text, q, last)
            set_against(text, q, last)
            counted_beside(text, q, before)
            self._relate(text, q, related)
            denominator(q, before)
            if q.kind == "not_reached":
                q.unit = unit_beside(quantities, i)
        of_whom(text, quantities)
        shared_out(text, quantities)
        again = {id(q) for q, x in pairwise(quantities) if told_again(text, q, x)}
        quantities = [q for q in quantities if id(q) not in again]
        return [q for q in quantities if q.kind != "number" or q.rule != "word_beside"]

    def _read(self, text: str) -> tuple[list[Quantity], list[Interval]]:
        """What the rules read in a sentence, in the rules' order."""
        taken = bytearray(len(text))
        quantities: list[Quantity] = []
        intervals: list[Interval] = []
        limit = _LIMIT if len(text) > _SHORT else None
        no_works = ranges(text)
        for rule in self._rules.passing(text):
            for match in rule.regex.finditer(text, timeout=limit):
                a, b = match.span()
                if rule.name == "citation" and a in no_works:
                    continue
                if a == b or taken.find(1, a, b) >= 0:
                    continue
                taken[a:b] = b"\1" * (b - a)
                if rule.kind == "interval":
                    intervals.append(_interval(rule, match))
                elif rule.kind != "skip":
                    quantities.append(self._quantity(rule, match))
        return quantities, intervals

    def _quantity(self, rule: Rule, match: Any) -> Quantity:
        """The number that a rule has read, by the names of its groups."""
        groups = match.groupdict()
        name = "q" if groups.get("q") is not None else "v"
        a, b = match.span(name)
        printed = match.string[a:b]
        a, b = a + len(printed) - len(printed.lstrip(" ")), a + len(printed.rstrip(" "))
        # the event that a count names before its rate (group e) is an outcome, not the number's
        outer = a if groups.get("e") is not None else match.start()
        q = Quantity(rule.kind, a, b, outer, match.end(), rule.name)
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
        self._by_kind(rule, match, q, a, b)
        return q

    def _by_kind(self, rule: Rule, match: Any, q: Quantity, a: int, b: int) -> None:
        """What only a number of its rule or kind has; its value stands from ``a`` to ``b``."""
        text, groups = match.string, match.groupdict()
        if groups.get("u") == "m" and self._walked.search(text, max(0, a - _WALKED), a):
            q.unit = "m"  # a metre, not a month
            q.kind = "level" if q.kind == "time" else q.kind
        if rule.kind == "percent":
            q.unit = q.unit or "%"
            if q.value is None and q.participants:  # 6 in 100
                q.value = round(100 * (q.events or 0) / q.participants, 1)
                q.events = q.participants = None
        elif rule.kind == "mean":
            q.interval = Interval("SD", None, number(groups["sd"]), match.start("sd"), match.end("sd"))
        elif rule.name == "time_in_words":
            q.value = (q.value or 0.0) + (0.5 if groups.get("half") else 0.0)
            q.relation = ">" if "多" in match[0] else "="
        elif rule.name == "measured_way":
            q.unit = "m"  # a metre, not a month
        elif rule.kind == "count" and not q.unit:
            q.unit = "participants"
        elif rule.kind == "events":
            q.value, q.unit = float(q.events or 0), "participants"
        elif rule.kind == "fraction":
            cut = _CUT_BY.search(text, max(0, a - 40), b + 24) and not _OF_PEOPLE.match(text, b)
            q.kind = "fraction" if cut else "percent"
            q.value, q.unit, q.relation = round(100 * (q.events or 0) / (q.participants or 1), 1), "%", "~"
            q.events = q.participants = None
        elif rule.kind == "estimate:risk_reduction":
            q.unit = "%"
            sign = regex.match(r"\s?%", text, pos=q.end)
            q.end = sign.end() if sign else q.end
        elif rule.kind in ("estimate:difference", "estimate:RD") and groups.get("u"):
            told = match.start("u") + 1 if groups["u"].startswith("%") else match.end("u")
            near = told - b < 24 and " " not in text[b : match.start("u")].strip()
            q.end = told if told >= b and near else b
            points = "percentage" in q.unit or "百分点" in q.unit
            q.unit = "%" if points or (q.unit.startswith("point") and "%" in text[:a]) else q.unit
            if rule.name == "percentage_points" and not is_contrast(text, a, b):
                q.kind = "level"
        elif rule.kind == "p":
            q.p = PValue(_relation(groups.get("r")) or "=", q.value if q.value is not None else 0.0, a, b)
            q.relation, q.value = "=", None

    def unit(self, printed: str) -> str:
        """Canonical unit for a printed one (``个月`` gives ``month``); as printed where unknown."""
        return self._units.named(printed)

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
    if IN_A_NAME.match(text, q.end) and text[q.start - 2 : q.start - 1].isalpha():
        return True
    return bool(_NAME_BEFORE.search(text[max(0, q.start - 24) : q.start])) or bool(
        _BRACKET_AFTER.match(text, q.end) and _LIST_BEFORE.search(text[: q.start])
    )


def _relation(printed: str | None) -> str:
    return _RELATION.get(printed or "", printed or "")


def _interval(rule: Rule, match: Any) -> Interval:
    level = (match.groupdict().get("level") or "").removesuffix(".0")
    kind = {"ci": f"{level or 95}% CI", "iqr": "IQR"}.get(rule.name, "")
    if (
        rule.name == "iqr"
        and regex.search(r"range|范围|全距|min", match.group(), regex.IGNORECASE)
        and not regex.search(r"inter|IQR", match.group())
    ):
        kind = "range"
    least, most = number(match["lo"]), number(match["hi"])
    if rule.name == "ci" and least is not None and most is not None and most < least:
        least, most = most, least  # 95% CI 11, -4
    return Interval(kind, least, most, match.start("lo"), match.end("hi"), *match.span())
