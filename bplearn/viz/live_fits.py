"""The live picture of lesson 13: a network learns by heart, and dropout, L2 and stopping early against it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from bplearn.nn import best_epoch, mlp_forward, mlp_loss_gradients, momentum_step, softmax_cross_entropy
from bplearn.viz.draws import Generator, init_mlp, points

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SEEN, UNSEEN, UNITS = 40, 300, 32
NOISE, SEED, LR, MU, EPOCHS = 0.35, 13, 0.1, 0.9, 600


def overfitting_explorer(drop_prob: float = 0.0, wrong: float = 0.2) -> None:
    """Show a network that learns few points by heart, and what dropout, L2 and early stopping do about it.

    Parameters
    ----------
    drop_prob : float
        Probability with which a hidden unit is dropped, 0 to 0.8.
    wrong : float
        Share of the labels that are wrong, 0 to 0.4.

    Raises
    ------
    ValueError
        If one of them is out of range.
    """
    from bplearn.viz.live import Live, show_live

    if not (0 <= drop_prob <= 0.8 and 0 <= wrong <= 0.4):
        raise ValueError("drop_prob from 0 to 0.8, please, and a share of wrong labels from 0 to 0.4")
    state = {
        **{"drop": float(drop_prob), "l2": 0.0, "wrong": float(wrong), "patience": 50},
        **{"noise": NOISE, "seed": SEED, "probe": [0.0, 0.0]},
    }
    files = ("neuron", "mlp", "random", "plot", "boundary", "regularisation", "overfitting_explorer")
    show_live(Live(files, state, _words(wrong), draw=lambda: _still(wrong)))


def data(wrong: float, seed: int = SEED) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the points to learn from with their labels, some of them wrong, and others with theirs."""
    rng = Generator(seed)
    x, others = (points(count, rng, _on_a_moon) for count in (SEEN, UNSEEN))
    labels, right = (np.arange(count) % 2 for count in (SEEN, UNSEEN))
    flipped = math.floor(wrong * SEEN + 0.5)
    labels[:flipped] = 1 - labels[:flipped]
    return x, labels, others, right


def _on_a_moon(rng: Generator, k: int) -> tuple[float, float]:
    angle = math.pi * rng.uniform()
    across, up = 0.9 * math.cos(angle), 0.9 * math.sin(angle)
    place = (0.45 - across, 0.2 - up) if k % 2 else (across - 0.45, up - 0.2)
    return place[0] + 0.7 * NOISE * rng.normal(), place[1] + 0.7 * NOISE * rng.normal()


def fit(wrong: float, epochs: int = EPOCHS) -> tuple[list[float], list[float]]:
    """Return the losses on the points seen and on the others, before the first epoch and after each."""
    x, labels, others, right = data(wrong)
    params = init_mlp((2, UNITS, 2), Generator(SEED + 1000))
    v = dict.fromkeys(params, 0.0)
    seen, unseen = [], []
    for epoch in range(epochs + 1):
        loss, grads = mlp_loss_gradients(x, labels, params)
        seen.append(float(loss))
        unseen.append(float(softmax_cross_entropy(mlp_forward(others, params)[0], right)[0]))
        if epoch < epochs:
            moved = {name: momentum_step(params[name], grads[name], v[name], LR, MU) for name in params}
            params, v = ({name: pair[k] for name, pair in moved.items()} for k in (0, 1))
    return seen, unseen


def _words(wrong: float) -> str:
    seen, unseen = fit(wrong)
    best = best_epoch(unseen, EPOCHS)
    return (
        f"[live picture] {SEEN} points of two moons, {wrong:.0%} of them with a wrong label, and a network "
        f"of {UNITS} hidden units. Without any remedy its loss on them falls from {seen[0]:.2f} to "
        f"{seen[-1]:.2f} in {EPOCHS} epochs; on {UNSEEN} other points it is lowest after epoch {best} with "
        f"{unseen[best]:.2f}, and {unseen[-1]:.2f} in the end."
    )


def _still(wrong: float) -> tuple[Figure, str]:
    from inspect import unwrap

    from bplearn.viz.fits import fitting_curves

    seen, unseen = fit(wrong)
    drawn: tuple[Figure, str] = unwrap(fitting_curves)(seen, unseen, best_epoch(unseen, EPOCHS))
    return drawn
