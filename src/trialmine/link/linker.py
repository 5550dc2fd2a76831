"""From the finds of each sentence to linked results: outcome, arms, time, population and study.

:class:`Linker` walks the sentences of a page in order and keeps what is in force from one to the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import regex

from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.find.lexicon import Hit, Lexicon
from trialmine.find.names import Anchor, NameFinder
from trialmine.find.numbers import RESULT_KINDS, NumberFinder, Quantity
from trialmine.find.outcomes import OutcomeFinder, OutcomePhrase
from trialmine.find.populations import Population, PopulationFinder
from trialmine.find.times import TimeFinder, TimePoint
from trialmine.link.arms import ArmFinder, ArmPhrase
from trialmine.link.cells import Cell, Cells, cell_lists, coordinate, lay
from trialmine.link.studies import StudyTracker, cited_ahead
from trialmine.read.segment import Page, Sentence
from trialmine.read.tokens import Tokenizer

_DIGIT = regex.compile(r"\d|半数|一半|未达到|not reached|尚未达到|\bNR\b|分之")
_CLAUSE = regex.compile(r"[,;。:]")


@dataclass(slots=True)
class Result:
    """A number with all that it was linked to."""

    sentence: Sentence
    quantity: Quantity
    outcome: OutcomePhrase | None
    study: Study | None
    arm: Arm | None
    comparator: Arm | None
    time: str
    population: str
    assertion: str
    why: list[str] = field(default_factory=list)


@dataclass(slots=True)
class View:
    """All that was found in one sentence."""

    sentence: Sentence
    hits: list[Hit]
    quantities: list[Quantity]
    times: list[TimePoint]
    populations: list[Population]
    outcomes: list[OutcomePhrase]
    phrases: list[ArmPhrase]
    segments: list[tuple[int, int, Study | None]]
    arms: dict[int, list[Arm]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence's folded text."""
        return self.sentence.text

    def study_at(self, position: int) -> Study | None:
        """The study that holds at a place of the sentence."""
        return next((s for a, b, s in self.segments if a <= position < b), None)


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
        c = patterns.compile
        self._planned = c("(?:{{planned}})")
        self._speculated = c("(?:{{speculated}})")
        self._animal = c("(?:{{animal}})")
        self._epidemiology = c("(?:{{epidemiology}})")
        self._median = c(r"(?:中位|[Mm]edian|\bm(?=OS|PFS|DFS|RFS|EFS|TTP|DOR|DoR|IPFS))")
        self._mean = c(r"(?:平均|均值|均数|\b[Mm]ean\b|[Aa]verage|LSM)")
        self._copula = regex.compile(
            r"^[率期值数]?(?:\s?[(\[][^()\[\]]{0,60}[)\]])*\s?(?:的)?(?:比例|时间|发生率|水平|患者)?(?:\([^()]{0,30}\))?(?:分别|均|则|仅|也|又|可|已|仍|更|最|长|高|低|约|至|到|有|由|从|从?基线的?|达到?|为|是|在|"
            r"显著|明显|大幅|平均|进一步|仅仅|高达|低至|相似|提[高升](?:了|至|到)?|升[高至](?:了|至|到)?|上升(?:了|至|到)?|下降(?:了|至|到)?|降[低至](?:了|至|到)?|减少(?:了|至|到)?|改善(?:了|至|到)?|延长(?:了|至|到)?|缩短(?:了|至|到)?|增加(?:了|至|到)?|超过?|"
            r"[:=,(\[<>~]|\s|was|were|is|are|of|at|to|by|reached|rate|rates|the|an?|significantly|longer|higher|lower|only|as|high|in|estimated|approximately|about|over|more|than|improved|reduced|increased|decreased|from|with|respectively)*$"
        )
        self._achieve = c(
            r"^(?:\s?\([^()]{0,60}\))?(?:[以左]?[上右下])?\s?(?:的)?(?:[^,。;%\d]{0,12}?(?:患者|受试者|病例|病人|人群|者|人))?[^,。;%\d]{0,8}?(?:{{achieve}})(?:了|的|仍)?[^,。;%\d]{0,14}$|"
            r"^(?:\s?\([^()]{0,60}\))?\s?(?:of\s)?(?:the\s|all\s)?(?:[\p{Latin}-]+\s){0,6}?(?:patients|participants|subjects|recipients|women|men|adults|cases|individuals|people|those|them)?\s?(?:[\p{Latin}-]+\s){0,8}?(?:achieved|had|experienced|reached|attained|showed|developed|reported|were|maintained|with|underwent|died|for|in)\s(?:[\p{Latin}-]+\s){0,3}?$"
        )
        self._direct_after = regex.compile(r"^(?:\s?\([^()]{0,60}\))?\s?(?:的)?(?:患者|受试者|病例)?(?:的|在)?\s?(?:for |in |of |rate of |risk of |reduction in |a |an |the |improvement in |increase in |decrease in )?$")

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
        candidates = [q for q in candidates if self._plausible(view, q)]
        lists = cell_lists(text, candidates, view.phrases)
        previous: Result | None = None
        for cells in lists:
            laid = self._lay(view, cells, lists)
            done = [r for r in (self._finish(view, tracker, cells, cell, previous) for cell in laid) if r is not None]
            yield from done
            previous = done[-1] if done else None

    def _plausible(self, view: View, q: Quantity) -> bool:
        """Whether a number can be a result at all; times need an outcome that is a time."""
        text = view.text
        if q.kind == "time":
            return self._time_result(view, q)
        if q.kind == "count":
            after = text[q.outer_end : q.outer_end + 14]
            before = text[max(0, q.start - 12) : q.start]
            if regex.match(r"\p{Han}{0,8}?(?:患者|受试者|病例|病人|者)?(?:中|的|,其中|随机|分别接受)|\p{Han}{0,8}?(?:患者|受试者|病例|病人)(?:进行|采用|给予|使用|接受|被)", after):
                return False
            if regex.search(r"(?:治疗|分析|评估|比较了?|报道了?|报告了?|对|共|观察|of|in|with|组|the|all)\s?$", before) and not regex.search(r"(?:共|有|in|组)\s?$", before):
                return False
            return True
        if q.kind in ("number", "events"):
            return True
        if q.kind == "percent" and regex.search(r"(?:未能?|不能|无法|没有|尚未)(?:达到|超过)?$", text[max(0, q.start - 8) : q.start]):
            return False
        return not (q.kind == "percent" and regex.match(r"\s?(?:葡萄糖|氯化钠|溶液|盐水|乳膏|软膏|凝胶|甲硝唑|gel\b|cream\b|solution\b|CI\b|置信|可信)", text[q.end : q.end + 8]))

    def _time_result(self, view: View, q: Quantity) -> bool:
        text = view.text
        if "shared_unit" in q.flags and q.rule == "number":
            return True
        before = text[: q.start]
        gap_start = max((o.end for o in view.outcomes if o.end <= q.start and o.measure == "time"), default=-1)
        if gap_start >= 0:
            gap = text[gap_start : q.start]
            numbers = any(gap_start <= other.start < q.start and other.kind not in ("time", "p", "not_reached") and not other.kind.startswith("estimate") for other in view.quantities)
            if not numbers and not regex.search(r"[。;]", gap) and len(gap) < 60:
                return not regex.match(r"\s?(?:的)?(?:治疗|疗程|随访|用药|给药)", text[q.outer_end : q.outer_end + 4])
        if regex.search(r"(?:延长|缩短|推迟|提前|差异|改善|longer by|shorter by|prolonged by|extended by|gain of|benefit of)(?:了|约|近)?\s?$", before):
            return True
        near = [o for o in view.outcomes if o.measure == "time"]
        if near and regex.search(r"(?:对比?|vs\.?|versus|比|:|和|与|、|and|to|至|升至|延长至|组|为|,)\s?$", before[-12:]) and any(o.kind == "time" and o.end <= q.start and self._time_result(view, o) for o in view.quantities if o is not q):
            return True
        after = text[q.outer_end : q.outer_end + 24]
        return any(
            o.measure == "time" and q.outer_end <= o.start <= q.outer_end + 24 and self._direct_after.match(text[q.outer_end : o.start])
            for o in view.outcomes
        ) and not regex.match(r"\s?(?:治疗|疗程)", after)

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
            outcome, score = self._outcome(view, cells, q, previous)
            if outcome is not None:
                cell.why.append(f"outcome {outcome.text} ({score:.1f})")
        if outcome is None and q.kind in ("p", "estimate:HR", "estimate:OR", "estimate:RR") and study is not None and study.outcome:
            outcome = OutcomePhrase(0, 0, study.outcome, "", "")
        if outcome is None or not self._accept(view, q, outcome, study, cell.arm):
            return None
        if study is None:
            study = tracker.default(view.sentence) if cell.arm is None and self._has_arm(view) else None
        if study is not None:
            study.outcome = outcome.concept
        time = cell.time.value if cell.time else self._time(view, q, outcome, cells.end)
        population = cell.population.text if cell.population else self._population(view, q)
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
        return Result(view.sentence, q, outcome, study, arm, comparator, time, population, self._assertion(view, q), cell.why)

    def _has_arm(self, view: View) -> bool:
        return bool(view.arms)

    def _accept(self, view: View, q: Quantity, outcome: OutcomePhrase, study: Study | None, arm: Arm | None) -> bool:
        if q.kind in ("number", "level") and not outcome.known and study is None:
            return False
        if q.kind == "percent" and self._epidemiology.search(view.text) and arm is None:
            return False
        return not (study is None and arm is None and not outcome.known)

    def _outcome(self, view: View, cells: Cells, q: Quantity, previous: Result | None) -> tuple[OutcomePhrase | None, float]:
        """The outcome of a number: the best-scored known one, else one named beside it.

        Where nothing is named since the numbers before it, theirs holds on.
        """
        text = view.text
        best: OutcomePhrase | None = None
        best_score = 0.0
        since = previous.quantity.outer_end if previous is not None else 0
        if previous is not None and previous.outcome is not None:
            named = any(since <= o.start < cells.start for o in view.outcomes)
            gap = text[since : cells.start]
            if not named and not regex.search(r"[。]", gap) and _compatible(q, previous):
                best, best_score = previous.outcome, 10.5 - 0.08 * len(gap) - 0.5 * len(_CLAUSE.findall(gap))
        for o in view.outcomes:
            score = self._score(view, cells, q, o)
            if score > best_score:
                best, best_score = o, score
        if best is None or best_score < 9:
            stop = max([since] + [o.end for o in view.outcomes if o.end <= cells.start])
            new = self.outcomes.unseen(text, cells.quantities[0] if q.kind != "count" else q, view.outcomes, stop)
            if new is not None and (best is None or best_score < 7):
                return new, 7.0
        return best, best_score

    def _score(self, view: View, cells: Cells, q: Quantity, o: OutcomePhrase) -> float:
        text = view.text
        start, end = cells.start, cells.end
        if o.end <= start:
            gap = text[o.end : start]
            score = 8.0 - 0.08 * len(gap)
            if self._copula.match(gap):
                score += 5
            score -= 1.0 * len(_CLAUSE.findall(gap))
            score -= 3.0 * sum(1 for x in view.quantities if o.end <= x.start < start and x.kind not in ("p",) and not x.kind.startswith("estimate") and x not in cells.quantities)
            if view.study_at(o.start) is not view.study_at(start):
                score -= 6
        elif o.start >= end:
            gap = text[end : o.start]
            score = 5.0 - 0.1 * len(gap)
            if self._direct_after.match(gap):
                score += 5.5
            elif self._achieve.match(gap):
                score += 6.0
            score -= 2.5 * len(_CLAUSE.findall(gap))
            score -= 3.0 * sum(1 for x in view.quantities if end <= x.start < o.start and x.kind not in ("p",))
        else:
            return 0.0
        if q.kind == "time":
            score += 3 if o.measure == "time" else -8
        elif q.kind in ("percent", "count", "events", "fraction"):
            score += 1 if o.measure in ("rate", "event") else (0 if o.measure == "time" else -1)
        elif q.kind in ("level", "mean", "number"):
            score += 2 if o.measure == "level" else -3
        elif q.kind == "estimate:HR":
            score += 1.5 if o.measure == "time" else 0
        return score

    def _time(self, view: View, q: Quantity, outcome: OutcomePhrase, end: int) -> str:
        text = view.text
        bound = [t for t in view.times if t.end <= outcome.start and regex.match(r"^(?:的|时的?|时)?\s?(?:累[积计]|总|总体|无|预期|估计|rate of\s|overall\s)?$", text[t.end : outcome.start])]
        if bound:
            return bound[-1].value
        if q.kind == "time" or q.kind == "estimate:HR":
            return ""
        before = [t for t in view.times if t.end <= q.start and t.value != "baseline"]
        after = [t for t in view.times if t.start >= end]
        base = [t for t in view.times if t.value == "baseline" and t.end <= q.start and not regex.search(r"[,;。]", text[t.end : q.start])]
        if base and not regex.search(r"下降|降低|升高|增加|较|相比|from|change", text[max(0, base[-1].start - 6) : q.start]):
            return "baseline"
        usable = [t for t in before if not regex.search(r"[。;]", text[t.end : q.start]) or t.start < 20]
        for t in after:
            if regex.match(r"^[^,。;%\d]{0,24}$", text[end : t.start]) and t.value != "baseline":
                if not usable or not regex.search(r"[\p{Han}]", text):
                    return t.value
                if regex.match(r"^[^,。;%\d]{0,8}在?$", text[end : t.start]):
                    return t.value
        return usable[-1].value if usable else ""

    def _population(self, view: View, q: Quantity) -> str:
        text = view.text
        study = view.study_at(q.start)
        near = [p for p in view.populations if p.end <= q.start and view.study_at(p.start) is study and not regex.search(r"[。;]", text[p.end : q.start])]
        if near:
            return near[-1].text
        after = [p for p in view.populations if p.start >= q.outer_end and regex.match(r"^(?:\([^()]*\))?(?:的|\sin\s(?:the\s)?|\sof\s(?:the\s)?|\samong\s)$", text[q.outer_end : p.start])]
        return after[0].text if after else ""

    def _assertion(self, view: View, q: Quantity) -> str:
        if q.kind == "not_reached":
            return "not_reached"
        text = view.text
        start = max(text.rfind(c, 0, q.start) for c in ",;。")
        stops = [i for i in (text.find(c, q.end) for c in ",;。") if i >= 0]
        clause = text[start + 1 : min(stops, default=len(text))]
        if self._planned.search(clause):
            return "planned"
        if self._speculated.search(clause) or text.rstrip().endswith("?"):
            return "speculated"
        return "reported"


def _compatible(q: Quantity, previous: Result) -> bool:
    """Whether a number can report the outcome of the one before it."""
    if q.kind == "p" or q.kind.startswith("estimate") or q.kind == "not_reached":
        return True
    before = previous.quantity.kind
    return before == q.kind or before == "p" or before.startswith("estimate") or {before, q.kind} <= {"percent", "count", "events", "fraction", "not_reached"}
