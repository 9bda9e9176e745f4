"""A grader as they are often written: everything in one process, `np.allclose`, a result as JSON on stdout.

It is here to be fooled: what deceives nobody is no attack.
"""

import contextlib
import json
import sys


def reference(z):
    """What is asked for."""
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1.0, e) / (1.0 + e)


def grade(cells):
    scope = {"__name__": "__main__"}
    for text in cells:
        with contextlib.suppress(Exception):
            exec(compile(text, "<cell>", "exec"), scope)
    rng = np.random.default_rng(12)
    passed = True
    for z in [rng.normal(size=n) for n in (3, 4, 5)]:
        expected = reference(z)
        try:
            passed = passed and bool(np.allclose(scope["sigmoid"](z), expected))
        except Exception:
            passed = False
    return passed


if __name__ == "__main__":
    import numpy as np

    texts = json.loads(sys.stdin.read())
    print(json.dumps({"passed": grade(texts)}))
