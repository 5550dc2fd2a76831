"""The library's functions: one text, many documents, and the score of them against gold."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from trialmine.batch import extract_corpus, iter_documents, make_extractor
from trialmine.core.errors import InputError, UsageError
from trialmine.core.tables import Tables
from trialmine.read.source import MEDIA_TYPES, Source, read_file
from trialmine.report.gold import load_gold_dir
from trialmine.report.halves import OPEN, SPLITS, Halves, is_named, read_halves
from trialmine.report.manifest import TextInfo, read_manifests
from trialmine.report.score import score

if TYPE_CHECKING:
    from trialmine.pipeline import Extractor
    from trialmine.report.score import Report

__all__ = ["evaluate", "extract", "extract_corpus", "to_source"]


def extract(path_or_text: str | Path, *, encoding: str | None = None, patterns: Path | None = None) -> Tables:
    """The tables of one document.

    A Path is a file; a str is a file where one of that name exists or where it is one line that ends
    like a document's name (.txt, .md), else it is the text itself.
    """
    source = to_source(path_or_text, encoding)
    return get_extractor(patterns).extract(source)


def to_source(path_or_text: str | Path, encoding: str | None = None) -> Source:
    """The file or the text that :func:`extract` takes its argument for."""
    if isinstance(path_or_text, str) and not _is_path(path_or_text):
        return Source.from_text(path_or_text)
    path = Path(path_or_text)
    if not path.exists():
        raise InputError(f"{path.as_posix()}: no such file")
    return read_file(path, path.stem, encoding)


def evaluate(
    corpus: str | Path | Sequence[str | Path],
    gold: str | Path,
    *,
    jobs: int = 1,
    patterns: Path | None = None,
    split: str = "",
    sets: Sequence[str] = (),
    show_check: bool = False,
) -> Report:
    """The score of what is extracted from the texts of `corpus` that have a file in `gold`.

    `corpus` is a folder or several. `split` is `develop` or `check` for that half of the documents (see
    :mod:`trialmine.report.halves`), empty for all. Of documents in `check` the report has figures only,
    unless `show_check` is true; without `split` this goes only for gold that is declared to be in halves.
    `sets` are names of sets of texts, or beginnings of doc_ids with a `*` after them: only these are scored.
    The styles and sets of the texts are those of the folders' manifests (:mod:`trialmine.report.manifest`).
    """
    if split not in ("", *SPLITS):
        raise UsageError(f"unknown half {split!r}; there are {' and '.join(SPLITS)}")
    gold = Path(gold)
    folders = [Path(c) for c in ([corpus] if isinstance(corpus, str | Path) else corpus)]
    infos = read_manifests([gold, *folders])
    known = {info.set for info in infos.values()} - {""}
    if unknown := [name for name in sets if name not in known and not name.endswith("*")]:
        raise UsageError(
            f"unknown set {unknown[0]!r}; the manifests name {', '.join(sorted(known)) or 'none'}"
        )
    declared = read_halves(gold)
    half_of = (declared or Halves()).of

    def wanted(doc_id: str) -> bool:
        in_set = infos.get(doc_id, TextInfo()).set in sets or is_named(
            doc_id, [n for n in sets if n.endswith("*")]
        )
        return split in ("", half_of(doc_id)) and (in_set or not sets)

    found = load_gold_dir(gold, folders, read_text, wanted)
    tables = Tables()
    for document in iter_documents([(g.gold.doc_id, g.path) for g in found], jobs, patterns=patterns):
        tables.extend(document)
    failed = [row.error for row in tables.rows["documents"] if row.status == "failed"]
    if failed:
        raise InputError("; ".join(failed))
    golds = [g.gold for g in found]
    halves = {g.doc_id: half_of(g.doc_id) for g in golds if split or declared}
    groups = {
        "style": {doc_id: info.style for doc_id, info in infos.items() if info.style},
        "set": {doc_id: info.set for doc_id, info in infos.items() if info.set},
        "half": {doc_id: half for doc_id, half in halves.items() if half != OPEN},
    }
    report = score(tables, golds, groups=groups)
    report.split, report.sets, report.gold_faults = split, sorted(sets), found.to_mend
    report.without_text = found.without_text
    if not show_check:
        report.hide(doc_id for doc_id, half in halves.items() if half == "check")
    return report


def read_text(path: Path) -> tuple[str, str]:
    """The text of a file as the extractor reads it, and the SHA-256 of its bytes."""
    source = read_file(path, path.stem)
    return source.text, source.sha256


def _is_path(text: str) -> bool:
    endings = tuple(ending for ending in MEDIA_TYPES if ending)
    return os.path.isfile(text) or ("\n" not in text and text.lower().endswith(endings))


@lru_cache(maxsize=1)
def _built_in() -> Extractor:
    return make_extractor()


def get_extractor(patterns: Path | None) -> Extractor:
    """An extractor for this process; the one with the built-in patterns is made once."""
    return _built_in() if patterns is None else make_extractor(patterns)
