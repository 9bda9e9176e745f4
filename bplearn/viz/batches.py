"""Figures of batches: how far their gradients scatter, and what a step for each of them brings."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.data import digits
from bplearn.nn import init_mlp, minibatches, mlp_loss_gradients, sgd_update
from bplearn.viz import style
from bplearn.viz.show import picture

SIZES = (64, 32, 10)  # pixels, hidden units, digits
DRAWS = 120  # batches drawn for each cloud

Params = dict[str, np.ndarray]


@picture
def gradient_clouds(batch_sizes: tuple[int, ...] = (1, 16, 256), seed: int = 0) -> tuple[Figure, str]:
    """Draw the gradients of many batches as dots around the gradient of all examples, on the digits."""
    x, labels = _training_data()
    params = init_mlp(SIZES, np.random.default_rng(seed))
    clouds = [_cloud(x, labels, params, size, seed) for size in batch_sizes]
    full = _flat(mlp_loss_gradients(x, labels, params)[1])
    spreads = [float(np.sqrt(np.mean(np.sum((cloud - full) ** 2, axis=1)))) for cloud in clouds]
    plane = _plane(full, clouds[0])
    figure = style.new_figure(
        f"{batch_sizes[-1] // batch_sizes[0]} times the examples, {spreads[0] / spreads[-1]:.0f} times less "
        "spread: the cloud shrinks with the root",
        "Each dot is the gradient of one batch. Look for the diamond, the gradient of all examples: it is "
        "the middle of every cloud.",
        width=800,
        height=330,
    )
    axes = figure.subplots(1, len(batch_sizes), sharex=True, sharey=True, squeeze=False)[0]
    for ax, size, cloud in zip(axes, batch_sizes, clouds, strict=True):
        _draw_cloud(ax, cloud @ plane.T, full @ plane.T, size)
    axes[0].set(ylabel="across it")
    parts = [f"batches of {size}: {spread:.2f}" for size, spread in zip(batch_sizes, spreads, strict=True)]
    return figure, (
        f"Typical distance between the gradient of a batch and that of all {len(x)} examples, which has "
        f"length {np.linalg.norm(full):.2f}: {'; '.join(parts)}. Every cloud has its middle at the full "
        "gradient. The plane shows two of the many directions, along the full gradient and across it."
    )


@picture
def batch_descents(
    runs: tuple[tuple[int, float], ...] = ((1, 0.02), (32, 0.5), (1437, 0.5)), epochs: int = 4, seed: int = 0
) -> tuple[Figure, str]:
    """Draw the losses of every step on the digits for pairs of batch size and learning rate."""
    x, labels = _training_data()
    paths = [_descend(x, labels, size, lr, epochs, seed) for size, lr in runs]
    ends = [float(path[1][-1]) for path in paths]
    steps = [epochs * -(-len(x) // size) for size, _ in runs]
    figure = style.new_figure(
        f"The same {epochs} looks at every picture bring the loss to {_listed(ends)}",
        "Compare the right ends of the lines, the loss over all examples. Pale dots: what single steps "
        "saw (none below 0.003 is drawn).",
        width=800,
        height=350,
    )
    axes = figure.subplots(1, len(runs), sharex=True, sharey=True, squeeze=False)[0]
    for k, (ax, (size, lr), path) in enumerate(zip(axes, runs, paths, strict=True)):
        _draw_descent(ax, path, epochs, k)
        each = f"{steps[k]} steps"
        ax.set(title=f"batches of {size}: {each}", xlabel=f"epochs (lr = {style.short(lr)})")
    axes[0].set(ylabel="loss (powers of ten)", yscale="log", ylim=(0.003, 12))
    parts = [
        f"batches of {size} took {count} steps and end at a loss of {end:.2f} over all examples"
        for (size, _), count, end in zip(runs, steps, ends, strict=True)
    ]
    return figure, (
        f"In {epochs} epochs all runs look at the same number of images: {'; '.join(parts)}. The losses of "
        "single steps scatter widely around that for batches of 1, less for larger ones, and not at all for "
        "the batch of everything."
    )


# ---- gradients ----


def _training_data() -> tuple[np.ndarray, np.ndarray]:
    images, labels, *_ = digits()
    return images / 16, labels


def _flat(grads: Params) -> np.ndarray:
    return np.concatenate([grad.ravel() for grad in grads.values()])


def _cloud(x: np.ndarray, labels: np.ndarray, params: Params, size: int, seed: int) -> np.ndarray:
    """Return gradients of batches drawn at random, shape (DRAWS, parameters)."""
    rng = np.random.default_rng(seed)
    parts = [rng.choice(len(x), size, replace=False) for _ in range(DRAWS)]
    return np.array([_flat(mlp_loss_gradients(x[part], labels[part], params)[1]) for part in parts])


def _plane(full: np.ndarray, cloud: np.ndarray) -> np.ndarray:
    """Return two directions: along the full gradient, and the one in which the cloud is widest across it."""
    along = full / np.linalg.norm(full)
    rest = cloud - full - np.outer((cloud - full) @ along, along)
    across = np.linalg.svd(rest, full_matrices=False)[2][0]
    return np.array([along, across * np.sign(across[np.argmax(np.abs(across))])])


def _descend(
    x: np.ndarray, labels: np.ndarray, size: int, lr: float, epochs: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the loss of every step, and the loss over all examples about ten times an epoch."""
    rng = np.random.default_rng(seed)
    params = init_mlp(SIZES, rng)
    batches = [batch for _ in range(epochs) for batch in minibatches(x, labels, size, rng)]
    own, over_all = [], [mlp_loss_gradients(x, labels, params)[0]]
    marks = np.linspace(0, len(batches), min(len(batches), 10 * epochs) + 1)[1:].round()
    for k, (x_batch, labels_batch) in enumerate(batches, start=1):
        loss, grads = mlp_loss_gradients(x_batch, labels_batch, params)
        params = sgd_update(params, grads, lr)
        own.append(loss)
        if k in marks:
            over_all.append(mlp_loss_gradients(x, labels, params)[0])
    return np.array(own), np.array(over_all)


# ---- marks and words ----


def _listed(ends: list[float]) -> str:
    *most, last = [f"{end:.2f}" for end in ends]
    return f"{', '.join(most)} or {last}"


def _draw_cloud(ax: Axes, dots: np.ndarray, middle: np.ndarray, size: int) -> None:
    ax.plot(*dots.T, "o", color=style.BACKWARD, markersize=4, alpha=0.35, markeredgewidth=0)
    ax.plot([0, middle[0]], [0, middle[1]], color=style.INK, linewidth=1.4)
    ax.plot(*middle, "D", color=style.INK, markersize=7, markeredgecolor="white")
    ax.plot(0, 0, "+", color=style.QUIET, markersize=9)
    ax.set(title=f"{size} example{'s' * (size != 1)} a batch", xlabel="along the full gradient")


def _draw_descent(ax: Axes, path: tuple[np.ndarray, np.ndarray], epochs: int, k: int) -> None:
    own, over_all = path
    colour: Any = style.SERIES[k % len(style.SERIES)]
    few = "o" if len(over_all) <= 12 else ""
    ax.plot(np.arange(len(own)) * epochs / len(own), own, ".", color=colour, alpha=0.25, markersize=3)
    (line,) = ax.plot(np.linspace(0, epochs, len(over_all)), over_all, color=colour, marker=few)
    line.set_path_effects(style.halo())
