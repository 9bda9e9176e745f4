"""Every general diagnosis is provoked, and none is given without a formula that fits."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from bplearn.exercises import find
from bplearn.judge import judge
from bplearn.proofs import local, verdict
from tests.judging import altered, check, curve, linear, only, said, single, tables

ticks = itertools.count()


def swapped(dout, u, v):
    return -dout * u / v**2, dout / v


def rows(x, places):
    """Right in some rows, nonsense elsewhere."""
    y = 1.7 * x + 0.4
    wrong = np.ones(len(x), dtype=bool)
    wrong[places] = False
    y[wrong] = np.sin(x[wrong]) + 5
    return y


def nan_at(x, place):
    y = 1.7 * x + 0.4
    y[place] = np.nan
    return y


def where(x, mask):
    return np.where(mask, 1.7 * x + 0.4, np.sin(x) + 5)


ONE_OUTPUT = {
    "text": ("wrong_type", lambda x: "0.5", "a str where an array of shape (2, 3)"),
    "a dict": ("wrong_type", lambda x: {"z": x}, ""),
    "truth values": ("wrong_type", lambda x: x > 0, "True and False where numbers are due"),
    "None in some cases": (
        "wrong_type",
        lambda x: x if len(x) > 2 else None,
        "is None where an array of shape (2, 3) is due, for `x` = shape (2, 3). Is there a way to the end",
    ),
    "a counter": ("second_call_differs", lambda x: x + next(ticks), "Only the arguments should matter"),
    "random": ("second_call_differs", lambda x: np.random.default_rng().normal(size=x.shape), ""),
    "integers": ("cut_to_integers", lambda x: (1.7 * x + 0.4).astype(int), "decimals are cut off"),
    "floor": ("cut_to_integers", lambda x: (1.7 * x + 0.4) // 1, "decimals are cut off"),
    "opposite": ("opposite_sign", lambda x: -(1.7 * x + 0.4), "opposite sign"),
    "twice": ("constant_factor", lambda x: 2 * (1.7 * x + 0.4), "2 times what is due"),
    "log2": ("constant_factor", lambda x: (1.7 * x + 0.4) / np.log(2), "a logarithm to base 2"),
    "over N": ("constant_factor", lambda x: (1.7 * x + 0.4) / len(x), "what is due divided by `x.shape[0]`"),
    "times D": ("constant_factor", lambda x: (1.7 * x + 0.4) * x.shape[1], "`x.shape[1]` times"),
    "over N D": ("constant_factor", lambda x: (1.7 * x + 0.4) / x.size, "divided by `x.size`"),
    "minus N": ("constant_factor", lambda x: -(1.7 * x + 0.4) * len(x), "with the opposite sign"),
    "times 3.3": ("constant_factor", lambda x: 3.3 * (1.7 * x + 0.4), "3.3 times what is due"),
    "nan": ("not_finite", lambda x: nan_at(x, (1, 0)), "nan first at `y[1, 0]`"),
    "inf": ("not_finite", lambda x: (1.7 * x + 0.4) / np.zeros_like(x), "inf"),
    "positive": ("right_in_places", lambda x: where(x, x > 0), "right where `x` is positive"),
    "negative": ("right_in_places", lambda x: where(x, x < 0), "right where `x` is negative"),
    "first row": ("right_in_places", lambda x: rows(x, 0), "in the first row"),
    "last row": ("right_in_places", lambda x: rows(x, -1), "in the last row"),
    "no last row": ("right_in_places", lambda x: rows(x, slice(-1)), "in all rows but the last"),
    "no first row": ("right_in_places", lambda x: rows(x, slice(1, None)), "in all rows but the first"),
    "first column": ("right_in_places", lambda x: where(x, np.arange(x.shape[1]) == 0), "first column"),
    "last column": ("right_in_places", lambda x: where(x, np.arange(x.shape[1])[::-1] == 0), "last column"),
    "diagonal": ("right_in_places", lambda x: where(x, np.eye(*x.shape) > 0), "on the diagonal"),
    "few rows": ("right_in_some_cases", lambda x: where(x, np.full(x.shape, len(x) < 4)), "in 3 of 6 cases"),
    "nonsense": (None, lambda x: np.sin(x) + 5, "the gap is largest"),
}


@pytest.mark.parametrize("name", ONE_OUTPUT)
@pytest.mark.filterwarnings("ignore")
def test_a_general_diagnosis_names_what_is_wrong(name):
    mistake, answer, words = ONE_OUTPUT[name]
    report = verdict(curve, answer)
    assert report.findings[0].mistake == mistake
    assert words in report.text()
    assert not report.passed


def test_the_same_number_every_time_is_named():
    finding = only(check("squared_error", lambda y_hat, y: 0.125))
    assert finding.mistake == "same_answer_every_time"
    assert "0.125 in all the cases" in finding.message


def test_swapped_results_are_named_at_both_places():
    assert said(check("quotient_backward", swapped)) == {"du": "slots_swapped", "dv": "slots_swapped"}


def test_a_factor_that_two_origins_would_explain_is_given_as_a_number_only():
    report = check("descent_step", lambda w, dw, lr: 6 * (w - lr * dw))
    assert "6 times what is due" in report.text()
    fixed = single(lambda x: x.sum(), lambda rng: ({"x": rng.normal(size=6)} for _ in range(6)), name="six")
    halves = single(lambda x: x.sum(), lambda rng: ({"x": rng.normal(size=2)} for _ in range(6)), name="two")
    assert "`x.shape[0]` times" in verdict(fixed, lambda x: x.sum() * 6).text()
    assert "2 times what is due" in verdict(halves, lambda x: x.sum() * 2).text()


def test_a_square_table_does_not_tell_rows_from_columns():
    same = single(
        lambda x: 1.0 * x, lambda rng: ({"x": rng.normal(size=(3, 3))} for _ in range(5)), name="sq"
    )
    text = verdict(same, lambda x: x * len(x)).text()
    assert "times what is due" in text
    assert "number of rows" not in text


def test_a_fact_that_always_holds_is_not_said_to_ignore_an_argument():
    report = check("dropout_forward", lambda x, drop_prob, rng: (x * (x > drop_prob), (x > drop_prob) * 1.0))
    assert "ignores_an_argument" not in {said(report)["new_each_call"], said(report)["draws_from_rng"]}


# ---- zeros: nothing may be concluded from them ----


def test_zeros_everywhere_are_not_called_cut_to_integers():
    assert only(check("sigmoid_slope", lambda z: z * 0.0)).mistake != "cut_to_integers"


def test_a_gradient_that_is_zero_in_the_first_case_is_not_said_to_ignore_the_upstream():
    answer = altered(find("max_backward"), "dv", lambda v, args: v * args[2] ** 2)
    assert said(check("max_backward", answer))["dv"] != "ignores_upstream"


# ---- two slips ----


def chain():
    exercise = single(
        lambda x: (1 + x * x) * np.cos(x) * np.exp(x),
        lambda rng: ({"x": rng.uniform(0.4, 1.2)} for _ in range(6)),
        name="chain",
    )

    @exercise.mistake("y", factor="first")
    def forgets_the_first(x):
        """The first factor is missing."""
        return np.cos(x) * np.exp(x)

    @exercise.mistake("y", factor="second")
    def takes_the_sine(x):
        """The sine stands for the cosine."""
        return (1 + x * x) * np.sin(x) * np.exp(x)

    return exercise


def test_two_known_slips_at_once_are_named_together():
    finding = only(verdict(chain(), lambda x: np.sin(x) * np.exp(x)))
    assert finding.mistake == "forgets_the_first+takes_the_sine"
    assert "The first factor is missing." in finding.message
    assert "The sine stands for the cosine." in finding.message


def test_a_known_slip_and_a_named_factor_are_named_together():
    finding = only(verdict(chain(), lambda x: -2 * np.cos(x) * np.exp(x)))
    assert finding.mistake == "forgets_the_first+constant_factor"
    assert "2 times" in finding.message


def test_two_slips_in_one_and_the_same_factor_are_not_made_up():
    exercise = chain()
    exercise.mistakes[:] = [replace(mistake, factor="one") for mistake in exercise.mistakes]
    assert only(verdict(exercise, lambda x: np.sin(x) * np.exp(x))).mistake is None


# ---- the upstream gradient ----

UPSTREAM = {
    "ignores_upstream": lambda dz, x, W: np.ones_like(x) @ W @ W.T,
    "not_linear_in_upstream": lambda dz, x, W: np.sin(dz) @ W.T,
}


@pytest.mark.parametrize("name", UPSTREAM)
def test_what_is_not_linear_in_the_upstream_gradient_is_named(name):
    answer = altered(linear, "dx", lambda v, args: UPSTREAM[name](*args))
    assert said(verdict(linear, answer))["dx"] == name


def test_clipping_which_is_right_for_twice_but_not_for_a_sum_is_named():
    answer = altered(linear, "dx", lambda v, args: np.abs(args[0]) @ args[2].T)
    finding = verdict(linear, answer).findings[0]
    assert finding.mistake == "not_linear_in_upstream"
    assert "`dz`" in finding.message


# ---- the forward is the culprit ----

WRONG_FORWARD = """
def forward(x, w1, w2):
    h = np.tanh(w1 * x)
    return h, 1 / (1 + np.exp(-w2 * h))

def backward(x, w1, w2, y):
    h = np.tanh(w1 * x)
    p = 1 / (1 + np.exp(-w2 * h))
    d = (p - y) * p * (1 - p)
    return d * w2 * (1 - h * h) * x, d * h
"""


def with_forward(text):
    scope = {"np": np}
    exec(text, scope)
    run = local({"two_weight_forward": scope["forward"], "two_weight_backward": scope["backward"]})
    return said(judge(find("two_weight_backward"), run, 0))


def test_a_backward_that_is_exact_for_a_wrong_forward_blames_the_forward():
    assert set(with_forward(WRONG_FORWARD).values()) == {"forward_is_the_culprit"}


@pytest.mark.parametrize("result", ["None", "h", "'text'", "(h,)", "(h, [])", "1 / 0"])
def test_a_forward_that_gives_nothing_sensible_is_not_blamed(result):
    broken = WRONG_FORWARD.replace("return h, 1 / (1 + np.exp(-w2 * h))", f"return {result}")
    assert "forward_is_the_culprit" not in with_forward(broken).values()


def test_a_forward_may_take_what_its_backward_does_not_get():
    cases = lambda rng: ({"dy": dy, "x": x} for dy, x in rng.normal(size=(5, 2, 3)))  # noqa: E731
    backward = single(lambda dy, x: 2 * dy * x, cases, name="backward", returns=("dx",))
    backward.follows("power", "x", lambda dy, x: 2)(lambda result, dy, x: np.sum(dy * result))
    run = local({"power": lambda x, n: x ** (n + 1), "backward": lambda dy, x: 3 * dy * x**2})
    assert said(judge(backward, run, 0)) == {"dx": "forward_is_the_culprit"}


# ---- properties ----


def zero_rows():
    exercise = single(lambda x: x - x.mean(axis=1, keepdims=True), tables, name="zero_rows")

    @exercise.property("y")
    def rows_sum_to_zero(y, x):
        """Every row sums to zero. Here it does not."""
        return np.allclose(y.sum(axis=1), 0)

    return exercise


@pytest.mark.parametrize("kind", [np.asarray, np.ndarray.tolist], ids=["array", "list"])
def test_a_property_that_every_right_value_has_is_named_when_broken(kind):
    finding = only(verdict(zero_rows(), lambda x: kind(np.sin(x) + 3)))
    assert finding.mistake == "rows_sum_to_zero"
    assert "expected" in finding.message


# ---- what is said of labelled cases ----


@pytest.mark.filterwarnings("ignore")
def test_trouble_in_labelled_cases_only_names_the_first_of_them():
    def answer(z):
        e = np.exp(-np.asarray(z, dtype=float))
        return 1 - e / (1 + e)

    finding = only(check("sigmoid", answer))
    assert finding.mistake == "not_finite"
    assert "Right in all ordinary cases, wrong for `z` = -1000." in finding.message


def labelled(rng):
    for case in tables(rng):
        yield {**case, "labels": rng.integers(0, case["x"].shape[1], len(case["x"]))}


def test_class_numbers_are_not_replaced_by_other_numbers_to_find_out_whether_they_are_used():
    exercise = single(lambda x, labels: x[np.arange(len(x)), labels], labelled, name="picked")
    assert only(verdict(exercise, lambda x, labels: np.sin(x[:, 0]))).status == "wrong"
