"""The live picture of lesson 12: what arrives at a sigmoid, before and after batch normalization."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bplearn.nn import batchnorm_train, sigmoid_slope

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EPS = 1e-5


def batch_norm_explorer(mean: float = 5.0, spread: float = 2.0, batch_size: int = 32) -> None:
    """Show the inputs of a sigmoid with and without batch normalization, while they drift.

    Parameters
    ----------
    mean, spread : float
        Of the inputs, where the picture begins: from -10 to 10, and from 0.1 to 6.
    batch_size : {2, 4, 8, 16, 32, 64}

    Raises
    ------
    ValueError
        If one of them is out of range.
    """
    from bplearn.viz.live import Live, show_live

    if not (abs(mean) <= 10 and 0.1 <= spread <= 6 and batch_size in (2, 4, 8, 16, 32, 64)):
        raise ValueError("mean from -10 to 10, spread from 0.1 to 6, batch size 2, 4, 8, ... or 64, please")
    state = {
        **{"centre": float(mean), "spread": float(spread), "size": int(batch_size)},
        **{"gamma": 1.0, "beta": 0.0, "mode": "batch", "seed": 12},
    }
    names = ("neuron", "plot", "random", "batchnorm", "batch_norm_explorer")
    show_live(Live(names, state, _words(mean, spread), draw=lambda: _still(mean, spread)))


def _inputs(mean: float, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Return many inputs, and what normalization makes of them, each of shape (400, 1)."""
    before = mean + spread * np.random.default_rng(0).normal(size=(400, 1))
    after, _, _ = batchnorm_train(before, np.ones(1), np.zeros(1), EPS)
    return before, after


def _words(mean: float, spread: float) -> str:
    slopes = [float(np.mean(sigmoid_slope(z))) for z in _inputs(mean, spread)]
    return (
        f"[live picture] Inputs of a sigmoid with mean {mean:g} and spread {spread:g}: the mean slope that "
        f"blame meets is {slopes[0]:.2f}. Normalised to mean 0 and spread 1 it is {slopes[1]:.2f}, wherever "
        "they were before. The most that a sigmoid has is 0.25."
    )


def _still(mean: float, spread: float) -> tuple[Figure, str]:
    from bplearn.nn import sigmoid
    from bplearn.viz import style

    figure = style.new_figure(
        "After normalization the inputs lie where the slope is steep",
        "Each dot is an example. Shaded: flat ground, where the slope is below 0.05.",
        width=760,
        height=320,
    )
    grid = np.linspace(-12, 12, 241)
    axes = figure.subplots(1, 2, sharey=True)
    for ax, z, name in zip(axes, _inputs(mean, spread), ("before", "after"), strict=True):
        ax.axvspan(-12, -3, color=style.PALE)
        ax.axvspan(3, 12, color=style.PALE)
        ax.plot(grid, sigmoid(grid), color=style.FORWARD)
        ax.plot(z[:32], sigmoid(z[:32]), "o", color="white", markeredgecolor=style.FORWARD, markersize=6)
        ax.set(title=name, xlabel="z", xlim=(-12, 12))
    axes[0].set_ylabel("sigmoid(z)")
    return figure, _words(mean, spread).removeprefix("[live picture] ")
