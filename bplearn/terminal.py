"""What the command line is made of: one-line complaints, tables, JSON, another program in our place."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

from bplearn import exercises
from bplearn.notebooks import NotebookError

if TYPE_CHECKING:
    from bplearn.exercise import Exercise


class Complaint(click.ClickException):
    """One line on stderr, then an exit code: 2 for wrong usage, 1 for what failed."""

    def __init__(self, message: object, exit_code: int = 2) -> None:
        super().__init__(" ".join(str(message).split()))
        self.exit_code: int = exit_code  # type: ignore[misc]

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the line."""
        click.echo(f"bplearn: {self.message}", err=True)


class Verbs(click.Group):
    """A group of verbs: what goes wrong for a user is one line, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb."""
        for stream in (sys.stdout, sys.stderr):  # a terminal may not know our signs
            getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
        try:
            return super().invoke(ctx)
        except NotebookError as error:
            raise Complaint(error) from None
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Complaint(f"{error.filename or 'the system says'}: {error.strerror or error}.", 1) from None


class WithRest(click.Command):
    """A verb that hands on whatever stands after ``--``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the rest out of click's sight."""
        cut = args.index("--") if "--" in args else len(args)
        ctx.obj = args[cut + 1 :]
        return super().parse_args(ctx, args[:cut])


def find(name: str) -> "Exercise":
    """Return an exercise; an unknown name is a complaint that suggests near ones."""
    try:
        return exercises.find(name)
    except LookupError as error:
        raise Complaint(error.args[0]) from None


def say(lines: Iterable[str]) -> None:
    """Print lines."""
    for line in lines:
        click.echo(line)


def print_json(value: object) -> None:
    """Print for programs."""
    click.echo(json.dumps(value, indent=1))


def table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; colours and lines only where a terminal can show them."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in names:
        grid.add_column(name, overflow="fold")
    for row in rows:
        grid.add_row(*map(Text, row))
    Console(file=sys.stdout, highlight=False).print(grid)


def local_time(stamp: str) -> str:
    """Return the time of a record as a clock on the wall shows it."""
    try:
        return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return stamp


def become(command: list[str], folder: str, environment: Mapping[str, str]) -> NoReturn:
    """Go on as another program, so that Ctrl-C and exit code are its own."""
    if os.name == "nt":  # where a process cannot be replaced
        sys.exit(subprocess.run(command, cwd=folder, env=environment, check=False).returncode)
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(folder)
    os.execve(command[0], command, dict(environment))
