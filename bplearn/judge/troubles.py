"""Exceptions in words: the learner's own line, the message, and what it means."""

from __future__ import annotations

from bplearn.collect import Trouble
from bplearn.exercise import Exercise

_SHAPES = "Write both shapes next to the names: which axis does not fit?"
_NUMBERS = "Functions of `math` take one number; those of `np` take arrays too."
_BRANCH = "A name gets its value in one branch or loop only, or it bears the name of an argument."

# What NumPy and Python say, and what it means for somebody who has not met it.
_ADVICE = {
    "truth value of an array": (
        "An `if` decides once for the whole array. Entry by entry: multiply by a mask such as `u > v`, or "
        "use `np.where`."
    ),
    "can be converted to Python scalars": _NUMBERS,
    "only length-1 arrays": _NUMBERS,
    "could not be broadcast": _SHAPES,
    "mismatch in its core dimension": _SHAPES,
    "not aligned": _SHAPES,
    "referenced before assignment": _BRANCH,
    "not associated with a value": _BRANCH,
    "cannot unpack": "It gives one value where several names wait for one each.",
    "values to unpack": "Count the names on the left and the values on the right.",
    "is not callable": "Brackets right behind a number call it: is a `*` missing?",
}


def in_words(exercise: Exercise, trouble: Trouble) -> str:
    """Say what was raised and where, and what to look for."""
    if trouble.line == 0 and trouble.kind == "TypeError" and "argument" in trouble.message:
        names = exercise.parameters
        count = f"{len(names)} argument{'s' * (len(names) != 1)}"
        return f"It is called with {count}, ({', '.join(names)}): {trouble.message}."
    where = f" in `{trouble.function}`" if trouble.function != exercise.name else ""
    line = f"Line {trouble.line}{where}: `{trouble.text}`\n" if trouble.line else ""
    advice = next((f"\n{text}" for words, text in _ADVICE.items() if words in trouble.message), "")
    return f"{line}{trouble.kind}: {trouble.message}".rstrip(": ") + advice
