"""The learner's record: nothing is lost, and several kernels may write at once."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bplearn.record import FILE, LOCK_SECONDS, Record
from tests.sample_record import WRITER, WRONG, again, file_of, fill, report


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


def test_a_lock_costs_no_more_than_its_timeout():
    assert LOCK_SECONDS <= 1.0
