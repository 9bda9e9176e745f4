"""A lesson's source becomes its two editions, the learner's and the solution.

Pure: text in, notebooks out. Running the solution and writing files is in ``building``.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bplearn.notebooks import Notebook, text_hash

Edition = Literal["lesson", "solution"]
STUB = 'raise NotImplementedError("your turn: replace this line")'
ROLES = ("setup", "exercise", "check", "use", "picture", "quiz", "text")
TAGS = ("solution", "raises-exception", "nbval-ignore-output", "nbval-skip")
MARKER = re.compile(r"^(\s*)#+\s*(BEGIN|END)\s+([A-Z]+)\s*$")
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}


class SourceError(Exception):
    """What is wrong in a source, what to do, and the line."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True)
class Part:
    """Some lines of a cell: plain, or a SOLUTION or BUG region without its markers."""

    kind: str
    line: int
    indent: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Cell:
    """One cell of a source. ``line`` is the line of its ``# %%``, ``first`` the first line of its text."""

    line: int
    first: int
    kind: str
    text: str
    marks: dict[str, Any]

    @property
    def exercise(self) -> str:
        """Name of the exercise that is written here, or "" ."""
        return str(self.marks.get("exercise", ""))

    @property
    def tags(self) -> list[str]:
        """Tags, sorted."""
        return sorted(self.marks.get("tags", ()))

    @property
    def role(self) -> str:
        """What the cell is for: as marked, else as its code shows."""
        return str(self.marks.get("role") or _role(self))


@dataclass(frozen=True)
class Source:
    """A lesson's source; ``label`` is its file as errors name it."""

    lesson: str
    label: str
    cells: tuple[Cell, ...]


def read_source(lesson: str, text: str) -> Source:
    """Return the cells of a source in jupytext's percent format.

    Raises
    ------
    SourceError
        If it does not fall into cells.
    """
    import jupytext  # for authors only

    starts = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"# %%(?!%)", line)]
    found = jupytext.reads(text, fmt="py:percent").cells
    if len(found) != len(starts):
        where = next((n for n, line in enumerate(text.splitlines(), 1) if line.strip()), 1)
        raise SourceError(
            where,
            "text before the first `# %%`, or a `# %%` inside a string. Let each cell begin with `# %%`.",
        )
    cells = [
        Cell(line, _first(text, line), one.cell_type, one.source, _marks(one))
        for line, one in zip(starts, found, strict=True)
    ]
    return Source(lesson, f"solutions/{lesson}.py", tuple(cells))


def edition(source: Source, which: Edition, version: str) -> Notebook:
    """Return one edition, without outputs; the same source gives the same bytes."""
    chosen = [
        (cell, name)
        for cell, name in zip(source.cells, _ids(source), strict=True)
        if which == "solution" or "solution" not in cell.tags
    ]
    mine = {"lesson": source.lesson, "edition": which, "version": version}
    return {
        "cells": [_built(cell, name, which) for cell, name in chosen],
        "metadata": {"bplearn": mine, **KERNEL},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def text_of(cell: Cell, which: Edition) -> str:
    """Return a cell's text as one edition shows it."""
    if not cell.exercise:
        return cell.text
    parts = split(cell)
    bugs = [part for part in parts if part.kind == "BUG"]
    lines: list[str] = []
    for part in parts:
        if part.kind == "plain" or (part.kind == "SOLUTION" and which == "solution"):
            lines += part.lines
        elif part.kind == "SOLUTION":
            lines += _uncommented(bugs.pop(0)) if bugs else [part.indent + STUB]
    return "\n".join(lines).strip("\n")


def split(cell: Cell) -> list[Part]:
    """Return the parts of a cell in order.

    Raises
    ------
    SourceError
        If a region is nested, not closed, not opened or of an unknown name.
    """
    parts = [Part("plain", cell.first)]
    for number, line in enumerate(cell.text.split("\n"), cell.first):
        marker = MARKER.match(line)
        if marker:
            parts.append(_turn(parts[-1], marker, number))
        else:
            parts[-1].lines.append(line)
    if parts[-1].kind != "plain":
        raise SourceError(parts[-1].line, f"this region is not closed. Add `# END {parts[-1].kind}`.")
    return parts


def parsed(text: str) -> ast.Module:
    """Return the syntax tree of a cell; magics and shell lines count as ``pass``."""
    lines = [re.sub(r"^(\s*)[%!].*", r"\1pass", line) for line in text.split("\n")]
    return ast.parse("\n".join(lines))


def calls(cell: Cell, function: str) -> Iterator[ast.Call]:
    """Yield the calls of ``function`` in a cell."""
    for node in ast.walk(_tree(cell)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
            yield node


def checked(cell: Cell) -> str:
    """Return the name in a cell that is ``check(name)`` and nothing else, or ""."""
    match = re.fullmatch(r"check\((\w+)\)", cell.text.strip())
    return match[1] if match and cell.kind == "code" else ""


# ---- helpers ----


def _first(text: str, start: int) -> int:
    lines = enumerate(text.splitlines()[start:], start + 1)
    return next((number for number, line in lines if line.strip()), start)


def _marks(found: Any) -> dict[str, Any]:
    return {key: value for key, value in found.metadata.items() if key != "lines_to_next_cell"}


def _turn(before: Part, marker: re.Match[str], line: int) -> Part:
    indent, turn, kind = marker.groups()
    if kind not in ("SOLUTION", "BUG"):
        raise SourceError(line, f"unknown marker `{marker[0].strip()}`. Write SOLUTION or BUG.")
    if turn == "BEGIN" and before.kind != "plain":
        raise SourceError(
            line, f"a region inside the {before.kind} region of line {before.line}. Close that one first."
        )
    if turn == "END" and before.kind != kind:
        raise SourceError(
            line, f"`# END {kind}` without its `# BEGIN {kind}`. Add that, or delete this line."
        )
    return Part("plain", line + 1) if turn == "END" else Part(kind, line, indent)


def _uncommented(part: Part) -> list[str]:
    """Take one comment sign, and one blank after it, off each line."""
    return [re.sub(r"^(\s*)# ?", r"\1", line).rstrip() for line in part.lines]


def _tree(cell: Cell) -> ast.Module:
    try:
        return parsed(cell.text)
    except SyntaxError:
        return ast.Module([], [])


def _role(cell: Cell) -> str:
    if cell.kind != "code":
        return "text"
    if cell.exercise:
        return "exercise"
    if checked(cell):
        return "check"
    nodes = [node for node in ast.walk(_tree(cell)) if isinstance(node, ast.Attribute)]
    if any(isinstance(node.value, ast.Name) and node.value.id == "viz" for node in nodes):
        return "picture"
    return next((name for name in ("quiz", "use") if any(calls(cell, name))), "setup")


def _ids(source: Source) -> list[str]:
    seen: Counter[str] = Counter()
    names = []
    for cell in source.cells:
        name = cell.exercise or f"{source.lesson[:2]}-{text_hash(cell.text)[:10]}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return names


def _built(cell: Cell, name: str, which: Edition) -> Notebook:
    text = text_of(cell, which)
    mine = {"role": cell.role, "hash": text_hash(text)} | (
        {"exercise": cell.exercise} if cell.exercise else {}
    )
    metadata = {"bplearn": mine} | ({"tags": cell.tags} if cell.tags else {})
    built: Notebook = {"cell_type": cell.kind, "id": name, "metadata": metadata, "source": text}
    return built | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})
