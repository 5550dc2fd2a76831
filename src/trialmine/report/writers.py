"""Tables to files. Each format is one function in :data:`FORMATS`.

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
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trialmine.core.errors import UsageError
from trialmine.core.tables import TABLES, Tables, columns

#: format name -> the function that writes the (sorted) tables into a folder
FORMATS: dict[str, Callable[[Tables, Path], None]] = {}


def write_tables(tables: Tables, out: str | Path, file_format: str = "csv") -> list[Path]:
    """Write all tables to the folder `out` (made if absent) and return the files, in name order."""
    folder = Path(out)
    check_target(folder, file_format)
    folder.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".trialmine-", dir=folder))
    try:
        FORMATS[file_format](sorted_tables(tables), staging)
        written = []
        for path in sorted(staging.iterdir()):
            written.append(folder / path.name)
            os.replace(path, folder / path.name)
        return written
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def check_target(folder: Path, file_format: str) -> None:
    """Raise a UsageError for an unknown format, or where a file stands in the folder's way."""
    if file_format not in FORMATS:
        raise UsageError(f"unknown format: {file_format} (there are {', '.join(FORMATS)})")
    for path in (folder, *folder.parents):
        if path.exists() and not path.is_dir():
            raise UsageError(f"{path.as_posix()}: the output folder can't be made, this is a file")


def sorted_tables(tables: Tables) -> Tables:
    """The same rows by doc_id and, where a table has it, start; else in the order they came."""
    result = Tables()
    for name, rows in tables.rows.items():
        by_start = "start" in columns(name)
        result.rows[name] = sorted(rows, key=lambda r: (r.doc_id, r.start if by_start else 0))
    return result


def cell(value: str | float | None) -> str | int | float | None:
    """A value as it is written: whole floats without a point, nothing for what is no finite number."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        if value.is_integer() and abs(value) < 1e15:
            return int(value)
    return value


def _records(tables: Tables, name: str) -> list[dict[str, Any]]:
    return [{c: cell(getattr(row, c)) for c in columns(name)} for row in tables.rows[name]]


def _write_lines(path: Path, lines: list[str]) -> None:
    with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.writelines(line + "\n" for line in lines)


_QUOTED = re.compile(r'[",\r\n]')


def _csv_field(value: Any) -> str:
    # csv.writer leaves a lone carriage return unquoted before Python 3.13; the bytes must not depend on that
    text = "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _write_csv(tables: Tables, folder: Path) -> None:
    for name in TABLES:
        lines = [",".join(columns(name))]
        lines += [",".join(map(_csv_field, record.values())) for record in _records(tables, name)]
        _write_lines(folder / f"{name}.csv", lines)


def _write_jsonl(tables: Tables, folder: Path) -> None:
    for name in TABLES:
        lines = [json.dumps(record, ensure_ascii=False) for record in _records(tables, name)]
        _write_lines(folder / f"{name}.jsonl", lines)


FORMATS |= {"csv": _write_csv, "jsonl": _write_jsonl}
