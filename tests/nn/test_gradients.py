"""Every gradient against two witnesses that share no formula with it: measured slopes and PyTorch."""

import numpy as np
import pytest

from bplearn import nn
from bplearn.nn.gradcheck import TOLERANCE, backward_errors
from tests.nn import later_rows, rows

ROWS = rows.ROWS | later_rows.ROWS
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
    endings = ("_backward", "_gradient", "_gradients", "_slope", "_loss", "_entropy", "_logits", "_penalty")
    gradients = {name for name in dir(nn) if name.endswith(endings)}
    measured = {"numerical_gradient", "upstream_gradient"}
    no_gradient = {"epoch_loss", "classifier_loss"}  # a mean of losses; another name of softmax_cross_entropy
    gradients |= {"batchnorm_backward_closed", "unbroadcast"}
    assert gradients - measured - no_gradient == {name.partition(" ")[0] for name in ROWS}
