"""What a learner calls in a notebook: check, hint, use, quiz, solution, progress.

Each shows what it has to say by itself, so that it is seen in loops and before a trailing `;`.
"""

from __future__ import annotations

import contextlib
import inspect
import linecache
import re
import sys
import types
import weakref
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from bplearn import collect, exercises, way
from bplearn.exercise import Exercise
from bplearn.judge import Run, judge
from bplearn.record import Record
from bplearn.refusal import refusal
from bplearn.report import Finding, Report, rich
from bplearn.viz.show import emit, in_ipython

Answer = TypeVar("Answer", bound=Callable[..., Any])

_passed: weakref.WeakKeyDictionary[Any, bool] = weakref.WeakKeyDictionary()  # what `use` remembers
_told: dict[str, Any] = {}  # what was said once, and in which cell
_lent: weakref.WeakSet[Any] = weakref.WeakSet()  # the course's own functions, as `use` handed them out


class UseError(LookupError):
    """`use` was handed no answer. A notebook shows its one line, not our stack."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def check(answer: Callable[..., Any] | None = None, name: str | None = None) -> Report:
    """Check an answer and show a card: what is right, what is wrong and why.

    Parameters
    ----------
    answer : callable
        The function (or class) that you wrote: ``check(sigmoid)``.
    name : str, optional
        The exercise, where the answer has another name: ``check(my_function, "sigmoid")``.

    Returns
    -------
    Report
        Shows nothing by itself. A wrong answer never raises.
    """
    refused = refusal(answer, name, _lent)
    if refused or answer is None:
        return _refused(refused)
    try:
        exercise = exercises.find(name or answer.__name__)
    except LookupError as error:
        return _refused(f'{error} A function of another name: `check(answer, "exercise")`.')
    try:
        report = _judged(answer, exercise)
    except KeyboardInterrupt:
        text = "Stopped while your function was running. Does one of its loops never end?"
        finding = Finding("", "timeout", message=text)
        report = Report(exercise.name, exercise.lesson, exercise.points, (finding,))
    _remember(answer, report.passed)
    emit({"text/html": report.html(), "text/plain": report.text()})
    _record(lambda record: record.add_check(report, _source(answer)))
    return report


def use(answer: Answer) -> Answer:
    """Give the answer back if it passes its check, else the course's own function, and say so in one line."""
    if callable(answer) and answer in _lent:
        return answer
    try:
        exercise = exercises.find(getattr(answer, "__name__", str(answer)))
    except LookupError as error:
        raise UseError(f"`use` takes a function that an exercise asks for. {error}") from None
    if not callable(answer):
        raise UseError(f"`use` takes the function itself, without quotes: `use({exercise.name})`.")
    if _remembered(answer) is None:
        _remember(answer, _judged(answer, exercise).passed)
    if _remembered(answer):
        return answer
    _say_once(f"`{exercise.name}` does not pass its check yet, so this cell runs with the course's own.")
    lent: Answer = _lend(exercise.reference)
    return lent


def hint(answer: Callable[..., Any] | str = "") -> None:
    """Show the next hint on an exercise, from gentle to concrete."""
    exercise = _exercise_of(answer)
    if exercise is None:
        return
    shown = min(Record.here().hints_shown(exercise.name), len(exercise.hints))
    if shown < len(exercise.hints):
        _record(lambda record: record.add_event("hint", exercise.name, str(shown + 1)))
        shown += 1
    last = shown == len(exercise.hints)
    more = (
        f"That was the last one. `solution({exercise.name})` shows ours."
        if last
        else "The next call shows the next one."
    )
    lines = [f"Hint {i} of {len(exercise.hints)}: {text}" for i, text in enumerate(exercise.hints[:shown], 1)]
    _say("\n".join([*lines, more]))


def solution(answer: Callable[..., Any] | str = "") -> None:
    """Show our answer with its explanation, after passing or after the last hint."""
    exercise = _exercise_of(answer)
    if exercise is None:
        return
    barred = bar_to_solution(exercise, Record.here())
    if barred:
        _say(barred)
        return
    from bplearn.notebooks import solution_cell

    code, explanation = solution_cell(exercise.name)
    _record(lambda record: record.add_event("solution", exercise.name))
    text = f"```python\n{code.strip()}\n```\n\n{explanation.strip()}".strip()
    emit({"text/markdown": text, "text/plain": f"{code.strip()}\n\n{explanation.strip()}".strip()})


def bar_to_solution(exercise: Exercise, record: Record) -> str:
    """Say why the solution is not shown yet, in one line; empty if it may be."""
    left = len(exercise.hints) - record.hints_shown(exercise.name)
    if exercise.name in record.passed() or left <= 0:
        return ""
    hints = "one hint is" if left == 1 else f"{left} hints are"
    return (
        f"The solution of `{exercise.name}` is shown once your answer passes or the last hint was read: "
        f"{hints} left. Type `hint({exercise.name})`."
    )


def quiz(name: str = "") -> None:
    """Show a multiple-choice question with an explanation for each choice; it has no points."""
    from bplearn.viz.quiz import show_quiz

    try:
        found = exercises.find_quiz(str(getattr(name, "__name__", name)))
    except LookupError as error:
        _say(str(error))
        return

    def answered(index: int) -> None:
        right = "right" if found.choices[index].right else "wrong"
        _record(lambda record: record.add_event("quiz", name, f"{index + 1} {right}"))

    choices = [(choice.text, choice.explanation, choice.right) for choice in found.choices]
    show_quiz(found.question, choices, answered, name)


def progress() -> None:
    """Show lessons, exercises and points: what is passed, begun, and still ahead, and what was hardest."""
    record = Record.here()
    emit({"text/html": way.as_html(record), "text/plain": way.in_words(record)})
    _tell_trouble(record)


# ---- judging ----


def _judged(answer: Callable[..., Any], exercise: Exercise) -> Report:
    siblings = {other.name: other for other in exercises.exercises_of(exercise.lesson)}
    return judge(exercise, _runner(answer, exercise.name), exercise.seed, siblings)


def _runner(answer: Callable[..., Any], name: str) -> Run:
    """Run the answer itself under its exercise's name, and its neighbours in the notebook under theirs."""
    scope = getattr(answer, "__globals__", None) or vars(sys.modules["__main__"])

    def run(other: str, cases: Sequence[Sequence[Any]], probe: str) -> collect.Observation | None:
        function = answer if other == name else scope.get(other)
        return collect.observe(function, cases, probe) if callable(function) else None

    return run


def _remember(answer: Any, passed: bool) -> None:
    with contextlib.suppress(TypeError):  # some callables cannot be remembered; they are judged each time
        _passed[answer] = passed


def _remembered(answer: Any) -> bool | None:
    try:
        return _passed.get(answer)
    except TypeError:
        return None


def _lend(reference: Any) -> Any:
    """Copy a function of the course's, so that it can be told from the learner's own."""
    if isinstance(reference, types.FunctionType):
        copy = types.FunctionType(
            reference.__code__,
            reference.__globals__,
            reference.__name__,
            reference.__defaults__,
            reference.__closure__,
        )
        copy.__doc__, copy.__module__ = reference.__doc__, reference.__module__
        copy.__kwdefaults__ = reference.__kwdefaults__
        reference = copy
    _lent.add(reference)
    return reference


# ---- saying and keeping ----


def _exercise_of(answer: Any) -> Exercise | None:
    name = str(getattr(answer, "__name__", answer))
    if not name:
        _say("Say for which exercise, for example `hint(sigmoid)`. `bplearn list` names them all.")
        return None
    try:
        return exercises.find(name)
    except LookupError as error:
        _say(str(error))
        return None


def _refused(text: str) -> Report:
    _say(text)
    return Report("", "", 0, (Finding("", "error", message=text),))


def _say_once(text: str) -> None:
    number = getattr(sys.modules["IPython"].get_ipython(), "execution_count", 0) if in_ipython() else None
    if number is None or _told.get(text) != number:
        _say(text)
    _told[text] = number


def _say(text: str) -> None:
    paragraphs = "".join(f"<div>{rich(line)}</div>" for line in text.splitlines())
    style = "border-left:4px solid #b26a00;padding:4px 14px;margin:4px 0;max-width:52em"
    emit({"text/html": f'<div style="{style}">{paragraphs}</div>', "text/plain": text})


def _record(write: Callable[[Record], None]) -> None:
    record = Record.here()
    write(record)
    _tell_trouble(record)


def _tell_trouble(record: Record) -> None:
    line = record.take_trouble()
    if line:
        _say(line)


def _source(answer: Any) -> str:
    """Return the text of an answer; of its whole cell where Python cannot tell its own text."""
    with contextlib.suppress(OSError, TypeError):
        return inspect.getsource(answer)
    for method in vars(answer).values() if inspect.isclass(answer) else (answer,):
        file = getattr(getattr(method, "__code__", None), "co_filename", "")
        if file in linecache.cache:
            return "".join(linecache.getlines(file))
    if not in_ipython():
        return ""
    cells = sys.modules["IPython"].get_ipython().history_manager.input_hist_raw[::-1]
    start = re.compile(rf"^\s*(def|class)\s+{re.escape(answer.__name__)}\b", re.MULTILINE)
    found = next((str(cell) for cell in cells if start.search(cell)), "")
    return found or (f"# the cell in which it was checked\n{cells[0]}" if cells else "")
