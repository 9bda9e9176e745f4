"""What is handed to `check` in place of an answer, and the one line that says so."""

from __future__ import annotations

import ast
import contextlib
import difflib
import inspect
import sys
import types
from collections.abc import Container
from typing import Any

from bplearn import exercises


def refusal(answer: Any, name: Any, lent: Container[Any] = ()) -> str:
    """One line on what was handed to `check` in place of an answer; empty if it may be judged."""
    if name is not None and not isinstance(name, str):
        return 'The second argument is the name of the exercise, in quotes: `check(answer, "sigmoid")`.'
    if isinstance(answer, str):
        return f"`check` takes the function itself, without quotes: `check({_nearest(answer)})`."
    if not callable(answer):
        text = "`check` takes the function itself, not what it returns: "
        return f"{text}`check(sigmoid)`, not `check(sigmoid(2.0))`."
    if isinstance(answer, types.ModuleType) or not hasattr(answer, "__name__"):
        return f"This is a {type(answer).__name__}, not a function. Define one with `def`."
    if answer in lent or str(getattr(answer, "__module__", "")).startswith("bplearn."):
        return f"This `{answer.__name__}` is the course's own. Run the cell with yours, then check again."
    called = called_as(sys._getframe(2))
    if name is None and answer.__name__ == "<lambda>":
        names = f'`check({called or "answer"}, "{_nearest(called) if called else "sigmoid"}")`'
        return f"A lambda has no name of its own. Say which exercise it is for: {names}."
    if name is None and called and called != answer.__name__:
        return (
            f"`{called}` is another name for the function `{answer.__name__}`. Check it under its own name, "
            f'`check({answer.__name__})`, or say what it is for: `check({called}, "exercise")`.'
        )
    return _class_for_function(answer, name or answer.__name__)


def _nearest(name: str) -> str:
    """Return the exercise of that name, or the nearest one."""
    known = [exercise.name for exercise in exercises.all_exercises()]
    return name if name in known else next(iter(difflib.get_close_matches(name, known, 1, 0.4)), "sigmoid")


def _class_for_function(answer: Any, name: str) -> str:
    with contextlib.suppress(LookupError):
        wants_class = inspect.isclass(exercises.find(name).reference)
        if inspect.isclass(answer) and not wants_class:
            return f"`{name}` is a class here; a function is due: `def {name}(...):`."
        if wants_class and not inspect.isclass(answer):
            return f"`{name}` is a function here; a class is due: `class {name}:`."
    return ""


def called_as(frame: types.FrameType) -> str:
    """Return the name that stands in ``check(name)`` in the learner's cell; empty if it cannot be told."""
    try:
        import executing

        found = executing.Source.executing(frame)
        first = found.node.args[0] if isinstance(found.node, ast.Call) and found.node.args else None
        tree = found.source.tree
        if not isinstance(first, ast.Name) or frame.f_code.co_name != "<module>" or tree is None:
            return ""
        loops = [node.target for node in ast.walk(tree) if isinstance(node, ast.For)]
        in_loop = any(isinstance(n, ast.Name) and n.id == first.id for t in loops for n in ast.walk(t))
        return "" if in_loop or first.id not in frame.f_globals else first.id
    except Exception:  # a convenience only: without the source of the cell nothing is said
        return ""
