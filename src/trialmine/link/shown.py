"""English groups that only the words around them show: ``in the AB and CD groups``, ``AB-treated eyes``, ``5% on AB and 3% on CD``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.sieve import Sieve
from trialmine.core.spans import touches
from trialmine.read.segment import HAN

#: a word of a group's name; the name's words are no words that bind
_WORD = r"(?!(?:{{not_group_name}})(?![\p{L}\d-]))[\p{Latin}\d][\p{Latin}\d.+/%-]*(?<!\.)"
_NAME = rf"""["'“]?\s?(?P<l>{_WORD}(?:\s(?:\+\s)?{_WORD}){{0,3}}?)\s?["'”]?"""
#: two capitals, or one and a digit: an abbreviation or a code
_CODE = r"(?<![\p{L}\d/+-])(?=\p{L}*\d*\p{Lu}[\p{L}/+-]*[\p{Lu}\d])[\p{Latin}][\p{Latin}\d/+-]{1,11}(?:\s\p{Lu}-\d+)?(?![\p{L}\d])"
_NUMBER = r"(?<![\d.])(?<!(?<![\p{L}\d-])\d[\d.]*\s?%?\)?\s(?:vs?\.?|versus)\s)\d[\d.]*(?:\s?(?:%|percent|mm\s?Hg|months?|weeks?|days?|years?|points?|mg/dL|(?:\+/-|±)\s?[\d.]+))*"
#: a number of any kind, with its unit
_ANY = r"\d[\d.]*(?:\s?(?:(?:%|percent|{{unit_level}}|{{unit_time}})(?!\p{Latin})|(?:\+/-|±)\s?[\d.]+))*"
_BRACKET = r"(?:\s?[(\[][^()\[\]]{1,60}[)\]])?"
_TIED = r"(?:in|on|for|with|after|under|among)\s(?:the\s)?"
#: the people of a number, before what ties them to a group
_WHOM = r"(?:(?:of\s(?:the\s)?)?(?:(?:{{people_noun}})\s|patient\s|those\s)|of\s\p{Latin}+\s)?"


#: right behind the name of a trial
_TRIAL = Expression(
    r"\s(?:trials?|stud(?:y|ies)|cohort|registry|programme|program)\b(?!\s(?:group|arm|drug|treatment))"
)


class ShownGroups:
    """Finds the names of groups that no lexicon holds."""

    def __init__(self, patterns: Patterns) -> None:
        c = patterns.compile
        group = r"(?:(?:treatment|therapy|study)\s)?(?:{{group_noun}})"
        opens = (
            r"\b(?:[Tt]he|[Ii]n|of|[Ff]or|[Bb]etween|[Ww]ith|[Aa]mong|[Oo]n|to|[Ff]rom|than|by)\s(?:the\s)?"
        )
        self._marked = [
            c(rf"{opens}{_NAME}(?:,\s{_NAME})*,?\s(?:and|or|versus|vs?\.?)\s(?:the\s)?{_NAME}\s{group}s\b"),
            c(rf"{opens}{_NAME}\s{group}\b"),
            c(
                rf"(?<=(?:^(?:\s*[-*•–·]+)?|[:;,(\[])\s?|{_NUMBER}\s){_NAME}\s{group}(?=\s?[,:=(\[]?\s?(?:n\s?=\s?)?{_NUMBER}|\s?[,;)\]]|\s(?:vs?|versus)\b)"
            ),
            c(
                rf"(?<![\p{{L}}\d-])(?P<l>(?!(?i:pre|previously|heavily|newly|un|re)-treated\b){_WORD}-treated)\s(?=(?:{{{{group_noun}}}})s?\b|\p{{Latin}}+s\b)"
            ),
        ]
        named = _NAME.replace("(?P<l>", r"(?P<l>(?=\p{Latin})")
        names = rf"{named}(?:\s?,\s{named})*\s?,?\s(?:and|or|versus|vs?\.?)\s(?:the\s)?(?:in\s|with\s|for\s)?{named}"
        #: a list that closes the numbers before it: ``were 5 and 7 for A and B, respectively``
        self._closing = c(
            rf"{_ANY}{_BRACKET}\s(?:of\s(?:the\s)?{{{{people_noun}}}}\s)?{_TIED}{names}(?:\s(?:{{{{people_noun}}}}|{{{{group_noun}}}}s?))?\s?,?\s?\(?respectively\b"
        )
        of_people = rf"(?P<l>(?=\p{{Latin}}){_WORD}(?:\s{_WORD})?)\s(?P<k>{{{{people_noun}}}})\b"
        counted = rf"{_ANY}{_BRACKET}\s(?:of\s(?:the\s)?)?"
        #: two numbers with the names of their groups behind them: ``6% (A) and 9% (B)``, ``6% of A eyes and 9% of B eyes``
        self._both = [
            c(rf"\d\s?%\s?\(\s?{named}\s?\)\s?,?\s(?:and|versus|vs?\.?)\s{_ANY}\s?\(\s?{named}\s?\)"),
            c(
                rf"{counted}{of_people}[^.;:\d]{{0,40}}?\s(?:and|versus|vs?\.?|(?:as )?compared with|compared to|than|against)\s(?:(?:in|by|for|to)\s)?{counted}(?P<l>(?=\p{{Latin}}){_WORD}(?:\s{_WORD})?)\s(?P=k)\b"
            ),
        ]
        #: two ways of one thing, set against each other before their numbers: ``less pain after open release than after closed release (``
        ties = r"(?:(?:in|with|after|for|by|of|from|the|that|those|patients|undergoing|receiving)\s)*"
        self._both.append(
            c(
                rf"\b(?P<l>(?!\d[\d.]*\s){_WORD}\s(?P<h>\p{{Ll}}{{4,}}))\b[^.;:()%\d]{{0,110}}?\s(?:than|versus|vs\.?|compared (?:with|to))\s{ties}(?P<l>{_WORD}\s(?P=h))\b[^.;()%]{{0,40}}?[(\[]\s?(?:\p{{Ll}}{{4,}},?\s)?{_ANY}"
            )
        )
        self._given = c(
            rf"\b(?:{{{{was_given}}}})\s(?:the\s)?(?P<l>{_CODE})(?:\s(?:and|or|versus|vs?\.?)\s(?P<l>{_CODE}))?"
        )
        self._set_against = c(rf"(?P<l>{_CODE})\s(?:versus|vs?\.?|than (?:on|with|in))\s(?P<l>{_CODE})")
        #: a number and the code of its group, either way round
        self._beside = [
            c(rf"{_NUMBER}{_BRACKET}\s{_WHOM}{_TIED}(?P<l>{_CODE})"),
            c(rf"{_ANY}{_BRACKET}\s{_WHOM}(?:on|for|with|after|under)\s(?:the\s)?(?P<l>{_CODE})"),
            c(rf"\b{_TIED}(?P<l>{_CODE})\s(?:was|were)\s{_NUMBER}"),
            c(rf"(?P<l>{_CODE})(?:\s(?:patients|subjects|participants))?\s?[(\[]\s?{_NUMBER}"),
            c(
                rf"(?<=[(\[;,:]\s?|\b(?:versus|vs?\.?|and)\s)(?P<l>{_CODE})\s?[:=,]?\s?(?:n\s?=\s?)?[-+]?{_NUMBER}"
            ),
        ]
        #: a number and what it is tied to, as behind the number of a group that is known
        self._parallel = c(
            rf"{_NUMBER}{_BRACKET}\s{_WHOM}(?P<t>on|for|with|after|under|in)\s(?:the\s)?(?P<l>{_WORD}(?:\s(?:\+\s)?{_WORD}){{0,3}}?)"
            r"(?=\s?[,.;()\[]|\s(?:and|versus|vs?|compared|or|but|while|whereas|groups?|arms?|{{people_noun}})\b|\s?$)"
        )
        #: people and what they got, as a text sets one such group against another
        self._got = c(
            rf"(?P<n>{_ANY}{_BRACKET}\s(?:(?:of|in|among|for)\s)?(?:the\s)?|\b(?:than|versus|vs\.?|compared (?:with|to))\s(?:(?:in|with|among|for|the)\s)*)?"
            rf"\b(?:{{{{people_noun}}}}|[Tt]hose)\s(?:who\s(?:had\s)?(?:(?:were|was)\s)?)?(?:randomly\s)?(?:{{{{was_given}}}}|{{{{underwent}}}})\s(?:the\s|an?\s|to\s)?{named}"
            r"(?=\s?[,.;()\[]|\s(?:and|or|versus|vs?|compared|than|but|while|whereas|had|have|were|was|for|at|in|with|plus|alone|did|showed|experienced|died|as)\b|\s?$)"
        )
        self._of_whom = c(r"(?:^\s?|[.;:]\s)(?:Among|Of|In)\s(?:the\s|these\s)?$")
        self._people = c(r"\s(?:{{people_noun}}|{{group_noun}}s?)\b")
        #: the same set against each other, both unknown: ``12% for A versus 9% for B``, ``3% with Abc and 5% with Xyz``
        whom = r"(?:of\s(?:the\s)?{{people_noun}}\s)?"
        one = rf"{_ANY}{_BRACKET}\s{whom}(?P<t>on|for|with|under|after)\s(?:the\s)?"
        other = rf"{_ANY}{_BRACKET}\s{whom}(?P=t)\s(?:the\s)?"
        ends = r"(?=\s?[,.;()\[]|\s(?:and|versus|vs?|compared|or|but|while|whereas)\b|\s?$)"
        capital = _NAME.replace("(?P<l>", r"(?P<l>(?=\p{Lu})")
        self._both += [
            c(rf"{one}{named},?\s(?:versus|vs?\.?|(?:as )?compared (?:with|to))\s{other}{named}{ends}"),
            c(rf"{one}{capital},?\sand\s{other}{capital}{ends}"),
        ]
        #: the same in small letters, where the sentence has no other group: ``89% with plain tape and 84% with glue``
        self._lone = c(
            rf"{one.replace('on|for|with|under|after', 'on|with|under|after')}{named},?\sand\s{other}{named}{ends}"
        )
        self._both.append(
            c(
                rf"\b(?:in|for|with|after|on|under)\s(?:the\s)?{named}\s?[(\[]\s?(?:n\s?=\s?)?{_ANY}[^()\[\]]*[)\]],?\s(?:than|versus|vs?\.?|(?:as )?compared (?:with|to))\s(?:(?:in|for|with|after|on|under)\s)?(?:the\s)?{named}\s?[(\[]\s?(?:n\s?=\s?)?{_ANY}"
            )
        )
        self._both.append(
            c(
                rf"\b(?:[Dd]iffer\p{{Ll}}*|[Cc]omparison|[Ss]imilar|[Cc]omparable|[Cc]omparing)\b[^.;:()%\d]{{0,60}}?\b(?:between|for|with)\s(?:the\s)?{capital}\s(?:and|versus|vs?\.?)\s(?:the\s)?{capital}(?=\s(?:for|in|with|at|on|regarding|groups?|arms?|patients|eyes)\b|\s?[(,.:])"
            )
        )
        #: behind the bracket of a known group's number: ``A (33%) compared with B (20%)``
        self._next = c(
            rf"(?P<o>[(\[])\s?(?:n\s?=\s?)?{_ANY}[^()\[\]]*[)\]]\s?,?\s(?:(?:as\s)?compared (?:with|to)|versus|vs?\.?|than|and)\s(?:(?:with|after|in|for|on|by|under)\s)?(?:the\s)?{named}\s?[(\[]\s?(?:n\s?=\s?)?{_ANY}"
        )
        #: the same before that of a known group: ``A (20%) and B (33%)``
        self._first = c(
            rf"(?:(?P<l>{_CODE})|\b(?:for|with|after|under)\s(?:the\s)?{named})\s?[(\[]\s?(?:n\s?=\s?)?{_ANY}[^()\[\]]*[)\]]\s?,?\s(?:(?:as\s)?compared (?:with|to)|versus|vs?\.?|than|and)\s(?:(?:with|after|in|for|on|by|under)\s)?(?:the\s)?(?P<k>\p{{Latin}})"
        )
        #: what a known group is compared with, by the noun that ends its name: ``compared with medical rate control``
        self._headed = c(
            rf"\b(?:[Cc]ompared (?:with|to)|[Vv]ersus|vs\.?|[Rr]elative to|[Ii]n comparison (?:with|to)|than(?:\s(?:with|after|for|in))?)\s(?:(?:the|an?|with|after|receiving)\s)*(?P<l>{_WORD}(?:\s{_WORD}){{0,3}}?[\s-](?:{{{{treatment_head}}}}))"
            r"(?=\s?[,.;()\[]|\s(?:and|for|in|among|at|on|after|with|was|were|had|groups?|arms?|alone|to|by|as|over|during)\b|\s?$)"
        )
        expressions = (
            self._headed,
            self._first,
            self._next,
            self._lone,
            *self._marked,
            self._given,
            self._set_against,
            *self._beside,
            self._parallel,
            self._got,
            self._closing,
            *self._both,
        )
        self._sieve = Sieve((e, e) for e in expressions)
        self._not_code = c(r"(?:{{not_group_code}})s?|[DWMYV]\d{1,3}")

    def find(
        self, text: str, phrases: Collection[tuple[int, int]], names: Collection[tuple[int, int]]
    ) -> Iterator[tuple[int, int]]:
        """The spans of names of groups, each once; ``phrases`` are the arms known already, ``names`` what else is known."""
        if HAN.search(text):
            return
        found: list[tuple[int, int]] = []
        worth = set(self._sieve.passing(text))

        def each(expression: Any) -> Iterator[Any]:
            return expression.finditer(text) if expression in worth else iter(())

        def new(span: tuple[int, int]) -> bool:
            return not touches(span, (*phrases, *found)) and not _TRIAL.match(text, span[1])

        for rule in self._marked:
            for m in each(rule):
                found += [s for s in m.spans("l") if new(s)]
        given = [
            s
            for m in each(self._given)
            for s in m.spans("l")
            if self._is_code(text[slice(*s)], s, names) and new(s)
        ]
        found += given
        for rule in (self._set_against, *self._beside):
            spans = [s for m in each(rule) for s in m.spans("l")]
            codes = [s for s in spans if self._is_code(text[slice(*s)], s, names)]
            if len({text[slice(*s)] for s in codes}) > 1 or (codes and given):
                found += [s for s in dict.fromkeys(codes) if new(s)]
        for rule in (self._closing, *self._both, self._lone):
            for m in each(rule):
                spans = m.spans("l")
                if rule is self._lone and any(a < m.end() and m.start() < b for a, b in (*phrases, *found)):
                    continue
                if len({text[slice(*x)] for x in spans}) == len(spans) and not any(
                    a < y and x < b for x, y in spans for a, b in names
                ):
                    found += [x for x in spans if new(x)]
        got = list(each(self._got))
        if len({m["l"].lower() for m in got}) > 1 and any(m["n"] for m in got):
            found += [m.span("l") for m in got if new(m.span("l")) and not touches(m.span("l"), names)]
        starts = {a for a, _ in phrases}
        for m in each(self._first):
            if m.start("k") in starts and self._is_code(m["l"], m.span("l"), names) and new(m.span("l")):
                found.append(m.span("l"))
        for m in each(self._headed) if phrases else ():
            span = m.span("l")
            if new(span) and not touches(span, names):
                found.append(span)
        ends = [b for _, b in phrases]
        for m in each(self._next):
            span = m.span("l")
            beside = any(b <= m.start("o") <= b + 1 for b in ends)
            if beside and new(span) and not touches(span, names):
                found.append(span)
        tied = list(each(self._parallel))
        for m in tied:
            if self._of_whom.search(text, 0, m.start()):
                continue  # Among 144 patients with X
            known = any(x["t"] == m["t"] and not new(x.span("l")) for x in tied)
            known = known and (m["t"] != "in" or self._people.match(text, m.end("l")) is not None)
            if known and new(m.span("l")) and not touches(m.span("l"), names):
                found.append(m.span("l"))
        yield from sorted(found)

    def _is_code(self, code: str, span: tuple[int, int], names: Collection[tuple[int, int]]) -> bool:
        return not self._not_code.fullmatch(code) and not touches(span, names)
