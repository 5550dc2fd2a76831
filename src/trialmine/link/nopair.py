"""P-values that compare no two groups: a test for trend, an interaction, people at all levels of something."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.find.limits import STATISTIC
from trialmine.find.quantity import Quantity

#: a test's statistic before its p-value, or one for each of several groups: χ2=159.8,97.5,
TESTED = Expression(
    rf"(?:{STATISTIC}|[χΧxX]\s?2\s?值?(?:分别)?为\s?\d[\d.]*)(?:\s?[、,]\s?-?\d+(?:\.\d+)?)*\s?[,;、]?\s?"
)
#: right before the p-value of a test for trend or of an interaction
_OF_ALL = Expression(
    r"(?:趋势|交互|异质性|\b(?:trend|interaction|heterogeneity)\b|[Pp]-?(?:trend|interaction|int)\b)[^,;。()\[\]]{0,12}?(?:[,(]?\s?[Pp]\s?值?\s?[均皆]?\s?)?[=<>≤≥\s]*$",
)
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
