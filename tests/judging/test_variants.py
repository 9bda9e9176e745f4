"""What is right passes, however it is written; what is worth saying about it is a note."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bplearn.exercises import all_exercises, find
from bplearn.proofs import verdict
from tests.judging import OUTPUTS, altered, check, curve, linear, only, single, tables, values_of


def s(z):
    return 1 / (1 + math.exp(-z))


def each(function):
    """Apply a function of numbers to a number or an array of any shape."""
    return lambda z: np.vectorize(function, otypes=[float])(z)


def safe(t):
    return 1 / (1 + math.exp(-t)) if t >= 0 else math.exp(t) / (1 + math.exp(t))


def gradient_by_sums(x, w, b, y):
    a = s(math.fsum([w * x, b]))
    return x * (a - a * a) * (a - y), (1 - a) * (a - y) * a


def training(x, y, w, b, lr, steps):
    losses = []
    for k in range(steps + 1):
        a = s(x * w + b)
        losses.append((a - y) ** 2 / 2)
        if k < steps:
            d = lr * (a - y) * a * (1 - a)
            w, b = w - d * x, b - d
    return [w, b, losses]


def two_weights(x, w1, w2, y):
    h = s(w1 * x)
    p = s(w2 * h)
    return [x * h * (1 - h) * w2 * (p * (p - y) * (1 - p)), (p - y) * (h * p - h * p * p)]


def shared(x, w, y):
    h = s(w * x)
    p = s(w * h)
    return (p - y) * p * (1 - p) * (h + w * x * h * (1 - h))


def maximum_by_hand(dout, u, v):
    if np.ndim(u) == 0:
        return (dout, 0) if u > v else (0, dout)
    return np.where(u > v, dout, 0), np.where(v > u, dout, 0)


SAME = [
    ("affine_shape", lambda x, W: [x[0], W[1]]),
    ("affine_shape", lambda x, W: (np.zeros(x) @ np.zeros(W)).shape),
    ("affine_shape", lambda x, W: np.array([x[0], W[-1]])),
    ("column_means", lambda x: np.ones(len(x)) @ x / len(x)),
    ("column_means", lambda x: np.einsum("ij->j", x) / x.shape[0]),
    ("column_means", lambda x: [sum(column) / len(column) for column in zip(*x.tolist(), strict=True)]),
    ("column_means", lambda x: tuple(np.average(x.T, axis=1))),
    ("column_means", lambda x: np.array([x[:, j].sum() / len(x) for j in range(x.shape[1])])),
    ("sigmoid", lambda z: 0.5 * (1 + np.tanh(np.asarray(z) / 2))),
    ("sigmoid", lambda z: np.exp(-np.logaddexp(0.0, -np.asarray(z)))),
    ("sigmoid", lambda z: 1 / (1 + np.exp(-z))),
    ("sigmoid", each(safe)),
    ("sigmoid", lambda z: each(safe)(z).tolist()),
    ("sigmoid", lambda z: np.asarray(each(safe)(z), dtype=np.longdouble)),
    ("squared_error", lambda y_hat, y: (y * y - 2 * y * y_hat + y_hat * y_hat) / 2),
    ("squared_error", lambda y_hat, y: np.float64(y - y_hat) ** 2 / 2),
    ("squared_error", lambda y_hat, y: np.array(0.5 * math.pow(y_hat - y, 2))),
    ("squared_error", lambda y_hat, y: np.sum((np.array(y_hat) - y) ** 2) * 0.5),
    ("sigmoid_slope", each(lambda t: 1 / (2 + 2 * math.cosh(t)) if abs(t) < 700 else 0.0)),
    ("sigmoid_slope", lambda z: each(safe)(z) * each(safe)(-np.asarray(z))),
    ("sigmoid_slope", lambda z: each(safe)(z) - each(safe)(z) ** 2),
    ("neuron_gradient", gradient_by_sums),
    ("neuron_gradient", lambda *a: list(gradient_by_sums(*a))),
    ("neuron_gradient", lambda *a: np.array(gradient_by_sums(*a))),
    ("neuron_gradient", lambda *a: tuple(map(np.array, gradient_by_sums(*a)))),
    ("descent_step", lambda w, dw, lr: w + (-lr) * dw),
    ("descent_step", lambda w, dw, lr: np.subtract(w, np.multiply(dw, lr))),
    ("descent_step", lambda w, dw, lr: (w / lr - dw) * lr),
    ("train_neuron", training),
    ("train_neuron", lambda *a: (*training(*a)[:2], tuple(training(*a)[2]))),
    ("two_weight_backward", two_weights),
    ("shared_weight_gradient", shared),
    ("quotient_backward", lambda dout, u, v: (dout * (1 / v), -(dout / v) * (u / v))),
    ("quotient_backward", lambda dout, u, v: [np.divide(dout, v), dout * u * -np.power(v, -2.0)]),
    ("max_backward", maximum_by_hand),
    (
        "max_backward",
        lambda dout, u, v: (dout * np.heaviside(u - v, 0), dout - dout * np.heaviside(u - v, 0)),
    ),
]


@pytest.mark.parametrize(("name", "answer"), SAME)
@pytest.mark.filterwarnings("ignore")
def test_an_equal_formula_passes(name, answer):
    report = check(name, answer)
    assert report.passed, report.text()


@given(st.permutations(range(5)), st.sampled_from([np.float64, float, np.asarray]))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_any_order_of_the_factors_passes(order, kind):
    def answer(x, w1, w2, y):
        h = s(w1 * x)
        p = s(w2 * h)
        factors = [p - y, p - p * p, w2, h - h * h, x]
        return kind(math.prod(factors[i] for i in order)), kind((p - y) * (p - p * p) * h)

    assert check("two_weight_backward", answer).passed


@pytest.mark.parametrize(("name", "output"), OUTPUTS)
@pytest.mark.parametrize("kind", [np.array, np.ndarray.tolist], ids=["0-d or array", "python numbers"])
def test_numbers_lists_and_arrays_of_the_same_values_pass(name, output, kind):
    assert verdict(find(name), altered(find(name), output, lambda v, args: kind(np.array(v)))).passed


LISTABLE = [e for e in all_exercises() if len(e.returns) > 1 or e.probe == "call"]


@pytest.mark.parametrize("exercise", LISTABLE, ids=lambda e: e.name)
def test_a_list_of_results_passes_like_a_tuple(exercise):
    listed = list if len(exercise.returns) > 1 else np.asarray
    assert verdict(exercise, lambda *args: listed(exercise.reference(*args))).passed


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_layout_in_memory_does_not_matter(order):
    answer = altered(linear, "dW", lambda v, args: np.array(v, order=order))
    assert verdict(linear, answer).passed


def test_python_integers_pass_where_they_are_equal():
    count = single(lambda x: float(len(x)), tables, name="count")
    assert verdict(count, lambda x: len(x)).passed


# ---- notes ----


def numerically(z):
    h, z = 1e-5, np.asarray(z, dtype=float)
    return (each(safe)(z + h) - each(safe)(z - h)) / (2 * h)


def in_place(x):
    x *= 2
    return 0.85 * x + 0.4


def chatty(x):
    print("the mean is", x.mean())
    return 1.7 * x + 0.4


def warned(x):
    warnings.warn("careful", stacklevel=1)
    return 1.7 * x + 0.4


NOTED = [
    (lambda x: (1.7 * x + 0.4).astype(np.float32), "float32"),
    (lambda x: 1.7 * x.astype(np.float32) + np.float32(0.4), "float32"),
    (lambda x: (1.7 * x + 0.4).tolist(), "A list is accepted here; the course returns an array."),
    (lambda x: 1.7 * x + 0.4 + 1e-10, "Right to about"),
    (in_place, "It changes its argument `x`"),
    (chatty, "It prints; the first line is: the mean is"),
    (warned, "Python warned while it ran: UserWarning: careful."),
]


@pytest.mark.parametrize(("answer", "words"), NOTED)
def test_what_is_worth_saying_is_a_note_and_it_passes(answer, words):
    report = verdict(curve, answer)
    assert report.passed
    assert words in " ".join(only(report).notes)


def test_a_derivative_taken_numerically_passes_with_a_note():
    report = check("sigmoid_slope", numerically)
    assert report.passed
    assert "as a derivative taken numerically would be" in report.text()


def test_a_plain_right_answer_has_no_note():
    assert only(verdict(curve, lambda x: 1.7 * x + 0.4)).notes == ()


def test_a_tuple_where_an_array_is_due_is_noted_like_a_list():
    assert "accepted here" in check("column_means", lambda x: tuple(x.sum(axis=0) / len(x))).text()


def test_several_results_in_one_float32_array_pass_with_a_note():
    report = check("neuron_gradient", lambda *a: np.array(gradient_by_sums(*a), dtype=np.float32))
    assert report.passed, report.text()
    assert "float32" in report.text()


def test_float32_does_not_excuse_an_error_of_one_percent():
    assert not verdict(curve, lambda x: (1.01 * (1.7 * x + 0.4)).astype(np.float32)).passed


# ---- arguments that must come back unchanged ----


def steps_in_place(w, dw, lr):
    if isinstance(w, float):
        return w - lr * dw
    w -= lr * dw
    return w


def test_an_argument_that_must_stay_fresh_fails_when_it_was_changed():
    finding = only(check("descent_step", steps_in_place))
    assert (finding.status, finding.mistake) == ("wrong", "changes_its_argument")
    assert "`w` was changed" in finding.message


# ---- variants that the task leaves open ----


def population_or_sample():
    exercise = single(lambda x: x.var(axis=0), tables, name="spread")

    @exercise.variant("y", row="O11")
    def divides_by_one_less(x):
        """This divides by N - 1, which the task leaves open."""
        return x.var(axis=0, ddof=1)

    return exercise


def test_a_registered_variant_passes_with_its_note():
    finding = only(verdict(population_or_sample(), lambda x: np.var(x, axis=0, ddof=1)))
    assert (finding.status, finding.notes) == ("ok", ("This divides by N - 1, which the task leaves open.",))


def test_a_mixture_of_both_variants_does_not_pass():
    assert not verdict(population_or_sample(), lambda x: x.var(axis=0, ddof=len(x) % 2)).passed


def test_the_values_of_the_helper_agree_with_the_reference():
    exercise = find("quotient_backward")
    assert values_of(exercise, (1.0, 3.0, 2.0)) == {"du": 0.5, "dv": -0.75}
