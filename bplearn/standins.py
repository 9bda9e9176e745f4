"""The stand-ins that cases may hold for what is no data, and the closed table of functions behind them.

Runs beside untrusted code in the grader, so it holds no reference and imports numpy only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Function = Callable[..., Any]
FUNCTIONS: dict[str, Function] = {}


@dataclass(frozen=True)
class Seed:
    """Stands in a case for a fresh ``np.random.Generator`` made from `number`."""

    number: int

    def __str__(self) -> str:
        return f"np.random.default_rng({self.number})"


@dataclass(frozen=True)
class Named:
    """Stands in a case for the function of that name in `FUNCTIONS`."""

    name: str

    def __str__(self) -> str:
        return self.name


def revive(value: Any) -> Any:
    """Copy `value` deeply; a Seed becomes a new generator, a Named its function."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if isinstance(value, Seed):
        return np.random.default_rng(value.number)
    if isinstance(value, Named):
        return FUNCTIONS[value.name]
    if isinstance(value, dict):
        return {key: revive(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(revive(item) for item in value)
    return value


# ---- functions that a case may hand to an answer ----


def _function(function: Function) -> Function:
    FUNCTIONS[function.__name__] = function
    return function


@_function
def quadratic(x: Any) -> float:
    """Sum of ``x**2 / 2`` over all entries: its gradient is ``x``."""
    return float(np.sum(np.square(x)) / 2)


def _formulas(*texts: str) -> None:
    """Register functions under their own text, which the learner can read on a card and type."""
    FUNCTIONS.update({text: eval(text, {"np": np}) for text in texts})


# ---- lesson 03 ----

_formulas(
    # a number in, a number out
    "lambda x: np.sin(3 * x) + x**2",
    "lambda x: x**3 - 2 * x",
    "lambda x: np.exp(x / 2)",
    "lambda x: 1 / (1 + x**2)",
    # an array in, a number out: every entry has a slope of its own, and some depend on their neighbours
    "lambda x: np.sum(np.sin(x)) + np.prod(x.mean(axis=0))",
    "lambda x: np.sum(x.cumsum(axis=0) ** 3)",
    "lambda x: np.sum(np.exp(x) * x.mean(axis=0))",
    # an array in, another one out
    "lambda x: np.tanh(x @ x.T)",
    "lambda x: x.mean(axis=0) ** 3",
    "lambda x: np.exp(x.sum(axis=1))",
    "lambda x: np.sin(x)[:, None] * x[:3] ** 2",
    # sums with right and wrong gradients
    *(f"lambda x: {s} * np.sum(np.sin(x) + x)" for s in ("1e-5", "1.0", "1e6")),
    *(
        f"lambda x: {s} * (np.cos(x) + 1)"
        for s in ("1e-5", "0.99e-5", "1.0", "-1.0", "1.01", "0.99e6", "1e6")
    ),
    "lambda x: (np.cos(x) + 1) * np.where(np.arange(x.size).reshape(x.shape) == 2, 1.01, 1.0)",
    "lambda x: (np.cos(x) + 1) * np.where(np.arange(x.size).reshape(x.shape) == 0, 0.8, 1.0)",
    "lambda x: (np.cos(x) + 1)[::-1]",
    "lambda x: np.sum(np.exp(80 * x)) / 80",
    "lambda x: np.exp(80 * x)",
    "lambda x: np.sum(x**3)",
    "lambda x: 3 * x**2 * np.where(np.arange(len(x)) == 0, 1.01, 1.0)",
    "lambda x: np.sum(x[1:] ** 2)",
    "lambda x: 2 * x * (np.arange(len(x)) > 0)",
)


# ---- lesson 10: ways back through a branch, linear in what arrives ----

_formulas(
    "lambda d: 0.3 * d",
    "lambda d: np.cumsum(d, axis=1) * 0.5",
    "lambda d: d[:, ::-1] * 0.7 - 0.2 * d",
    "lambda d: d - d.mean(axis=0)",
    "lambda d: np.tanh(1.0) * np.roll(d, 1, axis=1)",
)


# ---- lesson 15: runs whose result depends on the setting and on chance ----

_formulas(
    "lambda setting, rng: len(setting) + rng.normal() * rng.uniform(1, 2)",
    "lambda setting, rng: rng.normal(len(setting), 0.5, size=3).max()",
)
