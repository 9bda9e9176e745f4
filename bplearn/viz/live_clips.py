"""The live picture of lesson 11: a gradient to drag under two kinds of limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bplearn.nn import clip_by_norm, clip_by_value, gradient_angle

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def clip_explorer(gradient: tuple[float, float] = (6.0, 1.5), limit: float = 2.0) -> None:
    """Show a gradient of two entries to drag, clipped by value and by norm.

    Parameters
    ----------
    gradient : pair of float
        Where it begins; each entry between -8 and 8.
    limit : float
        Largest entry, and largest norm; between 0.2 and 8.

    Raises
    ------
    ValueError
        If an entry or the limit is out of range.
    """
    from bplearn.viz.live import Live, show_live

    first, second = (float(entry) for entry in gradient)
    if not (max(abs(first), abs(second)) <= 8 and 0.2 <= limit <= 8):
        raise ValueError("entries of the gradient from -8 to 8, please, and a limit from 0.2 to 8")
    state = {"gradient": [first, second], "limit": float(limit)}
    names = ("plot", "clips", "clip_explorer")
    text = _words(np.array([first, second]), limit)
    show_live(Live(names, state, text, draw=lambda: _still((first, second), limit)))


def _words(full: np.ndarray, limit: float) -> str:
    clipped = {"value": clip_by_value({"w": full}, limit), "norm": clip_by_norm({"w": full}, limit)}
    parts = (
        f"by {name} ({short['w'][0]:.2f}, {short['w'][1]:.2f}), {_turned(full, short['w'])}"
        for name, short in clipped.items()
    )
    return (
        f"[live picture] The gradient ({full[0]:g}, {full[1]:g}) with norm {np.linalg.norm(full):.2f} under "
        f"the limit {limit:g} becomes {' and '.join(parts)}."
    )


def _turned(full: np.ndarray, short: np.ndarray) -> str:
    if not full.any():
        return "without a direction"
    degrees = gradient_angle({"w": full}, {"w": short})
    return "in its old direction" if degrees < 0.05 else f"turned by {degrees:.0f} degrees"


def _still(gradient: tuple[float, float], limit: float) -> tuple[Figure, str]:
    from inspect import unwrap

    from bplearn.viz.clips import clip_directions

    drawn: tuple[Figure, str] = unwrap(clip_directions)(gradient, limit)
    return drawn
