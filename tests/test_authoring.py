"""The verbs for authors: new, build, check."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bplearn import exercises, notebooks, scaffold
from tests.sample_shell import PACKAGE, process, run


def test_build_check_says_so_if_all_is_up_to_date():
    result = run("dev", "build", "--check")
    assert (result.exit_code, result.stdout) == (0, f"{len(exercises.LESSONS)} lessons are up to date.\n")


def test_build_takes_a_file_name_and_suggests_a_near_one():
    result = run("dev", "build", "--check", "solutions/01_one_wieght.py")
    assert result.exit_code == 1
    assert "Did you mean 01_one_weight?" in result.stdout


@pytest.mark.slow
def test_dev_check_proves_one_exercise():
    result = run("dev", "check", "squared_error")
    assert (result.exit_code, result.stdout) == (0, "1 exercises are right.\n")


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A checkout of the package alone."""
    shutil.copytree(PACKAGE, tmp_path / "bplearn", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "solutions").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("01_again", "belongs to 01_one_weight"),
        ("dropout", "no name of a lesson"),
        ("09_../x", "no name of a lesson"),
    ],
)
def test_a_new_lesson_needs_a_number_and_a_name_of_its_own(checkout, name, said):
    with pytest.raises(notebooks.NotebookError, match=said):
        scaffold.new_lesson(name, checkout, exercises.LESSONS)


def test_a_new_lesson_never_overwrites(checkout):
    scaffold.new_lesson("97_new", checkout, exercises.LESSONS)
    with pytest.raises(notebooks.NotebookError, match="already there"):
        scaffold.new_lesson("97_new", checkout, exercises.LESSONS)


def test_an_installation_without_a_checkout_is_no_place_for_new_lessons(tmp_path):
    with pytest.raises(notebooks.NotebookError, match="a checkout"):
        scaffold.new_lesson("97_new", tmp_path, exercises.LESSONS)


@pytest.mark.slow
@pytest.mark.notebooks
def test_a_new_lesson_builds_and_passes_its_proofs_as_it_is(checkout):
    package = checkout / "bplearn"
    made = process("dev", "new", "97_new_thing", cwd=checkout, package=package)
    assert 'Add "97_new_thing" to LESSONS in bplearn/exercises/__init__.py' in made.stdout
    listed = package / "exercises" / "__init__.py"
    text = listed.read_text(encoding="utf-8").replace("LESSONS = (", 'LESSONS = ("97_new_thing", ')
    listed.write_text(text, encoding="utf-8")
    for verb in (("build", "97_new_thing"), ("build", "--check", "97_new_thing"), ("check", "97_new_thing")):
        result = process("dev", *verb, cwd=checkout, package=package)
        assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("tool", [("check",), ("format", "--check")], ids=" ".join)
def test_a_new_lesson_is_written_as_ruff_wants_it(checkout, tool):
    scaffold.new_lesson("97_new_thing", checkout, exercises.LESSONS)
    files = ["solutions/97_new_thing.py", "bplearn/exercises/lesson97_new_thing.py"]
    config = ["--config", str(PACKAGE.parent / "pyproject.toml")]
    command = [sys.executable, "-m", "ruff", *tool, *config, *files]
    assert subprocess.run(command, cwd=checkout, capture_output=True, check=False).returncode == 0
