"""When two free texts name the same group of people: a loose test that opposites never pass.

A text is read as a row of units: Latin words, numbers, Chinese characters, and words of the table
``opposites.csv``. That table has a line for each side of an axis (positive, negative; with its words,
between bars): words of one side are one unit, and words of two sides of one axis are opposites. A side
with ``alone`` makes a group of its own: it tells two texts apart also where the other names no side of
its axis. Three axes are read in their own way: ``negation`` goes with the unit after it, ``sign`` with its
number, and what is ``ignored`` tells no group from another ("patients", "with").
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from itertools import takewhile

from trialmine.report.sides import normal

COLUMNS = ("axis", "side", "alone", "words")

#: of the larger text's units, the share that both have where each has some that the other has not
_ENOUGH = 0.8

#: what turns a Latin word into its opposite
_PREFIXES = ("un", "non", "in", "im", "ir", "il", "dis", "a")


@dataclass(frozen=True, slots=True)
class _Table:
    words: re.Pattern[str]
    #: a word without blanks and hyphens -> its axis and side
    meant: dict[str, tuple[str, str]]
    alone: frozenset[str]


@cache
def _table() -> _Table:
    text = resources.files("trialmine.report").joinpath("opposites.csv").read_text("utf-8")
    meant: dict[str, tuple[str, str]] = {}
    alone: set[str] = set()
    patterns: list[str] = []
    for line in csv.DictReader(io.StringIO(text, newline="")):
        if line["alone"] == "yes":
            alone.add(line["axis"])
        for word in line["words"].split("|"):
            if _bare(word) in meant:
                raise ValueError(f"opposites.csv: {word!r} stands twice")
            meant[_bare(word)] = (line["axis"], line["side"])
            patterns.append(word)
    patterns.sort(key=lambda word: (-len(word), word))
    return _Table(re.compile("|".join(map(_pattern, patterns))), meant, frozenset(alone))


def _bare(word: str) -> str:
    return re.sub(r"[\s-]", "", word)


def _pattern(word: str) -> str:
    """A word as a regular expression: not within a longer Latin word, its parts apart or joined by a hyphen."""
    if not word[0].isascii() or not word[0].isalnum():
        return re.escape(word)
    return rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])".replace(r"\ ", r"[\s-]?")


_TOKEN = re.compile(
    r"(?P<latin>[a-z]{1,4}-\d[a-z0-9]*(?![.%])|[^\W\d_\u2e80-\U0003ffff][a-z0-9]*)(?P<mark>\(?[+-]\)?(?![a-z0-9]))?"
    r"|(?P<number>(?:(?<![^\s(<>=])-)?\d+(?:[ ,]\d{3}(?!\d))*(?:\.\d+)?(?:\+(?!\d))?)"
    r"|(?P<mark2>\([+-]\))|(?P<char>[\u2e80-\U0003ffff])"
)
_DASHES = re.compile(r"[\u00ad\u2010-\u2015\u2212\ufe63]")


@dataclass(slots=True)
class _Read:
    """What a text says: its units in order, and what tells it from others.

    ``sides`` maps an axis to the sides named; ``bound`` are (unit before, axis, side), ``numbers`` pairs of
    a number and its sign, ``negated`` the units after a negation (empty for none), ``plain`` the others.
    """

    units: list[str] = field(default_factory=list)
    sides: dict[str, set[str]] = field(default_factory=dict)
    bound: set[tuple[str, str, str]] = field(default_factory=set)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    negated: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)


def _tokens(text: str) -> Iterator[tuple[str, str, str, int, int]]:
    """Kind (an axis, ``latin``, ``number`` or ``char``), unit, side, and place of each token of a text."""
    table, at = _table(), 0
    while at < len(text):
        if match := table.words.match(text, at):
            axis, side = table.meant[_bare(match.group())]
            yield axis, f"{axis}={side}", side, at, match.end()
            at = match.end()
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            at += 1
            continue
        if mark := match["mark"] or match["mark2"]:
            if match["latin"]:
                yield "latin", match["latin"].replace("-", ""), "", at, match.end("latin")
            side = "positive" if "+" in mark else "negative"
            yield "result", f"result={side}", side, match.start(), match.end()
        elif match["latin"]:
            yield "latin", match["latin"].replace("-", ""), "", at, match.end()
        elif match["number"]:
            yield "number", re.sub(r"[ ,]", "", match["number"]), "", at, match.end()
        else:
            yield "char", match["char"], "", at, match.end()
        at = match.end()


@cache
def _simplify() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def _folded(text: str) -> str:
    """A text with dashes of one kind, without accents and, of Chinese, in simplified characters."""
    text = _DASHES.sub("-", normal(text))
    if not text.isascii():
        bare = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
        sound = "".join(bare).encode("utf-8", "replace").decode()
        text = unicodedata.normalize("NFC", _simplify()(sound))
    return text


@lru_cache(maxsize=4096)
def _read(text: str) -> _Read:
    text = _folded(text)
    found = _Read()
    no = False  # a negation is open
    sign, sign_end, last = "", -1, ""
    for kind, unit, side, start, end in _tokens(text):
        if kind == "ignored":
            continue
        if kind == "negation":
            no = True
        elif kind == "sign":
            if found.numbers and not found.numbers[-1][1] and not text[end : end + 2].strip()[:1].isdigit():
                found.numbers[-1] = (found.numbers[-1][0], side)
            else:
                sign, sign_end = side, end
        elif kind == "number":
            near = bool(sign) and not text[sign_end:start].strip()
            found.numbers.append((_number(unit), sign if near else ""))
            found.units.append(f"#{_number(unit)}")
            sign, no = "", False
        else:
            if side:
                found.sides.setdefault(kind, set()).add(side)
                found.bound.add((last, kind, side))
            (found.negated if no else found.plain).add(unit)
            found.units.append(unit)
            last, no = ("" if side else last if kind == "char" and last.isascii() and last else unit), False
    if no:
        found.negated.add("")
    return found


def _number(text: str) -> str:
    return text if text.endswith("+") else f"{float(text):.10g}"


def same_population(pred: str, gold: str) -> bool:
    """Whether two texts name the same group: both none, or both one, alike and without a contradiction.

    Alike: one holds the other's words, or most are common to both (see ``_alike``). A contradiction is a
    negation, a side of an axis that makes a group of its own, a number or a number's sign that stands in one
    of the two only; different sides of any axis; and a word with a negation in one and without in the other.
    """
    a, b = normal(pred), normal(gold)
    if "".join(a.split()) == "".join(b.split()):
        return True
    if not a.strip() or not b.strip():
        return False
    x, y = _read(pred), _read(gold)
    return not _contradict(x, y) and _alike(x.units, y.units)


def _contradict(x: _Read, y: _Read) -> bool:
    if bool(x.negated) != bool(y.negated) or set(x.numbers) != set(y.numbers):
        return True
    alone = _table().alone
    for axis in x.sides.keys() | y.sides.keys():
        ours, theirs = x.sides.get(axis, set()), y.sides.get(axis, set())
        if ours != theirs and (axis in alone or (ours and theirs)):
            return True
    for one, other in ((x, y), (y, x)):
        if any(unit in other.plain and unit not in other.negated for unit in one.negated - one.plain):
            return True
        if any(
            word == before and axis == on and side != to and (before, axis, to) not in one.bound
            for word, axis, side in one.bound
            for before, on, to in other.bound
        ):
            return True
        words = {u for u in one.units if u.isascii()} - set(other.units)
        if any(f"{prefix}{u}" in other.units for u in words for prefix in _PREFIXES):
            return True
    return False


def _alike(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether one row of units holds the other: in one piece, or scattered over at most twice its length.

    Where either has units that the other has not, four in five of the longer's have to be common, and what is
    not common may hold no Latin word, number or numeral.
    """
    short, long = sorted((list(a), list(b)), key=lambda units: (len(units), units))
    if not short:
        return not long
    if _in_one_piece(short, long) or _in_one_piece(long, short):
        return True
    left = list(long)
    missing = []
    for unit in short:
        same = next((u for u in left if _akin(unit, u)), None)
        if same is None:
            missing.append(unit)
        else:
            left.remove(same)
    if not missing:
        return 2 * len(short) >= len(long)
    telling = any(u.isascii() or u in "一二两三四五六七八九十" for u in (*missing, *left))
    return not telling and len(short) - len(missing) >= _ENOUGH * len(long)


def _in_one_piece(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether some units in a row of the whole are spelt as the part is (pd l1, pdl1)."""
    text, edges = "".join(whole), {0}
    for unit in whole:
        edges.add(max(edges) + len(unit))
    size = len(wanted := "".join(part))
    return any(start + size in edges and text.startswith(wanted, start) for start in edges)


def _akin(a: str, b: str) -> bool:
    """Equal, or Latin words with the same beginning (cirrhosis, cirrhotic)."""
    if a == b:
        return True
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
    return a.isalpha() and b.isalpha() and a.isascii() and shared >= max(4, 0.6 * max(len(a), len(b)))
