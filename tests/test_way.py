"""The way of a learner: points lesson by lesson, and what took the most tries."""

import pytest

from bplearn import way
from bplearn.exercises import LESSONS, find
from bplearn.record import Record
from bplearn.report import Finding, Report


@pytest.fixture
def record(tmp_path):
    return Record.at(tmp_path)


def checks(record, name, *statuses):
    exercise = find(name)
    for status in statuses:
        findings = (Finding("y", status),)
        record.add_check(Report(name, exercise.lesson, exercise.points, findings), "")


def test_an_empty_record_has_a_way_before_it(record):
    assert [stage.lesson for stage in way.stages(record)] == list(LESSONS)
    assert way.hardest(record) == []
    assert "most tries" not in way.in_words(record)


def test_tries_are_counted_until_the_first_pass_and_stubs_are_none(record):
    checks(record, "sigmoid", "not_attempted", "wrong", "wrong", "ok", "wrong", "wrong")
    checks(record, "linear_backward", *["wrong"] * 5)
    checks(record, "squared_error", "wrong", "ok")
    assert way.hardest(record) == [("linear_backward", 5), ("sigmoid", 3)]
    assert "What took the most tries: linear_backward (5 checks), sigmoid (3 checks)." in way.in_words(record)


def test_the_bar_of_a_lesson_is_as_long_as_its_share_of_points(record):
    checks(record, "affine_shape", "ok")
    assert "width:60px" in way.as_html(record)
    assert "1 of 2 points" in way.as_html(record)


def test_an_exercise_that_is_no_more_is_left_out(record):
    record.add_check(Report("of_old", "01_one_weight", 1.0, (Finding("y", "wrong"),)), "")
    assert way.hardest(record) == []


def test_a_bar_is_empty_only_at_nothing_and_full_only_at_everything():
    bars = [way.bar(got, 10) for got in (0, 0.1, 5, 9.9, 10)]
    assert [bar.count("▰") for bar in bars] == [0, 1, 5, 9, 10]
    assert {len(bar) for bar in bars} == {10}
    assert way.bar(0, 0).count("▱") == 10


def test_the_text_has_a_bar_for_each_lesson(record):
    checks(record, "affine_shape", "ok")
    first, *others = way.in_words(record).splitlines()
    assert "▰▰▰▰▰▱▱▱▱▱  ✓○" in first
    assert all("▱▱▱▱▱▱▱▱▱▱" in line for line in others[:15])
