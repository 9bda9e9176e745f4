"""The fork server of one lesson: it has loaded numpy, and makes a child for each submission.

Runs inside the sandbox and never runs a learner's code itself. It holds no reference, no expected value, and
nothing of any submission: those go from the grader straight to the child, over a socket of the child's own.
`forks` starts it and talks to it over a socket.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from bplearn import collect, wire
from bplearn.grader import jail, worker

CHANNEL = 200  # file descriptor of the socket between grader and child: out of the way of a learner's own
LOOK = 0.1  # seconds between two looks at what a submission uses
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")


class Use(NamedTuple):
    """What a submission uses: seconds of the processor so far, bytes of memory at this moment."""

    cpu: float = 0.0
    memory: int = 0


def main(handle: int, library: str = "") -> None:
    """Load, also a library that takes long to, and warm up; then serve until the grader closes the socket.

    Parameters
    ----------
    handle : int
        File descriptor of the control socket.
    library : str
    """
    control = socket.socket(fileno=fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, CHANNEL + 1))
    os.closerange(3, CHANNEL + 1)
    if library:
        importlib.import_module(library)
    worker.stand_in()
    _warm_up()
    gc.freeze()  # what is here by now need not be looked at in any child
    control.send(b"ready")
    while True:
        message, handles, _, _ = socket.recv_fds(control, 4096, 1)
        if not message:
            return
        control.send(json.dumps(_serve(control, json.loads(message), handles[0])).encode())


def _warm_up() -> None:
    """Do once what is slow the first time, so that no child pays for it."""
    scope: dict[str, Any] = {}
    text = "import numpy as np\ndef f(x): return np.tanh(x) @ np.random.default_rng(0).normal(size=3)"
    worker.run_cell(0, text, scope)
    wire.write_observation(collect.observe(scope["f"], [[np.ones(3)]]))


def _serve(control: socket.socket, order: dict[str, Any], channel: int) -> dict[str, Any]:
    """Run one submission and watch it until it ends or the grader says so; return how it ended."""
    limits = jail.Limits(order["cpu"], order["memory"])
    began = time.monotonic()
    first = jail.spawn(lambda: _inside(channel, order["timeout"]), limits)
    os.close(channel)
    handle = os.pidfd_open(first)
    why, used = _watch(handle, control, limits)
    os.close(handle)
    with contextlib.suppress(ProcessLookupError):
        os.kill(first, signal.SIGKILL)
    _, status, usage = os.wait4(first, 0)
    stopped = why == "stopped"
    while not stopped:  # the grader says "stop" once for each submission
        stopped = _heard_stop(control)
    cpu = max(used.cpu, usage.ru_utime + usage.ru_stime)
    seconds = {"cpu": round(cpu, 3), "wall": round(time.monotonic() - began, 3)}
    return {"why": why, "code": jail.how_ended(status), "memory": used.memory, **seconds}


def _inside(channel: int, timeout: float) -> None:
    """Serve one notebook, in a world of its own, with nothing open but the socket to the grader."""
    os.dup2(channel, CHANNEL)
    os.closerange(3, CHANNEL)
    os.closerange(CHANNEL + 1, jail.MOST_FILES)
    silence = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(silence, standard)
    os.close(silence)
    worker.serve_apart(socket.socket(fileno=CHANNEL), timeout)


def _watch(handle: int, control: socket.socket, limits: jail.Limits) -> tuple[str, Use]:
    """Wait for the end; say why it came: "" by itself, "stopped" by the grader, or "cpu" or "memory"."""
    ours = _of_process(str(os.getpid())).memory  # each child begins as our copy, which costs nothing
    most = Use()
    while True:
        ready = select.select([handle, control.fileno()], [], [], LOOK)[0]
        now = _use(ours) if handle not in ready else most
        most = Use(max(most.cpu, now.cpu), max(most.memory, now.memory))
        if control.fileno() in ready and _heard_stop(control):
            return "stopped", most
        if handle in ready:
            return "", most
        if now.cpu > limits.cpu:
            return "cpu", most
        if now.memory > limits.memory * jail.MEGABYTE:
            return "memory", most


def _heard_stop(control: socket.socket) -> bool:
    """Read one word of the grader's: "look" is answered at once, anything else means stop."""
    if control.recv(16) != b"look":
        return True
    cpu = sum(_of_process(pid).cpu for pid in _others())
    wants_to_run = any(_state(path) in "RD" for pid in _others() for path in _threads(pid))
    control.send(json.dumps([cpu, wants_to_run]).encode())
    return False


def _threads(pid: str) -> list[str]:
    try:
        return [f"/proc/{pid}/task/{thread}/stat" for thread in os.listdir(f"/proc/{pid}/task")]
    except OSError:  # it has just ended
        return []


def _state(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(") ")[2][:1]
    except OSError:
        return "X"


def _use(ours: int) -> Use:
    """Add up what all processes of the submission use: all here but this one and the box's first."""
    found = [_of_process(pid) for pid in _others()]
    return Use(sum(use.cpu for use in found), sum(max(use.memory - ours, 0) for use in found))


def _others() -> Iterator[str]:
    own = {"1", str(os.getpid())}
    return (name for name in os.listdir("/proc") if name.isdigit() and name not in own)


def _of_process(pid: str) -> Use:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b") ")[2].split()
    except OSError:  # it has just ended
        return Use()
    cpu = sum(map(int, fields[11:15])) / _TICK  # its own and that of children that have ended
    return Use(cpu, int(fields[21]) * _PAGE)
