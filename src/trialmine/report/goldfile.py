"""A gold file as it stands on the disk: reading the JSON, every fault in it, and writing it.

The shape of a file is the JSON Schema ``gold.schema.json`` beside this module; here is what a schema
can't say.
"""

from __future__ import annotations

import json
import os
import tempfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn

from trialmine.core.errors import GoldError
from trialmine.report.goldnumbers import Severity, number_faults
from trialmine.report.spans import NoSpan, find_span, utf16_offsets

#: the tables of a gold file, in order, and the tables whose rows have a place in the text
TABLES = ("studies", "arms", "measurements", "analyses")
PLACED = TABLES[2:]

#: the keys of a row that hold the id of another row -> the table of that row
LINKS = {"study": "studies", "arm": "arms", "comparator": "arms"}


@dataclass(frozen=True, slots=True)
class GoldFault:
    """What is wrong in a gold file, where (``measurements[3]``), and how bad that is.

    A file with something ``broken`` is unusable, one with a ``draft`` row is not to be scored; what is to
    ``mend`` is for the annotator only; a ``warn`` may be right as it is, as a text may contradict itself.
    """

    where: str
    reason: str
    severity: Severity = "broken"

    def __str__(self) -> str:
        return f"{self.where}: {'warning: ' * (self.severity == 'warn')}{self.reason}"


BYTE_ORDER_MARK = GoldFault("top level", "starts with a byte-order mark; save it as UTF-8 without", "mend")


@cache
def schema() -> dict[str, Any]:
    """The published JSON Schema of a gold file."""
    text = resources.files("trialmine.report").joinpath("gold.schema.json").read_text("utf-8")
    return dict(json.loads(text))


@cache
def keys_of(table: str) -> tuple[str, ...]:
    """The keys of a row of a table, or of the ``top level``, in the order of the schema."""
    if table == "top level":
        return tuple(schema()["properties"])
    name = schema()["properties"][table]["items"]["$ref"].rpartition("/")[2]
    return tuple(schema()["$defs"][name]["properties"])


# --- reading ------------------------------------------------------------------------------------


def read_gold_file(path: Path) -> tuple[dict[str, Any], list[GoldFault]]:
    """The JSON of a gold file, and its faults of coding (for the others see :func:`all_faults`).

    Raises :class:`GoldError` for a file that can't be read as one JSON object.
    """
    faults: list[GoldFault] = []
    data = b""
    try:
        data = path.read_bytes()
        if data.startswith(b"\xef\xbb\xbf"):
            faults.append(BYTE_ORDER_MARK)
        raw = load_json(data.decode("utf-8-sig"), object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        guess = really(data, _is_json)
        raise GoldError(f"{path}: can't be read as JSON: it is not UTF-8{guess}: {error}") from error
    except (OSError, ValueError, RecursionError) as error:
        guess = really(data, _is_json) if b"\0" in data else ""
        raise GoldError(
            f"{path}: can't be read as JSON: {f'it is not UTF-8{guess}: ' if guess else ''}{error}"
        ) from error
    if not isinstance(raw, _Object):
        raise GoldError(f"{path}: top level: want an object, got {type(raw).__name__}")
    return raw, [*faults, *_duplicates(raw)]


def load_json(text: str, **hooks: Any) -> Any:
    """``json.loads``, but NaN, Infinity and half a surrogate pair are a ValueError as all bad JSON is."""
    found = json.loads(text, parse_constant=_refuse_constant, **hooks)
    json.dumps(found, ensure_ascii=False).encode("utf-8")
    return found


class _Object(dict[str, Any]):
    """A JSON object that remembers the keys that it was given twice."""

    duplicates: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    result = _Object(pairs)
    if len(result) < len(pairs):
        result.duplicates = tuple(k for k, n in Counter(key for key, _ in pairs).items() if n > 1)
    return result


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these keys, each of which may stand once: a hook for :func:`load_json`."""
    for key, number in Counter(key for key, _ in pairs).items():
        if number > 1:
            raise ValueError(f"the key {key!r} stands twice")
    return dict(pairs)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def really(data: bytes, sound: Callable[[str], bool]) -> str:
    """What the bytes of a file that isn't UTF-8 seem to be, of the codings in which they are ``sound``.

    Of several, the one in which the most characters beyond ASCII are common ones; the end of a message.
    """
    found: dict[str, float] = {}
    wide = b"\0" in data or data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for name, (coding, common) in _CODINGS.items():
        if coding.startswith("utf") and not wide:
            continue
        try:
            text = data.decode(coding)
        except ValueError:
            continue
        beyond = [c for c in text if not c.isascii()]
        if sound(text):
            found[name] = sum(map(common, beyond)) / len(beyond) if beyond else 1.0
    best = max(found, key=lambda name: found[name], default="")
    return f" but, it seems, {best}" if best and found[best] >= _MOSTLY else ""


#: of the characters beyond ASCII, the share that has to be common in a coding
_MOSTLY = 0.5


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _in_rows(coding: str, first: int, last: int) -> Callable[[str], bool]:
    """Whether a character stands in these rows of a coding of two bytes, where its common ones are."""

    def common(char: str) -> bool:
        data = char.encode(coding, errors="ignore")
        return len(data) == 2 and first <= data[0] <= last

    return common


_WESTERN = frozenset("–—‘’“”•…±×·°µ®™²³¹¼½¾§©†‡éèêëáàâäãåçíìîïñóòôöõøúùûüßÄÅÖØÜÉ")

#: name -> Python's name of the coding, and which characters are common in it: with GB 2312 and Big5, punctuation
#: and the characters of the first level
_CODINGS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "UTF-16": ("utf-16", str.isprintable),
    "UTF-16 (BE)": ("utf-16-be", str.isprintable),
    "UTF-32": ("utf-32", str.isprintable),
    "GB18030": ("gb18030", _in_rows("gb2312", 0xA1, 0xD7)),
    "Big5": ("big5hkscs", _in_rows("big5", 0xA1, 0xC6)),
    "Windows-1252": ("cp1252", lambda char: char in _WESTERN),
}


def _duplicates(raw: _Object) -> Iterator[GoldFault]:
    for key in raw.duplicates:
        yield GoldFault("top level", f"duplicate key {key!r}")
    for table in TABLES:
        for n, row in enumerate(raw.get(table) or () if isinstance(raw.get(table), list) else ()):
            for key in getattr(row, "duplicates", ()):
                yield GoldFault(f"{table}[{n}]", f"duplicate key {key!r}")


_KINDS = {
    "string": "a text", "array": "a list", "object": "an object", "number": "a number",
    "integer": "a whole number", "boolean": "true or false",
}  # fmt: skip


def shape_faults(raw: dict[str, Any]) -> Iterator[GoldFault]:
    """What the schema finds wrong."""
    return _shape_faults(_schema_errors(raw))


def _schema_errors(raw: dict[str, Any]) -> list[Any]:
    """The errors of the validator, by row; a row's missing keys are one error."""
    from jsonschema import Draft202012Validator

    found: dict[str, Any] = {}
    for error in Draft202012Validator(schema()).iter_errors(raw):
        key = json.dumps([[str(p).zfill(6) for p in error.absolute_path], str(error.validator)])
        found.setdefault(key, error)
    return [found[key] for key in sorted(found)]


def _shape_faults(errors: Iterable[Any]) -> Iterator[GoldFault]:
    for error in errors:
        path = list(error.absolute_path)
        row = len(path) > 1 and path[0] in TABLES
        where = f"{path[0]}[{path[1]}]" if row else "top level"
        key = ".".join(str(p) for p in path[2 if row else 0 :])
        prefix, got = f"{key}: " if key else "", error.instance
        if error.validator == "additionalProperties":
            known = keys_of(str(path[0]) if row else "top level")
            yield from (GoldFault(where, f"unknown key {k!r}") for k in got if k not in known)
        elif error.validator == "required":
            yield from (GoldFault(where, f"{k}: missing") for k in error.validator_value if k not in got)
        elif error.validator == "minLength":
            yield GoldFault(where, f"{prefix}missing or empty")
        elif error.validator == "enum":
            known = tuple(str(v) for v in error.validator_value if v)
            if got is not None and not isinstance(got, dict | list):
                yield GoldFault(where, f"{prefix}{got!r} is none of {', '.join(known)}", "mend")
        elif error.validator == "type" and got is None:
            yield GoldFault(where, f"{prefix}missing or empty")
        else:  # a wrong type, or a number beyond all measure
            types = [error.validator_value] if error.validator == "type" else ["number"]
            names = [t for v in types for t in ([v] if isinstance(v, str) else v) if t != "null"]
            yield GoldFault(where, f"{prefix}want {' or '.join(_KINDS[n] for n in names)}, got {got!r}")


# --- what a schema can't say --------------------------------------------------------------------


def all_faults(raw: dict[str, Any], text: str | None, sha256: str) -> list[GoldFault]:
    """The faults of shape, and the others of all that can be read: no fault hides another."""
    errors = _schema_errors(raw)
    return [*_shape_faults(errors), *_faults_of(_readable(raw, errors), text, sha256)]


class _Row(dict[str, Any]):
    """A row of a gold file without the keys whose values have a wrong type; ``gone`` are these."""

    gone: frozenset[str] = frozenset()


def _readable(raw: Mapping[str, Any], errors: Iterable[Any]) -> dict[str, Any]:
    """The file without what has a wrong type; a row that is no object is None, so that the others keep their numbers."""
    result = dict(raw)
    for table in TABLES:
        rows = raw.get(table) if isinstance(raw.get(table), list) else []
        result[table] = [_Row(row) if isinstance(row, dict) else None for row in rows or ()]
    for path in (list(e.absolute_path) for e in errors if e.validator not in _READABLE):
        if path[0] not in TABLES:
            result.pop(path[0], None)
        elif len(path) > 2:
            row = result[path[0]][path[1]]
            row.pop(path[2], None)
            row.gone |= {path[2]}
    return result


#: errors of the schema that leave what they are about readable
_READABLE = ("additionalProperties", "required", "enum")


def _faults_of(raw: Mapping[str, Any], text: str | None, sha256: str) -> list[GoldFault]:
    """The faults beyond the schema, against the text (None: what can be said without it).

    A key may be missing, also one that has to be there. With gold of another text, no place is looked up in
    that text; where every offset would be right if counted in UTF-16 code units, that is the one fault of the
    offsets.
    """
    said = str(raw.get("text_sha256") or "")
    other = []
    if text is not None and said and said.lower() != sha256.lower():
        reason = f"text_sha256: the gold is of another text (gold {said}, text {sha256})"
        other, text = [GoldFault("top level", reason)], None
    places = (f for f, row in _places(raw, text) if not other or row.get("start") is not None)
    return [*other, *_ids(raw), *_unreviewed(raw), *places, *_twice(raw, text), *_quotes(raw)]


def _rows(raw: Mapping[str, Any], *tables: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for table in tables or TABLES:
        for n, row in enumerate(raw.get(table) or ()):
            if row is not None:
                yield table, n, row


def _ids(raw: Mapping[str, Any]) -> Iterator[GoldFault]:
    known: dict[str, dict[str, dict[str, Any]]] = {table: {} for table in TABLES}
    for table, n, row in _rows(raw, "studies", "arms"):
        if "id" not in row:
            continue
        if str(row["id"]) in known[table]:
            yield GoldFault(f"{table}[{n}]", f"duplicate id {str(row['id'])!r}")
        known[table].setdefault(str(row["id"]), row)
    for table, n, row in _rows(raw):
        for key, target in LINKS.items():
            wanted = str(row.get(key) or "")
            if wanted and wanted not in known[target]:
                yield GoldFault(f"{table}[{n}]", f"{key}: no such id {wanted!r}")
            elif wanted and target == "arms" and str(row.get("study") or "") in known["studies"]:
                study = known["arms"][wanted].get("study")
                if study and str(study) != str(row["study"]):
                    reason = f"{key}: {wanted} is an arm of {study}, the row is of study {row['study']}"
                    yield GoldFault(f"{table}[{n}]", reason, "mend")
        if row.get("comparator") and str(row["comparator"]) == str(row.get("arm") or ""):
            yield GoldFault(f"{table}[{n}]", f"comparator: {row['comparator']} is the arm itself", "mend")


def _unreviewed(raw: Mapping[str, Any]) -> Iterator[GoldFault]:
    reason = "not reviewed yet: read it, then set reviewed to true or take the key away"
    if raw.get("reviewed") is False:
        yield GoldFault("top level", f"drugs and procedures are {reason}", "draft")
    for table, n, row in _rows(raw):
        if row.get("reviewed") is False:
            yield GoldFault(f"{table}[{n}]", reason, "draft")


def _places(raw: Mapping[str, Any], text: str | None) -> Iterator[tuple[GoldFault, dict[str, Any]]]:
    """What is wrong with the places of rows, and the row (for offsets in UTF-16, a row of these)."""
    faults = []
    for table, n, row in _rows(raw, *PLACED):
        if "quote" not in row or _gone(row) & {"start", "end", "context"}:
            continue
        try:
            find_span(row, text)
        except NoSpan as error:
            faults.append((GoldFault(f"{table}[{n}]", str(error)), row))
    counted = [(fault, row) for fault, row in faults if _has_offsets(row)]
    if counted and text is not None and recounted(raw, text) is not None:
        reason = "the offsets are counted in UTF-16 code units, all of them; gold fill --utf16 recounts them"
        yield GoldFault("top level", reason), counted[0][1]
        faults = [pair for pair in faults if pair not in counted]
    yield from faults


def _gone(row: Mapping[str, Any]) -> frozenset[str]:
    """The keys of a row that were taken out of it, so that nothing can be said of what lacks."""
    return row.gone if isinstance(row, _Row) else frozenset()


def _has_offsets(row: Mapping[str, Any]) -> bool:
    return row.get("start") is not None and row.get("end") is not None


def recounted(raw: Mapping[str, Any], text: str) -> dict[str, Any] | None:
    """The same gold with offsets that were counted in UTF-16 code units; None if they are not all so.

    A row without both offsets (it may have a context) stays as it is.
    """
    offsets = utf16_offsets(text)
    result = dict(raw)
    for table in PLACED:
        rows = []
        for row in raw.get(table) or ():
            if row is None or "quote" not in row or not _has_offsets(row):
                rows.append(row)
                continue
            start, end = (offsets.get(row[k], -1) for k in ("start", "end"))
            if start < 0 or text[start:end] != str(row["quote"]):
                return None
            rows.append({**row, "start": start, "end": end})
        result[table] = rows
    return result


def _twice(raw: Mapping[str, Any], text: str | None) -> Iterator[GoldFault]:
    """Two rows of a number that no group, outcome, time or population tells from each other.

    The words for an outcome tell nothing, nor whether the place is told by offsets or by a context. Without the
    text, two contexts are one place where they are the same.
    """
    seen: dict[tuple[Any, ...], str] = {}
    told = ("study", "arm", "comparator", "outcome", "timepoint", "population")
    for table, n, row in _rows(raw, *PLACED):
        if "quote" not in row or _gone(row) & {"start", "end", "context", *told}:
            continue
        try:
            place: tuple[Any, ...] = find_span(row, text)
        except NoSpan:
            place = (row.get("start"), row.get("end"), row.get("context"), str(row["quote"]))
        key = (table, *place, *(str(row.get(k) or "") for k in told))
        if key in seen:
            yield GoldFault(f"{table}[{n}]", f"the span is used twice, in {seen[key]} for the same", "mend")
        seen.setdefault(key, f"{table}[{n}]")


def _quotes(raw: Mapping[str, Any]) -> Iterator[GoldFault]:
    for table, n, row in _rows(raw, *PLACED):
        quote = str(row.get("quote", ""))
        if quote != quote.strip():  # brat loses it
            yield GoldFault(f"{table}[{n}]", f"the quote {quote!r} begins or ends with white space", "mend")
        for reason, severity in number_faults(row, _gone(row)):
            yield GoldFault(f"{table}[{n}]", reason, severity)


# --- writing ------------------------------------------------------------------------------------


def dump_gold(raw: Mapping[str, Any]) -> str:
    """The file's text: keys in the order of the schema, one row a line."""
    lines = []
    for key in (k for k in keys_of("top level") if k in raw):
        value = raw[key]
        if key in TABLES and value:
            rows = ({k: row[k] for k in keys_of(key) if k in row} for row in value)
            written = "[\n" + ",\n".join(f"    {_json(row)}" for row in rows) + "\n  ]"
        else:
            written = _json(value)
        lines.append(f"  {_json(key)}: {written}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all, also where it replaces one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".trialmine-", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
