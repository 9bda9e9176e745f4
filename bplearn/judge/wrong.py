"""One output that is not right, and what every diagnosis needs to know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from bplearn.collect import Observation
from bplearn.exercise import Case, Exercise, Mistake
from bplearn.judge.compare import as_array, brief, close, entries_close, number, split, tolerance

Run = Callable[[str, Sequence[Sequence[Any]], str], Observation | None]


class Diagnosis(NamedTuple):
    """What is wrong with one output."""

    status: str
    name: str | None
    message: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wrong:
    """One output that is not right, with the cases on which it is judged.

    Attributes
    ----------
    name : str
        The output.
    actual, expected : sequence
        Its value in each case, the learner's and ours.
    answer, others : dict
        The values of all outputs, by name, for each case: the learner's and ours. None where a case has no
        such key.
    run : callable
        Runs an answer of the learner's by name on more cases; None where it does not exist.
    siblings : tuple of Wrong
        The other outputs, right or wrong, each with its own cases.
    """

    exercise: Exercise
    name: str
    cases: tuple[Case, ...]
    actual: tuple[Any, ...]
    expected: tuple[Any, ...]
    answer: dict[str, tuple[Any, ...]]
    others: dict[str, tuple[Any, ...]]
    run: Run
    siblings: tuple[Wrong, ...] = ()

    @property
    def rtol(self) -> float:
        """Relative tolerance of the exercise."""
        return self.exercise.rtol

    @property
    def atol(self) -> float | None:
        """Absolute tolerance of the output, if it has one of its own."""
        return self.exercise.tolerated(self.name)

    def equals(self, values: Sequence[Any]) -> bool:
        """Say whether the answer agrees with `values` on all cases."""
        return self.agree(self.actual, values)

    def is_wholly(self, mistake: Mistake) -> bool:
        """Say whether a complete wrong answer agrees with all outputs of this one, each where it is due."""
        return self.agreements(mistake) == len(self.answer)

    def agreements(self, mistake: Mistake) -> int:
        """Count the outputs in which the answer agrees with a complete wrong answer."""
        return sum(self._explains(mistake, name) for name in self.answer)

    def agreements_elsewhere(self, mistake: Mistake) -> int:
        """Count the outputs, over all cases, in which the answer agrees with a complete wrong answer."""
        return sum(other.is_given_by(mistake) for other in self.siblings)

    def is_given_by(self, mistake: Mistake) -> bool:
        """Say whether a mistake gives the answer's values of this output, right ones included."""
        values = predictions(self.exercise, mistake, self.name, self.cases)
        return values is not None and self.equals(values)

    def _explains(self, mistake: Mistake, name: str) -> bool:
        due = [i for i, value in enumerate(self.others[name]) if value is not None]
        values = predictions(self.exercise, mistake, name, [self.cases[i] for i in due])
        return values is not None and self.agree([self.answer[name][i] for i in due], values, name)

    def agree(self, actual: Sequence[Any], values: Sequence[Any], name: str = "") -> bool:
        """Compare values of the learner's with others, case by case; of this output if none is named."""
        atol = self.exercise.tolerated(name or self.name)
        return all(close(a, b, tolerance(a, self.rtol), atol) for a, b in zip(actual, values, strict=True))

    def arrays(self) -> list[tuple[np.ndarray, np.ndarray]] | None:
        """Pairs (yours, expected) if every value is an array of the right shape."""
        pairs = [(as_array(a), as_array(b)) for a, b in zip(self.actual, self.expected, strict=True)]
        if any(a is None or b is None or a.shape != b.shape for a, b in pairs):
            return None
        return [(np.asarray(a, dtype=float), np.asarray(b, dtype=float)) for a, b in pairs]


def predictions(exercise: Exercise, mistake: Mistake, output: str, cases: Sequence[Case]) -> list[Any] | None:
    """What a known mistake gives for one output; None if it does not apply to these cases."""
    try:
        values = [exercise.run(mistake.compute, case) for case in cases]
    except Exception:  # a formula that does not run on these shapes is no explanation
        return None
    if mistake.output:
        return values
    wholes = [split(value, exercise.returns) or {} for value in values]
    return [whole[output] for whole in wholes] if all(output in whole for whole in wholes) else None


# ---- in words ----


def given(exercise: Exercise, case: Case) -> str:
    """Describe a case: its label, or its arguments."""
    if case.label:
        return f"for {case.label}"
    told = zip(exercise.parameters, case.args[:-1] if exercise.continues else case.args, strict=False)
    parts = [f"`{name}` = {brief(arg)}" for name, arg in told if name[0] != "_"]
    return "for " + ", ".join(parts) + ", from your own start" * (exercise.continues is not None)


def gap(wrong: Wrong) -> str:
    """Say where the gap is largest, in the first case that is wrong: yours and expected."""
    for case, a, b in zip(wrong.cases, wrong.actual, wrong.expected, strict=True):
        told = (_largest(wrong.rtol, *leaf) for leaf in _told_apart(wrong, a, b))
        words = next(filter(None, told), "")
        if words:
            return f"{words}, {given(wrong.exercise, case)}."
    return ""


def _told_apart(wrong: Wrong, a: Any, b: Any) -> Iterator[tuple[str, str, np.ndarray, np.ndarray]]:
    """The arrays to compare, with their names and the words that go before; of an optimiser step by step."""
    if wrong.exercise.probe != "steps":
        yield from (("", *leaf) for leaf in _leaves(wrong.name, a, b))
    elif isinstance(a, list) and isinstance(b, list):
        for k, (x, y) in enumerate(zip(a, b, strict=False), start=1):
            yield from ((f"After step {k}, ", *leaf) for leaf in _leaves(wrong.name, x, y))


def _largest(rtol: float, before: str, name: str, left: np.ndarray, right: np.ndarray) -> str:
    near = entries_close(left, right, rtol)
    if near.all():
        return ""
    distance = np.abs(np.nan_to_num(left.astype(float) - right.astype(float), nan=np.inf))
    place = np.unravel_index(int(np.argmax(np.where(near, -1.0, distance))), left.shape)
    index = f"[{', '.join(str(int(i)) for i in place)}]" if place else ""
    return f"{before}`{name}{index}`: {_both(left[place], right[place])}"


def _leaves(name: str, a: Any, b: Any) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """The arrays inside two values of one structure, with their names."""
    left, right = as_array(a), as_array(b)
    if left is not None and right is not None:
        if left.shape == right.shape:
            yield name, left, right
    elif isinstance(a, dict) and isinstance(b, dict):
        for key in b:
            yield from _leaves(key, a.get(key), b[key])
    elif isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b, strict=True)):
            yield from _leaves(f"{name}[{i}]", x, y)


def _both(yours: Any, expected: Any) -> str:
    if number(yours) == number(expected):  # six digits do not show it
        return f"yours {number(yours)}, off by {number(float(yours) - float(expected))}"
    return f"yours {number(yours)}, expected {number(expected)}"
