"""Lesson 13: generalisation."""

from typing import Any

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import regularisation
from bplearn.probes import Seed

# ---- standardise ----


def two_sets(rng):
    """Columns of different mean and spread, whole numbers and all, one of them constant in training only."""
    for rows, more, columns in ((6, 4, 3), (9, 5, 4), (7, 11, 5), (12, 3, 6), (8, 6, 2)):
        spread, mean = rng.uniform(0.4, 6.0, columns), rng.uniform(-9.0, 9.0, columns)
        train = rng.normal(size=(rows, columns)) * spread + mean
        test = rng.normal(size=(more, columns)) * spread * 1.7 + mean + 2.0
        yield {"train": train, "test": test}
    for rows, more, columns in ((9, 4, 4), (10, 7, 3)):
        train = rng.integers(-5, 17, (rows, columns)).astype(float)
        test = rng.integers(-5, 17, (more, columns)).astype(float)
        train[:, 1] = 7.0
        yield {"train": train, "test": test}


standardise = Exercise(
    reference=regularisation.standardise,
    cases=two_sets,
    returns=("train", "test"),
    points=1,
    fresh=("train", "test"),
    hints=(
        "When a new image comes in tomorrow, whose mean can you subtract from it?",
        "Both sets get the same treatment: subtract one mean, divide by one deviation, column by column.",
        (
            "Mean and deviation over the rows of `train`. Where all training values of a column are"
            " equal, put 1 in "
            "the deviation's place before you divide."
        ),
    ),
)


def _scale(train, **how):
    return np.where(np.ptp(train, axis=0) == 0, 1.0, train.std(axis=0, **how))


@standardise.mistake()
def takes_statistics_of_all_data(train, test):
    """The statistics are those of both sets together: what is learnt then knows of the held-out data. Only
    `train` may be asked.
    """
    both = np.vstack([train, test])
    mean, scale = both.mean(axis=0), _scale(both)
    return (train - mean) / scale, (test - mean) / scale


@standardise.mistake("test")
def gives_the_test_set_its_own_statistics(train, test):
    """`test` is standardised by its own mean and deviation. One example alone has none; it must be
    measured with the ruler of the training set.
    """
    return (test - test.mean(axis=0)) / _scale(test)


@standardise.mistake("test")
def leaves_the_test_set_as_it_is(train, test):
    """`test` comes back as it was. Either nothing is done to it, or mean and deviation are taken from
    `train` after it was overwritten, when they are 0 and 1.
    """
    return 1.0 * test


def _slip(mean, scale):
    """A wrong mean or a wrong scale: both are functions of the training set."""

    def register(told):
        def compute(train, test):
            return tuple((array - mean(train)) / scale(train) for array in (train, test))

        compute.__name__, compute.__doc__ = told.__name__, told.__doc__
        standardise.mistake()(compute)
        return told

    return register


def _mean(train):
    return train.mean(axis=0)


@_slip(_mean, lambda train: train.std(axis=0))
def divides_by_nought():
    """In a column of equal training values the deviation is 0, and 0 / 0 is nan. Such a column is only
    centred.
    """


@_slip(_mean, lambda train: train.std(axis=0) + 1e-3)
@_slip(_mean, lambda train: train.std(axis=0) + 1e-5)
@_slip(_mean, lambda train: train.std(axis=0) + 1e-8)
@_slip(_mean, lambda train: np.maximum(train.std(axis=0), 1e-8))
def makes_a_constant_column_huge():
    """A tiny number keeps a constant column from 0 / 0. Its test values, though, are divided by it as
    well, and become huge. Divide such a column by 1.
    """


@_slip(_mean, lambda train: _scale(train, ddof=1))
def divides_by_one_less():
    """The deviation is divided by N - 1. Here it is the biased one, divided by N: what `std` gives by
    itself.
    """


@_slip(_mean, lambda train: _scale(train) ** 2)
def divides_by_the_variance():
    """It is divided by the variance. The deviation is its root."""


@_slip(_mean, lambda train: 1.0)
def only_centres():
    """The mean is subtracted, and nothing is divided. What becomes of a column that is a thousand times
    wider?
    """


@_slip(lambda train: 0.0, _scale)
def only_scales():
    """It is divided by the deviation, and the mean is not subtracted."""


@_slip(lambda train: train.mean(), lambda train: train.std())
def takes_one_mean_for_all_columns():
    """One mean and one deviation for the whole table. Each column is a quantity of its own."""


@_slip(
    lambda train: train.min(axis=0),
    lambda train: np.where(np.ptp(train, axis=0) == 0, 1.0, np.ptp(train, axis=0)),
)
def stretches_between_0_and_1():
    """The columns are stretched between their smallest and largest value. That is another way to prepare;
    here the mean becomes 0 and the deviation 1.
    """


@_slip(lambda train: np.median(train, axis=0), _scale)
def takes_the_median():
    """The median is subtracted where the mean is due."""


@_slip(_mean, lambda train: np.maximum(train.std(axis=0), 1.0))
def leaves_narrow_columns_narrow():
    """A deviation below 1 is replaced by 1. That is due only where all training values of a column are
    equal.
    """


@_slip(lambda train: np.where(np.ptp(train, axis=0) == 0, 0.0, _mean(train)), _scale)
def leaves_constant_columns_as_they_are():
    """A column of equal training values is not even centred. It is not divided, but its mean goes off."""


@standardise.mistake("test")
def makes_constant_columns_nought(train, test):
    """Where the training values of a column are all equal, the test set gets 0 as well, and what is special
    about a new example is gone. `test` is centred there, like every other column.
    """
    return (test - train.mean(axis=0)) / _scale(train) * (np.ptp(train, axis=0) != 0)


@standardise.mistake("test")
def centres_the_test_set_by_its_own_mean(train, test):
    """The deviation is that of `train`, and the mean is that of `test`. Both are the training set's."""
    return (test - test.mean(axis=0)) / _scale(train)


@standardise.mistake("test")
def scales_the_test_set_by_its_own_deviation(train, test):
    """The mean is that of `train`, and the deviation is that of `test`. Both are the training set's."""
    return (test - train.mean(axis=0)) / _scale(test)


@standardise.mistake()
def standardises_each_row(train, test):
    """Each example has got mean 0 and deviation 1. A quantity is a *column*: take both over the rows, axis
    0.
    """
    return tuple((a - a.mean(axis=1, keepdims=True)) / a.std(axis=1, keepdims=True) for a in (train, test))


@standardise.mistake()
def divides_the_mean_only(train, test):
    """Only the mean is divided by the deviation. Brackets are missing: first the difference, then divide."""
    shift = train.mean(axis=0) / _scale(train)
    return train - shift, test - shift


# ---- penalties ----

KINDS = {"l2": (lambda w: w**2 / 2.0, lambda w: w), "l1": (np.abs, np.sign)}


def parameters_and_strengths(rng):
    """Weights of both signs and of very different size, biases, and arrays of other names."""
    for k, (sizes, strength) in enumerate(
        (((3, 5, 4), 0.3), ((5, 3, 6), 0.07), ((4, 6, 3), 1.7), ((2, 7, 5), 0.02), ((6, 4, 3), 0.9))
    ):
        D, H, C = sizes
        shapes = {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)} | ({"gamma1": (H,)} if k % 2 else {})
        yield {
            "params": {
                name: rng.normal(size=shape) * rng.uniform(0.5, 3.0) + 0.1 for name, shape in shapes.items()
            },
            "strength": strength,
        }


def some_weights_are_nought(rng):
    """Where a weight is 0 there is no pull."""
    arguments = next(iter(parameters_and_strengths(rng)))
    arguments["params"]["W1"][0, :2] = 0.0
    yield "weights that are 0", arguments


PENALTY: dict[str, Any] = {
    "cases": parameters_and_strengths,
    "extreme": some_weights_are_nought,
    "returns": ("loss", "grads"),
    "points": 2,
    "fresh": ("params",),
}
l2_penalty = Exercise(
    reference=regularisation.l2_penalty,
    hints=(
        "What is the derivative of `strength / 2 * w**2`? Where does the 2 go?",
        "Which names begin with W? `name.startswith('W')` tells. And what is due for the others?",
        (
            "The loss adds up the squares of all weights of all W arrays. The gradient of a weight "
            "is the strength "
            "times the weight itself; for every other array zeros of its shape."
        ),
    ),
    **PENALTY,
)
l1_penalty = Exercise(
    reference=regularisation.l1_penalty,
    hints=(
        "How steep is `abs(w)` right of 0? And left of 0?",
        "NumPy has a function that gives 1, 0 or -1 for a positive number, for 0 and for a negative one.",
        (
            "The loss is the strength times the sum of all absolute weights. The gradient is the "
            "strength times the "
            "sign; for every other array zeros of its shape."
        ),
    ),
    **PENALTY,
)


def _is_weight(name):
    return name.startswith("W")


def _penalty(
    kind, size=None, slope=None, counts=_is_weight, fold=np.sum, whole=lambda total: total, others=True
):
    """A penalty of exchangeable parts: what a weight costs, its pull, which arrays count."""
    size, slope = size or KINDS[kind][0], slope or KINDS[kind][1]

    def compute(params, strength):
        with np.errstate(all="ignore"):
            loss = strength * whole(sum(fold(size(array)) for name, array in params.items() if counts(name)))
            grads = {
                name: strength * slope(array) * counts(name) + 0.0 * array
                for name, array in params.items()
                if others or counts(name)
            }
        return loss, grads

    return compute


def _wrong(kind, row="", **parts):
    exercise = {"l2": l2_penalty, "l1": l1_penalty}[kind]

    def register(told):
        compute = _penalty(kind, **parts)
        compute.__name__, compute.__doc__ = told.__name__, told.__doc__
        exercise.mistake(row=row)(compute)
        return told

    return register


@_wrong("l2", "Q10", slope=lambda w: 2.0 * w)
def forgets_that_the_half_cancels_the_two():
    """The gradient is twice too large: the 2 of the square and the 1/2 of the definition cancel."""


@_wrong("l2", "Q10", size=lambda w: w**2, slope=lambda w: 2.0 * w)
@_wrong("l2", "Q10", size=lambda w: w**2)
def leaves_the_half_out():
    """The 1/2 of the definition is missing. Read it again: strength / 2 times the sum of squares."""


@_wrong("l2", "Q10", slope=lambda w: w / 2.0)
def halves_the_gradient():
    """The 1/2 stands in the gradient too. There the 2 of the square has cancelled it."""


@_wrong("l1", "", size=lambda w: np.abs(w) / 2.0)
@_wrong("l1", "", size=lambda w: np.abs(w) / 2.0, slope=lambda w: np.sign(w) / 2.0)
def brings_the_half_along():
    """The 1/2 belongs to the squares of L2. L1 has none."""


@_wrong("l2", "Q11", slope=lambda w: -w)
@_wrong("l1", "Q11", slope=lambda w: -np.sign(w))
def turns_the_sign_round():
    """The gradient has the wrong sign: the step goes *against* it, and would make the weights grow."""


@_wrong("l2", "Q12", slope=np.abs)
def loses_the_sign():
    """Negative weights are pulled further down. The pull goes to 0 from both sides."""


@_wrong("l2", "Q12", size=np.abs, slope=np.sign)
@_wrong("l2", "Q12", slope=np.sign)
@_wrong("l2", "Q12", size=lambda w: np.abs(w) / 2.0, slope=np.sign)
def takes_the_other_penalty():
    """This is the L1 penalty. That of L2 squares: which pull fades near 0?"""


@_wrong("l1", "Q12", size=lambda w: w**2 / 2.0, slope=lambda w: w)
@_wrong("l1", "Q12", size=lambda w: w**2, slope=lambda w: 2.0 * w)
@_wrong("l1", "Q12", slope=lambda w: w)
def takes_the_penalty_of_l2():
    """This is the L2 penalty. That of L1 adds up sizes: its pull is as strong for a small weight."""


@_wrong("l1", "Q13", slope=np.ones_like)
def pulls_all_one_way():
    """Every weight is pulled down. A negative one has to go up to reach 0: what is missing is its sign."""


@_wrong("l1", slope=np.abs)
def puts_the_size_into_the_gradient():
    """The gradient holds the sizes of the weights. How steep `abs` is does not depend on them."""


@_wrong("l1", size=lambda w: w)
def forgets_the_bars():
    """The weights are added up with their signs, so large ones cancel. Absolute values are due."""


@_wrong("l2", "Q14", slope=lambda w: w**2)
def puts_the_square_into_the_gradient():
    """The gradient holds squares. The derivative of a square is not a square."""


@_wrong("l2", "Q14", slope=lambda w: w**2 / 2.0)
def puts_the_penalty_into_the_gradient():
    """The gradient holds what each weight costs. Differentiate it."""


@_wrong("l2", "Q14", slope=lambda w: w / np.linalg.norm(w), size=lambda w: w**2, whole=np.sqrt)
@_wrong("l2", "Q14", size=lambda w: w**2, whole=np.sqrt)
@_wrong("l2", "Q14", size=lambda w: w**2, whole=lambda total: np.sqrt(total) / 2.0)
def takes_the_norm_without_squaring():
    """The root of the sum of squares is taken, the norm. The penalty is the sum of squares itself."""


def _last_layer(kind):
    """Only the last array of weights is in the loss."""
    right = {"l2": regularisation.l2_penalty, "l1": regularisation.l1_penalty}[kind]

    def overwrites_the_loss(params, strength):
        """The loss holds the last layer alone: in the loop it is set anew each time. Add to what is there."""
        return right({"W2": params["W2"]}, strength)[0], right(params, strength)[1]

    return overwrites_the_loss


l2_penalty.mistake()(_last_layer("l2"))
l1_penalty.mistake()(_last_layer("l1"))


@l1_penalty.mistake()
def pulls_at_nought(params, strength):
    """A weight of 0 is pulled as if it were positive. It has nowhere to go: its slope is 0 here."""
    loss, grads = regularisation.l1_penalty(params, strength)
    return loss, {
        name: grads[name] + strength * (array == 0) * name.startswith("W") for name, array in params.items()
    }


@_wrong("l2", "Q14", size=lambda w: w, fold=lambda w: np.linalg.norm(w) / 2.0)
@_wrong("l2", "Q14", size=lambda w: w, fold=np.linalg.norm)
@_wrong("l2", "Q14", slope=lambda w: w / np.linalg.norm(w), size=lambda w: w, fold=np.linalg.norm)
def adds_norms_without_squaring():
    """The norms of the arrays are added. The penalty adds up squares: square each norm, or take `w**2`."""


@_wrong("l2", "Q15", slope=lambda w: w / w.size, fold=np.mean)
@_wrong("l2", "Q15", fold=np.mean)
@_wrong("l1", "Q15", slope=lambda w: np.sign(w) / w.size, fold=np.mean)
@_wrong("l1", "Q15", fold=np.mean)
def takes_a_mean_of_the_weights():
    """A mean is taken over the weights. The penalty adds them up: each weight pays for itself."""


@_wrong("l2", "Q15", slope=lambda w: w / len(w))
@_wrong("l1", "Q15", slope=lambda w: np.sign(w) / len(w))
def divides_by_the_rows_of_w():
    """The gradient is divided by the number of rows. Rows of `W` are no examples: nothing is averaged
    here.
    """


@_wrong("l2", "Q16", counts=lambda name: True)
@_wrong("l1", "Q16", counts=lambda name: True)
def counts_everything():
    """Biases, or all arrays, are penalised as well. Only names that begin with W are weights; a bias says
    where a unit bends, and pulling it to 0 has no reason.
    """


def _gamma_too(name):
    return not name.startswith("b")


@_wrong("l2", "Q16", counts=_gamma_too)
@_wrong("l1", "Q16", counts=_gamma_too)
def leaves_out_biases_only():
    """Biases are left out, and `gamma` is not. Only names that begin with W are weights."""


@_wrong("l2", "", counts=lambda name: name == "W1")
@_wrong("l1", "", counts=lambda name: name == "W1")
def counts_the_first_layer_only():
    """Only `W1` counts here. Every array whose name begins with W does."""


@_wrong("l2", "Q17", slope=lambda w: 0.0 * w)
@_wrong("l1", "Q17", slope=lambda w: 0.0 * w)
def leaves_the_gradient_at_nought():
    """The penalty is in the loss and not in the gradients, so it changes no step."""


@_wrong("l2", "Q17", fold=lambda w: 0.0)
@_wrong("l1", "Q17", fold=lambda w: 0.0)
def leaves_the_loss_at_nought():
    """The pull is in the gradients and the penalty is not in the loss: a gradient check will not agree."""


@_wrong("l2", size=lambda w: w**2 / 2.0, whole=lambda total: total**2)
def squares_the_sum():
    """The sum is squared as a whole. Square each weight, then add up."""


@_wrong("l1", fold=lambda sizes: np.max(sizes.sum(axis=0)))
def takes_the_matrix_norm():
    """`np.linalg.norm(W, 1)` of a matrix is its largest column, not the sum of all sizes. Lay it flat, or
    add up `np.abs(W)`.
    """


@_wrong("l1", size=lambda w: w, fold=lambda w: np.abs(np.sum(w)))
def adds_up_before_the_bars():
    """The weights are added up first, and the size of the sum is taken. Each weight pays for itself: sizes
    first, then the sum.
    """


@_wrong("l1", slope=lambda w: (w > 0) * 1.0)
def pulls_positive_weights_only():
    """Negative weights are not pulled. They have to go up to reach 0: their slope is -1."""


def _filled(kind, fill):
    """Other gradients than zeros for what is no weight: ``fill(array, strength)``."""
    right = {"l2": regularisation.l2_penalty, "l1": regularisation.l1_penalty}[kind]

    def register(told):
        def compute(params, strength):
            loss, grads = right(params, strength)
            others = [name for name in params if not _is_weight(name)]
            return loss, grads | {name: fill(params[name], strength) for name in others}

        compute.__name__, compute.__doc__ = told.__name__, told.__doc__
        {"l2": l2_penalty, "l1": l1_penalty}[kind].mistake()(compute)
        return told

    return register


@_filled("l2", lambda array, strength: 0.0)
@_filled("l1", lambda array, strength: 0.0)
def gives_a_number_for_an_array():
    """This is the number 0. An *array* of zeros is due, of the shape that the bias has: a gradient has the
    shape of its variable.
    """


@_filled("l2", lambda array, strength: 1.0 * array)
@_filled("l1", lambda array, strength: 1.0 * array)
def gives_the_biases_for_their_gradients():
    """Here stand the values of the biases themselves. They cost nothing, so their gradients are zeros."""


@_filled("l2", lambda array, strength: np.ones_like(array))
@_filled("l1", lambda array, strength: np.ones_like(array))
def gives_ones_for_zeros():
    """Ones stand where zeros are due: every step would pull the biases down."""


@_filled("l1", lambda array, strength: np.full_like(array, strength))
def pulls_biases_one_way():
    """The biases are pulled down by the strength. They cost nothing, so their gradients are zeros."""


@l2_penalty.mistake()
def takes_the_step_already(params, strength):
    """These are the weights after a step, `W - strength * W`. Due are the gradients; the optimiser steps."""
    loss, grads = regularisation.l2_penalty(params, strength)
    return loss, {name: params[name] * _is_weight(name) - grads[name] for name in params}


@l2_penalty.mistake()
def squares_the_strength(params, strength):
    """The strength is squared too: it stands inside the square. Square the weights alone."""
    return regularisation.l2_penalty(params, strength**2)


def _without_strength(kind, part):
    """Forgets the strength in the loss, in the gradients, or in both."""
    right = {"l2": regularisation.l2_penalty, "l1": regularisation.l1_penalty}[kind]

    def compute(params, strength):
        (loss, grads), (bare, pulls) = right(params, strength), right(params, 1.0)
        return bare if part != "grads" else loss, pulls if part != "loss" else grads

    return compute


def _forgets_the_strength(kind, part):
    def register(told):
        compute = _without_strength(kind, part)
        compute.__name__, compute.__doc__ = told.__name__, told.__doc__
        {"l2": l2_penalty, "l1": l1_penalty}[kind].mistake()(compute)
        return told

    return register


@_forgets_the_strength("l2", "both")
@_forgets_the_strength("l1", "both")
def leaves_the_strength_out():
    """`strength` is used neither for the loss nor for the gradients."""


@_forgets_the_strength("l2", "loss")
@_forgets_the_strength("l1", "loss")
def leaves_the_strength_out_of_the_loss():
    """`strength` is missing in the loss."""


@_forgets_the_strength("l2", "grads")
@_forgets_the_strength("l1", "grads")
def leaves_the_strength_out_of_the_gradients():
    """`strength` is missing in the gradients."""


# ---- dropout ----


def layers_and_probabilities(rng):
    """Small arrays for the shapes, large ones for the shares; probabilities away from one half."""
    for shape, drop_prob in (
        ((6, 9), 0.2),
        ((4, 11), 0.4),
        ((8, 7), 0.3),
        ((160, 150), 0.1),
        ((150, 170), 0.7),
    ):
        x = rng.uniform(0.3, 2.0, shape) * rng.choice((-1.0, 1.0), shape)
        yield {"x": x, "drop_prob": drop_prob, "rng": Seed(int(rng.integers(10**6)))}


def nothing_dropped(rng):
    """With a probability of 0 all stays as it is."""
    x = rng.normal(size=(5, 8)) + 3.0
    yield "a `drop_prob` of 0", {"x": x, "drop_prob": 0.0, "rng": Seed(int(rng.integers(10**6)))}


# Of 24,000 entries and more: two draws differ by 0.004 (one standard deviation); seven times that is allowed.
DROPOUT: dict[str, Any] = {
    "cases": layers_and_probabilities,
    "extreme": nothing_dropped,
    "returns": ("dropout",),
    "probe": "dropping",
    "atol": {"share_dropped": 0.03},
    "fresh": ("x",),
    "hints": (
        "For `drop_prob` = 0.1, of ten entries how many stay? Which comparison of a random number "
        "is true so often?",
        (
            "`rng.random(x.shape)` draws a number from 0 to 1 for each entry. It is at least 0.1 in"
            " nine cases of "
            "ten."
        ),
        (
            "The mask is that comparison divided by the share that is kept, `1 - drop_prob`, so "
            "that it holds 0 or "
            "the scale. Multiply `x` by it, and give both back."
        ),
    ),
}
dropout_forward = Exercise(reference=regularisation.dropout_forward, points=1, **DROPOUT)


def exchanged_and_not_rescaled(x, drop_prob, rng):
    """Asked to drop one entry of ten, it drops nine, and what is left has not grown."""
    mask = (rng.random(x.shape) < drop_prob).astype(float)
    return x * mask, mask


dropout_repaired = Exercise(
    reference=regularisation.dropout_repaired,
    points=1,
    handed_out=exchanged_and_not_rescaled,
    handed_out_rows=("Q1", "Q3"),
    **DROPOUT,
)


def _draw(row=""):
    """Register a wrong mask for both exercises: ``mask(x, drop_prob, rng)``; y is x times it."""

    def register(wrong):
        def compute(x, drop_prob, rng):
            mask = wrong(x, drop_prob, rng)
            return x * mask, mask

        compute.__name__, compute.__doc__ = wrong.__name__, wrong.__doc__
        for exercise in (dropout_forward, dropout_repaired):
            exercise.mistake(row=row)(compute)
        return wrong

    return register


def _pair(row=""):
    """Register a whole wrong answer for both exercises."""

    def register(wrong):
        dropout_repaired.mistake(row=row)(wrong)
        return dropout_forward.mistake(row=row)(wrong)

    return register


@_draw("Q1")
def leaves_the_scale_out(x, drop_prob, rng):
    """What is kept has not grown, so the sum over a layer shrinks while it trains. Divide by the share
    that is kept.
    """
    return (rng.random(x.shape) >= drop_prob) * 1.0


@_draw("Q2")
def shrinks_what_is_kept(x, drop_prob, rng):
    """What is kept is *multiplied* by the share that is kept. It has to grow, to make up for the others:
    divide.
    """
    return (rng.random(x.shape) >= drop_prob) * (1.0 - drop_prob)


@_draw("Q3")
def exchanges_keep_and_drop(x, drop_prob, rng):
    """Keep and drop are exchanged: for `drop_prob` = 0.1 nine of ten are gone. `drop_prob` is the share
    that is *dropped*.
    """
    return (rng.random(x.shape) < drop_prob) / (1.0 - drop_prob)


@_draw("Q3")
def takes_it_for_the_share_kept(x, drop_prob, rng):
    """`drop_prob` is taken for the share that is *kept*, as some libraries do. Here it is the share that is
    dropped: for 0.1 nine of ten stay.
    """
    return (rng.random(x.shape) < drop_prob) / max(drop_prob, 1e-300)


@_draw("Q3")
def exchanges_and_leaves_the_scale_out(x, drop_prob, rng):
    """Keep and drop are exchanged: for `drop_prob` = 0.1 nine of ten are gone. And what is kept has not
    grown.
    """
    return (rng.random(x.shape) < drop_prob) * 1.0


@_draw("Q4")
def divides_by_the_share_dropped(x, drop_prob, rng):
    """The right entries are dropped, and the rest is divided by `drop_prob`. Divide by the share that is
    *kept*: with 0.1 things should grow by a ninth, not tenfold.
    """
    return (rng.random(x.shape) >= drop_prob) / max(drop_prob, 1e-300)


@_draw("Q8")
def draws_one_mask_for_all_examples(x, drop_prob, rng):
    """All examples lose the same units: the mask has one row. Draw a number for each entry: `x.shape`."""
    return (rng.random(x.shape[1]) >= drop_prob) / (1.0 - drop_prob)


@_draw("Q8")
def repeats_one_row_for_all_examples(x, drop_prob, rng):
    """All examples lose the same units: one row is drawn and repeated. Draw a number for each entry."""
    return np.tile((rng.random(x.shape[1]) >= drop_prob) / (1.0 - drop_prob), (len(x), 1))


@_draw("Q8")
def drops_whole_examples(x, drop_prob, rng):
    """Whole examples are dropped: one number is drawn for each row. Draw one for each entry."""
    return np.repeat((rng.random((len(x), 1)) >= drop_prob) / (1.0 - drop_prob), x.shape[1], axis=1)


@_draw("Q8")
def draws_one_row_of_a_table(x, drop_prob, rng):
    """All examples lose the same units: the mask has one row. Draw a number for each entry: `x.shape`."""
    return (rng.random((1, x.shape[1])) >= drop_prob) / (1.0 - drop_prob)


@_draw("Q8")
def draws_one_column_of_a_table(x, drop_prob, rng):
    """Whole examples are dropped: the mask has one column. Draw a number for each entry: `x.shape`."""
    return (rng.random((len(x), 1)) >= drop_prob) / (1.0 - drop_prob)


@_draw("Q8")
def tosses_one_coin_for_all(x, drop_prob, rng):
    """One number decides for the whole array: all is kept or all is gone. Draw one for each entry."""
    return np.ones_like(x) * (rng.random() >= drop_prob) / (1.0 - drop_prob)


@_draw()
def drops_the_first_entries(x, drop_prob, rng):
    """The first entries are dropped, at every call. Which ones are dropped is for `rng` to decide."""
    return (np.arange(x.size) >= int(drop_prob * x.size)).reshape(x.shape) / (1.0 - drop_prob)


@_draw()
def keeps_the_numbers_drawn(x, drop_prob, rng):
    """The mask holds the numbers drawn themselves. They only decide: the mask holds 0 or the scale."""
    drawn = rng.random(x.shape)
    return drawn * (drawn >= drop_prob) / (1.0 - drop_prob)


@_draw()
def drops_half_whatever_is_asked(x, drop_prob, rng):
    """Half of the entries are dropped, whatever `drop_prob` says."""
    return (rng.random(x.shape) >= 0.5) / 0.5


@_draw("Q4")
def divides_by_one_plus(x, drop_prob, rng):
    """What is kept has shrunk: it is divided by 1 + `drop_prob`. Divide by the share that is kept."""
    return (rng.random(x.shape) >= drop_prob) / (1.0 + drop_prob)


@_draw()
def scales_by_the_share_of_this_draw(x, drop_prob, rng):
    """The scale comes from how many were kept in *this* draw, so it changes from call to call. It is one
    number, made of `drop_prob`.
    """
    kept = rng.random(x.shape) >= drop_prob
    return kept / max(float(kept.mean()), 1e-300)


@_draw()
def draws_from_the_bell_curve(x, drop_prob, rng):
    """The numbers come from a normal distribution, half of which is below 0. To compare with a share they
    must be spread evenly from 0 to 1: `rng.random`.
    """
    return (rng.normal(size=x.shape) >= drop_prob) / (1.0 - drop_prob)


@_draw()
def drops_nothing(x, drop_prob, rng):
    """Nothing is dropped."""
    return np.ones_like(x)


@_draw()
def draws_without_the_generator(x, drop_prob, rng):
    """The numbers do not come from `rng`, so nobody can repeat this run. Draw with the generator that is
    handed in.
    """
    return (np.random.default_rng().random(x.shape) >= drop_prob) / (1.0 - drop_prob)


@_draw()
def starts_the_same_draw_each_time(x, drop_prob, rng):
    """Every call drops the same entries: the generator is made anew in each. Draw with the one that is
    handed in.
    """
    return (np.random.default_rng(0).random(x.shape) >= drop_prob) / (1.0 - drop_prob)


@_pair()
def returns_a_mask_without_the_scale(x, drop_prob, rng):
    """`y` is right, and the mask lacks the scale. The way back multiplies by the mask alone, so it must
    hold what the forward pass multiplied by.
    """
    mask = (rng.random(x.shape) >= drop_prob) * 1.0
    return x * mask / (1.0 - drop_prob), mask


@_pair()
def returns_the_numbers_drawn(x, drop_prob, rng):
    """`y` is right, and in the mask's place stand the numbers drawn. The mask is what `x` was multiplied
    by: 0 or the scale.
    """
    drawn = rng.random(x.shape)
    return x * (drawn >= drop_prob) / (1.0 - drop_prob), drawn


@_pair()
def scales_twice(x, drop_prob, rng):
    """The scale comes in twice: it is in the mask, and `y` is divided once more."""
    mask = (rng.random(x.shape) >= drop_prob) / (1.0 - drop_prob)
    return x * mask / (1.0 - drop_prob), mask


@_pair()
def scales_the_mask_only(x, drop_prob, rng):
    """The mask has the scale, and `y` does not: it was made before the mask was divided."""
    kept = rng.random(x.shape) >= drop_prob
    return x * kept, kept / (1.0 - drop_prob)


@_pair("Q6")
def draws_twice(x, drop_prob, rng):
    """`y` was made with one mask, and another one is given back. The way back needs the coin flips of the
    forward pass.
    """
    mask = (rng.random(x.shape) >= drop_prob) / (1.0 - drop_prob)
    return x * mask, (rng.random(x.shape) >= drop_prob) / (1.0 - drop_prob)


@_pair()
def returns_them_in_the_other_order(x, drop_prob, rng):
    """Mask and result have changed places: first `y`, then the mask."""
    mask = (rng.random(x.shape) >= drop_prob) / (1.0 - drop_prob)
    return mask, x * mask


@_pair("Q7")
def returns_the_input(x, drop_prob, rng):
    """`y` is `x` as it was: the mask is drawn and not used. This is the training mode."""
    return 1.0 * x, (rng.random(x.shape) >= drop_prob) / (1.0 - drop_prob)


def blame_and_masks(rng):
    """Masks as the forward pass gives them."""
    for shape, drop_prob in (((3, 4), 0.4), ((5, 3), 0.2), ((4, 6), 0.6), ((6, 5), 0.3), ((7, 2), 0.7)):
        mask = (rng.random(shape) >= drop_prob) / (1.0 - drop_prob)
        mask[0, :2] = 0.0, 1.0 / (1.0 - drop_prob)
        yield {"dy": rng.normal(size=shape), "mask": mask}


dropout_backward = Exercise(
    reference=regularisation.dropout_backward,
    cases=blame_and_masks,
    returns=("dx",),
    points=2,
    upstream="dy",
    fresh=("dy", "mask"),
    hints=(
        "Forward, each entry was multiplied by something. What is the slope of that?",
        "The mask holds it all: 0 where an entry was dropped, the scale where it was kept.",
        "Multiply what arrives by the mask, entry by entry.",
    ),
)


@dropout_backward.mistake("dx", row="Q5")
def loses_the_scale(dy, mask):
    """Blame goes to the right entries, and has lost the scale. The forward pass multiplied by it as well."""
    return dy * (mask > 0)


@dropout_backward.mistake("dx")
def lets_everything_through(dy, mask):
    """Everything goes back. An entry that was dropped had no part in the result, and gets no blame."""
    return 1.0 * dy


@dropout_backward.mistake("dx")
def divides_by_the_mask(dy, mask):
    """It is divided by the mask: by 0, where an entry was dropped. Backward multiplies by the same slope as
    forward.
    """
    with np.errstate(all="ignore"):
        return dy / mask


@dropout_backward.mistake("dx")
def divides_where_it_can(dy, mask):
    """It is divided by the scale. Backward *multiplies* by what the forward pass multiplied by."""
    return np.divide(dy, mask, out=np.zeros_like(dy), where=mask > 0)


@dropout_backward.mistake("dx")
def scales_the_blame_twice(dy, mask):
    """The scale comes in twice. It is in the mask already."""
    return dy * mask * mask.max()


@dropout_backward.mistake("dx")
def blames_those_that_were_dropped(dy, mask):
    """Blame goes to the entries that were dropped. Those had no part in the result."""
    return dy * (mask == 0)


@dropout_backward.mistake("dx")
def takes_one_minus_the_mask(dy, mask):
    """What arrives is multiplied by 1 minus the mask: mostly by those that were dropped. The slope is the
    mask itself.
    """
    return dy * (1.0 - mask)


@dropout_backward.mistake("dx")
def rounds_the_scale(dy, mask):
    """The scale is rounded to a whole number. Multiply by the mask as it is."""
    return dy * np.round(mask)


@dropout_backward.mistake("dx")
def averages_the_blame(dy, mask):
    """It is divided by the number of examples. That 1/N belongs to the loss, and is in `dy` already."""
    return dy * mask / len(dy)


@dropout_backward.mistake("dx")
def passes_the_mask_on(dy, mask):
    """The mask alone comes back. What arrives is not in it."""
    return 1.0 * mask


@dropout_backward.mistake("dx", row="Q6")
def draws_a_new_mask(dy, mask):
    """A new mask is drawn. The way back needs the coin flips of the forward pass: they are in `mask`."""
    share = np.mean(mask == 0)
    return dy * (np.random.default_rng(0).random(dy.shape) >= share) * mask.max()


# ---- best_epoch ----

CURVES = (
    ((3.0, 2.0, 2.5, 1.0), 2),
    ((5.0, 4.0, 4.5, 4.2, 1.0), 2),
    ((2.0, 1.5, 1.7, 1.4, 1.6, 1.5, 1.45, 0.9), 3),
    ((1.0, 1.2, 1.1, 1.3, 0.5), 3),
    ((0.9, 0.7, 0.7, 0.7, 0.3), 2),
    ((0.9, 0.8, 0.85, 0.7, 0.75, 0.6, 0.65, 0.64, 0.2), 2),
    ((0.5, 0.6, 0.55, 0.4, 0.3), 1),
    ((4.0, 3.0, 2.0, 1.0), 2),
    ((2.0, 3.0, 2.9, 2.8, 1.9, 1.0, 1.1), 5),
    ((2.2, 2.0, 2.1, 2.05, 1.9, 1.95, 1.99, 1.98, 1.0), 3),
    ((3.0, 3.4, 2.5, 2.7, 2.6, 1.0), 2),
    ((2.0, 1.1, 1.3, 1.2, 1.15), 6),
)


def validation_curves(rng):
    """Fixed shapes, each with a trap, shifted and stretched by chance."""
    for losses, patience in CURVES:
        stretch, shift = rng.uniform(0.3, 2.0, 2)
        yield {
            "val_losses": [round(float(stretch * loss + shift), 3) for loss in losses],
            "patience": patience,
        }


best_epoch = Exercise(
    reference=regularisation.best_epoch,
    cases=validation_curves,
    returns=("epoch",),
    points=1,
    fresh=("val_losses",),
    hints=(
        "Go through 3, 2, 2.5, 1 by hand, with a patience of 2. Then with a patience of 1.",
        "Two things must be known at each epoch: which one was best so far, and how long ago that was.",
        (
            "In a loop over the epochs: a strictly lower loss makes this epoch the best one. If "
            "not, and the best one "
            "lies `patience` epochs back, stop. Give back the best one."
        ),
    ),
)


def _stopping(val_losses, patience, lower, late=0, reset=True):
    """Early stopping of exchangeable parts; gives the best epoch and the one at which it stops."""
    best, waited = 0, 0
    for epoch in range(1, len(val_losses)):
        if lower(val_losses, epoch, best):
            best, waited = epoch, 0 if reset else waited
        else:
            waited += 1
        if waited >= patience + late:
            return best, epoch
    return best, len(val_losses) - 1


def _lower(losses, epoch, best):
    return losses[epoch] < losses[best]


@best_epoch.mistake("epoch")
def never_stops(val_losses, patience):
    """This is the lowest loss of all. After `patience` epochs without a better one the training has
    stopped, and what comes later is never seen.
    """
    return int(np.argmin(val_losses))


@best_epoch.mistake("epoch", row="Q20")
def does_not_reset_its_patience(val_losses, patience):
    """Bad epochs are counted, and the count does not start anew when a better one comes. `patience`
    epochs *in a row* end it.
    """
    return _stopping(val_losses, patience, _lower, reset=False)[0]


@best_epoch.mistake("epoch", row="Q18")
def returns_where_it_stops(val_losses, patience):
    """This is the epoch at which the training stops. To go back to is the best one before it."""
    return _stopping(val_losses, patience, _lower)[1]


@best_epoch.mistake("epoch")
def takes_an_equal_loss_for_better(val_losses, patience):
    """An equal loss counts as better here. Only a strictly lower one does."""
    return _stopping(val_losses, patience, lambda v, k, best: v[k] <= v[best])[0]


@best_epoch.mistake("epoch")
def compares_with_the_epoch_before(val_losses, patience):
    """Each loss is compared with the one before. It should be compared with the *best* so far."""
    return _stopping(val_losses, patience, lambda v, k, best: v[k] < v[k - 1])[0]


@best_epoch.mistake("epoch")
def waits_one_too_long(val_losses, patience):
    """It waits one epoch more than `patience`. With a patience of 2 the second bad epoch in a row is the
    last.
    """
    return _stopping(val_losses, patience, _lower, late=1)[0]


@best_epoch.mistake("epoch")
def stops_one_too_early(val_losses, patience):
    """It stops one epoch too early. With a patience of 2 one bad epoch is forgiven, and the second ends
    it.
    """
    return _stopping(val_losses, max(patience - 1, 0), _lower, late=0)[0] if patience > 1 else 0


@best_epoch.mistake("epoch")
def stops_at_the_first_rise(val_losses, patience):
    """It stops at the first loss that is not lower. It may wait: `patience` says how long."""
    return _stopping(val_losses, 1, _lower)[0]


@best_epoch.mistake("epoch")
def counts_the_first_epoch_as_bad(val_losses, patience):
    """The first epoch counts as one without an improvement: it is compared with itself. It is the best one
    so far.
    """
    best, _ = _stopping([val_losses[0], *val_losses], patience, _lower)
    return max(best - 1, 0)


@best_epoch.mistake("epoch")
def compares_with_the_first(val_losses, patience):
    """Each loss is compared with the first one. Lower the mark at each better epoch: compare with the *best*
    so far.
    """
    return _stopping(val_losses, patience, lambda v, k, best: v[k] < v[0])[0]


@best_epoch.mistake("epoch", row="Q18")
def goes_back_from_the_last(val_losses, patience):
    """Where the losses end before the patience does, the best one is still due, not the last."""
    best, stop = _stopping(val_losses, patience, _lower)
    return best if stop - best >= patience else len(val_losses) - 1


@best_epoch.mistake("epoch")
def looks_at_the_first_ones_only(val_losses, patience):
    """Only the first `patience` epochs are looked at, and the one after them. `patience` counts from the
    best epoch so far, so each better one gives a new chance.
    """
    return int(np.argmin(val_losses[: patience + 1]))


@best_epoch.mistake("epoch")
def counts_from_1(val_losses, patience):
    """The epochs are counted from 1. Python counts from 0: the first one is epoch 0."""
    return regularisation.best_epoch(val_losses, patience) + 1


@best_epoch.mistake("epoch")
def returns_the_loss(val_losses, patience):
    """This is the best loss. Its epoch is due: at which place does it stand?"""
    return val_losses[regularisation.best_epoch(val_losses, patience)]


@best_epoch.mistake("epoch")
def goes_to_the_end(val_losses, patience):
    """This is the last epoch. Early stopping goes back to the best one."""
    return len(val_losses) - 1


@best_epoch.mistake("epoch")
def takes_the_largest_loss(val_losses, patience):
    """This is where the loss is *largest*."""
    return int(np.argmax(val_losses))


# ---- quizzes ----

whose_mean = Quiz(
    "13-whose-mean",
    (
        "Before training, each column is to get mean 0 and deviation 1. Whose mean and deviation should"
        " be used?"
    ),
    (
        Choice(
            "Those of all data, training and held-out together: more data, better estimates.",
            (
                "Then the training set has been touched by the exam questions. What is measured "
                "afterwards is no "
                "longer how the network does on data that nobody has seen."
            ),
        ),
        Choice(
            "Each set's own.",
            (
                "Then the same image gets other numbers in the one set and in the other, and a single "
                "new image has none."
            ),
        ),
        Choice(
            "Those of the training set, for both.",
            "What is learnt must be learnt from training data alone, and a mean is learnt too.",
            right=True,
        ),
    ),
)

noise_selected = Quiz(
    "13-noise-selected",
    (
        "60 people, 2,000 measurements that are pure noise, and a label that is a coin flip. "
        "Somebody picks the 10 "
        "measurements that fit the labels of all 60 best, then splits: 30 to learn from, 30 to "
        "test. How many of the "
        "test labels are predicted right?"
    ),
    (
        Choice("About half: noise is noise.", "It would be, had the test labels not helped to choose."),
        Choice(
            "Far more than half.",
            (
                "Of 2,000 columns some fit all 60 labels by luck, the 30 of the test among them. "
                "The choice has seen the "
                "exam."
            ),
            right=True,
        ),
        Choice("Fewer than half: it was overfitted.", "Not on these 30: they took part in the choice."),
    ),
)

loss_goes_up = Quiz(
    "13-loss-goes-up",
    (
        "100 images, 30 of them with a label drawn by lot. The training loss falls and falls. What "
        "does the loss on "
        "unseen images do?"
    ),
    (
        Choice(
            "It falls too, only more slowly.",
            "At first. Look at what the network can still learn after that.",
        ),
        Choice(
            "It falls, and then it rises.",
            (
                "First the network learns what digits look like. Then the only loss left to save is"
                " in the wrong labels, "
                "and it learns those by heart."
            ),
            right=True,
        ),
        Choice(
            "It stays where it is.", "What digits look like can be learnt from 100 images, at least in part."
        ),
    ),
)

which_pull = Quiz(
    "13-which-pull",
    "Weights of 2 and of 0.01. Which penalty pulls the small one as hard as the large one?",
    (
        Choice(
            "L2.", "Its pull is the weight itself, times the strength: 200 times weaker on the small one."
        ),
        Choice(
            "L1.",
            (
                "Its pull is the sign, whatever the size. That is why it brings many weights down to next "
                "to nothing, where the pull of L2 has long faded."
            ),
            right=True,
        ),
        Choice("Neither.", "Differentiate `abs(w)` at 0.01 and at 2."),
    ),
)

in_the_exam = Quiz(
    "13-in-the-exam",
    "The network has been trained with dropout. Now it is to read new images. What happens to dropout?",
    (
        Choice(
            "It goes on: the network is used to it.",
            "Then half of what was learnt is missing each time, at random: the next cell counts the cost.",
        ),
        Choice(
            "It is switched off, and nothing else is done.",
            (
                "While training, what was kept had grown by 1 / (1 - drop_prob). So the sums are as"
                " large as with all "
                "units, and evaluation needs no scale."
            ),
            right=True,
        ),
        Choice(
            "It is switched off, and all activations are multiplied by 1 - drop_prob.",
            (
                "That was the first way of doing it. Yours has the scale in the mask, so it would be "
                "scaled twice."
            ),
        ),
    ),
)
