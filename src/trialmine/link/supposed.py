"""Arms that a study is supposed to have where its own text told none or one: those of its sister study, or of what the text
speaks of."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm, Study
from trialmine.find.quantity import Quantity
from trialmine.link.arms import ArmFinder
from trialmine.link.cells import Cells
from trialmine.link.inforce import ANNOUNCE_REACH, TOPIC_REACH, InForce
from trialmine.link.view import View

#: characters over which what several trials compare with is the control of each
_VERSUS_REACH = 2500
#: that a study found what the one told before it had found
_AGAIN = Expression(
    r"进一步(?:验证|证实|支持|确认|显示)|同样|再次|(?:也|亦)(?:得到|验证|证实|显示|表明|观察到|发现|取得|获得|支持)|相似的?(?:结果|疗效|获益)|类似的?(?:结果|疗效|获益)|\b(?:likewise|similarly|again|(?:was|were) confirmed|confirmed (?:th|by)|also)\b"
)
#: what tells of a study without a name
_UNNAMED_STUDY = Expression(
    r"(?:一项|国内|国外|有|该|此项?|关键性?|注册性?|确证性|支持性|这项|另有|某|多中心|回顾性|前瞻性|单臂|I{1,3}期|队列|真实世界|临床)[^,。;\d]{0,14}(?:研究|试验|报道|分析)|(?:患者|受试者)(?:均)?(?:接受|口服|静脉注射|给予)\s?\d|"
    r"\b(?:an?|one|this|the|another)\s(?:[\p{Latin}-]+\s){0,4}(?:trial|study|series|cohort)\b|\b(?:[Pp]hase\s[\dI]+[ab]?(?:/[\dI]+[ab]?)?|[Cc]linical|[Pp]ivotal|[Tt]rial|[Ss]tudy)\s(?:\p{Ll}+\s){0,2}(?:data|results)\b"
)
#: an analysis of the trials told before taken together
_POOLED = Expression(
    r"\b(?:meta-?\s?analys[ie]s|pooled analys[ie]s|combined analys[ie]s|pooling)\b[^.;:\d]{0,50}?\b(?:of|from|between)\s(?:the|these|those|both)\s(?:two\s|both\s|same\s|above\s)?(?:\p{Ll}+\s)?(?:trials|studies|RCTs)\b|"
    r"(?:这|上述|以上|前述)(?:两|二|2)?项?(?:研究|试验)(?:数据)?的?(?:荟萃|[Mm]eta|合并|汇总|联合)分析|(?:对|将|汇总|合并)(?:这|上述|以上|前述)(?:两|二|2)?项?(?:研究|试验)[^,。;]{0,8}(?:荟萃|[Mm]eta|合并|汇总)(?:分析)?"
)
#: a part of a study's people that a letter or number tells apart, most often by what they suffer from
_COHORT = Expression(r"队列|\b[Cc]ohort\b")
_NUMBER_END = Expression(r"[\s-]?(?<!\d)(?:\d{1,2}|I{1,3})$")


def suppose_arms(view: View, cells: Cells, now: InForce, arms: ArmFinder) -> None:
    """A study of which no arm was told has those of its sister study, or tests what the text speaks of."""
    study = view.study_at(cells.start)
    told = now.titled or _UNNAMED_STUDY.search(view.text[: cells.start])
    if study is None and now.topic and told and not view.phrases:
        if view.sentence.start - now.topic_at > ANNOUNCE_REACH:
            return
        study = now.tracker.default(view.sentence)
        view.segments = [(a, b, s or study) for a, b, s in view.segments]
    if study is None:
        return
    near = view.sentence.start - now.topic_at <= TOPIC_REACH
    _treat_cohorts(study, now.topic if near and not arms.is_care(now.topic) else ())
    if not study.arms and _POOLED.search(view.text, 0, cells.start):
        _pool(study, now, arms)
    sister = _sister(view, study, now) or _told_before(view, study, cells, now)
    two = now.tracker.two if now.tracker.together else None
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
        if study.spoken is None and sister is now.last[1]:
            study.spoken, study.unit = sister.spoken, sister.unit
        study.pair = (copies.get(id(sister.pair[0])), copies.get(id(sister.pair[1])))
        study.order = [copies[id(a)] for a in sister.order if id(a) in copies]
        study.recent = [copies[id(a)] for a in sister.recent if id(a) in copies]
    elif now.topic and view.sentence.start - now.topic_at <= TOPIC_REACH:
        controls = [a for a in study.arms if "placebo" in a.interventions or a.role == "comparator"]
        if controls and len(controls) == len(study.arms) and not set(now.topic) & controls[0].key:
            focus = Arm(now.topic, role="experimental")
            study.arms.insert(0, focus)
            study.pair, study.recent, study.order = (focus, controls[0]), [focus], [focus, controls[0]]
        # what another group got, or everybody gets, is not what the treated ones got
        theirs = arms.is_care(now.topic) or any(
            a.key == set(now.topic) and (a.used or a.role) for a in study.arms
        )
        for arm in study.arms if not theirs else ():
            if arm.role == "experimental" and not arm.interventions and not arm.as_told:
                arm.interventions, arm.supposed = now.topic, True
        if not study.arms:
            study.arms.append(Arm(now.topic, guessed=True))
        elif len(study.arms) == 1 and not (study.arms[0].interventions or study.arms[0].as_told):
            study.arms[0].interventions = now.topic


def _treat_cohorts(study: Study, topic: tuple[str, ...]) -> None:
    """A cohort of which no treatment is told gets that of its study, if it tests one, or what the text speaks of."""
    told = {a.key: a.interventions for a in study.arms if a.interventions and not a.supposed}
    cohorts = [a for a in study.arms if not a.interventions and any(map(_COHORT.search, a.labels))]
    by_cohort = any(
        map(_COHORT.search, (x for a in study.arms if a.interventions and not a.supposed for x in a.labels))
    )
    if len(told) < 2 and not by_cohort:
        for a in cohorts:
            a.interventions, a.supposed = next(iter(told.values()), topic), True


def _pool(study: Study, now: InForce, arms: ArmFinder) -> None:
    """Give an analysis of the last two trials their groups, and where each tested another drug of one kind, the kind's."""
    told = [s for s in now.tracker.studies if s is not study and s.used and s.names][-2:]
    focus, against = ([s.pair[i] for s in told] for i in (0, 1))
    if len(told) < 2 or None in focus or None in against or len({a.key for a in against if a}) > 1:
        return
    kind = arms.kind_of([a.interventions for a in focus if a])
    if kind:
        study.arms = [
            Arm(kind, role="experimental"),
            Arm(next(a.interventions for a in against if a), role="comparator"),
        ]
        study.pair, study.order, study.recent = (
            (study.arms[0], study.arms[1]),
            list(study.arms),
            study.arms[:1],
        )


def suppose_control(view: View, cells: Cells, now: InForce) -> None:
    """A pair of numbers of a study of which one arm was told: the other is what all these trials compare with."""
    study = view.study_at(cells.start)
    if study is None or not cells.paired or len(study.arms) != 1:
        return
    near = view.sentence.start - now.versus_at <= _VERSUS_REACH
    versus = now.versus if near else ()
    if set(versus) & study.arms[0].key:
        versus = ()
    if not versus and (study.arms[0].guessed or _AGAIN.search(view.text, 0, cells.start)):
        versus = _confirmed(study, now)
    if versus and study.arms[0].interventions and set(versus) != study.arms[0].key:
        study.arms[0].guessed = False
        control = study.add(Arm(versus, role="comparator"))
        if len(study.arms) == 2:
            study.pair, study.order = (study.arms[0], control), list(study.arms)


def _confirmed(study: Study, now: InForce) -> tuple[str, ...]:
    """What the study told right before compared this one's treatment with, where this one found the same or names nobody."""
    told = now.tracker.studies
    at = next((i for i, s in enumerate(told) if s is study), 0)
    focus, against = told[at - 1].pair if at else (None, None)
    same = focus is not None and focus.key == study.arms[0].key and told[at - 1].used
    return against.interventions if same and against is not None else ()


def _sister(view: View, study: Study, now: InForce) -> Study | None:
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
            for s in now.tracker.studies
            if s is not study and s.arms and stems & {_NUMBER_END.sub("", n) for n in s.names}
        ),
        None,
    )


def _told_before(view: View, study: Study, cells: Cells, now: InForce) -> Study | None:
    """The study told right before, of as many groups as a sentence that names none gives numbers of another one: ``In X, A
    had 5.8 and B 5.1. In Y the gains were 6.6 and 6.7, respectively``."""
    if study.arms or view.phrases or not study.names or len(cells.quantities) < 2 or cells.changed:
        return None
    paragraph, last, _ = now.last
    if last is None or last is study or paragraph != view.sentence.paragraph or not last.names:
        return None
    if sum(a.used for a in last.arms) != len(cells.quantities) or len(last.arms) != len(cells.quantities):
        return None
    return last


def class_arm(view: View, q: Quantity, arms: ArmFinder) -> Arm | None:
    """The arm of the only kind of treatment that a sentence names, where no arm is known."""
    study = view.study_at(q.start)
    named = [p for p in view.phrases if p.kind == "interventions" and not p.background and not p.reference]
    if study is None or study.arms or len({p.interventions for p in named}) != 1:
        return None
    return arms.resolve(study, named[0], view.text, [])[0]
