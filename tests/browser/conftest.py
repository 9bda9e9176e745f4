"""One server and one browser for the whole session; a page of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser.bare import computed
from tests.browser.lab import CHROMIUM_FLAGS, PATIENCE, Lab, Notebook, chromium


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Give a JupyterLab over an empty folder: put notebooks into ``lab.folder``."""
    server = Lab(tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Give Debian's chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield running
        running.close()


@contextmanager
def sheet_of(browser: Any) -> Iterator[Any]:
    """Open a page whose errors and outside requests fail the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, has_touch=True)
    context.set_default_timeout(PATIENCE)
    troubles: list[str] = []
    sheet = context.new_page()
    sheet.on("pageerror", lambda error: troubles.append(str(error)))
    sheet.on("request", lambda request: troubles.append(request.url) if _outside(request.url) else None)
    yield sheet
    context.close()
    assert troubles == []


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """Give a page for one test."""
    with sheet_of(browser) as sheet:
        yield sheet


@pytest.fixture(scope="module")
def shared_page(browser: Any) -> Iterator[Any]:
    """Give a page for all tests of a file: opening a notebook costs seconds."""
    with sheet_of(browser) as sheet:
        yield sheet


@pytest.fixture
def open_notebook(page: Any, lab: Lab) -> Callable[[Path | str], Notebook]:
    """Give a function that opens a notebook of the lab's folder."""
    return lambda path: Notebook.open(page, lab, str(path))


@pytest.fixture
def compute(shared_page: Any) -> Callable[[list[str], str, list[Any]], list[Any]]:
    """Give ``compute(files, expression, inputs)``, which computes an expression in ``i`` in the browser."""
    return lambda names, expression, inputs: computed(shared_page, names, expression, inputs)


def _outside(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))
