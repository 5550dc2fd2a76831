"""The work on a Dask cluster: this process reads the files and keeps the rows, the cluster's workers extract.

Dask, because its users live in pandas, it is small beside Spark or Ray, and a task whose worker is lost goes to another one.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

from trialmine.batch import Result, Task, fail_task, make_extractor, task_function
from trialmine.core.errors import UsageError
from trialmine.core.extras import need
from trialmine.fingerprint import fingerprint

#: tasks in flight for each thread of the cluster
_AHEAD = 4


def run_on_cluster(
    tasks: Iterator[Task], patterns: Path | None, scheduler: str, version: str
) -> Iterator[Result]:
    """The result of each task, in the order in which they are done; `tasks` is read as it is worked off.

    Workers need trialmine of the same version, and a folder of patterns at the same path; texts are sent
    to them. Raises a UsageError where the scheduler doesn't answer or a worker has another version.
    """
    distributed = need("distributed", "dask", "--scheduler")
    if not re.fullmatch(r"(?:tcp|tls|wss?|ucx)://[^\s/]+:\d+", scheduler):
        raise UsageError(f"--scheduler {scheduler}: it has to be an address like tcp://host:8786")
    try:
        client = distributed.Client(scheduler, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"{scheduler}: no Dask scheduler answers there ({error})") from None
    with client:
        running: dict[Any, Task] = {}
        done = distributed.as_completed(loop=client.loop)

        def send(task: Task) -> None:
            future = client.submit(_on_worker, task, patterns, version, pure=False)
            running[future] = task
            done.add(future)

        ready: list[Result] = []
        loaded = _loaded(tasks, ready)
        for task in islice(loaded, max(_AHEAD * sum(client.nthreads().values()), 1)):
            send(task)
        for future in done:
            yield _result(future, running.pop(future), distributed.KilledWorker)
            for task in islice(loaded, 1):
                send(task)
        yield from ready


def _loaded(tasks: Iterator[Task], unreadable: list[Result]) -> Iterator[Task]:
    """The tasks with the bytes of their files, which a worker may not see."""
    for task in tasks:
        try:
            yield task if task.data is not None else replace(task, data=task.path.read_bytes())
        except OSError as error:
            unreadable.append(fail_task(task, error.strerror or str(error)))


def _result(future: Any, task: Task, killed: type[Exception]) -> Result:
    try:
        result: Result = future.result()
        return result
    except killed:
        return fail_task(task, "the worker process died on this document")


_one_at_a_time = Lock()


def _on_worker(task: Task, patterns: Path | None, version: str) -> Result:
    with _one_at_a_time:  # an extractor is for one thread
        return _function(patterns, task.encoding, version)(task)


@cache
def _function(patterns: Path | None, encoding: str | None, version: str) -> Callable[[Task], Result]:
    own = fingerprint(patterns, encoding)
    if own != version:
        raise UsageError(f"the worker on {socket.gethostname()} has trialmine {own}, this is {version}")
    return task_function(partial(make_extractor, patterns))
