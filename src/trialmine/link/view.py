"""What was found in one sentence, and what a number was linked to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm, Study
from trialmine.find.lexicon import Hit
from trialmine.find.outcomephrase import OutcomePhrase
from trialmine.find.populations import Population
from trialmine.find.quantity import Quantity
from trialmine.find.times import TimePoint
from trialmine.link.armphrase import ArmPhrase
from trialmine.read.segment import Sentence

#: from a number to another one alone in its bracket
_BEHIND = Expression(r"\s?[(\[]")


class Placed(Protocol):
    """Something that stands in a sentence."""

    @property
    def start(self) -> int: ...  # noqa: D102


P = TypeVar("P", bound=Placed)
#: so many items are looked through one by one
_FEW = 8


def near(items: Sequence[P], start: int, end: int) -> Sequence[P]:
    """Those of sorted items that begin in ``[start, end)``; keeps the work on endless sentences bounded."""
    if len(items) <= _FEW:
        return [x for x in items if start <= x.start < end]
    return items[
        bisect_left(items, start, key=lambda x: x.start) : bisect_right(items, end - 1, key=lambda x: x.start)
    ]


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
    #: whether the number compares two groups (analyses) or reports one (measurements)
    compares: bool = False
    why: list[str] = field(default_factory=list)
    #: how it was linked, for the confidence (link/confidence.py)
    features: tuple[str, ...] = ()
    #: a further row of a number that several groups have
    shared: bool = False
    #: whether a p-value compares a group with itself before
    within: bool = False


@dataclass(slots=True)
class Record:
    """What the linker saw and weighed; kept only where somebody asks for it (``trialmine explain``).

    ``sentences`` are those with a number, each with all its numbers as they were read; the others map the offset of a number
    in its sentence, by the sentence's own offset, to the axes of its list, the outcomes weighed for it with their scores, and
    why it became no row.
    """

    sentences: list[tuple[View, list[Quantity]]] = field(default_factory=list)
    axes: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    outcomes: dict[tuple[int, int], list[tuple[str, float]]] = field(default_factory=dict)
    refused: dict[tuple[int, int], str] = field(default_factory=dict)


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
    #: where studies are named
    named: list[tuple[int, int, Study]] = field(default_factory=list)
    arms: dict[int, list[Arm]] = field(default_factory=dict)
    #: the arm that the last effect estimate of the sentence compares with
    against: Arm | None = None
    #: whether the last p-value compares a group with itself before
    within: bool = False
    #: id of a study -> (place, pair): the pair that held for it before a later clause set others against each other
    pairs_before: dict[int, tuple[int, tuple[Arm | None, Arm | None]]] = field(default_factory=dict)
    #: id of a study -> (place, order): the order of its groups that held before the sentence's first phrase
    orders_before: dict[int, tuple[int, list[Arm]]] = field(default_factory=dict)
    #: offsets of the numbers that are sizes of arms
    sizes: set[int] = field(default_factory=set)
    #: offsets of the numbers of all who were taken in
    enrolled: set[int] = field(default_factory=set)
    #: outcome -> the time of its last number in the sentence
    timed: dict[str, str] = field(default_factory=dict)
    #: the subgroup that the sentences of the paragraph told of last
    people_before: str = ""
    #: whether the lines behind it are a list that it opens
    opens_list: bool = False
    #: the subgroup that the line says first that its numbers are of
    label: str = ""
    #: where that label ends, 0 without one
    label_end: int = 0
    #: whether the sentence tells of those who had an event, and what became of them
    tells_of_some: bool = False
    #: whether a study is named, cited or described in the sentence
    anchored: bool = False
    #: whether it tells of any number
    numeric: bool = False
    #: what holds for all results of the sentence (link/confidence.py); empty until the first one
    features: tuple[str, ...] = ()
    record: Record | None = None
    #: the sentence's folded text
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.sentence.text

    def key(self, q: Quantity) -> tuple[int, int]:
        """A number's place in the record."""
        return self.sentence.start, q.start

    def known(self) -> list[ArmPhrase]:
        """The phrases that mean one arm."""
        return [p for p in self.phrases if len(self.arms.get(id(p), ())) == 1]

    def arm(self, phrase: ArmPhrase) -> Arm:
        """The arm that a phrase means, the first of several."""
        return self.arms[id(phrase)][0]

    def pair(self, study: Study, position: int) -> tuple[Arm | None, Arm | None]:
        """The two groups that a study sets against each other, as told by the clauses up to a place."""
        place, before = self.pairs_before.get(id(study), (0, study.pair))
        return before if position < place else study.pair

    def order(self, study: Study, position: int) -> list[Arm]:
        """The groups of a study in the order that held at a place."""
        place, before = self.orders_before.get(id(study), (0, study.order))
        return before if position < place else study.order

    def study_at(self, position: int) -> Study | None:
        """The study that holds at a place of the sentence."""
        for start, end, study in self.segments:
            if start <= position < end:
                return study
        return None


def behind(view: View, q: Quantity) -> Quantity | None:
    """The number in whose bracket another one stands alone: ``8.4 mmHg (31%)``."""
    if (
        view.text[q.outer_start - 1 : q.outer_start] not in "(["
        or view.text[q.outer_end : q.outer_end + 1] not in ")]"
    ):
        return None
    before = [
        x
        for x in view.quantities
        if x.outer_end < q.outer_start and x.kind in ("level", "mean", "number", "time")
    ]
    return (
        before[-1] if before and _BEHIND.fullmatch(view.text, before[-1].outer_end, q.outer_start) else None
    )
