"""Check a notebook in a fresh process: what its check cells would say, away from the state of a kernel."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from bplearn import exercises, notebooks, probes, wire
from bplearn.collect import Call, Observation, Trouble
from bplearn.judge import judge
from bplearn.report import Report

_QUIET_ROLES = ("check", "use", "picture", "quiz")
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_MOST_RESTARTS = 3
_PATIENCE = 60.0  # seconds for Python and numpy to start on a loaded machine


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
    session = Session(_cells(notebook), timeout, Path(path).resolve().parent)
    with session:
        return [judge(e, session.run, e.seed, siblings) for e in wanted]


def _cells(notebook: dict[str, Any]) -> list[list[Any]]:
    """Number and text of the code cells to run: not those that were handed out to check, use or show."""
    return [
        [number, cell["source"]]
        for number, cell in enumerate(notebook["cells"], 1)
        if cell.get("cell_type") == "code" and not _is_quiet(cell)
    ]


def _is_quiet(cell: dict[str, Any]) -> bool:
    mark = notebooks.of_course(cell)
    return mark.get("role") in _QUIET_ROLES and mark.get("hash") == notebooks.text_hash(cell["source"])


class Session:
    """One notebook in one worker process; the worker is started again when an answer ends or hangs it."""

    def __init__(self, cells: Sequence[Sequence[Any]], timeout: float, folder: Path) -> None:
        self._cells = [list(cell) for cell in cells]
        self._owners = {number: notebooks.defined_names(text) for number, text in self._cells}
        self._failed: dict[int, Trouble] = {}
        self._timeout = timeout
        self._folder = folder
        self._worker: _Worker | None = None

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def run(self, name: str, cases: Sequence[Sequence[Any]], probe: str) -> Observation | None:
        """Run one of the notebook's functions; what ends or hangs the worker is reported as such."""
        limit = max(self._timeout, probes.PATIENCE.get(probe, 0.0))
        try:
            if self._worker is None:
                self._start()
            assert self._worker is not None
            self._worker.ask([name, [list(case) for case in cases], probe])
            kind, value = self._worker.answer(limit)
            seen = wire.read_observation(value)
            if kind != "seen" or (seen is not None and len(seen.calls) != len(cases)):
                raise wire.WireError("an answer of the wrong length")
            return seen or self._failed_cell(name, cases)
        except queue.Empty:
            return self._ended(cases, self._too_long(limit))
        except (EOFError, OSError, ValueError, TypeError, wire.WireError):
            return self._ended(cases, Trouble("Died", "it ended the whole program"))

    def _too_long(self, limit: float) -> Trouble:
        return Trouble("Timeout", f"it ran for more than {limit:g} seconds")

    def _failed_cell(self, name: str, cases: Sequence[Any]) -> Observation | None:
        """Where the cell that defines a function did not run to its end: why."""
        for number, trouble in self._failed.items():
            if name in self._owners.get(number, ()):
                return Observation(tuple(Call(trouble=trouble) for _ in cases))
        return None

    def _start(self) -> None:
        """Run the cells; a cell that hangs or ends the process is left out, three times at most."""
        for _ in range(_MOST_RESTARTS + 1):
            self._worker = _Worker(self._folder)
            self._worker.answer(_PATIENCE)  # hello: from now on it is the notebook's time
            self._worker.ask(self._cells)
            fatal = self._fatal_cell()
            if fatal is None:
                return
            self._stop()
            self._cells = [cell for cell in self._cells if cell[0] != fatal]
        raise EOFError("the cells of this notebook keep ending the program")

    def _fatal_cell(self) -> int | None:
        """Wait until all cells have run; name the one that hangs or ends the process."""
        assert self._worker is not None
        cell = 0
        try:
            for kind, value in self._worker.answers(2 * len(self._cells) + 1, self._timeout):
                cell = int(value) if kind == "cell" else cell
                self._note(kind, value)
            return None
        except queue.Empty:
            self._failed[cell] = self._too_long(self._timeout)
        except (EOFError, TypeError, ValueError, wire.WireError):
            self._failed[cell] = Trouble("Died", "it ended the whole program")
        return cell

    def _note(self, kind: str, value: Any) -> None:
        if kind == "failed":
            number, trouble = value
            self._failed[int(number)] = wire.read_trouble(trouble)

    def _ended(self, cases: Sequence[Any], trouble: Trouble) -> Observation:
        self._stop()
        return Observation(tuple(Call(trouble=trouble) for _ in cases) or (Call(trouble=trouble),))

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.stop()
        self._worker = None


class _Worker:
    """The process and the thread that listens to it, so that waiting can have a limit."""

    def __init__(self, folder: Path) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "bplearn.grader.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
            env={**os.environ, **_ONE_THREAD, "MPLBACKEND": "Agg", "PYTHONPATH": _python_path()},
        )
        self._process, self._inlet, self._outlet = process, _pipe(process.stdin), _pipe(process.stdout)
        self._heard: queue.Queue[Any] = queue.Queue(maxsize=100)
        threading.Thread(target=self._listen, daemon=True).start()

    def ask(self, message: Any) -> None:
        wire.send(self._inlet, message)

    def answer(self, timeout: float) -> tuple[str, Any]:
        heard = self._heard.get(timeout=timeout)
        if isinstance(heard, Exception):
            raise EOFError(str(heard))
        kind, value = heard
        return str(kind), value

    def answers(self, most: int, timeout: float) -> Iterator[tuple[str, Any]]:
        """Give the answers as they come until the cells have run, so many at most."""
        kind = ""
        for _ in range(most):
            kind, value = self.answer(timeout)
            yield kind, value
            if kind == "ready":
                return

    def stop(self) -> None:
        with contextlib.suppress(OSError):  # whatever the notebook has started goes with it
            os.killpg(self._process.pid, signal.SIGKILL) if hasattr(os, "killpg") else None
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):  # the other end may be gone
            self._inlet.close()

    def _listen(self) -> None:
        try:
            while True:
                self._heard.put(wire.receive(self._outlet))
        except Exception as error:
            self._heard.put(error)
        with contextlib.suppress(OSError):
            self._outlet.close()


def _pipe(stream: Any) -> BinaryIO:
    assert stream is not None  # asked for with PIPE
    return cast("BinaryIO", stream)


def _python_path() -> str:
    """Let the worker find this very package, wherever it runs."""
    package = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
