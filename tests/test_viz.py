"""Pictures: each says in words what it shows, in the numbers of bplearn.nn, and looks the same every time."""

import base64
import inspect
import io
import re
import subprocess
import sys

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image

from bplearn import nn, viz
from bplearn.viz import quiz, show, style
from bplearn.viz.explorer import loss_explorer
from tests.browser.live_rows import ARGUMENTS, CONTROLS
from tests.sample_pictures import STATIC

LIVE = tuple(sorted(CONTROLS))
CASES = [(name, kwargs) for name, variants in STATIC.items() for kwargs in variants]
CHOICES = [("`a` **b**", "because <b>", False), ("c", "why", True)]


def drawn(name, kwargs):
    with style.course_style():
        figure, text = inspect.unwrap(getattr(viz, name))(**kwargs)
        return figure, text, show.png_of(figure)[0]


@pytest.fixture
def ipython():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def outputs_of(call):
    with capture_output() as captured:
        call()
    return [output.data for output in captured.outputs]


# ---- every picture ----


def test_each_public_picture_is_listed_here():
    assert sorted(viz.__all__) == sorted([*STATIC, *LIVE])


@pytest.mark.parametrize("name", viz.__all__)
def test_each_picture_returns_none_and_says_what_it_shows(name):
    function = getattr(viz, name)
    assert function.__doc__
    given = STATIC[name][0] if name in STATIC else ARGUMENTS.get(name, dict)()
    assert show.in_ipython() or function(**given) is None


@pytest.mark.parametrize(("name", "kwargs"), CASES)
def test_a_figure_is_the_same_every_time(name, kwargs):
    _, text, png = drawn(name, kwargs)
    _, text_again, png_again = drawn(name, kwargs)
    assert (text, png) == (text_again, png_again)


@pytest.mark.parametrize(("name", "kwargs"), CASES)
def test_a_figure_has_title_caption_and_words_and_no_text_is_cut_off_or_covered(name, kwargs):
    figure, text, _ = drawn(name, kwargs)
    assert figure.get_suptitle()
    assert figure.get_supxlabel()
    assert len(text) > 60
    assert cut_off(figure) == []
    assert covered(figure) == []


def boxes(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    ticks = {id(t) for ax in figure.axes for t in tick_labels(ax)}
    shown = [t for t in figure.findobj(Text) if t.get_text().strip() and id(t) not in ticks]
    return [(t.get_text(), t.get_window_extent(renderer)) for t in shown if t.get_visible()]


def tick_labels(ax):
    """Labels of ticks are matplotlib's care; it keeps some beyond the ends of an axis, never drawn."""
    return [*ax.get_xticklabels(which="both"), *ax.get_yticklabels(which="both")]


def cut_off(figure):
    width, height = figure.canvas.get_width_height()
    return [t for t, b in boxes(figure) if b.x0 < -1 or b.y0 < -1 or b.x1 > width + 1 or b.y1 > height + 1]


def covered(figure):
    found = boxes(figure)
    pairs = [(a, b) for i, a in enumerate(found) for b in found[:i]]
    return [(a[0], b[0]) for a, b in pairs if a[1].padded(-1).overlaps(b[1].padded(-1))]


def test_a_figure_has_an_opaque_white_ground_and_the_colours_of_the_course():
    pixels = Image.open(io.BytesIO(base64.b64decode(drawn("sigmoid_slopes", {})[2]))).convert("RGBA")
    colours = {colour for _, colour in pixels.getcolors(pixels.width * pixels.height)}
    assert pixels.getpixel((1, 1)) == (255, 255, 255, 255)
    assert max(distance(colours, style.FORWARD), distance(colours, style.BACKWARD)) < 5


def distance(colours, name):
    wanted = np.array([int(name[k : k + 2], 16) for k in (1, 3, 5)])
    return min(int(np.abs(np.array(colour[:3]) - wanted).max()) for colour in colours)


def test_a_reader_s_own_matplotlib_settings_change_nothing():
    import matplotlib

    before = drawn("dial_curve", {})[2]
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "axes.facecolor": "black"}):
        assert drawn("dial_curve", {})[2] == before


def test_a_wrong_word_for_show_is_said_in_one_line():
    with pytest.raises(ValueError, match='"forward" or "both"'):
        viz.chain_graph(show="backward")


# ---- words and numbers ----


def test_the_words_of_the_tangent_are_the_numbers_of_nn():
    _, text, _ = drawn("loss_tangent", {"x": 1.5, "y": 0.2, "w": 2.0})
    dw, _ = nn.neuron_gradient(1.5, 2.0, 0.0, 0.2)
    assert f"slope +{dw:.3f}" in text
    assert "moves left" in text


def test_the_words_of_the_chain_are_the_numbers_of_nn():
    _, text, _ = drawn("chain_graph", {"show": "both"})
    for value in (*nn.two_weight_forward(0.5, 0.4, 0.6), *nn.two_weight_backward(0.5, 0.4, 0.6, 1.0)):
        assert style.number(value) in text


def test_the_two_gradients_of_a_shared_weight_add_up_in_the_words():
    _, text, _ = drawn("fan_out", {})
    first, second, total = (
        float(t.replace(style.MINUS, "-")) for t in re.findall(style.MINUS + r"\d\.\d{4}", text)[:3]
    )
    assert first + second == pytest.approx(total, abs=1e-4)
    assert total == pytest.approx(nn.shared_weight_gradient(0.5, 0.4, 1.0), abs=1e-4)


def test_the_default_rates_are_too_small_right_and_too_large():
    _, text, _ = drawn("learning_rates", {})
    assert "0.1 (too small)" in text
    assert "4 (right)" in text
    assert "40 (too large)" in text
    assert "across the valley" in text


def test_dials_of_both_signs_are_turned_the_right_way():
    for x in (-1.5, 1.5):
        for w in (-2.0, 2.0):
            _, text, _ = drawn("dial_curve", {"x": x, "y": 0.2, "w": w})
            way = "left" if nn.neuron_gradient(x, w, 0.0, 0.2)[0] > 0 else "right"
            assert f"the dial must go {way}" in text


# ---- what arrives in a notebook ----


def test_a_figure_arrives_as_a_sharp_png_and_a_line_of_words(ipython):
    picture, words = outputs_of(viz.dial_curve)
    assert base64.b64decode(picture["image/png"]).startswith(b"\x89PNG")
    assert words["text/plain"].startswith("In words: ")
    assert words["text/html"].startswith("<p>")


def test_in_plain_python_the_words_are_printed(capsys):
    viz.dial_curve()
    assert "In words: At w = 2" in capsys.readouterr().out


@pytest.mark.parametrize("name", LIVE)
def test_a_live_picture_arrives_as_one_bundle(ipython, monkeypatch, name):
    monkeypatch.delenv("BPLEARN_BUILD", raising=False)
    bundle, words = outputs_of(lambda: getattr(viz, name)(**ARGUMENTS.get(name, dict)()))
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/plain"}
    assert bundle["text/plain"].startswith("[live picture]")
    assert "0x" not in bundle["text/plain"]
    assert words["text/plain"] == bundle["text/plain"].replace("[live picture]", "In words:")
    assert words["text/html"].startswith('<p class="bpl-words">')


@pytest.mark.parametrize("name", LIVE)
def test_while_a_solution_is_built_the_bundle_holds_a_png_too(ipython, monkeypatch, name):
    monkeypatch.setenv("BPLEARN_BUILD", "1")
    bundle, _ = outputs_of(lambda: getattr(viz, name)(**ARGUMENTS.get(name, dict)()))
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")


def test_importing_viz_loads_neither_matplotlib_nor_widgets():
    code = "import sys; from bplearn import viz; print({'matplotlib', 'anywidget'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"


# ---- quiz ----


def test_a_quiz_is_a_widget_with_html_and_text_beside_it(ipython):
    (bundle,) = outputs_of(lambda: quiz.show_quiz("**q** `x`?", CHOICES, print, "01-q"))
    assert bundle["text/plain"] == "Question: q x?\n   A. a b\n   B. c"
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "text/html" in bundle


def test_the_still_form_of_a_quiz_explains_each_choice_and_escapes_texts():
    still = quiz.quiz_html("`x` < 1?", CHOICES)
    assert "<code>x</code> &lt; 1?" in still
    assert "<code>a</code> <strong>b</strong>" in still
    assert "✗ not this one" in still
    assert "because &lt;b&gt;" in still
    assert "✓ right" in still


def test_each_check_of_a_quiz_is_told_to_python_even_the_same_one_twice(ipython):
    told = []
    with capture_output() as captured:
        quiz.show_quiz("q?", CHOICES, told.append, "01-q")
    from ipywidgets.widgets.widget import _instances

    live = _instances[captured.outputs[0].data["application/vnd.jupyter.widget-view+json"]["model_id"]]
    for answer in ([0, 1], [0, 2], [1, 3]):
        live.set_state({"answer": answer})
    assert told == [0, 0, 1]


def test_in_plain_python_a_quiz_is_printed(capsys):
    quiz.show_quiz("q?", CHOICES, print, "01-q")
    assert capsys.readouterr().out == "Question: q?\n   A. a b\n   B. c\n"


def test_the_explorer_prints_its_words_in_plain_python(capsys):
    loss_explorer()
    assert capsys.readouterr().out.startswith(
        "[live picture] Loss over the dial w. At w = 2 the answer is 0.953"
    )
