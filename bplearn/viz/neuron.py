"""Figures of lesson 01: one dial, the sigmoid, the loss and its slope."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bplearn.nn import neuron_gradient, sigmoid, sigmoid_slope, squared_error
from bplearn.viz import style
from bplearn.viz.show import picture

REACH = 5.0  # dial settings shown on either side of 0
FLAT = 3.0  # beyond |z| = 3 the sigmoid's slope is below 0.05


@picture
def dial_curve(x: float = 1.5, y: float = 0.2, w: float = 2.0) -> tuple[Figure, str]:
    """Draw the machine's answer ``sigmoid(w * x)`` over the dial ``w``, with target and present setting."""
    answer = float(sigmoid(w * x))
    error = "high" if answer > y else "low"
    way = "left" if (answer > y) == (x > 0) else "right"
    figure = style.new_figure(
        f"The answer {answer:.2f} is too {error}: turn the dial {way}",
        "Look at the dot first, then at the dotted line.",
    )
    ax = figure.subplots()
    dial = dial_settings(w)
    ax.plot(dial, sigmoid(dial * x), color=style.FORWARD)
    ax.axhline(y, color=style.TARGET, linestyle=":", linewidth=2)
    _target_mark(ax, x, y, height=y, named=True)
    _dot(ax, w, answer)
    said, beside = f"w = {style.short(w)}, answer {answer:.2f}", (4, -16 if x > 0 else 8)
    _label(ax, said, (w, answer), beside, style.FORWARD_TEXT, "left")
    _label(ax, f"target y = {style.short(y)}", (dial[-1], y), (0, 6), style.TARGET_TEXT, "right")
    ax.set(xlabel="dial setting w", xlim=(dial[0], dial[-1]), ylim=(-0.05, 1.05))
    ax.set_ylabel(f"answer {style.SIGMA}(w · {style.short(x)}), between 0 and 1")
    return figure, (
        f"At w = {style.short(w)} the machine answers {answer:.2f}; the target is {style.short(y)}. The "
        f"curve rises from 0 to 1 with w, so the dial must go {way}{_meeting(x, y)}."
    )


@picture
def sigmoid_slopes(reach: float = 8.0) -> tuple[Figure, str]:
    """Draw the sigmoid above its slope, with the flat ends marked."""
    figure = style.new_figure(
        "The sigmoid is steepest in the middle and flat at both ends",
        f"Shaded: |z| > {FLAT:g}, where the slope is below 0.05 and a nudge of z hardly reaches the answer.",
        height=440,
    )
    upper, lower = figure.subplots(2, 1, sharex=True)
    z = np.linspace(-reach, reach, 401)
    upper.plot(z, sigmoid(z), color=style.FORWARD)
    lower.plot(z, sigmoid_slope(z), color=style.BACKWARD, linestyle=(0, (5, 1.5)))
    lower.fill_between(z, sigmoid_slope(z), color=style.BACKWARD, alpha=0.08, linewidth=0)
    for ax in (upper, lower):
        for left, right in ((-reach, -FLAT), (FLAT, reach)):
            ax.axvspan(left, right, color=style.PALE, linewidth=0, zorder=0.5)
    for side in (-1, 1):
        upper.text(side * (reach + FLAT) / 2, 0.5, "flat", ha="center", va="center", color=style.QUIET)
    lower.plot([0], [0.25], "o", color=style.BACKWARD, markersize=8, markeredgecolor="white")
    _label(lower, "largest slope: 0.25 at z = 0", (0, 0.25), (12, -3), style.BACKWARD_TEXT, ha="left")
    upper.set(ylabel=f"answer {style.SIGMA}(z)", ylim=(-0.06, 1.06), xlim=(-reach, reach))
    lower.set(
        ylabel=f"slope of {style.SIGMA} at z", xlabel="z, the input of the sigmoid", ylim=(-0.015, 0.29)
    )
    ends = float(sigmoid_slope(FLAT))
    return figure, (
        "The sigmoid climbs from 0 to 1. Its slope is largest at z = 0, where it is "
        f"{sigmoid_slope(0.0):.2f}; at z = {FLAT:g} and z = {style.short(-FLAT)} it is {ends:.3f}, at z = "
        f"{reach:g} {sigmoid_slope(reach):.5f}. The slope never exceeds a quarter and never turns negative."
    )


@picture
def loss_tangent(x: float = 1.5, y: float = 0.2, w: float = 2.0) -> tuple[Figure, str]:
    """Draw the loss over the dial ``w``, with the tangent at the present setting."""
    loss, slope = loss_at(x, y, w), float(neuron_gradient(x, w, 0.0, y)[0])
    way = "left" if slope > 0 else "right"
    figure = style.new_figure(
        f"The slope at w = {style.short(w)} is {style.signed(slope)}: turning {way} lowers the loss",
        "Look at the dashed tangent first: which way does it go down, and how steeply?",
    )
    ax = figure.subplots()
    draw_loss_curve(ax, x, y, w, named=True)
    run = np.array([-1.3, 1.3])
    ax.plot(w + run, loss + slope * run, color=style.BACKWARD, linestyle=(0, (4, 1.5)), linewidth=2.4)
    _dot(ax, w, loss)
    beside, ha = ((4, -22) if slope > 0 else (4, 14), "left") if loss > 0.08 else ((0, 36), "right")
    _label(ax, f"slope dL/dw = {style.signed(slope)}", (w, loss), beside, style.BACKWARD_TEXT, ha)
    return figure, (
        f"At w = {style.short(w)} the loss is {loss:.3f} and its slope {style.signed(slope)}: the loss falls "
        f"when w moves {way}. The curve is flat for large positive and negative w{_valley(x, y)}."
    )


@picture
def two_losses_slopes(x: float = 1.5, y: float = 0.2) -> tuple[Figure, str]:
    """Draw the steps of the right gradient and of one without the sigmoid's slope on the same loss curve."""
    settings = np.array([-4.0, -2.5, 0.0, 1.0, 2.0, 4.0])
    right = np.array([neuron_gradient(x, w, 0.0, y)[0] for w in settings])
    wrong = (sigmoid(settings * x) - y) * x
    figure = style.new_figure(
        "Without the sigmoid's slope, the longest steps are taken where the curve is flat",
        "Each arrow is a step from its dot, the longest one drawn 1.5 long. No arrow: too short to be seen.",
        width=760,
        height=340,
    )
    left_ax, right_ax = figure.subplots(1, 2, sharey=True)
    _steps(left_ax, x, y, settings, right, "right gradient: long where it is steep")
    _steps(right_ax, x, y, settings, wrong, "slope missing: long where it is flat")
    left_ax.set_ylabel("loss L")
    top_right, top_wrong = settings[np.abs(right).argmax()], settings[np.abs(wrong).argmax()]
    return figure, (
        f"With the right gradient the longest of these steps starts at w = {style.short(top_right)}, on the "
        f"steep part, and at w = 4 it has almost vanished ({style.signed(right[-1])}). Without the sigmoid's "
        f"slope the longest starts at w = {style.short(top_wrong)} ({style.signed(wrong[-1])}), where the "
        "loss hardly changes: no slope of this curve does that."
    )


def draw_loss_curve(ax: Axes, x: float, y: float, w: float, *, named: bool = False) -> None:
    """Draw the loss over the dial so wide that ``w`` is on it, and mark where it is 0."""
    dial = dial_settings(w)
    ax.plot(dial, [loss_at(x, y, setting) for setting in dial], color=style.FORWARD)
    _target_mark(ax, x, y, height=0.0, named=named)
    ax.set(xlabel="dial setting w", ylabel="loss L = ½ (answer \u2212 target)²", xlim=(dial[0], dial[-1]))


# ---- numbers ----


def loss_at(x: float, y: float, w: float) -> float:
    """Return the loss at one setting of the dial."""
    return float(squared_error(sigmoid(w * x), y))


def target_setting(x: float, y: float) -> float | None:
    """Return the setting at which the answer is the target, None if there is none."""
    return float(np.log(y / (1 - y)) / x) if 0 < y < 1 and x != 0 else None


def dial_settings(w: float) -> np.ndarray:
    """Return the settings to draw: -5 to 5, wider if ``w`` lies outside."""
    reach = max(REACH, abs(w) + 1)
    return np.linspace(-reach, reach, 401)


# ---- marks ----


def _dot(ax: Axes, x: float, y: float) -> None:
    rim: Any = {"markeredgecolor": "white", "markeredgewidth": 1.5}
    ax.plot([x], [y], "o", color=style.FORWARD, markersize=11, **rim)


def _target_mark(ax: Axes, x: float, y: float, height: float, *, named: bool) -> None:
    setting = target_setting(x, y)
    if setting is None or abs(setting) > REACH:
        return
    ax.plot(
        [setting], [height], "D", color="white", markeredgecolor=style.TARGET, markeredgewidth=2, markersize=8
    )
    if named:
        side, ha = (-7, "right") if x > 0 else (7, "left")
        _label(ax, f"w = {style.number(setting, 2)}", (setting, height), (side, 13), style.TARGET_TEXT, ha)


def _label(
    ax: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], colour: str, ha: str
) -> None:
    ax.annotate(
        text, at, offset, textcoords="offset points", color=colour, ha=ha, path_effects=style.halo(), zorder=5
    )


def _steps(ax: Axes, x: float, y: float, settings: np.ndarray, gradients: np.ndarray, title: str) -> None:
    draw_loss_curve(ax, x, y, 0.0)
    steps = -1.5 * gradients / np.abs(gradients).max()
    for w, step in zip(settings, steps, strict=True):
        height = loss_at(x, y, w)
        arrow = {"arrowstyle": "-|>", "color": style.BACKWARD, "linewidth": 2.2, "shrinkA": 0, "shrinkB": 0}
        arrow["mutation_scale"] = min(14, 25 * abs(step))  # a head is never longer than its step
        ax.plot([w], [height], "o", color=style.FORWARD, markersize=8, markeredgecolor="white")
        ax.annotate("", xy=(w + step, height), xytext=(w, height), arrowprops=arrow)
    ax.set(title=title, ylabel="", ylim=(-0.03, None))


def _meeting(x: float, y: float) -> str:
    best = target_setting(x, y)
    return "" if best is None else f", to w = {style.number(best, 2)}, where the curve meets the target"


def _valley(x: float, y: float) -> str:
    best = target_setting(x, y)
    return "" if best is None else f" and reaches 0 at w = {style.number(best, 2)}"
