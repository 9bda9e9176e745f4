"""Lesson 03's live picture: its slopes are those of nn, and the error along the valley is what it says."""

import re

import numpy as np
import pytest

from bplearn import nn, viz
from tests.browser.bare import show

pytestmark = pytest.mark.browser
FILES = ["neuron", "plot", "slopes"]


def loss(w):
    return nn.squared_error(nn.sigmoid(1.5 * w), 0.2)


def test_measured_slopes_in_the_browser_are_those_of_nn(compute):
    """With a step that is not small: below, two ways to round a last digit give two slopes."""
    inputs = np.random.default_rng(1).uniform(-3, 3, size=60).tolist()
    found = compute(FILES, "[lossAt(i), slopeAt(i), oneSided(i, 0.1), centralDifference(i, 0.1)]", inputs)
    for w, got in zip(inputs, found, strict=True):
        right = [
            loss(w),
            nn.neuron_gradient(1.5, w, 0.0, 0.2)[0],
            (loss(w + 0.1) - loss(w)) / 0.1,
            nn.central_difference(loss, w, 0.1),
        ]
        np.testing.assert_allclose(got, right, rtol=1e-9, atol=1e-14)


def test_along_the_valley_the_error_falls_and_rises_and_the_ruler_changes(shared_page):
    root = show(shared_page, "step_valley")
    errors = {}
    for exponent in (-1, -4, -13):
        root.get_by_label("step h").fill(str(exponent))
        said = root.locator(".bpl-says").inner_text().replace("\u2212", "-")
        errors[exponent] = float(re.search(r"Relative error (\de-\d+)", said).group(1))
        assert ("rounding rules" in said) == (exponent == -13)
    assert errors[-4] < 1e-7 < errors[-1]
    assert errors[-4] < 1e-6 < errors[-13]


def test_a_step_that_is_too_small_for_a_float_is_refused_in_one_line():
    with pytest.raises(ValueError, match="a step h from 1e-15 to 1"):
        viz.step_valley(h=1e-20)
