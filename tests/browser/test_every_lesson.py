"""Every lesson in a real browser: untouched it runs to its end, and a wrong answer is named on its card."""

import json
import re
import shutil

import pytest

from bplearn.exercises import LESSONS, exercises_of, find
from bplearn.notebooks import course_folder
from tests.browser.lab import Notebook

pytestmark = pytest.mark.browser
TRIALS = course_folder() / "solutions" / "answers"


def a_named_answer(lesson):
    """Exercise, answer and message of the first trial that stands alone and whose one output is named."""
    for trial in json.loads((TRIALS / f"{lesson}.json").read_text(encoding="utf-8")):
        messages = {mistake.name: mistake.message for mistake in find(trial["exercise"]).mistakes}
        name = trial["expected"].partition(":")[2]
        calls = [f"{exercise.name}(" in trial["answer"] for exercise in exercises_of(lesson)]
        if name in messages and sum(calls) == 1:
            return trial["exercise"], trial["answer"], messages[name]
    raise LookupError(lesson)


@pytest.fixture(params=LESSONS)
def lesson(request, shared_page, lab):
    shutil.copy(course_folder() / "lessons" / f"{request.param}.ipynb", lab.folder)
    notebook = Notebook.open(shared_page, lab, f"{request.param}.ipynb")
    notebook.run_all()
    return request.param, notebook


def test_untouched_it_stops_nowhere_and_a_wrong_answer_is_named(lesson):
    name, notebook = lesson
    notebook.assert_no_errors()
    checks = [notebook.cell_with(f"check({exercise.name})") for exercise in exercises_of(name)]
    assert all("not attempted" in notebook.output_text(cell) for cell in checks)
    exercise, answer, message = a_named_answer(name)
    cell, check = notebook.cell_with(f"def {exercise}("), notebook.cell_with(f"check({exercise})")
    notebook.type_into(cell, answer)
    notebook.run(cell)
    notebook.run(check)
    assert re.sub(r"`|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)", "", message) in " ".join(
        notebook.output_text(check).split()
    )
