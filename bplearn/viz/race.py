"""Figures of lesson 09: optimisers race down a ravine, and learning rates that change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.viz import style
from bplearn.viz.show import picture

STEEP = 100.0  # how much steeper the ravine is across than along
MARKS = ("o", "s", "^", "D", "v")


@picture
def ravine_race(paths: Mapping[str, np.ndarray], shown: int = 40) -> tuple[Figure, str]:
    """Draw paths on the ravine (x^2 + 100 y^2) / 2 from above, and how their losses fall.

    Parameters
    ----------
    paths : mapping of str to ndarray, shape (steps + 1, 2)
    shown : int
        How many steps are drawn from above.
    """
    losses = {name: _losses(np.asarray(path)) for name, path in paths.items()}
    first = min(losses, key=lambda name: len(losses[name]))
    figure = style.new_figure(
        f"{first} is first at the bottom, after {len(losses[first]) - 1} steps",
        f"Left: the first {shown} steps, from the ring; the bottom is the diamond. Right: lower is better.",
        width=860,
        height=360,
    )
    above, beside = figure.subplots(1, 2)
    _ground(above)
    for k, (name, path) in enumerate(paths.items()):
        looks = {"color": style.SERIES[k % 5], "linestyle": style.DASHES[k % 5], "linewidth": 1.6}
        above.plot(*np.asarray(path)[: shown + 1].T, marker=MARKS[k % 5], markersize=3.5, **looks)
        beside.semilogy(losses[name], label=name, **looks)
        beside.plot([len(losses[name]) - 1], [losses[name][-1]], MARKS[k % 5], color=style.SERIES[k % 5])
    beside.set(xlabel="steps taken", ylabel="loss (powers of ten)")
    beside.legend(frameon=False)
    return figure, "; ".join(_in_words(name, values) for name, values in losses.items()) + "."


def _losses(path: np.ndarray) -> np.ndarray:
    return np.asarray((path[:, 0] ** 2 + STEEP * path[:, 1] ** 2) / 2)


def _ground(ax: Axes) -> None:
    x, y = np.meshgrid(np.linspace(-4, 11, 160), np.linspace(-1.3, 1.3, 120))
    levels = 0.5 * np.array([1.0, 9.0, 30.0, 64.0, 110.0, 180.0])
    ax.contour(x, y, (x**2 + STEEP * y**2) / 2, levels=levels, colors=style.LINE, linewidths=0.8)
    ax.plot([10.0], [1.0], "o", color="none", markeredgecolor=style.INK, markersize=12, markeredgewidth=1.5)
    ax.plot([0.0], [0.0], "D", color=style.TARGET, markersize=9, zorder=5)
    ax.set(xlabel="x: along, flat", ylabel="y: across, steep", xlim=(-4, 11), ylim=(-1.3, 1.3))


def _in_words(name: str, losses: np.ndarray) -> str:
    start = style.short(round(float(losses[0]), 3))
    return f"{name}: loss {start} to {losses[-1]:.1e} in {len(losses) - 1} steps"


@picture
def schedules(rates: Mapping[str, Sequence[float]]) -> tuple[Figure, str]:
    """Draw learning rates over the steps of a training."""
    figure = style.new_figure(
        "Whatever the way, small steps at the end",
        "Read from left to right: where does each curve stand still, and where does it fall?",
        height=300,
    )
    ax = figure.subplots()
    for k, (name, values) in enumerate(rates.items()):
        ax.plot(values, color=style.SERIES[k % 5], linestyle=style.DASHES[k % 5], label=name)
    ax.set(xlabel="step", ylabel="learning rate", ylim=(0, None))
    ax.legend(frameon=False)
    parts = (
        f"{name} begins at {style.number(values[0], 3)}, is largest at step {int(np.argmax(values))} with "
        f"{style.number(max(values), 3)} and ends at {style.number(values[-1], 3)}"
        for name, values in rates.items()
    )
    return figure, "; ".join(parts) + "."
