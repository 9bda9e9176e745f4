# %% [markdown]
# # 15 · Read handwritten digits
#
# *About 45 minutes. You need: lessons 06 to 12.*
#
# **Can you teach a machine to read, and understand it to the last derivative?** Every part is there:
# layers, bends, a loss, batches, a step with memory. Now nobody hands you the loop. You write a program
# that is given images with labels, learns from them, and reads others that it has never seen.

# %% role="setup"
import time

import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.data import digits
from bplearn.nn import (  # what you wrote in lessons 03 to 09
    init_mlp,
    minibatches,
    mlp_forward,
    mlp_loss_gradients,
    momentum_step,
    numerical_gradient,
    softmax,
)

# %% [markdown]
# ## Look first
#
# Every project begins in the same way:

# %%
quiz("15-first-look")

# %%
flat, labels, flat_test, test_labels = digits()
images, test_images = flat.reshape(-1, 8, 8), flat_test.reshape(-1, 8, 8)
print("training:", images.shape, " held out:", test_images.shape)
print("grey values from", int(images.min()), "to", int(images.max()))
print("how often each digit occurs:", np.bincount(labels))
viz.digit_images(images, labels)

# %% [markdown]
# 1437 images to learn from, 360 held out; each digit occurs about as often as the others. Some
# forty people wrote them on forms in the 1990s. Cover the captions with your hand: how many can *you* read?

# %% [markdown]
# ## Prepare
#
# A layer wants a row for each example, and numbers of moderate size. So: each image as a row of 64, line
# after line, divided by the largest grey value there is, 16. That rule is the same for every image there
# will ever be, so nothing can leak (lesson 13).


# %% exercise="preprocess"
def preprocess(images):
    """Rows of 64 numbers between 0 and 1.

    images: (N, 8, 8), grey values from 0 to 16
    """
    # BEGIN SOLUTION
    x = images.reshape(len(images), -1) / 16
    # END SOLUTION
    return x


# %%
check(preprocess)

# %% [markdown] tags=["solution"]
# **Why this way.** `reshape` goes through the rows of an image in turn, and -1 is counted by NumPy.
# Another way: `np.array([image.ravel() for image in images]) / 16`.

# %%
x, x_test = use(preprocess)(images), use(preprocess)(test_images)
print("x:", x.shape, " from", x.min(), "to", x.max())

# %% [markdown]
# ## Write it
#
# `read_digits` does everything: it prepares both sets, draws first weights, trains, and returns a label
# for each test image. All that is left to chance comes from `rng`.
#
# The check takes a few seconds: it lets yours run four times, on held-out images with a little noise on
# them, and takes the middle one of three results. There are points for **80, 90, 95 and 97 %** right. A
# run may take 60 seconds; one second is plenty. Twice the same generator must give the same labels.
#
# Everything from earlier lessons may be used. Helpers of your own go into cells above. If you are stuck
# at the empty page, `hint(read_digits)` starts with a plan.


# %% exercise="read_digits"
def read_digits(train_images, train_labels, test_images, rng):
    """A label for each test image, learnt from the training images.

    train_images: (N, 8, 8)        train_labels: (N,)        test_images: (M, 8, 8)
    rng: a numpy Generator, for everything that is left to chance
    """
    # BEGIN SOLUTION
    x, x_test = preprocess(train_images), preprocess(test_images)
    params = init_mlp((64, 128, 10), rng)
    v = dict.fromkeys(params, 0.0)
    for _ in range(15):
        for x_batch, labels_batch in minibatches(x, train_labels, 32, rng):
            _, grads = mlp_loss_gradients(x_batch, labels_batch, params)
            moved = {name: momentum_step(params[name], grads[name], v[name], 0.1, 0.9) for name in params}
            params = {name: pair[0] for name, pair in moved.items()}
            v = {name: pair[1] for name, pair in moved.items()}
    logits, _ = mlp_forward(x_test, params)
    return logits.argmax(axis=1)
    # END SOLUTION


# %%
check(read_digits)

# %% [markdown] tags=["solution"]
# **Why this way.** One hidden layer of 128 is enough for 64 pixels; momentum saves epochs. Nothing in it
# is new: each line is an answer of yours from an earlier lesson. Another way: Adam, or two hidden layers,
# or batch normalization; all of them pass 97 %.

# %% tags=["nbval-ignore-output"]
began = time.process_time()
read = use(read_digits)(images, labels, test_images, np.random.default_rng(0))
print(f"{np.mean(read == test_labels):.1%} right in {time.process_time() - began:.1f} seconds")

# %% [markdown]
# A program that reads handwriting, in less than a second of learning. Some forty years ago this was a
# dream.

# %% [markdown]
# ## What does it get wrong?
#
# One number says little. **Decide:**

# %%
quiz("15-which-errors")

# %% [markdown]
# First, which digits are taken for which. In a **confusion matrix** entry (r, c) counts how often digit r
# was read as c: rows are the truth. `K` is the number of classes, and the table has shape (K, K) even if
# one of them does not occur.


# %% exercise="confusion_matrix"
def confusion_matrix(labels, predicted, K):
    """Counts, a table with a row for each true label and a column for each prediction.

    labels, predicted: (N,), integers from 0 to K - 1
    """
    # BEGIN SOLUTION
    table = np.zeros((K, K), dtype=int)
    for true, guess in zip(labels, predicted, strict=True):
        table[true, guess] += 1
    # END SOLUTION
    return table


# %%
check(confusion_matrix)

# %% [markdown] tags=["solution"]
# **Why this way.** A loop adds for every example. `table[labels, predicted] += 1` looks shorter and is
# wrong: a pair that occurs five times is counted once. Another way: `np.add.at(table, (labels,
# predicted), 1)`.

# %% tags=["nbval-ignore-output"]
viz.confusion_picture(use(confusion_matrix)(test_labels, read, 10))

# %% tags=["nbval-ignore-output"]
missed = np.flatnonzero(read != test_labels)
viz.digit_images(test_images[missed], test_labels[missed], read[missed])

# %% [markdown]
# Look at each. With some of them nobody would blame the network; others are plain, and it was sure. Those
# are the ones to think about: what do they have in common, and are there such images in the training set?

# %% [markdown]
# ## What was it that helped?
#
# 128 units, momentum, 15 epochs: which of them matter? Take one away at a time, an **ablation**. And
# compare fairly:

# %%
quiz("15-one-run-each")

# %% [markdown]
# `run(setting, rng)` gives a number, for example an accuracy. For each setting run it once for each seed,
# every time with a **fresh** `np.random.default_rng(seed)`, so that all settings meet the same chances.
# Give back a dict: setting to (mean, spread). The spread is the standard deviation with N - 1, since
# there are few seeds.


# %% exercise="ablation"
def ablation(run, settings, seeds):
    """Mean and spread of what each setting reaches: {setting: (mean, spread)}.

    run: function of (setting, rng)        settings: names        seeds: integers, two at least
    """
    # BEGIN SOLUTION
    table = {}
    for setting in settings:
        reached = [run(setting, np.random.default_rng(seed)) for seed in seeds]
        table[setting] = (np.mean(reached), np.std(reached, ddof=1))
    # END SOLUTION
    return table


# %%
check(ablation)

# %% [markdown] tags=["solution"]
# **Why this way.** A generator that has been used goes on from where it was, so each run gets its own.
# Another way: a nested dict comprehension and `statistics.stdev`.

# %%
SETTINGS = {  # hidden units, momentum, epochs
    "as above": ((128,), 0.9, 15),
    "16 hidden units": ((16,), 0.9, 15),
    "no hidden layer": ((), 0.9, 15),
    "no momentum": ((128,), 0.0, 15),
    "3 epochs": ((128,), 0.9, 3),
}


# %%
def train(setting, rng):
    """Params after training in one of the settings."""
    hidden, mu, epochs = SETTINGS[setting]
    params = init_mlp((64, *hidden, 10), rng)
    v = dict.fromkeys(params, 0.0)
    for _ in range(epochs):
        for x_batch, labels_batch in minibatches(x, labels, 32, rng):
            _, grads = mlp_loss_gradients(x_batch, labels_batch, params)
            moved = {name: momentum_step(params[name], grads[name], v[name], 0.1, mu) for name in params}
            params, v = ({name: pair[k] for name, pair in moved.items()} for k in (0, 1))
    return params


def run(setting, rng):
    """Accuracy on the held-out images."""
    return np.mean(mlp_forward(x_test, train(setting, rng))[0].argmax(axis=1) == test_labels)


# %% tags=["nbval-ignore-output"]
table = use(ablation)(run, SETTINGS, seeds=(0, 1, 2, 3, 4))
for setting, (mean, spread) in table.items():
    print(f"{setting:16} {mean:.1%} ± {spread:.1%}")
viz.ablation_bars(table)

# %% [markdown]
# Read it with the spreads. All four changes cost something, more than the spread. A surprise: *no* hidden
# layer reads as well as one of 16 units, for which the 64 pixels must pass through a narrow door. These
# are also the images on which we have now looked several times. Whoever goes on choosing by them needs
# fresh ones for the last word.

# %% [markdown]
# ## Draw one yourself
#
# All these digits were written by others. Here is a pad. The bars show what a network of the first setting
# reads while you draw; the last button sends the pad to `read_digits`, yours as soon as it passes, which
# then learns and reads on the spot. **Predict** before each:
#
# 1. A 7 with a bar, as some people write it. And a 1 that is a bare stroke?
# 2. An example, shifted by a pixel or two. To you it is the same digit.
# 3. A digit in a corner, half as large as the pad.
# 4. Nothing at all, or a scribble: how sure is the network?

# %% tags=["nbval-ignore-output"]
reader = use(read_digits)


def ask(image):
    """What the program reads on the pad."""
    return reader(images, labels, image[None], np.random.default_rng(0))[0]


params = train("as above", np.random.default_rng(0))
viz.digit_pad(params, ask)

# %% [markdown]
# What you have seen with one digit, measured with all that were held out:

# %% tags=["nbval-ignore-output"]
prepared = use(preprocess)
for pixels in (0, 1, 2):
    moved = np.roll(test_images, pixels, axis=2)
    moved[:, :, :pixels] = 0
    right = np.mean(mlp_forward(prepared(moved), params)[0].argmax(axis=1) == test_labels)
    print(f"pixels to the right: {pixels}   read right: {right:.0%}")

# %% [markdown]
# One pixel, and half of them are lost; two, and it guesses. Nobody ever told it that a digit in another
# place is the same digit: each pixel has weights of its own, and all that it has seen fills the frame. And
# it is sure of itself with a scribble too: a softmax shares out all of its 1 among ten digits, whatever it
# is shown. Such things you find by playing, not in an accuracy.

# %% [markdown]
# ## The same idea, everywhere
#
# Four looks beyond this course, each a few lines. First **memory**:

# %%
quiz("15-memory")

# %%
params = init_mlp((64, 128, 10), np.random.default_rng(0))
weights = sum(array.nbytes for array in params.values())
for count in (32, 1000):
    _, cache = mlp_forward(x[:count], params)
    kept = sum(array.nbytes for pair in cache for array in pair)
    print(f"batch of {count:4}: weights {weights / 1000:.0f} kB, kept for the way back {kept / 1000:.0f} kB")

# %% [markdown]
# What is kept grows with the batch and with depth. The trick for large networks: keep only some layers,
# and compute the others once more on the way back (*recomputation*, or checkpointing).

# %% [markdown]
# **Convolution** is a linear layer that uses the same few weights at every place of the image, *weight
# sharing*. It is lesson 02's dial in two places, with more places: across paths, what comes back is added.

# %%
rng = np.random.default_rng(0)
row, w, dy = rng.normal(size=10), rng.normal(size=3), rng.normal(size=8)


def slide(w):
    """The filter w at each of 8 places."""
    return np.array([row[i : i + 3] @ w for i in range(8)])


dw = sum(dy[i] * row[i : i + 3] for i in range(8))  # one share for each place
measured = numerical_gradient(lambda w: np.sum(dy * slide(w)), w, 1e-5)
print("added up over places:", dw.round(4), " measured:", measured.round(4))

# %% [markdown]
# **Recurrence** uses the same weights at every *time*: a state `h` is passed on from word to word.
# Backward in time the blame is multiplied by the same weight and by a slope at each step
# (*backpropagation through time*):


# %%
def states(w, steps=20):
    """A state that is passed on, h = tanh(w h + x)."""
    h = [0.0]
    for t in range(steps):
        h.append(np.tanh(w * h[-1] + row[t % 10]))
    return h


w_time, h, blame, dw, sizes = 0.8, states(0.8), 1.0, 0.0, []
for t in range(20, 0, -1):
    dz = blame * (1 - h[t] ** 2)
    dw, blame = dw + dz * h[t - 1], dz * w_time
    sizes.append(abs(blame))
measured = numerical_gradient(lambda w: states(w[0])[-1], np.array([w_time]), 1e-5)[0]
print(f"added up over time: {dw:.6f}   measured: {measured:.6f}")
print(f"blame after 1, 10 and 20 steps back: {sizes[0]:.0e} {sizes[9]:.0e} {sizes[19]:.0e}")
print(f"by a weight of 1.5 alone, without a bend, it would be multiplied by {1.5**20:.0e}")

# %% [markdown]
# It vanishes, as in lesson 10: twenty steps are twenty layers. And where weights are large and bends are
# open it explodes; lesson 11's clipping was invented for that.

# %% [markdown]
# **Attention** lets each word choose where to look: scores by products, lesson 06's softmax, a weighted
# mean. Its way back is made of rules that you know:

# %%
q, keys, values, d_out = (rng.normal(size=shape) for shape in (4, (6, 4), (6, 3), 3))


def attend(q):
    """A mean of the values, weighted by how well their keys fit the query q."""
    return softmax(keys[None] @ q / 2.0)[0] @ values  # 2 is the root of the 4 entries


a = softmax(keys[None] @ q / 2.0)[0]
da = values @ d_out  # through the weighted mean
ds = a * (da - a @ da)  # through the softmax
dq = keys.T @ ds / 2.0  # through the products
measured = numerical_gradient(lambda q: np.sum(d_out * attend(q)), q, 1e-5)
print("by the rules:", dq.round(4))
print("measured:    ", measured.round(4))

# %% [markdown]
# A large language model is layers of this, with lesson 12's layer normalization, lesson 10's way past the
# layers, lesson 09's AdamW and lesson 11's clipping. You have written the backward pass of nearly every
# part.

# %% [markdown]
# ## Where to go next
#
# | you wrote | PyTorch has |
# |---|---|
# | `linear_forward`, `linear_backward` | `nn.Linear` |
# | `relu_forward`, `sigmoid`, `tanh_backward` | `nn.ReLU`, `nn.Sigmoid`, `nn.Tanh` |
# | `softmax_cross_entropy`, `mse_loss` | `F.cross_entropy`, `F.mse_loss` |
# | `topological_order`, `backward_pass`, `Value` | `loss.backward()` |
# | `numerical_gradient` | `torch.autograd.gradcheck` |
# | `minibatches` | `utils.data.DataLoader` |
# | `momentum_step`, `adamw_step` | `optim.SGD`, `optim.AdamW` |
# | `xavier_init`, `he_init` | `nn.init.xavier_normal_`, `kaiming_normal_` |
# | `clip_by_norm` | `nn.utils.clip_grad_norm_` |
# | `batchnorm_train`, `batchnorm_eval` | `nn.BatchNorm1d`, `train()`, `eval()` |
# | `dropout_forward` | `nn.Dropout` |

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import torch
# from torch import nn
#
# x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], dtype=torch.float64)
# labels = torch.tensor([0, 0, 0, 1])
# model = nn.Linear(2, 2, dtype=torch.float64)
# nn.init.zeros_(model.weight)
# nn.init.zeros_(model.bias)
# optimiser = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
# for _ in range(100):
#     loss = nn.functional.cross_entropy(model(x), labels)
#     optimiser.zero_grad()
#     loss.backward()
#     optimiser.step()
# print(f"{loss.item():.4f}", (model(x).argmax(dim=1) == labels).sum().item())  # 0.0115 4
# ```
#
# Five lines of training, and you know what happens in each of them.

# %% [markdown]
# ## Three sentences to keep
#
# 1. Look at the data before and at the errors after; in between, write the plainest thing that could work.
# 2. A result is a mean over seeds with its spread; a difference smaller than the spread says nothing.
# 3. Backpropagation is one rule, local slopes times what arrives, added where paths meet: for layers,
#    places, times and words alike.
#
# This was the last lesson. Below is your whole way. Go back to what was hardest and do it once more
# without looking: it will be short.

# %% tags=["nbval-ignore-output"]
progress()
