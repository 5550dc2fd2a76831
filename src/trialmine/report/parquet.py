"""Parquet files, one a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from trialmine.core.tables import definition, to_frame
from trialmine.report.writers import records

_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64()}
#: rows of a row group
_GROUP = 20_000


def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of a table; each field's metadata says what it holds and its unit.

    It also tells pandas the types of :meth:`Tables.frame`, so that a count without a value stays no float.
    """
    fields = [
        pa.field(c.name, _TYPES[c.type], c.optional, {"description": c.doc, "unit": c.unit})
        for c in definition(table)
    ]
    return pa.schema(fields, pa.Schema.from_pandas(to_frame(table, []), preserve_index=False).metadata)


class ParquetWriter:
    """Rows are gathered into row groups of one size, whatever the documents' sizes."""

    def __init__(self, folder: Path, tables: Sequence[str]) -> None:
        self._writers = {
            name: pq.ParquetWriter(folder / f"{name}.parquet", arrow_schema(name), compression="zstd")
            for name in tables
        }
        self._rows: dict[str, list[Any]] = {name: [] for name in tables}

    def add(self, table: str, rows: Sequence[Any]) -> None:
        """Append rows."""
        self._rows[table] += rows
        while len(self._rows[table]) >= _GROUP:
            self._write(table, self._rows[table][:_GROUP])
            del self._rows[table][:_GROUP]

    def close(self) -> None:
        """Write what is left and the files' ends."""
        for table, rows in self._rows.items():
            if rows:
                self._write(table, rows)
        for writer in self._writers.values():
            writer.close()

    def _write(self, table: str, rows: Sequence[Any]) -> None:
        self._writers[table].write_table(pa.Table.from_pylist(records(table, rows), arrow_schema(table)))
