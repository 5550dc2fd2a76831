"""One database file with all tables, their keys and indexes: SQLite and DuckDB."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trialmine.core.tables import columns, definition, key_of
from trialmine.report.writers import JsonlWriter, records

_SQLITE_TYPES = {str: "TEXT", int: "INTEGER", float: "REAL"}
_DUCKDB_TYPES = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE"}


def _create(table: str, types: Mapping[type, str]) -> str:
    """The CREATE TABLE of a table. A reference to nothing is NULL."""
    lines = []
    for c in definition(table):
        null = "" if c.optional else " NOT NULL"
        key = " PRIMARY KEY" if c.key else ""
        ref = f' REFERENCES "{c.ref}" ("{key_of(c.ref)}")' if c.ref else ""
        lines.append(f'  "{c.name}" {types[c.type]}{null}{key}{ref}')
    return f'CREATE TABLE "{table}" (\n' + ",\n".join(lines) + "\n)"


def _indexes(table: str) -> list[str]:
    """An index on each column that people join by."""
    return [
        f'CREATE INDEX "{table}_{c.name}" ON "{table}" ("{c.name}")'
        for c in definition(table)
        if c.index or (c.ref and not c.key)
    ]


class SqliteWriter:
    """``trialmine.sqlite``, filled in one transaction."""

    def __init__(self, folder: Path, tables: Sequence[str]) -> None:
        self._tables = tables
        self._db = sqlite3.connect(folder / "trialmine.sqlite", isolation_level=None)
        # no journal: a file that isn't finished is thrown away
        for statement in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "BEGIN"):
            self._db.execute(statement)
        for name in tables:
            self._db.execute(_create(name, _SQLITE_TYPES))

    def add(self, table: str, rows: Sequence[Any]) -> None:
        """Append rows."""
        marks = ", ".join("?" * len(columns(table)))
        nullable = {c.name for c in definition(table) if c.ref}
        values = [
            [None if v == "" and c in nullable else v for c, v in record.items()]
            for record in records(table, rows)
        ]
        self._db.executemany(f'INSERT INTO "{table}" VALUES ({marks})', values)

    def close(self) -> None:
        """Make the indexes and finish the file."""
        for name in self._tables:
            for statement in _indexes(name):
                self._db.execute(statement)
        self._db.execute("COMMIT")
        self._db.close()


class DuckdbWriter:
    """``trialmine.duckdb``; DuckDB takes rows by file many times faster than by statement."""

    def __init__(self, folder: Path, tables: Sequence[str]) -> None:
        self._folder, self._tables = folder, tables
        self._lines = folder / "lines"
        self._lines.mkdir()
        self._writer = JsonlWriter(self._lines, tables)

    def add(self, table: str, rows: Sequence[Any]) -> None:
        """Append rows."""
        self._writer.add(table, rows)

    def close(self) -> None:
        """Make the database from the lines."""
        import duckdb

        self._writer.close()
        with duckdb.connect(self._folder / "trialmine.duckdb") as db:
            for name in self._tables:
                db.execute(_create(name, _DUCKDB_TYPES))
                db.execute(f'INSERT INTO "{name}" {from_lines(name)}', [str(self._lines / f"{name}.jsonl")])
            for name in self._tables:
                for statement in _indexes(name):
                    db.execute(statement)
        shutil.rmtree(self._lines)


def from_lines(table: str) -> str:
    """The query of a table's JSON lines in DuckDB; its parameter is the file."""
    chosen = ", ".join(f"nullif(\"{c.name}\", '')" if c.ref else f'"{c.name}"' for c in definition(table))
    types = ", ".join(f"'{c.name}': '{_DUCKDB_TYPES[c.type]}'" for c in definition(table))
    return (
        f"SELECT {chosen} FROM read_json(?, columns = {{{types}}}, format = 'newline_delimited', "
        "maximum_object_size = 268435456)"
    )
