"""What was found in one sentence, and what a number was linked to."""

from __future__ import annotations

from dataclasses import dataclass, field

from trialmine.core.records import Arm, Study
from trialmine.find.lexicon import Hit
from trialmine.find.numbers import Quantity
from trialmine.find.outcomes import OutcomePhrase
from trialmine.find.populations import Population
from trialmine.find.times import TimePoint
from trialmine.link.arms import ArmPhrase
from trialmine.read.segment import Sentence


@dataclass(slots=True)
class Result:
    """A number with all that it was linked to."""

    sentence: Sentence
    quantity: Quantity
    outcome: OutcomePhrase | None
    study: Study | None
    arm: Arm | None
    comparator: Arm | None
    time: str
    population: str
    assertion: str
    why: list[str] = field(default_factory=list)


@dataclass(slots=True)
class View:
    """All that was found in one sentence."""

    sentence: Sentence
    hits: list[Hit]
    quantities: list[Quantity]
    times: list[TimePoint]
    populations: list[Population]
    outcomes: list[OutcomePhrase]
    phrases: list[ArmPhrase]
    segments: list[tuple[int, int, Study | None]]
    arms: dict[int, list[Arm]] = field(default_factory=dict)
    #: offsets of the numbers that are sizes of arms
    sizes: set[int] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The sentence's folded text."""
        return self.sentence.text

    def study_at(self, position: int) -> Study | None:
        """The study that holds at a place of the sentence."""
        return next((s for a, b, s in self.segments if a <= position < b), None)
