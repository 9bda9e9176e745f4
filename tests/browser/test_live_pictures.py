"""Live pictures and quizzes in a real JupyterLab: mouse, keys, touch, themes, re-runs, reopening."""

import json
import re

import pytest

from bplearn import nn
from bplearn.viz import style
from tests.browser.lab import Notebook, write_notebook

pytestmark = pytest.mark.browser

EXPLORER = "from bplearn import viz\nviz.loss_explorer()"
DIAGRAM = "viz.backprop_diagram()"
FIGURE = "viz.dial_curve()"
QUIZ = """from bplearn.viz.quiz import show_quiz
answers = []
choices = [("about `0.01`", "It is nearly flat there.", False), ("much **less**", "The slope is 0.07.", True)]
show_quiz("From `2.00` to `1.99`: does the answer change by 0.01?", choices, answers.append, "01-x")"""
TOLD = "answers"


@pytest.fixture(scope="module")
def opened(shared_page, lab):
    write_notebook(lab.folder / "live.ipynb", EXPLORER, DIAGRAM, EXPLORER, FIGURE, QUIZ, TOLD)
    return Notebook.open(shared_page, lab, "live.ipynb")


@pytest.fixture
def notebook(opened):
    """The notebook with every cell run anew."""
    opened.page.set_viewport_size({"width": 1280, "height": 900})
    opened.run_all()
    opened.outputs(4).get_by_role("button", name="Check answer").wait_for()
    opened.assert_no_errors()
    return opened


def says(notebook, i):
    return notebook.says(i).inner_text().replace(style.MINUS, "-")


def w_of(text):
    return float(re.search(r"w = (-?\d+\.\d\d), answer", text).group(1))


def slope_of(text):
    return float(re.search(r"slope ([+-]\d\.\d{4})", text).group(1))


def press(notebook, i, name):
    notebook.outputs(i).get_by_role("button", name=name).click()


def test_explorer_by_mouse_keys_and_touch(notebook):
    before = (notebook.cell_count(), says(notebook, 2))
    drag(notebook, 0, 2.0, 0.5)
    after_drag = says(notebook, 0)
    assert w_of(after_drag) == pytest.approx(0.5, abs=0.05)
    exact = nn.neuron_gradient(1.5, w_of(after_drag), 0.0, 0.2)[0]
    assert slope_of(after_drag) == pytest.approx(float(exact), abs=2e-3)  # w is said with two digits only
    keys(notebook, 0)
    touch(notebook, 0, -2.0)
    assert w_of(says(notebook, 0)) == pytest.approx(-2.0, abs=0.05)
    assert (notebook.cell_count(), says(notebook, 2)) == before  # the second explorer was left alone
    notebook.assert_no_errors()


def drag(notebook, i, start, end):
    x, y = point(notebook, i, start)
    notebook.page.mouse.move(x, y)
    notebook.page.mouse.down()
    notebook.page.mouse.move(point(notebook, i, end)[0], y, steps=5)
    notebook.page.mouse.up()


def touch(notebook, i, w):
    notebook.page.touchscreen.tap(*point(notebook, i, w))


def point(notebook, i, w):
    """Where on the page a setting of the dial stands."""
    drawing = notebook.outputs(i).locator("svg.bpl-drag")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    return box["x"] + 48 + (w + 6) / 12 * (box["width"] - 62), box["y"] + 220


def keys(notebook, i):
    """Plain keys move the slider and never reach the notebook, which is in command mode."""
    cells, slider = notebook.cell_count(), notebook.outputs(i).get_by_label("dial w")
    notebook.activate(i)
    slider.focus()
    assert notebook.in_command_mode()
    start = w_of(says(notebook, i))
    for key in ("ArrowRight", "ArrowUp", "a", "b", "d", "d", "x", "m"):
        notebook.page.keyboard.press(key)
    assert w_of(says(notebook, i)) == pytest.approx(start + 0.02)
    notebook.page.keyboard.press("Home")
    assert w_of(says(notebook, i)) == -6.0
    assert (notebook.cell_count(), notebook.active()) == (cells, i)


def test_explorer_steps_downhill_and_resets_and_the_curve_follows_the_target(notebook):
    start, curve = says(notebook, 0), notebook.outputs(0).locator("svg path.bpl-forward").first
    for _ in range(3):
        press(notebook, 0, "Step downhill")
    w = 2.0
    for _ in range(3):
        w = nn.descent_step(w, nn.neuron_gradient(1.5, w, 0.0, 0.2)[0], 4.0)
    assert says(notebook, 0).startswith("After 3 steps: ")
    assert w_of(says(notebook, 0)) == pytest.approx(float(w), abs=0.0051)
    before = curve.get_attribute("d")
    notebook.outputs(0).get_by_label("target y").press("End")
    assert curve.get_attribute("d") != before
    press(notebook, 0, "Reset")
    assert says(notebook, 0) == start


def test_diagram_steps_forward_and_back_and_follows_its_sliders(notebook):
    for _ in range(8):
        press(notebook, 1, "Next step")
    assert says(notebook, 1).endswith("dL/dw2 = dL/dz2 * h = -0.1018 * 0.5498 = -0.0560")
    press(notebook, 1, "Previous step")
    assert "Step 7 of 11, backward" in says(notebook, 1)
    notebook.outputs(1).get_by_label("weight w2").press("ArrowRight")
    _, dw2 = nn.two_weight_backward(0.5, 0.4, 0.65, 1.0)
    press(notebook, 1, "Next step")
    assert says(notebook, 1).endswith(f"= {dw2:.4f}")
    press(notebook, 1, "Reset")
    assert says(notebook, 1).startswith("Nothing is computed yet")


def test_play_all_runs_to_the_end_and_at_once_where_motion_is_not_wanted(notebook):
    notebook.page.emulate_media(reduced_motion="reduce")
    press(notebook, 1, "Play all")
    assert "Step 11 of 11" in says(notebook, 1)
    notebook.page.emulate_media(reduced_motion="no-preference")
    press(notebook, 1, "Play all")
    notebook.page.wait_for_function("() => document.body.innerText.includes('Step 2 of 11')")
    press(notebook, 1, "Pause")


def test_quiz_by_keyboard_explains_each_choice_and_tells_python(notebook):
    quiz, cells = notebook.outputs(4), notebook.cell_count()
    notebook.activate(4)
    press(notebook, 4, "Check answer")
    assert "Choose one" in quiz.inner_text()
    quiz.get_by_role("radio").first.focus()
    for key in ("Space", "Tab", "Enter"):
        notebook.page.keyboard.press(key)
    assert "✗ Not this one (A). It is nearly flat there." in quiz.inner_text()
    quiz.get_by_role("radio").first.focus()
    for key in ("ArrowDown", "Tab", "Space"):
        notebook.page.keyboard.press(key)
    assert "✓ Right (B). The slope is 0.07." in quiz.inner_text()
    notebook.run(5)
    assert "[0, 1]" in notebook.output_text(5)
    assert (notebook.cell_count(), notebook.in_command_mode()) == (cells, True)


def test_run_again_and_saved_and_reopened_the_pictures_live(notebook):
    notebook.activate(0)
    notebook.outputs(0).get_by_label("dial w").press("Shift+Enter")  # stays the notebook's: the cell runs
    notebook.wait_idle()
    assert notebook.active() == 1
    press(notebook, 0, "Step downhill")
    assert says(notebook, 0).startswith("After 1 step: ")
    notebook.save()
    notebook.reopen()
    notebook.says(0).wait_for()
    press(notebook, 0, "Step downhill")
    assert says(notebook, 0).startswith("After 1 step: ")
    notebook.assert_no_errors()


def test_stored_without_widgets_the_quiz_reads_as_text_and_the_figure_stays(notebook, lab, open_notebook):
    notebook.save()
    path = lab.folder / "live.ipynb"
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["metadata"].pop("widgets", None)
    for cell in stored["cells"]:
        for output in cell["outputs"]:
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    (lab.folder / "still.ipynb").write_text(json.dumps(stored), encoding="utf-8")
    still = open_notebook("still.ipynb")
    assert "Answers, each with its reason" in still.output_text(4)
    assert still.outputs(3).locator("img").count() == 1
    still.assert_no_errors()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_state_can_be_looked_at(notebook, theme):
    notebook.theme(theme)
    for _ in range(9):
        press(notebook, 1, "Next step")
    notebook.outputs(4).get_by_role("radio").first.check()
    press(notebook, 4, "Check answer")
    shots = [notebook.screenshot(f"{name}-{theme}", i) for i, name in enumerate(("explorer", "diagram"))]
    notebook.page.set_viewport_size({"width": 640, "height": 900})  # as at 200 % zoom
    shots += [
        notebook.screenshot(f"{name}-{theme}-narrow", i) for i, name in enumerate(("explorer", "diagram"))
    ]
    shots += [notebook.screenshot(f"quiz-{theme}", 4), notebook.screenshot(f"figure-{theme}", 3)]
    assert all(shot.stat().st_size > 2000 for shot in shots)
