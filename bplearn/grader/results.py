"""What a class has reached: marks put together from the store, the instructor's overrides and the roster."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from bplearn import exercises
from bplearn.grader.store import Row
from bplearn.notebooks import NotebookError
from bplearn.report import Report

OVERRIDE = "override: "
_MOST_POINTS = 1e6
_MOST_TABLE = 50 * 1024**2  # bytes of a table that an instructor hands in


class Mark(NamedTuple):
    """One exercise of one learner."""

    submission: str
    lesson: str
    exercise: str
    status: str
    points: float
    max_points: float
    mistake: str
    report: Report | None = None


class Submission(NamedTuple):
    """One learner's notebook of one lesson: the attempt that counts, and its marks."""

    submission: str
    lesson: str
    status: str
    detail: str
    file: str
    marks: tuple[Mark, ...]
    attempts: int

    @property
    def points(self) -> float:
        """Points of all its exercises."""
        return round(sum(mark.points for mark in self.marks), 2)

    @property
    def max_points(self) -> float:
        """Points that there are."""
        return round(sum(mark.max_points for mark in self.marks), 2)


class Override(NamedTuple):
    """A mark that the instructor has set by hand."""

    points: float
    reason: str


Overrides = dict[tuple[str, str, str], Override]


def submissions(rows: Iterable[Row], attempt: str, overrides: Overrides) -> list[Submission]:
    """Choose the attempt that counts of each learner and lesson, and put its marks together.

    Parameters
    ----------
    rows : iterable of Row
        Sorted by submission.
    attempt : {"last", "best"}
    overrides : dict
    """
    found = [
        _chosen(list(own), attempt, overrides) for _, own in groupby(rows, key=lambda row: row.submission)
    ]
    return sorted((one for own in found for one in own), key=lambda one: (one.submission, one.lesson))


def _chosen(rows: Sequence[Row], attempt: str, overrides: Overrides) -> Iterator[Submission]:
    """Give one result for each lesson; a notebook that is no good counts only where there is no other."""
    of_course = {row.lesson for row in rows if row.lesson and row.status != "wrong_lesson"}
    for lesson in sorted(of_course or {row.lesson for row in rows}):
        own = [row for row in rows if row.lesson == lesson]
        good = [row for row in own if row.status == "graded"] or own
        best = max(good, key=lambda row: (sum(row.points().values()) if attempt == "best" else 0, row.place))
        marks = tuple(_overridden(mark, overrides) for mark in _marks(best))
        yield Submission(best.submission, lesson, best.status, best.detail, best.file, marks, len(own))


def _marks(row: Row) -> list[Mark]:
    """The marks of a notebook; one that could not be graded has reached nothing in its lesson."""
    reports = [Report.from_dict(one) for one in json.loads(row.reports)]
    if reports:
        found = {report.exercise: report for report in reports}
        return [
            Mark(row.submission, row.lesson, name, r.status, r.points, r.max_points, r.mistakes, r)
            for name, r in sorted(found.items())
        ]
    own = exercises.exercises_of(row.lesson) if row.lesson in exercises.LESSONS else ()
    empty = [
        Mark(row.submission, row.lesson, e.name, "not_attempted", 0.0, float(e.points), "")
        for e in sorted(own, key=lambda e: e.name)
    ]
    return empty or [Mark(row.submission, row.lesson, "", "not_attempted", 0.0, 0.0, "")]


def _overridden(mark: Mark, overrides: Overrides) -> Mark:
    found = overrides.get(mark[:3])
    if found is None:
        return mark
    return mark._replace(points=found.points, mistake=OVERRIDE + found.reason)


# ---- what an instructor hands in ----


def read_overrides(path: Path) -> Overrides:
    """Read overrides; {} if there are none.

    Raises
    ------
    NotebookError
        One line: where something in it makes no sense.
    """
    if not path.exists():
        return {}
    rows = read_table(path, ("submission", "lesson", "exercise", "points", "reason"))
    return dict(_override(path, number, row) for number, row in enumerate(rows, 2))


def _override(path: Path, number: int, row: dict[str, str]) -> tuple[tuple[str, str, str], Override]:
    try:
        points = float(row["points"])
    except ValueError:
        points = math.nan
    if not 0 <= points <= _MOST_POINTS:  # nan is not, either
        raise NotebookError(f"{path}, line {number}: {row['points']!r} is no number of points.")
    return (row["submission"], row["lesson"], row["exercise"]), Override(points, row["reason"])


def unmatched(overrides: Overrides, found: Iterable[Submission]) -> list[str]:
    """Say which overrides are for nobody."""
    known = {mark[:3] for one in found for mark in one.marks}
    return [f"no mark for the override of {' / '.join(key)}" for key in sorted(set(overrides) - known)]


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a table with a head line; NotebookError if it lacks one of these columns."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_TABLE).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        names = csv.DictReader(io.StringIO(text, newline="")).fieldnames or []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NotebookError(f"{path} cannot be read as a table ({error}). Save it as CSV in UTF-8.") from None
    missing = [name for name in columns if name not in names]
    if missing:
        raise NotebookError(f"{path} has no column {' and no '.join(missing)}; it has {', '.join(names)}.")
    return [{str(k): str(v or "").strip() for k, v in row.items() if k is not None} for row in rows]


class Roster(NamedTuple):
    """Who is in the class: for each submission id what the platform knows of the learner."""

    rows: dict[str, dict[str, str]]

    @classmethod
    def read(cls, path: Path) -> Roster:
        """Read a roster; without a column `submission` the platform's own id is taken for it."""
        rows = read_table(path, ())
        key = next((name for name in ("submission", "ID", "Identifier") if rows and name in rows[0]), "")
        if not key:
            raise NotebookError(f"{path} has no column submission: it says who handed in what.")
        named = ((row[key].removeprefix("Participant ").strip(), row) for row in rows)
        return cls({name: row for name, row in named if name and name != "Points Possible"})

    def strangers(self, found: Iterable[Submission]) -> list[str]:
        """Say who handed in and is not in the roster, and who is in it and handed nothing in."""
        names = {one.submission for one in found}
        unknown = [f"{name}: handed in, but is not in the roster" for name in sorted(names - set(self.rows))]
        return unknown + [
            f"{name}: in the roster, but handed nothing in" for name in sorted(set(self.rows) - names)
        ]
