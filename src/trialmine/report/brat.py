"""Gold to and from brat's standoff format: NAME.txt and NAME.ann side by side.

A row is a text-bound annotation; its links are relations, its type and assertion attributes, and the
rest of its fields is JSON in its note. What is said of the document as a whole is the note of one
annotation ``Document`` over the first letter. Offsets count code points, as brat's do. brat marks
nothing across a line break: such a span is written, and read, as its parts between the breaks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from trialmine.core.errors import GoldError
from trialmine.report.exchange import CHOICES, KINDS, Marked, Region, first_word, mark, unmark
from trialmine.report.goldfile import BYTE_ORDER_MARK, LINKS, load_json, once, really, schema

_DOCUMENT = "Document"
_TABLE = {kind: table for table, kind in KINDS.items()}
_CHOSEN = re.compile(r"[A-Za-z_]+")  # the values that an attribute can have in brat's configuration


def to_brat(golds: Mapping[str, tuple[Mapping[str, Any], str]]) -> dict[str, str]:
    """File name -> content for golds in which nothing is broken, given as doc_id -> (gold file, text)."""
    files = {"annotation.conf": _configuration()}
    for doc_id, (raw, text) in golds.items():
        files[f"{doc_id}.txt"] = text
        files[f"{doc_id}.ann"] = _standoff(mark(raw, text))
    return files


def _standoff(marked: Marked) -> str:
    document = Region(_DOCUMENT, *first_word(marked.text), marked.document)
    numbers = {key: n for n, key in enumerate(marked.regions, start=2)}
    lines, attributes = [], 0
    for n, region in enumerate([document, *marked.regions.values()], start=1):
        parts = _parts(marked.text, region.start, region.end)
        place = ";".join(f"{a} {b}" for a, b in parts)
        quote = " ".join(marked.text[a:b] for a, b in parts)
        lines.append(f"T{n}\t{KINDS.get(region.table, _DOCUMENT)} {place}\t{quote}")
        note = dict(region.fields)
        for name in CHOICES:
            if isinstance(note.get(name), str) and _CHOSEN.fullmatch(note[name]):
                attributes += 1
                lines.append(f"A{attributes}\t{name} T{n} {note.pop(name)}")
        lines.append(f"#{n}\tAnnotatorNotes T{n}\t{json.dumps(note, ensure_ascii=False)}")
    for n, (name, source, target) in enumerate(marked.links, start=1):
        lines.append(f"R{n}\t{name} Arg1:T{numbers[source]} Arg2:T{numbers[target]}")
    return "".join(f"{line}\n" for line in lines)


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A span without the line breaks in it and the blanks around them."""
    parts, at = [], start
    for gap in re.finditer(r"\s*[\r\n]\s*", text[start:end]):
        parts.append((at, start + gap.start()))
        at = start + gap.end()
    return [(a, b) for a, b in [*parts, (at, end)] if a < b] or [(start, end)]


def _configuration() -> str:
    defs = schema()["$defs"]
    values = {
        "param_type": [v for t in ("measurement", "analysis") for v in defs[t]["properties"]["param_type"]["enum"]],
        "assertion": [v for v in defs["assertion"]["enum"] if v],
    }  # fmt: skip
    sources = {"study": "Arm|Measurement|Analysis", "arm": "Measurement|Analysis", "comparator": "Analysis"}
    return "\n".join(
        [
            "[entities]", _DOCUMENT, *KINDS.values(), "",
            "[relations]", *(f"{n} Arg1:{sources[n]}, Arg2:{KINDS[LINKS[n]]}" for n in LINKS),
            "<OVERLAP> Arg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", "",
            "[events]", "",
            "[attributes]", *(f"{n} Arg:Measurement|Analysis, Value:{'|'.join(values[n])}" for n in CHOICES),
            "",
        ]
    )  # fmt: skip


# --- reading ------------------------------------------------------------------------------------

_BOUND = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)")
_RELATION = re.compile(r"R\d+\t(\S+) Arg1:(T\d+) Arg2:(T\d+)\s*")
_ATTRIBUTE = re.compile(r"[AM]\d+\t(\S+) (T\d+) (\S+)")
_NOTE = re.compile(r"#\d+\tAnnotatorNotes (T\d+)\t(.*)")


def from_brat(annotations: Path) -> tuple[dict[str, Any], list[str]]:
    """The gold file of one .ann file and the .txt file beside it, and what is odd (see :func:`unmark`).

    Raises :class:`GoldError`, which names the file and the line: a line that can't be read or has no
    meaning here, a span in parts with more than a line break between them, a text that does not stand
    at its offsets, a note that is no JSON object, and what :func:`unmark` refuses.
    """
    spans: dict[str, tuple[str, int, int]] = {}
    fields: dict[str, dict[str, Any]] = {}
    chosen: list[tuple[str, str, str]] = []
    links: list[tuple[str, str, str]] = []
    text = _utf8(annotations.with_suffix(".txt"))
    lines = _utf8(annotations).split("\n")
    for n, line in enumerate((x.removesuffix("\r") for x in lines), start=1):
        where = f"{annotations}:{n}"
        if match := _BOUND.fullmatch(line):
            key, kind, place, quote = match.groups()
            if kind != _DOCUMENT and kind not in _TABLE:
                raise GoldError(f"{where}: {key} is a {kind}; known are {', '.join([_DOCUMENT, *_TABLE])}")
            if key in spans:
                raise GoldError(f"{where}: {key} stands twice; brat counts on, so one of them was copied")
            spans[key] = (kind, *_whole(place, quote, text, f"{where}: {key}"))
        elif match := _RELATION.fullmatch(line):
            links.append((match[1], match[2], match[3]))
        elif match := _ATTRIBUTE.fullmatch(line):
            chosen.append((match[1], match[2], match[3]))
        elif match := _NOTE.fullmatch(line):
            if match[1] in fields:
                raise GoldError(f"{where}: {match[1]} has two notes")
            fields[match[1]] = _json_object(match[2], where)
        elif line.strip():
            raise GoldError(f"{where}: the line has no meaning in gold: {line[:60]!r}")
    for name, key, value in chosen:
        if name not in CHOICES:
            raise GoldError(f"{annotations}: the attribute {name!r} has no meaning in gold")
        fields.setdefault(key, {})[name] = value
    if strays := fields.keys() - spans.keys():
        raise GoldError(f"{annotations}: a note or attribute is of {min(strays)}, which is not there")
    documents = [key for key, (kind, _, _) in spans.items() if kind == _DOCUMENT]
    if len(documents) != 1:
        raise GoldError(f"{annotations}: want one annotation {_DOCUMENT}, got {len(documents)}")
    marked = Marked(text, fields.get(documents[0], {}), links=links)
    for key, (kind, start, end) in spans.items():
        if kind != _DOCUMENT:
            marked.regions[key] = Region(_TABLE[kind], start, end, fields.get(key, {}))
    return unmark(marked, str(annotations))


def _utf8(path: Path) -> str:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: it is not UTF-8{really(data, bool)}: {error}") from None
    if text.startswith("\ufeff"):
        raise GoldError(f"{path}: {BYTE_ORDER_MARK.reason}")
    return text


def _whole(place: str, quote: str, text: str, where: str) -> tuple[int, int]:
    """The one span of the parts of an annotation."""
    parts = [tuple(map(int, part.split())) for part in place.split(";")]
    for (_, before), (after, _) in pairwise(parts):
        gap = text[before:after]
        if before > after or gap.strip() or not {"\n", "\r"} & set(gap):
            raise GoldError(f"{where} is a discontinuous span ({place}); gold quotes are of one piece")
    if " ".join(text[a:b] for a, b in parts) != quote:
        raise GoldError(f"{where}: {quote!r} does not stand at {place}; are the two files of one text?")
    return parts[0][0], parts[-1][1]


def _json_object(note: str, where: str) -> dict[str, Any]:
    try:
        found = load_json(note, object_pairs_hook=once)
    except ValueError as error:
        raise GoldError(f"{where}: the note is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise GoldError(f"{where}: the note is no JSON object: {note[:60]!r}")
    return found


def annotation_files(inputs: Iterable[Path]) -> list[Path]:
    """The .ann files among files and below folders, sorted.

    Raises :class:`GoldError`, which names them, for texts of a folder that have no .ann file beside them.
    """
    found, alone = set(), []
    for given in inputs:
        if not given.is_dir():
            found |= {given} if given.suffix == ".ann" else set()
            continue
        own = set(given.rglob("*.ann"))
        found |= own
        if own:  # else it is no folder of brat's
            alone += [t for t in given.rglob("*.txt") if t.with_suffix(".ann") not in own]
    if alone:
        names = ", ".join(map(str, sorted(alone)))
        raise GoldError(f"{names}: there is no .ann file beside (was it deleted?)")
    for path in sorted(found):
        if not path.with_suffix(".txt").exists():
            raise GoldError(f"{path}: there is no .txt file beside (was it deleted?)")
    return sorted(found)
