"""No mark is lost: killed at any moment, disk full, folder read-only, store damaged, two runs at once."""

import os
import random
import subprocess
import sys
import time

import pytest

from bplearn import classroom
from bplearn.grader.batch import Batch, Crew, crew
from bplearn.grader.marking import Settings
from bplearn.grader.store import FILE, Store
from bplearn.grader.submissions import find
from bplearn.notebooks import NotebookError, course_folder
from bplearn.version import __version__
from tests.sample_class import LOSS, RIGHT, grade, hand_in
from tests.sample_processes import alive, descendants

ROOT = course_folder()
SIZE = 30
is_root = pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 1)() != 0, reason="only root can mount a small disk"
)


def command(source, out, *more):
    return [sys.executable, "-m", "bplearn", "grade", str(source), "-o", str(out), "--seed", "7", *more]


def run(source, out, *more, wrap=()):
    home = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*wrap, *command(source, out, *more)],
        capture_output=True,
        text=True,
        timeout=200,
        env=home,
        check=False,
    )


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """A class, and its grades as an undisturbed run writes them."""
    place = tmp_path_factory.mktemp("class")
    classroom.write_class(place / "class", SIZE, 3, ["01_one_weight"])
    source = place / "class" / "submissions"
    done = run(source, place / "out")
    assert done.returncode == 0, done.stderr
    return source, (place / "out" / "grades.csv").read_bytes()


# ---- killed ----


@pytest.mark.sandbox
@pytest.mark.slow
def test_killed_at_ten_moments_it_ends_with_the_marks_of_an_undisturbed_run(example, tmp_path):
    source, due = example
    rng = random.Random(5)
    kills = 0
    for n in range(10):
        out = tmp_path / f"out{n}"
        process = begun(source, out)
        time.sleep(rng.uniform(0.2, 2.6))
        kills += process.poll() is None
        process.kill()
        process.wait()
        done = run(source, out)
        assert done.returncode == 0, done.stderr
        assert (out / "grades.csv").read_bytes() == due
    assert kills >= 5


@pytest.mark.sandbox
@pytest.mark.slow
def test_when_the_grader_is_killed_all_that_it_has_started_ends_too(example, tmp_path):
    process = begun(example[0], tmp_path / "out")
    deadline = time.monotonic() + 20
    while len(started := descendants(process.pid)) < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(started) >= 5  # workers, fork servers, and what these have made
    process.kill()
    process.wait()
    while any(alive(pid) for pid in started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in started if alive(pid)] == []


def begun(source, out):
    home = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command(source, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=home
    )


@pytest.mark.sandbox
def test_the_number_of_processes_changes_no_mark(example, tmp_path):
    source, due = example
    assert run(source, tmp_path / "out", "--jobs", "1").returncode == 0
    assert (tmp_path / "out" / "grades.csv").read_bytes() == due


# ---- a process is lost ----


class Fragile(Crew):
    """A crew of whom one ends whenever it meets a certain learner."""

    fragile = True

    def submit(self, task, settings, private):
        if self.fragile and task.submission == "s0002":
            return self._running().submit(os._exit, 1)
        return super().submit(task, settings, private)


@pytest.mark.sandbox
def test_a_lost_process_costs_nobody_else_a_mark(tmp_path):
    for n in range(1, 6):
        hand_in(tmp_path / "in", f"s{n:04}", RIGHT, LOSS)
    with Store(tmp_path / "out") as store:
        workers = Fragile(2)
        Batch(store, "x", Settings(7, __version__), workers).run(find(tmp_path / "in"))
        statuses = {row.submission: row.status for row in store.rows()}
        assert statuses == {f"s{n:04}": "crashed" if n == 2 else "graded" for n in range(1, 6)}
        workers.fragile = False  # the next run tries it again, and nothing else
        again = Batch(store, "x", Settings(7, __version__), workers).run(find(tmp_path / "in"))
        workers.close()
        assert (again.marked, {row.status for row in store.rows()}) == (1, {"graded"})


# ---- disks ----


@is_root
@pytest.mark.sandbox
@pytest.mark.slow
def test_on_a_full_disk_nothing_is_lost_and_with_room_it_goes_on(example, tmp_path):
    source, due = example
    (tmp_path / "disk").mkdir()
    grade_it = " ".join(command(source, tmp_path / "disk" / "out"))
    script = f"""
        mount -t tmpfs -o size=100k none {tmp_path}/disk
        {grade_it}; echo "first $?"
        mount -o remount,size=50m {tmp_path}/disk
        {grade_it}; echo "second $?"
        cp {tmp_path}/disk/out/grades.csv {tmp_path}/grades.csv
    """
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=200,
        cwd=ROOT,
        check=False,
    )
    assert "first 1" in done.stdout or "first 2" in done.stdout
    assert "second 0" in done.stdout
    lines = [line for line in done.stderr.splitlines() if line.startswith("bplearn:")]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "grades.csv").read_bytes() == due


@is_root
@pytest.mark.sandbox
def test_a_folder_that_is_read_only_is_one_line(example, tmp_path):
    source, due = example
    out = tmp_path / "out"
    assert run(source, out).returncode == 0
    read_only = [
        "unshare",
        "--mount",
        "sh",
        "-c",
        f'mount --bind {out} {out} && mount -o remount,ro,bind {out} && exec "$@"',
        "sh",
    ]
    done = run(source, out, wrap=read_only)
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr
    assert (out / "grades.csv").read_bytes() == due


# ---- a damaged store ----

DAMAGES = {
    "no database": lambda data: b"hello" * 5000,
    "head": lambda data: b"\0" * 16 + data[16:],
    "middle": lambda data: data[: len(data) // 2] + b"\xff" * 4096 + data[len(data) // 2 + 4096 :],
    "cut off": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
}


@pytest.mark.sandbox
@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_store_is_set_aside_and_all_marks_come_again(tmp_path, name):
    for n in range(12):
        hand_in(tmp_path / "in", f"s{n}", RIGHT, LOSS)
    out = tmp_path / "out"
    assert run(tmp_path / "in", out).returncode == 0
    due = (out / "grades.csv").read_bytes()
    (out / FILE).write_bytes(DAMAGES[name]((out / FILE).read_bytes()))
    done = run(tmp_path / "in", out)
    assert done.returncode == 0, done.stderr
    assert (out / "grades.csv").read_bytes() == due
    if name != "empty":
        assert list(out.glob("grades.sqlite.damaged-1"))
        assert done.stderr.count("\n") == 1


# ---- two at once, and again ----


def test_two_runs_in_one_folder_are_refused_and_the_first_goes_on(tmp_path):
    hand_in(tmp_path / "in", "jane", RIGHT)
    with Store(tmp_path / "out"), pytest.raises(NotebookError, match="another `bplearn grade` is at work"):
        Store(tmp_path / "out")
    Store(tmp_path / "out").close()


@pytest.mark.sandbox
def test_what_has_not_changed_is_not_marked_again_and_what_has_is(tmp_path):
    for n in range(4):
        hand_in(tmp_path / "in", f"s{n}", RIGHT)
    settings = Settings(7, __version__, timeout=2.0)

    def again(**more):
        with Store(tmp_path / "out") as store, crew(2) as workers:
            return Batch(store, "x", settings._replace(**more), workers).run(find(tmp_path / "in"))[:3]

    assert again() == (4, 0, 0)
    assert again() == (0, 4, 0)
    hand_in(tmp_path / "in", "s1", LOSS)
    (tmp_path / "in" / "s3" / "01_one_weight.ipynb").unlink()
    (tmp_path / "in" / "s3").rmdir()
    assert again() == (1, 2, 1)
    assert again(seed=8) == (3, 0, 1)


@pytest.mark.sandbox
def test_marks_that_another_version_of_the_course_changes_are_listed(tmp_path):
    hand_in(tmp_path / "in", "jane", "def sigmoid(z):\n    return 0", LOSS)
    grade(tmp_path / "in", tmp_path / "out", version="0.0.1")
    with Store(tmp_path / "out") as store:
        old = list(store.rows())
        store.put(
            [
                row._replace(
                    reports=row.reports.replace('"ok"', '"wrong"').replace('"points": 1.0', '"points": 0.0')
                )
                for row in old
            ]
        )
    grade(tmp_path / "in", tmp_path / "out")
    lines = (tmp_path / "out" / "changes.csv").read_text().splitlines()
    assert lines[1:] == [f"jane,01_one_weight,squared_error,0,1,0.0.1,{__version__}"]
