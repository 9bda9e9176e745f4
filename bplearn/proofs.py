"""The proofs that run on every exercise: its checker is tested like a product.

The reference passes; the stub is not attempted; the version handed out is not attempted; each known mistake,
planted in a right answer, is reported as itself. `problems` gives one line for each proof that fails.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bplearn import collect
from bplearn.exercise import Exercise, Mistake
from bplearn.exercises import all_exercises, find
from bplearn.judge import Run, judge
from bplearn.report import HANDED_OUT, Report

SEEDS = tuple(range(10))


def local(functions: dict[str, Callable[..., Any]]) -> Run:
    """Run answers in this very process, by name."""

    def run(name: str, cases: Sequence[Sequence[Any]], probe: str) -> collect.Observation | None:
        return collect.observe(functions[name], cases, probe) if name in functions else None

    return run


def verdict(exercise: Exercise, answer: Callable[..., Any], seed: int | None = None) -> Report:
    """Judge a function as an answer to an exercise."""
    return judge(exercise, local({exercise.name: answer}), exercise.seed if seed is None else seed)


def stub(*args: Any) -> Any:
    """Stand for an answer before the learner has started."""
    raise NotImplementedError("your turn: replace this line")


def right_answer(exercise: Exercise) -> Callable[..., Any]:
    """The reference under no name of the course's, as a learner would have written it."""
    return _unnamed(exercise.reference)


def _unnamed(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: function(*args)


def planted(exercise: Exercise, mistake: Mistake) -> Callable[..., Any]:
    """A right answer with one known mistake in it."""
    if not mistake.output or len(exercise.returns) == 1:
        return _unnamed(mistake.compute)
    place = exercise.returns.index(mistake.output)

    def answer(*args: Any) -> tuple[Any, ...]:
        values = list(exercise.reference(*copy.deepcopy(args)))  # a generator moves on
        values[place] = mistake.compute(*args)
        return tuple(values)

    return answer


def reported_as_itself(mistake: Mistake, report: Report) -> bool:
    """Say whether the planted mistake, and no other, is named on what is wrong."""
    wrong = [finding for finding in report.findings if finding.status != "ok"]
    return bool(wrong) and all(f.mistake == mistake.name and not f.also for f in wrong)


def problems(names: Sequence[str] = (), seeds: Sequence[int] = SEEDS) -> list[str]:
    """One line for each proof that fails, for the exercises named (or for all)."""
    exercises = [find(name) for name in names] or list(all_exercises())
    return [line for exercise in exercises for line in problems_of(exercise, seeds)]


def problems_of(exercise: Exercise, seeds: Sequence[int] = SEEDS) -> Iterator[str]:
    """One line for each proof that fails, for one exercise."""
    where = f"bplearn/exercises/lesson{exercise.lesson}.py: `{exercise.name}`"
    if len(exercise.hints) < 3:
        yield f"{where} has {len(exercise.hints)} hints; write three, from a question to something concrete."
    if verdict(exercise, stub).attempted:
        yield f"{where}: the stub counts as attempted."
    for mistake in exercise.mistakes:
        if not mistake.message:
            yield f"{where}: the mistake `{mistake.name}` has no docstring; the learner reads it."
    for seed in seeds:
        yield from (f"{where}, seed {seed}: {line}" for line in _seed_problems(exercise, seed))


def _seed_problems(exercise: Exercise, seed: int) -> Iterator[str]:
    if len({id(case) for case in exercise.sample(seed)}) < 5 and exercise.outcome is None:
        yield "fewer than five cases."
    report = verdict(exercise, right_answer(exercise), seed)
    if not report.passed:
        yield f"the reference does not pass: {report.text()}"
    if exercise.handed_out and verdict(exercise, _unnamed(exercise.handed_out), seed).attempted:
        yield "the version handed out counts as attempted."
    for mistake in exercise.mistakes:
        report = verdict(exercise, planted(exercise, mistake), seed)
        as_handed_out = any(finding.message.startswith(HANDED_OUT) for finding in report.findings)
        if not reported_as_itself(mistake, report) and not as_handed_out:
            yield f"the mistake `{mistake.name}` is reported as {report.mistakes or report.status}."
