"""Populations: the subgroups that a sentence sets apart within an arm."""

from __future__ import annotations

from dataclasses import dataclass

from trialmine.core.patterns import Patterns, iter_rules


@dataclass(frozen=True, slots=True)
class Population:
    """A subgroup, as the text names it, at ``[start, end)`` of a sentence."""

    start: int
    end: int
    text: str


class PopulationFinder:
    """Reads populations by the rules of ``populations.toml``."""

    def __init__(self, patterns: Patterns) -> None:
        self._rules = list(iter_rules(patterns, "populations"))

    def find(self, text: str) -> list[Population]:
        """The subgroups of one folded sentence, left to right, none inside another."""
        found: list[Population] = []
        for rule in self._rules:
            for match in rule.regex.finditer(text):
                a, b = match.span("n") if match.groupdict().get("n") else match.span()
                if not any(p.start < b and a < p.end for p in found):
                    found.append(Population(a, b, text[a:b].strip()))
        return sorted(found, key=lambda p: p.start)
