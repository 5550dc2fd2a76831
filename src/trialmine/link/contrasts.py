"""Numbers that compare two groups although no name of an estimate says so.

``死亡降低15%(HR 0.85)`` is a reduction that its estimate repeats; ``卒中:0.86(0.70～1.06)`` is a ratio, of the kind that the
text gave before; ``与安慰剂相比，收缩压降低5.2 mmHg(95%CI…)`` is a difference.
"""

from __future__ import annotations

import math

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.find.quantity import RATIOS, Quantity
from trialmine.link.lasted import CHANGED_BY
from trialmine.link.view import View, near

#: estimates in per cent, of which a list has one name
_SHARES = ("estimate:risk_reduction", "estimate:RD", "estimate:difference")
#: characters before a number in which a measure of events makes it a ratio
_REACH = 48
#: how far the logarithms of a ratio's limits may be from even, in parts of their distance
_SKEW = 0.2
_REDUCED = Expression(r"降|减|少|缩|\b(?:reduc\w+|lower\w*|fell|fewer|decreas\w+|cut\w*|less)\b")
#: from one reduction to that of another event: ``截肢减少17%,坏疽减少9%``
_NEXT_REDUCED = Expression(
    r"(?:\([^()]*\))?[,;、](?:而|且)?(?![^,;。]*(?:评分|水平|浓度|指数|积分|体积|面积))[^,;。%\d()]{1,10}\d?(?:则|也|亦|分别)?(?:降低|减少|下降)(?:了|约|达|近)*"
)
#: rules of what a vaccine or a measure protects from, and what leads to the same of other people
_EFFICACIES = ("efficacy", "efficacy_en", "prevented_zh", "percent")
_IN_OTHERS = Expression(
    r"(?:\([^()]*\))?[,;、](?:而|但|且|在)?(?:[^,;。%\d()率例]{1,20}?(?<!反应|事件|感染|发生)[,]?)?(?:则|也|亦|仅|分别|略低|稍低|略高|,)*(?:为|是|达到?|有|:)(?:约|近)?\s?|"
    r"(?:\s?\([^()]*\))?(?:\s(?:in|for|among|against|at|after|with)\s[^,;:%()\d]{2,50}?)?,?\s(?:and|but|while|versus|vs\.?)\s(?:only\s|just\s|about\s)?"
)
#: words that stand for the measures told before
_SAME_FIGURES = Expression(
    r"(?:这|该|上述|相应)(?:两|三|几|些|一)?个?(?:数字|数据|数值|比例|指标|比率)|\b(?:these|the corresponding|the respective|the same) (?:figures|numbers|values|estimates)\b"
)
_REDUCED_ZH = Expression(r"降|减")
_TO_PEOPLE = Expression(r"(?:以[上下])?的?(?:患者|受试者|病例|人)")
_OPENED = Expression(r"^[^。;]{0,24}[(,;]\s?[^。;()]{0,24}$")
_LONE = Expression(r"[(]\s?$")
_LISTED = Expression(
    r"%?\s?(?:\([^()]{0,24}\))?\s?(?:、|,|和|与|及|以及|对|比|vs\.?|and|,\s?and)\s?(?:约)?\s?"
)
#: from one difference with its limits to the next one: ``提高16次/min(95%CI 10~23,P<0.001)和14次/min(95%CI…)``
_NEXT_WITH_LIMITS = Expression(
    r"[,;]?\s?(?:[Pp]\s?[<>=]\s?[\d.]+)?\s?[)\]]?\s?(?:、|,|和|与|及|以及|and|,\s?and)\s?(?:约|by\s)?"
)
_JOINED = Expression(r"(?:\s(?:in|among|across|over)\s[^.;:()%]{2,30}?)?[\s,;()]*")
#: by so much a time became another, and since when it did in one group
_SHORTER = Expression(r"(?:延长|缩短|减少|降低)(?:了|约|近|达)*\s?$")
_SINCE = Expression(r"(?:较|比|与|从|由)(?:基线|治疗前|术前|用药前|前)|\bfrom baseline\b")
_BY_SO_MUCH = Expression(r"\sby\s(?:about\s|roughly\s|around\s|nearly\s|almost\s|some\s|over\s|an?\s)?$")
_ENDS_OR_COUNTS = Expression(r"[.;]|\d")
_CUT = Expression(r"\b(?:reduc(?:es|ed|ing|e)|lower(?:s|ed|ing)?|cuts?|cutting|decreas(?:es|ed|ing|e))\b")
_RATE_WAS = Expression(
    r"(?<!ratios?\b[^.;]{0,60})\brates?\b[^.;:()%]{0,60}\s(?:was|were)\s(?:only\s|about\s|just\s)?$"
)
_HIGHER = Expression(r"\s(?:\p{Latin}+ly\s)?(?:higher|greater|increased?|more)\b")
_NAMED_FIRST = Expression(
    r"(\bHR\b|[Hh]azard ratio|风险比)|(\bOR\b(?=[\s:=,])|[Oo]dds ratio|比值比|优势比)|(\bRR\b|[Rr]isk ratio|[Rr]ate ratio|[Rr]elative risk|相对危险)"
)
_TO_FROM = Expression(r"\bto\s\d[\d.]*(?:\s?\([^()]*\))?\sfrom\s$")
_FROM_NEXT = Expression(r"\s?from\s\d")
_CLOSED = Expression(r"\s?[),;]")
#: right behind a share by which an event became rarer
_LOWER = Expression(
    r"\s(?:lower|fewer|reduced|reductions?|decreases?)\b(?!\s(?:risk|rates?|odds|dose|limit))"
)
#: the same with what the share is of behind it: ``a 37% (95% CI 2-60%) reduction in falls``
_REDUCTION_IN = Expression(
    r"\s?(?:\([^()]*\)\s?)?(?:relative\s|significant\s|further\s|overall\s){0,2}(?:reductions?|decreases?)\sin\s(?:(?:the|all|any|new)\s)?(?:(?:risks?|rates?|incidence|odds|hazards?)\sof\s)?(?:the\s)?"
)
#: from a share by which one event became rarer to that of the next trial, dose or event: ``of 38% in A (3.7% vs 5.9%), of 35% in B``
_SO_TOO = Expression(
    r"(?:\s(?:in|for|with|at|among|on)\s[^,;()\d%]{2,40}\d{0,3})?\s?,?\s(?:and\s)?(?P<by>of|by)\s|"
    r"(?:,|,?\sand)\s(?![^,;()\d%]*(?:increas|rais|levels?\b|scores?\b))[^,;()\d%]{2,80}\s(?P<by>by)\s"
)
_BY_OR_OF = Expression(r"\b(of|by)\s(?:about\s|an?\s)?$")
_IN_BRACKETS = Expression(r"\s?\([^()]*\)")
#: opens a list of differences of the groups: ``两组的平均差异:A评分,-1.4(95%CI…)``
_DIFFERENCES = Expression(
    r"(?:平均|组间|均数|均值|最小二乘|校正后?的?|治疗)的?(?:[^,;。:\d]{0,6})(?:差异|差值|之差)(?!无|有统计|均?无|不)[^;。:\d]{0,40}:|\b(?:mean|adjusted|between-group|treatment)\sdifferences?\b[^.;:\d]{0,60}:"
)
_CHANGED = Expression(
    r"(?:(?:降|减|增|升|提)[低少高加轻重升]?|下降|上升|改善|延长|缩短|缩小|变化)(?:幅度)?(?:了|约|为|达|:|\s)*\(?\s?$|"
    r"\b(?:reduc\w+|lower\w*|increas\w+|decreas\w+|improv\w+|prolong\w+|shorten\w+|chang\w+)\b[^.;]{0,60}\b(?:by|of|was)\s$"
)

#: what a rate counts its events over
_OVER_YEARS = Expression(
    r"每\s?(?:\d[\d ,]*|百|千|万)?\s?(?:人|患者)[\s-]?年|\bper\s\d[\d ,]*\s(?:person|patient)[\s-]?years?\b"
)


class Contrasts:
    """Finds them; one for a page, in its order."""

    def __init__(self, patterns: Patterns) -> None:
        self._against = patterns.compile(r"(?i:{{set_against}})")
        self._pooled = patterns.compile(r"(?:{{pooled}})")
        self._corrected = patterns.compile(r"(?:{{placebo_corrected}})[^,;。\d]{0,14}$")
        #: from an event to the share by which it became rarer: ``截肢减少了21%``
        self._rarer = patterns.compile(
            r"(?:的?(?:{{risk_of}}|发生|总数|例数|人数))?(?:{{rarer_adverb}})*(?:降低|减少|下降|减低|降|减)(?:了|约|近|达|逾|超过|幅度|为)*\s?"
        )
        self._event = patterns.compile(
            r"(?:{{event_head}})(?:{{rarer_adverb}})*(?:降低|减少|下降|减低)(?:了|约|近|达|逾|超过)*\s?$"
        )
        #: how well a test tells, no ratio: sensitivity of 0.89 (95% CI 0.85-0.92)
        self._of_test = patterns.compile(
            r"(?:\b(?:{{test_measure}})|under the (?:\p{Latin}+\s){0,3}curve|{{test_measure_han}})"
            r"[^.;。()%\d]{0,24}(?:\([^()]{0,30}\))?\s?(?:was|were|of|为|是|达|=|:)?\s?$"
        )
        self._ratio = RATIOS[0]

    def reset(self, text: str) -> None:
        """A new page begins; a ratio without a name is of the kind that it names first."""
        self._ratio = RATIOS[0]
        if told := _NAMED_FIRST.search(text):
            self._ratio = RATIOS[next(i for i, g in enumerate(told.groups()) if g)]

    def mark(self, view: View, quantities: list[Quantity]) -> list[Quantity]:
        """Give such numbers of a sentence the kind of an estimate; a p-value right behind one is its own."""
        kept: list[Quantity] = []
        for q in self._marked(view, quantities):
            last = kept[-1] if kept else None
            owned = q.kind == "p" and last is not None and "contrast" in last.flags and last.p is None
            if last is not None and owned and _JOINED.fullmatch(view.text[last.outer_end : q.outer_start]):
                last.p = q.p
                continue
            kept.append(q)
        return kept

    def _marked(self, view: View, quantities: list[Quantity]) -> list[Quantity]:
        told = False
        for i, q in enumerate(quantities):
            following = quantities[i + 1] if i + 1 < len(quantities) else None
            was = q.kind
            if q.kind in RATIOS:
                self._ratio, told = q.kind, True
            elif q.rule == "lower_bracket" and self._of_level(view, q):
                q.kind = "estimate:difference"
            elif self._repeated(view, q, following) or self._event_rarer(view, q):
                q.kind = "estimate:risk_reduction"
            elif self._rises(view, q, following) or self._lasted(view, q):
                q.kind = "estimate:difference"
            elif self._goes_on(view, q, quantities[:i]):
                q.kind = next(x.kind for x in reversed(quantities[:i]) if x.kind in _SHARES)
            elif (
                self._unnamed(view, q)
                or _says_again(view, q, quantities[i - 1] if i else None)
                or (told and self._lone(view, q, quantities[:i]))
            ):
                q.kind, told = self._ratio, True
            elif self._difference(view, q, quantities) or _next_difference(view, q, quantities[:i]):
                q.kind = "estimate:difference"
            if q.kind != was:
                q.flags.add("contrast")
        return quantities

    def _of_level(self, view: View, q: Quantity) -> bool:
        """Whether a share by which something was lower is of a level, not of an event or a rate."""
        told = [o for o in view.outcomes if o.end <= q.start]
        return bool(told) and told[-1].measure == "level" and not told[-1].concept.endswith("rate")

    def _rises(self, view: View, q: Quantity, following: Quantity | None) -> bool:
        """A percentage by which a risk rose, and the ratio that says the same."""
        if q.kind != "percent" or q.value is None or following is None or following.kind not in RATIOS:
            return False
        if following.value is None or abs(100 * (following.value - 1) - q.value) > 1:
            return False
        rose = _BY_SO_MUCH.search(view.text[: q.start]) or _HIGHER.match(view.text, q.end)
        return bool(rose and _OPENED.match(view.text[q.outer_end : following.outer_start]))

    def _repeated(self, view: View, q: Quantity, following: Quantity | None) -> bool:
        """A percentage by which something was reduced, and the ratio that says the same."""
        if q.kind != "percent" or q.value is None or following is None or following.kind not in RATIOS:
            return False
        if following.value is None or abs(100 * (1 - following.value) - q.value) > (
            6 if "word" in q.flags else 1
        ):
            return False
        between = view.text[q.outer_end : following.outer_start]
        clause = view.text[max(0, q.start - 12) : q.end + 12]
        if _BY_SO_MUCH.search(view.text[: q.start]):
            clause = view.text[max(0, q.start - 160) : q.start]
        return bool(_OPENED.match(between) and _REDUCED.search(clause))

    def _event_rarer(self, view: View, q: Quantity) -> bool:
        """A percentage by which an event itself, known or by the head of its name, became rarer: ``截肢减少了21%``."""
        if (
            q.kind != "percent"
            or q.events is not None
            or q.value is None
            or _TO_PEOPLE.match(view.text[q.end :])
        ):
            return False
        if m := _REDUCTION_IN.match(view.text, q.end):
            named = near(view.outcomes, m.end() - 1, m.end() + 24)
            return bool(named) and named[0].measure == "event"
        before = view.text[max(0, q.start - _REACH) : q.start]
        if _LOWER.match(view.text, q.end):
            told = near(view.outcomes, max(0, q.start - _REACH), q.start)
            return bool(told) and told[-1].measure == "event"
        if _BY_SO_MUCH.search(before):
            return self._cut_by(view, q)
        if not _REDUCED_ZH.search(before[-14:]):
            return False
        if self._event.search(before):
            return True
        named = near(view.outcomes, max(0, q.start - _REACH), q.start)
        return bool(
            named
            and named[-1].measure == "event"
            and self._rarer.fullmatch(view.text[named[-1].end : q.start])
        )

    def _cut_by(self, view: View, q: Quantity) -> bool:
        """By how much an English text says that a treatment lowered an event or its rate: ``cut relapses versus A by 53%``."""
        verbs = list(_CUT.finditer(view.text, max(0, q.start - 140), q.start))
        if not verbs or _SINCE.search(view.text, verbs[-1].end(), q.start):
            return False
        between = view.text[verbs[-1].end() : q.start]
        named = near(view.outcomes, verbs[-1].end(), q.start)
        return bool(named) and named[0].measure == "event" and not _ENDS_OR_COUNTS.search(between)

    def _lasted(self, view: View, q: Quantity) -> bool:
        """A percentage by which a time became shorter or longer: ``shortened the stay by 9%``, ``住院时间缩短12%``."""
        if q.kind != "percent" or q.value is None or q.events is not None:
            return False
        before = view.text[max(0, q.start - 140) : q.start]
        changed = CHANGED_BY.search(before) or _SHORTER.search(before)
        if not changed or _SINCE.search(before):
            return False
        named = near(view.outcomes, max(0, q.start - 140), q.start)
        return bool(named) and named[-1].measure == "time"

    def _goes_on(self, view: View, q: Quantity, before: list[Quantity]) -> bool:
        """The next one of a list of reductions: ``风险降低68%(椎体)、40%(髋部)``."""
        last = before[-1] if before else None
        if q.kind == "percent" and q.events is None and self._so_too(view, q, before):
            return True
        if last is None or last.kind not in _SHARES or q.kind != "percent" or q.events is not None:
            return False
        gap = view.text[last.outer_end : q.outer_start]
        if len(gap) < 60 and (
            _SAME_FIGURES.search(gap) or (last.rule in _EFFICACIES and _IN_OTHERS.fullmatch(gap))
        ):
            return not near(view.outcomes, last.outer_end, q.start)
        if _NEXT_REDUCED.fullmatch(gap):
            return not any(o.measure == "level" for o in near(view.outcomes, last.outer_end, q.start))
        return bool(_LISTED.fullmatch(gap))

    def _so_too(self, view: View, q: Quantity, before: list[Quantity]) -> bool:
        """The same of the next trial, dose or event, behind a bracket with the shares of the groups."""
        first = next((x for x in reversed(before) if x.kind in _SHARES), None)
        by = _BY_OR_OF.search(view.text, 0, first.start) if first is not None else None
        if first is None or by is None or first is before[-1]:
            return False
        m = _SO_TOO.fullmatch(_IN_BRACKETS.sub("", view.text[first.outer_end : q.start]))
        return m is not None and m["by"] == by[1]

    def _unnamed(self, view: View, q: Quantity) -> bool:
        """A number with limits that lie around it as those of a ratio do, after an event or a survival."""
        if q.kind != "number" or q.unit or q.value is None or q.interval is None or q.value <= 0:
            return False
        low, high = q.interval.lower, q.interval.upper
        if not low or not high or not 0 < low < q.value < high or "." not in view.text[q.start : q.end]:
            return False
        up, down = math.log(high / q.value), math.log(q.value / low)
        if abs(up - down) > _SKEW * (up + down) + 0.02:
            return False
        if view.text[: q.start].endswith(" to ") and _FROM_NEXT.match(view.text, q.outer_end):
            return False  # lowered the rate to 0.78 (0.64-0.93) from 1.10
        if _TO_FROM.search(view.text, max(0, q.start - 60), q.start):
            return False
        if _RATE_WAS.search(view.text, max(0, q.start - 90), q.start):
            return False  # the annualized rate was 0.93 (0.80 to 1.07)
        if self._of_test.search(view.text, max(0, q.start - 90), q.start):
            return False
        if _OVER_YEARS.search(view.text, max(0, q.start - 90), q.start):
            return False  # 事件率(每100人年)为2.4(1.0-4.3)
        named = near(view.outcomes, max(0, q.start - _REACH), q.start)
        return bool(named) and named[-1].measure in ("event", "rate", "time")

    def _lone(self, view: View, q: Quantity, before: list[Quantity]) -> bool:
        """A decimal alone in the bracket of two rates, where another bracket held a ratio."""
        if q.kind != "number" or q.unit or "." not in view.text[q.start : q.end] or len(before) < 2:
            return False
        shares = before[-1].kind in ("percent", "time") and before[-2].kind == before[-1].kind
        opened = _LONE.fullmatch(view.text[before[-1].outer_end : q.start].strip())
        return bool(shares and opened and _CLOSED.match(view.text[q.outer_end :]))

    def _difference(self, view: View, q: Quantity, quantities: list[Quantity]) -> bool:
        """A change with a confidence interval that a text sets against another group, or pools."""
        if q.kind not in ("level", "percent", "time", "number", "mean") or q.value is None:
            return False
        if self._corrected.search(view.text[max(0, q.start - 30) : q.start]):
            return True
        if q.rule == "percentage_points" and q.kind == "level":
            named = near(view.outcomes, max(0, q.start - _REACH), q.start)
            return bool(named) and named[-1].measure in ("rate", "event")
        if q.interval is None or "CI" not in q.interval.type or q.events is not None:
            return False
        start = max(view.text.rfind(c, 0, q.start) for c in "。;") + 1
        before = view.text[start : q.start]
        if _DIFFERENCES.search(view.text, 0, q.start):
            return True
        signed = view.text[q.start : q.start + 1] in ("-", "+")
        if not signed and not _CHANGED.search(before):
            return False
        others = [
            x for x in quantities if x is not q and x.kind in (q.kind, "estimate:difference") and x.unit == q.unit and start <= x.start
        ]  # fmt: skip
        # each of a list that tells of no groups between: at rest and at work by 5 (95% CI 2-8) and 9 (95% CI 4-14)
        first = min([q.start, *(x.start for x in others)])
        listed = all(x.interval is not None and "CI" in x.interval.type for x in others)
        alone = not others or (
            listed and not near(view.phrases, first, max([q.start, *(x.start for x in others)]))
        )
        return bool(alone and (self._against.search(before) or self._pooled.search(view.text)))


def _next_difference(view: View, q: Quantity, before: list[Quantity]) -> bool:
    """Whether a number with limits follows a difference with limits in one list."""
    last = next((x for x in reversed(before) if x.kind != "p"), None)
    if last is None or last.kind != "estimate:difference" or "contrast" not in last.flags:
        return False
    if (
        q.interval is None
        or last.interval is None
        or q.unit != last.unit
        or q.kind not in ("level", "time", "number")
    ):
        return False
    return _NEXT_WITH_LIMITS.fullmatch(view.text, last.outer_end, q.start) is not None


def _says_again(view: View, q: Quantity, last: Quantity | None) -> bool:
    """Whether a decimal in the bracket behind a reduction is the ratio that says the same: ``by 23% (0.77, 0.74-0.81)``."""
    if last is None or last.kind != "estimate:risk_reduction" or q.kind != "number" or q.unit:
        return False
    if last.value is None or q.value is None or "." not in view.text[q.start : q.end]:
        return False
    return abs(100 * (1 - q.value) - last.value) <= 1 and view.text[last.outer_end : q.start].strip() in "(["
