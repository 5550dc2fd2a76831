"""What hangs on a number besides its group: is it a result, of which outcome, when, in whom, and is it so."""

from __future__ import annotations

import regex

from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.find.numbers import Quantity
from trialmine.find.outcomes import OutcomeFinder, OutcomePhrase
from trialmine.link.cells import Cells
from trialmine.link.view import Result, View

_CLAUSE = regex.compile(r"[,;。:]")


class Weigher:
    """Weighs the candidates for a number within its sentence."""

    def __init__(self, patterns: Patterns, outcomes: OutcomeFinder) -> None:
        self._outcomes = outcomes
        c = patterns.compile
        self._planned = c("(?:{{planned}})")
        self._speculated = c("(?:{{speculated}})")
        self._epidemiology = c("(?:{{epidemiology}})")
        self._copula = regex.compile(
            r"^[率期值数]?(?:\s?[(\[][^()\[\]]{0,60}[)\]])*\s?(?:的)?(?:比例|时间|发生率|水平|患者)?(?:\([^()]{0,30}\))?(?:分别|均|则|仅|也|又|可|已|仍|更|最|长|高|低|约|至|到|有|由|从|从?基线的?|达到?|为|是|在|"
            r"显著|明显|大幅|平均|进一步|仅仅|高达|低至|相似|提[高升](?:了|至|到)?|升[高至](?:了|至|到)?|上升(?:了|至|到)?|下降(?:了|至|到)?|降[低至](?:了|至|到)?|减少(?:了|至|到)?|改善(?:了|至|到)?|延长(?:了|至|到)?|缩短(?:了|至|到)?|增加(?:了|至|到)?|超过?|"
            r"[:=,(\[<>~]|\s|was|were|is|are|of|at|to|by|reached|rate|rates|the|an?|significantly|longer|higher|lower|only|as|high|in|estimated|approximately|about|over|more|than|improved|reduced|increased|decreased|from|with|respectively)*$"
        )
        self._achieve = c(
            r"^(?:\s?\([^()]{0,60}\))?(?:[以左]?[上右下])?\s?(?:的)?(?:[^,。;%\d]{0,12}?(?:患者|受试者|病例|病人|人群|者|人))?[^,。;%\d]{0,8}?(?:{{achieve}})(?:了|的|仍)?[^,。;%\d]{0,14}$|"
            r"^(?:\s?\([^()]{0,60}\))?\s?(?:of\s)?(?:the\s|all\s)?(?:[\p{Latin}-]+\s){0,6}?(?:patients|participants|subjects|recipients|women|men|adults|cases|individuals|people|those|them)?\s?(?:[\p{Latin}-]+\s){0,8}?(?:achieved|had|experienced|reached|attained|showed|developed|reported|were|maintained|with|underwent|died|for|in)\s(?:[\p{Latin}-]+\s){0,3}?$"
        )
        self._direct_after = regex.compile(r"^(?:\s?\([^()]{0,60}\))?\s?(?:的)?(?:患者|受试者|病例)?(?:的|在)?\s?(?:for |in |of |rate of |risk of |reduction in |a |an |the |improvement in |increase in |decrease in )?$")

    def plausible(self, view: View, q: Quantity) -> bool:
        """Whether a number can be a result at all; times need an outcome that is a time."""
        text = view.text
        if q.kind == "time":
            return self._time_result(view, q)
        if q.kind == "count":
            after = text[q.outer_end : q.outer_end + 14]
            before = text[max(0, q.start - 12) : q.start]
            if regex.match(r"\p{Han}{0,8}?(?:患者|受试者|病例|病人|者)?(?:中|的|,其中|随机|分别接受)|\p{Han}{0,8}?(?:患者|受试者|病例|病人)(?:进行|采用|给予|使用|接受|被)", after):
                return False
            if regex.search(r"(?:治疗|分析|评估|比较了?|报道了?|报告了?|对|共|观察|of|in|with|组|the|all)\s?$", before) and not regex.search(r"(?:共|有|in|组)\s?$", before):
                return False
            return True
        if q.kind in ("number", "events"):
            return True
        if q.kind == "percent" and regex.search(r"(?:未能?|不能|无法|没有|尚未)(?:达到|超过)?$", text[max(0, q.start - 8) : q.start]):
            return False
        return not (q.kind == "percent" and regex.match(r"\s?(?:葡萄糖|氯化钠|溶液|盐水|乳膏|软膏|凝胶|甲硝唑|gel\b|cream\b|solution\b|CI\b|置信|可信)", text[q.end : q.end + 8]))

    def _time_result(self, view: View, q: Quantity) -> bool:
        text = view.text
        if "shared_unit" in q.flags and q.rule == "number":
            return True
        before = text[: q.start]
        gap_start = max((o.end for o in view.outcomes if o.end <= q.start and o.measure == "time"), default=-1)
        if gap_start >= 0:
            gap = text[gap_start : q.start]
            numbers = any(gap_start <= other.start < q.start and other.kind not in ("time", "p", "not_reached") and not other.kind.startswith("estimate") for other in view.quantities)
            if not numbers and not regex.search(r"[。;]", gap) and len(gap) < 60:
                return not regex.match(r"\s?(?:的)?(?:治疗|疗程|随访|用药|给药)", text[q.outer_end : q.outer_end + 4])
        if regex.search(r"(?:延长|缩短|推迟|提前|差异|改善|longer by|shorter by|prolonged by|extended by|gain of|benefit of)(?:了|约|近)?\s?$", before):
            return True
        near = [o for o in view.outcomes if o.measure == "time"]
        if near and regex.search(r"(?:对比?|vs\.?|versus|比|:|和|与|、|and|to|至|升至|延长至|组|为|,)\s?$", before[-12:]) and any(o.kind == "time" and o.end <= q.start and self._time_result(view, o) for o in view.quantities if o is not q):
            return True
        after = text[q.outer_end : q.outer_end + 24]
        return any(
            o.measure == "time" and q.outer_end <= o.start <= q.outer_end + 24 and self._direct_after.match(text[q.outer_end : o.start])
            for o in view.outcomes
        ) and not regex.match(r"\s?(?:治疗|疗程)", after)

    def outcome(self, view: View, cells: Cells, q: Quantity, previous: Result | None) -> tuple[OutcomePhrase | None, float]:
        """The outcome of a number: the best-scored known one, else one named beside it.

        Where nothing is named since the numbers before it, theirs holds on.
        """
        text = view.text
        best: OutcomePhrase | None = None
        best_score = 0.0
        since = previous.quantity.outer_end if previous is not None else 0
        if previous is not None and previous.outcome is not None:
            named = any(since <= o.start < cells.start for o in view.outcomes)
            gap = text[since : cells.start]
            if not named and not regex.search(r"[。]", gap) and _compatible(q, previous):
                best, best_score = previous.outcome, 10.5 - 0.08 * len(gap) - 0.5 * len(_CLAUSE.findall(gap))
        for o in view.outcomes:
            score = self._score(view, cells, q, o)
            if score > best_score:
                best, best_score = o, score
        if best is None or best_score < 9:
            stop = max([since] + [o.end for o in view.outcomes if o.end <= cells.start])
            new = self._outcomes.unseen(text, cells.quantities[0] if q.kind != "count" else q, view.outcomes, stop)
            if new is not None and (best is None or best_score < 7):
                return new, 7.0
        return best, best_score

    def _score(self, view: View, cells: Cells, q: Quantity, o: OutcomePhrase) -> float:
        text = view.text
        start, end = cells.start, cells.end
        if o.end <= start:
            gap = text[o.end : start]
            score = 8.0 - 0.08 * len(gap)
            if self._copula.match(gap):
                score += 5
            score -= 1.0 * len(_CLAUSE.findall(gap))
            score -= 3.0 * sum(1 for x in view.quantities if o.end <= x.start < start and x.kind not in ("p",) and not x.kind.startswith("estimate") and x not in cells.quantities)
            if view.study_at(o.start) is not view.study_at(start):
                score -= 6
        elif o.start >= end:
            gap = text[end : o.start]
            score = 5.0 - 0.1 * len(gap)
            if self._direct_after.match(gap):
                score += 5.5
            elif self._achieve.match(gap):
                score += 6.0
            score -= 2.5 * len(_CLAUSE.findall(gap))
            score -= 3.0 * sum(1 for x in view.quantities if end <= x.start < o.start and x.kind not in ("p",))
        else:
            return 0.0
        if q.kind == "time":
            score += 3 if o.measure == "time" else -8
        elif q.kind in ("percent", "count", "events", "fraction"):
            score += 1 if o.measure in ("rate", "event") else (0 if o.measure == "time" else -1)
        elif q.kind in ("level", "mean", "number"):
            score += 2 if o.measure == "level" else -3
        elif q.kind == "estimate:HR":
            score += 1.5 if o.measure == "time" else 0
        return score

    def time(self, view: View, q: Quantity, outcome: OutcomePhrase, end: int) -> str:
        text = view.text
        bound = [t for t in view.times if t.end <= outcome.start and regex.match(r"^(?:的|时的?|时)?\s?(?:累[积计]|总|总体|无|预期|估计|rate of\s|overall\s)?$", text[t.end : outcome.start])]
        if bound:
            return bound[-1].value
        if q.kind == "time" or q.kind == "estimate:HR":
            return ""
        before = [t for t in view.times if t.end <= q.start and t.value != "baseline"]
        after = [t for t in view.times if t.start >= end]
        base = [t for t in view.times if t.value == "baseline" and t.end <= q.start and not regex.search(r"[,;。]", text[t.end : q.start])]
        if base and not regex.search(r"下降|降低|升高|增加|较|相比|from|change", text[max(0, base[-1].start - 6) : q.start]):
            return "baseline"
        usable = [t for t in before if not regex.search(r"[。;]", text[t.end : q.start]) or t.start < 20]
        for t in after:
            if regex.match(r"^[^,。;%\d]{0,24}$", text[end : t.start]) and t.value != "baseline":
                if not usable or not regex.search(r"[\p{Han}]", text):
                    return t.value
                if regex.match(r"^[^,。;%\d]{0,8}在?$", text[end : t.start]):
                    return t.value
        return usable[-1].value if usable else ""

    def population(self, view: View, q: Quantity) -> str:
        text = view.text
        study = view.study_at(q.start)
        near = [p for p in view.populations if p.end <= q.start and view.study_at(p.start) is study and not regex.search(r"[。;]", text[p.end : q.start])]
        if near:
            return near[-1].text
        after = [p for p in view.populations if p.start >= q.outer_end and regex.match(r"^(?:\([^()]*\))?(?:的|\sin\s(?:the\s)?|\sof\s(?:the\s)?|\samong\s)$", text[q.outer_end : p.start])]
        return after[0].text if after else ""

    def assertion(self, view: View, q: Quantity) -> str:
        if q.kind == "not_reached":
            return "not_reached"
        text = view.text
        start = max(text.rfind(c, 0, q.start) for c in ",;。")
        stops = [i for i in (text.find(c, q.end) for c in ",;。") if i >= 0]
        clause = text[start + 1 : min(stops, default=len(text))]
        if self._planned.search(clause):
            return "planned"
        if self._speculated.search(clause) or text.rstrip().endswith("?"):
            return "speculated"
        return "reported"

    def accept(self, view: View, q: Quantity, outcome: OutcomePhrase, study: Study | None, arm: Arm | None) -> bool:
        if q.kind in ("number", "level") and not outcome.known and study is None:
            return False
        if q.kind == "percent" and self._epidemiology.search(view.text) and arm is None:
            return False
        return not (study is None and arm is None and not outcome.known)


def _compatible(q: Quantity, previous: Result) -> bool:
    """Whether a number can report the outcome of the one before it."""
    if q.kind == "p" or q.kind.startswith("estimate") or q.kind == "not_reached":
        return True
    before = previous.quantity.kind
    return before == q.kind or before == "p" or before.startswith("estimate") or {before, q.kind} <= {"percent", "count", "events", "fraction", "not_reached"}
