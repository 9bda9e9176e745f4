"""Lesson 09: optimisers, from momentum to AdamW, and learning rates that change.

A step takes the weights, their gradient and what the optimiser remembers, and returns new arrays. The memory
starts at zeros.
"""

import numpy as np

__all__ = [
    "adam_step",
    "adam_step_repaired",
    "adamw_step",
    "cosine_schedule",
    "momentum_step",
    "nesterov_step",
    "rmsprop_step",
    "step_decay",
]


def momentum_step(w, dw, v, lr, mu):
    """One step of gradient descent with momentum.

    Parameters
    ----------
    w : ndarray
    dw : ndarray, shaped like ``w``
    v : ndarray, shaped like ``w``
        Velocity: what is left of earlier gradients.
    lr : float
        Learning rate.
    mu : float
        Share of the velocity that is kept, 0 to 1.

    Returns
    -------
    w : ndarray
    v : ndarray

    References
    ----------
    Polyak (1964); in this form Sutskever, Martens, Dahl, Hinton (2013) with the learning rate outside.
    """
    v = mu * v + dw
    return w - lr * v, v


def nesterov_step(w, dw, v, lr, mu):
    """One step with Nesterov's momentum: the velocity that is about to come is already used.

    Parameters
    ----------
    w : ndarray
    dw : ndarray, shaped like ``w``
    v : ndarray, shaped like ``w``
    lr : float
        Learning rate.
    mu : float
        Share of the velocity that is kept, 0 to 1.

    Returns
    -------
    w : ndarray
    v : ndarray

    References
    ----------
    Nesterov (1983); in the form of Bengio, Boulanger-Lewandowski, Pascanu (2012), equation 7.
    """
    v = mu * v + dw
    return w - lr * (dw + mu * v), v


def rmsprop_step(w, dw, s, lr, rho, eps):
    """One step in which each weight's gradient is divided by its own usual size.

    Parameters
    ----------
    w : ndarray
    dw : ndarray, shaped like ``w``
    s : ndarray, shaped like ``w``
        Running mean of the squared gradients.
    lr : float
        Learning rate.
    rho : float
        Share of the running mean that is kept, 0 to 1.
    eps : float
        Keeps the divisor from 0; outside the root.

    Returns
    -------
    w : ndarray
    s : ndarray

    References
    ----------
    Tieleman, Hinton (2012), lecture 6.5 of Neural networks for machine learning.
    """
    s = rho * s + (1.0 - rho) * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), s


def adam_step(w, dw, m, v, t, lr, beta1, beta2, eps):
    """One step of Adam: momentum over the usual size, both corrected for their start at zero.

    Parameters
    ----------
    w : ndarray
    dw : ndarray, shaped like ``w``
    m : ndarray, shaped like ``w``
        Running mean of the gradients, uncorrected.
    v : ndarray, shaped like ``w``
        Running mean of the squared gradients, uncorrected.
    t : int
        Number of this step; the first is 1.
    lr : float
        Learning rate.
    beta1, beta2 : float
        Shares of the running means that are kept, 0 to 1.
    eps : float
        Keeps the divisor from 0; outside the root.

    Returns
    -------
    w : ndarray
    m : ndarray
    v : ndarray

    References
    ----------
    Kingma, Ba (2015), Adam, algorithm 1.

    Examples
    --------
    >>> w, m, v = adam_step(np.array([1.0]), np.array([250.0]), 0.0, 0.0, 1, 0.01, 0.9, 0.999, 1e-8)
    >>> w.round(6).tolist()  # the first step is as long as the learning rate, whatever the gradient
    [0.99]
    """
    m = beta1 * m + (1.0 - beta1) * dw
    v = beta2 * v + (1.0 - beta2) * dw**2
    m_hat = m / (1.0 - beta1**t)
    v_hat = v / (1.0 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def adamw_step(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """One step of AdamW: Adam, and beside it a pull of every weight towards zero.

    Parameters
    ----------
    w : ndarray
    dw : ndarray, shaped like ``w``
    m : ndarray, shaped like ``w``
    v : ndarray, shaped like ``w``
    t : int
        Number of this step; the first is 1.
    lr : float
        Learning rate.
    beta1, beta2 : float
        Shares of the running means that are kept, 0 to 1.
    eps : float
        Keeps the divisor from 0; outside the root.
    weight_decay : float
        Strength of the pull, as a share of the weight for each unit of learning rate.

    Returns
    -------
    w : ndarray
    m : ndarray
    v : ndarray

    References
    ----------
    Loshchilov, Hutter (2019), Decoupled weight decay regularization, algorithm 2.
    """
    adam_w, m, v = adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return adam_w - lr * weight_decay * w, m, v


def step_decay(lr, epoch, drop, every):
    """Learning rate that falls in steps.

    Parameters
    ----------
    lr : float
        Learning rate of the first epochs.
    epoch : int
        From 0.
    drop : float
        The factor that is kept at each fall.
    every : int
        Epochs from one fall to the next.

    Returns
    -------
    lr : float

    Examples
    --------
    >>> [step_decay(0.8, epoch, drop=0.5, every=10) for epoch in (0, 9, 10, 25)]
    [0.8, 0.8, 0.4, 0.2]
    """
    return lr * drop ** (epoch // every)


def cosine_schedule(step, total, lr_max, lr_min, warmup):
    """Learning rate that rises for a while, then falls along half a wave.

    Parameters
    ----------
    step : int
        From 0.
    total : int
        Steps until the smallest rate is reached.
    lr_max, lr_min : float
    warmup : int
        Steps of the rise; may be 0.

    Returns
    -------
    lr : float

    References
    ----------
    Loshchilov, Hutter (2017), SGDR, equation 5, without restarts.

    Examples
    --------
    >>> [round(float(cosine_schedule(step, 12, 0.8, 0.2, 4)), 6) for step in (0, 3, 4, 8, 12, 15)]
    [0.2, 0.8, 0.8, 0.5, 0.2, 0.2]
    """
    if step < warmup:
        return lr_max * (step + 1) / warmup
    q = min(1.0, (step - warmup) / (total - warmup))
    return lr_min + (lr_max - lr_min) * (1.0 + np.cos(np.pi * q)) / 2.0


def adam_step_repaired(w, dw, m, v, t, lr, beta1, beta2, eps):
    """One step of Adam, as in `adam_step`: what the find-the-bug exercise must become.

    Parameters
    ----------
    w : ndarray
    dw : ndarray, shaped like ``w``
    m : ndarray, shaped like ``w``
    v : ndarray, shaped like ``w``
    t : int
        Number of this step; the first is 1.
    lr : float
        Learning rate.
    beta1, beta2 : float
    eps : float

    Returns
    -------
    w : ndarray
    m : ndarray
    v : ndarray
    """
    return adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
