"""The axes of a sentence over its lists of numbers: which cell is of which arm, outcome, time and population."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study, arm_name, study_name
from trialmine.find.quantity import Quantity
from trialmine.find.times import TimePoint
from trialmine.link.alone import arm_alone
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.arms import ArmFinder
from trialmine.link.axes import axes_of, closing_groups, named_last, people_end
from trialmine.link.beside import arm_after, arm_closing, arms_beside, arms_bracketed
from trialmine.link.cells import LIST, Cell, Cells, coordinate, lay
from trialmine.link.choose import IN_BRACKET, is_estimate
from trialmine.link.groups import BEFORE, Grouper
from trialmine.link.inforce import InForce
from trialmine.link.repeats import OWN_CHANGE, RESPECTIVE, change_in_turn
from trialmine.link.supposed import class_arm, suppose_arms, suppose_control
from trialmine.link.view import View, near
from trialmine.read.segment import HAN

#: between two subgroups that are set against each other, right before the first, and behind it
_AGAINST_WHOM = Expression(
    r"(?:较|比|高于|低于|优于|长于|短于|多于|少于|差于|大于|小于|快于|慢于|对比?|vs\.?|versus|\bthan(?:\s(?:in|for|among))?|[Cc]ompared (?:with|to)|relative to)\s?(?:在|the\s|those\s|with\s)*$"
)
_WITH_WHOM = Expression(r"(?:与|和|同|较|相较于?|相比于?|[Cc]ompared (?:with|to))\s?$")
_SET_WITH = Expression(r"(?:相比|比较|相较|对比|,)")
_OPENED = Expression(r"\s?[(\[]\s?[(\[]?")


class Layout:
    """Lays the lists of sentences over their numbers; ``now`` is what the page has told so far."""

    def __init__(self, patterns: Patterns, arms: ArmFinder, groups: Grouper) -> None:
        self.arms, self.groups = arms, groups
        self.now: InForce
        self._until_death = set(patterns.cues.get("until_death", ()))

    def joined(self, view: View, lists: list[Cells]) -> list[Cells]:
        """Join lists of unlike numbers where the text has just named as many outcomes: ``ORR, DCR and DOR were 7%, 8% and 9 months``."""
        if len(lists) < 2 or len(view.outcomes) < 2:
            return lists
        named = coordinate(
            view.text, view.outcomes, lambda o: (o.start, o.end), lambda a, b: a.concept == b.concept
        )
        i = 0
        while i + 1 < len(lists):
            a, b = lists[i], lists[i + 1]
            plain = not is_estimate(a.quantities[0]) and not is_estimate(b.quantities[0])
            near_by = plain and b.quantities[0].outer_start - a.end < 12
            k = 0
            if near_by and LIST.match(view.text[a.end : b.quantities[0].outer_start]):
                k = next((len(g) for g in reversed(named) if g[-1].end <= a.start), 0)
            if len(a.quantities) < k >= len(a.quantities) + len(b.quantities):
                lists[i : i + 2] = [_one(lists[i : i + 2])]
            else:
                i += 1
        return self._blocks(view, lists, {len(g) for g in named if len(g) > 1})

    def _blocks(self, view: View, lists: list[Cells], sizes: set[int]) -> list[Cells]:
        """Join lists of unlike numbers, one a group, where the groups were listed before: ``A, B: 7% and 9 months, 8% and 10 months``."""
        for i, first in enumerate(lists):
            kinds = [q.kind for q in first.quantities]
            if len(set(kinds)) < 2 or len(kinds) not in sizes:
                continue
            m = 1
            for a, b in itertools.pairwise(lists[i:]):
                listed = LIST.match(view.text[a.end : b.quantities[0].outer_start])
                if not listed or [q.kind for q in b.quantities] != kinds:
                    break
                m += 1
            told = {id(a) for p in view.phrases if p.end <= first.start for a in view.arms.get(id(p), ())}
            if m > 1 and len(told) == m:
                return [*lists[:i], _one(lists[i : i + m]), *lists[i + m :]]
        return lists

    @staticmethod
    def at_bracket(view: View, q: Quantity) -> TimePoint | None:
        """The time in whose bracket an estimate stands: ``第1天[RR=…]``."""
        depth, at = 0, q.start - 1
        while at >= 0 and (depth or view.text[at] not in "(["):
            depth += (view.text[at] in ")]") - (view.text[at] in "([")
            at -= 1
        return next((t for t in view.times if at >= 0 and at - 1 <= t.end <= at), None)

    def lay(
        self,
        view: View,
        cells: Cells,
        lists: list[Cells],
        turn: Mapping[str, Any],
    ) -> list[Cell]:
        """Lay the sentence's axes over a list of numbers and give each its arm; ``turn`` is what all of them have."""
        k = len(cells.quantities)
        laid = [Cell(q) for q in cells.quantities]
        ahead = (c.start for c in lists if c.start >= cells.end)
        stop_after = next(
            (a for a in ahead if not IN_BRACKET.match(view.text[cells.end : a])), len(view.text)
        )
        stop_before = max((c.end for c in lists if c.end <= cells.start), default=0)
        suppose_arms(view, cells, self.now, self.arms)
        suppose_control(view, cells, self.now)
        arms_bracketed(view, laid)
        spread: dict[str, list[Any]] = {}
        owner = self._owner(view, cells) if k > 1 else None
        if owner is None and k == 2 and cells.paired:
            owner = self._people_against(view, cells, laid)
        if owner is not None:
            for cell in laid:
                cell.arm = owner
                cell.why.append("in the bracket of its arm")
        if k > 1:
            spread = self._spread(view, cells, lists, laid, stop_after, turn, owner is not None)
            if (
                "arm" in spread
                and arm_after(view, laid[0].quantity, cells.quantities[1].start) is None
                and not all(c.why and c.why[0] == "arm in brackets after the number" for c in laid)
                and (own := self._own_arms(view, cells))
                and set(map(id, own)) == set(map(id, spread["arm"]))
            ):
                for cell, beside in zip(laid, own, strict=True):
                    cell.arm = beside
            if (whose := change_in_turn(view, cells, lists)) is not None:
                for cell in laid:
                    cell.arm = whose
                    cell.why.append(OWN_CHANGE)
                laid[0].time = laid[0].time or BEFORE
            elif cells.changed and k % 2 == 0 and cells.gaps[k // 2 - 1] == "change":
                self.groups.changed(view, laid)
            elif (
                "population" in spread
                and len({id(x) for p in view.phrases for x in view.arms.get(id(p), ())}) < 2
            ):
                pass  # subgroups are set against each other, of the one group that is told or in force
            elif set(spread) <= {"arm"} or cells.paired or cells.armed:
                self.groups.of_list(view, cells, laid, stop_before)
        if all(c.arm is None for c in laid) and k > 1 and set(spread) <= {"arm"} and not cells.changed:
            self.groups.of_list(view, cells, laid, stop_before)
        if all(c.arm is None for c in laid):
            arm, why = arm_alone(
                view,
                laid[0].quantity,
                stop_before,
                stop_after,
                laid[-1].quantity if cells.changed or (spread and k > 1) else None,
            )
            study = view.study_at(cells.start)
            held = why == "arm in force" and "分别" not in view.text[: cells.start]
            alone = study is not None and (len(study.arms) == 1 or held) and not cells.paired
            for cell in laid if spread or k == 1 or cells.changed or alone else laid[:1]:
                cell.arm = arm
                cell.why.append(why)
        if "outcome" in spread and laid[-1].arm is not None and all(c.arm is None for c in laid[:-1]):
            for cell in laid[:-1]:  # CR和PR分别为6%和23%(A组)
                cell.arm, cell.why = laid[-1].arm, [*cell.why, "the group of its list"]
        if len(laid) == 1 and laid[0].arm is None:
            laid[0].arm = class_arm(view, laid[0].quantity, self.arms)
            laid[0].why.append("the only treatment of the sentence")
        for cell in laid:
            for name, item in turn.items():
                setattr(cell, name, item)
            if cell.study is not None and cell.arm is not None:
                cell.arm = cell.study.like(cell.arm)
        study = view.study_at(cells.start)
        distinct = list(dict.fromkeys(c.arm for c in laid if c.arm is not None))
        if study is not None and len(distinct) > 1:
            # from the one's number to the other's: no order in which groups are listed
            against = cells.changed and len(distinct) == 2 and distinct[1] is study.pair[0]
            study.order = distinct[::-1] if against else distinct
        return laid

    def _spread(
        self,
        view: View,
        cells: Cells,
        lists: list[Cells],
        laid: list[Cell],
        stop: int,
        turn: Mapping[str, Any],
        owned: bool,
    ) -> dict[str, list[Any]]:
        """Lay the axes that fit a list over its cells; what each axis has for each cell."""
        axes = axes_of(view, cells, stop, self.now)
        axes = axes or closing_groups(view, cells, lists)
        axes = [a for a in axes if a[1] not in turn]
        if any(name == "arm" and at >= cells.end for at, name, _ in axes):
            tried = [Cell(q) for q in cells.quantities]
            arms_beside(view, tried)
            if all(c.arm is not None for c in tried):  # 31% with A and 15% with B; the OR for B versus A
                axes = [a for a in axes if a[1] != "arm" or a[0] < cells.end]
        axes_laid = [a for a in axes if not owned or a[1] != "arm"]
        spread = lay(cells, axes_laid, self._until_death, view.text) or {}
        if view.record is not None:
            told = [_axis(name, items, name in spread) for _, name, items in axes]
            view.record.axes |= dict.fromkeys(map(view.key, cells.quantities), told)
        for i, cell in enumerate(laid):
            for name, items in spread.items():
                if name == "arm" and cell.arm is not None:
                    continue
                setattr(cell, name, items[i])
                cell.why.append(
                    f"axis of {len(set(map(id, items)))} {'studies' if name == 'study' else f'{name}s'}"
                )
        return spread

    def _people_against(self, view: View, cells: Cells, laid: list[Cell]) -> Arm | None:
        """Give a pair of numbers the two subgroups of one group that are set against each other; that group.

        ``突变型患者用A较野生型患者生存更长(15 vs 8个月)``
        """
        text = view.text
        study = view.study_at(cells.start)
        told = [
            p for p in view.populations if p.text and p.end <= cells.start and view.study_at(p.start) is study
        ]
        known = [p for p in view.known() if not p.background]
        arms = {id(view.arm(p)): view.arm(p) for p in known if p.end <= cells.start}
        if len({p.text for p in told[-2:]}) < 2 or len(arms) > 1 or any(p.reference for p in known):
            return None
        first, second = told[-2:]
        if near(view.quantities, first.end, second.start):
            return None
        if _AGAINST_WHOM.search(text, first.end, second.start):
            pair = (first, second)
        elif _WITH_WHOM.search(text, 0, first.start) and _SET_WITH.match(text, people_end(text, first)):
            pair = (second, first)
        else:
            return None
        if arms:
            (arm,) = arms.values()
        elif study is not None and len(study.recent) == 1:
            arm = study.recent[0]
        else:
            return None
        for cell, whom in zip(laid, pair, strict=True):
            cell.population = whom
            cell.why.append("subgroups set against each other")
        return arm

    def _own_arms(self, view: View, cells: Cells) -> list[Arm]:
        """The last group told before each number of a list and behind the one before, where each has another one."""
        found: list[Arm] = []
        at = 0
        for q in cells.quantities:
            told = [p for p in view.phrases if at <= p.start and p.end <= q.start and view.arms.get(id(p))]
            arms = view.arms[id(told[-1])] if told else []
            if len(arms) != 1 or any(arms[0] is a for a in found):
                return []
            found.append(arms[0])
            at = q.outer_end
        return found

    def _owner(self, view: View, cells: Cells) -> Arm | None:
        """The arm whose bracket holds a list: ``X and Y with A (40% and 20%)``."""
        for p in view.phrases:
            opened = _OPENED.fullmatch(view.text[p.end : cells.quantities[0].outer_start])
            if opened and len(view.arms.get(id(p), ())) == 1 and not cells.paired:
                if self._closes_pair(view, p, len(cells.quantities)) or self._set_against(view, p, cells):
                    continue
                closed = _closing(view.text, p.end)
                return view.arm(p) if cells.quantities[-1].start < closed else None
        if cells.paired or cells.armed or cells.changed or HAN.search(view.text):
            return None
        return arm_closing(view, cells.quantities[0], cells.quantities[-1])

    @staticmethod
    def _closes_pair(view: View, p: ArmPhrase, k: int) -> bool:
        """Whether a group is the last of as many groups as numbers follow: ``between A and B (84% and 85%)``."""
        known = [x for x in view.known() if x.end <= p.end]
        told = coordinate(
            view.text, known, lambda x: (x.start, x.end), lambda a, b: view.arms[id(a)] == view.arms[id(b)]
        )
        return bool(told) and len(told[-1]) == k > 1 and told[-1][-1] is p

    def _set_against(self, view: View, p: ArmPhrase, cells: Cells) -> bool:
        """Whether a bracket's two numbers are of two groups, not of the one that it follows: ``lower with A than with B (4 and 9)``."""
        own = view.arm(p)
        if not p.reference or len(cells.quantities) != 2 or len(named_last(view, p.start)) == 2:
            return False
        closed = _closing(view.text, p.end)
        if HAN.search(view.text) and not RESPECTIVE.search(view.text, p.end, closed):
            return False
        told = [x for x in view.known() if x.end <= p.start]
        return any(not x.reference and not x.background and view.arm(x) is not own for x in told)


def _closing(text: str, start: int) -> int:
    """Where the bracket closes that opens at or right after a place; the text's end where it doesn't."""
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] in "([") - (text[i] in ")]")
        if depth == 0 and text[i] in ")]":
            return i
    return len(text)


def _one(lists: Sequence[Cells]) -> Cells:
    """Several lists as one."""
    gaps = itertools.chain.from_iterable((["list"] if i else []) + c.gaps for i, c in enumerate(lists))
    return Cells([q for c in lists for q in c.quantities], list(gaps))


def _axis(name: str, items: Sequence[Any], laid: bool) -> str:
    """An axis as the record tells it: ``arm: A, B (laid)``."""
    told = (
        (study_name(x) or "unnamed study" if isinstance(x, Study) else None)
        or getattr(x, "concept", None)
        or getattr(x, "value", None)
        or getattr(x, "text", None)
        or arm_name(x)
        for x in items
    )
    return f"{name}: {', '.join(map(str, told))}{' (laid)' if laid else ''}"
