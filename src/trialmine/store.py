"""The store of a run: one SQLite file in OUT that holds each document's rows, from which the tables are made.

A document's rows come and go in one transaction, so a process that is killed at any moment leaves whole
documents. One process at a time has the store: the lock goes with the process, however it ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialmine.core.errors import UsageError
from trialmine.core.pack import unpack
from trialmine.core.tables import DocumentRow, Tables

#: where it is, below OUT; the folder also takes the tables while they are being written
FOLDER = ".trialmine"
_LAYOUT = 1
#: documents that are read from the store at a time
_PAGE = 100
_SCHEMA = """
CREATE TABLE documents (
    doc_id BLOB PRIMARY KEY, path BLOB NOT NULL, sha256 TEXT NOT NULL, version TEXT NOT NULL,
    status TEXT NOT NULL, error BLOB NOT NULL, rows BLOB NOT NULL
);
CREATE TABLE outputs (name TEXT PRIMARY KEY);
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What the store says of a document before it is read again."""

    path: str
    sha256: str
    version: str
    status: str


class Store:
    """The documents of OUT. Texts are kept as bytes, so that order and content don't depend on SQLite."""

    def __init__(self, out: Path, *, create: bool = False) -> None:
        self.out, self.folder = out, out / FOLDER
        file = self.folder / "run.sqlite"
        if create:
            self.folder.mkdir(parents=True, exist_ok=True)
        elif not file.is_file():
            raise UsageError(f"{out.as_posix()}: there is no run of trialmine extract in this folder")
        with self._clear_errors():
            self._db = sqlite3.connect(file, timeout=2, isolation_level=None)
            # exclusive: a second run can't write to the same OUT; WAL: a commit costs no more than its bytes
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            with self._transaction():
                (layout,) = self._db.execute("PRAGMA user_version").fetchone()
                if layout == 0:
                    for statement in _SCHEMA.split(";")[:-1]:
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {_LAYOUT}")
                elif layout != _LAYOUT:
                    raise UsageError(
                        f"{out.as_posix()}: the run there was made by another version: use a new folder"
                    )

    def close(self) -> None:
        """Give the store back as one plain file."""
        with suppress(sqlite3.Error):  # without room for that the journal stays beside it: as good
            self._db.execute("PRAGMA journal_mode = DELETE")
        self._db.close()

    def known(self, doc_id: str) -> Known | None:
        """What is known of a document, or None."""
        query = "SELECT path, sha256, version, status FROM documents WHERE doc_id = ?"
        for path, *others in self._all(query, _bytes(doc_id)):
            return Known(_text(path), *others)
        return None

    def put(self, document: DocumentRow, rows: bytes, version: str) -> None:
        """Keep a document's rows, in place of those that it had."""
        values = (
            _bytes(document.doc_id), _bytes(document.path), document.sha256, version, document.status,
            _bytes(document.error), rows,
        )  # fmt: skip
        with self._clear_errors():
            self._db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def drop(self, doc_ids: Sequence[str]) -> None:
        """Forget documents."""
        with self._clear_errors(), self._transaction():
            self._db.executemany("DELETE FROM documents WHERE doc_id = ?", [(_bytes(i),) for i in doc_ids])

    def ids(self) -> list[str]:
        """The ids of all documents, sorted."""
        return [_text(doc_id) for (doc_id,) in self._all("SELECT doc_id FROM documents ORDER BY doc_id")]

    def packed(self) -> Iterator[tuple[str, str, bytes]]:
        """Each document's id, the version that read it, and its packed rows, by doc_id."""
        query = f"SELECT doc_id, version, rows FROM documents WHERE doc_id > ? ORDER BY doc_id LIMIT {_PAGE}"
        page = self._all(query, b"")
        while page:  # by pages, so that no query stays open whatever becomes of the reader
            for doc_id, version, rows in page:
                yield _text(doc_id), version, rows
            page = self._all(query, page[-1][0])

    def tables(self) -> Iterator[Tables]:
        """Each document's rows, by doc_id."""
        for _, _, rows in self.packed():
            yield unpack(rows)

    def failures(self, limit: int) -> tuple[int, list[str]]:
        """How many documents failed, and why the first `limit` of them did."""
        ((count,),) = self._all("SELECT count(*) FROM documents WHERE status = 'failed'")
        query = "SELECT error FROM documents WHERE status = 'failed' ORDER BY doc_id LIMIT ?"
        return count, [_text(error) for (error,) in self._all(query, limit)]

    @property
    def outputs(self) -> list[str]:
        """The names of the files that the last run wrote to OUT."""
        return [name for (name,) in self._all("SELECT name FROM outputs ORDER BY name")]

    @outputs.setter
    def outputs(self, names: Sequence[str]) -> None:
        with self._clear_errors(), self._transaction():
            self._db.execute("DELETE FROM outputs")
            self._db.executemany("INSERT INTO outputs VALUES (?)", [(name,) for name in names])

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._clear_errors():
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:  # SQLite may have rolled back by itself
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            where, code = self.out.as_posix(), getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise UsageError(f"{where}: another trialmine is at work in this folder") from None
            if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
                raise UsageError(
                    f"{where}: can't write ({error}): the disk may be full; what was read is kept, "
                    "the same command goes on from there"
                ) from None
            raise UsageError(f"{where}: the store of the run can't be used: {error}") from None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
