"""The pages of a graded class in a browser: nothing runs, nothing is cut off, no barrier, and they print."""

import pytest

from bplearn.grader import classpage, pages
from bplearn.grader.results import Mark, Submission
from bplearn.report import Finding, Report

pytestmark = pytest.mark.browser

LESSON = "01_one_weight"
EVIL = "<script>document.title='OWNED'</script><img src=x onerror=\"document.title='OWNED'\">"


def marks(name):
    wrong = Finding(
        "", "mistake", "is_the_tanh", message=f"This is tanh. {EVIL}\nyours 1, expected 2", notes=(EVIL,)
    )
    reports = (
        Report("sigmoid", LESSON, 1.0, (wrong,)),
        Report(
            "neuron_gradient_repaired",
            LESSON,
            2.0,
            (Finding("dw", "ok"), Finding("db", "wrong", message="x" * 300)),
        ),
        Report("descent_step", LESSON, 1.0, (Finding("w", "ok"),)),
    )
    return tuple(
        Mark(name, LESSON, r.exercise, r.status, r.points, r.max_points, r.mistakes, r) for r in reports
    )


def some_class():
    names = [f"s{n:03}" for n in range(12)] + [EVIL, "w" * 200]
    good = [Submission(name, LESSON, "graded", "", f"{name}.ipynb", marks(name), 2) for name in names]
    return [*good, Submission("bad", LESSON, "unreadable", EVIL, EVIL, (), 1)]


def content_of(kind):
    found = some_class()
    settings = {"version": "1", "seed": 7, "attempt": "last", "sandbox": "none"}
    if kind == "class":
        return classpage.class_page(found, settings, [EVIL])
    return pages.learner(found[-2:], True)


@pytest.fixture(params=["class", "learner"])
def shown(request, browser, tmp_path):
    """A page as it is opened from the disk; it must ask for nothing else."""
    (tmp_path / "page.html").write_bytes(content_of(request.param))
    address, asked = f"file://{tmp_path}/page.html", []
    context = browser.new_context()
    sheet = context.new_page()
    sheet.on("request", lambda wanted: asked.append(wanted.url))
    sheet.goto(address)
    yield sheet
    context.close()
    assert asked == [address]


def test_nothing_of_a_submission_runs(shown):
    assert "OWNED" not in shown.title()
    assert shown.locator("script, img").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(shown, axe, theme):
    shown.emulate_media(color_scheme=theme)
    assert axe(shown) == []


@pytest.mark.parametrize("width", [1200, 700, 340])
def test_nothing_is_cut_off(shown, width):
    shown.set_viewport_size({"width": width, "height": 800})
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_it_prints(shown, tmp_path):
    shown.pdf(path=tmp_path / "page.pdf", format="A4")
    assert (tmp_path / "page.pdf").stat().st_size > 5_000
