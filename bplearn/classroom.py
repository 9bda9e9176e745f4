"""An example class: notebooks as learners hand them in, and beside them what was put into each answer.

An author or an instructor can try everything that takes submissions on it, without anybody's real work.
"""

from __future__ import annotations

import copy
import csv
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bplearn import exercises
from bplearn.notebooks import (
    NotebookError,
    course_folder,
    exercise_cell,
    read_notebook,
    solution_cell,
    write_notebook,
)

Notebook = dict[str, Any]
COLUMNS = ("submission", "lesson", "exercise", "planted")
# A right answer that calls one that is not right depends on it: what a check says is about the other.
UNTOUCHED, RIGHT, BROKEN, DEPENDS = "untouched", "right", "broken", "depends"


class Answer(NamedTuple):
    """Text of a cell, and what it is: right, untouched, broken, or ``output:mistake`` for each output."""

    text: str
    planted: str


class Learner(NamedTuple):
    """How often somebody is right, how far they get, and how often a cell is left in pieces."""

    skill: float
    diligence: float
    haste: float


def write_class(folder: Path, size: int, seed: int, lessons: Sequence[str]) -> list[str]:
    """Write a class of this size into a new folder; return lines that say what is there.

    Parameters
    ----------
    folder : Path
        Gets ``submissions/ID/LESSON.ipynb``, ``roster.csv`` and ``planted.csv``.
    size : int
        Learners, 1 to 9,999.
    seed : int
        The same seed writes the same class.
    lessons : sequence of str

    Returns
    -------
    lines : list of str

    Raises
    ------
    NotebookError
        If the folder exists and is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise NotebookError(f"{folder} is not empty. Name a folder that does not exist yet.")
    rows: list[tuple[str, str, str, str]] = []
    for number in range(1, size + 1):
        name = f"s{number:04}"
        rng = random.Random(f"{seed} {number}")  # whoever joins later changes nobody before
        for lesson in lessons:
            planted = _submission(folder / "submissions" / name / f"{lesson}.ipynb", lesson, rng)
            rows += [(name, lesson, exercise, what) for exercise, what in planted]
    _table(folder / "planted.csv", COLUMNS, rows)
    _table(folder / "roster.csv", ("submission",), [(f"s{k:04}",) for k in range(1, size + 1)])
    return [
        f"{folder}/submissions: {size} learners, {len(lessons)} notebook{'s' * (len(lessons) != 1)} each.",
        f"{folder}/planted.csv: what was put into each answer. {folder}/roster.csv: who they are.",
    ]


def _submission(path: Path, lesson: str, rng: random.Random) -> list[tuple[str, str]]:
    """Write one notebook; return each exercise with what was planted in it."""
    notebook = copy.deepcopy(read_notebook(course_folder() / "lessons" / f"{lesson}.ipynb"))
    learner = Learner(rng.betavariate(5, 2), rng.betavariate(6, 1.5), rng.choice((0.0, 0.0, 0.04)))
    own = exercises.exercises_of(lesson)
    reached = max(1, round(learner.diligence * len(own)))
    planted = {exercise.name: UNTOUCHED for exercise in own}
    for exercise in own[:reached]:
        answer = _answer(exercise.name, lesson, learner, rng)
        if answer.planted != UNTOUCHED:
            exercise_cell(notebook, exercise.name)["source"] = answer.text
        leans = any(planted[name] != RIGHT for name in _called(answer.text, planted, exercise.name))
        planted[exercise.name] = DEPENDS if answer.planted == RIGHT and leans else answer.planted
    for odd in rng.sample(ODDITIES, k=rng.choice((0, 0, 1))):
        odd(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_notebook(path, notebook)
    return list(planted.items())


def _answer(exercise: str, lesson: str, learner: Learner, rng: random.Random) -> Answer:
    right = Answer(solution_cell(exercise)[0], RIGHT)
    wrong = _known_mistakes(exercise, lesson)
    draw = rng.random()
    if draw < learner.haste:
        return Answer(_in_pieces(right.text, rng), BROKEN)
    if draw < learner.haste + 0.04:
        return Answer("", UNTOUCHED)
    return rng.choice(wrong) if wrong and rng.random() > learner.skill else right


def _known_mistakes(exercise: str, lesson: str) -> list[Answer]:
    """Answers as learners typed them, with one cause that is known, that call no other exercise."""
    path = course_folder() / "solutions" / "answers" / f"{lesson}.json"
    typed = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    others = [other.name for other in exercises.exercises_of(lesson)]
    known = {mistake.name for mistake in exercises.find(exercise).mistakes}
    return [
        Answer(one["answer"], one["expected"])
        for one in typed
        if one["exercise"] == exercise
        and known & {part.partition(":")[2] for part in one["expected"].split(";")}
        and not _called(one["answer"], others, exercise)
    ]


def _called(text: str, names: Iterable[str], own: str) -> list[str]:
    """Which of these exercises an answer calls, itself not counted."""
    return [name for name in names if name != own and re.search(rf"\b{name}\(", text)]


def _in_pieces(text: str, rng: random.Random) -> str:
    """A cell in which somebody was interrupted: its last line stops in the middle of a call."""
    lines = text.rstrip().split("\n")
    cut = rng.randrange(max(1, len(lines) - 2), len(lines) + 1)
    return "\n".join([*lines[:cut], "    np.sum("])


# ---- what else happens to notebooks ----


def _scratch(notebook: Notebook) -> None:
    cell = {"cell_type": "code", "metadata": {}, "source": "print('does it run?')\n1 + 1", "id": "scratch"}
    notebook["cells"].insert(3, cell | {"outputs": [], "execution_count": 7})


def _stripped(notebook: Notebook) -> None:
    """Lose all metadata, as some upload pages do."""
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def _without_pictures(notebook: Notebook) -> None:
    kept = [cell for cell in notebook["cells"] if not cell["source"].startswith("viz.")]
    notebook["cells"] = kept


def _windows(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")


ODDITIES: tuple[Callable[[Notebook], None], ...] = (_scratch, _stripped, _without_pictures, _windows)


def _table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
