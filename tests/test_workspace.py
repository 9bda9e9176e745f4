"""The learner's folder: lessons copied, reset, updated, restored; nothing is ever overwritten."""

import json
import sys
from pathlib import Path

import pytest

from bplearn import workspace
from bplearn.exercises import LESSONS
from bplearn.notebooks import NotebookError, read_notebook, write_notebook
from tests.sample_course import LESSON, hand_out
from tests.sample_edits import ANSWER, CHANGES, NAME, START, answered, edited, sources, with_own


@pytest.fixture
def course(tmp_path) -> Path:
    return hand_out(tmp_path / "course")


@pytest.fixture
def home(course, tmp_path) -> Path:
    workspace.copy_lessons(tmp_path / "mine", course=course)
    return tmp_path / "mine"


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def put(home: Path, notebook: dict) -> None:
    write_notebook(home / NAME, notebook)


def test_copying_gives_every_lesson_byte_for_byte(course, home):
    assert everything(home) == everything(course / "lessons")


def test_copying_again_leaves_all_that_is_there_and_says_so(course, home):
    put(home, answered(START))
    (home / f"{LESSONS[0]}.ipynb").unlink()
    before = (home / NAME).read_bytes()
    lines = workspace.copy_lessons(home, course=course)
    assert (home / NAME).read_bytes() == before
    assert ["is new" in line for line in lines] == [True] + [False] * (len(LESSONS) - 1)
    assert "left as it is" not in lines[0]
    assert "was left as it is" in lines[1]


def test_a_file_in_the_place_of_the_folder_is_said(course, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(NotebookError, match="Name another one"):
        workspace.copy_lessons(tmp_path / "taken", course=course)


@pytest.mark.parametrize("act", [workspace.copy_lessons, workspace.update])
def test_the_courses_own_originals_are_nobodys_workspace(course, act):
    with pytest.raises(NotebookError, match="the course's own originals"):
        act(course / "lessons", course=course)


def test_resetting_a_notebook_keeps_the_old_one_under_a_number_and_says_where(course, home):
    put(home, answered(START))
    lines = workspace.reset(home / NAME, course=course)
    assert (home / NAME).read_bytes() == (course / "lessons" / NAME).read_bytes()
    assert ANSWER in sources(read_notebook(home / f"{LESSON}-kept-1.ipynb"))
    assert f"{LESSON}-kept-1.ipynb" in " ".join(lines)


def test_numbers_go_on_and_nothing_kept_is_overwritten(course, home):
    for number in range(3):
        put(home, answered(START, f"answer {number}"))
        workspace.reset(home / NAME, course=course)
    kept = [read_notebook(home / f"{LESSON}-kept-{number}.ipynb") for number in (1, 2, 3)]
    assert [f"answer {number}" in sources(one) for number, one in enumerate(kept)] == [True] * 3


def test_resetting_one_exercise_leaves_the_rest(course, home):
    put(home, with_own(answered(edited(START, "Write the", "I write the")), "viz.dot()", "my own"))
    workspace.reset(home / NAME, "sigmoid", course=course)
    now = sources(read_notebook(home / NAME))
    assert {"my own", "I write the function."} <= set(now)
    assert ANSWER not in now
    assert ANSWER in sources(read_notebook(home / f"{LESSON}-kept-1.ipynb"))


def test_resetting_what_is_as_handed_out_changes_nothing(course, home):
    before = everything(home)
    assert workspace.reset(home / NAME, "sigmoid", course=course)[0].startswith("nothing to do")
    assert everything(home) == before


@pytest.mark.parametrize("data", [b"", b"{}", b"broken", b'{"nbformat": 3, "worksheets": []}'])
def test_a_broken_notebook_can_be_reset_and_is_kept(course, home, data):
    (home / NAME).write_bytes(data)
    workspace.reset(home / NAME, course=course)
    assert (home / NAME).read_bytes() == (course / "lessons" / NAME).read_bytes()
    assert (home / f"{LESSON}-kept-1.ipynb").read_bytes() == data


def test_an_exercise_of_another_lesson_is_said(course, home):
    with pytest.raises(NotebookError, match="belongs to 02_chain_rule"):
        workspace.reset(home / NAME, "max_backward", course=course)


def test_an_update_keeps_the_old_file_and_says_where(course, home):
    put(home, answered(START))
    hand_out(course, CHANGES["reworded"])
    lines = workspace.update(home, course=course)
    assert "Write this function." in sources(read_notebook(home / NAME))
    assert ANSWER in sources(read_notebook(home / NAME))
    assert "Write the function." in sources(read_notebook(home / f"{LESSON}-kept-1.ipynb"))
    assert any(f"{LESSON}-kept-1.ipynb" in line for line in lines)


def test_an_update_without_news_touches_no_file(course, home):
    put(home, answered(START))
    before = everything(home)
    lines = workspace.update(home, course=course)
    assert everything(home) == before
    assert all("is up to date" in line for line in lines)


def test_an_update_brings_lessons_that_are_new(course, home):
    (home / NAME).unlink()
    assert any("is new" in line for line in workspace.update(home, course=course))
    assert (home / NAME).exists()


@pytest.mark.parametrize("data", [b"", b"{}", b"broken", b'{"nbformat": 3, "worksheets": []}', b"\xff\xfe"])
def test_one_notebook_that_cannot_be_read_means_that_nothing_is_changed(course, home, data):
    hand_out(course, CHANGES["reworded"])
    (home / f"{LESSONS[-1]}.ipynb").write_bytes(data)
    before = everything(home)
    with pytest.raises(NotebookError) as caught:
        workspace.update(home, course=course)
    assert "\n" not in str(caught.value)
    assert everything(home) == before


def test_a_folder_that_is_not_there_suggests_a_near_one(course, home):
    with pytest.raises(NotebookError, match=r"Did you mean mine\?"):
        workspace.update(home.parent / "mime", course=course)


def test_restoring_puts_an_earlier_answer_back_and_keeps_what_else_is_in_the_cell(home):
    put(home, answered(START, "import math\n\n" + ANSWER + "\n\nsigmoid(3)"))
    workspace.restore("sigmoid", "def sigmoid(z):\n    return 1\n", home)
    assert "import math\n\ndef sigmoid(z):\n    return 1\n\nsigmoid(3)" in sources(read_notebook(home / NAME))
    assert any(ANSWER in source for source in sources(read_notebook(home / f"{LESSON}-kept-1.ipynb")))


@pytest.mark.parametrize(
    "attempt", ["def sigmoid(z:", "import math\ndef sigmoid(z): return 1", "sigmoid = lambda z: 1"]
)
def test_restoring_what_is_no_plain_definition_replaces_the_cell(home, attempt):
    put(home, answered(START))
    workspace.restore("sigmoid", attempt, home)
    assert attempt in sources(read_notebook(home / NAME))


@pytest.mark.parametrize("attempt", ["", "check(lambda z: 1, 'sigmoid')", "def mine(z): return 1"])
def test_what_does_not_define_the_exercise_is_not_put_into_its_cell(home, attempt):
    put(home, answered(START))
    before = (home / NAME).read_bytes()
    with pytest.raises(NotebookError, match="does not define sigmoid"):
        workspace.restore("sigmoid", attempt, home)
    assert (home / NAME).read_bytes() == before


def test_restoring_into_a_folder_without_the_notebook_is_said(tmp_path):
    with pytest.raises(NotebookError, match="there is no"):
        workspace.restore("sigmoid", "def sigmoid(z): ...", tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_a_link_where_a_kept_file_would_go_is_not_followed(course, home, tmp_path):
    (home / f"{LESSON}-kept-1.ipynb").symlink_to(tmp_path / "elsewhere")
    workspace.reset(home / NAME, course=course)
    assert not (tmp_path / "elsewhere").exists()
    assert (home / f"{LESSON}-kept-2.ipynb").exists()


def test_a_write_that_fails_leaves_the_notebook_and_no_rest(home, monkeypatch):
    before = everything(home)
    with pytest.raises(TypeError):
        write_notebook(home / NAME, START | {"metadata": {"odd": object()}})
    assert everything(home) == before
    assert json.loads(before[NAME])["nbformat"] == 4
