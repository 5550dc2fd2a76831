"""What a sentence says that a group is given: ``control: A; test group: B on top of it``."""

from __future__ import annotations

import itertools

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.link.armphrase import DOSE, SHORT_NAME, ArmPhrase
from trialmine.link.arms import ArmFinder
from trialmine.link.meant import GROUP_MARK
from trialmine.link.view import View
from trialmine.read.segment import HAN

#: between a group and its treatment, in English
_PEOPLE_EN = r"\p{Ll}{2,12}(?:s|en|ple)"
_COUNTED_EN = rf"(?:\(?(?:[nN]\s?=\s?)?\d+(?:\s{_PEOPLE_EN})?\)?,?\s?)"
_GIVEN = Expression(
    rf"^(?:,|:)?\s?{_COUNTED_EN}?(?:(?:consist(?:ed|ing)\sof|compris(?:ed|ing)|includ(?:ed|ing)|contain(?:ed|ing))\s)?{_COUNTED_EN}?(?:{_PEOPLE_EN}\s)?{_COUNTED_EN}?(?:(?:who|that)\s)?"
    r"(?::|\(|(?<=^|\s)(?:received|receiving|(?:were|was)\s(?:given|administered|prescribed|started\son)|got|took|taking|used|underwent|undergoing|(?:(?:were|was)\s)?(?:treated|managed|supplemented)\swith|were\sassigned\sto)\b|\s|(?<=\d[,)]\s?))"
    rf"\s?(?:{DOSE}\s(?:of\s)?"
    r"|(?:the|only|also|either|daily|weekly|oral|intravenous|subcutaneous|intramuscular|topical|intranasal|inhaled|vaginal|sublingual|single)\s|(?:an?|\d+|one|two|three|four|six|eight)\s(?:(?:[\p{Ll}-]+\s){0,3}(?:weeks?|months?|days?|years?|cycles?|doses?|courses?|tablets?|capsules?|injections?|infusions?|combination|sessions?)\s(?:of\s)?)?)*$"
)
_IN_BRACKET = Expression(r"\s?\((?:\s?(?:[nN]\s?=\s?)?\d+\s?[例名人]?\s?[,;:])?\s?")
_TO_BRACKET = Expression(r"\s?(?:(?:group|arm)\s)?\(\s?")
#: what a group is called in short, in the bracket behind its name
_IN_SHORT = Expression(rf"^\s?\({SHORT_NAME}(?:\)|(?P<more>[,;:]\s?))")
#: behind all that a bracket says that a group got
_CLOSED = Expression(
    r"(?:\s?(?:辅助|同步|维持|诱导|巩固|联合)?(?:治疗|化疗|方案|疗法)?)?(?:[,;]\s?(?:[nN]\s?=\s?)?\d+\s?[例名人]?)?\s?\)"
)
#: between a lettered or numbered group and its treatment, in a list of groups
_GIVEN_IN_LIST = Expression(
    r"^[,:]?\s?(?:继续|换用|换为|改用|改为|加用|单用|单纯|单独|仅用?|给予|接受|采用|使用)?$"
)
_OPENS_CLAUSE = Expression(r"(?:^|[,;:。.])\s?$")
_SIZED = Expression(r"(?:患者)?(?:\(\s?(?:[nN]\s?=\s?)?\d+例?\)|\d+例)?(?:患者)?[,:]?")
_CLOSES_CLAUSE = Expression(r"(?:治疗|干预|护理|训练|方案|疗法|联合[^,;。:\d%]{2,20})?(?:[,;。.]|$)")
_OPENS_ITEM = Expression(r"(?:^|[(;:。])\s?$")
#: people of a group counted, and their eyes or joints: 40例40只眼
_COUNT = r"\(?(?:[各共有计]|纳入|包括|包含|收治|共有|共计)?\d+(?:例|人|名|(?:只|个)?(?:患?眼|患膝|患髋|患牙|患肢))(?:[(,、]?共?\d+(?:只|个|颗|侧)?(?:患?[眼牙膝髋足肩]|患?肢|关节))?\)?"
#: 治疗组在对照组的基础上加用…
_BASED_ON = Expression(rf"^(?:患者)?\s?(?:\(\s?[nN]\s?=\s?\d+\)|{_COUNT})?,?(?:则|均|是)?在$")
#: between two groups told side by side, and between the last of them and what each of them got
_SIDE_BY_SIDE = Expression(r"^(?:\([^()]*\))?(?:、|和|与|及|以及|,)$")
_BOTH_NAMED = Expression(r"(?:\([^()]*\))?(?:、|和|与|及|以及)")
#: from a treatment to another one, of which each may be another group's
_AND_OTHERS = Expression(r"[^,;。:]{0,8}(?:、|和|与|及|以及|或)(?:(?!组)[^,;。:]){0,8}")
_EACH_GOT = Expression(r"^(?:\([^()]*\))?(?:(?:各|每组各?|均为?)?\s?\d+(?:例|人|名|只?眼))?(?:患者)?,?分别")
#: between two treatments that one group gets: 观察组加用A及B
_AND_GIVEN = Expression(
    r"(?:片|胶囊|颗粒|注射液|治疗|护理|干预|训练|口服|雾化(?:吸入)?)?(?:\s?\d[\d.~-]*\s?(?:m?g|[μu]g|万?I?U|mL|ml|mmol|min|分钟|h|小时)(?:/\p{Han}|/kg|/d)?)?(?:\([^()]{0,30}\))?(?:、[^,、;。:()]{1,8}){0,2}(?:后?(?=加用|联合|再)|、|以?及|和|与|并|,?(?:并|同时|然?后?再|然后|随后|接着|继之)(?:予|给予|加用?|联合|配合|口服|内服|外用|进?行|施以?|接受|做|(?:静脉)?(?:注射|推注|泵注|滴注|输注)|静[注滴]|吸入))(?:口服|内服|静脉滴注|外用)?"
    r"(?:(?!治疗|干预|[的组与和及或对较比于无未不用者后前])\p{Han}){0,6}"
)
#: people of a group, behind its name: 观察组产妇
_PEOPLE = r"(?:的)?(?:病?患者|病患|者|受试者|病人|病例|孕产?妇|产妇|患儿|新生儿|早产儿|婴幼?儿|儿童|学生|老人|老年人|女性|妇女|志愿者|对象|人群|患[眼牙膝髋肢])"
#: when, between a group and what it got: ``对照组于术后第2天开始口服X``
_WHEN = (
    r"(?:[于在待](?:(?![接给予采])[^,;。:()]){1,16}?(?:前|后|时|内|期间|同时|时间点?|(?<=[术程导])中|当[天日]|第\s?\d+\s?(?:天|日|周|d))(?:\s?\d+(?:-\d+)?\s?(?:min|h|d|分钟|小时|天))?(?:开始|起)?(?:即刻|立即|即|均|分别|常规)?,?|"
    r"(?:术毕|(?:麻醉|诱导|切皮|关腹|缝皮|拔管|插管|开颅|气腹|入室)(?:开始|结束)?(?:之?前|后|时))(?:即刻|立即)?(?:\s?\d+(?:-\d+)?\s?(?:min|h|d|分钟|小时|天))?,?)?"
    r"(?:(?:按照?|以|采用|用|按)(?:同样|相同|同等|上述|同一)的?(?:方案|方法|速度|速率|剂量|方式|途径|频率|时间)(?:均|分别)?)?"
)
#: the same in Chinese: ``43例在此基础上加用``; ``more`` says that it comes on top of what another group gets
_GIVEN_HAN = (
    rf"^{_PEOPLE}?\s?(?:\(\s?[nN]\s?=\s?\d+\)|{_COUNT}(?:(?!接受|给予|采用|行)\p{{Han}}{{0,10}}?{_PEOPLE})?)?{_PEOPLE}?"
    rf"[,:]?(?:(?:入院|确诊|分组|手术|术|入组)(?:之?后|当[天日])(?:即|立即|均)?,?)?{_WHEN}(?:(?:对|为|给)(?:该|本|此|其)?组?(?:内|中)?{_PEOPLE})?(?:则|均|都|分别|为|是|直接|立即|即刻|随即|单纯|先(?!后))?"
    r"(?:(?P<more>在?(?:此|上述|该|前述|以上|其|同样|相同|同等|前者)(?:\p{Han}{0,6}?)的?基础之?上,?)|(?P<more>{{give_more}})|\(?(?:护理|治疗|干预|手术|麻醉|用药|镇痛|训练)(?:方法|方式|方案|措施|术式|手段)(?=[为是:采选给])|\((?![^()]*\))|(?:经?(?:子?宫|关节|鞘|腹|胸|静脉|肌肉|皮下|局部)?(?:体|腔|肌)?内?)?(?:{{gave}})了?|{{give_how}}|为|:)"
    r"(?:(?P<more>{{give_more}})了?|(?:{{gave}})了?|{{give_how}}|(?:为|是|:)(?<=[法式案施段][为是:])|\(\s?\d+(?:\.\d+)?\s?(?:min|h|s|d|分钟|小时)\)?|(?<=予)患[者儿]|\s|\"[^\"]{1,12}\"|[\p{Latin}\d./]{1,12}(?:/\p{Han})?\s?|\d\p{Han}{1,2}|先(?!后)|(?<=\dmm|\dcm)(?:透明角膜|角膜|巩膜)?(?:小|微)?切口)*$"
)
#: a treatment given in a way that no word of ours tells: ``采用传统X``, ``行后路椎间Y``
_GIVEN_SOMEHOW = (
    rf"^{_PEOPLE}?\s?(?:\(\s?[nN]\s?=\s?\d+\)|{_COUNT})?{_PEOPLE}?[,:]?{_WHEN}(?:则|均|都|分别|直接|单纯)?(?:{{{{gave}}}})了?(?:\"[^\"]{{1,12}}\")?"
    r"(?:(?![未不与和及无或加者组而]|[术疗之][前后]|后改)\p{Han}){1,8}(?:(?<!联合|基础|失败|治疗|患|禁忌)|(?<=疗法|方案|治疗|护理|干预|措施|训练|手法)[(:]|(?<=\p{Han}{3})(?<!组)(?:和|及|、|与|联合|配合|加))$"
)
_ON_TOP = r"^(?:的?(?:治疗|用药|方案|措施|护理|干预|常规治疗))*的?基础之?上,?(?:{{give_more}}|{{gave}}|{{give_how}})+(?:(?![,;。:、组未无不的])[\p{Han}\p{Latin}]){0,12}的?$"
#: what a group only went on with, right before it
_WENT_ON = Expression(r"(?:继续|维持|仅|只|单用|单纯|单独|原有?|仍)\p{Han}{0,6}$")
#: the end of a group's name
_GROUP_END = Expression(r"(?:治疗|手术|疗法)?组(?:患者)?$")
#: right before a group: it gets on top of what was told of the group before it what is told next
_ON_THIS = Expression(r"(?:在|于)(?:此|该|上述|前者|对照组|其)(?:\p{Han}{0,4}的?)?基础之?上,?$")
#: what was just told of another group as what comes first
_SUCH_BASE = Expression(r"基础")
#: 两组均给予…; both groups also received …
_TO_BOTH = (
    rf"^(?:(?![与和及组])\p{{Han}}){{0,8}}?{_PEOPLE}?(?:\p{{Han}}{{0,6}}[前后中])?,?(?:均|都|同时|同样|常规|统一|一律)(?!未|无|不|没有|有|连续|较|比|组)\p{{Han}}{{0,6}}?(?:{{{{gave}}}}|{{{{give_more}}}})(?:了)?(?:{{{{give_how}}}})*(?:\p{{Han}}{{2,10}}、){{0,3}}$|"
    r"^\s(?:also\s)?(?:received|were given|were treated with|got)\s$"
)
#: when people had an operation, between them and what all of them got then: 两组术后均采用X镇痛
_AT_SURGERY = Expression(r"(?:术|手术|麻醉|全麻|拔管|插管|切皮|入室|诱导)(?:前|中|后|时|结束)|围手?术期")
#: from a group to what it gets
_GETS = Expression(r"(?:\([^()]*\))?(?:患者)?(?:则|予以?|给予|采用|应用|接受|使用|为|用|将|:)*(?:上述|以上)?")
#: between a treatment and the group that got it, and right before the treatment: ``用A给予对照组治疗``
_GIVEN_TO = Expression(
    r"(?:\([^()]*\))?(?:术|法)?(?:给予|应用于|用于|作用于|(?:的?(?:方式|方法|技术|疗法|手段))?(?:对|为|给)|治疗|干预)"
)
#: 接受甲药补充剂的治疗组
_WHO_GOT = Expression(r"(?:接受|给予|使用|采用|服用|应用|单用|加用)(?:了|\p{Han}{1,3})?$")
_IS_GROUP_OF = Expression(r"(?:片|胶囊|注射液|补充剂|制剂)?(?:治疗|干预|护理|方案|训练)?的")
_WITH_IT = Expression(r"(?:用|以|将|采用|使用|应用|选用|给予?|通过)(?:了|植皮后|术后|传统的?|常规的?|单纯)?$")


def _next_item(view: View, before: list[ArmPhrase], label: ArmPhrase) -> bool:
    """Whether a comma parts a group from the item before it, which told what its own group gets: ``A组X,B组X+Y``."""
    last = next((x for x in reversed(before) if x.end <= label.start), None)
    if last is None or view.text[last.end : label.start].strip() not in (",", "、"):
        return False
    own = view.arms.get(id(last), []) if last.kind == "interventions" else []
    return len(own) == 1 and any(map(GROUP_MARK.fullmatch, own[0].labels))


def _called_by(view: View, group: ArmPhrase, p: ArmPhrase) -> bool:
    """Whether a group is called by a word of what it got: ``开腹组采用开腹胆囊切除术``."""
    stem = _GROUP_END.sub("", view.text[group.start : group.end])
    return len(stem) > 1 and HAN.search(stem) is not None and stem in view.text[p.start : p.end]


class Given:
    """Reads the treatment that stands behind, before or above a group's name."""

    def __init__(self, patterns: Patterns, arms: ArmFinder) -> None:
        self.arms = arms
        self._given_han, self._on_top = patterns.compile(_GIVEN_HAN), patterns.compile(_ON_TOP)
        self._given_somehow = patterns.compile(_GIVEN_SOMEHOW)
        self._to_both = patterns.compile(_TO_BOTH)

    def told_next(self, view: View, p: ArmPhrase, study: Study) -> list[Arm]:
        """A new group for a combined or single treatment of which the text goes on to tell what it was: ``联合组口服A并外用B``."""
        listed = study.labelled(p.label)
        if p.kind not in ("combination", "mono") or (listed is not None and listed.interventions):
            return []
        then = next((x for x in view.phrases if x.start >= p.end), None)
        if then is None or then.kind != "interventions" or then.is_group or p.interventions:
            return []
        gap = view.text[p.end : then.start]
        bracketed = _IN_BRACKET.fullmatch(gap) and study.find(frozenset(then.interventions), "") is None
        if not bracketed and ("(" in gap or not self._given_han.match(gap)):
            return []
        arm = listed or study.add(Arm())
        arm.call(p.label)
        return [arm]

    def as_told(self, view: View, p: ArmPhrase) -> list[Arm]:
        """The two groups that a word for both means, in the order in which its sentence has told them, none as a reference."""
        arms, before = view.arms[id(p)], [q for q in view.phrases if q.end <= p.start and q.kind != "both"]
        told = list(dict.fromkeys(a for q in before for a in view.arms.get(id(q), [])))
        plain = not any(q.reference for q in before) and len(told) == 2 == len(arms)
        return told if plain and set(map(id, told)) == set(map(id, arms)) else arms

    def to_both(self, view: View, p: ArmPhrase, study: Study) -> bool:
        """Whether both groups get a treatment besides their own (两组均给予A); it is added to what each of them gets."""
        both = [x for x in view.phrases if x.kind in ("both", "all") and x.end <= p.start]
        if p.kind != "interventions" or not both:
            return False
        first = p
        for x in reversed([x for x in view.phrases if both[-1].end <= x.start and x.end <= p.start]):
            if (
                x.kind != "interventions"
                or id(x) in view.arms
                or not _AND_GIVEN.fullmatch(view.text, x.end, first.start)
            ):
                return False
            first = x  # 两组均给予A、B和C
        if not self._to_both.match(view.text[both[-1].end : first.start]):
            return False
        arms = view.arms.get(id(both[-1]), [])
        if not any(a.used or a.interventions for a in study.arms):
            study.shared += tuple(n for n in p.interventions if n not in study.shared)
            return True
        if len(arms) < 2 or any(a.used for a in arms):
            return False
        if (
            _AT_SURGERY.search(view.text, both[-1].end, first.start)
            and len({a.key for a in arms if a.key}) > 1
        ):
            return (
                True  # each has its own: what all got around their operation is no part of what is compared
            )
        if not all(a.interventions for a in arms):  # what they get besides is told next
            study.shared += tuple(n for n in p.interventions if n not in study.shared)
        for a in arms:
            a.interventions += tuple(n for n in p.interventions if n not in a.interventions)
        return True

    def told(self, view: View, p: ArmPhrase) -> tuple[Arm | None, tuple[str, ...]]:
        """The numbered or lettered group that a treatment is told of: ``组1给予A``, ``arm A (X plus Y)``.

        ``Groups 1, 2 and 3 received A, B and C``: the n-th treatment is the n-th group's. With it, what the group gets
        besides: ``治疗组在对照组基础上加用A`` and ``治疗组加用A`` are the control group's treatment and A.
        """
        if p.kind != "interventions":
            return None, ()
        before = [x for x in view.phrases if x.end <= p.start]
        if p.background and before and set(p.interventions) < set(before[-1].interventions):
            return None, ()  # placebo group (on A): already part of what it gets
        if (behind := self._given_behind(view, p)) is not None:
            return behind, ()
        if (
            len(before) > 1
            and before[-1].is_group
            and self._on_top.match(view.text[before[-1].end : p.start])
        ):
            base, top = (view.arms.get(id(x), []) for x in (before[-1], before[-2]))
            if len(base) == len(top) == 1 and _BASED_ON.match(view.text[before[-2].end : before[-1].start]):
                return (top[0], base[0].interventions) if base[0].interventions else (None, ())
        told = self._given(view, p, before)
        study = view.study_at(p.start)
        last = view.arms.get(id(before[-1]), []) if told is None and len(before) > 1 else []
        if (
            len(last) == 1
            and before[-1].kind == "interventions"
            and before[-1].label in last[0].labels
            and not (p.is_group or p.reference or before[-1].is_group or last[0].used)
            and any(
                last == view.arms.get(id(x))
                and x.kind in ("label", "control", "experimental", "combination", "mono")
                for x in before[-3:-1]
            )
            and _AND_GIVEN.fullmatch(view.text, before[-1].end, p.start)
        ):
            got = tuple(n for n in last[0].interventions if n not in p.interventions)
            last[0].interventions = ()
            return last[0], got
        if told is None or study is None:
            return None, ()
        gap = self._given_han.match(view.text[before[-1].end : p.start])
        more = gap and (gap["more"] or _ON_THIS.search(view.text, 0, before[-1].start))
        if more and not told.used and not study.shared:
            added = self._added_alike(view)  # A组加用X,B组加用Y: neither on top of the other's
            others = [a for a in study.arms if a is not told and a.interventions and id(a) not in added]
            base = [a for a in others if a.role == "comparator"] or others
            if len(base) > 1:
                # the one that has been given it, where the others are only named by it: 基础组、A组、B组
                given = {
                    id(a)
                    for x in view.phrases
                    if x.end <= p.start and x.kind == "interventions" and not x.is_group
                    for a in view.arms.get(id(x), [])
                }
                base = [a for a in base if id(a) in given]
            if len(base) == 1 and not set(base[0].interventions) & set(p.interventions):
                return told, base[0].interventions
            told.on_top = not others and id(told) not in added
        return told, tuple(n for n in study.shared if n not in p.interventions)

    @staticmethod
    def alongside(view: View, p: ArmPhrase, told: Arm) -> list[Arm]:
        """The groups without a treatment that stand beside the one that a treatment is told of: ``A组和B组口服X``."""
        label = next((x for x in reversed(view.phrases) if x.end <= p.start and x.kind == "label"), None)
        then = next((x for x in view.phrases if x.start >= p.end), None)
        if (
            label is None
            or not HAN.search(view.text, label.end, p.start)
            or _EACH_GOT.match(view.text[label.end : p.start])
            or (then is not None and _AND_OTHERS.fullmatch(view.text, p.end, then.start))
        ):
            return []
        beside = list(view.arms.get(id(label), []))
        x = label
        for y in reversed([y for y in view.phrases if y.end <= label.start]):
            if y.kind != "label" or not _BOTH_NAMED.fullmatch(view.text, y.end, x.start):
                break
            beside += view.arms.get(id(y), [])
            x = y
        return [a for a in beside if a is not told and not a.interventions] if told in beside else []

    @staticmethod
    def added_to(view: View, p: ArmPhrase, study: Study, told: Arm) -> None:
        """Give the other group, of which only what was added has been told, what this one got: ``治疗组加用A,对照组继续B``."""
        went_on = told.role == "comparator" or _WENT_ON.search(view.text, max(0, p.start - 10), p.start)
        for a in study.arms if went_on and told.interventions and not told.on_top else ():
            if a.on_top and a is not told and not a.used and not a.key & told.key:
                a.interventions, a.on_top = (*told.interventions, *a.interventions), False

    def _added_alike(self, view: View) -> set[int]:
        """The groups of which the sentence has told what was added for them."""
        pairs = (
            (self._given_han.match(view.text[x.end : y.start]), y)
            for x, y in itertools.pairwise(view.phrases)
            if x.end <= y.start
        )
        return {
            id(a)
            for gap, y in pairs
            if gap and gap["more"] and not _SUCH_BASE.search(gap["more"])
            for a in view.arms.get(id(y), [])
        }

    def is_given(self, gap: str) -> bool:
        """Whether the words between a group and a treatment say that the group got it."""
        gap = _IN_SHORT.sub(lambda m: " (" if m["more"] else "", gap, count=1)
        return bool(_GIVEN.match(gap) or self._given_han.match(gap) or self._given_somehow.match(gap))

    @staticmethod
    def both_drugs(view: View, p: ArmPhrase, nearby: list[Arm]) -> Arm | None:
        """The group that is told to get what the two before it get: ``A组给予X,B组给予Y,C组两药联用``."""
        label = next((x for x in reversed(view.phrases) if x.end <= p.start), None)
        own = view.arms.get(id(label), []) if label is not None and label.kind == "label" else []
        if (
            label is None
            or len(own) != 1
            or own[0].interventions
            or not _GETS.fullmatch(view.text, label.end, p.start)
        ):
            return None
        each = list(dict.fromkeys(a for a in nearby if a.interventions))[-2:]
        if len(each) < 2:
            return None
        own[0].interventions = tuple(dict.fromkeys(n for a in each for n in a.interventions))
        return own[0]

    def _given_behind(self, view: View, p: ArmPhrase) -> Arm | None:
        """The group right behind a treatment that the text says it was given to: ``用A给予对照组治疗``."""
        after = next((x for x in view.phrases if x.start >= p.end), None)
        study = view.study_at(p.start)
        if (
            after is not None
            and study is not None
            and after.kind in ("label", "control", "experimental")
            and (
                (
                    _GIVEN_TO.fullmatch(view.text, p.end, after.start)
                    and _WITH_IT.search(view.text, 0, p.start)
                )
                or (
                    _WHO_GOT.search(view.text, 0, p.start)
                    and _IS_GROUP_OF.fullmatch(view.text, p.end, after.start)
                )
            )
        ):
            arms = self.arms.resolve(study, after, view.text, [])
            if len(arms) == 1 and not arms[0].interventions:
                return arms[0]
        return None

    def _given(self, view: View, p: ArmPhrase, before: list[ArmPhrase]) -> Arm | None:
        """The group before a treatment that the text says it was given to."""
        opened = bool(before) and _TO_BRACKET.fullmatch(view.text, before[-1].end, p.start) is not None
        bracketed = opened and (len(p.interventions) > 1 or before[-1].told)
        if before and before[-1].kind == "interventions" and (before[-1].is_group or bracketed):
            own = view.arms.get(id(before[-1]), [])
            named = set(before[-1].interventions)
            again = set(p.interventions) <= named
            gap = view.text[before[-1].end : p.start]
            explained = bracketed and _CLOSED.match(view.text, p.end) is not None
            if explained and len(own) == 1 and any(n.isupper() for n in p.interventions):
                return own[0]  # nivolumab plus chemotherapy (NIVO+chemo组)
            # the needling group got needling and A; the drug group got B; placebo group (on X)
            spelt = (
                before[-1].generic
                or (not bracketed and named < set(p.interventions))
                or (not again and _called_by(view, before[-1], p))
                or bool(explained and not again)
            )
            if len(own) == 1 and (again or spelt) and self.is_given(gap):
                if spelt and not own[0].used:
                    kept = {"placebo"} & named - set(p.interventions)
                    own[0].interventions = (*kept, *p.interventions) if kept else ()
                return own[0] if again or not own[0].used else None
        label = next(
            (
                x
                for x in reversed(before)
                if x.kind in ("label", "control", "experimental", "combination", "mono")
                and view.arms.get(id(x))
            ),
            None,
        )
        if label is None:
            return None
        gap = view.text[label.end : p.start]
        listed = (
            GROUP_MARK.fullmatch(label.label)
            and _GIVEN_IN_LIST.match(gap)
            and (_OPENS_ITEM.search(view.text[: label.start]) or _next_item(view, before, label))
        ) or (
            # 对照组常规护理,观察组…: a clause of nothing else
            label.kind in ("control", "experimental")
            and _SIZED.fullmatch(gap)
            and _OPENS_CLAUSE.search(view.text, 0, label.start)
            and _CLOSES_CLAUSE.match(view.text, p.end)
        )
        if listed and len(view.arms[id(label)]) == 1:
            arm = view.arms[id(label)][0]
            return None if arm.interventions else arm
        arms = view.arms[id(label)]
        if _EACH_GOT.match(gap):  # A组与B组分别接受X和Y
            for x, y in itertools.pairwise(reversed(before[: before.index(label) + 1])):
                if x.kind == "interventions" or not _SIDE_BY_SIDE.match(view.text[y.end : x.start]):
                    break
                arms = [*view.arms.get(id(y), []), *arms]
        if not self.is_given(gap) and len(arms) < 2:
            return None
        between = [
            x for x in before if x.start >= label.end and x.kind == "interventions" and not x.background
        ]
        first = between[0] if between else p
        if not self.is_given(view.text[label.end : first.start]) or len(between) >= len(arms):
            return None
        arm, study = arms[len(between)], view.study_at(p.start)
        if arm.supposed or (study is not None and not arm.used and arm.key <= set(study.shared)):
            arm.interventions, arm.supposed = (), False  # it had what both got so far, and gets its own now
        if (
            label.interventions
            and arm.key == set(label.interventions)
            and not arm.used
            and _IN_BRACKET.fullmatch(gap)
        ):
            arm.interventions = ()  # standard care (A): its bracket says what it was
        if arm.in_bracket and not arm.used and not set(p.interventions) <= arm.key:
            arm.interventions, arm.in_bracket = (
                (),
                False,
            )  # 治疗组(综合治疗): the text goes on to tell what that was
        return arm if not arm.interventions or arm.key == frozenset(p.interventions) else None
