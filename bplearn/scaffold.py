"""A new lesson: its source and its exercises, which build and pass their proofs as they are."""

import re
from collections.abc import Iterable
from pathlib import Path

from bplearn.notebooks import NotebookError

EXERCISES = '''\
"""Lesson {number}: {title}."""

from bplearn.exercise import Choice, Exercise, Quiz

# ---- scale_{number} ----


def scale_{number}(x, factor):
    """Stand for the reference: mathematics that is new belongs into a file of bplearn/nn."""
    return factor * x


def rows(rng):
    """Arrays of several lengths, with entries of both signs."""
    for n in (2, 3, 4, 5, 7):
        yield {{"x": rng.normal(size=n), "factor": float(rng.uniform(1.5, 3.0))}}


first = Exercise(
    reference=scale_{number},
    cases=rows,
    returns=("y",),
    points=1,
    hints=(
        "A question: what should come out for a factor of 1?",
        "Something nearer: which operation makes every entry `factor` times as large?",
        "The operation, never the line: multiply.",
    ),
)


@first.mistake("y")
def adds_the_factor(x, factor):
    """Every entry moved by the same amount. A factor stretches: large entries move further."""
    return factor + x


double = Quiz(
    name="{number}-double",
    question="What happens to a gradient when the loss is doubled?",
    choices=(
        Choice("It doubles.", "Yes: a constant factor passes through a derivative.", right=True),
        Choice("It stays.", "The slope of a hill twice as high is twice as steep."),
    ),
)
'''

SOURCE = '''\
# %% [markdown]
# # {number} · {title}
#
# About 30 minutes. **The question that a reader of this lesson has goes here.**

# %%
import numpy as np

from bplearn import check, quiz, use

# %% [markdown]
# ## See
#
# A picture or a worked example comes before a formula. Show pictures with `viz`.

# %%
x = np.array([1.0, -2.0, 3.0])
print(2.0 * x)

# %% [markdown]
# ## Predict
#
# Ask before you tell.

# %%
quiz("{number}-double")

# %% [markdown]
# ## Write
#
# Say what comes in and what comes out. The few lines that matter are the learner's.


# %% exercise="scale_{number}"
def scale_{number}(x, factor):
    """Every entry of x, times factor.

    x (n,), factor a number
    """
    # BEGIN SOLUTION
    return factor * x
    # END SOLUTION


# %%
check(scale_{number})

# %% [markdown] tags=["solution"]
# Say why this works, and name one other way: `np.multiply(factor, x)` gives the same.

# %% [markdown]
# ## Use
#
# Never check without use: something worth seeing, made with what was written.

# %%
print(use(scale_{number})(x, 10.0))

# %% [markdown]
# ## Three sentences to keep
#
# - One.
# - Two.
# - Three.
'''


def new_lesson(name: str, root: Path, lessons: Iterable[str]) -> list[str]:
    """Write both files of a lesson into the checkout at ``root`` and return what to do next."""
    if not re.fullmatch(r"\d\d_[a-z][a-z0-9_]*", name):
        raise NotebookError(f"{name!r} is no name of a lesson. Write one such as 07_dropout.")
    files = {
        root / "solutions" / f"{name}.py": SOURCE,
        root / "bplearn" / "exercises" / f"lesson{name}.py": EXERCISES,
    }
    _refuse(name, root, files, lessons)
    words = {"number": name[:2], "title": name[3:].replace("_", " ")}
    for file, text in files.items():
        file.write_text(text.format(**words), encoding="utf-8")
    return [
        *(f"{file.relative_to(root)} is new." for file in files),
        f'Add "{name}" to LESSONS in bplearn/exercises/__init__.py, then type `bplearn dev build {name}`.',
    ]


def _refuse(name: str, root: Path, files: Iterable[Path], lessons: Iterable[str]) -> None:
    if not (root / "bplearn" / "exercises").is_dir():
        raise NotebookError(f"lessons are written in a checkout, and {root} is none. Clone the course first.")
    there = [file for file in files if file.exists()]
    if there:
        raise NotebookError(f"{there[0].relative_to(root)} is already there. Take another name.")
    taken = [lesson for lesson in lessons if lesson[:2] == name[:2]]
    if taken:
        raise NotebookError(f"the number {name[:2]} belongs to {taken[0]}. Take another one.")
