"""Submissions that want points they have not earned, or harm: what each tries, what an honest grader does.

They stand in `attacks`, one file a threat. Each is a notebook of lesson 01 with three answers: an honest
`sigmoid_slope`, then the attack, which stands for `sigmoid`, then an honest `squared_error`. The attack must
get nothing, and the two others must keep their points.
"""

import re
from pathlib import Path
from typing import NamedTuple

BEFORE = """import numpy as np

def sigmoid_slope(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2
"""
AFTER = "def squared_error(y_hat, y):\n    return (y_hat - y) * (y_hat - y) / 2\n"
HONEST = ("sigmoid_slope", "squared_error")
# What an attack shows if it has reached what it wanted; it must stand nowhere in what the grader writes.
REACHED = (
    *("CONNECTED", "SENT", "UP [", "READ-A-NEIGHBOUR", "SECRET", "A-NOTE-WAS-LEFT", "WROTE ", "NEW-WORLD"),
    *("MOUNTED", "ROOT", "CHROOT", "DEVICE", "OPENED "),
)


class Attack(NamedTuple):
    """One hostile submission.

    Attributes
    ----------
    kind : str
        The threat it belongs to.
    name : str
    code : str
        The cell. ``{port}``, ``{secret}`` (a file with a secret), ``{canary}`` (a file that must stay as it
        is) and ``{folder}`` (the submissions) stand for what it has found out about the machine.
    tries : str
        What it tries.
    ends : str
        What an honest grader says of `sigmoid`: one or more statuses.
    fools : str
        Who is fooled where nothing holds: "naive" (a grader in the same process), "none" (``--sandbox
        none``, in which it reaches what it wants), "hangs" (the naive grader does not end, or dies), or "".
    spoils : str
        Whether it ruins what its own other answers stand on, such as numpy: then these may lose their points.
    """

    kind: str
    name: str
    code: str
    tries: str
    ends: str
    fools: str = ""
    spoils: str = ""


def attacks():
    """All of them."""
    for path in sorted((Path(__file__).parent / "attacks").glob("*.py")):
        for part in path.read_text(encoding="utf-8").split("# %% ")[1:]:
            name, _, text = part.partition("\n")
            facts = dict(re.findall(r"^# (tries|ends|fools|spoils): (.+)$", text, re.MULTILINE))
            yield Attack(path.stem.replace("_", " "), name, text, **facts)


def cells(attack, **facts):
    """The three code cells of an attack."""
    code = attack.code
    for name, value in facts.items():
        code = code.replace("{" + name + "}", str(value))
    return [BEFORE, code, AFTER]
