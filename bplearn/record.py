"""What the learner has done: every check with its answer, hints seen, quizzes answered. In SQLite.

A learner must never see a traceback from here, nor lose an answer: what cannot be written is kept in memory
and written with the next row, a damaged file is renamed, never deleted, and one line says so.
"""

import atexit
import functools
import itertools
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bplearn.version import __version__

if TYPE_CHECKING:
    from bplearn.report import Report

FOLDER = ".bplearn"
FILE = "record.sqlite"
APPLICATION = 0x62706C72  # "bplr" in the file's header: tells our file from another program's
LOCK_SECONDS = 1.0
# Columns are only ever added: an older file gets the missing ones, a newer file's others are left alone.
TEXTS = ("time", "exercise", "lesson", "status", "mistake", "source", "version", "report")
TABLES = {
    "checks": dict.fromkeys(TEXTS, "TEXT") | {"points": "REAL", "max_points": "REAL"},
    "events": dict.fromkeys(("time", "kind", "name", "detail", "version"), "TEXT"),
}
Kind = Literal["hint", "quiz", "solution"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Attempt:
    """One check of one exercise; ``number`` counts from 1 for each exercise."""

    number: int
    time: str
    exercise: str
    status: str
    points: float
    mistake: str
    source: str


class Record:
    """The learner's record beside the notebooks. No method raises.

    ``trouble`` is "" or one line for the learner. Show ``take_trouble()``: the same is then said once only.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.trouble = ""
        self._said = ""
        self._waiting: list[tuple[str, Row]] = []

    @classmethod
    def here(cls) -> "Record":
        """Return the record beside the notebook that is running."""
        return cls.at(Path())

    @classmethod
    def at(cls, folder: str | os.PathLike[str]) -> "Record":
        """Return the record of the notebooks in ``folder``: one object for each file, where rows can wait."""
        home = os.environ.get("BPLEARN_HOME") or Path(folder) / FOLDER
        return _record(os.path.abspath(Path(home) / FILE))

    def add_check(self, report: "Report", source: str) -> None:
        """Keep one check: its verdict, its mistakes and the text of the answer."""
        row = {
            "exercise": report.exercise,
            "lesson": report.lesson,
            "status": report.status,
            "points": float(report.points),
            "max_points": float(report.max_points),
            "mistake": report.mistakes,
            "source": source,
            "report": json.dumps(report.to_dict(), default=str),
        }
        self._add("checks", row)

    def add_event(self, kind: Kind, name: str, detail: str = "") -> None:
        """Keep a hint shown, a quiz answered, a solution read."""
        self._add("events", {"kind": kind, "name": name, "detail": detail})

    def take_trouble(self) -> str:
        """Return what must be said to the learner, and forget it."""
        line, self.trouble = self.trouble, ""
        return line

    def attempts(self, exercise: str) -> list[Attempt]:
        """Return all checks of ``exercise``, oldest first."""
        names = ("time", "exercise", "status", "points", "mistake", "source")
        rows = [row for row in self._rows("checks", names) if row["exercise"] == exercise]
        return [_attempt(number, row) for number, row in enumerate(rows, 1)]

    def best_points(self) -> dict[str, float]:
        """Return the most points ever reached in each exercise that was begun: a checked stub is not."""
        best: dict[str, float] = {}
        for row in self._rows("checks", ("exercise", "points", "status")):
            if row["status"] != "not_attempted":
                best[row["exercise"]] = max(row["points"], best.get(row["exercise"], 0.0))
        return best

    def statuses(self) -> list[tuple[str, str]]:
        """Return the exercise and the status of each check, oldest first."""
        return [(row["exercise"], row["status"]) for row in self._rows("checks", ("exercise", "status"))]

    def passed(self) -> set[str]:
        """Return the exercises that have passed at least once."""
        return {exercise for exercise, status in self.statuses() if status == "passed"}

    def hints_shown(self, exercise: str) -> int:
        """Return how many hints on ``exercise`` were shown."""
        rows = self._rows("events", ("kind", "name"))
        return sum(row["kind"] == "hint" and row["name"] == exercise for row in rows)

    def quizzes(self) -> dict[str, str]:
        """Return the last answer given to each quiz."""
        rows = self._rows("events", ("kind", "name", "detail"))
        return {row["name"]: row["detail"] for row in rows if row["kind"] == "quiz"}

    def flush(self) -> None:
        """Write the rows that wait, if any."""
        if self._waiting:
            with self._guarded():
                self._write()

    # ---- writing ----

    def _add(self, table: str, row: Row) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._waiting.append((table, {"time": now, "version": __version__} | row))
        with self._guarded():
            self._write()
            self._said = ""  # all is well again: should it fail once more, that is news

    def _write(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as db:
            _prepare(db)
            for table, row in self._waiting:
                marks = ", ".join("?" * len(row))
                db.execute(
                    f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", [*map(_clean, row.values())]
                )
            db.execute("COMMIT")
        self._waiting.clear()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.file, timeout=LOCK_SECONDS, isolation_level=None)
        db.text_factory = _text
        db.execute("PRAGMA synchronous=NORMAL")
        return db

    # ---- reading ----

    def _rows(self, table: str, names: tuple[str, ...]) -> list[Row]:
        stored: list[Row] = []
        with self._guarded():
            stored = self._stored(table, names) if self.file.exists() else []
        waiting = [row for name, row in self._waiting if name == table]
        return stored + [{name: row[name] for name in names} for row in waiting]

    def _stored(self, table: str, names: tuple[str, ...]) -> list[Row]:
        with closing(self._open()) as db:
            _refuse_foreign(db)
            there = [name for name in names if name in _columns(db, table)]
            rows = db.execute(f"SELECT {', '.join(there)} FROM {table} ORDER BY rowid") if there else ()
            return [_typed(table, names, dict(zip(there, row, strict=True))) for row in rows]

    # ---- trouble ----

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        seen = _identity(self.file)
        try:
            yield
        except sqlite3.OperationalError as error:
            self._say(_cause(error))
        except sqlite3.DatabaseError:
            self._begin_anew(seen)
        except OSError as error:
            self._say(error.strerror or str(error))

    def _begin_anew(self, seen: tuple[int, int] | None) -> None:
        try:
            aside = _set_aside(self.file) if _identity(self.file) == seen else None
            if self._waiting:
                self._write()
        except (OSError, sqlite3.Error) as error:
            self._say(f"it is damaged and could not be set aside: {error}")
            return
        if aside:
            self.trouble = f"Your record was damaged. It is kept as {aside} and a new one was begun."

    def _say(self, cause: str) -> None:
        line = f"Your record {self.file} cannot be used just now: {cause}."
        if self._waiting:
            line += " What you do is kept in memory and written as soon as that works."
        if line != self._said:
            self.trouble = self._said = line


@functools.cache
def _record(file: str) -> Record:
    record = Record(Path(file))
    atexit.register(record.flush)
    return record


def _attempt(number: int, row: Row) -> Attempt:
    return Attempt(number=number, **row)


# ---- the file ----


def _prepare(db: sqlite3.Connection) -> None:
    """Begin a transaction on a file that has all our tables and columns."""
    db.execute("BEGIN IMMEDIATE")
    _refuse_foreign(db)
    db.execute(f"PRAGMA application_id={APPLICATION}")
    for table, columns in TABLES.items():
        there = _columns(db, table)
        if not there:
            db.execute(
                f"CREATE TABLE {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})"
            )
        for name in columns.keys() - there if there else ():
            db.execute(f"ALTER TABLE {table} ADD COLUMN {name} {columns[name]}")


def _refuse_foreign(db: sqlite3.Connection) -> None:
    (ours,) = db.execute("PRAGMA application_id").fetchone()
    (entries,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if entries and ours != APPLICATION:
        raise sqlite3.DatabaseError("another program's database")


def _typed(table: str, names: tuple[str, ...], row: Row) -> Row:
    """Hold to the kinds of ``TABLES``: SQLite lets anything stand in a column, and an old file lacks some."""
    kinds = {"REAL": (float, 0.0), "TEXT": (str, "")}
    typed = {}
    for name in names:
        kind, default = kinds[TABLES[table][name]]
        typed[name] = row[name] if isinstance(row.get(name), kind) else default
    return typed


def _columns(db: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in db.execute(f"PRAGMA table_info({table})")}


def _set_aside(file: Path) -> str:
    names = (f"{file.stem}-damaged-{number}{file.suffix}" for number in itertools.count(1))
    aside = next(path for path in map(file.with_name, names) if not path.exists())
    journal = file.with_name(file.name + "-journal")
    if journal.exists():  # left behind, it would be played into the new file
        os.replace(journal, aside.with_name(aside.name + "-journal"))
    os.replace(file, aside)
    return aside.name


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _cause(error: sqlite3.OperationalError) -> str:
    name = getattr(error, "sqlite_errorname", "")
    kinds = {
        "BUSY": "another kernel is writing",
        "LOCKED": "another kernel is writing",
        "FULL": "the disk is full",
        "READONLY": "the folder or file is read-only",
        "CANTOPEN": "it cannot be opened or created there",
    }
    return next((text for kind, text in kinds.items() if kind in name), str(error))


def _clean(value: Any) -> Any:
    """Lone surrogates, which a notebook may hold, cannot be stored."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
