"""Newer texts into a learner's notebook: the course's cells follow the course, the learner's stay."""

import copy

import pytest

from bplearn.merge import merge
from bplearn.notebooks import dumps, parse_notebook
from tests.sample_course import LESSON, SOURCE, lesson_notebook
from tests.sample_edits import (
    ANSWER,
    CHANGES,
    OLD,
    START,
    answered,
    edited,
    markdown,
    sources,
    valid,
    with_own,
)

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
