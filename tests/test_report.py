"""A report says the same as text, html and dict, and says it safely."""

import html
import json
import re

import pytest

from bplearn.exercises import all_exercises
from bplearn.proofs import planted, stub, verdict
from bplearn.report import STATUSES, Finding, Report, rich

EVIL = "<script>alert('x')</script> & \"quoted\" <img src=x onerror=y>"
EACH = Report(
    "neuron_gradient", "01_one_weight", 9, tuple(Finding(s, s, message=f"Why {s}.") for s in STATUSES)
)
PART = Report(
    "neuron_gradient",
    "01_one_weight",
    2,
    (
        Finding("dw", "ok", notes=("A note.",)),
        Finding("db", "mistake", "a13", ("a14",), "Line one.\nLine `two`."),
    ),
)
RIGHT = Report("sigmoid", "01_one_weight", 1, (Finding("a", "ok"),))
STUB = Report("sigmoid", "01_one_weight", 1, (Finding("", "not_attempted", message="Still there."),))
REPORTS = {"each": EACH, "part": PART, "right": RIGHT, "stub": STUB}
REPORTS |= {
    f"{e.name}-{mistake.name}": verdict(e, planted(e, mistake))
    for e in all_exercises()[2:6:3]
    for mistake in e.mistakes[:6]
}


def words(text):
    """The words in reading order, without marks and layout."""
    return re.sub(r"[`\s]+", "", text)


def words_of_html(card):
    return words(html.unescape(re.sub(r"<[^>]*>", "", card)))


@pytest.mark.parametrize("name", REPORTS)
def test_the_card_reads_word_by_word_like_the_text(name):
    assert words_of_html(REPORTS[name].html()) == words(REPORTS[name].text())


@pytest.mark.parametrize("name", REPORTS)
def test_the_dict_holds_all_that_the_text_says_of_the_findings(name):
    report, data = REPORTS[name], REPORTS[name].to_dict()
    for finding in data["findings"]:
        assert all(line in report.text() for line in (*finding["message"].splitlines(), *finding["notes"]))
        assert finding["output"] in report.text()
    assert f"{data['points']:g} of {data['max_points']:g} point" in report.text()


@pytest.mark.parametrize("name", REPORTS)
def test_the_dict_is_safe_to_keep_as_json(name):
    data = REPORTS[name].to_dict()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["version"] == 1


def test_the_dict_has_the_names_that_scripts_rely_on():
    assert set(PART.to_dict()) == {
        *("version", "exercise", "lesson", "passed", "attempted", "points", "max_points", "findings")
    }
    assert set(PART.to_dict()["findings"][0]) == {"output", "status", "mistake", "also", "message", "notes"}


@pytest.mark.parametrize("name", REPORTS)
def test_the_card_needs_nothing_that_untrusted_notebooks_lose(name):
    card = REPORTS[name].html()
    assert not re.search(r"<style|var\(|role=|aria-|class=|<script|javascript|\son\w+=|<svg|<button", card)
    assert re.search(r"border-left:4px solid #[0-9a-f]{6}", card)


@pytest.mark.parametrize("name", REPORTS)
def test_no_text_or_ground_colour_is_set_but_on_the_sign(name):
    card = REPORTS[name].html()
    assert "background" not in card
    assert len(re.findall(r"(?<!-)\bcolor:", card)) == card.count("<span")


@pytest.mark.parametrize("place", ["exercise", "output", "message", "notes"])
def test_everything_is_escaped(place):
    finding = {"output": "dw", "message": "", "notes": ("",)}
    finding[place] = (EVIL,) if place == "notes" else EVIL
    name = EVIL if place == "exercise" else "sigmoid"
    finding.pop("exercise", None)
    card = Report(name, "01_one_weight", 1, (Finding(status="wrong", **finding),)).html()
    assert html.escape("<script>alert") in card
    assert not re.search(r"<(script|img)", card)


@pytest.mark.parametrize("text", ["`", "a ` b ` c `", "``", "`<b>`", "&lt;", "\x00\x1b[31m", "é中\u2028"])
def test_marks_and_odd_characters_stay_balanced(text):
    card = Report("sigmoid", "", 1, (Finding("a", "wrong", message=text),)).html()
    assert all(card.count(f"<{tag}") == card.count(f"</{tag}>") for tag in ("div", "code", "span", "strong"))


def test_the_text_of_an_answer_cannot_steer_a_terminal():
    report = Report("sigmoid", "", 1, (Finding("a", "error", message="ValueError: \x1b[2Jgone\x07"),))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", report.text())


def test_the_same_answer_gives_the_same_card():
    exercise = all_exercises()[5]
    first, second = (verdict(exercise, planted(exercise, exercise.mistakes[1])) for _ in range(2))
    assert (first.text(), first.html(), first.to_dict()) == (second.text(), second.html(), second.to_dict())


@pytest.mark.parametrize("name", REPORTS)
def test_numbers_have_six_digits_at_most(name):
    numbers = re.findall(r"\d[\d.]*", REPORTS[name].text())
    assert all(len(number.replace(".", "").lstrip("0")) <= 6 for number in numbers)


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "not_attempted"])
def test_each_status_has_a_sign_and_a_word(status):
    lines = Report("sigmoid", "", 1, (Finding("", status),)).text().splitlines()
    assert re.match(r"  [✓✗○◐] \w+", lines[1])


def test_what_is_the_same_for_two_outputs_is_said_once():
    both = tuple(Finding(name, "mistake", "m", message="One cause.") for name in ("dw", "db"))
    assert Report("neuron_gradient", "", 2, both).text().count("One cause.") == 1


@pytest.mark.parametrize(
    ("report", "passed", "attempted", "points", "status"),
    [
        (RIGHT, True, True, 1, "passed"),
        (STUB, False, False, 0, "not_attempted"),
        (PART, False, True, 1, "failed"),
    ],
)
def test_the_verdict_of_the_whole(report, passed, attempted, points, status):
    assert (report.passed, report.attempted, report.points, report.status) == (
        passed,
        attempted,
        points,
        status,
    )


@pytest.mark.parametrize("status", ["error", "timeout", "memory", "died"])
def test_how_an_answer_ended_is_its_status(status):
    assert Report("sigmoid", "", 1, (Finding("", status),)).status == status


def test_mistakes_bear_the_name_of_their_output_if_there_are_several():
    assert PART.mistakes == "db:a13"
    assert Report("sigmoid", "", 1, (Finding("a", "mistake", "m"),)).mistakes == "m"


def test_a_report_shows_nothing_by_itself(capsys):
    RIGHT._ipython_display_()
    assert (capsys.readouterr().out, repr(RIGHT)) == ("", "<Report sigmoid: passed>")


def test_a_stub_is_told_what_to_do_next():
    report = verdict(all_exercises()[2], stub)
    assert "not attempted" in report.text()
    assert "hint(sigmoid)" in report.text()


def test_a_stressed_word_is_set_so_and_products_and_powers_stay():
    assert rich("the *second* one") == "the <em>second</em> one"
    assert rich("*two words*: a * b * c, x**2, `*this*`") == (
        "<em>two words</em>: a * b * c, x**2, <code>*this*</code>"
    )
