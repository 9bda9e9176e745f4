"""Pictures: each says in words what it shows, in the numbers of bplearn.nn, and looks the same every time."""

import base64
import inspect
import io
import json
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
from bplearn.nn import Value
from bplearn.viz import quiz, show, style
from bplearn.viz.explorer import loss_explorer
from bplearn.viz.live import Live

TABLE = np.round(9 * np.sin(np.arange(12.0))).reshape(3, 4)
ROW = np.linspace(-2.0, 2.0, 9)
LAYER = {"x": TABLE[:2, :3], "W": TABLE, "b": TABLE[0], "dz": TABLE[:2] / 2}
RACE = {name: share ** np.arange(80.0).reshape(40, 2) for name, share in {"quick": 0.8, "slow": 0.95}.items()}
FALLING = {"a": [1.0, 1e-6], "b": [0.5, 0.4]}
GRAPH = {"a": Value(2.0), "b": Value(-0.5)}
GRAPH["out"] = (GRAPH["a"] * GRAPH["b"] + 1.5) * GRAPH["a"]
GRAPH["out"].backward()
STATIC = {
    "activations": [{}, {"names": ("tanh", "ReLU")}],
    "affine_picture": [{}, {"N": 2, "D": 6, "M": 3}],
    "axes_picture": [{}],
    "batch_descents": [{}, {"runs": ((32, 0.5), (200, 0.5)), "epochs": 2}],
    "boundaries": [{}, {"steps": (0, 50), "sizes": (2, 2)}],
    "cache_picture": [{}],
    "chain_graph": [{}, {"show": "both"}, {"show": "both", "x": -2.0, "w1": -3.0, "w2": 2.5, "y": 0.0}],
    "chords": [{}, {"w": 1.5, "h": 0.5}],
    "class_pictures": [{"weights": np.arange(128.0).reshape(64, 2) - 60}],
    "clip_directions": [{}, {"gradient": (4.0, 2.5)}],
    "dial_curve": [{}, {"w": -2.0}, {"y": 1.0, "x": -1.0, "w": 0.0}],
    "error_valley": [{}, {"w": 0.5}],
    "expression_graph": [GRAPH, {"out": (GRAPH["a"] * GRAPH["b"] + GRAPH["a"]) ** 2 / 3.0}],
    "fan_out": [{}, {"w": -2.5, "x": 2.0, "y": 0.0}],
    "fitted_lines": [
        {"x": np.arange(8.0), "y": 2.0 * np.arange(8), "lines": {"a": (2.0, 0.0), "b": (0.5, 3.0)}}
    ],
    "flat_against_steep": [{}, {"z": 3.0, "lr": 1.0}],
    "gradient_clouds": [{}],
    "gradient_ladder": [{"norms": {"a": [1e-6, 1e-3, 1.0], "b": [0.5, 0.7, 0.4]}}],
    "gradient_norms": [{"runs": {"a": [1.0, 50.0, float("nan")], "b": [1.0, 2.0, 0.5]}, "limit": 1.0}],
    "hinges": [{}, {"counts": (1, 5)}],
    "interleaved_updates": [{}],
    "layer_reach": [{**LAYER, "moves": moves} for moves in ("W", "b", "x")],
    "layer_shapes": [{}, {"N": 4, "D": 6, "M": 3}],
    "learned_bends": [{"x": ROW, "wanted": ROW**2, "answer": np.abs(ROW), "places": np.array([0.0, 7.0])}],
    "learning_rates": [{}, {"rates": (2.0, 8.0)}],
    "loop_and_matrix": [{"products": [2000, 90_000], "loop": [7e-4, 3e-2], "matrix": [4e-6, 9e-6]}],
    "loss_pulls": [{}, {"delta": 0.5}],
    "loss_tangent": [{}, {"w": -2.0}, {"w": 0.5}, {"y": 0.0}],
    "losses": [{"losses": [0.5, 0.3, 0.2]}, {"losses": {"a": [0.5, 0.1], "b": [0.5, 0.6]}, "log": True}],
    "ravine_race": [
        {"paths": {name: share ** np.arange(80.0).reshape(40, 2) for name, share in RACE.items()}}
    ],
    "schedules": [{"rates": {"a": [0.1, 0.2, 0.05], "b": [0.2, 0.2, 0.1]}}],
    "sigmoid_slopes": [{}],
    "signal_spreads": [{"spreads": FALLING, "slopes": {"a": [1.0, 1.0], "b": [0.5, 0.2]}}],
    "softmax_shares": [{}, {"raised": 2, "by": 2.0}],
    "surprise_curve": [{}],
    "two_losses_slopes": [{}],
    "weight_images": [{"W": np.sin(np.arange(640.0)).reshape(64, 10)}],
    "xor_folded": [{}],
}
LIVE = ("backprop_diagram", "loss_explorer")
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
    assert show.in_ipython() or function(**STATIC.get(name, [{}])[0]) is None


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
    (bundle,) = outputs_of(getattr(viz, name))
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/plain"}
    assert bundle["text/plain"].startswith("[live picture]")
    assert "0x" not in bundle["text/plain"]


@pytest.mark.parametrize("name", LIVE)
def test_while_a_solution_is_built_the_bundle_holds_a_png_too(ipython, monkeypatch, name):
    monkeypatch.setenv("BPLEARN_BUILD", "1")
    (bundle,) = outputs_of(getattr(viz, name))
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")


def test_the_state_of_a_live_picture_stays_small(ipython):
    live = Live(("neuron", "chain", "backprop_diagram"), {"x": 0.5}, "words")
    assert len(json.dumps(live.get_state(), default=str)) < 25_000


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
