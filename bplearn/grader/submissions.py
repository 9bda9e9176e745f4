"""Find what was handed in: a folder for each learner, flat files, or an archive as a platform hands it out.

Names are data: none of them is ever used as a path to write to, no link is followed, and of an archive
nothing is unpacked to the disk. What cannot be read becomes an entry that says why.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bplearn.notebooks import SUFFIX, NotebookError, text_hash

MOST_BYTES = 96 * 1024**2  # of one notebook
MOST_NOTEBOOKS = 40  # of one learner
MOST_ENTRIES = 200_000  # of an archive
MOST_NAME = 200  # characters of an id
_DEEPEST = 12  # folders inside each other
_SKIPPED = re.compile(r"^(\.|__MACOSX$)")  # checkpoints, version control, what a Mac adds

_CANVAS = re.compile(r"^[^_]+(?:_LATE)?_(\d+)_(\d+)_(.+)$")
_MOODLE = re.compile(r"^.+_(\d+)_assignsubmission_(?:file|onlinetext)_?$")
_NUMBER = re.compile(r"(\d+)\)?$")
_BEFORE_NUMBER = re.compile(r"[-_ (](?:copy|attempt|try|v)?[-_ ]?$", re.IGNORECASE)

Reader = Callable[[], bytes]


class Entry(NamedTuple):
    """One notebook: whose it is, its name, how to read it, and its place among the learner's attempts."""

    submission: str
    file: str
    read: Reader
    order: tuple[int, tuple[int, ...], str]
    trouble: str = ""

    def data(self) -> tuple[bytes, str]:
        """Return its bytes, and "" or why there are none."""
        if self.trouble:
            return b"", self.trouble
        try:
            return self.read(), ""
        except NotebookError as error:
            return b"", str(error)
        except OSError as error:
            return b"", f"{self.file} cannot be read: {error.strerror or error}."


class Found(NamedTuple):
    """A file in a folder or an archive: its path as parts, when it was written, how to read it."""

    parts: tuple[str, ...]
    time: tuple[int, ...]
    read: Reader
    trouble: str = ""


def find(source: Path, leave_out: Sequence[Path] = ()) -> list[Entry]:
    """Find all notebooks, sorted by learner and, of each, from the first attempt to the last.

    Parameters
    ----------
    source : Path
    leave_out : sequence of Path
        Folders in it that were not handed in, such as the one for the marks.

    Raises
    ------
    NotebookError
        One line: there is no such place, or nothing in it.
    """
    if source.is_dir():
        own = [path.resolve() for path in leave_out]
        found, empty = list(_in_folder(source, leave_out=own)), _top_folders(source, own)
    elif source.is_file() and zipfile.is_zipfile(source):
        found, empty = _in_archive(source), set[str]()
    elif source.exists():
        raise NotebookError(f"{source} is neither a folder nor a .zip. Name where the submissions are.")
    else:
        raise NotebookError(f"there is no {source}. Name the folder or the .zip that holds the submissions.")
    entries = list(_limited(sorted(map(_entry, found), key=lambda e: (e.submission, e.order))))
    without = sorted(empty - {entry.submission for entry in entries})
    nothing = "There is no notebook in it; links to folders are not followed."
    entries += [Entry(name, "", bytes, (0, (), ""), nothing) for name in without]
    if not entries:
        raise NotebookError(f"{source} holds no notebook. Submissions are ID/NAME.ipynb or ID__NAME.ipynb.")
    return sorted(entries, key=lambda entry: (entry.submission, entry.order))


def _entry(found: Found) -> Entry:
    *folders, name = found.parts
    order = (_attempt(name.removesuffix(SUFFIX)[-40:]), found.time, "/".join(found.parts))
    return Entry(_owner(folders, name), printable("/".join(found.parts)), found.read, order, found.trouble)


def _attempt(end: str) -> int:
    """The number of an attempt at the end of a name, such as -2 or (2) or -Copy2; 0 if there is none."""
    number = _NUMBER.search(end)
    return int(number[1][:9]) if number and _BEFORE_NUMBER.search(end[: number.start()]) else 0


def _owner(folders: Sequence[str], name: str) -> str:
    """Whose it is, by the name of the folder or the beginning of the file's name."""
    if folders:
        moodle = _MOODLE.match(folders[0])
        return printable(moodle[1] if moodle else folders[0])
    canvas = _CANVAS.match(name)
    stem = name.removesuffix(SUFFIX)
    return printable(canvas[1] if canvas else stem.partition("__")[0] or stem)


def printable(name: str, most: int = MOST_NAME) -> str:
    """Return a name that can stand in a line: escapes for what cannot be printed, cut if it is long."""
    text = "".join(c if c.isprintable() else _escaped(c) for c in name[: 4 * most])
    if len(text) <= most and len(name) <= 4 * most:
        return text
    return f"{text[: most - 20]}...{text_hash(name)}"  # other names stay apart


def _escaped(character: str) -> str:
    byte = ord(character) - 0xDC00  # how Python keeps a byte of a file's name that is no UTF-8
    return f"\\x{byte:02x}" if 0x80 <= byte <= 0xFF else character.encode("unicode_escape").decode()


def _limited(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Of a learner with very many notebooks keep the last ones, and say so."""
    for owner, group in itertools.groupby(entries, key=lambda entry: entry.submission):
        own = list(group)
        more = len(own) - MOST_NOTEBOOKS
        if more > 0:
            said = (
                f"{more} more notebooks were left out: of one learner the last {MOST_NOTEBOOKS} are graded."
            )
            yield Entry(owner, "", bytes, (0, (), ""), said)
        yield from own[max(more, 0) :]


# ---- folders ----


def _top_folders(source: Path, leave_out: Sequence[Path]) -> set[str]:
    """Whose folders stand at the top, links to folders included: to each of them belongs a row."""
    with os.scandir(source) as entries:
        names = [e.name for e in entries if not _SKIPPED.match(e.name) and (e.is_symlink() or e.is_dir())]
    folders = [name for name in names if not name.endswith(SUFFIX)]
    return {_owner([name], "") for name in folders if not _is_among(source / name, leave_out)}


def _is_among(path: Path, others: Sequence[Path]) -> bool:
    """Say whether a path is one of these; a link that leads nowhere is none."""
    with contextlib.suppress(OSError, RuntimeError):
        return path.resolve() in others
    return False


def _in_folder(folder: Path, above: tuple[str, ...] = (), leave_out: Sequence[Path] = ()) -> Iterator[Found]:
    try:
        with os.scandir(folder) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except OSError as error:
        if not above:
            raise
        yield Found((*above, ""), (), bytes, f"The folder cannot be read: {error.strerror}.")
        return
    for entry in entries:
        parts = (*above, entry.name)
        if _is_folder(entry, parts, leave_out):
            yield from _in_folder(Path(entry.path), parts, leave_out)
        elif entry.name.endswith(SUFFIX) and not _SKIPPED.match(entry.name):
            yield Found(parts, (), _file_reader(entry.path))


def _is_folder(entry: os.DirEntry[str], parts: Sequence[str], leave_out: Sequence[Path]) -> bool:
    """Say whether it is a folder to look into."""
    if _SKIPPED.match(entry.name) or not entry.is_dir(follow_symlinks=False):
        return False
    return len(parts) < _DEEPEST and not _is_among(Path(entry.path), leave_out)


def _file_reader(path: str) -> Reader:
    return lambda: _read_file(path)


def _read_file(path: str) -> bytes:
    """Read a plain file; a link, a device or a pipe is refused, whatever stands behind it."""
    name = printable(os.path.basename(path))
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if os.path.islink(path):
            raise NotebookError(f"{name} is a link, and links are not followed.") from None
        raise NotebookError(f"{name} cannot be read: {error.strerror}.") from None
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise NotebookError(f"{name} is not a plain file.")
        return _capped(file.read(MOST_BYTES + 1), name)


def _capped(data: bytes, name: str) -> bytes:
    if len(data) > MOST_BYTES:
        raise NotebookError(f"{name} holds more than {MOST_BYTES // 1024**2} MB, which no notebook does.")
    return data


# ---- archives ----


def _in_archive(source: Path) -> list[Found]:
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise NotebookError(f"{source} is a damaged archive ({error}). Download it again.") from None
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise NotebookError(f"{source} has {len(entries)} entries; unpack it and name the folder.")
    files = [(info, _parts(info.filename)) for info in entries if not info.is_dir()]
    wanted = [(i, p) for i, p in files if p and p[-1].endswith(SUFFIX) and not any(map(_SKIPPED.match, p))]
    cut = _common([parts for _, parts in wanted if len(parts) > 2])
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for info, parts in wanted:
        own = parts[cut:] if len(parts) > cut + 1 else parts[-1:]
        seen[own] += 1
        if seen[own] > 1:  # the same name again: an attempt of its own
            own = (*own[:-1], f"{own[-1].removesuffix(SUFFIX)}-{seen[own]}{SUFFIX}")
        found.append(Found(own, info.date_time, *_packed(archive, info)))
    return found


def _parts(name: str) -> tuple[str, ...]:
    """Split a name in an archive; what would lead elsewhere is left out."""
    return tuple(
        part for part in re.split(r"[/\\]", name) if part not in ("", ".", "..") and part[-1:] != ":"
    )


def _common(paths: Sequence[tuple[str, ...]]) -> int:
    """How many folders at the top hold everything, above those of the learners."""
    cut = 0
    while len({path[cut] for path in paths if len(path) > cut + 1}) == 1 and all(
        len(p) > cut + 2 for p in paths
    ):
        if len({path[cut + 1] for path in paths}) < 2 and "export" not in paths[0][cut]:
            break
        cut += 1
    return cut


def _packed(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[Reader, str]:
    name = printable(info.filename)
    if stat.S_ISLNK(info.external_attr >> 16):
        return bytes, f"{name} is a link, and links are not followed."
    if info.flag_bits & 1:
        return bytes, f"{name} is locked with a password."
    return lambda: _unpacked(archive, info, name), ""


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    try:
        with archive.open(info) as file:  # what the archive says of its size is not believed
            return _capped(file.read(MOST_BYTES + 1), name)
    except NotebookError:
        raise
    except Exception as error:  # a hostile archive may make any reader stumble
        raise NotebookError(f"{name} cannot be unpacked: {type(error).__name__}.") from None
