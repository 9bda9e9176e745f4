"""The live picture of lesson 09: five optimisers race on a ravine or a saddle."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from bplearn.nn import adam_step, momentum_step, nesterov_step, rmsprop_step

if TYPE_CHECKING:
    from matplotlib.figure import Figure

START = (10.0, 1.0)
STEEP = np.array([1.0, 100.0])
GOAL, LONGEST = 1e-3, 600
# Name, how many arrays it remembers, and its step: as in the lesson.
RUNNERS: tuple[tuple[str, int, Callable[..., Any]], ...] = (
    ("plain descent", 0, lambda w, dw, t: (w - 0.018 * dw,)),
    ("momentum", 1, lambda w, dw, v, t: momentum_step(w, dw, v, 0.01, 0.9)),
    ("Nesterov", 1, lambda w, dw, v, t: nesterov_step(w, dw, v, 0.01, 0.9)),
    ("RMSProp", 1, lambda w, dw, s, t: rmsprop_step(w, dw, s, 0.3, 0.9, 1e-8)),
    ("Adam", 2, lambda w, dw, m, v, t: adam_step(w, dw, m, v, t, 0.5, 0.9, 0.999, 1e-8)),
)


def optimiser_race(surface: str = "ravine") -> None:
    """Show plain descent, momentum, Nesterov, RMSProp and Adam on their way down one surface.

    Parameters
    ----------
    surface : {"ravine", "saddle"}
        Where the race begins: (x^2 + 100 y^2) / 2 from (10, 1), or x^2 / 2 + (y^2 - 1)^2 / 4 from (2, 0.01).

    Raises
    ------
    ValueError
        If there is no such surface.
    """
    from bplearn.viz.live import Live, show_live

    if surface not in ("ravine", "saddle"):
        raise ValueError(f'surface "ravine" or "saddle", please, not {surface!r}')
    x, y = START if surface == "ravine" else (2.0, 0.01)
    state = {"surface": surface, "x": x, "y": y, "factor": 1.0}
    show_live(Live(("plot", "optimisers", "optimiser_race"), state, _words(), draw=_still))


def paths() -> dict[str, np.ndarray]:
    """Return the path of each on the ravine, shape (steps + 1, 2), to the bottom or for 600 steps."""
    return {name: _path(step, memories) for name, memories, step in RUNNERS}


def _path(step: Callable[..., Any], memories: int) -> np.ndarray:
    w, memory = np.array(START), [np.zeros(2)] * memories
    path = [w]
    while _loss(w) >= GOAL and len(path) <= LONGEST:
        w, *memory = step(w, STEEP * w, *memory, len(path))
        path.append(w)
    return np.array(path)


def _loss(w: np.ndarray) -> float:
    return float(np.sum(STEEP * w**2) / 2)


def _words() -> str:
    found = paths()
    there = sorted((len(path) - 1, name) for name, path in found.items() if _loss(path[-1]) < GOAL)
    late = [name for name, path in found.items() if _loss(path[-1]) >= GOAL]
    ranks = ", ".join(f"{name} after {steps} steps" for steps, name in there)
    rest = f"; not within {LONGEST} steps: {', '.join(late)}" * bool(late)
    return (
        "[live picture] Five optimisers on a ravine that is a hundred times steeper across than along, from "
        f"(10, 1). The loss is below 0.001 for {ranks}{rest}."
    )


def _still() -> tuple[Figure, str]:
    from inspect import unwrap

    from bplearn.viz.race import ravine_race

    there = {name: path for name, path in paths().items() if _loss(path[-1]) < GOAL}
    drawn: tuple[Figure, str] = unwrap(ravine_race)(there)
    return drawn
