"""Answers judged by what they reach: the middle of three runs, and what is said to a miss."""

import json

import numpy as np
import pytest

from bplearn import pipelines
from bplearn.data import digits
from bplearn.exercises import find
from bplearn.exercises.lesson15_capstone import THRESHOLDS, true_labels, weigh
from bplearn.grader.session import check_notebook
from bplearn.proofs import verdict

READ = find("read_digits")
(CASE,) = READ.sample(3)
DUE = true_labels(CASE.args[2])


def off(share, seed=0, by=1):
    """The true labels with a share of them wrong."""
    wrong = np.random.default_rng(seed).permutation(len(DUE)) < round(share * len(DUE))
    return (DUE + by * wrong) % 10


def weighed(*labels, seconds=0.5):
    return weigh({"labels": [*labels], "seconds": [float(seconds)] * len(labels)}, *CASE.args)


def reached(outputs):
    return [name for name, told in outputs.items() if told == "reached"]


def test_noisy_images_are_none_of_the_data_files_and_keep_their_labels():
    _, _, held_out, labels = digits()
    rows = CASE.args[2].reshape(len(held_out), -1)
    assert not np.isin(rows, np.arange(17)).all(axis=1).any()
    assert sorted(DUE.tolist()) == sorted(labels.tolist())
    assert not np.array_equal(DUE, labels)  # another order: a list of labels learnt by heart is of no use


@pytest.mark.parametrize(
    ("shares", "count"), [((0.0, 0.02, 0.5), 4), ((0.04, 0.9, 0.04), 3), ((0.07,) * 3, 2), ((0.15,) * 3, 1)]
)
def test_the_middle_one_of_three_runs_counts(shares, count):
    runs = [off(share, seed) for seed, share in enumerate(shares)]
    assert len(reached(weighed(*runs, runs[0]))) == count


def test_a_miss_says_what_was_reached_what_is_misread_and_what_to_look_at():
    run = np.where(DUE == 8, 1, DUE)
    told = weighed(run, run, run, run)["at_least_95"]
    assert "Reached: 88.1% right" in told
    assert f"8 read as 1 ({np.sum(DUE == 8)} times)" in told
    assert "Look at this first" in told


LOOKS = {
    "every image is read as 3": np.full(len(DUE), 3),
    "under other names": (DUE + 1) % 10,
    "near guessing": np.random.default_rng(0).integers(0, 10, len(DUE)),
    "If it still falls": off(0.25),
    "set 200 training images aside": off(0.06),
}


@pytest.mark.parametrize("words", LOOKS)
def test_what_to_look_at_first_follows_what_is_seen(words):
    assert words in weighed(*[LOOKS[words]] * 4)["at_least_97"]


FORMS = {
    "argmax": np.zeros((len(DUE), 10)),
    "this has shape": np.zeros(1437),
    "digits 0 to 9": DUE + 1,
    "is a str": "37",
    "is a NoneType": None,
}


@pytest.mark.parametrize("words", FORMS)
def test_labels_of_another_form_are_told(words):
    assert all(words in told for told in weighed(DUE, FORMS[words], DUE, DUE).values())


def test_a_list_of_labels_is_read_and_a_list_of_arrays_is_told():
    assert reached(weighed(*[[np.asarray(label) for label in DUE]] * 4)) == list(THRESHOLDS)
    uneven = [np.arange(1 + k % 2) for k in range(len(DUE))]
    assert all("is a list" in told for told in weighed(*[uneven] * 4).values())


def test_looking_the_images_up_in_the_data_file_finds_none():
    _, _, held_out, labels = digits()

    def answer(train_images, train_labels, test_images, rng):
        known = {row.tobytes(): label for row, label in zip(held_out, labels, strict=True)}
        return np.array([known.get(image.ravel().tobytes(), 0) for image in test_images])

    assert "every image is read as 0" in verdict(READ, answer, 3).text()


def test_a_run_that_is_not_repeated_earns_nothing():
    assert all("same state" in told for told in weighed(DUE, DUE, DUE, off(0.01)).values())


def test_a_run_that_takes_too_long_earns_nothing():
    assert all("61 seconds" in told for told in weighed(DUE, DUE, DUE, DUE, seconds=61).values())


@pytest.mark.parametrize(
    "brought",
    [
        "labels",
        {"labels": [DUE] * 4},
        {"labels": DUE, "seconds": [0.1] * 4},
        {"labels": [DUE] * 4, "seconds": ["a"] * 4},
        {"labels": [], "seconds": []},
        {"labels": [DUE] * 3, "seconds": [0.1] * 3},
        {"labels": [DUE] * 4, "seconds": [float("nan")] * 4},
    ],
)
def test_a_claim_of_another_form_earns_nothing(brought):
    assert reached(weigh(brought, *CASE.args)) == []


def test_the_whole_answer_is_run_four_times(monkeypatch):
    seeds = []

    def answer(train_images, train_labels, test_images, rng):
        seeds.append(rng.integers(10**6))
        return np.zeros(len(test_images), dtype=int)

    assert not verdict(READ, answer, 3).passed
    assert len(seeds) == 4
    assert seeds[0] == seeds[3]
    assert len(set(seeds)) == 3


def test_after_a_run_that_was_too_long_there_is_no_other(monkeypatch):
    monkeypatch.setattr(pipelines, "SECONDS", -1.0)
    found = pipelines.reading(lambda *data: np.zeros(3), (*CASE.args[:3], (1, 2, 3)))
    assert len(found["labels"]) == 1


SLOW = """
import time
import numpy as np

def read_digits(train_images, train_labels, test_images, rng):
    time.sleep(0.4)
    return np.zeros(len(test_images), dtype=int)
"""


def test_a_pipeline_may_take_longer_than_other_answers(tmp_path):
    cell = {"cell_type": "code", "metadata": {}, "source": SLOW, "outputs": [], "execution_count": None}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    path = tmp_path / "15_capstone.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    (report,) = check_notebook(path, "read_digits", timeout=1.0)
    assert "every image is read as 0" in report.text()
