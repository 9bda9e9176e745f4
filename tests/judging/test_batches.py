"""Judged by outcome: batches, whatever iterable they come in, and epochs, whatever their order."""

import numpy as np
import pytest

from bplearn.nn import mlp_loss_gradients, sgd_update
from tests.judging import check, only, said


def generator(x, labels, batch_size, rng):
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        yield x[order[start : start + batch_size]], labels[order[start : start + batch_size]]


def zipped(x, labels, batch_size, rng):
    order = rng.permutation(len(x))
    cuts = np.arange(batch_size, len(x), batch_size)
    return zip(np.split(x[order], cuts), np.split(labels[order], cuts), strict=True)


def by_choice(x, labels, batch_size, rng):
    order = rng.choice(len(x), len(x), replace=False)
    return tuple(
        [x[order[i : i + batch_size]], labels[order[i : i + batch_size]]]
        for i in range(0, len(x), batch_size)
    )


def by_random_keys(x, labels, batch_size, rng):
    return list(zipped(x, labels, batch_size, np.random.default_rng(rng.integers(10**9))))


def popping(x, labels, batch_size, rng):
    left = list(rng.permutation(len(x)))
    batches = []
    while left:
        part, left = left[:batch_size], left[batch_size:]
        batches.append((x[part], labels[part]))
    return batches


def in_place(x, labels, batch_size, rng):
    order = rng.permutation(len(x))
    x[:], labels[:] = x[order], labels[order]
    return [(x[i : i + batch_size], labels[i : i + batch_size]) for i in range(0, len(x), batch_size)]


@pytest.mark.parametrize("answer", [generator, zipped, by_choice, by_random_keys, popping, in_place])
def test_batches_come_in_any_iterable_and_by_any_draw(answer):
    assert check("minibatches", answer).passed


def test_shuffling_the_callers_arrays_earns_a_note():
    notes = check("minibatches", in_place).findings[0].notes
    assert [note[:27] for note in notes] == ["It changes its argument `x`", "It changes its argument `la"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x, labels, batch_size, rng: x.sort(), "Is there a `return`"),
        (lambda x, labels, batch_size, rng: 3.0, "'float' object is not iterable"),
        (lambda x, labels, batch_size, rng: [x[:3]], "a batch is a pair of arrays of shapes (B, 3) and (B,)"),
        (lambda x, labels, batch_size, rng: [(labels, x)], "a batch is a pair of arrays"),
        (lambda x, labels, batch_size, rng: (x, labels), "here one has shapes"),
    ],
)
def test_what_is_no_batch_is_said_in_words(answer, words):
    assert words in only(check("minibatches", answer)).message


def test_labels_torn_by_any_draw_are_named():
    def torn(x, labels, batch_size, rng):
        return list(generator(x, labels[np.argsort(rng.random(len(x)))], batch_size, rng))

    assert said(check("minibatches", torn))["examples"] == "keeps_labels_with_their_inputs"


def with_sums(params, x, labels, batch_size, lr, rng):
    order, total = np.argsort(rng.random(len(x))), 0.0
    for start in range(0, len(x), batch_size):
        part = order[start : start + batch_size]
        loss, grads = mlp_loss_gradients(x[part], labels[part], params)
        params = {name: params[name] - lr * grads[name] for name in params}
        total += loss * len(part)
    return params, total / len(x)


def moving_its_argument(params, x, labels, batch_size, lr, rng):
    losses, sizes = [], []
    for a, b in generator(x, labels, batch_size, rng):
        loss, grads = mlp_loss_gradients(a, b, params)
        params.update(sgd_update(params, grads, lr))
        losses.append(loss)
        sizes.append(len(a))
    return [params, np.average(losses, weights=sizes)]


@pytest.mark.parametrize("name", ["train_epoch", "sgd_epoch_repaired"])
@pytest.mark.parametrize("answer", [with_sums, moving_its_argument])
def test_an_epoch_in_any_order_passes(name, answer):
    assert check(name, answer).passed


@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2", "loss"])
def test_an_epoch_wrong_by_a_thousandth_is_caught(name):
    def slightly_off(*args):
        params, loss = with_sums(*args)
        found = {**params, "loss": loss}
        found[name] = found[name] * 1.001
        return {key: found[key] for key in params}, found["loss"]

    assert {output for output, word in said(check("train_epoch", slightly_off)).items() if word != "ok"} == {
        name
    }


def test_an_epoch_without_its_loss_is_told_what_is_due():
    finding = only(check("train_epoch", lambda *args: with_sums(*args)[0]))
    assert "`return params, loss`" in finding.message


def test_params_and_loss_in_each_others_place_are_named():
    finding = only(check("train_epoch", lambda *args: with_sums(*args)[::-1]))
    assert "the params, a dict, come first" in finding.message
