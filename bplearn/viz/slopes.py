"""Figures of lesson 03: chords beside a tangent, and the valley of the step."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.nn import central_difference, neuron_gradient, sigmoid, squared_error
from bplearn.viz import style
from bplearn.viz.show import picture


def _loss(w: float, x: float = 1.5, y: float = 0.2) -> float:
    return float(squared_error(sigmoid(w * x), y))


def _slope(w: float) -> float:
    return float(neuron_gradient(1.5, w, 0.0, 0.2)[0])


def _to_the_right(w: float, h: float) -> float:
    return (_loss(w + h) - _loss(w)) / h


MARKS = (0.1, 1e-3, 1e-5, 1e-13)  # steps that the valley's text tells of


@picture
def chords(w: float = -0.2, h: float = 0.7) -> tuple[Figure, str]:
    """Draw the chord of a step to one side, and of a step to both sides, beside the tangent."""
    true, one, both = _slope(w), _to_the_right(w, h), central_difference(_loss, w, h)
    figure = style.new_figure(
        "The chord across is nearly parallel to the tangent",
        "Compare the two straight lines of each picture. Dotted: the tangent, which has the slope we want.",
        width=760,
        height=340,
    )
    left, right = figure.subplots(1, 2, sharey=True)
    _chord(left, w, (w, w + h), f"one side: slope {style.number(one, 3)}")
    _chord(right, w, (w - h, w + h), f"both sides: slope {style.number(both, 3)}")
    left.set_ylabel("loss L")
    return figure, (
        f"At w = {style.short(w)} the slope is {style.number(true, 3)}. A step of {style.short(h)} to the "
        f"right measures {style.number(one, 3)}, a step to both sides {style.number(both, 3)}."
    )


def _chord(ax: Axes, w: float, ends: tuple[float, float], title: str) -> None:
    grid = np.linspace(w - 1.1, w + 1.1, 200)
    ax.plot(grid, [_loss(at) for at in grid], color=style.FORWARD)
    tangent = _loss(w) + _slope(w) * (grid - w)
    ax.plot(grid, tangent, color=style.TARGET, linestyle=":", label="tangent")
    places = np.array(ends)
    heights = np.array([_loss(place) for place in places])
    steepness = (heights[1] - heights[0]) / (places[1] - places[0])
    ax.plot(
        grid, heights[0] + steepness * (grid - places[0]), color=style.BACKWARD, linestyle="--", linewidth=1.8
    )
    ax.plot(places, heights, "o", color=style.BACKWARD, markersize=8)
    ax.plot([w], [_loss(w)], "D", color=style.TARGET, markersize=6)
    ax.set(title=title, xlabel="dial w", ylim=(-0.02, None))


@picture
def error_valley(w: float = 2.0) -> tuple[Figure, str]:
    """Draw the error of a measured slope against the step h, to one side and to both, in powers of ten."""
    steps = 10.0 ** np.arange(-15, 0.01, 0.125)
    true = _slope(w)
    errors = {
        "one side": [abs(_to_the_right(w, h) - true) / abs(true) for h in steps],
        "both sides": [abs(central_difference(_loss, w, h) - true) / abs(true) for h in steps],
    }
    figure = style.new_figure(
        "The best step is neither large nor tiny: a valley",
        "Read from right to left: the curves fall while the step shrinks, then rounding takes over.",
        width=760,
        height=400,
    )
    ax = figure.subplots()
    for k, (name, values) in enumerate(errors.items()):
        color, dash = (style.SERIES[1], style.DASHES[1]) if k == 0 else (style.SERIES[0], "-")
        ax.loglog(steps, np.maximum(values, 1e-16), color=color, linestyle=dash, label=name, linewidth=2)
    ax.axvline(1e-5, color=style.TARGET, linestyle=":")
    ax.annotate(
        "h = 1e-5", (1e-5, 3.0), (6, 0), textcoords="offset points", color=style.TARGET_TEXT, va="center"
    )
    ax.annotate("rounding", (1e-12, 1e-7), color=style.QUIET, ha="center")
    ax.annotate("curvature", (3e-2, 1e-7), color=style.QUIET, ha="center")
    ax.set(xlabel="step h (powers of ten)", ylabel="relative error of the slope", ylim=(1e-13, 20))
    ax.legend(frameon=False, loc="lower left")
    return figure, _valley_in_words(errors, steps)


def _valley_in_words(errors: dict[str, list[float]], steps: np.ndarray) -> str:
    one, both = ({h: _at(values, steps, h) for h in MARKS} for values in errors.values())
    lowest = steps[int(np.argmin(_smooth(errors["one side"])))]
    return (
        f"With a step of 0.1 to both sides the relative error is about {both[0.1]}, with 0.001 it is "
        f"{both[1e-3]}, with 0.00001, near the bottom, {both[1e-5]}, and with 1e-13 it is {both[1e-13]}. "
        f"To one side it is {one[1e-3]} with 0.001 and {one[1e-5]} with 0.00001, and the bottom, at about "
        f"{_at(errors['one side'], steps, lowest)}, is higher."
    )


def _smooth(values: list[float]) -> np.ndarray:
    """Geometric means of nine neighbours: single lucky steps do not make a valley."""
    return np.convolve(np.log(np.maximum(values, 1e-17)), np.ones(9) / 9, mode="same")


def _at(values: list[float], steps: np.ndarray, h: float) -> str:
    place = int(np.argmin(np.abs(np.log(steps / h))))
    return f"{float(np.exp(_smooth(values)[place])):.0e}"
