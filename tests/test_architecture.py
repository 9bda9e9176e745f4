"""The shape of the package: who may import whom, and how long a thing may be.

Change a table here only with a reason in the commit.
"""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import bplearn
from bplearn import nn
from bplearn.grader import box

PACKAGE = Path(bplearn.__file__).parent
FILES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
ROOT = PACKAGE.parent

# room -> the rooms that it may import. A room is a module or a folder of the package; its own files and
# `version` are always allowed. What is not here may import nothing of bplearn.
MAY_IMPORT = {
    "__init__": {"learn", "viz"},
    "__main__": {"cli"},
    "cli": {
        *("authoring", "doctor", "exercise", "exercises", "grader", "learn", "notebooks", "record", "report"),
        *("instructing", "terminal", "way", "workspace"),
    },
    "instructing": {"exercises", "grader", "notebooks", "terminal"},
    "doctor": {"grader"},
    "authoring": {
        "building",
        "classroom",
        "exercise",
        "exercises",
        "notebooks",
        "proofs",
        "scaffold",
        "terminal",
    },
    "classroom": {"exercises", "notebooks"},
    "scaffold": {"notebooks"},
    "terminal": {"exercise", "exercises", "notebooks"},
    "grader": {
        *("collect", "data", "exercise", "exercises", "judge", "nn", "notebooks", "probes", "report", "wire"),
    },
    "workspace": {"exercises", "merge", "notebooks", "record"},
    "merge": {"notebooks"},
    "proofs": {"collect", "exercise", "exercises", "judge", "notebooks", "report"},
    "learn": {
        "collect",
        "exercise",
        "exercises",
        "judge",
        "notebooks",
        "record",
        "refusal",
        "report",
        "viz",
        "way",
    },
    "way": {"exercises", "record"},
    "refusal": {"exercises"},
    "building": {"editions", "exercises", "notebooks", "rules"},
    "rules": {"editions", "notebooks"},
    "editions": {"notebooks"},
    "notebooks": {"exercises"},
    "judge": {"collect", "exercise", "plain", "report", "standins"},
    "record": {"report"},
    "exercises": {"data", "engines", "exercise", "nn", "pipelines", "probes"},
    "exercise": {"nn", "plain", "probes"},
    "collect": {"engines", "inspection", "plain", "probes"},
    "wire": {"collect", "plain", "probes"},
    "probes": {"chances", "engines", "pipelines", "standins"},
    "viz": {"data", "nn"},
}
# The untrusted side runs these: they hold no reference and need nothing but numpy.
SANDBOXED = {
    "chances",
    "collect",
    "engines",
    "inspection",
    "pipelines",
    "plain",
    "probes",
    "standins",
    "wire",
}
NUMPY_ONLY = SANDBOXED | {"data", "nn"}

MOST_LINES_OF_A_FILE = 300
# A lesson's spec is one mistake after the other: as long as they are many, and looked up by name.
LISTS = {"exercises"}
MOST_LINES_OF_A_FUNCTION = 30
MOST_LEVELS = 3


def _room(name):
    return name.split("/")[0].removesuffix(".py")


def _imports(path):
    """Every module that a file names in an import, wherever it stands, as a dotted name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _rooms_imported(name):
    """The rooms of bplearn that a file imports: `from bplearn import viz` is viz, `import bplearn` none."""
    parts = [module.split(".") for module in _imports(FILES[name])]
    return {part[1] for part in parts if part[0] == "bplearn" and len(part) > 1}


def _functions(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _lines(function):
    """Lines from `def` to the end, without the docstring."""
    length = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is None:
        return length
    return length - (function.body[0].end_lineno - function.body[0].lineno + 1)


def _levels(node):
    """How deep the blocks inside a node are nested; `elif` is no deeper than its `if`."""
    deepest = 0
    for field in ("body", "orelse", "handlers", "finalbody", "cases"):
        for child in getattr(node, field, None) or []:
            is_elif = field == "orelse" and isinstance(node, ast.If) and isinstance(child, ast.If)
            same = is_elif or isinstance(child, ast.ExceptHandler)
            deepest = max(deepest, _levels(child) + (0 if same else 1))
    return deepest


# ---- imports go down only ----


@pytest.mark.parametrize("name", FILES)
def test_imports_go_down_only(name):
    allowed = MAY_IMPORT.get(_room(name), set()) | {_room(name), "version"}
    assert _rooms_imported(name) <= allowed


def test_the_table_has_no_circle():
    TopologicalSorter(MAY_IMPORT).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("name", [name for name in FILES if _room(name) in NUMPY_ONLY])
def test_mathematics_and_the_untrusted_side_need_numpy_only(name):
    roots = {module.split(".")[0] for module in _imports(FILES[name])}
    assert roots <= {"bplearn", "numpy"} | sys.stdlib_module_names


@pytest.mark.parametrize("name", [name for name in box.ALLOWED if name.startswith("grader/")])
def test_the_untrusted_side_of_the_grader_imports_only_what_is_with_it(name):
    allowed = {f"bplearn.{file[:-3].replace('/', '.')}" for file in box.ALLOWED} | {"bplearn"}
    own = {module for module in _imports(FILES[name]) if module.split(".")[0] == "bplearn"}
    assert {m for m in own if m not in allowed and m.rpartition(".")[0] not in allowed - {"bplearn"}} == set()
    assert {module.split(".")[0] for module in _imports(FILES[name])} <= {
        "bplearn",
        "numpy",
    } | sys.stdlib_module_names


@pytest.mark.parametrize("module", nn.MODULES)
def test_mathematics_imports_earlier_lessons_only(module):
    earlier = nn.MODULES[: nn.MODULES.index(module)]
    used = {
        name.split(".")[2] for name in _imports(FILES[f"nn/{module}.py"]) if name.startswith("bplearn.nn.")
    }
    assert used <= set(earlier)


@pytest.mark.parametrize("name", [name for name in FILES if _room(name) == "nn"])
def test_mathematics_touches_no_file_and_no_clock(name):
    assert not {"io", "os", "pathlib", "time"} & {module.split(".")[0] for module in _imports(FILES[name])}


def test_no_module_bears_the_name_of_a_learners_function():
    modules = {_room(name) for name in FILES}
    assert modules & set(bplearn.__all__) == {"viz"}  # the one name that is a module


# ---- nothing grows too large to read ----


@pytest.mark.parametrize("name", [name for name in FILES if _room(name) not in LISTS])
def test_file_is_short(name):
    assert len(FILES[name].read_text(encoding="utf-8").splitlines()) < MOST_LINES_OF_A_FILE


@pytest.mark.parametrize("folder", ["tests", "bench"])
def test_files_around_the_package_are_short(folder):
    lengths = {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: n for name, n in lengths.items() if n >= MOST_LINES_OF_A_FILE} == {}


@pytest.mark.parametrize("name", FILES)
def test_functions_are_short(name):
    long = {f.name: _lines(f) for f in _functions(FILES[name]) if _lines(f) > MOST_LINES_OF_A_FUNCTION}
    assert long == {}


@pytest.mark.parametrize("name", FILES)
def test_functions_are_flat(name):
    deep = {f.name: _levels(f) for f in _functions(FILES[name]) if _levels(f) > MOST_LEVELS}
    assert deep == {}


# ---- test the tester ----


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("def f():\n    pass", 1),
        ("def f():\n    for x in y:\n        if x:\n            pass", 3),
        ("def f():\n    if a:\n        pass\n    elif b:\n        pass\n    else:\n        pass", 2),
        ("def f():\n    try:\n        pass\n    except E:\n        pass", 2),
    ],
)
def test_levels_are_counted_as_a_reader_does(code, levels):
    assert _levels(ast.parse(code).body[0]) == levels
