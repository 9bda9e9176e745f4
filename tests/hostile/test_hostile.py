"""Everything hostile in one batch between honest work: nothing unearned, nothing lost, nothing touched."""

import contextlib
import csv
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.hostile import HONEST, REACHED, attacks, cells
from tests.sample_class import LOSS, RIGHT, grade, hand_in, marks
from tests.sample_processes import Watch, alive

ATTACKS = list(attacks())
NAMES = [f"{attack.kind}: {attack.name}" for attack in ATTACKS]
SECRET = "SECRET-2718"
ROOT = Path(__file__).resolve().parents[2]


def test_names_are_unique_and_every_threat_has_four_attacks():
    assert len(set(NAMES)) == len(NAMES)
    counts = Counter(attack.kind for attack in ATTACKS)
    assert {kind: count for kind, count in counts.items() if count < 4} == {}
    assert all(attack.tries and attack.ends for attack in ATTACKS)


# ---- where nothing holds ----


@pytest.mark.parametrize(
    "attack", [a for a in ATTACKS if a.fools in ("naive", "hangs")], ids=lambda a: f"{a.kind}: {a.name}"
)
def test_it_deceives_or_ends_a_grader_of_one_process(attack, tmp_path):
    texts = json.dumps(cells(attack, port=1, secret="/nowhere", canary=tmp_path / "canary", folder=tmp_path))
    command = [sys.executable, "-m", "tests.hostile.naive"]
    try:
        run = subprocess.run(
            command,
            input=texts,
            capture_output=True,
            text=True,
            timeout=2,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        said = "hangs"
    else:
        lines = [line for line in run.stdout.splitlines() if line.startswith("{")]
        said = "naive" if lines and json.loads(lines[-1])["passed"] else "" if lines else "hangs"
    assert said == attack.fools


# ---- the whole class ----


class Listener:
    """Servers on this machine that nobody in the sandbox may reach: TCP, UDP, and an abstract socket."""

    def __init__(self):
        self.heard, self._ended = [], False
        tcp, udp, unix = socket.socket(), socket.socket(type=socket.SOCK_DGRAM), socket.socket(socket.AF_UNIX)
        self._servers = {"tcp": tcp, "udp": udp, "unix": unix}
        tcp.bind(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", self.port))
        unix.bind(f"\0bplearn-canary-{self.port}")
        for server in (tcp, unix):
            server.listen(50)
        self._threads = [threading.Thread(target=self._listen, args=(name,)) for name in self._servers]
        for thread in self._threads:
            thread.start()

    def _listen(self, name):
        server = self._servers[name]
        server.settimeout(0.2)
        while not self._ended:
            with contextlib.suppress(TimeoutError):
                server.recv(100) if name == "udp" else server.accept()[0].close()
                self.heard.append(name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._ended = True
        for thread in self._threads:
            thread.join()
        for server in self._servers.values():
            server.close()


def hand_in_attacks(folder, listener, tmp_path, chosen):
    secret, canary = tmp_path / "home" / "secret.txt", tmp_path / "canary.txt"
    secret.parent.mkdir()
    secret.write_text(SECRET)
    canary.write_text("as it was")
    facts = {"port": listener.port, "secret": secret, "canary": canary, "folder": folder}
    for number, attack in enumerate(chosen):
        hand_in(folder, f"{number:03} attack", *cells(attack, **facts))
        hand_in(folder, f"{number:03} honest", RIGHT, LOSS)
    for path in (tmp_path, secret.parent, folder):
        path.chmod(0o777)
    canary.chmod(0o666)  # the sandbox holds, not the file's rights
    return canary


def everything_written(out):
    return b"\n".join(path.read_bytes() for path in out.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """All attacks, each followed by honest work, in one batch."""
    tmp_path = tmp_path_factory.mktemp("hostile")
    folder, out = tmp_path / "submissions", tmp_path / "out"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch, Listener() as listener:
        patch.setenv("BPLEARN_SECRET", SECRET)
        canary = hand_in_attacks(folder, listener, tmp_path, ATTACKS)
        began = time.monotonic()
        with Watch(os.getpid()) as watch:
            found = grade(folder, out)
        time.sleep(1.5)  # daemons would have done by now what they wait for
    return {"marks": marks(found), "out": out, "canary": canary, "heard": listener.heard, "found": found} | {
        "seconds": time.monotonic() - began,
        "started": watch.seen,
    }


@pytest.mark.sandbox
@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=NAMES)
def test_an_attack_earns_nothing_and_costs_nobody_a_point(graded, number):
    attack, found = ATTACKS[number], graded["marks"]
    status, points = found[f"{number:03} attack", "sigmoid"]
    assert points == 0
    assert status in attack.ends.split()
    assert {name: found[f"{number:03} honest", name] for name in ("sigmoid", "squared_error")} == {
        "sigmoid": ("passed", 1.0),
        "squared_error": ("passed", 1.0),
    }
    own = {name: found[f"{number:03} attack", name] for name in HONEST}
    assert attack.spoils or own == dict.fromkeys(HONEST, ("passed", 1.0))


@pytest.mark.sandbox
@pytest.mark.slow
def test_nothing_outside_was_touched_and_nothing_from_outside_was_seen(graded):
    assert graded["canary"].read_text() == "as it was"
    assert graded["heard"] == []
    written = everything_written(graded["out"])
    assert [word for word in (*REACHED, SECRET) if word.encode() in written] == []


@pytest.mark.sandbox
@pytest.mark.slow
def test_the_batch_ends_in_bounded_time_and_leaves_no_process(graded):
    assert graded["seconds"] < 400
    assert len(graded["started"]) > 100
    left = [command(pid) for pid in graded["started"] if alive(pid)]
    assert [line for line in left if "resource_tracker" not in line] == []  # Python's own, for its processes


@pytest.mark.sandbox
@pytest.mark.slow
def test_pages_and_tables_hold_no_script_no_formula_and_no_code_for_a_terminal(graded):
    pages = [path.read_text(encoding="utf-8") for path in graded["out"].rglob("*.html")]
    assert not [
        page
        for page in pages
        if "<script" in page or "<img" in page or "onerror=" in page.replace("onerror=alert(1)&gt;", "")
    ]
    assert not [page for page in pages if "\x1b" in page or "\u202e" in page]
    for path in graded["out"].rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@") or "\x1b" in cell]


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


# ---- the same where nothing holds ----


@pytest.mark.slow
@pytest.mark.parametrize(
    "attack", [a for a in ATTACKS if a.fools == "none"], ids=lambda a: f"{a.kind}: {a.name}"
)
def test_without_a_sandbox_it_reaches_what_it_wants(attack, tmp_path, monkeypatch):
    folder = tmp_path / "submissions"
    folder.mkdir()
    monkeypatch.setenv("BPLEARN_SECRET", SECRET)
    monkeypatch.chdir(ROOT)
    with Listener() as listener:
        canary = hand_in_attacks(folder, listener, tmp_path, [attack])
        found = marks(grade(folder, tmp_path / "out", jobs=1, sandbox="none", timeout=5.0))
        time.sleep(1.2)
    written = everything_written(tmp_path / "out")
    reached = [word for word in (*REACHED, SECRET) if word.encode() in written]
    assert (
        reached
        or listener.heard
        or canary.read_text() != "as it was"
        or found["000 attack", "sigmoid"][1] > 0
    )
