"""Lists that take turns: as many lists of numbers in a row as outcomes, times, subgroups or studies were named before them.

``PFS和OS分别为9 vs 5个月(HR=0.7)和20 vs 15个月(HR=0.8)``: the first pair and its ratio are of the first outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from trialmine.core.lazy import Expression
from trialmine.link.cells import BRACKETS, Cells, coordinate, family
from trialmine.link.choose import is_estimate
from trialmine.link.view import View, near

_RESPECTIVE = Expression(r"分别|依次|各为|各是|\brespectively\b|\bin that order\b")
#: between two lists of a row: ``in the X group and in``
_NEXT = Expression(
    r"(?:\s?|[^.;。;,、\d]{0,40})(?:[、,;/]\s?(?:以?及|和|与|and\s)?|和|与|及|以及|\band\b)?\s?(?:in\s|of\s)?"
)
#: what ends the words of a list's last estimate
_OVER = Expression(r"[。;]|\.\s")
#: what a list can take in its turn (fields of a cell)
Turn = dict[str, Any]


def in_turn(view: View, lists: Sequence[Cells]) -> dict[int, Turn]:
    """Start of a list -> the outcome, time, subgroup or study that is its own; empty where no list has one.

    Each number of the row's lists and each estimate behind one of them belongs to what was named in the same place of
    the only enumeration before the row that has as many members as the row has lists.
    """
    turns: dict[int, Turn] = {}
    if len(lists) < 2 or not _RESPECTIVE.search(view.text):
        return turns
    for row in _rows(view, lists):
        fitting = [(name, items) for name, items in _named(view, row) if len(items) == len(row)]
        if len(fitting) != 1:
            continue
        name, items = fitting[0]
        own = dict(zip((c.start for c in row), items, strict=True))
        item = None
        for c in lists:
            if c.start in own:
                item = own[c.start]
            elif c.start < row[0].start or _OVER.search(view.text, row[-1].end, c.start):
                continue
            if item is not None:
                turns[c.start] = {name: item}
    return turns


def _rows(view: View, lists: Sequence[Cells]) -> Iterator[list[Cells]]:
    """Runs of lists of as many numbers each, with no more than the last one's group and the mark of a list between them."""
    row: list[Cells] = []
    for c in lists:
        if is_estimate(c.quantities[0]) or len(c.quantities) < 2:
            continue
        gap = BRACKETS.sub("", view.text[row[-1].end : c.quantities[0].outer_start]) if row else ""
        if row and len(c.quantities) == len(row[-1].quantities) and _NEXT.fullmatch(gap):
            row.append(c)
            continue
        if len(row) > 1:
            yield row
        row = [c]
    if len(row) > 1:
        yield row


def _named(view: View, row: Sequence[Cells]) -> Iterator[tuple[str, Sequence[Any]]]:
    """The last enumeration of each kind before a row, with the name of its kind."""
    text, at = view.text, row[0].start
    outcomes = [o for o in view.outcomes if not o.generic]
    kinds: tuple[tuple[str, Sequence[Any], Any], ...] = (
        ("outcome", outcomes, lambda a, b: a.concept == b.concept),
        ("time", view.times, lambda a, b: a.value == b.value),
        ("population", view.populations, lambda a, b: a.text == b.text),
    )
    own = [(t.start, t.end) for t in view.times]
    for name, items, same in kinds:
        groups = coordinate(
            text, items, lambda x: (x.start, x.end), same, own=own if name == "outcome" else ()
        )
        last: Sequence[Any] = next((g for g in reversed(groups) if g[-1].end <= at), [])
        if not last or near(view.quantities, last[-1].end, row[0].quantities[0].start):
            continue
        if name != "outcome" or _suit(last, row):
            yield name, last
    studies = coordinate(text, view.named, lambda s: s[:2], lambda a, b: a[2] is b[2], BRACKETS)
    if studies and studies[-1][-1][1] <= at:
        yield "study", [s[2] for s in studies[-1]]


def _suit(outcomes: Sequence[Any], row: Sequence[Cells]) -> bool:
    """Whether none of the outcomes is a time or a level where its list is of percentages, or the other way round."""
    return len(outcomes) != len(row) or not any(
        o.measure in ("time", "level") and family(c.quantities[0]) == "percent"
        for o, c in zip(outcomes, row, strict=True)
    )
