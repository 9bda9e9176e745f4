"""What a lesson's source must hold to before it is built. Each rule yields the line and what to do."""

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
    if not solutions:
        yield (
            cell.line,
            "an exercise cell without a solution. Put it between # BEGIN SOLUTION and # END SOLUTION.",
        )
    if bugs and len(bugs) != len(solutions):
        yield (
            bugs[0].line,
            f"{len(bugs)} BUG regions for {len(solutions)} SOLUTION regions. Give each its own.",
        )
    for part in solutions if not bugs else ():
        if not part.indent:
            yield (
                part.line,
                "the stub would be raised when the cell runs. Put the markers inside the function.",
            )
    for part in bugs:
        for number, line in enumerate(part.lines, part.line + 1):
            if line.strip() and not line.lstrip().startswith("#"):
                yield number, "a line of the BUG region that is not a comment. Put `# ` before it."


def _code(cell: Cell) -> Iterator[Problem]:
    for which in ("solution", "lesson"):
        text = text_of(cell, which)
        try:
            parsed(text)
        except SyntaxError as error:
            if "raises-exception" not in cell.tags:
                yield cell.first, f"the {which} edition of this cell does not compile: {error.msg}. Mend it."
            return
        if cell.exercise and cell.exercise not in defined_names(text):
            yield (
                cell.first,
                f"the {which} edition of this cell does not define {cell.exercise!r}. Define it.",
            )


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
    places = {cell.exercise: cell.line for cell in source.cells if cell.exercise}
    last = {checked(cell): cell.line for cell in source.cells if checked(cell)}
    for cell in source.cells:
        if checked(cell) and checked(cell) not in names:
            yield (
                cell.first,
                f"check({checked(cell)}) checks no exercise of this lesson.{near(checked(cell), names)}",
            )
        if cell.role != "check" and any(calls(cell, "check")) and "role" not in cell.marks:
            yield (
                cell.first,
                "a check beside other code. Let the check cell hold `check(name)` and nothing else.",
            )
    for name, line in places.items():
        if name in names and last.get(name, 0) < line:
            yield line, f"no check cell after exercise {name!r}. Add a cell that holds `check({name})` only."


def _quiz_cells(source: Source, names: tuple[str, ...]) -> Iterator[Problem]:
    asked = {}
    for cell in source.cells:
        for call in calls(cell, "quiz"):
            name = getattr(call.args[0], "value", None) if call.args else None
            asked[name] = cell
            if name not in names:
                yield cell.first, f"no quiz {name!r} in the lesson's exercises.{near(str(name), names)}"
    for name in names:
        if name not in asked:
            yield 1, f'quiz {name!r} has no cell. Add a cell with `quiz("{name}")`.'


def _leaks(source: Source) -> Iterator[Problem]:
    shown = [(cell, _flat(text_of(cell, "lesson"))) for cell in source.cells if "solution" not in cell.tags]
    for secret, line in _secrets(source):
        for cell, text in shown:
            if len(secret) >= LEAK and secret in text:
                yield (
                    cell.line,
                    f"this cell shows the learner the solution of line {line}. Say it in other words.",
                )


def _secrets(source: Source) -> Iterator[tuple[str, int]]:
    for cell in source.cells:
        if cell.exercise:
            for part in split(cell):
                if part.kind == "SOLUTION":
                    yield _flat("\n".join(part.lines)), part.line
        elif "solution" in cell.tags:
            yield _flat(cell.text), cell.line


def _flat(text: str) -> str:
    return " ".join(text.split())
