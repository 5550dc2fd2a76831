"""Tables that stand in a text: Markdown and pipe rows, and HTML mark-up that a converter left behind.

A table is read where most cells of its body are numbers; a table of sentences is left to the reader of sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import regex

from trialmine.core.lazy import Expression

_RULE = Expression(r"^[\s|:+-]*-{2,}[\s|:+-]*$")
#: a table, or the rows of one whose beginning was cut off
_HTML_TABLE = Expression(
    r"<table[^<>]*>(?:(?!</table>).)*(?:</table>|$)|<tr[^<>]*>(?:(?!</?table\b).)*</t[drh]>",
    regex.IGNORECASE | regex.DOTALL,
)
_HTML_ROW = Expression(r"<tr[^<>]*>((?:(?!</?tr\b).)*)(?:</tr>)?", regex.IGNORECASE | regex.DOTALL)
_HTML_CELL = Expression(
    r"<t[dh](?P<at>[^<>]*)>(?P<text>(?:(?!</?t[dhr]\b).)*)", regex.IGNORECASE | regex.DOTALL
)
_SPAN = Expression(r"(?P<which>row|col)span\s?=\s?\"?(?P<n>\d{1,2})", regex.IGNORECASE)
#: a short line without an end, right before a table
_TITLE = Expression(r"(?=.*\p{L})[#*\s]*+[^。.!?|;]{1,60}[^。.!?|;:,]\s*")
_LONGEST_TITLE = 80
_CAPTION = Expression(r"^[#*\s]*(?:表|[Tt]able|附表)\s?\d*")
#: a cell that holds numbers and nothing else that could be read as words
_NUMERIC = Expression(
    r"^(?=.*\d)[\s\d.,%()\[\]±<>=≤≥~/*+:;△▲#†‡§-]*(?:(?:vs\.?|to|NR|NE|NA|CI|HR|OR|[ac]?HR|I?RR|W?MD|SMD|A?RD|P|(?<=\d\s?)(?:[kKmμunp]?[gLl]|[mc]m|mmHg|[mμ]?mol|I?U|h|min|分|次)(?:/(?:d|m|μ)?[Ll]|/mol)?|个?月|周|年|天|d|days?|mo|months?|weeks?|wks?|years?|yrs?|hours?|小时|"
    r"例|人|a|b|c|(?:尚)?未达到|not reached)[\s\d.,%()\[\]±<>=≤≥~/*+:;△▲#†‡§-]*)*$"
)
#: the numbers of those who took part: 45, 45/46, 201 vs 202
_SIZES = Expression(r"\d{1,6}(?:\s?(?:/|vs\.?|:)\s?\d{1,6}){0,3}(?:例|人)?")
_TIME = Expression(
    r"(?:第|W(?:eek)?\s?)?\d{1,3}\s?(?:周|个?月|年|天|d|w(?:ee)?ks?|mo(?:nth)?s?|y(?:ea)?rs?|h)(?:末|时)?|"
    r"(?:[Ww]k|[Ww]eek|[Mm]onth|[Dd]ay|[Yy]ear)\s?\d{1,3}"
)
#: the head of a column of groups, which may be told by their doses
_OF_GROUPS = Expression(
    r"(?i:(?:treatment|study|dose|dosing)?\s?(?:arms?|groups?|regimens?|treatments?|doses?|cohorts?))|(?:治疗|给药)?(?:组别|分组|方案|剂量|队列)"
)
#: how many columns at most are looked at for the names of rows
_NAME_COLUMNS = 5
_DASHED = Expression(r"^[\s\-/—]*$|^(?:NR|NE|NA|未达到|not reached)$", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its folded text and where it stands."""

    text: str
    start: int

    @property
    def numeric(self) -> bool:
        """Whether the cell holds numbers only."""
        return bool(_NUMERIC.match(self.text))


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the header's cells of each column (outermost first), the rows of its body, its caption.

    Every row has as many cells as ``heads``; the first ``named`` of them (study, group) are the row's name.
    ``[start, end)`` is its folded span.
    """

    start: int
    end: int
    caption: str
    heads: list[list[Cell]]
    body: list[list[Cell]]
    named: int = 1


def find_tables(text: str, lines: Sequence[tuple[int, int]]) -> list[Table]:
    """The number tables of a folded text, in order; ``lines`` are the spans of its lines that aren't blank."""
    blocks = [*_pipes(text, lines), *_html(text)]
    tables = [t for start, end, rows, heads in blocks if (t := _table(text, lines, start, end, rows, heads))]
    return sorted(tables, key=lambda t: t.start)


def _pipes(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, list[list[Cell]], int]]:
    for is_row, group in groupby(lines, key=lambda s: text.count("|", *s) > 0):
        for spans in _apart(text, list(group)) if is_row else ():
            if len(spans) < 3:
                continue
            rows: list[list[Cell]] = []
            heads = 0
            for start, end in spans:
                if _RULE.match(text[start:end]):
                    heads = heads or len(rows)
                    continue
                rows.append(_split(text, start, end))
            yield spans[0][0], spans[-1][1], rows, heads


def _apart(text: str, spans: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The tables of lines with pipes: a further one opens with a header behind a blank line, or over a rule, once there were numbers."""
    first, numbers = 0, False
    for i, (start, end) in enumerate(spans):
        cells = [c for c in _split(text, start, end)[1:] if c.text]
        if any(c.numeric for c in cells):
            numbers = True
        elif numbers and len(cells) > 1:
            ruled = i + 1 < len(spans) and _RULE.match(text[slice(*spans[i + 1])])
            if ruled or text.count("\n", spans[i - 1][1], start) > 1:
                yield spans[first:i]
                first, numbers = i, False
    yield spans[first:]


def _split(text: str, start: int, end: int) -> list[Cell]:
    """The cells of a line; pipes that only frame it make none."""
    cells: list[Cell] = []
    at = start
    for part in text[start:end].split("|"):
        cells.append(_cell(part, at))
        at += len(part) + 1
    if len(cells) > 2 and not cells[0].text:
        cells = cells[1:]
    if len(cells) > 2 and not cells[-1].text and text[start:end].rstrip().endswith("|"):
        cells = cells[:-1]
    return cells


def _cell(printed: str, start: int) -> Cell:
    return Cell(printed.strip(), start + len(printed) - len(printed.lstrip()))


def _html(text: str) -> Iterator[tuple[int, int, list[list[Cell]], int]]:
    for table in _HTML_TABLE.finditer(text):
        grid: dict[tuple[int, int], Cell] = {}
        heads = n_rows = 0
        for r, row in enumerate(_HTML_ROW.finditer(text, *table.span())):
            n_rows, c = r + 1, 0
            cells = list(_HTML_CELL.finditer(text, *row.span(1)))
            for m in cells:
                while (r, c) in grid:
                    c += 1
                spans = {s["which"].lower(): int(s["n"]) for s in _SPAN.finditer(m["at"])}
                cell = _cell(m["text"], m.start("text"))
                for i in range(spans.get("row", 1)):
                    for j in range(spans.get("col", 1)):
                        grid[r + i, c + j] = cell
                c += spans.get("col", 1)
            if cells and all(m.group().lower().startswith("<th") for m in cells):
                heads = r + 1
        width = 1 + max((c for _, c in grid), default=-1)
        empty = Cell("", table.start())
        rows = [[grid.get((r, c), empty) for c in range(width)] for r in range(n_rows)]
        yield table.start(), table.end(), [r for r in rows if r], heads


def _table(
    text: str, lines: Sequence[tuple[int, int]], start: int, end: int, rows: list[list[Cell]], heads: int
) -> Table | None:
    if not heads:
        heads = next((i for i, row in enumerate(rows) if any(_holds(c) for c in row[1:])), 0)
    body = rows[heads:]
    width = max((len(r) for r in body), default=0)
    body = [r for r in body if len(r) == width]
    if not heads or width < 2 or not body:
        return None
    names = _names(body, width, rows[heads - 1])
    cells = [c for r in body for i, c in enumerate(r) if i not in names and c.text]
    cells = [c for c in cells if not _DASHED.match(c.text)]
    if not cells or sum(c.numeric for c in cells) * 2 < len(cells):
        return None
    before = next((text[a:b] for a, b in reversed(lines) if b <= start and not _RULE.match(text[a:b])), "")
    caption = (
        before
        if _CAPTION.match(before) or (len(before) <= _LONGEST_TITLE and _TITLE.fullmatch(before))
        else ""
    )
    columns = _heads(rows[:heads], width)
    order = [*names, *(i for i in range(width) if i not in names)]
    columns, body = [columns[i] for i in order], [[row[i] for i in order] for row in body]
    for above, row in pairwise(body):  # a study or group told once for the rows below it
        for i in range(len(names) - 1):
            if row[i].text or not any(c.text for c in row[i + 1 : len(names)]):
                break
            row[i] = above[i]
    return Table(start, end, caption, columns, body, len(names))


def are_times(cells: Sequence[Cell]) -> bool:
    """Whether cells tell only times, those of the rows below them."""
    told = [c.text for c in cells if c.text]
    return bool(told) and all(_TIME.fullmatch(t) for t in told)


def _holds(cell: Cell) -> bool:
    """Whether a cell holds a value, and no time that heads a column."""
    return cell.numeric and not _TIME.fullmatch(cell.text)


def _names(body: list[list[Cell]], width: int, head: list[Cell]) -> list[int]:
    """The columns that name the rows: the first one and those of words, or called groups, that follow, over columns of
    sizes between them."""
    names, sizes = [0], 0
    for i in range(1, min(width - 1, _NAME_COLUMNS)):
        told = [row[i].text for row in body if row[i].text]
        called = len(head) == width and _OF_GROUPS.fullmatch(head[i].text)
        if called or not any(row[i].numeric for row in body):
            names.append(i)
        elif told and all(_SIZES.fullmatch(t) for t in told) and not sizes:
            sizes = 1
        else:
            break
    return names


def _heads(rows: list[list[Cell]], width: int) -> list[list[Cell]]:
    """The header's cells of each column, where flattening may have lost which cells spanned several rows or columns.

    Of a header of two rows, ``Group | n | Week 48 | Week 72`` over six names for a body of eight columns, the first two
    cells span both rows and the others share the six columns evenly.
    """
    last = rows[-1]
    if len(rows) == 2 and len(last) < width:
        first, tall = rows[0], width - len(last)
        wide = first[tall:]
        if len(first) > tall and len(last) % len(wide) == 0:
            each = len(last) // len(wide)
            return [[c] for c in first[:tall]] + [[wide[i // each], c] for i, c in enumerate(last)]
    heads: list[list[Cell]] = [[] for _ in range(width)]
    for row in rows:
        above: Cell | None = None
        for i, cell in enumerate(row[-width:], max(0, width - len(row))):
            if not cell.text and above is not None and row is not last and i < len(last) and last[i].text:
                cell = above  # it spanned the columns below it
            if cell.text and cell not in heads[i]:
                heads[i].append(cell)
            above = cell if cell.text else None
    return heads
