"""The live picture of lesson 07: a network learns to part two classes, and its boundary is seen to grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bplearn.nn import mlp_forward, mlp_loss_gradients, sgd_update
from bplearn.viz.draws import Generator, Params, init_mlp, points

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COUNT, NOISE, LR, SEED = 120, 0.2, 0.3, 10
SETS = ("xor", "rings", "moons", "spirals", "blobs")
BENDS = ("relu", "tanh", "sigmoid", "identity")


def playground(data: str = "xor", depth: int = 1, width: int = 4, activation: str = "relu") -> None:
    """Show a network that learns to part two classes of points, to set up, train and question.

    Parameters
    ----------
    data : {"xor", "rings", "moons", "spirals", "blobs"}
    depth : int
        Hidden layers, 0 to 4.
    width : int
        Units in each of them, 1 to 16.
    activation : {"relu", "tanh", "sigmoid", "identity"}

    Raises
    ------
    ValueError
        If one of them is none of these.
    """
    from bplearn.viz.live import Live, show_live

    if data not in SETS or activation not in BENDS or not (0 <= depth <= 4 and 1 <= width <= 16):
        raise ValueError(
            f"data {', '.join(SETS)}, activation {', '.join(BENDS)}, 0 to 4 layers of 1 to 16 units, please"
        )
    state = {
        **{"set": data, "depth": int(depth), "width": int(width), "activation": activation},
        **{"noise": NOISE, "lr": LR, "seed": SEED, "probe": [0.75, -0.75]},
    }
    files = ("neuron", "mlp", "random", "plot", "boundary", "playground")
    show_live(Live(files, state, _words(), draw=_still))


def crossed(seed: int = SEED) -> tuple[np.ndarray, np.ndarray, Params]:
    """Return the first points, their labels and the first weights of a picture with 4 hidden units."""
    x = points(COUNT, Generator(seed), _near_a_corner)
    labels = np.array([(k & 1) ^ ((k & 2) >> 1) for k in range(COUNT)])
    return x, labels, init_mlp((2, 4, 2), Generator(seed + 1000))


def _near_a_corner(rng: Generator, k: int) -> tuple[float, float]:
    across, up = (0.75 if k & bit else -0.75 for bit in (1, 2))
    return across + NOISE * rng.normal(), up + NOISE * rng.normal()


def trained(steps: int) -> tuple[Params, list[float]]:
    """Return the params after so many steps, and the loss before each."""
    x, labels, params = crossed()
    losses = []
    for _ in range(steps):
        loss, grads = mlp_loss_gradients(x, labels, params)
        params = sgd_update(params, grads, LR)
        losses.append(float(loss))
    return params, losses


def _right(params: Params) -> float:
    x, labels, _ = crossed()
    return float(np.mean(mlp_forward(x, params)[0].argmax(axis=1) == labels))


def _words() -> str:
    first, (params, losses) = crossed()[2], trained(300)
    return (
        f"[live picture] {COUNT} points in four clouds, the classes crosswise as in XOR, and a network with "
        f"one hidden layer of 4 ReLU units. Before training {_right(first):.0%} are on their side of the "
        f"boundary, the loss is {losses[0]:.2f}; after 300 steps {_right(params):.0%}, and the loss is "
        f"{losses[-1]:.2f}."
    )


def _still() -> tuple[Figure, str]:
    from inspect import unwrap

    from bplearn.viz.network import boundaries

    x, labels, _ = crossed()
    snapshots = {steps: trained(steps)[0] for steps in (0, 20, 100, 300)}
    drawn: tuple[Figure, str] = unwrap(boundaries)(snapshots, x, labels)
    return drawn
