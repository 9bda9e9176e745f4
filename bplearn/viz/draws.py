"""Random numbers as the browser's pictures draw them (js/random.js, js/mlp.js): words and pictures agree."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np

Params = dict[str, np.ndarray]
_WORD = 0xFFFFFFFF


class Generator:
    """The generator mulberry32: the same seed gives the same numbers here and there."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _WORD

    def uniform(self) -> float:
        """Return a number from 0 to below 1."""
        self._state = (self._state + 0x6D2B79F5) & _WORD
        t = self._state
        t = ((t ^ (t >> 15)) * (1 | t)) & _WORD
        t ^= (t + (((t ^ (t >> 7)) * (61 | t)) & _WORD)) & _WORD
        return ((t ^ (t >> 14)) & _WORD) / 2**32

    def normal(self) -> float:
        """Return a number with mean 0 and standard deviation 1."""
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())


def init_mlp(sizes: Sequence[int], rng: Generator, gain: float = math.sqrt(2)) -> Params:
    """Return first weights with standard deviation ``gain / sqrt(fan_in)``, and zero biases."""
    params: Params = {}
    for k, (rows, cols) in enumerate(itertools.pairwise(sizes), start=1):
        drawn = [rng.normal() * gain / math.sqrt(rows) for _ in range(rows * cols)]
        params[f"W{k}"], params[f"b{k}"] = np.array(drawn).reshape(rows, cols), np.zeros(cols)
    return params


def points(count: int, rng: Generator, place: Callable[[Generator, int], Sequence[float]]) -> np.ndarray:
    """Return points drawn one after the other, shape (count, 2)."""
    return np.array([place(rng, k) for k in range(count)])
