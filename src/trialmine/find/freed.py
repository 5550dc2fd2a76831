"""Outcomes by what people were free of: ``freedom from reintervention``, ``arrhythmia-free survival``."""

from __future__ import annotations

from collections.abc import Mapping

from trialmine.core.lazy import Expression
from trialmine.find.outcomephrase import OutcomePhrase, snake

#: right before what people were free of
_FREE_OF = Expression(
    r"\b(?P<lead>[Ff]reedom from|(?:[Ss]urvival|[Ss]urviv\p{Ll}+|[Aa]live(?: and)?) free (?:of|from)|(?<=\b(?:were|was|are|is|remained|remain|became|become|being)\s)free (?:of|from))\s(?:(?:the|any|an?|all)\s)?(?:[\p{Ll}-]+\s){0,2}$"
)
#: a survival by what it is free of, and people who are so
_FREE_SURVIVAL = Expression(
    r"(?<![\p{L}\d-])(?P<x>[\p{Latin}\d][\p{Latin}\d/+'-]*?)-free\ssurvival(?:\s(?:rates?|probability))?\b"
)
_ARE_FREE = Expression(
    r"(?<=\b(?:were|was|are|is|remained|remain|became|become)\s(?:still\s|completely\s)?|\d\s?%\s(?:(?:of\s)?(?:the\s)?(?:patients|participants|people|them|those)\s)?(?:alive\sand\s)?)(?P<x>[\p{Latin}][\p{Latin}'-]*?)-free\b(?!\s(?:survival|interval|diet|period|days))"
)


def freed(text: str, found: list[OutcomePhrase], survivals: Mapping[str, str]) -> list[OutcomePhrase]:
    """What people were free of is another outcome than its event: ``freedom from reintervention``, ``arrhythmia-free survival``.

    ``survivals`` are those with a name of their own, by the event that they are free of.
    """
    for p in found:
        m = _FREE_OF.search(text, max(0, p.start - 60), p.start)
        if m is None or p.generic or any(x is not p and m.start("lead") < x.end <= p.start for x in found):
            continue
        survival = m["lead"].lower().startswith(("surviv", "alive"))
        name = (
            survivals.get(p.concept, f"{p.concept}_free_survival")
            if survival
            else f"freedom_from_{p.concept}"
        )
        p.start, p.concept, p.measure = m.start("lead"), name, "rate"
        p.text = text[p.start : p.end]
    for p in [x for x in found if x.text.lower().startswith("freedom from ")]:
        following = next((x for x in found if x.start == p.end + 1 and " " not in x.text), None)
        if following is not None:  # freedom from A recurrence
            p.end, p.concept = following.end, f"{p.concept}_{following.concept}"
            p.text = text[p.start : p.end]
            found = [x for x in found if x is not following]
    for rule in (_FREE_SURVIVAL, _ARE_FREE):
        for m in rule.finditer(text):
            if any(p.start <= m.start() and m.end() - 12 <= p.end and p.end > m.end("x") + 4 for p in found):
                continue
            found = [p for p in found if p.end <= m.start() or m.end() <= p.start]
            tail = "_free_survival" if rule is _FREE_SURVIVAL else "_free"
            concept = survivals.get(m["x"].lower(), "")
            measure = "time" if rule is _FREE_SURVIVAL else "rate"
            found.append(
                OutcomePhrase(m.start(), m.end(), concept or snake(m["x"]) + tail, measure, m.group())
            )
    return sorted(found, key=lambda p: p.start)
