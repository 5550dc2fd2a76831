"""The result tables, defined once.

Each table is a frozen dataclass whose fields are its columns, in order. Every writer, schema,
document and test is made from :data:`TABLES`; nothing else lists columns.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def _column(doc: str, **kwargs: Any) -> Any:
    return field(metadata={"doc": doc}, **kwargs)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One input text."""

    doc_id: str = _column("path below the given folder, without its ending")
    path: str = _column("the file as given")
    sha256: str = _column("SHA-256 of the file's bytes")
    media_type: str = _column("text/plain or text/markdown")
    language: str = _column("zh or en, by its letters")
    title: str = _column("first heading or line")
    n_chars: int = _column("length of the text in code points")
    status: str = _column("ok or failed")
    error: str = _column("why it failed, else empty")


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One trial, cohort or meta-analysis that a document names or reports on."""

    study_id: str = _column("key")
    doc_id: str = _column("the document")
    name: str = _column("acronym, or the author or leader where it has none")
    registry_ids: str = _column("NCT, ChiCTR, EudraCT, ISRCTN, UMIN, jRCT numbers; '; ' between")
    phase: str = _column("1, 1/2, 2, 2/3, 3, 4, else empty")
    design: str = _column("design words, English; '; ' between")
    enrollment: int | None = _column("participants enrolled")
    citations: str = _column("citation numbers; '; ' between")


@dataclass(frozen=True, slots=True)
class ArmRow:
    """One group of a study that has a result."""

    arm_id: str = _column("key")
    doc_id: str = _column("the document")
    study_id: str = _column("its study")
    label: str = _column("the wordings that the text uses; '; ' between")
    role: str = _column("experimental, comparator, single or other")
    interventions: str = _column("INNs, procedure and class words; ' + ' between")
    dose: str = _column("as written")
    participants: int | None = _column("size of the group")


@dataclass(frozen=True, slots=True)
class MeasurementRow:
    """One number that reports a group's outcome."""

    measurement_id: str = _column("key")
    doc_id: str = _column("the document")
    study_id: str = _column("its study, or empty")
    arm_id: str = _column("its arm, or empty")
    outcome: str = _column("canonical name, e.g. OS, ORR, HBsAg_loss")
    outcome_text: str = _column("the text's words for it")
    param_type: str = _column("percentage, count, median, mean or number")
    relation: str = _column("=, <, >, <=, >= or ~")
    value: float | None = _column("the number; empty for a range or 'not reached'")
    unit: str = _column("%, day, week, month, year, hour, participants, else as written")
    lower: float | None = _column("lower limit of interval or range")
    upper: float | None = _column("upper limit of interval or range, or the SD")
    interval_type: str = _column("95% CI, IQR, range or SD, else empty")
    events: int | None = _column("participants with the event")
    participants: int | None = _column("participants at risk")
    timepoint: str = _column("24w, 5y, 60d, baseline, EOT, EOT+24w, else empty")
    population: str = _column("the subgroup as the text names it, else empty")
    assertion: str = _column("reported, planned, speculated or not_reached")
    quote: str = _column("the number as printed")
    interval_quote: str = _column("the interval as printed, else empty")
    start: int = _column("offset of the quote, in code points")
    end: int = _column("its end, exclusive")
    sentence: str = _column("the sentence, white space tidied")
    rule: str = _column("the pattern that read the number")


@dataclass(frozen=True, slots=True)
class AnalysisRow:
    """One effect estimate or p-value that compares two groups."""

    analysis_id: str = _column("key")
    doc_id: str = _column("the document")
    study_id: str = _column("its study, or empty")
    arm_id: str = _column("the arm that the estimate describes, or empty")
    comparator_arm_id: str = _column("the other arm, or empty")
    outcome: str = _column("canonical name")
    outcome_text: str = _column("the text's words for it")
    param_type: str = _column("HR, OR, RR, RD, MD, SMD, difference, risk_reduction or p")
    relation: str = _column("=, <, >, <=, >= or ~")
    value: float | None = _column("the estimate; empty for a bare p-value")
    unit: str = _column("% or a unit for differences, else empty")
    lower: float | None = _column("lower limit")
    upper: float | None = _column("upper limit")
    interval_type: str = _column("95% CI and so on, else empty")
    p_relation: str = _column("relation of the p-value, else empty")
    p_value: float | None = _column("the p-value")
    timepoint: str = _column("as in measurements")
    population: str = _column("as in measurements")
    assertion: str = _column("as in measurements")
    quote: str = _column("the number as printed (the p-value's for a bare p)")
    interval_quote: str = _column("the interval as printed, else empty")
    p_quote: str = _column("the p-value's number as printed, else empty")
    start: int = _column("offset of the quote, in code points")
    end: int = _column("its end, exclusive")
    sentence: str = _column("the sentence, white space tidied")
    rule: str = _column("the pattern that read the number")


@dataclass(frozen=True, slots=True)
class MentionRow:
    """One name in the text: a drug, regimen, procedure, outcome, study or registry number."""

    mention_id: str = _column("key")
    doc_id: str = _column("the document")
    kind: str = _column("drug, regimen, procedure, outcome, study or registry_id")
    concept_id: str = _column("canonical name")
    text: str = _column("as printed")
    start: int = _column("offset, in code points")
    end: int = _column("its end, exclusive")


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """One entry of a document's reference list."""

    doc_id: str = _column("the document")
    number: str = _column("its number in the list")
    text: str = _column("the entry, white space tidied")
    doi: str = _column("DOI, else empty")
    pmid: str = _column("PubMed id, else empty")
    year: int | None = _column("year of publication")


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


def columns(table: str) -> list[str]:
    """Column names of a table, in order."""
    return [f.name for f in fields(TABLES[table])]


def split_cell(cell: str) -> list[str]:
    """The parts of a cell that holds a list ('; ' between), without blanks around and empty ones."""
    return [part for part in (p.strip() for p in cell.split("; ")) if part]


def column_types(table: str) -> dict[str, type]:
    """Column name -> str, int or float (an optional number gives its number type)."""
    hints = typing.get_type_hints(TABLES[table])
    result: dict[str, type] = {}
    for f in fields(TABLES[table]):
        options = [t for t in typing.get_args(hints[f.name]) if t is not type(None)]
        result[f.name] = options[0] if options else hints[f.name]
    return result


_DTYPES: dict[type, Any] = {str: "str", int: "Int64", float: "Float64"}


@dataclass
class Tables:
    """The rows of one or many documents, as lists of records; each table also reads as a DataFrame.

    ``tables.rows["measurements"]`` is a list of :class:`MeasurementRow`;
    ``tables.measurements`` is the same as a pandas DataFrame with all columns, typed.
    """

    rows: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def frame(self, table: str) -> pd.DataFrame:
        """One table as a DataFrame: str columns without nulls, numbers as Int64/Float64."""
        import pandas as pd

        names = columns(table)
        data = {n: [getattr(r, n) for r in self.rows[table]] for n in names}
        types = column_types(table)
        return pd.DataFrame({n: pd.array(data[n], dtype=_DTYPES[types[n]]) for n in names})

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
