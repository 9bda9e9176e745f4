"""Networks and their training: the first weights, whole runs beside PyTorch, batches, convergence."""

import numpy as np
import pytest

from bplearn import nn
from bplearn.data import two_moons, xor


def _copy(params):
    return {name: array.copy() for name, array in params.items()}


def _pytorch_losses(torch, params, batches, lr):
    """Losses and final parameters of PyTorch's own network and SGD, from the same weights."""
    leaves = {name: torch.tensor(array, requires_grad=True) for name, array in params.items()}
    optimiser = torch.optim.SGD(leaves.values(), lr=lr)
    losses = []
    for x, labels in batches:
        a = torch.as_tensor(x)
        for k in range(1, len(leaves) // 2 + 1):
            a = (a if k == 1 else torch.relu(a)) @ leaves[f"W{k}"] + leaves[f"b{k}"]
        losses.append(torch.nn.functional.cross_entropy(a, torch.as_tensor(labels)))
        optimiser.zero_grad()
        losses[-1].backward()
        optimiser.step()
    return [loss.item() for loss in losses], {name: leaf.detach().numpy() for name, leaf in leaves.items()}


def _assert_alike(params, expected):
    for name, array in params.items():
        np.testing.assert_allclose(array, expected[name], rtol=1e-8, atol=1e-12)


def test_training_follows_pytorch(torch):
    x, labels = two_moons(20, 0.2, np.random.default_rng(1))
    sizes, lr, steps = (2, 7, 5, 2), 0.3, 25
    start, _ = nn.train_mlp(x, labels, sizes, lr, 0, np.random.default_rng(2))
    params, losses = nn.train_mlp(x, labels, sizes, lr, steps, np.random.default_rng(2))
    expected, theirs = _pytorch_losses(torch, start, [(x, labels)] * steps, lr)
    np.testing.assert_allclose(losses[:-1], expected, rtol=1e-9)
    _assert_alike(params, theirs)


def test_an_epoch_follows_pytorch(torch):
    x, labels = two_moons(20, 0.2, np.random.default_rng(1))
    start = nn.init_mlp((2, 7, 2), np.random.default_rng(2))
    params, loss = nn.train_epoch(_copy(start), x, labels, 6, 0.3, np.random.default_rng(5))
    batches = nn.minibatches(x, labels, 6, np.random.default_rng(5))
    losses, theirs = _pytorch_losses(torch, start, batches, 0.3)
    assert loss == pytest.approx(np.average(losses, weights=[6, 6, 6, 2]), rel=1e-10)
    _assert_alike(params, theirs)


@pytest.mark.parametrize("seed", range(10))
def test_xor_is_learned_whatever_the_seed(seed):
    _, losses = nn.train_mlp(*xor(), (2, 16, 2), 0.5, 1000, np.random.default_rng(seed))
    assert losses[-1] < 0.05


def test_first_weights_have_the_spread_that_relu_needs():
    params = nn.init_mlp((50, 400, 300), np.random.default_rng(0))
    assert params["W1"].std() == pytest.approx(np.sqrt(2 / 50), rel=0.02)
    assert params["W2"].std() == pytest.approx(np.sqrt(2 / 400), rel=0.02)
    assert abs(params["W2"].mean()) < 0.001
    assert not params["b1"].any()


@pytest.mark.parametrize("layers", [1, 2, 4])
def test_a_network_may_have_any_number_of_layers(layers):
    sizes = (3, 6, 5, 4, 7)[: layers + 1]
    params = nn.init_mlp(sizes, np.random.default_rng(0))
    logits, cache = nn.mlp_forward(np.ones((5, 3)), params)
    assert logits.shape == (5, sizes[-1])
    assert len(cache) == layers
    assert list(nn.mlp_backward(logits, cache, params)) == list(params)


# ---- batches ----


@pytest.mark.parametrize(
    ("size", "sizes"), [(4, [4, 4, 2]), (5, [5, 5]), (10, [10]), (99, [10]), (1, [1] * 10)]
)
def test_batches_hold_every_example_once_with_its_label(size, sizes):
    x = np.arange(20.0).reshape(10, 2)
    batches = nn.minibatches(x, np.arange(10), size, np.random.default_rng(0))
    assert [len(labels) for _, labels in batches] == sizes
    assert sorted(np.concatenate([labels for _, labels in batches])) == list(range(10))
    assert all((rows[:, 0] == 2 * labels).all() for rows, labels in batches)


def test_batches_come_in_a_new_order_each_time():
    rng, x = np.random.default_rng(0), np.zeros((30, 2))
    first, second = ([*nn.minibatches(x, np.arange(30), 30, rng)] for _ in range(2))
    assert first[0][1].tolist() != second[0][1].tolist()


@pytest.mark.parametrize(
    ("losses", "verdict"),
    [
        ([1.0, 0.9], False),
        ([1.0, 0.999, 0.9985, 0.9981], True),
        ([1.0, 0.999, 0.9985, 1.1], False),
        ([1.0, 0.5, 0.4995, 0.499], False),
        ([2.0, 1.0, 0.9995, 0.999, 0.9985], True),
    ],
)
def test_convergence_needs_small_changes_for_a_while(losses, verdict):
    assert nn.has_converged(losses, tolerance=0.01, patience=3) is verdict
