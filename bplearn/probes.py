"""The few named ways to draw arrays out of an answer, and the stand-ins that cases may hold.

Runs beside untrusted code in the grader, so it holds no reference and imports numpy only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Seed:
    """Stands in a case for a fresh ``np.random.Generator`` made from `number`."""

    number: int


@dataclass(frozen=True)
class Named:
    """Stands in a case for the function of that name in `FUNCTIONS`."""

    name: str


# ---- functions that a case may hand to an answer ----


def quadratic(x: Any) -> float:
    """Sum of ``x**2 / 2`` over all entries: its gradient is ``x``."""
    return float(np.sum(np.square(x)) / 2)


FUNCTIONS: dict[str, Callable[..., Any]] = {"quadratic": quadratic}


# ---- probes: what is done with an answer in one case ----


def call(answer: Callable[..., Any], args: Sequence[Any]) -> Any:
    """Call the answer once and give back what it returns."""
    return answer(*args)


PROBES: dict[str, Callable[[Callable[..., Any], Sequence[Any]], Any]] = {"call": call}


def revive(value: Any) -> Any:
    """Copy `value` deeply; a Seed becomes a new generator, a Named its function."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, Seed):
        return np.random.default_rng(value.number)
    if isinstance(value, Named):
        return FUNCTIONS[value.name]
    if isinstance(value, dict):
        return {key: revive(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(revive(item) for item in value)
    return value
