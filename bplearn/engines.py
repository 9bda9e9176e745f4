"""Ways to draw numbers out of an automatic differentiation: an order, a pass, a class that does both.

Probes (see `probes`), in a file of their own. Runs beside untrusted code in the grader, so it holds no
reference and imports numpy only.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Answer = Callable[..., Any]

# What becomes of a walk over a large graph.
ENDS = "ends"
TOO_DEEP = "It calls itself until Python stops it: about a thousand calls inside each other are allowed."
NO_END = "It asks for parents again and again, so often that it would not end."


class EndlessError(Exception):
    """A walk that asks so often that it will not end in this lifetime."""


# ---- an order ----


class _Watched(dict[str, list[str]]):
    """The parents of each node; counts how often it is asked, and stops a walk that does not end."""

    def __init__(self, parents: Mapping[str, Sequence[str]]) -> None:
        super().__init__({node: list(above) for node, above in parents.items()})
        self.left = 50 * len(self) + 1_000

    def _ask(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise EndlessError

    def __getitem__(self, node: str) -> list[str]:
        self._ask()
        return super().__getitem__(node)

    def get(self, node: str, default: Any = None) -> Any:
        self._ask()
        return super().get(node, default)


def ordering(answer: Answer, args: Sequence[Any]) -> Any:
    """Ask for the order of the nodes below a root, and say what holds of it.

    Gives a dict: how often each node is listed (nodes sorted by name), how many of its parents stand behind
    each node, and whether the root stands at the end. Of a large graph only how it ends.
    """
    root, parents, size = args
    try:
        order = answer(root, _Watched(parents))
    except (EndlessError, RecursionError) as error:
        if size:
            return {size: TOO_DEEP if isinstance(error, RecursionError) else NO_END}
        raise
    if order is None:
        return None
    if not isinstance(order, (list, tuple)):
        raise TypeError(f"the order is a list of nodes; this is of type {type(order).__name__}")
    strange = [node for node in order if not isinstance(node, str) or node not in parents]
    if strange:
        raise TypeError(f"the order holds something that is no node: {str(strange[0])[:40]}")
    return {size: ENDS} if size else _facts(list(order), root, parents)


def _facts(order: list[str], root: str, parents: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    names = sorted(parents)
    place = {node: k for k, node in reversed(list(enumerate(order)))}  # where a node stands first
    late = {
        node: sum(place.get(parent, math.inf) >= place[node] for parent in parents[node])
        for node in names
        if node in place
    }
    return {
        "listed": {node: order.count(node) for node in names},
        "parents_behind": {node: late.get(node, 0) for node in names},
        "root_last": bool(order) and order[-1] == root,
    }


# ---- one pass over an order ----


class _Node:
    """What a node of a graph is to a backward pass."""

    def __init__(self) -> None:
        self.grad = 0.0
        self.parents: list[_Node] = []
        self.local_gradients: list[float] = []


def passing(answer: Answer, args: Sequence[Any]) -> Any:
    """Hand over nodes in order, as ``{name: [(parent, slope), ...]}``, and read their gradients off."""
    (links,) = args
    nodes = {name: _Node() for name in links}
    for name, node in nodes.items():
        node.parents = [nodes[parent] for parent, _ in links[name]]
        node.local_gradients = [slope for _, slope in links[name]]
    answer(list(nodes.values()))
    return {"grads": {f"{name}.grad": node.grad for name, node in nodes.items()}}


# ---- the class ----


def engine(answer: Answer, args: Sequence[Any]) -> Any:
    """Calculate with the answer's numbers, go backward, and read values and gradients off.

    The arguments: the lines that make ``out`` from the leaves, the leaves' numbers, and the name of the part
    of the engine that is tried. After each ``;`` a line of the text goes backward from its own ``out``.
    """
    text, numbers, part = args
    if part == "forty_doublings" and not _doubles_quickly(answer):
        return {part: {"ends": False}}
    try:
        return {part: _read_off(answer, text, numbers)}
    except RecursionError:
        if part in ("ten_thousand_deep", "forty_doublings"):
            return {part: {"ends": False}}
        raise


def _read_off(answer: Answer, text: str, numbers: Mapping[str, float]) -> dict[str, Any]:
    leaves = {name: answer(number) for name, number in numbers.items()}
    scope: dict[str, Any] = dict(leaves)
    for lines in text.split(";"):
        exec(compile(lines.strip(), __file__, "exec"), scope)
        scope["out"].backward()
    return {"out.data": scope["out"].data} | {f"{name}.grad": leaf.grad for name, leaf in leaves.items()}


DOUBLINGS = "out = a * 1.5\nfor _ in range({}): out = out + out"
# Calls that twelve doublings may take; without a memory of where one has been there are 4,096 visits.
_FEW = 3_000


def _doubles_quickly(answer: Answer) -> bool:
    """Say whether twelve doublings come out right and in few steps: forty would else take for ever."""
    calls = 0

    def count(frame: Any, event: str, _: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")
        if calls > 100 * _FEW:
            raise EndlessError

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found = _read_off(answer, DOUBLINGS.format(12), {"a": 0.7})
    except (EndlessError, RecursionError):
        return False
    finally:
        sys.setprofile(before)
    return calls < _FEW and math.isclose(float(found["a.grad"]), 1.5 * 2.0**12)
