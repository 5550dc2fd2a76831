"""The arms that the phrases of sentences mean."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.core.sieve import possible
from trialmine.link import meant
from trialmine.link.armphrase import (
    DEFINED,
    DOSE,
    DOSE_AFTER,
    EVERYBODY,
    UNIT,
    ArmPhrase,
    defined_name,
)
from trialmine.link.crowds import all_got, own_arm
from trialmine.link.levels import at_level
from trialmine.link.meant import GROUP_MARK
from trialmine.link.people import people_key
from trialmine.read.segment import HAN

_WHOLE = r"(?:\d{1,3}(?:[,\s]\d{3})+|\d{1,5})(?!\d|,\d)"
#: right before a kind of treatment, that it is not the one told of it
_ANOTHER = Expression(
    r"(?:其他|标准|传统|常规|一代|另一[种类]?|对照|既往)的?$|\b(?:other|another|standard|conventional|first-generation)\s$"
)
_SIZE = Expression(
    rf"(?:组|治疗|患者|口服|静脉注射|静脉滴注|皮下注射|(?:每日|每天|每周)[一二两三\d]次|\b(?:bid|qd|tid|qw|q\d+w|po|iv)\b|\s|,|\((?![nN]\s?=)[^()]{{0,20}}\)|(?:{DOSE}))*(?:[(\[](?:[^()\d]{{0,40}}[;,]\s?)?)?\s?(?:[nN]\s?=\s?(?P<n>{_WHOLE})|(?P<n>{_WHOLE})\s?(?:例|人|名|位)(?!\(|[^,。;)]{{0,12}}(?:获得|达到|发生|出现|死亡)))(?!\s?(?:vs\.?|对|比|versus|and|/)\s?(?:n\s?=\s?)?\d)"
)
_MAY_BE_SIZE = possible(_SIZE)
#: people of a group that is told by its size; fewer are those to whom something happened
_LEAST_GROUP = 4
#: right behind a number of people: what they had, not what they got
_FARED = Expression(
    r"(?:患者)?(?:(?:[轻中重]度|轻微|严重|局部|一过性|短暂|不良)|(?P<w>\p{Han}{2,6}),(?P=w)率)"
)
#: right behind a number of people who got what follows: it is of the next group
_OTHERS_GOT = Expression(r"(?:患者|受试者)?(?:接受|给予|予以?|采用|应用|使用|行|服用)")
#: where the abbreviation of a group may be that of a regimen
_REGIMENS_TOLD = Expression(r"方案|化疗|[癌瘤]|白血病|\bchemotherap|LC\b")
#: right behind a treatment that not all got, but this one or another
_OR_ELSE = Expression(
    r"(?:\([^()]{1,30}\))?(?:单药|治疗|疗法|方案|单独)*(?:或|及/或|和/或|/)|\s?(?:therapy|alone|treatment)?,?\sor\s"
)
_LENGTH_IN = Expression(rf"(?P<n>\d+\s?{UNIT})[^()]{{0,4}}\((?:组|\w组|[Gg]roup|[Aa]rm)")
_LENGTH_BEFORE = Expression(rf"(?P<n>\d+\s?{UNIT})\s?\($")
#: a text that sets 观察组 against 对照组, so that nobody is only watched
CONTROLLED = Expression(
    r"观察组[\s\S]{0,600}?对照组|对照组[\s\S]{0,600}?观察组|(?i:observation(?:al)? group[\s\S]{0,600}?control group|control group[\s\S]{0,600}?observation(?:al)? group)"
)
_SHORT_GROUP = Expression(r".+\((?P<n>\p{Lu}[\p{Latin}\d+-]{1,9})\)(?:治疗)?组")


#: tells a combination in full: no short name of a larger one
_IN_FULL = Expression(r"\s(?:plus|\+|combined with|in combination with|together with)\s")


class ArmFinder:
    """Finds the arms that phrases mean."""

    def __init__(self, patterns: Patterns) -> None:
        c = patterns.compile
        #: whether the page's 观察组 stands against a 对照组
        self.controlled = False
        self._inactive = {"placebo", *patterns.cues.get("untreated_class", ())}
        self._classes = patterns.procedures("class")
        self._care = set(patterns.cues.get("basic_care", ()))
        self._operations = tuple(patterns.cues.get("operation", ()))
        self._everybody = c(EVERYBODY)
        #: the abbreviation of a regimen -> its parts
        self._regimens = {
            short: tuple(p.strip() for p in e["parts"].split(" + "))
            for short, e in patterns.short_regimens().items()
        }
        #: a word for a kind of treatment -> how the names of those of the kind end
        self._kinds = patterns.kind_endings()

    def defines(self, text: str, phrase: ArmPhrase) -> bool:
        """Whether a group's number or letter follows in a bracket: ``A 10 mg (组1)``."""
        return DEFINED.match(text[phrase.end : phrase.end + 60]) is not None

    def kind_of(self, treatments: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
        """What all of these treatments are: one and the same, or the narrowest kind that each one's only drug is of."""
        if len(set(map(frozenset, treatments))) == 1:
            return treatments[0]
        kinds = [
            (len(ends), -len(kind), kind)
            for kind, ends in self._kinds.items()
            if all(len(t) == 1 and t[0].endswith(ends) for t in treatments)
        ]
        return (min(kinds)[2],) if kinds else ()

    def resolve(
        self, study: Study, phrase: ArmPhrase, text: str, nearby: list[Arm], beside: Sequence[Arm] = ()
    ) -> list[Arm]:
        """The arms of ``study`` that a phrase means; unknown ones are made.

        ``nearby`` are the arms told before in the sentence, ``beside`` those in the phrase's own clause.
        """
        if phrase.kind == "interventions":
            if phrase.labels:
                return self._by_dose(study, phrase, nearby)
            pair = self._told_both(study, phrase, text) if phrase.untreated else None
            if pair is not None:
                return pair
            arms = [self._by_interventions(study, phrase, text, nearby)]
            if phrase.untreated:
                lacking = (
                    self._lacking(study, phrase.interventions) if len(phrase.interventions) == 1 else None
                )
                without = meant.without(study, phrase.untreated) or lacking
                without = without or study.add(Arm(study.shared, role="comparator"))
                without.call(phrase.untreated)
                arms.append(without)
            if phrase.without:
                less = frozenset(phrase.without)
                arms.append(study.find(less, "") or study.add(Arm(phrase.without)))
            return arms
        if phrase.kind == "label":
            if meant.glosses(study, phrase, text, beside):
                beside[-1].call(phrase.label)
                return [beside[-1]]
            arms = [self._by_label(study, label, phrase, text, nearby) for label in phrase.labels]
            if len(arms) == 1 and not arms[0].interventions and beside and text[: phrase.start].endswith("("):
                arms[0].interventions = beside[-1].interventions
            return arms
        if phrase.kind == "people":
            keys = set(map(people_key, phrase.labels))
            own = next((a for a in study.arms if keys & set(map(people_key, a.labels))), None)
            own = own or own_arm(study, phrase.labels)
            if own is None and phrase.role:
                role = "comparator" if phrase.role == "control" else phrase.role
                own = study.add(
                    Arm(
                        phrase.interventions or (all_got(study) if phrase.generic else ()),
                        list(phrase.labels),
                        role,
                        as_told=True,
                    )
                )
            return [own] if own is not None else []
        if phrase.kind == "dose":
            return self._by_dose(study, phrase, nearby)
        if phrase.kind in ("both", "all"):
            if (own := study.labelled(f"组{phrase.label[0]}")) is not None:
                return [own]  # 2组, where the text has numbered its groups
            if phrase.kind == "both":
                pair = [a for a in study.pair if a is not None]
                if len(pair) == 2:
                    return pair
                return study.arms[-2:] if len(study.arms) >= 2 else []
            marked = [a for a in study.arms if any(map(GROUP_MARK.fullmatch, a.labels))]
            if meant.counted_groups(phrase.label) == len(marked) > 2:
                return marked  # 三组, of those that have letters
            return list(study.arms) if len(study.arms) >= 3 else []
        if phrase.kind in ("former", "latter"):
            pair = [a for a in study.pair if a is not None]
            for known in (list(dict.fromkeys(nearby)), study.recent, study.order, pair):
                if len(known) >= 2:
                    return [known[0] if phrase.kind == "former" else known[1]]
            return []
        return self._by_role(study, phrase, nearby, beside)

    def for_everybody(self, text: str, phrase: ArmPhrase) -> bool:
        """Whether a treatment is one that all who took part got: ``所有患者均接受A``, ``all patients received A``."""
        operation = all(n.endswith(self._operations) for n in phrase.interventions)
        return (
            phrase.kind == "interventions"
            and not operation
            and not phrase.is_group
            and not _OR_ELSE.match(text, phrase.end)
            and bool(self._everybody.search(text[max(0, phrase.start - 80) : phrase.start]))
        )

    def is_inactive(self, names: Sequence[str]) -> bool:
        """Whether a group only went without: placebo, observation."""
        return self._inactive.issuperset(names)

    def is_care(self, names: Sequence[str]) -> bool:
        """Whether treatments are only the care that every patient gets."""
        return self._care.issuperset(names)

    def with_shared(self, study: Study, phrase: ArmPhrase) -> tuple[str, ...]:
        """What a phrase's group gets with what all groups of its study get."""
        names = phrase.interventions
        more = tuple(n for n in study.shared if n not in self._care)
        alone = any(a.used and a.key == frozenset(more) for a in study.arms)  # it has results of its own
        if (
            not more
            or alone
            or set(more) & set(names)
            or study.find(frozenset(names), phrase.dose) is not None
        ):
            return names
        return (*names, *more)

    def size(self, text: str, phrase: ArmPhrase) -> tuple[int, int] | None:
        """(number of participants, offset) where it stands right behind an arm's name."""
        m = _SIZE.match(text, phrase.end) if _MAY_BE_SIZE(text) else None
        if m and "," in text[phrase.end : m.starts("n")[0]] and _OTHERS_GOT.match(text, m.end()):
            return None
        if m is None:
            return None
        value, start = int(regex.sub(r"\D", "", m.captures("n")[0])), m.starts("n")[0]
        counted = "=" not in text[phrase.end : start]
        return None if counted and (value < _LEAST_GROUP or _FARED.match(text, m.end())) else (value, start)

    def _by_interventions(self, study: Study, phrase: ArmPhrase, text: str, nearby: list[Arm]) -> Arm:
        key = frozenset(phrase.interventions)
        own = at_level(study, phrase.manner) if phrase.manner and not phrase.dose else None
        if own is not None and own.key == key:
            own.call(phrase.label)
            return own
        defined = DEFINED.match(text[phrase.end : phrase.end + 60])
        if defined:
            label = defined_name(defined)
            arm = study.labelled(label)
            if arm is None:
                free = [a for a in study.arms if not any(GROUP_MARK.fullmatch(x) for x in a.labels)]
                same = [a for a in free if a.key == key]
                if length := _LENGTH_IN.search(text, phrase.start, phrase.end + 30):
                    same = [a for a in free if key <= a.key and meant.same_dose(a.dose, length["n"])] or same
                arm = same[0] if same else study.add(Arm(phrase.interventions))
            dose = DOSE_AFTER.match(text, phrase.end)
            arm.dose = arm.dose or phrase.dose or (dose[1] if dose else "")
            arm.interventions = arm.interventions or phrase.interventions
            arm.call(label)
            arm.call(phrase.label)
            return arm
        if phrase.route and not any(a.key == key for a in study.arms):
            # what was only called by its route so far
            plain = [a for a in study.arms if a.key == {phrase.route} and a not in nearby]
            for a in plain[:1] if sum(x.used for x in study.arms) < 3 else ():
                a.interventions = phrase.interventions
        short = any(n.isupper() for n in key)  # an abbreviation that is only known as part of a group's name
        named = phrase.is_group or (phrase.generic and bool(phrase.manner))
        own = study.labelled(phrase.label) if named else None
        defined = own is not None and bool(own.interventions) and not key <= own.key  # its bracket told it
        if own is not None and not (short or key <= self._classes or defined):
            own = None
        if own is not None and own.interventions:
            return own  # the text has said what a group that is called by kinds of treatment gets
        arm = study.find(key, phrase.dose) or (
            meant.by_words(study, phrase.label)
            if not phrase.alone and (phrase.told or (len(key) == 1 and " " in next(iter(key))))
            else None
        )
        if (
            arm is None
            and phrase.is_group
            and len(key) == 1
            and not (phrase.dose or HAN.search(phrase.label))
        ):
            own = meant.by_words(study, phrase.label)  # the heparin group, of low-molecular-weight heparin
            if own is not None and len(own.interventions) == 1:
                own.call(phrase.label)
                return own
        if (
            arm is not None
            and phrase.told
            and phrase.dose
            and not meant.same_dose(arm.dose or phrase.dose, phrase.dose)
        ):
            arm = None  # the same unknown treatment at another dose
        if arm is not None and phrase.dose and not arm.dose and meant.of_doses(text, phrase):
            arm = study.add(Arm(phrase.interventions, dose=phrase.dose))
        if arm is None and phrase.generic and phrase.is_group and own is not None:
            return own
        if arm is not None and phrase.manner:
            arm = meant.of_manner(study, phrase, nearby) or arm
        if arm is None or not meant.settled(study, arm, phrase):
            whole = meant.with_backbone(study, key)
            if whole is not None and phrase.manner and whole in nearby:  # early X beside late X
                whole = study.add(Arm(whole.interventions, manner=phrase.manner))
            arm = whole or arm
        if arm is None and not phrase.alone and (own_choice := meant.chosen(study, key)) is not None:
            return own_choice
        settled = arm is not None and meant.settled(study, arm, phrase)
        if (
            not settled
            and not phrase.alone
            and not (phrase.reference and len(key) == 1 and not phrase.is_group)
            and not (len(key) > 1 and not phrase.is_group and _IN_FULL.search(phrase.label))
        ):
            holding = [
                a for a in study.arms if key < a.key and (arm is None or a in study.pair or a in study.order)
            ]
            if study.continued:  # the least of those that have it on top of what was continued
                holding = [a for a in holding if all(a.key <= x.key for x in holding)] or holding
            # A联合B组, and then B组: that is those who got B alone
            holding = [a for a in holding if not meant.backbone_of(a, phrase)]
            called = study.labelled(phrase.label) if phrase.is_group else None
            holding = [a for a in holding if a is called] or holding  # 推拿组, of the two that have it
            if (
                len({a.key for a in holding}) == 1
                and (
                    holding[0] not in nearby
                    or meant.more_than_told(phrase.label, len(key))
                    or meant.called_by_first(study, holding[0], phrase)
                )
                and (
                    phrase.is_group
                    or phrase.generic
                    or len(study.arms) == 1
                    or holding[0] is study.pair[0]
                    or (holding[0] is study.pair[1] and study.pair[0] in nearby)
                    or meant.all_have(study, holding[0].key - key)
                )
            ):
                arm = holding[0]
        if arm is None or not meant.settled(study, arm, phrase):
            arm = (
                self._meant_by_kinds(study, key, nearby)
                or self._of_the_kind(study, phrase, text, nearby)
                or arm
            )
        if arm is None and phrase.generic:
            spelt = [a for a in study.arms if key <= a.kinds]
            if phrase.alone:  # not the one that has it with something else
                least = [
                    a for a in spelt if len(spelt) > 1 and all(a.key - {"placebo"} <= x.key for x in spelt)
                ]
                spelt = least or [a for a in spelt if all(self._is_of(n, key) for n in a.interventions)]
            arm = spelt[0] if len(spelt) == 1 else None
        if arm is None and phrase.generic:
            arm = meant.by_kind_named(study, phrase)
        two = len(study.arms) == 2 and bool(nearby)
        told = two or (phrase.is_group and None not in study.pair)
        if arm is None and phrase.generic and told and not self.is_inactive(phrase.interventions):
            # a kind of treatment set against one of two arms, or against placebo, is the other
            rest = [
                a
                for a in (study.arms if two else study.pair)
                if a is not None and a not in nearby and "placebo" not in a.interventions
            ]
            one = len(rest) == 1 and not rest[0].as_told and self._may_be_of(rest[0], phrase.interventions)
            arm = rest[0] if one else None
            if arm is not None and not arm.interventions:
                arm.interventions = phrase.interventions
        if arm is not None and phrase.is_group and "+" in phrase.label:
            arm = meant.same_parts(study, arm, phrase.label)
        bare = [a for a in study.arms if a.role == "comparator" and not a.interventions and a.labels]
        if key == {"placebo"} and len(bare) == 1 and (arm is None or arm is bare[0]):
            arm = bare[0]  # 对照组, of which this is told only now
            arm.interventions = phrase.interventions
        if arm is None and "placebo" in key and len(key) > 1:
            # a placebo-controlled trial, of which it is told only now what the placebo group got
            bare = [a for a in study.arms if a.key == {"placebo"} and not a.used and a not in nearby]
            arm = bare[0] if len(bare) == 1 else None
            if arm is not None:
                arm.interventions = phrase.interventions
        if arm is None:
            arm = Arm(phrase.interventions, dose=phrase.dose)
            study.add(arm)
        for label in (phrase.label, *phrase.called):
            arm.call(label)
            if short := _SHORT_GROUP.fullmatch(label):  # 化疗(CT)组 is the CT组
                arm.call(f"{short['n']}组")
        arm.kinds |= phrase.kinds
        arm.manner = arm.manner or phrase.manner
        if phrase.role:
            arm.role = {"control": "comparator", "experimental": "experimental"}.get(phrase.role, arm.role)
        return arm

    def _meant_by_kinds(self, study: Study, key: frozenset[str], nearby: list[Arm]) -> Arm | None:
        """The arm whose drugs a phrase tells by their kinds only: ``A + a kind of treatment`` for A and B, which is of it."""
        kinds = (key & self._classes) - {"placebo"}
        named = [
            a for a in study.arms
            if kinds and a not in nearby and key > kinds and key - kinds < a.key and not (a.key & self._classes) - {"placebo"}
            and (len(a.key) == len(key) or kinds <= a.kinds)
        ]  # fmt: skip
        return named[0] if len(named) == 1 else None

    def _is_of(self, name: str, kinds: Sequence[str] | frozenset[str]) -> bool:
        """Whether an intervention is one of these or of these kinds: a nephrectomy is surgery."""
        return name in kinds or any(name.endswith(self._kinds.get(k, ("\n",))) for k in kinds)

    def _may_be_of(self, arm: Arm, kinds: Sequence[str]) -> bool:
        """Whether a group's treatment may be of these kinds; an operation's name tells that it is one."""
        told = [k for k in kinds if k in self._kinds]
        return not told or not arm.interventions or any(self._is_of(n, told) for n in arm.interventions)

    def _of_the_kind(self, study: Study, phrase: ArmPhrase, text: str, nearby: list[Arm]) -> Arm | None:
        """The arm of which a word only tells the kind: ``手术组`` for ``X切除术联合A``, ``免疫治疗组`` for a study's PD-1 antibody.

        That is the only one that got nothing else, else the only one that got a treatment of the kind.
        """
        if phrase.manner or len(phrase.interventions) != 1 or not (phrase.is_group or phrase.generic):
            return None
        kind = phrase.interventions[0]
        if kind not in self._kinds:
            return None
        known = [a for a in study.arms if a.interventions and a.key != {kind}]
        told = [a for a in known if any(self._is_of(n, (kind,)) for n in a.interventions)]
        whole = [a for a in told if all(self._is_of(n, (kind,)) for n in a.interventions)]
        told = whole if len(whole) == 1 else told
        told = [a for a in told if len(told) == 1 or a in study.pair]
        beside = told and set(map(id, nearby)) == {id(told[0])}
        set_apart = any(x.endswith(("组", "group")) for x in told[0].labels) if beside else False
        if beside and (
            (phrase.is_group and set_apart) or _ANOTHER.search(text, max(0, phrase.start - 16), phrase.start)
        ):
            return None  # A组与其他TKI组: set against the only group told so far, it is another one
        # A with chemotherapy is not what is called chemotherapy
        added = told and any(kind in a.key for a in told) and not (phrase.is_group and len(known) > 1)
        return told[0] if len(told) == 1 and not added and not phrase.alone else None

    def _lacking(self, study: Study, kinds: Sequence[str] | frozenset[str]) -> Arm | None:
        """The only arm that didn't get what these kinds of treatment are, where another one did: ``非手术组``."""
        known = [a for a in study.arms if a.interventions and a.key != frozenset(kinds)]
        having = [a for a in known if any(self._is_of(n, kinds) for n in a.interventions)]
        lacking = [a for a in known if a not in having]
        return lacking[0] if kinds and len(having) == len(lacking) == 1 else None

    def _told_both(self, study: Study, phrase: ArmPhrase, text: str) -> list[Arm] | None:
        """The two groups of which the text has told, with and without it, by a longer name: ``放疗`` for ``全乳放疗``."""
        for first, second in [study.pair, *itertools.permutations(study.arms, 2)]:
            if first is None or second is None or not (second.key and second.key < first.key):
                continue
            more = all(self._is_of(n, phrase.interventions) for n in first.key - second.key)
            named = text[phrase.start : phrase.end]
            if more or ((first, second) == study.pair and any(x.endswith(named) for x in first.labels)):
                return [first, second]
        return None

    def _by_label(self, study: Study, label: str, phrase: ArmPhrase, text: str, nearby: list[Arm]) -> Arm:
        arm = (
            study.labelled(label)
            or at_level(study, label)
            or (
                meant.without(study, label) or meant.less_that(study, label)
                if phrase.role == "control"
                else None
            )
            or (self._lacking(study, phrase.kinds) if phrase.role == "control" else None)
            or (
                meant.by_end(study, label)
                if HAN.search(label.removesuffix("组"))
                else meant.by_words(study, label)
            )
        )
        length = _LENGTH_BEFORE.search(text, 0, phrase.start) if arm is None else None
        if length is not None and GROUP_MARK.fullmatch(label):
            alike = [
                a
                for a in study.arms
                if meant.same_dose(a.dose, length["n"]) and not any(map(GROUP_MARK.fullmatch, a.labels))
            ]
            arm = alike[0] if len(alike) == 1 else None
        told = arm is not None and any(meant.own_words(x) == meant.own_words(label) for x in arm.labels)
        if arm in nearby and arm is not None and not arm.interventions and not told:
            arm = None  # two groups told side by side: the slow stepwise group and the stepwise group
        short = regex.fullmatch(r"[A-Z]{2,6}组", label) and not GROUP_MARK.fullmatch(label)
        if arm is None and short and len(study.arms) == 2 and nearby:
            # an abbreviation that was never explained, set against one of two arms, is the other
            other = next((a for a in study.arms if a is not nearby[-1] and a.interventions), None)
            named = other is not None and any(regex.fullmatch(r"[A-Z]{2,6}组", x) for x in other.labels)
            arm = None if named else other
        if arm is None:
            role = {"control": "comparator"}.get(phrase.role, phrase.role)
            parts = self._regimens.get(label.removesuffix("组"), ()) if _REGIMENS_TOLD.search(text) else ()
            if parts and (own := study.find(frozenset(parts))) is not None:
                own.call(label)
                return own
            control = phrase.role == "control"
            arm = study.add(Arm((study.shared or _controlled_by(study)) if control else parts, role=role))
        arm.call(label)
        arm.as_told = arm.as_told or phrase.generic or phrase.role == "control" or meant.says_who(label)
        if len(phrase.labels) == 1 and phrase.label != label:
            arm.call(phrase.label)
        elif phrase.lead:
            arm.call(f"{phrase.lead} {label.strip('组')}")
        return arm

    def _by_dose(self, study: Study, phrase: ArmPhrase, nearby: list[Arm]) -> list[Arm]:
        """The arms of one drug at the doses of a phrase."""
        drugs = [a for a in nearby if a.interventions and "placebo" not in a.interventions]
        drugs += [a for a in study.arms if a.dose and a.interventions and a.role != "comparator"]
        drugs += [
            a
            for a in (study.pair[0], *study.arms)
            if a is not None and a.interventions and "placebo" not in a.interventions
        ]
        if phrase.interventions:
            drugs, nearby = [Arm(phrase.interventions)], []
        if not drugs and len(phrase.labels) > 1:
            drugs = [Arm(())]
        if not drugs:
            return []
        main = (
            drugs[0]
            if not nearby
            else next(
                (a for a in reversed(nearby) if a.interventions and "placebo" not in a.interventions),
                drugs[0],
            )
        )
        found = []
        for dose in phrase.labels:
            way = not dose[:1].isdigit() and phrase.kind == "interventions"
            if not way and not phrase.interventions and main in nearby:
                # 20 mg, where another drug was told since: the only one that has this dose
                own = [a for a in study.arms if a.interventions and a.dose and meant.same_dose(a.dose, dose)]
                if len(own) == 1 and own[0].key != main.key:
                    found.append(own[0])
                    continue
            arm = next(
                (
                    a
                    for a in study.arms
                    if a.key == main.key and (a.manner == dose if way else meant.same_dose(a.dose, dose))
                ),
                None,
            )
            if arm is None:
                arm = (
                    main
                    if not main.dose and not main.used and len(phrase.labels) == 1
                    else study.add(Arm(main.interventions))
                )
                arm.guessed = False
                if way:
                    arm.manner = dose
                else:
                    arm.dose = dose
            arm.call(dose)
            found.append(arm)
        return found

    def _by_role(
        self, study: Study, phrase: ArmPhrase, nearby: list[Arm], beside: Sequence[Arm] = ()
    ) -> list[Arm]:
        arms = study.arms
        best: Arm | None = None
        if (own := study.labelled(phrase.label)) is not None and own.interventions:
            best = own  # the text has said what this word means
        elif phrase.kind == "control":
            controls = [a for a in arms if a.role == "comparator"]
            best = next((a for a in controls if a.interventions), None) or (
                controls[0] if controls else study.pair[1]
            )
            if best is None:
                best = next((a for a in arms if "placebo" in a.interventions), None)
            if best is None and len(arms) == 2:
                best = min(arms, key=lambda a: (a.role == "experimental", len(a.interventions)))
            if (
                best is not None
                and best in nearby
                and best.role != "comparator"
                and len(arms) > 1 < len(set(map(id, nearby)))
            ):
                best = None  # one that the sentence has told of by another name
            if best is None or not best.interventions:
                # two were told, and one of them is set against the control: that is the other one
                told, mine = list(dict.fromkeys(nearby)), set(map(id, beside))
                rest = [a for a in told if id(a) not in mine]
                rest = [a for a in rest if len(told) == 2 or "placebo" in a.interventions]
                named = phrase.reference and beside and all(a.interventions for a in told)
                best = rest[0] if named and len(rest) == 1 else best
        elif phrase.kind == "combination" and (parts := meant.to_combine(study, nearby)):
            best = study.find(frozenset(parts)) or study.add(Arm(parts))
        elif phrase.kind == "combination":
            # one that the text has set against another before one that it has only told of
            best = max(
                arms,
                key=lambda a: (
                    len(a.interventions) > 1 and (a.used or a in study.pair or a in study.order),
                    len(a.interventions), a in study.pair, a.used,
                ),
                default=None,
            )  # fmt: skip
            if best is not None and len(best.interventions) < 2:
                best = study.pair[0] if len(phrase.interventions) < 2 else None
        elif phrase.kind == "mono":
            singles = [a for a in arms if len(a.interventions) == 1]
            within = [a for a in singles if any(a.key < x.key for x in arms)]  # a part of what others get
            singles = within if len(within) == 1 else [a for a in within if a.used] or singles
            best = singles[0] if len(singles) == 1 else None
        elif phrase.kind == "experimental":
            best = next((a for a in arms if a.role == "experimental"), None) or study.pair[0]
            if best is None and len(arms) <= 2:
                # not one that the sentence has just told: it sets the two against each other
                told = [a for a in arms if a not in nearby]
                best = next(
                    (a for a in told if "placebo" not in a.interventions and a.role != "comparator"), None
                )
            if best is None:  # 患者接受A治疗,治疗组与未治疗组…
                mine = set(map(id, beside))
                told = [a for a in dict.fromkeys(nearby) if id(a) not in mine and a.role != "comparator"]
                told = [a for a in told if a.interventions and not a.key & self._inactive]
                best = told[0] if len(told) == 1 and not study.labelled(phrase.label) else None
        if best is None:
            best = study.labelled(phrase.label)
        gets = phrase.interventions
        if phrase.kind == "experimental" and gets:
            # 观察组: those who are only watched where another group is known by what it gets, else those who are treated
            watched = best is None or (best.interventions and best in nearby and best.role != "experimental")
            others = [a for a in nearby if a.interventions and a.role not in ("comparator", "experimental")]
            watched = watched and not self.controlled and not any(a.role == "comparator" for a in arms)
            gets, best = (gets, study.find(frozenset(gets))) if watched and others else ((), best)
        if best is not None and not best.interventions:
            best.interventions = gets
        if best is None:
            best = Arm(
                gets or (_controlled_by(study) if phrase.kind == "control" else ()),
                role={"control": "comparator", "experimental": "experimental"}.get(phrase.kind, ""),
            )
            study.add(best)
        best.call(phrase.label)
        return [best]


def _controlled_by(study: Study) -> tuple[str, ...]:
    """What the control group of a study gets by the name of its design: a placebo-controlled one, placebo."""
    return tuple(d.removesuffix("-controlled") for d in study.design if d.endswith("-controlled"))
