"""Submissions that want points they have not earned, or harm: what each tries, what an honest grader does.

Each is a notebook of lesson 01 with three answers: an honest `sigmoid_slope`, then the attack, which stands for
`sigmoid`, then an honest `squared_error`. The attack must get nothing, and the two others must keep their points.
"""

from typing import NamedTuple

BEFORE = "import numpy as np\n\ndef sigmoid_slope(z):\n    e = np.exp(-np.abs(z))\n    return e / (1 + e) ** 2\n"
AFTER = "def squared_error(y_hat, y):\n    return (y_hat - y) * (y_hat - y) / 2\n"
HONEST = ("sigmoid_slope", "squared_error")


class Attack(NamedTuple):
    """One hostile submission.

    Attributes
    ----------
    kind : str
        The threat it belongs to.
    name : str
    tries : str
        What it tries.
    code : str
        The cell. ``{port}``, ``{secret}`` (a file with a secret), ``{canary}`` (a file that must stay as it is) and
        ``{folder}`` (the submissions) stand for what it has found out about the machine.
    ends : str
        What an honest grader says of `sigmoid`: one or more statuses.
    fools : str
        Who is fooled where nothing holds: "naive" (a grader in the same process), "none" (``--sandbox none``, in
        which it reaches what it wants), "hangs" (the naive grader does not end, or dies), or "" if nobody is.
    spoils : bool
        Whether it ruins what its own other answers stand on, such as numpy: then these may lose their points.
    """

    kind: str
    name: str
    tries: str
    code: str
    ends: str = "failed error"
    fools: str = "naive"
    spoils: bool = False


def attacks():
    """All of them."""
    from tests.hostile import endings, forgery, lies, messages, outside, patches, pickles, resources, storms, theft

    modules = (patches, lies, theft, forgery, endings, resources, storms, outside, pickles, messages)
    return [Attack(*row) for module in modules for row in module.ROWS]


def cells(attack, **facts):
    """The three code cells of an attack."""
    code = attack.code
    for name, value in facts.items():
        code = code.replace("{" + name + "}", str(value))
    return [BEFORE, code, AFTER]
