"""Training runs that begin with weights of the answer's own drawing: what is due from there on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bplearn.collect import Call
from bplearn.exercise import Case, Exercise
from bplearn.judge.compare import as_array

_LARGEST = 1e3  # of a weight that somebody begins with


def continued(
    exercise: Exercise, calls: Sequence[Call], cases: Sequence[Case], seed: int
) -> tuple[Sequence[Call], Sequence[Case], Sequence[Any]]:
    """Return calls, cases and expected values to compare; only an exercise that `continues` changes them.

    There each call gave its start first. The case begins at that start, and so does what is due. A labelled
    case is judged by its outcome, as it is.
    """
    expected = exercise.expected(seed)
    if exercise.continues is None:
        return calls, cases, expected
    triples = zip(calls, cases, expected, strict=True)
    found = [_one(exercise, call, case, value) for call, case, value in triples]
    return [one[0] for one in found], [one[1] for one in found], [one[2] for one in found]


def _one(exercise: Exercise, call: Call, case: Case, expected: Any) -> tuple[Call, Case, Any]:
    if case.label:
        return call, case, expected
    ours, rest = expected[0], expected[1:]
    value = call.value
    if not isinstance(value, (tuple, list)):
        return call, case, rest
    call = replace(call, value=tuple(value[1:]))
    if len(value) != len(expected):
        return call, case, rest
    if exercise.continues is None or not _fits(value[0], ours):
        return call, case, rest
    begun = Case((*case.args[:-1], value[0]), case.label)
    due = exercise.run(exercise.continues, begun)
    return (call, begun, due) if _is_finite(due) else (call, case, rest)  # nan would be equal to nan


def _is_finite(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    if isinstance(value, (tuple, list)):
        return all(map(_is_finite, value))
    array = as_array(value)
    return array is None or bool(np.isfinite(array).all())


def _fits(start: Any, ours: dict[str, np.ndarray]) -> bool:
    """Say whether a start has the arrays that are due: of the right shapes, not too large to be trained."""
    if not isinstance(start, dict) or set(start) != set(ours):
        return False
    arrays = {key: as_array(value) for key, value in start.items()}
    return all(
        array is not None and array.shape == np.shape(ours[key]) and bool((np.abs(array) < _LARGEST).all())
        for key, array in arrays.items()
    )
