"""What a learner calls in a notebook, in a real IPython: each call shows what it has to say, none raises."""

import sys
import types
from types import SimpleNamespace

import pytest

from bplearn.exercises import all_exercises, find
from bplearn.record import Record

START = "from bplearn import check, hint, use, quiz, solution, progress\nimport numpy as np\n"
SIGMOID = """
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1.0, e) / (1.0 + e)
"""
EXERCISES = len(all_exercises())
WRONG = "\ndef sigmoid(z):\n    return np.tanh(z)\n"
STUB = '\ndef sigmoid(z):\n    raise NotImplementedError("your turn: write it")\n'
LOSS = "\ndef squared_error(y_hat, y):\n    return 0.5 * (y_hat - y) ** 2\n"


@pytest.fixture(scope="module")
def shell():
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    main = sys.modules["__main__"]
    quiet = Config({"HistoryManager": {"enabled": False}})
    shell = InteractiveShell.instance(config=quiet, user_module=types.ModuleType("__main__"))
    yield SimpleNamespace(run_cell=shell.run_cell, names=shell.user_ns, first=set(shell.user_ns))
    InteractiveShell.clear_instance()
    sys.modules["__main__"] = main


@pytest.fixture
def cell(shell):
    """Run a cell; what it shows comes back as a list, and an error in it is an error of the test."""
    from IPython.utils.capture import capture_output

    def run(text):
        with capture_output() as seen:
            result = shell.run_cell(text, store_history=True)
        result.raise_error()
        shown = [output.data for output in seen.outputs if output.data]
        texts = [data.get("text/plain", "") for data in shown]
        return SimpleNamespace(shown=shown, texts=texts, text="\n".join(texts) + seen.stdout)

    for name in set(shell.names) - shell.first:
        del shell.names[name]
    run(START)
    return run


def attempts(name="sigmoid"):
    return Record.here().attempts(name)


# ---- check ----


@pytest.mark.parametrize(
    "call", ["check(sigmoid)", "check(sigmoid);", "r = check(sigmoid)", "[check(sigmoid)];"]
)
def test_the_card_is_shown_once_however_check_is_called(cell, call):
    seen = cell(SIGMOID + call)
    assert len([text for text in seen.texts if "`sigmoid`: passed" in text]) == 1
    assert {"text/html", "text/plain"} <= set(seen.shown[0])


def test_the_card_is_shown_in_each_turn_of_a_loop(cell):
    assert len(cell(SIGMOID + "for _ in range(3):\n    check(sigmoid)").shown) == 3


def test_a_loop_over_several_functions_shows_a_card_for_each(cell):
    seen = cell(SIGMOID + LOSS + "for answer in (sigmoid, squared_error):\n    check(answer)")
    assert ["passed" in text for text in seen.texts] == [True, True]


def test_a_report_as_the_last_value_shows_nothing_more(cell):
    assert cell(SIGMOID + "check(sigmoid)").texts == cell("report = check(sigmoid)").texts
    assert cell("report").shown == []
    assert "True 1" in cell("print(report.passed, report.points)").text


@pytest.mark.parametrize(("answer", "words"), [(SIGMOID, "passed"), (WRONG, "tanh"), (STUB, "not attempted")])
def test_a_card_says_what_it_found(cell, answer, words):
    assert words in cell(answer + "check(sigmoid)").text


def test_an_exception_shows_the_line_in_the_cell(cell):
    text = cell("def sigmoid(z):\n    a = 1 / 0\n    return a\ncheck(sigmoid)").text
    assert "Line 2: `a = 1 / 0`" in text
    assert "Traceback" not in text


REFUSED = {
    "another name": (SIGMOID + "mine = sigmoid\ncheck(mine)", "another name for the function `sigmoid`"),
    "unknown": ("def sigmoit(z):\n    return z\ncheck(sigmoit)", "Did you mean `sigmoid`"),
    "unlike any": ("def xyzzy(z):\n    return z\ncheck(xyzzy)", "There is no exercise called `xyzzy`"),
    "the course's": ("from bplearn.nn import sigmoid\ncheck(sigmoid)", "the course's own"),
    "lent": (WRONG + "sigmoid = use(sigmoid)\ncheck(sigmoid)", "the course's own"),
    "a class": ("class sigmoid:\n    pass\ncheck(sigmoid)", "a function is due"),
    "a lambda": ("check(lambda z: z)", "A lambda has no name"),
    "a named lambda": ("sigmoid = lambda z: z\ncheck(sigmoid)", 'check(sigmoid, "sigmoid")'),
    "a text": ('check("sigmoid")', "without quotes"),
    "a value": ("check(0.5)", "the function itself, not what it returns"),
    "None": ("check(None)", "the function itself"),
    "an array": ("check(np.zeros(3))", "the function itself"),
    "a module": ("check(np)", "the function itself"),
    "a partial": ("import functools\ncheck(functools.partial(max))", "not a function"),
    "a ufunc": ("check(np.sin)", "no exercise called `sin`"),
    "a builtin": ("check(len)", "no exercise called `len`"),
    "an object": ("class A:\n    __call__ = max\n    __hash__ = None\ncheck(A())", "not a function"),
    "a wrong name": (SIGMOID + 'check(sigmoid, "sigmoit")', "Did you mean `sigmoid`"),
    "a function for a name": (SIGMOID + "check(sigmoid, sigmoid)", "in quotes"),
    "a number for a name": (SIGMOID + "check(sigmoid, 5)", "in quotes"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_checked_is_refused_in_one_line(cell, name):
    code, words = REFUSED[name]
    seen = cell(code)
    assert words in seen.texts[-1]
    assert "\n" not in seen.texts[-1]
    assert attempts() == []


@pytest.mark.parametrize(
    "call", ['check(lambda z: np.tanh(z), "sigmoid")', 'mine = sigmoid\ncheck(mine, "sigmoid")']
)
def test_an_answer_of_another_name_is_judged_as_the_exercise_named(cell, call):
    assert "tanh" in cell(WRONG + call).text


# ---- the record ----

SOURCES = {
    "plain": "{}",
    "timed": "%%time\n{}",
    "captured": "%%capture\n{}",
    "above": "x = 1\n{}\ny = 2",
    "lambda": '{}\nlam = lambda z: sigmoid(z)\ncheck(lam, "sigmoid")',
}


@pytest.mark.parametrize("how", SOURCES)
def test_each_check_is_recorded_with_the_answers_source(cell, how):
    cell(SOURCES[how].format(WRONG.strip() + "\ncheck(sigmoid)"))
    kept = attempts()[-1]
    assert ("lam = " if how == "lambda" else "return np.tanh(z)") in kept.source
    assert (kept.status, kept.points) == ("failed", 0)


def test_an_answer_defined_in_an_earlier_timed_cell_is_recorded_whole(cell):
    cell("%%time" + WRONG)
    cell("a = 1")
    cell("check(sigmoid)")
    assert "return np.tanh(z)" in attempts()[0].source


def test_a_redefined_answer_is_recorded_as_it_is_now(cell):
    cell(WRONG + "check(sigmoid)")
    cell(SIGMOID + "check(sigmoid)")
    assert [kept.status for kept in attempts()] == ["failed", "passed"]
    assert "tanh" not in attempts()[1].source


def test_trouble_with_the_record_is_one_line_below_the_card(cell, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BPLEARN_HOME", str(tmp_path / "file" / "inside"))
    texts = cell(SIGMOID + "check(sigmoid)").texts
    assert "passed" in texts[0]
    assert len(texts) == 2
    assert texts[1].count("\n") == 0
    assert "cannot be used just now" in texts[1]


# ---- use ----


def test_use_gives_the_learners_function_once_it_passes(cell):
    assert cell(SIGMOID + "print(use(sigmoid) is sigmoid)").text.strip() == "True"


@pytest.mark.parametrize("answer", [WRONG, STUB])
def test_use_gives_the_courses_until_then_and_says_so_in_one_line(cell, answer):
    seen = cell(answer + "print(float(use(sigmoid)(0.0)), use(sigmoid) is sigmoid)")
    assert seen.texts[0].count("\n") == 0
    assert "the course's own" in seen.texts[0]
    assert "0.5 False" in seen.text


def test_use_says_so_once_in_a_cell(cell):
    seen = cell(WRONG + "use(sigmoid); use(sigmoid)")
    assert len(seen.texts) == 1
    assert len(cell("use(sigmoid)").texts) == 1


def test_use_judges_once_for_each_function_object(cell):
    count = "calls = 0\ndef sigmoid(z):\n    global calls\n    calls += 1\n    return z\n"
    cell(count + "use(sigmoid); first = calls")
    assert cell("use(sigmoid)\nprint(calls == first > 0)").text.strip().endswith("True")
    assert cell(SIGMOID + "print(use(sigmoid) is sigmoid)").text.strip() == "True"


def test_check_renews_what_use_remembers(cell):
    flips = "right = False\ndef sigmoid(z):\n    return 0.5 + np.tanh(z / 2) / 2 if right else z\n"
    cell(flips + "use(sigmoid)")
    assert "False" in cell("right = True\nprint(use(sigmoid) is sigmoid)").text
    cell("check(sigmoid)")
    assert "True" in cell("print(use(sigmoid) is sigmoid)").text


@pytest.mark.parametrize("thing", ["5", "None", "'sigmoid'", "len"])
def test_use_of_something_else_is_an_error_of_one_line(cell, thing):
    with pytest.raises(LookupError) as error:
        cell(f"use({thing})")
    assert "\n" not in str(error.value)


# ---- hint, solution ----


def test_hints_come_one_by_one_and_are_counted_in_the_record(cell):
    hints = find("sigmoid").hints
    for number in range(1, len(hints) + 1):
        assert cell(f"{WRONG}hint(sigmoid)").text.count("Hint ") == number
    assert Record.here().hints_shown("sigmoid") == len(hints)
    assert "That was the last one" in cell("hint(sigmoid)").text
    assert Record.here().hints_shown("sigmoid") == len(hints)


def test_the_solution_is_barred_until_the_last_hint_was_read(cell):
    assert "3 hints are left" in cell(WRONG + "solution(sigmoid)").text
    cell("hint(sigmoid); hint(sigmoid); hint(sigmoid)")
    assert "def sigmoid(z):" in cell("solution(sigmoid)").text


def test_the_solution_is_shown_after_passing(cell):
    assert "def sigmoid(z):" in cell(SIGMOID + "check(sigmoid)\nsolution(sigmoid)").texts[1]


@pytest.mark.parametrize("call", ["hint", "solution"])
@pytest.mark.parametrize("thing", ["'sigmoit'", "5", "None", "len"])
def test_hint_and_solution_of_something_else_say_so(cell, call, thing):
    assert "There is no exercise called" in cell(f"{call}({thing})").text


def test_an_answer_that_was_interrupted_is_kept(cell):
    card = cell("def sigmoid(z):\n    raise KeyboardInterrupt\ncheck(sigmoid)").text
    assert "Does one of its loops never end?" in card
    (attempt,) = Record.here().attempts("sigmoid")
    assert (attempt.status, "raise KeyboardInterrupt" in attempt.source) == ("timeout", True)


@pytest.mark.parametrize("call", ["check()", "hint()", "solution()", "quiz()"])
def test_a_call_without_a_name_says_what_is_missing(cell, call):
    assert len(cell(call).text.splitlines()) == 1


# ---- quiz, progress ----


@pytest.mark.parametrize("name", ["'01-a-hare'", "''", "5", "None"])
def test_an_unknown_quiz_is_said_with_the_nearest_names(cell, name):
    seen = cell(f"quiz({name})")
    assert "There is no quiz called" in seen.text
    assert ("Did you mean `01-a-hair`" in seen.text) is (name == "'01-a-hare'")


def test_a_quiz_is_shown_with_a_text(cell):
    assert "Question:" in cell("quiz('01-a-hair')").text


def test_progress_begins_at_nothing_and_grows_with_each_pass(cell):
    assert f"0 of {EXERCISES} exercises passed, 0 of" in cell("progress()").text
    cell(SIGMOID + WRONG.replace("sigmoid", "squared_error") + LOSS.replace("0.5", "0.6") + "check(sigmoid)")
    cell("check(squared_error)")
    seen = cell("progress()")
    assert f"1 of {EXERCISES} exercises passed, 1 of" in seen.text
    assert "✓◐○" in seen.text
    assert "✓◐○" in seen.shown[0]["text/html"]


def test_a_pass_is_not_lost_by_a_later_failure(cell):
    cell(SIGMOID + "check(sigmoid)")
    cell(WRONG + "check(sigmoid)")
    assert f"1 of {EXERCISES} exercises passed" in cell("progress()").text
