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
_SUM = "#F6E7C8"
_INNER = "#D9E8F3"


@picture
def axes_picture() -> tuple[Figure, str]:
    """Draw a table of 4 examples and 3 features, both axes, and what the sums along each collapse to."""
    columns, rows = TABLE.sum(axis=0), TABLE.sum(axis=1)
    figure = style.new_figure(
        "The axis that you name is the axis that disappears",
        "Start at the table. Follow the downward arrow to sum(axis=0), then the rightward one to "
        "sum(axis=1).",
        width=680,
        height=400,
    )
    ax = style.bare(figure.subplots())
    N, D = TABLE.shape
    _grid(ax, 0, 0, TABLE, "white")
    _grid(ax, 0, N + 1.1, columns[None, :], _SUM)
    _grid(ax, D * 1.6 + 1.6, 0, rows[:, None], _SUM)
    for i in range(N):
        ax.text(-0.25, i + 0.5, f"example {i}", ha="right", va="center", color=style.QUIET, fontsize=9.5)
    for j in range(D):
        ax.text(
            1.6 * j + 0.8, -0.25, f"feature {j}", ha="center", va="bottom", color=style.QUIET, fontsize=9.5
        )
    _arrow(
        ax, (D * 0.8, N + 0.12), (D * 0.8, N + 1.0), "axis 0 runs down: add up the examples", (0.3, N + 0.55)
    )
    _arrow(ax, (D * 1.6 + 0.15, N / 2), (D * 1.6 + 1.45, N / 2), "", (0, 0))
    ax.text(D * 1.6 + 0.25, -0.25, "axis 1 runs right: add up the features", va="bottom", fontsize=9.5)
    ax.text(
        D * 1.6 + 0.3, N + 1.6, "x.sum(axis=0)\nshape (3,): one number per feature", va="center", fontsize=10
    )
    ax.text(
        D * 1.6 + 3.5, N / 2, "x.sum(axis=1)\nshape (4,): one number\nper example", va="center", fontsize=10
    )
    ax.set(xlim=(-2.3, D * 1.6 + 7.6), ylim=(N + 2.2, -0.9))
    return figure, (
        f"The table x has shape {TABLE.shape}: 4 rows are examples, 3 columns are features. x.sum(axis=0) "
        f"adds down each column; the 4 examples disappear and {_listed(columns)} remain, shape (3,). "
        f"x.sum(axis=1) adds along each row; the 3 features disappear and {_listed(rows)} remain, shape (4,)."
    )


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
    height, gap = max(N, D), 3.4
    lefts = np.cumsum([0, D + gap, M + gap, M + gap])
    _block(ax, lefts[0], (height - N) / 2, (N, D), f"x  ({N}, {D})", fill=_INNER)
    _block(ax, lefts[1], (height - D) / 2, (D, M), f"W  ({D}, {M})", fill=_INNER)
    _block(ax, lefts[2], (height - 1) / 2, (1, M), f"b  ({M},)", fill="white")
    _block(ax, lefts[3], (height - N) / 2, (N, M), f"z  ({N}, {M})", fill=_SUM)
    _edge(ax, (0, (height + N) / 2), (D, (height + N) / 2), f"D = {D}", thick=True)
    _edge(ax, (lefts[1], (height - D) / 2), (lefts[1], (height + D) / 2), f"D = {D}", thick=True)
    for k, top, size in ((0, (height - N) / 2, N), (3, (height - N) / 2, N)):
        _edge(ax, (lefts[k], top), (lefts[k], top + size), f"N = {size}")
    for k, foot in ((1, (height + D) / 2), (2, (height + 1) / 2), (3, (height + N) / 2)):
        _edge(ax, (lefts[k], foot), (lefts[k] + M, foot), f"M = {M}")
    for left, sign, back in zip(lefts[1:], "@+=", (0.72, 0.5, 0.72), strict=True):
        ax.text(left - gap * back, height / 2, sign, ha="center", va="center", fontsize=16)
    ax.text(
        lefts[2] + M / 2,
        (height + 1) / 2 + 1.1,
        "added to\nevery row",
        ha="center",
        va="top",
        color=style.QUIET,
    )
    ax.set(xlim=(-2.2, lefts[3] + M + 0.2), ylim=(height + 0.9, -0.9))
    return figure, (
        f"x has {N} rows of {D} numbers, W has {D} rows of {M}. The {D} columns of x meet the {D} rows of W "
        f"and vanish; {N} rows and {M} columns remain. b has {M} numbers and is added to each of the {N} "
        f"rows, which changes no shape: z is ({N}, {M})."
    )


def _grid(ax: Axes, left: float, top: float, values: np.ndarray, fill: str) -> None:
    for (i, j), value in np.ndenumerate(values):
        ax.add_patch(
            Rectangle((left + 1.6 * j, top + i), 1.6, 1, facecolor=fill, edgecolor=style.LINE, linewidth=1)
        )
        ax.text(left + 1.6 * j + 0.8, top + i + 0.5, f"{value:g}", ha="center", va="center", fontsize=11)


def _block(ax: Axes, left: float, top: float, shape: tuple[int, int], name: str, fill: str) -> None:
    for i, j in np.ndindex(shape):
        ax.add_patch(Rectangle((left + j, top + i), 1, 1, facecolor=fill, edgecolor=style.LINE, linewidth=1))
    ax.text(left + shape[1] / 2, top - 0.25, name, ha="center", va="bottom", fontsize=11)


def _edge(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], size: str, *, thick: bool = False
) -> None:
    if thick:
        ax.plot(*zip(start, end, strict=True), color=style.INK, linewidth=4, solid_capstyle="butt")
    weight = "bold" if thick else "normal"
    if start[0] == end[0]:
        ax.text(
            start[0] - 0.25,
            (start[1] + end[1]) / 2,
            size,
            ha="right",
            va="center",
            fontsize=9.5,
            fontweight=weight,
        )
    else:
        ax.text(
            (start[0] + end[0]) / 2,
            start[1] + 0.2,
            size,
            ha="center",
            va="top",
            fontsize=9.5,
            fontweight=weight,
        )


def _arrow(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], text: str, at: tuple[float, float]
) -> None:
    arrow = {"arrowstyle": "-|>", "color": style.INK, "linewidth": 1.8, "mutation_scale": 14}
    ax.annotate("", xy=end, xytext=start, arrowprops=arrow)
    ax.text(at[0] + 2.4, at[1], text, va="center", fontsize=9.5)


def _listed(values: np.ndarray) -> str:
    return ", ".join(f"{value:g}" for value in values)
