"""Lesson 12: batch and layer normalization. Statistics, gamma and beta are (D,); eps is inside the root."""

import numpy as np

__all__ = [
    "batchnorm_backward",
    "batchnorm_backward_closed",
    "batchnorm_backward_repaired",
    "batchnorm_eval",
    "batchnorm_eval_backward",
    "batchnorm_running",
    "batchnorm_train",
    "layernorm_backward",
    "layernorm_forward",
]


def batchnorm_train(x, gamma, beta, eps):
    """Batch normalization with the statistics of this batch.

    Parameters
    ----------
    x : ndarray, shape (N, D)
    gamma, beta : ndarray, shape (D,)
    eps : float
        Inside the root.

    Returns
    -------
    y : ndarray, shape (N, D)
    mean : ndarray, shape (D,)
    var : ndarray, shape (D,)
        Biased: divided by N.

    References
    ----------
    Ioffe, Szegedy (2015), Batch normalization, algorithm 1.
    """
    mean = x.mean(axis=0)
    var = x.var(axis=0)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, mean, var


def batchnorm_running(running_mean, running_var, mean, var, momentum):
    """Running statistics after one more batch.

    Parameters
    ----------
    running_mean, running_var : ndarray, shape (D,)
    mean, var : ndarray, shape (D,)
        Of the batch.
    momentum : float
        Share of the old value that is kept, 0 to 1. (PyTorch gives this name to the other share.)

    Returns
    -------
    running_mean : ndarray, shape (D,)
    running_var : ndarray, shape (D,)
    """
    return (
        momentum * running_mean + (1.0 - momentum) * mean,
        momentum * running_var + (1.0 - momentum) * var,
    )


def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    """Batch normalization with stored statistics: each example by itself.

    Parameters
    ----------
    x : ndarray, shape (N, D)
    gamma, beta : ndarray, shape (D,)
    running_mean, running_var : ndarray, shape (D,)
    eps : float
        Inside the root.

    Returns
    -------
    y : ndarray, shape (N, D)
    """
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta


def batchnorm_backward(dy, x, gamma, eps):
    """Backward pass of `batchnorm_train`, box by box through the graph.

    Parameters
    ----------
    dy : ndarray, shape (N, D)
        What arrives.
    x : ndarray, shape (N, D)
    gamma : ndarray, shape (D,)
    eps : float
        Inside the root.

    Returns
    -------
    dx : ndarray, shape (N, D)
    dgamma : ndarray, shape (D,)
    dbeta : ndarray, shape (D,)
    """
    N = len(x)
    centred = x - x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + eps)
    dx_hat = dy * gamma
    dvar = np.sum(dx_hat * centred, axis=0) * -0.5 / std**3
    dcentred = dx_hat / std + dvar * 2.0 * centred / N
    dx = dcentred - dcentred.mean(axis=0)
    return dx, np.sum(dy * centred / std, axis=0), dy.sum(axis=0)


def batchnorm_backward_closed(dy, x_hat, std, gamma):
    """Gradient at the input of `batchnorm_train` in one formula.

    Parameters
    ----------
    dy : ndarray, shape (N, D)
        What arrives.
    x_hat : ndarray, shape (N, D)
        ``(x - mean) / std``.
    std : ndarray, shape (D,)
        ``sqrt(var + eps)``.
    gamma : ndarray, shape (D,)

    Returns
    -------
    dx : ndarray, shape (N, D)

    Notes
    -----
    What arrives loses its mean, and its share along ``x_hat``: the batch cannot be moved that way.
    """
    return gamma / std * (dy - dy.mean(axis=0) - x_hat * np.mean(dy * x_hat, axis=0))


def batchnorm_eval_backward(dy, x, gamma, running_mean, running_var, eps):
    """Backward pass of `batchnorm_eval`: the statistics are constants.

    Parameters
    ----------
    dy : ndarray, shape (N, D)
        What arrives.
    x : ndarray, shape (N, D)
    gamma : ndarray, shape (D,)
    running_mean, running_var : ndarray, shape (D,)
    eps : float
        Inside the root.

    Returns
    -------
    dx : ndarray, shape (N, D)
    dgamma : ndarray, shape (D,)
    dbeta : ndarray, shape (D,)
    """
    std = np.sqrt(running_var + eps)
    return dy * gamma / std, np.sum(dy * (x - running_mean) / std, axis=0), dy.sum(axis=0)


def layernorm_forward(x, gamma, beta, eps):
    """Layer normalization: each row with its own mean and variance.

    Parameters
    ----------
    x : ndarray, shape (N, D)
    gamma, beta : ndarray, shape (D,)
    eps : float
        Inside the root.

    Returns
    -------
    y : ndarray, shape (N, D)

    References
    ----------
    Ba, Kiros, Hinton (2016), Layer normalization, equation 4.
    """
    centred = x - x.mean(axis=1, keepdims=True)
    return gamma * centred / np.sqrt(x.var(axis=1, keepdims=True) + eps) + beta


def layernorm_backward(dy, x, gamma, eps):
    """Backward pass of `layernorm_forward`.

    Parameters
    ----------
    dy : ndarray, shape (N, D)
        What arrives.
    x : ndarray, shape (N, D)
    gamma : ndarray, shape (D,)
    eps : float
        Inside the root.

    Returns
    -------
    dx : ndarray, shape (N, D)
    dgamma : ndarray, shape (D,)
    dbeta : ndarray, shape (D,)
    """
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    dx_hat = dy * gamma
    along = np.mean(dx_hat * x_hat, axis=1, keepdims=True)
    dx = (dx_hat - dx_hat.mean(axis=1, keepdims=True) - x_hat * along) / std
    return dx, np.sum(dy * x_hat, axis=0), dy.sum(axis=0)


def batchnorm_backward_repaired(dy, x, gamma, eps):
    """Backward pass of `batchnorm_train`: what the find-the-bug exercise must become.

    Parameters
    ----------
    dy : ndarray, shape (N, D)
    x : ndarray, shape (N, D)
    gamma : ndarray, shape (D,)
    eps : float

    Returns
    -------
    dx : ndarray, shape (N, D)
    dgamma : ndarray, shape (D,)
    dbeta : ndarray, shape (D,)
    """
    return batchnorm_backward(dy, x, gamma, eps)
