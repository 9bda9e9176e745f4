"""Whatever a learner does and whatever the course does: no text of the learner's is ever lost."""

import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from bplearn.merge import merge
from tests.sample_course import lesson_notebook
from tests.sample_edits import markdown, sources, valid

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
