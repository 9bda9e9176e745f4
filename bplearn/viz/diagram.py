"""The live picture of lesson 02: the backpropagation diagram, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bplearn.nn import two_weight_backward, two_weight_forward

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def backprop_diagram(x: float = 0.5, w1: float = 0.4, w2: float = 0.6, y: float = 1.0) -> None:
    """Show the two-weight graph: values step forward, gradients step back, weights can be dragged."""
    from bplearn.viz.live import Live, show_live

    state = {"x": float(x), "w1": float(w1), "w2": float(w2), "y": float(y)}
    show_live(
        Live(
            ("neuron", "chain", "backprop_diagram"), state, _words(x, w1, w2, y), draw=lambda: _still(**state)
        )
    )


def _words(x: float, w1: float, w2: float, y: float) -> str:
    h, y_hat = two_weight_forward(x, w1, w2)
    dw1, dw2 = two_weight_backward(x, w1, w2, y)
    return (
        f"[live picture] Backpropagation through two weights. Forward: x = {x:g}, w1 = {w1:g} and w2 = "
        f"{w2:g} give h = {h:.4f} and y_hat = {y_hat:.4f}; the target is {y:g}. Backward: dL/dw2 = "
        f"{dw2:.4f}, dL/dw1 = {dw1:.4f}."
    )


def _still(x: float, w1: float, w2: float, y: float) -> tuple[Figure, str]:
    from inspect import unwrap

    from bplearn.viz.chain import chain_graph

    drawn: tuple[Figure, str] = unwrap(chain_graph)(x, w1, w2, y, show="both")
    return drawn
