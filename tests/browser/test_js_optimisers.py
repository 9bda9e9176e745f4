"""Lesson 09's live picture: its steps are those of nn, and so is who arrives first."""

import numpy as np
import pytest

from bplearn import nn, viz
from bplearn.viz import live_race
from tests.browser.bare import show

pytestmark = pytest.mark.browser

CALLS = {
    "[sgdStep(w, dw, 0.3)]": lambda w, dw, m, v: [w - 0.3 * dw],
    "momentumStep(w, dw, m, 0.3, 0.8)": lambda w, dw, m, v: nn.momentum_step(w, dw, m, 0.3, 0.8),
    "nesterovStep(w, dw, m, 0.3, 0.8)": lambda w, dw, m, v: nn.nesterov_step(w, dw, m, 0.3, 0.8),
    "rmspropStep(w, dw, v, 0.3, 0.8, 1e-8)": lambda w, dw, m, v: nn.rmsprop_step(w, dw, v, 0.3, 0.8, 1e-8),
    "adamStep(w, dw, m, v, 3, 0.3, 0.8, 0.9, 1e-8)": lambda w, dw, m, v: nn.adam_step(
        w, dw, m, v, 3, 0.3, 0.8, 0.9, 1e-8
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_step_in_the_browser_is_the_one_of_nn(compute, call):
    inputs = np.random.default_rng(1).normal(size=(50, 4, 3))
    inputs[:, 3] **= 2
    found = compute(["optimisers"], f"(([w, dw, m, v]) => {call})(i)", inputs.tolist())
    for given, got in zip(inputs, found, strict=True):
        for mine, right in zip(got, CALLS[call](*given), strict=True):
            np.testing.assert_allclose(mine, right, rtol=1e-9, atol=1e-12)


def test_the_race_in_the_browser_ends_as_the_one_in_python(compute):
    expression = """(() => {
      const state = { surface: "ravine", x: 10, y: 1, factor: 1 };
      const runners = lineUp(state);
      for (let k = 0; k < 700; k++) advance(runners, state);
      return runners.map(({ path }) => path);
    })()"""
    (found,) = compute(["plot", "optimisers", "optimiser_race"], expression, [0])
    for mine, (name, path) in zip(found, live_race.paths().items(), strict=True):
        assert len(mine) == len(path), name
        np.testing.assert_allclose(mine[:20], path[:20], rtol=1e-9, atol=1e-12)


def test_a_rate_that_is_too_large_throws_plain_descent_out(shared_page):
    root = show(shared_page, "optimiser_race")
    root.get_by_label("rates, times").press("End")
    for _ in range(12):
        root.get_by_role("button", name="Step").click()
    assert "plain descent: thrown out after" in root.locator(".bpl-says").inner_text()


def test_a_surface_that_does_not_exist_is_said_in_one_line():
    with pytest.raises(ValueError, match='"ravine" or "saddle"'):
        viz.optimiser_race("valley")
