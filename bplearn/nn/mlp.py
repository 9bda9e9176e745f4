"""Lesson 07: the multilayer perceptron. Linear layers with ReLU between them, logits at the end.

``params`` is a dict ``{"W1", "b1", "W2", "b2", ...}``; ``grads`` has the same keys. The cache is a list with
one pair ``(a_in, z)`` for each layer: what went into it, and what its matrix product gave.
"""

import numpy as np

from bplearn.nn.activations import relu_backward, relu_forward
from bplearn.nn.linear import linear_backward, linear_forward
from bplearn.nn.losses import softmax_cross_entropy

__all__ = [
    "init_mlp",
    "mlp_backward",
    "mlp_backward_repaired",
    "mlp_forward",
    "mlp_loss_gradients",
    "sgd_update",
    "train_mlp",
]


def init_mlp(sizes, rng):
    """Random weights and zero biases for the layers of a network.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, hidden units layer by layer, outputs.
    rng : numpy.random.Generator

    Returns
    -------
    params : dict of ndarray
        Wk of shape (sizes[k-1], sizes[k]), normal with standard deviation ``sqrt(2 / sizes[k-1])``, and bk.

    References
    ----------
    He, Zhang, Ren, Sun (2015), Delving deep into rectifiers, equation 10.

    Examples
    --------
    >>> params = init_mlp((2, 16, 3), np.random.default_rng(0))
    >>> {name: array.shape for name, array in params.items()}
    {'W1': (2, 16), 'b1': (16,), 'W2': (16, 3), 'b2': (3,)}
    """
    params = {}
    for k in range(1, len(sizes)):
        fan_in, fan_out = sizes[k - 1], sizes[k]
        params[f"W{k}"] = rng.normal(size=(fan_in, fan_out)) * np.sqrt(2.0 / fan_in)
        params[f"b{k}"] = np.zeros(fan_out)
    return params


def mlp_forward(x, params):
    """Logits of a network, and what its backward pass will need.

    Parameters
    ----------
    x : ndarray, shape (N, D)
    params : dict of ndarray

    Returns
    -------
    logits : ndarray, shape (N, K)
    cache : list of (a_in, z)
        One pair for each layer, the first layer first.
    """
    layers = len(params) // 2
    a, cache = x, []
    for k in range(1, layers + 1):
        z = linear_forward(a, params[f"W{k}"], params[f"b{k}"])
        cache.append((a, z))
        a = relu_forward(z) if k < layers else z
    return a, cache


def mlp_backward(dlogits, cache, params):
    """Gradients of the loss with respect to all parameters, from the last layer to the first.

    Parameters
    ----------
    dlogits : ndarray, shape (N, K)
        Gradient of the loss with respect to the logits.
    cache : list of (a_in, z)
        From `mlp_forward`.
    params : dict of ndarray

    Returns
    -------
    grads : dict of ndarray
        The keys of ``params``.
    """
    grads = {}
    dz = dlogits
    for k in range(len(cache), 0, -1):
        a_in, _ = cache[k - 1]
        da_in, grads[f"W{k}"], grads[f"b{k}"] = linear_backward(dz, a_in, params[f"W{k}"])
        if k > 1:
            dz = relu_backward(da_in, cache[k - 2][1])
    return {name: grads[name] for name in params}


def mlp_loss_gradients(x, labels, params):
    """Cross-entropy of a network on a batch, and its gradients.

    Parameters
    ----------
    x : ndarray, shape (N, D)
    labels : ndarray of int, shape (N,)
    params : dict of ndarray

    Returns
    -------
    loss : float
    grads : dict of ndarray
    """
    logits, cache = mlp_forward(x, params)
    loss, dlogits = softmax_cross_entropy(logits, labels)
    return loss, mlp_backward(dlogits, cache, params)


def sgd_update(params, grads, lr):
    """Parameters after one step of gradient descent.

    Parameters
    ----------
    params : dict of ndarray
    grads : dict of ndarray
        The same keys.
    lr : float
        Learning rate.

    Returns
    -------
    params : dict of ndarray
        A new dict with new arrays.
    """
    return {name: params[name] - lr * grads[name] for name in params}


def train_mlp(x, labels, sizes, lr, steps, rng):
    """Train a network by gradient descent on all examples at once.

    Parameters
    ----------
    x : ndarray, shape (N, D)
    labels : ndarray of int, shape (N,)
    sizes : sequence of int
        Inputs, hidden units layer by layer, outputs.
    lr : float
        Learning rate.
    steps : int
    rng : numpy.random.Generator
        For the first weights.

    Returns
    -------
    params : dict of ndarray
    losses : ndarray, shape (steps + 1,)
        ``losses[i]`` is the loss before update i, the last one the loss in the end.
    """
    params = init_mlp(sizes, rng)
    losses = []
    for _ in range(steps):
        loss, grads = mlp_loss_gradients(x, labels, params)
        losses.append(loss)
        params = sgd_update(params, grads, lr)
    losses.append(mlp_loss_gradients(x, labels, params)[0])
    return params, np.array(losses)


def mlp_backward_repaired(dlogits, cache, params):
    """Gradients of a network of two layers: what the find-the-bug exercise must become.

    Parameters
    ----------
    dlogits : ndarray, shape (N, K)
        Gradient of the loss with respect to the logits.
    cache : list of (a_in, z)
        From `mlp_forward`, two pairs.
    params : dict of ndarray

    Returns
    -------
    grads : dict of ndarray
    """
    return mlp_backward(dlogits, cache, params)
