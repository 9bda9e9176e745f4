"""Grade classes of 20, 200 and 2,000: rate, memory, cost curve, the floor, an unchanged batch, a cluster.

    python bench/grading.py                    the curve (about 5 minutes on two cores)
    python bench/grading.py --kills 100        kill a run at a hundred moments, compare what it ends with
    python bench/grading.py --cluster 200      two dask workers on this machine, and a pool of two

The class is that of `bplearn dev class`: right, partly right, untouched and broken notebooks. The floor is
what nobody can go below: the same cells and the same calls, one after the other in one process, with no
sandbox and no judging. All of a line is measured in one go, so that ratios hold on a noisy machine.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bplearn import classroom, exercises, notebooks  # noqa: E402
from bplearn.collect import observe  # noqa: E402
from bplearn.grader import thrift, worker  # noqa: E402
from bplearn.grader.marking import seed_of  # noqa: E402
from bplearn.grader.session import code_cells  # noqa: E402
from tests.sample_cluster import cluster as dask  # noqa: E402

SEED = 7
LESSON = "01_one_weight"


# ---- what is measured ----


class Memory(threading.Thread):
    """The largest sum of what a process and all below it hold; shared pages are shared out (PSS)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self.peak, self._ended = pid, 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        """Look four times a second."""
        while not self._ended.wait(0.25):
            self.peak = max(self.peak, sum(map(_pss, [self._pid, *_below(self._pid)])))

    def stop(self) -> float:
        """Return the largest sum in megabytes."""
        self._ended.set()
        self.join()
        return self.peak


def _below(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _below(child)


def _pss(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(text.partition("\nPss:")[2].split()[0]) / 1024


def grade(source: Path, out: Path, *more: str) -> list[str]:
    """Give the command as an instructor types it, with a seed."""
    arguments = [str(source), "-o", str(out), "--seed", str(SEED), *more]
    return [sys.executable, "-m", "bplearn", "grade", *arguments]


def run(source: Path, out: Path, *more: str) -> tuple[float, float]:
    """Grade as an instructor does; return seconds and megabytes."""
    began = time.perf_counter()
    process = subprocess.Popen(grade(source, out, *more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    memory = Memory(process.pid)
    _, words = process.communicate()
    seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(words.decode())
    return seconds, memory.stop()


def floor(source: Path, lesson: str) -> float:
    """Seconds for the cells and the calls of all notebooks in this process, one after the other."""
    worker.stand_in()
    own = exercises.exercises_of(lesson)
    cases = {e.name: [list(case.args) for case in e.sample(seed_of(e, SEED))] for e in own}
    books = [code_cells(notebooks.read_notebook(path), lesson) for path in sorted(source.rglob("*.ipynb"))]
    began = time.perf_counter()
    for cells in books:
        scope = worker.namespace()
        for number, text in thrift.needed(cells):
            worker.run_cell(number, text, scope)
        for exercise in own:
            if callable(scope.get(exercise.name)):
                observe(scope[exercise.name], cases[exercise.name], exercise.probe)
    return time.perf_counter() - began


# ---- the tables ----


def curve(sizes: list[int], lesson: str) -> None:
    print(f"\n{lesson}, {len(exercises.exercises_of(lesson))} exercises, {os.cpu_count()} cores, sandboxed\n")
    print("| learners | seconds | a minute | floor s | ratio to floor | MB | again s | times faster |")
    print("|---|---|---|---|---|---|---|---|")
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            classroom.write_class(place / "class", size, SEED, [lesson])
            source = place / "class" / "submissions"
            seconds, memory = run(source, place / "out")
            again, _ = run(source, place / "out")
            least = floor(source, lesson)
            print(
                f"| {size} | {seconds:.1f} | {60 * size / seconds:.0f} | {least:.2f} | {seconds / least:.1f} "
                f"| {memory:.0f} | {again:.2f} | {seconds / again:.0f} |",
                flush=True,
            )


def kills(count: int, size: int = 40) -> None:
    """Kill a run at so many moments, start each again, and compare its grades byte for byte."""
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        classroom.write_class(place / "class", size, SEED, [LESSON])
        source = place / "class" / "submissions"
        seconds, _ = run(source, place / "due")
        due = (place / "due" / "grades.csv").read_bytes()
        hit = same = 0
        for n in range(count):
            out = place / f"out{n}"
            process = subprocess.Popen(
                grade(source, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(rng.uniform(0.0, seconds))
            hit += process.poll() is None
            process.kill()
            process.wait()
            run(source, out)
            same += (out / "grades.csv").read_bytes() == due
    print(
        f"\nkilled at {count} moments of a run of {seconds:.1f} s, {hit} of them before its end: "
        f"{same} ended with the same grades.csv"
    )


def cluster(size: int) -> None:
    """The same class by a dask cluster of two worker processes on this machine, and by a pool."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        classroom.write_class(place / "class", size, SEED, [LESSON])
        source = place / "class" / "submissions"
        pool, _ = run(source, place / "pool", "--jobs", "2")
        with dask(place) as address:
            first, _ = run(source, place / "first", "--scheduler", address)
            second, _ = run(source, place / "second", "--scheduler", address)
        tables = {out: (place / out / "grades.csv").read_bytes() for out in ("pool", "first", "second")}
        same = len(set(tables.values())) == 1
    print(
        f"\n{size} learners: pool of 2 {pool:.1f} s; dask, 2 workers {first:.1f} s, once more {second:.1f} s"
    )
    print(f"{1000 * (second - pool) / size:+.1f} ms a notebook; tables {'equal' if same else 'DIFFER'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[20, 200, 2000])
    parser.add_argument("--lessons", nargs="*", default=[LESSON])
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--cluster", type=int, default=0, metavar="SIZE")
    chosen = parser.parse_args()
    if chosen.kills:
        kills(chosen.kills)
    if chosen.cluster:
        cluster(chosen.cluster)
    if not chosen.kills and not chosen.cluster:
        for lesson in chosen.lessons:
            curve(chosen.sizes, lesson)


if __name__ == "__main__":
    main()
