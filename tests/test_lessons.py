"""The lessons as texts: their form, their numbers, their PyTorch boxes, what they hand out."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from bplearn.exercises import LESSONS, exercises_of
from bplearn.judge.compare import close
from bplearn.notebooks import course_folder, exercise_cell, of_course

MOST_WORDS = 120
MOST_LINES = 15
BANNED = re.compile(
    r"\b(simply|obviously|just|trivially|clearly|of course|dive|powerful|crucial)\b|!(?!\[|=)", re.I
)


def cells(lesson, edition="solutions"):
    text = (course_folder() / edition / f"{lesson}.ipynb").read_text(encoding="utf-8")
    return [{**cell, "source": "".join(cell["source"])} for cell in json.loads(text)["cells"]]


def texts(lesson, edition="solutions"):
    return [cell["source"] for cell in cells(lesson, edition) if cell["cell_type"] == "markdown"]


def prose(text):
    """A text without code, formulas, tables and headings."""
    text = re.sub(r"```.*?```|\$\$.*?\$\$|\$.*?\$|`[^`]*`", " ", text, flags=re.S)
    return "\n".join(line for line in text.splitlines() if not line.startswith(("|", "#")))


def shown(lesson):
    """Everything a reader of the solution notebook sees as output, and the numbers that the code gives."""
    parts = [json.dumps(cell.get("outputs", []), ensure_ascii=False) for cell in cells(lesson)]
    parts += [cell["source"] for cell in cells(lesson) if cell["cell_type"] == "code"]
    return re.sub(r'"image/png": "[^"]*"', "", " ".join(parts))


def numbers(text):
    return re.findall(r"(?<![\w.])-?\d+\.\d+", text.replace("\N{MINUS SIGN}", "-"))


# ---- form ----


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_text_cell_holds_one_idea(lesson):
    long = [text for text in texts(lesson) if len(prose(text).split()) > MOST_WORDS]
    assert long == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_code_cell_given_to_the_learner_is_short(lesson):
    code = [cell["source"] for cell in cells(lesson, "lessons") if cell["cell_type"] == "code"]
    assert [
        text for text in code if len([line for line in text.splitlines() if line.strip()]) > MOST_LINES
    ] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_voice_is_plain(lesson):
    assert [match[0] for text in texts(lesson) for match in BANNED.finditer(prose(text))] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_states_its_time_and_ends_with_three_sentences(lesson):
    first, *_, last = texts(lesson, "lessons")
    assert re.search(r"About \d\d minutes", first)
    assert re.findall(r"^\d\.", last, flags=re.M) == ["1.", "2.", "3."]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_answer_is_used_after_it_is_checked(lesson):
    code = [cell["source"] for cell in cells(lesson, "lessons") if cell["cell_type"] == "code"]
    for exercise in exercises_of(lesson):
        after = code[code.index(f"check({exercise.name})") :]
        assert exercise.handed_out or any(f"use({exercise.name})" in text for text in after)


# ---- numbers ----


@pytest.mark.parametrize("lesson", LESSONS)
def test_numbers_in_the_text_are_shown_by_the_runs_beside_it(lesson):
    outputs = [float(token) for token in numbers(shown(lesson))]
    for text in texts(lesson):
        for token in numbers(prose(text)):
            digits = len(token.partition(".")[2])
            close = np.isclose(np.abs(outputs), abs(float(token)), rtol=0, atol=0.5001 * 10.0**-digits)
            assert close.any(), f"{lesson}: {token} in {text[:60]!r} is shown nowhere"


# ---- PyTorch ----


@pytest.mark.torch
@pytest.mark.parametrize("lesson", LESSONS)
def test_the_pytorch_box_prints_what_it_says(lesson, torch, capsys):
    box = next(text for text in texts(lesson) if "in PyTorch" in text.splitlines()[0])
    code = re.search(r"```python\n(.*?)```", box, re.S)[1]
    exec(compile(code, f"{lesson}, PyTorch box", "exec"), {})
    promised = re.findall(r"^print\(.*\)  # (.+)$", code, re.M)
    assert capsys.readouterr().out.splitlines() == promised


# ---- what is handed out ----

BROKEN = [exercise for lesson in LESSONS for exercise in exercises_of(lesson) if exercise.handed_out]


@pytest.mark.parametrize("exercise", BROKEN, ids=lambda exercise: exercise.name)
def test_the_version_handed_out_is_the_one_in_the_lesson(exercise):
    notebook = {"cells": cells(exercise.lesson, "lessons")}
    setup = next(
        c["source"]
        for c in notebook["cells"]
        if of_course(c).get("role") == "setup" and "import" in c["source"]
    )
    scope = {}
    exec(setup, scope)
    exec(exercise_cell(notebook, exercise.name)["source"], scope)
    for case in exercise.sample(3):
        written = exercise.run(scope[exercise.name], case)
        assert close(written, exercise.run(exercise.handed_out, case), 1e-12)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_learner_edition_holds_no_output_and_no_solution(lesson):
    text = Path(course_folder() / "lessons" / f"{lesson}.ipynb").read_text(encoding="utf-8")
    assert all(not cell.get("outputs") for cell in cells(lesson, "lessons"))
    assert "SOLUTION" not in text
    assert "Why this way" not in text
