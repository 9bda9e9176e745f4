"""Live pictures: one widget class for all; what differs is the JavaScript and the state to begin with."""

from __future__ import annotations

import html
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from bplearn.viz.show import emit, in_ipython, png_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

JS = Path(__file__).parent / "js"


def script(*names: str) -> str:
    """Return JavaScript files joined as one module, shared helpers first."""
    return "\n".join((JS / f"{name}.js").read_text(encoding="utf-8") for name in ("common", *names))


class Live(anywidget.AnyWidget):
    """A picture that lives in the browser.

    Its output is one bundle: the widget, a text that is always the same, and further formats. A PNG is among
    them only while solution notebooks are built: drawing one takes time, and a learner would never see it.
    """

    _css = (JS / "picture.css").read_text(encoding="utf-8")
    state = traitlets.Dict().tag(sync=True)
    # What the reader sends: of a quiz the choice, and how many times one was checked; of a pad its image.
    answer = traitlets.List([-1, 0]).tag(sync=True)
    reply = traitlets.Unicode("").tag(sync=True)  # what Python says to it

    def __init__(
        self,
        names: tuple[str, ...],
        state: dict[str, Any],
        text: str,
        *,
        draw: Callable[[], tuple[Figure, str]] | None = None,
        still: str = "",
    ) -> None:
        self._esm = script(*names)
        super().__init__(state=state)
        self._words, self._draw, self._html = text, draw, still

    @property
    def has_figure(self) -> bool:
        """Whether there is a figure to show where the picture cannot live."""
        return self._draw is not None

    def text(self) -> str:
        """Return the text form: what one would conclude from the picture as it begins."""
        return self._words

    def png(self) -> tuple[str, dict[str, Any]]:
        """Return the picture as it begins as base64 PNG, with its size in CSS pixels and its words."""
        from bplearn.viz.style import course_style

        assert self._draw is not None
        with course_style():
            png, width, height = png_of(self._draw()[0])
        return png, {"width": width, "height": height, "alt": self.text()}

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        data, metadata = dict(data), dict(metadata or {})
        data["text/plain"] = self.text()
        if self._html:
            data["text/html"] = self._html
        if self._draw and os.environ.get("BPLEARN_BUILD") == "1":
            data["image/png"], metadata["image/png"] = self.png()
        return data, metadata


def show_live(live: Live) -> None:
    """Display a live picture, then its words as a line of its own; outside IPython print its text.

    The line is for exports and viewers that show the figure alone. Where the picture lives its style sheet
    hides the line: what the picture says there is up to date.
    """
    if not in_ipython():
        print(live.text())
        return
    from IPython.display import display

    display(live)  # type: ignore[no-untyped-call]
    if live.has_figure:
        words = live.text().removeprefix("[live picture] ")
        still = f'<p class="bpl-words"><em>In words:</em> {html.escape(words)}</p>'
        emit({"text/html": still, "text/plain": f"In words: {words}"})
