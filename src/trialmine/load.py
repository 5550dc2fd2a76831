"""The tables of a run into a database.

Each document's rows are replaced as a whole where they differ, all in one transaction; a load that fails
leaves the database as it was.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import sqlalchemy as sa

from trialmine import __version__
from trialmine.core.errors import TrialmineError, UsageError
from trialmine.core.pack import unpack
from trialmine.core.tables import TABLES, Tables, definition
from trialmine.report.schema import LOAD_DOCUMENTS, LOAD_RUNS, ddl, make_tables
from trialmine.report.writers import records
from trialmine.store import Store

#: the driver for a URL that names none: that of the extra db
_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
#: documents that are compared and replaced at a time
_BATCH = 100


@dataclass
class Loaded:
    """What a load did, in documents, and the number of rows that it wrote."""

    new: int = 0
    replaced: int = 0
    unchanged: int = 0
    dropped: int = 0
    rows: int = 0


def load(
    out: Path,
    url: str,
    *,
    schema: str | None = None,
    prefix: str = "",
    prune: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Loaded:
    """Put the tables of the run in `out` into the database at `url` (any that SQLAlchemy knows).

    Tables are made where they are absent, in `schema` and with names that begin with `prefix`. A document
    whose rows are there already is left alone, one whose rows differ is replaced, one that is in the
    database only stays there, or goes with `prune`. Raises a UsageError, without a password in it, for
    whatever fails; the database is then as it was.
    """
    target = _Target.of(url, schema, prefix)
    store = Store(out)
    try:
        with target.transaction() as connection:
            return _Load(connection, target.tables).run(store, prune, progress)
    finally:
        store.close()


def dry_run(url: str, *, schema: str | None = None, prefix: str = "") -> str:
    """The statements that :func:`load` makes its tables with; needs no connection."""
    target = _Target.of(url, schema, prefix)
    return ddl(target.engine.dialect, target.tables)


@dataclass(frozen=True)
class _Target:
    """A database, with the tables that are to be there."""

    engine: sa.Engine
    tables: dict[str, sa.Table]
    schema: str | None

    @classmethod
    def of(cls, url: str, schema: str | None, prefix: str) -> _Target:
        for option, name in (("--schema", schema), ("--prefix", prefix)):
            if name and not re.fullmatch(r"[A-Za-z_]\w{0,29}", name, re.ASCII):
                raise UsageError(
                    f"{option} {name}: it has to be up to 30 letters, digits and _, no digit first"
                )
        try:
            parsed = sa.make_url(url)
        except Exception:  # its message can hold the URL
            raise UsageError(
                "--to: this is no database URL (like sqlite:///file.db or postgresql://user:password@host/name)"
            ) from None
        parsed = parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))
        try:
            engine = sa.create_engine(parsed, hide_parameters=True)
        except sa.exc.NoSuchModuleError:
            raise UsageError(
                f"{parsed.drivername}: SQLAlchemy has no such database; is its package installed?"
            ) from None
        except ImportError as error:
            raise UsageError(
                f"{parsed.drivername} needs {error.name}, which is not installed: pip install 'trialmine[db]' has the "
                "drivers of PostgreSQL and MySQL, 'trialmine[duckdb]' that of DuckDB"
            ) from None
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _prepare_sqlite)
            sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        return cls(engine, make_tables(engine.dialect.name, schema, prefix), schema)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A connection whose work counts as a whole or not at all, with the tables made."""
        made: list[sa.Table] = []
        made_schema = False
        try:
            with self.engine.begin() as connection:
                made_schema = self.schema is not None and not sa.inspect(connection).has_schema(self.schema)
                if made_schema:
                    connection.execute(sa.schema.CreateSchema(self.schema or ""))
                made += [t for t in self.tables.values() if not self._is_there(connection, t)]
                for table in made:
                    table.create(connection)
                yield connection
        except Exception as error:
            self._undo(made, made_schema)
            if isinstance(error, TrialmineError):
                raise
            raise UsageError(self._without_secrets(error)) from None
        finally:
            self.engine.dispose()

    def _is_there(self, connection: sa.Connection, table: sa.Table) -> bool:
        if not sa.inspect(connection).has_table(table.name, schema=table.schema):
            return False
        everything = sa.select(sa.text("*")).select_from(sa.table(table.name, schema=table.schema))
        there = set(connection.execute(everything.where(sa.false())).keys())
        if differing := there ^ set(table.c.keys()):
            raise UsageError(
                f"the database has a table {table.fullname} with other columns ({', '.join(sorted(differing))}): "
                "choose another --prefix or --schema, or drop it"
            )
        return True

    def _undo(self, made: Sequence[sa.Table], made_schema: bool) -> None:
        """Drop what was made where making is no part of the transaction."""
        if self.engine.dialect.name not in ("mysql", "mariadb"):
            return
        with suppress(sa.exc.SQLAlchemyError), self.engine.begin() as connection:
            for table in reversed(made):
                table.drop(connection, checkfirst=True)
            if made_schema:
                connection.execute(sa.schema.DropSchema(self.schema or "", if_exists=True))

    def _without_secrets(self, error: Exception) -> str:
        url = self.engine.url
        text = " ".join(str(getattr(error, "orig", None) or error).split())
        secrets = [str(url.password or "")]
        secrets += [
            str(v) for k, v in url.query.items() if re.search("pass|pwd|secret|token", k, re.IGNORECASE)
        ]
        for secret in filter(None, secrets):
            for form in (secret, quote(secret), quote_plus(secret)):
                text = text.replace(form, "***")
        where = f"{url.host or url.database}" if url.get_backend_name() != "sqlite" else str(url.database)
        return f"{url.get_backend_name()} at {where}: {text}"


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # or Python begins no transaction before it makes a table
    connection.execute("PRAGMA foreign_keys = ON")


class _Load:
    """One load on one connection."""

    def __init__(self, connection: sa.Connection, tables: dict[str, sa.Table]) -> None:
        self.connection, self.tables = connection, tables
        self.documents, self.runs = tables[LOAD_DOCUMENTS], tables[LOAD_RUNS]
        self.done = Loaded()
        last = connection.scalar(sa.select(sa.func.max(self.runs.c.run_id)))
        self.run_id = (last or 0) + 1

    def run(self, store: Store, prune: bool, progress: Callable[[int, int], None] | None) -> Loaded:
        """Compare and replace document by document; one row in load_runs where anything changed."""
        done = self.done
        # first, because the documents refer to it; counted, or taken away, at the end
        self.connection.execute(self.runs.insert(), {**self._row(), "run_id": self.run_id})
        ids = store.ids()
        packed = store.packed()
        while batch := list(islice(packed, _BATCH)):
            self._replace(batch)
            if progress is not None:
                progress(done.new + done.replaced + done.unchanged, len(ids))
        if prune:
            there = self.connection.scalars(sa.select(self.documents.c.doc_id)).all()
            gone = sorted(set(there) - {_storable(i) for i in ids})
            self._delete(gone)
            done.dropped = len(gone)
        this = self.runs.c.run_id == self.run_id
        if done.new or done.replaced or done.dropped:
            self.connection.execute(self.runs.update().where(this), self._row())
        else:
            self.connection.execute(self.runs.delete().where(this))
        return done

    def _row(self) -> dict[str, Any]:
        done = self.done
        return {
            "loaded_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            "program": __version__,
            "documents_new": done.new,
            "documents_replaced": done.replaced,
            "documents_unchanged": done.unchanged,
            "documents_dropped": done.dropped,
            "rows_loaded": done.rows,
        }

    def _replace(self, batch: Sequence[tuple[str, str, bytes]]) -> None:
        ids = [_storable(doc_id) for doc_id, _, _ in batch]
        query = sa.select(self.documents.c.doc_id, self.documents.c.digest)
        known = {
            row[0]: row[1] for row in self.connection.execute(query.where(self.documents.c.doc_id.in_(ids)))
        }
        changed, stale, marks = Tables(), [], []
        for doc_id, (_, version, rows) in zip(ids, batch, strict=True):
            digest = hashlib.sha256(zlib.decompress(rows)).hexdigest()
            if known.get(doc_id) == digest:
                self.done.unchanged += 1
                continue
            if doc_id in known:
                stale.append(doc_id)
            changed.extend(unpack(rows))
            marks.append({"doc_id": doc_id, "digest": digest, "version": version, "run_id": self.run_id})
        self._delete(stale)
        for name in TABLES:
            self._insert(name, changed.rows[name])
        if marks:
            self.connection.execute(self.documents.insert(), marks)
        self.done.replaced += len(stale)
        self.done.new += len(marks) - len(stale)

    def _insert(self, name: str, rows: Sequence[Any]) -> None:
        refers = {c.name for c in definition(name) if c.ref}
        values = [
            {c: None if v == "" and c in refers else _storable(v) for c, v in record.items()}
            for record in records(name, rows)
        ]
        if values:
            self.connection.execute(self.tables[name].insert(), values)
            self.done.rows += len(values)

    def _delete(self, doc_ids: Sequence[str]) -> None:
        for start in range(0, len(doc_ids), _BATCH):
            some = doc_ids[start : start + _BATCH]
            for table in (self.documents, *(self.tables[name] for name in reversed(TABLES))):
                self.connection.execute(table.delete().where(table.c.doc_id.in_(some)))


def _storable(value: Any) -> Any:
    """A value that every database takes: no half characters, no NUL."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\ufffd")
    return value
