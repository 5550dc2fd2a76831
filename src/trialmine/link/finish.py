"""What makes a number a result: its outcome, time and population, and whom it compares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Study
from trialmine.core.sieve import possible
from trialmine.core.words import PEOPLE
from trialmine.find.outcomephrase import IN_USE, OutcomePhrase
from trialmine.find.quantity import Quantity
from trialmine.link.beside import arm_after
from trialmine.link.cells import Cell, Cells
from trialmine.link.choose import is_estimate
from trialmine.link.confidence import features_of
from trialmine.link.factors import Factors, arm_of
from trialmine.link.groups import BEFORE, Grouper
from trialmine.link.inforce import ANNOUNCE_REACH, InForce
from trialmine.link.lasted import CHANGED_BY
from trialmine.link.setting import ANOTHER_VERB
from trialmine.link.silent import last_resort, still_told
from trialmine.link.since import Since
from trialmine.link.studies import StudyTracker
from trialmine.link.versus import Versus, laid_against
from trialmine.link.view import Result, View, near
from trialmine.link.weigh import Weigher
from trialmine.read.segment import HAN

_RATE = Expression(r"率$|\brates?\b")
#: what points back to the outcome that was told last: ``88% reached this endpoint``
_POINTED_AT = Expression(
    r"(?i:th(?:is|at) (?:end\s?point|goal|target|score)|the end\s?point)|[该此]终点|(?:这一|上述)终点|(?:该|这一)目标"
)
#: behind a share, those whom it is of
_OF_PEOPLE = Expression(
    rf"\s?%?\sof\s(?:(?:the|those|all)\s)?(?:[\p{{Latin}}-]+\s){{0,3}}?(?:{PEOPLE}|those|recipients|eyes|cases)\b"
)
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
#: between what a verb before it reduced and by how much
_REACHING = Expression(r"(?:的?(?:风险|发生率?|危险))?(?:约|近|达|高达|可达)*\s?")
#: a bare number below is rather how often something happened a year
_LEAST_SHARE = 5
HAN_BY = Expression(r"\p{Han}|↓")
_SINCE_BASELINE = Expression(
    r"(?:较|比|与|从|由)(?:基线|治疗前|术前|用药前|前)[^,;。]*$|[由从]\s?\d[^,;。]*$"
)
#: a time after these words is a difference between groups
_GAIN = Expression(
    r"(?:寿命|生存期|时间|时长|天数)(?:显著|平均|可)?(?:增加|减少)(?:了|约|近)?\s?$|(?:延长|缩短|推迟|longer by|shorter by|prolonged by|extended by|gain of|benefit of)(?:了|约|近|接近|至少|将近)*\s?$|(?:延长|缩短)(?:了)?(?:患者)?的?(?:中位|平均)?(?:\p{Han}{2,8}(?:期|时间|时长|天数)|[A-Z]{2,4})(?:约|近|达|长达|超过|至少|了)*\s?$"
)
#: kinds of numbers that people have before a treatment, too
_LEVELS = ("mean", "level", "number", "percent")


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
#: parts a number from a time that isn't told of it
_APART = Expression(r"[;。]")


class Finisher:
    """Makes results of numbers; ``now`` is what the page has told so far."""

    def __init__(self, patterns: Patterns, weigh: Weigher, groups: Grouper) -> None:
        self.weigh = weigh
        self.factors = Factors(patterns)
        self.now: InForce
        self._since = Since(patterns)
        self._versus = Versus(groups, self._since)
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
            outcome, cell.arm = factor[0], arm_of(view, study, factor[1])
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
            arm, comparator = laid_against(view, cell) or self._versus.of(view, q, previous, arm)
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
        in_table = view.sentence.paragraph < 0  # its cell's head tells the outcome
        if outcome is None and (cell.arm is not None or estimate or in_table):
            outcome = still_told(self.now, view, q)
        if outcome is None:
            outcome = last_resort(self.now, view, cells, q)
        return outcome, score

    def aim(self, view: View, study: Study | None, outcome: OutcomePhrase) -> None:
        """Keep an outcome that a study set out to measure."""
        self.now.aims |= dict.fromkeys((id(study), view.sentence.paragraph), outcome)

    def _aimed(self, view: View, study: Study | None, outcome: OutcomePhrase) -> OutcomePhrase:
        """What an outcome is that a text only calls the primary one; what it calls so itself is kept."""
        text = view.text
        if _POINTED_AT.fullmatch(outcome.text):
            at, spoken, _ = self.now.announced
            near_by = 0 <= view.sentence.start - at <= ANNOUNCE_REACH
            told = spoken if near_by else self.now.last[2]
            return (
                replace(outcome, concept=told.concept, measure=told.measure, known=told.known)
                if told
                else outcome
            )
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
        if q.kind in _LEVELS and HAN.search(view.text) and self._since.was_before(view.text, q, previous):
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
            time = next(filter(None, told), "") or (self.now.listed or {}).get(outcome.concept, "")
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
                and not ANOTHER_VERB.match(view.text, cells.end, max(cells.end, view.times[0].start))
            ):
                time = view.times[0].value  # from a to b with A and from c to d with B at 26 weeks
            view.timed[outcome.concept] = time
        return time

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
