"""Gold annotations: one JSON file a text, checked against that text while it is read.

The format and its rules are those of the annotation guide. A gold file holds offsets and short
quotes, never the text, so a file is only ever read together with the text that it belongs to.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NoReturn

from trialmine.core.errors import GoldError
from trialmine.core.tables import AnalysisRow, ArmRow, MeasurementRow, MentionRow, StudyRow, Tables


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
class GoldMeasurement:
    """One number of a group; ``study`` and ``arm`` are ids or empty, ``text[start:end] == quote``.

    ``sentence`` is no key of the file: the loader cuts it from the text for reports.
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
    events: int | None = None
    participants: int | None = None
    timepoint: str = ""
    population: str = ""
    assertion: str = "reported"
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class GoldAnalysis:
    """One comparison of two groups; ``study``, ``arm`` and ``comparator`` are ids or empty.

    ``sentence`` is no key of the file: the loader cuts it from the text for reports.
    """

    quote: str
    start: int
    end: int
    param_type: str
    study: str = ""
    arm: str = ""
    comparator: str = ""
    outcome: str = ""
    outcome_labels: tuple[str, ...] = ()
    relation: str = "="
    value: float | None = None
    unit: str = ""
    lower: float | None = None
    upper: float | None = None
    interval_type: str = ""
    p_relation: str = ""
    p_value: float | None = None
    timepoint: str = ""
    population: str = ""
    assertion: str = "reported"
    sentence: str = ""


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


def load_gold(path: str | Path, text: str, sha256: str) -> Gold:
    """Read one gold file and check it against its text.

    ``text`` is the document as decoded, ``sha256`` the hash of its file's bytes (hex). A file without
    ``text_sha256`` is checked by its quotes alone. Offsets that are absent are found by ``context``.

    Raises :class:`GoldError`, which names the file, the row and the reason: no JSON object, a
    duplicate or unknown key, a value of the wrong type, an id that does not exist or exists twice,
    another text's hash, a quote that does not stand at its offsets, or a context that does not
    stand once in the text and hold the quote once.
    """
    path = Path(path)
    return _build(_parse(path), path, text, sha256)


def load_gold_dir(
    gold_dir: str | Path,
    corpus_dir: str | Path,
    read: Callable[[Path], tuple[str, str]] | None = None,
) -> list[GoldText]:
    """Every gold file below ``gold_dir`` whose text is below ``corpus_dir``, sorted by doc_id.

    The text of a gold file is ``<doc_id>.txt`` or ``.md`` at the corpus's top or, for a doc_id without
    a folder, anywhere below it. Gold without a text is left out (its text may not be shareable).
    ``read`` gives (text, SHA-256 of the bytes) of a file; by default the file is read as UTF-8.

    Raises :class:`GoldError` for what :func:`load_gold` refuses, for a doc_id with two texts or two
    gold files, and where no gold file has a text.
    """
    gold_dir, corpus_dir = Path(gold_dir), Path(corpus_dir)
    texts: dict[str, list[Path]] = {}
    for file in sorted(corpus_dir.rglob("*")):
        if file.suffix.lower() in {".txt", ".md"} and file.is_file():
            texts.setdefault(file.relative_to(corpus_dir).with_suffix("").as_posix(), []).append(file)
    found: dict[str, tuple[Path, GoldText]] = {}
    for file in sorted(gold_dir.rglob("*.json")):
        raw = _parse(file)
        wanted = _Row(file, "top level", raw).text("doc_id") or file.stem
        ids = [wanted] if wanted in texts else [i for i in texts if "/" in i and i.split("/")[-1] == wanted]
        candidates = [p for i in ids for p in texts[i]]
        if not candidates:
            continue
        if len(candidates) > 1:
            raise GoldError(f"{file}: doc_id {wanted!r} has several texts: {_listed(candidates)}")
        if ids[0] in found:
            raise GoldError(f"{file}: doc_id {ids[0]!r} has gold already in {found[ids[0]][0]}")
        text, sha256 = (read or _read_utf8)(candidates[0])
        gold = _build({**raw, "doc_id": ids[0]}, file, text, sha256)
        found[ids[0]] = (file, GoldText(candidates[0], text, gold))
    if not found:
        raise GoldError(f"{gold_dir}: no gold file has its text below {corpus_dir}")
    return [found[doc_id][1] for doc_id in sorted(found)]


def gold_tables(golds: Sequence[Gold]) -> Tables:
    """The same annotations in the shape of the program's tables (``rule`` is ``gold``).

    ``outcome_text`` holds all labels, '; ' between; ids are ``<doc_id>:<id or number>``.
    """
    tables = Tables()
    for g in golds:
        prefix = f"{g.doc_id}:"

        def key(identifier: str, prefix: str = prefix) -> str:
            return prefix + identifier if identifier else ""

        for s in g.studies:
            tables.rows["studies"].append(
                StudyRow(
                    study_id=key(s.id), doc_id=g.doc_id, name="; ".join(s.names), phase=s.phase, design="",
                    registry_ids="; ".join(s.registry_ids), enrollment=s.enrollment,
                    citations="; ".join(s.citations),
                )
            )  # fmt: skip
        for a in g.arms:
            tables.rows["arms"].append(
                ArmRow(
                    arm_id=key(a.id), doc_id=g.doc_id, study_id=key(a.study), label="; ".join(a.labels),
                    role=a.role, interventions=" + ".join(a.interventions), dose=a.dose,
                    participants=a.participants,
                )
            )  # fmt: skip
        for n, m in enumerate(g.measurements):
            tables.rows["measurements"].append(
                MeasurementRow(
                    measurement_id=f"{prefix}m{n}", doc_id=g.doc_id, study_id=key(m.study),
                    arm_id=key(m.arm), outcome=m.outcome, outcome_text="; ".join(m.outcome_labels),
                    param_type=m.param_type, relation=m.relation, value=m.value, unit=m.unit,
                    lower=m.lower, upper=m.upper, interval_type=m.interval_type, events=m.events,
                    participants=m.participants, timepoint=m.timepoint, population=m.population,
                    assertion=m.assertion, quote=m.quote, interval_quote="", start=m.start, end=m.end,
                    sentence=m.sentence, rule="gold",
                )
            )  # fmt: skip
        for n, r in enumerate(g.analyses):
            tables.rows["analyses"].append(
                AnalysisRow(
                    analysis_id=f"{prefix}a{n}", doc_id=g.doc_id, study_id=key(r.study),
                    arm_id=key(r.arm), comparator_arm_id=key(r.comparator), outcome=r.outcome,
                    outcome_text="; ".join(r.outcome_labels), param_type=r.param_type,
                    relation=r.relation, value=r.value, unit=r.unit, lower=r.lower, upper=r.upper,
                    interval_type=r.interval_type, p_relation=r.p_relation, p_value=r.p_value,
                    timepoint=r.timepoint, population=r.population, assertion=r.assertion,
                    quote=r.quote, interval_quote="", p_quote="", start=r.start, end=r.end,
                    sentence=r.sentence, rule="gold",
                )
            )  # fmt: skip
        for kind, names in (("drug", g.drugs), ("procedure", g.procedures)):
            tables.rows["mentions"].extend(
                MentionRow(f"{prefix}{kind}{n}", g.doc_id, kind, name, name, 0, 0)
                for n, name in enumerate(names)
            )
    return tables


# --- reading the JSON ---------------------------------------------------------------------------


class _Object(dict[str, Any]):
    """A JSON object that remembers a key it was given twice, so that the refusal can name the row."""

    duplicate: str | None = None


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    result = _Object()
    for key, value in pairs:
        if key in result:
            result.duplicate = key
        result[key] = value
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _parse(path: Path) -> _Object:
    try:
        raw = json.loads(
            path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_refuse_constant
        )
    except (OSError, ValueError, RecursionError) as error:  # ValueError: bad UTF-8 and bad JSON, too
        raise GoldError(f"{path}: can't be read as JSON: {error}") from error
    if not isinstance(raw, _Object):
        raise GoldError(f"{path}: top level: want an object, got {type(raw).__name__}")
    _Row(path, "top level", raw).refuse_keys(_keys(Gold, "topic"))
    return raw


def _keys(cls: type[Any], *more: str) -> frozenset[str]:
    return frozenset(f.name for f in fields(cls)) - {"sentence"} | set(more)


@dataclass(frozen=True, slots=True)
class _Row:
    """One JSON object and where it stands; every getter raises GoldError with file, row and reason."""

    path: Path
    where: str
    raw: dict[str, Any]

    def fail(self, reason: str) -> NoReturn:
        raise GoldError(f"{self.path}: {self.where}: {reason}")

    def refuse_keys(self, allowed: Collection[str]) -> None:
        duplicate = getattr(self.raw, "duplicate", None)
        if duplicate is not None:
            self.fail(f"duplicate key {duplicate!r}")
        for key in self.raw:
            if key not in allowed:
                self.fail(f"unknown key {key!r}")

    def text(self, key: str, default: str = "") -> str:
        value = self.raw.get(key)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool):  # "phase": 3, "citations": [4]
            return str(value)
        return value if isinstance(value, str) else self.fail(f"{key}: want a text, got {value!r}")

    def required(self, key: str) -> str:
        return self.text(key) or self.fail(f"{key}: missing or empty")

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fail(f"{key}: want a list, got {value!r}")
        return tuple(_Row(self.path, self.where, {key: item}).required(key) for item in value)

    def number(self, key: str) -> float | None:
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300:
            self.fail(f"{key}: want a number, got {value!r}")
        return float(value)

    def integer(self, key: str) -> int | None:
        value = self.number(key)
        if value is not None and not value.is_integer():
            self.fail(f"{key}: want a whole number, got {value!r}")
        return None if value is None else int(value)

    def reference(self, key: str, known: Collection[str]) -> str:
        identifier = self.text(key)
        if identifier and identifier not in known:
            self.fail(f"{key}: no such id {identifier!r}")
        return identifier

    def rows(self, key: str, allowed: Collection[str]) -> list[_Row]:
        items = self.raw.get(key)
        if items is None:
            return []
        if not isinstance(items, list):
            self.fail(f"{key}: want a list, got {items!r}")
        result = []
        for n, item in enumerate(items):
            if not isinstance(item, dict):
                self.fail(f"{key}[{n}]: want an object, got {item!r}")
            row = _Row(self.path, f"{key}[{n}]", item)
            row.refuse_keys(allowed)
            result.append(row)
        return result


def _build(raw: dict[str, Any], path: Path, text: str, sha256: str) -> Gold:
    top = _Row(path, "top level", raw)
    said = top.text("text_sha256")
    if said and said.lower() != sha256.lower():
        top.fail(f"text_sha256: the gold is of another text (gold {said}, text {sha256})")
    studies = tuple(
        GoldStudy(
            id=r.required("id"), names=r.texts("names"), registry_ids=r.texts("registry_ids"),
            phase=r.text("phase"), enrollment=r.integer("enrollment"), citations=r.texts("citations"),
        )
        for r in top.rows("studies", _keys(GoldStudy))
    )  # fmt: skip
    study_ids = _unique(top, "studies", [s.id for s in studies])
    arms = tuple(
        GoldArm(
            id=r.required("id"), study=r.reference("study", study_ids), labels=r.texts("labels"),
            interventions=r.texts("interventions"), dose=r.text("dose"), role=r.text("role"),
            participants=r.integer("participants"),
        )
        for r in top.rows("arms", _keys(GoldArm))
    )  # fmt: skip
    arm_ids = _unique(top, "arms", [a.id for a in arms])

    def common(r: _Row) -> dict[str, Any]:
        start, end = _span(r, text)
        return {
            "quote": r.required("quote"), "start": start, "end": end, "sentence": _sentence(text, start, end),
            "study": r.reference("study", study_ids), "arm": r.reference("arm", arm_ids),
            "outcome": r.text("outcome"), "outcome_labels": r.texts("outcome_labels"),
            "param_type": r.required("param_type"), "relation": r.text("relation", "="),
            "value": r.number("value"), "unit": r.text("unit"), "lower": r.number("lower"),
            "upper": r.number("upper"), "interval_type": r.text("interval_type"),
            "timepoint": r.text("timepoint"), "population": r.text("population"),
            "assertion": r.text("assertion", "reported"),
        }  # fmt: skip

    return Gold(
        doc_id=top.text("doc_id") or path.stem,
        text_sha256=said,
        language=top.text("language"),
        annotators=top.texts("annotators"),
        drugs=top.texts("drugs"),
        procedures=top.texts("procedures"),
        studies=studies,
        arms=arms,
        measurements=tuple(
            GoldMeasurement(events=r.integer("events"), participants=r.integer("participants"), **common(r))
            for r in top.rows("measurements", _keys(GoldMeasurement, "context"))
        ),
        analyses=tuple(
            GoldAnalysis(
                comparator=r.reference("comparator", arm_ids),
                p_relation=r.text("p_relation"),
                p_value=r.number("p_value"),
                **common(r),
            )
            for r in top.rows("analyses", _keys(GoldAnalysis, "context"))
        ),
    )


def _unique(top: _Row, table: str, ids: list[str]) -> set[str]:
    for n, identifier in enumerate(ids):
        if identifier in ids[:n]:
            top.fail(f"{table}[{n}]: duplicate id {identifier!r}")
    return set(ids)


def _span(row: _Row, text: str) -> tuple[int, int]:
    """The quote's offsets: those given, else the quote's place in the context's place in the text."""
    quote = row.required("quote")
    start, end = row.integer("start"), row.integer("end")
    if start is None and end is None:
        context = row.text("context") or row.fail("neither start and end nor context")
        at = _once(text, context)
        if at is None:
            row.fail(f"context does not stand once in the text: {context!r}")
        inside = _once(context, quote)
        if inside is None:
            row.fail(f"quote {quote!r} does not stand once in the context {context!r}")
        return at + inside, at + inside + len(quote)
    if start is None or end is None:
        row.fail("start and end: one is given without the other")
    if not 0 <= start < end <= len(text) or text[start:end] != quote:
        row.fail(f"text[{start}:{end}] is not the quote {quote!r}")
    return start, end


def _once(text: str, part: str) -> int | None:
    at = text.find(part)
    return at if at >= 0 and text.find(part, at + 1) < 0 else None


_SENTENCE_END = re.compile(r"[。！？!?]|\.(?=\s)|\n\s*\n")


def _sentence(text: str, start: int, end: int, reach: int = 300) -> str:
    """The sentence around a span, white space tidied, at most ``reach`` characters to each side."""
    left, right = max(0, start - reach), min(len(text), end + reach)
    for match in _SENTENCE_END.finditer(text, left, start):
        left = match.end()
    stop = _SENTENCE_END.search(text, end, right)
    return " ".join(text[left : stop.end() if stop else right].split())


def _read_utf8(path: Path) -> tuple[str, str]:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig"), hashlib.sha256(data).hexdigest()
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: the text is not UTF-8: {error}") from error


def _listed(paths: Sequence[Path]) -> str:
    return ", ".join(str(p) for p in paths)
