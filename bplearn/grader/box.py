"""What a submission may see: a folder of allowed files, and the command that runs a program with no more.

The only parts of bplearn in it are those of `ALLOWED`, the mathematics of earlier lessons, and the digits to
learn from. Of installed packages it holds numpy and matplotlib with what these need.
"""

from __future__ import annotations

import functools
import glob
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from bplearn import data, exercises, nn

# Files of bplearn that run beside untrusted code: no reference, no expected value.
ALLOWED = (
    *("chances.py", "collect.py", "data.py", "engines.py", "inspection.py", "pipelines.py", "plain.py"),
    *("probes.py", "standins.py", "wire.py", "version.py"),
    *(
        "grader/__init__.py",
        "grader/filters.py",
        "grader/jail.py",
        "grader/thrift.py",
        "grader/worker.py",
        "grader/zygote.py",
        "nn/__init__.py",
    ),
)
PACKAGES = ("numpy", "matplotlib")
NOBODY = 65534
_INSIDE, _SITE = "/box", "/site"
_HERE = Path(__file__).resolve().parents[1]
_SITES = ("lib*/python3*/site-packages", "lib*/python3*/dist-packages", "local/lib*/python3*/*-packages")


# ---- the folder ----


def visible_mathematics(lesson: str) -> tuple[str, ...]:
    """Name the files of `nn` that a lesson's learner may use: all before the first that holds an answer."""
    homes = {exercise.reference.__module__.rpartition(".")[2] for exercise in exercises.exercises_of(lesson)}
    return nn.MODULES[: min(nn.MODULES.index(home) for home in homes if home in nn.MODULES)]


def lay_out(lesson: str, folder: Path) -> None:
    """Put what a lesson's submissions may see of bplearn into a folder that anyone may read."""
    package = folder / "bplearn"
    for name in (*ALLOWED, *(f"nn/{module}.py" for module in visible_mathematics(lesson))):
        place = package / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_HERE / name, place)
    (package / "__init__.py").write_text('"""What a submission sees of bplearn."""\n', encoding="utf-8")
    images, labels, held_out, _ = data.digits()
    few = {"test_images": images[: len(held_out)], "test_labels": labels[: len(held_out)]}
    arrays = {"train_images": images, "train_labels": labels} | few
    small: dict[str, Any] = {name: array.astype(np.uint8) for name, array in arrays.items()}
    np.savez(package / "digits.npz", **small)
    for place in (folder, *folder.rglob("*")):
        place.chmod(0o755 if place.is_dir() else 0o644)


# ---- the command ----


def command(folder: Path, program: str, private: Iterable[Path] = ()) -> list[str]:
    """Return the command that runs a program in Python, shut in.

    Parameters
    ----------
    folder : Path
        As `lay_out` left it.
    program : str
        What Python shall do.
    private : iterable of Path
        Folders that must not be seen even if they lie inside one that is.
    """
    seen = [*_binds(), (folder, _INSIDE)]
    hidden = [option for place in _hidden([Path(source) for source, _ in seen], private) for option in place]
    if os.geteuid() != 0:
        return _bwrap(seen, hidden, program)
    return _as_nobody(seen, hidden, program, folder)


def environment() -> dict[str, str]:
    """Return all of the environment that a submission sees."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {"HOME": "/tmp", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MPLBACKEND": "Agg", **threads}


def _bwrap(seen: Iterable[tuple[Path, str]], hidden: Sequence[str], program: str) -> list[str]:
    path = f"import sys; sys.path[:0] = ['{_INSIDE}', '{_SITE}']; "
    binds = [part for source, place in seen for part in ("--ro-bind", str(source), place)]
    return [
        *("bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--hostname", "box"),
        *binds,
        *_links(),
        *hidden,
        *("--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"),
        *(_interpreter(), "-I", "-S", "-B", "-c", path + program),
    ]


def _as_nobody(
    seen: Sequence[tuple[Path, str]], hidden: Sequence[str], program: str, folder: Path
) -> list[str]:
    """As root: make what is seen readable in a place of its own, become nobody, then shut the program in.

    In any other order the kernel refuses, for nobody can neither read root's folders nor does a world that
    root has made let its children have a /proc of their own.
    """
    places = folder.with_name(folder.name + ".seen")
    lines, moved = [], []
    for number, (source, place) in enumerate(seen):
        target = places / str(number)
        target.mkdir(parents=True, exist_ok=True) if source.is_dir() else _touch(target)
        lines.append(f"mount --bind {_quoted(source)} {_quoted(target)}")
        moved.append((target, place))
    places.chmod(0o755)
    drop = f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --no-new-privs"
    script = " && ".join([*lines, f'exec {drop} "$@"'])
    return ["unshare", "--mount", "sh", "-c", script, "sh", *_bwrap(moved, hidden, program)]


def _touch(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch()


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "'\\''") + "'"


def _interpreter() -> str:
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


# ---- what is seen ----


@functools.cache
def _binds() -> tuple[tuple[Path, str], ...]:
    """Folders and files of the system, the interpreter and the allowed packages, with their place inside."""
    roots = [Path("/usr"), *map(Path, ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache"))]
    system = [(root, str(root)) for root in roots if root.exists() and not root.is_symlink()]
    base = Path(os.path.realpath(sys.base_prefix))
    if not base.is_relative_to("/usr"):
        system.append((base, str(base)))
    return (*system, *((path, f"{_SITE}/{path.name}") for path in _package_files()))


def _links() -> list[str]:
    """The symbolic links of a system whose /bin and /lib live in /usr."""
    names = [name for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64") if os.path.islink(name)]
    return [part for name in names for part in ("--symlink", os.readlink(name), name)]


def _package_files() -> list[Path]:
    """Folders and modules of the allowed packages and of all that these need."""
    found: dict[str, None] = {}
    todo = list(PACKAGES)
    while todo:
        name = todo.pop()
        if name not in found and (needs := _needs(name)) is not None:
            found[name] = None
            todo += needs
    tops = {path for name in found for path in _tops(metadata.distribution(name))}
    return sorted(tops)


def _needs(name: str) -> list[str] | None:
    """Names of the packages that a package needs; None if it is not installed."""
    try:
        lines = metadata.distribution(name).requires or []
    except metadata.PackageNotFoundError:
        return None
    plain = [line for line in lines if "extra ==" not in line]
    return [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in plain]


def _tops(distribution: metadata.Distribution) -> Iterator[Path]:
    parts = {file.parts[0] for file in distribution.files or ()}
    for part in parts - {"..", "__pycache__", "/"}:
        path = Path(str(distribution.locate_file(part)))
        if path.exists():
            yield path


def _hidden(seen: Sequence[Path], private: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Cover what lies in a visible folder and must not be seen: other packages, this course, submissions."""
    prefixes = {root for root in seen if (root / "lib").is_dir()}
    sites = [Path(place) for root in prefixes for kind in _SITES for place in glob.glob(f"{root}/{kind}")]
    ours = (_HERE, _HERE.parent / "lessons", _HERE.parent / "solutions", *private)
    for place in dict.fromkeys((*sites, *(Path(os.path.realpath(path)) for path in ours))):
        if place.is_dir() and any(place != root and place.is_relative_to(root) for root in seen):
            yield "--tmpfs", str(place)
