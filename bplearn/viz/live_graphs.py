"""The live picture of lesson 14: an expression graph that the learner's own Value draws."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bplearn.viz.graphs import Node

NEEDED = ("data", "grad", "parents", "local_gradients")
TWO: Mapping[str, Callable[[float, float], tuple[float, float, float]]] = {
    "+": lambda a, b: (a + b, 1.0, 1.0),
    "\u2212": lambda a, b: (a - b, 1.0, -1.0),
    "\u00d7": lambda a, b: (a * b, b, a),
    "\u00f7": lambda a, b: (a / b, 1.0 / b, -a / (b * b)),
}
ONE: Mapping[str, Callable[[float], tuple[float, float]]] = {
    "negate": lambda a: (-a, -1.0),
    "exp": lambda a: (math.exp(a), math.exp(a)),
    "log": lambda a: (math.log(a), 1.0 / a),
    "tanh": lambda a: (math.tanh(a), 1.0 - math.tanh(a) ** 2),
    "relu": lambda a: (max(a, 0.0), float(a > 0)),
}


def live_graph(out: Node, **names: Node) -> None:
    """Show the graph below ``out``: gradients fill in step by step, and leaves can be changed.

    Parameters
    ----------
    out : Value
        Yours or the course's: anything with ``data``, ``grad``, ``parents`` and ``local_gradients``.
    **names : Value
        Names for nodes in it: ``live_graph(out, a=a, b=b)``. A leaf without a name counts as a constant.

    Raises
    ------
    ValueError
        If a node lacks one of the four, or the graph has more than 16 nodes.
    """
    from bplearn.viz.live import Live, show_live

    nodes = _nodes(out, names)
    files = ("values", "live_graph")
    show_live(Live(files, {"nodes": nodes}, _words(nodes), draw=lambda: _still(out, names)))


def _nodes(out: Node, names: Mapping[str, Node]) -> list[dict[str, Any]]:
    """Return the nodes as the browser gets them, parents before children, parents by number."""
    from bplearn.viz.graphs import HIGH, WIDE, below, places

    _must_have_all(out)
    order = below(out)
    place, called = places(order), {id(node): name for name, node in names.items()}
    number = {id(node): i for i, node in enumerate(order)}
    found: list[dict[str, Any]] = []
    for node in order:
        constant = not node.parents and id(node) not in called
        default = (
            "out" if node is out else f"{node.data:g}" if constant else _spare(len(found), order, called)
        )
        found.append(
            {
                "name": called.get(id(node), default),
                "data": float(node.data),
                "given": float(node.grad),
                "parents": [number[id(parent)] for parent in node.parents],
                "locals": [float(local) for local in node.local_gradients],
                "constant": constant,
                "column": round(place[id(node)][0] / WIDE),
                "row": place[id(node)][1] / HIGH,
                **operation(node),
            }
        )
    return found


def _spare(k: int, order: Sequence[Node], called: Mapping[int, str]) -> str:
    """A name for a node without one: n1, n2, ... among the nodes that were made from others."""
    before = [node for node in order[:k] if node.parents and id(node) not in called]
    return f"n{len(before) + 1}"


def _must_have_all(out: Node) -> None:
    todo, seen = [out], set[int]()
    while todo and len(seen) < 100:
        node = todo.pop()
        lacking = [name for name in NEEDED if not hasattr(node, name)]
        if lacking:
            raise ValueError(f"a node of this graph is a {type(node).__name__} without .{lacking[0]}")
        if len(node.parents) != len(node.local_gradients):
            raise ValueError("a node of this graph has not as many local gradients as parents")
        seen.add(id(node))
        todo += [parent for parent in node.parents if id(parent) not in seen]


def operation(node: Node) -> dict[str, Any]:
    """Return which operation made a node, found from its numbers; nothing if it is none that is known."""
    from_, local = [float(p.data) for p in node.parents], [float(s) for s in node.local_gradients]
    table: Mapping[str, Callable[..., tuple[float, ...]]] = {1: ONE, 2: TWO}.get(len(from_), {})  # type: ignore[assignment]
    for name, rule in table.items():
        if _close(_tried(rule, from_), (node.data, *local)):
            return {"op": name}
    if len(from_) == 1 and from_[0] and node.data:
        n = local[0] * from_[0] / node.data
        if _close(_tried(lambda a: (a**n, n * a ** (n - 1)), from_), (node.data, *local)):
            return {"op": "power", "n": n}
    return {"op": "?"} if from_ else {}


def _tried(rule: Callable[..., tuple[float, ...]], numbers: Sequence[float]) -> tuple[float, ...]:
    try:
        return rule(*numbers)
    except (ArithmeticError, ValueError):
        return ()


def _close(found: Sequence[float], due: Sequence[float]) -> bool:
    pairs = zip(found, due, strict=True) if len(found) == len(due) else ()
    return bool(found) and all(
        isinstance(a, float | int) and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in pairs
    )


def _words(nodes: Sequence[Mapping[str, Any]]) -> str:
    grads = [0.0] * (len(nodes) - 1) + [1.0]
    for i in range(len(nodes) - 1, -1, -1):
        for parent, local in zip(nodes[i]["parents"], nodes[i]["locals"], strict=True):
            grads[parent] += local * grads[i]
    leaves = [i for i, node in enumerate(nodes) if not node["parents"] and not node["constant"]]
    ends = "; ".join(f"{nodes[i]['name']} = {nodes[i]['data']:.2f} gets {grads[i]:.2f}" for i in leaves)
    return (
        f"[live picture] An expression of {len(nodes)} nodes; {nodes[-1]['name']} = {nodes[-1]['data']:.2f}. "
        f"Gradients from right to left: {ends or 'no leaf has a name'}."
    )


def _still(out: Node, names: Mapping[str, Node]) -> tuple[Figure, str]:
    from inspect import unwrap

    from bplearn.viz.graphs import expression_graph

    drawn: tuple[Figure, str] = unwrap(expression_graph)(out, **names)
    return drawn
