"""Figures of lesson 14: an expression as a graph, drawn from the numbers that remember what made them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, Protocol

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.viz import style
from bplearn.viz.show import picture

MOST = 16  # nodes; more cannot be read
WIDE, HIGH, BOX = 2.6, 1.5, (1.5, 0.92)  # from column to column, from row to row, and a box


class Node(Protocol):
    """What is needed of a number: the course's `Value` has it, and a learner's as well."""

    data: float
    grad: float
    parents: Sequence[Node]
    local_gradients: Sequence[float]


@picture
def expression_graph(out: Node, **names: Node) -> tuple[Figure, str]:
    """Draw the graph below `out`: values, gradients as they stand, and local gradients along the arrows.

    Parameters
    ----------
    out : Value
    **names : Value
        Names for nodes in it: ``expression_graph(out, a=a, b=b)``.
    """
    nodes = below(out)
    called = {id(node): name for name, node in names.items()} | {id(out): "out"}
    where = places(nodes)
    right, top = (max(place[k] for place in where.values()) for k in (0, 1))
    figure = style.new_figure(
        "Values go forward, gradients come back",
        f"On each arrow its local gradient. grad = sum of: slope {style.TIMES} grad of the box it points to.",
        width=min(980, max(640, 130 + 64 * right)),
        height=190 + 64 * top,
    )
    ax = style.bare(figure.subplots())
    ax.set(xlim=(-0.9, right + 0.9), ylim=(-0.8, top + 0.8))
    for node in nodes:
        _arrows(ax, node, where)
    for node in nodes:
        _box(ax, where[id(node)], called.get(id(node), ""), node)
    return figure, _in_words(nodes, called)


def below(out: Node) -> list[Node]:
    """The nodes below one, parents before children."""
    order: dict[int, Node] = {}
    todo = [out]
    while todo:
        node = todo[-1]
        waiting = [parent for parent in node.parents if id(parent) not in order]
        todo += waiting
        if not waiting:
            order[id(todo.pop())] = node
        if len(todo) > 10 * MOST:
            break
    if len(order) > MOST or todo:
        raise ValueError(f"this graph has too many nodes to be read. Draw one with at most {MOST}.")
    return list(order.values())


def places(nodes: Sequence[Node]) -> dict[int, tuple[float, float]]:
    """Column by column: a node stands right of all that it was made from, near their height."""
    column: dict[int, int] = {}
    for node in nodes:
        column[id(node)] = 1 + max((column[id(parent)] for parent in node.parents), default=-1)
    height: dict[int, float] = {}
    for k in range(max(column.values()) + 1):
        here = [node for node in nodes if column[id(node)] == k]
        wanted = [_mean([height[id(parent)] for parent in node.parents], i) for i, node in enumerate(here)]
        for node, y in zip(here, _apart(wanted), strict=True):
            height[id(node)] = y
    lowest = min(height.values())
    return {key: (column[key] * WIDE, (height[key] - lowest) * HIGH) for key in column}


def _mean(heights: Sequence[float], default: float) -> float:
    return sum(heights) / len(heights) if heights else default


def _apart(wanted: Sequence[float]) -> list[float]:
    """Heights as wanted, moved until neighbours are a whole row apart."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    found = dict(zip(order, (wanted[i] for i in order), strict=True))
    for low, high in itertools.pairwise(order):
        found[high] = max(found[high], found[low] + 1.0)
    return [found[i] for i in range(len(wanted))]


def _arrows(ax: Axes, node: Node, places: dict[int, tuple[float, float]]) -> None:
    slopes: dict[int, list[float]] = {}
    for parent, slope in zip(node.parents, node.local_gradients, strict=True):
        slopes.setdefault(id(parent), []).append(slope)
    x, y = places[id(node)]
    for key, several in slopes.items():
        left, up = places[key]
        start, end = (left + BOX[0] / 2, up), (x - BOX[0] / 2, y)
        across, upward = end[0] - start[0], end[1] - start[1]
        bend = (
            0.0 if x - left < 1.5 * WIDE else math.copysign(1.3 / across, upward)
        )  # around boxes in between
        look: Any = {"arrowstyle": "-|>", "color": style.FORWARD, "lw": 1.8, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", end, start, arrowprops=look | {"connectionstyle": f"arc3,rad={bend}"})
        words = " and ".join(style.number(slope, 2) for slope in several)
        share = 0.5 if abs(upward) < 2 else 0.32  # steep ones cross others in the middle
        out = 2 * share * (1 - share) * bend
        middle = (start[0] + share * across + out * upward, start[1] + share * upward - out * across)
        look = {"ha": "center", "va": "center", "fontsize": 8.5, "path_effects": style.halo()}
        ax.text(*middle, words, **look, color=style.QUIET)


def _box(ax: Axes, place: tuple[float, float], name: str, node: Node) -> None:
    from matplotlib.patches import FancyBboxPatch

    (x, y), (wide, high) = place, BOX
    corner = (x - wide / 2, y - high / 2)
    look: Any = {
        "boxstyle": "round,pad=0,rounding_size=0.12",
        "facecolor": style.PALE,
        "edgecolor": style.LINE,
    }
    ax.add_patch(FancyBboxPatch(corner, wide, high, **look))
    line: Any = {"ha": "center", "va": "center", "fontsize": 9}
    if name:
        ax.text(x, y + 0.27, name, **line, fontweight="bold")
    ax.text(x, y + 0.14 * (not name), f"value {style.number(node.data, 2)}", **line, color=style.FORWARD_TEXT)
    ax.text(
        x,
        y - (0.27 if name else 0.14),
        f"grad {style.number(node.grad, 2)}",
        **line,
        color=style.BACKWARD_TEXT,
    )


def _in_words(nodes: Sequence[Node], called: dict[int, str]) -> str:
    names = dict(called)
    for k, node in enumerate((node for node in nodes if id(node) not in called), start=1):
        names[id(node)] = f"node {k}"
    parts = [_one_in_words(node, names) for node in nodes]
    return "The graph, leaves first: " + "; ".join(parts) + "."


def _one_in_words(node: Node, names: dict[int, str]) -> str:
    text = (
        f"{names[id(node)]} has value {style.number(node.data, 2)} and gradient {style.number(node.grad, 2)}"
    )
    made_from = [
        f"{names[id(parent)]} with slope {style.number(slope, 2)}"
        for parent, slope in zip(node.parents, node.local_gradients, strict=True)
    ]
    return f"{text}, made from {' and '.join(made_from)}" if made_from else text
