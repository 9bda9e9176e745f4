"""A source becomes two editions, the learner's and the solution."""

import json
from pathlib import Path

import nbformat
import pytest

from bplearn import building, editions, notebooks
from tests.sample_course import COURSE, LESSON, SOURCE, write_source
from tests.sample_course import lesson_notebook as lesson_edition

pytestmark = pytest.mark.notebooks
SECRET = "2.718281828459045 **"


def build(folder: Path, **options) -> list[str]:
    return building.build(folder=folder, course=COURSE, **options)


def built(folder: Path, place: str) -> dict:
    return json.loads((folder / place / f"{LESSON}.ipynb").read_text(encoding="utf-8"))


def cell_of(notebook: dict, name: str) -> dict:
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    folder = write_source(tmp_path_factory.mktemp("course"))
    assert build(folder) == []
    return folder


@pytest.mark.parametrize("place", ["lessons", "solutions"])
def test_both_editions_are_valid_notebooks_of_format_4_5(course, place):
    notebook = nbformat.from_dict(built(course, place))
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)


@pytest.mark.parametrize(("place", "which"), [("lessons", "lesson"), ("solutions", "solution")])
def test_metadata_says_lesson_edition_and_version_and_nothing_of_the_machine(course, place, which):
    metadata = built(course, place)["metadata"]
    assert metadata.pop("bplearn") == {"lesson": LESSON, "edition": which, "version": "0.1.0"}
    assert metadata == editions.KERNEL


def test_the_lesson_has_no_outputs_no_solution_and_no_markers(course):
    text = (course / "lessons" / f"{LESSON}.ipynb").read_text(encoding="utf-8")
    assert not any(word in text for word in (SECRET, "BEGIN", "END", "quotient", "0.5 * (y_hat"))
    assert all(not cell.get("outputs") for cell in built(course, "lessons")["cells"])


def test_a_stub_raises_inside_its_function_at_the_solutions_indentation(course):
    source = cell_of(built(course, "lessons"), "sigmoid")["source"]
    assert source[-1] == '    raise NotImplementedError("your turn: replace this line")'


def test_a_find_the_bug_exercise_hands_out_the_bug_without_its_comment_signs(course):
    source = "".join(cell_of(built(course, "lessons"), "squared_error")["source"])
    assert source.endswith('difference."""\n    gap = y_hat - y\n\n    return 0.25 * gap**2')


def test_the_solution_has_neither_markers_nor_the_bug(course):
    source = "".join(cell_of(built(course, "solutions"), "squared_error")["source"])
    assert source.endswith('difference."""\n    return 0.5 * (y_hat - y) ** 2')


def test_the_solution_is_executed_and_holds_png_and_text(course):
    picture = next(cell for cell in built(course, "solutions")["cells"] if cell["source"] == ["viz.dot()"])
    assert set(picture["outputs"][0]["data"]) == {"image/png", "text/plain"}
    assert picture["metadata"]["bplearn"]["role"] == "picture"


@pytest.mark.parametrize("key", ["widgets", "execution", "signature", "language_version"])
def test_a_solution_keeps_no_trace_of_its_run(course, key):
    assert f'"{key}"' not in (course / "solutions" / f"{LESSON}.ipynb").read_text(encoding="utf-8")


def test_cells_have_the_roles_that_their_code_shows(course):
    roles = [cell["metadata"]["bplearn"]["role"] for cell in built(course, "lessons")["cells"]]
    expected = "text setup text exercise check picture use quiz exercise check text"
    assert roles == expected.split()


def test_every_hash_is_that_of_the_text_as_handed_out(course):
    for cell in built(course, "lessons")["cells"]:
        assert cell["metadata"]["bplearn"]["hash"] == notebooks.text_hash("".join(cell["source"]))


def test_cells_keep_their_ids_when_others_move(course):
    before = {cell["id"] for cell in lesson_edition()["cells"]}
    moved = SOURCE.replace("# %%\nviz.dot()\n\n", "") + "\n# %%\nviz.dot()\n"
    assert {cell["id"] for cell in lesson_edition(moved)["cells"]} == before


def test_cells_of_one_text_get_ids_of_their_own():
    ids = [cell["id"] for cell in lesson_edition(SOURCE + "\n# %%\nviz.dot()\n")["cells"]]
    assert len(set(ids)) == len(ids)


def test_building_again_gives_the_same_bytes(course, tmp_path):
    assert build(write_source(tmp_path)) == []
    for place in ("lessons", "solutions"):
        name = f"{place}/{LESSON}.ipynb"
        assert (tmp_path / name).read_bytes() == (course / name).read_bytes()


def test_streams_that_arrive_in_pieces_are_stored_as_one():
    pieces = [{"output_type": "stream", "name": "stdout", "text": text} for text in ("a", "b")]
    assert building._tidy(pieces) == [{"output_type": "stream", "name": "stdout", "text": "ab"}]


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ({building.WIDGET: {}, "image/png": "..", "text/plain": "t"}, {"image/png", "text/plain"}),
        ({building.WIDGET: {}, "text/plain": "t"}, {"text/plain"}),
        ({building.WIDGET: {}}, {building.WIDGET}),
    ],
)
def test_a_widget_view_goes_where_something_else_can_be_shown(data, kept):
    (output,) = building._tidy([{"output_type": "display_data", "data": data}])
    assert set(output["data"]) == kept
