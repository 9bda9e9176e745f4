"""The live picture of lesson 06: points with an outlier to drag, and the lines that two losses fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bplearn.nn import huber_loss, mse_loss

if TYPE_CHECKING:
    from matplotlib.figure import Figure

X = np.arange(8.0) / 2
MEASURED = np.array([1.2, 1.5, 1.1, 1.7, 2.2, 2.5, 2.6, 3.0])
POINT = 6  # whose decimal point was lost


def outlier_explorer(height: float = 26.0, delta: float = 0.5) -> None:
    """Show eight points, one of them typed wrongly, with the lines of squared error and Huber loss.

    Parameters
    ----------
    height : float
        What was typed for the seventh point, from -3 to 27.
    delta : float
        Where the Huber loss begins to be straight, from 0.05 to 5.

    Raises
    ------
    ValueError
        If one of them is out of range.
    """
    from bplearn.viz.live import Live, show_live

    if not (-3 <= height <= 27 and 0.05 <= delta <= 5):
        raise ValueError("a height from -3 to 27, please, and delta from 0.05 to 5")
    y = MEASURED.copy()
    y[POINT] = height
    state = {
        **{"x": X.tolist(), "measured": MEASURED.tolist(), "y": y.tolist(), "point": POINT},
        "delta": float(delta),
    }
    names = ("plot", "lines", "outlier_explorer")
    show_live(Live(names, state, _words(y, delta), draw=lambda: _still(y, delta)))


def fits(y: np.ndarray, delta: float) -> dict[str, tuple[float, float]]:
    """Return slope and height at 0 of the best line, for Huber loss and squared error."""
    A = np.stack([X, np.ones_like(X)], axis=1)
    line = squares = np.linalg.lstsq(A, y, rcond=None)[0]
    for _ in range(5000):  # squares again, each point weighted so that its pull keeps the limit
        weights = np.sqrt(np.minimum(1.0, delta / np.maximum(np.abs(A @ line - y), 1e-300)))
        line = np.linalg.lstsq(A * weights[:, None], y * weights, rcond=None)[0]
    return {"Huber": (float(line[0]), float(line[1])), "squares": (float(squares[0]), float(squares[1]))}


def _words(y: np.ndarray, delta: float) -> str:
    found, (slope, at_zero) = fits(y, delta), np.polyfit(X, MEASURED, 1)
    good = slope * X + at_zero
    pulls = {"squares": mse_loss(good, y)[1], "Huber": huber_loss(good, y, delta)[1]}
    shares = {name: float(abs(all_[POINT]) / np.sum(np.abs(all_))) for name, all_ in pulls.items()}
    lines = " and ".join(
        f"{found[name][0]:.2f} with {name}, where its share of all pull is {shares[name]:.0%}"
        for name in shares
    )
    return (
        f"[live picture] Eight points near a line of slope {slope:.2f}; the seventh was typed as "
        f"{y[POINT]:g} instead of {MEASURED[POINT]:g}. The best slope is now {lines}."
    )


def _still(y: np.ndarray, delta: float) -> tuple[Figure, str]:
    from inspect import unwrap

    from bplearn.viz.rulers import fitted_lines

    drawn: tuple[Figure, str] = unwrap(fitted_lines)(X, y, fits(y, delta))
    return drawn
