"""Trials that no lexicon holds, known by what the whole page says of a word in capitals.

A word that is nothing else (no drug, outcome or procedure, no abbreviation that the page explains) is a trial's
name on the whole page where one place shows it (rules of the kind ``trial_sure`` in ``names.toml``), or where one place
hints at it (``trial_likely``) and it can be spoken, as trials' names are; unless more places show that it is something else
(``trial_never``) than show that it is one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns, iter_rules
from trialmine.core.sieve import Sieve
from trialmine.read.segment import Sentence

_KINDS = ("trial_sure", "trial_likely", "trial_never")
#: what can be spoken: five letters with two vowels, six where a digit is joined to them, as genes' names are shorter
_SPOKEN = Expression(r"(?![A-Z]{4,5}\d)(?=(?:[^AEIOUY]*[AEIOUY]){2})(?=(?:[^A-Z]*[A-Z]){5}).+")
#: or four letters with one, where a number or a word is joined to them: WORD 2, WORD-CKD
_JOINED = Expression(r"(?=[A-Z]{4,})[B-Z]*[AEIOUY][A-Z]*(?:[ -](?:\d{1,3}|I{1,3}|IV)|-[A-Z]{2,8}(?:-\d+)?)")
_SEVERAL = Expression(r"[A-Z]{3}[A-Z-]*[\s.:,]+(?:[A-Z]{1,3}[\s.:,]+)*[A-Z]{3}")
_DIGIT = Expression(r"\d")
_LATIN = Expression(r"\p{Latin}[\p{Latin}'-]*")
_NUMBERED = Expression(r"(.+?)[ -](?:\d{1,3}|I{1,3}|IV)")


def _family(word: str) -> str:
    """What a numbered trial shares with its sisters: WORD of WORD 2 and WORD-3; empty for one without a number."""
    return m[1] if (m := _NUMBERED.fullmatch(word)) else ""


def _explained(word: str, text: str) -> bool:
    """Whether the words right before a bracket, which begin with its letters, explain an abbreviation."""
    at = text.find(f"({word}")
    words = _LATIN.findall(text, max(0, at - 120), at)[-len(word) :] if at >= 0 else ()
    return any(w[0].lower() == word[0].lower() for w in words)


def is_heading_in_capitals(text: str) -> bool:
    """Whether a line is a heading of several words, all in capitals: ``OTHER OUTCOMES: KNOWLEDGE``, which names no trial."""
    return text.isupper() and text.isascii() and _SEVERAL.search(text) is not None and not _DIGIT.search(text)


class TrialFinder:
    """Finds the names of trials of a page by the rules of ``names.toml``."""

    def __init__(self, patterns: Patterns) -> None:
        rules = list(iter_rules(patterns, "names"))
        self._words = [r.regex for r in rules if r.kind == "trial_word"]
        self._rules = Sieve((r, r.regex) for r in rules if r.kind in _KINDS)
        self._not_study = {form.casefold() for form in patterns.cues.get("not_study", ()) if len(form) > 3}
        #: families of trials, whose name may stand without its number
        self._families = {e.form.upper() for e in patterns.lexicons["studies"] if e["kind"] == "family"}

    def names(self, sentences: Iterable[Sentence], known: Callable[[str], bool]) -> list[str]:
        """The trials' names that the sentences of a page tell; ``known`` says of a word whether it means something else."""
        places: dict[str, list[Sentence]] = {}
        told: dict[str, Counter[str]] = defaultdict(Counter)
        texts: list[str] = []
        for sentence in sentences:
            text = sentence.text
            if is_heading_in_capitals(text):
                continue
            words = dict.fromkeys(m["n"] for x in self._words for m in x.finditer(text))
            texts += [text] if words else []
            for word in words:
                places.setdefault(word, []).append(sentence)
        open_to = [w for w in places if not self._other(w) and not known(w)]
        for text in texts:
            if not any(w in text for w in open_to):
                continue
            for rule in self._rules.passing(text):
                for word in {m["n"] for m in rule.regex.finditer(text)}:
                    told[word][rule.kind] += 1
        found = {w: _family(w) for w in open_to if self._is_trial(w, told[w], places[w])}
        families = set(found.values()) - {""}
        return [w for w in open_to if w in found or _family(w) in families]

    def _other(self, word: str) -> bool:
        """Whether a word, or the one that it begins with, is a disease, an organisation, a heading."""
        first = word.split(" ")[0]
        return not self._not_study.isdisjoint(x.casefold() for x in (word, first, first.split("-")[0]))

    def _is_trial(self, word: str, told: Counter[str], where: Sequence[Sentence]) -> bool:
        """Whether what sentences tell of a word, by the kind of the rules, makes it a trial's name."""
        sure, hinted, never = (told[kind] for kind in _KINDS)
        if sure:
            return never <= sure
        shaped = word in self._families or any(x.fullmatch(word) for x in (_SPOKEN, _JOINED))
        return bool(hinted) and shaped and not never and not any(_explained(word, s.text) for s in where)
