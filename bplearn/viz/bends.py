"""Figures of lesson 05: what bends can build, functions beside their slopes, shares that hang together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.nn import relu_forward, sigmoid, sigmoid_slope, softmax, softplus_forward
from bplearn.viz import style
from bplearn.viz.show import picture

FLAT = 0.05  # a slope below this counts as saturated
Function = Callable[[np.ndarray], np.ndarray]
BENDS: dict[str, tuple[Function, Function]] = {
    "sigmoid": (sigmoid, sigmoid_slope),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "ReLU": (relu_forward, lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky ReLU": (lambda z: np.where(z > 0, z, 0.1 * z), lambda z: np.where(z > 0, 1.0, 0.1)),
    "softplus": (softplus_forward, sigmoid),
}


@picture
def hinges(counts: Sequence[int] = (0, 2, 4, 12)) -> tuple[Figure, str]:
    """Draw how sums of bent lines follow a curve, for several numbers of bends."""
    x = np.linspace(-3.0, 3.0, 241)
    curve = np.sin(2 * x) + 0.3 * x
    fits = [_fit(x, curve, count) for count in counts]
    misses = [float(np.max(np.abs(fit - curve))) for fit in fits]
    figure = style.new_figure(
        f"Without a bend a straight line; with {counts[-1]} bends it follows the curve",
        "Compare the solid line with the dotted one, from left to right. It is made of straight pieces.",
        width=820,
        height=290,
    )
    axes = figure.subplots(1, len(counts), sharex=True, sharey=True, squeeze=False)[0]
    for ax, count, fit in zip(axes, counts, fits, strict=True):
        ax.plot(x, curve, color=style.TARGET, linestyle=":", label="wanted")
        ax.plot(x, fit, color=style.FORWARD)
        ax.plot(_places(count), np.interp(_places(count), x, fit), "o", color=style.FORWARD, markersize=5)
        ax.set(title=f"{count} bends", xlabel="input x")
    parts = ", ".join(f"{count} bends: {miss:.2f}" for count, miss in zip(counts, misses, strict=True))
    return figure, f"A weighted sum of ReLUs against a curve; the largest distance between them for {parts}."


def _places(count: int) -> np.ndarray:
    return np.linspace(-3.0, 3.0, count + 2)[1:-1]


def _fit(x: np.ndarray, curve: np.ndarray, count: int) -> np.ndarray:
    """The best weighted sum of a constant, a line, and ReLUs that begin at evenly spread places."""
    parts = np.column_stack([np.ones_like(x), x, *(relu_forward(x - place) for place in _places(count))])
    weights, *_ = np.linalg.lstsq(parts, curve, rcond=None)
    return np.asarray(parts @ weights)


@picture
def learned_bends(
    x: np.ndarray, wanted: np.ndarray, answer: np.ndarray, places: np.ndarray
) -> tuple[Figure, str]:
    """Draw what a trained layer of ReLUs answers, and where its bends have come to lie."""
    inside = np.sort(places[(places > x.min()) & (places < x.max())])
    figure = style.new_figure(
        "Nobody placed these bends: descent found them",
        "Look at the points, one for each unit that bends in view, and at what they missed.",
        width=640,
        height=320,
    )
    ax = figure.subplots()
    ax.plot(x, wanted, color=style.TARGET, linestyle=":", label="wanted")
    ax.plot(x, answer, color=style.FORWARD, label="after training")
    ax.plot(inside, np.interp(inside, x, answer), "o", color=style.FORWARD, label="bend")
    ax.set(xlabel="input x", ylabel="output")
    ax.legend(frameon=False, loc="lower right")
    miss = float(np.max(np.abs(answer - wanted)))
    text = (
        f"{len(inside)} of {len(places)} units bend between {style.short(x.min())} and "
        f"{style.short(x.max())}, at {', '.join(style.short(round(place, 1)) for place in inside)}. "
        f"The largest distance from the curve is {miss:.2f}."
    )
    return figure, text


@picture
def activations(names: Sequence[str] = tuple(BENDS)) -> tuple[Figure, str]:
    """Draw functions above and their slopes below; where a slope is next to 0 the ground is shaded."""
    z = np.linspace(-6.0, 6.0, 481)
    figure = style.new_figure(
        "Where the function is flat, nothing comes back",
        f"Look at the lower row: hatched is where the slope is below {FLAT}, and blame all but stops.",
        width=860,
        height=400,
    )
    axes = figure.subplots(2, len(names), sharex=True, sharey="row", squeeze=False)
    for upper, lower, name in zip(*axes, names, strict=True):
        function, slope = BENDS[name]
        upper.plot(z, function(z), color=style.FORWARD)
        upper.set(title=name, ylim=(-1.6, 3.2))
        lower.plot(z, slope(z), color=style.BACKWARD, linestyle="--")
        lower.set(xlabel="z", ylim=(-0.12, 1.25))
        _shade(upper, z, slope(z))
        _shade(lower, z, slope(z))
    axes[0][0].set_ylabel("a")
    axes[1][0].set_ylabel("slope da/dz")
    return figure, "; ".join(_in_words(name, z) for name in names) + "."


def _shade(ax: Axes, z: np.ndarray, slope: np.ndarray) -> None:
    flat = np.abs(slope) < FLAT
    low, high = ax.get_ylim()
    ax.fill_between(
        z, low, high, where=flat.tolist(), facecolor=style.PALE, hatch="////", edgecolor=style.LINE, lw=0.01
    )


def _in_words(name: str, z: np.ndarray) -> str:
    slope = BENDS[name][1](z)
    flat = z[np.abs(slope) < FLAT]
    if not flat.size:
        return f"{name}: largest slope {slope.max():.2f}, flat nowhere"
    sides = [side for side, there in (("left", flat.min() < 0), ("right", flat.max() > 0)) if there]
    start = float(np.min(np.abs(flat)))
    far = f" beyond |z| = {start:.1f}" if start > 0.1 else ""
    return f"{name}: largest slope {slope.max():.2f}, flat on the {' and the '.join(sides)}{far}"


@picture
def softmax_shares(
    z: Sequence[float] = (1.0, 2.0, 0.5, -1.0), raised: int = 0, by: float = 1.0
) -> tuple[Figure, str]:
    """Draw the shares of a row of scores, before and after one score is raised."""
    before = softmax(np.array([z]))[0]
    moved = np.array(z) + by * (np.arange(len(z)) == raised)
    after = softmax(moved[None])[0]
    figure = style.new_figure(
        f"Raise one score, and all the others lose: class {raised} takes from each",
        "Compare the two bars of each class: solid before, hatched after.",
        width=640,
        height=320,
    )
    ax = figure.subplots()
    place = np.arange(len(z))
    ax.bar(place - 0.2, before, 0.38, color=style.FORWARD, label="before")
    ax.bar(place + 0.2, after, 0.38, color="white", edgecolor=style.FORWARD, hatch="///", label="after")
    for at, share in (*zip(place - 0.2, before, strict=True), *zip(place + 0.2, after, strict=True)):
        ax.text(at, share + 0.01, f"{share:.2f}", ha="center", fontsize=9)
    ax.set(xticks=place, xticklabels=[f"class {k}" for k in place], ylabel="share p", ylim=(0, 0.75))
    ax.legend(frameon=False)
    parts = ", ".join(
        f"class {k} {a:.2f} to {b:.2f}" for k, (a, b) in enumerate(zip(before, after, strict=True))
    )
    return (
        figure,
        f"Score {raised} grows by {style.short(by)}. The shares move: {parts}. They add up to 1 as before.",
    )
