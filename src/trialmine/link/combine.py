"""Treatments that the text combines become one phrase: ``A plus B``, ``A联合B``."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.sieve import Sieved, possible
from trialmine.core.words import ENDS_GROUP, PEOPLE
from trialmine.find.lexicon import Hit
from trialmine.link.armphrase import (
    COMPARES,
    DEFINED,
    DO,
    DOSE,
    LENGTHS,
    MULTIPLE,
    ONE_DOSE,
    REFERENCE_BEFORE,
    WAYS,
    ArmPhrase,
)
from trialmine.link.told import TOLD
from trialmine.read.segment import HAN

#: right behind a group in a bracket that tells each group's number
_OWN_NUMBER = Expression(
    rf"\s?(?:{DOSE}\s?)?[:=,]?\s?[-+]?\d[\d.]*\s?(?:%|[,;)(\[]|\p{{Latin}}+[,;)])(?<!mg[,;)])"
)
#: from a dose's number to its unit, printed with a hyphen: 5-mg, and not the range 5-10
_TO_UNIT = Expression(r"-(?=\D)")
#: right before what a group got: 60 mg甲药组
_DOSE_FIRST = Expression(rf"(?<!\d\s?[、,/]\s?|[\d.]){DOSE}\s?(?:的)?$")
_DOSE_GROUP = Expression(
    rf"\s?{DOSE}(?:[/,]?\s?(?:每\p{{Han}}{{1,2}}|q\d?[dwh]|bid|tid))?\s?(?:剂量)?组(?!\s?[、,和与及]\s?\d)"
)
#: words that only describe the treatment that they stand before: suture line X
_ADJECTIVES = r"(?:(?!(?:and|or|in|of|to|for|by|at|was|were|any|evidence)\b)\p{Latin}[\p{Latin}-]*\s){0,3}"
#: right before a treatment that one of two groups got and the other one didn't
_EITHER_WAY = Expression(
    rf"(?:{DO}|有)(?:过|了)?(?:、|,|或者?|与|和|及|/|对比?)?(?P<no>(?:不|未|无|没有){DO}?)(?:(?:辅助|术后|术前|全程|任何|该|常规)\p{{Han}}{{0,2}})?$|(?P<no>是否)(?:已|曾)?{DO}?(?:过|了)?(?:辅助|术后|术前)?$|"
    rf"\b[Ww]ith\s(?:or|and|versus|vs\.?)\s(?P<no>without)\s{_ADJECTIVES}$"
)
#: the same right behind it: 放疗与否
_OR_NOT = Expression(r"(?:治疗)?[与或]否")
#: an abbreviation that a treatment is combined with: ABC/DEFG, drug + XYZ
_PARTNER_BEFORE = Expression(r"(?<![\p{Latin}\d/+-]|[/+-]\s)(?:(?P<n>\p{Lu}[\p{Lu}\d]{1,6})\s?[/+]\s?){1,3}$")
_PARTNER_AFTER = Expression(
    rf"(?:\s?[/+]\s?(?P<n>\p{{Lu}}[\p{{Lu}}\d]{{1,6}})){{1,3}}(?![\p{{Latin}}\d/+-])(?P<g>\s(?:group|arm)s?\b|(?:治疗)?组{ENDS_GROUP})?"
)
#: something that no lexicon holds and that a treatment is combined with: A plus some ablation
_PLUS_UNKNOWN = Expression(
    r"\s(?:plus|combined with|in combination with)\s(?:an?\s)?(?!(?:an?|the|either|other|another|standard|usual|best|one|two|three|its|their|placebo|single|second|third|short|further|similar|higher|lower|dose|course|median|mean)\b)(?P<n>\p{Ll}[\p{Latin}-]{3,}(?:\s(?!(?:and|versus|vs|was|were|had|compared|for|in|groups?|arms?|or|with|than|at|on|as|to|is|of|reduced|improved|led|resulted|showed)\b)\p{Ll}[\p{Latin}-]{2,}){0,3}?)"
    r"(?=\s?[,.;()]|\s(?:and|versus|vs|v|was|were|had|compared|for|in|groups?|arms?|or|with|than|at)\b|\s?$)"
)
_TOGETHER = Expression(
    r"\s?(?:,?[二三四五两双][药联]|(?:组成|构成)的|[两三四]者(?:联合|联用|合用|并用)|的?(?:同时|同步)?(?:联合|联用|并用)|(?:同时|同步|序贯)(?:治疗|给药|使用|或|与|和)|双药|两药|组合|双靶|化疗|combination|chemotherapy)"
)
_ONLY = ("单纯", "单用", "单独")
#: what opens or closes the name of a treatment in a combination: 免疫联合…, …联合介入
_JOINERS = ("联合", "加", "+", "序贯")
#: right before what a combination is set against
_LESS = Expression(
    r"(?:[比与和同跟]|较之?)(?:单纯|单独|单用|单药|仅仅?|只)?(?:接受|使用|应用|采用|给予|用|行)?(?:了)?$"
)
_THEN = Expression(r"(?:治疗)?(?:后再|后|再)(?:行|接受|进行|做)?|\s(?:then|before)\s")
_ALL_TOGETHER = Expression(
    r",?\s?(?:[二三四五][药联]|[两三四]者(?:联合|联用|合用|并用))|(?:所)?(?:组成|构成)的?\p{Han}{0,4}(?:方案|疗法|组合)|的?(?:联合(?:用药|治疗|应用|使用|方案|疗法|化疗)|联用|合用|并用)"
)
_WITH_MORE = Expression(r"\s?(?:\([^()]*\))?\s?(?:同时|同步)?(?:联合|联用|并用|\+)\s?")
#: between treatments and the word for how many they are
_MADE_OF = Expression(r"(?:所?(?:组成|构成))?的?")
_ALIAS_BRACKET = Expression(r"\([A-Za-z\d-]{2,8}\)")
#: between the parts of a regimen, and before the last of them
_LISTED = Expression(r",\s?(?:and\s)?|\sand\s")
_LISTED_LAST = Expression(r"(?:,\s?|\s)and\s")
#: from a list of treatments to what it is set against
_SET_AGAINST = Expression(
    r"\s?(?:\([^()]*\))?(?:\s(?:was|were|is|has been|(?:therapy|treatment|groups?|arms?)))*\s(?:compared (?:with|to)|versus|vs\.?|or(?:\sto)?|against|superior to|than)\s(?:the\s)?"
)
#: the first of two manners of one treatment, right before the second; where a sentence sets groups apart
_MANNER_FIRST = Expression(
    r"(?<![\p{Latin}-])(?P<m>\p{Latin}[\p{Latin}-]*?)-?\s(?:and|or|versus|vs\.?|with|to|than)\s$"
)
#: between a treatment and its dose
_FORM_OF_IT = Expression(
    r"\s(?:mono)?(?:therapy|treatment|tablets?|capsules?|injections?|infusions?|cream|gel|solution)\s(?:at\s(?:a\sdose\sof\s)?)?(?=\d)|\sat\s(?:a\sdose\sof\s)?(?=\d[\d.]*\s?(?:mg|[μu]g|mcg|g|IU|U)\b)"
)
_SETS_APART = Sieved(
    Expression(
        r"\b(?:between|versus|vs|compar\w+|differen\w+|randomi\w+|assigned|allocated|respectively|than|either|(?:received|given)\s[^.;%]{3,60}\sor)\b"
    )
)
_SPACE_OR_DASH = Expression(r"[\s-]")
#: right before what people got
_GOT_BOTH = Expression(
    rf"\b(?:(?:who|that)\s(?:had\s|also\s)?(?:received|took|got)|to\s(?:receive|take)|(?:{PEOPLE}|those)\s(?:receiving|taking|given|treated\swith))\s(?:either\s)?(?:[^.;,]{{3,80}}\sand\s[^.;,]{{3,60}}\sor\s)?$"
)
#: right before what Chinese people got, between two treatments, behind the last one, and what tells groups apart
_GOT_ZH = Expression(
    r"(?:患者|病人|病例|患儿|者|人|例|名|受试者)[^,。;:组率]{0,14}?(?:接受|经过?|给予|予以?|采用|使用|应用|服用)(?:了|过)?$"
)
_AND_ZH = Expression(r"\s?(?:、|和|与|及|以及)\s?")
_GOT_ALL_ZH = Expression(r"(?:两[种药]|[二三]联)?(?:药物)?(?:联合)?治疗(?!组)")
_TOLD_APART_ZH = Expression(
    r"分别|各自|依次|随机|分为|分成|[两三各]组|比较|对比|相比|\d\s?(?:vs|对|比)|\d\s?%?\s?[和与及]\s?\d|单药|单用|单独|差异|组[^,。;]{0,8}\d"
)
#: right before treatments of which each is a group's own, and behind them
_ONE_EACH = Expression(
    r"\b(?:[Bb]etween|[Cc]ompar(?:ed|ing|es|ison of)|[Ee]ither|[Bb]oth|[Tt]rials of|[Ss]tudies of|[Dd]rugs|[Aa]gents|[Ii]nhibitors|,|such as|including)\s(?:the\s)?$"
)
#: behind ``A with or without B`` that is one of the groups itself
_AGAINST_A_THIRD = Expression(
    r"\s(?:[\p{Latin}\d-]+\s)?(?:or|versus|vs\.?|compared with|against)\s(?!(?:not|without)\b)\p{Latin}"
)
_APART = Expression(
    r"\brespectively\b|^\s?(?:\([^()]*\)\s?)?(?:were|was|did|had|both|each|groups|arms|alone|monotherap)\b"
)
_COMBINING = Expression(
    r"(?:(?<!分别|各自|依次)(?:联合应用|加用|加服|合用|联用)|combination of|combining|[Ss]upplementation with|[Ss]upplements? of|(?<!\b(?:[Ii]n|[Ff]or|[Bb]etween|[Oo]f|^|[.;:]\s?)\s?)both)\s?$"
)
#: before what is added to another treatment, and from it to that one
_ADDING = Sieved(Expression(r"\b(?:[Aa]dding|[Aa]ddition of)\s(?:\p{Ll}[\p{Latin}-]+\s){0,4}$"))
#: before what is combined with another treatment, and from it to that one
_COMBINED = Sieved(Expression(r"\b(?:[Cc]ombination of|[Cc]ombining)\s(?:\p{Ll}[\p{Latin}-]+\s){0,3}$"))
_WITH = Expression(r"\s(?:\([^()]*\)\s)?with\s(?:(?!or\b)[\p{Ll}-]+\s){0,3}")
_TO = Expression(
    r"\s(?:\([^()]*\)\s)?(?:therapy\s|treatment\s)?(?:to|on top of)\s(?:(?!compared|treat|prevent|improve|reduce)[\p{Ll}-]+\s){0,3}"
)
_OR_WITHOUT = Expression(rf"\s?(?:\([^()]*\)\s)?\bwith (?:or|and) without\s{_ADJECTIVES}")
_WITH_OR_WITHOUT = Expression(r"\s(?:(?:chemo)?therapy\s|treatment\s)?with or without\s")
#: the same as the beginning of a phrase
ADDED_EN = Expression(r"\b(?:(?:[Tt]he\s)?[Aa]ddition of|[Aa]dding)\s(?:the\s)?")
_ADDED_BEFORE = Expression(ADDED_EN.pattern + "$")
_WITHOUT_DOSE = Expression(r"\([^()]*\)|" + r"\d[\d.,]*\s?(?:mg|g|μg|IU|U|mL)(?:/\w+)*")
_AGAIN = Expression(r"^(?:片|胶囊|注射液)?\s?(?:[(\[/]\s?(?:[^()]{0,30},\s?)?)?$")
_OTHER_NAME = Expression(r"\s?(?:[,、;/]|或|即|,?\s?(?:also|formerly|or)(?:\sknown\sas)?)\s?")
_ONE_OF = Expression(
    r"^[^()%]{0,40}\bor\s(?:[^()%]{0,20}\s)?$|^(?:-\p{L}+)?\s(?:if|in|for)\s$|^\s[^()%]{0,24}\b(?:if|in|for)\s$"
)
_CHOICE = Expression(r"^\s?(?:[、,]|或|和|and|or|, or)\s?$")
_COMPARED_WITH = Expression(
    r"(?:[Cc]ompar\w+|比较|对比)[^.。;]{2,80}(?:with|to|versus|vs\.?|against|与|和)\s?$"
)
_ALONE_OR_COMPARED = Expression(r"\s?(?:相比|比较|组相比|单药组|单独|alone|monotherapy)")
_OR = Expression(r"^\s?(?:或|or)\s?$")
#: behind the last of several treatments that one group got: ``the A and B group``; before some that are each a group's
_ONE_GROUP = Expression(
    r"\s(?:group|arm|cohort)(?![\p{Latin}-])(?!\s(?:were|had\sboth|both)\b)(?![^.;()]{0,60}\brespectively\b)"
)
_EACH_OWN = Expression(r"\b(?:between|either|both|each|respective|compar\w+)\s(?:the\s|of\sthe\s)?$")
#: right before the second of two groups
_EITHER_OR = Expression(r"\beither\b[^.;]{3,120}\sor\s$")
_CONTROL_GOT = Expression(
    r"(?:对照|标准治疗)组?\s?\((?:\d+例)?[,:]?(?:为|即|接受|给予|使用|采用|予)?\s?$|\bcontrols?(?:\s(?:group|arm))?\s\((?:either\s|received\s(?:either\s)?)?$"
)
#: right before treatments of which each patient got the one that was chosen
_CHOSEN_BY = Expression(
    r"(?:医[生师]|研究者|治疗医师|主治医师)(?:所|自行|根据情况)?(?:选择|决定)的?(?:(?:标准)?(?:方案|治疗|化疗|疗法|对照)(?:方案|治疗)?)?(?:组|\(|:|为|,|如|包括|即)*$|"
    r"\b(?:[Pp]hysicians?|[Ii]nvestigators?|[Dd]octors?)['’]?s?['’]?\schoice\s(?:of\s|\()(?:either\s)?$"
)
_OPTIONS = Expression(
    r"^(?:方案|治疗|药物|\sregimens?)?\s?\((?:如|即|包括|e\.g\.,?|such as|either)?\s?$|^\s(?:regimens?\s)?(?:consisting of|comprising)\s(?:either\s)?$"
)
#: a word before two treatments that "with" doesn't join: ``comparing A with B``, ``replaced A with B``
_SETS_WITH = Expression(
    r"\b(?:compar\w+|contrast\w*|replac\w+|substitut\w+|switch\w*|differen\w+|interact\w*|equivalen\w+|associat\w+|treat\w*|given|receiv\w+|head-to-head)\b[^.;:()%]*$",
    regex.I,
)
#: what joins a treatment that only some of a group got, or one of two groups
OPTIONAL = r"(?:后|基础之?上)?(?:联合|加用?|合并|含|做|行|用|给予|接受|进行)(?:或|/|与|和|、)?(?:不|未)(?:联合|加用?|合并|含|做|行|用|给予|接受|进行)?(?:应用|使用|辅助)?|\s?\bwith or without\b\s?|\s?\balone\s?(?:\((?:the\s)?controls?(?:\s(?:group|arm))?\)\s?)?,?\s?(?:or|and|versus|vs\.?)\s(?:(?:in combination|combined|together)\s)?with\b\s?|(?:单药|单用|单独)(?:治疗|使用|应用)?(?:或者?|及|和|与)联合(?:应用|使用)?|±|\+/-|\+-"
_BASE = Expression(
    r"基础之?上|中(?:再|同时)?(?:加用|加入|添加|联合)|\b(?:added to|on top of|in addition to|along with|as an? (?:add-on|adjunct) to)\b"
)
#: behind one of several treatments that people got besides
_OR_ANOTHER = Expression(r"\s?(?:or\s|或)")
_OPTIONAL = Expression(OPTIONAL)
#: where a sentence tells of two groups
_TWO = Expression(
    r"分别|随机|两组|对比|比较|分为|分成|分配|相比|(?:联合|单药|单用|单纯|对照)[^,。;]{0,4}组|\b(?:respectively|random\w*|versus|vs|compar\w+|assigned|allocated|both|each)\b|组\d|\d组"
)
#: before treatments of which each patient of one group got one
_TOOK = Expression(
    rf"(?:接受|使用|服用|应用|采用|口服|注射|\b(?:received|receiving|on|taking|took|given|treated with|using))\s?(?:了|过|either\s)?(?:\s?(?:\d+次(?:剂量)?|{DOSE})\s?)?$"
)
_EITHER = Expression(r"^(?:片|胶囊|注射液)?\s?(?:或者?|or)\s?(?:\d+次(?:剂量|\s)?|an?\s)?$")
#: from a treatment to the length for which it was given
_FOR = Expression(r"^\s?(?:治疗|用药|给药|疗程|\bfor\s|\bgiven for\s)?\s?$")
_ADDED = Expression(r"(?:加用|联合|联用|合用|合并|添加|增加)了?$")
_IS_GROUP = Expression(rf"(?:治疗|方案)?组{ENDS_GROUP}")
#: right before treatments of which the text tells no single one: 不同手术方式
_ALL_SORTS = Expression(r"(?:不同|各种|何种|哪种|多种|[两三四]种|其他)(?:的)?$")
_DOSE_WORD = Expression(r"(?:低|高|中|小|大|常规|标准)剂量")
_OF = Expression(r"\sof\s$|的$")
#: around a name in brackets that the treatments before it are called by
_OPENS_NAME = Expression(r"(?:方案|治疗)?\s?[(\[](?:(?:以下)?简称|即)?[:\"]?\s?")
_CLOSES_NAME = Expression(r"(?:方案|治疗|疗法|\sregimen)?\"?[)\]]")
_NEXT_GROUP = Expression(rf"(?:治疗)?组{ENDS_GROUP}")


#: what a regimen is told to be without: ``AVD (omitting bleomycin) plus radiotherapy``
_LEFT_OUT = Expression(r"\s?\((?:omitting|without|excluding|minus|sparing|去除?|不含|省略)\s?[^()]{2,40}\)")
#: what the treatments in a bracket are called by: 双联方案(A+B)
_NAMED_SO = Expression(
    r"(?<=^|[,。;:、与和及或将为用予受了较比]|随机|对比)(?P<n>(?:(?![与和及或将为用予受较比了])\p{Han}){2,8}(?:方案|疗法|组合|策略|治疗))\($"
)
#: letters at the end of a drug's name by which its kind is known
_STEM = 5
#: words of no lexicon that tell the sort of the treatment which a text adds: ``联合硬质X植入术``
_SORT = r"(?:(?<=联合|加用?|配合|结合|辅以|\+)(?:(?!治疗|干预|用药|使用|应用|方案|[的组与和及或对较比于无未不用者后前中性型])\p{Han}){1,6})?"


class Combiner:
    """Joins the treatments of a sentence into phrases, one an arm."""

    def __init__(self, patterns: Patterns) -> None:
        c = patterns.compile
        self._procedures = patterns.procedures("procedure")
        self._bare_kinds = set(patterns.cues.get("bare_kind", ()))
        self._kind_words = set(patterns.cues.get("kind_word", ()))
        #: a word for a kind of treatment -> how the names of those of the kind end
        self._kinds = patterns.kind_endings()
        #: when in the course of a disease a treatment is given, no treatment of its own beside one
        self._phases = set(patterns.cues.get("phase_of_treatment", ()))
        #: the parts of the known regimens: what "and" joins to one of them is one treatment
        self._regimens = {
            frozenset(p.strip() for p in e["parts"].split(" + ")) for e in patterns.lexicons["regimens"]
        }
        filler = rf"(?:\s|\((?![^()]*(?:\d\s?%|\b[Pp]\s?[=<>]|\b(?:OR|RR|HR|CI)\b))[^()]{{0,60}}\)|\[[^\[\]]{{0,30}}\]|(?:{DOSE})|注射液|胶囊|片|口服|皮下注射|肌内注射|肌肉注射|肌注|静脉滴注|静滴|静脉注射|静注|泵注|外敷|外用|内服|睡前|早晚|每晚|晚间|餐前|雾化吸入|吸入|含服|静脉|标准|[二三四]联(?:方案|疗法)|方案|(?:均)?(?:治疗)?\d+(?:或\d+)?(?:周期?|个?疗程|个周期|个月|天|年)(?:或\d+(?:周|个月|天))?(?:后|的|疗程)*|治疗后?|后|疗法|药物|抑制剂|单次|持续的?|基础|低剂量|小剂量|高剂量|大剂量|术后|辅助|诱导|缓解|巩固|the|an?(?=\s)|injection|therapy|treatment|low-dose|high-dose|daily|weekly|oral|[,]|q\d?[dw]|\d+\s?(?:周|个月)的?)"
        self._strong = c(
            rf"^{filler}{{0,5}}(?:(?:{OPTIONAL})|\(联合|\(?(?:±|\+/-)|联合(?:应用|使用|治疗)?|配伍|伍用|配合|结合|辅以|佐以|协同|复合|合并|加用?|\+|(?:再|并)?序贯|(?:立即|即刻|随即)(?:进行|实施|接受|予以?|行)|续贯|续以|继以|继之以|联用|并用|(?:(?:治疗|方案|用药)?的?基础之?上|(?:治疗)?(?<=治疗|疗法|方案|用药|护理)(?:方案)?上),?(?:再|同时|另外|另)*(?:{{{{give_more}}}}|{{{{gave}}}})*|(?:的)?中(?:再)?(?:联合|加用|增加|添加|加入|加上|加|序贯)|添加|加入|加上|plus(?:\s(?!the\b|an?\b|or\b|placebo\b)[\p{{Ll}}-]{{3,}})?|combined with|in combination with|followed by|added to|together with|(?:和|及|与)\(?/?\)?或(?:者|\))?|and/or|(?:(?:given|used|administered)\s)?(?:on top of|in addition to|along with|as an? (?:add-on|adjunct) to)(?:\s(?!placebo\b|no\b|or\b|and\b)[\p{{Ll}}-]{{2,}}){{0,3}}|-based|/|-)(?:小剂量|低剂量|大剂量|化疗药物?|口服|单次|持续的?)?{filler}{{0,4}}{_SORT}$"
        )
        self._weak = Expression(
            rf"^{filler}{{0,3}}(?:和|与|及|以及|、|and|,|&)(?:抗?\p{{Lu}}[\p{{Lu}}\d-]{{2,5}})?{filler}{{0,3}}$"
        )
        self._space = Expression(
            r"^[\s-]{0,1}(?:\(|（)?$|^(?:肠溶液|溶液|混悬液|注射液|灌肠液|凝胶|乳膏|软膏|滴眼液|液)$"
        )
        self._suffix = Expression(
            rf"^(?:s(?=\s?\p{{Han}}))?(?:-(?:[a-z]{{4}}(?![a-z])|first|only|alone|based|containing|free|sparing))?(?:\s?\((?![^()]*\d\s?%)[^()]{{0,40}}\))?\s?(?P<s>(?:\d联|三联|二联|双联|双药|双免|联合|单药|单独|单用|单一|序贯)?(?:用药|治疗|疗法|方案|组合|试验|实验|干预|护理|训练|镇痛)?(?:患者)?(?P<g>组|臂){ENDS_GROUP}|(?:combination\s|therapy\s|treatment\s|monotherapy\s|alone\s|only\s|recipients)?(?:only\s|alone\s)?(?P<g>group|arm|cohort(?=\s(?:reached|achieved|had|were|was|experienced|developed|showed|reported|responded|and|died|compared|vs|versus|than|with)\b|[,.;)]|\s?\()|recipient|user|taker|initiator|consumer|drinker)s?\b|-treated|"
            r"(?:三联|双药|二联|联合|单药|双免|辅助)?(?:治疗|疗法|方案))?"
        )
        self._alone_before = Expression(
            r"(?:单纯|单独|单用|仅|单一|仅用|只用|单药)(?:使用|应用|给予|接受|的)?$"
        )
        self._alone_after = Expression(r"^\s?(?:单药|单用|alone|monotherapy|单独|单一|only)")
        self._not_arm_after = Expression(
            r"^(?:治疗)?(?:方法|方式|方案|术式)的?(?:不同|差异|区别)|^(?:均|都|全部)(?:获得?|顺利|成功|完成|一次)|^(?:切除|成功|完成|转化|手术)?(?:率|程度|机会|几率|比例|指征|适应证|可能)|^(?:相关)?(?:知识)?(?:知晓|执行|依从|合格|使用|掌握|落实|实施|开展|利用|覆盖|配合|参与|完成|成功|操作)(?:率|性(?!疼痛)|度|情况)|^(?:结果|情况|指标|人员|医[师生]|护士|切口|部位|条件|创伤|应激|顺利)|^至[^,;。()]{1,12}时间|^(?:所[需用])?的?(?:操作|平均|总|中位)?(?:时间|时长|用时|耗时|难度|费用|史|视野)|^(?:相关(?!研究|试验)|[\s-]related\b)|^\s(?:margins?|specimens?|status)\b"
        )
        self._manner = c(r"(?<![\p{Latin}-])(?P<m>{{manner}})[\s-]$")
        self._operations = tuple(patterns.cues.get("operation", ()))
        self._may_name_manner = possible(c("{{manner}}"))
        self._manners = set(patterns.cues.get("manner", ()))
        self._manner_han = c(r"(?P<m>{{manner_han}})的?$")
        self._manner_first_han = c(r"(?P<m>{{manner_han}})(?:与|和|及|对比?|或|vs\.?)$")
        self._may_name_manner_han = possible(c("{{manner_han}}"))
        self._manner_first = c(r"(?P<m>{{manner}})(?:[\s-]|$)")

    def chains(self, text: str, hits: list[Hit], leads: Mapping[int, int], ways: bool) -> list[ArmPhrase]:
        """Interventions that the text combines, as phrases: one arm each.

        ``ways`` where the sentence may tell groups apart by the length or the way of one treatment.
        """
        found: list[ArmPhrase] = []
        left_out = [m.span() for m in _LEFT_OUT.finditer(text)] if "(" in text else []
        hits = [h for h in hits if not any(a <= h.start < b for a, b in left_out)]
        of_pairs = in_pairs(text, hits)
        i = 0
        while i < len(hits):
            if i in of_pairs:
                found.append(self._phrase(text, hits[i : i + 2], leads, hits, ways))
                i += 2
                continue
            chain = [hits[i]]
            combining = bool(_COMBINING.search(text[: hits[i].start])) or self._got_both(text, hits, i)
            adding = _ADDING.search(text, max(0, hits[i].start - 60), hits[i].start) is not None
            combined = _COMBINED.search(text, max(0, hits[i].start - 60), hits[i].start) is not None
            less = False
            j = i + 1
            regimen = max(self._regimen(text, hits, i), _against_fewer(text, hits, i))
            if regimen > i:
                combining, j = False, regimen + 1
                chain = list(hits[i:j])
            while j < len(hits):
                j += self._calls_it(text, chain, hits, j)
                gap = _LEFT_OUT.sub("", text[chain[-1].end : hits[j].start], 1)
                if gap.startswith((")", "]")) and "(" in text[chain[0].start : chain[-1].end]:
                    gap, combining = gap[1:], False
                    if chain[0].name.kind == "class" and (gap[:1] in (",", ";") or self._weak.match(gap)):
                        break  # a kind (A, B), C: what follows is none of its examples
                if len(gap) > 60:
                    break
                again = hits[j].name.concept in {h.name.concept for h in chain}
                if "," in gap and _NEXT_GROUP.match(text, hits[j].end):
                    break  # A联合B治疗,C组
                if gap[:1] in (",", ";") and i and chain[-1].name.concept == "placebo":
                    break  # A对比安慰剂,并用B: both with B
                if (
                    chain[-1].name.concept == "placebo"
                    and _BASE.search(gap)
                    and _OR_ANOTHER.match(text, hits[j].end)
                ):
                    break  # placebo on top of B or C: not all had B
                if adding and not again and _TO.fullmatch(gap):
                    combining, adding = True, False  # adding A to B and C
                elif combined and not again and _WITH.fullmatch(gap):
                    combining = True  # the combination of A (and B) with C
                elif self._less_than(text, gap, chain, hits[j], found):
                    combining = less = True
                elif not (again and self._weak.match(gap)) and self._combines(text, gap, hits, j, combining):
                    combining = True
                elif not self._same_group(text, gap, chain, hits[j]):
                    break
                elif hits[j].name.concept in self._kind_words:
                    combining = False  # A和B化疗与C
                chain.append(hits[j])
                j += 1
            if not (
                chain[-1].name.kind == "procedure"
                and (
                    self._not_arm_after.match(text[chain[-1].end :])
                    or _ALL_SORTS.search(text, max(0, chain[0].start - 8), chain[0].start)
                )
            ):
                found.append(self._phrase(text, chain, leads, hits, ways))
                found[-1].alone = found[-1].alone or less
            i = j
        return found

    def _calls_it(self, text: str, chain: Sequence[Hit], hits: Sequence[Hit], j: int) -> int:
        """How many names from ``j`` on only call the combination before them, to which another treatment is added: ``A-B-C(ABC)三联方案联合D``."""
        if j + 1 >= len(hits) or not _OPENS_NAME.fullmatch(text, chain[-1].end, hits[j].start):
            return 0
        closes = _CLOSES_NAME.match(text, hits[j].end)
        if closes is None or {n for h in chain for n in _names(h)}.isdisjoint(_names(hits[j])):
            return 0
        end, k = closes.end(), j + 1
        if hits[k].start == end and MULTIPLE.match(text, end) and k + 1 < len(hits):
            end, k = hits[k].end, k + 1
        return k - j if self._strong.match(text[end : hits[k].start]) else 0

    def shared_manners(self, text: str, found: Sequence[ArmPhrase]) -> list[ArmPhrase]:
        """The first of two groups told by how they got one treatment: ``between short-course and long-course A``, ``early versus late A``, ``低剂量与高剂量A``."""
        firsts = []
        for p in found if self._may_name_manner_han(text) else ():
            m = self._manner_first_han.search(text, max(0, p.start - 14), p.start) if p.manner else None
            if m is not None and m["m"] != p.manner and p.interventions:
                p.is_group = True
                names = tuple(n.replace(p.manner, m["m"]) for n in p.interventions)
                a, b = m.span("m")
                firsts.append(
                    ArmPhrase(
                        a, b, "interventions", names, m["m"], manner=m["m"], is_group=True, generic=p.generic
                    )
                )
        for p in found if _SETS_APART.search(text) else ():
            m = _MANNER_FIRST.search(text[max(0, p.start - 40) : p.start]) if p.manner else None
            if m is None or not p.interventions:
                continue
            last = _SPACE_OR_DASH.split(p.manner)[-1]
            how = next(
                (x for x in (m["m"], f"{m['m']}-{last}", f"{m['m']} {last}") if x.lower() in self._manners),
                "",
            )
            if how and how.lower() != p.manner:
                start = p.start - len(m.group())
                p.is_group = True
                names = tuple(
                    how.lower() + n[len(p.manner) :] if n.lower().startswith(p.manner + " ") else n
                    for n in p.interventions
                )
                end = start + len(m["m"])
                firsts.append(
                    ArmPhrase(
                        start, end, "interventions", names, text[start:end],
                        manner=how.lower(), is_group=True, generic=p.generic,
                    )
                )  # fmt: skip
        return firsts

    def _got_both(self, text: str, hits: Sequence[Hit], i: int) -> bool:
        """Whether people got two treatments that "and" joins: ``patients who received A and B``; not ``A and B, respectively``."""
        if i + 1 < len(hits) and HAN.search(text):
            return self._got_both_zh(text, hits, i)
        if i + 1 >= len(hits) or text[hits[i].end : hits[i + 1].start] != " and ":
            return False
        got = _GOT_BOTH.search(text, max(0, hits[i].start - 160), hits[i].start)
        return got is not None and not _APART.search(text, hits[i + 1].end)

    def _got_both_zh(self, text: str, hits: Sequence[Hit], i: int) -> bool:
        """The same for Chinese people: ``36名患者经A和B治疗``, where nothing tells groups apart."""
        last = i
        while last + 1 < len(hits) and _AND_ZH.fullmatch(text, hits[last].end, hits[last + 1].start):
            last += 1
        if last == i or not _GOT_ALL_ZH.match(text, hits[last].end):
            return False
        treatments = {
            h.name.concept for h in hits if h.name.kind in ("drug", "procedure", "regimen", "class")
        }
        alone = treatments == {h.name.concept for h in hits[i : last + 1]}
        got = alone and _GOT_ZH.search(text, max(0, hits[i].start - 60), hits[i].start)
        return bool(got) and _TOLD_APART_ZH.search(text) is None

    def _regimen(self, text: str, hits: Sequence[Hit], i: int) -> int:
        """The last of the English names from ``i`` on that are listed together and make one known regimen: ``carboplatin and paclitaxel``."""
        j = i
        while (
            j + 1 < len(hits)
            and hits[j + 1].name.kind == "drug"
            and _LISTED.fullmatch(text, hits[j].end, hits[j + 1].start)
        ):
            j += 1
        if j == i or hits[i].name.kind != "drug" or _ONE_EACH.search(text, 0, hits[i].start):
            return i
        if frozenset(h.name.concept for h in hits[i : j + 1]) not in self._regimens:
            return i
        apart = _APART.search(text, hits[j].end) or (
            j + 1 < len(hits) and self._weak.match(text[hits[j].end : hits[j + 1].start])
        )
        return i if apart or not _LISTED_LAST.fullmatch(text, hits[j - 1].end, hits[j].start) else j

    def _combines(self, text: str, gap: str, hits: list[Hit], j: int, combining: bool) -> bool:
        """Whether a gap combines two interventions; an "and" does where a combination is under way."""
        if self._strong.match(gap) or _OR_WITHOUT.fullmatch(gap) or gap in ("-plus-", "-and-"):
            return True
        if (
            gap == " and "
            and _ONE_GROUP.match(text, hits[j].end)
            and not _EACH_OWN.search(text, 0, hits[j - 1].start)
        ):
            return True  # the A and B group
        if gap == " with " and {hits[j - 1].name.kind, hits[j].name.kind} <= {"drug", "regimen"}:
            return _SETS_WITH.search(text, 0, hits[j - 1].start) is None  # A with B, not: compared A with B
        if not _WITHOUT_DOSE.sub("", gap).strip() and (
            text.startswith(_JOINERS, hits[j].start) or text.endswith(_JOINERS, 0, hits[j - 1].end)
        ):
            return True
        if hits[j].name.concept.endswith(self._operations) and _THEN.fullmatch(gap):
            return True  # 化疗后手术
        if gap == "的" and _ADDED.search(text[: hits[j - 1].start]) and _IS_GROUP.match(text, hits[j].end):
            return True  # 加用A的B组
        if not self._weak.match(gap) or text.startswith(_ONLY, hits[j].start):
            return False
        if combining:
            return self._joins(text, hits, j)
        if (
            (with_more := _WITH_MORE.match(text, hits[j].end))
            and any(h.start <= with_more.end() < h.end for h in hits[j + 1 : j + 2])
            and COMPARES.search(text[: hits[j - 1].start])
        ):
            return False  # 比较A与B联合C
        last = j  # A、B与C三联, A and B with or without C: the end of the list says that it is one treatment
        while (
            last + 1 < len(hits)
            and self._weak.match(text[hits[last].end : hits[last + 1].start])
            and not MULTIPLE.match(text, hits[last + 1].start)
        ):
            last += 1
        return bool(
            _TOGETHER.match(text, hits[j].end)
            or _ALL_TOGETHER.match(text, hits[last].end)
            or _WITH_OR_WITHOUT.match(text, hits[last].end)
        )

    def _less_than(self, text: str, gap: str, chain: list[Hit], hit: Hit, found: Sequence[ArmPhrase]) -> bool:
        """Whether several that are listed are one group's: what a combination told before is set against has part of it.

        ``A联合B和C…,较仅用B和C…``
        """
        if not self._weak.match(gap):
            return False
        names = {n for h in (*chain, hit) for n in _names(h)}
        before = text[max(0, chain[0].start - 40) : chain[0].start]
        against = REFERENCE_BEFORE.search(before) or _LESS.search(before)
        return bool(against) and any(names < set(p.interventions) for p in found)

    def _same_group(self, text: str, gap: str, chain: list[Hit], hit: Hit) -> bool:
        """Whether the next name tells the same treatment again, or another choice of the same group."""
        last, first = chain[-1].name, chain[0]
        opened = gap.count("(") > gap.count(")")
        kinds = {last.kind, hit.name.kind}
        if opened and _OWN_NUMBER.match(text, hit.end):
            return False  # compared with A (A 7%, B 9%)
        if _same(chain[-1], hit) and _AGAIN.match(gap):
            return True
        names = text[first.start : chain[-1].end]
        if _same(chain[-1], hit) and names.count("(") > names.count(")") and _OTHER_NAME.fullmatch(gap):
            return True  # A(A1,A2): its bracket holds several other names of it
        if last.kind == "regimen" and opened and hit.name.concept in _parts(chain[-1]):
            return True
        inside = ")" not in text[chain[-1].end : hit.start] and names.count("(") > names.count(")")
        if first.name.kind == "regimen" and inside and set(_names(hit)) <= set(_parts(first)):
            return True  # XYZ(A、B、C)方案: its bracket holds its parts
        if last.concept != "placebo" and _MADE_OF.fullmatch(gap) and MULTIPLE.match(text, hit.start):
            return True
        if (
            last.kind == "class"
            and last.concept != "placebo"
            and hit.name.kind in ("drug", "regimen")
            and (_OPTIONS.match(gap) or (not gap and len(chain) == 1 and HAN.match(text, hit.start)))
        ):
            return True
        named = last.kind in ("drug", "regimen") or last.concept == "placebo"
        if named and hit.name.concept in self._kind_words and not gap.strip():
            return True  # A维持治疗
        since = hit.name.kind == "procedure" and text.startswith("后", hit.end) and names.endswith("治疗")
        if kinds & {"regimen", "procedure"} and self._space.match(gap) and not opened and not since:
            return True
        options = (
            len(chain) > 1
            and not _same(first, chain[1])
            and bool(_OPTIONS.match(text[first.end : chain[1].start]))
        )
        if (
            first.name.kind == "class"
            and options
            and _CHOICE.match(" ".join(_WITHOUT_DOSE.sub("", gap).split()))
        ):
            return True
        if first.name.kind == "class" and options and inside and _ONE_OF.search(gap):
            return True  # chemotherapy (A if naive or B every 3 weeks)
        if (
            _EITHER.match(_ALIAS_BRACKET.sub("", gap))
            and {first.name.kind, hit.name.kind} <= {"drug", "regimen"}
            and _TOOK.search(text[max(0, first.start - 30) : first.start])
            and not _TWO.search(text)
        ):
            return True  # the patients took A or B: one group
        several = len(chain) > 1 or first.name.kind == "regimen"
        if several and _OR.match(gap) and _EITHER_OR.search(text, 0, first.start):
            return True  # either X or A plus B or C
        parts = _parts(chain[-1]) if last.kind == "regimen" else []
        if parts and _OR.match(gap) and hit.name.kind == "drug" and _akin(parts[-1], hit.name.concept):
            return True  # A plus carboplatin or cisplatin
        if len(chain) > 1 and _OR.match(gap) and _akin(last.concept, hit.name.concept):
            # A联合顺铂或卡铂, where neither is a group
            return not any(f"{text[h.start : h.end]}组" in text for h in (chain[-1], hit))
        if _CHOICE.match(gap) and "class" not in kinds and _CHOSEN_BY.search(text, 0, first.start):
            return True  # 医生选择的A或B
        if _OR.match(gap) and _CONTROL_GOT.search(text[: first.start]) and "class" not in kinds:
            return True  # the control group (A or B)
        if not _OR.match(_ALIAS_BRACKET.sub("", gap)) or not first.name.kind == hit.name.kind == "drug":
            return False
        if self._alone_after.match(text[hit.end : hit.end + 14]):
            return False  # than with A or B alone: each is a group
        before, after = text[: first.start], _ALIAS_BRACKET.sub("", text[hit.end : hit.end + 40])
        return bool(REFERENCE_BEFORE.search(before) or _COMPARED_WITH.search(before) or DEFINED.match(after))

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
        self, text: str, chain: list[Hit], leads: Mapping[int, int], hits: Sequence[Hit], ways: bool
    ) -> ArmPhrase:
        start, end = chain[0].start, chain[-1].end
        # A、B、C三联方案: the number of its parts names no other regimen
        named = [h for h in chain if not (MULTIPLE.match(text, h.start) and h.name.kind == "regimen")]
        names = tuple(dict.fromkeys(n for hit in named or chain for n in _names(hit)))
        told = self._told_by_name(text, chain)
        names = tuple(n for n in names if n not in told)
        names = tuple(n for n in names if n not in self._phases) or names
        before = text[max(0, start - 8) : start]
        alone = bool(self._alone_before.search(before)) or bool(self._alone_after.match(text[end : end + 14]))
        alone = alone or text.startswith(_ONLY, start)
        if text[end : end + 1] == ")" and text.count("(", start, end) > text.count(")", start, end):
            end += 1
        m = self._suffix.match(text[end:])
        group = bool(m and (m["g"] or m["s"] == "-treated" or MULTIPLE.match(m["s"] or ""))) or text[
            start:end
        ].endswith(("组", " group", " arm", " cohort"))
        if m and m["s"]:
            end += m.end("s")
        if partner := _PARTNER_BEFORE.search(text[max(0, start - 24) : start]):
            start, names = start - len(partner.group()), (*partner.captures("n"), *names)
        if partner := _PARTNER_AFTER.match(text, end):
            end, names = partner.end(), (*names, *partner.captures("n"))
            group = group or bool(partner["g"])
        elif (plus := _PLUS_UNKNOWN.match(text, end)) and not any(
            h.start < plus.end() and plus.start() < h.end for h in hits
        ):
            end, names = plus.end(), (*names, plus["n"].lower())
        elif dosed := _DOSE_GROUP.match(text, end):
            group, end = True, dosed.end()
        again = sum(h.name.concept == chain[0].name.concept for h in hits) > 1
        if (group or again) and (first := _DOSE_FIRST.search(text[max(0, start - 16) : start])):
            start -= len(first.group())
        if added := _ADDED_BEFORE.search(text[max(0, start - 20) : start]):
            start -= len(added.group())
        named = _FORM_OF_IT.match(text, end)
        dose = ONE_DOSE.search(text[start : (named.end() if named else end) + 14])
        if dose and start + dose.start() > (named.end() if named else end + 1):
            dose = None
        without = next(
            (
                tuple(n for h in chain[: i + 1] for n in _names(h))
                for i, (a, b) in enumerate(itertools.pairwise(chain))
                if _OPTIONAL.search(text, a.end, b.start)
            ),
            (),
        )
        adding = _ADDING.search(text, max(0, chain[0].start - 60), chain[0].start)
        base = next(
            (
                tuple(
                    n
                    for h in (chain[: i + 1] if not on.group().isascii() else chain[i + 1 :])
                    for n in _names(h)
                )
                for i, (a, b) in enumerate(itertools.pairwise(chain))
                if (
                    on := _BASE.search(text, a.end, b.start)
                    or (adding and _TO.fullmatch(text, a.end, b.start))
                )
            ),
            (),
        )
        either = None if without else _EITHER_WAY.search(text[max(0, start - 60) : start])
        no = either["no"] if either else "不" if not without and _OR_NOT.match(text, end) else ""
        untreated = (
            f"{no.replace('是否', '未')}{' ' * no.isascii()}{text[start : chain[-1].end]}" if no else ""
        )
        open_ended = bool(without or untreated) or ways
        open_ended = open_ended and not _AGAINST_A_THIRD.match(text, chain[-1].end)
        two = open_ended and bool(_TWO.search(text) or COMPARES.search(text[:start]))
        lengths, end = self._lengths(text, start, end) if two and ways else ([], end)
        routes = [n for n in names if n in self._procedures]
        one = len(chain) == 1 or (len(chain) == 2 and self._space.match(text[chain[0].end : chain[1].start]))
        by = routes[0] if one and len(routes) == 1 < len(names) else ""
        how, lead, told_how = "", leads.get(start), self._may_name_manner(text)
        if lead is not None and lead < start:
            how, start = text[lead:start].strip(" -").lower(), lead
        elif told_how and (manner := self._manner.search(text[max(0, start - 24) : start])):
            how, start = manner["m"].lower(), start - len(manner.group())
        elif (manner := self._manner_han.search(text[max(0, start - 5) : start])) and (
            group or self._of_two_doses(text, manner["m"])
        ):
            how, start = manner["m"], start - len(manner.group())
        elif told_how and (manner := self._manner_first.match(text, start, end)):
            how = manner["m"].lower()
        so = _NAMED_SO.search(text, max(0, start - 12), start) if len(names) > 1 else None
        spelt = chain[0].name.kind == "class" and text[chain[0].end : chain[0].end + 2].lstrip().startswith(
            "("
        )
        calls = [text[start : chain[0].end]] if spelt and chain[0].end < end else []
        calls += [so["n"], f"{so['n']}组"] if so else []
        return ArmPhrase(
            start,
            end,
            "interventions",
            names,
            text[start:end],
            _TO_UNIT.sub(" ", dose.group()) if dose else "",
            how,
            group,
            alone=alone,
            generic=all(h.name.kind == "class" or h.name.concept in self._kind_words for h in chain),
            kinds=frozenset(told),
            told=lead is not None or all(h.name.detail == TOLD for h in chain),
            labels=lengths,
            without=without if two else (),
            untreated=untreated if two else "",
            base=base,
            route=by,
            called=calls,
        )

    @staticmethod
    def _of_two_doses(text: str, how: str) -> bool:
        """Whether a sentence tells two doses apart in words: ``低剂量A`` and ``高剂量A``."""
        return how.endswith("剂量") and len(set(_DOSE_WORD.findall(text))) > 1

    def _lengths(self, text: str, start: int, end: int) -> tuple[list[str], int]:
        """The lengths for which the groups of a sentence got one treatment, and where they end: ``A for 8 or 12 weeks``."""
        for at in range(end, max(start, end - 6), -1):
            if ways := WAYS.match(text, at):
                return ways.captures("d"), ways.end()
        m = LENGTHS.search(text, start, min(len(text), end + 24))
        if m is not None and m.start() >= end and not _FOR.match(text[end : m.start()]):
            m = None
        if m is not None:
            return [f"{d} {m['u']}" for d in m.captures("d")], max(end, m.end())
        if of := _OF.search(text[max(0, start - 4) : start]):
            stop = start - len(of.group())
            m = next((x for x in LENGTHS.finditer(text, max(0, start - 40), stop) if x.end() == stop), None)
        return [f"{d} {m['u']}" for d in m.captures("d")] if m else [], end

    def _told_by_name(self, text: str, chain: list[Hit]) -> set[str]:
        """Kinds of treatment (``chemotherapy``) that a drug or regimen right beside them names already."""
        told = set()
        for i, b in enumerate(chain):  # A and a kind of drug (B or C)
            if i and b.name.kind == "drug" and text[chain[i - 1].end : b.start].rstrip().endswith("("):
                kinds = {n for a in chain[:i] if a.name.kind != "drug" for n in _names(a)}
                told |= {k for k in kinds if b.name.concept.endswith(self._kinds.get(k, ("\n",)))}
        for a, b in itertools.pairwise(chain):
            gap = text[a.end : b.start].strip(" )")
            for kind, other in ((a, b), (b, a)):
                named = (other.name.kind in ("drug", "regimen") or other.name.concept == "placebo") and (
                    gap in ("", "(") or (kind is a and bool(_OPTIONS.match(text[a.end : b.start])))
                )
                if (
                    kind is b
                    and gap == ""
                    and other.name.kind == "procedure"
                    and b.name.concept in self._bare_kinds
                ):
                    told.add(b.name.concept)  # X剥离手术, X辅助治疗
                spelt = (
                    kind is a
                    and a.name.kind == "class"
                    and (gap == "(" or a.end == b.start)
                    and other.name.kind in ("drug", "regimen")
                )
                if (
                    (kind.name.concept in self._kind_words or spelt)
                    and named
                    and not text.startswith("联合", b.start)
                ):
                    told.add(kind.name.concept)
        return told


#: between the two of a pair, and between the pairs of a list; behind a list of pairs
_WITH_ITS = Expression(r"\s?[与和]\s?|\sand\s")
_NEXT_PAIR = Expression(r"\s?(?:、|[,;]\s?(?:以?及|和|与|and\s)?|以及|及)\s?")
_OF_EACH_PAIR = Expression(
    r"(?![^。;]{0,30}(?:比较|相比|对比|差异|之间))(?:[^。;]{0,60}?(?:分别|依次)|[^。;,\d]{0,40}\d[\d.]*+\s?(?:%|个?月|年|天)?\s?(?:、|和|与|及)\s?\d)|[^.;]{0,90}?\brespectively\b"
)


def in_pairs(text: str, hits: Sequence[Hit]) -> set[int]:
    """Where pairs begin in a list of pairs with a number each: ``A与B、C与D组成的方案…分别为``."""
    starts: set[int] = set()
    i = 0
    while i + 3 < len(hits):
        k = i
        while k + 1 < len(hits) and _WITH_ITS.fullmatch(text, hits[k].end, hits[k + 1].start):
            k += 2
            if not (k < len(hits) and _NEXT_PAIR.fullmatch(text, hits[k - 1].end, hits[k].start)):
                break
        if k - i >= 4 and _OF_EACH_PAIR.match(text, hits[k - 1].end):
            starts.update(range(i, k, 2))
        i = max(k, i + 1)
    return starts


def _against_fewer(text: str, hits: Sequence[Hit], i: int) -> int:
    """The last of the English names from ``i`` on that are listed and set against some of them: ``A, B, and C was compared with B and C``."""
    j = _list_end(text, hits, i)
    if j == i or j + 1 >= len(hits) or not _SET_AGAINST.fullmatch(text, hits[j].end, hits[j + 1].start):
        return i
    others = hits[j + 1 : _list_end(text, hits, j + 1) + 1]
    return (
        j if {n for h in others for n in _names(h)} < {n for h in hits[i : j + 1] for n in _names(h)} else i
    )


def _list_end(text: str, hits: Sequence[Hit], i: int) -> int:
    """The last of the names from ``i`` on that are listed together, the last of them behind an "and"."""
    j = last = i
    while j + 1 < len(hits) and _LISTED.fullmatch(text, hits[j].end, hits[j + 1].start):
        j += 1
        if _LISTED_LAST.fullmatch(text, hits[j - 1].end, hits[j].start):
            last = j
    return last


def _akin(a: str, b: str) -> bool:
    """Whether the names of two drugs end alike, as those of one kind do: cisplatin and carboplatin."""
    return a != b and len(a) > _STEM < len(b) and a[-_STEM:] == b[-_STEM:]


def _same(a: Hit, b: Hit) -> bool:
    if a.name.concept == b.name.concept:
        return True
    return a.name.kind == "regimen" and b.name.concept == a.name.concept


def _names(hit: Hit) -> list[str]:
    return _parts(hit) if hit.name.kind == "regimen" else [hit.name.concept]


def _parts(hit: Hit) -> list[str]:
    return [p.strip() for p in hit.name.detail.split(" + ") if p.strip()]
