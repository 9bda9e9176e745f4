"""The values that the forward functions promise, textbook numbers included."""

import numpy as np
import pytest

from bplearn import nn

# forward function, the same in PyTorch, the shapes of its inputs
FORWARD = {
    "affine_shape": (
        lambda x, W: np.array(nn.affine_shape(x.shape, W.shape)),
        lambda torch, x, W: torch.tensor((x @ W).shape),
        [(5, 3), (3, 4)],
    ),
    "column_means": (nn.column_means, lambda torch, x: torch.mean(x, dim=0), [(5, 3)]),
    "sigmoid": (nn.sigmoid, lambda torch, z: torch.sigmoid(z), [(2, 3, 4)]),
    "sigmoid of a number": (nn.sigmoid, lambda torch, z: torch.sigmoid(z), [()]),
    "squared_error": (
        nn.squared_error,
        lambda torch, y_hat, y: torch.nn.functional.mse_loss(y_hat, y) / 2,
        [(), ()],
    ),
    "two_weight_forward": (
        lambda x, w1, w2: np.array(nn.two_weight_forward(x, w1, w2)),
        lambda torch, x, w1, w2: torch.stack(
            [torch.sigmoid(w1 * x), torch.sigmoid(w2 * torch.sigmoid(w1 * x))]
        ),
        [(), (), ()],
    ),
    "linear_forward": (
        nn.linear_forward,
        lambda torch, x, W, b: torch.nn.functional.linear(x, W.T, b),
        [(5, 3), (3, 4), (4,)],
    ),
    "relu_forward": (nn.relu_forward, lambda torch, z: torch.relu(z), [(5, 3)]),
    "tanh_forward": (nn.tanh_forward, lambda torch, z: torch.tanh(z), [(5, 3)]),
    "leaky_relu_forward": (
        lambda z: nn.leaky_relu_forward(z, 0.1),
        lambda torch, z: torch.nn.functional.leaky_relu(z, 0.1),
        [(5, 3)],
    ),
    "softplus_forward": (nn.softplus_forward, lambda torch, z: torch.nn.functional.softplus(z), [(5, 3)]),
    "softmax": (nn.softmax, lambda torch, z: torch.softmax(z, dim=1), [(5, 3)]),
    "softmax of far scores": (
        lambda z: nn.softmax(1000 * z),
        lambda torch, z: torch.softmax(1000 * z, dim=1),
        [(5, 3)],
    ),
    "log_softmax": (nn.log_softmax, lambda torch, z: torch.log_softmax(z, dim=1), [(5, 3)]),
    "log_softmax of far scores": (
        lambda z: nn.log_softmax(1000 * z),
        lambda torch, z: torch.log_softmax(1000 * z, dim=1),
        [(5, 3)],
    ),
    "bce_with_logits of far scores": (
        lambda z: nn.bce_with_logits(z + 900, np.array([1.0, 0.0, 1.0]))[0],
        lambda torch, z: torch.nn.functional.binary_cross_entropy_with_logits(
            z + 900, torch.tensor([1.0, 0.0, 1.0], dtype=torch.float64)
        ),
        [(3,)],
    ),
    "one_hot": (
        lambda x: nn.one_hot(np.array([2, 0, 1, 2]), 4),
        lambda torch, x: torch.nn.functional.one_hot(torch.tensor([2, 0, 1, 2]), 4),
        [()],
    ),
}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("ours", "witness", "shapes"), FORWARD.values(), ids=FORWARD)
def test_forward_value_agrees_with_pytorch(torch, ours, witness, shapes, seed):
    rng = np.random.default_rng(seed)
    inputs = [3.0 * rng.normal(size=shape) for shape in shapes]
    expected = witness(torch, *[torch.tensor(value, dtype=torch.float64) for value in inputs])
    np.testing.assert_allclose(ours(*inputs), expected.numpy(), rtol=1e-13)


# ---- shapes ----


@pytest.mark.parametrize(
    ("x_shape", "W_shape"), [((5, 3), (4, 3)), ((3,), (3, 4)), ((5, 3), (3,)), ((5, 3, 2), (2, 4))]
)
def test_shapes_that_do_not_fit_are_named(x_shape, W_shape):
    with pytest.raises(ValueError, match="do not fit: x is") as error:
        nn.affine_shape(x_shape, W_shape)
    assert str(x_shape) in str(error.value)
    assert str(W_shape) in str(error.value)


def test_column_means_take_each_column_by_itself():
    assert nn.column_means(np.array([[1.0, 10.0, 100.0], [3.0, 30.0, 300.0]])).tolist() == [2.0, 20.0, 200.0]


# ---- one neuron ----


def test_sigmoid_is_finite_and_right_far_out():
    z = np.array([-1000.0, -745.0, -36.0, 0.0, 36.0, 745.0, 1000.0])
    assert nn.sigmoid(z)[[0, 3, -1]].tolist() == [0.0, 0.5, 1.0]
    np.testing.assert_allclose(nn.sigmoid(-36.0), np.exp(-36.0), rtol=1e-12)
    np.testing.assert_allclose(nn.sigmoid(z) + nn.sigmoid(-z), 1.0, rtol=1e-15)


def test_sigmoid_slope_is_a_quarter_in_the_middle_and_nothing_far_out():
    assert nn.sigmoid_slope(np.array([-1000.0, 0.0, 1000.0])).tolist() == [0.0, 0.25, 0.0]


@pytest.mark.parametrize("f", [nn.sigmoid, nn.sigmoid_slope])
@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 0), (2, 3, 4)])
def test_sigmoid_and_slope_take_any_shape(f, shape):
    assert np.shape(f(np.ones(shape))) == shape


@pytest.mark.parametrize("z", [2, 2.0, [2.0], np.float32(2.0), np.int64(2)])
def test_sigmoid_computes_in_float64(z):
    assert nn.sigmoid(z).dtype == np.float64


def test_numbers_in_give_numbers_out():
    dw, db = nn.neuron_gradient(2.0, 0.5, -0.25, 1.0)
    loss = nn.squared_error(nn.sigmoid(0.5), 1.0)
    assert all(isinstance(value, float) for value in (dw, db, loss, nn.sigmoid(0.5), nn.sigmoid_slope(0.5)))


# ---- the worked example: x = 0.5, w1 = 0.4, w2 = 0.6, y = 1 ----


def test_worked_example_gives_the_printed_numbers():
    h, y_hat = nn.two_weight_forward(0.5, 0.4, 0.6)
    dw1, dw2 = nn.two_weight_backward(0.5, 0.4, 0.6, 1.0)
    got = [h, y_hat, nn.squared_error(y_hat, 1.0), dw1, dw2]
    printed = [0.549833997, 0.581735142, 0.087472746, -0.007557073, -0.055957673]
    np.testing.assert_allclose(got, printed, rtol=0, atol=5e-10)


def test_a_weight_used_twice_gets_the_blame_of_both_paths():
    both = sum(nn.two_weight_backward(0.5, 0.4, 0.4, 1.0))
    assert nn.shared_weight_gradient(0.5, 0.4, 1.0) == pytest.approx(both, rel=1e-14)


def test_at_a_tie_the_maximum_passes_nothing():
    assert nn.max_backward(3.0, 2.0, 2.0) == (0.0, 0.0)
