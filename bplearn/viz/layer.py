"""Figures of lesson 04: what a nudge in a layer reaches, shapes on the way back, time, weights as images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bplearn.nn import linear_backward, linear_forward
from bplearn.viz import style
from bplearn.viz.show import picture

CELL = 1.55  # width of a cell that holds a number, in cell heights
APART = 1.9  # room between two tables, for a sign
DASHED = (0, (3.5, 1.5))
_VALUES, _BLAME, _USED = "#D9E8F3", "#FBE3D3", "#F6E7C8"
Places = list[tuple[int, int]]
Looks = dict[tuple[int, int], str]


@dataclass(frozen=True)
class Nudge:
    """One entry of a layer that is nudged: what it touches, what stretches it, and the blame that returns."""

    place: tuple[int, int]
    touched: Places
    used: Places
    blame: str


@picture
def layer_reach(
    x: np.ndarray, W: np.ndarray, b: np.ndarray, dz: np.ndarray, moves: str = "W"
) -> tuple[Figure, str]:
    """Draw a layer with its numbers, what a nudge of one entry reaches, and the blame that comes back."""
    if moves not in _REACH:
        raise ValueError(f'moves is "W", "b" or "x", not {moves!r}')
    title, words, stretched_by = _REACH[moves]
    nudge = _nudge(moves, x, W, dz)
    stretched = " Yellow stretches the nudge." * bool(nudge.used)
    caption = f"Start at the dark entry: it is nudged.{stretched} Framed: it moves. Dashed: blame."
    figure = style.new_figure(title, caption, width=800, height=310)
    ax = style.bare(figure.subplots())
    looks = {moves: {nudge.place: "nudged"}, stretched_by: dict.fromkeys(nudge.used, "used")}
    looks["z"] = dict.fromkeys(nudge.touched, "moved")
    left = _forward(ax, {"x": x, "W": W, "b": b, "z": linear_forward(x, W, b)}, looks)
    below = max(len(x), len(W)) / 2 + 1.6 + len(dz) / 2
    _table(ax, left, below, dz, f"dz  {dz.shape}: what arrives", dict.fromkeys(nudge.touched, "blamed"))
    ax.text(0, below, nudge.blame, va="center", color=style.BACKWARD_TEXT, fontsize=11)
    right = left + CELL * dz.shape[1]
    ax.set(xlim=(-0.3, right + 0.3), ylim=(below + len(dz) / 2 + 0.3, -max(len(x), len(W)) / 2 - 1.2))
    return figure, f"{words} {nudge.blame}."


@picture
def layer_shapes(N: int = 5, D: int = 3, M: int = 4) -> tuple[Figure, str]:
    """Draw the shapes of the forward pass and of the three gradients as tables."""
    figure = style.new_figure(
        "Each gradient has the shape of what it belongs to",
        "Look at the last table of each equation. What vanishes is written over it: it is added up.",
        width=800,
        height=410,
    )
    ax = style.bare(figure.subplots())
    size = max(N, D, M)
    tall = size + 2.4
    second = max(N, D) + 2 * M + 2 * APART + 3
    rows = (
        (0.0, 0.0, ("x", (N, D)), "@", ("W", (D, M)), ("z", (N, M)), f"D = {D} vanishes"),
        (second, 0.0, ("dz", (N, M)), "@", ("W.T", (M, D)), ("dx", (N, D)), f"M = {M} vanishes"),
        (0.0, tall, ("x.T", (D, N)), "@", ("dz", (N, M)), ("dW", (D, M)), f"N = {N} vanishes"),
        (second, tall, ("dz", (N, M)), "sum(axis=0)", None, ("db", (M,)), f"N = {N} vanishes"),
    )
    right = max(_product(ax, *row) for row in rows)
    ax.set(xlim=(-0.4, right + 0.6), ylim=(tall + size / 2 + 0.3, -size / 2 - 1.7))
    return figure, _shape_words(N, D, M)


@picture
def loop_and_matrix(
    products: Sequence[int], loop: Sequence[float], matrix: Sequence[float]
) -> tuple[Figure, str]:
    """Draw the seconds that a loop and a matrix product took, over the number of multiplications in them."""
    gain = [slow / quick for slow, quick in zip(loop, matrix, strict=True)]
    least, most = (_two_digits(value) for value in (min(gain), max(gain)))
    figure = style.new_figure(
        f"Same numbers: the loop takes up to {most} times as long",
        "Compare the two lines at one size. Both axes are logarithmic: each line up is ten times as long.",
        height=380,
    )
    ax = figure.subplots()
    for seconds, name, colour, line, mark in (
        (loop, "three loops", style.SERIES[1], style.DASHES[1], "s"),
        (matrix, "x @ W + b", style.SERIES[0], style.DASHES[0], "o"),
    ):
        ax.loglog(products, seconds, color=colour, linestyle=line, marker=mark)
        ax.annotate(name, (products[-1], seconds[-1]), xytext=(9, 0), textcoords="offset points", va="center")
    ax.set(xlabel="multiplications (N D M)", ylabel="time (seconds)")
    ax.set_xlim(products[0] / 1.4, products[-1] * 5)
    return figure, (
        f"For {products[0]:,} to {products[-1]:,} multiplications the loop took {least} to {most} times as "
        "long as the matrix product, which gives the same numbers."
    )


@picture
def weight_images(W: np.ndarray) -> tuple[Figure, str]:
    """Draw the weights of each neuron as an image of 8 x 8 pixels, one for each pixel that it looks at."""
    figure = style.new_figure(
        "Each neuron weighs the pixels in its own way",
        "Dark: ink here speaks against this digit. Bright: ink here speaks for it. The ring: most against.",
        width=760,
        height=400,
    )
    most = float(np.abs(W).max())
    against = [divmod(int(k), 8) for k in W.argmin(axis=0)]
    for k, ax in enumerate(figure.subplots(2, (W.shape[1] + 1) // 2).flat):
        ax.set_axis_off()
        ax.imshow(W[:, k].reshape(8, 8), cmap="cividis", vmin=-most, vmax=most)
        ax.scatter(against[k][1], against[k][0], s=90, facecolor="none", edgecolor="white", linewidth=1.8)
        ax.set_title(f"neuron {k}", loc="center")
    listed = ", ".join(f"{k} in row {r}, column {c}" for k, (r, c) in enumerate(against))
    return figure, (
        "The weights of each neuron, laid out like the 8 x 8 pixels that they multiply, are a stencil of "
        f"their own. Ink speaks most strongly against (rows and columns counted from 0): {listed}."
    )


# ---- what is nudged ----

EXAMPLE, INPUT, NEURON = 0, 1, 2
_REACH = {  # title, words, and the table whose entries stretch the nudge
    "W": (
        "One weight touches one column of z: one neuron, every example",
        f"A nudge of W[{INPUT}, {NEURON}] moves column {NEURON} of z and nothing else; in example n it is "
        f"stretched by x[n, {INPUT}]. Blame comes back from these entries, is stretched likewise, added up:",
        "x",
    ),
    "b": (
        "One bias touches one column of z, and nothing stretches it",
        f"A nudge of b[{NEURON}] moves column {NEURON} of z by as much in every example. So its blame is "
        "the sum of that column of dz:",
        "",
    ),
    "x": (
        "One input touches one row of z: one example, every neuron",
        f"A nudge of x[{EXAMPLE}, {INPUT}] moves row {EXAMPLE} of z and nothing else; on the way to neuron m "
        f"it is stretched by W[{INPUT}, m]. Blame comes back from all neurons, is stretched likewise and "
        "added up:",
        "W",
    ),
}


def _nudge(moves: str, x: np.ndarray, W: np.ndarray, dz: np.ndarray) -> Nudge:
    n, d, m = EXAMPLE, INPUT, NEURON
    examples, neurons = range(len(x)), range(W.shape[1])
    column, row = [(k, m) for k in examples], [(n, k) for k in neurons]
    if moves == "W":
        terms = [f"{_signed(f)}·{_signed(g)}" for f, g in zip(x[:, d], dz[:, m], strict=True)]
        said = _sum(f"dW[{d}, {m}]", terms, x[:, d] @ dz[:, m])
        return Nudge((d, m), column, [(k, d) for k in examples], said)
    if moves == "b":
        return Nudge((0, m), column, [], _sum(f"db[{m}]", [_signed(g) for g in dz[:, m]], dz[:, m].sum()))
    terms = [f"{_signed(f)}·{_signed(g)}" for f, g in zip(W[d], dz[n], strict=True)]
    return Nudge((n, d), row, [(d, k) for k in neurons], _sum(f"dx[{n}, {d}]", terms, W[d] @ dz[n]))


def _sum(name: str, terms: list[str], total: float) -> str:
    return f"{name} = {' + '.join(terms)} = {style.short(total)}"


def _signed(value: float) -> str:
    return style.short(value) if value >= 0 else f"({style.short(value)})"


# ---- tables ----

_LOOKS: dict[str, dict[str, Any]] = {
    "": {"facecolor": "white", "edgecolor": style.LINE, "linewidth": 1.0},
    "nudged": {"facecolor": style.FORWARD, "edgecolor": style.FORWARD, "linewidth": 2.0, "zorder": 3},
    "used": {"facecolor": _USED, "edgecolor": style.INK, "linewidth": 1.2, "zorder": 3},
    "moved": {"facecolor": _VALUES, "edgecolor": style.FORWARD, "linewidth": 2.2, "zorder": 3},
    "blamed": {
        "facecolor": _BLAME,
        "edgecolor": style.BACKWARD,
        "linewidth": 2.0,
        "linestyle": DASHED,
        "zorder": 3,
    },
}


def _forward(ax: Axes, tables: dict[str, np.ndarray], looks: dict[str, Looks]) -> float:
    """Draw x @ W + b = z with its numbers; return where z begins."""
    left = 0.0
    for (name, table), sign in zip(tables.items(), ("@", "+", "="), strict=False):
        right = left + CELL * table.shape[-1]
        _table(ax, left, 0.0, np.atleast_2d(table), f"{name}  {table.shape}", looks.get(name, {}))
        ax.text(right + APART / 2, 0.0, sign, ha="center", va="center", fontsize=15)
        left = right + APART
    _table(ax, left, 0.0, tables["z"], f"z  {tables['z'].shape}", looks["z"])
    return left


def _table(ax: Axes, left: float, middle: float, table: np.ndarray, name: str, looks: Looks) -> None:
    """Draw a table of numbers around a height, with its name above."""
    top = middle - len(table) / 2
    for (i, j), value in np.ndenumerate(table):
        look = looks.get((i, j), "")
        corner = (left + CELL * j, top + i)
        ax.add_patch(Rectangle(corner, CELL, 1, **_LOOKS[look]))
        weight, colour = ("bold", "white") if look == "nudged" else ("normal", style.INK)
        at = (corner[0] + CELL / 2, corner[1] + 0.5)
        ax.text(*at, style.short(value), ha="center", va="center", color=colour, fontweight=weight, zorder=4)
    ax.text(left, top - 0.25, name, va="bottom", fontsize=10.5)


def _product(
    ax: Axes,
    left: float,
    middle: float,
    first: tuple[str, tuple[int, ...]],
    sign: str,
    other: tuple[str, tuple[int, ...]] | None,
    result: tuple[str, tuple[int, ...]],
    vanishes: str,
) -> float:
    """Draw one product of two tables (or the sum of one) as tables without numbers; return where it ends."""
    right = _blank(ax, left, middle, *first)
    if other is None:
        ax.text(right + 0.4, middle, "." + sign, va="center", family="monospace", fontsize=9.5)
        right += 2.8 * APART
    else:
        ax.text(right + APART / 2, middle, sign, ha="center", va="center", fontsize=13)
        right = _blank(ax, right + APART, middle, *other)
    ax.text(right + APART / 2, middle, "=", ha="center", va="center", fontsize=13)
    tall = result[1][0] / 2 if len(result[1]) == 2 else 0.5
    ax.text(right + APART, middle - tall - 1.0, vanishes, va="bottom", fontsize=9, color=style.QUIET)
    return _blank(ax, right + APART, middle, *result)


def _blank(ax: Axes, left: float, middle: float, name: str, shape: tuple[int, ...]) -> float:
    """Draw an empty table and return where it ends; gradients are orange with dashed edges."""
    rows, columns = shape if len(shape) == 2 else (1, *shape)
    blame = name.startswith("d")
    look: dict[str, Any] = {
        "facecolor": _BLAME if blame else _VALUES,
        "edgecolor": style.BACKWARD if blame else style.FORWARD,
        "linestyle": DASHED if blame else "-",
    }
    for i, j in np.ndindex(rows, columns):
        ax.add_patch(Rectangle((left + j, middle - rows / 2 + i), 1, 1, linewidth=1, **look))
    ax.text(left, middle - rows / 2 - 0.2, f"{name}  {shape}", va="bottom", fontsize=10)
    return left + columns


def _shape_words(N: int, D: int, M: int) -> str:
    gradients = linear_backward(np.ones((N, M)), np.ones((N, D)), np.ones((D, M)))
    dx, dW, db = (gradient.shape for gradient in gradients)
    return (
        f"Forward, x {dx} @ W {dW} gives z ({N}, {M}). Back, dz ({N}, {M}) @ W.T ({M}, {D}) gives dx {dx}: "
        f"the neurons are added up. x.T ({D}, {N}) @ dz ({N}, {M}) gives dW {dW}, and dz.sum(axis=0) gives "
        f"db {db}: here the examples are added up. Each gradient has the shape of what it belongs to."
    )


def _two_digits(value: float) -> str:
    return f"{float(f'{value:.1e}'):,.0f}"
