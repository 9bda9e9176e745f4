"""Finding and Report: what a check has to say, as text, html and dict."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

_STRESSED = re.compile(r"(?<![\w*])\*(\w(?:[^*]*[\w;])?)\*(?![\w*])")  # not the stars of a product or a power

CALLS_FAILING = "calls_failing_"  # how the name of that finding begins; then comes the helper's
HANDED_OUT = "It still behaves like the version handed out."

_SIGNS = {"ok": "✓", "not_attempted": "○"}
_WORDS = {
    "ok": "right",
    "mistake": "known mistake",
    "wrong": "not right yet",
    "shape": "wrong shape",
    "error": "stopped with an error",
    "not_attempted": "not attempted",
    "timeout": "ran out of time",
    "memory": "ran out of memory",
    "died": "ended the program",
}
STATUSES = tuple(_WORDS)
# Plain hex, for untrusted notebooks lose theme variables; 3:1 at least on white and on #111.
_COLOURS = {"ok": "#388e3c", "not_attempted": "#808080", "note": "#b26a00", "bad": "#e53935"}


@dataclass(frozen=True)
class Finding:
    """What we have to say on one output.

    Attributes
    ----------
    output : str
        Name of the returned value or dictionary key, "" for the whole answer.
    status : str
        One of `STATUSES`.
    mistake : str or None
        Name of the known mistake or general diagnosis.
    also : tuple of str
        Other mistakes that fit equally well.
    message, notes : str, tuple of str
        What the learner reads. Lines of the message are paragraphs.
    """

    output: str
    status: str
    mistake: str | None = None
    also: tuple[str, ...] = ()
    message: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Finding:
        """Make a finding of what `to_dict` has given."""
        return cls(**data | {"also": tuple(data["also"]), "notes": tuple(data["notes"])})

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as JSON-safe data."""
        return {
            "output": self.output,
            "status": self.status,
            "mistake": self.mistake,
            "also": list(self.also),
            "message": self.message,
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Report:
    """All findings on one answer."""

    exercise: str
    lesson: str
    max_points: float
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """True if every output is right."""
        return all(finding.status == "ok" for finding in self.findings)

    @property
    def attempted(self) -> bool:
        """False for a stub and for a version handed out."""
        return any(finding.status != "not_attempted" for finding in self.findings)

    @property
    def points(self) -> float:
        """Points are shared evenly over the outputs."""
        right = sum(finding.status == "ok" for finding in self.findings)
        return round(self.max_points * right / len(self.findings), 2)

    @property
    def status(self) -> str:
        """One word for the whole: passed, not_attempted, failed, or how the answer ended."""
        if self.passed:
            return "passed"
        if not self.attempted:
            return "not_attempted"
        last = self.findings[0].status
        return last if last in ("error", "timeout", "memory", "died") else "failed"

    @property
    def mistakes(self) -> str:
        """The named mistakes as `output:name`, joined by `;`; the bare name if there is one output."""
        named = [f for f in self.findings if f.mistake]
        if len(self.findings) == 1:
            return "".join(f.mistake or "" for f in named)
        return ";".join(f"{f.output}:{f.mistake}" for f in named)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """Make a report of what `to_dict` has given."""
        findings = tuple(map(Finding.from_dict, data["findings"]))
        return cls(data["exercise"], data["lesson"], data["max_points"], findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON-safe data, with a version for programs that read it."""
        return {
            "version": 1,
            "exercise": self.exercise,
            "lesson": self.lesson,
            "passed": self.passed,
            "attempted": self.attempted,
            "points": self.points,
            "max_points": self.max_points,
            "findings": [finding.to_dict() for finding in self.findings],
        }

    def text(self) -> str:
        """Return the report as plain text, with the same content as the card."""
        lines = [self._headline()]
        for group in self._groups():
            lines += [f"  {_sign(group)} {group.names}{_word(group)}"] * (not group.is_headline)
            lines += [f"      {line}" for line in group.lines]
            lines += [f"      note: {note}" for note in group.notes]
        return "\n".join([*lines, f"  {self._next()}"])

    def html(self) -> str:
        """Return the report as a card that reads in any theme, trusted or not."""
        rows = "".join(map(_row, self._groups()))
        colour = _COLOURS[{"passed": "ok", "not_attempted": "not_attempted"}.get(self.status, "bad")]
        return (
            f'<div style="border-left:4px solid {colour};padding:6px 14px;margin:6px 0;max-width:52em">'
            f'<div style="font-weight:600;margin-bottom:4px">{rich(self._headline())}</div>{rows}'
            f'<div style="margin-top:6px">{rich(self._next())}</div></div>'
        )

    def _headline(self) -> str:
        sign = {"passed": "✓", "not_attempted": "○"}.get(self.status, "◐" if self.points else "✗")
        words = {"passed": "passed", "not_attempted": "not attempted"}
        word = words.get(self.status, "partly right" if self.points else "not right yet")
        points = f"{self.points:g} of {self.max_points:g} point{'s' * (self.max_points != 1)}"
        return f"{sign} `{self.exercise}`: {word} · {points}"

    def _next(self) -> str:
        if self.passed:
            return "Next: read on, and use what you wrote."
        helper = next((f.mistake for f in self.findings if (f.mistake or "").startswith(CALLS_FAILING)), None)
        if helper:
            return f"Next: mend `{helper.removeprefix(CALLS_FAILING)}`, run its cell, and then both checks."
        handed_out = any(finding.message.startswith(HANDED_OUT) for finding in self.findings)
        verb = "change" if self.attempted else "repair" if handed_out else "write"
        first = f"Next: {verb} `{self.exercise}`, run its cell, then this one."
        return f"{first} Stuck? Type `hint({self.exercise})`."

    def _groups(self) -> Iterator[_Group]:
        """Say once what several outputs have in common; what differs is told for each."""
        groups: dict[tuple[Any, ...], list[Finding]] = {}
        for finding in self.findings:
            cause = finding.message.partition("\n")[0]
            groups.setdefault((finding.status, finding.mistake, cause, finding.notes), []).append(finding)
        for same in groups.values():
            names = ", ".join(f"`{_clean(finding.output)}`" for finding in same if finding.output)
            lines = dict.fromkeys(_clean(line) for f in same for line in f.message.split("\n") if line)
            few = _few(tuple(lines)) if len(same) > 1 else tuple(lines)
            yield _Group(
                same[0].status, f"{names}: " if names else "", few, tuple(map(_clean, same[0].notes))
            )

    def _ipython_display_(self) -> None:
        """Show nothing: `check` has shown the card already."""

    def __repr__(self) -> str:
        return f"<Report {self.exercise}: {self.status}>"


class _Group(NamedTuple):
    """Findings that say the same, as they are shown."""

    status: str
    names: str
    lines: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def is_headline(self) -> bool:
        """True where the headline has said it already."""
        return not self.names and self.status == "not_attempted"


def _few(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Lines on several outputs; of many examples the first ones."""
    most = 5
    return lines if len(lines) <= most else (*lines[: most - 1], f"... and {len(lines) - most + 1} more.")


def _clean(text: str) -> str:
    """Take out what could steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _sign(group: _Group) -> str:
    return _SIGNS.get(group.status, "✗")


def _word(group: _Group) -> str:
    return _WORDS[group.status]


def _row(group: _Group) -> str:
    colour = _COLOURS.get(group.status, _COLOURS["bad"])
    sign = f'<span style="color:{colour};font-weight:700;font-size:115%">{_sign(group)}</span>'
    head = f"<div>{sign} {rich(group.names)}<strong>{_word(group)}</strong></div>" * (not group.is_headline)
    paragraphs = "".join(f'<div style="margin-left:1.6em">{rich(line)}</div>' for line in group.lines)
    style = f"margin:3px 0 0 1.6em;border-left:3px solid {_COLOURS['note']};padding-left:8px"
    notes = "".join(f'<div style="{style}">note: {rich(note)}</div>' for note in group.notes)
    return f'<div style="margin:4px 0">{head}{paragraphs}{notes}</div>'


def rich(text: str) -> str:
    """Escape everything; `code` between backticks is set as code, *a word* between stars is stressed."""
    parts = html.escape(text).split("`")
    if len(parts) % 2 == 0:  # a lone backtick stays as it is
        return "`".join(parts)
    return "".join(
        f"<code>{part}</code>" if i % 2 else _STRESSED.sub(r"<em>\1</em>", part)
        for i, part in enumerate(parts)
    )
