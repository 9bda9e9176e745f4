"""Lesson 05: activations, and what each does to the gradient that comes back through it.

All work entry by entry, except softmax, which couples the entries of a row.
"""

import numpy as np

from bplearn.nn.neuron import sigmoid

__all__ = [
    "leaky_relu_backward",
    "leaky_relu_forward",
    "relu_backward",
    "relu_forward",
    "softmax",
    "softmax_backward",
    "softmax_backward_repaired",
    "softplus_backward",
    "softplus_forward",
    "tanh_backward",
    "tanh_forward",
]


def relu_forward(z):
    """Rectified linear unit: what is positive passes, the rest becomes 0.

    Parameters
    ----------
    z : ndarray of any shape

    Returns
    -------
    a : ndarray, shaped like ``z``

    Examples
    --------
    >>> relu_forward(np.array([-2.0, 3.0])).tolist()
    [0.0, 3.0]
    """
    return np.maximum(z, 0.0)


def relu_backward(da, z):
    """Gradient of the loss with respect to the input of a ReLU.

    Parameters
    ----------
    da : ndarray of any shape
        Gradient of the loss with respect to ``a = relu_forward(z)``.
    z : ndarray, shaped like ``da``

    Returns
    -------
    dz : ndarray, shaped like ``da``

    Notes
    -----
    At 0 there is no slope; any number from 0 to 1 would do, and the course uses 0.

    Examples
    --------
    >>> relu_backward(np.array([0.5, -0.7]), np.array([-2.0, 3.0])).tolist()
    [0.0, -0.7]
    """
    return np.where(z > 0, da, 0.0)


def tanh_forward(z):
    """Hyperbolic tangent: a sigmoid stretched to run from -1 to 1.

    Parameters
    ----------
    z : ndarray of any shape

    Returns
    -------
    a : ndarray, shaped like ``z``
    """
    return np.tanh(z)


def tanh_backward(da, a):
    """Gradient of the loss with respect to the input of a tanh.

    Parameters
    ----------
    da : ndarray of any shape
        Gradient of the loss with respect to ``a``.
    a : ndarray, shaped like ``da``
        What came out of the forward pass: ``tanh(z)``.

    Returns
    -------
    dz : ndarray, shaped like ``da``
    """
    return da * (1.0 - a**2)


def leaky_relu_forward(z, alpha):
    """ReLU with a leak: what is negative is made small instead of 0.

    Parameters
    ----------
    z : ndarray of any shape
    alpha : float
        Slope of the negative side.

    Returns
    -------
    a : ndarray, shaped like ``z``
    """
    return np.where(z > 0, z, alpha * z)


def leaky_relu_backward(da, z, alpha):
    """Gradient of the loss with respect to the input of a leaky ReLU.

    Parameters
    ----------
    da : ndarray of any shape
        Gradient of the loss with respect to ``a = leaky_relu_forward(z, alpha)``.
    z : ndarray, shaped like ``da``
    alpha : float
        Slope of the negative side.

    Returns
    -------
    dz : ndarray, shaped like ``da``
    """
    return np.where(z > 0, da, alpha * da)


def softplus_forward(z):
    """Softplus, ``ln(1 + e**z)``: a ReLU with a rounded corner.

    Parameters
    ----------
    z : ndarray of any shape

    Returns
    -------
    a : ndarray, shaped like ``z``

    Examples
    --------
    >>> softplus_forward(np.array([0.0, 1000.0])).round(6).tolist()
    [0.693147, 1000.0]
    """
    # exp never sees a positive number, so nothing overflows
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def softplus_backward(da, z):
    """Gradient of the loss with respect to the input of a softplus.

    Parameters
    ----------
    da : ndarray of any shape
        Gradient of the loss with respect to ``a = softplus_forward(z)``.
    z : ndarray, shaped like ``da``

    Returns
    -------
    dz : ndarray, shaped like ``da``
    """
    return da * sigmoid(z)


def softmax(z):
    """Probabilities of K classes from K scores, row by row.

    Parameters
    ----------
    z : ndarray, shape (N, K)

    Returns
    -------
    p : ndarray, shape (N, K)
        Positive; each row adds up to 1.

    Examples
    --------
    >>> softmax(np.array([[1000.0, 1000.0], [0.0, np.log(3.0)]])).tolist()
    [[0.5, 0.5], [0.25, 0.75]]
    """
    # a shift of a whole row changes nothing: with the largest at 0 exp cannot overflow
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_backward(dp, p):
    """Gradient of the loss with respect to the scores that went into a softmax.

    Parameters
    ----------
    dp : ndarray, shape (N, K)
        Gradient of the loss with respect to ``p``.
    p : ndarray, shape (N, K)
        What came out of the forward pass: ``softmax(z)``.

    Returns
    -------
    dz : ndarray, shape (N, K)
        Each row adds up to 0: a shift of all scores changes nothing.
    """
    return p * (dp - (dp * p).sum(axis=1, keepdims=True))


def softmax_backward_repaired(dp, p):
    """Gradient of a softmax, as in `softmax_backward`: what the find-the-bug exercise must become.

    Parameters
    ----------
    dp : ndarray, shape (N, K)
        Gradient of the loss with respect to ``p``.
    p : ndarray, shape (N, K)
        What came out of the forward pass: ``softmax(z)``.

    Returns
    -------
    dz : ndarray, shape (N, K)
    """
    return softmax_backward(dp, p)
