"""Run an answer on cases and bring back arrays and short strings, nothing else.

In the grader this file runs on the untrusted side, so it imports numpy and `probes` only and knows neither
exercises nor references. What it brings back are claims; `judge` compares them.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import sys
import traceback
import types
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bplearn import engines, probes
from bplearn.inspection import is_blank, is_stub, names_of, reached
from bplearn.plain import MAX_TEXT, plain, short

MAX_PRINT = 400  # characters kept of what an answer prints

_HERE = os.path.dirname(os.path.abspath(__file__))
_STDLIB = os.path.dirname(os.path.abspath(os.__file__))


@dataclass(frozen=True)
class Trouble:
    """An exception that an answer raised, with the learner's own line."""

    kind: str
    message: str
    line: int = 0  # 0: the exception did not come from a line of the learner's
    text: str = ""
    function: str = ""
    call: str = ""  # where the line stands in a helper: the answer's own line, which called it


@dataclass(frozen=True)
class Call:
    """What one call gave."""

    value: Any = None
    trouble: Trouble | None = None
    changed: tuple[int, ...] = ()  # positions of the arguments that were changed
    warned: tuple[str, ...] = ()


@dataclass(frozen=True)
class Observation:
    """What all calls gave, and what can be seen of the function itself."""

    calls: tuple[Call, ...]
    printed: str = ""
    print_size: int = 0
    blank: bool = False  # the body is empty, `pass` or `...`
    stub: bool = False  # the line that was handed out is still in it
    parameters: tuple[str, ...] = ()  # names of its parameters, in order
    uses: tuple[str, ...] = ()  # the learner's own functions that the answer reaches
    course: tuple[str, ...] = ()  # functions of bplearn that it reaches, as "bplearn.nn.neuron.sigmoid"


def observe(
    answer: Callable[..., Any], cases: Sequence[Sequence[Any]], probe: str = "call", raw: bool = False
) -> Observation:
    """Call `answer` on a fresh copy of each case.

    Parameters
    ----------
    answer : callable
    cases : sequence of argument lists
        Nested lists, tuples and dicts of arrays, numbers, text, `Seed` and `Named`.
    probe : str
        Name of the probe in `probes.PROBES`.
    raw : bool
        Of probes in `probes.REPLAYED`, bring back what the answer returned each time, for `replayed`.

    Returns
    -------
    Observation
        One `Call` for each case, in order. Only KeyboardInterrupt is let through.
    """
    sink = Sink()
    with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink), _same_recursion_limit():
        raw = raw and probe in probes.REPLAYED
        calls = tuple(_one_call(answer, args, probes.PROBES[probe], raw) for args in cases)
    uses, course = reached(answer)
    return Observation(
        calls, sink.kept(), sink.size, is_blank(answer), is_stub(answer), names_of(answer), uses, course
    )


@contextlib.contextmanager
def _same_recursion_limit() -> Iterator[None]:
    limit = sys.getrecursionlimit()  # what one answer allows itself is not there for the next
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _one_call(answer: Callable[..., Any], args: Sequence[Any], probe: Callable[..., Any], raw: bool) -> Call:
    recorder = _Recorder(answer, probe is probes.batches) if raw else None
    fresh = [probes.revive(arg) for arg in args]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = plain(probe(recorder or answer, fresh))
            value = plain(recorder.told) if recorder else value
            trouble = None
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # an answer may raise anything, SystemExit too
            value, trouble = None, describe(error)
    changed = tuple(i for i, (old, new) in enumerate(zip(args, fresh, strict=True)) if _changed(old, new))
    return Call(value, trouble, changed, _short_warnings(caught))


# ---- probes that are run again where they are trusted ----

_ENDINGS = {"RecursionError": RecursionError, "EndlessError": engines.EndlessError, "ValueError": ValueError}


_WHOLE = (list, tuple, dict, str, np.ndarray)


class _Recorder:
    """Calls an answer, and notes what it returns or which of a few exceptions it raises.

    What gives one value after the other is read as far as a probe reads it, where that is what is asked for.
    """

    def __init__(self, answer: Callable[..., Any], gives_one_by_one: bool) -> None:
        self._answer, self._gives = answer, gives_one_by_one
        self.told: list[Any] = []

    def __call__(self, *args: Any) -> Any:
        try:
            found = self._answer(*args)
            if self._gives and isinstance(found, Iterable) and not isinstance(found, _WHOLE):
                found = list(itertools.islice(found, 2 * len(args[0])))
        except tuple(_ENDINGS.values()) as error:
            self.told.append([type(error).__name__])
            raise
        self.told.append([plain(found), 0])
        return found


class _Replayer:
    """Stands for an answer: returns, or raises, what it is told to, one after the other."""

    def __init__(self, told: Any) -> None:
        self._told: Iterator[Any] = iter(told if isinstance(told, list) else ())

    def __call__(self, *args: Any) -> Any:
        one = next(self._told, None)
        if isinstance(one, list) and len(one) == 1 and one[0] in _ENDINGS:
            raise _ENDINGS[one[0]]
        if not isinstance(one, list) or len(one) != 2:
            raise TypeError("the answer was not called as often as it should have been")
        return one[0]


def replayed(seen: Observation, cases: Sequence[Sequence[Any]], probe: str) -> Observation:
    """Run a probe again, here where nobody has touched it, on what an answer has returned.

    Parameters
    ----------
    seen : Observation
        Of `observe` with ``raw``: claims.
    cases : sequence of argument lists
    probe : str
        One of `probes.REPLAYED`.
    """
    calls = (_replayed(call, args, probe) for call, args in zip(seen.calls, cases, strict=True))
    return replace(seen, calls=tuple(calls))


def _replayed(call: Call, args: Sequence[Any], probe: str) -> Call:
    if call.trouble is not None:
        return replace(call, value=None)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            fresh = [probes.revive(arg) for arg in args]
            return replace(call, value=plain(probes.PROBES[probe](_Replayer(call.value), fresh)))
        except Exception as error:  # what was claimed may make any probe stumble
            return replace(call, value=None, trouble=Trouble(type(error).__name__, short(error)))


def _short_warnings(caught: Sequence[warnings.WarningMessage]) -> tuple[str, ...]:
    texts = {f"{w.category.__name__}: {short(w.message)}": None for w in caught[:50]}
    return tuple(texts)[:3]


def _changed(old: Any, new: Any) -> bool:
    """Say whether an argument is no longer what was handed in (generators are meant to move on)."""
    if isinstance(old, np.ndarray):
        return not (
            isinstance(new, np.ndarray)
            and new.shape == old.shape
            and new.dtype == old.dtype
            and new.tobytes() == old.tobytes()
        )
    if isinstance(old, dict):
        return set(old) != set(new) or any(_changed(old[key], new[key]) for key in old)
    if isinstance(old, (list, tuple)):
        return len(old) != len(new) or any(map(_changed, old, new))
    if isinstance(old, (bool, int, float, str)) or old is None:
        return not (new is old or new == old or new != new)  # nan is not equal to itself
    return False


# ---- exceptions ----


def describe(error: BaseException) -> Trouble:
    """Describe an exception by its kind, its message and the learner's own line."""
    frames = [(tb.tb_frame, tb.tb_lineno) for tb in _tracebacks(error)]
    own = [(frame, line) for frame, line in frames if _is_learners(frame.f_code.co_filename)]
    if isinstance(error, SyntaxError):
        text = (error.text or "").strip()[:MAX_TEXT]
        return Trouble(type(error).__name__, short(error.msg), error.lineno or 0, text, "<module>")
    if not own:
        return Trouble(type(error).__name__, short(error))
    (frame, line), function = own[-1], own[-1][0].f_code.co_name
    call = _text_of(*own[0]) if own[0][0].f_code is not frame.f_code else ""
    return Trouble(type(error).__name__, short(error), line, _text_of(frame, line), function, call)


def _text_of(frame: types.FrameType, line: int) -> str:
    code = frame.f_code
    return (traceback.FrameSummary(code.co_filename, line, code.co_name).line or "")[:MAX_TEXT]


def _tracebacks(error: BaseException) -> Iterator[types.TracebackType]:
    tb = error.__traceback__
    while tb is not None:
        yield tb
        tb = tb.tb_next


def _is_learners(filename: str) -> bool:
    path = os.path.abspath(filename) if not filename.startswith("<") else filename
    ours = path.startswith((_HERE + os.sep, _STDLIB + os.sep, "<frozen"))
    return not (ours or "site-packages" in path or "dist-packages" in path)


# ---- what an answer prints ----


class Sink(io.TextIOBase):
    """Takes any amount of text and keeps the beginning."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[str] = []

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, text: str) -> int:
        """Count the text, and keep it while there is room."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.size < MAX_PRINT:
            self._parts.append(text[: MAX_PRINT - self.size])
        self.size += len(text)
        return len(text)

    def kept(self) -> str:
        """Return the beginning of what was written."""
        return "".join(self._parts)
