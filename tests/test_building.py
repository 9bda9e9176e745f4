"""What is wrong with a source is said by file and line; so is a notebook that differs from its source."""

from pathlib import Path

import pytest

from bplearn import building
from tests.sample_course import COURSE, LESSON, SOURCE, write_source


def build(folder: Path, **options) -> list[str]:
    return building.build(folder=folder, course=COURSE, **options)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    folder = write_source(tmp_path_factory.mktemp("course"))
    assert build(folder) == []
    return folder


# ---- sources that break a rule ----


def replaced(old: str, new: str) -> str:
    assert old in SOURCE
    return SOURCE.replace(old, new, 1)


EXPONENT = "    return 1 / (1 + 2.718281828459045 ** -z)\n"
WRONG = [
    (replaced("viz.dot()", "viz.dot();"), "ends in `;`"),
    (replaced("viz.dot()", "viz.dot();  # shown"), "ends in `;`"),
    (replaced("    # END SOLUTION\n", ""), "this region is not closed"),
    (replaced("    # BEGIN SOLUTION\n", ""), "without its `# BEGIN SOLUTION`"),
    (replaced(EXPONENT, "    # BEGIN BUG\n" + EXPONENT), "a region inside the SOLUTION region of line"),
    (replaced("# BEGIN SOLUTION", "# BEGIN SOLUTOIN"), "unknown marker"),
    (replaced(f"    # BEGIN SOLUTION\n{EXPONENT}    # END SOLUTION\n", EXPONENT), "no solution. Put it"),
    (replaced("viz.dot()", "# BEGIN SOLUTION\nviz.dot()\n# END SOLUTION"), "a marker outside an exercise"),
    (replaced("    #\n", "    pass\n"), "not a comment"),
    (replaced('exercise="sigmoid"', 'exercise="sigmiod"'), "Did you mean sigmoid?"),
    (replaced(' exercise="squared_error"', ""), "exercise 'squared_error' has no cell"),
    (SOURCE + '\n# %% exercise="sigmoid"\n' + EXPONENT, "'sigmoid' has 2 cells"),
    (replaced("# %%\ncheck(sigmoid)\n", ""), "no check cell after exercise 'sigmoid'"),
    (replaced("check(sigmoid)", "check(sigmoid)\nprint(1)"), "a check beside other code"),
    (replaced("check(sigmoid)", "check(sigmiod)"), "no exercise of this lesson. Did you mean sigmoid?"),
    (replaced('quiz("01-which-way")', 'quiz("01-which")'), "no quiz '01-which'"),
    (replaced('# %%\nquiz("01-which-way")\n', ""), "quiz '01-which-way' has no cell"),
    (replaced("Write the function.", f"Write\n#{EXPONENT}"), "shows the learner the solution of line"),
    (replaced('exercise="sigmoid"', 'exercize="sigmoid"'), "unknown mark 'exercize'"),
    (replaced('tags=["solution"]', 'tags=["solutions"]'), "unknown tag 'solutions'"),
    (replaced("# %%\nviz", '# %% role="figure"\nviz'), "unknown role 'figure'"),
    (replaced('exercise="sigmoid"', 'exercise="sigmoid" tags=["solution"]'), "would be missing"),
    (replaced("def sigmoid(z)", "def sigmoid(z"), "does not compile"),
    (replaced("def sigmoid(z)", "def sigmo(z)"), "does not define 'sigmoid'"),
    (replaced("def sigmoid", "# BEGIN SOLUTION\n# END SOLUTION\ndef sigmoid"), "would stop the cell"),
    ("import numpy\n" + SOURCE, "text before the first `# %%`"),
    (replaced("# %% [markdown]\n# Three", "# %% [raw]\n# Three"), "a raw cell"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[said for _, said in WRONG])
def test_a_broken_rule_is_said_with_file_and_line(tmp_path, text, said):
    problems = build(write_source(tmp_path, text), check=True)
    assert any(said in problem for problem in problems), problems
    assert all(problem.startswith(f"solutions/{LESSON}.py:") and "\n" not in problem for problem in problems)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("viz.dot()", "viz.dot();"),
        ("    # BEGIN SOLUTION\n", "    # BEGIN SOLUTION\n\n    # BEGIN SOLUTION\n"),
        ("check(sigmoid)", "check(sigmiod)"),
        ("# %%\ncheck(sigmoid)", "# %%\n\n\ncheck(sigmiod)"),
    ],
)
def test_the_line_is_the_one_to_edit(tmp_path, old, new):
    text = replaced(old, new)
    places = [int(problem.split(":")[1]) for problem in build(write_source(tmp_path, text), check=True)]
    assert new.splitlines()[-1] in [text.splitlines()[place - 1] for place in places]


@pytest.mark.notebooks
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("print(use(sigmoid)(0))", "x = 1\n1 / 0", "ZeroDivisionError: division by zero"),
        ('display({"image/png": DOT, "text/plain": "a dot"}, raw=True)', "print('no dot')", "without a PNG"),
        ('print("checked", answer.__name__)', "pass", "this check shows nothing"),
        ('quiz("01-which-way")', 'quiz("01-which-way")\nimport os\nos._exit(1)', "the kernel stopped"),
    ],
)
def test_a_solution_that_does_not_run_well_is_not_written(tmp_path, old, new, said):
    text = replaced(old, new)
    problems = build(write_source(tmp_path, text))
    assert said in problems[0]
    assert problems[0].startswith(f"solutions/{LESSON}.py:")
    assert not (tmp_path / "solutions" / f"{LESSON}.ipynb").exists()


@pytest.mark.notebooks
def test_an_error_in_the_solution_is_said_with_its_own_line(tmp_path):
    text = replaced("print(use(sigmoid)(0))", "x = 1\n1 / 0")
    problem = build(write_source(tmp_path, text))[0]
    assert text.splitlines()[int(problem.split(":")[1]) - 1] == "1 / 0"


@pytest.mark.parametrize("name", ["01_one_wieght", "07_nothing_like_it"])
def test_a_lesson_that_is_not_there_is_said(tmp_path, name):
    (problem,) = building.build([name], folder=write_source(tmp_path), course=COURSE)
    assert "there is no such source" in problem
    assert ("Did you mean 01_one_weight?" if "wieght" in name else "bplearn dev new") in problem


def test_a_source_outside_the_course_is_said(tmp_path):
    write_source(tmp_path, lesson="09_extra")
    assert any(
        "Add '09_extra' to LESSONS" in problem for problem in build(write_source(tmp_path), check=True)
    )


# ---- drift ----


@pytest.fixture
def copy(course, tmp_path) -> Path:
    write_source(tmp_path)
    for place in ("lessons", "solutions"):
        (tmp_path / place).mkdir(exist_ok=True)
        name = f"{place}/{LESSON}.ipynb"
        (tmp_path / name).write_bytes((course / name).read_bytes())
    return tmp_path


def edit(folder: Path, place: str, old: str, new: str) -> None:
    file = folder / place / f"{LESSON}.ipynb"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_fresh_build_has_no_drift(copy):
    assert build(copy, check=True) == []


@pytest.mark.parametrize(
    ("place", "old", "new", "said"),
    [
        (
            "lessons",
            "Write the function.",
            "Write a function.",
            "it differs from its source (first in cell 3",
        ),
        ("lessons", ' "nbformat": 4,\n', ' "nbformat":  4,\n', "it differs from its source"),
        ("solutions", "1 / (1 +", "1 / (2 +", "it differs from its source (first in cell 4, 'sigmoid')"),
        ("solutions", '"image/png"', '"image/jpeg"', "a picture cell without a PNG and a text"),
        ("solutions", '"execution_count": 2', '"execution_count": null', "this cell was never run"),
    ],
)
def test_drift_is_said(copy, place, old, new, said):
    edit(copy, place, old, new)
    (problem,) = build(copy, check=True)
    assert said in problem


def test_other_outputs_are_no_drift_for_nbval_guards_them(copy):
    edit(copy, "solutions", "checked sigmoid", "checked it")
    assert build(copy, check=True) == []


def test_a_notebook_that_was_not_built_is_said(copy):
    (copy / "lessons" / f"{LESSON}.ipynb").unlink()
    assert build(copy, check=True) == [
        f"lessons/{LESSON}.ipynb:1: it was not built. Type `bplearn dev build {LESSON}` and commit both."
    ]


def test_a_notebook_without_a_source_is_said(copy):
    (copy / "lessons" / "08_gone.ipynb").write_text("{}", encoding="utf-8")
    assert build(copy, check=True) == ["lessons/08_gone.ipynb:1: built from no lesson. Delete it."]


def test_checking_writes_nothing(copy):
    edit(copy, "lessons", "Write the function.", "Write a function.")
    before = {path: path.read_bytes() for path in copy.rglob("*.*")}
    build(copy, check=True)
    assert {path: path.read_bytes() for path in copy.rglob("*.*")} == before
