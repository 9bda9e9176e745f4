"""Exceptions in words: the learner's own line, the message, and what it means."""

from __future__ import annotations

import difflib
import re

import numpy as np

from bplearn.collect import Trouble
from bplearn.exercise import Exercise

_SHAPES = "Write both shapes next to the names: which axis does not fit?"
_NUMBERS = "`float(...)` and the functions of `math` take one number; those of `np` take arrays too."
_CALLED = (
    "Brackets right behind a number or an array call it. Is a `*` missing, or do the brackets not belong "
    "there, as in `x.T()`?"
)
_POWER = "`^` is no power in Python: write `**`."
_LISTS = "A list does not calculate entry by entry: make an array of it with `np.array(...)`."
_OPERATORS = (
    "This operation has no method yet: `*` asks for `__mul__`, `-` for `__sub__` or `__neg__`, `/` for "
    "`__truediv__`, `**` for `__pow__`."
)
_PLAIN_NUMBER = "A plain number has no `.data`: make a Value of it first."
_BRANCH = "A name gets its value in one branch or loop only, or it bears the name of an argument."

# What NumPy and Python say, and what it means for somebody who has not met it.
_ADVICE = {
    "truth value of an array": (
        "An `if`, an `and` or Python's own `max` decides once for the whole array. To decide entry by entry "
        "use `np.where(condition, a, b)` or `np.maximum`, or multiply by the condition."
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
    "for ^": _POWER,
    "'bitwise_xor' not supported": _POWER,
    "'function' and": "A function without brackets is not called yet: `sigmoid(z)`, not `sigmoid`.",
    "and 'function'": "A function without brackets is not called yet: `sigmoid(z)`, not `sigmoid`.",
    "is not callable": _CALLED,
    "is out of bounds for axis": (
        "Does a loop run to a fixed number, or to the size of another axis? Sizes come from the arguments, "
        "as in `x.shape[0]`. Or have row and column changed places?"
    ),
    "is out of bounds for array of dimension": (
        "Axes are counted from 0: a table has axis 0 and axis 1, a row of numbers only axis 0."
    ),
    "as a data type": "A shape is one argument, with brackets of its own: `np.zeros((rows, columns))`.",
    "'NoneType' object": (
        "Something here is None. What works in place, as `append`, `sort` and `rng.shuffle` do, gives "
        "nothing back, and neither does a function without a `return`."
    ),
    "for -: 'list' and 'list'": _LISTS,
    "can't multiply sequence": _LISTS,
    "list.append() takes exactly one": "A pair is one thing in brackets of its own: `append((a, b))`.",
    "list index out of range": "The list is shorter than that here. How many entries may there be at least?",
    "used as indices must be of integer": "An index says at which place: whole numbers, not values.",
    "only integers, slices": (
        "An index is a whole number. Is it a float, as `N / 2` is, or do arguments stand in each other's "
        "place?"
    ),
    "invalid index to scalar": (
        "A single number has no entries. Do two values stand in each other's place, as in `b, a = f(x)`?"
    ),
    "recursion depth exceeded": (
        "A function that calls itself for each parent ends here: Python allows about a thousand calls inside "
        "each other. Keep a list of what is still to be done, and a loop."
    ),
    "'float' and 'Value'": (
        "A number stands on the left here. Python then asks the Value on the right, under another name: "
        "`__radd__`, `__rmul__`, `__rsub__`, `__rtruediv__`."
    ),
    "'Value' and 'float'": "A number stands on the right here: make a Value of it, then take its `.data`.",
    "'Value' and 'Value'": _OPERATORS,
    "for ** or pow(): 'Value'": _OPERATORS,
    "bad operand type for unary -: 'Value'": _OPERATORS,
    "'float' object has no attribute 'data'": _PLAIN_NUMBER,
    "'int' object has no attribute 'data'": _PLAIN_NUMBER,
    "object has no attribute 'normal'": (
        "A seed is a number; what draws is the generator made of it, `np.random.default_rng(seed)`."
    ),
    "'Value' object has no attribute": "Is that method, or that attribute, in the class, and spelt so?",
    "tuple index out of range": "`shape` has one number for each axis: a flat array has `shape[0]` alone.",
}


def in_words(exercise: Exercise, trouble: Trouble) -> str:
    """Say what was raised and where, and what to look for."""
    called_by_us = trouble.line == 0 and not exercise.takes
    if called_by_us and trouble.kind == "TypeError" and "argument" in trouble.message:
        names = exercise.parameters
        count = f"{len(names)} argument{'s' * (len(names) != 1)}"
        return f"It is called with {count}, ({', '.join(names)}): {trouble.message}."
    where = f" in `{trouble.function}`" if trouble.function not in (exercise.name, "<module>") else ""
    source = f": `{trouble.text}`" * bool(trouble.text) + f", called in `{trouble.call}`" * bool(trouble.call)
    line = f"Line {trouble.line}{where}{source}\n" if trouble.line else ""
    if trouble.call and not trouble.text:  # raised in compiled code: no line that a learner could read
        line = f"Line `{trouble.call}`\n"
    advice = next(
        (f"\n{text}" for words, text in _ADVICE.items() if words in trouble.message), _meant(trouble)
    )
    return f"{line}{trouble.kind}: {trouble.message}".rstrip(": ") + advice


def _meant(trouble: Trouble) -> str:
    """Suggest NumPy's name for one that is not defined or misspelt."""
    found = re.search(r"name '(\w+)' is not defined|module 'numpy' has no attribute '(\w+)'", trouble.message)
    name = (found[1] or found[2]) if found else ""
    if found and found[1]:
        return f"\nDid you mean `np.{name}`?" if hasattr(np, name) else ""
    near = difflib.get_close_matches(name, dir(np), n=1) if name else []
    return f"\nDid you mean `np.{near[0]}`?" if near else ""
