"""The documents and the package say the same: nothing here can go stale unseen."""

import doctest
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bplearn
from bplearn import exercises
from bplearn.cli import main
from bplearn.proofs import verdict
from bplearn.version import __version__

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def _read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def _verbs(group, before="bplearn"):
    for name, command in group.commands.items():
        yield from (
            _verbs(command, f"{before} {name}") if hasattr(command, "commands") else [f"{before} {name}"]
        )


def _slug(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


# ---- documents ----


@pytest.mark.parametrize("verb", list(_verbs(main)))
def test_readme_names_every_verb(verb):
    *group, name = verb.split()
    assert re.search(rf"`{' '.join(group)} [^|\n]*\b{name}\b", README)


@pytest.mark.parametrize("workflow", re.findall(r"```yaml\n(.+?)```", README, flags=re.S))
def test_readmes_workflows_run_verbs_and_options_that_there_are(workflow):
    (job,) = yaml.safe_load(workflow)["jobs"].values()
    lines = [step["run"].split(" #")[0].split() for step in job["steps"] if "run" in step]
    ours = [line[1:] for line in lines if line[0] == "bplearn"]
    assert ours
    for verb, *arguments in ours:
        with main.commands[verb].make_context(verb, arguments):  # an unknown option would be an error
            pass


@pytest.mark.parametrize("name", bplearn.__all__)
def test_readme_names_every_name_of_a_notebook(name):
    assert re.search(rf"`{name}\(|import .*\b{name}\b", README)


@pytest.mark.parametrize("lesson", exercises.LESSONS)
def test_readme_names_every_lesson(lesson):
    assert f"| `{lesson}` |" in README


def test_readme_names_no_lesson_that_does_not_exist():
    assert tuple(re.findall(r"^\| `(\d\d_\w+)` \|", README, flags=re.M)) == exercises.LESSONS


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_within_the_checkout_lead_somewhere(name):
    headings = {f"#{_slug(text)}" for text in re.findall(r"^#+ (.+)$", _read(name), flags=re.M)}
    targets = [target for target in LINK.findall(_read(name)) if not target.startswith("https://")]
    assert [t for t in targets if t not in headings and not (ROOT / t).exists()] == []


def test_contributing_names_every_target_of_make_that_it_should():
    targets = re.search(r"^\.PHONY: (.+)$", _read("Makefile"), flags=re.M)[1].split()
    assert [
        t
        for t in targets
        if t not in ("help", "env", "clean") and f"make {t}" not in _read("CONTRIBUTING.md")
    ] == []


def test_changelog_opens_with_this_version():
    assert re.search(r"^## (\S+)", _read("CHANGELOG.md"), flags=re.M)[1] == __version__


def test_readme_shows_what_its_first_check_says():
    code, card = re.search(r"```python\n(.+?)```\n\n```text\n(.+?)```", README, flags=re.S).groups()
    said = []
    exec(code, {"np": np, "check": lambda f: said.append(verdict(exercises.find(f.__name__), f).text())})
    assert card.strip() == said[0].strip()


# ---- what is installed ----


def test_conda_installs_what_pip_installs():
    *conda, last = yaml.safe_load(_read("environment.yml"))["dependencies"]
    *requirements, editable = last["pip"]
    assert conda == [f"python {PROJECT['requires-python']}", "pip"]
    assert requirements == PROJECT["dependencies"]
    assert editable == "-e ."


def test_tested_versions_are_plain_and_fit_what_is_declared():
    lines = [line for line in _read("constraints.txt").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.\-]+==[\w.]+", line)] == []
    tested = {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}
    declared = map(Requirement, PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"])
    assert [str(r) for r in declared if not r.specifier.contains(tested[canonicalize_name(r.name)])] == []


@pytest.fixture(scope="module")
def wheel_file(tmp_path_factory):
    """A wheel that was built, as pip does it, from the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run([*build, "-t", "sdist"], cwd=ROOT, check=True, capture_output=True)
    (sdist,) = folder.glob("*.tar.gz")
    subprocess.run(
        [sys.executable, "-m", "tarfile", "-e", str(sdist), str(folder)], check=True, capture_output=True
    )
    subprocess.run([*build, "-t", "wheel"], cwd=folder / sdist.name.removesuffix(".tar.gz"), check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def wheel(wheel_file):
    """The names in the wheel."""
    return set(zipfile.ZipFile(wheel_file).namelist())


@pytest.mark.slow
def test_the_wheel_works_without_a_checkout(wheel_file, tmp_path):
    zipfile.ZipFile(wheel_file).extractall(tmp_path / "installed")
    code = "import bplearn, sys; from bplearn.cli import main; print(bplearn.__file__); main(['list'])"
    env = os.environ | {"PYTHONPATH": str(tmp_path / "installed"), "PYTHONSAFEPATH": "1"}
    run = [sys.executable, "-c", code]
    shown = subprocess.run(run, cwd=tmp_path, env=env, check=True, capture_output=True, text=True).stdout
    assert shown.startswith(str(tmp_path / "installed"))
    assert all(lesson in shown for lesson in exercises.LESSONS)


@pytest.mark.slow
@pytest.mark.parametrize("lesson", exercises.LESSONS)
def test_wheel_carries_every_lesson_and_its_source(wheel, lesson):
    course = "bplearn/_course"
    files = (f"lessons/{lesson}.ipynb", f"solutions/{lesson}.ipynb", f"solutions/{lesson}.py")
    assert {f"{course}/{file}" for file in files} <= wheel


@pytest.mark.slow
def test_wheel_carries_every_file_of_the_package(wheel):
    tracked = [
        path for path in (ROOT / "bplearn").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    missing = {path.relative_to(ROOT).as_posix() for path in tracked} - wheel
    assert {path for path in missing if not path.endswith(".pyc")} == set()


@pytest.mark.slow
def test_wheel_holds_nothing_but_the_course(wheel):
    assert {name.split("/")[0] for name in wheel} == {"bplearn", f"bplearn-{__version__}.dist-info"}


# ---- examples ----

EXAMPLES = [
    path for path in sorted((ROOT / "bplearn").rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_examples_in_docstrings_run(path):
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
