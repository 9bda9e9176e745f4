"""Figures of lesson 00: axes and shapes."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bplearn.nn import affine_shape
from bplearn.viz import style
from bplearn.viz.show import picture

# Four examples, three features: no two sums are equal.
TABLE = np.array([[2.0, 7.0, 1.0], [5.0, 3.0, 9.0], [8.0, 4.0, 6.0], [1.0, 12.0, 3.0]])
CELL = 1.6  # width of a cell of the table
APART = 3.4  # room between two blocks, for sizes and a sign
_SUM = "#F6E7C8"
_INNER = "#D9E8F3"


@picture
def axes_picture() -> tuple[Figure, str]:
    """Draw a table of 4 examples and 3 features, both axes, and what the sums along each collapse to."""
    figure = style.new_figure(
        "The axis that you name is the axis that disappears",
        "Start at the table. Follow the arrow down to sum(axis=0), then the one to the right.",
        width=680,
        height=400,
    )
    ax = style.bare(figure.subplots())
    N, D = TABLE.shape
    columns, rows = TABLE.sum(axis=0), TABLE.sum(axis=1)
    right = CELL * D
    _grid(ax, 0, 0, TABLE, "white")
    _grid(ax, 0, N + 1.1, columns[None, :], _SUM)
    _grid(ax, right + 1.6, 0, rows[:, None], _SUM)
    _name_examples_and_features(ax, N, D)
    _arrow(ax, (right / 2, N + 0.12), (right / 2, N + 1.0))
    _arrow(ax, (right + 0.15, N / 2), (right + 1.45, N / 2))
    ax.text(right / 2 + 0.3, N + 0.55, "axis 0 runs down: add up the examples", va="center", fontsize=9.5)
    ax.text(right + 0.25, -0.25, "axis 1 runs right: add up the features", va="bottom", fontsize=9.5)
    ax.text(right + 0.3, N + 1.6, "x.sum(axis=0)\nshape (3,): one number per feature", va="center")
    ax.text(right + 3.5, N / 2, "x.sum(axis=1)\nshape (4,): one number\nper example", va="center")
    ax.set(xlim=(-2.3, right + 7.6), ylim=(N + 2.2, -0.9))
    return figure, _axes_words(columns, rows)


@picture
def affine_picture(N: int = 5, D: int = 3, M: int = 4) -> tuple[Figure, str]:
    """Draw the shapes of ``x @ W + b`` as rectangles with their sizes."""
    N, M = affine_shape((N, D), (D, M))
    figure = style.new_figure(
        f"({N}, {D}) @ ({D}, {M}) + ({M},) gives ({N}, {M}): the inner {D} meet and vanish",
        "Compare the two thick edges first: the columns of x and the rows of W must be equally many.",
        width=760,
        height=290,
    )
    ax = style.bare(figure.subplots())
    middle = max(N, D) / 2
    x, W, b, z = (float(left) for left in np.cumsum([0, D + APART, M + APART, M + APART]))
    _block(ax, x, middle, (N, D), f"x  ({N}, {D})", _INNER, ("N", "D"), thick="below")
    _block(ax, W, middle, (D, M), f"W  ({D}, {M})", _INNER, ("D", "M"), thick="left")
    _block(ax, b, middle, (1, M), f"b  ({M},)", "white", ("", "M"))
    _block(ax, z, middle, (N, M), f"z  ({N}, {M})", _SUM, ("N", "M"))
    for left, sign, back in ((W, "@", 0.72), (b, "+", 0.5), (z, "=", 0.72)):
        ax.text(left - APART * back, middle, sign, ha="center", va="center", fontsize=16)
    ax.text(b + M / 2, middle + 1.6, "added to\nevery row", ha="center", va="top", color=style.QUIET)
    ax.set(xlim=(-2.2, z + M + 0.2), ylim=(2 * middle + 0.9, -0.9))
    return figure, (
        f"x has {N} rows of {D} numbers, W has {D} rows of {M}. The {D} columns of x meet the {D} rows of W "
        f"and vanish; {N} rows and {M} columns remain. b has {M} numbers and joins each of the {N} rows, "
        f"which changes no shape: z is ({N}, {M})."
    )


def _axes_words(columns: np.ndarray, rows: np.ndarray) -> str:
    return (
        f"The table x has shape {TABLE.shape}: 4 rows are examples, 3 columns are features. x.sum(axis=0) "
        f"adds down each column; the 4 examples disappear and {_listed(columns)} remain, shape (3,). "
        f"x.sum(axis=1) adds along each row; the 3 features disappear and {_listed(rows)} remain, shape (4,)."
    )


def _name_examples_and_features(ax: Axes, N: int, D: int) -> None:
    for i in range(N):
        ax.text(-0.25, i + 0.5, f"example {i}", ha="right", va="center", color=style.QUIET, fontsize=9.5)
    for j in range(D):
        middle = CELL * (j + 0.5)
        ax.text(middle, -0.25, f"feature {j}", ha="center", va="bottom", color=style.QUIET, fontsize=9.5)


def _grid(ax: Axes, left: float, top: float, values: np.ndarray, fill: str) -> None:
    for (i, j), value in np.ndenumerate(values):
        corner = (left + CELL * j, top + i)
        ax.add_patch(Rectangle(corner, CELL, 1, facecolor=fill, edgecolor=style.LINE, linewidth=1))
        ax.text(corner[0] + CELL / 2, corner[1] + 0.5, f"{value:g}", ha="center", va="center", fontsize=11)


def _block(
    ax: Axes,
    left: float,
    middle: float,
    shape: tuple[int, int],
    name: str,
    fill: str,
    sizes: tuple[str, str],
    *,
    thick: str = "",
) -> None:
    """Draw an array as cells, named above, with its sizes beside its edges; one edge may be thick."""
    rows, columns = shape
    top, foot = middle - rows / 2, middle + rows / 2
    for i, j in np.ndindex(shape):
        ax.add_patch(Rectangle((left + j, top + i), 1, 1, facecolor=fill, edgecolor=style.LINE, linewidth=1))
    ax.text(left + columns / 2, top - 0.25, name, ha="center", va="bottom", fontsize=11)
    if sizes[0]:
        _edge(ax, (left, top), (left, foot), f"{sizes[0]} = {rows}", thick=thick == "left")
    _edge(ax, (left, foot), (left + columns, foot), f"{sizes[1]} = {columns}", thick=thick == "below")


def _edge(ax: Axes, start: tuple[float, float], end: tuple[float, float], size: str, *, thick: bool) -> None:
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    weight = "bold" if thick else "normal"
    if thick:
        ax.plot(*zip(start, end, strict=True), color=style.INK, linewidth=4, solid_capstyle="butt")
    if start[0] == end[0]:
        ax.text(x - 0.25, y, size, ha="right", va="center", fontsize=9.5, fontweight=weight)
    else:
        ax.text(x, y + 0.2, size, ha="center", va="top", fontsize=9.5, fontweight=weight)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    arrow = {"arrowstyle": "-|>", "color": style.INK, "linewidth": 1.8, "mutation_scale": 14}
    ax.annotate("", xy=end, xytext=start, arrowprops=arrow)


def _listed(values: np.ndarray) -> str:
    return ", ".join(f"{value:g}" for value in values)
