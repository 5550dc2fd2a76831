"""From the finds of each sentence to linked results: outcome, arms, time, population and study.

:class:`Linker` walks the sentences of a page in order; what is in force from one to the next is kept in
:class:`~trialmine.link.inforce.InForce`, which all stages share.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns, iter_rules
from trialmine.core.records import Arm, Study
from trialmine.core.sieve import Sieve, Sieved, possible
from trialmine.find.animals import Animals
from trialmine.find.lexicon import Hit, Lexicon, Name
from trialmine.find.names import Anchor
from trialmine.find.outcomephrase import OutcomePhrase
from trialmine.find.outcomes import OutcomeFinder
from trialmine.find.populations import Population
from trialmine.find.quantity import RESULT_KINDS, Quantity
from trialmine.find.subjects import Subjects
from trialmine.find.totals import PART
from trialmine.link.arms import CONTROLLED, ArmFinder
from trialmine.link.assign import Assigner
from trialmine.link.axes import items_of_pairs
from trialmine.link.called import Called
from trialmine.link.cells import Cell, Cells, cell_lists
from trialmine.link.choose import OVER_TIME, is_estimate, set_against
from trialmine.link.confidence import add_page, features_of
from trialmine.link.contrasts import Contrasts
from trialmine.link.crowds import its_people
from trialmine.link.direction import Direction
from trialmine.link.finish import HAN_BY, Finisher
from trialmine.link.forest import ForestPlots
from trialmine.link.groups import Grouper
from trialmine.link.inforce import ANNOUNCE_REACH, InForce
from trialmine.link.layout import Layout
from trialmine.link.pairs import from_the_other
from trialmine.link.plausible import happened, listed_count
from trialmine.link.repeats import OWN_CHANGE, again, repeat, same_groups, same_people
from trialmine.link.setting import SUCH_PEOPLE
from trialmine.link.shared import for_each
from trialmine.link.sizes import Sizes
from trialmine.link.studies import AIMS, StudyTracker, cited_ahead, same_paper
from trialmine.link.tables import TableLinker
from trialmine.link.turns import in_turn
from trialmine.link.view import Record, Result, View, behind
from trialmine.link.viewing import Viewer
from trialmine.link.weigh import Weigher
from trialmine.read.segment import Page, Sentence
from trialmine.read.tables import Table
from trialmine.read.tokens import Tokenizer

#: right before a time that something took, and before the other one of a pair
_TOLD_AS = Expression(
    r"(?:分别|依次)(?:为|是|达|达到)?\s?(?:\d[\d.]*\s?个?(?:月|年|周|天|d)?(?:\([^()]*\))?\s?(?:、|和|与|及|以及|对|比|vs\.?)\s?){0,3}$|\b(?:was|were)\s(?:[\d.]+\s(?:months?|years?|weeks?|days?)\s(?:with\s|in\s)?(?:[^,;.\d]{0,40}\s)?(?:and|versus|vs\.?)\s)?$"
)
_MEDIAN = Expression(r"(?:中位数?|[Mm]edian)(?:为|时间|:|\s)*$")
#: from a number of people to what they got
_GOT = Expression(r"(?:患者|受试者)?(?:接受|给予|予以?|采用|应用|使用|行|服用)(?:了)?")
#: right before people who all got what follows, and right behind how many they are
_CLAUSE = Expression(r"(?:^|[,。;:]|称|报告|报道|发现|显示|指出)$")
_THEY_GOT = Expression(
    r"[^,;。:()\d]{0,14}?(?:患者|患儿|病人|病例|受试者)(?:均|都|全部)?(?:接受|经过?|予以?|给予|采用|使用|服用)(?:了|过)?"
)
#: right behind the size of a group: who they are
_ILL = Expression(
    r"(?!中|有|发生|出现|并发|治愈|死亡|复发)[^,;。:()\d]{0,12}?(?:患者|患儿|病人|病例)(?!中|出现|发生|死亡|复发|治愈|有)"
)
#: an item that only says which outcome it goes on to tell of: ``(2)ALT变化情况.``
_ITEM = Sieved(
    Expression(
        r"(?:^|;)\s?(?:\(\s?\d{1,2}\s?\)|\d{1,2}(?:\.\d{1,2}){0,3}\s?[.、)]?|[①-⑳])\s?(?:两组|各组|三组|治疗前后)?[^,;:。()]{1,24}(?:\([^()]{1,40}\))?(?:的)?"
        r"(?:情况|变化|比较|对比|结果|评价|评定|分析|水平|改变){1,3}\s?[.。]?\s?$"
    )
)
#: right before the number of people whom somebody reported on, and right behind it
_REPORTED_ON = Expression(
    r"(?:报告|报道|总结|回顾性?分析|分析|观察|收治|随访|统计|比较)了?(?:其|共)?$|(?:同期|同时期)(?:的|进行的?|接受的?|行的?)?$"
)
_ILL_OR_GIVEN = Expression(
    r"(?!患者(?:发生|出现|死亡|复发))[^,;。:()\d]{0,24}?(?:患者|患儿|病例|白血病|[癌瘤病]|移植|治疗|术|行|接受|采用)"
)
#: from a number to the estimate in its bracket
_OPENS = Expression(r"\s?[(\[,][^()\[\]。;,]{0,24}")
#: characters from a sentence that only speaks of a subgroup to its numbers
_NEXT = 4


def _of_its_number(view: View, q: Quantity, told: list[Result]) -> Population | None:
    """The subgroup of the number in whose bracket an estimate stands first."""
    before = [r for r in told if not r.compares and r.quantity.outer_end <= q.start]
    last = max(before, key=lambda r: r.quantity.outer_end, default=None)
    if (
        last is None
        or not last.population
        or not _OPENS.fullmatch(view.text, last.quantity.outer_end, q.start)
    ):
        return None
    return Population(q.start, q.start, last.population)


def _order_as_told(view: View, cells: Cells, told: list[Result]) -> None:
    """Three and more groups whose numbers a sentence has told in parts are those of its next list: ``26% and 30% versus 10% with B; …24%, 26% and 14%``."""
    study = view.study_at(cells.start)
    arms = list(
        dict.fromkeys(r.arm for r in told if r.arm is not None and not r.compares and r.study is study)
    )
    if study is not None and len(study.order) < len(arms) == len(cells.quantities) > 2:
        study.order = arms


def _before(results: list[Result], cell: Cell) -> list[Result]:
    """The results that an estimate within their list comes after: ``80% vs 70%(P=0.01)和60% vs 50%(P=0.03)``."""
    if not is_estimate(cell.quantity):
        return results
    before = [r for r in results if r.quantity.start < cell.quantity.start]
    return sorted(before, key=lambda r: r.quantity.start) or results


def _counted(r: Result) -> OutcomePhrase | None:
    """The outcome that stands between a number and its unit, for the list's next one: ``0.8 relapses a year, and 1.1 with B``."""
    q, o = r.quantity, r.outcome
    return o if o is not None and q.end <= o.start < q.outer_end else None


def _studies_named(anchors: list[Anchor]) -> list[Hit]:
    """Studies' names and registry numbers as names of their own."""
    told = [a for a in anchors if a.kind in ("study", "registry_id")]
    return [Hit(a.start, a.end, Name(a.kind, a.value)) for a in told]


#: before the number of all who were taken in: 共纳入129篇文献,9 371例抑郁症患者
_TAKEN_IN = Expression(r"(?:纳入|检索|检出|汇总|合并)[^。;%]{0,30}?\d\s?[项个篇][^。;%]{0,30}$")


class Linker:
    """Links the numbers of a page."""

    def __init__(self, patterns: Patterns) -> None:
        self.patterns = patterns
        self.tokenizer = tokenizer = Tokenizer(patterns)
        outcomes = OutcomeFinder(patterns)
        self.weigh = Weigher(patterns, outcomes, tokenizer)
        self._called = Called(patterns)
        self._direction = Direction(patterns, self.weigh.lasting)
        self.viewer = v = Viewer(patterns, outcomes, Subjects(patterns, self.weigh.unseen, outcomes))
        self.names = v.names
        self.arms = ArmFinder(patterns)
        self.sizes = Sizes(patterns)
        self.groups = Grouper({"placebo", *patterns.cues.get("untreated_class", ())})
        self.contrasts = Contrasts(patterns)
        self.forest = ForestPlots()
        self.tables = TableLinker(patterns, v.numbers, outcomes, v.times, v.populations, v.phrases, self.arms)
        self.assign = Assigner(patterns, self.arms)
        self.layout = Layout(patterns, self.arms, self.groups)
        self.finish = Finisher(patterns, self.weigh, self.groups)
        self._designs = Sieve(
            (r, r.regex) for r in iter_rules(patterns, "names") if r.kind in ("phase", "design")
        )
        self._own = patterns.compile(r"(?<!\p{Latin})(?:{{own_study}})(?!\p{Latin})")
        self._aims = patterns.compile(AIMS)
        self._part = patterns.compile(r"\s*(?:(?i:{{part_of_study}})\s?[:&/、和与及]?\s?(?:and\s)?){1,3}\W*")
        self._eligible = patterns.compile(r"[^,;。%\d]{0,24}?(?<!符合|满足|meeting |met )(?:{{eligibility}})")
        self._may_be_eligible = possible(self._eligible)
        self._animals = Animals(patterns)

    def link(
        self, page: Page, record: Record | None = None
    ) -> tuple[list[Result], StudyTracker, list[tuple[Sentence, list[Hit]]]]:
        """All results of a page, its studies, and the names of each sentence; what was weighed goes to ``record``."""
        tracker = StudyTracker(self._designs, self._own, self._aims, self._part, same_paper(page))
        self.now = InForce(tracker, such=bool(SUCH_PEOPLE.search(page.folded.text)))
        for stage in (self.assign, self.layout, self.finish):
            stage.now = self.now
        self.arms.controlled = CONTROLLED.search(page.folded.text) is not None
        self.sizes.forget()
        self.forest.reset()
        told = " ".join(s.text for s in page.sentences)
        self.contrasts.reset(told)
        self.viewer.begin(self.now, told, record)
        lexicon = self.names.lexicon_for(page)
        results: list[Result] = []
        mentions: list[tuple[Sentence, list[Hit]]] = []
        anchors = [self.names.anchors(s, lexicon) for s in page.sentences]
        tables = list(page.tables)
        for i, sentence in enumerate(page.sentences):
            while tables and tables[0].start < sentence.start:
                results += self._table(tables.pop(0), lexicon, tracker, mentions)
            ahead = cited_ahead(page.sentences, anchors, i)
            self.now.following = page.sentences[i + 1].text if i + 1 < len(page.sentences) else ""
            view = self._view(sentence, lexicon, tracker, anchors[i], ahead)
            mentions.append((sentence, view.hits + _studies_named(anchors[i])))
            results += self._results(view, tracker)
        for table in tables:
            results += self._table(table, lexicon, tracker, mentions)
        its_people(results)
        if page.language == "en":
            self._called.fill(tracker.studies)
        self.sizes.finish(results)
        self._direction.turn(results)
        add_page(results)
        return results, tracker, mentions

    def _table(
        self,
        table: Table,
        lexicon: Lexicon,
        tracker: StudyTracker,
        mentions: list[tuple[Sentence, list[Hit]]],
    ) -> list[Result]:
        """The results of a table; the names in its cells are mentions too."""
        at, spoken, _ = self.now.announced
        for cell in dict.fromkeys(c for row in [*table.heads, *table.body] for c in row):
            where = Sentence(cell.text, cell.start, -1)
            named = _studies_named(self.names.anchors(where, lexicon))
            mentions.append((where, self.names.names(where, lexicon) + named))
        return self.tables.link(
            table,
            tracker,
            lambda text: self.names.names(Sentence(text, 0, -1), lexicon),
            lambda text: self.names.anchors(Sentence(text, 0, -1), lexicon),
            lambda sentence, *told: self._words(sentence, lexicon, tracker, *told),
            self.now.topic,
            spoken if spoken is not None and 0 <= table.start - at <= ANNOUNCE_REACH else self.now.last[2],
        )

    def _words(
        self,
        sentence: Sentence,
        lexicon: Lexicon,
        tracker: StudyTracker,
        study: Study,
        arm: Arm | None,
        outcome: OutcomePhrase | None,
    ) -> list[Result]:
        """The results of a table's cell of words, with what its row and column say."""
        spoken_of = self.now.topic, self.now.topic_at, self.now.titled
        view = self._view(sentence, lexicon, tracker, [], [], study)
        self.now.announced = (sentence.start, outcome, True)
        if arm is not None and not view.arms:
            study.recent = [arm]
        found = list(self._results(view, tracker))
        for r in found:
            if r.arm is None and not r.compares and not view.arms:
                r.arm = arm
        if arm is not None and found:
            arm.used = True
        self.now.announced = (0, None, False)
        self.now.topic, self.now.topic_at, self.now.titled = spoken_of  # the next row's study is another one
        return found

    def _view(
        self,
        sentence: Sentence,
        lexicon: Lexicon,
        tracker: StudyTracker,
        anchors: list[Anchor],
        ahead: list[Anchor],
        own: Study | None = None,
    ) -> View:
        """What was found in a sentence, with the arms of its phrases."""
        opens = sentence.paragraph != tracker.paragraph
        view = self.viewer.view(sentence, lexicon, tracker, anchors, ahead, own)
        if not anchors and not ahead and own is None:
            self.assign.return_to(view, tracker)
        if own is None and opens and not ahead and (not anchors or view.segments[0][1] < anchors[0].start):
            self.assign.leave(view, tracker, bool(anchors))
        self.assign.resolve(view, tracker)
        if view.numeric:
            self.sizes.read(view, tracker)
            if course := self.viewer.times.course(view.text):
                tracker.treated(view.study_at(0), course)
        return view

    def _plotted(self, view: View, numbers: list[Quantity]) -> Iterable[Result]:
        """The results of a line of a forest plot: of the outcome and the groups that the text before it compared."""
        (_, _, outcome), (study, arm, comparator) = self.now.last, self.now.pair
        sides = itertools.cycle([arm, comparator])
        for q in numbers if outcome is not None else ():
            compares = is_estimate(q)
            own, other = (arm, comparator) if compares else (next(sides), None)
            for a in (own, other):
                if a is not None:
                    a.used = True
            if study is not None:
                study.used = True
            r = Result(
                view.sentence, q, outcome, study, own, other, "", "", "reported", compares, ["a forest plot"]
            )
            r.features = features_of(view, Cells([q]), r, None)
            yield r

    def _results(self, view: View, tracker: StudyTracker) -> Iterable[Result]:
        text = view.text
        plotted = self.forest.read(text)
        if plotted is not None:
            yield from self._plotted(view, plotted)
            return
        self._speak_of(view)
        study = view.study_at(0)
        holder = view.sentence.paragraph if study is None else id(study)
        foretold = self.weigh.foretold(view)
        self.now.foretold |= {(holder, k): at for k, at in foretold.items()}
        if not view.label_end:
            self.now.listed = foretold if view.opens_list and not view.quantities else None
            self.now.opener = study
        elif self.now.listed is not None:
            self._as_opened(view)
        chosen = self.viewer.endpoints.chosen if HAN_BY.search(text) else self.weigh.chosen(view)
        if chosen is not None:
            self.now.announced = (view.sentence.start, chosen, True)
            self.finish.aim(view, study, chosen)
        if not view.quantities or view.sentence.heading:
            if chosen is None:
                self._announce(view)
            if view.opens_list and study is not None and self.now.announced[0] == view.sentence.start:
                study.spoken = self.now.announced[1] or study.spoken
            return
        if self._may_be_eligible(text) and self._eligible.match(text):
            return
        candidates = [q for q in view.quantities if q.kind.split(":")[0] in RESULT_KINDS]
        if (of_animals := self._animals.of(text)) is not None:
            candidates = [q for q in candidates if not of_animals[0] <= q.start < of_animals[1]]
        of_pairs = items_of_pairs(view) | self.weigh.closing(view)
        of_pairs |= self.viewer.rows.in_turn(text, view.outcomes, view.quantities)
        candidates = [
            q
            for q in candidates
            if (q.start in of_pairs or self.weigh.plausible(view, q) or self._awaited(view, q))
            and not self._sized(view, q)
        ]
        if view.record is not None:
            kept = {q.start for q in candidates}
            view.record.refused |= {
                view.key(q): "can't be a result" for q in view.quantities if q.start not in kept
            }
        if view.outcomes and not candidates and chosen is None:
            self._announce(view)
        candidates = self.contrasts.mark(view, candidates)
        lists = self.layout.joined(view, cell_lists(text, candidates, view.phrases))
        turns = in_turn(view, lists)
        previous: list[Result] = []
        told: list[Result] = []
        pending: list[Result] = []  # what the next lists repeat
        for i, cells in enumerate(lists):
            _order_as_told(view, cells, told)
            laid = self.layout.lay(view, cells, lists, turns.get(cells.start, {}))
            if len(laid) == 1 and (own := behind(view, laid[0].quantity)) is not None:
                for r in told:
                    if r.quantity is own and r.arm is not None and not r.compares and OWN_CHANGE not in r.why:
                        laid[0].arm, laid[0].why = r.arm, ["in the bracket of a number"]
            more = bool(pending)
            pending = pending or again(view, lists[i:], told)
            repeat(view, laid, pending[: len(laid)] if more else pending, told if more else ())
            pending = pending[len(laid) :]
            for cell in laid:
                item = of_pairs.get(cell.quantity.start)
                if isinstance(item, OutcomePhrase):
                    cell.outcome = item
                elif item is not None:
                    cell.time = item
                if is_estimate(cell.quantity):
                    cell.time = cell.time or self.layout.at_bracket(view, cell.quantity)
                    cell.population = cell.population or _of_its_number(view, cell.quantity, told)
            same_people(view, laid, told)
            same_groups(view, laid, told)
            done: list[Result] = []
            for cell in laid:
                if done and cell.outcome is None:
                    cell.outcome = _counted(done[-1]) or set_against(text, done[-1], cell.quantity)
                if done and cell.quantity.kind == "number" and done[-1].quantity.rule in OVER_TIME:
                    cell.quantity.kind, cell.quantity.unit = "level", done[-1].quantity.unit
                found = self.finish.result(view, tracker, cells, cell, _before(previous, cell))
                if found is None and done and cell.outcome is None and not done[-1].compares:
                    cell.outcome = done[-1].outcome  # what the list's numbers before it are of
                    found = self.finish.result(view, tracker, cells, cell, previous)
                done += [found] if found is not None else []
            if (
                cells.changed
                and len(done) == 2
                and all(r.outcome and self.weigh.lasting(r.outcome) for r in done)
            ):
                from_the_other(view, done)
            yield from done
            for r in done:
                yield from for_each(view, r)
            if not done:
                previous = []
            elif previous and all(
                r.comparator is not None or r.quantity.kind == "p" or r.quantity.kind.startswith("estimate")
                for r in done
            ):
                previous = [*[r for r in previous if r.comparator is None], *done]
            elif previous and OWN_CHANGE in previous[-1].why and OWN_CHANGE in done[0].why:
                previous = [*previous, *done]
            else:
                previous = done
            told += done
        if view.outcomes and (item := _ITEM.search(text)) and view.outcomes[-1].start > item.start():
            self.now.announced = (view.sentence.start, view.outcomes[-1], True)
        for study in {id(r.study): r.study for r in told if r.study is not None}.values():
            arms = list(
                dict.fromkeys(
                    r.arm for r in told if r.study is study and r.arm is not None and not r.compares
                )
            )
            known = len(study.order) > 1 and set(study.order) <= set(arms) and len(arms) < 3
            if len(arms) > 1 and not known:
                study.order = arms
            before = view.pair(study, -1)
            if None not in before:
                study.pair = before

    def _sized(self, view: View, q: Quantity) -> bool:
        """Whether a count is a group's size, and not the next one of a list of counts."""
        if PART in q.flags:
            return False
        if q.kind == "count" and q.start in view.enrolled and _TAKEN_IN.search(view.text, 0, q.start):
            return not listed_count(view, q) and not happened(view.text, q)
        if (
            q.kind == "count"
            and _REPORTED_ON.search(view.text, 0, q.outer_start)
            and not happened(view.text, q)
        ):
            return _ILL_OR_GIVEN.match(view.text, q.outer_end) is not None
        if q.kind == "count" and self._treated_people(view, q):
            return True
        if q.kind != "count" or q.start not in view.sizes:
            return False
        if len(self._shared_out(view)) > 1 and q.start in self._shared_out(view):
            return True
        if view.text.endswith(("将", "把"), 0, q.outer_start):
            return True  # 将120例…的患者随机分组
        own = any(p.is_group and p.end == q.outer_start for p in view.phrases)
        if own and _ILL.match(view.text, q.outer_end):
            return True
        return not listed_count(view, q) and not happened(view.text, q)

    @staticmethod
    def _treated_people(view: View, q: Quantity) -> bool:
        """Whether a clause begins with people who all got what it then tells, before what became of them: ``36名患者经A治疗,治愈率为9%``."""
        got = _THEY_GOT.match(view.text, q.outer_end) if _CLAUSE.search(view.text, 0, q.outer_start) else None
        if got is None or not any(x.kind == "percent" and x.start > got.end() for x in view.quantities):
            return False
        return any(p.kind == "interventions" and p.start == got.end() for p in view.phrases)

    def _awaited(self, view: View, q: Quantity) -> bool:
        """Whether a time is told of the outcome that a study was said to measure: ``主要终点为PFS。…A组和B组分别为9个月和5个月``."""
        at, outcome, opens = self.now.announced
        if q.kind != "time" or not opens or outcome is None or outcome.measure != "time":
            return False
        near = 0 <= view.sentence.start - at <= ANNOUNCE_REACH
        told_as = _MEDIAN if view.sentence.paragraph < 0 else _TOLD_AS  # a cell of a table
        return near and not view.outcomes and told_as.search(view.text[: q.outer_start]) is not None

    def _shared_out(self, view: View) -> set[int]:
        """Where the people are counted who got a treatment that is a group's: ``30例接受A,32例接受B``."""
        given = [p for p in view.phrases if p.kind == "interventions" and view.arms.get(id(p))]
        counts = [q for q in view.quantities if q.kind == "count" and q.start in view.sizes]
        return {
            q.start
            for q in counts
            if any(_GOT.fullmatch(view.text[q.outer_end : p.start]) for p in given if p.start >= q.outer_end)
        }

    def _as_opened(self, view: View) -> None:
        """The studies of a label's line have the groups that the line told which opens the list."""
        opener = self.now.opener
        for _, _, study in view.segments:
            if opener is not None and study is not None and study is not opener and not study.arms:
                for a in opener.arms:
                    study.like(a)

    def _speak_of(self, view: View) -> None:
        """Keep the subgroup that a sentence without numbers ends with, for the next sentence."""
        at, study, crowd = self.now.crowd
        ends = view.sentence.start + len(view.text.rstrip())
        if view.populations or not 0 <= view.sentence.start - at <= _NEXT or view.anchored:
            crowd, study = "", view.study_at(0)
            known = [p for p in view.populations if not p.listed]
            told = study is not None and study.since is not None
            if known and not view.quantities and told and len({p.text for p in known}) == 1:
                crowd, at = known[0].text, ends
        self.now.crowd = (at, study, crowd)

    def _announce(self, view: View) -> None:
        """Keep the last outcome that a sentence names without a number; a colon or a heading opens a list under it."""
        named = [o for o in view.outcomes if not o.generic]
        chosen = self.now.announced[1] if self.now.announced[2] else None
        if named:
            topic = next((o for o in named if o.topic), None)
            study = view.study_at(0)
            if topic is not None and study is not None:
                study.spoken = topic
            named = [topic] if topic is not None else named
            listed = view.opens_list or bool(_ITEM.search(view.text))
            opens = view.sentence.heading or listed or topic is not None
            if not opens and chosen is not None and any(o.concept == chosen.concept for o in named):
                return  # still told of
            self.now.announced = (view.sentence.start, named[-1], opens)
