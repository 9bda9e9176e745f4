"""Lesson 08: stochastic gradient descent. A step for each handful of examples."""

import numpy as np

from bplearn.nn.mlp import mlp_loss_gradients, sgd_update

__all__ = ["epoch_loss", "has_converged", "minibatches", "sgd_epoch_repaired", "train_epoch"]


def minibatches(x, labels, batch_size, rng):
    """Batches of one epoch: every example once, in a new order.

    Parameters
    ----------
    x : ndarray, shape (N, D)
    labels : ndarray of int, shape (N,)
    batch_size : int
        How many examples a batch holds; the last one holds what is left.
    rng : numpy.random.Generator

    Returns
    -------
    batches : list of (x, labels)

    Examples
    --------
    >>> x, labels = np.arange(10.0).reshape(5, 2), np.arange(5)
    >>> [len(labels) for _, labels in minibatches(x, labels, 2, np.random.default_rng(0))]
    [2, 2, 1]
    """
    order = rng.permutation(len(x))
    parts = [order[start : start + batch_size] for start in range(0, len(x), batch_size)]
    return [(x[part], labels[part]) for part in parts]


def epoch_loss(batch_losses, batch_sizes):
    """Mean loss of an epoch: every example counts the same, whatever its batch.

    Parameters
    ----------
    batch_losses : sequence of float
        Mean loss of each batch.
    batch_sizes : sequence of int

    Returns
    -------
    loss : float

    Examples
    --------
    >>> float(epoch_loss([1.0, 4.0], [20, 10]))
    2.0
    """
    return np.average(batch_losses, weights=batch_sizes)


def train_epoch(params, x, labels, batch_size, lr, rng):
    """One pass over all examples, a step of gradient descent for each batch.

    Parameters
    ----------
    params : dict of ndarray
    x : ndarray, shape (N, D)
    labels : ndarray of int, shape (N,)
    batch_size : int
    lr : float
        Learning rate.
    rng : numpy.random.Generator
        For the order of the examples.

    Returns
    -------
    params : dict of ndarray
    loss : float
        Mean over the examples, each in its batch before the update of that batch.
    """
    losses, sizes = [], []
    for x_batch, labels_batch in minibatches(x, labels, batch_size, rng):
        loss, grads = mlp_loss_gradients(x_batch, labels_batch, params)
        params = sgd_update(params, grads, lr)
        losses.append(loss)
        sizes.append(len(labels_batch))
    return params, epoch_loss(losses, sizes)


def has_converged(losses, tolerance, patience):
    """Whether the loss has stood nearly still for a while.

    Parameters
    ----------
    losses : sequence of float
    tolerance : float
        A change below this is no change.
    patience : int
        How many of the last changes must be below it.

    Returns
    -------
    verdict : bool
        False while there are no more than ``patience`` losses.

    Examples
    --------
    >>> has_converged([3.0, 2.0, 1.999, 1.999], tolerance=0.01, patience=2)
    True
    """
    if len(losses) <= patience:
        return False
    changes = np.abs(np.diff(losses[-patience - 1 :]))
    return bool(np.all(changes < tolerance))


def sgd_epoch_repaired(params, x, labels, batch_size, lr, rng):
    """One pass over all examples, as in `train_epoch`: what the find-the-bug exercise must become.

    Parameters
    ----------
    params : dict of ndarray
    x : ndarray, shape (N, D)
    labels : ndarray of int, shape (N,)
    batch_size : int
    lr : float
        Learning rate.
    rng : numpy.random.Generator
        For the order of the examples.

    Returns
    -------
    params : dict of ndarray
    loss : float
    """
    return train_epoch(params, x, labels, batch_size, lr, rng)
