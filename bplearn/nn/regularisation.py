"""Lesson 13: generalisation. Fair preparation of data, penalties, dropout, early stopping."""

import numpy as np

__all__ = [
    "best_epoch",
    "dropout_backward",
    "dropout_forward",
    "dropout_repaired",
    "l1_penalty",
    "l2_penalty",
    "standardise",
]


def standardise(train, test):
    """Both sets centred and scaled by the statistics of the training set alone.

    Parameters
    ----------
    train : ndarray, shape (N, D)
    test : ndarray, shape (M, D)

    Returns
    -------
    train : ndarray, shape (N, D)
    test : ndarray, shape (M, D)

    Notes
    -----
    The deviation is the biased one. A column of which all training values are equal is only centred.

    Examples
    --------
    >>> train, test = standardise(np.array([[1.0, 5.0], [3.0, 5.0]]), np.array([[4.0, 6.0]]))
    >>> train.tolist(), test.tolist()
    ([[-1.0, 0.0], [1.0, 0.0]], [[2.0, 1.0]])
    """
    mean = train.mean(axis=0)
    std = train.std(axis=0)
    scale = np.where(np.ptp(train, axis=0) == 0, 1.0, std)
    return (train - mean) / scale, (test - mean) / scale


def l2_penalty(params, strength):
    """Half the sum of the squared weights, times a strength, and its gradients.

    Parameters
    ----------
    params : dict of ndarray
        Arrays whose names begin with W are weights; the others are left in peace.
    strength : float

    Returns
    -------
    loss : float
    grads : dict of ndarray
        All keys of ``params``; zeros for what is no weight.
    """
    weights = [name for name in params if name.startswith("W")]
    loss = strength / 2.0 * sum(np.sum(params[name] ** 2) for name in weights)
    return loss, {name: strength * array * (name in weights) for name, array in params.items()}


def l1_penalty(params, strength):
    """Sum of the absolute weights, times a strength, and its gradients.

    Parameters
    ----------
    params : dict of ndarray
        Arrays whose names begin with W are weights; the others are left in peace.
    strength : float

    Returns
    -------
    loss : float
    grads : dict of ndarray
        All keys of ``params``; zeros for what is no weight, and where a weight is 0.
    """
    weights = [name for name in params if name.startswith("W")]
    loss = strength * sum(np.sum(np.abs(params[name])) for name in weights)
    return loss, {name: strength * np.sign(array) * (name in weights) for name, array in params.items()}


def dropout_forward(x, drop_prob, rng):
    """Inverted dropout: some entries become 0, the others grow, and the mean stays.

    Parameters
    ----------
    x : ndarray
    drop_prob : float
        Probability that an entry is dropped, from 0 to below 1.
    rng : numpy.random.Generator

    Returns
    -------
    y : ndarray, shaped like ``x``
    mask : ndarray, shaped like ``x``
        0, or ``1 / (1 - drop_prob)``.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), Dropout, section 10.
    """
    mask = (rng.random(size=x.shape) >= drop_prob) / (1.0 - drop_prob)
    return x * mask, mask


def dropout_backward(dy, mask):
    """Backward pass of `dropout_forward`: blame goes where the values went.

    Parameters
    ----------
    dy : ndarray
        What arrives.
    mask : ndarray, shaped like ``dy``
        From the forward pass; it holds the scale.

    Returns
    -------
    dx : ndarray
    """
    return dy * mask


def best_epoch(val_losses, patience):
    """Epoch to go back to, when training stops once the validation loss has not improved for a while.

    Parameters
    ----------
    val_losses : sequence of float
        One for each epoch, from 0.
    patience : int
        So many epochs in a row without a strictly lower loss end the training.

    Returns
    -------
    epoch : int
        The best one up to there.

    References
    ----------
    Prechelt (1998), Early stopping: but when?

    Examples
    --------
    >>> best_epoch([5.0, 4.0, 4.5, 4.2, 1.0], patience=2)
    1
    """
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


def dropout_repaired(x, drop_prob, rng):
    """Inverted dropout: what the find-the-bug exercise must become.

    Parameters
    ----------
    x : ndarray
    drop_prob : float
    rng : numpy.random.Generator

    Returns
    -------
    y : ndarray
    mask : ndarray
    """
    return dropout_forward(x, drop_prob, rng)
