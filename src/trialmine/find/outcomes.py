"""Outcomes of a sentence: those of the lexicon, and those that only the sentence itself names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import regex

from trialmine.core.patterns import Patterns
from trialmine.find.lexicon import Hit
from trialmine.find.numbers import Quantity
from trialmine.read.tokens import Tokenizer

_GRADE = regex.compile(
    r"(?:(?:≥|>=|大于等于)\s?(?P<g>[2-5])\s?级|(?P<g>[2-5])\s?级(?:及|或)?以上|(?P<g>3)\s?(?:-|~|/|或|和|与|、|至)\s?[45]\s?级|(?P<g>3)级|"
    r"[Gg]rades?\s?(?:≥|>=)\s?(?P<g>[2-5])|[Gg]rades?\s(?P<g>3)(?:\s?(?:-|~|/|or|to|and)\s?[45]|\sor\s(?:higher|worse|above|greater))?)(?:的)?\s?(?:治疗相关(?:的)?)?\s?$"
)
_THRESHOLD = regex.compile(
    r"(?:水平|评分)?\s?(?:<=|>=|[<>≤≥]|低于|小于|高于)\s?\d+(?:[.,]\d+)?\s?(?:IU/m[lL]|mIU/m[lL]|mmol/L|mg/d[lL]|U/L|%|mmHg|分|ng/m[lL]|log10|kg/m2)?"
)
_GRADED = {"AE", "TRAE", "TEAE", "irAE", "SAE"}


@dataclass(slots=True)
class OutcomePhrase:
    """An outcome at ``[start, end)`` of a sentence; ``measure`` is rate, time, level, event or empty."""

    start: int
    end: int
    concept: str
    measure: str
    text: str
    known: bool = True
    bracketed: bool = False


class OutcomeFinder:
    """Reads the outcomes of sentences."""

    def __init__(self, patterns: Patterns, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        c = patterns.compile
        self._copula = regex.compile(
            r"(?:\s?\([^()]{0,40}\))?\s?(?:分别|均|则|仅|也|可|已|高?达到?|为|是|约|至|仍|有|[:=]|超过?|接近|was|were|is|of|,)*\s?(?:为|是|达到?|:|=)?\s?$"
        )
        self._noun = regex.compile(
            r"(?P<n>(?:[\p{Han}\p{Latin}\d/≥≤<>+-]|(?<=\p{Latin}) (?=\p{Latin})){1,18}?(?:率|比例|百分比|几率|评分|得分|积分|指数|水平|浓度|计数|时间|天数|次数|时长|体重|血压|体积|面积|厚度|距离))(?:\s?\([^()]{0,40}\))?(?:分别|均|则|仅|也|可|高?达到?|为|是|约|至|由|从|[:=]|超过?|不足|接近|降低|下降|升高|提高|增加|减少|了)*\s?$"
        )
        self._done = regex.compile(
            r"^(?:\s?\([^()]{0,40}\)|[以左]?[上右下]|的|患者|受试者|病例|病人|参与者|人群|者|均|仍|可|都|能够?|会|已|最终|\s)*(?:获得|达到|取得|实现|发生了?|出现了?|维持了?|保持|经历|完成|进展为|报告)(?:了|的)?(?P<n>[\p{Han}\p{Latin}][\p{Han}\p{Latin}\d\s≥≤<>/+-]{1,20}?)(?=[,。;、()]|$|而|和|与|及|,|时)"
        )
        self._done_en = regex.compile(
            r"^\s?(?:\([^()]{0,40}\)\s?)?(?:of (?:the )?(?:\p{Latin}+[\s-]){0,4}?(?:patients|participants|subjects|recipients|women|men|adults|cases|individuals|people|those|them)\s(?:\p{Latin}+\s){0,6}?)?(?:achieved|had|experienced|reached|attained|showed|developed|reported|were|maintained|underwent|suffered)\s(?:an?\s|the\s)?(?P<n>\p{Latin}[\p{Latin}\d -]{2,50}?)(?=[,.;()]|$|\s(?:in|at|with|for|compared|versus|vs|and|after|by|than|on|among|while|during)\b)"
        )
        self._noun_en = regex.compile(
            r"(?P<n>(?:\p{Latin}[\p{Latin}\d'-]*\s){0,4}?(?:rate|rates|incidence|score|scores|level|levels|duration|time|proportion|risk|length|number|volume|thickness|pressure|weight|density|count|index|frequency))(?:\s(?:of|for|with|in|at|from)\s(?:\p{Latin}[\p{Latin}\d'-]*\s?){1,5}?)?\s?(?:was|were|of|is|by|to|reached|decreased|increased|fell|rose|[:=,(])+\s?(?:significantly\s|only\s|approximately\s|from\s|by\s|to\s)*$"
        )
        self._strip = c(r"^(?:{{achieve}}|{{distribute}}|患者|受试者|其|该|此|中|后|时|的|为|了|且|并|而|但|及|和|与|使|可|也|组|两组|治疗|显示|结果|发现|表明|提示|总体|整体|研究|达|相应|均|仍|在|对|经|the|a|an|of|and|with|in|mean|median|significantly)\s?")

    def find(self, text: str, hits: list[Hit], quantities: list[Quantity]) -> list[OutcomePhrase]:
        """Known outcomes of a sentence, left to right; an abbreviation in brackets joins its name."""
        found: list[OutcomePhrase] = []
        for h in hits:
            if h.name.kind != "outcome":
                continue
            if any(q.start <= h.start and h.end <= q.end and q.kind != "not_reached" for q in quantities):
                continue
            concept, start = h.name.concept, h.start
            if concept in _GRADED and (m := _GRADE.search(text[:start])):
                concept, start = f"grade>={m.captures('g')[0]} {'AE' if concept == 'TEAE' else concept}", m.start()
            last = found[-1] if found else None
            if last and regex.match(r"^[率期]?\s?[(\[]?(?:[\p{Latin}\s-]{0,40},\s?)?$", text[last.end : start]) and "(" in text[last.end : start] + "x" and last.concept == concept:
                last.end = h.end
                last.measure = last.measure or h.name.detail
                continue
            phrase = OutcomePhrase(start, h.end, concept, h.name.detail, text[start : h.end])
            if text[h.end : h.end + 1] == "率" or regex.match(r"\)?\s?(?:率|rates?\b|比例|的?发生率)", text[h.end : h.end + 8]):
                if phrase.measure == "time":
                    phrase.measure = "rate"
                phrase.end += 1 if text[h.end : h.end + 1] == "率" else 0
                phrase.text = text[start : phrase.end]
            m = _THRESHOLD.match(text, phrase.end)
            if m and phrase.measure == "level":
                phrase.end, phrase.measure = m.end(), "rate"
                phrase.text = text[start : phrase.end]
                phrase.concept = regex.sub(r"\s", "", phrase.text)
            found.append(phrase)
        return found

    def unseen(self, text: str, q: Quantity, known: list[OutcomePhrase], stop: int) -> OutcomePhrase | None:
        """An outcome that no lexicon holds, named right before or after a number."""
        before = text[stop : q.start]
        m = self._noun.search(before)
        if m:
            return self._phrase(text, stop + m.start("n"), stop + m.end("n"))
        m = self._noun_en.search(before)
        if m:
            return self._phrase(text, stop + m.start("n"), stop + m.end("n"))
        after = text[q.outer_end :]
        for rule in (self._done, self._done_en):
            m = rule.match(after)
            if m:
                return self._phrase(text, q.outer_end + m.start("n"), q.outer_end + m.end("n"))
        return None

    def _phrase(self, text: str, start: int, end: int) -> OutcomePhrase | None:
        """Trim a stretch to the noun phrase at its end, on token edges."""
        cut = max((text.rfind(c, start, end) for c in "的,、:;在中较者"), default=-1)
        if start <= cut < end - 2:
            start = cut + 1
        if any("\u4e00" <= c <= "\u9fff" for c in text[start:end]):
            edges = self._tokenizer.edges(text)
            while start < end and start not in edges:
                start += 1
        while (m := self._strip.match(text[start:end])) and m.end() and m.end() < end - start:
            start += m.end()
        printed = text[start:end].strip()
        if len(printed) < 2:
            return None
        measure = "rate" if regex.search(r"率|比例|rate|incidence|proportion", printed) else ("time" if regex.search(r"时间|时长|duration|time", printed) else "level")
        return OutcomePhrase(start, end, _snake(printed), measure, printed, known=False)


def _snake(printed: str) -> str:
    return regex.sub(r"[^\p{L}\p{N}]+", "_", printed.lower() if printed.isascii() else printed).strip("_")


def describe(phrase: Any) -> str:
    """A short wording for explanations."""
    return f"{phrase.concept} ({phrase.text})"
