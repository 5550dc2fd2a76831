"""Which arms the phrases of a sentence mean, and the pair that it compares."""

from __future__ import annotations

import itertools

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.core.words import PEOPLE
from trialmine.find.totals import PART
from trialmine.link.armphrase import DOSE, ArmPhrase
from trialmine.link.arms import ArmFinder
from trialmine.link.combine import ADDED_EN
from trialmine.link.given import Given
from trialmine.link.inforce import ANNOUNCE_REACH, DATA_TOLD, TOPIC_REACH, InForce
from trialmine.link.listed import whole_lists
from trialmine.link.meant import GROUP_MARK
from trialmine.link.pairs import against_behind, in_its_bracket
from trialmine.link.studies import StudyTracker
from trialmine.link.view import View
from trialmine.read.segment import HAN

#: right before a treatment that is added to another
_ADDED = Expression(r"(?:^|[,;。:、(而在])(?:联合|加用|联用|合用|加)$")
_ADDED_IN = Expression(r"(?<=^|[,;。:、(而在])(?:联合|加用|联用|合用)")
_ADD_ON = Expression(r"\s?-?\badd-?on\b|加用组|联用组")
#: around what was given together with the treatment that the text speaks of: ``When combined with B,``, ``与B联合时``
_TOGETHER = Expression(
    r"(?:^|[.;]\s)(?:When|If|Where|As|[Ii]n|[Gg]iven|[Cc]ombined|[Uu]sed)\s(?:it\s(?:was|is)\s)?(?:(?:combined|given|used|administered|combination|together|part of a combination)\s)?(?:in combination\s|together\s)?with\s(?:the\s)?$"
)
_WITH_IT = Expression(r"(?:联合|合用|联用)(?:应用|使用|用药|治疗)?(?:时|后|,)")
#: right before what one group went on with
_CONTINUES = Expression(
    r"(?:继续|维持原|仍然?)(?:予以?|给予|用|使用|服用|接受|应用|单用|单独|原|行)*(?:原|单纯)?$"
)
_PEOPLE_WITHOUT = Expression(
    r"的?(?:者|患者|病例|人群|病人)(?:中|的|则|仅|为|是|有|\d|[^,;。\d]{1,8}(?:率|为))"
)
_WHO = Expression(r"(?:治疗)?的?(?:者|患者)")
_SEVERAL = Expression(
    r"\b(?:[Tt]rials|[Ss]tudies|RCTs)\b[^.;]{0,60}\b(?:compar\w+|versus|against)\b|(?:研究|试验)(?:均|都)[^。;]{0,20}(?:比较|对照)"
)
#: from a kind of treatment to what it is set against
_SET_AGAINST = Expression(
    r"(?:\s?\([^()]{1,30}\))?\s?(?:therapy\s|treatment\s|类?药物|治疗|疗法)?(?:vs\.?|versus|(?:as\s)?compared (?:with|to)|against|对比|相比于?|相较于?)\s?(?:the\s|an?\s)?"
)
#: the same right before a group that is marked as one that others are compared with: 某类药物较安慰剂
_THAN = Expression(
    r"(?:类?药物|治疗|疗法|联合治疗)?(?:较之?|比|与|和|优于|不劣于)(?:单纯|单用|单独|传统|常规)?"
)
#: between the two treatments of a title
_VERSUS = Expression(
    rf"(?:\s{DOSE}(?:\s(?:once|twice)?\s?(?:daily|weekly|bid|qd|BID|QD))?)?(?:\s\([^()]*\))?\s(?:versus|vs\.?|compared (?:with|to)|or)\s(?:an?\s|the\s)?"
)
#: right before what people fared after, who had not relapsed after it
_AFTER_IT = Expression(
    r"(?<!\b(?:relaps|progress|recurr|refractor|fail|resistan)\p{Ll}*\s)\b(?:[Aa]fter|[Ff]ollowing)\s(?:(?:the|an?|their|initial|primary|successful|single|first|one)\s)*$"
)
#: words by which a text tells the groups of a study
_ASSIGNS = Expression(
    r"随机|分为|分成|分组|对照组|试验组|治疗组|分别(?:接受|给予|予以?|采用|使用|应用|服用|口服|行)|\b(?:randomi[sz]ed|randomly|assigned|allocated|received|(?:was|were) given|(?:was|were|been) (?:compared|tested|evaluated)|arms?:|arms were|"
    r"groups were|(?:trial|study|trials|studies|RCTs?|[Ww]e|authors|investigators) (?:that )?compar(?:ed?|es|ing))\b|"
    r"\bwhether\s[^.;%]{3,90}?\b(?:superior|inferior|non-?inferior|effective|better|safer|preferable|equivalent)\b|"
    r"\b(?:had|underwent|took|used|(?:was|were) (?:offered|taught|treated with))\s[^.;%]{3,90}?\sor\s|"
    r"\b(?:trials?|study|studies|RCTs?)\b[^.;:]{0,80}?\b(?:tested|testing|evaluated|evaluating|assessed|assessing|examined|addressed|investigated|studied)\b[^.;:]{0,120}?\b(?:versus|vs)\b"
)
#: before the first of the treatments that a text says it compares: 比较X球囊与Y
_COMPARING = Expression(r"(?:比较|对比)了?(?:(?![组与和])\p{Han}){0,8}$")
#: between two treatments that are compared, and before the first: ``compared A with B``, ``whether A is superior to B``
_PAIR_OF_COMPARED = Expression(
    r"s?\s(?:with|to|and|or|versus|vs\.?|against|compared (?:with|to)|(?:is|are|was|were) (?:superior|inferior|non-?inferior|equivalent) to)\s(?:the\s)?(?:effects? of\s)?"
)
_COMPARES = Expression(
    r"\b(?:compar(?:e[ds]?|ing|ison of)|(?:effects?|efficacy|safety|effectiveness) of|[Ww]hether|either|randomi[sz]ed\b[^.;%]{0,60}?\sto|assigned\b[^.;%]{0,40}?\sto)\s(?:the\s)?(?:(?:effects?|efficacy|safety)\sof\s)?$"
)
_WAS_COMPARED = Expression(r"s?\s(?:was|were|has been|have been)\scompared\s(?:with|to)\s(?:the\s)?")
#: what makes a class of treatments an arm
_TREATMENT = Expression(r"(?:单药|方案|疗法|组|治疗)$")
_TREATMENT_AFTER = Expression(
    r"\s?(?:significantly\s|also\s|markedly\s)?(?:reduced|lowered|decreased|increased|improved|prevented|prolonged|cut|doubled|halved)\s(?!in|by|from|to|at)|"
    r"\s?(?:therapy|alone|treatment|regimens?|trials\b|recipients|(?:use|usage|exposure|intake|consumption|supplementation|initiation)\b|-treated|单药|组|方案|经治|的?(?:(?![可能延降减改提增])\p{Han}){0,6}(?:患者|受试者|人群))|"
    r"\s(?:was|were|is|are|has been|have been)\s(?:not\s|\p{Ll}+ly\s|also\s){0,2}(?:(?:associated|linked)\swith\b|(?<=not\s)\()|\s(?:had|showed)\sno\s(?:such|similar)\s[^.;%\d()]{1,30}\(|"
    r"(?:类药物?|药物)?(?:的?(?:使用|应用|暴露))?(?:(?:与|和)[^,。;:()\d组]{2,25}?(?:相关|有关|无关|关联)|[^,。;:()]{0,12}?(?:试验|研究)?的?(?:[Mm]eta-?|荟萃|汇总)分析(?:的?结果)?(?:则|也|均)?(?:显示|表明|发现|提示|证实|报道|中)|(?:则|也|均|并|却)?(?:未见|无此|无类似|未显示出?|未发现)[^,。;:()\d]{0,20}[(])"
)
_GIVEN_BEFORE = Expression(
    r"(?:使用|采用|接受|给予|应用|\b(?:associations?|links?|relationships?)\sbetween(?:\sthe\suse\sof)?|\b(?:[Mm]eta-?analys[ei]s|[Pp]ooled analys[ei]s|[Ss]ystematic reviews?)\s(?:and meta-?analys[ei]s\s)?(?:of|on)(?:\s(?!in\b)[\p{Latin}\d-]+){0,5}?|(?:with|w/|vs?\.?|versus|using|given|receiv(?:ing|ed)|underwent|who had|taking|on|to|(?:users?|use|initiators|recipients|takers) of|prescribed|in favou?r of|favou?r(?:s|ed|ing)|\d\s?%\)?\safter|\d[\d.]*(?:\s?%|\s\p{Ll}+)?\)?\sfor)(?:\s(?:the|an?))?)\s?$"
)
#: what a kind of treatment is the subject of
_SUBJECT_OF = Expression(
    r"的(?:\d+\s?(?:年|个月|周)|中位|客观|总)?[\p{Han}\p{Latin}]{1,12}?(?:率|期|时间|[A-Z]{2,4})(?:仅|约|不足|为|达|是|可|超过|高|低于|在|有)*\s?\d"
)
_GIVEN_FOR = Expression(r"(?:的?(?:长期|短期|持续|规范|单独))?治疗(?:后|期间|随访|下(?!降))")
#: what points to the study in force
_THIS_ONE = Expression(
    r"(?:该|此|这一?|上述|其)(?:项|个)?(?:平台|临床)?(?:研究|试验|队列|分析|结果)|结果(?:显示|表明|提示)|两组|\b(?:[Tt]his|[Tt]he|[Tt]hat)\s(?:trial|study|analysis|authors)\b"
)
#: right before what people were assigned to, and behind a kind of which each got one
_ASSIGNED_TO = Expression(
    r"\b(?:assigned|allocated|randomi[sz]ed)\s(?:\p{Ll}+\s|\d:\d\s|\(\d:\d\)\s){0,2}?(?:to|into|between)\s(?:(?:receive|either|an?|the|undergo|one of)\s){0,3}$|"
    r"随机(?:\([^()]{1,12}\))?(?:分配)?(?:接受|给予|予以?|分[为成入至])$"
)
_TREATS = Expression(r"治疗(?![后前组时的中期])(?=\p{Han}{2})")
_IN_COUNTED = Expression(
    rf"(?:\stherapy)?\s(?:in|of|for)\s(?:a\s(?:further|total of)\s)?\d[\d,]*\s(?:[\p{{Latin}}-]+\s){{0,6}}?(?:{PEOPLE}|cases)\b"
)
_USED_IN = Expression(
    r"(?:单药)?(?:在|用于)[^,。;:()%\d]{2,24}?(?:中|治疗)的?(?=\p{Han}{0,4}(?:\p{Latin}|\p{Han}))"
)
#: before a kind of treatment that the second of two counted groups got: ``577 received surgery and 573 initial conservative treatment``
_COUNTED_NEXT = Expression(
    r"\d[\d,]*\s(?:[\p{Latin}-]+\s){0,3}?(?:received|underwent|got|had|were given|were assigned to)\s[^.;]{3,60}?,?\s(?:and|or)\s\d[\d,]*\s(?:to\s|received\s)?(?:[\p{Ll}-]+\s)?$"
)
_CLAUSE_SIGN = Expression(r"[,;。:%]|\d{3}")
_LISTED_WITH = Expression(r"(?:、|和|与|及|以及|, (?:and )?| and )")
_OR_LISTED = Expression(
    r"(?:\s?\([^()]*\))?(?:片|胶囊|颗粒|治疗|辅助化疗)?(?:或者?|(?: alone| only| therapy| treatment)?,? (?:or|versus|vs\.?) (?:an? )?)(?:仅|单纯|单独)?"
)
#: what a kind of treatment does, where the sentence sets it against another one: ``X将卒中风险降低了20%``
_SUBJECT_DOES = Expression(
    r"(?:类?药物?|治疗|使用者)?(?:可以?|能够?|显著|明显|有效|大幅|均|也|还|同样|进一步)*(?:将|使得?|令|把|在?(?:降低|减少|改善|延长|提高|升高)|在(?:控制|减轻|预防|缓解))(?!低|于)"
)
_SUBJECT_ENDS = Expression(r"[,;。]")
#: a number right behind a kind of treatment is its result
_IS_SAID = Expression(
    r"\s?(?:仅|只|则|分别|均|约)*(?:为|是|达|:|\()?\s?(?=\d)(?!\d+(?:周期?|个?疗程|次|线|天|年|个月(?!\s?[,;。(对比v)])))"
)


#: people counted, and right before what they got; behind it where a Chinese text counts them then
_SERIES = (
    r"(?:(?P<n>\d)\s?[例名位人](?:[^,;。:%\d]|\d(?!\s?%)){0,40}?)?(?:{{gave}}|行|经)(?:了|过)?(?:{{give_how}})?$|"
    r"\b(?P<n>\d)[\d,]*\s(?:[\p{Latin}-]+\s){0,6}?(?i:{{people_noun}}|eyes)\b[^.;:%]{0,110}?\b"
    r"(?:underwent|undergoing|received|receiving|(?:treated|managed)\s(?:with|by)|given|took|taking)\s(?:an?\s|the\s|first-line\s|adjuvant\s)*$"
)
#: before and behind the one treatment of which an English text says that it was studied: ``This study evaluated X in patients``
_STUDIES = Expression(
    r"(?:\b(?:[Tt]his|[Oo]ur|[Tt]he (?:present|current))\s(?:[\p{Latin}\d/-]+\s){0,6}?(?:study|trial|analysis|cohort)|\b[Ww]e)\s(?:\p{Latin}+ly\s)?(?:evaluated|assessed|investigated|examined|tested|explored|studied)\s"
    r"(?:(?:the\s)?(?:[\p{Latin}-]+,?\s){0,7}?(?:of|with)\s)?(?:an?\s|the\s|first-line\s|adjuvant\s)*$"
)
_IN_WHOM = Expression(r"(?:\s?\([^()]*\))?\s(?:monotherapy\s|therapy\s|treatment\s)?(?:in|for|as)\s")
_TREATED_WITH = Expression(
    r"\b[Ww]e\s(?:\p{Latin}+ly\s)?(?:treated|managed)\s[\d,]+\s(?:[\p{Latin}-]+\s){0,8}?(?:with|by)\s(?:an?\s|the\s)?$"
)
#: before what all people of a study got, told of no number of them: ``患者接受A、B和C治疗;``, ``Patients received A.``, and behind it
_PATIENTS_GOT = Expression(
    r"(?:^|[。;:])(?:\p{Han}{0,10}(?:所有|全部|入组|纳入|入选|合格|符合条件)的?)?(?:(?!建议|推荐|应|可|需)[^,;。:%\d]){0,20}?(?:患者|受试者|病人|患儿)(?:均|都|先|首先)?(?:接受|给予|予以?|口服|静脉注射|皮下注射|采用)(?:了|过)?[^,;。:%]{0,16}$|"
    r"(?:^|[.;]\s)(?:All |Eligible |Enrolled |The )?(?:[Pp]atients|[Pp]articipants) (?:all )?(?:received|were given|were treated with|underwent)\s[^,;.:%]{0,30}$"
)
_AND_NO_MORE = Expression(
    r"(?:\s?\([^()]*\))?(?:治疗|疗法|方案|(?:手?术)|\s(?:therapy|treatment|monotherapy))?(?:,?(?:每|\p{Han}{0,4}\d+)[^,;。%]{0,14}|\s[^,;.%]{0,30})?(?:[,;。]|\.(?=\s|$))"
)
_OR = Expression(r"或|\bor\b")
_WAS_STUDIED = Expression(
    r"(?:\s?\([^()]*\))?\s(?:was|were|has been|have been)\s(?:\p{Latin}+ly\s)?(?:evaluated|studied|assessed|tested|investigated|examined)\sin\b"
)
#: from a combination to the name in its bracket by which its group is called
_OPENS_BRACKET = Expression(r"(?:治疗|疗法|方案)?\s?\(\s?(?:[A-Z][\p{Latin}\d-]*\s?)?")
#: treatments of which each patient of a group got one
_OR_ONE = Expression(
    r"(?:(?!联合|结合|[加和与及+、])[\p{Han}\p{Latin}\d() -]){2,}?(?:或者?)(?:(?!联合|结合|[加和与及+])[\p{Han}\p{Latin}\d() -]){2,}"
)
#: around the treatment of those whose records were gathered: ``收集接受X切除手术患者的资料``
_GATHERED = r"(?:收集|回顾性?(?:分析|研究|调查|总结|收集)?|分析|总结|调查|汇总|随访)了?[^,;。:%]{0,40}?(?:{{gave}}|行|经)(?:了|过)?[^,;。:%\d和与及或、]{0,12}$"
_THEIR_RECORDS = Expression(
    r"(?:手?术|治疗)?(?:后|过)?的?(?:患者|病例|病人|患儿)的?[^,;。:%]{0,16}?(?:资料|数据|病历|记录|预后|结局|疗效|信息)"
)
_COUNTED_BEHIND = Expression(r"(?:治疗|术)?(?:后|过)?的?(?:共|连续)?\s?\d+\s?[例名位]")

#: from the second of two numbers that are set against each other to the group that it is of
_SECOND_OF_PAIR = Expression(
    r"\d\s?(?:%|\p{Ll}+)?\s?(?:\([^()]*\))?,?\s(?:v(?:ersu)?s\.?|(?:as\s)?(?:compared|opposed)\s(?:with|to)|against|than)\s(?:only\s|just\s)?\d[\d.·]*\s?(?:%|\p{Ll}+)?\s?(?:\([^()]*\))?\s"
    r"(?:with|in|for|on|of|among|after)\s(?:the\s|those\s|patients\s|receiving\s|given\s|on\s|in\s|of\s)*$"
)
#: from a dose to a treatment that is not given at it
_PARTED = Expression(r"[),;、]")


#: people behind the operation that they were taken in for, or counted before it; and how they were divided
_PEOPLE_FOR = Expression(
    r"(?:手?术)?(?:治疗)?的?(?:\d+\s?[例名])?(?!组)[^,。;:()\d组]{0,14}?(?:患者|病人|患儿|产妇|孕妇|受试者|病例|老年人|儿童)(?!\s?\()(?:\d+\s?[例名])?"
)
_ITS_PEOPLE = Expression(r"(?:治疗)?(?:的)?(?:患者|病人|患儿)(?!组)")
_PEOPLE_COUNTED = Expression(r"\d+\s?[例名](?!\()[^。;组]{0,60}(?:行|接受|进行|实施|拟行|择期)\p{Han}{0,6}$")
_DIVIDED = Expression(r"随机|分为|分成|分组(?!比)|均分|分入|分到")

#: between two kinds of treatment of a list, and from the last one to their numbers
_LISTED_TREATMENTS = Expression(r"\s?(?:、|和|与|及|以及|,\s?and|and|,)\s?(?:\d+\s?(?:d|天|周|日)\s?)?")
_IN_TURN = Expression(r"[^,;。\d]{0,24}?(?:分别|依次|各)")


#: a line that the groups follow, each in a line of its own, and what stands before a group in such a line
_GROUPS_FOLLOW = Expression(
    r"(?:\b(?:assigned|randomi[sz]ed|allocated|receive[ds]?|arms|groups)\b|随机|分为|分成|分配|接受)[^.;。]{0,80}:\s*$"
)
_ITEM = Expression(r"\s*(?:[-*•–·]|\(?(?:\d{1,2}|[A-Za-z])[.):、])?\s*(?:\p{L}+\s?(?:\d|[A-Z])?\s?:\s?)?")
#: characters from a line to the next of its list
_NEXT_LINE = 4
#: right behind a treatment that was approved: the text goes on to speak of it
_APPROVED = Expression(
    r"(?:\([^()]*\))?(?:注射液|胶囊|片|疗法)?(?:于?\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?|已|正式|率先|日前|近日|也|先后)*(?:[在于]\p{Han}{1,8}?)?(?:获批|上市|获得?\s?[\p{Han}\p{Latin}()]{0,12}批准)|\s(?:has been |was |is |received |won )?(?:approved|approval)\b"
)
#: phrases that point to groups which the text has told
_POINTERS = ("control", "experimental", "both", "all", "former", "latter", "mono", "combination")


class Assigner:
    """Gives the arm phrases of sentences their arms; ``now`` is what the page has told so far."""

    def __init__(self, patterns: Patterns, arms: ArmFinder) -> None:
        self.arms = arms
        self.given = Given(patterns, arms)
        self.now: InForce
        self._procedures = patterns.procedures("procedure")
        self._operations = tuple(patterns.cues.get("operation", ()))
        self._diagnostic = set(patterns.cues.get("diagnostic", ()))
        self._own = patterns.compile(r"(?<!\p{Latin})(?:{{own_study}})(?!\p{Latin})")
        self._series = patterns.compile(_SERIES)
        self._gathered = patterns.compile(_GATHERED)
        self._factor = patterns.compile("(?:{{factor}})")
        self._pooled = patterns.compile("(?i:{{pooled}})")

    def resolve(self, view: View, tracker: StudyTracker) -> None:
        """Find the arms that the sentence's phrases mean, and the pair that it compares."""
        view.phrases = whole_lists(view.text, view.phrases, self.given.is_given)
        for p, x in itertools.pairwise(view.phrases):
            in_classes = p.kind == "interventions" and x.kind == "dose" and len(x.labels) > 1
            if in_classes and not x.interventions and view.text[p.end : x.start].strip() == "(":
                x.interventions, p.background = p.interventions, True  # A组(1天,2-5天,6-7天组)
        for q in view.quantities if view.phrases else ():
            if (set_below := against_behind(view, q)) is not None:
                set_below.reference = True
        if tracker.record:
            self._one_treatment(view)
        here = view.study_at(0)
        if here is not None and here.used and not here.identified and self._titled_pair(view):
            view.segments = [(0, len(view.text), tracker.default(view.sentence))]
        listed = self._in_list(view)
        by_study: dict[int, list[ArmPhrase]] = {}
        known = {id(s): list(s.arms) for _, _, s in view.segments if s is not None}
        sized: dict[int, list[Arm]] = {}
        parts = {q.start for q in view.quantities if PART in q.flags}
        for p in sorted(view.phrases, key=lambda p: (p.kind == "dose", p.start)):
            told, also = self.given.told(view, p)
            study = view.study_at(p.start)
            if told is None and study is not None and self.given.to_both(view, p, study):
                continue
            if told is None and (self._enrolled_for(view, p) or self._of_others(view, p, study)):
                p.background = True
                continue
            everybody = told is None and not p.reference and self.arms.for_everybody(view.text, p)
            unfit = p.kind == "interventions" and not everybody and not (listed or self._is_arm(view, p))
            if told is None and (p.background or unfit) and not self._fared_after(view, p, study):
                approved = p.kind == "interventions" and p.background and _APPROVED.match(view.text, p.end)
                if approved or (unfit and not p.background and self._reviewed(view, p, tracker.row)):
                    self.now.topic, self.now.topic_at = p.interventions, view.sentence.start
                    self.now.titled = True
                continue
            if p.kind == "label" and self._stratum(view, p, study):
                continue
            if study is None:
                silent = not (view.quantities or p.is_group or everybody or listed or self._titled_pair(view))
                if silent and not self._tells_groups(view) and not self._tells_series(view, p):
                    if not p.reference and "placebo" not in p.interventions and p.interventions:
                        own = p.interventions
                        if _is_added(view.text, p) and self.now.topic_at == view.sentence.start:
                            # A获批,联合B治疗: the text speaks of both
                            own = tuple(dict.fromkeys((*self.now.topic, *own)))
                        self.now.topic, self.now.topic_at = own, view.sentence.start
                        self.now.titled = (
                            view.sentence.heading or tracker.opens or bool(DATA_TOLD.search(view.text))
                        )
                    continue
                study = tracker.default(view.sentence)
                view.segments = [(a, b, s or study) for a, b, s in view.segments]
                if told is None:
                    told, also = self.given.told(view, p)
            nearby = [a for q in view.phrases if q.end <= p.start for a in view.arms.get(id(q), [])]
            if told is None and (whole := _called_in_bracket(view, p)) is not None:
                whole.call(p.label)
                view.arms[id(p)] = [whole]
                continue
            if told is not None:
                own = told.interventions or p.interventions
                before = told.key
                if not told.interventions or not told.used:
                    told.interventions = (*also, *(n for n in own if n not in also))
                told.in_bracket = view.text.endswith(("(", "( "), 0, p.start) and not told.used
                for a in self.given.alongside(view, p, told):
                    a.interventions = told.interventions
                if study is not None and told.key != before:
                    study.told_bare(told)
                    self.given.added_to(view, p, study, told)
                told.dose = told.dose or p.dose
                told.call(p.label)
                view.arms[id(p)] = [told]
                by_study.setdefault(id(study), []).append(p)
                continue
            if p.kind == "combination" and (both := self.given.both_drugs(view, p, nearby)) is not None:
                view.arms[id(p)] = [both]
                continue
            if p.kind == "both":
                self._set_against(view, p, study)
            if p.kind == "combination" and not any(len(a.interventions) > 1 for a in study.arms):
                # the combination that the text spoke of before it told a group
                near_by = view.sentence.start - self.now.topic_at <= ANNOUNCE_REACH
                p.interventions = self.now.topic if near_by and len(self.now.topic) > 1 else p.interventions
            if p.kind == "dose":
                following = [
                    a
                    for q in view.phrases
                    if p.end <= q.start <= p.end + 5
                    and not q.reference
                    and not _PARTED.search(view.text, p.end, q.start)
                    for a in view.arms.get(id(q), [])
                    if "placebo" not in a.interventions
                ]
                behind = any(0 <= p.start - q.end <= 1 and view.arms.get(id(q)) for q in view.phrases)
                nearby = nearby if behind else following or nearby
                if not any(a.interventions and "placebo" not in a.interventions for a in nearby):
                    nearby = self._topical(view, study) or nearby  # q8w和安慰剂组
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
            choices = frozenset(p.interventions if _OR_ONE.fullmatch(p.label) else ())
            if p.kind == "interventions" and (base := self._added_to(view, p, study, nearby)):
                p.interventions = (*base, *p.interventions)
            if p.kind == "interventions" and not everybody:
                p.interventions = self.arms.with_shared(study, p)
            view.arms[id(p)] = self.given.told_next(view, p, study) or self.arms.resolve(
                study, p, view.text, nearby, beside
            )
            if p.kind == "both":
                view.arms[id(p)] = self.given.as_told(view, p)
            for a in view.arms[id(p)] if p.kind == "interventions" else ():
                a.guessed = False
                a.choices = a.choices or (choices if choices <= a.key else frozenset())
            if everybody and not any(a.used for a in study.arms):
                study.shared += tuple(n for n in p.interventions if n not in study.shared)
                for a in view.arms[id(p)]:
                    a.guessed = len(study.arms) == 1
            if p.kind == "control" and study.shared and not view.arms[id(p)][0].interventions:
                view.arms[id(p)][0].interventions = study.shared
            size = self.arms.size(view.text, p) if len(view.arms[id(p)]) == 1 else None
            if size is not None and size[1] not in parts:
                view.arms[id(p)][0].participants = view.arms[id(p)][0].participants or size[0]
                view.sizes.add(size[1])
                sized.setdefault(id(study), []).append(view.arms[id(p)][0])
            by_study.setdefault(id(study), []).append(p)
        for phrases in by_study.values():
            phrases.sort(key=lambda p: p.start)
            study = view.study_at(phrases[0].start)
            assert study is not None
            if (
                self.now.topic
                and view.quantities
                and (len(study.arms) == 1 or all(p.reference for p in phrases))
                and self._only_against(view, phrases)
                and not any(
                    set(self.now.topic) & a.key or (a.used or a.role == "experimental") for a in study.arms
                )
            ):
                topic_arm = Arm(self.now.topic, role="experimental")
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
            with_size = list(dict.fromkeys(sized.get(id(study), [])))
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
            elif self._factor.search(view.text):
                pass  # what makes an event less likely, one by one, isn't set against each other
            elif (
                len(arms) == 2
                and (study.pair[1] is None or all(p.kind in ("people", "former", "latter") for p in phrases))
            ) or len(with_size) == 2:
                arms = with_size if len(with_size) == 2 else arms
                control = next(
                    (a for a in arms if a.role == "comparator" or "placebo" in a.interventions), None
                )
                if control is None and arms[0].key and arms[0].key < arms[1].key:
                    control = arms[0]  # 60 received A and 60 received A plus B
                first = next(a for a in arms if a is not control)
                study.pair = (first, control or arms[1])
            if focus:
                study.recent = list(dict.fromkeys(focus))
            if study.order:  # numbers before the first phrase are of the groups told before
                view.orders_before[id(study)] = (phrases[0].start, study.order)
            if len(with_size) > 1:
                study.order = with_size
            elif len(arms) > 1:
                study.order = [*study.recent, *(a for a in arms if a not in study.recent)]
            if reference and _SEVERAL.search(view.text):
                self.now.versus, self.now.versus_at = reference[-1].interventions, view.sentence.start
            topic = [
                p
                for p in phrases
                if p.kind == "interventions"
                and not p.reference
                and "placebo" not in p.interventions
                and not self.arms.is_inactive(p.interventions)
            ]
            if topic:
                self.now.topic, self.now.topic_at = topic[-1].interventions, view.sentence.start
                self.now.titled = False

    @staticmethod
    def _one_treatment(view: View) -> None:
        """The head of a record tells its treatment in several fields: the part of it that one tells is no other group."""
        kinds = ("percent", "estimate", "p", "time", "events")
        stop = next((q.start for q in view.quantities if q.kind.split(":")[0] in kinds), len(view.text))
        told = [p for p in view.phrases if p.kind == "interventions" and not p.reference and p.start < stop]
        for p in told:
            p.background = p.background or any(set(p.interventions) < set(x.interventions) for x in told)

    def _reviewed(self, view: View, p: ArmPhrase, row: bool) -> bool:
        """Whether a title, or the head of a record or ``row``, says of which kind of treatment trials were pooled: ``X for Y: a meta-analysis``."""
        told = {x.interventions for x in view.phrases if x.kind == "interventions" and not x.background}
        return (
            (row or view.sentence.heading or view.text.rstrip()[-1:] not in ".!?;,。")
            and len(told) == 1
            and not self.arms.is_inactive(p.interventions)
            and not any(q.kind.split(":")[0] in ("percent", "estimate", "p") for q in view.quantities)
            and self._pooled.search(view.text) is not None
        )

    @staticmethod
    def _only_against(view: View, phrases: list[ArmPhrase]) -> bool:
        """Whether a sentence only tells what another group is compared with: ``与A对比:缓解率58%(A 39%)``, ``31% versus 16% with A``.

        A word that stands for what is spoken of, or nothing, is that other group.
        """
        first = next(p for p in phrases if p.start == min(x.start for x in phrases))
        return first.reference or _SECOND_OF_PAIR.search(view.text, 0, first.start) is not None

    def _set_against(self, view: View, p: ArmPhrase, study: Study) -> None:
        """Take the two groups that a sentence has set against each other before its word for both as the study's pair."""
        before = [
            (q.reference, a) for q in view.phrases if q.end <= p.start for a in view.arms.get(id(q), [])
        ]
        focus, reference = (list(dict.fromkeys(a for r, a in before if r is x)) for x in (False, True))
        if len(focus) == len(reference) == 1 and focus != reference:
            study.pair = (focus[0], reference[0])

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

    def return_to(self, view: View, tracker: StudyTracker) -> None:
        """Go back to the one study that tested a sentence's treatment, where the study in force knows nothing of it."""
        here = tracker.current
        keys = [
            frozenset(p.interventions)
            for p in view.phrases
            if p.kind == "interventions" and not (p.background or p.reference or p.generic)
        ]
        if here is not None and not keys and (lettered := self._of_letters(view, here, tracker)) is not None:
            tracker.current = lettered
            view.segments = [(0, len(view.text), lettered)]
            return
        if here is None or not here.arms or not keys or any(k & a.key for k in keys for a in here.arms):
            return
        # what an abstract tells is of no study of the abstracts before
        open_to = [s for s in tracker.studies if here.born < tracker.opened or s.born >= tracker.opened]
        arms = [(s, a) for s in open_to for a in s.arms if a.used]
        tested = list({id(s): s for s, a in arms if a.key == keys[0]}.values())
        tested = tested or list({id(s): s for s, a in arms if keys[0] < a.key}.values())
        if len(tested) == 1:
            tracker.current = tested[0]
            view.segments = [(0, len(view.text), tested[0])]
        elif not tested and self._told_anew(view, here):
            view.segments = [(0, len(view.text), tracker.default(view.sentence))]

    def _of_letters(self, view: View, here: Study, tracker: StudyTracker) -> Study | None:
        """The last study that told what its groups with these letters got, where the one in force is only cited and has none."""
        marks = {x for p in view.phrases if p.kind == "label" for x in p.labels if GROUP_MARK.fullmatch(x)}
        if (
            len(marks) < 2
            or here.names
            or here.registry_ids
            or any(a.interventions and not a.guessed for a in here.arms)
        ):
            return None
        before = tracker.studies[: tracker.studies.index(here)] if here in tracker.studies else []
        before = [s for s in before if here.born < tracker.opened or s.born >= tracker.opened]
        told = [
            s for s in before if all(any(a.interventions and x in a.labels for a in s.arms) for x in marks)
        ]
        return told[-1] if told and told[-1].used else None

    def _told_anew(self, view: View, here: Study) -> bool:
        """Whether a sentence turns to a treatment of which the named study in force, whose groups are all told, knows nothing."""
        known = [a for a in here.arms if a.used]
        told = len(known) > 1 or view.sentence.paragraph != self.now.last[0]  # else it may be the other group
        named = here.identified and here.used and told and any(a.interventions for a in known)
        if not named or not view.quantities or view.sentence.heading:
            return False
        if self._own.search(view.text) or _THIS_ONE.search(view.text):
            return False
        groups = [p for p in view.phrases if not p.background]
        first = groups[0] if groups else None
        last = self.now.last[2]
        again = last is not None and any(o.concept == last.concept for o in view.outcomes)
        if len(groups) == 1 and again and view.sentence.paragraph == self.now.last[0]:
            return False  # one more group of it
        drugs = {h.start for h in view.hits if h.name.kind in ("drug", "regimen")}
        return (
            first is not None
            and first.kind == "interventions"
            and not first.reference
            and any(first.start <= d < first.end for d in drugs)
            and not any(q.start < first.start for q in view.quantities)
            and not any(p.kind in _POINTERS for p in groups)
        )

    def leave(self, view: View, tracker: StudyTracker, turns: bool) -> None:
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

    def _titled_pair(self, view: View) -> bool:
        """Whether a title, which ends without a mark, or a line that opens a list sets two treatments against each other:
        ``Ablation vs. drugs for atrial fibrillation``."""
        told = [p for p in view.phrases if p.kind == "interventions" and not p.background]
        titled = view.sentence.heading or view.text.rstrip()[-1:] not in ".!?;,。"
        if not titled or len(told) != 2 or told[0].interventions == told[1].interventions:
            return False
        return _VERSUS.fullmatch(view.text, told[0].end, told[1].start) is not None

    def _fared_after(self, view: View, p: ArmPhrase, study: Study | None) -> bool:
        """Whether an English sentence tells how people fared after the only treatment that the text speaks of."""
        alone = p.kind == "interventions" and not p.reference and all(x is p for x in view.phrases)
        known = study is not None and any(a is not None and (a.interventions or a.labels) for a in study.arms)
        if not alone or known or not view.quantities or not p.background:
            return False
        return _AFTER_IT.search(view.text, 0, p.start) is not None

    @staticmethod
    def _told_each(view: View, p: ArmPhrase) -> bool:
        """Whether a kind of treatment is one of a list of which numbers are told in turn: ``A和B的根除率分别为``."""
        told = [x for x in view.phrases if x.kind == "interventions" and not x.background]
        at = next((i for i, x in enumerate(told) if x is p), None)
        if at is None or not view.quantities:
            return False
        first = last = at
        while first and _LISTED_TREATMENTS.fullmatch(view.text, told[first - 1].end, told[first].start):
            first -= 1
        while last + 1 < len(told) and _LISTED_TREATMENTS.fullmatch(
            view.text, told[last].end, told[last + 1].start
        ):
            last += 1
        differ = len({x.interventions for x in told[first : last + 1]}) == last + 1 - first
        return last > first and differ and _IN_TURN.match(view.text, told[last].end) is not None

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
        named = [p for p in view.phrases if p.kind == "interventions" and not p.background]
        compared = bool(named) and _COMPARING.search(view.text, 0, named[0].start) is not None
        return several and not view.sentence.heading and (compared or bool(_ASSIGNS.search(view.text)))

    def _in_list(self, view: View) -> bool:
        """Whether a line is one of the groups that the line before announced: ``assigned to receive either:``, ``- A + B, or``."""
        start, end = view.sentence.start, view.sentence.start + len(view.text.rstrip())
        if _GROUPS_FOLLOW.search(view.text):
            self.now.groups_end = end
            return False
        treatments = [p for p in view.phrases if p.kind == "interventions"]
        near_by = 0 <= start - self.now.groups_end <= _NEXT_LINE and self.now.groups_end > 0
        if not near_by or not treatments or not _ITEM.fullmatch(view.text, 0, treatments[0].start):
            return False
        self.now.groups_end = end
        return not any(q.kind in ("percent", "p", "time", "events") for q in view.quantities)

    def _of_others(self, view: View, p: ArmPhrase, study: Study | None) -> bool:
        """Whether an operation only says whose result it is, in a study of other treatments: ``A提高血液透析患者的X``."""
        if p.kind != "interventions" or p.is_group or p.reference or study is None:
            return False
        if not all(n in self._procedures for n in p.interventions) or not _ITS_PEOPLE.match(view.text, p.end):
            return False
        told = [a for a in study.arms if a.interventions]
        return len(told) > 1 and not any(set(p.interventions) & a.key for a in told)

    def _enrolled_for(self, view: View, p: ArmPhrase) -> bool:
        """Whether an operation only says who was then divided into groups: ``选取行X术的80例患者,随机分为…``."""
        text = view.text
        if p.kind != "interventions" or p.is_group or p.reference or p.role or not HAN.search(text):
            return False
        if not all(n in self._procedures or n.endswith(self._operations) for n in p.interventions):
            return False
        people = _PEOPLE_FOR.match(text, p.end)
        if people is None and not _PEOPLE_COUNTED.search(text, 0, p.start):
            return False
        behind = people.end() if people else p.end
        divided = _DIVIDED.search(text, behind)
        if divided is None:
            results = any(q.kind not in ("size", "count", "number") for q in view.quantities)
            return not results and _DIVIDED.search(self.now.following, 0, 60) is not None
        return not any(behind <= x.start < divided.start() for x in view.phrases)

    def _tells_series(self, view: View, p: ArmPhrase) -> bool:
        """Whether a sentence counts people who all got its one treatment: ``88 patients who underwent X were reviewed``."""
        told = [x for x in view.phrases if not x.background]
        if view.sentence.heading or p.reference:
            return False
        if _PATIENTS_GOT.search(view.text, 0, p.start) and _AND_NO_MORE.match(view.text, told[-1].end):
            return all(x.kind == "interventions" and not _OR.search(x.label) for x in told)
        if len(told) != 1 or p.kind != "interventions":
            return False
        before = view.text[max(0, p.start - 160) : p.start]
        if (_STUDIES.search(before) and _IN_WHOM.match(view.text, p.end)) or _TREATED_WITH.search(before):
            return True
        if _WAS_STUDIED.match(view.text, p.end) and not before.strip(" -*•"):
            return True
        if _THEIR_RECORDS.match(view.text, p.end) and self._gathered.search(before):
            return True
        given = self._series.search(before)
        return bool(given and (given["n"] or _COUNTED_BEHIND.match(view.text, p.end)))

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
        marked = p.is_group or ADDED_EN.match(view.text, p.start, p.end)
        if holding:
            whole = next(iter(holding.values())).interventions if len(holding) == 1 and marked else ()
            return tuple(n for n in whole if n not in p.interventions)
        told = list(dict.fromkeys(nearby))
        against = [x for x in view.phrases if x.reference and x.kind == "interventions" and x is not p]
        less = against[0].interventions if len(against) == 1 else ()
        own = [a for a in study.arms if a.interventions and "placebo" not in a.interventions]
        if less and not self.arms.is_inactive(less):
            base = less  # 与单用A相比,联合B
        elif len(told) == 1 and (p.is_group or _WHO.match(view.text, p.end)):
            base = told[0].interventions
        elif not told and len(own) == 1 and _is_together(view.text, p):
            base = own[0].interventions
        elif not told and not study.arms and view.sentence.start - self.now.topic_at <= ANNOUNCE_REACH:
            base = self.now.topic
        else:
            return ()
        return () if set(base) & {*p.interventions, "placebo"} else base

    def _topical(self, view: View, study: Study) -> list[Arm]:
        """What the text speaks of, for the doses of a study of which no treatment was told."""
        told = [a for a in study.arms if a.interventions and "placebo" not in a.interventions]
        if told or not self.now.topic or view.sentence.start - self.now.topic_at > TOPIC_REACH:
            return []
        arm = Arm(self.now.topic, guessed=True)
        study.arms.append(arm)
        return [arm]

    def _is_arm(self, view: View, p: ArmPhrase) -> bool:
        """A class word alone is an arm only where it is marked as a group or compared."""
        if not (p.is_group or p.reference) and set(p.interventions) <= self._diagnostic:
            return False
        classes = {h.name.concept for h in view.hits if h.name.kind == "class" and p.start <= h.start < p.end}
        if not all(i in classes for i in p.interventions):
            return True
        if _ASSIGNED_TO.search(view.text, max(0, p.start - 60), p.start):
            return True
        if self.arms.is_inactive(p.interventions) and _PEOPLE_WITHOUT.match(view.text, p.end):
            return True  # 未治疗者为40%
        if p.is_group or p.told or p.alone or p.reference or p.untreated or "placebo" in p.interventions:
            return True
        spoken = (
            self.now.topic and view.sentence.start - self.now.topic_at <= ANNOUNCE_REACH and view.quantities
        )
        if spoken and _is_added(view.text, p):
            return True
        if self._told_each(view, p):
            return True
        if _compared_pair(view, p):
            return True
        against = next((x for x in view.phrases if x.start >= p.end), None)
        if against is not None and _SET_AGAINST.fullmatch(view.text, p.end, against.start):
            return True
        if against is not None and against.reference and _THAN.fullmatch(view.text, p.end, against.start):
            return bool(view.quantities)
        set_against = any(x.reference for x in view.phrases)
        if set_against and any(q.kind.startswith("estimate:") for q in view.quantities):
            told = [
                x
                for x in view.phrases
                if not (x.reference or x.background or self.arms.is_inactive(x.interventions))
            ]
            if told == [p]:
                return True  # corticosteroids given early reduced X (RR 0.8) compared with placebo
        kind_of_it = view.text.endswith("等", 0, p.start)  # X等Y类药物: it is X
        if view.quantities and not kind_of_it and _SUBJECT_DOES.match(view.text, p.end):
            near = next(
                (q for q in view.quantities if q.start >= p.end and q.kind.startswith("estimate")), None
            )
            if set_against or (near is not None and not _SUBJECT_ENDS.search(view.text, p.end, near.start)):
                return True
        if self.arms.defines(view.text, p) or _IS_SAID.match(view.text, p.end) or in_its_bracket(view, p):
            return True
        gaps = [
            view.text[x.end : p.start]
            for x in view.phrases
            if x.end <= p.start and (id(x) in view.arms or x.kind == "dose")
        ]
        chosen = gaps and _OR_LISTED.fullmatch(gaps[-1]) and _ASSIGNS.search(view.text[: p.start])
        if chosen or any(map(_LISTED_WITH.fullmatch, gaps)) or self._heads_list(view, p):
            return True
        if _IN_COUNTED.match(view.text, p.end) or _COUNTED_NEXT.search(view.text, 0, p.start):
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
            or _treats(view, p)
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


def _treats(view: View, p: ArmPhrase) -> bool:
    """Whether a Chinese clause tells what a kind of treatment comes to in a disease: ``A类药物治疗B病的有效率为62%``."""
    verb = _TREATS.match(view.text, p.end - 2 if p.label.endswith("治疗") else p.end)
    verb = verb or _USED_IN.match(view.text, p.end)
    o = next((o for o in view.outcomes if verb is not None and o.start >= verb.end()), None)
    q = next((q for q in view.quantities if o is not None and q.start >= o.end), None)
    if verb is None or o is None or q is None or any(p.end <= x.start < q.start for x in view.phrases):
        return False
    return not _CLAUSE_SIGN.search(view.text, verb.end(), q.outer_start)


def _is_together(text: str, p: ArmPhrase) -> bool:
    """Whether a sentence begins with what was given together with the treatment that the text speaks of."""
    if _TOGETHER.search(text, 0, p.start):
        return text[p.end : p.end + 1] == ","
    return text[max(0, p.start - 1) : p.start] == "与" and _WITH_IT.match(text, p.end) is not None


def _is_added(text: str, p: ArmPhrase) -> bool:
    """Whether a clause begins with a treatment that it only calls added: ``联合化疗组``."""
    before = _ADDED.search(text[max(0, p.start - 4) : p.start]) or _ADDED_IN.match(text, p.start)
    before = before or ADDED_EN.match(text, p.start, p.end) or _is_together(text, p)
    return bool(before or _ADD_ON.match(text, p.end) or _ADD_ON.search(text, p.start, p.end))


def _compared_pair(view: View, p: ArmPhrase) -> bool:
    """Whether a kind of treatment is one of two that a sentence says were compared, or that people were given in turn."""
    told = [x for x in view.phrases if x.kind == "interventions"]
    for a, b in itertools.pairwise(told):
        if p is not a and p is not b:
            continue
        gap = view.text[a.end : b.start]
        if _WAS_COMPARED.fullmatch(gap):
            return True
        if _PAIR_OF_COMPARED.fullmatch(gap) and _COMPARES.search(view.text, max(0, a.start - 90), a.start):
            return True
    return False


def _called_in_bracket(view: View, p: ArmPhrase) -> Arm | None:
    """The group that the bracket right behind its combination calls by a part of it: ``A联合B(B组)``."""
    before = next((q for q in reversed(view.phrases) if q.end <= p.start), None)
    if before is None or not p.is_group or before.kind != p.kind or before.is_group:
        return None
    arms = view.arms.get(id(before), [])
    if len(arms) != 1 or not set(p.interventions) < set(before.interventions):
        return None
    opens = _OPENS_BRACKET.fullmatch(view.text, before.end, p.start)
    return arms[0] if opens and view.text[p.end : p.end + 1] in (")", ",") else None
