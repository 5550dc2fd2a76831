"""A spaCy component: the results of a Doc in ``doc._.trialmine`` and as spans in ``doc.spans["trialmine"]``.

>>> import spacy
>>> nlp = spacy.blank("zh")
>>> _ = nlp.add_pipe("trialmine")
>>> doc = nlp("中位OS为15.0个月。")
>>> doc._.trialmine.measurements  # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from trialmine.batch import make_extractor
from trialmine.core.tables import TABLES, Tables
from trialmine.read.source import Source

_KEY = "trialmine"


@Language.factory(_KEY, default_config={"patterns": None})
def create_trialmine(nlp: Language, name: str, patterns: str | None = None) -> TrialmineComponent:
    """The component for a pipeline; `patterns` is a folder that adds to or overrides the patterns."""
    return TrialmineComponent(name, Path(patterns) if patterns else None)


class TrialmineComponent:
    """Extracts from each Doc's text. It has no state of its own, so a pipeline saves and loads with it."""

    def __init__(self, name: str, patterns: Path | None = None) -> None:
        self.name = name
        self._extractor = make_extractor(patterns)

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc._.trialmine`` and ``doc.spans["trialmine"]``."""
        tables = self._extractor.extract(Source.from_text(doc.text))
        doc._.trialmine = tables
        spans = [
            _span(doc, row, row_id)
            for table, key in (("measurements", "measurement_id"), ("analyses", "analysis_id"))
            for row in tables.rows[table]
            if (row_id := getattr(row, key))
        ]
        doc.spans[_KEY] = sorted((s for s in spans if s is not None), key=lambda s: (s.start, s.end))
        return doc


def _span(doc: Doc, row: Any, row_id: str) -> Span | None:
    span: Span | None = doc.char_span(
        row.start, row.end, label=row.param_type, kb_id=row_id, span_id=row_id, alignment_mode="expand"
    )
    return span


# The rows lie in doc.user_data as plain dictionaries, so that Doc.to_bytes, DocBin and nlp.pipe with
# several processes carry them along; the Tables are made from them at each access.


def _get(doc: Doc) -> Tables:
    tables = Tables()
    for name, rows in doc.user_data.get(_KEY, {}).items():
        tables.rows[name] = [TABLES[name](**row) for row in rows]
    return tables


def _set(doc: Doc, tables: Tables) -> None:
    doc.user_data[_KEY] = {name: [asdict(row) for row in rows] for name, rows in tables.rows.items()}


Doc.set_extension(_KEY, getter=_get, setter=_set, force=True)
