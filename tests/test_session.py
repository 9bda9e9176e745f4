"""A notebook is checked in a fresh process: no hang, nothing left behind, the verdict of the notebook."""

import contextlib
import json
import linecache
import sys
import time
from pathlib import Path

import pytest

from bplearn import learn
from bplearn.exercises import LESSONS, exercises_of
from bplearn.grader.session import check_notebook
from bplearn.notebooks import NotebookError, course_folder

RIGHT = """
import numpy as np
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1.0, e) / (1.0 + e)
"""
WRONG = "import numpy as np\ndef sigmoid(z):\n    return np.tanh(z)"
LOOP = "def sigmoid(*args):\n    while True:\n        pass"
LIMIT = 4.0


def notebook(folder, *cells, name="01_one_weight.ipynb"):
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    body = {
        "nbformat": 4,
        "nbformat_minor": 4,
        "metadata": {},
        "cells": [code | {"source": c} for c in cells],
    }
    (folder / name).write_text(json.dumps(body))
    return folder / name


@pytest.fixture
def ask(tmp_path):
    """The report on one exercise of a notebook made of these cells."""

    def report(*cells, exercise="sigmoid", timeout=LIMIT):
        (found,) = check_notebook(notebook(tmp_path, *cells), exercise, timeout)
        return found

    return report


# ---- the course's own notebooks ----


@pytest.mark.parametrize("lesson", LESSONS)
def test_in_an_untouched_lesson_nothing_is_attempted(lesson):
    reports = check_notebook(course_folder() / "lessons" / f"{lesson}.ipynb")
    assert {report.status for report in reports} == {"not_attempted"}
    assert [report.exercise for report in reports] == [e.name for e in exercises_of(lesson)]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_solution_passes(lesson):
    reports = check_notebook(course_folder() / "solutions" / f"{lesson}.ipynb")
    assert {report.status for report in reports} == {"passed"}


# ---- cells ----

HARMLESS = {
    "alone": (RIGHT,),
    "exit": (RIGHT, "import os; os._exit(1)"),
    "exit before": ("import os; os._exit(1)", RIGHT),
    "sys.exit": ("import sys\nsys.exit()", RIGHT),
    "an error": ("1 / 0", RIGHT),
    "an error after it": (RIGHT + "1 / 0",),
    "a syntax error": ("def (", RIGHT),
    "a killed process": (RIGHT, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
    "a crash": (RIGHT, "import ctypes\nctypes.string_at(0)"),
    "print": (RIGHT, "print('x' * 10**6)"),
    "fd 1": (RIGHT, "import os\nos.write(1, b'x' * 10**5)"),
    "every fd": (
        RIGHT,
        "import os\nfor n in range(2, 30):\n    try: os.write(n, b'x' * 99)\n    except OSError: pass",
    ),
    "closed fds": (RIGHT, "import os\nos.closerange(0, 3)"),
    "input": (RIGHT, "name = input('your name? ')"),
    "magics": ("%matplotlib inline\n!ls\n" + RIGHT + "%time 1", "%%bash\nls", "%%html\n<b>"),
    "timed": ("%%time\n" + RIGHT,),
    "redefined": (WRONG, RIGHT),
    "help": (RIGHT + "sigmoid?",),
    "help before": ("np.exp??\n" + RIGHT,),
    "captured shell": ("files = !ls\n" + RIGHT,),
    "captured magic": ("t = %timeit -o 1\n" + RIGHT,),
    "display": ("display('hello')\n" + RIGHT,),
    "get_ipython": ("get_ipython().run_line_magic('matplotlib', 'inline')\n" + RIGHT,),
    "a magic in a branch": ("if True:\n    %matplotlib inline\n" + RIGHT,),
    "a remainder": ("n = (7\n     % 4)\n" + RIGHT,),
    "a large cell": ("x = '" + "y" * 10**6 + "'", RIGHT),
    "surrogates": ("x = '\ud800'", RIGHT),
    "check and use": (
        "from bplearn import check, use, viz, quiz\nviz.sigmoid()\nquiz('x')",
        RIGHT,
        "check(sigmoid)",
    ),
    "warnings": ("import warnings\nwarnings.simplefilter('error')\nwarnings.warn('x')", RIGHT),
    "a changed folder": ("import os\nos.chdir('/')", RIGHT),
    "a lost name": (RIGHT, "import sys\nsys.modules.pop('bplearn.collect', None)"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_other_cells_do_costs_a_right_answer_nothing(ask, name):
    assert ask(*HARMLESS[name]).passed


def test_the_last_definition_is_the_answer(ask):
    assert ask(RIGHT, WRONG).findings[0].mistake == "is_the_tanh"


def test_a_loop_in_a_cell_costs_only_that_cell(ask):
    assert ask(RIGHT, "while True: pass", timeout=2).passed


def test_a_cell_is_lost_only_from_its_error_on(ask):
    assert ask("x = 1 / 0\n" + RIGHT).status == "error"
    assert ask(RIGHT + "\nx = 1 / 0").passed


@pytest.mark.parametrize(
    ("cell", "status", "said"),
    [
        ("def sigmoid(z):\n    return (z))", "error", "SyntaxError"),
        ("raise ValueError('x')\ndef sigmoid(z): ...", "error", "Line 1: `raise ValueError('x')`"),
        ("import os; os._exit(0)\ndef sigmoid(z): ...", "died", "ended the whole program"),
    ],
)
def test_a_cell_that_fails_before_its_function_says_why(ask, cell, status, said):
    report = ask(cell)
    assert (report.status, said in report.text()) == (status, True)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of address space")
def test_an_answer_that_asks_for_too_much_memory_says_so(ask):
    report = ask("import numpy as np\ndef sigmoid(z):\n    return np.ones(4 * 10**8)")
    assert (report.status, report.findings[0].status) == ("memory", "memory")


def test_cells_are_compiled_as_in_a_kernel(ask):
    cell = "class P:\n    a: float\nassert P.__annotations__['a'] is float\n"
    assert ask(cell + RIGHT).passed


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_limit_that_lets_nothing_run_is_refused(ask, timeout):
    with pytest.raises(LookupError, match="lets nothing run"):
        ask(RIGHT, timeout=timeout)


def test_a_function_that_was_deleted_is_not_attempted(ask):
    assert "There is no function `sigmoid` yet" in ask(RIGHT, "del sigmoid").text()


# ---- answers ----

ENDS = {
    "a loop": (LOOP, "timeout", "more than"),
    "exit": ("import os\ndef sigmoid(z):\n    os._exit(0)", "died", "ended the whole program"),
    "a signal": ("import os\ndef sigmoid(z):\n    os.kill(os.getpid(), 9)", "died", "ended"),
    "sys.exit": ("import sys\ndef sigmoid(z):\n    sys.exit('bye')", "error", "SystemExit: bye"),
    "input": ("def sigmoid(z):\n    return float(input())", "error", "EOFError"),
    "an interrupt": ("def sigmoid(z):\n    raise KeyboardInterrupt", "died", ""),
    "memory": ("import numpy as np\ndef sigmoid(z):\n    return np.zeros(10**14)", "memory", "Unable"),
    "an error": ("def sigmoid(z):\n    return 1 / 0", "error", "Line 2: `return 1 / 0`"),
    "a stub": ("def sigmoid(z):\n    raise NotImplementedError('your turn: x')", "not_attempted", ""),
    "borrowed": ("from bplearn.nn import sigmoid", "error", "course's own"),
    "borrowed under a name": ("import bplearn.nn.neuron as n\nsigmoid = n.sigmoid", "error", "course's own"),
}


@pytest.mark.parametrize("name", ENDS)
def test_how_an_answer_ends_is_its_status(ask, name):
    code, status, words = ENDS[name]
    report = ask(code, timeout=2)
    assert report.status == status
    assert words in report.text()


def test_an_answer_that_ends_the_program_costs_only_itself(tmp_path):
    loss = "def squared_error(y_hat, y):\n    return 0.5 * (y_hat - y) ** 2"
    cells = (loss, "import os\ndef sigmoid(z):\n    os._exit(0)", LOOP.replace("sigmoid", "descent_step"))
    reports = {r.exercise: r.status for r in check_notebook(notebook(tmp_path, *cells), timeout=2)}
    assert [reports[name] for name in ("sigmoid", "squared_error", "descent_step", "train_neuron")] == [
        *("died", "passed", "timeout", "not_attempted")
    ]


# ---- nothing hangs, nothing stays ----


def commands():
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")


CHILDREN = {
    "a program": "import subprocess\nsubprocess.Popen(['sleep', '{}'])",
    "a fork": "import os, time\nif os.fork() == 0:\n    os.execvp('sleep', ['sleep', '{}'])",
    "a pool": "import multiprocessing as m, os\nm.get_context('fork').Process(target=os.execvp,"
    " args=('sleep', ['sleep', '{}'])).start()",
}


@pytest.mark.parametrize("how", CHILDREN)
def test_no_process_of_a_notebook_stays_behind(ask, how):
    seconds = f"3.{time.time_ns()}"
    ask(RIGHT, CHILDREN[how].format(seconds))
    deadline = time.monotonic() + 5  # the kernel takes its time over what was killed
    while (left := [line for line in commands() if seconds in line]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


def test_a_child_that_holds_the_pipe_does_not_hold_up_the_check(ask):
    began = time.monotonic()
    ask(RIGHT, "import os, time\nif os.fork() == 0:\n    time.sleep(6)\n    os._exit(0)")
    assert time.monotonic() - began < 5


def test_the_worker_itself_ends(ask, tmp_path):
    ask(RIGHT)
    workers = [entry for entry in Path("/proc").glob("[0-9]*") if _folder(entry) == tmp_path.resolve()]
    assert workers == []


def _folder(entry):
    with contextlib.suppress(OSError):
        return (entry / "cwd").resolve()


# ---- what is refused ----


def test_an_exercise_that_is_not_in_the_lesson_is_refused(tmp_path):
    with pytest.raises(LookupError, match="has no exercise `sigmoit`; it has sigmoid"):
        check_notebook(notebook(tmp_path, RIGHT), "sigmoit")


def test_a_notebook_of_another_course_is_refused(tmp_path):
    with pytest.raises(NotebookError, match="not a notebook of this course"):
        check_notebook(notebook(tmp_path, "x = 1", name="other.ipynb"))


# ---- the same verdict as in the notebook ----

SLOPE = "\ndef sigmoid_slope(z):\n    return sigmoid(z) * (1 - sigmoid(z))\n"
GRADIENT = """
def neuron_gradient(x, w, b, y):
    print("in", x)
    a = 1 / (1 + np.exp(-(w * x + b)))
    return {}
"""
STEP = "\ndef descent_step(w, dw, lr):\n    {}\n    return w\n"
SAMPLES = [
    RIGHT
    + SLOPE
    + GRADIENT.format("(a - y) * a * (1 - a) * x, (a - y) * a * (1 - a)")
    + STEP.format("w = w - lr * dw"),
    WRONG + SLOPE + GRADIENT.format("[(a - y) * x, (a - y)]") + STEP.format("w -= lr * dw"),
    RIGHT
    + SLOPE.replace("1 -", "1 +")
    + GRADIENT.format("(y - a) * a * (1 - a) * x, 1.0")
    + STEP.format("w = w + dw"),
    RIGHT
    + GRADIENT.format("np.float32(a), None")
    + STEP.format("w = w.nothing")
    + "\ndef squared_error(y): return y",
    RIGHT + GRADIENT.format("(a, a, a)") + STEP.format("w = (dw,)") + "\ndef squared_error(y_hat, y): pass",
    RIGHT
    + "from bplearn import use\ndef sigmoid_slope(z):\n    s = use(sigmoid)\n    return s(z) * (1 - s(z))\n",
    "import bplearn.nn\nimport numpy as np\ndef sigmoid(z):\n    return bplearn.nn.sigmoid(z)\n",
    RIGHT + GRADIENT.format("{'dw': a, 'db': a}") + STEP.format("w = str(w)"),
]


@pytest.mark.parametrize("place", range(len(SAMPLES)))
@pytest.mark.filterwarnings("ignore")
def test_a_fresh_process_gives_the_verdict_of_the_notebook(tmp_path, capsys, place):
    scope, file = {"__name__": "__main__"}, "<cell 1>"
    linecache.cache[file] = (1, None, SAMPLES[place].splitlines(True), file)
    exec(compile(SAMPLES[place], file, "exec"), scope)
    away = {report.exercise: report for report in check_notebook(notebook(tmp_path, SAMPLES[place]))}
    here = {name: learn.check(scope[name]) for name in away if name in scope}
    assert {name: report.to_dict() for name, report in here.items()} == {
        name: away[name].to_dict() for name in here
    }
