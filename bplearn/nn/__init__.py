"""The mathematics of the course, one file per topic, in the order of the lessons.

``from bplearn.nn import sigmoid`` finds a name wherever it lives. A file imports numpy and earlier files,
nothing else.
"""

from importlib import import_module as _import
from importlib.util import find_spec as _find_spec
from typing import TYPE_CHECKING

MODULES = (  # in course order
    "shapes",
    "neuron",
    "chain",
    "gradcheck",
    "linear",
    "activations",
    "losses",
    "mlp",
    "minibatch",
    "optimisers",
    "depth",
    "clipping",
    "normalization",
    "regularisation",
    "autodiff",
    "capstone",
)

if TYPE_CHECKING:  # for editors and type checkers
    from bplearn.nn.activations import *  # noqa: F403
    from bplearn.nn.autodiff import *  # noqa: F403
    from bplearn.nn.capstone import *  # noqa: F403
    from bplearn.nn.chain import *  # noqa: F403
    from bplearn.nn.clipping import *  # noqa: F403
    from bplearn.nn.depth import *  # noqa: F403
    from bplearn.nn.gradcheck import *  # noqa: F403
    from bplearn.nn.linear import *  # noqa: F403
    from bplearn.nn.losses import *  # noqa: F403
    from bplearn.nn.minibatch import *  # noqa: F403
    from bplearn.nn.mlp import *  # noqa: F403
    from bplearn.nn.neuron import *  # noqa: F403
    from bplearn.nn.normalization import *  # noqa: F403
    from bplearn.nn.optimisers import *  # noqa: F403
    from bplearn.nn.regularisation import *  # noqa: F403
    from bplearn.nn.shapes import *  # noqa: F403
else:  # out of a type checker's sight: with a `__getattr__` it would accept any misspelt name

    def __getattr__(name):
        if name == "__all__":
            return [public for module in _modules() for public in module.__all__]
        for module in () if name.startswith("_") else _modules():
            if name in module.__all__:
                globals()[name] = getattr(module, name)
                return globals()[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def _modules():
        """The files in course order; while a lesson is graded, its own and the later ones are hidden."""
        for name in MODULES:
            if _find_spec(f"{__name__}.{name}") is not None:
                yield _import(f"{__name__}.{name}")

    def __dir__():
        return sorted([*MODULES, *__getattr__("__all__")])
