"""The way of a learner through the course: points lesson by lesson, as text and as a figure in HTML."""

from __future__ import annotations

import html
from collections import Counter
from typing import NamedTuple

from bplearn import exercises
from bplearn.record import Record

_BAR = 120  # CSS pixels for a whole lesson
_BLOCKS = 10  # of a bar made of signs
_MANY = 3  # checks of one exercise from which on it counts as hard


class Stage(NamedTuple):
    """One lesson: a sign for each exercise, points reached and points there are."""

    lesson: str
    signs: str
    got: float
    most: float


def stages(record: Record) -> list[Stage]:
    """Return all lessons with what was reached in them."""
    best, passed = record.best_points(), record.passed()
    return [_stage(lesson, best, passed) for lesson in exercises.LESSONS]


def _stage(lesson: str, best: dict[str, float], passed: set[str]) -> Stage:
    own = exercises.exercises_of(lesson)
    signs = "".join("✓" if e.name in passed else "◐" if e.name in best else "○" for e in own)
    points = sum(min(best.get(e.name, 0.0), e.points) for e in own)
    return Stage(lesson, signs, points, sum(e.points for e in own))


def hardest(record: Record, count: int = 3) -> list[tuple[str, int]]:
    """Return the exercises that took the most checks until they passed, with the number of checks."""
    known = {exercise.name for exercise in exercises.all_exercises()}
    tries: Counter[str] = Counter()
    done: set[str] = set()
    for name, status in record.statuses():
        if name in known and name not in done and status != "not_attempted":
            tries[name] += 1
        if status == "passed":
            done.add(name)
    return [(name, number) for name, number in tries.most_common(count) if number >= _MANY]


def in_words(record: Record) -> str:
    """Return the way as text: a line for each lesson, then the whole."""
    rows = [
        f"{s.lesson:<22} {bar(s.got, s.most)}  {s.signs:<10} {s.got:g} of {s.most:g} points"
        for s in stages(record)
    ]
    return "\n".join([*rows, *summary(record)])


def bar(got: float, most: float) -> str:
    """Return a bar of ten blocks; it is empty only at nothing and full only at all there is."""
    if got <= 0 or most <= 0:
        full = 0
    else:
        full = _BLOCKS if got >= most else min(max(round(_BLOCKS * got / most), 1), _BLOCKS - 1)
    return "▰" * full + "▱" * (_BLOCKS - full)


def as_html(record: Record) -> str:
    """Return the way as a table with a bar for each lesson, then the whole."""
    rows = "".join(map(_row, stages(record)))
    last = "".join(f"<div>{html.escape(line)}</div>" for line in summary(record))
    return f"<table>{rows}</table>{last}"


def _row(stage: Stage) -> str:
    full = round(_BAR * stage.got / stage.most) if stage.most else 0
    bar = (
        f'<div style="width:{_BAR}px;height:0.7em;border:1px solid currentColor;border-radius:3px">'
        f'<div style="width:{full}px;height:100%;background:#0072B2"></div></div>'
    )
    left = 'style="text-align:left"'
    return (
        f"<tr><td {left}>{html.escape(stage.lesson)}</td>"
        f'<td style="text-align:left;letter-spacing:4px">{stage.signs}</td>'
        f"<td {left}>{bar}</td>"
        f'<td style="text-align:left;white-space:nowrap">{stage.got:g} of {stage.most:g} points</td></tr>'
    )


def summary(record: Record) -> list[str]:
    """Return the whole in a line or two: exercises, points, quizzes, and what took the most tries."""
    found = stages(record)
    done = sum(stage.signs.count("✓") for stage in found)
    points, total = sum(stage.got for stage in found), sum(stage.most for stage in found)
    quizzes = sum(len(exercises.quizzes_of(lesson)) for lesson in exercises.LESSONS)
    lines = [
        f"{done} of {len(exercises.all_exercises())} exercises passed, {points:g} of {total:g} points, "
        f"{len(record.quizzes())} of {quizzes} quizzes answered. ✓ passed, ◐ begun, ○ ahead."
    ]
    tries = ", ".join(f"{name} ({number} checks)" for name, number in hardest(record))
    return [*lines, *[f"What took the most tries: {tries}."] * bool(tries)]
