"""Figures of lesson 12: what arrives in each layer, with and without normalization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.viz import style
from bplearn.viz.show import picture


@picture
def layer_inputs(inputs: Mapping[str, Sequence[np.ndarray]]) -> tuple[Figure, str]:
    """Draw what the bends of each layer get to see: the middle half and nine tenths of all numbers.

    Parameters
    ----------
    inputs : mapping of str to sequence of ndarray
        For each network the arrays that arrive at the bends, the first layer first.
    """
    widths = {name: [float(z.std()) for z in arrays] for name, arrays in inputs.items()}
    figure = style.new_figure(
        "Without normalization each layer hands its scale on to the next",
        "Thick: the middle half of all numbers. Thin: nine tenths. Compare the scales of the two sides.",
        width=820,
        height=340,
    )
    for ax, (name, arrays) in zip(figure.subplots(1, len(inputs)), inputs.items(), strict=True):
        for k, z in enumerate(arrays, start=1):
            _bar(ax, k, z)
        ax.axhline(0.0, color=style.LINE, linewidth=1)
        ax.set(
            title=name, xlabel="layer", ylabel="what arrives at the bends", xticks=range(1, len(arrays) + 1)
        )
    parts = [
        f"{name}: a spread of {found[0]:.1f} in layer 1 and of {found[-1]:.1f} in layer {len(found)}"
        for name, found in widths.items()
    ]
    return figure, f"{'; '.join(parts)}."


def _bar(ax: Axes, k: int, z: np.ndarray) -> None:
    for shares, width in (((5, 95), 1.6), ((25, 75), 7.0)):
        low, high = np.percentile(z, shares)
        ax.plot([k, k], [low, high], color=style.FORWARD, linewidth=width)
    ax.plot([k], [float(np.median(z))], "o", color="white", markersize=3)
