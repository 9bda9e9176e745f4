"""Every live picture: mouse, touch and keys, its double beside it, a restart, each width and theme."""

import re

import pytest

from tests.browser.bare import live_of, show
from tests.browser.lab import Notebook, write_notebook
from tests.browser.live_rows import ARGUMENTS, CALLS, CONTROLS, DRAGS

pytestmark = pytest.mark.browser

NAMES = sorted(CONTROLS)
SETUP = "import numpy as np\nfrom bplearn import viz"
# Texts of a drawing that stand beyond its rim, and pairs that cover each other.
CROWDED = """root => [...root.querySelectorAll("svg")].flatMap((svg) => {
  const [rim, troubles] = [svg.getBoundingClientRect(), []];
  const visible = (t) => t.textContent.trim() && t.checkVisibility({ visibilityProperty: true });
  const shown = [...svg.querySelectorAll("text")].filter(visible);
  const boxes = shown.map((t) => [t.textContent, t.getBoundingClientRect()]);
  boxes.forEach(([text, a], i) => {
    const out = Math.max(rim.left - a.left, a.right - rim.right, rim.top - a.top, a.bottom - rim.bottom);
    if (out > 1.5) troubles.push(`beyond the rim: ${text}`);
    for (const [other, b] of boxes.slice(0, i)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 2 && down > 5) troubles.push(`${text} covers ${other}`);
    }
  });
  return troubles;
}).concat(root.scrollWidth > root.clientWidth + 1 ? ["wider than its place"] : [])"""


@pytest.fixture(scope="module")
def opened(shared_page, lab):
    calls = [CALLS.get(name, f"viz.{name}()") for name in NAMES]
    write_notebook(lab.folder / "every.ipynb", SETUP, *(call for one in calls for call in (one, one)))
    notebook = Notebook.open(shared_page, lab, "every.ipynb")
    notebook.run_all()
    return notebook


class Pair:
    """A picture in the notebook, and its double in the next cell."""

    def __init__(self, notebook, name):
        self.notebook, self.name, self.cell = notebook, name, 1 + 2 * NAMES.index(name)
        self.outputs = notebook.outputs(self.cell)
        self.outputs.locator(".bpl-says").wait_for()
        self.outputs.locator(".bpl").scroll_into_view_if_needed()

    def values(self, double=False):
        """What the picture says, and where its controls stand."""
        root = self.notebook.outputs(self.cell + double).locator(".bpl")
        inputs = "root => [...root.querySelectorAll('input')].map((i) => `${i.value} ${i.checked}`).join()"
        return root.locator(".bpl-says").inner_text() + root.evaluate(inputs)

    def control(self):
        return self.outputs.get_by_label(CONTROLS[self.name]).first

    def place(self, share):
        """Where on the page a share of width and height is: of the surface or, without one, the slider."""
        surface = self.outputs.locator(".bpl-drag").first if self.name in DRAGS else self.control()
        surface.scroll_into_view_if_needed()
        box = surface.bounding_box()
        return box["x"] + share[0] * box["width"], box["y"] + share[1] * box["height"]


@pytest.fixture(params=NAMES)
def pair(request, opened):
    opened.page.set_viewport_size({"width": 1280, "height": 1000})
    pair = Pair(opened, request.param)
    beside = pair.values(double=True)
    yield pair
    assert pair.values(double=True) == beside  # the double was left alone
    opened.assert_no_errors()


def test_plain_keys_move_it_and_never_reach_the_notebook(pair):
    notebook, cells = pair.notebook, pair.notebook.cell_count()
    notebook.activate(pair.cell)
    pair.control().focus()
    assert notebook.in_command_mode()
    before = pair.values()
    for key in ("ArrowRight", "a", "b", "d", "d", "x"):
        notebook.page.keyboard.press(key)
    assert pair.values() != before
    assert (notebook.cell_count(), notebook.active()) == (cells, pair.cell)


def test_the_mouse_drags_it(pair):
    start, end = DRAGS.get(pair.name, ((0.5, 0.5), (0.8, 0.5)))
    before, mouse = pair.values(), pair.notebook.page.mouse
    mouse.move(*pair.place(start))
    mouse.down()
    mouse.move(*pair.place(end), steps=5)
    mouse.up()
    assert pair.values() != before


def test_a_finger_drags_it(pair):
    (across, up), (_, end) = DRAGS.get(pair.name, ((0.5, 0.5), (0.8, 0.5)))
    before, page = pair.values(), pair.notebook.page
    touch = page.context.new_cdp_session(page)
    path = [pair.place((across, up + (end - up) * k / 8)) for k in range(5)]  # elsewhere than the mouse went
    for kind, points in (("touchStart", path[:1]), *(("touchMove", [p]) for p in path[1:]), ("touchEnd", [])):
        where = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})
    touch.detach()
    assert pair.values() != before


def test_after_a_restart_of_the_kernel_and_a_second_run_all_live(opened):
    before = [Pair(opened, name).values() for name in NAMES]
    opened.restart()
    assert [Pair(opened, name).values() for name in NAMES] == before  # no kernel is needed to go on
    opened.run_all()
    for name in NAMES:
        pair = Pair(opened, name)
        start = pair.values()
        pair.control().press("ArrowRight")
        assert pair.values() != start, name
    opened.assert_no_errors()


@pytest.mark.parametrize("name", NAMES)
def test_it_is_readable_at_every_width(shared_page, name):
    for width in (1000, 640, 400, 340):
        assert show(shared_page, name, width=width).evaluate(CROWDED) == [], width


@pytest.mark.parametrize("name", NAMES)
def test_at_the_ends_of_every_control_it_still_makes_sense(shared_page, name):
    root = show(shared_page, name)
    problems = []

    def look(where):
        said = root.locator(".bpl-says").inner_text()
        problems.extend([f"{where}: {said}"] * bool(re.search(r"NaN|undefined|Infinity|null", said)))
        problems.extend(f"{where}: {trouble}" for trouble in root.evaluate(CROWDED))

    for k in range(root.locator("input").count()):
        control = root.locator("input").nth(k)
        if control.get_attribute("type") != "range":
            control.click()
            look(k)
            continue
        for key in ("End", "Home"):
            control.press(key)
            look((k, key))
    assert problems == []


@pytest.mark.parametrize("name", NAMES)
def test_it_says_its_values_to_those_who_cannot_see_them(shared_page, name):
    root = show(shared_page, name)
    assert root.get_attribute("role") == "group"
    assert root.locator("input[type=range]:not([aria-valuetext])").count() == 0
    assert root.locator(":is(svg, canvas):not([aria-label], [aria-hidden])").count() == 0
    assert root.locator(".bpl-says").get_attribute("aria-live") == "polite"
    assert len(root.locator(".bpl-says").inner_text()) > 30


@pytest.mark.parametrize("name", NAMES)
def test_where_motion_is_not_wanted_nothing_moves_by_itself(shared_page, name):
    shared_page.emulate_media(reduced_motion="reduce")
    root = show(shared_page, name)
    players = root.get_by_role("button", name=re.compile("^(Play|Train|Play all)$"))
    if players.count():
        before = root.locator(".bpl-says").inner_text()
        players.click()
        after = root.locator(".bpl-says").inner_text()
        assert after != before  # all at once
        assert root.get_by_role("button", name="Pause").count() == 0
    shared_page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_serious(shared_page, axe, name, theme):
    show(shared_page, name, theme)
    assert axe(shared_page) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_it_says_in_python_and_what_the_browser_gets_stays_small(name):
    live = live_of(name, **ARGUMENTS.get(name, dict)())
    assert live.text().startswith("[live picture] ")
    assert len(live.get_state()["_esm"]) < 40_000
