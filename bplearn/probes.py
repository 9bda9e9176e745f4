"""The few named ways to draw arrays out of an answer, and the stand-ins that cases may hold.

Runs beside untrusted code in the grader, so it holds no reference and imports numpy only.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Function = Callable[..., Any]
Probe = Callable[[Function, Sequence[Any]], Any]
FUNCTIONS: dict[str, Function] = {}
PROBES: dict[str, Probe] = {}


@dataclass(frozen=True)
class Seed:
    """Stands in a case for a fresh ``np.random.Generator`` made from `number`."""

    number: int


@dataclass(frozen=True)
class Named:
    """Stands in a case for the function of that name in `FUNCTIONS`."""

    name: str


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


# ---- probes: what is done with an answer in one case ----


def _probe(probe: Probe) -> Probe:
    PROBES[probe.__name__] = probe
    return probe


@_probe
def call(answer: Function, args: Sequence[Any]) -> Any:
    """Call the answer once and give back what it returns."""
    return answer(*args)


@_probe
def training(answer: Function, args: Sequence[Any]) -> Any:
    """Train from where the answer itself begins; the generator is the last argument, the steps stand before.

    Gives ``(start, params, losses)``: start is what no step at all returns for a generator in the same state.
    Where a start stands in place of the generator, only what came of it is given back.
    """
    *most, steps, rng = args
    if isinstance(rng, dict):
        return answer(*args)
    start, _ = answer(*copy.deepcopy(most), 0, copy.deepcopy(rng))
    trained = answer(*most, steps, rng)
    return (copy.deepcopy(start), *trained) if isinstance(trained, (tuple, list)) else trained


@_probe
def steps(answer: Function, args: Sequence[Any]) -> Any:
    """Let an optimiser take one step for each gradient; what it remembers goes into its next step.

    The arguments are ``w``, a list of gradients, the memory, then numbers; an int among them counts steps.
    Gives for each returned value the list of what it was after each step.
    """
    w, gradients, *rest = args
    path = []
    for dw in gradients:
        result = answer(w, dw, *rest)
        if not isinstance(result, (tuple, list)) or not 2 <= len(result) <= len(rest):
            return result
        w, *memory = copy.deepcopy(result)
        rest = [*memory, *rest[len(memory) :]]
        rest = [value + 1 if type(value) is int else value for value in rest]
        path.append((w, *memory))
    return tuple(list(values) for values in zip(*path, strict=True))
