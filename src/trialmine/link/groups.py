"""Which arms the numbers of a list belong to, and those of a change from one value to another."""

from __future__ import annotations

from collections.abc import Iterable

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm, Study
from trialmine.find.quantity import RATIOS, Quantity
from trialmine.find.times import TimePoint
from trialmine.link.alone import of_reference
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.beside import TO_NUMBER, arm_after, arms_beside
from trialmine.link.cells import Cell, Cells
from trialmine.link.choose import is_estimate
from trialmine.link.pairs import pair_at, partner, unnamed
from trialmine.link.view import View

_RESPECTIVELY = Expression(r"\s?,?\s?respectively\b")
#: what changed is a share of people
_SHARE_OF = Expression(r"率|比例|\b(?:rates?|proportion|percentage)\b")
#: from a number to a ratio in its bracket
_TO_RATIO = Expression(r"\s?[(\[,][^()\[\]。;]{0,30}")
#: characters from a change to the group that it is compared with
_SET_BEHIND = 26
#: characters before the first number of a change where its time stands
_FROM_TIME = 10
#: the time of the earlier value of a change, where it is of something that people had before
BEFORE = TimePoint(0, 0, "baseline", False)
#: from the only group of a clause to a list of its numbers at several times
_ITS_LIST = Expression(
    r"(?=\s?\p{Han})[^,;。:]{0,12}\d+\s?(?:[hd]|min|分钟|小时|天|周|个?月|年)?\s?(?:、|和|与|及)[^,;。:]{0,40}?(?:分别|依次)?(?:为|是)?\s?[(\[]?"
)


class Grouper:
    """Assigns arms to the cells of a sentence; ``inactive`` are the names of what those get who go without."""

    def __init__(self, inactive: Iterable[str]) -> None:
        self._inactive = frozenset(inactive)

    def of_list(self, view: View, cells: Cells, laid: list[Cell], stop_before: int) -> None:
        """Arms of the numbers of one list that no axis has given."""
        arms_beside(view, laid)
        missing = [c for c in laid if c.arm is None]
        first = laid[: len(missing)]
        if len(laid) > 2 and 1 < len(missing) < len(laid) and all(c.arm is None for c in first):
            # A and B had 43% and 41%, and C 12%
            before = [p for p in view.known() if p.end <= cells.start and not p.reference]
            told = list(dict.fromkeys(view.arm(p) for p in before))
            for cell, own in zip(first, told, strict=True) if len(told) == len(first) else ():
                cell.arm = own
                cell.why.append("arms in the order of the text")
            return
        if len(laid) > 2 and missing == laid[:1]:
            # A组改善≥4分者占56%,B组41%,C组12%: the first number's group is the one told before it
            told = [
                view.arm(p)
                for p in view.known()
                if stop_before <= p.start and p.end <= cells.start and not p.reference
            ]
            if told and not any(c.arm is told[-1] for c in laid):
                laid[0].arm = told[-1]
                laid[0].why.append("arm before the list")
            return
        if not missing or (len(missing) < len(laid) and len(laid) != 2):
            return
        if len(laid) == 2 and len(missing) == 1:
            other = laid[0].arm if laid[1] is missing[0] else laid[1].arm
            missing[0].arm = partner(view, cells.start, other)
            missing[0].why.append("the other arm of the pair")
            return
        k = len(laid)
        theirs = of_reference(view, cells.quantities[0], stop_before) if not cells.paired else None
        if theirs is not None:
            for cell in missing:
                cell.arm = theirs
                cell.why.append("the reference's own numbers")
            return
        study = view.study_at(cells.start)
        phrases = [p for p in view.known() if view.study_at(p.start) is study and p.end <= cells.start]
        compared = any(p.reference for p in phrases)
        if k == 2 and (compared or cells.paired or cells.armed):
            focus, reference = pair_at(view, cells.start)
            measured = not is_estimate(laid[0].quantity)
            if study is not None and focus is not None and reference is None and cells.paired and measured:
                reference = self._without(view, study, focus, cells.start) or unnamed(study)
            if study is not None and measured and not phrases:
                focus, reference = _as_told(study, focus, reference)
            for cell, arm in zip(laid, (focus, reference), strict=True):
                cell.arm = arm
                cell.why.append("pair of arms: focus first, reference second")
            return
        sequence = list(dict.fromkeys(a for p in phrases if not p.reference for a in _meant(view, p)))
        local = list(
            dict.fromkeys(
                a for p in phrases if not p.reference and p.start >= stop_before for a in _meant(view, p)
            )
        )
        tied = [p for p in phrases if p.start >= stop_before and not p.reference]
        if (
            len(local) == 1
            and not cells.paired
            and tied
            and stop_before > 0
            and not (len(sequence) == k and _of_each_in_order(view, tied[-1].end, cells))
            and TO_NUMBER.match(view.text[tied[-1].end : cells.quantities[0].outer_start])
        ):
            for cell in laid:  # …;B组依次为76%和80%
                cell.arm = local[0]
                cell.why.append("arm right before the list")
            return
        order = view.order(study, cells.start) if study is not None else []
        if len(local) == k:
            sequence = local
        elif len(order) == k and len(local) <= 1 and len(sequence) != k:
            only = tied[-1] if len(local) == 1 else None
            if only is not None and only.is_group and _ITS_LIST.fullmatch(view.text, only.end, cells.start):
                order = local * k  # A组术后1 h、2 h的X分别为8和9: at two times
            sequence = order
        elif not phrases and len(order) > k:  # …分别为51%和44%,均高于安慰剂组的12%
            told_of = {a.key for p in view.known() for a in view.arms[id(p)]}
            others = [a for a in order if a.key not in told_of]
            sequence = others if len(others) == k else sequence
        if len(sequence) != k and phrases and compared:
            told = list(dict.fromkeys(view.arm(p) for p in phrases))
            sequence = told if len(told) == k else sequence
        if len(sequence) == k:
            for cell, arm in zip(laid, sequence, strict=True):
                cell.arm = arm
                cell.why.append("arms in the order of the text")
        elif k % 2 == 0 and cells.paired:
            pair = pair_at(view, cells.start)
            for i, cell in enumerate(laid):
                cell.arm = pair[i % 2]
                cell.why.append("pairs of arms")

    def _without(self, view: View, study: Study, arm: Arm, position: int) -> Arm | None:
        """What a group is compared with of which the text says what was added to what: the addition of A to B, B."""
        added = [p for p in view.known() if p.base and p.end <= position and arm in view.arms.get(id(p), ())]
        if not added or frozenset(added[-1].base) == arm.key:
            return None
        return study.find(frozenset(added[-1].base)) or study.add(Arm(added[-1].base, role="comparator"))

    def changed(self, view: View, laid: list[Cell]) -> None:
        """From a to b: the reference arm and the focus where two are compared, else before and after."""
        first = laid[0].quantity
        study = view.study_at(first.start)
        half = len(laid) // 2
        if half > 1 and all(c.outcome is c.arm is c.time is None for c in laid):
            # from a and b to c and d: each group before, and each after
            before = [p for p in view.known() if p.end <= first.start and view.study_at(p.start) is study]
            groups = list(dict.fromkeys(a for p in before for a in _meant(view, p)))
            if len(groups) != half and study is not None:
                groups = next((x for x in (study.order, study.arms) if len(x) == half), [])
            for i, cell in enumerate(laid if len(groups) == half else ()):
                cell.arm = groups[i % half]
                cell.time = BEFORE if i < half and first.kind != "percent" else None
                cell.why.append("the groups' values before and after")
            if len(groups) == half:
                return
        between = [p for p in view.known() if first.outer_end <= p.start and p.end <= laid[-1].quantity.start]
        if (
            len(between) == 1 and len(laid) == 2
        ):  # from a with B to c: B's number, and that of the other group
            theirs = view.arm(between[0])
            mine = arm_after(view, laid[-1].quantity) or next(
                (
                    view.arm(p)
                    for p in reversed(view.known())
                    if p.end <= first.start and not p.reference and view.arm(p) is not theirs
                ),
                None,
            )
            for cell, arm in zip(laid, (theirs, mine), strict=True):
                cell.arm, cell.why = arm, [*cell.why, "from the number of one group to that of another"]
            return
        compared = [p for p in view.known() if p.reference and p.end <= first.start]
        last = laid[-1].quantity
        events = first.kind in ("percent", "time") or last.unit.startswith(("per ", "每"))
        if (
            not compared
            and events
            and not any(o.measure == "level" for o in view.outcomes if o.end <= first.start)
        ):
            # from a to b compared with B
            compared = [
                p for p in view.known() if p.reference and 0 <= p.start - last.outer_end < _SET_BEHIND
            ]
        rate = (
            first.kind in ("percent", "time")
            and study is not None
            and None not in study.pair
            and len({id(a) for p in view.known() for a in view.arms[id(p)]}) != 1
        )
        clause = 1 + max(view.text.rfind(c, 0, first.start) for c in ",;。")
        own_clause = any(p.is_group and clause <= p.start < first.start for p in view.known())
        named = [o for o in view.outcomes if o.end <= first.start]
        level = bool(named) and named[-1].measure == "level"
        rate = (
            rate and not own_clause and not level
        )  # X组HbA1c由8.2%降至6.9%: the group's own, before and after
        own = arm_after(view, laid[-1].quantity)
        added = [p for p in view.known() if p.base and p.end <= first.start and not p.reference]
        happens = bool(named) and named[-1].measure in ("rate", "event", "time")
        share = added and (
            _SHARE_OF.search(view.text[added[-1].end : first.start])
            or (not level and (happens or _ratio_behind(view, laid[-1].quantity)))
        )
        if share and study is not None and not compared and (rate or None in study.pair):
            # B on top of A raised it from a to b: without B, and with it
            base = frozenset(added[-1].base)
            less = study.find(base) or study.add(Arm(added[-1].base, role="comparator"))
            for i, cell in enumerate(laid):
                cell.arm = less if i < len(laid) // 2 else view.arm(added[-1])
                cell.why.append("without and with what was added")
            return
        focus, reference = pair_at(view, first.start) if (compared or rate) and not own else (None, None)
        if focus is not None and reference is not None and not compared:
            focus, reference = self.orient(study, focus, reference)
        if focus is None and study is not None and not compared and _ratio_behind(view, laid[-1].quantity):
            # A raised it from a to b (HR 0.7): a ratio is of two groups, though the text names one
            focus, reference = pair_at(view, first.start)
            if focus is not None and reference is None and len(laid) == 2:
                reference = unnamed(study)
                study.pair = (focus, reference) if study.pair[1] is None else study.pair
        if focus is not None and reference is not None:
            for i, cell in enumerate(laid):
                cell.arm = reference if i < len(laid) // 2 else focus
                cell.why.append("change from the reference arm to the focus")
        elif not any(c.time for c in laid) and _apart(view, laid) < 2:
            for cell in laid[: len(laid) // 2]:
                cell.time = BEFORE

    def orient(self, study: Study | None, a: Arm | None, b: Arm | None) -> tuple[Arm | None, Arm | None]:
        """(described arm, comparator): the one that looks like a control goes second."""
        if a is None or b is None:
            return a, b
        score = self._control(a, b) - self._control(b, a)
        if abs(score) < 2 and study is not None and study.pair in ((a, b), (b, a)):
            return study.pair
        return (b, a) if score >= 2 else (a, b)

    def _control(self, arm: Arm, other: Arm) -> int:
        """How much an arm looks like the control of the other."""
        score = 3 if arm.role == "comparator" else 0
        score += 3 if "placebo" in arm.interventions and "placebo" not in other.interventions else 0
        went_without = arm.key and arm.key <= self._inactive and not other.key & self._inactive
        score += 3 if went_without else 0
        # a name that nothing is known of is no smaller set
        smaller = arm.key < other.key and (arm.key or arm.role) and not (other.key <= self._inactive)
        return score + (2 if smaller else 0)


def _of_each_in_order(view: View, start: int, cells: Cells) -> bool:
    """Whether a list behind the last group is told in the order of the groups: ``and the DCR was 8% and 6%, respectively``.

    It opens a bracket there, or a new outcome stands before it.
    """
    named = any(start <= o.start and o.end <= cells.start and not o.generic for o in view.outcomes)
    opens = view.text[start : cells.start].strip() == "("
    return (named or opens) and _RESPECTIVELY.match(view.text, cells.end) is not None


def _ratio_behind(view: View, q: Quantity) -> bool:
    """Whether a ratio of two groups opens the bracket right behind a number."""
    ratio = next((x for x in view.quantities if x.start >= q.outer_end), None)
    return (
        ratio is not None
        and ratio.kind in RATIOS
        and _TO_RATIO.fullmatch(view.text, q.outer_end, ratio.start) is not None
    )


def _meant(view: View, p: ArmPhrase) -> list[Arm]:
    """The groups of a phrase in a list of groups: each of several doses, else one."""
    return view.arms[id(p)] if p.kind == "dose" else view.arms[id(p)][:1]


def _apart(view: View, laid: list[Cell]) -> int:
    """How many times a change names beside its numbers: ``由第4周的9%降至第12周的7%``."""
    start, end = laid[0].quantity.start - _FROM_TIME, laid[-1].quantity.outer_end
    return sum(start < t.start < end for t in view.times)


def _as_told(study: Study, focus: Arm | None, reference: Arm | None) -> tuple[Arm | None, Arm | None]:
    """The two groups of a pair in the order in which the text has told them, where they are kinds of people: no treatment is the focus."""
    people = focus is not None and reference is not None and focus.as_told and reference.as_told
    if people and len(study.order) == 2 and focus in study.order and reference in study.order:
        return study.order[0], study.order[1]
    return focus, reference
