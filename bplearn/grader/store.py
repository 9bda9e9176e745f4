"""The truth about a class: one row for each notebook that was handed in, in SQLite.

Every row is written whole or not at all, and a row that is there is never lost: a damaged file is set aside.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bplearn.grader.marking import Marked, Settings
from bplearn.grader.submissions import printable
from bplearn.notebooks import NotebookError, write_bytes

_MOST_DETAIL = 600  # characters of what is said on a notebook
FILE, SETTINGS, LOCK = "grades.sqlite", "settings.json", ".lock"
_TABLES = """
CREATE TABLE IF NOT EXISTS notebooks (
    source TEXT, submission TEXT, file TEXT, place INTEGER, digest TEXT, terms TEXT, present INTEGER,
    lesson TEXT, status TEXT, detail TEXT, reports TEXT, cpu REAL, wall REAL, memory INTEGER,
    PRIMARY KEY (source, submission, file));
CREATE TABLE IF NOT EXISTS changes (
    submission TEXT, lesson TEXT, exercise TEXT, before REAL, after REAL, version_before TEXT, version TEXT,
    PRIMARY KEY (submission, lesson, exercise, version));
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT);
"""


class Row(NamedTuple):
    """One notebook and what became of it."""

    source: str
    submission: str
    file: str
    place: int  # among the attempts of a learner
    digest: str
    terms: str
    present: int
    lesson: str
    status: str
    detail: str
    reports: str  # JSON
    cpu: float
    wall: float
    memory: int

    @classmethod
    def of(cls, where: tuple[str, str, str], place: int, digest: str, terms: str, marked: Marked) -> Row:
        """Make a row of what the marking brought."""
        detail = printable(marked.detail, _MOST_DETAIL)
        told = (marked.lesson, marked.status, detail, json.dumps(marked.reports))
        return cls(*where, place, digest, terms, 1, *told, marked.cpu, marked.wall, marked.memory)

    def points(self) -> dict[str, float]:
        """Points by exercise."""
        return {report["exercise"]: report["points"] for report in json.loads(self.reports)}


def terms_of(settings: Settings) -> str:
    """The settings as text: equal text, equal marks."""
    return json.dumps(settings._asdict())


class Store:
    """The folder that a class is graded into. Only one may have it open to write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trouble = ""  # one line, if something had to be set aside
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(folder)
            self._base = self._opened()
        except (OSError, sqlite3.OperationalError) as error:
            raise NotebookError(
                f"{folder} cannot be written to ({_reason(error)}); nothing was changed."
            ) from None

    def close(self) -> None:
        """Let others have it."""
        self._base.close()
        os.close(self._lock)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- settings ----

    def settings(self) -> dict[str, Any]:
        """What an earlier run has left here; {} if it is the first."""
        with contextlib.suppress(OSError, ValueError):
            found = json.loads((self.folder / SETTINGS).read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else {}
        return {}

    def keep_settings(self, settings: Mapping[str, Any]) -> None:
        """Keep them beside the marks: if these were ever lost, the same seed gives the same ones."""
        if self.settings() != settings:
            write_bytes(
                self.folder / SETTINGS, (json.dumps(settings, indent=1, sort_keys=True) + "\n").encode()
            )

    # ---- notebooks ----

    def known(self, source: str) -> dict[tuple[str, str], tuple[str, str, int]]:
        """Digest, terms and place of what is already marked, by submission and file.

        What has crashed is tried again: it may have been the machine's fault.
        """
        lines = self._all(
            "SELECT submission, file, digest, terms, place FROM notebooks "
            "WHERE source = ? AND status != 'crashed'",
            source,
        )
        return {
            (submission, file): (digest, terms, place) for submission, file, digest, terms, place in lines
        }

    def put(self, rows: list[Row]) -> None:
        """Write rows, and what they change of marks that another version of the course gave."""
        with self._saving():
            for row in rows:
                self._base.executemany(
                    "INSERT OR REPLACE INTO changes VALUES (?,?,?,?,?,?,?)", self._changes(row)
                )
                self._base.execute(
                    f"INSERT OR REPLACE INTO notebooks VALUES ({','.join('?' * len(row))})", row
                )
            self._renew()

    def place(self, source: str, present: Mapping[tuple[str, str], int]) -> int:
        """Note which notebooks are there and in which order; return how many no longer are."""
        lines = self._all("SELECT submission, file, place, present FROM notebooks WHERE source = ?", source)
        now = {(submission, file): (place, here) for submission, file, place, here in lines}
        due = {who: (present[who], 1) if who in present else (place, 0) for who, (place, _) in now.items()}
        moved = [(*due[who], source, *who) for who in now if due[who] != now[who]]
        if moved:
            with self._saving():
                self._base.executemany(
                    "UPDATE notebooks SET place = ?, present = ? "
                    "WHERE source = ? AND submission = ? AND file = ?",
                    moved,
                )
                self._renew()
        return sum(not here for _, here in due.values())

    # ---- what was made of it ----

    def fact(self, name: str) -> str:
        """A fact that was kept; "" if it was not."""
        found = self._all("SELECT value FROM facts WHERE name = ?", name)
        return str(found[0][0]) if found else ""

    def keep_fact(self, name: str, value: str) -> None:
        """Keep a fact."""
        with self._saving():
            self._base.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def _renew(self) -> None:
        """Give the content a new name, so that what was made of the old one is known to be old."""
        self._base.execute("INSERT OR REPLACE INTO facts VALUES ('revision', ?)", (os.urandom(8).hex(),))

    def rows(self) -> Iterator[Row]:
        """All notebooks that are present, by submission, lesson and place."""
        order = "ORDER BY submission, lesson, place, source, file"
        for line in self._base.execute(f"SELECT * FROM notebooks WHERE present {order}"):
            yield Row(*line)

    def changes(self) -> list[tuple[Any, ...]]:
        """Marks that a new version of the course has changed."""
        return self._all("SELECT * FROM changes ORDER BY submission, lesson, exercise, version")

    def _changes(self, row: Row) -> Iterator[tuple[Any, ...]]:
        where = "source = ? AND submission = ? AND file = ? AND digest = ?"
        old = self._all(f"SELECT * FROM notebooks WHERE {where}", *row[:3], row.digest)
        if not old:
            return
        before = Row(*old[0])
        versions = json.loads(before.terms)["version"], json.loads(row.terms)["version"]
        earlier, now = before.points(), row.points()
        for exercise in sorted({*earlier, *now}):
            pair = earlier.get(exercise, 0.0), now.get(exercise, 0.0)
            if versions[0] != versions[1] and pair[0] != pair[1]:
                yield row.submission, row.lesson, exercise, *pair, *versions

    # ---- the file ----

    def _opened(self) -> sqlite3.Connection:
        file = self.folder / FILE
        try:
            return _connected(file)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            aside = [_set_aside(path) for path in (file, self.folder / "grades.csv") if path.exists()]
            kept = " and ".join(path.name for path in aside)
            self.trouble = f"{FILE} is damaged ({error}). It is kept as {kept}; all is marked again."
            return _connected(file)

    @contextlib.contextmanager
    def _saving(self) -> Iterator[None]:
        try:
            with self._base:
                yield
        except sqlite3.DatabaseError as error:
            raise NotebookError(
                f"{self.folder / FILE} cannot be written ({error}). What was marked before is kept; make "
                "room and start the same command again."
            ) from None

    def _all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._base.execute(query, values).fetchall()


def _connected(file: Path) -> sqlite3.Connection:
    base = sqlite3.connect(file, timeout=10)
    base.execute("PRAGMA synchronous = NORMAL")
    if base.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        base.close()
        raise sqlite3.DatabaseError("its content does not fit together")
    base.executescript(_TABLES)
    return base


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    return aside


def _locked(folder: Path) -> int:
    """Take the folder's lock, which the system gives back whatever becomes of us."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    with contextlib.suppress(ImportError):  # where there are no such locks there is none
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise NotebookError(
                f"another `bplearn grade` is at work in {folder}. Wait until it has ended."
            ) from None
    return handle


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
