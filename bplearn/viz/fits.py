"""Figures of lesson 13: how well a network fits what it has seen and what it has not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.viz import style
from bplearn.viz.show import picture


@picture
def fitting_curves(train: Sequence[float], validation: Sequence[float], best: int) -> tuple[Figure, str]:
    """Draw the loss on seen and on unseen examples, epoch by epoch, and mark the epoch to go back to.

    Parameters
    ----------
    train, validation : sequence of float
        Loss after each epoch.
    best : int
        Epoch to mark.
    """
    figure = style.new_figure(
        f"Seen examples: ever better. Unseen ones: best after epoch {best}",
        "Compare the two curves right of the diamond: what is learnt there does harm on new images.",
        width=760,
    )
    ax = figure.subplots()
    looks = (
        (style.SERIES[0], "-", "seen in training"),
        (style.SERIES[1], style.DASHES[1], "not seen (validation)"),
    )
    for losses, (colour, dashes, name) in zip((train, validation), looks, strict=True):
        ax.plot(losses, color=colour, linestyle=dashes, linewidth=1.9, label=name)
    mark: Any = {"marker": "D", "color": style.TARGET, "markersize": 8, "linestyle": "none"}
    ax.plot([best], [validation[best]], **mark, label=f"go back to here: epoch {best}")
    ax.set(xlabel="epoch", ylabel="loss", ylim=(0, None))
    ax.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.1)
    return figure, (
        f"The loss on the training images falls from {train[0]:.2f} to {train[-1]:.2f}. On images that were "
        f"not seen it falls from {validation[0]:.2f} to {validation[best]:.2f} in epoch {best}, then rises "
        f"to {validation[-1]:.2f}."
    )


@picture
def weight_histograms(weights: Mapping[str, np.ndarray], near: float = 0.01) -> tuple[Figure, str]:
    """Draw how large the weights of several networks are.

    Parameters
    ----------
    weights : mapping of str to ndarray
    near : float
        What counts as nearly 0.
    """
    shares = {name: float(np.mean(np.abs(W) < near)) for name, W in weights.items()}
    figure = style.new_figure(
        "L2 makes weights small, L1 makes most of them next to nothing",
        f"Heights in powers of ten. In each title: the share of weights nearer to 0 than {near:g}.",
        width=860,
        height=320,
    )
    axes = np.atleast_1d(figure.subplots(1, len(weights), sharex=True, sharey=True))
    reach = max(float(np.max(np.abs(W))) for W in weights.values())
    for ax, (name, W) in zip(axes, weights.items(), strict=True):
        _histogram(ax, W, reach)
        ax.set(title=f"{name}: {shares[name]:.0%} near 0", xlabel="weight")
    axes[0].set(ylabel="how many", ylim=(0.7, 1.4 * max(W.size for W in weights.values())))
    parts = [f"{name} {share:.0%}" for name, share in shares.items()]
    return figure, f"How many of the weights lie nearer to 0 than {near:g}: {', '.join(parts)}."


def _histogram(ax: Axes, W: np.ndarray, reach: float) -> None:
    ax.hist(W.ravel(), bins=np.linspace(-reach, reach, 42).tolist(), color=style.FORWARD)
    ax.set_yscale("log")


@picture
def seed_dots(results: Mapping[str, Sequence[float]], what: str = "accuracy") -> tuple[Figure, str]:
    """Draw what each setting reached, one dot for each seed, with the mean as a bar.

    Parameters
    ----------
    results : mapping of str to sequence of float
        The same seeds in the same order for each setting.
    what : str
        What was measured.
    """
    means = {name: float(np.mean(values)) for name, values in results.items()}
    best = max(means, key=lambda name: means[name])
    seeds = len(next(iter(results.values())))
    figure = style.new_figure(
        f"Best on average: {best}. Look how far the dots lie apart",
        f"A dot for each of {seeds} seeds, a bar at the mean. Where dots mix, one seed would say little.",
        width=760,
        height=130 + 46 * len(results),
    )
    ax = figure.subplots()
    for k, (name, values) in enumerate(results.items()):
        row = len(results) - 1 - k
        jitter = 0.16 * np.linspace(-1, 1, len(values))
        ax.plot(values, row + jitter, "o", color=style.SERIES[0], alpha=0.55, markersize=6)
        ax.plot([means[name]] * 2, [row - 0.34, row + 0.34], color=style.INK, linewidth=3)
    ax.set(yticks=range(len(results)), yticklabels=list(results)[::-1], xlabel=what)
    ax.set_ylim(-0.6, len(results) - 0.4)
    spread = {name: float(np.std(values, ddof=1)) for name, values in results.items()}
    parts = [f"{name} {means[name]:.3f} with a spread of {spread[name]:.3f}" for name in results]
    return figure, f"Mean {what} over {seeds} seeds: {'; '.join(parts)}."
