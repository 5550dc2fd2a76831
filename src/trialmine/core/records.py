"""What the stages hand to each other: studies and arms as they grow while a document is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from trialmine.core.tables import join_cell


@dataclass(eq=False, slots=True)
class Arm:
    """A group of a study: what it got, what the text calls it."""

    interventions: tuple[str, ...] = ()
    labels: list[str] = field(default_factory=list)
    role: str = ""
    dose: str = ""
    #: what tells it from another arm with the same interventions: early, low-dose, open
    manner: str = ""
    participants: int | None = None
    #: known by what its people have, or as a kind of treatment: what it got is not to be supposed
    as_told: bool = False
    #: what it got was only what the text spoke of before
    supposed: bool = False
    #: what it got was only told as added, to what the text has not told so far
    on_top: bool = False
    #: what it got was only told in the bracket behind its name, before the text told how
    in_bracket: bool = False
    #: of which each of its people got one only: ``A或B治疗(甲组)``
    choices: frozenset[str] = frozenset()
    #: the kinds of treatment that its names are of, where the text says so
    kinds: frozenset[str] = frozenset()
    used: bool = False
    #: supposed from what the text was speaking of, until the study's own arms are told
    guessed: bool = False

    @property
    def key(self) -> frozenset[str]:
        """The interventions as a set."""
        return frozenset(self.interventions)

    def call(self, label: str) -> None:
        """Add a wording."""
        label = label.strip(" ,;:、")
        if label and label not in self.labels:
            self.labels.append(label)


def arm_name(arm: Arm | None) -> str:
    """What an arm got, or else what the text calls it; empty for none."""
    return "" if arm is None else (" + ".join(arm.interventions) or "; ".join(arm.labels))


@dataclass(eq=False, slots=True)
class Study:
    """A study that a text names, cites or describes."""

    names: list[str] = field(default_factory=list)
    registry_ids: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    citations: list[str] = field(default_factory=list)
    phase: str = ""
    design: list[str] = field(default_factory=list)
    enrollment: int | None = None
    arms: list[Arm] = field(default_factory=list)
    pair: tuple[Arm | None, Arm | None] = (None, None)
    #: the arms that the study's last sentence spoke of, in order
    recent: list[Arm] = field(default_factory=list)
    #: two or more arms in the order in which they were last listed
    order: list[Arm] = field(default_factory=list)
    #: what all groups get besides their own treatment
    shared: tuple[str, ...] = ()
    #: what one group went on with, to which the others add theirs
    continued: tuple[str, ...] = ()
    outcome: str = ""
    #: the outcome of the study's last result, as its sentence named it
    spoken: object | None = None
    #: the unit of the study's last result
    unit: str = ""
    #: the timepoint of the study's last result
    at: str = ""
    #: the timepoint of the study's last result that was no survival
    moment: str = ""
    #: how long the study's groups were treated
    course: str = ""
    born: int = 0
    #: where its first result stands
    since: int | None = None
    used: bool = False
    #: told by an abstract with headings
    abstract: bool = False
    #: what a text says of treatments in general: no study
    general: bool = False

    @property
    def identified(self) -> bool:
        """Whether a name, number, author or citation tells this study from others."""
        return bool(self.names or self.registry_ids or self.authors or self.citations)

    def add(self, arm: Arm) -> Arm:
        """Add an arm; a guessed one that nothing was said of gives way."""
        self.arms = [a for a in self.arms if a.used or not a.guessed]
        self.arms.append(arm)
        return arm

    def find(self, interventions: frozenset[str], dose: str = "") -> Arm | None:
        """The arm with exactly these interventions (and this dose, where several share them)."""
        same = [a for a in self.arms if a.key == interventions]
        if not same:  # ``x`` for ``x beta-1a``, where one arm only can be meant
            kin = [a for a in self.arms if len(a.key) == len(interventions) and _kin(interventions, a.key)]
            same = kin if len(kin) == 1 else []
        if dose:
            same = [a for a in same if a.dose == dose] or [a for a in same if not a.dose]
        return same[0] if same else None

    def like(self, arm: Arm) -> Arm:
        """This study's arm with the interventions and dose (or else the label) of another study's arm; made if it has none."""
        if any(own is arm for own in self.arms):
            return arm
        for own in self.arms:
            same = (own.key, own.dose, own.manner) == (arm.key, arm.dose, arm.manner)
            if same and (arm.key or set(own.labels) & set(arm.labels)):
                return own
        return self.add(Arm(arm.interventions, list(arm.labels), arm.role, arm.dose, arm.manner))

    def told_bare(self, told: Arm) -> None:
        """Take a treatment of which only the aim of the study has told for the group that now gets it with something else.

        ``比较甲术与乙术…A组行甲术联合丙``: what is told of 甲术 from here on is told of the A组.
        """
        same = any(a.key == told.key for a in self.arms if a is not told)
        bare = [a for a in self.arms if a.key and a.key < told.key]
        if told.used or len(told.key) < 2 or same or len(bare) != 1:
            return
        (less,) = bare
        apart = told in self.pair and less in self.pair  # the text has set the two against each other
        if (
            apart
            or less.used
            or any("组" in x or x.lower().startswith(("group", "arm ")) for x in less.labels)
        ):
            return
        for label in less.labels:
            told.call(label)
        self.arms.remove(less)
        self.pair = (
            told if self.pair[0] is less else self.pair[0],
            told if self.pair[1] is less else self.pair[1],
        )
        self.recent, self.order = (
            list(dict.fromkeys(told if a is less else a for a in x)) for x in (self.recent, self.order)
        )
        told.role = told.role or less.role

    def labelled(self, label: str) -> Arm | None:
        """The arm that the text has called by this label."""
        return next((a for a in self.arms if label in a.labels), None)


def study_name(study: Study) -> str:
    """A study's names, or else its authors; '; ' between."""
    return join_cell(study.names or study.authors)


#: what a protein's name may have at its end
_FORM = re.compile(r"(?: (?:alfa|beta|gamma))?-\d\w?")


def _kin(general: frozenset[str], special: frozenset[str]) -> bool:
    """Whether each name is in the other set or begins one there: ``x`` and ``x beta-1a``."""
    return all(
        g in special or any(x.startswith(g) and _FORM.fullmatch(x[len(g) :]) for x in special)
        for g in general
    )
