"""Lesson 09: optimisers."""

from typing import Any

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import optimisers

# Values for which slips show: a learning rate that is not 1 - mu, an eps that can be seen, two memories of
# different length, several steps with changing gradients, parameters of different shape.
SHAPES = ((3,), (4, 3), (5,), (3, 4), (3, 5))
STEPS = (3, 4, 3, 5, 4)


def _runs(rng, memories):
    """Weights, gradients that change, and what is remembered: zeros at first, or of a run that goes on."""
    for k, (shape, count) in enumerate(zip(SHAPES, STEPS, strict=True)):
        run = {"w": rng.normal(size=shape), "dw": [rng.normal(size=shape) for _ in range(count)]}
        run |= {name: np.zeros(shape) for name in memories}
        if k >= 3:  # resumed
            run |= {name: rng.uniform(0.2, 1.5, size=shape) for name in memories}
        yield k, run


def velocity_runs(rng):
    """A learning rate of 0.07 or so, and a momentum that is not one minus it."""
    for k, run in _runs(rng, ("v",)):
        yield run | {"lr": (0.07, 0.3, 0.05, 0.11, 0.4)[k], "mu": (0.8, 0.6, 0.7, 0.85, 0.75)[k]}


VELOCITY: dict[str, Any] = {
    "cases": velocity_runs,
    "returns": ("w", "v"),
    "probe": "steps",
    "fresh": ("w", "dw", "v"),
    "points": 1,
}

# ---- momentum_step ----

momentum_step = Exercise(
    reference=optimisers.momentum_step,
    hints=(
        "Two things happen in a step, one after the other. Which of them uses the other's result?",
        "What is left of the old velocity, once `mu` has had its say? And what comes on top?",
        "First the new velocity: `mu` times the old one, plus the gradient. Then `w` moves by `lr` times it.",
    ),
    **VELOCITY,
)


def _step(exercise, row=""):
    """Register a complete wrong step."""
    return exercise.mistake(row=row)


@_step(momentum_step, "I1")
def averages_the_gradients(w, dw, v, lr, mu):
    """The gradient is weighted by 1 - mu here: an average, in which steps are shorter. That is another
    convention; here the whole gradient comes on top. With a constant gradient, where does your v settle?
    """
    v = mu * v + (1 - mu) * dw
    return w - lr * v, v


@_step(momentum_step, "I2")
def keeps_the_step_as_velocity(w, dw, v, lr, mu):
    """Your v is the step itself: it holds the learning rate and the minus sign. That is another convention,
    and `w` moves as it should as long as `lr` stays the same. Here v adds up gradients, and `lr` comes
    afterwards.
    """
    v = mu * v - lr * dw
    return w + v, v


@_step(momentum_step, "I2")
def keeps_the_learning_rate_in_the_velocity(w, dw, v, lr, mu):
    """The learning rate is inside v. That is another convention: the moment `lr` changes, the two differ.
    Here v adds up plain gradients, and `lr` comes afterwards.
    """
    v = mu * v + lr * dw
    return w - v, v


@_step(momentum_step, "I2")
def keeps_the_velocity_downhill(w, dw, v, lr, mu):
    """Your v points downhill, ours adds up gradients and points uphill. `w` moves as it should; but the v
    that comes back has the opposite sign.
    """
    v = mu * v - dw
    return w + lr * v, v


@_step(momentum_step, "I3")
def climbs(w, dw, v, lr, mu):
    """This goes uphill: v points along the gradient, so the step is taken off."""
    v = mu * v + dw
    return w + lr * v, v


@_step(momentum_step, "I4")
def forgets_the_velocity(w, dw, v, lr, mu):
    """The velocity is that of this gradient alone: plain descent. What is left of the old one?"""
    return w - lr * dw, dw


@_step(momentum_step, "I4")
def does_not_hand_the_velocity_on(w, dw, v, lr, mu):
    """The step is right, and the old v comes back: the next step will not know of this one."""
    return w - lr * (mu * v + dw), v


@_step(momentum_step, "I5")
def lets_the_gradient_fade(w, dw, v, lr, mu):
    """`mu` stands at the gradient, and the old velocity never fades. Which part should grow old?"""
    v = v + mu * dw
    return w - lr * v, v


@_step(momentum_step, "I6")
def never_slows_down(w, dw, v, lr, mu):
    """Nothing fades: all gradients are added up for ever. Where does `mu` come in?"""
    v = v + dw
    return w - lr * v, v


@_step(momentum_step, "I7")
def uses_the_learning_rate_twice(w, dw, v, lr, mu):
    """The learning rate is in the velocity *and* in the step. Once is enough: where?"""
    v = mu * v + lr * dw
    return w - lr * v, v


@_step(momentum_step, "I8")
def moves_before_it_looks(w, dw, v, lr, mu):
    """`w` moves by the old velocity. From rest, the first step would go nowhere: compute v first."""
    return w - lr * v, mu * v + dw


@_step(momentum_step)
def moves_by_the_gradient_alone(w, dw, v, lr, mu):
    """v is kept, and `w` does not use it: it moves by the gradient alone."""
    return w - lr * dw, mu * v + dw


@_step(momentum_step)
def looks_ahead(w, dw, v, lr, mu):
    """That is Nesterov's step, the next exercise. Here `w` moves by the new velocity."""
    v = mu * v + dw
    return w - lr * (dw + mu * v), v


@_step(momentum_step)
def lets_everything_fade(w, dw, v, lr, mu):
    """`mu` stands in front of everything. The fresh gradient counts in full; only the old velocity fades."""
    v = mu * (v + dw)
    return w - lr * v, v


@_step(momentum_step)
def weighs_the_gradient_by_mu(w, dw, v, lr, mu):
    """`mu` and 1 - mu are exchanged, and there should be no 1 - mu at all: the old velocity is multiplied by
    `mu`, and the gradient comes on top.
    """
    v = (1 - mu) * v + mu * dw
    return w - lr * v, v


@_step(momentum_step)
def exchanges_lr_and_mu(w, dw, v, lr, mu):
    """`lr` and `mu` are in each other's place. Which of them says how much is kept?"""
    v = lr * v + dw
    return w - mu * v, v


@_step(momentum_step)
def leaves_out_the_learning_rate(w, dw, v, lr, mu):
    """The step is the whole velocity: the learning rate is missing."""
    v = mu * v + dw
    return w - v, v


@_step(momentum_step)
def lets_the_velocity_fade_twice(w, dw, v, lr, mu):
    """`mu` is used in the velocity and again in the step. Once is enough."""
    v = mu * v + dw
    return w - lr * mu * v, v


@_step(momentum_step)
def subtracts_the_gradient_from_the_velocity(w, dw, v, lr, mu):
    """The velocity takes the gradient *off*, and the step takes the velocity off: two signs make it climb."""
    v = mu * v - dw
    return w - lr * v, v


@_step(momentum_step)
def gives_the_velocity_first(w, dw, v, lr, mu):
    """The velocity comes back first. The order is `return w, v`, as the arguments come in."""
    return optimisers.momentum_step(w, dw, v, lr, mu)[::-1]


@_step(momentum_step)
def multiplies_the_gradient_alone(w, dw, v, lr, mu):
    """The learning rate reaches the gradient of this step alone, and the velocity moves `w` at full length.
    Which of the two lines of the formula has `lr` in it?
    """
    v = mu * v + dw
    return w - lr * dw - mu * v, v


@_step(momentum_step)
def adds_the_old_velocity_to_the_step(w, dw, v, lr, mu):
    """The step is put together anew, from the gradient and the old velocity, and the learning rate reaches
    the gradient alone. All of it is in the new v already: what is left to do?
    """
    return w - lr * dw - mu * v, mu * v + dw


# ---- nesterov_step ----

nesterov_step = Exercise(
    reference=optimisers.nesterov_step,
    hints=(
        "The velocity is that of momentum. What is different about the step?",
        "The step goes where momentum would be *one step later*: the gradient, and what mu will leave of v.",
        "`w` moves by `lr` times (the gradient plus `mu` times the *new* velocity).",
    ),
    **VELOCITY,
)


@_step(nesterov_step, "I9")
def looks_ahead_with_the_old_velocity(w, dw, v, lr, mu):
    """This is ordinary momentum: gradient plus `mu` times the *old* velocity is nothing but the new velocity.
    Look ahead with the one you are about to have.
    """
    v = mu * v + dw
    return w - lr * v, v


@_step(nesterov_step, "I10")
def counts_the_gradient_twice(w, dw, v, lr, mu):
    """(1 + mu) times the new velocity: the old one is in it twice as well. It is the *gradient* plus `mu`
    times the new velocity.
    """
    v = mu * v + dw
    return w - lr * (1 + mu) * v, v


@_step(nesterov_step, "I11")
def looks_ahead_too_far(w, dw, v, lr, mu):
    """The whole velocity is added, and it will fade first: multiply it by `mu`."""
    v = mu * v + dw
    return w - lr * (dw + v), v


@_step(nesterov_step, "I12")
def looks_back(w, dw, v, lr, mu):
    """This looks behind: the velocity is taken off the gradient. Where is the ball about to roll?"""
    v = mu * v + dw
    return w - lr * (dw - mu * v), v


@_step(nesterov_step, "I1")
def looks_ahead_with_an_average(w, dw, v, lr, mu):
    """The velocity is an average here, with 1 - mu. That is another convention: in ours the whole gradient
    comes on top.
    """
    v = mu * v + (1 - mu) * dw
    return w - lr * (dw + mu * v), v


@_step(nesterov_step, "I2")
def keeps_nesterovs_step_as_velocity(w, dw, v, lr, mu):
    """Your v is the step itself, with the learning rate and the minus sign inside. That is another
    convention, and `w` moves as it should as long as `lr` stays the same. Here v adds up plain gradients.
    """
    v = mu * v - lr * dw
    return w + mu * v - lr * dw, v


@_step(nesterov_step, "I3")
def climbs_ahead(w, dw, v, lr, mu):
    """This goes uphill: gradient and velocity point uphill, so the step is taken off."""
    v = mu * v + dw
    return w + lr * (dw + mu * v), v


@_step(nesterov_step, "I4")
def does_not_hand_on_what_it_saw(w, dw, v, lr, mu):
    """The step is right, and the old v comes back: the next step will not know of this one."""
    return w - lr * (dw + mu * (mu * v + dw)), v


@_step(nesterov_step)
def forgets_the_gradient_itself(w, dw, v, lr, mu):
    """The step is `mu` times the velocity. The gradient of this step comes on top of it."""
    v = mu * v + dw
    return w - lr * mu * v, v


@_step(nesterov_step)
def leaves_the_velocity_out(w, dw, v, lr, mu):
    """`w` moves by the gradient alone, and v has no effect on it."""
    return w - lr * dw, mu * v + dw


@_step(nesterov_step, "I6")
def never_slows_down_ahead(w, dw, v, lr, mu):
    """In the velocity nothing fades: `mu` is missing there."""
    v = v + dw
    return w - lr * (dw + mu * v), v


@_step(nesterov_step)
def hands_on_what_is_ahead(w, dw, v, lr, mu):
    """The step is right, and what comes back as v is the look ahead. The velocity itself should come back."""
    ahead = dw + mu * (mu * v + dw)
    return w - lr * ahead, ahead


@_step(nesterov_step)
def leaves_out_the_rate_ahead(w, dw, v, lr, mu):
    """The learning rate is missing from the step."""
    v = mu * v + dw
    return w - (dw + mu * v), v


@_step(nesterov_step)
def multiplies_the_gradient_only(w, dw, v, lr, mu):
    """Without brackets the learning rate reaches the gradient only. All of the step is multiplied by it."""
    v = mu * v + dw
    return w - lr * dw + mu * v, v


@_step(nesterov_step)
def gives_nesterovs_velocity_first(w, dw, v, lr, mu):
    """The velocity comes back first. The order is `return w, v`, as the arguments come in."""
    return optimisers.nesterov_step(w, dw, v, lr, mu)[::-1]


@_step(nesterov_step)
def takes_the_rate_off_the_velocity(w, dw, v, lr, mu):
    """The learning rate reaches the gradient only, and the velocity is taken off at full length. What does
    the bracket in the formula hold together?
    """
    v = mu * v + dw
    return w - lr * dw - mu * v, v


@_step(nesterov_step)
def goes_ahead_and_then_steps(w, dw, v, lr, mu):
    """`w` goes ahead by the old velocity and then makes a whole step of momentum: the old velocity counts
    twice. The form asked for has one step, by the gradient plus `mu` times the *new* velocity.
    """
    ahead = w - lr * mu * v
    v = mu * v + dw
    return ahead - lr * v, v


@_step(nesterov_step)
def takes_both_steps(w, dw, v, lr, mu):
    """`w` makes the step of momentum, and then Nesterov's on top. Which one is asked?"""
    v = mu * v + dw
    return w - lr * v - lr * (dw + mu * v), v


@_step(nesterov_step)
def lets_the_gradient_fade_ahead(w, dw, v, lr, mu):
    """In the step `mu` stands at the gradient. Which of the two will fade until the next step?"""
    v = mu * v + dw
    return w - lr * (mu * dw + v), v


@_step(nesterov_step)
def uses_the_rate_twice_ahead(w, dw, v, lr, mu):
    """The learning rate is in the velocity *and* in the step. Once is enough: where?"""
    v = mu * v + lr * dw
    return w - lr * (dw + mu * v), v


# ---- rmsprop_step ----


def squares_runs(rng):
    """An eps of 0.1, so that its place can be seen."""
    for k, run in _runs(rng, ("s",)):
        yield run | {"lr": (0.07, 0.3, 0.05, 0.11, 0.2)[k], "rho": (0.9, 0.6, 0.7, 0.85, 0.8)[k], "eps": 0.1}


rmsprop_step = Exercise(
    reference=optimisers.rmsprop_step,
    cases=squares_runs,
    returns=("w", "s"),
    probe="steps",
    fresh=("w", "dw", "s"),
    points=1,
    hints=(
        "What does `s` remember: gradients, or their sizes? How long does it remember them?",
        "A share `rho` of the old `s` is kept, the rest comes from the squares of this gradient.",
        (
            "Each gradient is divided by the root of its own new `s`, plus `eps`; the `eps` stands "
            "outside the root."
        ),
    ),
)


@_step(rmsprop_step, "J1")
def divides_by_the_square(w, dw, s, lr, rho, eps):
    """The root is missing: `s` holds squares. If all gradients were ten times as large, should the step
    change?
    """
    s = rho * s + (1 - rho) * dw**2
    return w - lr * dw / (s + eps), s


@_step(rmsprop_step, "J2")
def remembers_sizes_without_squares(w, dw, s, lr, rho, eps):
    """`s` is an average of absolute gradients, and a root is taken of it: the units do not match. Squares go
    in, a root comes out.
    """
    s = rho * s + (1 - rho) * np.abs(dw)
    return w - lr * dw / (np.sqrt(s) + eps), s


@_step(rmsprop_step, "J2")
def remembers_signed_gradients(w, dw, s, lr, rho, eps):
    """`s` is an average of the gradients themselves. Signs cancel, and a root of a negative number is `nan`:
    squares go in.
    """
    s = rho * s + (1 - rho) * dw
    with np.errstate(all="ignore"):
        return w - lr * dw / (np.sqrt(s) + eps), s


@_step(rmsprop_step, "J3")
def forgets_nearly_everything(w, dw, s, lr, rho, eps):
    """`rho` and 1 - rho are exchanged. With rho = 0.9, which share of the old `s` should be kept?"""
    s = (1 - rho) * s + rho * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), s


@_step(rmsprop_step, "J4")
def never_forgets(w, dw, s, lr, rho, eps):
    """All squares are added up: that is Adagrad, an older method. `s` can only grow, so steps can only
    shrink. What should fade?
    """
    s = s + dw**2
    return w - lr * dw / (np.sqrt(s) + eps), s


@_step(rmsprop_step, "J5")
def adds_the_whole_square(w, dw, s, lr, rho, eps):
    """The shares do not add up to one. With a constant gradient of 1, where should `s` settle?"""
    s = rho * s + dw**2
    return w - lr * dw / (np.sqrt(s) + eps), s


@_step(rmsprop_step, "J6")
def multiplies_by_the_root(w, dw, s, lr, rho, eps):
    """Steep directions get even longer steps. Which ones did we want to calm?"""
    s = rho * s + (1 - rho) * dw**2
    return w - lr * dw * (np.sqrt(s) + eps), s


@_step(rmsprop_step, "J7")
def shares_one_size_among_all(w, dw, s, lr, rho, eps):
    """One size is shared by all entries. Each weight has a history of its own."""
    s = rho * s + (1 - rho) * np.mean(dw**2)
    return w - lr * dw / (np.sqrt(s) + eps), s


@_step(rmsprop_step, "J7")
def adds_up_the_squares_of_all(w, dw, s, lr, rho, eps):
    """The squares of all entries are added up. Each weight has a history of its own."""
    s = rho * s + (1 - rho) * np.sum(dw**2)
    return w - lr * dw / (np.sqrt(s) + eps), s


@_step(rmsprop_step, "J8")
def divides_by_the_old_size(w, dw, s, lr, rho, eps):
    """The step uses the old `s`, which does not know this gradient yet. Compute the new one first."""
    return w - lr * dw / (np.sqrt(s) + eps), rho * s + (1 - rho) * dw**2


@_step(rmsprop_step, "J9")
def puts_eps_inside_the_root(w, dw, s, lr, rho, eps):
    """`eps` stands inside the root. Some libraries do that; here it is added to the root, outside. Where `s`
    is tiny the two differ a lot.
    """
    s = rho * s + (1 - rho) * dw**2
    return w - lr * dw / np.sqrt(s + eps), s


@_step(rmsprop_step)
def leaves_out_eps(w, dw, s, lr, rho, eps):
    """`eps` is missing. A weight whose gradient has always been 0 is divided by 0."""
    s = rho * s + (1 - rho) * dw**2
    with np.errstate(all="ignore"):
        return w - lr * dw / np.sqrt(s), s


@_step(rmsprop_step)
def adds_eps_to_the_quotient(w, dw, s, lr, rho, eps):
    """Without brackets `eps` is added to the quotient. It belongs below the line."""
    s = rho * s + (1 - rho) * dw**2
    return w - lr * (dw / np.sqrt(s) + eps), s


@_step(rmsprop_step)
def adds_eps_to_the_step(w, dw, s, lr, rho, eps):
    """Without brackets `eps` stands behind the whole step. It belongs below the line."""
    s = rho * s + (1 - rho) * dw**2
    return w - lr * dw / np.sqrt(s) + eps, s


@_step(rmsprop_step)
def climbs_evenly(w, dw, s, lr, rho, eps):
    """This goes uphill: the step is taken off."""
    s = rho * s + (1 - rho) * dw**2
    return w + lr * dw / (np.sqrt(s) + eps), s


@_step(rmsprop_step)
def does_not_hand_the_size_on(w, dw, s, lr, rho, eps):
    """The step is right, and the old `s` comes back: the next step will not know of this one."""
    return w - lr * dw / (np.sqrt(rho * s + (1 - rho) * dw**2) + eps), s


@_step(rmsprop_step)
def hands_the_root_on(w, dw, s, lr, rho, eps):
    """What comes back as `s` is the root. The average of the squares should come back."""
    s = np.sqrt(rho * s + (1 - rho) * dw**2)
    return w - lr * dw / (s + eps), s


@_step(rmsprop_step)
def steps_by_the_sign_times_rate(w, dw, s, lr, rho, eps):
    """The step is divided by the size of this gradient alone, so only its sign is left. `s` remembers the
    sizes of earlier ones too.
    """
    s = rho * s + (1 - rho) * dw**2
    return w - lr * dw / (np.abs(dw) + eps), s


@_step(rmsprop_step)
def squares_the_sum(w, dw, s, lr, rho, eps):
    """The square is taken of the weighted gradient: 1 - rho is squared too. Where does the square end?"""
    s = rho * s + ((1 - rho) * dw) ** 2
    return w - lr * dw / (np.sqrt(s) + eps), s


@_step(rmsprop_step)
def gives_the_sizes_first(w, dw, s, lr, rho, eps):
    """The sizes come back first. The order is `return w, s`, as the arguments come in."""
    with np.errstate(all="ignore"):
        return optimisers.rmsprop_step(w, dw, s, lr, rho, eps)[::-1]


@_step(rmsprop_step)
def leaves_out_the_gradient(w, dw, s, lr, rho, eps):
    """The gradient is missing above the line, so every weight goes down, whichever way its slope points.
    What should be divided by its usual size?
    """
    s = rho * s + (1 - rho) * dw**2
    return w - lr / (np.sqrt(s) + eps), s


@_step(rmsprop_step)
def doubles_instead_of_squaring(w, dw, s, lr, rho, eps):
    """The gradient is doubled, not squared: one star multiplies, two make a power. Can a size be negative?"""
    s = rho * s + (1 - rho) * dw * 2
    with np.errstate(all="ignore"):
        return w - lr * dw / (np.sqrt(s) + eps), s


@_step(rmsprop_step)
def fades_the_new_square_as_well(w, dw, s, lr, rho, eps):
    """`rho` multiplies the new square as well. Only the old `s` fades by it: where does the bracket end?"""
    s = rho * (s + (1 - rho) * dw**2)
    return w - lr * dw / (np.sqrt(s) + eps), s


# ---- adam_step, its broken version, and adamw_step: they share their mistakes ----


def adam_runs(rng):
    """From t = 1, and resumed from t = 3 and more."""
    for k, run in _runs(rng, ("m", "v")):
        run |= {"t": 1 if k < 3 else k, "lr": (0.07, 0.3, 0.05, 0.11, 0.2)[k], "eps": 0.1}
        yield run | {"beta1": (0.8, 0.9, 0.7, 0.85, 0.6)[k], "beta2": (0.95, 0.97, 0.9, 0.99, 0.85)[k]}


def adamw_runs(rng):
    """A decay that is strong enough to be seen."""
    for k, run in enumerate(adam_runs(rng)):
        yield run | {"weight_decay": (0.3, 0.5, 0.2, 0.7, 0.4)[k]}


ADAM_HINTS = (
    "Two averages that begin at zero: after one step, how large are they beside what they average?",
    (
        "The new `m` and `v` first, each with a share of the old one. Then a corrected copy of each: divided "
        "by one minus its beta to the power of `t`."
    ),
    (
        "`w` moves by `lr` times corrected `m` over (root of corrected `v`, plus `eps`). What comes back are "
        "the two averages without correction."
    ),
)
adam_step = Exercise(
    reference=optimisers.adam_step,
    cases=adam_runs,
    returns=("w", "m", "v"),
    probe="steps",
    fresh=("w", "dw", "m", "v"),
    points=1,
    hints=ADAM_HINTS,
)
adamw_step = Exercise(
    reference=optimisers.adamw_step,
    cases=adamw_runs,
    returns=("w", "m", "v"),
    probe="steps",
    fresh=("w", "dw", "m", "v"),
    points=1,
    hints=(
        "With a gradient of 0, what should happen to the weights? And to `m` and `v`?",
        "The decay does not go into the gradient, so neither average knows of it. Where does it go?",
        "`w` moves by `lr` times (Adam's direction plus `weight_decay` times the *old* `w`).",
    ),
)


def overwrites_what_it_remembers(w, dw, m, v, t, lr, beta1, beta2, eps):
    """The first step is right, the second is not; and after many steps it crawls."""
    m = (beta1 * m + (1 - beta1) * dw) / (1 - beta1)
    v = (beta2 * v + (1 - beta2) * dw**2) / (1 - beta2)
    return w - lr * m / (np.sqrt(v) + eps), m, v


adam_step_repaired = Exercise(
    reference=optimisers.adam_step_repaired,
    cases=adam_runs,
    returns=("w", "m", "v"),
    probe="steps",
    fresh=("w", "dw", "m", "v"),
    points=1,
    handed_out=overwrites_what_it_remembers,
    handed_out_rows=("K3", "K4"),
    hints=(
        "At t = 1 it is right. Which number should be different at t = 2, and is the same?",
        "What comes back as `m`: the average, or its corrected copy? What will the next step make of it?",
        (
            "Two slips: a power of `t` is missing in both corrections, and the corrected values overwrite"
            " the state."
        ),
    ),
)


def _adam(row=""):
    """Register a wrong Adam for all three: ``direction, m, v = wrong(dw, m, v, t, beta1, beta2, eps)``."""

    def register(wrong):
        def adam(w, dw, m, v, t, lr, beta1, beta2, eps):
            direction, m, v = wrong(dw, m, v, t, beta1, beta2, eps)
            return w - lr * direction, m, v

        def adamw(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
            direction, m, v = wrong(dw, m, v, t, beta1, beta2, eps)
            return w - lr * (direction + weight_decay * w), m, v

        for compute in (adam, adamw):
            compute.__name__, compute.__doc__ = wrong.__name__, wrong.__doc__
        for exercise, compute in ((adam_step, adam), (adam_step_repaired, adam), (adamw_step, adamw)):
            exercise.mistake(row=row)(compute)
        return wrong

    return register


def _averages(dw, m, v, beta1, beta2):
    return beta1 * m + (1 - beta1) * dw, beta2 * v + (1 - beta2) * dw**2


def _direction(m, v, c1, c2, eps):
    with np.errstate(all="ignore"):
        return (m / c1) / (np.sqrt(v / c2) + eps)


@_adam("K1")
def leaves_out_the_correction(dw, m, v, t, beta1, beta2, eps):
    """The averages begin at 0, and nothing corrects for it: the first steps have the wrong length. What share
    of the gradient is in `m` after the first step?
    """
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1, 1, eps), m, v


@_adam("K2")
def counts_from_zero(dw, m, v, t, beta1, beta2, eps):
    """The correction uses t - 1. The first step has t = 1; what is 1 minus beta to the power of 0?"""
    m, v = _averages(dw, m, v, beta1, beta2)
    with np.errstate(all="ignore"):
        c1, c2 = np.float64(1 - beta1 ** (t - 1)), np.float64(1 - beta2 ** (t - 1))
        return _direction(m, v, c1, c2, eps), m, v


@_adam("K3")
def corrects_without_the_power(dw, m, v, t, beta1, beta2, eps):
    """The correction is 1 - beta in every step. That is right for t = 1 only: what should become of it after
    a thousand steps?
    """
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 - beta1, 1 - beta2, eps), m, v


@_adam("K4")
def hands_the_corrected_averages_on(dw, m, v, t, beta1, beta2, eps):
    """What comes back are the corrected averages, and the next step corrects them once more. Correct a copy,
    and hand the plain averages on.
    """
    m, v = _averages(dw, m, v, beta1, beta2)
    m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return _direction(m, v, 1, 1, eps), m, v


@_adam("K5")
def corrects_both_with_beta1(dw, m, v, t, beta1, beta2, eps):
    """`v` is corrected with `beta1`. Each average has a beta of its own."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 - beta1**t, 1 - beta1**t, eps), m, v


@_adam("K5")
def corrects_both_with_beta2(dw, m, v, t, beta1, beta2, eps):
    """`m` is corrected with `beta2`. Each average has a beta of its own."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 - beta2**t, 1 - beta2**t, eps), m, v


@_adam("K6")
def takes_the_root_before_it_corrects(dw, m, v, t, beta1, beta2, eps):
    """The root of `v` is divided by the correction. Correct first, then take the root: the two do not
    commute.
    """
    m, v = _averages(dw, m, v, beta1, beta2)
    return m / (1 - beta1**t) / (np.sqrt(v) / (1 - beta2**t) + eps), m, v


@_adam("K7")
def remembers_sizes_in_place_of_squares(dw, m, v, t, beta1, beta2, eps):
    """`v` is an average of absolute gradients. Squares go in, a root comes out."""
    m, v = beta1 * m + (1 - beta1) * dw, beta2 * v + (1 - beta2) * np.abs(dw)
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam("K8")
def exchanges_the_betas(dw, m, v, t, beta1, beta2, eps):
    """`beta1` and `beta2` are exchanged everywhere. Which of the averages has the longer memory?"""
    m, v = _averages(dw, m, v, beta2, beta1)
    return _direction(m, v, 1 - beta2**t, 1 - beta1**t, eps), m, v


@_adam("K8")
def exchanges_the_betas_in_the_averages(dw, m, v, t, beta1, beta2, eps):
    """In the averages `beta1` and `beta2` are exchanged. `m` goes with `beta1`, `v` with `beta2`."""
    m, v = _averages(dw, m, v, beta2, beta1)
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam("K9")
def adds_whole_gradients(dw, m, v, t, beta1, beta2, eps):
    """`m` adds the whole gradient: that is momentum's velocity, not an average. The shares should add up to
    1.
    """
    m, v = beta1 * m + dw, beta2 * v + (1 - beta2) * dw**2
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam("K9")
def adds_whole_squares(dw, m, v, t, beta1, beta2, eps):
    """`v` adds the whole square. The shares should add up to 1: how much of the new square comes in?"""
    m, v = beta1 * m + (1 - beta1) * dw, beta2 * v + dw**2
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam("K9")
def adds_whole_gradients_and_squares(dw, m, v, t, beta1, beta2, eps):
    """Both averages add all that is new. The shares of old and new should add up to 1."""
    m, v = beta1 * m + dw, beta2 * v + dw**2
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam("K10")
def leaves_out_the_root(dw, m, v, t, beta1, beta2, eps):
    """The root is missing: `v` holds squares. If all gradients were ten times as large, should the step
    change?
    """
    m, v = _averages(dw, m, v, beta1, beta2)
    return m / (1 - beta1**t) / (v / (1 - beta2**t) + eps), m, v


@_adam("K11")
def counts_one_too_many(dw, m, v, t, beta1, beta2, eps):
    """The correction uses t + 1. `t` counts from 1 already, and whoever calls counts on."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 - beta1 ** (t + 1), 1 - beta2 ** (t + 1), eps), m, v


@_adam("K13")
def puts_eps_under_the_root(dw, m, v, t, beta1, beta2, eps):
    """`eps` stands inside the root. Some libraries do that; here it is added to the root, outside."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps), m, v


@_adam("K13")
def adds_eps_before_the_correction(dw, m, v, t, beta1, beta2, eps):
    """`eps` is added to the root of the *uncorrected* `v`. That is another convention; here the corrected
    root gets it.
    """
    m, v = _averages(dw, m, v, beta1, beta2)
    return m / (1 - beta1**t) * np.sqrt(1 - beta2**t) / (np.sqrt(v) + eps), m, v


@_adam()
def leaves_eps_out(dw, m, v, t, beta1, beta2, eps):
    """`eps` is missing. A weight whose gradient has always been 0 is divided by 0."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, 0), m, v


@_adam()
def adds_eps_behind(dw, m, v, t, beta1, beta2, eps):
    """Without brackets `eps` is added to the quotient. It belongs below the line."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, 0) + eps, m, v


@_adam()
def corrects_m_only(dw, m, v, t, beta1, beta2, eps):
    """Only `m` is corrected. `v` began at 0 as well."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 - beta1**t, 1, eps), m, v


@_adam()
def corrects_v_only(dw, m, v, t, beta1, beta2, eps):
    """Only `v` is corrected. `m` began at 0 as well."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1, 1 - beta2**t, eps), m, v


@_adam()
def multiplies_by_the_correction(dw, m, v, t, beta1, beta2, eps):
    """The averages are *multiplied* by the correction. They are too small at first: divide."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 / (1 - beta1**t), 1 / (1 - beta2**t), eps), m, v


@_adam()
def multiplies_beta_by_t(dw, m, v, t, beta1, beta2, eps):
    """The correction has beta *times* t. It is a power: each step multiplies by beta once more."""
    m, v = _averages(dw, m, v, beta1, beta2)
    with np.errstate(all="ignore"):
        return _direction(m, v, 1 - beta1 * t, 1 - beta2 * t, eps), m, v


@_adam()
def takes_the_power_of_the_rest(dw, m, v, t, beta1, beta2, eps):
    """The power is taken of 1 - beta. It belongs to beta: one minus (beta to the power of t)."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, (1 - beta1) ** t, (1 - beta2) ** t, eps), m, v


@_adam()
def divides_by_beta_to_the_t(dw, m, v, t, beta1, beta2, eps):
    """The averages are divided by beta to the power of t. The correction is one *minus* that."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, beta1**t, beta2**t, eps), m, v


@_adam()
def steps_by_the_gradient(dw, m, v, t, beta1, beta2, eps):
    """Above the line stands the gradient of this step, and `m` is not used: that is RMSProp with a
    correction.
    """
    m, v = _averages(dw, m, v, beta1, beta2)
    return dw / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@_adam()
def averages_with_the_old_ones(dw, m, v, t, beta1, beta2, eps):
    """The step uses the old averages, which do not know this gradient yet."""
    new = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), *new


@_adam()
def does_not_hand_the_averages_on(dw, m, v, t, beta1, beta2, eps):
    """The step is right, and the old averages come back: the next step will not know of this one."""
    new_m, new_v = _averages(dw, m, v, beta1, beta2)
    return _direction(new_m, new_v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam()
def exchanges_old_and_new(dw, m, v, t, beta1, beta2, eps):
    """The shares of old and new are exchanged in both averages. With a beta of 0.9, how much of the old one
    is kept?
    """
    m, v = _averages(dw, m, v, 1 - beta1, 1 - beta2)
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam()
def climbs_with_both(dw, m, v, t, beta1, beta2, eps):
    """This goes uphill: the step is taken off."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return -_direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam()
def gives_v_before_m(dw, m, v, t, beta1, beta2, eps):
    """`v` comes back before `m`. The order is `return w, m, v`, as the arguments come in."""
    m, v = _averages(dw, m, v, beta1, beta2)
    with np.errstate(all="ignore"):
        return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), v, m


@_adam()
def squares_the_average(dw, m, v, t, beta1, beta2, eps):
    """`v` averages the squares of `m`. It is the gradient of this step that is squared."""
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * m**2
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam()
def averages_both_with_beta1(dw, m, v, t, beta1, beta2, eps):
    """`v` is averaged with `beta1`. Each average has a beta of its own: which one belongs to `v`?"""
    m, v = _averages(dw, m, v, beta1, beta1)
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam()
def averages_both_with_beta2(dw, m, v, t, beta1, beta2, eps):
    """`m` is averaged with `beta2`. Each average has a beta of its own: which one belongs to `m`?"""
    m, v = _averages(dw, m, v, beta2, beta2)
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam()
def uses_beta1_everywhere(dw, m, v, t, beta1, beta2, eps):
    """`v` is averaged *and* corrected with `beta1`. Each average has a beta of its own: where is `beta2`?"""
    m, v = _averages(dw, m, v, beta1, beta1)
    return _direction(m, v, 1 - beta1**t, 1 - beta1**t, eps), m, v


@_adam()
def averages_signed_gradients(dw, m, v, t, beta1, beta2, eps):
    """`v` is an average of the gradients themselves. Signs cancel, and a root of a negative number is `nan`:
    squares go in.
    """
    m, v = beta1 * m + (1 - beta1) * dw, beta2 * v + (1 - beta2) * dw
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam()
def squares_the_share_as_well(dw, m, v, t, beta1, beta2, eps):
    """In `v` the square is taken of the weighted gradient: 1 - beta2 is squared too. Where does the square
    end?
    """
    m, v = beta1 * m + (1 - beta1) * dw, beta2 * v + ((1 - beta2) * dw) ** 2
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v


@_adam()
def corrects_what_is_new_only(dw, m, v, t, beta1, beta2, eps):
    """Only the new part of each average is divided by the correction, and it stays in the average. It is the
    whole average that is too small: correct a copy of it.
    """
    m = beta1 * m + (1 - beta1) * dw / (1 - beta1**t)
    v = beta2 * v + (1 - beta2) * dw**2 / (1 - beta2**t)
    return _direction(m, v, 1, 1, eps), m, v


@_adam()
def corrects_v_without_the_power(dw, m, v, t, beta1, beta2, eps):
    """`m` is corrected as it should be. The correction of `v` is 1 - beta2 in every step: what should become
    of it after a thousand steps?
    """
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 - beta1**t, 1 - beta2, eps), m, v


@_adam()
def corrects_m_without_the_power(dw, m, v, t, beta1, beta2, eps):
    """`v` is corrected as it should be. The correction of `m` is 1 - beta1 in every step: what should become
    of it after a thousand steps?
    """
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 - beta1, 1 - beta2**t, eps), m, v


@_adam()
def hands_the_corrected_m_on(dw, m, v, t, beta1, beta2, eps):
    """`v` comes back plain, `m` comes back corrected, and the next step corrects it once more. Correct a
    copy.
    """
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m / (1 - beta1**t), v


@_adam()
def hands_the_corrected_v_on(dw, m, v, t, beta1, beta2, eps):
    """`m` comes back plain, `v` comes back corrected, and the next step corrects it once more. Correct a
    copy.
    """
    m, v = _averages(dw, m, v, beta1, beta2)
    return _direction(m, v, 1 - beta1**t, 1 - beta2**t, eps), m, v / (1 - beta2**t)


@adam_step.mistake()
def adds_eps_to_the_moved_weights(w, dw, m, v, t, lr, beta1, beta2, eps):
    """Without brackets `eps` stands behind the whole step. It belongs below the line."""
    m, v = _averages(dw, m, v, beta1, beta2)
    return w - lr * _direction(m, v, 1 - beta1**t, 1 - beta2**t, 0) + eps, m, v


@adam_step_repaired.mistake()
def repairs_m_only(w, dw, m, v, t, lr, beta1, beta2, eps):
    """`m` is mended. `v` still has both slips. Where is its power of `t`, and what comes back?"""
    m, v = _averages(dw, m, v, beta1, beta2)
    v = v / (1 - beta2)
    return w - lr * _direction(m, v, 1 - beta1**t, 1, eps), m, v


@adam_step_repaired.mistake()
def repairs_v_only(w, dw, m, v, t, lr, beta1, beta2, eps):
    """`v` is mended. `m` still has both slips. Where is its power of `t`, and what comes back?"""
    m, v = _averages(dw, m, v, beta1, beta2)
    m = m / (1 - beta1)
    return w - lr * _direction(m, v, 1, 1 - beta2**t, eps), m, v


@adamw_step.mistake()
def decays_by_the_square(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """The decay takes the *square* of the weight. That is the penalty's value; its pull is the weight."""
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return new - lr * weight_decay * w**2, m, v


@adamw_step.mistake(row="K14")
def puts_the_decay_into_the_gradient(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """The decay went into the gradient, and so through both averages: weights with large gradients hardly
    decay. That is Adam with an L2 penalty. AdamW keeps the decay apart.
    """
    return optimisers.adam_step(w, dw + weight_decay * w, m, v, t, lr, beta1, beta2, eps)


@adamw_step.mistake(row="K15")
def makes_weights_grow(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """The decay has the wrong sign. With a gradient of 0, weights should shrink."""
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return new + lr * weight_decay * w, m, v


@adamw_step.mistake(row="K16")
def decays_without_the_learning_rate(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """The decay is not multiplied by the learning rate. Some texts do it so; here `lr` stands in front of
    both.
    """
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return new - weight_decay * w, m, v


@adamw_step.mistake()
def decays_the_new_weights(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """The decay is taken of the weights that have moved already. Both parts use the old `w`."""
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return new - lr * weight_decay * new, m, v


@adamw_step.mistake()
def decays_nothing(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """This is Adam: the decay is missing."""
    return optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)


@adamw_step.mistake()
def decays_by_the_same_for_all(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """Every weight is lowered by the same amount, negative ones too. The decay is a share of the weight."""
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return new - lr * weight_decay, m, v


@adamw_step.mistake()
def decays_by_the_sign(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """Every weight is moved towards 0 by the same amount. That is another penalty; here the decay is a share
    of the weight.
    """
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return new - lr * weight_decay * np.sign(w), m, v


@adamw_step.mistake()
def decays_twice(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """The decay is twice as strong as it should be: is it in two places, or multiplied by 2?"""
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return new - 2 * lr * weight_decay * w, m, v


@adamw_step.mistake()
def decays_by_the_rate_squared(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """The learning rate stands twice in front of the decay. Once is enough."""
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return new - lr * lr * weight_decay * w, m, v


@adamw_step.mistake()
def keeps_the_decayed_share_only(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """What is left of `w` is its decayed *share*: w times lr times weight_decay. That share is taken off."""
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return new - w + lr * weight_decay * w, m, v


@adamw_step.mistake()
def takes_the_moved_weights_for_the_direction(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """What `adam_step` gives back first is the *moved* `w`, with the learning rate in it already. It is no
    direction: what is left to take off?
    """
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return w - lr * (new + weight_decay * w), m, v


@adamw_step.mistake()
def adds_the_decay_behind(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """Without brackets the decay stands behind the step: added, and without the learning rate. What does the
    large bracket hold together?
    """
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return new + weight_decay * w, m, v


@adamw_step.mistake()
def decays_all_of_the_new_weights(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """Two slips: the decay lacks the learning rate, and it is taken of the moved `w` where the old one is
    meant.
    """
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return new - weight_decay * new, m, v


@adamw_step.mistake()
def keeps_only_the_decay_of_the_old(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """`w` is multiplied by `weight_decay` before the step, so that this share is all that stays. It is the
    share that is *lost*, and `lr` makes it small.
    """
    return optimisers.adam_step(w * weight_decay, dw, m, v, t, lr, beta1, beta2, eps)


@adamw_step.mistake()
def keeps_only_the_decay_of_the_new(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """The moved `w` is multiplied by `weight_decay`, so that this share is all that stays. It is the share of
    the old `w` that is *lost*, and `lr` makes it small.
    """
    new, m, v = optimisers.adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    return new * weight_decay, m, v


@adamw_step.mistake()
def decays_in_both_places(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """The decay is in the gradient *and* beside the direction. Neither average should know of it."""
    new, m, v = optimisers.adam_step(w, dw + weight_decay * w, m, v, t, lr, beta1, beta2, eps)
    return new - lr * weight_decay * w, m, v


# ---- step_decay ----


def epochs(rng):
    """Before, at and behind the falls."""
    for epoch, every in ((0, 3), (3, 4), (4, 4), (7, 3), (8, 5), (11, 5), (13, 4), (25, 6)):
        lr, drop = float(rng.uniform(0.2, 0.9)), float(rng.uniform(0.55, 0.9))
        yield {"lr": lr, "epoch": epoch, "drop": drop, "every": every}


step_decay = Exercise(
    reference=optimisers.step_decay,
    cases=epochs,
    returns=("lr",),
    points=1,
    hints=(
        "With `every` = 10: how many falls lie behind epoch 0, 9, 10, 25?",
        "Which division gives whole numbers?",
        (
            "Each fall multiplies by `drop`, so after k falls by `drop` to the power of k; k is `epoch //"
            " every`."
        ),
    ),
)


@step_decay.mistake("lr", row="L1")
def falls_smoothly(lr, epoch, drop, every):
    """The rate falls in every epoch, by a little. Here it stands still for `every` epochs and then falls: how
    many whole times does `every` go into `epoch`?
    """
    return lr * drop ** (epoch / every)


@step_decay.mistake("lr", row="L2")
def falls_one_epoch_early(lr, epoch, drop, every):
    """The rate falls one epoch too early: epochs count from 0."""
    return lr * drop ** ((epoch + 1) // every)


@step_decay.mistake("lr")
def falls_one_epoch_late(lr, epoch, drop, every):
    """The rate falls one epoch too late. With `every` = 10, epoch 10 is the first one after a fall."""
    return lr * drop ** (max(epoch - 1, 0) // every)


@step_decay.mistake("lr")
def begins_with_a_fall(lr, epoch, drop, every):
    """There is one fall too many: the first epochs have the full rate."""
    return lr * drop ** (epoch // every + 1)


@step_decay.mistake("lr")
def multiplies_by_the_number_of_falls(lr, epoch, drop, every):
    """`drop` is multiplied by the number of falls, and before the first one nothing is left. Each fall
    *multiplies* by `drop`.
    """
    return lr * drop * (epoch // every)


@step_decay.mistake("lr")
def drops_that_share(lr, epoch, drop, every):
    """`drop` is taken for the share that is lost. Here it is the factor that is kept: with 0.5 the two are
    alike, with 0.9 they are not.
    """
    return lr * (1 - drop) ** (epoch // every)


@step_decay.mistake("lr")
def divides_by_drop(lr, epoch, drop, every):
    """The rate grows: it is divided by `drop`."""
    return lr / drop ** (epoch // every)


@step_decay.mistake("lr")
def falls_in_every_epoch(lr, epoch, drop, every):
    """There is a fall in every epoch. What is `every` for?"""
    return lr * drop**epoch


@step_decay.mistake("lr")
def falls_once(lr, epoch, drop, every):
    """The rate falls once and stays there. It falls again each time `every` epochs have passed."""
    return lr * drop if epoch >= every else lr


@step_decay.mistake("lr")
def counts_epochs_since_the_fall(lr, epoch, drop, every):
    """`%` gives the epochs *since* the last fall. How many falls lie behind, says `//`."""
    return lr * drop ** (epoch % every)


@step_decay.mistake("lr")
def falls_at_multiples_only(lr, epoch, drop, every):
    """The rate is low at the epochs of a fall alone, and jumps back. It should stay down."""
    return lr * drop if epoch % every == 0 and epoch else lr


@step_decay.mistake("lr")
def subtracts_the_drops(lr, epoch, drop, every):
    """`drop` is subtracted. It is a factor."""
    return lr - drop * (epoch // every)


@step_decay.mistake("lr")
def rounds_the_number_of_falls(lr, epoch, drop, every):
    """The number of falls is rounded, so the first one comes half way. How many *whole* times does `every` go
    into `epoch`?
    """
    return lr * drop ** round(epoch / every)


@step_decay.mistake("lr")
def takes_off_that_share_each_time(lr, epoch, drop, every):
    """At each fall the same amount is taken off, `drop` times the first rate. Each fall *multiplies* by
    `drop`.
    """
    return lr - lr * drop * (epoch // every)


@step_decay.mistake("lr")
def rounds_the_number_of_falls_up(lr, epoch, drop, every):
    """The number of falls is rounded up, so the first one comes in epoch 1. How many *whole* times does
    `every` go into `epoch`?
    """
    return lr * drop ** np.ceil(epoch / every)


def _at_zero_too(lr, epoch, drop, every):
    return lr * drop if epoch % every == 0 else lr


_at_zero_too.__name__, _at_zero_too.__doc__ = (
    falls_at_multiples_only.__name__,
    falls_at_multiples_only.__doc__,
)
step_decay.mistake("lr")(_at_zero_too)


@step_decay.mistake("lr")
def gives_the_factor_alone(lr, epoch, drop, every):
    """This is the factor. The rate is that, times the first rate."""
    return drop ** (epoch // every)


@step_decay.mistake("lr")
def counts_epochs_from_one(lr, epoch, drop, every):
    """1 is taken off the epoch, as if epochs counted from 1. They count from 0: what is -1 // `every`?"""
    return lr * drop ** ((epoch - 1) // every)


@step_decay.mistake("lr")
def takes_the_power_of_the_rate_too(lr, epoch, drop, every):
    """The power is taken of the rate as well. Before the first fall, what should be left of `lr`?"""
    return (lr * drop) ** (epoch // every)


@step_decay.mistake("lr")
def always_halves(lr, epoch, drop, every):
    """Each fall halves the rate, whatever `drop` says. A half is only the example of the text."""
    return lr * 0.5 ** (epoch // every)


# ---- cosine_schedule ----


def steps_of_a_schedule(rng):
    """While it warms up, at the top, on the way down, at the end and behind it; without a warm-up too."""
    for step, total, warmup in (
        (0, 9, 4),
        (2, 11, 4),
        (4, 13, 4),
        (7, 17, 5),
        (11, 14, 3),
        (5, 12, 0),
        (0, 10, 0),
        (13, 13, 4),
        (21, 15, 4),
    ):
        lr_max, lr_min = float(rng.uniform(0.5, 0.9)), float(rng.uniform(0.05, 0.2))
        yield {"step": step, "total": total, "lr_max": lr_max, "lr_min": lr_min, "warmup": warmup}


cosine_schedule = Exercise(
    reference=optimisers.cosine_schedule,
    cases=steps_of_a_schedule,
    returns=("lr",),
    points=1,
    hints=(
        "Three parts: the rise, the fall, and what comes after `total`. Which steps belong to which?",
        (
            "On the fall `q` goes from 0, at the first step after the rise, to 1 at `total`. And (1 + cos(pi "
            "q)) / 2 goes from 1 to 0."
        ),
        (
            "While `step < warmup` give back `lr_max * (step + 1) / warmup`. Else `q`, 1 at most, and"
            " then from "
            "`lr_min` up by that share of the distance to `lr_max`."
        ),
    ),
)


def _cosine(fall, q_of=None, rise=None):
    """A wrong schedule: another fall, another q, or another rise."""

    def compute(step, total, lr_max, lr_min, warmup):
        if step < warmup:
            return rise(step, lr_max, lr_min, warmup) if rise else lr_max * (step + 1) / warmup
        q = q_of(step, total, warmup) if q_of else min(1.0, (step - warmup) / (total - warmup))
        return fall(q, lr_max, lr_min)

    return compute


def _wave(q, lr_max, lr_min):
    return lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * q)) / 2


def _schedule(words, row="", **parts):
    """Register a wrong schedule under the name and with the words given."""
    name, message = words
    compute = _cosine(parts.pop("fall", _wave), **parts)
    compute.__name__, compute.__doc__ = name, message
    cosine_schedule.mistake("lr", row=row)(compute)


_schedule(
    (
        "forgets_to_halve",
        "1 + cos goes from 2 to 0: half of it is the share that is left. What is `lr` at q = 0?",
    ),
    "L4",
    fall=lambda q, high, low: low + (high - low) * (1 + np.cos(np.pi * q)),
)
_schedule(
    ("rises_where_it_should_fall", "1 - cos rises. Compare the values at q = 0 and at q = 1."),
    "L4",
    fall=lambda q, high, low: low + (high - low) * (1 - np.cos(np.pi * q)) / 2,
)
_schedule(
    ("swings_below_zero", "The cosine alone goes from 1 to -1. Lift it by 1 and halve it."),
    "L4",
    fall=lambda q, high, low: low + (high - low) * np.cos(np.pi * q),
)
_schedule(
    ("falls_to_nothing", "The rate falls to 0. `lr_min` is where it should end."),
    "L5",
    fall=lambda q, high, low: high * (1 + np.cos(np.pi * q)) / 2,
)
_schedule(
    (
        "begins_above_the_top",
        "At the top the rate is `lr_min + lr_max`. It is the *distance* between the two that is multiplied.",
    ),
    "L5",
    fall=lambda q, high, low: low + high * (1 + np.cos(np.pi * q)) / 2,
)
_schedule(
    (
        "stops_at_the_floor",
        "The wave falls towards 0 and is cut off at `lr_min`. It should reach `lr_min` smoothly.",
    ),
    "L5",
    fall=lambda q, high, low: max(low, high * (1 + np.cos(np.pi * q)) / 2),
)
_schedule(
    (
        "warms_up_from_zero",
        "The first step has a rate of 0 and does nothing. Step 0 has the first share: (step + 1) / warmup.",
    ),
    "L6",
    rise=lambda step, high, low, warmup: high * step / warmup,
)
_schedule(
    (
        "warms_up_from_the_floor",
        "The rise begins at `lr_min`. It begins at 0, and step 0 has the first share.",
    ),
    "L6",
    rise=lambda step, high, low, warmup: low + (high - low) * (step + 1) / warmup,
)
_schedule(
    (
        "never_reaches_the_top",
        "The rise is divided by warmup + 1. The last step of the rise has the full rate.",
    ),
    rise=lambda step, high, low, warmup: high * (step + 1) / (warmup + 1),
)
_schedule(
    (
        "begins_at_the_top",
        "There is no rise: the first steps have the full rate already. What does `warmup` say?",
    ),
    rise=lambda step, high, low, warmup: high,
)
_schedule(
    ("counts_the_rise_as_fall", "q counts the steps of the rise as well. The fall begins after them."),
    q_of=lambda step, total, warmup: min(1.0, step / total),
)
_schedule(
    ("falls_too_slowly", "The fall is `total` steps long, so it ends too late: it has total - warmup steps."),
    q_of=lambda step, total, warmup: min(1.0, (step - warmup) / total),
)
_schedule(
    (
        "begins_the_fall_too_low",
        "q is too large from the beginning: at the first step after the rise it is 0.",
    ),
    q_of=lambda step, total, warmup: min(1.0, step / (total - warmup)),
)
_schedule(
    ("swings_up_again", "Behind `total` the wave rises again. q is 1 at most."),
    q_of=lambda step, total, warmup: (step - warmup) / (total - warmup),
)
_schedule(
    (
        "ends_one_step_early",
        "The fall ends one step before `total`: another convention. Here q is 1 at `total`.",
    ),
    q_of=lambda step, total, warmup: min(1.0, (step - warmup) / (total - warmup - 1)),
)
_schedule(
    ("starts_the_fall_with_a_step", "q is one step ahead: at the first step after the rise it is 0."),
    q_of=lambda step, total, warmup: min(1.0, (step + 1 - warmup) / (total - warmup)),
)
_schedule(
    (
        "falls_in_a_straight_line",
        "The fall is a straight line. Asked is half a wave, which begins and ends gently.",
    ),
    fall=lambda q, high, low: low + (high - low) * (1 - q),
)
_schedule(
    (
        "uses_a_quarter_of_a_wave",
        "A quarter of a wave: the cosine of pi q / 2. Half a wave is asked, lifted by 1.",
    ),
    fall=lambda q, high, low: low + (high - low) * np.cos(np.pi * q / 2),
)
_schedule(
    (
        "leaves_out_pi",
        "The cosine has no pi: it hardly falls. From q = 0 to 1 it should run through half a wave.",
    ),
    fall=lambda q, high, low: low + (high - low) * (1 + np.cos(q)) / 2,
)
_schedule(
    ("counts_in_degrees", "NumPy's cosine counts in radians: half a wave is pi, not 180."),
    fall=lambda q, high, low: low + (high - low) * (1 + np.cos(180 * q)) / 2,
)
_schedule(
    ("divides_the_cosine_only", "Only the cosine is halved: brackets around 1 + cos make a share of it."),
    fall=lambda q, high, low: low + (high - low) * 1 + np.cos(np.pi * q) / 2,
)
_schedule(
    ("ends_at_once", "q is at least 1 here: `max` where `min` is meant. It is *at most* 1."),
    q_of=lambda step, total, warmup: max(1.0, (step - warmup) / (total - warmup)),
)
_schedule(
    ("uses_the_sine", "That is a sine. The cosine is 1 at q = 0, where the fall begins."),
    fall=lambda q, high, low: low + (high - low) * (1 + np.sin(np.pi * q)) / 2,
)
_schedule(
    ("runs_through_a_whole_wave", "A whole wave: down and up again. Half of one is asked, with pi q."),
    fall=lambda q, high, low: low + (high - low) * (1 + np.cos(2 * np.pi * q)) / 2,
)


_schedule(
    (
        "leaves_out_the_floor",
        "The share of the distance is right, and it stands on 0. Where does the wave end, at q = 1?",
    ),
    fall=lambda q, high, low: (high - low) * (1 + np.cos(np.pi * q)) / 2,
)
_schedule(
    (
        "stands_on_the_top",
        "The wave is added to `lr_max`, and falls to it. Which of the two rates is at the bottom?",
    ),
    fall=lambda q, high, low: high + (high - low) * (1 + np.cos(np.pi * q)) / 2,
)
_schedule(
    (
        "halves_the_cosine_inside",
        "Only the cosine is halved, not 1 + cos: the share begins at 1.5. Brackets around the sum.",
    ),
    fall=lambda q, high, low: low + (high - low) * (1 + np.cos(np.pi * q) / 2),
)
_schedule(
    (
        "divides_before_it_subtracts",
        "In q the brackets are missing: only `warmup` is divided by `total`. Both differences come first.",
    ),
    q_of=lambda step, total, warmup: min(1.0, step - warmup / total - warmup),
)
_schedule(
    (
        "divides_to_whole_numbers",
        "`//` makes q a whole number: 0 all the way down, and then 1. Which division has fractions?",
    ),
    q_of=lambda step, total, warmup: min(1, (step - warmup) // (total - warmup)),
)
_schedule(
    (
        "starts_again_at_the_end",
        "Behind `total` the fall begins anew: that is a schedule with restarts. Here the rate stays down.",
    ),
    q_of=lambda step, total, warmup: (step - warmup) % (total - warmup) / (total - warmup),
)
_schedule(
    ("rises_to_one", "The rise goes to 1: that is the share. Whose share?"),
    rise=lambda step, high, low, warmup: (step + 1) / warmup,
)


@cosine_schedule.mistake("lr")
def loses_the_rise(step, total, lr_max, lr_min, warmup):
    """While `step < warmup` the rate comes from the wave as well. Is what the rise has found overwritten?"""
    return _wave(min(1.0, (step - warmup) / (total - warmup)), lr_max, lr_min)


@cosine_schedule.mistake("lr")
def forgets_the_rise(step, total, lr_max, lr_min, warmup):
    """There is no rise, and the fall begins at step 0. What does `warmup` say?"""
    return _wave(min(1.0, step / total), lr_max, lr_min)


@cosine_schedule.mistake("lr")
def is_nothing_behind_the_end(step, total, lr_max, lr_min, warmup):
    """Behind `total` the rate is 0. It stays where the wave has ended: what is q there?"""
    return 0.0 if step > total else optimisers.cosine_schedule(step, total, lr_max, lr_min, warmup)


# ---- quizzes ----

across_and_along = Quiz(
    "09-across-and-along",
    (
        "A narrow valley: steep across, nearly flat along. Plain descent takes the largest learning "
        "rate that "
        "does not throw it out. What limits that rate, and what suffers?"
    ),
    (
        Choice(
            "The flat direction limits it",
            "A step is slope times rate. Which slope makes a step too long?",
        ),
        Choice(
            "The steep one limits it, the flat one crawls",
            (
                "One rate serves both. It must be small enough for the steep slope, and the flat one,"
                " a hundred "
                "times smaller, then moves a hundredth of that."
            ),
            right=True,
        ),
        Choice(
            "Neither: each has its own rate",
            "That would help. Plain descent has one rate for all weights.",
        ),
    ),
)

how_fast = Quiz(
    "09-how-fast",
    "The gradient is 1 at every step, and mu = 0.9. Where does v = mu v + dw settle?",
    (
        Choice("At 1", "That is where an *average* settles. Here the whole gradient comes on top each time."),
        Choice("At 1.9", "That is v after two steps. The next one adds again."),
        Choice(
            "At 10",
            (
                "Where v = 0.9 v + 1, so v = 1 / (1 - 0.9) = 10: steps become ten times as long as those "
                "of plain descent."
            ),
            right=True,
        ),
        Choice("It grows for ever", "Each step a tenth of v is lost. When is that as much as comes on top?"),
    ),
)

first_step = Quiz(
    "09-first-step",
    (
        "Adam's first step, with the correction, eps next to nothing and a learning rate of 0.01. One weight "
        "has the gradient 250, another 0.001. How far do they move?"
    ),
    (
        Choice("2.5 and 0.00001", "That is plain descent: rate times gradient."),
        Choice(
            "Both by 0.01",
            (
                "After one step the corrected m is the gradient and the corrected v its square, so "
                "the quotient "
                "is 1 or -1: only the sign of the gradient is left."
            ),
            right=True,
        ),
        Choice(
            "Both by 0.001",
            "That would be without the correction of m, which is 0.1 of the gradient then.",
        ),
    ),
)

who_computes = Quiz(
    "09-who-computes",
    "You exchange SGD for Adam. What changes in the backward pass?",
    (
        Choice("It must remember older gradients", "Somebody must. Is it the one who computes them?"),
        Choice("It gets faster", "Does it know who will use its result?"),
        Choice(
            "Nothing",
            (
                "Backpropagation computes the gradient, whoever asks. What is done with it, and what is "
                "remembered, is the business of the optimiser."
            ),
            right=True,
        ),
    ),
)
