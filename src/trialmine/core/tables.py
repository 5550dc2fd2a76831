"""The result tables, defined once.

Each table is a frozen dataclass whose fields are its columns, in order. Every writer, schema,
document and test is made from :data:`TABLES`; nothing else lists columns.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def _column(
    doc: str, *, key: bool = False, ref: str = "", optional: bool = False, index: bool = False, unit: str = ""
) -> Any:
    """What a column holds, whether it is the key, the table it refers to (`optional`: or none), its unit."""
    return field(
        metadata={"doc": doc, "key": key, "ref": ref, "optional": optional, "index": index, "unit": unit}
    )


#: what the column of that name holds, in measurements and analyses
CONFIDENCE = "how sure it is that all of the row is right, 0 to 1 (the share of such rows that are)"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One input text."""

    doc_id: str = _column("path below the given folder, without its ending", key=True)
    path: str = _column("the file as given")
    sha256: str = _column("SHA-256 of the file's bytes")
    media_type: str = _column("text/plain or text/markdown")
    language: str = _column("zh or en, by its letters")
    title: str = _column("first heading or line")
    n_chars: int = _column("length of the text", unit="code points")
    status: str = _column("ok or failed")
    error: str = _column("why it failed, else empty")


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One trial, cohort or meta-analysis that a document names or reports on."""

    study_id: str = _column("key", key=True)
    doc_id: str = _column("the document", ref="documents")
    name: str = _column("acronym, or the author or leader where it has none")
    registry_ids: str = _column("NCT, ChiCTR, EudraCT, ISRCTN, UMIN, jRCT numbers; '; ' between", index=True)
    phase: str = _column("1, 1/2, 2, 2/3, 3, 4, else empty")
    design: str = _column("design words, English; '; ' between")
    enrollment: int | None = _column("participants enrolled", unit="participants")
    citations: str = _column("citation numbers; '; ' between")


@dataclass(frozen=True, slots=True)
class ArmRow:
    """One group of a study that has a result."""

    arm_id: str = _column("key", key=True)
    doc_id: str = _column("the document", ref="documents")
    study_id: str = _column("its study, or empty", ref="studies", optional=True)
    label: str = _column("the wordings that the text uses; '; ' between")
    role: str = _column("experimental, comparator, single or other")
    interventions: str = _column("INNs, procedure and class words; ' + ' between", index=True)
    dose: str = _column("as written")
    participants: int | None = _column("size of the group", unit="participants")


@dataclass(frozen=True, slots=True)
class MeasurementRow:
    """One number that reports a group's outcome."""

    measurement_id: str = _column("key", key=True)
    doc_id: str = _column("the document", ref="documents")
    study_id: str = _column("its study, or empty", ref="studies", optional=True)
    arm_id: str = _column("its arm, or empty", ref="arms", optional=True)
    outcome: str = _column("canonical name, e.g. OS, ORR, HBsAg_loss", index=True)
    outcome_text: str = _column("the text's words for it")
    param_type: str = _column("percentage, count, median, mean or number")
    relation: str = _column("=, <, >, <=, >= or ~")
    value: float | None = _column(
        "the number; empty for a range or 'not reached'", unit="as in the column unit"
    )
    unit: str = _column("%, day, week, month, year, hour, participants, else as written")
    lower: float | None = _column("lower limit of interval or range", unit="as in the column unit")
    upper: float | None = _column("upper limit of interval or range, or the SD", unit="as in the column unit")
    interval_type: str = _column("95% CI, IQR, range or SD, else empty")
    events: int | None = _column("participants with the event", unit="participants")
    participants: int | None = _column("participants at risk", unit="participants")
    timepoint: str = _column("24w, 5y, 60d, baseline, EOT, EOT+24w, else empty")
    population: str = _column("the subgroup as the text names it, else empty")
    assertion: str = _column("reported, planned, speculated or not_reached")
    quote: str = _column("the number as printed")
    interval_quote: str = _column("the interval as printed, else empty")
    start: int = _column("offset of the quote", unit="code points")
    end: int = _column("its end, exclusive", unit="code points")
    sentence: str = _column("the sentence, white space tidied")
    rule: str = _column("the pattern that read the number")
    confidence: float = _column(CONFIDENCE, unit="share of rows")


@dataclass(frozen=True, slots=True)
class AnalysisRow:
    """One effect estimate or p-value that compares two groups."""

    analysis_id: str = _column("key", key=True)
    doc_id: str = _column("the document", ref="documents")
    study_id: str = _column("its study, or empty", ref="studies", optional=True)
    arm_id: str = _column("the arm that the estimate describes, or empty", ref="arms", optional=True)
    comparator_arm_id: str = _column("the other arm, or empty", ref="arms", optional=True)
    outcome: str = _column("canonical name", index=True)
    outcome_text: str = _column("the text's words for it")
    param_type: str = _column("HR, OR, RR, RD, MD, SMD, difference, risk_reduction or p")
    relation: str = _column("=, <, >, <=, >= or ~")
    value: float | None = _column("the estimate; empty for a bare p-value", unit="as in the column unit")
    unit: str = _column("% or a unit for differences, else empty")
    lower: float | None = _column("lower limit", unit="as in the column unit")
    upper: float | None = _column("upper limit", unit="as in the column unit")
    interval_type: str = _column("95% CI and so on, else empty")
    p_relation: str = _column("relation of the p-value, else empty")
    p_value: float | None = _column("the p-value")
    timepoint: str = _column("as in measurements")
    population: str = _column("as in measurements")
    assertion: str = _column("as in measurements")
    quote: str = _column("the number as printed (the p-value's for a bare p)")
    interval_quote: str = _column("the interval as printed, else empty")
    p_quote: str = _column("the p-value's number as printed, else empty")
    start: int = _column("offset of the quote", unit="code points")
    end: int = _column("its end, exclusive", unit="code points")
    sentence: str = _column("the sentence, white space tidied")
    rule: str = _column("the pattern that read the number")
    confidence: float = _column(CONFIDENCE, unit="share of rows")


@dataclass(frozen=True, slots=True)
class MentionRow:
    """One name in the text: a drug, regimen, procedure, outcome, study or registry number."""

    mention_id: str = _column("key", key=True)
    doc_id: str = _column("the document", ref="documents")
    kind: str = _column("drug, regimen, procedure, outcome, study or registry_id")
    concept_id: str = _column("canonical name", index=True)
    text: str = _column("as printed")
    start: int = _column("offset", unit="code points")
    end: int = _column("its end, exclusive", unit="code points")


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """One entry of a document's reference list."""

    doc_id: str = _column("the document", ref="documents")
    number: str = _column("its number in the list")
    text: str = _column("the entry, white space tidied")
    doi: str = _column("DOI, else empty")
    pmid: str = _column("PubMed id, else empty")
    year: int | None = _column("year of publication", unit="year")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One measurement with its study's and its arm's names and the analysis of the same outcome beside it."""

    measurement_id: str = _column("the measurement", key=True, ref="measurements")
    doc_id: str = _column("the document", ref="documents")
    title: str = _column("the document's title")
    study: str = _column("the study's name, or empty")
    registry_ids: str = _column("the study's registry numbers; '; ' between", index=True)
    phase: str = _column("the study's phase")
    arm: str = _column("the arm's interventions, or else its label", index=True)
    dose: str = _column("the arm's dose, as written")
    role: str = _column("the arm's role")
    outcome: str = _column("as in measurements", index=True)
    outcome_text: str = _column("as in measurements")
    param_type: str = _column("as in measurements")
    relation: str = _column("as in measurements")
    value: float | None = _column("as in measurements", unit="as in the column unit")
    unit: str = _column("as in measurements")
    lower: float | None = _column("as in measurements", unit="as in the column unit")
    upper: float | None = _column("as in measurements", unit="as in the column unit")
    interval_type: str = _column("as in measurements")
    events: int | None = _column("as in measurements", unit="participants")
    participants: int | None = _column("as in measurements", unit="participants")
    timepoint: str = _column("as in measurements")
    population: str = _column("as in measurements")
    assertion: str = _column("as in measurements")
    analysis_id: str = _column("the analysis beside it, or empty", ref="analyses", optional=True)
    comparator: str = _column("the analysis's other arm, by its interventions or else its label")
    analysis_type: str = _column("its param_type")
    analysis_value: float | None = _column("its estimate")
    analysis_lower: float | None = _column("its lower limit")
    analysis_upper: float | None = _column("its upper limit")
    analysis_interval_type: str = _column("its interval_type")
    p_relation: str = _column("relation of its p-value")
    p_value: float | None = _column("its p-value")
    quote: str = _column("the measurement's number as printed")
    start: int = _column("offset of the quote", unit="code points")
    end: int = _column("its end, exclusive", unit="code points")
    sentence: str = _column("the sentence, white space tidied")
    confidence: float = _column("as in measurements", unit="share of rows")


#: table name -> its row class; the order is the order of writing
TABLES: dict[str, type[Any]] = {
    "documents": DocumentRow,
    "studies": StudyRow,
    "arms": ArmRow,
    "measurements": MeasurementRow,
    "analyses": AnalysisRow,
    "mentions": MentionRow,
    "references": ReferenceRow,
}

#: what ``--wide`` adds; made from the others, so it is in no :class:`Tables`
WIDE: dict[str, type[Any]] = {"results": ResultRow}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `type` is str, int or float; `ref` the table whose key it holds, or empty; `optional` says that it can
    hold nothing: no number, or an empty text where a key would stand.
    """

    name: str
    type: type
    doc: str
    key: bool
    ref: str
    optional: bool
    index: bool
    unit: str


@cache
def definition(table: str) -> tuple[Column, ...]:
    """The columns of a table, in order."""
    row = (TABLES | WIDE)[table]
    hints = typing.get_type_hints(row)
    result = []
    for f in fields(row):
        options = [t for t in typing.get_args(hints[f.name]) if t is not type(None)]
        kind = options[0] if options else hints[f.name]
        result.append(
            Column(f.name, kind, **{**f.metadata, "optional": f.metadata["optional"] or bool(options)})
        )
    return tuple(result)


def columns(table: str) -> list[str]:
    """Column names of a table, in order."""
    return [c.name for c in definition(table)]


def join_cell(items: Iterable[str]) -> str:
    """A list as one cell, '; ' between; a '; ' inside an item loses its blank, so that :func:`split_cell` gives it back."""
    return "; ".join(item for item in (_MARK.sub(";", i).strip() for i in items) if item)


_MARK = re.compile(r";\s+")


def split_cell(cell: str) -> list[str]:
    """The parts of a cell that holds a list ('; ' between), without blanks around and empty ones."""
    return [part for part in (p.strip() for p in cell.split("; ")) if part]


def key_of(table: str) -> str:
    """The name of a table's key column; empty for a table without one (a reference list can repeat a number)."""
    return next((c.name for c in definition(table) if c.key), "")


_DTYPES: dict[type, Any] = {str: "str", int: "Int64", float: "Float64"}


def to_frame(table: str, rows: Sequence[Any]) -> pd.DataFrame:
    """Rows of one table as a DataFrame: str columns without nulls, numbers as Int64/Float64."""
    import pandas as pd

    return pd.DataFrame(
        {
            c.name: pd.array([getattr(r, c.name) for r in rows], dtype=_DTYPES[c.type])
            for c in definition(table)
        }
    )


@dataclass
class Tables:
    """The rows of one or many documents, as lists of records; each table also reads as a DataFrame.

    ``tables.rows["measurements"]`` is a list of :class:`MeasurementRow`;
    ``tables.measurements`` is the same as a pandas DataFrame with all columns, typed.
    """

    rows: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def frame(self, table: str) -> pd.DataFrame:
        """One table as a DataFrame: str columns without nulls, numbers as Int64/Float64."""
        return to_frame(table, self.rows[table])

    def extend(self, other: Tables) -> None:
        """Append another document's rows."""
        for name, rows in other.rows.items():
            self.rows[name].extend(rows)

    @property
    def documents(self) -> pd.DataFrame:
        """The documents table."""
        return self.frame("documents")

    @property
    def studies(self) -> pd.DataFrame:
        """The studies table."""
        return self.frame("studies")

    @property
    def arms(self) -> pd.DataFrame:
        """The arms table."""
        return self.frame("arms")

    @property
    def measurements(self) -> pd.DataFrame:
        """The measurements table."""
        return self.frame("measurements")

    @property
    def analyses(self) -> pd.DataFrame:
        """The analyses table."""
        return self.frame("analyses")

    @property
    def mentions(self) -> pd.DataFrame:
        """The mentions table."""
        return self.frame("mentions")

    @property
    def references(self) -> pd.DataFrame:
        """The references table."""
        return self.frame("references")
