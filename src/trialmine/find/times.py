"""Timepoints: when an outcome was measured, told apart from how long a treatment lasted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import regex

from trialmine.core.patterns import Patterns
from trialmine.find.numbers import Quantity, number

_LETTER = {"day": "d", "week": "w", "month": "m", "year": "y", "hour": "h"}
_UNIT = r"(?P<u>周|个月|月|年|天|日|小时|-?\s?(?:weeks?|months?|years?|days?|hours?|wks?|yrs?|mo)\b)"
_AFTER = (
    r"(?:时(?!间)|后(?!续|序|贯|加|停|改|的?(?:治疗|随访结果))|末|内(?!的?治疗)|以后|以来|时点|的?(?:随访时|随访中)|随访时|"
    r"(?:的)?(?:K-?M|[\p{Han}\p{Latin}/+-]){0,12}?(?:率(?!先)|生存(?!期)|存活|OS|PFS|DFS|RFS|EFS|IDFS|iDFS|DMFS|SVR|转阴|累积发生))"
)
_TIME_ZH = regex.compile(
    rf"(?P<eot>(?:新药)?治疗结束|结束(?:\p{{Han}}{{0,3}})?治疗|停药|疗程结束|停止治疗|停止用药|治疗停止|完成治疗)(?:后|以后)?(?:的)?(?:第|前)?(?P<v>\d+(?:\.\d+)?)\s?{_UNIT}|"
    rf"(?P<cue>第|治疗(?:第|后)?|用药(?:第|后)?|给药后?|随访(?:至|到|第)?|术后|移植后|接种后|干预后?|疗程第?|达到?|在|经|入组后|截至)?\s?(?P<v>\d+(?:\.\d+)?)(?:-\d+)?\s?{_UNIT}(?P<after>{_AFTER})?"
)
_TIME_EN = regex.compile(
    r"\b(?:(?P<cue>[Aa]t|[Bb]y|[Tt]hrough|[Aa]fter|[Uu]ntil|[Ww]ithin|[Oo]ver|[Ff]rom baseline to)\s)?(?P<unit>[Ww]eeks?|[Mm]onths?|[Dd]ays?|[Yy]ears?)\s(?P<v>\d+)(?![\d.%])|"
    r"\b(?P<cue>[Aa]t|[Bb]y|[Tt]hrough|[Aa]fter|[Ww]ithin|[Oo]ver|[Ii]n)\s(?:the\s|a\s|median\s)?(?P<v>\d+(?:\.\d+)?)\s?-?(?P<unit>weeks?|months?|days?|years?)\b(?!-old|\s(?:of age|apart|intervals))|"
    r"\b(?P<v>\d+(?:\.\d+)?|one|two|three|five|six|ten)-(?P<unit>week|month|day|year)s?\b(?P<after>\s(?!(?:treatment|course|follow-up|period|trial|study|regimen|therapy|duration|old|interval|double|open|randomi|placebo|induction|maintenance))\p{Latin}+)"
)
_EOT_EN = regex.compile(r"\b(?:end of (?:treatment|therapy)|treatment completion|end-of-treatment)\b")
_EOT_ZH = regex.compile(r"治疗结束时|结束治疗时|停药时|疗程结束时|治疗结束(?!后)|(?<=当[^,。]{0,14})结束时")
_BASELINE = regex.compile(r"基线(?!相比|比较|时?(?:相比|的?(?:HBsAg|PD-L1)[^,。]{0,8}[<>≤≥])|下降|水平下降)|治疗前|术前|入院时|\b(?:at|from) baseline\b|\bbaseline\b")
_WORDS = {"one": 1, "two": 2, "three": 3, "five": 5, "six": 6, "ten": 10}


@dataclass(frozen=True, slots=True)
class TimePoint:
    """A timepoint at ``[start, end)``; ``strong`` where a word marks it as one."""

    start: int
    end: int
    value: str
    strong: bool


class TimeFinder:
    """Reads the timepoints of sentences."""

    def __init__(self, patterns: Patterns) -> None:
        self._units = {e.form.lower(): e["concept"] for e in patterns.lexicons["units"] if e["dimension"] == "time"}

    def find(self, text: str, quantities: list[Quantity]) -> list[TimePoint]:
        """The timepoints of one folded sentence, left to right."""
        found: list[TimePoint] = []
        durations = {q.start: q for q in quantities if q.kind == "time"}
        for m in _TIME_ZH.finditer(text):
            at = m.start("v")
            q = durations.get(at)
            if q is None or "range" in q.flags or not regex.search(r"\p{Han}", m["u"]) and not m["eot"]:
                continue
            value = self._value(m["v"], m["u"])
            if value is None:
                continue
            if m["eot"]:
                found.append(TimePoint(m.start(), m.end("u"), f"EOT+{value}", True))
            elif m["after"] or m["cue"] in ("第",) or (m["cue"] in ("治疗", "治疗第", "随访至", "随访到") and text[m.end() : m.end() + 1] in ",，"):
                found.append(TimePoint(at, m.end("u"), value, True))
        for m in _TIME_EN.finditer(text):
            printed = m["v"]
            value = self._value(str(_WORDS.get(printed, printed)), m["unit"])
            if value:
                found.append(TimePoint(m.start(), m.end("after") if m["after"] and False else m.end("v") if m.end("v") > m.end("unit") else m.end("unit"), value, True))
        for m in _EOT_ZH.finditer(text):
            if not any(t.start <= m.start() < t.end for t in found):
                found.append(TimePoint(*m.span(), "EOT", True))
        found += [TimePoint(*m.span(), "EOT", True) for m in _EOT_EN.finditer(text)]
        found += [TimePoint(*m.span(), "baseline", True) for m in _BASELINE.finditer(text)]
        self._share(text, found, quantities)
        return sorted(found, key=lambda t: t.start)

    def _share(self, text: str, found: list[TimePoint], quantities: list[Quantity]) -> None:
        """A time listed with a timepoint is one too: 24周与48周, 1、3、5年生存率."""
        for _ in range(4):
            grown = False
            for t in list(found):
                for q in quantities:
                    if q.value is None or any(x.start <= q.start < x.end for x in found):
                        continue
                    gap = text[q.end : t.start] if q.end <= t.start else text[t.end : q.start] if t.end <= q.start else "-"
                    if not _LIST_GAP.match(gap):
                        continue
                    if q.kind == "time":
                        value = f"{q.value:g}{_LETTER.get(q.unit, '')}"
                    elif q.kind in ("number", "count") and q.unit == "" and q.end <= t.start and t.value[-1:] in "wmyd":
                        value = f"{q.value:g}{t.value[-1]}"
                    else:
                        continue
                    if t.value.startswith("EOT+"):
                        value = "EOT+" + value
                    found.append(TimePoint(q.start, q.end, value, True))
                    grown = True
            if not grown:
                return

    def _value(self, printed: str, unit: Any) -> str | None:
        concept = self._units.get(unit.lower().strip(" -"))
        v = number(printed)
        if concept not in _LETTER or v is None:
            return None
        return f"{v:g}{_LETTER[concept]}"


_LIST_GAP = regex.compile(r"^\s?(?:[、,]|和|与|及|以及|and|or|/|, and)\s?$")
