"""General diagnoses of an output that has another shape than expected."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bplearn.judge.compare import as_array, close, shape_words
from bplearn.judge.wrong import Diagnosis, Wrong, given

Pairs = list[tuple[np.ndarray, np.ndarray]]


def wrong_shape(wrong: Wrong) -> Diagnosis | None:
    """Say what happened to the shape; None if all shapes are right."""
    pairs = [(as_array(a), as_array(b)) for a, b in zip(wrong.actual, wrong.expected, strict=True)]
    if any(b is None for _, b in pairs) or not any(_differs(a, b) for a, b in pairs):
        return None
    arrays: Pairs = [(a, b) for a, b in pairs if a is not None and b is not None]
    for name, words, explains in _EXPLANATIONS:
        if len(arrays) == len(pairs) and all(explains(a, b, wrong.rtol) for a, b in arrays):
            return Diagnosis("shape", name, f"{_both_shapes(wrong)} {words}")
    return Diagnosis("shape", "wrong_shape", f"{_both_shapes(wrong)} {_rule(wrong)}".rstrip())


def _differs(a: np.ndarray | None, b: np.ndarray | None) -> bool:
    return a is None or (b is not None and a.shape != b.shape)


def _both_shapes(wrong: Wrong) -> str:
    triples = list(zip(wrong.cases, wrong.actual, wrong.expected, strict=True))
    case, a, b = next(triple for triple in triples if _differs(as_array(triple[1]), as_array(triple[2])))
    left, due = as_array(a), as_array(b)
    where = given(wrong.exercise, case)
    if left is not None and due is not None and left.ndim == due.ndim == 1:
        return f"`{wrong.name}` has {len(left)} number{'s' * (len(left) != 1)}, {len(due)} are due, {where}."
    return f"`{wrong.name}` is {shape_words(a)}; {shape_words(b)}{_axes(wrong, b)} is due, {where}."


def _axes(wrong: Wrong, expected: object) -> str:
    """Name the argument that has the expected shape: for `dW` this is `W`."""
    names = wrong.exercise.parameters
    origin = wrong.name.removeprefix("d")
    array = as_array(expected)
    if array is not None and array.shape and origin in names and wrong.name.startswith("d"):
        return f", the shape of `{origin}`"
    return ""


def _rule(wrong: Wrong) -> str:
    if wrong.name.startswith("d") and wrong.name[1:] in wrong.exercise.parameters:
        return f"A gradient has one number for each entry of what it belongs to, here `{wrong.name[1:]}`."
    flat = all(array is not None and array.ndim == 1 for array in map(as_array, wrong.expected))
    return "" if flat else "Write the shape of every array next to its name before you write any code."


# ---- formulas that reproduce the values ----


def _transposed(a: np.ndarray, b: np.ndarray, rtol: float) -> bool:
    return b.ndim == 2 and close(a.T, b, rtol)


def _same_values(a: np.ndarray, b: np.ndarray, rtol: float) -> bool:
    return a.size == b.size and close(a.ravel(), b.ravel(), rtol)


def _not_summed(a: np.ndarray, b: np.ndarray, rtol: float) -> bool:
    return a.ndim > b.ndim and any(close(a.sum(axis=k), b, rtol) for k in range(a.ndim))


def _repeated(a: np.ndarray, b: np.ndarray, rtol: float) -> bool:
    """The right values, broadcast to a larger shape."""
    try:
        return a.size > b.size and close(a, np.array(np.broadcast_to(b, a.shape)), rtol)
    except ValueError:
        return False


def _collapsed(a: np.ndarray, b: np.ndarray, rtol: float) -> bool:
    return a.shape == () and b.shape != () and close(a, np.asarray(b.sum()), rtol)


def _averaged(a: np.ndarray, b: np.ndarray, rtol: float) -> bool:
    return a.shape == () and b.shape != () and close(a, np.asarray(b.mean()), rtol)


def _summed_axis(a: np.ndarray, b: np.ndarray, rtol: float) -> bool:
    return b.ndim > a.ndim and any(close(a, b.sum(axis=k), rtol) for k in range(b.ndim))


_EXPLANATIONS: tuple[tuple[str, str, Callable[[np.ndarray, np.ndarray, float], bool]], ...] = (
    ("transposed", "It is the transpose of the right answer: rows and columns are exchanged.", _transposed),
    (
        "right_values_wrong_shape",
        (
            "Right values, wrong shape: an axis of length 1 too many or too few, or entries arranged in "
            "another way."
        ),
        _same_values,
    ),
    ("not_summed", "Added up along one axis it would be right: a sum is missing.", _not_summed),
    ("repeated", "Right values, repeated along an axis that should not be there.", _repeated),
    (
        "summed_to_one_number",
        "It is the sum of all entries of the right answer: added up once too often.",
        _collapsed,
    ),
    ("averaged_to_one_number", "It is the mean of all entries of the right answer.", _averaged),
    ("summed_away", "It is the right answer added up along one axis: added up once too often.", _summed_axis),
)
