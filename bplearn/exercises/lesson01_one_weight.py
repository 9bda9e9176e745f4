"""Lesson 01: one weight, one sigmoid."""

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import neuron
from bplearn.nn.neuron import sigmoid as s

# ---- sigmoid ----


def numbers_and_arrays(rng):
    """A number first, then arrays of several shapes; both signs."""
    yield {"z": 1.7}
    yield {"z": -0.6}
    for shape in ((), (3,), (2, 5), (4, 3, 2)):
        yield {"z": rng.normal(scale=2.0, size=shape)}


def far_out(rng):
    """Where exp of the wrong sign overflows."""
    yield "`z` = 1000", {"z": 1000.0}
    yield "`z` = -1000", {"z": -1000.0}
    yield (
        "an array with entries from -1000 to 1000",
        {"z": np.array([-1000.0, -40.0, -1.0, 0.5, 40.0, 1000.0])},
    )


sigmoid = Exercise(
    reference=neuron.sigmoid,
    cases=numbers_and_arrays,
    extreme=far_out,
    returns=("a",),
    points=1,
    hints=(
        "What should come out for z = 0, for a very large z, for a very small one? Let the formula say it.",
        (
            "The formula is 1 over 1 plus e to the power of minus z. `np.exp` works for numbers and arrays "
            "alike."
        ),
        "Two operations on `z`, in this order: exp of minus z, then one divided by one plus that.",
    ),
)


@sigmoid.mistake("a")
def forgets_the_minus(z):
    """The sign in the exponent is missing: this falls from 1 to 0. For a large z the answer should be
    near 1."""
    return 1 / (1 + np.exp(z))


@sigmoid.mistake("a", row="D28")
def overflows_for_large_z(z):
    """For a large z both numerator and denominator overflow, and inf/inf is nan. Rewrite it so that `exp`
    never sees a large positive number.
    """
    return np.exp(z) / (1 + np.exp(z))


@sigmoid.mistake("a")
def is_the_tanh(z):
    """This is tanh, which runs from -1 to 1. The sigmoid runs from 0 to 1."""
    return np.tanh(z)


@sigmoid.mistake("a")
def is_only_the_exponential(z):
    """This is e to the power of -z alone. One divided by one plus that is still to come."""
    return np.exp(-z)


@sigmoid.mistake("a")
def is_one_plus_the_exponential(z):
    """This is 1 + exp(-z), the denominator. Either the division is still missing, or the brackets are: in `1
    / 1 + ...` the division comes first.
    """
    return 1 + np.exp(-z)


@sigmoid.mistake("a")
def leaves_out_the_one(z):
    """The 1 in the denominator is missing: this is one divided by the exponential, and it grows without
    end."""
    return 1 / np.exp(-z)


@sigmoid.mistake("a")
def jumps_in_place_of_climbing(z):
    """This is a step: 0 on the left, 1 on the right. The sigmoid climbs smoothly, so that it has a slope
    everywhere."""
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


@sigmoid.mistake("a")
def subtracts_in_the_denominator(z):
    """The denominator is one plus the exponential, not one minus it. At z = 0 it would be zero."""
    return 1 / (1 - np.exp(-z))


@sigmoid.mistake("a")
def is_its_own_slope(z):
    """This is the slope of the sigmoid. Here the sigmoid itself is asked for; the slope comes later."""
    return s(z) * (1 - s(z))


@sigmoid.mistake("a", row="D29")
def clips_z_at_ten(z):
    """Inputs beyond 10 are cut off, so the answer stops changing there. Compare with z = 40: the true value
    is much nearer to 0 or 1.
    """
    return s(np.clip(z, -10, 10))


@sigmoid.mistake("a")
def squashes_twice(z):
    """The sigmoid is applied twice: its output goes through it again, and everything lands between 0.5 and
    0.73.
    """
    return s(s(z))


# ---- squared_error ----


def answers_and_targets(rng):
    """Too high and too low in turn."""
    for k in range(6):
        low, high = np.cumsum(rng.uniform(0.1, 0.5, size=2)).tolist()
        y_hat, y = (low, high) if k % 2 else (high, low)
        yield {"y_hat": y_hat, "y": y}


squared_error = Exercise(
    reference=neuron.squared_error,
    cases=answers_and_targets,
    returns=("loss",),
    points=1,
    hints=(
        "What should the loss be when the answer is exactly the target? And when it is off by 1?",
        "Take the difference, square it, and do not forget the 1/2 in front.",
        "For an answer of 0.7 and a target of 0.2 the loss is 0.125. Does yours say so?",
    ),
)


@squared_error.mistake("loss")
def leaves_out_the_half(y_hat, y):
    """The 1/2 in front is missing. This loss has one, so that the 2 of the derivative cancels."""
    return (y_hat - y) ** 2


@squared_error.mistake("loss")
def does_not_square(y_hat, y):
    """The difference is halved but not squared. So it is negative whenever the answer is too low."""
    return 0.5 * (y_hat - y)


@squared_error.mistake("loss")
def takes_the_plain_difference(y_hat, y):
    """This is the difference alone. A loss is small when the answer is right and never negative: square it,
    halve it.
    """
    return y_hat - y


@squared_error.mistake("loss")
def takes_the_absolute_value(y_hat, y):
    """This is the absolute difference. It is a loss too, but not this one: here the difference is squared and
    halved.
    """
    return abs(y_hat - y)


@squared_error.mistake("loss")
def halves_the_absolute_value(y_hat, y):
    """This is half the absolute difference. Square the difference instead."""
    return 0.5 * abs(y_hat - y)


@squared_error.mistake("loss")
def squares_the_half_too(y_hat, y):
    """The 1/2 is squared along with the difference. It stands outside the square."""
    return (0.5 * (y_hat - y)) ** 2


@squared_error.mistake("loss")
def subtracts_the_squares(y_hat, y):
    """This subtracts the squares. First the difference, then the square."""
    return 0.5 * (y_hat**2 - y**2)


@squared_error.mistake("loss")
def squares_only_the_target(y_hat, y):
    """Only the target is squared: brackets are missing round the difference."""
    return 0.5 * (y_hat - y**2)


@squared_error.mistake("loss")
def has_a_minus_in_front(y_hat, y):
    """There is a minus in front, so the worst answer has the smallest loss. The square is positive
    already."""
    return -0.5 * (y_hat - y) ** 2


@squared_error.mistake("loss")
def adds_the_target(y_hat, y):
    """Answer and target are added. How far apart they are is their difference."""
    return 0.5 * (y_hat + y) ** 2


@squared_error.mistake("loss")
def doubles_instead_of_halving(y_hat, y):
    """There is a 2 in front where 1/2 is due."""
    return 2 * (y_hat - y) ** 2


@squared_error.mistake("loss")
def takes_the_root_of_the_square(y_hat, y):
    """This is twice the difference, the slope of the square without the 1/2. Asked for is the loss
    itself: half the squared difference."""
    return 2 * (y_hat - y)


# ---- sigmoid_slope ----

sigmoid_slope = Exercise(
    reference=neuron.sigmoid_slope,
    cases=numbers_and_arrays,
    extreme=far_out,
    returns=("slope",),
    points=1,
    hints=(
        "Where is the curve steepest, and how steep is it there? Where is it flat?",
        "The slope can be written with the sigmoid's own value: a times one minus a.",
        "First a = sigmoid(z). Then only a is needed, and z no more.",
    ),
)


@sigmoid_slope.mistake("slope", row="A5")
def uses_z_where_a_belongs(z):
    """The shortcut a(1 - a) is fed with z. Print z and a next to each other: which lies between 0 and 1?"""
    return z * (1 - z)


@sigmoid_slope.mistake("slope", row="A4")
def activates_twice(z):
    """The sigmoid is applied to its own output. Which of z and a does the formula expect?"""
    a = s(s(z))
    return a * (1 - a)


@sigmoid_slope.mistake("slope")
def returns_the_sigmoid(z):
    """This is the value of the sigmoid, not its slope. Where the curve is flat, at both ends, the slope
    is 0."""
    return s(z)


@sigmoid_slope.mistake("slope", row="D5")
def stops_at_one_minus_a(z):
    """This is 1 - a, one of two factors (or the square in the denominator is missing). It vanishes at one
    end only; the slope must vanish at both."""
    return 1 - s(z)


@sigmoid_slope.mistake("slope", row="A8")
def is_the_slope_of_tanh(z):
    """1 - a squared is the slope of tanh. Evaluate it at z = 0: the sigmoid's slope there is a quarter."""
    return 1 - s(z) ** 2


@sigmoid_slope.mistake("slope")
def is_the_slope_of_tanh_itself(z):
    """This is the slope of tanh. Evaluate it at z = 0: the sigmoid's slope there is a quarter."""
    return 1 - np.tanh(z) ** 2


@sigmoid_slope.mistake("slope", row="A9")
def adds_inside_the_slope(z):
    """A sign slip: a(1 + a). The slope must vanish when a is near 1: does yours?"""
    return s(z) * (1 + s(z))


@sigmoid_slope.mistake("slope")
def forgets_the_brackets(z):
    """Always 0: brackets are missing. `a * 1 - a` is a - a; the slope is a times the bracket (1 - a)."""
    return s(z) * 1 - s(z)


@sigmoid_slope.mistake("slope")
def takes_the_slope_of_the_slope(z):
    """This is 1 - 2a, what one gets by differentiating a(1 - a) for a. The slope of the sigmoid itself is
    a(1 - a)."""
    return 1 - 2 * s(z)


@sigmoid_slope.mistake("slope")
def mixes_z_and_a(z):
    """One factor uses z and the other one a. Both need a: a(1 - a)."""
    return z * (1 - s(z))


@sigmoid_slope.mistake("slope")
def mixes_a_and_z(z):
    """One factor uses a and the other one z. Both need a: a(1 - a)."""
    return s(z) * (1 - z)


@sigmoid_slope.mistake("slope")
def has_the_sign_of_a_fall(z):
    """The sign is wrong: a(a - 1) is never positive, but the sigmoid rises everywhere."""
    return s(z) * (s(z) - 1)


@sigmoid_slope.mistake("slope")
def forgets_the_inner_derivative(z):
    """The derivative of 1/u is there, the derivative of u is not. What is the slope of 1 + exp(-z)?"""
    return -1 / (1 + np.exp(-z)) ** 2


@sigmoid_slope.mistake("slope")
def forgets_the_inner_derivative_and_the_sign(z):
    """This is a squared. The slope of 1 + exp(-z), which stands inside, is missing."""
    return s(z) ** 2


@sigmoid_slope.mistake("slope")
def overflows_far_out(z):
    """Right in the middle, but far out `exp` overflows, and inf/inf is nan. Write it with a = sigmoid(z)
    instead: a(1 - a).
    """
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


@sigmoid_slope.mistake("slope")
def measures_one_sided(z):
    """This is a one-sided difference with a step that is too wide: it is off in the digits. Use the formula
    a(1 - a).
    """
    return (s(z + 1e-3) - s(z)) / 1e-3


# ---- neuron_gradient ----


def neurons(rng):
    """Weights and inputs of both signs, never 0 or 1, and no flat sigmoid."""
    for _ in range(8):
        x, w = rng.uniform(0.4, 1.9, size=2) * rng.choice([-1.0, 1.0], size=2)
        b, y = float(rng.uniform(-0.9, 0.9)), float(rng.uniform(0.05, 0.95))
        yield {"x": float(x), "w": float(w), "b": b, "y": y}


neuron_gradient = Exercise(
    reference=neuron.neuron_gradient,
    cases=neurons,
    returns=("dw", "db"),
    points=2,
    hints=(
        "Walk back from the loss to the weight. Which boxes do you pass? Each gives one factor.",
        "Three factors: how the loss reacts to the answer, how the answer reacts to z, how z reacts to w.",
        (
            "You have the first two already, as the difference and as `sigmoid_slope(z)`. What does z = w x"
            " + b do when w moves by a hair? And when b does?"
        ),
    ),
)


def _link(x, w, b, y):
    """What the wrong versions below have in common: z, the answer, and the error."""
    z = w * x + b
    return z, s(z), s(z) - y


@neuron_gradient.mistake(row="A1", factor="slope")
def forgets_the_slope_of_the_sigmoid(x, w, b, y):
    """The slope of the sigmoid is missing from the chain. How many boxes lie between the loss and the weight?
    Count your factors.
    """
    _, _, error = _link(x, w, b, y)
    return error * x, error


@neuron_gradient.mistake("dw", row="A2", factor="input")
def forgets_the_input(x, w, b, y):
    """The last factor is missing: how z reacts to w. Nudge w by 0.01: by how much does z move?"""
    _, a, error = _link(x, w, b, y)
    return error * a * (1 - a)


@neuron_gradient.mistake(row="A3", factor="sign")
def takes_target_minus_answer(x, w, b, y):
    """The sign is flipped: the error was taken as target minus answer. If the answer is too high, should
    raising b raise or lower the loss?"""
    _, a, error = _link(x, w, b, y)
    return -error * a * (1 - a) * x, -error * a * (1 - a)


@neuron_gradient.mistake(row="A4", factor="slope")
def activates_an_activated_value(x, w, b, y):
    """The slope is taken at a instead of z: the sigmoid is applied to an already activated value. Which of
    the two does `sigmoid_slope` expect?
    """
    _, a, error = _link(x, w, b, y)
    slope = s(a) * (1 - s(a))
    return error * slope * x, error * slope


@neuron_gradient.mistake(row="A5", factor="slope")
def feeds_the_shortcut_with_z(x, w, b, y):
    """The shortcut a(1 - a) is fed with z. Print z and a next to each other: which lies between 0 and 1?"""
    z, _, error = _link(x, w, b, y)
    return error * z * (1 - z) * x, error * z * (1 - z)


@neuron_gradient.mistake(row="A6", factor="half")
def ignores_the_half(x, w, b, y):
    """Twice too large: the 1/2 of this loss was ignored. Differentiate 1/2 u squared on paper first."""
    _, a, error = _link(x, w, b, y)
    return 2 * error * a * (1 - a) * x, 2 * error * a * (1 - a)


@neuron_gradient.mistake("dw", row="A7", factor="input")
def differentiates_for_the_input(x, w, b, y):
    """This is the gradient with respect to x: its last factor is w. Which letter are you nudging?"""
    _, a, error = _link(x, w, b, y)
    return error * a * (1 - a) * w


@neuron_gradient.mistake(row="A8", factor="slope")
def uses_the_slope_of_tanh(x, w, b, y):
    """1 - a squared is the slope of tanh. Evaluate your slope at z = 0: the sigmoid's is a quarter."""
    _, a, error = _link(x, w, b, y)
    return error * (1 - a**2) * x, error * (1 - a**2)


@neuron_gradient.mistake(row="A9", factor="slope")
def slips_a_sign_in_the_slope(x, w, b, y):
    """A sign slip inside the slope: a(1 + a). The slope must vanish when a is near 1: does yours?"""
    _, a, error = _link(x, w, b, y)
    return error * a * (1 + a) * x, error * a * (1 + a)


@neuron_gradient.mistake("dw", row="A10")
def stops_after_the_first_link(x, w, b, y):
    """This is how the loss reacts to the answer, the first link only. Which links are left on the way to
    w?"""
    return _link(x, w, b, y)[2]


@neuron_gradient.mistake(row="A11", factor="error")
def multiplies_by_the_loss(x, w, b, y):
    """The chain begins with the loss itself. It must begin with how the loss *changes*, not with how big it
    is.
    """
    _, a, error = _link(x, w, b, y)
    return 0.5 * error**2 * a * (1 - a) * x, 0.5 * error**2 * a * (1 - a)


@neuron_gradient.mistake(row="A12", factor="error")
def leaves_the_loss_out(x, w, b, y):
    """The loss is missing: this is how the answer reacts, not how the loss does. Would your number change if
    the target changed? It should.
    """
    _, a, _ = _link(x, w, b, y)
    return a * (1 - a) * x, a * (1 - a)


@neuron_gradient.mistake("db", row="A13", factor="input")
def gives_the_bias_the_input_factor(x, w, b, y):
    """The bias gradient carries the factor x. What multiplies b in z = w x + b?"""
    _, a, error = _link(x, w, b, y)
    return error * a * (1 - a) * x


@neuron_gradient.mistake("db", row="A14")
def stops_at_the_local_derivative(x, w, b, y):
    """dz/db = 1 is one link. The rest of the chain still applies."""
    return 1.0


@neuron_gradient.mistake("db", factor="input")
def multiplies_by_the_bias(x, w, b, y):
    """The bias gradient carries the factor b. Nudge b by 0.01: by how much does z move? Does that depend on
    b?
    """
    _, a, error = _link(x, w, b, y)
    return error * a * (1 - a) * b


@neuron_gradient.mistake("db")
def leaves_the_bias_at_zero(x, w, b, y):
    """The bias gradient is always zero, so the bias would never learn. z moves when b moves: by how much?"""
    return 0.0


@neuron_gradient.mistake(factor="error")
def squares_the_error(x, w, b, y):
    """The chain begins with the squared error. The slope of 1/2 u squared is u: the error itself, not its
    square.
    """
    _, a, error = _link(x, w, b, y)
    return error**2 * a * (1 - a) * x, error**2 * a * (1 - a)


@neuron_gradient.mistake(factor="slope")
def puts_the_value_for_the_slope(x, w, b, y):
    """The value a stands where the slope of the sigmoid belongs. At which z is the curve steepest? Is your
    factor largest there?
    """
    _, a, error = _link(x, w, b, y)
    return error * a * x, error * a


@neuron_gradient.mistake(factor="slope")
def takes_half_of_the_slope(x, w, b, y):
    """One factor of the slope is missing: 1 - a alone vanishes at one end only. The sigmoid is flat at
    both."""
    _, a, error = _link(x, w, b, y)
    return error * (1 - a) * x, error * (1 - a)


@neuron_gradient.mistake()
def forgets_the_bias_going_forward(x, w, b, y):
    """The forward pass here is w x without b. The gradient belongs to z = w x + b."""
    a = s(w * x)
    return (a - y) * a * (1 - a) * x, (a - y) * a * (1 - a)


@neuron_gradient.mistake(factor="error")
def compares_z_with_the_target(x, w, b, y):
    """The error is taken between z and the target. What is compared with y is the answer, sigmoid(z)."""
    z, a, _ = _link(x, w, b, y)
    return (z - y) * a * (1 - a) * x, (z - y) * a * (1 - a)


@neuron_gradient.mistake()
def adds_the_links(x, w, b, y):
    """The links are added. Along one path they are multiplied: each says how much its box stretches a
    nudge."""
    _, a, error = _link(x, w, b, y)
    return error + a * (1 - a) + x, error + a * (1 - a) + 1


@neuron_gradient.mistake(factor="slope")
def applies_the_slope_twice(x, w, b, y):
    """The slope of the sigmoid is in there twice. The signal passes it once on the way back."""
    _, a, error = _link(x, w, b, y)
    slope = a * (1 - a)
    return error * slope**2 * x, error * slope**2


@neuron_gradient.mistake(factor="half")
def keeps_the_half(x, w, b, y):
    """Half of what is due: the 1/2 of the loss is still there. It cancels against the 2 of the square."""
    dw, db = neuron.neuron_gradient(x, w, b, y)
    return 0.5 * dw, 0.5 * db


@neuron_gradient.mistake()
def forgets_the_brackets_of_one_minus_a(x, w, b, y):
    """Brackets are missing: in `... * a * 1 - a` the product is formed first, and then a is taken away.
    The slope is a times the bracket (1 - a)."""
    _, a, error = _link(x, w, b, y)
    return (error * a * 1 - a) * x, error * a * 1 - a


@neuron_gradient.mistake()
def forgets_the_brackets_of_the_error(x, w, b, y):
    """Brackets are missing round the error: only y is multiplied by the slope. First a - y, then the
    product."""
    _, a, _ = _link(x, w, b, y)
    return (a - y * a * (1 - a)) * x, a - y * a * (1 - a)


@neuron_gradient.mistake()
def hands_the_target_to_the_weight(x, w, b, y):
    """The letters of the forward pass are mixed up: it runs with y in the place of w. Which order do the
    arguments have?"""
    return neuron.neuron_gradient(x, y, b, w)


@neuron_gradient.mistake("dw", factor="input")
def divides_by_the_input(x, w, b, y):
    """Divided by x where a product is due: in z = w x a nudge of w is stretched by x."""
    return neuron.neuron_gradient(x, w, b, y)[1] / x


@neuron_gradient.mistake("dw")
def takes_a_step_already(x, w, b, y):
    """This is the weight after a step. Asked for is its gradient alone; the step comes later."""
    return w - neuron.neuron_gradient(x, w, b, y)[0]


@neuron_gradient.mistake(factor="slope")
def takes_the_slope_at_the_input(x, w, b, y):
    """The slope of the sigmoid is taken at x. Where does the sigmoid sit? At z = w x + b."""
    _, _, error = _link(x, w, b, y)
    return error * neuron.sigmoid_slope(x) * x, error * neuron.sigmoid_slope(x)


@neuron_gradient.mistake(factor="slope")
def builds_the_slope_from_the_target(x, w, b, y):
    """The slope is made of the target, y(1 - y). The sigmoid sits at its own answer: a(1 - a)."""
    _, _, error = _link(x, w, b, y)
    return error * y * (1 - y) * x, error * y * (1 - y)


# ---- descent_step ----


def dials(rng):
    """Numbers and arrays; lr is neither 1 nor one over anything else here."""
    yield {"w": 1.3, "dw": -0.4, "lr": 0.07}
    yield {"w": -0.8, "dw": 0.9, "lr": 0.3}
    for shape in ((3,), (2, 4), (5, 3)):
        yield {"w": rng.normal(size=shape), "dw": rng.normal(size=shape), "lr": float(rng.uniform(0.05, 0.6))}


descent_step = Exercise(
    reference=neuron.descent_step,
    cases=dials,
    returns=("w",),
    points=1,
    fresh=("w", "dw"),
    hints=(
        "The gradient points uphill. Where do you want to go?",
        "A step starts from where you stand: from `w`. How long is it?",
        (
            "The step is lr times dw. Add it or take it away, and return a new value: `w -= ...` would "
            "change the caller's array."
        ),
    ),
)


@descent_step.mistake("w", row="A15")
def climbs(w, dw, lr):
    """This is gradient ascent: the step goes with the gradient. Draw the loss over the steps: which way does
    it go?
    """
    return w + lr * dw


@descent_step.mistake("w", row="A17")
def scales_the_step_by_the_weight(w, dw, lr):
    """The step is scaled by the weight itself. Try w = 0: would it ever learn?"""
    return w - lr * dw * w


@descent_step.mistake("w", row="A18")
def throws_the_old_weight_away(w, dw, lr):
    """This is the step alone; the old weight was thrown away. A step starts from where you stand."""
    return -lr * dw


@descent_step.mistake("w")
def returns_the_step_uphill(w, dw, lr):
    """This is lr times dw, the step alone. A step starts from where you stand: from w."""
    return lr * dw


@descent_step.mistake("w")
def forgets_the_learning_rate(w, dw, lr):
    """The learning rate is missing: the step is as long as the gradient. How long should it be?"""
    return w - dw


@descent_step.mistake("w")
def forgets_the_gradient(w, dw, lr):
    """The step is lr alone. Its direction and its size come from the gradient."""
    return w - lr


@descent_step.mistake("w")
def uses_the_sign_only(w, dw, lr):
    """Only the sign of the gradient is used, so every step is equally long. A flat place asks for a short
    step.
    """
    return w - lr * np.sign(dw)


@descent_step.mistake("w")
def divides_by_the_learning_rate(w, dw, lr):
    """The gradient is divided by the learning rate: a small rate would make a huge step. Multiply."""
    return w - dw / lr


@descent_step.mistake("w")
def shrinks_the_weight_too(w, dw, lr):
    """The learning rate multiplies the whole bracket, weight and all. Only the gradient is scaled."""
    return lr * (w - dw)


@descent_step.mistake("w")
def takes_the_rate_from_the_weight(w, dw, lr):
    """The learning rate is taken away from the weight. It multiplies the gradient; their product is taken
    away."""
    return (w - lr) * dw


@descent_step.mistake("w")
def gives_the_old_weight_back(w, dw, lr):
    """The weight comes back as it was. Return the new value."""
    return w


@descent_step.mistake("w")
def starts_from_the_gradient(w, dw, lr):
    """Weight and gradient are exchanged: start from w, go along dw."""
    return dw - lr * w


@descent_step.mistake("w")
def climbs_without_a_rate(w, dw, lr):
    """The step goes uphill, and the learning rate is missing."""
    return w + dw


# ---- train_neuron ----


def runs(rng):
    """A few steps with visible effect; the two parameters must move together."""
    for steps in (1, 3, 4, 5, 6, 7):
        x, w = rng.uniform(0.5, 1.8, size=2) * rng.choice([-1.0, 1.0], size=2)
        y, lr = float(rng.uniform(0.1, 0.9)), float(rng.uniform(1.2, 2.8))
        yield {
            "x": float(x),
            "y": y,
            "w": float(w),
            "b": float(rng.uniform(-0.8, 0.8)),
            "lr": lr,
            "steps": steps,
        }
    yield {"x": 1.6, "y": 0.3, "w": 1.7, "b": 0.2, "lr": 30.0, "steps": 4}  # too large: ends worse
    yield {
        "x": 1.3,
        "y": 0.6,
        "w": 0.9,
        "b": -0.4,
        "lr": 4.0,
        "steps": 30,
    }  # arrives: hardly any loss is left


train_neuron = Exercise(
    reference=neuron.train_neuron,
    cases=runs,
    returns=("w", "b", "losses"),
    points=2,
    hints=(
        "What must happen in one step, and in which order? Say it in words first.",
        (
            "Both gradients belong to one forward pass: take them both before either parameter moves. "
            "The loss at the start is written down already; what is written down in each round, and "
            "when?"
        ),
        (
            "Each round has three parts: one call for both gradients, two calls of `descent_step`, and "
            "last one more loss, computed with the new w and b."
        ),
    ),
)


def _train(x, y, w, b, lr, steps, gradient=neuron.neuron_gradient):
    """The loop of the wrong versions below, with another gradient."""
    losses = [neuron.squared_error(s(w * x + b), y)]
    for _ in range(steps):
        dw, db = gradient(x, w, b, y)
        w, b = w - lr * dw, b - lr * db
        losses.append(neuron.squared_error(s(w * x + b), y))
    return w, b, np.array(losses)


@train_neuron.mistake(row="B4")
def moves_the_weight_before_the_bias_gradient(x, y, w, b, lr, steps):
    """The weight has already moved when the gradient of the bias is taken. Both gradients belong to one
    forward pass: take both, then move both.
    """
    losses = [neuron.squared_error(s(w * x + b), y)]
    for _ in range(steps):
        w = w - lr * neuron.neuron_gradient(x, w, b, y)[0]
        b = b - lr * neuron.neuron_gradient(x, w, b, y)[1]
        losses.append(neuron.squared_error(s(w * x + b), y))
    return w, b, np.array(losses)


@train_neuron.mistake()
def moves_the_bias_before_the_weight_gradient(x, y, w, b, lr, steps):
    """The bias has already moved when the gradient of the weight is taken. Both gradients belong to one
    forward pass: take both, then move both.
    """
    losses = [neuron.squared_error(s(w * x + b), y)]
    for _ in range(steps):
        b = b - lr * neuron.neuron_gradient(x, w, b, y)[1]
        w = w - lr * neuron.neuron_gradient(x, w, b, y)[0]
        losses.append(neuron.squared_error(s(w * x + b), y))
    return w, b, np.array(losses)


@train_neuron.mistake("losses")
def leaves_out_the_loss_at_the_start(x, y, w, b, lr, steps):
    """The loss before the first step is missing: steps + 1 losses are due, and losses[0] is the loss at the
    start.
    """
    return _train(x, y, w, b, lr, steps)[2][1:]


@train_neuron.mistake("losses")
def leaves_out_the_loss_at_the_end(x, y, w, b, lr, steps):
    """The loss after the last step is missing: steps + 1 losses are due, and the last one belongs to the w
    and b that come back.
    """
    return _train(x, y, w, b, lr, steps)[2][:-1]


@train_neuron.mistake("losses")
def returns_the_last_loss_only(x, y, w, b, lr, steps):
    """This is the last loss alone. All of them are due, in a list or an array."""
    return _train(x, y, w, b, lr, steps)[2][-1]


@train_neuron.mistake("losses")
def writes_the_loss_at_the_start_twice(x, y, w, b, lr, steps):
    """The loss at the start is there twice. The first line of the cell has written it down already."""
    found = _train(x, y, w, b, lr, steps)[2]
    return np.concatenate([found[:1], found])


@train_neuron.mistake("losses")
def writes_the_loss_down_before_the_step(x, y, w, b, lr, steps):
    """The loss is written down before the step, so the one at the start is there twice and the last one
    is missing. First move, then write down."""
    found = _train(x, y, w, b, lr, steps)[2]
    return np.concatenate([found[:1], found[:-1]])


@train_neuron.mistake("losses")
def never_writes_a_loss_down(x, y, w, b, lr, steps):
    """Only the loss at the start is there. Append one more in every round."""
    return _train(x, y, w, b, lr, 0)[2]


@train_neuron.mistake("losses")
def leaves_the_bias_out_of_the_loss(x, y, w, b, lr, steps):
    """The losses are computed without the bias. The answer is sigmoid(w x + b)."""
    places = [_train(x, y, w, b, lr, k)[:2] for k in range(steps + 1)]
    later = [neuron.squared_error(s(w_k * x), y) for w_k, _ in places[1:]]
    return np.array([neuron.squared_error(s(w * x + b), y), *later])


@train_neuron.mistake("losses")
def leaves_the_sigmoid_out_of_the_loss(x, y, w, b, lr, steps):
    """The losses after the first compare z with the target. The answer is sigmoid(w x + b)."""
    places = [_train(x, y, w, b, lr, k)[:2] for k in range(steps + 1)]
    later = [neuron.squared_error(w_k * x + b_k, y) for w_k, b_k in places[1:]]
    return np.array([neuron.squared_error(s(w * x + b), y), *later])


@train_neuron.mistake()
def throws_the_new_values_away(x, y, w, b, lr, steps):
    """Neither dial moves. `descent_step` leaves the old value as it is and gives back a new one: give it
    the name, `w = descent_step(...)`."""
    return _train(x, y, w, b, lr, steps, lambda *_: (0.0, 0.0))


@train_neuron.mistake()
def moves_the_bias_by_the_weights_gradient(x, y, w, b, lr, steps):
    """The bias moves by the gradient of the weight. Each dial has its own."""
    return _train(x, y, w, b, lr, steps, lambda *a: (neuron.neuron_gradient(*a)[0],) * 2)


@train_neuron.mistake()
def mixes_up_the_arguments_of_the_gradient(x, y, w, b, lr, steps):
    """`neuron_gradient` is called with its arguments in another order. It takes (x, w, b, y)."""
    return _train(x, y, w, b, lr, steps, lambda x, w, b, y: neuron.neuron_gradient(x, y, w, b))


@train_neuron.mistake()
def keeps_the_best_instead_of_the_last(x, y, w, b, lr, steps):
    """These are the dials with the lowest loss on the way. Asked for are the last ones: with a large
    learning rate they may well be worse."""
    places = [_train(x, y, w, b, lr, k)[:2] for k in range(steps + 1)]
    found = _train(x, y, w, b, lr, steps)[2]
    return (*places[int(np.argmin(found))], found)


@train_neuron.mistake("losses", row="A6")
def counts_the_loss_without_the_half(x, y, w, b, lr, steps):
    """These losses lack the 1/2. Use your `squared_error`."""
    return 2 * _train(x, y, w, b, lr, steps)[2]


@train_neuron.mistake("losses")
def writes_the_first_loss_every_time(x, y, w, b, lr, steps):
    """The same loss stands in every place. Compute it anew after each step, with the new w and b."""
    return np.full(steps + 1, _train(x, y, w, b, lr, 0)[2][0])


@train_neuron.mistake(row="A15")
def climbs_in_every_step(x, y, w, b, lr, steps):
    """The loss goes up: the steps go with the gradient. Which way is downhill?"""
    return _train(x, y, w, b, -lr, steps)


@train_neuron.mistake()
def never_moves_the_bias(x, y, w, b, lr, steps):
    """The bias never moves. It has a gradient too."""
    return _train(x, y, w, b, lr, steps, lambda *a: (neuron.neuron_gradient(*a)[0], 0.0))


@train_neuron.mistake()
def never_moves_the_weight(x, y, w, b, lr, steps):
    """The weight never moves. It has a gradient too."""
    return _train(x, y, w, b, lr, steps, lambda *a: (0.0, neuron.neuron_gradient(*a)[1]))


@train_neuron.mistake()
def exchanges_the_gradients(x, y, w, b, lr, steps):
    """The two gradients are exchanged: `neuron_gradient` gives dw first, then db."""
    return _train(x, y, w, b, lr, steps, lambda *a: neuron.neuron_gradient(*a)[::-1])


@train_neuron.mistake()
def takes_the_gradient_only_once(x, y, w, b, lr, steps):
    """The gradient is taken once, before the loop. It changes with every step: take it anew inside the
    loop."""
    first = neuron.neuron_gradient(x, w, b, y)
    return _train(x, y, w, b, lr, steps, lambda *_: first)


@train_neuron.mistake()
def returns_after_the_first_step(x, y, w, b, lr, steps):
    """It stops after the first step. Is the `return` inside the loop?"""
    return _train(x, y, w, b, lr, 1)


@train_neuron.mistake()
def takes_one_step_too_many(x, y, w, b, lr, steps):
    """One step too many is taken. How many steps lie between steps + 1 losses?"""
    return _train(x, y, w, b, lr, steps + 1)


@train_neuron.mistake()
def takes_one_step_too_few(x, y, w, b, lr, steps):
    """One step too few is taken. How many steps lie between steps + 1 losses?"""
    return _train(x, y, w, b, lr, steps - 1)


@train_neuron.mistake()
def forgets_the_rate_in_every_step(x, y, w, b, lr, steps):
    """The learning rate is not used: each step is as long as the gradient."""
    return _train(x, y, w, b, 1.0, steps)


@train_neuron.mistake(row="A16")
def steps_by_the_loss(x, y, w, b, lr, steps):
    """The steps go by the loss instead of its gradient. A step needs a direction; a loss has no sign."""
    return _train(x, y, w, b, lr, steps, lambda x, w, b, y: (neuron.squared_error(s(w * x + b), y),) * 2)


@train_neuron.mistake("losses")
def writes_down_the_answers(x, y, w, b, lr, steps):
    """These are the answers of the neuron, not its losses."""
    found = []
    for k in range(steps + 1):
        w_k, b_k, _ = _train(x, y, w, b, lr, k)
        found.append(float(s(w_k * x + b_k)))
    return np.array(found)


# ---- neuron_gradient_repaired ----


def without_the_slope(x, w, b, y):
    """Symptom: nudging w says that the slope of the loss is another number than this dw. And it takes its
    largest steps where the loss curve is flat.
    """
    error = s(w * x + b) - y
    return error * x, error


neuron_gradient_repaired = Exercise(
    reference=neuron.neuron_gradient,
    name="neuron_gradient_repaired",
    cases=neurons,
    returns=("dw", "db"),
    points=2,
    hints=(
        "The table shows where the two disagree most. What is special about the sigmoid there?",
        (
            "Write the chain from the loss back to w as a product of three factors. Which of them can you "
            "find in the code?"
        ),
        (
            "The factor that is missing is small where the sigmoid is flat, and never larger than a "
            "quarter. It belongs to dw and to db."
        ),
    ),
    handed_out=without_the_slope,
    handed_out_rows=("A1",),
    mistakes=list(neuron_gradient.mistakes),
)


# ---- quizzes ----

a_hair = Quiz(
    "01-a-hair",
    (
        "The dial stands at w = 2 and the machine answers 0.953. You turn the dial from 2.00 to 1.99. By "
        "how much does the answer move?"
    ),
    (
        Choice(
            "By about 0.01, as much as the dial",
            (
                "That would be so if the answer were w itself. Between dial and answer sits the squashing "
                "function, and at this place it is nearly flat."
            ),
        ),
        Choice(
            "By much less than 0.01",
            (
                "The squashing function is nearly flat here, so hardly anything of the turn comes out. You "
                "will measure it as soon as you have written that function."
            ),
            right=True,
        ),
        Choice(
            "By much more than 0.01",
            (
                "For that the curve would have to be steep at w = 2. Look at the picture again: how steep "
                "is it at the dot?"
            ),
        ),
        Choice(
            "Not at all",
            (
                "Almost, but a nudge does come through. If nothing came through, there would be nothing to "
                "learn from."
            ),
        ),
    ),
)

three_rates = Quiz(
    "01-three-rates",
    (
        "At w = 2 the slope of the loss is about 0.05. Somebody takes one descent step with the learning "
        "rate 1,000. Where does the dial end?"
    ),
    (
        Choice(
            "At the bottom of the curve: a large rate means a quick arrival",
            "The step is the rate times the slope, whatever lies between. Nothing stops it at the bottom.",
        ),
        Choice(
            "Far beyond the bottom, at about w = -48",
            (
                "1,000 times 0.05 is 50, so it lands at about 2 - 50 = -48. There the sigmoid is completely"
                " flat, and the next gradient is nearly zero: it stays there."
            ),
            right=True,
        ),
        Choice(
            "It stays near w = 2: the slope is small",
            "The slope is small, but the rate is not: the step is their product, and that is about 50.",
        ),
    ),
)

flat_and_wrong = Quiz(
    "01-flat-and-wrong",
    (
        "The target is 0.2 and the neuron answers 0.9999. How large is the gradient of the loss with "
        "respect to w, compared with an answer of 0.7?"
    ),
    (
        Choice(
            "Larger: the error is larger",
            (
                "The error is, but it is only the first of three factors. The second one is the slope of "
                "the sigmoid: what is it at 0.9999?"
            ),
        ),
        Choice(
            "Much smaller, although the answer is worse",
            (
                "The slope of the sigmoid is 0.9999 times 0.0001, so next to nothing of the error gets back"
                " to the weight. Very wrong and very sure learns slowest. Lesson 06 finds a loss that "
                "repairs this."
            ),
            right=True,
        ),
        Choice(
            "About the same: error and slope make up for each other",
            "They do not: the error grows from 0.5 to 0.8, the slope falls from 0.21 to 0.0001.",
        ),
    ),
)
