"""The verbs of ``bplearn dev``, for authors: arguments in, exit code out."""

import sys
from pathlib import Path

import click

from bplearn import exercises
from bplearn.notebooks import course_folder
from bplearn.terminal import Complaint, Verbs, find, say


@click.group(cls=Verbs, epilog="Example:  bplearn dev build --check")
def dev() -> None:
    """Write lessons: new, build, check; class writes an example class."""


@dev.command(epilog="Example:  bplearn dev new 07_dropout")
@click.argument("name", metavar="NN_NAME")
def new(name: str) -> None:
    """Begin a lesson: two files that build as they are."""
    from bplearn import scaffold

    say(scaffold.new_lesson(name, course_folder(), exercises.LESSONS))


@dev.command(epilog="Example:  bplearn dev build 01_one_weight")
@click.argument("lessons", nargs=-1, metavar="[LESSON...]")
@click.option("--check", is_flag=True, help="Write nothing; say what differs from its source.")
def build(lessons: tuple[str, ...], *, check: bool) -> None:
    """Build both editions of each lesson from its source."""
    number = len(lessons or exercises.LESSONS)
    _finish(_built(lessons, check=check), f"{number} lessons {'are up to date' if check else 'built'}.")


@dev.command(epilog="Example:  bplearn dev check sigmoid")
@click.argument("names", nargs=-1, metavar="[NAME...]")
def check(names: tuple[str, ...]) -> None:
    """Prove exercises and compare notebooks with sources.

    NAME is a lesson or an exercise; all of them if you name none.
    """
    from bplearn import proofs

    groups = [exercises.exercises_of(n) if n in exercises.LESSONS else (find(n),) for n in names]
    chosen = [exercise for group in groups for exercise in group]
    lines = _built(tuple(dict.fromkeys(one.lesson for one in chosen)), check=True)
    click.echo("proving the exercises", err=True)
    lines += proofs.problems([one.name for one in chosen])
    _finish(lines, f"{len(chosen or exercises.all_exercises())} exercises are right.")


@dev.command("class", epilog="Example:  bplearn dev class example --size 30")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--size", type=click.IntRange(1, 9999), default=30, show_default=True, help="Learners.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed, the same class.")
@click.option(
    "--lesson",
    "lessons",
    type=click.Choice(exercises.LESSONS),
    multiple=True,
    default=("01_one_weight",),
    show_default=True,
    help="May be given several times.",
)
def class_(folder: Path, size: int, seed: int, lessons: tuple[str, ...]) -> None:
    """Write an example class of submissions to DIR."""
    from bplearn import classroom

    say(classroom.write_class(folder, size, seed, tuple(dict.fromkeys(lessons))))


def _built(lessons: tuple[str, ...], *, check: bool) -> list[str]:
    from bplearn import building

    names = [Path(lesson).stem for lesson in lessons]  # a file's name will do
    try:
        return building.build(names, check=check, say=lambda line: click.echo(line, err=True))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("jupytext", "nbclient", "nbformat"):
            raise
        line = f'{error.name} is missing. Type `python -m pip install "bplearn[test]"`.'
        raise Complaint(line, 1) from None


def _finish(problems: list[str], praise: str) -> None:
    say(problems or [praise])
    sys.exit(1 if problems else 0)
