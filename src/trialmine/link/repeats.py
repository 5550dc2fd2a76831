"""Numbers that go on as those before them: for another group, study or time, for the same subgroups, or with one change
for each group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm
from trialmine.find.populations import Population
from trialmine.find.quantity import Quantity
from trialmine.find.times import TimePoint
from trialmine.link.beside import BESIDE
from trialmine.link.cells import Cell, Cells
from trialmine.link.choose import MEASURE, is_estimate
from trialmine.link.view import Result, View

#: a change of what went before, right before its number
_CHANGES = Expression(r"\)(?:降低|下降|减少|升高|增加|提高|延长|缩短)(?:了|约)?\s?$")
#: the measures of what went before, not named again: ``安慰剂组的发生率分别为``, ``the rates with placebo were``
_SAME_MEASURES = Expression(
    r"(?<=^|[,;]|组|者)\s?的?(?:相应的?)?(?:发生率|发生比例|比例|比率)(?=分别|依次|则?为)|"
    r"(?<=^[)\]])\s?的?(?:发生率|发病率|比例|水平|评分)|"
    r"(?:the\s)?(?:corresponding\s|respective\s)?(?:rates|proportions|percentages)(?=\s(?:with|in|for|on|among|were)\b)"
)
#: from a pair to a further one of the same groups, and from that one to its people
_AND_AGAIN = Expression(r"(?:\s?[(\[][^()\[\]]{1,120}[)\]]|[)\]]+)?\s?[,;]?\s?(?:以及|及|和)(?:分别)?为?\s?")
_IN_WHOM = Expression(r"\s?,?\s?[在于]")
RESPECTIVE = Expression(r"分别|respectively")
#: an item of a list with its own bracket of numbers, behind the bracket of the item before: ``(2.0%对0.9%)、口角皲裂(``
_OWN_ITEM = Expression(
    r"[)\]]\s?(?:[、,;]\s?(?:和|与|及|以及|and\s)?|和|与|及|以及|and\s)(?P<n>\p{Han}[\p{Han}\p{Latin}\d/+-]{1,20}(?<![组期级型者例])|[\p{Latin}][\p{Latin}\s-]{3,40}?)\s?[(\[]\s?$"
)
#: why a number is of a group whose change it tells, among changes of several groups in their order
OWN_CHANGE = "one change for each group, in their order"
#: between two changes of a list, each from one number to another: ``由7.8降至2.1和由7.9降至2.0``
_NEXT_CHANGE = Expression(
    r"^(?:\s?\([^()]*\))?\s?(?:[、,]\s?(?:和|与|及|而|and)?|和|与|及|以及|而|and)\s?(?:由|从|自|from)\s?$"
)


def again(view: View, lists: list[Cells], told: list[Result]) -> list[Result]:
    """The results that numbers repeat in their order, for another group, study or time.

    ``ORR为40%,DCR为71%,均高于对照组的22%、53%``: as many numbers, of the same kinds, and none of them named.
    """
    shown = [r for r in told if not r.compares]
    if all(q.kind == "p" for q in lists[0].quantities):
        return _each_outcome(shown, len(lists[0].quantities))
    at = shown[-1].quantity.outer_end if shown else 0
    opened = view.text.count("(", 0, at) > view.text.count(")", 0, at)
    if opened and ")" not in view.text[at : lists[0].start]:
        return []  # (I期:a对b;II期:c对d): the next ones of a bracket have its outcome
    run: list[Quantity] = []
    for cells in lists:
        own = shown[-1].outcome if len({r.outcome.concept for r in shown if r.outcome}) == 1 else None
        behind_it = own is not None and cells.start > own.start >= at and own.measure != "time"
        gap = view.text[own.end if own is not None and behind_it else at : cells.start]
        named = any(at <= o.start < cells.end and not (behind_it and o is own) for o in view.outcomes)
        named = named or (
            not behind_it and any(r.outcome is not None and r.outcome.text in gap for r in shown)
        )
        changes = _CHANGES.search(gap)
        measures = MEASURE.search(_SAME_MEASURES.sub("", gap))
        if named or changes or is_estimate(cells.quantities[0]) or measures or _own_item(view, at, cells):
            break
        run += cells.quantities
        at = cells.end
    k = len(run)
    ends = range(len(shown), k - 1, -1) if run else range(0)
    # the last as many of the same kinds; others may stand behind those of the group before: a total
    last = next(
        (
            i
            for i in ends
            if all(_alike(view.text, q, r.quantity) for q, r in zip(run, shown[i - k : i], strict=True))
        ),
        0,
    )
    beyond = shown[last:]
    if not last:
        return []
    if beyond and (
        len({id(r.arm) for r in shown[last - k :]}) > 1
        or any(r.quantity.kind == run[-1].kind for r in beyond)
    ):
        return []
    model = shown[last - k : last]
    outcomes = [r.outcome for r in model]
    one = len({o.concept for o in outcomes if o is not None}) < 2
    if one and (k < 2 or len({r.time for r in model}) < k):
        return []
    started = shown[last - k - 1].outcome if last > k else None
    if not one and started is not None and outcomes[0] is not None and started.concept == outcomes[0].concept:
        return []  # the run would begin amid an outcome's numbers
    return model


def _own_item(view: View, at: int, cells: Cells) -> bool:
    """Whether a pair of numbers stands in the bracket of an item that is named for the first time, and is no group."""
    item = _OWN_ITEM.search(view.text, at, cells.start) if cells.paired else None
    if item is None:
        return False
    start, end = item.span("n")
    told: list[Any] = [*(p for p in view.phrases if view.arms.get(id(p))), *view.times, *view.populations]
    return not any(x.start < end and start < x.end for x in told)


def repeat(view: View, laid: list[Cell], model: list[Result], told: Sequence[Result] = ()) -> None:
    """Give cells the outcomes of the results that they repeat, and their group where no other is named since.

    ``told`` are the sentence's results where the cells go on with a run of them that has begun.
    """
    for cell, r in zip(laid, model, strict=False):
        cell.outcome = cell.outcome or r.outcome
        if cell.quantity.kind == r.quantity.kind == "mean":
            cell.quantity.unit = r.quantity.unit
    if len(model) > 1 and len({r.time for r in model}) == len(model) == len(laid):
        for cell, r in zip(laid, model, strict=True):
            cell.time = cell.time or (TimePoint(0, 0, r.time, True) if r.time else None)
    if laid[0].quantity.kind == "p":
        return
    if told:
        last, start = told[-1], laid[0].quantity.start
        if not any(last.quantity.outer_end <= p.start < start and view.arms.get(id(p)) for p in view.phrases):
            for cell in laid:
                cell.arm, cell.why = last.arm, [*cell.why, "the group of the run that it goes on with"]
        return
    groups = {id(r.arm): r.arm for r in model}
    at = max((r.quantity.outer_end for r in model), default=0)
    named = any(at <= p.start < laid[0].quantity.start and view.arms.get(id(p)) for p in view.phrases)
    if len(model) == len(laid) > 1 and len(groups) == 1 and not named and OWN_CHANGE not in laid[0].why:
        (arm,) = groups.values()
        if BESIDE in laid[-1].why and laid[-1].arm is not arm:
            arm = laid[-1].arm  # compared with a and b in the B group
        for cell in laid if arm is not None else ():
            cell.arm, cell.why = arm, [*cell.why, "the group of the results that it repeats"]
    elif len(model) == len(laid) > 1 and len(groups) == 1 and not any(c.arm for c in laid[1:]):
        for cell in laid[1:]:
            cell.arm, cell.why = laid[0].arm, [*cell.why, "the group of its list"]


def same_people(view: View, laid: list[Cell], told: list[Result]) -> None:
    """As many numbers, each of a subgroup, and then as many more in their order: ``40% of X and 30% of Y; later a and b``."""
    k = len(laid)
    model = [r for r in told if not r.compares][-k:]
    people = [r.population for r in model]
    at = model[-1].quantity.outer_end if model else 0
    if k < 2 or len(set(people)) < k or not all(people) or any(c.population for c in laid):
        return
    start, end = laid[0].quantity.start, laid[-1].quantity.outer_end
    if any(
        at < p.start < end + 12 and p.text not in people for p in view.populations
    ) or not RESPECTIVE.search(view.text, at, end + 24):
        return
    for cell, name in zip(laid, people, strict=True):
        cell.population = Population(start, start, name)


def same_groups(view: View, laid: list[Cell], told: list[Result]) -> None:
    """A further pair, of the groups of the pair right before it: ``A组3.7个月,对照组2.0个月(…),以及5.7和2.1个月,在X人群中``."""
    shown = [r for r in told if not r.compares]
    run: list[Cell | Result] = [*shown, *laid[:-2]]
    before = run[-2:]
    pair, arms = laid[-2:], [x.arm for x in before]
    if len(pair) != 2 or len(arms) != 2 or None in arms or arms[0] is arms[1]:
        return
    kinds = {x.quantity.kind for x in (*before, *pair)}
    if len(kinds) > 1 or any(c.arm is not None for c in pair):
        return
    start, end = pair[0].quantity.outer_start, pair[1].quantity.outer_end
    at = max(x.quantity.outer_end for x in (*told[-1:], *before))
    if not _AND_AGAIN.fullmatch(view.text, at, start) or any(at <= p.start < end for p in view.phrases):
        return
    behind = next((p for p in view.populations if _IN_WHOM.fullmatch(view.text, end, p.start)), None)
    for cell, x in zip(pair, before, strict=True):
        cell.arm, cell.outcome = x.arm, cell.outcome or x.outcome
        cell.population = cell.population or behind
        cell.why.append("the groups of the pair before")


def change_in_turn(view: View, cells: Cells, lists: list[Cells]) -> Arm | None:
    """Whose change a list tells, where the sentence tells as many in a row as it has named groups.

    ``A组与B组的评分分别由7.8降至2.1和由7.9降至2.0``; ``from 7.8 to 2.1 and from 7.9 to 2.0 with A and B, respectively``
    """
    text = view.text
    row: list[Cells] = []
    for c in lists:
        changes = c.changed and len(c.quantities) == 2
        if row and not (changes and _NEXT_CHANGE.match(text[row[-1].end : c.start])):
            if cells in row:
                break
            row = []
        if changes:
            row.append(c)
    if len(row) < 2 or cells not in row:
        return None
    stop = next((c.start for c in lists if c.start > row[-1].end), len(text))
    spans = [(row[-1].end, stop)] if RESPECTIVE.search(text, row[-1].end, stop) else []
    if RESPECTIVE.search(text, max(0, row[0].start - 12), row[0].start):
        spans.append((max((c.end for c in lists if c.end <= row[0].start), default=0), row[0].start))
    study = view.study_at(row[0].start)
    for start, end in spans:
        named = [p for p in view.phrases if start <= p.start and p.end <= end and not p.background]
        groups = list(dict.fromkeys(a for p in named for a in view.arms.get(id(p), ())))
        if not named and end == row[0].start and study is not None:  # the groups that were told last
            groups = study.order
        if len(groups) == len(row):
            return groups[row.index(cells)]
    return None


def _each_outcome(shown: list[Result], k: int) -> list[Result]:
    """The results of a list of p-values, one of each of the ``k`` outcomes told last: ``(P<0.01、P=0.3、P=0.02)``."""
    by_outcome: dict[str, list[Result]] = {}
    for r in shown:
        if r.outcome is not None:
            by_outcome.setdefault(r.outcome.concept, []).append(r)
    last = list(by_outcome.values())[-k:]
    alike = len(last) == k > 1 and len({len(results) for results in last}) == 1
    return [results[-1] for results in last] if alike else []


def _alike(text: str, q: Quantity, before: Quantity) -> bool:
    """Whether a number can repeat one before it: it has the same kind and unit, or a unit that only its neighbours told."""
    printed = q.unit in text[q.outer_start : q.outer_end] or q.unit == before.unit
    return q.kind == before.kind and (q.unit == before.unit or not printed)
