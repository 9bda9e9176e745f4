"""Lesson 12: batch and layer normalization."""

import itertools
from typing import Any

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import normalization

SIZES = ((4, 3), (5, 3), (3, 6), (7, 4), (6, 5))
EPS = (0.1, 0.13, 0.07, 0.2, 0.11)  # large enough to be seen


def _plant(exercise, output, row, name, text, compute):
    """Register a mistake by its name, the learner's message and a formula."""
    compute.__name__, compute.__doc__ = name, text
    exercise.mistake(output, row)(compute)


def _columns(rng, N, D):
    """Columns of different mean and spread."""
    return rng.normal(size=(N, D)) * rng.uniform(0.5, 2.5, D) + rng.uniform(-2.0, 2.0, D)


def _scale_and_shift(rng, D):
    gamma = rng.uniform(0.5, 2.0, D) * rng.choice((-1.0, 1.0), D)
    return gamma, rng.uniform(-1.5, 1.5, D)


# ---- batchnorm_train ----


def batches(rng):
    """Visible eps, gamma of both signs and away from 1."""
    for (N, D), eps in zip(SIZES, EPS, strict=True):
        gamma, beta = _scale_and_shift(rng, D)
        yield {"x": _columns(rng, N, D), "gamma": gamma, "beta": beta, "eps": eps}


def constant_columns(rng):
    """A column that is constant, as a dead unit gives it, and a tiny eps."""
    gamma, beta = _scale_and_shift(rng, 3)
    x = _columns(rng, 5, 3)
    x[:, 1] = 0.0
    yield "a column that is 0 for all examples", {"x": x, "gamma": gamma, "beta": beta, "eps": 1e-5}


batchnorm_train = Exercise(
    reference=normalization.batchnorm_train,
    cases=batches,
    extreme=constant_columns,
    returns=("y", "mean", "var"),
    points=1,
    fresh=("x",),
    hints=(
        "One unit of a layer gives one number for each example. Over which axis do you take its mean?",
        "First centre, then divide by the deviation, then stretch by `gamma` and shift by `beta`.",
        (
            "The deviation is the root of the variance *plus* `eps`; `x.var(axis=0)` divides by N, as "
            "is due here."
        ),
    ),
)


def _forward(x, gamma, beta, mean, var, root=lambda v, eps: np.sqrt(v + eps), eps=0.1):
    return gamma * (x - mean) / root(var, eps) + beta


ROOTS = {
    "forgets_the_root": (
        "O14",
        "It is divided by the variance plus eps. The deviation is the *root* of that.",
        lambda v, eps: v + eps,
    ),
    "puts_eps_outside_the_root": (
        "O15",
        "`eps` is added to the root. Here it stands inside: the root of the variance plus eps.",
        lambda v, eps: np.sqrt(v) + eps,
    ),
    "leaves_eps_out": (
        "",
        "`eps` is left out. It keeps a column that does not vary from a division by 0.",
        lambda v, eps: np.sqrt(v),
    ),
    "takes_eps_off": ("", "`eps` is subtracted. It is added.", lambda v, eps: np.sqrt(np.abs(v - eps))),
    "does_not_divide": ("O8", "It is centred and not divided by the deviation.", lambda v, eps: 1.0),
    "multiplies_by_the_deviation": (
        "",
        "It is multiplied by the deviation. To give each column a spread of 1, divide.",
        lambda v, eps: 1.0 / np.sqrt(v + eps),
    ),
}
STATISTICS = {
    "divides_by_one_less": (
        "O11",
        (
            "The variance is divided by N - 1. Here it is the biased one, divided by N: what `var` "
            "gives by itself."
        ),
        lambda x: (x.mean(axis=0), x.var(axis=0, ddof=1)),
    ),
    "does_not_centre_the_variance": (
        "O16",
        (
            "This is the mean of the squares. The variance is taken around the mean: shift `x` by 100, "
            "and it stays."
        ),
        lambda x: (x.mean(axis=0), np.mean(x**2, axis=0)),
    ),
    "takes_the_deviation_for_the_variance": (
        "",
        "The deviation stands where the variance is due: its root.",
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
    "takes_the_whole_batch_as_one": (
        "",
        "One mean and one variance for the whole array. Each column, a unit, has its own.",
        lambda x: (np.full(x.shape[1], x.mean()), np.full(x.shape[1], x.var())),
    ),
}
ENDS = {
    "leaves_gamma_out": ("O4", "`gamma` is left out.", lambda xh, g, b: xh + b),
    "leaves_beta_out": ("", "`beta` is left out.", lambda xh, g, b: g * xh),
    "leaves_gamma_and_beta_out": ("", "`gamma` and `beta` are both left out.", lambda xh, g, b: 1.0 * xh),
    "exchanges_gamma_and_beta": (
        "O18",
        "`gamma` and `beta` have changed places. With gamma 1 and beta 0 nothing should happen.",
        lambda xh, g, b: b * xh + g,
    ),
    "shifts_before_it_stretches": (
        "",
        "`beta` is added before `gamma` multiplies, so it is stretched too.",
        lambda xh, g, b: g * (xh + b),
    ),
    "subtracts_beta": ("", "`beta` is subtracted.", lambda xh, g, b: g * xh - b),
}


def _normed(x, eps):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)


for _name, (_row, _text, _root) in ROOTS.items():
    _plant(
        batchnorm_train,
        "y",
        _row,
        _name,
        _text,
        lambda x, gamma, beta, eps, root=_root: (
            gamma * (x - x.mean(axis=0)) / root(x.var(axis=0), eps) + beta
        ),
    )
for _name, (_row, _text, _end) in ENDS.items():
    _plant(
        batchnorm_train,
        "y",
        _row,
        _name,
        _text,
        lambda x, gamma, beta, eps, end=_end: end(_normed(x, eps), gamma, beta),
    )


def _with_statistics(statistics):
    def compute(x, gamma, beta, eps):
        mean, var = statistics(x)
        return gamma * (x - mean) / np.sqrt(var + eps) + beta, mean, var

    return compute


for _name, (_row, _text, _statistics) in STATISTICS.items():
    _plant(batchnorm_train, "", _row, _name, _text, _with_statistics(_statistics))


@batchnorm_train.mistake("y", row="O10")
def normalises_each_row(x, gamma, beta, eps):
    """Each row is normalised by itself: that is layer normalization. Here the statistics of a unit run
    over the *batch*, axis 0.
    """
    centred = x - x.mean(axis=1, keepdims=True)
    return gamma * centred / np.sqrt(x.var(axis=1, keepdims=True) + eps) + beta


@batchnorm_train.mistake("y", row="O17")
def does_not_centre(x, gamma, beta, eps):
    """The mean is not subtracted. What should the mean of a column of `y` be, before `beta`?"""
    return gamma * x / np.sqrt(x.var(axis=0) + eps) + beta


@batchnorm_train.mistake("y")
def subtracts_the_variance_too_late(x, gamma, beta, eps):
    """Only the mean is divided by the deviation: brackets are missing around `x - mean`."""
    return gamma * (x - x.mean(axis=0) / np.sqrt(x.var(axis=0) + eps)) + beta


@batchnorm_train.mistake("y")
def forgets_the_brackets_in_y(x, gamma, beta, eps):
    """Brackets are missing around `x - mean`: only the mean is divided, and only `x` is stretched."""
    return gamma * x - x.mean(axis=0) / np.sqrt(x.var(axis=0) + eps) + beta


@batchnorm_train.mistake("var")
def gives_the_deviation_back(x, gamma, beta, eps):
    """The deviation comes back where the variance is due."""
    return x.std(axis=0)


@batchnorm_train.mistake("var")
def gives_the_variance_with_eps_back(x, gamma, beta, eps):
    """`eps` is in the variance that comes back. It belongs under the root only."""
    return x.var(axis=0) + eps


@batchnorm_train.mistake("var")
def gives_the_root_with_eps_back(x, gamma, beta, eps):
    """What `x` was divided by comes back. Due is the variance itself."""
    return np.sqrt(x.var(axis=0) + eps)


# ---- batchnorm_running ----


def running_statistics(rng):
    """A momentum that is not 1/2, statistics far from each other."""
    for D, momentum in ((3, 0.9), (4, 0.8), (5, 0.3), (6, 0.95), (2, 0.7)):
        yield {
            "running_mean": rng.normal(size=D),
            "running_var": rng.uniform(0.5, 3.0, D),
            "mean": rng.normal(size=D) + 2.0,
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
        (
            "`momentum` times the running value, plus `1 - momentum` times that of the batch; both in "
            "the same way."
        ),
    ),
)
MIXES = {
    "exchanges_old_and_new": (
        "O25",
        "`momentum` is the weight of the *new* value here: that is PyTorch's convention. In this "
        "course it is the "
        "share of the old value that stays.",
        lambda old, new, m: (1 - m) * old + m * new,
    ),
    "keeps_no_memory": (
        "O26",
        "The batch's value replaces the running one: no memory.",
        lambda old, new, m: 1.0 * new,
    ),
    "adds_the_batch_without_weight": (
        "O28",
        (
            "The batch's value is added in full, so the running one grows for ever. Its weight is 1 - "
            "momentum."
        ),
        lambda old, new, m: m * old + new,
    ),
    "adds_both_in_full": (
        "O28",
        "Both are added in full, and the running one grows for ever.",
        lambda old, new, m: old + new,
    ),
    "weights_the_new_one_only": (
        "O28",
        "The old value is kept in full and a share of the new one is added, so it grows for ever.",
        lambda old, new, m: old + (1 - m) * new,
    ),
    "weights_both_alike": (
        "",
        "Both have the weight `momentum`. The weights of an average add up to 1.",
        lambda old, new, m: m * old + m * new,
    ),
    "takes_the_middle": (
        "",
        "The two are averaged half and half. `momentum` is not used.",
        lambda old, new, m: (old + new) / 2,
    ),
    "never_changes": ("", "The running value stays as it was.", lambda old, new, m: 1.0 * old),
    "moves_away": (
        "",
        "The running value moves away from the batch's: a sign is turned.",
        lambda old, new, m: old - (1 - m) * (new - old),
    ),
}
for _name, (_row, _text, _mix) in MIXES.items():
    for _output in ("running_mean", "running_var"):
        _plant(
            batchnorm_running,
            _output,
            _row,
            _name,
            _text,
            lambda running_mean, running_var, mean, var, momentum, mix=_mix, which=_output: (
                mix(running_mean, mean, momentum)
                if which == "running_mean"
                else mix(running_var, var, momentum)
            ),
        )


@batchnorm_running.mistake("running_var", row="O27")
def stores_the_deviation(running_mean, running_var, mean, var, momentum):
    """The deviation is mixed in, the root of the variance. Variances with variances."""
    return momentum * running_var + (1 - momentum) * np.sqrt(var)


@batchnorm_running.mistake("running_var", row="O27")
def takes_the_root_of_the_result(running_mean, running_var, mean, var, momentum):
    """The root of the mixture is stored. A variance is due."""
    return np.sqrt(momentum * running_var + (1 - momentum) * var)


@batchnorm_running.mistake("running_var")
def squares_the_momentum(running_mean, running_var, mean, var, momentum):
    """`momentum` is squared for the variance. Both are mixed in the same way."""
    return momentum**2 * running_var + (1 - momentum**2) * var


@batchnorm_running.mistake("running_var")
def mixes_in_the_mean(running_mean, running_var, mean, var, momentum):
    """The batch's mean is mixed into the running variance."""
    return momentum * running_var + (1 - momentum) * mean


@batchnorm_running.mistake("running_mean")
def mixes_in_the_variance(running_mean, running_var, mean, var, momentum):
    """The batch's variance is mixed into the running mean."""
    return momentum * running_mean + (1 - momentum) * var


# ---- batchnorm_eval ----


def stored_statistics(rng):
    """Statistics that are not those of the batch."""
    for (N, D), eps in zip(SIZES, EPS, strict=True):
        gamma, beta = _scale_and_shift(rng, D)
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
            "Centre with `running_mean`, divide by the root of `running_var + eps`, then `gamma` and "
            "`beta` as before."
        ),
    ),
)
for _name, (_row, _text, _root) in ROOTS.items():
    _plant(
        batchnorm_eval,
        "y",
        _row,
        _name,
        _text,
        lambda x, gamma, beta, running_mean, running_var, eps, root=_root: (
            gamma * (x - running_mean) / root(running_var, eps) + beta
        ),
    )
for _name, (_row, _text, _end) in ENDS.items():
    _plant(
        batchnorm_eval,
        "y",
        _row,
        _name,
        _text,
        lambda x, gamma, beta, running_mean, running_var, eps, end=_end: end(
            (x - running_mean) / np.sqrt(running_var + eps), gamma, beta
        ),
    )
BATCH = {
    "uses_the_batch": (
        "O23",
        "The statistics are those of the batch, so an example's result depends on its neighbours. "
        "Here they are the stored ones.",
        True,
        True,
    ),
    "uses_the_batchs_mean": ("O23", "The mean is that of the batch. Here it is the stored one.", True, False),
    "uses_the_batchs_variance": (
        "O23",
        "The variance is that of the batch. Here it is the stored one.",
        False,
        True,
    ),
}
for _name, (_row, _text, _own_mean, _own_var) in BATCH.items():
    _plant(
        batchnorm_eval,
        "y",
        _row,
        _name,
        _text,
        lambda x, gamma, beta, running_mean, running_var, eps, m=_own_mean, v=_own_var: (
            gamma
            * (x - (x.mean(axis=0) if m else running_mean))
            / np.sqrt((x.var(axis=0) if v else running_var) + eps)
            + beta
        ),
    )


@batchnorm_eval.mistake("y", row="O24")
def updates_the_running_statistics(x, gamma, beta, running_mean, running_var, eps):
    """The stored statistics are mixed with those of this batch before they are used: test data leak in. In
    evaluation nothing is updated.
    """
    mean, var = 0.9 * running_mean + 0.1 * x.mean(axis=0), 0.9 * running_var + 0.1 * x.var(axis=0)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


@batchnorm_eval.mistake("y", row="O17")
def does_not_centre_stored(x, gamma, beta, running_mean, running_var, eps):
    """The stored mean is not subtracted."""
    return gamma * x / np.sqrt(running_var + eps) + beta


@batchnorm_eval.mistake("y")
def does_nothing_but_gamma_and_beta(x, gamma, beta, running_mean, running_var, eps):
    """Only `gamma` and `beta` act; nothing is normalised."""
    return gamma * x + beta


# ---- the backward passes ----


def blame_on_batches(rng):
    """Blame of both signs; visible eps, gamma of both signs and away from 1."""
    for arguments in batches(rng):
        N, D = arguments["x"].shape
        yield {"dy": rng.normal(size=(N, D)), **{k: arguments[k] for k in ("x", "gamma", "eps")}}


# A slip in dx: a name, a row, a message, and what it changes of dx = gamma / std * (dy - A - x_hat * B).
# Slips of different groups can be made at once.
GAMMA = {
    "leaves_gamma_out_of_dx": (
        "O4",
        "`gamma` is missing. If it were 0, could `x` have any influence?",
        {"g": 0},
    ),
    "counts_gamma_twice": (
        "O5",
        "`gamma` is in `dx` twice. It multiplies once, at the end of the forward pass.",
        {"g": 2},
    ),
}
PATHS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "takes_mean_and_variance_for_constants": (
        "O1",
        (
            "Mean and variance are treated as constants. Moving one `x` moves the mean and the variance"
            " of its whole column."
        ),
        {"mean": 0.0, "var": 0.0},
    ),
    "forgets_the_path_through_the_mean": (
        "O2",
        "The path through the mean is missing. Add a constant to a whole column: `y` does not "
        "change, so the column of "
        "`dx` must add up to 0.",
        {"mean": 0.0},
    ),
    "forgets_the_path_through_the_variance": (
        "O3",
        "The path through the variance is missing. Stretch a whole column: `y` hardly changes.",
        {"var": 0.0},
    ),
    "adds_the_path_through_the_variance": (
        "O6",
        "The path through the variance has the wrong sign: a larger spread makes `y` smaller.",
        {"var": -1.0},
    ),
    "adds_the_path_through_the_mean": (
        "O6",
        "The path through the mean has the wrong sign: it is subtracted in the forward pass.",
        {"mean": -1.0},
    ),
    "halves_the_path_through_the_variance": (
        "O13",
        (
            "The path through the variance is half of what is due. The square in the variance brings a "
            "factor 2."
        ),
        {"var": 0.5},
    ),
    "doubles_the_path_through_the_variance": (
        "O12",
        "The path through the variance is twice what is due. The derivative of a root brings a factor 1/2.",
        {"var": 2.0},
    ),
    "sums_along_the_mean": (
        "",
        "The path through the mean is N times too large: a mean divides by N.",
        {"mean": "N"},
    ),
    "sums_along_the_variance": (
        "",
        "The path through the variance is N times too large: a mean of squares divides by N.",
        {"var": "N"},
    ),
    "sums_along_both_paths": (
        "O7",
        "Sums stand where means are due, on both paths: divide by N.",
        {"mean": "N", "var": "N"},
    ),
    "takes_the_raw_x_at_the_end": (
        "O9",
        "The last factor of the path through the variance is `x` itself. It is the centred, scaled one.",
        {"last": "raw"},
    ),
    "takes_the_centred_x_at_the_end": (
        "O9",
        (
            "The last factor of the path through the variance is centred and not scaled: count the "
            "roots on that path."
        ),
        {"last": "centred"},
    ),
    "takes_a_wrong_power_of_the_variance": (
        "O12",
        (
            "On the path through the variance stands a wrong power of it. The derivative of v ** (-1/2)"
            " is -1/2 * v ** (-3/2)."
        ),
        {"last": "power"},
    ),
}
STDS = {
    "does_not_divide_by_the_deviation": (
        "O8",
        "The division by the deviation is missing: make `x` ten times larger, and `dx` "
        "should become ten times smaller.",
        lambda v, eps: 1.0,
    ),
    "divides_by_the_variance": (
        "O14",
        "`dx` is divided by the variance. The deviation is its root.",
        lambda v, eps: v + eps,
    ),
    "puts_eps_outside": (
        "O15",
        "`eps` stands outside the root. It belongs inside, as in the forward pass.",
        lambda v, eps: np.sqrt(v) + eps,
    ),
    "drops_eps": (
        "",
        "`eps` is left out. The backward pass divides by the same deviation as the forward pass.",
        lambda v, eps: np.sqrt(v),
    ),
}


def _dx(dy, x, gamma, eps, axis=0, std=None, g=1, mean=1.0, var=1.0, last="scaled", ddof=0):
    """``dx`` of a normalization, with slips."""
    many = x.shape[axis]
    weight = {"N": float(many)}
    variance = x.var(axis=axis, keepdims=True, ddof=ddof)
    centred, right = x - x.mean(axis=axis, keepdims=True), np.sqrt(variance + eps)
    end = {"scaled": centred / right, "raw": x, "centred": centred, "power": centred * right}[last]
    upward = dy * gamma**g
    through_mean = upward.mean(axis=axis, keepdims=True) * weight.get(mean, mean)
    through_var = end * np.mean(upward * centred / right, axis=axis, keepdims=True) * weight.get(var, var)
    return (upward - through_mean - through_var) / (std(variance, eps) if std else right)


def _slips(gamma=GAMMA, paths=PATHS, stds=STDS):
    """Each slip alone, and two at once from different groups: name, row, message, what it changes."""
    groups = [
        [(name, row, text, change) for name, (row, text, change) in gamma.items()],
        [(name, row, text, change) for name, (row, text, change) in paths.items()],
        [(name, row, text, {"std": root}) for name, (row, text, root) in stds.items()],
    ]
    for group in groups:
        yield from group
    for left, right in itertools.combinations(groups, 2):
        for (a, row, first, p), (b, _, second, q) in itertools.product(left, right):
            yield f"{a}+{b}", row, f"Two slips at once. (1) {first} (2) {second}", p | q


DGAMMA = {
    "takes_the_raw_x_for_dgamma": (
        "O19",
        "`dgamma` is made with `x`. What `gamma` multiplies is the normalised one.",
        lambda dy, x, xh, g: np.sum(dy * x, axis=0),
    ),
    "averages_dgamma": (
        "O20",
        "`dgamma` is averaged over the examples. They are added up, as for a bias.",
        lambda dy, x, xh, g: np.mean(dy * xh, axis=0),
    ),
    "puts_gamma_into_dgamma": (
        "O21",
        "`gamma` stands in its own gradient. The slope of `gamma * x_hat` is `x_hat`.",
        lambda dy, x, xh, g: np.sum(dy * g * xh, axis=0),
    ),
    "leaves_x_hat_out_of_dgamma": (
        "",
        "`dgamma` adds up what arrives alone. It is multiplied by what `gamma` multiplies.",
        lambda dy, x, xh, g: np.sum(dy, axis=0),
    ),
    "takes_the_centred_x_for_dgamma": (
        "",
        "`dgamma` is made with the centred `x`, which is not divided yet.",
        lambda dy, x, xh, g: np.sum(dy * (x - x.mean(axis=0)), axis=0),
    ),
    "leaves_dy_out_of_dgamma": (
        "",
        "`dgamma` is made without what arrives.",
        lambda dy, x, xh, g: np.sum(xh, axis=0),
    ),
    "does_not_add_dgamma_up": (
        "",
        "`dgamma` is not added up over the examples: one `gamma` serves all rows.",
        lambda dy, x, xh, g: dy * xh,
    ),
    "adds_dgamma_up_over_units": (
        "P4",
        "`dgamma` is added up over the units of each example. Each unit has a `gamma` of its own.",
        lambda dy, x, xh, g: np.sum(dy * xh, axis=1),
    ),
}
DBETA = {
    "averages_dbeta": (
        "O20",
        "`dbeta` is averaged over the examples. They are added up, as for a bias.",
        lambda dy, x, xh, g: dy.mean(axis=0),
    ),
    "puts_gamma_into_dbeta": (
        "O21",
        "`gamma` stands in `dbeta`. Is it between `beta` and `y`?",
        lambda dy, x, xh, g: np.sum(dy * g, axis=0),
    ),
    "does_not_add_dbeta_up": (
        "",
        "`dbeta` is not added up over the examples: one `beta` serves all rows.",
        lambda dy, x, xh, g: 1.0 * dy,
    ),
    "adds_dbeta_up_over_units": (
        "P4",
        "`dbeta` is added up over the units of each example. Each unit has a `beta` of its own.",
        lambda dy, x, xh, g: dy.sum(axis=1),
    ),
    "multiplies_dbeta_by_x_hat": (
        "",
        "`dbeta` is multiplied by the normalised `x`, which belongs to `dgamma`.",
        lambda dy, x, xh, g: np.sum(dy * xh, axis=0),
    ),
    "adds_everything_up_in_dbeta": (
        "",
        "`dbeta` is one number. Each unit has a `beta` of its own.",
        lambda dy, x, xh, g: dy.sum(),
    ),
}

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
        "Draw the boxes. How many arrows leave `x`? Over how many ways does `x` reach `y`?",
        (
            "Three ways: by itself, through the mean, through the variance. Start from `dx_hat = dy"
            " * gamma`, and go box "
            "by box; where boxes took a mean over the rows, blame is shared out over the rows."
        ),
        (
            "`dvar` adds up `dx_hat * centred` over the rows, times -1/2 and the variance plus eps "
            "to the power -3/2. Each "
            "centred value gets its own share and 2/N of `dvar` times itself. In the end the mean "
            "over the rows is taken off."
        ),
    ),
    **THROUGH,
)


def no_gamma_and_no_variance_path(dy, x, gamma, eps):
    """A gradient check does not agree: `dx` is off for every `gamma` that is not 1, and with it 1 as
    well.
    """
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dx = (dy - dy.mean(axis=0)) / std
    return dx, np.sum(dy * x_hat, axis=0), np.sum(dy, axis=0)


batchnorm_backward_repaired = Exercise(
    reference=normalization.batchnorm_backward_repaired,
    hints=(
        "With `gamma` = 0, `x` has no influence on `y`. What does this version say?",
        (
            "Which of the three ways from `x` to `y` is in it? By itself, through the mean, through the"
            " variance?"
        ),
        (
            "What arrives goes through `gamma` first. And the share along `x_hat` has to be taken off, "
            "as the mean is."
        ),
    ),
    handed_out=no_gamma_and_no_variance_path,
    handed_out_rows=("O3", "O4"),
    **THROUGH,
)


_NO_EPS = (
    "`eps` is used nowhere. Both the normalised `x` and the division need the deviation of the forward pass."
)
_OF_DX = (
    (
        "O10",
        "normalises_rows_in_dx",
        "The means run over the units of each example: that is layer normalization. Here they run over the "
        "batch, axis 0.",
        {"axis": 1},
    ),
    (
        "O11",
        "takes_the_unbiased_variance",
        "The variance is divided by N - 1. Here it is the biased one, divided by N.",
        {"ddof": 1},
    ),
    *((row, name, text, change) for name, row, text, change in _slips()),
)


def _dx_with(change):
    return lambda dy, x, gamma, eps: _dx(dy, x, gamma, eps, **change)


def _fold_with(fold, normed=_normed):
    return lambda dy, x, gamma, eps: fold(dy, x, normed(x, eps), gamma)


def _plant_through(exercise):
    """Register what can go wrong through the graph."""
    for row, name, text, change in _OF_DX:
        _plant(exercise, "dx", row, name, text, _dx_with(change))
    for output, table in (("dgamma", DGAMMA), ("dbeta", DBETA)):
        for name, (row, text, fold) in table.items():
            _plant(exercise, output, row, name, text, _fold_with(fold))
    bare = normalization.batchnorm_backward
    for place, output in enumerate(("dx", "dgamma")):
        compute = lambda dy, x, gamma, eps, k=place: bare(dy, x, gamma, 0.0)[k]  # noqa: E731
        _plant(exercise, output, "", "drops_eps_everywhere", _NO_EPS, compute)


_plant_through(batchnorm_backward)
_plant_through(batchnorm_backward_repaired)


@batchnorm_backward.follows(
    "batchnorm_train", "x", "gamma", lambda dy, x, gamma, eps: np.zeros_like(gamma), "eps"
)
def sum_of_what_arrives(result, dy, x, gamma, eps):
    return np.sum(dy * result[0])


# -- the closed form --


def normalised_batches(rng):
    """What the forward pass would have kept."""
    for arguments in blame_on_batches(rng):
        x, eps = arguments["x"], arguments["eps"]
        yield {
            "dy": arguments["dy"],
            "x_hat": _normed(x, eps),
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
        "What two things can a batch not be moved by? What is left of `dy` when both are taken off?",
        (
            "Take off its mean over the rows. Then its share along `x_hat`: the mean of `dy * x_hat`, "
            "times `x_hat`."
        ),
        "What is left is multiplied by `gamma` and divided by `std`.",
    ),
)


def _closed(dy, x_hat, std, gamma, g=1, mean=1.0, var=1.0, last="scaled", std_power=1):
    many = {"N": float(len(dy))}
    upward = dy * gamma**g
    end = {"scaled": x_hat, "centred": x_hat * std}[last]
    along = end * np.mean(upward * x_hat, axis=0) * many.get(var, var)
    return (upward - upward.mean(axis=0) * many.get(mean, mean) - along) / std**std_power


_CLOSED_STDS = {
    "does_not_divide_by_the_deviation": (
        STDS["does_not_divide_by_the_deviation"][0],
        STDS["does_not_divide_by_the_deviation"][1],
        0,
    ),
    "divides_by_the_variance": ("O14", "`dx` is divided by the square of `std`.", 2),
    "multiplies_by_the_deviation_in_dx": (
        "",
        "`dx` is multiplied by `std`. A wider `x` has *less* influence on `y`: divide.",
        -1,
    ),
}
_CLOSED_PATHS = {n: p for n, p in PATHS.items() if p[2].get("last", "scaled") in ("scaled", "centred")}
for _name, _row, _text, _change in _slips(paths=_CLOSED_PATHS, stds=_CLOSED_STDS):
    _renamed = {{"std": "std_power"}.get(key, key): value for key, value in _change.items()}
    _plant(
        batchnorm_backward_closed,
        "dx",
        _row,
        _name,
        _text,
        lambda dy, x_hat, std, gamma, change=_renamed: _closed(dy, x_hat, std, gamma, **change),
    )


@batchnorm_backward_closed.mistake("dx")
def takes_the_whole_mean(dy, x_hat, std, gamma):
    """The means run over the whole array. Each column has its own: axis 0."""
    return gamma / std * (dy - dy.mean() - x_hat * np.mean(dy * x_hat))


@batchnorm_backward_closed.mistake("dx", row="O10")
def takes_means_of_rows(dy, x_hat, std, gamma):
    """The means run over the units of each example. Here they run over the batch, axis 0."""
    along = np.mean(dy * x_hat, axis=1, keepdims=True)
    return gamma / std * (dy - dy.mean(axis=1, keepdims=True) - x_hat * along)


@batchnorm_backward_closed.mistake("dx")
def forgets_the_brackets(dy, x_hat, std, gamma):
    """Only the first term is multiplied by `gamma / std`. Put the difference in brackets."""
    return gamma / std * dy - dy.mean(axis=0) - x_hat * np.mean(dy * x_hat, axis=0)


@batchnorm_backward_closed.mistake("dx")
def forgets_the_last_x_hat(dy, x_hat, std, gamma):
    """The mean of `dy * x_hat` is taken off as it is. It is the length of the share; its direction is
    `x_hat`.
    """
    return gamma / std * (dy - dy.mean(axis=0) - np.mean(dy * x_hat, axis=0))


@batchnorm_backward_closed.mistake("dx")
def forgets_dy_in_the_share(dy, x_hat, std, gamma):
    """The share is the mean of `x_hat * x_hat`. It is that of what arrives along `x_hat`: `dy * x_hat`."""
    return gamma / std * (dy - dy.mean(axis=0) - x_hat * np.mean(x_hat * x_hat, axis=0))


# -- evaluation --


def blame_in_evaluation(rng):
    """Stored statistics, which do not move."""
    for arguments in stored_statistics(rng):
        N, D = arguments["x"].shape
        yield {"dy": rng.normal(size=(N, D)), **{k: v for k, v in arguments.items() if k != "beta"}}


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
            "`dx` is `dy` times `gamma`, divided by the stored deviation; `dgamma` and `dbeta` add up "
            "as before."
        ),
    ),
)
EVAL = {
    "uses_the_training_formula": (
        "O29",
        "This is the training formula: the paths through mean and variance are in it. Here both are "
        "stored numbers, and nothing flows through them.",
        lambda dy, x, g, m, v, eps: _dx(dy, x, g, eps),
    ),
    "uses_the_training_formula_on_stored_numbers": (
        "O29",
        "The paths through mean and variance are in it. Here both are stored numbers, and nothing "
        "flows through "
        "them.",
        lambda dy, x, g, m, v, eps: normalization.batchnorm_backward_closed(
            dy, (x - m) / np.sqrt(v + eps), np.sqrt(v + eps), g
        ),
    ),
    "uses_the_deviation_of_the_batch": (
        "O23",
        "The deviation is that of the batch. Here it is the stored one.",
        lambda dy, x, g, m, v, eps: dy * g / np.sqrt(x.var(axis=0) + eps),
    ),
    "takes_off_the_mean": (
        "O29",
        "The mean of what arrives is taken off. The stored mean does not move with `x`.",
        lambda dy, x, g, m, v, eps: (dy - dy.mean(axis=0)) * g / np.sqrt(v + eps),
    ),
    "leaves_gamma_out_of_dx": (
        "O4",
        GAMMA["leaves_gamma_out_of_dx"][1],
        lambda dy, x, g, m, v, eps: dy / np.sqrt(v + eps),
    ),
    "does_not_divide_by_the_deviation": (
        "O8",
        STDS["does_not_divide_by_the_deviation"][1],
        lambda dy, x, g, m, v, eps: dy * g,
    ),
    "divides_by_the_variance": (
        "O14",
        STDS["divides_by_the_variance"][1],
        lambda dy, x, g, m, v, eps: dy * g / (v + eps),
    ),
    "puts_eps_outside": (
        "O15",
        STDS["puts_eps_outside"][1],
        lambda dy, x, g, m, v, eps: dy * g / (np.sqrt(v) + eps),
    ),
    "drops_eps": ("", STDS["drops_eps"][1], lambda dy, x, g, m, v, eps: dy * g / np.sqrt(v)),
    "multiplies_by_x_hat": (
        "",
        "`dx` is multiplied by the normalised `x`, which belongs to `dgamma`.",
        lambda dy, x, g, m, v, eps: dy * g * (x - m) / np.sqrt(v + eps),
    ),
}
for _name, (_row, _text, _formula) in EVAL.items():
    _plant(
        batchnorm_eval_backward,
        "dx",
        _row,
        _name,
        _text,
        lambda dy, x, gamma, running_mean, running_var, eps, f=_formula: f(
            dy, x, gamma, running_mean, running_var, eps
        ),
    )
for _output, _table in (("dgamma", DGAMMA), ("dbeta", DBETA)):
    for _name, (_row, _text, _sum) in _table.items():
        if _name != "takes_the_centred_x_for_dgamma":
            _plant(
                batchnorm_eval_backward,
                _output,
                _row,
                _name,
                _text,
                lambda dy, x, gamma, running_mean, running_var, eps, fold=_sum: fold(
                    dy, x, (x - running_mean) / np.sqrt(running_var + eps), gamma
                ),
            )


@batchnorm_eval_backward.mistake("dgamma", row="O23")
def normalises_by_the_batch_for_dgamma(dy, x, gamma, running_mean, running_var, eps):
    """`dgamma` is made with the statistics of the batch. Here they are the stored ones."""
    return np.sum(dy * _normed(x, eps), axis=0)


@batchnorm_eval_backward.mistake("dgamma")
def drops_eps_for_dgamma(dy, x, gamma, running_mean, running_var, eps):
    """`eps` is left out of the deviation in `dgamma`."""
    return np.sum(dy * (x - running_mean) / np.sqrt(running_var), axis=0)


@batchnorm_eval_backward.mistake("dgamma", row="O14")
def divides_by_the_variance_for_dgamma(dy, x, gamma, running_mean, running_var, eps):
    """`dgamma` is made with `x` divided by the variance. The deviation is its root."""
    return np.sum(dy * (x - running_mean) / (running_var + eps), axis=0)


@batchnorm_eval_backward.mistake("dgamma")
def does_not_divide_for_dgamma(dy, x, gamma, running_mean, running_var, eps):
    """`dgamma` is made with the centred `x`, which is not divided yet."""
    return np.sum(dy * (x - running_mean), axis=0)


@batchnorm_eval_backward.follows(
    "batchnorm_eval",
    "x",
    "gamma",
    lambda dy, x, gamma, running_mean, running_var, eps: np.zeros_like(gamma),
    "running_mean",
    "running_var",
    "eps",
)
def sum_of_what_arrives_in_evaluation(result, dy, *rest):
    return np.sum(dy * result)


# -- layer normalization --

layernorm_backward = Exercise(
    reference=normalization.layernorm_backward,
    hints=(
        "It is batch normalization turned by 90 degrees. What does not turn with it?",
        (
            "`gamma` now varies *along* the axis of the means, so it must be multiplied in before they "
            "are taken."
        ),
        (
            "`dx_hat = dy * gamma`; take off its mean along the row and its share along `x_hat`, "
            "then divide by the row's "
            "deviation. `dgamma` and `dbeta` still add up over the examples."
        ),
    ),
    **THROUGH,
)
_ROW_TEXTS = {
    "forgets_the_path_through_the_mean": (
        "The path through the mean is missing. Add a constant to a whole row: nothing changes, so the row of "
        "`dx` must add up to 0."
    ),
    "forgets_the_path_through_the_variance": (
        "The path through the variance is missing. Stretch a whole row: `y` hardly changes."
    ),
    "takes_mean_and_variance_for_constants": (
        "Mean and variance are treated as constants. Moving one `x` moves those of its whole row."
    ),
    "sums_along_the_mean": "The path through the mean is D times too large: a mean divides by D.",
    "sums_along_the_variance": (
        "The path through the variance is D times too large: a mean of squares divides by D."
    ),
    "sums_along_both_paths": "Sums stand where means are due, on both paths: divide by D, the row's length.",
}
_ROWS = {
    name: ("P5" if row in ("O1", "O3") else row, _ROW_TEXTS.get(name, text), change)
    for name, (row, text, change) in PATHS.items()
}
for _name, _row, _text, _change in _slips(paths=_ROWS):
    _plant(
        layernorm_backward,
        "dx",
        _row,
        _name,
        _text,
        lambda dy, x, gamma, eps, change=_change: _dx(dy, x, gamma, eps, axis=1, **change),
    )


def _rows_normed(x, eps):
    return (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + eps)


@layernorm_backward.mistake("dx", row="P1")
def normalises_over_the_batch(dy, x, gamma, eps):
    """This is batch normalization: the means run over the batch. Here each row stands by itself, axis 1."""
    return _dx(dy, x, gamma, eps)


@layernorm_backward.mistake("dx", row="P2")
def pulls_gamma_out(dy, x, gamma, eps):
    """`gamma` is pulled in front of the means. That is allowed where it is the same for all that is
    averaged; along a row it is not.
    """
    return gamma * _dx(dy, x, np.ones_like(gamma), eps, axis=1)


@layernorm_backward.mistake("dx", row="P3")
def divides_by_the_batch_size(dy, x, gamma, eps):
    """It is divided by the number of examples. How many entries are averaged in a row?"""
    share = x.shape[1] / x.shape[0]
    return _dx(dy, x, gamma, eps, axis=1, mean=share, var=share)


@layernorm_backward.mistake("dx", row="P5")
def sums_over_the_batch_with_rows_statistics(dy, x, gamma, eps):
    """The rows are normalised, and the means of what comes back run over the batch: copied from batch
    normalization. They run along the row too.
    """
    x_hat, std = _rows_normed(x, eps), np.sqrt(x.var(axis=1, keepdims=True) + eps)
    dx_hat = dy * gamma
    return (dx_hat - dx_hat.mean(axis=0) - x_hat * np.mean(dx_hat * x_hat, axis=0)) / std


for _output, _table in (("dgamma", DGAMMA), ("dbeta", DBETA)):
    for _name, (_row, _text, _sum) in _table.items():
        if _name != "takes_the_centred_x_for_dgamma":
            _plant(
                layernorm_backward,
                _output,
                _row,
                _name,
                _text,
                lambda dy, x, gamma, eps, fold=_sum: fold(dy, x, _rows_normed(x, eps), gamma),
            )


@layernorm_backward.mistake("dgamma", row="P1")
def normalises_over_the_batch_for_dgamma(dy, x, gamma, eps):
    """`dgamma` is made with batch normalization's `x_hat`. Here each row is normalised by itself."""
    return np.sum(dy * _normed(x, eps), axis=0)


@layernorm_backward.mistake("dgamma")
def does_not_divide_rows_for_dgamma(dy, x, gamma, eps):
    """`dgamma` is made with the centred `x`, which is not divided yet."""
    return np.sum(dy * (x - x.mean(axis=1, keepdims=True)), axis=0)


# ---- quizzes ----

shifted_input = Quiz(
    "12-shifted-input",
    (
        "A layer's input is batch-normalized. Somebody adds 100 to every entry of one column before it."
        " What changes?"
    ),
    (
        Choice(
            "That column of the output grows by 100.",
            "The column's mean grows by 100 too, and is subtracted.",
        ),
        Choice(
            "Nothing.",
            (
                "The mean takes the 100 away again. So a bias before it has no effect: it is idle, "
                "`beta` does its work."
            ),
            right=True,
        ),
        Choice("All columns change a little.", "Each column has statistics of its own."),
    ),
)

one_image = Quiz(
    "12-one-image",
    (
        "The network is trained. Now it is to read one single image. What are the mean and the variance"
        " of that batch?"
    ),
    (
        Choice(
            "The image itself, and 0: every output would be `beta`, whatever the image shows.",
            "That is why evaluation needs statistics that were stored while training.",
            right=True,
        ),
        Choice("0 and 1.", "Of one number the mean is the number itself, and the variance is 0."),
        Choice("Those of the whole training set.", "They would do, but nobody has stored them yet."),
    ),
)

three_ways = Quiz(
    "12-three-ways",
    "In training, over how many ways does one entry of `x` act on the outputs of its column?",
    (
        Choice("One: on its own output.", "Its own, and? What else in the formula contains it?"),
        Choice("Two.", "Two of three. Count `x`, its mean, its variance."),
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
        "All of `dy` in a column is the same number, 0.7. So every output of this unit should go up"
        " by as much. What is "
        "`dx` there?"
    ),
    (
        Choice("The same everywhere, gamma / std times 0.7.", "Could a shift of `x` shift these outputs?"),
        Choice(
            "0.",
            (
                "Adding a constant to a column changes nothing behind the normalization. There is no "
                "way to obey, so no blame."
            ),
            right=True,
        ),
        Choice(
            "It depends on `x`.", "What arrives has no share along `x_hat` either: the mean of `x_hat` is 0."
        ),
    ),
)

in_evaluation = Quiz(
    "12-in-evaluation",
    "In evaluation mode, which of the three ways from `x` to `y` are left?",
    (
        Choice("All three.", "The stored mean and variance do not move when `x` does."),
        Choice(
            "Only its own.",
            "Mean and variance are stored numbers. The layer is then a plain stretch and shift.",
            right=True,
        ),
        Choice(
            "None: nothing is learnt in evaluation.",
            "Blame still passes through, for example to find what an input did.",
        ),
    ),
)
