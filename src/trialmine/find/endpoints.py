"""What a text says its endpoints are: ``主要终点（A、B或C）发生率``, ``主要终点为A。…主要终点发生率为5%``."""

from __future__ import annotations

import itertools

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.find.outcomephrase import OutcomePhrase
from trialmine.find.outcomes import OutcomeFinder

#: from an endpoint to what it is, in brackets or behind a copula; ``n`` is what it is
_DEFINED = (
    r"(?:(?:事件|指标|评价)*\s?\((?P<n>[^()]{2,80})\)|(?:事件|指标)*(?:均)?(?:定义为|设定?为|包括|为|是|即|:)由?(?:首次发生|首次|发生)?(?P<n>(?:[^。;:,()%]|\([^()%]{2,80}\)){2,160}?)"
    r"(?:(?:所?(?:构成|组成))?的?(?:首次)?(?:复合(?:终点|事件|结局)|发生率?|时间)|(?=[。;,]|$)))"
)
#: the same told in clauses: ``主要终点为eGFR持续下降50%以上,或是A,或B死亡``; each part but the first follows an "or"
_IN_CLAUSES = Expression(
    r"(?:事件|指标)*(?:均)?(?:定义为|设定?为|包括|为|是|即|:)(?P<n>[^。;:()%]{2,40}?(?:(?:至少|≥|>=|超过)?\s?\d+\s?%(?:以上|及以上)?)?(?:,?(?:或者|或是|或|以及)[^。;:(),%]{2,24}(?:(?:至少|≥|>=|超过)?\s?\d+\s?%(?:以上|及以上)?)?){1,6})(?=[。;,]|$)"
)
#: how much a measure had to change to be an event
_SO_MUCH = Expression(
    r"(?:持续|较基线|恶化)*(?:下降|降低|减少|恶化|升高|倍增|达)(?:到)?(?:(?:至少|≥|>=|超过)?\s?\d+\s?%)?(?:[及或]?以上)?|"
    r"(?:至少|≥|>=|超过)\s?\d+\s?%|\d+\s?%[及或]?以上"
)
#: behind an endpoint of which an English line goes on to tell
_CALLED_EN = Expression(r":\s[^\p{Han}%]{20,}$")
#: what explains a part
_ASIDE = Expression(r"\([^()]*\)")
#: between the parts of a definition
_BETWEEN = Expression(r"(?:的|或[者是]?|和|与|及|以及|、|,|/|首次|因|发生|住院|率|非致死性|非致命性|\s)*")
#: a result of its own
_RESULT = Expression(r"\d\s?(?:%|例|个月)|P\s?[=<]")


class Endpoints:
    """Gives endpoints the names of what a sentence says that they are."""

    def __init__(self, patterns: Patterns, outcomes: OutcomeFinder) -> None:
        self._outcomes = outcomes
        self._defined = patterns.compile(_DEFINED)
        self._named = outcomes.endpoints
        #: the endpoint that the sentence read last only defines: the numbers behind it may be of it
        self.chosen: OutcomePhrase | None = None

    def resolve(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """The outcomes of a sentence, with endpoints as what it says that they are."""
        kept: list[OutcomePhrase] = []
        end, self.chosen = 0, None
        for p in found:
            if p.start < end:
                continue  # a part of the endpoint before
            if p.concept in self._named:
                if _CALLED_EN.match(text, p.end) and any(o.start > p.end for o in found):
                    continue  # Primary endpoint: X demonstrated remission; only what it was is named here
                end = self._define(text, p, found)
            kept.append(p)
        return kept

    def _define(self, text: str, endpoint: OutcomePhrase, found: list[OutcomePhrase]) -> int:
        """Give an endpoint the name of what it is said to be; where those words end, or 0."""
        clauses = _IN_CLAUSES.match(text, endpoint.end)
        m = clauses or self._defined.match(text, endpoint.end)
        a, b = (m.spans("n") or [(0, 0)])[0] if m is not None else (0, 0)
        aside = [x.span() for x in _ASIDE.finditer(text, a, b)]
        parts = [p for p in found if a <= p.start and p.end <= b and p.concept not in self._named]
        parts = [p for p in parts if not any(x <= p.start < y for x, y in aside)]
        if m is None or not parts or _RESULT.search(_SO_MUCH.sub("", text[a:b])):
            return 0
        gaps = [_SO_MUCH.sub("", _ASIDE.sub("", text[x.end : y.start])) for x, y in itertools.pairwise(parts)]
        if not all(map(_BETWEEN.fullmatch, gaps)):
            return 0
        endpoint.concept = parts[0].concept if len(parts) == 1 else self._outcomes.composite(parts)
        endpoint.measure, endpoint.end = parts[0].measure, max(endpoint.end, m.end())
        endpoint.text = text[endpoint.start : endpoint.end]
        self.chosen = None if text[m.end() - 1] == ")" else endpoint
        return int(m.end())
