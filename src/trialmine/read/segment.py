"""A folded text's parts: front matter, body, reference list, page chrome; paragraphs and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.read.fold import Edges, Folded, fold
from trialmine.read.tables import Kinds, Table, find_tables

HAN = Expression(r"\p{Han}")
#: a heading's widest line, in Chinese characters; a Latin letter is narrower
_HEADING_WIDTH = 45
_REFERENCE_HEAD = Expression(
    r"^[#*\s\d.、一二三四五六七八九十]*(?:主要)?(?:参考文献|参考资料|文献来源|引用文献|"
    r"references?|bibliography|"
    r"literature cited)[\s:.\]]*(?:$|\[?1[\].、])",
    regex.IGNORECASE,
)
_REFERENCE = Expression(
    r"(?:19|20)\d{2}[a-zA-Z\s]{0,12}(?:\d{1,2})?[;,]\s?\d+\s?(?:\(|:)|doi ?[:.]|"
    r"\bPMID\b|\[[JMCDN](?:/[A-Z]{2})?\]|"
    r"^\[?\d{1,3}[\].、]\s?\p{Lu}[\p{L}'-]+ \p{Lu}{1,3}[,.]|^\[\d{1,3}\]\s*$|\d{4};\d+",
    regex.IGNORECASE,
)
_ET_AL = Expression(r"\bet ?al\b", regex.IGNORECASE)
_YEAR = Expression(r"\d{4}")
#: what a result looks like: a line that holds one is no heading, no chrome, no reference
_RESULT = Expression(
    r"\d\s?%|[<>=]|\d\.\d\s?(?:个?月|周|年|months?|mo\b|weeks|years)|(?:\d\s?(?:vs\.?|对|versus)\s?\d)|"
    r"\d\s?(?:例|mmHg|kg)|\bCI\b|(?<!\p{Latin})[aA]?(?:HR|OR|RR|MD)s?\s?:?\s?-?\d+\.\d"
)
_JOURNAL = Expression(
    r"(?:19|20)\d{2}[a-zA-Z\s]{0,12}(?:\d{1,2})?[;,]\s?\d+\s?(?:\(|:)|doi ?[:.]|\bPMID\b|"
    r"\[[JMCDN](?:/[A-Z]{2})?\]|\d{4};\d+",
    regex.IGNORECASE,
)
_NUMBERED = Expression(r"^\[?(\d{1,3})[\].、]\s?(?=[\p{L}《])|^\[(\d{1,3})\]")
#: the next bracket of a line, and the characters over which one is looked for
_NEXT_BRACKET = Expression(r"[()]")
_BRACKET_REACH = 300
#: dots that stand for left-out words (0.22 ... P<0.001) end none
_SENTENCE_END = Expression(
    r"(?:(?!(?<=\s)…\s)[。!?…]+|(?<=[\p{Han})\]\d%]|(?<!(?<!\p{Latin})(?:vs|et|al|Fig|No|Dr))(?<=\p{Latin}{2}))\.(?=\p{Latin}?\p{Han})|(?<=\p{Han}{2})\.(?=\s?[\d\p{Lu}]))[\"')\]」』]*(?:\["
    r"\d[\d,\-~ ]*\])*|"
    r"(?<!(?<!\p{Latin})(?:[vV][sS]?|al|etc|i\.e|e\.g|cf|Fig|No|Dr|Prof|St|approx|ca|Inc|Ltd|[A-Z]))(?<!\s\.\.)\.[\"')\]]*"
    r"(?!(?<=[\d\])]\.)\s*[Pp]\s?[=<>])"
    r"(?!(?<=\b(?:[bqo]\.d|[bqt]\.i\.d|t\.d\.s|i\.[vm]|s\.c|p\.o)\.)\s[\d(\[])"
    r"(?:\[[\d,\-~ ]+\]|(?<=[a-z)%]\.)\d{1,3}(?:[,\-]\d{1,3})*(?= [A-Z]))*(?= +[\p{Lu}\d\"(\[<]|$)",
)


#: a comparison that is told without its number, and the next sentence that gives it: ``Deaths were fewer with A than with B. The odds ratio was 0.71``
_CLAIM = Expression(
    r"\b(?:than|compared (?:with|to)|versus|vs\.?|between (?:the )?(?:two |study |treatment )?(?:groups|arms)|in (?:both|either) (?:groups|arms))\b"
)
_TOLD = Expression(
    r"\d\s?%|\d\.\d|[=<>≤≥±]|\bCI\b|\d\s?/\s?\d|\bn\s?=|^\W*\d|[:;]|\b\d{1,5}\s(?:patients|participants|people|women|men|children|deaths|events|cases)\b"
)
_NUMBER_OF_IT = Expression(
    r"\s+(?:(?:After|With|Following|In)\s(?:\p{Ll}+\s)?(?:adjust|control|multivari|correct|unadjust|crude)[^.;:%\d]{0,160}?,\s)?(?:[Tt]he\s|[Tt]his\s|[Aa]n?\s)?"
    r"(?:(?:mean|median|absolute|relative|(?:un)?adjusted|crude|pooled|summary|estimated|between-group|treatment|overall|corresponding|multivariable|net|average|weighted|least[- ]squares|(?:standardi[sz]ed))\s){0,4}"
    r"(?:differences?|(?:incidence\s)?(?:hazard|odds|risk|rate)s?\sratios?|relative risks?|(?:risk\s|rate\s)?reductions?|effect sizes?|[ai]?(?:HR|OR|RR|IRR|RD|MD|SMD))\b"
    r"(?!\s(?:in|of|between|for)\s[^.;]{0,80}\b(?:than|compared (?:with|to)|versus|vs)\b)",
    regex.IGNORECASE,
)
_LONGEST_CLAIM = 400

#: characters of the longest sentence that is read as one (linking is quadratic within a sentence)
_LONGEST = 2000


@dataclass(slots=True)
class Sentence:
    """A sentence: its folded text, its folded start, and where it stands."""

    text: str
    start: int
    paragraph: int
    heading: bool = False
    spans: list[Any] = field(default_factory=list)

    @property
    def end(self) -> int:
        """Folded end, exclusive."""
        return self.start + len(self.text)


@dataclass(slots=True)
class Reference:
    """One entry of a reference list, in folded offsets."""

    number: str
    start: int
    end: int


@dataclass(slots=True)
class Page:
    """A document ready for finding: the folded text, its sentences and its references."""

    source_text: str
    folded: Folded
    language: str
    title: str
    sentences: list[Sentence]
    references: list[Reference]
    tables: list[Table]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Original offsets of a folded span."""
        return self.folded.span(start, end)

    def printed(self, words: str, near: int) -> str:
        """Folded words as the text prints them (traditional characters, full-width signs).

        ``near`` is a folded offset; the occurrence that ends last before its sentence's end counts. What folding changed in
        more than single characters, and words that don't stand in the text, are given back as they are.
        """
        text = self.folded.text
        at = text.rfind(words, 0, near)
        while at > 0 and words[:1].isupper() and text[at - 1] == words[0]:  # the I期 in II期
            at = text.rfind(words, 0, at + len(words) - 1)
        at = at if at >= 0 else text.find(words, near)
        if not words or at < 0:
            return words
        a, b = self.original(at, at + len(words))
        if b - a == len(words):
            return self.source_text[a:b]
        spans = [self.original(i, i + 1) for i in range(at, at + len(words))]
        return "".join(
            self.source_text[x:y] if y - x == 1 == spans.count((x, y)) else c
            for c, (x, y) in zip(words, spans, strict=True)
        )


def language_of(text: str) -> str:
    """``zh`` where at least one letter in twelve is Chinese, else ``en``."""
    han = 0 if text.isascii() else len(HAN.findall(text))
    return "zh" if han and han * 12 >= sum(map(str.isalpha, text)) else "en"


def segment(text: str, patterns: Patterns, edges: Edges | None = None) -> Page:
    """Fold a text and cut it into sentences; references, front matter and chrome are set apart."""
    folded = fold(text, edges)
    chrome = patterns.compile("{{chrome}}")
    lines = list(_lines(folded.text))
    tables = find_tables(folded.text, lines, Kinds(patterns))
    zones = _zones([folded.text[a:b] for a, b in lines], chrome)
    sentences: list[Sentence] = []
    references: list[Reference] = []
    title = ""
    for number, ((a, b), zone) in enumerate(zip(lines, zones, strict=True)):
        line = folded.text[a:b]
        if zone == "body" and not title and line.strip(" #"):
            title = line.strip(" #")[:200]
        if zone == "reference":
            _add_reference(references, line, a, b)
        elif zone == "body":
            heading = _is_heading(line)
            for x, y in _outside(a, b, tables):
                for s, e in split_sentences(folded.text[x:y]):
                    sentences.append(Sentence(folded.text[x + s : x + e], x + s, number, heading))
    return Page(text, folded, language_of(text), title, sentences, references, tables)


def _outside(start: int, end: int, tables: list[Table]) -> Iterator[tuple[int, int]]:
    """The parts of a line that no table holds."""
    for table in tables:
        if start < table.end and table.start < end:
            if start < table.start:
                yield start, table.start
            start = max(start, table.end)
    if start < end:
        yield start, end


def split_sentences(line: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of one folded paragraph; one that is longer than any real one is cut up."""
    for start, end in _sentences(line):
        start += len(line[start:end]) - len(line[start:end].lstrip())
        while end - start > _LONGEST:
            cut = max(line.rfind(c, start + _LONGEST // 2, start + _LONGEST) for c in ";,|、 ")
            cut = cut + 1 if cut > 0 else start + _LONGEST
            yield start, cut
            start = cut
        yield start, end


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(line):
        part = line[start : match.start()]
        if part.count("(") > part.count(")") and match.end() - start < 400 and _closed(line, match.end()):
            continue
        if "." in match.group() and _is_claim(part) and _NUMBER_OF_IT.match(line, match.end()):
            continue
        yield start, match.end()
        start = match.end()
    if line[start:].strip():
        yield start, len(line)


def _is_claim(part: str) -> bool:
    """Whether a sentence compares groups and leaves their numbers to the next one."""
    return len(part) < _LONGEST_CLAIM and _CLAIM.search(part) is not None and _TOLD.search(part) is None


def _closed(line: str, start: int) -> bool:
    """Whether the next bracket behind a place closes one; else the text has lost the mark that did."""
    m = _NEXT_BRACKET.search(line, start, start + _BRACKET_REACH)
    return m is None or m.group() == ")"


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _zones(lines: list[str], chrome: Any) -> list[str]:
    zones = []
    inside = False
    front = bool(lines) and lines[0].strip() == "---"
    for i, line in enumerate(lines):
        if front:
            front = not (i and line.strip() == "---")
            zones.append("front")
            continue
        if _REFERENCE_HEAD.match(line):
            inside = True
            zones.append("reference")
            continue
        looks = bool(_NUMBERED.match(line)) and _refers(line)
        if inside and not any(_NUMBERED.match(x) or _refers(x) for x in lines[i : i + 8]):
            inside = False
        if inside or (
            looks
            and not regex.search(r"。.*。", line)
            and not (_RESULT.search(line) and not _JOURNAL.search(line))
        ):
            zones.append("reference")
        elif chrome.search(line) and not (len(line) > 160 and _RESULT.search(line)):
            zones.append("chrome")
        else:
            zones.append("body")
    return zones


def _refers(line: str) -> bool:
    """Whether a line has the marks of a reference, such as "et al" with a year some way behind it."""
    authors = _ET_AL.search(line)
    return bool(_REFERENCE.search(line) or (authors and _YEAR.search(line, authors.end() + 5)))


def _add_reference(references: list[Reference], line: str, start: int, end: int) -> None:
    cuts = [m for m in regex.finditer(r"(?<![^\s.。\d)])\[(\d{1,3})\]", line)]
    first = _NUMBERED.match(line)
    if first and (not cuts or cuts[0].start() > 0):
        references.append(
            Reference(first[1] or first[2], start, start + (cuts[0].start() if cuts else len(line)))
        )
    for i, cut in enumerate(cuts):
        stop = cuts[i + 1].start() if i + 1 < len(cuts) else len(line)
        references.append(Reference(cut[1], start + cut.start(), start + stop))
    if not first and not cuts and references:
        references[-1].end = end


def _is_heading(line: str) -> bool:
    stripped = line.strip()
    if 0.6 * len(stripped) > 4 * _HEADING_WIDTH + 1:  # wider than any, whatever its letters
        return stripped.startswith("#") and not _RESULT.search(stripped)
    width = sum(0.6 if c.isascii() else 1 for c in stripped)
    if stripped.startswith("#"):
        return width < 4 * _HEADING_WIDTH or not _RESULT.search(stripped)
    return width < _HEADING_WIDTH and stripped[-1] not in "。.!?;；,，:" and not _RESULT.search(stripped)
