"""The data that the course ships or makes."""

import importlib.resources

import numpy as np

from bplearn.data import digits, two_moons, xor


def test_digits_are_complete_and_shuffled():
    train_images, train_labels, test_images, test_labels = digits()
    assert train_images.shape == (1437, 64)
    assert test_images.shape == (360, 64)
    assert set(np.unique(train_images)) == set(range(17))
    assert np.bincount(np.r_[train_labels, test_labels]).tolist() == [
        *(178, 182, 177, 183, 181, 182, 181, 179, 174, 180)
    ]
    assert np.bincount(test_labels, minlength=10).min() >= 25


def test_no_held_out_image_is_trained_on():
    train_images, _, test_images, _ = digits()
    assert not {row.tobytes() for row in train_images} & {row.tobytes() for row in test_images}


def test_digits_name_their_source_and_licence():
    text = importlib.resources.files("bplearn").joinpath("digits.txt").read_text(encoding="utf-8")
    assert "UCI Machine Learning Repository" in text
    assert "CC BY 4.0" in text


def test_moons_are_half_and_half_and_depend_on_the_generator_alone():
    x, labels = two_moons(400, 0.2, np.random.default_rng(3))
    again, _ = two_moons(400, 0.2, np.random.default_rng(3))
    assert np.bincount(labels).tolist() == [200, 200]
    assert (x == again).all()


def test_xor_is_one_where_the_inputs_differ():
    x, labels = xor()
    assert labels.tolist() == (x[:, 0] != x[:, 1]).astype(int).tolist()
