"""Mark a whole class: hand notebooks out to processes, take what comes back, keep it at once.

Written to `concurrent.futures.Executor`: a pool of processes here, or a cluster's.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any, NamedTuple

from bplearn.grader import marking
from bplearn.grader.marking import Marked, Settings, Task
from bplearn.grader.store import Row, Store, terms_of
from bplearn.grader.submissions import Entry

_MOST_WAITING = 128 * 1024**2  # bytes of notebooks that are with the processes
_KEEP_EVERY = 1.0  # seconds between two writes
_PR_SET_PDEATHSIG = 1
_SPACE = 1024**3  # bytes of address space of a process that marks, about a third of it for libraries
Tell = Callable[[int, int], None]  # how many are done, of how many


class Outcome(NamedTuple):
    """What a run has done."""

    marked: int
    unchanged: int
    gone: int  # notebooks of earlier runs that are no longer there
    seconds: float


class Crew:
    """Processes that mark: a pool which is made anew if one of them is lost, or a cluster's executor."""

    def __init__(self, jobs: int, cluster: Executor | None = None) -> None:
        self.jobs, self._cluster = jobs, cluster
        self.pool: Executor | None = cluster

    def submit(self, task: Task, settings: Settings, private: tuple[Path, ...]) -> Future[Marked]:
        """Hand a notebook out."""
        try:
            return self._running().submit(marking.mark, task, settings, private)
        except BrokenExecutor:
            self.renew(self.pool)
            return self._running().submit(marking.mark, task, settings, private)

    def _running(self) -> Executor:
        if self.pool is None:
            context = multiprocessing.get_context("spawn")
            self.pool = ProcessPoolExecutor(
                self.jobs, context, initializer=_end_with, initargs=(os.getpid(),)
            )
        return self.pool

    def renew(self, broken: Executor | None) -> None:
        """Do without a pool that is broken, if it is still the one in use."""
        if self._cluster is None and broken is not None and broken is self.pool:
            broken.shutdown(wait=False, cancel_futures=True)
            self.pool = None

    def close(self) -> None:
        """Send all home."""
        if self._cluster is None and self.pool is not None:
            self.pool.shutdown(cancel_futures=True)


def _end_with(parent: int) -> None:
    """Let this process end with the one that started it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one at the keyboard speaks to the parent
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (_SPACE, hard))  # no notebook may fill the machine
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


class _Out(NamedTuple):
    """A notebook that is with a process, and the pool of that process."""

    entry: Entry
    digest: str
    size: int
    pool: Executor | None


class Batch:
    """One run over a class.

    Parameters
    ----------
    store : Store
    source : str
        Where the notebooks are from; the same name brings the same rows.
    settings : Settings
    crew : Crew
    private : tuple of Path
        Folders that no submission may see.
    tell : callable
        Is told how many notebooks are done.
    before : callable
        Is called once, if there is anything to mark; what it raises ends the run before that.
    """

    def __init__(
        self,
        store: Store,
        source: str,
        settings: Settings,
        crew: Crew,
        private: tuple[Path, ...] = (),
        tell: Tell = lambda done, total: None,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self._store, self._source, self._settings, self._crew = store, source, settings, crew
        self._private, self._tell, self._before = private, tell, before
        self._terms = terms_of(settings)
        self._known = store.known(source)
        self._fresh: list[Row] = []
        self._kept_at = time.monotonic()
        self._out: dict[Future[Marked], _Out] = {}
        self._once_more: deque[Entry] = deque()  # alone: the wall's clock, or a process that was lost
        self._lost: dict[tuple[str, str], int] = {}
        self._done = self._unchanged = self._total = 0
        self._has_begun = False

    def run(self, entries: Sequence[Entry]) -> Outcome:
        """Mark what is new or changed."""
        began = time.monotonic()
        self._total = len(entries)
        self._places = dict(_placed(entries))
        try:
            for entry in entries:
                self._begin(entry, together=self._crew.jobs * 2)
            self._wait_for(0)
            while self._once_more:
                self._begin(self._once_more.popleft(), together=1)
                self._wait_for(0)
        finally:
            self._keep()
        gone = self._store.place(self._source, self._places)
        marked = self._done - self._unchanged
        return Outcome(marked, self._unchanged, gone, time.monotonic() - began)

    # ---- one notebook ----

    def _begin(self, entry: Entry, together: int) -> None:
        data, trouble = entry.data()
        digest = hashlib.sha256(data + trouble.encode("utf-8", "replace")).hexdigest()
        known = self._known.get((entry.submission, entry.file))
        if known and known[:2] == (digest, self._terms):
            self._unchanged += 1
            self._count()
            return
        if not self._has_begun:
            self._before()
            self._has_begun = True
        task = Task(entry.submission, entry.file, data, trouble)
        future = self._crew.submit(task, self._settings, self._private)
        self._out[future] = _Out(entry, digest, len(data), self._crew.pool)
        self._wait_for(together)

    def _wait_for(self, together: int) -> None:
        """Wait until no more than so many notebooks, and bytes, are out."""
        while len(self._out) > together or sum(o.size for o in self._out.values()) > _MOST_WAITING:
            done, _ = wait(self._out, return_when=FIRST_COMPLETED)
            for future in done:
                self._take(future)
            if time.monotonic() - self._kept_at > _KEEP_EVERY:
                self._keep()

    def _take(self, future: Future[Marked]) -> None:
        entry, digest, _, pool = self._out.pop(future)
        who = (entry.submission, entry.file)
        tried = self._lost.get(who, 0)
        try:
            marked = future.result()
        except Exception as error:  # a process was lost, and with it all that it and its neighbours held
            self._crew.renew(pool)
            said = f"the process that marked it was lost: {type(error).__name__}"
            marked = Marked("", "crashed", said, alone=True)
        if marked.alone and not tried:
            self._lost[who] = 1
            self._once_more.append(entry)
            return
        where = (self._source, *who)
        self._fresh.append(Row.of(where, self._places[who], digest, self._terms, marked))
        self._count()

    def _count(self) -> None:
        self._done += 1
        self._tell(self._done, self._total)

    def _keep(self) -> None:
        self._kept_at = time.monotonic()
        rows, self._fresh = self._fresh, []
        if rows:
            self._store.put(rows)


def _placed(entries: Sequence[Entry]) -> Iterator[tuple[tuple[str, str], int]]:
    """Number the attempts of each learner."""
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.submission] = counts.get(entry.submission, 0) + 1
        yield (entry.submission, entry.file), counts[entry.submission]


@contextlib.contextmanager
def crew(jobs: int, scheduler: str = "") -> Iterator[Crew]:
    """Processes of this machine or, with the address of a scheduler, of a dask cluster."""
    if not scheduler:
        here = Crew(jobs)
        try:
            yield here
        finally:
            here.close()
        return
    client_of: Any = importlib.import_module("distributed").Client
    with client_of(scheduler) as client:
        threads = sum(client.nthreads().values())
        yield Crew(max(threads, 1), client.get_executor())
