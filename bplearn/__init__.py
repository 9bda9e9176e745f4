"""Learn backpropagation by writing it: the names that a learner's notebook uses.

They are loaded when first used, so that ``import bplearn`` costs next to nothing.
"""

from importlib import import_module as _import
from typing import TYPE_CHECKING

__all__ = ["check", "hint", "progress", "quiz", "solution", "use", "viz"]

if TYPE_CHECKING:  # for editors and type checkers
    from bplearn import viz as viz
    from bplearn.learn import check as check
    from bplearn.learn import hint as hint
    from bplearn.learn import progress as progress
    from bplearn.learn import quiz as quiz
    from bplearn.learn import solution as solution
    from bplearn.learn import use as use
else:  # out of a type checker's sight: with a `__getattr__` it would accept any misspelt name

    def __getattr__(name):
        if name == "__version__":
            return _import("bplearn.version").__version__
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = _import("bplearn.viz") if name == "viz" else getattr(_import("bplearn.learn"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
