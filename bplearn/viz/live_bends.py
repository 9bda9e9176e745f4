"""The live picture of lesson 05: an activation above its slope, and what is let back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from bplearn.nn import leaky_relu_backward, relu_backward, sigmoid, softplus_backward, tanh_backward

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONE = np.ones(1)
LEAK = 0.1
BACKWARD: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda z: sigmoid(z) * (1 - sigmoid(z)),
    "tanh": lambda z: tanh_backward(ONE, np.tanh(z)),
    "relu": lambda z: relu_backward(ONE, z),
    "leaky_relu": lambda z: leaky_relu_backward(ONE, z, LEAK),
    "softplus": lambda z: softplus_backward(ONE, z),
}


def activation_explorer(name: str = "sigmoid", z: float = 2.0, da: float = 1.0) -> None:
    """Show an activation above its slope, and how much of what arrives is let back.

    Parameters
    ----------
    name : {"sigmoid", "tanh", "relu", "leaky_relu", "softplus"}
    z : float
        Input of the activation, from -6 to 6.
    da : float
        What arrives at its output, from -2 to 2.

    Raises
    ------
    ValueError
        If there is no such activation, or a number is out of range.
    """
    from bplearn.viz.live import Live, show_live

    if name not in BACKWARD or not (abs(z) <= 6 and abs(da) <= 2):
        raise ValueError(f"one of {', '.join(BACKWARD)}, please, with z from -6 to 6 and da from -2 to 2")
    state = {"name": name, "z": float(z), "da": float(da)}
    files = ("neuron", "mlp", "plot", "activation_explorer")
    show_live(Live(files, state, _words(name, z, da), draw=_still))


def _words(name: str, z: float, da: float) -> str:
    slopes = {one: float(rule(np.array([z]))[0]) for one, rule in BACKWARD.items()}
    others = ", ".join(f"{one} {slope:.3f}" for one, slope in slopes.items() if one != name)
    return (
        f"[live picture] Of {da:g} that arrives at z = {z:g}, the slope of {name} lets "
        f"{da * slopes[name]:.3f} back. Slopes of the others there: {others}."
    )


def _still() -> tuple[Figure, str]:
    from inspect import unwrap

    from bplearn.viz.bends import activations

    drawn: tuple[Figure, str] = unwrap(activations)()
    return drawn
