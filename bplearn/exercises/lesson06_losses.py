"""Lesson 06: losses."""

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import losses
from bplearn.nn.activations import softmax, softmax_backward
from bplearn.nn.losses import log_softmax as log_p_of
from bplearn.nn.losses import one_hot as table_of
from bplearn.nn.neuron import sigmoid as s


def _adds(eps):
    """Words for a constant that was added for safety."""
    return f"{eps:.0e}".replace("e-0", "e-")


def _twin(mistake, formula):
    """Give another formula of the same mistake its name and its words."""
    formula.__name__, formula.__doc__ = mistake.__name__, mistake.__doc__
    return formula


# ---- mse_loss ----

SHAPES = ((3,), (5,), (4, 3), (3, 5), (7, 4), (5, 6))


def predictions_and_targets(rng):
    """Too high and too low, in one dimension and in two."""
    for shape in SHAPES:
        y = rng.normal(size=shape)
        yield {"y_hat": y + _residuals(rng, shape, 0.2, 2.0), "y": y}


def _residuals(rng, shape, low, high):
    """Distances of both signs, none near 0."""
    sizes = rng.uniform(low, high, size=shape).ravel()
    signs = np.where(np.arange(sizes.size) % 2, 1.0, -1.0)
    return (sizes * rng.permutation(signs)).reshape(shape)


mse_loss = Exercise(
    reference=losses.mse_loss,
    cases=predictions_and_targets,
    returns=("loss", "dy_hat"),
    points=2,
    hints=(
        (
            "Write the loss for three entries in full, without a sum sign. In which of the terms does the "
            "second prediction stand?"
        ),
        (
            "Only in one of them, so its slope is that of one square, divided by the number of entries. "
            "Which number comes down from the square?"
        ),
        "Take the difference once and give it a name. `y_hat.size` is the number of all entries.",
    ),
)


@mse_loss.mistake("loss", row="E2", factor="mean")
def adds_the_squares_up(y_hat, y):
    """The squares are added up, not averaged. Copy the data twice over: should the loss double?"""
    return np.sum((y_hat - y) ** 2)


@mse_loss.mistake("loss", factor="two")
def puts_a_half_in_front(y_hat, y):
    """This is half of it. The loss of lesson 01 had a 1/2; the mean squared error has none."""
    return 0.5 * np.mean((y_hat - y) ** 2)


@mse_loss.mistake("loss", row="E4", factor="mean")
def averages_over_rows_only(y_hat, y):
    """Another convention: the squares of a row are added up, and only the rows are averaged. Here the mean
    runs over all entries.
    """
    return np.sum((y_hat - y) ** 2) / len(y)


@mse_loss.mistake("loss")
def averages_absolute_errors(y_hat, y):
    """This is the mean *absolute* error. Square the differences."""
    return np.mean(np.abs(y_hat - y))


@mse_loss.mistake("loss")
def averages_the_plain_differences(y_hat, y):
    """The differences are averaged without a square. Too high and too low then cancel: could a loss be
    negative?
    """
    return np.mean(y_hat - y)


@mse_loss.mistake("loss")
def squares_the_mean(y_hat, y):
    """The mean is squared: first averaged, then squared. Square each difference first, so that too high and
    too low cannot cancel.
    """
    return np.mean(y_hat - y) ** 2


@mse_loss.mistake("loss")
def takes_the_root(y_hat, y):
    """This is the root of it. The mean squared error stays squared."""
    return np.sqrt(np.mean((y_hat - y) ** 2))


@mse_loss.mistake("loss")
def forgets_brackets_round_the_difference(y_hat, y):
    """Only the target is squared: brackets are missing round the difference."""
    return np.mean(y_hat - y**2)


@mse_loss.mistake("loss")
def subtracts_squares(y_hat, y):
    """This subtracts the squares. First the difference, then the square."""
    return np.mean(y_hat**2 - y**2)


@mse_loss.mistake("loss")
def gives_one_square_for_each_entry(y_hat, y):
    """One square for each entry comes back. A loss is one number: which one stands for all of them?"""
    return (y_hat - y) ** 2


@mse_loss.mistake("loss")
def averages_each_column(y_hat, y):
    """The mean runs down the columns alone. One number is due: average over all entries."""
    return np.mean((y_hat - y) ** 2, axis=0)


@mse_loss.mistake("loss")
def averages_each_row(y_hat, y):
    """The mean runs along the last axis alone. One number is due: average over all entries."""
    return np.mean((y_hat - y) ** 2, axis=-1)


@mse_loss.mistake("loss", factor="mean")
def averages_over_the_columns_only(y_hat, y):
    """Divided by the length of the last axis. The mean runs over all entries: how many are there?"""
    return np.sum((y_hat - y) ** 2) / y_hat.shape[-1]


@mse_loss.mistake("loss")
def squares_the_sum(y_hat, y):
    """The sum is squared: first added up, then squared. Square each difference first, so that too high and
    too low cannot cancel.
    """
    return np.sum(y_hat - y) ** 2 / y.size


@mse_loss.mistake("loss", factor="sign")
def puts_a_minus_in_front(y_hat, y):
    """There is a minus in front, so the worst predictions have the smallest loss."""
    return -np.mean((y_hat - y) ** 2)


@mse_loss.mistake("dy_hat", row="E1", factor="two")
def leaves_out_the_two(y_hat, y):
    """The 2 of the square is missing: this is the gradient of *half* the mean squared error. Is there a 1/2
    in this loss that would cancel it?
    """
    return (y_hat - y) / y.size


@mse_loss.mistake("dy_hat", row="E2", factor="mean")
def forgets_the_mean(y_hat, y):
    """The mean is forgotten on the way back. Copy the data twice over: the loss stays as it is, so each copy
    may pull only half as hard. Does yours?
    """
    return 2 * (y_hat - y)


@mse_loss.mistake("dy_hat")
def leaves_out_the_two_and_the_mean(y_hat, y):
    """This is the bare difference: the 2 of the square and the mean are both missing."""
    return y_hat - y


@mse_loss.mistake("dy_hat", row="E3", factor="sign")
def takes_target_minus_prediction(y_hat, y):
    """The sign is flipped. Take a prediction that is too high: which way does the loss go when it rises
    further?
    """
    return 2 * (y - y_hat) / y.size


@mse_loss.mistake("dy_hat", row="E4", factor="mean")
def divides_by_the_rows(y_hat, y):
    """Another convention: divided by the number of rows. Both exist; in this loss the mean runs over all
    entries.
    """
    return 2 * (y_hat - y) / len(y)


@mse_loss.mistake("dy_hat", factor="mean")
def divides_by_the_columns(y_hat, y):
    """Divided by the length of the last axis. In this loss the mean runs over all entries."""
    return 2 * (y_hat - y) / y_hat.shape[-1]


@mse_loss.mistake("dy_hat", row="E5")
def pulls_all_alike(y_hat, y):
    """This is the gradient of the mean *absolute* error: every entry pulls equally hard. Should a big miss
    not pull harder than a small one?
    """
    return np.sign(y_hat - y) / y.size


@mse_loss.mistake("dy_hat", row="E6")
def collapses_to_one_number(y_hat, y):
    """All entries are averaged into one number. How many predictions can be nudged, each by itself?"""
    return np.mean(2 * (y_hat - y))


@mse_loss.mistake("dy_hat", row="E8")
def squares_the_difference_in_the_gradient(y_hat, y):
    """The difference is squared here too. In the gradient of a square one of the two factors has come down:
    what is the slope of u squared?
    """
    return 2 * (y_hat - y) ** 2 / y.size


@mse_loss.mistake("dy_hat")
def gives_the_loss_in_place_of_the_gradient(y_hat, y):
    """These are the terms of the loss itself, not their slopes."""
    return (y_hat - y) ** 2 / y.size


@mse_loss.mistake("dy_hat")
def takes_the_absolute_difference(y_hat, y):
    """The sign is lost: every entry is pushed the same way, whether it is too high or too low."""
    return 2 * np.abs(y_hat - y) / y.size


@mse_loss.mistake("dy_hat")
def forgets_the_target(y_hat, y):
    """The target is missing. If the targets changed, would your gradient?"""
    return 2 * y_hat / y.size


@mse_loss.mistake("dy_hat", factor="two")
def halves_where_two_is_due(y_hat, y):
    """There is a 1/2 where a 2 is due: it comes down from the square."""
    return 0.5 * (y_hat - y) / y.size


@mse_loss.mistake("dy_hat")
def is_the_gradient_of_the_root(y_hat, y):
    """This is the gradient of the *root* of the mean squared error."""
    return (y_hat - y) / y.size / np.sqrt(np.mean((y_hat - y) ** 2))


@mse_loss.mistake("dy_hat")
def multiplies_by_the_prediction(y_hat, y):
    """There is a factor too many: the prediction itself. When the prediction moves by a hair, by how much
    does the difference move?
    """
    return 2 * (y_hat - y) * y_hat / y.size


@mse_loss.mistake("dy_hat")
def gives_every_entry_the_sum(y_hat, y):
    """Every entry gets the same number, made from all the differences. Each prediction stands in one square
    of its own.
    """
    return np.full(y.shape, 2 * np.sum(y_hat - y) / y.size)


# ---- huber_loss ----

DELTAS = (0.7, 1.6, 0.5, 2.3, 1.3, 0.8)


def residuals_on_both_sides(rng):
    """Each case has near and far residuals of both signs; in the last one two lie at delta exactly."""
    for shape, delta in zip(SHAPES, DELTAS, strict=True):
        y = rng.normal(size=shape)
        yield {"y_hat": y + _near_and_far(rng, shape, delta), "y": y, "delta": delta}
    y = np.array([0.5, -1.0, 2.0, 0.25, -0.5, 1.5])
    yield {"y_hat": y + np.array([0.75, -2.0, 0.25, -0.75, 1.5, -0.5]), "y": y, "delta": 0.75}


def _near_and_far(rng, shape, delta):
    size = int(np.prod(shape))
    kinds = np.array([-3.0, -0.5, 0.5, 3.0])
    if size < 4:  # three entries: both signs far, one near
        kinds = np.array([-3.0, 3.0, 0.5])
    kinds = rng.permutation(np.resize(kinds, size))
    return (kinds * delta * rng.uniform(0.4, 1.7, size=size)).reshape(shape)


huber_loss = Exercise(
    reference=losses.huber_loss,
    cases=residuals_on_both_sides,
    returns=("loss", "dy_hat"),
    points=2,
    hints=(
        (
            "`far` says for each entry which of the two formulas counts. What is the slope of half a square, "
            "and what is the slope of a straight line, to the left of 0 and to the right?"
        ),
        (
            "Near the target the slope is r. Far out it is delta with the sign of r: `np.sign(r)` is that "
            "sign. `np.where(far, this, that)` picks. And what does the mean do to each slope?"
        ),
        (
            "Divide by the number of entries, `r.size`. There is one NumPy function that does both slopes at "
            "once: `np.clip`."
        ),
    ),
)


def _huber(near, far):
    """A wrong version: what it takes near the target and far from it, averaged over all entries."""

    def loss(y_hat, y, delta):
        r = y_hat - y
        return np.mean(np.where(np.abs(r) <= delta, near(r, delta), far(r, delta)))

    return loss


def _huber_slope(near, far):
    def dy_hat(y_hat, y, delta):
        r = y_hat - y
        return np.where(np.abs(r) <= delta, near(r, delta), far(r, delta)) / r.size

    return dy_hat


def _half_square(r, delta):
    return r**2 / 2


def _line(r, delta):
    return delta * (np.abs(r) - delta / 2)


def _r(r, delta):
    return r


def _pull(r, delta):
    return delta * np.sign(r)


@huber_loss.mistake("loss", factor="mean")
def adds_all_entries_up(y_hat, y, delta):
    """The entries are added up, not averaged. Copy the data twice over: should the loss double?"""
    return _huber(_half_square, _line)(y_hat, y, delta) * y.size


@huber_loss.mistake("loss", factor="mean")
def averages_over_rows_alone(y_hat, y, delta):
    """Another convention: rows are added up, and only the rows are averaged. Here the mean runs over all
    entries.
    """
    return _huber(_half_square, _line)(y_hat, y, delta) * y.size / len(y)


@huber_loss.mistake("loss")
def leaves_out_the_half_near_the_target(y_hat, y, delta):
    """Near the target the 1/2 is missing. Put r = delta into both formulas: do they give the same number?"""
    return _huber(lambda r, d: r**2, _line)(y_hat, y, delta)


@huber_loss.mistake("loss")
def leaves_both_halves_out(y_hat, y, delta):
    """Both halves are missing: the 1/2 of the square, and the `- delta/2` of the line. They belong together:
    with both of them the two pieces meet with equal slopes.
    """
    return _huber(lambda r, d: r**2, lambda r, d: d * np.abs(r))(y_hat, y, delta)


@huber_loss.mistake("loss")
def lets_the_line_start_too_high(y_hat, y, delta):
    """Far from the target the part `- delta/2` is missing. Put r = delta into both formulas: the line must
    begin where the parabola ends.
    """
    return _huber(_half_square, lambda r, d: d * np.abs(r))(y_hat, y, delta)


@huber_loss.mistake("loss")
def subtracts_delta_where_half_is_due(y_hat, y, delta):
    """Far from the target a whole delta is subtracted, and half of it is due. Put r = delta into both
    formulas: do they give the same number?
    """
    return _huber(_half_square, lambda r, d: d * (np.abs(r) - d))(y_hat, y, delta)


@huber_loss.mistake("loss")
def forgets_that_the_line_has_slope_delta(y_hat, y, delta):
    """Far from the target the factor delta in front is missing: the line has slope 1, and the parabola
    arrives with slope delta.
    """
    return _huber(_half_square, lambda r, d: np.abs(r) - d / 2)(y_hat, y, delta)


@huber_loss.mistake("loss")
def forgets_brackets_of_the_line(y_hat, y, delta):
    """Brackets are missing in the far part: delta multiplies the whole of |r| - delta/2."""
    return _huber(_half_square, lambda r, d: d * np.abs(r) - d / 2)(y_hat, y, delta)


@huber_loss.mistake("loss")
def forgets_the_absolute_value_of_the_line(y_hat, y, delta):
    """Far from the target r stands without its absolute value: a prediction that is far too low gets a
    negative loss.
    """
    return _huber(_half_square, lambda r, d: d * (r - d / 2))(y_hat, y, delta)


@huber_loss.mistake("loss")
def compares_without_the_absolute_value(y_hat, y, delta):
    """r is compared with delta without its absolute value, so all predictions that are too low count as
    near. How far away is r = -10?
    """
    r = y_hat - y
    return np.mean(np.where(r <= delta, r**2 / 2, delta * (np.abs(r) - delta / 2)))


@huber_loss.mistake("loss")
def exchanges_near_and_far(y_hat, y, delta):
    """The two formulas are exchanged: the square is for the near ones, the line for the far ones."""
    return _huber(_line, _half_square)(y_hat, y, delta)


@huber_loss.mistake("loss")
def squares_everything(y_hat, y, delta):
    """All entries are squared; delta makes no difference. Far from the target the loss goes on as a straight
    line.
    """
    return np.mean((y_hat - y) ** 2) / 2


@huber_loss.mistake("loss")
def takes_the_line_everywhere(y_hat, y, delta):
    """The straight line is taken everywhere. Near the target the loss is half a square."""
    return np.mean(_line(y_hat - y, delta))


@huber_loss.mistake("loss", row="E45")
def cuts_the_loss_off(y_hat, y, delta):
    """The loss is cut off beyond delta: a miss of 100 costs no more than one of delta. Then far points have
    slope 0 and stop teaching altogether; the loss should go on as a line.
    """
    return _huber(_half_square, lambda r, d: d**2 / 2 + 0 * r)(y_hat, y, delta)


@huber_loss.mistake("loss")
def compares_with_one(y_hat, y, delta):
    """delta is taken as 1 throughout. It is an argument."""
    return _huber(_half_square, _line)(y_hat, y, delta) if delta == 1 else losses.huber_loss(y_hat, y, 1.0)[0]


@huber_loss.mistake("loss")
def divides_by_delta(y_hat, y, delta):
    """Another convention: everything is divided by delta (PyTorch calls that `SmoothL1Loss`). Here the near
    part is half the square.
    """
    return losses.huber_loss(y_hat, y, delta)[0] / delta


@huber_loss.mistake("loss", factor="two")
def doubles_all_of_it(y_hat, y, delta):
    """Another convention: twice this loss, so that the near part is the whole square. Here it is half of
    it.
    """
    return 2 * losses.huber_loss(y_hat, y, delta)[0]


@huber_loss.mistake("loss")
def gives_one_loss_for_each_entry(y_hat, y, delta):
    """One loss for each entry comes back. One number is due: their mean."""
    r = y_hat - y
    return np.where(np.abs(r) <= delta, _half_square(r, delta), _line(r, delta))


@huber_loss.mistake("loss")
def averages_each_part_by_itself(y_hat, y, delta):
    """The near entries and the far ones are averaged apart, and the two means added. There is one mean, over
    all entries.
    """
    r = y_hat - y
    near = np.abs(r) <= delta
    return np.mean(_half_square(r[near], delta)) + np.mean(_line(r[~near], delta))


@huber_loss.mistake("loss")
def loses_a_miss_of_delta(y_hat, y, delta):
    """An entry that lies at a distance of exactly delta costs nothing: `<` on one side and `>` on the other
    leave it out.
    """
    r = y_hat - y
    losses_at = np.where(np.abs(r) < delta, _half_square(r, delta), _line(r, delta))
    return np.mean(np.where(np.abs(r) == delta, 0.0, losses_at))


@huber_loss.mistake("loss")
def multiplies_the_parabola_by_delta(y_hat, y, delta):
    """Near the target there is a factor delta too many. Put r = delta into both formulas: do they give the
    same number?
    """
    return _huber(lambda r, d: d * r**2 / 2, _line)(y_hat, y, delta)


@huber_loss.mistake("dy_hat", factor="mean")
def forgets_the_mean_of_huber(y_hat, y, delta):
    """The mean is forgotten on the way back. Copy the data twice over: the loss stays as it is, so each copy
    may pull only half as hard. Does yours?
    """
    return np.clip(y_hat - y, -delta, delta)


@huber_loss.mistake("dy_hat", factor="mean")
def divides_by_rows_alone(y_hat, y, delta):
    """Another convention: divided by the number of rows. In this loss the mean runs over all entries."""
    return np.clip(y_hat - y, -delta, delta) / len(y)


@huber_loss.mistake("dy_hat", factor="sign")
def turns_target_minus_prediction(y_hat, y, delta):
    """The sign is flipped: r is prediction minus target. Which way does the loss go when a prediction that is
    too high rises further?
    """
    return np.clip(y - y_hat, -delta, delta) / y.size


@huber_loss.mistake("dy_hat", row="E44")
def forgets_delta_in_the_pull(y_hat, y, delta):
    """Far from the target this is the sign alone; delta is forgotten. The two pieces must join without a jump
    in slope: at r = delta the near one arrives with slope delta.
    """
    return _huber_slope(_r, lambda r, d: np.sign(r))(y_hat, y, delta)


@huber_loss.mistake("dy_hat", row="E45")
def stops_pulling_far_out(y_hat, y, delta):
    """Far from the target the gradient is 0, so an outlier stops teaching altogether. The loss goes on as a
    straight line there: what is its slope?
    """
    return _huber_slope(_r, lambda r, d: 0 * r)(y_hat, y, delta)


@huber_loss.mistake("dy_hat", row="E46")
def pulls_always_the_same_way(y_hat, y, delta):
    """Far from the target this is delta without a sign, so it pushes always the same way. Try a negative
    residual.
    """
    return _huber_slope(_r, lambda r, d: d + 0 * r)(y_hat, y, delta)


@huber_loss.mistake("dy_hat")
def never_limits_the_pull(y_hat, y, delta):
    """This is the gradient of half the square everywhere: a far point pulls as hard as it is far. What does
    the straight line do to the slope?
    """
    return (y_hat - y) / y.size


@huber_loss.mistake("dy_hat")
def limits_the_pull_on_one_side(y_hat, y, delta):
    """The pull is limited on one side only. Predictions that are far too low have their limit too: -delta."""
    return np.minimum(y_hat - y, delta) / y.size


@huber_loss.mistake("dy_hat")
def exchanges_the_slopes(y_hat, y, delta):
    """The two slopes are exchanged: r belongs near the target, delta with the sign of r far from it."""
    return _huber_slope(_pull, _r)(y_hat, y, delta)


@huber_loss.mistake("dy_hat")
def keeps_r_in_the_slope_of_the_line(y_hat, y, delta):
    """Far from the target this is delta times r. The slope of delta |r| is delta to the right of 0 and
    -delta to the left: r itself is gone.
    """
    return _huber_slope(_r, lambda r, d: d * r)(y_hat, y, delta)


@huber_loss.mistake("dy_hat")
def differentiates_the_constant(y_hat, y, delta):
    """The constant part of the line is still in its slope. What does a nudge of r do to -delta/2?"""
    return _huber_slope(_r, lambda r, d: d * (np.sign(r) - d / 2))(y_hat, y, delta)


@huber_loss.mistake("dy_hat")
def keeps_a_two_near_the_target(y_hat, y, delta):
    """Near the target a 2 too many: this square has a 1/2 in front. The two pieces must join without a jump
    in slope.
    """
    return _huber_slope(lambda r, d: 2 * r, _pull)(y_hat, y, delta)


@huber_loss.mistake("dy_hat")
def has_the_same_pull_everywhere(y_hat, y, delta):
    """Every entry pulls with delta, near ones too. Near the target the slope is r and dies out."""
    return delta * np.sign(y_hat - y) / y.size


@huber_loss.mistake("dy_hat")
def pulls_with_one_everywhere(y_hat, y, delta):
    """This is the gradient of the absolute error. Near the target the slope is r, far from it delta with the
    sign of r."""
    return np.sign(y_hat - y) / y.size


@huber_loss.mistake("dy_hat")
def takes_one_for_delta(y_hat, y, delta):
    """delta is taken as 1 throughout. It is an argument."""
    return np.clip(y_hat - y, -1.0, 1.0) / y.size


@huber_loss.mistake("dy_hat")
def divides_the_pull_by_delta(y_hat, y, delta):
    """Another convention: everything is divided by delta (PyTorch calls that `SmoothL1Loss`). Here the slope
    near the target is r.
    """
    return np.clip(y_hat - y, -delta, delta) / y.size / delta


@huber_loss.mistake("dy_hat", factor="two")
def doubles_the_pull(y_hat, y, delta):
    """Twice what is due: the 1/2 near the target cancels the 2 of the square."""
    return 2 * np.clip(y_hat - y, -delta, delta) / y.size


@huber_loss.mistake("dy_hat")
def averages_the_pulls(y_hat, y, delta):
    """All entries are averaged into one number. How many predictions can be nudged, each by itself?"""
    return np.mean(np.clip(y_hat - y, -delta, delta))


@huber_loss.mistake("dy_hat")
def loses_the_sign(y_hat, y, delta):
    """The sign is lost, near the target and far from it: this is the slope for |r| in place of r. Which way
    must a prediction go that is too low?
    """
    return np.minimum(np.abs(y_hat - y), delta) / y.size


@huber_loss.mistake("dy_hat")
def halves_the_pull_far_out(y_hat, y, delta):
    """Far from the target this is half of delta. The half belongs to the constant part of the line: what does
    a nudge of r do to that?
    """
    return _huber_slope(_r, lambda r, d: d / 2 * np.sign(r))(y_hat, y, delta)


@huber_loss.mistake("dy_hat")
def has_no_pull_at_delta(y_hat, y, delta):
    """An entry that lies at a distance of exactly delta does not pull: `<` on one side and `>` on the other
    leave it out.
    """
    r = y_hat - y
    return np.where(np.abs(r) == delta, 0.0, np.clip(r, -delta, delta)) / r.size


@huber_loss.mistake("dy_hat")
def multiplies_r_by_delta_near_the_target(y_hat, y, delta):
    """Near the target there is a factor delta too many. The slope of half a square is r."""
    return _huber_slope(lambda r, d: d * r, _pull)(y_hat, y, delta)


# ---- binary_cross_entropy ----


def _both_classes(rng, n):
    """Targets 0 and 1, both of them, not in order."""
    return rng.permutation(np.arange(n) % 2).astype(float)


def probabilities_and_targets(rng):
    for n in (3, 4, 5, 7, 8):
        yield {"p": rng.uniform(0.05, 0.95, size=n), "y": _both_classes(rng, n)}
    yield {"p": np.array([0.05, 0.95, 0.7]), "y": np.array([1.0, 0.0, 1.0])}


binary_cross_entropy = Exercise(
    reference=losses.binary_cross_entropy,
    cases=probabilities_and_targets,
    returns=("loss", "dp"),
    points=2,
    hints=(
        (
            "Take one example with y = 1: which of the two logarithms is left? And with y = 0? Which sign "
            "makes the loss positive?"
        ),
        (
            "The slope of ln u is 1/u. In ln(1 - p) there is an inner function: what does 1 - p do when p "
            "moves up?"
        ),
        (
            "For one example the slope is -y/p + (1 - y)/(1 - p). The mean is taken over N examples; each p "
            "stands in one of them."
        ),
    ),
)


def _surprise(p, y):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def _surprise_slope(p, y):
    return (p - y) / (p * (1 - p))


@binary_cross_entropy.mistake("loss", factor="mean")
def adds_the_surprises_up(p, y):
    """The surprises are added up, not averaged. Copy the data twice over: should the loss double?"""
    return np.sum(_surprise(p, y))


@binary_cross_entropy.mistake("loss", factor="sign")
def forgets_the_minus_in_front(p, y):
    """The minus in front is missing. The logarithm of a probability is negative; a surprise is positive."""
    return -np.mean(_surprise(p, y))


@binary_cross_entropy.mistake("loss", row="E15", factor="base")
def measures_in_bits(p, y):
    """The logarithm is taken to base 2. Which base makes the slope of log x exactly 1/x? In NumPy that one is
    `np.log`.
    """
    return np.mean(_surprise(p, y)) / np.log(2)


@binary_cross_entropy.mistake("loss", row="E15", factor="base")
def takes_the_logarithm_to_base_ten(p, y):
    """The logarithm is taken to base 10. Which base makes the slope of log x exactly 1/x? In NumPy that one
    is `np.log`.
    """
    return np.mean(_surprise(p, y)) / np.log(10)


@binary_cross_entropy.mistake("loss", row="E16")
def exchanges_the_targets(p, y):
    """y and 1 - y are exchanged. Set y = 1 and p near 1: it happened as announced, so the surprise should be
    small.
    """
    return np.mean(_surprise(p, 1 - y))


@binary_cross_entropy.mistake("loss", row="E9")
def counts_only_what_happened(p, y):
    """The half for y = 0 is missing. What is the loss of a batch with only zeros as targets?"""
    return -np.mean(y * np.log(p))


@binary_cross_entropy.mistake("loss")
def counts_only_what_did_not_happen(p, y):
    """The half for y = 1 is missing. What is the loss of a batch with only ones as targets?"""
    return -np.mean((1 - y) * np.log(1 - p))


@binary_cross_entropy.mistake("loss")
def takes_p_in_both_halves(p, y):
    """The second logarithm takes p too. If y = 0 happened, which probability did it have?"""
    return -np.mean(y * np.log(p) + (1 - y) * np.log(p))


@binary_cross_entropy.mistake("loss")
def puts_the_one_outside_the_logarithm(p, y):
    """The second half has 1 - ln p where ln(1 - p) is due: the subtraction belongs inside."""
    return -np.mean(y * np.log(p) + (1 - y) * (1 - np.log(p)))


@binary_cross_entropy.mistake("loss")
def subtracts_the_second_half(p, y):
    """The two halves have opposite signs. Both are surprises, and both are positive."""
    return -np.mean(y * np.log(p) - (1 - y) * np.log(1 - p))


@binary_cross_entropy.mistake("loss")
def leaves_the_logarithm_out(p, y):
    """There is no logarithm: this is minus the mean probability of what happened."""
    return -np.mean(y * p + (1 - y) * (1 - p))


@binary_cross_entropy.mistake("loss")
def takes_the_probability_of_a_miss(p, y):
    """This is the mean distance between p and y. The surprise is minus the *logarithm* of the probability of
    what happened.
    """
    return np.mean(np.abs(p - y))


@binary_cross_entropy.mistake("loss")
def squares_the_distance(p, y):
    """This is the mean squared error. Here the surprise is asked for, with a logarithm."""
    return np.mean((p - y) ** 2)


@binary_cross_entropy.mistake("loss")
def takes_the_logarithm_last(p, y):
    """The logarithm is taken last, of the mean. Each example has a surprise of its own: logarithm first, then
    the mean.
    """
    return -np.log(np.mean(y * p + (1 - y) * (1 - p)))


@binary_cross_entropy.mistake("loss")
def gives_one_surprise_for_each_example(p, y):
    """One surprise for each example comes back. One number is due: their mean."""
    return _surprise(p, y)


@binary_cross_entropy.mistake("loss")
def forgets_the_brackets_of_one_minus_y(p, y):
    """Brackets are missing: `1 - y * ...` multiplies before it subtracts. The second half is (1 - y) times
    the logarithm of (1 - p).
    """
    return -np.mean(y * np.log(p) + 1 - y * np.log(1 - p))


@binary_cross_entropy.mistake("loss")
def never_switches_the_second_half_off(p, y):
    """The factor 1 - y is missing in the second half, so it counts where the answer was yes, too. One of the
    two terms is always switched off.
    """
    return -np.mean(y * np.log(p) + np.log(1 - p))


@binary_cross_entropy.mistake("loss")
def never_switches_any_half_off(p, y):
    """Both logarithms count for every example. Where y = 1 only the first may, where y = 0 only the second:
    what switches the other one off?
    """
    return -np.mean(np.log(p) + np.log(1 - p))


@binary_cross_entropy.mistake("loss")
def exchanges_p_and_y(p, y):
    """p and y have changed places: the logarithm is taken of the target, which is 0 or 1, and ln 0 is
    infinite. It belongs to what was *said*.
    """
    return -np.mean(p * np.log(y) + (1 - p) * np.log(1 - y))


@binary_cross_entropy.mistake("dp", row="E9")
def pulls_only_where_it_happened(p, y):
    """The half for y = 0 is missing. What is the gradient of a batch with only zeros as targets?"""
    return -(y / p) / len(y)


@binary_cross_entropy.mistake("dp")
def pulls_only_where_it_did_not_happen(p, y):
    """The half for y = 1 is missing. What is the gradient of a batch with only ones as targets?"""
    return (1 - y) / (1 - p) / len(y)


@binary_cross_entropy.mistake("dp", row="E10", factor="link")
def goes_one_link_too_far(p, y):
    """This is the gradient with respect to z, one link further back. Asked for is the one with respect to p:
    stop before the sigmoid.
    """
    return (p - y) / len(y)


@binary_cross_entropy.mistake("dp", row="E12", factor="link")
def multiplies_by_the_slope_of_the_sigmoid(p, y):
    """It is multiplied by p(1 - p) where it should be divided by it. No sigmoid is passed yet: p itself is
    nudged here.
    """
    return (p - y) * p * (1 - p) / len(y)


@binary_cross_entropy.mistake("dp", row="E13", factor="inner")
def loses_the_inner_derivative(p, y):
    """The second half has the wrong sign. Two minus signs meet there: the one in front of the loss, and the
    one from inside ln(1 - p), since 1 - p falls when p rises.
    """
    return -(y / p + (1 - y) / (1 - p)) / len(y)


@binary_cross_entropy.mistake("dp", row="E14", factor="mean")
def forgets_the_mean_over_examples(p, y):
    """The mean over the batch is forgotten on the way back. Copy the data twice over: the loss stays as it
    is, so each copy may pull only half as hard. Does yours?
    """
    return _surprise_slope(p, y)


@binary_cross_entropy.mistake("dp", factor="sign")
def flips_the_sign_of_the_surprise(p, y):
    """The sign is flipped. Take y = 1: when p rises, does the surprise grow or shrink?"""
    return -_surprise_slope(p, y) / len(y)


@binary_cross_entropy.mistake("dp", row="E15", factor="base")
def differentiates_bits(p, y):
    """This is the gradient of a loss in bits, with a logarithm to base 2. Here it is the natural one."""
    return _surprise_slope(p, y) / len(y) / np.log(2)


@binary_cross_entropy.mistake("dp", row="E16")
def exchanges_the_targets_on_the_way_back(p, y):
    """y and 1 - y are exchanged: this pulls p away from its target."""
    return _surprise_slope(p, 1 - y) / len(y)


@binary_cross_entropy.mistake("dp", row="E18")
def decides_before_it_compares(p, y):
    """p was rounded to 0 or 1 before it was compared with y. A step has no useful slope: p = 0.51 and
    p = 0.99 must not pull alike.
    """
    return ((p > 0.5) - y) / len(y)


@binary_cross_entropy.mistake("dp")
def forgets_the_brackets_of_the_denominator(p, y):
    """Brackets are missing round the denominator: in `a / p * (1 - p)` the last factor multiplies. It belongs
    below the fraction line.
    """
    return (p - y) / p * (1 - p) / len(y)


binary_cross_entropy.mistake("dp")(
    _twin(forgets_the_brackets_of_the_denominator, lambda p, y: (p - y) / p * (1 - p) * len(y))
)


@binary_cross_entropy.mistake("dp")
def forgets_the_brackets_of_one_minus_p(p, y):
    """Brackets are missing: `(1 - y) / 1 - p` divides before it subtracts."""
    return (-y / p + (1 - y) / 1 - p) / len(y)


@binary_cross_entropy.mistake("dp")
def forgets_the_brackets_before_the_mean(p, y):
    """Only the second half is divided by N: brackets are missing round the sum of the two."""
    return -y / p + (1 - y) / (1 - p) / len(y)


@binary_cross_entropy.mistake("dp")
def divides_by_p_alone(p, y):
    """The second factor of the denominator, 1 - p, is missing. Bring -y/p + (1 - y)/(1 - p) to one
    fraction."""
    return (p - y) / p / len(y)


@binary_cross_entropy.mistake("dp")
def divides_by_p_in_both_halves(p, y):
    """Both halves are divided by p. In the second one the logarithm holds 1 - p."""
    return (-y / p + (1 - y) / p) / len(y)


@binary_cross_entropy.mistake("dp")
def takes_the_slope_of_squares(p, y):
    """This is the gradient of the mean squared error. Here the slope of a logarithm is due."""
    return 2 * (p - y) / len(y)


@binary_cross_entropy.mistake("dp")
def averages_the_gradient_away(p, y):
    """All entries are averaged into one number. Each p can be nudged by itself: one gradient for each."""
    return np.mean(_surprise_slope(p, y))


@binary_cross_entropy.mistake("dp")
def never_switches_any_slope_off(p, y):
    """Both halves count for every example. Where y = 1 only the first may, where y = 0 only the second: what
    switches the other one off?
    """
    return (-1 / p + 1 / (1 - p)) / len(y)


@binary_cross_entropy.mistake("dp")
def pulls_up_whatever_happened(p, y):
    """This is the slope of -ln p for every example, whatever happened. Where y = 0, the surprise is
    -ln(1 - p).
    """
    return -1 / p / len(y)


def _safe_log(eps):
    """A constant added for safety: right for small ones, biased for larger ones."""

    def adds_too_large_a_constant(p, y):
        return -np.mean(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))

    adds_too_large_a_constant.__doc__ = f"""The constant added for safety, {_adds(eps)}, is large enough to
    move the result. Compare at p = 0.05 with and without it: at most 1e-9 is accepted here."""
    inside = _twin(
        adds_too_large_a_constant, lambda p, y: (-y / (p + eps) + (1 - y) / (1 - p + eps)) / len(y)
    )
    below = _twin(adds_too_large_a_constant, lambda p, y: (p - y) / (p * (1 - p) + eps) / len(y))
    if eps > 1e-8:  # a smaller one is near the tolerance of the loss
        binary_cross_entropy.mistake("loss", row="E20")(adds_too_large_a_constant)
    binary_cross_entropy.mistake("dp", row="E20")(inside)
    binary_cross_entropy.mistake("dp", row="E20")(below)


for _eps in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8):
    _safe_log(_eps)


# ---- bce_with_logits ----


def logits_and_targets(rng):
    """Logits of both signs on both targets."""
    for n in (3, 4, 5, 7, 8):
        yield {"z": _residuals(rng, (n,), 0.2, 3.0), "y": _both_classes(rng, n)}
    yield {"z": np.array([2.5, -1.5, 0.5, -3.0, 1.0]), "y": np.array([0.0, 1.0, 1.0, 0.0, 1.0])}


def sure_and_wrong(rng):
    """Where the probability of what happened becomes 0, or an exponential overflows."""
    yield "`z[0]` = 1000 and `y[0]` = 0", {"z": np.array([1000.0, 0.5, -2.0]), "y": np.array([0.0, 1.0, 0.0])}
    yield (
        "`z[0]` = -1000 and `y[0]` = 1",
        {"z": np.array([-1000.0, 0.5, 2.0]), "y": np.array([1.0, 1.0, 0.0])},
    )
    yield (
        "`z` = 1000 and -1000, right both times",
        {"z": np.array([-1000.0, 1000.0, 0.5]), "y": np.array([0.0, 1.0, 0.0])},
    )
    yield "`z` = 40 and -40", {"z": np.array([40.0, -40.0, 40.0, -40.0]), "y": np.array([0.0, 0.0, 1.0, 1.0])}


bce_with_logits = Exercise(
    reference=losses.bce_with_logits,
    cases=logits_and_targets,
    extreme=sure_and_wrong,
    returns=("loss", "dz"),
    points=2,
    hints=(
        (
            "The gradient is the easy part: what came out when the two long factors were multiplied? And for "
            "the loss: which of the four pieces can overflow, and for which z?"
        ),
        (
            "One part of the loss never sees an exponential of something positive. Test your line in your "
            "head at z = 1000 for y = 0, then for y = 1: 1000 and 0 should come out."
        ),
        (
            "Three terms for each example: the larger of z and 0, minus z times y, plus ln(1 + e to the "
            "minus |z|). `np.log1p(u)` is ln(1 + u). Then the mean."
        ),
    ),
)


def _stable(z, y):
    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))


@bce_with_logits.mistake("loss", row="E21")
def drops_the_larger_of_z_and_0(z, y):
    """The term max(z, 0) is lost from the stable form. Test one large positive z with y = 0: the loss should
    be about z.
    """
    return np.mean(-z * y + np.log1p(np.exp(-np.abs(z))))


@bce_with_logits.mistake("loss", row="E22")
def lets_the_exponent_be_positive(z, y):
    """The exponent is +|z|, so the exponential overflows exactly where this form should help. Which sign
    keeps the exponent below 0?
    """
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(np.abs(z))))


@bce_with_logits.mistake("loss", row="E23")
def is_the_formula_for_labels_of_plus_and_minus_one(z, y):
    """This is the formula for targets -1 and +1. What does it give for y = 0, whatever z is?"""
    return np.mean(np.log1p(np.exp(-y * z)))


@bce_with_logits.mistake("loss")
def overflows_in_the_plain_form(z, y):
    """e to the power of 1000 is too large for a float, so ln(1 + e^z) becomes infinite. The larger of z and 0
    can be taken out first.
    """
    return np.mean(np.log(1 + np.exp(z)) - z * y)


@bce_with_logits.mistake("loss")
def takes_the_minus_form_without_care(z, y):
    """e to the power of -z overflows for a very negative z. Keep the exponent below 0 on both sides: with
    -|z|.
    """
    return np.mean(np.log(1 + np.exp(-z)) + (1 - y) * z)


@bce_with_logits.mistake("loss", row="E19")
def takes_the_logarithm_of_a_rounded_probability(z, y):
    """The way leads over p = sigmoid(z), and for large z a float p is exactly 1. Then ln(1 - p) is ln 0.
    Start from z: the logarithm can be taken before the probability is formed.
    """
    return np.mean(_surprise(s(z), y))


@bce_with_logits.mistake("loss", factor="mean")
def adds_the_logit_losses_up(z, y):
    """The examples are added up, not averaged. Copy the data twice over: should the loss double?"""
    return np.sum(_stable(z, y))


@bce_with_logits.mistake("loss", factor="sign")
def has_a_minus_before_the_loss(z, y):
    """The sign is flipped: a surprise is never negative."""
    return -np.mean(_stable(z, y))


@bce_with_logits.mistake("loss")
def adds_the_target_term(z, y):
    """The term z y is added. For y = 1 and a large z the neuron is right, so the loss should be near 0."""
    return np.mean(np.maximum(z, 0) + z * y + np.log1p(np.exp(-np.abs(z))))


@bce_with_logits.mistake("loss")
def leaves_the_target_out(z, y):
    """The targets are missing: this is the loss if every y were 0."""
    return np.mean(_stable(z, 0 * y))


@bce_with_logits.mistake("loss")
def subtracts_z_from_every_example(z, y):
    """z is subtracted from every example: this is the loss if every y were 1."""
    return np.mean(_stable(z, 0 * y + 1))


@bce_with_logits.mistake("loss", row="E16")
def exchanges_the_targets_of_the_logits(z, y):
    """y and 1 - y are exchanged. For y = 1 and a large z the loss should be near 0."""
    return np.mean(_stable(z, 1 - y))


@bce_with_logits.mistake("loss")
def drops_the_logarithm(z, y):
    """The logarithm is missing from the stable form: this is right for z far from 0 only."""
    return np.mean(np.maximum(z, 0) - z * y)


@bce_with_logits.mistake("loss")
def forgets_the_one_in_the_logarithm(z, y):
    """The 1 inside the logarithm is missing, so logarithm and exponential cancel and -|z| is left."""
    return np.mean(np.maximum(z, 0) - z * y - np.abs(z))


@bce_with_logits.mistake("loss")
def adds_the_exponential_without_a_logarithm(z, y):
    """The exponential stands without its logarithm."""
    return np.mean(np.maximum(z, 0) - z * y + np.exp(-np.abs(z)))


@bce_with_logits.mistake("loss")
def adds_the_size_of_a_negative_logit(z, y):
    """For a negative z the size of z is added, and it should not be. Either the exponent is -z where -|z| is
    due, or |z| stands where max(z, 0) is due: the two come to the same.
    """
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-z)))


@bce_with_logits.mistake("loss")
def subtracts_the_logarithm(z, y):
    """The logarithm is subtracted. ln(1 + e^z) is a sum: the larger of z and 0, *plus* a small rest."""
    return np.mean(np.maximum(z, 0) - z * y - np.log1p(np.exp(-np.abs(z))))


@bce_with_logits.mistake("loss")
def subtracts_the_target_alone(z, y):
    """The target is subtracted without its logit: the term is z times y."""
    return np.mean(np.maximum(z, 0) - y + np.log1p(np.exp(-np.abs(z))))


@bce_with_logits.mistake("loss")
def takes_the_smaller_of_z_and_0(z, y):
    """This takes the *smaller* of z and 0. The larger one was taken out of the logarithm."""
    return np.mean(np.minimum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@bce_with_logits.mistake("loss", row="E15", factor="base")
def measures_logits_in_bits(z, y):
    """The logarithm is taken to base 2. Here it is the natural one."""
    return np.mean(_stable(z, y)) / np.log(2)


@bce_with_logits.mistake("loss")
def takes_the_logit_for_a_probability(z, y):
    """z is treated as if it were a probability. It can be any number, so its logarithm need not exist."""
    return np.mean(_surprise(z, y))


@bce_with_logits.mistake("loss")
def squashes_the_logit_twice(z, y):
    """The sigmoid is applied twice: the loss is given sigmoid(z) as if that were a logit."""
    return np.mean(_stable(s(z), y))


@bce_with_logits.mistake("loss")
def gives_one_loss_for_each_logit(z, y):
    """One loss for each example comes back. One number is due: their mean."""
    return _stable(z, y)


@bce_with_logits.mistake("loss")
def squares_probability_minus_target(z, y):
    """This is the squared error of the probabilities. Here the surprise is asked for."""
    return np.mean((s(z) - y) ** 2)


@bce_with_logits.mistake("loss")
def takes_the_largest_of_all_logits(z, y):
    """`np.max(z, 0)` is the largest entry along axis 0: one number for all examples. The larger of each z and
    0 is another function of NumPy, which compares two arrays entry by entry.
    """
    return np.mean(np.max(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@bce_with_logits.mistake("loss")
def adds_the_one_twice(z, y):
    """`np.log1p` adds the 1 itself; here it is added twice."""
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(1 + np.exp(-np.abs(z))))


@bce_with_logits.mistake("loss")
def is_the_softplus_of_z_times_y(z, y):
    """The target stands inside the maximum. Without targets the first term is ln(1 + e^z) alone; only z y is
    taken off it.
    """
    return np.mean(np.maximum(z * y, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


@bce_with_logits.mistake("loss")
def switches_only_the_maximum_off(z, y):
    """The target meets max(z, 0), where it should meet z itself. With y = 1 and a very negative z the loss
    should be about |z|.
    """
    return np.mean(np.maximum(z, 0) * (1 - y) + np.log1p(np.exp(-np.abs(z))))


@bce_with_logits.mistake("loss")
def subtracts_the_probability_for_the_logit(z, y):
    """The probability is subtracted where the target is 1, and it should be the logit: z times y."""
    return np.mean(np.maximum(z, 0) - s(z) * y + np.log1p(np.exp(-np.abs(z))))


@bce_with_logits.mistake("loss")
def exchanges_the_safe_forms(z, y):
    """There are two forms of ln(1 + e^z), and each stands where the other one is safe. Which exponent is
    negative for a large z: z or -z?
    """
    return np.mean(np.where(z < 0, z + np.log1p(np.exp(-z)), np.log1p(np.exp(z))) - z * y)


@bce_with_logits.mistake("dz", row="E11", factor="link")
def stops_at_the_probability(z, y):
    """This is the gradient with respect to p. The link through the sigmoid is missing: multiply by its slope
    p(1 - p), and see what is left.
    """
    return _surprise_slope(s(z), y) / len(y)


@bce_with_logits.mistake("dz", row="E12", factor="link")
def multiplies_the_slope_in_once_more(z, y):
    """The slope p(1 - p) is multiplied in, as it had to be for the squared error. With this loss it has
    cancelled already: multiply dp by the slope on paper.
    """
    return (s(z) - y) * s(z) * (1 - s(z)) / len(y)


@bce_with_logits.mistake("dz", row="E14", factor="mean")
def forgets_the_mean_over_the_logits(z, y):
    """The mean over the batch is forgotten on the way back. Copy the data twice over: the loss stays as it
    is, so each copy may pull only half as hard. Does yours?
    """
    return s(z) - y


@bce_with_logits.mistake("dz", row="E17")
def compares_the_logit_with_the_target(z, y):
    """The logit stands where the probability belongs. Should this gradient grow without bound when z does?"""
    return (z - y) / len(y)


@bce_with_logits.mistake("dz", row="E18")
def decides_before_comparing(z, y):
    """The prediction was rounded to 0 or 1 before it was compared with y. A step has no useful slope: use the
    probability itself.
    """
    return ((z > 0) - y) / len(y)


@bce_with_logits.mistake("dz", factor="sign")
def takes_target_minus_probability(z, y):
    """The sign is flipped: probability minus target is due. Take y = 1: does the loss grow or shrink when z
    rises?
    """
    return (y - s(z)) / len(y)


@bce_with_logits.mistake("dz")
def never_subtracts_the_target(z, y):
    """The target is never subtracted. If the targets changed, would your gradient?"""
    return s(z) / len(y)


@bce_with_logits.mistake("dz", row="E16")
def compares_with_the_other_target(z, y):
    """y and 1 - y are exchanged: this pulls away from the target."""
    return (s(z) - (1 - y)) / len(y)


@bce_with_logits.mistake("dz")
def squashes_twice_on_the_way_back(z, y):
    """The sigmoid is applied twice before the target is subtracted."""
    return (s(s(z)) - y) / len(y)


@bce_with_logits.mistake("dz")
def adds_the_target(z, y):
    """The target is added. What is due is what was said minus what happened."""
    return (s(z) + y) / len(y)


@bce_with_logits.mistake("dz", factor="mean")
def divides_twice(z, y):
    """Divided by N twice. The mean is taken once."""
    return (s(z) - y) / len(y) ** 2


@bce_with_logits.mistake("dz")
def divides_only_the_target(z, y):
    """Only the target is divided by N: brackets are missing round the difference."""
    return s(z) - y / len(y)


@bce_with_logits.mistake("dz")
def overflows_on_the_way_back(z, y):
    """For a large z both numerator and denominator of the sigmoid overflow, and inf/inf is nan. Lesson 01's
    form never does.
    """
    p = np.exp(z) / (1 + np.exp(z))
    return (p - y) / len(y)


@bce_with_logits.mistake("dz")
def becomes_0_over_0_on_the_way_back(z, y):
    """dp times p(1 - p) is right in the middle. Where p is exactly 0 or 1 it divides by 0 first and
    multiplies by 0 afterwards. Multiply on paper: what cancels cannot fail.
    """
    p = s(z)
    return _surprise_slope(p, y) * p * (1 - p) / len(y)


@bce_with_logits.mistake("dz")
def averages_the_logit_gradients_away(z, y):
    """All entries are averaged into one number. Each z can be nudged by itself: one gradient for each."""
    return np.mean(s(z) - y)


@bce_with_logits.mistake("dz", factor="two")
def keeps_a_two(z, y):
    """There is a 2 in it, as from a square. Nothing is squared in this loss."""
    return 2 * (s(z) - y) / len(y)


def _cut(limit):
    def cuts_the_logits_off(z, y):
        return np.mean(np.log(1 + np.exp(np.clip(z, -limit, limit))) - np.clip(z, -limit, limit) * y)

    cuts_the_logits_off.__doc__ = f"""The logits are cut off at {limit}, so that `exp` holds. But then the
    loss is that of another logit: at z = 1000 it should be 1000. Which form never sees the exponential of
    something positive?"""
    bce_with_logits.mistake("loss")(cuts_the_logits_off)
    bce_with_logits.mistake("loss")(
        _twin(
            cuts_the_logits_off, lambda z, y: np.mean(np.log(1 + np.exp(np.clip(z, -limit, limit))) - z * y)
        )
    )


for _limit in (20, 30, 50, 100, 500, 700):
    _cut(_limit)


def _capped(eps):
    """A detour over a probability that is kept away from 0 and 1: one cause, two formulas."""

    def keeps_the_probability_off_zero(z, y):
        p = np.clip(s(z), eps, 1 - eps)
        return np.mean(_surprise(p, y))

    keeps_the_probability_off_zero.__doc__ = f"""The probability is kept away from 0 by {_adds(eps)}, so the
    loss can never exceed {-np.log(eps):.1f}; at z = 1000 it should be 1000. Start from z instead of p."""
    bce_with_logits.mistake("loss", row="E19")(keeps_the_probability_off_zero)
    adding = _twin(
        keeps_the_probability_off_zero,
        lambda z, y: -np.mean(y * np.log(s(z) + eps) + (1 - y) * np.log(1 - s(z) + eps)),
    )
    bce_with_logits.mistake("loss", row="E19")(adding)


for _eps in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15):
    _capped(_eps)


def _never_quite(eps):
    def compares_a_clipped_probability(z, y):
        return (np.clip(s(z), eps, 1 - eps) - y) / len(y)

    compares_a_clipped_probability.__doc__ = f"""The probability is kept away from 0 and 1 by {_adds(eps)}, so
    whoever is right beyond doubt still gets a pull. In the gradient nothing can become infinite: take
    sigmoid(z) as it is."""
    bce_with_logits.mistake("dz", row="E19")(compares_a_clipped_probability)


for _eps in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7):
    _never_quite(_eps)


# ---- one_hot ----


def _labels(rng, n, classes, k):
    """Class numbers below `classes`, each of which occurs if there is room; not sorted, no plain counting."""
    while True:
        labels = rng.permutation(np.resize(np.arange(classes), n))
        if np.any(np.diff(labels) < 0) and not np.array_equal(labels, np.arange(n) % k):
            return labels


TABLES = ((3, 4, 3), (5, 3, 3), (4, 6, 4), (7, 4, 3), (8, 5, 5), (9, 7, 6), (5, 9, 5))  # N, K, classes


def class_numbers(rng):
    """With all classes there, with the last one absent, with more classes than rows."""
    for n, k, classes in TABLES:
        yield {"labels": _labels(rng, n, classes, k), "K": k}


one_hot = Exercise(
    reference=losses.one_hot,
    cases=class_numbers,
    returns=("table",),
    points=1,
    hints=(
        "Where does the 1 of row n stand? How many columns are there if nobody has the last class?",
        (
            "`np.zeros((N, K))` makes an empty table. The place of each 1 is a pair: a row number and a "
            "class number."
        ),
        (
            "Index an array with two lists of equal length, and NumPy goes through them in pairs. The rows "
            "are `np.arange(len(labels))`. Or: which rows of the K by K identity matrix do you need?"
        ),
    ),
)


@one_hot.mistake("table")
def exchanges_rows_and_columns(labels, K):
    """Rows and columns are exchanged. A row is an example, a column is a class."""
    return np.eye(K)[:, labels]


@one_hot.mistake("table")
def counts_the_classes_in_the_labels(labels, K):
    """The number of columns was taken from the labels. The last class may be absent from a batch, and its
    column is there all the same: K says how many.
    """
    return np.eye(labels.max() + 1)[labels]


@one_hot.mistake("table")
def counts_classes_from_one(labels, K):
    """Every 1 stands one place too far left: the classes are counted from 0."""
    return np.eye(K)[labels - 1]


@one_hot.mistake("table")
def moves_every_one_to_the_right(labels, K):
    """Every 1 stands one place too far right: the classes are counted from 0."""
    return np.eye(K)[(labels + 1) % K]


@one_hot.mistake("table")
def has_a_column_too_many(labels, K):
    """There is a column too many. The classes run from 0 to K - 1, so there are K."""
    return np.eye(K + 1)[labels]


@one_hot.mistake("table")
def fills_whole_columns(labels, K):
    """Every row has a 1 for every label. `[:, labels]` means these columns in *all* rows; and a row that is
    made once and filled again and again collects them all. Each row has one label of its own.
    """
    table = np.zeros((len(labels), K))
    table[:, labels] = 1
    return table


@one_hot.mistake("table")
def fills_whole_rows(labels, K):
    """Whole rows are filled: a single index picks rows, and a label is a column. Which row does each label
    belong to?
    """
    table = np.zeros((len(labels), K))
    table[labels] = 1
    return table


@one_hot.mistake("table")
def leaves_the_table_empty(labels, K):
    """The table is empty: no 1 was written into it, or it was written into something else."""
    return np.zeros((len(labels), K))


@one_hot.mistake("table")
def is_full_of_ones(labels, K):
    """The table is full of ones. Each row has one 1, at the place of its class."""
    return np.ones((len(labels), K))


@one_hot.mistake("table")
def writes_the_class_number(labels, K):
    """The class number itself is written, and class 0 leaves no trace. A 1 is due at its place."""
    table = np.zeros((len(labels), K))
    table[np.arange(len(labels)), labels] = labels
    return table


@one_hot.mistake("table")
def stops_after_the_first_row(labels, K):
    """Only the first row has its 1. Is the `return` inside the loop?"""
    table = np.zeros((len(labels), K))
    table[0, labels[0]] = 1
    return table


@one_hot.mistake("table")
def leaves_the_last_row_empty(labels, K):
    """The last row has no 1. How far does the loop run: `range(n)` ends at n - 1 by itself."""
    table = np.eye(K)[labels]
    table[-1] = 0
    return table


@one_hot.mistake("table")
def exchanges_zeros_and_ones(labels, K):
    """Zeros and ones are exchanged."""
    return 1.0 - np.eye(K)[labels]


@one_hot.mistake("table")
def ignores_the_labels(labels, K):
    """The ones run down the diagonal, whatever the labels are."""
    return np.eye(len(labels), K)


@one_hot.mistake("table")
def gives_the_identity_matrix(labels, K):
    """This is the K by K identity matrix. Its rows are what is needed: pick one for each label."""
    return np.eye(K)


@one_hot.mistake("table")
def makes_every_row_fill_up(labels, K):
    """Each row has ones up to its class. Only the place of the class itself gets one."""
    return (np.arange(K) <= labels[:, None]) * 1.0


# ---- log_softmax ----


def scores(rng):
    for n, k, _ in TABLES:
        yield {"z": rng.normal(scale=1.5, size=(n, k)) + rng.normal(size=(n, 1))}


def square_scores(rng):
    for n in (3, 4, 5):
        yield {"z": rng.normal(scale=1.5, size=(n, n))}


def extreme_scores(rng):
    """Where exp overflows, a probability becomes 0, or a shift by another row's largest score hurts."""
    yield "scores near 1000", {"z": np.array([[1000.0, 999.0, 998.5, 1000.5], [3.0, 2.0, 2.5, 1.0]])}
    yield (
        "a class that is far ahead",
        {"z": np.array([[1000.0, 0.0, -1000.0, 2.0], [-900.0, 1.0, 0.0, -1000.0], [0.5, 0.0, 800.0, 1.0]])},
    )
    yield "scores near 400", {"z": np.array([[400.0, 399.0, 398.5, 401.0], [2.0, -1.0, 0.5, 1.5]])}
    yield (
        "rows of very different size",
        {"z": np.array([[1000.0, 999.0, 998.0, 997.5], [-1000.0, -999.0, -998.5, -1001.0]])},
    )


log_softmax = Exercise(
    reference=losses.log_softmax,
    cases=scores,
    extreme=extreme_scores,
    square=square_scores,
    returns=("log_p",),
    points=1,
    hints=(
        "What is the logarithm of a quotient? And what is the logarithm of an exponential?",
        (
            "Subtract the largest score of each row first, as in lesson 05. The largest exponential is then "
            "1, so the sum lies between 1 and K and its logarithm is harmless."
        ),
        (
            "Two lines: the shifted scores, then shifted minus the logarithm of the sum of their "
            "exponentials. Both sums run along a row; `keepdims=True` keeps them as columns."
        ),
    ),
)


def _log_p(z, axis=1):
    shifted = z - z.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _sum(z):
    return z.sum(axis=1, keepdims=True)


def _top(z):
    return z.max(axis=1, keepdims=True)


def _plain(z):
    """The softmax as the formula has it: overflows."""
    return np.exp(z) / _sum(np.exp(z))


@log_softmax.mistake("log_p")
def forgets_the_logarithm(z):
    """These are the probabilities. Their logarithms are due."""
    return softmax(z)


@log_softmax.mistake("log_p", row="E30")
def normalises_down_the_columns(z):
    """Normalised down the columns, across examples. Which probabilities should add up to 1: those of one
    example.
    """
    return _log_p(z, axis=0)


@log_softmax.mistake("log_p")
def normalises_over_the_whole_table(z):
    """Normalised over the whole table. Each row by itself: its probabilities add up to 1."""
    return _log_p(z, axis=None)


@log_softmax.mistake("log_p")
def forgets_to_normalise(z):
    """The shifted scores come back; the logarithm of the sum was not subtracted. The exponentials of a row
    should add up to 1.
    """
    return z - _top(z)


@log_softmax.mistake("log_p")
def subtracts_the_sum_itself(z):
    """The sum of the exponentials is subtracted without its logarithm. A quotient becomes a difference of
    *logarithms*.
    """
    return z - _top(z) - _sum(np.exp(z - _top(z)))


@log_softmax.mistake("log_p")
def divides_by_the_logarithm(z):
    """Divided by the logarithm of the sum. The logarithm of a quotient is a difference."""
    return (z - _top(z)) / np.log(_sum(np.exp(z - _top(z))))


@log_softmax.mistake("log_p")
def shifts_only_inside_the_exponential(z):
    """The largest score is subtracted inside the exponential and nowhere else. Whatever is taken from one
    side must be taken from the other.
    """
    return z - np.log(_sum(np.exp(z - _top(z))))


@log_softmax.mistake("log_p")
def shifts_only_outside_the_exponential(z):
    """The largest score is subtracted outside the exponential and nowhere else. Whatever is taken from one
    side must be taken from the other.
    """
    return z - _top(z) - np.log(_sum(np.exp(z)))


@log_softmax.mistake("log_p", factor="sign")
def turns_it_into_a_surprise(z):
    """The sign is flipped: logarithms of probabilities are never positive."""
    return -_log_p(z)


@log_softmax.mistake("log_p", factor="base")
def takes_logarithms_to_base_two(z):
    """The logarithms are to base 2. Here the natural one is meant: `np.log`."""
    return _log_p(z) / np.log(2)


@log_softmax.mistake("log_p")
def mixes_the_bases(z):
    """The sum's logarithm is to base 2, and it must undo a natural exponential: `np.log`."""
    return z - _top(z) - np.log2(_sum(np.exp(z - _top(z))))


@log_softmax.mistake("log_p")
def averages_the_exponentials(z):
    """The exponentials are averaged where they should be added up."""
    return z - _top(z) - np.log(_sum(np.exp(z - _top(z))) / z.shape[1])


@log_softmax.mistake("log_p")
def adds_the_logarithm_of_the_sum(z):
    """The logarithm of the sum is added. Dividing becomes subtracting."""
    return z - _top(z) + np.log(_sum(np.exp(z - _top(z))))


@log_softmax.mistake("log_p")
def adds_the_logarithms_up(z):
    """The logarithm was taken before the sum, and undoes the exponential. First add the exponentials of a row
    up, then take the logarithm.
    """
    return z - _top(z) - _sum(z - _top(z))


@log_softmax.mistake("log_p")
def shifts_each_column(z):
    """The largest score of each *column* is subtracted, so the scores of a row move by different amounts.
    Only a shift of a whole row changes nothing.
    """
    shifted = z - z.max(axis=0)
    return shifted - np.log(_sum(np.exp(shifted)))


@log_softmax.mistake("log_p")
def forgets_keepdims(z):
    """The row's number has become a flat array, and NumPy lines it up with the columns. Keep it as a column:
    `keepdims=True`.
    """
    shifted = z - z.max(axis=1)
    return shifted - np.log(np.exp(shifted).sum(axis=1))


@log_softmax.mistake("log_p")
def forgets_keepdims_of_the_sum(z):
    """The sum of a row has become a flat array, and NumPy lines it up with the columns. Keep it as a column:
    `keepdims=True`.
    """
    shifted = z - _top(z)
    return shifted - np.log(np.exp(shifted).sum(axis=1))


log_softmax.mistake("log_p")(_twin(forgets_keepdims_of_the_sum, lambda z: z - np.log(np.exp(z).sum(axis=1))))
log_softmax.mistake("log_p")(
    _twin(forgets_keepdims, lambda z: z - z.max(axis=1) - np.log(_sum(np.exp(z - z.max(axis=1)))))
)


@log_softmax.mistake("log_p")
def adds_up_the_whole_table(z):
    """The exponentials of the whole table are added up. Each row has a sum of its own: along which axis?"""
    return z - _top(z) - np.log(np.exp(z - _top(z)).sum())


@log_softmax.mistake("log_p")
def adds_up_down_the_columns(z):
    """The sum runs down the columns, across examples. Each row has a sum of its own: along which axis?"""
    shifted = z - _top(z)
    return shifted - np.log(np.exp(shifted).sum(axis=0))


@log_softmax.mistake("log_p")
def adds_a_one_to_the_sum(z):
    """`np.log1p` adds 1 to the sum before it takes the logarithm. Here the sum is meant as it is."""
    return z - _top(z) - np.log1p(_sum(np.exp(z - _top(z))))


@log_softmax.mistake("log_p")
def takes_the_logarithm_of_summed_scores(z):
    """The scores are added up without their exponentials, and a sum of scores may be negative. It is the
    exponentials of a row that are added up.
    """
    return z - np.log(_sum(z))


@log_softmax.mistake("log_p")
def takes_the_logarithm_of_a_plain_quotient(z):
    """The quotient is formed without a shift and before the logarithm: for large scores it is inf/inf, for
    very negative ones 0/0. Shift each row first, and take the logarithm of the quotient as a difference.
    """
    return np.log(_plain(z))


@log_softmax.mistake("log_p")
def does_not_shift(z):
    """Without a shift `exp` overflows for large scores, and underflows to ln 0 for very negative ones.
    Subtract the largest score of each row first: it changes nothing else.
    """
    return z - np.log(_sum(np.exp(z)))


@log_softmax.mistake("log_p")
def shifts_by_the_largest_of_all(z):
    """All rows are shifted by one number, the largest of the whole table. A row far below it underflows
    altogether, and ln 0 is left: shift each row by its own largest score.
    """
    shifted = z - z.max()
    return shifted - np.log(_sum(np.exp(shifted)))


@log_softmax.mistake("log_p")
def shifts_by_the_smallest(z):
    """Shifted by the *smallest* score of a row, so the exponentials still overflow. Which shift keeps every
    exponent at or below 0?
    """
    shifted = z - z.min(axis=1, keepdims=True)
    return shifted - np.log(_sum(np.exp(shifted)))


@log_softmax.mistake("log_p")
def shifts_by_the_mean(z):
    """Shifted by the mean of a row, so an exponential can still overflow. Which shift keeps every exponent at
    or below 0?
    """
    shifted = z - z.mean(axis=1, keepdims=True)
    return shifted - np.log(_sum(np.exp(shifted)))


@log_softmax.mistake("log_p")
def adds_the_largest(z):
    """The largest score of a row is added, and it should be subtracted: now the exponents are twice as
    large. Which shift keeps every exponent at or below 0?
    """
    shifted = z + _top(z)
    return shifted - np.log(_sum(np.exp(shifted)))


@log_softmax.mistake("log_p")
def shifts_by_the_largest_size(z):
    """Shifted by the largest *size* of a row, without its sign. Where all scores are very negative they only
    become more so, and ln 0 is left. Take the largest score itself.
    """
    shifted = z - np.abs(z).max(axis=1, keepdims=True)
    return shifted - np.log(_sum(np.exp(shifted)))


@log_softmax.mistake("log_p")
def divides_by_the_largest(z):
    """Each row is divided by its largest score, and that changes how far apart the scores are. What leaves
    the probabilities as they are is a shift: subtract it.
    """
    return _log_p(z / _top(z))


@log_softmax.mistake("log_p")
def mixes_in_the_base_ten(z):
    """The sum's logarithm is to base 10, and it must undo a natural exponential: `np.log`."""
    return z - _top(z) - np.log10(_sum(np.exp(z - _top(z))))


@log_softmax.mistake("log_p", row="E38")
def takes_the_logarithm_of_finished_probabilities(z):
    """The probabilities are formed first, and where one of them is too small for a float it is 0 and its
    logarithm infinite. Take the logarithm before the exponential is formed: the logarithm of a quotient is a
    difference.
    """
    return np.log(softmax(z))


def _floored(eps):
    """Finished probabilities with a floor: one cause, two formulas."""

    def keeps_the_probabilities_off_zero(z):
        return np.log(np.clip(softmax(z), eps, 1.0))

    keeps_the_probabilities_off_zero.__doc__ = f"""The probabilities are kept above 0 by {_adds(eps)}. Then no
    logarithm falls below {np.log(eps):.1f}, whatever the scores are; here it can be -1000. Take the logarithm
    before the exponential is formed."""
    log_softmax.mistake("log_p", row="E38")(keeps_the_probabilities_off_zero)
    adding = _twin(keeps_the_probabilities_off_zero, lambda z: np.log(softmax(z) + eps))
    log_softmax.mistake("log_p", row="E38")(adding)


for _eps in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15):
    _floored(_eps)


# ---- softmax_cross_entropy ----


def scores_and_labels(rng):
    for n, k, classes in TABLES:
        yield {"z": rng.normal(scale=1.5, size=(n, k)), "labels": _labels(rng, n, classes, k)}


def square_scores_and_labels(rng):
    for n in (4, 5, 6):
        yield {"z": rng.normal(scale=1.5, size=(n, n)), "labels": _labels(rng, n, n - 1, n)}


def extreme_scores_and_labels(rng):
    labels = (np.array([1, 0]), np.array([1, 0, 2]), np.array([1, 0]), np.array([1, 0]))
    for (name, case), truth in zip(extreme_scores(rng), labels, strict=True):
        yield name, {**case, "labels": truth}


softmax_cross_entropy = Exercise(
    reference=losses.softmax_cross_entropy,
    cases=scores_and_labels,
    extreme=extreme_scores_and_labels,
    square=square_scores_and_labels,
    returns=("loss", "dz"),
    points=2,
    hints=(
        (
            "The surprise of one example is minus one entry of `log_softmax(z)`. Which entry? And the "
            "gradient: what should each row of it add up to?"
        ),
        (
            "Row numbers and labels together pick one entry of each row. For the gradient you need the "
            "probabilities and the one-hot table, and both have the shape (N, K)."
        ),
        (
            "The loss is minus the mean of the picked entries. The gradient is softmax(z) minus the table, "
            "over the number of rows."
        ),
    ),
)


@softmax_cross_entropy.property("dz")
def rows_add_up_to_0(dz, z, labels):
    """The rows of `dz` do not add up to 0. If all scores of a row rise by the same amount, the probabilities
    stay as they are, and so does the loss: what does that say of the sum of a row?
    """
    return np.allclose(dz.sum(axis=1), 0, atol=1e-9)


def _p(z, labels):
    """Probabilities, one-hot labels, number of rows."""
    return softmax(z), table_of(labels, z.shape[1]), len(z)


def _picked(table, labels):
    return table[np.arange(len(labels)), labels]


@softmax_cross_entropy.mistake("loss", factor="mean")
def adds_the_rows_up(z, labels):
    """The examples are added up, not averaged. Copy the data twice over: should the loss double?"""
    return -np.sum(_picked(log_p_of(z), labels))


@softmax_cross_entropy.mistake("loss", factor="sign")
def leaves_the_minus_out(z, labels):
    """The minus is missing. The logarithm of a probability is negative; a surprise is positive."""
    return np.mean(_picked(log_p_of(z), labels))


@softmax_cross_entropy.mistake("loss", row="E35", factor="mean")
def averages_over_the_classes_too(z, labels):
    """Averaged over all N times K entries, and all but one in each row are 0. How many examples are there to
    average? For K equal scores the loss should be ln K.
    """
    return -np.mean(table_of(labels, z.shape[1]) * log_p_of(z))


@softmax_cross_entropy.mistake("loss", factor="mean")
def averages_over_the_classes_only(z, labels):
    """Divided by the number of classes. How many examples are there to average?"""
    return -np.sum(_picked(log_p_of(z), labels)) / z.shape[1]


@softmax_cross_entropy.mistake("loss", row="E36")
def averages_all_logarithms(z, labels):
    """The true class is never picked: this averages the logarithms of all classes. Shuffle the labels: should
    the loss change?
    """
    return -np.mean(log_p_of(z))


@softmax_cross_entropy.mistake("loss", row="E36")
def adds_all_classes_of_a_row_up(z, labels):
    """The true class is never picked: the logarithms of all classes are added up. Shuffle the labels: should
    the loss change?
    """
    return -np.sum(log_p_of(z)) / len(z)


@softmax_cross_entropy.mistake("loss", row="E37")
def picks_a_whole_block(z, labels):
    """`[:, labels]` picks a block of N times N entries: each label in every row. Print the shape of what you
    picked; row numbers and labels together pick one entry of each row.
    """
    return -np.mean(log_p_of(z)[:, labels])


@softmax_cross_entropy.mistake("loss")
def adds_the_whole_block_up(z, labels):
    """`[:, labels]` picks a block of N times N entries: each label in every row. Print the shape of what you
    picked; row numbers and labels together pick one entry of each row.
    """
    return -np.sum(log_p_of(z)[:, labels]) / len(z)


@softmax_cross_entropy.mistake("loss")
def picks_rows_by_the_labels(z, labels):
    """A single index picks *rows*, and a label is a column. Give row numbers and labels together."""
    return -np.mean(log_p_of(z)[labels])


@softmax_cross_entropy.mistake("loss", row="E40", factor="base")
def measures_the_surprise_in_bits(z, labels):
    """The logarithm is taken to base 2. For K equal scores the loss should be ln K, with the natural one."""
    return -np.mean(_picked(log_p_of(z), labels)) / np.log(2)


@softmax_cross_entropy.mistake("loss", factor="base")
def measures_the_surprise_to_base_ten(z, labels):
    """The logarithm is taken to base 10. For K equal scores the loss should be ln K, with the natural one."""
    return -np.mean(_picked(log_p_of(z), labels)) / np.log(10)


@softmax_cross_entropy.mistake("loss")
def has_no_logarithm(z, labels):
    """There is no logarithm: this is minus the mean probability of the true class."""
    return -np.mean(_picked(softmax(z), labels))


@softmax_cross_entropy.mistake("loss")
def takes_one_minus_the_probability(z, labels):
    """This is one minus the probability of the true class. The surprise is minus its *logarithm*."""
    return 1 - np.mean(_picked(softmax(z), labels))


@softmax_cross_entropy.mistake("loss")
def takes_the_logarithm_after_the_mean(z, labels):
    """The logarithm is taken last, of the mean probability. Each example has a surprise of its own:
    logarithm first, then the mean.
    """
    return -np.log(np.mean(_picked(softmax(z), labels)))


@softmax_cross_entropy.mistake("loss")
def takes_the_scores_for_logarithms(z, labels):
    """The scores are picked as they are. They are no logarithms of probabilities until each row is
    normalised.
    """
    return -np.mean(_picked(z, labels))


@softmax_cross_entropy.mistake("loss")
def squares_probability_minus_one_hot(z, labels):
    """This is the mean squared error of the probabilities. Here the surprise at the true class is asked
    for.
    """
    p, Y, _ = _p(z, labels)
    return np.mean((p - Y) ** 2)


@softmax_cross_entropy.mistake("loss")
def compares_the_other_classes_too(z, labels):
    """The wrong classes are counted too, with ln(1 - p), as if each class were a yes or no of its own. Here
    exactly one class happens: its surprise is the loss.
    """
    p, Y, n = _p(z, labels)
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / n


@softmax_cross_entropy.mistake("loss")
def asks_each_class_yes_or_no(z, labels):
    """Each class is asked by itself, yes or no, with a sigmoid for each score. Here exactly one class
    happens, and its probability comes from the softmax of its row.
    """
    return losses.bce_with_logits(z.ravel(), table_of(labels, z.shape[1]).ravel())[0]


softmax_cross_entropy.mistake("loss")(
    _twin(
        asks_each_class_yes_or_no,
        lambda z, labels: asks_each_class_yes_or_no(z, labels) * z.shape[1],
    )
)


@softmax_cross_entropy.mistake("loss")
def is_surprised_at_the_favourite(z, labels):
    """The largest probability of each row is picked, whatever the label says. Shuffle the labels: should the
    loss change?
    """
    return -np.mean(log_p_of(z).max(axis=1))


@softmax_cross_entropy.mistake("loss", row="E30")
def normalises_scores_across_examples(z, labels):
    """Normalised down the columns, across examples. Which probabilities should add up to 1: those of one
    example.
    """
    return -np.mean(_picked(_log_p(z, axis=0), labels))


@softmax_cross_entropy.mistake("loss")
def applies_the_softmax_twice(z, labels):
    """The softmax is applied twice: probabilities are handed to something that expects scores."""
    return -np.mean(_picked(log_p_of(softmax(z)), labels))


@softmax_cross_entropy.mistake("loss")
def gives_one_loss_for_each_row(z, labels):
    """One loss for each example comes back. One number is due: their mean."""
    return -_picked(log_p_of(z), labels)


@softmax_cross_entropy.mistake("loss", row="E38")
def takes_the_logarithm_of_an_underflowed_probability(z, labels):
    """Where another class is far ahead, the probability of the true one is too small for a float: it becomes
    0 and the loss infinite. Pick from `log_softmax(z)`, which never forms it.
    """
    return -np.mean(np.log(_picked(softmax(z), labels)))


@softmax_cross_entropy.mistake("loss", row="E38")
def multiplies_0_by_an_infinite_logarithm(z, labels):
    """Where a probability is too small for a float it becomes 0 and its logarithm infinite, and 0 times
    infinity is nan. Pick from `log_softmax(z)`, which never forms it.
    """
    return -np.sum(table_of(labels, z.shape[1]) * np.log(softmax(z))) / len(z)


@softmax_cross_entropy.mistake("loss")
def overflows_in_the_loss(z, labels):
    """The exponentials of scores near 1000 overflow. Build on `log_softmax(z)`, which shifts each row
    first."""
    return -np.mean(np.log(_picked(_plain(z), labels)))


@softmax_cross_entropy.mistake("loss")
def overflows_in_the_log_of_the_sum(z, labels):
    """The exponentials of scores near 1000 overflow in the sum. Build on `log_softmax(z)`, which shifts each
    row first.
    """
    return np.mean(np.log(_sum(np.exp(z)))[:, 0] - _picked(z, labels))


@softmax_cross_entropy.mistake("dz")
def overflows_in_the_gradient(z, labels):
    """The exponentials of scores near 1000 overflow, and inf/inf is nan. Lesson 05's `softmax` shifts each
    row first.
    """
    return (_plain(z) - table_of(labels, z.shape[1])) / len(z)


@softmax_cross_entropy.mistake("dz", row="E24")
def never_subtracts_the_true_class(z, labels):
    """The true class was never subtracted: these are the probabilities over N. Rows of the gradient add up to
    0. Do yours?
    """
    return softmax(z) / len(z)


@softmax_cross_entropy.mistake("dz", row="E25", factor="sign")
def takes_truth_minus_probability(z, labels):
    """The sign is flipped: probability minus truth is due. When the score of the true class rises, does the
    loss rise or fall?
    """
    p, Y, n = _p(z, labels)
    return (Y - p) / n


@softmax_cross_entropy.mistake("dz", row="E26", factor="mean")
def forgets_the_mean_over_rows(z, labels):
    """The mean over the batch is forgotten on the way back. Copy the data twice over: the loss stays as it
    is, so each copy may pull only half as hard. Does yours?
    """
    p, Y, _ = _p(z, labels)
    return p - Y


@softmax_cross_entropy.mistake("dz", row="E27", factor="mean")
def divides_by_classes_too(z, labels):
    """Divided by the number of classes too. How many losses are averaged: one for each example."""
    p, Y, _ = _p(z, labels)
    return (p - Y) / p.size


@softmax_cross_entropy.mistake("dz", factor="mean")
def divides_by_classes_only(z, labels):
    """Divided by the number of classes. How many losses are averaged: one for each example."""
    p, Y, _ = _p(z, labels)
    return (p - Y) / p.shape[1]


@softmax_cross_entropy.mistake("dz")
def divides_only_the_table(z, labels):
    """Only the one-hot table is divided by N: brackets are missing round the difference."""
    p, Y, n = _p(z, labels)
    return p - Y / n


@softmax_cross_entropy.mistake("dz")
def divides_only_the_probabilities(z, labels):
    """Only the probabilities are divided by N: the 1 was subtracted after the division, or brackets are
    missing round the difference.
    """
    p, Y, n = _p(z, labels)
    return p / n - Y


@softmax_cross_entropy.mistake("dz", row="E28", factor="link")
def differentiates_the_softmax_twice(z, labels):
    """The softmax is differentiated twice. (p - Y)/N is the gradient with respect to z already: the link
    through the softmax is inside.
    """
    p, Y, n = _p(z, labels)
    return softmax_backward((p - Y) / n, p)


@softmax_cross_entropy.mistake("dz", row="E29")
def teaches_only_the_true_class(z, labels):
    """Only the true class gets a gradient. Its probability has the scores of *all* classes in its
    denominator: what happens to it when another score rises?
    """
    p, Y, n = _p(z, labels)
    return (p - Y) * Y / n


@softmax_cross_entropy.mistake("dz")
def teaches_only_the_other_classes(z, labels):
    """The true class gets no gradient. When its score rises, does the loss stay as it is?"""
    p, Y, n = _p(z, labels)
    return p * (1 - Y) / n


@softmax_cross_entropy.mistake("dz", factor="mean")
def divides_by_the_rows_twice(z, labels):
    """Divided by N twice. The mean is taken once."""
    p, Y, n = _p(z, labels)
    return (p - Y) / n**2


@softmax_cross_entropy.mistake("dz", factor="link")
def multiplies_by_the_probabilities(z, labels):
    """(p - Y)/N is multiplied by p: half of a way back through the softmax. The way back is inside (p - Y)/N
    already.
    """
    p, Y, n = _p(z, labels)
    return (p - Y) * p / n


@softmax_cross_entropy.mistake("dz", factor="link")
def divides_by_the_probabilities(z, labels):
    """(p - Y)/N is divided by p. It is the gradient with respect to z as it stands."""
    p, Y, n = _p(z, labels)
    return (p - Y) / p / n


@softmax_cross_entropy.mistake("dz", factor="link")
def takes_the_logarithms_gradient_through_the_softmax(z, labels):
    """-Y/N is the gradient with respect to the *logarithms* of the probabilities, and it was sent back
    through the softmax as if it were the one with respect to p. The slope of the logarithm, 1/p, is missing.
    """
    p, Y, n = _p(z, labels)
    return softmax_backward(-Y / n, p)


@softmax_cross_entropy.mistake("dz")
def multiplies_the_loss_in(z, labels):
    """Everything is multiplied by the loss. The way back starts with dL/dL = 1."""
    p, Y, n = _p(z, labels)
    return losses.softmax_cross_entropy(z, labels)[0] * (p - Y) / n


@softmax_cross_entropy.mistake("dz")
def lines_the_labels_up_with_the_columns(z, labels):
    """The labels are subtracted as they are, and NumPy lines the N of them up with the K columns. What has to
    be subtracted is a 1, in the column of the class: a one-hot table.
    """
    return (softmax(z) - labels) / len(z)


@softmax_cross_entropy.mistake("dz", row="E30")
def normalises_gradients_across_examples(z, labels):
    """Normalised down the columns, across examples. Which sums should be 1: those of one example."""
    _, Y, n = _p(z, labels)
    return (softmax(z.T).T - Y) / n


@softmax_cross_entropy.mistake("dz", row="E31")
def stops_at_the_log_probabilities(z, labels):
    """This is the gradient with respect to the *logarithms* of the probabilities. One more link back leads
    to the scores.
    """
    _, Y, n = _p(z, labels)
    return -Y / n


@softmax_cross_entropy.mistake("dz", row="E32")
def stops_at_the_probabilities(z, labels):
    """This is the gradient with respect to the probabilities. One more link back, through the softmax,
    leads to the scores.
    """
    p, Y, n = _p(z, labels)
    return -Y / p / n


@softmax_cross_entropy.mistake("dz", row="E33")
def subtracts_from_the_scores(z, labels):
    """The scores stand where the probabilities belong. Should this gradient grow without bound when a score
    does?
    """
    _, Y, n = _p(z, labels)
    return (z - Y) / n


@softmax_cross_entropy.mistake("dz")
def subtracts_from_the_log_probabilities(z, labels):
    """The logarithms of the probabilities stand where the probabilities belong."""
    _, Y, n = _p(z, labels)
    return (log_p_of(z) - Y) / n


@softmax_cross_entropy.mistake("dz", row="E34", factor="link")
def multiplies_the_sigmoid_s_slope_in(z, labels):
    """The factor p(1 - p) is multiplied in, a habit from the squared error. With this loss the slope has
    cancelled already.
    """
    p, Y, n = _p(z, labels)
    return (p - Y) * p * (1 - p) / n


@softmax_cross_entropy.mistake("dz")
def subtracts_the_label_itself(z, labels):
    """The class *number* is subtracted from every entry of a row. What has to be subtracted is a 1, in the
    column of the class.
    """
    return (softmax(z) - labels[:, None]) / len(z)


@softmax_cross_entropy.mistake("dz")
def subtracts_one_everywhere(z, labels):
    """A 1 is subtracted in every column. Only the column of the true class gets it."""
    return (softmax(z) - 1) / len(z)


@softmax_cross_entropy.mistake("dz")
def subtracts_in_whole_columns(z, labels):
    """`[:, labels]` subtracts in these columns of *all* rows. Row numbers and labels together reach one entry
    of each row.
    """
    p = softmax(z)
    p[:, labels] -= 1
    return p / len(z)


@softmax_cross_entropy.mistake("dz")
def subtracts_in_whole_rows(z, labels):
    """A single index reaches whole *rows*, and a label is a column. Row numbers and labels together reach one
    entry of each row.
    """
    p = softmax(z)
    p[labels] -= 1
    return p / len(z)


@softmax_cross_entropy.mistake("dz")
def decides_for_a_class_first(z, labels):
    """The most probable class was chosen before it was compared. A choice has no useful slope: use the
    probabilities themselves.
    """
    _, Y, n = _p(z, labels)
    return (table_of(z.argmax(axis=1), z.shape[1]) - Y) / n


@softmax_cross_entropy.mistake("dz")
def takes_the_softmax_of_probabilities(z, labels):
    """The softmax is applied twice: probabilities were handed to it as if they were scores."""
    p, Y, n = _p(z, labels)
    return (softmax(p) - Y) / n


@softmax_cross_entropy.mistake("dz")
def adds_the_batch_up(z, labels):
    """The rows are added up. Each example has scores of its own to nudge, so `dz` has a row for each."""
    p, Y, n = _p(z, labels)
    return ((p - Y) / n).sum(axis=0)


@softmax_cross_entropy.mistake("dz")
def squashes_each_score_by_itself(z, labels):
    """A sigmoid stands where the softmax belongs: each score is squashed by itself. Rows of the gradient add
    up to 0. Do yours?
    """
    return (s(z) - table_of(labels, z.shape[1])) / len(z)


softmax_cross_entropy.mistake("dz")(
    _twin(squashes_each_score_by_itself, lambda z, labels: (s(z) - table_of(labels, z.shape[1])) / z.size)
)


@softmax_cross_entropy.mistake("dz")
def becomes_0_over_0_before_the_softmax(z, labels):
    """-Y/(p N) sent back through the softmax is right in the middle. Where p is 0 it divides by 0 first and
    multiplies by 0 afterwards. Multiply on paper: what cancels cannot fail.
    """
    p, Y, n = _p(z, labels)
    return softmax_backward(-Y / p / n, p)


@softmax_cross_entropy.mistake("dz")
def adds_the_table(z, labels):
    """The 1 of the true class is added, and it should be subtracted. Rows of the gradient add up to 0. Do
    yours?
    """
    p, Y, n = _p(z, labels)
    return (p + Y) / n


def _floored_loss(eps):
    """A picked probability with a floor: one cause, two formulas."""

    def keeps_the_picked_probability_off_zero(z, labels):
        return -np.mean(np.log(np.clip(_picked(softmax(z), labels), eps, 1.0)))

    keeps_the_picked_probability_off_zero.__doc__ = f"""The probability is kept above 0 by {_adds(eps)}, so no
    surprise can exceed {-np.log(eps):.1f}, whatever the scores are. Pick from `log_softmax(z)`: there nothing
    becomes 0."""
    softmax_cross_entropy.mistake("loss", row="E38")(keeps_the_picked_probability_off_zero)
    adding = _twin(
        keeps_the_picked_probability_off_zero,
        lambda z, labels: -np.mean(np.log(_picked(softmax(z), labels) + eps)),
    )
    softmax_cross_entropy.mistake("loss", row="E38")(adding)


for _eps in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15):
    _floored_loss(_eps)


# ---- classifier_loss ----


def differentiates_the_softmax_once_more(z, labels):
    """Symptom: the loss is right, the rows of `dz` add up to 0, and training with it does lower the loss. But
    nudging a score says that its slope is another number, and the surest mistakes get the smallest slopes.
    """
    p, Y, n = _p(z, labels)
    return losses.softmax_cross_entropy(z, labels)[0], softmax_backward((p - Y) / n, p)


classifier_loss = Exercise(
    reference=losses.classifier_loss,
    cases=scores_and_labels,
    square=square_scores_and_labels,
    returns=("loss", "dz"),
    points=2,
    hints=(
        (
            "The loss is right, so look at the lines after it. Which gradient does `softmax_backward` "
            "expect: with respect to what?"
        ),
        (
            "Write next to each line with respect to what it is a gradient: the scores z, the probabilities "
            "p, or their logarithms. Where does (p - Y)/N stand?"
        ),
        (
            "(p - Y)/N has passed the softmax already. Either nothing is left to do, or begin one link "
            "earlier, with the gradient with respect to p."
        ),
    ),
    handed_out=differentiates_the_softmax_once_more,
    handed_out_rows=("E28",),
    mistakes=[  # without those that are wrong for extreme scores only
        m
        for m in softmax_cross_entropy.mistakes
        if m.row != "E38" and not m.name.startswith(("overflows", "becomes"))
    ],
    properties=list(softmax_cross_entropy.properties),
)


@classifier_loss.mistake("dz")
def hands_over_scores_or_logarithms(z, labels):
    """`softmax_backward` is given something other than the probabilities, so it computes another slope. And
    ask first whether it belongs here: has (p - Y)/N not passed the softmax already?
    """
    p, Y, n = _p(z, labels)
    return softmax_backward((p - Y) / n, z)


def _passing(mistake, way_back):
    """Another formula of a mistake, from what is due and the probabilities."""

    def formula(z, labels):
        p, Y, n = _p(z, labels)
        return way_back((p - Y) / n, p)

    classifier_loss.mistake("dz")(_twin(mistake, formula))


_passing(hands_over_scores_or_logarithms, lambda due, p: softmax_backward(due, np.log(p)))
_passing(hands_over_scores_or_logarithms, lambda due, p: softmax_backward(due, due))
_passing(hands_over_scores_or_logarithms, lambda due, p: softmax_backward(due, due * len(p)))


@classifier_loss.mistake("dz")
def exchanges_what_arrives_and_the_probabilities(z, labels):
    """What arrives and the probabilities have changed places. And ask first whether a way back through the
    softmax belongs here: has (p - Y)/N not passed it already?
    """
    p, Y, n = _p(z, labels)
    return softmax_backward(p, (p - Y) / n)


@classifier_loss.mistake("dz")
def divides_the_way_back_out(z, labels):
    """The softmax was passed once too often, and then divided by a slope. But its way back is no factor of
    each entry: it mixes the entries of a row. Where did it come in?
    """
    p, Y, n = _p(z, labels)
    return softmax_backward((p - Y) / n, p) / p


_passing(divides_the_way_back_out, lambda due, p: softmax_backward(due, p) / (p * (1 - p)))


@classifier_loss.mistake("dz")
def sends_the_probabilities_back(z, labels):
    """The true class is not subtracted any more, and the labels are nowhere in the gradient. The line that
    subtracts the 1 was right: it is what follows that goes wrong.
    """
    p, _, n = _p(z, labels)
    return softmax_backward(p / n, p)


@classifier_loss.mistake("dz")
def starts_from_a_yes_or_no_for_each_class(z, labels):
    """(p - Y)/(p(1 - p)) is the gradient of a yes or no for each class by itself. In this loss only the true
    class stands inside a logarithm: which entries of the gradient with respect to p are 0?
    """
    p, Y, n = _p(z, labels)
    return softmax_backward((p - Y) / (p * (1 - p)) / n, p)


# ---- quizzes ----

one_decimal_point = Quiz(
    "06-one-decimal-point",
    (
        "Eight points lie near a line of slope 0.54. In the seventh, 2.6 was typed as 26. What is the slope "
        "of the line with the smallest mean squared error now?"
    ),
    (
        Choice(
            "Hardly any other: seven points of eight agree",
            (
                "There is no vote. Each point pulls in proportion to its distance, and one of them is ten "
                "times as far away as it should be."
            ),
        ),
        Choice(
            "About 0.6: an eighth of the points is wrong, so the slope is off by about an eighth",
            (
                "That would be so if each point had the same say. With squares the one that is far away has "
                "far more of it."
            ),
        ),
        Choice(
            "Several times as steep",
            (
                "The far point costs the square of its distance. The line gladly misses the other seven by a "
                "little to come nearer to that one. You will see the number in a moment."
            ),
            right=True,
        ),
    ),
)

column_minus_row = Quiz(
    "06-column-minus-row",
    "`y_hat` has shape (8, 1), `y` has shape (8,). What is the shape of `y_hat - y`?",
    (
        Choice(
            "(8, 1): the shape of the first one",
            (
                "NumPy lines the axes up from the *right*: the 8 of `y` meets the 1 of `y_hat`, and the 1 is "
                "stretched."
            ),
        ),
        Choice(
            "It raises an error", "It would be better if it did. NumPy stretches axes of length 1 in silence."
        ),
        Choice(
            "(8, 8)",
            (
                "Yes. Axes are lined up from the right: the 1 of `y_hat` is stretched to 8, and a missing "
                "axis of `y` is added in front and stretched too. Every prediction meets every target."
            ),
            right=True,
        ),
    ),
)

two_forecasters = Quiz(
    "06-two-forecasters",
    (
        "It rained on nine days out of ten. Ada had said 0.9 on each of the ten days, Ben 0.999. Who is "
        "surprised less on average?"
    ),
    (
        Choice(
            "Ben: he was nearer to the truth on nine days out of ten",
            (
                "On the nine days he gains 0.1 each. On the tenth he pays minus the logarithm of 0.001, "
                "which is nearly 7."
            ),
        ),
        Choice(
            "Ada",
            (
                "On the dry day Ben pays nearly 7, which is far more than his nine small gains. The surprise "
                "is smallest for whoever states the odds as they are: here 0.9."
            ),
            right=True,
        ),
        Choice(
            "Both alike: each of them was wrong once",
            "Both missed the dry day, but Ben had been far surer, and the surprise asks how sure you were.",
        ),
    ),
)

sure_and_wrong_again = Quiz(
    "06-sure-and-wrong",
    (
        "The target is 0 and a neuron answers 0.9999. With the squared error of lesson 01, dz is about "
        "0.0001. How large is it with the cross-entropy of one example?"
    ),
    (
        Choice(
            "About 0.0001 too: the sigmoid is flat there, whatever the loss is",
            (
                "The sigmoid is flat. But look at the first factor: dp is divided by the very product that "
                "makes the slope small."
            ),
        ),
        Choice(
            "About 1",
            (
                "dz = p - y, nearly 1. The cross-entropy is so steep at the wrong end that it makes up for "
                "the flat sigmoid exactly."
            ),
            right=True,
        ),
        Choice(
            "About 10,000",
            "That is dp, the gradient with respect to p. On the way to z it is multiplied by about 0.0001.",
        ),
    ),
)

nothing_learned_yet = Quiz(
    "06-nothing-learned-yet",
    "A classifier for ten digits has not learned anything: all scores are 0. What is its cross-entropy?",
    (
        Choice(
            "0.1: each class has the probability 0.1",
            "That is the probability of what happened. The surprise is minus its natural logarithm.",
        ),
        Choice(
            "ln 10, about 2.3",
            (
                "Each class has the probability 1/10, and minus ln(1/10) is ln 10. A first loss far above "
                "ln K means that something is wrong before any training."
            ),
            right=True,
        ),
        Choice("0: there is nothing that it claims", "A loss of 0 is for someone who was sure, and right."),
        Choice(
            "It depends on the digits in the batch",
            "All classes have the same probability, so each true class is equally surprising.",
        ),
    ),
)
