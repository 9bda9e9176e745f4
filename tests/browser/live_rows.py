"""Every live picture, and what a test needs to know of it. A new one adds a row where it needs one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# The label of the control that plain keys are tried on: a range slider, or a radio of a group.
CONTROLS = {
    "backprop_diagram": "input x",
    "batch_norm_explorer": "input mean",
    "clip_explorer": "first entry",
    "loss_explorer": "dial w",
    "optimiser_race": "rates, times",
    "outlier_explorer": "its height",
}
# Where to drag on the surface, as shares of its width and height: from, to. Without a row: the slider.
DRAGS = {
    "batch_norm_explorer": ((0.6, 0.2), (0.4, 0.2)),
    "clip_explorer": ((0.3, 0.3), (0.2, 0.6)),
    "loss_explorer": ((0.7, 0.6), (0.3, 0.6)),
    "optimiser_race": ((0.4, 0.4), (0.25, 0.6)),
    "outlier_explorer": ((0.75, 0.2), (0.75, 0.6)),
}
# Arguments with which a picture is tried, where it needs some.
ARGUMENTS: dict[str, Callable[[], dict[str, Any]]] = {}
# The same as Python source, for a notebook; `viz` and `np` are imported, "" if it needs none.
CALLS: dict[str, str] = {}
