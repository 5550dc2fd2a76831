"""Which outcome a number reports: every candidate of the sentence is scored, the best one is taken.

Candidates are the outcomes of the lexicon in the sentence, the outcome of the number before it (it stays in
force until another one is named), and a phrase that only the sentence names.
"""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns, iter_rules
from trialmine.core.records import Study
from trialmine.core.sieve import Sieved
from trialmine.find.outcomephrase import IN_USE, OutcomePhrase
from trialmine.find.outcomes import OutcomeFinder
from trialmine.find.quantity import Quantity
from trialmine.find.units import OVER_YEARS
from trialmine.find.unseen import UnseenFinder
from trialmine.link.cells import Cells, family
from trialmine.link.plausible import HAD
from trialmine.link.view import Result, View, near
from trialmine.read.segment import HAN

#: the weights of the features; scores above WEIGHTS["least"] count
WEIGHTS = {
    "before": 8.0, "after": 5.0,  # where the outcome stands
    "copula": 5.0,  # "ORR was 40%"
    "far_copula": 2.5,  # the same over a clause mark
    "next": 5.5,  # "40% ORR"
    "achieve": 6.0,  # "40% of patients achieved an ORR"
    "char_before": -0.08, "char_after": -0.1, "clause_before": -1.0, "clause_after": -2.5,
    "number": -3.0,  # another number stands between
    "study": -6.0,  # another study has taken over between
    "closed": -4.0,  # the outcome stands in a bracket that closes before the number, or the other way round
    "force": 10.5, "force_char": -0.08, "force_clause": -0.5,
    "bracketed": 30.0,  # an estimate in the bracket of the number before it
    "generic": -1.5,
    "spoken": 4.0,  # the outcome of the study's last sentence
    "least": 0.0, "least_level": 3.0, "least_number": 6.0, "unseen_under": 9.0,
    "whom": -6.0,  # people with a disease, not what happened: 与房颤患者相比(HR 0.7)
    "had": 4.0,  # people and, right behind them, what they had: "2例轻度头痛"
    "risk_of": 12.0,  # what the risk of was lower or higher, before the bracket of an estimate
    "subject": 11.0,  # an unseen outcome that a verb tells of
    "told_behind": 10.5,  # an unseen outcome behind its number: "and 12% had a leak"
}  # fmt: skip
#: a word that names a measure, of whatever outcome
MEASURE = Expression(
    r"率|比例|评分|积分|水平|\b(?:rates?|scores?|proportions?|percentages?|levels?|incidence)\b"
)
#: between a share with its count and the events counted: ``74 (2.0%) fatal and non-fatal infarctions``
_QUALIFIED = Expression(
    r"\s(?:(?:(?:non-?)?fatal|major|minor|serious|severe|moderate|mild|first|new|recurrent|confirmed|adjudicated|definite|probable|all-cause|(?:treatment|drug)-related|and|or)[\s,]+)+"
)
#: characters around a number in which its outcome is looked for
REACH = 400
#: how well an outcome's measure goes with a kind of number; "" stands for all other measures
FIT: dict[str, dict[str, float]] = {
    "time": {"time": 3, "": -8},
    "percent": {"rate": 1, "event": 1, "time": 0, "": -1},
    "count": {"rate": 1, "event": 1, "time": 0, "": -1},
    "events": {"rate": 1, "event": 1, "time": 0, "": -1},
    "fraction": {"rate": 1, "event": 1, "time": 0, "": -1},
    "level": {"level": 2, "time": -10, "": -3},
    "mean": {"level": 2, "": -3},
    "number": {"level": 2, "": -3},
    "estimate:HR": {"time": 1.5, "": 0},
    "estimate:risk_reduction": {"level": -8, "": 0},
    "estimate:RD": {"level": -3, "": 0},
}
#: estimates of how much something changed or differed
CHANGES = ("estimate:risk_reduction", "estimate:RD", "estimate:difference", "estimate:MD")
#: rules of counts that frames before the number can name
_OWN_WORDS = ("count_pair", "number_of_whom")
#: words that may tell of a study's chosen outcome
_CHOSEN = Expression(r"(?:[Pp]rimary|[Ss]econdary|[Mm]ain|[Kk]ey)\s(?:\p{Latin}+\s)?(?:outcome|end|measure)")
#: what a number counts, between it and its unit: ``3.4 major bleeds per 100 person-years``, ``26 fewer wound infections per 1,000``
_INNER = Expression(
    r"\s?(?:more|fewer|less|additional|extra)?\s(?P<n>\p{Latin}[\p{Latin}\s-]*?)\s(?:per|in every|for every|an?(?=\s(?:year|month|week)))\b"
)
#: rules of what happens over time: it is a rate, though its number isn't one in per cent
OVER_TIME = {"ratio_per", "rate_of_count", "per_years_number", "times_counted"}
#: estimates by which something became rarer
REDUCED = {"estimate:risk_reduction", "estimate:RD"}
#: rules of estimates by which something became more frequent
RAISED = ("risk_increased", "risk_multiplied")
#: the rule whose numbers are of the ranking that it names
RANKED = "ranked"
_CLAUSE = Expression(r"[,;。:]")
#: right before what there was less or more of, and from there to the bracket of an estimate
_RISK_OF = Expression(
    r"\b(?:lower|higher|smaller|greater|reduced|increased|decreased|elevated|similar|comparable|less|more|excess)\s(?:\p{Ll}+ly\s)?(?:relative\s|absolute\s|overall\s)?(?:risks?|rates?|odds|incidence|hazards?|likelihood|frequency|probability)\s(?:of|for)\s(?:[\p{Ll}-]+\s){0,2}$"
)
_TO_BRACKET = Expression(r"[^.;:()\[\]]*[(\[][^()\[\]]{0,30}")
_FUNCTION = Expression(
    r"\b(?:improved|reduced|increased|decreased|lowered|raised|worsened|had|showed|in|on|at|of|with|for|to|by|and|or|from|the|a|an|was|were|is|are|had|than|that|who|among)\s"
)
#: characters from one estimate to the bracket of the next one of a list: ``death (HR 0.5), stroke (HR 0.7)``
_LIST_ITEM = 70
#: the bracket that an estimate stands in, with no other number's mask before it
_OWN_BRACKET = Expression(r"[(\[](?=[^()\[\]]{0,40}$)(?!.*□.*□)")
#: what became of a known outcome: another outcome than itself
_BECAME = Expression(
    r"(?:完全|基本|部分|明显|症状)*(?:消失|缓解|恢复|正常|转阴|好转|减轻|加重|消退|吸收|控制|达标|改善|闭合|愈合|治愈|清除|停止)(?:正常|率|者)?|"
    r"或[\p{Han}\p{Latin}]{2,12}"
)
#: what may follow a known outcome in its phrase, and what may open it and is no part of it
_HEAD_NOUN = Expression(
    r"$|\s?(?:的)?[\p{Han}\p{Latin}\d-]{0,8}(?:[率量值]|比例|水平|浓度|评分|积分|得分|指数|时间|风险|次数|人数|计数|[Rr]ates?|[Ss]cores?)"
)
#: a treatment before what it led to, no part of that: ``四联疗法根除率``
_OF_TREATMENT = Expression(r"(?:.*(?:疗法|方案|护理|干预|(?<!相关)治疗|联合|单药|组))?的?")
_MEAN_OF = Expression(r"[\s-]*(?:平均|均值|中位)?")
#: a new subject of a change: ``甘油三酯下降52%,X下降74%``
_CHANGED = Expression(
    r"(?:分别|平均|显著|明显|也|则|均|较基线)*(?:下降|降低|升高|上升|增加|减少|提高|改善|延长|缩短)(?:了|约|至|到)*\s?$"
)
_COMMA = Expression(r"^\s?[,;]\s?(?:而|另有?|and\s|另外)?$")
#: from the first number of a list to a later one, with nothing but numbers between
_ONLY_NUMBERS = Expression(r"[□%\s、,和与及以]*")
#: from a number to the subject of the clause that a semicolon opens
_NEW_CLAUSE = Expression(
    r"[^,;。:]{0,24};\s?(?:而|and\s|while\s|whereas\s|the\s)*|[^,;.:]{0,60},\s(?:while|whereas|but|although)\s(?:the\s|an?\s)?"
)
#: what a subject is called besides: ``Rash, the most common event, was seen in``
_APPOSED = Expression(r"^\s?,\s(?:the|an?)\s[^,;:()%\d]{3,60},(?=\s)")
#: from a class of events to one of it: ``常见不良反应为皮疹``
_IS_SUCH = Expression(r"(?:为|是|包括|有|:)$")
_PAUSE = Expression(r"[,;。]")
#: between a number and the p-value right behind it: 31.4% vs 25.7%,P=0.23
_AT_ONCE = Expression(r"[\s,(\[]{0,3}")
#: behind a disease that people have
_OF_WHOM = Expression(r"(?:患者|病人|患儿|人)群?")
_ASPECT = Expression(r"\p{Han}{0,4}(?:方面|上)?\s?[,:]")
_WHOSE = Expression(r"(?:患者|病人|患儿|人)群?的(?!(?:比例|占比|百分比|人数|例数|发生率))")
#: an abbreviation of something measured
_ABBREVIATED = Expression(
    r"(?!I{1,3}$|IV$|T\d$)(?:[\p{Ll}α-ωβ]{0,2}-?\p{Lu}|\d{1,2}h?\p{Lu})[\p{Latin}\p{Greek}\d+/-]{1,11}%?(?:水平|浓度|含量|活性|评分|积分|值)?(?<!组)"
)
#: from a number into the bracket right behind it: 16.8 mm (P=0.069) with B
IN_BRACKET = Expression(r"^\s?[(\[][^()\[\]]*$")
#: from a number to the one that it is set against: ``in 40 people with asthma, compared to 12%``
_SET_AGAINST = Expression(
    r"[^.;:()%\d]{0,30}(?:\d[\d,]*\s)?[^.;:()%\d]{0,60}\b(?:versus|vs\.?|(?:as )?compared (?:with|to)|as against)(?:\s(?:only|just|about))?\s?"
)
_BRACKETS = Expression(r"\([^()]*\)|\[[^\[\]]*\]")


_BRACKET = r"[(\[](?:[^()\[\]。;]|[(\[][^()\[\]。;]*[)\]])*+[)\]]"
#: brackets in a row up to what all of them are of
_RUN_OF_BRACKETS = Expression(
    rf"{_BRACKET}(?:(?:、|,|和|与|及|以及)[^()\[\]。;,、]{{1,14}}{_BRACKET})*+的(?=[\p{{Han}}\p{{Latin}}])"
)
#: brackets of times or groups right before what is then said to be higher or lower in them: ``3 d(4%)和7 d(8%)DVT发生率均低于``
_RUN_BEFORE = Sieved(
    Expression(
        rf"{_BRACKET}(?:(?:、|和|与|及|以及)[^()\[\]。;,、]{{1,14}}{_BRACKET})*+的?(?=[\p{{Han}}\p{{Latin}}])"
    )
)
_WAS_MORE = Expression(
    r"[率者]?(?:均|都|也|则|略|稍|远|较|更|显著|明显)*(?:[高低优长短多少大小好差快慢]于|[高低长短多少大小好差]\s?(?=[,;。(]))"
)
#: several in a row, each of a treatment, up to the outcome of all: ``A(OR=…)、B(OR=…)的总有效率``
_RUN_OF_TREATMENTS = Sieved(
    Expression(
        rf"(?P<first>{_BRACKET})(?:(?:、|,|和|与|及|以及|或)[^()\[\]。;,、]{{1,24}}{_BRACKET})+的?(?=[\p{{Han}}\p{{Latin}}])"
    )
)
#: the number of the group that others are compared with, before what it is of: ``与对照组(75.0%)比较,观察组有效率(92.5%)``
_REFERENCE_FIRST = Sieved(
    Expression(
        r"(?:与|和|同)[^,;:。()\d]{1,14}\((?P<q>[^()]{2,20}|\([^()]{2,16}\)\s?[^()]{0,6})\)(?:相比较?|比较|相较),"
    )
)
#: right behind a disease that only says who they are
_ITS_SUFFERERS = Expression(r"(?:的)?(?:患者|病人|患儿|人群|者)")
_PHRASE_END = Expression(r"[,;。(\[、:]|(?:方面|上)")
#: what is told of the groups before it, each with its number in a bracket: ``A组(2.1分)VAS评分低于B组(3.9分)``
_BRACKETS_THEN = Sieved(
    Expression(
        r"(?<=[)\]][\p{Latin}μ°%/·\d]{0,9}(?:分|次|天|周|年|个月|小时|分钟|例)?)的?(?P<n>(?!组|[分次例]的|相比|比较|与|和|及|、|以及|均|都|为|分别|则|而|者|患者)[\p{Han}\p{Latin}\p{Greek}\d/+-]{1,24}?)"
        r"(?:的|均|都|也|则|亦|明显|显著|有所|更|稍|略|逐渐)*(?:[高低长短多少大小快慢早晚优差]于|升高|降低|增高|下降|上升|增加|减少|延长|缩短|改善|提高)"
    )
)
_OPENED_BEFORE = Expression(r"[(\[]\(?\s?$")
#: from the bracket of a group to that of the next one of such a list
_NEXT_BRACKET = Expression(
    r"[)\]]?[\p{Latin}μ°%/·\d]{0,9}(?:分|次|天|周|年|个月|小时|分钟|例)?[)\]]?(?:的|相比较?|比较|相较|者)?\s?(?:、|,|和|与|及|以及|而)?[^,;。:()\[\]]{1,16}[(\[]\(?\s?"
)


#: characters between a share of people and what they were on
_USED_NEAR = 50


def is_estimate(q: Quantity) -> bool:
    """Whether a number compares groups."""
    return q.kind == "p" or q.kind.startswith("estimate")


def fit(q: Quantity, o: OutcomePhrase) -> float:
    """How well an outcome's measure goes with a kind of number."""
    known = FIT.get("percent" if q.rule in OVER_TIME else q.kind, {})
    return known.get(o.measure, known.get("", 0.0))


def set_against(text: str, last: Result, q: Quantity) -> OutcomePhrase | None:
    """The outcome of a number where the next one is set against it: ``in 40 people with asthma, compared to 12% on B``."""
    same = last.quantity.kind == q.kind and _SET_AGAINST.fullmatch(
        text, last.quantity.outer_end, q.outer_start
    )
    return last.outcome if same else None


#: gaps of which is kept what they are
_REMEMBERED = 500


class OutcomeChooser:
    """Scores the outcomes of a sentence for a number."""

    def __init__(self, patterns: Patterns, outcomes: OutcomeFinder, unseen: UnseenFinder) -> None:
        self._timed = outcomes.timed
        self._anaphoric = outcomes.anaphoric
        self._unseen = unseen
        bonds = {r.kind: r.regex for r in iter_rules(patterns, "frames") if r.kind.startswith("bond_")}
        self._of_people = patterns.compile(
            r"\s?(?:例|名|人)|\s(?:[\p{Latin}-]+\s){0,2}?(?:{{people_noun}})\b"
        )
        self._copulas: dict[str, bool] = {}
        self._copula, self._achieve, self._next = (bonds[f"bond_{k}"] for k in ("copula", "achieve", "next"))
        self._across, self._reduction = bonds["bond_across"], bonds["bond_reduction"]
        self._hazard = patterns.compile(r"(?:{{hazard_event}})")
        self._measure = patterns.compile(r"(?<=\p{Han}\p{Han}|\p{Latin}{2})(?:{{measure_noun}})$|者占?$")

    # ---- the choice ------------------------------------------------------------------------------

    def choose(
        self, view: View, cells: Cells, q: Quantity, previous: Result | None
    ) -> tuple[OutcomePhrase | None, float]:
        """The outcome of a number and its score."""
        w = WEIGHTS
        cells = self._own(view, cells, q)
        best, best_score = self._in_force(view, cells, q, previous)
        weighed = None if view.record is None else view.record.outcomes.setdefault(view.key(q), [])
        if weighed is not None and best is not None:
            weighed.append((f"{best.concept} (of the number before)", best_score))
        if best_score >= w["bracketed"]:
            return best, best_score
        outcomes = near(view.outcomes, cells.start - REACH, cells.end + REACH)
        for o in outcomes:
            score = self.score(view, cells, q, o)
            if weighed is not None:
                weighed.append((o.concept, score))
            if score > best_score:
                best, best_score = o, score
        new = None if q.rule == RANKED else self._new(view, cells, q, previous)
        if new is not None and q.rule.startswith("efficacy"):
            return new, new.score
        in_force = best is not None and previous is not None and best is previous.outcome
        # an abbreviation since the number before names what the next one is of: IL-6为…,MDA为…
        short = new is not None and previous is not None and new.start >= previous.quantity.outer_end
        short = (
            short
            and new is not None
            and _ABBREVIATED.fullmatch(new.text) is not None
            and bool(HAN.search(view.text))
        )
        if weighed is not None and new is not None:
            weighed.append((f"{new.concept} (by its own words)", new.score))
        if (
            new is not None
            and not (new.generic and best)
            and (
                best is None
                or new.known
                or new.bound
                or best_score < min(w["unseen_under"], new.score)
                or (
                    in_force
                    and not new.generic
                    and (
                        q.rule in ("graded_count", "event_count", "count_of_whom")
                        or (
                            is_estimate(q) and previous is not None and self._itemised(view, q, previous, new)
                        )
                        or (
                            q.outer_end <= new.start <= q.outer_end + 40
                            and new.score >= w["told_behind"]
                            and not near(view.quantities, q.outer_end, new.start)
                        )
                        or self._measure.search(new.text)
                        or short
                        or self._heads_clause(view, previous, new)
                        or _CHANGED.match(view.text[new.end : q.start])
                    )
                )
            )
            and (
                best is None
                or best_score < new.score
                or (in_force and (new.bound or short or new.start >= q.outer_end or is_estimate(q)))
            )
        ):
            best, best_score = new, new.score
        if (
            new is not None
            and new.known
            and best is not None
            and new.start <= best.start
            and best.end <= new.end
            and not _IS_SUCH.search(view.text, new.start, best.start)
        ):
            best = new
        if best is not None and _CHOSEN.match(best.text):
            chosen = self.chosen(view)
            best = chosen if chosen is not None and 0 <= chosen.start - best.end < 12 else best
        if best is not None and best_score < (
            w["least"] if q.rule in OVER_TIME else w.get(f"least_{q.kind}", w["least"])
        ):
            best = None
        if best is not None and best.generic:
            named = [o for o in outcomes if o.end <= best.start and not o.generic]
            if previous is not None and previous.outcome is not None:
                return previous.outcome, best_score
            if named:
                return named[-1], best_score
        study = view.study_at(q.start)
        if (best is None or best.generic) and study is not None:
            held = self.spoken(study)
            level = held is not None and held.measure == "level" and study.unit != q.unit
            again = (
                best is not None
                and q.kind in ("number", "level", "mean")
                and held is not None
                and study.unit == q.unit
            )
            if held is not None and (can_report(q, held) or again) and not (level and q.kind == "percent"):
                return held, w["spoken"]
        return best, best_score

    @staticmethod
    def _heads_clause(view: View, previous: Result | None, new: OutcomePhrase) -> bool:
        """Whether a name is the subject of the clause after a semicolon: ``有效率为92%;溃疡的患者占比为7%``."""
        if previous is None or new.score < WEIGHTS["subject"] or new.start < previous.quantity.outer_end:
            return False
        between = view.text[previous.quantity.outer_end : new.start]
        return bool(_NEW_CLAUSE.fullmatch(between))

    def _itemised(self, view: View, q: Quantity, previous: Result, new: OutcomePhrase) -> bool:
        """Whether a name right before the bracket of an estimate opens the next item of a list of them."""
        between = view.text[new.end : q.start]
        return (
            previous.compares and previous.quantity.outer_end <= new.start and bool(IN_BRACKET.match(between))
        )

    def _own(self, view: View, cells: Cells, q: Quantity) -> Cells:
        """A number of a list of clauses alone, where its own clause goes on to name its outcome."""
        i = next((i for i, x in enumerate(cells.quantities) if x is q), 0)
        apart = view.text[cells.quantities[i - 1].outer_end : q.outer_start] if i else ""
        if not i or not (_COMMA.match(apart) or ";" in apart):
            return cells
        after = near(view.outcomes, q.outer_end, q.outer_end + 60)
        gap = view.text[q.outer_end : after[0].start] if after else ","
        framed = self._achieve.match(gap) or self._next.match(gap)
        return Cells([q]) if framed and not _CLAUSE.search(gap) else cells

    def _in_force(
        self, view: View, cells: Cells, q: Quantity, previous: Result | None
    ) -> tuple[OutcomePhrase | None, float]:
        """The outcome of the number before, where nothing is named since."""
        w, text = WEIGHTS, view.text
        if previous is None or previous.outcome is None:
            return None, w["least"]
        since = previous.quantity.outer_end
        gap = text[since : cells.start]
        opened = _BRACKETS.sub("", gap)
        if q.kind == "p" and _AT_ONCE.fullmatch(text[since : _start(text, cells.quantities[0])]):
            return previous.outcome, w["bracketed"]
        if (
            is_estimate(q)
            and IN_BRACKET.match(opened)
            and not any(o.measure != "event" for o in near(view.outcomes, since, cells.start))
        ):
            return previous.outcome, w["bracketed"]
        if set_against(text, previous, q) is not None:
            return previous.outcome, w["bracketed"]
        named = [o for o in near(view.outcomes, since, cells.start) if not o.generic]
        named = [o for o in named if o.start >= since or o.concept != previous.outcome.concept]
        if (
            q.kind == "time" and previous.quantity.kind == "time"
        ):  # 肝转移(14 vs 7个月)、腹膜转移(15 vs 5个月)
            named = [o for o in named if o.measure in ("time", "")]
        if (
            is_estimate(q)
            and named
            and previous.outcome.concept in self._timed
            and all(self._hazard.search(o.text) for o in named)
        ):
            return previous.outcome, w["bracketed"]
        if named or "。" in gap or not _compatible(q, previous):
            return None, w["least"]
        return previous.outcome, w["force"] + w["force_char"] * len(gap) + w["force_clause"] * len(
            _CLAUSE.findall(gap)
        )

    def _new(self, view: View, cells: Cells, q: Quantity, previous: Result | None) -> OutcomePhrase | None:
        """An outcome that only the sentence names."""
        lo, hi = max(0, cells.quantities[0].outer_start - REACH), cells.end + REACH
        text = view.text[lo:hi]
        arms = [(p.start - lo, p.end - lo) for p in near(view.phrases, lo, hi)]
        spans = [(t.start - lo, t.end - lo) for t in near(view.times, lo, hi)]
        names = {n for _, _, study in view.named for n in study.names}
        spans += [(at, at + len(n)) for n in names if (at := text.find(n)) >= 0]
        spans += [(p.start - lo, p.end - lo) for p in near(view.populations, lo, hi) if p.end <= hi]
        spans += [
            (max(lo, x.start if x is q and is_estimate(q) else _start(view.text, x)) - lo, x.outer_end - lo)
            for x in near(view.quantities, lo, hi)
        ]
        if q.rule == "per_years_number":
            spans += [m.span() for m in OVER_YEARS.finditer(text)]
        stop = max(
            [previous.quantity.outer_end if previous is not None else 0]
            + [a for a, _, _ in view.segments if a <= cells.start]
        )
        stop, loose = max(0, stop - lo), self._unseen.mask(text, spans)
        masked = self._unseen.mask(loose, arms)
        if q.rule.startswith("efficacy"):
            found = self._unseen.efficacy(text, self._unseen.mask(text, arms), q.start - lo, q.end - lo)
        elif inner := _INNER.match(view.text, q.end, q.outer_end):
            found = self._unseen.called(text, inner.start("n") - lo, inner.end("n") - lo)
        elif is_estimate(q):
            found = self._unseen.compared(text, masked, (q.start - lo, q.outer_end - lo), stop)
            if found is None and (q.kind in REDUCED or q.rule.startswith(RAISED)):
                alone = _ONLY_NUMBERS.fullmatch(masked, cells.start - lo, q.start - lo)
                own = ((cells if alone else q).start - lo, q.end - lo)  # the numbers of a list are of one
                counted = q.unit.startswith("每")
                found = self._unseen.rarer(text, self._unseen.mask(text, arms), own, stop, counted)
            if found is None and q.kind in CHANGES:
                first = _start(view.text, q) - lo
                found = self._unseen.changed(text, masked, first, stop)
                if found is None and text[first - 1 : first] not in ("(", "["):
                    found = self._unseen.name(text, masked, loose, (first, q.outer_end - lo), stop, False)
            opened = _OWN_BRACKET.search(masked[: _start(view.text, q) - lo])
            listed = previous is not None and previous.compares and previous.quantity.kind == q.kind
            apart = opened is not None and previous is not None and opened.start() - stop >= _LIST_ITEM
            if found is None and opened and (not listed or apart):
                found = self._unseen.less(text, masked, opened.start() + 1, stop)
                named = [o for o in view.outcomes if o.end <= q.start]
                if named and not (found and found.start + lo <= named[-1].start < found.end + lo):
                    found = None
            if found is None and listed and opened and 0 < opened.start() - stop < _LIST_ITEM:
                at = opened.start() + 1
                found = self._unseen.name(text, masked, loose, (at, at), stop, False)
        elif (
            previous is not None
            and stop == previous.quantity.outer_end - lo
            and self._stands_before(view, previous)
            and (found := self._unseen.item(text, masked, _start(view.text, cells.quantities[0]) - lo, stop))
        ):
            pass
        elif q.kind in ("count", "events") and cells.quantities[0].rule not in _OWN_WORDS:
            own = (_start(view.text, q) - lo, q.outer_end - lo)
            found = self._unseen.name(text, masked, loose, own, stop, True)
            if found is None and q.kind == "events" and self._of_people.match(view.text, q.end):
                found = self._unseen.name(text, masked, loose, own, stop, False)
        else:
            first = _start(view.text, cells.quantities[0]) - lo
            found = self._unseen.name(text, masked, loose, (first, cells.end - lo), stop, False)
        if found is None:
            return None
        found.start, found.end = found.start + lo, found.end + lo
        if (
            q.kind == "time"
            and found.measure != "time"
            and view.text[found.end : found.end + 1] in ("(", " ")
        ):
            found.bound = found.bound and not IN_BRACKET.match(
                view.text[found.end : q.start]
            )  # in whom, not what
        found.generic = self._anaphoric(found.text)
        if len(found.text) <= 3 and (
            p := next(
                (
                    p
                    for p in near(view.phrases, lo, found.start)
                    if p.end == found.start and not p.is_group and view.text[p.end - 1] != "组"
                ),
                None,
            )
        ):
            found.start, found.text = p.start, view.text[p.start : found.end]
            found.concept = found.text
        inside = [o for o in near(view.outcomes, lo, found.end) if found.start < o.end]
        if not inside and q.kind in REDUCED:  # 将肠癌复发率降低了: 复发率 is what became rarer
            rate = [
                o for o in near(view.outcomes, found.end, found.end + 2) if not o.generic and o.end <= q.start
            ]
            if rate:
                return rate[0]
        if inside:
            known = inside[0] if found.text.isascii() else inside[-1]
            timed = q.kind == "time" and previous is not None and previous.quantity.kind == "time"
            if timed and known.measure in ("event", "rate") and HAN.search(view.text):
                return None  # 腹膜转移(15 vs 5个月): who they are
            if known.generic:
                return None if found.text == known.text else found
            if _BECAME.fullmatch(view.text[known.end : found.end]):
                return found
            return _widened(view.text, known, found)
        return found

    @staticmethod
    def _stands_before(view: View, result: Result) -> bool:
        """Whether a result's outcome stands right before its number: ``轻度6例(8%)``."""
        named = result.outcome
        return (
            named is not None
            and view.text[named.start : named.end] == named.text
            and 0 <= _start(view.text, result.quantity) - named.end <= 2
        )

    def chosen(self, view: View) -> OutcomePhrase | None:
        """The outcome that a study chose, for the numbers that the text tells without its name: "The primary outcome was X"."""
        found = self._unseen.chosen(view.text) if _CHOSEN.search(view.text) else None
        whole = [o for o in view.outcomes if found and o.start <= found.start + 4 and found.end <= o.end]
        if whole and not _CHOSEN.match(whole[0].text):
            return whole[0]  # a composite, told by its parts
        inside = [o for o in view.outcomes if found and found.start <= o.start and o.end <= found.end]
        if found is not None and inside:
            found.concept, found.measure, found.known = inside[-1].concept, inside[-1].measure, True
        return found

    # ---- memory ----------------------------------------------------------------------------------

    def closing(self, view: View) -> dict[int, OutcomePhrase]:
        """The outcome behind a run of brackets, each of a time, for the estimates in them: ``第1天[RR=…]和第7天[RR=…]的X发生率``."""
        found: dict[int, OutcomePhrase] = {}
        for m in _REFERENCE_FIRST.finditer(view.text) if view.outcomes else ():
            first = next((q for q in view.quantities if m.start("q") <= q.start < m.end("q")), None)
            after = [q for q in view.quantities if q.start >= m.end() and not is_estimate(q)]
            if first is None or not after or family(after[0]) != family(first):
                continue
            between = [
                o for o in view.outcomes if m.end() <= o.start and o.end <= after[0].start and not o.generic
            ]
            if between:
                found[first.start] = between[-1]
        for m in _BRACKETS_THEN.finditer(view.text):
            found |= self._of_brackets(view, m.start("n"), m.end("n"))
        for m in _RUN_OF_BRACKETS.finditer(view.text) if "的" in view.text else ():
            within = [q for q in view.quantities if m.start() <= q.start < m.end() and is_estimate(q)]
            timed = any(m.start() - 1 <= t.end <= m.start() + 1 for t in view.times)
            if not within or not timed:
                continue
            known = [o for o in view.outcomes if m.end() <= o.start <= m.end() + 6 and not o.generic]
            end = _PHRASE_END.search(view.text, m.end())
            stop = end.start() if end else len(view.text)
            named = known[0] if known else self._unseen.called(view.text, m.end(), stop)
            found |= {q.start: named for q in within} if named is not None else {}
        for m in _RUN_BEFORE.finditer(view.text) if view.outcomes else ():
            named = next((o for o in view.outcomes if m.end() <= o.start <= m.end() + 1), None)
            if named is not None and not named.generic and _WAS_MORE.match(view.text, named.end):
                within = [q for q in view.quantities if m.start() <= q.start < m.end()]
                found |= {q.start: named for q in within if can_report(q, named) or named.measure == "level"}
        for m in _RUN_OF_TREATMENTS.finditer(view.text) if view.outcomes else ():
            within = [q for q in view.quantities if m.start() <= q.start < m.end() and is_estimate(q)]
            known = [o for o in view.outcomes if m.end() <= o.start <= m.end() + 2 and not o.generic]
            all_of_them = any(q.start < m.end("first") for q in within)
            before = [
                o for o in view.outcomes if o.start < m.end() and not _ITS_SUFFERERS.match(view.text, o.end)
            ]
            if known and all_of_them and not before:
                found |= {q.start: known[0] for q in within}
        return found

    def _of_brackets(self, view: View, start: int, end: int) -> dict[int, OutcomePhrase]:
        """The outcome at a place for the numbers in the brackets of the groups right before it."""
        text = view.text
        if any(p.start < end and start < p.end for p in view.phrases):
            return {}
        before = [q for q in view.quantities if q.end < start]
        run: list[Quantity] = []
        for q in reversed(before):
            if is_estimate(q) or (run and family(q) != family(run[-1])):
                break
            if run and not _NEXT_BRACKET.fullmatch(text, q.end, run[-1].start):
                break
            if not _OPENED_BEFORE.search(text, max(0, q.start - 4), q.start):
                break
            run.append(q)
        first = run[-1].start if run else 0
        clause = max(text.rfind(c, 0, first) for c in ",;。:") + 1
        own = [o for o in view.outcomes if clause <= o.start < first and not o.generic]
        if not run or any(not _OF_WHOM.match(text, o.end) for o in own):
            return {}
        known = [o for o in view.outcomes if start <= o.start and o.end <= end and not o.generic]
        whole = (
            known
            and "/" not in text[start : known[-1].start]
            and _HEAD_NOUN.fullmatch(text, known[-1].end, end)
        )
        named = known[-1] if whole else self._unseen.called(text, start, end)
        return {q.start: named for q in run} if named is not None else {}

    def spoken(self, study: Study) -> OutcomePhrase | None:
        """The outcome that the study's last result was of."""
        held = study.spoken
        return held if isinstance(held, OutcomePhrase) else None

    # ---- scores ----------------------------------------------------------------------------------

    def score(self, view: View, cells: Cells, q: Quantity, o: OutcomePhrase) -> float:
        """How well a known outcome of the sentence goes with a number."""
        w, text = WEIGHTS, view.text
        if o.measure == IN_USE:  # told with each share
            a, b = (q.end, o.start) if q.end <= o.start else (o.end, q.start)
            own = b - a <= _USED_NEAR and not any(x is not q for x in near(view.quantities, a, b))
            own = own and (a == q.end or text[a:b].strip() == "(")
            return w["bracketed"] if own else -w["bracketed"]
        start, end = _start(text, cells.quantities[0]), cells.end
        if q.start < o.start < q.outer_end and (o.end <= q.outer_end or o.start < q.end):
            score = w["after"] + w["next"]
        elif o.end <= start or o.end <= cells.start or o.start < start < cells.start:
            score = self._before(view, cells, q, o)
        elif o.start >= (past := q.end if q.kind == "estimate:risk_reduction" else q.outer_end):
            end = end if o.start >= end else past
            gap = text[end : o.start]
            score = w["after"] + w["char_after"] * len(gap)
            if q.kind == "estimate:risk_reduction" and self._reduction.match(text[q.end : o.start]):
                return score + w["achieve"]
            counted = q.kind == "percent" and q.events is not None and _QUALIFIED.fullmatch(gap)
            if (
                counted
                or self._next.match(gap)
                or (q.kind == "count" and o.measure == "event" and HAD.fullmatch(gap))
            ):
                score += w["next"] + (w["had"] if q.kind == "count" and HAD.fullmatch(gap) else 0.0)
            elif self._achieve.match(gap) or self._achieve.match(_without(view, end, o.start)):
                score += w["achieve"]
            elif _closes(gap):
                score += w["closed"]
            between = [x for x in near(view.quantities, end, o.start) if x.kind != "p"]
            if between and q.kind == "percent" and self._across.match(self._masked(view, end, o.start)):
                score = (
                    w["after"] + w["achieve"]
                )  # what is said of several groups at once, however long they are
            else:
                score += w["clause_after"] * len(_CLAUSE.findall(gap)) + w["number"] * len(between)
        else:
            return 0.0
        if (
            o.measure == "event"
            and _OF_WHOM.match(text, o.end)
            and (is_estimate(q) or _WHOSE.match(text, o.end))
        ):
            score += w["whom"]
        return score + fit(q, o) + (w["generic"] if o.generic else 0.0)

    @staticmethod
    def _tells_of(view: View, o: OutcomePhrase) -> bool:
        """Whether a sentence of several studies says before its first number what all of it is of: ``X方面,A在B和C试验中分别达到…``."""
        alone = not any(x is not o and not x.generic for x in view.outcomes)
        return (
            alone
            and not any(x.start < o.start for x in view.quantities)
            and bool(_ASPECT.match(view.text, o.end))
        )

    def _masked(self, view: View, start: int, end: int) -> str:
        """A stretch of a sentence with its arms, times and numbers blotted out."""
        spans = [(p.start - start, p.end - start) for p in near(view.phrases, start, end)]
        spans += [(t.start - start, t.end - start) for t in near(view.times, start, end)]
        spans += [(x.outer_start - start, x.outer_end - start) for x in near(view.quantities, start, end)]
        return self._unseen.mask(view.text[start:end], spans)

    def _is_copula(self, gap: str) -> bool:
        """Whether a gap only says that what stands before it is what follows; kept, for the numbers of a list ask for the same."""
        found = self._copulas.get(gap)
        if found is None:
            if len(self._copulas) >= _REMEMBERED:
                self._copulas.clear()
            found = self._copulas[gap] = self._copula.match(gap) is not None
        return found

    def _before(self, view: View, cells: Cells, q: Quantity, o: OutcomePhrase) -> float:
        w, start = WEIGHTS, _start(view.text, cells.quantities[0])
        start = start if o.end <= start else max(o.end, cells.start if o.start >= start else o.end)
        # the abbreviation of what stands before its bracket: 肿瘤坏死因子-α(TNF-α)含量
        glossed = view.text[max(0, o.start - 1) : o.start] + view.text[o.end : o.end + 1] == "()"
        gap = _APPOSED.sub("", view.text[o.end + glossed : start])
        score = w["before"] + w["char_before"] * len(gap) + w["clause_before"] * len(_CLAUSE.findall(gap))
        bare = _without(view, o.end, start)
        if (
            is_estimate(q)
            and _TO_BRACKET.fullmatch(view.text, o.end, q.start)
            and _RISK_OF.search(view.text, 0, o.start)
        ):
            score += w["risk_of"]
        if self._is_copula(gap) or (bare != gap and self._is_copula(bare)):
            score += w["far_copula" if _PAUSE.search(_BRACKETS.sub("", bare)) else "copula"]
        elif _closes(gap):
            score += w["closed"]
        score += w["number"] * sum(1 for x in near(view.quantities, o.end, start) if not is_estimate(x))
        if view.study_at(o.start) is not view.study_at(start) and not self._tells_of(view, o):
            score += w["study"]
        return score


def _start(text: str, q: Quantity) -> int:
    """Where a number and what hangs on it begins, white space aside."""
    return q.outer_start + (len(text[q.outer_start : q.start]) - len(text[q.outer_start : q.start].lstrip()))


def _widened(text: str, known: OutcomePhrase, found: OutcomePhrase) -> OutcomePhrase:
    """A known outcome with the words of its noun phrase; an English one takes no preposition."""
    start, end = min(found.start, known.start), max(found.end, known.end)
    if not _HEAD_NOUN.match(text[known.end : end]):
        end = known.end
    start += _MEAN_OF.match(text[start : known.start]).end()
    start += _OF_TREATMENT.match(text[start : known.start]).end()
    if text[start:end].isascii():
        end = known.end
        stop = [m.end() for m in _FUNCTION.finditer(text[start : known.start])]
        start += stop[-1] if stop else 0
    if (start, end) == (known.start, known.end):
        if text[start:end].isascii():
            known.text = text[start:end]
        known.score = found.score
        return known
    return OutcomePhrase(start, end, known.concept, known.measure, text[start:end], score=found.score)


def _without(view: View, start: int, end: int) -> str:
    """A stretch of a sentence without its arms and times."""
    gap = view.text[start:end]
    spans = [(p.start, p.end) for p in near(view.phrases, start, end)] + [
        (t.start, t.end) for t in near(view.times, start, end)
    ]
    for a, b in sorted(spans, reverse=True):
        if start <= a and b <= end:
            gap = gap[: a - start] + gap[b - start :]
    return gap


def _closes(gap: str) -> bool:
    """Whether a gap leaves a bracket that it did not open."""
    bare = _BRACKETS.sub("", gap)
    return ")" in bare and "(" not in bare


def can_report(q: Quantity, o: OutcomePhrase) -> bool:
    """Whether a number can report an outcome that an earlier sentence named."""
    if q.kind in ("percent", "fraction", "not_reached"):
        return o.measure != "level" or q.kind == "percent"
    if q.kind == "time":
        return o.measure == "time"
    if q.rule in OVER_TIME:
        return o.measure in ("event", "rate")
    return is_estimate(q)


def _compatible(q: Quantity, previous: Result) -> bool:
    """Whether a number can report the outcome of the one before it."""
    if is_estimate(q) or q.kind == "not_reached":
        return True
    before = previous.quantity.kind
    if q.unit and q.unit == previous.quantity.unit and q.kind in ("mean", "level", "time"):
        return True
    counts = {"percent", "count", "events", "fraction", "not_reached"}
    return before == q.kind or before == "p" or before.startswith("estimate") or {before, q.kind} <= counts
