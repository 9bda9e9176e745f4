"""The command line: each verb, its exit code, results on stdout, complaints in one line on stderr."""

import json
import os
from pathlib import Path

import pytest

from bplearn import exercises, notebooks
from bplearn.cli import main
from bplearn.record import Record
from bplearn.report import Finding, Report
from tests.sample_shell import PACKAGE, process, run

NAME = "01_one_weight.ipynb"
RIGHT = "import numpy as np\n\ndef sigmoid(z):\n    return 0.5 * (1 + np.tanh(0.5 * z))"
WRONG = "import numpy as np\n\ndef sigmoid(z):\n    return 1 / (1 + np.exp(z))"


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A learner's folder with the course's own lessons; we are in the folder above it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BPLEARN_HOME", raising=False)
    for name in exercises.LESSONS:
        file = notebooks.course_folder() / "lessons" / f"{name}.ipynb"
        (tmp_path / "bplearn-lessons").mkdir(exist_ok=True)
        (tmp_path / "bplearn-lessons" / file.name).write_bytes(file.read_bytes())
    return tmp_path / "bplearn-lessons"


def answer(home: Path, source: str, exercise: str = "sigmoid") -> None:
    notebook = notebooks.read_notebook(home / NAME)
    notebooks.exercise_cell(notebook, exercise)["source"] = source
    notebooks.write_notebook(home / NAME, notebook)


def tried(home: Path, status: str = "ok", source: str = RIGHT) -> None:
    Record.at(home).add_check(Report("sigmoid", "01_one_weight", 1, (Finding("", status),)), source)


# ---- every verb ----

VERBS = {name: command for name, command in main.commands.items() if name != "dev"}
VERBS |= {f"dev {name}": command for name, command in main.commands["dev"].commands.items()}


@pytest.mark.parametrize("verb", VERBS)
def test_help_has_an_example_for_each_verb(verb):
    result = run(*verb.split(), "--help")
    assert (result.exit_code, f"Example:  bplearn {verb}" in result.stdout) == (0, True)


@pytest.mark.parametrize("verb", VERBS)
def test_the_list_of_verbs_says_what_each_does_in_full(verb):
    group = verb.split()[:-1]
    assert VERBS[verb].get_short_help_str(200) in " ".join(run(*group, "--help").stdout.split())


USAGE = [
    ("no-such-verb",),
    ("check",),
    ("hint",),
    ("hint", "sigmiod"),
    ("solution", "sigmiod"),
    ("history", "sigmiod"),
    ("history", "sigmoid", "--restore", "7"),
    ("check", "nothing.ipynb"),
    ("check", NAME, "--exercise", "sigmiod"),
    ("reset", "nothing.ipynb"),
    ("reset", "."),
    ("update", "nowhere"),
    ("dev", "new", "dropout"),
    ("dev", "check", "sigmiod"),
]


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_wrong_usage_is_exit_2_and_says_what_to_do_on_stderr(home, args):
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("args", [one for one in USAGE if len(one) > 1], ids=" ".join)
def test_a_complaint_is_one_line(home, args):
    assert run(*args).stderr.count("\n") == 1


def test_near_names_are_suggested(home):
    assert "Did you mean `sigmoid`" in run("hint", "sigmiod").stderr


# ---- list, hint, solution, history ----


def test_list_shows_every_lesson_and_exercise_and_what_was_reached(home):
    tried(home)
    lines = run("list").stdout
    names = [one.name for one in exercises.all_exercises()]
    assert [name for name in [*exercises.LESSONS, *names] if name not in lines] == []
    assert f"1 of {len(names)} exercises passed, 1 of" in lines


def test_list_for_programs(home):
    tried(home)
    lessons = json.loads(run("list", "--json").stdout)["lessons"]
    rows = {one["name"]: one for lesson in lessons for one in lesson["exercises"]}
    assert rows["sigmoid"] == {
        "name": "sigmoid",
        "points": 1.0,
        "max_points": 1,
        "begun": True,
        "passed": True,
    }
    assert not rows["squared_error"]["begun"]


def test_hints_go_on_from_call_to_call_and_then_open_the_solution(home):
    assert run("solution", "sigmoid").exit_code == 1
    for number, _ in enumerate(exercises.find("sigmoid").hints, 1):
        assert f"Hint {number} of 3" in run("hint", "sigmoid").stdout
    assert "def sigmoid" in run("solution", "sigmoid").stdout


def test_a_barred_solution_says_what_to_type_here(home):
    assert "Type `bplearn hint sigmoid`." in run("solution", "sigmoid").stderr


def test_a_pass_opens_the_solution(home):
    tried(home)
    assert "def sigmoid" in run("solution", "sigmoid").stdout


def test_history_numbers_the_answers(home):
    tried(home, "wrong", "first")
    tried(home)
    rows = json.loads(run("history", "sigmoid", "--json").stdout)["attempts"]
    assert [(row["number"], row["status"], row["source"]) for row in rows] == [
        (1, "failed", "first"),
        (2, "passed", RIGHT),
    ]
    assert "passed" in run("history", "sigmoid").stdout


def test_history_brings_an_answer_back_and_keeps_the_other(home):
    tried(home, source="def sigmoid(z):\n    return 7\n")
    answer(home, WRONG)
    assert run("history", "sigmoid", "--restore", 1).exit_code == 0
    cell = notebooks.exercise_cell(notebooks.read_notebook(home / NAME), "sigmoid")
    assert cell["source"] == WRONG.replace("1 / (1 + np.exp(z))", "7")
    assert (home / NAME.replace(".", "-kept-1.")).exists()


def test_an_empty_history_is_no_error(home):
    assert run("history", "sigmoid").exit_code == 0


def test_a_damaged_record_is_one_line_on_stderr_and_no_failure(home):
    tried(home)
    Record.at(home).file.write_text("shopping list " * 100, encoding="utf-8")
    result = run("list")
    assert (result.exit_code, result.stderr.count("\n")) == (0, 1)
    assert "record-damaged-1.sqlite" in result.stderr


# ---- check ----


@pytest.mark.parametrize(("source", "code"), [(RIGHT, 0), (WRONG, 1)])
def test_check_says_what_the_check_cell_would_say(home, source, code):
    answer(home, source)
    result = run("check", home / NAME, "--exercise", "sigmoid")
    assert result.exit_code == code
    assert "`sigmoid`" in result.stdout


def test_an_untouched_notebook_is_not_attempted_and_exit_1(home):
    result = run("check", home / NAME, "--json")
    (notebook,) = json.loads(result.stdout)["notebooks"]
    assert result.exit_code == 1
    assert {report["attempted"] for report in notebook["reports"]} == {False}


def test_one_unreadable_notebook_does_not_hide_the_others(home):
    (home / "odd.ipynb").write_text("{", encoding="utf-8")
    answer(home, RIGHT)
    result = run("check", home / "odd.ipynb", home / NAME, "--exercise", "sigmoid")
    assert result.exit_code == 2
    assert "1 of 1 exercises passed" in result.stdout
    assert result.stderr.count("\n") == 1


BAD = {
    "empty": b"",
    "format 3": b'{"nbformat": 3, "worksheets": []}',
    "other": b'{"nbformat": 4, "cells": []}',
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("verb", ["check", "update"])
def test_a_notebook_that_is_none_gets_one_line_and_nothing_is_changed(home, verb, data):
    (home / NAME).write_bytes(data)
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    result = run(verb, home / NAME if verb == "check" else home)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before


# ---- reset, update, doctor ----


def test_reset_and_update_find_the_folder_and_keep_what_was_there(home):
    answer(home, WRONG)
    assert "is as handed out again" in run("reset", home / NAME).stdout
    assert "np.exp(z)" in (home / NAME.replace(".", "-kept-1.")).read_text(encoding="utf-8")
    assert run("update").stdout.count("is up to date") == len(exercises.LESSONS)


def test_doctor_looks_at_what_the_course_needs(home):
    findings = {one["what"]: one for one in json.loads(run("doctor", "--json").stdout)["findings"]}
    assert {"Python", "jupyterlab", "anywidget", "kernel python3", "sandbox (grading)"} <= findings.keys()
    assert all(one["state"] == "good" or one["advice"] for one in findings.values())
    assert findings["saved live pictures"]["state"] == "good"


# ---- lab ----


def test_lab_copies_the_lessons_and_goes_on_as_jupyterlab(tmp_path):
    result = process("lab", "mine", "--", "--version", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout[0].isdigit()
    assert {path.stem for path in (tmp_path / "mine").glob("*.ipynb")} == {*exercises.LESSONS}
    assert f"{len(exercises.LESSONS)} lessons copied, 0 left" in result.stderr


def test_lab_puts_its_setting_before_the_users_own(tmp_path):
    fake = tmp_path / "fake" / "jupyterlab"
    fake.mkdir(parents=True)
    show = "import os, sys; print(os.environ['JUPYTER_CONFIG_PATH']); print(sys.argv[1:]); sys.exit(3)"
    (fake / "__main__.py").write_text(show, encoding="utf-8")
    (fake / "__init__.py").touch()
    path = os.pathsep.join([str(fake.parent), str(PACKAGE.parent)])
    result = process("lab", "mine", cwd=tmp_path, PYTHONPATH=path, JUPYTER_CONFIG_PATH="/own")
    ours, _, own = result.stdout.splitlines()[0].partition(os.pathsep)
    assert (own, result.returncode) == ("/own", 3)
    assert "saveState" in (Path(ours) / "labconfig" / "default_setting_overrides.json").read_text(
        encoding="utf-8"
    )
    assert result.stdout.splitlines()[1].endswith("'00_start_here.ipynb']")  # as root: behind --allow-root


# ---- a real process ----


@pytest.mark.parametrize(
    ("args", "code"),
    [(("--version",), 0), (("list",), 0), (("hint", "sigmiod"), 2), (("solution", "sigmoid"), 1)],
)
def test_exit_codes_of_a_real_process(tmp_path, args, code):
    result = process(*args, cwd=tmp_path)
    assert result.returncode == code
    assert bool(result.stderr) == bool(code)


def test_no_color_and_no_terminal_mean_plain_text(tmp_path):
    result = process("list", cwd=tmp_path, NO_COLOR="1", FORCE_COLOR="1")
    assert "\x1b[3" not in result.stdout


def test_a_terminal_that_does_not_know_our_signs_is_no_error(tmp_path):
    assert process("list", cwd=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0").returncode == 0
