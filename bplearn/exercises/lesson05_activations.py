"""Lesson 05: activations."""

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import activations
from bplearn.nn.neuron import sigmoid

# Smallest first; sizes all different, none of them 1 or 2.
SHAPES = ((3,), (4, 3), (3, 5), (5, 4), (6, 3), (3, 4, 5))
TABLES = ((3, 4), (4, 3), (5, 4), (3, 5), (6, 4))


def _away_from_zero(rng, shape, low=0.1, high=2.5):
    """Entries of both signs, in every array, none of them near a corner."""
    signs = rng.permutation(np.where(np.arange(np.prod(shape)) % 2, 1.0, -1.0)).reshape(shape)
    return signs * rng.uniform(low, high, size=shape)


def bent(rng):
    """What goes into a bend."""
    for shape in SHAPES:
        yield {"z": _away_from_zero(rng, shape)}


def bent_with_blame(rng):
    """What went in, and what arrives: both of both signs, independent of each other."""
    for shape in SHAPES:
        yield {"da": rng.normal(size=shape), "z": _away_from_zero(rng, shape)}


# ---- relu_forward ----

relu_forward = Exercise(
    reference=activations.relu_forward,
    cases=bent,
    returns=("a",),
    points=1,
    hints=(
        "What should come out for -3? And for 3?",
        "For each entry, the larger of two numbers: which ones?",
        "`np.maximum` compares with one number, entry by entry. (`np.max` gives one number for all.)",
    ),
)


@relu_forward.mistake("a")
def bends_to_the_other_side(z):
    """The *smaller* of z and 0 comes out: what is positive is cut off. Which side should go through?"""
    return np.minimum(z, 0.0)


@relu_forward.mistake("a")
def folds_the_negative_side_up(z):
    """What is negative comes out positive: that is the absolute value. A ReLU lets nothing through there."""
    return np.abs(z)


@relu_forward.mistake("a")
def answers_with_the_switch(z):
    """This is the switch alone, 1 or 0. Where it is on, z itself goes through."""
    return (z > 0).astype(float)


@relu_forward.mistake("a")
def does_not_bend(z):
    """z comes out as it went in. Without a bend, two layers are one."""
    return 1.0 * z


def _leaking(alpha):
    def lets_a_little_through(z):
        """What is negative comes out smaller, and not as 0. That is a leaky ReLU; this one closes wholly."""
        return np.where(z > 0, z, alpha * z)

    return lets_a_little_through


for leak in (0.01, 0.1, 0.2):
    relu_forward.mistake("a")(_leaking(leak))


@relu_forward.mistake("a")
def turns_the_sign(z):
    """Where z is positive, the opposite comes out. It should go through as it is."""
    return -np.maximum(z, 0.0)


@relu_forward.mistake("a")
def keeps_the_negative_side_turned(z):
    """Only the negative side comes out, with its sign turned. The positive side should go through."""
    return np.maximum(-z, 0.0)


@relu_forward.mistake("a")
def limits_at_one(z):
    """Values above 1 are cut off as well. A ReLU has no upper limit: that is what spares it from saturation
    on this side.
    """
    return np.clip(z, 0.0, 1.0)


@relu_forward.mistake("a")
def bends_at_one(z):
    """The bend is at 1. Here it is at 0."""
    return np.maximum(z, 1.0)


@relu_forward.mistake("a")
def squares_the_positive_side(z):
    """Where z is positive its square comes out. It should go through as it is."""
    return np.maximum(z, 0.0) * z


@relu_forward.mistake("a")
def squashes_instead(z):
    """That is a sigmoid. A ReLU is made of two straight pieces."""
    return sigmoid(z)


@relu_forward.mistake("a")
def rounds_the_corner(z):
    """That is a softplus, a ReLU with a rounded corner. Here the corner is sharp."""
    return np.log1p(np.exp(z))


@relu_forward.mistake("a")
def takes_the_largest_of_a_column(z):
    """`np.max(z, 0)` takes the largest entry along axis 0. Entry by entry, with 0 as the other number, it is
    `np.maximum`.
    """
    return np.max(z, 0)


@relu_forward.mistake("a")
def throws_away_what_is_negative(z):
    """The negative entries are gone, and with them the shape. They become 0 and stay in their places."""
    return z[z > 0]


# ---- relu_backward ----

relu_backward = Exercise(
    reference=activations.relu_backward,
    cases=bent_with_blame,
    returns=("dz",),
    points=2,
    upstream="da",
    hints=(
        "Nudge an input of -3. Does the output move? And for an input of 3, by how much?",
        "The slope is 0 on one side and 1 on the other. What happens to what arrives, in each case?",
        "`z > 0` is a mask. In a product True counts as 1 and False as 0; or use `np.where`.",
    ),
)


@relu_backward.follows("relu_forward", "z")
def loss_of_relu(a, da, z):
    return float(np.sum(a * da))


@relu_backward.mistake("dz", row="D13")
def returns_the_mask_alone(da, z):
    """This is the slope alone. What arrives is missing: double `da`, and what should happen to `dz`?"""
    return (z > 0).astype(float)


@relu_backward.mistake("dz", row="D14")
def never_closes(da, z):
    """Everything that arrives is handed on. Which inputs could not move the output at all?"""
    return 1.0 * da


@relu_backward.mistake("dz", row="D15")
def opens_the_wrong_side(da, z):
    """The switch is the wrong way round: blame goes to inputs that were cut off. Which side let its values
    through?
    """
    return da * (z < 0)


@relu_backward.mistake("dz", row="D11")
def looks_at_the_sign_of_the_blame(da, z):
    """The switch is set by the sign of what arrives. It was set on the way forward, by the sign of `z`."""
    return da * (da > 0)


@relu_backward.mistake("dz", row="D12")
def multiplies_by_the_output(da, z):
    """What arrives is multiplied by the *output* of the ReLU. How steep is a straight line of slope one?"""
    return da * np.maximum(z, 0.0)


@relu_backward.mistake("dz", row="D12")
def gives_the_forward_again(da, z):
    """This is the forward pass again, without what arrives. How does the *loss* react to `z`?"""
    return np.maximum(z, 0.0)


@relu_backward.mistake("dz")
def multiplies_by_the_input(da, z):
    """What arrives is multiplied by `z`, on both sides. The slope is 1 or 0, however large z is."""
    return da * z


@relu_backward.mistake("dz")
def turns_the_blame_where_negative(da, z):
    """Where z is negative the blame comes back with its sign turned: that is the slope of the absolute value.
    A closed switch lets nothing through.
    """
    return da * np.sign(z)


@relu_backward.mistake("dz")
def asks_both_for_their_sign(da, z):
    """Blame comes through only where it is positive itself. It may have either sign; the switch asks `z`."""
    return da * ((z > 0) & (da > 0))


@relu_backward.mistake("dz")
def bends_the_blame_too(da, z):
    """The blame goes through a ReLU itself, and then through the switch. Negative blame is blame."""
    return np.maximum(da * z, 0.0)


@relu_backward.mistake("dz")
def switches_the_input(da, z):
    """`z` comes out where what arrives is positive: the two are in each other's place. What is switched, and
    by what?
    """
    return z * (da > 0)


@relu_backward.mistake("dz")
def opens_above_one(da, z):
    """The switch opens at 1. On the way forward it opened at 0."""
    return da * (z > 1)


@relu_backward.mistake("dz")
def lets_blame_leak(da, z):
    """A little blame comes through where z is negative: that is a leaky ReLU. This one is closed there."""
    return np.where(z > 0, da, 0.01 * da)


@relu_backward.mistake("dz")
def adds_the_mask(da, z):
    """The slope is *added* to what arrives. Along a path, multiply."""
    return da + (z > 0)


@relu_backward.mistake("dz")
def rounds_the_corner_of_the_slope(da, z):
    """The slope is a sigmoid here: that belongs to softplus. A ReLU's slope is 0 or 1, nothing between."""
    return da * sigmoid(z)


@relu_backward.mistake("dz")
def forgets_the_blame_where_open(da, z):
    """Where the switch is open `z` comes out, and where it is closed what arrives. What is let through, and
    where?
    """
    return np.where(z > 0, z, da)


@relu_backward.mistake("dz")
def hands_on_where_closed_is_one(da, z):
    """Where the switch is closed a 1 stands. Nothing passes there: which number says so?"""
    return np.where(z > 0, da, 1.0)


@relu_backward.mistake("dz")
def keeps_the_input_where_closed(da, z):
    """Where the switch is closed `z` comes out. An input that could not move the output gets no blame."""
    return np.where(z > 0, da, z)


# ---- tanh_backward ----


def squashed_with_blame(rng):
    """Outputs of tanh, of both signs, and what arrives."""
    for shape in SHAPES:
        yield {"da": rng.normal(size=shape), "a": np.tanh(_away_from_zero(rng, shape, 0.2, 1.8))}


tanh_backward = Exercise(
    reference=activations.tanh_backward,
    cases=squashed_with_blame,
    returns=("dz",),
    points=2,
    upstream="da",
    hints=(
        "Where is tanh steepest, and how steep is it there? What is its output at that place?",
        "The slope is 1 where the output is 0, and nearly 0 where the output is near 1 or -1. Which formula?",
        "One minus the square of the output; and what arrives is multiplied by it.",
    ),
)


def _tanh(row=""):
    """Register a wrong slope of tanh, given its output; what arrives is multiplied by it."""

    def register(slope):
        def compute(da, a):
            return da * slope(a)

        compute.__name__, compute.__doc__ = slope.__name__, slope.__doc__
        return tanh_backward.mistake("dz", row=row)(compute)

    return register


@tanh_backward.mistake("dz", row="D1")
def returns_the_slope_alone(da, a):
    """This is the slope alone. What arrives is missing: double `da`, and what should happen to `dz`?"""
    return 1 - a**2


@_tanh(row="D7")
def forgets_the_square(a):
    """The square is missing: this slope is 2 at the left end, where tanh is flat. What is it for a = -1?"""
    return 1 - a


@_tanh(row="D8")
def uses_the_slope_of_the_sigmoid(a):
    """That is the slope of a sigmoid, a(1 - a). For tanh it should be 1 where the output is 0."""
    return a * (1 - a)


@_tanh(row="D9")
def squashes_twice(a):
    """tanh is taken of `a`, which is tanh(z) already. Use the output as it is."""
    return 1 - np.tanh(a) ** 2


@_tanh()
def squashes_twice_and_forgets_the_square(a):
    """tanh is taken of `a`, which is tanh(z) already, and the square is missing."""
    return 1 - np.tanh(a)


@_tanh()
def uses_the_output_as_the_slope(a):
    """What arrives is multiplied by the *output*. Where tanh is flat, its output is largest."""
    return a


@_tanh()
def uses_the_square_alone(a):
    """The slope is 1 minus the square, and here the square stands alone. Where the output is 0, tanh is
    steepest.
    """
    return a**2


@_tanh()
def adds_the_square(a):
    """One *plus* the square: a slope that grows towards the ends. tanh is flat there."""
    return 1 + a**2


@_tanh()
def subtracts_one_from_the_square(a):
    """The square minus one: the slope of tanh with its sign turned. tanh never falls."""
    return a**2 - 1


@_tanh(row="D10")
def takes_the_root_of_the_slope(a):
    """The root of the slope, which is 1/cosh. One factor is missing: the slope is the square of it."""
    return np.sqrt(1 - a**2)


@_tanh()
def squares_the_slope(a):
    """The slope is squared as well. One minus the square of the output is all."""
    return (1 - a**2) ** 2


@_tanh()
def squares_the_difference(a):
    """The difference 1 - a is squared. It is `a` alone that is squared: where does the bracket end?"""
    return (1 - a) ** 2


@_tanh()
def doubles_the_output(a):
    """`2 * a` stands where the square should: `a * 2` is not `a ** 2`."""
    return 1 - 2 * a


@_tanh()
def divides_by_the_slope(a):
    """What arrives is divided by the slope. Along a path, multiply."""
    return 1 / (1 - a**2)


@_tanh(row="D10")
def divides_by_cosh(a):
    """One over cosh, of `a`. The slope of tanh is one over the *square* of cosh, at z; and from the output,
    which is what you have, it needs no cosh at all.
    """
    return 1 / np.cosh(a)


@_tanh()
def differentiates_the_slope(a):
    """-2a is what one gets by differentiating 1 - a^2 once more. 1 - a^2 is the slope already."""
    return -2 * a


@_tanh()
def differentiates_the_square(a):
    """2a is the slope of a *square*. The slope of tanh, given its output, is one minus the square."""
    return 2 * a


@_tanh()
def takes_the_size_for_the_square(a):
    """The size |a| stands where the square should. Both vanish at 0, but only the square is flat there."""
    return 1 - np.abs(a)


@_tanh()
def takes_one_half_of_the_product(a):
    """1 - a^2 is (1 - a)(1 + a), and one of the two is missing. At which end must it vanish as well?"""
    return 1 + a


@_tanh()
def takes_the_sigmoid_of_the_output(a):
    """The slope of a *sigmoid*, taken at `a`: another function, and `a` is an output already."""
    return sigmoid(a) * (1 - sigmoid(a))


@_tanh()
def cubes_the_output(a):
    """The output stands to the third power. It is the square that is taken from one."""
    return 1 - a**3


@_tanh()
def squashes_the_output_for_a_slope(a):
    """What arrives is multiplied by tanh(a): a value, of an output, where a slope is due."""
    return np.tanh(a)


@tanh_backward.mistake("dz")
def multiplies_before_it_subtracts(da, a):
    """Without brackets, only the 1 is multiplied by what arrives. Where does the slope begin and end?"""
    return da - a**2


@tanh_backward.mistake("dz")
def squashes_the_blame(da, a):
    """The square is that of what arrives. The slope depends on the output alone."""
    return 1 - da**2


# ---- leaky_relu_backward ----


def leaking_with_blame(rng):
    """As for the ReLU, with leaks of several sizes; one input lies between 0 and alpha."""
    for shape, alpha in zip(SHAPES, (0.3, 0.07, 0.2, 0.13, 0.4, 0.05), strict=True):
        z = _away_from_zero(rng, shape)
        z.flat[np.argmax(z)] = 0.6 * alpha
        yield {"da": rng.normal(size=shape), "z": z, "alpha": alpha}


leaky_relu_backward = Exercise(
    reference=activations.leaky_relu_backward,
    cases=leaking_with_blame,
    returns=("dz",),
    points=2,
    upstream="da",
    hints=(
        "Nudge an input of 3 by a hair: by how much does the output move? And for an input of -3?",
        "Two straight pieces, two slopes. Which of them is `alpha`?",
        "Choose entry by entry with `np.where`: the condition is the one of the forward pass.",
    ),
)


@leaky_relu_backward.mistake("dz", row="D17")
def leaks_on_the_positive_side(da, z, alpha):
    """The two slopes are exchanged: `alpha` stands on the positive side. Which side is the leak?"""
    return np.where(z > 0, alpha * da, da)


@leaky_relu_backward.mistake("dz", row="D18")
def closes_the_leak(da, z, alpha):
    """Nothing comes back from the negative side: that is a plain ReLU. What does the leak let through?"""
    return da * (z > 0)


@leaky_relu_backward.mistake("dz", row="D19")
def uses_the_value_as_the_slope(da, z, alpha):
    """On the negative side stands the *output*, alpha z. Does the slope of a straight line depend on where
    you are?
    """
    return da * np.where(z > 0, 1.0, alpha * z)


@leaky_relu_backward.mistake("dz", row="D19")
def multiplies_by_the_forward(da, z, alpha):
    """What arrives is multiplied by the output. The slope of a straight piece is one number: which?"""
    return da * np.where(z > 0, z, alpha * z)


@leaky_relu_backward.mistake("dz", row="D20")
def divides_by_alpha(da, z, alpha):
    """The slope of the leak is upside down, 1/alpha. Lay a ruler on the left piece: is it steep or flat?"""
    return np.where(z > 0, da, da / alpha)


@leaky_relu_backward.mistake("dz", row="D20")
def turns_the_leak(da, z, alpha):
    """The slope of the leak has the wrong sign. The left piece rises too, only slowly."""
    return np.where(z > 0, da, -alpha * da)


@leaky_relu_backward.mistake("dz")
def returns_both_slopes_alone(da, z, alpha):
    """These are the slopes alone. What arrives is missing: along a path, multiply."""
    return np.where(z > 0, 1.0, alpha)


@leaky_relu_backward.mistake("dz")
def forgets_the_blame_on_the_left(da, z, alpha):
    """On the negative side stands `alpha` alone. What arrives there is stretched as well."""
    return np.where(z > 0, da, alpha)


@leaky_relu_backward.mistake("dz")
def forgets_the_blame_on_the_right(da, z, alpha):
    """On the positive side stands 1 alone. What arrives there is handed on."""
    return np.where(z > 0, 1.0, alpha * da)


@leaky_relu_backward.mistake("dz")
def leaks_on_both_sides(da, z, alpha):
    """`alpha` is on both sides. The right piece has slope 1."""
    return alpha * da


@leaky_relu_backward.mistake("dz")
def never_leaks(da, z, alpha):
    """Everything that arrives is handed on. The left piece is flatter."""
    return 1.0 * da


@leaky_relu_backward.mistake("dz")
def adds_alpha_to_the_mask(da, z, alpha):
    """Mask plus alpha: on the positive side that makes 1 + alpha. There the slope is 1."""
    return da * ((z > 0) + alpha)


@leaky_relu_backward.mistake("dz")
def opens_only_the_leak(da, z, alpha):
    """Only the leak lets something through. The positive side has slope 1."""
    return alpha * da * (z < 0)


@leaky_relu_backward.mistake("dz", row="D11")
def asks_the_blame_for_its_sign(da, z, alpha):
    """The slope is chosen by the sign of what arrives. The side was taken on the way forward, by `z`."""
    return np.where(da > 0, da, alpha * da)


@leaky_relu_backward.mistake("dz")
def gives_the_leaky_forward_again(da, z, alpha):
    """This is the forward pass again. What comes back is what arrives, times the slope."""
    return np.where(z > 0, z, alpha * z)


@leaky_relu_backward.mistake("dz")
def subtracts_alpha_from_one(da, z, alpha):
    """The slope of the leak is 1 - alpha here. It is alpha."""
    return np.where(z > 0, da, (1 - alpha) * da)


@leaky_relu_backward.mistake("dz")
def keeps_the_value_on_the_right(da, z, alpha):
    """On the positive side what arrives is multiplied by z, the *value*. How steep is that piece?"""
    return da * np.where(z > 0, z, alpha)


@leaky_relu_backward.mistake("dz")
def adds_the_leak_to_what_passes(da, z, alpha):
    """The left piece has slope 1 + alpha here: what arrives passes whole, and the leak is added. Only the
    leak is there.
    """
    return da + alpha * da * (z < 0)


@leaky_relu_backward.mistake("dz")
def bends_at_alpha(da, z, alpha):
    """The side is decided at `alpha`. alpha is a slope; the corner is at z = 0."""
    return np.where(z > alpha, da, alpha * da)


@leaky_relu_backward.mistake("dz")
def takes_the_input_for_the_leak(da, z, alpha):
    """On the negative side what arrives is multiplied by `z`, without `alpha`. How steep is the leak?"""
    return da * np.where(z > 0, 1.0, z)


@leaky_relu_backward.mistake("dz")
def squares_the_leak(da, z, alpha):
    """The leak is there twice: alpha times alpha. Once is enough."""
    return np.where(z > 0, da, alpha * alpha * da)


# ---- softplus_backward ----


def far_and_near(rng):
    """Ordinary inputs first."""
    for shape in SHAPES:
        yield {"da": rng.normal(size=shape), "z": _away_from_zero(rng, shape, 0.1, 3.5)}


def far_out(rng):
    """Where exponentials overflow, and where a careful clip would bite."""
    z = np.array([-1000.0, -700.0, 700.0, 1000.0])
    yield "inputs of up to 1000", {"da": rng.normal(size=4), "z": z}
    z = rng.choice((-1.0, 1.0), size=(3, 4)) * rng.uniform(12, 40, size=(3, 4))
    z[0, 0], z[0, 1] = -15.0, 14.0
    yield "inputs between 12 and 40", {"da": rng.normal(size=(3, 4)), "z": z}


softplus_backward = Exercise(
    reference=activations.softplus_backward,
    cases=far_and_near,
    extreme=far_out,
    returns=("dz",),
    points=2,
    upstream="da",
    hints=(
        "What is the slope of ln(u)? And of what stands inside, 1 + e^z? Multiply.",
        "e^z / (1 + e^z): have you met this function, written another way? Divide above and below by e^z.",
        "The slope of softplus is a function that the setup has imported, and its stable form comes with it.",
    ),
)


def _softplus(row=""):
    """Register a wrong slope of softplus; what arrives is multiplied by it."""

    def register(slope):
        def compute(da, z):
            return da * slope(z)

        compute.__name__, compute.__doc__ = slope.__name__, slope.__doc__
        return softplus_backward.mistake("dz", row=row)(compute)

    return register


def _softplus_of(z):
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


@softplus_backward.mistake("dz", row="D1")
def returns_the_sigmoid_alone(da, z):
    """This is the slope alone. What arrives is missing: along a path, multiply."""
    return sigmoid(z)


@_softplus(row="D27")
def uses_softplus_as_its_slope(z):
    """What arrives is multiplied by the *output*. For large z a softplus is a straight line: how steep?"""
    return _softplus_of(z)


@_softplus(row="D27")
def uses_the_slope_of_the_slope(z):
    """That is the slope of the sigmoid, s(1 - s). The slope of a softplus is the sigmoid itself: which of the
    two is near 1 for large z?
    """
    return sigmoid(z) * (1 - sigmoid(z))


@_softplus()
def uses_the_slope_of_relu(z):
    """That is the slope of a ReLU, 0 or 1. A softplus has a rounded corner: its slope goes over from one to
    the other.
    """
    return (z > 0).astype(float)


@_softplus()
def forgets_what_is_inside(z):
    """1/(1 + e^z) falls from 1 on the left to 0 on the right. The slope of ln(u) is 1/u, and u moves with z
    as well: the slope of what is inside is missing.
    """
    return 1 / (1 + np.exp(z))


@_softplus()
def keeps_the_inside_alone(z):
    """That is the slope of what stands inside the logarithm. The slope of the logarithm, 1/u, is missing."""
    return np.exp(z)


@_softplus()
def hands_everything_on(z):
    """Everything that arrives is handed on as it is. For z = -5 a softplus hardly moves: how steep is it
    there?
    """
    return np.ones_like(z)


@_softplus()
def squashes_with_tanh(z):
    """That is tanh(z), which has another range. The slope of a softplus lies between 0 and 1."""
    return np.tanh(z)


@_softplus()
def keeps_one_plus_e(z):
    """This is 1 + e^z, which stands inside the logarithm. The slope of ln(u) is 1/u, times the slope of u."""
    return 1 + np.exp(z)


@_softplus()
def squashes_twice_on_the_way_back(z):
    """The sigmoid of a sigmoid. Its input is `z`, as it went into the softplus."""
    return sigmoid(sigmoid(z))


@_softplus()
def squashes_the_output(z):
    """The sigmoid is taken of softplus's *output*. The slope is asked at the place where z was."""
    return sigmoid(_softplus_of(z))


@_softplus()
def divides_by_the_logarithm(z):
    """One over the *logarithm*. The slope of ln(u) is one over u, which stands inside it; and then the slope
    of u.
    """
    with np.errstate(all="ignore"):
        return 1 / np.log(1 + np.exp(z))


@_softplus()
def multiplies_by_the_input_too(z):
    """A factor z too many. The slope of e^z is e^z itself; no z comes down."""
    return z * sigmoid(z)


@_softplus(row="D28")
def paints_over_the_nan(z):
    """Right for ordinary inputs, but for a large z both e^z overflow, and the nan was replaced by 0. There
    the slope is 1: a form that cannot overflow needs no patch.
    """
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.exp(z) / (1 + np.exp(z)))


@_softplus(row="D28")
def overflows_above(z):
    """Right for ordinary inputs, but for a large z both e^z overflow, and inf/inf is nan. Is there a form in
    which `exp` never sees a large number?
    """
    with np.errstate(all="ignore"):
        return np.exp(z) / (1 + np.exp(z))


def _clipped(limit):
    def clips_the_input(z):
        """`z` is clipped for safety, and the slope stops where the clip begins: beyond it this is another
        function. A form that cannot overflow needs no clip.
        """
        return sigmoid(np.clip(z, -limit, limit))

    return clips_the_input


for bound in (5.0, 10.0):
    _softplus(row="D29")(_clipped(bound))


@softplus_backward.mistake("dz")
def gives_softplus_again(da, z):
    """This is the forward pass again. What comes back is what arrives, times the slope."""
    return _softplus_of(z)


# ---- softmax ----


def scores(rng):
    """Scores of both signs; no two sizes alike."""
    for shape in TABLES:
        yield {"z": rng.normal(size=shape) * 1.5}


def far_scores(rng):
    """Where exponentials overflow, and rows that are far from each other."""
    z = rng.uniform(-1000, 1000, size=(3, 4))
    z[1] = rng.permutation([950.0, -600.0, -800.0, -1000.0])  # one far above the mean of its row
    yield "scores of up to 1000", {"z": z}
    near = rng.normal(size=(4, 3))
    yield "rows of very different size", {"z": near + np.array([[1000.0], [0.0], [-1000.0], [-400.0]])}


def square_scores(rng):
    """For diagnosis only: a sum that has lost its axis runs here, and can be recognised."""
    for size in (3, 4, 5):
        yield {"z": rng.normal(size=(size, size)) * 1.5}


softmax = Exercise(
    reference=activations.softmax,
    cases=scores,
    extreme=far_scores,
    square=square_scores,
    returns=("p",),
    points=1,
    hints=(
        "What makes any number positive? And what makes positive numbers add up to 1?",
        "Exponentials, divided by their sum; both for each row by itself. Which axis runs along a row?",
        (
            "Subtract from each row its own largest score first. `z.max(axis=1, keepdims=True)` is a column, "
            "one number beside each row; the sum needs `keepdims=True` as well."
        ),
    ),
)


def _shifted(z, axis=1):
    return np.exp(z - z.max(axis=axis, keepdims=True))


@softmax.mistake("p")
def shares_along_the_columns(z):
    """Each *column* adds up to 1. The classes stand side by side in a row: along which axis do they share?"""
    e = _shifted(z, 0)
    return e / e.sum(axis=0, keepdims=True)


@softmax.mistake("p")
def shares_among_the_whole_table(z):
    """The whole table adds up to 1. Each example, a row, has its own shares."""
    e = np.exp(z - z.max())
    return e / e.sum()


@softmax.mistake("p")
def shifts_rows_but_shares_the_table(z):
    """Each row was shifted by itself, and then divided by the sum of the *whole table*. Each row has a sum of
    its own.
    """
    e = _shifted(z)
    return e / e.sum()


@softmax.mistake("p")
def shares_out_sigmoids(z):
    """Sigmoids are shared out. They are positive, but a score of 5 and one of 10 come out alike: exponentials
    keep them apart.
    """
    return sigmoid(z) / sigmoid(z).sum(axis=1, keepdims=True)


@softmax.mistake("p")
def shifts_and_stops(z):
    """These are the shifted scores. Exponentials, and the division by their sum, are still to come."""
    return z - z.max(axis=1, keepdims=True)


@softmax.mistake("p")
def turns_the_fraction_over(z):
    """The fraction stands on its head: the sum of the row is divided by each exponential. Which of the two is
    the whole, and which the part?
    """
    with np.errstate(all="ignore"):
        return _shifted(z).sum(axis=1, keepdims=True) / _shifted(z)


@softmax.mistake("p")
def counts_in_powers_of_ten(z):
    """Powers of 10, where powers of e are asked: `np.exp`."""
    e = 10.0 ** (z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@softmax.mistake("p")
def squashes_each_score_by_itself(z):
    """That is a sigmoid of each score. The rows do not add up to 1: each class must know of the others."""
    return sigmoid(z)


@softmax.mistake("p")
def gives_exponentials_alone(z):
    """These are exponentials, and nothing is divided. What makes them add up to 1?"""
    with np.errstate(all="ignore"):
        return np.exp(z)


@softmax.mistake("p")
def gives_shifted_exponentials_alone(z):
    """The largest in each row is 1: nothing was divided yet, or it was divided by the largest. What makes a
    row add up to 1?
    """
    return _shifted(z)


@softmax.mistake("p")
def divides_the_scores_themselves(z):
    """The scores are divided by their sum, without exponentials. Some shares are negative: what makes every
    number positive?
    """
    return z / z.sum(axis=1, keepdims=True)


@softmax.mistake("p")
def shares_the_sizes(z):
    """Absolute values are shared out, so a score of -3 counts as much as one of 3. Exponentials keep the
    order.
    """
    return np.abs(z) / np.abs(z).sum(axis=1, keepdims=True)


@softmax.mistake("p")
def divides_by_sums_of_scores(z):
    """The exponentials are divided by a sum of the *scores*. What makes the exponentials of a row add up to
    1?
    """
    return _shifted(z) / z.sum(axis=1, keepdims=True)


@softmax.mistake("p")
def turns_the_scores(z):
    """The smallest score gets the largest share: the sign in the exponent is turned."""
    return activations.softmax(-z)


@softmax.mistake("p")
def gives_logarithms(z):
    """These are logarithms of the shares. The shares themselves are due."""
    return z - z.max(axis=1, keepdims=True) - np.log(_shifted(z).sum(axis=1, keepdims=True))


@softmax.mistake("p")
def counts_in_powers_of_two(z):
    """Powers of 2, where powers of e are asked: `np.exp`."""
    e = 2.0 ** (z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@softmax.mistake("p")
def shows_the_winner_only(z):
    """The largest score takes all. The others have a share as well: that is what is soft."""
    return (z == z.max(axis=1, keepdims=True)).astype(float)


@softmax.mistake("p")
def averages_the_exponentials(z):
    """Divided by the *mean* of a row, its shares add up to K. Divide by the sum."""
    e = _shifted(z)
    return e / e.mean(axis=1, keepdims=True)


@softmax.mistake("p")
def shifts_above_only(z):
    """The numerator is shifted, and the sum below is made of unshifted exponentials. Shift first, then use
    the same exponentials in both places.
    """
    with np.errstate(all="ignore"):
        return _shifted(z) / np.exp(z).sum(axis=1, keepdims=True)


@softmax.mistake("p")
def shifts_below_only(z):
    """The sum below is shifted, and the numerator is not. Shift first, then use the same exponentials in both
    places.
    """
    with np.errstate(all="ignore"):
        return np.exp(z) / _shifted(z).sum(axis=1, keepdims=True)


@softmax.mistake("p")
def subtracts_after_the_exponential(z):
    """The largest is taken off *after* the exponentials, and they turn negative. Take it off the scores."""
    with np.errstate(all="ignore"):
        e = np.exp(z)
        e = e - e.max(axis=1, keepdims=True)
        return e / e.sum(axis=1, keepdims=True)


@softmax.mistake("p")
def divides_by_the_largest_score(z):
    """The scores are *divided* by the largest one. To subtract changes no share, to divide does."""
    e = np.exp(z / z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@softmax.mistake("p")
def divides_by_sums_of_columns(z):
    """The sums belong to the columns. Without `keepdims=True` the sums of the rows lie down, and meet the
    columns: print the shape of your sum.
    """
    e = _shifted(z)
    return e / e.sum(axis=0)


@softmax.mistake("p")
def divides_by_sums_that_lie_down(z):
    """The sums of the rows have lost their axis and lie down beside the columns: row n is divided by the sums
    of all rows. `keepdims=True` keeps them standing.
    """
    e = _shifted(z)
    return e / e.sum(axis=1)


@softmax.mistake("p")
def divides_unshifted_by_sums_that_lie_down(z):
    """The sums of the rows have lost their axis and lie down beside the columns: row n is divided by the sums
    of all rows. `keepdims=True` keeps them standing. (And e^1000 overflows: shift first.)
    """
    with np.errstate(all="ignore"):
        e = np.exp(z)
        return e / e.sum(axis=1)


@softmax.mistake("p")
def lays_maxima_and_sums_down(z):
    """The largest scores *and* the sums of the rows have lost their axis, and meet the columns.
    `keepdims=True`, in both, keeps them standing beside their rows.
    """
    e = np.exp(z - z.max(axis=1))
    return e / e.sum(axis=1)


@softmax.mistake("p")
def shifts_by_maxima_that_lie_down(z):
    """The largest scores of the rows have lost their axis, and each is taken from a *column*. `keepdims=True`
    keeps them standing beside their rows.
    """
    e = np.exp(z - z.max(axis=1))
    return e / e.sum(axis=1, keepdims=True)


@softmax.mistake("p", row="D31")
def does_not_shift(z):
    """Right for ordinary scores, but e^1000 overflows, and inf/inf is nan. To shift all scores of a row
    changes nothing: use that.
    """
    with np.errstate(all="ignore"):
        e = np.exp(z)
        return e / e.sum(axis=1, keepdims=True)


@softmax.mistake("p")
def adds_the_largest(z):
    """The largest score of each row is *added*. That changes no share either, but the exponents grow instead
    of shrinking.
    """
    with np.errstate(all="ignore"):
        e = np.exp(z + z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)


@softmax.mistake("p", row="D31")
def paints_over_the_overflow(z):
    """Right for ordinary scores, but e^1000 overflows, and the nan was replaced by 0: the winner of a row
    gets nothing. To shift all scores of a row changes no share: use that.
    """
    with np.errstate(all="ignore"):
        e = np.exp(z)
        return np.nan_to_num(e / e.sum(axis=1, keepdims=True))


@softmax.mistake("p", row="D32")
def shifts_by_the_largest_of_all(z):
    """All rows are shifted by the largest score of the whole table. In a row far below it every exponential
    vanishes, and 0/0 is nan. Each row has a largest score of its own.
    """
    with np.errstate(all="ignore"):
        e = np.exp(z - z.max())
        return e / e.sum(axis=1, keepdims=True)


@softmax.mistake("p", row="D32")
def shifts_by_the_largest_of_a_column(z):
    """Each *column* is shifted by its largest score. Then the scores of one row are shifted differently, and
    its shares change.
    """
    with np.errstate(all="ignore"):
        e = np.exp(z - z.max(axis=0))
        return e / e.sum(axis=1, keepdims=True)


def _shifted_by(number):
    def shifts_by_another_number(z):
        """Each row is shifted, but not by its *largest* score. That changes no share; yet a score far above
        the mean or the smallest still overflows. Which number makes every exponent negative or 0?
        """
        with np.errstate(all="ignore"):
            e = np.exp(z - number(z, axis=1, keepdims=True))
            return e / e.sum(axis=1, keepdims=True)

    return shifts_by_another_number


for shift in (np.mean, np.min, np.median, np.sum):
    softmax.mistake("p")(_shifted_by(shift))


def _clipped_scores(limit):
    def clips_the_scores(z):
        """The scores are clipped for safety, so two large ones that differ get the same share. Shift each row
        instead: that changes nothing.
        """
        return activations.softmax(np.clip(z, -limit, limit))

    return clips_the_scores


for bound in (10.0, 20.0, 30.0, 50.0, 100.0, 500.0, 700.0):
    softmax.mistake("p", row="D29")(_clipped_scores(bound))


# ---- softmax_backward: its mistakes serve the exercise and the one that is handed out broken ----


def shares_with_blame(rng):
    """Shares, none of them next to nothing, and what arrives."""
    for shape in TABLES:
        yield {"dp": rng.normal(size=shape), "p": activations.softmax(rng.normal(size=shape))}


def square_shares(rng):
    """For diagnosis only."""
    for size in (3, 4, 5):
        shape = (size, size)
        yield {"dp": rng.normal(size=shape), "p": activations.softmax(rng.normal(size=shape))}


softmax_backward = Exercise(
    reference=activations.softmax_backward,
    cases=shares_with_blame,
    square=square_shares,
    returns=("dz",),
    points=2,
    upstream="dp",
    hints=(
        "A score moves its own share up. What happens to the shares of the others in its row?",
        (
            "Multiply what arrives by the shares, and add along each row: that is the blame of an average "
            "class. Each class is compared with it."
        ),
        (
            "In each row: what arrives, minus the sum of (what arrives times shares); and all of it times "
            "the share. The sum has to stand beside its row: `axis=1, keepdims=True`."
        ),
    ),
)


def diagonal_only(dp, p):
    """The rows of dz do not add up to 0, although a shift of all scores of a row changes no share."""
    return dp * p * (1 - p)


softmax_backward_repaired = Exercise(
    reference=activations.softmax_backward_repaired,
    cases=shares_with_blame,
    square=square_shares,
    returns=("dz",),
    points=2,
    upstream="dp",
    handed_out=diagonal_only,
    handed_out_rows=("D21",),
    hints=(
        "Raise one score a little. Its own share grows: where does that come from?",
        "The handed-out version knows what a score does to its *own* share. Which paths are missing?",
        (
            "The paths to the other shares carry `-p_j p_k`. Taken together they make one sum along each "
            "row, which you have written in `softmax_backward`."
        ),
    ),
)
BOTH = (softmax_backward, softmax_backward_repaired)


@softmax_backward.property("dz")
@softmax_backward_repaired.property("dz")
def rows_add_up_to_zero(dz, dp, p):
    """The rows of dz do not add up to 0. A shift of all scores of a row changes no share, so nothing may want
    such a shift.
    """
    return np.allclose(np.sum(dz, axis=1), 0.0, atol=1e-9)


def _wrong(row=""):
    """Register a wrong backward pass of softmax for both exercises."""

    def register(wrong):
        for exercise in BOTH:
            exercise.mistake("dz", row=row)(wrong)
        return wrong

    return register


def _row_sum(table):
    return table.sum(axis=1, keepdims=True)


@softmax_backward.mistake("dz", row="D21")
def keeps_the_diagonal_only(dp, p):
    """p(1 - p) says what a score does to its *own* share. Raising one score also lowers all the other shares
    of the row: those paths are missing.
    """
    return dp * p * (1 - p)


@_wrong(row="D22")
def adds_up_the_columns(dp, p):
    """The sums run down the columns, so examples are mixed. Which entries share one whole: those of a row, or
    those of a column?
    """
    return p * (dp - (dp * p).sum(axis=0))


@_wrong(row="D22")
def adds_up_the_whole_table(dp, p):
    """The sum runs over the whole table. Each row is a whole of its own."""
    return p * (dp - (dp * p).sum())


@_wrong(row="D23")
def forgets_the_outer_share(dp, p):
    """The share in front is missing. A class with a share near 0 should hardly react: does it?"""
    return dp - _row_sum(dp * p)


@_wrong(row="D24")
def averages_the_inner_term(dp, p):
    """The inner term is a *mean* over the classes. The shares are weights already, and add up to 1: take the
    sum.
    """
    return p * (dp - (dp * p).mean(axis=1, keepdims=True))


@_wrong(row="D25")
def leaves_the_weights_out(dp, p):
    """In the inner term what arrives is added up without its weights. How much does each class contribute?"""
    return p * (dp - _row_sum(dp))


@_wrong()
def takes_the_plain_mean(dp, p):
    """The plain mean of what arrives is taken off. It should be the *weighted* mean, with the shares as
    weights.
    """
    return p * (dp - dp.mean(axis=1, keepdims=True))


@_wrong()
def adds_the_inner_term(dp, p):
    """The inner term is added. A score that rises takes from the others: the paths to them are negative."""
    return p * (dp + _row_sum(dp * p))


@_wrong()
def keeps_the_inner_term_only(dp, p):
    """Only the paths to the other shares are here, and each share's own is missing."""
    return -p * _row_sum(dp * p)


@_wrong()
def multiplies_by_the_shares_alone(dp, p):
    """This is what arrives times the shares. The sum along each row is still to be taken off."""
    return dp * p


@_wrong()
def subtracts_the_other_way_round(dp, p):
    """The difference is turned round, and so is the sign of everything."""
    return p * (_row_sum(dp * p) - dp)


@_wrong(row="D1")
def gives_the_diagonal_without_blame(dp, p):
    """p(1 - p) alone: what arrives is missing, and so are the paths to the other shares."""
    return p * (1 - p)


@_wrong()
def subtracts_without_the_share(dp, p):
    """The inner sum is taken off without the share in front. Where do the brackets stand?"""
    return p * dp - _row_sum(dp * p)


@_wrong()
def subtracts_the_sum_of_what_arrives(dp, p):
    """What is taken off is the plain sum of what arrives, without shares. Multiply by the shares first."""
    return p * dp - _row_sum(dp)


@_wrong()
def uses_the_shares_twice(dp, p):
    """The inner term has the shares squared. What arrives is multiplied by the shares once, then added up."""
    return p * (dp - _row_sum(dp * p * p))


@_wrong()
def uses_the_diagonal_inside(dp, p):
    """In front stands p(1 - p), and the sum is taken off as well. The 1 - p is part of what the sum says."""
    return p * (1 - p) * (dp - _row_sum(dp * p))


@_wrong()
def leaves_itself_out_of_the_sum(dp, p):
    """The sum leaves out each class itself. With p(1 - p) for its own path that would be right; with p in
    front, the class belongs to the sum.
    """
    return p * (dp - (_row_sum(dp * p) - dp * p))


@_wrong()
def forgets_blame_in_the_sum(dp, p):
    """In the sum the shares stand alone, and they add up to 1. What arrives belongs there as well."""
    return p * (dp - 1)


@_wrong()
def subtracts_the_shares(dp, p):
    """The shares are taken off what arrives. That looks like a loss's gradient, p minus truth; here a `dp`
    arrives from above, whatever the loss.
    """
    return p - dp


@_wrong()
def softmax_of_the_shares(dp, p):
    """The shares go through softmax once more. `p` is its output already."""
    q = activations.softmax(p)
    return q * (dp - _row_sum(dp * q))


@_wrong()
def lays_the_sums_down(dp, p):
    """The sums of the rows have lost their axis and lie down beside the columns. `keepdims=True` keeps them
    standing.
    """
    return p * (dp - (dp * p).sum(axis=1))


@_wrong()
def counts_its_own_path_twice(dp, p):
    """p(1 - p) is each class's own path, and the sum along the row holds the -p^2 of that path as well: it is
    counted twice. Either p in front and the whole sum, or p(1 - p) and the sum over the *others*.
    """
    return p * (dp * (1 - p) - _row_sum(dp * p))


@_wrong()
def leaves_a_one_on_the_diagonal(dp, p):
    """The table of slopes has 1 on its diagonal where p belongs: p_k(1 - p_k) is p_k minus its square."""
    return dp - p * _row_sum(dp * p)


@_wrong()
def forgets_the_share_of_the_diagonal(dp, p):
    """1 - p alone. A class's own path is p(1 - p), and the paths to the other shares are missing."""
    return dp * (1 - p)


@_wrong()
def averages_the_whole_table(dp, p):
    """One mean is taken over the whole table. Each row has a *sum* of its own."""
    return p * (dp - (dp * p).mean())


@_wrong()
def takes_its_own_share_for_every_other(dp, p):
    """The path to class j carries p_j p_k. Here p_k stands twice: whose share weighs what arrives at j?"""
    return dp * p - p**2 * _row_sum(dp)


@_wrong()
def exchanges_shares_and_blame(dp, p):
    """Shares and blame have changed places: `dp` in front, `p` in the bracket. What is compared with the
    average, and what is its weight?
    """
    return dp * (p - _row_sum(dp * p))


@_wrong()
def compares_shares_with_the_average(dp, p):
    """In the bracket stands a share, and the average is one of blame. Compare like with like."""
    return p * (p - _row_sum(dp * p))


@_wrong()
def takes_off_the_largest_blame(dp, p):
    """The largest blame is taken off, not the average. The shares are the weights of an average."""
    return p * (dp - dp.max(axis=1, keepdims=True))


@softmax_backward_repaired.mistake("dz")
def shifts_until_the_rows_add_up(dp, p):
    """Now the rows add up to 0, but by force: the same amount was taken off everywhere. The missing paths
    weigh each class by its share.
    """
    dz = dp * p * (1 - p)
    return dz - dz.mean(axis=1, keepdims=True)


# ---- quizzes ----

two_layers = Quiz(
    "05-two-layers",
    (
        "Two layers, one behind the other, with nothing in between. How many straight boundaries can they "
        "draw that a single layer cannot?"
    ),
    (
        Choice(
            "One more: one for each layer",
            "Write both in one formula: what is a product of two matrices?",
        ),
        Choice(
            "None",
            (
                "(x W1 + b1) W2 + b2 is x (W1 W2) + (b1 W2 + b2): one matrix, one bias. Two layers, or a "
                "hundred, are one layer, unless something bends in between."
            ),
            right=True,
        ),
        Choice(
            "Many: each neuron adds one",
            "More neurons, more weights. But what is a sum of straight lines?",
        ),
    ),
)

how_much_arrives = Quiz(
    "05-how-much-arrives",
    (
        "Ten sigmoids in a row, each at its steepest place, all weights 1. A gradient of 1 arrives at the "
        "last. About what comes out in front of the first?"
    ),
    (
        Choice("0.25", "That is one of them. What do the slopes along a path do?"),
        Choice("0.025: a tenth of it", "Slopes along a path are multiplied, not added or averaged."),
        Choice(
            "0.000001",
            (
                "A quarter of a quarter of a quarter, ten times: 0.25 to the power of ten. And that is "
                "the best case."
            ),
            right=True,
        ),
    ),
)

dead_forever = Quiz(
    "05-dead-forever",
    (
        "A ReLU gets a negative input for every example of the data. What does descent do to the weights "
        "before it?"
    ),
    (
        Choice(
            "Turns them up until the unit wakes",
            "What comes back through it, and what is multiplied by that?",
        ),
        Choice(
            "Nothing, at any step",
            (
                "Its slope is 0 for every example, so no blame passes and the weights stay. Such a unit is "
                "called dead; it wakes only if what comes *before* its layer changes."
            ),
            right=True,
        ),
        Choice("Shrinks them", "To shrink them it would need a gradient."),
    ),
)

shift_a_row = Quiz(
    "05-shift-a-row",
    (
        "All scores of one row rise by the same hair. By how much does a loss that sees only the shares "
        "change, and what does that say about the row of dz?"
    ),
    (
        Choice(
            "It rises, so the row adds up to something positive",
            "Which share has moved? Look at the formula with a number c taken off all scores.",
        ),
        Choice(
            "Not at all, so the row adds up to 0",
            (
                "No share moves, so the loss does not. To first order its change is the hair times the sum "
                "of the row: the sum must be 0."
            ),
            right=True,
        ),
        Choice(
            "Not at all, so every entry of the row is 0",
            "One score alone still moves the shares. It is the effects of all together that cancel.",
        ),
    ),
)

which_output = Quiz(
    "05-which-output",
    (
        "A network should say which of ten digits an image shows, one digit and no more. What goes behind "
        "its last layer?"
    ),
    (
        Choice("ReLU", "Would its outputs be probabilities? Half of them might be 0, and none has a limit."),
        Choice(
            "Ten sigmoids",
            "Each says yes or no by itself: right if an image may show several things at once, or nothing.",
        ),
        Choice(
            "Softmax",
            (
                "The ten shares add up to 1: what one class gains, the others lose. One of many, that is "
                "a softmax."
            ),
            right=True,
        ),
        Choice("Nothing", "Right for a number that may be anything, such as a temperature."),
    ),
)
