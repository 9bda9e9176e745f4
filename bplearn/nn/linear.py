"""Lesson 04: a layer of neurons, and a batch of examples, in one matrix product.

A row is an example: ``x`` (N, D), ``W`` (D, M), ``b`` (M,), ``z = x @ W + b`` (N, M). The mean over the batch
belongs to the loss, so here examples are only added up.
"""

__all__ = [
    "layer_gradients_repaired",
    "linear_backward",
    "linear_bias_gradient",
    "linear_forward",
    "linear_input_gradient",
    "linear_weight_gradient",
]


def linear_forward(x, W, b):
    """Pre-activations of a layer, for all examples at once.

    Parameters
    ----------
    x : ndarray, shape (N, D)
    W : ndarray, shape (D, M)
    b : ndarray, shape (M,)

    Returns
    -------
    z : ndarray, shape (N, M)

    Examples
    --------
    >>> import numpy as np
    >>> linear_forward(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0, 3.0], [0.0, 1.0, 4.0]]), np.ones(3))
    array([[ 2.,  3., 12.]])
    """
    return x @ W + b


def linear_weight_gradient(dz, x):
    """Gradient of the loss with respect to the weights of ``z = x @ W + b``.

    Parameters
    ----------
    dz : ndarray, shape (N, M)
        Gradient of the loss with respect to ``z``.
    x : ndarray, shape (N, D)

    Returns
    -------
    dW : ndarray, shape (D, M)

    Notes
    -----
    ``W[d, m]`` meets ``x[n, d]`` in each example, and each meeting adds ``x[n, d] * dz[n, m]``.
    """
    return x.T @ dz


def linear_bias_gradient(dz):
    """Gradient of the loss with respect to the bias of ``z = x @ W + b``.

    Parameters
    ----------
    dz : ndarray, shape (N, M)
        Gradient of the loss with respect to ``z``.

    Returns
    -------
    db : ndarray, shape (M,)

    Notes
    -----
    ``b`` is added to each row of the batch, so ``db`` adds up the rows of ``dz``.
    """
    return dz.sum(axis=0)


def linear_input_gradient(dz, W):
    """Gradient of the loss with respect to the input of ``z = x @ W + b``.

    Parameters
    ----------
    dz : ndarray, shape (N, M)
        Gradient of the loss with respect to ``z``.
    W : ndarray, shape (D, M)

    Returns
    -------
    dx : ndarray, shape (N, D)

    Notes
    -----
    ``x[n, d]`` feeds all M neurons through the weights ``W[d]``; the blame comes back through the same ones.
    """
    return dz @ W.T


def linear_backward(dz, x, W):
    """Gradients of the loss with respect to the inputs of ``z = x @ W + b``.

    Parameters
    ----------
    dz : ndarray, shape (N, M)
        Gradient of the loss with respect to ``z``.
    x : ndarray, shape (N, D)
    W : ndarray, shape (D, M)

    Returns
    -------
    dx : ndarray, shape (N, D)
    dW : ndarray, shape (D, M)
    db : ndarray, shape (M,)

    Examples
    --------
    >>> import numpy as np
    >>> x, W, dz = np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([[10.0]])
    >>> linear_backward(dz, x, W)
    (array([[30., 40.]]), array([[10.],
           [20.]]), array([10.]))
    """
    return linear_input_gradient(dz, W), linear_weight_gradient(dz, x), linear_bias_gradient(dz)


def layer_gradients_repaired(dz, x, W):
    """Gradients of a layer, as in `linear_backward`: what the find-the-bug exercise must become.

    Parameters
    ----------
    dz : ndarray, shape (N, M)
        Gradient of the loss with respect to ``z``.
    x : ndarray, shape (N, D)
    W : ndarray, shape (D, M)

    Returns
    -------
    dx : ndarray, shape (N, D)
    dW : ndarray, shape (D, M)
    db : ndarray, shape (M,)
    """
    return linear_backward(dz, x, W)
