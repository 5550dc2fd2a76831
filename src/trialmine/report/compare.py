"""When a predicted row and a gold row say the same: each field's equality, and the levels they make.

The levels are cumulative: value, outcome, arm, study, row. A pair is right at a level where every
field of that level and of the levels before it is right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass

from trialmine.report.populations import same_population
from trialmine.report.sides import Arm, Row, Side, Study, fold, holds, plain, squeeze

#: the levels of the score, in order
LEVELS = ("value", "outcome", "arm", "study", "row")

#: the outcomes that the annotation guide names, squeezed; two different ones are never equal by containment
GUIDE_OUTCOMES = frozenset(
    {"os", "pfs", "rfs", "dfs", "efs", "ttp", "ttf", "dor", "orr", "dcr", "cr", "pr", "sd", "pd", "pcr"}
    | {"mpr", "ae", "trae", "sae", "irae", "grade>=3ae", "hbsagloss", "hbsagseroconversion", "functionalcure"}
)  # fmt: skip

Said = str | float | None


@dataclass(frozen=True, slots=True)
class Check:
    """One field of a pair: what the gold wants, what was predicted, and whether they are equal."""

    level: str
    field: str
    want: Said
    got: Said
    right: bool


def said(value: Said) -> str:
    """A field's value for people; a dash for nothing."""
    return "–" if value is None or value == "" else str(value)


def levels_right(checks: Collection[Check]) -> int:
    """How many levels of :data:`LEVELS` a pair has right, 0 to 5."""
    return min((LEVELS.index(c.level) for c in checks if not c.right), default=len(LEVELS))


def same_number(a: float | None, b: float | None) -> bool:
    """Both absent, or equal within 1e-9 (of the number's size, where that is above 1)."""
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def unit_key(unit: str) -> str:
    """A unit without differences of case, full-width form, plural, white space and micro sign."""
    return re.sub(r"(?<=[a-z]{3})s\b", "", plain(unit).replace("μ", "u"))


_TAIL = re.compile(r"(?:率|期|时间|時間|(?<![a-z])rates?)$")


def _outcome_key(text: str) -> str:
    """A folded outcome without a trailing 率, rate, 期 or 时间 (unless nothing else is there)."""
    folded = fold(text)
    while (cut := _TAIL.sub("", folded).strip()) not in ("", folded):
        folded = cut
    return folded


def same_outcome(pred: Row, gold: Row) -> bool:
    """Whether two rows report the same outcome.

    They do where the canonical names are equal but for case, spaces, hyphens and underscores; where
    the predicted name or words equal a gold label or the gold name, a trailing 率, rate, 期 or 时间
    aside; or where of words and label one contains the other (see :func:`holds`), the shorter having
    at least 60 % of the longer and two CJK characters or three letters, unless the canonical names
    are two different ones of the guide's list.
    """
    got, want = squeeze(pred.outcome), squeeze(gold.outcome)
    if got == want:
        return True
    words = [k for k in map(_outcome_key, pred.names) if k]
    labels = [k for k in map(_outcome_key, gold.names) if k]
    ours = {w.replace(" ", "") for w in [*words, _outcome_key(pred.outcome)] if w}
    if ours & {w.replace(" ", "") for w in [*labels, _outcome_key(gold.outcome)] if w}:
        return True
    if got in GUIDE_OUTCOMES and want in GUIDE_OUTCOMES:
        return False
    return any(_mostly_held(word, label) for word in words for label in labels)


def _mostly_held(a: str, b: str) -> bool:
    longer, shorter = sorted((a, b), key=lambda text: (-len(text), text))
    enough = sum(c > "\u2e7f" for c in shorter) >= 2 or sum(c.isascii() and c.isalpha() for c in shorter) >= 3
    return enough and len(shorter) >= 0.6 * len(longer) and holds(longer, shorter)


def same_arm(pred: Arm, gold: Arm, others: Collection[Arm]) -> bool:
    """Whether a predicted group is a gold group; ``others`` are the other gold groups of its study.

    By the set of interventions; where the gold's set is empty or also another group's, by label (equal,
    or one held in the other, see :func:`holds`, if no other group of the study has just that label) or
    by dose. A gold group with neither label nor dose has only its set.
    """
    shared = not gold.interventions or any(o.interventions == gold.interventions for o in others)
    if not shared or not (gold.labels or gold.dose):
        return pred.interventions == gold.interventions
    if gold.dose and pred.dose == gold.dose:
        return True
    want = {label.replace(" ", "") for label in gold.labels}
    taken = {label.replace(" ", "") for o in others for label in o.labels}
    for label in pred.labels:
        key = label.replace(" ", "")
        if key in want:
            return True
        if key not in taken and any(_label_held(label, g) for g in gold.labels):
            return True
    return False


def _label_held(a: str, b: str) -> bool:
    longer, shorter = sorted((a, b), key=lambda text: (-len(text), text))
    return len(shorter) >= 2 and holds(longer, shorter)


class Judge:
    """Compares rows of one document; ``met`` are pairs (predicted, gold) of study ids taken as one."""

    def __init__(self, pred: Side, gold: Side, met: Collection[tuple[str, str]] = ()) -> None:
        self.pred, self.gold, self.met = pred, gold, met

    def arm(self, pred_id: str, gold_id: str) -> bool:
        """Whether both are no group, or the same one."""
        pred, gold = self.pred.arms.get(pred_id), self.gold.arms.get(gold_id)
        if pred is None or gold is None:
            return pred is gold
        others = [a for i, a in self.gold.arms.items() if i != gold_id and a.study == gold.study]
        return same_arm(pred, gold, others)

    def study(self, pred_id: str, gold_id: str) -> bool:
        """Whether both are no study, or the same one."""
        pred, gold = self.pred.studies.get(pred_id), self.gold.studies.get(gold_id)
        if pred is None or gold is None:
            return pred is gold
        return pred.meets(gold) or (pred_id, gold_id) in self.met

    def checks(self, pred: Row, gold: Row) -> list[Check]:
        """Every field of a pair, in the order of the levels."""
        missing = "not_reached" in (pred.assertion, gold.assertion)
        if pred.value is None and gold.value is None:
            value = (
                pred.assertion == gold.assertion
                if missing
                else same_number(pred.lower, gold.lower) and same_number(pred.upper, gold.upper)
            )
        else:
            value = same_number(pred.value, gold.value)
        result = [
            _check("value", "param_type", gold.param_type, pred.param_type),
            Check("value", "value", _shown(gold), _shown(pred), value),
            Check("value", "unit", gold.unit, pred.unit, unit_key(gold.unit) == unit_key(pred.unit)),
            Check("outcome", "outcome", _outcome(gold), _outcome(pred), same_outcome(pred, gold)),
        ]
        for name in ("arm", "comparator"):
            ours, theirs = getattr(pred, name), getattr(gold, name)
            want, got = _arm_shown(self.gold.arms.get(theirs)), _arm_shown(self.pred.arms.get(ours))
            result.append(Check("arm", name, want, got, self.arm(ours, theirs)))
        want, got = (
            _study_shown(self.gold.studies.get(gold.study)),
            _study_shown(self.pred.studies.get(pred.study)),
        )
        result.append(Check("study", "study", want, got, self.study(pred.study, gold.study)))
        result.append(_check("row", "relation", gold.relation or "=", pred.relation or "="))
        result.append(_check("row", "assertion", gold.assertion or "reported", pred.assertion or "reported"))
        for name in ("lower", "upper", "events", "participants", "p_value"):
            a, b = getattr(gold, name), getattr(pred, name)
            result.append(Check("row", name, a, b, same_number(a, b)))
        for name in ("interval_type", "timepoint"):
            result.append(_check("row", name, getattr(gold, name), getattr(pred, name)))
        relations = (r.p_relation or ("" if r.p_value is None else "=") for r in (gold, pred))
        result.append(_check("row", "p_relation", *relations))
        same = same_population(pred.population, gold.population)
        return [*result, Check("row", "population", gold.population, pred.population, same)]


def _check(level: str, name: str, want: str, got: str) -> Check:
    return Check(level, name, want, got, plain(want) == plain(got))


def _shown(row: Row) -> Said:
    if row.value is not None or (row.lower is None and row.upper is None):
        return row.value if row.value is not None or row.assertion != "not_reached" else "not reached"
    return f"{row.lower}..{row.upper}"


def _outcome(row: Row) -> str:
    return f"{row.outcome} ({'; '.join(row.names)})" if row.names else row.outcome


def _arm_shown(arm: Arm | None) -> str:
    if arm is None:
        return ""
    parts = (" + ".join(sorted(arm.interventions)), "; ".join(arm.labels), arm.dose)
    return " | ".join(p for p in parts if p) or "(nothing)"


def _study_shown(study: Study | None) -> str:
    if study is None:
        return ""
    parts = [*sorted(study.names), *sorted(study.registry_ids), *(f"[{c}]" for c in sorted(study.citations))]
    return "; ".join(parts) or "(unnamed)"
