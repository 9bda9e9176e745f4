"""Notebooks as they are handed in, and a class graded."""

import json
from pathlib import Path

from bplearn.grader.batch import Batch, crew
from bplearn.grader.marking import Settings
from bplearn.grader.publish import publish
from bplearn.grader.results import submissions
from bplearn.grader.store import Store
from bplearn.grader.submissions import find
from bplearn.version import __version__

LESSON = "01_one_weight"
RIGHT = """import numpy as np

def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1.0, e) / (1.0 + e)
"""
LOSS = "def squared_error(y_hat, y):\n    return (y_hat - y) * (y_hat - y) / 2\n"


def notebook(*cells, **more):
    """A notebook of these code cells, as JSON."""
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    body = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"bplearn": {"lesson": LESSON}}}
    return json.dumps(body | {"cells": [code | {"source": cell} for cell in cells]} | more)


def hand_in(folder: Path, submission: str, *cells, file=f"{LESSON}.ipynb"):
    """Put a notebook where a learner would."""
    path = folder / submission / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook(*cells), encoding="utf-8", newline="")
    return path


def grade(source: Path, out: Path, jobs=2, attempt="last", **settings):
    """Grade a class and write everything; return its submissions."""
    terms = Settings(**{"seed": 7, "version": __version__, "timeout": 1.0} | settings)
    with Store(out) as store, crew(jobs) as workers:
        Batch(store, str(source), terms, workers, (source.resolve(), out.resolve())).run(find(source))
        publish(
            store,
            terms._asdict() | {"attempt": attempt, "formats": ["json", "canvas", "moodle", "gradescope"]},
            lambda *_: None,
        )
        return submissions(store.rows(), attempt, {})


def marks(found):
    """Status and points by submission and exercise."""
    return {
        (mark.submission, mark.exercise): (mark.status, mark.points) for one in found for mark in one.marks
    }
