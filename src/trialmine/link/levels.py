"""Groups called by the height of their dose: ``the high-dose group`` of a study that gave one drug at 50 and 200 mg."""

from __future__ import annotations

import regex

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm, Study

_LEVEL = Expression(
    r"(?i:the\s)?(?i:(?P<low>low(?:er|est)?)|(?P<middle>medium|middle|mid|moderate|intermediate)|(?P<usual>standard|conventional|usual|full)|(?P<high>high(?:er|est)?))[-\s]dose(?:\s.*)?|"
    r"(?:(?P<low>低|小)|(?P<middle>中)|(?P<usual>标准|常规)|(?P<high>高|大))剂量(?:\p{Han}{0,4}组?)(?:患者)?"
)
_AMOUNT = Expression(r"(?P<v>\d+(?:\.\d+)?)\s?(?P<u>[\p{L}μ%]+(?:/[\p{L}\d]+)?)")


def at_level(study: Study, label: str) -> Arm | None:
    """The group of a study that a word for the height of its dose means, where one treatment was given at as many doses."""
    m = _LEVEL.fullmatch(label)
    if m is None:
        return None
    by_key: dict[frozenset[str], list[tuple[float, str, Arm]]] = {}
    for arm in study.arms:
        dose = _AMOUNT.match(arm.dose) if arm.dose and arm.interventions else None
        if dose is not None:
            by_key.setdefault(arm.key, []).append((float(dose["v"]), dose["u"], arm))
    told = [sorted(x, key=lambda y: y[0]) for x in by_key.values() if len(x) > 1]
    if (
        len(told) != 1
        or len({u for _, u, _ in told[0]}) > 1
        or len({v for v, _, _ in told[0]}) < len(told[0])
    ):
        return None
    arms = [arm for _, _, arm in told[0]]
    if m["low"]:
        return arms[0]
    if m["high"]:
        return arms[-1]
    if m["middle"]:
        return arms[1] if len(arms) == 3 else None
    rest = [
        a for a in arms if not any(regex.search(r"(?i)\b(?:low|high)|[低高小大]剂量", x) for x in a.labels)
    ]
    return rest[-1] if len(arms) == 2 and rest else None
