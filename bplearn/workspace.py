"""The learner's folder: lessons copied, reset, updated, restored. Nothing of the learner's is overwritten.

Every function returns lines to say. Whatever is about to change is first kept as a numbered file beside it.
"""

import ast
import itertools
import os
import re
from pathlib import Path

from bplearn.merge import merge
from bplearn.notebooks import (
    SUFFIX,
    Notebook,
    NotebookError,
    course_folder,
    defined_names,
    exercise_cell,
    lesson_of,
    near,
    read_notebook,
    write_bytes,
    write_notebook,
)

FOLDER = "bplearn-lessons"
_RELOAD = "If it is open in JupyterLab: File > Reload Notebook from Disk."
StrPath = str | os.PathLike[str]


def copy_lessons(folder: StrPath, *, course: Path | None = None) -> list[str]:
    """Copy the lessons that are not yet in ``folder``."""
    home = Path(folder)
    originals = _originals(course)
    _refuse_own_folder(home, originals)
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotebookError(
            f"{home} cannot be made into a folder ({error.strerror}). Name another one."
        ) from None
    return [_copied(original, home / original.name) for original in originals]


def reset(notebook: StrPath, exercise: str | None = None, *, course: Path | None = None) -> list[str]:
    """Bring back a notebook, or one exercise of it, as handed out."""
    file = Path(notebook)
    if exercise is None:
        original = _original(_lesson_at(file), course)
        return [*_kept(file), _written(file, original)]
    mine = read_notebook(file)
    lesson = lesson_of(mine, file)
    _refuse_other_lesson(exercise, lesson, file)
    handed_out = read_notebook(_original(lesson, course))
    source = exercise_cell(handed_out, exercise)["source"]
    return _replaced(file, mine, exercise, source, f"{exercise} is as handed out again in {file}.")


def restore(exercise: str, source: str, folder: StrPath = ".") -> list[str]:
    """Put an earlier answer into the exercise's cell; what else stands in that cell stays."""
    from bplearn import exercises

    file = Path(folder) / (exercises.find(exercise).lesson + SUFFIX)
    mine = read_notebook(file)
    if exercise not in defined_names(source) and not re.search(rf"^{exercise}\s*=", source, re.MULTILINE):
        raise NotebookError(
            f"that answer does not define {exercise}, so it was not put into its cell. "
            f"`bplearn history {exercise} --json` shows its text."
        )
    text = _with_answer(exercise_cell(mine, exercise)["source"], exercise, source.rstrip("\n"))
    return _replaced(file, mine, exercise, text, f"that answer is in the cell of {exercise} in {file}.")


def update(folder: StrPath, *, course: Path | None = None) -> list[str]:
    """Bring newer lesson texts into the notebooks of ``folder``; all that the learner wrote stays.

    Raises
    ------
    NotebookError
        If one of them cannot be read; then none is changed.
    """
    home = Path(folder)
    if not home.is_dir():
        raise NotebookError(
            f"there is no folder {home}.{_near_folder(home)} To begin one, type `bplearn lab {home}`."
        )
    originals = _originals(course)
    _refuse_own_folder(home, originals)
    if not any((home / original.name).exists() for original in originals):
        raise NotebookError(f"there are no lessons in {home.resolve()}. To begin, type `bplearn lab`.")
    plans = [
        (home / original.name, original, _merged(home / original.name, course)) for original in originals
    ]
    lines = [line for file, original, plan in plans for line in _updated(file, original, plan)]
    return lines + [_RELOAD] * any("has the newer texts" in line for line in lines)


# ---- one notebook ----


def _merged(file: Path, course: Path | None) -> tuple[Notebook, Notebook] | None:
    if not file.exists():
        return None
    mine = read_notebook(file)
    return mine, merge(mine, read_notebook(_original(lesson_of(mine, file), course)))


def _updated(file: Path, original: Path, plan: tuple[Notebook, Notebook] | None) -> list[str]:
    if plan is None:
        return [_copied(original, file)]
    mine, merged = plan
    if merged is mine:
        return [f"{file} is up to date."]
    lines = _kept(file)
    write_notebook(file, merged)
    return [f"{file} has the newer texts; what you wrote is in it.", *lines]


def _replaced(file: Path, mine: Notebook, exercise: str, source: str, said: str) -> list[str]:
    cell = exercise_cell(mine, exercise)
    if cell["source"] == source:
        return [f"nothing to do: {said}"]
    lines = _kept(file)
    cell |= {"source": source, "outputs": [], "execution_count": None}
    write_notebook(file, mine)
    return [said, *lines, _RELOAD]


def _with_answer(cell: str, exercise: str, answer: str) -> str:
    """Return the cell with the exercise's definition replaced, or the answer alone if that is not clear."""
    try:
        found = [node for node in ast.parse(cell).body if getattr(node, "name", "") == exercise]
        only = [getattr(node, "name", "") for node in ast.parse(answer).body] == [exercise]
    except (SyntaxError, ValueError):
        return answer
    if len(found) != 1 or not only:
        return answer
    lines, node = cell.split("\n"), found[0]
    decorators = getattr(node, "decorator_list", [])
    start = min([node.lineno, *(one.lineno for one in decorators)]) - 1
    return "\n".join([*lines[:start], answer, *lines[node.end_lineno :]])


def _refuse_other_lesson(exercise: str, lesson: str, file: Path) -> None:
    from bplearn import exercises

    home = exercises.find(exercise).lesson
    if home != lesson:
        raise NotebookError(
            f"{exercise!r} belongs to {home}, and {file} is {lesson}. Name the other notebook."
        )


# ---- files ----


def _originals(course: Path | None) -> list[Path]:
    from bplearn import exercises

    return [_original(lesson, course) for lesson in exercises.LESSONS]


def _original(lesson: str, course: Path | None) -> Path:
    file = (course or course_folder()) / "lessons" / (lesson + SUFFIX)
    if not file.is_file():
        raise NotebookError(f"{file} is missing: it was not built. Authors type `bplearn dev build`.")
    return file


def _refuse_own_folder(home: Path, originals: list[Path]) -> None:
    if home.exists() and home.resolve() == originals[0].parent.resolve():
        raise NotebookError(
            f"{home} holds the course's own originals. Name another folder, such as {FOLDER}."
        )


def _copied(original: Path, file: Path) -> str:
    if os.path.lexists(file):
        return f"{file} is already there and was left as it is."
    write_bytes(file, original.read_bytes())
    return f"{file} is new."


def _written(file: Path, original: Path) -> str:
    write_bytes(Path(os.path.realpath(file)), original.read_bytes())
    return f"{file} is as handed out again. {_RELOAD}"


def _kept(file: Path) -> list[str]:
    """Keep a copy of ``file`` beside it, under a number that is not taken."""
    if not file.exists():
        return []
    names = (f"{file.stem}-kept-{number}{file.suffix}" for number in itertools.count(1))
    aside = next(path for path in map(file.with_name, names) if not os.path.lexists(path))
    write_bytes(aside, file.read_bytes())
    return [f"What was there is kept as {aside}."]


def _lesson_at(file: Path) -> str:
    """Return the lesson of a notebook, even of one that cannot be read any more: its name may tell."""
    from bplearn import exercises

    if file.is_dir():
        read_notebook(file)  # says so
    named = [lesson for lesson in exercises.LESSONS if lesson in file.stem]
    if named and (not file.exists() or file.stem == named[0]):
        return named[0]
    try:
        return lesson_of(read_notebook(file), file)
    except NotebookError:
        if named:
            return named[0]
        raise


def _near_folder(home: Path) -> str:
    parent = home.parent
    return (
        near(home.name, [path.name for path in parent.iterdir() if path.is_dir()]) if parent.is_dir() else ""
    )
