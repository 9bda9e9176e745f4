"""Lesson 07's diagram: its gradients are those of nn, of one example and of all; a step goes downhill."""

import re

import numpy as np
import pytest

from bplearn import nn, viz
from bplearn.data import xor
from tests.browser.bare import live_of, show

pytestmark = pytest.mark.browser
FILES = ["neuron", "mlp", "plot", "network_diagram"]
GRADIENTS = """(([x, labels, W, b, rows]) => {
  const c = compute({ x, labels, params: { W: W.map(matrix), b }, rows });
  return { loss: c.loss, W: c.grads.W.map(nested), dz1: nested(c.dz1), da1: nested(c.da1) };
})(i)"""


@pytest.mark.parametrize("rows", [[0], [3], [0, 1, 2, 3]])
def test_gradients_of_one_example_and_of_the_batch_are_those_of_nn(compute, rows):
    params = nn.init_mlp((2, 3, 2), np.random.default_rng(4))
    state = live_of("network_diagram").state
    (found,) = compute(FILES, GRADIENTS, [[state["x"], state["labels"], state["W"], state["b"], rows]])
    x, labels = (part[rows] for part in xor())
    loss, grads = nn.mlp_loss_gradients(x, labels, params)
    logits, cache = nn.mlp_forward(x, params)
    da1, _, _ = nn.linear_backward(nn.softmax_cross_entropy(logits, labels)[1], cache[1][0], params["W2"])
    np.testing.assert_allclose(found["loss"], loss, rtol=1e-9)
    np.testing.assert_allclose(found["da1"], da1, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["dz1"], nn.relu_backward(da1, cache[0][1]), rtol=1e-9, atol=1e-12)
    for k in (1, 2):
        np.testing.assert_allclose(found["W"][k - 1], grads[f"W{k}"], rtol=1e-9, atol=1e-12)


def test_the_chosen_weight_is_told_with_a_product_for_each_example_and_a_step_lowers_the_loss(shared_page):
    root = show(shared_page, "network_diagram")
    root.get_by_label("all four").check()
    losses = []
    for _ in range(2):
        while not (said := root.locator(".bpl-says").inner_text()).startswith("Step 9"):
            root.get_by_role("button", name="Next step").click()
        losses.append(float(root.locator("svg text.bpl-f").last.text_content()))
        root.get_by_role("button", name="Take a step downhill").click()
    x, labels = xor()
    params = nn.init_mlp((2, 3, 2), np.random.default_rng(4))
    loss, grads = nn.mlp_loss_gradients(x, labels, params)
    moved = nn.sgd_update(params, grads, 1.0)
    _, after = nn.mlp_loss_gradients(x, labels, moved)
    assert losses == [round(loss, 3), round(nn.mlp_loss_gradients(x, labels, moved)[0], 3)]
    assert said.count("*") >= 4
    told = float(re.search(r"= (-?\d+\.\d{3})\.", said.replace("\u2212", "-")).group(1))
    assert told == pytest.approx(after["W1"][0, 2], abs=6e-4)


def test_an_example_that_xor_does_not_have_is_refused_in_one_line():
    with pytest.raises(ValueError, match="an example from 0 to 3"):
        viz.network_diagram(example=4)
