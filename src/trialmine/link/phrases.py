"""The arm phrases of a sentence: treatments, lettered groups, doses, and words that point to a group."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.sieve import Sieve, Sieved
from trialmine.core.words import ENDS_GROUP, NOT_IN_WORD, PEOPLE
from trialmine.find.lexicon import Hit
from trialmine.find.names import INTERVENTIONS
from trialmine.link.armphrase import CHINESE_NUMBER, DO, LENGTHS, NEGATED, WAYS, ArmPhrase, group_name
from trialmine.link.combine import ADDED_EN, Combiner
from trialmine.link.people import PeopleFinder
from trialmine.link.roles import Roles
from trialmine.link.shortened import ShortNames
from trialmine.link.shown import ShownGroups
from trialmine.link.spelt import spell_out
from trialmine.read.segment import HAN

_MASS = r"(?:mg|μg|ug|mcg|g|IU|U|万IU|万U|毫克|微克|万?国际单位|万单位)(?:/(?:kg|d|day|日|m2))?"
_SCHEDULE = (
    r"(?:every[\s-](?:(?:other|\d+|two|three|four|six|eight|twelve)[\s-])?(?:days?|weeks?|months?)(?!\p{Latin})|[qQ]\d+[wWdDhHmM](?!\p{Latin})|(?:once[\s-]|twice[\s-]|three times[\s-]|\d-)?(?:weekly|monthly|daily)(?!\p{Latin})|"
    r"(?:b\.?i?\.?d|[oq]\.?d|t\.?i\.?d)(?!\p{Latin})\.?)"
)
#: how often a dose is given, which may stand behind it: 5 mg bid, 10 mg 每日2次
_OFTEN = rf"(?:\s?[(]?(?:{_SCHEDULE}|(?:每|一)(?:\d|[两二三四六八])?(?:日|天|周|个?月|年)\s?(?:\d|[一二两三四])\s?次)[)]?)"
#: dose levels as arms: 5、10、15 mg; 4 mg组; on 15 mg
_DOSES = Expression(
    rf"(?P<d>\d+(?:\.\d+)?)(?:\s?{_MASS})?(?:\s?(?:[、,/]|和|与|及|或|and|or|, and|, or)\s?(?P<d>\d+(?:\.\d+)?)(?:\s?{_MASS})?){{1,5}}(?<=\d)\s?(?P<u>{_MASS})(?![\p{{Latin}}/])|"
    rf"(?P<d>\d+(?:\.\d+)?)\s?(?P<u>{_MASS})(?P<o>{_OFTEN}?)(?:\s?组)?(?:\s?(?:[、,/]|和|与|及|或|and|or|, and|, or)\s?(?P<d>\d+(?:\.\d+)?)\s?{_MASS}(?P<o>{_OFTEN}?)(?:\s?组)?){{1,5}}(?![\p{{Latin}}/])|"
    rf"(?P<d>\d+(?:\.\d+)?)\s?-?(?P<u>{_MASS})\s?(?:剂量)?(?:组|groups?|arms?|dose groups?)|"
    rf"(?<=^\s*[-*•]?\s*)(?P<d>\d+(?:\.\d+)?)\s?(?P<u>{_MASS})(?=\s?:)|"
    rf"(?<=%\s?\()(?P<d>\d+(?:\.\d+)?)\s?(?P<u>{_MASS})(?=(?:\s?(?:q\d+w|qd|bid|qw))?\))|"
    rf"(?:(?<=\b(?:on|at|with|kept on|received|receiving|taking|for)\s(?:the\s)?)|(?<=[%)）]\s?,?\s?)|(?<=[%)]\s?\)?,?\s(?:or|and)\s))(?P<d>\d+(?:\.\d+)?)\s?(?P<u>{_MASS})(?:\s{_SCHEDULE})?(?=\s?(?:[,;.)]|and|\(|vs|to|versus|compared|$)|\s(?:were|was|had|reached|achieved|at|but|while|whereas|than|or)\b)"
)
_UNIT = Expression(rf"\s?-?({_MASS})")
#: schedules as arms: every 8 weeks or every 12 weeks; the q4w group; 38% (90 mg q12w)
_SCHEDULES = Expression(
    rf"(?P<s>{_SCHEDULE})(?:\s?(?:,|or|and|, or|, and|versus|vs\.?)\s(?:to\s)?(?P<s>{_SCHEDULE}))+(?!\s?\p{{Latin}}*\s(?:for|until))|"
    rf"(?P<s>(?:\d+(?:\.\d+)?\s?{_MASS}\s?)?{_SCHEDULE})(?:(?:[、,/]|和|与|及|或|对|比)(?P<s>{_SCHEDULE}))+|(?P<s>(?:\d+(?:\.\d+)?\s?{_MASS}\s?)?{_SCHEDULE})组|"
    rf"\b(?:the|in|with)\s(?P<s>{_SCHEDULE})(?=[\s-](?:groups?|arms?|regimens?|schedules?|dosing)\b)|"
    rf"(?<=%\s?\()(?P<s>(?:\d+(?:\.\d+)?\s?{_MASS}\s)?{_SCHEDULE})(?=\))|"
    rf"(?<=\b(?:{PEOPLE}|those)\s(?:treated|dosed|managed)\s)(?P<s>{_SCHEDULE})|"
    r"(?P<s>(?:每隔?|隔)(?:\d{1,2}|[两二三四六八])?(?:日|天|周|个?月)(?:[1一2两二]\s?次|给药)?)(?:给药|治疗|用药|方案)?组"
)
#: lengths of treatment as groups: 8周与12周疗程, 24周组和48周组, the 8-week and 12-week regimens
_TERM = r"(?:周|个月|天|年)"
#: how long or how often people took one treatment, in classes: 1天、2-5天、6-7天组, <1年、1-3年和>3年组
_CLASS = r"[<>≥≤]?=?\s?\d{1,3}(?:\s?[-~]\s?\d{1,3})?"
_OFTEN = r"(?:周|个月|天|年|日|次|片|杯|支|包年)"
_TERMS = Expression(
    rf"(?<![\d.第后前月年岁龄/~-])(?P<d>\d{{1,3}})(?P<u>{_TERM})?(?:疗程)?组?(?:(?:、|和|与|及|对)(?P<d>\d{{1,3}})(?P<u>{_TERM})?(?:疗程)?组?){{1,4}}(?:(?<={_TERM})(?:治疗|给药|用药)?(?:的?疗程|[两三四]?组)|(?<=疗程|{_TERM}组)){NOT_IN_WORD}(?!分(?!别)|随访)|"
    rf"(?<![\d.第后前月年岁龄/~<>≥≤-])(?:每[日天周月])?(?P<d>{_CLASS})(?P<u>{_OFTEN})?(?:组)?(?:(?:、|,|和|与|及|或)\s?(?P<d>{_CLASS})(?P<u>{_OFTEN})?){{1,4}}(?<={_OFTEN})[两三四]?组{NOT_IN_WORD}(?!分(?!别))|"
    r"\b(?P<d>\d{1,3})(?:-(?P<u>week|month|day|year))?(?:,?\s(?:and|or|versus|vs\.?|compared with)\s|,\s)(?P<d>\d{1,3})-(?P<u>week|month|day|year)\s(?:(?:treatment|dosing)\s)?(?:regimens?|courses?|groups?|arms?|durations?)\b"
)
#: how long a treatment was given, right before its name; and between two of which that is told
_LENGTH_FIRST = Expression(
    r"(?<![\d.第后前内月年~/-])(?P<n>(?:\d{1,3}\s?(?:d|天|日|周|个月|年)?\s?(?:或|/|-|~)\s?)?\d{1,3}\s?(?:d|天|日|周|个月|年))(?:疗程)?的?$|"
    r"\b(?P<n>\d{1,3}[\s-](?:day|week|month|year)s?)(?:\s(?:courses?\s)?of)?\s$"
)
_LISTED_AFTER = Expression(
    r"(?:治疗|疗法|方案)?组?\s?(?:和|与|及|、|对比?|比|vs\.?|versus|or|and|,|相较于?|较)\s?(?:with\s|the\s|an?\s|单用|接受)?"
)
#: a dose and how often it is given
_GIVEN_SO = Sieved(Expression(rf"(?P<dose>\d+(?:\.\d+)?\s?{_MASS})\s?(?P<often>{_SCHEDULE})"))
#: what all of them hold
_MASSED = Sieved(Expression(rf"\d\s?-?{_MASS}"))
_CUE_ROLES = (
    ("both_arms", "both"), ("all_arms", "all"), ("control_arm", "control"), ("combination_arm", "combination"),
    ("mono_arm", "mono"), ("experimental_arm", "experimental"), ("former", "former"), ("latter", "latter"),
)  # fmt: skip
#: a group's letter or number before the word, and from the first of a range or list to its last: A组至D组, 甲、乙、丙三组
_MARK = r"(?:[A-H]\d?|I{1,3}|IV|[甲乙丙丁戊]|[1-9一二三四五])"
#: numbers behind 组 that are times: 对照组1、3、5年生存率
_NO_TIMES = r"(?!\d{1,3}(?:\s?(?:、|,|和|与|及|至|~|-)\s?\d{1,3})+\s?(?:年|个月|月|周|天|日|小时|[dhw](?!\p{Latin})|mo(?!\p{Latin})))"
_NUMBERED = Expression(
    r"(?=[组队第A-I甲乙丙丁戊agc1-9一二三四五])(?:"
    rf"(?<![\p{{Latin}}\d.素第])第?(?P<a>{_MARK})组?\s?[~至到-]\s?第?(?P<z>{_MARK})\s?组{NOT_IN_WORD}|"
    rf"(?<![\p{{Latin}}\d.素第])第?(?P<l>{_MARK})(?:、第?(?P<l>{_MARK}))*(?:、|和|与|及)第?(?P<l>{_MARK})\s?[两三四五]?组{NOT_IN_WORD}|"
    rf"(?:组|\b[Gg]roups?\s|\b[Aa]rms?\s|\b[Cc]ohorts?\s){_NO_TIMES}(?P<l>\d(?!\d)|(?:I{{1,3}}|IV|[A-HJ-M])(?![\p{{Latin}}]))(?:\s?(?:、|,\s?and|,|\band\b|\bvs\.?|\bversus\b|和|与|及)\s?(?:组)?(?P<l>\d(?!\d|\.\d|%|\s(?:patients?|participants?|subjects?|wom[ae]n|m[ae]n|child(?:ren)?|infants?|people|person|cases?|eyes?|of|out)\b)|(?:I{{1,3}}|IV|[A-H])(?![\p{{Latin}}])))+|"
    rf"(?<![两三四五六二各每])(?:组别?|队列)\s?{_NO_TIMES}(?P<a>\d{{1,2}}(?!\p{{Lu}}{{2}})|[A-H](?![\p{{Latin}}]))(?:\s?(?:-|~|至|到)\s?(?:组|队列)?\s?(?P<z>\d{{1,2}}|[A-H](?![\p{{Latin}}])))?(?![\d.%/]|\s?(?:例|人|名|位|个|周|年|月|天|级|期|度|线|次|种|项|分(?!别)|小时|日|h\b|min\b|d\b|m\b|m?[gL]\b))|"
    r"第\s?(?P<a>[1-9一二三四五])(?:\s?(?:-|~|至|到)\s?(?P<z>[1-9一二三四五]))?\s?(?:治疗)?组|(?<![\p{Latin}\d])(?P<a>[A-H]\d?|[甲乙丙丁])组|(?<![\p{Latin}\d])(?P<l>[A-D])(?P<l>[A-D])[两二]?组(?=之?间|比较|对比|相比)|"
    r"\b(?:[Gg]roup|[Cc]ohort|[Aa]rm)s?\s(?P<a>\d{1,2}|I{1,3}|IV|[A-HJ-M])\b(?:\s?(?:-|to|through)\s?(?P<z>\d{1,2}|I{1,3}|IV|[A-HJ-M])\b)?(?!\s(?:out\s)?of\s\d|[.,]\d|\s?%))"
)
#: a group's role and its number or letter: 对照1组, 治疗A组, 对照组Ⅱ
_ROLE_MARKED = Expression(
    rf"(?P<r>对照|治疗|观察|试验|实验|研究|干预)(?:\s?(?P<m>[1-9一二三甲乙]|[A-D]|I{{1,3}})\s?组{NOT_IN_WORD}|组\s?(?P<m>[A-D](?!\p{{Latin}}|[级期型类区点线段])|I{{1,3}}(?!\p{{Latin}})|[1-4](?=[,。;:()]|、(?:对照|治疗|观察|试验|实验|研究|干预)|[和与及](?!\s?\d)|(?:采用|给予|接受|使用|行|予|应用|患者|为|的)))(?!\s?[例名人])(?!组))"
)
#: what no lexicon holds, joined to a treatment that closes a group's name: 手套联合电针组
_JOINED_UNKNOWN = Expression(
    r"(?:^|[,。;:、()]|分[为成入至]|[与和及]|结果|显示|表明|提示|发现|其中)(?P<n>(?!本|该|此|其|单纯|仅|对|在|将|较|比|高于|低于|优于|单用)(?:(?!给予|采用|接受|使用|应用|显示|表明|提示|发现|结果|其中|随机|分[为成入至]|用|行|较|比|于|对|在|将|为|是|组|者|率)[\p{Han}\p{Latin}\d]){1,8}?(?:联合|结合|配合|加|\+))$"
)
#: words before one kind of treatment that tell groups apart: 早期和晚期移植组
_WHICH = r"(?:早期|晚期|早|晚|即刻|立即|延迟|推迟|短期|长期|短程|长程|术前|术后|静脉|口服|皮下|开放|腹腔镜|机器人|胸腔镜|单次|多次|常规|强化|标准|大分割|常规分割|连续|间歇|全程|首次|再次|一线|二线)"
#: several groups in one word: 高、中、低剂量组; low- and high-dose groups
_SHARED_HEAD = Expression(
    rf"(?P<l>[高中低大小长短早晚])(?:(?:、|和|与|及)(?P<l>[高中低大小长短早晚]))+(?P<h>\p{{Han}}{{1,6}}?组){NOT_IN_WORD}|"
    rf"(?P<l>{_WHICH})(?:(?:、|和|与|及|以及)(?P<l>{_WHICH}))+(?P<h>(?!组)\p{{Han}}{{2,8}}?组){ENDS_GROUP}|"
    r"\b(?P<l>\p{Latin}+)-(?:,\s(?P<l>\p{Latin}+)-)*,?\s(?:and|or|versus|vs\.?)\s(?P<l>\p{Latin}+)(?P<h>-\p{Latin}+(?:\s(?!groups?\b|arms?\b)\p{Latin}+)?)\s(?:groups?|arms?)\b"
)
_TOKEN = r"[A-Z][\p{Latin}\d+/-]{1,11}"
_CAPITALS = r"[A-Z][A-Z\d]{1,6}"
_ITEM = r"(?!将|以下)[\p{Han}\p{Latin}\d+≥≤<>-]{1,10}?"
#: groups that a list names, or abbreviations that only their numbers show to be groups: 分为X、Y和Z组; 7% (XX), 13% (YY); XX 53例、YY 117例; XX和YY组的OS
_SHOWN = Expression(
    rf"(?=[%A-Z分])(?:分[为成入至]\s?(?P<l>{_ITEM})(?:组?、(?P<l>{_ITEM}))*组?(?:、|和|与|及|以及)(?P<l>{_ITEM})(?<![两三四五二])[两三四五二]?组{NOT_IN_WORD}|%\s?\((?P<l>{_TOKEN})\)(?:\s?(?:[、,;/]|和|与|及|vs\.?|and|, and|对|比)\s?\d[\d.]*%\s?\((?P<l>{_TOKEN})\))+|"
    rf"(?<![\p{{Latin}}\d])(?P<l>{_TOKEN})(?<!\d)\s?(?:组)?\s?\d+(?:例|位|名|人)(?:(?:、|,|和|与|及|以及)(?P<l>{_TOKEN})(?<!\d)\s?(?:组)?\s?\d+(?:例|位|名|人))+|"
    rf"(?<=[,。;:、()中,]|^)(?P<l>{_CAPITALS})(?:、(?P<l>{_CAPITALS}))*(?:和|与|及)(?P<l>{_CAPITALS})[两三]?组{ENDS_GROUP})"
)
_LABEL = Expression(
    rf"(?:(?<=[,。;:、()与和及而但在于,]|分[为成入至]|其中|结果|发现|显示|表明|提示|证实|(?<=[例名者人眼])为|组(?:对|比|vs\.?\s?)|^)|(?<![\p{{Latin}}\d+/-])(?=(?:早期|晚期|延迟|即刻|立即|短程|长程|强化|常规|标准|单次|多次)?\p{{Lu}}[\p{{Latin}}\d+/-]{{1,9}}组))(?:(?:治疗|随访|术后|用药|干预)?第?\d+(?:周|个月|月|天|年|小时|[dh])(?:末|后|时|内)?,?)?(?:(?<=^|[。;:]|结果)\d(?=\p{{Han}})(?!\d[个周天年月组期级次例岁线型联种项分号类度日代孔针维]))?(?P<n>(?![和与]|其中|结果|发现|显示|表明|提示|证实|其他|其余|另)(?:(?![两三四](?=组|个|种|项|类|者|方面|名|例|次|间|大|小|条|家|篇|对|周|天|年|月|期|线)|各|该|本|此|全|多(?=组|数|个|项|中心)|每|一|优于|高于|低于|长于|短于|少于|多于|显著|明显|相比|相较|较|比|为|而|但|在|及|均|则|将|使)[\p{{Han}}\p{{Latin}}\d≥≤<>+%.\-/]){{1,12}}?(?<!分|亚|课题|协作|专家|工作|肿瘤|小|项目|一|同|这|随机|入)组){ENDS_GROUP}(?!装|学|蛋白|胺|建|长|别|内|委)(?:患者)?|"
    rf"(?<=[,。;:、()与和及于在而,]|^)(?P<n>(?![与和及])(?:(?!高于|低于|优于|长于|短于|显著|明显|相比|比较|及)[\p{{Han}}\p{{Latin}}\d%./+-]){{0,18}}?\s?[≥≤<>]=?\s?\d[\d.]*\s?(?:个|%|分|岁|次|年|[\p{{Latin}}μ]{{1,5}}(?:/[\p{{Latin}}\d]{{1,4}})?)?组){ENDS_GROUP}|"
    rf"(?P<n>未?(?:达到?|获得?)\p{{Han}}{{2,10}}\([A-Z]{{2,6}}\)组){ENDS_GROUP}|"
    r"\bthe\s(?P<n>(?:[\p{Latin}\d.+-]+\s){1,3}?(?:group|arm))\b"
)
#: those who stopped a treatment are a group of their own
_STOPPED = Expression(
    r"(?:治疗)?(?P<how>停药|停用|撤药)(?:后)?的?(?:\d+\s?(?:例|名))?(?:受试者|患者|者|人群)"
)
_UNTREATED = Expression(
    rf"(?<![对于])(?:未|没有|不)(?:曾)?{DO}过?"
    r"(?P<x>[^,。;:()\d未]{0,10}?)(?:治疗|预防|干预|手术)?的?(?:组|患者|患儿|孕妇|人群|(?<!或)者)(?=\s?(?:\(|则|仅|只|为|是|有|占|中|高?达|\d|(?:相比|比较|相较)[,;]|的?[\p{Han}]{1,8}?(?:率|为|是)))|"
    rf"(?<![对是]|(?<![高低优长短多少大小差快慢较比])于)(?:非|未|不|无|没有)(?:曾)?(?:{DO}|含)?(?P<x>[^,。;:()\d未非与和及、]{{1,12}}?)(?:治疗|方案)?组{ENDS_GROUP}(?!别)"
)
_WITH_THEM = Expression(r"(?:与|和|同|较)$")
_OF_TREATMENT = Expression(r"(?:辅助|术后|术前|常规|早期|规律|单独|任何)*")
#: right before the treatment of those who went without it, in English
_NO = Expression(r"\b(?:without|[Nn]on?|not (?:receiving|given|taking|treated with))[\s-]$")
#: those who are only called so: 4% with A and 9% without
_WITHOUT_IT = Expression(r"\bwithout(?:\sit)?(?=\s?(?:[.,;)]|$))")
#: people by the name of their group: ACLF患者 where there is an ACLF组
_PEOPLE_OF = Expression(r"(?<![\p{Latin}\d-])(?P<n>[A-Z][\p{Latin}\d+/-]{1,9})(?:患者|病例|受试者|人群)")
#: a kind of treatment that no lexicon holds, with its number: 现有抗X药物的有效率为40%
_KIND_OF = Expression(
    r"(?:^|(?<=[,。;:]|建议|认为|要求|指出|提示|表明|目前|现阶段))(?P<n>(?!\p{Han}{0,12}(?:建议|认为|要求|指出|提示|表明|显示))(?!此|该|这|两|上述|其|试验|研究|对照|同类|各|每|所有|本|我)(?:\p{Han}|(?<=有)的){2,10}?(?:新药|药物|药|疗法))(?=(?:在[^,;。]{1,14}?)?的[^,;。]{2,14}?(?:率|时间|期)[^,;。\d]{0,10}(?:\d+\s?(?:年|个月|周)[^,;。\d]{0,4})?[^,;。]{0,10}\d)"
)
#: people with a disease set against those without it: the groups of a cohort
_PEOPLE_SET = Expression(
    r"(?:对比|比较|纳入|收集|分析)了?(?:\d+例)?(?P<n>(?P<a>(?!接受|使用|两)[\p{Han}\p{Latin}\d+-]{2,12}?)(?:患者|者|组)?)(?:与|和|及|对比|vs\.?)(?P<n>(?P<b>(?:非|无|未合并|不伴有?|未发生)(?P=a))(?:患者|者|人群|病例|受试者|组|(?<=[儿人妇])的))"
)
_NOT_ILL = Expression(r"[非无未]|不伴")
#: the number of an item that stands right before its first word, as texts print ① where they have lost it
_ITEM_NUMBER = r"[1-9]"
_ENDS_PEOPLE = r"(?:患者|者|病例|受试者|人群|组)"
#: a control that is a group, not what is controlled: ``IOP control``, ``to control pain``
_IS_GROUP = Expression(
    r"(?<=(?:^|[,.;:()\[\]/%\p{Han}]|\d|\b(?:with|than|versus|vs?\.?|in|for|and|or|the|of|on|as|at|under|to|against|an?|no|each|matched|matching|active|negative|positive|historical|healthy))\s?)"
    r"control(?=\s?(?:[,.;:()\[\]=\d\p{Han}]|$)|\s(?:and|or|vs?\.?|versus|was|were|had|at|in|with|respectively|n|p|P|compared|than|patients|subjects|participants|eyes|women|men|children|people|treatment|conditions?|interventions?|diet|sites?|teeth|limbs?|phase|periods?|sessions?|cohort|trial)(?!\p{Latin}))"
)
#: what people got as the name of their group: 13% of intervention vs 18% of control
_BARE_GOT = ("intervention", "treatment", "active treatment")
_GOT_GROUP = Expression(
    r"(?<=[\d%)]\s(?:\p{Latin}{1,6}\s)?(?:of|in|for|with|on)\s(?:the\s)?|\d\s?%\s?(?:\(|vs\.?\s|versus\s)?(?:for\s)?)\p{Latin}[\p{Latin}\s]*?(?=\s?[,;:.)]|\s(?:vs?\b|versus|and\s\d|compared))|"
    r"(?<=[(\s])(?:intervention|treatment)(?=\s(?:vs\.?|versus)\scontrols?\b)"
)
#: people beside a number, and the controls beside the next one
_OF_CONTROLS = Expression(
    rf"(?<=(?:\d\s?%?\)?|per cent)\s(?:(?:of|in|for)\s(?:the\s)?)?)(?P<n>(?:study\s|trial\s|treated\s)?(?:{PEOPLE}|cases))"
    r"(?=,?\s(?:and|versus|vs\.?|compared with)\s(?:in\s|only\s)?(?:\d+\s(?:of\s\d+\s)?[(\[])?\d[\d.]*\s?(?:%|per cent)?[)\]]?\s(?:(?:of|in|for)\s(?:the\s)?)?controls?\b)"
)
#: right before what patients had before: progression on first-line platinum combination therapy
_PRIOR = Expression(
    r"\b(?:progress\p{Ll}+|failures?|relaps\p{Ll}+|refractory|resistan\p{Ll}+|pretreated)\s(?:on|after|to|of|with|during|following)\s(?:[\p{L}-]+\s){0,3}$|\b(?:[Pp]rior|[Pp]revious|first-line)\s(?:\p{L}[\p{L}-]*\s){0,2}$"
)
#: a combination beside its number: ``83% with combination versus 76% with monotherapy``
_BARE_COMBINATION = Expression(
    r"(?<=\d\)?\s?(?:%|\p{Ll}+)?\)?\s(?:with|in|for|on|under)\s)combination(?=\s?[,;.:()]|\s?$|\s(?:vs?|versus|and|than|compared|but|whereas|while)\b)|"
    r"\b[Cc]ombination(?=\s?\(\d|:\s\d|\s\d[\d.]*\s?(?:%|months))"
)
#: both of two groups, not one that got both: ``both drugs lowered``
_EACH_OF_BOTH = Expression(
    r"[Bb]oth\s(?:drugs|agents|medications|treatments)\s(?:had|have|were|are|did|led|gave|may|can|significantly|similarly|equally|\p{Ll}{3,}ed)\b(?!\s(?:in\s)?combin)"
)
#: behind a number, those who got both of what the sentence told of
_WITH_BOTH = Expression(
    r"(?<=[\d%)]\s(?:of\s\p{Ll}+\s)?(?:with|on|for|in|receiving|given|by|using|after)\s(?:those\s|patients\s|the\s)?(?:with\s|on\s|receiving\s|given\s)?)both(?:\s(?:drugs|treatments|agents|combined|together|therapies|interventions))?(?=\s?[,.;()]|\s(?:and|vs|versus|compared)\b|\s?$)"
)
#: right before what one of two groups got: 一组行甲术,另一组行乙术
_ONE_GROUP = Expression(
    r"一组(?:患者)?(?:\(?[nN]?\s?=?\s?\d+例?\)?)?(?:行|采用|接受|予以?|给予|使用|服用|应用|进行|口服|为)(?:了)?$"
)
_GROUPS, _AND = Expression(r"\b(?:groups|arms)$"), Expression(r"\s(?:and|or|versus|vs\.?)\s(?:the\s)?")
_LEAD_WORD = Expression(r"((?:[Gg]roup|[Aa]rm|[Cc]ohort))s?\s")
#: letters and numerals of groups in their order
_MARKS = (("I", "II", "III", "IV"), tuple("ABCDEFGH"), tuple("甲乙丙丁戊"))
_NO_LEADS: Mapping[int, int] = {}
#: a measure that stands right before an abbreviated group: 并发症率LC组
_MEASURE_FIRST = Expression(
    r"[\p{Han}\p{Latin}]*?(?:率|时间|评分|积分|水平|量|值|(?<![早晚长短])期|数|以|于|在)(?=[\p{Latin}\d]+组)"
)
#: around 对照 in the name of a kind of trial
_DESIGN_BEFORE = Expression(r"(?:随机|双盲|平行|阳性|安慰剂|病例|历史)$")
_DESIGN_AFTER = Expression(r"的?(?:试验|研究|设计|临床|I{1,3}[ab]?期|\d期)")


#: before "treated patients" who were all treated before the study
_TREATED_BEFORE = Expression(
    r"(?:\b(?:previously|formerly|heavily|extensively|already|prior|not|never|newly|surgically|medically|optimally)[\s-]|\bun|\bpre-?)$"
)


def _with_last_dose(found: Found, m: regex.Match[str]) -> ArmPhrase | None:
    """The group whose name holds the last of a list of doses: ``the 10 mg, 15 mg and 20 mg rivaroxaban groups``."""
    first, last = m.starts("d")[0], m.starts("d")[-1]
    inside = [p for p in found.phrases if p.start < m.end() and m.start() < p.end]
    named = [p for p in inside if p.kind == "interventions" and p.dose and first < p.start <= last < p.end]
    return named[0] if len(named) == 1 and all(p is named[0] or p.kind == "label" for p in inside) else None


#: between the two that those were given who got nothing: placebo or no intervention
_EITHER_OF_NONE = Expression(r"\s?(?:/|or\b|或者?)\s?(?:the\s|an?\s)?")


class Found:
    """The phrases found in a sentence so far, and the characters that they take."""

    def __init__(self, text: str, phrases: list[ArmPhrase]) -> None:
        self.text, self.phrases = text, phrases
        self._taken = bytearray(len(text) + 1)
        for p in phrases:
            self.take(p)

    def take(self, p: ArmPhrase) -> None:
        """Take a phrase's characters."""
        self._taken[p.start : p.end] = b"\1" * (p.end - p.start)

    def free(self, start: int, end: int) -> bool:
        """Whether no phrase has any of these characters."""
        return not any(self._taken[start:end])

    def put(self, p: ArmPhrase) -> None:
        """Add a phrase."""
        self.phrases.append(p)
        self.take(p)

    def add(self, p: ArmPhrase) -> None:
        """Add a phrase where its characters are free."""
        if self.free(p.start, p.end):
            self.put(p)

    def add_label(self, start: int, end: int, role: str = "", group: bool = False) -> None:
        """Add a group called by these characters, and 组 where ``group``, where they are free."""
        label = self.text[start:end] + "组" * group
        self.add(ArmPhrase(start, end, "label", label=label, is_group=True, labels=[label], role=role))


class PhraseFinder:
    """Reads the arm phrases of sentences."""

    def __init__(self, patterns: Patterns) -> None:
        c = patterns.compile
        self._combiner, self._roles = Combiner(patterns), Roles(patterns)
        self._shown, self._short = ShownGroups(patterns), ShortNames(patterns)
        self._peoples = PeopleFinder(patterns)
        self._nothing = {"placebo", *patterns.cues.get("untreated_class", ())}
        self._lettered = c(r"[\s-](?:{{lettered_kind}})")
        self._cues = [
            (
                role,
                c(
                    rf"(?:(?<![\p{{Latin}}\d未非第])|(?<=(?:^|[。;:]|结果){_ITEM_NUMBER}))(?<!\p{{Latin}}-|\d\.|随机|病例{'' if role in ('both', 'all') else '|其[他它余]'})(?:{{{{{cue}}}}})(?:(?<=\p{{Han}})|(?![\p{{Latin}}]))(?!(?:的|临床)*(?:试验|研究)(?!组)|(?<=组)(?:织|合(?!并|计)))"
                ),
            )
            for cue, role in _CUE_ROLES
        ]
        expressions = (
            _UNTREATED,
            LENGTHS,
            WAYS,
            _PEOPLE_OF,
            _KIND_OF,
            _SHARED_HEAD,
            _ROLE_MARKED,
            _NUMBERED,
            _SCHEDULES,
            _TERMS,
            _DOSES,
            _SHOWN,
            _LABEL,
            *(cue for _, cue in self._cues),
        )
        self._sieve = Sieve((e, e) for e in expressions)

    def pointers(self, text: str) -> list[tuple[int, int]]:
        """Where words point to a group by its role: the control group, both arms."""
        worth = set(self._sieve.passing(text))
        return [m.span() for _, cue in self._cues if cue in worth for m in cue.finditer(text) if _points(m)]

    def forget(self) -> None:
        """Begin a new document."""
        self._peoples.forget()
        self._short.forget()
        self._people: list[str] = []
        self._people_again: regex.Pattern[str] | None = None

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

    def phrases(self, text: str, hits: list[Hit], leads: Mapping[int, int] = _NO_LEADS) -> list[ArmPhrase]:
        """The arm phrases of a sentence, left to right.

        ``leads`` tells where the name of a group begins that a treatment closes: start of the treatment -> its start.
        What an earlier step has taken a later one leaves.
        """
        worth = set(self._sieve.passing(text))
        cues = [
            (role, [m for m in cue.finditer(text) if _points(m)]) for role, cue in self._cues if cue in worth
        ]
        pointers = [m.span() for _, matches in cues for m in matches]
        treatments = [
            h
            for h in hits
            if h.name.kind in INTERVENTIONS
            and not (h.name.kind == "class" and any(a <= h.start and h.end <= b for a, b in pointers))
        ]
        ways = LENGTHS in worth or WAYS in worth
        found = Found(text, self._combiner.chains(text, treatments, leads, ways))
        spell_out(text, treatments, found.phrases)
        for p in self._combiner.shared_manners(text, found.phrases):
            found.phrases = [x for x in found.phrases if x.end <= p.start or p.end <= x.start]
            found.put(p)
        self._joined_unknown(found)
        self._by_length(found)
        self._stopped(found)
        for p in self._people_of(text):
            found.add(p)
        self._untreated(found, worth)
        self._either_of_none(found)
        for p in self._peoples.find(text, found.phrases):
            found.phrases = [q for q in found.phrases if q.end <= p.start or p.end <= q.start]
            found.put(p)
        self._gone_without(found)
        self._told_by_head(found, worth)
        self._role_marked(found, worth)
        self._numbered(found, worth)
        self._doses(found, worth)
        if _MASSED.search(text):
            self._by_schedule(found)
        outcomes = [(h.start, h.end) for h in hits if h.name.kind == "outcome"]
        self._combined(found)
        self._pointers(found, cues, hits, outcomes)
        for m in _SHOWN.finditer(text) if _SHOWN in worth else ():
            spans = m.spans("l")
            split = m.group().startswith("分")
            grouped = split or m.group().endswith("组")
            if grouped or not any(x < b and a < y for x, y in outcomes for a, b in spans):
                for a, b in spans:
                    found.add_label(a, b, group=split)
        self._set_against_controls(found)
        found.phrases = [p for p in found.phrases if not self._roles.gloss(text, p, found.phrases)]
        for m in _LABEL.finditer(text) if _LABEL in worth else ():
            a, b = m.span("n")
            a += len(first.group()) if (first := _MEASURE_FIRST.match(text[a:b])) else 0
            found.add_label(a, b)
        self._opposites(found)
        for m in _KIND_OF.finditer(text) if _KIND_OF in worth else ():
            a, b = m.span("n")
            found.add(ArmPhrase(a, b, "label", label=text[a:b], generic=True, labels=[text[a:b]]))
        known = [(h.start, h.end) for h in hits]
        for a, b in self._shown.find(text, [(p.start, p.end) for p in found.phrases], known):
            found.phrases.append(ArmPhrase(a, b, "label", label=text[a:b], is_group=True, labels=[text[a:b]]))
        phrases = sorted(self._short.apply(text, found.phrases), key=lambda p: p.start)
        for p, q in itertools.pairwise(phrases):
            listed = (
                p.kind == q.kind == "interventions" and q.is_group and _GROUPS.search(text[q.start : q.end])
            )
            p.is_group = p.is_group or bool(listed and _AND.fullmatch(text[p.end : q.start]))
        for p in phrases if "一组" in text else ():
            one = p.kind == "interventions" and _ONE_GROUP.search(text, max(0, p.start - 16), p.start)
            p.is_group = p.is_group or bool(one)
        self._roles.mark(text, phrases)
        return phrases

    def _either_of_none(self, found: Found) -> None:
        """``placebo or no intervention`` are one group, of those who got nothing."""
        kept: list[ArmPhrase] = []
        for p in sorted(found.phrases, key=lambda p: p.start):
            nothing = p.kind == "interventions" and self._nothing.issuperset(p.interventions)
            last = kept[-1] if kept else None
            if (
                nothing
                and last is not None
                and last.kind == "interventions"
                and self._nothing.issuperset(last.interventions)
                and _EITHER_OF_NONE.fullmatch(found.text, last.end, p.start)
            ):
                last.end, last.label = p.end, found.text[last.start : p.end]
                last.interventions += p.interventions
                last.is_group, last.reference = last.is_group or p.is_group, last.reference or p.reference
            else:
                kept.append(p)
            if nothing and "placebo" in kept[-1].interventions:
                kept[-1].interventions = ("placebo",)
        found.phrases = kept

    @staticmethod
    def _joined_unknown(found: Found) -> None:
        """A group whose name joins something that no lexicon holds to a treatment is a group of that name."""
        text = found.text
        for i, p in enumerate(found.phrases):
            named = p.kind == "interventions" and p.is_group and text[p.start : p.end].endswith("组")
            m = _JOINED_UNKNOWN.search(text, max(0, p.start - 16), p.start) if named else None
            if m is not None and found.free(m.start("n"), p.start):
                label = text[m.start("n") : p.end]
                found.phrases[i] = ArmPhrase(
                    m.start("n"), p.end, "label", label=label, is_group=True, labels=[label]
                )
                found.take(found.phrases[i])

    @staticmethod
    def _role_marked(found: Found, worth: set[Any]) -> None:
        """Groups called by their role with a number or letter: ``对照1组``."""
        for m in _ROLE_MARKED.finditer(found.text) if _ROLE_MARKED in worth else ():
            label = f"{m['r']}{(m.captures('m'))[0]}组"
            if found.free(m.start(), m.end()):
                role = "control" if m["r"] == "对照" else ""
                found.put(
                    ArmPhrase(
                        m.start(), m.end(), "label", label=label, is_group=True, labels=[label], role=role
                    )
                )

    @staticmethod
    def _by_length(found: Found) -> None:
        """Where a list tells one treatment twice, how long each group got it is its dose: ``10 d或14 d甲疗法和7 d甲疗法``."""
        named = [p for p in found.phrases if p.kind == "interventions" and not p.labels]
        for p, q in itertools.pairwise(sorted(named, key=lambda p: p.start)):
            if p.interventions != q.interventions:
                continue
            first, second = (_LENGTH_FIRST.search(found.text, max(0, x.start - 24), x.start) for x in (p, q))
            if first is None or second is None or first["n"] == second["n"]:
                continue
            if _LISTED_AFTER.fullmatch(found.text, p.end, second.start()):
                for x, length in ((p, first), (q, second)):
                    x.start, x.dose, x.is_group = length.start(), length["n"], True
                    x.label = found.text[x.start : x.end]
                    found.take(x)

    def _stopped(self, found: Found) -> None:
        """Those who stopped a treatment are a group that did, not one that got it."""
        for p in [x for x in found.phrases if x.kind == "interventions"]:
            if m := _STOPPED.match(found.text, p.end):
                found.phrases.remove(p)
                told = f"{found.text[p.start : p.end]}{m['how']}者"
                found.put(
                    ArmPhrase(
                        p.start,
                        m.end(),
                        "label",
                        label=found.text[p.start : m.end()],
                        is_group=True,
                        labels=[told],
                    )
                )

    def _untreated(self, found: Found, worth: set[Any]) -> None:
        """Those who didn't get what the sentence tells of, set against those who did."""
        text = found.text
        for m in _UNTREATED.finditer(text) if _UNTREATED in worth else ():
            earlier = [p for p in found.phrases if p.end <= m.start() and not p.background]
            held = [p for p in found.phrases if m.start() < p.start < m.end()]
            concepts = {n for p in earlier for n in (*p.interventions, *p.kinds)}
            group = text[m.end() - 1] == "组"
            if any(p.start <= m.start() < p.end for p in found.phrases):
                continue
            if group and not (held and _OF_TREATMENT.fullmatch(text, m.start("x"), held[0].start)):
                continue
            # 与未接受甲类治疗的患者相比: whatever the others got
            against = _WITH_THEM.search(text, 0, m.start()) and text.startswith(
                ("相比", "比较", "相较"), m.end()
            )
            told = against and held
            if (
                not group
                and not told
                and (not earlier or any(not set(p.interventions) & concepts for p in held))
            ):
                continue
            if m["x"] and not held and not m["x"].startswith(("该", "此", "上述")):
                continue
            found.phrases = [p for p in found.phrases if p not in held]
            if "或" in m["x"]:
                self._either(found, m)
            a, b = m.span()
            p = ArmPhrase(a, b, "label", label=m.group(), is_group=True, labels=[m.group()], role="control")
            p.kinds = frozenset(n for x in held for n in x.interventions)
            found.put(p)

    def _either(self, found: Found, without: Any) -> None:
        """The group that got one or the other, set against those who got neither: ``含A或B组与不含A或B组``."""
        name = without.group()[1:]
        a = found.text.rfind(name, 0, without.start())
        if a >= 0:
            held = [p for p in found.phrases if a <= p.start < a + len(name)]
            found.phrases = [p for p in found.phrases if p not in held]
            found.put(ArmPhrase(a, a + len(name), "label", label=name, is_group=True, labels=[name]))

    def _told_by_head(self, found: Found, worth: set[Any]) -> None:
        """Groups told by what people have, and several that share the end of their names."""
        text = found.text
        for m in _PEOPLE_OF.finditer(text) if _PEOPLE_OF in worth else ():
            a, b = m.span()
            if found.free(a, b):  # another reading of these words may still take them
                found.phrases.append(
                    ArmPhrase(a, b, "people", label=m.group(), is_group=True, labels=[f"{m['n']}组"])
                )
        for m in _SHARED_HEAD.finditer(text) if _SHARED_HEAD in worth else ():
            labels = [x + m["h"] for x in m.captures("l")]
            found.add(ArmPhrase(m.start(), m.end(), "label", label=labels[0], is_group=True, labels=labels))

    def _numbered(self, found: Found, worth: set[Any]) -> None:
        """Groups with a number or a letter, or several of them: ``组1至组4``, ``arms A and B``; not ``group A streptococci``."""
        for m in _NUMBERED.finditer(found.text) if _NUMBERED in worth else ():
            if self._lettered.match(found.text, m.end()):
                continue
            a, z = (m.captures("a") or [""])[0], (m.captures("z") or [None])[0]
            labels = [group_name(x) for x in m.captures("l") or _range(a, z)]
            lead = _LEAD_WORD.match(m.group())
            found.add(
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

    def _doses(self, found: Found, worth: set[Any]) -> None:
        """Schedules and doses that tell groups apart."""
        text = found.text
        for m in _SCHEDULES.finditer(text) if _SCHEDULES in worth else ():
            a, b = m.starts("s")[0], m.ends("s")[-1]
            labels = m.captures("s")
            found.add(ArmPhrase(a, b, "dose", label=text[a:b], dose=labels[0], is_group=True, labels=labels))
        for m in _TERMS.finditer(text) if _TERMS in worth else ():
            unit, apart = (m.captures("u") or [""])[-1], " " * text[m.start() : m.end()].isascii()
            terms = [f"{d}{apart}{unit}" for d in m.captures("d")]
            if unit and len(set(terms)) == len(terms):
                found.add(
                    ArmPhrase(
                        m.start(),
                        m.end(),
                        "dose",
                        label=m.group(),
                        dose=terms[0],
                        is_group=True,
                        labels=terms,
                    )
                )
        for m in _DOSES.finditer(text) if _DOSES in worth and _MASSED.search(text) else ():
            units = [_UNIT.match(text, end) for end in m.ends("d")]
            doses = [f"{d} {u[1] if u else m['u']}" for d, u in zip(m.captures("d"), units, strict=True)]
            if len(set(doses)) < len(doses):  # only how often they are given tells them apart
                doses = [f"{d} {o.strip(' ()')}" for d, o in zip(doses, m.captures("o"), strict=False)]
            at_drug = any(p.kind == "interventions" and 0 <= m.start() - p.end <= 1 for p in found.phrases)
            inside = any(p.start < m.end() and m.start() < p.end for p in found.phrases)
            if inside and (last := _with_last_dose(found, m)) is not None:
                found.phrases = [p for p in found.phrases if not m.start() <= p.start < last.start]
                own = [d for d, at in zip(doses, m.starts("d"), strict=False) if at < last.start]
                end = m.ends("d")[len(own) - 1]
                unit = units[len(own) - 1]
                found.put(
                    ArmPhrase(
                        m.start(),
                        unit.end() if unit else end,
                        "dose",
                        last.interventions,
                        label=own[0],
                        dose=own[0],
                        is_group=True,
                        labels=own,
                    )
                )
            elif not inside and not (len(doses) == 1 and at_drug):
                found.put(
                    ArmPhrase(
                        m.start(),
                        m.end(),
                        "dose",
                        label=m.group(),
                        dose=doses[0],
                        is_group=True,
                        labels=doses,
                    )
                )

    @staticmethod
    def _by_schedule(found: Found) -> None:
        """Where only how often a dose is given tells groups apart, it is part of the dose: ``90 mg every 8 weeks``."""
        given: dict[str, dict[int, str]] = {}
        for m in _GIVEN_SO.finditer(found.text):
            given.setdefault("".join(m["dose"].split()), {})[m.start()] = m["often"]
        for often in given.values():
            if len(set(often.values())) < 2:
                continue
            for at, schedule in often.items():
                for p in found.phrases:
                    if p.dose and len(p.labels) < 2 and (p.start <= at < p.end or 0 <= at - p.end <= 1):
                        p.dose = f"{p.dose} {schedule}"
                        if p.kind == "dose":
                            p.labels, p.label = [p.dose], p.dose

    def _pointers(
        self,
        found: Found,
        cues: list[tuple[str, list[regex.Match[str]]]],
        hits: list[Hit],
        outcomes: list[tuple[int, int]],
    ) -> None:
        """Words that point to a group by its role; some say what it gets, too: usual care."""
        text = found.text
        kinds = {(h.start, h.end): h.name.concept for h in reversed(hits) if h.name.kind == "class"}
        for called, matches in cues:
            for m in matches:
                role = "both" if called == "combination" and _EACH_OF_BOTH.match(text, m.start()) else called
                if m.group() == "对照" and _designs(text, m.start(), m.end()):
                    continue
                if role == "experimental" and _TREATED_BEFORE.search(text, 0, m.start()):
                    continue  # previously treated patients
                if m.group()[0].isdigit() and text[m.start() - 1 : m.start()] in (
                    "<",
                    ">",
                    "≤",
                    "≥",
                    "=",
                    ".",
                ):
                    continue  # NLR≥3组: no three groups
                named = any(a < m.start() < m.end() <= b for a, b in outcomes)  # disease control
                named = named or (m.group() == "control" and not _IS_GROUP.match(text, m.start()))
                named = named or (role == "combination" and text.startswith(" of ", m.end()))  # of A and B
                named = named or (
                    role in ("combination", "mono") and _PRIOR.search(text, 0, m.start()) is not None
                )
                named = (
                    named
                    or (  # A monotherapy is A
                        role == "mono"
                        and any(
                            p.end < m.start() and text[p.end : m.start()] in (" ", "-") for p in found.phrases
                        )
                    )
                )
                gets = [k for (a, b), k in kinds.items() if m.start() <= a and b <= m.end()][:1]
                if not named:
                    found.add(
                        ArmPhrase(m.start(), m.end(), role, tuple(gets), label=m.group(), is_group=True)
                    )

    def _combined(self, found: Found) -> None:
        """Those who got both of two treatments of which the numbers stand before: ``22% with A, 7% with B and 27% with both``."""
        for m in _WITH_BOTH.finditer(found.text) if "both" in found.text else ():
            before = [p for p in found.phrases if p.end <= m.start() and not p.reference]
            singles = {
                p.interventions for p in before if p.kind == "interventions" and len(p.interventions) == 1
            }
            if len(singles - {("placebo",)}) == 2:
                a, b = m.span()
                found.add(ArmPhrase(a, b, "combination", label=m.group(), is_group=True))
        for m in _BARE_COMBINATION.finditer(found.text) if "ombin" in found.text else ():
            found.add(ArmPhrase(m.start(), m.end(), "combination", label=m.group(), is_group=True))

    def _set_against_controls(self, found: Found) -> None:
        """People who are only called so, each time beside a number, where those of the next number are the controls: ``21% of subjects and 15% of controls``."""
        for m in _OF_CONTROLS.finditer(found.text) if "control" in found.text else ():
            a, b = m.span("n")
            found.add(ArmPhrase(a, b, "experimental", label=found.text[a:b], is_group=True))

    def _opposites(self, found: Found) -> None:
        """Where some are called 非X组, X组 are those who got it."""
        for p in [x for x in found.phrases if x.kind == "label" and x.label.endswith("组")]:
            stem = m["x"] if (m := NEGATED.match(p.label)) else ""
            again = rf"(?<![非未不无]){regex.escape(stem)}(?:治疗)?组"
            for m in regex.finditer(again, found.text) if stem else ():
                found.add_label(m.start(), m.end(), role="experimental")

    def _gone_without(self, found: Found) -> None:
        """An English sentence's groups that went without: ``the no-X group``, ``4% with X and 9% without``."""
        text = found.text
        if "without" not in text and "no" not in text.lower():
            return
        told: list[ArmPhrase] = []
        for p in found.phrases:
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
                found.take(p)
            told.append(p)
        for m in _WITHOUT_IT.finditer(text):
            before = [
                q for q in told if q.kind == "interventions" and q.end <= m.start() and not q.background
            ]
            if before and not HAN.search(text):
                label = f"without {ADDED_EN.sub('', text[before[-1].start : before[-1].end])}"
                p = ArmPhrase(
                    m.start(), m.end(), "label", label=label, is_group=True, labels=[label], role="control"
                )
                told.append(p)
                found.take(p)
        found.phrases = told


def _points(m: regex.Match[str]) -> bool:
    """Whether a word that may only tell what was done means those to whom it was."""
    return m.group() not in _BARE_GOT or _GOT_GROUP.match(m.string, m.start(), m.end() + 12) is not None


def _designs(text: str, start: int, end: int) -> bool:
    """Whether a word for a control tells how a trial was made, not who was in it."""
    return bool(_DESIGN_BEFORE.search(text[max(0, start - 3) : start]) or _DESIGN_AFTER.match(text, end))


def _range(a: str, z: Any) -> list[str]:
    a, z = CHINESE_NUMBER.get(a, a), CHINESE_NUMBER.get(z, z) if z else z
    if not z:
        return [a]
    if a.isdigit() and z.isdigit() and 0 < int(z) - int(a) < 12:
        return [str(i) for i in range(int(a), int(z) + 1)]
    for marks in _MARKS:
        if a in marks and z in marks[marks.index(a) :]:
            return [*marks[marks.index(a) : marks.index(z) + 1]]
    return [a, z]
