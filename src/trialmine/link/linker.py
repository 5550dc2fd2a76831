"""From the finds of each sentence to linked results: outcome, arms, time, population and study.

:class:`Linker` walks the sentences of a page in order; what is in force from one to the next is kept in
:class:`~trialmine.link.inforce.InForce`, which all stages share.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns, iter_rules
from trialmine.core.records import Arm, Study
from trialmine.core.sieve import Sieve, possible
from trialmine.find.endpoints import Endpoints
from trialmine.find.labels import label_of
from trialmine.find.lexicon import Hit, Lexicon, Name
from trialmine.find.names import INTERVENTIONS, Anchor, NameFinder
from trialmine.find.numbers import NumberFinder
from trialmine.find.outcomephrase import OutcomePhrase, snake
from trialmine.find.outcomes import OutcomeFinder
from trialmine.find.populations import Population, PopulationFinder
from trialmine.find.quantity import RESULT_KINDS, Quantity
from trialmine.find.rows import in_a_row, told_in_turn
from trialmine.find.subjects import Subjects
from trialmine.find.times import TimeFinder, TimePoint
from trialmine.find.totals import PART
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.arms import CONTROLLED, ArmFinder
from trialmine.link.assign import Assigner
from trialmine.link.axes import items_of_pairs
from trialmine.link.cells import Cell, Cells, cell_lists
from trialmine.link.choose import OVER_TIME, is_estimate
from trialmine.link.confidence import add_page, features_of
from trialmine.link.contrasts import Contrasts
from trialmine.link.crowds import as_phrases, crowds, groups_of_people, its_people, shared_by
from trialmine.link.direction import turn
from trialmine.link.finish import HAN_BY, Finisher
from trialmine.link.forest import ForestPlots
from trialmine.link.groups import Grouper
from trialmine.link.inforce import ANNOUNCE_REACH, InForce
from trialmine.link.inuse import in_use
from trialmine.link.layout import Layout
from trialmine.link.people import strata_of
from trialmine.link.phrases import PhraseFinder
from trialmine.link.plausible import CHANGED_BY, happened, listed_count
from trialmine.link.repeats import OWN_CHANGE, again, repeat, same_people
from trialmine.link.setting import SUCH_PEOPLE
from trialmine.link.shared import for_each
from trialmine.link.sizes import Sizes
from trialmine.link.studies import StudyTracker, cited_ahead, same_paper
from trialmine.link.tables import TableLinker
from trialmine.link.told import TOLD, Told
from trialmine.link.turns import in_turn
from trialmine.link.view import Record, Result, View, behind
from trialmine.link.weigh import Weigher
from trialmine.read.segment import HAN, Page, Sentence
from trialmine.read.tables import Table
from trialmine.read.tokens import Tokenizer

#: a cell line: a code with ``cells`` behind it that is no marker of blood cells (HepG2 cells; not CD8 cells)
_CELL_LINE = (
    r"(?<![\p{Latin}\d-])(?!(?:CD|Th|Tc|IL|ILC|PD|HER|HLA|NKG|GPC|CLDN|CCR|CXCR|FOXP)-?[A-Z]?\d)\p{Lu}[\p{Latin}-]{0,6}\d{1,4}[\p{Latin}\d-]{0,4}\s?"
    r"(?:cells\b|细胞(?!免疫|治疗|疗法|输注|回输|计数|比例|水平|的?百分))"
)
#: who took part in a trial, or the trial, beside what is told of animals
_PEOPLE_TOLD = (
    r"\d\s?(?:例|名|位)|(?:患者|受试者|志愿者)(?:中|组|进行|接受)|临床(?:试验|研究|观察)|\b(?:I{1,3}|[1-4])[ab/]*\s?期|"
    r"\d\s(?:\p{L}[\p{L}-]*\s){0,3}?(?:patients|participants|volunteers|subjects|adults|women|men|children|people)\b|"
    r"\b(?<!pre)clinical\s(?:trial|stud)|\b[Pp]hase\s(?:[1-4]|I)|\b[Ii]n (?:humans|patients|volunteers)\b"
)
#: behind those to whom something happened, how many they are and their share: ``缓解者12例(30%)``
_SO_MANY = Expression(r"者(?:共|各|有|为)*\s?\d+\s?(?:例|人|名|眼)\s?\(\s?\d+(?:\.\d+)?\s?%")
#: right before how long something took: 中位时间为移植后
_TOOK = Expression(
    r"(?:时间|天数)(?:\([^()]*\))?(?:分别|均|各|约)*(?:为|是|:)(?:约|第)*(?:(?:移植|手术|术|回输|输注)后第?)?(?:\d[\d.]*(?:\s?\([^()]*\))?\s?(?:d|天|周|个?月|h|小时)?\s?(?:、|和|与|及)\s?(?:(?:移植|手术|术|回输|输注)后第?)?)*(?:(?:移植|手术|术|回输|输注)后第?)?$"
)
#: people by what they got are a group
_WHO_GOT = ("接受", "使用", "应用", "服用", "采用", "口服", "经", "行")
_WHO_HAD = Expression(r"(?i:those|\p{Latin}+s|men|women|children|people) who had\b")
#: a group that is called by a threshold: ``甲≥5 ng/mL组``
_THRESHOLD = Expression(r"[≥≤<>]\s?\d.*组$")
#: a dose that is a length of treatment
_TERM = Expression(r"(?:周|月|天|年|日|\dd|\d\sd|weeks?|months?|days?|years?)$")
#: behind those of whom it is told how large a share they are
_MAKE_UP = Expression(
    r"(?:者|患者|(?<=者))(?:分别|均|仅|约|共)?占\s?(?:到|比|了|总数的?)?\s?(?:约|近)?\s?\d+(?:\.\d+)?\s?%"
)
#: people by what they had got before: 既往接受过X(A或B)治疗的患者
_HAD_BEFORE = Expression(r"(?:既往|此前|先前|曾经?|未曾|从未)(?:已|曾|均|未)*(?:接受|使用|应用|经)")
#: the name of a subgroup ends so
_SUBGROUP = Expression(r"亚[组群]$|\bsubgroup$")
_CROWD = Expression(r"亚组|亚群|人群|患者中|者中|\b(?:subgroup|subset|among|patients with)\b")
#: right before a time that something took, and before the other one of a pair
_TOLD_AS = Expression(
    r"(?:分别|依次)(?:为|是|达|达到)?\s?(?:\d[\d.]*\s?个?(?:月|年|周|天|d)?(?:\([^()]*\))?\s?(?:、|和|与|及|以及|对|比|vs\.?)\s?){0,3}$|\b(?:was|were)\s(?:[\d.]+\s(?:months?|years?|weeks?|days?)\s(?:with\s|in\s)?(?:[^,;.\d]{0,40}\s)?(?:and|versus|vs\.?)\s)?$"
)
_MEDIAN = Expression(r"(?:中位数?|[Mm]edian)(?:为|时间|:|\s)*$")
#: from a number of people to what they got
_GOT = Expression(r"(?:患者|受试者)?(?:接受|给予|予以?|采用|应用|使用|行|服用)(?:了)?")
#: right behind the size of a group: who they are
_ILL = Expression(
    r"(?!中|有|发生|出现|并发|治愈|死亡|复发)[^,;。:()\d]{0,12}?(?:患者|患儿|病人|病例)(?!中|出现|发生|死亡|复发|治愈|有)"
)
#: an item that only says which outcome it goes on to tell of: ``(2)ALT变化情况.``
_ITEM = Expression(
    r"(?:^|;)\s?(?:\(\s?\d{1,2}\s?\)|\d{1,2}(?:\.\d{1,2}){0,3}\s?[.、)]?|[①-⑳])\s?(?:两组|各组|三组|治疗前后)?[^,;:。()]{1,24}(?:\([^()]{1,40}\))?(?:的)?"
    r"(?:情况|变化|比较|对比|结果|评价|评定|分析|水平|改变){1,3}\s?[.。]?\s?$"
)
#: right before the number of people whom somebody reported on, and right behind it
_REPORTED_ON = Expression(
    r"(?:报告|报道|总结|回顾性?分析|分析|观察|收治|随访|统计|比较)了?(?:其|共)?$|(?:同期|同时期)(?:的|进行的?|接受的?|行的?)?$"
)
_ILL_OR_GIVEN = Expression(
    r"(?!患者(?:发生|出现|死亡|复发))[^,;。:()\d]{0,24}?(?:患者|患儿|病例|白血病|[癌瘤病]|移植|治疗|术|行|接受|采用)"
)
#: from a number to the estimate in its bracket
_OPENS = Expression(r"\s?[(\[,][^()\[\]。;,]{0,24}")
#: characters from a sentence that only speaks of a subgroup to its numbers
_NEXT = 4
_DIGIT = Expression(
    r"\d|[一二两三四五六七八九十半]\s?(?:例|名|人|位|成|个|年|天|周|小时)|\b(?:[Nn]one|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[Ee]leven|[Tt]welve|[Hh]alf)\b|\b(?:[Tt]wenty|[Tt]hirty|[Ff]orty|[Ff]ifty|[Ss]ixty|[Ss]eventy|[Ee]ighty|[Nn]inety|[Tt]hirteen|[Ff]ourteen|[Ff]ifteen|[Ss]ixteen|[Ss]eventeen|[Ee]ighteen|[Nn]ineteen)\b|半数|一半|未达到|not reached|尚未达到|\bNR\b|分之"
)
_FIRST_DIGIT = Expression(r"\d")
#: what has a length
_LASTING = Expression(
    r"\b(?:stays?|durations?|times?|lengths?|courses?|illness|delays?|survival|recovery|ICU|hospitali[sz]ation|days|hours)\b"
)
#: around a treatment of which it is told how many had it: 使用X的患者比例, X使用率
_USING = Expression(r"(?:使用|应用|接受|合用|服用|加用|需要|联用)(?:过|了)?$")
_USED_BY = Expression(
    r"(?:类药物|药物)?(?:治疗)?(?:的(?:患者|受试者|病例|人)?的?(?:比例|占比|百分比)|(?:使用|应用|合用)(?:率|比例))"
)
_USE = Expression(r"(?:类药物|药物)?(?:使用|应用|合用)(?:率|比例)")
#: right before a procedure that people came to need, or had less often
_NEEDED = Expression(
    r"\b(?:need(?:ed|ing|s)?(?:\sfor)?|requir(?:ed|ing|es|ements?\sfor)|underwent|(?<!assigned\s|allocated\s|randomi[sz]ed\s)to\sbe\s(?:treated\swith|given)|likely\sto\s(?:receive|undergo)|(?:risks?|rates?|odds|incidence|frequency|use|likelihood|probability)\sof|"
    r"(?:reduc|decreas|increas)\w+(?:\sin)?|fewer|less|more|and|or|,)\s(?:an?\s|the\s|emergency\s|urgent\s|further\s|repeat\s|additional\s|blood\s|any\s|rescue\s|therapeutic\s|invasive\s|non-?invasive\s|acute\s|unplanned\s|subsequent\s|surgical\s|systemic\s|later\s|new\s)*$"
)
#: right behind a drug: how much of it people needed; right before one that they were given again
_HOW_MUCH = Expression(
    r"的?(?:药物|类药物)?(?:追加|补充|补救|使用|给药|应用|消耗|需求|累计|累积|平均|日均|总|每日|静脉|术中|术后|围术期|24\s?h|48\s?h)*(?:次数|用量|总量|消耗量?|需要量|需求量|使用量|使用率|用药量|补救率|追加率)(?!组)"
)
#: right behind a treatment: how long its tube stayed, or until it was out
_TUBE_TIME = Expression(r"(?:导?管|管道|支架|尿管)(?:拔除|留置|置入|放置|拔出|保留)(?:的)?(?:时间|天数|时长)")
_GIVEN_AGAIN = Expression(r"(?:追加|补救性?|额外)(?:使用|给予|应用|静注|静脉注射)?$")
_AS_GROUP = Expression(r"(?:治疗)?组|联合|\+")
#: between two events of a composite, and from one to the last
_OR_EVENT = Expression(
    r"\s?(?:\([^()]{1,30}\))?(?:,?\s(?:or|and/or)|,)\s(?:(?:an?|the|need for|receipt of|initiation of|chronic|urgent|emergency|kidney|renal|heart|maintenance)\s){0,3}"
)
_OR_NEXT = Expression(r"(?:\s\p{Ll}+)?,?\s(?:or|and/or)\s")
#: right before any treatment that people came to need, known to be no group's by what follows
_NEED_FOR = Expression(
    r"\b(?:[Nn]eed\s(?:for|of)|[Nn]eeds\sfor|[Rr]equirements?\s(?:for|of)|[Tt]ime\sto|(?:[Rr]ates?|[Ii]ncidence|[Uu]se)\sof\s(?:rescue|additional|supplementa(?:l|ry)|further|extra))\s(?:an?\s|the\s|any\s|additional\s|further\s|rescue\s|therapeutic\s|intravenous\s|oral\s|supplemental\s|postoperative\s|concomitant\s|systemic\s|inhaled\s)*$"
)
#: the same in Chinese, behind how many they were: 8%需要托珠单抗干预
_NEED_ZH = Expression(
    r"(?:\d\s?%|\d\s?[例人名])\)?的?(?:患者|受试者|病例|病人|患儿|者)?(?:因[^,;。]{1,10})?(?:最终|仍|才|还|均|仅)*(?:需要?|须)(?:接受|使用|行|给予|进行|应用)?(?:\p{Han}{2})?$"
)
#: right behind it
_MEASURED = Expression(
    r"^\s?[(\[]\s?(?:\d|(?:adjusted\s)?(?:[aA]?(?:OR|RR|HR)|MD|SMD|[Oo]dds|[Rr]isk|[Hh]azard|[Rr]elative)\b)|^\s(?:was|were)\s(?:lower|higher|reduced|needed|required|less|more|\d)|^\s(?:in|by)\s\d"
)
#: a share of people who had something, and what they went on to do
_SHARE_WITH = (
    r"\d\s?%\s?(?:\([^()]{1,30}\)\s?)?of\s(?:\p{Latin}+\s){0,4}?(?P<who>(?i:{{people_noun}}|those)\s(?:with|without|who had|having)\s"
    r"(?:(?!achieved|reached|had\b|reported|developed)[^,.;%])*)$"
)
_THEY_THEN = Expression(
    r"(?P<who>[^,.;:%]{0,80}?)\s(?:achieved|reached|attained|reported|experienced|developed|showed|had|remained|survived|improved|"
    r"relapsed|completed|became|(?:re)?gained|maintained|required|needed|underwent|died|recovered|responded|progressed|discontinued|stopped|"
    r"converted|returned|went\son|met|were\s(?:able|alive|free|still)|obtained|got|saw|suffered|lost|kept|resumed)\b(?!\sbeen\b)"
)
#: from such people to what they got
_GIVEN_WHAT = Expression(r"\s(?:given|receiving|treated|taking|on|after|who|in)\s")
_SHARE_OF = Expression(r"\d\s?%\s?(?:\([^()]{1,30}\)\s?)?的\s?(?P<who>[^,;。%\d]{0,14})$")
_WHO_THEN = Expression(
    r"(?P<who>[^,;。%\d的]{0,8}的?(?:患者|病人|婴儿|患儿|儿童|受试者|女性|男性|病例|产妇|新生儿))[^,;。%]{0,24}?(?:实现|达到|获得|出现|发生|报告|取得|恢复|完成|存活|死亡)"
)
#: between two events of a Chinese list, and behind its last one
_ONE_MORE = Expression(r"[者率]?(?:、|和|与|及|以及)")
_RATE_BEHIND = Expression(r"的?总?(?:发生率|率|风险|比例|例数|事件)")
#: right behind a procedure that was an aim or came to be needed
_ACHIEVED = Expression(
    r"^\s(?:was|were)\s(?:achieved|required|needed|performed|possible|obtained|avoided|necessary)\s(?:in|by|for)\s(?:only\s)?\d|"
    r"^\s(?:was|were)\s(?:used|given|administered|started|begun|initiated|prescribed|delivered|undertaken|carried out)\s(?:in|to|by|for)\s(?:only\s)?\d(?:[^.;]|\.(?=\d)){0,60}\b(?:groups?|arms?)\b|"
    r"^\s(?:was|were)\s(?:used|given|administered|started|begun|initiated|prescribed|delivered|undertaken|carried out)\s(?:in|to|by|for)\s(?:only\s)?\d[\d.]*\s?%(?:[^.;]|\.(?=\d)){0,80}?\d\s?%"
)


def _subgroups(text: str, found: list[Population], outcomes: list[OutcomePhrase]) -> list[Population]:
    """The subgroups without people who are called by an outcome whose number and share follow.

    Behind others that are so counted they are one more kind of people: ``吸烟者8例(20%),缓解者12例(30%)``.
    """
    kept: list[Population] = []
    for p in found:
        if _SO_MANY.match(text, p.end - (text[p.end - 1] == "者")):
            if any(p.start <= o.start and p.end - 1 <= o.end <= p.end for o in outcomes):
                continue
            return kept + [x for x in found if x.start >= p.start]
        kept.append(p)
    return kept


def _kept_share(p: Population) -> OutcomePhrase:
    """The outcome of which a share is told: ``肌酐清除率<60 ml/min者占57%``."""
    return OutcomePhrase(p.start, p.end, snake(p.text), "rate", p.text)


def _lasts(text: str, t: TimePoint) -> bool:
    """Whether a time is how much shorter or longer something lasted: ``shortened the stay by 1.8 days``."""
    number = _FIRST_DIGIT.search(text, t.start, t.end)
    changed = CHANGED_BY.search(text, max(0, t.start - 90), number.start()) if number else None
    return changed is not None and bool(_LASTING.search(changed.group()) or "." in text[t.start : t.end])


def _is_value(text: str, t: TimePoint) -> bool:
    """Whether a time is what a time took: ``植入时间分别为移植后13 d和16 d``."""
    marked = text[t.end - 1 : t.end + 1].strip("0123456789 ").startswith(("时", "末", "内"))
    return (
        t.value[0].isdigit() and not marked and _TOOK.search(text, max(0, t.start - 60), t.start) is not None
    )


def _is_who_got(name: str) -> bool:
    """Whether people are named by what they got or had: a treatment in the name makes them its group."""
    return name.startswith(_WHO_GOT) or _WHO_HAD.match(name) is not None


def _became_outcome(text: str, h: Hit) -> bool:
    """Whether a procedure is told as what happened to people, not as what a group was given."""
    if h.name.kind not in INTERVENTIONS:
        return False
    if _USED_BY.match(text, h.end) and (
        _USING.search(text, max(0, h.start - 6), h.start) or _USE.match(text, h.end)
    ):
        return True
    if _NEED_ZH.search(text, max(0, h.start - 40), h.start) and not _AS_GROUP.match(text, h.end):
        return True
    if _NEED_FOR.search(text[: h.start]) and (_MEASURED.match(text[h.end :]) or h.name.kind != "drug"):
        return True
    if h.name.kind not in ("procedure", "class"):
        return False
    needed = h.name.kind == "procedure" and _NEEDED.search(text[: h.start])
    return bool(_ACHIEVED.match(text[h.end :]) or (needed and _MEASURED.match(text[h.end :])))


def _used_up(text: str, h: Hit) -> Hit | None:
    """A drug of which it is told how much of it people needed, as that outcome: ``追加吗啡次数``, ``A总用量``; ``引流管拔除时间``."""
    if h.name.kind in ("procedure", "class") and (lasted := _TUBE_TIME.match(text, h.end)):
        return Hit(h.start, lasted.end(), Name("outcome", snake(text[h.start : lasted.end()]), "time"))
    if h.name.kind != "drug":
        return None
    if much := _HOW_MUCH.match(text, h.end):
        measure = "rate" if much.group().endswith("率") else "level"
        return Hit(h.start, much.end(), Name("outcome", f"{snake(h.name.concept)}_consumption", measure))
    if _GIVEN_AGAIN.search(text, max(0, h.start - 10), h.start) and not _AS_GROUP.match(text, h.end):
        return Hit(h.start, h.end, Name("outcome", f"{snake(h.name.concept)}_consumption", "event"))
    return None


def _in_composite(text: str, h: Hit, hits: list[Hit]) -> bool:
    """Whether a procedure is told as one event of several: ``doubling of creatinine, dialysis, or renal death``."""
    if h.name.kind != "procedure":
        return False
    events = [x for x in hits if x.name.kind == "outcome"]
    before = [x for x in events if x.end <= h.start]
    after = [x for x in events if x.start >= h.end]
    listed = bool(before) and _ONE_MORE.fullmatch(
        text, before[-1].end, h.start
    )  # 早产、剖宫产及产后出血的发生率
    goes_on = bool(after) and _ONE_MORE.fullmatch(text, h.end, after[0].start)
    if listed and (goes_on or _RATE_BEHIND.match(text, h.end)):
        return True
    follows = bool(before) and _OR_EVENT.fullmatch(text, before[-1].end, h.start)
    leads = bool(after) and _OR_EVENT.fullmatch(text, h.end, after[0].start)
    if not (follows or leads):
        return False
    return any(m and "or" in m.group() for m in (follows or None, leads or None)) or bool(
        follows and _OR_NEXT.match(text, h.end)
    )


def _of_its_number(view: View, q: Quantity, told: list[Result]) -> Population | None:
    """The subgroup of the number in whose bracket an estimate stands first."""
    before = [r for r in told if not r.compares and r.quantity.outer_end <= q.start]
    last = max(before, key=lambda r: r.quantity.outer_end, default=None)
    if (
        last is None
        or not last.population
        or not _OPENS.fullmatch(view.text, last.quantity.outer_end, q.start)
    ):
        return None
    return Population(q.start, q.start, last.population)


def _before(results: list[Result], cell: Cell) -> list[Result]:
    """The results that an estimate within their list comes after: ``80% vs 70%(P=0.01)和60% vs 50%(P=0.03)``."""
    if not is_estimate(cell.quantity):
        return results
    before = [r for r in results if r.quantity.start < cell.quantity.start]
    return sorted(before, key=lambda r: r.quantity.start) or results


def _counted(r: Result) -> OutcomePhrase | None:
    """The outcome that stands between a number and its unit, for the list's next one: ``0.8 relapses a year, and 1.1 with B``."""
    q, o = r.quantity, r.outcome
    return o if o is not None and q.end <= o.start < q.outer_end else None


def _studies_named(anchors: list[Anchor]) -> list[Hit]:
    """Studies' names and registry numbers as names of their own."""
    told = [a for a in anchors if a.kind in ("study", "registry_id")]
    return [Hit(a.start, a.end, Name(a.kind, a.value)) for a in told]


#: before the number of all who were taken in: 共纳入129篇文献,9 371例抑郁症患者
_TAKEN_IN = Expression(r"(?:纳入|检索|检出|汇总|合并)[^。;%]{0,30}?\d\s?[项个篇][^。;%]{0,30}$")


class Linker:
    """Links the numbers of a page."""

    def __init__(self, patterns: Patterns) -> None:
        self.patterns = patterns
        self.tokenizer = tokenizer = Tokenizer(patterns)
        self.numbers = NumberFinder(patterns)
        self.names = NameFinder(patterns)
        self.times = TimeFinder(patterns)
        self.populations = PopulationFinder(patterns)
        self.outcomes = OutcomeFinder(patterns)
        self.endpoints = Endpoints(patterns, self.outcomes)
        self.phrases = PhraseFinder(patterns)
        self.arms = ArmFinder(patterns)
        self.told = Told(patterns)
        self.sizes = Sizes(patterns)
        self.groups = Grouper({"placebo", *patterns.cues.get("untreated_class", ())})
        self.contrasts = Contrasts(patterns)
        self.forest = ForestPlots()
        self.tables = TableLinker(
            patterns, self.numbers, self.outcomes, self.times, self.populations, self.phrases, self.arms
        )
        self.weigh = Weigher(patterns, self.outcomes, tokenizer)
        self.subjects = Subjects(patterns, self.weigh.unseen, self.outcomes)
        self.assign = Assigner(patterns, self.arms)
        self.layout = Layout(patterns, self.arms, self.groups)
        self.finish = Finisher(patterns, self.weigh, self.groups)
        self._designs = Sieve(
            (r, r.regex) for r in iter_rules(patterns, "names") if r.kind in ("phase", "design")
        )
        self._own = patterns.compile(r"(?<!\p{Latin})(?:{{own_study}})(?!\p{Latin})")
        self._part = patterns.compile(r"\s*(?:(?i:{{part_of_study}})\s?[:&/、和与及]?\s?(?:and\s)?){1,3}\W*")
        self._eligible = patterns.compile(r"[^,;。%\d]{0,24}?(?<!符合|满足|meeting |met )(?:{{eligibility}})")
        self._animal = patterns.compile(rf"(?!{{{{no_animal}}}})(?:{{{{animal}}}})|{_CELL_LINE}")
        self._people = patterns.compile(_PEOPLE_TOLD)
        self._interval_word = patterns.compile(r"CIs?|CrIs?|{{confidence}}")
        self._share_with = patterns.compile(_SHARE_WITH)
        self._may_be_eligible, self._may_be_animal = possible(self._eligible), possible(self._animal)

    def link(
        self, page: Page, record: Record | None = None
    ) -> tuple[list[Result], StudyTracker, list[tuple[Sentence, list[Hit]]]]:
        """All results of a page, its studies, and the names of each sentence; what was weighed goes to ``record``."""
        self._record = record
        tracker = StudyTracker(self._designs, self._own, self._part, same_paper(page))
        self.now = InForce(tracker, such=bool(SUCH_PEOPLE.search(page.folded.text)))
        for stage in (self.assign, self.layout, self.finish):
            stage.now = self.now
        self.arms.controlled = CONTROLLED.search(page.folded.text) is not None
        self.told.forget()
        self.phrases.forget()
        self.sizes.forget()
        self.forest.reset()
        told = " ".join(s.text for s in page.sentences)
        self.contrasts.reset(told)
        self.subjects.read(told)
        lexicon = self.names.lexicon_for(page)
        results: list[Result] = []
        mentions: list[tuple[Sentence, list[Hit]]] = []
        anchors = [self.names.anchors(s, lexicon) for s in page.sentences]
        tables = list(page.tables)
        for i, sentence in enumerate(page.sentences):
            while tables and tables[0].start < sentence.start:
                results += self._table(tables.pop(0), lexicon, tracker, mentions)
            ahead = cited_ahead(page.sentences, anchors, i)
            self.now.following = page.sentences[i + 1].text if i + 1 < len(page.sentences) else ""
            view = self._view(sentence, lexicon, tracker, anchors[i], ahead)
            mentions.append((sentence, view.hits + _studies_named(anchors[i])))
            results += self._results(view, tracker)
        for table in tables:
            results += self._table(table, lexicon, tracker, mentions)
        its_people(results)
        self.sizes.finish(results)
        turn(results, self.weigh.lasting)
        add_page(results)
        return results, tracker, mentions

    def _table(
        self,
        table: Table,
        lexicon: Lexicon,
        tracker: StudyTracker,
        mentions: list[tuple[Sentence, list[Hit]]],
    ) -> list[Result]:
        """The results of a table; the names in its cells are mentions too."""
        for cell in dict.fromkeys(c for row in [*table.heads, *table.body] for c in row):
            where = Sentence(cell.text, cell.start, -1)
            named = _studies_named(self.names.anchors(where, lexicon))
            mentions.append((where, self.names.names(where, lexicon) + named))
        return self.tables.link(
            table,
            tracker,
            lambda text: self.names.names(Sentence(text, 0, -1), lexicon),
            lambda text: self.names.anchors(Sentence(text, 0, -1), lexicon),
            lambda sentence, *told: self._words(sentence, lexicon, tracker, *told),
            self.now.topic,
        )

    def _words(
        self,
        sentence: Sentence,
        lexicon: Lexicon,
        tracker: StudyTracker,
        study: Study,
        arm: Arm | None,
        outcome: OutcomePhrase | None,
    ) -> list[Result]:
        """The results of a table's cell of words, with what its row and column say."""
        view = self._view(sentence, lexicon, tracker, [], [], study)
        self.now.announced = (sentence.start, outcome, True)
        if arm is not None and not view.arms:
            study.recent = [arm]
        found = list(self._results(view, tracker))
        for r in found:
            if r.arm is None and not r.compares and not view.arms:
                r.arm = arm
        if arm is not None and found:
            arm.used = True
        self.now.announced = (0, None, False)
        return found

    def _view(
        self,
        sentence: Sentence,
        lexicon: Lexicon,
        tracker: StudyTracker,
        anchors: list[Anchor],
        ahead: list[Anchor],
        own: Study | None = None,
    ) -> View:
        text = sentence.text
        numeric = bool(_DIGIT.search(text))
        hits = in_use(text, self.names.names(sentence, lexicon))
        quantities = read = self.numbers.find(text) if numeric else []
        told = self._happened(text, hits, quantities)
        known = [h for h, as_told in zip(hits, told, strict=True) if h is as_told]
        named_studies = [(a.start, a.end) for a in anchors]
        treatments = self._treatments(text, known, named_studies, quantities)
        phrases = self.phrases.phrases(text, treatments, self.told.leads)
        opens = sentence.paragraph != tracker.paragraph
        label = label_of(text) if numeric else None
        labelled = label.end if label is not None else 0
        segments, named = (
            ([(0, len(text), own)], [])
            if own is not None
            else tracker.segments(
                sentence,
                anchors,
                ahead,
                {frozenset(p.interventions) for p in phrases if p.interventions and p.start >= labelled},
                [
                    q.start
                    for q in quantities
                    if q.kind in ("percent", "level", "estimate:HR", "number", "count")
                ],
            )
        )
        if own is None and tracker.pointed:
            phrases = [p for p in phrases if p.kind not in ("former", "latter")]
        if tracker.opens and not self.now.titled:
            self.now.topic = ()  # that of the abstract before
        phrases = self._without_subgroups(text, phrases, segments, quantities)
        strata = strata_of(phrases, [s for _, _, s in segments if s is not None])
        lengths = [
            p
            for p in phrases
            if (p.labels and p.kind == "interventions") or p.kind in ("both", "all") or _TERM.search(p.dose)
        ]
        titles = [a for a in anchors if a.kind in ("study", "registry_id")]
        given = [h for h in hits if h.name.kind in INTERVENTIONS]
        quantities = [
            q
            for q in quantities
            if not any(a.start <= q.start < a.end for a in titles)
            and not any(h.start < q.start and q.end <= h.end for h in given)
        ]
        times = self.times.find(text, quantities, hits) if numeric else []
        times = [t for t in times if not any(p.start <= t.start < p.end for p in lengths)]
        quantities = [q for q in quantities if not any(p.start <= q.start < p.end for p in lengths)]
        times = [t for t in times if not _lasts(text, t) and not _is_value(text, t)]
        quantities = [
            q for q in quantities
            if q.kind != "size" and not any(t.start <= q.start < t.end or (q.start <= t.start < q.end and q.kind == "time") for t in times)
        ]  # fmt: skip
        found = in_a_row(text, self.outcomes.find(text, told, quantities), hits, quantities)
        found = [o for o in found if not self._interval_word.fullmatch(o.text)]
        whom = {id(o): p for o in found if (p := self._of_whom(text, o)) is not None}
        found = [o for o in found if id(o) not in whom]
        if label is not None and not (label.text == "" or _treated(segments)):
            label = None
        if label is not None:
            found = [o for o in found if o.start >= label.end]
            phrases = [p for p in phrases if p.start >= label.end]
        outcomes = self.endpoints.resolve(text, found)
        populations = self.populations.find(text) if numeric or self.now.such or _CROWD.search(text) else []
        populations = [
            p for p in populations if not any(w.start < p.end and p.start < w.end for w in whom.values())
        ]
        populations = [p for p in populations if not any(s.start < p.end and p.start < s.end for s in strata)]
        populations = sorted(
            [*populations, *strata, *{w.start: w for w in whom.values()}.values()], key=lambda p: p.start
        )
        if label is not None:
            populations = [label, *(p for p in populations if p.start >= label.end)]
        if self.now.people[0] != sentence.paragraph:
            self.now.people = (sentence.paragraph, "")
        people_before = self.now.people[1]
        if populations and populations[-1].text:
            self.now.people = (sentence.paragraph, populations[-1].text)
        if not numeric and not _CROWD.search(text):
            populations = []
        people = [
            (p.start, p.end)
            for p in phrases
            if (p.kind == "people" and p.told) or (p.kind == "label" and _THRESHOLD.search(p.label))
        ]
        times = [t for t in times if not any(a <= t.start and t.end <= b for a, b in people)]
        outcomes = [o for o in outcomes if not any(a <= o.start < b for a, b in people)]
        taken = [(p.start, p.end) for p in phrases if p.kind == "interventions" and not p.background] + people
        taken += [(o.start, o.end) for o in outcomes]
        called = [(p.start, p.end) for p in phrases if p.kind == "label" and p.is_group]
        populations = [
            p for p in populations if p.listed or not any(a <= p.start and p.end <= b and b - a > p.end - p.start for a, b in called)
        ]  # fmt: skip
        populations = [
            p
            for p in populations
            if not any(
                a < p.end and p.start < b
                for a, b in (
                    people
                    if p.sure and not p.loose and p.text[:1] not in "≤≥<>" and not _is_who_got(p.text)
                    else taken
                )
            )
        ]
        # how bad an event was is no subgroup: moderate or severe exacerbations
        populations = [
            p
            for p in populations
            if not (p.listed and any(o.start <= p.start and p.end < o.end for o in outcomes))
        ]
        populations = _subgroups(text, populations, outcomes)
        shares = [p for p in populations if p.text and _MAKE_UP.match(text, p.end)]
        populations = [p for p in populations if p not in shares]
        outcomes = sorted([*outcomes, *map(_kept_share, shares)], key=lambda o: o.start)
        # a treatment in the name of a subgroup is no group: 同步放化疗亚组15.7个月
        apart = [
            p for p in populations
            if (p.sure and not p.loose and _SUBGROUP.search(p.text)) or _HAD_BEFORE.match(p.text)
        ]  # fmt: skip
        phrases = [x for x in phrases if not any(p.start <= x.start and x.end <= p.end for p in apart)]
        outcomes = [o for o in outcomes if not any(p.start < o.end and o.start < p.end for p in populations)]
        quantities = [
            q
            for q in quantities
            if not any(o.start <= q.start and q.end <= o.end and q.kind != "not_reached" for o in outcomes)
            and not any(
                p.start < q.start + (p.listed or p.text.endswith("组")) and q.end <= p.end
                for p in populations
            )
        ]
        populations = [  # 0.8 moderate or severe relapses a year: what was counted, not in whom
            p
            for p in populations
            if not any(q.end <= p.start and p.end < q.outer_end for q in quantities if q.rule in OVER_TIME)
        ]
        if own is None and populations:
            studies = [s for _, _, s in segments if s is not None]
            groups = crowds(text, populations, phrases, quantities, studies)
            populations = [p for p in populations if p not in groups]
            crowd = as_phrases(text, groups)
            shared_by(crowd, phrases)
            phrases = sorted([*phrases, *crowd], key=lambda p: p.start)
        if quantities and not sentence.heading:
            spans = [(p.start, p.end) for p in phrases] + [(t.start, t.end) for t in times]
            spans += [(p.start, p.end) for p in populations] + [(a.start, a.end) for a in anchors]
            outcomes = self.subjects.find(text, outcomes, hits, spans, quantities)
        view = View(sentence, hits, quantities, times, populations, outcomes, phrases, segments, named)
        view.people_before, view.tells_of_some = people_before, bool(whom)
        view.label = label.text if label is not None else ""
        view.opens_list = text.rstrip(" *").endswith(":") or label_of(self.now.following) is not None
        view.anchored, view.record = bool(anchors), self._record
        if view.record is not None and read:
            view.record.sentences.append((view, read))
        if not anchors and not ahead:
            self.assign.return_to(view, tracker)
        if opens and not ahead and (not anchors or segments[0][1] < anchors[0].start):
            self.assign.leave(view, tracker, bool(anchors))
        self.assign.resolve(view, tracker)
        if numeric:
            self.sizes.read(view, tracker)
            if course := self.times.course(text):
                tracker.treated(view.study_at(0), course)
        return view

    def _of_whom(self, text: str, o: OutcomePhrase) -> Population | None:
        """The people who had an event of whom the sentence goes on to tell: ``54% of infants with X achieved Y``; else None."""
        if "%" not in text[: o.start]:
            return None
        chinese = HAN.search(o.text) or HAN.search(text[o.end : o.end + 1])
        share, then = (_SHARE_OF, _WHO_THEN) if chinese else (self._share_with, _THEY_THEN)
        of = share.search(text, max(0, o.start - 120), o.start)
        goes_on = then.match(text, o.end) if of else None
        if of is None or goes_on is None:
            return None
        start, end = of.start("who"), goes_on.end("who")
        given = _GIVEN_WHAT.search(text, o.end, end)
        end = given.start() if given else end
        return Population(start, end, text[start:end].strip())

    def _without_subgroups(
        self,
        text: str,
        phrases: list[ArmPhrase],
        segments: list[tuple[int, int, Study | None]],
        quantities: list[Quantity],
    ) -> list[ArmPhrase]:
        """A sentence's phrases less the people who are parts of the groups of a trial, not groups of their own."""
        people = [p for p in phrases if p.kind == "people" and p.generic]
        studies = [s for _, _, s in segments if s is not None]
        if not people or groups_of_people(text, people, phrases, quantities, studies):
            shared_by(people, phrases)
            return phrases
        return [p for p in phrases if p not in people]

    def _happened(self, text: str, hits: list[Hit], quantities: list[Quantity]) -> list[Hit]:
        """The names of a sentence, with procedures as outcomes where they are what happened to people.

        ``Fewer patients needed surgery (8% v 14%)``, ``the risk of transfusion (OR 0.34)``: no group had them.
        """
        if not quantities:
            return hits
        return [
            Hit(
                h.start,
                h.end,
                Name("outcome", snake(h.name.concept) + "_use" * bool(_USED_BY.match(text, h.end)), "event"),
            )
            if _became_outcome(text, h) or _in_composite(text, h, hits)
            else _used_up(text, h) or h
            for h in hits
        ]

    def _treatments(
        self, text: str, hits: list[Hit], studies: list[tuple[int, int]], quantities: list[Quantity]
    ) -> list[Hit]:
        """The names of a sentence, with those of groups that the text tells by definition."""
        self.told.leads = {}
        if not self.told.worth(text):
            return hits
        known = [(h.start, h.end) for h in hits if h.name.kind in INTERVENTIONS]
        others = [(h.start, h.end) for h in hits if h.name.kind not in INTERVENTIONS]
        found = self.told.find(text, [*known, *self.phrases.pointers(text)], [*others, *studies], quantities)
        if not found:
            return hits
        named = [Hit(a, b, Name("procedure", first, TOLD)) for a, b, first in found]
        return sorted([*hits, *named], key=lambda h: (h.start, h.end))

    def _plotted(self, view: View, numbers: list[Quantity]) -> Iterable[Result]:
        """The results of a line of a forest plot: of the outcome and the groups that the text before it compared."""
        (_, _, outcome), (study, arm, comparator) = self.now.last, self.now.pair
        sides = itertools.cycle([arm, comparator])
        for q in numbers if outcome is not None else ():
            compares = is_estimate(q)
            own, other = (arm, comparator) if compares else (next(sides), None)
            for a in (own, other):
                if a is not None:
                    a.used = True
            if study is not None:
                study.used = True
            r = Result(
                view.sentence, q, outcome, study, own, other, "", "", "reported", compares, ["a forest plot"]
            )
            r.features = features_of(view, Cells([q]), r, None)
            yield r

    def _results(self, view: View, tracker: StudyTracker) -> Iterable[Result]:
        text = view.text
        plotted = self.forest.read(text)
        if plotted is not None:
            yield from self._plotted(view, plotted)
            return
        self._speak_of(view)
        study = view.study_at(0)
        holder = view.sentence.paragraph if study is None else id(study)
        self.now.foretold |= {(holder, k): at for k, at in self.weigh.foretold(view).items()}
        chosen = self.endpoints.chosen if HAN_BY.search(text) else self.weigh.chosen(view)
        if chosen is not None:
            self.now.announced = (view.sentence.start, chosen, True)
            self.finish.aim(view, study, chosen)
        if not view.quantities or view.sentence.heading:
            if chosen is None:
                self._announce(view)
            return
        if self._may_be_eligible(text) and self._eligible.match(text):
            return
        candidates = [q for q in view.quantities if q.kind.split(":")[0] in RESULT_KINDS]
        if (of_animals := self._of_animals(text)) is not None:
            candidates = [q for q in candidates if not of_animals[0] <= q.start < of_animals[1]]
        of_pairs = items_of_pairs(view) | self.weigh.closing(view)
        of_pairs |= told_in_turn(text, view.outcomes, view.quantities)
        candidates = [
            q
            for q in candidates
            if (q.start in of_pairs or self.weigh.plausible(view, q) or self._awaited(view, q))
            and not self._sized(view, q)
        ]
        if view.record is not None:
            kept = {q.start for q in candidates}
            view.record.refused |= {
                view.key(q): "can't be a result" for q in view.quantities if q.start not in kept
            }
        if view.outcomes and not candidates and chosen is None:
            self._announce(view)
        candidates = self.contrasts.mark(view, candidates)
        lists = self.layout.joined(view, cell_lists(text, candidates, view.phrases))
        turns = in_turn(view, lists)
        previous: list[Result] = []
        told: list[Result] = []
        pending: list[Result] = []  # what the next lists repeat
        for i, cells in enumerate(lists):
            laid = self.layout.lay(view, cells, lists, turns.get(cells.start, {}))
            if len(laid) == 1 and (own := behind(view, laid[0].quantity)) is not None:
                for r in told:
                    if r.quantity is own and r.arm is not None and not r.compares and OWN_CHANGE not in r.why:
                        laid[0].arm, laid[0].why = r.arm, ["in the bracket of a number"]
            more = bool(pending)
            pending = pending or again(view, lists[i:], told)
            repeat(view, laid, pending[: len(laid)] if more else pending, told if more else ())
            pending = pending[len(laid) :]
            for cell in laid:
                item = of_pairs.get(cell.quantity.start)
                if isinstance(item, OutcomePhrase):
                    cell.outcome = item
                elif item is not None:
                    cell.time = item
                if is_estimate(cell.quantity):
                    cell.time = cell.time or self.layout.at_bracket(view, cell.quantity)
                    cell.population = cell.population or _of_its_number(view, cell.quantity, told)
            same_people(view, laid, told)
            done: list[Result] = []
            for cell in laid:
                cell.outcome = cell.outcome or (_counted(done[-1]) if done else None)
                if done and cell.quantity.kind == "number" and done[-1].quantity.rule in OVER_TIME:
                    cell.quantity.kind, cell.quantity.unit = "level", done[-1].quantity.unit
                found = self.finish.result(view, tracker, cells, cell, _before(previous, cell))
                if found is None and done and cell.outcome is None and not done[-1].compares:
                    cell.outcome = done[-1].outcome  # what the list's numbers before it are of
                    found = self.finish.result(view, tracker, cells, cell, previous)
                done += [found] if found is not None else []
            yield from done
            for r in done:
                yield from for_each(view, r)
            if not done:
                previous = []
            elif previous and all(
                r.comparator is not None or r.quantity.kind == "p" or r.quantity.kind.startswith("estimate")
                for r in done
            ):
                previous = [*[r for r in previous if r.comparator is None], *done]
            elif previous and OWN_CHANGE in previous[-1].why and OWN_CHANGE in done[0].why:
                previous = [*previous, *done]
            else:
                previous = done
            told += done
        if view.outcomes and (item := _ITEM.search(text)) and view.outcomes[-1].start > item.start():
            self.now.announced = (view.sentence.start, view.outcomes[-1], True)
        for study in {id(r.study): r.study for r in told if r.study is not None}.values():
            arms = list(
                dict.fromkeys(
                    r.arm for r in told if r.study is study and r.arm is not None and not r.compares
                )
            )
            known = len(study.order) > 1 and set(study.order) <= set(arms) and len(arms) < 3
            if len(arms) > 1 and not known:
                study.order = arms
            before = view.pair(study, -1)
            if None not in before:
                study.pair = before

    def _of_animals(self, text: str) -> tuple[int, int] | None:
        """The stretch of a sentence that tells of animals or cells: up to where people are told of, or from there on."""
        m = self._animal.search(text) if self._may_be_animal(text) else None
        if m is None:
            return None
        start = 0
        if self._people.search(text[: m.start()]):
            start = max(text.rfind(c, 0, m.start()) for c in ",;") + 1
        told = self._people.search(text, m.end())
        return start, told.start() if told else len(text)

    def _sized(self, view: View, q: Quantity) -> bool:
        """Whether a count is a group's size, and not the next one of a list of counts."""
        if PART in q.flags:
            return False
        if q.kind == "count" and q.start in view.enrolled and _TAKEN_IN.search(view.text, 0, q.start):
            return not listed_count(view, q) and not happened(view.text, q)
        if (
            q.kind == "count"
            and _REPORTED_ON.search(view.text, 0, q.outer_start)
            and not happened(view.text, q)
        ):
            return _ILL_OR_GIVEN.match(view.text, q.outer_end) is not None
        if q.kind != "count" or q.start not in view.sizes:
            return False
        if len(self._shared_out(view)) > 1 and q.start in self._shared_out(view):
            return True
        if view.text.endswith(("将", "把"), 0, q.outer_start):
            return True  # 将120例…的患者随机分组
        own = any(p.is_group and p.end == q.outer_start for p in view.phrases)
        if own and _ILL.match(view.text, q.outer_end):
            return True
        return not listed_count(view, q) and not happened(view.text, q)

    def _awaited(self, view: View, q: Quantity) -> bool:
        """Whether a time is told of the outcome that a study was said to measure: ``主要终点为PFS。…A组和B组分别为9个月和5个月``."""
        at, outcome, opens = self.now.announced
        if q.kind != "time" or not opens or outcome is None or outcome.measure != "time":
            return False
        near = 0 <= view.sentence.start - at <= ANNOUNCE_REACH
        told_as = _MEDIAN if view.sentence.paragraph < 0 else _TOLD_AS  # a cell of a table
        return near and not view.outcomes and told_as.search(view.text[: q.outer_start]) is not None

    def _shared_out(self, view: View) -> set[int]:
        """Where the people are counted who got a treatment that is a group's: ``30例接受A,32例接受B``."""
        given = [p for p in view.phrases if p.kind == "interventions" and view.arms.get(id(p))]
        counts = [q for q in view.quantities if q.kind == "count" and q.start in view.sizes]
        return {
            q.start
            for q in counts
            if any(_GOT.fullmatch(view.text[q.outer_end : p.start]) for p in given if p.start >= q.outer_end)
        }

    def _speak_of(self, view: View) -> None:
        """Keep the subgroup that a sentence without numbers ends with, for the next sentence."""
        at, study, crowd = self.now.crowd
        ends = view.sentence.start + len(view.text.rstrip())
        if view.populations or not 0 <= view.sentence.start - at <= _NEXT or view.anchored:
            crowd, study = "", view.study_at(0)
            known = [p for p in view.populations if not p.listed]
            told = study is not None and study.since is not None
            if known and not view.quantities and told and len({p.text for p in known}) == 1:
                crowd, at = known[0].text, ends
        self.now.crowd = (at, study, crowd)

    def _announce(self, view: View) -> None:
        """Keep the last outcome that a sentence names without a number; a colon or a heading opens a list under it."""
        named = [o for o in view.outcomes if not o.generic]
        chosen = self.now.announced[1] if self.now.announced[2] else None
        if named:
            topic = next((o for o in named if o.topic), None)
            study = view.study_at(0)
            if topic is not None and study is not None:
                study.spoken = topic
            named = [topic] if topic is not None else named
            listed = view.opens_list or bool(_ITEM.search(view.text))
            opens = view.sentence.heading or listed or topic is not None
            if not opens and chosen is not None and any(o.concept == chosen.concept for o in named):
                return  # still told of
            self.now.announced = (view.sentence.start, named[-1], opens)


def _treated(segments: list[tuple[int, int, Study | None]]) -> bool:
    """Whether the study at the beginning of a sentence has groups that got something."""
    study = segments[0][2] if segments else None
    return study is not None and any(a.interventions for a in study.arms)
