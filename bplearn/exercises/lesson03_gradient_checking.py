"""Lesson 03: gradient checking."""

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import gradcheck
from bplearn.probes import FUNCTIONS, Named

STEPS = (0.4, 0.1, 0.03, 0.01, 1e-3, 1e-4)  # large enough for a slip to show, small enough to be a step


# ---- central_difference ----


def curves(rng):
    """Curved functions, so that one side is not the other; places away from where slopes vanish."""
    formulas = (
        "lambda x: np.sin(3 * x) + x**2",
        "lambda x: x**3 - 2 * x",
        "lambda x: np.exp(x / 2)",
        "lambda x: 1 / (1 + x**2)",
    )
    for k, h in enumerate(STEPS):
        x = float(rng.uniform(1.1, 1.9)) * (1, -1, 1, 1, -1, 1)[k]  # rising and falling
        yield {"f": Named(formulas[k % 4]), "x": x, "h": h}


central_difference = Exercise(
    reference=gradcheck.central_difference,
    cases=curves,
    returns=("slope",),
    points=1,
    hints=(
        "At which two places is the function asked, and how far apart are they?",
        "A slope is a rise over a run. The rise is a difference of two values of `f`. Which comes first?",
        "From `x - h` to `x + h` the run is 2h, and all of it stands below the line: mind the brackets.",
    ),
)


@central_difference.mistake("slope", row="G1")
def steps_to_the_right_only(f, x, h):
    """This steps to one side only, from x to x + h. On a curve that misses by about h times half the second
    derivative. Which second place makes the two misses cancel?
    """
    return (f(x + h) - f(x)) / h


@central_difference.mistake("slope", row="G1")
def steps_to_the_left_only(f, x, h):
    """This steps to one side only, from x - h to x. On a curve that misses by about h times half the second
    derivative. Which second place makes the two misses cancel?
    """
    return (f(x) - f(x - h)) / h


@central_difference.mistake("slope", row="G2")
def divides_by_half_the_distance(f, x, h):
    """Both places are right, and the run is not: how far is it from x - h to x + h?"""
    return (f(x + h) - f(x - h)) / h


@central_difference.mistake("slope")
def divides_one_step_by_two_h(f, x, h):
    """The rise is over one step of h, and the run over two. Which of the two do you want?"""
    return (f(x + h) - f(x)) / (2 * h)


@central_difference.mistake("slope")
def divides_by_two_and_multiplies_by_h(f, x, h):
    """Without brackets, `/ 2 * h` divides by 2 and then multiplies by h. What stands below the line?"""
    return (f(x + h) - f(x - h)) / 2 * h


@central_difference.mistake("slope")
def divides_the_second_value_only(f, x, h):
    """Without brackets around the difference, only the second value is divided. What is the rise?"""
    return f(x + h) - f(x - h) / (2 * h)


@central_difference.mistake("slope")
def leaves_out_the_run(f, x, h):
    """This is the rise alone. A slope is a rise over a run."""
    return f(x + h) - f(x - h)


@central_difference.mistake("slope")
def subtracts_in_the_other_order(f, x, h):
    """The left value minus the right one: the slope comes out with the opposite sign. Where a function rises,
    which of the two values is larger?
    """
    return (f(x - h) - f(x + h)) / (2 * h)


@central_difference.mistake("slope")
def adds_the_two_values(f, x, h):
    """The two values are added. How much a function rises is their difference."""
    return (f(x + h) + f(x - h)) / (2 * h)


@central_difference.mistake("slope")
def takes_half_steps(f, x, h):
    """This goes half a step to either side: a central difference too, with another h. Here `h` is the step to
    one side, and the two places are 2h apart.
    """
    return (f(x + h / 2) - f(x - h / 2)) / h


@central_difference.mistake("slope")
def takes_half_steps_over_a_whole_run(f, x, h):
    """Half a step to either side, and the run is counted as 2h. How far apart are your two places?"""
    return (f(x + h / 2) - f(x - h / 2)) / (2 * h)


@central_difference.mistake("slope")
def takes_the_second_difference(f, x, h):
    """This is the *second* derivative: how the slope changes. For the slope itself two values are enough."""
    return (f(x + h) - 2 * f(x) + f(x - h)) / h**2


@central_difference.mistake("slope")
def squares_the_step_below(f, x, h):
    """The difference is divided by h squared. How far apart are the two places?"""
    return (f(x + h) - f(x - h)) / (2 * h**2)


@central_difference.mistake("slope")
def steps_by_a_share_of_x(f, x, h):
    """The step is h times x. Here `h` is the step itself, whatever x is."""
    return (f(x + h * x) - f(x - h * x)) / (2 * h * x)


@central_difference.mistake("slope")
def forgets_that_slopes_may_fall(f, x, h):
    """The absolute value makes every slope positive. Where the function falls, the slope is negative."""
    return abs(f(x + h) - f(x - h)) / (2 * h)


@central_difference.mistake("slope")
def multiplies_by_the_run(f, x, h):
    """The rise is *multiplied* by 2h. A slope is a rise over a run."""
    return (f(x + h) - f(x - h)) * (2 * h)


@central_difference.mistake("slope")
def answers_with_the_value(f, x, h):
    """This is the function's value at x. Asked is how steep the function is there."""
    return f(x)


def _with_own_step(step):
    def uses_a_step_of_its_own(f, x, h):
        """The step is one of your own, and the argument `h` is not used. Whoever calls decides how far the
        two places are apart.
        """
        return (f(x + step) - f(x - step)) / (2 * step)

    return uses_a_step_of_its_own


for own in (1e-3, 1e-4, 1e-5, 1e-6):
    central_difference.mistake("slope")(_with_own_step(own))


# ---- numerical_gradient ----


def landscapes(rng):
    """Arrays of one to three axes, in rows and in columns of memory."""
    formulas = (
        "lambda x: np.sum(x.cumsum(axis=0) ** 3)",
        "lambda x: np.sum(np.sin(x)) + np.prod(x.mean(axis=0))",
        "lambda x: np.sum(np.exp(x) * x.mean(axis=0))",
    )
    for k, (shape, h) in enumerate(
        zip(((3,), (4, 3), (3, 5), (5,), (5, 4), (3, 4, 5)), (0.1, 0.4, 1e-2, 0.3, 1e-3, 1e-4), strict=True)
    ):
        x = rng.uniform(0.3, 1.4, size=shape) * rng.choice((-1.0, 1.0), size=shape)
        yield {"f": Named(formulas[k % 3]), "x": np.asfortranarray(x) if k in (2, 4) else x, "h": h}


numerical_gradient = Exercise(
    reference=gradcheck.numerical_gradient,
    cases=landscapes,
    returns=("gradient",),
    points=1,
    hints=(
        "For one entry you have the tool already. What must all the other entries do meanwhile?",
        "The function takes a whole array. So which two arrays do you hand to it for entry i?",
        (
            "For each i: a copy of `x` with h added at i, another with h taken off at i; the difference of "
            "the two values over 2h goes to place i of the gradient."
        ),
    ),
    fresh=("x",),
)


def _entries(rule):
    """A wrong version entry by entry: ``rule(f, x, i, h)``, with i over all places of x."""

    def compute(f, x, h):
        gradient = np.zeros(x.shape)
        for i in np.ndindex(x.shape):
            gradient[i] = rule(f, x, i, h)
        return gradient

    compute.__name__, compute.__doc__ = rule.__name__, rule.__doc__
    return compute


def _nudged(x, i, by):
    moved = x.copy()
    moved[i] += by
    return moved


@numerical_gradient.mistake("gradient", row="G1")
@_entries
def nudges_up_only(f, x, i, h):
    """Each entry is nudged to one side only. Your `central_difference` goes to both."""
    return (f(_nudged(x, i, h)) - f(x)) / h


@numerical_gradient.mistake("gradient", row="G1")
@_entries
def nudges_down_only(f, x, i, h):
    """Each entry is nudged to one side only, downwards. Your `central_difference` goes to both."""
    return (f(x) - f(_nudged(x, i, -h))) / h


@numerical_gradient.mistake("gradient", row="G2")
@_entries
def divides_by_one_step(f, x, i, h):
    """Each entry was moved by h to either side, and the difference divided by h. How far apart are the two
    arrays in this entry?
    """
    return (f(_nudged(x, i, h)) - f(_nudged(x, i, -h))) / h


@numerical_gradient.mistake("gradient")
@_entries
def divides_one_nudge_by_two_h(f, x, i, h):
    """The nudge goes to one side, and the run is counted as 2h. Which of the two do you want?"""
    return (f(_nudged(x, i, h)) - f(x)) / (2 * h)


@numerical_gradient.mistake("gradient")
@_entries
def leaves_out_the_division(f, x, i, h):
    """These are differences of two values. A slope is a rise over a run."""
    return f(_nudged(x, i, h)) - f(_nudged(x, i, -h))


@numerical_gradient.mistake("gradient")
@_entries
def subtracts_the_upper_value(f, x, i, h):
    """The value above is taken from the value below: every slope comes out with the opposite sign."""
    return (f(_nudged(x, i, -h)) - f(_nudged(x, i, h))) / (2 * h)


@numerical_gradient.mistake("gradient", row="G3")
@_entries
def nudges_all_entries_at_once(f, x, i, h):
    """All entries move at once, so each place holds the slope in one common direction. One dial at a time:
    the others stand still.
    """
    return (f(x + h) - f(x - h)) / (2 * h)


@numerical_gradient.mistake("gradient", row="G3")
def gives_one_slope_for_all(f, x, h):
    """All entries move at once, and one number comes out. A gradient has a number for each entry, measured
    while the others stand still.
    """
    return (f(x + h) - f(x - h)) / (2 * h)


@numerical_gradient.mistake("gradient", row="G9")
@_entries
def sees_no_nudge(f, x, i, h):
    """Every slope is 0: the function never sees a difference. Does the nudge go into a copy that `f` does not
    get, or are your two arrays one and the same (`a = x` makes no copy)?
    """
    return 0.0 * f(x)


def _left_behind(leave):
    """The gradient when measured entries do not come back: ``leave(x, i, h)`` is what stays."""

    def compute(f, x, h):
        x, gradient = x.copy(), np.zeros(x.shape)
        for i in np.ndindex(x.shape):
            gradient[i] = (f(_nudged(x, i, h)) - f(_nudged(x, i, -h))) / (2 * h)
            leave(x, i, h)
        return gradient

    compute.__name__, compute.__doc__ = leave.__name__, leave.__doc__
    return compute


@numerical_gradient.mistake("gradient", row="G4")
@_left_behind
def leaves_entries_below(x, i, h):
    """An entry that has been measured does not come back: it stays h too low, and all later ones are measured
    at another place. Put it back before you go on.
    """
    x[i] -= h


@numerical_gradient.mistake("gradient", row="G4")
@_left_behind
def leaves_entries_above(x, i, h):
    """An entry that has been measured does not come back: it stays h too high, and all later ones are
    measured at another place. Put it back before you go on.
    """
    x[i] += h


@numerical_gradient.mistake("gradient", row="G4")
def keeps_earlier_nudges(f, x, h):
    """The nudges of earlier entries are still there when the next one is measured: the two copies were made
    once, before the loop. Each entry needs fresh ones.
    """
    up, down, gradient = x.copy(), x.copy(), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up[i] += h
        down[i] -= h
        gradient[i] = (f(up) - f(down)) / (2 * h)
    return gradient


@numerical_gradient.mistake("gradient")
def nudges_whole_rows(f, x, h):
    """The loop goes over the rows, and moves a whole row at a time. An array of two axes has an entry for
    each row *and* column: `np.ndindex(x.shape)` goes through all of them.
    """
    if x.ndim == 1:
        return gradcheck.numerical_gradient(f, x, h)
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        gradient[i] = (f(_nudged(x, i, h)) - f(_nudged(x, i, -h))) / (2 * h)
    return gradient


@numerical_gradient.mistake("gradient")
def measures_the_first_entry_only(f, x, h):
    """Only the first entry is measured, the others are still 0. Does `return` stand inside the loop?"""
    gradient, first = np.zeros(x.shape), (0,) * x.ndim
    gradient[first] = gradcheck.numerical_gradient(f, x, h)[first]
    return gradient


@numerical_gradient.mistake("gradient")
def keeps_the_last_slope_only(f, x, h):
    """One number comes back: the slope of the last entry. Where does each slope go, before the next one is
    measured?
    """
    return gradcheck.numerical_gradient(f, x, h)[(-1,) * x.ndim]


@numerical_gradient.mistake("gradient")
@_entries
def steps_by_a_share_of_the_entry(f, x, i, h):
    """The nudge is h times the entry. Here `h` is the nudge itself, the same for all."""
    by = h * x[i]
    return (f(_nudged(x, i, by)) - f(_nudged(x, i, -by))) / (2 * by)


@numerical_gradient.mistake("gradient")
@_entries
def puts_h_in_place_of_the_entry(f, x, i, h):
    """The entry was *replaced* by h and by -h. It should be moved by h, from where it is."""
    up, down = x.copy(), x.copy()
    up[i], down[i] = h, -h
    return (f(up) - f(down)) / (2 * h)


# ---- relative_error ----


def pairs_of_arrays(rng):
    """Entries of both signs, some of opposite sign, some next to nothing; then shapes that differ."""
    for k, shape in enumerate(((3,), (4, 3), (5,), (3, 4), (6,))):
        a = rng.normal(size=shape) * 10.0 ** rng.integers(-3, 3, size=shape)
        a.flat[[1, 2]] = np.abs(a.flat[[1, 2]])
        b = a * rng.uniform(0.8, 1.2, size=shape)
        if k == 0:
            b[1] = 0.6 * a[1]
        if k == 1:
            b.flat[4] = -a.flat[4]
        if k == 2:
            b = a * rng.uniform(0.999, 1.001, size=shape)
            a[1], b[1] = 3e-9, 0.0  # below the floor: 0.3
        if k == 3:
            a.flat[[2, 7]] = b.flat[[2, 7]] = 0.0
        if k == 4:
            b[2] = a[2] / 0.7
        yield {"a": a, "b": b}
    for left, right in (((4,), (4, 3)), ((3,), (3, 1)), ((5,), (1, 5)), ((4, 3), (3,))):
        yield {"a": rng.normal(size=left), "b": rng.normal(size=right)}


relative_error = Exercise(
    reference=gradcheck.relative_error,
    cases=pairs_of_arrays,
    returns=("error",),
    points=1,
    probe="comparison",
    hints=(
        "What is a difference of 1 worth between 1,000,000 and 1,000,001? And between 1 and 2?",
        (
            "Entry by entry: the distance, over the larger of the two sizes, or over 1e-8 where both are "
            "smaller than that. `np.maximum` takes the larger of two arrays, entry by entry."
        ),
        (
            "Signs must not matter for sizes, so both go through `np.abs`. Of all the quotients the largest "
            "is the answer. And first of all compare `a.shape` with `b.shape`, and `raise ValueError(...)`."
        ),
    ),
)


def _quotient(a, b, below):
    return np.max(np.abs(a - b) / below)


def _checked(formula):
    """A wrong formula that refuses other shapes, as it should."""

    def compute(a, b):
        if np.shape(a) != np.shape(b):
            raise ValueError("shapes differ")
        return formula(a, b)

    compute.__name__, compute.__doc__ = formula.__name__, formula.__doc__
    return compute


def _mistake(row=""):
    return lambda formula: relative_error.mistake(row=row)(_checked(formula))


FLOOR = 1e-8


@_mistake(row="G7")
def gives_the_absolute_error(a, b):
    """This is the plain difference. One of 0.001 is next to nothing between large gradients, and everything
    between tiny ones: relative to what?
    """
    return np.max(np.abs(a - b))


@_mistake(row="G8")
def has_no_floor(a, b):
    """Without a floor, two zeros give 0/0, and two numbers that are rounding alone look far apart. What is
    the least that may stand below the line?
    """
    return _quotient(a, b, np.maximum(np.abs(a), np.abs(b)))


@_mistake()
def adds_the_floor(a, b):
    """The floor is added to the sizes. Then even large entries are compared with a little too much, and small
    ones with far too much. Here it is the *larger* of the three that counts.
    """
    return _quotient(a, b, np.maximum(np.abs(a), np.abs(b)) + FLOOR)


@_mistake()
def divides_by_the_sum(a, b):
    """The difference is divided by the *sum* of both sizes. That is another convention, about half of ours:
    here the larger of the two counts.
    """
    return _quotient(a, b, np.maximum(np.abs(a) + np.abs(b), FLOOR))


@_mistake()
def adds_floor_and_both_sizes(a, b):
    """Both sizes and the floor are added up. Here the largest of the three counts."""
    return _quotient(a, b, np.abs(a) + np.abs(b) + FLOOR)


@_mistake()
def divides_by_the_first(a, b):
    """Only the size of `a` counts. If `a` is 0 and `b` is not, what comes out? Both should have a say."""
    return _quotient(a, b, np.maximum(np.abs(a), FLOOR))


@_mistake()
def divides_by_the_second(a, b):
    """Only the size of `b` counts. If `b` is 0 and `a` is not, what comes out? Both should have a say."""
    return _quotient(a, b, np.maximum(np.abs(b), FLOOR))


@_mistake()
def divides_by_the_smaller(a, b):
    """The smaller of the two sizes stands below. The larger one should."""
    return _quotient(a, b, np.maximum(np.minimum(np.abs(a), np.abs(b)), FLOOR))


@_mistake()
def forgets_the_size_of_negative_numbers(a, b):
    """Below the line stand the numbers themselves. Of two negative ones the larger is the one nearer to 0,
    and then the floor is all that is left: take their absolute values.
    """
    return _quotient(a, b, np.maximum(np.maximum(a, b), FLOOR))


@_mistake()
def keeps_the_sign_of_the_difference(a, b):
    """The difference keeps its sign, so where `a` is the smaller one it counts as no error at all."""
    return np.max((a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), FLOOR))


@_mistake()
def keeps_the_other_sign_of_the_difference(a, b):
    """The difference keeps its sign, so where `b` is the smaller one it counts as no error at all."""
    return np.max((b - a) / np.maximum(np.maximum(np.abs(a), np.abs(b)), FLOOR))


@_mistake()
def averages_the_errors(a, b):
    """This is the mean of the errors. One wrong entry among a thousand right ones hardly moves it; the
    largest one finds it.
    """
    return np.mean(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), FLOOR))


@_mistake()
def adds_up_the_errors(a, b):
    """The errors are added up, so long arrays look worse than short ones. The largest one counts."""
    return np.sum(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), FLOOR))


@_mistake()
def takes_the_smallest_error(a, b):
    """This is the smallest of the errors. One wrong entry makes a wrong gradient: which of them counts?"""
    return np.min(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), FLOOR))


@_mistake()
def compares_whole_lengths(a, b):
    """The length of the difference is compared with the length of the arrays. A wrong entry that is small
    beside the others is lost in it: compare each entry with its own size.
    """
    return np.linalg.norm(a - b) / max(float(np.linalg.norm(a)), float(np.linalg.norm(b)), FLOOR)


@_mistake()
def compares_with_the_largest_entry(a, b):
    """The largest difference is compared with the largest entry. Those may stand in different places: divide
    entry by entry, and then take the largest.
    """
    return np.max(np.abs(a - b)) / max(np.max(np.abs(a)), np.max(np.abs(b)), FLOOR)


@_mistake()
def compares_with_the_mean_of_both(a, b):
    """Below the line stands the mean of the two sizes: another convention, up to twice ours. Here the larger
    one counts.
    """
    return _quotient(a, b, np.maximum((np.abs(a) + np.abs(b)) / 2, FLOOR))


@_mistake()
def gives_an_error_for_each_entry(a, b):
    """This is an error for each entry. One number is due: the largest of them."""
    return np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), FLOOR)


def _with_floor(floor):
    def uses_another_floor(a, b):
        """The floor is another number. Here it is 1e-8: far above what rounding makes of a true zero, and far
        below the gradients that matter.
        """
        return _quotient(a, b, np.maximum(np.maximum(np.abs(a), np.abs(b)), floor))

    return uses_another_floor


for other in (1e-6, 1e-7, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16):
    _mistake()(_with_floor(other))


@relative_error.mistake()
def compares_other_shapes_too(a, b):
    """Two arrays of different shapes are compared all the same: NumPy stretches them until they fit, and
    entries meet that do not belong together. A gradient of the wrong shape is wrong: `raise ValueError(...)`.
    """
    if np.shape(a) == np.shape(b):
        return gradcheck.relative_error(a, b)
    return 1.0


def _compares(a, b):
    return _quotient(a, b, np.maximum(np.maximum(np.abs(a), np.abs(b)), FLOOR))


_compares.__name__, _compares.__doc__ = compares_other_shapes_too.__name__, compares_other_shapes_too.__doc__
relative_error.mistake()(_compares)  # NumPy itself refuses some pairs


@relative_error.mistake()
def compares_the_number_of_entries(a, b):
    """Shapes are told apart by the number of their entries, or of their rows or axes. (3,) and (3, 1) hold as
    many numbers, and NumPy makes (3, 3) of their difference: compare the whole `shape`.
    """
    if np.size(a) != np.size(b):
        raise ValueError("sizes differ")
    return gradcheck.relative_error(a, b) if np.shape(a) == np.shape(b) else 1.0


# ---- upstream_gradient ----


def functions_with_many_outputs(rng):
    """Outputs of another shape than the inputs, and random arriving gradients of both signs."""
    formulas = (
        ("lambda x: x.mean(axis=0) ** 3", (4, 3)),
        ("lambda x: np.exp(x.sum(axis=1))", (3, 4)),
        ("lambda x: np.tanh(x @ x.T)", (5, 3)),
        ("lambda x: np.sin(x)[:, None] * x[:3] ** 2", (4,)),
        ("lambda x: x.mean(axis=0) ** 3", (5, 4)),
        ("lambda x: np.tanh(x @ x.T)", (4, 5)),
    )
    for (formula, shape), h in zip(formulas, (0.1, 0.01, 0.2, 1e-3, 0.3, 1e-4), strict=True):
        x = rng.uniform(0.2, 0.9, size=shape) * rng.choice((-1.0, 1.0), size=shape)
        dout = rng.normal(size=np.shape(FUNCTIONS[formula](x)))
        yield {"forward": Named(formula), "dout": dout, "x": x, "h": h}


upstream_gradient = Exercise(
    reference=gradcheck.upstream_gradient,
    cases=functions_with_many_outputs,
    returns=("gradient",),
    points=1,
    hints=(
        "`numerical_gradient` wants a function that gives one number. Which number stands for the loss here?",
        (
            "Each output moves the loss as much as `dout` says for it. So what does the loss do, if all "
            "outputs move a little?"
        ),
        (
            "Hand a small function to `numerical_gradient`: it takes the moved array, runs `forward` on it, "
            "multiplies by `dout` entry by entry and adds everything up."
        ),
    ),
    upstream="dout",
)


def _through(loss):
    """A wrong version that measures another number: ``loss(forward, dout, x)``."""

    def compute(forward, dout, x, h):
        return gradcheck.numerical_gradient(lambda moved: loss(forward, dout, moved), x, h)

    compute.__name__, compute.__doc__ = loss.__name__, loss.__doc__
    return compute


@upstream_gradient.mistake("gradient", row="G12")
@_through
def leaves_out_what_arrives(forward, dout, x):
    """The outputs are added up as they are, as if a 1 arrived at each of them. What arrives is `dout`, and
    along a path one *multiplies*.
    """
    return np.sum(forward(x))


@upstream_gradient.mistake("gradient")
@_through
def averages_over_the_outputs(forward, dout, x):
    """The products are averaged. Across paths blame *adds*: no path knows how many others there are."""
    return np.mean(dout * forward(x))


@upstream_gradient.mistake("gradient")
@_through
def adds_up_before_it_multiplies(forward, dout, x):
    """Outputs and arriving gradients are added up first, and multiplied then. Each output has an arriving
    gradient of its own: multiply entry by entry, then add.
    """
    return np.sum(forward(x)) * np.sum(dout)


@upstream_gradient.mistake("gradient")
@_through
def squares_the_outputs(forward, dout, x):
    """The outputs are squared as well. The number to measure is the sum of `dout` times the outputs."""
    return np.sum(dout * forward(x) ** 2)


@upstream_gradient.mistake("gradient")
@_through
def takes_the_size_of_each_product(forward, dout, x):
    """The products go through an absolute value. Signs matter: blame may be negative."""
    return np.sum(np.abs(dout * forward(x)))


@upstream_gradient.mistake("gradient")
@_through
def compares_with_what_arrives(forward, dout, x):
    """`dout` is taken for a target, and a squared error measured. It is what arrives: how the loss reacts to
    each output.
    """
    return 0.5 * np.sum((forward(x) - dout) ** 2)


@upstream_gradient.mistake("gradient")
@_through
def uses_the_first_output_only(forward, dout, x):
    """Only the first output is measured. The blame of all outputs comes back, and adds up."""
    return dout.flat[0] * forward(x).flat[0]


@upstream_gradient.mistake("gradient")
def steps_through_the_forward_to_one_side(forward, dout, x, h):
    """The step goes to one side only. `numerical_gradient` goes to both: let it do the measuring."""

    def loss(moved):
        return np.sum(dout * forward(moved))

    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        gradient[i] = (loss(_nudged(x, i, h)) - loss(x)) / h
    return gradient


@upstream_gradient.mistake("gradient")
def divides_by_h_alone(forward, dout, x, h):
    """Twice the right answer: the two places are 2h apart. `numerical_gradient` divides already."""
    return 2 * gradcheck.upstream_gradient(forward, dout, x, h)


@upstream_gradient.mistake("gradient")
def moves_the_wrong_array(forward, dout, x, h):
    """This nudges `dout`, and what comes out are the outputs themselves. Nudge `x`: it is the gradient with
    respect to `x` that is due.
    """
    return gradcheck.numerical_gradient(lambda moved: np.sum(moved * forward(x)), dout, h)


# ---- gradient_matches (find the bug) ----

SUM = "lambda x: {} * np.sum(np.sin(x) + x)"
SLOPE = "lambda x: {} * (np.cos(x) + 1)"
ONE_ENTRY = "lambda x: (np.cos(x) + 1) * np.where(np.arange(x.size).reshape(x.shape) == {}, {}, 1.0)"
STEEP = "lambda x: np.sum(np.exp(80 * x)) / 80", "lambda x: np.exp(80 * x)"
UNEVEN = "lambda x: np.sum(x**3)", "lambda x: 3 * x**2 * np.where(np.arange(len(x)) == 0, 1.01, 1.0)"
DEAF = "lambda x: np.sum(x[1:] ** 2)", "lambda x: 2 * x * (np.arange(len(x)) > 0)"


def gradients_to_judge(rng):
    """Right and wrong ones, of all sizes, in one entry and in all, on flat and on strongly curved ground."""
    for f, df, shape in (
        (SUM.format("1.0"), SLOPE.format("1.0"), (3,)),
        (SUM.format("1.0"), SLOPE.format("1.01"), (4,)),
        (SUM.format("1e-5"), SLOPE.format("0.99e-5"), (4, 3)),
        (SUM.format("1e-5"), SLOPE.format("1e-5"), (5,)),
        (SUM.format("1e6"), SLOPE.format("1e6"), (3, 4)),
        (SUM.format("1e6"), SLOPE.format("0.99e6"), (6,)),
        (*STEEP, (5,)),
        (SUM.format("1.0"), ONE_ENTRY.format(2, "1.01"), (400,)),
        (SUM.format("1.0"), ONE_ENTRY.format(0, "0.8"), (5,)),
        (SUM.format("1.0"), ONE_ENTRY.format(2, "1.01"), (7,)),
        (SUM.format("1.0"), SLOPE.format("-1.0"), (3,)),
        (SUM.format("1.0"), "lambda x: (np.cos(x) + 1)[::-1]", (6,)),
        (*DEAF, (5,)),
        (*UNEVEN, (5,)),
    ):
        width = 0.03 if f == STEEP[0] else 1.0
        x = rng.uniform(0.2 * width, width, size=shape) * rng.choice((-1.0, 1.0), size=shape)
        if "[::-1]" in df:
            x = np.linspace(0.1, 1.0, 6) + rng.uniform(0, 0.1, size=shape)  # the reverse is another gradient
        if f == UNEVEN[0]:
            x = np.array([1.0, 30.0, 20.0, 10.0, 5.0]) * rng.uniform(
                0.9, 1.1, size=5
            )  # wrong where it is small
        yield {"f": Named(f), "df": Named(df), "x": x}


def one_sided_with_an_absolute_tolerance(f, df, x):
    """It says no to right gradients that are large, and yes to wrong ones that are small."""
    measured = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        measured[i] = (f(_nudged(x, i, 1e-5)) - f(x)) / 1e-5
    return bool(np.max(np.abs(measured - df(x))) < 1e-4)


gradient_matches = Exercise(
    reference=gradcheck.gradient_matches,
    cases=gradients_to_judge,
    returns=("verdict",),
    points=1,
    hints=(
        "Take a gradient of 0.00001 that is twice too large. How large is its difference? And its share?",
        "There are two slips: one in how the slope is measured, one in how two gradients are compared.",
        (
            "You have written both tools: one measures to both sides, the other compares each entry with "
            "its size."
        ),
    ),
    handed_out=one_sided_with_an_absolute_tolerance,
    handed_out_rows=("G1", "G7"),
)


def _one_sided(f, x):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        gradient[i] = (f(_nudged(x, i, 1e-5)) - f(x)) / 1e-5
    return gradient


def _measured(f, x, h=1e-5):
    return gradcheck.numerical_gradient(f, x, h)


@gradient_matches.mistake("verdict", row="G1")
def still_steps_to_one_side(f, df, x):
    """The comparison is relative now, but the slope is still measured to one side. On strongly curved ground
    that is wrong in the fourth digit, and a right gradient is turned away.
    """
    return gradcheck.relative_error(_one_sided(f, x), df(x)) < 1e-4


@gradient_matches.mistake("verdict", row="G7")
def still_compares_absolutely(f, df, x):
    """The slope is measured to both sides now, but the difference is still an absolute one. What is 0.0001
    beside a gradient of 1,000,000? And beside one of 0.00001?
    """
    return bool(np.max(np.abs(_measured(f, x) - df(x))) < 1e-4)


@gradient_matches.mistake("verdict")
def tolerates_a_hundredth(f, df, x):
    """A gradient that is off by one part in a hundred is let through. Right ones agree far better: the limit
    is 1e-4.
    """
    return gradcheck.relative_error(_measured(f, x), df(x)) < 1.5e-2


@gradient_matches.mistake("verdict")
def tolerates_a_third(f, df, x):
    """Gradients that are off by a tenth are let through. Right ones agree far better: the limit is 1e-4."""
    return gradcheck.relative_error(_measured(f, x), df(x)) < 0.3


@gradient_matches.mistake("verdict")
def says_no_to_what_matches(f, df, x):
    """The verdicts are the wrong way round. True should mean that the two agree: on which side of the limit
    is their error then?
    """
    return not gradcheck.gradient_matches(f, df, x)


@gradient_matches.mistake("verdict")
def averages_over_the_entries(f, df, x):
    """The mean of the errors is compared. One wrong entry among 400 right ones disappears in it; the largest
    error finds it.
    """
    measured, gradient = _measured(f, x), df(x)
    size = np.maximum(np.maximum(np.abs(measured), np.abs(gradient)), 1e-8)
    return bool(np.mean(np.abs(measured - gradient) / size) < 1e-4)


@gradient_matches.mistake("verdict")
def compares_the_sums(f, df, x):
    """Only the sums of the two gradients are compared. Exchange two entries, and the sum is the same."""
    return gradcheck.relative_error(np.sum(_measured(f, x)), np.sum(df(x))) < 1e-4


@gradient_matches.mistake("verdict")
def compares_the_lengths(f, df, x):
    """Only the lengths of the two gradients are compared. The opposite gradient is just as long."""
    lengths = (np.linalg.norm(_measured(f, x)), np.linalg.norm(df(x)))
    return gradcheck.relative_error(*lengths) < 1e-4


@gradient_matches.mistake("verdict")
def compares_sizes_without_signs(f, df, x):
    """Absolute values are compared, so a gradient that points the opposite way is let through."""
    return gradcheck.relative_error(np.abs(_measured(f, x)), np.abs(df(x))) < 1e-4


@gradient_matches.mistake("verdict")
def looks_at_the_first_entry(f, df, x):
    """Only the first entry is compared. Is there a `return` inside the loop?"""
    return gradcheck.relative_error(_measured(f, x).flat[0], df(x).flat[0]) < 1e-4


@gradient_matches.mistake("verdict")
def accepts_one_entry_that_matches(f, df, x):
    """One entry that agrees is enough for your True: is it `any` where `all` is meant?"""
    measured, gradient = _measured(f, x), df(x)
    size = np.maximum(np.maximum(np.abs(measured), np.abs(gradient)), 1e-8)
    return bool(np.any(np.abs(measured - gradient) / size < 1e-4))


@gradient_matches.mistake("verdict")
def lets_small_slopes_pass(f, df, x):
    """The difference keeps its sign, so a measured slope that is too small passes for right."""
    measured, gradient = _measured(f, x), df(x)
    size = np.maximum(np.maximum(np.abs(measured), np.abs(gradient)), 1e-8)
    return bool(np.max((measured - gradient) / size) < 1e-4)


@gradient_matches.mistake("verdict")
def lets_large_slopes_pass(f, df, x):
    """The difference keeps its sign, so a measured slope that is too large passes for right."""
    measured, gradient = _measured(f, x), df(x)
    size = np.maximum(np.maximum(np.abs(measured), np.abs(gradient)), 1e-8)
    return bool(np.max((gradient - measured) / size) < 1e-4)


@gradient_matches.mistake("verdict", row="G8")
def divides_by_nothing(f, df, x):
    """Where the function does not depend on an entry, both gradients are 0 there, and 0/0 is `nan`. `nan` is
    not below anything, so a right gradient is turned away: your `relative_error` has a floor.
    """
    measured, gradient = _measured(f, x), df(x)
    return bool(np.max(np.abs(measured - gradient) / np.maximum(np.abs(measured), np.abs(gradient))) < 1e-4)


@gradient_matches.mistake("verdict", row="G6")
def turns_every_gradient_away(f, df, x):
    """Every gradient is turned away, right ones too. Is the step so small that rounding is all that is left
    of the difference (where is the floor of the valley)? Or are measured and written numbers asked to agree
    in all digits?
    """
    return gradcheck.relative_error(_measured(f, x, 1e-13), df(x)) < 1e-4


@gradient_matches.mistake("verdict")
def gives_the_error_itself(f, df, x):
    """This is the error. The question is answered with True or False: is the error below 1e-4?"""
    return gradcheck.relative_error(_measured(f, x), df(x))


@gradient_matches.mistake("verdict", row="G7")
def averages_absolute_differences(f, df, x):
    """The mean of the plain differences is compared with one number. What is 0.0001 beside a gradient of
    1,000,000, or of 0.00001? And one wrong entry among 400 hides in a mean.
    """
    return bool(np.mean(np.abs(_measured(f, x) - df(x))) < 1e-4)


@gradient_matches.mistake("verdict")
def compares_only_whole_lengths(f, df, x):
    """The length of the difference is compared with the length of the gradient. A wrong entry that is small
    beside the others is lost in it: your `relative_error` looks at each entry by itself.
    """
    measured, gradient = _measured(f, x), df(x)
    longer = max(float(np.linalg.norm(measured)), float(np.linalg.norm(gradient)), 1e-8)
    return bool(np.linalg.norm(measured - gradient) / longer < 1e-4)


@gradient_matches.mistake("verdict")
def steps_too_far(f, df, x):
    """The step is so large that the curve bends away within it, and right gradients are turned away. Look at
    the valley again: where is its floor?
    """
    return gradcheck.relative_error(_measured(f, x, 0.1), df(x)) < 1e-4


# ---- quizzes ----

two_sides = Quiz(
    "03-two-sides",
    (
        "On a curve, a step of h = 0.01 to the right overestimates the slope a little; a step to the left "
        "underestimates it. What if you measure from x - h to x + h?"
    ),
    (
        Choice(
            "The errors add up: twice as wrong",
            "The two sides err in opposite directions. What happens to errors of opposite sign?",
        ),
        Choice("The same error: it is h that counts", "The size of the step counts, but so does its place."),
        Choice(
            "The two errors nearly cancel",
            (
                "What bends up on one side bends up on the other as well, and the chord across stays nearly "
                "parallel to the tangent."
            ),
            right=True,
        ),
    ),
)

how_small = Quiz(
    "03-how-small",
    "The error of the slope falls as h gets smaller. What does h = 1e-15 give?",
    (
        Choice(
            "The best slope yet: 30 digits",
            "A float has about 16 digits in all. How many are left of a difference of two nearly equal ones?",
        ),
        Choice(
            "No better and no worse than 1e-5",
            "The formula would say so if numbers had all their digits. They have about 16.",
        ),
        Choice(
            "Nonsense: the first digit is wrong",
            (
                "The two values differ in their last digit or two only, and that digit is rounded. What is "
                "left is divided by something tiny, and the rounding becomes enormous."
            ),
            right=True,
        ),
    ),
)

integers = Quiz(
    "03-integers",
    "`x = np.array([2, 3])`, then `x[0] = x[0] + 1e-5`. What is `x[0]` now?",
    (
        Choice("2.00001", "The array was made of integers. Can it hold that number?"),
        Choice(
            "2",
            (
                "An array of integers cuts off what comes behind the point, without a word. The nudge"
                " is gone, "
                "and every slope is 0: write `np.array([2.0, 3.0])`."
            ),
            right=True,
        ),
        Choice(
            "It raises an error",
            "It would be kinder. `x[0] += 1e-5` does the same, and is as silent about it.",
        ),
    ),
)

ones_arrive = Quiz(
    "03-ones-arrive",
    (
        "A function turns three numbers into shares, which always add up to 1. You test its gradient "
        "with a 1 "
        "arriving at each output. Which wrong gradient does the test find?"
    ),
    (
        Choice(
            "Any: it compares all entries",
            "Which number is measured? The sum of the shares. How does it move when an input does?",
        ),
        Choice(
            "Hardly any: even all zeros pass",
            (
                "The sum of the shares is 1, whatever comes in. Its gradient is 0, and so says a "
                "function that "
                "returns nothing but zeros. What arrives should be random."
            ),
            right=True,
        ),
        Choice("Only a wrong sign", "The measured gradient is 0 in each entry. Has 0 a sign?"),
    ),
)

at_the_corner = Quiz(
    "03-at-the-corner",
    (
        "The absolute value has slope -1 on the left of 0 and 1 on the right. What does a central "
        "difference give at 0?"
    ),
    (
        Choice("1", "That is the slope on the right. The difference looks to both sides."),
        Choice(
            "0",
            (
                "Both places are equally high. 0 is neither of the two slopes: at a corner the "
                "measured number "
                "means nothing, and within h of it hardly more."
            ),
            right=True,
        ),
        Choice("An error", "Nothing stops it: two values, a difference, a division."),
    ),
)
