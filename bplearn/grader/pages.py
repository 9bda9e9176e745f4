"""Pages of HTML that stand alone: feedback for each learner. Whatever comes from a submission is escaped.

A page asks for nothing from elsewhere and runs no script; its own head forbids both.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from functools import cache

from bplearn import exercises, notebooks
from bplearn.grader.results import OVERRIDE, Mark, Submission
from bplearn.report import rich

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #1b1b1b; --ground: #fff; --line: #b8b8b8; --bar: #0072b2 }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #ececec; --ground: #161616; --line: #666; --bar: #56b4e9 }}
}}
body {{ font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground);
  max-width: 60em; margin: 2em auto; padding: 0 1em; overflow-wrap: anywhere }}
h1 {{ font-size: 1.6em; line-height: 1.25 }}
h2 {{ font-size: 1.3em; margin-top: 2em }}
h3 {{ font-size: 1.05em }}
table {{ border-collapse: collapse; margin: 1em 0 }}
caption {{ text-align: left; font-weight: 600; padding: 4px 0 }}
th {{ overflow-wrap: normal }}
th, td {{ text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: break-word }}
td.number, th.number {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }}
code {{ font-family: ui-monospace, monospace; font-size: 92% }}
code.name {{ white-space: nowrap }}
a {{ color: inherit }}
.bar {{ display: inline-block; height: .7em; background: var(--bar); vertical-align: baseline }}
.frame {{ display: inline-block; width: 160px; border: 1px solid var(--line); line-height: .7 }}
.note {{ border-left: 4px solid #b26a00; padding: 4px 14px; margin: 1em 0 }}
.wide {{ overflow-x: auto }}
@media print {{
  body {{ max-width: none; margin: 0 }}
  tr, .card {{ break-inside: avoid }}
  h2, h3 {{ break-after: avoid }}
}}
</style>
</head>
<body>
<main>
"""
_TAIL = "</main>\n</body>\n</html>\n"
_WORDS = {
    "passed": "✓ passed",
    "failed": "✗ not right yet",
    "not_attempted": "○ not attempted",
    "error": "✗ stopped with an error",
    "timeout": "✗ ran out of time",
    "memory": "✗ ran out of memory",
    "died": "✗ ended the program",
}


def page(title: str, body: str) -> bytes:
    """Return a whole page."""
    return (_HEAD.format(title=html.escape(title)) + body + _TAIL).encode("utf-8", "backslashreplace")


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are HTML, a column whose name begins with # holds numbers.

    Where there is no room it scrolls, by keyboard as well.
    """
    kinds = [' class="number"' if name.startswith("#") else "" for name in columns]
    pairs = list(zip(columns, kinds, strict=True))
    head = "".join(f'<th scope="col"{kind}>{html.escape(name.lstrip("#"))}</th>' for name, kind in pairs)
    lines = ["".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(row, kinds, strict=True)) for row in rows]
    body = "".join(f"<tr>{line}</tr>\n" for line in lines)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{html.escape(caption)}">'
        f"<table><caption>{html.escape(caption)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n"
    )


def bar(share: float) -> str:
    """A bar as wide as a share; the number stands beside it, so it says nothing of its own."""
    width = round(100 * min(max(share, 0.0), 1.0))
    return f'<span class="frame" aria-hidden="true"><span class="bar" style="width:{width}%"></span></span>'


@cache
def section_of(exercise: str) -> str:
    """The heading in its lesson under which an exercise stands; "" if there is none."""
    try:
        lesson = exercises.find(exercise).lesson
        path = notebooks.course_folder() / "lessons" / (lesson + notebooks.SUFFIX)
        cells = notebooks.read_notebook(path)["cells"]
    except (LookupError, notebooks.NotebookError):
        return ""
    heading = ""
    for cell in cells:
        if notebooks.of_course(cell).get("exercise") == exercise:
            break
        if cell["cell_type"] == "markdown":
            lines = [line for line in cell["source"].split("\n") if line.startswith("#")]
            heading = lines[-1].lstrip("# ").strip() if lines else heading
    return heading


@cache
def place_of(exercise: str) -> int:
    """The place of an exercise in its lesson."""
    try:
        own = exercises.exercises_of(exercises.find(exercise).lesson)
    except LookupError:
        return len(exercise)
    return [one.name for one in own].index(exercise)


def lesson_title(lesson: str) -> str:
    """The number and title of a lesson."""
    known = lesson in exercises.LESSONS
    return f"{lesson[:2]} · {exercises.title_of(lesson)}" if known else lesson or "No lesson of the course"


# ---- feedback ----


def learner(own: Sequence[Submission], unprotected: bool) -> bytes:
    """The page of one learner: each exercise with the card of the notebook."""
    name = html.escape(own[0].submission)
    lessons = "".join(map(_lesson, own))
    warning = '<p class="note">Graded without a sandbox.</p>' if unprotected else ""
    return page(f"{own[0].submission}: feedback", f"<h1>Feedback for {name}</h1>\n{warning}{lessons}")


def _lesson(one: Submission) -> str:
    head = f"<h2>{rich(lesson_title(one.lesson))}</h2>\n"
    tries = f", the one that counts of {one.attempts}" if one.attempts > 1 else ""
    file = f"<p>Notebook: {html.escape(one.file)}{tries}.</p>\n" if one.file else ""
    if one.status != "graded":
        why = f'<p class="note">This notebook could not be graded: {html.escape(one.detail)}</p>\n'
        return head + file + why
    total = f"<p><strong>{one.points:g} of {one.max_points:g} points.</strong></p>\n"
    marks = sorted(one.marks, key=lambda mark: place_of(mark.exercise))
    rows = [(f"<code>{html.escape(m.exercise)}</code>", _WORDS[m.status], _points(m)) for m in marks]
    cards = "".join(map(_card, marks))
    return head + file + total + table("Exercises", ("exercise", "result", "#points"), rows) + cards


def _points(mark: Mark) -> str:
    return f"{mark.points:g} of {mark.max_points:g}"


def _card(mark: Mark) -> str:
    if mark.report is None:
        return ""
    section = section_of(mark.exercise)
    again = f"<p>To read again: <em>{rich(section)}</em>.</p>" if section and mark.status != "passed" else ""
    changed = ""
    if mark.mistake.startswith(OVERRIDE):
        reason = html.escape(mark.mistake.removeprefix(OVERRIDE))
        changed = f'<p class="note">Set by hand to {_points(mark)} points: {reason}</p>'
    name = f"<h3><code>{html.escape(mark.exercise)}</code></h3>\n"
    return f'<section class="card">\n{name}{mark.report.html()}{changed}{again}</section>\n'
