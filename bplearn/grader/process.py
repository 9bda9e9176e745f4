"""One notebook in a plain process, with the rights of whoever started it. Works on every system."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO, cast

from bplearn import wire
from bplearn.grader.endings import Ending

_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_PATIENCE = 60.0  # seconds for Python and numpy to start on a loaded machine


class Process:
    """The process and the thread that listens to it, so that waiting can have a limit."""

    tells_raw = False

    def __init__(self, folder: Path) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "bplearn.grader.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
            env={**os.environ, **_ONE_THREAD, "MPLBACKEND": "Agg", "PYTHONPATH": _python_path()},
        )
        self._process, self._inlet, self._outlet = process, _pipe(process.stdin), _pipe(process.stdout)
        self._heard: queue.Queue[Any] = queue.Queue(maxsize=100)
        threading.Thread(target=self._listen, daemon=True).start()
        self.answer(_PATIENCE)  # hello: from now on it is the notebook's time

    def ask(self, message: Any, patience: float) -> None:
        """Send a request; `patience` is for what can wait."""
        wire.send(self._inlet, message)

    def answer(self, patience: float) -> tuple[str, Any]:
        """Wait for what comes next; TimeoutError if nothing does, EOFError if the process has gone."""
        try:
            heard = self._heard.get(timeout=patience)
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(heard, Exception):
            raise EOFError(str(heard))
        kind, value = heard
        return str(kind), value

    def sleeps(self, patience: float) -> bool:
        """Say that this is not known here."""
        return False

    def stop(self) -> Ending:
        """End it, and say nothing of how it had ended: that is not known here."""
        with contextlib.suppress(OSError):  # whatever the notebook has started goes with it
            os.killpg(self._process.pid, signal.SIGKILL) if hasattr(os, "killpg") else None
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):  # the other end may be gone
            self._inlet.close()
        return Ending()

    def _listen(self) -> None:
        try:
            while True:
                self._heard.put(wire.receive(self._outlet))
        except Exception as error:
            self._heard.put(error)
        with contextlib.suppress(OSError):
            self._outlet.close()


def _pipe(stream: Any) -> BinaryIO:
    assert stream is not None  # asked for with PIPE
    return cast("BinaryIO", stream)


def _python_path() -> str:
    """Let the worker find this very package, wherever it runs."""
    package = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
