"""Gold as marked regions of a text with links between them: what annotation tools work on.

A study and an arm have no place in a gold file; here they stand where the text first names them, else
at the first row that is theirs. Nothing else of a file is lost, and nothing is added: what a region
carries beside its place is in its ``fields``. There ``links`` repeats the ids that the row is linked to, and
``sent`` among what is said of the document counts the rows, so that what a tool loses is missed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
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
            linked = {name: str(fields.pop(name)) for name in LINKS if row.get(name)}
            marked.links += [(name, key, ids[LINKS[name], linked[name]]) for name in linked]
            if table in PLACED:
                start, end = find_span(row, text)
                fields = {k: v for k, v in fields.items() if k not in ("quote", "start", "end", "context")}
            else:
                start, end = _place(raw, text, table, row)
            marked.regions[key] = Region(table, start, end, {**fields, "links": linked})
    marked.document["sent"] = {KINDS[t]: len(raw.get(t) or ()) for t in TABLES}
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


def unmark(marked: Marked, where: str) -> tuple[dict[str, Any], list[str]]:
    """The gold file of the regions and links, its tables in the regions' order, and what is odd about it.

    A study or an arm that was added without fields is named as the text at its place and gets a free
    id. Odd, each a line that begins with ``where``: rows and links that were there when the gold went out,
    a row that was added without a link to its study, and what ``gold check`` would have mended. Raises :class:`GoldError`, which begins with ``where``, for links that lead nowhere or are two
    where one can be, and for what the scorer would refuse.
    """
    raw: dict[str, Any] = {**marked.document, **{table: [] for table in TABLES}}
    sent = raw.pop("sent", None)
    rows: dict[str, dict[str, Any]] = {}
    taken = {str(r.fields["id"]) for r in marked.regions.values() if "id" in r.fields}
    went_out: dict[str, Any] = {}
    for key, region in marked.regions.items():
        quote = marked.text[region.start : region.end]
        went_out[key] = region.fields.pop("links", None)
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
    odd = [*_gone(marked, went_out, sent, where), *_lost(marked, went_out, linked, where)]
    # the hash is of the file's bytes, which a tool never sees
    same = str(raw.get("text_sha256") or "")
    for fault in all_faults(raw, marked.text, same):
        if fault.severity == "broken":
            raise GoldError(f"{where}: {fault}")
        if fault.severity in ("mend", "warn"):
            odd.append(f"{where}: {fault}")
    return raw, odd


def _gone(marked: Marked, went_out: Mapping[str, Any], sent: Any, where: str) -> Iterator[str]:
    """A line for each kind of row of which fewer came back than went out."""
    back = Counter(KINDS[r.table] for key, r in marked.regions.items() if went_out[key] is not None)
    for kind, number in sent.items() if isinstance(sent, dict) else ():
        if isinstance(number, int) and back[kind] < number:
            yield f"{where}: of {number} annotations {kind} that went out {number - back[kind]} are gone"


def _lost(
    marked: Marked, went_out: Mapping[str, Any], linked: set[tuple[str, str]], where: str
) -> Iterator[str]:
    """A line for each link that a row is without now."""
    for key, region in marked.regions.items():
        row = f"{where}: {key} ({KINDS[region.table]} {marked.text[region.start : region.end]!r})"
        said = went_out[key]
        if isinstance(said, dict):
            for name in (n for n in said if (n, key) not in linked):
                yield f"{row} has lost its relation {name!r}, which led to {said[name]}"
        elif region.table != "studies" and ("study", key) not in linked:
            yield f"{row} has no relation 'study'"
