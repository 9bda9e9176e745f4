"""The learner's record: nothing is lost, nothing raises, and what goes wrong is said in one line."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bplearn.record import FILE, FOLDER, LOCK_SECONDS, Record
from bplearn.report import Finding, Report


def finding(output="", status="ok", mistake=None):
    return Finding(output, status, mistake)


OK = finding()
WRONG = (finding(status="mistake", mistake="no_slope"),)


def report(exercise="sigmoid", *, points=1.0, findings=(OK,)):
    return Report(exercise, "01_one_weight", points, findings)


def file_of(folder: Path) -> Path:
    return folder / FOLDER / FILE


def again(folder: Path) -> Record:
    """A record of the same file with nothing in memory, as another kernel would have it."""
    return Record(file_of(folder))


def fill(folder: Path, rows: int = 60) -> None:
    record = Record.at(folder)
    for number in range(rows):
        record.add_check(report(), f"answer {number}\n" + "x" * 900)


@pytest.fixture(autouse=True)
def no_home(monkeypatch):
    monkeypatch.delenv("BPLEARN_HOME", raising=False)


# ---- what is kept ----


def test_attempts_come_back_oldest_first_and_numbered_for_each_exercise(tmp_path):
    record = Record.at(tmp_path)
    for name, source in (("sigmoid", "a"), ("squared_error", "b"), ("sigmoid", "c")):
        record.add_check(report(name), source)
    assert [(one.number, one.source) for one in again(tmp_path).attempts("sigmoid")] == [(1, "a"), (2, "c")]


def test_a_row_holds_all_that_design_md_asks_for(tmp_path):
    Record.at(tmp_path).add_check(report(), "def sigmoid(z): ...")
    with closing(sqlite3.connect(file_of(tmp_path))) as db:
        db.row_factory = sqlite3.Row
        row = dict(db.execute("SELECT * FROM checks").fetchone())
    assert all(row[name] for name in row if name != "mistake")
    assert json.loads(row["report"]) == report().to_dict()


def test_the_best_points_and_a_pass_outlive_a_later_failure(tmp_path):
    record = Record.at(tmp_path)
    record.add_check(report(points=2.0), "right")
    record.add_check(report(points=0.5, findings=WRONG), "wrong")
    assert record.best_points() == {"sigmoid": 2.0}
    assert record.passed() == {"sigmoid"}


def test_hints_and_quizzes_are_counted_and_the_last_answer_stands(tmp_path):
    record = Record.at(tmp_path)
    for kind, name, detail in (
        ("hint", "sigmoid", "1"),
        ("hint", "sigmoid", "2"),
        ("quiz", "q", "1"),
        ("quiz", "q", "0"),
    ):
        record.add_event(kind, name, detail)
    assert again(tmp_path).hints_shown("sigmoid") == 2
    assert again(tmp_path).quizzes() == {"q": "0"}


def test_reading_before_anything_was_done_creates_nothing(tmp_path):
    record = Record.at(tmp_path)
    assert (record.attempts("sigmoid"), record.best_points(), record.quizzes(), record.trouble) == (
        [],
        {},
        {},
        "",
    )
    assert list(tmp_path.iterdir()) == []


def test_no_second_file_stays_beside_the_record(tmp_path):
    fill(tmp_path, 3)
    assert [path.name for path in file_of(tmp_path).parent.iterdir()] == [FILE]


def test_bplearn_home_overrides_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("BPLEARN_HOME", str(tmp_path / "elsewhere"))
    assert Record.here().file == tmp_path / "elsewhere" / FILE


def test_one_file_has_one_record_in_a_process_so_that_rows_can_wait(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Record.here() is Record.at(tmp_path)


@pytest.mark.parametrize("source", ["\ud800 lone surrogate", "nul \0 inside", "", "ünï🙂", "x" * 3_000_000])
def test_any_text_of_an_answer_is_kept(tmp_path, source):
    Record.at(tmp_path).add_check(report(), source)
    (kept,) = again(tmp_path).attempts("sigmoid")
    assert kept.source == source.encode("utf-8", "backslashreplace").decode()


# ---- several kernels ----

WRITER = """
import sys
from bplearn.record import Record
from bplearn.report import Finding, Report
report = Report("sigmoid", "01_one_weight", 1.0, (Finding("", "ok"),))
record = Record.at(sys.argv[1])
for number in range(150):
    record.add_check(report, f"{sys.argv[2]} {number} " + "x" * 900)
"""


def writer(folder: Path, name: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name], stderr=subprocess.PIPE, text=True
    )


def test_two_kernels_writing_at_once_lose_nothing(tmp_path):
    writers = [writer(tmp_path, "a"), writer(tmp_path, "b")]
    assert [one.communicate(timeout=60)[1] for one in writers] == ["", ""]
    kept = [attempt.source.rstrip(" x") for attempt in Record.at(tmp_path).attempts("sigmoid")]
    assert sorted(kept) == sorted(f"{name} {number}" for name in "ab" for number in range(150))


def test_a_locked_record_keeps_the_row_and_writes_it_with_the_next(tmp_path):
    fill(tmp_path, 1)
    record = Record.at(tmp_path)
    with closing(sqlite3.connect(file_of(tmp_path), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        record.add_check(report(), "while locked")
        assert "another kernel is writing" in record.trouble
        other.execute("ROLLBACK")
    record.add_check(report(), "afterwards")
    assert [one.source[:12] for one in again(tmp_path).attempts("sigmoid")][1:] == [
        "while locked",
        "afterwards",
    ]


def test_a_row_that_waits_is_already_seen_by_its_own_kernel(tmp_path):
    fill(tmp_path, 1)
    record = Record.at(tmp_path)
    with closing(sqlite3.connect(file_of(tmp_path), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        record.add_check(report(points=9.0), "while locked")
        assert record.best_points() == {"sigmoid": 9.0}


def test_rows_that_still_wait_are_written_when_the_kernel_ends(tmp_path):
    fill(tmp_path, 1)
    with closing(sqlite3.connect(file_of(tmp_path), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        late = WRITER.replace("range(150)", "range(1)") + "print('waits', flush=True); sys.stdin.read()"
        command = [sys.executable, "-c", late, str(tmp_path), "late"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert child.stdout.readline() == "waits\n"
        other.execute("ROLLBACK")
    child.communicate(timeout=20)
    assert again(tmp_path).attempts("sigmoid")[-1].source.startswith("late 0")


def test_the_same_trouble_is_said_once_and_again_only_after_it_had_gone(tmp_path):
    fill(tmp_path, 1)
    record, lines = Record.at(tmp_path), []
    for locked in (True, True, False, True):
        with closing(sqlite3.connect(file_of(tmp_path), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE") if locked else None
            record.add_event("hint", "sigmoid")
        lines.append(bool(record.take_trouble()))
    assert lines == [True, False, False, True]


# ---- damage ----


def bad_header(file: Path) -> None:
    file.write_bytes(b"not a database at all" + file.read_bytes()[21:])


def bad_pages(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[4096 * 3 : 4096 * 9] = os.urandom(4096 * 6)
    file.write_bytes(raw)


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2 - 100])


def text_file(file: Path) -> None:
    file.write_text("my shopping list: milk, bread\n" * 100, encoding="utf-8")


def other_database(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE checks (amount REAL, payee TEXT)")


DAMAGES = pytest.mark.parametrize("damage", [bad_header, bad_pages, truncated, text_file, other_database])


@DAMAGES
def test_a_damaged_record_is_set_aside_unchanged_and_a_new_one_begun(tmp_path, damage):
    fill(tmp_path)
    damage(file_of(tmp_path))
    before = file_of(tmp_path).read_bytes()
    record = again(tmp_path)
    assert record.attempts("sigmoid") == []
    assert record.trouble.count("\n") == 0
    assert "record-damaged-1.sqlite" in record.trouble
    assert file_of(tmp_path).with_name("record-damaged-1.sqlite").read_bytes() == before
    record.add_check(report(), "new")
    assert [one.source for one in again(tmp_path).attempts("sigmoid")] == ["new"]


@DAMAGES
def test_a_check_made_on_a_damaged_record_is_never_lost(tmp_path, damage):
    fill(tmp_path)
    damage(file_of(tmp_path))
    record = again(tmp_path)
    record.add_check(report(), "new")
    record.passed()  # damage in the middle shows in reading only
    everywhere = b"".join(path.read_bytes() for path in file_of(tmp_path).parent.iterdir())
    assert b"new" in everywhere
    assert record.trouble


def test_a_second_damaged_record_does_not_take_the_first_ones_place(tmp_path):
    for _ in range(2):
        fill(tmp_path, 1)
        bad_header(file_of(tmp_path))
        again(tmp_path).passed()
    names = {path.name for path in file_of(tmp_path).parent.iterdir()}
    assert names == {"record-damaged-1.sqlite", "record-damaged-2.sqlite"}


def test_a_record_from_an_older_version_is_read_and_then_gets_the_missing_columns(tmp_path):
    fill(tmp_path, 2)
    with closing(sqlite3.connect(file_of(tmp_path))) as db:
        for line in (
            "ALTER TABLE checks DROP COLUMN mistake",
            "ALTER TABLE checks DROP COLUMN report",
            "DROP TABLE events",
        ):
            db.execute(line)
    record = again(tmp_path)
    assert [one.mistake for one in record.attempts("sigmoid")] == ["", ""]
    assert record.quizzes() == {}
    record.add_check(report(findings=WRONG), "new")
    assert [one.mistake for one in again(tmp_path).attempts("sigmoid")] == ["", "", "no_slope"]


def test_a_record_from_a_newer_version_with_more_columns_goes_on_working(tmp_path):
    fill(tmp_path, 1)
    with closing(sqlite3.connect(file_of(tmp_path))) as db:
        db.execute("ALTER TABLE checks ADD COLUMN mood TEXT")
    again(tmp_path).add_check(report(), "new")
    assert len(again(tmp_path).attempts("sigmoid")) == 2


def test_values_of_a_wrong_kind_do_not_raise(tmp_path):
    fill(tmp_path, 1)
    with closing(sqlite3.connect(file_of(tmp_path))) as db, db:
        db.execute("UPDATE checks SET points = x'00ff', source = x'c328', status = NULL")
    record = again(tmp_path)
    assert (record.best_points(), record.passed(), record.trouble) == ({"sigmoid": 0.0}, set(), "")


# ---- folders and disks that refuse ----


def test_a_folder_that_cannot_be_made_means_a_record_in_memory_and_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    record = Record.at(tmp_path / "file")
    record.add_check(report(), "kept")
    assert record.trouble.count("\n") == 0
    assert "kept in memory" in record.trouble
    assert [one.source for one in record.attempts("sigmoid")] == ["kept"]


def test_a_folder_in_the_place_of_the_file_is_left_alone(tmp_path):
    file_of(tmp_path).mkdir(parents=True)
    record = Record.at(tmp_path)
    record.add_check(report(), "kept")
    assert "cannot be used just now" in record.trouble
    assert len(record.attempts("sigmoid")) == 1


CHILD = """
import os, resource, sys
{prologue}
if os.getuid() == 0:
    os.setuid(65534)
record = Record.at(sys.argv[1])
for number in range(3):
    record.add_check(report, "x" * 20_000)
    print(record.take_trouble())
print(len(record.attempts("sigmoid")), "attempts seen")
"""


def in_child(folder: Path, prologue: str = "") -> list[str]:
    script = WRITER.split("record =")[0] + CHILD.format(prologue=prologue)
    command = [sys.executable, "-c", script, str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert run.stderr == ""
    return run.stdout.splitlines()


@pytest.fixture
def open_folder(tmp_path):
    """A folder that another user may look into: pytest's own are closed to others."""
    for folder in [tmp_path, *tmp_path.parents][:3]:
        folder.chmod(0o755)
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_read_only_folder_means_a_record_in_memory_and_one_line(open_folder):
    fill(open_folder, 1)
    for path, mode in ((file_of(open_folder), 0o444), (file_of(open_folder).parent, 0o555)):
        path.chmod(mode)
    said = in_child(open_folder)
    assert "read-only" in said[0]
    assert said[1:] == ["", "", "4 attempts seen"]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_read_only_folder_without_a_record_means_the_same(open_folder):
    open_folder.chmod(0o555)
    said = in_child(open_folder)
    assert "kept in memory" in said[0]
    assert said[1:] == ["", "", "3 attempts seen"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_means_one_line_and_the_stored_rows_stay_readable(open_folder):
    fill(open_folder, 1)
    for path in (file_of(open_folder).parent, file_of(open_folder)):
        path.chmod(0o777)
    said = in_child(open_folder, "resource.setrlimit(resource.RLIMIT_FSIZE, (14_000, 14_000))")
    assert "cannot be used just now" in said[0]
    assert said[1:] == ["", "", "4 attempts seen"]
    assert len(again(open_folder).attempts("sigmoid")) == 1


def test_a_lock_costs_no_more_than_its_timeout():
    assert LOCK_SECONDS <= 1.0
