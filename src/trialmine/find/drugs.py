"""Drugs that no lexicon holds and no stem tells, known by what the whole page says of a word.

``velmorane 40 mg daily``, ``assigned to velmorane or placebo``, ``the KIT inhibitor velmorane``: a word of which one place
says what is said of drugs only (rules of the kind ``drug_sure`` in ``names.toml``) is a drug on the whole page, unless it means something
else or as many places show that it does (``drug_never``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from trialmine.core.patterns import Patterns, iter_rules
from trialmine.core.sieve import Sieve
from trialmine.read.segment import Sentence


class DrugFinder:
    """Finds the names of drugs, or of other treatments (``sort``), of a page by the rules of ``names.toml``."""

    def __init__(self, patterns: Patterns, sort: str = "drug") -> None:
        rules = list(iter_rules(patterns, "names"))
        self._sure, self._never = (
            Sieve((r.regex, r.regex) for r in rules if r.kind == kind)
            for kind in (f"{sort}_sure", f"{sort}_never")
        )

    def names(self, sentences: Iterable[Sentence], known: Callable[[str], bool]) -> list[str]:
        """The names that the sentences tell, Latin ones in small letters; ``known`` says of a word whether it means something."""
        texts = [s.text for s in sentences]
        sure = _told(self._sure, texts)
        candidates = [w for w in sure if not known(w)]
        never = _told(self._never, texts) if candidates else Counter[str]()
        return [w for w in candidates if sure[w] > never[w]]


def _told(rules: Sieve[Any], texts: Iterable[str]) -> Counter[str]:
    """How many places tell by a rule what it tells of a word."""
    told: Counter[str] = Counter()
    for text in texts:
        for expression in rules.passing(text):
            found = (n for m in expression.finditer(text) for n in m.captures("n"))
            told.update({n.lower() if n.isascii() else n for n in found})
    return told
