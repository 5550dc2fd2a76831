"""People whom a sentence sets against each other, as the groups of a study in which they all got the same, or nothing.

``65岁以下患者的死亡率为0.1%,65岁以上患者为0.7%(P=0.01)`` of a series of operations: its groups. Where a study tests treatments against
each other, or each kind of people has an estimate of its own, they are subgroups of its groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm, Study
from trialmine.core.words import PEOPLE
from trialmine.find.populations import Population
from trialmine.find.quantity import RATIOS, Quantity
from trialmine.link.armphrase import REFERENCE_BEFORE, ArmPhrase
from trialmine.link.people import is_other
from trialmine.link.view import Result

#: around what tells people apart in their name
_PEOPLE = Expression(
    rf"^(?:the\s|all\s)?(?:{PEOPLE}|those|cases|eyes)\s(?:with\s|who\s(?:had|were)\s|aged\s)?|"
    rf"的?(?:患者|病人|患儿|受试者|人群|病例|孕妇|产妇|者|组)$|\s(?:{PEOPLE}|cases|eyes|groups?)$"
)
#: around what people had got who were taken in
_TAKEN_IN = Expression(
    rf"(?:{PEOPLE}|cases)\s(?:who\s(?:had\s)?)?(?:treated with|receiving|received|given|on|undergoing|underwent|after)\s(?:an?\s|the\s)?$|\d\s?[例名位](?:行|接受)?$"
)
_ITS_PEOPLE = Expression(
    r"(?:治疗|疗法|术|手术)?后?的?(?!较|比|与|优|高|低|长|用|对|在)\p{Han}{0,2}[\p{Han}\p{Latin}]{0,12}?(?:患者|病人|病例|患儿|队列|人群)"
)
#: who took part in a study, as a text calls them
_WHO = Expression(
    r"(?:(?!纳入|(?<=[纳收])[入集]|收集|分析|入组|随访|回顾|显示|发现|其中|所有|全部|例|名)[\p{Han}\p{Latin}\d]){0,10}(?:患者|病人|受试者|患儿|人群|孕妇|产妇|志愿者|儿童|参与者)|"
    rf"\b(?:{PEOPLE})\b(?:\swith\s(?:\p{{Latin}}[\p{{Latin}}\d-]*\s?){{1,4}}?(?=[,.;()]|\s(?:was|were|had|in|at|who|and|after|from)\b|$))?"
)
_PERSONS = rf"(?:(?:the|those|all)\s)?(?:\p{{Ll}}[\p{{Ll}}-]+\s){{0,2}}?(?:{PEOPLE}|(?:non-?)?smokers|girls|boys|males|females|those)\b(?:\s(?!than\b|was\b|were\b|(?:given|receiving|assigned|allocated|treated|on|group|arm)\b)[\p{{L}}\d≥≤<>-]+){{0,7}}?"
#: kinds of people of whom the one had more of something than the other, up to the bracket of the ratio: ``more likely in children than in adults (RR``
_THAN_IN = Expression(
    rf"\b(?:more|less|higher|lower|greater|smaller|fewer|commoner|rarer|longer|shorter|better|worse|increased|reduced)\b[^.;:()\d]{{0,60}}?\b(?:in|among|for)\s(?P<a>{_PERSONS})\sthan\s(?:in|among|for)\s(?P<b>{_PERSONS})(?=\s?[(\[])"
)
#: what points to the groups of a trial, or tells one that got something
_OF_TRIAL = ("control", "experimental", "combination", "mono", "dose", "label")


def crowd_key(name: str) -> str:
    """What two spellings of one kind of people share: ``65岁以上的患者`` and ``65岁以上``."""
    return str(_PEOPLE.sub("", name.strip()).strip(" 的").lower()) or name


def _treatments(phrases: Iterable[ArmPhrase], studies: Iterable[Study]) -> set[frozenset[str]]:
    """The treatments of which a sentence or its studies tell."""
    told = {frozenset(p.interventions) for p in phrases if p.kind == "interventions" and not p.background}
    return told | {a.key for s in studies for a in s.arms if a.interventions and (a.used or a in s.pair)}


def _of_a_treatment(text: str, phrases: Iterable[ArmPhrase]) -> bool:
    """Whether a sentence tells how a treatment does in kinds of people, and not who was treated: ``A用于X患者优于Y患者``."""
    told = [p for p in phrases if p.kind == "interventions" and not p.background]
    return bool(told) and not any(
        _TAKEN_IN.search(text[max(0, p.start - 60) : p.start]) or _ITS_PEOPLE.match(text, p.end) for p in told
    )


def groups_of_people(
    text: str,
    people: Sequence[ArmPhrase],
    phrases: Sequence[ArmPhrase],
    quantities: Sequence[Quantity],
    studies: Sequence[Study],
) -> bool:
    """Whether people named by what they are or have are groups: nobody is told to have got anything, or it is they who are compared."""
    told = _treatments(phrases, studies)
    # a sentence that names no treatment and compares people in so many words tells of them, whatever was tested
    by_words = not any(p.kind == "interventions" for p in phrases)
    by_words = by_words and any(REFERENCE_BEFORE.search(text, 0, p.start) for p in people)
    apart = by_words or (not _tested(told) and not _of_a_treatment(text, phrases))
    return not told or (apart and _set_apart(text, people, quantities))


def _tested(told: set[frozenset[str]]) -> bool:
    """Whether treatments are tested against each other, so that kinds of people are subgroups of those who got them."""
    return len(told) > 1 or any("placebo" in key for key in told)


def all_got(study: Study) -> tuple[str, ...]:
    """What everybody in a study got, as far as the text has told: its only treatment."""
    told = [a for a in study.arms if a.interventions and not a.guessed]
    told = [a for a in told if a.used] or told
    return told[0].interventions if len({a.key for a in told}) == 1 else study.shared


def crowds(
    text: str,
    populations: Sequence[Population],
    phrases: Sequence[ArmPhrase],
    quantities: Sequence[Quantity],
    studies: Sequence[Study],
) -> list[Population]:
    """The kinds of people of a sentence that are groups of the study: two that it compares, or those that one before it did."""
    if pair := _one_than_other(text, phrases, quantities):
        return pair
    named = [p for p in populations if p.text]
    if not named or any(p.kind in _OF_TRIAL or (p.kind == "people" and p.told) for p in phrases):
        return []
    if _tested(_treatments(phrases, studies)) or _of_a_treatment(text, phrases):
        return []
    told = [p for p in named if p.listed] or named
    several = len(named) == len(populations) and len({crowd_key(p.text) for p in told}) > 1
    if several and _set_apart(text, told, quantities):
        return told
    known = {crowd_key(x) for s in studies for a in s.arms if a.as_told for x in a.labels}
    return [p for p in named if crowd_key(p.text) in known]


def _one_than_other(
    text: str, phrases: Sequence[ArmPhrase], quantities: Sequence[Quantity]
) -> list[Population]:
    """Two kinds of people whom a ratio compares, whatever they got: ``more likely in children than in adults (RR 5.1``."""
    m = _THAN_IN.search(text) if "than" in text else None
    ratios = [q for q in quantities if q.kind in RATIOS]
    if m is None or len(ratios) != 1 or "(" in text[m.end() + 2 : ratios[0].start]:
        return []
    if any(q.end <= m.start() for q in quantities) or any(p.start < m.end() for p in phrases):
        return []
    return [Population(m.start(x), m.end(x), m[x]) for x in "ab"]


def _set_apart(
    text: str, named: Sequence[Population] | Sequence[ArmPhrase], quantities: Sequence[Quantity]
) -> bool:
    """Whether the sentence compares these people: by an estimate or a p-value behind the last of them, or by its words."""
    keys = [crowd_key(text[p.start : p.end]) for p in named]
    once = next((i for i, k in enumerate(keys) if k in keys[:i]), len(keys))  # a list that is told again
    first, last = named[0], named[once - 1]
    measures = [q for q in quantities if q.kind == "p" or q.kind.startswith("estimate")]
    estimates = [q for q in measures if q.kind != "p"]
    of_groups = any(q not in measures and q.kind not in ("size", "skip") for q in quantities)
    if any(first.end <= q.start < last.start for q in measures) or len(estimates) >= once > of_groups * once:
        return False  # each has its own
    if any(REFERENCE_BEFORE.search(text, 0, p.start) for p in named):
        return True
    return once > 1 and any(q.start > last.end for q in measures)


def as_phrases(text: str, found: Sequence[Population]) -> list[ArmPhrase]:
    """The phrases for the groups that kinds of people are; those who went without, or else the last one, are whom the others are compared with."""
    against = [REFERENCE_BEFORE.search(text, 0, p.start) is not None for p in found]
    one = any(against) and not all(against)
    last_first = len(found) == 2 and is_other(found[0].text, found[1].text)
    controls = against if one else [bool(i) != last_first for i in range(len(found))]
    return [
        ArmPhrase(
            p.start,
            p.end,
            "people",
            label=p.text,
            is_group=True,
            generic=True,
            reference=one and against[i],
            role="control" if controls[i] else "experimental",
            labels=[p.text],
        )
        for i, p in enumerate(found)
    ]


def shared_by(people: Sequence[ArmPhrase], phrases: Sequence[ArmPhrase]) -> None:
    """Give groups of people the treatment of which their sentence tells: it is what they all got, and no group of its own."""
    told = [p for p in phrases if p.kind == "interventions" and not p.background] if people else []
    for p in told:
        p.background = True
    for p in people if told else ():
        p.interventions = told[0].interventions


def its_people(results: Iterable[Result]) -> None:
    """Give a study of which no group was ever told one: its people, by what the text calls them."""
    told: dict[int, list[Result]] = {}
    for r in results:
        if r.study is not None and not r.compares:
            told.setdefault(id(r.study), []).append(r)
    for own in told.values():
        study = own[0].study
        if (
            study is None
            or study.general
            or any(a.used or a.interventions for a in study.arms)
            or any(r.arm is not None for r in own)
        ):
            continue
        own = [r for r in own if r.time != "baseline"]  # what they were at the start may be of several groups
        names = [m.group() for r in own if (m := _WHO.search(r.sentence.text))]
        if not own or not (names or study.names):
            continue
        arm = study.add(Arm((), [*names[:1], *study.names[:1]], "single", as_told=True))
        arm.used = True
        for r in own:
            r.arm = arm
            r.why.append("the people of a study of which no group was told")


def own_arm(study: Study, labels: Sequence[str]) -> Arm | None:
    """The arm of a study that is called so, whatever word for people its name ends with."""
    keys = set(map(crowd_key, labels))
    return next((a for a in study.arms if a.as_told and keys & set(map(crowd_key, a.labels))), None)
