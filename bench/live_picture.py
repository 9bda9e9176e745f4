"""Live pictures: milliseconds from a real key press to the painted picture, beside one that Python redraws.

    python bench/live_picture.py [PICTURE...]

Needs playwright and chromium. Target (design.md 7): at most 16 ms in the median.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.browser.lab import CHROMIUM_FLAGS, Lab, Notebook, chromium, write_notebook
from tests.browser.live_rows import CALLS, CONTROLS

SETUP = "import numpy as np\nfrom bplearn import viz"
REDRAWN = """import ipywidgets, numpy as np
from bplearn.nn import sigmoid, squared_error
from IPython.display import Image, display
from matplotlib.figure import Figure
import io
def show(w):
    figure = Figure(figsize=(6.4, 3.6))
    ax = figure.subplots()
    dial = np.linspace(-5, 5, 161)
    ax.plot(dial, squared_error(sigmoid(dial * 1.5), 0.2))
    ax.plot([w], [squared_error(sigmoid(w * 1.5), 0.2)], "o")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    display(Image(buffer.getvalue()))
ipywidgets.interact(show, w=ipywidgets.FloatSlider(value=0, min=-5, max=5, step=0.01));"""

# Painted: the first task after the frame that follows the change. The clock starts at the key's time stamp.
LISTEN = """target => {
  window.times = { handled: [], painted: [] };
  target.addEventListener('input', event => {
    const start = window.keyAt;
    queueMicrotask(() => window.times.handled.push(performance.now() - event.timeStamp));
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.times.painted.push(performance.now() - start);
      channel.port2.postMessage(0);
    });
  });
  target.addEventListener('keydown', event => { window.keyAt = event.timeStamp; }, true);
}"""
REDRAW = """output => {
  window.redrawn = [];
  document.addEventListener('keydown', event => { window.keyAt = event.timeStamp; }, true);
  new MutationObserver(() => {
    const image = output.querySelector('.jupyter-widgets-output-area img, .widget-output img');
    if (!image || image === window.seen) return;
    window.seen = image;
    image.decode().then(() => requestAnimationFrame(() => setTimeout(() => {
      if (window.keyAt) window.redrawn.push(performance.now() - window.keyAt);
    })));
  }).observe(output, { childList: true, subtree: true });
}"""
PRESSES = 60
REDRAWS = 15


def main() -> None:
    names = sys.argv[1:] or sorted(CONTROLS)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for name in ("notebooks", "home"):
            (Path(folder) / name).mkdir()
        lab = Lab(Path(folder) / "notebooks", Path(folder) / "home")
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        try:
            calls = [CALLS.get(name, f"viz.{name}()") for name in names]
            write_notebook(lab.folder / "bench.ipynb", SETUP, *calls, REDRAWN)
            measure(Notebook.open(browser.new_page(), lab, "bench.ipynb"), names)
        finally:
            browser.close()
            lab.stop()


def measure(notebook: Notebook, names: list[str]) -> None:
    notebook.run_all()
    print(
        "How: JupyterLab in headless chromium, arrow keys as real key events on the picture's first control,"
    )
    print("from the key's own time stamp. A frame comes every 16.7 ms: a key waits about 8 ms for it.")
    print("work: to the end of the handler. painted: the first task after the frame that follows.")
    print(f"{'picture':28}{'work ms':>9}{'p90':>7}{'painted':>9}{'p90':>7}{'n':>5}")
    painted = []
    for k, name in enumerate(names, start=1):
        times = press_live(notebook, k, CONTROLS[name])
        row(name, times["handled"], times["painted"])
        painted += times["painted"]
    redrawn = press_redrawn(notebook, len(names) + 1)
    row("interact, matplotlib, PNG", redrawn, redrawn)
    print(f"redrawn / live, painted: {statistics.median(redrawn) / statistics.median(painted):.1f}")


def press_live(notebook: Notebook, cell: int, label: str) -> dict[str, list[float]]:
    notebook.says(cell).wait_for()
    control = notebook.outputs(cell).get_by_label(label).first
    control.evaluate(LISTEN)
    control.focus()
    for k in range(PRESSES):
        notebook.page.keyboard.press("ArrowRight" if k % 20 < 10 else "ArrowLeft")
        notebook.page.wait_for_timeout(25 + 7 * (k % 5))  # at different moments of a frame
    return notebook.page.evaluate("() => window.times")


def press_redrawn(notebook: Notebook, cell: int) -> list[float]:
    output = notebook.cell(cell).locator(".jp-OutputArea").first
    output.locator("img").first.wait_for()
    output.evaluate(REDRAW)
    notebook.cell(cell).locator(".noUi-handle").first.focus()
    for k in range(REDRAWS):
        notebook.page.keyboard.press("ArrowRight")
        notebook.page.wait_for_function(f"() => window.redrawn.length > {k}", timeout=20_000)
    return notebook.page.evaluate("() => window.redrawn")


def row(name: str, work: list[float], painted: list[float]) -> None:
    numbers = (
        f"{statistics.median(v):9.1f}{statistics.quantiles(v, n=10)[-1]:7.1f}" for v in (work, painted)
    )
    print(f"{name:28}{''.join(numbers)}{len(painted):5d}")


if __name__ == "__main__":
    main()
