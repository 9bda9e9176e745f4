"""Notes: what is worth saying about an answer beside right and wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bplearn.collect import Observation
from bplearn.exercise import Exercise
from bplearn.judge.compare import as_array, number


def on_values(actual: Sequence[Any], expected: Sequence[Any], *, exact: bool = True) -> list[str]:
    """Notes on an output that passes: list, float32, whole numbers, a small constant error."""
    pairs = [(as_array(a), as_array(b)) for a, b in zip(actual, expected, strict=True)]
    arrays = [(a, b) for a, b in pairs if a is not None and b is not None]
    notes = []
    containers = (list, tuple)
    if isinstance(actual[0], containers) and type(actual[0]) is not type(expected[0]):
        due = type(expected[0]).__name__ if isinstance(expected[0], containers) else "array"
        article = "an" if due == "array" else "a"
        notes.append(f"A {type(actual[0]).__name__} is accepted here; the course returns {article} {due}.")
    if isinstance(expected[0], containers) and isinstance(actual[0], np.ndarray):
        notes.append(f"An array is accepted here; the course returns a {type(expected[0]).__name__}.")
    if any(a.dtype.kind == "f" and b.dtype.kind in "iu" for a, b in arrays):
        notes.append("Floats are accepted here; whole numbers are due.")
    if any(a.dtype == np.float32 for a, _ in arrays):
        notes.append("Computed in float32, so it is compared with three digits. The course uses float64.")
    elif any(a.dtype.kind in "iu" and b.dtype.kind == "f" for a, b in arrays):
        notes.append("Whole numbers are accepted here; the course returns floats.")
    worst = max((_worst(a, b) for a, b in arrays), default=0.0)
    if not notes and exact and worst > 1e-11:
        notes.append(
            f"Right to about {number(float(f'{worst:.0e}'))} of the largest entry: as a derivative taken "
            "numerically would be, or with a small constant added for safety."
        )
    return notes


def _worst(a: np.ndarray, b: np.ndarray) -> float:
    size = float(np.abs(b.astype(float)).max(initial=0.0))
    distance = np.abs(a.astype(float) - b.astype(float))
    return float(distance.max(initial=0.0)) / size if size > 0 and np.isfinite(size) else 0.0


def on_answer(exercise: Exercise, seen: Observation) -> list[str]:
    """Notes on the whole answer: changed arguments, warnings, what was printed."""
    names = exercise.parameters
    changed = dict.fromkeys(names[i] for call in seen.calls for i in call.changed if i < len(names))
    notes = [
        f"It changes its argument `{name}`. Work on a copy: the caller may need the old values."
        for name in changed
        if name not in exercise.fresh
    ]
    warned = dict.fromkeys(text for call in seen.calls for text in call.warned)
    notes += [f"Python warned while it ran: {text}." for text in list(warned)[:2]]
    if seen.print_size:
        text = seen.printed.strip().splitlines() or [""]
        size = f" {seen.print_size:,} characters" if seen.print_size > 200 else ""
        notes.append(f"It prints{size}; the first line is: {text[0][:80]}")
    return notes
