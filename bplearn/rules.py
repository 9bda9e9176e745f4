"""What a lesson's source must hold to before it is built. Each rule yields the line and what to do."""

import ast
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from bplearn.editions import ROLES, TAGS, Cell, Source, SourceError, calls, checked, parsed, split, text_of
from bplearn.notebooks import defined_names, near

Problem = tuple[int, str]
LEAK = 20  # a shorter region, such as `return x`, may well stand elsewhere in the lesson


def problems(source: Source, exercises: Iterable[str], quizzes: Iterable[str]) -> list[str]:
    """Return what is wrong with ``source``, one line each, beginning with file and line."""
    names = tuple(exercises)
    found = [problem for cell in source.cells for problem in _in_cell(cell)]
    found += _exercise_cells(source, names)
    found += _check_cells(source, names)
    found += _quiz_cells(source, tuple(quizzes))
    if not found:
        found += _leaks(source)
    return [f"{source.label}:{line}: {text}" for line, text in sorted(found)]


# ---- one cell ----


def _in_cell(cell: Cell) -> Iterator[Problem]:
    yield from _marks(cell)
    if cell.kind == "code":
        yield from _semicolons(cell)
        yield from _regions(cell)
    elif cell.kind != "markdown":
        yield cell.line, f"a {cell.kind} cell. Make it code or markdown."


def _marks(cell: Cell) -> Iterator[Problem]:
    known = ("exercise", "role", "tags")
    for key in cell.marks.keys() - {*known}:
        yield cell.line, f"unknown mark {key!r}. Known are {', '.join(known)}."
    if cell.role not in ROLES:
        yield cell.line, f"unknown role {cell.role!r}. Known are {', '.join(ROLES)}."
    for tag in set(cell.tags) - {*TAGS}:
        yield cell.line, f"unknown tag {tag!r}. Known are {', '.join(TAGS)}."
    if cell.exercise and "solution" in cell.tags:
        yield cell.line, "an exercise tagged solution would be missing from the lesson. Take the tag away."
    if cell.exercise and cell.kind != "code":
        yield cell.line, "an exercise is written in a code cell. Take [markdown] away."


def _semicolons(cell: Cell) -> Iterator[Problem]:
    for number, line in enumerate(cell.text.split("\n"), cell.first):
        if re.search(r";\s*(#.*)?$", line) and not line.lstrip().startswith("#"):
            yield (
                number,
                "this line ends in `;`, which nbval does not obey. Take it away; pictures return None.",
            )


def _regions(cell: Cell) -> Iterator[Problem]:
    try:
        parts = split(cell)
    except SourceError as error:
        yield error.line, str(error)
        return
    marked = [part for part in parts if part.kind != "plain"]
    if marked and not cell.exercise:
        yield marked[0].line, 'a marker outside an exercise cell. Write `# %% exercise="name"` above it.'
    if cell.exercise:
        yield from _solution_regions(cell)
    yield from _code(cell)


def _solution_regions(cell: Cell) -> Iterator[Problem]:
    parts = split(cell)
    solutions = [part for part in parts if part.kind == "SOLUTION"]
    bugs = [part for part in parts if part.kind == "BUG"]
    bare = [part for part in solutions if not part.indent and not bugs]
    if not solutions:
        yield cell.line, "no solution. Put it between # BEGIN SOLUTION and # END SOLUTION."
    if bugs and len(bugs) != len(solutions):
        yield bugs[0].line, f"{len(bugs)} BUG and {len(solutions)} SOLUTION regions. Write as many of each."
    for part in bare:
        yield part.line, "the stub would stop the cell. Put the markers inside the function."
    for number, line in (pair for part in bugs for pair in enumerate(part.lines, part.line + 1)):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, "a line of the BUG region that is not a comment. Put `# ` before it."


def _code(cell: Cell) -> Iterator[Problem]:
    for which in ("solution", "lesson"):
        text = text_of(cell, which)
        wrong = "" if "raises-exception" in cell.tags else _syntax_error(text)
        if wrong:
            yield cell.first, f"the {which} edition of this cell does not compile: {wrong}. Mend it."
        elif cell.exercise and cell.exercise not in defined_names(text):
            yield (
                cell.first,
                f"the {which} edition of this cell does not define {cell.exercise!r}. Define it.",
            )


def _syntax_error(text: str) -> str:
    try:
        parsed(text)
    except SyntaxError as error:
        return error.msg
    return ""


# ---- the cells together ----


def _exercise_cells(source: Source, names: tuple[str, ...]) -> Iterator[Problem]:
    counts = Counter(cell.exercise for cell in source.cells if cell.exercise)
    for cell in source.cells:
        if cell.exercise and cell.exercise not in names:
            yield (
                cell.line,
                f"no exercise {cell.exercise!r} in the lesson's exercises.{near(cell.exercise, names)}",
            )
        elif counts[cell.exercise] > 1 and cell.exercise:
            yield cell.line, f"{cell.exercise!r} has {counts[cell.exercise]} cells. Keep one."
    for name in names:
        if name not in counts:
            yield 1, f'exercise {name!r} has no cell. Add a cell with `# %% exercise="{name}"`.'


def _check_cells(source: Source, names: tuple[str, ...]) -> Iterator[Problem]:
    last = {checked(cell): cell.line for cell in source.cells if checked(cell)}
    for cell in source.cells:
        name = checked(cell)
        if name and name not in names:
            yield cell.first, f"check({name}) checks no exercise of this lesson.{near(name, names)}"
        if cell.role != "check" and any(calls(cell, "check")) and "role" not in cell.marks:
            yield cell.first, "a check beside other code. A check cell holds `check(name)` and nothing else."
        if cell.exercise in names and last.get(cell.exercise, 0) < cell.line:
            wanted = f"`check({cell.exercise})`"
            yield cell.line, f"no check cell after exercise {cell.exercise!r}. Add one: {wanted} alone."


def _quiz_cells(source: Source, names: tuple[str, ...]) -> Iterator[Problem]:
    asked = [(cell, _first_value(call)) for cell in source.cells for call in calls(cell, "quiz")]
    for cell, name in asked:
        if name not in names:
            yield cell.first, f"no quiz {name!r} in the lesson's exercises.{near(str(name), names)}"
    for name in set(names) - {name for _, name in asked}:
        yield 1, f'quiz {name!r} has no cell. Add a cell with `quiz("{name}")`.'


def _first_value(call: ast.Call) -> object:
    return getattr(call.args[0], "value", None) if call.args else None


def _leaks(source: Source) -> Iterator[Problem]:
    shown = [(cell, _flat(text_of(cell, "lesson"))) for cell in source.cells if "solution" not in cell.tags]
    secrets = [(secret, line) for secret, line in _secrets(source) if len(secret) >= LEAK]
    for (cell, text), (secret, line) in itertools.product(shown, secrets):
        if secret in text:
            yield cell.line, f"this cell shows the learner the solution of line {line}. Reword it."


def _secrets(source: Source) -> Iterator[tuple[str, int]]:
    for cell in source.cells:
        if "solution" in cell.tags:
            yield _flat(cell.text), cell.line
        for part in split(cell) if cell.exercise else ():
            yield _flat("\n".join(part.lines) if part.kind == "SOLUTION" else ""), part.line


def _flat(text: str) -> str:
    return " ".join(text.split())
