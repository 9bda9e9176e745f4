"""The page of a class: how it did, exercise by exercise, which mistakes it made, and what to teach again."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from bplearn import exercises
from bplearn.grader.pages import bar, lesson_title, page, section_of, table
from bplearn.grader.results import OVERRIDE, Mark, Submission
from bplearn.grader.tables import file_name
from bplearn.report import CALLS_FAILING, Finding, rich

_CLASSES = 10  # of the distribution
_WIDE, _HIGH = 520, 150  # of its picture
_MOST_MISTAKES = 30
_MOST_TO_TEACH = 3


class Mistake(NamedTuple):
    """A mistake of the class: where, which, and how many made it."""

    exercise: str
    outputs: tuple[str, ...]
    name: str
    message: str
    learners: int


def class_page(found: Sequence[Submission], settings: Mapping[str, Any], lines: Sequence[str]) -> bytes:
    """Return the page.

    Parameters
    ----------
    found : sequence of Submission
    settings : mapping
        What the class was graded with.
    lines : sequence of str
        What else is to be said: who is missing, which overrides are for nobody.
    """
    parts = [f"<h1>{_people(found)}</h1>\n", _terms(settings)]
    lessons = sorted({one.lesson for one in found if one.status == "graded"})
    parts += [_lesson(lesson, [one for one in found if one.lesson == lesson]) for lesson in lessons]
    parts += [_by_hand(found), _not_graded(found), _more(lines), _learners(found)]
    return page("The class", "".join(parts))


def mistakes_of(marks: Sequence[Mark]) -> list[Mistake]:
    """The mistakes in these marks, the most frequent first; each counts once for a learner."""
    seen: dict[tuple[str, str], list[Finding]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for mark in marks:
        named = [finding for finding in (mark.report.findings if mark.report else ()) if finding.mistake]
        for name in {str(finding.mistake) for finding in named}:
            counts[mark.exercise, name] += 1
            seen.setdefault((mark.exercise, name), []).extend(f for f in named if f.mistake == name)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [_mistake(*key, seen[key], count) for key, count in ranked]


def _mistake(exercise: str, name: str, findings: Sequence[Finding], count: int) -> Mistake:
    outputs = tuple(sorted({finding.output for finding in findings if finding.output}))
    return Mistake(exercise, outputs, name, _general(findings[0]), count)


def _general(finding: Finding) -> str:
    """What is said of the cause, without the numbers of one learner."""
    return finding.message.partition("\n")[0] if finding.status == "mistake" else ""


# ---- parts of the page ----


def _people(found: Sequence[Submission]) -> str:
    people = len({one.submission for one in found})
    return f"{people} learner{'s' * (people != 1)}, {len(found)} notebook{'s' * (len(found) != 1)}"


def _terms(settings: Mapping[str, Any]) -> str:
    told = {
        "course": settings.get("version"),
        "seed": settings.get("seed"),
        "attempt": settings.get("attempt"),
    }
    words = ", ".join(f"{name} {html.escape(str(value))}" for name, value in told.items())
    bare = settings.get("sandbox") == "none"
    warning = (
        '<p class="note"><strong>Graded without a sandbox.</strong> What was handed in ran with the rights '
        "of whoever graded: it could read the references and forge points. Trust these marks as far as you "
        "trust the class.</p>\n"
    )
    return f"<p>{words}.</p>\n" + warning * bare


def _lesson(lesson: str, own: Sequence[Submission]) -> str:
    marks = [mark for one in own if one.status == "graded" for mark in one.marks]
    made = mistakes_of(marks)
    waiting = [one for one in made if one.name.startswith(CALLS_FAILING)]
    mistakes = [one for one in made if one not in waiting]
    return (
        f"<h2>{rich(lesson_title(lesson))}</h2>\n"
        + _distribution([one for one in own if one.status == "graded"])
        + _pass_rates(lesson, marks)
        + _teach_again(marks, mistakes)
        + _mistakes(mistakes)
        + _waiting(waiting)
    )


def _distribution(own: Sequence[Submission]) -> str:
    shares = [one.points / one.max_points if one.max_points else 0.0 for one in own]
    counts = Counter(min(int(share * _CLASSES), _CLASSES - 1) for share in shares)
    heights = [counts.get(k, 0) for k in range(_CLASSES)]
    names = [f"{100 * k // _CLASSES} to {100 * (k + 1) // _CLASSES} %" for k in range(_CLASSES)]
    median = sorted(one.points for one in own)[len(own) // 2]
    words = f"Points of {len(own)} learners, in tenths of all there are. "
    words += f"Median {median:g} of {own[0].max_points:g}."
    rows = [(name, str(count)) for name, count in zip(names, heights, strict=True)]
    as_words = table("The same as a table", ("share of the points", "#learners"), rows)
    closed = f"<details><summary>As a table</summary>{as_words}</details>\n"
    return f"<p>{words}</p>\n{_histogram(heights, words)}{closed}"


def _histogram(heights: Sequence[int], words: str) -> str:
    step, most = _WIDE / len(heights), max([*heights, 1])
    bars = []
    for k, count in enumerate(heights):
        high = (_HIGH - 40) * count / most
        x, y = k * step + 4, _HIGH - 20 - high
        bars.append(
            f'<rect x="{x:.0f}" y="{y:.1f}" width="{step - 8:.0f}" height="{high:.1f}" fill="var(--bar)"/>'
        )
        bars.append(f'<text x="{x + step / 2 - 4:.0f}" y="{y - 4:.1f}" text-anchor="middle">{count}</text>')
        bars.append(f'<text x="{x - 4:.0f}" y="{_HIGH - 4}">{100 * k // len(heights)}</text>')
    line = f'<line x1="0" x2="{_WIDE}" y1="{_HIGH - 20}" y2="{_HIGH - 20}" stroke="var(--line)"/>'
    return (
        f'<svg role="img" viewBox="0 0 {_WIDE + 40} {_HIGH}" width="{_WIDE + 40}" style="max-width:100%" '
        f'font-size="13" fill="var(--ink)" aria-label="{html.escape(words)}">{line}{"".join(bars)}'
        f'<text x="{_WIDE - 8}" y="{_HIGH - 4}">100 %</text></svg>\n'
    )


def _pass_rates(lesson: str, marks: Sequence[Mark]) -> str:
    rows = []
    for name in _in_order(lesson, marks):
        own = [mark for mark in marks if mark.exercise == name]
        passed = sum(mark.status == "passed" for mark in own)
        tried = sum(mark.status != "not_attempted" for mark in own)
        mean = sum(mark.points for mark in own) / len(own)
        share = f"{100 * passed / len(own):.0f} %"
        code = f'<code class="name">{html.escape(name)}</code>'
        rows.append(
            (
                code,
                bar(passed / len(own)),
                share,
                str(passed),
                str(tried),
                f"{mean:.2f} of {own[0].max_points:g}",
            )
        )
    return table("Exercises", ("exercise", "passed", "#share", "#passed", "#attempted", "#mean points"), rows)


def _in_order(lesson: str, marks: Sequence[Mark]) -> list[str]:
    names = {mark.exercise for mark in marks}
    own = exercises.exercises_of(lesson) if lesson in exercises.LESSONS else ()
    return [exercise.name for exercise in own if exercise.name in names]


def _mistakes(mistakes: Sequence[Mistake]) -> str:
    if not mistakes:
        return "<p>No mistake was recognised.</p>\n"
    rows = [
        (
            str(one.learners),
            f'<code class="name">{html.escape(one.exercise)}</code>',
            ", ".join(f'<code class="name">{html.escape(output[:40])}</code>' for output in one.outputs[:6]),
            f"<code>{html.escape(one.name)}</code>" + (f"<br>{rich(one.message)}" if one.message else ""),
            rich(section_of(one.exercise)),
        )
        for one in mistakes[:_MOST_MISTAKES]
    ]
    columns = ("#learners", "exercise", "outputs", "mistake", "section of the lesson")
    rest = len(mistakes) - _MOST_MISTAKES
    return table("Mistakes the class made", columns, rows) + (
        f"<p>And {rest} more kinds.</p>\n" if rest > 0 else ""
    )


def _waiting(waiting: Sequence[Mistake]) -> str:
    """Answers that may be right, and call one that is not."""
    rows = [
        (
            str(one.learners),
            f'<code class="name">{html.escape(one.exercise)}</code>',
            f"<code>{html.escape(one.name.removeprefix(CALLS_FAILING))}</code>",
        )
        for one in waiting
    ]
    caption = "Not judged for themselves: they call an answer that does not pass"
    return table(caption, ("#learners", "exercise", "calls"), rows) if rows else ""


def _teach_again(marks: Sequence[Mark], mistakes: Sequence[Mistake]) -> str:
    """The sections in which most learners were stuck, each with what most of them did there."""
    stuck = Counter(mark.exercise for mark in marks if _is_stuck(mark))
    items = []
    for name, count in stuck.most_common(_MOST_TO_TEACH):
        worst = next((one for one in mistakes if one.exercise == name), None)
        why = f" Most often: <code>{html.escape(worst.name)}</code>, {worst.learners} times." if worst else ""
        place = rich(section_of(name)) or "its section"
        tried = f"{count} tried <code>{html.escape(name)}</code> and did not pass."
        items.append(f"<li><strong>{place}</strong>: {tried}{why}</li>\n")
    return f"<h3>To teach again</h3>\n<ol>\n{''.join(items)}</ol>\n" if items else ""


def _is_stuck(mark: Mark) -> bool:
    """Tried, not passed, and not for the sake of another exercise."""
    return mark.status not in ("passed", "not_attempted") and CALLS_FAILING not in mark.mistake


def _by_hand(found: Sequence[Submission]) -> str:
    marks = [mark for one in found for mark in one.marks if mark.mistake.startswith(OVERRIDE)]
    rows = [
        tuple(
            map(
                html.escape,
                (m.submission, m.lesson, m.exercise, f"{m.points:g}", m.mistake.removeprefix(OVERRIDE)),
            )
        )
        for m in marks
    ]
    columns = ("learner", "lesson", "exercise", "#points", "reason")
    return "<h2>Set by hand</h2>\n" + table("Marks from overrides.csv", columns, rows) if rows else ""


def _not_graded(found: Sequence[Submission]) -> str:
    rows = [
        tuple(map(html.escape, (o.submission, o.file, o.status, o.detail)))
        for o in found
        if o.status != "graded"
    ]
    columns = ("learner", "notebook", "status", "why")
    return "<h2>Not graded</h2>\n" + table("Notebooks without marks", columns, rows) if rows else ""


def _more(lines: Sequence[str]) -> str:
    items = "".join(f"<li>{html.escape(line)}</li>\n" for line in lines)
    return f"<h2>Also</h2>\n<ul>\n{items}</ul>\n" if items else ""


def _learners(found: Sequence[Submission]) -> str:
    rows = [
        (
            f'<a href="learners/{quote(file_name(one.submission))}.html">{html.escape(one.submission)}</a>',
            html.escape(one.lesson),
            f"{one.points:g} of {one.max_points:g}",
            html.escape(one.status),
        )
        for one in found
    ]
    return "<h2>Learners</h2>\n" + table("All notebooks", ("learner", "lesson", "#points", "status"), rows)
