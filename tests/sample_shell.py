"""The command line in this process and in one of its own."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

import bplearn
from bplearn.cli import main

PACKAGE = Path(bplearn.__file__).parent


def run(*args: object):
    before = os.environ.get("BPLEARN_HOME")
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    os.environ.pop("BPLEARN_HOME", None) if before is None else None
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def process(
    *args: object, cwd: Path, package: Path = PACKAGE, **more: str
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(package.parent), "PYTHONIOENCODING": "utf-8", **more}
    command = [sys.executable, "-m", "bplearn", *map(str, args)]
    options = {"capture_output": True, "text": True, "encoding": "utf-8", "timeout": 120, "check": False}
    return subprocess.run(command, cwd=cwd, env=environment, **options)
