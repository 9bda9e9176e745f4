"""Plain values: what may cross from an answer to the judge. Numbers, text, arrays, and containers of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_ENTRIES = 2_000_000  # numbers in one returned value
MAX_ITEMS = 20_000  # entries of returned lists, tuples and dicts
MAX_DEPTH = 8
MAX_TEXT = 300  # characters of a message


@dataclass(frozen=True)
class Odd:
    """Stands for a returned value that is neither number, array, text, nor a list, tuple or dict of these."""

    kind: str


def plain(value: Any) -> Any:
    """Turn what an answer returned into plain data: numbers, text, arrays, and containers of them."""
    return _Plain().convert(value)


@dataclass
class _Plain:
    items: int = 0
    entries: int = 0
    depth: int = 0

    def convert(self, value: Any) -> Any:
        self.items += 1
        if self.items > MAX_ITEMS:
            return Odd("too many values")
        if value is None or type(value) in (bool, float, Odd):
            return value
        if type(value) is int:
            return value if abs(value) < 2**63 else Odd("integer beyond 64 bits")
        if type(value) is str:
            return value[:MAX_TEXT]
        if isinstance(value, (np.ndarray, np.generic)):
            return self._array(value)
        return self._container(value)

    def _array(self, value: Any) -> Any:
        if value.dtype.kind not in "biuf":
            return Odd(f"array of {value.dtype.name[:20]}")
        self.entries += value.size
        if self.entries > MAX_ENTRIES:  # looked at before it is copied: a view may be huge
            return Odd(f"array of {value.size} numbers")
        return np.array(value, subok=False)

    def _container(self, value: Any) -> Any:
        if self.depth > MAX_DEPTH or not isinstance(value, (dict, list, tuple)):
            return Odd("Ellipsis" if value is Ellipsis else type(value).__name__[:40])
        self.depth += 1
        if isinstance(value, dict):
            result: Any = {short(key): self.convert(item) for key, item in list(value.items())[:MAX_ITEMS]}
        else:
            items = [self.convert(item) for item in value[:MAX_ITEMS]]
            result = tuple(items) if isinstance(value, tuple) else items
        self.depth -= 1
        return result


def short(value: object) -> str:
    """Print a value on one line of at most `MAX_TEXT` characters, whatever it is."""
    try:
        text = str(value)[: 2 * MAX_TEXT]
    except KeyboardInterrupt:
        raise
    except BaseException:  # an object of the learner's may refuse to be printed
        text = f"<{type(value).__name__}>"
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MAX_TEXT]
