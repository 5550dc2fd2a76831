"""Groups that an English sentence tells by definition: ``randomised to A or B``, whatever A and B are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.sieve import possible
from trialmine.find.quantity import Quantity
from trialmine.link.opposed import Opposed
from trialmine.read.segment import HAN

#: the detail of a name that only the text tells to be a group's
TOLD = "told"
_WORTH = Expression(r"\b(?:randomi[sz]|assigned|allocated|compar|versus|vs|[Gg]roups?:)")
_MAY_BE_WORTH = possible(_WORTH)
#: what opens the list of a study's groups
_OPENS = Expression(
    r"\b(?:randomi[sz]ed|randomly(?:\s\p{Latin}+)?|assigned|allocated|randomi[sz]ation)\b[^.;]{0,80}?\s(?:(?:to|into|between|and)(?:\s(?:receive|undergo|"
    r"have|get|be given|either|treatment with|one of (?:two|three|four|the following)(?:\s(?:groups|arms|treatments))?:?|"
    r"(?:two|three|four|2|3|4|the)\s(?:groups|arms):?))*|received)\s"
)
_COMPARED = Expression(
    r"\b(?:(?:trial|study|studies|trials|RCTs?|review|meta-analys[ie]s|which|that|who|we|authors|researchers|investigators|and)\s(?:(?:also|directly|have|has)\s)*"
    r"(?:compared|compares?|comparing|pitted)|comparison of)\s(?:the\s(?:effects?|efficacy|safety|use|outcomes)(?:\sand\s\p{Latin}+)?\sof\s)?"
)
#: where the list ends
_ENDS = Expression(
    r"[.;:](?!\d)|,?\s(?:for|in|at|over|during|after|within|before|among|on|by|while|who|which|that|from|every|daily|once|twice|until|"
    r"as|were|was|followed|showed|found|reported|reduced|achieved|had)\b"
)
_BETWEEN = Expression(
    r"\s?(?:,\s?(?:or|and)?|;\s?(?:or|and)?|\bor|\bversus|\bvs\.?|\bwith|\bto|\bagainst|\band)\s"
)
_OR = Expression(r"\b(?:or|versus|vs)\b")
_STRONG = Expression(r"\s?(?:,\s?(?:or|and)?|;\s?(?:or|and)?|\bor|\bversus|\bvs\.?)\s")
_LEAD = Expression(
    r"^(?:(?:an?|the|either|receive|undergo|to|have|be given|treatment with|continue|one of|those|with|of|or|and|additional)\s)+"
)
_BRACKET = Expression(r"\s?[(\[][^()\[\]]*[)\]]")
_NAME = Expression(r"\p{Latin}[\p{Latin}\d'’+-]*(?:\s[\p{Latin}\d'’+-]+){0,4}")
_NUMBERED = Expression(r"(?i:groups?|arms?|cohorts?)\s(?:\d{1,2}|I{1,3}|IV|[A-H])")
_PLUS = Expression(r"(?<=\p{Latin}{3})\s(?:plus|combined with|in combination with)\s(?=\p{Latin}{3})")
_TAIL = Expression(r"\s(?:groups?|arms?|alone|only)$")
#: a name that is written with capitals
_CODE = Expression(r"\d|^(?:[^\s]*[A-Z]){2}")


class Told:
    """Finds the names of groups that no lexicon holds."""

    def __init__(self, patterns: Patterns) -> None:
        self._not = patterns.compile(r"\b(?:{{not_group}})\b")
        self._opposed = Opposed(patterns)
        self.forget()

    def forget(self) -> None:
        """Begin a new document."""
        self._names: dict[str, str] = {}
        self._heads: set[str] = set()
        self._again: regex.Pattern[str] | None = None
        #: of the last sentence: start of a known treatment in a list of groups -> start of the name that it closes (supervised exercise)
        self.leads: dict[int, int] = {}

    def worth(self, text: str) -> bool:
        """Whether a sentence can hold such a name."""
        if self._again is not None or self._opposed.worth(text):
            return True
        return _MAY_BE_WORTH(text) and _WORTH.search(text) is not None

    def find(
        self,
        text: str,
        known: Sequence[tuple[int, int]],
        other: Sequence[tuple[int, int]] = (),
        quantities: Sequence[Quantity] = (),
    ) -> list[tuple[int, int, str]]:
        """Names of groups in a folded sentence, told in it or before, each with its span and its first wording.

        ``known`` are the spans of groups already found, ``other`` those of outcomes and studies.
        """
        self.leads = {}
        told = [] if not _WORTH.search(text) or HAN.search(text) else self._told(text, known)
        again = [m.span() for m in self._again.finditer(text)] if self._again else []
        for a, b in told:
            self._names.setdefault(text[a:b].lower(), text[a:b].lower())
        again = [x for x in again if not _touches(x, [*known, *told])]
        opposed = self._opposed.find(text, [*known, *told, *again], other, quantities)
        for a, b in opposed:
            name = text[a:b]
            self._names.setdefault(name.lower(), name if _CODE.search(name) else name.lower())
        if told or opposed:
            self._learn([text[a:b].lower() for a, b in told])
        found = [*told, *again, *opposed]
        return [(a, b, self._names[text[a:b].lower()]) for a, b in found]

    def _learn(self, names: list[str]) -> None:
        """Know these names from now on, and where they differ in it, by their last word after a preposition."""
        heads = [n.split()[-1] for n in names]
        for name, head in zip(names, heads, strict=True):
            if heads.count(head) == 1 and len(head) > 3 and not self._not.search(head) and " " in name:
                self._heads |= {head} - {*self._names}
                self._names.setdefault(head, name)
        whole = sorted((n for n in self._names if n not in self._heads), key=len, reverse=True)
        last = sorted(self._heads, key=len, reverse=True)
        ends = "|".join(map(regex.escape, last)) or "(?!)"
        self._again = regex.compile(
            rf"\b(?i:{'|'.join(map(regex.escape, whole))})\b|(?<=\b(?:with|the|for|on|after|using|than|versus|vs\.?)\s)(?i:{ends})\b"
        )

    def _told(self, text: str, known: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        for opens in (_OPENS, _COMPARED):
            for m in opens.finditer(text):
                parts = list(self._parts(text, m.end()))
                named = [p for p in parts if self._fits(text[p[0] : p[1]])]
                if len(parts) < 2 or len(named) < len(parts) - sum(_touches(p, known) for p in parts):
                    continue
                for a, b in named:
                    if not _touches((a, b), [*known, *found]):
                        found += _split(text, a, b)
                    self.leads |= {x: a for x, y in known if a <= x and y == b}
        return found

    def _parts(self, text: str, start: int) -> Iterator[tuple[int, int]]:
        """The members of the list that begins at ``start``."""
        plain = _BRACKET.sub(lambda m: " " * len(m.group()), text)
        end = next((m.start() for m in _ENDS.finditer(plain, start)), len(text))
        stretch = plain[start:end]
        marks = list((_STRONG if _OR.search(stretch) else _BETWEEN).finditer(stretch))
        last = next((i for i, m in reversed(list(enumerate(marks))) if m.group().strip() != ","), -1)
        first = next((i for i, m in enumerate(marks) if m.group().strip() != ","), -1)
        if closing := next((m for m in marks[first + 1 :] if m.group().strip() == ","), None):
            # after the word that joins the last two, a comma ends the list
            stretch = stretch[: closing.start()]
            last = marks.index(closing) - 1
        at = 0
        for m in [*marks[: last + 1], None]:
            a, b = start + at, start + (m.start() if m else len(stretch))
            at = m.end() if m else at
            lead = _LEAD.match(plain[a:b])
            a += lead.end() if lead else 0
            name = plain[a:b].rstrip()
            if tail := _TAIL.search(name):
                name = name[: tail.start()]
            a += len(name) - len(name.lstrip())
            yield a, a + len(name.strip())

    def _fits(self, name: str) -> bool:
        numbered = _NUMBERED.fullmatch(name)  # group 1 (A): the bracket tells what it gets
        return bool(_NAME.fullmatch(name)) and not numbered and not self._not.search(name.lower())


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a name that joins two treatments: ``stepping drill plus footwear advice``."""
    m = _PLUS.search(text, start, end)
    return [(start, end)] if m is None else [(start, m.start()), (m.end(), end)]


def _touches(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(a < span[1] and span[0] < b for a, b in others)
