"""Gold annotations: one JSON file a text, checked against that text while it is read.

The format and its rules are those of the annotation guide; its shape is ``gold.schema.json``. A gold
file holds offsets and short quotes, never the text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from trialmine.core.errors import GoldError
from trialmine.core.tables import AnalysisRow, ArmRow, MeasurementRow, MentionRow, StudyRow, Tables, join_cell
from trialmine.report.goldfile import (
    BYTE_ORDER_MARK,
    PLACED,
    GoldFault,
    all_faults,
    read_gold_file,
    recounted,
    shape_faults,
)
from trialmine.report.spans import find_span, sentence_around


@dataclass(frozen=True, slots=True)
class GoldStudy:
    """One study of a gold file; absent and null texts are empty."""

    id: str
    names: tuple[str, ...] = ()
    registry_ids: tuple[str, ...] = ()
    phase: str = ""
    enrollment: int | None = None
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldArm:
    """One group of a gold file; ``study`` is a :class:`GoldStudy` id or empty."""

    id: str
    study: str = ""
    labels: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    dose: str = ""
    role: str = ""
    participants: int | None = None


@dataclass(frozen=True, slots=True)
class GoldRow:
    """What a measurement and an analysis share; ``study`` and ``arm`` are ids or empty.

    ``text[start:end] == quote``. ``sentence`` is no key of the file: the loader cuts it from the text
    for reports.
    """

    quote: str
    start: int
    end: int
    param_type: str
    study: str = ""
    arm: str = ""
    outcome: str = ""
    outcome_labels: tuple[str, ...] = ()
    relation: str = "="
    value: float | None = None
    unit: str = ""
    lower: float | None = None
    upper: float | None = None
    interval_type: str = ""
    timepoint: str = ""
    population: str = ""
    assertion: str = "reported"
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class GoldMeasurement(GoldRow):
    """One number of a group."""

    events: int | None = None
    participants: int | None = None


@dataclass(frozen=True, slots=True)
class GoldAnalysis(GoldRow):
    """One comparison of two groups; ``comparator`` is the id of the other one, or empty."""

    comparator: str = ""
    p_relation: str = ""
    p_value: float | None = None


@dataclass(frozen=True, slots=True)
class Gold:
    """All annotations of one document."""

    doc_id: str
    text_sha256: str = ""
    language: str = ""
    annotators: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    studies: tuple[GoldStudy, ...] = ()
    arms: tuple[GoldArm, ...] = ()
    measurements: tuple[GoldMeasurement, ...] = ()
    analyses: tuple[GoldAnalysis, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldText:
    """A text and its gold; ``gold.doc_id`` is the text's path below the corpus without its ending."""

    path: Path
    text: str
    gold: Gold


@dataclass(slots=True)
class GoldSet:
    """The gold of a folder that has its texts, sorted by doc_id.

    ``to_mend`` are the faults of these files that leave them usable, each with its file and row;
    ``without_text`` are the gold files that have no text.
    """

    texts: list[GoldText] = field(default_factory=list)
    to_mend: list[str] = field(default_factory=list)
    without_text: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[GoldText]:
        return iter(self.texts)


def load_gold(path: str | Path, text: str | None, sha256: str = "") -> Gold:
    """Read one gold file and check it against its text.

    ``text`` is the document as decoded, ``sha256`` the hash of its file's bytes (hex). A file without
    ``text_sha256`` is checked by its quotes alone. Offsets that are absent are found by ``context``.
    With None for the text, the offsets are taken as given and the sentences are empty.

    Raises :class:`GoldError`, which names the file, the row and the reason: no JSON object, a
    duplicate or unknown key, a value of the wrong type, an id that does not exist or exists twice,
    another text's hash, a quote that does not stand at its offsets, a context that does not stand once
    in the text and hold the quote once, or a row that nobody has reviewed.
    """
    return _check(Path(path), *read_gold_file(Path(path)), text, sha256).gold()


@dataclass(frozen=True, slots=True)
class CheckedGold:
    """A gold file as it stands, with all its faults; ``text`` is None where its text isn't at hand."""

    path: Path
    raw: dict[str, Any]
    doc_id: str
    text: str | None
    sha256: str
    faults: list[GoldFault]

    @property
    def broken(self) -> list[GoldFault]:
        """The faults that leave the file unusable."""
        return [f for f in self.faults if f.severity == "broken"]

    @property
    def to_mend(self) -> list[str]:
        """The other faults and what is warned of, but for unreviewed rows, each with the file's name."""
        return [f"{self.path}: {f}" for f in self.faults if f.severity in ("mend", "warn")]

    def gold(self) -> Gold:
        """The annotations. Raises :class:`GoldError` as :func:`load_gold`."""
        _refuse(self.path, self.faults)
        return _build(self.raw, self.doc_id, self.text)


def _check(
    path: Path, raw: dict[str, Any], coding: Sequence[GoldFault], text: str | None, sha256: str
) -> CheckedGold:
    doc_id = _doc_id(raw, path)
    return CheckedGold(path, raw, doc_id, text, sha256, [*coding, *all_faults(raw, text, sha256)])


def _doc_id(raw: Mapping[str, Any], path: Path) -> str:
    return str(raw.get("doc_id") or path.stem)


def _refuse(path: Path, faults: Sequence[GoldFault]) -> None:
    fatal = [f for f in faults if f.severity in ("broken", "draft")]
    if fatal:
        more = f" (and {len(fatal) - 1} more: trialmine gold check lists them)" if len(fatal) > 1 else ""
        raise GoldError(f"{path}: {fatal[0]}{more}")


_Record = TypeVar("_Record", Gold, GoldStudy, GoldArm, GoldMeasurement, GoldAnalysis)


def _build(raw: Mapping[str, Any], doc_id: str, text: str | None) -> Gold:
    def placed(row: Mapping[str, Any]) -> dict[str, Any]:
        start, end = find_span(row, text)
        sentence = "" if text is None else sentence_around(text, start, end)
        return {"start": start, "end": end, "sentence": sentence}

    def rows(table: str) -> list[Mapping[str, Any]]:
        return raw.get(table) or []

    return _record(
        Gold,
        raw,
        doc_id=doc_id,
        studies=tuple(_record(GoldStudy, r) for r in rows("studies")),
        arms=tuple(_record(GoldArm, r) for r in rows("arms")),
        measurements=tuple(_record(GoldMeasurement, r, **placed(r)) for r in rows("measurements")),
        analyses=tuple(_record(GoldAnalysis, r, **placed(r)) for r in rows("analyses")),
    )


_CONVERT: dict[Any, Callable[[Any], Any]] = {
    "str": str,
    "tuple[str, ...]": lambda items: tuple(map(str, items)),
    "int | None": int,
    "float | None": float,
}


def _record(cls: type[_Record], raw: Mapping[str, Any], **told: Any) -> _Record:
    """A JSON object that fits the schema as a record; what is absent, null or empty is the default."""
    said = (f for f in fields(cls) if f.name not in told and raw.get(f.name) not in (None, ""))
    return cls(**{f.name: _CONVERT[f.type](raw[f.name]) for f in said}, **told)


# --- gold and texts in folders ------------------------------------------------------------------

#: reads a text: the file's path -> (the text, the SHA-256 of the bytes)
Reader = Callable[[Path], tuple[str, str]]


class Texts:
    """The texts (.txt, .md) below some folders, found by doc_id.

    A text's id is its path below its folder without its ending. ``read`` gives (text, SHA-256 of the
    bytes) of a file; by default the file is read as UTF-8.
    """

    def __init__(self, folders: Sequence[str | Path], read: Reader | None = None) -> None:
        self.read: Reader = read or _read_utf8
        self.folders = [Path(f) for f in folders]
        self._paths: dict[str, list[Path]] = {}
        for folder in self.folders:
            for file in sorted(folder.rglob("*")):
                if file.suffix.lower() in {".txt", ".md"} and file.is_file():
                    doc_id = file.relative_to(folder).with_suffix("").as_posix()
                    self._paths.setdefault(doc_id, []).append(file)

    def find(self, doc_id: str, asked_by: Path) -> tuple[str, Path] | None:
        """The id and the file of a text: at a folder's top or, for an id without a folder, below it.

        None where there is no such text; raises :class:`GoldError`, naming ``asked_by``, for several.
        """
        paths = self._paths
        ids = [doc_id] if doc_id in paths else [i for i in paths if "/" in i and i.split("/")[-1] == doc_id]
        files = [p for i in ids for p in paths[i]]
        if len(files) > 1:
            raise GoldError(f"{asked_by}: doc_id {doc_id!r} has several texts: {', '.join(map(str, files))}")
        return (ids[0], files[0]) if files else None


def check_gold(path: Path, texts: Texts) -> CheckedGold:
    """Read one gold file with all its faults. Raises :class:`GoldError` where it is no JSON object."""
    raw, coding = read_gold_file(path)
    place = texts.find(_doc_id(raw, path), path)
    text, sha256 = texts.read(place[1]) if place else (None, "")
    checked = _check(path, raw, coding, text, sha256)
    return replace(checked, doc_id=place[0]) if place else checked


def filled_gold(file: CheckedGold, utf16: bool = False) -> dict[str, Any] | None:
    """The file with offsets in place of contexts and with its text's hash; None if it is so already.

    With ``utf16``, offsets that are all counted in UTF-16 code units are recounted. Raises
    :class:`GoldError`, naming the file, where it is broken or begins with a byte-order mark, and where
    its text is not at hand.
    """
    if file.text is None:
        raise GoldError(f"{file.path}: its text is not at hand")
    raw, broken = file.raw, file.broken
    if utf16 and not list(shape_faults(raw)):
        raw = recounted(raw, file.text) or raw
        broken = [f for f in all_faults(raw, file.text, file.sha256) if f.severity == "broken"]
    if BYTE_ORDER_MARK in file.faults:
        broken = [BYTE_ORDER_MARK, *broken]
    if broken:
        raise GoldError(f"{file.path}: {'; '.join(map(str, broken))}")
    filled = {**raw, "text_sha256": raw.get("text_sha256") or file.sha256}
    for table in (t for t in PLACED if raw.get(t)):
        filled[table] = [_with_offsets(row, file.text) for row in raw[table]]
    return None if filled == file.raw else filled


def _with_offsets(row: Mapping[str, Any], text: str) -> dict[str, Any]:
    start, end = find_span(row, text)
    return {**{k: v for k, v in row.items() if k != "context"}, "start": start, "end": end}


def load_gold_dir(
    gold_dir: str | Path,
    corpus: str | Path | Sequence[str | Path],
    read: Reader | None = None,
    wanted: Callable[[str], bool] = lambda doc_id: True,
) -> GoldSet:
    """Every gold file below ``gold_dir`` whose text is below a folder of ``corpus``.

    Gold without a text is left out (its text may not be shareable), and so is a doc_id that is not
    ``wanted``. For ``read`` see :class:`Texts`.

    Raises :class:`GoldError` for what :func:`load_gold` refuses, with the number of further files that
    it would refuse, for a doc_id with two texts or two gold files, and where no gold file has a text.
    """
    gold_dir = Path(gold_dir)
    texts = Texts([corpus] if isinstance(corpus, str | Path) else corpus, read)
    result, files, refused = GoldSet(), dict[str, Path](), list[str]()
    for file in sorted(gold_dir.rglob("*.json")):
        try:
            raw, coding = read_gold_file(file)
            # perhaps no gold at all: said even without a text
            _refuse(file, [f for f in (*coding, *shape_faults(raw)) if f.where == "top level"])
            place = texts.find(_doc_id(raw, file), file)
            if place is None:
                result.without_text.append(str(file))
                continue
            doc_id, path = place
            if doc_id in files:
                raise GoldError(f"{file}: doc_id {doc_id!r} has gold already in {files[doc_id]}")
            files[doc_id] = file
            if wanted(doc_id):
                text, sha256 = texts.read(path)
                checked = replace(_check(file, raw, coding, text, sha256), doc_id=doc_id)
                result.texts.append(GoldText(path, text, checked.gold()))
                result.to_mend += checked.to_mend
        except GoldError as error:
            refused.append(str(error))
    if refused:
        more = f"; and {len(refused) - 1} more files: trialmine gold check names them"
        raise GoldError(refused[0] + (more if len(refused) > 1 else ""))
    if not result.texts:
        folders = ", ".join(str(f) for f in texts.folders)
        raise GoldError(f"{gold_dir}: no gold file has its text below {folders} (or it is not wanted)")
    result.texts.sort(key=lambda t: t.gold.doc_id)
    return result


def _read_utf8(path: Path) -> tuple[str, str]:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig"), hashlib.sha256(data).hexdigest()
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: the text is not UTF-8: {error}") from error


def gold_tables(golds: Sequence[Gold]) -> Tables:
    """The same annotations in the shape of the program's tables (``rule`` is ``gold``).

    ``outcome_text`` holds all labels, '; ' between; ids are ``<doc_id>:<id or number>``.
    """
    tables = Tables()
    rows = tables.rows
    for g in golds:
        prefix = f"{g.doc_id}:"

        def key(identifier: str, prefix: str = prefix) -> str:
            return prefix + identifier if identifier else ""

        def shared(r: GoldRow, doc_id: str = g.doc_id) -> dict[str, Any]:
            return {
                **{n: getattr(r, n) for n in _SHARED}, "doc_id": doc_id, "study_id": key(r.study),
                "arm_id": key(r.arm), "outcome_text": join_cell(r.outcome_labels), "interval_quote": "",
                "rule": "gold", "confidence": 1.0,
            }  # fmt: skip

        rows["studies"] += [
            StudyRow(
                study_id=key(s.id), doc_id=g.doc_id, name=join_cell(s.names), phase=s.phase, design="",
                registry_ids=join_cell(s.registry_ids), enrollment=s.enrollment,
                citations=join_cell(s.citations),
            )
            for s in g.studies
        ]  # fmt: skip
        rows["arms"] += [
            ArmRow(
                arm_id=key(a.id), doc_id=g.doc_id, study_id=key(a.study), label=join_cell(a.labels),
                role=a.role, interventions=" + ".join(a.interventions), dose=a.dose,
                participants=a.participants,
            )
            for a in g.arms
        ]  # fmt: skip
        rows["measurements"] += [
            MeasurementRow(
                measurement_id=f"{prefix}m{n}", events=m.events, participants=m.participants, **shared(m)
            )
            for n, m in enumerate(g.measurements)
        ]
        rows["analyses"] += [
            AnalysisRow(
                analysis_id=f"{prefix}a{n}", comparator_arm_id=key(r.comparator), p_relation=r.p_relation,
                p_value=r.p_value, p_quote="", **shared(r),
            )
            for n, r in enumerate(g.analyses)
        ]  # fmt: skip
        for kind, names in (("drug", g.drugs), ("procedure", g.procedures)):
            rows["mentions"] += [
                MentionRow(f"{prefix}{kind}{n}", g.doc_id, kind, name, name, 0, 0)
                for n, name in enumerate(names)
            ]
    return tables


#: what a gold row and a row of the tables both call by one name
_SHARED = (
    "outcome", "param_type", "relation", "value", "unit", "lower", "upper", "interval_type", "timepoint",
    "population", "assertion", "quote", "start", "end", "sentence",
)  # fmt: skip
