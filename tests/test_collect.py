"""Running an answer: fresh arguments, the learner's own line, and nothing but plain data comes back."""

import itertools
import sys
import tracemalloc
import warnings

import numpy as np
import pytest

from bplearn import collect
from bplearn.collect import Sink, describe, observe
from bplearn.plain import MAX_ENTRIES, MAX_ITEMS, MAX_TEXT, Odd, plain
from bplearn.probes import Named, Seed


def one(answer, *args):
    (call,) = observe(answer, [list(args)]).calls
    return call


# ---- arguments ----


def test_each_call_gets_fresh_copies():
    def answer(x, items):
        x += 1
        items["a"].append(1)
        return x.sum() + len(items["a"])

    case = [np.zeros(3), {"a": []}]
    seen = observe(answer, [case, case])
    assert [float(call.value) for call in seen.calls] == [4.0, 4.0]
    assert case[0].tolist() == [0, 0, 0]


CHANGES = {
    "entry": (lambda x: x.__setitem__(0, 9.0), np.zeros(3), (0,)),
    "shape": (lambda x: x.resize((1, 3), refcheck=False), np.zeros(3), (0,)),
    "list": (list.reverse, [1, 2], (0,)),
    "longer list": (lambda x: x.append(1), [1, 2], (0,)),
    "dict": (lambda x: x.pop("a"), {"a": 1}, (0,)),
    "inside": (lambda x: x["a"][0].fill(1), {"a": [np.zeros(2)]}, (0,)),
    "nothing": (lambda x: x.copy(), np.array([np.nan, 0.0]), ()),
    "a generator that moved on": (lambda rng: rng.normal(), Seed(1), ()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_argument_is_seen(name):
    change, argument, due = CHANGES[name]
    assert one(change, argument).changed == due


def test_a_seed_gives_the_same_numbers_in_each_call():
    seen = observe(lambda rng: rng.normal(size=2), [[Seed(3)], [Seed(3)], [Seed(4)]])
    first, again, other = (call.value.tolist() for call in seen.calls)
    assert first == again != other


def test_a_named_function_arrives_as_a_function():
    assert one(lambda f: f(np.array([3.0, 4.0])), Named("quadratic")).value == 12.5


# ---- what comes back ----

PLAIN = [
    (5, 5),
    (True, True),
    (None, None),
    (2.5, 2.5),
    ("text", "text"),
    ((1, [2.0]), (1, [2.0])),
    ({"a": 1}, {"a": 1}),
    ({1: 2}, {"1": 2}),
    (2**64, Odd("integer beyond 64 bits")),
    (1j, Odd("complex")),
    (np.array([1j]), Odd("array of complex128")),
    (np.array([None, "a"]), Odd("array of object")),
    (np.array(["a"]), Odd("array of str32")),
    (np.array("2020", dtype="M8[Y]"), Odd("array of datetime64[Y]")),
    ({1, 2}, Odd("set")),
    (range(3), Odd("range")),
    (Ellipsis, Odd("Ellipsis")),
    (b"bytes", Odd("bytes")),
    (object, Odd("type")),
    (len, Odd("builtin_function_or_method")),
    (np, Odd("module")),
    ((i for i in "ab"), Odd("generator")),
    (map(str, "ab"), Odd("map")),
    ([1, ...], [1, Odd("Ellipsis")]),
]


@pytest.mark.parametrize(("value", "due"), PLAIN, ids=lambda v: repr(v)[:20])
def test_what_is_returned_becomes_plain_data(value, due):
    assert plain(value) == due
    assert type(plain(value)) is type(due)


def test_arrays_are_copied_and_lose_their_class():
    base = np.arange(4.0)
    views = [base[::2], np.ma.masked_array(base, base > 2), np.float64(2)]
    assert all(type(plain(view)) is np.ndarray and plain(view).base is None for view in views)


def test_a_list_that_holds_itself_ends():
    endless = []
    endless.append(endless)
    assert "Odd" in repr(plain(endless))


HUGE = {
    "entries": (lambda: np.zeros(MAX_ENTRIES + 1), "array of"),
    "many arrays": (lambda: [np.zeros(MAX_ENTRIES // 2)] * 3, "array of"),
    "items": (lambda: list(range(MAX_ITEMS + 5)), "too many values"),
    "keys": (lambda: dict.fromkeys(range(MAX_ITEMS + 5)), "too many values"),
    "nested": (lambda: [[0] * 1000] * 1000, "too many values"),
    "text": (lambda: "x" * 10**7, "x" * MAX_TEXT),
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_value_is_cut_and_said_to_be_so(name):
    make, words = HUGE[name]
    assert words in repr(plain(make()))


def test_a_value_that_only_looks_huge_is_not_copied_to_find_that_out():
    looks_huge = np.broadcast_to(0.0, (5000, 5000))
    tracemalloc.start()
    plain(looks_huge)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50_000_000


class Hostile(list):
    def __getitem__(self, place):
        raise ValueError("not to be read")


@pytest.mark.parametrize("value", [Hostile([1]), type("D", (dict,), {"items": lambda self: 1 / 0})(a=1)])
def test_a_value_that_refuses_to_be_read_is_trouble_of_the_answer(value):
    assert one(lambda: value).trouble is not None


# ---- exceptions ----


def fails(x):
    y = x + 1
    return y / 0


def fails_deep(x):
    return [fails(v) for v in x]


def reraises(x):
    try:
        return fails(x)
    except ZeroDivisionError as error:
        raise ValueError("worse") from error


def fails_in_numpy(x):
    return np.ones((2, 3)) @ np.ones((2, 3))


def fails_in_the_library(x):
    return sorted([1, "a"], key=lambda v: v)


OWN_LINES = [
    (fails, "ZeroDivisionError", "return y / 0", "fails"),
    (lambda x: fails_deep([x]), "ZeroDivisionError", "return y / 0", "fails"),
    (reraises, "ValueError", 'raise ValueError("worse") from error', "reraises"),
    (fails_in_numpy, "ValueError", "return np.ones((2, 3)) @ np.ones((2, 3))", "fails_in_numpy"),
    (fails_in_the_library, "TypeError", 'return sorted([1, "a"], key=lambda v: v)', "fails_in_the_library"),
]


@pytest.mark.parametrize(("answer", "kind", "text", "function"), OWN_LINES)
def test_an_exception_shows_the_learners_own_line(answer, kind, text, function):
    trouble = one(answer, 1.0).trouble
    assert (trouble.kind, trouble.text, trouble.function) == (kind, text, function)
    assert trouble.line > 0


@pytest.mark.parametrize(
    ("answer", "call"),
    [(fails, ""), (lambda x: x / 0, ""), (reraises, ""), (fails_deep, "return [fails(v) for v in x]")],
)
def test_where_a_helper_fails_the_line_that_called_it_is_told(answer, call):
    assert one(answer, [1.0] if answer is fails_deep else 1.0).trouble.call == call


@pytest.mark.parametrize(
    "file",
    ["site-packages/numpy/x.py", "dist-packages/numpy/x.py", "lib/python3.11/bplearn-course/answers.py"],
)
def test_a_library_is_told_from_the_learners_own_file(file):
    path = f"/usr/lib/python3/{file}"
    scope = {}
    exec(compile("def inner():\n    raise ValueError('inside')", path, "exec"), scope)
    assert one(lambda: scope["inner"]()).trouble.function == ("inner" if "course" in file else "<lambda>")


def deep(n):
    return deep(n + 1)


ENDINGS = [
    SystemExit(0),
    SystemExit("bye"),
    GeneratorExit(),
    MemoryError(),
    RecursionError(),
    StopIteration(),
]


@pytest.mark.parametrize("error", ENDINGS, ids=repr)
def test_whatever_an_answer_raises_is_kept(error):
    def answer():
        raise error

    assert one(answer).trouble.kind == type(error).__name__


def test_endless_recursion_is_kept_with_the_learners_line():
    trouble = one(deep, 0).trouble
    assert (trouble.kind, trouble.text) == ("RecursionError", "return deep(n + 1)")


def test_only_the_learners_own_interrupt_is_let_through():
    def answer():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        one(answer)


@pytest.mark.parametrize("error", [ValueError, SystemExit, MemoryError])
def test_an_exception_that_refuses_to_be_printed_is_kept(error):
    class RudeError(Exception):
        def __str__(self):
            raise error

    assert "RudeError" in repr(describe(RudeError()))


def test_the_message_of_an_exception_is_one_short_line():
    message = describe(ValueError("a\n" * 10_000)).message
    assert "\n" not in message
    assert len(message) <= MAX_TEXT


# ---- prints and warnings ----


def test_megabytes_of_print_are_counted_and_not_kept(capsys):
    seen = observe(lambda: [print("x" * 1000) for _ in range(5000)] and 1, [[]])
    assert (seen.print_size, len(seen.printed)) == (5_005_000, collect.MAX_PRINT)
    assert capsys.readouterr().out == ""


def test_what_goes_to_stderr_is_kept_too():
    assert "oh" in observe(lambda: print("oh", file=sys.stderr), [[]]).printed


@pytest.mark.parametrize("what", [b"bytes", ["list"], 5, None], ids=repr)
def test_writing_something_else_than_text_is_the_answers_trouble_as_in_python(what):
    assert one(lambda: sys.stdout.write(what)).trouble.kind == "TypeError"


def test_the_sink_takes_what_a_stream_takes():
    sink = Sink()
    print("a", end="", file=sink, flush=True)
    sink.writelines(["b", "c"])
    assert (sink.kept(), sink.writable()) == ("abc", True)


def test_each_warning_is_kept_once_and_three_at_most():
    def answer():
        for number, _ in itertools.product(range(9), range(9)):
            warnings.warn(f"warning {number}", stacklevel=1)

    assert one(answer).warned == tuple(f"UserWarning: warning {number}" for number in range(3))


def test_what_one_answer_allows_itself_is_not_there_for_the_next():
    limit = sys.getrecursionlimit()
    assert one(lambda: sys.setrecursionlimit(limit + 500)).trouble is None
    assert sys.getrecursionlimit() == limit
