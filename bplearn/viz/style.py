"""One look for every figure of the course.

Three colours keep one meaning throughout (Okabe and Ito's palette, which colour-blind readers tell apart):
values that run forward, gradients that run backward, and the target. A second sign always goes with them:
forward is solid and points right, backward is dashed and points left, the target is dotted with a diamond.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

FORWARD = "#0072B2"
BACKWARD = "#D55E00"
TARGET = "#009E73"
# The same hues, dark enough for small text on white (4.5 : 1).
FORWARD_TEXT = "#005F96"
BACKWARD_TEXT = "#A84600"
TARGET_TEXT = "#00694C"
# Further series and marks without a meaning of their own.
SERIES = ("#0072B2", "#CC79A7", "#E69F00", "#56B4E9", "#555555")
DASHES = ("-", (0, (6, 2)), (0, (2, 1.5)), "-.", (0, (1, 1.5)))
# Signs that a linter would take for letters.
MINUS, TIMES, SIGMA = "\u2212", "\u00d7", "\u03c3"
TITLE = 12.5  # points
INK = "#1f2328"
QUIET = "#59636e"
LINE = "#9aa4ae"
PALE = "#eef1f4"

_RC: Any = {
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "font.family": "DejaVu Sans",  # ships with matplotlib: the same everywhere
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": LINE,
    "axes.linewidth": 1.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": PALE,
    "grid.linewidth": 1.0,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": QUIET,
    "ytick.labelcolor": QUIET,
    "lines.linewidth": 2.4,
    "lines.solid_capstyle": "round",
    "axes.unicode_minus": True,
}


@contextmanager
def course_style() -> Iterator[None]:
    """Draw in the style of the course, whatever the reader's own matplotlib settings are."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_RC)
        yield


def new_figure(title: str, caption: str, *, width: float = 640, height: float = 360) -> Figure:
    """Return an empty figure; the title is the answer, the caption says where to look first.

    Sizes are CSS pixels.
    """
    figure = Figure(figsize=(width / 96, height / 96), layout="constrained")
    engine: Any = figure.get_layout_engine()
    engine.set(w_pad=0.08, h_pad=0.07)
    title = _begun_large(title)
    size = _fitting(title, width - 24)
    figure.suptitle(title, x=0.012, ha="left", fontsize=size, fontweight="bold", color=INK)
    figure.supxlabel(caption, x=0.012, ha="left", fontsize=9.5, color=QUIET)
    return figure


def _begun_large(title: str) -> str:
    """Begin a title with a capital letter, unless a name of one or two letters begins it: w is not W."""
    first = title.split()[0].rstrip(":,")
    a_word = first.isalpha() and (len(first) > 2 or first in ("as", "by", "in", "no", "on"))
    return title[0].upper() + title[1:] if a_word else title


def _fitting(title: str, width: float) -> float:
    """Return the size of letters, in points, with which a title is not wider than so many CSS pixels."""
    bold = FontProperties(family="DejaVu Sans", weight="bold")
    wide = TextPath((0, 0), title, size=TITLE, prop=bold).get_extents().width * 96 / 72
    return TITLE * min(1.0, width / wide)


def bare(ax: Axes) -> Axes:
    """Take away axes, ticks and grid: a ground for a drawing."""
    ax.set_axis_off()
    ax.set_aspect("equal")
    return ax


def number(value: float, digits: int = 4) -> str:
    """Return a number as text for a figure, with a true minus sign; tiny ones in powers of ten."""
    value = float(value)
    text = f"{value:.1e}" if 0 < abs(value) < 0.5 * 10**-digits else f"{value:.{digits}f}"
    return text.replace("-", MINUS)


def short(value: float) -> str:
    """Return a given number as briefly as it can be said, with a true minus sign."""
    return f"{value:g}".replace("-", MINUS)


def signed(value: float, digits: int = 3) -> str:
    """Like `number`, with a plus sign before positive ones."""
    return ("+" if value > 0 else "") + number(value, digits)


def halo() -> list[Any]:
    """Return a white rim for text that may lie on a line."""
    from matplotlib import patheffects

    return [patheffects.withStroke(linewidth=3, foreground="white")]
