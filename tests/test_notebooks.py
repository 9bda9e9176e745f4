"""Files that learners hand over: what is no notebook of the course is told apart."""

import json
from pathlib import Path

import pytest

from bplearn import notebooks
from bplearn.notebooks import NotebookError, read_notebook
from tests.sample_course import LESSON, lesson_notebook

CELL = {
    "cell_type": "code",
    "source": ["a = 1\r\n", "b"],
    "metadata": {},
    "outputs": [],
    "execution_count": None,
}
OURS = {"cells": [CELL], "metadata": {"bplearn": {"lesson": LESSON}}, "nbformat": 4, "nbformat_minor": 0}


def written(folder: Path, data: bytes, name: str = "homework.ipynb") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


BAD = [
    (b"", "an empty file"),
    (b" \n", "an empty file"),
    (b"import numpy as np\n", "not JSON"),
    (b"[" * 100_000, "not JSON"),
    (b"[1, 2]", "is not a notebook"),
    (b'{"a": 1}', "is not a notebook"),
    (b"\xff\xfe{\x00}\x00", "not text in UTF-8"),
    (b'{"cells": [], "metadata": {}, "nbformat": 4}', "an empty notebook"),
    (b'{"worksheets": [{"cells": []}], "metadata": {}, "nbformat": 3}', "--nbformat 4"),
    (b'{"cells": [{}], "metadata": {}, "nbformat": 5}', "newer than this bplearn"),
    (b'{"cells": [7], "metadata": {}, "nbformat": 4}', "its cell 1 has no text"),
    (
        b'{"cells": [{"source": 3, "cell_type": "code"}], "metadata": {}, "nbformat": 4}',
        "its cell 1 has no text",
    ),
    (json.dumps(OURS | {"metadata": {}}).encode(), "not a notebook of this course"),
    (json.dumps(OURS | {"metadata": {"bplearn": {"lesson": "77_later"}}}).encode(), "does not know"),
]


@pytest.mark.parametrize(("data", "said"), BAD, ids=[f"{n} {said}" for n, (_, said) in enumerate(BAD)])
def test_what_is_not_a_notebook_of_this_course_gets_one_line(tmp_path, data, said):
    with pytest.raises(NotebookError) as caught:
        read_notebook(written(tmp_path, data))
    assert said in str(caught.value)
    assert "homework.ipynb" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_is_told_apart_and_an_example_is_named(tmp_path):
    written(tmp_path, b"", "02_chain_rule.ipynb")
    with pytest.raises(NotebookError, match=r"is a folder. Name a notebook in it, such as .*02_chain_rule"):
        read_notebook(tmp_path)


def test_a_missing_notebook_suggests_a_near_name(tmp_path):
    written(tmp_path, b"", "02_chain_rule.ipynb")
    with pytest.raises(NotebookError, match=r"Did you mean 02_chain_rule.ipynb\?"):
        read_notebook(tmp_path / "02_chain_rul.ipynb")


@pytest.mark.parametrize(
    "data", [json.dumps(OURS).encode(), b"\xef\xbb\xbf" + json.dumps(OURS, indent=1).encode()]
)
def test_old_minor_formats_byte_order_marks_and_windows_line_ends_are_read(tmp_path, data):
    notebook = read_notebook(written(tmp_path, data.replace(b"\n", b"\r\n")))
    assert [cell["source"] for cell in notebook["cells"]] == ["a = 1\nb"]


def sources(*texts: str) -> dict:
    return OURS | {"cells": [CELL | {"source": text} for text in texts], "metadata": {}}


@pytest.mark.parametrize(
    ("notebook", "name", "lesson"),
    [
        (OURS, "anything.ipynb", LESSON),
        (OURS, "02_chain_rule.ipynb", LESSON),
        (sources("x = 1"), "02_chain_rule.ipynb", "02_chain_rule"),
        (sources("x = 1"), "ada__02_chain_rule-Copy1.ipynb", "02_chain_rule"),
        (sources("def sigmoid(z): ...", "def broken(:"), "homework.ipynb", LESSON),
        (
            sources("def sigmoid(x", "def max_backward(", "class quotient_backward:"),
            "h.ipynb",
            "02_chain_rule",
        ),
    ],
)
def test_the_lesson_is_known_by_metadata_else_file_name_else_names(notebook, name, lesson):
    assert notebooks.lesson_of(notebook, name) == lesson


def test_a_notebook_written_and_read_again_is_the_same(tmp_path):
    first = lesson_notebook()
    notebooks.write_notebook(tmp_path / "copy.ipynb", first)
    assert read_notebook(tmp_path / "copy.ipynb") == first


def test_half_a_character_survives_writing(tmp_path):
    notebook = OURS | {"cells": [CELL | {"source": "odd = '\ud800'"}]}
    notebooks.write_notebook(tmp_path / "odd.ipynb", notebook)
    assert read_notebook(tmp_path / "odd.ipynb")["cells"][0]["source"] == "odd = '\ud800'"


def test_writing_keeps_permissions_and_follows_a_link(tmp_path):
    target = written(tmp_path, b"old")
    target.chmod(0o640)
    (tmp_path / "link.ipynb").symlink_to(target)
    notebooks.write_notebook(tmp_path / "link.ipynb", OURS | {"cells": []})
    assert (target.stat().st_mode & 0o777, (tmp_path / "link.ipynb").is_symlink()) == (0o640, True)


def test_a_folder_that_refuses_is_said_and_leaves_nothing_behind(tmp_path):
    (tmp_path / "taken.ipynb").mkdir()
    with pytest.raises(NotebookError, match="nothing was changed"):
        notebooks.write_notebook(tmp_path / "taken.ipynb", OURS | {"cells": []})
    assert [path.name for path in tmp_path.iterdir()] == ["taken.ipynb"]
