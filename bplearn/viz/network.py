"""Figures of whole networks: what a hidden layer does to XOR, what a cache holds, a boundary that grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.data import two_moons, xor
from bplearn.nn import mlp_forward, relu_forward, softmax, train_mlp
from bplearn.viz import style
from bplearn.viz.show import picture

Params = dict[str, np.ndarray]
CLASSES = (("o", style.SERIES[0]), ("s", style.SERIES[2]))  # mark and colour of class 0 and class 1
FOLD = {"W1": np.array([[1.0, 1.0], [1.0, 1.0]]), "b1": np.array([0.0, -1.0])}


@picture
def xor_folded() -> tuple[Figure, str]:
    """Draw XOR's points as they are, and as two hidden ReLU units see them."""
    x, labels = xor()
    h = relu_forward(x @ FOLD["W1"] + FOLD["b1"])
    figure = style.new_figure(
        "No line parts the points on the left; on the right one does",
        "Follow each point from left to right by its name: two of them end in the same place.",
        width=760,
        height=380,
    )
    left, right = figure.subplots(1, 2)
    _named_points(left, x, labels, [(-0.2, -0.26), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)])
    left.set(title="as they are: 3 of 4 at best", xlabel="$x_1$", ylabel="$x_2$")
    left.plot([-0.4, 1.4], [0.9, -0.9], "--", color=style.QUIET, linewidth=1.8)
    _named_points(right, h, labels, [(-0.3, -0.26), (0.1, -0.29), (0.1, -0.13), (0.0, 0.0)])
    right.set(title="behind two hidden units: 4 of 4", xlabel="$h_1$", ylabel="$h_2$")
    right.plot([0.3, 2.5], [-0.1, 1.0], "--", color=style.TARGET, linewidth=1.8)
    for ax in (left, right):
        ax.set(xlim=(-0.45, 2.6 if ax is right else 1.6), ylim=(-0.3, 1.45))
    places = "; ".join(f"{_name(a)} to {_name(b)}" for a, b in zip(x, h, strict=True))
    return figure, (
        "In XOR the classes lie crosswise, and any straight line gets at least one point of four wrong. The "
        f"hidden units relu(x1 + x2) and relu(x1 + x2 {style.MINUS} 1) move {places}. Both points of class 1 "
        "fall together, and a straight line parts them from the two others."
    )


def _named_points(
    ax: Axes, points: np.ndarray, labels: np.ndarray, shifts: Sequence[tuple[float, float]]
) -> None:
    names = ("A", "B", "C", "D")
    _points(ax, points, labels, size=13)
    for name, (across, up), (dx, dy), label in zip(names, points, shifts, labels, strict=True):
        ax.text(across + 0.1 + dx, up + 0.09 + dy, f"{name}: class {label}", path_effects=style.halo())


def _points(ax: Axes, points: np.ndarray, labels: np.ndarray, size: float) -> None:
    for label, (mark, colour) in enumerate(CLASSES):
        mine = points[labels == label]
        ax.plot(
            *mine.T, mark, color=colour, markersize=size, markeredgecolor="white", markeredgewidth=size / 12
        )


def _name(point: np.ndarray) -> str:
    return "(" + ", ".join(style.short(value) for value in point) + ")"


# ---- the cache ----


@picture
def cache_picture() -> tuple[Figure, str]:
    """Draw a network of three layers with what its cache holds, and who uses it on the way back."""
    figure = style.new_figure(
        "Backward needs two arrays of each layer: what went in, and z",
        "Forward along the top, back along the bottom. Each pair of the cache hangs below its layer.",
        width=820,
        height=330,
    )
    ax = style.bare(figure.subplots())
    ax.set(xlim=(-0.8, 10.8), ylim=(-1.75, 1.35))
    boxes = ("layer 1\nW1, b1", "ReLU", "layer 2\nW2, b2", "ReLU", "layer 3\nW3, b3")
    for k, text in enumerate(boxes):
        _box(ax, 1.0 + 2 * k, text, wide=k % 2 == 0)
    ahead = ("x", "z1", "a1", "z2", "a2", "z3 = logits")
    back = ("", "dz1", "da1", "dz2", "da2", "dlogits")
    for k, (forward, backward) in enumerate(zip(ahead, back, strict=True)):
        _arrow(ax, 2.0 * k, forward, up=True)
        if backward:
            _arrow(ax, 2.0 * k, backward, up=False)
    for k, pair in enumerate(("(x, z1)", "(a1, z2)", "(a2, z3)")):
        words = f"cache[{k}] = {pair}"
        ax.text(1.0 + 4 * k, -1.45, words, ha="center", color=style.INK, fontsize=10.5, fontweight="bold")
    ax.text(0.0, 1.1, "forward", ha="center", color=style.FORWARD_TEXT)
    ax.text(0.0, -0.68, "backward", ha="center", color=style.BACKWARD_TEXT)
    return figure, (
        "Forward: x, layer 1, z1, ReLU, a1, layer 2, z2, ReLU, a2, layer 3, z3, which are the logits. "
        "Backward the same boxes in the other order. Layer k needs what went into it for dWk; the "
        "ReLU between layer k and layer k + 1 needs zk. So the cache holds (x, z1), (a1, z2), "
        "(a2, z3). No ReLU stands behind the last layer."
    )


def _box(ax: Axes, across: float, text: str, *, wide: bool) -> None:
    style_of: Any = {"boxstyle": "round,pad=0.45", "facecolor": style.PALE, "edgecolor": style.LINE}
    ax.text(
        across,
        0,
        text,
        ha="center",
        va="center",
        fontsize=10 if wide else 9.5,
        bbox=style_of,
        linespacing=1.4,
    )


def _arrow(ax: Axes, across: float, text: str, *, up: bool) -> None:
    colour, ink = (style.FORWARD, style.FORWARD_TEXT) if up else (style.BACKWARD, style.BACKWARD_TEXT)
    height, ends = (0.62, (-0.62, 0.62)) if up else (-0.62, (0.62, -0.62))
    properties: Any = {
        "arrowstyle": "-|>",
        "color": colour,
        "linewidth": 1.8,
        "linestyle": "-" if up else "--",
    }
    ax.annotate("", (across + ends[1], height), (across + ends[0], height), arrowprops=properties)
    place: Any = {"ha": "center", "va": "bottom" if up else "top", "color": ink, "fontsize": 10}
    ax.text(across, height + (0.08 if up else -0.1), text, **place)


# ---- the boundary ----


@picture
def boundaries(
    snapshots: Mapping[int, Params] | None = None,
    x: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    *,
    steps: Sequence[int] = (0, 10, 100, 1000),
    sizes: Sequence[int] = (2, 16, 2),
) -> tuple[Figure, str]:
    """Draw where a network changes its mind, after several numbers of steps.

    Parameters
    ----------
    snapshots : mapping of int to params, optional
        Parameters by the number of steps taken; without them the course's own run on two moons is drawn.
    x : ndarray, shape (N, 2), optional
    labels : ndarray of int, shape (N,), optional
        Classes 0 and 1.
    steps, sizes : sequences of int
        Of the course's own run.
    """
    if snapshots is None or x is None or labels is None:
        x, labels = two_moons(400, 0.2, np.random.default_rng(0))
        snapshots = {k: train_mlp(x, labels, sizes, 0.5, k, np.random.default_rng(1))[0] for k in steps}
    right = {k: float(np.mean(mlp_forward(x, p)[0].argmax(axis=1) == labels)) for k, p in snapshots.items()}
    first, last = min(right), max(right)
    figure = style.new_figure(
        f"Right at first: {100 * right[first]:.0f} %. After {last:,} steps: {100 * right[last]:.0f} %",
        "Look at the dark line, where both classes are equally likely: it is dragged, then it bends.",
        width=960,
        height=310,
    )
    axes = figure.subplots(1, len(snapshots), sharex=True, sharey=True, squeeze=False)[0]
    axes[0].set(xlabel="$x_1$", ylabel="$x_2$")
    for ax, (k, params) in zip(axes, snapshots.items(), strict=True):
        _field(ax, params, x)
        _points(ax, x, labels, size=3.6)
        ax.set_title(f"{k:,} steps: {100 * right[k]:.0f} % right")
    said = "; ".join(f"after {k:,} steps {100 * share:.0f} %" for k, share in right.items())
    return figure, (
        f"Points on the right side of the boundary, of {len(x)}: {said}. The boundary is made "
        "of straight pieces, one bend for each hidden unit that changes its mind along the way."
    )


def _field(ax: Axes, params: Params, x: np.ndarray) -> None:
    """The probability of class 1 as a tint, and the line at one half."""
    low, high = x.min(axis=0) - 0.3, x.max(axis=0) + 0.3
    across, up = np.meshgrid(np.linspace(low[0], high[0], 120), np.linspace(low[1], high[1], 90))
    p = softmax(mlp_forward(np.column_stack([across.ravel(), up.ravel()]), params)[0])[:, 1]
    p = p.reshape(across.shape)
    tints = ("#b9d6ea", "#e3eef6", "#fbf0d9", "#f6dca6")
    ax.grid(visible=False)
    ax.contourf(across, up, p, levels=[-0.01, 0.1, 0.5, 0.9, 1.01], colors=tints)
    if p.min() < 0.5 < p.max():
        ax.contour(across, up, p, levels=[0.5], colors=[style.INK], linewidths=2)
