"""Data for the lessons: handwritten digits, shipped with the course, and small sets made on the spot."""

from __future__ import annotations

from importlib import resources

import numpy as np

__all__ = ["digits", "two_moons", "xor"]


def digits() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Handwritten digits, 1,437 to learn from and 360 that are held out, in a fixed shuffled order.

    Returns
    -------
    train_images : ndarray, shape (1437, 64)
        Rows of 8 x 8 pixels, line by line; 0 is white, 16 is black.
    train_labels : ndarray of int, shape (1437,)
        The digit that each image shows, 0 to 9.
    test_images : ndarray, shape (360, 64)
    test_labels : ndarray of int, shape (360,)

    References
    ----------
    Alpaydin, Kaynak (1998), Optical recognition of handwritten digits, UCI Machine Learning Repository; the
    copy of scikit-learn. CC BY 4.0: see ``digits.txt`` beside the data.

    Examples
    --------
    >>> train_images, train_labels, test_images, test_labels = digits()
    >>> train_images.shape, test_images.shape, int(train_images.max())
    ((1437, 64), (360, 64), 16)
    """
    with resources.files("bplearn").joinpath("digits.npz").open("rb") as file, np.load(file) as stored:
        parts = [stored[f"{part}_{what}"] for part in ("train", "test") for what in ("images", "labels")]
    train_images, train_labels, test_images, test_labels = parts
    return (
        train_images.astype(float),
        train_labels.astype(int),
        test_images.astype(float),
        test_labels.astype(int),
    )


def xor() -> tuple[np.ndarray, np.ndarray]:
    """The four points of exclusive or: class 1 where exactly one of the two inputs is 1.

    Returns
    -------
    x : ndarray, shape (4, 2)
    labels : ndarray of int, shape (4,)

    Examples
    --------
    >>> x, labels = xor()
    >>> x.tolist(), labels.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    return np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])


def two_moons(count: int, noise: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Points of two half circles that reach into each other.

    Parameters
    ----------
    count : int
        Points in all, half of them of each class.
    noise : float
        Standard deviation of what is added to each coordinate; the radius is 1.
    rng : numpy.random.Generator

    Returns
    -------
    x : ndarray, shape (count, 2)
    labels : ndarray of int, shape (count,)

    Examples
    --------
    >>> x, labels = two_moons(400, 0.2, np.random.default_rng(0))
    >>> x.shape, int(labels.sum())
    ((400, 2), 200)
    """
    half = count // 2
    angle = np.pi * rng.random(count)
    labels = np.repeat([0, 1], [count - half, half])
    outer = np.column_stack([np.cos(angle), np.sin(angle)])
    inner = np.column_stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)])
    x = np.where(labels[:, None] == 0, outer, inner) + noise * rng.normal(size=(count, 2))
    order = rng.permutation(count)
    return x[order], labels[order]
