"""The live picture of lesson 08: the noise of a batch, and a descent with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bplearn.nn import linear_backward, linear_forward, mse_loss

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EXAMPLES = 256
START = (-1.5, 2.0)


def batch_noise(batch_size: int = 8, lr: float = 0.1) -> None:
    """Show the gradients of many batches around the full one, and a descent with them.

    Parameters
    ----------
    batch_size : int
        A power of two from 1 to 256.
    lr : float
        Learning rate, from 0.01 to 0.8.

    Raises
    ------
    ValueError
        If one of them is out of range.
    """
    from bplearn.viz.live import Live, show_live

    if batch_size not in {2**k for k in range(9)} or not 0.01 <= lr <= 0.8:
        raise ValueError("a batch size of 1, 2, 4, ... or 256, please, and a learning rate from 0.01 to 0.8")
    x, y = points()
    data = {"x": x[:, 0].round(4).tolist(), "y": y[:, 0].round(4).tolist()}
    state = {"data": data, "at": list(START), "size": batch_size, "lr": float(lr), "seed": 8}
    files = ("plot", "random", "batches", "batch_noise")
    show_live(Live(files, state, _words(batch_size), draw=_still))


def points() -> tuple[np.ndarray, np.ndarray]:
    """Return inputs and targets, each of shape (256, 1), around a line of slope 1.2 and height -0.5."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=(EXAMPLES, 1))
    return x, 1.2 * x - 0.5 + rng.normal(size=(EXAMPLES, 1))


def gradient(x: np.ndarray, y: np.ndarray, w: float, b: float) -> np.ndarray:
    """Return the gradient of the mean squared error of w x + b as an array of two."""
    W = np.array([[w]])
    _, dy_hat = mse_loss(linear_forward(x, W, np.array([b])), y)
    _, dW, db = linear_backward(dy_hat, x, W)
    return np.array([dW[0, 0], db[0]])


def _words(batch_size: int) -> str:
    x, y = points()
    rng = np.random.default_rng(0)
    full = gradient(x, y, *START)
    parts = [rng.choice(EXAMPLES, batch_size, replace=False) for _ in range(400)]
    misses = [np.sum((gradient(x[part], y[part], *START) - full) ** 2) for part in parts]
    return (
        f"[live picture] A line fitted to {EXAMPLES} points. At w = {START[0]:g}, b = {START[1]:g} the full "
        f"gradient has length {np.linalg.norm(full):.1f}; gradients of batches of {batch_size} lie about "
        f"{np.sqrt(np.mean(misses)):.1f} from it. Four times the examples halve that distance."
    )


def _still() -> tuple[Figure, str]:
    from inspect import unwrap

    from bplearn.viz.batches import gradient_clouds

    drawn: tuple[Figure, str] = unwrap(gradient_clouds)()
    return drawn
