"""Figures of lesson 06: losses at far points and at sure mistakes, and a first gradient as pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.nn import huber_loss, sigmoid, sigmoid_slope
from bplearn.viz import style
from bplearn.viz.show import picture

_DELTA = "\u03b4"


@picture
def fitted_lines(
    x: np.ndarray, y: np.ndarray, lines: Mapping[str, tuple[float, float]], point: int = 6
) -> tuple[Figure, str]:
    """Draw points and lines; `lines` gives slope and height at 0 by name, `point` the odd one."""
    xs, ys = np.ravel(x), np.ravel(y)
    slopes = {name: slope for name, (slope, _) in lines.items()}
    figure = style.new_figure(
        f"{_listed({name: f'slope {style.number(s, 2)}' for name, s in slopes.items()})}",
        "Look at the point at the top first: which of the lines has gone to meet it?",
    )
    ax = figure.subplots()
    ax.plot(xs, ys, "D", color="white", markeredgecolor=style.TARGET, markeredgewidth=2, markersize=8)
    _note(
        ax, f"typed: {style.short(ys[point])}", (xs[point], ys[point]), (-9, -4), style.TARGET_TEXT, "right"
    )
    reach = np.array([xs.min() - 0.2, xs.max() + 0.2])
    for k, (name, (slope, height)) in enumerate(lines.items()):
        dashes: Any = style.DASHES[k % len(style.DASHES)]
        ax.plot(reach, slope * reach + height, color=style.SERIES[k], linestyle=dashes, label=name)
    ax.set(xlabel="input x", ylabel="y", xlim=(reach[0], reach[1]))
    ax.legend(loc="upper left", frameon=False)
    at = xs[point]
    parts = [
        f"{name}: slope {style.number(slope, 2)}, height {style.number(height, 1)} at 0, and "
        f"{style.number(slope * at + height, 1)} at x = {style.short(at)}"
        for name, (slope, height) in lines.items()
    ]
    return figure, f"{len(xs)} points; the one at x = {style.short(at)} was typed as " + (
        f"{style.short(ys[point])}. {'; '.join(parts)}."
    )


@picture
def loss_pulls(delta: float = 1.0, reach: float = 4.0) -> tuple[Figure, str]:
    """Draw three losses of one residual above their slopes."""
    figure = style.new_figure(
        "The square pulls ever harder, Huber only up to a limit",
        f"Look at the lower picture first: how hard a point at the distance r pulls. Here {_DELTA} = "
        f"{style.short(delta)}.",
        height=500,
    )
    upper, lower = figure.subplots(2, 1, sharex=True)
    r = np.linspace(-reach, reach, 401)
    huber = np.array([huber_loss(np.array([v]), np.zeros(1), delta) for v in r], dtype=object)
    losses = {"half the square": r**2 / 2, "absolute value": np.abs(r), "Huber": huber[:, 0].astype(float)}
    pulls = {
        "half the square": r,
        "absolute value": np.where(r == 0, np.nan, np.sign(r)),
        "Huber": np.array([float(pull[0]) for pull in huber[:, 1]]),
    }
    for ax, curves in ((upper, losses), (lower, pulls)):
        for k, (name, values) in enumerate(curves.items()):
            dashes: Any = (style.DASHES[1], style.DASHES[2], style.DASHES[0])[k]
            ax.plot(r, values, color=style.SERIES[(4, 1, 0)[k]], linestyle=dashes, label=name)
    upper.legend(loc="upper center", frameon=False)
    upper.set(ylabel="loss of one entry", ylim=(-0.2, reach**2 / 2 + 0.2))
    lower.set(xlabel="residual r = prediction \u2212 target", ylabel="slope: the pull", xlim=(-reach, reach))
    return figure, (
        f"At r = {style.short(reach)} the loss is {reach**2 / 2:.1f} by half the square, {reach:.1f} by the "
        f"absolute value and {huber[-1, 0]:.1f} by Huber; the pulls are {reach:.1f}, 1.0 and "
        f"{float(huber[-1, 1][0]):.1f}. Near 0 Huber is half the square, so its pull dies out there; the "
        "absolute value's jumps from -1 to 1."
    )


@picture
def surprise_curve() -> tuple[Figure, str]:
    """Draw the surprise over the probability of what happened."""
    figure = style.new_figure(
        "The surprise is 0 for the certain, and has no limit for the ruled out",
        "Go from right to left: the less was promised, the faster the surprise grows.",
    )
    ax = figure.subplots()
    p = np.linspace(0.004, 1.0, 400)
    ax.plot(p, -np.log(p), color=style.FORWARD)
    for chance in (0.9, 0.5, 0.1):
        value = -np.log(chance)
        ax.plot([chance], [value], "o", color=style.FORWARD, markersize=9, markeredgecolor="white")
        said = f"{style.short(chance)}: {value:.3f}"
        _note(ax, said, (chance, value), (4, 10), style.FORWARD_TEXT, "left" if chance < 0.9 else "center")
    ax.set(xlabel="probability that had been given to what happened", xlim=(0, 1.02), ylim=(-0.1, 5.6))
    ax.set_ylabel(f"surprise {style.MINUS}ln p, in nats")
    return figure, (
        f"The surprise is {-np.log(0.9):.3f} at 0.9, {-np.log(0.5):.3f} at 0.5, {-np.log(0.1):.3f} at 0.1 "
        f"and {-np.log(0.004):.2f} at 0.004; it is 0 at 1 and grows without a limit towards 0."
    )


@picture
def flat_against_steep(z: float = 5.0, lr: float = 2.0, steps: int = 40) -> tuple[Figure, str]:
    """Draw squared error and cross-entropy over the logit for target 0, and a descent with each."""
    figure = style.new_figure(
        "Sure and wrong: the squared error is flat there, the cross-entropy is steep",
        f"Left: look at the rings at z = {style.short(z)}, and which way is down. Right: both runs start "
        f"there, with lr = {style.short(lr)}.",
        width=800,
        height=340,
    )
    left, right = figure.subplots(1, 2)
    grid = np.linspace(-6, 8, 281)
    runs = {name: _answers(z, lr, steps, squares=name == "squared error") for name in _ONE_EXAMPLE}
    for k, (name, loss) in enumerate(_ONE_EXAMPLE.items()):
        look: Any = {"color": style.SERIES[k], "linestyle": style.DASHES[k]}
        left.plot(grid, loss(grid), label=name, **look)
        left.plot([z], [loss(z)], "o", color="white", **_ring(style.SERIES[k]))
        right.plot(runs[name], **look)
    right.axhline(0, color=style.TARGET, linestyle=":", linewidth=2)
    _note(right, "target 0", (steps, 0.0), (0, 10), style.TARGET_TEXT, "right")
    left.set(xlabel="logit z", ylabel="loss of one example, target 0", title="the hill")
    right.set(xlabel="steps", ylabel=f"answer p = {style.SIGMA}(z)", title="the way down", ylim=(-0.05, 1.05))
    left.legend(loc="upper left", frameon=False)
    return figure, _two_runs(z, lr, runs["squared error"], runs["cross-entropy"])


@picture
def class_pictures(weights: np.ndarray, side: int = 8) -> tuple[Figure, str]:
    """Draw each column of a weight matrix as a picture: blue where it is positive, orange where negative."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    figure = style.new_figure(
        "Before the first step, the gradient already draws the digits",
        "Blue: wants more weight. Orange: wants less. Each picture has its own scale. Can you read them?",
        width=800,
        height=360,
    )
    colours = LinearSegmentedColormap.from_list("signed", [style.BACKWARD, "white", style.FORWARD])
    axes = figure.subplots(2, -(-weights.shape[1] // 2)).ravel()
    for k, ax in enumerate(axes):
        style.bare(ax)
        if k < weights.shape[1]:
            most = float(np.abs(weights[:, k]).max())
            ax.imshow(weights[:, k].reshape(side, side), cmap=colours, vmin=-most, vmax=most)
            ax.add_patch(Rectangle((-0.5, -0.5), side, side, fill=False, edgecolor=style.LINE, linewidth=1))
            ax.set_title(f"class {k}", fontsize=9.5)
    return figure, (
        f"{weights.shape[1]} pictures of {side} by {side} pixels, one for each class. "
        + _middle(weights, side)
        + "In each, the strokes of the class's digit stand out as positive, and strokes of other digits as "
        "negative."
    )


# ---- numbers and words ----

_ONE_EXAMPLE: Mapping[str, Callable[[Any], Any]] = {  # losses of one example with target 0, over its logit
    "cross-entropy": lambda z: np.logaddexp(0, z),
    "squared error": lambda z: sigmoid(z) ** 2 / 2,
}


def _ring(colour: str) -> dict[str, Any]:
    return {"markeredgecolor": colour, "markeredgewidth": 2, "markersize": 9}


def _two_runs(z: float, lr: float, squared: list[float], crossed: list[float]) -> str:
    p, slope = float(sigmoid(z)), float(sigmoid(z) * sigmoid_slope(z))
    return (
        f"At z = {style.short(z)} the neuron answers {p:.3f} and the target is 0. The slope of the squared "
        f"error there is {slope:.4f}, of the cross-entropy {p:.4f}. After {len(squared) - 1} steps with lr = "
        f"{style.short(lr)} the answer is {squared[-1]:.3f} by squared error and {crossed[-1]:.3f} by "
        f"cross-entropy; after 5 steps it was {squared[5]:.3f} and {crossed[5]:.3f}."
    )


def _answers(z: float, lr: float, steps: int, *, squares: bool) -> list[float]:
    """Answers of a neuron with target 0 while its logit descends."""
    found = [float(sigmoid(z))]
    for _ in range(steps):
        z = z - lr * float(sigmoid(z) * (sigmoid_slope(z) if squares else 1.0))
        found.append(float(sigmoid(z)))
    return found


def _listed(said: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {what}" for name, what in said.items())


def _middle(weights: np.ndarray, side: int) -> str:
    """Say of 0 and 1 what the middle of the picture wants: a hole and a stroke."""
    middle = (side // 2) * side + side // 2
    if weights.shape[1] < 2:
        return ""
    zero, one = (style.signed(weights[middle, k], 4) for k in (0, 1))
    return f"In the middle, class 0, which has a hole there, wants {zero}, and class 1 wants {one}. "


def _note(
    ax: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], colour: str, ha: str
) -> None:
    ax.annotate(
        text, at, offset, textcoords="offset points", color=colour, ha=ha, path_effects=style.halo(), zorder=5
    )
