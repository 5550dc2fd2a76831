"""The study in force: which study each stretch of a sentence speaks of.

A study that is named, cited, registered or led by an author holds until the next one takes over; one
citation number is one study throughout the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Rule
from trialmine.core.records import Study
from trialmine.core.sieve import Sieve
from trialmine.core.words import PEOPLE
from trialmine.find.names import Anchor
from trialmine.read.segment import HAN, Page, Sentence

#: a heading that opens another topic: numbered in words, or marked up
_SECTION = Expression(r"^[ ]*(?:[一二三四五六七八九十]{1,3}、|\#{1,3} )")
#: turns to another study within a sentence
_TURNS = Expression(
    r";\s?(?:与此相比|与之相比|相比之下|相较之下|[Bb]y contrast|[Ii]n contrast|[Bb]y comparison)"
)
#: right before a study that a clause of its own brings in
_TO_ANOTHER = Expression(
    r"(?:;\s?(?:而|但|此外)?(?:在|于)?|,\s?(?:而|但)(?:在|于)?|[,;]\s(?:while|whereas|but)\s(?:in\s)?)$"
)
#: between an author and a study: it isn't theirs
_OTHER = Expression(r"[,。;:]|另|\b[Aa]nother\b")
#: from a study's name to what kind of study it is
_IS_A = Expression(
    r"^[)\]]?(?:\s?\([^()]*\))?\s?(?:研究|试验)?,?\s?(?:是|为|系)(?:在[^,。;:]{2,50}?)?\s?$|^[)\]](?:研究|试验)?,\s?$|"
    r"^[)\]]?(?:\s?(?:trial|study))?,?\s(?:(?:is|was)\s)?$"
)
_ALL_OF_THEM = Expression(r"^\]?\s?(?:\([^()]*\)|\[[^\[\]]*\])*\s?(?:等|这)?$")
_LETTERED = Expression(r"组\d|[A-HJ-M]组")
#: of the groups or the follow-up of the study told of before
_STAYS = Expression(
    r"[两三二2-4]组|(?:联合|对照|试验|实验|观察|治疗|研究|安慰剂|单药)组|延长随访|随访延长|更新|(?:最终|中期|期中|亚组|事后|后续|长期)(?:随访)?的?(?:分析|结果|数据)|"
    r"(?:该|此)(?:项)?(?:研究|试验)|\b(?:both|two|control|placebo|treatment|combination|comparator)\s(?:groups?|arms?)\b|"
    rf"\b(?:[Tt]he (?:great |vast |large )?majority|[Mm]ost|[Mm]any) of (?:the |these )?(?:{PEOPLE})\b|"
    rf"\b(?:[Mm]ost|[Mm]any|[Nn]early all|[Aa]lmost all) (?:{PEOPLE}) (?:were|had been) (?:on|taking|receiving|given)\b|"
    r"\b[Bb]ackground (?:use|therap\p{L}+|treatments?|medications?)\b|"
    r"\b(?:[Uu]pdated|[Ll]onger|[Ff]inal|[Ss]ubsequent|[Pp]ost hoc|[Ss]ubgroup|[Ii]nterim)\s(?:analys[ie]s|follow-?up|results?|data)\b"
)
#: what opens a Chinese abstract, which is a study of its own: ``目的 观察X治疗Y的疗效``
_ABSTRACT = Expression(
    r"(?:^|[。;:,\]】\s\"'(要])[\[【]?\s?(?:研究)?目的\s?[\]】]?\s?:?\s?(?:(?:[^,。;:]{2,10}[中下])?(?:进一步|系统|初步|回顾性?|前瞻性?|深入|拟|主要|客观|临床)*"
    r"(?:观察|探讨|研究|比较|分析|评价|评估|了解|总结|考察|探究|探索|探析|对比|讨论|明确|验证|调查|通过|为了?|旨在|检验|研讨|寻[求找]|比对|观测|报道|介绍|说明|阐明|证实|测定|检测)(?!的)|对(?=[^,;。]{2,40}(?:进行|加以|作|做)))"
)
#: what a text's own study set out to do, which opens an abstract too: ``本研究旨在评估X``, ``We aimed to assess X``
AIMS = (
    r"(?:{{own_study}}|本文|[Ww]e|[Tt]his (?:study|trial|analysis))"
    r"(?:的?(?:主要)?(?:旨在|目的(?:是|在于)|目标是)|\s(?:was |were )?(?:aim(?:s|ed)?|sought|set out|designed|undertaken|conducted|performed) to\b)|"
    r"\b[Tt]he (?:primary |main )?(?:aim|purpose|objective|goal)s? of (?:{{own_study}}|this (?:study|trial|analysis)) (?:was|were|is) to\b"
)
#: what opens the English abstract below a Chinese one
_IN_ENGLISH = Expression(
    r"\s?(?:\[?(?:Abstract|ABSTRACT)\]?\s?:?\s?)?[\[(]?\s?(?i:objectives?|aims?|purposes?)\s?[\])]?\s?:?\s?[Tt]o|\s?\[?(?:Abstract|ABSTRACT)\]?\s?:"
)
#: a study called by its author and year
_BY_YEAR = Expression(r"(?P<n>\p{Lu}\p{Ll}{2,14}(?:-\p{Lu}\p{Ll}+)?)\s(?:19|20)\d{2}")
_PHASE = {"I": "1", "II": "2", "III": "3", "IV": "4"}


#: from a number to the study right behind it: ``by 52% (95% CI, 49 to 56) in the X-1 trial``
_BEHIND_ITS = Expression(
    r"\d\s?(?:%|\p{Latin}+)?(?:\s?[(\[](?:[^()\[\]]|\[[^\[\]]*\])*[)\]])?\s(?:of\s(?:the\s)?(?:\p{Latin}+\s){1,2})?(?:in|for|from)\s(?:the\s)?$"
)
#: what brings in a study beside the one in force
_ONE_MORE = Expression(
    r"另|其他|两|有(?![效限])|随后|此后|后来|早期|综述|荟萃|(?i:meta|systematic|pooled|review|\b(?:an)?other\b|\btwo\b|\bsecond\b|\bthird\b|previous|prior|earlier|similar|separate|recent|further|later|subsequent|cohort)"
)
#: a line that is a record of a study, as JSON and lists of fields have them: a field names it, or its second one is a title
_RECORD = Expression(
    r'\s*[{\[(]\s?(?=(?:[^"]*+"){6})(?:(?:[^"]*+"){0,13}?(?i:name|title|study|trial|paper|名称|标题|研究|试验|文献)"\s?:|'
    r'"[^"]{1,8}",\s?(?:[\d.]{1,6},\s?)?"(?:(?=[^"\p{Han}]{0,60}\p{Han})[^"]{14}|(?:[^"\s]{1,40}\s){4}))|'
    r'\s*(?:[-*]\s)?"(?i:name|title|study|trial|paper|名称|标题|研究|试验|文献)"\s?:\s?"'
)
_ROW = Expression(r"\s*\|")
#: the mark of a line of a list
_BULLET = Expression(r"\s*[-*•–·]\s")


@dataclass(slots=True)
class StudyTracker:
    """The studies of a document and the one in force."""

    #: the rules for the phase and the design
    designs: Sieve[Rule]
    #: what says that the text speaks of its own study
    own_cue: Any
    #: what it says that its own study is for
    aim_cue: Any
    #: the heading of a part of what is told of one study
    part_cue: Any
    #: citation number -> the first number under which the same paper stands
    papers: dict[str, str] = field(default_factory=dict)
    studies: list[Study] = field(default_factory=list)
    current: Study | None = None
    paragraph: int = -1
    _begun: int = 0
    #: how many people were taken in by a study that has no result yet
    awaiting: int | None = None
    #: the two studies that the text has named last, whether side by side, and with how many treatments
    two: tuple[Study, Study] | None = None
    together: bool = False
    treatments: int = 0
    #: whether the sentence points to them as the former and the latter, and where to both of them
    pointed: bool = False
    both_at: int = -1
    #: whether the paragraph that is read is an item of a list
    _bulleted: bool = False
    #: the study that the heading above names; what is only cited below it are its publications
    _headed: Study | None = None
    #: the study that the text itself reports
    _own: Study | None = None
    #: the study of the last table
    _tabled: Study | None = None
    #: whether an abstract with headings is read that has no study yet
    _abstract: bool = False
    #: whether the sentence that is read opens a record, or a record or a row of words, which tells of a study of its own
    record: bool = False
    row: bool = False
    #: whether the sentence that is read opens an abstract, and where the last one opened
    opens: bool = False
    opened: int = -1
    #: whether the English abstract of the study in force is read, whose Chinese one has told of it
    _translated: bool = False
    _names: dict[str, Study] = field(default_factory=dict)
    _citations: dict[str, Study] = field(default_factory=dict)

    def segments(
        self,
        sentence: Sentence,
        anchors: list[Anchor],
        ahead: list[Anchor],
        regimens: set[frozenset[str]],
        numbers: list[int],
    ) -> tuple[list[tuple[int, int, Study | None]], list[tuple[int, int, Study]]]:
        """Stretches of the sentence with the study of each, and where studies are named; the last stays in force."""
        text = sentence.text
        begins = sentence.paragraph != self.paragraph
        if begins:
            self._begun = sentence.start
        self.opens = _ABSTRACT.search(text) is not None or self._aims(text)
        if self.opens:
            self._open_abstract()
            self.opened = sentence.start
        if self._translates(text):
            anchors = [a for a in anchors if a.kind != "new_study"]
        if sentence.heading and self.current is not None and self.current.identified:
            opened = _SECTION.match(text)
            if opened and not self.part_cue.fullmatch(text, opened.end()):
                self.current = None
        if ahead and not self._stays(text):
            self.current = self._study(ahead, sentence, regimens)
        if sentence.heading and self._own is not None and _of_another(self._own, regimens):
            self._own = None  # 本研究 below it is another one
        here = self.current
        only_cited = here is not None and not (here.names or here.registry_ids)
        if not anchors and (here is None or only_cited) and self.own_cue.search(text):
            self.current = self._own = self._own or (
                here if here is not None and not here.identified else self._new(sentence)
            )
        elif begins and self._moves_on(text, regimens):
            self.current = None
        self.record = begins and _RECORD.match(text) is not None
        self.row = self.record or (begins and _ROW.match(text) is not None)
        if begins:
            self._bulleted = _BULLET.match(text) is not None
        self.paragraph = sentence.paragraph
        self.both_at = -1
        if self.two is not None and not any(a.kind != "new_study" for a in anchors):
            of_both = _OF_BOTH.search(text)
            if of_both is not None and self.two[0].used and self.two[1].used:
                # 两项试验的A组缓解率各为…: the two that were told, not another one
                anchors = [a for a in anchors if a.end <= of_both.start() or of_both.end() <= a.start]
                self.both_at, self.current = of_both.start(), self.two[1]
        groups = _groups(text, anchors)
        segments: list[tuple[int, int, Study | None]] = []
        start = 0
        trailing = _trailing(text, groups, numbers)
        named: list[tuple[int, int, Study]] = []
        if len(groups) == 1 and (start := _turns(text, groups[0])):
            segments.append((0, start, self.current or self._new(sentence)))
        for i, group in enumerate(groups):
            study = self._study(group, sentence, regimens)
            only_cites = all(a.kind == "citation" for a in group)
            if not only_cites:
                named.append((group[0].start, group[-1].end, study))
            end = len(text)
            if i + 1 < len(groups):
                following = groups[i + 1]
                end = group[-1].end if only_cites else max(group[-1].end, _head(text, following))
                if not only_cites and all(a.kind == "citation" for a in following):
                    end = following[-1].end
            if only_cites and i + 1 == len(groups):
                end = len(text)
            if trailing:
                end = group[-1].end if i + 1 < len(groups) else len(text)
            segments.append((start, end, study))
            start = end
            self.current = study
        if sentence.heading or _is_title(text, numbers):
            other = not self.part_cue.fullmatch(text) and text.rstrip()[-1:] not in _CLOSES
            if named or other:
                self._headed = named[0][2] if len(named) == 1 and named[0][2].names else None
        if not groups:
            segments.append((0, len(text), self.current))
        elif start < len(text):
            segments.append((start, len(text), self.current))
        segments = self._point(text, segments, named, len(regimens))
        self._describe(text, segments)
        if groups:
            self.awaiting = None
        return segments, named

    def _point(
        self,
        text: str,
        segments: list[tuple[int, int, Study | None]],
        named: list[tuple[int, int, Study]],
        treatments: int,
    ) -> list[tuple[int, int, Study | None]]:
        """The stretches of a sentence that tells of two studies named side by side as the former and the latter.

        ``X和Y均设三臂。前者缓解率45%、42%、25%;后者…``. Where two treatments were told as well, the words mean studies
        where pairs of numbers follow.
        """
        start, self.pointed = named[-1][1] if named else 0, False
        if named:
            last = [s for _, _, s in named] if self.two is None else [self.two[1], *(s for _, _, s in named)]
            last = list({id(s): s for s in reversed(last)}.values())[:2]
            self.two = (last[-1], last[0])
            beside = len(named) == 2 and _SIDE_BY_SIDE.fullmatch(text, named[0][1], named[1][0])
            self.together, self.treatments = bool(beside), treatments
        former = _FORMER.search(text, start) if self.together else None
        latter = _LATTER.search(text, former.end()) if former else None
        if self.two is None or former is None or latter is None:
            return segments
        if self.treatments == 2 and not _OF_GROUPS.search(text, former.end(), latter.start()):
            return segments
        self.pointed = True
        self.current = self.two[1]
        before = [(a, min(b, former.start()), s) for a, b, s in segments if a < former.start()]
        return [
            *before,
            (former.start(), latter.start(), self.two[0]),
            (latter.start(), len(text), self.two[1]),
        ]

    def default(self, sentence: Sentence) -> Study:
        """The study for a result where none is in force: a new one without a name."""
        study = self._new(sentence)
        study.enrollment, self.awaiting = self.awaiting, None
        self.current = study
        return study

    def in_general(self, sentence: Sentence) -> Study:
        """What a text goes on to say of treatments in general, as if it were a study of its own."""
        self.current = self._new(sentence)
        self.current.general = True
        return self.current

    def call(self, study: Study, name: str) -> None:
        """Add a name that no other study has."""
        if self._names.setdefault(_key(name), study) is study and name not in study.names:
            study.names.append(name)

    def treated(self, study: Study | None, course: str) -> None:
        """Keep how long a study's groups were treated, if it has no result yet."""
        if study is not None and study.since is None:
            study.course = course

    def of_table(self, caption: Sentence) -> Study:
        """The study of a table: the one in force, but the text's own where that one is only cited."""
        here = self.current
        if here is None or not (here.names or here.registry_ids or here.authors or not here.identified):
            here = self.current = self._own = self._own or self._new(caption)
        self._tabled = here
        return here

    def _stays(self, text: str) -> bool:
        """Whether a sentence that only cites goes on with the named study in force: it speaks of its groups or its follow-up."""
        here = self.current
        return here is not None and bool(here.names or here.registry_ids) and bool(_STAYS.search(text))

    def _aims(self, text: str) -> bool:
        """Whether a sentence says what the text's own study is for, and no result of the one in force stands in its paragraph."""
        here = self.current
        told = here is not None and here.since is not None and here.since >= self._begun
        return not told and self.aim_cue.search(text) is not None

    def _open_abstract(self) -> None:
        """Leave the study in force, unless it is only named so far, for the one that an abstract tells of."""
        self._abstract, self._own = True, None
        here = self.current
        if here is not None and (here.since is not None or here.born < self.opened or not here.identified):
            self.current = None
        elif here is not None:
            here.abstract = True
            self._own = here  # PMID 123 above it

    def _translates(self, text: str) -> bool:
        """Whether a sentence is of the English abstract of the study that a Chinese one has told of."""
        if HAN.search(text):
            self._translated = False
        elif _IN_ENGLISH.match(text):
            self._translated = self.current is not None and self.current.abstract
        return self._translated

    def _moves_on(self, text: str, regimens: set[frozenset[str]]) -> bool:
        """Whether a new paragraph leaves a study that nothing identifies: a table's row, or treatments told anew."""
        here = self.current
        if here is not None and _RECORD.match(text):
            return True
        if here is None or here.identified or self._translated:
            return False
        if here.general:
            return True
        bare = [label for arm in here.arms if not arm.interventions for label in arm.labels]
        if here is self._tabled and any(len(x) > 1 and x in text for x in bare):
            return False  # what the groups of the table above it got
        lettered = any(_LETTERED.fullmatch(label) for arm in here.arms for label in arm.labels)
        told = {frozenset(a.key) for a in here.arms}
        anew = any(r and not any(r <= t for t in told) for r in regimens)
        # the lines of its groups, also those behind the results of the first ones
        listed = not here.used or (self._bulleted and len(regimens) == 1)
        in_list = listed and _BULLET.match(text) is not None
        return text.startswith("|") or bool(anew and here.arms and not lettered and not in_list)

    # ----------------------------------------------------------------------------------------------

    def _study(self, group: list[Anchor], sentence: Sentence, regimens: set[frozenset[str]]) -> Study:
        names = [a.value for a in group if a.kind in ("study", "registry_id")]
        cites = [c for a in group if a.kind == "citation" for c in _numbers(a.value)]
        cites = list(dict.fromkeys(x for c in cites for x in (self.papers.get(c, c), c)))
        authors = [_surname(a.value) for a in group if a.kind == "author"]
        study = next((self._names[_key(n)] for n in names if _key(n) in self._names), None)
        if (
            study is None
            and cites
            and not (names and self._citations.get(cites[0]) and self._citations[cites[0]].names)
        ):
            study = self._citations.get(cites[0])
        if study is None and authors and not names and self._headed is not None:
            study = self._headed
        new = any(a.kind == "new_study" for a in group)
        if study is None and not authors and self._of_title(group, sentence.text):
            study = self._headed
        if study is None and authors and not names and not cites and not new:
            study = next((s for s in reversed(self.studies) if set(authors) & set(s.authors)), None)
        if study is None and not names and not authors and cites:
            here = self.current
            if (
                here is not None
                and not new
                and not here.general
                and (
                    not here.citations
                    or here is self._headed
                    or (here.names and any(len(a.key) > 1 and a.key in regimens for a in here.arms))
                    or self._stays(sentence.text)
                )
            ):
                study = here
        if study is None:
            study = self._new(sentence)
        for a in group:
            if a.kind == "study" and a.value not in study.names:
                study.names.append(a.value)
                if (by := _BY_YEAR.fullmatch(a.value)) and by["n"] not in study.names:
                    study.names.append(by["n"])
            elif a.kind == "registry_id" and a.value not in study.registry_ids:
                study.registry_ids.append(a.value)
            elif a.kind == "author" and _surname(a.value) not in study.authors:
                study.authors.append(_surname(a.value))
        for c in cites:
            if c not in study.citations:
                study.citations.append(c)
            self._citations.setdefault(c, study)
        for n in names:
            self._names.setdefault(_key(n), study)
        return study

    def _of_title(self, group: list[Anchor], text: str) -> bool:
        """Whether a study without a name is the one that the title above names, of which no result has been told.

        ``X versus placebo: the ABC-1 study``, then ``Methods: A double-blind trial`` and ``(NCT01234567)``.
        """
        headed = self._headed
        if headed is None or headed.since is not None or any(a.kind in ("study", "author") for a in group):
            return False
        if any(a.kind == "registry_id" for a in group) and headed.registry_ids:
            return False
        return not any(a.kind == "new_study" and _ONE_MORE.search(text, a.start, a.end) for a in group)

    def _new(self, sentence: Sentence) -> Study:
        study = Study(born=sentence.start, abstract=self._abstract)
        self.studies.append(study)
        return study

    def _describe(self, text: str, segments: list[tuple[int, int, Study | None]]) -> None:
        for rule in self.designs.passing(text):
            for m in rule.regex.finditer(text):
                study = _at(segments, m.start())
                if study is None:
                    continue
                if rule.kind == "phase" and not study.phase:
                    study.phase = _phase(m["n"])
                elif rule.kind == "design" and rule.name not in study.design:
                    study.design.append(rule.name)


def same_paper(page: Page) -> dict[str, str]:
    """Citation number -> the first number of the same paper, where a reference list has it twice.

    Two entries are one paper where they share 48 letters and digits in a row: a title, not a journal's name.
    """
    seen: dict[str, str] = {}
    result: dict[str, str] = {}
    for ref in page.references:
        letters = regex.sub(r"[^\p{L}\p{N}]", "", page.folded.text[ref.start : ref.end]).lower()
        grams = [letters[i : i + 48] for i in range(len(letters) - 47)]
        known = next((seen[g] for g in grams if g in seen), None)
        if known is not None and known != ref.number:
            result[ref.number] = known
        for g in grams:
            seen.setdefault(g, known or ref.number)
    return result


#: sentences over which a paragraph that closes with a citation tells how the next ones close
_NEAR = 16


def cited_ahead(sentences: Sequence[Sentence], anchors: Sequence[list[Anchor]], at: int) -> list[Anchor]:
    """The citations that close a passage, for its sentences that name no study themselves.

    After a sentence that ends with a citation the next ones belong to the citation that closes them,
    where that sentence too names nothing else. So it is with paragraphs where the one before closed with its citation.
    """
    here = sentences[at]
    if anchors[at]:
        return []
    back = at - 1
    while back >= 0 and sentences[back].paragraph == here.paragraph and not anchors[back]:
        back -= 1
    if back >= 0 and sentences[back].paragraph != here.paragraph:
        # the paragraphs before this one that name a study each close with what they cite
        while back > at - _NEAR and not anchors[max(back, 0)]:
            back -= 1
        if back < 0 or sentences[back + 1].paragraph == sentences[back].paragraph:
            return []
    if back < 0 or not anchors[back]:
        return []
    closing = anchors[back][-1]
    if closing.kind != "citation" or len(sentences[back].text) - closing.end > 3:
        return []
    for ahead in range(at + 1, len(sentences)):
        if sentences[ahead].paragraph != here.paragraph:
            return []
        if anchors[ahead]:
            first = anchors[ahead]
            only = all(a.kind == "citation" for a in first)
            return first[:1] if only and len(sentences[ahead].text) - first[0].end <= 3 else []
    return []


def _groups(text: str, anchors: list[Anchor]) -> list[list[Anchor]]:
    """Anchors that mean one study: a name with its number, citation and author beside it."""
    groups: list[list[Anchor]] = []
    for a in anchors:
        if groups and _belongs(text, groups[-1], a):
            groups[-1].append(a)
        else:
            groups.append([a])
    return groups


def _trailing(text: str, groups: list[list[Anchor]], numbers: list[int]) -> bool:
    """Whether each study stands after its numbers: ``26% in A and 34% in B``."""
    named = [g for g in groups if any(a.kind in ("study", "registry_id") for a in g)]
    if len(named) < 2 or not numbers:
        return False
    before = any(n < named[0][0].start for n in numbers)
    if before and all(_BEHIND_ITS.search(text, max(0, g[0].start - 120), g[0].start) for g in named):
        return True
    return before and not any(n > named[-1][-1].end for n in numbers)


def _belongs(text: str, group: list[Anchor], a: Anchor) -> bool:
    gap = text[group[-1].end : a.start] if a.start >= group[-1].end else ""
    kinds = {x.kind for x in group}
    if a.kind == "new_study":
        told = bool(_ALL_OF_THEM.match(text[group[-1].end : a.start]))  # A和B两项研究
        theirs = "author" in kinds and len(gap) < 24 and not _OTHER.search(gap + text[a.start : a.start + 8])
        theirs = theirs or bool(kinds & {"study", "registry_id"} and _IS_A.match(gap))
        return bool(kinds - {"citation"}) and (a.start < group[-1].end or told or theirs)
    if a.kind == "study" and "study" in kinds:
        return bool(regex.match(r"^\s?[(/,]?\s?$", gap)) and any(
            _key(x.value) == _key(a.value) for x in group
        )
    if a.kind == "study":
        return "citation" not in kinds and len(gap) < 60 and not _STOP.search(gap)
    if a.kind == "author":
        return "author" not in kinds and "citation" not in kinds and len(gap) < 40
    if a.kind == "registry_id":
        if group[-1].kind == "registry_id" and _AND_NUMBER.fullmatch(gap):
            return True
        return not _STOP.search(gap) and len(gap) < 50
    if a.kind == "citation":
        if kinds == {"citation"}:
            return not gap.strip(" ][")
        if _STOP.search(gap) and len(gap) > 10:
            return False
        return "citation" not in kinds
    return False


def _head(text: str, group: list[Anchor]) -> int:
    """Where what is told of a study begins: with the clause before the bracket that names it: ``用A(NAME,OS 9 vs 7个月);B(NAME)``."""
    at = group[0].start
    opened = text.rfind("(", max(0, at - _BRACKET_HEAD), at)
    if opened < 0 or ")" in text[opened:at]:
        return at
    marks = [m.end() for m in _CLAUSE_MARK.finditer(text, max(0, opened - _CLAUSE_HEAD), opened)]
    return marks[-1] if marks else at


def _turns(text: str, group: list[Anchor]) -> int:
    """Where the last clause turns to what it cites, which is another study than that of the clauses before; or 0."""
    if all(a.kind == "new_study" for a in group):
        turn = _TO_ANOTHER.search(text, 0, group[0].start)
        return turn.end() if turn is not None and regex.search(r"\d\s?%", text[: turn.start()]) else 0
    mark = _NEW_ITEM.search(text, max(0, group[0].start - 12), group[0].start)
    told = mark is not None and _RESULT.search(text, 0, mark.start()) and _RESULT.search(text, group[-1].end)
    if mark is not None and told and any(a.kind == "study" for a in group):
        return int(mark.end())
    turn = _TURNS.search(text)
    cites = all(a.kind == "citation" for a in group) and not text[group[-1].end :].strip(" ])。.")
    return turn.start() if turn is not None and cites and turn.end() < group[0].start else 0


def _surname(author: str) -> str:
    """The last word of a Latin name; a Chinese name as it is."""
    return author.split()[-1] if author.isascii() else author


#: characters from a bracket to the study's name in it, and from the clause before it to the bracket
_BRACKET_HEAD, _CLAUSE_HEAD = 40, 60
_CLAUSE_MARK = Expression(r"[;。→)]|[,:](?!\d)")
_STOP = Expression(r"[。;]")
#: between two studies that are named side by side
_SIDE_BY_SIDE = Expression(
    r"(?:研究|试验)?(?:\s?\([^()]*\)|\s?\[[^\[\]]*\])*(?:和|与|及|以及|、|\s?and\s|\s?&\s?)"
)
#: words for both of them
_OF_BOTH = Expression(
    r"(?<=^|[,。;:]|在|这)(?:上述|这|此)?两(?:项|个)?(?:临床)?(?:研究|试验)(?:(?:中|里|均|都)?的?(?=[^,。;]{1,40}(?:分别|各|依次|依序))|中,?)|\b[Ii]n (?:the two|both) (?:trials|studies),"
)
#: words for the first and the second of them at the beginning of a clause, and numbers that are of several groups
_FORMER = Expression(r"(?<=^|[.。;,:])(?:其中,?|结果显示,?)?(?:前者|前一(?:项|个)?(?:研究|试验))")
_LATTER = Expression(r"(?<=[.。;,:])(?:而|但|至于)?(?:后者|后一(?:项|个)?(?:研究|试验))")
_OF_GROUPS = Expression(
    r"\d\s?(?:%|个月|天|周|分)?(?:\([^()]*\))?\s?(?:vs\.?|对比?|比)\s?\d|"
    r"(?<!(?:分别|依次|各)[^,;。]{0,8})(?<![\d.])\d[\d.]*\s?(?P<u>%|个月|天|周)(?:[、,]|[、,]?[和与及])\s?\d[\d.]*\s?(?P=u)(?:[、,]|[、,]?[和与及])\s?\d"
)
#: opens a clause with a study of its own, behind results of another one: ``…率39%;甲研究中``
_NEW_ITEM = Expression(r";(?:而|但|在|此外,?|另外?,?|同样,?|\d[).、])?\s?$")
_RESULT = Expression(r"\d\s?(?:%|个月)")
#: between the numbers of one study in several registries
_AND_NUMBER = Expression(
    r"\s?(?:[;,/、和与及&]|and)\s?(?:\p{L}{2,12}\s?)?(?:编?号|[Nn]o\.?|[Nn]umber|[Ii]dentifier)?[:：]?\s?"
)
_JOINTS = Expression(r"[\s\-_:]")
_LISTED = Expression(r"[,、;]")
#: what a title doesn't end in
_CLOSES = set(".。;,:!?、)]|\"'")
_NUMBER = Expression(r"\d+")


def _of_another(study: Study, regimens: set[frozenset[str]]) -> bool:
    """Whether treatments are none of a study that has told its results."""
    told = {n for a in study.arms for n in a.interventions}
    return bool(study.since is not None and told and regimens and not any(r & told for r in regimens))


def _is_title(text: str, numbers: list[int]) -> bool:
    """Whether a line is a title: it ends as no sentence does and tells of no number."""
    return not numbers and text.rstrip(" *#_")[-1:] not in _CLOSES


def _key(name: str) -> str:
    return str(_JOINTS.sub("", name)).lower()


def _numbers(printed: str) -> list[str]:
    """The citations of a mark: ``3-5,8`` is four; what begins with a word (``PMID 123``) is one."""
    if printed[:1].isalpha():
        return [printed]
    result: list[str] = []
    for part in _LISTED.split(printed):
        ends = [int(x) for x in _NUMBER.findall(part)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] < 20:
            result += [str(i) for i in range(ends[0], ends[1] + 1)]
        else:
            result += [str(x) for x in ends]
    return result


def _phase(printed: str) -> str:
    parts = regex.findall(r"IV|I{1,3}|[1-4]", printed)
    return "/".join(_PHASE.get(p, p) for p in parts)


def _at(segments: list[tuple[int, int, Study | None]], position: int) -> Study | None:
    return next((s for a, b, s in segments if a <= position < b), None)
