"""A first look at a text: which of many expressions can match in it at all.

Each expression is read once for the words that every match of it must hold ("hazard ratio" or "HR", and a
digit). One pass over a text then tells which words stand in it, and with that which expressions are worth
trying. What can't be read passes always, so a sieve never loses a match.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

import regex
from ahocorasick_rs import AhoCorasick

from trialmine.core.kept import KEPT
from trialmine.core.needs import HAN, LATIN, Clause, fold_case, ignores_case, plain

_CLASSES = {HAN: regex.compile(r"\p{Han}"), LATIN: regex.compile(r"\p{Latin}")}
#: texts whose words are kept
_REMEMBERED = 2000
#: alternatives that are passed over together where none of their rarest words is there
_TOGETHER = 8
T = TypeVar("T")


class _Vocabulary:
    """The words that the expressions of all sieves need, found in one pass over a text."""

    def __init__(self) -> None:
        #: a clause of an expression has a bit
        self.clauses = 0
        #: whether case is ignored, word -> the bits of the clauses that it is enough for
        self._words: dict[tuple[bool, str], int] = {}
        #: whether case is ignored, the longer words, their bits, the single characters with theirs
        self._scans: list[tuple[bool, AhoCorasick, dict[str, int], list[tuple[str, int]]]] = []
        self._last: dict[str, int] = {}

    def add(self, clause: Clause, folded: bool) -> int:
        """The bit of a clause, whose words are looked for from now on."""
        bit = 1 << self.clauses
        self.clauses += 1
        for word in clause:
            key = (folded and word not in _CLASSES, word)
            self._words[key] = self._words.get(key, 0) | bit
        self._scans = []
        self._last.clear()
        return bit

    def present(self, text: str) -> int:
        """The bits of the clauses of which a word stands in a text; kept, because many sieves ask for the same text."""
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
        tidy = plain(text)
        for folded, automaton, bits, single in self._scans:
            printed = fold_case(tidy) if folded else tidy
            for word in set(automaton.find_matches_as_strings(printed, overlapping=True)):
                found |= bits[word]
            for char, bit in single:
                if char in printed:
                    found |= bit
        for name, expression in _CLASSES.items():
            if (bits_of_class := self._words.get((False, name))) and expression.search(text):
                found |= bits_of_class
        return found

    def _prepare(self) -> None:
        for folded in (False, True):
            words = sorted(w for f, w in self._words if f is folded and w not in _CLASSES)
            # a digit, a space, a bracket are everywhere: to find each of them would take longer than the words
            single = [(w, self._words[folded, w]) for w in words if len(w) == 1 and w.isascii()]
            words = [w for w in words if len(w) > 1 or not w.isascii()]
            if words or single:
                automaton = AhoCorasick(words, store_patterns=True)  # the words found are none made anew
                self._scans.append((folded, automaton, {w: self._words[folded, w] for w in words}, single))


_VOCABULARY = _Vocabulary()


class Sieve(Generic[T]):
    """Tells which of some things can be found in a text, each by its expression (compiled by ``regex``)."""

    def __init__(self, expressions: Iterable[tuple[T, Any]]) -> None:
        self._first = _VOCABULARY.clauses
        self._things: list[T] = []
        #: the things that pass always
        self._always: list[int] = []
        #: the other ones' alternatives in groups: the bits of which one must be there for any of a group; whose each alternative
        #: is, and the bits of the clauses that it needs
        self._groups: list[tuple[int, list[tuple[int, int]]]] = []
        rarest: list[int] = []
        needed: list[tuple[int, int]] = []
        for thing, e in expressions:
            folded = ignores_case(e.pattern, e.flags)
            branches = KEPT.needs(e.pattern, e.flags)
            if not all(branches):
                self._always.append(len(self._things))
                branches = ()
            for branch in branches:
                bits = [_VOCABULARY.add(clause, folded) >> self._first for clause in branch]
                rarest.append(bits[0])
                needed.append((len(self._things), reduce(or_, bits)))
            self._things.append(thing)
        for i in range(0, len(needed), _TOGETHER):
            self._groups.append((reduce(or_, rarest[i : i + _TOGETHER]), needed[i : i + _TOGETHER]))
        self._any_of = reduce(or_, rarest, 0)

    def passing(self, text: str) -> list[T]:
        """Those that are worth trying, in order."""
        present = _VOCABULARY.present(text) >> self._first
        passing = set(self._always)
        if present & self._any_of:
            for any_of, group in self._groups:
                if any_of & present:
                    for i, mask in group:
                        if mask & present == mask:
                            passing.add(i)
        things = self._things
        return [things[i] for i in sorted(passing)]

    def any(self, text: str) -> bool:
        """Whether one of them is worth trying."""
        if self._always:
            return True
        present = _VOCABULARY.present(text) >> self._first
        if present & self._any_of:
            for any_of, group in self._groups:
                if any_of & present:
                    for _, mask in group:
                        if mask & present == mask:
                            return True
        return False


def possible(*expressions: Any) -> Callable[[str], bool]:
    """A function that tells whether any of some expressions can match in a text: a small part of the time to try them."""
    return Sieve((e, e) for e in expressions).any


class Sieved:
    """Stands in for an expression that is tried on whole sentences: those that it can't match in are told by the sieve."""

    def __init__(self, expression: Any) -> None:
        self._tried, self._may = expression, possible(expression)

    def search(self, text: str, *where: int) -> Any:
        """The first match, or None."""
        return self._tried.search(text, *where) if self._may(text) else None

    def match(self, text: str, *where: int) -> Any:
        """The match at a place, or None."""
        return self._tried.match(text, *where) if self._may(text) else None

    def finditer(self, text: str, *where: int) -> Iterator[Any]:
        """All matches."""
        return self._tried.finditer(text, *where) if self._may(text) else iter(())
