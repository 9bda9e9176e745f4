"""Lesson 06's live picture: losses and pulls are those of nn, and each line is where nn's gradient is 0."""

import numpy as np
import pytest

from bplearn import nn, viz
from bplearn.viz import live_losses
from tests.browser.bare import show

pytestmark = pytest.mark.browser


def test_losses_and_pulls_in_the_browser_are_those_of_nn(compute):
    inputs = np.random.default_rng(1).normal(size=(50, 2, 6)) * 3
    expression = "[meanSquared(i[0], i[1]), meanHuber(i[0], i[1], 0.7)]"
    for (y_hat, y), found in zip(inputs, compute(["lines"], expression, inputs.tolist()), strict=True):
        for got, (loss, pulls) in zip(
            found, (nn.mse_loss(y_hat, y), nn.huber_loss(y_hat, y, 0.7)), strict=True
        ):
            np.testing.assert_allclose(got["loss"], loss, rtol=1e-9)
            np.testing.assert_allclose(got["pulls"], pulls, rtol=1e-9, atol=1e-12)


def test_at_the_best_line_the_gradients_of_nn_are_zero(compute):
    y = np.random.default_rng(2).normal(size=(20, 8)) * 5
    inputs = [[live_losses.X.tolist(), row.tolist()] for row in y]
    found = compute(["lines"], "[squaresFit(...i), huberFit(...i, 0.5)]", inputs)
    for row, (squares, huber) in zip(y, found, strict=True):
        for line, gradient in (
            (squares, lambda y_hat, row=row: nn.mse_loss(y_hat, row)[1]),
            (huber, lambda y_hat, row=row: nn.huber_loss(y_hat, row, 0.5)[1]),
        ):
            dy_hat = gradient(line["slope"] * live_losses.X + line["height"])
            np.testing.assert_allclose([dy_hat.sum(), dy_hat @ live_losses.X], 0, atol=1e-9)


def test_dragging_the_far_point_back_brings_the_lines_together(shared_page):
    root = show(shared_page, "outlier_explorer")
    root.get_by_role("button", name="Mend the slip").click()
    slope = np.polyfit(live_losses.X, live_losses.MEASURED, 1)[0]
    assert f"as measured {slope:.2f}; squares {slope:.2f};" in root.locator(".bpl-says").inner_text()


def test_a_height_out_of_the_picture_is_said_in_one_line():
    with pytest.raises(ValueError, match="a height from -3 to 27"):
        viz.outlier_explorer(height=260)
