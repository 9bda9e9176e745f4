"""`bplearn grade` and `bplearn report`, as an instructor types them."""

import csv
import json

import pytest

from bplearn import classroom, instructing
from bplearn.grader import examination, tables
from tests.sample_class import LOSS, RIGHT, hand_in
from tests.sample_shell import run

pytestmark = pytest.mark.sandbox


@pytest.fixture
def place(tmp_path):
    hand_in(tmp_path / "in", "jane", RIGHT, LOSS)
    hand_in(tmp_path / "in", "joe", "def sigmoid(z):\n    return 0")
    return tmp_path


def grade(place, *more):
    return run("grade", place / "in", "-o", place / "out", "--seed", 7, "--timeout", 2, *more)


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return {(line[0], line[2]): line[3:] for line in csv.reader(file)}


def test_a_class_is_graded_in_one_command(place):
    done = grade(place)
    assert done.exit_code == 0
    assert "2 notebooks marked" in done.stdout
    assert "2 learners: 2 graded. Seed 7." in done.stdout
    assert rows(place / "out" / "grades.csv")["jane", "sigmoid"] == ["passed", "1", "1", ""]
    names = {path.name for path in (place / "out").iterdir()}
    assert names >= {"grades.sqlite", "grades.csv", "summary.csv", "timings.csv", "errors.csv", "class.html"}
    assert {path.name for path in (place / "out" / "learners").iterdir()} == {"jane.html", "joe.html"}


def test_roster_overrides_and_formats(place):
    (place / "roster.csv").write_text("submission,ID\njane,1\nbob,3\n")
    (place / "overrides.csv").write_text(
        "submission,lesson,exercise,points,reason\njoe,01_one_weight,sigmoid,1,spoke with him\n"
    )
    done = grade(place, "--roster", place / "roster.csv", "--format", "canvas", "--format", "json")
    assert "joe: handed in, but is not in the roster" in done.stdout
    assert "bob: in the roster, but handed nothing in" in done.stdout
    assert rows(place / "out" / "grades.csv")["joe", "sigmoid"][1:] == ["1", "1", "override: spoke with him"]
    assert (place / "out" / "canvas.csv").exists()
    assert (place / "out" / "grades.json").exists()


def test_the_report_is_written_again_without_grading(place):
    grade(place)
    (place / "overrides.csv").write_text(
        "submission,lesson,exercise,points,reason\njoe,01_one_weight,sigmoid,0.5,x\n"
    )
    (place / "out" / "class.html").unlink()
    done = run("report", place / "out", "--format", "moodle")
    assert done.exit_code == 0
    assert "marked" not in done.stdout
    assert rows(place / "out" / "grades.csv")["joe", "sigmoid"][1] == "0.5"
    assert (place / "out" / "moodle_01_one_weight.csv").exists()
    assert (place / "out" / "class.html").exists()


def test_a_second_run_marks_nothing_and_keeps_the_seed(place):
    grade(place)
    done = run("grade", place / "in", "-o", place / "out", "--timeout", 2, "--json")
    told = json.loads(done.stdout)
    assert (told["marked"], told["unchanged"], told["seed"]) == (0, 2, 7)


def test_a_notebook_of_another_lesson_is_told_and_the_exit_code_says_so(place):
    done = grade(place, "--lesson", "2")
    assert done.exit_code == 1
    assert "2 wrong_lesson" in done.stdout


def test_every_format_that_can_be_asked_for_is_there():
    assert set(instructing.FORMATS) == {"csv", *tables.OTHERS}


def test_seeds_are_drawn_if_none_is_given(place):
    seeds = set()
    for n in range(2):
        run("grade", place / "in", "-o", place / f"out{n}", "--timeout", 2)
        seeds.add(json.loads((place / f"out{n}" / "settings.json").read_text())["seed"])
    assert len(seeds) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("grade", "nowhere", "-o", "out"), "there is no nowhere"),
        (("grade", "in", "-o", "out", "--lesson", "77"), "There is no lesson '77'"),
        (("grade", "in", "-o", "out", "--roster", "none.csv"), "there is no roster"),
        (("report", "out"), "holds no graded class"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(place, monkeypatch, arguments, said):
    monkeypatch.chdir(place)
    done = run(*arguments)
    assert done.exit_code != 0
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_a_sandbox_it_refuses_and_says_what_to_do(place, monkeypatch):
    seen = examination.Examined(False, "there is no bwrap", "Install it: apt-get install bubblewrap.")
    monkeypatch.setattr(examination, "examine", lambda: seen)
    done = grade(place)
    assert done.exit_code == 1
    assert "apt-get install bubblewrap" in done.stderr
    assert "--sandbox none" in done.stderr
    assert not (place / "out").exists()


def test_graded_without_a_sandbox_by_choice_the_report_says_so(place):
    done = grade(place, "--sandbox", "none")
    assert "no sandbox" in done.stderr
    assert "without a sandbox" in (place / "out" / "class.html").read_text()
    assert "without a sandbox" in (place / "out" / "learners" / "jane.html").read_text()


def test_in_the_example_class_is_found_what_was_planted(tmp_path):
    """The two commands of the README, with another size."""
    lessons = ["01_one_weight", "11_gradient_clipping"]
    classroom.write_class(tmp_path / "example", 20, 3, lessons)
    assert run("grade", tmp_path / "example" / "submissions", "-o", tmp_path / "marks").exit_code == 0
    found = {}
    for mark in read(tmp_path / "marks" / "grades.csv"):
        found[mark["submission"], mark["lesson"], mark["exercise"]] = mark
    planted = read(tmp_path / "example" / "planted.csv")
    assert len(planted) == len(found) == 20 * 11
    for row in planted:
        mark = found[row["submission"], row["lesson"], row["exercise"]]
        if row["planted"] == "right":
            assert (mark["status"], mark["points"]) == ("passed", mark["max_points"])
        elif row["planted"] == "broken":
            assert (mark["status"], mark["points"]) == ("error", "0")
        elif ":" in row["planted"]:
            names = {part.partition(":")[2] for part in row["planted"].split(";")}
            assert names & {part.rpartition(":")[2] for part in mark["mistake"].split(";")}


def read(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
