"""Lesson 10: what depth does to gradients. First weights, bounds, measurements, and a way past each layer."""

import numpy as np

__all__ = [
    "dead_unit_share",
    "dead_unit_share_repaired",
    "he_init",
    "layer_gradient_norms",
    "residual_backward",
    "sigmoid_gradient_bound",
    "xavier_init",
]


def xavier_init(fan_in, fan_out, rng):
    """Random weights that keep the size of activations and gradients alike, for slopes near 1.

    Parameters
    ----------
    fan_in, fan_out : int
        Inputs and outputs of the layer.
    rng : numpy.random.Generator

    Returns
    -------
    W : ndarray, shape (fan_in, fan_out)
        Normal, with mean 0 and variance ``2 / (fan_in + fan_out)``.

    References
    ----------
    Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward networks, equation 12.

    Examples
    --------
    >>> W = xavier_init(300, 200, np.random.default_rng(0))
    >>> W.shape, round(float(W.var() * 250), 2)
    ((300, 200), 1.0)
    """
    return rng.normal(size=(fan_in, fan_out)) * np.sqrt(2.0 / (fan_in + fan_out))


def he_init(fan_in, fan_out, rng):
    """Random weights that keep the size of activations through layers with ReLU.

    Parameters
    ----------
    fan_in, fan_out : int
        Inputs and outputs of the layer.
    rng : numpy.random.Generator

    Returns
    -------
    W : ndarray, shape (fan_in, fan_out)
        Normal, with mean 0 and variance ``2 / fan_in``: the 2 makes up for the half that ReLU cuts off.

    References
    ----------
    He, Zhang, Ren, Sun (2015), Delving deep into rectifiers, equation 10.

    Examples
    --------
    >>> W = he_init(300, 200, np.random.default_rng(0))
    >>> W.shape, round(float(W.var() * 150), 2)
    ((300, 200), 1.0)
    """
    return rng.normal(size=(fan_in, fan_out)) * np.sqrt(2.0 / fan_in)


def sigmoid_gradient_bound(depth, weight_norm):
    """Largest factor by which a gradient can come back through sigmoid layers.

    Parameters
    ----------
    depth : int
        Number of layers, each one matrix and one sigmoid.
    weight_norm : float
        Largest spectral norm of their matrices.

    Returns
    -------
    bound : float
        Of the norm of what comes out at the bottom, over the norm of what arrived on top.

    Examples
    --------
    >>> sigmoid_gradient_bound(10, 1.0)
    9.5367431640625e-07
    """
    return (weight_norm / 4.0) ** depth


def layer_gradient_norms(grads, depth):
    """Size of each layer's weight gradient.

    Parameters
    ----------
    grads : dict of ndarray
        Holds W1, W2, ..., and may hold more.
    depth : int
        Number of layers to measure, from the first.

    Returns
    -------
    norms : ndarray, shape (depth,)
        Frobenius norms: the root of the sum of all squares.

    Examples
    --------
    >>> grads = {"W1": np.array([[3.0, 4.0]]), "b1": np.array([9.0]), "W2": np.array([[5.0], [12.0]])}
    >>> layer_gradient_norms(grads, 2).tolist()
    [5.0, 13.0]
    """
    return np.array([np.linalg.norm(grads[f"W{k}"]) for k in range(1, depth + 1)])


def dead_unit_share(activations):
    """Share of the units that give 0 for every example.

    Parameters
    ----------
    activations : ndarray, shape (N, H)
        After ReLU.

    Returns
    -------
    share : float

    Examples
    --------
    >>> float(dead_unit_share(np.array([[0.0, 1.0, 0.0, 2.0], [0.0, 0.0, 3.0, 0.0]])))
    0.25
    """
    return np.mean(np.all(activations == 0, axis=0))


def residual_backward(dy, branch_backward):
    """Backward pass of ``y = x + F(x)``: what arrives goes back both ways.

    Parameters
    ----------
    dy : ndarray
        What arrives.
    branch_backward : callable
        Backward pass of F: takes the gradient at its output and gives the one at its input.

    Returns
    -------
    dx : ndarray

    References
    ----------
    He, Zhang, Ren, Sun (2016), Identity mappings in deep residual networks, equation 5.
    """
    return dy + branch_backward(dy)


def dead_unit_share_repaired(activations):
    """Share of the units that give 0 for every example: what the find-the-bug exercise must become.

    Parameters
    ----------
    activations : ndarray, shape (N, H)
        After ReLU.

    Returns
    -------
    share : float
    """
    return dead_unit_share(activations)
