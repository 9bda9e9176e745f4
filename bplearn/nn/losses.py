"""Lesson 06: losses. Each returns its value and its gradient.

The mean over the batch is part of the loss, so its 1/N appears here and nowhere else.
"""

import numpy as np

from bplearn.nn.activations import softmax
from bplearn.nn.neuron import sigmoid

__all__ = [
    "bce_with_logits",
    "binary_cross_entropy",
    "classifier_loss",
    "huber_loss",
    "log_softmax",
    "mse_loss",
    "one_hot",
    "softmax_cross_entropy",
]


def mse_loss(y_hat, y):
    """Mean squared error over all entries, without a 1/2.

    Parameters
    ----------
    y_hat : ndarray of any shape
    y : ndarray, shaped like ``y_hat``

    Returns
    -------
    loss : float
    dy_hat : ndarray, shaped like ``y_hat``

    Examples
    --------
    >>> loss, dy_hat = mse_loss(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    >>> float(loss), dy_hat.tolist()
    (2.0, [0.0, 2.0])
    """
    difference = y_hat - y
    return np.mean(difference**2), 2.0 * difference / y_hat.size


def binary_cross_entropy(p, y):
    """Mean surprise, in nats, at targets 0 and 1 under the probabilities ``p`` of 1.

    Parameters
    ----------
    p : ndarray, shape (N,)
        Strictly between 0 and 1.
    y : ndarray, shape (N,)
        Targets, 0 or 1.

    Returns
    -------
    loss : float
    dp : ndarray, shape (N,)

    Examples
    --------
    >>> loss, dp = binary_cross_entropy(np.array([0.5, 0.8]), np.array([1.0, 1.0]))
    >>> round(float(loss), 6), dp.tolist()
    (0.458145, [-1.0, -0.625])
    """
    loss = -np.mean(y * np.log(p) + (1.0 - y) * np.log(1.0 - p))
    dp = (p - y) / (p * (1.0 - p)) / len(y)
    return loss, dp


def bce_with_logits(z, y):
    """Binary cross-entropy from the score that would go into the sigmoid.

    Parameters
    ----------
    z : ndarray, shape (N,)
        Logits: ``p = sigmoid(z)``.
    y : ndarray, shape (N,)
        Targets, 0 or 1.

    Returns
    -------
    loss : float
    dz : ndarray, shape (N,)

    Examples
    --------
    >>> loss, dz = bce_with_logits(np.array([0.0, 1000.0]), np.array([1.0, 0.0]))
    >>> round(float(loss), 6), dz.tolist()
    (500.346574, [-0.25, 0.5])
    """
    # ln(1 + e**z) - z y, with exp of negative numbers only: never log(0), never an overflow
    loss = np.mean(np.maximum(z, 0.0) - z * y + np.log1p(np.exp(-np.abs(z))))
    dz = (sigmoid(z) - y) / len(y)
    return loss, dz


def one_hot(labels, K):
    """Table with a 1 in each row, at the place of its class.

    Parameters
    ----------
    labels : ndarray of int, shape (N,)
        Class numbers, 0 to K - 1.
    K : int
        How many classes there are; some may be absent.

    Returns
    -------
    table : ndarray, shape (N, K)

    Examples
    --------
    >>> one_hot(np.array([2, 0]), 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    return np.eye(K)[labels]


def log_softmax(z):
    """Logarithms of the probabilities of K classes, row by row.

    Parameters
    ----------
    z : ndarray, shape (N, K)

    Returns
    -------
    log_p : ndarray, shape (N, K)

    Examples
    --------
    >>> log_softmax(np.array([[0.0, 1000.0]])).tolist()
    [[-1000.0, 0.0]]
    """
    # the logarithm is taken before a probability can become 0
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def softmax_cross_entropy(z, labels):
    """Mean surprise, in nats, at the true classes.

    Parameters
    ----------
    z : ndarray, shape (N, K)
        Logits.
    labels : ndarray of int, shape (N,)
        Class numbers, 0 to K - 1.

    Returns
    -------
    loss : float
    dz : ndarray, shape (N, K)
        Probabilities minus one-hot labels, over N: each row adds up to 0.

    Examples
    --------
    >>> loss, dz = softmax_cross_entropy(np.array([[0.0, 0.0, 0.0, 0.0]]), np.array([1]))
    >>> round(float(loss), 6), dz.tolist()
    (1.386294, [[0.25, -0.75, 0.25, 0.25]])
    """
    N, K = z.shape
    loss = -np.mean(log_softmax(z)[np.arange(N), labels])
    dz = (softmax(z) - one_hot(labels, K)) / N
    return loss, dz


def huber_loss(y_hat, y, delta):
    """Squared error near the target, absolute error far from it; mean over all entries.

    Parameters
    ----------
    y_hat : ndarray of any shape
    y : ndarray, shaped like ``y_hat``
    delta : float
        Where the parabola goes over into straight lines.

    Returns
    -------
    loss : float
    dy_hat : ndarray, shaped like ``y_hat``
        No entry is larger than ``delta`` over their number.

    Examples
    --------
    >>> loss, dy_hat = huber_loss(np.array([1.5, 11.0]), np.array([1.0, 1.0]), delta=1.0)
    >>> float(loss), dy_hat.tolist()
    (4.8125, [0.25, 0.5])
    """
    r = y_hat - y
    far = np.abs(r) > delta
    loss = np.mean(np.where(far, delta * (np.abs(r) - delta / 2.0), r**2 / 2.0))
    dy_hat = np.clip(r, -delta, delta) / r.size
    return loss, dy_hat


def classifier_loss(z, labels):
    """Loss and gradient of `softmax_cross_entropy`: what the find-the-bug exercise must become.

    Parameters
    ----------
    z : ndarray, shape (N, K)
        Logits.
    labels : ndarray of int, shape (N,)
        Class numbers, 0 to K - 1.

    Returns
    -------
    loss : float
    dz : ndarray, shape (N, K)
    """
    return softmax_cross_entropy(z, labels)
