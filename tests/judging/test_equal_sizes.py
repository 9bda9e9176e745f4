"""An answer that raises in every ordinary case is run with all sizes equal, and may be recognised there."""

from dataclasses import replace

from bplearn.exercise import Exercise
from bplearn.proofs import verdict
from tests.judging import HINTS, linear, linear_backward, only


def test_a_transposed_product_that_never_runs_is_found_with_all_sizes_equal():
    finding = only(verdict(linear, lambda dz, x, W: (dz @ W, x.T @ dz, dz.sum(axis=0))))
    assert finding.status == "error"
    assert "With all sizes made equal it runs" in finding.message or finding.mistake is None


def test_a_known_mistake_that_never_runs_is_named_with_all_sizes_equal():
    exercise = Exercise(
        linear_backward, linear.cases, linear.returns, HINTS, name="layer", square=linear.square
    )
    exercise.mistake("dx")(forgets_to_transpose)
    finding = only(verdict(exercise, lambda dz, x, W: (dz @ W, x.T @ dz, dz.sum(axis=0))))
    assert (finding.status, finding.mistake) == ("error", "forgets_to_transpose")
    assert "ValueError" in finding.message


def test_a_labelled_case_that_runs_does_not_hide_what_equal_sizes_tell():
    exercise = replace(linear, name="bias", extreme=one_example, mistakes=[])
    exercise.mistake("db")(forgets_to_add_up)
    report = verdict(exercise, lambda dz, x, W: (dz @ W.T, x.T @ dz, dz * W))
    assert only(report).mistake == "forgets_to_add_up"


def one_example(rng):
    shapes = {"dz": (1, 4), "x": (1, 3), "W": (3, 4)}
    yield "one example", {name: rng.normal(size=shape) for name, shape in shapes.items()}


def forgets_to_add_up(dz, x, W):
    """Nothing is added up."""
    return dz * W


def forgets_to_transpose(dz, x, W):
    """The way back goes through the transpose of W."""
    return dz @ W


def test_an_answer_that_is_right_for_equal_sizes_only_gets_no_invented_cause():
    finding = only(verdict(linear, lambda dz, x, W: (dz @ W.T, x.T @ dz, (dz + 0 * W).sum(axis=0))))
    assert (finding.status, finding.mistake) == ("error", None)
