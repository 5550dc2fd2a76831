"""Drugs that no lexicon holds and no stem tells, known by what the whole page says of a word.

``velmorane 40 mg daily``, ``assigned to velmorane or placebo``, ``the KIT inhibitor velmorane``: a word of which one place
says what is said of drugs only (rules of the kind ``drug_sure`` in ``names.toml``) is a drug on the whole page, unless it means something
else or as many places show that it does (``drug_never``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from trialmine.core.patterns import Patterns, iter_rules
from trialmine.core.sieve import Sieve
from trialmine.read.segment import Sentence

_SURE, _NEVER = "drug_sure", "drug_never"


class DrugFinder:
    """Finds the names of drugs of a page by the rules of ``names.toml``."""

    def __init__(self, patterns: Patterns) -> None:
        rules = iter_rules(patterns, "names")
        self._rules = Sieve((r, r.regex) for r in rules if r.kind in (_SURE, _NEVER))

    def names(self, sentences: Iterable[Sentence], known: Callable[[str], bool]) -> list[str]:
        """The drugs' names that the sentences tell, Latin ones in small letters; ``known`` says of a word whether it means something."""
        told: dict[str, Counter[str]] = defaultdict(Counter)
        for sentence in sentences:
            for rule in self._rules.passing(sentence.text):
                found = (m["n"] for m in rule.regex.finditer(sentence.text))
                for word in {n.lower() if n.isascii() else n for n in found}:
                    told[word][rule.kind] += 1
        return [w for w, n in told.items() if n[_SURE] > n[_NEVER] and not known(w)]
