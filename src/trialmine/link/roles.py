"""Which treatments everyone got, which went before, and whom the others are compared with."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.sieve import Sieved, possible
from trialmine.core.words import PEOPLE
from trialmine.link.armphrase import COMPARES, DOSE, EVERYBODY, REFERENCE_BEFORE, THEY, ArmPhrase

#: 在A治疗的基础上随机分为B组和C组
_BASIS = Expression(r"^(?:治疗|疗法|方案|用药)?的?基础之?上")
#: right before the care of which a list tells examples: ``给予吸氧、抗感染、平喘等常规治疗``
_SUCH_AS = r"(?:{{gave}}|{{give_how}}|[予行以])(?P<list>(?:(?!{{gave}})[\p{Han}\p{Latin}]{1,10}(?:、|及|和)){0,8}(?!{{gave}})[\p{Han}\p{Latin}]{1,12}等(?:治疗|药物|处理)?(?:的|西医|西药|内科|临床)*)$"
_CARE_WORD = Expression(r"常规|对症|综合|基础|一般|支持|西医|内科|保守|标准|传统|临床|基本")
_ASSIGNED = Expression(r"随机|分为|分成|分配|分入|\brandom|\bassigned\b|\ballocated\b")
#: around a treatment that several groups then got theirs on top of
_GROUND = Expression(r"(?:治疗|疗法|方案|用药|护理|干预|训练)*的?基础之?上,?")
_ON = Expression(r"(?:在|于)(?:给予|接受|进行|西医|内科|上述|相同)*的?$")
#: right behind what all groups get
_BACKBONE = Expression(
    r"^(?:联合|化疗|治疗|方案)*(?:为|作为)(?:\p{Han}{0,3})?(?:骨架|背景|基础(?!的|疾病))|^(?:治疗|用药|药物)*的?背景(?:治疗|用药)?(?:下|上|之上)"
)
#: from a treatment to those by which its effect is kept up, and right behind these
_THEN_KEPT = Expression(
    r"^(?:治疗|术)?后,?(?:\p{Han}{0,3}(?:分别|随机|再|均|单用|予以?|给予|用|接受|行|以|采用|使用|进行)+)?$"
)
_KEPT_ON = Expression(r"(?:\([^()]*\))?(?:单药)?(?:维持|巩固)")

#: from the second of two alternatives to what both were given on top of
_ON_TOP = Expression(
    r"(?:\s?\([^()]*\)|\stablets?|\scapsules?)?,?\s(?:(?:was|were|both|each|once daily|twice daily|daily|given|administered|as)\s){0,3}"
    r"(?:added to|in addition to|on top of|an?\sadd-on to|add-on to|an?\sadd-on therapy to|an?\sadjunct to|adjunct to|adjunctive to|on an?\sbackground of|alongside|along with|together with|in combination with|combined with|with(?=\s(?:an?|the|their|concomitant|concurrent|background|standard|stable|open-label|weekly|daily|oral|intravenous)\s))\s"
    r"(?:(?!(?:placebo|no|not|without|prior|previous|previously|history|similar)\b)[\p{Latin}\d.-]+\s){0,4}"
)
#: behind one of several treatments that people got besides: not all of them had it
_OR_ANOTHER = Expression(r"\sor\s")
#: right before the first of several treatments that people had had before, and between two of them
_PRIOR_SUCH_AS = Expression(
    r"\b(?:prior|previous|previously|earlier|lines?\sof)\s(?:[\p{Latin}\d-]+\s){0,6}?(?:therap(?:y|ies)|treatments?|regimens?|lines?|agents?),?\s?\(?(?:including|such as|e\.g\.,?)\s(?:an?\s|the\s|both\s)?$|"
    r"(?:既往|此前|先前)[^,。;:%\d]{0,16}?\d?[^,。;:%\d]{0,8}?(?:治疗|疗法|药物|方案)\(?,?(?:包括了?|例?如)$"
)
_ALSO_HAD = Expression(r"\s?(?:,|/|、|和|及|或|,?\s?(?:and/or|and|or))\s?(?:an?\s|the\s)?")
#: doses told between two alternatives: ``A 15 mg, 7.5 mg, or placebo``
_DOSES_BETWEEN = Expression(
    rf"(?:[\s,]*(?:and|or)?\s?(?:{DOSE})(?:\s(?:once|twice|daily|weekly|monthly))*)+,?(?=\s)"
)
#: all groups, right before the ground on which they got theirs: ``两组均在A基础上分别给予B和C``
_ALL_ON = Expression(r"(?:均|都)(?:同时)?[在于](?:给予|接受|口服|使用)?$")
_COORDINATED = Expression(r"^(?:\s?\([^()]*\))?\s(?:or|and|with|versus|vs\.?|to)\s$")
#: the group's background in brackets: placebo group (standard care)
_BACKGROUND = Expression(r"^\s?\(\s?(?:仅|继续|均|联合|加|\+|plus\s|on\s|with\s)?$")
_BACKGROUND_END = Expression(r"\s?(?:单药|背景|基础)?(?:治疗|therapy|alone|treatment)?\s?\)")
#: before a treatment that is a group, though the words before it mean a treatment that went before
_RESULT_AFTER = Expression(
    rf"(?:组|患者|者)接受$|随机接受$|分别接受$|\d\s?(?:%|[\p{{L}}/μ]{{1,8}}(?:\s?Hg)?)?\)?\s(?:(?:of\s)?(?:{PEOPLE}|cases)\s)?after\s(?:the\s)?$"
)
#: the share of a group right behind its treatment: more leaks after A (33%) than after B (20%)
_SHARE_BEHIND = Expression(
    r"\s?[(\[]\s?(?:n\s?=\s?\d+\s?[\[(]\s?)?\d[\d.]*\s?%(?!\s?(?:vs?\b|versus|and|compared|against)\s?)"
)
#: between a group and a treatment that only some of its patients had
_PART_OF = Expression(r"^(?:中|内)?(?:未|曾|既往|后续|随后)*(?:接受|行|进行|完成)(?:了|过)?$")
#: between a group and a treatment that some of its patients came to need
_SOME_HAD = Expression(
    r"^(?:中|内)?,?(?:有|仅|约)*(?:\d+\s?[例人名]|\d[\d.]*\s?%)(?:\s?\([^()]*\))?的?(?:患者|受试者|病人|患儿|者)?(?:最终|随后|后续|此后|还|仍|又|再|后来)*(?:需要?)?(?:接受|行|进行|改用|转为|换用)(?:了|过)?$"
)
#: before and behind a treatment by which those are described who were then given another one: 纳入接受A的X患者,予B
_WHOM = Expression(
    r"(?:纳入|入组|入选|招募|选取|收治|收集|观察|针对|对于?|在|(?:^|[,;。:])\d+\s?[例名])(?:了)?(?:(?!随机|分为|比较|对比)[^,。;:%]){0,24}?(?:接受|使用|服用|应用|采用|行|依赖|经|予)(?:\p{Han}{0,3}(?:稳定|维持性|规律|长期|标准|常规|背景|一线|根治性?)(?:剂量)?的?)?$"
)
_DESCRIBED = Expression(
    r"^(?:\([^()]{0,20}\))?(?:单药|维持)?(?:治疗|透析)?(?:\d+(?:周|个月|年)(?:以上)?)?(?:的|后的?|但?\p{Han}{0,3}(?:控制不佳|控制不良|未达标|疗效不佳|应答不足|反应不足)的?)(?:(?!分别|组|率|为)[^,。;:%\d]){0,20}(?:患者|病例|人群|儿童|患儿|受试者|病人|成人|女性|男性)(?:\d+\s?[例名人])?(?:中|进行|,|给予|予以?|的?(?:治疗|一项))"
)
#: the same for an operation after which drugs are given: 用于X术后, 3148例X患者
_OPERATED = Expression(
    r"(?:用于|应用于|\d\s?[例名人]|对于?|在|行|接受|预防|针对)(?:(?:了|择期|拟行|行|接受|过|全|首次|初次)){0,3}$"
)
_THEREAFTER = Expression(r"^(?:手?术)?(?:后的?|患者|病人|围手?术期|术后|(?:手?术)?中的?)(?!组|分别|\d)")
#: from a treatment to an operation that only says in whom, or when, it was tried, and behind that: ``A在B术后的效果``, ``A对行B的患者``
_TRIED_IN = Expression(
    r"(?:\([^()]*\))?(?:(?!联合|配合|结合|[与和及或、加较比行予给])[\p{Han}\p{Latin}]){0,8}?(?:应用于|用于|应用在|作用于|在|对于?|于|预防|治疗|改善|减轻|缓解)(?!照组)(?:(?!联合|[与和及或、加较比组])[\p{Han}\p{Latin}]){0,14}?"
)
_IN_WHOM = Expression(
    r"(?:手?术)?(?:后(?!组|\d)|中(?!组)|围手?术期|的?(?:影响|疗效|效果|作用|应用)|(?:的|治疗的?)?(?:(?!组)\p{Han}){0,6}?(?:患者|病人|患儿|产妇|孕妇|病例|人群)(?!组))"
)
#: around a treatment that a sentence opens with to tell whom it goes on to speak of: 对于直接手术者,
_FOR_THOSE = Expression(
    r"(?:^|[。;])(?:而|但)?(?:对于?|针对|在)(?:直接|拟行?|需要?|可|不可|适合|不适合|接受|行|计划|准备|将)*$"
)
_THOSE = Expression(r"(?:治疗|切除)?的?(?:(?!组)\p{Han}){0,8}?(?:者|患者|病例|人群|病人)(?:中|来说|而言)?,")
#: behind an operation from which a time is told, which no group of the sentence got alone: A组某手术后12个月
_SINCE = Expression(r"(?:手?术)?后(?:的)?(?:第)?\s?\d+\s?(?:[hd](?!\p{Latin})|小时|天|日|周|个?月|年)")
#: from a treatment over the people who got it to what they are called: ``行X的45例患者(观察组)``, ``行Y的40例作为对照组``
_CALLED = Expression(
    r"(?:手?术)?(?:治疗)?(?:的|者)?(?!随机|分为|分成)[^,。;:()%组]{0,20}?(?:(?:患者|病例|病人|患儿|产妇|孕妇|者)(?:\s?\d+\s?[例名人])?|\d+\s?[例名人](?:患者|病例|病人)?)(?:的?[^,。;:()%组]{0,6})?(?:\(|作为|设?为|列为|归为|归入|纳入)\s?"
)
#: behind an operation that only says when something was measured: 手术结束后(T1)
_MOMENT = Expression(r"(?:结束|开始|完毕|完成)(?:时|之?后|之?前|即刻)|过程中|切皮|当[天日]|即刻")
#: right before an operation that only says in whom, or when, drugs were compared
_SETTING = Expression(
    r"\b(?:[Aa]fter|[Ff]ollowing|[Uu]ndergoing|[Aa]waiting|[Ss]cheduled for|[Pp]ost|[Bb]efore|[Pp]rior to|[Dd]uring|[Aa]t the time of)[\s-](?:(?:an?|the|their)\s)?(?:(?!than|with|and|or|versus)[\p{Latin}-]+\s){0,3}$"
)
_SET_AGAINST = Expression(
    r"\b(?:than|versus|vs\.?|compared (?:with|to)|or|and)\s(?:(?:those|that|patients|in|the)\s){0,2}$"
)
#: right before a treatment, a number that was measured after it
_NUMBER_AFTER = Sieved(
    Expression(r"\d[\d.]*\s?\)?(?:\s?(?:%|mm\s?Hg|\p{Latin}{1,7}))?\)?\s(?:after|following)\s(?:the\s)?$")
)
#: two treatments that the same word sets against each other: fewer leaks after A than after B
_THAN_AFTER = Expression(
    r"\b(?:than|versus|vs\.?|compared (?:with|to)(?: that| those)?)\s(?:after|following)\s"
)
_COMPARED_NEXT = Expression(
    r"\s?(?:[(\[]\s?)?\d[\d.]*\s?%(?!\s?(?:vs?\b|versus))|\s(?:than|versus|vs\.?|or|and)\s"
)
_GIVEN_THEN = Expression(
    r"(?:和|与|及|或|、|比较|对比|相比|vs\.?|分别)(?:\d+例)?(?:接受|使用|服用|应用|采用|行|予|给予)*$"
)
_ITS_PATIENTS = Expression(r"^(?:治疗)?的?(?:\d+例)?(?:患者|受试者|者)")
#: behind an operation after which people were treated: ``D2根治术后胃癌``
_DISEASE_SINCE = r"(?:手?术)?后(?:的)?(?:[^,;。:%\d组]{0,8})(?:{{tumour_noun}})(?!组)"
#: behind a treatment of the people of whom both groups' numbers are told: ``A降低了机械通气患者(29% vs 41%)的死亡率``
_OF_SUCH_PEOPLE = Expression(
    r"(?:治疗)?的?(?:患者|病人|人群|者)\s?[(]\s?\d[\d.]*\s?%?\s?(?:vs\.?|对|比)\s?\d"
)
#: from what a clause only compares with to the next clause: ``对比接受A的患者,B治疗…``
_AND_THEN = Expression(r"(?:治疗|单药|组)?的?(?:患者|人群|者)?,")
_TRIALS = Expression(r"\b(?:trials?|stud(?:y|ies)|RCTs)\s[^.;,()]{0,40}$")
_WITH = Expression(r"(?:与|和|同|跟|对比|\b(?:with|to|versus|vs\.?|against|and))[\p{Han}\s\p{Latin}]{0,14}$")
#: between two treatments of which a patient gets one
_ALTERNATIVE = Expression(r"^\s?(?:或者?|or)\s?(?:matching\s|matched\s|an?\s|匹配的?|相应的?)?$")
_AGAINST = Expression(r"^(?:与|和|对比?|同|\s?vs\.?\s?)$")
#: around what another group has more or less than: 比B多降5%, 比B组的PFS延长
_THAN = Expression(r"(?<![\d%)月周天年分])比(?:单用|单纯|单独|接受|使用|仅用?|常规|标准)?$")
_MORE_OR_LESS = Expression(
    r"(?:组|患者|受试者|者|治疗|单药)*(?:\([^()]{1,30}\))?(?:的[^,;。:()\d]{1,12}?)?(?:平均|显著|明显|大幅|稍|略|又|再|还|进一步|分别|也|均|要)*"
    r"(?:[多少高低长短早晚快慢好差优大小强弱轻重](?!种|项|数|个|中心|剂量|年)|更|延长|缩短|降低|增加|减少|提高|下降|升高|改善)"
)
_IN_PLACE_OF = Expression(r"(?:代替|取代|替代|替换)(?:了|传统的?|原有的?|标准的?|单纯)*$")
_GIVES = Expression(
    r"(?:给予|接受|予以?|使用|采用|应用|均|联合|received?|given|with|plus|和|与|及|\+|and)[^,。;]{0,10}$"
)
_DEFINED_OR = Expression(
    r"^[^,。;]{0,16}(?:,[^,。;()]{0,8})?\((?:[^()]{0,14},)?\s?(?:\w组|[Aa]rm \w|[Gg]roup \w)\)\s?,?(?:或者?|or|和|与)\s?$"
)

#: a share of the people had a treatment before
_SHARE_HAD = Expression(
    r"\d\s?%\)?\s(?:of\s(?:the\s|these\s)?\p{Ll}+\s)?had\s(?:previously\s|already\s)?(?:received|undergone|been\streated\swith)\s(?:[\p{L}-]+\s){0,2}$"
)
#: between two that are compared with a third, and right before that
_AND = Expression(r"(?:\s\([^()]*\))?,?\s(?:and|or)\s(?:the\s)?|和|与|及|、")
_ONLY_WITH = Expression(
    r"(?:\s\([^()]*\))?,?\s(?:(?:each|both)\s)?(?:with|to|versus|vs\.?|against)\s(?:the\s|an?\s)?"
)
#: from a treatment to what its group did without
_LACKS = Expression(
    r"\s(?:(?:therapy|treatment|alone)\s)?(?:but\s)?without\s(?:(?:the\s)?(?:addition|use)\sof\s|(?:any|additional|concurrent|adjuvant|the)\s)?|(?:治疗)?(?:而|但)?(?:不|未|没有?)(?:联合|加用|合用|联用|加)(?:使用)?(?:了)?"
)
#: around what a control group went without: 没有甲治疗的对照组
_GOT_NONE = Expression(r"(?:没有|未|不|无)(?:曾|经|予以?|进行|接受|使用|给予|服用|补充)*(?:任何|靶向|常规)?$")
_CONTROLS = Expression(r"(?:治疗|管理|干预|预防|补充|用药|护理)*的(?:空白)?对照")
#: what people of one number had got, where others had got something else: no treatment from before
_HAD_GOT = Expression(r"\d[^,;()]{0,40}\swho had received\s$")
#: between a treatment and the kind of treatment that it is: ``A（B）是一款靶向CD19的CAR-T``, ``A, a CD19-directed CAR-T``
_IS_A = Expression(
    r"^(?:\([^()]*\))?(?:(?:是|属于|系|作为)(?!否|不是)|为(?=一[种款类个]|我国|全球|国内|首[个款]|新型|第[一二三四]代|全人源|自主|靶向))[^,;。:%]{0,40}$|"
    r"^\s?(?:\([^()]*\))?(?:\s(?:is|was)|,(?=[^,;.:%]{0,60}(?:-(?:directed|targeted|generation|acting)|\b(?:novel|new|oral|selective|first|autologous|allogeneic|recombinant|humani[sz]ed|bispecific|targeting))\b))\san?\s(?!(?:combination|dose)\b)[^,;.:%]{0,60}$"
)
#: the numbers of the group that others are compared with, before the word that compares: 与对照组70.5%、52.9%相比
_ITS_NUMBERS = (
    r"(?:(?:(?<=\))|\(?\d[\d.]*(?:±\d[\d.]*)?\)?)\s?(?:%|‰|[\p{Latin}μ/]{1,8}|分钟?|个?月|天|例|次|岁|周)?"
    r"(?:\([^()]{1,20}\))?(?:[、,]|和|与|及)?\s?){1,4}"
)
#: people who had something before a drug did what is told of them: ``A使接受B的患者死亡率下降``
_GETTING = Expression(r"(?:使|令|让|在|对|为|给)(?:正在|正|已|既往)?(?:接受|需要?|使用|服用)(?:了|过)?$")
_ARE_PEOPLE = Expression(r"(?:\([^()]{1,20}\))?(?:治疗)?的[^,;。:()%]{0,16}?(?:患者|病人|者|人群|患儿)")


class Roles:
    """Marks phrases that everybody got, that went before, or that others are compared with."""

    def __init__(self, patterns: Patterns) -> None:
        c = patterns.compile
        self._classes = patterns.procedures("class")
        self._care = set(patterns.cues.get("basic_care", ()))
        self._procedures = patterns.procedures("procedure")
        self._no_drugs = self._procedures | self._classes
        self._operations = tuple(patterns.cues.get("operation", ()))
        self._around_surgery = c(r"(?:{{around_surgery}})")
        self._disease_since = c(_DISEASE_SINCE)
        steady = r"(?:an?\s|the\s|their\s)?(?:(?:{{steady}})(?:\sdoses?\sof)?\s)"
        taking = r"(?:{{taking}})\s"
        self._who_take = c(
            rf"\b{THEY}\s(?:[^.,;]{{0,40}}\s)?(?:who\swere\s)?(?:already\s)?{taking}{steady}*$|\b{THEY}\s(?:[^.,;]{{0,40}}\s)?{taking}{steady}$|(?:正在|稳定|长期|规律)?(?:服用|使用|应用|接受)(?:稳定剂量|稳定|标准|最大耐受剂量)?的?$"
        )
        self._on_background = c(
            rf"\b(?:on|against)\sa\sbackground\sof\s{steady}*$|\b{THEY}\s(?:[^.,;]{{0,40}}\s)?{taking}{steady}$"
        )
        self._background_to = c(rf"\b[Ii]n\saddition\sto\s{steady}*$")
        self._everybody = c(EVERYBODY)
        self._may_be_under = possible(
            self._on_background, self._background_to, self._everybody, self._who_take
        )
        self._both_with = c(
            rf"\b(?:both|each|all|either)\s(?:(?:given|administered|combined|added|together)\s)?(?:as\san?\sadjunct\sto|in\saddition\sto|in\scombination\swith|on\stop\sof|plus|with|to|alongside)\s{steady}*$|"
            r"(?:均|都)(?:同时)?(?:{{give_more}}|联合|在)(?:了)?(?:{{gave}}|{{give_how}})*$|(?:安慰剂|对照)(?:组)?(?:\([^()]*\))?[,;]\s?(?:并用|合用|联用|联合|同时使用|同时合用|并合用)$"
        )
        self._background_before = Expression(
            r"(?:\d+\s?(?:人|例|名)(?:患者)?(?:能够?|可以?|得以|成功|最终)+(?:接受|行|进行|完成)了?(?:\p{Han}{2})?|接受过(?:至少|不少于|超过|≥)?\s?[\p{Han}\d]{0,3}|(?:接受|完成|经过?)(?:标准)?(?:一线|二线|前线|先前|诱导|含铂)(?:的)?|曾(?:经)?(?:接受|用|使用|服用|应用|行|做)过?|(?:既往|之前|以前|此前|先前)(?:已|曾|经|均|都)*(?:接受|使用|应用|行)?(?:了|过)?(?:至少|≥|不少于)?(?:(?:[一二三四两多\d]|\d~\d)\s?[种线个次类])?(?:及?以上)?的?(?:标准|全身|含)?|(?:背景|基线时?)(?:治疗|用药)?(?:使用|应用|接受|服用|用|为|包括)|不符合|不耐受(?:含|标准|常规)?|不(?:宜|适合|适宜)(?:接受|行|使用)?(?:标准|常规)?|(?:不能|无法|难以)(?:接受|耐受)(?:标准|常规|强化|含|任何)*的?|未(?:曾)?接受过?|停用|停|"
            r"\b(?:refractory to|after(?: failure (?:of|on|with)| progression (?:on|through|with|during|after)| having(?: had| received| undergone)?| undergoing| receiving)?|prior|previous|previously treated with|ineligible for|eligible for|amenable to|suitable for|candidates for|(?:who|that|which|had|have|not|previously) respond(?:ed)? to|responding to|response to|intolerant (?:to|of)|resistant to|failed|naive to|progress\w+ (?:on|after|through|during|despite|while (?:receiving|on|taking))|unresponsive to|who had received|not|despite|(?:commonly|often|typically|frequently|usually|known to be) associated with))\s?(?:含|以|基于|first-line\s|of\s)?$",
            regex.IGNORECASE,
        )
        self._background_after = Expression(
            r"^(?:治疗)?后\p{Han}{0,4}?(?:未|仍|无效|进展|复发|缓解|稳定|残留|转移|达到|获得)[^,。;:\d率组]{0,14}?(?:患者|人群|病例|(?<!或)者)|^(?:\s?\([^()]*\))?\s?(?:治疗(?!难治|耐药|复发))?(?:经治|耐药|难治|不耐受|失败|进展|后进展|后复发|(?:血糖|血压|血脂|症状|病情|疾病)?(?:应答|反应|疗效|控制)(?:不[佳足良充]分?|欠佳|未达标)|期间(?:疾病|病情|肿瘤)?(?:进展|复发)|无效|停药|过敏|抵抗|获批|上市|[- ](?:refractory|resistant|naive|experienced|exposed|ineligible|intolerant|pretreated))|^\s?(?:条件|标准)的?"
        )
        #: what stands right behind these words is the group that a text turns to
        self._contrast = c(r"(?:{{contrast}})[,\s]*$")
        self._such_as = c(_SUCH_AS)
        self._reference_after = Expression(
            rf"^(?:患者|人群|者|治疗|单药|单独|单用|单纯|一线|疗法|方案|给药|应用|使用|\([^()]{{0,30}}\))*(?:{_ITS_NUMBERS})?的?(?:直接|头对头)?的?(?:相比(?!于)|比较|相较|相对比|对比|对照|研究|试验|而言)|^(?:组|治疗)?为(?:共同)?(?:参照|参考|对照|基准)"
        )
        self._with_before = Expression(
            r"(?:与|和|同|跟|以)(?:单纯|单独|单用|传统|常规|标准|接受|使用|同期的?|当时的?|既往的?|历史)?$"
        )

    def mark(self, text: str, found: list[ArmPhrase]) -> None:
        """Mark the phrases of a sentence, which are in its order; examples of a kind of care that it names are none."""
        self._take_examples(text, found)
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
        for p, q in itertools.pairwise(found):
            if p.kind == q.kind == "interventions" and not (p.is_group or q.is_group):
                q.background = q.background or bool(_IS_A.match(text[p.end : q.start]))
        fared = _fared_after(text, found)
        had_got = sum(bool(_HAD_GOT.search(text[: p.start])) for p in found)
        for i, p in enumerate(found):
            before, after = text[max(0, p.start - 40) : p.start], text[p.end :]
            if p.kind == "interventions" and not p.is_group:
                said = had_got > 1 and _HAD_GOT.search(before)
                p.background = p.background or (
                    not said
                    and bool(self._background_before.search(before) or self._background_after.match(after))
                    and not _RESULT_AFTER.search(before)
                    and not (before.endswith("after ") and _SHARE_BEHIND.match(after))
                    and not (before.endswith(("after ", "following ")) and _THAN_AFTER.search(text))
                    and not (text[: p.end].endswith("治疗") and after.startswith(("难治", "耐药", "复发")))
                    and not self._contrast.search(before)
                )
            if p.kind == "interventions" and _SHARE_HAD.search(before):
                p.background = True
            if p.kind == "interventions" and _GOT_NONE.search(before) and _CONTROLS.match(after):
                p.background = True
            others = any(
                x is not p and x.kind == "interventions" and not set(x.interventions) & set(p.interventions)
                for x in found
            )
            if p.kind == "interventions" and others and set(p.interventions) <= self._procedures:
                p.background = p.background or bool(
                    self._disease_since.match(after) or _OF_SUCH_PEOPLE.match(after)
                )
            if i and found[i - 1].is_group and _SOME_HAD.match(text[found[i - 1].end : p.start]):
                p.background = True
            if p.kind == "interventions" and not p.is_group and self._describes(text, p, found):
                p.background = True
            if (
                i
                and found[i - 1].is_group
                and _PART_OF.match(text[found[i - 1].end : p.start])
                and _ITS_PATIENTS.match(after)
            ):
                p.background = True
            if i and p.kind == "interventions" and _GETTING.search(before) and _ARE_PEOPLE.match(after):
                p.background = True
            if id(p) in fared:
                p.background = False
            if i and p.kind == "interventions" and _LACKS.fullmatch(text, found[i - 1].end, p.start):
                p.background = True  # A without B
            m = self._reference_after.match(after)
            p.reference = bool(REFERENCE_BEFORE.search(before) or _is_less(text, p)) or bool(
                m and (self._with_before.search(before) or after[m.end() : m.end() + 1] in ",;")
            )
            opened = 1 + max(text.rfind(c, 0, p.start) for c in ":;。")
            first = not any(opened <= x.start < p.start for x in found)
            if (first or _TRIALS.search(text[: p.start])) and COMPARES.search(before):
                # "the study compared A with B": the second is the reference
                second = next(
                    (
                        x
                        for x in found[i + 1 :]
                        if x.start - p.end < 60 and _WITH.search(text[p.end : x.start])
                    ),
                    None,
                )
                j = next((k for k, x in enumerate(found) if x is second), -1)
                if 0 <= j < len(found) - 1 and _AND.fullmatch(text, found[j - 1].end, found[j].start):
                    last = found[j + 1]  # compared A and B with C
                    second = last if _ONLY_WITH.fullmatch(text, found[j].end, last.start) else second
                p.reference = p.reference and second is None and bool(_AND_THEN.match(after))
                forced = second if second is not None else forced
            if p is forced:
                p.reference = True
        self._had_before(text, found)
        based = [p for p in found if p.base and not p.background]
        for p in found:
            # B on top of A compared with placebo, which is on top of it too
            if (
                p.reference
                and p.interventions == ("placebo",)
                and len(based) == 1
                and based[0].end <= p.start
            ):
                p.interventions += based[0].base

    def _had_before(self, text: str, found: list[ArmPhrase]) -> None:
        """What people had had before is told in a list: ``两种治疗(包括A和B)``, ``refractory to A, B and C,``."""
        had = False
        for i, q in enumerate(found):
            if q.kind != "interventions" or q.is_group:
                had = False
                continue
            p = found[i - 1] if i else q
            such = _PRIOR_SUCH_AS.search(text, max(0, q.start - 100), q.start) is not None
            if p is not q and p.background:
                such = such or (had and _goes_on(text, found, i))
            q.background = q.background or such
            had = such or (
                q.background
                and self._background_before.search(text[max(0, q.start - 40) : q.start]) is not None
            )

    def _take_examples(self, text: str, found: list[ArmPhrase]) -> None:
        """Let the care that a list tells examples of take the place of the list: ``吸氧、抗感染、平喘等常规治疗``."""
        for q in [x for x in found if x.kind == "interventions" and _CARE_WORD.match(text, x.start)]:
            such = self._such_as.search(text, max(0, q.start - 90), q.start)
            if such is not None:
                start = such.start("list")
                found[:] = [
                    x for x in found if not (x.kind == "interventions" and start <= x.start < q.start)
                ]
                q.start = start

    def _describes(self, text: str, p: ArmPhrase, found: list[ArmPhrase]) -> bool:
        """Whether a treatment only says who was then given the one told next: ``纳入接受A的X患者,予B治疗``."""
        if set(p.interventions) <= self._procedures and _THEREAFTER.match(text[p.end :]):
            drugs = [
                q for q in found if q.kind == "interventions" and not set(q.interventions) & self._procedures
            ]
            if len(drugs) > 1 and _OPERATED.search(text[max(0, p.start - 12) : p.start]):
                return True
        others = [
            q for q in found if q.kind == "interventions" and not set(q.interventions) & set(p.interventions)
        ]
        tried = next((q for q in reversed(others) if q.end <= p.start), None)
        if (
            tried is not None
            and set(p.interventions) <= self._procedures
            and text[: p.end].endswith("术")
            and _IN_WHOM.match(text, p.end)
            and _TRIED_IN.fullmatch(text, tried.end, p.start)
        ):
            return True
        if (
            set(p.interventions) <= self._procedures
            and not p.is_group
            and (len(others) > 1 or any(not set(q.interventions) <= self._procedures for q in others))
            and (m := _SETTING.search(text, 0, p.start)) is not None
            and not _SET_AGAINST.search(text, 0, m.start())
            and not _COMPARED_NEXT.match(text, p.end)
            and not _THAN_AFTER.search(text)
        ):
            return True
        if set(p.interventions) <= self._procedures and not p.is_group and _MOMENT.match(text, p.end):
            return True
        if (
            set(p.interventions) <= self._no_drugs
            and not p.is_group
            and others
            and _FOR_THOSE.search(text, 0, p.start)
            and _THOSE.match(text, p.end)
        ):
            return True
        if set(p.interventions) <= self._procedures and not p.is_group and _SINCE.match(text, p.end):
            return any(q.is_group and not set(q.interventions) & set(p.interventions) for q in found)
        later = [q for q in found if q.start > p.start]
        then = next((q for q in later if q.kind == "interventions" and not q.reference), None)
        if then is None or set(then.interventions) & set(p.interventions) or then.start - p.end > 90:
            return False
        if _GIVEN_THEN.search(text[p.end : then.start]):
            return False
        return bool(_DESCRIBED.match(text[p.end :]) and _WHOM.search(text[max(0, p.start - 40) : p.start]))

    def _under_all(self, before: str, after: str, told: bool, assigned: bool, drugs: bool) -> bool:
        """Whether the words around a treatment say that all groups told after it get it; those before it only if ``told``."""
        if _BACKBONE.match(after):
            return True
        if not told:
            return assigned and bool(_BASIS.match(after))
        if self._on_background.search(before):
            return True
        everybody = self._background_to.search(before) or self._everybody.search(before)
        return assigned and bool(
            _BASIS.match(after) or everybody or (drugs and self._who_take.search(before))
        )

    def _is_drug(self, p: ArmPhrase) -> bool:
        return self._classes.isdisjoint(p.interventions) and self._procedures.isdisjoint(p.interventions)

    def _under_groups(self, text: str, p: ArmPhrase, found: list[ArmPhrase]) -> bool:
        """Whether a treatment is the ground on which the groups told right behind it got theirs: ``在A基础上,对照组予B,观察组予C``."""
        ground = _GROUND.match(text, p.end)
        if ground is None or not _ON.search(text, max(0, p.start - 14), p.start):
            return False
        of_all = any(x.kind in ("both", "all") and _ALL_ON.fullmatch(text, x.end, p.start) for x in found)
        if of_all and not any(x.is_group for x in found if x.start > p.start):
            return True
        behind = [x for x in found if x.start >= ground.end() and x.is_group]
        clause = 1 + max(text.rfind(c, 0, p.start) for c in ",;。:")
        of_one = any(
            x.is_group and clause <= x.start < p.start and x.kind not in ("both", "all") for x in found
        )
        return len(behind) > 1 and behind[0].start == ground.end() and not of_one

    def _lay_under(self, text: str, found: list[ArmPhrase]) -> None:
        """Give the groups of a sentence what all of them get: ``在A基础上随机分为B组和C组``, ``patients on A were randomised to B or C``.

        Care that everybody gets is no part of what is tested against placebo on top of it.
        """
        named = [p for p in found if p.kind == "interventions"]
        told = len(named) > 1 and self._may_be_under(text)
        for i, p in enumerate(named) if len(named) > 1 else ():
            before, after = text[max(0, p.start - 80) : p.start], text[p.end :]
            later, earlier = named[i + 1 :], named[:i]
            kept = later and _THEN_KEPT.match(text[p.end : later[0].start])
            if (
                len(later) > 1
                and (
                    self._under_all(
                        before,
                        after,
                        told,
                        bool(_ASSIGNED.search(text[p.end : later[1].start])),
                        self._is_drug(p),
                    )
                    or self._under_groups(text, p, found)
                )
            ) or (kept and _KEPT_ON.search(text, later[-1].start, later[-1].end + 6)):
                targets = later
            elif len(earlier) > 1 and self._both_with.search(before) and "placebo" not in p.interventions:
                targets = earlier
            elif (
                len(earlier) > 1
                and "placebo" in earlier[-1].interventions
                and _ALTERNATIVE.match(_past_dose(text[earlier[-2].end : earlier[-1].start]))
                and _ON_TOP.fullmatch(text, earlier[-1].end, p.start)
                and not _OR_ANOTHER.match(text, p.end)
            ):
                targets = earlier[-2:]
            else:
                # B was given after an operation, which is no group
                p.background = p.background or bool(
                    kept and set(p.interventions) <= self._procedures and not p.is_group
                )
                continue
            tested = any("placebo" in x.interventions for x in targets)
            under = [n for n in p.interventions if not (tested and n in self._care)]
            p.background = True
            again = {x.interventions for x in targets if not x.alone}
            for x in targets + [x for x in later if x.interventions in again and x not in targets]:
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

    def gloss(self, text: str, p: ArmPhrase, found: list[ArmPhrase]) -> bool:
        """Whether a pointer in brackets only calls the arm right before it: ``best supportive care (control)``."""
        if p.kind not in ("control", "experimental", "mono", "combination"):
            return False
        owner = None
        if text[max(0, p.start - 1) : p.start] == "(":
            owner = next((x for x in found if x.kind == "interventions" and 0 <= p.start - x.end <= 2), None)
        last = max((x for x in found if x.end <= p.start), key=lambda x: x.end, default=None)
        if owner is None and p.kind in ("control", "experimental") and last is not None:
            called = last.kind == "interventions" and not last.is_group
            owner = last if called and _CALLED.fullmatch(text, last.end, p.start) else None
        if owner is not None and p.interventions and "placebo" in owner.interventions:
            owner.interventions += p.interventions
        elif owner is not None:
            owner.role = p.kind
            owner.called.append(text[p.start : p.end])
        return owner is not None


def _fared_after(text: str, found: Sequence[ArmPhrase]) -> set[int]:
    """Different treatments each behind a number that was measured after it: ``fell to 16 after A and to 15 after B``."""
    told = [
        p
        for p in found
        if p.kind == "interventions" and _NUMBER_AFTER.search(text, max(0, p.start - 30), p.start)
    ]
    return {id(p) for p in told} if len({p.interventions for p in told}) > 1 else set()


def _goes_on(text: str, found: list[ArmPhrase], i: int) -> bool:
    """Whether a phrase is the next of a list; one behind a comma may be what was given then."""
    joined = _ALSO_HAD.fullmatch(text, found[i - 1].end, found[i].start)
    return joined is not None and text[found[i - 1].end] != ","


def _past_dose(between: str) -> str:
    """What stands between two alternatives, without the bracket or the doses behind the first."""
    rest = between.partition(")")[2] or between
    dosed = _DOSES_BETWEEN.match(rest)
    return rest[dosed.end() :] if dosed else rest


def _is_less(text: str, p: ArmPhrase) -> bool:
    """Whether a group is the one that another has more or less than, or whose place it took: ``A比B多降5%``, ``以A代替B``."""
    before = text[max(0, p.start - 8) : p.start]
    return bool(_THAN.search(before) and _MORE_OR_LESS.match(text, p.end)) or bool(
        _IN_PLACE_OF.search(before)
    )


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
        if _ALTERNATIVE.match(between) or (_AGAINST.match(between) and COMPARES.search(text[: p.start])):
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
