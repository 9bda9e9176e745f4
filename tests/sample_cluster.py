"""A dask cluster on this machine: a scheduler, and worker processes of one thread each."""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

_RUN = "from distributed.cli.dask_{0} import main; main()"


@contextmanager
def cluster(folder: Path, workers: int = 2):
    """Give the address of its scheduler."""
    file = folder / "scheduler.json"
    common = ["--scheduler-file", str(file), "--no-dashboard"]
    running = [_started("scheduler", folder, *common, "--port", "0", "--host", "127.0.0.1")]
    try:
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        running.append(_started("worker", folder, *common, "--nworkers", str(workers), "--nthreads", "1"))
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


def _started(part, folder, *options):
    command = [sys.executable, "-c", _RUN.format(part), *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
