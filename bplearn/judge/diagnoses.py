"""The general diagnoses: what can be said of a wrong output without knowing its exercise.

Each function takes a `Wrong` and gives a `Diagnosis` or None; `IN_ORDER` is the order in which they are
asked.
No cause is named without a formula that reproduces the answer on every case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from bplearn.exercise import Case
from bplearn.judge import factors, known, places
from bplearn.judge.compare import as_array, close, number, shape_words, split
from bplearn.judge.wrong import Diagnosis, Wrong, gap, given
from bplearn.plain import Odd

# ---- type and place ----


def told_in_words(wrong: Wrong) -> Diagnosis | None:
    """Where text is due the text that came says what is wrong."""
    told = next(
        (a for a, b in zip(wrong.actual, wrong.expected, strict=True) if isinstance(b, str) and a != b), ""
    )
    return Diagnosis("wrong", None, told) if isinstance(told, str) and " " in told else None


def odd_type(wrong: Wrong) -> Diagnosis | None:
    """Text, a dict, True and False or an unknown object where numbers are due."""
    named = isinstance(wrong.expected[0], dict)  # a probe's numbers, by name
    odd = [a for a in wrong.actual if a is None or isinstance(a, (Odd, str) if named else (Odd, str, dict))]
    if odd and odd[0] is None and wrong.name not in wrong.exercise.returns:
        return Diagnosis("wrong", "wrong_type", "This key is missing, at least in one case.")
    if odd:
        return Diagnosis("wrong", "wrong_type", _odd_in_words(wrong, odd[0]))
    if _is_logical_mixup(wrong):
        what = "True and False where numbers are due"
        return Diagnosis("wrong", "wrong_type", f"`{wrong.name}` is {what}.")
    return None


def _odd_in_words(wrong: Wrong, value: object) -> str:
    """Name what came and what is due; for None in some cases also one of these: a branch lacks its return."""
    text = f"`{wrong.name}` is {shape_words(value)} where {shape_words(wrong.expected[0])} is due"
    cases = [case for case, a in zip(wrong.cases, wrong.actual, strict=True) if a is None]
    if value is not None or len(cases) == len(wrong.cases):
        return f"{text}."
    return f"{text}, {given(wrong.exercise, cases[0])}. Is there a way to the end without a `return`?"


def _is_logical_mixup(wrong: Wrong) -> bool:
    pairs = [(as_array(a), as_array(b)) for a, b in zip(wrong.actual, wrong.expected, strict=True)]
    return any(a is not None and b is not None and a.dtype == bool != b.dtype for a, b in pairs)


def second_call_differs(wrong: Wrong) -> Diagnosis | None:
    """The first case comes twice; the values differ."""
    repeat = [i for i in range(1, len(wrong.cases)) if wrong.cases[i] is wrong.cases[0]]
    if not repeat or close(wrong.actual[0], wrong.actual[repeat[0]], wrong.rtol):
        return None
    return Diagnosis(
        "wrong",
        "second_call_differs",
        "Called twice with the same arguments, it gave two different values. Does it keep something from the "
        "call before, or draw numbers of its own? Only the arguments should matter.",
    )


def same_answer_every_time(wrong: Wrong) -> Diagnosis | None:
    """One constant for all cases."""
    arrays = [a for a in map(as_array, wrong.actual) if a is not None and a.size]
    due = [b for b in map(as_array, wrong.expected) if b is not None and b.size]
    varied = not _alike(wrong.expected, wrong.expected[:1] * len(wrong.expected))
    if len(arrays) < len(wrong.actual) or not varied or all(np.all(b == due[0].flat[0]) for b in due):
        return None
    number_like = arrays[0].flat[0]
    constant = all(np.all(a == number_like) for a in arrays)
    if not constant and not all(close(a, arrays[0], 1e-12) for a in arrays):
        return None
    value = number(number_like) if constant else "the same"
    text = (
        f"`{wrong.name}` is {value} in all the cases that were tried. Compute it from the arguments; look "
        "for missing brackets, and for `//` in place of `/`."
    )
    return Diagnosis("wrong", "same_answer_every_time", text)


def slots_swapped(wrong: Wrong) -> Diagnosis | None:
    """What belongs to another output."""
    for other, values in wrong.others.items() if wrong.atol is None else ():  # statistics are alike by chance
        if other != wrong.name and wrong.equals(values) and not _alike(values, wrong.expected):
            order = ", ".join(wrong.exercise.returns)
            return Diagnosis(
                "mistake",
                "slots_swapped",
                f"Here stands what belongs to `{other}`. The results are due in this order: {order}.",
            )
    return None


def _alike(left: Sequence[Any], right: Sequence[Any]) -> bool:
    return all(close(a, b, 1e-7) for a, b in zip(left, right, strict=True))


def cut_to_integers(wrong: Wrong) -> Diagnosis | None:
    """The right values without their decimals."""
    pairs = wrong.arrays()
    if pairs is None:
        return None
    filled = all(array is not None and array.dtype.kind in "iu" for array in map(as_array, wrong.actual))
    if filled and any(_equal_after(cut, pairs) for cut in (np.trunc, np.round)):
        text = "The decimals are cut off. Is there an `int(...)`, or an array of integers that is filled?"
        return Diagnosis("wrong", "cut_to_integers", text)
    if not filled and any(a.any() for a, _ in pairs) and _equal_after(np.floor, pairs):
        return Diagnosis("wrong", "cut_to_integers", "The decimals are cut off: `//` where `/` is due?")
    return None


def _equal_after(cut: Callable[[np.ndarray], np.ndarray], pairs: list[tuple[np.ndarray, np.ndarray]]) -> bool:
    return all(np.array_equal(a, cut(b)) for a, b in pairs)


# ---- values ----


def opposite_sign(wrong: Wrong) -> Diagnosis | None:
    """The right values with the opposite sign."""
    pairs = wrong.arrays()
    if pairs is None or not wrong.equals([-b for _, b in pairs]):
        return None
    return Diagnosis(
        "mistake",
        "opposite_sign",
        "Every value is what is due with the opposite sign. Where does a minus come in, or get lost?",
    )


def constant_factor(wrong: Wrong) -> Diagnosis | None:
    """The right values times one factor."""
    pairs = wrong.arrays()
    if pairs is None:
        return None
    ratios = factors.ratios(pairs, wrong.rtol)
    if ratios is None:
        return None
    text = factors.in_words(ratios, wrong.cases, wrong.exercise.parameters)
    return Diagnosis("mistake", "constant_factor", text[0].upper() + text[1:]) if text else None


# ---- the upstream gradient ----


def ignores_upstream(wrong: Wrong) -> Diagnosis | None:
    """A backward pass is linear in what arrives from above; this one is not, or does not use it at all."""
    probed = _upstream_probe(wrong)
    if probed is None:
        return None
    once, twice, other, summed = probed
    name = wrong.exercise.upstream
    if close(once, twice, 1e-9):
        return Diagnosis(
            "mistake",
            "ignores_upstream",
            f"Twice the `{name}` gives the same `{wrong.name}`: the gradient that arrives from above is not "
            "used. It is the first factor of the chain.",
        )
    if close(twice, 2.0 * once, 1e-7) and close(summed, once + other, 1e-7):
        return None
    text = (
        f"A gradient is linear in `{name}`: the gradient for a sum of two is the sum of both. Here it is not."
    )
    return Diagnosis("wrong", "not_linear_in_upstream", text)


def _upstream_probe(wrong: Wrong) -> tuple[np.ndarray, ...] | None:
    """The answer for an upstream gradient, twice it, another one, and their sum."""
    exercise = wrong.exercise
    telling = [case for case, a in zip(wrong.cases, wrong.actual, strict=True) if _is_telling(a)]
    if not exercise.upstream or not telling:
        return None
    place, args = exercise.parameters.index(exercise.upstream), telling[-1].args
    first = args[place]
    second = 0.3 * np.abs(first) + 0.1 if isinstance(first, np.ndarray) else 0.3 * abs(first) + 0.1
    variants = [[*args[:place], g, *args[place + 1 :]] for g in (first, 2.0 * first, second, first + second)]
    seen = wrong.run(exercise.name, variants, exercise.probe)
    values = [as_array(_output(wrong, call.value)) for call in seen.calls] if seen else []
    arrays = [np.asarray(v, dtype=float) for v in values if v is not None]
    return tuple(arrays) if len(arrays) == len(variants) else None


def _is_telling(value: Any) -> bool:
    array = as_array(value)
    return array is not None and bool(np.isfinite(array.astype(float)).all()) and bool(array.any())


def ignores_an_argument(wrong: Wrong) -> Diagnosis | None:
    """In every case, other values of one argument change what is due, and not the answer."""
    if wrong.exercise.continues:  # the cases begin at a start of the answer's own; it cannot be asked again
        return None
    if all(due is True for due in wrong.expected):  # a fact that a probe tells: it holds whatever comes in
        return None
    for place, name in enumerate(wrong.exercise.parameters):
        cases = [_other_values(case, place) for case in dict.fromkeys(wrong.cases)]
        if name != wrong.exercise.upstream and all(cases) and _is_ignored(wrong, cases):
            text = (
                f"`{wrong.name}` does not change when `{name}` does. Is it left out, or replaced by a number?"
            )
            return Diagnosis("wrong", "ignores_an_argument", text)
    return None


def _is_ignored(wrong: Wrong, cases: Sequence[Sequence[Case]]) -> bool:
    exercise = wrong.exercise
    due = [[_output(wrong, exercise.run(exercise.reference, case)) for case in group] for group in cases]
    if any(_all_alike(values, wrong.rtol) for values in due):
        return False
    flat = [case.args for group in cases for case in group]
    seen = wrong.run(exercise.name, flat, exercise.probe)
    if seen is None or any(call.trouble for call in seen.calls):
        return False
    values = iter([_output(wrong, call.value) for call in seen.calls])
    return all(_all_alike([next(values) for _ in group], 1e-12) for group in cases)


def _all_alike(values: Sequence[Any], rtol: float) -> bool:
    return as_array(values[0]) is not None and all(close(value, values[0], rtol) for value in values)


@lru_cache(maxsize=2_000)  # the same cases, so that what is due for them is remembered
def _other_values(case: Case, place: int) -> list[Case]:
    """A case, and the same with two other values of one argument, of both signs."""
    args = case.args
    value = args[place]
    if not isinstance(value, (float, np.ndarray)) or np.asarray(value).dtype.kind != "f":
        return []  # labels are class numbers: other values would mean nothing
    values = (value, 0.7 * value + 0.21, -1.1 * value - 0.3)
    return [Case((*args[:place], other, *args[place + 1 :])) for other in values]


def _output(wrong: Wrong, value: Any) -> Any:
    return (split(value, wrong.exercise.returns) or {}).get(wrong.name)


# ---- where it is right ----


def not_finite(wrong: Wrong) -> Diagnosis | None:
    """Nan or inf, with its first place."""
    for case, a, b in zip(wrong.cases, wrong.actual, wrong.expected, strict=True):
        array, ours = as_array(a), as_array(b)
        if (
            array is None
            or ours is None
            or np.isfinite(array.astype(float)).all()
            or not np.isfinite(ours).all()
        ):
            continue
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array.astype(float)))[0])
        where = f" first at `{wrong.name}[{', '.join(map(str, place))}]`" if place else ""
        text = f"`{wrong.name}` is {array[place]}{where}, {given(wrong.exercise, case)}."
        look = "Look for 0/0, log of 0 or of a negative number, or exp of a large one."
        return Diagnosis("wrong", "not_finite", f"{text} {look}")
    return None


def broken_property(wrong: Wrong) -> Diagnosis | None:
    """Something that every right value has."""
    for prop in wrong.exercise.properties:
        if prop.output != wrong.name or wrong.arrays() is None:
            continue
        holds = [prop.compute(as_array(a), *c.args) for a, c in zip(wrong.actual, wrong.cases, strict=True)]
        if not all(holds):
            return Diagnosis("wrong", prop.name, f"{prop.message}\n{gap(wrong)}")
    return None


IN_ORDER: tuple[Callable[[Wrong], Diagnosis | None], ...] = (
    second_call_differs,
    cut_to_integers,
    same_answer_every_time,
    opposite_sign,
    constant_factor,
    known.two_slips,
    ignores_upstream,
    ignores_an_argument,
    places.right_in_places,
    broken_property,
)
