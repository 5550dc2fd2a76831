"""A number of a sentence with what hangs on it, and the value of a printed number, in digits or words."""

from __future__ import annotations

from dataclasses import dataclass, field

import regex

from trialmine.core.lazy import Expression

#: kinds of :class:`Quantity`, before their colon, that can be a measurement or an analysis
RESULT_KINDS = {
    "percent",
    "time",
    "level",
    "mean",
    "count",
    "events",
    "number",
    "fraction",
    "estimate",
    "p",
    "not_reached",
}
#: kinds that set what happened in one group against what did in another
RATIOS = ("estimate:HR", "estimate:OR", "estimate:RR")


@dataclass(slots=True)
class Interval:
    """Limits around a number; ``type`` is ``95% CI``, ``IQR``, ``range``, ``SD`` or empty."""

    type: str
    lower: float | None
    upper: float | None
    start: int
    end: int
    outer_start: int = -1
    outer_end: int = -1


@dataclass(slots=True)
class PValue:
    """A p-value: relation, value and the span of its number."""

    relation: str
    value: float
    start: int
    end: int


@dataclass(slots=True)
class Quantity:
    """A number of a sentence. ``start``/``end`` are the quote's span in the sentence's folded text;
    ``outer_start``/``outer_end`` include what hangs on it (n/N, interval, p)."""

    kind: str
    start: int
    end: int
    outer_start: int
    outer_end: int
    rule: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    unit: str = ""
    relation: str = "="
    events: int | None = None
    participants: int | None = None
    interval: Interval | None = None
    p: PValue | None = None
    flags: set[str] = field(default_factory=set)


_DECIMAL = Expression(r"[0-9]+(?:\.[0-9]+)?")
_ANY_DIGIT = Expression(r"\d")
_BLANK_OR_COMMA = Expression(r"[\s,]")
_POWER = Expression(r"(.+?)(?:[×xX*]10\^?\{?(-?\d+)\}?|[eE](-?\d+))")
#: values of Chinese and English words for whole numbers
DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
WORD = {w: i for i, w in enumerate(_ONES.split())} | {w: 10 * i for i, w in enumerate(_TENS.split(), 2)}


def number(printed: str) -> float | None:
    """The value of a printed number: 1,293; 6 792; .05; 3.2×10-5; twelve; None for NE, NR and the like."""
    if _DECIMAL.fullmatch(printed):
        return float(printed)
    if printed and (not _ANY_DIGIT.search(printed) or printed[0] in "无没未均尚"):
        return _word_number(printed.strip())
    tidy = _BLANK_OR_COMMA.sub("", printed).replace("+", "")
    power = _POWER.fullmatch(tidy)
    try:
        if power:
            return float(f"{power[1]}e{power[2] or power[3]}")
        return float(tidy)
    except ValueError:
        return None


def _word_number(printed: str) -> float | None:
    """The value of a number in words: forty-two, twelve patients, 十二, 无受试者 (0)."""
    first = regex.split(r"[\s-]", printed.lower())
    if first[0] in WORD:
        more = WORD.get(first[1], 0) if len(first) > 1 and WORD[first[0]] >= 20 else 0
        return float(WORD[first[0]] + (more if more < 10 else 0))
    if first[0] in ("no", "none") or printed[0] in "无没未均尚":
        return 0.0
    tens, ten, ones = printed.partition("十")
    if printed == "半":
        return 0.5
    if max(len(tens), len(ones)) > 1 or not all(c in DIGIT for c in printed):
        return None  # 一二: one or two
    return float((DIGIT[tens] if tens else 1) * 10 + (DIGIT[ones] if ones else 0) if ten else DIGIT[tens])
