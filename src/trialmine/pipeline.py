"""The whole way on one page: text in, tables out."""

from __future__ import annotations

import regex

from trialmine.core.kept import KEPT
from trialmine.core.patterns import Patterns, load_patterns
from trialmine.core.records import Arm, Study, study_name
from trialmine.core.tables import (
    ArmRow,
    DocumentRow,
    MentionRow,
    ReferenceRow,
    StudyRow,
    Tables,
    join_cell,
)
from trialmine.find.lexicon import Hit
from trialmine.link.confidence import Confidence
from trialmine.link.linker import Linker
from trialmine.link.studies import StudyTracker
from trialmine.link.view import Record, Result
from trialmine.read.segment import Page, Sentence, segment
from trialmine.read.source import Source
from trialmine.report.explain import explained
from trialmine.report.rows import analysis_row, measurement_row


class Extractor:
    """Extracts the results of documents. Build one and use it for many: the patterns are read once."""

    def __init__(self, patterns: Patterns | None = None) -> None:
        self.patterns = patterns or load_patterns()
        self._linker = Linker(self.patterns)
        self.confidence = Confidence(self.patterns)
        #: what a regimen can hold that is no drug
        self._classes = self.patterns.procedures()

    def extract(self, source: Source) -> Tables:
        """The tables of one document (one row in ``documents``)."""
        page = segment(source.text, self.patterns, self._linker.tokenizer.edges)
        results, tracker, mentions = self._linker.link(page)
        KEPT.save()
        return _Assembly(source, page, results, tracker, mentions, self._classes, self.confidence).tables()

    def explain(self, text: str) -> dict[str, list[dict[str, str]]]:
        """Title -> rows of a table: the results of ``text``, what was weighed for each number, and what stands in the sentences.

        All tables are made from one pass of the linker, which keeps a record of what it weighed.
        """
        page, record = segment(text, self.patterns, self._linker.tokenizer.edges), Record()
        results, _, _ = self._linker.link(page, record)
        return explained(page, results, record, self.confidence)


class _Assembly:
    """Rows and their ids for one document."""

    def __init__(self, source: Source, page: Page, results: list[Result], tracker: StudyTracker,
                 mentions: list[tuple[Sentence, list[Hit]]], classes: set[str], confidence: Confidence) -> None:  # fmt: skip
        self.classes, self.confidence = classes, confidence
        self.source, self.page, self.results, self.mentions = source, page, results, mentions
        told = [s for s in tracker.studies if s.used]
        self.studies = [s for s in told if not s.general]
        self.study_ids = {id(s): f"{source.doc_id}#S{i}" for i, s in enumerate(self.studies, 1)}
        self.arms = [(s, a) for s in told for a in s.arms if a.used]
        self.arm_ids = {id(a): f"{source.doc_id}#A{i}" for i, (_, a) in enumerate(self.arms, 1)}

    def tables(self) -> Tables:
        """All tables of the document."""
        tables = Tables()
        rows = tables.rows
        s, page = self.source, self.page
        rows["documents"].append(
            DocumentRow(
                s.doc_id, s.path, s.sha256, s.media_type, page.language, page.title, len(s.text), "ok", ""
            )
        )
        rows["studies"] += [self._study(x) for x in self.studies]
        rows["arms"] += [self._arm(study, a) for study, a in self.arms]
        seen: set[tuple[object, ...]] = set()
        results = sorted(
            self.results,
            key=lambda r: (r.sentence.start + r.quantity.start, r.sentence.start + r.quantity.end),
        )
        for r in results:
            key = (r.sentence.start + r.quantity.start, r.compares)
            if key in seen and not r.shared:
                continue
            seen.add(key)
            ids = (s.doc_id, self.study_ids.get(id(r.study), ""), self.arm_ids.get(id(r.arm), ""))
            sure = self.confidence.of(r.features)
            if r.compares:
                n = len(rows["analyses"]) + 1
                other = self.arm_ids.get(id(r.comparator), "")
                rows["analyses"].append(analysis_row(r, page, sure, f"{s.doc_id}#E{n}", *ids, other))
            else:
                n = len(rows["measurements"]) + 1
                rows["measurements"].append(measurement_row(r, page, sure, f"{s.doc_id}#M{n}", *ids))
        rows["mentions"] += self._mentions()
        rows["references"] += self._references()
        return tables

    def _study(self, x: Study) -> StudyRow:
        return StudyRow(
            self.study_ids[id(x)], self.source.doc_id, study_name(x), join_cell(x.registry_ids), x.phase,
            join_cell(x.design), x.enrollment, join_cell(x.citations),
        )  # fmt: skip

    def _arm(self, study: Study, a: Arm) -> ArmRow:
        used = [x for x in study.arms if x.used]
        role = "single" if len(used) == 1 else (a.role or "other")
        return ArmRow(
            self.arm_ids[id(a)], self.source.doc_id, self.study_ids.get(id(study), ""), join_cell(dict.fromkeys(self._printed(x, study.born) for x in a.labels)), role,
            " + ".join(a.interventions), a.dose, a.participants,
        )  # fmt: skip

    def _printed(self, label: str, since: int) -> str:
        """A label as the text prints it where it tells of its study, which begins at ``since``."""
        text = self.page.folded.text
        at = text.find(label, since)
        return self.page.printed(label, at + len(label) if at >= 0 else len(text))

    def _mentions(self) -> list[MentionRow]:
        found: list[tuple[int, int, str, str]] = []
        for sentence, hits in self.mentions:
            for h in hits:
                a, b = self.page.original(sentence.start + h.start, sentence.start + h.end)
                kind = h.name.kind
                if kind == "class":
                    continue
                found.append((a, b, kind, h.name.concept))
                if kind == "regimen":
                    found += [
                        (a, b, "drug", p.strip())
                        for p in h.name.detail.split(" + ")
                        if p.strip() not in self.classes
                    ]
        found = sorted(set(found))
        text = self.source.text
        return [
            MentionRow(f"{self.source.doc_id}#N{i}", self.source.doc_id, kind, concept, text[a:b], a, b)
            for i, (a, b, kind, concept) in enumerate(found, 1)
        ]

    def _references(self) -> list[ReferenceRow]:
        rows = []
        for ref in self.page.references:
            a, b = self.page.original(ref.start, ref.end)
            printed = regex.sub(r"\s+", " ", self.source.text[a:b]).strip()
            doi = regex.search(r"\b10\.\d{4,9}/[^\s,;]+[^\s,;.]", printed)
            pmid = regex.search(r"PMID:?\s?(\d{4,9})", printed)
            year = regex.search(r"\b(?:19|20)\d{2}\b", printed)
            rows.append(
                ReferenceRow(self.source.doc_id, ref.number, printed, doi.group() if doi else "", pmid[1] if pmid else "",
                             int(year.group()) if year else None)
            )  # fmt: skip
        return rows
