"""Lesson 13's live picture: dropout, L2 and stopping are those of nn, and the lesson's numbers hold."""

import numpy as np
import pytest

from bplearn import nn, viz
from bplearn.viz import live_fits
from tests.browser.bare import show

pytestmark = pytest.mark.browser
FILES = ["neuron", "mlp", "random", "plot", "boundary", "regularisation", "overfitting_explorer"]
TRAINED = """(() => {
  const run = begin({ seed: 13, noise: 0.35, wrong: 0.2 });
  for (let k = 0; k < i[0]; k++) learn(run, { drop: i[1], l2: i[2] });
  const [seen, unseen] = ["seen", "unseen"].map((name) => run.epochs.map((one) => one[name]));
  return { seen, unseen, right: rightOf(run.others, run.params) };
})()"""


def test_a_plain_training_is_the_one_of_nn(compute):
    (found,) = compute(FILES, TRAINED, [[60, 0, 0]])
    seen, unseen = live_fits.fit(0.2, 60)
    np.testing.assert_allclose(found["seen"], seen, rtol=1e-9)
    np.testing.assert_allclose(found["unseen"], unseen, rtol=1e-9)


def test_gradients_with_dropout_and_l2_are_those_of_nn(compute):
    rng = np.random.default_rng(1)
    x, labels, mask = rng.normal(size=(6, 2)), rng.integers(0, 2, size=6), (rng.random((6, 5)) > 0.4) / 0.6
    params = {name: rng.normal(size=array.shape) for name, array in nn.init_mlp((2, 5, 2), rng).items()}
    expression = """(([x, labels, mask, W, b]) => {
      const params = { W: W.map(matrix), b };
      const grads = regularisedGradients({ x: matrix(x), labels }, params, mask.flat(), 0.07);
      return [...grads.W.map(nested), ...grads.b.map((v) => [...v])];
    })(i)"""
    W, b = ([params[f"{letter}{k}"].tolist() for k in (1, 2)] for letter in "Wb")
    ((dW1, dW2, db1, db2),) = compute(FILES, expression, [[*(g.tolist() for g in (x, labels, mask)), W, b]])
    z = nn.linear_forward(x, params["W1"], params["b1"])
    h = nn.relu_forward(z) * mask
    _, dlogits = nn.softmax_cross_entropy(nn.linear_forward(h, params["W2"], params["b2"]), labels)
    dh, right_dW2, right_db2 = nn.linear_backward(dlogits, h, params["W2"])
    dz = nn.relu_backward(nn.dropout_backward(dh, mask), z)
    _, right_dW1, right_db1 = nn.linear_backward(dz, x, params["W1"])
    _, pull = nn.l2_penalty(params, 0.07)
    for got, right in (
        (dW1, right_dW1 + pull["W1"]), (dW2, right_dW2 + pull["W2"]), (db1, right_db1), (db2, right_db2),
    ):  # fmt: skip
        np.testing.assert_allclose(got, right, rtol=1e-9, atol=1e-12)


def test_the_epoch_to_go_back_to_is_the_one_of_nn(compute):
    curves = np.random.default_rng(2).normal(size=(30, 40)).tolist()
    for patience in (1, 5, 40):
        found = compute(FILES, f"bestEpoch(i, {patience})", curves)
        assert found == [nn.best_epoch(losses, patience) for losses in curves]


def test_half_the_units_are_dropped_and_the_mean_stays(compute):
    (mask,) = compute(FILES, "[...dropoutMask(4000, 0.5, generator(i))]", [3])
    assert set(mask) == {0, 2}
    assert np.mean(mask) == pytest.approx(1, abs=0.05)


def test_what_the_lesson_says_of_the_remedies_can_be_counted(compute):
    plain, dropped, priced = compute(FILES, TRAINED, [[600, 0, 0], [600, 0.5, 0], [600, 0, 0.01]])
    assert [round(100 * one["right"]) for one in (plain, dropped, priced)] == [76, 85, 89]


def test_one_can_look_back_at_an_epoch(shared_page):
    root = show(shared_page, "overfitting_explorer")
    for _ in range(4):
        root.get_by_role("button", name="Step").click()
    assert root.locator(".bpl-says").inner_text().startswith("Epoch 4:")
    root.get_by_label("epoch shown").press("Home")
    assert root.locator(".bpl-says").inner_text().startswith("Epoch 0:")


def test_a_dropout_of_everything_is_refused_in_one_line():
    with pytest.raises(ValueError, match="drop_prob from 0 to"):
        viz.overfitting_explorer(drop_prob=1.0)
