"""Which cells need not run: those of the course's own whose results nobody asks for.

A lesson's demonstrations train networks for the eye; an answer seldom needs them. Only cells that are exactly
as handed out are ever left out, and only if nothing that runs names what they make. Runs beside untrusted
code.
"""

from __future__ import annotations

import ast
import re
import types
from collections.abc import Iterator, Sequence
from typing import Any

# Words by which a cell may reach names that cannot be seen in it.
_ANY_NAME = {
    "globals",
    "locals",
    "vars",
    "eval",
    "exec",
    "compile",
    "get_ipython",
    "__main__",
    "modules",
    "inspect",
}


def needed(cells: Sequence[Sequence[Any]]) -> list[tuple[int, str]]:
    """Return number and text of the cells to run.

    Parameters
    ----------
    cells : sequence of (number, text, as_handed_out)
    """
    if not any(given for *_, given in cells):
        return [(number, text) for number, text, _ in cells]
    wanted: set[str] = set()
    kept = set()
    todo = [number for number, _, given in cells if not given]
    texts = {number: text for number, text, _ in cells}
    while todo:
        kept.update(todo)
        wanted.update(name for number in todo for name in _wants(texts[number]))
        rest = [number for number in texts if number not in kept]
        todo = rest if wanted & _ANY_NAME else [n for n in rest if _makes(texts[n]) & wanted]
    return [(number, text) for number, text in texts.items() if number in kept]


def _wants(text: str) -> set[str]:
    """Every name that a cell may ask others for; names of attributes count as well."""
    try:
        return set(_names(compile(text, "<cell>", "exec", dont_inherit=True)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(re.findall(r"\w+", text))


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _makes(text: str) -> set[str]:
    """Every name that one of our own cells makes or changes at its top level."""
    made: set[str] = set()
    for node in _outside_functions(ast.parse(text)):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            made.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            made.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            made.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        elif isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
            made.add(_root(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            made.update({_root(node.func)} - {"np"})  # a method may change what it belongs to
    return made


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
            yield from _outside_functions(child)


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
