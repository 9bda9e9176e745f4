"""Put things before the learner's eyes: rich in a notebook, text in plain Python."""

from __future__ import annotations

import base64
import functools
import html
import io
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CSS_DPI = 96  # CSS pixels to the inch
SHARPNESS = 2  # pixels stored for each CSS pixel

P = ParamSpec("P")


def emit(data: dict[str, str], metadata: dict[str, Any] | None = None) -> None:
    """Display a bundle of formats as it is; outside IPython print its ``text/plain``."""
    if in_ipython():
        from IPython.display import display

        display(data, raw=True, metadata=metadata or {})  # type: ignore[no-untyped-call]
    else:
        print(data["text/plain"])


def in_ipython() -> bool:
    """Return whether someone is there to display things; never imports IPython to find out."""
    return "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None


def picture(draw: Callable[P, tuple[Figure, str]]) -> Callable[P, None]:
    """Turn a function that returns a figure and its text into one that shows both."""

    @functools.wraps(draw)
    def show(*args: P.args, **kwargs: P.kwargs) -> None:
        from bplearn.viz.style import course_style

        with course_style():
            show_figure(*draw(*args, **kwargs))

    return show


def show_figure(figure: Figure, text: str) -> None:
    """Display a figure, then what one would conclude from it as a line of its own.

    The line is there for everyone who cannot see the figure: JupyterLab gives PNG outputs no ``alt``.
    """
    if in_ipython():
        png, width, height = png_of(figure)
        size = {"width": width, "height": height, "alt": text}
        emit({"image/png": png, "text/plain": _title_of(figure)}, {"image/png": size})
    else:
        print(_title_of(figure))
    emit({"text/html": f"<p><em>In words:</em> {html.escape(text)}</p>", "text/plain": f"In words: {text}"})


def png_of(figure: Figure) -> tuple[str, int, int]:
    """Return a figure as base64 PNG, with the width and height in CSS pixels at which it is to be shown.

    256 colours are plenty for lines on white and make notebooks three times smaller.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    figure.set_dpi(CSS_DPI * SHARPNESS)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    few = drawn.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # White, not nearly white: the palette is made of means.
    colours, ground = few.getpalette() or [], few.getpixel((0, 0))
    few.putpalette([255 if k // 3 == ground else colour for k, colour in enumerate(colours)])
    buffer = io.BytesIO()
    few.save(buffer, "png")
    width, height = figure.get_size_inches() * CSS_DPI
    return base64.b64encode(buffer.getvalue()).decode(), round(width), round(height)


def _title_of(figure: Figure) -> str:
    return f"[figure] {figure.get_suptitle()}"
