"""The live picture of lesson 03: the step of a measured slope, and the valley of its error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bplearn.nn import central_difference, neuron_gradient, sigmoid, squared_error

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def step_valley(w: float = 2.0, h: float = 0.7) -> None:
    """Show the chord that a step makes on lesson 01's loss, and the error of its slope over the step.

    Parameters
    ----------
    w : float
        Where the dial stands, from -4 to 4.
    h : float
        The step to begin with, from 1e-15 to 1.

    Raises
    ------
    ValueError
        If one of them is out of range.
    """
    from math import log10

    from bplearn.viz.live import Live, show_live

    if not (abs(w) <= 4 and 1e-15 <= h <= 1):
        raise ValueError("a dial w from -4 to 4, please, and a step h from 1e-15 to 1")
    state = {"w": float(w), "exponent": round(log10(h), 1), "way": "both"}
    files = ("neuron", "plot", "slopes", "step_valley")
    show_live(Live(files, state, _words(w, h), draw=lambda: _still(w)))


def _loss(w: float) -> float:
    return float(squared_error(sigmoid(1.5 * w), 0.2))


def _words(w: float, h: float) -> str:
    true = float(neuron_gradient(1.5, w, 0.0, 0.2)[0])
    one, both = (_loss(w + h) - _loss(w)) / h, central_difference(_loss, w, h)
    fine = central_difference(_loss, w, 1e-5)
    return (
        f"[live picture] The slope at w = {w:g} is {true:.6f}. A step of {h:g} to one side measures "
        f"{one:.6f}, to both sides {both:.6f}; with a step of 0.00001 to both sides it is {fine:.6f}. With "
        "far smaller steps rounding takes over, and the error grows again."
    )


def _still(w: float) -> tuple[Figure, str]:
    from inspect import unwrap

    from bplearn.viz.slopes import error_valley

    drawn: tuple[Figure, str] = unwrap(error_valley)(w)
    return drawn
