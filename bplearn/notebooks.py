"""Notebooks as plain JSON: read a learner's, write one safely, find the course's own."""

import difflib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]
SUFFIX = ".ipynb"


class NotebookError(Exception):
    """Say in one line what was found, where, and what to type next."""


def course_folder() -> Path:
    """Return the folder of ``lessons`` and ``solutions``: in the wheel, or else the checkout."""
    package = Path(__file__).resolve().parent
    shipped = package / "_course"
    return shipped if shipped.is_dir() else package.parent


def text_hash(text: str) -> str:
    """Return the hash by which a cell's text as handed out is known."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


# ---- reading ----


def read_notebook(path: str | os.PathLike[str]) -> Notebook:
    """Return a notebook of this course, each cell's ``source`` as one string with plain line ends.

    Raises
    ------
    NotebookError
        If it cannot be read, is no notebook of format 4, holds nothing, or belongs to another course.
    """
    file = Path(path)
    notebook = parse_notebook(_text_of(file), str(file))
    lesson_of(notebook, file)
    return notebook


def decoded(data: bytes, label: str) -> str:
    """Return the text of a notebook file; NotebookError if it is none."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotebookError(f"{label} is not a notebook: it is not text in UTF-8. {_RESET}") from None


def parse_notebook(text: str, label: str) -> Notebook:
    """Return the notebook that ``text`` holds; ``label`` names it in errors."""
    if not text.strip():
        raise NotebookError(f"{label} is an empty file, not a notebook. {_RESET}")
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        raise NotebookError(f"{label} is not a notebook: what it holds is not JSON. {_RESET}") from None
    if not isinstance(notebook, dict):
        raise NotebookError(f"{label} is not a notebook, though it is JSON. {_RESET}")
    _refuse_format(notebook, label)
    notebook["cells"] = [_cell(cell, number, label) for number, cell in enumerate(notebook["cells"], 1)]
    if not isinstance(notebook.setdefault("metadata", {}), dict):
        notebook["metadata"] = {}
    return dict(notebook)


def lesson_of(notebook: Notebook, path: str | os.PathLike[str]) -> str:
    """Return the lesson of a notebook, by its metadata, else its file name, else the names it defines."""
    from bplearn import exercises

    stated = of_course(notebook).get("lesson")
    if stated in exercises.LESSONS:
        return str(stated)
    if stated:
        raise NotebookError(
            f"{path} is of lesson {stated!r}, which this version of bplearn does not know. {_UPGRADE}"
        )
    named = [lesson for lesson in exercises.LESSONS if lesson in Path(path).stem]
    return named[0] if named else _lesson_by_names(notebook, path)


def of_course(holder: Notebook) -> Notebook:
    """Return what bplearn wrote into the metadata of a notebook or a cell; {} if nothing."""
    mine = (holder.get("metadata") or {}).get("bplearn")
    return dict(mine) if isinstance(mine, dict) else {}


def defined_names(source: str) -> set[str]:
    """Return the functions and classes that a cell defines, even if it does not compile."""
    return set(re.findall(r"^(?:async\s+)?(?:def|class)\s+(\w+)", source, re.MULTILINE))


def exercise_cell(notebook: Notebook, exercise: str) -> Notebook:
    """Return the cell in which the learner writes ``exercise``, also if its metadata was stripped."""
    code: list[Notebook] = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    tests: tuple[Callable[[Notebook], bool], ...] = (
        lambda cell: cell.get("id") == exercise,
        lambda cell: of_course(cell).get("exercise") == exercise,
        lambda cell: exercise in defined_names(cell["source"]),
    )
    found = [cell for test in tests for cell in code if test(cell)]
    if found:
        return found[0]
    raise NotebookError(f"no cell for {exercise!r} in this notebook. Type `bplearn update` to get it back.")


def solution_cell(exercise: str) -> tuple[str, str]:
    """Return the code and the explanation (Markdown) of ``exercise`` from the built solution notebook."""
    from bplearn import exercises

    lesson = exercises.find(exercise).lesson
    cells = read_notebook(course_folder() / "solutions" / (lesson + SUFFIX))["cells"]
    start = next((i for i, cell in enumerate(cells) if of_course(cell).get("exercise") == exercise), None)
    if start is None:
        raise NotebookError(f"the solution of {exercise!r} is missing from this installation. {_UPGRADE}")
    return str(cells[start]["source"]), "\n\n".join(_explanations(cells[start + 1 :]))


def near(name: str, names: Iterable[str]) -> str:
    """Return " Did you mean ...?" for the nearest of ``names``, or ""."""
    close = difflib.get_close_matches(name, list(names), n=2, cutoff=0.6)
    return f" Did you mean {' or '.join(close)}?" if close else ""


# ---- writing ----


def dumps(notebook: Notebook) -> str:
    """Return the text of a notebook file, laid out as Jupyter does it."""
    cells = [cell | {"source": cell["source"].splitlines(keepends=True)} for cell in notebook["cells"]]
    return json.dumps(notebook | {"cells": cells}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def write_notebook(path: str | os.PathLike[str], notebook: Notebook) -> None:
    """Write a notebook whole or not at all: the old file stays until the new one is complete."""
    file = Path(os.path.realpath(path))
    text = dumps(notebook)
    try:
        data = text.encode()
    except UnicodeEncodeError:  # half a character, which only JSON's own escapes can hold
        data = (json.dumps(json.loads(text), indent=1, sort_keys=True) + "\n").encode()
    write_bytes(file, data)


def write_bytes(file: Path, data: bytes) -> None:
    """Replace ``file`` by ``data`` at one blow, keeping its permissions."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            shutil.copymode(file, part)
        os.replace(part, file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise NotebookError(f"{file} could not be written ({error.strerror}); nothing was changed.") from None


# ---- helpers ----

_RESET = "For a fresh one type `bplearn reset` and its name."
_UPGRADE = "Type `python -m pip install --upgrade bplearn`."


def _text_of(file: Path) -> str:
    if file.is_dir():
        raise NotebookError(f"{file} is a folder. Name a notebook in it{_an_example(file)}.")
    try:
        return decoded(file.read_bytes(), str(file))
    except FileNotFoundError:
        raise NotebookError(f"there is no {file}.{near(file.name, _siblings(file))}") from None
    except OSError as error:
        raise NotebookError(f"{file} cannot be read: {error.strerror}.") from None


def _siblings(file: Path) -> list[str]:
    return sorted(path.name for path in file.parent.glob("*" + SUFFIX))


def _an_example(folder: Path) -> str:
    names = sorted(path.name for path in folder.glob("*" + SUFFIX))
    return f", such as {folder / names[0]}" if names else "; it holds none"


def _refuse_format(notebook: Notebook, label: str) -> None:
    major = notebook.get("nbformat")
    if "worksheets" in notebook or (isinstance(major, int) and major < 4):
        command = f"jupyter nbconvert --to notebook --nbformat 4 --inplace {label}"
        raise NotebookError(
            f"{label} has the old notebook format 3. Open it in JupyterLab and save it, or type `{command}`."
        )
    if not isinstance(notebook.get("cells"), list) or not isinstance(major, int):
        raise NotebookError(f"{label} is not a notebook, though it is JSON: it has no cells. {_RESET}")
    if major > 4:
        raise NotebookError(
            f"{label} has the notebook format {major}, which is newer than this bplearn. {_UPGRADE}"
        )
    if not notebook["cells"]:
        raise NotebookError(f"{label} is an empty notebook: it has no cells. {_RESET}")


def _cell(cell: Any, number: int, label: str) -> Notebook:
    source = cell.get("source") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or not isinstance(cell.get("cell_type"), str):
        raise NotebookError(f"{label} is damaged: its cell {number} has no text or no type. {_RESET}")
    metadata = cell.get("metadata")
    plain = source.replace("\r\n", "\n").replace("\r", "\n")
    return dict(cell) | {"source": plain, "metadata": metadata if isinstance(metadata, dict) else {}}


def _lesson_by_names(notebook: Notebook, path: str | os.PathLike[str]) -> str:
    from bplearn import exercises

    code = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    defined = set().union(*map(defined_names, code))
    hits = {
        name: len(defined & {one.name for one in exercises.exercises_of(name)}) for name in exercises.LESSONS
    }
    best = max(hits, key=lambda name: hits[name])
    if not hits[best]:
        raise NotebookError(
            f"{path} is not a notebook of this course. Type `bplearn list` to see its lessons."
        )
    return best


def _explanations(cells: list[Notebook]) -> Iterable[str]:
    for cell in cells:
        if of_course(cell).get("role") == "exercise":
            return
        if cell["cell_type"] == "markdown" and "solution" in cell["metadata"].get("tags", ()):
            yield cell["source"]
