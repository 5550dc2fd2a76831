"""An outcome as a sentence names it."""

from __future__ import annotations

from dataclasses import dataclass

from trialmine.core.lazy import Expression

_BETWEEN_WORDS = Expression(r"[^\p{L}\p{N}]+")
#: the measure of a treatment that a share of people was on when a study began
IN_USE = "in use"


@dataclass(slots=True)
class OutcomePhrase:
    """An outcome at ``[start, end)`` of a sentence; ``measure`` is rate, time, level, event, :data:`IN_USE` or empty."""

    start: int
    end: int
    concept: str
    measure: str
    text: str
    known: bool = True
    #: whether it says only "rate" or "response", the rest stands before
    generic: bool = False
    #: how surely an unseen outcome was read (see :mod:`trialmine.find.unseen`)
    score: float = 0.0
    #: whether it stands so that it can't be passed over for the outcome of the number before
    bound: bool = False
    #: whether the sentence says first that it tells of it: ``在X方面,``
    topic: bool = False


#: how what a name means is measured, by the end of the name
_ENDINGS = (
    ("rate", ("率", "比例", "rate", "rates")),
    ("time", ("时间", "天数")),
    ("level", ("评分", "积分", "水平", "浓度", "指数", "含量")),
)


def measure_of(name: str) -> str:
    """The measure of an outcome that no lexicon holds, by the end of its name; empty where that doesn't tell."""
    return next((measure for measure, ends in _ENDINGS if name.endswith(ends)), "")


def snake(printed: str) -> str:
    """A printed phrase as a name: lower case where it is ASCII, words joined by underscores."""
    return str(_BETWEEN_WORDS.sub("_", printed.lower() if printed.isascii() else printed)).strip("_")
