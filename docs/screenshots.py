"""Screenshots of the real thing, in JupyterLab and chromium.

    python docs/screenshots.py                      the README's pictures, into this folder
    python docs/screenshots.py --lessons FOLDER     each lesson whole after Run All, light and dark, to see

Names of lessons after it take only those.
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from bplearn.exercises import LESSONS
from bplearn.notebooks import course_folder
from tests.browser.lab import CHROMIUM_FLAGS, Lab, Notebook, chromium, write_notebook

WIDTH = 1000  # CSS pixels of a lesson's page
PIECE, OVERLAP = 1800, 120  # a lesson is cut into pieces as tall as this
WRONG = """def neuron_gradient(x, w, b, y):
    y_hat = 1 / (1 + np.exp(-(w * x + b)))
    dw = (y_hat - y) * x
    db = (y_hat - y) * y_hat * (1 - y_hat)
    return dw, db"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--lessons", type=Path, metavar="FOLDER")
    asked.add_argument("names", nargs="*", choices=[*LESSONS, []], metavar="LESSON")
    given = asked.parse_args()
    with server() as (lab, browser):
        if given.lessons:
            given.lessons.mkdir(parents=True, exist_ok=True)
            for name in given.names or LESSONS:
                whole_lesson(lab, browser, name, given.lessons)
        else:
            for_readme(lab, browser)


@contextmanager
def server() -> Iterator[tuple[Lab, Any]]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for name in ("notebooks", "home", "record"):
            (Path(folder) / name).mkdir()
        record = {"BPLEARN_HOME": str(Path(folder) / "record")}
        lab = Lab(Path(folder) / "notebooks", Path(folder) / "home", env=record)
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        try:
            yield lab, browser
        finally:
            browser.close()
            lab.stop()


# ---- every lesson, whole ----


def whole_lesson(lab: Lab, browser: Any, name: str, folder: Path) -> None:
    shutil.copy(course_folder() / "lessons" / f"{name}.ipynb", lab.folder)
    page = browser.new_page(viewport={"width": WIDTH, "height": PIECE})
    notebook = Notebook.open(page, lab, f"{name}.ipynb")
    page.evaluate("() => jupyterapp.shell.collapseLeft()")
    notebook.run_all()
    page.wait_for_timeout(1000)
    scroll = "top => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = top; }"
    height = page.evaluate("() => document.querySelector('.jp-WindowedPanel-outer').scrollHeight")
    for theme in ("light", "dark"):
        notebook.theme(theme)
        for k, top in enumerate(range(0, height, PIECE - OVERLAP)):
            page.evaluate(scroll, top)
            page.wait_for_timeout(250)
            page.screenshot(path=folder / f"{name}-{theme}-{k}.png")
    print(f"{name}: {height} pixels high")
    page.close()


# ---- the README's pictures ----


def for_readme(lab: Lab, browser: Any) -> None:
    page = browser.new_page(viewport={"width": WIDTH, "height": 1200}, device_scale_factor=1.5)
    picture_of(lab, page, "backprop_diagram", ["Next step ▸"] * 9)
    picture_of(lab, page, "playground", ["each hidden unit's line", "Train"])
    card(lab, page)
    page.close()
    graded_class(browser)


def picture_of(lab: Lab, page: Any, name: str, presses: list[str]) -> None:
    write_notebook(lab.folder / f"{name}.ipynb", f"from bplearn import viz\nviz.{name}()")
    notebook = Notebook.open(page, lab, f"{name}.ipynb")
    notebook.run_all()
    picture = notebook.outputs(0).locator(".bpl")
    for press in presses:
        picture.get_by_text(press, exact=True).click()
    page.wait_for_timeout(1800)  # a training runs meanwhile
    keep(picture.screenshot(), name)


def card(lab: Lab, page: Any) -> None:
    shutil.copy(course_folder() / "lessons" / "01_one_weight.ipynb", lab.folder)
    notebook = Notebook.open(page, lab, "01_one_weight.ipynb")
    notebook.run_all()
    answer = notebook.cell_with("def neuron_gradient(")
    check = notebook.cell_with("check(neuron_gradient)")
    notebook.type_into(answer, WRONG)
    notebook.run(answer)
    notebook.run(check)
    both = [notebook.cell(k) for k in (answer, check)]
    shots = [Image.open(io.BytesIO(one.screenshot())) for one in both]
    whole = Image.new("RGB", (shots[0].width, sum(shot.height for shot in shots)), "white")
    for k, shot in enumerate(shots):
        whole.paste(shot, (0, sum(before.height for before in shots[:k])))
    buffer = io.BytesIO()
    whole.save(buffer, "png")
    keep(buffer.getvalue(), "card")


def graded_class(browser: Any) -> None:
    """The upper part of the page of an example class, by the README's two commands."""
    with tempfile.TemporaryDirectory() as folder:
        for command in (
            "dev class example --size 60 --seed 3",
            "grade example/submissions -o marks --seed 7",
        ):
            subprocess.run([sys.executable, "-m", "bplearn", *command.split()], cwd=folder, check=True)
        page = browser.new_page(viewport={"width": WIDTH, "height": 1180}, device_scale_factor=1.5)
        page.goto(f"file://{folder}/marks/class.html")
        keep(page.screenshot(), "class")
        page.close()


def keep(png: bytes, name: str) -> None:
    """Store with 256 colours: half the size, and nobody sees it."""
    path, shot = HERE / f"{name}.png", Image.open(io.BytesIO(png)).convert("RGB")
    shot.quantize(256, method=Image.Quantize.MAXCOVERAGE).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
