"""Whether a number can be a result at all: sizes, thresholds, durations and doses are set apart."""

from __future__ import annotations

import regex

from trialmine.core.lazy import Expression
from trialmine.core.sieve import possible
from trialmine.core.words import PEOPLE
from trialmine.find.quantity import Quantity
from trialmine.find.totals import PART
from trialmine.find.units import IN_GROUP, TO_NEXT_GROUP
from trialmine.find.unseen import CLASSES
from trialmine.link.lasted import is_told_of
from trialmine.link.view import View
from trialmine.read.segment import HAN

_PAUSE = Expression(r"[;。:]|,(?!\d{3}|\srespectively\b)(?<!respectively,)")
_PEOPLE_ZH = r"(?:患者|受试者|病例|病人|参与者|病友|者|人)?"
#: what happens to people (Chinese), right after their number
_HAPPENS_ZH = Expression(
    rf"{_PEOPLE_ZH}(?:均|都|也|仅|曾|已|可|能|能够|成功|最终|先后|随后|再次|重新|重|新|提前|"
    rf"因[^,;。%\d]{{1,16}}?|(?:在|于|经)[^,;。%]{{1,20}}?|[^,;。%\d]{{2,24}}?(?<!随访)后){{0,3}}"
    r"(?:获得|获|达到|达|取得|实现|发生|出现|发展|(?:再次|再|改|加|转)行\p{Han}{2,12}(?:术|治疗)(?![^,;。]{0,12}(?:患者|者))|维持|保持|呈现|经历|存活|生存|进展|死亡|病死|"
    r"(?:产生)?(?:响应|应答|反应)|无(?:响应|应答|反应|复发|进展|变化|明显|改善|效)|未(?!成年|经|婚|育|分|随机|绝经|合并|伴)(?=[^,;。]{2,16}(?:[,;。()]|$))|不再|不能|无法|无需|不需|起效|继续|拒绝|"
    r"(?:术后|治疗后|停药后|用药后|术中)(?:仍|再次|继续|又|均|未|死亡|复发)|转(?:入|移|院|至|归)|入住|失败|再(?:发|手术|出血|狭窄|灌注)|遗留|残留|破裂|"
    r"复发|反弹|复阳|转阴|转为|转换|转化|突破|完成|"
    r"用药|终止|停药|退出|脱落|失访|中断|中止|暂停|减量|启用|重启|"
    r"接受(?:了)?(?:[^,;。%\d]{0,8})?(?:手术|切除|移植|挽救|输血|再治疗)|发病|患病|患上|中招|死于|出院|撤机|妊娠|怀孕|流产|分娩|"
    r"需要?(?!要)|改用|症状|康复|退热|达标|恢复|改善|缓解|治愈|"
    r"痊愈|有效|无效|好转|恶化|加重|升高|降低|下降|感染|出血|住院|再入院|疾病稳定|病情稳定|完全|"
    r"部分|治疗(?:有效|无效|成功|失败)|阳性|阴性|报告|被(?:诊断|确诊|检出|发现|证实|判定)|诱发)"
)
#: people of whom an outcome is told: 35例可评估患者的ORR为
_WHOSE = Expression(
    r"[^,;。\d%()]{0,14}(?:患者|病例|病人|受试者|患儿)的?(?:\d+\s?(?:年|个月|月|周|天|d))?(?:中位|总体|客观|疾病控制|平均)?\s?(?:\p{Lu}[\p{Latin}]{1,5}|[^,;。\d%]{0,10}(?:率|期))(?:分别)?(?:为|达|是)?\s?\d"
)
#: one whom it had happened to: ``一位脑死亡的患者``
_WHO_DID = Expression(
    r"的[^,;。]{0,20}(?:患者|病例|病人)(?![^,;。]{0,6}(?:获得|达到|出现|发生|死亡|复发))|"
    r"[^,;。%\d]{1,20}的[^,;。]{0,20}(?:患者|病例|病人|受试者),(?:被|均|并|按\p{Han}{0,6})?随机"
)
#: those of whom a part is told next: ``56例接受放疗的患者中``
_OF_WHOM_A_PART = Expression(
    r"[^,;。、]{0,40}的[^,;。、]{0,16}(?:患者|受试者|病例|病人|患儿|者)(?:之中|当中|中(?!位|心))(?=,|有|仅|\s?\d)"
)
_HAPPENS_EN = Expression(
    r"(?:\s\([^()]{0,30}\))?(?:\s(?!who\b|whose\b|aged\b|enrolled\b|randomi[sz]ed\b|assigned\b|"
    r"included\b|recruited\b|with\b)[\p{Latin}/+-]+,?){0,9}?"
    r"\s(?:died|dies|had|have|experienced|achieved|attained|reached|developed|discontinued|withdrew|"
    r"stopped|relapsed|progressed|responded|"
    r"completed|remained|reported|suffered|showed|survived|recovered|resumed|required|needed|dropped|"
    r"crossed|underwent|maintained|became|lost|left|met|started|failed|improved|worsened|recurred|bled|conceived|"
    r"(?:was|were|had been)\s(?:randomly\s|then\s|finally\s|all\s)?(?!randomi|assigned|enrolled|included|recruited|treated|given|eligible|"
    r"screened|allocated|analy|evaluat|followed|aged|divided|distributed|allotted|stratified|selected|studied|identified|admitted|invited|approached|considered|randomly|then|finally|all\b)\p{Latin}+)\b"
)
_OCCURRED = Expression(
    r"\b(?:occurred|occurring|reported|seen|observed|noted|found|developed|achieved|present|"
    r"documented|detected|recorded|obtained|confirmed|needed|required|necessary|"
    r"events?|deaths?|response|responses|relapses?|remission|in only|in just)\s(?:only\s|"
    r"at least\s)?(?:in|among|by|for)?\s?(?:only\s|just\s|a total of\s)?(?:\d+\s(?:and|versus|vs\.?)\s)?$"
)
#: what became of people, right before how many they were
_HAPPENED_IN = Expression(
    r"\b(?:occurred|occurring|reported|seen|observed|noted|developed|detected|recorded)\s(?:in|among|by)\s(?:only\s|just\s)?(?:\d+\s(?:and|versus|vs\.?)\s)?$"
)
_OCCURRED_ZH = Expression(
    r"(?<!未|没有|无)(?:出现|发生|新增|检出|检测出|确诊)(?:了|过|有|共|仅|只|约|至少|超过){0,3}\s?$"
)
#: the others, of whom only is said that what the first had did not happen to them
_THE_REST = Expression(r"(?:其余|剩余|另外?|余)的?\s?$")
_NOTHING_DONE = Expression(rf"{_PEOPLE_ZH}(?:均|都|则|也)?(?:未|无|继续|不)")
#: the rules whose counts say themselves what happened
_COUNTED = (
    "nobody",
    "events_named",
    "graded_count",
    "event_count",
    "counted_beside",
    "count_of_whom",
    "counts_befell",
    "count_pair",
    "number_of_whom",
)
#: people of a kind that are only counted
_CASES = Expression(r"的?(?:患者|病例|病人|受试者|参与者)(?![^,;。]{0,8}(?:死亡|复发))")
_NAMED_BEFORE = Expression(
    r"^[率者]?\s?(?:\([^()]{0,24}\))?\s?(?:患者|病例|事件)?(?:均|各|仅|共|分别|为|有|是|达|约|"
    r"发生|发生了|[:=\s]|was|were|in|"
    r"of|occurred|only){0,4}(?:\d+\s?(?:例|名|人)?\s?(?:[、和与对]|vs\.?|比)\s?){0,3}$"
)
_SIZE_BEFORE = Expression(
    r"(?:组|组:|臂|n\s?=\s?|N\s?=\s?|例数:?|纳入|入组|收治|收案|招募|随机|分析|比较了?|对比了?|对照|"
    r"包括|涉及|所有|全部|这|该|其余|余|对|vs\.?|"
    r"versus|和|与)\s?\(?$"
)
_OF_A_GROUP = Expression(
    rf"{_PEOPLE_ZH}(?:患者)?(?:中|的(?![^,;。]{{0,4}}(?:获得|达到|出现|发生))|随机|按|分为|分配|"
    rf"分别接受|被分|进行|采用|给予|使用)"
)
#: people of a kind, taken in or treated: ``70例早产儿,随机分为``
_TAKEN_IN = Expression(
    r"[^,;。、:%]{0,20}?(?:患者|患儿|病人|孕产?妇|产妇|新生儿|早产儿|婴幼?儿|儿童|学生|妇女|老年人|受试者|病例|志愿者)"
    r"(?:,?(?:(?:并|均|已|将其|全部)?(?:采用|使用|运用|应用|通过|利用|以|依照?|经|按照?|根据|依据|参照|借助)[^,;。%\d组]{0,18}?)?(?:随机|分为|分成|分组(?!比)|均分|划分|被分|按|根据|依据|作为|为研究|为观察)|"
    r"的?(?:临床|病历|病例|相关|基本|一般|诊疗|完整|住院|随访)*(?:资料|病历|数据))"
)
#: places that took part, before the share of them in brackets: ``303家机构(94.7%)``, ``18 of 20 centres (90%)``
_OF_PLACES = Expression(
    r"\d\s?[家所个](?:\p{Han}{0,4}(?:机构|医院|中心|单位|科室))\s?\(\s?$|\d\s(?:[\p{Ll}-]+\s){0,2}(?:cent(?:re|er)s|hospitals|sites|institutions|clinics|practices)\s?\(\s?$"
)
#: what became less, before the share by which it did
_LESS = Expression(
    r"(?:下降|降低|减少|缩小|减轻)(?:了|约|近|达|超过)*\s?$|\b(?:reduc|decreas|declin|fell|lower)\p{Latin}*\s(?:of|by|in \p{Latin}+ of)\s$"
)
#: before or behind the p-value of a test of the studies, not of the groups
_OF_STUDIES = Expression(
    r"(?:异质性|同质性|发表偏倚|偏倚风险|齐性|正态性|[Hh]eterogeneity|[Pp]ublication bias|[Ee]gger|[Bb]egg)[^。;,]{0,40}$|"
    r"(?<![\p{Latin}])I\s?\^?[2²]?\s?(?:=|为|was|of|:)\s?\d+(?:\.\d+)?\s?%\s?[,;]\s?$"
)
_OF_STUDIES_AFTER = Expression(r"\s?[,;]\s?I\s?\^?[2²]\s?(?:=|为|:)")
#: those who were treated for something: ``治疗偏头痛60例``
_TREATED = Expression(
    r"(?:(?:治疗|收治|诊治|干预|诊断为|确诊的?)(?!后|前|期间|中|组|相关|结束|过程|有效|无效|失败|成功)"
    r"[^,;。、:]{1,20}?(?<!死亡|复发|有效|无效|治愈|好转|痊愈|显效|出血|感染)|患者|病人|患儿|病例)(?:共|计)?\s?$"
)
#: whom a text is about: ``本组脑出血52例``
_OF_SERIES = Expression(r"(?:本组|本院|我院|该院|本科|我科|收治|选取|入选|诊断为?)(?:的)?\s?$")
#: what those who were enrolled had: ``选取感染患者60例,其中肺部感染32例``
_ENROLLED_WITH = Expression(
    r"(?:选取|纳入|收治的?|入选|收集)[^。;]{0,60}?(?:例|名)[^。;,]{0,20},(?:其中)?"
    r"(?:(?!死亡|治愈|率|%|并发症|出现|发生|术后|治疗后|有效|好转|痊愈|随访|出院|结果|,[^,;。]{0,12}组)[^。;])*$"
)
_ASSIGNED = Expression(
    r"[^,;。]{0,60}?(?:患者|受试者|病例|病人|者)(?:被|按|随机|分为|分到|分配|入组|纳入)|"
    r"(?:\s[\p{Latin}/-]+){0,12}?\s(?:was|were|had been|have been)\s(?:\p{Latin}+ly\s|then\s|all\s)?(?:randomi|assigned|allocated|enroll?ed|recruited|included|divided|distributed|allotted|stratified)"
)
_MARGIN = Expression(
    r"(?:界值|阈值|临界值|截断值|cut-?\s?off(?:\svalue|\spoint)?|thresholds?|margin|把握度|"
    r"检验效能|统计效能|power|α|alpha|"
    r"正常值上限|ULN|\b(?:threshold|trigger|target|cut-?off)s?\s(?:for \p{Latin}+ )?(?:was|were|of|is)\s(?!(?:met|reached|achieved|attained|hit)\b)[^,.;\d]{0,30})\s?(?:均|被|分别)?(?:设(?:定|置)?|定|取|选择?)?(?:为|是|在|of|was|=|:|at)?\s?$|"
    r"(?:目标值?|靶目标值?|达标值|标准值)\s?(?:均|应|是)?(?:为|是|控制在|:)?\s?$"
)
_MARGIN_AFTER = Expression(
    r"\s?(?:作?为)?(?:的)?(?:非劣效?(?:性)?|诊断|最佳)?(?:界值|界限|分界|截点|切点|截断值|临界值|阈值|把握度|检验效能|统计效能|power\b|cut-?off|threshold|"
    r"non-?inferiority margin|CIs?\b|CrI|置信|可信|信赖)"
)
#: what is to be reached, and the limit in brackets behind it: ``达标率(<7.0%)``, ``reaching the target (<70 mg/dL)``
_TO_REACH = Expression(
    r"(?:(?:达标|目标|靶标|控制良好)(?:率|者|患者|值|水平)?(?:的?比例)?\s?|"
    r"\b(?:targets?|goals?|reach(?:ed|ing)|achiev(?:ed|ing)|attain(?:ed|ing))\b(?:[^(),.;%\d]|(?<=\p{L})\d){0,40})[(\[](?:即|i\.?e\.?,?\s)?(?:\p{Latin}[\p{Latin}\d-]*\s?)?$"
)
_MAY_BE_MARGIN = possible(_MARGIN, _MARGIN_AFTER)
_MONEY = Expression(
    r"股价|市值|销售额|营收|市场份额|\b(?:[Ss]hares (?:in|of|rose|fell)|stock price|revenues?|market share)\b"
)
#: the criteria by which people were enrolled or judged, not parted from a number by a full stop
_CRITERIA = Expression(
    r"(?:入选|纳入|入组|排除|诊断|剔除|判定|评定|疗效)(?:与排除|和排除)?(?:标准|条件)(?:为|是|:|包括|如下)[^。]{0,160}$|"
    r"(?:定义为?|界定为?|\bdefin(?:ed|ition)\b)[^。;]{0,24}?[(:][^()。;]{0,60}$|(?:定义|界定)为[^。;,]{0,40}$|\bdefined as\b[^.;,()]{0,60}$|"
    r"\b(?:inclusion|exclusion|entry|eligibility|enrol?lment) criteri(?:on|a)\b[^.;]{0,60}$|\b(?:mandatory|eligible|required for (?:inclusion|entry|enrol?lment))\b[^.;,]{0,24}?\([^()]*$"
)
_MISSED = Expression(r"(?:未能?|不能|无法|没有|尚未)(?:达到|超过)?$")
_A_CLASS = Expression(r"\)?\s?(?::\s?\d|者|的(?:患者|人群|人|亚组|受试者|\s?\d)|人群|亚组|患者(?:中|的)|组)")
#: a share of people goes on to say what they had: ``>60%的患者获得``
_HELD_BY = Expression(
    r"\s?(?:者|的?(?:患者|受试者|病例|病人|人))[^,;。]{0,10}?(?:获得|达到|实现|出现|发生|有|报告|经历|完成|缓解|为|接受|存在|伴|合并|需)"
)
#: a group's name and what its bracket says up to a number
_GROUP_OPENS = Expression(r"(?:组|者)\((?=[^()]*$)")
_LIMITS = Expression(r"[<>≤≥]\s?\d")
#: a bracket that tells results
_TOLD_THERE = Expression(r"[Pp]\s?[<>=]|%|CI|±|[;。]|比|vs")
#: the most per cent by which a model, against placebo, lets a level fall
_MODELLED = 110
#: characters from the name of a level to its change
_NEAR_CHANGE = 16


#: from an estimate to the level of those of whom it is told
_AT_LEVEL = Expression(r"[\d)\]]\s(?:at|for|in|among)\s$")


def _defines_group(text: str, q: Quantity) -> bool:
    """Whether a number is a limit by which people were parted: ``正常高值组(收缩压130~<140 mmHg)``, ``0.58 at <45 mL/min``."""
    if text[q.start : q.start + 1] in "<>≤≥" and _AT_LEVEL.search(text, max(0, q.start - 12), q.start):
        return True
    opened = _GROUP_OPENS.search(text, max(0, q.start - 40), q.start)
    within = text[opened.end() - 1 : max(q.end, text.find(")", q.end))] if opened else ""
    return bool(_LIMITS.search(within)) and not _TOLD_THERE.search(within)


def _of_level(view: View, q: Quantity) -> bool:
    """Whether what stands right before a change is the name of a level, and a model can tell the change."""
    named = [o for o in view.outcomes if o.end <= q.start]
    if not named or (q.value or 0) > _MODELLED:
        return False
    return named[-1].measure == "level" and q.start - named[-1].end <= _NEAR_CHANGE


#: from what an outcome is said to be, or whom a table leaves out, to a limit in it
_DEFINES = Expression(
    r"(?:\b(?:was|were|is|are)\s(?:pre-?)?defined\s(?:as|by)\b|\bdefined as\b|\bexclud(?:es|ed|ing)\s(?:patients|those|participants)\b|(?:定义|界定)为)"
    r"(?:(?!\b(?:was|were|occurred|compared|versus|vs)\b)[^;。])*$"
)
_DEFINED_WITHIN = 400


def is_result(view: View, q: Quantity) -> bool:
    """Whether a number can be a result."""
    text = view.text
    before, after = text[max(0, q.start - 40) : q.start], text[q.end : q.end + 20]
    if _MAY_BE_MARGIN(text) and (_MARGIN.search(before) or _MARGIN_AFTER.match(after)):
        return False
    if q.kind == "percent" and _MONEY.search(text):
        return False
    if q.kind == "percent" and (q.value or 0) > 100 and _LESS.search(before) and not _of_level(view, q):
        return False  # no share or risk becomes less by more than itself; the change of a level that a model tells may
    if q.kind in ("level", "number") and _defines_group(text, q):
        return False
    if q.kind == "p":
        return not (_OF_STUDIES.search(text[: q.outer_start]) or _OF_STUDIES_AFTER.match(text, q.outer_end))
    if q.kind == "time":
        return is_told_of(view, q)
    if q.kind == "count":
        return q.rule in _COUNTED or PART in q.flags or _count(view, q)
    if q.kind == "number":
        return not _DEFINES.search(text, max(0, q.start - _DEFINED_WITHIN), q.start) and _number(view, q)
    if q.kind in ("level", "percent", "mean") and _CRITERIA.search(text[: q.start]):
        return False
    bare = q.kind == "percent" and "%" not in text[q.start : q.end]
    if (q.kind in ("level", "mean") or bare) and _DEFINES.search(
        text, max(0, q.start - _DEFINED_WITHIN), q.start
    ):
        return False
    bounded = "range" in q.flags or text[q.start : q.start + 1] in "<>≤≥"
    if q.kind in ("level", "percent") and bounded and _A_CLASS.match(text[q.end :]):
        return q.kind == "percent" and bool(_HELD_BY.match(text[q.end :]))
    if (
        q.kind in ("level", "percent")
        and bounded
        and text[q.end : q.end + 1] in ")]"
        and _TO_REACH.search(before)
    ):
        return False
    if q.kind == "percent":
        return not (_MISSED.search(before) or _OF_PLACES.search(before))
    return True


#: from people of one group to those of another one, of whom the same is said: ``in group A and 5 patients ...``
_AND_OTHERS = Expression(
    r"\s(?:in|on|with|given|assigned to|receiving|treated with)\s(?:the\s)?[^,.;:()]{1,50}?\s(?:and|versus|vs\.?|compared with)\s"
    rf"(?:(?:\d+|\p{{Latin}}+)\s(?:of\s)?(?:{PEOPLE}|eyes|cases)(?=\s)|(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=\s(?:in|on|of|given|with|assigned|receiving)\b))|"
    rf"\s(?:and|versus|vs\.?|but)\s\d+\s(?:[\p{{Latin}}-]+\s){{0,2}}?(?:{PEOPLE}|eyes|cases|controls)(?=\s)"
)


#: from a number of people to what they had: ``A组2例轻度头痛``
HAD = Expression(r"(?:患者|受试者)?(?:有|为|因)?(?:[轻中重]度|轻微|严重|局部|一过性|短暂)?(?:的)?")


def _count(view: View, q: Quantity) -> bool:
    """People counted are a result where the words tell what happened to them; else a group's size."""
    text = view.text
    if "base" in q.flags:
        return False
    start = max((m.end() for m in _PAUSE.finditer(text, 0, q.start)), default=0)
    stop = next((m.start() for m in _PAUSE.finditer(text, q.outer_end)), len(text))
    before, after = text[start : q.start], text[q.outer_end : stop]
    if _OF_WHOM_A_PART.match(after):
        return False
    if _TAKEN_IN.match(text, q.outer_end):
        return False
    happens = _HAPPENS_ZH.match(after)
    if _WHOSE.match(after):
        return False
    if happens and _WHO_DID.match(after, happens.end()):
        return False
    if happens and _THE_REST.search(before) and _NOTHING_DONE.match(after):
        return False
    if happens or _HAPPENS_EN.match(after) or _OCCURRED.search(before):
        return True
    if _OCCURRED_ZH.search(before) and not _CASES.match(after):
        return True
    if (others := _AND_OTHERS.match(after)) and _HAPPENS_EN.match(after, others.end()):
        return True
    if happened(text, q):
        return True
    last = max((x for x in view.quantities if x.start < q.start), key=lambda x: x.start, default=None)
    if last is not None and last.kind == "count" and _of_next_group(text, last, q) and is_result(view, last):
        return True  # of five who got A and of seven who got B the same is said
    if _OF_A_GROUP.match(after) or _TREATED.search(before):
        return False
    named = [o for o in view.outcomes if start <= o.start and o.end <= q.start]
    if _WITHOUT.match(after) or _ASSIGNED.match(after):
        return False
    if (q.value or 0) >= 100 and _IN_ALL.search(before):
        return False
    if named and named[-1].measure == "event" and _ENROLLED_WITH.search(text[: q.start]):
        return False
    if named and _NAMED_BEFORE.match(text[named[-1].end : q.start]):
        return not _OF_SERIES.search(text[start : named[-1].start])
    if listed_count(view, q):
        return True
    if any(
        m.start() <= q.start < m.end() and _tells_events(view, m.span()) for m in _ITEMISED.finditer(text)
    ):
        return True
    bracketed = text[q.outer_end : q.outer_end + 1] == ")"
    if bracketed and named and regex.search(r"\(\s?共\s?$", before):
        return True
    if any(
        o.measure == "event" and HAD.fullmatch(text, q.outer_end, o.start)
        for o in view.outcomes
        if o.start >= q.outer_end
    ):
        return True
    if _classed(view, q):
        return True
    if _SIZE_BEFORE.search(before) or bracketed:
        return False
    return any(
        q.outer_end <= o.start < stop and len(text[q.outer_end : o.start]) < (14 if HAN.search(text) else 60)
        for o in view.outcomes
    )


#: events in a row, each with its count in a bracket: ``出血(0例)、声音嘶哑(1例)``
_ITEMISED = Expression(
    r"(?<![\p{Han}\p{Latin}])[^,;、。:()\d]{2,18}(?<!组|者|患者)\(\d+\s?[例人]\)(?:\s?(?:、|,|和|与|及|以及)\s?[^,;、。:()\d]{2,18}(?<!组|者|患者)\(\d+\s?[例人]\))+"
)


def _tells_events(view: View, span: tuple[int, int]) -> bool:
    """Whether at least one event is named in a stretch."""
    return any(
        span[0] <= o.start and o.end <= span[1] and o.measure in ("event", "rate") for o in view.outcomes
    )


#: classes by which people were told apart before anything happened to them
_NO_FATE = Expression(r"采用|接受|给予|手术|合并|来自|病程|年龄")
#: a class called by its scores
_SCORED = Expression(r"分\)\s?(?:的?患者|者)?(?:有|共|为)?\s?\d")


def _classed(view: View, q: Quantity) -> bool:
    """Whether a count is of one class of a list that tells how people fared: ``轻度病残5例、重度病残2例、死亡1例``."""
    for m in CLASSES.finditer(view.text):
        if m.start() <= q.start < m.end():
            fared = any(
                m.start() <= o.start and o.end <= m.end() and o.measure in ("event", "rate")
                for o in view.outcomes
            )
            return (fared or bool(_SCORED.search(m.group()))) and not _NO_FATE.search(m.group())
    return False


#: the rule for people counted with the name of their group, and what stands between two such
_KIND = "count_of_kind"
_NEXT_KIND = Expression(
    r"(?:\s[\p{Latin}\d/-]+){0,4}?\s(?:and|but|versus|vs\.?|compared (?:with|to))\s(?:in\s)?"
)


def _of_next_group(text: str, last: Quantity, q: Quantity) -> bool:
    """Whether a count is that of the next group, as the one before it was of another."""
    if q.rule == _KIND and _NEXT_KIND.fullmatch(text, last.outer_end, q.start):
        return True  # 12 ceftriaxone recipients and 31 placebo recipients
    return bool(IN_GROUP.match(text, q.end) and TO_NEXT_GROUP.match(text[last.outer_end : q.start]))


def happened(text: str, q: Quantity) -> bool:
    """Whether the words beside a count of people tell what became of them."""
    if m := _HAPPENS_ZH.match(text, q.outer_end):
        return not _WHO_DID.match(text, m.end())
    return _HAPPENED_IN.search(text, max(0, q.start - 40), q.start) is not None


def listed_count(view: View, q: Quantity) -> bool:
    """Whether a count stands in one list with another one that is a result: ``A组5例、B组11例发生…``, ``…,B组为9例``."""
    text = view.text
    if _A_PART_NEXT.match(text, q.outer_end):
        return False
    counts = [x for x in view.quantities if x.kind == "count"]
    at = counts.index(q)
    before = counts[at - 1] if at else None
    if before is not None and _of_next_group(text, before, q) and happened(text, before):
        return True
    following = counts[at + 1] if at + 1 < len(counts) else None
    if following is not None and _COUNT_TO_COUNT.match(text[q.outer_end : following.start]):
        stop = next((m.end() for m in _PAUSE.finditer(text, following.outer_end)), len(text))
        if _HAPPENS_ZH.match(text[following.outer_end : stop]):
            return True
    if before is None:
        return False
    after = text[before.outer_end : q.start]
    if _PARTED.match(after) or (_PART_LISTED.match(after) and _PARTED_BEFORE.search(text[: before.start])):
        return _count(view, before)
    if _OTHERS_LISTED.search(after) or (_LIST_MARK.match(after) and _OTHERS_LISTED.search(text[: q.start])):
        return sum(x.rule in _COUNTED for x in counts[:at]) > 1
    if not _AND_IN.search(after) or not _CLOSED.match(text[q.outer_end :]):
        return False
    return bool(_HAPPENS_ZH.match(after[: after.rfind(",")])) or before.rule in _COUNTED


#: those of whom a part is counted next: ``B组58例,其中9例未用药``
_A_PART_NEXT = Expression(r"\s?,其中\s?(?:有|共|仅)*\d")
#: from a count to the next one of a list; from what happened to one group to the count of the next
_COUNT_TO_COUNT = Expression(
    r"^\s?[、,和与及而对]{1,2}[^,;。、\d()]{0,14}?(?:组|者|臂|队列)?(?:则|仅|分别)?(?:为|有|是)?\s?$"
)
_AND_IN = Expression(
    r",(?:而)?[^,;。、\d()]{1,14}(?:则|仅)?(?:为|有|是)(?:仅)?\s?$|^次?,(?:而)?[^,;。、\d()]{1,12}组(?:则|仅)?\s?$"
)
#: the counts of a second group, in the order of those of the first: ``;B组分别为2例、6例``
_OTHERS_LISTED = Expression(
    r"[,;][^,;。\d()]{1,12}组(?:则)?(?:分别|依次)(?:为|是|有)(?:\d+例[、和与及]){0,6}\s?$"
)
#: from a count to those of the groups in the bracket behind it: ``复发5例(A组2例,B组3例)``
_PARTED = Expression(r"\s?\((?!n\s?=)(?:其中)?[^(),;。、:\d]{1,14}(?<!均|共|合计|占)(?:有|为)?\s?$")
_PART_LISTED = Expression(r"\s?[,、;]\s?[^(),;。、:\d]{1,14}(?:有|为)?\s?$")
_PARTED_BEFORE = Expression(r"\d\s?(?:例|人|名|眼)\s?\([^()]*$")
_LIST_MARK = Expression(r"\s?(?:、|和|与|及)\s?$")
_CLOSED = Expression(r"\s?[,;。)]|$")


def _number(view: View, q: Quantity) -> bool:
    """A bare whole number is a result only right after an outcome, or set against another there."""
    text = view.text
    printed = text[q.start : q.end]
    if printed[:1] in "<>≤≥":
        return False
    if "." in printed or q.interval is not None:
        return True
    if _EVALUABLE.search(text[: q.start]) or _OF_A_NAME.match(text, q.end):
        return False
    near = [o for o in view.outcomes if o.end <= q.start]
    if not near:
        return False
    last = max((x for x in view.quantities if x.start < q.start), key=lambda x: x.start, default=None)
    if last is not None and last.kind == "number" and last.start >= near[-1].end:
        between = text[last.outer_end : q.start]
        if TO_NEXT_GROUP.match(between) and IN_GROUP.match(text, q.end) and _number(view, last):
            return True
    gap = text[near[-1].end : q.start]
    if _NAMED_BEFORE.match(gap):
        return True
    paired = regex.match(r"\s?(?:对|vs\.?|versus|比)\s?\d", text[q.end :]) or regex.search(
        r"\d\s?(?:对|vs\.?|versus|比)\s?$", text[: q.start]
    )
    return bool(paired) and near[-1].measure in ("level", "time") and len(gap) < 40


_WITHOUT = Expression(r"\s?(?:不伴|未伴|无|合并|为)")
#: behind a whole number that ends the name of a trial
_OF_A_NAME = Expression(r"\)?\s(?:trial|study|trials|studies|registry|cohort)\b")
_IN_ALL = Expression(r"(?:共|总计|合计)\s?$")
_EVALUABLE = Expression(
    r"(?:可评估|可评价|可分析|evaluable|analy[sz]ed)\s?(?:\d+\s?(?:vs\.?|对|比|和|与|/)\s?)?$"
)
