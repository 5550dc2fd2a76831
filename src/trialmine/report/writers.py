"""Tables to files, a document at a time. Each format is one entry in :data:`FORMATS`.

A writer fills a temporary folder inside OUT; only when all of its files are complete are they moved
into place, so a failure leaves no half-written table.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO

from trialmine.core.errors import UsageError
from trialmine.core.extras import need
from trialmine.core.tables import TABLES, WIDE, Tables, columns
from trialmine.report.wide import results


class Writer(Protocol):
    """Fills a folder. It is made with the folder and the names of the tables."""

    def add(self, table: str, rows: Sequence[Any]) -> None:
        """Append rows; all tables of a document in turn, then those of the next."""

    def close(self) -> None:
        """Finish all files."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write tables. `path` is a table's file, `module` what it imports and `extra` who has that."""

    home: str
    path: str
    media_type: str = ""
    module: str = ""
    extra: str = ""

    def writer(self) -> Callable[[Path, Sequence[str]], Writer]:
        """The class of the writer."""
        module, _, name = self.home.partition(":")
        if self.extra:
            need(self.module, self.extra, f"the format {self.path.rpartition('.')[2]}")
        found: Callable[[Path, Sequence[str]], Writer] = getattr(need(module, self.extra, self.path), name)
        return found


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: format name -> what writes it; formats with a media type are described by a datapackage.json
FORMATS: dict[str, Format] = {
    "csv": Format("trialmine.report.writers:CsvWriter", "{table}.csv", "text/csv"),
    "jsonl": Format("trialmine.report.writers:JsonlWriter", "{table}.jsonl", "application/jsonl"),
    "parquet": Format(
        "trialmine.report.parquet:ParquetWriter", "{table}.parquet", "application/vnd.apache.parquet",
        "pyarrow.parquet", "parquet",
    ),
    "xlsx": Format("trialmine.report.workbook:XlsxWriter", "trialmine.xlsx", _XLSX, "xlsxwriter", "excel"),
    "sqlite": Format("trialmine.report.databases:SqliteWriter", "trialmine.sqlite"),
    "duckdb": Format(
        "trialmine.report.databases:DuckdbWriter", "trialmine.duckdb", module="duckdb", extra="duckdb"
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """How tables are written: the format, `wide` with the table ``results``, `excel` as CSV for a spreadsheet."""

    file_format: str = "csv"
    wide: bool = False
    excel: bool = False

    @property
    def tables(self) -> list[str]:
        """The names of the tables that are written."""
        return [*TABLES, *(WIDE if self.wide else ())]

    def writer(self) -> Callable[[Path, Sequence[str]], Writer]:
        """The class of the writer; a UsageError for an unknown format or a package that is missing."""
        if self.file_format not in FORMATS:
            raise UsageError(f"unknown format: {self.file_format} (there are {', '.join(FORMATS)})")
        if not self.excel:
            return FORMATS[self.file_format].writer()
        if self.file_format != "csv":
            raise UsageError(f"--excel is for the format csv, not for {self.file_format}")
        return ExcelCsvWriter


def write_tables(
    tables: Tables, out: str | Path, file_format: str = "csv", *, wide: bool = False, excel: bool = False
) -> list[Path]:
    """Write all tables to the folder `out` (made if absent) and return the files, in name order.

    `wide` and `excel` are as in :class:`Options`.
    """
    options = Options(file_format, wide, excel)
    check_target(Path(out), options)
    Path(out).mkdir(parents=True, exist_ok=True)
    with Staging(Path(out), Path(out)) as staging:
        staging.write([tables], options)
        return staging.move()


def check_target(folder: Path, options: Options) -> None:
    """Raise a UsageError for options that can't be met, or where a file stands in the folder's way."""
    options.writer()
    for path in (folder, *folder.parents):
        if path.exists() and not path.is_dir():
            raise UsageError(f"{path.as_posix()}: the output folder can't be made, this is a file")


class Staging:
    """A temporary folder in `parent` whose files move to `out` when they are complete."""

    def __init__(self, parent: Path, out: Path) -> None:
        self.out = out
        self.folder = Path(tempfile.mkdtemp(prefix="tables-", dir=parent))

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, documents: Iterable[Tables], options: Options) -> dict[str, int]:
        """Write the rows of documents that come by doc_id; the number of rows of each table."""
        from trialmine.report.package import describe

        counts = dict.fromkeys(options.tables, 0)
        writer = options.writer()(self.folder, options.tables)
        for document in documents:
            rows = sorted_tables(document).rows
            if options.wide:
                rows |= {"results": results(Tables(rows))}
            for name in options.tables:
                counts[name] += len(rows[name])
                writer.add(name, rows[name])
        writer.close()
        describe(self.folder, options)
        return counts

    def files(self) -> list[str]:
        """The names of the files, sorted."""
        return sorted(path.name for path in self.folder.iterdir())

    def move(self) -> list[Path]:
        """Put the files in place."""
        names = self.files()
        for name in names:
            os.replace(self.folder / name, self.out / name)
        return [self.out / name for name in names]


def sorted_tables(tables: Tables) -> Tables:
    """The same rows by doc_id and, where a table has it, start; else in the order they came."""
    result = Tables()
    for name, rows in tables.rows.items():
        by_start = "start" in columns(name)
        result.rows[name] = sorted(rows, key=lambda r: (r.doc_id, r.start if by_start else 0))
    return result


def cell(value: str | float | None) -> str | int | float | None:
    """A value as it is written.

    Whole floats lose their point, what is no finite number is nothing, and what UTF-8 can't hold (from
    a file's undecodable name) is escaped.
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        if value.is_integer() and abs(value) < 1e15:
            return int(value)
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value


def records(table: str, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows as dictionaries of values as they are written."""
    names = columns(table)
    return [{c: cell(getattr(row, c)) for c in names} for row in rows]


class _LinesWriter:
    """One text file a table."""

    ending = ""
    mark = ""

    def __init__(self, folder: Path, tables: Sequence[str]) -> None:
        self._files: dict[str, TextIO] = {}
        with ExitStack() as stack:
            for name in tables:
                file = stack.enter_context(
                    open(folder / f"{name}.{self.ending}", "w", encoding="utf-8", newline="\n")
                )
                file.write(self.mark + self._header(name))
                self._files[name] = file
            self._open = stack.pop_all()

    def _header(self, table: str) -> str:
        return ""

    def _line(self, record: dict[str, Any]) -> str:
        raise NotImplementedError

    def add(self, table: str, rows: Sequence[Any]) -> None:
        self._files[table].writelines(self._line(record) + "\n" for record in records(table, rows))

    def close(self) -> None:
        self._open.close()


_QUOTED = re.compile(r'[",\r\n]')


class CsvWriter(_LinesWriter):
    """Comma-separated, UTF-8, a line feed after each row."""

    ending = "csv"

    def _header(self, table: str) -> str:
        return ",".join(columns(table)) + "\n"

    def _line(self, record: dict[str, Any]) -> str:
        return ",".join(map(self._field, record.values()))

    def _field(self, value: Any) -> str:
        # csv.writer leaves a lone carriage return unquoted before Python 3.13; the bytes must not depend on that
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


#: what a spreadsheet runs as a formula; a plain number with a sign is none
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r](?!\d+(?:\.\d+)?\s?%?$)")


class ExcelCsvWriter(CsvWriter):
    """CSV that a spreadsheet opens rightly: with a byte-order mark, and no text that it would run."""

    mark = "\ufeff"

    def _field(self, value: Any) -> str:
        return super()._field(f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value)


class JsonlWriter(_LinesWriter):
    """One JSON object a line."""

    ending = "jsonl"

    def _line(self, record: dict[str, Any]) -> str:
        return json.dumps(record, ensure_ascii=False)
