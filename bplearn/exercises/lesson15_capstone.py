"""Lesson 15: the capstone."""

from typing import Any

import numpy as np

from bplearn.data import digits
from bplearn.exercise import Choice, Exercise, Outcome, Quiz
from bplearn.nn import capstone
from bplearn.pipelines import SECONDS
from bplearn.probes import FUNCTIONS, Named

# ---- preprocess ----


def small_images(rng):
    """Grey values as the scanner gives them, though the darkest one, 16, does not occur."""
    for count in (3, 5, 2, 7, 4):
        tops = 6.0 + rng.permutation(9)[:count]  # some are fainter than others
        yield {"images": np.floor(rng.random((count, 8, 8)) * tops[:, None, None])}


preprocess = Exercise(
    reference=capstone.preprocess,
    cases=small_images,
    returns=("x",),
    points=1,
    fresh=("images",),
    hints=(
        "A layer wants one row for each example. How many numbers are there in an image of 8 by 8?",
        "`reshape` lays each image out, line after line; -1 lets NumPy count.",
        "To shape (N, 64), then divided by the largest grey value there is, 16.",
    ),
)


def _prepared(row=""):
    """Register a wrong version: ``wrong(images)``."""
    return preprocess.mistake("x", row=row)


@_prepared()
def leaves_the_grey_values(images):
    """The rows are right, and the values still go up to 16. Divide by 16."""
    return images.reshape(len(images), -1)


@_prepared()
def divides_by_255(images):
    """It is divided by 255, the largest value of photographs. These images go up to 16."""
    return images.reshape(len(images), -1) / 255.0


@_prepared()
def divides_by_the_largest_value_there_is(images):
    """It is divided by the largest value of *these* images. Another batch would then be measured by
    another rule: divide by 16.
    """
    return images.reshape(len(images), -1) / images.max()


@_prepared()
def divides_each_image_by_its_own_largest(images):
    """Each image is divided by its own largest value. A faint stroke becomes as dark as a strong one:
    divide by 16.
    """
    rows = images.reshape(len(images), -1)
    return rows / rows.max(axis=1, keepdims=True)


@_prepared()
def lays_columns_out(images):
    """The images are laid out column after column. The rows of the image come one after the other."""
    return images.transpose(0, 2, 1).reshape(len(images), -1) / 16.0


@_prepared()
def keeps_the_squares(images):
    """The values are right, and the images are still squares. A layer wants a row of 64 for each."""
    return images / 16.0


@_prepared()
def standardises(images):
    """Mean 0 and deviation 1: that is another way to prepare. Here values from 0 to 1 are due."""
    rows = images.reshape(len(images), -1)
    return (rows - rows.mean(axis=0)) / np.maximum(rows.std(axis=0), 1e-12)


@_prepared()
def mixes_the_images(images):
    """The numbers of different images are mixed: (64, N) is turned into rows. Each row is one image."""
    return images.reshape(64, -1).T / 16.0


@_prepared()
def gives_a_column_for_each_image(images):
    """Each image is a column. In this course a row is an example."""
    return images.reshape(len(images), -1).T / 16.0


@_prepared()
def cuts_to_integers(images):
    """`//` cuts the decimals off: nearly everything becomes 0."""
    return images.reshape(len(images), -1) // 16.0


@_prepared()
def centres_the_values(images):
    """The values go from -1 to 1. Here 0 to 1 is due."""
    return images.reshape(len(images), -1) / 8.0 - 1.0


# ---- confusion_matrix ----


def labels_and_guesses(rng):
    """Every class occurs, some pairs more than once, and nothing is symmetric."""
    for K, count in ((3, 8), (4, 15), (5, 30), (6, 40), (10, 60)):
        labels = np.concatenate([np.arange(K), rng.integers(0, K, count - K)])
        slips = np.where(rng.random(count) < 0.6, labels, (labels * labels + 1) % K)
        labels, slips = np.append(labels, [1, 1]), np.append(slips, [0, 0])
        yield {"labels": labels, "predicted": slips, "K": K}


def a_class_that_nobody_guesses(rng):
    """The table keeps its size where a class does not occur."""
    yield (
        "a class that does not occur",
        {"labels": np.array([0, 2, 2]), "predicted": np.array([0, 2, 0]), "K": 5},
    )


confusion_matrix = Exercise(
    reference=capstone.confusion_matrix,
    cases=labels_and_guesses,
    extreme=a_class_that_nobody_guesses,
    returns=("table",),
    points=1,
    fresh=("labels", "predicted"),
    hints=(
        "Write the table for labels 0, 1, 1 and predictions 0, 0, 1 by hand.",
        "Start with zeros. Each example adds 1 to one entry: which row, which column?",
        "The row is the true label, the column is the prediction. A loop over pairs will do.",
    ),
)


def _counted(labels, predicted, K):
    return capstone.confusion_matrix(labels, predicted, K)


@confusion_matrix.mistake("table")
def exchanges_rows_and_columns(labels, predicted, K):
    """Rows and columns have changed places: rows are the *true* labels."""
    return _counted(predicted, labels, K)


@confusion_matrix.mistake("table")
def counts_each_pair_once(labels, predicted, K):
    """Pairs that occur several times are counted once: `table[labels, predicted] += 1` adds once for each
    *place*. Use a loop, or `np.add.at`.
    """
    return np.minimum(_counted(labels, predicted, K), 1)


@confusion_matrix.mistake("table")
def counts_right_ones_only(labels, predicted, K):
    """Only the right predictions are counted. The interesting ones stand beside the diagonal."""
    return np.diag(np.diag(_counted(labels, predicted, K)))


@confusion_matrix.mistake("table")
def counts_wrong_ones_only(labels, predicted, K):
    """Only the wrong predictions are counted. The right ones belong on the diagonal."""
    table = _counted(labels, predicted, K)
    return table - np.diag(np.diag(table))


@confusion_matrix.mistake("table")
def gives_shares_of_each_row(labels, predicted, K):
    """Each row is divided by its sum. Counts are due."""
    table = _counted(labels, predicted, K)
    return table / np.maximum(table.sum(axis=1, keepdims=True), 1)


@confusion_matrix.mistake("table")
def gives_shares_of_all(labels, predicted, K):
    """The table is divided by the number of examples. Counts are due."""
    return _counted(labels, predicted, K) / len(labels)


@confusion_matrix.mistake("table")
def puts_totals_on_the_diagonal(labels, predicted, K):
    """The diagonal holds how often each label occurs. There belongs how often it was read right."""
    table = _counted(labels, predicted, K)
    return table - np.diag(np.diag(table)) + np.diag(table.sum(axis=1))


@confusion_matrix.mistake("table")
def makes_one_row_for_all(labels, predicted, K):
    """All rows are alike: `[[0] * K] * K` is one and the same row, K times. Make an array of zeros."""
    return np.tile(_counted(labels, predicted, K).sum(axis=0), (K, 1))


@confusion_matrix.mistake("table")
def starts_from_ones(labels, predicted, K):
    """Every entry is 1 too large: the table starts from ones. Start from zeros."""
    return _counted(labels, predicted, K) + 1


# ---- read_digits: judged by what it reaches ----

THRESHOLDS = {f"at_least_{percent}": percent / 100 for percent in (80, 90, 95, 97)}
REACHED = "reached"
# On grey values of 0 to 16: no image is any longer one of the data file, so looking one up fails. The sandbox
# ships the training rows alone; whoever carries the held-out ones along in a notebook can find the nearest.
NOISE = 0.25


def unseen_images(rng):
    """The training images as they are; the held-out ones in another order, with a little noise."""
    images, labels, held_out, _ = digits()
    order = rng.permutation(len(held_out))
    noisy = held_out[order] + rng.normal(0.0, NOISE, held_out.shape)
    yield {
        "train_images": images.reshape(-1, 8, 8),
        "train_labels": labels,
        "test_images": np.clip(noisy, 0.0, 16.0).reshape(-1, 8, 8),
        "seeds": tuple(int(number) for number in rng.integers(10**6, size=3)),
    }


def true_labels(test_images):
    """Labels of noisy held-out images, by the nearest one of the data file."""
    _, _, held_out, labels = digits()
    rows = test_images.reshape(len(test_images), -1)
    squares = (rows**2).sum(axis=1)[:, None] - 2 * rows @ held_out.T + (held_out**2).sum(axis=1)
    return labels[squares.argmin(axis=1)]


def weigh(brought, train_images, train_labels, test_images, seeds):
    """The four outputs: "reached", or what was reached and what to look at first."""
    due = true_labels(test_images)
    runs, trouble = _runs(brought, len(due))
    if trouble:
        return dict.fromkeys(THRESHOLDS, trouble)
    shares = [float(np.mean(run == due)) for run in runs]
    middle = int(np.argsort(shares)[1])
    told = _what_was_reached(shares, runs[middle], due)
    return {name: REACHED if shares[middle] >= least else told for name, least in THRESHOLDS.items()}


def _runs(brought, count):
    """The labels of three runs, or a line on what stands in the way. What was brought is a claim."""
    told: dict[str, Any] = brought if isinstance(brought, dict) else {}
    labels, seconds = told.get("labels"), told.get("seconds")
    if not (isinstance(labels, list) and isinstance(seconds, list) and 0 < len(seconds) == len(labels)):
        return [], "This cannot be read as labels of three runs."
    if not all(type(number) is float for number in seconds):
        return [], "This cannot be read as labels of three runs."
    if not max(seconds) <= SECONDS:
        return [], f"One run took {max(seconds):.0f} seconds; {SECONDS:.0f} are allowed, and one is enough."
    trouble = next(filter(None, (_form(found, count) for found in labels)), "")
    if trouble or len(labels) != 4:
        return [], trouble or "There are fewer runs than were asked for."
    *runs, again = (np.asarray(found) for found in labels)
    if not np.array_equal(runs[0], again):
        return [], (
            "Two runs with a generator in the same state gave different labels. Draw everything "
            "from `rng`: "
            "first weights, batches, and whatever else is left to chance."
        )
    return runs, ""


def _form(found, count):
    """What is wrong with the form of one run's labels, if anything."""
    if isinstance(found, (list, tuple)) and len(found) == count:
        found = np.asarray(found) if all(map(_is_scalar, found)) else found
    if not isinstance(found, np.ndarray):
        return f"Due is an array of {count} labels, one for each test image; this is a {_kind(found)}."
    if found.shape == (count, 10):
        return (
            f"An array of shape {found.shape} comes back: a score for each digit. Due is the digit with the "
            "largest score: `argmax(axis=1)`."
        )
    if found.shape != (count,):
        return (
            f"Due is an array of shape ({count},), a label for each test image; this has shape {found.shape}."
        )
    if not np.isin(found, np.arange(10)).all():
        return "A label is one of the digits 0 to 9; here are others among them."
    return ""


def _is_scalar(value):
    return isinstance(value, (int, float)) or (isinstance(value, np.ndarray) and value.shape == ())


def _kind(found):
    return getattr(found, "kind", type(found).__name__)


def _what_was_reached(shares, read, due):
    parts = ", ".join(f"{share:.1%}" for share in sorted(shares))
    first = f"Reached: {sorted(shares)[1]:.1%} right, the middle one of three runs ({parts})."
    return f"{first}\n{_misread(read, due)}Look at this first: {_look_first(shares, read, due)}"


def _misread(read, due):
    table = capstone.confusion_matrix(due, read.astype(int), 10)
    np.fill_diagonal(table, 0)
    places = np.argsort(table, axis=None)[::-1][:3]
    pairs = [(int(k) // 10, int(k) % 10) for k in places if table.flat[k]]
    words = ", ".join(f"{true} read as {wrong} ({_times(table[true, wrong])})" for true, wrong in pairs)
    return f"Misread most: {words}.\n" if words else ""


def _times(count):
    return "once" if count == 1 else f"{count} times"


ADVICE = {
    "one digit": (
        "is the loss nan after some steps (a rate that is too large, images not divided by 16), or is "
        "nothing trained at all?"
    ),
    "renamed": (
        "the digits are told apart, but under other names. Is it the *largest* score that is chosen, and are "
        "labels counted from 0?"
    ),
    "guessing": (
        "this is near guessing. Do images and labels stay together when they are shuffled? Does the test set "
        "go through the same `preprocess` as the training set? Does the loss fall?"
    ),
    "unsettled": (
        "the three runs lie far apart. The training has not settled: a smaller rate, or more epochs."
    ),
    "middling": (
        "print the loss after each epoch. If it still falls in the end, train longer or take larger steps; "
        "if it jumps, take smaller ones."
    ),
    "nearly": (
        "print the loss after each epoch, and set 200 training images aside to count on. More epochs, a "
        "hidden layer of 64 units or more, momentum: try them one at a time."
    ),
}


def _look_first(shares, read, due):
    if len(np.unique(read)) == 1:
        return f"every image is read as {int(read[0])}; {ADVICE['one digit']}"
    return ADVICE[_state(shares, read, due)]


def _state(shares, read, due):
    """A word for what is seen, from the worst to the best."""
    middle = sorted(shares)[1]
    most = [np.bincount(read[due == digit].astype(int)).max() / np.sum(due == digit) for digit in range(10)]
    if middle < 0.03 or (middle < 0.3 and np.mean(most) > 0.7):
        return "renamed"
    if middle < 0.3:
        return "guessing"
    if max(shares) - min(shares) > 0.08:
        return "unsettled"
    return "middling" if middle < 0.9 else "nearly"


read_digits = Exercise(
    reference=capstone.read_digits,
    cases=unseen_images,
    returns=("labels",),
    points=2,
    probe="reading",
    outcome=Outcome(weigh, dict.fromkeys(THRESHOLDS, REACHED)),
    takes=("train_images", "train_labels", "test_images", "seeds"),
    hints=(
        "Write the steps down as comments first: prepare, draw first weights, train, read.",
        (
            "Training: for each epoch, for each batch from `minibatches`, loss and gradients, one "
            "step. Lesson 08's loop "
            "is all that is needed; lesson 09's momentum makes it quicker."
        ),
        (
            "Two layers, 64 to 128 to 10, batches of 32, momentum 0.9, a rate of 0.1 and 15 epochs "
            "are enough. In the end "
            "the logits of the prepared test images, and the place of the largest in each row."
        ),
    ),
)


# ---- ablation ----

RUNS = tuple(name for name in FUNCTIONS if name.startswith("lambda setting, rng"))


def tables_to_fill(rng):
    """Runs that draw more than one number, so that a generator that goes on is seen."""
    settings = ("plain", "wide", "no momentum")
    for k in range(5):
        seeds = tuple(int(number) for number in rng.choice(1000, 3 + k % 3, replace=False))
        yield {"run": Named(RUNS[k % len(RUNS)]), "settings": settings, "seeds": seeds}


ABLATION: dict[str, Any] = {"cases": tables_to_fill, "returns": ("table",), "points": 1}
ablation = Exercise(
    reference=capstone.ablation,
    hints=(
        "If one setting gets the lucky seed and the other one does not, what has been compared?",
        "Two loops: over the settings, and within it over the seeds. A fresh generator for each run.",
        (
            "For each setting collect `run(setting, np.random.default_rng(seed))` for all seeds in "
            "a list. Its mean and its "
            "deviation with `ddof=1` are a pair; the pair goes into the dict."
        ),
    ),
    **ABLATION,
)


def _table(reached, mean=np.mean, spread=lambda found: np.std(found, ddof=1)):
    """A table of exchangeable parts: ``reached(run, setting, seeds)`` lists what the runs gave."""

    def compute(run, settings, seeds):
        lists = {setting: reached(run, setting, seeds) for setting in settings}
        return {setting: (mean(found), spread(found)) for setting, found in lists.items()}

    return compute


def _fairly(run, setting, seeds):
    return [run(setting, np.random.default_rng(seed)) for seed in seeds]


def _wrong_table(**parts):
    def register(told):
        compute = _table(**{"reached": _fairly} | parts)
        compute.__name__, compute.__doc__ = told.__name__, told.__doc__
        ablation.mistake()(compute)
        return told

    return register


@_wrong_table(spread=np.std)
def divides_the_spread_by_n():
    """The spread is divided by the number of seeds. With few of them it is one less: `ddof=1`."""


@_wrong_table(spread=lambda found: np.var(found, ddof=1))
@_wrong_table(spread=np.var)
def gives_the_variance():
    """The variance stands where the spread is due: its root, which has the unit of what was measured."""


@_wrong_table(spread=lambda found: np.std(found, ddof=1) / np.sqrt(len(found)))
def gives_the_error_of_the_mean():
    """The spread is divided by the root of the number of seeds: how exact the *mean* is. Due is how far
    runs lie apart.
    """


@_wrong_table(spread=np.ptp)
def gives_the_range():
    """The spread is the largest minus the smallest. Due is the standard deviation, with `ddof=1`."""


@_wrong_table(mean=np.median)
def gives_the_median():
    """The median stands where the mean is due."""


@_wrong_table(mean=np.max)
def gives_the_best_run():
    """The best run is reported. That is how one fools oneself: the mean is due."""


@_wrong_table(mean=np.sum)
def gives_the_sum():
    """The results are added up. The mean is due."""


@_wrong_table(reached=lambda run, setting, seeds: [run(setting, np.random.default_rng(0)) for _ in seeds])
def gives_every_run_the_same_seed():
    """Every run starts from the same seed, whatever `seeds` says, so nothing varies."""


@_wrong_table(
    reached=lambda run, setting, seeds: [run(setting, np.random.default_rng(seeds[0])) for _ in seeds]
)
def uses_the_first_seed_only():
    """Only the first seed is used. Each run has its own."""


@_wrong_table(
    reached=lambda run, setting, seeds: [
        run(setting, rng) for rng in [np.random.default_rng(seeds[0])] for _ in seeds
    ]
)
def lets_one_generator_go_on():
    """One generator serves all runs of a setting, so a run depends on those before it. A fresh one for
    each run.
    """


@_wrong_table(
    reached=lambda run, setting, seeds: [run(setting, np.random.default_rng(k)) for k in range(len(seeds))]
)
def counts_seeds_from_0():
    """The seeds are 0, 1, 2 and so on, and not those that were handed in."""


@_wrong_table(reached=lambda run, setting, seeds: _fairly(run, setting, seeds)[:-1])
def leaves_the_last_seed_out():
    """The last seed is left out."""


@ablation.mistake()
def gives_the_mean_alone(run, settings, seeds):
    """The mean stands alone. With it belongs how far the runs lie apart: a pair, (mean, spread)."""
    return {setting: np.mean(_fairly(run, setting, seeds)) for setting in settings}


@ablation.mistake()
def exchanges_mean_and_spread(run, settings, seeds):
    """Mean and spread have changed places: (mean, spread) is due."""
    return {setting: pair[::-1] for setting, pair in capstone.ablation(run, settings, seeds).items()}


@ablation.mistake()
def shares_one_generator(run, settings, seeds):
    """One generator goes through all settings, so the later ones get other chances than the first. A
    fresh one for each run, from its seed.
    """
    rng = np.random.default_rng(seeds[0])
    lists = {setting: [run(setting, rng) for _ in seeds] for setting in settings}
    return {setting: (np.mean(found), np.std(found, ddof=1)) for setting, found in lists.items()}


@ablation.mistake()
def makes_generators_once(run, settings, seeds):
    """The generators are made once and used again for the next setting, where they go on from where they
    were. A fresh one for each run.
    """
    rngs = [np.random.default_rng(seed) for seed in seeds]
    lists = {setting: [run(setting, rng) for rng in rngs] for setting in settings}
    return {setting: (np.mean(found), np.std(found, ddof=1)) for setting, found in lists.items()}


@ablation.mistake()
def gives_all_results(run, settings, seeds):
    """All results are listed. A pair of mean and spread is due."""
    return {setting: tuple(_fairly(run, setting, seeds)) for setting in settings}


# ---- quizzes ----

first_look = Quiz(
    "15-first-look",
    "Before a network is written: what should be known of the data first?",
    (
        Choice("How many layers it needs.", "Nobody can tell from the data; that is tried out."),
        Choice(
            "What an example looks like, what range its values have, and how often each class occurs.",
            (
                "Most failures of a whole pipeline come from data that are not what one thought: "
                "another range, another "
                "order, one class in a thousand."
            ),
            right=True,
        ),
        Choice("Nothing: the network finds out.", "It finds a minimum of the loss for whatever it is given."),
    ),
)

which_errors = Quiz(
    "15-which-errors",
    "The network reads 97 % right. Which of its errors is it most useful to look at?",
    (
        Choice("None: 97 % is enough.", "For a post office 3 letters of 100 in the wrong town are many."),
        Choice(
            "All of them, as images, with what was read.",
            "There are about ten. Whoever has seen them knows more than any single number tells.",
            right=True,
        ),
        Choice(
            "Those with the smallest loss.",
            "Errors with a small loss are near misses. Look at all, and at the sure ones first.",
        ),
    ),
)

one_run_each = Quiz(
    "15-one-run-each",
    "Width 32 reaches 96.9 %, width 128 reaches 97.5 %, one run each. What is known?",
    (
        Choice(
            "128 is better.", "Another seed may turn it round. How far do runs of *one* setting lie apart?"
        ),
        Choice("Both are equally good.", "That is not known either."),
        Choice(
            "Very little, until several seeds have been run for both.",
            "A difference counts when it is large beside the spread from seed to seed.",
            right=True,
        ),
    ),
)

memory_of_backward = Quiz(
    "15-memory",
    "What takes more memory in one training step of your network with a batch of 1,000 images?",
    (
        Choice("The weights.", "They are there once, however large the batch is."),
        Choice(
            "What the forward pass must keep for the backward pass.",
            (
                "Two arrays a layer, with a row for each example. With deep networks and large batches "
                "that is what fills a machine."
            ),
            right=True,
        ),
        Choice("The gradients of the weights.", "They are as large as the weights, and there once as well."),
    ),
)
