"""Lesson 10: vanishing gradients."""

from typing import Any

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import depth
from bplearn.probes import FUNCTIONS, Named, Seed

# ---- xavier_init, he_init: judged by shape, mean and spread; they share their mistakes ----


def layer_sizes(rng):
    """Two small layers for the shape, three large ones for mean and spread; inputs and outputs far apart."""
    for fan_in, fan_out in ((3, 5), (7, 4), (120, 80), (60, 150), (200, 40)):
        yield {"fan_in": fan_in, "fan_out": fan_out, "rng": Seed(int(rng.integers(10**6)))}


# A spread of n draws is off by a share of 1 / sqrt(2 n), a mean by the spread over sqrt(n): of 8,000 draws
# 0.8 % and 0.002. Five times that is allowed.
RANDOM: dict[str, Any] = {
    "cases": layer_sizes,
    "returns": ("W",),
    "probe": "matrix",
    "atol": {"mean": 0.009, "spread": 0.006},
    "points": 1,
}

xavier_init = Exercise(
    reference=depth.xavier_init,
    hints=(
        "What should be multiplied: the draws, or something inside the draw? And by a variance, or its root?",
        "`rng.normal(size=(fan_in, fan_out))` has a spread of 1. Times s, it has a spread of s.",
        "The spread is the root of 2 over the sum of both numbers.",
    ),
    **RANDOM,
)
he_init = Exercise(
    reference=depth.he_init,
    hints=(
        "It differs from the last one in one place. What does a ReLU do to half of what arrives?",
        "Only the inputs count: they are what one entry of `z` adds up.",
        "The spread is the root of 2 over the number of inputs.",
    ),
    **RANDOM,
)


def _spread(exercise, row=""):
    """Register a wrong spread: ``wrong(fan_in, fan_out)``."""

    def register(wrong):
        def compute(fan_in, fan_out, rng):
            return rng.normal(size=(fan_in, fan_out)) * wrong(fan_in, fan_out)

        compute.__name__, compute.__doc__ = wrong.__name__, wrong.__doc__
        exercise.mistake(row=row)(compute)
        return wrong

    return register


@_spread(xavier_init, "L9")
def multiplies_by_the_variance(fan_in, fan_out):
    """The draws are multiplied by the variance. What they are multiplied by is the *spread*: its root."""
    return 2 / (fan_in + fan_out)


@_spread(xavier_init, "L10")
def counts_the_inputs_alone(fan_in, fan_out):
    """Only the inputs count here: that is the rule for ReLU. This one keeps activations *and* gradients
    alike, so both numbers come in.
    """
    return np.sqrt(2 / fan_in)


@_spread(xavier_init)
def counts_the_inputs_and_forgets_the_two(fan_in, fan_out):
    """The spread is the root of 1 over the inputs. Here it is 2 over the sum of inputs and outputs."""
    return np.sqrt(1 / fan_in)


@_spread(xavier_init, "L10")
def counts_the_outputs_alone(fan_in, fan_out):
    """Only the outputs count here. Both numbers come in: their sum."""
    return np.sqrt(2 / fan_out)


@_spread(xavier_init, "L11")
def leaves_the_two_out(fan_in, fan_out):
    """The 2 is missing. With as many outputs as inputs, what should the variance be: 1 over their number, or
    half of that?
    """
    return np.sqrt(1 / (fan_in + fan_out))


@_spread(xavier_init)
def multiplies_the_two_numbers(fan_in, fan_out):
    """Inputs and outputs are multiplied. Their *sum* stands below the line."""
    return np.sqrt(2 / (fan_in * fan_out))


@_spread(xavier_init)
def adds_two_fractions(fan_in, fan_out):
    """2/in + 2/out is not 2/(in + out). Where do the brackets stand?"""
    return np.sqrt(2 / fan_in + 2 / fan_out)


@_spread(xavier_init)
def puts_the_six_of_the_uniform(fan_in, fan_out):
    """6 belongs to the *bound* of a uniform draw, whose spread is the bound over the root of 3. A normal draw
    takes the spread itself, with 2.
    """
    return np.sqrt(6 / (fan_in + fan_out))


@_spread(he_init, "L9")
def multiplies_by_the_variance_of_he(fan_in, fan_out):
    """The draws are multiplied by the variance. What they are multiplied by is the *spread*: its root."""
    return 2 / fan_in


@_spread(he_init, "L10")
def counts_the_outputs_of_he(fan_in, fan_out):
    """The outputs are counted. One entry of z adds up how many products: as many as there are inputs, or
    outputs?
    """
    return np.sqrt(2 / fan_out)


@_spread(he_init, "L11")
def forgets_the_half_that_is_cut_off(fan_in, fan_out):
    """The 2 is missing. A ReLU cuts off half of what arrives, and the 2 makes up for it."""
    return np.sqrt(1 / fan_in)


@_spread(he_init)
def counts_inputs_and_outputs(fan_in, fan_out):
    """That is the rule of the exercise before. For ReLU only the inputs count."""
    return np.sqrt(2 / (fan_in + fan_out))


@_spread(he_init)
def puts_the_six_of_a_uniform_draw(fan_in, fan_out):
    """6 belongs to the *bound* of a uniform draw, whose spread is the bound over the root of 3. A normal draw
    takes the spread itself, with 2.
    """
    return np.sqrt(6 / fan_in)


def _random(row=""):
    """Register a wrong draw for both, given the right spread: ``wrong(s, shape, rng)``."""

    def register(wrong):
        def xavier(fan_in, fan_out, rng):
            return wrong(np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out), rng)

        def he(fan_in, fan_out, rng):
            return wrong(np.sqrt(2 / fan_in), (fan_in, fan_out), rng)

        for exercise, compute in ((xavier_init, xavier), (he_init, he)):
            compute.__name__, compute.__doc__ = wrong.__name__, wrong.__doc__
            exercise.mistake(row=row)(compute)
        return wrong

    return register


@_random("L8")
def starts_at_zero(s, shape, rng):
    """All weights are 0. Then all units of a layer are copies of each other, and stay so."""
    return np.zeros(shape)


@_random("L8")
def starts_all_equal(s, shape, rng):
    """All weights are equal to the spread. It says how far random draws scatter: where is the draw?"""
    return np.full(shape, s)


@_random()
def leaves_the_draws_as_they_are(s, shape, rng):
    """The draws are not scaled: their spread is 1."""
    return rng.normal(size=shape)


@_random()
def divides_by_the_spread(s, shape, rng):
    """The draws are divided by the spread. Many inputs should make weights *small*."""
    return rng.normal(size=shape) / s


@_random("L12")
def draws_from_zero_to_one(s, shape, rng):
    """`rng.random` draws between 0 and 1: all weights are positive, and their mean is not 0."""
    return rng.random(size=shape) * s


@_random("L13")
def takes_the_spread_for_the_bound(s, shape, rng):
    """A uniform draw from -s to s has a spread of s over the root of 3. The bound has to be larger than the
    spread.
    """
    return rng.uniform(-s, s, size=shape)


@_random()
def turns_the_matrix(s, shape, rng):
    """The shape is (fan_out, fan_in). In this course an input is a row of `W`: (fan_in, fan_out)."""
    return rng.normal(size=shape[::-1]) * s


@_random("L14")
def draws_from_a_seed_of_its_own(s, shape, rng):
    """The draws come from a generator of your own, or from `np.random`, and not from `rng`. All that chance
    decides comes from the one that is handed in.
    """
    return np.random.default_rng(0).normal(size=shape) * s


# ---- sigmoid_gradient_bound ----


def depths_and_norms(rng):
    """Weights below and above 4: the bound shrinks or grows with depth, and 4 itself is left out."""
    for layers, low, high in ((3, 0.5, 0.9), (5, 1.2, 2.5), (4, 4.5, 7.0), (7, 2.6, 3.5), (10, 0.6, 0.9)):
        yield {"depth": layers, "weight_norm": float(rng.uniform(low, high))}


sigmoid_gradient_bound = Exercise(
    reference=depth.sigmoid_gradient_bound,
    cases=depths_and_norms,
    returns=("bound",),
    points=1,
    hints=(
        "What is the largest factor that one layer can multiply by: its matrix, and its slope?",
        "How many matrices, how many slopes? What do factors along a path do?",
        "One layer's factor, to the power of the number of layers.",
    ),
)


@sigmoid_gradient_bound.mistake("bound", row="M1")
def takes_the_value_for_the_slope(depth, weight_norm):
    """1/2 is the *value* of the sigmoid at 0. How steep is it there?"""
    return (weight_norm / 2) ** depth


@sigmoid_gradient_bound.mistake("bound", row="M2")
def leaves_out_the_weights(depth, weight_norm):
    """These are the slopes alone. On its way back, blame goes through each matrix as well."""
    return 0.25**depth


@sigmoid_gradient_bound.mistake("bound", row="M3")
def counts_one_layer_too_few(depth, weight_norm):
    """One layer is missing. Count one matrix and one slope for each."""
    return (weight_norm / 4) ** (depth - 1)


@sigmoid_gradient_bound.mistake("bound", row="M3")
def counts_one_layer_too_many(depth, weight_norm):
    """There is one layer too many. Count one matrix and one slope for each."""
    return (weight_norm / 4) ** (depth + 1)


@sigmoid_gradient_bound.mistake("bound", row="M3")
def counts_one_slope_too_few(depth, weight_norm):
    """One slope is missing. Here every layer has one matrix *and* one sigmoid, the last one too."""
    return weight_norm**depth * 0.25 ** (depth - 1)


@sigmoid_gradient_bound.mistake("bound")
def counts_one_matrix_only(depth, weight_norm):
    """Only one matrix is counted. Each layer has its own, so their bound comes in as often as the slope."""
    return weight_norm * 0.25**depth


@sigmoid_gradient_bound.mistake("bound")
def counts_one_slope_only(depth, weight_norm):
    """Only one slope is counted. Each layer has its own."""
    return weight_norm**depth / 4


@sigmoid_gradient_bound.mistake("bound")
def multiplies_by_the_depth(depth, weight_norm):
    """The factor is multiplied by the depth. Factors along a path multiply each *other*: a power."""
    return weight_norm / 4 * depth


@sigmoid_gradient_bound.mistake("bound")
def cuts_the_bound_off_at_one(depth, weight_norm):
    """The bound is cut off at 1. Where weights are large, gradients may grow from layer to layer: nothing
    cuts them off.
    """
    return min(1.0, (weight_norm / 4) ** depth)


@sigmoid_gradient_bound.mistake("bound")
def forgets_the_slopes(depth, weight_norm):
    """These are the matrices alone. Each layer has a sigmoid as well, and its slope is 1/4 at most."""
    return weight_norm**depth


@sigmoid_gradient_bound.mistake("bound")
def turns_the_factor_over(depth, weight_norm):
    """The factor is upside down: a small weight should make a small gradient."""
    return (4 / weight_norm) ** depth


@sigmoid_gradient_bound.mistake("bound")
def adds_the_slope_to_the_weight(depth, weight_norm):
    """Weight and slope are added. Along a path, multiply."""
    return (weight_norm + 0.25) ** depth


@sigmoid_gradient_bound.mistake("bound")
def takes_the_depth_for_the_base(depth, weight_norm):
    """Base and exponent are exchanged. Which of the two numbers says how often a factor comes in?"""
    return depth ** (weight_norm / 4)


# ---- layer_gradient_norms ----


def gradients_of_networks(rng):
    """Weights and biases of more layers than are asked for, of both signs."""
    for sizes, layers in (
        ((3, 5, 4), 2),
        ((4, 3, 5), 1),
        ((5, 4, 3, 6), 2),
        ((3, 6, 5, 4), 3),
        ((6, 3, 4, 5), 2),
    ):
        shapes: dict[str, tuple[int, ...]] = {f"W{k}": sizes[k - 1 : k + 1] for k in range(1, len(sizes))}
        shapes |= {f"b{k}": sizes[k : k + 1] for k in range(1, len(sizes))}
        scale = 10.0 ** rng.uniform(-2, 1)
        yield {"grads": {n: scale * rng.normal(size=s) for n, s in shapes.items()}, "depth": layers}


layer_gradient_norms = Exercise(
    reference=depth.layer_gradient_norms,
    cases=gradients_of_networks,
    returns=("norms",),
    points=1,
    hints=(
        "Which keys of `grads` are asked for? With which number do they begin, and where do they end?",
        "What is the length of a vector with the entries of one table? Signs must not cancel.",
        (
            "For each k: the root of the sum of the squares of all entries. `np.linalg.norm` of a table "
            "gives it."
        ),
    ),
)


def _norms(row=""):
    """Register another measure of one array."""

    def register(wrong):
        def compute(grads, depth):
            return np.array([wrong(grads[f"W{k}"]) for k in range(1, depth + 1)])

        compute.__name__, compute.__doc__ = wrong.__name__, wrong.__doc__
        return layer_gradient_norms.mistake("norms", row=row)(compute)

    return register


@_norms("M4")
def averages_with_signs(dW):
    """This is the mean of the entries, signs and all. Positive and negative ones cancel, and a large gradient
    looks like none.
    """
    return dW.mean()


@_norms()
def adds_up_with_signs(dW):
    """The entries are added up, signs and all: positive and negative ones cancel. Square them first."""
    return dW.sum()


@_norms()
def averages_the_sizes(dW):
    """This is the mean of the absolute values: another measure. Asked is the root of the sum of squares."""
    return np.abs(dW).mean()


@_norms()
def adds_up_the_sizes(dW):
    """The absolute values are added up: another norm. Asked is the root of the sum of squares."""
    return np.abs(dW).sum()


@_norms()
def takes_the_largest_entry(dW):
    """This is the largest entry. Asked is the length of all of them together."""
    return np.abs(dW).max()


@_norms()
def forgets_the_root(dW):
    """This is the sum of the squares. The root is missing."""
    return np.sum(dW**2)


@_norms()
def averages_the_squares(dW):
    """This is the root of the *mean* of the squares. The sum is asked."""
    return np.sqrt(np.mean(dW**2))


@_norms()
def takes_the_spread(dW):
    """This is the standard deviation, which takes the mean off first. The length of the gradient does not."""
    return dW.std()


@_norms()
def takes_the_spectral_norm(dW):
    """This is the spectral norm: how much the table can stretch a vector. Asked is the root of the sum of
    squares; `np.linalg.norm(dW)` without a 2 gives it.
    """
    return np.linalg.norm(dW, 2)


@_norms()
def takes_a_norm_for_each_column(dW):
    """There is a norm for each column. One number for each layer is due: `axis` is not needed."""
    return np.linalg.norm(dW, axis=0)[0]


@layer_gradient_norms.mistake("norms", row="M5")
def measures_the_biases(grads, depth):
    """These are the norms of the biases' gradients. The weights are asked for: which keys are those?"""
    return np.array([np.linalg.norm(grads[f"b{k}"]) for k in range(1, depth + 1)])


@layer_gradient_norms.mistake("norms")
def adds_the_biases(grads, depth):
    """The biases are in here as well. Each number belongs to the weights of one layer."""
    pairs = [(grads[f"W{k}"], grads[f"b{k}"]) for k in range(1, depth + 1)]
    return np.array([np.sqrt(np.sum(W**2) + np.sum(b**2)) for W, b in pairs])


@layer_gradient_norms.mistake("norms")
def measures_all_layers(grads, depth):
    """All layers are measured. `depth` says how many are asked for, from the first."""
    names = [name for name in grads if name.startswith("W")]
    return np.array([np.linalg.norm(grads[name]) for name in names])


@layer_gradient_norms.mistake("norms")
def counts_the_layers_from_the_end(grads, depth):
    """The order is turned round: the first number belongs to the first layer."""
    return np.array([np.linalg.norm(grads[f"W{k}"]) for k in range(depth, 0, -1)])


@layer_gradient_norms.mistake("norms")
def leaves_the_last_layer_out(grads, depth):
    """The last layer is missing: `range(1, depth)` stops before `depth`."""
    return np.array([np.linalg.norm(grads[f"W{k}"]) for k in range(1, depth)])


@layer_gradient_norms.mistake("norms")
def gives_one_norm_for_all(grads, depth):
    """This is one number for all layers together. One for each is due: that is what tells where blame is
    lost.
    """
    return np.sqrt(sum(np.sum(grads[f"W{k}"] ** 2) for k in range(1, depth + 1)))


@layer_gradient_norms.mistake("norms")
def gives_shares_of_the_first(grads, depth):
    """Everything is divided by the first norm. Plain norms are asked: a ratio hides that *all* may vanish."""
    norms = np.array([np.linalg.norm(grads[f"W{k}"]) for k in range(1, depth + 1)])
    return norms / norms[0]


# ---- dead_unit_share, and its broken version ----


def hidden_activations(rng):
    """Some units silent for all rows, a silent row, living units with many zeros; one of them whispers."""
    for n, units, dead in ((4, 5, 2), (5, 3, 0), (6, 7, 3), (3, 6, 1), (7, 4, 3), (5, 8, 1), (6, 9, 4)):
        a = np.maximum(rng.normal(size=(n, units)), 0.0)
        a[1] = 0.0  # a silent row: no unit is dead for that
        for unit in range(dead, units):  # speaks somewhere, and is silent somewhere else
            a[2 * (unit % 2), unit], a[2 - 2 * (unit % 2), unit] = rng.uniform(0.2, 1.5), 0.0
        a[:, :dead], a[:, -1] = 0.0, 0.001 * a[:, -1]
        yield {"activations": a[:, rng.permutation(units)]}


DEAD_HINTS = (
    "A unit that is silent for one example: is it dead? For how many must it be silent?",
    "A unit is a column. Which axis has to disappear, with `all`?",
    "Compare with 0, ask `all` along the examples, and take the mean over the units.",
)
dead_unit_share = Exercise(
    reference=depth.dead_unit_share, cases=hidden_activations, returns=("share",), points=1, hints=DEAD_HINTS
)


def counts_zeros(activations):
    """It calls units dead that are awake for other examples: of healthy units it finds half dead."""
    return np.mean(activations == 0)


dead_unit_share_repaired = Exercise(
    reference=depth.dead_unit_share_repaired,
    cases=hidden_activations,
    returns=("share",),
    points=1,
    hints=DEAD_HINTS,
    handed_out=counts_zeros,
    handed_out_rows=("M7",),
)


def _dead(row=""):
    """Register a wrong share for both."""

    def register(wrong):
        dead_unit_share_repaired.mistake("share", row=row)(wrong)
        return dead_unit_share.mistake("share", row=row)(wrong)

    return register


@dead_unit_share.mistake("share", row="M7")
def takes_a_silent_moment_for_death(activations):
    """This is the share of zeros. A unit that is silent for some examples is awake for others: dead is one
    that is silent for *all*.
    """
    return np.mean(activations == 0)


@_dead()
def calls_one_silence_death(activations):
    """A unit counts as dead as soon as it is silent *once*: is it `any` where `all` is meant?"""
    return np.mean((activations == 0).any(axis=0))


@_dead()
def counts_silent_examples(activations):
    """The examples are counted for which no unit speaks. A unit is a *column*: which axis must go?"""
    return np.mean((activations == 0).all(axis=1))


@_dead()
def counts_the_living(activations):
    """This is the share of the living. The dead are asked for."""
    return np.mean((activations > 0).any(axis=0))


@_dead()
def gives_the_number(activations):
    """This is the number of dead units. Their *share* is asked: of how many?"""
    return np.sum((activations == 0).all(axis=0))


@_dead()
def divides_by_the_examples(activations):
    """The number of dead units is divided by the number of examples. They are a share of the *units*."""
    return np.sum((activations == 0).all(axis=0)) / len(activations)


@_dead()
def divides_by_all_entries(activations):
    """The number of dead units is divided by the number of all entries. They are a share of the units."""
    return np.sum((activations == 0).all(axis=0)) / activations.size


@_dead()
def looks_at_the_last_example(activations):
    """Only the last example is looked at. A unit is dead if it is silent for all."""
    return np.mean(activations[-1] == 0)


@_dead()
def looks_at_the_first_example(activations):
    """Only the first example is looked at. A unit is dead if it is silent for all."""
    return np.mean(activations[0] == 0)


@_dead()
def calls_a_whisper_death(activations):
    """A unit that speaks softly counts as dead. Dead is who gives exactly 0, for all examples."""
    return np.mean(activations.mean(axis=0) < 0.1)


@_dead()
def calls_the_silent_half_dead(activations):
    """A unit counts as dead if it is silent for more than half of the examples. Dead is silent for *all*."""
    return np.mean((activations == 0).mean(axis=0) > 0.5)


@_dead()
def asks_whether_everything_is_silent(activations):
    """`all` without an axis asks the whole table: one answer for all units. Which axis has to disappear?"""
    return float(np.all(activations == 0))


@_dead()
def gives_the_dead_themselves(activations):
    """This says of each unit whether it is dead. The share of those is due: one number."""
    return (activations == 0).all(axis=0)


# ---- residual_backward ----


def residual_blocks(rng):
    """Branches that mix columns, rows, or nothing; what arrives has both signs."""
    names = [name for name in FUNCTIONS if name.startswith("lambda d:")]
    for name, shape in zip(names, ((3, 4), (4, 3), (5, 4), (3, 5), (4, 6)), strict=True):
        yield {"dy": rng.normal(size=shape), "branch_backward": Named(name)}


residual_backward = Exercise(
    reference=depth.residual_backward,
    cases=residual_blocks,
    returns=("dx",),
    points=2,
    probe="branch",
    upstream="dy",
    hints=(
        "x is used in two places of y = x + F(x). What did lesson 02 say about a dial in two places?",
        "One path goes through F: for that you have a function. What is the slope of the other path?",
        (
            "What arrives goes back unchanged along the plus, and through `branch_backward` along F. Add "
            "the two."
        ),
    ),
)


@residual_backward.mistake("dx", row="F15")
def goes_through_the_branch_only(dy, branch_backward):
    """Only the way through F comes back. x also goes past it, straight into the sum."""
    return branch_backward(dy)


@residual_backward.mistake("dx")
def goes_past_the_branch_only(dy, branch_backward):
    """Only the straight way comes back. The branch has heard of x as well."""
    return 1.0 * dy


@residual_backward.mistake("dx")
def multiplies_the_two_ways(dy, branch_backward):
    """The two ways are multiplied. Along a path multiply, *across* paths add."""
    return dy * branch_backward(dy)


@residual_backward.mistake("dx")
def averages_the_two_ways(dy, branch_backward):
    """The two ways are averaged. Across paths add."""
    return (dy + branch_backward(dy)) / 2


@residual_backward.mistake("dx")
def subtracts_the_branch(dy, branch_backward):
    """The branch is subtracted. In y = x + F(x) both have a plus."""
    return dy - branch_backward(dy)


@residual_backward.mistake("dx")
def goes_through_the_branch_twice(dy, branch_backward):
    """The straight way goes through the branch as well. Along the plus, what arrives goes back unchanged."""
    return branch_backward(dy + branch_backward(dy))


@residual_backward.mistake("dx")
def doubles_the_straight_way(dy, branch_backward):
    """The straight way is counted twice."""
    return 2 * dy + branch_backward(dy)


@residual_backward.mistake("dx")
def doubles_the_branch(dy, branch_backward):
    """The way through the branch is counted twice."""
    return dy + 2 * branch_backward(dy)


@residual_backward.mistake("dx")
def lets_ones_arrive_on_the_straight_way(dy, branch_backward):
    """On the straight way comes a 1, the slope of the plus alone. What arrives is multiplied by it."""
    return 1.0 + branch_backward(dy)


@residual_backward.mistake("dx")
def sends_ones_through_the_branch(dy, branch_backward):
    """Ones are sent through the branch. What arrives is `dy`."""
    return dy + branch_backward(np.ones_like(dy))


# ---- quizzes ----

thirty_layers = Quiz(
    "10-thirty-layers",
    (
        "A network of 30 sigmoid layers. In each, blame shrinks to about a quarter. If the last layer's "
        "gradient is about 1, what is left at the first?"
    ),
    (
        Choice("About 1/120", "30 times 4. Do factors along a path add?"),
        Choice("About 1/1,000", "That is after five layers. There are thirty."),
        Choice(
            "Less than 1e-17",
            "A quarter of a quarter, thirty times. No learning rate can make up for that.",
            right=True,
        ),
    ),
)

small_weights = Quiz(
    "10-small-weights",
    (
        "Would very small weights help? With tanh, all of them of size 0.01, ten layers: what happens to "
        "the signal?"
    ),
    (
        Choice(
            "It stays in the steep middle of tanh, so gradients live",
            "Slopes are near 1 there, true. What else does blame pass on its way back?",
        ),
        Choice(
            "It dies on the way forward, and the gradient on the way back",
            (
                "Each layer multiplies by its weights, in both directions. Small weights shrink "
                "activations and "
                "gradients alike, layer by layer."
            ),
            right=True,
        ),
        Choice("Nothing: descent will make them grow", "With which gradient?"),
    ),
)

why_two = Quiz(
    "10-why-two",
    (
        "For ReLU the variance of the weights is 2 / fan_in, for tanh about 1 / fan_in. Where does the 2 "
        "come from?"
    ),
    (
        Choice("ReLU has slope 2", "Its slope is 1 or 0."),
        Choice(
            "There are two passes, forward and back",
            "Both are served by the same number, but that is not it.",
        ),
        Choice(
            "A ReLU lets through only half",
            (
                "Of signals that are as often negative as positive it cuts off half, and with it half"
                " of their "
                "mean square. Weights twice as strong, in variance, make up for it."
            ),
            right=True,
        ),
    ),
)
