"""The command line: arguments in, exit code out. What the verbs do is elsewhere."""

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bplearn import authoring, exercises, instructing, workspace
from bplearn.notebooks import NotebookError, course_folder
from bplearn.record import Record
from bplearn.terminal import Complaint, Verbs, WithRest, become, find, local_time, print_json, say, table
from bplearn.version import __version__

if TYPE_CHECKING:
    from bplearn.report import Report

Checked = tuple[str, "list[Report]", str]  # a notebook, the reports on it, or why there are none


@click.group(
    cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]}, epilog="To begin:  bplearn lab"
)
@click.version_option(__version__, message="bplearn %(version)s")
def main() -> None:
    """Learn backpropagation by writing it."""


main.add_command(authoring.dev)
main.add_command(instructing.grade)
main.add_command(instructing.report)
as_json = click.option("--json", "as_json", is_flag=True, help="For programs.")
one_exercise = click.option("--exercise", metavar="NAME", help="This exercise only.")


@main.command(cls=WithRest, epilog="Example:  bplearn lab my-course -- --no-browser --port 8899")
@click.argument("folder", default=workspace.FOLDER, metavar="[DIR] [-- JUPYTER ARGS]")
@click.pass_obj
def lab(rest: list[str], folder: str) -> None:
    """Copy the lessons to DIR, never overwriting, and open JupyterLab.

    DIR is bplearn-lessons if you name none. What stands after -- goes to JupyterLab.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise Complaint("JupyterLab is not installed here. Type `python -m pip install jupyterlab`.", 1)
    lines = workspace.copy_lessons(folder)
    new = [line for line in lines if line.endswith("is new.")]
    click.echo(f"{folder}: {len(new)} lessons copied, {len(lines) - len(new)} left as they were.", err=True)
    ours = str(Path(__file__).with_name("jupyter"))  # widget state is saved, so that reopened pictures live
    paths = os.pathsep.join(filter(None, (ours, os.environ.get("JUPYTER_CONFIG_PATH"))))
    first = [exercises.LESSONS[0] + ".ipynb"] if new and not rest else []
    as_root = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []  # as in a container
    command = [sys.executable, "-m", "jupyterlab", *as_root, *first, *rest]
    ours_first = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    become(command, folder, os.environ | {"JUPYTER_CONFIG_PATH": paths, "PATH": ours_first})


@main.command("list", epilog="Example:  bplearn list")
@as_json
def list_(*, as_json: bool) -> None:
    """Show lessons, exercises, points and what you reached."""
    record = _record()
    best, passed = record.best_points(), record.passed()
    lessons = [_lesson_row(lesson, best, passed) for lesson in exercises.LESSONS]
    if as_json:
        print_json({"version": 1, "lessons": lessons})
    else:
        _print_lessons(lessons, record)
    _tell_trouble(record)


@main.command(epilog="Example:  bplearn check 01_one_weight.ipynb --exercise sigmoid")
@click.argument("notebooks", nargs=-1, required=True, metavar="NOTEBOOK...")
@one_exercise
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=10.0,
    show_default=True,
    help="Seconds for each exercise.",
)
@as_json
def check(notebooks: tuple[str, ...], *, exercise: str | None, timeout: float, as_json: bool) -> None:
    """Say what the check cells would say, in a fresh process."""
    if exercise:
        find(exercise)
    results = [_checked(notebook, exercise, timeout) for notebook in notebooks]
    if as_json:
        print_json({"version": 1, "notebooks": [_as_dict(*result) for result in results]})
    else:
        _print_reports(results)
    if any(error for _, _, error in results):
        sys.exit(2)
    sys.exit(0 if all(report.passed for _, reports, _ in results for report in reports) else 1)


@main.command(epilog="Example:  bplearn hint sigmoid")
@click.argument("exercise")
def hint(exercise: str) -> None:
    """Show the next hint on EXERCISE."""
    from bplearn import learn

    find(exercise)
    _use_record()
    learn.hint(exercise)


@main.command(epilog="Example:  bplearn solution sigmoid")
@click.argument("exercise")
def solution(exercise: str) -> None:
    """Show the solution, after you pass or after the last hint."""
    from bplearn import learn

    barred = learn.bar_to_solution(find(exercise), _record())
    if barred:
        raise Complaint(barred.replace(f"hint({exercise})", f"bplearn hint {exercise}"), 1)
    _use_record()
    learn.solution(exercise)


@main.command(epilog="Example:  bplearn history sigmoid --restore 3")
@click.argument("exercise")
@click.option("--restore", metavar="K", type=int, help="Put answer K back into the notebook.")
@as_json
def history(exercise: str, *, restore: int | None, as_json: bool) -> None:
    """Show every answer that was checked, or bring one back."""
    find(exercise)
    record = _record()
    attempts = record.attempts(exercise)
    _tell_trouble(record)
    if restore is not None:
        chosen = [one for one in attempts if one.number == restore]
        if not chosen:
            raise Complaint(f"{exercise} has {len(attempts)} checked answers; there is no number {restore}.")
        say(workspace.restore(exercise, chosen[0].source, _home()))
    elif as_json:
        print_json({"version": 1, "attempts": [vars(one) for one in attempts]})
    elif not attempts:
        click.echo(f"No answer to {exercise} was checked yet in {_home().resolve()}.")
    else:
        rows = [[str(a.number), local_time(a.time), a.status, f"{a.points:g}", a.mistake] for a in attempts]
        table(("answer", "checked", "verdict", "points", "mistake"), rows)


@main.command(epilog="Example:  bplearn reset 01_one_weight.ipynb --exercise sigmoid")
@click.argument("notebook")
@one_exercise
def reset(notebook: str, *, exercise: str | None) -> None:
    """Bring NOTEBOOK back; what was there is kept beside it."""
    if exercise:
        find(exercise)
    say(workspace.reset(notebook, exercise))


@main.command(epilog="Example:  bplearn update")
@click.argument("folder", default="", metavar="[DIR]")
def update(folder: str) -> None:
    """Bring newer lesson texts; all that you wrote stays."""
    say(workspace.update(folder or _home()))


@main.command(epilog="Example:  bplearn doctor")
@as_json
def doctor(*, as_json: bool) -> None:
    """Say what works here, and what to type if something does not."""
    from bplearn import doctor as examination

    findings = examination.examine(course_folder(), Path(__file__).with_name("jupyter"))
    if as_json:
        print_json({"version": 1, "findings": [vars(one) for one in findings]})
    else:
        rows = [[one.sign, one.what, one.found, one.advice] for one in findings]
        table(("", "what", "found", "what to do"), rows)
    sys.exit(1 if any(one.state == "broken" for one in findings) else 0)


# ---- the learner's folder and record ----


def _home() -> Path:
    """Return the learner's folder: this one if notebooks of the course are here, else the usual one."""
    here = any(Path(f"{lesson}.ipynb").exists() for lesson in exercises.LESSONS)
    usual = Path(workspace.FOLDER)
    return usual if usual.is_dir() and not here else Path()


def _record() -> Record:
    return Record.at(_home())


def _use_record() -> None:
    """Let what is written for notebooks use the record of the learner's folder."""
    os.environ.setdefault("BPLEARN_HOME", str(_record().file.parent))


def _tell_trouble(record: Record) -> None:
    line = record.take_trouble()
    if line:
        click.echo(f"bplearn: {line}", err=True)


# ---- what list and check print ----


def _lesson_row(lesson: str, best: dict[str, float], passed: set[str]) -> dict[str, Any]:
    rows = [
        {"name": e.name, "points": best.get(e.name, 0.0), "max_points": e.points}
        | {"begun": e.name in best, "passed": e.name in passed}
        for e in exercises.exercises_of(lesson)
    ]
    return {"lesson": lesson, "title": exercises.title_of(lesson), "exercises": rows}


def _print_lessons(lessons: list[dict[str, Any]], record: Record) -> None:
    from bplearn import way

    rows = []
    for lesson, stage in zip(lessons, way.stages(record), strict=True):
        bar = f"{way.bar(stage.got, stage.most)}  {lesson['title']}"
        rows.append([lesson["lesson"], bar, f"{stage.got:g} of {stage.most:g}"])
        for one in lesson["exercises"]:
            sign = "✓ passed" if one["passed"] else "◐ begun" if one["begun"] else "○ ahead"
            rows.append(["  " + one["name"], sign, f"{one['points']:g} of {one['max_points']:g}"])
    table(("lesson, exercise", "", "points"), rows)
    click.echo("\n".join(way.summary(record)))


def _checked(notebook: str, exercise: str | None, timeout: float) -> Checked:
    from bplearn.grader.session import check_notebook

    try:
        return notebook, check_notebook(notebook, exercise, timeout), ""
    except (NotebookError, LookupError) as error:
        return notebook, [], str(error.args[0])


def _print_reports(results: list[Checked]) -> None:
    for notebook, reports, error in results:
        if error:
            click.echo(f"bplearn: {error}", err=True)
            continue
        done = f"{sum(one.passed for one in reports)} of {len(reports)} exercises passed"
        got, most = sum(one.points for one in reports), sum(one.max_points for one in reports)
        say([*(one.text() for one in reports), f"{notebook}: {done}, {got:g} of {most:g} points."])


def _as_dict(notebook: str, reports: "list[Report]", error: str) -> dict[str, Any]:
    return {"notebook": notebook, "reports": [one.to_dict() for one in reports], "error": error}
