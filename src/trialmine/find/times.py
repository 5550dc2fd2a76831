"""Timepoints: when an outcome was measured, told apart from how long a treatment or a follow-up lasted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.sieve import Sieve
from trialmine.core.words import PEOPLE
from trialmine.find.lexicon import Hit
from trialmine.find.limits import STATISTIC
from trialmine.find.quantity import number

_LETTER = {"day": "d", "week": "w", "month": "m", "year": "y", "hour": "h"}
_N = r"(?:\d+(?:\.\d+)?|(?<!\p{Han})半(?=年)|[一二两三四五六七八九](?=个?月|年|周|个?星期|天|小时)|[二三四五六]?十[一二三四五六七八九]?(?=个?月|周|天|日(?!期)|年))"
_UNIT = r"(?:个?周(?!期|岁|围|径|边|身)|个?星期|个?月|年(?!龄)|天|日(?!期)|小时|(?:-\s?|\s)?(?:weeks?|months?|years?|days?|hours?|wks?|yrs?|mos?|d|h|w|y)(?![\p{Latin}\d]))"
_ONE = Expression(rf"(?P<v>{_N})(?:\s?(?P<u>{_UNIT})|-(?=[,\s]))?")
_SEP = r"\s?(?:[、,/]|和|与|及|以及|或|and|or|, and)\s?"
_ITEM = rf"{_N}(?:\s?{_UNIT}|-(?=[,\s]))?"
_LIST = rf"(?P<list>{_ITEM}(?:{_SEP}第?{_ITEM})*(?<={_UNIT}))"
#: not a time at which something was measured: 发病4.5 h内给药, 3个月内心梗史
_WITHIN = r"内(?!的?(?:开始|启动|接受|给予|行)?(?:治疗|给药|用药|服药|溶栓|取栓|手术|入组|入院|就诊|随机|化疗|放疗|\p{Han}{2,10}(?:患者)?(?:行|接受|给予|予以?|采用)\p{Han}{0,4}(?:治疗|溶栓|取栓|手术|介入)|(?:接受|给予|使用|应用)(?!.{0,12}[率值]))|\p{Han}{0,8}史)"
_END = (
    rf"(?:期间内?|(?:\([^()]{{1,12}}\))?(?:[各等]个?|这些)?(?:时间点|时刻|时点)|时(?!间|段|期|候)(?:点)?|后(?!续|序|贯|加|停|改|的?(?:治疗|随访))|末|(?:之|以)内|{_WITHIN}|以后|以来|[以之]前(?=的?(?:(?!接受|手术|曾)[^,。;:()\d]){0, 10}(?:率|比例))|的?(?:随访时|随访中)|随访时|"
    r"的?(?:疗程|治疗|研究|试验|实验|观察|双盲|干预|用药|诱导|维持)(?:期?(?:中|内|间)|期间|过程中)|"
    r"的?(?:中期|随访|最终|长期(?:随访)?|更新|事后)?(?:分析|结果|数据)(?=中|时|,|显示|表明|提示|证实|发现|公布))"
)
_ZH = Expression(
    rf"(?P<pre>(?P<eot>(?:新药)?治疗结束|结束(?:\p{{Han}}{{0,3}})?治疗|停药|疗程结束|停止治疗|停止用药|治疗停止|完成治疗|治疗完成)(?:之后|后|以后)?(?:的)?(?:第|前)?|"
    r"(?P<not>每|每隔|间隔|中位随访(?:时间|期)?(?:为|达|约)?|随访(?:时间|期)(?:为|达|约|中位)?|病程|年龄|历时|既往|过去|近|不足|寿命|连续)|"
    r"(?P<mark>第|(?:疗程|(?<=随访|观察|治疗|给药|用药|服药)的?(?:时间)?|(?<=^|[,。;]))延长(?:到|至)|(?:随访|治疗|维持|用药|持续)(?:至|到)第?|\p{Han}{0,2}[治术疗药植种预产院组化月束剂射管醒娩滞伤](?<!停药)后第?)|(?P<span>(?:治疗|用药|给药|服药|服用|打|用|吃|疗程|注射|干预)(?:了|满|至|达|第)?)|(?P<over>为期|长达|历经|完成(?=\s?\d)|经过?(?=\s?[\d一二三四五六七八九十半]))|随访)?"
    rf"\s?(?<![\d.]){_LIST}(?P<end>{_END})?"
)
_EN = Expression(
    rf"\b(?:[Ww]eeks?|[Mm]onths?|[Dd]ays?|[Yy]ears?|[Ww]k)[\s-](?P<num>\d+(?:\s?(?:,|,?\s?and|or|/|to|through|-)\s?\d+(?![\d.]*\s?%|\.\d))*)(?![\d%]|\.\d)|"
    rf"(?<!\b(?:placement|administration|initiation|delivery|treatment|therapy|surgery|started|given|begun|initiated|administered|treated|performed|presenting|symptoms?|onset|intervention|angiography|discharge|arrival)\s(?=[Ww]ithin))\b(?P<cue>[Aa]t|[Bb]y|[Tt]hrough|[Aa]fter|[Ww]ithin|[Oo]ver|[Ii]n|(?:[Ee]nd|[Cc]ompletion|[Cc]onclusion)\sof)\s(?:the\s|an?\s|this\s|its\s)?{_LIST}(?!-old|['’]?\s(?:of age|old|apart|intervals?|of follow|follow|(?:of\s)?(?:gestation|pregnancy|postmenstrual)|of treatment,?\s(?:with|in\sthe)))|"
    # all that follows holds such a list here: it is looked for once, not by each
    rf"(?=(?:at\s)?{_ITEM}(?:{_SEP}第?{_ITEM})*(?<={_UNIT}))(?:"
    rf"(?<![\d.])(?P<cue>){_LIST}(?=\s(?:after|following|post)\s(?!the\s(?:last|previous)\b))|"
    rf"(?:(?<=\)\s?,\s)|(?<=\)\s?,?\sand\s))(?P<cue>)(?:at\s)?{_LIST}(?=\s?[(\[]\s?[\d<>])(?!\s?[(\[]\s?(?:9\d(?:\.\d+)?\s?%?\s?(?:C|conf)|\d+(?:\.\d+)?\s?(?:-|to\s|,\s)\s?\d))|"
    rf"(?P<cue>)(?<![\d.]){_LIST}(?=\s(?:follow-up\s)?(?:results|data|analys[ei]s|update)\s)|"
    rf"(?<![\d.]){_LIST}(?=\s(?:rates?\sof\s|rates?\b|estimate[ds]?\b|overall\s|cumulative\s|absolute\s|actuarial\s|(?:(?!(?:trial|study|follow|period|course|treatment|history|old|of|in|and|to|with|for|or)\b)\p{{Latin}}[\p{{Latin}}-]*\s){{0,3}}(?:control|failure|recurrence|relapse|mortality|incidence|probability|risk)\b|\p{{Latin}}+[- ](?:free|specific|related)\s)))"
)
#: what each of these holds: a number with its unit, or in English a unit with its number
_UNITED = Expression(rf"[\d半一二两三四五六七八九十]\s?{_UNIT}")
_UNIT_FIRST = Expression(r"(?:[Ww]eeks?|[Mm]onths?|[Dd]ays?|[Yy]ears?|[Ww]k)[\s-]\d")
#: how long a treatment was given
_COURSE = Expression(
    rf"(?:(?:治疗|用药|给药|疗程|干预|诱导|服药|服用|注射|连用|连服|应用)(?:了|为|共|均为|持续|时间为?)?|(?:例|人|名)(?:患者|受试者)?,)\s?{_LIST}(?=[,;。:)]|\s?$|(?:可|能|即可|明显|显著)?(?:使|令|将)(?!用))|"
    rf"为期\s?{_LIST}|"
    rf"(?:(?:治疗|用药|给药|干预|服药|注射)(?:满|至)?|术后)\s?{_LIST}(?:后|时|末)?,?(?:[^,;。%]{{0,16}}从)?[^,;。%]{{0,30}}?(?:(?:进行|予以?|加以|作)?(?:比较|对比|评价|评估|判定)|(?:观察|检测|测定|统计|记录|复查)(?!到|值))|"
    rf"\b(?:assessed|evaluated|measured|compared|examined|recorded)\s(?:at|after)\s{_LIST}(?=\s?[.,;]|\s?$|\sof\streatment)|"
    rf"\b(?:for|over|lasting)\s(?!\d+\.\d){_LIST}(?=\s?[,.;)]|\s?$)|\b(?:[Aa]|[Tt]his|[Tt]he)\s{_LIST}(?=\s(?:\p{{Latin}}+[\s-]){{0,3}}(?:trial|study|course|treatment))"
)
_COURSE_SIEVE = Sieve([(_COURSE, _COURSE)])
_FOLLOWED = Expression(r"(?:随访|观察|病程|follow\p{Latin}*|followed(?:\sup)?|observed)\s?$")
_EOT_PLUS_EN = Expression(
    rf"(?<![\d.]){_LIST}\s(?:after|post|following|off)[\s-](?:the\s)?(?:end of (?:\p{{Latin}}+\s)?(?:treatment|therapy|dosing)|treatment (?:completion|cessation|discontinuation)|EOT\b|completion of|completing|stopping|discontinu\p{{Latin}}+|treatment\b|therapy\b|cessation)"
)
_EOT = Expression(
    r"治疗结束时|结束治疗时|停药时|疗程结束时|治疗结束(?!后)|(?<=当[^,。]{0,14})结束时|"
    r"\b(?:(?:end|completion) of (?:treatment|therapy)|treatment completion|end-of-treatment)\b|(?<![\p{Latin}\d])EOT(?![\p{Latin}\d])"
)
_BASELINE = Expression(
    r"基线(?!相比|比较|时?(?:相比|的?[\p{Latin}\p{Han}\d\s-]{0,14}[<>≤≥])|下降|水平下降|水平?(?:升高|增加|降低))|(?<!新辅助)治疗前|(?<=^|[\p{Han}(,。;、])(?:干预|护理|培训|教育|实施|改进|用药|给药|服药)前(?!后)|(?<!手)术前(?!化疗|治疗|新辅助|放|准备|辅助|诊断)|入院时|入组时|"
    r"\b(?:at )?baseline\b(?!\s(?:to|[\p{Latin}-]+\s?[<>≤≥]))"
)
_FROM = Expression(
    r"(?:较|与|比|相比于?|自|从|距|[Ff]rom|relative to|versus|compared (?:with|to)|vs\.?|over|above|below)\s?$"
)
#: a number before a comma that can't be the first of a list of times: "P=0.005,3年"
_STRAY = Expression(r"(?:\d\.\d+|[=<>%]\s?\d+)\s?,\s?$")
_NAMED = Expression(
    r"^(?:的|时的?)?\s?(?:累[积计]|总|总体|估计|平均|中位)?(?:\p{Han}{0,6}?(?:率(?!先)|生存(?!期|时间)|存活|转阴|累积发生|局控)|KM\b|K-M|[\s-](?:patient\s|cumulative\s|actuarial\s)?survival\b)"
)
_TO_OUTCOME = Expression(
    r"(?:的|时的?)?[\s-]?(?:累[积计]|总体?|估计|持续(?=\p{Han}{0,6}率)|estimated |overall |rate of |rates of )?"
)
_CONFIRMING = Expression(r"(?:confirmed|sustained)\s(?:at|for|by)\s$|(?:确认|持续)(?:至少)?$")
_VALUE_BEFORE = Expression(r"(?:中位|median|m\p{Lu}{2,4}|(?:\p{Lu}{0,2}S|期|时间)(?:为|是|达|[:=])?)\s?$")
#: behind how long people were followed, before what was seen then: 随访33个月的结果显示
_TOLD = Expression(r"[,:]|的?(?:随访)?(?:结果|数据|分析)")
#: what a time is the value of: 中位OS为14.2个月,6个月时…
_IS = Expression(r"(?:为|是|达|至|到|[:=])\s?$")
#: what says that times with commas between them are a list
_IN_ORDER = Expression(r"分别|依次|各为|respectively")
_ON_AVERAGE = Expression(r"(?:中位|平均|最长|至少)$")
_CONFIRMED = Expression(r"^[\s-]?(?:confirmed|sustained|确认|持续)(?!\p{Han}{0,6}率)")
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30,
}  # fmt: skip
_WORD_TIME = Expression(
    rf"\b(?P<w>(?i:{'|'.join(_WORDS)}))[\s-](?P<u>week|month|day|year)s?\b(?![\s-](?:treatment|old|course|trial|study|group|arm))"
)
#: a time that is part of an outcome's name, not when all of a sentence was found: 28-day mortality
_ITS_NAME = Expression(
    r"\d+[\s-](?:day|week|month|year)\s(?!follow|visit|period|assess|evaluat|interval|stud|trial|interim|results|data|analys)\p{Latin}{4}"
)
#: a further time of a list whose numbers stand in brackets: ``术后3 h[2.3]、12 h[1.7]和24 h[1.1]``; between them
_NEXT_TIME = Expression(
    r"[)\]]\s?(?:、|,|和|与|及|以及)\s?(?P<v>\d{1,3}(?:\.\d+)?)\s?(?P<u>小时|分钟|个?月|[dhw](?!\p{Latin})|min|天|日|周|年)(?:时|末|后)?(?=\s?[(\[])"
)
#: behind a number that is one of people
_PEOPLE = Expression(rf"\s(?:of\s(?:the\s)?\d|(?:\p{{Ll}}+\s)?(?:{PEOPLE})\b)")
_ITS_BRACKET = Expression(r"\s?(?:时|末|后)?\s?[(\[](?:[^()\[\]]|\([^()]*\)){1,60}[)\]]")
_SIEVE = Sieve((e, e) for e in (_NEXT_TIME, _EOT_PLUS_EN, _EN, _ZH, _WORD_TIME, _EOT, _BASELINE))


@dataclass(frozen=True, slots=True)
class TimePoint:
    """A timepoint at ``[start, end)``; ``strong`` where a word marks it, else it only stands at an outcome."""

    start: int
    end: int
    value: str
    strong: bool


#: right before a time that ends a span, from when to when people were enrolled
_RANGE_BEFORE = Expression(
    r"(?<![-\d.])\d+(?:\.\d+)?\s?(?:weeks?|months?|days?|years?|hours?|周|个?月|天|年|h|d)?\s?(?:-|~|至|到|to\s|and\s)\s?$"
)
#: right before a group's own time: ``compared with B at 10.9 months``
_A_VALUE = Expression(
    r"\b(?:compared (?:with|to)|versus|vs\.?|than|against|and|with)\s(?:the\s)?[\p{L}\d+/-]+(?:\s[\p{L}\d+/-]+){0,3}\s$"
)
#: right before a time that is what was measured
_MEASURED_AS = Expression(
    r"\b(?:was|were|is|averaged|took|lasted|of)\s(?:(?:[^.;()%]|\.\d){0,60}\b(?:and|vs\.?|versus|than|compared with)\s)?(?:only\s)?$"
)
#: right before by how much a time became longer or shorter
_GAINED = Expression(
    r"\b(?:prolong|extend|delay|length|shorten|improv|increas|reduc|postpon|longer|shorter)\w*\s(?:significantly\s)?$"
)
#: from a time to the same time told otherwise
_THAT_IS = Expression(
    r"(?:时|末)?(?:,|\()?\s?(?:同时)?(?:亦即|也即|亦是|也是|即|也就是|相当于|换言之|i\.e\.,?|that is,?)[^,;。()\d]{0,24}$"
)


#: more than so many years are a date
_LAST_YEAR = 100
_CALENDAR = Expression(r"\d\s?月")
_DATED = Expression(
    r"(?:\d\s?月(?:\s?\d{1,2}\s?日)?\s?(?:至|到|[-~—])\s?(?:\d{4}年|次年|同年|翌年)?|\d{4}\s?年)\s?$"
)
_FROM_TO = Expression(r"to|through|-")
#: 中位随访8年时: what was seen then
_AT_MEDIAN = Expression(r"中位随访.*时$")
#: how long a trial lasted, as against how long an effect did
_LASTED = Expression(
    r"为期|长达的[^,;。]{0,24}?(?:研究|试验|观察|干预)|(?:历经|完成|经过?)\s?的?\p{Han}{0,6}?(?:治疗|干预|实验|试验|研究|用药|训练|观察|服药|补充|康复)"
)
_IN_BRACKET = Expression(r"\s?\)")
_NUMBER_BEFORE = Expression(r"\d\s?%?\s?\($")
_ITS_SHARE = Expression(r"\s?(?:则|分别|仍|均)?(?:为|是|达)?\s?\d+(?:\.\d+)?\s?(?:%|±)")
#: behind a time that opens an item: the numbers or the comparison at that time: (6 h χ2=5.2, P=0.02; 12 h: 8.1 vs 9.4)
_ITS_ITEM = Expression(
    rf"(?:时|末|后|内)?\s?:?\s?(?:{STATISTIC}\s?[,;]?\s?)?[Pp]\s?(?:值)?\s?[<>=]|\s?:\s?[(\[]?-?\d"
)
_OPENS_ITEM = Expression(r"(?:^|[,;、(\[:|])\s?$")
#: behind a span of time in which a change came about, or where one opens a clause: over 24 weeks, …
_OVER_AGE = Expression(r"\b(?:for|aged?|patients|people|adults|women|men|those|participants|lasting|up)\s$")
_CLOSED = Expression(r"\s?(?:[,.;:)]|$|(?:versus|vs|with|in|and|compared)\b)")


def _spans(text: str, m: regex.Match[str]) -> bool:
    """Whether ``over 24 weeks`` tells in how long something came about: not an age or "more than"."""
    before = text[max(0, m.start() - 16) : m.start()]
    return "hour" not in m["list"] and not _OVER_AGE.search(before) and bool(_CLOSED.match(text, m.end()))


class TimeFinder:
    """Reads the timepoints of sentences."""

    def __init__(self, patterns: Patterns) -> None:
        self._units = {
            e.form.lower(): e["concept"] for e in patterns.lexicons["units"] if e["dimension"] == "time"
        }
        self._units |= {
            "周": "week",
            "星期": "week",
            "个星期": "week",
            "月": "month",
            "个周": "week",
            "d": "day",
            "h": "hour",
            "w": "week",
            "y": "year",
            "mo": "month",
            "mos": "month",
        }

    def find(self, text: str, hits: Sequence[Hit] = ()) -> list[TimePoint]:
        """The timepoints of one folded sentence, left to right. ``hits`` are the names of the sentence:
        a time right before an outcome ("3年OS率", "48-month PFS") is that outcome's."""
        starts = {h.start for h in hits if h.name.kind == "outcome"}
        starts |= {
            i
            for h in hits
            if h.name.kind == "outcome" and (text[h.start].isdigit() or _WORD_TIME.match(text, h.start))
            for i in range(h.start + 1, h.end)
        }
        found: list[TimePoint] = []
        worth = set(_SIEVE.passing(text))
        if worth & {_ZH, _EN} and not _UNITED.search(text):
            worth.discard(_ZH)
            if not _UNIT_FIRST.search(text):
                worth.discard(_EN)

        def each(expression: Expression) -> Iterator[regex.Match[str]]:
            return expression.finditer(text) if expression in worth else iter(())

        for m in each(_EOT_PLUS_EN):
            self._add(found, m, "EOT+", True)
        for m in each(_EN):
            if m["cue"] in ("over", "Over") and "." in m["list"]:
                continue  # over 2.2 years: how long people were followed
            if _RANGE_BEFORE.search(text, max(0, m.start("list") - 24), m.start("list")):
                continue  # 1 to 12 months after an infarction: who was enrolled
            if m["cue"] == "by" and _GAINED.search(text, 0, m.start()):
                continue  # prolonged by 4 months
            if m["cue"] == "at" and "." in m["list"] and _A_VALUE.search(text[: m.start()]):
                continue  # compared with B at 10.9 months
            if m["cue"] == "" and "." in m["list"] and _MEASURED_AS.search(text, 0, m.start("list")):
                continue  # the stay was 5.2 days after A and 8.1 days after B
            if m["cue"] in ("in", "In") and _ITS_NAME.match(m["list"] + text[m.end() : m.end() + 14]):
                self._add(found, m, "", False)  # a difference in 28-day mortality
            elif m["num"]:
                self._week(found, m)
            elif regex.search(r"[\p{Latin}]{3}", m["list"]) or m["cue"] is not None:
                self._add(
                    found, m, "", m["cue"] is not None and (m["cue"].lower() != "over" or _spans(text, m))
                )
        for m in (part for whole in each(_ZH) for part in _parts(text, whole)):
            if m["eot"]:
                self._add(found, m, "EOT+", True)
            elif (not m["not"] or _AT_MEDIAN.match(m.group())) and (
                strong := self._kind(text, m, starts, found)
            ) is not None:
                self._add(found, m, "", strong)
        for m in each(_NEXT_TIME):
            last = max((t for t in found if t.end <= m.start()), key=lambda t: t.end, default=None)
            value = self._value(m["v"], m["u"])
            if (
                last is not None
                and value is not None
                and _ITS_BRACKET.fullmatch(text, last.end, m.start() + 1)
            ):
                self._put(found, m.start("v"), m.end("u"), value, last.strong)
        for m in each(_WORD_TIME):
            before = regex.search(r"\b(?:[Aa]t|[Bb]y|[Aa]fter|[Ww]ithin)\s(?:the\s)?$", text[: m.start()])
            after = regex.match(r"\s(?:after|following|later|post)\b", text[m.end() :])
            if before or after or self._at_outcome(text, m.end(), starts):
                self._put(
                    found,
                    m.start(),
                    m.end(),
                    f"{_WORDS[m['w'].lower()]}{_LETTER[m['u']]}",
                    bool(before or after),
                )
        for m in each(_EOT):
            self._put(found, m.start(), m.end(), "EOT", True)
        for m in each(_BASELINE):
            if not _FROM.search(text[: m.start()]):
                self._put(found, m.start(), m.end(), "baseline", True)
        found.sort(key=lambda t: t.start)
        # the same time again, told otherwise: 停药后12周,即治疗第36周
        return [t for i, t in enumerate(found) if not (i and _THAT_IS.match(text, found[i - 1].end, t.start))]

    def course(self, text: str) -> str:
        """How long a sentence says that a treatment lasted, or an empty text."""
        for expression in _COURSE_SIEVE.passing(text):
            for m in expression.finditer(text):
                one = _ONE.fullmatch(m["list"])
                if one and one["u"] and not _FOLLOWED.search(text[: m.start()]):
                    return self._value(one["v"], one["u"]) or ""
        return ""

    def _kind(self, text: str, m: regex.Match[str], starts: set[int], found: list[TimePoint]) -> bool | None:
        """True for a marked time, False for one that stands at an outcome, None for a duration."""
        if "." in m["list"] and text.endswith(("over ", "Over "), 0, m.start("list")):
            return None
        if _CALENDAR.search(m["list"]) and _DATED.search(text, max(0, m.start("list") - 12), m.start("list")):
            return None  # 2月至6月期间
        if (
            m["end"]
            and m["end"].endswith("内")
            and _RANGE_BEFORE.search(text, max(0, m.start() - 16), m.start())
        ):
            return None  # 梗死后2周-12个月内的患者
        if m["mark"] or m["end"] or (m["over"] and _LASTED.match(m["over"] + text[m.end() :])):
            follow = (
                m["pre"] and m["pre"].endswith("随访") and regex.search(r"(?:中位|平均)$", text[: m.start()])
            )
            return None if follow and m["end"] != "时" else True
        if _IN_BRACKET.match(text, m.end()) and _NUMBER_BEFORE.search(
            text, max(0, m.start() - 24), m.start()
        ):
            return True  # 62%和41%(12周)
        after = text[m.end() : m.end() + 2]
        if m["pre"] == "随访" and _TOLD.match(text, m.end()) and not _ON_AVERAGE.search(text[: m.start()]):
            return True
        if m["span"] and regex.match(r"[,;。)]|时", after):
            return True
        if _ITS_SHARE.match(text, m.end()) and (
            (found and not found[-1].strong) or _OPENS_ITEM.search(text, 0, m.start())
        ):
            return False
        if _ITS_ITEM.match(text, m.end()) and _OPENS_ITEM.search(text, 0, m.start()):
            return False
        if self._at_outcome(text, m.end(), starts) and not _VALUE_BEFORE.search(text[: m.start()]):
            return False
        return None

    def _at_outcome(self, text: str, end: int, starts: set[int]) -> bool:
        rest = text[end:]
        if _CONFIRMED.match(rest):
            return False
        gap = _TO_OUTCOME.match(rest)
        return (end + gap.end() if gap else end) in starts or bool(_NAMED.match(rest))

    def _week(self, found: list[TimePoint], m: regex.Match[str]) -> None:
        letter = m.group().lstrip()[0].lower()
        a = m.start("num")
        ends = list(regex.finditer(r"\d+", m["num"]))
        if _FROM_TO.search(m["num"]):  # from week 36 to 88: what had come about at the end of it
            self._put(found, m.start(), a + ends[-1].end(), f"{int(ends[-1].group())}{letter}", True)
            return
        if len(ends) > 1 and _PEOPLE.match(m.string, m.end()):
            ends.pop()  # at week 12, 19 of 38 patients had it
        for i, n in enumerate(ends):
            start = m.start() if i == 0 else a + n.start()
            self._put(found, start, a + n.end(), f"{int(n.group())}{letter}", True)

    def _add(self, found: list[TimePoint], m: regex.Match[str], prefix: str, strong: bool) -> None:
        """The times of a list, each with the unit that follows it or a later one."""
        base = m.start("list")
        if _CONFIRMING.search(m.string[:base]):
            return
        parts = list(_ONE.finditer(m["list"]))
        unit = ""
        for i in range(len(parts) - 1, -1, -1):
            p = parts[i]
            unit = p["u"] or unit
            value = self._value(p["v"], unit)
            if i < len(parts) - 1 and p["u"] and "," in m["list"] and p["u"] != parts[-1]["u"]:
                continue
            if value is None or (
                i < len(parts) - 1
                and "," in m["list"]
                and _STRAY.search(m.string[:base] + m["list"][: parts[-1].start()])
            ):
                continue
            start = m.start() if i == 0 and prefix else base + p.start()
            end = m.end() if i == len(parts) - 1 and prefix else base + len(m["list"][: p.end()].rstrip())
            self._put(found, start, end, prefix + value, strong)

    def _put(self, found: list[TimePoint], start: int, end: int, value: str, strong: bool) -> None:
        if not any(t.start < end and start < t.end for t in found):
            found.append(TimePoint(start, end, value, strong))

    def _value(self, printed: str, unit: str) -> str | None:
        concept = self._units.get(unit.lower().strip(" -"))
        v = number(printed)
        if printed == "半":
            concept, v = "month", 6.0
        if concept not in _LETTER or v is None or (concept == "year" and v > _LAST_YEAR):
            return None
        return f"{v:g}{_LETTER[concept]}"


def _parts(text: str, m: regex.Match[str]) -> Iterator[regex.Match[str]]:
    """The times of a match that a comma parts: ``为14.2个月,6个月时``, ``最长10天,28天死亡率`` are no list."""
    head, comma, _ = m["list"].partition(",")
    if not comma or not regex.search(r"\p{Han}$", head) or m["eot"]:
        yield m
        return
    at = m.start("list") + len(head)
    valued = _IS.search(text[: m.start("list")]) or _VALUE_BEFORE.search(text[: m.start("list")])
    if not (m["not"] or (valued and not m["pre"])):
        if _IN_ORDER.search(text, at):
            yield m
            return
        first = _ZH.match(text, m.start(), at)
        if first is not None:
            yield first
    rest = _ZH.search(text, at + 1, m.end() + 8)
    if rest is not None:
        yield from _parts(text, rest)
