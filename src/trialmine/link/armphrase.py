"""A stretch of a sentence that means an arm, and what several stages need to read one."""

from __future__ import annotations

from dataclasses import dataclass, field

import regex

from trialmine.core.lazy import Expression
from trialmine.core.words import PEOPLE

DOSE = r"\d[\d.,]*(?:-\d[\d.,]*)?[\s-]?(?:mg|g|μg|ug|mcg|IU|U|万IU|mL|ml|片|毫克|微克|毫升|万?国际单位|万?单位)(?:\s?/\s?(?:kg|m2|d|次|天|日|day|mL))*"
ONE_DOSE, DOSE_AFTER = Expression(DOSE), Expression(rf"\s?({DOSE})")
#: those who went without
DO = (
    r"(?:给予|使用|应用|服用|接受|用药|用|进行|行|做|施行|实施|联合|联用|加用|加|采用|补充|接种|植入|放置|予)"
)
#: the name of such a group
NEGATED = Expression(
    rf"(?:(?:非|未|不|无|没有)(?:曾)?{DO}?过?|(?:without|[Nn]on?|not \p{{Latin}}+)[\s-])(?P<x>.+?)(?:治疗)?(?:组|患者|者|\s(?:groups?|arms?|patients))?$"
)
MULTIPLE = Expression(r"(?:\d|三|四|双|二)联")
#: lengths of treatment that tell groups apart: for 8 or 12 weeks
UNIT = r"(?:周|个月|天|年|weeks?|months?|days?|years?)"
LENGTHS = Expression(
    rf"(?P<d>\d+)(?:[\s-]?(?P<u>{UNIT}))?\s?(?:、|,)?\s?(?:或|\bor\b|vs\.?|\bversus\b|对比?)\s?(?P<d>\d+)[\s-]?(?P<u>{UNIT})"
)
#: two ways of giving one combination
WAYS = Expression(
    r"(?:的?)(?P<d>(?:同时|同步|序贯)(?:联合)?|联合)(?:治疗|用药|给药)?(?:或|和|与|及|、|vs\.?|对比?)(?P<d>(?:同时|同步|序贯)(?:联合)?|联合)(?:治疗|用药|给药|组)|"
    r"\s(?:given\s)?(?P<d>concurrent(?:ly)?|sequential(?:ly)?|simultaneous(?:ly)?)\s(?:or|and|versus|vs)\s(?P<d>concurrent(?:ly)?|sequential(?:ly)?|simultaneous(?:ly)?)\b"
)
CHINESE_NUMBER = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5"}
#: right before the group that others are compared with
REFERENCE_BEFORE = Expression(
    r"(?:相比于?|相较于?|相对于|(?<!比)较之?|优于|高于|低于|长于|短于|好于|多于|少于|大于|小于|早于|晚于|快于|慢于|差于|轻于|重于|强于|弱于|劣于|胜过|不及|逊于|远超|不亚于|对比|对照|超过|"
    rf"(?<![A-Za-z])(?:[Cc]ompared (?:with|to)|[Vv]ersus|vs\.?|than|over|[Rr]elative to|[Ii]n comparison (?:with|to)|[Ww]ith respect to|[Ii]n contrast (?:to|with)|against|compared to that (?:of|with)|than (?:with|in)|superior to|inferior to|non-?inferior to)(?:\s(?:the|those|that|with|in|of|who|receiving|received|treated|given|taking|assigned|{PEOPLE}|eyes|on|for|among|amongst|did|had|from|was|to|after|under|undergoing|underwent)){{0,6}}(?:\s(?!(?:in|on|of|to|with|for|and|or|at|by|from|after|plus|placebo|than|not|but)\b)\p{{Ll}}[\p{{Ll}}-]{{2,}}){{0,2}})\s?(?:单纯|单独|单用|加用?|联合|联用|合用|继续|改用|换用|单药|单一|仅用?|传统|常规|标准|接受|使用|其[他它]|现有|的){{0,2}}\s?$"
)
#: right before the first of two groups that a study compares
COMPARES = Expression(
    r"(?:对比|比较|[Cc]ompar(?:ed|es|ing)|头对头比较)(?:了|the|an?|接受|使用|of|\s)*(?:(?<=[较比]了?)[^,。;()]{0,18}(?:接受|使用|应用|给予))?$"
)
#: a group's number or letter in the bracket behind what it gets
DEFINED = Expression(
    rf"^(?:(?!与|和|或|、|及|对比|比较|对照|相比)[\p{{Han}}\d\s]|(?:{DOSE})|,\s?(?:bid|qd|tid|q\dw|[每一二]\p{{Han}}{{1,4}})|\((?!组|[^()]{{0,20}}组\))[^()]{{0,20}}\)){{0,24}}\((?:[^()]{{0,14}}[,;、]\s?)?(?:(?:以下|下)?(?:均)?(?:简称为?|称为?|记为|设为|定为|命名为|即)[:\"]?)?(?:(?:组|队列|[Gg]roup\s?|[Aa]rm\s?)(?P<g>\w)|(?P<g>[A-H1-9甲乙丙])组|(?P<l>(?!两|三|四|各|每|该|本|此|上述|均|其|全|对照组|观察组|治疗组|试验组|实验组|研究组)(?!\p{{Han}}{{0,3}}随机)[\p{{Han}}\p{{Latin}}+-]{{1,10}}?(?<!分|亚|小|入|随机)组))(?:[,;、][^()]{{0,14}})?\)"
)
#: what a group is called in short, in the bracket behind its name: EG, IG, ConG
SHORT_NAME = r"[A-Z][A-Za-z]{0,2}[A-Z]\d?"
#: words for those who take part
THEY = rf"(?i:{PEOPLE}|those|recipients)"
#: right before a treatment that everybody got, for :meth:`Patterns.compile`
EVERYBODY = (
    rf"\b(?:[Aa]ll|[Bb]oth|[Ee]very)\s(?:[\p{{Latin}}-]+\s){{0,3}}?(?:{THEY}|groups|arms|patient|participant)\s(?:also\s|initially\s)?(?:{{{{everybody_got}}}})\s(?:[\p{{Latin}}-]+\s){{0,4}}?$|"
    r"(?:患者|病例|受试者|参与者|病人|患儿|产妇|孕妇|对象|志愿者|\d\s?[例名人]|[两二三各]组|儿童)[^,。;研试]{0,12}?(?:均|都)(?:同时)?(?:{{gave}}|{{give_more}})(?:了)?(?:{{give_how}}|(?:为期)?\d{1,3}\s?(?:周|天|个?月|年)的?)*(?:(?![研试对比])\p{Han}{2,8}?(?:治疗|用药|护理|手术)(?:配合|结合|联合|并|及|和|与|、|加))?$"
)


@dataclass(slots=True)
class ArmPhrase:
    """A stretch of a sentence that means one arm (or, for ``both``/``all``/ranges, several)."""

    start: int
    end: int
    kind: str
    interventions: tuple[str, ...] = ()
    label: str = ""
    dose: str = ""
    #: how a treatment was given, where the text says it before its name: early, low-dose, open
    manner: str = ""
    is_group: bool = False
    reference: bool = False
    background: bool = False
    alone: bool = False
    generic: bool = False
    #: known only because the text told it to be a group
    told: bool = False
    #: control or experimental, where the text calls it so in brackets
    role: str = ""
    labels: list[str] = field(default_factory=list)
    #: what a bracket right behind it calls it: the control group
    called: list[str] = field(default_factory=list)
    #: the word before the number or letter of an English group: group, arm
    lead: str = ""
    #: the kinds of treatment whose names it tells: chemotherapy (A or B)
    kinds: frozenset[str] = frozenset()
    #: what one of two groups got, where the text leaves a part open: A with or without B
    without: tuple[str, ...] = ()
    #: what those are called who went without it, where the text tells of both groups at once: with and without A
    untreated: str = ""
    #: what its treatment was added to: B on top of A
    base: tuple[str, ...] = ()
    #: the drugs given by a procedure, where one name tells both: the drug and its route
    route: str = ""


def defined_name(defined: regex.Match[str]) -> str:
    """What the bracket behind a treatment calls its group: ``(A组)``, ``(联合组)``."""
    return group_name(defined.captures("g")[0]) if defined.captures("g") else defined["l"]


def group_name(mark: str) -> str:
    """组1, A组: what a group's number or letter is kept as."""
    mark = CHINESE_NUMBER.get(mark, mark)
    return f"组{mark}" if mark.isdigit() else f"{mark}组"
