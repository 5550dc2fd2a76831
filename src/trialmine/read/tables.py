"""Tables that stand in a text: Markdown and pipe rows, and HTML mark-up that a converter left behind.

A table is read where most cells of its body are numbers, or where its rows are studies and a column tells their results
in words; another table of sentences is left to the reader of sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns

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
#: what a cell of words holds that tells a result
_TELLS = Expression(
    r"\d\s?%|(?<!\p{L})(?:[acs]?HR|OR|I?RR|W?MD|SMD|[Pp])(?:\s?值)?\s?(?:\([^()]{0,20}\)|\[[^\[\]]{0,20}\])?\s?[=<>:≤≥]?\s?-?\d|\d\s?(?:vs\.?|versus|对比|对)\s?[<>≥≤~]?\d|±|"
    r"\d\s?(?:个?月|mo\b|months?)|中位|\bmedian\b"
)
#: the kinds of columns in the order in which their heads are tried, and those that name a row where rows are studies
_NAMING = ("study", "people", "treatment", "control")
_KINDS = ("size", "time", "people", "control", "treatment", "study", "aside", "result", "outcome")
#: around the words of a head
_AROUND = r"[^\p{L}\p{N}]*"
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
    #: what the head of each column says that it holds (see :class:`Kinds`), empty where it says nothing known
    kinds: list[str] = field(default_factory=list)
    #: whether its rows are studies and a column tells their results in words
    told: bool = False


class Kinds:
    """What the heads of columns say that they hold: studies, sizes, treatments, controls, people, times, results."""

    def __init__(self, patterns: Patterns) -> None:
        cues = {"control": r"(?:{{control_arm}}|{{table_control}})"}
        self._rules = {
            kind: patterns.compile(
                rf"(?i){_AROUND}{cues.get(kind, f'(?:{{{{table_{kind}}}}})')}"
                rf"(?:\s?(?:[(\[/,&]|and\b|或|及|与|和|名称|year|n\s?=).{{0,40}}|{_AROUND})"
            )
            for kind in _KINDS
        }

    def of(self, head: str) -> str:
        """The kind of a column by its head."""
        return next((kind for kind in _KINDS if self._rules[kind].fullmatch(head)), "")


def find_tables(text: str, lines: Sequence[tuple[int, int]], kinds: Kinds) -> list[Table]:
    """The tables of a folded text that are read cell by cell, in order; ``lines`` are the spans of its lines that aren't blank."""
    blocks = [*_pipes(text, lines), *_html(text)]
    tables = [
        t for start, end, rows, heads in blocks if (t := _table(text, lines, start, end, rows, heads, kinds))
    ]
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
    text: str,
    lines: Sequence[tuple[int, int]],
    start: int,
    end: int,
    rows: list[list[Cell]],
    heads: int,
    kinds: Kinds,
) -> Table | None:
    if not heads:
        heads = next((i for i, row in enumerate(rows) if any(_holds(c) for c in row[1:])), 0)
    while heads and len(rows) > heads + 1 and _heads_on(rows[heads], rows[heads + 1 :]):
        heads += 1
    body = rows[heads:]
    width = max((len(r) for r in body), default=0)
    body = [r for r in body if len(r) == width]
    if not heads or width < 2 or not body:
        return None
    before = next((text[a:b] for a, b in reversed(lines) if b <= start and not _RULE.match(text[a:b])), "")
    caption = (
        before
        if _CAPTION.match(before) or (len(before) <= _LONGEST_TITLE and _TITLE.fullmatch(before))
        else ""
    )
    return _laid(start, end, caption, _heads(rows[:heads], width), body, kinds)


def _laid(
    start: int, end: int, caption: str, columns: list[list[Cell]], body: list[list[Cell]], kinds: Kinds
) -> Table | None:
    """The table of the heads of its columns and the rows of its body, its columns of names first."""
    width = len(columns)
    of = [kinds.of(head[-1].text) if head else "" for head in columns]
    telling = _telling(body, of) if "study" in of else []
    if telling:
        of = [kind or "told" if i in telling else kind for i, kind in enumerate(of)]
        names = [i for i in range(width) if _names_study(body, of, i) and i not in telling]
    else:
        names = _names(body, width, columns, of)
        cells = [c for r in body for i, c in enumerate(r) if i not in names and c.text]
        cells = [c for c in cells if not _DASHED.match(c.text)]
        if not cells or sum(c.numeric for c in cells) * 2 < len(cells):
            return None
    order = [*names, *(i for i in range(width) if i not in names)]
    columns, of = [columns[i] for i in order], [of[i] for i in order]
    body = [[row[i] for i in order] for row in body]
    for above, row in pairwise(body):  # a study or group told once for the rows below it
        for i in range(len(names) - 1):
            if row[i].text or not any(c.text for c in row[i + 1 : len(names)]):
                break
            row[i] = above[i]
    return Table(start, end, caption, columns, body, len(names), of, bool(telling))


def turned(table: Table, study: str, kinds: Kinds) -> Table | None:
    """The table whose rows are a table's columns, each a study; ``study`` is what the head above them is to say."""
    corner = table.heads[0][-1:] or [Cell("", table.start)]
    heads = [
        [Cell(study, corner[0].start)],
        *([c for c in row[: table.named] if c.text] for row in table.body),
    ]
    body = [
        [head[-1] if head else Cell("", table.start), *(row[i] for row in table.body)]
        for i, head in enumerate(table.heads[table.named :], table.named)
    ]
    return _laid(table.start, table.end, table.caption, heads, body, kinds)


def are_times(cells: Sequence[Cell]) -> bool:
    """Whether cells tell only times, those of the rows below them."""
    told = [c.text for c in cells if c.text]
    return bool(told) and all(_TIME.fullmatch(t) for t in told)


def _heads_on(row: list[Cell], below: list[list[Cell]]) -> bool:
    """Whether a row below a rule is one more row of heads: it names nothing and holds no value, in words or times."""
    told = [c for c in row[1:] if c.text]
    if not row or row[0].text or len(told) < 2 or any(_holds(c) or _DASHED.match(c.text) for c in told):
        return False
    return not any(_TELLS.search(c.text) for c in told) and any(_holds(c) for r in below for c in r[1:])


def _telling(body: list[list[Cell]], kinds: list[str]) -> list[int]:
    """The columns of words that tell results: called so, or called nothing known and with a result in most cells."""
    found = []
    for i, kind in enumerate(kinds):
        told = [row[i] for row in body if row[i].text and not _DASHED.match(row[i].text)]
        words = [c for c in told if not c.numeric]
        tells = [c for c in words if _TELLS.search(c.text)]
        if (kind in ("result", "outcome") and tells) or (not kind and len(tells) * 2 > len(told)):
            found.append(i)
    return found


def _names_study(body: list[list[Cell]], kinds: list[str], i: int) -> bool:
    """Whether a column says what the study of a row is: whom it took in, what it compared."""
    told = [row[i] for row in body if row[i].text and not _DASHED.match(row[i].text)]
    return kinds[i] in _NAMING or (
        kinds[i] in ("", "aside", "outcome", "result") and not any(c.numeric for c in told)
    )


def _holds(cell: Cell) -> bool:
    """Whether a cell holds a value, and no time that heads a column."""
    return cell.numeric and not _TIME.fullmatch(cell.text)


def _names(body: list[list[Cell]], width: int, heads: list[list[Cell]], kinds: list[str]) -> list[int]:
    """The columns that name the rows: the first one and those of words, or called groups, that follow, over columns of
    sizes between them."""
    names, sizes, ended = [0], 0, False
    for i in range(1, min(width - 1, _NAME_COLUMNS)):
        told = [row[i].text for row in body if row[i].text]
        words = not any(row[i].numeric for row in body)
        called = bool(heads[i]) and _OF_GROUPS.fullmatch(heads[i][-1].text)
        if words and told and kinds[i] in _NAMING:
            names.append(i)
        elif ended:
            continue
        elif called or words:
            names.append(i)
        elif told and all(_SIZES.fullmatch(t) for t in told) and not sizes:
            sizes = 1
        else:
            ended = True
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
    if (
        width > 1
        and len(rows) > 1
        and heads[0]
        and not last[0].text
        and heads[0] == heads[1][: len(heads[0])]
    ):
        heads[0] = []  # the first group's head spans the names of the rows as well
    return heads
