"""Gradient descent, step by step, as PyTorch's own optimiser takes it."""

import numpy as np
import pytest

from bplearn import nn

X, Y, STEPS = 0.7, 0.2, 12


def _two_weights(torch, w1, w2):
    return (torch.sigmoid(w2 * torch.sigmoid(w1 * X)) - Y) ** 2 / 2


def _neuron(torch, w, b):
    return (torch.sigmoid(w * X + b) - Y) ** 2 / 2


def _pytorch_descent(torch, loss_of, start, lr):
    parameters = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in start]
    optimiser = torch.optim.SGD(parameters, lr=lr)
    losses = []
    for _ in range(STEPS):
        losses.append(loss_of(torch, *parameters))
        optimiser.zero_grad()
        losses[-1].backward()
        optimiser.step()
    losses.append(loss_of(torch, *parameters))
    return [p.item() for p in parameters], [loss.item() for loss in losses]


@pytest.mark.parametrize("lr", [0.1, 3.0, 30.0])
@pytest.mark.parametrize("train", [nn.train_neuron, nn.train_two_weights])
def test_training_follows_pytorch(torch, train, lr):
    loss_of = _neuron if train is nn.train_neuron else _two_weights
    *ours, losses = train(X, Y, 1.5, -0.8, lr, STEPS)
    parameters, expected = _pytorch_descent(torch, loss_of, (1.5, -0.8), lr)
    np.testing.assert_allclose(ours, parameters, rtol=1e-10)
    np.testing.assert_allclose(losses, expected, rtol=1e-10)


@pytest.mark.parametrize("train", [nn.train_neuron, nn.train_two_weights])
def test_losses_begin_before_the_first_step(train):
    *start, losses = train(X, Y, 1.5, -0.8, 0.5, 0)
    assert start == [1.5, -0.8]
    assert losses.shape == (1,)
    assert losses[0] == train(X, Y, 1.5, -0.8, 0.5, 5)[-1][0]


@pytest.mark.parametrize("train", [nn.train_neuron, nn.train_two_weights])
def test_k_steps_are_k_times_one_step(train):
    first, second = 1.5, -0.8
    for _ in range(3):
        first, second, _ = train(X, Y, first, second, 0.5, 1)
    assert train(X, Y, 1.5, -0.8, 0.5, 3)[:2] == (first, second)


def test_a_step_leaves_the_old_array_alone():
    w, dw = np.array([1.0, 2.0]), np.array([10.0, -10.0])
    assert nn.descent_step(w, dw, 0.1).tolist() == [0.0, 3.0]
    assert w.tolist() == [1.0, 2.0]
