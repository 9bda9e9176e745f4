"""What can be seen of an answer without running it."""

import pytest

from bplearn import inspection
from bplearn.nn import Value


def only_words():
    """Only words."""


BLANK = [(only_words, True), (lambda: None, True), (lambda: ..., True), (lambda x: x, False), (int, False)]
BLANK += [(lambda: 0, False), (lambda: 0.0, False), (lambda: False, False)]


@pytest.mark.parametrize(("answer", "due"), BLANK)
def test_an_empty_body_is_seen(answer, due):
    assert inspection.is_blank(answer) is due


def unfinished(x):
    print(x)
    raise NotImplementedError("your turn: go on")


@pytest.mark.parametrize(
    ("answer", "due"), [(unfinished, True), (only_words, False), (len, False), (5, False)]
)
def test_the_line_of_a_stub_is_seen(answer, due):
    assert inspection.is_stub(answer) is due


BORROWED = {
    "from": ("from bplearn.nn import sigmoid", "sigmoid(z)"),
    "from as": ("from bplearn.nn import sigmoid as mine", "mine(z)"),
    "module": ("from bplearn.nn import neuron", "neuron.sigmoid(z)"),
    "package as": ("import bplearn.nn as nn", "nn.sigmoid(z)"),
    "dotted": ("import bplearn.nn", "bplearn.nn.sigmoid(z)"),
    "deeply dotted": ("import bplearn.nn.neuron", "bplearn.nn.neuron.sigmoid(z)"),
    "package": ("import bplearn", "bplearn.nn.sigmoid(z)"),
    "helper": ("from bplearn.nn import sigmoid\ndef mine(z):\n    return sigmoid(z)", "mine(z)"),
}


@pytest.mark.parametrize("inside", [False, True], ids=["above", "inside"])
@pytest.mark.parametrize("how", BORROWED)
def test_the_courses_own_function_is_seen_however_it_is_named(how, inside):
    line, call = BORROWED[how]
    first = (
        [line, "def f(z):"] if not inside else ["def f(z):", *(f"    {part}" for part in line.split("\n"))]
    )
    scope = {}
    exec("\n".join([*first, f"    return {call}"]), scope)
    assert "bplearn.nn.neuron.sigmoid" in inspection.reached(scope["f"])[1]


def test_the_learners_own_functions_are_followed():
    scope = {}
    exec("def a(): return b()\ndef b(): return [c() for _ in 'x']\ndef c(): return a()\ndef d(): pass", scope)
    assert set(inspection.reached(scope["a"])[0]) >= {"b", "c"}


# ---- classes ----


def helper(x):
    return x


class Unfinished:
    """Stands for a class that was handed out."""

    def __init__(self, data):
        self.data = helper(data)

    @staticmethod
    def backward():
        raise NotImplementedError("your turn: replace this line")


class Borrowing(Value):
    """Stands for a class that is the course's own under another name."""


def test_a_class_is_looked_at_method_by_method():
    assert inspection.is_stub(Unfinished)
    assert inspection.reached(Unfinished)[0] == ("helper",)


def test_a_class_made_from_the_courses_own_is_seen():
    assert "bplearn.nn.autodiff.Value" in inspection.reached(Borrowing)[1]
