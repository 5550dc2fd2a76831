"""What got better and worse since a saved run, row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trialmine.core.errors import UsageError
from trialmine.report.compare import LEVELS
from trialmine.report.score import SCORED, Report, RowResult

#: what can become of a gold row, from worse to better
_RANKS = ("missed", "nothing", *LEVELS)

_Key = tuple[str, str, int, int, int, bool]


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is better or worse now; ``before`` and ``now`` as in RowResult, '–' for no row."""

    doc_id: str
    kind: str
    start: int
    quote: str
    sentence: str
    before: str
    now: str


@dataclass(slots=True)
class Changes:
    """``levels`` maps ``kind.level`` to F1 before and now; ``unmatched`` counts gold rows of one run only.

    ``alone`` are the documents of one run only, which make the levels of the two hard to compare. ``rows`` is false where one of the runs is figures only: then no rows are compared.
    """

    levels: dict[str, tuple[float, float]] = field(default_factory=dict)
    better: list[Change] = field(default_factory=list)
    worse: list[Change] = field(default_factory=list)
    unmatched: int = 0
    alone: list[str] = field(default_factory=list)
    rows: bool = True


def read_old(path: Path) -> dict[str, Any]:
    """A report that was saved as JSON. Raises :class:`UsageError` where it is none."""
    try:
        old = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path.as_posix()}: can't be read as JSON: {error}") from None
    if not isinstance(old, dict) or not {"overall", "rows", "split"} <= old.keys():
        raise UsageError(f"{path.as_posix()}: this is no report of evaluate --json with its rows")
    return old


def compare_runs(old: dict[str, Any], new: Report, name: str) -> Changes:
    """What changed from a saved report, called ``name``, to a new one.

    Raises :class:`UsageError` where the two are of different halves or sets of the corpus or the saved one
    is not of this form.
    """
    if old["split"] != new.split:
        halves = " and ".join(s or "the whole" for s in (old["split"], new.split))
        raise UsageError(f"{name}: the runs are of different halves of the corpus: {halves}")
    if (of := old.get("sets") or []) != new.sets:
        both = " and ".join(", ".join(map(str, s)) or "all" for s in (of, new.sets))
        raise UsageError(f"{name}: the runs are of different sets of texts: {both}")
    changes = Changes(rows=old["rows"] is not None and not new.figures_only)
    try:
        changes.alone = sorted({*old.get("by_document", new.by_document)} ^ {*new.by_document})
        for kind, levels in SCORED.items():
            for level in levels:
                before = old["overall"][kind]["levels"][level]["f1"]
                changes.levels[f"{kind}.{level}"] = (float(before), new.overall[kind].f1(level))
        if changes.rows:
            # a document that one of the runs hides has no rows to compare in the other
            hidden = {*new.hidden, *(old.get("hidden") or ())}
            before = [r for r in old["rows"] if r["doc_id"] not in hidden]
            now = [r for r in new.rows if r.doc_id not in hidden]
            _compare_rows({_key(r): r for r in before}, now, changes)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{name}: this is no report of evaluate --json: {error!r}") from None
    return changes


def _key(row: dict[str, Any]) -> _Key:
    place = (row["doc_id"], row["kind"], row["start"], row["end"], row["nth"])
    return (*place, row["reached"] == "false")


def _compare_rows(old: dict[_Key, dict[str, Any]], rows: Iterable[RowResult], changes: Changes) -> None:
    new = {_key(r): r for r in ({n: getattr(x, n) for n in x.__slots__} for x in rows)}
    for key in sorted(old.keys() | new.keys()):
        row = new.get(key) or old[key]
        before, now = (side[key]["reached"] if key in side else "–" for side in (old, new))
        if before == now:
            continue
        place = {n: row[n] for n in ("doc_id", "kind", "start", "quote", "sentence")}
        change = Change(**place, before=before, now=now)
        if key[-1]:
            (changes.worse if now == "false" else changes.better).append(change)
        elif "–" in (before, now):
            changes.unmatched += 1
        else:
            risen = _RANKS.index(now) > _RANKS.index(before)
            (changes.better if risen else changes.worse).append(change)
