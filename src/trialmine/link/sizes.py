"""How many people a study took in, and how many of them are in each of its groups."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.find.sizes import Size, SizeFinder
from trialmine.find.totals import PART, of_events
from trialmine.link.plausible import happened, listed_count
from trialmine.link.studies import StudyTracker
from trialmine.link.view import Result, View

_WHOLE = Expression(
    r"(?<!\d|\d[.,]|\.)(?:\d{1,3}(?:[,\s]\d{3})+|\d+)(?!\d|[.,]\d|\s?(?:%|[mμu]?g\b|mg|mL|ml|IU|个?月|周|年|岁|天))"
)
#: between a group and how many it had
_ITS_OWN = Expression(r"[\s:,]{0,2}(?:(?:consist(?:ed|s|ing) of|compris(?:ed|es|ing)|had|was|were|of)\s)?")
#: from the first of two treatments to the next one, where those counted before them got the one or the other
_OR_OTHER = Expression(r"(?:\s?\([^()]*\))?(?:\s[\p{Latin}-]+){0,3}?,?\s(?:or|versus|vs\.?|and(?!\s\d))\s")
#: groups that a total is shared out to
_MOST = 4


class Sizes:
    """Keeps what a page tells of sizes and gives it to its studies and their groups."""

    def __init__(self, patterns: Patterns) -> None:
        self._find = SizeFinder(patterns).find
        self.forget()

    def forget(self) -> None:
        """Begin a page."""
        #: studies whose number was told as that of all who took part
        self._sure: set[int] = set()
        self._each: list[tuple[Study, int]] = []

    def read(self, view: View, tracker: StudyTracker) -> None:
        """Give the sizes of a sentence to its studies and their groups."""
        befell = {
            q.start
            for q in view.quantities
            if q.kind == "count" and (happened(view.text, q) or listed_count(view, q))
        }
        befell_both = {q.start for p, q in itertools.pairwise(view.quantities) if p.rule == "counts_of_two"}
        parts = {q.start for q in view.quantities if PART in q.flags}
        told = [
            s
            for s in self._find(view.text)
            if not parts & set(s.starts)
            and s.starts[0] not in (befell | befell_both if s.kind == "arm" else befell_both)
            and not (s.kind == "enrolled" and of_events(view.text, s.starts[0]))
        ]
        arms = [(p, view.arms[id(p)][0]) for p in view.phrases if len(view.arms.get(id(p), ())) == 1]
        starts = {p.start: a for p, a in arms}
        ends = {p.start: p.end for p, _ in arms}
        shared: list[Size] = []
        for size in told:
            if size.kind == "arm" and size.end in starts:
                m = _OR_OTHER.match(view.text, ends[size.end])
                if m and any(m.end() <= a < m.end() + 40 for a in starts):
                    shared.append(size)
                else:
                    self._give(view, starts[size.end], size.values[0], size.starts[0])
        for size in told:
            own = [
                a
                for p, a in arms
                if p.is_group and p.end <= size.begin and _ITS_OWN.fullmatch(view.text, p.end, size.begin)
            ]
            if own and size.kind in ("enrolled", "among"):  # group A included 30 patients
                self._give(view, own[0], size.values[0], size.starts[0])
        totals = [s for s in told if s.kind == "enrolled" and s.starts[0] not in view.sizes]
        view.enrolled.update(s.starts[0] for s in totals)
        totals += [s for s in shared if not totals]
        for size in totals:
            self._share_out(view, size, list(dict.fromkeys(a for _, a in arms)))
        for size in told:
            study = view.study_at(size.starts[0])
            if size.kind == "each" and study is not None:
                self._each.append((study, size.values[0]))
                view.sizes.update(size.starts)
            elif size.kind == "list" and study is not None and not set(size.starts) & view.sizes:
                self._in_order(view, study, size)
        given = bool(view.sizes)
        for _, end, study in view.named:
            for size in told:
                if (
                    size.kind == "named"
                    and size.begin <= end <= size.starts[0]
                    and not set(size.starts) & view.sizes
                ):
                    self._enrol(view, tracker, size.starts[0], size.values[0], sure=True, study=study)
        for size in totals:
            self._enrol(view, tracker, size.starts[0], size.values[0], sure=True)
        some = [s for s in told if s.kind == "among" and s.starts[0] not in view.sizes]
        if not given and (len(some) == 1 or not arms):
            for size in some:
                self._enrol(view, tracker, size.starts[0], size.values[0], sure=False)

    def finish(self, results: Iterable[Result]) -> None:
        """Give the groups of a page the sizes that its studies or their own results tell."""
        used: dict[int, list[Arm]] = {}
        n: dict[int, tuple[Arm, list[int]]] = {}
        for r in results:
            for arm in (r.arm, r.comparator):
                if arm is not None and arm not in used.setdefault(id(r.study), []):
                    used[id(r.study)].append(arm)
            if r.arm is not None and not r.compares and not r.population and r.quantity.participants:
                n.setdefault(id(r.arm), (r.arm, []))[1].append(r.quantity.participants)
        for study, each in self._each:
            arms = [a for a in used.get(id(study), []) if a.interventions or a.labels]
            fits = study.enrollment is None or study.enrollment == each * len(arms)
            if 1 < len(arms) <= _MOST and fits:
                for arm in arms:
                    arm.participants = arm.participants or each
        for arm, told in n.values():
            arm.participants = arm.participants or max(told)

    def _give(self, view: View, arm: Arm, value: int, start: int) -> None:
        arm.participants = arm.participants or value
        view.sizes.add(start)

    def _share_out(self, view: View, total: Size, arms: list[Arm]) -> None:
        """Numbers of a sentence that add up to the total are the sizes of its groups, in order."""
        study = view.study_at(total.starts[0])
        if not arms and study is not None:
            arms = study.order
        if not 1 < len(arms) <= _MOST:
            return
        whole = [m for m in _WHOLE.finditer(view.text) if m.start() != total.starts[0]]
        values = [int(regex.sub(r"\D", "", m.group())) for m in whole]
        for i in range(len(whole) - len(arms) + 1):
            part = values[i : i + len(arms)]
            if sum(part) == total.values[0] and min(part) > 1:
                for arm, value, m in zip(arms, part, whole[i:], strict=False):
                    self._give(view, arm, value, m.start())
                return

    def _in_order(self, view: View, study: Study, size: Size) -> None:
        pair = [a for a in study.pair if a is not None]
        arms = next((x for x in (study.order, pair) if len(x) == len(size.values)), [])
        for arm, value, start in zip(arms, size.values, size.starts, strict=False):
            self._give(view, arm, value, start)
        view.sizes.update(size.starts)

    def _enrol(
        self,
        view: View,
        tracker: StudyTracker,
        start: int,
        value: int,
        *,
        sure: bool,
        study: Study | None = None,
    ) -> None:
        study = study or view.study_at(start)
        if study is None:
            if sure and tracker.awaiting is None:
                tracker.awaiting = value
        elif study.enrollment is None or (sure and id(study) not in self._sure):
            study.enrollment = value
            if sure:
                self._sure.add(id(study))
