"""First weights, clipping, normalization, penalties, dropout: values and properties, beside PyTorch's own."""

import numpy as np
import pytest

from bplearn import nn


@pytest.mark.parametrize(("init", "variance"), [(nn.xavier_init, 2 / 700), (nn.he_init, 2 / 400)])
def test_first_weights_have_the_variance_of_their_paper(init, variance):
    W = init(400, 300, np.random.default_rng(0))
    assert W.shape == (400, 300)
    assert W.var() == pytest.approx(variance, rel=0.02)
    assert abs(W.mean()) < 0.001


def test_no_gradient_comes_back_through_sigmoids_larger_than_the_bound():
    rng = np.random.default_rng(0)
    for depth in (1, 3, 6):
        arriving = back = rng.normal(size=5)
        norm = 0.0
        for _ in range(depth):
            W = rng.normal(size=(5, 5))
            back = W @ back * nn.sigmoid_slope(rng.normal(size=5))
            norm = max(norm, np.linalg.norm(W, 2))
        assert np.linalg.norm(back) <= nn.sigmoid_gradient_bound(depth, norm) * np.linalg.norm(arriving)


def test_a_residual_branch_that_is_silent_passes_all_that_arrives():
    dy = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(nn.residual_backward(dy, np.zeros_like), dy)


# ---- clipping ----


def _grads(rng, scale=1.0):
    return {"W1": scale * rng.normal(size=(3, 4)), "b1": scale * rng.normal(size=4)}


@pytest.mark.parametrize("limit", [0.1, 2.0, 100.0])
def test_clipping_follows_pytorch(torch, limit):
    for scale in (0.0, 0.01, 1.0, 1e6):
        grads = _grads(np.random.default_rng(1), scale)
        for ours, theirs in (
            (nn.clip_by_norm, torch.nn.utils.clip_grad_norm_),
            (nn.clip_by_value, torch.nn.utils.clip_grad_value_),
        ):
            leaves = [torch.zeros(array.shape, dtype=torch.float64) for array in grads.values()]
            for leaf, array in zip(leaves, grads.values(), strict=True):
                leaf.grad = torch.tensor(array)
            theirs(leaves, limit)
            for array, leaf in zip(ours(grads, limit).values(), leaves, strict=True):
                # PyTorch adds 1e-6 to the divisor of a norm
                np.testing.assert_allclose(array, leaf.grad.numpy(), rtol=2e-5, atol=1e-12)


def test_a_gradient_within_the_limit_is_as_before():
    grads = _grads(np.random.default_rng(2), 1e-3)
    assert all(np.array_equal(array, grads[name]) for name, array in nn.clip_by_norm(grads, 5.0).items())
    assert nn.clip_by_norm(grads, 5.0)["W1"] is not grads["W1"]


def test_clipping_by_norm_keeps_the_direction_and_by_value_turns_it():
    grads = _grads(np.random.default_rng(3), 50.0)
    assert nn.gradient_angle(grads, nn.clip_by_norm(grads, 1.0)) < 1e-4
    assert nn.gradient_angle(grads, nn.clip_by_value(grads, 1.0)) > 10
    assert nn.gradient_angle(grads, {name: -array for name, array in grads.items()}) == pytest.approx(180.0)


def test_an_angle_matches_arrays_by_name():
    grads = _grads(np.random.default_rng(4))
    assert nn.gradient_angle(grads, dict(reversed(grads.items()))) < 1e-5


# ---- normalization ----

GAMMA, BETA, EPS = np.array([0.7, -1.3, 2.1]), np.array([0.2, 0.4, -0.6]), 0.1


def test_normalization_follows_pytorch(torch):
    x = np.random.default_rng(0).normal(2.0, 3.0, size=(6, 3))
    tensors = [torch.as_tensor(array) for array in (x, GAMMA, BETA)]
    y, mean, var = nn.batchnorm_train(x, GAMMA, BETA, EPS)
    F = torch.nn.functional
    running_mean, running_var = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
    theirs = F.batch_norm(tensors[0], running_mean, running_var, *tensors[1:], True, 0.1, EPS)
    np.testing.assert_allclose(y, theirs.numpy(), rtol=1e-12, atol=1e-14)
    ours = nn.batchnorm_running(np.zeros(3), np.ones(3), mean, var * 6 / 5, 0.9)  # theirs is unbiased
    np.testing.assert_allclose(ours[0], running_mean.numpy(), rtol=1e-12)
    np.testing.assert_allclose(ours[1], running_var.numpy(), rtol=1e-12)
    stored = F.batch_norm(tensors[0], *map(torch.as_tensor, ours), *tensors[1:], False, 0.1, EPS)
    np.testing.assert_allclose(nn.batchnorm_eval(x, GAMMA, BETA, *ours, EPS), stored.numpy(), rtol=1e-12)
    layer = F.layer_norm(tensors[0], (3,), *tensors[1:], EPS)
    np.testing.assert_allclose(nn.layernorm_forward(x, GAMMA, BETA, EPS), layer.numpy(), rtol=1e-12)


def test_a_bias_before_batch_normalization_is_idle():
    rng = np.random.default_rng(1)
    x, dy = rng.normal(size=(6, 3)), rng.normal(size=(6, 3))
    shifted = nn.batchnorm_train(x + np.array([5.0, -2.0, 1.0]), GAMMA, BETA, EPS)[0]
    np.testing.assert_allclose(shifted, nn.batchnorm_train(x, GAMMA, BETA, EPS)[0], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(nn.batchnorm_backward(dy, x, GAMMA, EPS)[0].sum(axis=0), 0, atol=1e-12)


# ---- generalisation ----


def test_standardising_uses_the_training_set_alone():
    rng = np.random.default_rng(0)
    train, test = rng.normal(3.0, 2.0, size=(20, 4)), rng.normal(9.0, 5.0, size=(7, 4))
    train[:, 2] = 5
    ours, held_out = nn.standardise(train, test)
    np.testing.assert_allclose(ours.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(ours.std(axis=0), [1, 1, 0, 1], atol=1e-12)
    np.testing.assert_allclose(held_out[:, 2], test[:, 2] - 5)
    np.testing.assert_allclose(held_out[:, 0] * train[:, 0].std() + train[:, 0].mean(), test[:, 0])


@pytest.mark.parametrize("penalty", [nn.l1_penalty, nn.l2_penalty])
def test_penalties_leave_biases_in_peace(penalty):
    loss, grads = penalty({"W1": np.array([[0.0, -2.0]]), "b1": np.array([7.0])}, 0.5)
    assert loss == 1.0
    assert {name: array.tolist() for name, array in grads.items()} == {
        "W1": [[0.0, -0.5 if penalty is nn.l1_penalty else -1.0]],
        "b1": [0.0],
    }


@pytest.mark.parametrize("drop_prob", [0.0, 0.2, 0.75])
def test_dropout_keeps_the_mean_and_says_what_it_dropped(drop_prob):
    x = np.full((200, 300), 2.0)
    y, mask = nn.dropout_forward(x, drop_prob, np.random.default_rng(0))
    assert set(np.unique(mask)) <= {0.0, 1 / (1 - drop_prob)}
    assert np.mean(mask == 0) == pytest.approx(drop_prob, abs=0.01)
    assert y.mean() == pytest.approx(2.0, rel=0.02)
    np.testing.assert_array_equal(y, x * mask)


@pytest.mark.parametrize(
    ("losses", "patience", "best"),
    [
        ([3.0], 2, 0),
        ([3.0, 2.0, 1.0], 1, 2),
        ([3.0, 2.0, 2.0, 2.0, 1.0], 2, 1),
        ([3.0, 4.0, 2.0, 5.0, 5.0, 1.0], 3, 5),
        ([3.0, 4.0, 2.0, 5.0, 5.0, 5.0, 1.0], 3, 2),
        ([1.0, 1.0, 0.5], 1, 0),
    ],
)
def test_early_stopping_goes_back_to_the_best_epoch_before_the_stop(losses, patience, best):
    assert nn.best_epoch(losses, patience) == best
