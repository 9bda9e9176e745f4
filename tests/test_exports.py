"""Without a widget: notebooks saved without a kernel, exports and viewers show figures, with their words."""

import re

import nbformat
import pytest
from nbconvert import HTMLExporter

from bplearn.exercises import LESSONS
from bplearn.notebooks import course_folder
from tests.browser.live_rows import CONTROLS

WIDGET = "application/vnd.jupyter.widget-view+json"
LIVE = re.compile(rf"viz\.({'|'.join(CONTROLS)})\(")


def solution(lesson):
    return nbformat.read(course_folder() / "solutions" / f"{lesson}.ipynb", as_version=4)


def live_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code" and LIVE.search(cell.source)]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_live_picture_is_stored_as_figure_and_words_without_its_widget(lesson):
    notebook = solution(lesson)
    assert "widgets" not in notebook.metadata
    for cell in live_cells(notebook):
        (k,) = (k for k, one in enumerate(cell.outputs) if "image/png" in one.get("data", {}))
        figure, words = cell.outputs[k : k + 2]
        assert WIDGET not in figure.data
        assert figure.data["text/plain"].startswith("[live picture] ")
        assert words.data["text/plain"].startswith("In words: ")


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_export_shows_every_picture_and_its_words(lesson):
    notebook = solution(lesson)
    page, _ = HTMLExporter().from_notebook_node(notebook)
    outputs = [one.get("data", {}) for cell in notebook.cells for one in cell.get("outputs", [])]
    figures = sum("image/png" in data for data in outputs)
    assert len(re.findall(r'<img[^>]*src="data:image/png;base64,', page)) == figures
    assert page.count("<em>In words:</em>") == figures
    assert "Error displaying widget" not in page


def test_each_live_picture_stands_in_a_lesson():
    stands = {
        name
        for lesson in LESSONS
        for cell in live_cells(solution(lesson))
        for name in LIVE.findall(cell.source)
    }
    assert stands == set(CONTROLS)
