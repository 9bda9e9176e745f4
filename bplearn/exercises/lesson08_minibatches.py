"""Lesson 08: stochastic gradient descent."""

import numpy as np

from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import minibatch
from bplearn.nn.activations import softmax
from bplearn.nn.mlp import init_mlp, mlp_backward, mlp_forward, mlp_loss_gradients, sgd_update
from bplearn.probes import Seed

# ---- minibatches ----


def examples_and_sizes(rng):
    """Smallest first; with and without a rest, one batch for each example, one batch for all, more than
    all."""
    for n, batch_size in ((10, 10), (13, 4), (14, 3), (15, 5), (13, 1), (14, 5), (11, 20), (16, 7), (17, 6)):
        yield {
            "x": rng.normal(size=(n, 3)),
            "labels": rng.permutation(np.arange(n) % 5),
            "batch_size": batch_size,
            "rng": Seed(int(rng.integers(10**6))),
        }


minibatches = Exercise(
    reference=minibatch.minibatches,
    cases=examples_and_sizes,
    returns=("batches",),
    points=1,
    probe="batches",
    hints=(
        "Take 10 examples and batches of 4, on paper. Which are in which batch, and how large is the last?",
        (
            "One list of row numbers, in a new order, serves both: what is row 7 of `x` has its label in "
            "place 7 of `labels`. `rng.permutation(N)` gives such a list."
        ),
        (
            "Go through that list in strides of `batch_size`. A slice that reaches too far stops at the "
            "end by itself. Index `x` and `labels` with the same piece of the list."
        ),
    ),
)


def _cut(x, labels, order, starts, width):
    """Batches of some width that begin at some places of an order."""
    return [(x[order[i : i + width]], labels[order[i : i + width]]) for i in starts]


def _pairs(x, labels, parts):
    return [(x[part], labels[part]) for part in parts]


@minibatches.mistake(row="H3")
def drops_the_small_batch(x, labels, batch_size, rng):
    """The last batch is left out where it is smaller than the others. N = 10 in batches of 4: which
    examples are never looked at?"""
    order = rng.permutation(len(x))
    return _cut(x, labels, order, range(0, len(x) - batch_size + 1, batch_size), batch_size)


@minibatches.mistake(row="H3")
def drops_the_last_batch_always(x, labels, batch_size, rng):
    """The last batch is always left out, even a full one. At which number does your `range` end?"""
    order = rng.permutation(len(x))
    starts = list(range(0, len(x), batch_size))[:-1]
    return _cut(x, labels, order, starts, batch_size)


@minibatches.mistake(row="H3")
def fills_up_the_last_batch(x, labels, batch_size, rng):
    """The last batch is filled up to `batch_size`, so some examples come twice in this epoch. It may be
    smaller than the others."""
    order = rng.permutation(len(x))
    return _cut(
        x, labels, np.resize(order, 2 * len(x) + batch_size), range(0, len(x), batch_size), batch_size
    )


@minibatches.mistake(row="H3")
def lets_the_last_batch_reach_back(x, labels, batch_size, rng):
    """The last batch reaches back to be as large as the others, so some examples come twice in this epoch.
    It may be smaller."""
    order = rng.permutation(len(x))
    starts = range(0, len(x), batch_size)
    return _pairs(x, labels, [order[i : i + batch_size] for i in starts[:-1]] + [order[-batch_size:]])


@minibatches.mistake(row="H3")
def appends_the_rest_to_the_last_batch(x, labels, batch_size, rng):
    """What is left over is put into the last full batch, which becomes too large. It makes a batch of its
    own."""
    order = rng.permutation(len(x))
    cuts = [k * batch_size for k in range(1, len(x) // batch_size)]
    return _pairs(x, labels, np.split(order, cuts))


@minibatches.mistake()
def makes_the_batches_equal(x, labels, batch_size, rng):
    """The number of batches is right, and the sizes are evened out, as `np.array_split` does. Each batch
    holds `batch_size` examples, and the last one the rest."""
    order = rng.permutation(len(x))
    return _pairs(x, labels, np.array_split(order, -(-len(x) // batch_size)))


@minibatches.mistake()
def makes_one_batch_too_few(x, labels, batch_size, rng):
    """There is one batch too few, and the sizes are evened out. How many batches of 4 does it take to hold
    10 examples, and how large is each?"""
    order = rng.permutation(len(x))
    return _pairs(x, labels, np.array_split(order, max(1, len(x) // batch_size)))


@minibatches.mistake()
def takes_the_size_for_a_number(x, labels, batch_size, rng):
    """`batch_size` is taken for the number of batches. It is the number of examples in each."""
    return _pairs(x, labels, np.array_split(rng.permutation(len(x)), batch_size))


@minibatches.mistake()
def ignores_the_batch_size(x, labels, batch_size, rng):
    """All examples come in one batch. Which argument says how many belong together?"""
    return _pairs(x, labels, [rng.permutation(len(x))])


@minibatches.mistake()
def makes_batches_of_one(x, labels, batch_size, rng):
    """Each example is a batch of its own. Which argument says how many belong together?"""
    return _cut(x, labels, rng.permutation(len(x)), range(len(x)), 1)


@minibatches.mistake(row="H6")
def ends_every_slice_at_the_batch_size(x, labels, batch_size, rng):
    """Every slice ends at `batch_size`, so all batches but the first are empty. A slice that begins at `i`
    ends at `i + batch_size`."""
    order = rng.permutation(len(x))
    return _pairs(x, labels, [order[i:batch_size] for i in range(0, len(x), batch_size)])


@minibatches.mistake(row="H6")
def loses_one_example_in_each_batch(x, labels, batch_size, rng):
    """One example of each batch is lost: the slice ends one too early. How many numbers are there in `i : i
    + 4`, when the end does not count?"""
    order = rng.permutation(len(x))
    return _cut(x, labels, order, range(0, len(x), batch_size), batch_size - 1)


@minibatches.mistake(row="H6")
def takes_one_example_too_many(x, labels, batch_size, rng):
    """Each batch reaches one too far, and the first example of the next batch comes twice. Where does the
    slice end?"""
    order = rng.permutation(len(x))
    return _cut(x, labels, order, range(0, len(x), batch_size), batch_size + 1)


@minibatches.mistake(row="H6")
def begins_at_one(x, labels, batch_size, rng):
    """The first example of the order is never handed out. At which number do rows begin?"""
    order = rng.permutation(len(x))
    return _cut(x, labels, order, range(1, len(x), batch_size), batch_size)


@minibatches.mistake(row="H6")
def loses_the_last_example(x, labels, batch_size, rng):
    """The last example of the order is never handed out. Where do your slices end, and does the end count?"""
    order = rng.permutation(len(x))[:-1]
    return _cut(x, labels, order, range(0, len(order), batch_size), batch_size)


@minibatches.mistake(row="H6")
def draws_an_order_too_short(x, labels, batch_size, rng):
    """The last row of `x` is never handed out: the order is one number too short. Which numbers are in
    `rng.permutation(10)`?"""
    order = rng.permutation(len(x) - 1)
    return _cut(x, labels, order, range(0, len(order), batch_size), batch_size)


@minibatches.mistake()
def loses_a_last_batch_of_one(x, labels, batch_size, rng):
    """Where one example is left over, it is lost. A batch of one is a batch: at which number does your
    `range` end?"""
    order = rng.permutation(len(x))
    return _cut(x, labels, order, range(0, len(x) - 1, batch_size), batch_size)


@minibatches.mistake()
def moves_on_by_one(x, labels, batch_size, rng):
    """Batches overlap: each begins one example after the one before. How far apart should two batches
    begin?"""
    return _cut(x, labels, rng.permutation(len(x)), range(len(x)), batch_size)


@minibatches.mistake()
def counts_batches_and_moves_on_by_one(x, labels, batch_size, rng):
    """The number of batches is right, and they overlap: each begins one example after the one before. At
    which place of the order does batch number 2 begin?"""
    batches = -(-len(x) // batch_size)
    return _cut(x, labels, rng.permutation(len(x)), range(batches), batch_size)


@minibatches.mistake()
def ends_with_an_empty_batch(x, labels, batch_size, rng):
    """Where nothing is left over, an empty batch comes last. Its mean loss would be 0/0: how many batches
    of 4 do 12 examples make?"""
    order = rng.permutation(len(x))
    return _cut(x, labels, order, range(0, len(x) + 1, batch_size), batch_size)


@minibatches.mistake()
def puts_the_small_batch_first(x, labels, batch_size, rng):
    """The smaller batch comes first. It should be the last one."""
    order = rng.permutation(len(x))
    rest = len(x) % batch_size
    first = [order[:rest]] if rest else []
    return _pairs(x, labels, [*first, *(order[i : i + batch_size] for i in range(rest, len(x), batch_size))])


@minibatches.mistake()
def hands_out_the_first_batch_only(x, labels, batch_size, rng):
    """Only the first batch comes. Is there a `return` inside the loop?"""
    return _cut(x, labels, rng.permutation(len(x)), [0], batch_size)


@minibatches.mistake()
def hands_out_the_last_batch_only(x, labels, batch_size, rng):
    """Only the last batch comes. Does your loop collect the batches, or keep one name for all of them?"""
    return minibatch.minibatches(x, labels, batch_size, rng)[-1:]


@minibatches.mistake()
def never_stops(x, labels, batch_size, rng):
    """Batches keep coming after every example was handed out once. One call is one epoch: what ends your
    loop?"""
    found = minibatch.minibatches(x, labels, batch_size, rng)
    while True:
        yield from found


@minibatches.mistake(row="H4")
def gives_inputs_and_labels_an_order_each(x, labels, batch_size, rng):
    """Labels are torn from their inputs: each gets an order of its own. An image of a 7 now says that it is
    a 3. How could both get the same order?"""
    return _apart(x[rng.permutation(len(x))], labels[rng.permutation(len(x))], batch_size)


@minibatches.mistake(row="H4")
def gives_labels_and_inputs_an_order_each(x, labels, batch_size, rng):
    """Labels are torn from their inputs: each gets an order of its own. An image of a 7 now says that it is
    a 3. How could both get the same order?"""
    labels = labels[rng.permutation(len(x))]
    return _apart(x[rng.permutation(len(x))], labels, batch_size)


@minibatches.mistake(row="H4")
def shuffles_the_inputs_only(x, labels, batch_size, rng):
    """The inputs get a new order and the labels keep the old one. Which label belongs to the first row
    now?"""
    return _apart(x[rng.permutation(len(x))], labels, batch_size)


@minibatches.mistake(row="H4")
def shuffles_the_labels_only(x, labels, batch_size, rng):
    """The labels get a new order and the inputs keep the old one. Which row belongs to the first label
    now?"""
    return _apart(x, labels[rng.permutation(len(x))], batch_size)


def _apart(x, labels, batch_size):
    starts = range(0, len(x), batch_size)
    return [(x[i : i + batch_size], labels[i : i + batch_size]) for i in starts]


@minibatches.mistake()
def keeps_the_given_order(x, labels, batch_size, rng):
    """The examples come in the order in which they are given, each time. Which argument brings the chance?"""
    return _apart(x, labels, batch_size)


@minibatches.mistake()
def shuffles_whole_batches(x, labels, batch_size, rng):
    """The batches change places, and the same examples stay together each time. It is the examples that
    need a new order, before they are cut into batches."""
    starts = np.arange(0, len(x), batch_size)
    return _cut(x, labels, np.arange(len(x)), rng.permutation(starts), batch_size)


@minibatches.mistake()
def shuffles_within_batches(x, labels, batch_size, rng):
    """Only inside a batch do the examples change places, and the same ones stay together each time. Shuffle
    first, then cut."""
    parts = [np.arange(i, min(i + batch_size, len(x))) for i in range(0, len(x), batch_size)]
    return _pairs(x, labels, [rng.permutation(part) for part in parts])


@minibatches.mistake(row="H5")
def draws_the_same_order_each_time(x, labels, batch_size, rng):
    """Two calls give the same order, so every epoch sees the same batches. Is a generator made inside, from
    a fixed seed, or is the order kept? Each call should draw a new one from the `rng` that comes in."""
    return minibatch.minibatches(x, labels, batch_size, np.random.default_rng(0))


@minibatches.mistake()
def draws_from_another_generator(x, labels, batch_size, rng):
    """With two generators from one seed, two orders come out: the chance does not come from `rng`. Then
    nobody can repeat a run. Who draws the order?"""
    return minibatch.minibatches(x, labels, batch_size, np.random.default_rng())


@minibatches.mistake()
def draws_with_replacement(x, labels, batch_size, rng):
    """Some examples come twice and others never: the row numbers are drawn with replacement. In an epoch
    each comes once."""
    return _cut(x, labels, rng.integers(0, len(x), len(x)), range(0, len(x), batch_size), batch_size)


@minibatches.mistake()
def draws_full_batches_with_replacement(x, labels, batch_size, rng):
    """Each batch is drawn anew, and with replacement: some examples come twice and others never. In an
    epoch each comes once, so the last batch may be smaller."""
    starts = range(0, len(x), batch_size)
    return _pairs(x, labels, [rng.integers(0, len(x), batch_size) for _ in starts])


@minibatches.mistake(row="H4")
def draws_two_orders_for_each_batch(x, labels, batch_size, rng):
    """Each batch draws new orders, one for the inputs and one for the labels. So labels are torn from their
    inputs, and some examples come twice. How many orders does an epoch need?"""
    return _pairs_apart(x, labels, batch_size, rng)


def _pairs_apart(x, labels, batch_size, rng):
    slices = [slice(i, i + batch_size) for i in range(0, len(x), batch_size)]
    return [(x[rng.permutation(len(x))][s], labels[rng.permutation(len(x))][s]) for s in slices]


@minibatches.mistake()
def draws_an_order_for_each_batch(x, labels, batch_size, rng):
    """A new order is drawn for each batch, so some examples come twice and others never. One order for the
    whole epoch, cut into pieces."""
    starts = range(0, len(x), batch_size)
    return [_cut(x, labels, rng.permutation(len(x)), [i], batch_size)[0] for i in starts]


@minibatches.mistake()
def draws_each_batch_from_all(x, labels, batch_size, rng):
    """Each batch is drawn from all examples anew, so some come twice and others never. In an epoch each
    comes once: one order, cut into pieces."""
    sizes = [min(batch_size, len(x) - i) for i in range(0, len(x), batch_size)]
    return _pairs(x, labels, [rng.choice(len(x), size, replace=False) for size in sizes])


@minibatches.mistake()
def shuffles_each_column(x, labels, batch_size, rng):
    """Each column of `x` is shuffled for itself, so the numbers of one example are spread over many rows. A
    row is one example: move it as a whole."""
    return minibatch.minibatches(rng.permuted(x, axis=0), labels, batch_size, rng)


@minibatches.property("examples")
def keeps_each_input_whole(value, x, labels, batch_size, rng):
    """A row comes out that is not among the rows of `x`. An example is moved as a whole and not changed."""
    return all((x == row).all(axis=1).any() for row in value[:, :-1])


@minibatches.property("examples")
def hands_out_each_example_once(value, x, labels, batch_size, rng):
    """Some examples come twice and others never. In one epoch each comes once."""
    return len(np.unique(value[:, :-1], axis=0)) == len(x)


@minibatches.property("examples")
def keeps_labels_with_their_inputs(value, x, labels, batch_size, rng):
    """Labels are torn from their inputs: the rows of `x` all come, with labels of other rows. How could
    both get the same order?"""
    return all(label == labels[(x == row).all(axis=1).argmax()] for *row, label in value)


# ---- epoch_loss ----


def losses_and_sizes(rng):
    for sizes in ((20, 7), (4, 4, 1), (32, 32, 32, 13), (5, 3, 8), (6, 6, 6, 6, 2), (9, 9, 9), (64, 11)):
        yield {"batch_losses": rng.uniform(0.2, 3.0, len(sizes)).tolist(), "batch_sizes": list(sizes)}


epoch_loss = Exercise(
    reference=minibatch.epoch_loss,
    cases=losses_and_sizes,
    returns=("loss",),
    points=1,
    hints=(
        "Two batches: 20 examples with mean loss 1, and 10 with mean loss 4. What is the mean over all 30?",
        "The mean loss of a batch times its size is the sum over its examples. What do you do with the sums?",
        "Add up loss times size over all batches. Then divide by the number of examples in all.",
    ),
)


@epoch_loss.mistake("loss", row="H7")
def counts_each_batch_alike(batch_losses, batch_sizes):
    """This is the plain mean of the batches: the small one counts as much as a full one. Whose mean is it,
    the batches' or the examples'?"""
    return np.mean(batch_losses)


@epoch_loss.mistake("loss")
def adds_the_batch_losses_up(batch_losses, batch_sizes):
    """The batch losses are added up. A mean lies between the smallest and the largest of them."""
    return np.sum(batch_losses)


@epoch_loss.mistake("loss")
def stops_at_the_sum_over_examples(batch_losses, batch_sizes):
    """This is the sum over all examples. For a mean, divide by how many there are."""
    return np.dot(batch_losses, batch_sizes)


@epoch_loss.mistake("loss")
def divides_by_the_number_of_batches(batch_losses, batch_sizes):
    """The sum over all examples is divided by the number of batches. How many losses went into that sum?"""
    return np.dot(batch_losses, batch_sizes) / len(batch_losses)


@epoch_loss.mistake("loss", row="H3")
def takes_every_batch_for_a_full_one(batch_losses, batch_sizes):
    """It is divided as if every batch had the size of the first one. The last one may be smaller."""
    return np.dot(batch_losses, batch_sizes) / (len(batch_losses) * batch_sizes[0])


@epoch_loss.mistake("loss")
def divides_the_batch_losses_by_all_examples(batch_losses, batch_sizes):
    """The batch losses are means already, and they are divided by the number of examples again. Which sum
    should be divided by that?"""
    return np.sum(batch_losses) / np.sum(batch_sizes)


@epoch_loss.mistake("loss")
def divides_each_loss_by_its_size(batch_losses, batch_sizes):
    """Each batch loss is divided by its size. It is a mean already; times its size it is the sum over the
    batch."""
    return np.sum(np.divide(batch_losses, batch_sizes))


@epoch_loss.mistake("loss")
def averages_the_losses_divided_by_their_sizes(batch_losses, batch_sizes):
    """Each batch loss is divided by its size, then averaged. It is a mean already: a second division makes
    it too small."""
    return np.mean(np.divide(batch_losses, batch_sizes))


@epoch_loss.mistake("loss")
def weights_small_batches_more(batch_losses, batch_sizes):
    """The weights are one over the size: a small batch counts more than a large one. Which should count
    more?"""
    return np.average(batch_losses, weights=1 / np.array(batch_sizes))


@epoch_loss.mistake("loss")
def squares_the_weights(batch_losses, batch_sizes):
    """The sizes come in twice. One factor turns the mean of a batch into its sum."""
    return np.average(batch_losses, weights=np.square(batch_sizes))


@epoch_loss.mistake("loss", row="H3")
def leaves_the_last_batch_out(batch_losses, batch_sizes):
    """The last batch is left out. Its examples count like all others."""
    return np.average(batch_losses[:-1], weights=batch_sizes[:-1])


@epoch_loss.mistake("loss", row="H3")
def leaves_the_last_loss_out(batch_losses, batch_sizes):
    """The last batch is missing in the sum, and its examples are counted in the number of all."""
    return np.dot(batch_losses[:-1], batch_sizes[:-1]) / np.sum(batch_sizes)


@epoch_loss.mistake("loss")
def leaves_the_first_batch_out(batch_losses, batch_sizes):
    """The first batch is left out. At which number does your loop begin?"""
    return np.average(batch_losses[1:], weights=batch_sizes[1:])


@epoch_loss.mistake("loss")
def takes_the_last_loss(batch_losses, batch_sizes):
    """This is the loss of the last batch. All batches count, each by its size."""
    return batch_losses[-1]


@epoch_loss.mistake("loss")
def takes_the_first_loss(batch_losses, batch_sizes):
    """This is the loss of the first batch. All batches count, each by its size."""
    return batch_losses[0]


@epoch_loss.mistake("loss")
def takes_the_middle_loss(batch_losses, batch_sizes):
    """This is the median of the batch losses. The mean over all examples is due."""
    return np.median(batch_losses)


@epoch_loss.mistake("loss")
def exchanges_losses_and_sizes(batch_losses, batch_sizes):
    """It is divided by the sum of the losses, not by the number of examples. Which list is averaged, and
    which one says how much each counts?"""
    return np.average(batch_sizes, weights=batch_losses)


@epoch_loss.mistake("loss")
def multiplies_the_plain_mean(batch_losses, batch_sizes):
    """This is the plain mean of the batches, times the number of examples. Each loss has a size of its own
    to be multiplied by, and a mean is divided in the end."""
    return np.mean(batch_losses) * np.sum(batch_sizes)


@epoch_loss.mistake("loss")
def weights_by_one_more(batch_losses, batch_sizes):
    """One example too many is counted: the sum is divided by N + 1."""
    return np.dot(batch_losses, batch_sizes) / (np.sum(batch_sizes) + 1)


@epoch_loss.mistake("loss")
def averages_the_products(batch_losses, batch_sizes):
    """The sum over all examples is divided by the size of the first batch. How many losses went into it?"""
    return np.dot(batch_losses, batch_sizes) / batch_sizes[0]


# ---- train_epoch ----

D, H, K = 3, 5, 4  # inputs, hidden units and classes of the small networks below


def epochs(rng):
    """Cases in which the order cannot matter: one batch, equal rows, or steps of length 0."""
    for kind, n, batch_size, lr in (
        ("alike", 9, 4, 0.7),
        ("distinct", 6, 6, 0.4),
        ("distinct", 10, 4, 0.0),
        ("alike", 12, 5, 0.35),
        ("distinct", 8, 11, 0.6),
        ("distinct", 7, 3, 0.0),
    ):
        rows = 1 if kind == "alike" else n
        yield {
            "params": {name: array + 0.1 for name, array in init_mlp((D, H, K), rng).items()},
            "x": np.repeat(rng.normal(size=(rows, D)), n // rows, axis=0),
            "labels": np.repeat(rng.permutation(np.arange(rows) % K), n // rows),
            "batch_size": batch_size,
            "lr": lr,
            "rng": Seed(int(rng.integers(10**6))),
        }


train_epoch = Exercise(
    reference=minibatch.train_epoch,
    cases=epochs,
    returns=("params", "loss"),
    points=2,
    probe="epoch",
    hints=(
        "What happens to one batch, from the forward pass to the new params? You have written each piece.",
        (
            "In the loop over `minibatches(...)`: loss and gradients of the batch, a step, and two lists "
            "that remember the loss and the size of the batch."
        ),
        (
            "`mlp_loss_gradients` gives both for a batch, `sgd_update` gives new params: keep them under the "
            "same name, so that the next batch starts from there. After the loop, `epoch_loss` of your lists."
        ),
    ),
)


def _step(params, x, labels, lr):
    return sgd_update(params, mlp_loss_gradients(x, labels, params)[1], lr)


def _weighted(losses, sizes):
    return np.average(losses, weights=sizes)


def _epoch(params, batches, lr, step=_step, report=_weighted):
    """The loop of the wrong versions below, with other batches, another step or another report."""
    losses, sizes = [], []
    for x, labels in batches:
        losses.append(mlp_loss_gradients(x, labels, params)[0])
        sizes.append(len(labels))
        params = step(params, x, labels, lr)
    return params, report(losses, sizes)


def _with_step(params, x, labels, batch_size, lr, rng, step):
    return _epoch(params, minibatch.minibatches(x, labels, batch_size, rng), lr, step)


def _with_report(params, x, labels, batch_size, lr, rng, report):
    return _epoch(params, minibatch.minibatches(x, labels, batch_size, rng), lr, report=report)


@train_epoch.mistake(row="H2")
def divides_by_the_batch_again(params, x, labels, batch_size, lr, rng):
    """The gradients are divided by the number of examples in the batch once more. The loss is a mean, so
    its gradient has that 1/N inside already."""

    def step(params, x, labels, lr):
        return _step(params, x, labels, lr / len(x))

    return _with_step(params, x, labels, batch_size, lr, rng, step)


@train_epoch.mistake(row="H2")
def divides_by_the_batch_size_again(params, x, labels, batch_size, lr, rng):
    """The gradients are divided by `batch_size` once more. The loss is a mean, so its gradient has the 1/N
    of the batch inside already."""
    return minibatch.train_epoch(params, x, labels, batch_size, lr / batch_size, rng)


@train_epoch.mistake()
def multiplies_by_the_batch(params, x, labels, batch_size, lr, rng):
    """The gradients are multiplied by the number of examples: they are sums then. The loss is a mean, and
    so is its gradient."""

    def step(params, x, labels, lr):
        return _step(params, x, labels, lr * len(x))

    return _with_step(params, x, labels, batch_size, lr, rng, step)


@train_epoch.mistake(row="H8")
def updates_one_array_after_the_other(params, x, labels, batch_size, lr, rng):
    """Within a step, the gradient of each array is taken after the arrays before it have moved. All
    gradients of a step belong to one forward pass."""

    def step(params, x, labels, lr):
        for name in params:
            grads = mlp_loss_gradients(x, labels, params)[1]
            params = {**params, name: params[name] - lr * grads[name]}
        return params

    return _with_step(params, x, labels, batch_size, lr, rng, step)


@train_epoch.mistake()
def climbs_the_loss(params, x, labels, batch_size, lr, rng):
    """The steps go uphill: the gradient is added. Which way does the loss fall?"""
    return minibatch.train_epoch(params, x, labels, batch_size, -lr, rng)


@train_epoch.mistake()
def leaves_the_rate_out(params, x, labels, batch_size, lr, rng):
    """`lr` is not used: each step is as long as the gradient."""
    return minibatch.train_epoch(params, x, labels, batch_size, 1.0, rng)


@train_epoch.mistake()
def multiplies_by_the_rate_twice(params, x, labels, batch_size, lr, rng):
    """The learning rate comes in twice. `sgd_update` multiplies by it already."""
    return minibatch.train_epoch(params, x, labels, batch_size, lr * lr, rng)


@train_epoch.mistake()
def divides_the_rate_by_the_batches(params, x, labels, batch_size, lr, rng):
    """Each step is divided by the number of batches. The steps follow one another; they are not averaged."""
    return minibatch.train_epoch(params, x, labels, batch_size, lr / -(-len(x) // batch_size), rng)


@train_epoch.mistake()
def returns_the_params_that_came_in(params, x, labels, batch_size, lr, rng):
    """The params have not moved. `sgd_update` gives back new params: what happens to them?"""
    return params, minibatch.train_epoch(params, x, labels, batch_size, 0.0, rng)[1]


@train_epoch.mistake()
def forgets_every_step_but_the_last(params, x, labels, batch_size, lr, rng):
    """Every batch starts again from the params that came in, so only the last step is kept. Which params
    does the second batch see?"""
    batches = minibatch.minibatches(x, labels, batch_size, rng)
    last_x, last_labels = batches[-1]
    return _step(params, last_x, last_labels, lr), _epoch(params, batches, 0.0)[1]


@train_epoch.mistake()
def returns_after_one_batch(params, x, labels, batch_size, lr, rng):
    """It stops after the first batch. Is the `return` inside the loop?"""
    return _epoch(params, minibatch.minibatches(x, labels, batch_size, rng)[:1], lr)


@train_epoch.mistake(row="H3")
def leaves_out_the_small_batch(params, x, labels, batch_size, lr, rng):
    """The smaller batch at the end takes no part. Its examples want to be learned too."""
    batches = minibatch.minibatches(x, labels, batch_size, rng)
    return _epoch(params, batches[:-1] if len(batches) > 1 else batches, lr)


@train_epoch.mistake()
def takes_one_step_on_everything(params, x, labels, batch_size, lr, rng):
    """One step is taken, with the mean gradient of all examples. A step is due for each batch, and the
    next one sees the params that have moved."""
    return _epoch(params, [(x, labels)], lr)


@train_epoch.mistake()
def uses_all_examples_in_each_step(params, x, labels, batch_size, lr, rng):
    """Each step looks at all examples, not at those of its batch. Which names does the line with the
    gradients use?"""
    steps = len(minibatch.minibatches(x, labels, batch_size, rng))
    return _epoch(params, [(x, labels)] * steps, lr)


def _all_but_weighted(params, x, labels, batch_size, lr, rng):
    """The same, with the losses weighted by the sizes of the batches that were not used."""
    sizes = [len(part) for _, part in minibatch.minibatches(x, labels, batch_size, rng)]
    return _epoch(params, [(x, labels)] * len(sizes), lr, report=lambda losses, _: _weighted(losses, sizes))


_all_but_weighted.__name__ = uses_all_examples_in_each_step.__name__
_all_but_weighted.__doc__ = uses_all_examples_in_each_step.__doc__
train_epoch.mistake()(_all_but_weighted)


@train_epoch.mistake()
def steps_once_with_the_sum(params, x, labels, batch_size, lr, rng):
    """The gradients of all batches are added up, and one step is taken at the end. A step is due after each
    batch, and the next batch sees the params that have moved."""
    batches = minibatch.minibatches(x, labels, batch_size, rng)
    return _summed_step(params, batches, lr), _epoch(params, batches, 0.0)[1]


def _summed_step(params, batches, lr):
    all_grads = [mlp_loss_gradients(x, labels, params)[1] for x, labels in batches]
    return sgd_update(params, {name: sum(grads[name] for grads in all_grads) for name in params}, lr)


@train_epoch.mistake()
def takes_each_step_twice(params, x, labels, batch_size, lr, rng):
    """Each batch makes two steps. Is `sgd_update` called twice, or is an update made by hand as well?"""

    def step(params, x, labels, lr):
        return _step(_step(params, x, labels, lr), x, labels, lr)

    return _with_step(params, x, labels, batch_size, lr, rng, step)


@train_epoch.mistake()
def takes_steps_of_twice_the_length(params, x, labels, batch_size, lr, rng):
    """Each step is twice as long as it should be: the same gradients are used for two updates."""
    return minibatch.train_epoch(params, x, labels, batch_size, 2 * lr, rng)


@train_epoch.mistake()
def makes_two_passes(params, x, labels, batch_size, lr, rng):
    """Two passes over the examples are made. One call is one epoch."""
    batches = minibatch.minibatches(x, labels, batch_size, rng)
    return _epoch(params, [*batches, *minibatch.minibatches(x, labels, batch_size, rng)], lr)


@train_epoch.mistake()
def takes_a_step_for_each_example(params, x, labels, batch_size, lr, rng):
    """A step is taken for each single example. The examples of a batch make one step together."""
    return minibatch.train_epoch(params, x, labels, 1, lr, rng)


@train_epoch.mistake()
def moves_the_weights_only(params, x, labels, batch_size, lr, rng):
    """The biases never move. They have gradients too."""

    def step(params, x, labels, lr):
        return {
            **params,
            **{name: array for name, array in _step(params, x, labels, lr).items() if "W" in name},
        }

    return _with_step(params, x, labels, batch_size, lr, rng, step)


@train_epoch.mistake()
def moves_the_last_layer_only(params, x, labels, batch_size, lr, rng):
    """The first layer never moves. Go over all names in `params`."""

    def step(params, x, labels, lr):
        return {
            **params,
            **{name: array for name, array in _step(params, x, labels, lr).items() if "2" in name},
        }

    return _with_step(params, x, labels, batch_size, lr, rng, step)


@train_epoch.mistake()
def moves_the_first_layer_only(params, x, labels, batch_size, lr, rng):
    """The last layer never moves. Go over all names in `params`."""

    def step(params, x, labels, lr):
        return {
            **params,
            **{name: array for name, array in _step(params, x, labels, lr).items() if "1" in name},
        }

    return _with_step(params, x, labels, batch_size, lr, rng, step)


@train_epoch.mistake(row="H5")
def goes_in_the_same_order_each_time(params, x, labels, batch_size, lr, rng):
    """Two epochs on one `rng` take the examples in the same order. Are they shuffled at all, and by the
    `rng` that comes in?"""
    return minibatch.train_epoch(params, x, labels, batch_size, lr, np.random.default_rng(0))


@train_epoch.mistake()
def draws_the_order_elsewhere(params, x, labels, batch_size, lr, rng):
    """With two generators from one seed, two orders come out: the chance does not come from `rng`. Then
    nobody can repeat a run. Who draws the order?"""
    return minibatch.train_epoch(params, x, labels, batch_size, lr, np.random.default_rng())


@train_epoch.mistake(row="H4")
def tears_labels_from_inputs(params, x, labels, batch_size, lr, rng):
    """Labels are torn from their inputs: each gets an order of its own. How could both get the same one?"""
    batches = gives_inputs_and_labels_an_order_each(x, labels, batch_size, rng)
    return _epoch(params, batches, lr)


@train_epoch.mistake(row="H4")
def moves_the_inputs_away_from_their_labels(params, x, labels, batch_size, lr, rng):
    """The inputs get a new order and the labels keep the old one. Which label belongs to the first row
    now?"""
    return _epoch(params, shuffles_the_inputs_only(x, labels, batch_size, rng), lr)


@train_epoch.mistake(row="H4")
def moves_the_labels_away_from_their_inputs(params, x, labels, batch_size, lr, rng):
    """The labels get a new order and the inputs keep the old one. Which row belongs to the first label
    now?"""
    return _epoch(params, shuffles_the_labels_only(x, labels, batch_size, rng), lr)


def _by_a_fixed_number(mistake, number):
    """One cause, and where it may sit: in the step, in the loss, in both, and in the sizes as well."""
    for in_step, in_loss, in_sizes in ((1, 1, 0), (1, 0, 0), (0, 1, 0), (1, 1, 1), (0, 1, 1)):

        def wrong(params, x, labels, batch_size, lr, rng, flags=(in_step, in_loss, in_sizes)):
            batches = minibatch.minibatches(x, labels, batch_size, rng)
            return _nominal(params, batches, number(x, batch_size), lr, *flags)

        wrong.__name__, wrong.__doc__ = mistake.__name__, mistake.__doc__
        train_epoch.mistake(row="H3")(wrong)


def takes_the_last_batch_for_a_full_one():
    """In the last batch, which may be smaller, a sum is divided by `batch_size`. Divide by how many examples
    the batch really holds."""


def divides_by_all_examples():
    """A sum over the batch is divided by the number of all examples. The mean over the batch is due: divide
    by how many examples the batch holds."""


def _nominal(params, batches, number, lr, in_step, in_loss, in_sizes):
    """Sums over a batch, divided by some number instead of by how many examples it holds."""

    def step(params, x, labels, lr):
        return _step(params, x, labels, lr * len(x) / number if in_step else lr)

    def report(losses, sizes):
        shares = np.array(sizes) / number if in_loss else 1.0
        return np.average(np.multiply(losses, shares), weights=None if in_sizes else sizes)

    return _epoch(params, batches, lr, step, report)


_by_a_fixed_number(takes_the_last_batch_for_a_full_one, lambda x, batch_size: batch_size)
_by_a_fixed_number(takes_the_last_batch_for_a_full_one, lambda x, batch_size: min(batch_size, len(x)))
_by_a_fixed_number(divides_by_all_examples, lambda x, batch_size: len(x))


@train_epoch.mistake(row="H7")
def weighs_all_batches_alike(params, x, labels, batch_size, lr, rng):
    """This is the plain mean of the batch losses: the small batch counts as much as a full one. Which size
    should go with the loss of each batch?"""
    return _with_report(params, x, labels, batch_size, lr, rng, lambda found, n: np.mean(found))


@train_epoch.mistake()
def adds_up_the_batch_losses(params, x, labels, batch_size, lr, rng):
    """The batch losses are added up. The mean over the examples is due."""
    return _with_report(params, x, labels, batch_size, lr, rng, lambda found, n: np.sum(found))


@train_epoch.mistake()
def adds_up_the_losses_of_all_examples(params, x, labels, batch_size, lr, rng):
    """This is the sum over all examples. For a mean, divide by how many there are."""
    return _with_report(params, x, labels, batch_size, lr, rng, np.dot)


@train_epoch.mistake()
def divides_the_sum_of_means_by_all_examples(params, x, labels, batch_size, lr, rng):
    """The batch losses are means already, and their sum is divided by the number of examples. Which
    sum should be divided by that?"""
    return _with_report(params, x, labels, batch_size, lr, rng, lambda found, n: np.sum(found) / np.sum(n))


@train_epoch.mistake()
def exchanges_losses_with_sizes(params, x, labels, batch_size, lr, rng):
    """The sizes are averaged, with the losses as weights. Which of the two lists is to be averaged?"""

    def report(found, n):
        return np.average(n, weights=found)

    return _with_report(params, x, labels, batch_size, lr, rng, report)


@train_epoch.mistake()
def reports_the_last_batch(params, x, labels, batch_size, lr, rng):
    """This is the loss of the last batch. The mean over all examples of the epoch is due."""
    return _with_report(params, x, labels, batch_size, lr, rng, lambda found, n: found[-1])


@train_epoch.mistake()
def reports_the_first_batch(params, x, labels, batch_size, lr, rng):
    """This is the loss of the first batch. The mean over all examples of the epoch is due."""
    return _with_report(params, x, labels, batch_size, lr, rng, lambda found, n: found[0])


@train_epoch.mistake()
def measures_after_each_step(params, x, labels, batch_size, lr, rng):
    """The loss of each batch is taken after its own step. Before the step it is the loss of params that
    have not seen this batch in this epoch."""
    losses, sizes = [], []
    for x_batch, labels_batch in minibatch.minibatches(x, labels, batch_size, rng):
        params = _step(params, x_batch, labels_batch, lr)
        losses.append(mlp_loss_gradients(x_batch, labels_batch, params)[0])
        sizes.append(len(x_batch))
    return params, _weighted(losses, sizes)


@train_epoch.mistake()
def measures_everything_at_the_end(params, x, labels, batch_size, lr, rng):
    """This is the loss of all examples after the epoch, which costs another pass. Each batch tells its loss
    on the way, before its step: take those."""
    end, _ = minibatch.train_epoch(params, x, labels, batch_size, lr, rng)
    return end, mlp_loss_gradients(x, labels, end)[0]


@train_epoch.mistake()
def returns_the_list_of_losses(params, x, labels, batch_size, lr, rng):
    """All batch losses come back. One number is due: their mean, each weighted by the size of its batch."""
    return _with_report(params, x, labels, batch_size, lr, rng, lambda found, n: found)


@train_epoch.property("new_order_each_call")
def shows_that_the_order_changes(value, params, x, labels, batch_size, lr, rng):
    """Two epochs on one `rng` end at the same params: the order was the same, or it made no difference. Are
    the examples shuffled, and by the `rng` that comes in?"""
    return bool(value)


# ---- has_converged ----

QUIET_CASES = (  # changes of the loss in units of the tolerance, patience, loss at the start
    ((), 2, 3.0),
    ((-3.0, -0.4), 1, 5.0),
    ((-5.0, -0.5, -0.3), 2, 9.0),
    ((-0.2, -0.3, -4.0), 2, 9.0),
    ((-4.0, -3.0, -0.5), 2, 9.0),
    ((-4.0, -0.5, 3.0), 2, 9.0),
    ((-4.0, 0.5, 0.4), 2, 9.0),
    ((-6.0, -0.6, -0.7, -0.8), 3, 12.0),
    ((-0.1, 5.0, -5.0), 3, 9.0),
    ((-0.1, 5.0, -5.2), 2, 9.0),
    ((-0.5, -0.2), 3, 9.0),
    ((-4.0, -3.0), 3, 9.0),
    ((-9.0, -4.0, -3.0, -0.5), 3, 20.0),
    ((-0.5, -0.2, -0.4), 3, 9.0),
    ((-9.0, -4.0, -0.2, -0.3), 3, 16.0),
    ((-9.0, -4.0, -0.2, -0.3), 2, 16.0),
    ((-6.0, -0.2, -0.3, -0.1), 2, 9.0),
    ((-0.2, -4.0, -0.3), 2, 9.0),
    ((-5.0, -0.2, -0.3, -4.0), 2, 16.0),
    ((-6.0, 0.8, 0.8, -0.8), 3, 9.0),
    ((-6.0, -0.1, -0.2, -1.8), 3, 14.0),
    ((-6.0, -0.1, 0.2, -2.9), 3, 14.0),
    ((-6.0, 2.0, 3.0, 2.5), 3, 9.0),
    ((-6.0, -4.0, 0.5, 0.6, 0.7), 3, 14.0),
    ((-3.0, -2.0, -4.0), 2, 900.0),
    ((-0.04, -0.03), 1, 0.1),
    ((-0.5, -0.3, -0.02), 2, 0.9),
)


def histories(rng):
    """Every way to stand still, at another scale each time; and a change that is exactly the tolerance."""
    for changes, patience, start in QUIET_CASES:
        tolerance = float(rng.uniform(0.01, 0.4))
        losses = tolerance * np.cumsum([start, *changes])
        yield {"losses": losses.tolist(), "tolerance": tolerance, "patience": patience}
    yield {"losses": [2.0, 1.0, 0.75, 0.5], "tolerance": 0.25, "patience": 2}


has_converged = Exercise(
    reference=minibatch.has_converged,
    cases=histories,
    returns=("verdict",),
    points=1,
    hints=(
        "Losses 3, 2, 1.99, 1.98 with patience 2: which changes do you look at, and how many losses is that?",
        (
            "A rise is a change too. And while there are fewer than `patience` changes, nothing can be said: "
            "how many changes lie between five losses?"
        ),
        "Take the size of each of the last `patience` changes. True if all are below tolerance.",
    ),
)


def _changes(losses):
    return np.abs(np.diff(losses))


@has_converged.mistake("verdict")
def looks_at_the_last_change_only(losses, tolerance, patience):
    """Only the last change is looked at. One quiet step may be chance; that is what `patience` is for."""
    return len(losses) > patience and bool(_changes(losses)[-1] < tolerance)


@has_converged.mistake("verdict")
def is_content_with_one_quiet_change(losses, tolerance, patience):
    """One quiet change among the last ones is enough here. Each of them must be below the tolerance."""
    return len(losses) > patience and bool(np.any(_changes(losses)[-patience:] < tolerance))


@has_converged.mistake("verdict")
def lets_the_tolerance_itself_pass(losses, tolerance, patience):
    """A change that equals the tolerance counts as quiet. It must be *below* it."""
    return len(losses) > patience and bool(np.all(_changes(losses)[-patience:] <= tolerance))


@has_converged.mistake("verdict")
def takes_a_rise_for_quiet(losses, tolerance, patience):
    """A rise of the loss counts as quiet, however large: the sign of the change is kept. A change upwards
    is a change too."""
    return len(losses) > patience and bool(np.all(-np.diff(losses)[-patience:] < tolerance))


@has_converged.mistake("verdict")
def takes_a_fall_for_quiet(losses, tolerance, patience):
    """A fall of the loss counts as quiet, however steep: new minus old is negative, and so below every
    tolerance. What is the size of a change?"""
    return len(losses) > patience and bool(np.all(np.diff(losses)[-patience:] < tolerance))


@has_converged.mistake("verdict")
def compares_the_ends_of_the_window(losses, tolerance, patience):
    """The last loss is compared with the one `patience` steps before. Many small changes add up, and a jump
    there and back cancels. Look at each change by itself."""
    return len(losses) > patience and bool(abs(losses[-1] - losses[-1 - patience]) < tolerance)


@has_converged.mistake("verdict")
def compares_all_with_the_last(losses, tolerance, patience):
    """Each loss is compared with the last one. A change is the difference of two losses in a row."""
    window = np.array(losses[-1 - patience :])
    return len(losses) > patience and bool(np.all(np.abs(window - losses[-1]) < tolerance))


@has_converged.mistake("verdict")
def measures_the_span_of_the_window(losses, tolerance, patience):
    """The largest loss of the last ones minus the smallest is compared with the tolerance. Look at each
    change by itself: a slow slide has small changes too."""
    return len(losses) > patience and bool(np.ptp(losses[-1 - patience :]) < tolerance)


@has_converged.mistake("verdict")
def measures_the_span_of_the_last_losses(losses, tolerance, patience):
    """The span of the last `patience` losses is compared with the tolerance. Look at each change by itself,
    and count how many changes lie between that many losses."""
    return len(losses) > patience and bool(np.ptp(losses[-patience:]) < tolerance)


@has_converged.mistake("verdict")
def averages_the_changes(losses, tolerance, patience):
    """The mean of the changes is compared. Quiet ones can hide a loud one in a mean; each must be below the
    tolerance."""
    return len(losses) > patience and bool(np.mean(_changes(losses)[-patience:]) < tolerance)


@has_converged.mistake("verdict")
def looks_at_the_first_changes(losses, tolerance, patience):
    """The first changes are looked at. Whether it has come to rest is seen at the end of the list."""
    return len(losses) > patience and bool(np.all(_changes(losses)[:patience] < tolerance))


@has_converged.mistake("verdict")
def looks_at_all_changes(losses, tolerance, patience):
    """All changes since the start must be small here. Nobody begins at rest: look at the last `patience`
    ones."""
    return len(losses) > patience and bool(np.all(_changes(losses) < tolerance))


@has_converged.mistake("verdict")
def looks_at_one_change_too_few(losses, tolerance, patience):
    """One change too few is looked at. Between the last `patience` *losses* there are only patience - 1
    changes."""
    quiet = _changes(losses)[-patience + 1 :] if patience > 1 else np.array([])
    return len(losses) > patience and bool(np.all(quiet < tolerance))


@has_converged.mistake("verdict")
def looks_at_one_change_too_many(losses, tolerance, patience):
    """One change too many is looked at. How many losses do you need for `patience` changes?"""
    return len(losses) > patience and bool(np.all(_changes(losses)[-patience - 1 :] < tolerance))


@has_converged.mistake("verdict")
def asks_for_one_quiet_change_more(losses, tolerance, patience):
    """One change more than `patience` has to be quiet here. How many losses do you need for `patience`
    changes?"""
    return len(losses) > patience + 1 and bool(np.all(_changes(losses)[-patience - 1 :] < tolerance))


@has_converged.mistake("verdict")
def decides_at_the_first_turn(losses, tolerance, patience):
    """Only the first of the last `patience` changes is looked at. Does a `return` end your loop in its first
    turn? What must be known before True can be said?"""
    return len(losses) > patience and bool(_changes(losses)[-patience] < tolerance)


@has_converged.mistake("verdict")
def leaves_the_last_change_out(losses, tolerance, patience):
    """The newest change is left out. A slice does not include its end: which change is the last one here?"""
    return len(losses) > patience and bool(np.all(_changes(losses)[-patience:-1] < tolerance))


@has_converged.mistake("verdict")
def gives_a_verdict_for_each_change(losses, tolerance, patience):
    """Each change gets a verdict of its own. One is due for all of them together: when is it True?"""
    return _changes(losses)[-patience:] < tolerance if len(losses) > patience else False


@has_converged.mistake("verdict")
def decides_one_loss_too_early(losses, tolerance, patience):
    """It decides with `patience` losses, and there is one change less between them. How many losses does it
    take?"""
    return len(losses) >= patience and bool(np.all(_changes(losses)[-patience:] < tolerance))


@has_converged.mistake("verdict")
def decides_whatever_there_is(losses, tolerance, patience):
    """It decides even when there are fewer than `patience` changes. All of no changes are small: one loss
    alone counts as rest here."""
    return bool(np.all(_changes(losses)[-patience:] < tolerance))


@has_converged.mistake("verdict")
def waits_one_loss_too_long(losses, tolerance, patience):
    """With patience + 1 losses there are `patience` changes, and that is enough. It waits for one more."""
    return len(losses) > patience + 1 and bool(np.all(_changes(losses)[-patience:] < tolerance))


@has_converged.mistake("verdict")
def says_true_at_the_beginning(losses, tolerance, patience):
    """It says True while there are too few losses. Training would stop before it has begun."""
    return len(losses) <= patience or bool(np.all(_changes(losses)[-patience:] < tolerance))


@has_converged.mistake("verdict")
def turns_the_verdict_round(losses, tolerance, patience):
    """True and False are exchanged. True means: it stands still."""
    return not minibatch.has_converged(losses, tolerance, patience)


@has_converged.mistake("verdict")
def turns_the_comparison_round(losses, tolerance, patience):
    """True comes when every change is *above* the tolerance. Small changes mean rest."""
    return len(losses) > patience and bool(np.all(_changes(losses)[-patience:] > tolerance))


@has_converged.mistake("verdict")
def compares_relative_changes(losses, tolerance, patience):
    """The changes are divided by the loss. That is another convention; here the change itself is compared."""
    relative = _changes(losses) / np.abs(losses[:-1])
    return len(losses) > patience and bool(np.all(relative[-patience:] < tolerance))


@has_converged.mistake("verdict")
def counts_quiet_changes_anywhere(losses, tolerance, patience):
    """Quiet changes are counted wherever they stand. They must be the last ones, in a row."""
    return len(losses) > patience and bool(np.sum(_changes(losses) < tolerance) >= patience)


@has_converged.mistake("verdict")
def accepts_an_earlier_rest(losses, tolerance, patience):
    """A rest somewhere in the past is enough here. If the loss moves again, it has not converged: start
    counting anew after each loud change."""
    quiet = _changes(losses) < tolerance
    return any(quiet[i : i + patience].all() for i in range(len(quiet) - patience + 1))


@has_converged.mistake("verdict")
def asks_for_a_small_loss(losses, tolerance, patience):
    """The losses themselves are compared with the tolerance. A loss can come to rest at any height: look at
    how it changes."""
    return len(losses) > patience and bool(np.all(np.array(losses[-patience:]) < tolerance))


@has_converged.mistake("verdict")
def waits_for_a_new_best(losses, tolerance, patience):
    """It asks whether a new best loss has come lately: that is early stopping, which lesson 13 brings. Here
    each change of the last ones must be small."""
    return len(losses) > patience and bool(min(losses[-patience:]) > min(losses[:-patience]) - tolerance)


@has_converged.mistake("verdict")
def never_says_true(losses, tolerance, patience):
    """It is False in every case. Is there a `return` that is reached when all is quiet?"""
    return False


@has_converged.mistake("verdict")
def waits_only_for_the_length(losses, tolerance, patience):
    """It is True as soon as there are enough losses, whatever they are. What must hold for their changes?"""
    return len(losses) > patience


# ---- sgd_epoch_repaired ----


def shuffled_apart_and_nominal(params, x, labels, batch_size, lr, rng):
    """Symptom: with lr = 0 nothing moves, so every epoch has the same loss, the mean over all examples.
    Here it is another number each time; and when all examples are alike and the last batch is smaller, the
    loss is still too small."""
    x, labels = rng.permutation(x), rng.permutation(labels)
    losses, sizes = [], []
    for start in range(0, len(x), batch_size):
        x_batch, labels_batch = x[start : start + batch_size], labels[start : start + batch_size]
        logits, cache = mlp_forward(x_batch, params)
        p = softmax(logits)
        own = np.arange(len(x_batch)), labels_batch
        losses.append(-np.sum(np.log(p[own])) / batch_size)
        p[own] -= 1
        params = sgd_update(params, mlp_backward(p / batch_size, cache, params), lr)
        sizes.append(len(x_batch))
    return params, np.average(losses, weights=sizes)


sgd_epoch_repaired = Exercise(
    reference=minibatch.sgd_epoch_repaired,
    cases=epochs,
    returns=("params", "loss"),
    points=2,
    probe="epoch",
    hints=(
        "There are two slips. Write letters on five examples and on their labels, and play the first line.",
        (
            "The second slip shows in the last batch only. What does `batch_size` say, and how many examples "
            "are there?"
        ),
        (
            "Draw one order and use it for inputs and labels. Then look for every division: by how many "
            "examples should a mean over this batch be divided?"
        ),
    ),
    handed_out=shuffled_apart_and_nominal,
    handed_out_rows=("H4", "H3"),
    mistakes=list(train_epoch.mistakes),
    properties=list(train_epoch.properties),
)


# ---- quizzes ----

twice_as_exact = Quiz(
    "08-twice-as-exact",
    (
        "You measure 100 people, drawn at random, to estimate the mean height in a country. You would like "
        "your typical error to be half as large. How many people do you have to measure?"
    ),
    (
        Choice(
            "150",
            "Half as many again makes the error smaller, but only by a fifth or so. Look at the next cell.",
        ),
        Choice(
            "200",
            (
                "Twice as many people make the error smaller by the root of 2 only: tall and short ones "
                "cancel, but never perfectly."
            ),
        ),
        Choice(
            "400",
            (
                "The error of a mean falls with the root of the number: four times the people, half the "
                "error. So the first few examples tell the most, and each further one tells less."
            ),
            right=True,
        ),
        Choice(
            "Everybody",
            "Then the error would be 0. That is what the full gradient does, and it is a high price for it.",
        ),
    ),
)

steps_in_an_epoch = Quiz(
    "08-steps-in-an-epoch",
    "1437 pictures in batches of 32: how many steps does one epoch take?",
    (
        Choice("32", "32 is how many pictures take a step together. How often do they fit into 1437?"),
        Choice(
            "44",
            "44 full batches hold 1408 pictures. What about the other 29? They want to be seen as well.",
        ),
        Choice(
            "45",
            "44 full batches and a last one with the 29 that are left over.",
            right=True,
        ),
        Choice("1437", "That would be a step for each picture: batches of 1."),
    ),
)

unequal_batches = Quiz(
    "08-unequal-batches",
    (
        "A batch of 20 examples has the mean loss 1. The last batch, of 10 examples, has the mean loss 4. "
        "What is the mean loss of all 30?"
    ),
    (
        Choice(
            "2.5",
            (
                "That is halfway between 1 and 4, as if both batches were of one size. But there are twice "
                "as many examples at 1."
            ),
        ),
        Choice("2", "20 times 1 and 10 times 4 make 60, and 60 over 30 examples is 2.", right=True),
        Choice("5", "A mean lies between the smallest and the largest. This is the sum of the two."),
        Choice("3", "Then the small batch would count more than the large one. Which should count more?"),
    ),
)

which_batch_size = Quiz(
    "08-which-batch-size",
    (
        "Three trainings from one start look at each picture four times: one takes a step for each picture, "
        "one for each 32, one for all together. Which has the highest loss in the end?"
    ),
    (
        Choice(
            "The one with a step for each picture: its steps are the noisiest",
            (
                "Noisy they are, and short, for its learning rate is small. But there are thousands of them, "
                "and the noise cancels over many steps."
            ),
        ),
        Choice(
            "The one with 32: it has the worst of both",
            "It has something of both: steps that are not too rough, and many of them. Look at the picture.",
        ),
        Choice(
            "The one with all together: it takes four steps",
            "Four steps, each in the best direction there is, and four steps lead nowhere far.",
            right=True,
        ),
    ),
)
