"""Ratios of what makes an event more or less likely: a factor, a state or a habit, where a Chinese text calls it one.

``高龄(OR=2.3,…)、吸烟(OR=1.9,…)是吻合口瘘的独立危险因素``: each ratio is of the event, and describes the people with the factor in
front of its bracket; ``…等3个因素,其OR分别为2.3、1.9、1.6`` tells them in order.
"""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.core.sieve import possible
from trialmine.find.outcomephrase import OutcomePhrase
from trialmine.find.quantity import RATIOS, Quantity
from trialmine.link.view import View

_LEAD = r"(?:影响|导致|引起|预测|造成)?(?:患者|患儿)?(?:发生|出现|并发)?"
#: what the factors are of: 是X的独立危险因素; X的危险因素为
_OF = (
    rf"(?:是|为|系|作为|属于)(?:\d\s?[期级]?)?{_LEAD}(?P<o>(?!独立|重要|主要|其)[^,;。()\[\]]{{2,24}}?)(?:的|发生的|复发的)?(?:{{{{factor_how}}}}|的)*(?:{{{{factor}}}})|"
    rf"{_LEAD}(?P<o>(?!独立|重要|主要|其)[^,;。()\[\]]{{2,24}}?)的?(?:{{{{factor_how}}}}|的)*(?:{{{{factor}}}})(?:主要|依次|分别)?(?:有|是|为|包括|:)"
)
#: a factor, right before the bracket of its ratio
_NAMED = Expression(
    r"(?:^|[,;:、。)\]]|[和与及]|以及|显示|表明|提示|发现|结果|因素(?:有|是|为|包括)|其中)(?P<n>(?!其|该|此|两|各|校正|调整)[^,;:、。()\[\]和与及]{1,26}?)(?:患者|者)?\s?$"
)
#: factors that a list tells before their ratios
_LIST = Expression(
    r"(?:^|[,;:。]|显示|表明|提示|发现|结果)(?:结果|显示|表明|其中|证实|,|:)*(?P<n>[^,;:。()\[\]、]{2,26}(?:、[^,;:。()\[\]、]{2,26})*(?:、|和|与|及|以及)[^,;:。()\[\]、]{2,26}?)(?:等)?(?:\d+|[两二三四五六七八九十])?(?:个|项|种)?(?:因素|变量|指标)?(?:均|都)?(?:进入|是|为|与|的)"
)
_PARTS = Expression(r"、|以及|和|与|及")
_ENDS_IN_NUMBER = Expression(r"\d\s?(?:%|倍)?$")
_OPENED = Expression(r"[(\[][^()\[\]]{0,24}$")


class Factors:
    """Finds what a ratio's event is and which factor it is of."""

    def __init__(self, patterns: Patterns) -> None:
        self._of = patterns.compile(_OF)
        self._may = possible(self._of)

    def of(self, view: View, q: Quantity) -> tuple[OutcomePhrase, str] | None:
        """The event and the factor of a ratio, or None."""
        text = view.text
        if q.kind not in RATIOS or not self._may(text):
            return None
        told = min(self._of.finditer(text), key=lambda m: abs(m.start() - q.start), default=None)
        if told is None:
            return None
        name = self._factor(view, q, told.start(), told.end())
        if not name:
            return None
        a, b = told.span("o")
        inside = [o for o in view.outcomes if a <= o.start and o.end <= b]
        event = inside[-1] if inside else OutcomePhrase(a, b, text[a:b], "event", text[a:b])
        return event, name

    def _factor(self, view: View, q: Quantity, start: int, end: int) -> str:
        text = view.text
        opened = _OPENED.search(text, max(0, q.start - 40), q.start)
        # 肝转移是OS的独立危险因素(HR=2.4): what it is of stands between
        last = start if opened is not None and end == opened.start() else opened.start() if opened else 0
        own = _NAMED.search(text, 0, last) if opened is not None else None
        if own is not None:
            return "" if _ENDS_IN_NUMBER.search(own["n"]) else str(own["n"])
        ratios = [x for x in view.quantities if x.kind == q.kind]
        for m in _LIST.finditer(text, 0, ratios[0].start):
            names = [n for n in _PARTS.split(m["n"]) if n]
            if len(names) == len(ratios):
                return str(names[next(i for i, x in enumerate(ratios) if x is q)])
        return ""


def arm_of(view: View, study: Study, name: str) -> Arm:
    """The group of a factor: that of a treatment told there, else one with the factor as its label."""
    here = [
        view.arms[id(p)][0]
        for p in view.phrases
        if len(view.arms.get(id(p), ())) == 1 and view.text[p.start : p.end] in name
    ]
    if here:
        return here[-1]
    arm = study.labelled(name)
    if arm is None:
        arm = Arm((), [name], as_told=True)
        study.arms.append(arm)
    return arm
