"""Lesson 11's live picture: its clipping is the one of nn, and what is dragged is what is said."""

import numpy as np
import pytest

from bplearn import nn
from tests.browser.bare import show

pytestmark = pytest.mark.browser


def test_clipping_in_the_browser_is_the_one_of_nn(compute):
    inputs = (np.random.default_rng(1).normal(size=(100, 2)) * 4).tolist()
    expression = "[clipByValue(i, 1.7), clipByNorm(i, 1.7), gradientAngle(i, clipByValue(i, 1.7))]"
    for given, (by_value, by_norm, angle) in zip(inputs, compute(["clips"], expression, inputs), strict=True):
        full = {"w": np.array(given)}
        clipped = nn.clip_by_value(full, 1.7)
        np.testing.assert_allclose(by_value, clipped["w"], rtol=1e-9)
        np.testing.assert_allclose(by_norm, nn.clip_by_norm(full, 1.7)["w"], rtol=1e-9)
        assert angle == pytest.approx(
            nn.gradient_angle(full, clipped), rel=1e-9, abs=1e-5
        )  # near 0 a cosine is blind


def test_dragging_the_tip_says_the_new_gradient_and_what_becomes_of_it(shared_page):
    root = show(shared_page, "clip_explorer")
    box = root.locator("svg").first.bounding_box()
    shared_page.mouse.move(box["x"] + 200, box["y"] + 60)
    shared_page.mouse.down()
    shared_page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    shared_page.mouse.up()
    first = float(root.get_by_label("first entry").input_value())
    second = float(root.get_by_label("second entry").input_value())
    assert first < 0 < second
    short = nn.clip_by_norm({"w": np.array([first, second])}, 2.0)["w"]
    said = root.locator(".bpl-says").inner_text().replace("\u2212", "-")
    assert f"by norm: ({short[0]:.2f}, {short[1]:.2f}), norm 2.00, direction kept" in said
