"""Exercise, Mistake, Quiz: what the author of an exercise writes down."""

from __future__ import annotations

import inspect
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from bplearn import nn, probes
from bplearn.plain import plain
from bplearn.version import __version__

Cases = Callable[[np.random.Generator], Iterable[dict[str, Any]]]
LabelledCases = Callable[[np.random.Generator], Iterable[tuple[str, dict[str, Any]]]]
Function = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Case:
    """One set of inputs, in the order of the reference's parameters; a label where stability is tested."""

    args: tuple[Any, ...]
    label: str = ""


@dataclass(frozen=True)
class Mistake:
    """A known wrong way to compute one output.

    Attributes
    ----------
    name : str
        What the wrong version does.
    output : str
        The output it concerns, "" if `compute` is a complete wrong answer.
    row : str
        Id in the course's catalogue of misconceptions (`tests/catalogue.csv`).
    message : str
        The cause, in words for the learner.
    compute : callable
        Takes the arguments of a case and gives the wrong value.
    factor : str
        Name of the one factor of a chain that is wrong or missing, if it is one. Two mistakes in different
        factors can be made at once, and are then both named.
    """

    name: str
    output: str
    row: str
    message: str
    compute: Function
    factor: str = ""


@dataclass(frozen=True)
class Forward:
    """How a backward exercise is tied to the exercise that is its forward pass."""

    exercise: str
    parameters: tuple[str | Function, ...]
    loss: Function


@dataclass(frozen=True)
class Outcome:
    """How an answer is judged that has no numbers to be compared with, such as a network that is trained.

    Attributes
    ----------
    weigh : callable
        Takes what the probe brought back, a claim, and the arguments of the case; gives the outputs. Runs on
        the trusted side and may use data that the answer never sees. Text as an output says what is wrong.
    due : dict
        The outputs of a right answer.
    """

    weigh: Function
    due: Mapping[str, Any]


@dataclass(eq=False)
class Exercise:
    """One function or class which the learner writes, and all we know about it.

    Attributes
    ----------
    reference : callable
        Our right implementation.
    cases : callable
        Takes a generator of random numbers and yields dicts of arguments: five at least, smallest first, of
        distinct sizes, away from kinks.
    returns : tuple of str
        Names of the results, in order. One name means one bare value.
    hints : tuple of str
        From a question to something concrete.
    points : float
    name : str
        The reference's name unless given.
    rtol : float
        Relative tolerance.
    atol : float or dict of str to float
        Replaces the absolute part of the tolerance where an output is ill-conditioned or drawn by chance; a
        dict gives it for the outputs that it names.
    probe : str
        How arrays are drawn out of an answer (`probes.PROBES`).
    continues : callable
        For training runs that begin with weights of the answer's own drawing (probe `training`): what is due
        from there. Takes the reference's arguments with the start, a dict, in place of the generator. So do
        the mistakes.
    extreme : callable
        Like `cases`, but yields ``(label, dict)``: stability, saturation, a single example; never mixed with
        the others.
    square : callable
        Like `cases`, with all sizes equal; used for diagnosis only, when an answer raises on every ordinary
        case.
    fresh : tuple of str
        Arguments that must come back unchanged (elsewhere a changed argument earns a note).
    upstream : str
        The argument in which the answer is linear, if there is one.
    handed_out : callable
        The wrong version of a find-the-bug exercise. Its docstring is the symptom, which the learner reads.
    handed_out_rows : tuple of str
        Catalogue rows of what is wrong with the version handed out.
    outcome : Outcome
        For answers that are judged by what they reach: one case may do, and the reference is not run.
    takes : tuple of str
        What a case holds, where its probe makes something else of it than a call with the reference's
        arguments. A name that begins with ``_`` is for the probe alone; cards do not show it.
    """

    reference: Function
    cases: Cases
    returns: tuple[str, ...]
    hints: tuple[str, ...]
    points: float = 1
    name: str = ""
    rtol: float = 1e-7
    atol: float | Mapping[str, float] | None = None
    probe: str = "call"
    continues: Function | None = None
    extreme: LabelledCases | None = None
    square: Cases | None = None
    fresh: tuple[str, ...] = ()
    upstream: str = ""
    handed_out: Function | None = None
    handed_out_rows: tuple[str, ...] = ()
    outcome: Outcome | None = None
    takes: tuple[str, ...] = ()
    mistakes: list[Mistake] = field(default_factory=list)
    variants: list[Mistake] = field(default_factory=list)
    properties: list[Mistake] = field(default_factory=list)
    forward: Forward | None = None

    def __post_init__(self) -> None:
        self.name = self.name or self.reference.__name__

    @property
    def lesson(self) -> str:
        """Full name of the lesson, after the file which holds the exercise."""
        return self.cases.__module__.rpartition(".")[2].removeprefix("lesson")

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the arguments, in order."""
        return self.takes or tuple(inspect.signature(self.reference).parameters)

    @property
    def seed(self) -> int:
        """The seed of cases in notebooks: the same answer gets the same card."""
        return zlib.crc32(f"{self.name} {__version__}".encode())

    def hides(self, name: str) -> bool:
        """Say whether a function such as ``bplearn.nn.neuron.sigmoid`` is what this lesson asks for."""
        own = _place(self.reference.__module__)
        return name.startswith("bplearn.exercises.") or (
            name.startswith("bplearn.nn.") and _place(name) >= own
        )

    # ---- what the author attaches ----

    def mistake(self, output: str = "", row: str = "", factor: str = "") -> Callable[[Function], Function]:
        """Register a known wrong version of one output ("" for a complete wrong answer)."""
        return self._attach(self.mistakes, output, row, factor)

    def variant(self, output: str, row: str = "") -> Callable[[Function], Function]:
        """Register another right version where the task leaves one open; its docstring becomes the note."""
        return self._attach(self.variants, output, row)

    def property(self, output: str) -> Callable[[Function], Function]:
        """Register what every right value of an output has: ``holds(value, *args) -> bool``."""
        return self._attach(self.properties, output, "")

    def follows(self, exercise: str, *parameters: str | Function) -> Callable[[Function], Function]:
        """Name the forward exercise and the arguments it takes.

        One that the backward pass does not get is given as a function of the case's arguments. The function
        that is decorated gives the scalar loss: ``loss(result of the forward, *arguments of the case)``.
        """

        def attach(loss: Function) -> Function:
            self.forward = Forward(exercise, parameters, loss)
            return loss

        return attach

    def _attach(
        self, where: list[Mistake], output: str, row: str, factor: str = ""
    ) -> Callable[[Function], Function]:
        def attach(compute: Function) -> Function:
            message = inspect.cleandoc(compute.__doc__ or "").replace("\n", " ")
            where.append(Mistake(compute.__name__, output, row, message, compute, factor))
            return compute

        return attach

    # ---- what the judge asks for ----

    def case(self, arguments: dict[str, Any], label: str = "") -> Case:
        """Put named arguments in the order of the reference."""
        return Case(tuple(arguments[name] for name in self.parameters), label)

    def sample(self, seed: int) -> tuple[Case, ...]:
        """Draw the cases: the ordinary ones, the first one again, then the labelled ones."""
        return _sample(self, seed)

    def expected(self, seed: int) -> tuple[Any, ...]:
        """What the reference gives for each case of `sample`, as plain data."""
        return _expected(self, seed)

    def tolerated(self, output: str) -> float | None:
        """Return the absolute tolerance of an output, None for the usual one."""
        return self.atol.get(output) if isinstance(self.atol, Mapping) else self.atol

    def run(self, answer: Function, case: Case) -> Any:
        """Run trusted code (reference, mistake) on a fresh copy of a case, as plain data; remembered."""
        return _run(self, answer, case)


def _place(name: str) -> int:
    """Place of a file of `nn` in the course."""
    parts = name.split(".")
    file = parts[2] if len(parts) > 2 else ""
    return nn.MODULES.index(file) if file in nn.MODULES else -1


def _draw(exercise: Exercise, rng: np.random.Generator) -> Iterator[Case]:
    ordinary = [exercise.case(arguments) for arguments in exercise.cases(rng)]
    yield from ordinary
    if exercise.outcome is None:
        yield ordinary[0]  # once more: only arguments should matter
    for label, arguments in exercise.extreme(rng) if exercise.extreme else ():
        yield exercise.case(arguments, label)


@lru_cache(maxsize=20_000)
def _run(exercise: Exercise, answer: Function, case: Case) -> Any:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a mistake warns of is no news to the learner
        return plain(probes.PROBES[exercise.probe](answer, [probes.revive(arg) for arg in case.args]))


@lru_cache(maxsize=512)
def _sample(exercise: Exercise, seed: int) -> tuple[Case, ...]:
    return tuple(_draw(exercise, np.random.default_rng(seed)))


@lru_cache(maxsize=512)
def _expected(exercise: Exercise, seed: int) -> tuple[Any, ...]:
    if exercise.outcome is not None:
        return tuple(dict(exercise.outcome.due) for _ in exercise.sample(seed))
    return tuple(exercise.run(exercise.reference, case) for case in exercise.sample(seed))


@dataclass(frozen=True)
class Choice:
    """One choice of a quiz, with what is said to whoever picks it."""

    text: str
    explanation: str
    right: bool = False


@dataclass(frozen=True)
class Quiz:
    """A prediction question: multiple choice, no points."""

    name: str
    question: str
    choices: tuple[Choice, ...]
