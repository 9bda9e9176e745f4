"""Live picture: milliseconds from a real key press to the painted picture, beside one that Python redraws.

    python bench/live_picture.py

Needs playwright and chromium. Target (design.md 7): at most 16 ms in the median.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.browser.lab import CHROMIUM_FLAGS, Lab, Notebook, chromium, write_notebook

LIVE = "from bplearn import viz\nviz.loss_explorer()"
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
  window.times = { handled: [], painted: [], twoFrames: [] };
  target.addEventListener('input', event => {
    const start = window.keyAt;
    queueMicrotask(() => window.times.handled.push(performance.now() - event.timeStamp));
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.times.painted.push(performance.now() - start);
      channel.port2.postMessage(0);
      requestAnimationFrame(() => window.times.twoFrames.push(performance.now() - start));
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
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for name in ("notebooks", "home"):
            (Path(folder) / name).mkdir()
        lab = Lab(Path(folder) / "notebooks", Path(folder) / "home")
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        try:
            write_notebook(lab.folder / "bench.ipynb", LIVE, REDRAWN)
            measure(Notebook.open(browser.new_page(), lab, "bench.ipynb"))
        finally:
            browser.close()
            lab.stop()


def measure(notebook: Notebook) -> None:
    notebook.run_all()
    notebook.says(0).wait_for()
    live = press_live(notebook)
    redrawn = press_redrawn(notebook)
    print("How: JupyterLab in headless chromium, the slider of loss_explorer, arrow keys as real key events,")
    print("from the key's own time stamp. A frame comes every 16.7 ms: a key waits about 8 ms for it.")
    print(f"{'':44}{'median ms':>10}{'p90':>8}{'n':>5}")
    row("live: own work (to the end of the handler)", live["handled"])
    row("live: painted (first task after the frame)", live["painted"])
    row("live: two animation frames (upper bound)", live["twoFrames"])
    row("interact, matplotlib redrawn, PNG painted", redrawn)
    ratio = statistics.median(redrawn) / statistics.median(live["painted"])
    print(f"redrawn / live, painted: {ratio:.1f}")


def press_live(notebook: Notebook) -> dict[str, list[float]]:
    slider = notebook.outputs(0).get_by_label("dial w")
    slider.evaluate(LISTEN)
    slider.focus()
    for k in range(PRESSES):
        notebook.page.keyboard.press("ArrowRight" if k % 20 < 10 else "ArrowLeft")
        notebook.page.wait_for_timeout(25 + 7 * (k % 5))  # at different moments of a frame
    return notebook.page.evaluate("() => window.times")


def press_redrawn(notebook: Notebook) -> list[float]:
    output = notebook.cell(1).locator(".jp-OutputArea").first
    output.locator("img").first.wait_for()
    output.evaluate(REDRAW)
    notebook.cell(1).locator(".noUi-handle").first.focus()
    for k in range(REDRAWS):
        notebook.page.keyboard.press("ArrowRight")
        notebook.page.wait_for_function(f"() => window.redrawn.length > {k}", timeout=20_000)
    return notebook.page.evaluate("() => window.redrawn")


def row(name: str, values: list[float]) -> None:
    p90 = statistics.quantiles(values, n=10)[-1]
    print(f"{name:44}{statistics.median(values):10.1f}{p90:8.1f}{len(values):5d}")


if __name__ == "__main__":
    main()
