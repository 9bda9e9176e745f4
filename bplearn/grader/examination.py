"""Try the sandbox as it will be used, and say what to do if it does not work here."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

_TRIAL = (  # a world inside the box, with its own /proc: what every submission gets
    "import os; from bplearn.grader import jail; "
    "code = os.waitpid(jail.spawn(lambda: os._exit(7), jail.Limits(5, 256)), 0)[1]; "
    "raise SystemExit(0 if code >> 8 == 7 else 'the world inside the box does not start')"
)
_SECONDS = 60.0


class Examined(NamedTuple):
    """What was found: whether it works, what was seen, what to do."""

    works: bool
    found: str
    advice: str = ""


def examine() -> Examined:
    """Try it."""
    if sys.platform != "linux":
        advice = "Grade on Linux, or in a virtual machine."
        return Examined(False, f"it needs Linux, and this is {sys.platform}", advice)
    from bplearn.grader import forks

    missing = forks.program_missing()
    if missing:
        package = "bubblewrap" if missing == "bwrap" else "util-linux"
        return Examined(False, f"there is no {missing}", f"Install it: apt-get install {package}.")
    try:
        words = _tried()
    except (OSError, subprocess.TimeoutExpired) as error:
        return Examined(False, f"it does not start: {error}")
    if words:
        return Examined(False, words, _advice())
    return Examined(True, "bubblewrap, and a world of its own for each submission")


def _tried() -> str:
    """Run the trial; return "" or what was said when it failed."""
    from bplearn.grader import box

    with tempfile.TemporaryDirectory(prefix="bplearn-box-") as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "box"
        box.lay_out("00_start_here", folder)
        run = subprocess.run(
            box.command(folder, _TRIAL),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env=box.environment(),
            stdin=subprocess.DEVNULL,
        )
    words = run.stderr.decode(errors="replace").strip().splitlines() or ["it says nothing"]
    return words[-1][:200] if run.returncode else ""


def _advice() -> str:
    """What an administrator has to allow."""
    switches = {
        "/proc/sys/kernel/unprivileged_userns_clone": ("0", "sysctl kernel.unprivileged_userns_clone=1"),
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
            "1",
            "sysctl kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        "/proc/sys/user/max_user_namespaces": ("0", "sysctl user.max_user_namespaces=10000"),
    }
    for path, (bad, command) in switches.items():
        if os.path.exists(path) and Path(path).read_text().strip() == bad:
            return f"Allow user namespaces: {command}."
    docker = "--security-opt seccomp=unconfined --security-opt systempaths=unconfined"
    return f"Allow user namespaces on this host (in Docker: {docker})."
