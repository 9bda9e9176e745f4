"""What works on this machine, and what to type if something does not."""

import json
import os
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from bplearn.version import __version__

NEEDED = ("numpy", "matplotlib", "jupyterlab", "ipykernel", "ipywidgets", "jupyterlab_widgets", "anywidget")
SIGNS = {"good": "✓", "broken": "✗", "missing": "○"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``state``: good, broken, or missing where only some need it."""

    what: str
    state: str
    found: str
    advice: str = ""

    @property
    def sign(self) -> str:
        """The state as a sign and a word."""
        return f"{SIGNS[self.state]} {self.state}"


def examine(course: Path, settings: Path) -> list[Finding]:
    """Look at Python, packages, lessons, this folder and the sandbox.

    Parameters
    ----------
    course : Path
        The folder of ``lessons`` and ``solutions``.
    settings : Path
        The folder that ``bplearn lab`` puts before ``JUPYTER_CONFIG_PATH``.
    """
    return [
        _python(),
        Finding("bplearn", "good", __version__),
        *map(_package, NEEDED),
        _kernel(),
        _widget_state(settings),
        _lessons(course),
        _folder(Path()),
        _sandbox(),
    ]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    state = "good" if sys.version_info >= (3, 11) else "broken"
    return Finding("Python", state, version, "" if state == "good" else "Install Python 3.11 or newer.")


def _package(name: str) -> Finding:
    try:
        return Finding(name, "good", metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(name, "broken", "not installed", f"python -m pip install {name}")


def _kernel() -> Finding:
    """JupyterLab runs notebooks in the kernel ``python3``, which may be another Python."""
    what, advice = "kernel python3", "python -m ipykernel install --sys-prefix"
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        return Finding(what, "broken", "not installed", "python -m pip install ipykernel")
    try:
        program = str(KernelSpecManager().get_kernel_spec("python3").argv[0])
    except NoSuchKernel:
        return Finding(what, "broken", "none", advice)
    if program in ("python", "python3", sys.executable):
        return Finding(what, "good", "this Python")
    return Finding(what, "broken", f"another Python: {program}", advice)


def _widget_state(settings: Path) -> Finding:
    what, file = "saved live pictures", settings / "labconfig" / "default_setting_overrides.json"
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Finding(
            what, "broken", "setting is missing", "python -m pip install --force-reinstall bplearn"
        )
    return Finding(what, "good", "with `bplearn lab`; elsewhere run the cell again")


def _lessons(course: Path) -> Finding:
    counts = [len(list((course / place).glob("*.ipynb"))) for place in ("lessons", "solutions")]
    found = f"{counts[0]} lessons, {counts[1]} solutions"
    return Finding(
        "lessons", "good" if min(counts) else "broken", found, "" if min(counts) else "bplearn dev build"
    )


def _folder(here: Path) -> Finding:
    good = os.access(here, os.W_OK)
    advice = "" if good else "Go to a folder of your own."
    return Finding("this folder", "good" if good else "broken", "writable" if good else "read-only", advice)


def _sandbox() -> Finding:
    """Only grading a class needs it; it is tried as it will be used."""
    from bplearn.grader import examination

    seen = examination.examine()
    return Finding("sandbox (grading)", "good" if seen.works else "missing", seen.found, seen.advice)
