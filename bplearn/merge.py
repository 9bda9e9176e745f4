"""Newer lesson texts into a learner's notebook, pure: notebooks in, notebook out.

A handed-out cell carries the hash of its text. Where text and hash still agree, the learner has not touched
it, and it may be replaced, moved or dropped. All else is the learner's and stays after its neighbour.
"""

import ast
import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

from bplearn.notebooks import Notebook, defined_names, of_course, text_hash

Cell = dict[str, Any]
HANDED_OUT_ID = re.compile(r"\d\d-([0-9a-f]{10})(-\d+)?")


def merge(old: Notebook, new: Notebook) -> Notebook:
    """Return ``old`` with the texts of ``new``; ``old`` itself if there is nothing new in them.

    Parameters
    ----------
    old : dict
        The learner's notebook, as ``read_notebook`` gives it.
    new : dict
        The lesson as handed out now.
    """
    places = _places(old["cells"], new["cells"])
    stale = _stale(old["cells"], set(places.values()))
    if not stale and _current(old["cells"], new["cells"], places):
        return old
    cells = _laid_out(old["cells"], new["cells"], places, stale)
    metadata = old["metadata"] | {"bplearn": new["metadata"]["bplearn"]}
    return old | {
        "cells": _with_ids(cells, new),
        "metadata": metadata,
        "nbformat_minor": new["nbformat_minor"],
    }


def untouched(cell: Cell) -> bool:
    """Return whether a cell is as it was handed out. Without metadata, its id may tell."""
    stated = _handed_out(cell)
    return bool(stated) and text_hash(cell["source"]).startswith(stated)


# ---- which cell is which ----


def _handed_out(cell: Cell) -> str:
    """Return the beginning of the hash of the text that was handed out, or "" if that is not known."""
    stated = of_course(cell).get("hash")
    if isinstance(stated, str):
        return stated[:10]
    match = HANDED_OUT_ID.fullmatch(str(cell.get("id")))
    return match[1] if match else ""


def _places(old: list[Cell], new: list[Cell]) -> dict[int, int]:
    """Return where in ``old`` each cell of ``new`` is, if it is there: by id, else by hash, else by text."""
    places: dict[int, int] = {}
    for same in (_same_id, _same_exercise, _same_hash, _same_text, _defines_it):
        _claim(places, old, new, same)
    return places


def _claim(
    places: dict[int, int], old: list[Cell], new: list[Cell], same: Callable[[Cell, Cell], bool]
) -> None:
    taken = set(places.values())
    for number, cell in enumerate(new):
        fits = (
            o for o, mine in enumerate(old) if o not in taken and _same_type(mine, cell) and same(mine, cell)
        )
        place = next(fits, None) if number not in places else None
        if place is not None:
            places[number] = place
            taken.add(place)


def _same_type(mine: Cell, cell: Cell) -> bool:
    return bool(mine["cell_type"] == cell["cell_type"])


def _same_id(mine: Cell, cell: Cell) -> bool:
    return bool(mine.get("id") == cell["id"])


def _same_exercise(mine: Cell, cell: Cell) -> bool:
    name = of_course(cell).get("exercise")
    return bool(name) and of_course(mine).get("exercise") == name


def _same_hash(mine: Cell, cell: Cell) -> bool:
    return bool(of_course(mine).get("hash") == of_course(cell)["hash"])


def _same_text(mine: Cell, cell: Cell) -> bool:
    return bool(mine["source"] == cell["source"])


def _defines_it(mine: Cell, cell: Cell) -> bool:
    return not of_course(mine) and of_course(cell).get("exercise") in defined_names(mine["source"])


def _stale(old: list[Cell], claimed: set[int]) -> set[int]:
    """Return the places of untouched cells that the lesson no longer has. Second copies are the learner's."""
    stale: set[int] = set()
    known = {_handed_out(old[place]) for place in claimed}
    for place, cell in enumerate(old):
        if place not in claimed and untouched(cell) and _handed_out(cell) not in known:
            stale.add(place)
            known.add(_handed_out(cell))
    return stale


def _current(old: list[Cell], new: list[Cell], places: dict[int, int]) -> bool:
    """Return whether all cells of the lesson are there as handed out now, in their order."""
    order = [places.get(number, -1) for number in range(len(new))]
    hashes = [
        _handed_out(old[place]) in ("", _handed_out(cell)) for place, cell in zip(order, new, strict=True)
    ]
    return -1 not in order and order == sorted(order) and all(hashes)


# ---- the new order ----


def _laid_out(old: list[Cell], new: list[Cell], places: dict[int, int], stale: set[int]) -> list[Cell]:
    """Return the lesson's cells in its order, and after each the learner's own that stood after it."""
    followers: dict[int, list[Cell]] = {}
    claimed, anchor = set(places.values()), -1
    for place, cell in enumerate(old):
        if place in claimed:
            anchor = place
        elif place not in stale:
            followers.setdefault(anchor, []).append(_own(cell))
    cells = followers.get(-1, [])
    for number, cell in enumerate(new):
        place = places.get(number, -1)
        cells += [*_joined(old[place], cell), *followers.get(place, [])] if place >= 0 else [cell]
    return cells


def _own(cell: Cell) -> Cell:
    """Return a cell that is the learner's from now on; a copy of a handed-out text forgets its origin."""
    if not untouched(cell):
        return cell
    metadata = {key: value for key, value in cell["metadata"].items() if key != "bplearn"}
    return cell | {"metadata": metadata, "id": None}


def _joined(mine: Cell, cell: Cell) -> Iterator[Cell]:
    """Yield what stands for one cell of the lesson: the learner's text, or the new one if untouched."""
    if mine["source"] == cell["source"] or not untouched(mine):
        if _task_changed(mine, cell):
            yield _note(cell)
        yield mine | {"id": cell["id"], "metadata": mine["metadata"] | cell["metadata"]}
    else:
        yield cell


def _task_changed(mine: Cell, cell: Cell) -> bool:
    """Return whether an exercise handed out anew takes another number of arguments than the answer."""
    name = of_course(cell).get("exercise")
    if not name or mine["source"] == cell["source"] or _handed_out(mine) == _handed_out(cell):
        return False
    return _arguments(mine["source"], name) != _arguments(cell["source"], name)


def _arguments(source: str, name: str) -> int | None:
    """Return how many arguments ``name`` takes; what they are called does not matter to a check."""
    try:
        nodes = ast.parse(source).body
    except (SyntaxError, ValueError):
        return None
    found = [node.args for node in nodes if isinstance(node, ast.FunctionDef) and node.name == name]
    return len(found[-1].posonlyargs + found[-1].args) if found else None


def _note(cell: Cell) -> Cell:
    line = f"`{of_course(cell)['exercise']}` has a new task; your text is kept below. What is handed out now:"
    return {"cell_type": "markdown", "metadata": {}, "source": f"{line}\n\n```python\n{cell['source']}\n```"}


def _with_ids(cells: list[Cell], new: Notebook) -> list[Cell]:
    """Give each cell an id of its own; those of the lesson come first."""
    lessons = {cell["id"]: of_course(cell) for cell in new["cells"]}
    taken = set(lessons)
    named = []
    for cell in cells:
        name = cell.get("id")
        if name in lessons and of_course(cell) == lessons[name]:
            del lessons[name]
        elif not isinstance(name, str) or name in taken:
            name = _unused(f"own-{text_hash(cell['source'])[:10]}", taken)
        taken.add(name)
        named.append(cell | {"id": name})
    return named


def _unused(name: str, taken: set[str]) -> str:
    numbered = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    return next(one for one in numbered if one not in taken)
