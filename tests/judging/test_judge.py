"""Proofs of the judge: what is wrong is caught, what is right is paid, what is said names the output."""

import numpy as np
import pytest

from bplearn.exercise import Exercise
from bplearn.exercises import find
from bplearn.judge import judge
from bplearn.proofs import local, right_answer, stub, verdict
from bplearn.report import STATUSES
from bplearn.standins import Named
from tests.judging import (
    DICTS,
    HINTS,
    OUTPUTS,
    altered,
    check,
    expected_of,
    linear,
    linear_backward,
    only,
    said,
    single,
    tables,
)

# ---- a gradient wrong by 0.1 % ----


def in_all(value, args, case):
    return np.asarray(value) * 1.001


def data(args):
    """What can be compared of the arguments: all but functions and what stands in for them."""
    return repr([arg for arg in args if not callable(arg) and not isinstance(arg, Named)])


def in_one_case(value, args, case):
    return np.asarray(value) * (1.001 if data(args) == data(case.args) else 1.0)


def in_one_entry(value, args, case):
    value = np.array(value, dtype=float)
    value.flat[np.argmax(np.abs(value))] *= 1.001
    return value


@pytest.mark.parametrize("slip", [in_all, in_one_case, in_one_entry])
@pytest.mark.parametrize(("name", "output"), OUTPUTS)
def test_a_value_wrong_by_a_thousandth_is_caught(name, output, slip):
    exercise = find(name)
    case = [case for case in exercise.sample(exercise.seed) if not case.label][-2]
    report = verdict(exercise, altered(exercise, output, lambda v, args: slip(v, args, case)))
    wrong = [finding.output for finding in report.findings if finding.status != "ok"]
    assert wrong == [output]


@pytest.mark.parametrize("key", [0, -1])
@pytest.mark.parametrize(("name", "output"), DICTS)
def test_a_thousandth_in_one_array_of_a_dict_is_caught(name, output, key):
    exercise = find(name)
    due = expected_of(exercise, output)[0]
    one = sorted(name for name in due if np.any(due[name]))[key]  # a thousandth of 0 is no slip

    def slip(values, args):
        return {k: in_one_entry(v, args, None) if k == one else v for k, v in values.items()}

    report = verdict(exercise, altered(exercise, output, slip))
    assert [f.output for f in report.findings if f.status != "ok"] == [one]


@pytest.mark.parametrize("output", linear.returns)
@pytest.mark.parametrize("place", range(6))
def test_a_thousandth_in_any_entry_of_a_matrix_is_caught(output, place):
    def slip(value, args):
        value = value.copy()
        value.flat[place % value.size] *= 1.001
        return value

    assert not verdict(linear, altered(linear, output, slip)).passed


# ---- every status ----


def raises(error):
    def answer(*args):
        raise error

    return answer


STATUS = {
    "ok": lambda z: 0.5 * (1 + np.tanh(np.asarray(z) / 2)),
    "mistake": lambda z: 1 / (1 + np.exp(z)),
    "wrong": lambda z: np.asarray(z) * 0.3 + 0.1,
    "shape": lambda z: np.full(3, 0.5),
    "error": raises(ValueError("no")),
    "not_attempted": stub,
    "memory": raises(MemoryError()),
}


@pytest.mark.parametrize("status", STATUS)
@pytest.mark.filterwarnings("ignore:overflow")
def test_each_status_that_needs_no_second_process_is_provoked(status):
    assert only(check("sigmoid", STATUS[status])).status == status


def test_the_other_statuses_are_those_of_the_session():
    assert set(STATUSES) - set(STATUS) == {"timeout", "died"}


# ---- points ----


@pytest.mark.parametrize(
    ("points", "wrong", "due"),
    [(3, ("dx",), 2), (1, ("dx",), 0.67), (1, ("dx", "dW"), 0.33), (2, ("dx", "dW"), 0.67), (2, (), 2)],
)
def test_points_are_shared_evenly_over_the_outputs_and_rounded_to_a_hundredth(points, wrong, due):
    exercise = Exercise(linear_backward, linear.cases, linear.returns, HINTS, points)
    answer = right_answer(exercise)
    places = [exercise.returns.index(name) for name in wrong]
    report = verdict(exercise, lambda *a: [v + 1 if i in places else v for i, v in enumerate(answer(*a))])
    assert (report.points, report.passed) == (due, not wrong)


def test_right_outputs_are_shown_as_right_beside_wrong_ones():
    report = verdict(linear, altered(linear, "db", lambda v, args: args[0].mean(axis=0)))
    assert said(report) == {"dx": "ok", "dW": "ok", "db": "averages_over_the_batch"}


# ---- several mistakes ----


def test_several_mistakes_in_one_answer_are_each_named_at_their_output():
    report = verdict(linear, lambda dz, x, W: (-dz @ W.T, dz.T @ x, dz.mean(axis=0)))
    assert said(report) == {
        "dx": "opposite_sign",
        "dW": "exchanges_the_product",
        "db": "averages_over_the_batch",
    }
    assert report.mistakes == "dx:opposite_sign;dW:exchanges_the_product;db:averages_over_the_batch"


def twins():
    exercise = single(lambda x: x.sum(axis=0), tables, name="twins")

    @exercise.mistake("y")
    def first(x):
        """One cause."""
        return x.mean(axis=0)

    @exercise.mistake("y")
    def second(x):
        """Another cause."""
        return x.sum(axis=0) / len(x)

    return exercise


def test_two_mistakes_that_fit_equally_are_both_said():
    finding = only(verdict(twins(), lambda x: np.average(x, axis=0)))
    assert (finding.mistake, finding.also) == ("first", ("second",))
    assert "Either: One cause. Or: Another cause." in finding.message


def test_a_mistake_of_one_output_is_preferred_to_a_whole_one_that_explains_only_this_output():
    exercise = Exercise(linear_backward, linear.cases, linear.returns, HINTS, name="choosy")
    exercise.mistake("db")(averages)
    exercise.mistake()(averages_everything)
    report = verdict(exercise, altered(exercise, "db", lambda v, args: args[0].mean(axis=0)))
    assert (report.findings[2].mistake, report.findings[2].also) == ("averages", ())


def averages(dz, x, W):
    """The rows of `db` are averaged."""
    return dz.mean(axis=0)


def averages_everything(dz, x, W):
    """All is averaged."""
    return dz @ W.T / len(x), x.T @ dz / len(x), dz.mean(axis=0)


def test_a_mistake_that_explains_the_whole_answer_goes_first():
    exercise = Exercise(linear_backward, linear.cases, linear.returns, HINTS, name="choosy")
    exercise.mistake("db")(averages)
    exercise.mistake()(averages_everything)
    assert set(said(verdict(exercise, lambda *a: averages_everything(*a))).values()) == {
        "averages_everything"
    }


def facts(x):
    """A dict whose second key is there in some cases only."""
    return {"total": x.sum(), "wide": x.shape[1] > x.shape[0]} if len(x) > 2 else {"total": x.sum()}


def test_of_two_whole_mistakes_the_one_goes_first_that_explains_a_key_of_some_cases_too():
    exercise = single(facts, tables, name="facts")

    @exercise.mistake()
    def first(x):
        """The total is a mean."""
        return facts(x) | {"total": x.mean()}

    @exercise.mistake()
    def second(x):
        """The total is a mean, and nothing is wide."""
        return {key: x.mean() if key == "total" else False for key in facts(x)}

    assert set(said(verdict(exercise, lambda x: second(x))).values()) == {"second"}


# ---- other answers that this one calls ----

SIBLINGS = {name: find(name) for name in ("sigmoid", "sigmoid_slope", "neuron_gradient")}
WORLD: dict = {"np": np}
exec(
    """
def sigmoid(z):
    return np.tanh(z)

def sigmoid_slope(z):
    raise NotImplementedError("your turn: write the slope")

def uses_sigmoid(x, w, b, y):
    a = sigmoid(w * x + b)
    return (a - y) * a * (1 - a) * x, (a - y) * a * (1 - a)

def uses_slope(x, w, b, y):
    a = 1 / (1 + np.exp(-(w * x + b)))
    return (a - y) * sigmoid_slope(w * x + b) * x, (a - y) * sigmoid_slope(w * x + b)
""",
    WORLD,
)


def with_helpers(answer):
    return judge(SIBLINGS["neuron_gradient"], local(WORLD | {"neuron_gradient": WORLD[answer]}), 0, SIBLINGS)


def test_a_failing_helper_is_named_and_nothing_else():
    report = with_helpers("uses_sigmoid")
    assert set(said(report).values()) == {"calls_failing_sigmoid"}
    assert {finding.status for finding in report.findings} == {"wrong"}


def test_a_helper_that_is_a_stub_is_named_and_the_answer_counts_as_attempted():
    report = with_helpers("uses_slope")
    assert (only(report).status, only(report).mistake) == ("error", "calls_failing_sigmoid_slope")
    assert report.attempted


def test_an_answer_whose_helper_is_off_only_where_it_does_not_matter_passes():
    clipped = {"sigmoid": lambda z: 1 / (1 + np.exp(-np.clip(z, -20, 20)))}
    scope = {"np": np} | clipped
    exec("def f(x, w, b, y):\n    a = sigmoid(w*x+b)\n    d = (a-y)*a*(1-a)\n    return d*x, d", scope)
    run = local(clipped | {"neuron_gradient": scope["f"]})
    assert judge(SIBLINGS["neuron_gradient"], run, 0, SIBLINGS).passed


# ---- find the bug ----


@pytest.mark.parametrize("name", ["column_means", "neuron_gradient_repaired", "train_two_weights"])
def test_a_version_handed_out_is_not_attempted_and_only_its_symptom_is_shown(name):
    exercise = find(name)
    finding = only(verdict(exercise, lambda *args: exercise.handed_out(*args)))
    assert (finding.status, finding.mistake) == ("not_attempted", None)
    assert "Symptom:" in finding.message


def test_the_version_handed_out_counts_zero_points_even_for_outputs_that_are_right_in_it():
    exercise = find("train_two_weights")
    assert verdict(exercise, lambda *args: exercise.handed_out(*args)).points == 0
