"""Groups that a text calls by an abbreviation it has explained: ``the experimental group (EG)``, ``干预组(IG)``, and EG from there on."""

from __future__ import annotations

from dataclasses import replace

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.words import NOT_IN_WORD
from trialmine.link.armphrase import SHORT_NAME, ArmPhrase

#: the abbreviation right behind a group's name
_SHORT = Expression(rf"(?:\s?(?:groups?|arms?|组))?\s?\((?P<a>{SHORT_NAME})\s?(?=[,;:)])")
_CALLS_GROUP = Expression(r"组$|\b(?:group|arm)s?$", regex.IGNORECASE)
_KINDS = frozenset({"label", "control", "experimental", "combination", "mono", "interventions"})


class ShortNames:
    """The abbreviations of groups that a page has explained so far."""

    def __init__(self, patterns: Patterns) -> None:
        self._none = patterns.compile(r"{{not_group_code}}")
        self.forget()

    def forget(self) -> None:
        """Begin a new document."""
        self._named: dict[str, ArmPhrase] = {}
        self._again: regex.Pattern[str] | None = None

    def apply(self, text: str, phrases: list[ArmPhrase]) -> list[ArmPhrase]:
        """The phrases of a sentence, in which an abbreviation means the group that it was explained for."""
        explained = self._explain(text, phrases) if "(" in text else []
        if self._again is None:
            return phrases
        found = [p for p in phrases if not any(a <= p.start < b for a, b in explained)]
        for m in self._again.finditer(text):
            a, b = m.span()
            here = [p for p in found if p.start < b and a < p.end]
            if any(x <= a < y for x, y in explained) or any(p.kind != "label" or p.start < a for p in here):
                continue
            end = max([b, *(p.end for p in here)])
            found = [p for p in found if p not in here]
            found.append(replace(self._named[m["a"]], start=a, end=end, is_group=True, called=[]))
        return found

    def _explain(self, text: str, phrases: list[ArmPhrase]) -> list[tuple[int, int]]:
        """Learn the abbreviations that a sentence explains, and where they stand."""
        spans = []
        for p in phrases:
            m = _SHORT.match(text, p.end) if p.kind in _KINDS else None
            if m is None or self._none.fullmatch(m["a"]) or len(p.labels) > 1:
                continue
            if not _CALLS_GROUP.search(text, p.start, m.start("a") - 1 - text[: m.start("a")].endswith(" (")):
                continue
            self._named[m["a"]] = replace(p, labels=list(p.labels))
            spans.append(m.span("a"))
        if spans:
            names = "|".join(map(regex.escape, self._named))
            self._again = regex.compile(
                rf"(?<![\p{{Latin}}\d/+-])(?P<a>{names})(?:\s?(?:groups?|arms?)\b|组{NOT_IN_WORD})?(?![\p{{Latin}}\d/+-])"
            )
        return spans
