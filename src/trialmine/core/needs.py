"""The words that every match of an expression holds, read from the expression itself.

A digit is read as ``0`` and white space as a space, in the expression and in the text (:func:`plain`), so that
``\\d\\s?mg`` needs "0mg" or "0 mg". What isn't read here (set operations, back references by number) needs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import regex

#: stand for any digit and white space, and for any Chinese character or Latin letter
DIGIT, SPACE, HAN, LATIN = "0", " ", "\0h", "\0l"
_PROPERTIES = {r"\d": DIGIT, r"\s": SPACE, r"\p{Han}": HAN, r"\p{Latin}": LATIN, "A-Z": LATIN, "a-z": LATIN}
_NOTHING = frozenset([""])
#: more letters than any word has
_WHOLE = 1000
#: words kept apart when what follows is joined to them
_MOST = 300
#: single characters of a class that are told apart
_MOST_OF_CLASS = 12
_ZERO_WIDTH = "bBAZmMGK"
_ANY = "sSwWDhHvVRX"
_DIGIT, _SPACE = regex.compile(r"\d"), regex.compile(r"\s")
#: digits and white space other than those of most texts
_UNUSUAL = regex.compile(r"[^\D0-9]|[^\S ]")
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
#: characters that stand for themselves, none with a quantifier
_RUN = regex.compile(r"[^\\\[\](){}|.^$*+?]+(?![*+?{])")
_OPERATION = regex.compile(r"--|\|\||&&|~~")
_MARK = regex.compile(r"\\([^\p{L}\d])")
_PROPERTY = regex.compile(r"\\(?:p\{\w+\}|[ds])")
_QUANTIFIER = regex.compile(r"(?:[*+?]|\{(?P<low>\d*)(?P<comma>,?)(?P<high>\d*)\})[?+]?")
_OPEN = regex.compile(
    r"\?(?:(?P<again>P=\w+\))|(?P<name>P?<\w+>)|(?P<look>=|<=)|(?P<not>!|<!)|(?P<flags>i?):|(?P<atomic>>))"
)
_CLASS_ITEM = regex.compile(
    r"\\p\{\w+\}|\\[ds]|(?:\\[^\p{L}\d]|[^\\\[\]])(?:-(?:\\[^\p{L}\d]|[^\\\[\]]))?|\\."
)

#: a group with all groups in it
_GROUP = regex.compile(
    r"\((?:[^()\[\]\\]++|\\.|\[\^?(?:\\.|[^\\])(?:\\.|[^\]\\])*+\]|(?R))*+\)", regex.DOTALL
)
_LONG = 100

Clause = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Need:
    """What a part of an expression needs: one word of each clause; ``exact`` are all texts that it can match, if known.

    Every match begins with one of ``starts`` and ends with one of ``ends``, or is empty where the part can be left out
    (``skips``). The empty word stands for what isn't known.
    """

    exact: Clause | None
    clauses: tuple[Clause, ...] = ()
    starts: Clause = _NOTHING
    ends: Clause = _NOTHING
    skips: bool = False

    def all(self) -> list[Clause]:
        return [*self.clauses, *_told(self.exact)]


def _just(words: Clause) -> _Need:
    """What matches exactly these texts."""
    return _Need(words, (), words, words - _NOTHING, "" in words)


_EMPTY = _just(_NOTHING)
_FREE = _Need(None)
#: whether case is ignored, a long group -> what it needs
_READ: dict[tuple[bool, str], _Need] = {}


class _UnreadError(Exception):
    """An expression that uses what is not read here."""


def needs(pattern: str, flags: int = 0) -> tuple[tuple[Clause, ...], ...]:
    """For each alternative of an expression the clauses that it needs, one word of each.

    Words are case-folded where any part of the expression ignores case. An alternative without clauses can
    match anything, as can every expression that uses what isn't read here (set operations, back references by number).
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
    return tuple(tuple(sorted(_strongest(b.all()), key=_rarity, reverse=True)) for b in branches)


def ignores_case(pattern: str, flags: int = 0) -> bool:
    """Whether any part of an expression ignores case."""
    return bool(flags & regex.IGNORECASE) or "(?i" in pattern


class _Plain(dict[int, str]):
    """Each character as :func:`plain` gives it, looked up once."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = DIGIT if _DIGIT.match(char) else SPACE if _SPACE.match(char) else char
        return self[code]


_PLAIN = _Plain()


def plain(text: str) -> str:
    """A text with each digit as 0 and each white space as a space."""
    for digit in "123456789":
        text = text.replace(digit, DIGIT)
    return text.translate(_PLAIN) if _UNUSUAL.search(text) else text


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
        """One part after the other: what stands side by side is needed side by side."""
        starts = ends = _NOTHING
        exact = True
        clauses: list[Clause] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            item = self._quantified()
            clauses += item.clauses
            if item.exact is not None and len(ends) * len(item.exact) <= _MOST:
                ends = frozenset(a + b for a, b in product(ends, item.exact))
                starts = ends if exact else starts
                continue
            near = _beside(ends, item.starts)
            clauses += _told(near) or _told(ends)
            if exact:
                starts, exact = near, False
            ends = item.ends | ends if item.skips else item.ends
        if exact:
            return _Need(ends, tuple(clauses), starts, ends - _NOTHING, "" in ends)
        return _Need(None, (*clauses, *_told(ends)), starts, ends)

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
                if item.exact is not None and high == 1:
                    item = _just(item.exact | _NOTHING)
                else:
                    item = _Need(None, (), item.starts | _NOTHING, item.ends, skips=True)
            elif (low, high) != (1, 1):
                item = _Need(None, tuple(item.all()), item.starts, item.ends, item.skips)
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
        return _just(frozenset([self._plain(printed)]))

    def _plain(self, printed: str) -> str:
        return fold_case(plain(printed)) if self.folded else plain(printed)

    def _group(self) -> _Need:
        """A group; a long one, such as the units of a macro, stands in many expressions and is read once."""
        whole = _GROUP.match(self.text, self.at)
        if whole is None or len(whole.group()) < _LONG:
            return self._inside()
        key = self.folded, whole.group()
        if key not in _READ:
            _READ[key] = self._inside()
        self.at = whole.end()
        return _READ[key]

    def _inside(self) -> _Need:
        self.at += 1
        m = None
        if self.text.startswith("?", self.at):
            m = _OPEN.match(self.text, self.at)
            if m is None:
                raise _UnreadError
            self.at = m.end()
            if m["again"]:
                return _FREE  # what a group has matched, perhaps nothing
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
        words = {self._plain(c) for c in chars} | (classes & {DIGIT, SPACE})
        if negated or other or len(words) > _MOST_OF_CLASS:
            return _FREE
        if classes - words:
            return _Need(None, (frozenset(words | classes),))
        return _just(frozenset(words))

    def _escape(self) -> _Need:
        if m := _PROPERTY.match(self.text, self.at):
            self.at = m.end()
            known = _PROPERTIES.get(m.group())
            if known in (DIGIT, SPACE):
                return _just(frozenset([known]))
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


def _beside(before: Clause, after: Clause) -> Clause:
    """What stands where one of the words goes before one of the others; less of these where they are too many."""
    for length in (_WHOLE, 2, 1):
        heads = {word[:length] for word in after}
        if len(before) * len(heads) <= _MOST:
            return frozenset(a + b for a, b in product(before, heads))
    return before


def _all_of(sets: list[Clause]) -> Clause:
    """All words of sets, as starts or ends: unknown where those of one are, or they are too many."""
    words = frozenset[str]().union(*sets)
    return _NOTHING if "" in words or len(words) > _MOST else words


def _told(exact: Clause | None) -> list[Clause]:
    """The clause of what matches exactly one of these texts."""
    return [] if exact is None or "" in exact else [exact]


def _shortest(clause: Clause) -> Clause:
    """A clause without the words that hold another one of it; as it is where that would take long."""
    if len(clause) > 2 * _MOST:
        return clause
    kept: set[str] = set()
    lengths: set[int] = set()
    for word in sorted(clause, key=len):
        if not any(word[i : i + n] in kept for n in lengths for i in range(len(word) - n + 1)):
            kept.add(word)
            lengths.add(len(word))
    return frozenset(kept)


def _either(branches: list[_Need]) -> _Need:
    """What one of several alternatives needs: one clause for all, from the clause of each that is rarest."""
    if len(branches) == 1:
        return branches[0]
    if all(b.exact is not None for b in branches):
        exact = frozenset[str]().union(*(b.exact or () for b in branches))
        if len(exact) <= _MOST:
            return _just(exact)
    starts = _all_of([frozenset(word[:2] for word in b.starts) for b in branches])
    ends = _all_of(
        [frozenset(word[-2:] for word in b.ends | (_NOTHING if b.skips else frozenset())) for b in branches]
    )
    best = [max(b.all(), key=_rarity, default=None) for b in branches]
    clauses = _told(frozenset().union(*(b for b in best if b))) if all(best) else []
    return _Need(None, tuple(clauses), starts, ends)


def _strongest(clauses: Iterable[Clause]) -> list[Clause]:
    """The clauses without those that others imply: a digit where "0 mg" is needed."""
    kept = sorted(dict.fromkeys(map(_shortest, clauses)), key=_rarity)
    return [
        c for i, c in enumerate(kept)
        if len(c) > _MOST_OF_CLASS or not any(all(any(w in o for w in c) for o in other) for other in kept[i + 1 :])
    ]  # fmt: skip


def _rarity(clause: Clause) -> tuple[int, int]:
    """How rarely a word of a clause stands in a text, roughly."""

    def weight(word: str) -> int:
        return 0 if word in (HAN, LATIN) else sum(0 if c in "0 " else 1 if c.isascii() else 2 for c in word)

    return min(map(weight, clause)), -len(clause)
