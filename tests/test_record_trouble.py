"""A record that is damaged, foreign, read-only or on a full disk: one line, no traceback, nothing lost."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bplearn.record import Record
from tests.sample_record import WRITER, WRONG, again, file_of, fill, report


@pytest.fixture(autouse=True)
def no_home(monkeypatch):
    monkeypatch.delenv("BPLEARN_HOME", raising=False)


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
