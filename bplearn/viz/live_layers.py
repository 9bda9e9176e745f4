"""The live picture of lesson 07 before its backward pass: a small network, layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bplearn.data import xor
from bplearn.nn import init_mlp, mlp_forward, mlp_loss_gradients, softmax

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZES = (2, 3, 2)


def network_diagram(seed: int = 4, example: int = 2, lr: float = 1.0) -> None:
    """Show a network of two layers on XOR: values step forward, gradients step back along its edges.

    Parameters
    ----------
    seed : int
        Of the first weights, ``init_mlp((2, 3, 2), np.random.default_rng(seed))``.
    example : int
        Which of XOR's four points goes in first, 0 to 3.
    lr : float
        Learning rate, from 0.1 to 10.

    Raises
    ------
    ValueError
        If there is no such example, or the rate is out of range.
    """
    from bplearn.viz.live import Live, show_live

    if example not in range(4) or not 0.1 <= lr <= 10:
        raise ValueError("an example from 0 to 3, please, and a learning rate from 0.1 to 10")
    x, labels = xor()
    params = init_mlp(SIZES, np.random.default_rng(seed))
    state = {
        **{"x": x.astype(int).tolist(), "labels": labels.tolist(), "example": example, "lr": float(lr)},
        **{name: [params[f"{name}{k}"].tolist() for k in (1, 2)] for name in "Wb"},
    }
    files = ("neuron", "mlp", "plot", "network_diagram")
    show_live(Live(files, state, _words(params, example), draw=lambda: _still(params)))


def _words(params: dict[str, np.ndarray], example: int) -> str:
    x, labels = (part[example : example + 1] for part in xor())
    loss, grads = mlp_loss_gradients(x, labels, params)
    logits, ((_, z1), _) = mlp_forward(x, params)
    inputs = ", ".join(f"{value:g}" for value in x[0])
    steepest = {name: float(np.max(np.abs(grads[name]))) for name in ("W1", "W2")}
    return (
        f"[live picture] A network of 2 inputs, 3 hidden ReLU units and 2 logits. For ({inputs}), class "
        f"{labels[0]}, {int(np.sum(z1 > 0))} of the hidden units are on; it gives its class a probability of "
        f"{softmax(logits)[0, labels[0]]:.2f}, and the loss is {loss:.2f}. Backward, the largest gradient of "
        f"a weight is {steepest['W2']:.2f} in layer 2 and {steepest['W1']:.2f} in layer 1."
    )


def _still(params: dict[str, np.ndarray]) -> tuple[Figure, str]:
    from bplearn.viz import style

    x, labels = xor()
    _, grads = mlp_loss_gradients(x, labels, params)
    figure = style.new_figure(
        "The way back uses the same edges",
        "Left: weights, as thick as they are large, dashed below 0. Right: their gradients for all points.",
        width=820,
        height=340,
    )
    for ax, (name, source, most) in zip(
        figure.subplots(1, 2), (("weights", params, 2.5), ("gradients", grads, 0.5)), strict=True
    ):
        _edges(style.bare(ax), source, most, backward=name == "gradients")
        ax.set(xlim=(-0.5, 4.5), ylim=(-1.6, 1.8), aspect="auto", title=name)
    return figure, _words(params, 2).removeprefix("[live picture] ")


def _edges(ax: Any, source: dict[str, np.ndarray], most: float, *, backward: bool) -> None:
    from bplearn.viz import style

    places = [[(2.0 * k, height) for height in np.linspace(1, -1, size)] for k, size in enumerate(SIZES)]
    for k in (1, 2):
        for (i, j), w in np.ndenumerate(source[f"W{k}"]):
            (x1, y1), (x2, y2) = places[k - 1][i], places[k][j]
            look = {"linewidth": 0.7 + 6 * min(abs(w), most) / most, "linestyle": "--" if w < 0 else "-"}
            ax.plot([x1, x2], [y1, y2], color=style.BACKWARD if backward else style.FORWARD, zorder=1, **look)
    for column in places:
        xs, ys = zip(*column, strict=True)
        ax.plot(xs, ys, "o", color="white", markeredgecolor=style.INK, markersize=20, zorder=2)
