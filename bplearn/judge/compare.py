"""Compare plain values: numbers, arrays, and lists, tuples, dicts of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from bplearn.standins import Named, Seed

FLOAT32_RTOL = 1e-3


def as_array(value: Any) -> np.ndarray | None:
    """Return numbers, arrays and regular lists of numbers as an array, anything else as None."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, (bool, int, float)):
        return np.asarray(value)
    if isinstance(value, (list, tuple)) and value:
        regular = all(as_array(item) is not None for item in value) and len(set(map(np.shape, value))) == 1
        return np.asarray(value) if regular else None
    return None


def is_scalar(value: Any) -> bool:
    """Say whether a plain value is a number or a 0-d array."""
    array = None if isinstance(value, (list, tuple)) else as_array(value)
    return array is not None and array.shape == ()


def allowed(b: np.ndarray, rtol: float, atol: float | None = None) -> np.ndarray:
    """The gap allowed to each entry: relative to the entry, and a tenth of that to the largest one.

    So a tiny entry beside large ones needs no magic constant; 1e-12 is the floor for what rounding leaves.
    """
    size = np.abs(np.where(np.isfinite(b), b, 0.0))
    floor = atol if atol is not None else max(0.1 * rtol * float(size.max(initial=0.0)), 1e-12)
    return np.asarray(rtol * size + floor)


def entries_close(a: np.ndarray, b: np.ndarray, rtol: float, atol: float | None = None) -> np.ndarray:
    """Compare arrays of one shape entry by entry; nan equals nan and inf equals inf of the same sign."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    with np.errstate(invalid="ignore"):
        near = np.abs(a - b) <= allowed(b, rtol, atol)
    return np.asarray(near | (a == b) | (np.isnan(a) & np.isnan(b)))


def close(a: Any, b: Any, rtol: float, atol: float | None = None) -> bool:
    """Say whether `a` equals `b`, structure and shape included; nothing passes by broadcasting."""
    left, right = as_array(a), as_array(b)
    if left is not None and right is not None:
        return left.shape == right.shape and bool(entries_close(left, right, rtol, atol).all())
    if isinstance(b, dict):
        return isinstance(a, dict) and set(a) == set(b) and all(close(a[k], b[k], rtol, atol) for k in b)
    if isinstance(b, (list, tuple)):
        pairs = isinstance(a, (list, tuple)) and len(a) == len(b)
        return pairs and all(close(x, y, rtol, atol) for x, y in zip(a, b, strict=True))
    return bool(type(a) is type(b) and a == b)


def tolerance(value: Any, rtol: float) -> float:
    """Return the relative tolerance for an answer: a float32 one cannot be as exact."""
    array = as_array(value)
    return FLOAT32_RTOL if array is not None and array.dtype == np.float32 else rtol


def right(a: Any, b: Any, rtol: float, atol: float | None = None) -> bool:
    """Say whether an answer's value passes: close, of a fitting type, and finite wherever `b` is."""
    left, expected = as_array(a), as_array(b)
    if left is not None and expected is not None and (left.dtype == bool) != (expected.dtype == bool):
        return False
    if is_scalar(b) and not is_scalar(a):
        return False
    return close(a, b, max(rtol, tolerance(a, rtol)), atol)


# ---- one value for each output ----


_ITSELF = object()


def split(value: Any, returns: tuple[str, ...], model: Any = _ITSELF) -> dict[str, Any] | None:
    """Give each output its value; a dict gives one output for each key. None if the structure does not fit.

    `model` is the reference's value: where it holds a dict a dict is due, and nowhere else.
    """
    model = value if model is _ITSELF else model
    if len(returns) == 1:
        return _keyed(returns[0], value, model)
    if isinstance(value, np.ndarray) and value.shape == (len(returns),):
        value = [np.asarray(item) for item in value]
    if not isinstance(value, (tuple, list)) or len(value) != len(returns):
        return None
    models = model if isinstance(model, (tuple, list)) and len(model) == len(returns) else value
    parts = [_keyed(*triple) for triple in zip(returns, value, models, strict=True)]
    if any(part is None for part in parts):
        return None
    return {name: item for part in parts if part for name, item in part.items()}


def _keyed(name: str, value: Any, model: Any) -> dict[str, Any] | None:
    if not isinstance(model, dict):
        return {name: value}
    return dict(value) if isinstance(value, dict) else None


# ---- in words ----


def number(value: Any) -> str:
    """Write a number with at most 6 digits."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    return f"{float(value) + 0.0:.6g}" if np.isfinite(float(value)) else str(float(value))


def shape_words(value: Any) -> str:
    """Name type and shape of a plain value for a message."""
    array = as_array(value)
    if value is None:
        return "None"
    if array is None:
        kind = getattr(value, "kind", type(value).__name__)
        return f"an {kind}" if kind[:1] in "aeiouAEIO" else f"a {kind}"
    if isinstance(value, (list, tuple)):
        inside = "number" if array.ndim == 1 else f"array of shape {array.shape[1:]}"
        return (
            f"a {type(value).__name__} of {len(value)} {inside}{'s' * (len(value) > 1 and array.ndim == 1)}"
        )
    if array.shape == () and array.dtype == bool:
        return "True or False"
    return "a single number" if array.shape == () else f"an array of shape {array.shape}"


def brief(value: Any) -> str:
    """Write one argument of a case for a message: a number, or the shape of an array."""
    if isinstance(value, np.ndarray) and value.shape != ():
        return f"shape {value.shape}"
    if is_scalar(value):
        return number(value)
    if isinstance(value, (list, tuple)) and len(value) <= 4 and all(map(is_scalar, value)):
        return "(" + ", ".join(map(number, value)) + ")"
    if isinstance(value, (list, tuple)) and as_array(value) is not None and np.ndim(value[0]):
        return f"{len(value)} arrays of shape {np.shape(value[0])}"
    if isinstance(value, (list, tuple)) and len(value) <= 4:
        return "(" + ", ".join(map(brief, value)) + ")"
    if isinstance(value, str):
        return value.replace("\n", " ↵ ")
    if isinstance(value, dict) and value:
        return "{" + ", ".join(f"{name}: {brief(item)}" for name, item in value.items()) + "}"
    return str(value) if isinstance(value, (Seed, Named)) else type(value).__name__
