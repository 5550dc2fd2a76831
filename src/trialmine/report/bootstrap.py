"""How far a ratio of sums may be off by the choice of documents: percentile bootstrap (Efron 1979).

Documents are drawn with replacement, as many as there are; of each draw the parts and the wholes are summed
and the ratio is taken. An interval goes from the 2.5 % to the 97.5 % point of the draws. With fewer than two
documents there is none.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Draws = NDArray[np.float64]

Interval = tuple[float, float]

_Key = TypeVar("_Key", bound=Hashable)

#: of one document: a ratio's name -> (part, whole)
Cells = Mapping[_Key, tuple[int, int]]


def intervals(documents: Sequence[Cells[_Key]], resamples: int, seed: int) -> dict[_Key, Interval]:
    """The 95 % interval of each ratio; what a document doesn't name is 0 of 0 in it."""
    return {name: _points(drawn) for name, drawn in _draws(documents, resamples, seed).items()}


def differences(
    ones: Sequence[Cells[_Key]], others: Sequence[Cells[_Key]], resamples: int, seed: int
) -> dict[_Key, Interval]:
    """The 95 % interval of each ratio of some documents less that of others, drawn apart."""
    first, second = _draws(ones, resamples, seed), _draws(others, resamples, seed + 1)
    return {name: _points(first[name] - second[name]) for name in first if name in second}


def _draws(documents: Sequence[Cells[_Key]], resamples: int, seed: int) -> dict[_Key, Draws]:
    import numpy as np

    n = len(documents)
    if n < 2 or resamples < 1:
        return {}
    names = list(dict.fromkeys(name for cells in documents for name in cells))
    generator = random.Random(seed)
    times = np.zeros((resamples, n), dtype=np.int64)  # how often each draw holds each document
    for draw in times:
        for document, number in Counter(generator.choices(range(n), k=n)).items():
            draw[document] = number
    parts, wholes = (
        times @ np.array([[cells.get(name, (0, 0))[i] for name in names] for cells in documents], dtype=np.int64)
        for i in (0, 1)
    )  # fmt: skip
    ratios: Any = np.where(wholes > 0, parts / np.maximum(wholes, 1), 1.0)
    return {name: ratios[:, k] for k, name in enumerate(names)}


def _points(drawn: Draws) -> Interval:
    ordered = sorted(drawn.tolist())
    last = len(ordered) - 1
    return ordered[round(0.025 * last)], ordered[round(0.975 * last)]
