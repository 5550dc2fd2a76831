"""Which of the groups of a study a wording means: by its words, its end, its parts, its manner or what it went without."""

from __future__ import annotations

from collections.abc import Sequence

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm, Study
from trialmine.link.armphrase import (
    DOSE_AFTER,
    MULTIPLE,
    NEGATED,
    ONE_DOSE,
    ArmPhrase,
)
from trialmine.read.segment import HAN

#: the number or letter of a group
GROUP_MARK = Expression(r"组\d{1,2}|(?:I{1,3}|IV|[A-HJ-M]\d?|[甲乙丙丁])组")
#: the name of a group that leaves open what it got: ``低剂量组``, ``甲组``
_MARKED_ONLY = Expression(
    r"(?:组\d{1,2}|[甲乙丙丁戊一二三四五六]组|.*(?:剂量|疗程|浓度|频率|频次|强度|短程|长程|早期|晚期|延迟|立即|连续|间歇|单次|多次|单药|联合|用药|给药|新药|\d|每).*组)"
)
_TAIL = Expression(r"术?(?:治疗|疗法|方案)?组?$")
_SPACE_OR_DASH = Expression(r"[\s-]")
_WORD = Expression(r"(?:\b(?:no|non)-)?[\p{Latin}\d.]+")
_GROUP_WORDS = {"group", "groups", "arm", "arms", "the", "patients", "recipients", "a", "of", "in"}
#: words for what a group is given that tell no treatment
_KIND_WORDS = {
    "treatment",
    "therapy",
    "strategy",
    "management",
    "approach",
    "intervention",
    "target",
    "protocol",
    "regimen",
}


def counted_groups(label: str) -> int:
    """How many groups a word for all of them counts: 3组, 三组; 0 where it doesn't say."""
    return (
        "0123456".find(label[0])
        if label[0].isdigit()
        else {"三": 3, "四": 4, "五": 5, "六": 6}.get(label[0], 0)
    )


def glosses(study: Study, phrase: ArmPhrase, text: str, beside: Sequence[Arm]) -> bool:
    """Whether a group's letter in brackets is the mark of the group named right before it: ``高危对照组(B组)``."""
    return bool(
        beside
        and len(phrase.labels) == 1
        and GROUP_MARK.fullmatch(phrase.label)
        and text.startswith("(", phrase.start - 1)
        and study.labelled(phrase.label) is None
        and any(text.endswith(x, 0, phrase.start - 1) for x in beside[-1].labels)
    )


def says_who(label: str) -> bool:
    """Whether a Chinese group is called by who its people are, not by a mark or a dose of what was told before: ``老年组``."""
    return label.endswith("组") and bool(HAN.match(label[0])) and not _MARKED_ONLY.fullmatch(label)


def same_parts(study: Study, arm: Arm, label: str) -> Arm | None:
    """The arm of a label that joins parts, where another group has the same kinds of them: ``NACT+RT组``, ``NACT+RT+AC组``."""
    stem = label.removesuffix("组")

    def longer(x: str, y: str) -> bool:
        return x.startswith(y + "+")

    alike = [a for a in study.arms if a.key == arm.key]
    exact = [a for a in alike if label in a.labels]
    if exact:
        return exact[0]
    other = [
        a
        for a in alike
        if any(longer(stem, x.removesuffix("组")) or longer(x, stem) for x in a.labels if x.endswith("组"))
    ]
    rest = [a for a in alike if a not in other]
    return rest[0] if rest else None if other else arm


def all_have(study: Study, more: frozenset[str]) -> bool:
    """Whether every one of several groups of a study gets some treatments."""
    return len({a.key for a in study.arms}) > 1 and all(more <= a.key for a in study.arms)


def backbone_of(arm: Arm, phrase: ArmPhrase) -> bool:
    """Whether a Chinese group is called by what the combination of another group was added to: ``B组`` beside ``A联合B组``."""
    ends = phrase.label.endswith("组") and any(x.endswith("组") for x in arm.labels)
    return bool(
        ends and arm.used and phrase.interventions and phrase.interventions[0] != arm.interventions[0]
    )


def called_by_first(study: Study, arm: Arm, phrase: ArmPhrase) -> bool:
    """Whether a Chinese group is called by the first treatment of the only combination that its sentence has told: ``A联合B…,A组``."""
    plain = not arm.used and not any(x.endswith("组") for x in arm.labels)
    return (
        plain and study.arms == [arm] and phrase.label.endswith("组")
        and phrase.interventions == arm.interventions[:1] and not MULTIPLE.search(phrase.label)
    )  # fmt: skip


def settled(study: Study, arm: Arm, phrase: ArmPhrase) -> bool:
    """Whether an arm that has just what a phrase tells is the one that it means, and no larger one."""
    grouped = phrase.is_group and not phrase.manner and any(x.endswith("组") for x in arm.labels)
    return arm.used or arm in study.pair or grouped


def more_than_told(label: str, told: int) -> bool:
    """Whether a wording says that a group gets more treatments than it names: ``A三联组``."""
    m = MULTIPLE.search(label)
    return m is not None and told < {"双": 2, "二": 2, "三": 3, "四": 4}.get(m.group()[0], 9)


def to_combine(study: Study, nearby: list[Arm]) -> tuple[str, ...]:
    """What a combination is of that is listed with its parts: 甲组、乙组和联合组; nothing where the text has told it."""
    told = [a for a in study.arms if a.interventions and "placebo" not in a.interventions]
    singles = [a for a in told if len(a.interventions) == 1]
    listed = len(singles) == len(told) == 2 and all(a in nearby for a in told) and told[0].key != told[1].key
    return tuple(n for a in told for n in a.interventions) if listed else ()


def with_backbone(study: Study, key: frozenset[str]) -> Arm | None:
    """The arm of a pair that these interventions make with what both of its arms get."""
    a, b = study.pair
    if a is None or b is None or not (a.key & b.key) or not key:
        return None
    return next((x for x in (a, b) if key != x.key and key | (a.key & b.key) == x.key), None)


def by_end(study: Study, label: str) -> Arm | None:
    """The only arm with a longer wording that ends in a Chinese label, or begins or ends in what stands before 组.

    ``单一用药组`` for ``A单一用药组``, ``清扫组`` for ``淋巴结清扫``; else the only one that holds it.
    """
    stem = label.removesuffix("组")
    told = [a for a in study.arms if any(x.endswith(label) for x in a.labels)]
    for ends in (True, False) if len(stem) > 1 else ():
        told = told or [
            a for a in study.arms
            if a.interventions and any(_TAIL.sub("", x).endswith(stem) if ends else stem in x for x in a.labels)
        ]  # fmt: skip
    if not told and len(stem) > 1:
        told = [a for a in study.arms if any(x.endswith("组") and x.startswith(stem) for x in a.labels)]
    return told[0] if len(label) > 2 and len(told) == 1 else None


def without(study: Study, label: str) -> Arm | None:
    """The arm that the text called by other words for those who went without: ``非放疗组`` for ``不做放疗``."""
    stem = m["x"] if (m := NEGATED.match(label)) else ""
    return (
        next(
            (
                a
                for a in study.arms
                if any(
                    (x := NEGATED.match(y)) and (x["x"].endswith(stem) or stem.endswith(x["x"]))
                    for y in a.labels
                )
            ),
            None,
        )
        if stem
        else None
    )


def less_that(study: Study, label: str) -> Arm | None:
    """The arm that got what another one got, less what the label says it went without: ``without C`` for A where others got A and C."""
    m = NEGATED.match(label)
    if m is None:
        return None
    added = {n for a in study.arms for n in a.interventions if n.lower() in m["x"].lower()}
    left = [
        b for b in study.arms
        if added and b.interventions and not b.key & added and any(b.key == a.key - added for a in study.arms)
    ]  # fmt: skip
    whole = [a for a in study.arms if added < a.key]
    if added and not left and len(whole) == 1:
        left = [study.add(Arm(tuple(n for n in whole[0].interventions if n not in added)))]
    return left[0] if len(left) == 1 else None


def by_kind_named(study: Study, phrase: ArmPhrase) -> Arm | None:
    """The only arm of one treatment whose wording ends in the word for its kind: ``the vaccine`` for ``the X vaccine``."""
    kind = phrase.label.removesuffix("组").removesuffix(" group")
    told = [
        a for a in study.arms
        if len(a.key) == 1 and not a.key & set(phrase.interventions) and any(x.removesuffix("组").removesuffix(" group").endswith(kind) for x in a.labels)
    ]  # fmt: skip
    return told[0] if len(kind) > 1 and len(told) == 1 and "placebo" not in phrase.interventions else None


def own_words(label: str) -> set[str]:
    """The words of an English label that tell its group from others."""
    return {w for w in _WORD.findall(label.lower())} - _GROUP_WORDS or {label}


#: a limit in the name of a group: PNI<45组 is another one than PNI≥45组
_FIGURES = Expression(r"[<>≤≥]=?\s?\d[\d.]*")


def by_words(study: Study, label: str) -> Arm | None:
    """The only arm of which each word of an English label is told: ``the rigid group`` for ``rigid cast``."""
    words, figures = own_words(label), _FIGURES.findall(label)
    told = [
        a for a in study.arms
        if words and (not figures or any(figures == _FIGURES.findall(x) for x in a.labels)) and words <= set(_WORD.findall(" ".join([*a.labels, *a.interventions, a.manner]).lower()))
    ]  # fmt: skip
    plain = words - _KIND_WORDS
    if (
        not told and plain and plain < words and not figures
    ):  # the intensive-treatment group, for intensive lowering
        told = [a for a in study.arms if plain <= set(_WORD.findall(" ".join([*a.labels, a.manner]).lower()))]
    if len(told) > 1:  # of A with B and B alone, B is the latter
        told = [a for a in told if any(words == set(_WORD.findall(x.lower())) for x in a.labels)] or told
    return told[0] if len(told) == 1 else None


def of_manner(study: Study, phrase: ArmPhrase, nearby: list[Arm]) -> Arm | None:
    """The arm that got the same treatment in the phrase's manner; a new one where the sentence sets it against another."""
    same = [a for a in study.arms if a.key == frozenset(phrase.interventions) and a.manner]
    mine = next((a for a in same if a.manner == phrase.manner), None)
    if mine is None and same and (phrase.is_group or any(a in nearby for a in same)):
        mine = study.add(Arm(phrase.interventions, dose=phrase.dose, manner=phrase.manner))
    return mine


def of_doses(text: str, phrase: ArmPhrase) -> bool:
    """Whether a sentence names a phrase's treatment with several doses: ``placebo -2.7, A 120 mg -4.8, A 240 mg -4.6``."""
    name = ONE_DOSE.sub("", phrase.label).strip().lower()
    told: set[str] = set()
    at = text.lower().find(name) if name.isascii() else -1
    while at >= 0 and name:
        if dose := DOSE_AFTER.match(text, at + len(name)):
            told.add(_SPACE_OR_DASH.sub("", dose[1]))
        at = text.lower().find(name, at + len(name))
    return len(told) > 1


def same_dose(a: str, b: str) -> bool:
    """Whether a dose begins with another one, white space and dashes aside."""
    return str(_SPACE_OR_DASH.sub("", a)).startswith(_SPACE_OR_DASH.sub("", b))


def chosen(study: Study, key: frozenset[str]) -> Arm | None:
    """Those of a group of which each had one of several treatments who had this one, with what all of the group had."""
    group = next((a for a in study.arms if key < a.key and key & a.choices and not a.choices <= key), None)
    if group is None:
        return None
    names = tuple(n for n in group.interventions if n in key or n not in group.choices)
    return study.find(frozenset(names), "") or study.add(Arm(names, role=group.role))
