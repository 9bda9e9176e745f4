"""Multiple choice in a notebook: native radios in the browser, a still form where there are no widgets."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from string import ascii_uppercase

from bplearn.viz.show import emit, in_ipython


def show_quiz(
    question: str,
    choices: Sequence[tuple[str, str, bool]],
    answered: Callable[[int], None],
    name: str,
) -> None:
    """Show a question; call ``answered`` with the number of the choice each time one is checked.

    Parameters
    ----------
    question : str
        Text in which only backticks and double stars mean anything.
    choices : sequence of (text, explanation, right)
    answered : function of one int
    name : str
        The quiz's name, as in ``quiz("01-which-way")``.
    """
    text, still = quiz_text(question, choices), quiz_html(question, choices)
    if not in_ipython():
        emit({"text/plain": text})
        return
    from bplearn.viz.live import Live, show_live

    listed = [{"text": said, "explanation": why, "right": right} for said, why, right in choices]
    live = Live(("quiz",), {"name": name, "question": question, "choices": listed}, text, still=still)
    live.observe(lambda change: answered(int(change["new"][0])), names="answer")
    show_live(live)


def quiz_text(question: str, choices: Sequence[tuple[str, str, bool]]) -> str:
    """Return the question and its lettered choices as plain text."""
    lines = [
        f"   {letter}. {_plain(said)}" for letter, (said, _, _) in zip(ascii_uppercase, choices, strict=False)
    ]
    return "\n".join([f"Question: {_plain(question)}", *lines])


def quiz_html(question: str, choices: Sequence[tuple[str, str, bool]]) -> str:
    """Return question, choices and folded explanations as HTML that untrusted notebooks keep."""
    lettered = list(zip(ascii_uppercase, choices, strict=False))
    asked = "".join(f"<p>{letter}. {_rich(said)}</p>" for letter, (said, _, _) in lettered)
    told = "".join(
        f"<p><strong>{letter}. {'✓ right' if right else '✗ not this one'}.</strong> {_rich(why)}</p>"
        for letter, (_, why, right) in lettered
    )
    return (
        '<div style="border-left:4px solid #808080;padding:2px 12px">'
        f"<p><strong>Question:</strong> {_rich(question)}</p>"
        f"{asked}<details><summary>Answers, each with its reason</summary>{told}</details></div>"
    )


def _rich(text: str) -> str:
    """Backticks become code, two stars bold, one star stressed; in code stars are stars."""
    parts = re.split(r"`([^`]+)`", html.escape(text))
    return "".join(f"<code>{part}</code>" if i % 2 else _stressed(part) for i, part in enumerate(parts))


def _stressed(text: str) -> str:
    bold = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"(?<![\w*])\*(\w(?:[^*]*\w)?)\*(?![\w*])", r"<em>\1</em>", bold)


def _plain(text: str) -> str:
    return re.sub(r"`([^`]+)`|\*\*([^*]+)\*\*", r"\1\2", text)
