"""Lesson 03: how to know that a gradient is right.

First what the lesson builds, then the checks that prove this course's own gradients. They need a function and
not its formula, so they share no mistake with the gradient they judge. Steps and tolerances were measured on
networks of 2,000 to 200,000 parameters in float64, against derivatives that are exact to rounding.
"""

import numpy as np

__all__ = [
    "backward_errors",
    "central_difference",
    "directional_error",
    "gradient_error",
    "gradient_matches",
    "numerical_gradient",
    "relative_error",
    "scaled_error",
    "upstream_gradient",
]

# Between truncation, which grows with h**2, and rounding, which grows with 1 / h: the best step measured, for
# smooth functions and ReLU networks alike. 1e-7, which is often recommended, was 10 to 100 times worse.
STEP = 1e-5
# Along a direction all entries move at once, so a kink is near more often: with 1e-5 one slope in a hundred
# of a ReLU network was off by 2.6 % or more, with 1e-6 by no more than 4e-8.
DIRECTION_STEP = 1e-6
# Right gradients stayed below 4e-8 by the scaled measure; one wrong by 0.1 % is far above.
TOLERANCE = 1e-6
# Entry by entry costs two calls of f for each: about 0.1 s for this many. A direction costs two calls in all.
# It overlooked a doubled entry in up to 3.5 of 100 trials, but only one of next to no weight.
MOST_ENTRIES = 2_000
DIRECTIONS = 5
# Rounding alone moves a measured slope by about 1e-16 |f| / h. A gradient smaller than ROUNDING / h is held
# to TOLERANCE * ROUNDING / h, ten times that, not to a share of next to nothing.
ROUNDING = 1e-9


# ---- the lesson ----


def central_difference(f, x, h):
    """Slope of ``f`` at ``x``, measured over the distance 2h around it.

    Parameters
    ----------
    f : callable
        Number in, number out.
    x : float
    h : float
        Half the distance.

    Returns
    -------
    slope : float

    Notes
    -----
    A step to one side is wrong by about ``h * f''(x) / 2``. With a step to either side these errors cancel;
    what is left shrinks with the square of ``h``.

    Examples
    --------
    >>> central_difference(lambda x: x**2, 3.0, h=0.5)
    6.0
    """
    return (f(x + h) - f(x - h)) / (2 * h)


def numerical_gradient(f, x, h):
    """Gradient of ``f`` at ``x``, measured entry by entry while all others stand still.

    Parameters
    ----------
    f : callable
        Array shaped like ``x`` in, number out.
    x : ndarray of any shape
    h : float

    Returns
    -------
    gradient : ndarray, shaped like ``x``

    Examples
    --------
    >>> numerical_gradient(lambda x: x[0] * x[1], np.array([2.0, 5.0]), h=0.5)
    array([5., 2.])
    """
    x = np.asarray(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        gradient[i] = central_difference(lambda value, i=i: f(_with_entry(x, i, value)), x[i], h)
    return gradient


def relative_error(a, b):
    """Largest difference between two gradients, each entry compared with its own size.

    Parameters
    ----------
    a, b : ndarray or float, of one shape

    Returns
    -------
    error : float
        The largest of ``|a - b| / max(|a|, |b|, 1e-8)``: 2 for opposite gradients. The floor keeps
        two tiny numbers, which are both rounding errors, from looking far apart.

    Raises
    ------
    ValueError
        If the shapes differ: numpy would compare entries that do not belong together.

    Examples
    --------
    >>> relative_error(np.array([1.0, 200.0]), np.array([1.0, 100.0]))
    0.5
    """
    a, b = _same_shape(a, b)
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8)
    return float(np.max(np.abs(a - b) / scale, initial=0.0))


def upstream_gradient(forward, dout, x, h):
    """Gradient of the loss with respect to ``x``, measured through a function with many outputs.

    Parameters
    ----------
    forward : callable
        Array shaped like ``x`` in, array shaped like ``dout`` out.
    dout : ndarray
        Gradient of the loss with respect to the outputs.
    x : ndarray of any shape
    h : float

    Returns
    -------
    gradient : ndarray, shaped like ``x``

    Notes
    -----
    ``sum(dout * forward(x))`` is a number whose gradient with respect to the outputs is ``dout``: as good as
    any loss that might come after.

    Examples
    --------
    >>> W = np.array([[1.0, 2.0, 3.0]])
    >>> upstream_gradient(lambda x: x @ W, np.array([[1.0, 10.0, 100.0]]), np.array([[4.0]]), h=0.5)
    array([[321.]])
    """
    return numerical_gradient(lambda moved: np.sum(dout * forward(moved)), x, h)


def gradient_matches(f, df, x):
    """Whether ``df`` gives the gradient of ``f`` at ``x``.

    Parameters
    ----------
    f : callable
        Array in, number out.
    df : callable
        Array in, array of the same shape out: the gradient in question.
    x : ndarray of any shape

    Returns
    -------
    verdict : bool
        True below a relative error of 1e-4.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0])
    >>> gradient_matches(lambda x: np.sum(x**2), lambda x: 2 * x, x)
    True
    """
    return relative_error(numerical_gradient(f, x, h=1e-5), df(x)) < 1e-4


# ---- the proofs of this course ----


def scaled_error(a, b):
    """Largest difference between two gradients, compared with the entry and with the whole array.

    Parameters
    ----------
    a : ndarray or float
    b : ndarray or float, shaped like ``a``
        The one that is trusted.

    Returns
    -------
    error : float
        The largest of ``|a - b| / (|b| + max|b| / 10)``. `relative_error` asks an entry near zero to be right
        in all its digits, which no measured slope is; here it is compared with a tenth of the largest entry.

    Examples
    --------
    >>> measured, gradient = np.array([10.0, 1e-9]), np.array([10.0, 0.0])
    >>> relative_error(measured, gradient), scaled_error(measured, gradient) < TOLERANCE
    (0.1, True)
    """
    a, b = _same_shape(a, b)
    scale = np.abs(b) + 0.1 * np.max(np.abs(b), initial=0.0)
    return float(np.max(np.abs(a - b) / np.maximum(scale, ROUNDING / STEP), initial=0.0))


def gradient_error(f, dx, x, rng):
    """How far ``dx`` is from the gradient of ``f`` at ``x``: by entries or, if there are many, by directions.

    Parameters
    ----------
    f : callable
        Array shaped like ``x`` in, number out.
    dx : ndarray, shaped like ``x``
        The gradient in question.
    x : ndarray of any shape
    rng : numpy.random.Generator

    Returns
    -------
    error : float
        Compare it with `TOLERANCE`.

    Examples
    --------
    >>> x, rng = np.arange(6.0).reshape(2, 3), np.random.default_rng(0)
    >>> gradient_error(lambda x: np.sum(x**2), 2 * x, x, rng) < TOLERANCE
    True
    """
    if np.size(x) > MOST_ENTRIES:
        return directional_error(f, dx, x, rng)
    return scaled_error(dx, numerical_gradient(f, x, STEP))


def directional_error(f, dx, x, rng):
    """How far ``dx`` is from the gradient of ``f`` at ``x``, measured along a few random directions.

    Takes and returns what `gradient_error` does.

    Notes
    -----
    The slope of ``f`` along a direction v is ``sum(dx * v)``; v is +1 or -1 in each entry and misses none.
    The difference is compared with the slope or, where that is near zero by chance, with |dx| / 10.
    """
    dx, x = _same_shape(dx, x)
    floor = max(0.1 * np.linalg.norm(dx), ROUNDING / DIRECTION_STEP)
    errors = []
    for _ in range(DIRECTIONS):
        v = rng.choice((-1.0, 1.0), size=x.shape)
        slope = central_difference(lambda t, v=v: f(x + t * v), 0.0, DIRECTION_STEP)
        expected = np.sum(dx * v)
        errors.append(np.abs(slope - expected) / max(np.abs(expected), floor))
    return float(np.max(errors))


def backward_errors(forward, dout, inputs, gradients, rng):
    """How far each result of a backward function is from a measured gradient.

    Parameters
    ----------
    forward : callable
        ``forward(*inputs)`` gives an array shaped like ``dout``.
    dout : ndarray or float
        Gradient of the loss with respect to that array.
    inputs, gradients : sequences of ndarray or float
        One gradient for each input, in the same order.
    rng : numpy.random.Generator

    Returns
    -------
    errors : list of float
        One for each input. Compare them with `TOLERANCE`.

    Examples
    --------
    >>> u, v, dout = np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([5.0, 6.0])
    >>> rng = np.random.default_rng(0)
    >>> max(backward_errors(np.multiply, dout, (u, v), (dout * v, dout * u), rng)) < TOLERANCE
    True
    """

    def loss_of(k):
        return lambda moved: np.sum(dout * forward(*inputs[:k], moved, *inputs[k + 1 :]))

    return [gradient_error(loss_of(k), dx, inputs[k], rng) for k, dx in enumerate(gradients)]


def _with_entry(x, i, value):
    moved = x.copy()
    moved[i] = value
    return moved


def _same_shape(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError(f"shapes {a.shape} and {b.shape} differ: a gradient has the shape of its array")
    return a, b
