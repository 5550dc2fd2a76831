"""Sizes: how many people a study took in, and how many of them each group got."""

from __future__ import annotations

from dataclasses import dataclass

from trialmine.core.patterns import Patterns, iter_rules
from trialmine.core.sieve import Sieve
from trialmine.find.quantity import number


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers of people told in one place, each with its offset; from ``begin`` to ``end``."""

    kind: str
    begin: int
    end: int
    values: tuple[int, ...]
    starts: tuple[int, ...]


class SizeFinder:
    """Reads sizes by the rules of ``sizes.toml``."""

    def __init__(self, patterns: Patterns) -> None:
        self._rules = Sieve((r, r.regex) for r in iter_rules(patterns, "sizes"))

    def find(self, text: str) -> list[Size]:
        """The sizes that one folded sentence tells, left to right."""
        found = []
        for rule in self._rules.passing(text):
            for m in rule.regex.finditer(text):
                values = [number(v) for v in m.captures("v")]
                told = tuple(int(v) for v in values if v is not None)
                if len(told) == len(values):
                    found.append(Size(rule.kind, m.start(), m.end(), told, tuple(m.starts("v"))))
        return sorted(found, key=lambda s: s.starts)
