"""What every test can rely on: one thread, a record of its own, and a plain word on what is missing.

A test that needs a browser, the sandbox or PyTorch bears the mark of that name. Where it is missing the test
is skipped with a line that says what to install, or fails if the word stands in BPLEARN_REQUIRE (as in CI:
``BPLEARN_REQUIRE=browser,sandbox,torch``).
"""

import functools
import importlib
import importlib.util
import os
import shutil
import subprocess

import pytest

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # before numpy is imported: two threads cost more CPU time than one

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
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


@functools.cache
def _missing(word):
    return {"browser": _browser, "sandbox": _sandbox, "torch": _torch}[word]()


def pytest_collection_modifyitems(items):
    """A test that asks for the fixture ``torch`` bears the mark as well."""
    for item in items:
        if "torch" in getattr(item, "fixturenames", ()):
            item.add_marker("torch")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Skip what cannot run here, or fail if BPLEARN_REQUIRE names it."""
    for word in ("browser", "sandbox", "torch"):
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


@pytest.fixture(scope="session", autouse=True)
def _no_session_writes_the_users_record(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BPLEARN_HOME", str(tmp_path_factory.mktemp("record")))
        yield


@pytest.fixture(autouse=True)
def _no_test_reads_the_record_of_another(tmp_path, monkeypatch):
    monkeypatch.setenv("BPLEARN_HOME", str(tmp_path / ".bplearn"))
