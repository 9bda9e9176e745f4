"""Lesson 05's live picture: it lets back what nn lets back, and flat is where the slope of nn is small."""

import numpy as np
import pytest

from bplearn import viz
from bplearn.viz import live_bends
from tests.browser.bare import show

pytestmark = pytest.mark.browser
FILES = ["neuron", "mlp", "plot", "activation_explorer"]


@pytest.mark.parametrize("name", live_bends.BACKWARD)
def test_what_is_let_back_is_what_nn_lets_back(compute, name):
    z = np.random.default_rng(1).normal(size=60) * 3
    inputs = [{"name": name, "z": float(one), "da": 0.7} for one in z]
    found = [got["dz"] for got in compute(FILES, "compute(i)", inputs)]
    np.testing.assert_allclose(found, 0.7 * live_bends.BACKWARD[name](z), rtol=1e-9, atol=1e-15)


def test_flat_ground_is_where_the_slope_is_small(compute):
    grid = np.linspace(-6, 6, 241)
    for name, stretches in zip(
        live_bends.BACKWARD, compute(FILES, "flatStretches(i)", list(live_bends.BACKWARD)), strict=True
    ):
        flat = grid[live_bends.BACKWARD[name](grid) < 0.05]
        inside = [z for z in grid if any(low - 1e-9 <= z <= high + 1e-9 for low, high in stretches)]
        np.testing.assert_allclose(inside, flat, atol=1e-9)


def test_the_lesson_s_claims_can_be_read_off(shared_page):
    root = show(shared_page, "activation_explorer")
    root.get_by_label("tanh").check()
    root.get_by_label("input z").fill("0.9")
    assert "49 % of it get through" in root.locator(".bpl-says").inner_text()
    root.get_by_label("sigmoid").check()
    root.get_by_label("input z").fill("0")
    assert "25 % of it get through" in root.locator(".bpl-says").inner_text()


def test_an_activation_that_is_not_there_is_refused_in_one_line():
    with pytest.raises(ValueError, match="one of sigmoid, tanh"):
        viz.activation_explorer("step")
