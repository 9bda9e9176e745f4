"""Every live picture, and what a test needs to know of it. A new one adds a row where it needs one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# The label of the control that plain keys are tried on: a range slider, or a radio of a group.
CONTROLS = {
    "activation_explorer": "input z",
    "backprop_diagram": "input x",
    "batch_noise": "batch size",
    "batch_norm_explorer": "input mean",
    "clip_explorer": "first entry",
    "depth_explorer": "hidden layers",
    "digit_pad": "brush width",
    "live_graph": "leaf a",
    "loss_explorer": "dial w",
    "network_diagram": "weight no.",
    "optimiser_race": "rates, times",
    "outlier_explorer": "its height",
    "overfitting_explorer": "dropout",
    "playground": "hidden layers",
    "step_valley": "step h",
}
# Where to drag on the surface, as shares of its width and height: from, to. Without a row: the slider.
DRAGS = {
    "activation_explorer": ((0.6, 0.2), (0.4, 0.2)),
    "batch_noise": ((0.2, 0.2), (0.4, 0.5)),
    "batch_norm_explorer": ((0.6, 0.2), (0.4, 0.2)),
    "clip_explorer": ((0.3, 0.3), (0.2, 0.6)),
    "depth_explorer": ((0.7, 0.3), (0.4, 0.3)),
    "digit_pad": ((0.3, 0.2), (0.6, 0.8)),
    "live_graph": ((0.07, 0.55), (0.07, 0.45)),
    "loss_explorer": ((0.7, 0.6), (0.3, 0.6)),
    "network_diagram": ((0.25, 0.35), (0.25, 0.25)),
    "optimiser_race": ((0.4, 0.4), (0.25, 0.6)),
    "outlier_explorer": ((0.75, 0.2), (0.75, 0.6)),
    "overfitting_explorer": ((0.3, 0.3), (0.15, 0.5)),
    "playground": ((0.3, 0.3), (0.15, 0.6)),
    "step_valley": ((0.9, 0.4), (0.7, 0.4)),
}


def _graph() -> dict[str, Any]:
    from bplearn.nn import Value

    a, b, c = Value(2.0), Value(-0.5), Value(1.5)
    t = a * b
    out = (t + c) * t
    out.backward()
    return {"out": out, "a": a, "b": b, "c": c, "t": t}


def _reader() -> dict[str, Any]:
    import numpy as np

    from bplearn.data import digits
    from bplearn.nn import train_mlp

    images, labels, _, _ = digits()
    params, _ = train_mlp(images[:300] / 16, labels[:300], (64, 24, 10), 0.5, 200, np.random.default_rng(0))
    return {"params": params, "ask": lambda image: int(image.sum() > 0)}


# Arguments with which a picture is tried, where it needs some.
ARGUMENTS: dict[str, Callable[[], dict[str, Any]]] = {"digit_pad": _reader, "live_graph": _graph}
# The call in a notebook in which `viz` and `np` are imported, where it needs arguments.
CALLS = {
    name: f"from tests.browser.live_rows import ARGUMENTS\nviz.{name}(**ARGUMENTS['{name}']())"
    for name in ARGUMENTS
}
