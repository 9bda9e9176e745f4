"""A class is graded: fair to whatever is right, whatever else is in a notebook, and nothing that is lost."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bplearn.exercises import LESSONS, exercises_of
from bplearn.grader import box, examination
from bplearn.grader.session import check_notebook, code_cells
from bplearn.notebooks import course_folder, read_notebook
from tests.sample_class import LOSS, RIGHT, grade, hand_in, marks

ROOT = course_folder()
pytestmark = pytest.mark.sandbox

SLOPE = "def sigmoid_slope(z):\n    a = sigmoid(z)\n    return a * (1 - a)\n"
FAIR = {
    "prints": RIGHT.replace("    return", "    print('z', z)\n    return"),
    "prints very much": RIGHT.replace("    return", "    print('x' * 10**6)\n    return"),
    "warns": RIGHT.replace(
        "    e =", "    import warnings; warnings.warn('look')\n    np.log(-1.0)\n    e ="
    ),
    "writes to stderr": RIGHT.replace("    e =", "    import sys; print('hm', file=sys.stderr)\n    e ="),
    "changes its argument": RIGHT.replace(
        "    return", "    y = np.array(z)\n    if np.ndim(z):\n        z *= 0\n    z = y\n    return"
    ),
    "float32": RIGHT.replace(
        "(np.asarray(z) >= 0, 1.0, e)", "(np.asarray(z) >= 0, 1.0, e).astype(np.float32)"
    ),
    "another formula": "import numpy as np\ndef sigmoid(z):\n    return 0.5 * (1 + np.tanh(z / 2))\n",
    "more of numpy": "from numpy import *\nimport numpy.linalg as la\nfrom numpy.random import normal\n"
    + RIGHT,
    "a class beside it": "class Helper:\n    n = 1\n\n" + RIGHT,
    "a decorator": RIGHT.replace("def sigmoid", "@(lambda f: f)\ndef sigmoid"),
    "type hints": RIGHT.replace("def sigmoid(z):", "def sigmoid(z: 'np.ndarray') -> 'np.ndarray':"),
    "magics": "%matplotlib inline\n!ls\n" + RIGHT,
    "timed": "%%time\n" + RIGHT,
    "windows": RIGHT.replace("\n", "\r\n"),
    "other letters": "π = 3.14\nЖ = 'щ'\n" + RIGHT,
    "matplotlib": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n" + RIGHT,
    "a module that is not there": "try:\n    import torch\nexcept ImportError:\n    torch = None\n" + RIGHT,
    "digits": "from bplearn.data import digits\na, b, c, d = digits()\nassert c.shape == (360, 64)\n" + RIGHT,
    "course's names": "from bplearn import check, hint, progress, quiz, solution, use, viz\nviz.sigmoid()\n"
    + RIGHT
    + "check(sigmoid)\nuse(sigmoid)(1.0)\n",
    "saves a file": "import numpy as np\nnp.save('/tmp/x.npy', np.ones(3))\nnp.load('/tmp/x.npy')\n" + RIGHT,
    "threads": "from concurrent.futures import ThreadPoolExecutor as T\nlist(T(2).map(abs, [1, 2]))\n"
    + RIGHT,
    "a process": "import subprocess\nsubprocess.run(['true'])\n" + RIGHT,
    "a child that goes on": "import os\nos.fork()\n" + RIGHT,
    "redefined": "def sigmoid(z):\n    return 0\n" + RIGHT,
    "main": RIGHT + "if __name__ == '__main__':\n    print(sigmoid(0.0))\n",
    "a large constant": "x = '" + "y" * 10**6 + "'\n" + RIGHT,
}
SEVERAL = {
    "helper in another cell": (
        "import numpy as np\ndef half(z):\n    return 0.5 * z\n",
        "def sigmoid(z):\n    return 0.5 * (1 + np.tanh(half(np.asarray(z))))\n",
    ),
    "an error before": ("1 / 0", RIGHT),
    "an error after": (RIGHT, "1 / 0"),
    "a cell that exits": (RIGHT, "import os; os._exit(1)"),
    "a cell that loops": (RIGHT, "while True: pass"),
    "three fatal cells": (
        "import os; os._exit(1)",
        "while True: pass",
        RIGHT,
        "import os; os.kill(os.getpid(), 9)",
    ),
    "written twice": ("def sigmoid(z):\n    return z", RIGHT),
    "a scratch cell in pieces": (RIGHT, "np.sum("),
}


@pytest.fixture(scope="module")
def fair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fair")
    for name, cell in FAIR.items():
        hand_in(folder / "in", name, cell, LOSS)
    for name, cells in SEVERAL.items():
        hand_in(folder / "in", name, *cells, LOSS)
    return marks(grade(folder / "in", folder / "out", timeout=2.0))


@pytest.mark.parametrize("name", [*FAIR, *SEVERAL])
def test_what_is_right_gets_all_points_whatever_is_around_it(fair, name):
    assert (fair[name, "sigmoid"], fair[name, "squared_error"]) == (("passed", 1.0), ("passed", 1.0))


# ---- the course's own notebooks ----


@pytest.mark.slow
def test_every_solution_gets_all_points_and_every_lesson_none(tmp_path):
    for edition in ("solutions", "lessons"):
        for lesson in LESSONS:
            (tmp_path / "in" / edition).mkdir(parents=True, exist_ok=True)
            text = (course_folder() / edition / f"{lesson}.ipynb").read_bytes()
            (tmp_path / "in" / edition / f"{lesson}.ipynb").write_bytes(text)
    found = {
        (one.submission, one.lesson): one for one in grade(tmp_path / "in", tmp_path / "out", timeout=10.0)
    }
    assert len(found) == 2 * len(LESSONS)
    for lesson in LESSONS:
        assert found["solutions", lesson].points == sum(e.points for e in exercises_of(lesson))
        assert {mark.status for mark in found["lessons", lesson].marks} == {"not_attempted"}


def test_the_grader_and_the_check_give_the_same_verdict(tmp_path):
    wrong = "import numpy as np\ndef sigmoid(z):\n    return np.tanh(z)\n"
    path = hand_in(tmp_path / "in", "a", wrong, SLOPE, "def squared_error(y_hat, y):\n    return y_hat - y\n")
    here = {report.exercise: (report.status, report.mistakes) for report in check_notebook(path)}
    there = {
        m.exercise: (m.status, m.mistake)
        for one in grade(tmp_path / "in", tmp_path / "out")
        for m in one.marks
    }
    assert there == here


# ---- what a submission can see ----


SEEN = """import os, sys
walk = [os.path.join(d, f) for d, _, fs in os.walk('/box/bplearn') for f in fs]
files = {os.path.relpath(path, '/box/bplearn') for path in walk}
modules = {m for m in sys.modules if m.startswith('bplearn')}
def sigmoid(z):
    strange = sorted(files - FILES | modules - MODULES)
    raise RuntimeError(f"{len(files)} files, {len(modules)} modules, strange: {strange}")
"""


def test_the_box_holds_no_reference_and_no_label_that_is_held_out(tmp_path):
    files = {*box.ALLOWED, "__init__.py", "digits.npz"}
    modules = {"bplearn", "bplearn.grader", "bplearn.nn"}
    modules |= {"bplearn." + name[:-3].replace("/", ".") for name in box.ALLOWED}
    assert not [name for name in files if "exercise" in name or "judge" in name or name.startswith("nn/n")]
    hand_in(tmp_path / "in", "a", f"FILES, MODULES = {files}, {modules}\n" + SEEN)
    (one,) = grade(tmp_path / "in", tmp_path / "out")
    said = next(mark.report.findings[0].message for mark in one.marks if mark.exercise == "sigmoid")
    seen, strange = re.search(r"(\d+) files, \d+ modules, strange: (\[.*?\])", said).groups()
    assert strange == "['nn/shapes.py']"  # the mathematics of lesson 00
    assert int(seen) == len(files) + 1


def test_the_digits_in_the_box_are_those_to_learn_from(tmp_path):
    import numpy as np

    from bplearn.data import digits

    box.lay_out("15_capstone", tmp_path / "box")
    _, _, images, labels = digits()
    with np.load(tmp_path / "box" / "bplearn" / "digits.npz") as stored:
        rows = {tuple(row) for name in ("train_images", "test_images") for row in stored[name]}
        learnt = {tuple(row) for row in digits()[0].astype(np.uint8)}
    assert rows <= learnt
    assert len(labels) == len(images) == 360


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_sees_the_mathematics_before_it_and_nothing_that_it_asks_for(lesson):
    visible = set(box.visible_mathematics(lesson))
    homes = {e.reference.__module__.rpartition(".")[2] for e in exercises_of(lesson)}
    assert not visible & homes


# ---- as root and as an ordinary user ----


def as_somebody(command):
    """A command for another user, in a world of mounts in which that user may read Python and the course."""
    lines = []
    for number, needed in enumerate({Path(sys.base_prefix), Path(sys.prefix), ROOT}):
        closed = next((p for p in reversed(needed.parents) if not p.stat().st_mode & 0o001), None)
        if closed is not None:
            lines += [f"mkdir -p $PLACE/{number}", f"mount --bind {needed} $PLACE/{number}"]
            lines += [f"mount -t tmpfs -o mode=755 none {closed}", f"mkdir -p {needed}"]
            lines += [f"mount --bind $PLACE/{number} {needed}"]
    drop = "exec setpriv --reuid=12345 --regid=12345 --clear-groups --inh-caps=-all "
    return ["unshare", "--mount", "sh", "-ec", "\n".join([*lines, drop + '"$@"']), "sh", *command]


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_grades_as_root_does():
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o777)
        for k in range(3):
            hand_in(place / "in", f"s{k}", RIGHT, LOSS)
        hand_in(place / "in", "loop", "def sigmoid(z):\n    while True: pass", LOSS)
        tables = {}
        for who, wrap in (("root", list), ("somebody", as_somebody)):
            out = [place / "in", "-o", place / who, "--seed", "7", "--timeout", "1"]
            command = wrap([sys.executable, "-m", "bplearn", "grade", *map(str, out)])
            home = {"HOME": name, "PLACE": name, "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
            run = subprocess.run(
                command, capture_output=True, text=True, timeout=120, env=home, check=False, cwd=place
            )
            assert run.returncode == 0, run.stderr
            tables[who] = (place / who / "grades.csv").read_text()
        assert tables["somebody"] == tables["root"]
        assert "loop,01_one_weight,sigmoid,timeout,0,1" in tables["root"]


def test_the_examination_finds_the_sandbox_at_work():
    assert examination.examine().works


def test_a_notebook_that_has_lost_its_marks_runs_the_same_cells():
    for lesson in LESSONS[:3]:
        whole = read_notebook(course_folder() / "lessons" / f"{lesson}.ipynb")
        bare = {"metadata": {}, "cells": [cell | {"metadata": {}} for cell in whole["cells"]]}
        assert code_cells(bare, lesson) == code_cells(whole, lesson)
        assert len(code_cells(whole, lesson)) < sum(cell["cell_type"] == "code" for cell in whole["cells"])
