"""The rows of a document as bytes: what goes through pipes, into the store of a run, and to other machines."""

from __future__ import annotations

import json
import zlib

from trialmine.core.tables import TABLES, Tables, columns


def pack(tables: Tables) -> bytes:
    """The rows as compressed JSON; the same rows give the same JSON."""
    rows = {name: [[getattr(row, c) for c in columns(name)] for row in tables.rows[name]] for name in TABLES}
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode("ascii"), 1)


def unpack(data: bytes) -> Tables:
    """The rows that :func:`pack` was given."""
    rows = json.loads(zlib.decompress(data))
    return Tables({name: [make(*row) for row in rows[name]] for name, make in TABLES.items()})
