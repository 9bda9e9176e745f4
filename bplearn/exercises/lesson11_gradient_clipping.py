"""Lesson 11: gradient clipping."""

from typing import Any

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import clipping


def _gradients(rng, sizes, norm):
    """Gradients of a network, with a joint norm as given; arrays of very different size."""
    shapes = {"W1": (sizes[0], sizes[1]), "b1": (sizes[1],), "W2": (sizes[1], sizes[2]), "b2": (sizes[2],)}
    powers = dict(zip(shapes, np.roll(3.0 ** np.arange(4), sizes[0]), strict=True))  # each is largest once
    grads = {name: powers[name] * rng.normal(size=shape) for name, shape in shapes.items()}
    length = np.sqrt(sum(np.sum(array**2) for array in grads.values()))
    return {name: array * norm / length for name, array in grads.items()}


def _norm(grads):
    return np.sqrt(sum(np.sum(array**2) for array in grads.values()))


def _each(change):
    """A wrong version that does the same to every array: ``change(array, limit)``."""

    def compute(grads, limit):
        return {name: change(array, limit) for name, array in grads.items()}

    compute.__name__, compute.__doc__ = change.__name__, change.__doc__
    return compute


def _scaled(factor):
    """A wrong version that multiplies everything by one factor: ``factor(grads, max_norm)``."""

    def compute(grads, max_norm):
        with np.errstate(all="ignore"):
            scale = factor(grads, max_norm)
            return {name: array * scale for name, array in grads.items()}

    compute.__name__, compute.__doc__ = factor.__name__, factor.__doc__
    return compute


# ---- clip_by_value ----


def gradients_and_limits(rng):
    """Entries on both sides of the limit, and of both signs; one case in which nothing is cut."""
    for sizes, norm, limit in (
        ((3, 5, 4), 4.0, 0.7),
        ((5, 3, 6), 9.0, 1.1),
        ((4, 6, 3), 2.0, 0.3),
        ((6, 4, 5), 1.0, 9.0),
    ):
        yield {"grads": _gradients(rng, sizes, norm), "limit": limit}
    yield {"grads": _gradients(rng, (3, 4, 5), 7.0), "limit": 0.9}


clip_by_value = Exercise(
    reference=clipping.clip_by_value,
    cases=gradients_and_limits,
    returns=("grads",),
    points=1,
    fresh=("grads",),
    hints=(
        "What should become of an entry of 5 with a limit of 2? Of -5? Of 1?",
        "NumPy has a function that takes an array, a lower and an upper bound.",
        "A new dict: for each name its array, clipped between minus the limit and the limit.",
    ),
)


@clip_by_value.mistake(row="N8")
@_each
def cuts_the_top_only(array, limit):
    """Only large positive entries are cut. A gradient of -5 is as long as one of 5: and the lower bound?"""
    return np.minimum(array, limit)


@clip_by_value.mistake(row="N8")
@_each
def cuts_the_bottom_only(array, limit):
    """Only large negative entries are cut. What is the upper bound?"""
    return np.maximum(array, -limit)


@clip_by_value.mistake()
@_each
def cuts_everything_negative(array, limit):
    """The lower bound is 0, so negative entries vanish. It is minus the limit."""
    return np.clip(array, 0, limit)


@clip_by_value.mistake()
@_each
def throws_large_entries_away(array, limit):
    """What is too large becomes 0. It should become as large as the limit allows."""
    return np.where(np.abs(array) > limit, 0.0, array)


@clip_by_value.mistake()
@_each
def forgets_the_sign_of_what_it_cuts(array, limit):
    """What is too large becomes plus the limit, whatever its sign was."""
    return np.where(np.abs(array) > limit, limit, array)


@clip_by_value.mistake()
@_each
def makes_all_entries_as_large(array, limit):
    """Every entry becomes as large as the limit. Those within it should stay as they are."""
    return np.sign(array) * limit


@clip_by_value.mistake()
@_each
def takes_the_sizes(array, limit):
    """The entries have lost their signs. The clipped ones keep theirs."""
    return np.minimum(np.abs(array), limit)


@clip_by_value.mistake()
@_each
def cuts_nothing(array, limit):
    """Nothing is cut. What is `limit` for?"""
    return 1.0 * array


@clip_by_value.mistake()
@_each
def limits_each_array_by_its_largest(array, limit):
    """Each array is scaled as a whole until its largest entry keeps the limit. By *value* means: each entry
    by itself.
    """
    return array * min(1.0, limit / np.max(np.abs(array)))


@clip_by_value.mistake()
@_each
def stretches_each_array_to_the_limit(array, limit):
    """Each array is scaled as a whole until its largest entry is as large as the limit. By *value* means:
    each entry by itself, and small ones stay.
    """
    return array * limit / np.max(np.abs(array))


@clip_by_value.mistake()
def cuts_the_weights_only(grads, limit):
    """Only the weights' gradients are cut. The biases' are in the dict as well."""
    return {n: np.clip(a, -limit, limit) if n.startswith("W") else 1.0 * a for n, a in grads.items()}


@clip_by_value.mistake(row="N1")
def clips_by_the_norm(grads, limit):
    """All is scaled by one factor: that is clipping by norm, the next exercise. Here each entry is cut by
    itself.
    """
    return clipping.clip_by_norm(grads, limit)


# ---- clip_by_norm, and its broken version ----


def gradients_and_norms(rng):
    """Long ones and short ones: what keeps the limit must come back as it was."""
    for sizes, norm, limit in (
        ((3, 5, 4), 3.1, 0.6),
        ((5, 3, 6), 0.4, 1.3),
        ((4, 6, 3), 2.2, 1.7),
        ((6, 4, 5), 1.2, 0.15),
        ((3, 4, 6), 0.07, 0.9),
    ):
        yield {"grads": _gradients(rng, sizes, norm), "max_norm": limit}


def nothing_to_learn(rng):
    """All gradients 0: nothing to divide by."""
    zeros = {name: 0.0 * array for name, array in _gradients(rng, (3, 5, 4), 1.0).items()}
    yield "a gradient of zero", {"grads": zeros, "max_norm": 0.8}


NORM: dict[str, Any] = {
    "cases": gradients_and_norms,
    "extreme": nothing_to_learn,
    "returns": ("grads",),
    "points": 1,
    "fresh": ("grads",),
    "hints": (
        "If all arrays were one long vector, how long would it be?",
        "One factor for all. What is it if the length keeps the limit? And if it is twice too long?",
        (
            "The norm is the root of the sum of all squares of all arrays. Multiply by `max_norm / "
            "norm` if the "
            "norm is too large, else by 1."
        ),
    ),
}
clip_by_norm = Exercise(reference=clipping.clip_by_norm, **NORM)


def each_array_by_itself(grads, max_norm):
    """Short gradients come back longer than they were, and the direction has changed."""
    return {name: array * max_norm / np.linalg.norm(array) for name, array in grads.items()}


clip_by_norm_repaired = Exercise(
    reference=clipping.clip_by_norm_repaired,
    handed_out=each_array_by_itself,
    handed_out_rows=("N2", "N3"),
    **NORM,
)


def _both(row=""):
    """Register a mistake for the exercise and its broken version."""

    def register(wrong):
        clip_by_norm_repaired.mistake(row=row)(wrong)
        return clip_by_norm.mistake(row=row)(wrong)

    return register


@_both("N1")
@_each
def clips_by_value(array, max_norm):
    """Each entry is cut by itself: that is clipping by value, which turns the direction. One factor for all
    keeps it.
    """
    return np.clip(array, -max_norm, max_norm)


@_both("N2")
@_each
def limits_each_array(array, max_norm):
    """Each array has a norm and a factor of its own, so the layers' shares change. One factor for all: how
    long are they *together*?
    """
    return array * min(1.0, max_norm / max(float(np.linalg.norm(array)), 1e-300))


@_both("N3")
@_scaled
def always_makes_it_as_long(grads, max_norm):
    """Every gradient is made as long as the limit, short ones too. What keeps the limit should stay as it is:
    try a tiny gradient.
    """
    return max_norm / _norm(grads)


@_both("N4")
@_scaled
def forgets_the_root(grads, max_norm):
    """The norm is not rooted: it is the sum of the squares. With all entries ten times as large, how much
    longer is the vector?
    """
    squares = _norm(grads) ** 2
    return min(1.0, max_norm / squares) if squares else 1.0


@_both("N5")
@_scaled
def adds_the_norms_up(grads, max_norm):
    """The norms of the arrays are added up. Lengths at right angles do not add like that: put everything into
    one long vector.
    """
    total = sum(np.linalg.norm(array) for array in grads.values())
    return min(1.0, max_norm / total) if total else 1.0


@_both("N6")
@_scaled
def turns_the_factor_over(grads, max_norm):
    """The factor is upside down: what is too long gets longer."""
    norm = _norm(grads)
    return norm / max_norm if norm > max_norm else 1.0


@_both("N7")
@_scaled
def measures_the_largest_entry(grads, max_norm):
    """The largest entry is taken for the length. The norm is the root of the sum of all squares."""
    largest = max(np.max(np.abs(array)) for array in grads.values())
    return min(1.0, max_norm / largest) if largest else 1.0


@_both("N7")
@_scaled
def measures_the_longest_array(grads, max_norm):
    """The longest array is taken for the whole. All of them together are one vector, and longer than each."""
    longest = max(float(np.linalg.norm(array)) for array in grads.values())
    return min(1.0, max_norm / longest) if longest else 1.0


@_both("N7")
@_scaled
def adds_up_the_sizes(grads, max_norm):
    """The absolute values are added up: another norm. Asked is the root of the sum of all squares."""
    total = sum(np.sum(np.abs(array)) for array in grads.values())
    return min(1.0, max_norm / total) if total else 1.0


@_both("N9")
@_scaled
def divides_zero_by_zero(grads, max_norm):
    """A gradient of zero gives 0/0, and `nan` spreads through all weights at the next step. What keeps the
    limit needs no division.
    """
    norm = _norm(grads)
    return min(norm, max_norm) / norm


@_both()
@_scaled
def scales_the_wrong_side(grads, max_norm):
    """The condition is turned round: short gradients are stretched to the limit, and long ones stay. Which of
    them should be scaled?
    """
    norm = _norm(grads)
    return max_norm / norm if 0 < norm < max_norm else 1.0


@_both()
@_scaled
def measures_the_weights_only(grads, max_norm):
    """The norm leaves out the biases. It goes over all entries of all arrays."""
    norm = _norm({name: array for name, array in grads.items() if name.startswith("W")})
    return min(1.0, max_norm / norm) if norm else 1.0


@_both()
@_scaled
def measures_the_first_array_only(grads, max_norm):
    """Only the first array is measured. The norm goes over all entries of all arrays."""
    norm = np.linalg.norm(next(iter(grads.values())))
    return min(1.0, max_norm / norm) if norm else 1.0


@_both()
@_scaled
def takes_the_mean_square(grads, max_norm):
    """The squares are averaged. The norm is the root of their *sum*."""
    norm = _norm(grads) / np.sqrt(sum(array.size for array in grads.values()))
    return min(1.0, max_norm / norm) if norm else 1.0


@_both()
@_scaled
def adds_a_little_below(grads, max_norm):
    """Something is added to the divisor. Libraries do that, and end a hair below the limit; here nothing is
    added, and what needs no scaling is not divided.
    """
    norm = _norm(grads)
    return max_norm / (norm + 1e-6) if norm > max_norm else 1.0


@_both()
@_scaled
def scales_nothing(grads, max_norm):
    """Everything comes back as it was. What should happen to a gradient that is too long?"""
    return 1.0


@_both()
def scales_the_weights_only(grads, max_norm):
    """Only the weights' gradients are scaled, so the direction changes. One factor for all."""
    scale = min(1.0, max_norm / max(float(_norm(grads)), 1e-300))
    return {name: array * scale if name.startswith("W") else 1.0 * array for name, array in grads.items()}


# ---- gradient_angle ----


def pairs_of_gradients(rng):
    """Acute and obtuse angles; the second dict in another order."""
    for sizes, mixed in (
        ((3, 5, 4), 0.5),
        ((5, 3, 6), -0.8),
        ((4, 6, 3), 2.0),
        ((6, 4, 5), -0.2),
        ((3, 4, 6), 1.0),
    ):
        a = _gradients(rng, sizes, float(rng.uniform(0.3, 4.0)))
        other = _gradients(rng, sizes, float(rng.uniform(0.3, 4.0)))
        b = {name: mixed * a[name] + other[name] for name in reversed(a)}
        yield {"grads_a": a, "grads_b": b}


def parallel_gradients(rng):
    """Parallel ones of which the cosine comes out above 1, by rounding."""
    while True:
        a = _gradients(rng, (3, 5, 4), 2.0)
        b = {name: 0.3 * array for name, array in a.items()}
        if _cosine(a, b) > 1.0:
            yield "two gradients of the same direction", {"grads_a": a, "grads_b": b}
            return


def _flat(grads, names):
    return np.concatenate([grads[name].ravel() for name in names])


def _cosine(a, b):
    left, right = _flat(a, a), _flat(b, a)
    return left @ right / (np.linalg.norm(left) * np.linalg.norm(right))


gradient_angle = Exercise(
    reference=clipping.gradient_angle,
    cases=pairs_of_gradients,
    extreme=parallel_gradients,
    returns=("degrees",),
    points=1,
    atol={"degrees": 1e-4},
    hints=(
        "What is the cosine of the angle between two vectors, in terms of their product and their lengths?",
        'The product adds up over all entries of all arrays. Which array belongs to `grads_a["W1"]`?',
        (
            "The sum of all products, over the product of the two norms; limit it to [-1, 1], take "
            "`np.arccos`, "
            "and turn radians into degrees."
        ),
    ),
)


def _angle(row=""):
    """Register a wrong angle."""
    return gradient_angle.mistake("degrees", row=row)


@_angle()
def counts_in_radians(grads_a, grads_b):
    """This is the angle in radians. Degrees are asked: `np.degrees`."""
    return np.arccos(np.clip(_cosine(grads_a, grads_b), -1, 1))


@_angle()
def gives_the_cosine(grads_a, grads_b):
    """This is the cosine. The angle is what has this cosine, in degrees."""
    return _cosine(grads_a, grads_b)


@_angle()
def does_not_limit_the_cosine(grads_a, grads_b):
    """Rounding can make a cosine a hair above 1, and `arccos` of that is `nan`. Limit it to [-1, 1]."""
    with np.errstate(all="ignore"):
        return np.degrees(np.arccos(_cosine(grads_a, grads_b)))


@_angle()
def loses_the_sign_of_the_cosine(grads_a, grads_b):
    """The cosine has lost its sign, so no angle is above 90 degrees. Gradients may point opposite ways."""
    return np.degrees(np.arccos(np.clip(np.abs(_cosine(grads_a, grads_b)), -1, 1)))


@_angle()
def averages_the_angles(grads_a, grads_b):
    """Each array has an angle of its own here, and they are averaged. All together are *one* vector."""
    pairs = [({n: grads_a[n]}, {n: grads_b[n]}) for n in grads_a]
    return np.mean([np.degrees(np.arccos(np.clip(_cosine(a, b), -1, 1))) for a, b in pairs])


@_angle()
def averages_the_cosines(grads_a, grads_b):
    """Each array has a cosine of its own here, and they are averaged. All together are *one* vector."""
    cosines = [_cosine({n: grads_a[n]}, {n: grads_b[n]}) for n in grads_a]
    return np.degrees(np.arccos(np.clip(np.mean(cosines), -1, 1)))


@_angle()
def looks_at_the_weights_only(grads_a, grads_b):
    """The biases are left out. The angle is between all entries."""
    a, b = ({n: g[n] for n in grads_a if n.startswith("W")} for g in (grads_a, grads_b))
    return np.degrees(np.arccos(np.clip(_cosine(a, b), -1, 1)))


@_angle()
def looks_at_the_first_array_only(grads_a, grads_b):
    """Only the first array is looked at. All of them together are one vector."""
    name = next(iter(grads_a))
    return np.degrees(np.arccos(np.clip(_cosine({name: grads_a[name]}, {name: grads_b[name]}), -1, 1)))


@_angle()
def forgets_the_lengths(grads_a, grads_b):
    """The product is not divided by the lengths. Twice as long a gradient has the same direction."""
    product = _flat(grads_a, grads_a) @ _flat(grads_b, grads_a)
    return np.degrees(np.arccos(np.clip(product, -1, 1)))


@_angle()
def divides_by_one_length_only(grads_a, grads_b):
    """The product is divided by one of the two lengths, twice. Each vector has its own."""
    a, b = _flat(grads_a, grads_a), _flat(grads_b, grads_a)
    return np.degrees(np.arccos(np.clip(a @ b / (a @ a), -1, 1)))


@_angle()
def divides_by_squared_lengths(grads_a, grads_b):
    """The product is divided by the *squares* of the lengths. A length is the root of the sum of squares."""
    a, b = _flat(grads_a, grads_a), _flat(grads_b, grads_a)
    return np.degrees(np.arccos(np.clip(a @ b / (a @ a) / (b @ b), -1, 1)))


@_angle()
def takes_the_sine(grads_a, grads_b):
    """The angle with this *sine* comes out. Parallel vectors have a cosine of 1, and the angle 0."""
    return np.degrees(np.arcsin(np.clip(_cosine(grads_a, grads_b), -1, 1)))


@_angle()
def measures_from_the_opposite(grads_a, grads_b):
    """Parallel gradients get 180 degrees: the sign of the cosine is turned."""
    return 180.0 - clipping.gradient_angle(grads_a, grads_b)


@_angle()
def multiplies_by_pi_over_180(grads_a, grads_b):
    """Radians are turned into degrees with 180 / pi, not with pi / 180."""
    return np.radians(np.arccos(np.clip(_cosine(grads_a, grads_b), -1, 1)))


@_angle()
def goes_by_the_order_of_the_dicts(grads_a, grads_b):
    """Arrays are paired in the order of the two dicts, and the orders differ. Pair them by their names."""
    a, b = _flat(grads_a, grads_a), _flat(grads_b, grads_b)
    return np.degrees(np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1)))


# ---- quizzes ----

one_nan = Quiz(
    "11-one-nan",
    "In one step one single loss is `nan`. What is left of the network ten steps later?",
    (
        Choice("All but one weight", "How does that loss enter the gradients?"),
        Choice(
            "Nothing: all weights are nan",
            (
                "The gradient of nan is nan for every weight it depends on, a step takes that off, and nan "
                "spreads to all that follows. There is no way back but an older copy."
            ),
            right=True,
        ),
        Choice("It recovers with the next batch", "The next batch goes through the weights of this step."),
    ),
)

which_way = Quiz(
    "11-which-way",
    "A gradient is (6, 1). Cut each entry at 1. How has its direction changed?",
    (
        Choice("Not at all: it is only shorter", "Then both entries would have shrunk by the same factor."),
        Choice(
            "From nearly along the first axis to the middle between both",
            "It becomes (1, 1). The large entry was the important one, and now both count the same.",
            right=True,
        ),
        Choice("It points the opposite way", "No entry has changed its sign."),
    ),
)

too_low = Quiz(
    "11-too-low",
    "The limit is set so low that *every* step is clipped. What does that make of plain descent?",
    (
        Choice("It stops", "Each step is as long as rate times limit."),
        Choice(
            "Steps of equal length, in the gradient's direction",
            (
                "The gradient's size is no longer heard, its direction is. It can still learn, and near the "
                "bottom it cannot come to rest."
            ),
            right=True,
        ),
        Choice("It climbs", "The direction is kept, and it is downhill."),
    ),
)
