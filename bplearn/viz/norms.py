"""Figures of lesson 12: what arrives in each layer, what blame comes through, and rates that learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.viz import style
from bplearn.viz.show import picture

_MARKS = "os^D"


@picture
def layer_inputs(inputs: Mapping[str, Sequence[np.ndarray]]) -> tuple[Figure, str]:
    """Draw what the bends of each layer get to see: the middle half and nine tenths of all numbers.

    Parameters
    ----------
    inputs : mapping of str to sequence of ndarray
        For each network the arrays that arrive at the bends, the first layer first.
    """
    spreads = {name: [float(z.std()) for z in arrays] for name, arrays in inputs.items()}
    widest = max(spreads, key=lambda name: spreads[name][-1])
    figure = style.new_figure(
        f"{widest}: each layer hands its scale on to the next",
        "Thick: the middle half of all numbers. Thin: nine tenths. Compare the two scales.",
        width=820,
        height=340,
    )
    for ax, (name, arrays) in zip(figure.subplots(1, len(inputs)), inputs.items(), strict=True):
        for k, z in enumerate(arrays, start=1):
            _bar(ax, k, z)
        ax.axhline(0.0, color=style.LINE, linewidth=1)
        ax.set(title=name, xlabel="layer", xticks=range(1, len(arrays) + 1))
    figure.axes[0].set_ylabel("what arrives at the bends")
    parts = (
        f"{name}: a spread of {found[0]:.1f} in layer 1 and of {found[-1]:.1f} in layer {len(found)}"
        for name, found in spreads.items()
    )
    return figure, f"{'; '.join(parts)}."


def _bar(ax: Axes, k: int, z: np.ndarray) -> None:
    for shares, width in (((5, 95), 1.6), ((25, 75), 7.0)):
        low, high = np.percentile(z, shares)
        ax.plot([k, k], [low, high], color=style.FORWARD, linewidth=width, solid_capstyle="butt")
    ax.plot([k], [float(np.median(z))], "o", color="white", markersize=3)


@picture
def blame_left(dy: Sequence[float], x_hat: Sequence[float]) -> tuple[Figure, str]:
    """Draw, for one unit, what arrives for each example, and what is left after each of two subtractions."""
    up, normed = np.asarray(dy, dtype=float), np.asarray(x_hat, dtype=float)
    level = up - up.mean()
    left = level - normed * np.mean(up * normed)
    stages = {"what arrives": up, "less its mean": level, "less its share along x̂": left}
    shares = [float(np.linalg.norm(blame) / np.linalg.norm(up)) for blame in stages.values()]
    figure = style.new_figure(
        f"Of what arrives, {shares[-1]:.0%} of the length is left",
        "One arrow for each example, placed at its x̂. Dotted: what will be taken off next.",
        width=860,
        height=320,
    )
    taken = (np.full_like(up, up.mean()), normed * np.mean(up * normed), None)
    for ax, (name, blame), off in zip(
        figure.subplots(1, 3, sharex=True, sharey=True), stages.items(), taken, strict=True
    ):
        _arrows(ax, normed, blame)
        if off is not None:
            order = np.argsort(normed)
            ax.plot(normed[order], off[order], color=style.INK, linestyle=":", linewidth=1.6)
        ax.set(title=name, xlabel="x̂ of the example")
    figure.axes[0].set_ylabel("blame of its output")
    return figure, (
        f"Less its mean, {shares[1]:.0%} of the length of dy is left; less its share along x̂ as well, "
        f"{shares[2]:.0%}. What is left adds up to 0 and has no slope."
    )


def _arrows(ax: Axes, places: np.ndarray, blame: np.ndarray) -> None:
    look = {"arrowstyle": "-|>", "color": style.BACKWARD, "linestyle": "--", "shrinkA": 0, "shrinkB": 0}
    for place, size in zip(places, blame, strict=True):
        ax.annotate("", (float(place), float(size)), (float(place), 0.0), arrowprops=look)
    ax.plot(places, blame, "none")  # so that the axes reach as far as the arrows
    ax.axhline(0.0, color=style.LINE, linewidth=1)
    ax.margins(0.12)


@picture
def rates_that_learn(found: Mapping[str, Mapping[float, Sequence[float]]]) -> tuple[Figure, str]:
    """Draw the accuracies that networks reach with several learning rates.

    Parameters
    ----------
    found : mapping of str to mapping of float to sequence of float
        For each network and each rate the accuracies of several starts.
    """
    figure = style.new_figure(
        _widest(found),
        "Each mark is one start. Lines join the means. Read from left to right: larger and larger steps.",
        width=760,
        height=360,
    )
    ax = figure.subplots()
    for k, (name, runs) in enumerate(found.items()):
        color, mark = style.SERIES[k % 5], _MARKS[k % 4]
        shift = 1.04 ** (2 * k - len(found) + 1)  # beside each other, not on top of each other
        for rate, shares in runs.items():
            ax.plot([rate * shift] * len(shares), shares, mark, color=color, markersize=6, fillstyle="none")
        means = [float(np.mean(shares)) for shares in runs.values()]
        rates = [rate * shift for rate in runs]
        ax.plot(rates, means, color=color, linestyle=style.DASHES[k % 5], marker=mark, label=name)
    rates = sorted({rate for runs in found.values() for rate in runs})
    ax.set(xscale="log", ylim=(0, 1.03), xlabel="learning rate", ylabel="share read right")
    ax.set_xticks(rates, [style.short(rate) for rate in rates])
    ax.minorticks_off()
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0.0, 0.12))
    return figure, "; ".join(_in_words(name, runs) for name, runs in found.items()) + "."


def _means(runs: Mapping[float, Sequence[float]]) -> dict[float, float]:
    return {rate: float(np.mean(shares)) for rate, shares in runs.items()}


def _widest(found: Mapping[str, Mapping[float, Sequence[float]]]) -> str:
    """Name the network that stands the largest rate: four fifths right in the mean."""
    stood = {name: [r for r, mean in _means(runs).items() if mean >= 0.8] for name, runs in found.items()}
    best = max(stood, key=lambda name: max(stood[name], default=0.0))
    if not stood[best]:
        return "No network learns at any of these rates"
    return f"{best}: learns up to a rate of {style.short(max(stood[best]))}"


def _in_words(name: str, runs: Mapping[float, Sequence[float]]) -> str:
    parts = (f"{mean:.0%} at a rate of {style.short(rate)}" for rate, mean in _means(runs).items())
    return f"{name}, in the mean: {', '.join(parts)}"
