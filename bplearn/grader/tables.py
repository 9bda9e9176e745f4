"""The tables of a class: marks, sums, times, errors; and the same as platforms want to import it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bplearn.grader.results import Roster, Submission
from bplearn.grader.store import Row
from bplearn.notebooks import text_hash, write_bytes

GRADES = ("submission", "lesson", "exercise", "status", "points", "max_points", "mistake")
SUMMARY = ("submission", "lesson", "points", "max_points", "status")
TIMINGS = ("submission", "file", "lesson", "seconds", "cpu_seconds", "peak_mb")
ERRORS = ("submission", "file", "lesson", "status", "detail")
CHANGES = ("submission", "lesson", "exercise", "points_before", "points", "version_before", "version")
_WIDE = ("\uff1d", "\uff0b", "\uff0d", "\uff20")  # the same signs, as wide as Chinese ones
_FORMULA = ("=", "+", "-", "@", "\t", "\r", *_WIDE)
_AFTER_SEMICOLON = re.compile(
    r";(?=[=+\-@" + "".join(_WIDE) + "])"
)  # where a spreadsheet separates by semicolons

Line = Sequence[Any]


def table(columns: Sequence[str], lines: Iterable[Line]) -> bytes:
    """Lay out a table as CSV; no cell of it is a formula to a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8", "backslashreplace")


def harmless(cell: Any) -> str:
    """A cell as text; what a spreadsheet would calculate gets an apostrophe before it."""
    text = f"{cell:g}" if isinstance(cell, float) else str(cell)
    if isinstance(cell, (int, float)) or text == "-":
        return text
    text = ("'" if text.startswith(_FORMULA) else "") + _AFTER_SEMICOLON.sub(";'", text)
    return "".join(c if c.isprintable() or c in "\n" else " " for c in text)


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, unless it holds this already."""
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, content)


# ---- our own ----


def grades(found: Iterable[Submission]) -> bytes:
    """One line for each exercise of each learner."""
    return table(GRADES, (mark[:7] for one in found for mark in one.marks))


def summary(found: Iterable[Submission]) -> bytes:
    """One line for each learner and lesson."""
    return table(SUMMARY, ((o.submission, o.lesson, o.points, o.max_points, o.status) for o in found))


def timings(rows: Iterable[Row]) -> bytes:
    """What each notebook took: seconds on the wall and of the processor, and memory beyond an empty one."""
    lines = ((r.submission, r.file, r.lesson, r.wall, r.cpu, round(r.memory / 1024**2, 1)) for r in rows)
    return table(TIMINGS, lines)


def errors(rows: Iterable[Row], more: Iterable[str]) -> bytes:
    """What could not be graded, or only in part, and why; then what concerns the class."""
    own = [
        (r.submission, r.file, r.lesson, r.status, r.detail) for r in rows if r.detail or r.status != "graded"
    ]
    return table(ERRORS, [*own, *(("", "", "", "class", line) for line in more)])


def changes(lines: Iterable[Line]) -> bytes:
    """Marks that a new version of the course has changed."""
    return table(CHANGES, lines)


# ---- for others ----


def as_json(found: Iterable[Submission]) -> bytes:
    """Everything, for programs."""
    body = [
        {"submission": one.submission, "lesson": one.lesson, "status": one.status, "detail": one.detail}
        | {"file": one.file, "attempts": one.attempts, "points": one.points, "max_points": one.max_points}
        | {"exercises": [_as_dict(mark) for mark in one.marks]}
        for one in found
    ]
    return (json.dumps({"version": 1, "submissions": body}, indent=1) + "\n").encode()


def _as_dict(mark: Any) -> dict[str, Any]:
    report = mark.report.to_dict() if mark.report else None
    plain = dict(zip(GRADES[2:], mark[2:7], strict=True))
    return plain | {"findings": report["findings"] if report else []}


def canvas(found: Sequence[Submission], roster: Roster | None) -> dict[str, bytes]:
    """Canvas: what its gradebook imports. The columns before the marks say whose they are."""
    ids = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    lessons = list(dict.fromkeys(one.lesson for one in sorted(found, key=lambda o: o.lesson) if one.lesson))
    most = {one.lesson: one.max_points for one in found}
    lines: list[Line] = [["    Points Possible", "", "", "", "", *(most[lesson] for lesson in lessons)]]
    for name, own in _by_learner(found):
        known = _known(roster, name, {"ID": name, "Student": name})
        points = {one.lesson: one.points for one in own}
        lines.append(
            [*(known.get(column, "") for column in ids), *(points.get(each, "") for each in lessons)]
        )
    return {"canvas.csv": table((*ids, *lessons), lines)}


def moodle(found: Sequence[Submission], roster: Roster | None) -> dict[str, bytes]:
    """Moodle: the grading worksheet of an assignment, one for each lesson, with the findings as feedback."""
    columns = (
        *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade"),
        *("Grade can be changed", "Last modified (submission)", "Last modified (grade)", "Feedback comments"),
    )
    files = {}
    for lesson in sorted({one.lesson for one in found if one.lesson}):
        lines = [_worksheet_line(one, roster) for one in found if one.lesson == lesson]
        files[f"moodle_{lesson}.csv"] = table(columns, lines)
    return files


def _worksheet_line(one: Submission, roster: Roster | None) -> Line:
    known = _known(roster, one.submission, {"Full name": one.submission})
    identifier = known.get("Identifier") or f"Participant {one.submission}"
    who = (identifier, known.get("Full name", ""), known.get("Email address", ""))
    words = "; ".join(f"{m.exercise}: {m.points:g} of {m.max_points:g}" for m in one.marks)
    return (*who, "Submitted for grading", one.points, one.max_points, "Yes", "-", "-", words)


def gradescope(found: Sequence[Submission], roster: Roster | None) -> dict[str, bytes]:
    """Gradescope: the ``results.json`` of an autograder, one for each learner and lesson."""
    return {f"gradescope/{one.lesson}/{file_name(one.submission)}.json": _results(one) for one in found}


def _results(one: Submission) -> bytes:
    tests = [
        {"name": mark.exercise, "score": mark.points, "max_score": mark.max_points}
        | {"status": "passed" if mark.status == "passed" else "failed"}
        | {"output": mark.report.text() if mark.report else one.detail, "visibility": "visible"}
        for mark in one.marks
    ]
    body = {"score": one.points, "output": one.detail, "visibility": "visible", "tests": tests}
    return (json.dumps(body, indent=1) + "\n").encode()


OTHERS: dict[str, Callable[[Sequence[Submission], Roster | None], dict[str, bytes]]] = {
    "canvas": canvas,
    "moodle": moodle,
    "gradescope": gradescope,
    "json": lambda found, roster: {"grades.json": as_json(found)},
}


def _by_learner(found: Iterable[Submission]) -> list[tuple[str, list[Submission]]]:
    own: dict[str, list[Submission]] = {}
    for one in found:
        own.setdefault(one.submission, []).append(one)
    return list(own.items())


def _known(roster: Roster | None, name: str, otherwise: dict[str, str]) -> dict[str, str]:
    known = roster.rows.get(name, {}) if roster else {}
    return otherwise | {column: value for column, value in known.items() if value}


def file_name(name: str) -> str:
    """A name that is safe as a file's on every system, and other names give others."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_.@+ ") else f"%{ord(c):02X}" for c in name)
    if safe.startswith((".", " ")) or safe.endswith((".", " ")):
        safe = safe.replace(".", "%2E").replace(" ", "%20")
    return safe if 0 < len(safe) <= 120 else f"{safe[:80]}%{text_hash(name)}"
