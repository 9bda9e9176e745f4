"""Recognise an answer that is right up to a factor, and say where the factor may come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from bplearn.exercise import Case
from bplearn.judge.compare import entries_close, number

_CONSTANTS = {
    "2": 2.0,
    "4": 4.0,
    "1/ln 2 (a logarithm to base 2)": 1 / np.log(2),
    "1/ln 10 (a logarithm to base 10)": 1 / np.log(10),
}


def ratios(pairs: Sequence[tuple[np.ndarray, np.ndarray]], rtol: float) -> list[float] | None:
    """Give for each case the one number that turns the second array into the first; None if there is none."""
    found = []
    for a, b in pairs:
        if a.shape != b.shape or not np.isfinite(a).all() or not np.abs(b).max(initial=0.0) > 0:
            return None
        place = np.unravel_index(int(np.argmax(np.abs(b))), b.shape)
        ratio = float(a[place] / b[place])
        if ratio == 0 or not entries_close(a, ratio * b, rtol).all():
            return None
        found.append(ratio)
    return found


def in_words(
    found: Sequence[float], cases: Sequence[Case], names: Sequence[str], named_only: bool = False
) -> str:
    """Say what the factor is; its origin is named only if one origin fits all cases.

    Empty if the factor differs between the cases and no size or argument explains it.
    """
    values = np.asarray(found)
    origins = _origins(cases, () if named_only else names)
    fitting = [words for words, factor in origins if np.allclose(values, factor, rtol=1e-6, atol=0)]
    if len(fitting) == 1:
        return f"every value is {fitting[0]}. Where would such a factor come from?"
    if not named_only and np.allclose(values, values[0], rtol=1e-6, atol=0):
        return f"every value is {number(values[0])} times what is due. Where would such a factor come from?"
    return ""


def _origins(cases: Sequence[Case], names: Sequence[str]) -> Iterator[tuple[str, np.ndarray]]:
    """Words and values of each factor that we can name: constants, sizes, numbers among the arguments."""
    ones = np.ones(len(cases))
    yield "what is due with the opposite sign", -ones
    for label, constant in _CONSTANTS.items():
        yield from _both_ways(label, constant * ones)
    for label, values in _symbols(cases, names):
        yield from _both_ways(label, values)


def _both_ways(label: str, values: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    yield f"{label} times what is due", values
    yield f"{label} times what is due, with the opposite sign", -values
    with np.errstate(divide="ignore"):
        yield f"what is due divided by {label}", 1 / values
        yield f"what is due divided by {label}, with the opposite sign", -1 / values


def _symbols(cases: Sequence[Case], names: Sequence[str]) -> Iterator[tuple[str, np.ndarray]]:
    """Sizes and numbers that occur in the arguments; what has the same value in all cases is one symbol."""
    found: dict[tuple[float, ...], list[tuple[str, str]]] = {}
    for name, label, values in _all_symbols(cases, names):
        if not np.allclose(values, 1) and not np.isin(values, (2, 4)).all():
            found.setdefault(tuple(values), []).append((name, label))
    for column, labels in found.items():
        owners = [name for name, _ in labels]
        if len(owners) == len(set(owners)):  # rows and columns of one table alike: which of them is it?
            yield labels[0][1], np.asarray(column, dtype=float)


def _all_symbols(cases: Sequence[Case], names: Sequence[str]) -> Iterator[tuple[str, str, list[float]]]:
    for i, name in enumerate(names):
        column: list[Any] = [case.args[i] for case in cases]
        if all(isinstance(arg, (int, float)) and not isinstance(arg, bool) for arg in column):
            yield name, f"`{name}`", [float(arg) for arg in column]
        elif all(isinstance(arg, np.ndarray) for arg in column) and len({arg.ndim for arg in column}) == 1:
            yield from _sizes(name, column)


def _sizes(name: str, column: Sequence[np.ndarray]) -> Iterator[tuple[str, str, list[float]]]:
    table = column[0].ndim > 1
    for axis in range(column[0].ndim):
        rows = " (the number of rows)" if axis == 0 and table else ""
        yield name, f"`{name}.shape[{axis}]`{rows}", [float(arg.shape[axis]) for arg in column]
    if table:
        yield name, f"`{name}.size`", [float(arg.size) for arg in column]
