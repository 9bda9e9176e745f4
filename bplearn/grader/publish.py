"""Write tables and pages from the store: all that an instructor looks at, and what goes to platforms."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from bplearn.grader import tables
from bplearn.grader.results import Overrides, Roster, Submission, read_overrides, submissions, unmatched
from bplearn.grader.store import Store
from bplearn.version import __version__

MAIN = ("grades.csv", "summary.csv", "timings.csv", "errors.csv", "class.html")


class Told(NamedTuple):
    """What is said at the end of a run."""

    statuses: dict[str, int]
    learners: int
    lines: tuple[str, ...]


def publish(store: Store, settings: Mapping[str, Any], tell: Callable[[int, int], None]) -> Told:
    """Write all tables and pages, if anything has changed since they were written.

    Parameters
    ----------
    store : Store
    settings : mapping
        ``attempt``, ``formats``, ``overrides`` and ``roster`` (paths or ""), and what the class was graded
        with.
    tell : callable
        Is told how many pages are written, of how many.

    Raises
    ------
    NotebookError
        One line: a table of the instructor's makes no sense, or something cannot be written.
    """
    stamp = _stamp(store, settings)
    kept = store.fact("published")
    if kept and json.loads(kept)["stamp"] == stamp and all((store.folder / name).is_file() for name in MAIN):
        return Told(**json.loads(kept)["told"] | {"lines": tuple(json.loads(kept)["told"]["lines"])})
    told = _write(store, settings, tell)
    store.keep_fact("published", json.dumps({"stamp": stamp, "told": told._asdict()}))
    return told


def _stamp(store: Store, settings: Mapping[str, Any]) -> str:
    parts = [store.fact("revision"), __version__, json.dumps(dict(settings), sort_keys=True)]
    for name in ("overrides", "roster"):
        path = Path(settings.get(name) or "-")
        parts.append(hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _write(store: Store, settings: Mapping[str, Any], tell: Callable[[int, int], None]) -> Told:
    overrides: Overrides = read_overrides(Path(settings["overrides"])) if settings.get("overrides") else {}
    roster = Roster.read(Path(settings["roster"])) if settings.get("roster") else None
    found = submissions(store.rows(), str(settings.get("attempt", "last")), overrides)
    lines = [*unmatched(overrides, found), *(roster.strangers(found) if roster else ())]
    changed = store.changes()
    if changed:
        lines.append(f"{len(changed)} marks were changed by another version of the course: see changes.csv")
    _tables(store, settings, found, roster, lines)
    _pages(store.folder, settings, found, lines, tell)
    statuses = Counter(one.status for one in found)
    return Told(dict(statuses), len({one.submission for one in found}), tuple(lines))


def _tables(
    store: Store,
    settings: Mapping[str, Any],
    found: Sequence[Submission],
    roster: Roster | None,
    lines: Sequence[str],
) -> None:
    files = {
        "grades.csv": tables.grades(found),
        "summary.csv": tables.summary(found),
        "timings.csv": tables.timings(store.rows()),
        "errors.csv": tables.errors(store.rows(), lines),
    }
    changed = store.changes()
    if changed:
        files["changes.csv"] = tables.changes(changed)
    for name in settings.get("formats", ()):
        files |= tables.OTHERS[name](found, roster) if name in tables.OTHERS else {}
    for name, content in files.items():
        tables.write(store.folder / name, content)


def _pages(
    folder: Path,
    settings: Mapping[str, Any],
    found: Sequence[Submission],
    lines: Sequence[str],
    tell: Callable[[int, int], None],
) -> None:
    from bplearn.grader import classpage, pages

    tables.write(folder / "class.html", classpage.class_page(found, settings, lines))
    own = [list(group) for _, group in groupby(found, key=lambda one: one.submission)]
    for number, each in enumerate(own, 1):
        name = tables.file_name(each[0].submission)
        tables.write(
            folder / "learners" / f"{name}.html", pages.learner(each, settings.get("sandbox") == "none")
        )
        tell(number, len(own))
