"""Lesson 01: one weight, one sigmoid.

``z = w * x + b``, ``y_hat = sigmoid(z)``, ``L = 1/2 (y_hat - y)**2``, all of them numbers.
"""

import numpy as np

__all__ = ["descent_step", "neuron_gradient", "sigmoid", "sigmoid_slope", "squared_error", "train_neuron"]


def sigmoid(z):
    """Activation ``1 / (1 + exp(-z))``, between 0 and 1.

    Parameters
    ----------
    z : float or ndarray of any shape

    Returns
    -------
    a : float or ndarray, shaped like ``z``

    Notes
    -----
    Stable: for ``z < 0`` the fraction is extended by ``exp(z)`` to ``exp(z) / (exp(z) + 1)``. So the exponent
    is ``-|z|`` on both sides, never positive, and nothing overflows.

    Examples
    --------
    >>> float(sigmoid(0.0))
    0.5
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def squared_error(y_hat, y):
    """Loss ``1/2 (y_hat - y)**2`` of one prediction.

    Parameters
    ----------
    y_hat : float
    y : float

    Returns
    -------
    loss : float

    Notes
    -----
    The 1/2 is there for the derivative: it takes away the 2, and ``y_hat - y`` is left.

    Examples
    --------
    >>> squared_error(0.75, 0.25)
    0.125
    """
    return 0.5 * (y_hat - y) ** 2


def sigmoid_slope(z):
    """Slope of the sigmoid at ``z``: at most 1/4, and next to nothing where the sigmoid is flat.

    Parameters
    ----------
    z : float or ndarray of any shape
        The input of the sigmoid, not its output.

    Returns
    -------
    slope : float or ndarray, shaped like ``z``

    Examples
    --------
    >>> float(sigmoid_slope(0.0))
    0.25
    """
    a = sigmoid(z)
    return a * (1.0 - a)


def neuron_gradient(x, w, b, y):
    """Gradient of the loss with respect to weight and bias: the chain rule, link by link.

    Parameters
    ----------
    x : float
    w : float
    b : float
    y : float

    Returns
    -------
    dw : float
    db : float

    Examples
    --------
    >>> dw, db = neuron_gradient(x=2.0, w=0.0, b=0.0, y=1.0)
    >>> float(dw), float(db)
    (-0.25, -0.125)
    """
    z = w * x + b
    y_hat = sigmoid(z)
    dy_hat = y_hat - y
    dz = dy_hat * sigmoid_slope(z)
    dw = dz * x
    db = dz
    return dw, db


def descent_step(w, dw, lr):
    """One step downhill: against the gradient.

    Parameters
    ----------
    w : float or ndarray
    dw : float or ndarray, shaped like ``w``
    lr : float
        Learning rate.

    Returns
    -------
    w : float or ndarray
        A new one; the old one is unchanged.

    Examples
    --------
    >>> descent_step(1.0, dw=0.5, lr=0.5)
    0.75
    """
    return w - lr * dw


def train_neuron(x, y, w, b, lr, steps):
    """Weight, bias and losses of gradient descent on one example.

    Parameters
    ----------
    x : float
    y : float
    w : float
        Where the weight starts.
    b : float
        Where the bias starts.
    lr : float
        Learning rate.
    steps : int

    Returns
    -------
    w : float
    b : float
    losses : ndarray, shape (steps + 1,)
        ``losses[k]`` is the loss after k steps.

    Examples
    --------
    >>> w, b, losses = train_neuron(x=1.0, y=1.0, w=0.0, b=0.0, lr=1.0, steps=3)
    >>> print(losses.round(3))
    [0.125 0.096 0.074 0.059]
    """
    losses = [squared_error(sigmoid(w * x + b), y)]
    for _ in range(steps):
        dw, db = neuron_gradient(x, w, b, y)  # both before either moves: they belong to one forward pass
        w = descent_step(w, dw, lr)
        b = descent_step(b, db, lr)
        losses.append(squared_error(sigmoid(w * x + b), y))
    return w, b, np.array(losses)
