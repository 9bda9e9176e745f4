"""The live pictures compute in the browser: their JavaScript holds the mathematics of bplearn.nn."""

import numpy as np
import pytest

from bplearn import nn
from bplearn.viz import style

pytestmark = pytest.mark.browser


def random_inputs(count, scale):
    return (np.random.default_rng(1).normal(size=(200, count)) * scale).tolist()


def test_one_neuron_in_the_browser_is_the_one_of_nn(compute):
    inputs = [*random_inputs(4, 3.0), [400.0, 3.0, 0.0, 0.2], [-400.0, 3.0, 0.0, 0.2]]
    for (x, w, b, y), got in zip(inputs, compute(["neuron"], "neuron(...i)", inputs), strict=True):
        dw, db = nn.neuron_gradient(x, w, b, y)
        loss = nn.squared_error(nn.sigmoid(w * x + b), y)
        np.testing.assert_allclose([got["dw"], got["db"], got["loss"]], [dw, db, loss], rtol=1e-9, atol=1e-15)


def test_two_weights_in_the_browser_are_those_of_nn(compute):
    inputs = random_inputs(4, 2.0)
    for given, got in zip(inputs, compute(["neuron", "chain"], "twoWeights(...i)", inputs), strict=True):
        right = [*nn.two_weight_forward(*given[:3]), *nn.two_weight_backward(*given)]
        np.testing.assert_allclose(
            [got[k] for k in ("h", "y_hat", "dw1", "dw2")], right, rtol=1e-9, atol=1e-15
        )


def test_the_step_in_the_browser_is_the_one_of_nn(compute):
    inputs = random_inputs(3, 2.0)
    got = compute(["neuron"], "descentStep(...i)", inputs)
    assert got == [nn.descent_step(w, dw, lr) for w, dw, lr in inputs]


def test_the_diagram_says_each_step_with_its_numbers(compute):
    names = ["neuron", "chain", "backprop_diagram"]
    said = compute(names, "sentence(twoWeights(0.5, 0.4, 0.6, 1), i)", list(range(12)))
    assert said[8] == "Step 8 of 11, backward: dL/dw2 = dL/dz2 * h = -0.1018 * 0.5498 = -0.0560"
    assert said[5] == "Step 5 of 11, forward: L = 1/2 (y_hat - y)^2 = 1/2 (0.5817 - 1.0000)^2 = 0.0875"
    assert [f"Step {k} of 11" in said[k] for k in range(1, 12)] == [True] * 11


def test_the_explorer_says_where_it_stands_and_what_the_next_step_does(compute):
    state = {"x": 1.5, "y": 0.2, "w": 2.0, "lr": 4.0, "steps": 0}
    (said,) = compute(["neuron", "loss_explorer"], "words(i)", [state])
    assert said == (
        "w = 2.00, answer 0.953, target 0.20, loss 0.2832, slope +0.0510 (downhill is left).\n"
        "Next step: w - lr * slope = 2.00 - 4.00 * 0.0510 = 1.80."
    )


def test_numbers_look_the_same_in_browser_and_figures(compute):
    values = [0.0, 1.0, -0.25, 0.00001234, -3.2e-12, 123.456789]
    got = compute([], "pretty(number(i))", values)
    assert got == [style.number(value) for value in values]


# ---- layers and networks: mlp.js ----

NETWORK = ["neuron", "mlp"]
PAIRS = {
    "relu": (nn.relu_forward, lambda da, z, a: nn.relu_backward(da, z)),
    "leaky_relu": (
        lambda z: nn.leaky_relu_forward(z, 0.1),
        lambda da, z, a: nn.leaky_relu_backward(da, z, 0.1),
    ),
    "tanh": (nn.tanh_forward, lambda da, z, a: nn.tanh_backward(da, a)),
    "sigmoid": (nn.sigmoid, lambda da, z, a: da * a * (1 - a)),
    "softplus": (nn.softplus_forward, lambda da, z, a: nn.softplus_backward(da, z)),
}


def close(got, right):
    np.testing.assert_allclose(np.array(got, dtype=float), right, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", PAIRS)
def test_activations_in_the_browser_are_those_of_nn(compute, name):
    rng = np.random.default_rng(3)
    z, da = rng.normal(size=(2, 40, 5)) * 4
    forward, backward = PAIRS[name]
    expression = f"""(([z, da]) => {{
      const a = activationForward("{name}", matrix(z));
      return [nested(a), nested(activationBackward("{name}", matrix(da), matrix(z), a))];
    }})(i)"""
    ((a, dz),) = compute(NETWORK, expression, [[z.tolist(), da.tolist()]])
    close(a, forward(z))
    close(dz, backward(da, z, forward(z)))


def test_a_layer_in_the_browser_is_the_one_of_nn(compute):
    rng = np.random.default_rng(4)
    x, W, b, dz = (
        rng.normal(size=(6, 3)),
        rng.normal(size=(3, 4)),
        rng.normal(size=4),
        rng.normal(size=(6, 4)),
    )
    expression = """(([x, W, b, dz]) => {
      const { dx, dW, db } = linearBackward(matrix(dz), matrix(x), matrix(W));
      return [nested(linearForward(matrix(x), matrix(W), b)), nested(dx), nested(dW), [...db]];
    })(i)"""
    ((z, *grads),) = compute(NETWORK, expression, [[part.tolist() for part in (x, W, b, dz)]])
    close(z, nn.linear_forward(x, W, b))
    for got, right in zip(grads, nn.linear_backward(dz, x, W), strict=True):
        close(got, right)


def test_a_network_in_the_browser_has_the_loss_gradients_and_steps_of_nn(compute):
    rng = np.random.default_rng(5)
    params = {name: rng.normal(size=array.shape) for name, array in nn.init_mlp((3, 5, 4, 2), rng).items()}
    x, labels = rng.normal(size=(7, 3)), rng.integers(0, 2, size=7)
    W, b = ([params[f"{letter}{k}"].tolist() for k in (1, 2, 3)] for letter in "Wb")
    expression = """(([x, labels, W, b]) => {
      const params = { W: W.map(matrix), b };
      const { loss, grads } = mlpLossGradients(matrix(x), labels, params);
      const after = sgdUpdate(params, grads, 0.3);
      return [loss, ...[grads, after].flatMap((all) => [all.W.map(nested), all.b.map((v) => [...v])])];
    })(i)"""
    ((loss, *got),) = compute(NETWORK, expression, [[x.tolist(), labels.tolist(), W, b]])
    right, grads = nn.mlp_loss_gradients(x, labels, params)
    close(loss, right)
    after = nn.sgd_update(params, grads, 0.3)
    for arrays, letter, source in zip(got, "WbWb", (grads, grads, after, after), strict=True):
        for k in (1, 2, 3):
            close(arrays[k - 1], source[f"{letter}{k}"])


def test_random_numbers_are_the_same_each_time_and_spread_as_they_should(compute):
    ((first, second, normals),) = compute(
        ["random"],
        "[generator(i).uniform(), generator(i).uniform(), Array.from({ length: 4000 }, generator(i).normal)]",
        [7],
    )
    assert first == second
    assert np.mean(normals) == pytest.approx(0, abs=0.06)
    assert np.std(normals) == pytest.approx(1, abs=0.04)
