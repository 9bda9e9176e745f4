"""Figures of lesson 11: what two ways of clipping do to a direction, and norms along a training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.nn import clip_by_norm, clip_by_value
from bplearn.viz import style
from bplearn.viz.show import picture


@picture
def clip_directions(gradient: tuple[float, float] = (6.0, 1.5), limit: float = 2.0) -> tuple[Figure, str]:
    """Draw a gradient of two entries, clipped by value and by norm."""
    full = np.array(gradient)
    clipped = {
        "by value": clip_by_value({"w": full}, limit)["w"],
        "by norm": clip_by_norm({"w": full}, limit)["w"],
    }
    figure = style.new_figure(
        "Clipping by value turns the arrow, by norm only shortens it",
        "Compare the direction of each short arrow with the long one. Dotted: the limit.",
        width=760,
        height=300,
    )
    axes = figure.subplots(1, 2, sharex=True, sharey=True)
    for ax, (name, short) in zip(axes, clipped.items(), strict=True):
        _arrows(ax, full, short)
        _limit(ax, name, limit)
        ax.set(title=f"{name}: {_degrees(full):.0f}° becomes {_degrees(short):.0f}°", xlabel="first entry")
    axes[0].set_ylabel("second entry")
    parts = (f"{name} ({short[0]:.2f}, {short[1]:.2f})" for name, short in clipped.items())
    return figure, (
        f"The gradient ({style.short(full[0])}, {style.short(full[1])}) with limit {style.short(limit)} is "
        f"{' and '.join(parts)}; its direction of {_degrees(full):.0f} degrees turns to "
        f"{_degrees(clipped['by value']):.0f} by value and stays by norm."
    )


def _degrees(arrow: np.ndarray) -> float:
    return float(np.degrees(np.arctan2(arrow[1], arrow[0])))


def _arrows(ax: Axes, full: np.ndarray, short: np.ndarray) -> None:
    for arrow, color, width in ((full, style.LINE, 1.6), (short, style.BACKWARD, 3.0)):
        ax.annotate(
            "",
            (float(arrow[0]), float(arrow[1])),
            (0.0, 0.0),
            arrowprops={"arrowstyle": "-|>", "color": color, "lw": width, "shrinkB": 0},
        )
    reach = float(np.max(np.abs(full)))
    ax.set(xlim=(-0.5, reach + 0.8), ylim=(-0.5, 3.0), aspect="equal")


def _limit(ax: Axes, name: str, limit: float) -> None:
    if name == "by value":
        x, y = [limit, limit, 0], [0, limit, limit]
    else:
        turn = np.linspace(0, np.pi / 2, 60)
        x, y = list(limit * np.cos(turn)), list(limit * np.sin(turn))
    ax.plot(x, y, color=style.TARGET, linestyle=":")


@picture
def gradient_norms(runs: Mapping[str, Sequence[float]], limit: float) -> tuple[Figure, str]:
    """Draw the norm of the gradient at each step of several trainings, in powers of ten.

    A run ends where its norm is no finite number any more.
    """
    finite = {name: _until_it_ends(values) for name, values in runs.items()}
    lost = [name for name, values in finite.items() if len(values) < len(runs[name])]
    figure = style.new_figure(
        f"{lost[0]}: over after {len(finite[lost[0]])} steps" if lost else "All of them arrive",
        "Read from left to right: a cross is where a run is lost. Dotted: the limit.",
        width=760,
        height=360,
    )
    ax = figure.subplots()
    for k, (name, values) in enumerate(finite.items()):
        ax.semilogy(values, color=style.SERIES[k % 5], linewidth=0.8 if k else 1.6, label=name)
        if name in lost and len(values):
            ax.plot([len(values) - 1], [values[-1]], "X", color=style.SERIES[k % 5], markersize=11)
    ax.axhline(limit, color=style.TARGET, linestyle=":")
    ax.set(xlabel="step", ylabel="norm of the gradient (powers of ten)")
    ax.legend(frameon=False)
    return figure, "; ".join(_in_words(name, finite[name], len(runs[name])) for name in runs) + "."


def _until_it_ends(norms: Sequence[float]) -> np.ndarray:
    values = np.asarray(norms, dtype=float)
    bad = np.flatnonzero(~np.isfinite(values))
    return values[: bad[0]] if bad.size else values


def _in_words(name: str, norms: np.ndarray, steps: int) -> str:
    end = "to the end" if len(norms) == steps else "and is then no number"
    return f"{name}: {len(norms)} steps {end}, the largest norm {norms.max():.1e}"
