"""Known mistakes: one that gives the answer's values, or two at once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from bplearn.exercise import Mistake
from bplearn.judge import factors
from bplearn.judge.compare import as_array
from bplearn.judge.wrong import Diagnosis, Wrong, predictions


def known_mistake(wrong: Wrong) -> Diagnosis | None:
    """The known mistakes that give these values; one that explains the whole answer goes first."""
    fitting = [m for m, values in known_predictions(wrong) if wrong.equals(values)]
    if not fitting:
        return None
    whole = [m for m in fitting if not m.output and wrong.is_wholly(m)]
    if not whole and _exchanged(wrong):
        return None  # two right values in each other's place
    named = whole or [m for m in fitting if m.output]
    fitting = named or ([] if _tells_little(wrong) else _nearest(wrong, fitting))
    fitting = _agreeing_elsewhere(wrong, fitting)
    if not fitting:
        return None
    names = tuple(dict.fromkeys(m.name for m in fitting))  # one cause may have several formulas
    message = " Or: ".join(dict.fromkeys(m.message for m in fitting))
    if len(names) > 1:
        count = "Two" if len(names) == 2 else "Several"
        message = f"{count} causes fit equally well. Either: {message}"
    return Diagnosis("mistake", names[0], message, names[1:])


def _agreeing_elsewhere(wrong: Wrong, fitting: list[Mistake]) -> list[Mistake]:
    """Of several causes that fit alike, those that agree with the answer in most of its other outputs."""
    if len({m.name for m in fitting}) < 2 or any(m.output for m in fitting):
        return fitting
    agreeing = [wrong.agreements_elsewhere(mistake) for mistake in fitting]
    return [mistake for mistake, count in zip(fitting, agreeing, strict=True) if count == max(agreeing)]


def _shows_elsewhere(wrong: Wrong, mistake: Mistake) -> bool:
    """Say whether a complete wrong answer would have shown in outputs of this answer that are right.

    Asked of outputs that only labelled cases have: they are looked at when all others are right.
    """
    ordinary = [other for other in wrong.siblings if not other.cases[0].label]
    return not mistake.output and not all(other.is_given_by(mistake) for other in ordinary)


def _nearest(wrong: Wrong, fitting: Sequence[Mistake]) -> list[Mistake]:
    """Of complete wrong answers that give this output, those that agree with most of the other ones."""
    agreeing = [wrong.agreements(mistake) for mistake in fitting]
    return [mistake for mistake, count in zip(fitting, agreeing, strict=True) if count == max(agreeing)]


def _tells_little(wrong: Wrong) -> bool:
    """Say whether this is a fact or a statistic among other outputs: too little for a cause of them all."""
    facts = all(isinstance(value, (bool, np.bool_)) for value in wrong.expected)
    return len(wrong.others) > 1 and (facts or wrong.atol is not None)


def _exchanged(wrong: Wrong) -> bool:
    """Say whether this output and another one stand in each other's place."""
    return any(
        other != wrong.name and wrong.equals(ours) and wrong.agree(wrong.answer[other], wrong.expected)
        for other, ours in wrong.others.items()
    )


def known_predictions(wrong: Wrong) -> list[tuple[Mistake, list[Any]]]:
    """What each known mistake of this output gives, as far as it applies to these cases."""
    candidates = [m for m in wrong.exercise.mistakes if m.output in ("", wrong.name)]
    if wrong.cases[0].label:
        candidates = [m for m in candidates if not _shows_elsewhere(wrong, m)]
    found = [(m, predictions(wrong.exercise, m, wrong.name, wrong.cases)) for m in candidates]
    return [(mistake, values) for mistake, values in found if values is not None]


def two_slips(wrong: Wrong) -> Diagnosis | None:
    """Two factors of a chain wrong at once, or one of them and a constant."""
    pairs = wrong.arrays()
    if pairs is None:
        return None
    expected = [b for _, b in pairs]
    known = [(m, v) for m, v in known_predictions(wrong) if m.factor and _same_shapes(v, expected)]
    found = _pairs_of_mistakes(wrong, known, expected) or _mistake_and_factor(wrong, known)
    if not 1 <= len(found) <= 2:
        return None
    message = "\nOr:\n".join(f"(1) {first}\n(2) {second}" for _, first, second in found)
    return Diagnosis("mistake", found[0][0], f"Two slips at once.\n{message}", tuple(f[0] for f in found[1:]))


def _same_shapes(values: Sequence[Any], expected: Sequence[np.ndarray]) -> bool:
    arrays = [as_array(v) for v in values]
    return all(a is not None and a.shape == b.shape for a, b in zip(arrays, expected, strict=True))


def _pairs_of_mistakes(
    wrong: Wrong, known: Sequence[tuple[Mistake, list[Any]]], expected: Sequence[np.ndarray]
) -> list[tuple[str, str, str]]:
    """Pairs of mistakes in different factors whose product gives the answer."""
    return [
        (f"{first.name}+{second.name}", first.message, second.message)
        for (first, left), (second, right) in itertools.combinations(known, 2)
        if first.factor != second.factor and wrong.equals(_product(left, right, expected))
    ]


def _product(left: Sequence[Any], right: Sequence[Any], expected: Sequence[np.ndarray]) -> list[Any]:
    with np.errstate(all="ignore"):
        return [np.multiply(p, q) / b for p, q, b in zip(left, right, expected, strict=True)]


def _mistake_and_factor(
    wrong: Wrong, known: Sequence[tuple[Mistake, list[Any]]]
) -> list[tuple[str, str, str]]:
    texts = [(mistake, _factor_in_words(wrong, values)) for mistake, values in known]
    return [
        (f"{mistake.name}+constant_factor", mistake.message, f"On top of that {text}")
        for mistake, text in texts
        if text
    ]


def _factor_in_words(wrong: Wrong, values: Sequence[Any]) -> str:
    together = zip(wrong.actual, values, strict=True)
    pairs = [(np.asarray(a, dtype=float), np.asarray(v, dtype=float)) for a, v in together]
    ratios = factors.ratios(pairs, wrong.rtol)
    if ratios is None:
        return ""
    return factors.in_words(ratios, wrong.cases, wrong.exercise.parameters, named_only=True)
