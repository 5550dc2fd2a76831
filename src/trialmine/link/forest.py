"""Forest plots that the reader of a page's images left as lines: a header, a row for each study, the pooled row.

``Lund 2019 1.69 1.05 13 0.14 0.76 43 14.4% 1.55 [0.94, 2.16]`` holds two means and their difference; the weight and the
tests below the rows are no results.
"""

from __future__ import annotations

import regex

from trialmine.core.lazy import Expression
from trialmine.core.sieve import possible
from trialmine.find.quantity import Interval, Quantity, number

#: the rule of their numbers
RULE = "forest_plot"
_HEADER = Expression(
    r"\b(?:IV|M\s?-?\s?H|Peto)\s?[,.;:]?\s?(?:Random|Fixed|Exp)|\bStud(?:y|ies)\s?or\s?[Ss]ub-?group\b",
    regex.IGNORECASE,
)
_MAY_HEAD = possible(_HEADER)
_COLUMNS = Expression(r"Weight|Total|95\s?%|Events|\bMean", regex.IGNORECASE)
_KINDS = [
    (Expression(pattern, regex.IGNORECASE), kind)
    for pattern, kind in (
        (r"\bStd\.?\s?Mean|Standardi[sz]ed\s?Mean", "estimate:SMD"), (r"Mean\s?Difference", "estimate:MD"),
        (r"Odds\s?Ratio", "estimate:OR"), (r"(?:Risk|Rate)\s?Ratio|Relative\s?Risk", "estimate:RR"),
        (r"Hazard\s?Ratio", "estimate:HR"), (r"Risk\s?Difference", "estimate:RD"), (r"\bMean\b", "estimate:MD"),
    )
]  # fmt: skip
_NUM = r"[-+]?\d+(?:\.\d+)?"
#: the weight, the estimate and its limits that end a row
_ROW = Expression(
    rf"(?P<weight>\d+(?:\.\d+)?\s?%)\s*(?P<v>{_NUM})\s?[\[(]\s?(?P<lo>{_NUM})\s?(?:,|;|~|-|to)\s?(?P<hi>{_NUM})\s?[\])]"
)
_MEANS = Expression(
    rf"(?P<m1>{_NUM})\s+(?P<s1>{_NUM})\s+(?P<n1>\d+)\s+(?P<m2>{_NUM})\s+(?P<s2>{_NUM})\s+(?P<n2>\d+)\s*$"
)
_EVENTS = Expression(r"(?P<m1>\d+)\s+(?P<n1>\d+)\s+(?P<m2>\d+)\s+(?P<n2>\d+)\s*$")
#: lines of a plot that hold no row
_ASIDE = Expression(
    r"^(?:Heterogeneity|Test for|Total|Sub-?total|Favou?rs|Study|Experimental|Events|Mean\b)|\bFavou?rs\b|^[-\d.\s]+$",
    regex.IGNORECASE,
)
_HAN = Expression(r"\p{Han}{3}")


class ForestPlots:
    """Reads the lines of a page in order."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """A new page begins."""
        self._before, self._kind, self._means = "", "", False

    def read(self, text: str) -> list[Quantity] | None:
        """The results of a line: each group's number and the estimate; None where it is no line of a plot."""
        before, self._before = self._before, text
        header = _HEADER.search(text) if _MAY_HEAD(text) else None
        if header and _COLUMNS.search(text) and not _HAN.search(text):
            told = f"{before} {text[: header.end() + 60]}"
            self._kind = next((kind for pattern, kind in _KINDS if pattern.search(told)), "estimate:OR")
            self._means = "Mean" in told
        if not self._kind:
            return None
        found: list[Quantity] = []
        at = header.end() if header else 0
        for row in _ROW.finditer(text, at):
            groups = (_MEANS if self._means else _EVENTS).search(text, at, row.start())
            found += [*(self._groups(groups) if groups else ()), self._estimate(row)]
            at = row.end()
        if not found and not header and (_HAN.search(text) or not _ASIDE.search(text)):
            self._kind = ""
            return None
        return found

    def _groups(self, m: regex.Match[str]) -> list[Quantity]:
        found = []
        for i in "12":
            (a, b), (_, end) = m.span(f"m{i}"), m.span(f"n{i}")
            q = Quantity("mean" if self._means else "count", a, b, a, end, RULE, number(m[f"m{i}"]))
            q.participants = int(m[f"n{i}"])
            if self._means:
                q.interval = Interval("SD", None, number(m[f"s{i}"]), *m.span(f"s{i}"))
            else:
                q.unit = "participants"
            found.append(q)
        return found

    def _estimate(self, m: regex.Match[str]) -> Quantity:
        q = Quantity(self._kind, m.start("v"), m.end("v"), m.start("v"), m.end(), RULE, number(m["v"]))
        q.interval = Interval("95% CI", number(m["lo"]), number(m["hi"]), m.start("lo"), m.end("hi"))
        return q
