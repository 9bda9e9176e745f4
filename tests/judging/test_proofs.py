"""The four proofs of the style guide run on every exercise; the proofs themselves can fail."""

import re

import pytest

from bplearn import proofs
from bplearn.exercise import Exercise
from bplearn.exercises import all_exercises, exercises_of, find
from tests.judging import HINTS, batches, linear, linear_backward

NAMES = [exercise.name for exercise in all_exercises()]
SLOW = ("Value", "topological_order", "train_mlp")  # long graphs, long trainings: fewer seeds
NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")  # one cause may come with several constants


@pytest.mark.parametrize("name", NAMES)
def test_reference_stub_bug_and_mistakes_are_reported_as_themselves_on_several_seeds(name):
    seeds = proofs.SEEDS[: 2 if name in SLOW else 9]
    assert proofs.problems([name], seeds=[find(name).seed, *seeds]) == []


@pytest.mark.parametrize("name", NAMES)
def test_an_exercise_has_points_hints_messages_and_a_lesson(name):
    exercise = find(name)
    assert exercise.points > 0
    assert all(hint.strip() for hint in exercise.hints)
    assert all(mistake.message for mistake in (*exercise.mistakes, *exercise.variants))
    assert exercise in exercises_of(exercise.lesson)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_a_mistake_stands_for_one_cause_within_an_output(name):
    causes = {(m.name, m.output, m.row, NUMBER.sub("", m.message)) for m in find(name).mistakes}
    assert len(causes) == len({(name, output) for name, output, _, _ in causes})


def test_exercise_names_are_unique_in_the_course():
    assert len(NAMES) == len(set(NAMES))


# ---- the proofs can fail ----


def flawed(**more):
    usual = {"cases": batches, "returns": ("dx", "dW", "db"), "hints": HINTS, "name": "flawed"}
    return Exercise(linear_backward, **usual | more)


def problems_of(exercise):
    return " ".join(proofs.problems_of(exercise, [0]))


def test_a_flawless_exercise_has_no_problems():
    assert problems_of(linear) == ""


def test_a_mistake_equal_to_the_right_answer_is_a_problem():
    exercise = flawed()
    exercise.mistake("db")(lambda dz, x, W: dz.sum(axis=0))
    assert "is reported as passed" in problems_of(exercise)


def test_two_mistakes_that_cannot_be_told_apart_are_a_problem():
    exercise = flawed()

    @exercise.mistake("db")
    def averages(dz, x, W):
        return 3 * dz.mean(axis=0)

    @exercise.mistake("db")
    def multiplies_an_average(dz, x, W):
        return dz.mean(axis=0) * 3

    assert problems_of(exercise).count("is reported as") == 2


def test_too_few_hints_are_a_problem():
    assert "has 1 hints" in problems_of(flawed(hints=("Think.",)))


def test_a_mistake_without_words_is_a_problem():
    exercise = flawed()
    exercise.mistake("db")(lambda dz, x, W: dz.mean(axis=0))
    assert "has no docstring" in problems_of(exercise)


def test_too_few_cases_are_a_problem():
    few = flawed(cases=lambda rng: list(batches(rng))[:3])
    assert "fewer than five cases" in problems_of(few)


def test_cases_that_do_not_repeat_a_size_still_count_the_repeated_first_case_once():
    four = flawed(cases=lambda rng: list(batches(rng))[:4])
    assert "fewer than five cases" in problems_of(four)
