"""Lesson 02: the chain rule on a graph.

Two weights in a row, ``h = sigmoid(w1 * x)``, ``y_hat = sigmoid(w2 * h)``, ``L = 1/2 (y_hat - y)**2``.
Then the pieces that any graph is made of: two paths that meet, a quotient, a maximum.
"""

import numpy as np

from bplearn.nn.neuron import descent_step, sigmoid, squared_error

__all__ = [
    "max_backward",
    "quotient_backward",
    "shared_weight_gradient",
    "train_two_weights",
    "two_weight_backward",
    "two_weight_forward",
]


def two_weight_forward(x, w1, w2):
    """Hidden value and prediction of two weights in a row.

    Parameters
    ----------
    x : float
    w1 : float
    w2 : float

    Returns
    -------
    h : float
    y_hat : float

    Examples
    --------
    >>> h, y_hat = two_weight_forward(x=0.5, w1=0.4, w2=0.6)
    >>> round(float(h), 9), round(float(y_hat), 9)
    (0.549833997, 0.581735142)
    """
    h = sigmoid(w1 * x)
    y_hat = sigmoid(w2 * h)
    return h, y_hat


def two_weight_backward(x, w1, w2, y):
    """Gradient of the loss with respect to both weights: blame travels back, link by link.

    Parameters
    ----------
    x : float
    w1 : float
    w2 : float
    y : float

    Returns
    -------
    dw1 : float
    dw2 : float

    Examples
    --------
    >>> dw1, dw2 = two_weight_backward(x=0.5, w1=0.4, w2=0.6, y=1.0)
    >>> round(float(dw1), 9), round(float(dw2), 9)
    (-0.007557073, -0.055957673)
    """
    h, y_hat = two_weight_forward(x, w1, w2)
    dy_hat = y_hat - y
    dz2 = dy_hat * y_hat * (1.0 - y_hat)
    dw2 = dz2 * h
    dh = dz2 * w2
    dz1 = dh * h * (1.0 - h)
    dw1 = dz1 * x
    return dw1, dw2


def shared_weight_gradient(x, w, y):
    """Gradient of the loss when one weight is used twice, ``y_hat = sigmoid(w * sigmoid(w * x))``.

    Parameters
    ----------
    x : float
    w : float
    y : float

    Returns
    -------
    dw : float

    Notes
    -----
    The weight reaches the loss on two paths. Each path has its chain, and the two add up.

    Examples
    --------
    >>> round(float(shared_weight_gradient(x=0.5, w=0.4, y=1.0)), 9)
    -0.065911545
    """
    h, y_hat = two_weight_forward(x, w, w)
    dz2 = (y_hat - y) * y_hat * (1.0 - y_hat)
    dw_outer = dz2 * h
    dw_inner = dz2 * w * h * (1.0 - h) * x
    return dw_outer + dw_inner


def quotient_backward(dout, u, v):
    """Gradient of the loss with respect to the inputs of ``out = u / v``.

    Parameters
    ----------
    dout : float or ndarray
        Gradient of the loss with respect to ``out``.
    u : float or ndarray, shaped like ``dout``
    v : float or ndarray, shaped like ``dout``

    Returns
    -------
    du : float or ndarray, shaped like ``u``
    dv : float or ndarray, shaped like ``v``

    Examples
    --------
    >>> quotient_backward(1.0, u=3.0, v=2.0)
    (0.5, -0.75)
    """
    du = dout / v
    dv = -dout * u / v**2
    return du, dv


def max_backward(dout, u, v):
    """Gradient of the loss with respect to the inputs of ``out = np.maximum(u, v)``, elementwise.

    Parameters
    ----------
    dout : float or ndarray
        Gradient of the loss with respect to ``out``.
    u : float or ndarray, shaped like ``dout``
    v : float or ndarray, shaped like ``dout``

    Returns
    -------
    du : float or ndarray, shaped like ``u``
    dv : float or ndarray, shaped like ``v``

    Notes
    -----
    The maximum is a switch: all blame goes to the input that was let through. At a tie there is no
    derivative; here both get 0.

    Examples
    --------
    >>> du, dv = max_backward(np.array([1.0, 2.0]), u=np.array([5.0, 3.0]), v=np.array([4.0, 6.0]))
    >>> print(du, dv)
    [1. 0.] [0. 2.]
    """
    du = dout * (u > v)
    dv = dout * (v > u)
    return du, dv


def train_two_weights(x, y, w1, w2, lr, steps):
    """Weights and losses of gradient descent on one example.

    Parameters
    ----------
    x : float
    y : float
    w1 : float
        Where the first weight starts.
    w2 : float
        Where the second weight starts.
    lr : float
        Learning rate.
    steps : int

    Returns
    -------
    w1 : float
    w2 : float
    losses : ndarray, shape (steps + 1,)
        ``losses[k]`` is the loss after k steps.

    Examples
    --------
    >>> w1, w2, losses = train_two_weights(x=0.5, y=1.0, w1=0.4, w2=0.6, lr=2.0, steps=3)
    >>> print(losses.round(4))
    [0.0875 0.0812 0.0755 0.0702]
    """
    losses = [squared_error(two_weight_forward(x, w1, w2)[1], y)]
    for _ in range(steps):
        dw1, dw2 = two_weight_backward(x, w1, w2, y)  # both before either moves: one forward pass
        w1 = descent_step(w1, dw1, lr)
        w2 = descent_step(w2, dw2, lr)
        losses.append(squared_error(two_weight_forward(x, w1, w2)[1], y))
    return w1, w2, np.array(losses)
