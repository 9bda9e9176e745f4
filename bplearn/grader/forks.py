"""The trusted end of the sandbox: start a lesson's fork server, give it one submission after the other.

A `Fork` is one notebook in one child of the server. What comes over its socket are claims; how it ended and
what it used is the server's word, which runs no learner's code.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from bplearn import wire
from bplearn.grader import box
from bplearn.grader.endings import Ending
from bplearn.grader.jail import Limits

MOST_BYTES = 20 * 1024**2  # of one message from a submission
_PREFIX = "bplearn-box-"
_START = 60.0  # seconds for Python and numpy to start on a loaded machine
_MOMENT = 2.0  # seconds between two looks at whether somebody sleeps
_STOP = 30.0  # seconds for the kernel to clear a submission away


class SandboxError(Exception):
    """The sandbox does not start or does not answer: one line on what it said."""


class ForkServer:
    """A fork server in its sandbox; one submission at a time."""

    def __init__(self, lesson: str, library: str = "", private: tuple[Path, ...] = ()) -> None:
        self._home = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._words = self._home / "words"
        try:
            self._home.chmod(0o755)
            folder = self._home / "box"
            box.lay_out(lesson, folder)
            program = f"from bplearn.grader import zygote; zygote.main({theirs.fileno()}, {library!r})"
            self._process = _start(box.command(folder, program, private), theirs, self._words)
            theirs.close()  # or we would never hear that the other side has gone
            if self._heard(_START) != b"ready":
                raise SandboxError(self._last_words())
        except BaseException:
            self.close()
            raise
        finally:
            theirs.close()

    def run(self, limits: Limits, timeout: float) -> Fork:
        """Make a child for one submission."""
        ours, theirs = socket.socketpair()
        order = {"cpu": limits.cpu, "memory": limits.memory, "timeout": timeout}
        try:
            socket.send_fds(self._control, [json.dumps(order).encode()], [theirs.fileno()])
        except OSError:
            ours.close()
            raise SandboxError(self._last_words()) from None
        finally:
            theirs.close()
        return Fork(self, ours)

    def stop(self) -> Ending:
        """End the child that runs, with all that it has started."""
        with contextlib.suppress(OSError):
            self._control.send(b"stop")
        heard = self._heard(_STOP)
        if not heard:
            raise SandboxError(self._last_words())
        return Ending(**json.loads(heard))

    def look(self) -> tuple[float, bool]:
        """Seconds of the processor that the child that runs has used, and whether it wants more just now."""
        with contextlib.suppress(OSError):
            self._control.send(b"look")
        heard = self._heard(_STOP)
        if not heard:
            raise SandboxError(self._last_words())
        cpu, wants_to_run = json.loads(heard)
        return float(cpu), bool(wants_to_run)

    def close(self) -> None:
        """End the server."""
        self._control.close()
        process = getattr(self, "_process", None)
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.2)
            process.kill()
            process.wait()
        shutil.rmtree(self._home, ignore_errors=True)

    def _heard(self, patience: float) -> bytes:
        self._control.settimeout(patience)
        with contextlib.suppress(OSError):
            return self._control.recv(4096)
        return b""

    def _last_words(self) -> str:
        text = self._words.read_text(encoding="utf-8", errors="replace") if self._words.exists() else ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return lines[-1][:300] if lines else "the sandbox ended without a word"


def _start(command: list[str], control: socket.socket, words: Path) -> subprocess.Popen[bytes]:
    """Start the server; it inherits its end of the control socket."""
    with words.open("wb") as heard:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=heard,
            env=box.environment(),
            pass_fds=[control.fileno()],
            start_new_session=True,
        )


class Fork:
    """The grader's end of one submission's socket. Everything has a time by which it must have come."""

    tells_raw = True

    def __init__(self, server: ForkServer, channel: socket.socket) -> None:
        self._server, self._channel = server, channel
        self._ending: Ending | None = None

    def ask(self, message: Any, patience: float) -> None:
        """Send a request."""
        self._channel.settimeout(patience)
        with self._channel.makefile("wb") as outlet:
            wire.send(outlet, message)

    def answer(self, patience: float) -> tuple[str, Any]:
        """Wait for what comes next.

        Raises
        ------
        TimeoutError
            Nothing whole has come in time.
        EOFError, wire.WireError
            The other side has gone, or sends what is no message.
        """
        kind, value = wire.receive(_Timed(self._channel, time.monotonic() + patience), MOST_BYTES)
        return str(kind), value

    def sleeps(self, patience: float) -> bool:
        """Wait for a first word; say whether none has come because it does nothing, and so none ever will."""
        if select.select([self._channel], [], [], patience)[0]:
            return False
        before, wanted = self._server.look()
        if wanted or select.select([self._channel], [], [], _MOMENT)[0]:
            return False
        after, wants = self._server.look()
        return not wants and after - before < _MOMENT / 10

    def stop(self) -> Ending:
        """End it, and say how it had ended or what it had used."""
        self._channel.close()
        if self._ending is None:
            self._ending = self._server.stop()
        return self._ending


class _Timed:
    """Reads from a socket until a moment comes, however slowly the bytes drip."""

    def __init__(self, channel: socket.socket, end: float) -> None:
        self._channel, self._end = channel, end

    def read(self, size: int) -> bytes:
        parts, missing = [], size
        while missing:
            left = self._end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._channel.settimeout(left)
            part = self._channel.recv(min(missing, 1024**2))
            if not part:
                break
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)


def sweep() -> None:
    """Remove what graders that were killed have left behind in the folder for temporary files."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists() and _is_ours(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return folder.lstat().st_uid == os.geteuid() and not folder.is_symlink()
    return False


def program_missing() -> str:
    """Name the first program that the sandbox needs and that is not here, or ""."""
    needed = ("bwrap", "unshare", "setpriv") if os.geteuid() == 0 else ("bwrap",)
    return next((name for name in needed if shutil.which(name) is None), "")
