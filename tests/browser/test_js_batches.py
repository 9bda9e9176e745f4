"""Lesson 08's live picture: its losses and gradients are those of nn, and noise shrinks with the root."""

import re

import numpy as np
import pytest

from bplearn import nn, viz
from bplearn.viz import live_batches
from tests.browser.bare import show

pytestmark = pytest.mark.browser


def test_gradients_of_batches_in_the_browser_are_those_of_nn(compute):
    x, y = live_batches.points()
    data = {"x": x[:, 0].tolist(), "y": y[:, 0].tolist()}
    rng = np.random.default_rng(1)
    inputs = [
        [data, rng.normal(size=2).tolist(), rng.choice(256, size, replace=False).tolist()]
        for size in (1, 7, 64, 256)
    ]
    found = compute(["batches"], "[lossOf(...i), gradientOf(...i)]", inputs)
    for (_, (w, b), rows), (loss, gradient) in zip(inputs, found, strict=True):
        np.testing.assert_allclose(loss, nn.mse_loss(w * x[rows] + b, y[rows])[0], rtol=1e-9)
        np.testing.assert_allclose(gradient, live_batches.gradient(x[rows], y[rows], w, b), rtol=1e-9)


def test_within_a_batch_no_example_comes_twice(compute):
    (found,) = compute(
        ["random", "batches"], "[...drawBatches(generator(i), 50, [1, 20, 50], 9).values()]", [3]
    )
    assert [[len(set(batch)) for batch in batches] for batches in found] == [[1] * 9, [20] * 9, [50] * 9]


def test_four_times_the_examples_halve_the_distance(shared_page):
    root = show(shared_page, "batch_noise")
    distance = {}
    for k in (0, 2, 4):
        root.get_by_label("batch size").fill(str(k))
        said = root.locator(".bpl-says").inner_text()
        distance[k] = float(re.search(r"full gradient (\d+\.\d+)", said).group(1))
    assert distance[0] / distance[2] == pytest.approx(2, rel=0.3)
    assert distance[2] / distance[4] == pytest.approx(2, rel=0.3)
    root.get_by_label("batch size").press("End")
    assert "no noise" in root.locator(".bpl-says").inner_text()


def test_a_batch_size_that_is_no_power_of_two_is_refused_in_one_line():
    with pytest.raises(ValueError, match=r"1, 2, 4, \.\.\. or 256"):
        viz.batch_noise(batch_size=100)
