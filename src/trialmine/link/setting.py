"""What a number was measured in: the timepoint, the subgroup, and whether the text reports, plans or guesses it."""

from __future__ import annotations

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Study
from trialmine.core.sieve import possible
from trialmine.find.limits import STATISTIC
from trialmine.find.outcomephrase import IN_USE, OutcomePhrase
from trialmine.find.populations import Population
from trialmine.find.quantity import Quantity
from trialmine.find.times import TimePoint
from trialmine.link.choose import REACH, is_estimate
from trialmine.link.view import View, near

#: a time that opens a sentence holds for all of it
_LEADING = 12
#: where a subgroup still opens a sentence
_OPENING = 40
#: what follows a subgroup that opens a sentence and holds for all of it
_HOLDS = Expression(r"(?:患者|人群|亚组|者)?(?:中|内|里)?,")
#: behind a subgroup of which a share is told: 40%初治患者获得…
_SHARE_OF = Expression(r"(?:的?(?:患者|病人|受试者|人群|者))(?:获得|达到|实现|取得|出现|发生)")
#: from a number to the time that opens the next clause, and from there to that clause's own number
_OPENS_CLAUSE = Expression(r"(?:^|\p{Han}[^,;。]*)[,;](?:而|但|至|在|于|到|其中)?\s?$")
_OWN_NUMBER = Expression(r"[^,;。\d%()]{0,24}\(?\d")
#: from a subgroup to numbers of its own
_ITS_OWN = Expression(r"(?:患者|人群|亚组|者)?(?:中|内|里)?,?[^,;。\d()]{0,30}\d")
#: points back to the people told of before
SUCH_PEOPLE = Expression(
    r"(?:这样|此类|这类|这一?部分|此部分|该类|该部分|上述|前述)的?(?:患者|人群|病人|受试者)|\b[Ss]uch (?:patients|people|participants)\b"
)
#: between a number and the subgroup that it is of
_AFTER = Expression(
    r"^(?:\([^()]*\)|[;,]?[^()]{0,40}\))?(?:的|\s(?:in|of|among|for)\s(?:the\s|only\s)?|,在)$"
)
#: right before what was expected: what came of it is reported
_AS_HOPED = Expression(
    r"(?:(?:取得|达|获得|实现|得到|超出|超过|优于|好于|不如|低于|高于|差于|不及|符合|没有|未)(?:到|了)?|未能)$|"
    r"\b(?:than|short of|beyond|exceed(?:ed|ing))\s(?:had been\s)?$"
)
#: between what was expected and its number
_EXPECTED_NUMBER = Expression(r"(?:的|值|为|是|约|仅|目标|水平|of|at|\s)*")
_STOP = Expression(r"[。;]")
#: from a subgroup over its own number to the end of the bracket in which both stand: ``ORR 37%(X 39%、Y 25%),CRS 71%``
_ITS_OWN_BRACKET = Expression(r"[^()\[\]\d]*\d[^()\[\]]*[)\]]")
#: what joins the outcomes of a list
_JOINED = Expression(r"\([^()\d]*\)|[率的、/\s]|和|与|及|以及|中位|累[积计]|\b(?:and|rates?)\b")
#: behind a time that opens a clause for what follows: At baseline, the mean was 8.3%
_OPENS = Expression(r"^(?:时|值)?,")
_CLAUSE = Expression(r"[^,;。]*")
_ADJACENT = Expression(
    r"^(?:的|时的?)?[\s,-]?(?:累[积计]|总体?|无|预期|估计|平均|中位|(?:estimated|overall|rate of|rates of|incidence of|probability of|risk of|cumulative|the)\s)*$"
)
#: from a time that opens an item of a bracket to the number told of it: (6 h: P=0.04; 12 h χ2=5.2, P=0.02)
_ITEM_OPENS = Expression(r"[(\[,;、]\s?(?:第|治疗后?|术后|干预后|用药后)?$")
_HEADS = Expression(rf"(?:末|时|后|内)?\s?(?::|为)?\s?(?:{STATISTIC}\s?[,;]?\s?)?")
#: between an outcome and the time at which a study set out to measure it
_BOUND = Expression(r"\s?\(?[^,;。()\d%]{0,14}")
_CHANGED = Expression(
    r"下降|降低|升高|增加|减少|较|相比|降了|[升降增减][至到]|提[高升]|from|change|fell|rose|reduc|increas|decreas|改善|变化"
)


def _in_bracket(text: str, p: Population) -> bool:
    """Whether a subgroup fills a bracket: ``OS (CPS ≥10)``."""
    return text[max(0, p.start - 1) : p.start] in ("(", "[") and text[p.end : p.end + 1] in (")", "]")


def _stops(text: str, start: int, end: int) -> bool:
    """Whether a sentence or clause ends between two places; a semicolon in a bracket that began there doesn't."""
    gap = text[start:end]
    stop = _STOP.search(gap)
    return bool(stop) and not (
        stop[0] == ";" and gap.count("(", 0, stop.start()) > gap.count(")", 0, stop.start())
    )


#: from a time to its own number: ``3 d(10%)``
_TOUCHES = Expression(r"\s*|(?:时|末|后)?\s?[(\[]{1,3}\s?")
#: a clause that a colon closes before a treatment or another clause, not before a number
_WHAT_IT_IS = Expression(r"[^,;。:]{2,60}是[^,;。:]{2,30}:(?!\s?\d)")


#: estimates that may be of the shares of people at one time
_OF_SHARES = ("estimate:RD", "estimate:difference")
_TO_SHARE = Expression(r"\s[^,;:()\d]{4,60}\s(?:of|was)\s(?:about\s|only\s)?")
#: from an outcome that closes its numbers to their time: ``171 (67%) on A and 8 (3%) on B achieved PASI 75 at week 12``
_AT = Expression(r"\s(?:(?:at|by|through|within)\s)?")


class Setting:
    """Reads timepoint, population and assertion of a number."""

    def __init__(self, patterns: Patterns, timed: set[str]) -> None:
        self._timed = timed
        self._at_baseline = set(patterns.cues.get("baseline_outcome", ()))
        c = patterns.compile
        self._planned = c(
            r"(?<!\p{Latin}(?=\p{Latin}))(?!(?:{{no_plan}})(?!\p{L}{2}))(?:{{planned}})(?!(?<=预设|设定)的?(?:各|所有|全部|主要|关键)*的?(?:人群|亚组|亚群|分析集)|ed\b|ing\b)"
        )
        self._speculated = c(r"(?<!\p{Latin}(?=\p{Latin}))(?i:{{speculated}})")
        self._may_be_ahead = possible(self._planned, self._speculated)
        self._endpoint = c(r"(?i:{{endpoint}})")

    def foretold(self, view: View) -> dict[str, str]:
        """Outcome -> its time, where a sentence tells what a study set out to measure (主要终点为16周PFS率) or opens a list."""
        if not view.times or not view.outcomes:
            return {}
        later = {t.value for t in view.times if t.value != "baseline"}
        if view.opens_list and len(later) == 1:
            return dict.fromkeys((o.concept for o in view.outcomes), later.pop())
        if not self._endpoint.search(view.text):
            return {}
        found = {}
        for o in view.outcomes:
            bound = [
                t
                for t in view.times
                if _BOUND.fullmatch(view.text[t.end : o.start] or view.text[o.end : t.start])
            ]
            if len({t.value for t in bound}) == 1 and bound[0].value != "baseline":
                found[o.concept] = bound[0].value
        return found

    def is_trait(self, outcome: OutcomePhrase) -> bool:
        """Whether an outcome is what people are or had before: it is told of them at baseline."""
        return outcome.concept in self._at_baseline or outcome.measure == IN_USE

    def lasting(self, outcome: OutcomePhrase) -> bool:
        """Whether an outcome is a time until an event."""
        return outcome.concept in self._timed

    def time(self, view: View, q: Quantity, outcome: OutcomePhrase, end: int) -> str:
        """The timepoint of a number, or an empty text."""
        if self.is_trait(outcome):
            return "baseline"
        text = view.text
        inside = any(
            outcome is o or (o.start < outcome.end and outcome.start < o.end and o.concept == outcome.concept)
            for o in near(view.outcomes, outcome.start - 40, outcome.end + 40)
        )
        inside = inside or (not outcome.known and text[outcome.start : outcome.end].strip() == outcome.text)
        timed = outcome.concept in self._timed
        of_shares = q.kind in _OF_SHARES and q.unit == "%"
        if (
            q.kind == "time"
            or (timed and is_estimate(q) and q.kind != "p" and not of_shares)
            or (q.kind == "not_reached" and timed)
        ):
            return ""
        study = view.study_at(q.start)
        times = [
            t
            for t in near(view.times, q.start - REACH, end + REACH)
            if t.start < _LEADING or view.study_at(t.start) is study
        ]
        heads = [
            t
            for t in near(times, q.outer_start - 40, q.outer_start)
            if t.end <= q.outer_start and t.value != "baseline"
            and _ITEM_OPENS.search(text, max(0, t.start - 6), t.start) and _HEADS.fullmatch(text, t.end, q.outer_start)
        ]  # fmt: skip
        if heads:
            return heads[-1].value
        elliptic = [
            t
            for t in times
            if not t.strong
            and outcome.end <= t.start
            and t.end <= q.start
            and not near(view.outcomes, t.end, q.start)
        ]
        if inside and elliptic:
            return elliptic[-1].value
        between = (
            [
                t
                for t in times
                if outcome.end <= t.start and t.end <= q.start and t.strong and t.value != "baseline"
            ]
            if inside
            else []
        )
        if inside and not between:
            bound = [
                t
                for t in times
                if outcome.start <= t.start < t.end <= outcome.end
                or (t.end <= outcome.start and _ADJACENT.match(_without_listed(view, t.end, outcome.start)))
                or (q.outer_end <= outcome.start and _AT.fullmatch(text, outcome.end, t.start))
            ]
            if bound and not (bound[-1].value == "baseline" and _CHANGED.search(text[outcome.end : q.start])):
                return bound[-1].value
        touching = [
            t
            for t in times
            if t.end <= q.start and _TOUCHES.fullmatch(text, t.end, q.start) and t.value != "baseline"
        ]
        if touching:
            return touching[-1].value
        if timed and is_estimate(q) and not of_shares:
            return ""
        if of_shares:  # a 5-year absolute benefit in survival of 4%
            at = [t for t in times if t.value != "baseline" and _TO_SHARE.fullmatch(text, t.end, q.start)]
            if at:
                return at[-1].value
        base = [
            t
            for t in times
            if t.value == "baseline"
            and t.end <= q.start
            and not regex.search(r"[,;。]", _OPENS.sub("", text[t.end : q.start]))
        ]
        if base and not _CHANGED.search(
            text[max(0, base[-1].start - 6) : base[-1].start] + text[base[-1].end : q.start]
        ):
            return "baseline"
        tail = self._after(view, times, end)
        strong = [t for t in times if t.strong and t.end <= q.start and t.value != "baseline"]
        usable = [
            t
            for t in strong
            if not _STOP.search(text[t.end : q.start])
            or (t.value[0].isdigit() and "。" not in text[t.end : q.start])
        ]
        if tail is not None and (not usable or tail[1]):
            return tail[0].value
        if usable:
            return usable[-1].value
        leading = [
            t
            for t in times
            if t.start >= end
            and t.strong
            and t.value != "baseline"
            and regex.match(r"^[^。;\d%]*$", text[end : t.start])
            and not _of_the_next(text, end, t)
        ]
        if leading and not timed:
            return leading[0].value
        held = (
            study.moment or study.course
            if study is not None and not times and not timed and outcome.measure != "event"
            else ""
        )
        return held

    def remember(self, view: View, study: Study, outcome: OutcomePhrase, time: str) -> None:
        """Keep a marked time for the study's next sentences."""
        if (
            time[:1].isdigit()
            and outcome.concept not in self._timed
            and any(t.strong and t.value == time for t in view.times)
        ):
            several = len({t.value for t in view.times if t.strong and t.value[:1].isdigit()}) > 1
            study.moment = "" if several else time  # 术后2 h、24 h: neither goes on

    def _after(self, view: View, times: list[TimePoint], end: int) -> tuple[TimePoint, bool] | None:
        """A time named after the number ("30% at week 52"), and whether it stands right after it."""
        text = view.text
        for t in times:
            if t.start < end or t.value == "baseline" or not t.strong:
                continue
            gap = text[end : t.start]
            if _of_the_next(text, end, t):
                continue
            clause = _CLAUSE.match(text, t.end)
            follows = clause is not None and (
                near(view.quantities, t.end, clause.end())
                or (clause.end() == t.end and near(view.quantities, t.end, t.end + REACH))
            )
            if "," in gap and follows:
                continue  # 12%,24周时恶心占9%: the time is the next number's
            plain = gap.isascii() and regex.match(r"^[^,;。%\d()]{0,70}$", gap)
            if (
                plain
                or regex.match(r"^[^;。%\d]{0,8}在?$", gap)
                or regex.match(r"^\s?(?:\([^()]*\)\s?)?\(?(?:at |by |after |in )?$", gap)
            ):
                return t, True
            if regex.match(r"^(?:\([^()]*\)|[^;。%\d()]){0,90}$", gap):
                return t, False
        return None

    def population(self, view: View, q: Quantity, end: int) -> str:
        """The subgroup of a number whose list ends at ``end``, or an empty text."""
        text = view.text
        study = view.study_at(q.start)
        told = view.sentence.start + len(text) if study is None or study.since is None else study.since
        known = [
            p
            for p in view.populations
            if not p.listed
            and (p.sure or told < view.sentence.start + p.start or _SHARE_OF.match(text, p.end))
        ]
        beside, behind = (
            [p.text for p in known if at <= p.start and _of_it(text, at, p)] for at in (q.outer_end, end)
        )
        if beside:
            return beside[0]
        before = [
            p
            for p in near(known, q.start - REACH, q.start)
            if p.end <= q.start
            and view.study_at(p.start) is study
            and not _stops(text, p.end, q.start)
            and not _ITS_OWN_BRACKET.match(text, p.end, q.start)
            and not (_in_bracket(text, p) and near(view.outcomes, p.end, q.start))  # of the outcome before it
        ]
        if before:
            return before[-1].text
        if behind:
            return behind[0]
        leading = [
            p
            for p in known[:1]
            if p.start < _OPENING
            and not near(view.quantities, 0, p.start)
            and p.end <= q.start
            and view.study_at(p.start) is study
        ]
        if (
            view.people_before
            and SUCH_PEOPLE.search(text, 0, q.start)
            and not near(view.populations, 0, q.start)
        ):
            return view.people_before
        whole = leading and any(not p.text and leading[0].end <= p.start < q.start for p in view.populations)
        holds = leading and not whole and _HOLDS.match(text, leading[0].end) and "。" not in text[: q.start]
        return leading[0].text if holds else ""

    def assertion(self, view: View, q: Quantity) -> str:
        """reported, planned, speculated or not_reached."""
        if q.kind == "not_reached":
            return "not_reached"
        text = view.text
        if not self._may_be_ahead(text):
            return "speculated" if text.rstrip().endswith("?") else "reported"
        start = max(text.rfind(c, 0, q.start) for c in ",;。")
        before = max(text.rfind(c, 0, start) for c in ",;。") if start > 0 else -1
        if any(m.end() == start for m in self._speculated.finditer(text, before + 1, max(start, 0))):
            start = before  # 我估计,最终的…: what is guessed stands behind the comma
        if told := _WHAT_IT_IS.match(text, start + 1, q.start):
            start = told.end() - 1  # 目标是A:…: what the colon closes is no plan of the number
        stops = [i for i in (text.find(c, q.end) for c in ",;。") if i >= 0]
        clause = text[start + 1 : min(stops, default=len(text))]
        guesses = [m.span() for m in self._speculated.finditer(clause)]
        for m in self._planned.finditer(clause):
            # "is expected to" is a guess, although "expected" is a plan's word
            as_hoped = _AS_HOPED.search(clause, 0, m.start()) and not _EXPECTED_NUMBER.fullmatch(
                clause, m.end(), max(m.end(), q.start - start - 1)
            )
            if not as_hoped and not any(a <= m.start() and m.end() <= b for a, b in guesses):
                return "planned"
        if guesses or text.rstrip().endswith("?"):
            return "speculated"
        return "reported"


def _without_listed(view: View, start: int, end: int) -> str:
    """What stands between a time and an outcome, without the outcomes that are listed before it: ``3年OS和DFS率``."""
    gap = view.text[start:end]
    listed = [o for o in near(view.outcomes, start, end) if o.end <= end]
    if not listed or any(start <= q.start < end for q in view.quantities):
        return gap
    for o in reversed(listed):
        gap = gap[: o.start - start] + gap[o.end - start :]
    bare = _JOINED.sub("", gap)
    return "" if not bare else gap


#: from a number to a further verb of its subject, and behind that one's time the bracket with its numbers: ``from 32% to 50% and reduced deaths at 1 year (22% vs 33%)``
ANOTHER_VERB = Expression(
    r"[^.;()%\d]{0,40}?,?\s(?:and|but)\s(?:\p{Ll}+ly\s|also\s)?(?:reduced|lowered|decreased|increased|improved|prolonged|cut|raised|shortened|delayed|prevented|halved|doubled)\s[^.;()%\d]*"
)
_ITS_BRACKET = Expression(r"\s?\(\d")


def _of_the_next(text: str, end: int, t: TimePoint) -> bool:
    """Whether a time behind a number opens a clause with a number of its own: ``30%获得缓解,停药后12周为20%``."""
    own = _OWN_NUMBER.match(text, t.end) or _ITS_BRACKET.match(text, t.end)
    return bool(own and (_OPENS_CLAUSE.search(text[end : t.start]) or ANOTHER_VERB.match(text, end, t.start)))


def _of_it(text: str, end: int, p: Population) -> bool:
    """Whether the number that ends at ``end`` is of a subgroup behind it: ``12% of X``, ``41%的初治患者``, ``41%初治患者获得``."""
    gap = text[end : p.start]
    if gap.strip() in ("(", "[") and _in_bracket(text, p):
        return True  # 99%(HBeAg阴性)
    if gap.endswith(",在") and _ITS_OWN.match(text, p.end):
        return False  # …5.1个月(HR 0.71),在全人群中分别为: the next numbers are of it
    return bool(_AFTER.match(gap) or (not gap and _SHARE_OF.match(text, p.end)))
