"""What a sentence tells of animals or cells, whose numbers are no results of a trial."""

from __future__ import annotations

from trialmine.core.patterns import Patterns
from trialmine.core.sieve import possible
from trialmine.core.words import PEOPLE

#: a cell line: a code with ``cells`` behind it that is no marker of blood cells (HepG2 cells; not CD8 cells)
_CELL_LINE = (
    r"(?<![\p{Latin}\d-])(?!(?:{{cell_marker}})-?[A-Z]?\d)\p{Lu}[\p{Latin}-]{0,6}\d{1,4}[\p{Latin}\d-]{0,4}\s?"
    r"(?:cells\b|细胞(?!免疫|治疗|疗法|输注|回输|计数|比例|水平|的?百分))"
)
#: who took part in a trial, or the trial, beside what is told of animals
_PEOPLE_TOLD = (
    r"\d\s?(?:例|名|位)|(?:患者|受试者|志愿者)(?:中|组|进行|接受)|临床(?:试验|研究|观察)|\b(?:I{1,3}|[1-4])[ab/]*\s?期|"
    rf"\d\s(?:\p{{L}}[\p{{L}}-]*\s){{0,3}}?(?:{PEOPLE})\b|"
    r"\b(?<!pre)clinical\s(?:trial|stud)|\b[Pp]hase\s(?:[1-4]|I)|\b[Ii]n (?:humans|patients|volunteers)\b"
)


class Animals:
    """Finds the stretches that tell of animals or cells."""

    def __init__(self, patterns: Patterns) -> None:
        self._animal = patterns.compile(rf"(?!{{{{no_animal}}}})(?:{{{{animal}}}})|{_CELL_LINE}")
        self._people = patterns.compile(_PEOPLE_TOLD)
        self._may_be = possible(self._animal)

    def of(self, text: str) -> tuple[int, int] | None:
        """The stretch of a sentence that tells of animals or cells: up to where people are told of, or from there on."""
        m = self._animal.search(text) if self._may_be(text) else None
        if m is None:
            return None
        start = 0
        if self._people.search(text[: m.start()]):
            start = max(text.rfind(c, 0, m.start()) for c in ",;") + 1
        told = self._people.search(text, m.end())
        return start, told.start() if told else len(text)
