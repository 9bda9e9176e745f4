"""Exceptions are told with the learner's own line and what they mean."""

import numpy as np
import pytest

from bplearn.proofs import verdict
from tests.judging import linear, only


def too_many_examples(dz, x, W):
    return dz @ W.T, sum(np.outer(x[n], dz[n]) for n in range(50)), dz.sum(axis=0)


def helper(dz, W):
    return dz @ W


IN_WORDS = [
    (lambda dz, x, W: (dz @ W.T, x.T() @ dz, dz.sum(axis=0)), "as in `x.T()`"),
    (lambda dz, x, W: (dz @ W.T, x.T @ dz, dz.sum(axis=2)), "Axes are counted from 0"),
    (lambda dz, x, W: (np.zeros(len(x), 3), x.T @ dz, dz.sum(axis=0)), "A shape is one argument"),
    (lambda dz, x, W: (dz @ W.T, x.T @ dz / dz.shape[2], dz.sum(axis=0)), "one number for each axis"),
    (lambda dz, x, W: (dz @ W.T, x.T @ dz, max(dz, 0).sum(axis=0)), "`np.maximum`"),
    (lambda dz, x, W: (dz @ W.T, x.T @ dz, [].append(dz).sum()), "gives nothing back"),
    (lambda dz, x, W: ([0.5] - [0.2], x.T @ dz, dz.sum(axis=0)), "with `np.array(...)`"),
    (lambda dz, x, W: ([0.5] * [3], x.T @ dz, dz.sum(axis=0)), "with `np.array(...)`"),
    (lambda dz, x, W: ([].append(dz, W), x.T @ dz, dz.sum(axis=0)), "`append((a, b))`"),
    (lambda dz, x, W: ([dz][1], x.T @ dz, dz.sum(axis=0)), "shorter than that"),
    (lambda dz, x, W: (dz[x], x.T @ dz, dz.sum(axis=0)), "at which place"),
    (lambda dz, x, W: (dz[len(x) / 2], x.T @ dz, dz.sum(axis=0)), "as `N / 2` is"),
    (lambda dz, x, W: (dz[0, 0][0], x.T @ dz, dz.sum(axis=0)), "A single number has no entries"),
    (too_many_examples, "Sizes come from the arguments"),
    (
        lambda dz, x, W: (helper(dz, W), x.T @ dz, dz.sum(axis=0)),
        "in `helper`: `return dz @ W`, called in `lambda dz",
    ),
]


def test_a_line_of_compiled_code_is_not_shown():
    def draws_too_many(dz, x, W):
        rows = np.random.default_rng(0).choice(len(x), 99, replace=False)
        return dz[rows], x.T @ dz, dz.sum(axis=0)

    message = only(verdict(linear, draws_too_many)).message
    assert message.startswith("Line `rows = np.random.default_rng(0).choice(len(x), 99, replace=False)`")


@pytest.mark.parametrize(("answer", "words"), IN_WORDS)
def test_an_exception_is_told_in_words(answer, words):
    finding = only(verdict(linear, answer))
    assert finding.status == "error"
    assert words in finding.message
