"""Shut a submission in: namespaces of its own, no rights, limits. Linux only.

Runs on the untrusted side, in the fork server (`zygote`) and in the children it makes before any of the
learner's code runs in them. Nothing here is relied upon once it does: the kernel holds what was set.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import resource
import signal
from collections.abc import Callable
from typing import NamedTuple

from bplearn.grader.filters import refuse_calls

MEGABYTE = 1024**2
SCRATCH = ("/tmp", 64), ("/dev/shm", 16)  # the only places to write in, and their size in megabytes
LIBRARIES = 1024  # megabytes of address space for the interpreter, numpy and matplotlib
MOST_PROCESSES = 32
MOST_FILES = 256

_libc = ctypes.CDLL(None, use_errno=True)
_SYS_CLONE = {"x86_64": 56, "aarch64": 220}
_SYS_KEYCTL = {"x86_64": 250, "aarch64": 219}
_NEW_USER, _NEW_PID, _NEW_NET = 0x10000000, 0x20000000, 0x40000000
_NEW_MOUNT, _NEW_IPC, _NEW_UTS, _NEW_CGROUP = 0x00020000, 0x08000000, 0x04000000, 0x02000000
_APART = _NEW_USER | _NEW_PID | _NEW_NET | _NEW_MOUNT | _NEW_IPC | _NEW_UTS | _NEW_CGROUP
_NOSUID, _NODEV, _NOEXEC, _RECURSIVE, _PRIVATE = 2, 4, 8, 0x4000, 0x40000
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP, _PR_SET_PDEATHSIG = 4, 38, 24, 1
_CAPABILITY_V3 = 0x20080522


class Limits(NamedTuple):
    """What one submission may use: seconds of the processor and megabytes."""

    cpu: float
    memory: int


def spawn(inside: Callable[[], None], limits: Limits) -> int:
    """Run `inside` as the only program of a new world; return the process id of that world's first process.

    When it ends, or is killed, everything it has started ends with it. Its exit code is how `inside` ended: a
    return code, or 128 and the number of a signal.
    """
    user, group = os.geteuid(), os.getegid()
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    pid = int(_libc.syscall(_SYS_CLONE[platform.machine()], _APART | signal.SIGCHLD, 0, 0, 0, 0))
    if pid:
        python.PyOS_AfterFork_Parent()
        if pid < 0:
            raise _error("a world of its own")
        return pid
    python.PyOS_AfterFork_Child()
    code = 1
    try:
        _set_up(user, group, limits)
        code = _first_process(inside)
    finally:
        os._exit(code)


def _first_process(inside: Callable[[], None]) -> int:
    """Start the program and wait for it; who is first in a world cannot be killed from within."""
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            inside()
        finally:
            os._exit(0)
    with contextlib.suppress(OSError):
        os.closerange(3, MOST_FILES)  # whoever listens shall hear that the program has ended
    while True:
        ended, status = os.wait()
        if ended == pid:
            return how_ended(status)


def how_ended(status: int) -> int:
    """Turn what `wait` gives into an exit code as shells give it."""
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


# ---- what is set ----


def _set_up(user: int, group: int, limits: Limits) -> None:
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _mount(None, "/", None, _RECURSIVE | _PRIVATE)
    _mount("proc", "/proc", "proc", _NOSUID | _NODEV | _NOEXEC)
    for place, size in SCRATCH:
        _mount("tmpfs", place, "tmpfs", _NOSUID | _NODEV, f"size={size}m,nr_inodes=4096,mode=1777")
    with open("/proc/sys/user/max_user_namespaces", "w") as file:
        file.write("0")  # no world within this one, and so no rights in one
    _leave_the_keys()
    _give_up_rights()
    _limit(limits)
    refuse_calls()
    os.chdir(SCRATCH[0][0])


def _leave_the_keys() -> None:
    """Go on with an empty ring of keys: that of whoever grades would come along into any world."""
    if (
        _libc.syscall(_SYS_KEYCTL.get(platform.machine(), -1), 1, None) < 0
        and ctypes.get_errno() != errno.ENOSYS
    ):
        raise _error("an empty ring of keys")


def _give_up_rights() -> None:
    for number in range(64):  # more than there are; those that do not exist are refused
        _libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_V3, 0)
    if _libc.capset(header, (ctypes.c_uint32 * 6)()):
        raise _error("giving up rights")
    _prctl(_PR_SET_DUMPABLE, 0)  # the first process: nobody may look into it


def _limit(limits: Limits) -> None:
    space = (limits.memory + LIBRARIES) * MEGABYTE
    cpu = int(limits.cpu) + 1
    for what, most in (
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_AS, space),
        (resource.RLIMIT_FSIZE, SCRATCH[0][1] * MEGABYTE),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_NPROC, MOST_PROCESSES),
        (resource.RLIMIT_CORE, 1),  # not 0: a host that pipes dumps to a program would start it all the same
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        resource.setrlimit(what, (most, most))


# ---- the system ----


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str = "") -> None:
    texts = [None if text is None else text.encode() for text in (source, target, kind)]
    if _libc.mount(*texts, ctypes.c_ulong(flags), options.encode()):
        raise _error(f"mounting {target}")


def _prctl(*arguments: int) -> None:
    if _libc.prctl(*arguments, *[0] * (5 - len(arguments))):
        raise _error("prctl")


def _error(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{what}: {os.strerror(number)}")
