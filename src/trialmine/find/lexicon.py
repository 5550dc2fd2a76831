"""Names in a text: longest match over all lexicons at once, checked at Latin word edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trialmine.core.patterns import Patterns
from trialmine.read.fold import fold

#: sentences whose names are kept, because several finders ask for them
_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Name:
    """What a form means: its kind (drug, regimen, procedure, class, outcome, study), concept and more."""

    kind: str
    concept: str
    detail: str = ""
    cased: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A name at folded ``[start, end)``."""

    start: int
    end: int
    name: Name


class Lexicon:
    """All surface forms, found leftmost-longest; forms are folded as texts are."""

    def __init__(self, pairs: Iterable[tuple[str, Name]]) -> None:
        self._names: dict[str, list[Name]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._last: dict[str, list[Hit]] = {}
        self.extend(pairs)

    def with_own(self, pairs: Iterable[tuple[str, Name]]) -> Lexicon:
        """A copy in which these forms mean only what is given here."""
        own = Lexicon([])
        own._names = {**self._names, **{_fold_key(form, name): [] for form, name in pairs}}
        own._lengths = dict(self._lengths)
        own.extend(pairs)
        return own

    def extend(self, pairs: Iterable[tuple[str, Name]]) -> None:
        """Add forms."""
        lengths: dict[str, set[int]] = {k: set(v) for k, v in self._lengths.items()}
        for form, name in pairs:
            key = _fold_key(form, name)
            if len(key) < 2 and not key >= "\u4e00":
                continue
            names = self._names.setdefault(key, [])
            if name not in names:
                names.append(name)
            lengths.setdefault(key[:2].lower(), set()).add(len(key))
        self._lengths = {k: tuple(sorted(v, reverse=True)) for k, v in lengths.items()}

    def find(self, text: str) -> list[Hit]:
        """All names in a folded text, longest first at each place, none inside another."""
        if text not in self._last:
            if len(self._last) > _REMEMBERED:
                self._last.clear()
            self._last[text] = list(self._scan(text))
        return self._last[text]

    def _scan(self, text: str) -> Iterator[Hit]:
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        lengths, names = self._lengths, self._names
        at, n = 0, len(text)
        while at < n:
            step = 1
            for length in lengths.get(lower[at : at + 2], ()):
                end = at + length
                if end > n:
                    continue
                found = names.get(text[at:end], []) + (
                    [] if text[at:end] == lower[at:end] else names.get(lower[at:end], [])
                )
                found = [x for x in found if not x.cased or text[at:end] in names]
                if found and _edges(text, at, end):
                    yield from (Hit(at, end, name) for name in dict.fromkeys(found))
                    step = length
                    break
            at += step


def _fold_key(form: str, name: Name) -> str:
    key = form.strip() if form.isascii() else fold(form).text.strip()
    return key if name.cased else key.lower()


def _edges(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    if first.isascii() and first.isalnum() and start and _latin(text[start - 1]):
        return False
    if last.isascii() and last.isalnum() and end < len(text):
        after = text[end]
        if _latin(after) and not (
            last.isalpha() and after == "s" and end - start > 2 and not _latin(text[end + 1 : end + 2])
        ):
            return False
        short = end - start <= 3
        if short and after == "-" and _latin(text[end + 1 : end + 2]):
            return False
    return True


def _latin(char: str) -> bool:
    return bool(char) and char.isascii() and char.isalnum()


def build_lexicon(patterns: Patterns) -> Lexicon:
    """The lexicon of drugs, regimens, procedures, classes, outcomes and studies."""
    lex = patterns.lexicons
    pairs: list[tuple[str, Name]] = []
    for e in lex["drugs"]:
        if e["kind"] != "stem":
            short = e["kind"] == "abbreviation" and e.form.isascii() and len(e.form) <= 4
            pairs.append((e.form, _drug(e["concept"], short)))
    pairs += [
        (e.form, Name("regimen", e["concept"], e["parts"], cased=e.form.isascii() and len(e.form) <= 4))
        for e in lex["regimens"]
    ]
    pairs += [(e.form, Name(e["kind"], e["concept"], cased=_is_short(e.form))) for e in lex["procedures"]]
    pairs += [
        (
            e.form,
            Name(
                "outcome", e["concept"], e["measure"], cased=e["kind"] == "abbreviation" and _is_short(e.form)
            ),
        )
        for e in lex["outcomes"]
    ]
    pairs += [(e.form, Name("study", e.form, cased=True)) for e in lex["studies"] if e["kind"] == "name"]
    return Lexicon(pairs)


def _drug(concept: str, cased: bool) -> Name:
    """A drug; a fixed combination (``a/b``) is a regimen of its parts."""
    parts = concept.split("/")
    if len(parts) > 1 and all(len(p) > 3 for p in parts):
        return Name("regimen", concept, " + ".join(parts), cased=cased)
    return Name("drug", concept, cased=cased)


def _is_short(form: str) -> bool:
    return form.isascii() and form.upper() == form and len(form) <= 5
