"""A draft of a gold file from the program's own output, for a person to read and mend."""

from __future__ import annotations

from typing import Any

from trialmine.core.tables import AnalysisRow, ArmRow, MeasurementRow, StudyRow, Tables, split_cell
from trialmine.report.goldfile import keys_of


def draft_gold(tables: Tables, doc_id: str) -> dict[str, Any]:
    """The gold file of one document's tables; every row, and the file, is marked ``reviewed: false``.

    Empty cells are null, ids are S1, A1, … in the order of the tables.
    """
    rows = tables.rows
    [document] = (d for d in rows["documents"] if d.doc_id == doc_id)
    studies = {s.study_id: f"S{n}" for n, s in enumerate(rows["studies"], start=1)}
    arms = {a.arm_id: f"A{n}" for n, a in enumerate(rows["arms"], start=1)}

    def named(kind: str) -> list[str]:
        return sorted({m.concept_id for m in rows["mentions"] if m.kind == kind})

    def row(table: str, r: Any, **told: Any) -> dict[str, Any]:
        keys = (k for k in keys_of(table) if k != "context")
        values = {k: told[k] if k in told else getattr(r, k, None) for k in keys}
        return {k: None if v == "" else v for k, v in values.items()} | {"reviewed": False}

    def study(r: StudyRow) -> dict[str, Any]:
        lists = {"registry_ids": split_cell(r.registry_ids), "citations": split_cell(r.citations)}
        return row("studies", r, id=studies[r.study_id], names=split_cell(r.name), **lists)

    def arm(r: ArmRow) -> dict[str, Any]:
        parts = [p for p in r.interventions.split(" + ") if p]
        told = {"study": studies.get(r.study_id), "labels": split_cell(r.label), "interventions": parts}
        return row("arms", r, id=arms[r.arm_id], **told)

    def placed(table: str, r: MeasurementRow | AnalysisRow) -> dict[str, Any]:
        told = {"study": studies.get(r.study_id), "arm": arms.get(r.arm_id)}
        if isinstance(r, AnalysisRow):
            told["comparator"] = arms.get(r.comparator_arm_id)
        return row(table, r, outcome_labels=split_cell(r.outcome_text), **told)

    return {
        "doc_id": doc_id,
        "text_sha256": document.sha256,
        "language": document.language,
        "annotators": [],
        "reviewed": False,
        "drugs": named("drug"),
        "procedures": named("procedure"),
        "studies": [study(s) for s in rows["studies"]],
        "arms": [arm(a) for a in rows["arms"]],
        "measurements": [placed("measurements", m) for m in rows["measurements"]],
        "analyses": [placed("analyses", a) for a in rows["analyses"]],
    }
