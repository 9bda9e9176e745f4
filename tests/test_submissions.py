"""What was handed in is found: folders, flat files, archives; nothing in a name or archive leads out."""

import os
import stat
import struct
import warnings
import zipfile

import pytest

from bplearn.grader import submissions
from bplearn.grader.submissions import find, printable
from bplearn.notebooks import NotebookError
from tests.sample_class import RIGHT, hand_in, notebook


def archive(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in entries.items():
            out.writestr(name, content)
    return path


def owners(source):
    return [(entry.submission, entry.file) for entry in find(source)]


# ---- whose it is ----

CANVAS = {
    "doejane_123_9001_01_one_weight.ipynb": "123",
    "doejohn_LATE_124_9002_01_one_weight-2.ipynb": "124",
    "roe_125_9003_my__work.ipynb": "125",
}


def test_a_folder_for_each_learner(tmp_path):
    hand_in(tmp_path, "jane", RIGHT)
    hand_in(tmp_path, "john/deep/er", RIGHT, file="x.ipynb")
    (tmp_path / "empty").mkdir()
    assert owners(tmp_path) == [
        ("empty", ""),
        ("jane", "jane/01_one_weight.ipynb"),
        ("john", "john/deep/er/x.ipynb"),
    ]


def test_flat_files(tmp_path):
    for name in ("jane__01.ipynb", "a b__c__d.ipynb", "whole.ipynb"):
        (tmp_path / name).write_text(notebook(RIGHT))
    assert [owner for owner, _ in owners(tmp_path)] == ["a b", "jane", "whole"]


@pytest.mark.parametrize("packed", [False, True])
def test_canvas(tmp_path, packed):
    (tmp_path / "in").mkdir()
    if packed:
        source = archive(tmp_path / "submissions.zip", dict.fromkeys(CANVAS, notebook(RIGHT)))
    else:
        source = tmp_path / "in"
        for name in CANVAS:
            (source / name).write_text(notebook(RIGHT))
    assert {file: owner for owner, file in owners(source)} == CANVAS


def test_moodle(tmp_path):
    names = {
        "Jane Doe_77_assignsubmission_file_/a.ipynb": "x",
        "John Roe_78_assignsubmission_file/b.ipynb": "x",
    }
    assert [owner for owner, _ in owners(archive(tmp_path / "moodle.zip", names))] == ["77", "78"]


def test_gradescope(tmp_path):
    names = {f"assignment_5_export/submission_{n}/01_one_weight.ipynb": "x" for n in (11, 12)}
    source = archive(tmp_path / "export.zip", names | {"assignment_5_export/submission_metadata.yml": "x"})
    assert [owner for owner, _ in owners(source)] == ["submission_11", "submission_12"]


def test_a_folder_around_everything_is_nobody(tmp_path):
    names = {f"class/s{n}/01.ipynb": "x" for n in range(3)}
    assert [owner for owner, _ in owners(archive(tmp_path / "a.zip", names))] == ["s0", "s1", "s2"]


def test_checkpoints_and_what_a_mac_adds_are_not_handed_in(tmp_path):
    hand_in(tmp_path, "jane", RIGHT)
    for place in (".ipynb_checkpoints", "__MACOSX", ".git"):
        hand_in(tmp_path, f"jane/{place}", RIGHT)
    assert len(find(tmp_path)) == 1


def test_the_folder_for_the_marks_is_nobody(tmp_path):
    hand_in(tmp_path, "jane", RIGHT)
    hand_in(tmp_path, "marks", RIGHT)
    assert [entry.submission for entry in find(tmp_path, [tmp_path / "marks"])] == ["jane"]


def test_attempts_stand_in_order(tmp_path):
    for name in ("01-10.ipynb", "01-2.ipynb", "01.ipynb"):
        hand_in(tmp_path, "jane", RIGHT, file=name)
    assert [entry.file for entry in find(tmp_path)] == [
        "jane/01.ipynb",
        "jane/01-2.ipynb",
        "jane/01-10.ipynb",
    ]


def test_in_an_archive_the_later_attempt_is_the_last(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        for name, year in (("jane/a.ipynb", 2026), ("jane/b.ipynb", 2025)):
            out.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), "x")
        out.writestr("john/c.ipynb", "x")
    assert [entry.file for entry in find(tmp_path / "a.zip") if entry.submission == "jane"][
        -1
    ] == "jane/a.ipynb"


def test_of_very_many_notebooks_the_last_count(tmp_path):
    for n in range(submissions.MOST_NOTEBOOKS + 5):
        hand_in(tmp_path, "jane", RIGHT, file=f"01-{n}.ipynb")
    first, *rest = find(tmp_path)
    kept = [entry.file for entry in rest]
    assert "5 more notebooks were left out" in first.data()[1]
    assert len(kept) == submissions.MOST_NOTEBOOKS
    assert kept[-1] == f"jane/01-{submissions.MOST_NOTEBOOKS + 4}.ipynb"


@pytest.mark.parametrize("what", ["nothing", "a file", "an empty folder", "a damaged archive"])
def test_where_nothing_is_to_be_found_one_line_says_so(tmp_path, what):
    source = tmp_path / what
    if what == "a file":
        source.write_text("x")
    elif what == "an empty folder":
        source.mkdir()
    elif what == "a damaged archive":
        source.write_bytes(archive(tmp_path / "x.zip", {"a/b.ipynb": "x" * 999}).read_bytes()[200:])
    with pytest.raises(NotebookError) as caught:
        find(source)
    assert "\n" not in str(caught.value)


# ---- hostile names ----

ODD_NAMES = [
    "=cmd|calc",
    "<script>alert(1)</script>".replace("/", "|"),
    "a\nb",
    "x" * 200,
    "'\"`",
    "\u202egnp",
    "-rf",
    "@x",
    "~",
    "%2e%2e",
    "CON",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_is_data(tmp_path, name):
    hand_in(tmp_path, name, RIGHT)
    ((owner, _),) = owners(tmp_path)
    assert owner.isprintable()
    assert len(owner) <= submissions.MOST_NAME


@pytest.mark.skipif(os.name == "nt", reason="names there are text")
def test_names_that_are_not_utf_8_stay_apart(tmp_path):
    for raw in (b"j\xe4ne", b"j\xe5ne"):
        os.mkdir(os.path.join(os.fsencode(tmp_path), raw))
        hand_in(tmp_path, os.fsdecode(raw), RIGHT)
    assert [owner for owner, _ in owners(tmp_path)] == ["j\\xe4ne", "j\\xe5ne"]


def test_long_names_are_cut_and_stay_printable():
    assert len(printable("é\x00" * 500)) <= submissions.MOST_NAME


# ---- links and devices ----


@pytest.mark.skipif(os.name == "nt", reason="links there need rights")
def test_no_link_and_no_pipe_is_followed(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text(notebook(RIGHT))
    source = tmp_path / "in"
    hand_in(source, "jane", RIGHT)
    (source / "linked").mkdir()
    (source / "linked" / "01.ipynb").symlink_to(secret)
    (source / "folder").symlink_to(tmp_path)
    (source / "pipe").mkdir()
    os.mkfifo(source / "pipe" / "01.ipynb")
    said = {entry.submission: entry.data() for entry in find(source)}
    assert set(said) == {"jane", "linked", "pipe", "folder"}
    assert "links to folders are not followed" in said["folder"][1]
    assert said["linked"] == (b"", "01.ipynb is a link, and links are not followed.")
    assert said["pipe"] == (b"", "01.ipynb is not a plain file.")


# ---- archives ----


def test_paths_in_an_archive_lead_nowhere(tmp_path):
    names = ["../../up/a.ipynb", "/etc/b.ipynb", "C:\\x\\c.ipynb", "ok/../../d.ipynb", "..\\..\\e.ipynb"]
    found = find(archive(tmp_path / "a.zip", dict.fromkeys(names, notebook(RIGHT))))
    assert not [
        entry for entry in found if ".." in entry.submission or entry.submission.startswith(("/", "C:"))
    ]
    assert list(tmp_path.iterdir()) == [tmp_path / "a.zip"]


def test_a_link_in_an_archive_is_refused(tmp_path):
    info = zipfile.ZipInfo("jane/01.ipynb")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.writestr(info, "/etc/passwd")
    (entry,) = find(tmp_path / "a.zip")
    assert entry.data()[1].endswith("links are not followed.")


def test_a_bomb_is_stopped_before_it_fills_anything(tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "MOST_BYTES", 10**6)
    source = archive(tmp_path / "a.zip", {"jane/01.ipynb": b"0" * 10**8, "john/01.ipynb": notebook(RIGHT)})
    said = {entry.submission: entry.data() for entry in find(source)}
    assert "which no notebook does" in said["jane"][1]
    assert said["john"][1] == ""


def test_an_archive_that_lies_about_sizes_and_sums_costs_only_what_is_in_it(tmp_path):
    whole = archive(
        tmp_path / "a.zip", {"jane/01.ipynb": "x" * 999, "john/01.ipynb": notebook(RIGHT)}
    ).read_bytes()
    place = whole.index(b"jane/01.ipynb", whole.index(b"PK\x01\x02")) - 46
    lying = bytearray(whole)
    lying[place + 16 : place + 20] = struct.pack("<I", 1)  # the sum
    (tmp_path / "a.zip").write_bytes(bytes(lying))
    said = {entry.submission: entry.data() for entry in find(tmp_path / "a.zip")}
    assert said["jane"] == (b"", "jane/01.ipynb cannot be unpacked: BadZipFile.")
    assert said["john"][1] == ""


def test_a_locked_entry_says_so(tmp_path):
    whole = bytearray(archive(tmp_path / "a.zip", {"jane/01.ipynb": notebook(RIGHT)}).read_bytes())
    for mark_, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark_) + place] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(whole))
    (entry,) = find(tmp_path / "a.zip")
    assert entry.data()[1] == "jane/01.ipynb is locked with a password."


# ---- what an attacker has tried ----


def test_a_long_file_name_does_not_hold_anything_up(tmp_path):
    found = find(archive(tmp_path / "a.zip", {"jane/" + "-" * 60_000 + "x.ipynb": "x", "john/1.ipynb": "x"}))
    assert [entry.submission for entry in found] == ["jane", "john"]


@pytest.mark.skipif(os.name == "nt", reason="links there need rights")
def test_links_that_lead_nowhere_stop_nobody(tmp_path):
    hand_in(tmp_path, "jane", RIGHT)
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "long").symlink_to("x" * 300)
    assert {entry.submission for entry in find(tmp_path)} == {"jane", "loop", "long"}


def test_a_folder_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    scandir = os.scandir

    def closed(folder):  # root may read everything, so the system's refusal is played
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    hand_in(tmp_path, "jane", RIGHT)
    (tmp_path / "closed").mkdir()
    monkeypatch.setattr(os, "scandir", closed)
    said = {entry.submission: entry.data()[1] for entry in find(tmp_path)}
    assert said == {"jane": "", "closed": "The folder cannot be read: Permission denied."}


def test_one_loose_notebook_does_not_make_the_class_one_learner(tmp_path):
    names = {f"class/s{n}/01.ipynb": "x" for n in range(3)} | {"class/template.ipynb": "x"}
    owners_ = {owner for owner, _ in owners(archive(tmp_path / "a.zip", names))}
    assert {"s0", "s1", "s2"} <= owners_


def test_long_names_and_names_that_come_twice_stay_apart(tmp_path):
    for end in "AB":
        hand_in(tmp_path / "in", "n" * 185 + end + "z" * 40, RIGHT)
    assert len({entry.submission for entry in find(tmp_path / "in")}) == 2
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a name comes twice
        for _ in range(2):
            out.writestr("jane/01.ipynb", "x")
        out.writestr("john/01.ipynb", "x")
    assert len({entry.file for entry in find(tmp_path / "a.zip")}) == 3
