"""Where an answer is right: only some rows, only for positive inputs, only in some cases."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from bplearn.judge.compare import entries_close
from bplearn.judge.wrong import Diagnosis, Wrong, gap, given

ENOUGH = 16  # entries: with fewer, one of the many patterns fits by chance
Test = Callable[[Sequence[Any]], np.ndarray]


def right_in_places(wrong: Wrong) -> Diagnosis | None:
    """Right in some entries, and what these have in common."""
    pairs = wrong.arrays()
    if pairs is None:
        return None
    masks = [entries_close(a, b, wrong.rtol) for a, b in pairs]
    entries, ok = sum(m.size for m in masks), sum(int(m.sum()) for m in masks)
    for words, pattern in _patterns(wrong, masks) if entries >= ENOUGH and ok >= 2 else ():
        if all(np.array_equal(m, p) for m, p in zip(masks, pattern, strict=True)):
            return Diagnosis("wrong", "right_in_places", f"`{wrong.name}` is right {words} and nowhere else.")
    return _right_in_cases(wrong, masks)


def _patterns(wrong: Wrong, masks: Sequence[np.ndarray]) -> list[tuple[str, list[np.ndarray]]]:
    """Places that may be special: signs of the arguments, which one is larger, rows, columns."""
    found = []
    for words, test in _argument_tests(wrong):
        values = [test(case.args) for case in wrong.cases]
        if all(np.shape(v) == m.shape for v, m in zip(values, masks, strict=True)):
            found.append((words, values))
    if all(m.ndim >= 1 and len(m) > 1 for m in masks):
        row = "step" if wrong.exercise.probe == "steps" else "row" if masks[0].ndim > 1 else "entry"
        found += [(f"in the first {row}", [_row(m, 0) for m in masks])]
        found += [(f"in the last {row}", [_row(m, -1) for m in masks])]
        rows = row.replace("entry", "entrie") + "s"
        found += [(f"in all {rows} but the last", [~_row(m, -1) for m in masks])]
        found += [(f"in all {rows} but the first", [~_row(m, 0) for m in masks])]
    if all(m.ndim == 2 for m in masks):
        found += [("in the first column", [_row(m.T, 0).T for m in masks])]
        found += [("in the last column", [_row(m.T, -1).T for m in masks])]
        found += [("on the diagonal", [np.eye(*m.shape, dtype=bool) for m in masks])]
    return found


def _row(mask: np.ndarray, index: int) -> np.ndarray:
    row = np.zeros_like(mask)
    row[index] = True
    return row


def _argument_tests(wrong: Wrong) -> Iterator[tuple[str, Test]]:
    """Signs of the arguments, and which of two is the larger one."""
    names = wrong.exercise.parameters
    numeric = [i for i, arg in enumerate(wrong.cases[0].args) if isinstance(arg, (np.ndarray, float))]
    for i in numeric:
        yield f"where `{names[i]}` is positive", partial(_is_positive, i)
        yield f"where `{names[i]}` is negative", partial(_is_negative, i)
    for i, j in itertools.permutations(numeric, 2):
        if all(np.shape(case.args[i]) == np.shape(case.args[j]) for case in wrong.cases):
            yield f"where `{names[i]}` is larger than `{names[j]}`", partial(_is_larger, i, j)


def _is_positive(i: int, args: Sequence[Any]) -> np.ndarray:
    return np.asarray(args[i] > 0)


def _is_negative(i: int, args: Sequence[Any]) -> np.ndarray:
    return np.asarray(args[i] < 0)


def _is_larger(i: int, j: int, args: Sequence[Any]) -> np.ndarray:
    return np.asarray(args[i] > args[j])


def _right_in_cases(wrong: Wrong, masks: Sequence[np.ndarray]) -> Diagnosis | None:
    good = [case for case, m in zip(wrong.cases, masks, strict=True) if m.all()]
    bad = next((case for case, m in zip(wrong.cases, masks, strict=True) if not m.all()), None)
    if not good or bad is None:
        return None
    text = (
        f"`{wrong.name}` is right in {len(good)} of {len(wrong.cases)} cases: "
        f"right {given(wrong.exercise, good[0])}, "
        f"wrong {given(wrong.exercise, bad)}. What is special about these?"
    )
    return Diagnosis("wrong", "right_in_some_cases", f"{text}\n{gap(wrong)}")
