"""What can be told of an answer that draws by chance: dropout.

A probe (see `probes`), in a file of its own. Runs beside untrusted code in the grader, so it holds no
reference and imports numpy only.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Answer = Callable[..., Any]
LARGE = 5_000  # entries from which on shares are told


def dropping(answer: Answer, args: Sequence[Any]) -> Any:
    """Drop entries of an array by chance, and say what holds of the result and the mask.

    Gives a dict: the mask's shape, the scale of what is kept, in the mask and in the result, whether it is
    one number, and whether the result is the input times the mask. Of a large array also the share that is
    dropped, whether rows and columns are treated apart, and how the draws depend on the generator.
    """
    x, drop_prob, rng = args
    kept, twin = x.copy(), copy.deepcopy(rng)
    result = answer(x, drop_prob, rng)
    if result is None:
        return None
    y, mask = _pair(result, x.shape)
    told = {
        "mask_shape": np.array(mask.shape),
        "mask_scale": _mean_of_nonzero(mask),
        "one_scale": _is_one_number(mask[mask != 0]),
        "y_scale": _mean_of_nonzero(y / kept),
        "y_is_x_times_mask": _is_product(y, kept, mask),
    }
    if x.size <= LARGE:
        return told
    again, same = (np.asarray(answer(kept.copy(), drop_prob, each)[0]) for each in (rng, twin))
    return told | {
        "share_dropped": float(np.mean(y == 0)),
        "rows_apart": bool(((y == 0) != (y == 0)[:1]).any()),
        "columns_apart": bool(((y == 0) != (y == 0)[:, :1]).any()),
        "new_each_call": not np.array_equal(y, again),
        "draws_from_rng": np.array_equal(y, same),
    }


def _pair(result: Any, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Result and mask as arrays; an error that says what is due for anything else."""
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise TypeError("two values are due, `return y, mask`")
    y, mask = (np.asarray(part) for part in result)
    if y.shape != shape or mask.dtype.kind not in "bfiu":
        due = f"y and mask are due, arrays of shape {shape}"
        raise TypeError(f"{due}; here their shapes are {y.shape} and {mask.shape}")
    return y, mask


def _mean_of_nonzero(array: np.ndarray) -> float:
    nonzero = array[array != 0].astype(float)
    return float(nonzero.mean()) if nonzero.size else 0.0


def _is_one_number(array: np.ndarray) -> bool:
    return array.size == 0 or bool(np.allclose(array, array.flat[0], rtol=1e-9, equal_nan=True))


def _is_product(y: np.ndarray, x: np.ndarray, mask: np.ndarray) -> bool:
    try:
        return bool(np.allclose(y, x * mask, rtol=1e-9, atol=1e-12, equal_nan=True))
    except ValueError:
        return False
