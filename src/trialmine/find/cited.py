"""Brackets of whole numbers that are the range of the number before them, not works that a text cites: ``5 [3-8] vs 7 [5-11] days``."""

from __future__ import annotations

from trialmine.core.lazy import Expression

_RANGE = Expression(
    r"(?<![\d.,-])(?P<v>\d{1,3})(?:\s?(?:%|mo|months?|days?|hours?|weeks?|years?|[dh]|个月|月|天|年|分|例))?\s?"
    r"(?P<b>\[\s?(?P<lo>\d{1,3})\s?[-~,]\s?(?P<hi>\d{1,3})\s?\])"
)
#: so many tell that they are none
_LEAST = 2


def ranges(text: str) -> set[int]:
    """Where such brackets open in a sentence, if several numbers have one."""
    if "[" not in text:
        return set()
    found = {
        m.start("b")
        for m in _RANGE.finditer(text)
        if int(m["lo"]) <= int(m["v"]) <= int(m["hi"]) and m["lo"] != m["hi"]
    }
    return found if len(found) >= _LEAST else set()
