"""Run a notebook's answers away from the learner's kernel; what hangs or ends is told as such."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from bplearn import collect, exercises, notebooks, probes, wire
from bplearn.collect import Call, Observation, Trouble
from bplearn.grader.endings import Ending, too_long
from bplearn.grader.process import Process
from bplearn.judge import judge
from bplearn.report import Report

_QUIET_ROLES = ("check", "use", "picture", "quiz")
_MOST_RESTARTS = 3
_GONE = (EOFError, OSError, ValueError, TypeError, wire.WireError)


def check_notebook(
    path: str | os.PathLike[str], exercise: str | None = None, timeout: float = 10.0
) -> list[Report]:
    """Judge the answers in a notebook, each with the same cases as in the notebook itself.

    Parameters
    ----------
    path : path
    exercise : str, optional
        Judge this one only.
    timeout : float
        Seconds for each exercise, and for each cell before them.

    Raises
    ------
    notebooks.NotebookError, LookupError
        One line each: the file is no notebook of the course; there is no such exercise in it.
    """
    notebook = notebooks.read_notebook(path)
    lesson = notebooks.lesson_of(notebook, path)
    wanted = [e for e in exercises.exercises_of(lesson) if exercise in (None, e.name)]
    if not wanted:
        names = ", ".join(e.name for e in exercises.exercises_of(lesson))
        raise LookupError(f"{path} has no exercise `{exercise}`; it has {names}.")
    siblings = {e.name: e for e in exercises.exercises_of(lesson)}
    if not timeout > 0:
        raise LookupError(f"a limit of {timeout} seconds lets nothing run; take 10, for example.")
    folder = Path(path).resolve().parent
    with Session(code_cells(notebook, lesson), lambda _: Process(folder), timeout) as session:
        return [judge(e, session.run, e.seed, siblings) for e in wanted]


def code_cells(notebook: dict[str, Any], lesson: str) -> list[list[Any]]:
    """Number and text of the code cells to run: not those that were handed out to check, use or show.

    Beside each stands whether it is a cell of the course's own, exactly as handed out.
    """
    roles = _handed_out(lesson)
    code = [(n, cell) for n, cell in enumerate(notebook["cells"], 1) if cell.get("cell_type") == "code"]
    told = [(number, cell["source"], _role(cell, roles)) for number, cell in code]
    return [[number, text, role == "setup"] for number, text, role in told if role not in _QUIET_ROLES]


def _role(cell: dict[str, Any], roles: dict[str, str]) -> str:
    """What a cell was handed out for, if it still is as handed out; known by its text if marks were lost."""
    text_hash, mark = notebooks.text_hash(cell["source"]), notebooks.of_course(cell)
    return str(mark.get("role")) if mark.get("hash") == text_hash else roles.get(text_hash, "")


@functools.cache
def _handed_out(lesson: str) -> dict[str, str]:
    """The role of each cell of a lesson, by the hash of its text."""
    path = notebooks.course_folder() / "lessons" / (lesson + notebooks.SUFFIX)
    cells = notebooks.read_notebook(path)["cells"] if path.exists() else []
    return {notebooks.text_hash(cell["source"]): str(notebooks.of_course(cell).get("role")) for cell in cells}


class Link(Protocol):
    """One notebook in one process, which is asked and answers.

    ``tells_raw``: whether it brings back what answers returned, so that probes are run here.
    """

    tells_raw: bool

    def ask(self, message: Any, patience: float) -> None:
        """Send a request."""

    def answer(self, patience: float) -> tuple[str, Any]:
        """Wait for what comes next: its kind, its value. TimeoutError: nothing; EOFError: it has gone."""

    def sleeps(self, patience: float) -> bool:
        """Wait for a first word for so many seconds; say whether it is certain that none will ever come."""

    def stop(self) -> Ending:
        """End it, if it has not ended, and say how."""


class Session:
    """One notebook, started again whenever an answer or a cell has ended or hung its process.

    Parameters
    ----------
    cells : sequence of (number, text, as handed out)
    start : callable
        Makes a process for the notebook, which may use so many seconds of the processor.
    timeout : float
        Seconds for each exercise, and for each cell.
    slack : float
        Where the process itself counts the seconds it uses: how many times as long the clock on the wall may
        run before it is stopped all the same.
    cpu : float
        Seconds of the processor for the whole notebook; on the wall it may take `slack` times as long.
    """

    def __init__(
        self,
        cells: Sequence[Sequence[Any]],
        start: Callable[[float], Link],
        timeout: float,
        slack: float = 1.0,
        cpu: float = float("inf"),
    ) -> None:
        self.stopped_by_the_wall = False
        self.used: list[Ending] = []
        self._cells = [list(cell) for cell in cells]
        self._owners = {number: notebooks.defined_names(text) for number, text, *_ in self._cells}
        self._failed: dict[int, Trouble] = {}
        self._make, self._timeout, self._slack = start, timeout, slack
        self._cpu, self._end = cpu, time.monotonic() + slack * cpu
        self._link: Link | None = None
        self._asked = 0  # of the link that runs

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def run(self, name: str, cases: Sequence[Sequence[Any]], probe: str) -> Observation | None:
        """Run one of the notebook's functions; what ends or hangs its process is reported as such."""
        limit = max(self._timeout, probes.PATIENCE.get(probe, 0.0))
        request = [name, [list(case) for case in cases], probe, limit]
        try:
            return self._seen_or_again(request, cases, limit)
        except TimeoutError:
            return _all(cases, self._hung(limit))
        except _GONE:
            return _all(cases, self._stop().trouble(limit))

    def _seen_or_again(self, request: list[Any], cases: Sequence[Any], limit: float) -> Observation | None:
        """Ask; if the process ends that has answered before, it may have been an earlier answer's doing."""
        is_fresh = self._asked == 0
        try:
            return self._seen(request, cases, limit)
        except TimeoutError:
            raise
        except _GONE:
            if is_fresh:
                raise
        self._stop()
        return self._seen(request, cases, limit)

    def _seen(self, request: list[Any], cases: Sequence[Any], limit: float) -> Observation | None:
        name, _, probe, _ = request
        if self._is_used_up():
            raise TimeoutError
        link = self._link or self._start()
        self._asked += 1
        link.ask(request, self._patience(limit))
        kind, value = self._answer(link, limit)
        if kind == "ended":
            return _all(cases, Ending(code=int(value)).trouble(limit))
        seen = wire.read_observation(value)
        if kind != "seen" or (seen is not None and len(seen.calls) != len(cases)):
            raise wire.WireError("an answer of the wrong length")
        if seen is None:
            return self._failed_cell(name, cases)
        is_raw = link.tells_raw and probe in probes.REPLAYED
        return collect.replayed(seen, cases, probe) if is_raw else seen

    def _cpu_left(self) -> float:
        return self._cpu - sum(ending.cpu for ending in self.used)

    def _is_used_up(self) -> bool:
        """Say whether the time of the whole notebook is over."""
        return time.monotonic() > self._end or self._cpu_left() < 1.0

    def _answer(self, link: Link, limit: float) -> tuple[str, Any]:
        """Wait for what comes next, but not for somebody who sleeps."""
        patience = self._patience(limit)
        if link.sleeps(min(limit, patience)):
            raise TimeoutError
        return link.answer(self._patience(limit))

    def _patience(self, limit: float) -> float:
        return max(min(limit * self._slack, self._end - time.monotonic()), 0.01)

    def _failed_cell(self, name: str, cases: Sequence[Any]) -> Observation | None:
        """Where the cell that defines a function did not run to its end: why."""
        for number, trouble in self._failed.items():
            if name in self._owners.get(number, ()):
                return _all(cases, trouble)
        return None

    def _start(self) -> Link:
        """Run the cells; a cell that hangs or ends the process is left out, three times at most."""
        for _ in range(_MOST_RESTARTS + 1):
            if self._is_used_up():
                raise TimeoutError
            self._link = self._make(self._cpu_left())
            fatal = self._fatal_cell(self._link)
            if fatal is None:
                return self._link
            # before the first cell: looking for what is needed was too much for it, so let everything run
            self._cells = [[*cell[:2], bool(fatal) and cell[2]] for cell in self._cells if cell[0] != fatal]
        raise EOFError("the cells of this notebook keep ending the program")

    def _fatal_cell(self, link: Link) -> int | None:
        """Wait until all cells have run; name the one that hangs or ends the process."""
        cell = 0
        try:
            link.ask(self._cells, self._patience(self._timeout))
            for kind, value in self._progress(link):
                cell = int(value) if kind == "cell" else cell
                self._note(kind, value)
            return None
        except TimeoutError:
            self._failed[cell] = self._hung(self._timeout)
        except _GONE:
            self._failed[cell] = self._stop().trouble(self._timeout)
        return cell

    def _progress(self, link: Link) -> Iterator[tuple[str, Any]]:
        """Give what is told while the cells run; of each cell there are two words at most."""
        for _ in range(2 * len(self._cells) + 1):
            kind, value = self._answer(link, self._timeout)
            yield kind, value
            if kind == "ready":
                return
            if time.monotonic() > self._end:
                raise TimeoutError

    def _note(self, kind: str, value: Any) -> None:
        if kind == "failed":
            number, trouble = value
            self._failed[int(number)] = wire.read_trouble(trouble)

    def _hung(self, limit: float) -> Trouble:
        self._stop()
        self.stopped_by_the_wall |= self._cpu_left() >= 1.0
        return too_long(limit)

    def _stop(self) -> Ending:
        self._asked = 0
        if self._link is None:
            return Ending()
        link, self._link = self._link, None
        self.used.append(link.stop())
        return self.used[-1]


def _all(cases: Sequence[Any], trouble: Trouble) -> Observation:
    return Observation(tuple(Call(trouble=trouble) for _ in cases) or (Call(trouble=trouble),))
