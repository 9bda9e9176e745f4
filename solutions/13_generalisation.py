# %% [markdown]
# # 13 · Unseen data
#
# *About 45 minutes. You need: lesson 11.*
#
# **What is a small loss worth?** A network that knows its training images by heart has a loss of 0, and
# may know nothing of digits. What counts is what it does with images that it has never seen. This lesson
# is about measuring that honestly, and about what helps.

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.data import digits
from bplearn.nn import (  # lessons 04 to 09
    init_mlp,
    linear_backward,
    linear_forward,
    mlp_forward,
    momentum_step,
    relu_backward,
    relu_forward,
    softmax_cross_entropy,
)

# %% [markdown]
# ## First of all: an honest measure
#
# Data are split before anything else. **Training** examples are learnt from. **Validation** examples are
# for choosing: a rate, a width, when to stop. **Test** examples, the held-out ones, are for one question
# at the very end.
#
# It is easy to cheat without noticing. **Predict:**

# %%
quiz("13-noise-selected")

# %%
shares = {"chosen with all 60": [], "chosen with the 30 of training": []}
for seed in range(20):
    rng = np.random.default_rng(seed)
    noise, coin = rng.normal(size=(60, 2000)), rng.integers(0, 2, 60)
    for how, rows in zip(shares, (slice(0, 60), slice(0, 30)), strict=True):
        fit = np.abs((noise[rows] - noise[rows].mean(axis=0)).T @ (coin[rows] - coin[rows].mean()))
        ten = noise[:, np.argsort(fit)[-10:]]
        centres = [ten[:30][coin[:30] == c].mean(axis=0) for c in (0, 1)]
        guess = np.argmin([((ten[30:] - centre) ** 2).sum(axis=1) for centre in centres], axis=0)
        shares[how].append(np.mean(guess == coin[30:]))
for how, found in shares.items():
    print(f"{how:32} {np.mean(found):.0%} of the test labels right")

# %% [markdown]
# Coin flips, predicted 87 times of 100, on average over 20 draws. Nothing was learnt; the test labels had
# been looked at. This is called **leakage**. In 2002 Ambroise and McLachlan found it in published results
# on genes: with the choice made inside the training set, errors that had been 0 were 0 no longer.

# %% [markdown]
# ## Leakage in a mean
#
# Lesson 10 took each pixel's mean off and divided by its spread, the standard deviation. That is a place
# where it happens:

# %%
quiz("13-whose-mean")

# %% [markdown]
# `standardise(train, test)` takes mean and deviation of each column from `train` alone, and treats both
# sets with them. The deviation is the biased one, `std` as it is, and nothing is added to it.
#
# A column whose training values are all equal has deviation 0. It is only centred, in both sets. New arrays
# come back.


# %% exercise="standardise"
def standardise(train, test):
    """Both sets with the mean and deviation of the training set taken out, column by column.

    train: (N, D)        test: (M, D)
    """
    # BEGIN SOLUTION
    mean = train.mean(axis=0)
    constant = train.max(axis=0) == train.min(axis=0)
    scale = np.where(constant, 1.0, train.std(axis=0))
    # END SOLUTION
    return (train - mean) / scale, (test - mean) / scale


# %%
check(standardise)

# %% [markdown] tags=["solution"]
# **Why this way.** A constant column is found by its values, not by a tiny deviation, which rounding can
# leave behind. Another way: `scale = train.std(axis=0)`, then `scale[constant] = 1`.

# %%
images, labels, test_images, test_labels = digits()
x, x_test = use(standardise)(images, test_images)
print("training: mean", np.round(np.abs(x.mean()), 6), " deviation", np.round(x.std(), 3))
print("held out: mean", np.round(x_test.mean(), 3), " deviation", np.round(x_test.std(), 3))

# %% [markdown]
# Some pixels are 0 in every training image; they stay 0, and so the deviation of the whole is a little
# below 1. The held-out set does not come out like the training set, and that is as it should be.
#
# Does it matter whose mean it is? Take 100 training images and a reader without any training: a new image
# is the digit whose *mean image* is nearest. And then suppose that the exam comes from a brighter
# scanner, each pixel 4 of 16 steps lighter.


# %%
def nearest_mean(x, y, x_new):
    """For each row of x_new the digit whose mean image is nearest."""
    means = np.stack([x[y == digit].mean(axis=0) for digit in range(10)])
    return ((x_new[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)


def scores(lighter, ruler, leaky):
    """Shares read right for 10 draws of 100 training images; leaky: statistics of the exam as well."""
    found = []
    for seed in range(10):
        rows = np.random.default_rng(seed).permutation(len(images))[:100]
        few, exam = images[rows], test_images + lighter
        known = np.vstack([few, exam]) if leaky else few
        (_, x_few), (_, x_exam) = ruler(known, few), ruler(known, exam)
        found.append(np.mean(nearest_mean(x_few, labels[rows], x_exam) == test_labels))
    return found


# %%
for lighter, scanner in ((0, "same scanner"), (4, "brighter scanner")):
    for leaky, whose in ((False, "training only"), (True, "all data")):
        found = scores(lighter, use(standardise), leaky)
        print(f"{scanner:16}  statistics of {whose:13}  {np.mean(found):.0%} right")

# %% [markdown]
# With the same scanner leakage of this kind changes nothing that one would see. With the brighter one it
# hides a disaster. A pixel that was nearly always 0 has a tiny deviation, and 4 steps are many of those:
# 27% are right. The leaky number promises 85%, and cannot keep it: tomorrow's images come one by one, and
# no mean of theirs is known.

# %% [markdown]
# ## Learning by heart
#
# To see it, make it hard: 100 training images, 30 of which get a label drawn by lot. 300 other images, with
# right labels, are for validation.
#
# First the training loop, with two places for what this lesson is about. `penalty(params)` may add to the
# gradients, `drop(h)` may drop hidden units and gives a mask; both do nothing for now.


# %%
def one_step(params, x, labels, penalty, drop):
    """Gradients of a network with one hidden layer, lesson 07's boxes in a row."""
    z1 = linear_forward(x, params["W1"], params["b1"])
    h, mask = drop(relu_forward(z1))
    _, dz2 = softmax_cross_entropy(linear_forward(h, params["W2"], params["b2"]), labels)
    dh, dW2, db2 = linear_backward(dz2, h, params["W2"])
    _, dW1, db1 = linear_backward(relu_backward(dh * mask, z1), x, params["W1"])
    grads = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    return {name: grads[name] + pull for name, pull in penalty(params).items()}


# %%
def small_set(seed, lots):
    """100 images, `lots` of them with a label drawn by lot, and 300 others with right labels."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(images))
    some, others = rows[:100], rows[100:400]
    by_lot = labels[some].copy()
    by_lot[:lots] = rng.integers(0, 10, lots)
    return images[some] / 16, by_lot, images[others] / 16, labels[others], rng


def nothing(params):
    """No penalty."""
    return dict.fromkeys(params, 0.0)


# %%
def train(seed, penalty=nothing, drop=lambda h, rng: (h, 1.0), lots=30, epochs=100):
    """Parameters, and losses on training and validation images after each epoch."""
    x, y, x_val, y_val, rng = small_set(seed, lots)
    params = init_mlp((64, 64, 10), rng)
    v, seen, unseen = dict.fromkeys(params, 0.0), [], []
    for _ in range(epochs):
        grads = one_step(params, x, y, penalty, lambda h: drop(h, rng))
        moved = {name: momentum_step(params[name], grads[name], v[name], 0.1, 0.9) for name in params}
        params, v = ({name: pair[k] for name, pair in moved.items()} for k in (0, 1))
        seen.append(softmax_cross_entropy(mlp_forward(x, params)[0], y)[0])
        unseen.append(softmax_cross_entropy(mlp_forward(x_val, params)[0], y_val)[0])
    return params, seen, unseen


# %%
quiz("13-loss-goes-up")

# %% tags=["nbval-ignore-output"]
params, seen, unseen = train(0)
print("parameters:", sum(array.size for array in params.values()), " labels:", 100)
viz.fitting_curves(seen, unseen, best=int(np.argmin(unseen)))

# %% [markdown]
# That is **overfitting**. The network has 4810 parameters for 100 labels, enough to learn each by heart,
# and it does. The validation curve says when to stop.

# %% [markdown]
# ## When to stop
#
# In a real training the future of the curve is not known. **Early stopping** with *patience*: keep the
# best epoch so far, and stop once `patience` epochs in a row have brought nothing better. Then go back to
# the best.
#
# - epochs are counted from 0
# - only a strictly lower loss is better
# - what would come after the stop is never seen, however good it is


# %% exercise="best_epoch"
def best_epoch(val_losses, patience):
    """The epoch to go back to, an int.

    val_losses: list, one loss for each epoch        patience: how many epochs in a row may bring nothing
    """
    # BEGIN SOLUTION
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    # END SOLUTION
    return best


# %%
check(best_epoch)

# %% [markdown] tags=["solution"]
# **Why this way.** How long nothing has come is the distance to the best epoch, so no second counter has
# to be reset. Another way: a counter that goes up by 1, and back to 0 at each better epoch.

# %% tags=["nbval-ignore-output"]
stop = use(best_epoch)
for patience in (1, 5, 20):
    epoch = stop(unseen, patience)
    print(f"patience {patience:2}: back to epoch {epoch}, validation loss {unseen[epoch]:.2f}")
print(f"at the end of the training:         {unseen[-1]:.2f}")

# %% [markdown]
# Now that the validation images have chosen an epoch, they are no longer neutral: the number at the best
# epoch is a little too good. For the last word there is the test set. One seed says little, so ten:


# %%
def test_accuracy(params):
    """Share of the held-out images that are read right."""
    return np.mean(mlp_forward(test_images / 16, params)[0].argmax(axis=1) == test_labels)


def by_heart(params, seed):
    """Share of its own 100 training labels, right or drawn by lot, that the network gives back."""
    x, y, *_ = small_set(seed, 30)
    return np.mean(mlp_forward(x, params)[0].argmax(axis=1) == y)


def summary(name, results):
    """Print what ten networks reached, and give it back."""
    found, heart = np.transpose([(test_accuracy(params), by_heart(params, k)) for k, params in results])
    print(f"{name:13} {np.mean(found):.0%} right, spread {np.std(found, ddof=1):.0%};", end=" ")
    print(f"of its own training labels {np.mean(heart):.0%}")
    return found


# %% role="use" tags=["nbval-ignore-output"]
runs = [train(seed) for seed in range(10)]
early = [train(seed, epochs=stop(unseen, 10) + 1) for seed, (_, _, unseen) in enumerate(runs)]
reached = {}
for name, results in (("plain", runs), ("stopped early", early)):
    reached[name] = summary(name, [(seed, run[0]) for seed, run in enumerate(results)])

# %% [markdown]
# Ten points more, for doing less: a fifth of the training labels were never learnt. But it was not free:
# it took 300 labelled images to know when. What can be done without them?

# %% [markdown]
# ## A price on weights
#
# To fit one odd label among others a network has to bend sharply, and for that it needs large weights. So
# put a price on them. **L2** asks for the squares:
#
# $$L_2 = \frac{\text{strength}}{2} \sum W^2$$
#
# Only arrays whose names begin with W pay. A bias says where a unit bends, and has no reason to be near
# 0. The gradients come back for **all** keys, with zeros where nothing is pulled, so that they can be
# added to the others.


# %% exercise="l2_penalty"
def l2_penalty(params, strength):
    """The penalty, a number, and its gradients, a dict with all keys of params.

    params: dict of arrays        strength: a number
    """
    # BEGIN SOLUTION
    loss = strength / 2 * sum(np.sum(w**2) for name, w in params.items() if name.startswith("W"))
    grads = {name: strength * w if name.startswith("W") else np.zeros_like(w) for name, w in params.items()}
    # END SOLUTION
    return loss, grads


# %%
check(l2_penalty)

# %% [markdown] tags=["solution"]
# **Why this way.** The half of the definition and the two of the square cancel: each weight is pulled to
# 0 by the strength times itself. Another way: start from zeros for all keys, then fill in those of the
# weights.

# %% [markdown]
# **L1** asks for the sizes:
#
# $$L_1 = \text{strength} \sum |W|$$
#
# Where a weight is exactly 0, let the slope be 0. Before you write it:

# %%
quiz("13-which-pull")


# %% exercise="l1_penalty"
def l1_penalty(params, strength):
    """The penalty, a number, and its gradients, a dict with all keys of params.

    params: dict of arrays        strength: a number
    """
    # BEGIN SOLUTION
    loss = strength * sum(np.sum(np.abs(w)) for name, w in params.items() if name.startswith("W"))
    grads = {
        name: strength * np.sign(w) if name.startswith("W") else np.zeros_like(w)
        for name, w in params.items()
    }
    # END SOLUTION
    return loss, grads


# %%
check(l1_penalty)

# %% [markdown] tags=["solution"]
# **Why this way.** The slope of the absolute value is the sign, and `np.sign` gives 0 at 0. Another way:
# `strength * ((w > 0) * 1.0 - (w < 0))`.

# %% tags=["nbval-ignore-output"]
l2, l1 = use(l2_penalty), use(l1_penalty)
pulls = {
    "plain": nothing,
    "L2, 0.03": lambda params: l2(params, 0.03)[1],
    "L1, 0.005": lambda params: l1(params, 0.005)[1],
}
weights = {name: train(0, pull)[0]["W1"] for name, pull in pulls.items()}
print("exactly 0:", [int(np.sum(W == 0)) for W in weights.values()], "of", weights["L1, 0.005"].size)
viz.weight_histograms(weights)

# %% [markdown]
# Both shrink. L2 leaves many small weights, since its pull fades near 0. L1 pulls on until a weight is next
# to nothing, and leaves the few that earn their price. Exactly 0 is none of them: a step of one size jumps
# across it, to and fro.
#
# Does it help on unseen digits? And are the wrong labels still learnt?

# %% role="use" tags=["nbval-ignore-output"]
for name in ("L2, 0.03", "L1, 0.005"):
    reached[name] = summary(name, [(seed, train(seed, pulls[name])[0]) for seed in range(10)])

# %% [markdown]
# Nine points more for L2, six for L1, with these strengths; a spread of four or five points from seed to
# seed. They too leave a fifth or so of their training labels unlearnt, and read unseen images better for
# it. Strengths are chosen on the validation images, as these were, and never on the test.

# %% [markdown]
# ## Dropout
#
# Another way to keep a network from learning by heart: make it unreliable. While training, each hidden
# unit is **dropped**, set to 0, with probability `drop_prob`, anew for each example and each step. No
# unit can count on its neighbours, so knowledge is spread.
#
# What is kept grows by the factor $1 / (1 - \text{drop\_prob})$, so that a sum over many units stays as
# large as without dropout, on average.

# %% [markdown]
# `dropout_forward(x, drop_prob, rng)` gives `y` and the **mask**: an array of the shape of `x` that holds 0
# where an entry is dropped and the factor where it is kept. So `y = x * mask`.
#
# `drop_prob` is at least 0 and below 1. Draw with `rng`.
#
# > **What does dropout's number mean?** In this course, and in PyTorch, it is the share that is *dropped*.
# > The paper of 2014 calls $p$ the share that is *kept*, and so did TensorFlow's first version (`keep_prob`).
# > For one half both are the same, and a mix-up stays unseen. So try 0.1, and count.


# %% exercise="dropout_forward"
def dropout_forward(x, drop_prob, rng):
    """What is left of x, scaled, and the mask that x was multiplied by.

    x: (N, H)        drop_prob: from 0 to below 1        rng: a numpy Generator
    """
    # BEGIN SOLUTION
    mask = (rng.random(x.shape) >= drop_prob) / (1 - drop_prob)
    y = x * mask
    # END SOLUTION
    return y, mask


# %%
check(dropout_forward)

# %% [markdown] tags=["solution"]
# **Why this way.** `rng.random` is at least `drop_prob` with probability `1 - drop_prob`: those stay.
# Another way: `rng.binomial(1, 1 - drop_prob, x.shape) / (1 - drop_prob)`.

# %%
ones = np.ones((2000, 50))
y, mask = use(dropout_forward)(ones, 0.3, np.random.default_rng(0))
print(f"share of zeros {np.mean(y == 0):.2f}, factor {mask.max():.4f}, mean {y.mean():.2f}")
print("three examples, first ten units:")
for row in mask[:3, :10]:
    print(" ".join("kept" if entry else "  - " for entry in row))


# %% [markdown]
# And the way back. Forward, each entry was multiplied by its entry of the mask.


# %% exercise="dropout_backward"
def dropout_backward(dy, mask):
    """Gradient of x, where y = x * mask.

    dy: (N, H)        mask: (N, H), with 0 or the scale
    """
    # BEGIN SOLUTION
    dx = dy * mask
    # END SOLUTION
    return dx


# %%
check(dropout_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** The mask of the forward pass is the slope: what was dropped gets no blame, what was
# kept gets it with the scale. Another way: `np.where(mask > 0, dy * mask, 0.0)`.

# %%
print("blame that gets through, of 1.00 each:")
for row in use(dropout_backward)(np.ones((3, 10)), mask[:3, :10]):
    print(" ".join(f"{entry:4.2f}" if entry else "  - " for entry in row))

# %%
quiz("13-in-the-exam")

# %%
drop = use(dropout_forward)


def half(h, rng):
    """Dropout of half of the hidden units."""
    return drop(h, 0.5, rng)


def read(params, rng=None):
    """Digits read in the held-out images; with a generator dropout is left on."""
    h = relu_forward(linear_forward(test_images / 16, params["W1"], params["b1"]))
    h = half(h, rng)[0] if rng else h
    return linear_forward(h, params["W2"], params["b2"]).argmax(axis=1)


# %% tags=["nbval-ignore-output"]
dropped, rng = [train(seed, drop=half)[0] for seed in range(10)], np.random.default_rng(0)
for mode, chance in (("left on", rng), ("switched off", None)):
    right = np.mean([read(params, chance) == test_labels for params in dropped])
    other = np.mean([read(params, chance) != read(params, chance) for params in dropped])
    print(f"dropout {mode:12} {right:.0%} right; read a second time, {other:.0%} get another digit")

# %% [markdown]
# So a network with dropout has two modes, **training** and **evaluation**, and somebody must switch. To
# forget it costs twelve points here, and no error is raised.

# %% tags=["nbval-ignore-output"]
reached["dropout, 0.5"] = summary("dropout, 0.5", list(enumerate(dropped)))
viz.seed_dots(reached)

# %% [markdown]
# Eight points for dropout. It gives nearly all of its training labels back, wrong ones too, and reads new
# images better all the same. So all of them help here, where 30 of 100 labels were drawn by lot; stopping
# early as much as any.

# %% [markdown]
# To see what learning by heart looks like, here it is with two inputs: 40 points of two moons, one label in
# five wrong, 32 hidden units. **Guess** before each:
#
# 1. Plain: what does the boundary do about the wrong labels? When does the second loss turn?
# 2. Look back at the diamond. Which of the two boundaries would you trust?
# 3. Dropout of a half, from the start. L2 of 0.01. And both losses without any wrong label?

# %%
viz.overfitting_explorer()

# %% [markdown]
# Plain, the boundary reaches out to every wrong point, one by one, and each reach is paid for by the
# others: 76 % of 300 new points are right after 600 epochs. With a dropout of a half it is 85 %, with L2 of
# 0.01 it is 89 %: both boundaries stay smooth and let the wrong ones be wrong. (One set of points, one
# start. The dots above are the better evidence.)

# %% [markdown]
# And if all labels are right?

# %% tags=["nbval-ignore-output"]
settings = {name: {"penalty": pull} for name, pull in pulls.items()} | {"dropout, 0.5": {"drop": half}}
for name, how in settings.items():
    found = [test_accuracy(train(seed, lots=0, **how)[0]) for seed in range(10)]
    print(f"{name:12} {np.mean(found):.1%} right, spread {np.std(found, ddof=1):.1%}")

# %% [markdown]
# Then there is nothing wrong to learn by heart, and none of them gains anything worth naming; the penalties
# seem to cost a little. And the largest gain of all came from the right labels. Better data first, then
# these.

# %% [markdown]
# ## Find the bug
#
# A dropout layer that was written in a hurry. The cell below it counts what it does.


# %% exercise="dropout_repaired"
def dropout_repaired(x, drop_prob, rng):
    """What is left of x, scaled, and the mask that x was multiplied by.

    x: (N, H)        drop_prob: from 0 to below 1        rng: a numpy Generator
    """
    # BEGIN SOLUTION
    mask = (rng.random(x.shape) >= drop_prob) / (1 - drop_prob)
    # END SOLUTION
    # BEGIN BUG
    # mask = (rng.random(x.shape) < drop_prob).astype(float)
    # END BUG
    return x * mask, mask


# %% role="use"
y, mask = dropout_repaired(np.ones((2000, 50)), 0.1, np.random.default_rng(0))
print(f"asked to drop 0.10, dropped {np.mean(y == 0):.2f}; mean before 1.00, after {y.mean():.2f}")

# %% [markdown]
# One entry of ten should be gone, and the mean should still be 1.00.

# %%
check(dropout_repaired)

# %% [markdown] tags=["solution"]
# **What was wrong.** Keep and drop were exchanged, and the scale was missing. With `drop_prob` = 0.5 only
# the second slip shows. Another way: `return dropout_forward(x, drop_prob, rng)`.

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import torch
#
# layer = torch.nn.Dropout(p=0.25)
# x = torch.ones(100_000, dtype=torch.float64)
# layer.train()
# print(f"{layer(x).max().item():.4f} {layer(x).mean().item():.1f}")  # 1.3333 1.0
# layer.eval()
# print(layer(x).mean().item())  # 1.0
# ```
#
# `p` is the share that is dropped, as here. `train()` and `eval()` switch it, and batch normalization
# too. `weight_decay` in `torch.optim.SGD` is the pull of L2, on the biases as well if you do not say
# otherwise; in `AdamW` it is lesson 09's decay. There is no switch for L1: add it to the loss.

# %% [markdown]
# ## Three sentences to keep
#
# 1. Split first; whatever is computed from data, a mean as well as a weight, comes from the training set.
# 2. The validation loss says when to stop, and what it has chosen it can no longer judge.
# 3. Stopping early, penalties and dropout keep wrong labels from doing harm; where no label is wrong they may
#    gain nothing. So measure, over several seeds.
#
# Next: you have written every backward pass by hand. Could a program write them?

# %% tags=["nbval-ignore-output"]
progress()
