"""Known mistakes: one cause is said once, and none is named on what is right."""

import numpy as np

from bplearn import probes
from bplearn.exercise import Exercise
from bplearn.proofs import verdict
from tests.judging import HINTS, linear, linear_backward, only, single, tables


def test_two_formulas_of_one_cause_are_one_cause():
    exercise = single(lambda x: np.sin(x), tables, name="sine")
    for formula in (lambda x: np.cos(x), lambda x: np.sin(x + np.pi / 2)):
        formula.__name__, formula.__doc__ = "takes_the_cosine", "This is the cosine."
        exercise.mistake("y")(formula)
    finding = only(verdict(exercise, lambda x: np.cos(x)))
    assert (finding.mistake, finding.also) == ("takes_the_cosine", ())
    assert "Two causes" not in finding.message


def test_with_all_sizes_equal_no_mistake_is_named_on_an_output_that_is_right():
    exercise = Exercise(
        linear_backward, linear.cases, linear.returns, HINTS, name="layer", square=linear.square
    )

    @exercise.mistake("dx")
    def shows_in_extreme_cases_only(dz, x, W):
        """On ordinary inputs this is right."""
        return dz @ W.T

    finding = only(verdict(exercise, lambda dz, x, W: (dz @ W.T, x.T @ dz, (dz + 0 * W).sum(axis=0))))
    assert (finding.status, finding.mistake) == ("error", None)


def test_of_two_causes_the_one_that_leaves_right_outputs_right_is_named():
    exercise = Exercise(linear_backward, linear.cases, linear.returns, HINTS, name="layer")

    @exercise.mistake()
    def doubles_two(dz, x, W):
        """Two of three are doubled."""
        return 2 * dz @ W.T, 2 * x.T @ dz, dz.sum(axis=0)

    @exercise.mistake()
    def doubles_all(dz, x, W):
        """All three are doubled."""
        return 2 * dz @ W.T, 2 * x.T @ dz, 2 * dz.sum(axis=0)

    def doubles_one_and_triples_one(dz, x, W):
        return 2 * dz @ W.T, 3 * x.T @ dz, dz.sum(axis=0)

    found = {f.output: f for f in verdict(exercise, doubles_one_and_triples_one).findings}
    assert (found["dx"].mistake, found["dx"].also) == ("doubles_two", ())


def parts(answer, args):
    x, key = args
    return {key: answer(x)}


def test_of_two_causes_that_fit_alike_the_one_that_fits_the_other_cases_too_is_named(monkeypatch):
    monkeypatch.setitem(probes.PROBES, "parts", parts)

    def cases(rng):
        for k in range(1, 7):
            yield {"x": k if k % 2 else -float(k), "key": "positive" if k % 2 else "negative"}

    exercise = Exercise(lambda x: x, cases, ("y",), HINTS, name="same", probe="parts", takes=("x", "key"))

    @exercise.mistake()
    def doubles(x):
        """Everything is doubled."""
        return 2 * x

    @exercise.mistake()
    def doubles_what_is_positive(x):
        """Only positive numbers are doubled."""
        return 2 * x if x > 0 else x

    found = {f.output: f for f in verdict(exercise, lambda x: x + abs(x) if x > 0 else x).findings}
    assert (found["positive"].mistake, found["positive"].also) == ("doubles_what_is_positive", ())
    assert found["negative"].status == "ok"
