"""The live picture of lesson 15: a pad to draw digits on, read by a network of the learner's own."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bplearn.data import digits
from bplearn.nn import mlp_forward, softmax

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bplearn.viz.live import Live

EXAMPLES = 20
LARGEST = 60_000  # parameters: the browser gets them all, and a saved notebook keeps them


def digit_pad(params: Mapping[str, np.ndarray], ask: Callable[[np.ndarray], int] | None = None) -> None:
    """Show a pad of 8 x 8 pixels, and how a network reads what is drawn on it.

    Parameters
    ----------
    params : dict of ndarray
        ``W1``, ``b1``, ``W2``, ...: from 64 pixels between 0 and 1 to 10 logits, ReLU between the layers.
    ask : callable, optional
        A program that reads as well: gets an image of shape (8, 8), grey values from 0 to 16, and returns a
        digit. It is called when the reader presses the button for it.

    Raises
    ------
    ValueError
        If the layers do not lead from 64 numbers to 10, or are too large for a picture.
    """
    from bplearn.viz.live import Live, show_live

    layers = _layers(params)
    _, _, images, labels = digits()
    examples = [
        {"image": image.astype(int).tolist(), "label": int(label)}
        for image, label in zip(images[:EXAMPLES], labels[:EXAMPLES], strict=True)
    ]
    state = {"layers": layers, "examples": examples, "asks": ask is not None}
    files = ("neuron", "mlp", "digit_pad")
    live = Live(files, state, _words(params), draw=lambda: _still(params))
    if ask is not None:
        live.observe(lambda change: _answer(live, ask, change["new"]), names="answer")
    show_live(live)


def _layers(params: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return the layers as the browser gets them: sizes, and 32-bit floats in base64."""
    depth = len(params) // 2
    due = {f"{letter}{k}" for k in range(1, depth + 1) for letter in "Wb"}
    if not params or set(params) != due:
        raise ValueError(
            f"params with the keys W1, b1, W2, b2, ... please, not {', '.join(map(str, params))}"
        )
    pairs = [(np.asarray(params[f"W{k}"]), np.asarray(params[f"b{k}"])) for k in range(1, depth + 1)]
    sizes = [64, *(W.shape[-1] for W, _ in pairs)]
    for k, (W, b) in enumerate(pairs):
        if W.shape != (sizes[k], sizes[k + 1]) or b.shape != (sizes[k + 1],):
            raise ValueError(f"layer {k + 1} has W {W.shape} and b {b.shape}; {sizes[k]} numbers go into it")
    if sizes[-1] != 10 or sum(W.size for W, _ in pairs) > LARGEST:
        raise ValueError(f"a network that ends in 10 logits, please, with at most {LARGEST:,} weights")
    return [{"rows": len(W), "cols": len(b), "W": _packed(W), "b": _packed(b)} for W, b in pairs]


def _packed(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()


def _answer(live: Live, ask: Callable[[np.ndarray], int], sent: list[float]) -> None:
    """Let the learner's program read the pad; whatever it does is said, not raised."""
    try:
        live.reply = f"Your program says {int(ask(np.array(sent[:64], dtype=float).reshape(8, 8)))}."
    except Exception as error:
        live.reply = f"Your program stopped: {type(error).__name__}: {error}"


def _first() -> tuple[np.ndarray, int]:
    _, _, images, labels = digits()
    return images[0], int(labels[0])


def _words(params: Mapping[str, np.ndarray]) -> str:
    image, label = _first()
    p = softmax(mlp_forward(image[None] / 16, params)[0])[0]
    return (
        f"[live picture] A pad to draw digits on, and a network that reads them. The first example, a "
        f"{label}, is read as {p.argmax()} with a probability of {p.max():.2f}."
    )


def _still(params: Mapping[str, np.ndarray]) -> tuple[Figure, str]:
    from bplearn.viz import style

    image, label = _first()
    p = softmax(mlp_forward(image[None] / 16, params)[0])[0]
    figure = style.new_figure(
        f"A {label}, read as {p.argmax()}",
        "Left: 8 by 8 pixels that the network never learnt from. Right: how sure it is of each digit.",
        width=700,
        height=330,
    )
    pad, bars = figure.subplots(1, 2)
    pad.imshow(image.reshape(8, 8), cmap="Greys", vmin=0, vmax=16)
    pad.set(xticks=[], yticks=[])
    pad.grid(visible=False)
    bars.barh(range(10), p, color=[style.FORWARD if k == p.argmax() else style.LINE for k in range(10)])
    bars.set(yticks=range(10), xlabel="probability", ylabel="digit", xlim=(0, 1))
    bars.invert_yaxis()
    return figure, _words(params).removeprefix("[live picture] ")
