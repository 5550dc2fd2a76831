"""What makes a number a result: its outcome, time and population, and whom it compares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.core.sieve import possible
from trialmine.find.outcomes import IN_USE, OutcomePhrase
from trialmine.find.quantity import Quantity
from trialmine.link.alone import arm_of_clause
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.beside import arm_after
from trialmine.link.cells import Cell, Cells
from trialmine.link.choose import MEASURE, REACH, can_report, fit, is_estimate
from trialmine.link.confidence import features_of
from trialmine.link.contrasts import RATIOS
from trialmine.link.factors import Factors, arm_of
from trialmine.link.groups import BEFORE, Grouper
from trialmine.link.inforce import ANNOUNCE_REACH, InForce
from trialmine.link.nopair import TESTED, first_of_list, of_no_pair
from trialmine.link.pairs import listed_alone, other_arm, pair_at
from trialmine.link.plausible import CHANGED_BY
from trialmine.link.studies import StudyTracker
from trialmine.link.view import Result, View, near
from trialmine.link.weigh import Weigher
from trialmine.read.segment import HAN

_RATE = Expression(r"率$|\brates?\b")
#: behind a share, those whom it is of
_OF_PEOPLE = Expression(
    r"\s?%?\sof\s(?:(?:the|those|all)\s)?(?:[\p{Latin}-]+\s){0,3}?(?:patients|participants|subjects|people|women|men|adults|children|infants|those|recipients|eyes|cases)\b"
)
#: a number that another one is set against is a result, whatever it is of
_SET_AGAINST = Expression(r"\s?(?:对比?|vs\.?|比)\s?\d")
_REDUCED = Expression(
    r"(?:降低?|下降|减少?|减低|缩减|↓|降幅|减幅)(?:幅度)?(?:了|约|近|达|高达|可达|至少|为)*\s?$|"
    r"(?:比|较|相比)[^,。;\d]{0,20}(?:低|少)(?:了|约|近|达)*\s?$|"
    r"\b(?:reduc\w+|lower\w*|decreas\w+|cut|fell|declined)\b(?:[^.;%]{0,60}\bby\s(?:[\d.]+\s?%|half|(?:an?|two)[\s-]\p{Latin}+)(?:\s?\([^()]*\))?,?(?=\s))*[^.;%]{0,60}\bby\s(?:about\s|nearly\s|almost\s|roughly\s|around\s|over\s|more than\s|an?\s)?$"
)
#: the same for what became more frequent
_RAISED = Expression(
    r"(?:增加|升高|上升|增高|增大|增长|攀升|高出|↑|(?:比|较|相比)[^,。;\d]{0,20}高)(?:幅度)?(?:了|约|近|达|高达|可达|至少|分别)*\s?$|"
    r"\b(?:increas\w+|rais\w+|rose|elevat\w+)\b(?:[^.;%]{0,60}\bby\s[\d.]+\s?%(?:\s?\([^()]*\))?,?(?=\s))*[^.;%]{0,60}\bby\s(?:about\s|nearly\s|almost\s|roughly\s|around\s|over\s|more than\s|an?\s)?$"
)
#: between what was reduced and by how much
_BY = Expression(
    r"\s(?:\([^()]*\)\s)?by\s(?:about\s|nearly\s|almost\s|roughly\s|around\s|over\s|more than\s|an?\s)?$"
)
#: tells what an outcome depends on, whatever the groups got
_FACTOR = Expression(
    r"(?<!(?:治疗|用药|方案|疗法|组)(?:也|均|同样|仍)?)(?:是|为|属于?|作为)(?:影响|与)?[^,。;()]{0,24}?(?:危险|保护|预后|风险|预测|影响|不良)性?(?:因素|因子|指标)|"
    r"\b(?:independent|significant)(?:ly)?\s(?:\p{L}+\s){0,2}?(?:predictors?|(?:risk|prognostic) factors?|associated)\b"
)
#: between what a verb before it reduced and by how much
_REACHING = Expression(r"(?:的?(?:风险|发生率?|危险))?(?:约|近|达|高达|可达)*\s?")
#: words that tell of an event of their own
_OWN_EVENT = Expression(r"\b(?:had|experienced|developed|died|events?|deaths?)\b|发生|出现|事件|死亡")
#: a bare number below is rather how often something happened a year
_LEAST_SHARE = 5
#: numbers of a sentence that is no table
_FEW = 12
HAN_BY = Expression(r"\p{Han}|↓")
_SINCE_BASELINE = Expression(
    r"(?:较|比|与|从|由)(?:基线|治疗前|术前|用药前|前)[^,;。]*$|[由从]\s?\d[^,;。]*$"
)
#: a time after these words is a difference between groups
_GAIN = Expression(
    r"(?:寿命|生存期|时间|时长|天数)(?:显著|平均|可)?(?:增加|减少)(?:了|约|近)?\s?$|(?:延长|缩短|推迟|longer by|shorter by|prolonged by|extended by|gain of|benefit of)(?:了|约|近|接近|至少|将近)*\s?$|(?:延长|缩短)(?:了)?(?:患者)?的?(?:中位|平均)?(?:\p{Han}{2,8}(?:期|时间|时长|天数)|[A-Z]{2,4})(?:约|近|达|长达|超过|至少|了)*\s?$"
)
#: what only says that another study found the same as the one before
_SAME_AGAIN = Expression(
    r"\b(?:same|similar|comparable|corresponding|consistent)\s(?:picture|pattern|stor(?:y|ies)|findings?|results?|trends?|figures|rates|numbers|values)\b[^.;%\d]{0,30}$"
)
#: kinds of numbers that people have before a treatment, too
_LEVELS = ("mean", "level", "number", "percent")
#: from one of them to the next of a list
_AND_NEXT = Expression(r"\s?(?:和|及|与|、)[^,;。()\[\]\d]{0,16}[(\[]?\s?")
#: between two p-values in a row
_NEXT_P = Expression(r"\s?[,、;和及]\s?")
#: from the last number of a change to its p-value
_OPENED_P = Expression(r"[^,;。]{0,4}[(,]?[^,;。()]{0,6}")
#: right before the group with whose bracket an estimate stands, and from that group to its bracket
_SET_TO = Expression(
    r"\b(?:than|to|over|versus|vs\.?|compared with|that (?:of|with))\s(?:(?:in|with|for|on|either|both|the|that|those|of|patients|on)\s){0,4}(?:\p{Latin}+-)?$|"
    r"\b(?:than|compared (?:with|to))\s[^.;()]{0,60}\([^()]*\)\s?,?\s(?:or|and)\s(?:(?:in|with|for|on|the|than)\s){0,3}(?:\p{Latin}+-)?$"
)
#: from the numbers of several groups to the p-value of them all
_ONE_P = Expression(r"[^.;。]{0,80}[(\[,，]\s?(?:\p{Latin}+\s){0,3}[Pp]?\s?(?:values?|值)?\s?[=<>:]?\s?")
_UP_TO_BRACKET = Expression(r"(?:\s(?:group|arm|patients|recipients|users))?\s?")
#: the same in a list; a page's reader prints a bracket twice: ``A( [OR=…``
_UP_TO_ITS_BRACKET = Expression(r"组?\s?(?:\(\d{0,2}\s?)?")
#: from one group of a list over its bracket to the next
_NEXT_IN_LIST = Expression(
    r"组?\s?(?:\(\d{0,2}\s?)?[(\[](?:[^()\[\]。;]|[(\[][^()\[\]。;]*[)\]])*+[)\]]\s?(?:[、,]|和|与|及|以及|且|也|\b(?:and|or)\s(?:(?:with|in|the|both)\s)*)*(?:优于|高于|低于|长于|短于|多于|少于)?\s?"
)
#: right before a p-value: what changed in each of several groups
_EACH_CHANGED = Expression(
    r"(?:[两二三四各]|[2-4]个?)组[^;。()\d]{0,60}?(?:均|都)(?:有|呈|较之?前|显著|明显|有所|逐渐|不同程度|地|的)*(?:下降|降低|升高|上升|改善|提高|增加|减少|缩短|延长|减轻|好转|增高|增强|回升)(?:趋势)?[,;]?\s?\(?[^,;。()\d]{0,8}$"
)
#: from the last group of a list over its bracket to the one that all of them are set against
_BRACKET_THEN = Expression(
    r"组?\s?[(\[](?:[^()\[\]。;]|[(\[][^()\[\]。;]*[)\]])*+[)\]][^。;()\[\]\d]{0,24}(?:(?:均|都|皆|明显|显著)[^。;()\[\]\d]{0,6}[于较比]|\b(?:than|compared|versus|vs)\b[^.;()\[\]\d]{0,16})"
)
#: between two estimates of a list
_NEXT_ESTIMATE = Expression(r"\s?(?:[、,;]|,?\s?\band\b|和|与|及)\s?")
#: from one group to the next that another is set against as well
_OR_NEXT = Expression(r"(?:、|或|和|与|及|\s(?:or|and|nor)\s(?:with\s|in\s|the\s)*)")
#: between the numbers of two arms that are listed, not set against each other
_LISTED = Expression(
    r"^(?!.*\b(?:vs|versus|compared|than|against|and|while|whereas|but)\b)[^,;\p{Han}]*,[^,;\p{Han}]*$"
)


#: from the number in a bracket of its time over those of further times to their outcome: ``术后3 d(10%)和7 d(2%)认知障碍发生率``
_SHARED_BEHIND = Expression(
    r"\s?[)\]](?:\s?(?:、|,|和|与|及|以及)[^,;。()\[\]%]{0,12}[(\[][^()\[\]]{1,40}[)\]])+的?"
)
#: with what was before something was done, whatever it was: 较拔管前略高
_SINCE_HAN = (
    r"(?:较|比|与|同|和)(?:本组|同组)?(?!(?:以|目|当|日|之|提)前)\p{Han}{1,5}(?<![以目当日从之提空])前"
    r"(?=\s?\d|均|都|明显|显著|有|无|比较|相比|略|稍|降|升|下|上|增|减|提高|改善|,)"
)
#: from a group's share to that of the next and what is said of both: ``A组(16%)和B组5例(21%)发生了X``
_SHARED_VERB = Expression(
    r"\)?(?:和|与|及|,|、|而)[^;。()%]{0,36}组[^;。()%]{0,36}\(?\d[\d.]*\s?%\)?(?:的?患者)?(?:分别|均|各)?(?P<v>发生|出现|达到|获得|实现|经历|因|死于|死亡)"
)
_VERB_REACH = 12
#: a change of what was measured last: ``A组校正后的最小二乘均值变化为1.2``
_CHANGE_OF_IT = Expression(
    r"(?:均值|均数|平均|基线的?)变化(?:值|量|幅度)?(?:分别|均)?(?:为|是|达)\s?(?=[-+]?\d)"
)

#: numbers without a unit that have that of what they count, by its name: 住院天数, monthly headache days
_COUNTED_KINDS = ("mean", "number", "level", "estimate:MD", "estimate:difference")
_COUNTS = Expression(r"(?P<day>天数|\bdays)$|(?<=\p{Han})次(?=数$)")
_CLAUSE_ENDS = Expression(r"[,;。)]|[.]\s|\s(?:and|while|whereas)\s")
#: opens a clause that sets groups of its own against each other
_CONTRAST = Expression(r";(?![^()]*\))|,\s(?:whereas|while|whilst|but|although)\s|,(?:而|但|然而)")
#: parts a number from a time that isn't told of it
_APART = Expression(r"[;。]")


#: what was said of one group against the next
_MORE_THAN = Expression(
    r"[高低优长短多少大小好差快慢早晚]于\p{Han}{0,4}$|\bthan\s(?:(?:in|with|the|those|that|of|for|on|patients|receiving)\s)*$"
)


class Finisher:
    """Makes results of numbers; ``now`` is what the page has told so far."""

    def __init__(self, patterns: Patterns, weigh: Weigher, groups: Grouper) -> None:
        self.weigh, self.groups = weigh, groups
        self.factors = Factors(patterns)
        self.now: InForce
        name = r"(?:(?!降|减|升|增|改|提高|上|下|延长|缩短|变|恢复|好转|明显|显著|差|高|低|比|均|分别)[^,;。()\[\]\d]){0,16}"
        self._from_before = patterns.compile(rf"(?:{{{{since_before}}}})的?{name}[(\[]?\s?\d")
        self._since, self._between = (
            patterns.compile(
                rf"(?:{{{{since_before}}}}|[较比与同于和]T\d(?:时刻?|时点)?(?!\d|[、和与及~-]T))|{_SINCE_HAN}"
            ),
            patterns.compile("(?:{{between_groups}})"),
        )
        aim = r"(?:(?i:the\s)?(?i:{{endpoint}})|(?i:the\s)?(?:[Pp]rimary|[Mm]ain)\s(?:\p{Latin}+\s){0,2}?(?:outcome|end\s?-?point)s?)"
        self._aim = patterns.compile(rf"{aim}(?:\sevents?|事件)?(?:的?(?:累积)?(?:发生率|率|风险))?")
        self._is_aim = patterns.compile(
            rf"{aim}(?:\s\([^()]*\))?(?:\s?(?:was|were|is|of|[,:(为是])\s?)+(?:an?\s|the\s|composite\sof\s)*$|,\s{aim}\s?[,(]"
        )
        self._may_be_aim = possible(self._is_aim)

    def result(
        self, view: View, tracker: StudyTracker, cells: Cells, cell: Cell, previous: list[Result]
    ) -> Result | None:
        """The result of a cell, or None where nothing says what it is of; ``previous`` are those of the lists before."""
        q = cell.quantity
        study = cell.study or view.study_at(q.start)
        unit = study.unit if study is not None else ""
        outcome, score = self._outcome(view, cells, cell, study, previous)
        factor = self.factors.of(view, q)  # 高龄(OR=2.3)是X的危险因素
        if factor is not None:
            study = study or tracker.default(view.sentence)
            outcome, cell.arm = factor[0], arm_of(view, q, study, factor[1])
            cell.why.append("factor of an event")
        if outcome is None or not self.weigh.accept(view, cells, q, outcome, study, cell.arm):
            if view.record is not None:
                view.record.refused[view.key(q)] = (
                    "no outcome" if outcome is None else "neither arm, study nor a known outcome"
                )
            return None
        outcome = self._aimed(view, study, outcome)
        if study is None:
            study = tracker.default(view.sentence) if cell.arm is None and view.arms else None
        time = self._time(view, cells, cell, study, outcome, previous)
        self._keep(view, q, study, outcome, time)
        population = cell.population.text if cell.population else self.weigh.population(view, q, cells.end)
        population = population or view.label
        if not population and not view.populations and study is self.now.crowd[1]:
            population = self.now.crowd[2]
        if factor is not None and population and population in factor[1]:
            population = ""
        if study is not None and population and study.labelled(population) is not None:
            population = ""  # A-treated patients are a group's
        self._set_kind(view, cells, cell, study, outcome, unit)
        compares = self._compares(view, q)
        arm, comparator = cell.arm, None
        if outcome.measure == IN_USE and not near(view.phrases, q.end, outcome.start):
            arm = None  # of all who took part
        view.within = False
        if compares and factor is None:
            arm, comparator = _laid_against(view, cell) or self._compared(view, q, previous, arm)
            view.against = comparator
        if study is not None:  # the groups of another study of the sentence are this one's, too
            arm, comparator = (a and study.like(a) for a in (arm, comparator))
            study.used = True
        if compares:
            self.now.pair = (study, arm, comparator)
        if not compares and self._of_all(view, cells, q, study, outcome):
            arm = None
        for a in (arm, comparator):
            if a is not None:
                a.used = True
        assertion = self.weigh.assertion(view, q)
        result = Result(
            view.sentence, q, outcome, study, arm, comparator, time, population, assertion, compares, cell.why
        )
        result.within = view.within
        result.features = features_of(view, cells, result, score)
        return result

    def _of_all(
        self, view: View, cells: Cells, q: Quantity, study: Study | None, outcome: OutcomePhrase
    ) -> bool:
        """Whether a trait is told once, of all who took part in a study of several groups: ``56% were male``."""
        if not self.weigh.is_trait(outcome):
            return False
        if study is not None and len([a for a in study.arms if a.interventions]) < 2:
            return False
        start = max(view.text.rfind(c, 0, q.start) for c in ",;。:(") + 1
        stop = _CLAUSE_ENDS.search(view.text, q.outer_end)
        end = stop.start() if stop else len(view.text)
        own = any(start <= p.start < q.start for p in view.phrases if view.arms.get(id(p)))
        alone = not any(x is not q and start <= x.start < end for x in cells.quantities)
        return alone and not own and arm_after(view, q) is None

    def _outcome(
        self, view: View, cells: Cells, cell: Cell, study: Study | None, previous: list[Result]
    ) -> tuple[OutcomePhrase | None, float | None]:
        """The outcome of a cell and, where it was weighed, its score: its axis', the sentence's, else one still in force."""
        q, outcome = cell.quantity, cell.outcome
        score: float | None = None
        if outcome is None and q.kind == "percent" and (m := _SHARED_VERB.match(view.text, q.outer_end)):
            outcome = next(iter(near(view.outcomes, m.start("v"), m.end() + _VERB_REACH)), None)
        if outcome is None:
            earlier = [r for r in previous if r.quantity.end <= q.start] or previous
            last = max(earlier, key=lambda r: r.quantity.start) if earlier else None
            outcome, score = self.weigh.outcome(view, cells, q, last)
            if outcome is not None:
                cell.why.append(f"outcome {outcome.text} ({score:.1f})")
        estimate = q.kind.startswith("estimate:")
        if outcome is None and estimate and HAN.search(view.text):
            named = {o.concept: o for o in view.outcomes if o.end <= q.start and not o.generic}
            events = [o for o in named.values() if o.measure in ("rate", "event", "time")]
            outcome = events[0] if len(named) == len(events) == 1 else None  # the only one of its sentence
        last_told = study.spoken if study is not None and not near(view.outcomes, 0, q.start) else None
        if outcome is None and isinstance(last_told, OutcomePhrase) and last_told.measure == "level":
            same = q.kind in ("number", "mean", "level") and _CHANGE_OF_IT.search(view.text, 0, q.end)
            outcome = last_told if same else None
        if outcome is None and (q.kind == "p" or estimate) and study is not None and study.outcome:
            outcome = OutcomePhrase(0, 0, study.outcome, "", "")
        if outcome is None and (cell.arm is not None or estimate):
            outcome = (
                self._announced(view, q)
                or self._still(view, q)
                or self._only(view, q)
                or self._carried(view, q)
            )
        if outcome is None:
            outcome = self._resort(view, cells, q, study)
        return outcome, score

    def _resort(self, view: View, cells: Cells, q: Quantity, study: Study | None) -> OutcomePhrase | None:
        """What a number is of that is surely a result, though nothing says so: the outcome of its sentence that goes with
        its kind and stands nearest, else the one that the page spoke of last."""
        surely = (is_estimate(q) and q.kind != "p") or cells.paired or q.interval is not None
        if not surely or q.kind in ("mean", "count", "not_reached"):
            return None
        told = near(view.outcomes, cells.start - REACH, cells.end + REACH)
        named = [o for o in told if not o.generic and view.study_at(o.start) is view.study_at(q.start)]
        fits = [o for o in named if fit(q, o) >= 0]
        if fits:
            return min(
                fits, key=lambda o: cells.start - o.end if o.end <= cells.start else 2 * (o.start - q.start)
            )
        paragraph, _, outcome = self.now.last
        if named or outcome is None or view.sentence.paragraph - paragraph > 1:
            return None
        kind, unit = self.now.told_as
        if is_estimate(q) or fit(q, outcome) >= 0 or (kind, unit) == (q.kind, q.unit):
            return outcome
        if q.kind != "number" or kind not in ("time", "percent", "level") or not cells.paired:
            return None
        q.kind, q.unit = kind, unit  # 2.1 v 2.4, of what was 1.7 v 2.2%/yr before
        return outcome

    def aim(self, view: View, study: Study | None, outcome: OutcomePhrase) -> None:
        """Keep an outcome that a study set out to measure."""
        self.now.aims |= dict.fromkeys((id(study), view.sentence.paragraph), outcome)

    def _aimed(self, view: View, study: Study | None, outcome: OutcomePhrase) -> OutcomePhrase:
        """What an outcome is that a text only calls the primary one; what it calls so itself is kept."""
        text = view.text
        if self._aim.fullmatch(outcome.text):
            told = self.now.aims.get(id(study)) or self.now.aims.get(view.sentence.paragraph)
            if told is None and (study is None or not study.identified):
                told = self.now.aims.get(id(None))  # told before any study was in force
            if told is not None:
                return replace(outcome, concept=told.concept, measure=told.measure, known=told.known)
        elif self._may_be_aim(text) and (
            self._is_aim.search(text, max(0, outcome.start - 60), outcome.start)
            or self._is_aim.match(text, outcome.end)
        ):
            self.aim(view, study, outcome)
        return outcome

    def _time(
        self,
        view: View,
        cells: Cells,
        cell: Cell,
        study: Study | None,
        outcome: OutcomePhrase,
        previous: list[Result],
    ) -> str:
        """The time of a cell: its axis', the sentence's, that of the result before, or one that the text told ahead."""
        q = cell.quantity
        if cell.time is BEFORE and not _had_before(view, outcome):
            cell.time = None
        if q.kind in _LEVELS and HAN.search(view.text) and self._was_before(view.text, q, previous):
            return BEFORE.value  # 较治疗前(5.2±1.1)降低
        time = cell.time.value if cell.time else self.weigh.time(view, q, outcome, cells.end)
        before = previous[-1].outcome if previous else None
        if q.kind == "p" and before is not None and before.concept == outcome.concept:
            last = previous[-1]
            here = last.sentence is view.sentence and not near(view.times, last.quantity.end, q.start)
            time = (last.time if last.time != BEFORE.value else "") if here or not time else time
        lasting = q.kind == "percent" and self.weigh.lasting(outcome)
        if not time and lasting:
            time = _time_of_shares(view, study, previous, self.weigh.lasting)
        plain = q.kind != "time" and not is_estimate(q)
        if not time and plain and not near(view.times, 0, q.start):
            holders = (id(study), view.sentence.paragraph)
            told = (self.now.foretold.get((h, outcome.concept)) for h in holders)
            time = next(filter(None, told), "")
        if study is None:
            return time
        # a share of people who live on is of some time
        silent = not view.times and (lasting or not view.outcomes)
        if not time and silent and study.outcome == outcome.concept and study.at != "baseline":
            time = study.at
        # the same outcome again, in others, and no other time was told
        if (
            plain
            and time != "baseline"
            and len({t.value for t in view.times}) == 1
            and view.times[0].value != "baseline"
        ):
            time = time or view.timed.get(outcome.concept, "")
            own = cells.changed and cell.arm is not None and not any("reference arm" in w for w in cell.why)
            if (
                not time
                and own
                and not _APART.search(view.text, q.outer_end, max(q.outer_end, view.times[0].start))
            ):
                time = view.times[0].value  # from a to b with A and from c to d with B at 26 weeks
            view.timed[outcome.concept] = time
        return time

    def _was_before(self, text: str, q: Quantity, previous: list[Result]) -> bool:
        """Whether a number is what a later one is set against: ``较治疗前X(5.2)和Y(3.1)降低``."""
        told = self._from_before.finditer(text, max(0, q.start - 40), q.start + 1)
        if any(m.end() == q.start + 1 for m in told):
            return True
        last = previous[-1] if previous and previous[-1].time == BEFORE.value else None
        return last is not None and bool(_AND_NEXT.fullmatch(text, last.quantity.outer_end, q.start))

    def _keep(self, view: View, q: Quantity, study: Study | None, outcome: OutcomePhrase, time: str) -> None:
        """Keep what a result is of, for the numbers after it."""
        if study is not None:
            study.since = view.sentence.start + q.start if study.since is None else study.since
            study.outcome, study.spoken, study.at, study.unit = outcome.concept, outcome, time, q.unit
        self.now.last = (view.sentence.paragraph, study, outcome)
        if not is_estimate(q):
            self.now.told_as = (q.kind, q.unit)
        if study is not self.now.first[0]:
            self.now.first = (study, outcome)
        self.weigh.remember(view, study, outcome, time)

    def _set_kind(
        self, view: View, cells: Cells, cell: Cell, study: Study | None, outcome: OutcomePhrase, unit: str
    ) -> None:
        """What kind of number it is, now that its outcome is known: a reduction, a share without its sign, a count."""
        q, first = cell.quantity, cells.quantities[0]
        if q.kind == "number" and cells.paired and outcome.measure == "rate" and self.weigh.lasting(outcome):
            outcome.measure = "time"  # of progression or death (PFS 8.3 vs 6.4)
        alone = len(cells.quantities) == 1 or (
            (cell.outcome is not None or "armed" in cells.gaps) and {*cells.gaps} <= {"list", "armed"}
        )
        if q.kind == "percent" and q.events is None and alone:
            if self._moved(view, first, outcome, _REDUCED):
                q.kind = "estimate:risk_reduction"
            elif self._moved(view, first, outcome, _RAISED):
                q.kind = "estimate:difference"
        if q.kind == "number" and cells.paired and self._bare_share(view, q, outcome, unit):
            q.kind, q.unit = "percent", "%"
            if study is not None:
                study.unit = q.unit
        counted = outcome.measure in ("event", "rate") and view.text[q.start : q.end].isdigit()
        if q.kind == "number" and counted:
            q.kind, q.unit = "count", "participants"
        if q.kind == "percent" and outcome.measure == "efficacy":
            q.kind = "estimate:risk_reduction"
        if not q.unit and q.kind in _COUNTED_KINDS and (m := _COUNTS.search(outcome.text)):
            q.unit = "day" if m["day"] else m.group()

    def _compares(self, view: View, q: Quantity) -> bool:
        """Whether a number is of two groups: an estimate, a p-value, or by how much longer something lasted."""
        if q.kind.startswith("estimate") or q.kind in ("p", "fraction"):
            return True
        before = view.text[: q.start]
        return q.kind == "time" and bool(_GAIN.search(before) or CHANGED_BY.search(before))

    def _only(self, view: View, q: Quantity) -> OutcomePhrase | None:
        """The only outcome that a sentence names, for a group's number that nothing else speaks of."""
        named = {o.concept: o for o in reversed(view.outcomes) if not o.generic}
        if len(named) != 1 or len(view.quantities) > _FEW or is_estimate(q):
            return None
        (only,) = named.values()
        if only.start > q.start and not _SHARED_BEHIND.fullmatch(view.text, q.outer_end, only.start):
            return None
        level = q.kind in ("level", "mean", "number")
        fits = (
            only.measure in ("level", "")
            if level
            else q.kind in ("percent", "events") and only.measure != "time"
        )
        return only if fits or (q.kind == "time" == only.measure) else None

    def _announced(self, view: View, q: Quantity) -> OutcomePhrase | None:
        """The outcome that the sentences before named without a number, for the numbers listed under it."""
        at, outcome, opens = self.now.announced
        if outcome is None or not 0 <= view.sentence.start - at <= ANNOUNCE_REACH:
            return None
        if q.kind.startswith("estimate:"):
            return outcome if outcome.measure in ("time", "rate") else None
        counted = q.kind in ("count", "events") and outcome.measure in ("rate", "event", "")
        level = q.kind in ("mean", "level") and outcome.measure == "level" and q.relation == "="
        fits = opens and (can_report(q, outcome) or ((counted or level) and view.sentence.start > at))
        return outcome if fits else None

    def _carried(self, view: View, q: Quantity) -> OutcomePhrase | None:
        """The outcome of the paragraph's last result, for a ratio with limits whose sentence names none: it is of
        a subgroup, a dose or a model."""
        paragraph, _, outcome = self.now.last
        if q.kind not in RATIOS or q.interval is None or paragraph != view.sentence.paragraph:
            return None
        if _OWN_EVENT.search(view.text, max(0, q.start - 60), q.start):
            return None
        return outcome

    def _still(self, view: View, q: Quantity) -> OutcomePhrase | None:
        """The outcome of the paragraph's last result, where another study's sentence names none: ``[8]中A组为19%``."""
        paragraph, study, outcome = self.now.last
        if study is not None and study is self.now.first[0]:
            outcome = self.now.first[1]  # what it was about, before its harms
        moved = study is not None and view.study_at(q.start) is not study
        silent = (not view.outcomes and not MEASURE.search(view.text)) or _SAME_AGAIN.search(
            view.text[: q.start]
        )
        near = view.sentence.paragraph - (1 if _SET_AGAINST.match(view.text[q.outer_end :]) else 0)
        same = moved and silent and paragraph >= near
        return (
            outcome
            if same and outcome is not None and q.kind == "percent" and can_report(q, outcome)
            else None
        )

    def _bare_share(self, view: View, q: Quantity, outcome: OutcomePhrase, unit: str) -> bool:
        """Whether one of two bare numbers set against each other is a percentage, as the number of the study before was:
        ``CR 65 vs 32``, ``2-y PFS 71.4 v 60.3``."""
        if q.unit or q.interval is not None or q.value is None or not 0 <= q.value <= 100:
            return False
        if outcome.measure == "rate" and not self.weigh.lasting(outcome):
            return q.value >= _LEAST_SHARE and ("%" in view.text or unit == "%")
        timed = any(t.end <= outcome.start <= t.end + 2 for t in view.times)
        return outcome.measure == "time" and timed and outcome.end <= q.start

    def _moved(self, view: View, q: Quantity, outcome: OutcomePhrase, verbs: regex.Pattern[str]) -> bool:
        """A share by which an event became rarer or more frequent: ``reduced stroke by 21%``, ``死亡减少14%``; a rate only
        against a group."""
        if _OF_PEOPLE.match(view.text, q.end):
            return False  # a fall of 2 points was met by 38% of patients
        against = any(p.reference and view.arms.get(id(p)) for p in view.phrases)
        by_how_much = view.text[max(0, q.start - 20) : q.start]
        told = outcome.known and bool(HAN_BY.search(by_how_much[-6:]) or _BY.search(by_how_much))
        event = outcome.measure == "event" or (
            (outcome.measure == "rate" or not outcome.known) and (against or told)
        )
        before = view.text[: q.start]
        by = outcome.end <= q.start and _BY.match(before, outcome.end)
        verb = verbs.search(before, 0 if by or outcome.end > q.start else outcome.end)
        if (
            verb is None and outcome.end <= q.start and _REACHING.fullmatch(before, outcome.end)
        ):  # 降低全因死亡11%
            verb = verbs.search(before, 0, outcome.start) or verbs.search(
                before, outcome.start, outcome.start + 2
            )
        signed = verbs is _REDUCED and outcome.measure == "event" and view.text[q.start : q.start + 1] == "-"
        return event and (signed or verb is not None) and not _SINCE_BASELINE.search(before[-40:])

    def _compared(
        self, view: View, q: Quantity, previous: list[Result], arm: Arm | None
    ) -> tuple[Arm | None, Arm | None]:
        """The arms of an effect estimate: those of the numbers just before it, else the sentence's pair."""
        within = self._within(view, q, previous) if q.kind == "p" else None
        view.within = within is not None
        if within is not None:
            return within[0], None
        if q.kind == "p" and of_no_pair(view.text, q):
            return None, None
        if not any(view.arms.get(id(p)) for p in view.phrases) and _FACTOR.search(view.text):
            return None, None  # X是OS的独立危险因素(HR=2.1): of those with and without X
        if (pair := _each_in_turn(view, q) or listed_alone(view, q)) is not None:
            return pair
        own = arm_of_clause(view, q)
        if own is not None:
            study = view.study_at(q.start)
            against = [view.arm(p) for p in view.known() if p.reference and view.study_at(p.start) is study]
            other = against[0] if len(against) == 1 and against[0] is not own else None
            if (other := other or other_arm(view, q.start, study, own)) is not None:
                return own, other
        if (pair := _in_bracket_of(view, q) or _in_list_against(view, q)) is not None:
            return pair
        near = [
            r
            for r in previous
            if r.arm is not None and r.quantity.outer_end <= q.start and r.comparator is None
        ]
        arms = list(dict.fromkeys(r.arm for r in near))
        gap = view.text[near[-1].quantity.outer_end : q.start] if near else ""
        if near and (control := _control_of_doses(view, q, near[-1])) is not None:
            return near[-1].arm, control
        several = len({id(a) for told in view.arms.values() for a in told}) > 2
        listed = several and view.text[q.outer_start - 1 : q.outer_start] == "("
        others = [
            a
            for p in view.phrases
            if near and near[-1].quantity.outer_end <= p.start and p.end <= q.start
            for a in view.arms.get(id(p), ())
            if a not in arms
        ]
        if len(arms) == 2 and not others and not regex.search(r"[。]", gap) and len(gap) < 60:
            between = view.text[near[-2].quantity.outer_end : near[-1].quantity.start]
            if listed and _LISTED.match(between):
                # 2% on A, 3% on B (RR 1.5) and 4% on C (RR 2.0): the bracket tells of B
                return arms[1], arms[0]
            if q.kind == "p" and _says_which(view, near[-2], near[-1]):
                return arms[0], arms[1]  # A had more than B (9 vs 4, P=0.01): it is told of A
            return self.groups.orient(view.study_at(q.start), arms[0], arms[1])
        if listed and len(arms) == 1 and view.against not in (None, arms[0]) and len(gap) < 60:
            return arms[0], view.against
        if q.kind == "p" and len(arms) > 2 and not others and _ONE_P.fullmatch(gap):
            return None, None  # of all the groups at once
        named = arm_after(view, q)
        focus, reference = pair_at(view, q.start)
        if not any(
            p.reference for p in view.phrases if p.start < q.start or (focus, reference) == (None, None)
        ):
            told = {
                id(a)
                for p in view.phrases
                if p.end <= q.start
                for a in view.arms.get(id(p), ())
                if len(view.arms[id(p)]) == 1
            }
            listed = {id(focus), id(reference)} <= told
            focus, reference = self.groups.orient(
                None if listed else view.study_at(q.start), focus, reference
            )
        if named is not None and named is not focus:
            if named is reference and any(
                p.reference and named in view.arms.get(id(p), []) for p in view.phrases
            ):
                return focus, named
            return named, (reference if reference is not named else focus)
        if focus is None and reference is None:
            return arm, None
        focus = first_of_list(view, q, focus, reference)
        return focus, (reference if reference is not focus else None)

    def _within(self, view: View, q: Quantity, previous: list[Result]) -> tuple[Arm | None] | None:
        """The group whose change a p-value is of, where it compares what came after with what was before: ``较治疗前降低(P<0.05)``.

        None where it compares groups, and a group of None where it is of several groups' changes.
        """
        text = view.text
        last = max((x.outer_end for x in view.quantities if x.outer_end <= q.start), default=0)
        start = max(last, *(text.rfind(c, 0, q.start) + 1 for c in ";。"))
        changed = len(previous) == 2 and previous[0].time == "baseline" and previous[0].arm is previous[1].arm
        changed = changed and not previous[1].compares and previous[1].quantity.outer_end == last
        if changed and _OPENED_P.fullmatch(text, last, q.outer_start):
            return (previous[1].arm,)
        same = previous[-1] if previous and previous[-1].quantity.kind == "p" else None
        if (
            same is not None
            and same.within
            and _NEXT_P.fullmatch(text, same.quantity.outer_end, q.outer_start)
        ):
            return (same.arm,)  # 均较治疗前降低(P=0.01,P=0.02)
        told = list(self._since.finditer(text, start, q.start))
        if self._between.search(text, start, q.start):
            return None
        if not told and (own := self._changed_alone(view, q)) is not None:
            return (own,)
        phrases = [p for p in view.phrases if start <= p.start < q.start]
        named = list(dict.fromkeys(a for p in phrases for a in view.arms.get(id(p), ())))
        if not told and same is not None and same.within and len(named) == 1 and not phrases[0].reference:
            return (named[0],)  # B组无变化(P=0.3)
        if not told and _EACH_CHANGED.search(TESTED.sub("", text[start : q.start])):
            return (None,)  # 两组评分均下降(P<0.05)
        if not told or any(p.reference and p.end > told[-1].end() for p in phrases):
            return None
        if len(named) > 1 or any(p.kind in ("both", "all") for p in phrases):
            return (None,)
        study = view.study_at(q.start)
        if not named and study is not None:
            named = study.recent or study.arms
        return (named[0] if len(named) == 1 else None,)

    def _changed_alone(self, view: View, q: Quantity) -> Arm | None:
        """The only group of a stretch that tells values after and before: ``A组:治疗后X(3.1)较治疗前X(5.2)降低(P<0.05)``."""
        text, end = view.text, q.outer_start
        before = [x for x in view.quantities if x.outer_end <= q.start and is_estimate(x)]
        while before and _NEXT_P.fullmatch(text, before[-1].outer_end, end):
            end = before.pop().outer_start
        start = max([x.outer_end for x in before] + [text.rfind(c, 0, end) + 1 for c in ";。"])
        told = list(self._since.finditer(text, start, q.start))
        if not told or self._between.search(text, start, q.start):
            return None
        if not self._from_before.search(text, told[-1].start(), q.start):
            return None
        groups = {
            id(view.arms[id(p)][0]): view.arms[id(p)][0]
            for p in view.phrases
            if start <= p.start < q.start and view.arms.get(id(p))
        }
        if not groups:
            earlier = [p for p in view.phrases if p.end <= start and len(view.arms.get(id(p), ())) == 1]
            groups = {0: view.arms[id(earlier[-1])][0]} if earlier else {}
        return next(iter(groups.values())) if len(groups) == 1 else None


def _laid_against(view: View, cell: Cell) -> tuple[Arm, Arm] | None:
    """The group that a list of groups was laid over an estimate of, and the one that all of them are set against: ``A at 5, 10
    and 20 mg lowered X by 11%, 23% and 31% relative to placebo``."""
    if cell.arm is None or not any(w.startswith("axis of") and w.endswith("arms") for w in cell.why):
        return None
    against = {
        id(a): a
        for p in view.phrases
        if p.reference and len(view.arms.get(id(p), ())) == 1
        for a in view.arms[id(p)]
    }
    (other,) = against.values() if len(against) == 1 else (None,)
    return (cell.arm, other) if other is not None and other is not cell.arm else None


def _control_of_doses(view: View, q: Quantity, last: Result) -> Arm | None:
    """The placebo group that each of several doses with an estimate of its own is set against: ``23% at 25 mg (P=0.01) and 18% at 10 mg (P=0.04)``."""
    study, arm = view.study_at(q.start), last.arm
    behind = view.text[last.quantity.end : q.start]
    if study is None or arm is None or not arm.dose or behind.count("(") != 1 or ")" in behind:
        return None
    if not any(a.key == arm.key and a.dose not in ("", arm.dose) for a in study.arms):
        return None
    return next((a for a in study.arms if "placebo" in a.interventions), None)


def _in_bracket_of(view: View, q: Quantity) -> tuple[Arm, Arm] | None:
    """The two of several groups that an estimate in the bracket of one compares: ``higher with A (44%) than with B (31%; OR 1.9)``."""
    opened = view.text.rfind("(", 0, q.start)
    if opened < 0 or ")" in view.text[opened : q.start]:
        return None
    study = view.study_at(q.start)
    named = [
        p
        for p in view.phrases
        if p.end <= opened and len(view.arms.get(id(p), ())) == 1 and view.study_at(p.start) is study
    ]
    for m in _CONTRAST.finditer(view.text, 0, opened):  # a clause that tells its own two groups
        own = [p for p in named if m.end() <= p.start]
        named = own if own and not own[0].reference else named
    if len({id(view.arms[id(p)][0]) for p in named}) < 2 or not _UP_TO_BRACKET.fullmatch(
        view.text, named[-1].end, opened
    ):
        return None
    first, last = view.arms[id(named[0])][0], view.arms[id(named[-1])][0]
    if len({id(a) for told in view.arms.values() for a in told}) < 3 or first is last or named[0].reference:
        return None
    return (first, last) if _SET_TO.search(view.text, 0, named[-1].start) else None


def _in_list_against(view: View, q: Quantity) -> tuple[Arm, Arm] | None:
    """The two groups that an estimate in the bracket of one of a list compares: ``A优于B[OR=1.4,…]、C[OR=1.9,…]和D[…]``."""
    text = view.text
    opened = max(text.rfind("(", 0, q.start), text.rfind("[", 0, q.start))
    if opened < 0 or regex.search(r"[)\]]", text[opened : q.start]):
        return None
    named = [p for p in view.phrases if p.end <= opened and len(view.arms.get(id(p), ())) == 1]
    if not named or not _UP_TO_ITS_BRACKET.fullmatch(text, named[-1].end, opened):
        return None
    own = first = named.pop()
    if (other := _set_below(view, own)) is not None and other is not view.arms[id(own)][0]:
        return view.arms[id(own)][0], other
    while named and not first.reference and _NEXT_IN_LIST.fullmatch(text, named[-1].end, first.start):
        first = named.pop()
    focus = next((p for p in reversed(named) if not p.reference), None)
    if focus is None or first is own or not first.reference:
        return None
    arm, other = view.arms[id(focus)][0], view.arms[id(own)][0]
    return (arm, other) if arm is not other else None


def _each_in_turn(view: View, q: Quantity) -> tuple[Arm, Arm] | None:
    """The groups of the n-th of as many estimates as groups are set against one: ``A和B均低于C(P值分别为0.01和0.03)``.

    The same for one group that is set against several: ``longer with A than with B or C (P = .01 and .03)``.
    """
    alike = [x for x in view.quantities if x.kind == q.kind]
    first = last = next(i for i, x in enumerate(alike) if x is q)
    while first and _NEXT_ESTIMATE.fullmatch(view.text, alike[first - 1].outer_end, alike[first].outer_start):
        first -= 1
    while last + 1 < len(alike) and _NEXT_ESTIMATE.fullmatch(
        view.text, alike[last].outer_end, alike[last + 1].outer_start
    ):
        last += 1
    n = last + 1 - first
    if n < 2:
        return None
    start = alike[first].outer_start
    at = max((x.outer_end for x in view.quantities if x.outer_end <= start), default=0)
    named = [p for p in view.phrases if at <= p.start and p.end <= start and view.arms.get(id(p))]
    sides: tuple[list[Arm], list[Arm]] = ([], [])
    below = False
    for i, p in enumerate(named):
        below = p.reference or bool(below and _OR_NEXT.fullmatch(view.text, named[i - 1].end, p.start))
        sides[below].extend(a for a in view.arms[id(p)] if a not in sides[below])
    if {len(sides[0]), len(sides[1])} != {1, n} or set(map(id, sides[0])) & set(map(id, sides[1])):
        return None
    place = next(i for i, x in enumerate(alike) if x is q) - first
    focus, reference = (side[place if len(side) > 1 else 0] for side in sides)
    return focus, reference


def _set_below(view: View, own: ArmPhrase) -> Arm | None:
    """The group that a list of groups, each with its bracket, is set against: ``A组(P=0.02)、B组(P=0.04)的X均低于C组``."""
    last = own
    listed = any(
        _NEXT_IN_LIST.fullmatch(view.text, p.end, own.start) for p in view.phrases if p.end <= own.start
    )
    for p in view.phrases:
        if p.start < last.end or len(view.arms.get(id(p), ())) != 1:
            continue
        if (
            p.reference
            and (listed or last is not own)
            and _BRACKET_THEN.fullmatch(view.text, last.end, p.start)
        ):
            return view.arms[id(p)][0]
        if not _NEXT_IN_LIST.fullmatch(view.text, last.end, p.start):
            return None
        last = p
    return None


def _time_of_shares(
    view: View, study: Study | None, previous: Sequence[Result], lasting: Callable[[OutcomePhrase], bool]
) -> str:
    """The time of the sentence's last share of people who live on: ``3年PFS率为87%,OS率为94%``."""
    for r in reversed(previous):
        if r.sentence is not view.sentence or r.study is not study:
            return ""
        if r.quantity.kind == "percent" and r.outcome is not None and lasting(r.outcome):
            return r.time
    return ""


def _had_before(view: View, outcome: OutcomePhrase) -> bool:
    """Whether people have a value of an outcome at baseline: a level, not a rate; or a text that speaks of baseline."""
    rate = outcome.measure in ("rate", "event", "time") or (
        not outcome.measure and _RATE.search(outcome.text)
    )
    return not rate or any(t.value == "baseline" for t in view.times)


def _says_which(view: View, first: Result, second: Result) -> bool:
    """Whether the words right before two numbers say of the first one's group that it had more or less than the other."""
    told = [p for p in view.known() if p.end <= first.quantity.start][-1:]
    if not told or not told[0].reference or view.arm(told[0]) is not second.arm or first.arm is second.arm:
        return False
    return _MORE_THAN.search(view.text, max(0, told[0].start - 10), told[0].start) is not None
