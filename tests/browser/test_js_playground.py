"""Lesson 07's live picture: it learns as nn does, and what the lesson says of it can be counted."""

import numpy as np
import pytest

from bplearn import viz
from bplearn.viz import live_playground
from tests.browser.bare import show

pytestmark = pytest.mark.browser
FILES = ["neuron", "mlp", "random", "plot", "boundary", "playground"]
RUN = """(() => {
  const run = begin({ set: "xor", noise: 0.2, seed: 10, depth: 1, width: 4 });
  const losses = Array.from({ length: i }, () => learn(run, 0.3, "relu"));
  return [losses, run.params.W.map(nested), nested(run.data.x), run.data.labels];
})()"""
SOLVED = """(() => {
  const [set, depth, width, activation] = i;
  let solved = 0;
  for (let seed = 1; seed <= 15; seed++) {
    const run = begin({ set, noise: 0.2, seed, depth, width });
    for (let k = 0; k < 2000; k++) learn(run, 0.3, activation);
    if (look(run, activation)[0].right >= 0.98) solved += 1;
  }
  return solved;
})()"""


def test_it_learns_as_nn_does(compute):
    ((losses, W, x, labels),) = compute(FILES, RUN, [60])
    params, right = live_playground.trained(60)
    first_x, first_labels, _ = live_playground.crossed()
    np.testing.assert_allclose(x, first_x, rtol=1e-9)
    assert labels == first_labels.tolist()
    np.testing.assert_allclose(losses, right, rtol=1e-9)
    for k in (1, 2):
        np.testing.assert_allclose(W[k - 1], params[f"W{k}"], rtol=1e-9, atol=1e-12)


def test_what_the_lesson_says_of_widths_and_bends_can_be_counted(compute):
    cases = [["xor", 1, width, "relu"] for width in (2, 4, 8)] + [["xor", 3, 8, "identity"]]
    assert compute(FILES, SOLVED, cases) == [5, 12, 15, 0]


def test_each_data_set_has_both_classes_and_stays_in_the_picture(compute):
    expression = """(() => {
      const { x, labels } = drawPoints(DATA_SETS[i], 200, 0.2, generator(1));
      return [nested(x), labels];
    })()"""
    for x, labels in compute(FILES, expression, list(live_playground.SETS)):
        assert sum(labels) == 100
        assert np.mean(np.abs(x) < 1.6) > 0.98


def test_a_cross_is_asked_and_a_rate_that_is_too_large_is_said(shared_page):
    root = show(shared_page, "playground")
    root.get_by_label("cross, up").press("End")
    assert "At the cross (0.75, 1.60)" in root.locator(".bpl-says").inner_text().replace("\u2212", "-")
    root.get_by_label("hidden layers").fill("0")
    assert "a straight line and nothing else" in root.locator(".bpl-says").inner_text()
    root.get_by_label("hidden layers").fill("2")
    root.get_by_label("learning rate").press("End")
    root.get_by_role("button", name="Train").click()
    root.get_by_text("a rate as large as this throws units").wait_for()


def test_points_that_are_not_there_are_refused_in_one_line():
    with pytest.raises(ValueError, match="data xor, rings"):
        viz.playground("circles")
