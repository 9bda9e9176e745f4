"""Figures of lesson 15: digits as they are, how they are read, and what settings reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.viz import style
from bplearn.viz.show import picture

MOST = 20  # images in one figure


@picture
def digit_images(
    images: np.ndarray, labels: Sequence[int], read: Sequence[int] | None = None
) -> tuple[Figure, str]:
    """Draw images of 8 x 8 pixels with their labels and, if it is given, what they were read as.

    Parameters
    ----------
    images : ndarray, shape (N, 8, 8)
        Of more than 20 the first 20 are drawn.
    labels : sequence of int
        What they show.
    read : sequence of int
        What was read.
    """
    count = min(len(images), MOST)
    columns, rows = min(10, max(count, 1)), max(1, -(-count // 10))
    title = (
        "Look at them: some are hard for anybody"
        if read is not None
        else "Eight by eight pixels, written by hand"
    )
    below = (
        "Above each image: what it shows, and what was read."
        if read is not None
        else "Above each: its label."
    )
    figure = style.new_figure(title, below, width=820, height=110 + 100 * rows)
    for k, ax in enumerate(np.atleast_1d(figure.subplots(rows, columns)).flat):
        ax.set_axis_off()
        if k < count:
            ax.imshow(np.reshape(images[k], (8, 8)), cmap="Greys", vmin=0, vmax=16)
            ax.set_title(_caption(k, labels, read), fontsize=9.5, loc="center")
    words = ", ".join(_caption(k, labels, read) for k in range(count))
    shown = "what they show" if read is None else "what they show and what was read"
    return figure, f"{count} of {len(images)} images of handwritten digits, {shown}: {words or 'none'}."


def _caption(k: int, labels: Sequence[int], read: Sequence[int] | None) -> str:
    return f"{int(labels[k])}" if read is None else f"{int(labels[k])}, read {int(read[k])}"


@picture
def confusion_picture(table: np.ndarray) -> tuple[Figure, str]:
    """Draw a confusion matrix: true labels in rows, what was read in columns.

    Parameters
    ----------
    table : ndarray, shape (K, K)
    """
    table = np.asarray(table, dtype=float)
    wrong = table - np.diag(np.diag(table))
    places = [divmod(int(k), len(table)) for k in np.argsort(-wrong, axis=None, kind="stable")[:3]]
    figure = style.new_figure(
        f"{np.trace(table) / table.sum():.1%} on the diagonal; look at what stands beside it",
        "A row for each true digit, a column for each digit that was read. Framed: the most frequent errors.",
        width=620,
        height=560,
    )
    ax = figure.subplots()
    ax.imshow(np.sqrt(wrong), cmap="Oranges", vmin=0, vmax=max(2.0, float(np.sqrt(wrong.max())) * 1.6))
    _counts(ax, table)
    _frames(ax, [(row, column) for row, column in places if wrong[row, column]])
    ax.set(xticks=range(len(table)), yticks=range(len(table)), xlabel="read as", ylabel="true digit")
    ax.grid(visible=False)
    found = [f"{r} read as {c} ({_times(wrong[r, c])})" for r, c in places if wrong[r, c]]
    return (
        figure,
        f"Most frequent errors: {', '.join(found) or 'none'}; {wrong.sum():.0f} of {table.sum():.0f} in all.",
    )


def _counts(ax: Axes, table: np.ndarray) -> None:
    for (row, column), count in np.ndenumerate(table):
        if count:
            weight = "bold" if row != column else "normal"
            look: Any = {"ha": "center", "va": "center", "fontsize": 9.5, "fontweight": weight}
            ax.text(column, row, f"{count:.0f}", **look)


def _frames(ax: Axes, places: Sequence[tuple[int, int]]) -> None:
    look: Any = {"marker": "s", "s": 620, "facecolor": "none", "edgecolor": style.INK, "linewidth": 1.8}
    for row, column in places:
        ax.scatter([column], [row], **look)


def _times(count: float) -> str:
    return "once" if count == 1 else f"{count:.0f} times"


@picture
def ablation_bars(table: Mapping[str, tuple[float, float]], what: str = "accuracy") -> tuple[Figure, str]:
    """Draw mean and spread of what each setting reached.

    Parameters
    ----------
    table : mapping of str to (mean, spread)
    what : str
        What was measured.
    """
    means, spreads = (np.array([float(pair[k]) for pair in table.values()]) for k in (0, 1))
    best = list(table)[int(means.argmax())]
    figure = style.new_figure(
        f"{best}: the highest mean. Is it higher by more than the spread?",
        "Diamond: the mean. Line: one spread to each side. Where lines overlap widely nothing is settled.",
        width=760,
        height=140 + 46 * len(table),
    )
    ax = figure.subplots()
    places = np.arange(len(table))[::-1]
    ax.errorbar(means, places, xerr=spreads, fmt="D", color=style.FORWARD, linewidth=2.4, markersize=7)
    ax.set(yticks=places.tolist(), yticklabels=list(table), xlabel=what)
    ax.set_ylim(-0.6, len(table) - 0.4)
    parts = [
        f"{name} {mean:.3f} ± {spread:.3f}" for name, mean, spread in zip(table, means, spreads, strict=True)
    ]
    return figure, f"Mean {what} and spread: {'; '.join(parts)}."
