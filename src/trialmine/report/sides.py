"""The two sides of a comparison, gold and predicted, as records of one shape; and their words folded.

The scorer compares :class:`Side` with :class:`Side`; it knows nothing of how a prediction was made.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from trialmine.core.tables import AnalysisRow, ArmRow, MeasurementRow, StudyRow, Tables, split_cell
from trialmine.report.gold import Gold, GoldArm, GoldRow, GoldStudy

_SPACES = re.compile(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])")
_DASHES = re.compile(r"[-_\u00ad\u2010-\u2015\u2212\ufe63]+")
_JOINTS = re.compile(r"(?<!\d)-|-(?!\d)")
_COMPARE = str.maketrans({"≥": ">=", "≤": "<=", "≧": ">=", "≦": "<=", "⩾": ">=", "⩽": "<="})
_NEGATED = re.compile(r"(?:[非未无不無]|\bnon|\bno|\bwithout) ?$")


def normal(text: str) -> str:
    """Case, full-width forms and comparison signs folded."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_COMPARE)


def plain(text: str) -> str:
    """:func:`normal` without white space."""
    return "".join(normal(text).split())


def fold(text: str) -> str:
    """Case, full-width forms, dashes and white space folded for names.

    A space stays between Latin words and digits only, a dash between two digits only.
    """
    text = _JOINTS.sub(" ", _DASHES.sub("-", normal(text)))
    return _SPACES.sub("", " ".join(text.split()))


def squeeze(text: str) -> str:
    """:func:`fold` without any space: names that differ in spaces, hyphens or underscores are equal."""
    return fold(text).replace(" ", "")


def holds(longer: str, shorter: str) -> bool:
    """Whether folded ``longer`` contains folded ``shorter`` as whole words and not negated.

    A Latin word or a number is not cut ("组1" is not in "组12", "pfs" not in "rpfs"), and what stands
    right after a negation is not held ("高危组" in "非高危组", "应答" in "无应答").
    """
    at = longer.find(shorter)
    while shorter and at >= 0:
        before, after = longer[:at], longer[at + len(shorter) :]
        cut = _same_word(before[-1:], shorter[0]) or _same_word(shorter[-1], after[:1])
        if not cut and not _NEGATED.search(before):
            return True
        at = longer.find(shorter, at + 1)
    return False


def _same_word(left: str, right: str) -> bool:
    return (left.isdigit() and right.isdigit()) or (_latin(left) and _latin(right))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


@dataclass(frozen=True, slots=True)
class Study:
    """A study's identifiers, squeezed, and what else is told of it."""

    names: frozenset[str] = frozenset()
    registry_ids: frozenset[str] = frozenset()
    citations: frozenset[str] = frozenset()
    phase: str = ""
    enrollment: int | None = None

    @property
    def unnamed(self) -> bool:
        """Whether nothing identifies the study."""
        return not (self.names or self.registry_ids or self.citations)

    def meets(self, other: Study) -> bool:
        """Whether the two share a name, a registry number or a citation number."""
        return bool(
            self.names & other.names
            or self.registry_ids & other.registry_ids
            or self.citations & other.citations
        )


@dataclass(frozen=True, slots=True)
class Arm:
    """A group: the set of its interventions, its labels and its dose, all folded, and its size."""

    study: str
    interventions: frozenset[str]
    labels: tuple[str, ...]
    dose: str
    participants: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement or analysis of either side; ids and texts are empty where there is none.

    ``names`` are the gold's ``outcome_labels`` or the parts of the prediction's ``outcome_text``.
    """

    start: int
    end: int
    quote: str
    study: str
    arm: str
    comparator: str
    outcome: str
    names: tuple[str, ...]
    param_type: str
    relation: str
    value: float | None
    unit: str
    lower: float | None
    upper: float | None
    interval_type: str
    events: int | None
    participants: int | None
    p_relation: str
    p_value: float | None
    timepoint: str
    population: str
    assertion: str
    sentence: str
    rule: str
    confidence: float = 0.0


@dataclass(slots=True)
class Side:
    """One document as one side sees it; ``rows`` maps a kind (measurements, analyses) to its rows.

    The rows are sorted by what they hold, so nothing that follows depends on the order of input.
    ``names`` maps ``drugs`` and ``procedures`` to the set of names, case folded.
    """

    studies: dict[str, Study] = field(default_factory=dict)
    arms: dict[str, Arm] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=lambda: {"measurements": [], "analyses": []})
    names: dict[str, set[str]] = field(default_factory=lambda: {"drugs": set(), "procedures": set()})

    def sort(self) -> Side:
        """Order the rows by position, then by everything else that they hold."""
        for rows in self.rows.values():
            rows.sort(key=lambda r: (r.start, r.end, repr(r)))
        return self


def gold_side(gold: Gold) -> Side:
    """The gold of one document as a side."""
    side = Side()
    for s in gold.studies:
        side.studies[s.id] = _study(s.names, s.registry_ids, s.citations, s)
    for a in gold.arms:
        side.arms[a.id] = _arm(a.study, a.interventions, a.labels, a)
    side.rows["measurements"] = [_gold_row(m) for m in gold.measurements]
    side.rows["analyses"] = [_gold_row(a) for a in gold.analyses]
    side.names["drugs"] = {_name(d) for d in gold.drugs}
    side.names["procedures"] = {_name(p) for p in gold.procedures}
    return side.sort()


def predicted_sides(tables: Tables) -> dict[str, Side]:
    """The rows of the tables as one side for each doc_id that occurs in them."""
    sides: dict[str, Side] = {d.doc_id: Side() for d in tables.rows["documents"]}
    for s in tables.rows["studies"]:
        study = _study(split_cell(s.name), split_cell(s.registry_ids), split_cell(s.citations), s)
        sides.setdefault(s.doc_id, Side()).studies[s.study_id] = study
    for a in tables.rows["arms"]:
        arm = _arm(a.study_id, [a.interventions], split_cell(a.label), a)
        sides.setdefault(a.doc_id, Side()).arms[a.arm_id] = arm
    for kind in ("measurements", "analyses"):
        for r in tables.rows[kind]:
            sides.setdefault(r.doc_id, Side()).rows[kind].append(_predicted_row(r))
    for m in tables.rows["mentions"]:
        if m.kind in ("drug", "procedure"):
            sides.setdefault(m.doc_id, Side()).names[m.kind + "s"].add(_name(m.concept_id))
    return {doc_id: side.sort() for doc_id, side in sides.items()}


#: what a row holds that is no measurement, or no analysis, or no prediction
_ABSENT = {
    "events": None,
    "participants": None,
    "p_value": None,
    "p_relation": "",
    "rule": "",
    "confidence": 1.0,
}


def _row(r: GoldRow | MeasurementRow | AnalysisRow, **ids: Any) -> Row:
    same = (f.name for f in fields(Row) if f.name not in ids)
    values: dict[str, Any] = {name: getattr(r, name, _ABSENT.get(name)) for name in same}
    return Row(**values, **ids)


def _gold_row(r: GoldRow) -> Row:
    names = tuple(p for label in r.outcome_labels for p in split_cell(label))
    return _row(r, names=names, comparator=getattr(r, "comparator", ""), rule="")


def _predicted_row(r: MeasurementRow | AnalysisRow) -> Row:
    ids = {"study": r.study_id, "arm": r.arm_id, "comparator": getattr(r, "comparator_arm_id", "")}
    return _row(r, names=tuple(split_cell(r.outcome_text)), **ids)


def _name(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _cited(text: str) -> str:
    """A citation; a PubMed number is the same with and without ``PMID`` before it."""
    return plain(text).removeprefix("pmid").lstrip(":")


def _study(
    names: Iterable[str], registry_ids: Iterable[str], citations: Iterable[str], told: GoldStudy | StudyRow
) -> Study:
    found = (map(squeeze, names), map(squeeze, registry_ids), map(_cited, citations))
    named, registered, cited = (frozenset(filter(None, keys)) for keys in found)
    return Study(named, registered, cited, plain(told.phase), told.enrollment)


def _arm(study: str, interventions: Iterable[str], labels: Iterable[str], told: GoldArm | ArmRow) -> Arm:
    parts = (_name(p) for text in interventions for p in text.split(" + "))
    cut = map(fold, labels)
    names = tuple(sorted({c for c in cut if c}))
    return Arm(study, frozenset(filter(None, parts)), names, plain(told.dose), told.participants)
