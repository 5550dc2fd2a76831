"""Numbers that set one group against another: ``3.2 months longer than``, ``比B组多减2.2 kg``."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.find.quantity import Quantity

#: words that set one group's number against another's
_COMPARED = Expression(
    r"(?:相差|差异|差值?|之差|(?<![提升增降减偏])(?:高出?|低|多|少)|优于?|超出?|领先|difference|gap|margin|higher|lower|"
    r"more|fewer|greater|"
    r"advantage|benefit)[^,。;%]{0,14}$|(?:比|较|相比|than|versus|vs\.?|compared)[^。;]{0,40}$"
)
_COMPARED_AFTER = Expression(r"\s(?:higher|lower|more|fewer|greater|less|better|worse|in favou?r)\b")
_AGAINST = Expression(
    r"(?:比(?!例|率|值|重)|较)(?!基线|治疗前|用药前|术前|入院|前|上)[^,。;:%\d()]{1,24}(?:多|少|高|低|长|短|延后|"
    r"提前|延长|缩短|领先)(?:减|降|降低|下降|增加|"
    r"升高|出|了|约|近|达)*\s?$"
)
_THAN = Expression(
    r"\s(?:more|less|longer|shorter|higher|lower|greater|fewer)\s(?:[\p{Latin}-]+\s){0,4}?than\b"
)
#: a level or time by which one group did better: ``2 points better with exercise``
_BETTER = Expression(
    r"\s(?:better|worse|higher|lower|more|less|greater|(?P<lasting>longer|shorter|earlier|later|sooner|faster|slower)(?=\s?[(\[]|\s(?:for|after|in|following|with)\s(?!(?:the\s)?(?:first|second|third|follow)))|longer|shorter|earlier|later)(?P<with>\s(?:with|in the|among|for those|for people|on)\b)?(?=\s|[.,;)]|$)"
)
#: by how much a group changed something, compared with another: ``Compared with A, B lowered the score by 2 points``
_BY = Expression(r"\bby\s(?:about\s|approximately\s|nearly\s|almost\s|an?\s|mean\s|average\s|of\s){0,4}$")
_SET_BEFORE = Expression(
    r"(?:^\s*|[;。]\s?|[.:]\s)(?:[Aa]s\s)?(?:[Cc]ompared (?:with|to)|[Rr]elative to|[Ii]n comparison (?:with|to))\s(?!(?:the\s)?(?:baseline|before|pre))[^.;%\d()]{2,60},\s[^.;()\d]{2,90}(?:\(by\s)?$"
)
_SET_BEHIND = Expression(
    r"(?:\s(?:at|after|over|in)\s\d+\s\p{Ll}+)?,?\s(?:as\s)?(?:compared (?:with|to)|relative to)\s(?!(?:the\s)?(?:baseline|before|pre)|(?:an?\s|the\s)?\p{Ll}*\s?(?:reduction|decrease|increase|change|decline|fall|gain))[^.;,()\d]{2,50}(?=[.;,(]|\s?$)"
)
_COMPARES = Expression(r"\b(?:than|versus|vs|[Cc]ompared (?:with|to))\b")
_AND = Expression(r"^\s?(?:、|,|和|与|及|,?\s?and)\s?$")


def is_contrast(text: str, start: int, end: int) -> bool:
    """Whether the words before or behind a number in percentage points set one group's against another's."""
    return bool(_COMPARED.search(text[:start]) or _COMPARED_AFTER.match(text, end))


def set_against(text: str, q: Quantity, last: Quantity | None) -> None:
    """``比B组多减2.2 kg``, ``3.2 months longer than``: a number of one group against another's."""
    if (
        q.kind not in ("level", "time", "percent")
        or q.value is None
        or "range" in q.flags
        or q.events is not None
    ):
        return
    listed = (
        last is not None
        and "against" in last.flags
        and q.kind in last.flags
        and _AND.match(text[last.outer_end : q.start])
    )
    against = _AGAINST.search(text[max(0, q.start - 60) : q.start]) or _THAN.match(text[q.outer_end :])
    if (
        not against
        and q.kind != "percent"
        and (better := _BETTER.match(text, q.outer_end) or _BETTER.match(text, q.end))
    ):
        against = better["with"] or better["lasting"] or _COMPARES.search(text[: q.start])
    if not against and q.kind != "percent" and _BY.search(text[max(0, q.start - 24) : q.start]):
        against = _SET_BEFORE.search(text[: q.start]) or _SET_BEHIND.match(text, q.outer_end)
    if listed or against:
        q.flags |= {"against", q.kind}
        q.kind = "estimate:difference"
