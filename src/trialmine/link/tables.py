"""Results in tables: what a cell's row and column say of its number.

The names of a row and of its column are read as sentences are, and tell between them the arm, the outcome, the time, the
population and the unit; the cell's own number is read with the unit and the estimate that its header names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.find.lexicon import Hit
from trialmine.find.names import Anchor
from trialmine.find.numbers import NumberFinder
from trialmine.find.outcomephrase import OutcomePhrase, snake
from trialmine.find.outcomes import OutcomeFinder
from trialmine.find.populations import PopulationFinder
from trialmine.find.quantity import RESULT_KINDS, Interval, PValue, Quantity, number
from trialmine.find.times import TimeFinder
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.arms import ArmFinder
from trialmine.link.choose import is_estimate
from trialmine.link.confidence import features_of_cell
from trialmine.link.phrases import PhraseFinder
from trialmine.link.studies import StudyTracker
from trialmine.link.studyrows import (
    StudyRow,
    cells_of,
    hand_out,
    most_named,
    parted,
    study_names,
)
from trialmine.link.view import Result
from trialmine.read.segment import Sentence, split_sentences
from trialmine.read.tables import Cell, Kinds, Table, are_times, turned

_ESTIMATES = ("HR", "OR", "RR", "SMD", "MD", "RD", "difference")
_COUNT_AND_SHARE = Expression(r"^(?P<n>\d+)\s?\(\s?(?P<s>\d+(?:\.\d+)?)(?=\s?\))")
_NOT_REACHED = Expression(r"(?i)(?:尚)?未达到|not (?:yet )?reached")
_DECIMAL = Expression(r"\d{1,2}\.\d+")
_ANY_DIGIT = Expression(r"\d")
_TWO = Expression(r"[\s(\[]{0,2}(-?\d+(?:\.\d+)?)\s?(?:~|-|,|至|to)\s?(-?\d+(?:\.\d+)?)\W{0,2}")
_BARE = Expression(r"^[<>≤≥~]?\s?-?\d+(?:\.\d+)?(?=$|\s?[(\[±*#†‡§△▲]|[a-d]$|\s?[-~]\s?\d)")
_LETTER = Expression(r"\p{L}")
#: what tells a study's treatments, the surest first; and what a head of results adds to the outcome
_GIVEN = (("treatment", "control"), ("",), ("study",))
_OF_RESULTS = Expression(r"(?i)\s*(?:\b(?:results?|outcomes?|data|rates?|findings?)|结果|数据|结局|情况)\s*$")
#: what names a study, and the head of a column of studies
_NAMED, _STUDY = ("study", "registry_id", "author"), "Study"
#: how many people a study took in
_TAKEN_IN = Expression(r"\b[nN]\s?=\s?(?P<n>\d{1,3}(?:,\d{3})++|\d{1,6}+)(?![.%/]?\d)")
_SIZE = Expression(r"(?P<n>\d{1,3}(?:,\d{3})++|\d{1,6}+)\s?(?:例|人|patients)?")
#: kinds of columns that tell no result where rows are studies
_NO_RESULTS = ("people", "treatment", "control", "study", "aside", "time", "size")
_UNIT_MARK = Expression(r"\s?[(\[,].*$")

#: a row or column that is called a group
_CALLED_GROUP = Expression(r".{1,30}?(?:组|\b[Gg]roup|\b[Aa]rm)\s?(?:[(\[].*)?$")
#: between the groups that a cell sets against each other, and between their numbers
_VERSUS = Expression(r"\s*(?:(?<!\p{Latin})(?:vs\.?|versus)(?!\p{Latin})|对比|(?<=\s)比(?=\s))\s*")
#: the head of a column of the events of some grades only
_GRADES = Expression(
    r"(?:[Gg]rades?\s?[≥>=]*\s?[1-5](?:\s?(?:[-/~]|or|to)\s?[1-5])?|[≥>=]*\s?[1-5](?:\s?[-/~]\s?[1-5])?\s?级(?:及?以上)?)(?:\s?[,(\[].*)?"
)
_GRADE_BEHIND = Expression(
    r"^(?P<e>[^,;()]*\p{L})\s?[,;]?\s?[(]?(?P<g>[Gg]rades?\s?[≥>=]*\s?[1-5](?:\s?[-/~]\s?[1-5])?|[≥>=]*\s?[1-5](?:\s?[-/~]\s?[1-5])?级)[)]?\s*$"
)
#: behind a study's name in a table: its size, its reference
_NOTE = Expression(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_BEFORE_AND_AFTER = Expression(r"前(?:、|和|与|及|/)?后|\bbefore and after\b")
#: how a table says that its brackets hold quartiles
_QUARTILES = Expression(
    r"M\s?[(\[,]?\s?(?:P\s?_?25|Q\s?1?|IQR|QR|QL)|P\s?_?25\s?[,、~-]\s?P\s?_?75|四分位|\bIQR\b|interquartile"
)
#: a group that got what the text speaks of, alone or with what is named: 单药, +化疗
_TO_TOPIC = Expression(r"\s*(?:\+|联合|单药$|(?i:monotherapy|alone|plus\b))")
#: a moment that heads a column without a number
_MOMENT = Expression(
    r"(?:治疗|干预|手?术|用药|给药|护理|训练|化疗|放疗|实验|试验|运动|培训|教育|康复|服药|移植)(?:前|后)(?:即刻)?|(?:入院|出院|入组|基线|随访|末次随访)(?:时|期)?|"
    r"(?i:before|after|pre|post|baseline|follow-up|end of treatment)(?:[\s-]?(?:treatment|therapy|test|intervention|operation|surgery))?|T\d"
)
#: a time that heads a row or column in short: D4, W12
_SHORT_TIME = Expression(r"(?P<u>[DdWwMm])\s?(?P<n>\d{1,3})")
_PARTED = Expression(r"\s*(?:(?<!\p{Latin})(?:vs\.?|versus)(?!\p{Latin})|/|对比?|比|;)\s*")
_BASELINE = Expression(r"(?i:(?:at\s)?baseline)|基线(?:时|值|期)?|入组时")
#: says that a table tells of people as they were when a study began
_AT_START = Expression(
    r"(?i:\bcharacteristics?\b|\bbaseline\b)(?!\s?\d)|基线(?:资料|特征|情况)|一般(?:临床)?资料|临床特征"
)
#: a standard deviation in the bracket behind its mean, and what says so
_SPREAD = Expression(r"\s?(?:%|\p{Latin}{1,6})?\s?\((\d+(?:\.\d+)?)\)\s*$")
_SPREAD_SAID = Expression(r"\(\s?(?:SD|s|标准差|std)\s?\)|[±,/]\s?(?:SD|标准差)|\bSD\b")
#: what a head says that its p-values compare with
_AGAINST = r"(?:(?:vs\.?|versus|compared with|for)\s.{1,30})?"
#: a head of p-values that are no effect's
_OF_PARTS = Expression(r"(?i:interaction|heterogen|trend|baseline)|交互|趋势|异质")
#: a row that is a part of the row without numbers above it
_PART = Expression(r"\W*\d|(?i:yes|no|是|否|有|无)$")
#: says that a table's numbers are means
_MEANS = Expression(r"(?i:\bmeans?\b|\baverages?\b)|平均|均[值数]|x\s?±\s?s")
#: from the name of a group to what it got
_GLOSSED = Expression(r"\s?[(\[:]\s?")

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
    #: whether its p-values are each of one group, before against after
    within: bool = False
    #: what a column holds, by its head (see read/tables.py)
    kind: str = ""


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
                rf"\s?{_AGAINST if role == 'p' else ''}(?:\([^()]{{1,12}}\))?\W*$"
            )
            for role in ("size", "p", "statistic", "limits", "aside")
        }
        self._control = c(r"(?i)^\s*(?:{{control_arm}}|对照|比较|comparator|control)")
        self._people = c(r"(?i)^\s*(?:{{table_people}})\s*$")
        self._kinds = Kinds(patterns)
        self._subgroup = c(r"(?i)^\W*(?:{{table_subgroup}})")
        self._everybody = c(r"(?i)(?:{{table_everybody}})\W*")
        self._studies_in = c(r"^\s*(?:{{table_study}})")
        self._estimate = c(
            r"(?<!\p{Latin})(?P<HR>(?i:{{hazard_ratio}})|[ac]?HR)(?!\p{Latin})|(?<!\p{Latin})(?P<SMD>(?i:{{smd}})|SMD)(?!\p{Latin})|"
            r"(?<!\p{Latin})(?P<MD>(?i:{{mean_difference}})|W?MD)(?!\p{Latin})|(?<!\p{Latin})(?P<RD>A?RD|ARR)(?!\p{Latin})|"
            r"(?P<difference>(?i:{{difference}}))|"
            r"(?<!\p{Latin})(?P<OR>(?i:{{odds_ratio}})|OR)(?!\p{Latin})|(?<!\p{Latin})(?P<RR>(?i:{{risk_ratio}})|RR)(?!\p{Latin})"
        )
        self._unit = c(
            r"[(\[,/]\s?(?P<u>%|{{unit_time}}|{{unit_level}}|ml|mL|L|g|mg|μg|次|例)\s?(?:[)\],;]|$|\s\(95\s?%)|(?P<u>%)(?!\s?(?:CI|Cr|置信|可信))"
        )
        self._amount = c(r"ml|mL|L|g|mg|μg|次")

    def link(
        self,
        table: Table,
        tracker: StudyTracker,
        names: Callable[[str], list[Hit]],
        anchors: Callable[[str], list[Anchor]],
        words: ReadWords,
        topic: tuple[str, ...] = (),
        spoken: OutcomePhrase | None = None,
    ) -> list[Result]:
        """The results of a table; ``names`` and ``anchors`` give the names in a text and what tells its study,
        ``words`` reads a cell that is a sentence, ``topic`` is the treatment that the text speaks of, ``spoken`` the outcome."""
        self._topic = topic
        table = self._by_rows(table, names, anchors)
        n = table.named
        study = tracker.of_table(Sentence("", table.start, -1))
        columns = [self._head([c.text for c in head], names) for head in table.heads[n:]]
        for head, cells, kind in zip(columns, table.heads[n:], table.kinds[n:], strict=True):
            head.kind = kind
            if table.told and kind == "told" and cells:
                self._head_told(head, cells[-1].text, names)
        if table.told:
            rows = [self._told(row, table.kinds, names) for row in table.body]
        else:
            rows = [self._head(self._names_of(table, i), names) for i in range(len(table.body))]
        studies = self._studies(table, rows, study, tracker, anchors)
        caption = self._head([table.caption], names)
        caption.time = "" if _BEFORE_AND_AFTER.search(table.caption) else caption.time
        above = [c.text for head in table.heads[:n] for c in head]
        if not caption.time and any(_AT_START.search(t) for t in (table.caption, *above)):
            caption.time = "baseline"
        called = not table.told and any(self._group.match(t) for t in above)
        plain = [h for h in rows if not h.role]
        called = called or (len(plain) > 1 and all(_CALLED_GROUP.match(h.name) for h in plain))
        by_row = called or table.told or not any(self._group_like(h, names) for h in columns)
        by_study = self._of_studies(table, rows, studies, names) if table.told else []
        self._oppose(table, rows, studies, names)
        self._subgroups(rows, studies, _column(table, self._people))
        of_crowds = None if table.told else self._crowds(table, rows, columns, caption.outcome or spoken)
        by_row = by_row and of_crowds is None
        named = list(zip(rows, studies, strict=True)) if by_row else [(h, study) for h in columns]
        told = any(h.outcome is not None and h.outcome.known for h in columns)
        given = [
            " ".join(cells_of(row[:n], table.kinds, "treatment")) if by_row else "" for row in table.body
        ]
        self._name_groups(named, names, called and by_row, told and by_row, given)
        for head in columns if of_crowds is not None else ():
            if head.role in ("", "p") and not _known(head.outcome):
                head.outcome = of_crowds
        body = [r[n:] for r in table.body]
        for heads, lines, across in (
            (columns, list(zip(*body, strict=True)), rows),
            (rows, body, columns),
        ):
            for head, line in zip(heads, lines, strict=True):
                bare = not head.role and not head.arms and head.outcome is None and not head.study
                if bare and not (head.kind == "crowd" or (table.told and (head.kind or heads is rows))):
                    self._unseen(head)
                if head.role == "size":
                    self._sizes(line, across)
        for heads in (columns, rows):
            for left, head in pairwise(heads):
                if (head.estimate or head.role == "p") and (head.outcome is None or not head.outcome.known):
                    head.outcome = left.outcome  # HR, of what stands before it
        for head, line in zip(columns, zip(*body, strict=True), strict=True):
            told_of = [r for r, cell in zip(rows, line, strict=True) if len(r.arms) == 1 and cell.numeric]
            head.within = by_row and head.role == "p" and len(told_of) > 1
        results: list[Result] = []
        for i, (row, own, line) in enumerate(zip(rows, studies, body, strict=True)):
            groups = [r for r, s in zip(rows, studies, strict=True) if s is own] if by_row else columns
            found: list[Result] = []
            if are_times(line):  # the times of the rows below
                columns = [
                    replace(h, time=self._head([c.text], names).time, outcome=_known(h.outcome))
                    if c.text
                    else h
                    for h, c in zip(columns, line, strict=True)
                ]
                continue
            for column, cell in zip(columns, line, strict=True):
                if column.role == "limits":
                    self._limits(cell, found)
                    continue
                if table.told and column.kind in _NO_RESULTS:
                    continue
                if cell.numeric or row.role or column.role or not _ANY_DIGIT.search(cell.text):
                    graded = self._graded(row, column, names)
                    before = found
                    found = self._cell(cell, graded, column, caption, own, groups)
                    own_p = column.role == "p" and not _OF_PARTS.search(column.text)
                    if own_p and self._closes(before, found):
                        found = []
                elif table.told:
                    found = self._sentences(cell, row, column, by_study[i], names, words)
                else:
                    found = self._words(cell, row, column, caption, own, words)
                own.used = own.used or bool(found)
                results += found
        return results

    def _studies(
        self,
        table: Table,
        rows: list[Head],
        study: Study,
        tracker: StudyTracker,
        anchors: Callable[[str], list[Anchor]],
    ) -> list[Study]:
        """The study of each row: one that its name tells, or its column of studies, holds for the rows below it too."""
        found = []
        for row, name, line in zip(rows, _column(table, self._studies_in), table.body, strict=True):
            row.study = row.study or bool(name)
            text = row.text
            if table.told:
                text = " ".join(cells_of(line, table.kinds, "study"))
            told, called = anchors(text), study_names(name) if table.told else []
            if all(a.kind == "citation" for a in told) and _LETTER.search(name):
                first = called[0] if called else _NOTE.sub("", name).strip()
                told = [Anchor("study", 0, len(first), first), *told]
            if told:
                row.study = True
                if table.told:  # no title, and what it says of the design
                    text = ". ".join((text, *cells_of(line, table.kinds, "aside", "people"), ""))
                segments = tracker.segments(Sentence(text, 0, -1), told, [], set(), [])
                study = segments[0][0][2] or study
                for other in called[1:]:
                    tracker.call(study, other)
            found.append(study)
        return found

    @staticmethod
    def _names_of(table: Table, i: int) -> list[str]:
        """The names of a row, under the row without numbers whose part it is: ``0`` and ``≥1`` under ``Prior exacerbations``."""
        own = [c.text for c in table.body[i][: table.named] if c.text]
        if table.named > 1 or len(own) != 1 or not _PART.match(own[0]):
            return own
        for row in reversed(table.body[:i]):
            if not any(c.text for c in row[1:]):
                return [row[0].text, *own] if _LETTER.search(row[0].text) else own
            if not _PART.match(row[0].text):
                break
        return own

    def _by_rows(
        self, table: Table, names: Callable[[str], list[Hit]], anchors: Callable[[str], list[Anchor]]
    ) -> Table:
        """A table whose columns are all studies with its columns as rows; another one as it is."""
        heads = [" ".join(c.text for c in head) for head in table.heads[table.named :]]
        if table.told or table.named > 1 or len(heads) < 2:
            return table
        if not all(any(a.kind in _NAMED for a in anchors(h)) for h in heads):
            return table
        if any(p.interventions for h in heads for p in self._finder.phrases(h, names(h))):
            return table
        return turned(table, _STUDY, self._kinds) or table

    def _told(self, row: list[Cell], kinds: list[str], names: Callable[[str], list[Hit]]) -> Head:
        """What the cells of a study's row say: what was given, the outcome, the time."""
        given = next((x for k in _GIVEN if (x := cells_of(row, kinds, *k))), [])
        head = self._head(given, names)
        aims = (self._head(cells_of(row, kinds, k), names).outcome for k in ("outcome", "study"))
        aim = next((o for o in aims if _known(o) is not None), None)
        when = self._head([c.text for c, kind in zip(row, kinds, strict=True) if kind == "time"], names)
        head.role, head.population, head.outcome, head.time = "", "", aim, when.time
        return head

    def _head_told(self, head: Head, text: str, names: Callable[[str], list[Hit]]) -> None:
        """The outcome of a column of words: the first of several, or else what its head says it tells the results of."""
        first = text.split(" / ")[0]
        own = self._head([first], names).outcome
        head.outcome = _known(own) or (_known(head.outcome) if first == text else None)
        words = _OF_RESULTS.sub("", _UNIT_MARK.sub("", first)).strip(" *_")
        if head.outcome is None and _LETTER.search(words):
            head.outcome = OutcomePhrase(0, len(words), snake(words), "", words)

    def _of_studies(
        self, table: Table, rows: list[Head], studies: list[Study], names: Callable[[str], list[Hit]]
    ) -> list[StudyRow]:
        """The rows of studies with the groups that their cells name, where a column of controls stands alone."""
        for own, row in zip(studies, table.body, strict=True):
            sizes = [_SIZE.fullmatch(c.text) for c, k in zip(row, table.kinds, strict=True) if k == "size"]
            sizes += [
                _TAKEN_IN.search(c.text) for c, k in zip(row, table.kinds, strict=True) if k == "people"
            ]
            if own.enrollment is None and (size := next((m for m in sizes if m), None)):
                own.enrollment = int(size["n"].replace(",", ""))
        found = [
            StudyRow(own, cells_of(row, table.kinds, "treatment"), cells_of(row, table.kinds, "control"))
            for own, row in zip(studies, table.body, strict=True)
        ]
        if not any(x.given for x in found) and any(x.controls for x in found):
            told = [[p.interventions for p in self._named(row, names)] for row in table.body]
            self._topic = most_named(told) or self._topic
        for x, head in zip(found, rows, strict=True):
            if x.given or not x.controls:
                continue
            head.arms, head.text, head.name = [], "", ""
            for text in parted(x.controls[0]):
                part = Head(text, text)
                self._name_group(x.study, part, names, True)
                for arm in part.arms[:1]:
                    arm.call(text)
                    x.against.append((text, arm))
            if x.against:
                x.study.pair = (None, x.against[-1][1])
        return found

    def _named(self, row: list[Cell], names: Callable[[str], list[Hit]]) -> list[ArmPhrase]:
        """The treatments that the cells of a row name."""
        told = (p for c in row for p in self._finder.phrases(c.text, names(c.text)) if _LETTER.search(c.text))
        return [p for p in told if p.interventions]

    def _sentences(
        self,
        cell: Cell,
        row: Head,
        column: Head,
        of: StudyRow,
        names: Callable[[str], list[Hit]],
        words: ReadWords,
    ) -> list[Result]:
        """The results of a cell of sentences in a study's row."""
        found: list[Result] = []
        for a, b in split_sentences(cell.text):
            text = cell.text[a:b].strip()
            part = Cell(text, cell.start + cell.text.find(text, a))
            told = self._words(part, row, column, Head(""), of.study, words)
            hand_out(
                text,
                told,
                of,
                self._topic,
                lambda x: not self._outcomes.find(x, names(x), []),
                lambda x: bool(self._finder.phrases(x, names(x))),
            )
            found += told
        for r in found:
            r.time = r.time or row.time
            if column.kind == "told" and not (r.outcome and r.outcome.known):
                r.outcome = column.outcome or r.outcome  # what stands beside it says whose it is, or when
        return found

    def _oppose(
        self, table: Table, rows: list[Head], studies: list[Study], names: Callable[[str], list[Hit]]
    ) -> None:
        """Name the groups of rows that set several against each other."""
        heads = table.heads[: table.named]
        if table.told:
            for head, own, row in zip(rows, studies, table.body, strict=True):
                given = cells_of(row, table.kinds, "treatment") or cells_of(row, table.kinds, "")
                controls = cells_of(row, table.kinds, "control")
                split = (_VERSUS.split(c) for c in given)
                told: list[str] = next((x for x in split if len(x) > 1 and all(x)), [])
                told = told or [*given[:1], *controls[:1]] * bool(given)
                if len(told) > 1:
                    self._name_pair(own, head, told, names)
                elif "treatment" in table.kinds and told:
                    self._name_group(own, head, names, True)
            return
        control = [i for i, head in enumerate(heads) if any(self._control.match(c.text) for c in head)]
        opposed = (control[0] - 1, control[0]) if control and control[0] else None
        for head, own, row in zip(rows, studies, table.body, strict=True):
            groups = _set_against(row[: table.named], row[table.named :], opposed)
            self._name_pair(own, head, groups, names)

    @staticmethod
    def _subgroups(rows: list[Head], studies: list[Study], people: list[str]) -> None:
        """Take the kinds of people of rows as subgroups where one study has several."""
        for head, own, told in zip(rows, studies, people, strict=True):
            if len({p for p, s in zip(people, studies, strict=True) if s is own}) > 1:
                head.population = _NOTE.sub("", told)

    def _crowds(
        self, table: Table, rows: list[Head], columns: list[Head], spoken: OutcomePhrase | None
    ) -> OutcomePhrase | None:
        """The outcome of a table whose rows are subgroups, the effects in which a column tells; they then name no outcome and no time."""
        if not any(h.estimate for h in columns):
            return None
        called = any(self._subgroup.match(c.text) for head in table.heads[: table.named] for c in head)
        plain = [h for h in rows if not h.role and h.text]
        if not called and sum(bool(h.population) for h in plain) * 2 <= len(plain):
            return None
        told = next((h.outcome for h in columns if _known(h.outcome)), spoken)
        if told is None:
            return None
        above = ""
        for head, line in zip(rows, table.body, strict=True):
            name = _NOTE.sub("", head.name).strip(" *_:")
            if not any(c.text for c in line[table.named :]):
                above = name  # Age, over <65 and >=65
            elif head.role:
                continue
            part = above and not self._everybody.fullmatch(name) and name != above
            head.population = f"{above} {name}" if part else name
            if self._everybody.fullmatch(name):
                head.population = above = ""
            head.outcome, head.time, head.kind, head.study = None, "", "crowd", False
        return told

    def _name_groups(
        self,
        named: list[tuple[Head, Study]],
        names: Callable[[str], list[Hit]],
        sure: bool,
        likely: bool,
        given: Sequence[str],
    ) -> None:
        """Find the groups that rows or columns mean; two that differ in their names differ.

        ``sure`` where the table calls them groups, ``likely`` where it doesn't, and they may be studies or outcomes, too;
        ``given`` are the cells of its rows that tell what was given.
        """
        for i, (head, own) in enumerate(named):
            alone = head.text == head.name
            other = head.population or (alone and (head.study or head.outcome))
            if not head.arms and i < len(given) and given[i] and not head.role:
                part = Head(given[i], given[i])
                self._name_group(own, part, names, True)
                head.arms, head.outcome = part.arms, None
            elif not head.arms:
                self._name_group(own, head, names, sure or (likely and not other))
            same = [h for h, s in named[:i] if s is own and h.arms and h.arms == head.arms]
            if any(_apart(h, head) for h in same) and not head.arms[0].interventions:
                head.arms[0].labels = [x for x in head.arms[0].labels if x != head.name]
                head.arms = [own.add(Arm((), [head.name]))]  # PC beside PC + B

    def _name_pair(
        self, study: Study, head: Head, groups: Sequence[str], names: Callable[[str], list[Hit]]
    ) -> None:
        """The groups that the name of a row sets against each other; the last one is the control."""
        arms: list[Arm] = []
        for text in groups:
            part = Head(text, text)
            self._name_group(study, part, names, True)
            if not part.arms or part.arms[0] in arms:
                part.arms = [study.add(Arm((), [text]))]
            arms.append(part.arms[0])
            if self._topic and _TO_TOPIC.match(text) and not set(self._topic) & arms[-1].key:
                arms[-1].interventions = (*self._topic, *arms[-1].interventions)
        if len(arms) > 1:
            head.arms, head.outcome, study.pair = arms, None, (arms[0], arms[-1])

    # ---- headers ---------------------------------------------------------------------------------

    def _head(self, cells: list[str], names: Callable[[str], list[Hit]]) -> Head:
        text = " ".join(cells)
        head = Head(text, cells[-1] if cells else "")
        for role, rule in self._roles.items():
            if rule.match(head.name):
                head.role = role
                above = self._head(cells[:-1], names) if role == "p" and len(cells) > 1 else None
                if above is not None:
                    head.outcome, head.time = above.outcome, above.time
                return head
        hits = names(text)
        quantities = self._numbers.find(text)
        times = next((t for c in cells if (t := self._times.find(c + "时"))), [])
        times = times or self._times.find(text, hits)
        head.time = times[0].value if times else "baseline" if _BASELINE.fullmatch(head.name) else ""
        if not head.time and (
            short := next((m for c in cells if (m := _SHORT_TIME.fullmatch(c.strip()))), None)
        ):
            head.time = f"{short['n']}{short['u'].lower()}"
        graded = _GRADE_BEHIND.sub(r"\g<g> \g<e>", text)  # Neutropenia, grade 3/4
        found = self._outcomes.find(graded, hits if graded == text else names(graded), quantities)
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
        told = _known(head.outcome)
        if phrases:
            own = phrases[0]
            if told is not None and (own.is_group or (own.start < told.end and told.start < own.end)):
                told = None
            if (
                len(phrases) > 1
                and own.kind != "interventions"
                and _GLOSSED.fullmatch(head.text, own.end, phrases[1].start)
            ):
                own, called = phrases[1], [own.label or head.text[own.start : own.end]]  # 观察组(A+B)
                own.called = [*own.called, *called]
            own.alone = True  # a row or column is a group of its own
            head.arms = self._arms.resolve(study, own, head.text, [])
            if len(head.arms) == 1 and (size := self._arms.size(head.text, phrases[0])):
                head.arms[0].participants = head.arms[0].participants or size[0]
        elif sure and head.name and not head.role:
            label = head.name if len(head.name) > 1 else f"{head.name}组"
            phrase = ArmPhrase(0, len(head.name), "label", label=label, is_group=True, labels=[label])
            head.arms = self._arms.resolve(study, phrase, head.name, [])
        if head.arms:
            head.outcome = told if phrases else None  # PHQ-9, escitalopram

    def _unseen(self, head: Head) -> None:
        """A row or column that nothing known names is an outcome by its own words."""
        words = _UNIT_MARK.sub("", head.name).strip(" *△:")
        if _BASELINE.fullmatch(head.name):
            return
        if len(_LETTER.findall(words)) >= 2 and not self._times.find(words + "时"):
            head.outcome = OutcomePhrase(0, len(words), snake(words), "", words, known=False)

    def _sizes(self, line: Sequence[Cell], across: list[Head]) -> None:
        """Take the participants of the arms from a row or column of sizes."""
        for cell, other in zip(line, across, strict=False):
            told = _PARTED.split(cell.text)
            if len(told) == len(other.arms) and all(regex.fullmatch(r"\d{1,6}", n) for n in told):
                for arm, size in zip(other.arms, told, strict=True):
                    arm.participants = arm.participants or int(size)

    def _words(
        self, cell: Cell, row: Head, column: Head, caption: Head, study: Study, words: ReadWords
    ) -> list[Result]:
        """The results of a cell of words, read as a sentence."""
        named = next((h.outcome for h in (row, column, caption) if h.outcome and h.outcome.known), None)
        arm = next((h.arms[0] for h in (row, column) if len(h.arms) == 1), None)
        if len(row.arms) > 1:
            study.pair, study.recent, study.order = (row.arms[0], row.arms[-1]), row.arms[:1], list(row.arms)
        return words(Sentence(cell.text, cell.start, -1), study, arm, named)

    @staticmethod
    def _closes(before: list[Result], found: list[Result]) -> bool:
        """Give the estimate of the cell before the p-value that follows it; whether there is one that has none."""
        if not (len(before) == len(found) == 1 and is_estimate(before[0].quantity)):
            return False
        q, p, at = before[0].quantity, found[0].quantity.p, found[0].sentence.start - before[0].sentence.start
        if q.kind == "p" or q.p is not None or p is None:
            return False
        q.p = PValue(p.relation, p.value, at + p.start, at + p.end)
        return True

    def _limits(self, cell: Cell, found: list[Result]) -> None:
        """A cell of limits belongs to the number of the cell before it."""
        m = _TWO.fullmatch(cell.text)
        if m and found and found[-1].quantity.interval is None:
            q, at = found[-1].quantity, cell.start - found[-1].sentence.start
            q.interval = Interval("95% CI", number(m[1]), number(m[2]), at + m.start(1), at + m.end(2))

    def _graded(self, row: Head, column: Head, names: Callable[[str], list[Hit]]) -> Head:
        """A row of an event with the grade that a column tells."""
        if row.outcome is None or not (grade := _GRADES.fullmatch(column.name)):
            return row
        text = f"{column.name[: grade.end()].split('(')[0].split(',')[0].strip()} {row.name}"
        found = self._outcomes.find(text, names(text), [])
        graded = next((o for o in found if o.start == 0 and o.concept != row.outcome.concept), None)
        return replace(row, outcome=graded) if graded is not None else row

    # ---- cells -----------------------------------------------------------------------------------

    def _cell(
        self, cell: Cell, row: Head, column: Head, caption: Head, study: Study, groups: list[Head]
    ) -> list[Result]:
        roles = {row.role, column.role}
        outcome = row.outcome or column.outcome or caption.outcome
        if roles & {"size", "statistic", "aside"} or outcome is None:
            return []
        if not cell.numeric and not _NOT_REACHED.fullmatch(cell.text):
            return []
        if self._adds_up(cell, row, column):
            return []
        estimate = "P" if "p" in roles else row.estimate or column.estimate
        if estimate in ("HR", "OR", "RR") and "%" in cell.text and not self._estimate.search(cell.text):
            told = self._estimate.finditer(f"{column.text} {row.text}")
            estimate = "difference" if any(m["difference"] for m in told) else estimate  # HR/difference: 9.3%
        parts = [] if estimate else _parted(cell, len(row.arms))
        if (
            parts
        ):  # a number of each of the groups that the row sets against each other; an unnamed one is no group
            arms = row.arms if len(row.arms) > 1 else [*row.arms, None]
            alone = [replace(row, arms=[a] if a is not None else []) for a in arms]
            told = zip(parts, alone, strict=True)
            found = [r for part, one in told for r in self._cell(part, one, column, caption, study, [])]
            if (behind := _BEHIND_PAIR.search(cell.text)) is not None:  # 19.2 vs 13.4 (HR 0.66)
                own = Cell(behind["e"], cell.start + behind.start("e"))
                found += self._cell(own, row, column, caption, study, groups)
            return found
        arm = next((h.arms[0] for h in (row, column) if len(h.arms) == 1), None)
        comparator: Arm | None = None
        if arm is None and not (estimate or column.arms) and len(row.arms) == 2:
            arm = row.arms[0]  # one number of a row that names a treatment and its control
        if estimate and len(row.arms) == 2:
            arm, comparator = row.arms
        elif estimate and not (column.within and "p" in roles):
            arms = list(dict.fromkeys(h.arms[0] for h in groups if len(h.arms) == 1))
            if len(arms) == 2:
                arm, comparator = (arms[1], arms[0]) if arm is arms[1] else (arms[0], arms[1])
        unit = column.unit or row.unit or caption.unit
        if not unit and not estimate and self._is_share(cell.text, outcome, arm):
            unit = "%"
        q = self._read(cell.text, unit, estimate)
        if q is None:
            return []
        quartiles = not estimate and _QUARTILES.search(f"{caption.text} {column.text} {row.text}")
        if quartiles and q.interval is not None:
            q.interval.type = q.interval.type or "IQR"
        if q.kind == "number" and outcome.measure in ("event", "rate") and not unit and cell.text.isdigit():
            q.kind, q.unit = "count", "participants"
        of_means = f"{caption.text} {column.text} {row.text}"
        if q.kind in ("number", "level", "percent", "time") and q.events is None and _MEANS.search(of_means):
            q.kind = "mean"
            spread = _SPREAD.match(cell.text, q.end) if q.interval is None else None
            if spread and _SPREAD_SAID.search(of_means):
                q.interval = Interval("SD", None, float(spread[1]), spread.start(1), spread.end(1))
        compares = bool(estimate) or is_estimate(q)
        if compares and not estimate and len(row.arms) == 2:
            arm, comparator = row.arms
        elif compares and not estimate:
            arms = list(dict.fromkeys(h.arms[0] for h in groups if len(h.arms) == 1))
            arm, comparator = (arms[0], arms[1]) if len(arms) == 2 else (arm, None)
        for a in (arm, comparator):
            if a is not None:
                a.used = True
        time = row.time or column.time or caption.time
        if not time and column.role == "p" and comparator is not None:
            time = next(
                (h.time for h in reversed(groups) if h.arms), ""
            )  # of the last columns, after treatment
        result = Result(
            Sentence(cell.text, cell.start, -1), q, outcome, study, arm, comparator,
            time, row.population or column.population, "reported", compares,
            [f"table: row {row.text!r}, column {column.text!r}"],
        )  # fmt: skip
        result.features = features_of_cell(result)
        return [result]

    def _adds_up(self, cell: Cell, row: Head, column: Head) -> bool:
        """Whether a cell only adds up the groups of a table's rows, or the people of one of them."""
        if any(self._everybody.fullmatch(label) for a in row.arms for label in a.labels):
            return True
        return bool(row.arms) and bool(self._everybody.fullmatch(column.name)) and cell.text.strip().isdigit()

    @staticmethod
    def _is_share(text: str, outcome: OutcomePhrase, arm: Arm | None) -> bool:
        """Whether a bare number is a share of people: ``12(20.0)`` of 60, ``69.3`` of a rate."""
        told = _COUNT_AND_SHARE.match(text)
        if outcome.measure not in ("event", "rate", "") or (told is None and outcome.measure != "rate"):
            return False
        if told is None:
            return bool(_DECIMAL.fullmatch(text))
        count, share = int(told["n"]), float(told["s"])
        size = arm.participants if arm is not None else None
        return share <= 100 and (abs(100 * count / size - share) < 1 if size else "." in told["s"])

    def _read(self, text: str, unit: str, estimate: str) -> Quantity | None:
        """The number of a cell, read with what its header says of it; offsets are into ``text``."""
        before, at, put = "", len(text), ""
        if estimate and self._estimate.search(text):
            pass
        elif estimate:
            before = estimate if text[:1] in "<>≤≥~=" else f"{estimate}="
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
                if q.start == 0 or not put or unit == "%":
                    return q
        if put and unit != "%" and (bare := self._read(text, "", "")) is not None:
            bare.unit = bare.unit or self._numbers.unit(unit)  # 3.1±1.0 of a head in 分
            return bare
        return None


def _apart(one: Head, other: Head) -> bool:
    """Whether two heads of one group differ in more than when: ``A组 治疗前`` and ``A组 治疗后`` are one."""
    bare = [
        h.text.removesuffix(h.name) if h.time or _MOMENT.fullmatch(h.name) else h.text for h in (one, other)
    ]
    return bare[0] != bare[1]


def _known(outcome: OutcomePhrase | None) -> OutcomePhrase | None:
    """An outcome that more than its own words make one."""
    return outcome if outcome is not None and outcome.known else None


def _column(table: Table, rule: regex.Pattern[str]) -> list[str]:
    """The cells of the column of names whose head a rule matches; empty texts where there is none."""
    found = [i for i, head in enumerate(table.heads[: table.named]) if head and rule.match(head[-1].text)]
    return [row[found[0]].text if found else "" for row in table.body]


def _set_against(
    cells: Sequence[Cell], numbers: Sequence[Cell], opposed: tuple[int, int] | None
) -> list[str]:
    """The groups that the cells of a row's name set against each other: ``A vs B``, or one in each of two columns.

    ``A / B`` are two where other cells of the row have as many numbers.
    """
    if opposed is not None:
        return [cells[i].text for i in opposed if cells[i].text]
    for c in cells:
        told: list[str] = _VERSUS.split(c.text)
        if len(told) > 1 and all(told):
            return told
        told = c.text.split(" / ")
        if len(told) > 1 and any(len(_PARTED.split(x.text)) == len(told) for x in numbers if x.numeric):
            return told
    return []


#: the estimate in the bracket behind the numbers of two groups
_BEHIND_PAIR = Expression(
    r"\d\s?(?:%|个月|months|mo|m)?\s?[(\[]\s?(?P<e>(?:a?HR|a?OR|RR|RD|[Pp])\s?[=:<>]?\s?\d[^()\[\]]*(?:[(\[][^()\[\]]*[)\]][^()\[\]]*)?)[)\]]\s*$"
)


def _parted(cell: Cell, groups: int) -> list[Cell]:
    """A cell's numbers, one for each of several groups: ``5.2 vs 4.3``, ``19.2/13.4``; of one group and another only the first."""
    parts = (_PARTED if groups > 1 else _VERSUS).finditer(cell.text)
    edges = [0, *(i for m in parts for i in m.span()), len(cell.text)]
    told = [Cell(cell.text[a:b], cell.start + a) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return told if len(told) == max(groups, 2) and all(part.text for part in told) else []
