"""Reports and records to try the learner's record with."""

from pathlib import Path

from bplearn.record import FILE, FOLDER, Record
from bplearn.report import Finding, Report

WRITER = """
import sys
from bplearn.record import Record
from bplearn.report import Finding, Report
report = Report("sigmoid", "01_one_weight", 1.0, (Finding("", "ok"),))
record = Record.at(sys.argv[1])
for number in range(150):
    record.add_check(report, f"{sys.argv[2]} {number} " + "x" * 900)
"""


def finding(output="", status="ok", mistake=None):
    return Finding(output, status, mistake)


OK = finding()
WRONG = (finding(status="mistake", mistake="no_slope"),)


def report(exercise="sigmoid", *, points=1.0, findings=(OK,)):
    return Report(exercise, "01_one_weight", points, findings)


def file_of(folder: Path) -> Path:
    return folder / FOLDER / FILE


def again(folder: Path) -> Record:
    """A record of the same file with nothing in memory, as another kernel would have it."""
    return Record(file_of(folder))


def fill(folder: Path, rows: int = 60) -> None:
    record = Record.at(folder)
    for number in range(rows):
        record.add_check(report(), f"answer {number}\n" + "x" * 900)
