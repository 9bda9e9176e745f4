"""Lesson 12's live picture: its normalization is the one of nn, in both modes."""

import numpy as np
import pytest

from bplearn import nn, viz
from tests.browser.bare import show

pytestmark = pytest.mark.browser


def test_normalization_in_the_browser_is_the_one_of_nn(compute):
    inputs = np.random.default_rng(1).normal(size=(30, 8)) * 3 + 2
    stored = "{ mean: 1.5, variance: 2.5 }"
    expression = f"""(() => {{
      const own = statistics(i);
      const kept = running({stored}, own, 0.9);
      return [normalised(i, 1.7, -0.4, own, 1e-5), normalised(i, 1.7, -0.4, kept, 1e-5), own, kept];
    }})()"""
    gamma, beta = np.array([1.7]), np.array([-0.4])
    for x, (trained, evaluated, own, kept) in zip(
        inputs, compute(["batchnorm"], expression, inputs.tolist()), strict=True
    ):
        y, mean, var = nn.batchnorm_train(x[:, None], gamma, beta, 1e-5)
        running = nn.batchnorm_running(np.array([1.5]), np.array([2.5]), mean, var, 0.9)
        right = nn.batchnorm_eval(x[:, None], gamma, beta, *running, 1e-5)
        np.testing.assert_allclose(trained, y[:, 0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(evaluated, right[:, 0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose([own["mean"], own["variance"]], [mean[0], var[0]], rtol=1e-9)
        np.testing.assert_allclose([kept["mean"], kept["variance"]], np.ravel(running), rtol=1e-9)


def test_each_batch_of_training_flows_into_what_is_stored_and_none_of_evaluation(shared_page):
    root = show(shared_page, "batch_norm_explorer")
    more = root.get_by_role("button", name="One more batch")
    for _ in range(5):
        more.click()
    stored = root.locator(".bpl-says").inner_text().split("Stored after ")[1]
    assert stored.startswith("5 batches: mean 2.")  # 5 (1 - 0.9^5) = 2.05, give or take a batch's mean
    root.get_by_label("stored (evaluation)").check()
    more.click()
    kept = root.locator(".bpl-says").inner_text().split("Stored after ")[1]
    assert kept.split(":")[1] == stored.split(":")[1]


def test_a_batch_of_one_is_refused_in_one_line():
    with pytest.raises(ValueError, match="batch size 2, 4, 8"):
        viz.batch_norm_explorer(batch_size=1)
