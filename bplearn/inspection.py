"""What can be seen of an answer without running it: whether it is begun, and what it rests on.

Runs beside untrusted code in the grader, so it holds no reference.
"""

from __future__ import annotations

import dis
import sys
import types
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

YOUR_TURN = "your turn:"  # how the message of a stub's NotImplementedError begins

_EMPTY_BODY = {"LOAD_CONST", "RETURN_CONST", "RETURN_VALUE", "NOP", "POP_TOP"}


def is_blank(answer: Any) -> bool:
    """Say whether the body of a function is empty, `pass`, `...` or only a docstring."""
    code = getattr(answer, "__code__", None)
    if not isinstance(code, types.CodeType):
        return False
    return all(step.opname in _EMPTY_BODY and _is_nothing(step.argval) for step in _steps(code))


def _is_nothing(value: Any) -> bool:
    return value is None or value is ...


def is_stub(answer: Any) -> bool:
    """Say whether the line that stands where the learner is to write is still there."""
    constants = [constant for code, _ in _codes(answer) for constant in code.co_consts]
    return any(isinstance(c, str) and c.startswith(YOUR_TURN) for c in constants)


def _codes(answer: Any) -> Iterator[tuple[types.CodeType, dict[str, Any]]]:
    """The code of a function, or of each method of a class, with the names that it can see."""
    methods = vars(answer).values() if isinstance(answer, type) else (answer,)
    for method in methods:
        function = getattr(method, "__func__", None) or getattr(method, "fget", None) or method
        code = getattr(function, "__code__", None)
        if isinstance(code, types.CodeType):
            yield code, getattr(function, "__globals__", {})


def names_of(answer: Any) -> tuple[str, ...]:
    """Return the names of a function's parameters, in order."""
    code = getattr(answer, "__code__", None)
    return code.co_varnames[: code.co_argcount] if isinstance(code, types.CodeType) else ()


def _steps(code: types.CodeType) -> Iterator[dis.Instruction]:
    return (step for step in dis.get_instructions(code) if step.opname != "RESUME")


def reached(answer: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the learner's own functions and the course's functions that an answer is or can reach by name."""
    own: dict[str, None] = {}
    course: dict[str, None] = dict.fromkeys(_full_names([answer]))
    todo = [answer]
    while todo:
        found = list(_globals_named(todo.pop()))
        course.update(dict.fromkeys(_full_names(value for _, value in found)))
        new = {name: value for name, value in found if not _is_courses(value) and value is not answer}
        todo += [value for name, value in new.items() if name not in own]
        own.update(dict.fromkeys(new))
    return tuple(sorted(own)), tuple(sorted(course))


def _full_names(functions: Iterable[Any]) -> Iterator[str]:
    return (f"{value.__module__}.{value.__name__}" for value in functions if _is_courses(value))


def _is_courses(value: Any) -> bool:
    return str(getattr(value, "__module__", "")).startswith("bplearn.") and hasattr(value, "__name__")


def _globals_named(answer: Any) -> Iterator[tuple[str, Any]]:
    """Functions and classes that an answer's code names: the learner's own, and the course's."""
    for base in getattr(answer, "__bases__", ()):
        if _is_courses(base):
            yield base.__name__, base
    for code, scope in _codes(answer):
        yield from _named_in(list(dict.fromkeys(_names(code))), scope)


def _named_in(names: Sequence[str], scope: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    modules: list[types.ModuleType] = []
    for name in names:
        value = scope.get(name, sys.modules.get(name) if name.partition(".")[0] == "bplearn" else None)
        if isinstance(value, types.ModuleType) and value.__name__.partition(".")[0] == "bplearn":
            modules.append(value)
        elif isinstance(value, types.FunctionType) or _is_courses(value) or _is_own_class(value, scope):
            yield name, value
    for module in modules:  # grows: a module may be reached through another
        values = [(name, vars(module)[name]) for name in names if name in vars(module)]
        inside = [value for _, value in values if isinstance(value, types.ModuleType)]
        modules += [value for value in inside if value not in modules]
        yield from ((name, value) for name, value in values if _is_courses(value))


def _is_own_class(value: Any, scope: dict[str, Any]) -> bool:
    return isinstance(value, type) and value.__module__ == scope.get("__name__", "builtins")


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)
