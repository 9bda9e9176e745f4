"""Tiny exercises with which the judge itself is judged, and short ways to ask it."""

from collections.abc import Callable
from typing import Any

from bplearn.exercise import Exercise
from bplearn.exercises import all_exercises, find
from bplearn.proofs import verdict
from bplearn.report import Finding, Report

# Where a probe draws outputs out of an answer, they are not what the answer returns.
OUTPUTS = [(e.name, name) for e in all_exercises() if e.probe == "call" for name in e.returns]
HINTS = ("A question?", "A nudge.", "Something concrete.")


def check(name: str, answer: Callable[..., Any]) -> Report:
    """Judge an answer to an exercise of the course."""
    return verdict(find(name), answer)


def said(report: Report) -> dict[str, str]:
    """What is said of each output: the mistake, else the status."""
    return {finding.output: finding.mistake or finding.status for finding in report.findings}


def only(report: Report) -> Finding:
    """The one finding of a report."""
    (finding,) = report.findings
    return finding


# ---- answers made from the reference ----


def values_of(exercise: Exercise, args: tuple[Any, ...]) -> dict[str, Any]:
    """The right values, by output."""
    value = exercise.reference(*args)
    return dict(zip(exercise.returns, value if len(exercise.returns) > 1 else (value,), strict=True))


def altered(exercise: Exercise, output: str, change: Callable[..., Any]) -> Callable[..., Any]:
    """A right answer in which one output is changed: ``change(value, args)``."""

    def answer(*args: Any) -> Any:
        values = values_of(exercise, args)
        values[output] = change(values[output], args)
        return tuple(values.values()) if len(values) > 1 else values[output]

    return answer


# ---- a layer, with all that a backward pass of matrices has ----


def linear_backward(dz, x, W):
    """Three gradients of three shapes."""
    return dz @ W.T, x.T @ dz, dz.sum(axis=0)


def batches(rng):
    for N, D, M in ((2, 3, 4), (5, 4, 3), (4, 2, 5), (3, 5, 2), (6, 3, 5)):
        yield {"dz": rng.normal(size=(N, M)), "x": rng.normal(size=(N, D)), "W": rng.normal(size=(D, M))}


def squares(rng):
    for n in (3, 4, 5):
        yield {name: rng.normal(size=(n, n)) for name in ("dz", "x", "W")}


linear = Exercise(
    reference=linear_backward,
    cases=batches,
    returns=("dx", "dW", "db"),
    hints=HINTS,
    points=3,
    upstream="dz",
    square=squares,
)


@linear.mistake("db", factor="mean")
def averages_over_the_batch(dz, x, W):
    """The rows are averaged; they should be summed."""
    return dz.mean(axis=0)


@linear.mistake("dW")
def exchanges_the_product(dz, x, W):
    """The product is the other way round: this belongs to the transpose of W."""
    return dz.T @ x


# ---- single numbers and arrays, one output ----


def single(reference: Callable[..., Any], cases: Callable[..., Any], **more: Any) -> Exercise:
    """An exercise of one output called `y`."""
    return Exercise(reference=reference, cases=cases, **{"returns": ("y",), "hints": HINTS} | more)


def tables(rng):
    for N, D in ((2, 3), (3, 4), (4, 2), (5, 3), (6, 4)):
        yield {"x": rng.normal(size=(N, D))}


def double_or_more(x):
    """A reference that is nonzero and linear."""
    return 1.7 * x + 0.4


curve = single(double_or_more, tables, name="curve")
