"""The agreement of two annotators: levels, differences side by side, and the table of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from trialmine.core.errors import GoldError
from trialmine.report.compare import said
from trialmine.report.gold import Gold, gold_tables
from trialmine.report.matching import KINDS
from trialmine.report.score import Counts, Report, score


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


def differences(report: Report) -> list[dict[str, str]]:
    """One row for each thing that two annotators tell differently: where, what, A's and B's word."""
    rows = []
    for f in report.faults:
        where = {"text": f.doc_id, "kind": f.kind, "at": str(f.start) if f.end else "", "quote": f.quote}
        if f.what == "wrong":
            sides = [(name, said(got), said(want)) for name, (want, got) in f.fields.items()]
        else:
            there = ("there", "–") if f.what == "false" else ("–", "there")
            sides = [("(the row)" if f.end else "(the name)", *there)]
        rows += [{**where, "field": name, "A": a, "B": b} for name, a, b in sides]
    return rows


#: the columns of the table of agreement; a text's name is its doc_id or that of a group of texts
COLUMNS = ("text", "kind", "level", "n_a", "n_b", "f1")


def updated_table(report: Report, group: str, path: Path) -> str:
    """The table of agreement in ``path`` (CSV), if it is there, with a report's documents in it.

    All documents together stand under the name ``group``. Rows of other texts and groups stay as they
    are. F1 is empty where neither annotator has a row. Raises :class:`GoldError` for another table.
    """
    new = {**report.by_document, group: report.overall}
    kept: list[list[str]] = []
    if path.exists():
        head, *lines = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")))) or [[]]
        if tuple(head) != COLUMNS:
            raise GoldError(f"{path}: no table of agreement: its columns are not {', '.join(COLUMNS)}")
        kept = [line for line in lines if line and line[0] not in new]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([COLUMNS, *kept])
    for name, counts in new.items():
        writer.writerows(_lines(name, counts))
    return out.getvalue()


def _lines(name: str, counts: Counts) -> Iterable[tuple[object, ...]]:
    for kind in KINDS:
        tally = counts[kind]
        for level in tally.tp:
            f1 = f"{tally.f1(level):.4f}" if tally.n_pred or tally.n_gold else ""
            yield name, kind, level, tally.n_pred, tally.n_gold, f1
