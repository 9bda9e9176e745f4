"""Lesson 12: batch and layer normalization."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import normalization

SIZES = ((4, 3), (5, 7), (3, 8), (7, 4), (6, 5))
EPS = (0.1, 0.13, 0.07, 0.2, 0.11)  # large enough to be seen


def _columns(rng, N, D):
    """Columns of different mean and spread."""
    return rng.normal(size=(N, D)) * rng.uniform(0.5, 2.5, D) + rng.uniform(-2.0, 2.0, D)


def _stretch_and_shift(rng, D):
    """``gamma`` of both signs and away from 1, and ``beta``."""
    return rng.uniform(1.2, 2.5, D) * rng.choice((-1.0, 1.0), D), rng.uniform(-1.5, 1.5, D)


# Tables of slips: a name, its row in the catalogue, what the learner reads, and the wrong part.
Slips = dict[str, tuple[str, str, Any]]


def _plant(exercise, output, slips, formula, factor=""):
    """Register a table of slips; ``formula(part)`` gives the wrong version that a part makes."""
    for name, (row, text, part) in slips.items():
        compute = formula(part)
        compute.__name__, compute.__doc__ = name, text
        exercise.mistake(output, row, factor)(compute)


def _pairs(left, right):
    """Two slips at once, one of each table; the part is a pair."""
    return {
        f"{a}+{b}": (row or other, f"Two slips at once. (1) {first} (2) {second}", (p, q))
        for (a, (row, first, p)), (b, (other, second, q)) in product(left.items(), right.items())
    }


def _some(slips, *names):
    return {name: slips[name] for name in names}


# ---- what the forward passes share ----

ROOTS: Slips = {
    "leaves_eps_out": (
        "",
        "`eps` is left out. It keeps a column that does not vary from a division by 0.",
        lambda v, eps: np.sqrt(v),
    ),
    "puts_eps_outside_the_root": (
        "O15",
        "`eps` is added to the root. Here it stands inside: the root of the variance plus `eps`.",
        lambda v, eps: np.sqrt(v) + eps,
    ),
    "forgets_the_root": (
        "O14",
        "It is divided by the variance plus `eps`. The deviation is the *root* of that.",
        lambda v, eps: v + eps,
    ),
    "does_not_divide": (
        "O8",
        "`x` is centred and not divided. What spread do the columns have then?",
        lambda v, eps: 1.0,
    ),
    "multiplies_by_the_deviation": (
        "",
        (
            "It is multiplied by the deviation, so what is wide gets wider. Each column should get a"
            " spread of 1."
        ),
        lambda v, eps: 1.0 / np.sqrt(v + eps),
    ),
    "takes_eps_off": (
        "",
        (
            "`eps` is subtracted from the variance. It is added: a variance of 0 must not end in a"
            " division by 0."
        ),
        lambda v, eps: np.sqrt(np.abs(v - eps)),
    ),
    "takes_the_deviation_for_the_variance_in_y": (
        "",
        "The root is taken twice: of the deviation, where that of the variance is due.",
        lambda v, eps: np.sqrt(np.sqrt(v) + eps),
    ),
}
ENDS: Slips = {
    "leaves_gamma_out": (
        "O4",
        "`gamma` is left out: every column keeps a spread of about 1, whatever was learnt.",
        lambda x_hat, gamma, beta: x_hat + beta,
    ),
    "leaves_beta_out": (
        "",
        "`beta` is left out: every column keeps its mean at 0, whatever was learnt.",
        lambda x_hat, gamma, beta: gamma * x_hat,
    ),
    "leaves_gamma_and_beta_out": (
        "",
        "`x` is put in order, and then `gamma` and `beta` are both left out.",
        lambda x_hat, gamma, beta: 1.0 * x_hat,
    ),
    "exchanges_gamma_and_beta": (
        "O18",
        "`gamma` and `beta` have changed places. With `gamma` 1 and `beta` 0 nothing should happen.",
        lambda x_hat, gamma, beta: beta * x_hat + gamma,
    ),
    "shifts_before_it_stretches": (
        "",
        "`beta` is added before `gamma` multiplies, so it is stretched as well.",
        lambda x_hat, gamma, beta: gamma * (x_hat + beta),
    ),
    "subtracts_beta": ("", "`beta` is subtracted. It is added.", lambda x_hat, g, beta: g * x_hat - beta),
    "adds_gamma": ("", "`gamma` is added. It multiplies.", lambda x_hat, g, beta: x_hat + g + beta),
    "divides_by_gamma": (
        "",
        "It is divided by `gamma`. A larger `gamma` should make the column wider.",
        lambda x_hat, gamma, beta: x_hat / gamma + beta,
    ),
}
TWO_OF_THE_FORWARD = _pairs(
    _some(ROOTS, "leaves_eps_out", "puts_eps_outside_the_root", "forgets_the_root"),
    _some(ENDS, "leaves_gamma_out", "leaves_beta_out", "leaves_gamma_and_beta_out"),
)


# ---- batchnorm_train ----


def batches(rng):
    """Visible eps, gamma of both signs and away from 1."""
    for (N, D), eps in zip(SIZES, EPS, strict=True):
        gamma, beta = _stretch_and_shift(rng, D)
        yield {"x": _columns(rng, N, D), "gamma": gamma, "beta": beta, "eps": eps}


def a_silent_unit(rng):
    """A column without any spread, as a dead unit gives it, and a tiny eps."""
    gamma, beta = _stretch_and_shift(rng, 3)
    x = _columns(rng, 5, 3)
    x[:, 1] = 0.0
    yield "a unit that is 0 for all examples", {"x": x, "gamma": gamma, "beta": beta, "eps": 1e-5}


batchnorm_train = Exercise(
    reference=normalization.batchnorm_train,
    cases=batches,
    extreme=a_silent_unit,
    returns=("y", "mean", "var"),
    points=1,
    fresh=("x",),
    hints=(
        "One unit of a layer gives one number for each example. Over which axis do you take its mean?",
        "First centre, then divide by the deviation, then stretch by `gamma` and shift by `beta`.",
        (
            "The deviation is the root of the variance *plus* `eps`; `x.var(axis=0)` divides by N, as"
            " is due here."
        ),
    ),
)
STATISTICS: Slips = {
    "divides_by_one_less": (
        "O11",
        (
            "The variance is divided by N - 1. Here it is the biased one, divided by N: what `var`"
            " gives by itself."
        ),
        lambda x: (x.mean(axis=0), x.var(axis=0, ddof=1)),
    ),
    "does_not_centre_the_variance": (
        "O16",
        (
            "This is the mean of the squares. A variance is taken around the mean: shift `x` by 100,"
            " and it stays."
        ),
        lambda x: (x.mean(axis=0), np.mean(x**2, axis=0)),
    ),
    "takes_the_deviation_for_the_variance": (
        "",
        "The deviation stands where the variance is due. The root is taken once, and `eps` is inside.",
        lambda x: (x.mean(axis=0), x.std(axis=0)),
    ),
    "adds_up_where_a_mean_is_due": (
        "",
        "Sums stand where means are due: divide by N.",
        lambda x: (x.sum(axis=0), ((x - x.sum(axis=0)) ** 2).sum(axis=0)),
    ),
    "sums_the_squares": (
        "",
        "The squared distances are added up and not averaged: divide by N.",
        lambda x: (x.mean(axis=0), ((x - x.mean(axis=0)) ** 2).sum(axis=0)),
    ),
    "averages_the_distances": (
        "",
        "The distances from the mean are averaged as they are. For a variance they are squared first.",
        lambda x: (x.mean(axis=0), np.abs(x - x.mean(axis=0)).mean(axis=0)),
    ),
    "takes_the_whole_batch_as_one": (
        "",
        "There is one mean and one variance for the whole array. Each column, a unit, has its own.",
        lambda x: (np.full(x.shape[1], x.mean()), np.full(x.shape[1], x.var())),
    ),
    "takes_the_middle_for_the_mean": (
        "",
        "The median stands where the mean is due.",
        lambda x: (np.median(x, axis=0), x.var(axis=0)),
    ),
}


def _standardised(x, eps, axis=0):
    return (x - x.mean(axis=axis, keepdims=True)) / np.sqrt(x.var(axis=axis, keepdims=True) + eps)


def _train_with(root=lambda v, eps: np.sqrt(v + eps), end=lambda x_hat, g, b: g * x_hat + b, ddof=0):
    return lambda x, gamma, beta, eps: end(
        (x - x.mean(axis=0)) / root(x.var(axis=0, ddof=ddof), eps), gamma, beta
    )


def _train_from(statistics):
    def compute(x, gamma, beta, eps):
        mean, var = statistics(x)
        return gamma * (x - mean) / np.sqrt(var + eps) + beta, mean, var

    return compute


_plant(batchnorm_train, "y", ROOTS, lambda root: _train_with(root=root))
_plant(batchnorm_train, "y", ENDS, lambda end: _train_with(end=end))
_plant(batchnorm_train, "y", TWO_OF_THE_FORWARD, lambda two: _train_with(*two))
_plant(batchnorm_train, "", STATISTICS, _train_from)
_plant(
    batchnorm_train,
    "y",
    _pairs(
        _some(ROOTS, "leaves_eps_out", "puts_eps_outside_the_root"),
        _some(STATISTICS, "divides_by_one_less"),
    ),
    lambda two: _train_with(root=two[0], ddof=1),
)


@batchnorm_train.mistake("y", row="O10")
def normalises_each_row(x, gamma, beta, eps):
    """Each row is normalised by itself: that is layer normalization. Here the statistics of a unit run
    over the *batch*.
    """
    return gamma * _standardised(x, eps, axis=1) + beta


@batchnorm_train.mistake("y", row="O17")
def does_not_centre(x, gamma, beta, eps):
    """The mean is not subtracted. What should the mean of a column of `y` be, before `beta`?"""
    return gamma * x / np.sqrt(x.var(axis=0) + eps) + beta


@batchnorm_train.mistake("y")
def divides_the_mean_only(x, gamma, beta, eps):
    """Only the mean is divided by the deviation. `x` and its mean belong in one pair of brackets."""
    return gamma * (x - x.mean(axis=0) / np.sqrt(x.var(axis=0) + eps)) + beta


@batchnorm_train.mistake("y")
def forgets_the_brackets(x, gamma, beta, eps):
    """Only the mean is divided, and only `x` is stretched. `x` and its mean belong in one pair of
    brackets.
    """
    return gamma * x - x.mean(axis=0) / np.sqrt(x.var(axis=0) + eps) + beta


@batchnorm_train.mistake("y")
def adds_the_mean(x, gamma, beta, eps):
    """The mean is added. To centre a column, it is taken off."""
    return gamma * (x + x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


@batchnorm_train.mistake("y")
def gives_x_back(x, gamma, beta, eps):
    """Only `gamma` and `beta` act on `x`; nothing is put in order."""
    return gamma * x + beta


@batchnorm_train.mistake("mean")
def gives_the_mean_of_y_back(x, gamma, beta, eps):
    """This is the mean of `y`. The batch's own is due: that of `x`."""
    return _train_with()(x, gamma, beta, eps).mean(axis=0)


@batchnorm_train.mistake("var")
def gives_the_variance_of_y_back(x, gamma, beta, eps):
    """This is the variance of `y`. The batch's own is due: that of `x`."""
    return _train_with()(x, gamma, beta, eps).var(axis=0)


@batchnorm_train.mistake("var")
def gives_the_deviation_back(x, gamma, beta, eps):
    """The deviation comes back where the variance is due: its root."""
    return x.std(axis=0)


@batchnorm_train.mistake("var")
def gives_the_variance_with_eps_back(x, gamma, beta, eps):
    """`eps` is in the variance that comes back. It belongs under the root only."""
    return x.var(axis=0) + eps


@batchnorm_train.mistake("var")
def gives_the_root_with_eps_back(x, gamma, beta, eps):
    """What `x` was divided by comes back. The variance itself is due."""
    return np.sqrt(x.var(axis=0) + eps)


# ---- batchnorm_running ----


def running_statistics(rng):
    """A momentum that is not 1/2; old and new far from each other."""
    for D, momentum in ((3, 0.9), (4, 0.8), (5, 0.3), (6, 0.95), (7, 0.7)):
        yield {
            "running_mean": rng.normal(size=D),
            "running_var": rng.uniform(0.6, 2.5, D),
            "mean": rng.normal(size=D) + 3.0,
            "var": rng.uniform(3.5, 6.0, D),
            "momentum": momentum,
        }


batchnorm_running = Exercise(
    reference=normalization.batchnorm_running,
    cases=running_statistics,
    returns=("running_mean", "running_var"),
    points=1,
    fresh=("running_mean", "running_var"),
    hints=(
        "With a momentum of 0.9, how much of the old value stays?",
        "Lesson 09 had such an average: a share of the old one, and the rest of the new one.",
        "`momentum` times the running value, plus `1 - momentum` times the batch's; the same for both.",
    ),
)
MIXES: Slips = {
    "exchanges_old_and_new": (
        "O25",
        (
            "`momentum` is the weight of the *new* value here: that is PyTorch's convention. In this"
            " course it is the share of the old value that stays."
        ),
        lambda old, new, m: (1 - m) * old + m * new,
    ),
    "keeps_no_memory": (
        "O26",
        "The batch's value replaces the running one: there is no memory of the batches before.",
        lambda old, new, m: 1.0 * new,
    ),
    "adds_the_batch_in_full": (
        "O28",
        "The batch's value is added in full, so what is kept grows far beyond it. It gets the rest.",
        lambda old, new, m: m * old + new,
    ),
    "adds_both_in_full": (
        "O28",
        "Both are added in full, and the running value grows for ever.",
        lambda old, new, m: old + new,
    ),
    "keeps_the_old_one_in_full": (
        "O28",
        "The old value is kept in full and a share of the new one is added, so it grows for ever.",
        lambda old, new, m: old + (1 - m) * new,
    ),
    "weights_both_alike": (
        "",
        "Both have the weight `momentum`. The weights of an average add up to 1.",
        lambda old, new, m: m * old + m * new,
    ),
    "weights_both_with_the_rest": (
        "",
        "Both have the weight 1 minus `momentum`. The weights of an average add up to 1.",
        lambda old, new, m: (1 - m) * old + (1 - m) * new,
    ),
    "takes_the_middle": (
        "",
        "The two are averaged half and half, and `momentum` is not used.",
        lambda old, new, m: (old + new) / 2,
    ),
    "never_changes": ("", "The running value stays as it was.", lambda old, new, m: 1.0 * old),
    "moves_away": (
        "",
        "The running value moves away from the batch's: a sign is turned.",
        lambda old, new, m: old - (1 - m) * (new - old),
    ),
}
_plant(batchnorm_running, "running_mean", MIXES, lambda mix: lambda old, _, mean, __, m: mix(old, mean, m))
_plant(batchnorm_running, "running_var", MIXES, lambda mix: lambda _, old, __, var, m: mix(old, var, m))


@batchnorm_running.mistake("running_var", row="O27")
def stores_the_deviation(running_mean, running_var, mean, var, momentum):
    """The batch's deviation is mixed in, the root of its variance. Variances with variances."""
    return momentum * running_var + (1 - momentum) * np.sqrt(var)


@batchnorm_running.mistake("running_var", row="O27")
def takes_the_root_of_the_result(running_mean, running_var, mean, var, momentum):
    """The root of the mixture is stored. A variance is due."""
    return np.sqrt(momentum * running_var + (1 - momentum) * var)


@batchnorm_running.mistake("running_var", row="O27")
def mixes_deviations(running_mean, running_var, mean, var, momentum):
    """Two deviations are mixed and squared again. Mix the variances as they are."""
    return (momentum * np.sqrt(running_var) + (1 - momentum) * np.sqrt(var)) ** 2


@batchnorm_running.mistake("running_var")
def squares_the_weights(running_mean, running_var, mean, var, momentum):
    """The weights are squared for the variance. Both statistics are mixed with the same weights."""
    return momentum**2 * running_var + (1 - momentum) ** 2 * var


@batchnorm_running.mistake("running_var")
def mixes_in_the_mean(running_mean, running_var, mean, var, momentum):
    """The batch's mean is mixed into the running variance."""
    return momentum * running_var + (1 - momentum) * mean


@batchnorm_running.mistake("running_var")
def starts_from_the_mean(running_mean, running_var, mean, var, momentum):
    """The old value in the running variance is the running *mean*: the two have got mixed up."""
    return momentum * running_mean + (1 - momentum) * var


@batchnorm_running.mistake("running_var")
def starts_from_the_new_mean(running_mean, running_var, mean, var, momentum):
    """The old value in the running variance is the running mean that was made a line above."""
    return momentum * (momentum * running_mean + (1 - momentum) * mean) + (1 - momentum) * var


@batchnorm_running.mistake("running_mean")
def mixes_in_the_variance(running_mean, running_var, mean, var, momentum):
    """The batch's variance is mixed into the running mean."""
    return momentum * running_mean + (1 - momentum) * var


# ---- batchnorm_eval ----


def stored_statistics(rng):
    """Statistics that are not those of the batch."""
    for (N, D), eps in zip(SIZES, EPS, strict=True):
        gamma, beta = _stretch_and_shift(rng, D)
        yield {
            "x": _columns(rng, N, D),
            "gamma": gamma,
            "beta": beta,
            "running_mean": rng.normal(size=D),
            "running_var": rng.uniform(0.4, 4.0, D),
            "eps": eps,
        }


def a_single_example(rng):
    """One example: there is no batch to ask."""
    case = list(stored_statistics(rng))[1]
    yield "a single example", case | {"x": case["x"][:1]}


batchnorm_eval = Exercise(
    reference=normalization.batchnorm_eval,
    cases=stored_statistics,
    extreme=a_single_example,
    returns=("y",),
    points=1,
    fresh=("x", "running_mean", "running_var"),
    hints=(
        "A single image comes in. Which mean can be subtracted from it?",
        "It is the training formula with other statistics.",
        (
            "Centre with `running_mean`, divide by the root of `running_var + eps`, then `gamma` and"
            " `beta` as before."
        ),
    ),
)


def _eval_with(root=lambda v, eps: np.sqrt(v + eps), end=lambda x_hat, g, b: g * x_hat + b):
    return lambda x, gamma, beta, mean, var, eps: end((x - mean) / root(var, eps), gamma, beta)


def _eval_from(statistics):
    def compute(x, gamma, beta, running_mean, running_var, eps):
        mean, var = statistics(x, running_mean, running_var)
        return gamma * (x - mean) / np.sqrt(var + eps) + beta

    return compute


BATCH: Slips = {
    "uses_the_batch": (
        "O23",
        (
            "The statistics are those of the batch, so an example's result depends on its neighbours."
            " Here they are the stored ones."
        ),
        lambda x, m, v: (x.mean(axis=0), x.var(axis=0)),
    ),
    "uses_the_batchs_mean": (
        "O23",
        "The mean is that of the batch. Here it is the stored one.",
        lambda x, m, v: (x.mean(axis=0), v),
    ),
    "uses_the_batchs_variance": (
        "O23",
        "The variance is that of the batch. Here it is the stored one.",
        lambda x, m, v: (m, x.var(axis=0)),
    ),
    "updates_before_it_uses": (
        "O24",
        (
            "The stored statistics are mixed with those of this batch before they are used: test data"
            " leak in. In evaluation nothing is updated."
        ),
        lambda x, m, v: (0.9 * m + 0.1 * x.mean(axis=0), 0.9 * v + 0.1 * x.var(axis=0)),
    ),
    "exchanges_the_statistics": (
        "",
        "The stored mean and variance have changed places: the variance is subtracted.",
        lambda x, m, v: (v, np.abs(m)),
    ),
    "does_not_centre": ("O17", "The stored mean is not subtracted.", lambda x, m, v: (0.0 * m, v)),
    "adds_the_mean": (
        "",
        "The stored mean is added. To centre a column, it is taken off.",
        lambda x, m, v: (-m, v),
    ),
    "squares_the_variance": (
        "",
        "The stored variance is squared. It is a variance already, not a deviation.",
        lambda x, m, v: (m, v**2),
    ),
}
_plant(batchnorm_eval, "y", ROOTS, lambda root: _eval_with(root=root))
_plant(batchnorm_eval, "y", ENDS, lambda end: _eval_with(end=end))
_plant(batchnorm_eval, "y", TWO_OF_THE_FORWARD, lambda two: _eval_with(*two))
_plant(batchnorm_eval, "y", BATCH, _eval_from)


@batchnorm_eval.mistake("y")
def divides_the_stored_mean_only(x, gamma, beta, running_mean, running_var, eps):
    """Only the mean is divided by the deviation. `x` and the mean belong in one pair of brackets."""
    return gamma * (x - running_mean / np.sqrt(running_var + eps)) + beta


@batchnorm_eval.mistake("y")
def stretches_x_only(x, gamma, beta, running_mean, running_var, eps):
    """Only `x` is stretched and only the mean is divided. Both belong in one pair of brackets."""
    return gamma * x - running_mean / np.sqrt(running_var + eps) + beta


@batchnorm_eval.mistake("y")
def does_nothing_but_gamma_and_beta(x, gamma, beta, running_mean, running_var, eps):
    """Only `gamma` and `beta` act; nothing is put in order."""
    return gamma * x + beta


# ---- what the backward passes share ----


@dataclass(frozen=True)
class _Kept:
    """What a normalization keeps of its forward pass, along the axis of its statistics."""

    x: Any
    centred: Any
    std: Any
    axis: int = 0

    @property
    def x_hat(self):
        return self.centred / self.std

    @property
    def many(self):
        return self.centred.shape[self.axis]

    def mean(self, a):
        return a.mean(axis=self.axis, keepdims=True)

    def along(self, a):
        """The share of `a` along `x_hat`."""
        return self.x_hat * self.mean(a * self.x_hat)


def _keep(x, eps, axis=0, std=lambda x, axis, eps: np.sqrt(x.var(axis=axis, keepdims=True) + eps)):
    return _Kept(x, x - x.mean(axis=axis, keepdims=True), std(x, axis, eps), axis)


# What stands in the brackets of dx = (up - its mean - its share along x_hat) / std, with up = dy * gamma.
PATHS: Slips = {
    "takes_mean_and_variance_for_constants": (
        "O1",
        (
            "Mean and variance are treated as constants. Moving one `x` moves the mean and the variance"
            " of its whole column."
        ),
        lambda up, k: 1.0 * up,
    ),
    "forgets_the_path_through_the_mean": (
        "O2",
        (
            "The path through the mean is missing. Add a constant to a whole column: `y` does not"
            " change, so the column of `dx` must add up to 0."
        ),
        lambda up, k: up - k.along(up),
    ),
    "forgets_the_path_through_the_variance": (
        "O3",
        "The path through the variance is missing. Make a whole column wider: `y` hardly changes.",
        lambda up, k: up - k.mean(up),
    ),
    "adds_the_path_through_the_variance": (
        "O6",
        "The path through the variance has the wrong sign: a larger spread makes `y` smaller.",
        lambda up, k: up - k.mean(up) + k.along(up),
    ),
    "adds_the_path_through_the_mean": (
        "O6",
        "The path through the mean has the wrong sign: the mean is subtracted in the forward pass.",
        lambda up, k: up + k.mean(up) - k.along(up),
    ),
    "adds_both_paths": (
        "O6",
        "The paths through mean and variance both have the wrong sign.",
        lambda up, k: up + k.mean(up) + k.along(up),
    ),
    "halves_the_path_through_the_variance": (
        "O13",
        (
            "The path through the variance is half of what is due. The square in the variance brings a"
            " factor 2."
        ),
        lambda up, k: up - k.mean(up) - k.along(up) / 2,
    ),
    "doubles_the_path_through_the_variance": (
        "O12",
        "The path through the variance is twice what is due. The slope of a root brings a factor 1/2.",
        lambda up, k: up - k.mean(up) - k.along(up) * 2,
    ),
    "sums_along_the_mean": (
        "",
        "The path through the mean is N times too large: a mean divides by N.",
        lambda up, k: up - k.mean(up) * k.many - k.along(up),
    ),
    "sums_along_the_variance": (
        "",
        "The path through the variance is N times too large: a mean of squares divides by N.",
        lambda up, k: up - k.mean(up) - k.along(up) * k.many,
    ),
    "sums_along_both_paths": (
        "O7",
        "Sums stand where means are due, on both paths: divide by N.",
        lambda up, k: up - k.mean(up) * k.many - k.along(up) * k.many,
    ),
    "takes_the_centred_x_at_the_end": (
        "O9",
        "On the path through the variance one division by the deviation is missing: count them.",
        lambda up, k: up - k.mean(up) - k.centred * k.mean(up * k.x_hat),
    ),
    "takes_a_wrong_power_of_the_variance": (
        "O12",
        (
            "On the path through the variance two divisions by the deviation are missing. In which"
            " power does the variance stand in the slope of `v ** -0.5`?"
        ),
        lambda up, k: up - k.mean(up) - k.centred * k.mean(up * k.centred),
    ),
    "divides_once_too_often_by_the_deviation": (
        "O12",
        "On the path through the variance there is one division by the deviation too many: count them.",
        lambda up, k: up - k.mean(up) - k.along(up) / k.std,
    ),
    "does_not_add_up_through_the_mean": (
        "",
        (
            "What goes through the mean is not added up. The mean is one number for all examples: it is"
            " blamed by all of them."
        ),
        lambda up, k: (up - k.along(up)) * (1 - 1 / k.many),
    ),
    "does_not_add_up_through_the_variance": (
        "",
        (
            "What goes through the variance is not added up. The variance is one number for all"
            " examples: it is blamed by all of them."
        ),
        lambda up, k: _less_mean(k, up - k.x_hat * up * k.x_hat / k.many),
    ),
    "keeps_each_to_itself": (
        "",
        (
            "Only what each `x` does to its *own* output is counted. Through mean and variance it acts"
            " on those of all other examples too."
        ),
        lambda up, k: up * (1 - 1 / k.many - k.x_hat**2 / k.many),
    ),
}
RAW: Slips = {
    "takes_the_raw_x_at_the_end": (
        "O9",
        "The last factor of the path through the variance is `x` itself. The centred, scaled one is due.",
        lambda up, k: up - k.mean(up) - k.x * k.mean(up * k.x_hat),
    ),
    "takes_the_raw_x_twice": (
        "O9",
        "On the path through the variance stands `x` itself. It is the centred and scaled one.",
        lambda up, k: up - k.mean(up) - k.x * k.mean(up * k.x),
    ),
}
MAIN_PATHS = (
    "takes_mean_and_variance_for_constants",
    "forgets_the_path_through_the_mean",
    "forgets_the_path_through_the_variance",
    "adds_the_path_through_the_variance",
    "halves_the_path_through_the_variance",
    "doubles_the_path_through_the_variance",
    "sums_along_both_paths",
)
RIGHT_PATHS = lambda up, k: up - k.mean(up) - k.along(up)  # noqa: E731
# A wrong deviation that is used wherever one is due.
STDS: Slips = {
    "drops_eps": (
        "",
        "`eps` is left out. The backward pass divides by the same deviation as the forward pass.",
        lambda x, axis, eps: x.std(axis=axis, keepdims=True),
    ),
    "puts_eps_outside": (
        "O15",
        "`eps` is added to the root. It stands inside, as in the forward pass.",
        lambda x, axis, eps: x.std(axis=axis, keepdims=True) + eps,
    ),
    "divides_by_the_variance": (
        "O14",
        "The variance plus `eps` stands where its root is due.",
        lambda x, axis, eps: x.var(axis=axis, keepdims=True) + eps,
    ),
    "takes_the_unbiased_variance": (
        "O11",
        "The variance is divided by one less than the number. Here it is the biased one.",
        lambda x, axis, eps: np.sqrt(x.var(axis=axis, keepdims=True, ddof=1) + eps),
    ),
    "does_not_centre_the_variance": (
        "O16",
        "The mean of the squares stands where the variance is due: the mean is taken off first.",
        lambda x, axis, eps: np.sqrt(np.mean(x**2, axis=axis, keepdims=True) + eps),
    ),
}
# With the variance in its place many slips of the paths look like slips of the last division.
_OTHER_STDS = {name: slip for name, slip in STDS.items() if name != "divides_by_the_variance"}
# A slip in the last division alone.
LASTS: Slips = {
    "does_not_divide_by_the_deviation": (
        "O8",
        (
            "The division by the deviation is missing: make `x` ten times larger, and `dx` should"
            " become ten times smaller."
        ),
        lambda std: 1.0,
    ),
    "divides_twice_by_the_deviation": (
        "O14",
        "`dx` is divided by the deviation twice. Once is due: make `x` ten times larger, and think.",
        lambda std: std**2,
    ),
    "multiplies_by_the_deviation": (
        "",
        "`dx` is multiplied by the deviation. A wider `x` has *less* influence on `y`.",
        lambda std: 1 / std,
    ),
}
GAMMAS: Slips = {
    "leaves_gamma_out_of_dx": ("O4", "`gamma` is missing. With 0 in its place, has `x` any influence?", 0),
    "counts_gamma_twice": (
        "O5",
        "`gamma` is in `dx` twice. It multiplies once, at the end of the forward pass.",
        2,
    ),
}
DGAMMA: Slips = {
    "takes_the_raw_x_for_dgamma": (
        "O19",
        "`dgamma` is made with `x`. What `gamma` multiplies is the normalised one.",
        lambda dy, x, x_hat, gamma: np.sum(dy * x, axis=0),
    ),
    "averages_dgamma": (
        "O20",
        "`dgamma` is averaged over the examples. They are added up, as for a bias.",
        lambda dy, x, x_hat, gamma: np.mean(dy * x_hat, axis=0),
    ),
    "puts_gamma_into_dgamma": (
        "O21",
        "`gamma` stands in its own gradient. What is the slope of a product in one of its factors?",
        lambda dy, x, x_hat, gamma: np.sum(dy * gamma * x_hat, axis=0),
    ),
    "leaves_x_hat_out_of_dgamma": (
        "",
        "`dgamma` adds up what arrives, and nothing else. What does `gamma` multiply?",
        lambda dy, x, x_hat, gamma: np.sum(dy, axis=0),
    ),
    "leaves_dy_out_of_dgamma": (
        "",
        "`dgamma` is made without what arrives.",
        lambda dy, x, x_hat, gamma: np.sum(x_hat, axis=0),
    ),
    "does_not_add_dgamma_up": (
        "",
        "`dgamma` is not added up over the examples: one `gamma` serves all rows.",
        lambda dy, x, x_hat, gamma: dy * x_hat,
    ),
    "adds_dgamma_up_over_units": (
        "P4",
        "`dgamma` is added up over the units of each example. Each unit has a `gamma` of its own.",
        lambda dy, x, x_hat, gamma: np.sum(dy * x_hat, axis=1),
    ),
    "adds_everything_up_in_dgamma": (
        "P4",
        "`dgamma` is one number. Each unit has a `gamma` of its own.",
        lambda dy, x, x_hat, gamma: np.sum(dy * x_hat),
    ),
}
DBETA: Slips = {
    "averages_dbeta": (
        "O20",
        "`dbeta` is averaged over the examples. They are added up, as for a bias.",
        lambda dy, x_hat, gamma: dy.mean(axis=0),
    ),
    "puts_gamma_into_dbeta": (
        "O21",
        "`gamma` stands in `dbeta`. Is it between `beta` and `y`?",
        lambda dy, x_hat, gamma: np.sum(dy * gamma, axis=0),
    ),
    "does_not_add_dbeta_up": (
        "",
        "`dbeta` is not added up over the examples: one `beta` serves all rows.",
        lambda dy, x_hat, gamma: 1.0 * dy,
    ),
    "adds_dbeta_up_over_units": (
        "P4",
        "`dbeta` is added up over the units of each example. Each unit has a `beta` of its own.",
        lambda dy, x_hat, gamma: dy.sum(axis=1),
    ),
    "multiplies_dbeta_by_x_hat": (
        "",
        "`dbeta` is multiplied by the normalised `x`, which belongs to `dgamma`.",
        lambda dy, x_hat, gamma: np.sum(dy * x_hat, axis=0),
    ),
    "adds_everything_up_in_dbeta": (
        "P4",
        "`dbeta` is one number. Each unit has a `beta` of its own.",
        lambda dy, x_hat, gamma: dy.sum(),
    ),
}


def _less_mean(k, a):
    return a - k.mean(a)


def _dx(paths=RIGHT_PATHS, last=lambda std: std, power=1, axis=0, **keep):
    """A version of ``dx`` with slips."""

    def compute(dy, x, gamma, eps):
        kept = _keep(x, eps, axis, **keep)
        return paths(dy * gamma**power, kept) / last(kept.std)

    return compute


def _dgamma(fold=lambda dy, x, x_hat, gamma: np.sum(dy * x_hat, axis=0), axis=0, **keep):
    """A version of ``dgamma`` with slips."""
    return lambda dy, x, gamma, eps: fold(dy, x, _keep(x, eps, axis, **keep).x_hat, gamma)


def _plant_sums(exercise, axis=0):
    """Register what can go wrong in ``dgamma`` and ``dbeta``."""
    _plant(exercise, "dgamma", DGAMMA, lambda fold: _dgamma(fold, axis))
    _plant(exercise, "dgamma", STDS, lambda std: _dgamma(axis=axis, std=std))
    _plant(
        exercise,
        "dbeta",
        DBETA,
        lambda fold: lambda dy, x, gamma, eps: fold(dy, _standardised(x, eps, axis), gamma),
    )


def _divides_not(exercise, axis=0):
    """Register a ``dgamma`` that forgets to divide."""

    @exercise.mistake("dgamma", row="O8")
    def takes_the_centred_x_for_dgamma(dy, x, gamma, eps):
        """`dgamma` is made with the centred `x`, which is not divided yet."""
        return np.sum(dy * (x - x.mean(axis=axis, keepdims=True)), axis=0)


# ---- batchnorm_backward, and its broken version ----


def blame_on_batches(rng):
    """Blame of both signs; visible eps, gamma of both signs and away from 1."""
    for arguments in batches(rng):
        dy = rng.normal(size=arguments["x"].shape) + rng.choice((-0.5, 0.5), size=arguments["x"].shape[1])
        yield {"dy": dy, **{name: arguments[name] for name in ("x", "gamma", "eps")}}


THROUGH: dict[str, Any] = {
    "cases": blame_on_batches,
    "returns": ("dx", "dgamma", "dbeta"),
    "points": 3,
    "upstream": "dy",
    "fresh": ("dy", "x"),
}
batchnorm_backward = Exercise(
    reference=normalization.batchnorm_backward,
    hints=(
        "Look at the boxes. How many arrows leave `x`? Over how many ways does `x` reach `y`?",
        (
            "Three ways: by itself, through the mean, through the variance. Begin with what arrives at"
            " `x_hat`, which is `dy` times `gamma`. A box with one number for all rows adds their blame"
            " up."
        ),
        (
            "The variance gets the sum over the rows of `dx_hat` times `centred`, times -1/2, times"
            " `std` to the power -3. Each centred value gets `dx_hat / std`, and 2/N of the variance's"
            " blame times itself. In the end the mean over the rows is taken off."
        ),
    ),
    **THROUGH,
)


def no_gamma_and_no_variance(dy, x, gamma, eps):
    """A gradient check does not agree: `dx` is off where `gamma` is not 1, and where it is 1 as well."""
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dx = (dy - dy.mean(axis=0)) / std
    return dx, np.sum(dy * x_hat, axis=0), np.sum(dy, axis=0)


batchnorm_backward_repaired = Exercise(
    reference=normalization.batchnorm_backward_repaired,
    hints=(
        "With `gamma` = 0, `x` has no influence on `y`. What does this version say?",
        (
            "Which of the three ways from `x` to `y` are in it: by itself, through the mean, through"
            " the variance?"
        ),
        (
            "What arrives goes through `gamma` first. And the share along `x_hat` has to be taken off,"
            " as the mean is."
        ),
    ),
    handed_out=no_gamma_and_no_variance,
    handed_out_rows=("O3", "O4"),
    **THROUGH,
)


def _plant_through(exercise):
    """Register what can go wrong through the graph; `gamma` is a factor of its own."""
    _plant(exercise, "dx", GAMMAS, lambda power: _dx(power=power), factor="gamma")
    _plant(exercise, "dx", PATHS | RAW, lambda path: _dx(path), factor="rest")
    _plant(exercise, "dx", STDS, lambda std: _dx(std=std), factor="rest")
    _plant(exercise, "dx", LASTS, lambda last: _dx(last=last), factor="rest")
    main = _some(PATHS, *MAIN_PATHS)
    _plant(exercise, "dx", _pairs(main, LASTS), lambda two: _dx(*two), factor="rest")
    _plant(exercise, "dx", _pairs(main, _OTHER_STDS), lambda two: _dx(two[0], std=two[1]), factor="rest")
    _plant_sums(exercise)
    _divides_not(exercise)
    for output, compute in (("dx", _dx(axis=1)), ("dgamma", _dgamma(axis=1))):
        _plant(exercise, output, {"normalises_rows": ("O10", _ROWS, compute)}, lambda part: part)


_ROWS = (
    "The statistics run over the units of each example: that is layer normalization. Here they run over"
    " the batch."
)
_plant_through(batchnorm_backward)
_plant_through(batchnorm_backward_repaired)


def _no_shift(dy, x, gamma, *rest):
    return np.zeros_like(gamma)


@batchnorm_backward.follows("batchnorm_train", "x", "gamma", _no_shift, "eps")
def sum_of_what_arrives(result, dy, *rest):
    return np.sum(dy * result[0])


# ---- batchnorm_backward_closed ----


def normalised_batches(rng):
    """What the forward pass would have kept."""
    for arguments in blame_on_batches(rng):
        x, eps = arguments["x"], arguments["eps"]
        yield {
            "dy": arguments["dy"],
            "x_hat": _standardised(x, eps),
            "std": np.sqrt(x.var(axis=0) + eps),
            "gamma": arguments["gamma"],
        }


batchnorm_backward_closed = Exercise(
    reference=normalization.batchnorm_backward_closed,
    cases=normalised_batches,
    returns=("dx",),
    points=3,
    upstream="dy",
    fresh=("dy", "x_hat"),
    hints=(
        "In which two ways can a batch not be moved? What is left of `dy` when both are taken off?",
        (
            "Take off its mean over the rows. Then its share along `x_hat`: the mean of `dy * x_hat`,"
            " times `x_hat`."
        ),
        "What is left is multiplied by `gamma` and divided by `std`.",
    ),
)


def _closed(paths=RIGHT_PATHS, last=lambda std: std, power=1, axis=0):
    def compute(dy, x_hat, std, gamma):
        return paths(dy * gamma**power, _Kept(None, x_hat * std, std, axis)) / last(std)

    return compute


_plant(batchnorm_backward_closed, "dx", GAMMAS, lambda power: _closed(power=power), factor="gamma")
_plant(batchnorm_backward_closed, "dx", PATHS, lambda path: _closed(path), factor="rest")
_plant(batchnorm_backward_closed, "dx", LASTS, lambda last: _closed(last=last), factor="rest")
_plant(batchnorm_backward_closed, "dx", _pairs(PATHS, LASTS), lambda two: _closed(*two), factor="rest")
BRACKETS: Slips = {
    "takes_the_whole_mean": (
        "",
        "The means run over the whole array. Each column has its own.",
        lambda dy, x_hat: dy - dy.mean() - x_hat * np.mean(dy * x_hat),
    ),
    "takes_means_of_rows": (
        "O10",
        "The means run over the units of each example. Here they run over the batch.",
        lambda dy, x_hat: (
            dy - dy.mean(axis=1, keepdims=True) - x_hat * np.mean(dy * x_hat, axis=1, keepdims=True)
        ),
    ),
    "forgets_the_last_x_hat": (
        "",
        "The mean of `dy * x_hat` says how long the share is. Which way does it point?",
        lambda dy, x_hat: dy - dy.mean(axis=0) - np.mean(dy * x_hat, axis=0),
    ),
    "forgets_dy_in_the_share": (
        "",
        "The share is made of `x_hat` alone. How much of *what arrives* lies along it?",
        lambda dy, x_hat: dy - dy.mean(axis=0) - x_hat * np.mean(x_hat * x_hat, axis=0),
    ),
    "forgets_x_hat_in_the_share": (
        "",
        "The mean of `dy` is taken twice. How much of `dy` lies *along* `x_hat`? That takes a product.",
        lambda dy, x_hat: dy - dy.mean(axis=0) - x_hat * dy.mean(axis=0),
    ),
    "squares_x_hat_in_the_share": (
        "",
        "`x_hat` stands in the mean twice. It stands there once, and once before it.",
        lambda dy, x_hat: dy - dy.mean(axis=0) - x_hat * np.mean(dy * x_hat**2, axis=0),
    ),
}
_plant(
    batchnorm_backward_closed,
    "dx",
    BRACKETS,
    lambda bracket: lambda dy, x_hat, std, gamma: gamma / std * bracket(dy, x_hat),
    factor="rest",
)


@batchnorm_backward_closed.mistake("dx")
def multiplies_the_first_term_only(dy, x_hat, std, gamma):
    """Only the first term is multiplied by `gamma / std`. Put the whole difference in brackets."""
    return gamma / std * dy - dy.mean(axis=0) - x_hat * np.mean(dy * x_hat, axis=0)


@batchnorm_backward_closed.mistake("dx")
def divides_by_the_number_of_examples(dy, x_hat, std, gamma):
    """Sums and the factor N belong together: here is a mix of both forms. Either means everywhere, or N
    times `dy`, sums, and N below.
    """
    return gamma / (len(dy) * std) * (dy - dy.sum(axis=0) - x_hat * np.sum(dy * x_hat, axis=0))


# ---- batchnorm_eval_backward ----


def blame_in_evaluation(rng):
    """Stored statistics, which do not move."""
    for arguments in stored_statistics(rng):
        dy = rng.normal(size=arguments["x"].shape)
        yield {"dy": dy, **{name: value for name, value in arguments.items() if name != "beta"}}


batchnorm_eval_backward = Exercise(
    reference=normalization.batchnorm_eval_backward,
    cases=blame_in_evaluation,
    returns=("dx", "dgamma", "dbeta"),
    points=3,
    upstream="dy",
    fresh=("dy", "x"),
    hints=(
        "In evaluation, what of the formula still depends on `x`?",
        "Mean and variance are constants. So is what `x` is multiplied by.",
        (
            "`dx` is `dy` times `gamma`, divided by the stored deviation; `dgamma` and `dbeta` add up"
            " as before."
        ),
    ),
)


def _eval_back(slope):
    """``dx`` from what arrives at the stretched `x`: ``slope(dy * gamma, x, mean, var, eps)``."""
    return lambda dy, x, gamma, mean, var, eps: slope(dy * gamma, x, mean, var, eps)


EVAL: Slips = {
    "uses_the_training_formula": (
        "O29",
        (
            "This is the training formula: the paths through mean and variance are in it. Here both are"
            " stored numbers, and nothing flows through them."
        ),
        lambda up, x, m, v, eps: _dx()(up, x, 1.0, eps),
    ),
    "uses_the_training_formula_on_stored_numbers": (
        "O29",
        (
            "The paths through mean and variance are in it. Here both are stored numbers, and nothing"
            " flows through them."
        ),
        lambda up, x, m, v, eps: RIGHT_PATHS(up, _Kept(x, x - m, np.sqrt(v + eps))) / np.sqrt(v + eps),
    ),
    "takes_off_the_mean": (
        "O29",
        "The mean of what arrives is taken off. The stored mean does not move with `x`.",
        lambda up, x, m, v, eps: (up - up.mean(axis=0)) / np.sqrt(v + eps),
    ),
    "takes_off_the_share_along_x_hat": (
        "O29",
        "The share along the normalised `x` is taken off. The stored variance does not move with `x`.",
        lambda up, x, m, v, eps: (up - _Kept(x, x - m, np.sqrt(v + eps)).along(up)) / np.sqrt(v + eps),
    ),
    "uses_the_deviation_of_the_batch": (
        "O23",
        "The deviation is that of the batch. Here it is the stored one.",
        lambda up, x, m, v, eps: up / np.sqrt(x.var(axis=0) + eps),
    ),
    "does_not_divide_by_the_deviation": (
        "O8",
        "The division by the stored deviation is missing.",
        lambda up, x, m, v, eps: 1.0 * up,
    ),
    "multiplies_by_the_deviation": (
        "",
        "`dx` is multiplied by the deviation. The wider, the *less* influence one `x` has.",
        lambda up, x, m, v, eps: up * np.sqrt(v + eps),
    ),
    "multiplies_by_x_hat": (
        "",
        "`dx` is multiplied by the normalised `x`, which belongs to `dgamma`.",
        lambda up, x, m, v, eps: up * (x - m) / np.sqrt(v + eps),
    ),
    "averages_dx": (
        "",
        "`dx` is divided by the number of examples. That share is in the loss's gradient already.",
        lambda up, x, m, v, eps: up / np.sqrt(v + eps) / len(x),
    ),
    "gives_nothing_back": (
        "",
        "`dx` is 0. In evaluation nothing is learnt, and still `y` reacts to `x`.",
        lambda up, x, m, v, eps: 0.0 * up,
    ),
}
EVAL_ROOTS = _some(ROOTS, "leaves_eps_out", "puts_eps_outside_the_root", "forgets_the_root")
_plant(
    batchnorm_eval_backward,
    "dx",
    GAMMAS,
    lambda power: lambda dy, x, gamma, m, v, eps: dy * gamma**power / np.sqrt(v + eps),
    factor="gamma",
)
_plant(batchnorm_eval_backward, "dx", EVAL, _eval_back, factor="rest")
_plant(
    batchnorm_eval_backward,
    "dx",
    EVAL_ROOTS,
    lambda root: _eval_back(lambda up, x, m, v, eps: up / root(v, eps)),
    factor="rest",
)


def _eval_dgamma(x_hat):
    return lambda dy, x, gamma, mean, var, eps: np.sum(dy * x_hat(x, mean, var, eps), axis=0)


_plant(
    batchnorm_eval_backward,
    "dgamma",
    DGAMMA,
    lambda fold: lambda dy, x, gamma, m, v, eps: fold(dy, x, (x - m) / np.sqrt(v + eps), gamma),
)
_plant(
    batchnorm_eval_backward,
    "dgamma",
    EVAL_ROOTS,
    lambda root: _eval_dgamma(lambda x, m, v, eps: (x - m) / root(v, eps)),
)
X_HATS: Slips = {
    "normalises_by_the_batch_for_dgamma": (
        "O23",
        "`dgamma` is made with the statistics of the batch. Here they are the stored ones.",
        lambda x, m, v, eps: _standardised(x, eps),
    ),
    "takes_the_batchs_mean_for_dgamma": (
        "O23",
        "`dgamma` is made with the batch's mean. Here it is the stored one.",
        lambda x, m, v, eps: (x - x.mean(axis=0)) / np.sqrt(v + eps),
    ),
    "does_not_divide_for_dgamma": (
        "O8",
        "`dgamma` is made with the centred `x`, which is not divided yet.",
        lambda x, m, v, eps: x - m,
    ),
    "does_not_centre_for_dgamma": (
        "O17",
        "`dgamma` is made with an `x` from which the mean is not taken off.",
        lambda x, m, v, eps: x / np.sqrt(v + eps),
    ),
}
_plant(batchnorm_eval_backward, "dgamma", X_HATS, _eval_dgamma)
_plant(
    batchnorm_eval_backward,
    "dbeta",
    DBETA,
    lambda fold: lambda dy, x, gamma, m, v, eps: fold(dy, (x - m) / np.sqrt(v + eps), gamma),
)


@batchnorm_eval_backward.follows(
    "batchnorm_eval", "x", "gamma", _no_shift, "running_mean", "running_var", "eps"
)
def sum_of_what_arrives_in_evaluation(result, dy, *rest):
    return np.sum(dy * result)


# ---- layernorm_backward ----

layernorm_backward = Exercise(
    reference=normalization.layernorm_backward,
    hints=(
        "It is batch normalization turned by 90 degrees. What does not turn with it?",
        (
            "`gamma` now varies *along* the axis of the means, so it must be multiplied in before they"
            " are taken."
        ),
        (
            "`dx_hat` is `dy` times `gamma`; take off its mean along the row and its share along"
            " `x_hat`, then divide by the row's deviation. `dgamma` and `dbeta` still add up over the"
            " examples."
        ),
    ),
    **THROUGH,
)
_ROW_WORDS = {
    "takes_mean_and_variance_for_constants": (
        "Mean and variance are treated as constants. Moving one `x` moves those of its whole row."
    ),
    "forgets_the_path_through_the_mean": (
        "The path through the mean is missing. Add a constant to a whole row: nothing changes, so the"
        " row of `dx` must add up to 0."
    ),
    "forgets_the_path_through_the_variance": (
        "The path through the variance is missing. Make a whole row wider: `y` hardly changes."
    ),
    (
        "sums_along_the_mean"
    ): "The path through the mean is D times too large: a mean divides by the row's length.",
    "sums_along_the_variance": (
        "The path through the variance is D times too large: a mean of squares divides by the row's length."
    ),
    (
        "sums_along_both_paths"
    ): "Sums stand where means are due, on both paths: divide by D, the row's length.",
    "does_not_add_up_through_the_mean": (
        "What goes through the mean is not added up. The mean is one number for the whole row: it is"
        " blamed by all of it."
    ),
    "does_not_add_up_through_the_variance": (
        "What goes through the variance is not added up. The variance is one number for the whole row:"
        " it is blamed by all of it."
    ),
    "keeps_each_to_itself": (
        "Only what each `x` does to its *own* output is counted. Through mean and variance it acts on"
        " the whole row."
    ),
}
ROW_PATHS: Slips = {
    name: ("P5" if row in ("O1", "O3") else row, _ROW_WORDS.get(name, text), path)
    for name, (row, text, path) in (PATHS | RAW).items()
}
_plant(layernorm_backward, "dx", GAMMAS, lambda power: _dx(power=power, axis=1))
_plant(layernorm_backward, "dx", ROW_PATHS, lambda path: _dx(path, axis=1), factor="brackets")
_plant(layernorm_backward, "dx", STDS, lambda std: _dx(axis=1, std=std))
_plant(layernorm_backward, "dx", LASTS, lambda last: _dx(last=last, axis=1), factor="last")
_MAIN = _some(ROW_PATHS, *MAIN_PATHS)
_plant(layernorm_backward, "dx", _pairs(_MAIN, GAMMAS), lambda two: _dx(two[0], power=two[1], axis=1))
_plant(layernorm_backward, "dx", _pairs(_MAIN, _OTHER_STDS), lambda two: _dx(two[0], axis=1, std=two[1]))
_plant_sums(layernorm_backward, axis=1)
_divides_not(layernorm_backward, axis=1)
PULLED_OUT = (
    "`gamma` is pulled in front of the means. That is allowed where it is the same for all that is"
    " averaged; along a row it is not."
)


def _pulled_out(paths=RIGHT_PATHS):
    return lambda dy, x, gamma, eps: gamma * _dx(paths, axis=1)(dy, x, np.ones_like(gamma), eps)


_plant(layernorm_backward, "dx", {"pulls_gamma_out": ("P2", PULLED_OUT, RIGHT_PATHS)}, _pulled_out)
_plant(
    layernorm_backward,
    "dx",
    _pairs(
        {"pulls_gamma_out": ("P2", PULLED_OUT, None)},
        {name: slip for name, slip in _MAIN.items() if "constants" not in name},
    ),
    lambda two: _pulled_out(two[1]),
)


@layernorm_backward.mistake("dx", row="P1")
def normalises_over_the_batch(dy, x, gamma, eps):
    """This is batch normalization: the means run over the batch. Here each row stands by itself."""
    return _dx()(dy, x, gamma, eps)


@layernorm_backward.mistake("dgamma", row="P1")
def normalises_over_the_batch_for_dgamma(dy, x, gamma, eps):
    """`dgamma` is made with batch normalization's `x_hat`. Here each row is normalised by itself."""
    return _dgamma()(dy, x, gamma, eps)


@layernorm_backward.mistake("dx", row="P3")
def divides_by_the_batch_size(dy, x, gamma, eps):
    """It is divided by the number of examples. How many entries are averaged in a row?"""
    share = x.shape[1] / x.shape[0]
    return _dx(lambda up, k: up - share * (k.mean(up) + k.along(up)), axis=1)(dy, x, gamma, eps)


@layernorm_backward.mistake("dx")
def averages_rows_blame_over_the_batch(dy, x, gamma, eps):
    """The rows are normalised, and the means of what comes back run over the batch: as batch
    normalization has it. They run along the row too.
    """
    up, x_hat = dy * gamma, _standardised(x, eps, axis=1)
    return (up - up.mean(axis=0) - x_hat * np.mean(up * x_hat, axis=0)) / _keep(x, eps, 1).std


@layernorm_backward.mistake("dx")
def sums_over_the_batch_divided_by_its_length(dy, x, gamma, eps):
    """What comes back is added up over the batch. It is added up along the row."""
    up, x_hat, D = dy * gamma, _standardised(x, eps, axis=1), x.shape[1]
    return (up - up.sum(axis=0) / D - x_hat * np.sum(up * x_hat, axis=0) / D) / _keep(x, eps, 1).std


# ---- quizzes ----

twice_as_large = Quiz(
    "12-twice-as-large",
    (
        "Six layers of ReLUs, no biases. In every layer all weights are twice too large. How much too"
        " large are the numbers in layer 6?"
    ),
    (
        Choice("2 times", "That is layer 1. What does layer 2 get to see?"),
        Choice("12 times", "Do factors along a path add?"),
        Choice(
            "64 times",
            "Each layer doubles what it is handed, six times over: 2 * 2 * 2 * 2 * 2 * 2.",
            right=True,
        ),
    ),
)

shifted_input = Quiz(
    "12-shifted-input",
    "Somebody adds 100 to all entries in one column of `x`, before it is normalised. What changes in `y`?",
    (
        Choice("That column grows by 100.", "The column's mean grows by 100 too, and is subtracted."),
        Choice(
            "Nothing.",
            "The mean takes the 100 away again, and the spread has not changed.",
            right=True,
        ),
        Choice("All columns change a little.", "Each column has statistics of its own."),
    ),
)

one_image = Quiz(
    "12-one-image",
    "The network is trained, and is to read one single image. What are mean and variance of that batch?",
    (
        Choice(
            "The image itself, and 0.",
            "So `x` minus its mean is 0, and every output would be `beta`, whatever the image shows.",
            right=True,
        ),
        Choice("0 and 1.", "Of one number the mean is the number itself. How far is it from its mean?"),
        Choice("Those of the whole training set.", "They would do, but nobody has stored them so far."),
    ),
)

which_share = Quiz(
    "12-which-share",
    (
        "The running mean is 4, the batch's mean is 14, `momentum` is 0.9 as it is meant here. What is"
        " the running mean now?"
    ),
    (
        Choice(
            "5",
            "0.9 of the old 4 stays, and 0.1 of the new 14 comes in: 3.6 + 1.4.",
            right=True,
        ),
        Choice("13", "That is 0.1 of the old and 0.9 of the new: PyTorch's reading of the word."),
        Choice("17.6", "The new mean came in with its full weight. The two weights add up to 1."),
    ),
)

three_ways = Quiz(
    "12-three-ways",
    "In training, over how many ways does one entry of `x` act on the outputs of its column?",
    (
        Choice("One: it moves its own output.", "What else in the formula contains it?"),
        Choice("Two.", "Count: `x` itself, the mean, the variance."),
        Choice(
            "Three: by itself, through the mean, through the variance.",
            "And over the last two it reaches the outputs of *all* examples of the batch.",
            right=True,
        ),
    ),
)

what_is_left = Quiz(
    "12-what-is-left",
    (
        "In one column all of `dy` is the same number, 0.7: every output of this unit should move by as"
        " much. What is `dx` there?"
    ),
    (
        Choice("The same everywhere: gamma / std times 0.7.", "Could a shift of `x` shift these outputs?"),
        Choice(
            "0.",
            (
                "Adding a constant to a column changes nothing behind the normalization. There is no"
                " way to obey, so no blame comes through."
            ),
            right=True,
        ),
        Choice(
            "It depends on `x`.",
            "Only if something of it lies along `x_hat`. But the mean of `x_hat` is 0.",
        ),
    ),
)

in_evaluation = Quiz(
    "12-in-evaluation",
    "In evaluation mode, which of the three ways from `x` to `y` are left?",
    (
        Choice("All three.", "Do the stored mean and variance move when `x` does?"),
        Choice(
            "Only its own.",
            "Mean and variance are stored numbers. The layer is then a plain stretch and shift.",
            right=True,
        ),
        Choice(
            "None: nothing is learnt in evaluation.",
            "Nothing is learnt, and still `y` reacts to `x`. Who asks what an input did needs it.",
        ),
    ),
)

ten_times = Quiz(
    "12-ten-times",
    (
        "Make all weights before a normalization ten times larger, and leave the data as they are. What"
        " happens to `y`, and to the gradient of those weights? (Take `eps` for 0.)"
    ),
    (
        Choice("Both become ten times larger.", "The deviation becomes ten times larger as well."),
        Choice(
            "`y` stays, and the gradient becomes ten times smaller.",
            (
                "The scale is divided out on the way forward. On the way back blame is divided by a"
                " deviation ten times larger: weights that have grown are moved by less."
            ),
            right=True,
        ),
        Choice("`y` stays, and the gradient stays.", "By what is blame divided on its way back?"),
    ),
)

what_does_not_turn = Quiz(
    "12-what-does-not-turn",
    "In layer normalization the means run along each row. Over which axis does `dgamma` add up?",
    (
        Choice(
            "Over the examples, as before.",
            "There is still one `gamma` for each unit, and it serves all rows.",
            right=True,
        ),
        Choice("Along the row: everything turns.", "Then there would be one number for each example."),
        Choice("Over both.", "That would be one single `gamma` for all units."),
    ),
)
