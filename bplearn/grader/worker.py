"""The side that runs the learner's code: cells first, then answers on cases, over a pipe.

It trusts nobody and is trusted by nobody: it holds no reference and no expected value, only what the notebook
defines. `session` starts it as ``python -m bplearn.grader.worker``.
"""

from __future__ import annotations

import contextlib
import linecache
import os
import re
import sys
import textwrap
import types
from collections.abc import Callable
from typing import Any, BinaryIO

import bplearn
from bplearn import collect, wire

# Bytes of address space: 1 GB for the answer and as much again for libraries, of which numpy and matplotlib
# took 0.15 GB where that was measured.
MEMORY = 2 * 1024**3
_PLAIN_CELL_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")


def main() -> None:
    """Serve one notebook: receive its cells, run them, then answer requests until the pipe closes."""
    inlet, outlet = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)  # whatever the notebook reads or prints must not touch the pipe
    os.dup2(silence, 1)
    limit_memory()
    serve(inlet, outlet)


def limit_memory() -> None:
    """Let no answer take the machine's memory; where there is no such limit there is none."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def serve(inlet: BinaryIO, outlet: BinaryIO) -> None:
    """Run the cells that come first, then one answer for each request."""
    stand_in()
    scope = namespace()
    wire.send(outlet, ["hello", None])
    for number, text in wire.receive(inlet):
        wire.send(outlet, ["cell", number])
        trouble = run_cell(number, text, scope)
        if trouble:
            wire.send(outlet, ["failed", [number, wire.write_trouble(trouble)]])
    wire.send(outlet, ["ready", None])
    while True:
        try:
            name, cases, probe = wire.receive(inlet)
        except EOFError:
            return
        function = scope.get(name)
        seen = collect.observe(function, cases, probe) if callable(function) else None
        wire.send(outlet, ["seen", wire.write_observation(seen)])


def namespace() -> dict[str, Any]:
    """Make an empty main module for the notebook."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    vars(module).update(display=_nothing, get_ipython=_Silent)
    return vars(module)


def run_cell(number: int, text: str, scope: dict[str, Any]) -> collect.Trouble | None:
    """Run one cell; an error in it costs only what depends on it, and is told."""
    name = f"<cell {number}>"
    sink = collect.Sink()
    try:
        with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
            text, code = compiled(text, name)
            linecache.cache[name] = (len(text), None, text.splitlines(True), name)
            exec(code, scope)
    except BaseException as error:  # a cell may raise anything, SystemExit too
        return collect.describe(error)
    return None


def compiled(text: str, name: str) -> tuple[str, types.CodeType]:
    """Compile a cell as it stands or, if it is not plain Python, without its magics."""
    try:
        return text, compile(text, name, "exec", dont_inherit=True)
    except SyntaxError:
        text = without_magics(text)
        return text, compile(text, name, "exec", dont_inherit=True)


def without_magics(text: str) -> str:
    """Take out magics, shell lines and questions, so that line numbers stay."""
    if text.lstrip().startswith("%%"):
        first, _, rest = text.lstrip().partition("\n")
        text = "\n" + rest if first.startswith(_PLAIN_CELL_MAGICS) else ""
    return textwrap.dedent("\n".join(map(_without_magic, text.split("\n"))))


def _without_magic(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    if re.match(r"\s*([%!?]|[\w.]+\?{1,2}\s*$)", line):
        return f"{indent}pass"
    return re.sub(r"^(\s*[\w, ]+=)\s*[%!].*$", r"\1 None", line)


class _Silent:
    """Stands for `viz` and for IPython's shell: whatever is asked of it does nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _nothing


def _nothing(*args: Any, **kwargs: Any) -> None:
    """Take anything and do nothing."""


def use(answer: Any) -> Any:
    """Stand for `bplearn.use`: give the answer itself back."""
    return answer


use.__module__ = "bplearn.learn"  # an answer that calls it is told so, here as in the notebook


def stand_in() -> None:
    """Give the notebook silent versions of the learner's names; `use` gives the answer itself back."""
    vars(bplearn).update(dict.fromkeys(("check", "hint", "quiz", "solution", "progress"), _nothing))
    vars(bplearn).update(use=use, viz=_Silent())


if __name__ == "__main__":
    main()
