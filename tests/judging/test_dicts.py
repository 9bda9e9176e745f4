"""Answers that are dicts, and facts that a probe draws out of them."""

import numpy as np

from bplearn.exercises import find
from bplearn.proofs import right_answer, verdict
from tests.judging import only


def test_keys_that_are_missing_are_said_to_be_missing_and_strange_ones_to_be_strange():
    right = right_answer(find("mlp_backward"))

    def answer(dlogits, cache, params):
        return {f"d{name}": grad for name, grad in right(dlogits, cache, params).items()}

    messages = {f.output: f.message for f in verdict(find("mlp_backward"), answer).findings}
    assert messages["W1"] == "There is no such key."
    assert messages["dW1"].startswith("This key is not asked for. The keys are: W1, b1")


def test_a_dict_in_the_wrong_place_is_told_its_place():
    right = right_answer(find("mlp_loss_gradients"))
    report = verdict(find("mlp_loss_gradients"), lambda *args: right(*args)[::-1])
    assert only(report).message.startswith("Due is `return loss, grads`, with a dict for `grads`")


def test_facts_that_a_probe_adds_are_no_keys_to_be_written():
    right = right_answer(find("init_mlp"))

    def answer(sizes, rng):
        return right(sizes, rng) | {"extra": np.zeros(3)}

    (extra,) = (f for f in verdict(find("init_mlp"), answer).findings if f.output == "extra")
    assert "same_rng" not in extra.message


def test_one_fact_that_fits_is_no_cause_unless_it_explains_the_rest():
    def answer(x, labels, batch_size, rng):
        """Only every second batch: no known mistake, though many of them leave something out."""
        order = rng.permutation(len(x))
        parts = [order[i : i + batch_size] for i in range(0, len(x), batch_size)]
        return [(x[part][:2], labels[part][:2]) for part in parts[:-2]]

    findings = verdict(find("minibatches"), answer).findings
    known = {mistake.name for mistake in find("minibatches").mistakes}
    assert not any(f.mistake in known for f in findings if f.output == "shuffled")
