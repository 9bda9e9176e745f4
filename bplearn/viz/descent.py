"""Figures of descents: learning rates, training curves, and updates in the wrong order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bplearn.nn import (
    descent_step,
    neuron_gradient,
    squared_error,
    train_two_weights,
    two_weight_backward,
    two_weight_forward,
)
from bplearn.viz import style
from bplearn.viz.neuron import draw_loss_curve, loss_at, target_setting
from bplearn.viz.show import picture


@picture
def learning_rates(
    rates: Sequence[float] = (0.1, 4.0, 40.0), x: float = 1.5, y: float = 0.2, w: float = 2.0, steps: int = 20
) -> tuple[Figure, str]:
    """Draw the same descent with several learning rates, each on the loss curve."""
    paths = [_path(x, y, w, lr, steps) for lr in rates]
    ends = [loss_at(x, y, path[-1]) for path in paths]
    best = int(np.argmin(ends))
    figure = style.new_figure(
        f"Learning rate {style.short(rates[best])} comes closest: {_others(rates, best)}",
        "Each dot is one step: follow the dots from the ring at the start to the big dot at the end.",
        width=800,
        height=320,
    )
    axes = figure.subplots(1, len(rates), sharex=True, sharey=True, squeeze=False)[0]
    farthest = max((w for path in paths for w in path), key=abs)
    for k, (ax, lr, path) in enumerate(zip(axes, rates, paths, strict=True)):
        draw_loss_curve(ax, x, y, farthest)
        _draw_path(ax, x, y, path)
        ax.set(
            title=f"{_size_word(k, best)}: lr = {style.short(lr)}",
            ylabel="loss L" if k == 0 else "",
            ylim=(-0.03, None),
        )
    parts = [
        f"with learning rate {style.short(lr)} ({_size_word(k, best)}) w ends at "
        f"{style.number(path[-1], 2)}, the loss at {style.number(end, 4)} and the slope at "
        f"{style.signed(neuron_gradient(x, path[-1], 0.0, y)[0], 4)}"
        for k, (lr, path, end) in enumerate(zip(rates, paths, ends, strict=True))
    ]
    text = f"From w = {style.short(w)}, after {steps} steps: {'; '.join(parts)}."
    return figure, text + (_far_side(x, y, paths[-1]) if best < len(rates) - 1 else "")


@picture
def losses(
    losses: Mapping[str, Sequence[float]] | Sequence[float], label: str = "loss", *, log: bool = False
) -> tuple[Figure, str]:
    """Draw one training curve, or several as a dictionary of name to losses.

    Parameters
    ----------
    losses : sequence of float, or mapping of str to sequence of float
        ``losses[k]`` is the loss after k steps.
    label : str
        What the losses are called when there is one curve.
    log : bool
        Whether the loss axis counts in powers of ten.
    """
    curves = dict(losses) if isinstance(losses, Mapping) else {label: losses}
    series = {name: np.asarray(values, dtype=float) for name, values in curves.items()}
    ends = "; ".join(_fall(name, values) for name, values in series.items())
    figure = style.new_figure(_headline(series), "Read from left to right: lower is better.", height=340)
    ax = figure.subplots()
    for k, (name, values) in enumerate(series.items()):
        _curve(ax, name, values, k)
    ax.set(xlabel="steps taken", ylabel="loss (powers of ten)" if log else "loss")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if log:
        ax.set_yscale("log")
    else:
        ax.set_ylim(bottom=0)
    if len(series) > 1:
        ax.legend(frameon=False)
    return figure, f"{ends}."


@picture
def interleaved_updates(
    x: float = 0.5, y: float = 1.0, w1: float = 0.4, w2: float = 0.6, lr: float = 3.0, steps: int = 20
) -> tuple[Figure, str]:
    """Draw what happens when ``w2`` is updated before ``dw1`` is taken."""
    *_, right = train_two_weights(x, y, w1, w2, lr, steps)
    wrong, excess = _train_w2_first(x, y, w1, w2, lr, steps)
    worst = int(np.argmax(np.abs(excess)))
    apart = float(np.max(np.abs(wrong - right)) / right[0])
    alike = "The losses look alike, but " if apart < 0.05 else ""
    figure = style.new_figure(
        f"{alike}dw1 is off by up to {abs(excess[worst]):.0f} %",
        "Left: could you tell which run is wrong? Right: how far its dw1 is from the true gradient.",
        width=760,
        height=340,
    )
    left, gap = figure.subplots(1, 2)
    _curve(left, "both gradients first (right)", right, 0)
    _curve(left, "w2 updated first (wrong)", wrong, 1)
    left.set(xlabel="steps taken", ylabel="loss L", ylim=(0, None))
    left.legend(frameon=False)
    gap.bar(range(1, steps + 1), excess, color=style.BACKWARD, width=0.7)
    gap.axhline(0, color=style.LINE, linewidth=1)
    gap.set(xlabel="step", ylabel="error of dw1 in %")
    for ax in (left, gap):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure, (
        f"At learning rate {style.short(lr)} the losses end at {right[-1]:.4f} (both gradients first) and "
        f"{wrong[-1]:.4f} (w2 updated first), never further apart than {100 * apart:.1f} % of the first. "
        "But the dw1 taken after w2 has moved differs from the gradient at the point where the step began by "
        f"up to {abs(excess[worst]):.0f} % (step {worst + 1})."
    )


# ---- descents ----


def _path(x: float, y: float, w: float, lr: float, steps: int) -> list[float]:
    settings = [w]
    for _ in range(steps):
        dw, _ = neuron_gradient(x, settings[-1], 0.0, y)
        settings.append(float(descent_step(settings[-1], dw, lr)))
    return settings


def _train_w2_first(
    x: float, y: float, w1: float, w2: float, lr: float, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the losses of the wrong loop, and by how many percent each of its dw1 misses the gradient."""
    losses, errors = [squared_error(two_weight_forward(x, w1, w2)[1], y)], []
    for _ in range(steps):
        h, y_hat = two_weight_forward(x, w1, w2)
        dw1, dw2 = two_weight_backward(x, w1, w2, y)
        w2 = descent_step(w2, dw2, lr)
        mixed = (y_hat - y) * y_hat * (1 - y_hat) * w2 * h * (1 - h) * x  # the new w2 in an old gradient
        errors.append(100 * (mixed - dw1) / dw1 if dw1 else 0.0)
        w1 = descent_step(w1, mixed, lr)
        losses.append(squared_error(two_weight_forward(x, w1, w2)[1], y))
    return np.array(losses, dtype=float), np.array(errors, dtype=float)


# ---- marks and words ----


def _draw_path(ax: Axes, x: float, y: float, path: list[float]) -> None:
    heights = [loss_at(x, y, w) for w in path]
    ax.plot(path, heights, color=style.BACKWARD, linewidth=1.2, linestyle=(0, (3, 1.5)))
    ax.plot(path[1:-1], heights[1:-1], "o", color=style.BACKWARD, markersize=5, markeredgecolor="white")
    ax.plot(
        path[:1],
        heights[:1],
        "o",
        color="white",
        markersize=9,
        markeredgecolor=style.BACKWARD,
        markeredgewidth=2,
    )
    ax.plot(path[-1:], heights[-1:], "o", color=style.BACKWARD, markersize=11, markeredgecolor="white")


def _size_word(k: int, best: int) -> str:
    return "right" if k == best else "too small" if k < best else "too large"


def _others(rates: Sequence[float], best: int) -> str:
    said = [f"{style.short(lr)} is {_size_word(k, best)}" for k, lr in enumerate(rates) if k != best]
    return ", ".join(said) or "no other was tried"


def _far_side(x: float, y: float, path: list[float]) -> str:
    best = target_setting(x, y)
    if best is None or (path[0] - best) * (path[-1] - best) >= 0:
        return ""
    return " The largest rate has jumped across the valley to the far side."


def _curve(ax: Axes, name: str, values: np.ndarray, k: int) -> None:
    dashes: Any = style.DASHES[k % len(style.DASHES)]
    ax.plot(values, color=style.SERIES[k % len(style.SERIES)], linestyle=dashes, label=name)


def _headline(series: dict[str, np.ndarray]) -> str:
    name, values = min(series.items(), key=lambda item: item[1][-1])
    verb = "fell" if values[-1] < values[0] else "did not fall:"
    subject = "The loss" if len(series) == 1 else f"Lowest in the end: {name}. Its loss"
    return f"{subject} {verb} from {values[0]:.3g} to {values[-1]:.3g} in {len(values) - 1} steps"


def _fall(name: str, values: np.ndarray) -> str:
    rises = int(np.sum(np.diff(values) > 0))
    smooth = "falling at every step" if rises == 0 else f"rising at {rises} of its steps"
    best = int(np.argmin(values))
    return (
        f"{name}: from {values[0]:.4g} to {values[-1]:.4g} in {len(values) - 1} steps, {smooth}; lowest "
        f"after {best} steps ({values[best]:.4g})"
    )
