"""A real JupyterLab in a real browser, and the things that a test does with a notebook in it."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bplearn

CHROMIUM_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
LAB_FLAGS = (
    *("--allow-root", "--no-browser", "--IdentityProvider.token=", "--ServerApp.port_retries=0"),
    "--LabApp.expose_app_in_browser=True",  # gives the page `jupyterapp`
)
CONTENT = "jupyterapp.shell.currentWidget.content"
# As in `bplearn lab` widget state is saved and lines are wrapped; the rest keeps the page still and complete.
SETTINGS = {
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
    "@jupyterlab/notebook-extension:tracker": {
        "windowingMode": "none",
        "codeCellConfig": {"lineWrap": True},
    },
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}
PATIENCE = 90_000  # milliseconds


def chromium() -> str | None:
    """Return where Debian's chromium is, None if it is not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


# ---- the server ----


class Lab:
    """A JupyterLab server with settings of its own, over one folder."""

    def __init__(
        self, folder: Path, home: Path, command: tuple[str, ...] = (), env: dict[str, str] | None = None
    ):
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        start = command or (sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}")
        self._log = open(home / "lab.log", "wb")  # noqa: SIM115 (closed in stop)
        self._process = subprocess.Popen(
            [*start, *LAB_FLAGS, f"--ServerApp.port={self.port}"],
            env={**_environment(home), **(env or {})},
            cwd=folder,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._wait(Path(self._log.name))

    def _wait(self, log: Path) -> None:
        for _ in range(600):
            if self._process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/api/status", timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"JupyterLab did not start: {log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """End the server and its kernels."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(home: Path) -> dict[str, str]:
    """Return an environment in which nothing of the user's own settings is read or written."""
    config = home / "config"
    (config / "labconfig").mkdir(parents=True, exist_ok=True)
    (config / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(SETTINGS))
    own = (
        "JUPYTERLAB_SETTINGS_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_RUNTIME_DIR",
    )
    folders = {
        name: str(home / name.lower()) for name in (*own, "JUPYTER_DATA_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
    }
    package = str(Path(bplearn.__file__).parents[1])
    path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH", ""))))
    return {
        **os.environ,
        **folders,
        "JUPYTER_CONFIG_PATH": str(config),
        "PYTHONPATH": path,
        "BPLEARN_BUILD": "",
    }


# ---- a notebook on the page ----


def write_notebook(path: Path, *sources: str) -> Path:
    """Write a notebook of code cells."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{k}",
            "metadata": {},
            "source": s,
            "outputs": [],
            "execution_count": None,
        }
        for k, s in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells})
    )
    return path


@dataclass
class Notebook:
    """One notebook open in JupyterLab, as a learner sees it."""

    page: Any
    url: str

    @classmethod
    def open(cls, page: Any, lab: Lab, name: str) -> Notebook:
        """Open a notebook of the lab's folder by its path and wait until its kernel is idle."""
        notebook = cls(page, f"{lab.url}/doc/tree/{name}")
        notebook.load()
        return notebook

    def load(self) -> None:
        """Load the page (again) and wait for cells and kernel."""
        self.page.goto(self.url)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=PATIENCE)
        self.wait_idle()

    def wait_idle(self) -> None:
        """Wait until the kernel has nothing to do."""
        idle = (
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        )
        self.page.wait_for_function(idle, timeout=PATIENCE)

    def command(self, name: str, **arguments: Any) -> None:
        """Carry out one of JupyterLab's commands."""
        self.page.evaluate(
            "([name, given]) => jupyterapp.commands.execute(name, given).then(() => null)", [name, arguments]
        )

    # ---- cells ----

    def cell(self, i: int) -> Any:
        """Return cell i."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(i)

    def cell_count(self) -> int:
        """Return how many cells the notebook has."""
        return int(self.page.evaluate(f"() => {CONTENT}.widgets.length"))

    def cell_with(self, text: str) -> int:
        """Return the number of the first cell whose source contains a text."""
        find = f"t => {CONTENT}.widgets.findIndex(cell => cell.model.sharedModel.source.includes(t))"
        found = int(self.page.evaluate(find, text))
        assert found >= 0, f"no cell contains {text!r}"
        return found

    def activate(self, i: int) -> None:
        """Make cell i the active one, in command mode."""
        self.page.evaluate(
            f"i => {{ {CONTENT}.activeCellIndex = i; {CONTENT}.mode = 'command'; }}",
            i,
        )

    def active(self) -> int:
        """Return the number of the active cell."""
        return int(self.page.evaluate(f"() => {CONTENT}.activeCellIndex"))

    def in_command_mode(self) -> bool:
        """Return whether plain keys would go to the notebook."""
        return bool(self.page.evaluate(f"() => {CONTENT}.mode === 'command'"))

    def type_into(self, i: int, text: str) -> None:
        """Replace a cell's source as by typing; then back to command mode."""
        self.cell(i).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Escape")

    # ---- running ----

    def run_all(self) -> None:
        """Run all cells and wait until the last has ended."""
        self.command("notebook:run-all-cells")
        self.wait_idle()

    def run(self, i: int) -> None:
        """Run cell i and wait."""
        self.activate(i)
        self.command("notebook:run-cell")
        self.wait_idle()

    def reopen(self) -> None:
        """End the kernel and open the notebook again, as on the next day."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.load()

    def restart(self) -> None:
        """Restart the kernel, as from the menu, without its question."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        self.wait_idle()

    def save(self) -> None:
        """Save the notebook."""
        self.command("docmanager:save")

    # ---- outputs ----

    def outputs(self, i: int) -> Any:
        """Return the outputs of cell i."""
        return self.cell(i).locator(".jp-OutputArea-output")

    def output_text(self, i: int) -> str:
        """Return the words that the outputs of cell i show."""
        return "\n".join(self.outputs(i).all_inner_texts())

    def says(self, i: int) -> Any:
        """Return the line in which the live picture of cell i says its values."""
        return self.outputs(i).locator(".bpl-says")

    def errors(self) -> list[str]:
        """Return the text of each error shown: tracebacks, and widgets that found no model."""
        shown = self.page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']")
        broken = self.page.get_by_text("Error displaying widget")
        return [*shown.all_inner_texts(), *broken.all_inner_texts()]

    def assert_no_errors(self) -> None:
        """Fail if any output is an error."""
        assert self.errors() == []

    # ---- looks ----

    def theme(self, name: str) -> None:
        """Switch to "light" or "dark"."""
        self.command("apputils:change-theme", theme=f"JupyterLab {name.capitalize()}")
        self.page.wait_for_selector(
            f'body[data-jp-theme-light="{str(name == "light").lower()}"]', state="attached"
        )

    def screenshot(self, name: str, i: int | None = None) -> Path:
        """Keep a picture of the page or of cell i's outputs in the folder BPLEARN_SCREENSHOTS."""
        path = picture_path(name)
        what = self.page if i is None else self.cell(i).locator(".jp-OutputArea").first
        what.screenshot(path=str(path))
        return path


def picture_path(name: str) -> Path:
    """Return where a screenshot of this name goes: the folder BPLEARN_SCREENSHOTS, or a temporary one."""
    given = os.environ.get("BPLEARN_SCREENSHOTS")
    folder = Path(given) if given else Path(tempfile.gettempdir()) / "bplearn-screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower())}.png"
