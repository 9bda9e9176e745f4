"""``bplearn.nn`` as a whole: one place to import from, in course order, with documents that run."""

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from bplearn import nn

HERE = Path(nn.__file__).parent
PUBLIC = [(module, name) for module in nn.MODULES for name in import_module(f"bplearn.nn.{module}").__all__]


def _python(code, *folders):
    path = "import sys; sys.path[:0] = " + repr([str(folder) for folder in folders])
    done = subprocess.run(
        [sys.executable, "-c", f"{path}\n{code}"], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_modules_name_every_file():
    assert set(nn.MODULES) == {path.stem for path in HERE.glob("*.py")} - {"__init__"}


def test_type_checkers_see_every_module():
    starred = {
        node.module
        for node in ast.walk(ast.parse(Path(nn.__file__).read_text()))
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    }
    assert starred == {f"bplearn.nn.{module}" for module in nn.MODULES}


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_every_name_is_found_from_the_package(module, name):
    assert getattr(nn, name) is getattr(import_module(f"bplearn.nn.{module}"), name)


def test_no_name_is_taken_twice():
    names = [name for _, name in PUBLIC]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_docstring_names_every_parameter_and_what_comes_back(module, name):
    function = getattr(nn, name)
    doc = inspect.getdoc(function)
    missing = [
        p for p in inspect.signature(function).parameters if f"{p} : " not in doc and f"{p}, " not in doc
    ]
    assert name == "directional_error" or (missing == [] and "Returns\n-------" in doc)


@pytest.mark.parametrize("name", ["sigmod", "_modules_", "__wrapped__"])
def test_unknown_name_is_an_attribute_error(name):
    with pytest.raises(AttributeError, match=f"'bplearn.nn' has no attribute '{name}'"):
        getattr(nn, name)


def test_only_the_files_up_to_the_name_are_loaded():
    code = "import sys; from bplearn.nn import sigmoid; print('bplearn.nn.chain' in sys.modules)"
    assert _python(code, HERE.parents[1]) == "False"


@pytest.mark.parametrize(("name", "found"), [("sigmoid", True), ("two_weight_forward", False)])
def test_hidden_files_of_later_lessons_are_passed_over(tmp_path, name, found):
    seen = tmp_path / "bplearn" / "nn"
    seen.mkdir(parents=True)
    for file in (HERE.parent / "__init__.py", HERE / "__init__.py", HERE / "shapes.py", HERE / "neuron.py"):
        (tmp_path / "bplearn" / file.relative_to(HERE.parent)).write_text(file.read_text())
    assert _python(f"import bplearn.nn; print(hasattr(bplearn.nn, {name!r}))", tmp_path) == str(found)
