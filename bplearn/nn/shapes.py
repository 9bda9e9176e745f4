"""Lesson 00: shapes and axes. A row is an example, a column is a feature."""

__all__ = ["affine_shape", "column_means"]


def affine_shape(x_shape, W_shape):
    """Shape of ``x @ W + b``.

    Parameters
    ----------
    x_shape : tuple of two int
        ``(N, D)``: N examples, D inputs each.
    W_shape : tuple of two int
        ``(D, M)``: D inputs, M outputs.

    Returns
    -------
    shape : tuple of two int
        ``(N, M)``: the inner sizes meet and vanish; ``b`` is added to every row and changes no shape.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> affine_shape((5, 3), (3, 4))
    (5, 4)
    """
    if len(x_shape) != 2 or len(W_shape) != 2 or x_shape[1] != W_shape[0]:
        raise ValueError(f"x {tuple(x_shape)} and W {tuple(W_shape)} do not fit: x is (N, D) and W is (D, M)")
    N, _ = x_shape
    _, M = W_shape
    return N, M


def column_means(x):
    """Mean of every column: one number per feature, taken over all examples.

    Parameters
    ----------
    x : ndarray, shape (N, D)

    Returns
    -------
    means : ndarray, shape (D,)

    Notes
    -----
    ``axis`` names the axis that disappears. Axis 0 runs over the examples.

    Examples
    --------
    >>> import numpy as np
    >>> column_means(np.array([[1.0, 10.0, 100.0], [3.0, 30.0, 300.0]]))
    array([  2.,  20., 200.])
    """
    return x.mean(axis=0)
