"""The live picture of lesson 10: gradients layer by layer in a deep network, while it trains."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from bplearn.nn import (
    layer_gradient_norms,
    linear_backward,
    linear_forward,
    relu_forward,
    sigmoid,
    softmax_cross_entropy,
)
from bplearn.viz.draws import Generator, Params, init_mlp, points

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EXAMPLES, WIDTH = 64, 16
# Each activation, and its slope from its output.
BENDS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "sigmoid": (sigmoid, lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a**2),
    "relu": (relu_forward, lambda a: (a > 0) * 1.0),
}
GAINS = {"small": 0.3, "xavier": 1.0, "he": math.sqrt(2), "large": 3.0}


def depth_explorer(depth: int = 10, activation: str = "sigmoid", init: str = "xavier") -> None:
    """Show the size of each layer's gradient in a deep network, at the start and while it trains.

    Parameters
    ----------
    depth : int
        Hidden layers, 2 to 30, of 16 units each.
    activation : {"sigmoid", "tanh", "relu"}
    init : {"small", "xavier", "he", "large"}
        Spread of the first weights: 0.3, 1, sqrt(2) or 3 over the root of the inputs.

    Raises
    ------
    ValueError
        If one of them is none of these.
    """
    from bplearn.viz.live import Live, show_live

    if not 2 <= depth <= 30 or activation not in BENDS or init not in GAINS:
        raise ValueError(
            f"a depth from 2 to 30, please, one of {', '.join(BENDS)}, and weights {', '.join(GAINS)}"
        )
    state = {"depth": int(depth), "activation": activation, "init": init, "layer": 1, "lr": 0.5, "seed": 10}
    files = ("neuron", "mlp", "random", "plot", "depths", "depth_explorer")
    norms = first_norms(depth, activation, init)
    show_live(Live(files, state, _words(norms, activation, init), draw=lambda: _still(norms, activation)))


def first_norms(depth: int, activation: str, init: str, seed: int = 10) -> np.ndarray:
    """Return the norm of each layer's weight gradient before the first step, shape (depth + 1,)."""
    rng = Generator(seed)
    x = points(EXAMPLES, rng, lambda drawn, _: (drawn.normal(), drawn.normal()))
    labels = (x[:, 0] * x[:, 1] > 0).astype(int)
    params = init_mlp((2, *[WIDTH] * depth, 2), rng, GAINS[init])
    grads = gradients(x, labels, params, activation)
    found: np.ndarray = layer_gradient_norms(grads, depth + 1)
    return found


def gradients(x: np.ndarray, labels: np.ndarray, params: Params, activation: str) -> Params:
    """Return the gradients of the cross-entropy, as in lesson 10."""
    forward, slope = BENDS[activation]
    layers, outs, grads = len(params) // 2, [x], Params()
    for k in range(1, layers + 1):
        z = linear_forward(outs[-1], params[f"W{k}"], params[f"b{k}"])
        outs.append(forward(z) if k < layers else z)
    _, dz = softmax_cross_entropy(outs[-1], labels)
    for k in range(layers, 0, -1):
        da, grads[f"W{k}"], grads[f"b{k}"] = linear_backward(dz, outs[k - 1], params[f"W{k}"])
        dz = da * slope(outs[k - 1])
    return grads


def _words(norms: np.ndarray, activation: str, init: str) -> str:
    each = (norms[0] / norms[-1]) ** (1 / (len(norms) - 1))
    return (
        f"[live picture] {len(norms) - 1} hidden layers of {activation}, weights {init}: before the first "
        f"step the gradient of layer 1 has size {norms[0]:.0e}, that of the last layer {norms[-1]:.0e}. On "
        f"its way back each layer multiplies it by about {each:.2f}."
    )


def _still(norms: np.ndarray, activation: str) -> tuple[Figure, str]:
    from inspect import unwrap

    from bplearn.viz.depths import gradient_ladder

    drawn: tuple[Figure, str] = unwrap(gradient_ladder)(
        {f"{len(norms) - 1} layers of {activation}": norms.tolist()}
    )
    return drawn
