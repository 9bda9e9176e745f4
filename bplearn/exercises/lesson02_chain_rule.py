"""Lesson 02: the chain rule on a graph."""

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import chain
from bplearn.nn.neuron import sigmoid as s
from bplearn.nn.neuron import squared_error


def _signed(rng, low, high):
    """A number of either sign, away from 0."""
    return float(rng.uniform(low, high) * rng.choice([-1.0, 1.0]))


# ---- two_weight_forward ----


def inputs_and_weights(rng):
    """Generic numbers: no 0.5, no 1, no two alike."""
    for _ in range(7):
        yield {"x": _signed(rng, 0.4, 1.9), "w1": _signed(rng, 0.4, 1.9), "w2": _signed(rng, 0.4, 1.9)}


two_weight_forward = Exercise(
    reference=chain.two_weight_forward,
    cases=inputs_and_weights,
    returns=("h", "y_hat"),
    points=1,
    hints=(
        "Follow the arrows of the picture from left to right. How many boxes are there?",
        "Twice the same: multiply by a weight, then squash. What goes into the second multiplication?",
        "First w1 times x through the sigmoid gives h. Then w2 times h through the sigmoid gives y_hat.",
    ),
)


@two_weight_forward.mistake("h")
def leaves_the_hidden_value_unsquashed(x, w1, w2):
    """This is w1 x, before the first sigmoid. h is what comes out of it."""
    return w1 * x


@two_weight_forward.mistake("y_hat")
def skips_the_first_sigmoid(x, w1, w2):
    """The first sigmoid is skipped: w1 x goes straight on. Two boxes squash, one after each weight."""
    return s(w2 * w1 * x)


@two_weight_forward.mistake("y_hat")
def skips_the_second_sigmoid(x, w1, w2):
    """The second sigmoid is skipped: this is w2 h. The answer is squashed as well."""
    return w2 * s(w1 * x)


@two_weight_forward.mistake("y_hat")
def feeds_the_input_twice(x, w1, w2):
    """The second weight multiplies x. It should multiply what came out of the first sigmoid."""
    return s(w2 * x)


@two_weight_forward.mistake("y_hat")
def uses_the_first_weight_twice(x, w1, w2):
    """The first weight is used in both places. The second place belongs to w2."""
    return s(w1 * s(w1 * x))


@two_weight_forward.mistake()
def exchanges_the_weights(x, w1, w2):
    """The weights are exchanged: w1 comes first, next to x."""
    return s(w2 * x), s(w1 * s(w2 * x))


@two_weight_forward.mistake("y_hat")
def forgets_the_second_weight(x, w1, w2):
    """The second weight is missing: the hidden value is squashed again as it is."""
    return s(s(w1 * x))


@two_weight_forward.mistake()
def adds_the_weights(x, w1, w2):
    """The weight is added. A dial multiplies what passes through it."""
    h = s(w1 + x)
    return h, s(w2 + h)


# ---- two_weight_backward ----


def two_weight_examples(rng):
    for case in inputs_and_weights(rng):
        yield {**case, "y": float(rng.uniform(0.05, 0.95))}
    yield {"x": 1.3, "w1": -0.7, "w2": 1.6, "y": 0.15}


two_weight_backward = Exercise(
    reference=chain.two_weight_backward,
    cases=two_weight_examples,
    returns=("dw1", "dw2"),
    points=3,
    hints=(
        (
            "Start at the loss and walk to the left. Write one factor for each box that you pass, until you"
            " reach a weight."
        ),
        (
            "Both chains begin alike: the error, then the slope of the second sigmoid. At the "
            "multiplication they part: one way leads to w2, the other to h."
        ),
        (
            "To reach w2 multiply by h. To reach w1 multiply by w2, then by the slope of the first sigmoid,"
            " then by x."
        ),
    ),
)


@two_weight_backward.follows("two_weight_forward", "x", "w1", "w2")
def loss_of_the_answer(result, x, w1, w2, y):
    return squared_error(result[1], y)


def _forward(x, w1, w2, y):
    """What the wrong versions below have in common: hidden value, answer, and the gradient before w2."""
    h = s(w1 * x)
    y_hat = s(w2 * h)
    return h, y_hat, (y_hat - y) * y_hat * (1 - y_hat)


@two_weight_backward.mistake("dw1", row="B1", factor="w2")
def forgets_the_connecting_weight(x, w1, w2, y):
    """The connecting weight w2 is missing on the way back. The signal came forward through it; it goes back
    through it too.
    """
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * h * (1 - h) * x


@two_weight_backward.mistake(row="B2", factor="slope2")
def skips_the_slope_of_the_output(x, w1, w2, y):
    """The slope of the second sigmoid was skipped. You passed two sigmoids going forward. How many coming
    back?
    """
    h, y_hat, _ = _forward(x, w1, w2, y)
    return (y_hat - y) * w2 * h * (1 - h) * x, (y_hat - y) * h


@two_weight_backward.mistake("dw1", row="B3", factor="slope1")
def skips_the_slope_of_the_hidden_unit(x, w1, w2, y):
    """The slope of the first sigmoid was skipped. You passed two sigmoids going forward. How many coming
    back?
    """
    _, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * w2 * x


@two_weight_backward.mistake("dw1", row="B5", factor="input")
def uses_the_hidden_value_for_the_input(x, w1, w2, y):
    """The last factor is h, and x belongs there. What does w1 multiply: h or x?"""
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * w2 * h * (1 - h) * h


@two_weight_backward.mistake("dw1", row="B6", factor="w2")
def goes_back_through_the_wrong_weight(x, w1, w2, y):
    """The path goes back through w1, and it should be w2. Trace the arrow from the answer back to h: which
    weight stands on it?
    """
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * w1 * h * (1 - h) * x


@two_weight_backward.mistake("dw1", row="B7", factor="slope1")
def reuses_the_slope_of_the_output(x, w1, w2, y):
    """The slope of the output is used for the hidden unit as well. Each unit has its own operating point: the
    hidden one stands at h.
    """
    _, y_hat, dz2 = _forward(x, w1, w2, y)
    return dz2 * w2 * y_hat * (1 - y_hat) * x


@two_weight_backward.mistake(row="B8")
def adds_the_links_of_a_path(x, w1, w2, y):
    """The links are added. Along one path they are multiplied; only across paths do gradients add."""
    h, y_hat, _ = _forward(x, w1, w2, y)
    start = (y_hat - y) + y_hat * (1 - y_hat)
    return start + w2 + h * (1 - h) + x, start + h


@two_weight_backward.mistake(row="B9", factor="slope2")
def takes_the_outer_slope_at_the_wrong_place(x, w1, w2, y):
    """The slope of the second sigmoid is taken at h. Where is that sigmoid actually sitting? At w2 h."""
    h, y_hat, _ = _forward(x, w1, w2, y)
    dz2 = (y_hat - y) * s(h) * (1 - s(h))
    return dz2 * w2 * h * (1 - h) * x, dz2 * h


@two_weight_backward.mistake("dw1", row="B10")
def forgets_the_inner_derivative(x, w1, w2, y):
    """The outer derivative is there, the inner one is not: nothing says how h moves when w1 does. The inside
    moves too.
    """
    _, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * w2


@two_weight_backward.mistake(row="B18", factor="seed")
def seeds_with_the_loss(x, w1, w2, y):
    """Everything is multiplied by the loss. The way back starts with dL/dL: how much does L change for each
    unit that L changes?
    """
    dw1, dw2 = chain.two_weight_backward(x, w1, w2, y)
    loss = squared_error(chain.two_weight_forward(x, w1, w2)[1], y)
    return loss * dw1, loss * dw2


@two_weight_backward.mistake(row="A3", factor="sign")
def takes_target_minus_answer(x, w1, w2, y):
    """The sign is flipped: the error was taken as target minus answer."""
    dw1, dw2 = chain.two_weight_backward(x, w1, w2, y)
    return -dw1, -dw2


@two_weight_backward.mistake(row="A6", factor="half")
def ignores_the_half(x, w1, w2, y):
    """Twice too large: the 1/2 of this loss was ignored. It is there to cancel the 2 of the square."""
    dw1, dw2 = chain.two_weight_backward(x, w1, w2, y)
    return 2 * dw1, 2 * dw2


@two_weight_backward.mistake(row="A11", factor="error")
def multiplies_by_the_loss(x, w1, w2, y):
    """The chain begins with the loss itself. It must begin with how the loss *changes*: with the error."""
    dw1, dw2 = chain.two_weight_backward(x, w1, w2, y)
    error = chain.two_weight_forward(x, w1, w2)[1] - y
    return 0.5 * error * dw1, 0.5 * error * dw2


@two_weight_backward.mistake(row="A12", factor="error")
def leaves_the_loss_out(x, w1, w2, y):
    """The loss is missing: this is how the answer reacts, not how the loss does. Would your number change if
    the target changed? It should.
    """
    dw1, dw2 = chain.two_weight_backward(x, w1, w2, y)
    error = chain.two_weight_forward(x, w1, w2)[1] - y
    return dw1 / error, dw2 / error


@two_weight_backward.mistake("dw2", factor="h")
def multiplies_by_the_weight_itself(x, w1, w2, y):
    """The last factor is w2, and this is the gradient with respect to h. What multiplies w2 in z = w2 h?"""
    return _forward(x, w1, w2, y)[2] * w2


@two_weight_backward.mistake("dw2", factor="h")
def stops_before_the_weight(x, w1, w2, y):
    """The last factor is missing: how w2 h reacts to w2. Nudge w2 by 0.01: by how much does the product
    move?"""
    return _forward(x, w1, w2, y)[2]


@two_weight_backward.mistake("dw2", factor="h")
def uses_the_input_for_the_hidden_value(x, w1, w2, y):
    """The last factor is x, and h belongs there. What does w2 multiply: x or h?"""
    return _forward(x, w1, w2, y)[2] * x


@two_weight_backward.mistake("dw2")
def passes_the_hidden_unit_too(x, w1, w2, y):
    """This goes on through the first sigmoid. w2 sits behind it: on the way back you meet w2 before you reach
    h.
    """
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * h * h * (1 - h)


@two_weight_backward.mistake("dw1", factor="input")
def stops_at_the_hidden_value(x, w1, w2, y):
    """The last factor is missing: how w1 x reacts to w1. What multiplies w1?"""
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * w2 * h * (1 - h)


@two_weight_backward.mistake("dw1", factor="slope1")
def uses_x_for_the_slope_of_the_hidden_unit(x, w1, w2, y):
    """The slope of the first sigmoid is fed with what goes into it. h(1 - h) needs what comes out: h."""
    z1 = w1 * x
    return _forward(x, w1, w2, y)[2] * w2 * z1 * (1 - z1) * x


@two_weight_backward.mistake("dw1", factor="slope1")
def activates_the_hidden_value_twice(x, w1, w2, y):
    """The slope of the first sigmoid is taken at h instead of at w1 x: the sigmoid is applied once too
    often."""
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * w2 * s(h) * (1 - s(h)) * x


@two_weight_backward.mistake("dw1")
def builds_on_the_gradient_of_the_second_weight(x, w1, w2, y):
    """This continues from dw2, which has the factor h in it already. The way to w1 does not lead through w2
    being nudged; go on from the gradient of z2.
    """
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * h * w2 * h * (1 - h) * x


@two_weight_backward.mistake(factor="error")
def squares_the_error(x, w1, w2, y):
    """The chain begins with the squared error. The slope of 1/2 u squared is u: the error itself."""
    dw1, dw2 = chain.two_weight_backward(x, w1, w2, y)
    error = chain.two_weight_forward(x, w1, w2)[1] - y
    return error * dw1, error * dw2


@two_weight_backward.mistake("dw1", row="B4")
def updates_the_second_weight_first(x, w1, w2, y):
    """The weight w2 was already moved by a step of the size of its gradient. All gradients belong to one
    forward pass: take them before anything moves.
    """
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * (w2 - dz2 * h) * h * (1 - h) * x


@two_weight_backward.mistake(factor="half")
def keeps_the_half(x, w1, w2, y):
    """Half of what is due: the 1/2 of the loss is still there. It cancels against the 2 of the square."""
    dw1, dw2 = chain.two_weight_backward(x, w1, w2, y)
    return 0.5 * dw1, 0.5 * dw2


@two_weight_backward.mistake(factor="slope2")
def uses_the_hidden_slope_for_the_output(x, w1, w2, y):
    """The slope of the hidden unit stands where the slope of the output belongs. The second sigmoid has
    its own output: y_hat."""
    h, y_hat, _ = _forward(x, w1, w2, y)
    dz2 = (y_hat - y) * h * (1 - h)
    return dz2 * w2 * h * (1 - h) * x, dz2 * h


@two_weight_backward.mistake(factor="slope2")
def activates_the_answer_twice(x, w1, w2, y):
    """The slope of the second sigmoid is taken at y_hat instead of at w2 h: the sigmoid is applied once
    too often. With its output at hand, y_hat (1 - y_hat) is enough."""
    h, y_hat, _ = _forward(x, w1, w2, y)
    dz2 = (y_hat - y) * s(y_hat) * (1 - s(y_hat))
    return dz2 * w2 * h * (1 - h) * x, dz2 * h


@two_weight_backward.mistake()
def exchanges_the_factors_of_the_product(x, w1, w2, y):
    """The two factors of the product are exchanged: towards w2 multiply by h, and towards h by w2. Each
    gets the other one."""
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * h * h * (1 - h) * x, dz2 * w2


@two_weight_backward.mistake("dw1", factor="input")
def ends_with_the_weight_for_the_input(x, w1, w2, y):
    """The last factor is w1, and x belongs there. What multiplies w1?"""
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * w2 * h * (1 - h) * w1


@two_weight_backward.mistake("dw1")
def forgets_the_brackets_of_one_minus_h(x, w1, w2, y):
    """Brackets are missing: `h * 1 - h`. The slope is h times the bracket (1 - h)."""
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * w2 * h * 1 - h * x


@two_weight_backward.mistake("dw1")
def goes_on_from_the_gradient_of_the_second_weight(x, w1, w2, y):
    """This goes on from dw2. Go on from what arrives at h: there the factor is w2, not h."""
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 * h * h * (1 - h) * x


@two_weight_backward.mistake("dw1", factor="w2")
def divides_by_the_connecting_weight(x, w1, w2, y):
    """Divided by w2 where a product is due: the signal was stretched by w2 going forward, and it is going
    back."""
    h, _, dz2 = _forward(x, w1, w2, y)
    return dz2 / w2 * h * (1 - h) * x


@two_weight_backward.mistake()
def exchanges_hidden_value_and_answer(x, w1, w2, y):
    """Hidden value and answer are exchanged: `two_weight_forward` gives h first, then y_hat."""
    y_hat, h = chain.two_weight_forward(x, w1, w2)
    dz2 = (y_hat - y) * y_hat * (1 - y_hat)
    return dz2 * w2 * h * (1 - h) * x, dz2 * h


# ---- shared_weight_gradient ----


def shared_weights(rng):
    """Now the one path is the stronger, now the other."""
    for _ in range(5):
        yield {"x": _signed(rng, 0.4, 1.9), "w": _signed(rng, 0.4, 1.9), "y": float(rng.uniform(0.05, 0.95))}
    yield {"x": 1.5, "w": -1.4, "y": 0.8}
    yield {"x": 0.8, "w": 0.9, "y": 0.95}
    yield {"x": 0.9, "w": 0.8, "y": 0.1}


shared_weight_gradient = Exercise(
    reference=chain.shared_weight_gradient,
    cases=shared_weights,
    returns=("dw",),
    points=2,
    hints=(
        (
            "In how many places does w stand? Give the two places names of their own, and you know this "
            "network already."
        ),
        (
            "Pretend that there are two weights, w1 and w2, which happen to be equal. You can find the "
            "gradient of each."
        ),
        (
            "If w moves by a hair, both of them move by that hair, and both effects arrive at the loss. So "
            "what happens to the two gradients?"
        ),
    ),
)


def _paths(x, w, y):
    return chain.two_weight_backward(x, w, w, y)


@shared_weight_gradient.mistake("dw", row="B11")
def keeps_only_the_outer_path(x, w, y):
    """Only the path through the second place of w is there. The weight stands in two places: count the arrows
    that leave it.
    """
    return _paths(x, w, y)[1]


@shared_weight_gradient.mistake("dw", row="B11")
def keeps_only_the_inner_path(x, w, y):
    """Only the path through the first place of w is there. The weight stands in two places: count the arrows
    that leave it.
    """
    return _paths(x, w, y)[0]


@shared_weight_gradient.mistake("dw", row="B12")
def averages_the_paths(x, w, y):
    """The two paths are averaged. Each use of w changes the loss by itself; what is the total change?"""
    return sum(_paths(x, w, y)) / 2


@shared_weight_gradient.mistake("dw", row="B13")
def multiplies_the_paths(x, w, y):
    """The two paths are multiplied. Along one path multiply; across paths add."""
    inner, outer = _paths(x, w, y)
    return inner * outer


@shared_weight_gradient.mistake("dw")
def subtracts_the_paths(x, w, y):
    """One path is subtracted from the other. Both nudge the loss, and the effects add up."""
    inner, outer = _paths(x, w, y)
    return outer - inner


@shared_weight_gradient.mistake("dw", row="B3")
def skips_the_inner_slope(x, w, y):
    """On the longer path the slope of the first sigmoid is missing."""
    h, y_hat = chain.two_weight_forward(x, w, w)
    return (y_hat - y) * y_hat * (1 - y_hat) * (h + w * x)


@shared_weight_gradient.mistake("dw", row="B1")
def forgets_the_weight_on_the_longer_path(x, w, y):
    """On the longer path the factor w of the second multiplication is missing: the signal came forward
    through it.
    """
    h, y_hat = chain.two_weight_forward(x, w, w)
    return (y_hat - y) * y_hat * (1 - y_hat) * (h + h * (1 - h) * x)


@shared_weight_gradient.mistake("dw", row="B2", factor="slope2")
def skips_the_slope_that_both_paths_share(x, w, y):
    """The slope of the second sigmoid is missing. Both paths pass it."""
    h, y_hat = chain.two_weight_forward(x, w, w)
    return (y_hat - y) * (h + w * h * (1 - h) * x)


@shared_weight_gradient.mistake("dw")
def treats_w_squared_as_the_weight(x, w, y):
    """This is the gradient of sigmoid(w w x), without the sigmoid in the middle."""
    y_hat = s(w * w * x)
    return (y_hat - y) * y_hat * (1 - y_hat) * 2 * w * x


@shared_weight_gradient.mistake("dw", row="A6", factor="half")
def doubles_everything(x, w, y):
    """Twice what is due. The 2 that comes down from the square is cancelled by the 1/2 of the loss."""
    return 2 * sum(_paths(x, w, y))


@shared_weight_gradient.mistake("dw", row="A3", factor="sign")
def turns_the_sign(x, w, y):
    """The sign is flipped: the error was taken as target minus answer."""
    return -sum(_paths(x, w, y))


@shared_weight_gradient.mistake("dw")
def takes_the_stronger_path(x, w, y):
    """Only the stronger of the two paths is there. Nothing is switched off: the weaker effect arrives
    too, and they add."""
    return max(_paths(x, w, y), key=abs)


@shared_weight_gradient.mistake("dw")
def takes_the_larger_path(x, w, y):
    """Only the larger of the two numbers is there. Both paths move the loss, and the effects add."""
    return max(_paths(x, w, y))


@shared_weight_gradient.mistake("dw")
def takes_a_step_already(x, w, y):
    """This is the weight after a step. Asked for is its gradient alone."""
    return w - sum(_paths(x, w, y))


@shared_weight_gradient.mistake("dw")
def doubles_the_outer_path(x, w, y):
    """The path through the second place of w is counted twice, and the longer one not at all. They are not
    equal.
    """
    return 2 * _paths(x, w, y)[1]


@shared_weight_gradient.mistake("dw")
def doubles_the_inner_path(x, w, y):
    """The longer path is counted twice, and the other one not at all. They are not equal."""
    return 2 * _paths(x, w, y)[0]


# ---- quotient_backward ----


def quotients(rng):
    """Numbers and arrays; v stays away from 0 and from 1."""
    yield {"dout": -0.7, "u": 1.3, "v": 2.4}
    yield {"dout": 0.9, "u": -1.7, "v": -0.6}
    for shape in ((3,), (2, 4), (5, 3), (6,)):
        v = rng.uniform(0.5, 2.5, size=shape) * rng.choice([-1.0, 1.0], size=shape)
        yield {"dout": rng.normal(size=shape), "u": rng.normal(size=shape), "v": v}


quotient_backward = Exercise(
    reference=chain.quotient_backward,
    cases=quotients,
    returns=("du", "dv"),
    points=2,
    upstream="dout",
    hints=(
        (
            "Divide a cake of size u among v people. One more gram of cake: how much more for each? One"
            " more person?"
        ),
        (
            "Write u / v as u times v to the power of -1. Differentiate each letter by itself, the other "
            "one held still."
        ),
        (
            "The local slopes are one over v, and minus u over v squared. Each is multiplied by what "
            "arrives from above."
        ),
    ),
)


@quotient_backward.mistake("dv", row="B15", factor="sign")
def loses_the_minus(dout, u, v):
    """The minus sign is lost. A larger denominator makes the quotient of positive numbers smaller."""
    return dout * u / v**2


@quotient_backward.mistake("dv", row="B16")
def treats_the_denominator_as_the_numerator(dout, u, v):
    """This is the derivative for the numerator. Which one are you nudging?"""
    return dout / v


@quotient_backward.mistake("dv")
def treats_the_denominator_as_the_numerator_with_a_minus(dout, u, v):
    """The minus is there; the rest is the derivative for the numerator. Which one are you nudging?"""
    return -dout / v


@quotient_backward.mistake("dv", factor="square")
def forgets_the_square(dout, u, v):
    """The square is missing: the slope of 1/v is minus one over v squared."""
    return -dout * u / v


@quotient_backward.mistake("dv", factor="numerator")
def forgets_the_numerator(dout, u, v):
    """The numerator is missing. If u were 0, could v matter?"""
    return -dout / v**2


@quotient_backward.mistake("dv")
def divides_by_the_other_one(dout, u, v):
    """Divided by u. Nudge v: the slope of 1/v is minus one over v squared, and u stands before it as a
    factor."""
    return dout / u


@quotient_backward.mistake("du")
def has_a_minus_that_belongs_to_the_other(dout, u, v):
    """The minus belongs to the other derivative. If u grows, does u / v grow for a positive v?"""
    return -dout / v


@quotient_backward.mistake("dv")
def doubles_in_place_of_squaring(dout, u, v):
    """Divided by 2 v; due is v squared, `v**2`."""
    return -dout * u / (2 * v)


@quotient_backward.mistake("dv")
def divides_and_multiplies_again(dout, u, v):
    """`/ v * v` divides and multiplies again, and nothing is left of it. Put brackets round v * v, or
    write `v**2`."""
    return -dout * u


@quotient_backward.mistake("dv")
def uses_the_rule_of_the_product(dout, u, v):
    """This is the rule for a product. For a quotient, v stands below the line."""
    return dout * u


@quotient_backward.mistake("dv")
def takes_the_logarithm(dout, u, v):
    """The logarithm is what 1/v is the slope *of*. The slope of 1/v is minus one over v squared."""
    with np.errstate(all="ignore"):
        return dout * u * np.log(np.abs(v))


@quotient_backward.mistake("du")
def multiplies_by_the_denominator(dout, u, v):
    """Multiplied by v, as in a product. Nudge u by 0.01: u / v moves by 0.01 / v."""
    return dout * v


@quotient_backward.mistake("du", factor="numerator")
def carries_the_numerator_along(dout, u, v):
    """The factor u is too much: u / v is a straight line in u, and its slope does not depend on u."""
    return dout * u / v


@quotient_backward.mistake("du", factor="square")
def squares_the_denominator(dout, u, v):
    """The square belongs to the other derivative. Nudge u by 0.01: u / v moves by 0.01 / v."""
    return dout / v**2


@quotient_backward.mistake("du", row="D1", factor="dout")
def drops_what_arrives(dout, u, v):
    """This is the local slope alone. What arrives from above, `dout`, is the first factor. Double it: what
    should happen?
    """
    return np.ones_like(u) / v


@quotient_backward.mistake("dv", row="D1", factor="dout")
def drops_what_arrives_at_the_denominator(dout, u, v):
    """This is the local slope alone. What arrives from above, `dout`, is the first factor. Double it: what
    should happen?
    """
    return -u / v**2


# ---- max_backward ----


def no_ties(rng):
    """Numbers and arrays of both signs, at least 0.05 apart."""
    yield {"dout": -0.8, "u": 1.4, "v": 0.3}
    yield {"dout": 1.7, "u": -1.2, "v": 0.6}
    yield {
        "dout": np.array([0.3, -1.1, 0.8]),
        "u": np.array([3.1, -1.2, 0.5]),
        "v": np.array([1.4, 0.7, -2.2]),
    }
    yield {
        "dout": np.array([0.6, -0.9, 1.3, -0.4]),
        "u": np.array([7.2, 5.5, 4.1, 2.3]),
        "v": np.array([6.1, 8.3, 3.6, 4.4]),
    }
    for shape in ((4,), (2, 5), (5, 3), (3, 4)):
        u = rng.normal(size=shape)
        v = u + rng.uniform(0.05, 1.5, size=shape) * rng.choice([-1.0, 1.0], size=shape)
        yield {"dout": rng.normal(size=shape), "u": u, "v": v}


max_backward = Exercise(
    reference=chain.max_backward,
    cases=no_ties,
    returns=("du", "dv"),
    points=2,
    upstream="dout",
    hints=(
        "How many inputs can change the result, in each entry? Who are they?",
        "The maximum is a switch. The winner gets all that arrives, the loser gets nothing, entry by entry.",
        "`u > v` is an array of True and False, which count as 1 and 0 when you multiply with them.",
    ),
)


@max_backward.mistake(row="B17")
def credits_both(dout, u, v):
    """Both inputs are credited, although one won. Would nudging the loser change the result?"""
    return dout * np.ones_like(u), dout * np.ones_like(v)


@max_backward.mistake(row="D15")
def credits_the_loser(dout, u, v):
    """The loser is credited, or the two results are exchanged. Which of the two was let through? Give
    back du first."""
    return dout * (u < v), dout * (v < u)


@max_backward.mistake()
def splits_evenly(dout, u, v):
    """Each gets half. The maximum lets one through and stops the other: the winner gets all."""
    return dout * 0.5 * np.ones_like(u), dout * 0.5 * np.ones_like(v)


@max_backward.mistake(row="D13")
def returns_the_switch_alone(dout, u, v):
    """This is the switch alone, ones and zeros. What arrives from above, `dout`, is let through by it:
    multiply.
    """
    return (u > v) * 1.0, (v > u) * 1.0


@max_backward.mistake(row="D12")
def passes_the_values_forward(dout, u, v):
    """The values themselves are multiplied in. Where u wins, out = u, a line of slope one."""
    return dout * u * (u > v), dout * v * (v > u)


@max_backward.mistake()
def returns_the_maximum(dout, u, v):
    """This is the larger value, the forward pass. On the way back `dout` is sent to whoever won."""
    return np.maximum(u, v), np.maximum(u, v)


@max_backward.mistake()
def decides_for_the_whole_array(dout, u, v):
    """One decision is made for the whole array. The maximum is taken entry by entry, and so is the switch."""
    u_wins = bool(np.max(u) > np.max(v))
    return dout * u_wins, dout * (not u_wins)


@max_backward.mistake(row="D11")
def opens_the_switch_by_what_arrives(dout, u, v):
    """The switch is set by the sign of `dout`. It was set on the way forward, by u and v."""
    return dout * (dout > 0), dout * (dout < 0)


@max_backward.mistake()
def compares_absolute_values(dout, u, v):
    """The absolute values are compared. The maximum of -5 and 3 is 3: compare the numbers as they are."""
    return dout * (np.abs(u) > np.abs(v)), dout * (np.abs(v) > np.abs(u))


@max_backward.mistake()
def compares_what_arrives(dout, u, v):
    """What arrives is compared with the inputs. The switch was set on the way forward, by u and v alone."""
    return dout * (dout > v), dout * (dout > u)


@max_backward.mistake()
def decides_only_if_all_agree(dout, u, v):
    """One decision is made for the whole array. The maximum is taken entry by entry, and so is the switch."""
    u_wins = bool(np.all(u > v))
    return dout * u_wins, dout * (not u_wins)


@max_backward.mistake()
def gives_the_loser_nan(dout, u, v):
    """The loser gets nan. It gets 0: nudging it changes nothing, and that is a number."""
    return np.where(u > v, dout, np.nan), np.where(v > u, dout, np.nan)


@max_backward.mistake()
def compares_with_the_five_of_the_example(dout, u, v):
    """Each is compared with 5, as in the example with the prices. Here they are compared with each other."""
    return dout * (u > 5), dout * (v > 5)


@max_backward.mistake()
def decides_if_any_agrees(dout, u, v):
    """One decision is made for the whole array. The maximum is taken entry by entry, and so is the switch."""
    u_wins = bool(np.any(u > v))
    return dout * u_wins, dout * (not u_wins)


@max_backward.mistake("dv")
def uses_the_same_mask_twice(dout, u, v):
    """This is du again. v gets what arrives where v is the larger one."""
    return dout * (u > v)


@max_backward.mistake("dv")
def gives_the_loser_the_opposite(dout, u, v):
    """This is du with a minus. v gets what arrives where v is the larger one, and nothing elsewhere."""
    return -dout * (u > v)


@max_backward.mistake()
def compares_with_zero(dout, u, v):
    """Each is compared with 0. They are compared with each other."""
    return dout * (u > 0), dout * (v > 0)


@max_backward.mistake("dv")
def leaves_the_second_at_zero(dout, u, v):
    """Always 0. Where v is the larger one, it gets all that arrives."""
    return 0.0 * dout


@max_backward.mistake()
def turns_the_sign_of_the_loser(dout, u, v):
    """The loser gets the opposite of what the winner gets. It gets nothing: nudging it changes nothing."""
    return dout * np.sign(u - v), dout * np.sign(v - u)


# ---- train_two_weights ----


def two_weight_runs(rng):
    """Learning rates of 1 to 3 and at least three steps: the slip handed out is a second-order effect."""
    for steps in (3, 4, 5, 6, 8, 10):
        yield {
            "x": _signed(rng, 0.6, 1.9),
            "y": float(rng.uniform(0.05, 0.95)),
            "w1": _signed(rng, 0.5, 1.6),
            "w2": _signed(rng, 0.5, 1.6),
            "lr": float(rng.uniform(1.2, 3.0)),
            "steps": steps,
        }
    yield {"x": 1.4, "y": 0.45, "w1": 1.2, "w2": 1.1, "lr": 120.0, "steps": 5}  # too large: the loss rises
    yield {
        "x": 1.2,
        "y": 0.6,
        "w1": 0.8,
        "w2": 1.3,
        "lr": 6.0,
        "steps": 60,
    }  # arrives: hardly any loss is left


def _train(x, y, w1, w2, lr, steps, update):
    """The loop of the wrong versions below, with another update."""
    losses = [squared_error(chain.two_weight_forward(x, w1, w2)[1], y)]
    for _ in range(steps):
        w1, w2 = update(x, w1, w2, y, lr)
        losses.append(squared_error(chain.two_weight_forward(x, w1, w2)[1], y))
    return w1, w2, np.array(losses)


def _plain_update(x, w1, w2, y, lr):
    dw1, dw2 = chain.two_weight_backward(x, w1, w2, y)
    return w1 - lr * dw1, w2 - lr * dw2


def _second_first(x, w1, w2, y, lr):
    w2 = w2 - lr * chain.two_weight_backward(x, w1, w2, y)[1]
    return w1 - lr * chain.two_weight_backward(x, w1, w2, y)[0], w2


def _second_first_in_the_product(x, w1, w2, y, lr):
    """The forward values are old; only the w2 in the product is new."""
    h, y_hat = chain.two_weight_forward(x, w1, w2)
    dz2 = (y_hat - y) * y_hat * (1 - y_hat)
    w2 = w2 - lr * dz2 * h
    return w1 - lr * dz2 * w2 * h * (1 - h) * x, w2


def updates_w2_before_dw1(x, y, w1, w2, lr, steps):
    """Symptom: started from the same weights with lr = 3, one step moves `w1` by another amount than lr times
    its numerical slope at the start, while `w2` moves as it should.
    """
    return _train(x, y, w1, w2, lr, steps, _second_first_in_the_product)


train_two_weights = Exercise(
    reference=chain.train_two_weights,
    cases=two_weight_runs,
    returns=("w1", "w2", "losses"),
    points=2,
    hints=(
        "Read the loop line by line, with numbers. Which values of w1 and w2 does each line see?",
        "At which moment was the forward pass made? Every gradient must belong to that moment.",
        (
            "One line changes a weight that a later line still needs as it was. Take both gradients first, "
            "then move both."
        ),
    ),
    handed_out=updates_w2_before_dw1,
    handed_out_rows=("B4",),
)


@train_two_weights.mistake()
def repeats_the_forward_between_the_updates(x, y, w1, w2, lr, steps):
    """w2 moves first, and everything is computed anew before dw1 is taken. Both gradients belong to one
    forward pass.
    """
    return _train(x, y, w1, w2, lr, steps, _second_first)


@train_two_weights.mistake()
def moves_the_first_weight_too_early(x, y, w1, w2, lr, steps):
    """Now w1 moves before dw2 is taken: the same slip the other way round. Take both gradients first, then
    move both.
    """

    def update(x, w1, w2, y, lr):
        w1 = w1 - lr * chain.two_weight_backward(x, w1, w2, y)[0]
        return w1, w2 - lr * chain.two_weight_backward(x, w1, w2, y)[1]

    return _train(x, y, w1, w2, lr, steps, update)


@train_two_weights.mistake(row="A15")
def climbs_in_every_step(x, y, w1, w2, lr, steps):
    """The loss goes up: the steps go with the gradient. Which way is downhill?"""
    return _train(x, y, w1, w2, -lr, steps, _plain_update)


@train_two_weights.mistake()
def exchanges_the_gradients(x, y, w1, w2, lr, steps):
    """The two gradients are exchanged: each weight moves by its own one."""

    def update(x, w1, w2, y, lr):
        dw1, dw2 = chain.two_weight_backward(x, w1, w2, y)
        return w1 - lr * dw2, w2 - lr * dw1

    return _train(x, y, w1, w2, lr, steps, update)


@train_two_weights.mistake()
def takes_the_gradient_only_once(x, y, w1, w2, lr, steps):
    """The gradients are taken once, before the loop. They change with every step."""
    dw1, dw2 = chain.two_weight_backward(x, w1, w2, y)
    return _train(x, y, w1, w2, lr, steps, lambda x, w1, w2, y, lr: (w1 - lr * dw1, w2 - lr * dw2))


@train_two_weights.mistake()
def freezes_the_first_weight(x, y, w1, w2, lr, steps):
    """w1 never moves. It has a gradient too."""
    return _train(x, y, w1, w2, lr, steps, lambda x, w1, w2, y, lr: (w1, _plain_update(x, w1, w2, y, lr)[1]))


@train_two_weights.mistake()
def freezes_the_second_weight(x, y, w1, w2, lr, steps):
    """w2 never moves. It has a gradient too."""
    return _train(x, y, w1, w2, lr, steps, lambda x, w1, w2, y, lr: (_plain_update(x, w1, w2, y, lr)[0], w2))


@train_two_weights.mistake()
def forgets_the_rate(x, y, w1, w2, lr, steps):
    """The learning rate is not used: each step is as long as the gradient."""
    return _train(x, y, w1, w2, 1.0, steps, _plain_update)


def _without_the_weight(x, w1, w2, y, lr):
    h, y_hat = chain.two_weight_forward(x, w1, w2)
    dz2 = (y_hat - y) * y_hat * (1 - y_hat)
    return w1 - lr * dz2 * h * (1 - h) * x, w2 - lr * dz2 * h


def _with_the_wrong_weight(x, w1, w2, y, lr):
    h, y_hat = chain.two_weight_forward(x, w1, w2)
    dz2 = (y_hat - y) * y_hat * (1 - y_hat)
    return w1 - lr * dz2 * w1 * h * (1 - h) * x, w2 - lr * dz2 * h


@train_two_weights.mistake()
def removes_the_connecting_weight(x, y, w1, w2, lr, steps):
    """The factor w2 is gone from the gradient of w1. It belongs there, with its value from before the
    step."""
    return _train(x, y, w1, w2, lr, steps, _without_the_weight)


@train_two_weights.mistake()
def goes_back_through_the_first_weight(x, y, w1, w2, lr, steps):
    """The gradient of w1 goes back through w1. It should be w2, with its value from before the step."""
    return _train(x, y, w1, w2, lr, steps, _with_the_wrong_weight)


@train_two_weights.mistake()
def keeps_the_very_first_weight(x, y, w1, w2, lr, steps):
    """The old w2 was kept once, before the loop, and is used in every step. Each step has an old value of
    its own."""
    first = w2

    def update(x, w1, w2, y, lr):
        h, y_hat = chain.two_weight_forward(x, w1, w2)
        dz2 = (y_hat - y) * y_hat * (1 - y_hat)
        return w1 - lr * dz2 * first * h * (1 - h) * x, w2 - lr * dz2 * h

    return _train(x, y, w1, w2, lr, steps, update)


@train_two_weights.mistake()
def recomputes_the_hidden_value_in_between(x, y, w1, w2, lr, steps):
    """w1 moves, the hidden value is computed anew, and then w2 moves by it. Both gradients belong to one
    forward pass."""

    def update(x, w1, w2, y, lr):
        h, y_hat = chain.two_weight_forward(x, w1, w2)
        dz2 = (y_hat - y) * y_hat * (1 - y_hat)
        w1 = w1 - lr * dz2 * w2 * h * (1 - h) * x
        return w1, w2 - lr * dz2 * s(w1 * x)

    return _train(x, y, w1, w2, lr, steps, update)


@train_two_weights.mistake("losses")
def writes_the_loss_down_before_the_step(x, y, w1, w2, lr, steps):
    """The loss is written down before the step, so the one at the start is there twice and the last one
    is missing."""
    found = _train(x, y, w1, w2, lr, steps, _plain_update)[2]
    return np.concatenate([found[:1], found[:-1]])


@train_two_weights.mistake("losses")
def never_writes_a_loss_down(x, y, w1, w2, lr, steps):
    """Only the loss at the start is there. Append one more in every round."""
    return _train(x, y, w1, w2, lr, 0, _plain_update)[2]


@train_two_weights.mistake()
def takes_one_step_too_many(x, y, w1, w2, lr, steps):
    """One step too many is taken. How many steps lie between steps + 1 losses?"""
    return _train(x, y, w1, w2, lr, steps + 1, _plain_update)


@train_two_weights.mistake()
def takes_one_step_too_few(x, y, w1, w2, lr, steps):
    """One step too few is taken. How many steps lie between steps + 1 losses?"""
    return _train(x, y, w1, w2, lr, steps - 1, _plain_update)


@train_two_weights.mistake("losses")
def leaves_out_the_loss_at_the_start(x, y, w1, w2, lr, steps):
    """The loss before the first step is missing: steps + 1 losses are due."""
    return _train(x, y, w1, w2, lr, steps, _plain_update)[2][1:]


@train_two_weights.mistake("losses")
def leaves_out_the_loss_at_the_end(x, y, w1, w2, lr, steps):
    """The loss after the last step is missing: steps + 1 losses are due."""
    return _train(x, y, w1, w2, lr, steps, _plain_update)[2][:-1]


@train_two_weights.mistake()
def returns_after_the_first_step(x, y, w1, w2, lr, steps):
    """It stops after the first step. Is the `return` inside the loop?"""
    return _train(x, y, w1, w2, lr, 1, _plain_update)


# ---- quizzes ----

back_through_a_product = Quiz(
    "02-back-through-a-product",
    (
        "Two numbers meet in a product, out = u v, with u = 3 and v = 100. You nudge u by 0.01. By how much"
        " does out move?"
    ),
    (
        Choice(
            "By 0.01",
            "That would be the rule of a sum. In a product the nudge is stretched by the other factor.",
        ),
        Choice(
            "By 1",
            (
                "0.01 times 100: each factor's slope is the **other** factor. This is why values of the "
                "forward pass are needed on the way back."
            ),
            right=True,
        ),
        Choice("By 0.03", "That is 0.01 times u itself. Keep v still and move u: what is u multiplied by?"),
    ),
)

two_paths = Quiz(
    "02-two-paths",
    (
        "A weight stands in two places of a network. Nudging it moves the loss by 0.2 through the first "
        "place and by -0.5 through the second, each taken alone. By how much does the loss move, for such a"
        " small nudge?"
    ),
    (
        Choice(
            "By -0.1, since the two effects multiply",
            "Along one path factors multiply. These are two paths, and both effects arrive.",
        ),
        Choice(
            "By -0.3, since the two effects add",
            "Both changes happen, so the loss feels their sum. One path may well undo a part of the other.",
            right=True,
        ),
        Choice(
            "By -0.5, since the stronger path wins",
            "Nothing is switched off here: the weaker effect arrives too.",
        ),
        Choice(
            "By -0.15, the average of the two",
            "An average would make two equal paths count as one. But each of them moves the loss.",
        ),
    ),
)

old_or_new = Quiz(
    "02-old-or-new",
    (
        "After the forward pass you have dw1 and dw2. You move w2, and notice a slip in your dw1. Which w2 "
        "belongs into the repaired dw1?"
    ),
    (
        Choice(
            "The old one, from before the step",
            "All gradients of a step are slopes at one and the same point: the weights of the forward pass.",
            right=True,
        ),
        Choice(
            "The new one: it is better already",
            (
                "Better or not, it is another point. A dw1 made of old h, old y_hat and new w2 is the slope"
                " of nothing."
            ),
        ),
        Choice(
            "It makes no difference",
            (
                "With a tiny learning rate you would hardly see it. With lr = 3 you do: the last exercise "
                "of this lesson shows how much."
            ),
        ),
    ),
)
