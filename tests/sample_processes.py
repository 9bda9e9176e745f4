"""Processes of this machine, seen from outside."""

import contextlib
import threading
from pathlib import Path


def descendants(pid):
    """All processes below one, as far as they can be seen."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(") ")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def alive(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    return False


class Watch(threading.Thread):
    """Notes every process that stands below one, as long as it runs."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.seen, self._ended = pid, set(), threading.Event()

    def run(self):
        while not self._ended.wait(0.1):
            self.seen |= descendants(self.pid)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self.join()
