"""Lesson 11: gradient clipping. A limit on the length of a step."""

import numpy as np

__all__ = ["clip_by_norm", "clip_by_norm_repaired", "clip_by_value", "gradient_angle"]


def clip_by_value(grads, limit):
    """Gradients with every entry cut off at a limit.

    Parameters
    ----------
    grads : dict of ndarray
    limit : float
        Largest absolute value of an entry, above 0.

    Returns
    -------
    grads : dict of ndarray
        A new dict with new arrays.

    Examples
    --------
    >>> clip_by_value({"b1": np.array([-3.0, 0.5])}, 1.0)["b1"].tolist()
    [-1.0, 0.5]
    """
    return {name: np.clip(array, -limit, limit) for name, array in grads.items()}


def clip_by_norm(grads, max_norm):
    """Gradients scaled down, all by one factor, until their joint norm keeps a limit.

    Parameters
    ----------
    grads : dict of ndarray
    max_norm : float
        Largest norm over all entries of all arrays, above 0.

    Returns
    -------
    grads : dict of ndarray
        A new dict with new arrays; the values are as before if the norm keeps the limit.

    References
    ----------
    Pascanu, Mikolov, Bengio (2013), On the difficulty of training recurrent neural networks, algorithm 1.

    Examples
    --------
    >>> clipped = clip_by_norm({"W1": np.array([[6.0]]), "b1": np.array([8.0])}, 5.0)
    >>> clipped["W1"].tolist(), clipped["b1"].tolist()
    ([[3.0]], [4.0])
    """
    norm = np.sqrt(sum(np.sum(array**2) for array in grads.values()))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: array * scale for name, array in grads.items()}


def gradient_angle(grads_a, grads_b):
    """Angle between two gradients, each taken as one long vector.

    Parameters
    ----------
    grads_a, grads_b : dict of ndarray
        The same keys; neither is all zero.

    Returns
    -------
    degrees : float
        From 0 to 180.

    Examples
    --------
    >>> east, north = {"W1": np.array([[2.0, 0.0]])}, {"W1": np.array([[0.0, 0.1]])}
    >>> float(gradient_angle(east, north))
    90.0
    """
    a = np.concatenate([grads_a[name].ravel() for name in grads_a])
    b = np.concatenate([grads_b[name].ravel() for name in grads_a])
    cosine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


def clip_by_norm_repaired(grads, max_norm):
    """Gradients under a limit of their joint norm: what the find-the-bug exercise must become.

    Parameters
    ----------
    grads : dict of ndarray
    max_norm : float

    Returns
    -------
    grads : dict of ndarray
    """
    return clip_by_norm(grads, max_norm)
