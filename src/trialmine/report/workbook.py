"""An Excel workbook: a sheet for each table, and one of sentences that the results' quotes link to."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from trialmine.core.errors import UsageError
from trialmine.core.tables import columns, definition
from trialmine.report.writers import records

#: limits of the format: rows of a sheet, links of a sheet, characters of a cell
_ROWS, _LINKS, _CELL = 1_048_576, 65_530, 32_767
_SENTENCES = "sentences"
_WIDTHS = {str: 16, int: 11, float: 11}
_WIDE_COLUMNS = {"sentence": 80, "text": 40, "title": 40, "label": 40, "interventions": 32, "path": 32}


class XlsxWriter:
    """Rows go to the disk as they come; sheets are made in the order of the tables."""

    def __init__(self, folder: Path, tables: Sequence[str]) -> None:
        # texts stay texts: nothing in a document becomes a formula or a link
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(folder / "trialmine.xlsx", {**options, "tmpdir": str(folder)})
        # the bytes must not depend on the time
        self._book.set_properties({"created": datetime.datetime(2000, 1, 1)})
        self._bold = self._book.add_format({"bold": True})
        self._sheets = {name: self._book.add_worksheet(name) for name in [*tables, _SENTENCES]}
        self._next = dict.fromkeys(self._sheets, 1)
        self._links = dict.fromkeys(self._sheets, 0)
        self._places: dict[tuple[str, str], int] = {}
        for name in tables:
            self._head(name, [(c.name, _WIDE_COLUMNS.get(c.name, _WIDTHS[c.type])) for c in definition(name)])
        self._head(_SENTENCES, [("doc_id", 16), ("sentence", 120)])

    def add(self, table: str, rows: Sequence[Any]) -> None:
        """Append rows; a UsageError where a sheet can't hold them."""
        if table == "documents":
            self._places.clear()  # sentences are shared by the tables of one document
        names = columns(table)
        quote = names.index("quote") if "quote" in names and "sentence" in names else None
        for record in records(table, rows):
            at = self._row(table)
            for column, value in enumerate(record.values()):
                if column == quote and value and self._links[table] < _LINKS:
                    self._links[table] += 1
                    place = self._sentence(record["doc_id"], record["sentence"])
                    self._sheets[table].write_url(
                        at, column, f"internal:{_SENTENCES}!B{place + 1}", string=_cut(value)
                    )
                else:
                    self._write(table, at, column, value)

    def close(self) -> None:
        """Write the workbook."""
        try:
            self._book.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise error.args[0] if isinstance(error.args[0], OSError) else error from None

    def _head(self, sheet: str, widths: list[tuple[str, int]]) -> None:
        self._sheets[sheet].freeze_panes(1, 0)
        for column, (name, width) in enumerate(widths):
            self._sheets[sheet].set_column(column, column, max(width, len(name) + 2))
            self._sheets[sheet].write_string(0, column, name, self._bold)

    def _row(self, sheet: str) -> int:
        at = self._next[sheet]
        if at >= _ROWS:
            raise UsageError(f"the sheet {sheet} would have more than {_ROWS:,} rows: use another format")
        self._next[sheet] += 1
        return at

    def _sentence(self, doc_id: str, sentence: str) -> int:
        if (doc_id, sentence) not in self._places:
            self._places[doc_id, sentence] = at = self._row(_SENTENCES)
            for column, value in enumerate((doc_id, sentence)):
                self._write(_SENTENCES, at, column, value)
        return self._places[doc_id, sentence]

    def _write(self, sheet: str, row: int, column: int, value: Any) -> None:
        if isinstance(value, str):
            if value:
                self._sheets[sheet].write_string(row, column, _cut(value))
        elif value is not None:
            self._sheets[sheet].write_number(row, column, value)


def _cut(text: str) -> str:
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"
