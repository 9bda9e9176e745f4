"""Lesson 14: an engine that builds the graph while it computes, and goes back through it.

`Value` holds one number. `topological_order` and `backward_pass` are its way back, taken apart.
"""

import math

__all__ = [
    "Value",
    "add_backward",
    "backward_pass",
    "exp_backward",
    "mul_backward",
    "pow_backward",
    "topological_order",
    "unbroadcast",
]


def add_backward(dout, a, b):
    """Backward pass of ``out = a + b``.

    Parameters
    ----------
    dout : float or ndarray
        What arrives.
    a, b : float or ndarray
        Of one shape.

    Returns
    -------
    da : float or ndarray
    db : float or ndarray
    """
    return dout, dout


def mul_backward(dout, a, b):
    """Backward pass of ``out = a * b``, entry by entry.

    Parameters
    ----------
    dout : float or ndarray
        What arrives.
    a, b : float or ndarray
        Of one shape.

    Returns
    -------
    da : float or ndarray
    db : float or ndarray
    """
    return dout * b, dout * a


def pow_backward(dout, a, n):
    """Backward pass of ``out = a ** n`` for a constant ``n``.

    Parameters
    ----------
    dout : float or ndarray
        What arrives.
    a : float or ndarray
    n : float

    Returns
    -------
    da : float or ndarray
    """
    return dout * n * a ** (n - 1)


def exp_backward(dout, out):
    """Backward pass of ``out = exp(a)``.

    Parameters
    ----------
    dout : float or ndarray
        What arrives.
    out : float or ndarray
        From the forward pass.

    Returns
    -------
    da : float or ndarray
    """
    return dout * out


def topological_order(root, parents):
    """Every node below a root, each one after all the nodes that it was made from.

    Parameters
    ----------
    root : hashable
    parents : dict
        For each node the list of the nodes it was made from; a leaf has an empty list.

    Returns
    -------
    order : list
        Each reachable node once; the root comes last.

    Notes
    -----
    A stack in place of recursion: Python's own is exhausted after a thousand calls, and a graph may be
    deeper.

    Examples
    --------
    >>> topological_order("c", {"c": ["a", "b"], "b": ["a"], "a": []})
    ['a', 'b', 'c']
    """
    order, seen = [], {root}
    stack = [(root, iter(parents[root]))]
    while stack:
        node, rest = stack[-1]
        ahead = next((parent for parent in rest if parent not in seen), None)
        if ahead is None:
            order.append(node)
            stack.pop()
        else:
            seen.add(ahead)
            stack.append((ahead, iter(parents[ahead])))
    return order


def backward_pass(order):
    """Fill the gradients of all nodes, from the last one to the first.

    Parameters
    ----------
    order : list of node
        As from `topological_order`. A node has ``grad`` (0.0 at first), ``parents``, a list in which a node
        may stand twice, and ``local_gradients``, one for each parent.

    Returns
    -------
    None
    """
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            parent.grad += local * node.grad


class Value:
    """A number that remembers what it was made from.

    Parameters
    ----------
    data : float
    parents : sequence of Value
        What it was made from.
    local_gradients : sequence of float
        How it moves when each of them does.

    Attributes
    ----------
    data : float
    grad : float
        0 until `backward` has come by; then the gradient of that root with respect to this number.

    Returns
    -------
    value : Value

    Examples
    --------
    >>> a, b = Value(2.0), Value(-3.0)
    >>> (a * b + a).backward()
    >>> a.grad, b.grad
    (-2.0, 2.0)
    """

    def __init__(self, data, parents=(), local_gradients=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = tuple(parents)
        self.local_gradients = tuple(local_gradients)

    def __add__(self, other):
        other = _value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = _value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -_value(other)

    def __truediv__(self, other):
        return self * _value(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return _value(other) - self

    def __rtruediv__(self, other):
        return _value(other) / self

    def exp(self):
        """E to the power of this number."""
        out = math.exp(self.data)
        return Value(out, (self,), (out,))

    def log(self):
        """Natural logarithm."""
        return Value(math.log(self.data), (self,), (1.0 / self.data,))

    def tanh(self):
        """Hyperbolic tangent."""
        out = math.tanh(self.data)
        return Value(out, (self,), (1.0 - out**2,))

    def relu(self):
        """The number itself where it is positive, else 0."""
        return Value(max(self.data, 0.0), (self,), (float(self.data > 0),))

    def backward(self):
        """Add the gradients of this number to the ``grad`` of all that it was made from."""
        order = topological_order(self, _Parents())
        arriving = dict.fromkeys(order, 0.0) | {self: 1.0}
        for node in reversed(order):
            for parent, local in zip(node.parents, node.local_gradients, strict=True):
                arriving[parent] += local * arriving[node]
        for node in order:
            node.grad += arriving[node]


class _Parents:
    """The parents of each `Value`, as `topological_order` asks for them."""

    def __getitem__(self, node):
        return node.parents


def _value(number):
    return number if isinstance(number, Value) else Value(number)


def unbroadcast(grad, shape):
    """Gradient of an array that was stretched to a larger shape: what was copied is added up.

    Parameters
    ----------
    grad : ndarray
        Gradient with respect to the stretched array.
    shape : tuple of int
        Of the array before it was stretched.

    Returns
    -------
    gradient : ndarray, of that shape

    Examples
    --------
    >>> import numpy as np
    >>> unbroadcast(np.ones((5, 3)), (3,)).tolist()
    [5.0, 5.0, 5.0]
    >>> unbroadcast(np.ones((5, 3)), (5, 1)).ravel().tolist()
    [3.0, 3.0, 3.0, 3.0, 3.0]
    """
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched, keepdims=True)
