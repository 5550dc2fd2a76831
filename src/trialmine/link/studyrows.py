"""Tables whose rows are studies: what the cells of a row say of its study, and whose the numbers of a cell of words are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm, Study
from trialmine.link.view import Result
from trialmine.read.tables import Cell

#: between the groups that a cell lists
_OR = Expression(r"\s*(?:[;;/、]|\bor\b|\bor/and\b|或)\s*")
#: between a number with its group and the next one
_NEXT = Expression(r"\s+(?:vs\.?|versus|and|对比|对|和|与)\s+|\s*[;,/、()\[\]>]\s*|^\s*(?:vs\.?|versus)\s+")
_WORD = Expression(r"\p{L}[\p{L}\p{N}'-]*")
#: the name of a group beside its number: a few words and no other number
_GROUP = Expression(r"[^\d%=<>()\[\]:]{2,40}")
_MOST_WORDS = 4
#: letters of the shortest word that a clipped one can be
_CLIPPED = 3
#: a reference that a link or a bracket only adds
_LINK = Expression(r"\]\([^()]*\)")
_MARKS = Expression(r"[*_`\[\]]+")
_BRACKETED = Expression(r"\s*[(\[](?P<in>[^()\[\]]*)[)\]]\s*$")
_NAME = Expression(r"\p{Lu}[\p{L}\p{N}-]*\p{Lu}[\p{L}\p{N}-]*")
_YEAR = Expression(r"(?:19|20)\d{2}")


@dataclass(slots=True)
class StudyRow:
    """What the cells of a row of a table of studies say."""

    study: Study
    #: what the cells of treatments and of controls say, in order
    given: list[str] = field(default_factory=list)
    controls: list[str] = field(default_factory=list)
    #: the control's words and its group, of each of them
    against: list[tuple[str, Arm]] = field(default_factory=list)


def cells_of(row: Sequence[Cell], kinds: Sequence[str], *which: str) -> list[str]:
    """The texts of a row's cells of some kinds of columns."""
    return [
        _MARKS.sub("", c.text).strip()
        for c, kind in zip(row, kinds, strict=False)
        if kind in which and c.text and _WORD.search(c.text)
    ]


def study_names(cell: str) -> list[str]:
    """What a cell calls its study: ``Baun 2022 (EARLY-X)`` has two names, ``SPAR (NEJM 2015)`` one."""
    text = _MARKS.sub("", _LINK.sub("", cell)).strip()
    inside = _BRACKETED.search(text)
    names = []
    if inside is not None:
        text = text[: inside.start()].strip()
        if _NAME.fullmatch(inside["in"].strip()):
            names = [inside["in"].strip()]
        elif (year := _YEAR.fullmatch(inside["in"].strip())) and text.isascii() and " " not in text:
            text = f"{text} {year.group()}"
    return [x for x in (text.strip(" ,;:"), *names) if _WORD.search(x)]


def parted(cell: str) -> list[str]:
    """The groups that a cell of controls lists: ``A; B``."""
    return [x for x in _OR.split(cell) if x and _WORD.search(x)]


def clipped(label: str, name: str) -> bool:
    """Whether each word of a label is one of a name's words or its beginning: ``vanco taper`` of ``Vancomycin taper``."""
    words = [w.lower() for w in _WORD.findall(name)]
    told = [w.lower() for w in _WORD.findall(label)]
    return bool(told) and all(
        any(x == w or (len(w) >= _CLIPPED and x.startswith(w)) for x in words) for w in told
    )


def beside(text: str, start: int, end: int) -> str:
    """The few words that stand with a number between two separators, before or behind it; empty without any."""
    marks = [m.span() for m in _NEXT.finditer(text)]
    opened = max((b for a, b in marks if b <= start), default=0)
    closed = min((a for a, b in marks if a >= end), default=len(text))
    for part in (text[opened:start], text[end:closed]):
        label = part.strip(" .")
        if _GROUP.fullmatch(label) and len(_WORD.findall(label)) <= _MOST_WORDS and _WORD.search(label):
            return label
    return ""


def hand_out(
    text: str,
    results: list[Result],
    row: StudyRow,
    topic: tuple[str, ...],
    is_group: Callable[[str], bool],
    known: Callable[[str], bool],
) -> None:
    """Give the numbers of a cell of words the groups that stand beside them.

    A word that is or clips a word of the control is the control; where one does, another word that is no outcome (``is_group``)
    is a group that got what the table is about. What the sentence itself names (``known``) it keeps.
    """
    measured = [r for r in results if not r.compares]
    labels = [beside(text, r.quantity.start, r.quantity.outer_end) for r in measured]
    whose: list[Arm | None] = []
    for label in labels:
        arm = next((a for name, a in row.against if label and clipped(label, name)), None)
        whose.append(arm)
    if not any(whose):
        return
    for r, label, arm in zip(measured, labels, whose, strict=True):
        if arm is None and label and is_group(label):
            if known(label) and r.arm is not None and r.arm not in (a for _, a in row.against):
                continue
            arm = row.study.labelled(label) or row.study.add(Arm(topic, [label]))
        if arm is not None:
            r.arm, arm.used = arm, True
            arm.call(label)
    for r in results:
        if r.compares:
            before = [m.arm for m in measured if m.quantity.start < r.quantity.start and m.arm is not None]
            pair = list(dict.fromkeys(before))[:2]
            if len(pair) == 2:
                r.arm, r.comparator = pair


def most_named(rows: Sequence[Sequence[tuple[str, ...]]]) -> tuple[str, ...]:
    """The treatment that more than half of the rows of a table name."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        for one in dict.fromkeys(row):
            seen[one] = seen.get(one, 0) + 1
    best = max(seen, key=lambda x: seen[x], default=())
    return best if best and seen[best] * 2 > len(rows) else ()
