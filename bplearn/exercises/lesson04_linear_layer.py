"""Lesson 04: from a neuron to a layer."""

import functools
from typing import Any

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import linear
from bplearn.nn.neuron import sigmoid

# Smallest first; no two alike and none of them 1 or 2, so that a factor or a shape names one cause.
SIZES = ((4, 3, 5), (3, 5, 4), (5, 3, 7), (6, 4, 5), (7, 4, 3), (5, 6, 4))


def _layers(rng, sizes):
    """All that a layer deals with, for each triple of N, D, M."""
    for N, D, M in sizes:
        shapes = {"x": (N, D), "W": (D, M), "b": (M,), "dz": (N, M)}
        yield {name: rng.normal(size=shape) for name, shape in shapes.items()}


def layers(rng):
    """Examples, inputs and neurons are never equally many."""
    yield from _layers(rng, SIZES)


def single_examples(rng):
    """A batch of one is a batch: a table with one row."""
    for layer in _layers(rng, ((1, 4, 3), (1, 3, 5))):
        yield "a single example (N = 1)", layer


def equal_sizes(rng):
    """For diagnosis only: a product of turned tables runs here, and can be recognised."""
    yield from _layers(rng, ((4, 4, 4), (3, 3, 3), (5, 5, 5)))


COMMON: dict[str, Any] = {"cases": layers, "extreme": single_examples, "square": equal_sizes}


def _reshaped(table):
    """The same numbers, row by row, in the shape of the transpose."""
    if table.shape[0] == table.shape[1]:
        raise ValueError("on a square table this changes nothing, and explains nothing")
    return table.reshape(table.shape[::-1])


# ---- linear_forward ----

linear_forward = Exercise(
    reference=linear.linear_forward,
    returns=("z",),
    points=1,
    hints=(
        (
            "Write the shapes one below the other: `x`, `W`, `b`, and `z`, which is due. Which sizes must "
            "vanish?"
        ),
        "The three loops multiply and add up over `d`. There is one sign in NumPy that does exactly this.",
        (
            "A matrix product of the inputs and the weights; then add the biases. They join every row by "
            "themselves."
        ),
    ),
    **COMMON,
)


@linear_forward.mistake("z")
def leaves_out_the_bias(x, W, b):
    """The bias is missing: these are the weighted sums alone. Each judge also has a mood."""
    return x @ W


@linear_forward.mistake("z", row="C18")
def adds_the_bias_along_the_batch(x, W, b):
    """The bias is turned into a column, so each *example* gets one. Print the shapes on both sides of the
    plus sign: which of the axes of `z` belongs to the neurons?
    """
    return x @ W + b[:, None]


@linear_forward.mistake("z")
def adds_the_bias_twice(x, W, b):
    """The bias is in here twice. Is it added inside a helper, or before a loop, and then once more?"""
    return x @ W + 2 * b


@linear_forward.mistake("z")
def subtracts_the_bias(x, W, b):
    """The bias is subtracted. It is added: a larger bias makes every sum of its neuron larger."""
    return x @ W - b


@linear_forward.mistake("z")
def multiplies_by_the_bias(x, W, b):
    """The sums are multiplied by the bias. With all inputs at 0, what should a neuron say: 0, or its bias?"""
    return x @ W * b


@linear_forward.mistake("z")
def adds_the_bias_to_the_weights(x, W, b):
    """The bias was added to the weights before the product. Which of the two operations comes first, and are
    there brackets around it?
    """
    return x @ (W + b)


@linear_forward.mistake("z")
def adds_the_bias_to_the_inputs(x, W, b):
    """The bias was added to the inputs before the product. It belongs to the neurons: which of the two
    operations comes first, and are there brackets around it?
    """
    return (x + b) @ W


@linear_forward.mistake("z")
def adds_the_bias_once_for_each_input(x, W, b):
    """The bias is in here D times, once for each input. Does it stand inside the innermost loop?"""
    return x @ W + x.shape[1] * b


@linear_forward.mistake("z")
def adds_the_sum_of_all_biases(x, W, b):
    """All biases are added up, and every neuron gets their sum. Each neuron has one bias of its own."""
    return x @ W + b.sum()


@linear_forward.mistake("z")
def gives_all_neurons_the_first_bias(x, W, b):
    """Every neuron gets the first bias. There are M of them: which belongs to which column of `z`?"""
    return x @ W + b[0]


@linear_forward.mistake("z")
def multiplies_entry_by_entry(x, W, b):
    """This multiplies entry by entry, with `*`. A weighted sum needs products that are added up over the
    inputs: which sign does that?
    """
    return x * W + b


@linear_forward.mistake("z")
def multiplies_in_the_other_order(x, W, b):
    """Weights times inputs: the order is turned round. Write both shapes next to each other: which order
    brings the two D side by side?
    """
    return W @ x + b


@linear_forward.mistake("z")
def puts_turned_weights_in_front(x, W, b):
    """The weights are turned, and stand in front. Each row of `z` is an example, so the table with the
    examples as rows comes first: which one is it?
    """
    return W.T @ x + b


@linear_forward.mistake("z")
def turns_both_tables_going_forward(x, W, b):
    """Both tables are turned and exchanged, so the sums stand in (M, N), and the biases meet the wrong axis.
    A row is an example, in `x` and in `z` alike.
    """
    return W.T @ x.T + b


@linear_forward.mistake("z")
def turns_the_weights(x, W, b):
    """The weights were transposed. In this course a *column* of `W` is a neuron, so its D rows already meet
    the D columns of `x`. (PyTorch keeps its weights the other way round.)
    """
    return x @ W.T + b


@linear_forward.mistake("z")
def turns_the_inputs(x, W, b):
    """The inputs were transposed. A row of `x` is an example, with its D numbers side by side: do they meet
    the D rows of `W`?
    """
    return x.T @ W + b


@linear_forward.mistake("z")
def reshapes_the_weights(x, W, b):
    """`reshape` keeps the numbers in their order and cuts the rows elsewhere: numbers of different neurons
    get mixed. Do the weights have to be turned at all?
    """
    return x @ _reshaped(W).T + b


@linear_forward.mistake("z")
def averages_over_the_inputs(x, W, b):
    """The products are averaged over the D inputs. A neuron adds them up."""
    return x @ W / x.shape[1] + b


@linear_forward.mistake("z")
def averages_over_the_batch_going_forward(x, W, b):
    """The sums are divided by the number of examples. Does the answer for one example depend on how many
    others there are?
    """
    return x @ W / len(x) + b


@linear_forward.mistake("z")
def squashes_the_sums(x, W, b):
    """Here a sigmoid was applied as well. `z` stands before it; the bending has a lesson of its own."""
    return sigmoid(x @ W + b)


@linear_forward.mistake("z")
def cuts_off_what_is_negative(x, W, b):
    """What is negative was set to 0. `z` is what stands before any bending; that has a lesson of its own."""
    return np.maximum(x @ W + b, 0.0)


@linear_forward.mistake("z")
def keeps_the_last_input_only(x, W, b):
    """Only the product with the last input is in here. Is there an `=` in the innermost loop where the
    products must add up?
    """
    return np.outer(x[:, -1], W[-1]) + b


@linear_forward.mistake("z")
def leaves_out_the_last_input(x, W, b):
    """The last input is missing from every sum. Where does the loop over the inputs end?"""
    return x[:, :-1] @ W[:-1] + b


@linear_forward.mistake("z")
def leaves_out_the_first_input(x, W, b):
    """The first input is missing from every sum. Where does the loop over the inputs begin?"""
    return x[:, 1:] @ W[1:] + b


@linear_forward.mistake("z")
def leaves_the_last_example_empty(x, W, b):
    """The last row is 0: the loop over the examples ends one too early."""
    z = x @ W + b
    z[-1] = 0.0
    return z


@linear_forward.mistake("z")
def answers_with_the_first_example(x, W, b):
    """This is the row of the first example alone. The whole batch is due, a row for each. Does `return` stand
    inside a loop?
    """
    return x[0] @ W + b


@linear_forward.mistake("z")
def leaves_all_but_the_first_example_empty(x, W, b):
    """The first row is filled, and the others are still 0. Does `return` stand inside the loop over the
    examples?
    """
    z = np.zeros((len(x), len(b)))
    z[0] = x[0] @ W + b
    return z


@linear_forward.mistake("z")
def adds_up_all_sums(x, W, b):
    """All weighted sums were added up to one number, and the biases joined that. Each neuron has a sum of its
    own for each example: which index alone has to vanish?
    """
    return (x @ W).sum() + b


@linear_forward.mistake("z")
def answers_with_the_first_neuron(x, W, b):
    """This is the first neuron alone, one number for each example. The layer has M of them, and each has a
    column of `z`.
    """
    return x @ W[:, 0] + b[0]


@linear_forward.mistake("z")
def adds_up_the_examples_in_place_of_the_inputs(x, W, b):
    """The products were added up over the examples, so `z` has a row for each input. The examples should
    stay, and the inputs vanish: which axis are they?
    """
    return x.sum(axis=0)[:, None] * W + b


@linear_forward.mistake("z")
def adds_up_the_neurons_in_place_of_the_inputs(x, W, b):
    """The products were added up over the neurons, so the inputs are still there. The neurons should stay,
    and the inputs vanish: which axis are they?
    """
    return x * W.sum(axis=1) + b


@linear_forward.mistake("z")
def adds_up_the_examples_going_forward(x, W, b):
    """The examples are added up. Each of them gets an answer of its own, so `z` has N rows."""
    return x.sum(axis=0) @ W + b


@linear_forward.mistake("z")
def adds_up_the_neurons(x, W, b):
    """The neurons are added up to one number for each example. Each neuron gives an answer of its own, so `z`
    has M columns.
    """
    return (x @ W + b).sum(axis=1)


@linear_forward.mistake("z")
def drops_the_axis_of_a_single_example(x, W, b):
    """With one example the axis of the examples is gone: a batch of one is still a table, with one row."""
    return np.squeeze(x @ W + b)


# ---- the gradients: each wrong version serves the exercise of its own and those that give all three ----

linear_weight_gradient = Exercise(
    reference=linear.linear_weight_gradient,
    returns=("dW",),
    points=2,
    hints=(
        "`W[d, m]` touches one entry of `z` in every example. So over which of n, d, m is added up?",
        (
            "A matrix product adds up over the last axis of the left table and the first axis of the right "
            "one. Which axis of `x`, and which of `dz`, has to be added up?"
        ),
        (
            "The result has shape (D, M). Write down the shapes of `x`, `dz` and of both transposes: one "
            "pair meets in N and leaves D and M, in this order."
        ),
    ),
    upstream="dz",
    **COMMON,
)

linear_bias_gradient = Exercise(
    reference=linear.linear_bias_gradient,
    returns=("db",),
    points=2,
    hints=(
        "How many biases are there, and in how many places of the batch is each of them used?",
        "A bias touches its whole column of `z`. What did lesson 02 do with blame that came from two places?",
        "The examples must disappear, and the neurons stay. Which axis of `dz` are the examples?",
    ),
    upstream="dz",
    **COMMON,
)

linear_input_gradient = Exercise(
    reference=linear.linear_input_gradient,
    returns=("dx",),
    points=2,
    hints=(
        "`x[n, d]` touches all M neurons, in example n alone. So over which of n, d, m is added up?",
        "In `z` the number `x[n, d]` was stretched by `W[d, m]` on its way to neuron m. And on the way back?",
        (
            "`dz` (N, M) and the weights must meet in M, and (N, D) is due. Which of `W` and its transpose "
            "begins with M?"
        ),
    ),
    upstream="dz",
    **COMMON,
)

linear_backward = Exercise(
    reference=linear.linear_backward,
    returns=("dx", "dW", "db"),
    points=3,
    hints=(
        "You have written all three already. Which of them needs what?",
        "An answer may call your other answers by their names. Each takes what arrives first.",
        (
            "One line for each gradient, and then the three names behind `return`, in the order x, W, b: "
            "that is the order in which the forward pass takes them."
        ),
    ),
    upstream="dz",
    **COMMON,
)


def _weights(row="", factor=""):
    """Register a wrong ``dW(dz, x)``, alone and among the three gradients."""

    def register(wrong):
        linear_weight_gradient.mistake("dW", row, factor)(wrong)
        linear_backward.mistake("dW", row, factor)(functools.wraps(wrong)(lambda dz, x, W: wrong(dz, x)))
        return wrong

    return register


def _biases(row="", factor=""):
    """Register a wrong ``db(dz)``, alone and among the three gradients."""

    def register(wrong):
        linear_bias_gradient.mistake("db", row, factor)(wrong)
        linear_backward.mistake("db", row, factor)(functools.wraps(wrong)(lambda dz, x, W: wrong(dz)))
        return wrong

    return register


def _inputs(row="", factor=""):
    """Register a wrong ``dx(dz, W)``, alone and among the three gradients."""

    def register(wrong):
        linear_input_gradient.mistake("dx", row, factor)(wrong)
        linear_backward.mistake("dx", row, factor)(functools.wraps(wrong)(lambda dz, x, W: wrong(dz, W)))
        return wrong

    return register


# ---- wrong gradients of the weights ----


@_weights(row="C1")
def turns_the_wrong_table(dz, x):
    """All numbers are right and stand in (M, D): this is the gradient turned round. A gradient has the shape
    of the thing it belongs to. Which of the two tables has to be turned?
    """
    return dz.T @ x


@_weights()
def turns_the_wrong_table_and_averages(dz, x):
    """Two slips: the wrong table is turned, so the result stands in (M, D); and it is divided by the number
    of examples. A gradient has the shape of what it belongs to, and a layer divides by nothing.
    """
    return dz.T @ x / len(x)


@_weights(row="C3", factor="batch")
def averages_the_weights_blame(dz, x):
    """Divided by the number of examples. The 1/N of the mean loss is in `dz` already; here the examples are
    added up.
    """
    return x.T @ dz / len(x)


@_weights(row="C4", factor="batch")
def multiplies_the_weights_blame_by_the_batch(dz, x):
    """Multiplied by the number of examples. Is the 1/N of the mean loss yours to undo here? It belongs to the
    loss alone.
    """
    return x.T @ dz * len(x)


@_weights()
def appends_the_row_of_the_biases(dz, x):
    """There is a row too many: a column of ones was added to the inputs, and its row belongs to the biases.
    Those have a gradient of their own.
    """
    return np.hstack([x, np.ones((len(x), 1))]).T @ dz


@_weights(factor="batch")
def averages_over_all_entries(dz, x):
    """Divided by N times M, the number of entries of `dz`. A layer divides by nothing: whatever mean there is
    belongs to the loss.
    """
    return x.T @ dz / dz.size


@_weights(row="C5")
def ignores_what_arrives_at_the_weights(dz, x):
    """The numbers in `dz` are not used: these are sums of the inputs. Change what arrives: does your answer
    move?
    """
    return x.T @ np.ones_like(dz)


@_weights()
def forgets_the_input(dz, x):
    """The input is missing: this is what arrives at the sum, the same for all inputs. By what was `W[d, m]`
    multiplied on the way forward?
    """
    return np.ones_like(x).T @ dz


@_weights(row="C8")
def keeps_the_last_example_only(dz, x):
    """This is the last example alone. Is there an `=` in the loop over them where blame must add up?"""
    return np.outer(x[-1], dz[-1])


@_weights()
def keeps_the_first_example_only(dz, x):
    """This is the first example alone. Does `return` stand inside the loop over the examples?"""
    return np.outer(x[0], dz[0])


@_weights()
def leaves_out_the_last_example(dz, x):
    """The last example is missing from every sum. Where does the loop over the examples end?"""
    return x[:-1].T @ dz[:-1]


@_weights()
def leaves_out_the_first_example(dz, x):
    """The first example is missing from every sum. Where does the loop over the examples begin?"""
    return x[1:].T @ dz[1:]


@_weights(row="C9")
def multiplies_mean_and_sum(dz, x):
    """The mean input is multiplied by the summed blame. Multiply example by example, and add up afterwards:
    is the mean of products the product of means?
    """
    return np.outer(x.mean(axis=0), dz.sum(axis=0))


@_weights()
def multiplies_the_sums(dz, x):
    """The summed inputs are multiplied by the summed blame. So the input of one example meets the blame of
    another. Multiply example by example, and add up afterwards.
    """
    return np.outer(x.sum(axis=0), dz.sum(axis=0))


@_weights()
def multiplies_the_means(dz, x):
    """The mean input is multiplied by the mean blame. Multiply example by example, and add up afterwards:
    nothing is averaged here.
    """
    return np.outer(x.mean(axis=0), dz.mean(axis=0))


@_weights(row="C17")
def multiplies_inputs_and_blame_entry_by_entry(dz, x):
    """This multiplies entry by entry, with `*`, after turning `x`. Which index has to be added up? A matrix
    product does it.
    """
    return x.T * dz


@_weights(row="C17")
def multiplies_entry_by_entry_unturned(dz, x):
    """This multiplies entry by entry, with `*`. Which index has to be added up? A matrix product does it."""
    return x * dz


@_weights(row="C2")
def turns_nothing(dz, x):
    """A matrix product, and neither table was turned. `x` ends with its inputs and `dz` begins with the
    examples: do these belong together?
    """
    return x @ dz


@_weights()
def turns_the_blame_behind(dz, x):
    """Here examples meet examples: the result says how alike two rows are. It is the neurons and the inputs
    that should stay, and the examples that vanish.
    """
    return x @ dz.T


@_weights()
def turns_the_inputs_behind(dz, x):
    """The right table is turned, and it stands behind `dz`: so neurons meet inputs. It is the examples that
    should meet: which table has to stand in front?
    """
    return dz @ x.T


@_weights()
def turns_both_tables(dz, x):
    """Both tables were turned, and one turn is enough: the examples of both must meet in the middle."""
    return x.T @ dz.T


@_weights()
def turns_and_exchanges_both_tables(dz, x):
    """Both tables were turned, and exchanged. One turn is enough: the examples of both must meet in the
    middle.
    """
    return dz.T @ x.T


@_weights()
def multiplies_everything_with_everything(dz, x):
    """Every entry of `x` is multiplied by every entry of `dz`: here the input of one example meets the blame
    of another. Only numbers of one and the same example belong together.
    """
    return np.outer(x, dz)


@_weights()
def puts_the_blame_in_front_unturned(dz, x):
    """`dz` stands in front, and neither table was turned. Its columns are neurons, the rows of `x` are
    examples: do these belong together?
    """
    return dz @ x


@_weights()
def reshapes_the_inputs(dz, x):
    """The shape fits, and the numbers are in the wrong places: `reshape` cuts the rows of `x` elsewhere and
    leaves all in its order. Turning a table is another operation.
    """
    return _reshaped(x) @ dz


@_weights()
def reshapes_the_turned_gradient(dz, x):
    """The gradient was turned round, and then forced into its shape by `reshape`, which leaves the numbers in
    their order. Make the product come out the right way round.
    """
    return _reshaped(dz.T @ x)


@_weights()
def keeps_the_examples_apart(dz, x):
    """These are the gradients of all examples one by one, a table for each. One weight serves them all: what
    happens to blame from several places?
    """
    return x[:, :, None] * dz[:, None, :]


@_weights()
def adds_up_the_neurons_before_the_product(dz, x):
    """What arrives was added up over the neurons before the product, so only D numbers are left. Each neuron
    has its own weights and needs its own blame.
    """
    return x.T @ dz.sum(axis=1)


@linear_backward.mistake("dW", row="C7")
def multiplies_by_what_went_out(dz, x, W):
    """The output of the layer stands where the gradient of the output belongs. Values go forward, gradients
    come back: which of the two is this?
    """
    return x.T @ (x @ W)


# ---- wrong gradients of the biases ----


@_biases(row="C10")
def adds_up_each_example(dz):
    """One number for each *example*: the neurons were added up. How many biases are there? Their axis must
    stay, and the examples disappear.
    """
    return dz.sum(axis=1)


@_biases(row="C11", factor="batch")
def averages_the_biases_blame(dz):
    """Averaged over the examples, where a sum is due. One bias feeds N examples: add up its effects. The 1/N
    of the mean loss is in `dz` already.
    """
    return dz.mean(axis=0)


@_biases(row="C12")
def adds_up_everything(dz):
    """Everything is added up to one number. There are M biases, so M numbers: which axis must stay?"""
    return dz.sum()


@_biases(row="C13")
def hands_on_what_arrives(dz):
    """This is `dz` as it arrived, one gradient for each example. On the way forward one bias was copied to N
    rows. What happens to the blame of N copies?
    """
    return dz.copy()


@_biases(row="C14")
def counts_the_examples(dz):
    """This counts the examples, and the numbers in `dz` are not used. Change what arrives: does your answer
    move?
    """
    return np.full(dz.shape[1], float(len(dz)))


@_biases(row="C14")
def stops_at_the_slope(dz):
    """All ones: that is the slope of the sum towards its bias, for one example. What arrives is multiplied by
    it, and added up over the examples.
    """
    return np.ones(dz.shape[1])


@_biases(factor="batch")
def multiplies_the_biases_blame_by_the_batch(dz):
    """The sum is multiplied by the number of examples. Adding up N rows is enough."""
    return dz.sum(axis=0) * len(dz)


@_biases(factor="batch")
def divides_by_the_neurons(dz):
    """The sum is divided by the number of neurons. A layer divides by nothing."""
    return dz.sum(axis=0) / dz.shape[1]


@_biases(factor="batch")
def divides_by_all_entries(dz):
    """The sum is divided by N times M, the number of entries of `dz`. A layer divides by nothing."""
    return dz.sum(axis=0) / dz.size


@_biases()
def averages_each_example(dz):
    """A mean for each example. Two things are due: the examples disappear, not the neurons; and they are
    added up, not averaged.
    """
    return dz.mean(axis=1)


@_biases()
def adds_up_each_example_and_divides_by_the_batch(dz):
    """Two slips: the neurons are added up in place of the examples, and then it is divided by the number of
    examples. How many biases are there? And a layer divides by nothing.
    """
    return dz.sum(axis=1) / len(dz)


@_biases()
def adds_up_each_example_and_keeps_the_axis(dz):
    """One number for each *example*, as a column: the neurons were added up. How many biases are there? Their
    axis must stay, and the examples disappear.
    """
    return dz.sum(axis=1, keepdims=True)


@_biases()
def averages_everything(dz):
    """One mean of all entries. There are M biases, so M numbers are due, and each is a sum."""
    return dz.mean()


@_biases()
def takes_the_last_example(dz):
    """This is the row of the last example alone. Is there an `=` in the loop where blame must add up?"""
    return dz[-1]


@_biases()
def takes_the_first_example(dz):
    """This is the row of the first example alone. One bias feeds all N of them."""
    return dz[0]


@_biases()
def leaves_out_the_last_row(dz):
    """The last example is missing from the sum. Where does the loop end?"""
    return dz[:-1].sum(axis=0)


@_biases()
def leaves_out_the_first_row(dz):
    """The first example is missing from the sum. Where does the loop begin?"""
    return dz[1:].sum(axis=0)


@_biases()
def adds_up_sizes_without_signs(dz):
    """The signs were dropped before adding up. Blame of opposite signs may cancel: a mood that helps one
    example and harms another should stay.
    """
    return np.abs(dz).sum(axis=0)


@_biases()
def adds_up_as_it_goes(dz):
    """These are running sums, one row for each example. The last row is what is due."""
    return dz.cumsum(axis=0)


@_biases()
def takes_the_largest_blame(dz):
    """This is the largest entry of each column. Across paths blame adds: no path wins."""
    return dz.max(axis=0)


@_biases()
def multiplies_the_examples(dz):
    """The rows are multiplied by one another. Along a path one multiplies; but are the N examples one path,
    or N?
    """
    return dz.prod(axis=0)


# ---- wrong gradients of the inputs ----


@_inputs(row="C2")
def multiplies_by_the_unturned_weights(dz, W):
    """The weights were not turned. Going forward they turned D numbers into M. Going back, M numbers arrive
    and D are due.
    """
    return dz @ W


@_inputs(row="C6")
def ignores_what_arrives_at_the_inputs(dz, W):
    """The numbers in `dz` are not used: these are sums of the weights. Change what arrives: does your answer
    move?
    """
    return np.ones_like(dz) @ W.T


@_inputs()
def forgets_the_weights(dz, W):
    """The weights are missing: what arrives is added up over the neurons as it is. By what was `x[n, d]`
    multiplied on its way to neuron m?
    """
    return dz @ np.ones_like(W).T


@_inputs(row="C16")
def adds_up_the_inputs_of_all_examples(dz, W):
    """The examples are added up. Weights are shared by all examples, inputs are not: each example has its
    own, and so its own row of `dx`.
    """
    return (dz @ W.T).sum(axis=0)


@_inputs(row="C16")
def adds_up_the_inputs_of_all_examples_in_one_row(dz, W):
    """The examples are added up, to a table with a single row. Weights are shared by all examples, inputs are
    not: each example has its own, and so its own row of `dx`.
    """
    return (dz @ W.T).sum(axis=0, keepdims=True)


@_inputs()
def averages_the_inputs_of_all_examples(dz, W):
    """The examples are averaged. Weights are shared by all examples, inputs are not: each example has its
    own, and so its own row of `dx`.
    """
    return (dz @ W.T).mean(axis=0)


@_inputs(row="C17")
def multiplies_blame_and_weights_entry_by_entry(dz, W):
    """This multiplies entry by entry, with `*`. Which index has to be added up? A matrix product does it."""
    return dz * W


@_inputs(row="C17")
def multiplies_blame_and_turned_weights_entry_by_entry(dz, W):
    """The weights are turned as they should be, and then multiplied entry by entry, with `*`. Which index has
    to be added up? A matrix product does it.
    """
    return dz * W.T


@_inputs(row="C1")
def turns_the_blame_in_place_of_the_weights(dz, W):
    """All numbers are right and stand in (D, N): this is the gradient turned round. A row is an example, in
    `x` and in `dx` alike. Which table stands in front?
    """
    return W @ dz.T


@_inputs()
def puts_the_weights_in_front(dz, W):
    """The weights stand in front. Their rows are inputs, but the rows of `dx` are examples: which table has
    those as rows?
    """
    return W @ dz


@_inputs()
def puts_the_turned_weights_in_front(dz, W):
    """The weights are turned, and stand in front. The rows of `dx` are examples: which table has those as
    rows?
    """
    return W.T @ dz


@_inputs()
def turns_what_arrives(dz, W):
    """`dz` was turned in place of `W`. A row of `dz` is an example and should stay one."""
    return dz.T @ W


@_inputs()
def turns_both(dz, W):
    """Both tables were turned, and one turn is enough: the neurons of both must meet in the middle."""
    return dz.T @ W.T


@_inputs()
def turns_and_exchanges_both(dz, W):
    """Both tables were turned, and exchanged. A row of `dz` is an example and should stay one."""
    return W.T @ dz.T


@_inputs(factor="batch")
def averages_the_inputs_blame(dz, W):
    """Divided by the number of examples. The 1/N of the mean loss is in `dz` already, and no other example
    has a part in this row.
    """
    return dz @ W.T / len(dz)


@_inputs(factor="batch")
def multiplies_the_inputs_blame_by_the_batch(dz, W):
    """Multiplied by the number of examples. Is the 1/N of the mean loss yours to undo here? It belongs to the
    loss alone.
    """
    return dz @ W.T * len(dz)


@_inputs(factor="batch")
def averages_over_the_neurons(dz, W):
    """Averaged over the neurons. An input feeds all M of them, and across paths blame adds."""
    return dz @ W.T / dz.shape[1]


@_inputs()
def goes_back_through_the_last_neuron_only(dz, W):
    """Only the last neuron is in here. Is there an `=` in the innermost loop where blame must add up?"""
    return np.outer(dz[:, -1], W[:, -1])


@_inputs()
def goes_back_through_the_first_neuron_only(dz, W):
    """Only the first neuron is in here. An input feeds all M of them: where does the blame of the others
    arrive?
    """
    return np.outer(dz[:, 0], W[:, 0])


@_inputs()
def leaves_out_the_last_neuron(dz, W):
    """The last neuron is missing from every sum. Where does the loop over the neurons end?"""
    return dz[:, :-1] @ W[:, :-1].T


@_inputs()
def leaves_out_the_first_neuron(dz, W):
    """The first neuron is missing from every sum. Where does the loop over the neurons begin?"""
    return dz[:, 1:] @ W[:, 1:].T


@_inputs()
def multiplies_summed_blame_and_summed_weights(dz, W):
    """The blame of all neurons is added up, and their weights are, and then these sums are multiplied.
    Multiply neuron by neuron, and add up afterwards.
    """
    return np.outer(dz.sum(axis=1), W.sum(axis=1))


@_inputs()
def multiplies_mean_blame_and_summed_weights(dz, W):
    """The mean blame is multiplied by the summed weights. Multiply neuron by neuron, and add up afterwards:
    is the mean of products the product of means?
    """
    return np.outer(dz.mean(axis=1), W.sum(axis=1))


@_inputs()
def keeps_the_neurons_apart(dz, W):
    """These are the messages of all neurons one by one. An input feeds all M of them: what happens to blame
    from several places?
    """
    return dz[:, None, :] * W[None, :, :]


@_inputs()
def undoes_the_layer(dz, W):
    """This multiplies by the (pseudo-)inverse of the weights. The way back does not undo the way forward: it
    asks how far a nudge of `x` gets, and on the way a nudge is stretched by the weights themselves.
    """
    return dz @ np.linalg.pinv(W)


@_inputs()
def divides_by_the_weights(dz, W):
    """This divides by the weights. The way back does not undo the way forward: it asks how far a nudge of `x`
    gets, and on the way to neuron m the nudge is *multiplied* by a weight.
    """
    return dz @ (1 / W).T


@_inputs()
def drops_the_axis_of_the_only_example(dz, W):
    """With one example the axis of the examples is gone: a batch of one is still a table, with one row."""
    return np.squeeze(dz @ W.T)


@_inputs()
def reshapes_the_weights_going_back(dz, W):
    """The shape fits, and the numbers are in the wrong places: `reshape` cuts the rows of `W` elsewhere and
    leaves all in its order. Turning a table is another operation.
    """
    return dz @ _reshaped(W)


@linear_backward.mistake("dx")
def sends_back_what_went_out(dz, x, W):
    """The output of the layer stands where the gradient of the output belongs. Values go forward, gradients
    come back: which of the two is this?
    """
    return x @ W @ W.T


@linear_backward.mistake("dx")
def sends_the_blame_through_the_inputs(dz, x, W):
    """The inputs stand where the weights belong. `x[n, d]` was stretched by a weight on its way to neuron m:
    what does the gradient of the inputs need, beside `dz`?
    """
    return dz @ x.T


@linear_backward.mistake("dW")
def multiplies_by_the_weights_in_place_of_the_inputs(dz, x, W):
    """The weights stand where the inputs belong. `W[d, m]` was stretched by an input on the way forward: what
    does the gradient of the weights need, beside `dz`?
    """
    return W.T @ dz


@linear_backward.mistake("db")
def adds_up_what_went_out(dz, x, W):
    """The output of the layer is added up, where the gradient of the output belongs. Values go forward,
    gradients come back: which of the two is this?
    """
    return (x @ W).sum(axis=0)


# ---- layer_gradients_repaired ----


def sums_astray_and_averages_twice(dz, x, W):
    """Symptom: of 4 biases and 6 examples it makes 6 gradients for the biases; and measured by nudging, the
    slopes of the weights are larger than this dW says, all by the same factor.
    """
    return dz @ W.T, x.T @ dz / len(x), dz.sum(axis=1)


layer_gradients_repaired = Exercise(
    reference=linear.layer_gradients_repaired,
    returns=("dx", "dW", "db"),
    points=3,
    hints=(
        "Two lines are wrong. For each of them the table says how: by its shape, or by a factor.",
        "How many biases are there? And which number, known to this function, is the factor 6?",
        (
            "`axis` names the axis that disappears, and it should be the examples. And a layer adds up over "
            "the examples; the mean has been taken already, in the loss."
        ),
    ),
    upstream="dz",
    handed_out=sums_astray_and_averages_twice,
    handed_out_rows=("C3", "C10"),
    mistakes=list(linear_backward.mistakes),
    **COMMON,
)


# ---- quizzes ----

one_weight_moves = Quiz(
    "04-one-weight-moves",
    (
        "100 examples go through a layer of 30 neurons, so z has 100 rows and 30 columns. You nudge one "
        "single weight, W[1, 2]. How many entries of z move?"
    ),
    (
        Choice("1", "In each example there is one. But every example goes through the same weights."),
        Choice(
            "30",
            (
                "W[1, 2] belongs to neuron 2 alone; the other 29 have weights of their own. You would be "
                "right for a nudge of one *input*."
            ),
        ),
        Choice(
            "100",
            (
                "Column 2 of z: one neuron, every example. So blame for this weight arrives from 100 places. "
                "And across paths blame adds."
            ),
            right=True,
        ),
        Choice(
            "3,000",
            "That would be all of z. The weight W[1, 2] belongs to one neuron; the others stay still.",
        ),
    ),
)

where_the_mean_lives = Quiz(
    "04-where-the-mean-lives",
    (
        "The loss is a mean over N = 100 examples. Somebody divides by 100 in the gradient of the loss, and "
        "again in dW and db of the layer. What will they see?"
    ),
    (
        Choice(
            "Nothing: a mean of a mean is the same mean",
            (
                "It would be, if a mean were taken of the same numbers twice. Here the same sum is divided "
                "twice."
            ),
        ),
        Choice(
            "Training as if the learning rate were 100 times smaller",
            (
                "The direction is right and the steps are 100 times too short. The loss still falls, which "
                "makes it a nasty bug; only a measured slope tells."
            ),
            right=True,
        ),
        Choice(
            "Steps in the wrong direction",
            "All entries shrink by the same factor, so the direction stays. Only the length is wrong.",
        ),
        Choice(
            "An error, since the shapes no longer fit",
            "Dividing by a number changes no shape. If it did, the bug would have been found at once.",
        ),
    ),
)

loop_or_matrix = Quiz(
    "04-loop-or-matrix",
    (
        "Three loops in Python and one matrix product do the same multiplications and additions, and give "
        "the same numbers. For 100 examples, 64 inputs and 30 neurons: how do their times compare?"
    ),
    (
        Choice(
            "About the same: it is the same arithmetic", "The arithmetic is. What costs is all around it."
        ),
        Choice(
            "The product is about twice as fast",
            (
                "It is far more. For each single multiplication the loop first looks up what the numbers "
                "even are."
            ),
        ),
        Choice(
            "The product is more than a hundred times as fast",
            (
                "Python looks up types and makes an object for every number; the matrix product is compiled "
                "code that takes several numbers at a time. Run the next cell."
            ),
            right=True,
        ),
    ),
)
