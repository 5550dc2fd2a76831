"""Stretches of a text, each from where it begins to where it ends."""

from __future__ import annotations

from collections.abc import Iterable


def touches(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Whether a stretch shares a character with one of others."""
    return any(a < span[1] and span[0] < b for a, b in others)
