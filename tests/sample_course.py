"""A course of one tiny lesson, in a folder of its own, to build and to break."""

from pathlib import Path
from types import SimpleNamespace

from bplearn import editions
from bplearn.exercises import LESSONS
from bplearn.notebooks import Notebook, write_notebook

LESSON = "01_one_weight"
COURSE = SimpleNamespace(
    LESSONS=(LESSON,),
    exercises_of=lambda lesson: (SimpleNamespace(name="sigmoid"), SimpleNamespace(name="squared_error")),
    quizzes_of=lambda lesson: (SimpleNamespace(name="01-which-way"),),
)
SOURCE = '''\
# %% [markdown]
# # One weight
# About 25 minutes.

# %%
import base64

from IPython.display import display

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


class viz:
    def dot():
        display({"image/png": DOT, "text/plain": "a dot"}, raw=True)


def check(answer):
    print("checked", answer.__name__)


def use(answer):
    return lambda *args: 0.5


def quiz(name):
    print("quiz", name)


# %% [markdown]
# Write the function.

# %% exercise="sigmoid"
def sigmoid(z):
    """Number between 0 and 1."""
    # BEGIN SOLUTION
    return 1 / (1 + 2.718281828459045 ** -z)
    # END SOLUTION


# %%
check(sigmoid)

# %%
viz.dot()

# %%
print(use(sigmoid)(0))

# %%
quiz("01-which-way")

# %% [markdown] tags=["solution"]
# It is a quotient of powers, and works for numbers and arrays alike.

# %% exercise="squared_error"
def squared_error(y_hat, y):
    """Half the squared difference."""
    # BEGIN BUG
    # gap = y_hat - y
    #
    # return 0.25 * gap**2
    # END BUG
    # BEGIN SOLUTION
    return 0.5 * (y_hat - y) ** 2
    # END SOLUTION


# %%
check(squared_error)

# %% [markdown]
# Three sentences to keep.
'''


def write_source(folder: Path, text: str = SOURCE, lesson: str = LESSON) -> Path:
    """Put a source where the build looks for it."""
    file = folder / "solutions" / f"{lesson}.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return folder


def lesson_notebook(text: str = SOURCE, lesson: str = LESSON) -> Notebook:
    """Return the learner's edition of a source, without running anything."""
    return editions.edition(editions.read_source(lesson, text), "lesson", "0.1.0")


def hand_out(folder: Path, text: str = SOURCE) -> Path:
    """Put built lessons of the whole course into ``folder``; the sample is one of them."""
    (folder / "lessons").mkdir(parents=True, exist_ok=True)
    for lesson in LESSONS:
        notebook = lesson_notebook(text if lesson == LESSON else f"# %% [markdown]\n# {lesson}\n", lesson)
        write_notebook(folder / "lessons" / f"{lesson}.ipynb", notebook)
    return folder
