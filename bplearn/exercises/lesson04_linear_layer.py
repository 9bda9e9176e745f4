"""Lesson 04: linear layer."""

from bplearn.exercise import Choice, Exercise, Quiz

# ---- scale_04 ----


def scale_04(x, factor):
    """Stand for the reference: mathematics that is new belongs into a file of bplearn/nn."""
    return factor * x


def rows(rng):
    """Arrays of several lengths, with entries of both signs."""
    for n in (2, 3, 4, 5, 7):
        yield {"x": rng.normal(size=n), "factor": float(rng.uniform(1.5, 3.0))}


first = Exercise(
    reference=scale_04,
    cases=rows,
    returns=("y",),
    points=1,
    hints=(
        "A question: what should come out for a factor of 1?",
        "Something nearer: which operation makes every entry `factor` times as large?",
        "The operation, never the line: multiply.",
    ),
)


@first.mistake("y")
def adds_the_factor(x, factor):
    """Every entry moved by the same amount. A factor stretches: large entries move further."""
    return factor + x


double = Quiz(
    name="04-double",
    question="What happens to a gradient when the loss is doubled?",
    choices=(
        Choice("It doubles.", "Yes: a constant factor passes through a derivative.", right=True),
        Choice("It stays.", "The slope of a hill twice as high is twice as steep."),
    ),
)
