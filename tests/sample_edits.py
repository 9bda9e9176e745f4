"""What learners and courses do to a notebook."""

import copy

from tests.sample_course import LESSON, SOURCE, lesson_notebook

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
CHANGES = {
    "inserted": SOURCE.replace("# %%\nviz.dot()", "# %% [markdown]\n# New.\n\n# %%\nviz.dot()"),
    "removed": SOURCE.replace("# %%\nviz.dot()\n\n", ""),
    "moved": SOURCE.replace("# %%\nviz.dot()\n\n", "") + "\n# %%\nviz.dot()\n",
    "reworded": SOURCE.replace("Write the function.", "Write this function."),
    "stub reworded": SOURCE.replace("Number between 0 and 1.", "A number from 0 to 1."),
}


def valid(notebook: dict) -> bool:
    ids = [cell["id"] for cell in notebook["cells"]]
    return notebook["nbformat_minor"] == 5 and len(set(ids)) == len(ids) and all(ids)
