"""The live picture of lesson 01: drag the dial, read the slope, step downhill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bplearn.nn import descent_step, neuron_gradient, sigmoid, squared_error

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def loss_explorer(x: float = 1.5, y: float = 0.2, w: float = 2.0, lr: float = 4.0) -> None:
    """Show the loss over the dial ``w`` with its tangent, to drag and to step.

    Parameters
    ----------
    x, y, w : float
        Input, target (between 0 and 1) and where the dial begins.
    lr : float
        Learning rate at the beginning, between 0.1 and 100.
    """
    from bplearn.viz.live import Live, show_live

    state = {"x": float(x), "y": float(y), "w": float(w), "lr": float(lr)}
    show_live(Live(("neuron", "loss_explorer"), state, _words(x, y, w, lr), draw=lambda: _still(x, y, w)))


def _words(x: float, y: float, w: float, lr: float) -> str:
    answer, slope = float(sigmoid(w * x)), float(neuron_gradient(x, w, 0.0, y)[0])
    return (
        f"[live picture] Loss over the dial w. At w = {w:g} the answer is {answer:.3f}, the target {y:g}, "
        f"the loss {squared_error(answer, y):.4f} and the slope {slope:+.4f}: downhill is "
        f"{'left' if slope > 0 else 'right'}. A step with learning rate {lr:g} moves w to "
        f"{descent_step(w, slope, lr):.2f}."
    )


def _still(x: float, y: float, w: float) -> tuple[Figure, str]:
    from inspect import unwrap

    from bplearn.viz.neuron import loss_tangent

    drawn: tuple[Figure, str] = unwrap(loss_tangent)(x, y, w)
    return drawn
