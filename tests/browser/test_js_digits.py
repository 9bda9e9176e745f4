"""Lesson 15's live picture: it reads as nn does, ink stays where it is put, and Python may be asked."""

import base64

import numpy as np
import pytest

from bplearn import nn, viz
from bplearn.data import digits
from tests.browser.bare import live_of, show
from tests.browser.lab import Notebook, write_notebook
from tests.browser.live_rows import ARGUMENTS, CALLS

pytestmark = pytest.mark.browser
FILES = ["neuron", "mlp", "digit_pad"]


@pytest.fixture(scope="module")
def params():
    return ARGUMENTS["digit_pad"]()["params"]


def test_the_pad_reads_as_nn_does(compute, params):
    images = digits()[2][:30]
    layers = [{"W": params[f"W{k}"].tolist(), "b": params[f"b{k}"].tolist()} for k in (1, 2)]
    expression = """(() => {
      const [image, layers] = i;
      return probabilities(image, { W: layers.map(({ W }) => matrix(W)), b: layers.map(({ b }) => b) });
    })()"""
    found = compute(FILES, expression, [[image.tolist(), layers] for image in images])
    right = nn.softmax(nn.mlp_forward(images / 16, params)[0])
    np.testing.assert_allclose(found, right, rtol=1e-9, atol=1e-12)


def test_weights_arrive_as_32_bit_floats(compute, params):
    state = live_of("digit_pad", params).state
    (found,) = compute(FILES, "network(i).W.map(nested)", [state["layers"]])
    np.testing.assert_array_equal(np.array(found[0]), params["W1"].astype("float32"))
    assert len(base64.b64decode(state["layers"][0]["W"])) == 4 * params["W1"].size


def test_ink_stays_where_the_stroke_is_and_a_shift_moves_it_by_a_pixel(compute):
    (inked,) = compute(FILES, "ink(Array(64).fill(0), ...i, 1)", [[[2.5, 1.5], [2.5, 6.5]]])
    image = np.array(inked).reshape(8, 8)
    assert (image[1:7, 2] == 16).all()
    assert (image[:, [0, 5, 6, 7]] == 0).all()
    (moved,) = compute(FILES, "shifted(i, 1, -2)", [inked])
    np.testing.assert_array_equal(np.array(moved).reshape(8, 8)[:6, 1:], image[2:, :7])


def test_by_keyboard_cells_are_painted_and_erased(shared_page):
    root = show(shared_page, "digit_pad")
    pad = root.get_by_role("application")
    before = root.locator(".bpl-says").inner_text()
    assert before.startswith("Nothing is drawn yet")
    for key in ("ArrowUp", "Space", "ArrowDown", "Space"):
        pad.press(key)
    assert root.locator(".bpl-says").inner_text().startswith("Read as")
    for key in ("Backspace", "ArrowUp", "Backspace"):
        pad.press(key)
    assert root.locator(".bpl-says").inner_text() == before


def test_the_learner_s_own_program_is_asked_and_its_error_is_said(shared_page, lab):
    fails = "viz.digit_pad(ARGUMENTS['digit_pad']()['params'], ask=lambda image: 1 / 0)"
    write_notebook(lab.folder / "pad.ipynb", "from bplearn import viz", CALLS["digit_pad"], fails)
    notebook = Notebook.open(shared_page, lab, "pad.ipynb")
    notebook.run_all()
    for cell, told in ((1, "Your program says 1."), (2, "Your program stopped: ZeroDivisionError")):
        root = notebook.outputs(cell).locator(".bpl")
        root.get_by_role("button", name="Next example").click()
        for _ in range(2):  # the same answer twice is an answer, too
            root.get_by_role("button", name="Ask my program").click()
            root.get_by_text(told).wait_for()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"b2": None}, "keys W1, b1"),
        ({"W1": np.zeros((63, 24))}, r"layer 1 has W \(63, 24\)"),
        ({"W2": np.zeros((24, 9)), "b2": np.zeros(9)}, "10 logits"),
    ],
)
def test_params_of_another_network_are_refused_in_one_line(params, change, said):
    given = {name: array for name, array in (params | change).items() if array is not None}
    with pytest.raises(ValueError, match=said):
        viz.digit_pad(given)
