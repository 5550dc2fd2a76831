"""From the finds of each sentence to linked results: outcome, arms, time, population and study.

:class:`Linker` walks the sentences of a page in order and keeps what is in force from one to the next.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import regex

from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study, arm_name, study_name
from trialmine.find.lexicon import Hit, Lexicon, Name
from trialmine.find.names import INTERVENTIONS, Anchor, NameFinder
from trialmine.find.numbers import RESULT_KINDS, NumberFinder, Quantity
from trialmine.find.outcomes import OutcomeFinder, OutcomePhrase, snake
from trialmine.find.populations import Population, PopulationFinder
from trialmine.find.times import TimeFinder, TimePoint
from trialmine.link.arms import GROUP_MARK, ArmFinder, ArmPhrase
from trialmine.link.cells import BRACKETS, LIST, Cell, Cells, cell_lists, coordinate, lay
from trialmine.link.choose import can_report, is_estimate
from trialmine.link.confidence import add_page, features_of
from trialmine.link.contrasts import RATIOS, Contrasts
from trialmine.link.forest import ForestPlots
from trialmine.link.groups import BEFORE, Grouper
from trialmine.link.plausible import CHANGED_BY, happened, listed_count
from trialmine.link.setting import SUCH_PEOPLE
from trialmine.link.shared import for_each
from trialmine.link.sizes import Sizes
from trialmine.link.studies import StudyTracker, cited_ahead, same_paper
from trialmine.link.tables import TableLinker
from trialmine.link.told import TOLD, Told
from trialmine.link.view import Record, Result, View, near
from trialmine.link.weigh import Weigher
from trialmine.read.segment import Page, Sentence
from trialmine.read.tables import Table
from trialmine.read.tokens import Tokenizer

#: characters over which the treatment spoken of last can be the one that a new study tests
_TOPIC_REACH = 1200
#: characters over which what several trials compare with is the control of each
_VERSUS_REACH = 2500
#: what tells of a study without a name
_UNNAMED_STUDY = regex.compile(
    r"(?:一项|国内|国外|有|该|此项?|这项|另有|某|多中心|回顾性|前瞻性|单臂|I{1,3}期|队列|真实世界|临床)[^,。;\d]{0,14}(?:研究|试验|报道|分析)|"
    r"\b(?:an?|one|this|the|another)\s(?:[\p{Latin}-]+\s){0,4}(?:trial|study|series|cohort)\b"
)
#: right before a treatment that is added to another
_ADDED = regex.compile(r"(?:^|[,;。:、(而])(?:联合|加用|联用|合用|加)$")
_ADDED_IN = regex.compile(r"(?<=^|[,;。:、(而])(?:联合|加用|联用|合用)")
_ADD_ON = regex.compile(r"\s?-?\badd-?on\b|加用组|联用组")
#: right before what one group went on with
_CONTINUES = regex.compile(
    r"(?:继续|维持原|仍然?)(?:予以?|给予|用|使用|服用|接受|应用|单用|单独|原|行)*(?:原|单纯)?$"
)
_WHO = regex.compile(r"(?:治疗)?的?(?:者|患者)")
_SEVERAL = regex.compile(
    r"\b(?:[Tt]rials|[Ss]tudies|RCTs)\b[^.;]{0,60}\b(?:compar\w+|versus|against)\b|(?:研究|试验)(?:均|都)[^。;]{0,20}(?:比较|对照)"
)
#: characters over which an outcome holds that a sentence named without a number
_ANNOUNCE_REACH = 400
#: a word that names a measure, of whatever outcome
#: a change of what went before, right before its number
_CHANGES = regex.compile(r"\)(?:降低|下降|减少|升高|增加|提高|延长|缩短)(?:了|约)?\s?$")
_MEASURE = regex.compile(
    r"率|比例|评分|积分|水平|\b(?:rates?|scores?|proportions?|percentages?|levels?|incidence)\b"
)
_RATE = regex.compile(r"率$|\brates?\b")
#: behind the name of a subgroup
_PEOPLE_NOUN = regex.compile(
    r"的?(?:亚组|亚群|人群|患者|受试者|病例|病人|群体|者|组)|\s(?:subgroups?|groups?|patients|people|participants|women|men|adults|disease|tumou?rs)(?![\p{Latin}-])"
)
#: a number that another one is set against is a result, whatever it is of
_SET_AGAINST = regex.compile(r"\s?(?:对比?|vs\.?|比)\s?\d")
_NUMBER_END = regex.compile(r"[\s-]?(?:\d{1,2}|I{1,3})$")
#: between a group and its treatment, in English
_GIVEN = regex.compile(
    r"^\s?(?:\(\s?[nN]\s?=\s?\d+\)\s?)?(?::|\(|\s|received|were given|was given|receiving|got|were treated with|were assigned to)\s?(?:the\s|oral\s|subcutaneous\s|intravenous\s|(?:an?|\d+|one|two|three|four|six|eight|single)\s(?:(?:weeks?|months?|days?|years?|cycles?|doses?|courses?)\s(?:of\s)?)?)*$"
)
#: the same in Chinese: ``43例在此基础上加用``; ``more`` says that it comes on top of what another group gets
_GIVEN_HAN = (
    r"^(?:患者|者)?\s?(?:\(\s?[nN]\s?=\s?\d+\)|\(?\d+(?:例|人|名|只眼)\)?)?[,:]?(?:则|均|都|分别|为|是)?"
    r"(?:(?P<more>在?(?:此|上述|该|前述|以上|其|同样|相同|同等|前者)(?:\p{Han}{0,6}?)的?基础上,?)|(?P<more>{{give_more}})|\((?![^()]*\))|(?:{{gave}})了?|{{give_how}}|为|:)"
    r"(?:(?P<more>{{give_more}})了?|(?:{{gave}})了?|{{give_how}}|\s|[\p{Latin}\d./]{1,12}(?:/\p{Han})?\s?|\d\p{Han}{1,2})*$"
)
#: between a lettered or numbered group and its treatment, in a list of groups
_GIVEN_IN_LIST = regex.compile(
    r"^[,:]?\s?(?:继续|换用|换为|改用|改为|加用|单用|单纯|单独|仅用?|给予|接受|采用|使用)?$"
)
_OPENS_ITEM = regex.compile(r"(?:^|[(;:。])\s?$")
#: words by which a text tells the groups of a study
_ASSIGNS = regex.compile(
    r"随机|分为|分成|分组|对照组|试验组|治疗组|\b(?:randomi[sz]ed|randomly|assigned|allocated|received|(?:was|were) given|arms?:|arms were|"
    r"groups were|(?:trial|study|trials|studies|RCTs?) (?:that )?compar(?:ed|es|ing))\b"
)
#: 两组均给予…; both groups also received …
_TO_BOTH = (
    r"^(?:患者|者)?(?:均|都|同时|同样)(?!未|无|不|没有|有|连续|较|比)\p{Han}{0,6}?(?:{{gave}}|{{give_more}})(?:了)?(?:{{give_how}})*$|"
    r"^\s(?:also\s)?(?:received|were given|were treated with|got)\s$"
)
#: 治疗组在对照组的基础上加用…
_BASED_ON = regex.compile(
    r"^(?:患者)?\s?(?:\(\s?[nN]\s?=\s?\d+\)|\(?\d+(?:例|人|名|只眼)\)?)?,?(?:则|均|是)?在$"
)
_ON_TOP = (
    r"^(?:的?(?:治疗|用药|方案|措施|护理|干预|常规治疗))*的?基础上,?(?:{{give_more}}|{{gave}}|{{give_how}})+$"
)
_REDUCED = regex.compile(
    r"(?:降低?|下降|减少?|减低|缩减|↓|降幅|减幅)(?:幅度)?(?:了|约|近|达|高达|可达|至少|为)*\s?$|"
    r"(?:比|较|相比)[^,。;\d]{0,20}(?:低|少)(?:了|约|近|达)*\s?$|"
    r"\b(?:reduc\w+|lower\w*|decreas\w+|cut|fell|declined)\b(?:[^.;%]{0,60}\bby\s(?:[\d.]+\s?%|half|(?:an?|two)[\s-]\p{Latin}+)(?:\s?\([^()]*\))?,?(?=\s))*[^.;%]{0,60}\bby\s(?:about\s|nearly\s|almost\s|roughly\s|around\s|over\s|more than\s|an?\s)?$"
)
#: the same for what became more frequent
_RAISED = regex.compile(
    r"(?:增加|升高|上升|增高|增大|增长|攀升|高出|↑|(?:比|较|相比)[^,。;\d]{0,20}高)(?:幅度)?(?:了|约|近|达|高达|可达|至少|分别)*\s?$|"
    r"\b(?:increas\w+|rais\w+|rose|elevat\w+)\b(?:[^.;%]{0,60}\bby\s[\d.]+\s?%(?:\s?\([^()]*\))?,?(?=\s))*[^.;%]{0,60}\bby\s(?:about\s|nearly\s|almost\s|roughly\s|around\s|over\s|more than\s|an?\s)?$"
)
#: between what was reduced and by how much
_BY = regex.compile(
    r"\s(?:\([^()]*\)\s)?by\s(?:about\s|nearly\s|almost\s|roughly\s|around\s|over\s|more than\s|an?\s)?$"
)
#: between what a verb before it reduced and by how much
_REACHING = regex.compile(r"(?:的?(?:风险|发生率?|危险))?(?:约|近|达|高达|可达)*\s?")
_HAN = regex.compile(r"\p{Han}")
#: words that tell of an event of their own
_OWN_EVENT = regex.compile(r"\b(?:had|experienced|developed|died|events?|deaths?)\b|发生|出现|事件|死亡")
#: a bare number below is rather how often something happened a year
_LEAST_SHARE = 5
#: numbers of a sentence that is no table
_FEW = 12
#: from a number to another one alone in its bracket
_BEHIND = regex.compile(r"\s?[(\[]")
#: a cell line: a code with ``cells`` behind it that is no marker of blood cells (HepG2 cells; not CD8 cells)
_CELL_LINE = (
    r"(?<![\p{Latin}\d-])(?!(?:CD|Th|Tc|IL|ILC|PD|HER|HLA|NKG|GPC|CLDN|CCR|CXCR|FOXP)-?[A-Z]?\d)\p{Lu}[\p{Latin}-]{0,6}\d{1,4}[\p{Latin}\d-]{0,4}\s?"
    r"(?:cells\b|细胞(?!免疫|治疗|疗法|输注|回输|计数|比例|水平|的?百分))"
)
_HAN_BY = regex.compile(r"\p{Han}|↓")
_SINCE_BASELINE = regex.compile(
    r"(?:较|比|与|从|由)(?:基线|治疗前|术前|用药前|前)[^,;。]*$|[由从]\s?\d[^,;。]*$"
)
#: a time after these words is a difference between groups
_GAIN = regex.compile(
    r"(?:寿命|生存期|时间|时长|天数)(?:显著|平均|可)?(?:增加|减少)(?:了|约|近)?\s?$|(?:延长|缩短|推迟|longer by|shorter by|prolonged by|extended by|gain of|benefit of)(?:了|约|近|至少)?\s?$"
)
#: what makes a class of treatments an arm
_TREATMENT = regex.compile(r"(?:单药|方案|疗法|组|治疗)$")
_TREATMENT_AFTER = regex.compile(
    r"\s?(?:significantly\s|also\s|markedly\s)?(?:reduced|lowered|decreased|increased|improved|prevented|prolonged|cut|doubled|halved)\s(?!in|by|from|to|at)|"
    r"\s?(?:therapy|alone|treatment|regimens?|trials\b|recipients|-treated|单药|组|方案|经治|的?(?:(?![可能延降减改提增])\p{Han}){0,6}(?:患者|受试者|人群))"
)
_GIVEN_BEFORE = regex.compile(
    r"(?:使用|采用|接受|给予|应用|(?:with|w/|vs?\.?|versus|using|given|receiving|taking|on|to|\d\s?%\)?\safter)(?:\s(?:the|an?))?)\s?$"
)
#: what a kind of treatment is the subject of
_SUBJECT_OF = regex.compile(
    r"的(?:\d+\s?(?:年|个月|周)|中位|客观|总)?[\p{Han}\p{Latin}]{1,12}?(?:率|期|时间|OS|PFS|ORR|DCR|DFS|EFS)(?:仅|约|不足|为|达|是|可|超过|高|低于|在|有)*\s?\d"
)
_GIVEN_FOR = regex.compile(r"(?:的?(?:长期|短期|持续|规范|单独))?治疗(?:后|期间|随访|下(?!降))")
_OPENED = regex.compile(r"\s?\(")
_RESPECTIVE = regex.compile(r"分别|respectively")
#: what points to the study in force
_THIS_ONE = regex.compile(
    r"(?:该|此|这一?|上述|其)(?:项|个)?(?:平台|临床)?(?:研究|试验|队列|分析|结果)|结果(?:显示|表明|提示)|两组|\b(?:[Tt]his|[Tt]he|[Tt]hat)\s(?:trial|study|analysis|authors)\b"
)
#: what closes a list of groups
_RESPECTIVELY = regex.compile(r"\s?(?:groups?|arms?|eyes|patients)?\s?,?\s?respectively\b")
#: behind groups that are taken together
_MERGED = regex.compile(
    r"(?:患者|受试者)?(?:的?数据)?(?:合并|汇总|合计|并为一组)|\s(?:combined|pooled|together)\b"
)
_LISTED_WITH = regex.compile(r"(?:、|和|与|及|以及|, (?:and )?| and )")
_OR_LISTED = regex.compile(r"(?:片|胶囊|颗粒|治疗|辅助化疗)?(?:或者?| or )(?:仅|单纯|单独)?")
#: a number right behind a kind of treatment is its result
_IS_SAID = regex.compile(
    r"\s?(?:仅|只|则|分别|均|约)*(?:为|是|达|:|\()?\s?(?=\d)(?!\d+(?:周期?|个?疗程|次|线|天|年|个月(?!\s?[,;。(对比v)])))"
)
#: behind those to whom something happened, how many they are and their share: ``缓解者12例(30%)``
_SO_MANY = regex.compile(r"者(?:共|各|有|为)*\s?\d+\s?(?:例|人|名|眼)\s?\(\s?\d+(?:\.\d+)?\s?%")
#: words for a part of those who took part
_CROWD = regex.compile(r"亚组|亚群|人群|患者中|者中|\b(?:subgroup|subset|among|patients with)\b")
#: characters from a sentence that only speaks of a subgroup to its numbers
_NEXT = 4
_DIGIT = regex.compile(
    r"\d|[一二两三四五六七八九十半]\s?(?:例|名|人|位|成|个|年|天|周|小时)|\b(?:[Nn]one|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Hh]alf)\b|半数|一半|未达到|not reached|尚未达到|\bNR\b|分之"
)


_FIRST_DIGIT = regex.compile(r"\d")
#: what has a length
_LASTING = regex.compile(
    r"\b(?:stays?|durations?|times?|lengths?|courses?|illness|delays?|survival|recovery|ICU|hospitali[sz]ation|days|hours)\b"
)
#: what only says that another study found the same as the one before
_SAME_AGAIN = regex.compile(
    r"\b(?:same|similar|comparable|corresponding|consistent)\s(?:picture|pattern|stor(?:y|ies)|findings?|results?|trends?|figures|rates|numbers|values)\b[^.;%\d]{0,30}$"
)
#: from the last number of a change to its p-value
_OPENED_P = regex.compile(r"[^,;。]{0,4}[(,]?[^,;。()]{0,6}")
#: from a number into the bracket right behind it: 16.8 mm (P=0.069) with B
_IN_BRACKET = regex.compile(r"^\s?[(\[][^()\[\]]*$")
#: right before a procedure that people came to need, or had less often
_NEEDED = regex.compile(
    r"\b(?:need(?:ed|ing|s)?(?:\sfor)?|requir(?:ed|ing|es|ements?\sfor)|underwent|(?:risks?|rates?|odds|incidence|frequency|use|likelihood|probability)\sof|"
    r"(?:reduc|decreas|increas)\w+(?:\sin)?|fewer|less|more|and|or|,)\s(?:an?\s|the\s|emergency\s|urgent\s|further\s|repeat\s|additional\s|blood\s|any\s)*$"
)
#: right behind it
_MEASURED = regex.compile(
    r"^\s?[(\[]\s?(?:\d|(?:adjusted\s)?(?:[aA]?(?:OR|RR|HR)|MD|SMD|[Oo]dds|[Rr]isk|[Hh]azard|[Rr]elative)\b)|^\s(?:was|were)\s(?:lower|higher|reduced|needed|required|less|more|\d)|^\s(?:in|by)\s\d"
)
#: right behind a procedure that was an aim or came to be needed
_ACHIEVED = regex.compile(
    r"^\s(?:was|were)\s(?:achieved|required|needed|performed|possible|obtained|avoided|necessary)\s(?:in|by|for)\s(?:only\s)?\d"
)
#: between the numbers of two arms that are listed, not set against each other
_LISTED = regex.compile(
    r"^(?!.*\b(?:vs|versus|compared|than|against|and|while|whereas|but)\b)[^,;\p{Han}]*,[^,;\p{Han}]*$"
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


def _lasts(text: str, t: TimePoint) -> bool:
    """Whether a time is how much shorter or longer something lasted: ``shortened the stay by 1.8 days``."""
    number = _FIRST_DIGIT.search(text, t.start, t.end)
    changed = CHANGED_BY.search(text, max(0, t.start - 90), number.start()) if number else None
    return changed is not None and bool(_LASTING.search(changed.group()) or "." in text[t.start : t.end])


def _became_outcome(text: str, h: Hit) -> bool:
    """Whether a procedure is told as what happened to people, not as what a group was given."""
    if h.name.kind not in ("procedure", "class"):
        return False
    needed = h.name.kind == "procedure" and _NEEDED.search(text[: h.start])
    return bool(_ACHIEVED.match(text[h.end :]) or (needed and _MEASURED.match(text[h.end :])))


def _is_added(text: str, p: ArmPhrase) -> bool:
    """Whether a clause begins with a treatment that it only calls added: ``联合化疗组``."""
    before = _ADDED.search(text[max(0, p.start - 4) : p.start]) or _ADDED_IN.match(text, p.start)
    return bool(before or _ADD_ON.match(text, p.end) or _ADD_ON.search(text, p.start, p.end))


def _counted(r: Result) -> OutcomePhrase | None:
    """The outcome that stands between a number and its unit, for the list's next one: ``0.8 relapses a year, and 1.1 with B``."""
    q, o = r.quantity, r.outcome
    return o if o is not None and q.end <= o.start < q.outer_end else None


def _studies_named(anchors: list[Anchor]) -> list[Hit]:
    """Studies' names and registry numbers as names of their own."""
    told = [a for a in anchors if a.kind in ("study", "registry_id")]
    return [Hit(a.start, a.end, Name(a.kind, a.value)) for a in told]


def _time_of_shares(
    view: View, study: Study | None, previous: Sequence[Result], lasting: Callable[[OutcomePhrase], bool]
) -> str:
    """The time of the sentence's last share of people who live on: ``3年PFS率为87%,OS率为94%``."""
    for r in reversed(previous):
        if r.sentence is not view.sentence or r.study is not study:
            return ""
        if r.quantity.kind == "percent" and r.outcome is not None and lasting(r.outcome):
            return r.time
    return ""


class Linker:
    """Links the numbers of a page."""

    def __init__(self, patterns: Patterns) -> None:
        self.patterns = patterns
        self.tokenizer = tokenizer = Tokenizer(patterns)
        self.tokenizer = tokenizer
        self.numbers = NumberFinder(patterns)
        self.names = NameFinder(patterns)
        self.times = TimeFinder(patterns)
        self.populations = PopulationFinder(patterns)
        self.outcomes = OutcomeFinder(patterns)
        self.arms = ArmFinder(patterns)
        self.told = Told(patterns)
        self.sizes = Sizes(patterns)
        self.groups = Grouper()
        self.contrasts = Contrasts(patterns)
        self.forest = ForestPlots()
        self.tables = TableLinker(
            patterns, self.numbers, self.outcomes, self.times, self.populations, self.arms
        )
        self.weigh = Weigher(patterns, self.outcomes, tokenizer)
        self._diagnostic = set(patterns.cues.get("diagnostic", ()))
        self._until_death = set(patterns.cues.get("until_death", ()))
        self._own = patterns.compile(r"(?<!\p{Latin})(?:{{own_study}})(?!\p{Latin})")
        self._eligible = patterns.compile(r"[^,;。%\d]{0,24}?(?:{{eligibility}})")
        self._animal = patterns.compile(rf"(?:{{{{animal}}}})|{_CELL_LINE}")
        self._given_han, self._on_top = patterns.compile(_GIVEN_HAN), patterns.compile(_ON_TOP)
        self._to_both = patterns.compile(_TO_BOTH)
        self._since, self._between = (
            patterns.compile("(?:{{since_before}})"),
            patterns.compile("(?:{{between_groups}})"),
        )

    # ---- the page --------------------------------------------------------------------------------

    def link(
        self, page: Page, record: Record | None = None
    ) -> tuple[list[Result], StudyTracker, list[tuple[Sentence, list[Hit]]]]:
        """All results of a page, its studies, and the names of each sentence; what was weighed goes to ``record``."""
        self._record = record
        tracker = StudyTracker(self.patterns, self._own, same_paper(page))
        self._topic: tuple[str, ...] = ()
        self._last: tuple[int, Study | None, OutcomePhrase | None] = (-1, None, None)
        #: the first outcome of the study that the last result is of
        self._first: tuple[Study | None, OutcomePhrase | None] = (None, None)
        self._named: tuple[int, OutcomePhrase | None, bool] = (0, None, False)
        self._crowd: tuple[int, Study | None, str] = (0, None, "")
        self._foretold: dict[tuple[int, str], str] = {}
        self._topic_at = 0
        self._titled = False
        self._people: tuple[int, str] = (-1, "")
        self._such = bool(SUCH_PEOPLE.search(page.folded.text))
        self._versus: tuple[str, ...] = ()
        self._versus_at = 0
        self._tracker = tracker
        self.told.forget()
        self.arms.forget()
        self.sizes.forget()
        self.forest.reset()
        self._pair: tuple[Study | None, Arm | None, Arm | None] = (None, None, None)
        self.contrasts.reset(" ".join(s.text for s in page.sentences))
        lexicon = self.names.lexicon_for(page)
        results: list[Result] = []
        mentions: list[tuple[Sentence, list[Hit]]] = []
        anchors = [self.names.anchors(s, lexicon) for s in page.sentences]
        tables = list(page.tables)
        for i, sentence in enumerate(page.sentences):
            while tables and tables[0].start < sentence.start:
                results += self._table(tables.pop(0), lexicon, tracker, mentions)
            ahead = cited_ahead(page.sentences, anchors, i)
            view = self._view(sentence, lexicon, tracker, anchors[i], ahead)
            mentions.append((sentence, view.hits + _studies_named(anchors[i])))
            results += self._results(view, tracker)
        for table in tables:
            results += self._table(table, lexicon, tracker, mentions)
        self.sizes.finish(results)
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
        self._named = (sentence.start, outcome, True)
        if arm is not None and not view.arms:
            study.recent = [arm]
        found = list(self._results(view, tracker))
        for r in found:
            if r.arm is None and not r.compares and not view.arms:
                r.arm = arm
        if arm is not None and found:
            arm.used = True
        self._named = (0, None, False)
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
        hits = self.names.names(sentence, lexicon)
        quantities = read = self.numbers.find(text) if numeric else []
        told = self._happened(text, hits, quantities)
        known = [h for h, as_told in zip(hits, told, strict=True) if h is as_told]
        phrases = self.arms.phrases(text, self._treatments(text, known), self.told.leads)
        opens = sentence.paragraph != tracker.paragraph
        segments, named = (
            ([(0, len(text), own)], [])
            if own is not None
            else tracker.segments(
                sentence,
                anchors,
                ahead,
                {frozenset(p.interventions) for p in phrases if p.interventions},
                [
                    q.start
                    for q in quantities
                    if q.kind in ("percent", "level", "estimate:HR", "number", "count")
                ],
            )
        )
        lengths = [
            p for p in phrases if (p.labels and p.kind == "interventions") or p.kind in ("both", "all")
        ]
        times = self.times.find(text, quantities, hits) if numeric else []
        times = [t for t in times if not any(p.start <= t.start < p.end for p in lengths)]
        quantities = [q for q in quantities if not any(p.start <= q.start < p.end for p in lengths)]
        times = [t for t in times if not _lasts(text, t)]
        quantities = [
            q for q in quantities
            if q.kind != "size" and not any(t.start <= q.start < t.end or (q.start <= t.start < q.end and q.kind == "time") for t in times)
        ]  # fmt: skip
        outcomes = self.outcomes.find(text, told, quantities)
        populations = self.populations.find(text) if numeric or self._such or _CROWD.search(text) else []
        if self._people[0] != sentence.paragraph:
            self._people = (sentence.paragraph, "")
        people_before = self._people[1]
        if populations and populations[-1].text:
            self._people = (sentence.paragraph, populations[-1].text)
        if not numeric and not _CROWD.search(text):
            populations = []
        people = [(p.start, p.end) for p in phrases if p.kind == "people" and p.told]
        outcomes = [o for o in outcomes if not any(a <= o.start < b for a, b in people)]
        taken = [(p.start, p.end) for p in phrases if p.kind == "interventions" and not p.background] + people
        taken += [(o.start, o.end) for o in outcomes]
        populations = [
            p
            for p in populations
            if not any(
                a < p.end and p.start < b
                for a, b in (people if p.sure and not p.loose and p.text[:1] not in "≤≥<>" else taken)
            )
        ]
        populations = _subgroups(text, populations, outcomes)
        outcomes = [o for o in outcomes if not any(p.start < o.end and o.start < p.end for p in populations)]
        quantities = [
            q
            for q in quantities
            if not any(o.start <= q.start and q.end <= o.end and q.kind != "not_reached" for o in outcomes)
            and not any(p.start < q.start and q.end <= p.end for p in populations)
        ]
        view = View(sentence, hits, quantities, times, populations, outcomes, phrases, segments, named)
        view.people_before = people_before
        view.anchored, view.record = bool(anchors), self._record
        if view.record is not None and read:
            view.record.sentences.append((view, read))
        if not anchors and not ahead:
            self._return(view, tracker)
        if opens and not ahead and (not anchors or segments[0][1] < anchors[0].start):
            self._leave(view, tracker, bool(anchors))
        self._resolve_arms(view, tracker)
        if numeric:
            self.sizes.read(view, tracker)
            if course := self.times.course(text):
                tracker.treated(view.study_at(0), course)
        return view

    def _happened(self, text: str, hits: list[Hit], quantities: list[Quantity]) -> list[Hit]:
        """The names of a sentence, with procedures as outcomes where they are what happened to people.

        ``Fewer patients needed surgery (8% v 14%)``, ``the risk of transfusion (OR 0.34)``: no group had them.
        """
        if not quantities:
            return hits
        return [
            Hit(h.start, h.end, Name("outcome", snake(h.name.concept), "event"))
            if _became_outcome(text, h)
            else h
            for h in hits
        ]

    def _treatments(self, text: str, hits: list[Hit]) -> list[Hit]:
        """The names of a sentence, with those of groups that the text tells by definition."""
        self.told.leads = {}
        if not self.told.worth(text):
            return hits
        known = [(h.start, h.end) for h in hits if h.name.kind in INTERVENTIONS]
        found = self.told.find(text, [*known, *self.arms.pointers(text)])
        if not found:
            return hits
        named = [Hit(a, b, Name("procedure", first, TOLD)) for a, b, first in found]
        return sorted([*hits, *named], key=lambda h: (h.start, h.end))

    # ---- arms ------------------------------------------------------------------------------------

    def _resolve_arms(self, view: View, tracker: StudyTracker) -> None:
        """Find the arms that the sentence's phrases mean, and the pair that it compares."""
        by_study: dict[int, list[ArmPhrase]] = {}
        known = {id(s): list(s.arms) for _, _, s in view.segments if s is not None}
        sized: dict[int, list[Arm]] = {}
        for p in sorted(view.phrases, key=lambda p: (p.kind == "dose", p.start)):
            told, also = self._told(view, p)
            study = view.study_at(p.start)
            if told is None and study is not None and self._given_to_both(view, p, study):
                continue
            if told is None and (p.background or (p.kind == "interventions" and not self._is_arm(view, p))):
                continue
            if p.kind == "label" and self._stratum(view, p, study):
                continue
            everybody = told is None and not p.reference and self.arms.for_everybody(view.text, p)
            if study is None:
                if not view.quantities and not p.is_group and not everybody and not self._tells_groups(view):
                    if not p.reference and "placebo" not in p.interventions and p.interventions:
                        self._topic, self._topic_at = p.interventions, view.sentence.start
                        self._titled = view.sentence.heading
                    continue
                study = tracker.default(view.sentence)
                view.segments = [(a, b, s or study) for a, b, s in view.segments]
            nearby = [a for q in view.phrases if q.end <= p.start for a in view.arms.get(id(q), [])]
            if told is not None:
                own = told.interventions or p.interventions
                if not told.interventions or not told.used:
                    told.interventions = (*also, *(n for n in own if n not in also))
                told.dose = told.dose or p.dose
                told.call(p.label)
                view.arms[id(p)] = [told]
                by_study.setdefault(id(study), []).append(p)
                continue
            if p.kind == "dose":
                following = [
                    a for q in view.phrases if p.end <= q.start <= p.end + 5 for a in view.arms.get(id(q), [])
                ]
                nearby = following or nearby or self._topical(view, study)
            versus = [
                a for q in view.phrases if q.reference and q.end <= p.start for a in view.arms.get(id(q), [])
            ]
            if p.kind == "control" and versus and not p.reference and not study.labelled(p.label):
                versus[-1].call(p.label)
                versus[-1].role = "comparator"
            if p.kind == "control":  # one that this part of the sentence hasn't told of by another name
                part = view.text.rfind(";", 0, p.start)
                nearby = [
                    a
                    for q in view.phrases
                    if part < q.start and q.end <= p.start
                    for a in view.arms.get(id(q), [])
                ]
            clause = 1 + max(view.text.rfind(c, 0, p.start) for c in ",;。")
            beside = [
                a for q in view.phrases if clause <= q.start < p.start for a in view.arms.get(id(q), [])
            ]
            if p.kind == "interventions" and (base := self._added_to(view, p, study, nearby)):
                p.interventions = (*base, *p.interventions)
            if p.kind == "interventions" and not everybody:
                p.interventions = self.arms.with_shared(study, p)
            view.arms[id(p)] = self.arms.resolve(study, p, view.text, nearby, beside)
            for a in view.arms[id(p)] if p.kind == "interventions" else ():
                a.guessed = False
            if everybody and not any(a.used for a in study.arms):
                study.shared += tuple(n for n in p.interventions if n not in study.shared)
                for a in view.arms[id(p)]:
                    a.guessed = len(study.arms) == 1
            if p.kind == "control" and study.shared and not view.arms[id(p)][0].interventions:
                view.arms[id(p)][0].interventions = study.shared
            if len(view.arms[id(p)]) == 1 and (size := self.arms.size(view.text, p)):
                view.arms[id(p)][0].participants = view.arms[id(p)][0].participants or size[0]
                view.sizes.add(size[1])
                sized.setdefault(id(study), []).append(view.arms[id(p)][0])
            by_study.setdefault(id(study), []).append(p)
        for phrases in by_study.values():
            phrases.sort(key=lambda p: p.start)
            study = view.study_at(phrases[0].start)
            assert study is not None
            if (
                self._topic
                and len(study.arms) == 1
                and view.quantities
                and all(p.reference for p in phrases)
                and not set(self._topic) & study.arms[0].key
            ):
                topic_arm = Arm(self._topic, role="experimental")
                study.add(topic_arm)
                study.pair = (topic_arm, study.arms[0])
            focus = [
                a
                for p, x in itertools.zip_longest(phrases, phrases[1:])
                if not p.reference and not (x is not None and self._only_names(view, p, x))
                for a in view.arms[id(p)]
            ]
            reference = [a for p in phrases if p.reference for a in view.arms[id(p)]]
            arms = list(dict.fromkeys(focus + reference))
            halves = [view.arms[id(p)] for p in phrases if p.untreated]
            against = reference[-1] if reference else None
            set_against = [a for a in focus if a is not against]
            if against is not None and set_against:
                self._keep_pair(view, study, phrases, (set_against[-1], against), known.get(id(study), []))
                study.pair = (set_against[-1], against)
                for a, role in ((study.pair[0], "experimental"), (against, "comparator")):
                    if a is not None:
                        a.role = a.role or role
            elif halves and len(halves[-1]) == 2:
                study.pair = (halves[-1][0], halves[-1][1])
            elif (len(arms) == 2 and study.pair[1] is None) or len(sized.get(id(study), [])) == 2:
                arms = sized[id(study)] if len(sized.get(id(study), [])) == 2 else arms
                control = next(
                    (a for a in arms if a.role == "comparator" or "placebo" in a.interventions), None
                )
                first = next(a for a in arms if a is not control)
                study.pair = (first, control or arms[1])
            if focus:
                study.recent = list(dict.fromkeys(focus))
            with_size = list(dict.fromkeys(sized.get(id(study), [])))
            if len(with_size) > 1:
                study.order = with_size
            elif len(arms) > 1:
                study.order = [*study.recent, *(a for a in arms if a not in study.recent)]
            if reference and _SEVERAL.search(view.text):
                self._versus, self._versus_at = reference[-1].interventions, view.sentence.start
            topic = [
                p
                for p in phrases
                if p.kind == "interventions" and not p.reference and "placebo" not in p.interventions
            ]
            if topic:
                self._topic, self._topic_at = topic[-1].interventions, view.sentence.start
                self._titled = False

    def _stratum(self, view: View, p: ArmPhrase, study: Study | None) -> bool:
        """Whether groups listed by risk, stage and the like are parts of the people, not arms that got something."""
        if not any(x.listed and x.start < p.end and p.start < x.end for x in view.populations):
            return False
        arm = study.labelled(p.label) if study is not None else None
        if arm is None or not arm.interventions:
            return True
        view.populations = [x for x in view.populations if not (x.start < p.end and p.start < x.end)]
        return False

    def _keep_pair(
        self, view: View, study: Study, phrases: list[ArmPhrase], pair: tuple[Arm, Arm], known: list[Arm]
    ) -> None:
        """Keep the pair of the clauses before the one that sets two groups against each other, for their numbers."""
        place = [p.start for p in phrases if pair[0] in view.arms[id(p)]][-1]
        place = view.text.rfind(";", 0, place)
        if place < 0 or not any(q.start < place for q in view.quantities):
            return
        told = list(
            dict.fromkeys([*known, *(a for p in phrases if p.end <= place for a in view.arms[id(p)])])
        )
        before = study.pair
        if None in before:
            before = (told[0], told[1]) if len(told) == 2 else (None, None)
        if set(before) != set(pair):
            view.pairs_before[id(study)] = (place, before)

    def _return(self, view: View, tracker: StudyTracker) -> None:
        """Go back to the one study that tested a sentence's treatment, where the study in force knows nothing of it."""
        here = tracker.current
        keys = [
            frozenset(p.interventions)
            for p in view.phrases
            if p.kind == "interventions" and not (p.background or p.reference or p.generic)
        ]
        if here is None or not here.arms or not keys or any(k & a.key for k in keys for a in here.arms):
            return
        arms = [(s, a) for s in tracker.studies for a in s.arms if a.used]
        tested = list({id(s): s for s, a in arms if a.key == keys[0]}.values())
        tested = tested or list({id(s): s for s, a in arms if keys[0] < a.key}.values())
        if len(tested) == 1:
            tracker.current = tested[0]
            view.segments = [(0, len(view.text), tested[0])]

    def _leave(self, view: View, tracker: StudyTracker, turns: bool) -> None:
        """Leave the study in force where a new paragraph tells of treatments in general: ``现有药物的治愈率为5%``.

        ``turns`` where its last clause turns to a study that it cites.
        """
        _, stop, here = view.segments[0]
        told = [
            p
            for p in view.phrases
            if p.start < stop
            and (p.kind == "interventions" or p.generic)
            and not p.background
            and not p.reference
            and "placebo" not in p.interventions
        ]
        if here is None or not view.quantities or not told or not here.used or not here.identified:
            return
        if (
            not all(p.generic and not p.is_group for p in told)
            or self._own.search(view.text)
            or _THIS_ONE.search(view.text)
        ):
            return
        only_cited = not (here.names or here.registry_ids or here.authors)
        if only_cited or not any(frozenset(p.interventions) & a.key for p in told for a in here.arms):
            cited = tracker.current
            view.segments[0] = (0, stop, tracker.in_general(view.sentence))
            if turns:
                tracker.current = cited

    def _only_names(self, view: View, p: ArmPhrase, x: ArmPhrase) -> bool:
        """Whether a phrase only names the drug whose doses follow as groups: ``A was given at 5 mg or 10 mg``."""
        if x.kind != "dose" or len(x.labels) < 2 or p.kind != "interventions" or p.dose:
            return False
        return all(a.key == frozenset(p.interventions) for a in view.arms[id(x)])

    def _tells_groups(self, view: View) -> bool:
        """Whether a sentence without results tells which treatments a study sets against each other."""
        told = {
            (p.interventions, p.manner)
            for p in view.phrases
            if p.kind == "interventions" and not p.background
        }
        several = len(told) > 1 or any(
            p.without or (p.labels and p.kind == "interventions") for p in view.phrases
        )
        return several and not view.sentence.heading and bool(_ASSIGNS.search(view.text))

    def _given_to_both(self, view: View, p: ArmPhrase, study: Study) -> bool:
        """Whether both groups get a treatment besides their own (两组均给予A); it is added to what each of them gets."""
        both = [x for x in view.phrases if x.kind in ("both", "all") and x.end <= p.start]
        if (
            p.kind != "interventions"
            or not both
            or not self._to_both.match(view.text[both[-1].end : p.start])
        ):
            return False
        arms = view.arms.get(id(both[-1]), [])
        if not any(a.used or a.interventions for a in study.arms):
            study.shared += tuple(n for n in p.interventions if n not in study.shared)
            return True
        if len(arms) < 2 or any(a.used or not a.interventions for a in arms):
            return False
        for a in arms:
            a.interventions += tuple(n for n in p.interventions if n not in a.interventions)
        return True

    def _added_to(self, view: View, p: ArmPhrase, study: Study, nearby: list[Arm]) -> tuple[str, ...]:
        """What a treatment comes on top of that a clause only calls added: ``A单药组为8%,加用B者为15%``, ``联合化疗组``.

        That is the one group told before in the sentence, else what the text spoke of; nothing where a group is known to
        have it in a combination.
        """
        if not _is_added(view.text, p):
            return ()
        for x in view.phrases:
            apart = (
                x.kind == "interventions" and x is not p and not set(x.interventions) & set(p.interventions)
            )
            if apart and _CONTINUES.search(view.text[max(0, x.start - 10) : x.start]):
                study.continued = study.continued or x.interventions
        if study.continued and not set(study.continued) & set(p.interventions):
            return study.continued
        holding = {a.key: a for a in study.arms if set(p.interventions) < a.key}
        if holding:
            whole = next(iter(holding.values())).interventions if len(holding) == 1 and p.is_group else ()
            return tuple(n for n in whole if n not in p.interventions)
        told = list(dict.fromkeys(nearby))
        if len(told) == 1 and p.is_group | bool(_WHO.match(view.text, p.end)):
            base = told[0].interventions
        elif not told and not study.arms and view.sentence.start - self._topic_at <= _ANNOUNCE_REACH:
            base = self._topic
        else:
            return ()
        return () if set(base) & {*p.interventions, "placebo"} else base

    def _topical(self, view: View, study: Study) -> list[Arm]:
        """What the text speaks of, for the doses of a study of which no treatment was told."""
        told = [a for a in study.arms if a.interventions and "placebo" not in a.interventions]
        if told or not self._topic or view.sentence.start - self._topic_at > _TOPIC_REACH:
            return []
        arm = Arm(self._topic, guessed=True)
        study.arms.append(arm)
        return [arm]

    def _told(self, view: View, p: ArmPhrase) -> tuple[Arm | None, tuple[str, ...]]:
        """The numbered or lettered group that a treatment is told of: ``组1给予A``, ``arm A (X plus Y)``.

        ``Groups 1, 2 and 3 received A, B and C``: the n-th treatment is the n-th group's. With it, what the group gets
        besides: ``治疗组在对照组基础上加用A`` and ``治疗组加用A`` are the control group's treatment and A.
        """
        if p.kind != "interventions":
            return None, ()
        before = [x for x in view.phrases if x.end <= p.start]
        if p.background and before and set(p.interventions) < set(before[-1].interventions):
            return None, ()  # placebo group (on A): already part of what it gets
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
        if told is None or study is None:
            return None, ()
        gap = self._given_han.match(view.text[before[-1].end : p.start])
        if gap and gap["more"] and not told.used:
            others = [a for a in study.arms if a is not told and a.interventions]
            base = [a for a in others if a.role == "comparator"] or others
            if len(base) == 1 and not set(base[0].interventions) & set(p.interventions):
                return told, base[0].interventions
        return told, tuple(n for n in study.shared if n not in p.interventions)

    def _is_given(self, gap: str) -> bool:
        """Whether the words between a group and a treatment say that the group got it."""
        return bool(_GIVEN.match(gap) or self._given_han.match(gap))

    def _given(self, view: View, p: ArmPhrase, before: list[ArmPhrase]) -> Arm | None:
        """The group before a treatment that the text says it was given to."""
        bracketed = before and view.text[before[-1].end : p.start].strip() == "(" and len(p.interventions) > 1
        if before and before[-1].kind == "interventions" and (before[-1].is_group or bracketed):
            own = view.arms.get(id(before[-1]), [])
            named = set(before[-1].interventions)
            again = set(p.interventions) <= named
            gap = view.text[before[-1].end : p.start]
            explained = bracketed and view.text[p.end :].lstrip().startswith(")")
            # the needling group got needling and A; the drug group got B; placebo group (on X)
            spelt = (
                before[-1].generic
                or (not bracketed and named < set(p.interventions))
                or bool(explained and not again)
            )
            if len(own) == 1 and (again or spelt) and self._is_given(gap):
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
            and _OPENS_ITEM.search(view.text[: label.start])
        )
        if listed and len(view.arms[id(label)]) == 1:
            arm = view.arms[id(label)][0]
            return None if arm.interventions else arm
        if not self._is_given(gap) and len(view.arms[id(label)]) < 2:
            return None
        arms = view.arms[id(label)]
        between = [
            x for x in before if x.start >= label.end and x.kind == "interventions" and not x.background
        ]
        first = between[0] if between else p
        if not self._is_given(view.text[label.end : first.start]) or len(between) >= len(arms):
            return None
        arm = arms[len(between)]
        return arm if not arm.interventions or arm.key == frozenset(p.interventions) else None

    def _is_arm(self, view: View, p: ArmPhrase) -> bool:
        """A class word alone is an arm only where it is marked as a group or compared."""
        if not p.is_group and set(p.interventions) <= self._diagnostic:
            return False
        classes = {h.name.concept for h in view.hits if h.name.kind == "class" and p.start <= h.start < p.end}
        if not all(i in classes for i in p.interventions):
            return True
        if p.is_group or p.told or p.alone or p.reference or p.untreated or "placebo" in p.interventions:
            return True
        spoken = self._topic and view.sentence.start - self._topic_at <= _ANNOUNCE_REACH and view.quantities
        if spoken and _is_added(view.text, p):
            return True
        if self.arms.defines(view.text, p) or _IS_SAID.match(view.text, p.end):
            return True
        gaps = [view.text[x.end : p.start] for x in view.phrases if x.end <= p.start and id(x) in view.arms]
        chosen = gaps and _OR_LISTED.fullmatch(gaps[-1]) and _ASSIGNS.search(view.text[: p.start])
        if chosen or any(map(_LISTED_WITH.fullmatch, gaps)) or self._heads_list(view, p):
            return True
        if not view.quantities:
            return False
        last = [h for h in view.hits if h.name.kind == "class" and p.start <= h.start < p.end][-1]
        own = view.text[last.start : last.end]
        marked = _TREATMENT.search(view.text[p.start : p.end]) and not own.endswith(("治疗", "疗法"))
        return bool(
            marked
            or _GIVEN_FOR.match(view.text, last.end - (2 if own.endswith("治疗") else 0))
            or _SUBJECT_OF.match(view.text, last.end)
            or _TREATMENT_AFTER.match(view.text[p.end :])
            or _GIVEN_BEFORE.search(view.text[: p.start])
        )

    def _heads_list(self, view: View, p: ArmPhrase) -> bool:
        """Whether a kind of treatment opens a list that is called groups: ``exercise, A and placebo``, 三组."""
        i = view.phrases.index(p)
        for last, x in itertools.pairwise(view.phrases[i:]):
            gap = view.text[last.end : x.start]
            if x.kind in ("both", "all") and gap in ("", "治疗", "这"):
                return last is not p
            if not _LISTED_WITH.fullmatch(gap):
                return False
        return view.phrases[-1].is_group and view.phrases[-1] is not p

    # ---- numbers ---------------------------------------------------------------------------------

    def _plotted(self, view: View, numbers: list[Quantity]) -> Iterable[Result]:
        """The results of a line of a forest plot: of the outcome and the groups that the text before it compared."""
        (_, _, outcome), (study, arm, comparator) = self._last, self._pair
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
        self._foretold |= {(holder, k): at for k, at in self.weigh.foretold(view).items()}
        chosen = None if _HAN_BY.search(text) else self.weigh.chosen(view)
        if chosen is not None:
            self._named = (view.sentence.start, chosen, True)
        if not view.quantities or view.sentence.heading:
            if chosen is None:
                self._announce(view)
            return
        if self._animal.search(text) or self._eligible.match(text):
            return
        candidates = [q for q in view.quantities if q.kind.split(":")[0] in RESULT_KINDS]
        candidates = [q for q in candidates if self.weigh.plausible(view, q) and not self._sized(view, q)]
        if view.record is not None:
            kept = {q.start for q in candidates}
            view.record.refused |= {
                view.key(q): "can't be a result" for q in view.quantities if q.start not in kept
            }
        if view.outcomes and not candidates and chosen is None:
            self._announce(view)
        candidates = self.contrasts.mark(view, candidates)
        lists = self._joined(view, cell_lists(text, candidates, view.phrases))
        previous: list[Result] = []
        told: list[Result] = []
        for i, cells in enumerate(lists):
            laid = self._lay(view, cells, lists)
            if len(laid) == 1 and (own := _behind(view, laid[0].quantity)) is not None:
                for r in told:
                    if r.quantity is own and r.arm is not None and not r.compares:
                        laid[0].arm, laid[0].why = r.arm, ["in the bracket of a number"]
            for cell, outcome in zip(laid, self._again(view, lists[i:], told), strict=False):
                cell.outcome = cell.outcome or outcome
            self._same_people(view, laid, told)
            done: list[Result] = []
            for cell in laid:
                cell.outcome = cell.outcome or (_counted(done[-1]) if done else None)
                found = self._finish(view, tracker, cells, cell, previous)
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
            else:
                previous = done
            told += done
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

    def _joined(self, view: View, lists: list[Cells]) -> list[Cells]:
        """Join lists of unlike numbers where the text has just named as many outcomes: ``ORR, DCR and DOR were 7%, 8% and 9 months``."""
        if len(lists) < 2 or len(view.outcomes) < 2:
            return lists
        named = coordinate(
            view.text, view.outcomes, lambda o: (o.start, o.end), lambda a, b: a.concept == b.concept
        )
        i = 0
        while i + 1 < len(lists):
            a, b = lists[i], lists[i + 1]
            plain = not is_estimate(a.quantities[0]) and not is_estimate(b.quantities[0])
            near_by = plain and b.quantities[0].outer_start - a.end < 12
            k = 0
            if near_by and LIST.match(view.text[a.end : b.quantities[0].outer_start]):
                k = next((len(g) for g in reversed(named) if g[-1].end <= a.start), 0)
            if len(a.quantities) < k >= len(a.quantities) + len(b.quantities):
                lists[i : i + 2] = [_one(lists[i : i + 2])]
            else:
                i += 1
        return self._blocks(view, lists, {len(g) for g in named if len(g) > 1})

    def _blocks(self, view: View, lists: list[Cells], sizes: set[int]) -> list[Cells]:
        """Join lists of unlike numbers, one a group, where the groups were listed before: ``A, B: 7% and 9 months, 8% and 10 months``."""
        for i, first in enumerate(lists):
            kinds = [q.kind for q in first.quantities]
            if len(set(kinds)) < 2 or len(kinds) not in sizes:
                continue
            m = 1
            for a, b in itertools.pairwise(lists[i:]):
                listed = LIST.match(view.text[a.end : b.quantities[0].outer_start])
                if not listed or [q.kind for q in b.quantities] != kinds:
                    break
                m += 1
            told = {id(a) for p in view.phrases if p.end <= first.start for a in view.arms.get(id(p), ())}
            if m > 1 and len(told) == m:
                return [*lists[:i], _one(lists[i : i + m]), *lists[i + m :]]
        return lists

    def _sized(self, view: View, q: Quantity) -> bool:
        """Whether a count is a group's size, and not the next one of a list of counts."""
        return (
            q.kind == "count"
            and q.start in view.sizes
            and not listed_count(view, q)
            and not happened(view.text, q)
        )

    def _again(self, view: View, lists: list[Cells], told: list[Result]) -> list[OutcomePhrase | None]:
        """The outcomes of numbers that repeat those before them in their order, for another group or study.

        ``ORR为40%,DCR为71%,均高于对照组的22%、53%``: as many numbers, of the same kinds, and none of them named.
        """
        shown = [r for r in told if not r.compares]
        at = shown[-1].quantity.outer_end if shown else 0
        run: list[Quantity] = []
        for cells in lists:
            named = any(at <= o.start < cells.end for o in view.outcomes)
            gap = view.text[at : cells.start]
            named = named or any(r.outcome is not None and r.outcome.text in gap for r in shown)
            changes = _CHANGES.search(gap)
            if (
                named
                or changes
                or is_estimate(cells.quantities[0])
                or _MEASURE.search(view.text, at, cells.start)
            ):
                break
            run += cells.quantities
            at = cells.end
        model = shown[-len(run) :] if run else []
        same = len(model) == len(run) and all(
            (r.quantity.kind, r.quantity.unit) == (q.kind, q.unit) for r, q in zip(model, run, strict=True)
        )
        outcomes = [r.outcome for r in model]
        if not same or len({o.concept for o in outcomes if o is not None}) < 2:
            return []
        started = shown[-len(run) - 1].outcome if len(shown) > len(run) else None
        if started is not None and outcomes[0] is not None and started.concept == outcomes[0].concept:
            return []  # the run would begin amid an outcome's numbers
        return outcomes

    def _same_people(self, view: View, laid: list[Cell], told: list[Result]) -> None:
        """As many numbers, each of a subgroup, and then as many more in their order: ``40% of X and 30% of Y; later a and b``."""
        k = len(laid)
        model = [r for r in told if not r.compares][-k:]
        people = [r.population for r in model]
        at = model[-1].quantity.outer_end if model else 0
        if k < 2 or len(set(people)) < k or not all(people) or any(c.population for c in laid):
            return
        start, end = laid[0].quantity.start, laid[-1].quantity.outer_end
        if any(
            at < p.start < end + 12 and p.text not in people for p in view.populations
        ) or not _RESPECTIVE.search(view.text, at, end + 24):
            return
        for cell, name in zip(laid, people, strict=True):
            cell.population = Population(start, start, name)

    def _speak_of(self, view: View) -> None:
        """Keep the subgroup that a sentence without numbers ends with, for the next sentence."""
        at, study, crowd = self._crowd
        ends = view.sentence.start + len(view.text.rstrip())
        if view.populations or not 0 <= view.sentence.start - at <= _NEXT or view.anchored:
            crowd, study = "", view.study_at(0)
            known = [p for p in view.populations if not p.listed]
            told = study is not None and study.since is not None
            if known and not view.quantities and told and len({p.text for p in known}) == 1:
                crowd, at = known[0].text, ends
        self._crowd = (at, study, crowd)

    def _announce(self, view: View) -> None:
        """Keep the last outcome that a sentence names without a number; a colon or a heading opens a list under it."""
        named = [o for o in view.outcomes if not o.generic]
        chosen = self._named[1] if self._named[2] else None
        if named:
            opens = view.sentence.heading or view.text.rstrip(" *").endswith(":")
            if not opens and chosen is not None and any(o.concept == chosen.concept for o in named):
                return  # still told of
            self._named = (view.sentence.start, named[-1], opens)

    # ---- axes ------------------------------------------------------------------------------------

    def _lay(self, view: View, cells: Cells, lists: list[Cells]) -> list[Cell]:
        """Lay the sentence's axes over a list of numbers and give each its arm."""
        k = len(cells.quantities)
        laid = [Cell(q) for q in cells.quantities]
        ahead = (c.start for c in lists if c.start >= cells.end)
        stop_after = next(
            (a for a in ahead if not _IN_BRACKET.match(view.text[cells.end : a])), len(view.text)
        )
        stop_before = max((c.end for c in lists if c.end <= cells.start), default=0)
        self._suppose_arms(view, cells)
        self._suppose_control(view, cells)
        self.groups.bracketed(view, laid)
        spread: dict[str, list[Any]] = {}
        owner = self._owner(view, cells) if k > 1 else None
        if owner is not None:
            for cell in laid:
                cell.arm = owner
                cell.why.append("in the bracket of its arm")
        if k > 1:
            axes = self._axes(view, cells, stop_after)
            axes = axes or self._closing(view, cells, lists)
            axes_laid = [a for a in axes if owner is None or a[1] != "arm"]
            spread = lay(cells, axes_laid, self._until_death, view.text) or {}
            if view.record is not None:
                told = [_axis(name, items, name in spread) for _, name, items in axes]
                view.record.axes |= dict.fromkeys(map(view.key, cells.quantities), told)
            for i, cell in enumerate(laid):
                for name, items in spread.items():
                    if name == "arm" and cell.arm is not None:
                        continue
                    setattr(cell, name, items[i])
                    cell.why.append(
                        f"axis of {len(set(map(id, items)))} {'studies' if name == 'study' else f'{name}s'}"
                    )
            if (
                "arm" in spread
                and (own := self._own_arms(view, cells))
                and set(map(id, own)) == set(map(id, spread["arm"]))
            ):
                for cell, beside in zip(laid, own, strict=True):
                    cell.arm = beside
            if cells.changed and k % 2 == 0 and cells.gaps[k // 2 - 1] == "change":
                self.groups.changed(view, laid)
            elif set(spread) <= {"arm"} or cells.paired or cells.armed:
                self.groups.of_list(view, cells, laid, stop_before)
        if all(c.arm is None for c in laid) and k > 1 and set(spread) <= {"arm"} and not cells.changed:
            self.groups.of_list(view, cells, laid, stop_before)
        if all(c.arm is None for c in laid):
            arm, why = self.groups.single(
                view,
                laid[0].quantity,
                stop_before,
                stop_after,
                laid[-1].quantity if cells.changed or (spread and k > 1) else None,
            )
            study = view.study_at(cells.start)
            held = why == "arm in force" and "分别" not in view.text[: cells.start]
            alone = study is not None and (len(study.arms) == 1 or held) and not cells.paired
            for cell in laid if spread or k == 1 or cells.changed or alone else laid[:1]:
                cell.arm = arm
                cell.why.append(why)
        if len(laid) == 1 and laid[0].arm is None:
            laid[0].arm = self._class_arm(view, laid[0].quantity)
            laid[0].why.append("the only treatment of the sentence")
        for cell in laid:
            if cell.study is not None and cell.arm is not None:
                cell.arm = cell.study.like(cell.arm)
        study = view.study_at(cells.start)
        distinct = list(dict.fromkeys(c.arm for c in laid if c.arm is not None))
        if study is not None and len(distinct) > 1:
            study.order = distinct
        return laid

    def _own_arms(self, view: View, cells: Cells) -> list[Arm]:
        """The last group told before each number of a list and behind the one before, where each has another one."""
        found: list[Arm] = []
        at = 0
        for q in cells.quantities:
            told = [p for p in view.phrases if at <= p.start and p.end <= q.start and view.arms.get(id(p))]
            arms = view.arms[id(told[-1])] if told else []
            if len(arms) != 1 or any(arms[0] is a for a in found):
                return []
            found.append(arms[0])
            at = q.outer_end
        return found

    def _owner(self, view: View, cells: Cells) -> Arm | None:
        """The arm whose bracket holds a list: ``X and Y with A (40% and 20%)``."""
        for p in view.phrases:
            opened = _OPENED.fullmatch(view.text[p.end : cells.quantities[0].outer_start])
            if opened and not p.reference and len(view.arms.get(id(p), ())) == 1 and not cells.paired:
                inside = view.text[cells.quantities[0].outer_start : cells.end + 1]
                return view.arms[id(p)][0] if inside.find(")") == len(inside) - 1 else None
        if cells.paired or cells.armed or cells.changed or _HAN.search(view.text):
            return None
        return self.groups.closing(view, cells.quantities[0], cells.quantities[-1])

    def _class_arm(self, view: View, q: Quantity) -> Arm | None:
        """The arm of the only kind of treatment that a sentence names, where no arm is known."""
        study = view.study_at(q.start)
        named = [
            p for p in view.phrases if p.kind == "interventions" and not p.background and not p.reference
        ]
        if study is None or study.arms or len({p.interventions for p in named}) != 1:
            return None
        return self.arms.resolve(study, named[0], view.text, [])[0]

    def _suppose_arms(self, view: View, cells: Cells) -> None:
        """A study of which no arm was told has those of its sister study, or tests what the text speaks of."""
        study = view.study_at(cells.start)
        told = self._titled or _UNNAMED_STUDY.search(view.text[: cells.start])
        if study is None and self._topic and told and not view.phrases:
            if view.sentence.start - self._topic_at > _ANNOUNCE_REACH:
                return
            study = self._tracker.default(view.sentence)
            view.segments = [(a, b, s or study) for a, b, s in view.segments]
        if study is None:
            return
        sister = self._sister(view, study)
        if not study.arms and sister is not None:
            copies = {id(a): Arm(a.interventions, list(a.labels), a.role, a.dose) for a in sister.arms}
            study.arms = list(copies.values())
            study.pair = (copies.get(id(sister.pair[0])), copies.get(id(sister.pair[1])))
            study.order = [copies[id(a)] for a in sister.order if id(a) in copies]
            study.recent = [copies[id(a)] for a in sister.recent if id(a) in copies]
        elif self._topic and view.sentence.start - self._topic_at <= _TOPIC_REACH:
            controls = [a for a in study.arms if "placebo" in a.interventions or a.role == "comparator"]
            if controls and len(controls) == len(study.arms) and not set(self._topic) & controls[0].key:
                focus = Arm(self._topic, role="experimental")
                study.arms.insert(0, focus)
                study.pair, study.recent, study.order = (focus, controls[0]), [focus], [focus, controls[0]]
            # what another group got, or everybody gets, is not what the treated ones got
            theirs = self.arms.is_care(self._topic) or any(
                a.key == set(self._topic) and (a.used or a.role) for a in study.arms
            )
            for arm in study.arms if not theirs else ():
                if arm.role == "experimental" and not arm.interventions and not arm.as_told:
                    arm.interventions = self._topic
            if not study.arms:
                study.arms.append(Arm(self._topic, guessed=True))
            elif len(study.arms) == 1 and not (study.arms[0].interventions or study.arms[0].as_told):
                study.arms[0].interventions = self._topic

    def _suppose_control(self, view: View, cells: Cells) -> None:
        """A pair of numbers of a study of which one arm was told: the other is what all these trials compare with."""
        study = view.study_at(cells.start)
        if study is None or not cells.paired or len(study.arms) != 1 or not self._versus:
            return
        near = view.sentence.start - self._versus_at <= _VERSUS_REACH
        if near and study.arms[0].interventions and not set(self._versus) & study.arms[0].key:
            control = study.add(Arm(self._versus, role="comparator"))
            if len(study.arms) == 2:
                study.pair, study.order = (study.arms[0], control), list(study.arms)

    def _sister(self, view: View, study: Study) -> Study | None:
        """The study beside this one in the sentence, or one whose name differs in its number only."""
        beside = [s for _, _, s in view.segments if s is not None and s is not study and s.arms]
        if beside:
            return beside[-1]
        stems = {_NUMBER_END.sub("", n) for n in study.names if _NUMBER_END.search(n)}
        if not stems:
            return None
        return next(
            (
                s
                for s in self._tracker.studies
                if s is not study and s.arms and stems & {_NUMBER_END.sub("", n) for n in s.names}
            ),
            None,
        )

    def _axes(self, view: View, cells: Cells, stop_after: int) -> list[tuple[int, str, list[object]]]:
        """The lists of the sentence that can be axes of these cells, in text order."""
        text, at = view.text, cells.start
        axes: list[tuple[int, str, list[object]]] = []
        named: dict[str, Sequence[Any]] = {
            "outcome": [o for o in view.outcomes if not o.generic],
            "time": view.times,
            "population": view.populations,
        }

        def add(name: str, groups: list[list[object]], start: list[int]) -> None:
            for group, position in zip(groups, start, strict=True):
                if len(group) < 2 or not (position < at or position < stop_after):
                    continue
                last: Any = group[-1]
                if not any(last.end <= x.start < at for x in named[name]):
                    axes.append((position, name, group))

        outcomes = coordinate(
            text,
            view.outcomes,
            lambda o: (o.start, o.end),
            lambda a, b: a.concept == b.concept,
            own=[(t.start, t.end) for t in view.times],
        )
        add("outcome", [list(g) for g in outcomes], [g[0].start for g in outcomes])
        times = coordinate(text, view.times, lambda t: (t.start, t.end), lambda a, b: a.value == b.value)
        add("time", [list(g) for g in times], [g[0].start for g in times])
        populations = coordinate(
            text, view.populations, lambda p: (p.start, _people_end(text, p)), lambda a, b: a.text == b.text
        )
        add("population", [list(g) for g in populations], [g[0].start for g in populations])
        for studies in coordinate(text, view.named, lambda s: s[:2], lambda a, b: a[2] is b[2], BRACKETS):
            told_before = studies[-1][1] <= at and studies[-1][2] is view.study_at(at)
            if len(studies) > 1 and (told_before or len(studies) == len(view.named)):
                axes.append((min(studies[0][0], at - 1), "study", [s[2] for s in studies]))
        known = [p for p in view.phrases if view.arms.get(id(p)) and not _MERGED.match(text, p.end)]
        for group in coordinate(
            text, known, lambda p: (p.start, p.end), lambda a, b: view.arms[id(a)] == view.arms[id(b)]
        ):
            arms = [a for p in group for a in view.arms[id(p)]]
            later = [p for p in known if group[-1].end <= p.start and p.end <= at]
            turned = group[0].reference and not group[-1].reference  # compared with B, A
            if len(arms) > 1 and not later and not turned:
                axes.append((group[0].start, "arm", list(arms)))
        axes.sort(key=lambda a: a[0])
        before = [a for a in axes if a[0] < at]
        if before:
            return before
        return axes[:1] if axes and axes[0][0] < stop_after else []

    def _closing(self, view: View, cells: Cells, lists: list[Cells]) -> list[tuple[int, str, list[object]]]:
        """The arms that ``respectively`` closes, for all lists before them: ``a and b at 2 weeks, c and d at 6, for A and B``."""
        known = [p for p in view.phrases if len(view.arms.get(id(p), ())) == 1 and p.start >= cells.start]
        arms = coordinate(
            view.text, known, lambda p: (p.start, p.end), lambda a, b: view.arms[id(a)] == view.arms[id(b)]
        )
        if not arms or not _RESPECTIVELY.match(view.text, arms[0][-1].end):
            return []
        k, at = len(arms[0]), arms[0][0].start
        told = [
            c for c in lists
            if cells.start <= c.start < at and not is_estimate(c.quantities[0]) and not (len(c.quantities) == 1 and _behind(view, c.quantities[0]))
        ]  # fmt: skip
        if len(cells.quantities) != k or any(len(c.quantities) != k for c in told):
            return []
        return [(at, "arm", [view.arms[id(p)][0] for p in arms[0]])]

    # ---- outcome, time, population -----------------------------------------------------------------

    def _finish(
        self, view: View, tracker: StudyTracker, cells: Cells, cell: Cell, previous: list[Result]
    ) -> Result | None:
        q, text = cell.quantity, view.text
        study = cell.study or view.study_at(q.start)
        unit = study.unit if study is not None else ""
        outcome = cell.outcome
        score: float | None = None
        if outcome is None:
            earlier = [r for r in previous if r.quantity.end <= q.start] or previous
            last = max(earlier, key=lambda r: r.quantity.start) if earlier else None
            outcome, score = self.weigh.outcome(view, cells, q, last)
            if outcome is not None:
                cell.why.append(f"outcome {outcome.text} ({score:.1f})")
        if (
            outcome is None
            and (q.kind == "p" or q.kind.startswith("estimate:"))
            and study is not None
            and study.outcome
        ):
            outcome = OutcomePhrase(0, 0, study.outcome, "", "")
        if outcome is None and (cell.arm is not None or q.kind.startswith("estimate:")):
            outcome = (
                self._announced(view, q)
                or self._still(view, q)
                or self._only(view, q)
                or self._carried(view, q)
            )
        if outcome is None or not self.weigh.accept(view, cells, q, outcome, study, cell.arm):
            if view.record is not None:
                view.record.refused[view.key(q)] = (
                    "no outcome" if outcome is None else "neither arm, study nor a known outcome"
                )
            return None
        if study is None:
            study = tracker.default(view.sentence) if cell.arm is None and self._has_arm(view) else None
        if cell.time is BEFORE and not _had_before(view, outcome):
            cell.time = None
        time = cell.time.value if cell.time else self.weigh.time(view, q, outcome, cells.end)
        before = previous[-1] if previous else None
        if (
            not time
            and q.kind == "p"
            and before is not None
            and before.outcome is not None
            and before.outcome.concept == outcome.concept
        ):
            time = before.time
        if not time and q.kind == "percent" and self.weigh.lasting(outcome):
            time = _time_of_shares(view, study, previous, self.weigh.lasting)
        if not time and not is_estimate(q) and q.kind != "time" and not near(view.times, 0, q.start):
            at = self._foretold.get((id(study), outcome.concept)) or self._foretold.get(
                (view.sentence.paragraph, outcome.concept)
            )
            time = at or ""
        if study is not None:
            study.since = view.sentence.start + q.start if study.since is None else study.since
            again = study.outcome == outcome.concept and not view.outcomes and not view.times
            # a share of people who live on is of some time
            again = again or (
                q.kind == "percent"
                and self.weigh.lasting(outcome)
                and not view.times
                and study.outcome == outcome.concept
            )
            time = time or (study.at if again and study.at != "baseline" else "")
            # the same outcome again, in others, and no other time was told
            if q.kind != "time" and not is_estimate(q) and len({t.value for t in view.times}) == 1:
                time = time or view.timed.get(outcome.concept, "")
                view.timed[outcome.concept] = time
            study.outcome, study.spoken, study.at = outcome.concept, outcome, time
            study.unit = q.unit
        self._last = (view.sentence.paragraph, study, outcome)
        if study is not self._first[0]:
            self._first = (study, outcome)
        self.weigh.remember(view, study, outcome, time)
        population = cell.population.text if cell.population else self.weigh.population(view, q, cells.end)
        if not population and not view.populations and study is self._crowd[1]:
            population = self._crowd[2]
        arm, comparator = cell.arm, None
        alone = len(cells.quantities) == 1 or (cell.outcome is not None and {*cells.gaps} == {"list"})
        first = cells.quantities[0]
        if q.kind == "percent" and q.events is None and alone:
            if self._moved(view, first, outcome, _REDUCED):
                q.kind = "estimate:risk_reduction"
            elif self._moved(view, first, outcome, _RAISED):
                q.kind = "estimate:difference"
        if q.kind == "number" and cells.paired and self._bare_share(view, q, outcome, unit):
            q.kind, q.unit = "percent", "%"
            if study is not None:
                study.unit = q.unit
        if q.kind == "number" and outcome.measure in ("event", "rate") and text[q.start : q.end].isdigit():
            q.kind, q.unit = "count", "participants"
        if q.kind == "percent" and outcome.measure == "efficacy":
            q.kind = "estimate:risk_reduction"
        compares = (
            q.kind.startswith("estimate")
            or q.kind in ("p", "fraction")
            or (
                q.kind == "time" and bool(_GAIN.search(text[: q.start]) or CHANGED_BY.search(text[: q.start]))
            )
        )
        view.within = False
        if compares:
            arm, comparator = self._compared(view, q, previous, arm)
            view.against = comparator
        if study is not None:  # the groups of another study of the sentence are this one's, too
            arm, comparator = (a and study.like(a) for a in (arm, comparator))
        if compares:
            self._pair = (study, arm, comparator)
        for a in (arm, comparator):
            if a is not None:
                a.used = True
        if study is not None:
            study.used = True
        assertion = self.weigh.assertion(view, q)
        result = Result(
            view.sentence, q, outcome, study, arm, comparator, time, population, assertion, compares, cell.why
        )
        result.within = view.within
        result.features = features_of(view, cells, result, score)
        return result

    def _only(self, view: View, q: Quantity) -> OutcomePhrase | None:
        """The only outcome that an English sentence names, for a group's number that nothing else speaks of."""
        named = {o.concept: o for o in reversed(view.outcomes) if not o.generic}
        if len(named) != 1 or len(view.quantities) > _FEW or is_estimate(q) or _HAN.search(view.text):
            return None
        (only,) = named.values()
        if only.start > q.start:
            return None
        level = q.kind in ("level", "mean", "number")
        fits = (
            only.measure in ("level", "")
            if level
            else q.kind in ("percent", "events") and only.measure != "time"
        )
        return only if fits or (q.kind == "time" == only.measure) else None

    def _announced(self, view: View, q: Quantity) -> OutcomePhrase | None:
        """The outcome that the sentences before named without a number, for the numbers listed under it."""
        at, outcome, opens = self._named
        if outcome is None or not 0 <= view.sentence.start - at <= _ANNOUNCE_REACH:
            return None
        if q.kind.startswith("estimate:"):
            return outcome if outcome.measure in ("time", "rate") else None
        counted = q.kind in ("count", "events") and outcome.measure in ("rate", "event", "")
        fits = opens and (can_report(q, outcome) or (counted and view.sentence.start > at))
        return outcome if fits else None

    def _carried(self, view: View, q: Quantity) -> OutcomePhrase | None:
        """The outcome of the paragraph's last result, for a ratio with limits whose sentence names none: it is of
        a subgroup, a dose or a model."""
        paragraph, _, outcome = self._last
        if q.kind not in RATIOS or q.interval is None or paragraph != view.sentence.paragraph:
            return None
        if _OWN_EVENT.search(view.text, max(0, q.start - 60), q.start):
            return None
        return outcome

    def _still(self, view: View, q: Quantity) -> OutcomePhrase | None:
        """The outcome of the paragraph's last result, where another study's sentence names none: ``[8]中A组为19%``."""
        paragraph, study, outcome = self._last
        if study is not None and study is self._first[0]:
            outcome = self._first[1]  # what it was about, before its harms
        moved = study is not None and view.study_at(q.start) is not study
        silent = (not view.outcomes and not _MEASURE.search(view.text)) or _SAME_AGAIN.search(
            view.text[: q.start]
        )
        near = view.sentence.paragraph - (1 if _SET_AGAINST.match(view.text[q.outer_end :]) else 0)
        same = moved and silent and paragraph >= near
        return (
            outcome
            if same and outcome is not None and q.kind == "percent" and can_report(q, outcome)
            else None
        )

    def _bare_share(self, view: View, q: Quantity, outcome: OutcomePhrase, unit: str) -> bool:
        """Whether one of two bare numbers set against each other is a percentage, as the number of the study before was:
        ``CR 65 vs 32``, ``2-y PFS 71.4 v 60.3``."""
        if q.unit or q.interval is not None or q.value is None or not 0 <= q.value <= 100:
            return False
        if outcome.measure == "rate":
            return q.value >= _LEAST_SHARE and ("%" in view.text or unit == "%")
        timed = any(t.end <= outcome.start <= t.end + 2 for t in view.times)
        return outcome.measure == "time" and timed and outcome.end <= q.start

    def _moved(self, view: View, q: Quantity, outcome: OutcomePhrase, verbs: regex.Pattern[str]) -> bool:
        """A share by which an event became rarer or more frequent: ``reduced stroke by 21%``, ``死亡减少14%``; a rate only
        against a group."""
        against = any(p.reference and view.arms.get(id(p)) for p in view.phrases)
        by_how_much = view.text[max(0, q.start - 20) : q.start]
        told = outcome.known and bool(_HAN_BY.search(by_how_much[-6:]) or _BY.search(by_how_much))
        event = outcome.measure == "event" or (
            (outcome.measure == "rate" or not outcome.known) and (against or told)
        )
        before = view.text[: q.start]
        by = outcome.end <= q.start and _BY.match(before, outcome.end)
        verb = verbs.search(before, 0 if by or outcome.end > q.start else outcome.end)
        if (
            verb is None and outcome.end <= q.start and _REACHING.fullmatch(before, outcome.end)
        ):  # 降低全因死亡11%
            verb = verbs.search(before, 0, outcome.start) or verbs.search(
                before, outcome.start, outcome.start + 2
            )
        signed = verbs is _REDUCED and outcome.measure == "event" and view.text[q.start : q.start + 1] == "-"
        return event and (signed or verb is not None) and not _SINCE_BASELINE.search(before[-40:])

    def _compared(
        self, view: View, q: Quantity, previous: list[Result], arm: Arm | None
    ) -> tuple[Arm | None, Arm | None]:
        """The arms of an effect estimate: those of the numbers just before it, else the sentence's pair."""
        within = self._within(view, q, previous) if q.kind == "p" else None
        view.within = within is not None
        if within is not None:
            return within[0], None
        own = self.groups.own_clause(view, q)
        if own is not None and (other := self.groups.against(view, q, own)) is not None:
            return own, other
        near = [
            r
            for r in previous
            if r.arm is not None and r.quantity.outer_end <= q.start and r.comparator is None
        ]
        arms = list(dict.fromkeys(r.arm for r in near))
        gap = view.text[near[-1].quantity.outer_end : q.start] if near else ""
        several = len({id(a) for told in view.arms.values() for a in told}) > 2
        listed = several and view.text[q.outer_start - 1 : q.outer_start] == "("
        others = [
            a
            for p in view.phrases
            if near and near[-1].quantity.outer_end <= p.start and p.end <= q.start
            for a in view.arms.get(id(p), ())
            if a not in arms
        ]
        if len(arms) == 2 and not others and not regex.search(r"[。]", gap) and len(gap) < 60:
            between = view.text[near[-2].quantity.outer_end : near[-1].quantity.start]
            if listed and _LISTED.match(between):
                # 2% on A, 3% on B (RR 1.5) and 4% on C (RR 2.0): the bracket tells of B
                return arms[1], arms[0]
            return self.groups.orient(view.study_at(q.start), arms[0], arms[1])
        if listed and len(arms) == 1 and view.against not in (None, arms[0]) and len(gap) < 60:
            return arms[0], view.against
        named = self.groups.after(view, q)
        focus, reference = self.groups.pair(view, q.start)
        if not any(
            p.reference for p in view.phrases if p.start < q.start or (focus, reference) == (None, None)
        ):
            told = {
                id(a)
                for p in view.phrases
                if p.end <= q.start
                for a in view.arms.get(id(p), ())
                if len(view.arms[id(p)]) == 1
            }
            listed = {id(focus), id(reference)} <= told
            focus, reference = self.groups.orient(
                None if listed else view.study_at(q.start), focus, reference
            )
        if named is not None and named is not focus:
            if named is reference and any(
                p.reference and named in view.arms.get(id(p), []) for p in view.phrases
            ):
                return focus, named
            return named, (reference if reference is not named else focus)
        if focus is None and reference is None:
            return arm, None
        return focus, (reference if reference is not focus else None)

    def _within(self, view: View, q: Quantity, previous: list[Result]) -> tuple[Arm | None] | None:
        """The group whose change a p-value is of, where it compares what came after with what was before: ``较治疗前降低(P<0.05)``.

        None where it compares groups, and a group of None where it is of several groups' changes.
        """
        text = view.text
        last = max((x.outer_end for x in view.quantities if x.outer_end <= q.start), default=0)
        start = max(last, *(text.rfind(c, 0, q.start) + 1 for c in ";。"))
        changed = len(previous) == 2 and previous[0].time == "baseline" and previous[0].arm is previous[1].arm
        changed = changed and not previous[1].compares and previous[1].quantity.outer_end == last
        if changed and _OPENED_P.fullmatch(text, last, q.outer_start):
            return (previous[1].arm,)
        told = list(self._since.finditer(text, start, q.start))
        if self._between.search(text, start, q.start):
            return None
        phrases = [p for p in view.phrases if start <= p.start < q.start]
        named = list(dict.fromkeys(a for p in phrases for a in view.arms.get(id(p), ())))
        same = previous[-1] if previous and previous[-1].quantity.kind == "p" else None
        if not told and same is not None and same.within and len(named) == 1 and not phrases[0].reference:
            return (named[0],)  # B组无变化(P=0.3)
        if not told or any(p.reference and p.end > told[-1].end() for p in phrases):
            return None
        if len(named) > 1 or any(p.kind in ("both", "all") for p in phrases):
            return (None,)
        study = view.study_at(q.start)
        if not named and study is not None:
            named = study.recent or study.arms
        return (named[0] if len(named) == 1 else None,)

    def _has_arm(self, view: View) -> bool:
        return bool(view.arms)


def _people_end(text: str, p: Population) -> int:
    """Where the word for the people of a subgroup ends behind its name."""
    people = _PEOPLE_NOUN.match(text, p.end)
    return people.end() if people else p.end


def _one(lists: Sequence[Cells]) -> Cells:
    """Several lists as one."""
    gaps = itertools.chain.from_iterable((["list"] if i else []) + c.gaps for i, c in enumerate(lists))
    return Cells([q for c in lists for q in c.quantities], list(gaps))


def _had_before(view: View, outcome: OutcomePhrase) -> bool:
    """Whether people have a value of an outcome at baseline: a level, not a rate; or a text that speaks of baseline."""
    rate = outcome.measure in ("rate", "event", "time") or (
        not outcome.measure and _RATE.search(outcome.text)
    )
    return not rate or any(t.value == "baseline" for t in view.times)


def _behind(view: View, q: Quantity) -> Quantity | None:
    """The number in whose bracket another one stands alone: ``8.4 mmHg (31%)``."""
    if (
        view.text[q.outer_start - 1 : q.outer_start] not in "(["
        or view.text[q.outer_end : q.outer_end + 1] not in ")]"
    ):
        return None
    before = [
        x
        for x in view.quantities
        if x.outer_end < q.outer_start and x.kind in ("level", "mean", "number", "time")
    ]
    return (
        before[-1] if before and _BEHIND.fullmatch(view.text, before[-1].outer_end, q.outer_start) else None
    )


def _axis(name: str, items: Sequence[Any], laid: bool) -> str:
    """An axis as the record tells it: ``arm: A, B (laid)``."""
    told = (
        (study_name(x) or "unnamed study" if isinstance(x, Study) else None)
        or getattr(x, "concept", None)
        or getattr(x, "value", None)
        or getattr(x, "text", None)
        or arm_name(x)
        for x in items
    )
    return f"{name}: {', '.join(map(str, told))}{' (laid)' if laid else ''}"
