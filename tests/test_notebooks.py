"""Sources become two editions, what is wrong with one is said by line, and odd files are told apart."""

import json
from pathlib import Path

import nbformat
import pytest

from bplearn import building, editions, notebooks
from bplearn.notebooks import NotebookError, read_notebook
from tests.sample_course import COURSE, LESSON, SOURCE, write_source

SECRET = "2.718281828459045 **"


def build(folder: Path, **options) -> list[str]:
    return building.build(folder=folder, course=COURSE, **options)


def built(folder: Path, place: str) -> dict:
    return json.loads((folder / place / f"{LESSON}.ipynb").read_text(encoding="utf-8"))


def lesson_edition(text: str = SOURCE) -> dict:
    return editions.edition(editions.read_source(LESSON, text), "lesson", "0.1.0")


def cell_of(notebook: dict, name: str) -> dict:
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    folder = write_source(tmp_path_factory.mktemp("course"))
    assert build(folder) == []
    return folder


# ---- the two editions ----


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
    (replaced(f"    # BEGIN SOLUTION\n{EXPONENT}    # END SOLUTION\n", EXPONENT), "without a solution"),
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
    (replaced("def sigmoid", "# BEGIN SOLUTION\n# END SOLUTION\ndef sigmoid"), "when the cell runs"),
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


# ---- files that learners hand over ----

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


def test_a_notebook_written_and_read_again_is_the_same(course, tmp_path):
    first = read_notebook(course / "solutions" / f"{LESSON}.ipynb")
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
