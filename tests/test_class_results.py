"""Tables, platforms' formats, pages: complete, by their documented columns, and harmless."""

import csv
import json

import pytest

from bplearn.grader import classpage, pages, tables
from bplearn.grader.results import (
    Mark,
    Override,
    Roster,
    Submission,
    read_overrides,
    submissions,
    unmatched,
)
from bplearn.grader.store import Row
from bplearn.notebooks import NotebookError
from bplearn.report import Finding, Report

LESSON = "01_one_weight"
EVIL = "<script>alert(1)</script>"


def report(exercise, *findings, points=1.0):
    return Report(exercise, LESSON, points, findings or (Finding("a", "ok"),))


def row(submission, *reports, place=1, status="graded", lesson=LESSON, file="01.ipynb", detail=""):
    body = json.dumps([one.to_dict() for one in reports])
    return Row("x", submission, file, place, "", "{}", 1, lesson, status, detail, body, 0.1, 0.2, 2**20)


WRONG = report(
    "sigmoid", Finding("a", "mistake", "is_the_tanh", message="This is tanh.\nyours 1, expected 2")
)
RIGHT = report("sigmoid")
PARTLY = report("neuron_gradient", Finding("dw", "mistake", "forgets_x"), Finding("db", "ok"), points=2.0)


def found(*rows, attempt="last", overrides=None):
    return submissions(rows, attempt, overrides or {})


def read(content):
    return list(csv.reader(content.decode().splitlines()))


# ---- which attempt counts ----


@pytest.mark.parametrize(("attempt", "points"), [("last", 0.0), ("best", 1.0)])
def test_the_last_or_the_best_attempt_counts(attempt, points):
    (one,) = found(row("jane", RIGHT, place=1), row("jane", WRONG, place=2), attempt=attempt)
    assert (one.points, one.attempts) == (points, 2)


def test_an_attempt_that_cannot_be_read_does_not_replace_one_that_can():
    (one,) = found(row("jane", RIGHT), row("jane", place=2, status="unreadable", detail="broken"))
    assert (one.status, one.points) == ("graded", 1.0)


def test_every_submission_has_a_row_whatever_happened_to_it():
    all_ = found(row("a", status="unreadable", lesson=""), row("b", status="unreadable"), row("c", RIGHT))
    assert read(tables.summary(all_))[1:] == [
        ["a", "", "0", "0", "unreadable"],
        ["b", LESSON, "0", "10", "unreadable"],
        ["c", LESSON, "1", "1", "graded"],
    ]
    assert {line[0] for line in read(tables.grades(all_))[1:]} == {"a", "b", "c"}


def test_marks_are_sorted_and_partly_right_is_failed():
    lines = read(tables.grades(found(row("b", WRONG, PARTLY), row("a", RIGHT))))
    assert lines == [
        list(tables.GRADES),
        ["a", LESSON, "sigmoid", "passed", "1", "1", ""],
        ["b", LESSON, "neuron_gradient", "failed", "1", "2", "dw:forgets_x"],
        ["b", LESSON, "sigmoid", "failed", "0", "1", "is_the_tanh"],
    ]


# ---- overrides ----


def test_an_override_is_honoured_and_marked(tmp_path):
    (tmp_path / "o.csv").write_text(
        f"submission,lesson,exercise,points,reason\njane,{LESSON},sigmoid,0.5,see mail\nx,y,z,1,\n"
    )
    overrides = read_overrides(tmp_path / "o.csv")
    all_ = found(row("jane", WRONG), overrides=overrides)
    assert read(tables.grades(all_))[1][3:] == ["failed", "0.5", "1", "override: see mail"]
    assert unmatched(overrides, all_) == ["no mark for the override of x / y / z"]
    assert "Set by hand to 0.5 of 1 points: see mail" in pages.learner(all_, False).decode()
    assert "see mail" in classpage.class_page(all_, {}, []).decode()


@pytest.mark.parametrize("points", ["", "many", "-1", "nan", "inf", "1e308"])
def test_an_override_without_points_is_one_line(tmp_path, points):
    (tmp_path / "o.csv").write_text(
        f"submission,lesson,exercise,points,reason\njane,{LESSON},sigmoid,{points},x\n"
    )
    with pytest.raises(NotebookError, match="line 2"):
        read_overrides(tmp_path / "o.csv")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a,b\n1,2\n", b""])
def test_a_table_that_is_none_is_one_line(tmp_path, content):
    (tmp_path / "o.csv").write_bytes(content)
    with pytest.raises(NotebookError):
        read_overrides(tmp_path / "o.csv")


# ---- platforms ----


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(
        "submission,Student,ID,SIS User ID,SIS Login ID,Section,Identifier,Full name,Email address\n"
        'jane,"Doe, Jane",123,sis1,jdoe,A,Participant 77,Jane Doe,jane@x.org\nabsent,,,,,,,,\n'
    )
    return Roster.read(path)


def test_canvas_imports_this(roster):
    (content,) = tables.canvas(found(row("jane", RIGHT), row("joe", WRONG)), roster).values()
    assert read(content) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", LESSON],
        ["    Points Possible", "", "", "", "", "1"],
        ["Doe, Jane", "123", "sis1", "jdoe", "A", "1"],
        ["joe", "joe", "", "", "", "0"],
    ]


def test_moodle_imports_this(roster):
    (content,) = tables.moodle(found(row("jane", RIGHT), row("78", WRONG)), roster).values()
    lines = read(content)
    assert lines[0][:6] == ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade"]
    assert [line[:3] + line[4:6] for line in lines[1:]] == [
        ["Participant 78", "78", "", "0", "1"],
        ["Participant 77", "Jane Doe", "jane@x.org", "1", "1"],
    ]
    assert lines[1][8] == "-"


def test_gradescope_reads_this():
    files = tables.gradescope(found(row("jane", WRONG, PARTLY)), None)
    body = json.loads(files[f"gradescope/{LESSON}/jane.json"])
    assert (body["score"], [test["score"] for test in body["tests"]]) == (1.0, [1.0, 0.0])
    assert {"name", "score", "max_score", "status", "output", "visibility"} == set(body["tests"][0])
    assert "This is tanh." in body["tests"][1]["output"]


def test_who_does_not_match_the_roster_is_listed(roster):
    assert roster.strangers(found(row("jane", RIGHT), row("joe", RIGHT))) == [
        "joe: handed in, but is not in the roster",
        "absent: in the roster, but handed nothing in",
    ]


def test_json_holds_everything():
    (one,) = json.loads(tables.as_json(found(row("jane", WRONG))))["submissions"]
    assert (one["submission"], one["exercises"][0]["findings"][0]["mistake"]) == ("jane", "is_the_tanh")


# ---- harmless ----


def test_no_formula_hides_behind_a_semicolon_and_no_code_for_a_terminal():
    assert tables.harmless("x;=HYPERLINK(1)") == "x;'=HYPERLINK(1)"
    assert tables.harmless("a\x1b[2J\x00b") == "a [2J b"


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|x", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\uff1d1+1"])
def test_no_cell_is_a_formula(cell):
    assert tables.harmless(cell) == "'" + cell.replace("\t", " ").replace("\r", " ")
    assert tables.harmless(-1.5) == "-1.5"


@pytest.mark.parametrize(
    "name", ["../../etc/x", "/abs", ".hidden", "a/b", "a\\b", "..", "x" * 300, "%2e", "", "é", "a:b", "CON."]
)
def test_a_name_of_a_learner_is_a_safe_name_of_a_file(name):
    safe = tables.file_name(name)
    assert safe == safe.strip()
    assert not set(safe) & set('/\\:*?"<>|\0')
    assert not safe.startswith(".")
    assert 0 < len(safe) < 160


def test_different_learners_have_different_files():
    names = ["a/b", "a%2Fb", "a\\b", "a.b", "a b", "é", "e", "x" * 300, "x" * 301, ".a", "a"]
    assert len({tables.file_name(name) for name in names}) == len(names)


def evil():
    finding = Finding(EVIL, "error", EVIL, message=f"{EVIL}\n`{EVIL}` *{EVIL}*", notes=(EVIL,))
    mark = Mark(EVIL, LESSON, EVIL, "error", 0.0, 1.0, EVIL, Report(EVIL, LESSON, 1.0, (finding,)))
    good = Submission(EVIL, LESSON, "graded", EVIL, EVIL, (mark,), 2)
    return [good, good._replace(lesson=EVIL, status="unreadable", marks=())]


def test_nothing_of_a_submission_is_more_than_text_on_a_page():
    settings = {"version": EVIL, "seed": EVIL, "attempt": EVIL}
    for content in (pages.learner(evil(), True), classpage.class_page(evil(), settings, [EVIL])):
        assert EVIL not in content.decode()
        assert "&lt;script&gt;" in content.decode()


def test_pages_need_nothing_from_elsewhere_and_run_nothing():
    text = classpage.class_page(found(row("jane", WRONG)), {}, []).decode()
    assert "default-src 'none'" in text
    assert not [word for word in ("http:", "https:", "<script", "<link", "src=") if word in text]


# ---- what a class page says ----


def test_the_class_page_says_what_to_teach_again():
    rows = [row(f"s{n}", WRONG if n < 3 else RIGHT, PARTLY) for n in range(5)]
    text = classpage.class_page(found(*rows), {"seed": 7}, ["one line more"]).decode()
    assert "5 learners, 5 notebooks" in text
    assert "is_the_tanh</code>, 3 times" in text
    assert "The squashing function" in text
    assert "one line more" in text
    assert "40 %" in text


def test_a_class_without_a_sandbox_says_so():
    assert (
        "without a sandbox"
        in classpage.class_page(found(row("jane", RIGHT)), {"sandbox": "none"}, []).decode()
    )


def test_an_empty_class_has_a_page():
    assert b"0 learners" in classpage.class_page([], {}, [])


def test_an_override_of_points_is_what_counts():
    overrides = {("jane", LESSON, "sigmoid"): Override(1.0, "x")}
    assert found(row("jane", WRONG), overrides=overrides)[0].points == 1.0
