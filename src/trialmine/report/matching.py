"""Which predicted row stands for which gold row of a document: an optimal one-to-one assignment.

Rows may meet where their spans overlap. Rows with the same span are assigned first; what is left is
assigned by overlap. Each step takes the pairing with the most levels right in sum, then the most
pairs, then the most fields right. Rows are sorted by content before, so the order of input is
of no matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trialmine.report.compare import Check, Judge, levels_right
from trialmine.report.sides import Row, Side

KINDS = ("measurements", "analyses")


@dataclass(frozen=True, slots=True)
class Pair:
    """A predicted and a gold row that stand for the same number, and how many levels are right."""

    pred: int
    gold: int
    checks: tuple[Check, ...]
    levels: int


@dataclass(frozen=True, slots=True)
class Match:
    """The pairs of each kind, and the pairs (predicted, gold) of study ids met by shared rows alone."""

    pairs: dict[str, list[Pair]]
    met: set[tuple[str, str]]


def match_document(pred: Side, gold: Side) -> Match:
    """The pairs of a document; indices point into ``side.rows[kind]``.

    Studies that have no identifier are met in between: by a one-to-one assignment over the document
    that maximises the rows which the first pairing gives to both. Then the rows are paired again.
    """
    judge = Judge(pred, gold)
    first = {kind: _match(judge, pred.rows[kind], gold.rows[kind]) for kind in KINDS}
    met = _meet_unnamed(pred, gold, first)
    judge = Judge(pred, gold, met)
    return Match({kind: _match(judge, pred.rows[kind], gold.rows[kind]) for kind in KINDS}, met)


def _meet_unnamed(pred: Side, gold: Side, pairs: Mapping[str, list[Pair]]) -> set[tuple[str, str]]:
    """Pairs of study ids of which one is unnamed, both met by no identifier, by shared rows."""
    met = {(p, g) for p, a in pred.studies.items() for g, b in gold.studies.items() if a.meets(b)}
    taken_p, taken_g = {p for p, _ in met}, {g for _, g in met}
    shared: Counter[tuple[str, str]] = Counter()
    for kind in KINDS:
        for pair in pairs[kind]:
            p, g = pred.rows[kind][pair.pred].study, gold.rows[kind][pair.gold].study
            if p not in pred.studies or g not in gold.studies or p in taken_p or g in taken_g:
                continue
            if pred.studies[p].unnamed or gold.studies[g].unnamed:
                shared[p, g] += 1
    ours, theirs = list(dict.fromkeys(p for p, _ in shared)), list(dict.fromkeys(g for _, g in shared))
    edges = {(ours.index(p), theirs.index(g)): n for (p, g), n in shared.items()}
    return {(ours[i], theirs[j]) for i, j in assign(edges)}


def _match(judge: Judge, preds: list[Row], golds: list[Row]) -> list[Pair]:
    result: list[Pair] = []
    for near in (_exact, overlap):
        used_p, used_g = {p.pred for p in result}, {p.gold for p in result}
        candidates = {
            (i, j): tuple(judge.checks(p, g))
            for i, p in enumerate(preds)
            if i not in used_p
            for j, g in enumerate(golds)
            if j not in used_g and near(p, g)
        }
        # sums over any number of pairs keep the order: levels, then pairs, then fields
        most = min(len(preds), len(golds)) + 1
        fields = {k: sum(c.right for c in checks) for k, checks in candidates.items()}
        pair_weight = most * (1 + max(fields.values(), default=0))
        level_weight = most * 2 * pair_weight
        levels = {k: levels_right(checks) for k, checks in candidates.items()}
        edges = {k: levels[k] * level_weight + pair_weight + fields[k] for k in candidates}
        result += [Pair(i, j, candidates[i, j], levels[i, j]) for i, j in assign(edges)]
    return sorted(result, key=lambda p: (p.gold, p.pred))


def _exact(a: Row, b: Row) -> bool:
    return (a.start, a.end) == (b.start, b.end)


def overlap(a: Row, b: Row) -> bool:
    """Whether the spans of two rows share a character."""
    return max(a.start, b.start) < min(a.end, b.end)


def assign(edges: Mapping[tuple[int, int], int]) -> list[tuple[int, int]]:
    """The one-to-one choice of edges (left, right) with the greatest sum of weights (all above 0).

    Exact: each connected component is solved by the Hungarian method (Kuhn 1955, in the form with
    potentials and shortest augmenting paths), O(n²m) for n <= m nodes on its two sides.
    """
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for i, j in edges:
        root[find(("left", i))] = find(("right", j))
    components: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for i, j in sorted(edges):
        components.setdefault(find(("left", i)), []).append((i, j))
    result: list[tuple[int, int]] = []
    for component in components.values():
        rows, columns = sorted({i for i, _ in component}), sorted({j for _, j in component})
        if len(rows) <= len(columns):
            chosen = _hungarian(rows, columns, lambda i, j: -edges.get((i, j), 0))
        else:
            flipped = _hungarian(columns, rows, lambda j, i: -edges.get((i, j), 0))
            chosen = [(i, j) for j, i in flipped]
        result += [pair for pair in chosen if pair in edges]
    return sorted(result)


def _hungarian(rows: list[int], columns: list[int], cost: Callable[[int, int], int]) -> list[tuple[int, int]]:
    """The assignment of every row to a column of its own with the least sum; len(rows) <= len(columns)."""
    n, m = len(rows), len(columns)
    row_potential, column_potential = [0] * (n + 1), [0] * (m + 1)
    owner = [0] * (m + 1)  # 1-based row of each column; column 0 is the start of a path
    for row in range(1, n + 1):
        owner[0], here = row, 0
        slack: list[int | None] = [None] * (m + 1)
        before, done = [0] * (m + 1), [False] * (m + 1)
        while owner[here]:
            done[here] = True
            least, following = None, 0
            for column in range(1, m + 1):
                if done[column]:
                    continue
                reduced = (
                    cost(rows[owner[here] - 1], columns[column - 1])
                    - row_potential[owner[here]]
                    - column_potential[column]
                )
                known = slack[column]
                if known is None or reduced < known:
                    slack[column] = known = reduced
                    before[column] = here
                if least is None or known < least:
                    least, following = known, column
            step = least or 0
            for column in range(m + 1):
                if done[column]:
                    row_potential[owner[column]] += step
                    column_potential[column] -= step
                else:
                    known = slack[column]
                    slack[column] = None if known is None else known - step
            here = following
        while here:
            owner[here] = owner[before[here]]
            here = before[here]
    return [(rows[owner[c] - 1], columns[c - 1]) for c in range(1, m + 1) if owner[c]]
