"""What an estimate was adjusted for: ``after adjusting for age, use of a statin, and diabetes,``; none of it is a group's or a result's name."""

from __future__ import annotations

from collections.abc import Sequence

from trialmine.core.lazy import Expression
from trialmine.core.sieve import possible
from trialmine.find.lexicon import Hit

_VERB = r"\b(?:was|were|is|are|had|has|have|did|does|remained|showed|found|reduced|increased|lowered|improved|we)\b"
_ITEM = rf"(?:(?!{_VERB}|\band\b|\bor\b)[^,.;:%()])+(?:\([^()]{{1,40}}\)\s?)?(?:\bor\s(?:(?!{_VERB}|\band\b)[^,.;:%()])+)?"
_LIST = Expression(
    r"(?i)\b(?:adjust(?:ing|ments?|ed)|controll(?:ing|ed)|correct(?:ing|ed|ion)|account(?:ing|ed))\s(?:was\smade\s|were\smade\s)?for\s(?:the\s)?"
    rf"(?P<n>(?:{_ITEM},\s){{1,15}}+and\s{_ITEM}|(?:{_ITEM},\s){{0,15}}{_ITEM}\band\s{_ITEM}|{_ITEM})(?=[,.;:)]|\s?$|{_VERB})"
)
_LIST_HAN = Expression(
    r"(?:校正|调整|控制|矫正)了?(?P<n>[^,。;:()%]{2,60}?)(?=(?:等|的影响|影响|这些|混杂|因素|变量){0,3}(?:之?后|,))"
)
_MAY_BE = possible(_LIST, _LIST_HAN)


def not_adjusted_for(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The names of a sentence without those of what an estimate was adjusted for."""
    if not hits or not _MAY_BE(text):
        return list(hits)
    lists = [m.span("n") for r in (_LIST, _LIST_HAN) for m in r.finditer(text)]
    return [h for h in hits if not any(a <= h.start and h.end <= b for a, b in lists)]
