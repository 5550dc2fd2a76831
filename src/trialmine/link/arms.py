"""Arms: the phrases of a sentence that mean a group, and the group of the study that each means.

A phrase is a chain of interventions (``A联合B``, ``A plus B``), a label (``组2``, ``control group``) or a
pointer (``两组``, ``前者``). Chains become arms by their set of interventions.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import regex

from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.core.sieve import Sieve
from trialmine.find.lexicon import Hit
from trialmine.find.names import INTERVENTIONS
from trialmine.link.shown import ShownGroups
from trialmine.link.told import TOLD
from trialmine.read.segment import HAN

_MASS = r"(?:mg|μg|ug|mcg|g|IU|U|万IU)(?:/(?:kg|d|day|日|m2))?"
_SCHEDULE = (
    r"(?:every[\s-](?:(?:other|\d+|two|three|four|six|eight|twelve)[\s-])?(?:days?|weeks?|months?)\b|[qQ]\d+[wWdDhHmM]\b|(?:once[\s-]|twice[\s-]|three times[\s-]|\d-)?(?:weekly|monthly|daily)\b|"
    r"b\.?i?\.?d\b\.?|[oq]\.?d\b\.?|t\.?i\.?d\b\.?)"
)
#: dose levels as arms: 5、10、15 mg; 4 mg组; on 15 mg
_DOSES = regex.compile(
    rf"(?P<d>\d+(?:\.\d+)?)(?:\s?{_MASS})?(?:\s?(?:[、,/]|和|与|及|或|and|or|, and|, or)\s?(?P<d>\d+(?:\.\d+)?)(?:\s?{_MASS})?){{1,5}}(?<=\d)\s?(?P<u>{_MASS})(?![\p{{Latin}}/])|"
    rf"(?P<d>\d+(?:\.\d+)?)\s?(?P<u>{_MASS})(?:\s?(?:[、,/]|和|与|及|或|and|or|, and|, or)\s?(?P<d>\d+(?:\.\d+)?)\s?{_MASS}){{1,5}}(?![\p{{Latin}}/])|"
    rf"(?P<d>\d+(?:\.\d+)?)\s?-?(?P<u>{_MASS})\s?(?:剂量)?(?:组|groups?|arms?|dose groups?)|"
    rf"(?<=^\s*[-*•]?\s*)(?P<d>\d+(?:\.\d+)?)\s?(?P<u>{_MASS})(?=\s?:)|"
    rf"(?<=%\s?\()(?P<d>\d+(?:\.\d+)?)\s?(?P<u>{_MASS})(?=(?:\s?(?:q\d+w|qd|bid|qw))?\))|"
    rf"(?:(?<=\b(?:on|at|with|kept on|received|receiving|taking|for)\s(?:the\s)?)|(?<=[%)）]\s?,?\s?))(?P<d>\d+(?:\.\d+)?)\s?(?P<u>{_MASS})(?=(?:\s{_SCHEDULE})?\s?(?:[,;.)]|and|\(|vs|to|versus|compared|$))"
)
#: schedules as arms: every 8 weeks or every 12 weeks; the q4w group; 38% (90 mg q12w)
_SCHEDULES = regex.compile(
    rf"(?P<s>{_SCHEDULE})(?:\s?(?:,|or|and|, or|, and|versus|vs\.?)\s(?:to\s)?(?P<s>{_SCHEDULE}))+(?!\s?\p{{Latin}}*\s(?:for|until))|"
    rf"\b(?:the|in|with)\s(?P<s>{_SCHEDULE})(?=[\s-](?:groups?|arms?|regimens?|schedules?|dosing)\b)|"
    rf"(?<=%\s?\()(?P<s>(?:\d+(?:\.\d+)?\s?{_MASS}\s)?{_SCHEDULE})(?=\))"
)
#: what all of them hold
_MASSED = regex.compile(rf"\d\s?-?{_MASS}")
_CUE_ROLES = (
    ("both_arms", "both"), ("all_arms", "all"), ("control_arm", "control"), ("combination_arm", "combination"),
    ("mono_arm", "mono"), ("experimental_arm", "experimental"), ("former", "former"), ("latter", "latter"),
)  # fmt: skip
#: a group's letter or number before the word, and from the first of a range or list to its last: A组至D组, 甲、乙、丙三组
_MARK = r"(?:[A-H]|I{1,3}|IV|[甲乙丙丁戊]|[1-9一二三四五])"
_NUMBERED = regex.compile(
    r"(?=[组队第A-I甲乙丙丁戊agc1-9一二三四五])(?:"
    rf"(?<![\p{{Latin}}\d.素第])第?(?P<a>{_MARK})组?\s?[~至到-]\s?第?(?P<z>{_MARK})\s?组(?!成|织|合)|"
    rf"(?<![\p{{Latin}}\d.素第])第?(?P<l>{_MARK})(?:、第?(?P<l>{_MARK}))*(?:、|和|与|及)第?(?P<l>{_MARK})\s?[两三四五]?组(?!成|织|合)|"
    r"(?:组|\b[Gg]roups?\s|\b[Aa]rms?\s|\b[Cc]ohorts?\s)(?P<l>\d(?!\d)|(?:I{1,3}|IV|[A-H])(?![\p{Latin}]))(?:\s?(?:、|,\s?and|,|\band\b|\bvs\.?|\bversus\b|和|与|及)\s?(?:组)?(?P<l>\d(?!\d|\.\d|%|\s(?:patients|participants|subjects|women|men|children|people|cases|eyes|of|out)\b)|(?:I{1,3}|IV|[A-H])(?![\p{Latin}])))+|"
    r"(?<![两三四五六二各每])(?:组别?|队列)\s?(?P<a>\d{1,2}|[A-H](?![\p{Latin}]))(?:\s?(?:-|~|至|到)\s?(?:组|队列)?\s?(?P<z>\d{1,2}|[A-H](?![\p{Latin}])))?(?![\d.%]|\s?(?:例|人|名|位|个|周|年|月|天|级|期|度|线|次|种|项|分(?!别)|小时|日|h\b|min\b|d\b|m\b|m?[gL]\b))|"
    r"第\s?(?P<a>[1-9一二三四五])(?:\s?(?:-|~|至|到)\s?(?P<z>[1-9一二三四五]))?\s?(?:治疗)?组|(?<![\p{Latin}\d])(?P<a>[A-H]|[甲乙丙丁])组|"
    r"\b(?:[Gg]roup|[Cc]ohort|[Aa]rm)s?\s(?P<a>\d{1,2}|I{1,3}|IV|[A-H])\b(?:\s?(?:-|to|through)\s?(?P<z>\d{1,2}|[A-H])\b)?(?!\s(?:out\s)?of\s\d))"
)
#: several groups in one word: 高、中、低剂量组; low- and high-dose groups
_SHARED_HEAD = regex.compile(
    r"(?P<l>[高中低大小长短早晚])(?:(?:、|和|与|及)(?P<l>[高中低大小长短早晚]))+(?P<h>\p{Han}{1,6}?组)(?!成|织|合)|"
    r"\b(?P<l>\p{Latin}+)-(?:,\s(?P<l>\p{Latin}+)-)*,?\s(?:and|or|versus|vs\.?)\s(?P<l>\p{Latin}+)(?P<h>-\p{Latin}+(?:\s(?!groups?\b|arms?\b)\p{Latin}+)?)\s(?:groups?|arms?)\b"
)
_TOKEN = r"[A-Z][\p{Latin}\d+/-]{1,11}"
#: abbreviations that only their numbers show to be groups: 7% (XX), 13% (YY); XX 53例、YY 117例
_SHOWN = regex.compile(
    rf"(?=[%A-Z])(?:%\s?\((?P<l>{_TOKEN})\)(?:\s?(?:[、,;/]|和|与|及|vs\.?|and|, and|对|比)\s?\d[\d.]*%\s?\((?P<l>{_TOKEN})\))+|"
    rf"(?<![\p{{Latin}}\d])(?P<l>{_TOKEN})(?<!\d)\s?(?:组)?\s?\d+(?:例|位|名|人)(?:(?:、|,|和|与|及|以及)(?P<l>{_TOKEN})(?<!\d)\s?(?:组)?\s?\d+(?:例|位|名|人))+)"
)
_LABEL = regex.compile(
    r"(?<=[,。;:、()与和及而但在于,]|^)(?:(?:治疗|随访|术后|用药|干预)?第?\d+(?:周|个月|月|天|年|小时|[dh])(?:末|后|时|内)?,?)?(?P<n>(?:(?!两|三|四|各|该|本|此|全|多(?=组|数|个|项|中心)|每|一|优于|高于|低于|长于|短于|少于|多于|显著|明显|相比|相较|较|比|为|而|但|在|及|均|则|将|使)[\p{Han}\p{Latin}\d≥≤<>+%.\-/]){1,12}?(?<!分|亚|课题|协作|专家|工作|肿瘤|小|项目|一|同|这|随机|入)组)(?!织|合|成|分|间|装|学|蛋白|胺|建|长|别|内|委)(?:患者)?|"
    r"\bthe\s(?P<n>(?:[\p{Latin}\d.+-]+\s){1,3}?(?:group|arm))\b"
)
_DOSE = (
    r"\d[\d.,]*(?:-\d[\d.,]*)?\s?(?:mg|g|μg|ug|mcg|IU|U|万IU|mL|ml|片)(?:\s?/\s?(?:kg|m2|d|次|天|日|day|mL))*"
)
_DOSE_GROUP = regex.compile(
    rf"\s?{_DOSE}(?:[/,]?\s?(?:每\p{{Han}}{{1,2}}|q\d?[dwh]|bid|tid))?\s?(?:剂量)?组(?!\s?[、和与及])"
)
_ONE_DOSE, _DOSE_AFTER = regex.compile(_DOSE), regex.compile(rf"\s?({_DOSE})")
#: those who stopped a treatment are a group of their own
_STOPPED = regex.compile(
    r"(?:治疗)?(?P<how>停药|停用|撤药)(?:后)?的?(?:\d+\s?(?:例|名))?(?:受试者|患者|者|人群)"
)
#: those who went without
_DO = (
    r"(?:给予|使用|应用|服用|接受|用药|用|进行|行|做|施行|实施|联合|联用|加用|加|采用|补充|接种|植入|放置|予)"
)
_UNTREATED = regex.compile(
    rf"(?<![对于])(?:未|没有|不)(?:曾)?{_DO}过?"
    r"(?P<x>[^,。;:()\d未]{0,10}?)(?:治疗|预防|干预|手术)?的?(?:组|患者|患儿|孕妇|人群|(?<!或)者)(?=\s?(?:\(|则|仅|只|为|是|有|占|中|高?达|\d|的?[\p{Han}]{1,8}?(?:率|为|是)))|"
    rf"(?<![对于是])(?:非|未|不|无)(?:曾)?{_DO}?(?P<x>[^,。;:()\d未非与和及、]{{1,12}}?)(?:治疗)?组(?!织|合|成|分|间|别)"
)
_OF_TREATMENT = regex.compile(r"(?:辅助|术后|术前|常规|早期|规律|单独|任何)*")
#: the name of such a group
_NEGATED = regex.compile(
    rf"(?:(?:非|未|不|无|没有)(?:曾)?{_DO}?过?|(?:without|[Nn]on?|not \p{{Latin}}+)[\s-])(?P<x>.+?)(?:治疗)?(?:组|患者|者|\s(?:groups?|arms?|patients))?$"
)
#: right before a treatment that one of two groups got and the other one didn't
_EITHER_WAY = regex.compile(
    rf"(?:{_DO}|有)(?:过|了)?(?:、|,|或者?|与|和|及|/|对比?)?(?P<no>(?:不|未|无|没有){_DO}?)(?:(?:辅助|术后|术前|全程|任何|该|常规)\p{{Han}}{{0,2}})?$|(?P<no>是否)(?:已|曾)?{_DO}?(?:过|了)?(?:辅助|术后|术前)?$|"
    r"\b[Ww]ith\s(?:or|and|versus|vs\.?)\s(?P<no>without)\s(?:(?:the|an?|adjuvant|prior|concomitant)\s)*$"
)
_DO_OR = regex.compile(rf"(?:{_DO}|有)(?:、|或者?|与|和|及|/)$")
#: right before the treatment of those who went without it, in English
_NO = regex.compile(r"\b(?:without|[Nn]on?|not (?:receiving|given|taking|treated with))[\s-]$")
#: those who are only called so: 4% with A and 9% without
_WITHOUT_IT = regex.compile(r"\bwithout(?=\s?(?:[.,;)]|$))")
#: the same right behind it: 放疗与否
_OR_NOT = regex.compile(r"(?:治疗)?[与或]否")
#: people by the name of their group: ACLF患者 where there is an ACLF组
_PEOPLE_OF = regex.compile(r"(?<![\p{Latin}\d-])(?P<n>[A-Z][\p{Latin}\d+/-]{1,9})(?:患者|病例|受试者|人群)")
#: a kind of treatment that no lexicon holds, with its number: 现有抗X药物的有效率为40%
_KIND_OF = regex.compile(
    r"(?:^|(?<=[,。;:]|建议|认为|要求|指出|提示|表明|目前|现阶段))(?P<n>(?!\p{Han}{0,12}(?:建议|认为|要求|指出|提示|表明|显示))(?!此|该|这|两|上述|其|试验|研究|对照|同类|各|每|所有|本|我)(?:\p{Han}|(?<=有)的){2,10}?(?:新药|药物|药|疗法))(?=(?:在[^,;。]{1,14}?)?的[^,;。]{2,14}?(?:率|时间|期)[^,;。\d]{0,10}(?:\d+\s?(?:年|个月|周)[^,;。\d]{0,4})?[^,;。]{0,10}\d)"
)
#: people with a disease set against those without it: the groups of a cohort
_PEOPLE_SET = regex.compile(
    r"(?:对比|比较|纳入|收集|分析)了?(?:\d+例)?(?P<n>(?P<a>(?!接受|使用|两)[\p{Han}\p{Latin}\d+-]{2,12}?)(?:患者|者|组)?)(?:与|和|及|对比|vs\.?)(?P<n>(?P<b>(?:非|无|未合并|不伴有?|未发生)(?P=a))(?:患者|者|人群|病例|受试者|组|(?<=[儿人妇])的))"
)
_NOT_ILL = regex.compile(r"[非无未]|不伴")
_ENDS_PEOPLE = r"(?:患者|者|病例|受试者|人群|组)"
_TRIALS = regex.compile(r"\b(?:trials?|stud(?:y|ies)|RCTs)\s[^.;,()]{0,40}$")
_COORDINATED = regex.compile(r"^(?:\s?\([^()]*\))?\s(?:or|and|with|versus|vs\.?|to)\s$")
#: before a treatment that is a group, though the words before it mean a treatment that went before
_RESULT_AFTER = regex.compile(
    r"(?:组|患者|者)接受$|随机接受$|分别接受$|\d\s?(?:%|[\p{L}/μ]{1,8}(?:\s?Hg)?)?\)?\s(?:(?:of\s)?(?:patients|participants|cases|women|men|children)\s)?after\s(?:the\s)?$"
)
#: a control that is a group, not what is controlled: ``IOP control``, ``to control pain``
_IS_GROUP = regex.compile(
    r"(?<=(?:^|[,.;:()\[\]/%\p{Han}]|\d|\b(?:with|than|versus|vs?\.?|in|for|and|or|the|of|on|as|at|under|to|against|an?|no|each|matched|matching|active|negative|positive|historical|healthy))\s?)"
    r"control(?=\s?(?:[,.;:()\[\]=\d\p{Han}]|$)|\s(?:and|or|vs?\.?|versus|was|were|had|at|in|with|respectively|n|p|P|compared|than|patients|subjects|participants|eyes|women|men|children|people|treatment|conditions?|interventions?|diet|sites?|teeth|limbs?|phase|periods?|sessions?|cohort|trial)(?!\p{Latin}))"
)
#: an abbreviation that a treatment is combined with: ABC/DEFG, drug + XYZ
_PARTNER_BEFORE = regex.compile(r"(?<![\p{L}\d/+-]|[/+-]\s)(?P<n>\p{Lu}[\p{Lu}\d]{1,6})\s?[/+]\s?$")
_PARTNER_AFTER = regex.compile(
    r"\s?[/+]\s?(?P<n>\p{Lu}[\p{Lu}\d]{1,6})(?![\p{L}\d/+-])(?P<g>\s(?:group|arm)s?\b)?"
)
#: something that no lexicon holds and that a treatment is combined with: A plus some ablation
_PLUS_UNKNOWN = regex.compile(
    r"\s(?:plus|combined with|in combination with)\s(?!(?:an?|the|either|other|another|standard|usual|best|one|two|its|their|placebo)\b)(?P<n>\p{Ll}[\p{Latin}-]{3,}(?:\s(?!(?:and|versus|vs|was|were|had|compared|for|in|group|arm|or|with|than|at|on|as|to|is)\b)\p{Ll}[\p{Latin}-]{2,})?)"
    r"(?=\s?[,.;()]|\s(?:and|versus|vs|v|was|were|had|compared|for|in|groups?|arms?|or|with|than|at)\b|\s?$)"
)
#: the share of a group right behind its treatment: more leaks after A (33%) than after B (20%)
_SHARE_BEHIND = regex.compile(r"\s?[(\[]\s?(?:n\s?=\s?\d+\s?[\[(]\s?)?\d[\d.]*\s?%")
_GROUPS, _AND = regex.compile(r"\b(?:groups|arms)$"), regex.compile(r"\s(?:and|or|versus|vs\.?)\s(?:the\s)?")
_LEAD_WORD = regex.compile(r"((?:[Gg]roup|[Aa]rm|[Cc]ohort))s?\s")
_TOGETHER = regex.compile(
    r"\s?(?:,?[三四两双][药联]|的?(?:同时|同步)?(?:联合|联用|并用)|(?:同时|同步|序贯)(?:治疗|给药|使用|或|与|和)|双药|两药|组合|双靶|化疗|combination|chemotherapy)"
)
_ONLY = ("单纯", "单用", "单独")
_THEN = regex.compile(r"(?:治疗)?(?:后再|后|再)(?:行|接受|进行|做)?|\s(?:then|before)\s")
_ALL_TOGETHER = regex.compile(r",?\s?(?:三|四)[药联]")
_ALIAS_BRACKET = regex.compile(r"\([A-Za-z\d-]{2,8}\)")
_COMBINING = regex.compile(r"(?:联合应用|combination of|combining|both)\s?$")
_WITHOUT_DOSE = regex.compile(r"\([^()]*\)|" + r"\d[\d.,]*\s?(?:mg|g|μg|IU|U|mL)(?:/\w+)*")
_AGAIN = regex.compile(r"^(?:片|胶囊|注射液)?\s?(?:[(\[/]\s?(?:[^()]{0,30},\s?)?)?$")
_OTHER_NAME = regex.compile(r"\s?(?:[,、;/]|或|即|,?\s?(?:also|formerly|or)(?:\sknown\sas)?)\s?")
_CHOICE = regex.compile(r"^\s?(?:[、,]|或|和|and|or|, or)\s?$")
_MULTIPLE = regex.compile(r"(?:\d|三|四|双|二)联")
_COMPARED_WITH = regex.compile(
    r"(?:[Cc]ompar\w+|比较|对比)[^.。;]{2,80}(?:with|to|versus|vs\.?|against|与|和)\s?$"
)
_ALONE_OR_COMPARED = regex.compile(r"\s?(?:相比|比较|组相比|单药组|alone|monotherapy)")
_OR = regex.compile(r"^\s?(?:或|or)\s?$")
_OPTIONS = regex.compile(
    r"^(?:方案|治疗|药物|\sregimens?)?\s?\((?:如|即|包括|e\.g\.,?|such as|either)?\s?$|^\s(?:regimens?\s)?(?:consisting of|comprising)\s(?:either\s)?$"
)
_WHOLE = r"(?:\d{1,3}(?:[,\s]\d{3})+|\d{1,5})(?!\d|,\d)"
_SIZE = regex.compile(
    rf"(?:组|治疗|患者|口服|静脉注射|静脉滴注|皮下注射|(?:每日|每天|每周)[一二两三\d]次|\b(?:bid|qd|tid|qw|q\d+w|po|iv)\b|\s|,|\((?![nN]\s?=)[^()]{{0,20}}\)|(?:{_DOSE}))*(?:[(\[](?:[^()\d]{{0,40}}[;,]\s?)?)?\s?(?:[nN]\s?=\s?(?P<n>{_WHOLE})|(?P<n>{_WHOLE})\s?(?:例|人|名|位)(?!\(|[^,。;)]{{0,12}}(?:获得|达到|发生|出现|死亡)))(?!\s?(?:vs\.?|对|比|versus|and|/)\s?(?:n\s?=\s?)?\d)"
)
_WITH = regex.compile(
    r"(?:与|和|同|跟|对比|\b(?:with|to|versus|vs\.?|against|and))[\p{Han}\s\p{Latin}]{0,14}$"
)
#: what joins a treatment that only some of a group got, or one of two groups
OPTIONAL = r"(?:后|基础上)?(?:联合|加用?|合并|含|做|行|用|给予|接受|进行)(?:或|/|与|和|、)?(?:不|未)(?:联合|加用?|合并|含|做|行|用|给予|接受|进行)?(?:应用|使用|辅助)?|\s?\bwith or without\b\s?|±|\+/-|\+-"
_BASE = regex.compile(r"基础上|中加用|\badded to\b")
_OPTIONAL = regex.compile(OPTIONAL)
#: where a sentence tells of two groups
_TWO = regex.compile(
    r"分别|随机|两组|对比|比较|分为|分成|分配|相比|(?:联合|单药|单用|单纯|对照)[^,。;]{0,4}组|\b(?:respectively|random\w*|versus|vs|compar\w+|assigned|allocated|both|each)\b|组\d|\d组"
)
#: before treatments of which each patient of one group got one
_TOOK = regex.compile(
    rf"(?:接受|使用|服用|应用|采用|口服|注射|\b(?:received|receiving|on|taking|took|given|treated with|using))\s?(?:了|过|either\s)?(?:\s?(?:\d+次(?:剂量)?|{_DOSE})\s?)?$"
)
_EITHER = regex.compile(r"^(?:片|胶囊|注射液)?\s?(?:或者?|or)\s?(?:\d+次(?:剂量|\s)?|an?\s)?$")
#: the group's background in brackets: placebo group (standard care)
_BACKGROUND = regex.compile(r"^\s?\(\s?(?:仅|继续|均|联合|加|\+|plus\s|on\s|with\s)?$")
_BACKGROUND_END = regex.compile(r"\s?(?:单药|背景|基础)?(?:治疗|therapy|alone|treatment)?\s?\)")
#: lengths of treatment that tell groups apart: for 8 or 12 weeks
_UNIT = r"(?:周|个月|天|年|weeks?|months?|days?|years?)"
_LENGTHS = regex.compile(
    rf"(?P<d>\d+)(?:[\s-]?(?P<u>{_UNIT}))?\s?(?:、|,)?\s?(?:或|\bor\b|vs\.?|\bversus\b|对比?)\s?(?P<d>\d+)[\s-]?(?P<u>{_UNIT})"
)
#: two ways of giving one combination
_WAYS = regex.compile(
    r"(?:的?)(?P<d>(?:同时|同步|序贯)(?:联合)?|联合)(?:治疗|用药|给药)?(?:或|和|与|及|、|vs\.?|对比?)(?P<d>(?:同时|同步|序贯)(?:联合)?|联合)(?:治疗|用药|给药|组)|"
    r"\s(?:given\s)?(?P<d>concurrent(?:ly)?|sequential(?:ly)?|simultaneous(?:ly)?)\s(?:or|and|versus|vs)\s(?P<d>concurrent(?:ly)?|sequential(?:ly)?|simultaneous(?:ly)?)\b"
)
#: from a treatment to the length for which it was given
_FOR = regex.compile(r"^\s?(?:治疗|用药|给药|疗程|\bfor\s|\bgiven for\s)?\s?$")
_OF = regex.compile(r"\sof\s$|的$")
_LENGTH_IN = regex.compile(rf"(?P<n>\d+\s?{_UNIT})[^()]{{0,4}}\((?:组|\w组|[Gg]roup|[Aa]rm)")
_LENGTH_BEFORE = regex.compile(rf"(?P<n>\d+\s?{_UNIT})\s?\($")
#: the number or letter of a group
GROUP_MARK = regex.compile(r"组\d{1,2}|(?:I{1,3}|IV|[A-H甲乙丙丁])组")
_SPACE_OR_DASH = regex.compile(r"[\s-]")
#: letters and numerals of groups in their order
_MARKS = (("I", "II", "III", "IV"), tuple("ABCDEFGH"), tuple("甲乙丙丁戊"))
_CHINESE_NUMBER = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5"}


_NO_LEADS: Mapping[int, int] = {}


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


class ArmFinder:
    """Reads the arm phrases of sentences and finds the arms that they mean."""

    def __init__(self, patterns: Patterns) -> None:
        c = patterns.compile
        self._shown = ShownGroups(patterns)
        self._classes = {e["concept"] for e in patterns.lexicons["procedures"] if e["kind"] == "class"}
        self._care = set(patterns.cues.get("basic_care", ()))
        self._procedures = {e["concept"] for e in patterns.lexicons["procedures"] if e["kind"] == "procedure"}
        self._kind_words = set(patterns.cues.get("kind_word", ()))
        self._cues = [
            (
                role,
                c(
                    rf"(?<![\p{{Latin}}\d未非第])(?<!\p{{Latin}}-|\d\.|随机|病例{'' if role in ('both', 'all') else '|其[他它余]'})(?:{{{{{cue}}}}})(?:(?<=\p{{Han}})|(?![\p{{Latin}}]))(?!(?:的|临床)*(?:试验|研究)(?!组))"
                ),
            )
            for cue, role in _CUE_ROLES
        ]
        expressions = (
            _UNTREATED,
            _LENGTHS,
            _WAYS,
            _PEOPLE_OF,
            _KIND_OF,
            _SHARED_HEAD,
            _NUMBERED,
            _SCHEDULES,
            _DOSES,
            _SHOWN,
            _LABEL,
            *(cue for _, cue in self._cues),
        )
        self._sieve = Sieve((e, e) for e in expressions)
        filler = rf"(?:\s|\([^()]{{0,60}}\)|\[[^\[\]]{{0,30}}\]|(?:{_DOSE})|注射液|胶囊|片|口服|静脉|标准|方案|(?:均)?(?:治疗)?\d+(?:或\d+)?(?:周|个月|天|年)(?:或\d+(?:周|个月|天))?(?:后|的|疗程)*|治疗后?|后|疗法|药物|抑制剂|单次|持续的?|基础|低剂量|小剂量|高剂量|术后|辅助|the|injection|therapy|treatment|low-dose|high-dose|daily|weekly|oral|[,]|q\d?[dw]|\d+\s?(?:周|个月)的?)"
        self._strong = c(
            rf"^{filler}{{0,5}}(?:(?:{OPTIONAL})|联合(?:应用|使用|治疗)?|配伍|伍用|配合|协同|复合|合并|加用?|\+|序贯|续贯|联用|并用|(?:治疗|方案|用药)?的?基础上,?(?:再|同时|另外|另)*(?:{{{{give_more}}}}|{{{{gave}}}})*|(?:的)?中(?:再)?(?:联合|加用|增加|添加|加入|加上|加|序贯)|添加|加入|加上|plus(?:\s(?!the\b|an?\b|or\b|placebo\b)[\p{{Ll}}-]{{3,}})?|combined with|in combination with|followed by|added to|together with|-based|/|-)(?:小剂量|低剂量|化疗药物?|口服|单次|持续的?)?{filler}{{0,4}}$"
        )
        self._weak = regex.compile(
            rf"^{filler}{{0,3}}(?:和|与|及|以及|、|and|,|&)(?:抗?\p{{Lu}}[\p{{Lu}}\d-]{{2,5}})?{filler}{{0,3}}$"
        )
        self._space = regex.compile(r"^[\s-]{0,1}(?:\(|（)?$")
        self._suffix = regex.compile(
            r"^(?:s(?=\s?\p{Han}))?(?:-(?:[a-z]{4}(?![a-z])|first|only|alone|based|containing|free|sparing))?(?:\s?\((?![^()]*\d\s?%)[^()]{0,40}\))?\s?(?P<s>(?:\d联|三联|二联|双联|双药|双免|联合|单药|单独|单用|单一|序贯)?(?:用药|治疗|疗法|方案|组合)?(?:患者)?(?P<g>组|臂)(?!织|合|成|分|间)|(?:combination\s|therapy\s|treatment\s|monotherapy\s|alone\s|recipients)?(?P<g>group|arm|recipients)s?\b|-treated|"
            r"(?:三联|双药|二联|联合|单药|双免|辅助)?(?:治疗|疗法|方案))?"
        )
        self._alone_before = regex.compile(
            r"(?:单纯|单独|单用|仅|单一|仅用|只用|单药)(?:使用|应用|给予|接受|的)?$"
        )
        self._alone_after = regex.compile(r"^\s?(?:单药|单用|alone|monotherapy|单独|单一|only)")
        self._reference_after = regex.compile(
            r"^(?:患者|人群|者|治疗|单药|\([^()]{0,30}\))*的?(?:直接|头对头)?的?(?:相比(?!于)|比较|相较|相对比|对比|对照|研究|试验|而言)|^(?:组|治疗)?为(?:共同)?(?:参照|参考|对照|基准)"
        )
        self._reference_before = regex.compile(
            r"(?:相比于?|相较于?|相对于|(?<!比)较之?|优于|高于|低于|长于|短于|好于|多于|少于|劣于|胜过|不及|逊于|远超|不亚于|对比|对照|超过|"
            r"(?<![A-Za-z])(?:[Cc]ompared (?:with|to)|[Vv]ersus|vs\.?|than|over|[Rr]elative to|[Ii]n comparison (?:with|to)|against|compared to that (?:of|with)|than (?:with|in)|superior to|inferior to|non-?inferior to)(?:\s(?:the|those|that|with|in|of|who|receiving|received|treated|given|taking|assigned|patients|participants|women|men|children|people|adults|eyes|on|for|was|to)){0,6})\s?(?:单纯|单独|单用|传统|常规|标准|接受|使用|的)?\s?$"
        )
        self._defined = regex.compile(
            rf"^(?:(?!与|和|或|、)[\p{{Han}}\d\s]|(?:{_DOSE})|,\s?(?:bid|qd|tid|q\dw|[每一二]\p{{Han}}{{1,4}})|\((?!组|[A-H1-9]组)[^()]{{0,20}}\)){{0,24}}\((?:[^()]{{0,14}}[,;、]\s?)?(?:(?:组|队列|[Gg]roup\s?|[Aa]rm\s?)(?P<g>\w)|(?P<g>[A-H1-9甲乙丙])组)(?:[,;、][^()]{{0,14}})?\)"
        )
        self._background_before = regex.compile(
            r"(?:\d+\s?(?:人|例|名)(?:患者)?(?:能够?|可以?|得以|成功|最终)+(?:接受|行|进行|完成)了?(?:\p{Han}{2})?|接受过[\p{Han}]{0,3}|(?:接受|完成|经过?)(?:标准)?(?:一线|二线|前线|先前|诱导|含铂)(?:的)?|曾(?:经)?(?:接受|用|使用)|既往(?:接受|使用)?|(?:之前|以前|此前)(?:接受|使用)?|不符合|不耐受含?|不适合|不能(?:接受|耐受)|未(?:曾)?接受过?|停用|停|"
            r"\b(?:refractory to|after(?: failure of| progression on)?|prior|previous|previously treated with|ineligible for|eligible for|amenable to|suitable for|candidates for|(?:who|that|which|had|have|not|previously) respond(?:ed)? to|responding to|response to|intolerant (?:to|of)|resistant to|failed|naive to|progress\w+ (?:on|after)|unresponsive to|who had received|not|despite))\s?(?:含|以|基于|first-line\s|of\s)?$",
            regex.IGNORECASE,
        )
        self._background_after = regex.compile(
            r"^(?:治疗)?后\p{Han}{0,4}?(?:未|仍|无效|进展|复发|缓解|稳定|残留|转移|达到|获得)[^,。;:\d率组]{0,14}?(?:患者|人群|病例|(?<!或)者)|^(?:\s?\([^()]*\))?\s?(?:治疗(?!难治|耐药|复发))?(?:经治|耐药|难治|不耐受|失败|进展|后进展|后复发|应答不佳|无效|停药|过敏|抵抗|获批|上市|[- ](?:refractory|resistant|naive|experienced|exposed|ineligible|intolerant|pretreated))|^\s?(?:条件|标准)的?"
        )
        #: what stands right behind these words is the group that a text turns to
        self._contrast = c(r"(?:{{contrast}})[,\s]*$")
        self._not_arm_after = regex.compile(
            r"^(?:切除|成功|完成|转化|手术)?(?:率|机会|几率|比例|指征|适应证|可能)"
        )
        self._manner = c(r"(?<![\p{Latin}-])(?P<m>{{manner}})[\s-]$")
        self._operations = tuple(patterns.cues.get("operation", ()))
        self._around_surgery = c(r"(?:{{around_surgery}})")
        people = r"(?i:patients|participants|adults|women|men|children|subjects|people|those|recipients)"
        steady = r"(?:an?\s|the\s|their\s)?(?:(?:{{steady}})(?:\sdoses?\sof)?\s)"
        taking = r"(?:{{taking}})\s"
        self._who_take = c(
            rf"\b{people}\s(?:[^.,;]{{0,40}}\s)?(?:who\swere\s)?(?:already\s)?{taking}{steady}*$|\b{people}\s(?:[^.,;]{{0,40}}\s)?{taking}{steady}$|(?:正在|稳定|长期|规律)?(?:服用|使用|应用|接受)(?:稳定剂量|稳定|标准|最大耐受剂量)?的?$"
        )
        self._on_background = c(
            rf"\b(?:on|against)\sa\sbackground\sof\s{steady}*$|\b{people}\s(?:[^.,;]{{0,40}}\s)?{taking}{steady}$"
        )
        self._background_to = c(rf"\b[Ii]n\saddition\sto\s{steady}*$")
        self._everybody = c(
            rf"\b(?:[Aa]ll|[Bb]oth|[Ee]very)\s(?:[\p{{Latin}}-]+\s){{0,3}}?(?:{people}|groups|arms|patient|participant)\s(?:also\s|initially\s)?(?:{{{{everybody_got}}}})\s(?:[\p{{Latin}}-]+\s){{0,2}}?$|"
            r"(?:患者|病例|受试者|参与者|病人|患儿|产妇|孕妇|对象|志愿者|\d\s?[例名人]|[两二三各]组|儿童)[^,。;研试]{0,12}?(?:均|都)(?:同时)?(?:{{gave}}|{{give_more}})(?:了)?(?:{{give_how}})*$"
        )
        self._both_with = c(
            rf"\b(?:both|each|all|either)\s(?:(?:given|administered|combined|added|together)\s)?(?:as\san?\sadjunct\sto|in\saddition\sto|in\scombination\swith|on\stop\sof|plus|with|to|alongside)\s{steady}*$|"
            r"(?:均|都)(?:同时)?(?:{{give_more}}|联合|在)(?:了)?(?:{{gave}}|{{give_how}})*$"
        )
        self._manner_first = c(r"(?P<m>{{manner}})(?:[\s-]|$)")
        self._compares = regex.compile(
            r"(?:对比|比较|[Cc]ompar(?:ed|es|ing)|头对头比较)(?:了|the|an?|接受|使用|of|\s)*(?:(?<=[较比]了?)[^,。;()]{0,18}(?:接受|使用|应用|给予))?$"
        )
        self._with_before = regex.compile(r"(?:与|和|同|跟|以)(?:单纯|单独|单用|传统|常规|标准|接受|使用)?$")

        self.forget()

    def forget(self) -> None:
        """Begin a new document."""
        self._worth_ways = False
        self._people: list[str] = []
        self._people_again: regex.Pattern[str] | None = None

    # ---- phrases ---------------------------------------------------------------------------------

    def _people_of(self, text: str) -> list[ArmPhrase]:
        """People who are a group by what they have, where the text has set them against those without it."""
        m = _PEOPLE_SET.search(text) if _NOT_ILL.search(text) else None
        told = {}
        if m is not None:
            for (a, b), name, role in zip(
                m.spans("n"), (m["a"], m["b"]), ("experimental", "control"), strict=True
            ):
                told[a, b] = ArmPhrase(
                    a,
                    b,
                    "people",
                    label=text[a:b],
                    is_group=True,
                    told=True,
                    role=role,
                    labels=[f"{name}组", f"{name}患者"],
                )
            self._people = [*self._people, *(x for x in (m["a"], m["b"]) if x not in self._people)]
            names = "|".join(regex.escape(x) for x in sorted(self._people, key=len, reverse=True))
            self._people_again = regex.compile(rf"(?<![\p{{Latin}}\d])(?P<n>{names}){_ENDS_PEOPLE}")
        for x in self._people_again.finditer(text) if self._people_again else ():
            a, b = x.span()
            if not any(a < q.end and q.start < b for q in told.values()):
                told[a, b] = ArmPhrase(
                    a, b, "people", label=x.group(), is_group=True, told=True, labels=[f"{x['n']}组"]
                )
        return list(told.values())

    def pointers(self, text: str) -> list[tuple[int, int]]:
        """Where words point to a group by its role: the control group, both arms."""
        return [m.span() for _, cue in self._cues for m in cue.finditer(text)]

    def phrases(self, text: str, hits: list[Hit], leads: Mapping[int, int] = _NO_LEADS) -> list[ArmPhrase]:
        """The arm phrases of a sentence, left to right.

        ``leads`` tells where the name of a group begins that a treatment closes: start of the treatment -> its start.
        """
        worth = set(self._sieve.passing(text))
        self._worth_ways = _LENGTHS in worth or _WAYS in worth
        cues = [(role, list(cue.finditer(text))) for role, cue in self._cues if cue in worth]
        pointers = [m.span() for _, matches in cues for m in matches]
        cues = [
            (role, [m for m in matches if not (m.group() == "对照" and _designs(text, m.start(), m.end()))])
            for role, matches in cues
        ]
        called = {  # usual care: a pointer to the control arm that also says what it gets
            (a, b): h.name.concept
            for h in hits
            for a, b in pointers
            if h.name.kind == "class" and a <= h.start and h.end <= b
        }
        found = self._chains(
            text,
            [
                h
                for h in hits
                if h.name.kind in INTERVENTIONS
                and not (h.name.kind == "class" and any(a <= h.start and h.end <= b for a, b in pointers))
            ],
            leads,
        )
        taken = bytearray(len(text) + 1)
        for p in found:
            taken[p.start : p.end] = b"\1" * (p.end - p.start)
        for p in [x for x in found if x.kind == "interventions"]:
            if m := _STOPPED.match(text, p.end):
                found.remove(p)
                told = f"{text[p.start : p.end]}{m['how']}者"
                found.append(
                    ArmPhrase(
                        p.start, m.end(), "label", label=text[p.start : m.end()], is_group=True, labels=[told]
                    )
                )
                taken[p.start : m.end()] = b"\1" * (m.end() - p.start)
        for p in self._people_of(text):
            if not any(taken[p.start : p.end]):
                found.append(p)
                taken[p.start : p.end] = b"\1" * (p.end - p.start)
        for m in _UNTREATED.finditer(text) if _UNTREATED in worth else ():
            # those who didn't get it, set against those who did
            earlier = [p for p in found if p.end <= m.start() and not p.background]
            held = [p for p in found if m.start() < p.start < m.end()]
            concepts = {n for p in earlier for n in (*p.interventions, *p.kinds)}
            group = text[m.end() - 1] == "组"
            if any(p.start <= m.start() < p.end for p in found):
                continue
            if group and not (held and _OF_TREATMENT.fullmatch(text, m.start("x"), held[0].start)):
                continue
            if not group and (not earlier or any(not set(p.interventions) & concepts for p in held)):
                continue
            if m["x"] and not held and not m["x"].startswith(("该", "此", "上述")):
                continue
            found = [p for p in found if p not in held]
            found.append(
                ArmPhrase(
                    m.start(),
                    m.end(),
                    "label",
                    label=m.group(),
                    is_group=True,
                    labels=[m.group()],
                    role="control",
                )
            )
            taken[m.start() : m.end()] = b"\1" * (m.end() - m.start())
        found = self._gone_without(text, found, taken)
        for m in _PEOPLE_OF.finditer(text) if _PEOPLE_OF in worth else ():
            if not any(taken[m.start() : m.end()]):
                found.append(
                    ArmPhrase(
                        m.start(), m.end(), "people", label=m.group(), is_group=True, labels=[f"{m['n']}组"]
                    )
                )
        for m in _SHARED_HEAD.finditer(text) if _SHARED_HEAD in worth else ():
            if not any(taken[m.start() : m.end()]):
                labels = [x + m["h"] for x in m.captures("l")]
                found.append(
                    ArmPhrase(m.start(), m.end(), "label", label=labels[0], is_group=True, labels=labels)
                )
                taken[m.start() : m.end()] = b"\1" * (m.end() - m.start())
        for m in _NUMBERED.finditer(text) if _NUMBERED in worth else ():
            a, z = (m.captures("a") or [""])[0], (m.captures("z") or [None])[0]
            if not any(taken[m.start() : m.end()]):
                labels = [_group_name(x) for x in m.captures("l") or _range(a, z)]
                lead = _LEAD_WORD.match(m.group())
                found.append(
                    ArmPhrase(
                        m.start(),
                        m.end(),
                        "label",
                        label=m.group() if len(labels) == 1 else labels[0],
                        is_group=True,
                        labels=labels,
                        lead=lead[1] if lead else "",
                    )
                )
                taken[m.start() : m.end()] = b"\1" * (m.end() - m.start())
        for m in _SCHEDULES.finditer(text) if _SCHEDULES in worth else ():
            a, b = m.starts("s")[0], m.ends("s")[-1]
            if any(taken[a:b]):
                continue
            labels = m.captures("s")
            found.append(
                ArmPhrase(a, b, "dose", label=text[a:b], dose=labels[0], is_group=True, labels=labels)
            )
            taken[a:b] = b"\1" * (b - a)
        for m in _DOSES.finditer(text) if _DOSES in worth and _MASSED.search(text) else ():
            doses = [f"{d} {m['u']}" for d in m.captures("d")]
            at_drug = any(p.kind == "interventions" and 0 <= m.start() - p.end <= 1 for p in found)
            inside = any(p.start < m.end() and m.start() < p.end for p in found)
            if inside or (len(doses) == 1 and at_drug):
                continue
            found.append(
                ArmPhrase(
                    m.start(), m.end(), "dose", label=m.group(), dose=doses[0], is_group=True, labels=doses
                )
            )
            taken[m.start() : m.end()] = b"\1" * (m.end() - m.start())
        outcomes = [(h.start, h.end) for h in hits if h.name.kind == "outcome"]
        for role, matches in cues:
            for m in matches:
                named = any(a < m.start() < m.end() <= b for a, b in outcomes)  # disease control
                named = named or (m.group() == "control" and not _IS_GROUP.match(text, m.start()))
                if not named and not any(taken[m.start() : m.end()]):
                    gets = called.get(m.span())
                    found.append(
                        ArmPhrase(
                            m.start(), m.end(), role, (gets,) if gets else (), label=m.group(), is_group=True
                        )
                    )
                    taken[m.start() : m.end()] = b"\1" * (m.end() - m.start())
        for m in _SHOWN.finditer(text) if _SHOWN in worth else ():
            spans = m.spans("l")
            if any(x < b and a < y for x, y in outcomes for a, b in spans):
                continue
            for a, b in spans:
                if any(taken[a:b]):
                    continue
                found.append(ArmPhrase(a, b, "label", label=text[a:b], is_group=True, labels=[text[a:b]]))
                taken[a:b] = b"\1" * (b - a)
        found = [p for p in found if not self._gloss(text, p, found)]
        for m in _LABEL.finditer(text) if _LABEL in worth else ():
            a, b = m.span("n")
            a += len(first.group()) if (first := _MEASURE_FIRST.match(text[a:b])) else 0
            if not any(taken[a:b]):
                found.append(ArmPhrase(a, b, "label", label=text[a:b], is_group=True, labels=[text[a:b]]))
                taken[a:b] = b"\1" * (b - a)
        for p in [x for x in found if x.kind == "label" and x.label.endswith("组")]:
            # where some are called 非X组, X组 are those who got it
            stem = m["x"] if (m := _NEGATED.match(p.label)) else ""
            for m in regex.finditer(rf"(?<![非未不无]){regex.escape(stem)}(?:治疗)?组", text) if stem else ():
                a, b = m.span()
                if not any(taken[a:b]):
                    found.append(
                        ArmPhrase(
                            a,
                            b,
                            "label",
                            label=m.group(),
                            is_group=True,
                            labels=[m.group()],
                            role="experimental",
                        )
                    )
                    taken[a:b] = b"\1" * (b - a)
        for m in _KIND_OF.finditer(text) if _KIND_OF in worth else ():
            a, b = m.span("n")
            if not any(taken[a:b]):
                found.append(ArmPhrase(a, b, "label", label=text[a:b], generic=True, labels=[text[a:b]]))
                taken[a:b] = b"\1" * (b - a)
        known = [(h.start, h.end) for h in hits]
        for a, b in self._shown.find(text, [(p.start, p.end) for p in found], known):
            found.append(ArmPhrase(a, b, "label", label=text[a:b], is_group=True, labels=[text[a:b]]))
        found.sort(key=lambda p: p.start)
        for p, q in itertools.pairwise(found):
            listed = (
                p.kind == q.kind == "interventions" and q.is_group and _GROUPS.search(text[q.start : q.end])
            )
            p.is_group = p.is_group or (listed and _AND.fullmatch(text[p.end : q.start]) is not None)
        self._lay_under(text, found)
        _share(text, found, self._care)
        forced: ArmPhrase | None = None
        for dose, p in itertools.pairwise(found):
            if dose.kind == "dose" and len(dose.labels) > 1 and text[dose.end : p.start] in (" of ", "的"):
                dose.interventions, p.background = p.interventions, True
        for p, q in itertools.pairwise(found):
            # restrictive or liberal transfusion: the first has the second's treatment
            bare = p.told and p.manner == p.label.lower() and q.kind == p.kind and q.manner and not q.told
            if bare and _COORDINATED.match(text[p.end : q.start]):
                p.interventions = q.interventions
        for p, q in itertools.pairwise(found):
            if (
                "placebo" in p.interventions
                and q.kind == "interventions"
                and _BACKGROUND.match(text[p.end : q.start])
                and _BACKGROUND_END.match(text, q.end)
            ):
                p.interventions += tuple(n for n in q.interventions if n not in p.interventions)
                q.background = True
        for i, p in enumerate(found):
            before, after = text[max(0, p.start - 40) : p.start], text[p.end :]
            if p.kind == "interventions" and not p.is_group:
                p.background = p.background or (
                    bool(self._background_before.search(before) or self._background_after.match(after))
                    and not _RESULT_AFTER.search(before)
                    and not (before.endswith("after ") and _SHARE_BEHIND.match(after))
                    and not (text[: p.end].endswith("治疗") and after.startswith(("难治", "耐药", "复发")))
                    and not self._contrast.search(before)
                )
            if (
                i
                and found[i - 1].is_group
                and _PART_OF.match(text[found[i - 1].end : p.start])
                and _ITS_PATIENTS.match(after)
            ):
                p.background = True
            m = self._reference_after.match(after)
            p.reference = bool(self._reference_before.search(before)) or bool(
                m and (self._with_before.search(before) or after[m.end() : m.end() + 1] in ",;")
            )
            if (p is found[0] or _TRIALS.search(text[: p.start])) and self._compares.search(before):
                # "the study compared A with B": the second is the reference
                p.reference = False
                second = next(
                    (
                        x
                        for x in found[i + 1 :]
                        if x.start - p.end < 60 and _WITH.search(text[p.end : x.start])
                    ),
                    None,
                )
                forced = second if second is not None else forced
            if p is forced:
                p.reference = True
        return found

    def _gone_without(self, text: str, found: list[ArmPhrase], taken: bytearray) -> list[ArmPhrase]:
        """An English sentence's groups that went without: ``the no-X group``, ``4% with X and 9% without``."""
        if "without" not in text and "no" not in text.lower():
            return found
        told: list[ArmPhrase] = []
        for p in found:
            m = (
                _NO.search(text[max(0, p.start - 24) : p.start])
                if p.kind == "interventions" and not p.untreated
                else None
            )
            before = [q for q in told if q.kind == "interventions" and not q.background]
            if (
                m is not None
                and not HAN.search(m.group())
                and (p.is_group or any(q.interventions == p.interventions for q in before))
            ):
                a = p.start - len(m.group())
                label = text[a : p.end]
                p = ArmPhrase(a, p.end, "label", label=label, is_group=True, labels=[label], role="control")
                taken[a : p.end] = b"\1" * (p.end - a)
            told.append(p)
        for m in _WITHOUT_IT.finditer(text):
            before = [
                q for q in told if q.kind == "interventions" and q.end <= m.start() and not q.background
            ]
            if before and not HAN.search(text):
                label = f"without {text[before[-1].start : before[-1].end]}"
                told.append(
                    ArmPhrase(
                        m.start(),
                        m.end(),
                        "label",
                        label=label,
                        is_group=True,
                        labels=[label],
                        role="control",
                    )
                )
                taken[m.start() : m.end()] = b"\1" * (m.end() - m.start())
        return told

    def _under_all(self, before: str, after: str, assigned: bool, drugs: bool) -> bool:
        """Whether the words around a treatment say that all groups told after it get it."""
        if _BACKBONE.match(after) or self._on_background.search(before):
            return True
        everybody = self._background_to.search(before) or self._everybody.search(before)
        return assigned and bool(
            _BASIS.match(after) or everybody or (drugs and self._who_take.search(before))
        )

    def _lay_under(self, text: str, found: list[ArmPhrase]) -> None:
        """Give the groups of a sentence what all of them get: ``在A基础上随机分为B组和C组``, ``patients on A were randomised to B or C``.

        Care that everybody gets is no part of what is tested against placebo on top of it.
        """
        named = [p for p in found if p.kind == "interventions"]
        for i, p in enumerate(named) if len(named) > 1 else ():
            before, after = text[max(0, p.start - 80) : p.start], text[p.end :]
            later, earlier = named[i + 1 :], named[:i]
            apart = text[p.end : later[1].start if len(later) > 1 else None]
            assigned = bool(_ASSIGNED.search(apart))
            drugs = not set(p.interventions) & (self._classes | self._procedures)
            kept = later and _THEN_KEPT.match(text[p.end : later[0].start])
            if (len(later) > 1 and self._under_all(before, after, assigned, drugs)) or (
                kept and _KEPT_ON.search(text, later[-1].start, later[-1].end + 6)
            ):
                targets = later
            elif len(earlier) > 1 and self._both_with.search(before) and "placebo" not in p.interventions:
                targets = earlier
            else:
                # B was given after an operation, which is no group
                p.background = p.background or bool(
                    kept and set(p.interventions) <= self._procedures and not p.is_group
                )
                continue
            tested = any("placebo" in x.interventions for x in targets)
            under = [n for n in p.interventions if not (tested and n in self._care)]
            p.background = True
            for x in targets:
                x.interventions += tuple(n for n in under if n not in x.interventions)
        operated = [
            p for p in named if p.alone and any(n.endswith(self._operations) for n in p.interventions)
        ]
        for p in named if operated else ():
            # chemotherapy before surgery, set against surgery alone
            q = operated[-1]
            around = text[max(0, p.start - 14) : p.end]
            if (
                p is not q
                and not set(p.interventions) & set(q.interventions)
                and self._around_surgery.search(around)
            ):
                p.interventions += q.interventions

    def _gloss(self, text: str, p: ArmPhrase, found: list[ArmPhrase]) -> bool:
        """Whether a pointer in brackets only calls the arm right before it: ``best supportive care (control)``."""
        if (
            p.kind not in ("control", "experimental", "mono", "combination")
            or text[max(0, p.start - 1) : p.start] != "("
        ):
            return False
        owner = next((x for x in found if x.kind == "interventions" and 0 <= p.start - x.end <= 2), None)
        if owner is not None and p.interventions and "placebo" in owner.interventions:
            owner.interventions += p.interventions
        elif owner is not None:
            owner.role = p.kind
            owner.called.append(text[p.start : p.end])
        return owner is not None

    def _chains(self, text: str, hits: list[Hit], leads: Mapping[int, int]) -> list[ArmPhrase]:
        """Interventions that the text combines, as phrases: one arm each."""
        found: list[ArmPhrase] = []
        i = 0
        while i < len(hits):
            chain = [hits[i]]
            combining = bool(_COMBINING.search(text[: hits[i].start]))
            j = i + 1
            while j < len(hits):
                gap = text[chain[-1].end : hits[j].start]
                if gap.startswith((")", "]")) and "(" in text[chain[0].start : chain[-1].end]:
                    gap, combining = gap[1:], False
                if len(gap) > 60:
                    break
                again = hits[j].name.concept in {h.name.concept for h in chain}
                if "," in gap and _NEXT_GROUP.match(text, hits[j].end):
                    break  # A联合B治疗,C组
                if not (again and self._weak.match(gap)) and self._combines(text, gap, hits, j, combining):
                    combining = True
                elif not self._same_group(text, gap, chain, hits[j]):
                    break
                elif hits[j].name.concept in self._kind_words:
                    combining = False  # A和B化疗与C
                chain.append(hits[j])
                j += 1
            if not (chain[-1].name.kind == "procedure" and self._not_arm_after.match(text[chain[-1].end :])):
                found.append(self._phrase(text, chain, leads, hits))
            i = j
        return found

    def _combines(self, text: str, gap: str, hits: list[Hit], j: int, combining: bool) -> bool:
        """Whether a gap combines two interventions; an "and" does where a combination is under way."""
        if self._strong.match(gap):
            return True
        if not _WITHOUT_DOSE.sub("", gap).strip() and text.startswith("联合", hits[j].start):
            return True
        if hits[j].name.concept.endswith(self._operations) and _THEN.fullmatch(gap):
            return True  # 化疗后手术
        if not self._weak.match(gap) or text.startswith(_ONLY, hits[j].start):
            return False
        if combining:
            return self._joins(text, hits, j)
        last = j  # A、B与C三联: the end of the list says that it is one treatment
        while last + 1 < len(hits) and self._weak.match(text[hits[last].end : hits[last + 1].start]):
            last += 1
        return bool(_TOGETHER.match(text, hits[j].end) or _ALL_TOGETHER.match(text, hits[last].end))

    def _same_group(self, text: str, gap: str, chain: list[Hit], hit: Hit) -> bool:
        """Whether the next name tells the same treatment again, or another choice of the same group."""
        last, first = chain[-1].name, chain[0]
        opened = gap.count("(") > gap.count(")")
        kinds = {last.kind, hit.name.kind}
        if _same(chain[-1], hit) and _AGAIN.match(gap):
            return True
        names = text[first.start : chain[-1].end]
        if _same(chain[-1], hit) and names.count("(") > names.count(")") and _OTHER_NAME.fullmatch(gap):
            return True  # A(A1,A2): its bracket holds several other names of it
        if last.kind == "regimen" and opened and hit.name.concept in _parts(chain[-1]):
            return True
        if (
            last.kind == "class"
            and last.concept != "placebo"
            and hit.name.kind in ("drug", "regimen")
            and _OPTIONS.match(gap)
        ):
            return True
        named = last.kind in ("drug", "regimen") or last.concept == "placebo"
        if named and hit.name.concept in self._kind_words and not gap:
            return True  # A维持治疗
        if kinds & {"regimen", "procedure"} and self._space.match(gap) and not opened:
            return True
        options = len(chain) > 1 and bool(_OPTIONS.match(text[first.end : chain[1].start]))
        if (
            first.name.kind == "class"
            and options
            and _CHOICE.match(" ".join(_WITHOUT_DOSE.sub("", gap).split()))
        ):
            return True
        if (
            _EITHER.match(_ALIAS_BRACKET.sub("", gap))
            and {first.name.kind, hit.name.kind} <= {"drug", "regimen"}
            and _TOOK.search(text[max(0, first.start - 30) : first.start])
            and not _TWO.search(text)
        ):
            return True  # the patients took A or B: one group
        if not _OR.match(_ALIAS_BRACKET.sub("", gap)) or not first.name.kind == hit.name.kind == "drug":
            return False
        before, after = text[: first.start], _ALIAS_BRACKET.sub("", text[hit.end : hit.end + 40])
        return bool(
            self._reference_before.search(before)
            or _COMPARED_WITH.search(before)
            or self._defined.match(after)
        )

    def _joins(self, text: str, hits: list[Hit], j: int) -> bool:
        """Whether the name after an "and" belongs to the combination before it."""
        rest = text[hits[j].end : hits[j].end + 8]
        if _ALONE_OR_COMPARED.match(rest):
            return False
        if j + 1 < len(hits):
            gap = text[hits[j].end : hits[j + 1].start]
            if self._strong.match(gap):
                return False
        return True

    def _phrase(
        self, text: str, chain: list[Hit], leads: Mapping[int, int], hits: Sequence[Hit]
    ) -> ArmPhrase:
        start, end = chain[0].start, chain[-1].end
        names = tuple(dict.fromkeys(n for hit in chain for n in _names(hit)))
        told = self._told_by_name(text, chain)
        names = tuple(n for n in names if n not in told)
        before = text[max(0, start - 8) : start]
        alone = bool(self._alone_before.search(before)) or bool(self._alone_after.match(text[end : end + 14]))
        alone = alone or text.startswith(_ONLY, start)
        if text[end : end + 1] == ")" and text.count("(", start, end) > text.count(")", start, end):
            end += 1
        m = self._suffix.match(text[end:])
        group = bool(m and (m["g"] or _MULTIPLE.match(m["s"] or ""))) or text[start:end].endswith(
            ("组", " group", " arm")
        )
        if m and m["s"]:
            end += m.end("s")
        if partner := _PARTNER_BEFORE.search(text[max(0, start - 12) : start]):
            start, names = start - len(partner.group()), (partner["n"], *names)
        if partner := _PARTNER_AFTER.match(text, end):
            end, names = partner.end(), (*names, partner["n"])
            group = group or bool(partner["g"])
        elif (plus := _PLUS_UNKNOWN.match(text, end)) and not any(
            h.start < plus.end() and plus.start() < h.end for h in hits
        ):
            end, names = plus.end(), (*names, plus["n"].lower())
        elif dosed := _DOSE_GROUP.match(text, end):
            group, end = True, dosed.end()
        dose = _ONE_DOSE.search(text[start : end + 14])
        if dose and start + dose.start() > end + 1:
            dose = None
        without = next(
            (
                tuple(n for h in chain[: i + 1] for n in _names(h))
                for i, (a, b) in enumerate(itertools.pairwise(chain))
                if _OPTIONAL.search(text, a.end, b.start)
            ),
            (),
        )
        base = next(
            (
                tuple(n for h in chain[: i + 1] for n in _names(h))
                for i, (a, b) in enumerate(itertools.pairwise(chain))
                if _BASE.search(text, a.end, b.start)
            ),
            (),
        )
        either = None if without else _EITHER_WAY.search(text[max(0, start - 24) : start])
        no = either["no"] if either else "不" if not without and _OR_NOT.match(text, end) else ""
        untreated = (
            f"{no.replace('是否', '未')}{' ' * no.isascii()}{text[start : chain[-1].end]}" if no else ""
        )
        if len(names) == 1 and names[0].startswith("no ") and _DO_OR.search(text[max(0, start - 6) : start]):
            untreated, names = text[start : chain[-1].end], (names[0].removeprefix("no "),)
            start += len(untreated) - len(m["x"]) if (m := _NEGATED.match(untreated)) else 0
        open_ended = bool(without or untreated) or self._worth_ways
        two = open_ended and bool(_TWO.search(text) or self._compares.search(text[:start]))
        lengths, end = self._lengths(text, start, end) if two and self._worth_ways else ([], end)
        routes = [n for n in names if n in self._procedures]
        one = len(chain) == 1 or (len(chain) == 2 and self._space.match(text[chain[0].end : chain[1].start]))
        by = routes[0] if one and len(routes) == 1 < len(names) else ""
        how, lead = "", leads.get(start)
        if lead is not None and lead < start:
            how, start = text[lead:start].strip(" -").lower(), lead
        elif manner := self._manner.search(text[max(0, start - 24) : start]):
            how, start = manner["m"].lower(), start - len(manner.group())
        elif manner := self._manner_first.match(text, start, end):
            how = manner["m"].lower()
        return ArmPhrase(
            start,
            end,
            "interventions",
            names,
            text[start:end],
            dose.group() if dose else "",
            how,
            group,
            alone=alone,
            generic=all(h.name.kind == "class" for h in chain),
            kinds=frozenset(told),
            told=lead is not None or all(h.name.detail == TOLD for h in chain),
            labels=lengths,
            without=without if two else (),
            untreated=untreated if two else "",
            base=base,
            route=by,
        )

    def _lengths(self, text: str, start: int, end: int) -> tuple[list[str], int]:
        """The lengths for which the groups of a sentence got one treatment, and where they end: ``A for 8 or 12 weeks``."""
        for at in range(end, max(start, end - 6), -1):
            if ways := _WAYS.match(text, at):
                return ways.captures("d"), ways.end()
        m = _LENGTHS.search(text, start, min(len(text), end + 24))
        if m is not None and m.start() >= end and not _FOR.match(text[end : m.start()]):
            m = None
        if m is not None:
            return [f"{d} {m['u']}" for d in m.captures("d")], max(end, m.end())
        if of := _OF.search(text[max(0, start - 4) : start]):
            stop = start - len(of.group())
            m = next((x for x in _LENGTHS.finditer(text, max(0, start - 40), stop) if x.end() == stop), None)
        return [f"{d} {m['u']}" for d in m.captures("d")] if m else [], end

    def _told_by_name(self, text: str, chain: list[Hit]) -> set[str]:
        """Kinds of treatment (``chemotherapy``) that a drug or regimen right beside them names already."""
        told = set()
        for a, b in itertools.pairwise(chain):
            gap = text[a.end : b.start].strip()
            for kind, other in ((a, b), (b, a)):
                named = (other.name.kind in ("drug", "regimen") or other.name.concept == "placebo") and (
                    gap in ("", "(") or (kind is a and bool(_OPTIONS.match(text[a.end : b.start])))
                )
                spelt = kind is a and a.name.kind == "class" and gap == "(" and other.name.kind == "drug"
                if (
                    (kind.name.concept in self._kind_words or spelt)
                    and named
                    and not text.startswith("联合", b.start)
                ):
                    told.add(kind.name.concept)
        return told

    # ---- resolution ------------------------------------------------------------------------------

    def defines(self, text: str, phrase: ArmPhrase) -> bool:
        """Whether a group's number or letter follows in a bracket: ``A 10 mg (组1)``."""
        return self._defined.match(text[phrase.end : phrase.end + 60]) is not None

    def resolve(
        self, study: Study, phrase: ArmPhrase, text: str, nearby: list[Arm], beside: Sequence[Arm] = ()
    ) -> list[Arm]:
        """The arms of ``study`` that a phrase means; unknown ones are made.

        ``nearby`` are the arms told before in the sentence, ``beside`` those in the phrase's own clause.
        """
        if phrase.kind == "interventions":
            if phrase.labels:
                return self._by_dose(study, phrase, text, nearby)
            pair = _told_both(study, text[phrase.start : phrase.end]) if phrase.untreated else None
            if pair is not None:
                return pair
            arms = [self._by_interventions(study, phrase, text, nearby)]
            if phrase.untreated:
                without = _without(study, phrase.untreated) or study.add(Arm(study.shared, role="comparator"))
                without.call(phrase.untreated)
                arms.append(without)
            if phrase.without:
                less = frozenset(phrase.without)
                arms.append(study.find(less, "") or study.add(Arm(phrase.without)))
            return arms
        if phrase.kind == "label":
            arms = [self._by_label(study, label, phrase, text, nearby) for label in phrase.labels]
            if len(arms) == 1 and not arms[0].interventions and beside and text[: phrase.start].endswith("("):
                arms[0].interventions = beside[-1].interventions
            return arms
        if phrase.kind == "people":
            own = study.labelled(phrase.labels[0])
            if own is None and phrase.role:
                role = "comparator" if phrase.role == "control" else phrase.role
                own = study.add(Arm((), list(phrase.labels), role, as_told=True))
            return [own] if own is not None else []
        if phrase.kind == "dose":
            return self._by_dose(study, phrase, text, nearby)
        if phrase.kind in ("both", "all"):
            if (own := study.labelled(f"组{phrase.label[0]}")) is not None:
                return [own]  # 2组, where the text has numbered its groups
            if phrase.kind == "both":
                pair = [a for a in study.pair if a is not None]
                if len(pair) == 2:
                    return pair
                return study.arms[-2:] if len(study.arms) >= 2 else []
            return list(study.arms) if len(study.arms) >= 3 else []
        if phrase.kind in ("former", "latter"):
            pair = [a for a in study.pair if a is not None]
            for known in (list(dict.fromkeys(nearby)), study.recent, study.order, pair):
                if len(known) >= 2:
                    return [known[0] if phrase.kind == "former" else known[1]]
            return []
        return self._by_role(study, phrase, nearby)

    def for_everybody(self, text: str, phrase: ArmPhrase) -> bool:
        """Whether a treatment is one that all who took part got: ``所有患者均接受A``, ``all patients received A``."""
        operation = all(n.endswith(self._operations) for n in phrase.interventions)
        return (
            phrase.kind == "interventions"
            and not operation
            and not phrase.is_group
            and bool(self._everybody.search(text[max(0, phrase.start - 80) : phrase.start]))
        )

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
        m = _SIZE.match(text, phrase.end)
        return (int(regex.sub(r"\D", "", m.captures("n")[0])), m.starts("n")[0]) if m else None

    def _by_interventions(self, study: Study, phrase: ArmPhrase, text: str, nearby: list[Arm]) -> Arm:
        key = frozenset(phrase.interventions)
        defined = self._defined.match(text[phrase.end : phrase.end + 60])
        if defined:
            label = _group_name(defined.captures("g")[0])
            arm = study.labelled(label)
            if arm is None:
                free = [a for a in study.arms if not any(GROUP_MARK.fullmatch(x) for x in a.labels)]
                same = [a for a in free if a.key == key]
                if length := _LENGTH_IN.search(text, phrase.start, phrase.end + 30):
                    same = [a for a in free if key <= a.key and _same_dose(a.dose, length["n"])] or same
                arm = same[0] if same else study.add(Arm(phrase.interventions))
            dose = _DOSE_AFTER.match(text, phrase.end)
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
        arm = study.find(key, phrase.dose) or (_by_words(study, phrase.label) if phrase.told else None)
        if arm is not None and phrase.manner:
            arm = _in_manner(study, phrase, nearby) or arm
        if arm is None or not (arm.used or arm in study.pair):
            arm = _with_backbone(study, key) or arm
        settled = arm is not None and (arm.used or arm in study.pair)
        if (
            not settled
            and not phrase.alone
            and not (phrase.reference and len(key) == 1 and not phrase.is_group)
        ):
            holding = [
                a for a in study.arms if key < a.key and (arm is None or a in study.pair or a in study.order)
            ]
            if study.continued:  # the least of those that have it on top of what was continued
                holding = [a for a in holding if all(a.key <= x.key for x in holding)] or holding
            if (
                len({a.key for a in holding}) == 1
                and (holding[0] not in nearby or _MULTIPLE.search(phrase.label))
                and (phrase.is_group or phrase.generic or len(study.arms) == 1 or holding[0] is study.pair[0])
            ):
                arm = holding[0]
        if arm is None or not (arm.used or arm in study.pair):
            arm = self._meant_by_kinds(study, key, nearby) or arm
        if arm is None and phrase.generic:
            spelt = [a for a in study.arms if key <= a.kinds]
            arm = spelt[0] if len(spelt) == 1 else None
        if arm is None and phrase.generic:
            arm = _by_kind_named(study, phrase)
        if arm is None and phrase.generic and phrase.is_group and None not in study.pair:
            # a kind of treatment set against one of two arms, or against placebo, is the other
            rest = [
                a
                for a in study.pair
                if a is not None and a not in nearby and "placebo" not in a.interventions
            ]
            arm = rest[0] if len(rest) == 1 else None
        if arm is None:
            arm = Arm(phrase.interventions, dose=phrase.dose)
            study.add(arm)
        for label in (phrase.label, *phrase.called):
            arm.call(label)
        arm.kinds |= phrase.kinds
        arm.manner = arm.manner or phrase.manner
        if phrase.role:
            arm.role = {"control": "comparator", "experimental": "experimental"}.get(phrase.role, arm.role)
        return arm

    def _meant_by_kinds(self, study: Study, key: frozenset[str], nearby: list[Arm]) -> Arm | None:
        """The arm whose drugs a phrase tells by their kinds only: ``A + a kind of treatment`` for A and B, which is of it."""
        kinds = key & self._classes
        named = [
            a for a in study.arms
            if kinds and a not in nearby and key > kinds and key - kinds < a.key and len(a.key) == len(key) and not a.key & self._classes
        ]  # fmt: skip
        return named[0] if len(named) == 1 else None

    def _by_label(self, study: Study, label: str, phrase: ArmPhrase, text: str, nearby: list[Arm]) -> Arm:
        arm = (
            study.labelled(label)
            or (_without(study, label) if phrase.role == "control" else None)
            or (_by_end(study, label) if HAN.search(label.removesuffix("组")) else _by_words(study, label))
        )
        length = _LENGTH_BEFORE.search(text, 0, phrase.start) if arm is None else None
        if length is not None and GROUP_MARK.fullmatch(label):
            alike = [
                a
                for a in study.arms
                if _same_dose(a.dose, length["n"]) and not any(map(GROUP_MARK.fullmatch, a.labels))
            ]
            arm = alike[0] if len(alike) == 1 else None
        if arm in nearby and arm is not None and not arm.interventions and label not in arm.labels:
            arm = None  # two groups told side by side: the slow stepwise group and the stepwise group
        if arm is None and regex.fullmatch(r"[A-Z]{2,6}组", label) and len(study.arms) == 2 and nearby:
            # an abbreviation that was never explained, set against one of two arms, is the other
            arm = next((a for a in study.arms if a is not nearby[-1]), None)
        if arm is None:
            role = {"control": "comparator"}.get(phrase.role, phrase.role)
            arm = study.add(Arm(study.shared if phrase.role == "control" else (), role=role))
        arm.call(label)
        arm.as_told = arm.as_told or phrase.generic or phrase.role == "control"
        if len(phrase.labels) == 1 and phrase.label != label:
            arm.call(phrase.label)
        elif phrase.lead:
            arm.call(f"{phrase.lead} {label.strip('组')}")
        return arm

    def _by_dose(self, study: Study, phrase: ArmPhrase, text: str, nearby: list[Arm]) -> list[Arm]:
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
            arm = next(
                (
                    a
                    for a in study.arms
                    if a.key == main.key and (a.manner == dose if way else _same_dose(a.dose, dose))
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

    def _by_role(self, study: Study, phrase: ArmPhrase, nearby: list[Arm]) -> list[Arm]:
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
                best = min(arms, key=lambda a: len(a.interventions))
            if (
                best is not None
                and best in nearby
                and best.role != "comparator"
                and len(arms) > 1 < len(set(map(id, nearby)))
            ):
                best = None  # one that the sentence has told of by another name
        elif phrase.kind == "combination" and (parts := _to_combine(study, nearby)):
            best = study.find(frozenset(parts)) or study.add(Arm(parts))
        elif phrase.kind == "combination":
            best = max(arms, key=lambda a: (len(a.interventions), a in study.pair, a.used), default=None)
            if best is not None and len(best.interventions) < 2:
                best = study.pair[0]
        elif phrase.kind == "mono":
            singles = [a for a in arms if len(a.interventions) == 1]
            best = singles[0] if len(singles) == 1 else None
        elif phrase.kind == "experimental":
            best = next((a for a in arms if a.role == "experimental"), None) or study.pair[0]
            if best is None and len(arms) <= 2:
                # not one that the sentence has just told: it sets the two against each other
                told = [a for a in arms if a not in nearby]
                best = next(
                    (a for a in told if "placebo" not in a.interventions and a.role != "comparator"), None
                )
        if best is None:
            best = study.labelled(phrase.label)
        gets = phrase.interventions
        if phrase.kind == "experimental" and gets:
            # 观察组: those who are only watched where another group is known by what it gets, else those who are treated
            watched = best is None or (best.interventions and best in nearby and best.role != "experimental")
            others = [a for a in nearby if a.interventions and a.role not in ("comparator", "experimental")]
            gets, best = (gets, study.find(frozenset(gets))) if watched and others else ((), best)
        if best is not None and not best.interventions:
            best.interventions = gets
        if best is None:
            best = Arm(
                gets,
                role={"control": "comparator", "experimental": "experimental"}.get(phrase.kind, ""),
            )
            study.add(best)
        best.call(phrase.label)
        return [best]


def _designs(text: str, start: int, end: int) -> bool:
    """Whether a word for a control tells how a trial was made, not who was in it."""
    return bool(_DESIGN_BEFORE.search(text[max(0, start - 3) : start]) or _DESIGN_AFTER.match(text, end))


def _to_combine(study: Study, nearby: list[Arm]) -> tuple[str, ...]:
    """What a combination is of that is listed with its parts: 甲组、乙组和联合组; nothing where the text has told it."""
    told = [a for a in study.arms if a.interventions and "placebo" not in a.interventions]
    singles = [a for a in told if len(a.interventions) == 1]
    listed = len(singles) == len(told) == 2 and all(a in nearby for a in told) and told[0].key != told[1].key
    return tuple(n for a in told for n in a.interventions) if listed else ()


def _share(text: str, found: list[ArmPhrase], care: set[str]) -> None:
    """Give each of two alternatives what both are combined with.

    ``A or placebo plus X``, ``X plus A or placebo`` and ``X, and A (arm 1) or B (arm 2)`` are A with X against B with X.
    """
    named = [p for p in found if p.kind == "interventions"]
    for i, (p, q) in enumerate(itertools.pairwise(named)):
        between = text[p.end : q.start]
        first, second = set(p.interventions), set(q.interventions)
        if first & second or "placebo" in first:
            continue
        if _ALTERNATIVE.match(between):
            if len(second) > 1 and len(first) == 1 and q.interventions[0] == "placebo":
                p.interventions += q.interventions[1:]
                continue
            if second == {"placebo"} and len(first) > 1:
                # what every patient gets anyway is no part of a treatment that is tested against placebo
                p.interventions = tuple(n for n in p.interventions if n not in care) or p.interventions
                q.interventions += p.interventions[:-1]
                continue
        if _DEFINED_OR.match(between) and len(first) == len(second) == 1:
            given = [
                x
                for x in named[:i]
                if _GIVES.search(text[max(0, x.start - 16) : x.start]) or x.end + 3 > p.start
            ]
            shared = tuple(
                dict.fromkeys(n for x in given for n in x.interventions if n not in first | second)
            )
            p.interventions += shared
            q.interventions += shared


#: 在A治疗的基础上随机分为B组和C组
_BASIS = regex.compile(r"^(?:治疗|疗法|方案|用药)?的?基础上")
_ASSIGNED = regex.compile(r"随机|分为|分成|分配|分入|\brandom|\bassigned\b|\ballocated\b")
#: right behind what all groups get
_BACKBONE = regex.compile(
    r"^(?:联合|化疗|治疗|方案)*(?:为|作为)(?:\p{Han}{0,3})?(?:骨架|背景|基础(?!的|疾病))|^(?:治疗|用药|药物)*的?背景(?:治疗|用药)?(?:下|上|之上)"
)
#: from a treatment to those by which its effect is kept up, and right behind these
_THEN_KEPT = regex.compile(
    r"^(?:治疗|术)?后,?(?:\p{Han}{0,3}(?:分别|随机|再|均|单用|予以?|给予|用|接受|行|以|采用|使用|进行)+)?$"
)
_KEPT_ON = regex.compile(r"(?:\([^()]*\))?(?:单药)?(?:维持|巩固)")
#: a measure that stands right before an abbreviated group: 并发症率LC组
_MEASURE_FIRST = regex.compile(r"\p{Han}*(?:率|时间|评分|积分|水平|量|值|期|数|以|于|在)(?=[\p{Latin}\d]+组)")
_NEXT_GROUP = regex.compile(r"(?:治疗)?组(?!织|合|成|分|间)")
#: around 对照 in the name of a kind of trial
_DESIGN_BEFORE = regex.compile(r"(?:随机|双盲|平行|阳性|安慰剂|病例|历史)$")
_DESIGN_AFTER = regex.compile(r"的?(?:试验|研究|设计|临床|I{1,3}[ab]?期|\d期)")
#: between two treatments of which a patient gets one
_ALTERNATIVE = regex.compile(r"^\s?(?:或者?|or)\s?(?:matching\s|matched\s|an?\s|匹配的?|相应的?)?$")
_DEFINED_OR = regex.compile(
    r"^[^,。;]{0,16}(?:,[^,。;()]{0,8})?\((?:[^()]{0,14},)?\s?(?:\w组|[Aa]rm \w|[Gg]roup \w)\)\s?,?(?:或者?|or|和|与)\s?$"
)
#: between a group and a treatment that only some of its patients had
_PART_OF = regex.compile(r"^(?:中|内)?(?:未|曾|既往|后续|随后)*(?:接受|行|进行|完成)(?:了|过)?$")
_ITS_PATIENTS = regex.compile(r"^(?:治疗)?的?(?:\d+例)?(?:患者|受试者|者)")
_GIVES = regex.compile(
    r"(?:给予|接受|予以?|使用|采用|应用|均|联合|received?|given|with|plus|和|与|及|\+|and)[^,。;]{0,10}$"
)


def _with_backbone(study: Study, key: frozenset[str]) -> Arm | None:
    """The arm of a pair that these interventions make with what both of its arms get."""
    a, b = study.pair
    if a is None or b is None or not (a.key & b.key) or not key:
        return None
    return next((x for x in (a, b) if key != x.key and key | (a.key & b.key) == x.key), None)


def _by_end(study: Study, label: str) -> Arm | None:
    """The only arm with a longer wording that ends in a Chinese label, or begins or ends in what stands before 组.

    ``单一用药组`` for ``A单一用药组``, ``清扫组`` for ``淋巴结清扫``.
    """
    stem = label.removesuffix("组")
    told = [a for a in study.arms if any(x.endswith(label) for x in a.labels)]
    if not told and len(stem) > 1:
        told = [
            a
            for a in study.arms
            if a.interventions
            and any(x.removesuffix("组").removesuffix("术").endswith(stem) for x in a.labels)
        ]
    return told[0] if len(label) > 2 and len(told) == 1 else None


def _without(study: Study, label: str) -> Arm | None:
    """The arm that the text called by other words for those who went without: ``非放疗组`` for ``不做放疗``."""
    stem = m["x"] if (m := _NEGATED.match(label)) else ""
    return (
        next(
            (
                a
                for a in study.arms
                if any(
                    (x := _NEGATED.match(y)) and (x["x"].endswith(stem) or stem.endswith(x["x"]))
                    for y in a.labels
                )
            ),
            None,
        )
        if stem
        else None
    )


def _told_both(study: Study, text: str) -> list[Arm] | None:
    """The two groups that the text has told of as those with and without it, by a longer name: ``放疗`` for ``全乳放疗``."""
    first, second = study.pair
    if first is None or second is None or not second.key < first.key:
        return None
    return [first, second] if any(x.endswith(text) for x in first.labels) else None


def _by_kind_named(study: Study, phrase: ArmPhrase) -> Arm | None:
    """The only arm of one treatment whose wording ends in the word for its kind: ``the vaccine`` for ``the X vaccine``."""
    kind = phrase.label.removesuffix("组").removesuffix(" group")
    told = [
        a for a in study.arms
        if len(a.key) == 1 and not a.key & set(phrase.interventions) and any(x.removesuffix("组").removesuffix(" group").endswith(kind) for x in a.labels)
    ]  # fmt: skip
    return told[0] if len(kind) > 1 and len(told) == 1 and "placebo" not in phrase.interventions else None


def _by_words(study: Study, label: str) -> Arm | None:
    """The only arm of which each word of an English label is told: ``the rigid group`` for ``rigid cast``."""
    words = {w for w in _WORD.findall(label.lower())} - _GROUP_WORDS
    told = [
        a for a in study.arms
        if words and words <= set(_WORD.findall(" ".join([*a.labels, *a.interventions, a.manner]).lower()))
    ]  # fmt: skip
    return told[0] if len(told) == 1 else None


_WORD = regex.compile(r"(?:\b(?:no|non)-)?[\p{Latin}\d.]+")
_GROUP_WORDS = {"group", "groups", "arm", "arms", "the", "patients", "recipients", "a", "of", "in"}


def _in_manner(study: Study, phrase: ArmPhrase, nearby: list[Arm]) -> Arm | None:
    """The arm that got the same treatment in the phrase's manner; a new one where the sentence sets it against another."""
    same = [a for a in study.arms if a.key == frozenset(phrase.interventions) and a.manner]
    mine = next((a for a in same if a.manner == phrase.manner), None)
    if mine is None and same and (phrase.is_group or any(a in nearby for a in same)):
        mine = study.add(Arm(phrase.interventions, dose=phrase.dose, manner=phrase.manner))
    return mine


def _same_dose(a: str, b: str) -> bool:
    return str(_SPACE_OR_DASH.sub("", a)).startswith(_SPACE_OR_DASH.sub("", b))


def _same(a: Hit, b: Hit) -> bool:
    if a.name.concept == b.name.concept:
        return True
    return a.name.kind == "regimen" and b.name.concept == a.name.concept


def _names(hit: Hit) -> list[str]:
    return _parts(hit) if hit.name.kind == "regimen" else [hit.name.concept]


def _parts(hit: Hit) -> list[str]:
    return [p.strip() for p in hit.name.detail.split(" + ") if p.strip()]


def _group_name(mark: str) -> str:
    """组1, A组: what a group's number or letter is kept as."""
    mark = _CHINESE_NUMBER.get(mark, mark)
    return f"组{mark}" if mark.isdigit() else f"{mark}组"


def _range(a: str, z: Any) -> list[str]:
    a, z = _CHINESE_NUMBER.get(a, a), _CHINESE_NUMBER.get(z, z) if z else z
    if not z:
        return [a]
    if a.isdigit() and z.isdigit() and 0 < int(z) - int(a) < 12:
        return [str(i) for i in range(int(a), int(z) + 1)]
    for marks in _MARKS:
        if a in marks and z in marks[marks.index(a) :]:
            return [*marks[marks.index(a) : marks.index(z) + 1]]
    return [a, z]
