"""English groups of people told by what they are, have or do: ``users`` and ``nonusers``, ``those with low X``, ``never smokers``."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.link.armphrase import DOSE, ArmPhrase
from trialmine.read.segment import HAN

#: no word of what tells people apart
_STOP = (
    r"(?:an?|the|this|that|these|those|all|both|each|most|many|some|other|two|three|four|of|in|on|at|to|for|by|from|with|than|and|or|but|as|per|"
    r"is|are|was|were|had|has|have|did|does|do|can|may|will|would|when|while|whereas|where|which|who|among|between|versus|vs|compar(?:ed|ing)|undergoing|"
    r"showed?|found|developed|experienced|achieved|reached|died|survived|responded|received|reported|enrolled|included|involving|"
    r"more|less|fewer|mean|median|respectively|during|after|before|until|within|over|under|there|it|they|we|our|their|its)"
)
_WORD = rf"(?!{_STOP}(?![\p{{L}}\d-]))[\p{{Latin}}\p{{Greek}}\d≥≤<>=][\p{{Latin}}\p{{Greek}}\d.+/≥≤<>='’%-]*(?<!\.)"
#: what stands right before such people
_LEFT = r"(?<=(?:^\s?|[.;:(\[,]\s?|\b(?:in|among|for|of|between|by|with|than|versus|vs\.?|to|and|from|that|whereas|while|but|on|as|all|the|most|comparing|compared|matched)\s))"
_ENDS = rf"(?=\s?[,.;:()\[\]]|\s?$|\s{_STOP}(?![\p{{L}}\d-])|\s\p{{Ll}}+(?:ly|ed)\b|\s\d[\d.]*\s?(?:%|[(/]|(?:of|vs|versus|to|patients|(?:month|year|week|day)s?)\b))"
#: from people to what they have or do
_HAVING = (
    r"(?:with(?:out)?|lacking|carrying|harbou?ring|having|free of|exposed to|unexposed to|not exposed to|not|never|in the|in|on|aged|over|under|"
    r"taking|receiving|using|undergoing|managed|treated|operated(?:\son)?|born|living|diagnosed|infected|vaccinated|fed|reporting|consuming|drinking|eating|"
    r"sleeping|requiring|of(?=\s(?:normal|low|high|lower|higher|average|advanced|younger|older|any|no|Asian|African|European|White|Black)\b)|"
    rf"(?!{_STOP})\p{{Ll}}{{2,}}ed(?=\s(?:by|with|on|to|in|for|at|via|under|before|after|within|early|late|later|earlier|\p{{Ll}}+ly)\b)|(?:who|whose)(?:\s(?:did|do|does|had|have|has|were|was|are|is|underwent|received|took|used|never|ever|developed|experienced|achieved|responded|relapsed|smoked|drank))*(?:\snot|\snever)?)"
)
#: what sets two groups of people against each other, and the words from it to the second one
_AGAINST = r"\b(?:than|versus|vs\.?|(?:[Aa]s\s)?[Cc]ompared (?:with|to)|[Rr]elative to|[Ii]n comparison (?:with|to)|against|[Aa]s opposed to)\s"
_TO_OTHER = r"(?:(?:that|those|in|among|for|of|by|with|the|to|\d[\d.]*\s?(?:%|months?|years?|days?)?(?:\s?\([^()]*\))?)\s)*"
#: they went without, or are not so
_NOT = Expression(
    r"\b(?:without|never|not|no|free of|lacking|unexposed|untreated|unvaccinated|uninfected|unaffected|wild[- ]type|un\p{Ll}+ed|non)\b|\bnon-?\p{Ll}{3,}",
    regex.I,
)
_WORTH = Expression(
    rf"{_AGAINST}|\bbetween\b|\bcomparing\b|\b(?:without|non|never|un\p{{Ll}}+ed)\b|\b(?:and|while|whereas|but)\s(?:only\s|in\s)?\d"
)
_COUNTED = Expression(r"\d\s?(?:%|\p{Ll}+|mm\s?Hg|mg/dL)?\)?\s(?:(?:of|in|among|for|with|by)\s(?:the\s)?)*$")
_FIGURE = Expression(r"(?:\s(?:had|was|were|at|is|in|the|to))*\s?[,:(]*\s?\d")
#: before and between two groups of people that are compared
_COMPARES = Expression(
    r"\b(?:between|compar(?:ed|ing|es|e)|comparison of)\s(?:[^.;:()]{0,60}\b(?:in|of|between|among|for)\s)?(?:the\s|propensity[- ](?:score[- ])?matched\s)*$"
)
_JOINED = Expression(r"\s(?:and|with|to|versus|vs\.?|against)\s(?:(?:the|those|in|of)\s)*")
#: from the people of one number to the next number, which is of others
_SIDE_BY_SIDE = Expression(
    r"\s?(?:\([^()]*\)\s?)?,?\s?(?:and|versus|vs\.?|but|while|whereas)?\s(?:only\s|in\s)?\(?\d[^,;]{0,40}"
)


def people_key(name: str) -> str:
    """What two spellings of one name of people share."""
    return str(
        regex.sub(
            r"[\s-]+",
            " ",
            name.lower().removeprefix("the ").replace("non-", "non").replace("never-", "never "),
        )
    )


class PeopleFinder:
    """Finds groups of people that an English text sets against each other, and finds them again."""

    def __init__(self, patterns: Patterns) -> None:
        agent = r"(?:non-?|never-|ex-)?(?:{{people_agent}})"
        people = r"(?:{{people_noun}}|those|mothers|males|females|girls|boys|students|workers|nurses|physicians|adolescents|survivors|tumou?rs|pregnancies|babies|newborns|neonates|households|residents|veterans)"
        some = rf"(?:\s(?:the|an?))?(?:\s{_WORD}){{1,4}}?"
        tail = rf"\s(?:at|on|to|by|with|before|after|within|in|for){some}"
        words = rf"(?:(?:\s{_WORD}){{1,6}}?(?:\sof{some})?(?:{tail})??|{tail})"
        self._group = patterns.compile(
            rf"{_LEFT}(?P<n>(?i:(?:{_WORD}\s){{0,4}}?{agent}(?:\sof(?:\s(?:the|an?))?{words})?|(?:the\s)(?:un\p{{Ll}}+ed|non-?(?:vaccinated|exposed|treated|infected|operated))|"
            rf"(?:{_WORD}\s){{0,4}}?{people}\s{_HAVING}(?:\s(?:the|an?|any|to|with|by))*(?:{words})?|(?:{_WORD}\s){{1,4}}?{people})){_ENDS}"
        )
        self._plain = patterns.compile(
            rf"(?i:(?:the\s)?(?:{people}|(?:\d+|study|trial|eligible|included|consecutive|enrolled|screened|adult|other|remaining|most|hospital|participating)\s{people})|those\s.{{0,3}}|.*\b(?:groups?|arms?)\b.*|.*{DOSE}.*)"
        )
        self._nouns = patterns.compile(rf"(?i:{agent}|{people}|the un\p{{Ll}}+ed)(?!\p{{L}})")
        self._agents = patterns.compile(rf"(?i:(?:{_WORD}\s){{0,4}}?{agent}\b)")
        self._given = patterns.compile(r"\b(?:(?:{{was_given}})|{{underwent}}|on)\s(?!later|time)")
        self.forget()

    def forget(self) -> None:
        """Begin a new document."""
        self._known: dict[str, str] = {}
        #: the word for what people do -> their first name
        self._heads: dict[str, str] = {}
        self._again: regex.Pattern[str] | None = None

    def find(self, text: str, phrases: Sequence[ArmPhrase]) -> list[ArmPhrase]:
        """The groups of people of a sentence; those known by a treatment are left to it, but for those who went without."""
        if HAN.search(text):
            return []
        pairs = self._pair(text) if _WORTH.search(text) else []
        spans = list(dict.fromkeys(s for pair in pairs for s in pair))
        given = [p for p in phrases if p.kind == "interventions"]
        treated = {
            s for s in spans
            if self._given.search(text, *s) or any(s[0] < p.end and p.start < s[1] for p in given)
        }  # fmt: skip
        against = {s for pair in pairs for s in pair if treated & set(pair)}
        if self._again is not None:
            spans += [
                m.span()
                for m in self._again.finditer(text)
                if not any(a < m.end() and m.start() < b for a, b in spans)
            ]
        found = []
        for a, b in sorted(spans):
            label = text[a:b]
            if (a, b) in treated and self._given.search(label) and not _NOT.search(label):
                continue  # told by what they got
            held = [p for p in given if a < p.end and p.start < b]
            agent = self._agents.match(label) is not None
            if held and not _NOT.search(label):
                if len(held) == 1 and agent:  # users of A
                    held[0].start, held[0].end, held[0].label, held[0].is_group = a, b, label, True
                continue
            first = self._heads.get(people_key(label), people_key(label))
            role = self._known.get(first, "")
            found.append(
                ArmPhrase(
                    a,
                    b,
                    "people",
                    label=label,
                    is_group=True,
                    told=True,
                    generic=(a, b) not in against and not (agent and _NOT.match(label)),
                    role=role,
                    labels=list(dict.fromkeys([label, *([first] if first in self._heads.values() else [])])),
                )
            )
        return found

    def _pair(self, text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """The spans of people set against each other, two and two."""
        if len(self._nouns.findall(text)) < 2:
            return []
        named = [m.span("n") for m in self._group.finditer(text) if not self._plain.fullmatch(m["n"])]
        if len(named) < 2:
            return []
        pairs = []
        for m in regex.finditer(rf"{_AGAINST}{_TO_OTHER}", text):
            other = next((x for x in named if m.start() < x[0] <= m.end()), None)
            if other is None:
                continue
            before = [
                x
                for x in named
                if x[1] <= m.start() and people_key(text[slice(*x)]) != people_key(text[slice(*other)])
            ]
            after = [x for x in named if x[0] >= other[1]]
            first = before[-1] if before else after[0] if after and not text[: m.start()].strip() else None
            if first is not None:
                pairs.append((first, other))
        for x, y in itertools.pairwise(named):
            gap = text[x[1] : y[0]]
            between = _JOINED.fullmatch(gap) and _COMPARES.search(text[: x[0]])
            apart = bool(_NOT.search(text[slice(*x)])) != bool(_NOT.search(text[slice(*y)]))
            each = _COUNTED.search(text[: x[0]]) and _COUNTED.search(text[: y[0]])
            each = each and (apart or _SIDE_BY_SIDE.fullmatch(gap))
            each = each or (apart and _FIGURE.match(text, x[1]) and _FIGURE.match(text, y[1]))
            if between or each:
                pairs.append((x, y))
        for x, y in pairs:
            for span, role in ((x, "experimental"), (y, "control")):
                self._known.setdefault(people_key(text[slice(*span)]), role)
        if pairs:
            self._learn()
        return pairs

    def _learn(self) -> None:
        """Know these people from now on, and those of what they do by that word alone: ``carriers of X``, ``carriers``."""
        heads = [(m[0].split()[-1], n) for n in self._known if (m := self._agents.match(n))]
        for head, name in heads:
            if sum(h == head for h, _ in heads) == 1 and head not in self._known:
                self._heads[head] = name
        names = sorted({*self._known, *self._heads}, key=len, reverse=True)
        forms = "|".join(regex.escape(n).replace(r"\ ", r"[\s-]") for n in names).replace("non", "non-?")
        self._again = regex.compile(rf"(?<![\p{{L}}\d-])(?i:{forms})(?![\p{{L}}\d])")
