"""Is the forward pass the culprit? A backward that is the exact gradient of a wrong forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from bplearn.judge.compare import as_array, close
from bplearn.judge.wrong import Diagnosis, Wrong

_STEP = 1e-5  # best for smooth functions in float64: truncation and rounding are in balance there
_RTOL = 1e-5


def forward_is_the_culprit(wrong: Wrong) -> Diagnosis | None:
    """Compare the answer with the numerical gradient of the learner's own forward pass."""
    forward = wrong.exercise.forward
    argument = wrong.name.removeprefix("d")
    if forward is None or argument not in wrong.exercise.parameters or wrong.arrays() is None:
        return None
    for args, a in zip((case.args for case in wrong.cases), wrong.actual, strict=True):
        slope = _own_slope(wrong, args, argument)
        if slope is None or not close(as_array(a), slope, _RTOL):
            return None
    text = (
        f"This is the exact gradient of your own `{forward.exercise}`. The backward pass matches it; it is "
        f"the forward pass that is off. Mend it first: `check({forward.exercise})`."
    )
    return Diagnosis("mistake", "forward_is_the_culprit", text)


def _own_slope(wrong: Wrong, args: tuple[Any, ...], argument: str) -> np.ndarray | None:
    place = wrong.exercise.parameters.index(argument)
    value = np.asarray(args[place], dtype=float)
    moved = [[*args[:place], _like(args[place], nudged), *args[place + 1 :]] for nudged in _nudged(value)]
    losses = _losses(wrong, moved)
    if losses is None:
        return None
    differences = np.asarray(losses[0::2]) - np.asarray(losses[1::2])
    return np.asarray(differences / (2 * _STEP)).reshape(value.shape)


def _nudged(value: np.ndarray) -> Iterator[np.ndarray]:
    for place in np.ndindex(value.shape):
        for step in (_STEP, -_STEP):
            nudged = value.copy()
            nudged[place] += step
            yield nudged


def _like(old: Any, new: np.ndarray) -> Any:
    return new if isinstance(old, np.ndarray) else float(new)


def _losses(wrong: Wrong, moved: list[list[Any]]) -> list[float] | None:
    """The scalar loss behind the learner's own forward pass, for each moved set of arguments."""
    forward = wrong.exercise.forward
    assert forward is not None
    names = wrong.exercise.parameters
    handed = [
        [args[names.index(given)] if isinstance(given, str) else given(*args) for given in forward.parameters]
        for args in moved
    ]
    seen = wrong.run(forward.exercise, handed, "call")
    if seen is None or any(call.trouble or call.value is None for call in seen.calls):
        return None
    try:
        return [_scalar(forward.loss, call.value, args) for call, args in zip(seen.calls, moved, strict=True)]
    except (TypeError, ValueError, IndexError):  # the forward gives something that has no such loss
        return None


def _scalar(loss: Callable[..., Any], value: Any, args: list[Any]) -> float:
    return float(loss(value, *args))
