"""Events of a class with a grade, and grades alone behind an event: ``3级以上不良反应为X(5%)、Y(3%)``."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.find.outcomephrase import OutcomePhrase

#: behind an event, that it is how often it came
RATE_AFTER = Expression(r"\)?\s?(?:率|rates?\b|比例|的?发生率)")
#: grades in Roman numbers
ROMAN = {"II": "2", "III": "3", "IV": "4"}
#: a grade alone, before its number: what went before, so graded
_BARE_GRADE = Expression(
    r"(?:(?:≥|>=)\s?(?P<g>[2-5])\s?[级度]|(?<![\d.~/-])(?P<g>[2-5]|III|IV)\s?[级度]?(?:及|或|和|与)?(?:其|以|更)*(?:以上|高)(?:级别)?|"
    r"(?<![\d.])(?P<g>3|III)\s?[级度]?\s?[-~/或和、至到]\s?(?:[45]|IV|V)\s?[级度]|(?:(?<=[,;(、]\s?)|其中)(?P<one>[1-5])\s?[级度])"
    r"(?:者|的|毒性|反应|病例)?(?=(?:发生率|比例|仅|只有|均|占|为|有|共|约|分别|[:(])*\s?\d)"
)
#: from a class of events with a grade to the first of those it holds
_HOLDS = Expression(
    r"(?:的?发生率)?(?:(?:为|是|达|:)?\s?\d[\d.]*\s?%(?:\s?\([^()]{0,30}\))?[,;])?(?:其中)?(?:以|则)?(?:(?:最|较)?为?(?:常见|多见)|主要|多)?的?(?:分别|依次)?(?:为|是|包括|包含|有|如|:)+|"
    r"\s(?:were|was|included?|being|are)\s(?:mainly\s)?"
)
#: between the events of such a list: their numbers, and what joins them
_HELD_ON = Expression(
    r"\s?(?:率)?(?:\s?\([^()]{0,40}\)|\s?\[[^\[\]]{0,40}\]|\s?\d[\d.]*\s?%|\s?\d+\s?例)?(?:\s?\([^()]{0,40}\))?\s?(?:[、,]|,?\s?(?:和|与|及|以及|and)|)\s?"
)
_CLASS_OF_EVENTS = Expression(
    r"(?P<g>grade(?:>=| )\d) \S*(?:AEs?|ADR|toxicity|adverse_(?:events?|reactions?))$"
)


def graded(text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
    """Events below a class with a grade (``最常见的3级以上不良反应为X(5%)、Y(3%)``), and grades alone behind an event."""
    for i, p in enumerate(found):
        held = _CLASS_OF_EVENTS.match(p.concept)
        if held is None:
            continue
        gap, end = _HOLDS, p.end
        for o in found[i + 1 :]:
            if gap is _HELD_ON and RATE_AFTER.match(text[o.end - o.text.endswith("率") : o.end + 4]):
                break  # 皮疹发生率为31%: no more of the list
            if (
                o.measure != "event"
                or not gap.fullmatch(text[end : o.start])
                or o.concept.startswith("grade")
            ):
                break
            o.concept, gap, end = f"{held['g']} {o.concept}", _HELD_ON, o.end
    more: list[OutcomePhrase] = []
    for m in _BARE_GRADE.finditer(text):
        last = next((o for o in reversed(found) if o.end <= m.start()), None)
        own = next((o for o in found if o.start < m.end() and m.start() < o.end), None)
        if (
            last is None
            or last.measure not in ("event", "rate")
            or not _SAME_EVENT.fullmatch(text[last.end : m.start()])
        ):
            continue
        if last.measure == "rate" and last.concept not in {o.concept for o in found if o.measure == "event"}:
            continue
        base = last.concept.partition(" ")[2] if last.concept.startswith("grade") else last.concept
        concept = f"grade {m['one']} {base}" if m["one"] else f"grade>={ROMAN.get(m['g'], m['g'])} {base}"
        if own is None:
            more.append(OutcomePhrase(m.start(), m.end(), concept, "event", m.group()))
        elif own.start >= m.start() - 1 and own.end <= m.end() + 2:
            own.concept = concept
    return sorted([*found, *more], key=lambda o: o.start) if more else found


#: from an event to its own grade
_SAME_EVENT = Expression(r"[^。;]{0,48}")
