"""P-values of no two groups, or of several pairs: a trend, an interaction, all levels of something; each of a list against one."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm
from trialmine.find.limits import STATISTIC
from trialmine.find.quantity import Quantity
from trialmine.link.cells import BRACKETS, coordinate
from trialmine.link.view import View

#: a test's statistic before its p-value, or one for each of several groups: χ2=159.8,97.5,
TESTED = Expression(
    rf"(?:{STATISTIC}|[χΧxX]\s?2\s?值?(?:分别)?为\s?\d[\d.]*)(?:\s?[、,]\s?-?\d+(?:\.\d+)?)*\s?[,;、]?\s?"
)
#: right before the p-value of a test for trend or of an interaction
_OF_ALL = Expression(
    r"(?:趋势|交互|异质性|\b(?:trend|interaction|heterogeneity)\b|[Pp]-?(?:trend|interaction|int)\b)[^,;。()\[\]]{0,12}?(?:[,(]?\s?[Pp]\s?值?\s?[均皆]?\s?)?[=<>≤≥\s]*$",
)
#: a p-value is that of each of several pairs
_EACH = Expression(r"[均皆]|\b(?:both|all|each)\b")
#: characters before a p-value that are looked at
_REACH = 240
#: people of different levels of something, of whom a p-value tells that they differ: 不同基线X水平患者的Y比较,差异有统计学意义(
_DIFFERENT = Expression(
    r"(?:^|[,;。])[^,;。()]{0,12}?不同(?!时间|时点|疗程|阶段|程度地|意见|研究)[^,;。()]{1,18}?(?:患者|人群|病例|者|水平|剂量|分期|级别|年龄|性别|组)(?:组)?(?:间|之间)?[^;。()]{0,24}?(?:差异|比较|相比|区别)[^;。]{0,40}$"
)


def of_no_pair(text: str, q: Quantity) -> bool:
    """Whether a p-value is of a trend over groups, or of all levels of something: ``不同分期患者的X比较,差异有统计学意义(P<0.01)``."""
    start = max(text.rfind(c, max(0, q.start - _REACH), q.start) for c in ";。") + 1
    stretch = TESTED.sub("", text[max(start, q.start - _REACH) : q.start])
    return bool(_OF_ALL.search(stretch) or ("不同" in stretch and _DIFFERENT.search(stretch)))


def first_of_list(view: View, q: Quantity, focus: Arm | None, reference: Arm | None) -> Arm | None:
    """The group that a p-value of several pairs is told of: the first of the list that is set against one (``A组和B组均高于C组(P均<0.01)``)."""
    named = [p for p in view.known() if p.end <= q.start]
    against = [p for p in named if p.reference and view.arm(p) is reference]
    if q.kind != "p" or focus is None or not against:
        return focus
    if not _EACH.search(view.text, max(0, q.outer_start - 5), q.outer_end):
        return focus
    others = [p for p in named if not p.reference]
    lists = coordinate(
        view.text, others, lambda p: (p.start, p.end), lambda a, b: view.arm(a) is view.arm(b), BRACKETS
    )
    own = [x for x in lists if any(view.arm(p) is focus for p in x)]
    return view.arm(own[-1][0]) if own else focus
