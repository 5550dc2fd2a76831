"""The lists of a sentence that can be axes of a list of numbers: outcomes, times, subgroups, studies, arms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trialmine.core.lazy import Expression
from trialmine.find.outcomephrase import OutcomePhrase
from trialmine.find.populations import Population
from trialmine.find.times import TimePoint
from trialmine.link.cells import BRACKETS, PAIR, Cells, coordinate
from trialmine.link.choose import is_estimate
from trialmine.link.inforce import InForce
from trialmine.link.view import View, behind

#: behind the name of a subgroup
_PEOPLE_NOUN = Expression(
    r"的?(?:亚组|亚群|人群|患者|受试者|病例|病人|群体|者|组)|\s(?:subgroups?|groups?|patients|people|participants|women|men|adults|disease|tumou?rs)(?![\p{Latin}-])"
)
_COUNTED = Expression(r"\s?\(\s?(?:[nN]\s?=\s?)?\d+\s?[例人名]?\)")
#: what closes a list of groups
_RESPECTIVELY = Expression(
    r"\s?(?:groups?|arms?|eyes|patients|participants|subjects|recipients|women|men|children)?\s?,?\s?respectively\b"
)
#: behind groups that are taken together
_MERGED = Expression(
    r"(?:患者|受试者)?(?:的?数据)?(?:合并|汇总|合计|并为一组)|\s(?:combined|pooled|together)\b"
)
#: before a disease that only says in whom, at the beginning of a sentence, and from it to what was measured
_OPENING_WITH = Expression(r"^\s?(?:In|Among|For|With|Of)\s[^,;:.]*$")
_APART = Expression(r"(?:\s\p{Ll}+){0,2},\s(?:the\s|an?\s)?(?:\p{Ll}+\s)?")
#: from a list of numbers to the groups that close it
_TO_GROUPS = Expression(
    r"\)?\s(?:of\s(?:the\s)?(?:\p{Ll}+\s){1,2})?(?:in|with|for|among|on|after|receiving)\s(?:the\s|those\s|patients\s|receiving\s|on\s|in\s)*"
)
_CLAUSE_MARK = Expression(r"[,;。](?!\d)|[.](?=\s)")
#: from a number to what it is of
_ITS_OWN = Expression(r"%?\s?的")
#: a bracket of pairs of numbers, or several in a row
_OPENS = Expression(r"[(\[]")
_WITHIN = r"(?:[^()\[\]]|\([^()]*\))*"
_PAIRED_IN = rf"[(\[](?={_WITHIN}(?:vs|versus|比|对)){_WITHIN}[)\]]"
_PAIRS = Expression(rf"{_PAIRED_IN}(?:\s?(?:[、,;]|和|与|及)?\s?{_PAIRED_IN})*")


def axes_of(view: View, cells: Cells, stop_after: int, now: InForce) -> list[tuple[int, str, list[object]]]:
    """The lists of the sentence that can be axes of these cells, in text order."""
    text, at = view.text, cells.start
    axes: list[tuple[int, str, list[object]]] = []
    named: dict[str, Sequence[Any]] = {
        "outcome": [o for o in view.outcomes if not o.generic],
        "time": view.times,
        "population": view.populations,
    }

    def add(name: str, groups: list[list[object]], start: list[int]) -> None:
        for group, position in zip(groups, start, strict=True):
            if len(group) < 2 or not (position < at or position < stop_after):
                continue
            last: Any = group[-1]
            if not any(last.end <= x.start < at for x in named[name]):
                axes.append((position, name, group))

    outcomes = coordinate(
        text,
        view.outcomes,
        lambda o: (o.start, o.end),
        lambda a, b: a.concept == b.concept,
        own=[(t.start, t.end) for t in view.times],
    )
    outcomes = [
        g for g in outcomes if not (len(g) == 2 and _OPENING_WITH.match(text[: g[0].start]) and _APART.fullmatch(text, g[0].end, g[1].start))
    ]  # fmt: skip
    # 降低了43%的死亡风险,中位OS分别为…: the first has its number
    outcomes = [
        g[1:]
        if len(g) > 1
        and any(x.outer_end < at and _ITS_OWN.fullmatch(text, x.end, g[0].start) for x in view.quantities)
        else g
        for g in outcomes
    ]
    add("outcome", [list(g) for g in outcomes], [g[0].start for g in outcomes])
    alone = len({o.concept for o in view.outcomes}) == 1  # 1年OS率、2年OS率: the outcome told again
    times = coordinate(
        text, view.times, lambda t: (t.start, t.end), lambda a, b: a.value == b.value,
        own=[(o.start, o.end) for o in view.outcomes] if alone else (),
    )  # fmt: skip
    add("time", [list(g) for g in times], [g[0].start for g in times])
    populations = coordinate(
        text, view.populations, lambda p: (p.start, people_end(text, p)), lambda a, b: a.text == b.text
    )
    add("population", [list(g) for g in populations], [g[0].start for g in populations])
    for studies in coordinate(text, view.named, lambda s: s[:2], lambda a, b: a[2] is b[2], BRACKETS):
        told_before = studies[-1][1] <= at and studies[-1][2] is view.study_at(at)
        pairs = (cells.paired or cells.armed) and len(cells.quantities) <= len(studies)
        if len(studies) > 1 and not pairs and (told_before or len(studies) == len(view.named)):
            axes.append((min(studies[0][0], at - 1), "study", [s[2] for s in studies]))
    tracker, k = now.tracker, len(cells.quantities)
    if 0 <= tracker.both_at < at and tracker.two is not None and k == 2 and not cells.paired:
        axes.append((tracker.both_at, "study", list(tracker.two)))
    known = [p for p in view.phrases if view.arms.get(id(p)) and not _MERGED.match(text, p.end)]
    here = view.study_at(at)  # groups of another study of the sentence are its own only where it has none
    for group in coordinate(
        text, known, lambda p: (p.start, p.end), lambda a, b: view.arms[id(a)] == view.arms[id(b)]
    ):
        arms = [a for p in group for a in view.arms[id(p)]]
        if len(arms) < 2 or any(group[-1].end <= p.start and p.end <= at for p in known):
            continue
        turned = group[0].reference and not group[-1].reference  # compared with B, A
        theirs = view.study_at(group[0].start)
        own = theirs is not here and any(view.study_at(p.start) is here for p in known)
        if not turned and not own:
            axes.append((group[0].start, "arm", list(arms)))
    axes.sort(key=lambda a: a[0])
    if any(a[1] == "arm" and a[0] >= cells.end and _TO_GROUPS.fullmatch(text, cells.end, a[0]) for a in axes):
        # no difference between the groups (3% and 4% in the A and B groups)
        pointers = {p.start for p in known if p.kind in ("both", "all")}
        axes = [a for a in axes if a[0] not in pointers or a[1] != "arm"]
    before = [a for a in axes if a[0] < at]
    if before and not (cells.paired and {a[1] for a in before} == {"study"}):
        return before
    behind_list = [a for a in axes if a[1] == "arm" or not _of_next(view, cells, a, stop_after)]
    return behind_list[: len(before) + 1] if behind_list and behind_list[-1][0] < stop_after else before


def _of_next(view: View, cells: Cells, axis: tuple[int, str, list[Any]], stop_after: int) -> bool:
    """Whether a list behind these cells is the subject of the next number: ``A组为9个月,B组为5个月,ORR和DCR均为80%``."""
    last = axis[2][-1]
    if stop_after >= len(view.text) or getattr(last, "end", stop_after) >= stop_after:
        return False
    apart = _CLAUSE_MARK.search(view.text, cells.end, axis[0])
    return apart is not None and not _CLAUSE_MARK.search(view.text, last.end, stop_after)


def closing_groups(view: View, cells: Cells, lists: list[Cells]) -> list[tuple[int, str, list[object]]]:
    """The arms that ``respectively`` closes, for all lists before them: ``a and b at 2 weeks, c and d at 6, for A and B``."""
    known = [p for p in view.known() if p.start >= cells.start]
    arms = coordinate(
        view.text, known, lambda p: (p.start, p.end), lambda a, b: view.arms[id(a)] == view.arms[id(b)]
    )
    if not arms or not _RESPECTIVELY.match(view.text, arms[0][-1].end):
        return []
    k, at = len(arms[0]), arms[0][0].start
    told = [
        c for c in lists
        if cells.start <= c.start < at and not is_estimate(c.quantities[0]) and not (len(c.quantities) == 1 and behind(view, c.quantities[0]))
    ]  # fmt: skip
    if len(cells.quantities) != k or any(len(c.quantities) != k for c in told):
        return []
    return [(at, "arm", [view.arm(p) for p in arms[0]])]


def items_of_pairs(view: View) -> dict[int, OutcomePhrase | TimePoint]:
    """The outcome or time of each number of a bracket of pairs, one for each outcome or time listed before it.

    ``复发率和再住院率均低于对照组(8% vs 15%,P=0.03;11% vs 20%,P=0.02)``: the first pair is of the first outcome.
    """
    found: dict[int, OutcomePhrase | TimePoint] = {}
    if not _OPENS.search(view.text) or max(len(view.outcomes), len(view.times)) < 2:
        return found
    for m in _PAIRS.finditer(view.text):
        within = [q for q in view.quantities if m.start() <= q.start < m.end()]
        cells = [q for q in within if not is_estimate(q)]
        firsts, seconds = cells[::2], cells[1::2]
        if (
            len(firsts) < 2
            or len(firsts) != len(seconds)
            or not all(
                PAIR.match(view.text[a.outer_end : b.outer_start])
                for a, b in zip(firsts, seconds, strict=True)
            )
        ):
            continue
        last = named_last(view, m.start())
        if len(last) != len(firsts) or any(last[-1].end <= q.start < m.start() for q in view.quantities):
            continue
        for q in within:
            at = sum(x.start <= q.start for x in firsts) - 1
            if at >= 0:
                found[q.start] = last[at]
    return found


def named_last(view: View, end: int) -> Sequence[OutcomePhrase | TimePoint]:
    """The last outcomes that are listed before a place; the last times where no outcomes are."""
    named = coordinate(
        view.text, view.outcomes, lambda o: (o.start, o.end), lambda a, b: a.concept == b.concept
    )
    outcomes = next((g for g in reversed(named) if g[-1].end <= end), [])
    if len(outcomes) > 1:
        return outcomes
    times = coordinate(view.text, view.times, lambda t: (t.start, t.end), lambda a, b: a.value == b.value)
    return next((g for g in reversed(times) if g[-1].end <= end), [])


def people_end(text: str, p: Population) -> int:
    """Where the word for the people of a subgroup ends behind its name, and how many they were: ``I期(43例)、II期(64例)``."""
    people = _PEOPLE_NOUN.match(text, p.end)
    end = people.end() if people else p.end
    counted = _COUNTED.match(text, end)
    return counted.end() if counted else end
