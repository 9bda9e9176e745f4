"""The learner's first hour in a real browser: lesson 01 in the folder that `bplearn lab` made."""

import json
import sys

import pytest

from bplearn.exercises import all_exercises
from bplearn.notebooks import course_folder
from tests.browser.lab import Lab, Notebook, picture_path

pytestmark = pytest.mark.browser

MISSING_SLOPE = """def neuron_gradient(x, w, b, y):
    error = 1 / (1 + np.exp(-(w * x + b))) - y
    return error * x, error"""
RIGHT = """def neuron_gradient(x, w, b, y):
    a = 1 / (1 + np.exp(-(w * x + b)))
    dz = (a - y) * a * (1 - a)
    return dz * x, dz"""


@pytest.fixture(scope="module")
def learner(tmp_path_factory):
    """JupyterLab as `bplearn lab` starts it, with the record beside the notebooks."""
    folder, home = tmp_path_factory.mktemp("learner"), tmp_path_factory.mktemp("home")
    server = Lab(
        folder, home, (sys.executable, "-m", "bplearn", "lab", str(folder), "--"), {"BPLEARN_HOME": ""}
    )
    yield server
    server.stop()


@pytest.fixture(scope="module")
def lesson(shared_page, learner):
    """Lesson 01, untouched, after Run All."""
    notebook = Notebook.open(shared_page, learner, "01_one_weight.ipynb")
    notebook.run_all()
    return notebook


def answer(lesson, code):
    """Type an answer to `neuron_gradient`, run it and its check, and give what the card says."""
    cell = lesson.cell_with("def neuron_gradient(")
    lesson.type_into(cell, code)
    lesson.run(cell)
    check = lesson.cell_with("check(neuron_gradient)")
    lesson.run(check)
    return check, lesson.output_text(check)


def in_both_themes(lesson, name, cell):
    for theme in ("dark", "light"):
        lesson.theme(theme)
        lesson.cell(cell).scroll_into_view_if_needed()
        lesson.screenshot(f"{name}-{theme}")


def test_run_all_on_the_untouched_lesson_stops_nowhere(lesson):
    lesson.assert_no_errors()


def test_a_long_line_is_wrapped_not_cut_off(lesson):
    cell = lesson.cell(lesson.cell_with("y_hat moved by"))
    assert cell.locator(".cm-lineWrapping").count() == 1
    sources = [lesson.cell_with(f"check({name})") for name in ("sigmoid", "neuron_gradient", "train_neuron")]
    assert all("not attempted" in lesson.output_text(cell) for cell in sources)
    in_both_themes(lesson, "hour-1-untouched", sources[0])


def test_a_missing_slope_is_named(lesson):
    cell, card = answer(lesson, MISSING_SLOPE)
    assert "The slope of the sigmoid is missing from the chain" in card
    assert "0 of 2 points" in card
    in_both_themes(lesson, "hour-2-named", cell)


def test_the_right_answer_passes_and_progress_says_so_after_a_reload_too(lesson):
    cell, card = answer(lesson, RIGHT)
    assert "passed" in card
    in_both_themes(lesson, "hour-3-passed", cell)
    lesson.save()
    lesson.load()
    lesson.run(lesson.cell_with("from bplearn import check"))
    progress = lesson.cell_with("progress()")
    lesson.run(progress)
    points = sum(exercise.points for exercise in all_exercises())
    line = f"1 of {len(all_exercises())} exercises passed, 2 of {points:g} points"
    assert line in lesson.output_text(progress)
    in_both_themes(lesson, "hour-4-progress", progress)


def test_the_explorer_follows_mouse_and_keys(lesson):
    lesson.run(lesson.cell_with("from bplearn import check"))
    cell = lesson.cell_with("viz.loss_explorer()")
    lesson.run(cell)
    start = lesson.says(cell).inner_text()
    slider = lesson.outputs(cell).locator("input[type=range]").first
    slider.focus()
    lesson.page.keyboard.press("ArrowLeft")
    by_key = lesson.says(cell).inner_text()
    box = slider.bounding_box()
    lesson.page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + box["height"] / 2)
    assert len({start, by_key, lesson.says(cell).inner_text()}) == 3
    in_both_themes(lesson, "hour-5-explorer", cell)


def test_a_saved_solution_shows_its_pictures_without_a_kernel(page, learner):
    stored = without_kernel(learner.folder / "solution.ipynb")
    page.goto(f"{learner.url}/doc/tree/solution.ipynb")
    page.locator(".jp-Dialog-button", has_text="No Kernel").click()
    pictures = page.locator(".jp-OutputArea-output img")
    pictures.nth(stored - 1).wait_for()
    assert pictures.count() == stored
    assert page.get_by_text("Error displaying widget").count() == 0
    page.screenshot(path=str(picture_path("hour-6-no-kernel")))


def without_kernel(path):
    """Save the solution for a kernel that nobody has; give the number of its pictures."""
    source = course_folder() / "solutions" / "01_one_weight.ipynb"
    notebook = json.loads(source.read_text(encoding="utf-8"))
    notebook["metadata"]["kernelspec"] = {"name": "none", "display_name": "none", "language": "none"}
    notebook["metadata"].pop("language_info")
    path.write_text(json.dumps(notebook), encoding="utf-8")
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    return sum("image/png" in output.get("data", {}) for output in outputs)


# JupyterLab gives PNG outputs no alt, whatever their metadata: the words follow as a line of their own.
WITHOUT_WORDS = """() => [...document.querySelectorAll(".jp-RenderedImage")].filter((image) => {
  const next = image.closest(".jp-OutputArea-child").nextElementSibling;
  return !next || !next.textContent.includes("In words:");
}).length"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_cards_quizzes_figures_and_progress(lesson, axe, theme):
    lesson.theme(theme)
    answer(lesson, MISSING_SLOPE)
    found = axe(lesson.page, ".jp-OutputArea-output")
    lesson.theme("light")
    assert [line for line in found if not line.startswith("image-alt")] == []
    assert lesson.page.evaluate(WITHOUT_WORDS) == 0
