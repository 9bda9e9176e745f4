"""Every gradient against two witnesses that share no formula with it: measured slopes and PyTorch.

A new layer, loss or neuron is one row.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from bplearn import nn
from bplearn.nn.gradcheck import TOLERANCE, backward_errors


@dataclass(frozen=True)
class Row:
    """A backward function, what it is the gradient of, and how PyTorch says the same."""

    backward: Callable  # (dout, *inputs) -> one gradient for each input
    forward: Callable  # (*inputs) -> out
    witness: Callable  # (torch, *inputs) -> out
    inputs: Callable  # rng -> the inputs that are differentiated


def _numbers(count):
    return lambda rng: tuple(rng.normal(size=count))


def _arrays(*shapes):
    return lambda rng: tuple(rng.normal(size=shape) for shape in shapes)


def _apart(rng):
    u = rng.normal(size=(3, 4))
    return u, u + rng.choice((-1.0, 1.0), size=u.shape) * rng.uniform(0.1, 1.0, size=u.shape)


def _away_from_zero(*shapes):
    """Entries of both signs, none near the kink at 0."""

    def inputs(rng):
        return tuple(
            rng.choice((-1.0, 1.0), size=shape) * rng.uniform(0.05, 2.0, size=shape) for shape in shapes
        )

    return inputs


X, Y = 0.7, 0.2  # input and target: the losses are not differentiated by these
ALPHA, DELTA = 0.07, 0.8
LABELS = np.array([2, 0, 3, 2, 1])  # five examples of four classes
TARGETS = np.array([1.0, 0.0, 0.0, 1.0, 0.0])
REAL = np.linspace(-1.0, 2.0, 12).reshape(3, 4)
BATCH = np.random.default_rng(7).normal(size=(5, 3))
SIZES = ((3, 6), (6,), (6, 7), (7,), (7, 4), (4,))  # the parameters of a network 3-6-7-4
NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def _linear(torch, x, W, b):
    return torch.nn.functional.linear(x, W.T, b)


def _network(torch, *values, x=BATCH):
    a = torch.as_tensor(x)
    for k in range(0, len(values), 2):
        a = a if k == 0 else torch.relu(a)
        a = _linear(torch, a, values[k], values[k + 1])
    return a


def _cross_entropy(torch, z):
    return torch.nn.functional.cross_entropy(z, torch.as_tensor(LABELS))


def _network_backward(dlogits, *values):
    params = dict(zip(NAMES, values, strict=False))
    grads = nn.mlp_backward(dlogits, nn.mlp_forward(BATCH, params)[1], params)
    return tuple(grads[name] for name in params)


def _network_logits(*values):
    return nn.mlp_forward(BATCH, dict(zip(NAMES, values, strict=False)))[0]


def _of_loss(loss, *args):
    """Value and gradient of a loss as a pair of functions of its first argument."""
    return {
        "backward": lambda dout, z: (dout * loss(z, *args)[1],),
        "forward": lambda z: loss(z, *args)[0],
    }


ROWS = {
    "sigmoid_slope": Row(
        backward=lambda dout, z: (dout * nn.sigmoid_slope(z),),
        forward=nn.sigmoid,
        witness=lambda torch, z: torch.sigmoid(z),
        inputs=_arrays((3, 4)),
    ),
    "neuron_gradient": Row(
        backward=lambda dout, w, b: nn.neuron_gradient(X, w, b, Y),
        forward=lambda w, b: nn.squared_error(nn.sigmoid(w * X + b), Y),
        witness=lambda torch, w, b: (torch.sigmoid(w * X + b) - Y) ** 2 / 2,
        inputs=_numbers(2),
    ),
    "two_weight_backward": Row(
        backward=lambda dout, w1, w2: nn.two_weight_backward(X, w1, w2, Y),
        forward=lambda w1, w2: nn.squared_error(nn.two_weight_forward(X, w1, w2)[1], Y),
        witness=lambda torch, w1, w2: (torch.sigmoid(w2 * torch.sigmoid(w1 * X)) - Y) ** 2 / 2,
        inputs=_numbers(2),
    ),
    "shared_weight_gradient": Row(
        backward=lambda dout, w: (nn.shared_weight_gradient(X, w, Y),),
        forward=lambda w: nn.squared_error(nn.sigmoid(w * nn.sigmoid(w * X)), Y),
        witness=lambda torch, w: (torch.sigmoid(w * torch.sigmoid(w * X)) - Y) ** 2 / 2,
        inputs=_numbers(1),
    ),
    "quotient_backward": Row(
        backward=nn.quotient_backward,
        forward=np.divide,
        witness=lambda torch, u, v: u / v,
        inputs=lambda rng: (rng.normal(size=(3, 4)), rng.uniform(0.5, 2.0, size=(3, 4))),
    ),
    "max_backward": Row(
        backward=nn.max_backward,
        forward=np.maximum,
        witness=lambda torch, u, v: torch.maximum(u, v),
        inputs=_apart,
    ),
    "linear_backward": Row(
        backward=lambda dz, x, W, b: nn.linear_backward(dz, x, W),
        forward=nn.linear_forward,
        witness=_linear,
        inputs=_arrays((5, 3), (3, 4), (4,)),
    ),
    "linear_weight_gradient": Row(
        backward=lambda dz, W: (nn.linear_weight_gradient(dz, BATCH),),
        forward=lambda W: nn.linear_forward(BATCH, W, np.zeros(4)),
        witness=lambda torch, W: torch.as_tensor(BATCH) @ W,
        inputs=_arrays((3, 4)),
    ),
    "linear_bias_gradient": Row(
        backward=lambda dz, b: (nn.linear_bias_gradient(dz),),
        forward=lambda b: nn.linear_forward(BATCH, np.ones((3, 4)), b),
        witness=lambda torch, b: torch.as_tensor(BATCH @ np.ones((3, 4))) + b,
        inputs=_arrays((4,)),
    ),
    "linear_input_gradient": Row(
        backward=lambda dz, x: (nn.linear_input_gradient(dz, REAL),),
        forward=lambda x: nn.linear_forward(x, REAL, np.zeros(4)),
        witness=lambda torch, x: x @ torch.as_tensor(REAL),
        inputs=_arrays((5, 3)),
    ),
    "relu_backward": Row(
        backward=lambda da, z: (nn.relu_backward(da, z),),
        forward=nn.relu_forward,
        witness=lambda torch, z: torch.relu(z),
        inputs=_away_from_zero((3, 4)),
    ),
    "tanh_backward": Row(
        backward=lambda da, z: (nn.tanh_backward(da, nn.tanh_forward(z)),),
        forward=nn.tanh_forward,
        witness=lambda torch, z: torch.tanh(z),
        inputs=_arrays((3, 4)),
    ),
    "leaky_relu_backward": Row(
        backward=lambda da, z: (nn.leaky_relu_backward(da, z, ALPHA),),
        forward=lambda z: nn.leaky_relu_forward(z, ALPHA),
        witness=lambda torch, z: torch.nn.functional.leaky_relu(z, ALPHA),
        inputs=_away_from_zero((3, 4)),
    ),
    "softplus_backward": Row(
        backward=lambda da, z: (nn.softplus_backward(da, z),),
        forward=nn.softplus_forward,
        witness=lambda torch, z: torch.nn.functional.softplus(z),
        inputs=_arrays((3, 4)),
    ),
    "softmax_backward": Row(
        backward=lambda dp, z: (nn.softmax_backward(dp, nn.softmax(z)),),
        forward=nn.softmax,
        witness=lambda torch, z: torch.softmax(z, dim=1),
        inputs=_arrays((5, 4)),
    ),
    "mse_loss": Row(
        **_of_loss(nn.mse_loss, REAL),
        witness=lambda torch, y_hat: torch.nn.functional.mse_loss(y_hat, torch.as_tensor(REAL)),
        inputs=_arrays((3, 4)),
    ),
    "binary_cross_entropy": Row(
        **_of_loss(nn.binary_cross_entropy, TARGETS),
        witness=lambda torch, p: torch.nn.functional.binary_cross_entropy(p, torch.as_tensor(TARGETS)),
        inputs=lambda rng: (rng.uniform(0.05, 0.95, size=5),),
    ),
    "bce_with_logits": Row(
        **_of_loss(nn.bce_with_logits, TARGETS),
        witness=lambda torch, z: torch.nn.functional.binary_cross_entropy_with_logits(
            z, torch.as_tensor(TARGETS)
        ),
        inputs=_arrays((5,)),
    ),
    "softmax_cross_entropy": Row(
        **_of_loss(nn.softmax_cross_entropy, LABELS), witness=_cross_entropy, inputs=_arrays((5, 4))
    ),
    "huber_loss": Row(
        **_of_loss(nn.huber_loss, np.zeros((3, 4)), DELTA),
        witness=lambda torch, y_hat: torch.nn.functional.huber_loss(
            y_hat, torch.zeros(3, 4, dtype=torch.float64), delta=DELTA
        ),
        inputs=lambda rng: (
            rng.choice((-1.0, 1.0), (3, 4)) * rng.choice((0.3, 1.7), (3, 4)) * rng.uniform(0.9, 1.1, (3, 4)),
        ),
    ),
    "mlp_backward": Row(
        backward=_network_backward, forward=_network_logits, witness=_network, inputs=_arrays(*SIZES)
    ),
    "mlp_backward of one layer": Row(
        backward=_network_backward, forward=_network_logits, witness=_network, inputs=_arrays((3, 4), (4,))
    ),
    "mlp_loss_gradients": Row(
        backward=lambda dout, *values: tuple(
            nn.mlp_loss_gradients(BATCH, LABELS, dict(zip(NAMES, values, strict=True)))[1].values()
        ),
        forward=lambda *values: nn.softmax_cross_entropy(_network_logits(*values), LABELS)[0],
        witness=lambda torch, *values: _cross_entropy(torch, _network(torch, *values)),
        inputs=_arrays(*SIZES),
    ),
}
SEEDS = range(10)


def _case(row, seed):
    """Inputs and an upstream gradient of both signs; a loss has the upstream gradient 1."""
    rng = np.random.default_rng(seed)
    inputs = row.inputs(rng)
    shape = np.shape(row.forward(*inputs))
    return inputs, rng.normal(size=shape) if shape else 1.0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_gradient_agrees_with_measured_slopes(row, seed):
    inputs, dout = _case(row, seed)
    gradients = row.backward(dout, *inputs)
    errors = backward_errors(row.forward, dout, inputs, gradients, np.random.default_rng(seed))
    assert len(gradients) == len(inputs)
    assert max(errors) < TOLERANCE


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_gradient_agrees_with_pytorch(torch, row, seed):
    inputs, dout = _case(row, seed)
    leaves = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in inputs]
    row.witness(torch, *leaves).backward(torch.as_tensor(dout, dtype=torch.float64))
    for ours, leaf in zip(row.backward(dout, *inputs), leaves, strict=True):
        np.testing.assert_allclose(ours, leaf.grad.numpy(), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_gradient_that_is_wrong_by_a_thousandth_is_caught(row):
    inputs, dout = _case(row, seed=0)
    for k, gradient in enumerate(row.backward(dout, *inputs)):
        wrong = np.array(gradient, dtype=float)
        wrong[np.unravel_index(np.argmax(np.abs(wrong)), wrong.shape)] *= 1.001
        wrongs = [wrong if j == k else g for j, g in enumerate(row.backward(dout, *inputs))]
        assert backward_errors(row.forward, dout, inputs, wrongs, np.random.default_rng(0))[k] > TOLERANCE


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_inputs_and_upstream_gradient_are_left_alone(row):
    inputs, dout = _case(row, seed=0)
    before = [np.array(value) for value in (*inputs, dout)]
    row.backward(dout, *inputs)
    for value, kept in zip((*inputs, dout), before, strict=True):
        np.testing.assert_array_equal(value, kept)


def test_every_gradient_of_the_course_has_a_row():
    endings = ("_backward", "_gradient", "_gradients", "_slope", "_loss", "_entropy", "_logits")
    gradients = {name for name in dir(nn) if name.endswith(endings)}
    measured = {"numerical_gradient", "upstream_gradient"}
    no_gradient = {"epoch_loss", "classifier_loss"}  # a mean of losses; another name of softmax_cross_entropy
    assert gradients - measured - no_gradient == {name.partition(" ")[0] for name in ROWS}
