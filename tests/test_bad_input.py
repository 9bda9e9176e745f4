"""Whatever is handed in as an answer gets one clear message, and no exception comes out of a check."""

import json

import numpy as np
import pytest

from bplearn.exercise import Exercise
from bplearn.exercises import all_exercises, find
from bplearn.probes import Named, Seed
from bplearn.proofs import verdict
from tests.judging import HINTS, check, linear, only, said, single


def raises(error):
    def answer(*args):
        raise error

    return answer


def deep(*args):
    return deep(*args)


def generator(x, w, b, y):
    yield x


class Strange:
    def __init__(self, *args):
        self.shape = (1, 2)

    def __len__(self):
        raise SystemExit

    def __repr__(self):
        raise ValueError


def prints_megabytes(*args):
    for _ in range(40):
        print("x" * 100_000)
    return 1.0, 2.0


# Of `neuron_gradient`, which has two results: status, diagnosis, words of the message.
BAD = {
    "None": (lambda *a: None, "not_attempted", None, "empty"),
    "forgotten return": (lambda *a: print(a), "wrong", "returns_nothing", "return dw, db"),
    "two None": (lambda *a: (None,) * len(a[:2]), "not_attempted", None, "`dw`"),
    "Ellipsis": (
        lambda x, w, b, y: (..., x * 0 + ...) if x is None else (..., ...),
        "not_attempted",
        None,
        "",
    ),
    "one value": (lambda x, w, b, y: x, "wrong", "wrong_number_of_values", "2 values are due"),
    "three values": (
        lambda x, w, b, y: (x, w, b),
        "wrong",
        "wrong_number_of_values",
        "this returns 3 values",
    ),
    "no value": (lambda *a: (), "wrong", "wrong_number_of_values", "0 values"),
    "a matrix": (lambda x, *a: np.full((2, 2), x), "wrong", "wrong_number_of_values", "shape (2, 2)"),
    "text": (lambda *a: "dw, db", "wrong", "wrong_number_of_values", "a str"),
    "a set": (lambda x, w, b, y: {x, w}, "wrong", "wrong_number_of_values", "a set"),
    "a generator": (generator, "wrong", "wrong_number_of_values", "a generator"),
    "an object": (Strange, "wrong", "wrong_number_of_values", "a Strange"),
    "a function": (lambda *a: len, "wrong", "wrong_number_of_values", "builtin_function"),
    "a huge list": (lambda *a: [0.0] * 10**6, "wrong", "wrong_number_of_values", "values"),
    "texts": (lambda *a: ("dw", "db"), "wrong", "wrong_type", "a str"),
    "complex": (lambda x, *a: (1j * x, 1j), "wrong", "wrong_type", "a complex"),
    "complex arrays": (lambda x, *a: (np.array(1j * x),) * 2, "wrong", "wrong_type", "array of complex"),
    "objects": (lambda x, *a: (np.array([x, None]),) * 2, "wrong", "wrong_type", "array of object"),
    "strange": (lambda *a: (Strange(), Strange()), "wrong", "wrong_type", "a Strange"),
    "truth": (lambda x, *a: (x > 0, x > 0), "wrong", "wrong_type", "True and False"),
    "a huge array": (lambda x, *a: (np.zeros(3_000_000), x), "wrong", "wrong_type", "3000000 numbers"),
    "a huge integer": (lambda *a: (10**400, 10**400), "wrong", "wrong_type", "beyond 64 bits"),
    "nan": (lambda x, *a: (x * np.nan, np.nan), "wrong", "not_finite", "nan"),
    "inf": (lambda x, w, b, y: (np.inf * x, np.inf * x), "wrong", "not_finite", "inf"),
    "integers": (lambda *a: (1, 2), "wrong", "same_answer_every_time", "in all the cases"),
    "lists": (lambda x, *a: ([x], [x]), "shape", None, "a list of 1 number"),
    "vectors": (lambda x, *a: (np.full(3, x), np.full(3, x)), "shape", None, "shape (3,)"),
    "megabytes of print": (
        prints_megabytes,
        "wrong",
        "same_answer_every_time",
        "characters; the first line is",
    ),
    "too few parameters": (lambda x, w: (x, w), "error", None, "called with 4 arguments"),
    "too many parameters": (lambda x, w, b, y, lr: (x, w), "error", None, "called with 4 arguments"),
    "an exception": (raises(KeyError("a")), "error", None, "KeyError: 'a'"),
    "exit": (raises(SystemExit(3)), "error", None, "SystemExit: 3"),
    "recursion": (deep, "error", None, "RecursionError"),
    "memory": (raises(MemoryError()), "memory", None, "MemoryError"),
    "too much memory": (lambda *a: np.zeros(10**14), "memory", None, "Unable to allocate"),
    "an error without words": (raises(ValueError()), "error", None, "ValueError\n"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.filterwarnings("ignore")
def test_a_bad_answer_gets_one_clear_message(name):
    answer, status, mistake, words = BAD[name]
    report = check("neuron_gradient", answer)
    assert not report.passed
    assert report.findings[0].status == status
    assert mistake in (None, report.findings[0].mistake)
    assert words in report.text()


SLOW = ("megabytes of print", "a huge list", "a huge array")  # once is enough
TRIED = [(e.name, name) for e in all_exercises() for name in BAD if name not in SLOW or e.name == "sigmoid"]


@pytest.mark.parametrize(("exercise", "name"), TRIED)
@pytest.mark.filterwarnings("ignore")
def test_no_bad_answer_passes_any_exercise_or_makes_a_report_that_cannot_be_kept(exercise, name):
    exercise = find(exercise)
    report = verdict(exercise, BAD[name][0])
    assert report.points < exercise.points
    assert json.loads(json.dumps(report.to_dict(), allow_nan=False)) == report.to_dict()
    assert len(report.text()) < 6_000


def test_an_exception_in_some_cases_only_names_the_first_of_them():
    text = check("sigmoid", lambda z: z if isinstance(z, float) else z.nothing).text()
    assert "AttributeError" in text
    assert "`z` = shape (3,)" in text or "in 4 of" in text or "in 5 of" in text


def test_a_dictionary_where_a_bare_value_is_due_does_not_pass():
    report = check("sigmoid", lambda z: {"a": 0.5 * (1 + np.tanh(np.asarray(z) / 2))})
    assert not report.passed
    assert only(report).mistake == "wrong_type"


# ---- dictionaries and lists of tuples ----


def norms(x, deep):
    """A dictionary whose keys depend on the case."""
    return {"l1": np.abs(x).sum(axis=0), "l2": (x**2).sum(axis=0)} | (
        {"l4": (x**4).sum(axis=0)} if deep else {}
    )


def some_deep(rng):
    for n in (2, 3, 4, 5, 6):
        yield {"x": rng.normal(size=(n, 3)), "deep": n > 4}


keyed = Exercise(norms, some_deep, ("norms",), HINTS, points=1)


def without(*keys):
    return lambda x, deep: {k: v for k, v in norms(x, deep).items() if k not in keys}


def test_a_dictionary_gives_one_finding_for_each_key_seen_in_any_case():
    assert said(verdict(keyed, lambda *a: norms(*a))) == {"l1": "ok", "l2": "ok", "l4": "ok"}


def test_a_wrong_key_costs_its_share():
    report = verdict(keyed, lambda x, deep: norms(x, deep) | {"l2": -(x**2).sum(axis=0)})
    assert (said(report)["l2"], report.points) == ("opposite_sign", 0.67)


def test_a_missing_key_is_said_and_the_others_are_right():
    report = verdict(keyed, without("l2"))
    assert {f.output: f.status == "ok" for f in report.findings} == {"l1": True, "l2": False, "l4": True}


def test_a_key_that_is_not_asked_for_is_named_with_those_that_are():
    report = verdict(keyed, lambda x, deep: norms(x, deep) | {"l3": 1.0})
    assert said(report)["l3"] == "unknown_key"
    assert "l1, l2, l4" in report.text()


@pytest.mark.parametrize("answer", [lambda x, deep: x, lambda x, deep: (x, x), lambda x, deep: 1.0 * len(x)])
def test_no_dictionary_where_one_is_due_is_said_once(answer):
    finding = only(verdict(keyed, answer))
    assert (finding.status, finding.mistake) == ("wrong", "wrong_type")


def in_pairs(x, y, size):
    return [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]


def sets(rng):
    for n in (5, 6, 7, 8, 9):
        yield {"x": rng.normal(size=(n, 3)), "y": rng.normal(size=n), "size": 2 + n % 2}


pairs = single(in_pairs, sets, returns=("batches",))
PAIRS = {
    "right": (lambda *a: in_pairs(*a), True),
    "lists for tuples": (lambda *a: [list(pair) for pair in in_pairs(*a)], True),
    "a tuple of tuples": (lambda *a: tuple(in_pairs(*a)), True),
    "one wrong": (lambda x, y, size: in_pairs(x, y + 0.001, size), False),
    "last one lost": (lambda *a: in_pairs(*a)[:-1], False),
    "a generator": (lambda *a: (pair for pair in in_pairs(*a)), False),
    "exchanged": (lambda *a: [pair[::-1] for pair in in_pairs(*a)], False),
    "columns for numbers": (lambda x, y, size: in_pairs(x, y[:, None], size), False),
}


@pytest.mark.parametrize("name", PAIRS)
def test_lists_of_tuples_are_compared_part_by_part(name):
    answer, due = PAIRS[name]
    report = verdict(pairs, answer)
    assert report.passed is due
    assert not report.findings[0].message.endswith(":")


def test_cases_may_hold_seeds_and_named_functions():
    def cases(rng):
        yield from ({"f": Named("quadratic"), "rng": Seed(n), "n": n + 2} for n in range(6))

    noise = single(lambda f, rng, n: f(rng.normal(size=n)), cases)
    assert verdict(noise, lambda f, rng, n: f(rng.standard_normal(n))).passed
    assert not verdict(noise, lambda f, rng, n: f(np.random.default_rng(1).normal(size=n))).passed


def test_matrices_of_another_kind_do_not_pass_as_right_ones():
    assert not verdict(linear, lambda dz, x, W: (dz @ W.T * 1j, x.T @ dz, dz.sum(axis=0))).passed


def test_every_exercise_of_the_course_can_be_found():
    assert all(find(exercise.name) is exercise for exercise in all_exercises())
