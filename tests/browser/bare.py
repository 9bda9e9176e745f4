"""A live picture in an empty page: all of it that is JavaScript, without JupyterLab, at once.

    python -m tests.browser.bare loss_explorer out.png --dark --width 500 --click "Step downhill"

takes a screenshot; --click and --key are done first, in their order (a key goes to the first control).
"""

from __future__ import annotations

import argparse
import json
from typing import Any
from unittest import mock

from bplearn import viz
from bplearn.viz import live
from tests.browser.lab import CHROMIUM_FLAGS, chromium
from tests.browser.live_rows import ARGUMENTS

GROUNDS = {"light": "#ffffff", "dark": "#111111"}
INKS = {"light": "rgba(0,0,0,.87)", "dark": "#ffffff"}
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>picture</title><style>{css}
body {{ margin: 16px; --jp-layout-color0: {ground}; --jp-content-font-color1: {ink}; background: {ground}; }}
</style></head><body data-jp-theme-light="{light}"><main id="here"></main></body></html>"""
BEGIN = """async ([source, state]) => {
  const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const kept = { state, answer: [-1, 0], reply: "" };
  const put = (name, value) => (kept[name] = value);
  const model = { get: (name) => kept[name], set: put, save_changes() {}, on() {}, off() {} };
  window.endPicture = await module.default.render({ model, el: document.getElementById("here") });
}"""
COMPUTE = """async ([source, inputs]) => {
  window.inputs = inputs;
  const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  return JSON.stringify(module.results);
}"""


def live_of(name: str, *args: Any, **kwargs: Any) -> live.Live:
    """Return the widget that a function of `viz` would display."""
    with mock.patch.object(live, "show_live") as shown:
        getattr(viz, name)(*args, **kwargs)
    return shown.call_args.args[0]


def computed(page: Any, names: list[str], expression: str, inputs: list[Any]) -> list[Any]:
    """Return what a JavaScript expression in ``i`` gives for each input, after files of these names."""
    source = f"{live.script(*names)}\nexport const results = window.inputs.map((i) => {expression});"
    page.goto("about:blank")
    return json.loads(page.evaluate(COMPUTE, [source, inputs]))


def show(page: Any, name: str, theme: str = "light", width: int = 832) -> Any:
    """Show a live picture in an empty page, and return its outer element."""
    picture = live_of(name, **ARGUMENTS.get(name, dict)())
    look = {"ground": GROUNDS[theme], "ink": INKS[theme], "light": str(theme == "light").lower()}
    page.goto("about:blank")
    page.set_viewport_size({"width": width, "height": 1000})
    page.set_content(PAGE.format(css=live.Live._css, **look))
    page.evaluate(BEGIN, [str(picture._esm), picture.state])
    page.locator(".bpl-says").wait_for()
    return page.locator(".bpl")


def main() -> None:
    """Take one screenshot, as the command line says."""
    from playwright.sync_api import sync_playwright

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("name")
    asked.add_argument("path")
    asked.add_argument("--dark", action="store_true")
    asked.add_argument("--width", type=int, default=832)
    asked.add_argument("--click", dest="acts", action="append", type=lambda name: ("click", name), default=[])
    asked.add_argument("--key", dest="acts", action="append", type=lambda key: ("key", key))
    given = asked.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        page = browser.new_context(has_touch=True).new_page()
        page.on("pageerror", lambda error: print("ERROR", error))
        page.on("console", lambda message: print("console:", message.text))
        root = show(page, given.name, "dark" if given.dark else "light", given.width)
        for kind, what in given.acts:
            if kind == "click":
                buttons = page.get_by_role("button", name=what)
                (buttons if buttons.count() else page.get_by_text(what)).first.click()
            else:
                root.locator("input").first.press(what)
            page.wait_for_timeout(50)
        print(root.locator(".bpl-says").inner_text())
        root.screenshot(path=given.path)
        browser.close()


if __name__ == "__main__":
    main()
