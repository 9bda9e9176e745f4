"""What every test can rely on: one thread, a record of its own, and a plain word on what is missing.

A test that needs a browser, the sandbox, PyTorch or axe bears the mark of that name. Where it is missing the
test is skipped with a line that says what to install, or fails if the word stands in BPLEARN_REQUIRE (in CI:
``BPLEARN_REQUIRE=browser,sandbox,torch,axe``).
"""

import functools
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # before numpy is imported: two threads cost more CPU time than one

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
AXE = Path(sys.prefix) / "axe" / "node_modules" / "axe-core" / "axe.min.js"
TRY_SANDBOX = ("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true")


# ---- what is needed, and what to type if it is missing ----


def _browser():
    if importlib.util.find_spec("playwright") is None:
        return "python -m pip install playwright"
    return "" if any(map(shutil.which, CHROMIUM)) else "apt-get install chromium"


def _sandbox():
    if shutil.which("bwrap") is None:
        return "apt-get install bubblewrap (Linux only)"
    works = subprocess.run(TRY_SANDBOX, capture_output=True).returncode == 0
    return "" if works else "bubblewrap is installed, but this machine does not let it make namespaces"


def _torch():
    return "" if importlib.util.find_spec("torch") else "python -m pip install torch==2.13.0"


def _axe():
    return "" if AXE.exists() else "make axe (needs npm)"


@functools.cache
def _missing(word):
    return {"browser": _browser, "sandbox": _sandbox, "torch": _torch, "axe": _axe}[word]()


def pytest_collection_modifyitems(items):
    """A test that asks for the fixture ``torch`` or ``axe`` bears the mark as well."""
    for item in items:
        for word in ("torch", "axe"):
            if word in getattr(item, "fixturenames", ()):
                item.add_marker(word)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Skip what cannot run here, or fail if BPLEARN_REQUIRE names it."""
    for word in ("browser", "sandbox", "torch", "axe"):
        if item.get_closest_marker(word) and (advice := _missing(word)):
            line = f"needs {word}: {advice}"
            if word in os.environ.get("BPLEARN_REQUIRE", "").split(","):
                pytest.fail(f"{line} (BPLEARN_REQUIRE asks for it)", pytrace=False)
            pytest.skip(line)


# ---- fixtures ----


@pytest.fixture(scope="session")
def torch():
    """PyTorch, the independent witness: it shares no line with this course."""
    module = importlib.import_module("torch")
    module.set_num_threads(1)
    return module


@pytest.fixture(scope="session")
def chromium():
    """Path of the browser."""
    return next(filter(None, map(shutil.which, CHROMIUM)))


@pytest.fixture(scope="session")
def axe():
    """Give ``axe(page, selector)``, which says what in a part of a page is a serious barrier or worse."""
    source = AXE.read_text(encoding="utf-8")

    def found(page, selector="body"):
        page.evaluate(source)
        violations = page.evaluate("where => axe.run(where).then((result) => result.violations)", selector)
        serious = [v for v in violations if v["impact"] in ("serious", "critical")]
        return [f"{v['id']}: {v['help']}: {node['html']}" for v in serious for node in v["nodes"]]

    return found


@pytest.fixture(scope="session", autouse=True)
def _no_session_writes_the_users_record(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BPLEARN_HOME", str(tmp_path_factory.mktemp("record")))
        yield


@pytest.fixture(autouse=True)
def _no_test_reads_the_record_of_another(tmp_path, monkeypatch):
    monkeypatch.setenv("BPLEARN_HOME", str(tmp_path / ".bplearn"))
