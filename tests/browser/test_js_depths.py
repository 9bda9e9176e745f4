"""Lesson 10's live picture: the gradients of its layers are those of nn, and draws are the same in Python."""

import numpy as np
import pytest

from bplearn import nn, viz
from bplearn.viz import live_depths
from bplearn.viz.draws import Generator, init_mlp
from tests.browser.bare import show

pytestmark = pytest.mark.browser
FILES = ["neuron", "mlp", "random", "depths"]
LAYERS = """(() => {
  const rng = generator(10);
  const data = crossedPoints(64, rng);
  return measureLayers(data, deepNetwork(i[0], GAINS[i[2]], rng), i[1]).norms;
})()"""


def test_random_numbers_and_weights_in_python_are_those_of_the_browser(compute):
    ((numbers, W),) = compute(
        FILES,
        "[Array.from({ length: 50 }, generator(i).normal), initMlp([3, 5, 2], generator(i)).W.map(nested)]",
        [2026],
    )
    rng = Generator(2026)
    np.testing.assert_allclose(numbers, [rng.normal() for _ in range(50)], rtol=1e-9)
    params = init_mlp((3, 5, 2), Generator(2026))
    for k in (1, 2):
        np.testing.assert_allclose(W[k - 1], params[f"W{k}"], rtol=1e-9)


@pytest.mark.parametrize("activation", live_depths.BENDS)
def test_the_size_of_each_layer_s_gradient_is_the_one_of_nn(compute, activation):
    cases = [(depth, activation, init) for depth in (2, 9, 30) for init in live_depths.GAINS]
    for case, norms in zip(cases, compute(FILES, LAYERS, [list(case) for case in cases]), strict=True):
        np.testing.assert_allclose(norms, live_depths.first_norms(*case), rtol=1e-9)


def test_the_witness_in_python_is_nn_s_own_network():
    rng = np.random.default_rng(1)
    params = nn.init_mlp((2, 7, 7, 2), rng)
    x, labels = rng.normal(size=(9, 2)), rng.integers(0, 2, size=9)
    _, right = nn.mlp_loss_gradients(x, labels, params)
    for name, grad in live_depths.gradients(x, labels, params, "relu").items():
        np.testing.assert_allclose(grad, right[name], rtol=1e-9, atol=1e-15)


def test_a_step_of_training_is_counted_and_sigmoids_stay_deaf(shared_page):
    root = show(shared_page, "depth_explorer")
    assert "layer 1 hardly learns" in root.locator(".bpl-says").inner_text()
    for _ in range(3):
        root.get_by_role("button", name="Step").click()
    assert "After 3 steps: loss 0." in root.locator(".bpl-says").inner_text()
    root.get_by_label("tanh").check()
    assert "the blame gets through" in root.locator(".bpl-says").inner_text()


def test_a_start_that_is_not_there_is_refused_in_one_line():
    with pytest.raises(ValueError, match="weights small, xavier"):
        viz.depth_explorer(init="zero")
