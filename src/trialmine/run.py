"""A run: documents to the tables of OUT, going on where an earlier run ended."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trialmine.batch import Result, Task, check_jobs, check_patterns, make_tasks, run_tasks
from trialmine.core.errors import TrialmineError, UsageError
from trialmine.fingerprint import fingerprint
from trialmine.read.decode import check_encoding
from trialmine.read.source import collect_inputs
from trialmine.report.writers import Options, Staging, check_target
from trialmine.store import Store

#: called with the number of documents done and of all
Progress = Callable[[int, int], None]


@dataclass
class Summary:
    """What a run did. `counts` are the rows of each table, `missing` documents that are no longer an input."""

    read: int = 0
    kept: int = 0
    failed: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def run(
    inputs: Sequence[str | Path],
    out: Path,
    options: Options,
    *,
    jobs: int | None = None,
    time_limit: float | None = None,
    encoding: str | None = None,
    patterns: Path | None = None,
    resume: bool = True,
    prune: bool = False,
    scheduler: str | None = None,
    progress: Progress | None = None,
    max_errors: int = 50,
) -> Summary:
    """Extract the documents meant by `inputs` and write their tables to the folder `out`.

    Documents of an earlier run there whose bytes, path and version of program and patterns are the same
    are not read again, unless they failed; `resume` False forgets that run. Documents of it that are no
    longer among the inputs stay in the tables, or are dropped with `prune`. The arguments are otherwise
    those of :func:`trialmine.extract_corpus`; `scheduler` is the address of a Dask scheduler whose workers
    do the work. Raises a UsageError for what can't be carried out as given, and for a full disk; the rows
    of the documents that were read are kept then, and the tables of before are in place.
    """
    check_target(out, options)
    check_encoding(encoding)
    documents = collect_inputs(inputs)
    jobs = min(check_jobs(jobs), len(documents))
    check_patterns(patterns)  # before anything is written
    version = fingerprint(patterns, encoding)
    summary = Summary()

    def tick() -> None:
        if progress is not None:
            progress(summary.read + summary.kept, len(documents))

    store = Store(out, create=True)
    try:
        if not resume:
            store.drop(store.ids())
        tick()
        todo = _changed(make_tasks(documents, encoding), store, version, summary, tick)
        for result in _results(todo, patterns, jobs, time_limit, scheduler, version):
            store.put(result.document, result.rows, version)
            summary.read += 1
            tick()
        wanted = {doc_id for doc_id, _ in documents}
        summary.missing = [doc_id for doc_id in store.ids() if doc_id not in wanted]
        if prune:
            store.drop(summary.missing)
        try:
            summary.counts = _write(store, out, options)
        except TrialmineError:
            raise
        except Exception as error:  # each format has its own class for a full disk
            cause = (
                error.strerror
                if isinstance(error, OSError) and error.strerror
                else f"{type(error).__name__}: {error}"
            )
            raise UsageError(
                f"{out.as_posix()}: the tables can't be written: {cause}; "
                "what was read is kept, the same command goes on from there"
            ) from error
        summary.failed, summary.errors = store.failures(max_errors)
    finally:
        store.close()
    return summary


def _changed(
    tasks: Iterable[Task], store: Store, version: str, summary: Summary, tick: Callable[[], None]
) -> Iterator[Task]:
    """The tasks whose rows the store doesn't have."""
    for task in tasks:
        known = store.known(task.doc_id)
        if (
            known is not None
            and (known.status, known.version, known.path) == ("ok", version, task.path.as_posix())
            and known.sha256 == _digest(task)
        ):
            summary.kept += 1
            tick()
        else:
            yield task


def _digest(task: Task) -> str:
    try:
        data = task.path.read_bytes() if task.data is None else task.data
    except OSError:
        return ""  # reading it again gives the error its row
    return hashlib.sha256(data).hexdigest()


def _results(
    todo: Iterator[Task],
    patterns: Path | None,
    jobs: int,
    time_limit: float | None,
    scheduler: str | None,
    version: str,
) -> Iterator[Result]:
    if scheduler is None:
        return run_tasks(todo, patterns, jobs, time_limit, in_order=False)
    from trialmine.dask import run_on_cluster

    return run_on_cluster(todo, patterns, scheduler, version)


def _write(store: Store, out: Path, options: Options) -> dict[str, int]:
    """Make the tables from the store; files of the last run that this one doesn't write go."""
    for left in store.folder.glob("tables-*"):  # of a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    with Staging(store.folder, out) as staging:
        counts = staging.write(store.tables(), options)
        old, new = store.outputs, staging.files()
        store.outputs = sorted({*old, *new})  # before they move: a kill here loses track of none
        staging.move()
        for name in set(old) - set(new):
            (out / Path(name).name).unlink(missing_ok=True)
        store.outputs = new
    return counts
