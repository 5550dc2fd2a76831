"""The axes of a sentence over its lists of numbers: which cell is of which arm, outcome, time and population."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study, arm_name, study_name
from trialmine.find.outcomes import OutcomePhrase
from trialmine.find.populations import Population
from trialmine.find.quantity import Quantity
from trialmine.find.times import TimePoint
from trialmine.link.alone import arm_alone
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.arms import ArmFinder
from trialmine.link.beside import BESIDE, arm_after, arm_closing, arms_beside, arms_bracketed
from trialmine.link.cells import BRACKETS, LIST, PAIR, Cell, Cells, coordinate, lay
from trialmine.link.choose import MEASURE, is_estimate
from trialmine.link.groups import BEFORE, Grouper
from trialmine.link.inforce import ANNOUNCE_REACH, TOPIC_REACH, InForce
from trialmine.link.view import Result, View, behind, near
from trialmine.read.segment import HAN

#: characters over which what several trials compare with is the control of each
_VERSUS_REACH = 2500
#: that a study found what the one told before it had found
_AGAIN = Expression(
    r"进一步(?:验证|证实|支持|确认|显示)|同样|再次|(?:也|亦)(?:得到|验证|证实|显示|表明|观察到|发现|取得|获得|支持)|相似的?(?:结果|疗效|获益)|类似的?(?:结果|疗效|获益)|\b(?:likewise|similarly|again|(?:was|were) confirmed|confirmed (?:th|by)|also)\b"
)
#: what tells of a study without a name
_UNNAMED_STUDY = Expression(
    r"(?:一项|国内|国外|有|该|此项?|这项|另有|某|多中心|回顾性|前瞻性|单臂|I{1,3}期|队列|真实世界|临床)[^,。;\d]{0,14}(?:研究|试验|报道|分析)|"
    r"\b(?:an?|one|this|the|another)\s(?:[\p{Latin}-]+\s){0,4}(?:trial|study|series|cohort)\b"
)
#: a change of what went before, right before its number
_CHANGES = Expression(r"\)(?:降低|下降|减少|升高|增加|提高|延长|缩短)(?:了|约)?\s?$")
#: the measures of what went before, not named again: ``安慰剂组的发生率分别为``, ``the rates with placebo were``
_SAME_MEASURES = Expression(
    r"(?<=^|[,;]|组|者)\s?的?(?:相应的?)?(?:发生率|发生比例|比例|比率)(?=分别|依次|则?为)|"
    r"(?<=^[)\]])\s?的?(?:发生率|发病率|比例|水平|评分)|"
    r"(?:the\s)?(?:corresponding\s|respective\s)?(?:rates|proportions|percentages)(?=\s(?:with|in|for|on|among|were)\b)"
)
#: behind the name of a subgroup
_PEOPLE_NOUN = Expression(
    r"的?(?:亚组|亚群|人群|患者|受试者|病例|病人|群体|者|组)|\s(?:subgroups?|groups?|patients|people|participants|women|men|adults|disease|tumou?rs)(?![\p{Latin}-])"
)
_COUNTED = Expression(r"\s?\(\s?(?:[nN]\s?=\s?)?\d+\s?[例人名]?\)")
#: between two subgroups that are set against each other, right before the first, and behind it
_AGAINST_WHOM = Expression(
    r"(?:较|比|高于|低于|优于|长于|短于|多于|少于|差于|大于|小于|快于|慢于|对比?|vs\.?|versus|\bthan(?:\s(?:in|for|among))?|[Cc]ompared (?:with|to)|relative to)\s?(?:在|the\s|those\s|with\s)*$"
)
_WITH_WHOM = Expression(r"(?:与|和|同|较|相较于?|相比于?|[Cc]ompared (?:with|to))\s?$")
_SET_WITH = Expression(r"(?:相比|比较|相较|对比|,)")
_NUMBER_END = Expression(r"[\s-]?(?:\d{1,2}|I{1,3})$")
_OPENED = Expression(r"\s?[(\[]\s?[(\[]?")
_RESPECTIVE = Expression(r"分别|respectively")
#: why a number is of a group whose change it tells, among changes of several groups in their order
OWN_CHANGE = "one change for each group, in their order"
#: between two changes of a list, each from one number to another: ``由7.8降至2.1和由7.9降至2.0``
_NEXT_CHANGE = Expression(
    r"^(?:\s?\([^()]*\))?\s?(?:[、,]\s?(?:和|与|及|而|and)?|和|与|及|以及|而|and)\s?(?:由|从|自|from)\s?$"
)
#: what closes a list of groups
_RESPECTIVELY = Expression(
    r"\s?(?:groups?|arms?|eyes|patients|participants|subjects|recipients|women|men|children)?\s?,?\s?respectively\b"
)
#: behind groups that are taken together
_MERGED = Expression(
    r"(?:患者|受试者)?(?:的?数据)?(?:合并|汇总|合计|并为一组)|\s(?:combined|pooled|together)\b"
)
#: a bracket of pairs of numbers, or several in a row
_OPENS = Expression(r"[(\[]")
_WITHIN = r"(?:[^()\[\]]|\([^()]*\))*"
_PAIRED_IN = rf"[(\[](?={_WITHIN}(?:vs|versus|比|对)){_WITHIN}[)\]]"
_PAIRS = Expression(rf"{_PAIRED_IN}(?:\s?(?:[、,;]|和|与|及)?\s?{_PAIRED_IN})*")
#: from a number into the bracket right behind it: 16.8 mm (P=0.069) with B
_IN_BRACKET = Expression(r"^\s?[(\[][^()\[\]]*$")

#: before a disease that only says in whom, at the beginning of a sentence, and from it to what was measured
_OPENING_WITH = Expression(r"^\s?(?:In|Among|For|With|Of)\s[^,;:.]*$")
_APART = Expression(r"(?:\s\p{Ll}+){0,2},\s(?:the\s|an?\s)?(?:\p{Ll}+\s)?")
#: from a list of numbers to the groups that close it
_TO_GROUPS = Expression(
    r"\)?\s(?:of\s(?:the\s)?(?:\p{Ll}+\s){1,2})?(?:in|with|for|among|on|after|receiving)\s(?:the\s|those\s|patients\s|receiving\s|on\s|in\s)*"
)

_CLAUSE_MARK = Expression(r"[,;。](?!\d)|[.](?=\s)")


#: from a number to what it is of
_ITS_OWN = Expression(r"%?\s?的")


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

    def again(self, view: View, lists: list[Cells], told: list[Result]) -> list[Result]:
        """The results that numbers repeat in their order, for another group, study or time.

        ``ORR为40%,DCR为71%,均高于对照组的22%、53%``: as many numbers, of the same kinds, and none of them named.
        """
        shown = [r for r in told if not r.compares]
        if all(q.kind == "p" for q in lists[0].quantities):
            return _each_outcome(shown, len(lists[0].quantities))
        at = shown[-1].quantity.outer_end if shown else 0
        opened = view.text.count("(", 0, at) > view.text.count(")", 0, at)
        if opened and ")" not in view.text[at : lists[0].start]:
            return []  # (I期:a对b;II期:c对d): the next ones of a bracket have its outcome
        run: list[Quantity] = []
        for cells in lists:
            own = shown[-1].outcome if len({r.outcome.concept for r in shown if r.outcome}) == 1 else None
            behind_it = own is not None and cells.start > own.start >= at and own.measure != "time"
            gap = view.text[own.end if own is not None and behind_it else at : cells.start]
            named = any(at <= o.start < cells.end and not (behind_it and o is own) for o in view.outcomes)
            named = named or (
                not behind_it and any(r.outcome is not None and r.outcome.text in gap for r in shown)
            )
            changes = _CHANGES.search(gap)
            measures = MEASURE.search(_SAME_MEASURES.sub("", gap))
            if named or changes or is_estimate(cells.quantities[0]) or measures:
                break
            run += cells.quantities
            at = cells.end
        k = len(run)
        ends = range(len(shown), k - 1, -1) if run else range(0)
        # the last as many of the same kinds; others may stand behind those of the group before: a total
        last = next(
            (
                i
                for i in ends
                if all(_alike(view.text, q, r.quantity) for q, r in zip(run, shown[i - k : i], strict=True))
            ),
            0,
        )
        beyond = shown[last:]
        if not last:
            return []
        if beyond and (
            len({id(r.arm) for r in shown[last - k :]}) > 1
            or any(r.quantity.kind == run[-1].kind for r in beyond)
        ):
            return []
        model = shown[last - k : last]
        outcomes = [r.outcome for r in model]
        one = len({o.concept for o in outcomes if o is not None}) < 2
        if one and (k < 2 or len({r.time for r in model}) < k):
            return []
        started = shown[last - k - 1].outcome if last > k else None
        if (
            not one
            and started is not None
            and outcomes[0] is not None
            and started.concept == outcomes[0].concept
        ):
            return []  # the run would begin amid an outcome's numbers
        return model

    def repeat(self, view: View, laid: list[Cell], model: list[Result], told: Sequence[Result] = ()) -> None:
        """Give cells the outcomes of the results that they repeat, and their group where no other is named since.

        ``told`` are the sentence's results where the cells go on with a run of them that has begun.
        """
        for cell, r in zip(laid, model, strict=False):
            cell.outcome = cell.outcome or r.outcome
            if cell.quantity.kind == r.quantity.kind == "mean":
                cell.quantity.unit = r.quantity.unit
        if len(model) > 1 and len({r.time for r in model}) == len(model) == len(laid):
            for cell, r in zip(laid, model, strict=True):
                cell.time = cell.time or (TimePoint(0, 0, r.time, True) if r.time else None)
        if laid[0].quantity.kind == "p":
            return
        if told:
            last, start = told[-1], laid[0].quantity.start
            if not any(
                last.quantity.outer_end <= p.start < start and view.arms.get(id(p)) for p in view.phrases
            ):
                for cell in laid:
                    cell.arm, cell.why = last.arm, [*cell.why, "the group of the run that it goes on with"]
            return
        groups = {id(r.arm): r.arm for r in model}
        at = max((r.quantity.outer_end for r in model), default=0)
        named = any(at <= p.start < laid[0].quantity.start and view.arms.get(id(p)) for p in view.phrases)
        if len(model) == len(laid) > 1 and len(groups) == 1 and not named and OWN_CHANGE not in laid[0].why:
            (arm,) = groups.values()
            if BESIDE in laid[-1].why and laid[-1].arm is not arm:
                arm = laid[-1].arm  # compared with a and b in the B group
            for cell in laid if arm is not None else ():
                cell.arm, cell.why = arm, [*cell.why, "the group of the results that it repeats"]
        elif len(model) == len(laid) > 1 and len(groups) == 1 and not any(c.arm for c in laid[1:]):
            for cell in laid[1:]:
                cell.arm, cell.why = laid[0].arm, [*cell.why, "the group of its list"]

    def of_pairs(self, view: View) -> dict[int, OutcomePhrase | TimePoint]:
        """The outcome or time of each number of a bracket of pairs, one for each outcome or time listed before it.

        ``复发率和再住院率均低于对照组(8% vs 15%,P=0.03;11% vs 20%,P=0.02)``: the first pair is of the first outcome.
        """
        found: dict[int, OutcomePhrase | TimePoint] = {}
        if not _OPENS.search(view.text) or max(len(view.outcomes), len(view.times)) < 2:
            return found
        for m in _PAIRS.finditer(view.text):
            within = [q for q in view.quantities if m.start() <= q.start < m.end()]
            cells = [q for q in within if not is_estimate(q)]
            firsts, seconds = cells[::2], cells[1::2]
            if (
                len(firsts) < 2
                or len(firsts) != len(seconds)
                or not all(
                    PAIR.match(view.text[a.outer_end : b.outer_start])
                    for a, b in zip(firsts, seconds, strict=True)
                )
            ):
                continue
            last = self._named_last(view, m.start())
            if len(last) != len(firsts) or any(last[-1].end <= q.start < m.start() for q in view.quantities):
                continue
            for q in within:
                at = sum(x.start <= q.start for x in firsts) - 1
                if at >= 0:
                    found[q.start] = last[at]
        return found

    @staticmethod
    def at_bracket(view: View, q: Quantity) -> TimePoint | None:
        """The time in whose bracket an estimate stands: ``第1天[RR=…]``."""
        depth, at = 0, q.start - 1
        while at >= 0 and (depth or view.text[at] not in "(["):
            depth += (view.text[at] in ")]") - (view.text[at] in "([")
            at -= 1
        return next((t for t in view.times if at >= 0 and at - 1 <= t.end <= at), None)

    @staticmethod
    def _named_last(view: View, end: int) -> Sequence[OutcomePhrase | TimePoint]:
        """The last outcomes that are listed before a place; the last times where no outcomes are."""
        named = coordinate(
            view.text, view.outcomes, lambda o: (o.start, o.end), lambda a, b: a.concept == b.concept
        )
        outcomes = next((g for g in reversed(named) if g[-1].end <= end), [])
        if len(outcomes) > 1:
            return outcomes
        times = coordinate(view.text, view.times, lambda t: (t.start, t.end), lambda a, b: a.value == b.value)
        return next((g for g in reversed(times) if g[-1].end <= end), [])

    def same_people(self, view: View, laid: list[Cell], told: list[Result]) -> None:
        """As many numbers, each of a subgroup, and then as many more in their order: ``40% of X and 30% of Y; later a and b``."""
        k = len(laid)
        model = [r for r in told if not r.compares][-k:]
        people = [r.population for r in model]
        at = model[-1].quantity.outer_end if model else 0
        if k < 2 or len(set(people)) < k or not all(people) or any(c.population for c in laid):
            return
        start, end = laid[0].quantity.start, laid[-1].quantity.outer_end
        if any(
            at < p.start < end + 12 and p.text not in people for p in view.populations
        ) or not _RESPECTIVE.search(view.text, at, end + 24):
            return
        for cell, name in zip(laid, people, strict=True):
            cell.population = Population(start, start, name)

    def _change_in_turn(self, view: View, cells: Cells, lists: list[Cells]) -> Arm | None:
        """Whose change a list tells, where the sentence tells as many in a row as it has named groups.

        ``A组与B组的评分分别由7.8降至2.1和由7.9降至2.0``; ``from 7.8 to 2.1 and from 7.9 to 2.0 with A and B, respectively``
        """
        text = view.text
        row: list[Cells] = []
        for c in lists:
            changes = c.changed and len(c.quantities) == 2
            if row and not (changes and _NEXT_CHANGE.match(text[row[-1].end : c.start])):
                if cells in row:
                    break
                row = []
            if changes:
                row.append(c)
        if len(row) < 2 or cells not in row:
            return None
        stop = next((c.start for c in lists if c.start > row[-1].end), len(text))
        spans = [(row[-1].end, stop)] if _RESPECTIVE.search(text, row[-1].end, stop) else []
        if _RESPECTIVE.search(text, max(0, row[0].start - 12), row[0].start):
            spans.append((max((c.end for c in lists if c.end <= row[0].start), default=0), row[0].start))
        study = view.study_at(row[0].start)
        for start, end in spans:
            named = [p for p in view.phrases if start <= p.start and p.end <= end and not p.background]
            groups = list(dict.fromkeys(a for p in named for a in view.arms.get(id(p), ())))
            if not named and end == row[0].start and study is not None:  # the groups that were told last
                groups = study.order
            if len(groups) == len(row):
                return groups[row.index(cells)]
        return None

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
            (a for a in ahead if not _IN_BRACKET.match(view.text[cells.end : a])), len(view.text)
        )
        stop_before = max((c.end for c in lists if c.end <= cells.start), default=0)
        self._suppose_arms(view, cells)
        self._suppose_control(view, cells)
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
            axes = self._axes(view, cells, stop_after)
            axes = axes or self._closing(view, cells, lists)
            axes = [a for a in axes if a[1] not in turn]
            if any(name == "arm" and at >= cells.end for at, name, _ in axes):
                tried = [Cell(q) for q in cells.quantities]
                arms_beside(view, tried)
                if all(c.arm is not None for c in tried):  # 31% with A and 15% with B; the OR for B versus A
                    axes = [a for a in axes if a[1] != "arm" or a[0] < cells.end]
            axes_laid = [a for a in axes if owner is None or a[1] != "arm"]
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
            if (
                "arm" in spread
                and arm_after(view, laid[0].quantity, cells.quantities[1].start) is None
                and not all(c.why and c.why[0] == "arm in brackets after the number" for c in laid)
                and (own := self._own_arms(view, cells))
                and set(map(id, own)) == set(map(id, spread["arm"]))
            ):
                for cell, beside in zip(laid, own, strict=True):
                    cell.arm = beside
            if (whose := self._change_in_turn(view, cells, lists)) is not None:
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
            laid[0].arm = self._class_arm(view, laid[0].quantity)
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

    def _people_against(self, view: View, cells: Cells, laid: list[Cell]) -> Arm | None:
        """Give a pair of numbers the two subgroups of one group that are set against each other; that group.

        ``突变型患者用A较野生型患者生存更长(15 vs 8个月)``
        """
        text = view.text
        study = view.study_at(cells.start)
        told = [
            p for p in view.populations if p.text and p.end <= cells.start and view.study_at(p.start) is study
        ]
        known = [p for p in view.phrases if len(view.arms.get(id(p), ())) == 1 and not p.background]
        arms = {id(view.arms[id(p)][0]): view.arms[id(p)][0] for p in known if p.end <= cells.start}
        if len({p.text for p in told[-2:]}) < 2 or len(arms) > 1 or any(p.reference for p in known):
            return None
        first, second = told[-2:]
        if near(view.quantities, first.end, second.start):
            return None
        if _AGAINST_WHOM.search(text, first.end, second.start):
            pair = (first, second)
        elif _WITH_WHOM.search(text, 0, first.start) and _SET_WITH.match(text, _people_end(text, first)):
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
                return view.arms[id(p)][0] if cells.quantities[-1].start < closed else None
        if cells.paired or cells.armed or cells.changed or HAN.search(view.text):
            return None
        return arm_closing(view, cells.quantities[0], cells.quantities[-1])

    @staticmethod
    def _closes_pair(view: View, p: ArmPhrase, k: int) -> bool:
        """Whether a group is the last of as many groups as numbers follow: ``between A and B (84% and 85%)``."""
        known = [x for x in view.phrases if len(view.arms.get(id(x), ())) == 1 and x.end <= p.end]
        told = coordinate(
            view.text, known, lambda x: (x.start, x.end), lambda a, b: view.arms[id(a)] == view.arms[id(b)]
        )
        return bool(told) and len(told[-1]) == k > 1 and told[-1][-1] is p

    def _set_against(self, view: View, p: ArmPhrase, cells: Cells) -> bool:
        """Whether a bracket's two numbers are of two groups, not of the one that it follows: ``lower with A than with B (4 and 9)``."""
        own = view.arms[id(p)][0]
        if not p.reference or len(cells.quantities) != 2 or len(self._named_last(view, p.start)) == 2:
            return False
        closed = _closing(view.text, p.end)
        if HAN.search(view.text) and not _RESPECTIVE.search(view.text, p.end, closed):
            return False
        told = [x for x in view.phrases if x.end <= p.start and len(view.arms.get(id(x), ())) == 1]
        return any(not x.reference and not x.background and view.arms[id(x)][0] is not own for x in told)

    def _class_arm(self, view: View, q: Quantity) -> Arm | None:
        """The arm of the only kind of treatment that a sentence names, where no arm is known."""
        study = view.study_at(q.start)
        named = [
            p for p in view.phrases if p.kind == "interventions" and not p.background and not p.reference
        ]
        if study is None or study.arms or len({p.interventions for p in named}) != 1:
            return None
        return self.arms.resolve(study, named[0], view.text, [])[0]

    def _suppose_arms(self, view: View, cells: Cells) -> None:
        """A study of which no arm was told has those of its sister study, or tests what the text speaks of."""
        study = view.study_at(cells.start)
        told = self.now.titled or _UNNAMED_STUDY.search(view.text[: cells.start])
        if study is None and self.now.topic and told and not view.phrases:
            if view.sentence.start - self.now.topic_at > ANNOUNCE_REACH:
                return
            study = self.now.tracker.default(view.sentence)
            view.segments = [(a, b, s or study) for a, b, s in view.segments]
        if study is None:
            return
        sister = self._sister(view, study)
        two = self.now.tracker.two if self.now.tracker.together else None
        if two is not None and study is two[0] and not study.used and len(study.arms) < len(two[1].arms):
            sister, study.arms = two[1], []  # X和Y均设甲组与乙组
        everybody = bool(study.shared) and all(a.guessed and not a.used for a in study.arms)
        if sister is not None and (not study.arms or (everybody and len(cells.quantities) > 1)):
            copies = {
                id(a): Arm(
                    (*a.interventions, *(n for n in study.shared if n not in a.interventions)),
                    list(a.labels),
                    a.role,
                    a.dose,
                )
                for a in sister.arms
            }
            study.arms = list(copies.values())
            study.pair = (copies.get(id(sister.pair[0])), copies.get(id(sister.pair[1])))
            study.order = [copies[id(a)] for a in sister.order if id(a) in copies]
            study.recent = [copies[id(a)] for a in sister.recent if id(a) in copies]
        elif self.now.topic and view.sentence.start - self.now.topic_at <= TOPIC_REACH:
            controls = [a for a in study.arms if "placebo" in a.interventions or a.role == "comparator"]
            if controls and len(controls) == len(study.arms) and not set(self.now.topic) & controls[0].key:
                focus = Arm(self.now.topic, role="experimental")
                study.arms.insert(0, focus)
                study.pair, study.recent, study.order = (focus, controls[0]), [focus], [focus, controls[0]]
            # what another group got, or everybody gets, is not what the treated ones got
            theirs = self.arms.is_care(self.now.topic) or any(
                a.key == set(self.now.topic) and (a.used or a.role) for a in study.arms
            )
            for arm in study.arms if not theirs else ():
                if arm.role == "experimental" and not arm.interventions and not arm.as_told:
                    arm.interventions, arm.supposed = self.now.topic, True
            if not study.arms:
                study.arms.append(Arm(self.now.topic, guessed=True))
            elif len(study.arms) == 1 and not (study.arms[0].interventions or study.arms[0].as_told):
                study.arms[0].interventions = self.now.topic

    def _suppose_control(self, view: View, cells: Cells) -> None:
        """A pair of numbers of a study of which one arm was told: the other is what all these trials compare with."""
        study = view.study_at(cells.start)
        if study is None or not cells.paired or len(study.arms) != 1:
            return
        near = view.sentence.start - self.now.versus_at <= _VERSUS_REACH
        versus = self.now.versus if near else ()
        if set(versus) & study.arms[0].key:
            versus = ()
        if not versus and (study.arms[0].guessed or _AGAIN.search(view.text, 0, cells.start)):
            versus = self._confirmed(study)
        if versus and study.arms[0].interventions and set(versus) != study.arms[0].key:
            study.arms[0].guessed = False
            control = study.add(Arm(versus, role="comparator"))
            if len(study.arms) == 2:
                study.pair, study.order = (study.arms[0], control), list(study.arms)

    def _confirmed(self, study: Study) -> tuple[str, ...]:
        """What the study told right before compared this one's treatment with, where this one found the same or names nobody."""
        told = self.now.tracker.studies
        at = next((i for i, s in enumerate(told) if s is study), 0)
        focus, against = told[at - 1].pair if at else (None, None)
        same = focus is not None and focus.key == study.arms[0].key and told[at - 1].used
        return against.interventions if same and against is not None else ()

    def _sister(self, view: View, study: Study) -> Study | None:
        """The study beside this one in the sentence, or one whose name differs in its number only."""
        beside = [s for _, _, s in view.segments if s is not None and s is not study and s.arms]
        if beside:
            return beside[-1]
        stems = {_NUMBER_END.sub("", n) for n in study.names if _NUMBER_END.search(n)}
        if not stems:
            return None
        return next(
            (
                s
                for s in self.now.tracker.studies
                if s is not study and s.arms and stems & {_NUMBER_END.sub("", n) for n in s.names}
            ),
            None,
        )

    def _axes(self, view: View, cells: Cells, stop_after: int) -> list[tuple[int, str, list[object]]]:
        """The lists of the sentence that can be axes of these cells, in text order."""
        text, at = view.text, cells.start
        axes: list[tuple[int, str, list[object]]] = []
        named: dict[str, Sequence[Any]] = {
            "outcome": [o for o in view.outcomes if not o.generic],
            "time": view.times,
            "population": view.populations,
        }

        def add(name: str, groups: list[list[object]], start: list[int]) -> None:
            for group, position in zip(groups, start, strict=True):
                if len(group) < 2 or not (position < at or position < stop_after):
                    continue
                last: Any = group[-1]
                if not any(last.end <= x.start < at for x in named[name]):
                    axes.append((position, name, group))

        outcomes = coordinate(
            text,
            view.outcomes,
            lambda o: (o.start, o.end),
            lambda a, b: a.concept == b.concept,
            own=[(t.start, t.end) for t in view.times],
        )
        outcomes = [
            g for g in outcomes if not (len(g) == 2 and _OPENING_WITH.match(text[: g[0].start]) and _APART.fullmatch(text, g[0].end, g[1].start))
        ]  # fmt: skip
        # 降低了43%的死亡风险,中位OS分别为…: the first has its number
        outcomes = [
            g[1:]
            if len(g) > 1
            and any(x.outer_end < at and _ITS_OWN.fullmatch(text, x.end, g[0].start) for x in view.quantities)
            else g
            for g in outcomes
        ]
        add("outcome", [list(g) for g in outcomes], [g[0].start for g in outcomes])
        alone = len({o.concept for o in view.outcomes}) == 1  # 1年OS率、2年OS率: the outcome told again
        times = coordinate(
            text, view.times, lambda t: (t.start, t.end), lambda a, b: a.value == b.value,
            own=[(o.start, o.end) for o in view.outcomes] if alone else (),
        )  # fmt: skip
        add("time", [list(g) for g in times], [g[0].start for g in times])
        populations = coordinate(
            text, view.populations, lambda p: (p.start, _people_end(text, p)), lambda a, b: a.text == b.text
        )
        add("population", [list(g) for g in populations], [g[0].start for g in populations])
        for studies in coordinate(text, view.named, lambda s: s[:2], lambda a, b: a[2] is b[2], BRACKETS):
            told_before = studies[-1][1] <= at and studies[-1][2] is view.study_at(at)
            pairs = (cells.paired or cells.armed) and len(cells.quantities) <= len(studies)
            if len(studies) > 1 and not pairs and (told_before or len(studies) == len(view.named)):
                axes.append((min(studies[0][0], at - 1), "study", [s[2] for s in studies]))
        tracker, k = self.now.tracker, len(cells.quantities)
        if 0 <= tracker.both_at < at and tracker.two is not None and k == 2 and not cells.paired:
            axes.append((tracker.both_at, "study", list(tracker.two)))
        known = [p for p in view.phrases if view.arms.get(id(p)) and not _MERGED.match(text, p.end)]
        for group in coordinate(
            text, known, lambda p: (p.start, p.end), lambda a, b: view.arms[id(a)] == view.arms[id(b)]
        ):
            arms = [a for p in group for a in view.arms[id(p)]]
            later = [p for p in known if group[-1].end <= p.start and p.end <= at]
            turned = group[0].reference and not group[-1].reference  # compared with B, A
            if len(arms) > 1 and not later and not turned:
                axes.append((group[0].start, "arm", list(arms)))
        axes.sort(key=lambda a: a[0])
        if any(
            a[1] == "arm" and a[0] >= cells.end and _TO_GROUPS.fullmatch(text, cells.end, a[0]) for a in axes
        ):
            # no difference between the groups (3% and 4% in the A and B groups)
            pointers = {p.start for p in known if p.kind in ("both", "all")}
            axes = [a for a in axes if a[0] not in pointers or a[1] != "arm"]
        before = [a for a in axes if a[0] < at]
        if before and not (cells.paired and {a[1] for a in before} == {"study"}):
            return before
        behind_list = [a for a in axes if a[1] == "arm" or not self._of_next(view, cells, a, stop_after)]
        return behind_list[: len(before) + 1] if behind_list and behind_list[-1][0] < stop_after else before

    def _of_next(self, view: View, cells: Cells, axis: tuple[int, str, list[Any]], stop_after: int) -> bool:
        """Whether a list behind these cells is the subject of the next number: ``A组为9个月,B组为5个月,ORR和DCR均为80%``."""
        last = axis[2][-1]
        if stop_after >= len(view.text) or getattr(last, "end", stop_after) >= stop_after:
            return False
        apart = _CLAUSE_MARK.search(view.text, cells.end, axis[0])
        return apart is not None and not _CLAUSE_MARK.search(view.text, last.end, stop_after)

    def _closing(self, view: View, cells: Cells, lists: list[Cells]) -> list[tuple[int, str, list[object]]]:
        """The arms that ``respectively`` closes, for all lists before them: ``a and b at 2 weeks, c and d at 6, for A and B``."""
        known = [p for p in view.phrases if len(view.arms.get(id(p), ())) == 1 and p.start >= cells.start]
        arms = coordinate(
            view.text, known, lambda p: (p.start, p.end), lambda a, b: view.arms[id(a)] == view.arms[id(b)]
        )
        if not arms or not _RESPECTIVELY.match(view.text, arms[0][-1].end):
            return []
        k, at = len(arms[0]), arms[0][0].start
        told = [
            c for c in lists
            if cells.start <= c.start < at and not is_estimate(c.quantities[0]) and not (len(c.quantities) == 1 and behind(view, c.quantities[0]))
        ]  # fmt: skip
        if len(cells.quantities) != k or any(len(c.quantities) != k for c in told):
            return []
        return [(at, "arm", [view.arms[id(p)][0] for p in arms[0]])]


def _closing(text: str, start: int) -> int:
    """Where the bracket closes that opens at or right after a place; the text's end where it doesn't."""
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] in "([") - (text[i] in ")]")
        if depth == 0 and text[i] in ")]":
            return i
    return len(text)


def _alike(text: str, q: Quantity, before: Quantity) -> bool:
    """Whether a number can repeat one before it: it has the same kind and unit, or a unit that only its neighbours told."""
    printed = q.unit in text[q.outer_start : q.outer_end] or q.unit == before.unit
    return q.kind == before.kind and (q.unit == before.unit or not printed)


def _each_outcome(shown: list[Result], k: int) -> list[Result]:
    """The results of a list of p-values, one of each of the ``k`` outcomes told last: ``(P<0.01、P=0.3、P=0.02)``."""
    by_outcome: dict[str, list[Result]] = {}
    for r in shown:
        if r.outcome is not None:
            by_outcome.setdefault(r.outcome.concept, []).append(r)
    last = list(by_outcome.values())[-k:]
    alike = len(last) == k > 1 and len({len(results) for results in last}) == 1
    return [results[-1] for results in last] if alike else []


def _people_end(text: str, p: Population) -> int:
    """Where the word for the people of a subgroup ends behind its name, and how many they were: ``I期(43例)、II期(64例)``."""
    people = _PEOPLE_NOUN.match(text, p.end)
    end = people.end() if people else p.end
    counted = _COUNTED.match(text, end)
    return counted.end() if counted else end


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
