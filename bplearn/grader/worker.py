"""The side that runs the learner's code: cells first, then answers on cases, over a pipe.

It trusts nobody and is trusted by nobody: it holds no reference and no expected value, only what the notebook
defines. `session` starts it as ``python -m bplearn.grader.worker``.
"""

from __future__ import annotations

import contextlib
import linecache
import math
import os
import re
import socket
import sys
import textwrap
import time
import types
from collections.abc import Callable
from typing import Any, BinaryIO, NoReturn

import bplearn
from bplearn import collect, wire
from bplearn.grader import thrift

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
    _run_cells(wire.receive(inlet), scope, outlet)
    while True:
        try:
            name, cases, probe, _ = wire.receive(inlet)
        except EOFError:
            return
        function = scope.get(name)
        seen = collect.observe(function, cases, probe) if callable(function) else None
        wire.send(outlet, ["seen", wire.write_observation(seen)])


# ---- in the sandbox: each answer in a process of its own ----

SENT = 77  # exit code of a child that has sent what it saw


def serve_apart(channel: socket.socket, timeout: float) -> None:
    """Serve one notebook over a socket; whatever an answer does to its process costs only that answer.

    For each request comes what was seen or, where the child ended before it could tell, how it ended.
    """
    inlet, outlet = channel.makefile("rb"), channel.makefile("wb")
    scope = namespace()
    _run_cells(thrift.needed(wire.receive(inlet)), scope, outlet, timeout)
    while True:
        try:
            name, cases, probe, patience = wire.receive(inlet)
        except EOFError:
            return
        child = os.fork()
        if child == 0:
            _answer_and_end(scope.get(name), cases, probe, patience, outlet)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != SENT:
            wire.send(outlet, ["ended", os.waitstatus_to_exitcode(status)])


def _answer_and_end(function: Any, cases: Any, probe: str, patience: float, outlet: BinaryIO) -> NoReturn:
    try:
        limit_cpu(patience)
        seen = collect.observe(function, cases, probe, raw=True) if callable(function) else None
        wire.send(outlet, ["seen", wire.write_observation(seen)])
        os._exit(SENT)
    finally:
        os._exit(1)


def limit_cpu(seconds: float) -> None:
    """Let the kernel end this process when it has used so many more seconds of the processor."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = math.ceil(time.process_time() + seconds)
    with contextlib.suppress(ValueError):  # there is no more time than the whole notebook has
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _run_cells(cells: Any, scope: dict[str, Any], outlet: BinaryIO, timeout: float = 0.0) -> None:
    own = os.getpid()
    for number, text, *_ in cells:
        wire.send(outlet, ["cell", number])
        if timeout:
            limit_cpu(timeout)
        trouble = run_cell(number, text, scope)
        if os.getpid() != own:  # a cell has forked, and its child goes on here
            os._exit(0)
        if trouble:
            wire.send(outlet, ["failed", [number, wire.write_trouble(trouble)]])
    wire.send(outlet, ["ready", None])


# ---- cells ----


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
