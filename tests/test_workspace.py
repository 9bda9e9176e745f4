"""The learner's folder: nothing that a learner wrote is ever lost, whatever the course hands out anew."""

import copy
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bplearn import workspace
from bplearn.exercises import LESSONS
from bplearn.merge import merge
from bplearn.notebooks import NotebookError, dumps, parse_notebook, read_notebook, write_notebook
from tests.sample_course import LESSON, SOURCE, hand_out, lesson_notebook

NAME = f"{LESSON}.ipynb"
ANSWER = 'def sigmoid(z):\n    """Number between 0 and 1."""\n    return 0.5  # mine'


def markdown(*texts: str) -> str:
    return "".join(f"# %% [markdown]\n# {text}\n\n" for text in texts)


def edited(notebook: dict, old: str, new: str) -> dict:
    """The notebook after a learner changed one cell, as JupyterLab saves it."""
    notebook = copy.deepcopy(notebook)
    cell = next(cell for cell in notebook["cells"] if old in cell["source"])
    cell["source"] = cell["source"].replace(old, new)
    return notebook


def answered(notebook: dict, answer: str = ANSWER) -> dict:
    notebook = copy.deepcopy(notebook)
    next(cell for cell in notebook["cells"] if cell["id"] == "sigmoid")["source"] = answer
    return notebook


def with_own(notebook: dict, after: str, text: str, **more) -> dict:
    """The notebook after a learner added a cell below the one that holds ``after``."""
    place = next(i for i, cell in enumerate(notebook["cells"]) if after in cell["source"])
    own = {
        "cell_type": "code",
        "id": f"u{place}",
        "metadata": {},
        "source": text,
        "outputs": [],
        "execution_count": 3,
    }
    return notebook | {
        "cells": [*notebook["cells"][: place + 1], own | more, *notebook["cells"][place + 1 :]]
    }


def sources(notebook: dict) -> list[str]:
    return [cell["source"] for cell in notebook["cells"]]


OLD = lesson_notebook(markdown("one", "two", "three", "four"))
START = lesson_notebook()


# ---- the lesson's own cells ----


@pytest.mark.parametrize(
    "texts",
    [
        ("one", "two", "new", "three", "four"),
        ("one", "four"),
        ("four", "three", "two", "one"),
        ("one", "two, said better", "three", "four"),
        ("new", "four", "two", "newer"),
    ],
    ids=["inserted", "removed", "moved", "reworded", "all at once"],
)
def test_an_untouched_notebook_becomes_the_new_one(texts):
    new = lesson_notebook(markdown(*texts))
    assert merge(OLD, new) == new


def test_a_current_notebook_is_the_same_object():
    mine = with_own(answered(START), "viz.dot()", "my own")
    assert merge(mine, START) is mine


def test_outputs_of_unchanged_cells_stay():
    mine = copy.deepcopy(START)
    mine["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "seen"}]
    merged = merge(mine, lesson_notebook(SOURCE + "\n# %% [markdown]\n# Newer.\n"))
    assert merged["cells"][1]["outputs"][0]["text"] == "seen"


def test_a_new_stub_replaces_an_untouched_one():
    new = lesson_notebook(SOURCE.replace("Number between 0 and 1.", "A number from 0 to 1."))
    assert merge(START, new) == new


def test_the_notebooks_own_metadata_stays_and_the_course_renews_its_own():
    mine = START | {
        "metadata": START["metadata"] | {"toc": 1, "bplearn": {"lesson": LESSON, "version": "0.0.9"}}
    }
    metadata = merge(mine, lesson_notebook(SOURCE + "\n# %% [markdown]\n# Newer.\n"))["metadata"]
    assert (metadata["toc"], metadata["bplearn"]["version"]) == (1, "0.1.0")


# ---- what the learner wrote ----

CHANGES = {
    "inserted": SOURCE.replace("# %%\nviz.dot()", "# %% [markdown]\n# New.\n\n# %%\nviz.dot()"),
    "removed": SOURCE.replace("# %%\nviz.dot()\n\n", ""),
    "moved": SOURCE.replace("# %%\nviz.dot()\n\n", "") + "\n# %%\nviz.dot()\n",
    "reworded": SOURCE.replace("Write the function.", "Write this function."),
    "stub reworded": SOURCE.replace("Number between 0 and 1.", "A number from 0 to 1."),
}
change = pytest.mark.parametrize("text", CHANGES.values(), ids=CHANGES.keys())


@change
def test_an_answer_stays_in_its_cell(text):
    merged = merge(answered(START), lesson_notebook(text))
    (cell,) = [cell for cell in merged["cells"] if cell["id"] == "sigmoid"]
    assert cell["source"] == ANSWER
    assert sum("def sigmoid" in source for source in sources(merged)) == 1


@change
def test_an_added_cell_stays_below_its_neighbour(text):
    merged = sources(merge(with_own(START, "check(sigmoid)", "my own"), lesson_notebook(text)))
    assert merged[merged.index("my own") - 1] == "check(sigmoid)"


@change
def test_updating_twice_is_updating_once(text):
    new = lesson_notebook(text)
    once = merge(with_own(answered(edited(START, "Write the", "I write the")), "viz.dot()", "my own"), new)
    assert merge(once, new) is once


def test_an_edited_text_is_kept_beside_its_new_version():
    mine = edited(START, "Write the function.", "Write the function. My note.")
    merged = sources(merge(mine, lesson_notebook(CHANGES["reworded"])))
    places = sorted((merged.index("Write the function. My note."), merged.index("Write this function.")))
    assert places[1] - places[0] == 1


def test_an_edited_text_with_no_new_version_is_left_alone():
    mine = edited(START, "Write the function.", "Write the function. My note.")
    merged = sources(merge(mine, lesson_notebook(CHANGES["inserted"])))
    assert "Write the function. My note." in merged
    assert "Write the function." not in merged


def test_an_edited_cell_that_the_lesson_dropped_is_kept():
    mine = edited(START, "viz.dot()", "viz.dot()  # I like this")
    assert "viz.dot()  # I like this" in sources(merge(mine, lesson_notebook(CHANGES["removed"])))


def test_an_answer_to_an_exercise_that_the_lesson_dropped_is_kept():
    text = SOURCE[: SOURCE.index('# %% exercise="sigmoid"')] + SOURCE[SOURCE.index("# %%\nviz.dot()") :]
    assert ANSWER in sources(merge(answered(START), lesson_notebook(text)))


def test_a_changed_signature_is_said_above_the_answer_with_the_new_stub():
    new = lesson_notebook(SOURCE.replace("def sigmoid(z):", "def sigmoid(z, slope):"))
    merged = merge(answered(START), new)
    place = sources(merged).index(ANSWER)
    note = merged["cells"][place - 1]
    assert note["cell_type"] == "markdown"
    assert "has a new task" in note["source"]
    assert "def sigmoid(z, slope):" in note["source"]
    assert merge(merged, new) is merged


def test_a_parameter_that_was_merely_renamed_needs_no_note():
    merged = merge(answered(START), lesson_notebook(SOURCE.replace("def sigmoid(z):", "def sigmoid(u):")))
    assert not any("has a new task" in source for source in sources(merged))


def test_an_answer_that_does_not_compile_is_kept_as_it_is():
    broken = "def sigmoid(z:\n  retrun ?"
    merged = merge(answered(START, broken), lesson_notebook(CHANGES["stub reworded"]))
    assert broken in sources(merged)


def test_a_cell_that_the_learner_deleted_comes_back():
    mine = START | {"cells": [cell for cell in START["cells"] if cell["source"] != "check(sigmoid)"]}
    assert merge(mine, START)["cells"] == START["cells"]


def test_a_copied_cell_stays_once_as_the_learners_own():
    mine = START | {"cells": [*START["cells"], copy.deepcopy(START["cells"][5]) | {"id": "pasted"}]}
    new = lesson_notebook(CHANGES["removed"])
    once = merge(mine, new)
    assert sources(once).count("viz.dot()") == 1
    assert merge(once, new) is once


def test_a_second_attempt_in_a_copied_cell_is_kept_below_the_first():
    stub = next(cell for cell in START["cells"] if cell["id"] == "sigmoid")
    mine = with_own(answered(START), "# mine", "def sigmoid(z): return 1", metadata=stub["metadata"])
    merged = sources(merge(mine, lesson_notebook(CHANGES["inserted"])))
    assert merged[merged.index(ANSWER) + 1] == "def sigmoid(z): return 1"


# ---- notebooks that other programs have been at ----


def without(notebook: dict, *keys: str) -> dict:
    cells = [{key: value for key, value in cell.items() if key not in keys} for cell in notebook["cells"]]
    bare = {"cells": cells, "nbformat": 4, "nbformat_minor": 4, "metadata": notebook["metadata"]}
    return parse_notebook(dumps(bare), "bare")


def valid(notebook: dict) -> bool:
    ids = [cell["id"] for cell in notebook["cells"]]
    return notebook["nbformat_minor"] == 5 and len(set(ids)) == len(ids) and all(ids)


@pytest.mark.parametrize("keys", [("metadata",), ("id",), ("id", "metadata")], ids=" and ".join)
@change
def test_stripped_notebooks_keep_answer_and_own_cells_and_get_the_new_texts(text, keys):
    mine = without(with_own(answered(START), "check(sigmoid)", "my own"), *keys)
    new = lesson_notebook(text)
    merged = merge(mine, new)
    assert set(sources(merged)) >= {ANSWER, "my own", *sources(new)} - {new["cells"][3]["source"]}
    assert merge(merged, new) is merged


def test_a_stripped_notebook_without_news_is_left_as_it_is():
    mine = without(answered(START), "id", "metadata")
    assert merge(mine, START) is mine


def test_ids_that_occur_twice_become_different_ones():
    mine = START | {"cells": [cell | {"id": "same"} for cell in with_own(START, "viz", "my own")["cells"]]}
    merged = merge(mine, lesson_notebook(CHANGES["inserted"]))
    assert valid(merged)
    assert "my own" in sources(merged)


# ---- whatever a learner does, whatever the course does ----

WORDS = st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"])
LESSON_TEXTS = st.lists(WORDS, min_size=1, max_size=6)
OWN = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=12)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["edit", "add", "delete", "copy", "swap", "strip", "unname"]), st.integers(0, 9), OWN
    ),
    max_size=6,
)


def source_of(texts: list[str]) -> str:
    tail = (
        '# %% exercise="sigmoid"\ndef sigmoid(z):\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n'
    )
    return markdown(*texts) + tail


def played(notebook: dict, edits: list[tuple[str, int, str]]) -> tuple[dict, set[str]]:
    """The notebook after a learner's doings, and what the learner wrote and left there."""
    cells = copy.deepcopy(notebook["cells"])
    for kind, number, text in edits:
        place = number % len(cells)
        mine = f"mine {number} {text}"
        if kind == "edit":
            cells[place]["source"] = mine
        elif kind == "add":
            cells.insert(
                place, {"cell_type": "markdown", "metadata": {}, "id": f"u{len(cells)}", "source": mine}
            )
        elif kind == "delete" and len(cells) > 1:
            del cells[place]
        elif kind == "copy":
            cells.insert(place, copy.deepcopy(cells[place]))
        elif kind == "swap":
            cells[0], cells[place] = cells[place], cells[0]
        elif kind == "strip":
            cells[place]["metadata"] = {}
        elif kind == "unname":
            cells[place].pop("id", None)
    return notebook | {"cells": cells}, {
        cell["source"] for cell in cells if cell["source"].startswith("mine ")
    }


@given(LESSON_TEXTS, LESSON_TEXTS, EDITS)
@settings(max_examples=400, deadline=None)
def test_no_text_of_a_learner_is_ever_lost_and_twice_is_once(before, after, edits):
    mine, written = played(lesson_notebook(source_of(before)), edits)
    new = lesson_notebook(source_of(after))
    once = merge(copy.deepcopy(mine), new)
    assert written <= set(sources(once))
    assert merge(once, new) is once
    assert once["cells"] == mine["cells"] or valid(once)


@given(LESSON_TEXTS, LESSON_TEXTS, EDITS)
@settings(max_examples=200, deadline=None)
def test_all_texts_of_the_lesson_are_there_unless_the_learner_changed_them(before, after, edits):
    mine, _ = played(lesson_notebook(source_of(before)), [one for one in edits if one[0] != "edit"])
    merged = sources(merge(mine, lesson_notebook(source_of(after))))
    assert set(after) <= set(merged)


# ---- the folder ----


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
    assert ["is new" in line for line in lines] == [True, False, False]
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
    "attempt", ["def sigmoid(z:", "import math\ndef sigmoid(z): return 1", "lambda z: 1"]
)
def test_restoring_what_is_no_plain_definition_replaces_the_cell(home, attempt):
    put(home, answered(START))
    workspace.restore("sigmoid", attempt, home)
    assert attempt in sources(read_notebook(home / NAME))


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
