"""The capstone reads digits it has never seen, and counts what it confuses."""

import numpy as np
import pytest

from bplearn import nn
from bplearn.data import digits


@pytest.mark.parametrize("seed", range(3))
def test_the_pipeline_reads_97_of_100_held_out_digits(seed):
    train_images, train_labels, test_images, test_labels = digits()
    images = train_images.reshape(-1, 8, 8), train_labels, test_images.reshape(-1, 8, 8)
    read = nn.read_digits(*images, np.random.default_rng(seed))
    assert read.shape == test_labels.shape
    assert np.mean(read == test_labels) >= 0.97


def test_preparing_goes_row_by_row():
    images = np.arange(128.0).reshape(2, 8, 8) / 8
    assert nn.preprocess(images).tolist() == [row.ravel().tolist() for row in images / 16]


def test_a_confusion_matrix_has_true_labels_in_rows():
    labels, predicted = np.array([0, 2, 2, 2, 1, 0]), np.array([0, 1, 1, 2, 1, 2])
    table = nn.confusion_matrix(labels, predicted, 4)
    assert table.tolist() == [[1, 0, 1, 0], [0, 1, 0, 0], [0, 2, 1, 0], [0, 0, 0, 0]]
    assert table.sum() == len(labels)


def test_an_ablation_gives_every_setting_the_same_fresh_seeds():
    def run(setting, rng):
        return setting * rng.normal()

    table = nn.ablation(run, (1.0, 2.0), (3, 5, 8))
    drawn = np.array([np.random.default_rng(seed).normal() for seed in (3, 5, 8)])
    for setting, (mean, spread) in table.items():
        assert mean == pytest.approx(setting * drawn.mean())
        assert spread == pytest.approx(setting * drawn.std(ddof=1))
