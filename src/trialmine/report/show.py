"""One document's results as tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trialmine.core.tables import AnalysisRow, MeasurementRow, Tables
from trialmine.report.wide import arm_name
from trialmine.report.writers import cell


def show_tables(tables: Tables, console: Console) -> None:
    """Print the studies, measurements and analyses of one document."""
    studies = {row.study_id: row for row in tables.rows["studies"]}
    arms = {row.arm_id: row for row in tables.rows["arms"]}

    def study(row: MeasurementRow | AnalysisRow) -> str:
        found = studies.get(row.study_id)
        return (found.name or found.citations or found.study_id) if found else ""

    measurements = [
        {
            "study": study(row),
            "arm": arm_name(arms.get(row.arm_id)),
            "outcome": row.outcome,
            "value": _value(row),
            "interval": _interval(row),
            "n/N": _counts(row),
            **_context(row),
        }
        for row in tables.rows["measurements"]
    ]
    analyses = [
        {
            "study": study(row),
            "arm": arm_name(arms.get(row.arm_id)),
            "against": arm_name(arms.get(row.comparator_arm_id)),
            "outcome": row.outcome,
            "kind": row.param_type,
            "value": _value(row),
            "interval": _interval(row),
            "p": f"{row.p_relation.removeprefix('=')}{row.p_quote}",
            **_context(row),
        }
        for row in tables.rows["analyses"]
    ]
    if not measurements and not analyses:
        console.print("no results found")
    show_rows(measurements, console, "measurements")
    show_rows(analyses, console, "analyses")


def show_rows(rows: Sequence[Mapping[str, str]], console: Console, title: str | None = None) -> None:
    """Print dictionaries with the same keys as one table, without the columns that are empty throughout."""
    if not rows:
        return
    names = [name for name in rows[0] if any(row[name] for row in rows)]
    table = Table(*names, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(Text(row[name]) for name in names))  # Text: a bracket in a cell is no markup
    console.print(table)


def _context(row: MeasurementRow | AnalysisRow) -> dict[str, str]:
    assertion = "" if row.assertion == "reported" else row.assertion
    return {"time": row.timepoint, "population": row.population, "assertion": assertion}


def _value(row: MeasurementRow | AnalysisRow) -> str:
    if row.assertion == "not_reached":
        return "not reached"
    if row.value is None:
        return ""
    relation = "" if row.relation == "=" else row.relation
    return f"{relation}{_text(row.value)} {row.unit}".strip()


def _interval(row: MeasurementRow | AnalysisRow) -> str:
    if row.upper is None and row.lower is None:
        return ""
    limits = f"{_text(row.lower)} to {_text(row.upper)}" if row.lower is not None else _text(row.upper)
    return f"{limits} {row.interval_type}".strip()


def _counts(row: MeasurementRow) -> str:
    if row.events is None and row.participants is None:
        return ""
    return f"{_text(row.events)}/{_text(row.participants)}"


def _text(number: Any) -> str:
    value = cell(number)
    return "" if value is None else str(value)
