"""Outcomes in a row of which only the last one has the head of all: ``局部及区域复发率``, ``Response and remission rates``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trialmine.core.lazy import Expression
from trialmine.read.segment import HAN

#: a stretch and the concept and measure of the outcome that it names
Headless = tuple[int, int, str, str]
#: what has its head in common with an outcome right behind it
_BEFORE_HAN = Expression(r"(?P<w>[\p{Han}\p{Latin}]{2,8})(?:和|及|与|、|或|以及)(?:其)?$")
_BEFORE_LATIN = Expression(
    r"(?P<w>(?<![\p{Latin}-])\p{Latin}[\p{Latin}-]*(?:\s\p{Latin}[\p{Latin}-]*){0,2})(?:,|,?\s(?:and|or))\s$"
)
_GAP = Expression(r"[\s-]")
#: characters before an outcome in which the one before it can stand
_REACH_HAN, _REACH_LATIN = 12, 40


def headless(
    text: str, start: int, end: int, concept: str, named: Mapping[str, tuple[str, str]]
) -> Iterator[Headless]:
    """The outcomes in a row right before the one at ``[start, end)`` that share the end of its name, from right to left.

    ``named`` has concept and measure of each known name; English names are in lower case.
    """
    whole = text[start:end]
    chinese = bool(HAN.search(whole))
    heads = _heads_han(whole) if chinese else _heads_latin(whole.lower())
    before, reach = (_BEFORE_HAN, _REACH_HAN) if chinese else (_BEFORE_LATIN, _REACH_LATIN)
    while heads and (m := before.search(text, max(0, start - reach), start)) is not None:
        a, b = m.span("w")
        if whole.lower().startswith((f"non-{m['w'].lower()}", f"non{m['w'].lower()}")):
            return  # fatal and non-fatal X are X
        starts = range(a, b - 1) if chinese else [a, *(g.end() for g in _GAP.finditer(text, a, b))]
        full = (
            (at, known)
            for at in starts
            for head in heads
            if (known := named.get(text[at:b] + head if chinese else f"{text[at:b]} {head}".lower()))
        )
        found = next(full, None)
        if found is None or found[1][0] == concept:
            return
        start = found[0]
        yield start, b, *found[1]


def _heads_han(whole: str) -> list[str]:
    """The ends of a Chinese name that can be the head of several."""
    heads = [whole[j:] for j in range(1, len(whole) - 1)]
    heads += [x.removesuffix("发生率").removesuffix("的") for x in heads]
    return [x for x in dict.fromkeys(heads) if len(x) > 1]


def _heads_latin(whole: str) -> list[str]:
    """The same of an English name, word by word, also in the singular."""
    ends = [whole[m.end() :] for m in _GAP.finditer(whole)]
    return [x for x in dict.fromkeys(x for h in ends for x in (h, h.removesuffix("s"))) if x]
