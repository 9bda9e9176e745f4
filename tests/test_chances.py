"""What is told of dropout: facts and shares, and no more of small arrays than can be known."""

import numpy as np
import pytest

from bplearn import chances
from bplearn.nn import dropout_forward

LARGE = np.random.default_rng(0).uniform(0.5, 2.0, (100, 60))


def told(answer, x=LARGE, drop_prob=0.3):
    return chances.dropping(answer, (x.copy(), drop_prob, np.random.default_rng(5)))


def test_of_a_large_array_shares_are_told():
    facts = told(dropout_forward)
    assert facts["share_dropped"] == pytest.approx(0.3, abs=0.025)
    assert facts["mask_scale"] == pytest.approx(1 / 0.7) == facts["y_scale"]
    assert all(facts[name] for name in facts if name.endswith(("apart", "call", "rng", "mask", "one_scale")))


@pytest.mark.parametrize(
    "mask",
    [
        lambda shape, rng: (rng.random(shape) < 0.7) / 0.7,
        lambda shape, rng: rng.binomial(1, 0.7, shape) / 0.7,
        lambda shape, rng: rng.choice([0.0, 1 / 0.7], shape, p=[0.3, 0.7]),
    ],
)
def test_however_it_is_drawn_the_same_is_told(mask):
    def answer(x, drop_prob, rng):
        drawn = mask(x.shape, rng)
        return x * drawn, drawn

    ours, theirs = told(dropout_forward), told(answer)
    assert theirs.pop("share_dropped") == pytest.approx(ours.pop("share_dropped"), abs=0.03)
    assert all(np.allclose(theirs[name], ours[name], rtol=1e-7) for name in ours)


def test_a_mask_of_many_values_is_seen():
    facts = told(lambda x, drop_prob, rng: (x * 0.5, rng.random(x.shape)))
    assert facts["one_scale"] is False


def test_of_a_small_array_only_what_can_be_known():
    names = {"mask_shape", "mask_scale", "one_scale", "y_scale", "y_is_x_times_mask"}
    assert set(told(dropout_forward, LARGE[:5])) == names


@pytest.mark.parametrize("result", [np.ones(3), (np.ones(3),), 5])
def test_what_is_no_pair_is_an_error_that_says_so(result):
    with pytest.raises(TypeError, match="return y, mask"):
        told(lambda x, drop_prob, rng: result)


def test_a_result_of_another_shape_is_an_error_that_says_so():
    with pytest.raises(TypeError, match=r"\(100, 60\)"):
        told(lambda x, drop_prob, rng: (x[:3], x))


def test_a_mask_that_does_not_fit_is_told_and_not_raised():
    assert told(lambda x, drop_prob, rng: (x, np.ones(7)))["y_is_x_times_mask"] is False
