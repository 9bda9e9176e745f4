"""An example class: the same every time, like one that hands in, and graded as it was planted."""

import csv
import json
from collections import Counter

import pytest
from click.testing import CliRunner

from bplearn import classroom, exercises
from bplearn.cli import main
from bplearn.grader.session import check_notebook
from bplearn.notebooks import NotebookError, read_notebook

LESSON = "01_one_weight"


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "example"
    classroom.write_class(folder, 24, 3, [LESSON])
    with (folder / "planted.csv").open(encoding="utf-8", newline="") as file:
        return folder, list(csv.DictReader(file))


def test_each_learner_has_a_notebook_and_a_row_for_each_exercise(example):
    folder, rows = example
    assert len(list((folder / "submissions").glob(f"s*/{LESSON}.ipynb"))) == 24
    own = [exercise.name for exercise in exercises.exercises_of(LESSON)]
    assert [row["exercise"] for row in rows] == own * 24
    assert len((folder / "roster.csv").read_text(encoding="utf-8").splitlines()) == 25


def test_it_is_a_class_and_not_a_row_of_twins(example):
    _, rows = example
    kinds = Counter("mistake" if ":" in row["planted"] else row["planted"] for row in rows)
    assert {"right", "untouched", "mistake"} <= set(kinds)
    assert 0.4 < kinds["right"] / len(rows) < 0.9
    assert len({row["planted"] for row in rows}) > 10


def test_the_same_seed_writes_the_same_class_and_more_learners_change_nobody(example, tmp_path):
    folder, _ = example
    classroom.write_class(tmp_path / "again", 26, 3, [LESSON])
    for path in (folder / "submissions").glob("s*/*.ipynb"):
        again = tmp_path / "again" / path.relative_to(folder)
        assert path.read_bytes() == again.read_bytes()
    classroom.write_class(tmp_path / "other", 2, 4, [LESSON])
    one = f"submissions/s0001/{LESSON}.ipynb"
    assert (tmp_path / "other" / one).read_bytes() != (folder / one).read_bytes()


def test_a_check_finds_in_each_answer_what_was_planted_there(example):
    folder, rows = example
    for name in ("s0001", "s0002", "s0003", "s0004"):
        mine = {row["exercise"]: row["planted"] for row in rows if row["submission"] == name}
        for report in check_notebook(str(folder / "submissions" / name / f"{LESSON}.ipynb")):
            planted = mine[report.exercise]
            if planted == "depends":
                assert report.attempted
                continue
            assert report.passed == (planted == "right"), (name, report.exercise, planted)
            assert report.attempted == (planted not in ("untouched", "broken"))
            if ":" in planted:
                named = {part.partition(":")[2] for part in planted.split(";")} - {"ok", "located"}
                assert named <= {finding.mistake for finding in report.findings}


def test_every_lesson_can_be_handed_in(tmp_path):
    classroom.write_class(tmp_path / "all", 2, 0, exercises.LESSONS)
    for path in (tmp_path / "all" / "submissions").glob("s*/*.ipynb"):
        assert read_notebook(path)["cells"]
        json.loads(path.read_text(encoding="utf-8"))


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(NotebookError, match="is not empty"):
        classroom.write_class(tmp_path, 3, 0, [LESSON])
    result = CliRunner().invoke(main, ["dev", "class", str(tmp_path)])
    assert result.exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.txt"]
