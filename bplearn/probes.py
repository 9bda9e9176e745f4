"""The few named ways to draw arrays out of an answer.

Runs beside untrusted code in the grader, so it holds no reference and imports numpy only.
"""

from __future__ import annotations

import copy
import itertools
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bplearn import chances, engines, pipelines
from bplearn.standins import FUNCTIONS as FUNCTIONS
from bplearn.standins import Function
from bplearn.standins import Named as Named
from bplearn.standins import Seed as Seed
from bplearn.standins import revive as revive

Probe = Callable[[Function, Sequence[Any]], Any]
PROBES: dict[str, Probe] = {}


def _probe(probe: Probe) -> Probe:
    PROBES[probe.__name__] = probe
    return probe


@_probe
def call(answer: Function, args: Sequence[Any]) -> Any:
    """Call the answer once and give back what it returns."""
    return answer(*args)


@_probe
def comparison(answer: Function, args: Sequence[Any]) -> Any:
    """Compare two arrays; of two that have different shapes, say whether it is refused with a ValueError."""
    left, right = args
    if np.shape(left) == np.shape(right):
        return {"error": answer(left, right)}
    try:
        answer(left, right)
    except ValueError:
        return {"refuses_other_shapes": True}
    return {"refuses_other_shapes": False}


@_probe
def branch(answer: Function, args: Sequence[Any]) -> Any:
    """Call the answer with a way back through a branch, which warns when it is run a second time."""
    dy, back = args
    runs = []

    def counted(d: Any) -> Any:
        runs.append(d)
        if len(runs) == 2:
            warnings.warn("the branch was run a second time; once is enough", stacklevel=2)
        return back(d)

    return answer(dy, counted)


@_probe
def initial(answer: Function, args: Sequence[Any]) -> Any:
    """What can be told of random weights: their shapes, the biases and, of large layers, mean and spread.

    Gives the parameters with 0 for each weight, and beside them whether the weights follow the generator, and
    whether two layers were drawn apart from each other.
    """
    sizes, rng = args
    params = _drawn(answer, (sizes,), rng)
    if not _are_arrays(params):
        return params
    weights = {name: params[name] for name in sorted(params) if name.startswith("W")}
    large = [W for W in weights.values() if W.size > 5_000]
    told = {name: np.zeros(array.shape) if name in weights else array for name, array in params.items()}
    if large:
        told |= {"means": [float(W.mean()) for W in large], "spreads": [float(W.std()) for W in large]}
    told |= _follows(answer, (sizes,), rng)
    told["layers_differ"] = len({tuple(_first(W)) for W in weights.values()}) == len(weights)
    return told


@_probe
def matrix(answer: Function, args: Sequence[Any]) -> Any:
    """What can be told of one random matrix: its shape and, if it is large, mean and spread.

    Gives it with 0 for each entry, and beside it whether it follows the generator.
    """
    *sizes, rng = args
    W = _drawn(answer, sizes, rng)
    if not isinstance(W, np.ndarray):
        return W
    told: dict[str, Any] = {"W": np.zeros(W.shape)}
    if W.size > 5_000:
        told |= {"mean": float(W.mean()), "spread": float(W.std())}
    return told | _follows(lambda *given: {"W": answer(*given)}, sizes, rng)


def _first(W: Any) -> Any:
    """The first weights drawn, but for scale: layers drawn from one seed have them in common."""
    few = W.ravel()[:4]
    return np.round(few / np.max(np.abs(few), initial=1e-12), 6)


LONG = 500  # steps: what comes after that many is told by its last loss


@_probe
def training(answer: Function, args: Sequence[Any]) -> Any:
    """Train from where the answer itself begins; the generator is the last argument, the steps stand before.

    Gives ``(start, params, losses)``: start is what no step at all returns for a generator in the same state.
    Where a start stands in place of the generator, only what came of it is given back. Of a long run this is
    given: whether it ended below 0.05, and whether its start follows the generator.
    """
    *most, steps, rng = args
    if isinstance(rng, dict):
        return _keyed_losses(answer(*args))
    first = _without_a_step(answer, most, rng)
    begins_at = copy.deepcopy(first[0]) if isinstance(first, (tuple, list)) and first else None
    trained = _drawn(answer, (*most, steps), rng)
    if not isinstance(trained, (tuple, list)) or first is None:
        return trained if first is not None else None
    if len(trained) == 2 and isinstance(trained[0], dict) and steps >= LONG:
        learns = bool(np.ravel(trained[1])[-1] < 0.05)
        return {}, {"learns": learns} | _follows(answer, (*most, 0), rng)
    return (begins_at, *_keyed_losses(trained))


def _without_a_step(answer: Function, most: Sequence[Any], rng: Any) -> Any:
    try:
        return _drawn(answer, (*copy.deepcopy(most), 0), rng)
    except Exception as error:
        error.args = (f"{error} (called with steps = 0)",)
        raise


def _keyed_losses(trained: Any) -> Any:
    """Params and losses, the losses in a dict: so a case can do without them."""
    pair = isinstance(trained, (tuple, list)) and len(trained) == 2
    return (trained[0], {"losses": trained[1]}) if pair else trained


def _follows(answer: Function, most: Sequence[Any], rng: Any) -> dict[str, bool]:
    """Whether the weights depend on the state of the generator, the last argument, and on that alone."""
    other = np.random.default_rng(copy.deepcopy(rng).integers(2**32))
    drawn = [_drawn(answer, copy.deepcopy(most), each) for each in (rng, rng, other)]
    first, again, other = (one[0] if isinstance(one, (tuple, list)) else one for one in drawn)
    alike = [
        [np.array_equal(first[name], new[name]) for name in first if name[0] == "W"] for new in (again, other)
    ]
    return {"same_rng_same_weights": all(alike[0]), "other_rng_other_weights": not any(alike[1])}


def _drawn(answer: Function, most: Sequence[Any], rng: Any) -> Any:
    """Call with a copy of the generator; numpy's global one stands in the same state at every call."""
    state = np.random.get_state()
    np.random.set_state(np.random.RandomState(1).get_state())
    try:
        return answer(*most, copy.deepcopy(rng))
    finally:
        np.random.set_state(state)


def _are_arrays(params: Any) -> bool:
    return isinstance(params, dict) and all(isinstance(array, np.ndarray) for array in params.values())


@_probe
def steps(answer: Function, args: Sequence[Any]) -> Any:
    """Let an optimiser take one step for each gradient; what it remembers goes into its next step.

    The arguments are ``w``, a list of gradients, the memory, then numbers; an int among them counts steps.
    Gives for each returned value the list of what it was after each step.
    """
    w, gradients, *rest = args
    path = []
    for dw in gradients:
        result = answer(w, dw, *rest)
        if not isinstance(result, (tuple, list)) or not 2 <= len(result) <= len(rest):
            return result
        w, *memory = copy.deepcopy(result)
        rest = [*memory, *rest[len(memory) :]]
        rest = [value + 1 if type(value) is int else value for value in rest]
        path.append(copy.deepcopy((w, *memory)))
    return tuple(list(values) for values in zip(*path, strict=True))


# ---- lesson 08 ----


@_probe
def batches(answer: Function, args: Sequence[Any]) -> Any:
    """Look through the batches of three calls: two on one generator, one on its twin.

    Gives a dict: sizes, all examples sorted (a row of x and its label), and three facts about their order. An
    endless iterable is left after twice as many batches as there are examples.
    """
    x, labels, batch_size, rng = args
    kept, twin = (x.copy(), labels.copy()), copy.deepcopy(rng)
    found = answer(*args)
    if found is None:
        return None
    first = _rows_of(found, kept)
    second, third = (_rows_of(answer(x, y, batch_size, g), kept) for x, y, g in _copies(kept, rng, twin))
    whole = np.vstack(first) if first else np.empty((0, x.shape[1] + 1))
    return {
        "sizes": [len(rows) for rows in first],
        "examples": whole[np.lexsort(whole.T[::-1])],
        "shuffled": _is_shuffled(first, kept[0]),
        "new_order_each_call": not _same(first, second),
        "order_from_rng": _same(first, third),
    }


def _copies(kept: Sequence[Any], *generators: Any) -> Any:
    return ((*copy.deepcopy(tuple(kept)), generator) for generator in generators)


def _rows_of(found: Any, kept: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Put each batch together as an array: inputs, and the label as a last column."""
    x, _ = kept
    rows = []
    for batch in itertools.islice(found, 2 * len(x)):
        pair = list(batch) if isinstance(batch, (tuple, list)) else [batch]
        shapes = [np.shape(part) for part in pair]
        if len(pair) != 2 or shapes[0][1:] != x.shape[1:] or shapes[1] != shapes[0][:1]:
            due = f"a pair of arrays of shapes (B, {x.shape[1]}) and (B,)"
            raise TypeError(f"a batch is {due}; here one has shapes {', '.join(map(str, shapes))}")
        rows.append(np.column_stack(pair))
    return rows


def _same(left: list[np.ndarray], right: list[np.ndarray]) -> bool:
    return len(left) == len(right) and all(map(np.array_equal, left, right))


def _is_shuffled(batches: list[np.ndarray], x: np.ndarray) -> bool:
    """Say whether examples have changed places, and not only within a batch or together with it."""
    places = [[int(np.argmin(np.abs(x - row[:-1]).sum(axis=1))) for row in rows] for rows in batches]
    order = [place for batch in places for place in batch]
    torn_up = any(max(batch) - min(batch) >= len(batch) for batch in places if batch)
    several = len(batches) > 1 and len(batches[0]) > 1
    return torn_up if several else order != sorted(order)


@_probe
def epoch(answer: Function, args: Sequence[Any]) -> Any:
    """Train for one epoch, and see how the order of the examples matters.

    Gives ``(params, loss)`` as the answer does. Where all examples are alike their order cannot be seen, so a
    small set of the probe's own is trained on as well: three facts on it stand in ``params``.
    """
    params, x, _, _, _, rng = copy.deepcopy(args)
    result = answer(*args)
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    if pair and not isinstance(result[0], dict):
        raise TypeError("the params, a dict, come first, and then the loss")
    if not pair or (x != x[0]).any():
        return result
    own = np.random.default_rng(1).normal(size=(10, x.shape[1])), np.arange(10) % len(params["b2"])
    turned = own[0][::-1], own[1][::-1]
    twin, third = copy.deepcopy(rng), copy.deepcopy(rng)
    runs = ((own, rng), (own, rng), (own, twin), (turned, third))
    first, second, same, other = (_end_of(answer, params, *data, generator) for data, generator in runs)
    facts = {
        "new_order_each_call": not np.allclose(first, second, rtol=1e-9, atol=1e-9),
        "order_from_rng": bool(np.allclose(first, same, rtol=1e-9, atol=1e-9)),
        "each_step_uses_its_batch": not np.allclose(first, other, rtol=1e-9, atol=1e-9),
    }
    return ({**result[0], **facts}, result[1])


def _end_of(answer: Function, params: Any, x: np.ndarray, labels: np.ndarray, rng: Any) -> np.ndarray:
    end, _ = answer(copy.deepcopy(params), x.copy(), labels.copy(), 2, 0.3, rng)
    return np.concatenate([np.ravel(value) for value in end.values()])


# ---- lessons 13 to 15 ----

_OTHERS = (chances.dropping, engines.ordering, engines.passing, engines.engine, pipelines.reading)
PROBES |= {probe.__name__: probe for probe in _OTHERS}
# Probes that tell facts: in the grader what the answer returned comes out, and they are run again on that.
REPLAYED = frozenset(
    ("batches", "comparison", "dropping", "epoch", "initial", "matrix", "ordering", "training")
)
# Seconds that a call of a probe may take where that is more than usual.
PATIENCE = {"reading": 5 * pipelines.SECONDS}
