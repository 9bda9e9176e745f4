"""No shape that merely broadcasts passes, and what happened to a shape is said."""

import numpy as np
import pytest

from bplearn.exercises import find
from bplearn.proofs import verdict
from tests.judging import OUTPUTS, altered, expected_of, linear, said, single

RESHAPED = {
    "a row": lambda a: a[None, :] if a.ndim == 1 else a[None],
    "a column": lambda a: a[..., None],
    "an axis in the middle": lambda a: np.expand_dims(a, 1) if a.ndim > 1 else a[None, :, None],
    "flat": np.ravel,
    "transposed": np.transpose,
    "its first entry": lambda a: a.flat[0],
    "its sum": np.sum,
    "its mean": np.mean,
    "one entry in a box": lambda a: a.flat[:1],
    "repeated": lambda a: np.broadcast_to(a, (2, *a.shape)),
    "twice as long": lambda a: np.concatenate([a, a]),
    "one row less": lambda a: a[:-1],
    "a pair of the same": lambda a: np.stack([a, a], axis=-1),
}
BOXED = {
    "(1,)": lambda a: np.reshape(a, (1,)),
    "(1, 1)": lambda a: np.reshape(a, (1, 1)),
    "a list": lambda a: [float(a)],
    "a tuple": lambda a: (float(a),),
    "(2,)": lambda a: np.array([a, a]),
}


def shapes_of(name, output):
    return [np.shape(value) for value in expected_of(find(name), output)]


def has_arrays(name, output):
    return any(shapes_of(name, output))


def has_numbers(name, output):
    return () in shapes_of(name, output)


def misshapen(name, output, change, when):
    exercise = find(name)
    report = verdict(exercise, altered(exercise, output, lambda v, _: change(np.array(v)) if when(v) else v))
    return next(f for f in report.findings if f.output == output)


def matters(name, output, how):
    return how not in ("transposed", "flat") or max(map(len, shapes_of(name, output))) > 1


ARRAYS = [(*pair, how) for pair in OUTPUTS for how in RESHAPED if has_arrays(*pair) and matters(*pair, how)]


@pytest.mark.parametrize(("name", "output", "how"), ARRAYS)
def test_an_array_of_another_shape_never_passes(name, output, how):
    finding = misshapen(name, output, RESHAPED[how], np.ndim)
    assert finding.status in ("shape", "mistake")


@pytest.mark.parametrize("how", BOXED)
@pytest.mark.parametrize(("name", "output"), [pair for pair in OUTPUTS if has_numbers(*pair)])
def test_a_number_in_a_box_never_passes(name, output, how):
    assert misshapen(name, output, BOXED[how], lambda v: not np.ndim(v)).status == "shape"


# ---- what is said ----

SAID = [
    ("dx", "transposed", lambda v, args: v.T.copy(), "rows and columns are exchanged"),
    ("db", "right_values_wrong_shape", lambda v, args: v[None], "axis of length 1"),
    ("db", "right_values_wrong_shape", lambda v, args: v[:, None], "axis of length 1"),
    ("dx", "right_values_wrong_shape", lambda v, args: v.ravel(), "arranged"),
    ("db", "not_summed", lambda v, args: args[0], "a sum is missing"),
    ("db", "repeated", lambda v, args: np.tile(v, (3, 1)), "repeated along an axis"),
    ("dW", "summed_to_one_number", lambda v, args: v.sum(), "added up once too often"),
    ("dW", "averaged_to_one_number", lambda v, args: v.mean(), "the mean of all entries"),
    ("dW", "summed_away", lambda v, args: v.sum(axis=0), "added up along one axis"),
    ("dx", "wrong_shape", lambda v, args: np.ones((7, 7)), "the shape of `x`"),
]


@pytest.mark.parametrize(("output", "name", "change", "words"), SAID)
def test_what_happened_to_the_shape_is_named(output, name, change, words):
    finding = next(f for f in verdict(linear, altered(linear, output, change)).findings if f.output == output)
    assert (finding.status, finding.mistake) == ("shape", name)
    assert words in finding.message


def test_both_shapes_are_said():
    report = verdict(linear, altered(linear, "db", lambda v, args: v[None]))
    assert "`db` is an array of shape (1, 4); an array of shape (4,) is due" in report.text()


def test_a_known_mistake_of_that_very_shape_is_named_first():
    report = verdict(linear, altered(linear, "dW", lambda v, args: v.T))
    assert said(report)["dW"] == "exchanges_the_product"


def test_swapped_results_are_named_although_their_shapes_differ():
    report = verdict(linear, lambda dz, x, W: (x.T @ dz, dz @ W.T, dz.sum(axis=0)))
    assert said(report) == {"dx": "slots_swapped", "dW": "slots_swapped", "db": "ok"}


def test_where_a_verdict_is_due_true_or_false_is_asked_for():
    positive = single(lambda x: bool(x[0] > 0), lambda rng: ({"x": rng.normal(size=3)} for _ in range(6)))
    for answer, came in ((lambda x: x > 0, "an array of shape (3,)"), (lambda x: "yes", "a str")):
        text = verdict(positive, answer).text()
        assert came in text
        assert "True or False is due" in text
