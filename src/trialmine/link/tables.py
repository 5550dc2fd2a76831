"""Results in tables: what a cell's row and column say of its number.

The names of a row and of its column are read as sentences are, and tell between them the arm, the outcome, the time, the
population and the unit; the cell's own number is read with the unit and the estimate that its header names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.find.lexicon import Hit
from trialmine.find.names import Anchor
from trialmine.find.numbers import RESULT_KINDS, Interval, NumberFinder, Quantity, number
from trialmine.find.outcomes import OutcomeFinder, OutcomePhrase, snake
from trialmine.find.populations import PopulationFinder
from trialmine.find.times import TimeFinder
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.arms import ArmFinder
from trialmine.link.choose import is_estimate
from trialmine.link.confidence import features_of_cell
from trialmine.link.phrases import PhraseFinder
from trialmine.link.studies import StudyTracker
from trialmine.link.view import Result
from trialmine.read.segment import Sentence
from trialmine.read.tables import Cell, Table

_ESTIMATES = ("HR", "OR", "RR", "SMD", "MD", "RD", "difference")
_COUNT_AND_SHARE = Expression(r"^\d+\s?\(\s?[\d.]+(?=\s?\))")
_ANY_DIGIT = Expression(r"\d")
_TWO = Expression(r"[\s(\[]{0,2}(-?\d+(?:\.\d+)?)\s?(?:~|-|,|至|to)\s?(-?\d+(?:\.\d+)?)\W{0,2}")
_BARE = Expression(r"^[<>≤≥~]?\s?-?\d+(?:\.\d+)?(?=$|\s?[(\[±]|\s?[-~]\s?\d)")
_LETTER = Expression(r"\p{L}")
_UNIT_MARK = Expression(r"\s?[(\[,].*$")

#: reads a cell of words: its sentence, its study, its group and its outcome, as far as row and column tell them
ReadWords = Callable[[Sentence, Study, Arm | None, OutcomePhrase | None], list[Result]]


@dataclass(slots=True)
class Head:
    """What the name of a row or column says."""

    text: str
    #: the innermost of its cells
    name: str = ""
    arms: list[Arm] = field(default_factory=list)
    outcome: OutcomePhrase | None = None
    time: str = ""
    population: str = ""
    unit: str = ""
    #: "size", "p", "statistic", "limits" (of the column before) or "aside" for a row or column of that, else empty
    role: str = ""
    estimate: str = ""
    #: whether it names a study, and no outcome
    study: bool = False


class TableLinker:
    """Links the cells of number tables."""

    def __init__(
        self,
        patterns: Patterns,
        numbers: NumberFinder,
        outcomes: OutcomeFinder,
        times: TimeFinder,
        populations: PopulationFinder,
        phrases: PhraseFinder,
        arms: ArmFinder,
    ) -> None:
        self._numbers, self._outcomes, self._times = numbers, outcomes, times
        self._finder = phrases
        self._populations, self._arms = populations, arms
        c = patterns.compile
        self._group = c(r"(?i)^\s*(?:{{table_group}})\s*(?:\(.*)?$")
        self._roles = {
            role: c(
                rf"^\W*(?:{{{{table_{role}}}}})(?:值|\s?-?values?)?(?:\s?[/或,(]\s?(?:{{{{table_{role}}}}})(?:值)?)*"
                r"\s?(?:\([^()]{1,12}\))?\W*$"
            )
            for role in ("size", "p", "statistic", "limits", "aside")
        }
        self._studies_in = c(r"^\s*(?:{{table_study}})")
        self._estimate = c(
            r"(?<!\p{Latin})(?P<HR>{{hazard_ratio}}|[ac]?HR)(?!\p{Latin})|(?<!\p{Latin})(?P<SMD>{{smd}}|SMD)(?!\p{Latin})|"
            r"(?<!\p{Latin})(?P<MD>{{mean_difference}}|W?MD)(?!\p{Latin})|(?<!\p{Latin})(?P<RD>A?RD|ARR)(?!\p{Latin})|"
            r"(?P<difference>{{difference}})|"
            r"(?<!\p{Latin})(?P<OR>{{odds_ratio}}|OR)(?!\p{Latin})|(?<!\p{Latin})(?P<RR>{{risk_ratio}}|RR)(?!\p{Latin})"
        )
        self._unit = c(
            r"[(\[,/]\s?(?P<u>%|{{unit_time}}|{{unit_level}}|ml|mL|L|g|mg|μg|次|例)\s?(?:[)\],;]|$)|(?P<u>%)(?!\s?(?:CI|Cr|置信|可信))"
        )
        self._amount = c(r"ml|mL|L|g|mg|μg|次")

    def link(
        self,
        table: Table,
        tracker: StudyTracker,
        names: Callable[[str], list[Hit]],
        anchors: Callable[[str], list[Anchor]],
        words: ReadWords,
    ) -> list[Result]:
        """The results of a table; ``names`` and ``anchors`` give the names in a text and what tells its study,
        ``words`` reads a cell that is a sentence."""
        n = table.named
        study = tracker.of_table(Sentence("", table.start, -1))
        columns = [self._head([c.text for c in head], names) for head in table.heads[n:]]
        rows = [self._head([c.text for c in row[:n] if c.text], names) for row in table.body]
        studies = self._studies(rows, study, tracker, anchors)
        if self._studies_in.match(table.heads[0][-1].text if table.heads[0] else ""):
            for row in rows:
                row.study = True
        caption = self._head([table.caption], names)
        called = any(self._group.match(c.text) for head in table.heads[:n] for c in head)
        by_row = called or not any(self._group_like(h, names) for h in columns)
        for head, own in zip(rows, studies, strict=True) if by_row else [(h, study) for h in columns]:
            self._name_group(own, head, names, called and by_row)
        body = [r[n:] for r in table.body]
        for heads, lines, across in (
            (columns, list(zip(*body, strict=True)), rows),
            (rows, body, columns),
        ):
            for head, line in zip(heads, lines, strict=True):
                if not head.role and not head.arms and head.outcome is None and not head.study:
                    self._unseen(head)
                if head.role == "size":
                    self._sizes(line, across)
        for before, head in pairwise(columns):
            if head.estimate and (head.outcome is None or not head.outcome.known):
                head.outcome = before.outcome
        results: list[Result] = []
        for row, own, line in zip(rows, studies, body, strict=True):
            groups = [r for r, s in zip(rows, studies, strict=True) if s is own] if by_row else columns
            found: list[Result] = []
            for column, cell in zip(columns, line, strict=True):
                if column.role == "limits":
                    self._limits(cell, found)
                    continue
                if cell.numeric or row.role or column.role or not _ANY_DIGIT.search(cell.text):
                    found = self._cell(cell, row, column, caption, own, groups)
                else:
                    found = self._words(cell, row, column, caption, own, words)
                own.used = own.used or bool(found)
                results += found
        return results

    def _studies(
        self, rows: list[Head], study: Study, tracker: StudyTracker, anchors: Callable[[str], list[Anchor]]
    ) -> list[Study]:
        """The study of each row: one that its name tells holds for the rows below it too."""
        found = []
        for row in rows:
            if told := anchors(row.text):
                row.study = True
                segments = tracker.segments(Sentence(row.text, 0, -1), told, [], set(), [])
                study = segments[0][0][2] or study
            found.append(study)
        return found

    # ---- headers ---------------------------------------------------------------------------------

    def _head(self, cells: list[str], names: Callable[[str], list[Hit]]) -> Head:
        text = " ".join(cells)
        head = Head(text, cells[-1] if cells else "")
        for role, rule in self._roles.items():
            if rule.match(head.name):
                head.role = role
                return head
        hits = names(text)
        quantities = self._numbers.find(text)
        times = self._times.find(text + "时", quantities, hits) or self._times.find(text, quantities, hits)
        head.time = times[0].value if times else ""
        found = self._outcomes.find(text, hits, quantities)
        head.outcome = found[-1] if found else None
        populations = self._populations.find(text)
        head.population = populations[0].text if populations else ""
        unit = self._unit.search(text)
        head.unit = unit["u"] if unit else ""
        estimate = self._estimate.search(text)
        head.estimate = next((k for k in _ESTIMATES if estimate and estimate[k]), "")
        return head

    def _group_like(self, head: Head, names: Callable[[str], list[Hit]]) -> bool:
        return any(p.is_group or p.kind == "interventions" for p in self._phrases(head, names))

    def _phrases(self, head: Head, names: Callable[[str], list[Hit]]) -> list[ArmPhrase]:
        return [] if head.role else self._finder.phrases(head.text, names(head.text))

    def _name_group(self, study: Study, head: Head, names: Callable[[str], list[Hit]], sure: bool) -> None:
        """Find the arm that the name of a row or column means; ``sure`` where the table calls them groups."""
        phrases = self._phrases(head, names)
        if phrases:
            phrases[0].alone = True  # a row or column is a group of its own
            head.arms = self._arms.resolve(study, phrases[0], head.text, [])
            if len(head.arms) == 1 and (size := self._arms.size(head.text, phrases[0])):
                head.arms[0].participants = head.arms[0].participants or size[0]
        elif sure and head.name and not head.role:
            label = head.name if len(head.name) > 1 else f"{head.name}组"
            phrase = ArmPhrase(0, len(head.name), "label", label=label, is_group=True, labels=[label])
            head.arms = self._arms.resolve(study, phrase, head.name, [])
        if head.arms:
            head.outcome = None

    def _unseen(self, head: Head) -> None:
        """A row or column that nothing known names is an outcome by its own words."""
        words = _UNIT_MARK.sub("", head.name).strip(" *△:")
        if len(_LETTER.findall(words)) >= 2 and not self._times.find(words + "时", []):
            head.outcome = OutcomePhrase(0, len(words), snake(words), "", words, known=False)

    def _sizes(self, line: Sequence[Cell], across: list[Head]) -> None:
        """Take the participants of the arms from a row or column of sizes."""
        for cell, other in zip(line, across, strict=False):
            if len(other.arms) == 1 and (m := regex.fullmatch(r"\d{1,6}", cell.text)):
                other.arms[0].participants = other.arms[0].participants or int(m.group())

    def _words(
        self, cell: Cell, row: Head, column: Head, caption: Head, study: Study, words: ReadWords
    ) -> list[Result]:
        """The results of a cell of words, read as a sentence."""
        named = next((h.outcome for h in (row, column, caption) if h.outcome and h.outcome.known), None)
        arm = next((h.arms[0] for h in (row, column) if len(h.arms) == 1), None)
        return words(Sentence(cell.text, cell.start, -1), study, arm, named)

    def _limits(self, cell: Cell, found: list[Result]) -> None:
        """A cell of limits belongs to the number of the cell before it."""
        m = _TWO.fullmatch(cell.text)
        if m and found and found[-1].quantity.interval is None:
            q, at = found[-1].quantity, cell.start - found[-1].sentence.start
            q.interval = Interval("95% CI", number(m[1]), number(m[2]), at + m.start(1), at + m.end(2))

    # ---- cells -----------------------------------------------------------------------------------

    def _cell(
        self, cell: Cell, row: Head, column: Head, caption: Head, study: Study, groups: list[Head]
    ) -> list[Result]:
        roles = {row.role, column.role}
        outcome = row.outcome or column.outcome or caption.outcome
        if roles & {"size", "statistic", "aside"} or outcome is None or not cell.numeric:
            return []
        arm = next((h.arms[0] for h in (row, column) if len(h.arms) == 1), None)
        comparator: Arm | None = None
        estimate = "P" if "p" in roles else row.estimate or column.estimate
        if estimate:
            arms = [h.arms[0] for h in groups if len(h.arms) == 1]
            if len(arms) == 2:
                arm, comparator = (arms[1], arms[0]) if arm is arms[1] else (arms[0], arms[1])
        unit = column.unit or row.unit or caption.unit
        q = self._read(cell.text, unit, estimate)
        if q is None:
            return []
        if q.kind == "number" and outcome.measure in ("event", "rate") and not unit and cell.text.isdigit():
            q.kind, q.unit = "count", "participants"
        compares = bool(estimate) or is_estimate(q)
        if compares and not estimate:
            arms = [h.arms[0] for h in groups if len(h.arms) == 1]
            arm, comparator = (arms[0], arms[1]) if len(arms) == 2 else (arm, None)
        for a in (arm, comparator):
            if a is not None:
                a.used = True
        result = Result(
            Sentence(cell.text, cell.start, -1), q, outcome, study, arm, comparator,
            row.time or column.time or caption.time, row.population or column.population, "reported", compares,
            [f"table: row {row.text!r}, column {column.text!r}"],
        )  # fmt: skip
        result.features = features_of_cell(result)
        return [result]

    def _read(self, text: str, unit: str, estimate: str) -> Quantity | None:
        """The number of a cell, read with what its header says of it; offsets are into ``text``."""
        before, at, put = "", len(text), ""
        if estimate and self._estimate.search(text):
            pass
        elif estimate:
            before = f"{estimate}=" if text[:1].isdigit() else estimate
        elif unit and "%" not in text and not self._amount.fullmatch(unit):
            m = (_COUNT_AND_SHARE.match(text) if unit == "%" else None) or _BARE.match(text)
            at, put = (m.end(), unit) if m else (at, put)

        def back(i: int) -> int:
            i -= len(before)
            return max(0, i if i <= at else max(at, i - len(put)))

        for q in self._numbers.find(before + text[:at] + put + text[at:]):
            if not q.unit and self._amount.fullmatch(unit) and q.kind in ("number", "mean"):
                q.unit = self._numbers.unit(unit)
            if q.kind.split(":")[0] in RESULT_KINDS:
                q.start, q.end, q.outer_start, q.outer_end = map(
                    back, (q.start, q.end, q.outer_start, q.outer_end)
                )
                for part in (q.interval, q.p):
                    if part is not None:
                        part.start, part.end = back(part.start), back(part.end)
                return q
        return None
