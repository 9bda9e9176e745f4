"""Figures of lesson 10: gradients layer by layer, and what a first draw makes of a signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bplearn.viz import style
from bplearn.viz.show import picture

LEAST = 1e-40  # what is drawn for a gradient of 0


@picture
def gradient_ladder(norms: Mapping[str, Sequence[float]]) -> tuple[Figure, str]:
    """Draw the size of each layer's weight gradient, in powers of ten.

    Parameters
    ----------
    norms : mapping of str to sequence of float
        For each network the norms of its layers, the first layer first.
    """
    series = {name: np.maximum(np.asarray(values, dtype=float), LEAST) for name, values in norms.items()}
    worst = min(series, key=lambda name: series[name][0] / series[name][-1])
    lost = float(np.log10(series[worst][-1] / series[worst][0]))
    figure = style.new_figure(
        f"{worst}: on its way to layer 1 the gradient loses {lost:.0f} powers of ten",
        "Read from right to left, as blame travels: level is healthy, falling to the left is vanishing.",
        width=760,
        height=380,
    )
    ax = figure.subplots()
    for k, (name, values) in enumerate(series.items()):
        layers = np.arange(1, len(values) + 1)
        ax.semilogy(layers, values, label=name, **_looks(k))
    ax.set(xlabel="layer", ylabel="size of dW (powers of ten)")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(frameon=False)
    return figure, "; ".join(_in_words(name, values) for name, values in series.items()) + "."


def _looks(k: int) -> dict[str, Any]:
    """Colour, dashes and marks of the k-th series."""
    looks = {"color": style.SERIES[k % 5], "linestyle": style.DASHES[k % 5], "marker": "os^Dv"[k % 5]}
    return looks | {"linewidth": 1.8, "markersize": 4}


def _in_words(name: str, norms: np.ndarray) -> str:
    return f"{name}: {norms[0]:.1e} in layer 1, {norms[-1]:.1e} in layer {len(norms)}"


@picture
def signal_spreads(
    spreads: Mapping[str, Sequence[float]], slopes: Mapping[str, Sequence[float]]
) -> tuple[Figure, str]:
    """Draw how a signal goes on from layer to layer, and how steep the activations are on its way.

    Parameters
    ----------
    spreads, slopes : mapping of str to sequence of float
        For each start the spread of the activations and their mean slope, layer by layer.
    """
    silent = min(spreads, key=lambda name: spreads[name][-1])
    flat = min(slopes, key=lambda name: slopes[name][-1])
    figure = style.new_figure(
        f"{silent}: the signal dies out. {flat}: the slopes do",
        "Read from left to right, as the signal travels: healthy is who stays up in both pictures.",
        width=820,
        height=340,
    )
    left, right = figure.subplots(1, 2)
    for ax, series, label in ((left, spreads, "spread of a"), (right, slopes, "mean slope")):
        for k, (name, values) in enumerate(series.items()):
            drawn = np.maximum(np.asarray(values, dtype=float), LEAST)
            ax.plot(np.arange(1, len(drawn) + 1), drawn, label=name, **_looks(k))
        ax.set(xlabel="layer", ylabel=label)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    left.set(yscale="log", ylabel="spread of a (powers of ten)")
    right.set_ylim(0, None)
    left.legend(frameon=False)
    parts = (f"{name}: spread {spreads[name][-1]:.1e}, slope {slopes[name][-1]:.2f}" for name in spreads)
    return figure, f"In the last layer, {'; '.join(parts)}."
