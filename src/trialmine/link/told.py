"""Groups that an English sentence tells by definition: ``randomised to A or B``, whatever A and B are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.sieve import possible
from trialmine.core.spans import touches
from trialmine.core.words import PEOPLE
from trialmine.find.quantity import Quantity
from trialmine.link.opposed import ENDS, LEAD, NAME, Opposed
from trialmine.read.segment import HAN

#: the detail of a name that only the text tells to be a group's
TOLD = "told"
_WORTH = Expression(
    r"\b(?:randomi[sz]|assigned|allocated|compar|versus|vs|whether|[Gg]roups?:|(?:groups?|arm)\b[^.;]{0,45}?\s(?:received|underwent|got|was (?:given|treated))|(?:received|treated with|given)\b[^.;%]{3,60}\b(?:and|or|while|whereas)\b|(?:tested|evaluated|assessed|pitted) against|(?:had|underwent|offered)\b[^.;%]{3,60}\bor\b)"
)
_MAY_BE_WORTH = possible(_WORTH)
#: what opens the list of a study's groups
_OPENS = Expression(
    r"\b(?:randomi[sz]ed|randomly(?:\s\p{Latin}+)?|assigned|allocated|randomi[sz]ation)\b[^.;]{0,80}?\s(?:(?:to|into|between|and)(?:\s(?:receive|undergo|"
    r"have|get|be given|either|treatment with|one of (?:two|three|four|the following)(?:\s(?:groups|arms|treatments))?:?|"
    r"(?:two|three|four|2|3|4|the)\s(?:groups|arms):?))*|received)\s"
)
_COMPARED = Expression(
    r"\b(?:(?:trial|study|studies|trials|RCTs?|review|meta-analys[ie]s|which|that|who|[Ww]e|authors|researchers|investigators|and)\s(?:(?:also|directly|have|has)\s)*"
    r"(?:compared|compares?|comparing|pitted)|comparison of)\s(?:the\s(?:effects?|efficacy|safety|use|outcomes)(?:\sand\s\p{Latin}+)?\sof\s)?"
)
#: one treatment set against others, by what is said of it: ``A was compared with B``, ``A and B were compared``
_WAS_COMPARED = Expression(
    r"\s(?:(?:was|were|has been|have been)\s(?:(?:also|directly|first|then|prospectively|blindly)\s)*(?:(?:compared|contrasted) (?:with|to|against)|(?:tested|evaluated|assessed|studied|trialled|pitted) (?:against|head-to-head with|versus|in comparison with)))\s"
)
_WERE_COMPARED = Expression(
    r"\s(?:were|have been)\s(?:(?:also|directly|prospectively|blindly)\s)*compared\b(?!\s(?:with|to|against)\b)"
)
#: people counted who got one of what follows
_HAD_EITHER = Expression(
    rf"\b(?i:{PEOPLE}|residents|eyes)\b(?:\s(?:with|aged)\s[^.;%()]{{3,60}}?)?\s(?:\([nN]\s?=\s?\d[\d,]*\)\s)?(?:(?P<had>had)|underwent|received|took|used|(?:were|was)\s(?:given|offered|taught|treated with))\s(?:either\s)?(?=[^.;%]{{3,90}}?\sor\s)"
)
_ONE = rf"{LEAD}(?P<n>{NAME})(?:\s\([^()]{{1,40}}\))?"
_OVER = r"(?:versus|vs\.?|compared (?:with|to)|in comparison (?:with|to)|relative to|against)"
_GOT = r"(?:received|underwent|got|took|(?:(?:was|were)\s)?(?:given|treated with))"
#: two treatments, each with its own people or its own side of a question: ``100 received A and 100 received B``
_TWO = Expression(
    rf"\b(?:assigned|allocated|randomi[sz]ed)\s\d[\d,]*\s(?:\p{{Ll}}+\s){{0,3}}?to\s(?:receive\s)?{_ONE},?\s(?:and|or|versus)\s\d[\d,]*\s(?:\p{{Ll}}+\s){{0,2}}?to\s(?:receive\s)?{_ONE}{ENDS}|"
    rf"\b{_GOT}\s{_ONE},?\s(?:and|while|whereas)\s(?:the\s)?(?:others?|remaining|rest|\d[\d,]*)(?:\s\p{{Ll}}+){{0,2}}?\s(?:{_GOT}|with)\s{_ONE}{ENDS}|"
    rf"\b(?:trial|study|comparison|RCT)\s(?:of|evaluating|assessing|testing)\s(?:the\s(?:effects?|efficacy|safety)(?:\sand\s\p{{Ll}}+)?\sof\s)?{_ONE}\s(?:{_OVER}|or)\s{_ONE}{ENDS}|"
    rf"\b(?:evaluat|assess|test|investigat|examin|explor|stud|determin)\p{{Ll}}+\s(?:the\s)?(?:efficacy|effects?|effectiveness|safety|benefits?|role|use)(?:\sand\s\p{{Ll}}+)?\sof\s{_ONE}\s{_OVER}\s{_ONE}{ENDS}|"
    rf"\bwhether\s{_ONE}\s(?:is|was|are|were|would be|could be)\s(?:not\s)?(?:(?:superior|inferior|non-?inferior|preferable|equivalent)\sto|(?:more effective|better|safer)\sthan|as\s(?:effective|safe|good)\sas)\s{_ONE}{ENDS}"
)
#: what a group is said to have got
_GROUP_GOT = Expression(rf"\b(?:group|arm|cohort)(?:\s\([^()]{{1,40}}\))?\s{_GOT}\s{_ONE}{ENDS}")
#: before the subject of a comparison
_CLAUSE = Expression(
    r"(?:^|[.;:]|,\s(?:and|but|while|whereas)?|\b(?:that|which|when|where|trials?,|in which))\s?(?=\S)"
)
#: how much of a treatment, and how often, behind its name
_SO_MUCH = Expression(
    r"\s\d[\d.,]*\s?(?:mg|[μu]g|mcg|g|m[lL]|IU|U|units|puffs|%|Gy|Hz)(?:/(?:kg|day|d|m2|h))?(?:\s(?:once|twice|three times|daily|weekly|monthly|per day|a day|bid|tid|qd|(?:every|per)\s(?:\p{Ll}+\s)?\p{Ll}+))*$|\s(?:once|twice|three times)\s(?:daily|weekly|monthly|a\s\p{Ll}+)$"
)
#: that a sentence tells how many people were studied
_IN_PEOPLE = Expression(
    rf"\b(?i:\d[\d,]*|(?:one|two|three|four|five|six|seven|eight|nine)(?:\shundred|\sthousand)+|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\p{{Ll}}+)?)\s(?:[\p{{Latin}}-]+\s){{0,4}}?(?:{PEOPLE}|adolescents|residents|eyes|students|nurses|smokers|veterans|survivors|neonates|babies|mothers|couples|knees|teeth)\b|\(\s?[nN]\s?=\s?\d"
)
#: behind a word that calls a group
_CALLED = r"(?=(?:[\s-](?:(?:treatment|therapy)\s)?(?:groups?|arms?|cohorts?|recipients|users|patients|participants|eyes|treated)\b))"
#: where the list ends
_ENDS = Expression(
    r"[.;:](?!\d)|,?\s(?:for|in|at|over|during|after|within|before|among|on|by|while|who|which|that|from|every|daily|once|twice|until|"
    r"as|were|was|followed|showed|found|reported|reduced|achieved|had)\b"
)
_BETWEEN = Expression(
    r"\s?(?:,\s?(?:or|and)?|;\s?(?:or|and)?|\bor|\bversus|\bvs\.?|\bwith|(?<!\b(?:switch|change|convert|return|escalate|switching|changing)\s)\bto|\bagainst|\band)\s"
)
_OR = Expression(r"\b(?:or|versus|vs)\b")
_STRONG = Expression(r"\s?(?:,\s?(?:or|and)?|;\s?(?:or|and)?|\bor|\bversus|\bvs\.?)\s")
_LEAD = Expression(
    r"^(?:(?:[Aa]n?|[Tt]he|either|receive|undergo|to|have|be given|treatment with|continue|switch|change|start|begin|remain|stay|take|on|one of|those|with|of|or|and|additional)\s)+"
)
_BRACKET = Expression(r"\s?[(\[][^()\[\]]*[)\]]")
_NAME = Expression(r"\p{Latin}[\p{Latin}\d'’+-]*(?:\s[\p{Latin}\d'’+-]+){0,4}")
_NUMBERED = Expression(r"(?i:groups?|arms?|cohorts?)\s(?:\d{1,2}|I{1,3}|IV|[A-H])")
_PLUS = Expression(r"(?<=\p{Latin}{3})\s(?:plus|combined with|in combination with)\s(?=\p{Latin}{3})")
_PARTS = Expression(r"[\s-]")
_TAIL = Expression(r"\s(?:groups?|arms?|alone|only)$")
#: a name that is written with capitals
_CODE = Expression(r"\d|^(?:[^\s]*[A-Z]){2}")


class Told:
    """Finds the names of groups that no lexicon holds."""

    def __init__(self, patterns: Patterns) -> None:
        self._not = patterns.compile(r"\b(?:{{not_group}})\b")
        #: a word for what is done to people
        self._done = patterns.compile(r"\b(?:\p{Ll}*(?:{{treatment_end}})|{{treatment_head}})$")
        self._opposed = Opposed(patterns)
        self.forget()

    def forget(self) -> None:
        """Begin a new document."""
        self._names: dict[str, str] = {}
        self._heads: set[str] = set()
        #: a word of one name only -> that name
        self._words: dict[str, str] = {}
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
        again = [x for x in again if not touches(x, [*known, *told])]
        opposed = self._opposed.find(text, [*known, *told, *again], other, quantities)
        for a, b in opposed:
            name = text[a:b]
            self._names.setdefault(name.lower(), name if _CODE.search(name) else name.lower())
        if told or opposed:
            others = [text[a:b].lower() for a, b in known if b - a > 3]
            self._learn([text[a:b].lower() for a, b in told], others)
        found = [*told, *again, *opposed]
        names = {_PARTS.sub("-", n): first for n, first in (*self._words.items(), *self._names.items())}
        return [(a, b, names[_PARTS.sub("-", text[a:b].lower())]) for a, b in found]

    def _learn(self, names: list[str], others: list[str]) -> None:
        """Know these names from now on, and where they differ in it, by their last word after a preposition, and by any word of
        theirs before one for a group."""
        heads = [n.split()[-1] for n in names]
        for name, head in zip(names, heads, strict=True):
            if heads.count(head) == 1 and len(head) > 3 and not self._not.search(head) and " " in name:
                self._heads |= {head} - {*self._names}
                self._names.setdefault(head, name)
        words = [w for n in dict.fromkeys([*names, *others]) for w in dict.fromkeys(_PARTS.split(n))]
        for name in names:
            for w in _PARTS.split(name) if " " in name or "-" in name else ():
                if len(w) > 3 and words.count(w) == 1 and not self._not.search(w):
                    self._words.setdefault(w, name)
        whole = sorted((n for n in self._names if n not in self._heads), key=len, reverse=True)
        joined = (_PARTS.sub("-", n) for n in whole if " " in n)
        whole += [n for n in joined if n not in self._names]
        last = sorted(self._heads, key=len, reverse=True)
        ends, word = ("|".join(map(regex.escape, x)) or "(?!)" for x in (last, sorted(self._words)))
        self._again = regex.compile(
            rf"\b(?i:{'|'.join(map(regex.escape, whole))})\b|(?<=\b(?:with|the|for|on|after|using|than|versus|vs\.?)\s)(?i:{ends})\b|"
            rf"(?<![\p{{L}}\d-])(?i:{word}){_CALLED}"
        )

    def _told(self, text: str, known: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        lists = [list(self._parts(text, m.end())) for o in (_OPENS, _COMPARED) for m in o.finditer(text)]
        for parts in (*lists, *self._set_against(text, known)):
            named = [p for p in parts if self._fits(text[p[0] : p[1]])]
            if len(parts) < 2 or len(named) < len(parts) - sum(touches(p, known) for p in parts):
                continue
            for a, b in (piece for part in named for piece in _split(text, *part)):
                if not touches((a, b), [*known, *found]):
                    found.append((a, b))
                closing = [x for x, y in known if a <= x and y == b]
                if closing and closing[0] > a and all(x >= closing[0] or x < a for x, _ in known):
                    self.leads[closing[0]] = a
        got = (m.span("n") for m in _GROUP_GOT.finditer(text))
        found += [x for x in got if self._fits(text[slice(*x)]) and not touches(x, [*known, *found])]
        return found

    def _set_against(self, text: str, known: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
        """The lists of what a sentence says was compared with something, where it tells in how many, or knows one of them."""
        counted = _IN_PEOPLE.search(text) is not None
        for m in _WAS_COMPARED.finditer(text):
            told = [*self._subject(text, m.start()), *self._parts(text, m.end())]
            if counted or any(touches(x, known) for x in told):
                yield told
        for m in _WERE_COMPARED.finditer(text):
            told = list(self._subject(text, m.start()))
            if counted or any(touches(x, known) for x in told):
                yield told
        for m in _HAD_EITHER.finditer(text) if counted else ():
            told = list(self._parts(text, m.end()))
            # people also have what ails them: 75 patients had mild or moderate dementia
            done = m["had"] is None or any(touches(x, known) or self._done.search(text, *x) for x in told)
            if done:
                yield told
        for m in _TWO.finditer(text):
            yield m.spans("n")

    def _subject(self, text: str, end: int) -> Iterator[tuple[int, int]]:
        """The members of the list that a verb at ``end`` tells of."""
        opened = [m.end() for m in _CLAUSE.finditer(text, max(0, end - 120), end)]
        start = opened[-1] if opened else -1
        if start >= 0:
            yield from self._parts(text[:end], start)

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
            for rule in (_TAIL, _SO_MUCH):
                if tail := rule.search(name):
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
