"""Attacks where an answer is not judged by its numbers alone: facts on chance, order and training."""

import json

import pytest

from tests.sample_class import grade

pytestmark = pytest.mark.sandbox

_FAKE = "import bplearn.probes as P\nP.PROBES['{probe}'] = lambda answer, args: {facts}\n"
FORGED = {
    "dropout_forward": (
        "13_generalisation",
        _FAKE.format(probe="dropping", facts="{'out': args[0], 'mask': args[0]}"),
        "def dropout_forward(x, p, rng, training):\n    return x + 1, 7\n",
    ),
    "minibatches": (
        "08_minibatches",
        _FAKE.format(
            probe="batches", facts="{'shuffled': True, 'new_order_each_call': True, 'order_from_rng': True}"
        ),
        "def minibatches(x, labels, batch_size, rng):\n    return 'no batches at all'\n",
    ),
    "he_init": (
        "10_vanishing_gradients",
        _FAKE.format(
            probe="matrix",
            facts="{'W': [[0.0] * args[1]] * args[0], 'mean': 0.0, 'spread': (2 / args[0]) ** 0.5,"
            " 'same_rng_same_weights': True, 'other_rng_other_weights': True}",
        ),
        "def he_init(fan_in, fan_out, rng):\n    return (2 / fan_in) ** 0.5\n",
    ),
    "topological_order": (
        "14_autodiff",
        _FAKE.format(probe="ordering", facts="{'ends': True}"),
        "def topological_order(root, parents):\n    return 'no order'\n",
    ),
    "train_mlp": (
        "07_mlp",
        "import numpy as np\n",
        "def train_mlp(x, labels, sizes, lr, steps, rng):\n"
        "    one = len(sizes) == 2\n    v = 1e200 if steps == 0 or one else np.nan\n    p = {}\n"
        "    for k, (i, o) in enumerate(zip(sizes, sizes[1:]), 1):\n        p[f'W{k}'] = np.full((i, o), v)\n"
        "        p[f'b{k}'] = np.full(o, 1e308 if v == v else v)\n"
        "    return p, np.full(steps + 1, np.log(sizes[-1]) if one else np.nan)\n",
    ),
    "init_mlp": (
        "07_mlp",
        _FAKE.format(
            probe="initial", facts="{'same_rng_same_weights': True, 'other_rng_other_weights': True}"
        ),
        "def init_mlp(sizes, rng):\n    return {}\n",
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    place = tmp_path_factory.mktemp("others")
    for name, (lesson, *cells) in FORGED.items():
        code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        body = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"bplearn": {"lesson": lesson}}}
        path = place / "in" / name / f"{lesson}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(body | {"cells": [code | {"source": cell} for cell in cells]}))
    return {
        (one.submission, mark.exercise): mark
        for one in grade(place / "in", place / "out", timeout=10.0)
        for mark in one.marks
    }


@pytest.mark.parametrize("name", FORGED)
def test_facts_told_by_a_learners_own_process_earn_nothing(found, name):
    mark = found[name, name]
    assert mark.points <= 0.2 * mark.max_points, mark.report.text()
