"""Numbers that are set against those of before a treatment, in one group: ``较治疗前(5.2±1.1)降低(P<0.05)``."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm
from trialmine.core.sieve import Sieved
from trialmine.find.quantity import Quantity
from trialmine.link.choose import is_estimate
from trialmine.link.groups import BEFORE
from trialmine.link.nopair import TESTED
from trialmine.link.view import Result, View

#: from a value of before to the next of a list
_AND_NEXT = Expression(r"\s?(?:和|及|与|、)[^,;。()\[\]\d]{0,16}[(\[]?\s?")
#: between two p-values in a row
_NEXT_P = Expression(r"\s?[,、;和及]\s?")
#: from the last number of a change to its p-value
_OPENED_P = Expression(r"[^,;。]{0,4}[(,]?[^,;。()]{0,6}")
#: right before a p-value: what changed in each of several groups
_EACH_CHANGED = Expression(
    r"(?:[两二三四各]|[2-4]个?)组[^;。()\d]{0,60}?(?:均|都)(?:有|呈|较之?前|显著|明显|有所|逐渐|不同程度|地|的)*(?:下降|降低|升高|上升|改善|提高|增加|减少|缩短|延长|减轻|好转|增高|增强|回升)(?:趋势)?[,;]?\s?\(?[^,;。()\d]{0,8}$"
)
#: right before a p-value that is said to be of one group alone: 12.4%(组内P<0.01)
_WITHIN = Expression(
    r"(?:组内|自身前后|\b[Ww]ithin[\s-]group)(?:前后)?(?:比较|对比|差异|\scomparison)?[,:]?\s?(?:均|值)?\s?(?:[PpＰ]\s?(?:值|values?)?\s?(?:均|都|为)?\s?[<>=≤≥]?\s?)?$"
)
#: with what was before something was done, whatever it was: 较拔管前略高
_SINCE_HAN = (
    r"(?:较|比|与|同|和)(?:本组|同组)?(?!(?:以|目|当|日|之|提)前)\p{Han}{1,5}(?<![以目当日从之提空])前"
    r"(?=\s?\d|均|都|明显|显著|有|无|比较|相比|略|稍|降|升|下|上|增|减|提高|改善|,)"
)


class Since:
    """Tells what is of before, and the group whose change a p-value is of."""

    def __init__(self, patterns: Patterns) -> None:
        name = r"(?:(?!降|减|升|增|改|提高|上|下|延长|缩短|变|恢复|好转|明显|显著|差|高|低|比|均|分别)[^,;。()\[\]\d]){0,16}"
        self._from_before = Sieved(patterns.compile(rf"(?:{{{{since_before}}}})的?{name}[(\[]?\s?\d"))
        self._since, self._between = (
            Sieved(
                patterns.compile(
                    rf"(?:{{{{since_before}}}}|[较比与同于和]T\d(?:时刻?|时点)?(?!\d|[、和与及~-]T))|{_SINCE_HAN}"
                )
            ),
            patterns.compile("(?:{{between_groups}})"),
        )

    def was_before(self, text: str, q: Quantity, previous: list[Result]) -> bool:
        """Whether a number is what a later one is set against: ``较治疗前X(5.2)和Y(3.1)降低``."""
        told = self._from_before.finditer(text, max(0, q.start - 40), q.start + 1)
        if any(m.end() == q.start + 1 for m in told):
            return True
        last = previous[-1] if previous and previous[-1].time == BEFORE.value else None
        return last is not None and bool(_AND_NEXT.fullmatch(text, last.quantity.outer_end, q.start))

    def within(self, view: View, q: Quantity, previous: list[Result]) -> tuple[Arm | None] | None:
        """The group whose change a p-value is of, where it compares what came after with what was before: ``较治疗前降低(P<0.05)``.

        None where it compares groups, and a group of None where it is of several groups' changes.
        """
        text = view.text
        if _WITHIN.search(text, max(0, q.start - 30), q.start):
            groups = [p for p in view.phrases if p.end <= q.start and len(view.arms.get(id(p), ())) == 1]
            return (view.arms[id(groups[-1])][0] if groups else previous[-1].arm if previous else None,)
        last = max((x.outer_end for x in view.quantities if x.outer_end <= q.start), default=0)
        start = max(last, *(text.rfind(c, 0, q.start) + 1 for c in ";。"))
        changed = len(previous) == 2 and previous[0].time == "baseline" and previous[0].arm is previous[1].arm
        changed = changed and not previous[1].compares and previous[1].quantity.outer_end == last
        if changed and _OPENED_P.fullmatch(text, last, q.outer_start):
            return (previous[1].arm,)
        same = previous[-1] if previous and previous[-1].quantity.kind == "p" else None
        if (
            same is not None
            and same.within
            and _NEXT_P.fullmatch(text, same.quantity.outer_end, q.outer_start)
        ):
            return (same.arm,)  # 均较治疗前降低(P=0.01,P=0.02)
        told = list(self._since.finditer(text, start, q.start))
        if self._between.search(text, start, q.start):
            return None
        if not told and (own := self._changed_alone(view, q)) is not None:
            return (own,)
        phrases = [p for p in view.phrases if start <= p.start < q.start]
        named = list(dict.fromkeys(a for p in phrases for a in view.arms.get(id(p), ())))
        if not told and same is not None and same.within and len(named) == 1 and not phrases[0].reference:
            return (named[0],)  # B组无变化(P=0.3)
        if not told and _EACH_CHANGED.search(TESTED.sub("", text[start : q.start])):
            return (None,)  # 两组评分均下降(P<0.05)
        if not told or any(p.reference and p.end > told[-1].end() for p in phrases):
            return None
        if len(named) > 1 or any(p.kind in ("both", "all") for p in phrases):
            return (None,)
        study = view.study_at(q.start)
        if not named and study is not None:
            named = study.recent or study.arms
        return (named[0] if len(named) == 1 else None,)

    def _changed_alone(self, view: View, q: Quantity) -> Arm | None:
        """The only group of a stretch that tells values after and before: ``A组:治疗后X(3.1)较治疗前X(5.2)降低(P<0.05)``."""
        text, end = view.text, q.outer_start
        before = [x for x in view.quantities if x.outer_end <= q.start and is_estimate(x)]
        while before and _NEXT_P.fullmatch(text, before[-1].outer_end, end):
            end = before.pop().outer_start
        start = max([x.outer_end for x in before] + [text.rfind(c, 0, end) + 1 for c in ";。"])
        told = list(self._since.finditer(text, start, q.start))
        if not told or self._between.search(text, start, q.start):
            return None
        if not self._from_before.search(text, told[-1].start(), q.start):
            return None
        groups = {
            id(view.arms[id(p)][0]): view.arms[id(p)][0]
            for p in view.phrases
            if start <= p.start < q.start and view.arms.get(id(p))
        }
        if not groups:
            earlier = [p for p in view.phrases if p.end <= start and len(view.arms.get(id(p), ())) == 1]
            groups = {0: view.arms[id(earlier[-1])][0]} if earlier else {}
        return next(iter(groups.values())) if len(groups) == 1 else None
