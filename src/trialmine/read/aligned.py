"""Tables whose columns only blanks tell apart: aligned in a typewriter's columns, by tabs, by a blank each (a PDF's), or by
a line each (copied from a web page)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trialmine.core.lazy import Expression

#: what can part two cells, or one line from the next; ``19.2 vs 13.4`` is one cell, as are ``4. 05 ± 0. 83``, ``时间( min)`` and ``P 值``
GAP = Expression(
    r"[ \t]*\n[ \t]*|(?<!\d[ \t]?vs\.?|[(±<>≤≥~]|\d\.(?=[ \t]\d))[ \t]+(?!vs\.?[ \t]?\d|[±)]|值|[(][ \t]?\d[\d. ]*[)])"
)
_WIDE_GAP, _RULED = Expression(r" {2,}|[ ]*\t[ \t]*"), Expression(r"[ ]*[-=—─]{5,}[ ]*$")
_DECIMAL = r"\d[\d.,]*(?:(?<=\.) \d+)?"
_NUMBER = Expression(
    rf"[<>≤≥~]?\s?[-−+]?{_DECIMAL}(?:\s?(?:[±/~-]|vs\.?)\s?{_DECIMAL})*\s?(?:%|[a-z*#†‡]{{1,2}}|个?月|mo)?(?:\s?[(\[][^()\[\]]{{1,30}}[)\]])?\s?%?|-|—|\.\.|NR|NE|NA"
)
_DIGIT = Expression(r"\d")
#: a test's statistic or p-value, which need not stand in every column
_STATISTIC = Expression(r"(?:[PptFzZ]|χ2|X2)\s?(?:值|[- ]?value)?")
_WORDS = Expression(r"[^\s\d]{2}")
#: a row needs cells, a table rows, and enough of its cells have to be numbers
_WIDEST = 300  # characters of a line
#: characters of a cell that has a line of its own
_LONGEST_CELL = 60
#: how many names a row has at most
_MOST_NAMES = 3
_LEAST_CELLS, _LEAST_ROWS, _LEAST_SHARE, _LONGEST = 3, 2, 0.34, 48


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text, ``[start, end)``, and its cells."""

    start: int
    end: int
    cells: list[tuple[int, int]]


def columns(text: str) -> dict[int, str]:
    """What the blanks at these offsets (each the start of a match of :data:`GAP`) are to become: pipes between cells."""
    new: dict[int, str] = {}
    tables = [_typed(text, block) or _spaced(text, block) for block in _blocks(text)]
    for rows in (*tables, _stacked(text)):
        for row in rows:
            cells = row.line.cells
            for (_, b), (a, _), x, y in zip(cells, cells[1:], row.at, row.at[1:], strict=False):
                for m in GAP.finditer(text, b, a):
                    new[m.start()] = "|" * (y - x) if m.start() == b else ""
            if row.lead and row.line.start and text[row.line.start - 1] == "\n":
                above = _blanks_begin(text, row.line.start - 1)
                new[above] = new.get(above, "\n") + "|" * row.lead
            if (stop := _blanks_begin(text, row.line.end)) < len(text):
                new[stop] = "|" * row.tail + "\n"
    return new


def _blocks(text: str) -> Iterator[list[tuple[int, int]]]:
    """Lines that stand together, each of which ends no sentence and has a few cells or is a rule."""
    block: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        start, end = at, at + len(line)
        at = end + 1
        row = line.strip()
        fits = (
            bool(row)
            and len(line) <= _WIDEST
            and "|" not in row
            and (" " in row or "\t" in row or _RULED.match(line))
            and row[-1] not in "。;"
        )
        if fits:
            block.append((start, end))
            continue
        if len(block) > _LEAST_ROWS:
            yield block
        block = []
    if len(block) > _LEAST_ROWS:
        yield block


def _split(text: str, start: int, end: int, gap: Expression) -> list[tuple[int, int]]:
    """The spans of a line's cells."""
    cells, at = [], start + len(text[start:end]) - len(text[start:end].lstrip())
    stop = start + len(text[start:end].rstrip())
    for m in gap.finditer(text, at, stop):
        cells.append((at, m.start()))
        at = m.end()
    return [*cells, (at, stop)] if at < stop else cells


@dataclass(frozen=True, slots=True)
class _Row:
    """A line and the columns of a table, ``width`` of them, in which its cells stand."""

    line: _Line
    at: list[int]
    width: int

    @property
    def lead(self) -> int:
        """Pipes before the first cell, where cells are missing there: one of them frames the line."""
        return self.at[0] + 1 if self.at and self.at[0] else 0

    @property
    def tail(self) -> int:
        """Pipes behind the last cell; a rule gets one."""
        missing = self.width - 1 - self.at[-1] if self.at else 0
        return missing + 1 if missing or not self.at else 0


def _typed(text: str, block: Sequence[tuple[int, int]]) -> list[_Row]:
    """Pipes for a table whose cells stand under each other, two blanks or a tab apart."""
    lines = [_Line(a, b, [] if _RULED.match(text, a, b) else _split(text, a, b, _WIDE_GAP)) for a, b in block]
    first = next((i for i, x in enumerate(lines) if len(x.cells) >= _LEAST_CELLS), len(lines))
    last = max((i for i, x in enumerate(lines) if len(x.cells) > 1), default=-1)
    lines = lines[first : last + 1]
    rows = [x for x in lines if any(_is_number(text, c) for c in x.cells[1:])]
    cells = [c for x in lines for c in x.cells]
    numbers = sum(_is_number(text, c) for c in cells)
    if (
        len(rows) < _LEAST_ROWS
        or numbers < _LEAST_SHARE * len(cells)
        or any(b - a > _LONGEST for a, b in cells)
    ):
        return []
    counts = {len(x.cells) for x in lines if x.cells}
    if len(counts) == 1:  # none is missing: no need to look where they stand
        return [_Row(x, list(range(len(x.cells))), *counts) for x in lines]
    ends = [_places(text, x) for x in rows]
    bounds: list[list[int]] = []
    for a, b in sorted(c for row in ends for c in row):
        if bounds and a < bounds[-1][1]:
            bounds[-1][1] = max(bounds[-1][1], b)
        else:
            bounds.append([a, b])
    if len(bounds) < max(len(x.cells) for x in rows):
        return []
    table = [_Row(x, [_nearest(bounds, place) for place in _places(text, x)], len(bounds)) for x in lines]
    return table if all(len(set(r.at)) == len(r.at) for r in table) else []


def _places(text: str, line: _Line) -> list[tuple[int, int]]:
    """The columns on paper in which a line's cells stand; a Chinese character takes two."""
    wide = [0]
    for c in text[line.start : line.end]:
        wide.append(wide[-1] + (2 if c >= "\u2e80" else 8 if c == "\t" else 1))
    return [(wide[a - line.start], wide[b - line.start]) for a, b in line.cells]


def _nearest(bounds: Sequence[Sequence[int]], place: tuple[int, int]) -> int:
    """The column that a cell shares most with, else the one whose middle is nearest."""
    a, b = place

    def far(i: int) -> tuple[int, int]:
        x, y = bounds[i]
        return -(min(b, y) - max(a, x)) if min(b, y) > max(a, x) else 1, abs(a + b - x - y)

    return min(range(len(bounds)), key=far)


def _spaced(text: str, block: Sequence[tuple[int, int]]) -> list[_Row]:
    """Pipes for a table whose cells are a blank apart: a header of words, and rows that end in as many numbers but one.

    Rows of more names than one (a study, a treatment) have as many words at least, and all of them as many numbers.
    """
    table: list[_Row] = []
    i = 0
    lines = [_Line(a, b, _tokens(text, a, b)) for a, b in block]
    while i < len(lines):
        head = lines[i]
        width = len(head.cells)
        headed = width >= _LEAST_CELLS and not any(_DIGIT.match(text, a) for a, _ in head.cells)
        named = 1
        if headed and i + 1 < len(lines):
            named = max(1, min(_MOST_NAMES, width - _trailing(text, lines[i + 1]), width - 2))
        rows = []
        for x in lines[i + 1 :] if headed else ():
            n = _trailing(text, x)
            test = bool(x.cells) and _STATISTIC.fullmatch(text, *x.cells[0]) and n == len(x.cells) - 1
            if not (n == width - named and len(x.cells) >= width) and not (test and 0 < n < width):
                break
            rows.append((x, n))
        full = sum(n == width - named for _, n in rows)
        if full < _LEAST_ROWS or not _WORDS.search(text, *head.cells[0]):
            i += 1
            continue
        table.append(_Row(head, list(range(width)), width))
        for x, n in rows:
            names = _names(x.cells[:-n], named if n == width - named else 1)
            line = _Line(x.start, x.end, [*names, *x.cells[-n:]])
            table.append(_Row(line, [*range(len(names)), *range(width - n, width)], width))
        i += 1 + len(rows)
    return table


def _stacked(text: str) -> list[_Row]:
    """Pipes for tables whose cells are a line each: a name and its numbers, again and again, below as many heads."""
    lines: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            start = at + len(line) - len(line.lstrip())
            lines.append((start, start + len(line.strip())))
        at += len(line) + 1
    numbers = [b - a <= _LONGEST and _is_number(text, (a, b)) for a, b in lines]
    words = [
        not numbers[i] and b - a <= _LONGEST_CELL and text[b - 1] not in "。.;,、" and "|" not in text[a:b]
        for i, (a, b) in enumerate(lines)
    ]
    follow = [0] * (len(lines) + 2)  # how many lines of numbers begin at each
    for i in range(len(lines) - 1, -1, -1):
        follow[i] = follow[i + 1] + 1 if numbers[i] else 0
    table: list[_Row] = []
    i = 0
    while i < len(lines):
        rows: list[tuple[int, int]] = []
        j = i
        while j < len(lines) and words[j]:
            n = follow[j + 1]
            if not n and not (rows and j + 1 < len(lines) and words[j + 1] and follow[j + 2]):
                break
            rows.append((j, n))
            j += 1 + n
        width = 1 + max((n for _, n in rows), default=0)
        headed = (
            _stacked_head(text, lines, words, i, width) if sum(n + 1 == width for _, n in rows) > 1 else []
        )
        if headed and width >= _LEAST_CELLS:
            rows = [(headed[0], len(headed) - 1), *rows]
            for k, n in rows:
                cells = lines[k : k + 1 + n]
                first = width - len(cells) if k == headed[0] else 0
                stacked = _Line(cells[0][0], cells[-1][1], cells)
                table.append(_Row(stacked, list(range(first, first + len(cells))), width))
        i = max(j, i + 1)
    return table


def _stacked_head(
    text: str, lines: Sequence[tuple[int, int]], words: Sequence[bool], end: int, width: int
) -> list[int]:
    """The lines before a place that head ``width`` columns, or all but the first one where that is a table's title."""
    heads = list(range(max(0, end - width), end))
    while heads and not all(words[i] for i in heads):
        heads = heads[1:]
    return heads if len(heads) >= max(2, width - 1) else []


def _names(words: list[tuple[int, int]], n: int) -> list[tuple[int, int]]:
    """The words before a row's numbers as ``n`` names; the first one has what is over."""
    first = words[: len(words) - n + 1]
    return [(first[0][0], first[-1][1]), *words[len(first) :]]


def _tokens(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The words of a line; what stands in a bracket, or around a sign, is of the word before."""
    cells: list[tuple[int, int]] = []
    for a, b in _split(text, start, end, GAP):
        joined = cells and (
            text[a] in "(±+"
            or text[cells[-1][1] - 1] in "±(+"
            or text.count("(", *cells[-1]) > text.count(")", *cells[-1])
        )
        if joined:
            cells[-1] = (cells[-1][0], b)
        else:
            cells.append((a, b))
    return cells


def _trailing(text: str, line: _Line) -> int:
    """How many numbers a line ends in."""
    n = 0
    for c in reversed(line.cells):
        if not _is_number(text, c):
            break
        n += 1
    return n


def _is_number(text: str, cell: tuple[int, int]) -> bool:
    return _NUMBER.fullmatch(text, *cell) is not None


def _blanks_begin(text: str, end: int) -> int:
    """Where the blanks before a line's end begin."""
    while end > 0 and text[end - 1] in " \t":
        end -= 1
    return end
