"""Notes: what is worth saying about an answer beside right and wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from bplearn.collect import Observation
from bplearn.exercise import Exercise
from bplearn.judge.compare import as_array, close, number


def on_value(exercise: Exercise, a: Any, b: Any) -> list[str]:
    """Notes on one value that passes: list, float32, whole numbers, a small constant error."""
    left, due = as_array(a), as_array(b)
    if left is None or due is None:
        return []
    if not close(a, b, max(exercise.rtol, 1e-3), exercise.atol):
        return []  # a variant; it has a note of its own
    notes = []
    if isinstance(a, list) and not isinstance(b, list):
        notes.append(
            "A list is accepted here; the course returns "
            + ("a tuple." if isinstance(b, tuple) else "an array.")
        )
    if left.dtype == np.float32:
        notes.append("Computed in float32, so it is compared with three digits. The course uses float64.")
    elif left.dtype.kind in "iu" and due.dtype.kind == "f" and left.size:
        notes.append("Whole numbers are accepted here; the course returns floats.")
    elif exercise.atol is None and _worst(left, due) > 1e-11:
        notes.append(
            f"Right to about {number(_worst(left, due))} of the largest entry: as a derivative taken "
            "numerically would be, or a small constant added for safety."
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
