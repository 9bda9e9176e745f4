"""Carry plain values between processes: JSON for structure, `.npy` frames for arrays, never a pickle.

Both sides of the sandbox use this file. Whatever arrives from an answer's side is a claim: sizes and types
are checked before anything is read, and `read_observation` lets nothing through but numbers, arrays and short
strings.
"""

from __future__ import annotations

import functools
import io
import json
import math
import struct
import warnings
from collections.abc import Sequence
from typing import Any, BinaryIO, Protocol

import numpy as np

from bplearn.collect import Call, Observation, Trouble
from bplearn.plain import MAX_DEPTH, MAX_ENTRIES, MAX_ITEMS, MAX_TEXT, Odd, short
from bplearn.probes import Named, Seed

MAX_MESSAGE = 256 * 1024 * 1024  # bytes
MAX_FRAMES = 50_000
_MAGIC = b"\x93NUMPY\x01\x00"
_LONGEST_HEADER = 1_000  # bytes
MAX_HEAD = 4 * 1024 * 1024  # bytes of structure


class WireError(Exception):
    """What arrived is not a message of ours."""


# ---- messages ----


def send(stream: BinaryIO, value: Any) -> None:
    """Write one message: its length, its structure, its arrays."""
    frames: list[bytes] = []
    head = json.dumps(_pack(value, frames)).encode()
    parts = [struct.pack(">II", len(head), len(frames)), head]
    for frame in frames:
        parts += [struct.pack(">I", len(frame)), frame]
    body = b"".join(parts)
    stream.write(struct.pack(">Q", len(body)) + body)
    stream.flush()


class Readable(Protocol):
    """Something to read from: gives as many bytes as asked for, or fewer at its end."""

    def read(self, size: int, /) -> bytes | None:
        """Read."""


def receive(stream: Readable, most: int = MAX_MESSAGE) -> Any:
    """Read one message of at most so many bytes.

    Raises
    ------
    EOFError
        The other side has gone.
    WireError
        The message is too large or makes no sense.
    """
    (size,) = struct.unpack(">Q", _exactly(stream, 8))
    if size > most:
        raise WireError(f"a message of {size} bytes")
    return _read(io.BytesIO(_exactly(stream, size)))


def _read(body: Readable) -> Any:
    try:
        head_size, count = struct.unpack(">II", _exactly(body, 8))
        if count > MAX_FRAMES or head_size > MAX_HEAD:
            raise WireError(f"a message of {count} arrays and {head_size} bytes of structure")
        head = json.loads(_exactly(body, head_size))
        frames = [_array(_exactly(body, struct.unpack(">I", _exactly(body, 4))[0])) for _ in range(count)]
        return _unpack(head, frames)
    except WireError:
        raise
    except Exception as error:  # a hostile message may make any reader stumble
        raise WireError(f"{type(error).__name__}: {short(error)}") from None


def _exactly(stream: Readable, size: int) -> bytes:
    data = stream.read(size)
    if data is None or len(data) < size:
        raise EOFError("the other side has gone")
    return data


# ---- values ----


def _pack(value: Any, frames: list[bytes]) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, np.ndarray):
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, value, allow_pickle=False)
        frames.append(buffer.getvalue())
        return {"array": len(frames) - 1}
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, list):
        return [_pack(item, frames) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [_pack(item, frames) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[str(key), _pack(item, frames)] for key, item in value.items()]}
    return _pack_special(value)


def _pack_special(value: Any) -> Any:
    if isinstance(value, Odd):
        return {"odd": value.kind}
    if isinstance(value, Seed):
        return {"seed": value.number}
    if isinstance(value, Named):
        return {"named": value.name}
    raise TypeError(f"a {type(value).__name__} cannot cross; only plain values can")


def _unpack(value: Any, frames: Sequence[np.ndarray]) -> Any:
    if isinstance(value, list):
        return [_unpack(item, frames) for item in value]
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "array":
        return frames[content]
    if kind == "float":
        return float.fromhex(content)
    if kind == "tuple":
        return tuple(_unpack(item, frames) for item in content)
    if kind == "dict":
        return {str(key): _unpack(item, frames) for key, item in content}
    return {"odd": Odd, "seed": Seed, "named": Named}[kind](content)


def _array(frame: bytes) -> np.ndarray:
    """Read an array, after a look at its header: only numbers, and not more of them than the frame holds."""
    if frame[:8] != _MAGIC:
        raise WireError(f"an array that begins with {frame[:8]!r}")
    begin = 10 + int.from_bytes(frame[8:10], "little")
    shape, by_columns, dtype = _header(frame[:begin])
    array = np.frombuffer(frame, dtype, math.prod(shape), begin).copy()  # to be written to, as any other
    return array.reshape(shape, order="F" if by_columns else "C")


@functools.lru_cache(maxsize=1_000)  # few shapes come again and again
def _header(head: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    if len(head) > _LONGEST_HEADER:
        raise WireError(f"an array with a header of {len(head)} bytes")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy's words on odd headers are for nobody here
        shape, by_columns, dtype = np.lib.format.read_array_header_1_0(io.BytesIO(head[8:]))
    entries = math.prod(shape)
    if (
        dtype.kind not in "biuf"
        or entries > MAX_ENTRIES
        or not all(0 <= size <= MAX_ENTRIES for size in shape)
    ):
        raise WireError(f"an array of {dtype} and {entries} entries")
    return shape, by_columns, dtype


# ---- observations ----


def write_observation(seen: Observation | None) -> Any:
    """Turn an observation into a plain value that can be sent."""
    if seen is None:
        return None
    calls = [
        [call.value, write_trouble(call.trouble), list(call.changed), list(call.warned)]
        for call in seen.calls
    ]
    return [
        calls,
        seen.printed,
        seen.print_size,
        seen.blank,
        seen.stub,
        list(seen.parameters),
        list(seen.uses),
        list(seen.course),
    ]


def write_trouble(trouble: Trouble | None) -> list[Any] | None:
    """Turn a trouble into a plain value that can be sent."""
    if trouble is None:
        return None
    return [trouble.kind, trouble.message, trouble.line, trouble.text, trouble.function, trouble.call]


def read_observation(value: Any) -> Observation | None:
    """Turn a received value into an observation; every string is cut, every type enforced."""
    if value is None:
        return None
    claims = Claims()  # one for all calls: what is referred to again counts again
    try:
        calls, printed, print_size, blank, stub, parameters, uses, course = value
        return Observation(
            tuple(_read_call(claims, *call) for call in calls),
            _text(printed),
            int(print_size),
            bool(blank),
            bool(stub),
            tuple(map(_text, parameters[:50])),
            tuple(map(_text, uses[:50])),
            tuple(map(_text, course[:50])),
        )
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise WireError(f"{type(error).__name__}: {short(error)}") from None


def _read_call(claims: Claims, value: Any, trouble: Any, changed: Any, warned: Any) -> Call:
    known = None if trouble is None else read_trouble(trouble)
    places = tuple(int(i) for i in changed[:50] if 0 <= int(i) < 1000)
    claims.begin_a_call()
    return Call(claims.read(value), known, places, tuple(map(_text, warned[:5])))


def read_trouble(value: Any) -> Trouble:
    """Turn a received value into a trouble."""
    try:
        kind, message, line, *texts = value
        text, function, call = map(_text, texts)
        return Trouble(_text(kind), _text(message), int(line), text, function, call)
    except (TypeError, ValueError, OverflowError) as error:
        raise WireError(f"{type(error).__name__}: {short(error)}") from None


class Claims:
    """Reads a claimed value: only what `plain` makes, and within its limits."""

    def __init__(self) -> None:
        self._items = self._entries = 0

    def begin_a_call(self) -> None:
        """Each call may have as many parts as `plain` allows; numbers there are so many in all."""
        self._items = 0

    def read(self, value: Any, depth: int = 0) -> Any:
        """Return the value; WireError if `plain` cannot have made it."""
        self._items += 1
        if self._items > 2 * MAX_ITEMS or depth > MAX_DEPTH + 2:
            raise WireError("a value of too many parts")
        if isinstance(value, np.ndarray):
            self._entries += value.size
            if self._entries > 2 * MAX_ENTRIES:
                raise WireError("too many numbers in all")
            return value
        if value is None or isinstance(value, (bool, float)):
            return value
        if isinstance(value, int):
            return value if abs(value) < 2**63 else Odd("integer beyond 64 bits")
        if isinstance(value, str):
            return _text(value)
        if isinstance(value, Odd):
            return Odd(_text(value.kind))
        return self._container(value, depth)

    def _container(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            return {_text(key): self.read(item, depth + 1) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self.read(item, depth + 1) for item in value)
        raise WireError(f"a {type(value).__name__}")


def _text(value: Any) -> str:
    """A short text in which everything can be printed; of anything but text and numbers the kind."""
    if isinstance(value, str):
        cut = value[: 2 * MAX_TEXT]
        return "".join(c if c.isprintable() or c in "\n\t" else " " for c in cut)
    return short(value) if isinstance(value, (bool, float)) else f"<{type(value).__name__}>"
