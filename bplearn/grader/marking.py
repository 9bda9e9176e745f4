"""Mark one submission: what a worker process of a batch does. Trusted, but nothing it reads is."""

from __future__ import annotations

import atexit
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bplearn import exercises, notebooks, probes
from bplearn.exercise import Exercise
from bplearn.grader.process import Process
from bplearn.grader.session import Link, Session, code_cells
from bplearn.judge import judge
from bplearn.report import Finding, Report

SLACK = 5.0  # seconds on the wall for each second of the processor, before the wall's clock decides
LEAST = 60.0  # seconds of the processor for a whole notebook
_MOST_SERVERS = 3  # fork servers that a process keeps
_PLOTS = "matplotlib"


class Settings(NamedTuple):
    """What must be equal for a mark to be the same mark."""

    seed: int
    version: str
    lesson: str = ""  # "" takes whatever lesson a notebook is of
    timeout: float = 10.0
    memory: int = 1024
    sandbox: str = "bwrap"


class Task(NamedTuple):
    """One notebook that was handed in."""

    submission: str
    file: str  # its name, as it was handed in
    data: bytes
    trouble: str = ""  # why there is no data


class Marked(NamedTuple):
    """What became of a notebook. ``status``: graded, unreadable, wrong_lesson or crashed."""

    lesson: str
    status: str
    detail: str = ""
    reports: tuple[dict[str, Any], ...] = ()
    cpu: float = 0.0
    wall: float = 0.0
    memory: int = 0
    alone: bool = False  # the clock on the wall stopped it: to be tried once more, alone


def mark(task: Task, settings: Settings, private: tuple[Path, ...] = ()) -> Marked:
    """Mark one notebook; whatever is in it, there is a result.

    Parameters
    ----------
    task : Task
    settings : Settings
    private : tuple of Path
        Folders that no submission may see, wherever they are.
    """
    began = time.monotonic()
    lesson = ""
    try:
        notebook, lesson = _read(task, settings)
    except MemoryError:
        said = f"{task.file} has more parts than there is memory for."
        return Marked(_lesson_in(task.file) or settings.lesson, "unreadable", said)
    except notebooks.NotebookError as error:
        return Marked(lesson or _lesson_in(task.file) or settings.lesson, "unreadable", str(error))
    if settings.lesson and lesson != settings.lesson:
        return Marked(lesson, "wrong_lesson", f"It is of lesson {lesson}; {settings.lesson} was asked for.")
    marked = _run_or_crash(code_cells(notebook, lesson), lesson, settings, private)
    return marked._replace(wall=round(time.monotonic() - began, 3))


def _read(task: Task, settings: Settings) -> tuple[dict[str, Any], str]:
    if task.trouble:
        raise notebooks.NotebookError(task.trouble)
    notebook = notebooks.parse_notebook(notebooks.decoded(task.data, task.file), task.file)
    try:
        return notebook, notebooks.lesson_of(notebook, task.file)
    except notebooks.NotebookError:
        if settings.lesson and not notebooks.of_course(notebook):
            return notebook, settings.lesson  # nothing in it says otherwise
        raise


def _lesson_in(name: str) -> str:
    return next((lesson for lesson in exercises.LESSONS if lesson in name), "")


# ---- running ----


def _run_or_crash(
    cells: Sequence[Sequence[Any]], lesson: str, settings: Settings, private: tuple[Path, ...]
) -> Marked:
    """Run it; where the sandbox itself gives way, once more in a new one."""
    if settings.sandbox == "none":
        return _run(cells, lesson, settings, private)
    from bplearn.grader.forks import SandboxError

    for _ in range(2):
        try:
            return _run(cells, lesson, settings, private)
        except SandboxError as error:
            close_servers()
            detail = f"the sandbox gave way: {error}"
    return Marked(lesson, "crashed", detail)


def seed_of(exercise: Exercise, seed: int) -> int:
    """The seed of an exercise's cases in a batch: all learners get the same, and none knows them before."""
    return zlib.crc32(f"{exercise.name} {seed}".encode())


def seconds_for(lesson: str, timeout: float) -> float:
    """Seconds of the processor that a notebook of a lesson may use in all."""
    own = exercises.exercises_of(lesson)
    return max(LEAST, sum(max(timeout, probes.PATIENCE.get(e.probe, 0.0)) for e in own))


def _run(
    cells: Sequence[Sequence[Any]], lesson: str, settings: Settings, private: tuple[Path, ...]
) -> Marked:
    cpu = seconds_for(lesson, settings.timeout)
    library = f"{_PLOTS}.pyplot" if any(_PLOTS in text for _, text, *_ in cells) else ""
    start = _starter(lesson, library, settings, private)
    slack = 1.0 if settings.sandbox == "none" else SLACK
    with Session(cells, start, settings.timeout, slack, cpu * SLACK / slack) as session:
        reports, troubles = _judged(lesson, settings, session)
    used = session.used
    return Marked(
        lesson,
        "crashed" if len(troubles) == len(reports) else "graded",
        "; ".join(troubles),
        tuple(report.to_dict() for report in reports),
        round(sum(one.cpu for one in used), 3),
        memory=max((one.memory for one in used), default=0),
        alone=session.stopped_by_the_wall,
    )


def _judged(lesson: str, settings: Settings, session: Session) -> tuple[list[Report], list[str]]:
    own = exercises.exercises_of(lesson)
    siblings = {exercise.name: exercise for exercise in own}
    reports, troubles = [], []
    for exercise in own:
        try:
            reports.append(judge(exercise, session.run, seed_of(exercise, settings.seed), siblings))
        except (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError) as error:
            kind = type(error).__name__
            text = f"The grader stumbled over this answer ({kind}). It is not counted; tell who grades."
            finding = Finding("", "error", message=text)
            reports.append(Report(exercise.name, exercise.lesson, exercise.points, (finding,)))
            troubles.append(f"{exercise.name}: the grader stumbled: {kind}: {error}"[:300])
    return reports, troubles


# ---- where it runs ----

_here = threading.local()  # a worker of a cluster may have several threads: to each its own servers


def _starter(
    lesson: str, library: str, settings: Settings, private: tuple[Path, ...]
) -> Callable[[float], Link]:
    if settings.sandbox == "none":
        return lambda _: Process(Path.cwd())
    from bplearn.grader.jail import Limits

    def start(cpu: float) -> Link:
        link: Link = _server(lesson, library, private).run(Limits(cpu, settings.memory), settings.timeout)
        return link

    return start


def _server(*kind: Any) -> Any:
    """The fork server of this kind: one that runs, or a new one in the place of the one longest idle."""
    from bplearn.grader.forks import ForkServer

    if not hasattr(_here, "servers"):
        _here.servers = OrderedDict()
        atexit.register(_close, _here.servers)
    servers = _here.servers
    servers[kind] = servers.pop(kind, None) or ForkServer(*kind)
    while len(servers) > _MOST_SERVERS:
        servers.popitem(last=False)[1].close()
    return servers[kind]


def close_servers() -> None:
    """End this thread's fork servers."""
    _close(getattr(_here, "servers", {}))


def _close(servers: dict[Any, Any]) -> None:
    while servers:
        servers.popitem()[1].close()
