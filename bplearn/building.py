"""Sources -> notebooks: run the solution, write both editions, or say how they differ from their sources."""

import importlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from bplearn import editions, rules
from bplearn.notebooks import (
    SUFFIX,
    Notebook,
    NotebookError,
    course_folder,
    dumps,
    near,
    parse_notebook,
    write_notebook,
)
from bplearn.version import __version__

WIDGET = "application/vnd.jupyter.widget-view+json"
CELL_SECONDS = 120  # a lesson's cell takes 5 s at most; a busy build machine may be much slower
OUTSIDE = "not a lesson of the course. Add {!r} to LESSONS in bplearn/exercises/__init__.py."
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def build(
    lessons: Iterable[str] = (),
    *,
    check: bool = False,
    folder: Path | None = None,
    course: Any = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[str]:
    """Build both editions of each lesson, or with ``check`` compare what is there.

    Parameters
    ----------
    lessons : names
        All lessons of the course if there is none.
    check : bool
        Write nothing; report every difference between notebooks and sources, outputs aside.
    folder : Path, optional
        Holds ``solutions`` and ``lessons``; the course's own by default.
    course : module, optional
        Has ``LESSONS``, ``exercises_of``, ``quizzes_of``; ``bplearn.exercises`` by default.
    say : function
        Gets a line of progress for each lesson.

    Returns
    -------
    problems : list of str
        One line each: file, line, what was found, what to do.
    """
    course = course or importlib.import_module("bplearn.exercises")
    folder = folder or course_folder()
    chosen = list(lessons) or list(course.LESSONS)
    found = [] if lessons else _strays(folder, course)
    for lesson in chosen:
        say(f"{'comparing' if check else 'building'} {lesson}")
        found += _one(lesson, folder, course, check=check)
    return found


def _one(lesson: str, folder: Path, course: Any, *, check: bool) -> list[str]:
    label = f"solutions/{lesson}.py"
    file = folder / label
    if not file.is_file():
        known = [path.stem for path in (folder / "solutions").glob("*.py")]
        advice = near(lesson, known) or f" Type `bplearn dev new {lesson}`."
        return [f"{label}:1: there is no such source.{advice}"]
    if lesson not in course.LESSONS:
        return [f"{label}:1: {OUTSIDE.format(lesson)}"]
    try:
        source = editions.read_source(lesson, file.read_text(encoding="utf-8"))
    except (editions.SourceError, UnicodeDecodeError) as error:
        return [f"{label}:{getattr(error, 'line', 1)}: {error}"]
    exercises = [one.name for one in course.exercises_of(lesson)]
    found = rules.problems(source, exercises, [one.name for one in course.quizzes_of(lesson)])
    return found or (_drift(source, folder) if check else _write(source, folder))


def _write(source: editions.Source, folder: Path) -> list[str]:
    solution = editions.edition(source, "solution", __version__)
    found = _run(solution, source) or list(_missing(solution, source))
    if found:
        return found
    for name, notebook in (
        ("lessons", editions.edition(source, "lesson", __version__)),
        ("solutions", solution),
    ):
        (folder / name).mkdir(exist_ok=True)
        write_notebook(folder / name / (source.lesson + SUFFIX), notebook)
    return []


# ---- running the solution ----


def _run(notebook: Notebook, source: editions.Source) -> list[str]:
    """Run ``notebook`` in a kernel of its own, away from the author's record, and keep its outputs."""
    import nbclient
    import nbformat

    live = nbformat.reads(dumps(notebook), as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(live)
    with tempfile.TemporaryDirectory() as home:
        client = nbclient.NotebookClient(
            live,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": home}},  # where the kernel runs
            timeout=CELL_SECONDS,
            allow_errors=True,
            store_widget_state=False,
            record_timing=False,
        )
        try:
            client.execute(env=_environment(home))
        except (nbclient.exceptions.CellTimeoutError, nbclient.exceptions.DeadKernelError) as error:
            return [f"{source.label}:{_stopped_at(live, source)}: the kernel stopped: {_first_line(error)}"]
    for cell, run in zip(notebook["cells"], live.cells, strict=True):
        if cell["cell_type"] == "code":
            cell["execution_count"] = run.execution_count
            cell["outputs"] = _tidy(json.loads(json.dumps(run.outputs)))
    return []


def _environment(home: str) -> dict[str, str]:
    """The same bplearn, one thread, no start-up files and no record of the author's."""
    ours = {"BPLEARN_BUILD": "1", "BPLEARN_HOME": home, "IPYTHONDIR": home, "PYTHONHASHSEED": "0"}
    paths = [str(Path(__file__).resolve().parent.parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, **ONE_THREAD, **ours, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _stopped_at(live: Any, source: editions.Source) -> int:
    ran = [
        cell.line for cell, run in zip(source.cells, live.cells, strict=True) if run.get("execution_count")
    ]
    return ran[-1] if ran else 1


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _tidy(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join pieces of one stream, whose cuts are chance, and drop widget views that need a kernel."""
    tidy: list[dict[str, Any]] = []
    for output in outputs:
        same = tidy and output["output_type"] == "stream" and tidy[-1].get("name") == output["name"]
        if same:
            tidy[-1]["text"] += output["text"]
            continue
        data = output.get("data", {})
        if WIDGET in data and len(data) > 1:
            del data[WIDGET]
        tidy.append(output)
    return tidy


# ---- what must be in a solution notebook ----


def _missing(notebook: Notebook, source: editions.Source) -> Iterator[str]:
    for cell, built in zip(source.cells, notebook["cells"], strict=True):
        where = f"{source.label}:{cell.line}:"
        errors = [one for one in built.get("outputs", ()) if one["output_type"] == "error"]
        if errors and "raises-exception" not in cell.tags:
            line = cell.first + _line_in_cell(errors[0]) - 1
            yield f"{source.label}:{line}: {errors[0]['ename']}: {errors[0]['evalue']}".splitlines()[0]
        elif cell.kind == "code" and built.get("execution_count") is None:
            yield f"{where} this cell was never run. Type `bplearn dev build {source.lesson}`."
        elif cell.role == "check" and not built["outputs"]:
            yield f"{where} this check shows nothing. Type `bplearn dev build {source.lesson}`."
        elif cell.role == "picture" and not _is_picture(built["outputs"]):
            yield f'{where} a picture cell without a PNG and a text. Show it with viz, or mark role="setup".'


def _line_in_cell(error: dict[str, Any]) -> int:
    text = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error["traceback"]))
    match = re.search(r"Cell In\s*\[\d+\], line (\d+)", text)
    return int(match[1]) if match else 1


def _is_picture(outputs: list[dict[str, Any]]) -> bool:
    bundles = [output.get("data", {}) for output in outputs]
    texts = ["".join(data.get("text/plain", "")).strip() for data in bundles]
    return any("image/png" in data for data in bundles) and any(text and text[0] != "<" for text in texts)


# ---- drift ----


def _drift(source: editions.Source, folder: Path) -> list[str]:
    found = []
    for place, which in (("lessons", "lesson"), ("solutions", "solution")):
        file = folder / place / (source.lesson + SUFFIX)
        built = editions.edition(source, "lesson" if which == "lesson" else "solution", __version__)
        difference = _difference(file, built, exact=which == "lesson")
        if difference:
            again = f"Type `bplearn dev build {source.lesson}` and commit both."
            found.append(f"{place}/{file.name}:1: {difference}. {again}")
    if not found:
        stored = parse_notebook((folder / "solutions" / (source.lesson + SUFFIX)).read_text("utf-8"), "")
        found += _missing(stored, source)
    return found


def _difference(file: Path, built: Notebook, *, exact: bool) -> str:
    if not file.is_file():
        return "it was not built"
    raw = file.read_bytes()
    try:
        stored = parse_notebook(raw.decode(), file.name)
    except (NotebookError, UnicodeDecodeError):
        return "it is not a notebook"
    if not exact:
        stored = _without_outputs(stored)
        raw = dumps(stored).encode()
    if raw == dumps(built).encode():
        return ""
    pairs = enumerate(zip(stored["cells"], built["cells"], strict=False), 1)
    first = next((number for number, (old, new) in pairs if old != new), None)
    where = f" (first in cell {first}, {built['cells'][first - 1]['id']!r})" if first else ""
    return f"it differs from its source{where}"


def _without_outputs(notebook: Notebook) -> Notebook:
    bare: Notebook = {"execution_count": None, "outputs": []}
    cells = [cell | bare if cell["cell_type"] == "code" else cell for cell in notebook["cells"]]
    return notebook | {"cells": cells}


def _strays(folder: Path, course: Any) -> list[str]:
    sources = [path for path in (folder / "solutions").glob("[0-9]*.py") if path.stem not in course.LESSONS]
    built = [path for place in ("lessons", "solutions") for path in (folder / place).glob("*" + SUFFIX)]
    strays = [path for path in built if path.stem not in course.LESSONS]
    found = [f"solutions/{path.name}:1: {OUTSIDE.format(path.stem)}" for path in sorted(sources)]
    return found + [
        f"{path.parent.name}/{path.name}:1: built from no lesson. Delete it." for path in sorted(strays)
    ]
