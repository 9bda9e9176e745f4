"""How long each lesson takes to run, as a learner with all answers filled in would run it.

    python bench/lesson_times.py [LESSON...]

Wall clock of the solution notebooks in a kernel of their own: the whole, without the start of the kernel, and
the slowest cell. Targets: 5 s on average, 20 s at most, no cell over 5 s.
"""

import os
import sys
import tempfile
from datetime import datetime

import nbclient
import nbformat

from bplearn.exercises import LESSONS
from bplearn.notebooks import course_folder

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def seconds_of_cells(lesson):
    """Seconds and first line of each code cell."""
    notebook = nbformat.read(course_folder() / "solutions" / f"{lesson}.ipynb", as_version=4)
    with tempfile.TemporaryDirectory() as home:
        client = nbclient.NotebookClient(
            notebook, kernel_name="python3", extra_arguments=["--log-level=ERROR"], record_timing=True
        )
        client.execute(env={**os.environ, **ONE_THREAD, "BPLEARN_HOME": home, "IPYTHONDIR": home})
    found = []
    for cell in notebook.cells:
        stamps = cell.metadata.get("execution", {})
        if "shell.execute_reply" in stamps:
            start, end = (seconds(stamps[key]) for key in ("iopub.status.busy", "iopub.status.idle"))
            found.append((end - start, cell.source.splitlines()[0]))
    return found


def seconds(stamp):
    return datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()


def main():
    print(f"{'lesson':<24}{'seconds':>8}{'slowest cell':>14}")
    totals = []
    for lesson in sys.argv[1:] or LESSONS:
        cells = seconds_of_cells(lesson)
        slowest, line = max(cells)
        totals.append(sum(taken for taken, _ in cells))
        print(f"{lesson:<24}{totals[-1]:8.2f}{slowest:14.2f}  {line[:60]}")
    print(f"average {sum(totals) / len(totals):.2f} s (target 5), longest {max(totals):.2f} s (target 20)")


if __name__ == "__main__":
    main()
