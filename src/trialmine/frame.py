"""DataFrame in, DataFrame out: for engines that hand over a table in pieces (Dask, Spark, Ray, plain pandas)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from trialmine.api import get_extractor
from trialmine.batch import OnError, failure
from trialmine.core.errors import InputError, UsageError
from trialmine.core.tables import TABLES, WIDE, Tables, definition, to_frame
from trialmine.read.source import Source
from trialmine.report.wide import results
from trialmine.report.writers import sorted_tables

if TYPE_CHECKING:
    import pandas as pd

    from trialmine.pipeline import Extractor

_SPARK = {str: "string", int: "bigint", float: "double"}


def extract_frame(
    df: pd.DataFrame, table: str = "results", *, on_error: OnError = "row", patterns: Path | None = None
) -> pd.DataFrame:
    """The rows of one table that the texts of a DataFrame give.

    `df` has the columns ``doc_id`` and ``text``, one document a row. The result has the columns and types
    of `table` (one of the seven, or ``results``), always, also without rows. A document that fails is by
    `on_error` a row of ``documents`` with its cause (``row``), left out (``skip``) or an InputError
    (``raise``). Raises a UsageError for an unknown table, a missing column or a doc_id that comes twice. Reads nothing but its
    arguments and keeps nothing, so pieces of a table can be given in any order, anywhere.
    """
    _check(table)
    if missing := {"doc_id", "text"} - set(df.columns):
        raise UsageError(f"the DataFrame has no column {' and no column '.join(sorted(missing))}")
    if df["doc_id"].duplicated().any():
        raise UsageError(f"two rows have the doc_id {df['doc_id'][df['doc_id'].duplicated()].iloc[0]!r}")
    gathered = Tables()
    extractor = get_extractor(patterns)
    for doc_id, text in zip(df["doc_id"], df["text"], strict=True):
        tables = _one(extractor, str(doc_id), text)
        (document,) = tables.rows["documents"]
        if document.status == "failed" and on_error == "raise":
            raise InputError(document.error)
        if document.status == "ok" or on_error == "row":
            gathered.extend(sorted_tables(tables))
    return to_frame(table, results(gathered) if table in WIDE else gathered.rows[table])


def spark_schema(table: str = "results") -> str:
    """The schema of a table's rows for Spark, as a DDL string."""
    _check(table)
    return ", ".join(f"`{c.name}` {_SPARK[c.type]}" for c in definition(table))


def spark_mapper(
    table: str = "results", *, on_error: OnError = "row", patterns: Path | None = None
) -> Callable[[Iterable[pd.DataFrame]], Iterator[pd.DataFrame]]:
    """The function for ``DataFrame.mapInPandas``, with :func:`spark_schema` of the same table."""

    def extract(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for df in frames:
            found = extract_frame(df, table, on_error=on_error, patterns=patterns).astype(object)
            yield found.where(found.notna(), None)  # what Spark takes for null

    return extract


def _check(table: str) -> None:
    if table not in TABLES | WIDE:
        raise UsageError(f"unknown table: {table} (there are {', '.join(TABLES | WIDE)})")


def _one(extractor: Extractor, doc_id: str, text: object) -> Tables:
    if not isinstance(text, str):
        return failure(doc_id, "", f"{doc_id}: no text")
    source = Source.from_text(text, doc_id)
    try:
        return extractor.extract(source)
    except Exception as error:  # whatever one document does, the others are still wanted
        return failure(doc_id, "", f"{doc_id}: {type(error).__name__}: {error}", source)
