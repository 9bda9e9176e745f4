"""Judge an answer: run it, compare what it gives with the reference, and say what is wrong and why.

The answer itself stays where it is (notebook, fresh process, sandbox). `run` takes the name of one of the
learner's functions, cases and a probe, and brings back an `Observation`, or None where there is no such
function. Everything here is trusted; observations are claims.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bplearn.collect import Call, Observation
from bplearn.exercise import Case, Exercise
from bplearn.judge import known, misshapen, notes, outputs, starts, troubles
from bplearn.judge.wrong import Diagnosis, Run, given
from bplearn.report import CALLS_FAILING, Finding, Report

Siblings = Mapping[str, Exercise]


def judge(exercise: Exercise, run: Run, seed: int, siblings: Siblings | None = None) -> Report:
    """Judge one answer.

    Parameters
    ----------
    exercise : Exercise
    run : callable
        ``run(name, cases, probe)`` gives an Observation, or None if the learner has no function of that name.
    seed : int
        Seed of the cases.
    siblings : mapping of str to Exercise
        The exercises of the same lesson: answers that this answer may call.

    Returns
    -------
    Report
    """
    cases = exercise.sample(seed)
    seen = run(exercise.name, [case.args for case in cases], exercise.probe)
    findings = _findings(exercise, run, seed, seen, cases, siblings or {})
    if seen is not None:
        findings = _with_notes(findings, notes.on_answer(exercise, seen))
    return Report(exercise.name, exercise.lesson, exercise.points, tuple(findings))


def _findings(
    exercise: Exercise,
    run: Run,
    seed: int,
    seen: Observation | None,
    cases: Sequence[Case],
    siblings: Siblings,
) -> list[Finding]:
    whole = _not_attempted(exercise, seen)
    if whole or seen is None:
        return [whole or Finding("", "not_attempted")]
    borrowed = _borrowed(exercise, seen)
    if borrowed:
        return [borrowed]
    found = _judged(exercise, run, seed, seen, cases, siblings)
    reordered = _reordered(exercise, seen)
    return [reordered] if reordered and any(finding.status != "ok" for finding in found) else found


def _judged(
    exercise: Exercise, run: Run, seed: int, seen: Observation, cases: Sequence[Case], siblings: Siblings
) -> list[Finding]:
    troubled = any(call.trouble for call in seen.calls)
    calls, cases, expected = starts.continued(exercise, _weighed(exercise, seen.calls, cases), cases, seed)
    found = [] if troubled else outputs.findings(exercise, run, calls, cases, expected)
    if found and all(finding.status == "ok" for finding in found):
        return found
    blamed = _failing_helper(exercise, run, seed, seen, siblings)
    if troubled:
        return [_trouble(exercise, run, seen, cases, blamed)]
    if not blamed:
        return found
    return outputs.findings(exercise, run, calls, cases, expected, _blame(exercise, blamed))


def _weighed(exercise: Exercise, calls: Sequence[Call], cases: Sequence[Case]) -> Sequence[Call]:
    """Where an answer is judged by what it reaches: the outputs, made of what was brought back."""
    if exercise.outcome is None:
        return calls
    weigh = exercise.outcome.weigh
    return [
        call if call.value is None else replace(call, value=weigh(call.value, *case.args))
        for call, case in zip(calls, cases, strict=True)
    ]


# ---- the answer as a whole ----


def _not_attempted(exercise: Exercise, seen: Observation | None) -> Finding | None:
    if seen is None:
        return Finding("", "not_attempted", message=f"There is no function `{exercise.name}` yet.")
    if seen.blank:
        return Finding("", "not_attempted", message="The function is empty so far.")
    trouble = seen.calls[0].trouble
    if trouble is None or trouble.kind != "NotImplementedError":
        return None
    if seen.stub:
        text = "The line `raise NotImplementedError(...)` is still there. Put your own lines in its place."
        return Finding("", "not_attempted", message=text)
    return Finding("", "not_attempted") if trouble.function in ("", exercise.name) else None


def _borrowed(exercise: Exercise, seen: Observation) -> Finding | None:
    """An answer that runs on the course's own version of what this lesson asks for."""
    if "bplearn.learn.use" in seen.course:
        text = "`use` is for cells: inside an answer, call your own function by its name."
        return Finding("", "error", "calls_use", message=text)
    hidden = [name for name in seen.course if exercise.hides(name)]
    if not hidden:
        return None
    name = hidden[0].rpartition(".")[2]
    text = (
        f"This answer runs on the course's own `{name}`, which is what this lesson asks you to write. "
        f"Define `{name}` yourself and call that one; a grader has no other."
    )
    return Finding("", "error", "borrows_the_reference", message=text)


def _reordered(exercise: Exercise, seen: Observation) -> Finding | None:
    """The parameters have the right names in another order, but arguments are handed over by place."""
    due, theirs = exercise.parameters, seen.parameters
    if theirs == due or sorted(theirs) != sorted(due):
        return None
    text = (
        f"Its parameters are ({', '.join(theirs)}), and it is called with ({', '.join(due)}), by place. "
        "Put them in this order."
    )
    return Finding("", "wrong", "reorders_the_parameters", message=text)


def _failing_helper(exercise: Exercise, run: Run, seed: int, seen: Observation, siblings: Siblings) -> str:
    """Name a function that the answer calls, that is an exercise of this lesson and does not pass itself."""
    rest = {name: other for name, other in siblings.items() if name != exercise.name}
    for name in seen.uses:
        own_seed = rest[name].seed if name in rest and seed == exercise.seed else seed  # as its own check has
        if name in rest and not judge(rest[name], run, own_seed, rest).passed:
            return name
    return ""


def _blame(exercise: Exercise, name: str) -> tuple[str, str]:
    text = (
        f"`{exercise.name}` calls your `{name}`, and `{name}` does not pass its own check yet. "
        f"Mend that one first: `check({name})`. Then check this one again."
    )
    return f"{CALLS_FAILING}{name}", text


def _trouble(exercise: Exercise, run: Run, seen: Observation, cases: Sequence[Case], blamed: str) -> Finding:
    pairs = zip(seen.calls, cases, strict=True)
    trouble, case = next((call.trouble, case) for call, case in pairs if call.trouble)
    if blamed:
        name, text = _blame(exercise, blamed)
        return Finding("", "error", name, message=text)
    status = {"MemoryError": "memory", "Timeout": "timeout", "Died": "died"}.get(trouble.kind, "error")
    lines = [troubles.in_words(exercise, trouble), _trouble_case(exercise, seen, case)]
    ordinary = [call for call, c in zip(seen.calls, cases, strict=True) if not c.label]
    found = _on_equal_sizes(exercise, run) if _stop_nearly_always(ordinary) else None
    if found:
        lines.append(f"With all sizes made equal it runs, and then: {found.message}")
    return Finding("", status, found.name if found else None, message="\n".join(lines))


def _stop_nearly_always(calls: Sequence[Call]) -> bool:
    """Say whether all calls stop with an error, or most of them with one of shapes."""
    of_shapes = [call for call in calls if call.trouble and call.trouble.kind == "ValueError"]
    return all(call.trouble for call in calls) or 2 * len(of_shapes) > len(calls)


def _trouble_case(exercise: Exercise, seen: Observation, case: Case) -> str:
    trouble = next(call.trouble for call in seen.calls if call.trouble)
    if trouble.function == "<module>":
        return "So its cell does not run to its end, and the function is not there."
    if trouble.kind in ("Timeout", "Died"):
        return "This happens in at least one of the cases, or in its cell."
    failed = sum(call.trouble is not None for call in seen.calls)
    words = "in every case" if failed == len(seen.calls) else f"in {failed} of {len(seen.calls)} cases"
    return f"This happens {words}, the first time {given(exercise, case)}."


def _on_equal_sizes(exercise: Exercise, run: Run) -> Diagnosis | None:
    """Run once more with all sizes equal: a transposed product then runs, and can be recognised."""
    if exercise.square is None:
        return None
    rng = np.random.default_rng(exercise.seed)
    cases = [exercise.case(arguments) for arguments in exercise.square(rng)]
    seen = run(exercise.name, [case.args for case in cases], exercise.probe)
    if seen is None or any(call.trouble for call in seen.calls):
        return None
    expected = [exercise.run(exercise.reference, case) for case in cases]
    for wrong in outputs.seen(exercise, run, seen.calls, cases, expected):
        if wrong.equals(wrong.expected):
            continue
        found = known.known_mistake(wrong) or misshapen.wrong_shape(wrong)
        if found:
            return found
    return None


def _with_notes(findings: list[Finding], more: list[str]) -> list[Finding]:
    return [replace(findings[0], notes=(*findings[0].notes, *more)), *findings[1:]] if more else findings
