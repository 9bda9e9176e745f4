"""The live pictures compute in the browser: their JavaScript holds the mathematics of bplearn.nn."""

import json
import shutil
import subprocess

import numpy as np
import pytest

from bplearn import nn
from bplearn.viz import style
from bplearn.viz.live import script

NODE = shutil.which("node") or shutil.which("nodejs")


def in_node(names, expression, inputs):
    if NODE is None:
        pytest.skip("needs node: apt-get install nodejs (the browser tests compare these numbers too)")
    last = f"console.log(JSON.stringify({json.dumps(inputs)}.map((i) => {expression})));"
    source = f"{script(*names)}\n{last}"
    done = subprocess.run(
        [NODE, "--input-type=module"], input=source, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def random_inputs(count, scale):
    return (np.random.default_rng(1).normal(size=(200, count)) * scale).tolist()


def test_one_neuron_in_the_browser_is_the_one_of_nn():
    inputs = [*random_inputs(4, 3.0), [400.0, 3.0, 0.0, 0.2], [-400.0, 3.0, 0.0, 0.2]]
    for (x, w, b, y), got in zip(inputs, in_node(["neuron"], "neuron(...i)", inputs), strict=True):
        dw, db = nn.neuron_gradient(x, w, b, y)
        loss = nn.squared_error(nn.sigmoid(w * x + b), y)
        np.testing.assert_allclose([got["dw"], got["db"], got["loss"]], [dw, db, loss], rtol=1e-9, atol=1e-15)


def test_two_weights_in_the_browser_are_those_of_nn():
    inputs = random_inputs(4, 2.0)
    for given, got in zip(inputs, in_node(["neuron", "chain"], "twoWeights(...i)", inputs), strict=True):
        right = [*nn.two_weight_forward(*given[:3]), *nn.two_weight_backward(*given)]
        np.testing.assert_allclose(
            [got[k] for k in ("h", "y_hat", "dw1", "dw2")], right, rtol=1e-9, atol=1e-15
        )


def test_the_step_in_the_browser_is_the_one_of_nn():
    inputs = random_inputs(3, 2.0)
    got = in_node(["neuron"], "descentStep(...i)", inputs)
    assert got == [nn.descent_step(w, dw, lr) for w, dw, lr in inputs]


def test_the_diagram_says_each_step_with_its_numbers():
    names = ["neuron", "chain", "backprop_diagram"]
    said = in_node(names, "sentence(twoWeights(0.5, 0.4, 0.6, 1), i)", list(range(12)))
    assert said[8] == "Step 8 of 11, backward: dL/dw2 = dL/dz2 * h = -0.1018 * 0.5498 = -0.0560"
    assert said[5] == "Step 5 of 11, forward: L = 1/2 (y_hat - y)^2 = 1/2 (0.5817 - 1.0000)^2 = 0.0875"
    assert [f"Step {k} of 11" in said[k] for k in range(1, 12)] == [True] * 11


def test_the_explorer_says_where_it_stands_and_what_the_next_step_does():
    state = {"x": 1.5, "y": 0.2, "w": 2.0, "lr": 4.0, "steps": 0}
    (said,) = in_node(["neuron", "loss_explorer"], "words(i)", [state])
    assert said == (
        "w = 2.00, answer 0.953, target 0.20, loss 0.2832, slope +0.0510 (downhill is left).\n"
        "Next step: w - lr * slope = 2.00 - 4.00 * 0.0510 = 1.80."
    )


def test_numbers_look_the_same_in_browser_and_figures():
    values = [0.0, 1.0, -0.25, 0.00001234, -3.2e-12, 123.456789]
    got = in_node([], "pretty(number(i))", values)
    assert got == [style.number(value) for value in values]
