"""Every row of the catalogue of misconceptions has an exercise that names it, or a reason."""

import csv
import re
from pathlib import Path

import pytest

import bplearn
from bplearn.exercises import all_exercises

LINES = (Path(__file__).parent / "catalogue.csv").read_text(encoding="utf-8").splitlines()
TABLE = list(csv.DictReader(LINES))
SECTIONS = {
    **{
        "A": 18,
        "B": 20,
        "C": 20,
        "D": 32,
        "E": 46,
        "F": 15,
        "G": 12,
        "H": 10,
        "I": 13,
        "J": 9,
        "K": 16,
        "L": 14,
        "M": 9,
        "N": 12,
        "O": 31,
        "P": 6,
        "Q": 21,
        "R": 22,
    },
    "W": 14,
}
BUILT = {exercise.name: exercise for exercise in all_exercises()}
JUDGE = "\n".join(
    path.read_text(encoding="utf-8") for path in Path(bplearn.__file__).parent.glob("judge/*.py")
)


def rows_of(exercise):
    return {mistake.row for mistake in exercise.mistakes} | set(exercise.handed_out_rows)


def test_every_row_stands_in_the_table_once():
    expected = [f"{section}{k}" for section, size in SECTIONS.items() for k in range(1, size + 1)]
    assert [line["row"] for line in TABLE] == expected


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line["row"])
def test_a_row_has_an_exercise_or_a_reason(line):
    exercise = BUILT.get(line["exercise"])
    assert line["row"] in rows_of(exercise) if exercise else len(line["reason"]) > 10


@pytest.mark.parametrize(
    "line", [line for line in TABLE if line["row"][0] == "W"], ids=lambda line: line["row"]
)
def test_a_general_row_names_diagnoses_that_exist(line):
    names = re.findall(r"`(\w+)`", line["reason"])
    assert names
    assert all(f'"{name}"' in JUDGE for name in names)


@pytest.mark.parametrize("exercise", BUILT.values(), ids=list(BUILT))
def test_rows_of_mistakes_stand_in_the_table(exercise):
    known = {line["row"] for line in TABLE}
    assert {row for row in rows_of(exercise) if row[:1] in SECTIONS} <= known
