"""Counts and the ratios of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Tally:
    """Counts of one kind: predicted, gold, and the pairs right at each level."""

    tp: dict[str, int]
    n_pred: int = 0
    n_gold: int = 0

    def precision(self, level: str) -> float:
        """Share of predicted that is right (1 where there is neither predicted nor gold)."""
        return ratio(self.tp[level], self.n_pred, self.n_gold)

    def recall(self, level: str) -> float:
        """Share of gold that is found right (1 where there is neither predicted nor gold)."""
        return ratio(self.tp[level], self.n_gold, self.n_pred)

    def f1(self, level: str) -> float:
        """Harmonic mean of precision and recall."""
        return ratio(2 * self.tp[level], self.n_pred + self.n_gold, 0)

    def add(self, other: Tally) -> None:
        """Sum another document's counts into this."""
        self.n_pred += other.n_pred
        self.n_gold += other.n_gold
        for level in self.tp:
            self.tp[level] += other.tp[level]

    def to_json(self) -> dict[str, Any]:
        """The counts and the unrounded ratios of each level."""
        return {
            "n_pred": self.n_pred,
            "n_gold": self.n_gold,
            "levels": {
                v: {"tp": self.tp[v], "precision": self.precision(v), "recall": self.recall(v), "f1": self.f1(v)}
                for v in self.tp
            },
        }  # fmt: skip


def ratio(part: int, whole: int, other: int) -> float:
    """``part / whole``; of nothing it is 1 where ``other`` is 0, too, else 0."""
    return part / whole if whole else float(not other)
