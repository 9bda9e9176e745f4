"""Answers typed from the lessons' text alone, before a look at any spec: each is named as it was agreed.

``expected`` is "passed", or for each output the mistake's name, "ok", or "located" where no cause is named.
"""

import json
import linecache

import pytest

from bplearn import collect, exercises
from bplearn.judge import judge
from bplearn.notebooks import course_folder, of_course, read_notebook

TRIALS = [
    trial
    for path in sorted((course_folder() / "solutions" / "answers").glob("*.json"))
    for trial in json.loads(path.read_text(encoding="utf-8"))
]


def code_before(exercise):
    """What stands in the notebook before an exercise, with the right answers to the earlier ones."""
    notebook = read_notebook(course_folder() / "solutions" / f"{exercise.lesson}.ipynb")
    for cell in notebook["cells"]:
        if of_course(cell).get("exercise") == exercise.name:
            return
        if of_course(cell).get("role") in ("setup", "exercise") and "print(" not in cell["source"]:
            yield "\n".join(line for line in cell["source"].splitlines() if "from bplearn import" not in line)


def verdict(trial):
    exercise = exercises.find(trial["exercise"])
    scope = {}
    for k, text in enumerate((*code_before(exercise), trial["answer"])):
        name = f"<cell {k} of a trial>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), scope)
    siblings = {other.name: other for other in exercises.exercises_of(exercise.lesson)}

    def run(name, cases, probe):
        return collect.observe(scope[name], cases, probe) if callable(scope.get(name)) else None

    return judge(exercise, run, exercise.seed, siblings)


def in_short(report):
    if report.passed:
        return "passed"
    return ";".join(f"{f.output or '*'}:{f.mistake or _word(f.status)}" for f in report.findings)


def _word(status):
    return status if status in ("ok", "not_attempted") else "located"


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: f"{trial['exercise']}: {trial['cause'][:60]}")
def test_an_answer_is_named_as_agreed(trial):
    assert in_short(verdict(trial)) == trial["expected"]


def test_right_answers_pass():
    assert all(trial["expected"] == "passed" for trial in TRIALS if trial["cause"] == "right")
