"""Lesson 00: how this course works."""

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import shapes

# ---- affine_shape ----


def fitting_pairs(rng):
    """Shapes of x and W; the inner size is never the largest, and sometimes the middle one."""
    for N, D, M in ((3, 2, 4), (5, 3, 7), (3, 4, 6), (8, 5, 3), (4, 6, 9)):
        k = int(rng.integers(4))
        yield {"x_shape": (N + k, D + k), "W_shape": (D + k, M + k)}


affine_shape = Exercise(
    reference=shapes.affine_shape,
    cases=fitting_pairs,
    returns=("shape",),
    points=1,
    hints=(
        "Take one row of `x`, one example. How many numbers does it turn into?",
        "`x @ W` needs the inner sizes to be equal. Which sizes are still there afterwards?",
        "The first size comes from `x_shape`, the second from `W_shape`. Adding `b` changes neither.",
    ),
)


@affine_shape.mistake("shape")
def keeps_the_inner_sizes(x_shape, W_shape):
    """These are the two inner sizes. They meet in the product and vanish; the outer ones stay."""
    return x_shape[1], W_shape[0]


@affine_shape.mistake("shape")
def exchanges_rows_and_columns(x_shape, W_shape):
    """Rows and columns are exchanged. A row is an example, in `x` and in `z` alike."""
    return W_shape[1], x_shape[0]


@affine_shape.mistake("shape")
def returns_the_shape_of_x(x_shape, W_shape):
    """This is the shape of `x`: each example would keep its D numbers. `W` turns them into M."""
    return x_shape


@affine_shape.mistake("shape")
def returns_the_shape_of_the_weights(x_shape, W_shape):
    """This is the shape of `W`. The result has one row for each example, so its first size comes from `x`."""
    return W_shape


@affine_shape.mistake("shape")
def joins_both_shapes(x_shape, W_shape):
    """Both shapes one behind the other are four sizes. A product of two tables is a table again: two
    sizes."""
    return tuple(x_shape) + tuple(W_shape)


@affine_shape.mistake("shape")
def takes_the_larger_sizes(x_shape, W_shape):
    """This takes the larger size on each axis, the rule for `+`. For `@` the inner sizes vanish."""
    return max(x_shape[0], W_shape[0]), max(x_shape[1], W_shape[1])


@affine_shape.mistake("shape")
def adds_the_bias_to_the_size(x_shape, W_shape):
    """`b` adds a number to every entry; it adds no column. The second size is that of `W`."""
    return x_shape[0], W_shape[1] + 1


@affine_shape.mistake("shape")
def adds_the_sizes(x_shape, W_shape):
    """Sizes are not added. A row of `x` meets a column of `W`, and their D products add up to one number:
    D vanishes."""
    return x_shape[0] + W_shape[0], x_shape[1] + W_shape[1]


@affine_shape.mistake("shape")
def multiplies_the_sizes(x_shape, W_shape):
    """Sizes are not multiplied. Which sizes of `x` and `W` are still there after the product?"""
    return x_shape[0] * W_shape[0], x_shape[1] * W_shape[1]


# ---- column_means ----


def tables(rng):
    """Tables whose sizes differ, with negative numbers."""
    for N, D in ((4, 3), (5, 3), (6, 4), (3, 5), (7, 4)):
        yield {"x": rng.normal(size=(N, D)) + 1.5}


def row_means(x):
    """Symptom: for the table in the text, 4 examples of 3 features, it gives 4 numbers, and the answer is due
    for 3 features. Print the shape of what it returns.
    """
    return x.mean(axis=1)


column_means = Exercise(
    reference=shapes.column_means,
    cases=tables,
    returns=("means",),
    points=1,
    hints=(
        "How many features has the table, and how many numbers come back?",
        "`axis=` names the axis that disappears. Which one should disappear: examples or features?",
        "You want one number for each column. So the rows are averaged away, and they are axis 0.",
    ),
    handed_out=row_means,
)


@column_means.mistake("means")
def sums_instead_of_averaging(x):
    """These are the sums of the columns, not their means. By how many examples is a sum divided to become a
    mean?
    """
    return x.sum(axis=0)


@column_means.mistake("means")
def divides_by_the_number_of_features(x):
    """The sums of the columns are divided by the number of features. Each of them adds up N examples."""
    return x.sum(axis=0) / x.shape[1]


@column_means.mistake("means")
def sums_each_row(x):
    """These are the sums of the rows: the wrong axis, and a sum in place of a mean."""
    return x.sum(axis=1)


@column_means.mistake("means")
def sums_each_row_and_divides_by_the_rows(x):
    """The sums run along the rows, and are then divided by their number: the axis is the wrong one.
    `axis=0` lets the examples disappear."""
    return x.sum(axis=1) / x.shape[0]


@column_means.mistake("means")
def divides_by_one_less(x):
    """The sums are divided by N - 1. That is for variances; a mean divides by N."""
    return x.sum(axis=0) / (len(x) - 1)


@column_means.mistake("means")
def averages_everything(x):
    """This is one mean of the whole table. Without `axis=` every axis disappears."""
    return x.mean()


@column_means.mistake("means")
def divides_by_all_entries(x):
    """The sums of the columns are divided by the number of all entries, N times D. Each sum adds up N
    numbers."""
    return x.sum(axis=0) / x.size


@column_means.mistake("means")
def takes_the_median(x):
    """These are the medians of the columns. The mean is the sum divided by the number of examples."""
    import numpy as np

    return np.median(x, axis=0)


@column_means.mistake("means")
def takes_the_first_row(x):
    """This is the first example only. Where are the others?"""
    return x[0]


# ---- quizzes ----

which_axis = Quiz(
    "00-which-axis",
    "`x` has the shape (4, 3): four examples, three features. What is the shape of `x.sum(axis=0)`?",
    (
        Choice(
            "(3,)",
            (
                "Axis 0 runs over the examples, and it is the one that disappears. What is left is one "
                "number for each feature."
            ),
            right=True,
        ),
        Choice(
            "(4,)",
            "That would be `axis=1`. The number names the axis that disappears, not the one that stays.",
        ),
        Choice(
            "a single number",
            "That is `x.sum()` without an axis: everything is added up. With `axis=0` only the examples are.",
        ),
        Choice(
            "(1, 3)",
            (
                "Close: the values are these, but the axis is gone, not kept with length 1. `keepdims=True`"
                " would keep it."
            ),
        ),
    ),
)
