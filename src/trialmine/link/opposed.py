"""Treatments that a sentence sets against another one, whatever they are: ``X reduced falls compared with Y``, ``与Y相比,X可降低``.

What a list of groups defines is told.py's; here the words of a comparison show that a name is a group's. Each rule names its
own side, and the other one must be there, too: a known treatment, a word for a group, or another such name.
"""

from __future__ import annotations

from collections.abc import Sequence

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.sieve import Sieved, possible
from trialmine.core.spans import touches
from trialmine.core.words import NO_GROUP_WORD
from trialmine.find.quantity import RATIOS, Quantity
from trialmine.read.segment import HAN

_STOP = (
    rf"(?:{NO_GROUP_WORD}|either|not|no|any|be|been|being|might|could|whom|whose|v|compar\w+|relative|here|if|because|"
    r"also|significantly|markedly|further|however|moreover|overall|similarly|higher|lower|better|worse|only|such|through|via|"
    r"using|receiving|received|given|taking|treated|showed?|found|reported|demonstrated|observed|associated|superior|inferior|"
    r"reduc\w+|lower\w+|decreas\w+|improv\w+|increas\w+|prolong\w+|shorten\w+|prevent\w+|delay\w+|halv\w+|rais\w+|slow(?:s|ed)|cuts?|led|leads?|result\w*|\w+ly)"
)
_WORD = rf"(?!(?i:{_STOP})(?![\p{{L}}\d'’+-]))[\p{{Latin}}][\p{{Latin}}\d'’/+-]*"
NAME = rf"{_WORD}(?:\s{_WORD}){{0,4}}+"
LEAD = r"(?:(?i:the|an?|use of|the use of|treatment with|therapy with|administration of|addition of|adding)\s){0,3}"
ENDS = r"(?=\s?[.,;:()\[\]*—]|\s?$|\s(?:in|for|at|on|after|during|over|among|by|with|within|and|or|but|while|whereas|was|were|had|did|who|whose|as|from|through|to|per|when|because|regarding|significantly|\d)\b)"
_AGAINST = r"(?:than|versus|vs\.?|(?:as\s)?[Cc]ompared (?:with|to)|[Rr]elative to|[Ii]n comparison (?:with|to)|(?:superior|inferior|non-?inferior|preferable) to|(?:advantage|benefit|superiority) over)"
_ADVERB = r"(?:\p{Ll}+ly\s|also\s|not\s|further\s|even\s){0,2}"
#: what a treatment is said to have done
_DID = (
    rf"(?:(?:did\snot\s{_ADVERB}|failed\sto\s|(?:has|have|was|were)(?:\sbeen)?\sshown\sto\s|{_ADVERB})(?:reduced?|lower(?:ed)?|decreased?|improved?|prolonged?|shorten(?:ed)?|prevent(?:ed)?|delay(?:ed)?|halved?|slow(?:ed)?|cut|outperform(?:ed)?|"
    r"reduces|lowers|decreases|improves|prolongs|prevents|increased?(?=\s(?:the\s)?[^.;]{3,60}\b(?:compared|versus|vs|than|\())|led to|resulted in)\s(?!by\b|from\b|in\b|to\b|with\b|after\b|more\b|less\b|on\b|among\b|during\b|over\b|at\b|and\b)|"
    rf"(?:was|were|is|has been|proved|remained)\s{_ADVERB}(?:superior|inferior|non-?inferior|more effective|less effective|as effective as)\b)"
)
#: X reduced ...: a treatment that a clause begins with
_SUBJECT = rf"(?:^\W{{0,6}}|[.;:]\s|\b(?:that|showed|found|but|whereas|while)\s|,\s(?:and\s)?){LEAD}(?P<n>{NAME})(?:\s\([^()]{{1,30}}\))?\s{_DID}"
#: patients who received X had ...
_WHO_GOT = (
    rf"\b(?:(?:who\s)?(?:received|underwent|took|used)|receiving|given|taking|undergoing|(?:treated|managed)\s(?:with|by)|assigned\sto)\s{LEAD}(?P<n>{NAME})"
    r"(?:\s\([^()]{1,30}\))?\s(?:had|were|showed|experienced|achieved|developed|reported)\b"
)
#: X was associated with a lower risk of ...: an exposure, with its ratio behind it
_WENT_WITH = (
    rf"(?:^\W{{0,6}}|[.;:]\s|\b(?:that|showed|found|but|whereas|while)\s|,\s(?:and\s)?){LEAD}(?P<n>{NAME})(?:\s\([^()]{{1,30}}\))?\s(?:was|were|is|are)\s{_ADVERB}(?:associated|linked|related)\s"
    r"(?:with|to)\s(?:an?\s|the\s)?(?:\d[\d.]*\s?%\s|\p{Ll}+ly\s){0,2}(?:lower|reduced|decreased|higher|increased|greater|elevated|fewer|less|more|reductions?|increases?|longer|shorter|better|worse|improved|risk|odds)\b"
)
#: with X than with Y
_WITH_THAN = (
    rf"(?<!\b(?:{{{{people_noun}}}}|those|people|cases|eyes)\s)\b(?:with|after|on|using|receiving|given)\s{LEAD}(?P<n>{NAME}),?\s"
    rf"(?:than\s(?:with|after|on|using|receiving|given)|(?:versus|vs\.?|(?:as\s)?compared (?:with|to))(?:\s(?:with|after|on|using|receiving|given))?)\s{LEAD}(?P<n>{NAME}){ENDS}"
)
#: compared with Y: the other side
_OTHER = rf"\b{_AGAINST}\s(?:(?:with|after|on|using|receiving|that (?:of|with)|those (?:of|with|receiving|given|on))\s)?{LEAD}(?P<n>{NAME}){ENDS}"
#: a line that begins with two treatments: "X vs Y in Z: ...", "**X vs Y** — ..."
_TITLE = rf"^[\s*#•–-]{{0,8}}(?P<n>{_WORD}(?:\s{_WORD}){{0,2}})\s(?:vs\.?|versus)\s(?P<n>{_WORD}(?:\s{_WORD}){{0,2}})(?:\s(?:vs\.?|versus)\s(?P<n>{_WORD}(?:\s{_WORD}){{0,2}}))?(?=\s?(?:[:*—(]|$|\s-{{1,2}}\s)|\s(?:in|for|after|as|at|of)\b)"
_LAST_ED = Expression(r"(?i:ed|less|usual|controls?|population|placebo)$")

#: a Latin name in a Chinese sentence
_TOKEN = r"(?<![\p{Latin}\d-])(?P<n>(?=[\p{Latin}\d-]{0,6}[A-Z])[A-Za-z][\p{Latin}\d-]{2,16}[\p{Latin}\d])(?![\p{Latin}\d-])"
_CHANGES = r"(?:治疗)?(?:组)?(?:可以?|能够?|使|将|令|并?未能?|不能|显著|明显|有效|更|进一步|均|也)*(?:降低|减少|改善|延长|提高|增加|缩短|下降|使|将|优于|不劣于|带来)"
_GIVES = r"(?:接受|给予|予以?|服用|使用|口服|注射|应用|分配至|分配到)"
_ZH = (
    rf"(?:相比较?|比较|相较|对比)[,]?\s?{_TOKEN}(?={_CHANGES})|"
    rf"{_TOKEN}(?=(?:治疗|组)?(?:或|vs\.?|对比|与|和)(?:给予|接受|服用|匹配的?)?安慰剂)|"
    rf"安慰剂(?:组|治疗)?(?:或|和|与|vs\.?|对比)(?:给予|接受|服用)?{_TOKEN}(?=治疗|组|[,。;(])|"
    rf"{_GIVES}(?:了)?{_TOKEN}(?=治疗|的患者|的受试者|者)"
)
#: numbers of which two may be the two groups'
_PAIRED = ("p", "percent", "time", "mean", "level", "number", "events", "count")


class Opposed:
    """Finds the names of treatments that a comparison shows to be a group's."""

    def __init__(self, patterns: Patterns) -> None:
        self._not = patterns.compile(r"\b(?:{{not_group}})\b|\b(?:{{not_treatment}})$")
        people = r"(?:{{people_noun}}|{{people_kind}}|people|those)"
        self._people = patterns.compile(rf"(?i:\b{people}\b|(?:{{{{people_agent}}}})\b)")
        subject, other = patterns.compile(_SUBJECT), patterns.compile(_OTHER)
        got, went_with = patterns.compile(_WHO_GOT), patterns.compile(_WENT_WITH)
        than, title = patterns.compile(_WITH_THAN), patterns.compile(_TITLE)
        zh = patterns.compile(_ZH)
        self._may_be_zh, self._zh = possible(zh), Sieved(zh)
        self._may_be = possible(subject, got, went_with, other, than, title)
        self._subject, self._other, self._got = Sieved(subject), Sieved(other), Sieved(got)
        self._went_with, self._with, self._title = Sieved(went_with), Sieved(than), Sieved(title)
        self._against = patterns.compile(rf"\b{_AGAINST}\s")

    def worth(self, text: str) -> bool:
        """Whether a sentence can hold such a name."""
        return self._may_be_zh(text) if HAN.search(text) else self._may_be(text)

    def find(
        self,
        text: str,
        known: Sequence[tuple[int, int]],
        other: Sequence[tuple[int, int]],
        quantities: Sequence[Quantity],
    ) -> list[tuple[int, int]]:
        """The spans of such names; ``known`` are the groups already found, ``other`` what else is known: outcomes, studies."""
        if HAN.search(text):
            found = [m.span("n") for m in self._zh.finditer(text)]
            return [x for x in found if not touches(x, known) and not touches(x, other)]
        titled = self._title.match(text)
        if titled:
            pair = [
                (a, b)
                for a, b in titled.spans("n")
                if touches((a, b), known) or self._fits(text, (a, b), other)
            ]
            if len(pair) == len(titled.spans("n")):
                return [x for x in pair if not touches(x, known)]
        told = [q for q in quantities if q.kind.startswith("estimate") or q.kind in _PAIRED]
        if not told or (len(told) == 1 and told[0].kind in _PAIRED and told[0].kind != "p"):
            return []
        found = []
        for m in self._with.finditer(text):
            pair = [x for x in m.spans("n") if touches(x, known) or self._fits(text, x, other)]
            found += pair if len(pair) == 2 else []
        others = [x for m in self._other.finditer(text) if self._fits(text, x := m.span("n"), other)]
        led = (m for e in (self._subject, self._got, self._went_with) for m in e.finditer(text))
        subjects = [x for m in led if self._fits(text, x := m.span("n"), other)]
        ratio = next((q for q in quantities if q.kind in RATIOS), None)
        against = self._against.search(text) is not None
        for x in subjects:
            goes_on = ratio is not None and ratio.start > x[1]
            compared = against and (known or others)
            found += [x] if compared or goes_on else []
        for x in others:
            found += [x] if any(k[1] <= x[0] for k in [*known, *found]) else []
        return [x for i, x in enumerate(found) if not touches(x, known) and not touches(x, found[:i])]

    def _fits(self, text: str, span: tuple[int, int], other: Sequence[tuple[int, int]]) -> bool:
        name = text[slice(*span)]
        if touches(span, other) or self._not.search(name.lower()) or self._people.search(name):
            return False
        return len(name) > 2 and not _LAST_ED.search(name)
