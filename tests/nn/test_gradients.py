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


X, Y = 0.7, 0.2  # input and target: the losses are not differentiated by these

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
    gradients = {name for name in dir(nn) if name.endswith(("_backward", "_gradient", "_slope"))}
    assert gradients - {"numerical_gradient", "upstream_gradient"} == set(ROWS)
