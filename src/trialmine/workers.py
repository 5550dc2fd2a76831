"""A pool of processes for documents: each worker has one at a time, so one that dies or takes too long is known."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from trialmine.core.errors import UsageError

Task = TypeVar("Task")
Result = TypeVar("Result")

#: how far a worker may run ahead of the oldest document in work; bounds what waits for its turn
_AHEAD = 256
#: seconds that a worker may take to start
_START = 300


def work(
    tasks: Iterable[Task],
    start: Callable[[], Callable[[Task], Result]],
    failed: Callable[[Task, str], Result],
    jobs: int,
    time_limit: float | None = None,
    in_order: bool = True,
) -> Iterator[Result]:
    """The result of each task from `jobs` processes, in the order of the tasks or (`in_order` False) as they come.

    `start` is called once in each process and returns the function of a task; an error that it raises
    is raised here. A task on which the process dies, or that takes more than `time_limit` seconds, gives
    ``failed(task, cause)``, and a new process takes the dead one's place. `tasks` is read as it is worked off.
    """
    pool = _Pool(start, failed, jobs, time_limit, in_order)
    try:
        yield from pool.results(enumerate(tasks))
    finally:
        pool.stop()


class _Worker(Generic[Task, Result]):
    """One process. `task` is what it works on, with its position; `deadline` when that has to be done."""

    def __init__(self, start: Callable[[], Callable[[Task], Result]]) -> None:
        # spawn on every system: the same behaviour everywhere, and no fork of a parent that has threads
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, start), daemon=True)
        with _uninterrupted():
            self.process.start()
        theirs.close()
        self.started = False
        self.task: tuple[int, Task] | None = None
        self.deadline = time.monotonic() + _START

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits till the block is done; a process that is started in it never gets it.

    Else a worker that isn't yet told what to do, or still imports, ends with a traceback of its own.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # it unblocks the signal when it starts, so it starts first
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, start: Callable[[], Callable[[Any], Any]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    try:
        call = start()
    except Exception as error:
        pipe.send(error)
        return
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent is gone
        pipe.send(None)
        while True:
            pipe.send(call(pipe.recv()))


class _Pool(Generic[Task, Result]):
    def __init__(
        self,
        start: Callable[[], Callable[[Task], Result]],
        failed: Callable[[Task, str], Result],
        jobs: int,
        time_limit: float | None,
        in_order: bool,
    ) -> None:
        self.start, self.failed, self.jobs, self.time_limit = start, failed, jobs, time_limit
        self.in_order = in_order
        self.position = 0  # of the result that is next in order
        self.workers: list[_Worker[Task, Result]] = []
        self.again: deque[tuple[int, Task]] = deque()  # given to a worker that died before it took them
        self.done: dict[int, Result] = {}

    def results(self, tasks: Iterator[tuple[int, Task]]) -> Iterator[Result]:
        more = True
        while True:
            while more and self._wants():
                task = self.again.popleft() if self.again else next(tasks, None)
                more = task is not None
                if task is not None:
                    self._give(task)
            yield from self._ready()
            busy = [w for w in self.workers if w.task is not None]
            if busy:
                self._collect(busy)
                more = more or bool(self.again)
            elif not more:
                return

    def stop(self) -> None:
        for worker in self.workers:
            worker.kill()

    def _ready(self) -> Iterator[Result]:
        while not self.in_order and self.done:
            yield self.done.popitem()[1]
        while self.position in self.done:
            yield self.done.pop(self.position)
            self.position += 1

    def _wants(self) -> bool:
        free = len(self.workers) < self.jobs or any(w.task is None for w in self.workers)
        return free and max(self.done, default=0) - self.position < _AHEAD

    def _give(self, task: tuple[int, Task]) -> None:
        worker = next((w for w in self.workers if w.task is None), None)
        if worker is None:
            worker = _Worker(self.start)
            self.workers.append(worker)
        worker.task = task
        if worker.started:
            self._send(worker)

    def _send(self, worker: _Worker[Task, Result]) -> None:
        assert worker.task is not None
        worker.deadline = time.monotonic() + (self.time_limit or float("inf"))
        try:
            worker.pipe.send(worker.task[1])
        except OSError:  # it died while it was idle: the task isn't to blame
            self.again.append(worker.task)
            self._drop(worker)

    def _drop(self, worker: _Worker[Task, Result]) -> None:
        worker.kill()
        self.workers.remove(worker)

    def _collect(self, busy: list[_Worker[Task, Result]]) -> None:
        """Wait for the next message or deadline and take what is there."""
        left = min(w.deadline for w in busy) - time.monotonic()
        ready = wait([w.pipe for w in busy], None if left == float("inf") else max(left, 0))
        for worker in busy:
            if worker.pipe in ready:
                self._receive(worker)
            elif time.monotonic() >= worker.deadline:
                self._give_up(worker, f"took longer than {self.time_limit:g} seconds")

    def _receive(self, worker: _Worker[Task, Result]) -> None:
        assert worker.task is not None
        try:
            message = worker.pipe.recv()
        except (EOFError, ConnectionResetError):
            self._give_up(worker, "the worker process died on this document")
            return
        if worker.started:
            self.done[worker.task[0]] = message
            worker.task = None
        elif message is None:
            worker.started = True
            self._send(worker)
        else:
            raise message

    def _give_up(self, worker: _Worker[Task, Result], cause: str) -> None:
        assert worker.task is not None
        if not worker.started:
            raise UsageError(
                "a worker process could not be started (too little memory for so many jobs, or a script without if __name__ == '__main__')"
            )
        position, task = worker.task
        self.done[position] = self.failed(task, cause)
        self._drop(worker)
