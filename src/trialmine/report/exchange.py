"""Gold as marked regions of a text with links between them: what annotation tools work on.

A study and an arm have no place in a gold file; here they stand where the text first names them, else
at the first row that is theirs. Nothing else of a file is lost, and nothing is added: what a region
carries beside its place is in its ``fields``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from trialmine.core.errors import GoldError
from trialmine.report.goldfile import LINKS, PLACED, TABLES, all_faults
from trialmine.report.spans import find_span

#: what a region of a table is called in the tools
KINDS = {"studies": "Study", "arms": "Arm", "measurements": "Measurement", "analyses": "Analysis"}

#: the fields that have a few known values; the tools show them as choices
CHOICES = ("param_type", "assertion")


@dataclass(frozen=True, slots=True)
class Region:
    """One row: its table, its place in the text, and its fields beside place, quote and links."""

    table: str
    start: int
    end: int
    fields: dict[str, Any]


@dataclass(slots=True)
class Marked:
    """One document: what its gold says of it as a whole, its regions by key, and the links.

    ``links`` are (name, key of the row, key of what it points to), the names those of
    :data:`trialmine.report.goldfile.LINKS`.
    """

    text: str
    document: dict[str, Any]
    regions: dict[str, Region] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)


def mark(raw: Mapping[str, Any], text: str) -> Marked:
    """The regions and links of a gold file in which nothing is broken; the regions in the file's order."""
    marked = Marked(text, {k: v for k, v in raw.items() if k not in TABLES})
    ids = {
        (table, str(row["id"])): f"{KINDS[table]}{n}"
        for table in TABLES[:2]
        for n, row in enumerate(raw.get(table) or ())
    }
    for table in TABLES:
        for n, row in enumerate(raw.get(table) or ()):
            fields, key = dict(row), f"{KINDS[table]}{n}"
            for name, target in LINKS.items():
                if row.get(name):
                    marked.links.append((name, key, ids[target, str(fields.pop(name))]))
            if table in PLACED:
                start, end = find_span(row, text)
                fields = {k: v for k, v in fields.items() if k not in ("quote", "start", "end", "context")}
            else:
                start, end = _place(raw, text, table, row)
            marked.regions[key] = Region(table, start, end, fields)
    return marked


def _place(raw: Mapping[str, Any], text: str, table: str, row: Mapping[str, Any]) -> tuple[int, int]:
    for name in map(str, (row.get("names") or []) + (row.get("labels") or [])):
        if (at := text.find(name)) >= 0:
            return at, at + len(name)
    names = [name for name, target in LINKS.items() if target == table]
    for placed in (r for t in PLACED for r in raw.get(t) or ()):
        if any(str(placed.get(name)) == str(row["id"]) for name in names):
            return find_span(placed, text)
    return first_word(text)


def first_word(text: str) -> tuple[int, int]:
    """The place of the text's first character that is no blank."""
    at = len(text) - len(text.lstrip())
    return at, at + 1


def unmark(marked: Marked, where: str) -> dict[str, Any]:
    """The gold file of the regions and links, its tables in the regions' order.

    A study or an arm that was added without fields is named as the text at its place and gets a free
    id. Raises :class:`GoldError`, which begins with ``where``, for links that lead nowhere or are two
    where one can be, and for what the scorer would refuse.
    """
    raw: dict[str, Any] = {**marked.document, **{table: [] for table in TABLES}}
    rows: dict[str, dict[str, Any]] = {}
    taken = {str(r.fields["id"]) for r in marked.regions.values() if "id" in r.fields}
    for key, region in marked.regions.items():
        quote = marked.text[region.start : region.end]
        if region.table in PLACED:
            row = {**region.fields, "quote": quote, "start": region.start, "end": region.end}
        else:
            row = dict(region.fields)
            if "id" not in row:
                letter, named = ("S", "names") if region.table == "studies" else ("A", "labels")
                free = next(i for i in (f"{letter}{n}" for n in count(1)) if i not in taken)
                row = {"id": free, named: [quote], **row}
                taken.add(free)
        rows[key] = row
        raw[region.table].append(row)
    linked: set[tuple[str, str]] = set()
    for name, source, target in marked.links:
        for key in (source, target):
            if key not in rows:
                raise GoldError(f"{where}: the relation {name!r} leads to {key}, which is not there")
        if name not in LINKS or marked.regions[target].table != LINKS[name]:
            raise GoldError(f"{where}: {target} can't be what {source} has as {name!r}")
        if (name, source) in linked:
            raise GoldError(f"{where}: {source} has the relation {name!r} twice; it can have one")
        linked.add((name, source))
        rows[source][name] = rows[target]["id"]
    # the hash is of the file's bytes, which a tool never sees
    same = str(raw.get("text_sha256") or "")
    for fault in (f for f in all_faults(raw, marked.text, same) if f.severity == "broken"):
        raise GoldError(f"{where}: {fault}")
    return raw
