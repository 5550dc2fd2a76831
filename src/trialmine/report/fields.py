"""The score of single fields, each for itself: what a row, a study or a group tells beside its levels.

A field counts where it says something (an empty cell and the assertion ``reported`` say nothing).
``n_gold`` and ``n_pred`` are the rows of either side in which it does, whether or not the row is met;
``tp`` are the pairs in which the gold says something and both say the same. Studies and groups are
paired by what identifies them and, of several, by the rows that they share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from trialmine.report.compare import Judge
from trialmine.report.matching import KINDS, Match, assign
from trialmine.report.sides import Row, Side
from trialmine.report.tally import Tally

_ROW = {"timepoint": ("timepoint",), "population": ("population",), "assertion": ("assertion",)}
_INTERVAL = {"interval": ("lower", "upper", "interval_type")}

#: what is scored -> its fields -> the columns that make up the field
FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "measurements": {**_ROW, **_INTERVAL, "events/participants": ("events", "participants")},
    "analyses": {**_ROW, **_INTERVAL, "p": ("p_relation", "p_value")},
    "studies": {"phase": ("phase",), "enrollment": ("enrollment",), "citations": ("citations",)},
    "arms": {"size": ("participants",)},
}

FieldCounts = dict[str, dict[str, Tally]]


def no_fields() -> FieldCounts:
    """A zero for each field; the one level of a field's tally is ``right``."""
    return {kind: {name: Tally({"right": 0}) for name in names} for kind, names in FIELDS.items()}


def count_fields(pred: Side, gold: Side, match: Match) -> FieldCounts:
    """The counts of one document, its rows being paired already."""
    counts = no_fields()
    for kind in KINDS:
        for name, columns in FIELDS[kind].items():
            tally = counts[kind][name]
            tally.n_pred = sum(_says(row, columns) for row in pred.rows[kind])
            tally.n_gold = sum(_says(row, columns) for row in gold.rows[kind])
            for pair in match.pairs[kind]:
                right = all(c.right for c in pair.checks if c.field in columns)
                tally.tp["right"] += right and _says(gold.rows[kind][pair.gold], columns)
    studies, arms = _pairs(pred, gold, match)
    for kind, ours, theirs, pairs in (
        ("studies", pred.studies, gold.studies, studies),
        ("arms", pred.arms, gold.arms, arms),
    ):
        for name, (column,) in FIELDS[kind].items():
            tally = counts[kind][name]
            tally.n_pred = sum(len(_said(x, column)) for x in ours.values())
            tally.n_gold = sum(len(_said(x, column)) for x in theirs.values())
            both = (_said(ours[p], column) & _said(theirs[g], column) for p, g in pairs)
            tally.tp["right"] = sum(map(len, both))
    return counts


def _says(row: Row, columns: Iterable[str]) -> bool:
    return any(getattr(row, c) not in ("", None, "reported") for c in columns)


def _said(thing: Any, column: str) -> frozenset[Any]:
    """What a study or group says in a column, as a set: each citation number counts for itself."""
    value = getattr(thing, column)
    return value if isinstance(value, frozenset) else frozenset({value} - {"", None})


def _pairs(pred: Side, gold: Side, match: Match) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The studies, and the groups, that stand for each other, one to one."""
    judge = Judge(pred, gold, match.met)
    shared: Counter[tuple[str, str, str]] = Counter()
    for kind in KINDS:
        for pair in match.pairs[kind]:
            p, g = pred.rows[kind][pair.pred], gold.rows[kind][pair.gold]
            shared.update(
                {("study", p.study, g.study), ("arm", p.arm, g.arm), ("arm", p.comparator, g.comparator)}
            )

    def best(what: str, meet: Any, ours: Iterable[str], theirs: Iterable[str]) -> list[tuple[str, str]]:
        p_ids, g_ids = sorted(ours), sorted(theirs)
        edges = {
            (i, j): 1 + shared[what, p, g]
            for i, p in enumerate(p_ids)
            for j, g in enumerate(g_ids)
            if meet(p, g)
        }
        return [(p_ids[i], g_ids[j]) for i, j in assign(edges)]

    studies = best("study", judge.study, pred.studies, gold.studies)
    same = {*studies, ("", "")}

    def arm(p: str, g: str) -> bool:
        return (pred.arms[p].study, gold.arms[g].study) in same and judge.arm(p, g)

    return studies, best("arm", arm, pred.arms, gold.arms)
