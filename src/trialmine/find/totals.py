"""Events counted in all, and how many of them fell to each group: ``19例DFS事件,包括A组的10例和B组的9例``."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.find.quantity import Quantity

#: the flag of a number that is a group's part of such a total
PART = "part"
#: right before the number of all to whom something happened, which is no number of all who took part
_BEFELL = Expression(
    r"(?:发生|出现|死亡|复发|记录到?|观察到)(?:了|过)?[^,;。()\d]{0,6}$|"
    r"\b(?:occurred|developed|seen|reported|observed|recorded|noted|detected)\s(?:in|by|among)\s(?:a total of\s)?$"
)
_EVENTS = Expression(
    r"\d+\s?(?:例|人|名|次)?\s?[\p{Han}\p{Latin}-]{0,12}(?:事件|不良反应|并发症)|(?:\d+|\p{Latin}{3,9})\s(?:[\p{Latin}-]+\s){0,3}?(?:events|deaths)\b"
)
#: from a total to its first part, and from part to part
_SHARED_OUT = Expression(
    r"[^;。.\d()]{0,40}?[,(:]\s?(?:其中|包括|分别(?:是|为)?|including|of\s(?:whom|which|these)|comprising)[^;。.\d]{0,40}|[^;。.\d()]{0,60}?[,(:]\s?"
)
_NEXT = Expression(r"[^;。.\d]{1,48}")
_FEWEST, _MOST = 2, 4
_WHOLE = Expression(r"\d+(?![\d.])|\p{Latin}{3,9}\b")


def of_events(text: str, start: int) -> bool:
    """Whether the number at ``start`` is one of events: ``共发生死亡12例``, ``occurred in 31 patients``."""
    return bool(_BEFELL.search(text, max(0, start - 40), start) or _EVENTS.match(text, start))


def shared_out(text: str, quantities: list[Quantity]) -> None:
    """Make counts of the numbers that add up to a total of events told right before them."""
    whole = [q for q in quantities if q.kind in ("count", "number", "size") and _WHOLE.match(text, q.start)]
    for i, total in enumerate(whole):
        if total.kind != "count" or not of_events(text, total.start):
            continue
        for n in range(_FEWEST, _MOST + 1):
            parts = whole[i + 1 : i + 1 + n]
            if len(parts) < n or sum(q.value or 0 for q in parts) != total.value:
                continue
            ends = [total.outer_end, *(q.outer_end for q in parts)]
            gaps = zip(ends, (q.start for q in parts), (_SHARED_OUT, *[_NEXT] * (n - 1)), strict=False)
            if all(rule.fullmatch(text, a, b) for a, b, rule in gaps):
                for q in parts:
                    q.kind, q.unit = "count", "participants"
                    q.flags.add(PART)
                break
