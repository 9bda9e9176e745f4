"""Of the course's own cells those run on which an answer, or another cell that runs, depends."""

import pytest

from bplearn.grader.thrift import needed

ANSWER = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))"


def kept(*cells):
    """Which cells run: given ones are those that begin with `#`."""
    rows = [(n, text, text.startswith("#")) for n, text in enumerate(cells)]
    return [number for number, _ in needed(rows)]


def test_a_demonstration_that_nobody_needs_does_not_run():
    assert kept("# given\nimport numpy as np", "# given\nlosses = [np.exp(k) for k in range(9)]", ANSWER) == [
        0,
        2,
    ]


def test_whatever_the_learner_wrote_runs():
    assert kept("x = 1", "print(2)", "%ls") == [0, 1, 2]


@pytest.mark.parametrize(
    "given",
    [
        "# given\nhelp_me = 1",
        "# given\ndef help_me():\n    pass",
        "# given\nclass help_me:\n    pass",
        "# given\nfrom math import pi as help_me",
        "# given\nimport help_me.more",
        "# given\nfor help_me in range(3):\n    pass",
        "# given\nhelp_me, other = 1, 2",
        "# given\nhelp_me += 1",
        "# given\nhelp_me['x'] = 1",
        "# given\nhelp_me.x = 1",
        "# given\nhelp_me.append(1)",
        "# given\nif True:\n    help_me[0].x['y'] = 1",
        "# given\nwith open('x') as help_me:\n    pass",
    ],
)
@pytest.mark.parametrize(
    "own",
    ["help_me", "def f(z):\n    return help_me(z)", "g = lambda: [help_me for _ in z]", "%time help_me"],
)
def test_what_an_answer_names_runs(given, own):
    assert kept(given, own) == [0, 1]


def test_what_a_needed_cell_needs_runs_too():
    assert kept("# a\none = 1", "# b\ntwo = one", "# c\nthree = two", "three", "# d\nfour = 4") == [
        0,
        1,
        2,
        3,
    ]


@pytest.mark.parametrize(
    "own", ["globals()['x']", "eval('x')", "exec('y = x')", "get_ipython().user_ns['x']", "import __main__"]
)
def test_if_names_may_be_reached_in_other_ways_all_cells_run(own):
    assert kept("# given\nx = 1", own) == [0, 1]


def test_parameters_are_not_asked_of_others():
    assert kept("# given\nz = [1, 2]", "def sigmoid(z):\n    y = z\n    return y") == [1]


@pytest.mark.parametrize("own", ["def (", "x = " + "(" * 3000, "\0"])
def test_a_cell_in_pieces_does_not_hold_anything_up(own):
    assert 1 in kept("# given\nz = 1", own)
