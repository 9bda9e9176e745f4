"""Figures of lesson 02: the two-weight graph and the weight that is used twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from bplearn.nn import (
    shared_weight_gradient,
    sigmoid_slope,
    squared_error,
    two_weight_backward,
    two_weight_forward,
)
from bplearn.viz import style
from bplearn.viz.show import picture

GAP = 1.5  # from one node to the next
OPERATIONS = (style.TIMES, style.SIGMA, style.TIMES, style.SIGMA, "L")
RADIUS = 0.27
FEED = 1.5  # height at which weights and target stand
DASHED, DOTTED = (0, (3.5, 1.5)), (0, (1, 1.5))
WIDTH = 800  # CSS pixels


@dataclass(frozen=True)
class Chain:
    """All values and gradients of ``y_hat = sigmoid(w2 * sigmoid(w1 * x))`` with its loss."""

    x: float
    w1: float
    w2: float
    y: float
    z1: float
    h: float
    z2: float
    y_hat: float
    loss: float
    dy_hat: float
    slope2: float
    dz2: float
    dw2: float
    dh: float
    slope1: float
    dz1: float
    dw1: float


def run_chain(x: float, w1: float, w2: float, y: float) -> Chain:
    """Run the two-weight graph forward and backward and keep every number on the way."""
    h, y_hat = (float(value) for value in two_weight_forward(x, w1, w2))
    dw1, dw2 = (float(value) for value in two_weight_backward(x, w1, w2, y))
    z1, z2, dy_hat = w1 * x, w2 * h, y_hat - y
    slope1, slope2 = float(sigmoid_slope(z1)), float(sigmoid_slope(z2))
    dz2 = dy_hat * slope2
    dh = dz2 * w2
    loss = float(squared_error(y_hat, y))
    return Chain(x, w1, w2, y, z1, h, z2, y_hat, loss, dy_hat, slope2, dz2, dw2, dh, slope1, dh * slope1, dw1)


@picture
def chain_graph(
    x: float = 0.5, w1: float = 0.4, w2: float = 0.6, y: float = 1.0, show: str = "forward"
) -> tuple[Figure, str]:
    """Draw the two-weight graph with its values, and with ``show="both"`` its gradients too."""
    if show not in ("forward", "both"):
        raise ValueError(f'show is "forward" or "both", not {show!r}')
    c, both = run_chain(x, w1, w2, y), show == "both"
    bottom = -1.0 if both else -0.4
    figure = style.new_figure(*_headline(c, both=both), width=WIDTH, height=_height(bottom))
    ax = _ground(figure, bottom)
    _spine(ax)
    _values(ax, c)
    for name, value, at, gradient in (("w1", w1, 1, c.dw1), ("w2", w2, 3, c.dw2), ("y", y, 5, None)):
        _feed(ax, at * GAP, name, value, gradient if both else None)
    if both:
        _gradients(ax, c)
    return figure, _words(c, both=both)


@picture
def fan_out(x: float = 0.5, w: float = 0.4, y: float = 1.0) -> tuple[Figure, str]:
    """Draw the graph of ``y_hat = sigmoid(w * sigmoid(w * x))``: one weight, two gradients that add up."""
    c = run_chain(x, w, w, y)
    total = float(shared_weight_gradient(x, w, y))
    figure = style.new_figure(
        "w is used twice, so its two gradients add up",
        "Start at w: two solid arrows leave it. Two dashed arrows bring blame back, and both count.",
        width=WIDTH,
        height=_height(-2.1),
    )
    ax = _ground(figure, -2.1)
    _spine(ax)
    _values(ax, c)
    _feed(ax, 5 * GAP, "y", y, None)
    _uses(ax, c, w, total)
    return figure, (
        f"The weight w = {style.short(w)} feeds two products. Blame comes back on both paths: "
        f"{style.number(c.dw1)} through the first use and {style.number(c.dw2)} through the second. The "
        f"gradient is their sum, {style.number(total)}; keeping only one of them would be wrong."
    )


# ---- parts of a graph ----


def _height(bottom: float) -> float:
    """Return the height of a figure in CSS pixels whose drawing reaches down to ``bottom``."""
    return 86 + WIDTH / (6 * GAP) * (FEED + 0.05 - bottom)


def _ground(figure: Figure, bottom: float) -> Axes:
    ax = style.bare(figure.subplots())
    ax.set(xlim=(0.05, 6 * GAP - 0.05), ylim=(bottom, FEED + 0.05))
    return ax


def _spine(ax: Axes) -> None:
    """Draw the operations in a row with an arrow into each, and one out of the last."""
    for k, operation in enumerate(OPERATIONS):
        _arrow(ax, (k * GAP, 0), ((k + 1) * GAP, 0), style.FORWARD)
        _node(ax, ((k + 1) * GAP, 0), operation)
    _arrow(ax, (len(OPERATIONS) * GAP, 0), ((len(OPERATIONS) + 1) * GAP, 0), style.FORWARD)


def _values(ax: Axes, c: Chain) -> None:
    values = (("x", c.x), ("z1", c.z1), ("h", c.h), ("z2", c.z2), ("ŷ", c.y_hat), ("L", c.loss))
    for k, (name, value) in enumerate(values):
        _text(ax, (k + 0.5) * GAP, 0.34, f"{name}\n{style.number(value)}", style.FORWARD_TEXT)


def _feed(ax: Axes, at: float, name: str, value: float, gradient: float | None) -> None:
    """Draw a weight or target above its operation, and the gradient that comes back to it."""
    target = name == "y"
    colour, ink = (style.TARGET, style.TARGET_TEXT) if target else (style.FORWARD, style.FORWARD_TEXT)
    shift = 0.0 if gradient is None else 0.09
    _arrow(ax, (at, FEED), (at, 0), colour, shift=shift, line=DOTTED if target else "-")
    _text(ax, at, FEED - 0.12, f"{name} = {style.short(value)}" + (" ◇" if target else ""), ink)
    if gradient is not None:
        _arrow(ax, (at, 0), (at, FEED), style.BACKWARD, line=DASHED, shift=shift)
        _text(ax, at + 0.2, 1.0, f"d{name}\n{style.number(gradient)}", style.BACKWARD_TEXT, "left")


def _gradients(ax: Axes, c: Chain) -> None:
    for name, value, k in (("dz1", c.dz1, 1), ("dh", c.dh, 2), ("dz2", c.dz2, 3), ("dŷ", c.dy_hat, 4)):
        _arrow(ax, ((k + 1) * GAP, -0.22), (k * GAP, -0.22), style.BACKWARD, line=DASHED)
        _text(ax, (k + 0.5) * GAP, -0.72, f"{name}\n{style.number(value)}", style.BACKWARD_TEXT)
    for k, factor in ((2, style.number(c.slope1)), (3, style.short(c.w2)), (4, style.number(c.slope2))):
        _text(ax, k * GAP, -0.43, f"{style.TIMES} {factor}", style.QUIET)
    for k, factor in ((1, style.short(c.x)), (3, style.number(c.h))):
        _text(ax, k * GAP + 0.2, 0.66, f"{style.TIMES} {factor}", style.QUIET, "left")


def _uses(ax: Axes, c: Chain, w: float, total: float) -> None:
    """Draw the shared weight below, its way into both products, and the blame that each sends back."""
    source = (2 * GAP, -1.75)
    _node(ax, source, "w")
    for at, gradient, use, side in ((1, c.dw1, "first use", -1), (3, c.dw2, "second use", 1)):
        _arrow(ax, source, (at * GAP, 0.0), style.FORWARD, shift=0.09)
        _arrow(ax, (at * GAP, 0.0), source, style.BACKWARD, line=DASHED, shift=0.09)
        said, ha = f"{use}\n{style.number(gradient)}", "left" if side > 0 else "right"
        _text(ax, at * GAP + side * 0.15, -0.95, said, style.BACKWARD_TEXT, ha)
    second = style.number(c.dw2) if c.dw2 >= 0 else f"({style.number(c.dw2)})"
    added = f"dw = {style.number(c.dw1)} + {second} = {style.number(total)}"
    _text(ax, source[0] + 0.45, -1.6, f"w = {style.short(w)}", style.FORWARD_TEXT, "left")
    _text(ax, source[0] + 0.45, -1.95, added, style.BACKWARD_TEXT, "left")


def _node(ax: Axes, at: tuple[float, float], sign: str) -> None:
    ax.add_patch(Circle(at, RADIUS, facecolor="white", edgecolor=style.INK, linewidth=1.6, zorder=3))
    ax.text(*at, sign, ha="center", va="center", fontsize=13, zorder=4)


def _arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str,
    *,
    line: Any = "-",
    shift: float = 0.0,
) -> None:
    """Draw an arrow between the rims of two circles, moved to its own right-hand side by ``shift``."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    ux, uy = dx / length, dy / length
    rim = RADIUS + 0.06
    x0, y0 = start[0] + rim * ux + shift * uy, start[1] + rim * uy - shift * ux
    x1, y1 = end[0] - rim * ux + shift * uy, end[1] - rim * uy - shift * ux
    ax.plot([x0, x1 - 0.06 * ux], [y0, y1 - 0.06 * uy], color=colour, linewidth=2, linestyle=line)
    head = {
        "arrowstyle": "-|>",
        "color": colour,
        "mutation_scale": 13,
        "linewidth": 0,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    ax.annotate("", xy=(x1, y1), xytext=(x1 - 0.12 * ux, y1 - 0.12 * uy), arrowprops=head)


def _text(ax: Axes, x: float, y: float, text: str, colour: str, ha: str = "center") -> None:
    ax.text(
        x, y, text, color=colour, ha=ha, va="center", fontsize=10, linespacing=1.25, path_effects=style.halo()
    )


def _headline(c: Chain, *, both: bool) -> tuple[str, str]:
    """Return title and caption."""
    if not both:
        title = f"Forward: {style.short(c.x)} goes in, {c.y_hat:.4f} comes out, the loss is {c.loss:.4f}"
        return (
            title,
            "Read from left to right: each circle is one operation, each number what comes out of it.",
        )
    return (
        f"Backward: blame {style.number(c.dy_hat)} for the answer becomes {style.number(c.dw2)} for w2",
        "Values: solid, to the right. Gradients: dashed, back, each times the grey factor it passes.",
    )


def _words(c: Chain, *, both: bool) -> str:
    n, short, sigma = style.number, style.short, style.SIGMA
    forward = (
        f"Forward: z1 = {short(c.w1)} · {short(c.x)} = {n(c.z1)}, h = {sigma}(z1) = {n(c.h)}, "
        f"z2 = {short(c.w2)} · h = {n(c.z2)}, ŷ = {sigma}(z2) = {n(c.y_hat)}; the target is {short(c.y)}, "
        f"so the loss is {n(c.loss)}."
    )
    backward = (
        f" Backward: dŷ = {n(c.dy_hat)}, dz2 = {n(c.dz2)}, dw2 = dz2 · h = {n(c.dw2)}, "
        f"dh = dz2 · w2 = {n(c.dh)}, dz1 = {n(c.dz1)}, dw1 = dz1 · x = {n(c.dw1)}."
    )
    return forward + (backward if both else "")
