"""The verbs for instructors: grade a class, and write its tables and pages anew."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bplearn import exercises
from bplearn.notebooks import NotebookError
from bplearn.terminal import Complaint, print_json, say
from bplearn.version import __version__

if TYPE_CHECKING:
    from bplearn.grader.batch import Outcome
    from bplearn.grader.publish import Told
    from bplearn.grader.store import Store

FORMATS = ("csv", "json", "canvas", "moodle", "gradescope")
Tell = Callable[[int, int], None]

in_out = click.option("-o", "--out", required=True, metavar="OUT", help="Folder for marks, tables and pages.")
with_formats = click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help="May be given several times; csv always is.",
)
with_attempt = click.option(
    "--attempt",
    type=click.Choice(("last", "best")),
    help="Which of several attempts counts.  [default: last]",
)
with_roster = click.option(
    "--roster", metavar="FILE", help="CSV: column submission, and the platform's id columns."
)
as_json = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.command(epilog="Example:  bplearn grade submissions -o marks --roster class.csv --format canvas")
@click.argument("source", metavar="SUBMISSIONS")
@in_out
@click.option("--lesson", metavar="NN", help="This lesson only; notebooks of others are wrong_lesson.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes.  [default: one for each processor]")
@click.option(
    "--scheduler", metavar="ADDRESS", default="", help="Of a dask cluster, in place of processes here."
)
@click.option(
    "--seed", type=click.IntRange(min=0), help="Of the inputs.  [default: drawn once, then kept in OUT]"
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=10.0,
    show_default=True,
    help="CPU seconds an exercise.",
)
@click.option(
    "--memory", type=click.IntRange(min=64), default=1024, show_default=True, help="Megabytes an exercise."
)
@with_attempt
@with_roster
@click.option(
    "--sandbox",
    type=click.Choice(("auto", "bwrap", "none")),
    default="auto",
    show_default=True,
    help="none: with your rights, for people you trust.",
)
@with_formats
@as_json
def grade(source: str, out: str, *, as_json: bool, scheduler: str, jobs: int | None, **options: Any) -> None:
    """Mark what a class has handed in, in a sandbox.

    SUBMISSIONS is a folder with ID/NAME.ipynb, flat files ID__NAME.ipynb, or the .zip of Canvas, Moodle or
    Gradescope. What is already marked and has not changed is not marked again, so a run that was stopped
    goes on where it was.
    """
    from bplearn.grader import submissions
    from bplearn.grader.batch import Batch, crew
    from bplearn.grader.marking import Settings
    from bplearn.grader.store import FILE, Store

    options["lesson"] = _lesson(options["lesson"])
    options["sandbox"] = "none" if options["sandbox"] == "none" else "bwrap"
    entries = submissions.find(Path(source), (Path(out),))
    folder, origin = Path(out), os.path.realpath(source)
    is_first = not (folder / FILE).exists()
    if is_first:
        _try_sandbox(options["sandbox"])
    with Store(folder) as store:
        settings = _settings(store, origin, options)
        terms = Settings(
            *(settings[name] for name in ("seed", "version", "lesson", "timeout", "memory", "sandbox"))
        )
        private = (Path(origin), Path(os.path.realpath(out)), Path.home())
        before = (lambda: None) if is_first else lambda: _try_sandbox(options["sandbox"])
        with _progress("marked", as_json) as tell, crew(jobs or _processors(), scheduler) as workers:
            outcome = Batch(store, origin, terms, workers, private, tell, before).run(entries)
        told = _published(store, settings, as_json)
        trouble = store.trouble
    _tell(out, told, outcome, trouble, settings, as_json=as_json)


@click.command(epilog="Example:  bplearn report marks --format moodle --roster class.csv")
@click.argument("out", metavar="OUT")
@with_attempt
@with_roster
@with_formats
@as_json
def report(out: str, *, as_json: bool, **options: Any) -> None:
    """Write the tables and pages of a class again."""
    from bplearn.grader.store import FILE, Store

    if not (Path(out) / FILE).is_file():
        raise NotebookError(f"{out} holds no graded class. Type `bplearn grade SUBMISSIONS -o {out}` first.")
    with Store(Path(out)) as store:
        settings = _merged(store.settings(), options)
        store.keep_settings(settings)
        told = _published(store, settings, as_json)
        trouble = store.trouble
    _tell(out, told, None, trouble, settings, as_json=as_json)


# ---- options ----


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _lesson(given: str | None) -> str:
    """The full name of a lesson, of which the number is enough."""
    if not given:
        return ""
    found = [name for name in exercises.LESSONS if given in (name, name[:2], name[:2].lstrip("0"))]
    if not found:
        raise Complaint(f"There is no lesson {given!r}. Type `bplearn list` to see them all.")
    return found[0]


def _try_sandbox(given: str) -> None:
    """Refuse if submissions cannot be shut in, and nobody has said that they need not be."""
    if given == "none":
        text = "bplearn: no sandbox: what was handed in runs with your rights. The report says so."
        click.echo(text, err=True)
        return
    from bplearn.grader import examination, forks

    found = examination.examine()
    if not found.works:
        raise Complaint(
            f"The sandbox does not work here: {found.found}. {found.advice} "
            "Or grade with `--sandbox none`, if you trust every submission.",
            1,
        )
    forks.sweep()


def _settings(store: Store, origin: str, options: dict[str, Any]) -> dict[str, Any]:
    """The settings of a run; what was not said is as in the run before."""
    kept = store.settings()
    seed = options["seed"] if options["seed"] is not None else kept.get("seed")
    overrides = Path(origin).parent / "overrides.csv"
    fixed = {"seed": secrets.randbelow(2**32) if seed is None else seed, "version": __version__}
    fixed |= {"overrides": str(overrides)} | {
        name: options[name] for name in ("lesson", "timeout", "memory", "sandbox")
    }
    settings = _merged(kept | fixed, options)
    store.keep_settings(settings)
    return settings


def _merged(kept: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    roster = os.path.realpath(options["roster"]) if options["roster"] else kept.get("roster", "")
    if roster and not Path(roster).is_file():
        raise NotebookError(f"there is no roster {roster}.")
    return kept | {
        "attempt": options["attempt"] or kept.get("attempt", "last"),
        "formats": list(options["formats"] or kept.get("formats", ())),
        "roster": roster,
    }


# ---- what is said ----


def _published(store: Store, settings: dict[str, Any], quiet: bool) -> Told:
    from bplearn.grader.publish import publish

    with _progress("pages", quiet) as tell:
        return publish(store, settings, tell)


@contextmanager
def _progress(what: str, quiet: bool) -> Iterator[Tell]:
    """A bar with rate and time left on a terminal; elsewhere a line now and then."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()),
        *(TextColumn("{task.fields[rate]}"), TimeRemainingColumn()),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        line = progress.add_task(what, rate="", total=None)

        def tell(done: int, total: int) -> None:
            task = progress.tasks[0]
            rate = f"{60 * task.speed:.0f} a minute" if task.speed else ""
            progress.update(line, completed=done, total=total, rate=rate)

        yield tell


def _tell(
    out: str, told: Told, outcome: Outcome | None, trouble: str, settings: dict[str, Any], *, as_json: bool
) -> None:
    if trouble:
        click.echo(f"bplearn: {trouble}", err=True)
    if as_json:
        done = outcome._asdict() if outcome else {}
        print_json(
            {"version": 1, "out": out, "seed": settings["seed"], "sandbox": settings["sandbox"]}
            | {"statuses": told.statuses, "learners": told.learners, "lines": list(told.lines)}
            | done
        )
    else:
        say(_lines(out, told, outcome, settings))
    sys.exit(0 if set(told.statuses) <= {"graded"} else 1)


def _lines(out: str, told: Told, outcome: Outcome | None, settings: dict[str, Any]) -> Iterator[str]:
    if outcome:
        rate = f", {60 * outcome.marked / outcome.seconds:.0f} a minute" if outcome.marked else ""
        took = f"{outcome.marked} notebooks marked in {outcome.seconds:.1f} s{rate}"
        yield f"{took}; {outcome.unchanged} unchanged."
        if outcome.gone:
            yield f"{outcome.gone} notebooks of earlier runs are no longer there; the tables leave them out."
    counts = ", ".join(f"{count} {status}" for status, count in sorted(told.statuses.items()))
    yield f"{told.learners} learners: {counts}. Seed {settings['seed']}."
    yield from told.lines[:20]
    if len(told.lines) > 20:
        yield f"... and {len(told.lines) - 20} more lines like these: errors.csv has them all."
    yield f"Marks: {out}/grades.csv. Class: {out}/class.html. Feedback: {out}/learners/."
    yield f"What could not be graded, and why: {out}/errors.csv."
