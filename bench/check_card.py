"""What a check costs in the kernel: judging, the card and the record, beyond an empty cell.

Run: python bench/check_card.py [ROUNDS]

Cells are run by IPython's own shell in this process, as a kernel runs them, and what they display is thrown
away. For each exercise the cell ``check(answer)`` takes turns with the cell ``pass``; given are medians. The
answer is the right one, and then one with the first known mistake of the exercise.
"""

import inspect
import os
import statistics
import sys
import tempfile
import time

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")
os.environ["BPLEARN_HOME"] = tempfile.mkdtemp()

from IPython.core.interactiveshell import InteractiveShell  # noqa: E402

from bplearn.exercises import all_exercises  # noqa: E402
from bplearn.proofs import planted, right_answer  # noqa: E402

TARGET_MS = 5.0


class Nowhere:
    """Takes what is displayed and drops it."""

    is_publishing = False

    def publish(self, *args, **kwargs):
        """Drop it."""


def milliseconds(shell, code):
    start = time.perf_counter()
    shell.run_cell(code, store_history=False)
    return 1000 * (time.perf_counter() - start)


def median_beyond_empty(shell, name, answer, rounds):
    answer.__module__ = "__main__"  # as if defined in a cell
    shell.user_ns["answer"] = answer
    cell = f'report = check(answer, "{name}")'
    milliseconds(shell, cell)  # imports and cases are made once
    assert shell.user_ns["report"].exercise == name
    pairs = [(milliseconds(shell, cell), milliseconds(shell, "pass")) for _ in range(rounds)]
    empty = statistics.median(empty for _, empty in pairs)
    return statistics.median(full for full, _ in pairs) - empty, empty


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    shell = InteractiveShell.instance()
    shell.display_pub = Nowhere()
    shell.run_cell("from bplearn import check", store_history=False)
    print(f"ms beyond an empty cell, median of {rounds} rounds each, cells taking turns")
    print(f"{'exercise':<28}{'right':>8}{'mistake':>9}{'times an empty cell':>21}")
    medians = []
    for exercise in all_exercises():
        if inspect.isclass(exercise.reference):
            continue  # `check` refuses a function where a class is due
        right, empty = median_beyond_empty(shell, exercise.name, right_answer(exercise), rounds)
        mistaken = planted(exercise, exercise.mistakes[0]) if exercise.mistakes else right_answer(exercise)
        wrong, _ = median_beyond_empty(shell, exercise.name, mistaken, rounds)
        medians += [right, wrong]
        print(f"{exercise.name:<28}{right:8.2f}{wrong:9.2f}{right / empty:21.1f}")
    middle, largest = statistics.median(medians), max(medians)
    print(f"median {middle:.2f} ms, largest {largest:.2f} ms (target: median <= {TARGET_MS:g} ms)")


if __name__ == "__main__":
    main()
