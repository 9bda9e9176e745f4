"""How the process of a notebook ended, and what the learner is told of it."""

from __future__ import annotations

from typing import NamedTuple

from bplearn.collect import Trouble

_OUT_OF_TIME = 24  # SIGXCPU, the kernel's word that the processor time is used up
_DIED = Trouble("Died", "it ended the whole program")


class Ending(NamedTuple):
    """How a child ended: "cpu" or "memory" if it was stopped for that; its exit code; what it used.

    An exit code above 128 is a signal's number and 128.
    """

    why: str = ""
    code: int = 0
    cpu: float = 0.0
    wall: float = 0.0
    memory: int = 0

    def trouble(self, limit: float) -> Trouble:
        """Say what befell an answer, or a cell, that had so many seconds."""
        if self.why == "memory":
            return Trouble("MemoryError", "it took more memory than there is for one answer")
        if self.why == "cpu" or abs(self.code) in (_OUT_OF_TIME, 128 + _OUT_OF_TIME):
            return too_long(limit)
        return _DIED


def too_long(limit: float) -> Trouble:
    """Say that it ran longer than it may."""
    return Trouble("Timeout", f"it ran for more than {limit:g} seconds")
