"""The score of predicted tables against gold, at cumulative levels.

Definitions. A predicted row meets a gold row of its document by span, one to one
(:mod:`trialmine.report.matching`); a pair is right at a level where all that this level and the ones
before it name is right (:mod:`trialmine.report.compare`). With tp = pairs right, P = tp / predicted
rows, R = tp / gold rows, F1 = 2 tp / (predicted + gold): a mismatch is a false positive and a miss.
Counts are summed over documents and ratios taken once. Nothing against nothing is P = R = F1 = 1; a
ratio with only its own denominator 0 is 0. Intervals are those of :mod:`trialmine.report.bootstrap`. Fields
beside the levels are scored in :mod:`trialmine.report.fields`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from trialmine.core.errors import GoldError, UsageError
from trialmine.core.tables import Tables
from trialmine.report.bootstrap import Cells, Interval, differences, intervals
from trialmine.report.compare import LEVELS, Said
from trialmine.report.fields import FieldCounts, count_fields, no_fields
from trialmine.report.gold import Gold
from trialmine.report.halves import SPLITS
from trialmine.report.matching import KINDS, Pair, match_document, overlap
from trialmine.report.reliability import Reliability, Told, reliability
from trialmine.report.sides import Row, Side, gold_side, predicted_sides
from trialmine.report.tally import Tally

#: what is counted: two kinds of rows at the five levels, two sets of names at the level ``name``
SCORED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(KINDS, LEVELS),
    "drugs": ("name",),
    "procedures": ("name",),
}

#: why a row is wrong, in the order of a report
CAUSES = (
    "number not read", "wrong type", "wrong outcome", "wrong arm", "wrong study", "wrong detail", "spurious",
    "name not read", "spurious name",
)  # fmt: skip

Counts = dict[str, Tally]

#: the kinds that are sets of names
_NAMES = tuple(kind for kind in SCORED if kind not in KINDS)


def _no_counts() -> Counts:
    return {kind: Tally(dict.fromkeys(levels, 0)) for kind, levels in SCORED.items()}


@dataclass(frozen=True, slots=True)
class Fault:
    """A gold row that is missed, a predicted row that is false, or a pair with a field wrong.

    ``what`` is ``miss``, ``false`` or ``wrong``; ``cause`` one of :data:`CAUSES`: that of a pair goes by
    the first level at which it fails (at ``value``, the number itself or else its type or unit), and
    a missed and a false row of different kinds on one number are of the wrong type. ``level`` is the
    first level at which a pair fails (``value`` for the two others); ``fields`` maps each wrong field
    of a pair to (want, got). For names, ``quote`` is the name and the span is 0, 0.
    """

    doc_id: str
    kind: str
    what: str
    cause: str
    level: str
    start: int
    end: int
    quote: str
    sentence: str
    rule: str = ""
    fields: dict[str, tuple[Said, Said]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one gold row, or one predicted row that no gold row stands for.

    ``reached`` is ``false`` for the latter, ``missed`` for a gold row without a pair, else the last
    level that is right, ``nothing`` where none is. ``nth`` numbers the rows of one span.
    """

    doc_id: str
    kind: str
    start: int
    end: int
    nth: int
    quote: str
    sentence: str
    reached: str


#: by what documents are grouped; of each group there are counts and intervals
GROUPINGS = ("language", "style", "set", "half")


@dataclass(slots=True)
class Group:
    """The counts of a group of documents and the 95 % intervals of F1, by (kind, level) or (kind, field).

    An interval is there only of two documents or more.
    """

    documents: int = 0
    counts: Counts = field(default_factory=_no_counts)
    intervals: dict[tuple[str, str], Interval] = field(default_factory=dict)


@dataclass(slots=True)
class Report:
    """A score; ``overall`` and each value of ``by_document`` map kinds to counts.

    The kinds are those of :data:`SCORED`: measurements, analyses, drugs and procedures. ``fields`` maps
    the kinds of :data:`trialmine.report.fields.FIELDS` and their fields to counts. ``groups`` maps each of
    :data:`GROUPINGS` to its groups; a document of which nobody tells the group is in none.
    ``by_rule`` maps a kind of rows and a rule to the counts of the rule's rows; as no gold row belongs to
    a rule, ``n_gold`` is the number of its rows that are paired, and only precision is reported.
    ``intervals``, ``field_intervals`` and ``rule_intervals`` hold 95 % intervals by (kind, level), (kind, field) and
    (kind, rule, level), of F1 and of a rule's precision; ``half_difference`` those of F1 in develop less F1 in check.
    ``told`` are the predicted rows with their confidence and whether all of them is right.
    ``ignored`` are documents with predictions and without gold, which are not counted.
    ``split`` is the half of the corpus that was scored, ``sets`` the sets, empty for the whole. Of the documents that are
    ``hidden`` there are neither ``faults`` nor ``rows``: nobody is to see them. ``gold_faults`` are those
    of the gold that the score survives, each with its file and row; ``without_text`` are gold files that
    no text was found for, which are not counted.
    """

    overall: Counts = field(default_factory=_no_counts)
    by_document: dict[str, Counts] = field(default_factory=dict)
    groups: dict[str, dict[str, Group]] = field(default_factory=lambda: {name: {} for name in GROUPINGS})
    by_rule: dict[str, dict[str, Tally]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    fields: FieldCounts = field(default_factory=no_fields)
    intervals: dict[tuple[str, str], Interval] = field(default_factory=dict)
    field_intervals: dict[tuple[str, str], Interval] = field(default_factory=dict)
    rule_intervals: dict[tuple[str, str, str], Interval] = field(default_factory=dict)
    half_difference: dict[tuple[str, str], Interval] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rows: list[RowResult] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    split: str = ""
    sets: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    gold_faults: list[str] = field(default_factory=list)
    without_text: list[str] = field(default_factory=list)

    def f1(self, name: str) -> float:
        """F1 over all of a level name (see :func:`floor_names`); raises UsageError for another name."""
        kind, level = _level(name)
        return self.overall[kind].f1(level)

    def reliability(self, kind: str = "") -> Reliability:
        """How far the confidence of the predicted rows can be trusted, of one kind or of both."""
        return reliability((t.confidence, t.right) for t in self.told if kind in ("", t.kind))

    @property
    def figures_only(self) -> bool:
        """Whether all documents are hidden."""
        return bool(self.hidden) and len(self.hidden) == len(self.by_document)

    def hide(self, doc_ids: Iterable[str]) -> None:
        """Keep of these documents the figures only."""
        self.hidden = sorted({*self.hidden, *doc_ids} & self.by_document.keys())
        self.faults = [f for f in self.faults if f.doc_id not in self.hidden]
        self.rows = [r for r in self.rows if r.doc_id not in self.hidden]

    def to_json(self) -> dict[str, Any]:
        """The report as JSON-ready objects: counts and unrounded ratios; all keys are always there.

        ``faults`` and ``rows`` are null where all documents are ``hidden``.
        """
        return {
            "documents": len(self.by_document),
            "split": self.split,
            "sets": self.sets,
            "overall": _counts_json(self.overall, self.intervals),
            "fields": {
                kind: {name: _tally_json(kind, t, self.field_intervals, name) for name, t in tallies.items()}
                for kind, tallies in self.fields.items()
            },
            "by_document": {d: _counts_json(c, {}) for d, c in self.by_document.items()},
            **{
                f"by_{name}": {
                    key: {"documents": g.documents, **_counts_json(g.counts, g.intervals)}
                    for key, g in groups.items()
                }
                for name, groups in self.groups.items()
            },
            "half_difference": self._difference_json(),
            "by_rule": {
                kind: {
                    rule: {
                        "n_pred": t.n_pred,
                        "n_paired": t.n_gold,
                        "levels": {
                            v: {
                                "tp": t.tp[v],
                                "precision": t.precision(v),
                                "precision_interval": _listed(self.rule_intervals.get((kind, rule, v))),
                            }
                            for v in LEVELS
                        },
                    }
                    for rule, t in rules.items()
                }
                for kind, rules in self.by_rule.items()
            },
            "faults": None if self.figures_only else [_fault_json(f) for f in self.faults],
            "rows": None if self.figures_only else [_record(r) for r in self.rows],
            "reliability": {kind or "all": self.reliability(kind).to_json() for kind in ("", *KINDS)},
            "hidden": self.hidden,
            "ignored": self.ignored,
            "gold_faults": self.gold_faults,
            "without_text": self.without_text,
        }

    def _difference_json(self) -> dict[str, Any] | None:
        """F1 in develop less F1 in check, by kind and level; null without both."""
        halves = self.groups["half"]
        if not halves.keys() >= {*SPLITS}:
            return None
        develop, check = (halves[name].counts for name in SPLITS)
        return {
            kind: {
                level: {
                    "f1": develop[kind].f1(level) - check[kind].f1(level),
                    "f1_interval": _listed(self.half_difference.get((kind, level))),
                }
                for level in levels
            }
            for kind, levels in SCORED.items()
        }


def _counts_json(counts: Counts, between: Mapping[tuple[str, str], Interval]) -> dict[str, Any]:
    return {kind: _tally_json(kind, tally, between) for kind, tally in counts.items()}


def _tally_json(
    kind: str, tally: Tally, between: Mapping[tuple[str, str], Interval], name: str = ""
) -> dict[str, Any]:
    """A tally with the interval of each level; that of a field goes by the field's ``name``."""
    found = tally.to_json()
    for level, ratios in found["levels"].items():
        ratios["f1_interval"] = _listed(between.get((kind, name or level)))
    return found


def _listed(interval: Interval | None) -> list[float] | None:
    return list(interval) if interval else None


def _record(record: Any) -> dict[str, Any]:
    return {f.name: getattr(record, f.name) for f in fields(record)}


def _fault_json(fault: Fault) -> dict[str, Any]:
    wrong = {name: {"want": want, "got": got} for name, (want, got) in fault.fields.items()}
    return {**_record(fault), "fields": wrong}


@dataclass(frozen=True, slots=True)
class _Scored:
    """What is counted of one document."""

    doc_id: str
    counts: Counts
    fields: FieldCounts
    rules: dict[str, dict[str, Tally]]


def score(
    tables: Tables,
    golds: Sequence[Gold],
    *,
    groups: Mapping[str, Mapping[str, str]] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Report:
    """Score predicted rows of any number of documents against the gold of those documents.

    ``groups`` maps some of :data:`GROUPINGS` (the languages are known) to the group of each doc_id that is in
    one. Predictions for a document without gold are not counted (``Report.ignored`` names them). Raises
    :class:`GoldError` where two golds have one doc_id.
    """
    predicted = predicted_sides(tables)
    languages = {d.doc_id: d.language for d in tables.rows["documents"]}
    report = Report()
    scored: list[_Scored] = []
    told: dict[str, dict[str, str]] = {name: dict((groups or {}).get(name, {})) for name in GROUPINGS}
    for gold in sorted(golds, key=lambda g: g.doc_id):
        doc_id = gold.doc_id
        if doc_id in report.by_document:
            raise GoldError(f"two golds have the doc_id {doc_id!r}")
        told["language"][doc_id] = gold.language or languages.get(doc_id) or "unknown"
        scored.append(_score_document(doc_id, predicted.get(doc_id, Side()), gold_side(gold), report))
        report.by_document[doc_id] = scored[-1].counts
    _sum_up(report, scored)
    report.by_rule = {kind: dict(sorted(rules.items())) for kind, rules in report.by_rule.items()}
    report.ignored = sorted(predicted.keys() - report.by_document.keys())
    report.intervals = intervals([_f1_cells(s.counts) for s in scored], resamples, seed)
    report.field_intervals = intervals([_field_cells(s.fields) for s in scored], resamples, seed)
    report.rule_intervals = intervals([_rule_cells(s.rules) for s in scored], resamples, seed)
    for name, of in told.items():
        for key in sorted({of[s.doc_id] for s in scored if s.doc_id in of}):
            members = [s for s in scored if of.get(s.doc_id) == key]
            group = report.groups[name][key] = Group(len(members))
            for member in members:
                _add(group.counts, member.counts)
            group.intervals = intervals([_f1_cells(s.counts) for s in members], resamples, seed)
    develop, check = (
        [_f1_cells(s.counts) for s in scored if told["half"].get(s.doc_id) == h] for h in SPLITS
    )
    report.half_difference = differences(develop, check, resamples, seed)
    return report


def _sum_up(report: Report, scored: Iterable[_Scored]) -> None:
    for document in scored:
        _add(report.overall, document.counts)
        for kind, tallies in document.fields.items():
            _add(report.fields[kind], tallies)
        for kind, rules in document.rules.items():
            for rule, tally in rules.items():
                report.by_rule[kind].setdefault(rule, Tally(dict.fromkeys(LEVELS, 0))).add(tally)


def _f1_cells(counts: Counts) -> Cells[tuple[str, str]]:
    return {
        (kind, level): (2 * tally.tp[level], tally.n_pred + tally.n_gold)
        for kind, tally in counts.items()
        for level in tally.tp
    }


def _field_cells(counts: FieldCounts) -> Cells[tuple[str, str]]:
    return {
        (kind, name): (2 * tally.tp["right"], tally.n_pred + tally.n_gold)
        for kind, tallies in counts.items()
        for name, tally in tallies.items()
    }


def _rule_cells(rules: Mapping[str, Mapping[str, Tally]]) -> Cells[tuple[str, str, str]]:
    return {
        (kind, rule, level): (tally.tp[level], tally.n_pred)
        for kind, tallies in rules.items()
        for rule, tally in tallies.items()
        for level in LEVELS
    }


def _add(total: Mapping[str, Tally], counts: Mapping[str, Tally]) -> None:
    for name, tally in counts.items():
        total[name].add(tally)


def _score_document(doc_id: str, pred: Side, gold: Side, report: Report) -> _Scored:
    """The counts of one document; its faults and rows are added to the report."""
    counts = _no_counts()
    by_rule: dict[str, dict[str, Tally]] = {kind: {} for kind in KINDS}
    match = match_document(pred, gold)
    missed = {kind: _unpaired(gold.rows[kind], {p.gold for p in match.pairs[kind]}) for kind in KINDS}
    false = {kind: _unpaired(pred.rows[kind], {p.pred for p in match.pairs[kind]}) for kind in KINDS}
    faults: list[Fault] = []
    for kind, other in zip(KINDS, KINDS[::-1], strict=True):
        preds, golds, tally = pred.rows[kind], gold.rows[kind], counts[kind]
        tally.n_pred, tally.n_gold = len(preds), len(golds)
        rules = by_rule[kind]
        right = {p.pred for p in match.pairs[kind] if p.levels == len(LEVELS)}
        report.told += [Told(doc_id, kind, row.confidence, n in right) for n, row in enumerate(preds)]
        for row in preds:
            rules.setdefault(row.rule, Tally(dict.fromkeys(LEVELS, 0))).n_pred += 1
        reached = dict.fromkeys(range(len(golds)), "missed")
        for pair in match.pairs[kind]:
            row = preds[pair.pred]
            rules[row.rule].n_gold += 1
            reached[pair.gold] = LEVELS[pair.levels - 1] if pair.levels else "nothing"
            for level in LEVELS[: pair.levels]:
                tally.tp[level] += 1
                rules[row.rule].tp[level] += 1
            if pair.levels < len(LEVELS):
                faults.append(_wrong(doc_id, kind, row, pair))
        for row in missed[kind]:
            typed = any(overlap(row, p) for p in false[other])
            cause = "wrong type" if typed else "number not read"
            faults.append(_fault(doc_id, kind, "miss", cause, LEVELS[0], row))
        for row in false[kind]:
            typed = any(overlap(row, g) for g in missed[other])
            cause = "wrong type" if typed else "spurious"
            faults.append(_fault(doc_id, kind, "false", cause, LEVELS[0], row))
        report.rows += _results(doc_id, kind, golds, list(reached.values()))
        report.rows += _results(doc_id, kind, false[kind], ["false"] * len(false[kind]))
    for kind in ("drugs", "procedures"):
        ours, theirs, tally = pred.names[kind], gold.names[kind], counts[kind]
        tally.n_pred, tally.n_gold, tally.tp["name"] = len(ours), len(theirs), len(ours & theirs)
        for what, cause, names in (
            ("miss", "name not read", theirs - ours), ("false", "spurious name", ours - theirs),
        ):  # fmt: skip
            faults += [Fault(doc_id, kind, what, cause, "name", 0, 0, name, "") for name in names]
    report.faults += sorted(faults, key=lambda f: (list(SCORED).index(f.kind), f.start, f.end, repr(f)))
    return _Scored(doc_id, counts, count_fields(pred, gold, match), by_rule)


def _unpaired(rows: list[Row], paired: set[int]) -> list[Row]:
    return [row for n, row in enumerate(rows) if n not in paired]


def _wrong(doc_id: str, kind: str, row: Row, pair: Pair) -> Fault:
    wrong = {c.field: (c.want, c.got) for c in pair.checks if not c.right}
    level = LEVELS[pair.levels]
    cause = {"value": "wrong type", "row": "wrong detail"}.get(level, f"wrong {level}")
    cause = "number not read" if "value" in wrong else cause
    return _fault(doc_id, kind, "wrong", cause, level, row, wrong)


def _fault(
    doc_id: str,
    kind: str,
    what: str,
    cause: str,
    level: str,
    row: Row,
    wrong: dict[str, tuple[Said, Said]] | None = None,
) -> Fault:
    place = (row.start, row.end, row.quote, row.sentence, row.rule)
    return Fault(doc_id, kind, what, cause, level, *place, wrong or {})


def _results(doc_id: str, kind: str, rows: list[Row], reached: list[str]) -> list[RowResult]:
    spans: Counter[tuple[int, int]] = Counter()
    results = []
    for row, word in zip(rows, reached, strict=True):
        span = (row.start, row.end)
        results.append(RowResult(doc_id, kind, *span, spans[span], row.quote, row.sentence, word))
        spans[span] += 1
    return results


def floor_names() -> list[str]:
    """The level names that :func:`check_floors` takes; a bare level means measurements, bare names their one level."""
    both = (f"{kind}.{level}" for kind, levels in SCORED.items() for level in levels)
    return [*LEVELS, *both, *_NAMES]


def _level(name: str) -> tuple[str, str]:
    if name not in floor_names():
        raise UsageError(f"unknown level {name!r}; known are {', '.join(floor_names())}")
    if name in _NAMES:
        return name, "name"
    kind, _, level = name.rpartition(".")
    return kind or "measurements", level


def check_floors(report: Report, floors: Mapping[str, float]) -> list[str]:
    """One message for each floor that the report's F1 is below; empty where all hold.

    Raises :class:`UsageError` for an unknown level name or a floor that is not within 0 and 1.
    """
    messages = []
    for name, floor in floors.items():
        f1 = report.f1(name)
        if not 0 <= floor <= 1:
            raise UsageError(f"the floor of {name} must be within 0 and 1, not {floor}")
        if f1 < floor:
            messages.append(f"{name}: F1 {f1:.4f} is below the floor {floor:.4f}")
    return messages
