"""From the finds of each sentence to linked results: outcome, arms, time, population and study.

:class:`Linker` walks the sentences of a page in order and keeps what is in force from one to the next.
"""

from __future__ import annotations

from collections.abc import Iterable

import regex

from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm
from trialmine.find.lexicon import Hit, Lexicon
from trialmine.find.names import Anchor, NameFinder
from trialmine.find.numbers import RESULT_KINDS, NumberFinder, Quantity
from trialmine.find.outcomes import OutcomeFinder, OutcomePhrase
from trialmine.find.populations import PopulationFinder
from trialmine.find.times import TimeFinder, TimePoint
from trialmine.link.arms import ArmFinder, ArmPhrase
from trialmine.link.cells import Cell, Cells, cell_lists, coordinate, lay
from trialmine.link.studies import StudyTracker, cited_ahead
from trialmine.link.view import Result, View
from trialmine.link.weigh import Weigher
from trialmine.read.segment import Page, Sentence
from trialmine.read.tokens import Tokenizer

_DIGIT = regex.compile(r"\d|半数|一半|未达到|not reached|尚未达到|\bNR\b|分之")


class Linker:
    """Links the numbers of a page."""

    def __init__(self, patterns: Patterns) -> None:
        self.patterns = patterns
        tokenizer = Tokenizer(patterns)
        self.tokenizer = tokenizer
        self.numbers = NumberFinder(patterns)
        self.names = NameFinder(patterns)
        self.times = TimeFinder(patterns)
        self.populations = PopulationFinder(patterns)
        self.outcomes = OutcomeFinder(patterns, tokenizer)
        self.arms = ArmFinder(patterns)
        self.weigh = Weigher(patterns, self.outcomes)
        self._animal = patterns.compile("(?:{{animal}})")

    # ---- the page --------------------------------------------------------------------------------

    def link(self, page: Page) -> tuple[list[Result], StudyTracker, list[tuple[Sentence, list[Hit]]]]:
        """All results of a page, its studies, and the names of each sentence."""
        tracker = StudyTracker(self.patterns)
        lexicon = self.names.lexicon_for(page)
        results: list[Result] = []
        mentions: list[tuple[Sentence, list[Hit]]] = []
        anchors = [self.names.anchors(s, lexicon) for s in page.sentences]
        for i, sentence in enumerate(page.sentences):
            ahead = cited_ahead(page.sentences, anchors, i)
            view = self._view(sentence, lexicon, tracker, anchors[i], ahead)
            mentions.append((sentence, view.hits))
            results += self._results(view, tracker)
        return results, tracker, mentions

    def _view(self, sentence: Sentence, lexicon: Lexicon, tracker: StudyTracker, anchors: list[Anchor], ahead: list[Anchor]) -> View:
        text = sentence.text
        numeric = bool(_DIGIT.search(text))
        hits = self.names.names(sentence, lexicon)
        quantities = self.numbers.find(text) if numeric else []
        sizes = [q for q in quantities if q.kind == "size"]
        segments = tracker.segments(sentence, anchors, sizes, ahead)
        times = self.times.find(text, quantities) if numeric else []
        quantities = [
            q for q in quantities
            if q.kind != "size" and not any(t.start <= q.start < t.end or q.start <= t.start < q.end and q.kind == "time" for t in times)
        ]  # fmt: skip
        outcomes = self.outcomes.find(text, hits, quantities)
        phrases = self.arms.phrases(text, hits)
        view = View(sentence, hits, quantities, times, self.populations.find(text) if numeric else [], outcomes, phrases, segments)
        self._resolve_arms(view, tracker)
        return view

    # ---- arms ------------------------------------------------------------------------------------

    def _resolve_arms(self, view: View, tracker: StudyTracker) -> None:
        """Find the arms that the sentence's phrases mean, and the pair that it compares."""
        by_study: dict[int, list[ArmPhrase]] = {}
        for p in view.phrases:
            if p.kind == "interventions" and not self._is_arm(view, p):
                continue
            study = view.study_at(p.start)
            if study is None:
                if not view.quantities and not p.is_group:
                    continue
                study = tracker.default(view.sentence)
                view.segments = [(a, b, s or study) for a, b, s in view.segments]
            nearby = [a for q in view.phrases if q.end <= p.start for a in view.arms.get(id(q), [])]
            view.arms[id(p)] = self.arms.resolve(study, p, view.text, nearby)
            by_study.setdefault(id(study), []).append(p)
        for phrases in by_study.values():
            study = view.study_at(phrases[0].start)
            assert study is not None
            focus = [a for p in phrases if not p.reference for a in view.arms[id(p)]]
            reference = [a for p in phrases if p.reference for a in view.arms[id(p)]]
            arms = list(dict.fromkeys(focus + reference))
            if reference and focus and focus[0] is not reference[0]:
                study.pair = (next((a for a in focus if a not in reference), None), reference[0])
                for a, role in ((study.pair[0], "experimental"), (reference[0], "comparator")):
                    if a is not None:
                        a.role = a.role or role
            elif len(arms) == 2 and study.pair[1] is None:
                control = next((a for a in arms if a.role == "comparator" or "placebo" in a.interventions), None)
                first = next(a for a in arms if a is not control)
                study.pair = (first, control or arms[1])
            if focus:
                study.recent = list(dict.fromkeys(focus))

    def _is_arm(self, view: View, p: ArmPhrase) -> bool:
        """A class word alone is an arm only where it is marked as a group or compared."""
        classes = {h.name.concept for h in view.hits if h.name.kind == "class" and p.start <= h.start < p.end}
        if not all(i in classes for i in p.interventions):
            return True
        if p.is_group or p.reference or "placebo" in p.interventions:
            return True
        return bool(regex.match(r"\s?(?:治疗|单药|组|therapy|alone)", view.text[p.end - 2 : p.end + 8])) and bool(view.quantities)

    # ---- numbers ---------------------------------------------------------------------------------

    def _results(self, view: View, tracker: StudyTracker) -> Iterable[Result]:
        text = view.text
        if not view.quantities or view.sentence.heading:
            return
        if self._animal.search(text):
            return
        candidates = [q for q in view.quantities if q.kind.split(":")[0] in RESULT_KINDS]
        candidates = [q for q in candidates if self.weigh.plausible(view, q)]
        lists = cell_lists(text, candidates, view.phrases)
        previous: Result | None = None
        for cells in lists:
            laid = self._lay(view, cells, lists)
            done = [r for r in (self._finish(view, tracker, cells, cell, previous) for cell in laid) if r is not None]
            yield from done
            previous = done[-1] if done else None

    # ---- axes ------------------------------------------------------------------------------------

    def _lay(self, view: View, cells: Cells, lists: list[Cells]) -> list[Cell]:
        text = view.text
        k = len(cells.quantities)
        laid = [Cell(q) for q in cells.quantities]
        stop_after = next((c.start for c in lists if c.start >= cells.end), len(text))
        stop_before = max((c.end for c in lists if c.end <= cells.start), default=0)
        self._bracketed_arms(view, cells, laid)
        if k > 1:
            axes = self._axes(view, cells, stop_after)
            spread = lay(cells, axes)
            if spread:
                for i, cell in enumerate(laid):
                    for name, items in spread.items():
                        if name == "arm" and cell.arm is not None:
                            continue
                        setattr(cell, name, items[i])
                        cell.why.append(f"axis of {len(set(map(id, items)))} {name}s")
        missing = [c for c in laid if c.arm is None]
        if cells.changed and k == 2:
            self._changed(view, laid)
        elif missing:
            if k > 1 and (cells.paired or cells.armed):
                self._paired_arms(view, cells, laid)
            elif k == 2 and not any(c.outcome or c.time or c.population for c in laid):
                self._paired_arms(view, cells, laid)
        for cell in laid:
            if cell.arm is None:
                cell.arm, why = self._single_arm(view, cells, cell.quantity, stop_before, stop_after)
                cell.why.append(why)
        return laid

    def _axes(self, view: View, cells: Cells, stop_after: int) -> list[tuple[int, str, list[object]]]:
        """The lists of the sentence that can be axes of these cells, in text order."""
        text, at = view.text, cells.start
        axes: list[tuple[int, str, list[object]]] = []

        def add(name: str, groups: list[list[object]], start: list[int]) -> None:
            for group, position in zip(groups, start, strict=True):
                if len(group) > 1 and (position < at or position < stop_after):
                    axes.append((position, name, group))

        outcomes = coordinate(text, view.outcomes, lambda o: (o.start, o.end), lambda a, b: a.concept == b.concept)
        add("outcome", [list(g) for g in outcomes], [g[0].start for g in outcomes])
        times = coordinate(text, view.times, lambda t: (t.start, t.end), lambda a, b: a.value == b.value)
        add("time", [list(g) for g in times], [g[0].start for g in times])
        populations = coordinate(text, view.populations, lambda p: (p.start, p.end), lambda a, b: a.text == b.text)
        add("population", [list(g) for g in populations], [g[0].start for g in populations])
        known = [p for p in view.phrases if view.arms.get(id(p))]
        for group in coordinate(text, known, lambda p: (p.start, p.end), lambda a, b: view.arms[id(a)] == view.arms[id(b)]):
            arms = [a for p in group for a in view.arms[id(p)]]
            later = [p for p in known if group[-1].end <= p.start and p.end <= at]
            if len(arms) > 1 and not later:
                axes.append((group[0].start, "arm", list(arms)))
        axes.sort(key=lambda a: a[0])
        before = [a for a in axes if a[0] < at]
        if before:
            return before
        return axes[:1] if axes and axes[0][0] < stop_after else []

    def _bracketed_arms(self, view: View, cells: Cells, laid: list[Cell]) -> None:
        """71%(A组)、73%(B组): the arm stands in brackets after its number; A组(71%): right before it."""
        text = view.text
        for cell in laid:
            q = cell.quantity
            for p in view.phrases:
                arms = view.arms.get(id(p))
                if not arms or len(arms) != 1:
                    continue
                if q.end <= p.start <= q.end + 14 and regex.match(r"^(?:\s?\([^()]{0,24}\))?\s?[(\[]\s?$", text[q.end : p.start]):
                    cell.arm = arms[0]
                    cell.why.append("arm in brackets after the number")

    def _paired_arms(self, view: View, cells: Cells, laid: list[Cell]) -> None:
        """Arms of numbers that are set against each other."""
        text = view.text
        if cells.armed:
            last_end = -1
            explicit: list[Arm | None] = []
            for i, cell in enumerate(laid):
                q = cell.quantity
                start = laid[i - 1].quantity.outer_end if i else max(0, q.start - 60)
                stop = laid[i + 1].quantity.start if i + 1 < len(laid) else min(len(text), q.outer_end + 60)
                after = [p for p in view.phrases if q.outer_end <= p.start < stop and view.arms.get(id(p)) and regex.match(r"^\s?(?:\([^()]*\)\s?)?(?:of\s|in\s|with\s|for\s|on\s|among\s|the\s|patients\s|those\s|receiving\s|treated\s|in\sthe|who\s|received\s|assigned\s|to\s|participants\s|recipients\s|and\s)+$", text[q.outer_end : p.start])]
                before = [p for p in view.phrases if start <= p.start and p.end <= q.start and view.arms.get(id(p))]
                chosen = after[0] if after else (before[-1] if before else None)
                explicit.append(view.arms[id(chosen)][0] if chosen else None)
                last_end = max(last_end, q.outer_end)
            if any(explicit):
                for cell, arm in zip(laid, explicit, strict=True):
                    if cell.arm is None and arm is not None:
                        cell.arm = arm
                        cell.why.append("arm beside the number")
                if all(c.arm is not None for c in laid):
                    return
        if len(laid) % 2:
            return
        pair = self._pair(view, cells.start)
        for i, cell in enumerate(laid):
            if cell.arm is None:
                cell.arm = pair[i % 2]
                cell.why.append("pair of arms: focus first, reference second")

    def _changed(self, view: View, laid: list[Cell]) -> None:
        """From a to b: the reference arm and the focus where two are compared, else before and after."""
        compared = [p for p in view.phrases if p.reference and view.arms.get(id(p)) and p.end <= laid[0].quantity.start]
        focus, reference = self._pair(view, laid[0].quantity.start) if compared else (None, None)
        if focus is not None and reference is not None:
            laid[0].arm, laid[1].arm = reference, focus
            laid[0].why.append("change from the reference arm to the focus")
        elif not view.times:
            laid[0].time = TimePoint(0, 0, "baseline", False)

    def _pair(self, view: View, position: int) -> tuple[Arm | None, Arm | None]:
        """(focus, reference) of the comparison that holds at a place of a sentence."""
        study = view.study_at(position)
        phrases = [p for p in view.phrases if view.arms.get(id(p)) and view.study_at(p.start) is study]
        both = next((view.arms[id(p)] for p in reversed(phrases) if p.kind == "both" and p.start < position), None)
        if both and len(both) == 2:
            return both[0], both[1]
        before = [p for p in phrases if p.end <= position]
        use = before if before else phrases
        reference = [view.arms[id(p)][0] for p in use if p.reference] or [view.arms[id(p)][0] for p in phrases if p.reference]
        focus = [view.arms[id(p)][0] for p in use if not p.reference and p.kind not in ("both", "all")]
        if reference:
            others = [a for a in focus if a is not reference[-1]] or [
                view.arms[id(p)][0] for p in phrases if not p.reference and view.arms[id(p)][0] is not reference[-1]
            ]
            if others:
                return others[-1], reference[-1]
            known = study.pair[0] if study else None
            if known is reference[-1]:
                known = None
            if known is None and study is not None:
                rest = [a for a in study.arms if a is not reference[-1]]
                known = rest[0] if len(rest) == 1 else None
            return known, reference[-1]
        distinct = list(dict.fromkeys(focus))
        if len(distinct) >= 2:
            first, second = distinct[-2], distinct[-1]
            return first, second
        if study is not None:
            if len(distinct) == 1:
                other = study.pair[1] if study.pair[1] is not distinct[0] else study.pair[0]
                if other is None:
                    rest = [a for a in study.arms if a is not distinct[0]]
                    other = rest[0] if len(rest) == 1 else None
                if other is not None and study.pair[1] is distinct[0]:
                    return other, distinct[0]
                return distinct[0], other
            if study.pair != (None, None):
                return study.pair
            if len(study.arms) == 2:
                return study.arms[0], study.arms[1]
        return None, None

    def _single_arm(self, view: View, cells: Cells, q: Quantity, stop_before: int, stop_after: int) -> tuple[Arm | None, str]:
        """The arm of a number that no axis covers."""
        text = view.text
        study = view.study_at(q.start)
        phrases = [p for p in view.phrases if view.arms.get(id(p)) and view.study_at(p.start) is study and len(view.arms[id(p)]) == 1]
        for p in phrases:
            if q.outer_end <= p.start <= min(stop_after, q.outer_end + 80) and regex.match(
                r"^\s?(?:\([^()]*\)\s?)?(?:of\s(?:the\s)?(?:patients|participants|subjects|those|recipients)\s)?(?:[\p{Latin}-]+\s){0,3}?(?:in|with|for|on|among|receiving|treated with|assigned to|randomi[sz]ed to|given|taking|of)\s(?:the\s|patients\s|those\s|receiving\s|treated\s|with\s|who\s|received\s)*$",
                text[q.outer_end : p.start],
            ):
                return view.arms[id(p)][0], "arm after the number"
        between = [p for p in phrases if stop_before <= p.start and p.end <= q.start and not p.reference]
        if between:
            return view.arms[id(between[-1])][0], "nearest arm before the number"
        before = [p for p in phrases if p.end <= q.start and not p.reference]
        if before:
            return view.arms[id(before[-1])][0], "arm before in the sentence"
        if any(p.reference for p in phrases):
            focus = self._pair(view, q.start)[0]
            if focus is not None:
                return focus, "focus of the comparison"
        later = [p for p in phrases if p.start >= q.end and not p.reference]
        if later and study is not None and not study.recent:
            return view.arms[id(later[0])][0], "arm later in the sentence"
        if study is None:
            return None, "no study"
        if len(study.arms) == 1:
            return study.arms[0], "only arm of the study"
        if study.recent:
            if len(study.recent) == 1:
                return study.recent[0], "arm in force"
            if study.pair[0] in study.recent:
                return study.pair[0], "focus in force"
            return None, "several arms in force"
        return (later and view.arms[id(later[0])][0] or None), "no arm"

    # ---- outcome, time, population -----------------------------------------------------------------

    def _finish(self, view: View, tracker: StudyTracker, cells: Cells, cell: Cell, previous: Result | None) -> Result | None:
        q, text = cell.quantity, view.text
        study = view.study_at(q.start)
        outcome = cell.outcome
        if outcome is None:
            outcome, score = self.weigh.outcome(view, cells, q, previous)
            if outcome is not None:
                cell.why.append(f"outcome {outcome.text} ({score:.1f})")
        if outcome is None and q.kind in ("p", "estimate:HR", "estimate:OR", "estimate:RR") and study is not None and study.outcome:
            outcome = OutcomePhrase(0, 0, study.outcome, "", "")
        if outcome is None or not self.weigh.accept(view, q, outcome, study, cell.arm):
            return None
        if study is None:
            study = tracker.default(view.sentence) if cell.arm is None and self._has_arm(view) else None
        if study is not None:
            study.outcome = outcome.concept
        time = cell.time.value if cell.time else self.weigh.time(view, q, outcome, cells.end)
        population = cell.population.text if cell.population else self.weigh.population(view, q)
        arm, comparator = cell.arm, None
        if q.kind.startswith("estimate") or q.kind == "p":
            pair = self._pair(view, q.start)
            if pair != (None, None):
                arm, comparator = pair
            if comparator is arm:
                comparator = None
        for a in (arm, comparator):
            if a is not None:
                a.used = True
        if study is not None:
            study.used = True
        return Result(view.sentence, q, outcome, study, arm, comparator, time, population, self.weigh.assertion(view, q), cell.why)

    def _has_arm(self, view: View) -> bool:
        return bool(view.arms)
