"""Many documents: in the order of the inputs, on one or several processes, with the same result.

A document that can't be read or that fails gives a row in the documents table with its cause, and the
batch goes on; this holds for a worker process that dies, too.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from trialmine.core.errors import InputError, UsageError
from trialmine.core.tables import DocumentRow, Tables
from trialmine.read.decode import check_encoding
from trialmine.read.source import STDIN, Source, collect_inputs, read_file

if TYPE_CHECKING:
    from trialmine.pipeline import Extractor


@dataclass(frozen=True, slots=True)
class _Task:
    doc_id: str
    path: Path
    encoding: str | None
    data: bytes | None = None


def extract_corpus(
    inputs: Sequence[str | Path] | str | Path,
    jobs: int = 1,
    encoding: str | None = None,
    patterns: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Tables:
    """The tables of all documents meant by `inputs` (files, folders, globs, `-`).

    `jobs` is the number of processes, `patterns` a folder that adds to or overrides the built-in
    patterns; `progress` is called with the number of documents done and of all. With several jobs, a
    script that calls this needs the usual ``if __name__ == "__main__":``.
    """
    documents = collect_inputs([inputs] if isinstance(inputs, str | Path) else inputs)
    tables = Tables()
    for document in iter_documents(documents, jobs, encoding, patterns, progress):
        tables.extend(document)
    return tables


def iter_documents(
    documents: Sequence[tuple[str, Path]],
    jobs: int = 1,
    encoding: str | None = None,
    patterns: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Tables]:
    """The tables of each document (id, path) in turn; wrong usage raises at once."""
    if jobs < 1:
        raise UsageError(f"jobs is {jobs}: it has to be 1 or more")
    check_encoding(encoding)
    tasks = [
        _Task(doc_id, path, encoding, sys.stdin.buffer.read() if str(path) == STDIN else None)
        for doc_id, path in documents
    ]
    make = partial(make_extractor, patterns)
    extractor = make()  # in the parent even for several jobs: a faulty pattern file is reported once, here
    jobs = min(jobs, len(tasks))
    results = _parallel(tasks, make, jobs) if jobs > 1 else (_extract_one(extractor, t) for t in tasks)
    return _counted(results, len(tasks), progress)


def make_extractor(patterns: Path | None = None) -> Extractor:
    """An extractor with the built-in patterns and those of a folder."""
    from trialmine.core.patterns import load_patterns
    from trialmine.pipeline import Extractor

    return Extractor(load_patterns(patterns))


def _counted(
    results: Iterator[Tables], total: int, progress: Callable[[int, int], None] | None
) -> Iterator[Tables]:
    for done, tables in enumerate(results, start=1):
        if progress is not None:
            progress(done, total)
        yield tables


def _extract_one(extractor: Extractor, task: _Task) -> Tables:
    source: Source | None = None
    try:
        source = read_file(task.path, task.doc_id, task.encoding, task.data)
        return extractor.extract(source)
    except InputError as error:
        cause = str(error)
    except Exception as error:  # whatever one document does, the others are still wanted
        cause = f"{task.path.as_posix()}: {type(error).__name__}: {error}"
    return _failed(task, cause, source)


def _failed(task: _Task, cause: str, source: Source | None = None) -> Tables:
    tables = Tables()
    tables.rows["documents"].append(
        DocumentRow(
            doc_id=task.doc_id,
            path=task.path.as_posix(),
            sha256=source.sha256 if source else "",
            media_type=source.media_type if source else "",
            language="",
            title="",
            n_chars=len(source.text) if source else 0,
            status="failed",
            error=" ".join(cause.split()),
        )
    )
    return tables


_worker_extractor: Extractor | None = None


def _start_worker(make: Callable[[], Extractor]) -> None:
    global _worker_extractor
    _worker_extractor = make()


def _in_worker(task: _Task) -> Tables:
    assert _worker_extractor is not None
    return _extract_one(_worker_extractor, task)


def _pool(make: Callable[[], Extractor], jobs: int) -> ProcessPoolExecutor:
    # spawn on every system: the same behaviour everywhere, and no fork of a parent that has threads
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker, initargs=(make,))


def _parallel(tasks: Sequence[_Task], make: Callable[[], Extractor], jobs: int) -> Iterator[Tables]:
    pending = deque(tasks)
    while pending:
        pool = _pool(make, jobs)
        try:
            futures: list[Future[Tables]] = [pool.submit(_in_worker, task) for task in pending]
            for future in futures:
                tables = future.result()
                pending.popleft()
                yield tables
        except BrokenProcessPool:
            # A dead worker takes the whole pool along. The first document without a result may be its
            # cause: it is tried alone, the others go to a new pool.
            yield _alone(pending.popleft(), make)
        finally:
            pool.shutdown(cancel_futures=True)


def _alone(task: _Task, make: Callable[[], Extractor]) -> Tables:
    with _pool(make, 1) as pool:
        try:
            return pool.submit(_in_worker, task).result()
        except BrokenProcessPool:
            return _failed(task, f"{task.path.as_posix()}: the worker process died on this document")
