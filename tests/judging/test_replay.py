"""A probe that is run again on what an answer returned says the same as where the answer ran."""

import pytest

from bplearn import collect, proofs
from bplearn.exercises import all_exercises
from bplearn.judge import judge
from bplearn.probes import REPLAYED

EXERCISES = [exercise for exercise in all_exercises() if exercise.probe in REPLAYED]
ODD = (lambda *a: None, lambda *a: 7, lambda *a: "x", lambda *a: 1 / 0, lambda *a: [], lambda *a: iter(()))


def replaying(functions):
    def run(name, cases, probe):
        if name not in functions:
            return None
        seen = collect.observe(functions[name], cases, probe, raw=True)
        return collect.replayed(seen, cases, probe) if probe in REPLAYED else seen

    return run


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
@pytest.mark.filterwarnings("ignore")
def test_the_verdict_is_the_same(exercise):
    answers = [proofs.right_answer(exercise), proofs.stub, *ODD]
    answers += [proofs.planted(exercise, mistake) for mistake in exercise.mistakes]
    for answer in answers:
        here = judge(exercise, proofs.local({exercise.name: answer}), 3)
        away = judge(exercise, replaying({exercise.name: answer}), 3)
        assert away.to_dict() == here.to_dict()


def test_every_probe_that_tells_facts_is_among_them():
    told = {exercise.probe for exercise in all_exercises()}
    assert {"call", "steps", "branch", "passing", "engine", "reading"} == told - REPLAYED


@pytest.mark.parametrize("claimed", [None, 7, [], [7], [["RecursionError"]], [["exec"]], [[1, 2, 3]], "x"])
def test_a_claim_that_is_no_record_is_trouble(claimed):
    exercise = next(e for e in EXERCISES if e.probe == "dropping")
    cases = [case.args for case in exercise.sample(3)]
    seen = collect.Observation(tuple(collect.Call(claimed) for _ in cases))
    assert all(call.trouble for call in collect.replayed(seen, cases, "dropping").calls)
