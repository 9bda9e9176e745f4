"""The tester, tested: right gradients pass, wrong ones are caught, and the noise is where it should be."""

import numpy as np
import pytest

from bplearn import nn
from bplearn.nn.gradcheck import MOST_ENTRIES, TOLERANCE, directional_error, gradient_error, scaled_error


def _bowl(x):
    return np.sum(np.tanh(x) * x**2)


def _bowl_gradient(x):
    return x**2 / np.cosh(x) ** 2 + 2 * x * np.tanh(x)


def _generic(shape, seed=0):
    """Entries of both signs, none of them near zero."""
    rng = np.random.default_rng(seed)
    return rng.choice((-1.0, 1.0), size=shape) * rng.uniform(0.3, 2.0, size=shape)


def _one_wrong(gradient, factor=1.001):
    wrong = gradient.copy()
    wrong.flat[wrong.size // 2] *= factor
    return wrong


# ---- the lesson's own functions ----


@pytest.mark.parametrize("h", [1e-4, 1e-2, 0.5])
def test_central_difference_is_exact_on_a_parabola(h):
    assert nn.central_difference(lambda x: 3 * x**2 - x, 1.25, h) == pytest.approx(6.5, rel=1e-10)


def test_error_of_a_central_difference_shrinks_with_the_square_of_h():
    errors = [nn.central_difference(np.exp, 0.0, h) - 1.0 for h in (0.2, 0.1)]
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.01)


@pytest.mark.parametrize("shape", [(), (1,), (5,), (0,), (2, 3), (2, 1, 3)])
def test_numerical_gradient_has_the_shape_of_x(shape):
    x = _generic(shape)
    np.testing.assert_allclose(nn.numerical_gradient(_bowl, x, 1e-5), _bowl_gradient(x), rtol=1e-8)


@pytest.mark.parametrize("layout", [np.asfortranarray, np.transpose, lambda x: x[::2, ::-1]])
def test_numerical_gradient_takes_any_memory_layout_and_leaves_x_alone(layout):
    x = layout(_generic((4, 3)))
    before = x.copy()
    np.testing.assert_allclose(nn.numerical_gradient(_bowl, x, 1e-5), _bowl_gradient(x), rtol=1e-8)
    assert x.tobytes() == before.tobytes()


def test_numerical_gradient_is_not_fooled_by_a_function_that_returns_its_argument():
    assert nn.numerical_gradient(lambda x: x, np.array(3.0), 0.5) == 1.0


def test_upstream_gradient_agrees_with_pytorch(torch):
    x, W, dout = _generic((5, 3)), _generic((3, 4), seed=1), _generic((5, 4), seed=2)
    leaf = torch.tensor(x, requires_grad=True)
    torch.tanh(leaf @ torch.tensor(W)).backward(torch.tensor(dout))
    measured = nn.upstream_gradient(lambda x: np.tanh(x @ W), dout, x, 1e-5)
    np.testing.assert_allclose(measured, leaf.grad.numpy(), rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0, -2.0], [1.0, 2.0], 2.0),
        ([1.0, 0.0], [1.0, 1e-12], 1e-4),  # 1e-12 against the floor of 1e-8
        ([[1.0, 4.0]], [[1.0, 5.0]], 0.2),
        (3.0, 4.0, 0.25),
        ([], [], 0.0),
    ],
)
def test_relative_error_is_the_largest_over_the_entries(a, b, expected):
    assert nn.relative_error(np.array(a), np.array(b)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("error", [nn.relative_error, scaled_error])
def test_different_shapes_are_refused_even_if_they_broadcast(error):
    with pytest.raises(ValueError, match=r"\(3,\) and \(3, 1\) differ"):
        error(np.ones(3), np.ones((3, 1)))


@pytest.mark.parametrize("scale", [1e-5, 1.0, 1e6])
def test_gradient_matches_accepts_right_gradients_of_any_scale(scale):
    x = _generic((3, 4))
    assert nn.gradient_matches(lambda x: scale * _bowl(x), lambda x: scale * _bowl_gradient(x), x) is True


@pytest.mark.parametrize("factor", [1.01, 0.99, 2.0, -1.0, 0.0, np.nan])
@pytest.mark.parametrize("scale", [1e-5, 1.0, 1e6])
def test_gradient_matches_refuses_a_single_wrong_entry(scale, factor):
    def wrong(x):
        return scale * _one_wrong(_bowl_gradient(x), factor)

    assert nn.gradient_matches(lambda x: scale * _bowl(x), wrong, _generic((3, 4))) is False


# ---- the proofs of this course ----

SHAPES = [(3, 4), (MOST_ENTRIES + 1,)]  # entry by entry, and by directions


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("shape", SHAPES)
def test_right_gradient_passes(shape, seed):
    x = _generic(shape, seed)
    assert gradient_error(_bowl, _bowl_gradient(x), x, np.random.default_rng(seed)) < TOLERANCE


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("factor", [1.001, 0.999, 2.0, -1.0, 0.0])
def test_single_entry_wrong_by_a_thousandth_is_caught(factor, seed):
    x, rng = _generic((3, 4), seed), np.random.default_rng(seed)
    wrong = _one_wrong(_bowl_gradient(x), factor)
    assert gradient_error(_bowl, wrong, x, rng) > 10 * TOLERANCE
    assert directional_error(_bowl, wrong, x, rng) > 10 * TOLERANCE


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("error", [gradient_error, directional_error])
def test_wrong_gradients_are_caught_at_every_scale(error, scale):
    x, rng = _generic((3, 4)), np.random.default_rng(0)
    right, wrong = scale * _bowl_gradient(x), 1.001 * scale * _bowl_gradient(x)
    assert error(lambda x: scale * _bowl(x), right, x, rng) < TOLERANCE
    assert error(lambda x: scale * _bowl(x), wrong, x, rng) > TOLERANCE


@pytest.mark.parametrize(
    "wrong", [lambda x: -_bowl_gradient(x), np.zeros_like, lambda x: np.full_like(x, np.nan)]
)
@pytest.mark.parametrize("shape", SHAPES)
def test_wholly_wrong_gradient_never_passes(shape, wrong):
    x = _generic(shape)
    assert not gradient_error(_bowl, wrong(x), x, np.random.default_rng(0)) < TOLERANCE


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("error", [gradient_error, directional_error])
def test_a_gradient_of_zero_is_not_drowned_in_rounding(error, seed):
    z, b, rng = _generic((8, 20), seed), _generic((20,), seed), np.random.default_rng(seed)

    def normalised(b):  # a bias in front of batch normalization has no effect at all
        return np.mean((np.tanh((z + b - np.mean(z + b, axis=0)) / np.std(z + b, axis=0)) - 0.5) ** 2)

    assert error(normalised, np.zeros_like(b), b, rng) < TOLERANCE


def test_scaled_error_forgives_noise_beside_large_entries_only():
    right = np.array([10.0, 0.0])
    assert scaled_error(np.array([10.0, 1e-9]), right) < TOLERANCE
    assert scaled_error(np.array([10.0, 1e-4]), right) > TOLERANCE


def test_each_wrong_gradient_of_several_is_pointed_at():
    u, v, dout = _generic((3, 4)), _generic((3, 4), 1), _generic((3, 4), 2)
    errors = nn.backward_errors(np.multiply, dout, (u, v), (dout * v, dout * v), np.random.default_rng(0))
    assert [error < TOLERANCE for error in errors] == [True, False]


def test_a_directional_check_costs_ten_calls_however_large_x_is():
    calls = []
    x = _generic((MOST_ENTRIES + 1,))
    gradient_error(lambda x: calls.append(1) or _bowl(x), _bowl_gradient(x), x, np.random.default_rng(0))
    assert len(calls) == 10
