"""Which of two groups a ratio favours, checked against the groups' own numbers.

A hazard ratio below 1 belongs to the group that lived longer or had fewer events, a risk or odds ratio below 1 to the group
that had fewer. Where the groups' own numbers of the same outcome say the opposite of what was linked, the two are turned.
"""

from __future__ import annotations

from collections.abc import Callable

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm
from trialmine.find.outcomephrase import OutcomePhrase
from trialmine.find.quantity import RATIOS
from trialmine.link.view import Result

#: characters between a ratio and the numbers of its groups
REACH = 300
#: between the groups' numbers and a ratio: the text itself says which group is compared with which
_SAYS = Expression(r"\b(?:versus|vs\.?|compared|relative to|than|over)\b|较|相比|对比|优于")
#: a ratio, or that of the groups' numbers, nearer to 1 than this tells no direction
LEAST = 1.1
#: by how much something changed, right before the share
_CHANGED_BY = Expression(
    r"\b(?:(?:declin|decreas|increas|improv|reduc|lower|dropp?|chang)\p{Ll}*|fell|fall(?:s|en|ing)?|rose|ris(?:es?|en|ing))\b[^.;:%\d]{0,40}\bby\s(?:about\s|an?\s|mean\s|median\s|of\s)*$|"
    r"(?:下降|降低|减少|减轻|升高|上升|增加|改善)(?:了|约)*$"
)
#: a share of people that is of events, though the outcome is a time until them: progression or death occurred in 41%
_EVENTS = r"(?i)(?!.*(?:{{was_spared}}))(?:.*(?:{{lost_event}}))"
_OF_RISK = {*RATIOS, "estimate:risk_reduction"}
_OWN = ("percent", "time", "number", "events", "count")


class Direction:
    """Checks the direction of ratios; ``lasting`` tells a time until an event."""

    def __init__(self, patterns: Patterns, lasting: Callable[[OutcomePhrase], bool]) -> None:
        self._lasting, self._events = lasting, patterns.compile(_EVENTS)

    def turn(self, results: list[Result]) -> None:
        """Turn the groups of each ratio that the groups' own numbers contradict."""
        told: list[Result] = []
        for r in results:
            if not r.compares:
                told = [x for x in told[-12:] if r.sentence.start - x.sentence.start <= REACH] + [r]
            elif r.quantity.kind in _OF_RISK and r.arm is not None and r.comparator is not None:
                larger = self._has_more(r)
                pair = [_last(told, r, a) for a in (r.arm, r.comparator)]
                if larger is None or None in pair:
                    continue
                own, other = pair
                assert own is not None and other is not None
                if (
                    own.quantity.kind != other.quantity.kind
                    or own.time != other.time
                    or own.population != other.population
                ):
                    continue
                last = max(own, other, key=lambda x: (x.sentence.start, x.quantity.start))
                since = last.quantity.outer_end if last.sentence is r.sentence else 0
                if _SAYS.search(r.sentence.text, since, r.quantity.start):
                    continue
                a, b = own.quantity.value, other.quantity.value
                if a is None or b is None or min(a, b) <= 0 or max(a, b) < LEAST * min(a, b):
                    continue
                if own.quantity.kind == "time" and r.quantity.kind in ("estimate:OR", "estimate:RR"):
                    continue
                if any(_by_how_much(x) for x in pair if x is not None):
                    continue  # protein fell by 50% and 15%, ratio 0.6
                if (a > b) != larger(own):
                    r.arm, r.comparator = r.comparator, r.arm
                    r.why.append("turned: the groups' own numbers say so")

    def _has_more(self, r: Result) -> Callable[[Result], bool] | None:
        """Whether the group of a ratio has the larger number of its own, by what that number is; None where it can't be told."""
        q = r.quantity
        until = r.outcome is not None and self._lasting(r.outcome)
        if q.kind == "estimate:risk_reduction":
            return lambda own: until
        if q.value is None or q.value <= 0 or max(q.value, 1 / q.value) < LEAST:
            return None
        above = q.value > 1
        if q.kind == "estimate:HR":
            return lambda own: (
                (not above) if own.quantity.kind == "time" or (until and not self._of_events(own)) else above
            )
        return None if until else (lambda own: above)

    def _of_events(self, own: Result) -> bool:
        """Whether a group's own number is of those who had the event, not of those who were spared it."""
        return own.outcome is not None and self._events.match(own.outcome.text) is not None


def _by_how_much(x: Result) -> bool:
    """Whether a share tells by how much something changed."""
    if x.quantity.kind != "percent":
        return False
    return (x.outcome is not None and x.outcome.measure == "level") or bool(
        _CHANGED_BY.search(x.sentence.text, max(0, x.quantity.start - 80), x.quantity.start)
    )


def _last(told: list[Result], r: Result, arm: Arm) -> Result | None:
    """The nearest number of a group before a ratio, of the same outcome and study."""
    same = (
        x
        for x in reversed(told)
        if x.arm is arm
        and x.study is r.study
        and x.outcome is not None
        and r.outcome is not None
        and x.outcome.concept == r.outcome.concept
        and x.quantity.kind in _OWN
    )
    return next(same, None)
