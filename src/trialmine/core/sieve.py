"""A first look at a text: which of many expressions can match in it at all.

Each expression is read once for the words that every match of it must hold ("hazard ratio" or "HR", and a
digit). One pass over a text then tells which words stand in it, and with that which expressions are worth
trying. What can't be read here passes always, so a sieve never loses a match.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import product
from operator import or_
from typing import Any, Generic, TypeVar

import regex
from ahocorasick_rs import AhoCorasick

#: stand for any digit, Chinese character or Latin letter
DIGIT, HAN, LATIN = "\0d", "\0h", "\0l"
_CLASSES = {DIGIT: regex.compile(r"\d"), HAN: regex.compile(r"\p{Han}"), LATIN: regex.compile(r"\p{Latin}")}
_PROPERTIES = {r"\d": DIGIT, r"\p{Han}": HAN, r"\p{Latin}": LATIN, "A-Z": LATIN, "a-z": LATIN}
#: texts whose words are kept
_REMEMBERED = 2000
#: alternatives kept apart when what follows is joined to them
_MOST = 300
#: single characters of a class that are told apart
_MOST_OF_CLASS = 12
_ZERO_WIDTH = "bBAZmMGK"
_ANY = "sSwWDhHvVRX"
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
#: characters that stand for themselves, none with a quantifier
_RUN = regex.compile(r"[^\\\[\](){}|.^$*+?]+(?![*+?{])")
_OPERATION = regex.compile(r"--|\|\||&&|~~")
_MARK = regex.compile(r"\\([^\p{L}\d])")
_PROPERTY = regex.compile(r"\\(?:p\{\w+\}|d)")
_QUANTIFIER = regex.compile(r"(?:[*+?]|\{(?P<low>\d*)(?P<comma>,?)(?P<high>\d*)\})[?+]?")
_OPEN = regex.compile(r"\?(?:(?P<name>P?<\w+>)|(?P<look>=|<=)|(?P<not>!|<!)|(?P<flags>i?):|(?P<atomic>>))")
_CLASS_ITEM = regex.compile(r"\\p\{\w+\}|\\d|(?:\\[^\p{L}\d]|[^\\\[\]])(?:-(?:\\[^\p{L}\d]|[^\\\[\]]))?|\\.")

Clause = frozenset[str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Need:
    """What a part of an expression needs: one word of each clause; ``exact`` are all texts that it can match."""

    exact: Clause | None
    clauses: tuple[Clause, ...] = ()

    def all(self) -> list[Clause]:
        return [*self.clauses, *_told(self.exact)]


_EMPTY = _Need(frozenset([""]))
_FREE = _Need(None)


class _UnreadError(Exception):
    """An expression that uses what is not read here."""


def needs(pattern: str, flags: int = 0) -> tuple[tuple[Clause, ...], ...]:
    """For each alternative of an expression the clauses that it needs, one word of each.

    Words are case-folded where any part of the expression ignores case. An alternative without clauses can
    match anything, as can every expression that uses what isn't read here (set operations, back references).
    """
    if flags & (regex.VERBOSE | regex.REVERSE):
        return ((),)
    folded = ignores_case(pattern, flags)
    try:
        reader = _Reader(pattern.removeprefix("(?i)"), folded)
        branches = reader.branches()
        if reader.at < len(reader.text):
            return ((),)
    except (_UnreadError, IndexError):
        return ((),)
    return tuple(tuple(sorted(dict.fromkeys(b.all()), key=_rarity, reverse=True)) for b in branches)


def ignores_case(pattern: str, flags: int = 0) -> bool:
    """Whether any part of an expression ignores case."""
    return bool(flags & regex.IGNORECASE) or "(?i" in pattern


def fold_case(text: str) -> str:
    """A text in which letters are equal that an expression that ignores case holds for equal."""
    return text.casefold().replace("ı", "i").replace("\u0307", "")


class _Reader:
    """Reads an expression by recursive descent."""

    def __init__(self, text: str, folded: bool) -> None:
        self.text, self.folded, self.at = text, folded, 0

    def branches(self) -> list[_Need]:
        found = [self._sequence()]
        while self.text.startswith("|", self.at):
            self.at += 1
            found.append(self._sequence())
        return found

    def _sequence(self) -> _Need:
        exact: Clause = frozenset([""])
        whole = True
        clauses: list[Clause] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            item = self._quantified()
            clauses += item.clauses
            if item.exact is not None and len(exact) * len(item.exact) <= _MOST:
                exact = frozenset(a + b for a, b in product(exact, item.exact))
                continue
            clauses += _told(exact)
            whole = False
            exact = item.exact if item.exact is not None else frozenset([""])
        return _Need(exact, tuple(clauses)) if whole else _Need(None, (*clauses, *_told(exact)))

    def _quantified(self) -> _Need:
        item = self._atom()
        while m := _QUANTIFIER.match(self.text, self.at):
            self.at = m.end()
            sign = m.group()[0]
            if sign == "{":
                if not (m["low"] or m["high"]):
                    raise _UnreadError
                low = int(m["low"] or 0)
                high = low if not m["comma"] else int(m["high"]) if m["high"] else None
            else:
                low, high = (1 if sign == "+" else 0), (1 if sign == "?" else None)
            if low == 0:
                item = _Need(item.exact | {""}) if item.exact is not None and high == 1 else _FREE
            elif (low, high) != (1, 1):
                item = _Need(None, tuple(item.all()))
        if self.text.startswith("{", self.at):
            raise _UnreadError
        return item

    def _atom(self) -> _Need:
        if m := _RUN.match(self.text, self.at):
            self.at = m.end()
            return self._word(m.group())
        char = self.text[self.at]
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        self.at += 1
        if char in "^$":
            return _EMPTY
        return _FREE if char == "." else self._word(char)

    def _word(self, printed: str) -> _Need:
        return _Need(frozenset([fold_case(printed) if self.folded else printed]))

    def _group(self) -> _Need:
        self.at += 1
        m = None
        if self.text.startswith("?", self.at):
            m = _OPEN.match(self.text, self.at)
            if m is None:
                raise _UnreadError
            self.at = m.end()
        inner = _either(self.branches())
        if self.text[self.at] != ")":
            raise _UnreadError
        self.at += 1
        if m and m["not"]:
            return _EMPTY
        return _Need(_EMPTY.exact, tuple(inner.all())) if m and m["look"] else inner

    def _class(self) -> _Need:
        self.at += 1
        negated = self.text.startswith("^", self.at)
        self.at += negated
        chars: set[str] = set()
        classes: set[str] = set()
        other = False
        first = True
        while first or self.text[self.at] != "]":
            m = _CLASS_ITEM.match(self.text, self.at)
            if m is None or _OPERATION.match(self.text, self.at):
                raise _UnreadError  # a set in a set, an operation of sets
            first = False
            self.at = m.end()
            item = m.group()
            if item in _PROPERTIES:
                classes.add(_PROPERTIES[item])
            elif len(bare := _MARK.sub(r"\1", item)) == 1:
                chars.add(bare)
            elif len(bare) == 3 and bare[1] == "-" and ord(bare[2]) - ord(bare[0]) < _MOST_OF_CLASS:
                chars |= {chr(c) for c in range(ord(bare[0]), ord(bare[2]) + 1)}
            else:
                other = True
        self.at += 1
        if negated or other or len(chars) > _MOST_OF_CLASS:
            return _FREE
        chars = {fold_case(c) if self.folded else c for c in chars}
        return _Need(None, (frozenset(chars | classes),)) if classes else _Need(frozenset(chars))

    def _escape(self) -> _Need:
        if m := _PROPERTY.match(self.text, self.at):
            self.at = m.end()
            known = _PROPERTIES.get(m.group())
            return _Need(None, (frozenset([known]),)) if known else _FREE
        char = self.text[self.at + 1]
        self.at += 2
        if char in _ZERO_WIDTH:
            return _EMPTY
        if char in _CONTROL:
            return self._word(_CONTROL[char])
        if char in _ANY:
            return _FREE
        if char.isalnum():
            raise _UnreadError
        return self._word(char)


def _told(exact: Clause | None) -> list[Clause]:
    """The clause of what matches exactly one of these texts, without those that hold another."""
    if exact is None or "" in exact:
        return []
    kept: list[str] = []
    for word in sorted(exact, key=len):
        if not any(k in word for k in kept):
            kept.append(word)
    return [frozenset(kept)]


def _either(branches: list[_Need]) -> _Need:
    """The need of alternatives: one clause for all, from the clause of each that is rarest."""
    if len(branches) == 1:
        return branches[0]
    exact: Clause | None = frozenset()
    for b in branches:
        exact = exact | b.exact if exact is not None and b.exact is not None else None
    if exact is not None and len(exact) <= _MOST:
        return _Need(exact)
    best = [max(b.all(), key=_rarity, default=None) for b in branches]
    if any(b is None for b in best):
        return _FREE
    return _Need(None, tuple(_told(frozenset().union(*(b for b in best if b)))))


def _rarity(clause: Clause) -> tuple[int, int]:
    def weight(word: str) -> int:
        return 0 if word in _CLASSES else sum(1 if c.isascii() else 2 for c in word)

    return min(map(weight, clause)), -len(clause)


class _Vocabulary:
    """The words that the expressions of all sieves need, each with a bit, found in one pass over a text."""

    def __init__(self) -> None:
        #: whether its expression ignores case, word -> number of its bit
        self._bits: dict[tuple[bool, str], int] = {}
        self._scans: list[tuple[bool, AhoCorasick, list[int]]] = []
        self._last: dict[str, int] = {}

    def mask(self, words: Clause, folded: bool) -> int:
        """The bits of some words; new ones are looked for from now on."""
        before = len(self._bits)
        mask = 0
        for word in words:
            mask |= 1 << self._bits.setdefault((folded and word not in _CLASSES, word), len(self._bits))
        if len(self._bits) > before:
            self._scans = []
            self._last.clear()
        return mask

    def present(self, text: str) -> int:
        """The bits of the words that stand in a text; kept, because many sieves ask for the same text."""
        found = self._last.get(text)
        if found is None:
            if len(self._last) >= _REMEMBERED:
                self._last.clear()
            found = self._last[text] = self._look(text)
        return found

    def _look(self, text: str) -> int:
        if not self._scans:
            self._prepare()
        found = 0
        for folded, automaton, bits in self._scans:
            matches = automaton.find_matches_as_indexes(fold_case(text) if folded else text, overlapping=True)
            for i in {i for i, _, _ in matches}:
                found |= bits[i]
        for name, expression in _CLASSES.items():
            if (bit := self._bits.get((False, name))) is not None and expression.search(text):
                found |= 1 << bit
        return found

    def _prepare(self) -> None:
        for folded in (False, True):
            words = {w: 1 << b for (f, w), b in self._bits.items() if f is folded and w not in _CLASSES}
            if words:
                automaton = AhoCorasick(list(words), store_patterns=False)
                self._scans.append((folded, automaton, list(words.values())))


_VOCABULARY = _Vocabulary()


class Sieve(Generic[T]):
    """Tells which of some things can be found in a text, each by its expression (compiled by ``regex``)."""

    def __init__(self, expressions: Iterable[tuple[T, Any]]) -> None:
        #: per thing the words of which any match holds one, and the alternatives of its expression, each a tuple of
        #: masks: a bit for each word that will do
        self._masks: list[tuple[T, int, list[tuple[int, ...]]]] = []
        for thing, e in expressions:
            folded = ignores_case(e.pattern, e.flags)
            branches = [
                tuple(_VOCABULARY.mask(clause, folded) for clause in branch)
                for branch in needs(e.pattern, e.flags)
            ]
            rarest = reduce(or_, (b[0] for b in branches)) if all(branches) else -1
            self._masks.append((thing, rarest, branches))

    def passing(self, text: str) -> Iterator[T]:
        """Those that are worth trying, in order."""
        present = _VOCABULARY.present(text)
        for thing, rarest, branches in self._masks:
            if rarest != -1 and not rarest & present:
                continue
            for clauses in branches:
                for mask in clauses:
                    if not mask & present:
                        break
                else:
                    yield thing
                    break
