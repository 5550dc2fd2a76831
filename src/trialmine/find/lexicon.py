"""Names in a text: longest match over all lexicons at once, checked at Latin word edges."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.read import fold

#: what ends the nickname of a regimen
_NICKNAMED = Expression(r"(?<=\p{Han}|\+\p{Latin}{1,9})(?:方案|组合|疗法)$")
#: sentences whose names are kept, because several finders ask for them
_REMEMBERED = 2000
#: so many characters of a form are looked for, and then the rest: the automaton of whole ones takes four times as long to make
_HEAD = 4


class Name(NamedTuple):
    """What a form means: its kind (drug, regimen, procedure, class, outcome, study), concept and more."""

    kind: str
    concept: str
    detail: str = ""
    cased: bool = False


class Hit(NamedTuple):
    """A name at folded ``[start, end)``."""

    start: int
    end: int
    name: Name


class Lexicon:
    """All surface forms, found leftmost-longest; forms are folded as texts are.

    It is made from the :func:`forms` of names. With a ``base``, its forms are found too; a form that stands in both means
    only what it means here.
    """

    def __init__(self, forms: Forms, base: Lexicon | None = None) -> None:
        self._base = base
        self._names, self._small, heads, self._lengths = forms
        self._small_forms = set(self._small)
        self._automaton = AhoCorasick(heads, store_patterns=False)
        self._last: dict[str, list[Hit]] = {}

    def find(self, text: str) -> list[Hit]:
        """All names in a folded text, longest first at each place, none inside another."""
        if text not in self._last:
            if len(self._last) > _REMEMBERED:
                self._last.clear()
            self._last[text] = self._scan(text)
        return self._last[text]

    def _scan(self, text: str) -> list[Hit]:
        lower = _lower(text)
        spans = self._spans(lower)
        if self._base is not None:
            if not spans:
                return self._base.find(text)
            spans += self._base._spans(lower)
        hits: list[Hit] = []
        last = 0
        for start, neg_end in sorted(spans):
            end = -neg_end
            if start < last or (end - start == 1 and end < len(text)):
                continue
            printed, small = text[start:end], lower[start:end]
            as_printed = self._meanings(printed)
            found = [*(as_printed or ()), *((self._meanings(small) or ()) if printed != small else ())]
            if as_printed is None:
                found = [x for x in found if not x.cased]
            if found and _edges(text, start, end):
                hits += [Hit(start, end, name) for name in dict.fromkeys(found)]
                last = end
        return hits

    def _spans(self, lower: str) -> list[tuple[int, int]]:
        """Where a form can stand: start and negative end, so that the longest comes first at each place."""
        names, small, lengths = self._names, self._small_forms, self._lengths
        return [
            (a, -a - n)
            for i, a, _ in self._automaton.find_matches_as_indexes(lower, overlapping=True)
            for n in lengths[i]
            if a + n <= len(lower) and ((form := lower[a : a + n]) in names or form in small)
        ]

    def _meanings(self, key: str) -> list[Name] | None:
        found = self._names.get(key)
        if found is not None:
            return [Name._make(name) for name in found]
        return found if self._base is None else self._base._meanings(key)


#: what each form means; the forms in small letters that aren't among these; the heads of all, and how long the forms are
#: that begin with each
Forms = tuple[dict[str, list[tuple[Any, ...]]], list[str], list[str], list[tuple[int, ...]]]


def forms(pairs: Iterable[tuple[str, Name]]) -> Forms:
    """What a lexicon of names is made from."""
    names = {key: list(map(tuple, found)) for key, found in _by_key(pairs).items()}
    small = sorted({_lower(key) for key in names} - names.keys())
    lengths: dict[str, set[int]] = {}
    for form in map(_lower, names):
        lengths.setdefault(form[:_HEAD], set()).add(len(form))
    heads = sorted(lengths)  # sorted, they make the automaton in half the time
    return names, small, heads, [tuple(sorted(lengths[head])) for head in heads]


def _by_key(pairs: Iterable[tuple[str, Name]]) -> dict[str, list[Name]]:
    """What each form means, by the form as texts are folded."""
    found: dict[str, list[Name]] = {}
    for form, name in pairs:
        key = _fold_key(form, name)
        if len(key) < 2 and not key >= "\u4e00":
            continue
        names = found.setdefault(key, [])
        if name not in names:
            names.append(name)
    return found


def _lower(text: str) -> str:
    """In lower case, each character for itself, as long as before."""
    lower = text.lower()
    if len(lower) != len(text) or "Σ" in text:
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lower


def _fold_key(form: str, name: Name) -> str:
    key = form.strip() if form.isascii() else fold.fold_words(form).strip()
    return key if name.cased else key.lower()


#: behind what people got: ``ABC-treated``
_WHO_GOT = Expression(
    r"-(?:treated|exposed|based|containing|naive|experienced|refractory|receiving|plus|and)\b"
)


def _edges(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    if first.isascii() and first.isalnum() and start and _latin(text[start - 1]):
        return False
    if first == "年" and start and text[start - 1].isdigit():
        return False  # 3年复发率: the unit of a time begins no name
    if last.isascii() and last.isalnum() and end < len(text):
        after = text[end]
        if _latin(after) and not (
            last.isalpha() and after == "s" and end - start > 2 and not _latin(text[end + 1 : end + 2])
        ):
            return False
        short = end - start <= 3
        if short and after == "-" and _latin(text[end + 1 : end + 2]) and not _WHO_GOT.match(text, end):
            return False
    return True


def _latin(char: str) -> bool:
    return bool(char) and char.isascii() and char.isalnum()


def build_lexicon(patterns: Patterns) -> Lexicon:
    """The lexicon of drugs, regimens, procedures, classes, outcomes and studies, from the user's cache."""
    code = b"".join(Path(file).read_bytes() for file in (__file__, fold.__file__))
    return Lexicon(patterns.table("names", code, lambda: forms(_pairs(patterns))))


def _pairs(patterns: Patterns) -> list[tuple[str, Name]]:
    """Each form of the lexicons with what it means."""
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
    known = {form.lower() if not name.cased else form for form, name in pairs}
    pairs += [  # and a numbered study's name printed so
        (form.upper(), name)
        for form, name in pairs
        if name.kind == "study"
        and any(c.isdigit() for c in form)
        and not {form.upper(), form.lower()} & known
    ]
    pairs += [  # the group that got what is called so: 双艾组 for 双艾方案
        (form, Name("regimen", e["concept"], e["parts"]))
        for e in lex["regimens"]
        if (form := _NICKNAMED.sub("组", e.form)) != e.form and not {form, form[:-1]} & known
    ]
    pairs += [  # a regimen that a text prints in capitals throughout: RVD for RVd
        (form.upper(), name)
        for form, name in pairs
        if name.kind == "regimen"
        and name.cased
        and len(form) > 2
        and not {form.upper(), form.lower()} & known
    ]
    return pairs


def _drug(concept: str, cased: bool) -> Name:
    """A drug; a fixed combination (``a/b``) is a regimen of its parts."""
    parts = concept.split("/")
    if len(parts) > 1 and all(len(p) > 3 for p in parts):
        return Name("regimen", concept, " + ".join(parts), cased=cased)
    return Name("drug", concept, cased=cased)


def _is_short(form: str) -> bool:
    return form.isascii() and form[1:].upper() == form[1:] and len(form) <= 5 and form[1:2].isupper()
