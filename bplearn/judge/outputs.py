"""Output by output: which are right, which are wrong, and the finding on each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bplearn.collect import Call
from bplearn.exercise import Case, Exercise
from bplearn.judge import diagnoses, forwards, known, misshapen, notes
from bplearn.judge.compare import close, right, shape_words, split
from bplearn.judge.wrong import Diagnosis, Run, Wrong, gap, given, predictions
from bplearn.plain import Odd
from bplearn.report import HANDED_OUT, Finding

_CHANGED = "If you have changed it already: the change makes no difference to the values."
Blame = tuple[str, str]  # name and message: another answer, which this one calls, fails


def findings(
    exercise: Exercise,
    run: Run,
    calls: Sequence[Call],
    cases: Sequence[Case],
    expected: Sequence[Any],
    blame: Blame | None = None,
) -> list[Finding]:
    """One finding for each output; one for the whole answer where the outputs cannot be told apart."""
    mismatch = _wrong_structure(exercise, calls, expected)
    if mismatch:
        return [mismatch]
    everything = seen(exercise, run, calls, cases, expected)
    if not all(map(_passes, everything)) and _is_handed_out(exercise, calls, cases):
        return [_symptom(exercise)]
    changed = _changed_on_purpose(exercise, calls)
    found = [
        _finding(replace(output, siblings=(*everything[:k], *everything[k + 1 :])), changed, blame)
        for k, output in enumerate(everything)
    ]
    keys = dict.fromkeys(key for values in _split_all(exercise, calls, expected) for key in values)
    ours = [split(value, exercise.returns) or {} for value in expected]
    return found + _unknown_keys(keys, {name: value for values in ours for name, value in values.items()})


def _split_all(exercise: Exercise, calls: Sequence[Call], expected: Sequence[Any]) -> list[dict[str, Any]]:
    pairs = zip(calls, expected, strict=True)
    return [split(call.value, exercise.returns, value) or {} for call, value in pairs]


def seen(
    exercise: Exercise, run: Run, calls: Sequence[Call], cases: Sequence[Case], expected: Sequence[Any]
) -> list[Wrong]:
    """Put together what is known of each output, whether right or wrong.

    Where an ordinary case is wrong the labelled ones wait: first the formula, then its stability. So does an
    output that only labelled cases have.
    """
    actual = _split_all(exercise, calls, expected)
    ours = [split(value, exercise.returns) or {} for value in expected]
    found: list[Wrong] = []
    for name in dict.fromkeys(name for values in ours for name in values):
        due = [i for i, values in enumerate(ours) if name in values]
        ordinary = [i for i in due if not cases[i].label]
        if not ordinary and not all(_passes(other) for other in found if not other.cases[0].label):
            continue
        output = _gather(exercise, run, name, ordinary or due, cases, actual, ours)
        found.append(_gather(exercise, run, name, due, cases, actual, ours) if _passes(output) else output)
    return found


def _gather(
    exercise: Exercise,
    run: Run,
    name: str,
    places: Sequence[int],
    cases: Sequence[Case],
    actual: Sequence[dict[str, Any]],
    ours: Sequence[dict[str, Any]],
) -> Wrong:
    keys = dict.fromkeys(key for i in places for key in ours[i])
    return Wrong(
        exercise,
        name,
        cases=tuple(cases[i] for i in places),
        actual=tuple(actual[i].get(name) for i in places),
        expected=tuple(ours[i][name] for i in places),
        answer={key: tuple(actual[i].get(key) for i in places) for key in keys},
        others={key: tuple(ours[i].get(key) for i in places) for key in keys},
        run=run,
    )


# ---- right ----


def _passes(output: Wrong) -> bool:
    return _agrees(output) or _variant(output) is not None


def _agrees(output: Wrong) -> bool:
    pairs = zip(output.actual, output.expected, strict=True)
    return all(right(a, b, output.rtol, output.atol) for a, b in pairs)


def _variant(output: Wrong) -> str | None:
    """The note of a legitimate variant that the answer follows, where the task leaves one open."""
    for variant in (v for v in output.exercise.variants if v.output == output.name):
        values = predictions(output.exercise, variant, output.name, output.cases)
        if values is not None and output.equals(values):
            return variant.message
    return None


def _right_finding(output: Wrong, changed: Sequence[str]) -> Finding:
    if changed:
        text = f"The values are right, but the argument `{changed[0]}` was changed. It must stay as it was."
        return Finding(output.name, "wrong", "changes_its_argument", message=text)
    if not _agrees(output):
        return Finding(output.name, "ok", notes=(_variant(output) or "",))
    said = notes.on_values(output.actual, output.expected, exact=output.atol is None)
    return Finding(output.name, "ok", notes=tuple(said))


def _changed_on_purpose(exercise: Exercise, calls: Sequence[Call]) -> list[str]:
    """Arguments that had to stay as they were, and did not."""
    names = exercise.parameters
    changed = {names[i] for call in calls for i in call.changed if i < len(names)}
    return [name for name in exercise.fresh if name in changed]


# ---- wrong ----


def _finding(output: Wrong, changed: Sequence[str], blame: Blame | None) -> Finding:
    if _passes(output):
        return _right_finding(output, changed)
    if blame:
        return Finding(output.name, "wrong", blame[0], message=blame[1])
    if all(value is None or (isinstance(value, Odd) and value.kind == "Ellipsis") for value in output.actual):
        text = f"`{output.name}` is None so far." if _is_result(output) else "There is no such key."
        return Finding(output.name, "not_attempted", message=text)
    return _wrong_finding(output)


def _is_result(output: Wrong) -> bool:
    return output.name in output.exercise.returns


def _wrong_finding(output: Wrong) -> Finding:
    labelled = _only_labelled(output)
    found = _diagnosis(output, labelled)
    evidence = gap(output) if found.status != "shape" else ""
    cause = found.message + " Here the gap is largest:" * (found.name is None and evidence != "")
    lines = [cause] + [evidence] * (evidence not in cause)
    if labelled:
        lines.insert(0, f"Right in all ordinary cases, wrong {_first_wrong(output)}.")
    return Finding(output.name, found.status, found.name, found.also, "\n".join(filter(None, lines)))


def _diagnosis(output: Wrong, labelled: bool) -> Diagnosis:
    """Ask the diagnoses in order; the first that answers has the word."""
    first = (
        known.known_mistake,
        diagnoses.told_in_words,
        diagnoses.odd_type,
        diagnoses.slots_swapped,
        misshapen.wrong_shape,
        forwards.forward_is_the_culprit,
        diagnoses.not_finite,
    )
    rest = () if labelled else diagnoses.IN_ORDER
    for diagnose in (*first, *rest):
        found = diagnose(output)
        if found:
            return found
    return Diagnosis("wrong", None, "No known mistake gives these values.")


def _only_labelled(output: Wrong) -> bool:
    triples = zip(output.cases, output.actual, output.expected, strict=True)
    return all(right(a, b, output.rtol, output.atol) for c, a, b in triples if not c.label)


def _first_wrong(output: Wrong) -> str:
    triples = zip(output.cases, output.actual, output.expected, strict=True)
    case = next(c for c, a, b in triples if not right(a, b, output.rtol, output.atol))
    return given(output.exercise, case)


# ---- the whole answer ----


def _wrong_structure(exercise: Exercise, calls: Sequence[Call], expected: Sequence[Any]) -> Finding | None:
    """None where values are due, another number of values, or no dict where one is due."""
    due = ", ".join(exercise.returns)
    if all(call.value is None for call in calls):
        example = f", `return {due}`," if len(exercise.returns) > 1 else ""
        text = f"It returns None. Is there a `return`{example} at the end?"
        return Finding("", "wrong", "returns_nothing", message=text)
    pairs = zip(calls, expected, strict=True)
    bad = [(c.value, value) for c, value in pairs if split(c.value, exercise.returns, value) is None]
    if not bad:
        return None
    value, model = bad[0]
    several = isinstance(value, (list, tuple))
    if len(exercise.returns) == 1 or (several and len(value) == len(exercise.returns)):
        return Finding("", "wrong", "wrong_type", message=_dict_due(exercise, model))
    got = f"{len(value)} values" if several else shape_words(value)
    text = f"{len(exercise.returns)} values are due, `return {due}`; this returns {got}."
    return Finding("", "wrong", "wrong_number_of_values", message=text)


def _dict_due(exercise: Exercise, model: Any) -> str:
    """Say which of the values is a dict, and with which keys."""
    if len(exercise.returns) == 1:
        return f"A dict is due, with the keys {', '.join(model)}."
    place = next(k for k, value in enumerate(model) if isinstance(value, dict))
    due, name, keys = ", ".join(exercise.returns), exercise.returns[place], ", ".join(model[place])
    return f"Due is `return {due}`, with a dict for `{name}`, its keys: {keys}."


def _unknown_keys(keys: Iterable[str], due: Mapping[str, Any]) -> list[Finding]:
    """Keys that are not asked for; only arrays are listed, since a probe may add facts of its own."""
    names = [name for name, value in due.items() if isinstance(value, np.ndarray)] or list(due)
    text = "This key is not asked for. The keys are: " + ", ".join(names) + "."
    return [Finding(key, "wrong", "unknown_key", message=text) for key in keys if key not in due]


def _is_handed_out(exercise: Exercise, calls: Sequence[Call], cases: Sequence[Case]) -> bool:
    """Say whether the answer behaves like the wrong version of a find-the-bug exercise."""
    if exercise.handed_out is None:
        return False
    ordinary = [i for i, case in enumerate(cases) if not case.label]
    values = [exercise.run(exercise.handed_out, cases[i]) for i in ordinary]
    return all(close(calls[i].value, value, exercise.rtol) for i, value in zip(ordinary, values, strict=True))


def _symptom(exercise: Exercise) -> Finding:
    symptom = " ".join((getattr(exercise.handed_out, "__doc__", "") or "").split())
    return Finding("", "not_attempted", message=f"{HANDED_OUT} {symptom}\n{_CHANGED}")
