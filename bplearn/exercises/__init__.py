"""The exercises and quizzes of the course, one file a lesson."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TypeVar

from bplearn.exercise import Exercise, Quiz

LESSONS = (
    "00_start_here",
    "01_one_weight",
    "02_chain_rule",
    "03_gradient_checking",
    "04_linear_layer",
    "05_activations",
    "06_losses",
    "07_mlp",
    "08_minibatches",
    "09_optimisers",
    "10_vanishing_gradients",
    "11_gradient_clipping",
    "12_batch_norm",
    "13_generalisation",
    "14_autodiff",
    "15_capstone",
)

_Item = TypeVar("_Item", Exercise, Quiz)


@cache
def _module(lesson: str) -> ModuleType:
    return import_module(f"bplearn.exercises.lesson{lesson}")


@cache
def exercises_of(lesson: str) -> tuple[Exercise, ...]:
    """Return the exercises of a lesson, in the order of its file."""
    return tuple(item for item in vars(_module(lesson)).values() if isinstance(item, Exercise))


@cache
def quizzes_of(lesson: str) -> tuple[Quiz, ...]:
    """Return the quizzes of a lesson, in the order of its file."""
    return tuple(item for item in vars(_module(lesson)).values() if isinstance(item, Quiz))


def title_of(lesson: str) -> str:
    """Return the title of a lesson: the first line of its file, without number and full stop."""
    first = (_module(lesson).__doc__ or "").strip().splitlines()[0]
    return first.partition(": ")[2].rstrip(".")


def all_exercises() -> tuple[Exercise, ...]:
    """Return every exercise of the course, in order."""
    return tuple(exercise for lesson in LESSONS for exercise in exercises_of(lesson))


def find(name: str) -> Exercise:
    """Find an exercise by name.

    Raises
    ------
    LookupError
        One line, with the nearest known names.
    """
    return _find(name, all_exercises(), "exercise")


def find_quiz(name: str) -> Quiz:
    """Find a quiz by name; LookupError as in `find`."""
    return _find(name, (quiz for lesson in LESSONS for quiz in quizzes_of(lesson)), "quiz")


def _find(name: str, items: Iterable[_Item], kind: str) -> _Item:
    known = {item.name: item for item in items}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = (
        f"Did you mean {' or '.join(f'`{n}`' for n in near)}?" if near else "`bplearn list` names them all."
    )
    raise LookupError(f"There is no {kind} called `{name}`. {hint}")
