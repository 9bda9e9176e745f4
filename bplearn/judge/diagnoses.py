"""The general diagnoses: what can be said of a wrong output without knowing its exercise.

Each function takes a `Wrong` and gives a `Diagnosis` or None; `IN_ORDER` is the order in which they are
asked.
No cause is named without a formula that reproduces the answer on every case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bplearn.judge import factors, known, places
from bplearn.judge.compare import as_array, close, is_scalar, number, shape_words, split
from bplearn.judge.wrong import Diagnosis, Wrong, gap, given
from bplearn.plain import Odd

# ---- type and place ----


def odd_type(wrong: Wrong) -> Diagnosis | None:
    """Text, a dict, True and False or an unknown object where numbers are due."""
    odd = next((a for a in wrong.actual if isinstance(a, (Odd, str, dict)) or a is None), None)
    if odd is None:
        if not _is_logical_mixup(wrong):
            return None
        what = "True and False where numbers are due"
    else:
        what = f"{shape_words(odd)} where {shape_words(wrong.expected[0])} is due"
    return Diagnosis("wrong", "wrong_type", f"`{wrong.name}` is {what}.")


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
    first = wrong.actual[0]
    alike = all(close(a, first, 1e-12) for a in wrong.actual)
    varied = not all(close(b, wrong.expected[0], wrong.rtol) for b in wrong.expected)
    if not (alike and varied) or as_array(first) is None:
        return None
    value = number(first) if is_scalar(first) else "the same array"
    return Diagnosis(
        "wrong",
        "same_answer_every_time",
        f"`{wrong.name}` is {value} in every case, whatever comes in. Compute it from the arguments.",
    )


def slots_swapped(wrong: Wrong) -> Diagnosis | None:
    """What belongs to another output."""
    for other, values in wrong.others.items():
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
    for cut in (np.trunc, np.round, np.floor):
        if all(np.array_equal(a, cut(b)) for a, b in pairs):
            text = (
                "The decimals are cut off: the values are whole numbers. Is the array you fill an integer "
                "array?"
            )
            return Diagnosis("wrong", "cut_to_integers", f"{text} Ask for `float`.")
    return None


# ---- values ----


def opposite_sign(wrong: Wrong) -> Diagnosis | None:
    """The right values with the opposite sign."""
    pairs = wrong.arrays()
    if pairs is None or not wrong.equals([-b for _, b in pairs]):
        return None
    return Diagnosis(
        "mistake",
        "opposite_sign",
        "Every value is the expected one with the opposite sign. Which way round was a difference taken?",
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
    once, twice, summed, parts = _upstream_probe(wrong)
    if once is None:
        return None
    name = wrong.exercise.upstream
    if close(once, twice, 1e-9):
        return Diagnosis(
            "mistake",
            "ignores_upstream",
            f"Twice the `{name}` gives the same `{wrong.name}`: the gradient that arrives from above is not "
            "used. It is the first factor of the chain.",
        )
    if not close(twice, _scaled(once, 2.0), 1e-7):
        text = (
            f"A gradient is linear: twice the `{name}` must give twice the `{wrong.name}`. Here it does not."
        )
        return Diagnosis("wrong", "not_linear_in_upstream", text)
    if not close(summed, parts, 1e-7):
        text = f"The gradient for a sum of two `{name}` must be the sum of the two gradients. Here it is not."
        return Diagnosis("wrong", "not_linear_in_upstream", text)
    return None


def _upstream_probe(wrong: Wrong) -> tuple[Any, Any, Any, Any]:
    exercise, nothing = wrong.exercise, (None, None, None, None)
    if not exercise.upstream or wrong.arrays() is None:
        return nothing
    place, args = exercise.parameters.index(exercise.upstream), wrong.cases[0].args
    first, second = args[place], np.flip(np.asarray(args[place])) * 0.7 + 0.1
    variants = [[*args[:place], g, *args[place + 1 :]] for g in (first, 2.0 * first, second, first + second)]
    seen = wrong.run(exercise.name, variants, exercise.probe)
    values = [_output(wrong, call.value) for call in seen.calls] if seen else [None]
    if any(as_array(v) is None for v in values):
        return nothing
    once, twice, other, summed = values
    return once, twice, summed, np.asarray(once) + np.asarray(other)


def _output(wrong: Wrong, value: Any) -> Any:
    return (split(value, wrong.exercise.returns) or {}).get(wrong.name)


def _scaled(value: Any, factor: float) -> Any:
    return np.asarray(value) * factor


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
        return Diagnosis("wrong", "not_finite", f"{text} Look for 0/0, log of 0, or exp of a large number.")
    return None


def broken_property(wrong: Wrong) -> Diagnosis | None:
    """Something that every right value has."""
    for prop in wrong.exercise.properties:
        if prop.output != wrong.name or wrong.arrays() is None:
            continue
        holds = [prop.compute(a, *c.args) for a, c in zip(wrong.actual, wrong.cases, strict=True)]
        if not all(holds):
            return Diagnosis("wrong", prop.name, f"{prop.message}\n{gap(wrong)}")
    return None


IN_ORDER: tuple[Callable[[Wrong], Diagnosis | None], ...] = (
    odd_type,
    second_call_differs,
    same_answer_every_time,
    slots_swapped,
    cut_to_integers,
    opposite_sign,
    constant_factor,
    known.two_slips,
    ignores_upstream,
    not_finite,
    places.right_in_places,
    broken_property,
)
