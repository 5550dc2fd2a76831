"""What a group gets that a text only calls by it: ``the fenoldopam group`` beside ``the placebo group``."""

from __future__ import annotations

from collections.abc import Iterable

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study

#: the name of an English group, without the words for a group and for people
_LABEL = Expression(
    r"(?:the\s)?(?P<x>\p{Latin}[\p{Latin}\d'’+-]{2,}(?:\s\p{Latin}[\p{Latin}\d'’+-]*){0,3}?)(?:-treated(?:\s\p{Ll}+)?|\s(?:groups?|arms?|recipients))"
)


class Called:
    """Names the treatment of groups that are known by their label only."""

    def __init__(self, patterns: Patterns) -> None:
        self._no = patterns.compile(
            r"(?i)(?<![\p{L}\d])(?:{{not_group_name}}|{{not_own_name}}|{{manner}}|\p{L}+-(?:dose|risk|course|onset|grade|term))(?![\p{L}\d])"
        )

    def fill(self, studies: Iterable[Study]) -> None:
        """Give each such group of the studies its treatment."""
        told = [(a, self._treatment(s, a)) for s in studies for a in s.arms if a.used and not a.interventions]
        for arm, names in told:
            arm.interventions = names

    def _treatment(self, study: Study, arm: Arm) -> tuple[str, ...]:
        """What a group gets by its own name, where it stands beside a group of which that is known; else nothing."""
        if arm.as_told or not any(a is not arm and a.used and a.interventions for a in study.arms):
            return ()
        for label in arm.labels:
            m = _LABEL.fullmatch(label)
            if m is not None and not self._no.search(m["x"]):
                return (m["x"] if any(c.isupper() for c in m["x"][1:]) else m["x"].lower(),)
        return ()
