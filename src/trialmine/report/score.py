"""The score of predicted tables against gold, at cumulative levels.

Definitions. A predicted row meets a gold row of its document by span, one to one
(:mod:`trialmine.report.matching`); a pair is right at a level where all that this level and the ones
before it name is right (:mod:`trialmine.report.compare`). With tp = pairs right, P = tp / predicted
rows, R = tp / gold rows, F1 = 2 tp / (predicted + gold): a mismatch is a false positive and a miss.
Counts are summed over documents and ratios taken once. Nothing against nothing is P = R = F1 = 1; a
ratio with only its own denominator 0 is 0. Intervals are percentile bootstraps over documents
(Efron 1979): resampled with replacement, summed, F1 taken, the 2.5 % and 97.5 % points.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from trialmine.core.errors import GoldError, UsageError
from trialmine.core.tables import Tables
from trialmine.report.compare import LEVELS, Said
from trialmine.report.gold import Gold, gold_tables
from trialmine.report.matching import KINDS, match_document
from trialmine.report.sides import Row, Side, gold_side, predicted_sides

#: what is counted: two kinds of rows at the five levels, two sets of names at the level ``name``
SCORED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(KINDS, LEVELS),
    "drugs": ("name",),
    "procedures": ("name",),
}


@dataclass(slots=True)
class Tally:
    """Counts of one kind: predicted, gold, and the pairs right at each level."""

    tp: dict[str, int]
    n_pred: int = 0
    n_gold: int = 0

    def precision(self, level: str) -> float:
        """Share of predicted that is right (1 where there is neither predicted nor gold)."""
        return _ratio(self.tp[level], self.n_pred, self.n_gold)

    def recall(self, level: str) -> float:
        """Share of gold that is found right (1 where there is neither predicted nor gold)."""
        return _ratio(self.tp[level], self.n_gold, self.n_pred)

    def f1(self, level: str) -> float:
        """Harmonic mean of precision and recall."""
        return _ratio(2 * self.tp[level], self.n_pred + self.n_gold, 0)

    def add(self, other: Tally) -> None:
        """Sum another document's counts into this."""
        self.n_pred += other.n_pred
        self.n_gold += other.n_gold
        for level in self.tp:
            self.tp[level] += other.tp[level]


def _ratio(part: int, whole: int, other: int) -> float:
    return part / whole if whole else float(not other)


Counts = dict[str, Tally]


def _no_counts() -> Counts:
    return {kind: Tally(dict.fromkeys(levels, 0)) for kind, levels in SCORED.items()}


@dataclass(frozen=True, slots=True)
class Fault:
    """A gold row that is missed, a predicted row that is false, or a pair with a field wrong.

    ``what`` is ``miss``, ``false`` or ``wrong``; ``level`` is the first level at which a pair fails
    (``value`` for the two others); ``fields`` maps each wrong field of a pair to (want, got). For
    names, ``quote`` is the name and the span is 0, 0.
    """

    doc_id: str
    kind: str
    what: str
    level: str
    start: int
    end: int
    quote: str
    sentence: str
    rule: str = ""
    fields: dict[str, tuple[Said, Said]] = field(default_factory=dict)


@dataclass(slots=True)
class Report:
    """A score; ``overall`` and each value of ``by_document`` and ``by_language`` map the kinds to counts.

    The kinds are those of :data:`SCORED`: measurements, analyses, drugs and procedures.
    ``by_rule`` maps a kind of rows and a rule to the counts of the rule's rows; as no gold row belongs to
    a rule, ``n_gold`` is the number of its rows that are paired, and only precision is reported.
    ``intervals`` maps ``kind.level`` to the 95 % interval of F1 (empty without documents).
    ``ignored`` are documents with predictions and without gold, which are not counted.
    """

    overall: Counts
    by_document: dict[str, Counts]
    by_language: dict[str, Counts]
    by_rule: dict[str, dict[str, Tally]]
    intervals: dict[str, tuple[float, float]]
    faults: list[Fault]
    ignored: list[str]

    def f1(self, name: str) -> float:
        """F1 over all of a level name (see :func:`floor_names`); raises UsageError for another name."""
        kind, level = _level(name)
        return self.overall[kind].f1(level)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON-ready objects: counts and unrounded ratios; all keys are always there."""
        overall = _counts_json(self.overall)
        for kind, levels in SCORED.items():
            for level in levels:
                interval = self.intervals.get(f"{kind}.{level}")
                overall[kind]["levels"][level]["f1_interval"] = list(interval) if interval else None
        return {
            "documents": len(self.by_document),
            "overall": overall,
            "by_document": {d: _counts_json(c) for d, c in self.by_document.items()},
            "by_language": {n: _counts_json(c) for n, c in self.by_language.items()},
            "by_rule": {
                kind: {
                    rule: {
                        "n_pred": t.n_pred,
                        "n_paired": t.n_gold,
                        "levels": {v: {"tp": t.tp[v], "precision": t.precision(v)} for v in LEVELS},
                    }
                    for rule, t in rules.items()
                }
                for kind, rules in self.by_rule.items()
            },
            "faults": [
                {
                    **{name: getattr(f, name) for name in _FAULT_KEYS},
                    "fields": {name: {"want": want, "got": got} for name, (want, got) in f.fields.items()},
                }
                for f in self.faults
            ],
            "ignored": self.ignored,
        }


_FAULT_KEYS = ("doc_id", "kind", "what", "level", "start", "end", "quote", "sentence", "rule")


def _counts_json(counts: Counts) -> dict[str, Any]:
    return {
        kind: {
            "n_pred": t.n_pred,
            "n_gold": t.n_gold,
            "levels": {
                v: {"tp": t.tp[v], "precision": t.precision(v), "recall": t.recall(v), "f1": t.f1(v)}
                for v in t.tp
            },
        }
        for kind, t in counts.items()
    }


def score(tables: Tables, golds: Sequence[Gold], *, resamples: int = 1000, seed: int = 0) -> Report:
    """Score predicted rows of any number of documents against the gold of those documents.

    Predictions for a document without gold are not counted (``Report.ignored`` names them). Raises
    :class:`GoldError` where two golds have one doc_id.
    """
    predicted = predicted_sides(tables)
    languages = {d.doc_id: d.language for d in tables.rows["documents"]}
    report = Report(_no_counts(), {}, {}, {kind: {} for kind in KINDS}, {}, [], [])
    for gold in sorted(golds, key=lambda g: g.doc_id):
        if gold.doc_id in report.by_document:
            raise GoldError(f"two golds have the doc_id {gold.doc_id!r}")
        counts = _score_document(gold.doc_id, predicted.get(gold.doc_id, Side()), gold_side(gold), report)
        report.by_document[gold.doc_id] = counts
        language = gold.language or languages.get(gold.doc_id) or "unknown"
        for total in (report.overall, report.by_language.setdefault(language, _no_counts())):
            for kind, tally in counts.items():
                total[kind].add(tally)
    report.by_language = dict(sorted(report.by_language.items()))
    report.by_rule = {kind: dict(sorted(rules.items())) for kind, rules in report.by_rule.items()}
    report.ignored = sorted(predicted.keys() - report.by_document.keys())
    report.intervals = _bootstrap(list(report.by_document.values()), resamples, seed)
    return report


def _score_document(doc_id: str, pred: Side, gold: Side, report: Report) -> Counts:
    """The counts of one document; its faults and its rules' counts are added to the report."""
    counts = _no_counts()
    faults: list[Fault] = []
    for kind, pairs in match_document(pred, gold).items():
        preds, golds, tally = pred.rows[kind], gold.rows[kind], counts[kind]
        tally.n_pred, tally.n_gold = len(preds), len(golds)
        rules = report.by_rule[kind]
        for row in preds:
            rules.setdefault(row.rule, Tally(dict.fromkeys(LEVELS, 0))).n_pred += 1
        for pair in pairs:
            row = preds[pair.pred]
            rules[row.rule].n_gold += 1
            for level in LEVELS[: pair.levels]:
                tally.tp[level] += 1
                rules[row.rule].tp[level] += 1
            if pair.levels < len(LEVELS):
                wrong = {c.field: (c.want, c.got) for c in pair.checks if not c.right}
                faults.append(_fault(doc_id, kind, "wrong", row, LEVELS[pair.levels], wrong))
        missed = set(range(len(golds))) - {p.gold for p in pairs}
        false = set(range(len(preds))) - {p.pred for p in pairs}
        faults += [_fault(doc_id, kind, "miss", golds[n]) for n in missed]
        faults += [_fault(doc_id, kind, "false", preds[n]) for n in false]
    for kind in ("drugs", "procedures"):
        ours, theirs, tally = pred.names[kind], gold.names[kind], counts[kind]
        tally.n_pred, tally.n_gold, tally.tp["name"] = len(ours), len(theirs), len(ours & theirs)
        faults += [Fault(doc_id, kind, "miss", "name", 0, 0, name, "") for name in theirs - ours]
        faults += [Fault(doc_id, kind, "false", "name", 0, 0, name, "") for name in ours - theirs]
    report.faults += sorted(faults, key=lambda f: (list(SCORED).index(f.kind), f.start, f.end, repr(f)))
    return counts


def _fault(
    doc_id: str,
    kind: str,
    what: str,
    row: Row,
    level: str = LEVELS[0],
    wrong: dict[str, tuple[Said, Said]] | None = None,
) -> Fault:
    return Fault(
        doc_id, kind, what, level, row.start, row.end, row.quote, row.sentence, row.rule, wrong or {}
    )


def _bootstrap(documents: list[Counts], resamples: int, seed: int) -> dict[str, tuple[float, float]]:
    """95 % percentile intervals of F1 by ``kind.level``; documents are drawn with replacement."""
    names = [(kind, level) for kind, levels in SCORED.items() for level in levels]
    if not documents or resamples < 1:
        return {}
    # per document: (tp, predicted + gold) of each name, so that a draw is a sum of pairs
    cells = [[(2 * c[k].tp[v], c[k].n_pred + c[k].n_gold) for k, v in names] for c in documents]
    drawn: list[list[float]] = [[] for _ in names]
    generator = random.Random(seed)
    for _ in range(resamples):
        chosen = generator.choices(cells, k=len(cells))
        for n in range(len(names)):
            drawn[n].append(_ratio(sum(c[n][0] for c in chosen), sum(c[n][1] for c in chosen), 0))
    low, high = round(0.025 * (resamples - 1)), round(0.975 * (resamples - 1))
    ordered = [sorted(values) for values in drawn]
    return {f"{k}.{v}": (o[low], o[high]) for (k, v), o in zip(names, ordered, strict=True)}


def agreement(gold_a: Iterable[Gold], gold_b: Iterable[Gold]) -> Report:
    """The score of annotator A, taken as the prediction, against annotator B.

    Only documents that both annotated count. Raises :class:`GoldError` where there is none, or where one
    annotator has a document twice or annotated another text under the same doc_id.
    """
    ours: dict[str, Gold] = {}
    for gold in gold_a:
        if gold.doc_id in ours:
            raise GoldError(f"two golds have the doc_id {gold.doc_id!r}")
        ours[gold.doc_id] = gold
    both = [g for g in gold_b if g.doc_id in ours]
    if not both:
        raise GoldError("the two annotators have no document in common")
    for gold in both:
        hashes = {g.text_sha256.lower() for g in (gold, ours[gold.doc_id])} - {""}
        if len(hashes) > 1:
            raise GoldError(f"the annotators read different texts as {gold.doc_id!r}")
    return score(gold_tables([ours[g.doc_id] for g in both]), both)


def floor_names() -> list[str]:
    """The level names that :func:`check_floors` takes; a bare level means measurements."""
    return [*LEVELS, *(f"{kind}.{level}" for kind in KINDS for level in LEVELS), "drugs"]


def _level(name: str) -> tuple[str, str]:
    if name not in floor_names():
        raise UsageError(f"unknown level {name!r}; known are {', '.join(floor_names())}")
    if name == "drugs":
        return "drugs", "name"
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


def render(report: Report, console: Console) -> None:
    """Print the report as tables: over all with intervals, by language, by document and by rule."""
    table = Table("", "level", title=f"Score of {len(report.by_document)} documents")
    for heading in ("P", "R", "F1", "95% of F1", "right", "predicted", "gold"):
        table.add_column(heading, justify="right")
    for kind, tally in report.overall.items():
        for n, level in enumerate(tally.tp):
            interval = report.intervals.get(f"{kind}.{level}", ())
            ratios = (tally.precision(level), tally.recall(level), tally.f1(level))
            numbers = (tally.tp[level], tally.n_pred, tally.n_gold)
            table.add_row(
                "" if n else kind, level, *(f"{r:.3f}" for r in ratios),
                "-".join(f"{x:.3f}" for x in interval), *map(str, numbers),
                end_section=level == tuple(tally.tp)[-1],
            )  # fmt: skip
    console.print(table)
    for title, parts in (("language", report.by_language), ("document", report.by_document)):
        table = Table(title, title=f"F1 by {title}")
        for heading in ("measurements value", "row", "analyses value", "row", "drugs"):
            table.add_column(heading, justify="right")
        for name, counts in parts.items():
            cells = [counts[kind].f1(level) for kind in KINDS for level in (LEVELS[0], LEVELS[-1])]
            table.add_row(escape(name), *(f"{c:.3f}" for c in [*cells, counts["drugs"].f1("name")]))
        console.print(table)
    table = Table("rule", "kind", title="Precision by rule")
    for heading in ("rows", *LEVELS):
        table.add_column(heading, justify="right")
    for kind, rules in report.by_rule.items():
        for rule, tally in rules.items():
            cells = [tally.precision(level) for level in LEVELS]
            table.add_row(escape(rule), kind, str(tally.n_pred), *(f"{c:.3f}" for c in cells))
    console.print(table)
    count = Counter(f.what for f in report.faults)
    console.print(f"{count['wrong']} wrong, {count['miss']} missed, {count['false']} false")
