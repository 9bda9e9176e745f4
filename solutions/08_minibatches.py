# %% [markdown]
# # 08 · Minibatches
#
# *About 40 minutes. You need: lesson 07.*
#
# **Why look at all the data before each step?** In lesson 07 every step waited until the network had seen
# all examples. With 4 points of XOR nobody minds. With a million photographs you would look at a million of
# them to move the weights once. Do you need to? What would one of them tell you, or thirty-two?

# %% role="setup"
import time

import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.data import digits
from bplearn.nn import init_mlp, mlp_backward, mlp_forward, mlp_loss_gradients, sgd_update, softmax

# %% [markdown]
# ## Handwriting
#
# The handwritten digits of lessons 04 and 06, once more: 1437 pictures of 8 times 8 pixels. 0 is white, 16 is
# black, and you can nearly read one in its numbers:

# %%
images, labels, test_images, test_labels = digits()
print(images.shape, labels.shape, test_images.shape)
print("label", labels[4])
print(images[4].reshape(8, 8).astype(int))

# %% [markdown]
# The other 360 pictures are **held out**: we put them in a drawer, and the network never learns from them.
# In the end we take them out and ask it to read them. The share that it reads right is its **accuracy**. A
# network that had learned its 1437 pictures by heart, and nothing else, would be found out here.
#
# Divided by 16, the pixels lie between 0 and 1. The network is lesson 07's: 64 numbers in, 32 hidden units,
# 10 logits out.

# %%
x, x_test = images / 16, test_images / 16


def accuracy(params):
    """Share of the held-out pictures that the network reads right."""
    logits, _ = mlp_forward(x_test, params)
    return np.mean(np.argmax(logits, axis=1) == test_labels)


start = init_mlp((64, 32, 10), np.random.default_rng(0))
loss, _ = mlp_loss_gradients(x, labels, start)
print(f"before training: loss {loss:.3f}, accuracy {accuracy(start):.3f}")

# %% [markdown]
# It guesses: there are ten digits, and $\ln 10 = 2.303$ is the loss of somebody who calls all of them
# equally likely. Now ten steps as in lesson 07, each on all 1437 pictures:

# %%
params = start
for _ in range(10):
    loss, grads = mlp_loss_gradients(x, labels, params)
    params = sgd_update(params, grads, lr=0.5)
print(f"after 10 steps: loss {mlp_loss_gradients(x, labels, params)[0]:.3f}, accuracy {accuracy(params):.3f}")
print(f"pictures looked at: {10 * len(x)}")

# %% [markdown]
# It has looked 14370 times at a picture, and moved ten times. Keep these numbers: by the end of the lesson
# you will have spent the same number of looks much better.

# %% [markdown]
# ## Ask only a few
#
# The loss is a mean over the examples, so its gradient is a mean too: the mean of 1437 gradients, one for
# each picture. And a mean can be estimated from a few, drawn at random. A handful of examples that take a
# step together is called a **batch**, and $B$ is how many they are.
#
# How good is the estimate? **Predict** first, with something that you can picture.

# %%
quiz("08-twice-as-exact")

# %% [markdown]
# Now the same with gradients. We draw 200 batches of each size, and measure how far the gradient of the
# batch lies from the gradient of everything.


# %%
def flat_gradient(x, labels):
    """All gradients at the start, in one long row."""
    _, grads = mlp_loss_gradients(x, labels, start)
    return np.concatenate([dw.ravel() for dw in grads.values()])


rng = np.random.default_rng(1)
full = flat_gradient(x, labels)
print(f"length of the full gradient: {np.linalg.norm(full):.2f}")
for B in (1, 4, 16, 64, 256):
    parts = [rng.choice(len(x), B, replace=False) for _ in range(200)]
    misses = [np.linalg.norm(flat_gradient(x[part], labels[part]) - full) for part in parts]
    print(f"B = {B:3d}: typical distance {np.sqrt(np.mean(np.square(misses))):.2f}")

# %% [markdown]
# Each time $B$ grows fourfold, the distance halves: it falls like
#
# $$\frac{1}{\sqrt{B}}$$
#
# (At 256 it is a little less still: such a batch holds a good part of all there is.)
#
# Look at the first line, too. The gradient of *one* picture misses by six times the length of what it
# should be. What use can such a step be? See where the misses lie.

# %%
viz.gradient_clouds()

# %% [markdown]
# Every cloud has its middle at the diamond. A single step may go nearly anywhere, but there is no direction
# in which the steps err *together*, so over many steps the errors cancel and the way along the black line
# adds up. A rough step costs little: for the price of one look at everything you get 1437 steps of one
# picture, or 45 steps of 32.

# %% [markdown]
# With two weights one sees all of it: 256 points and a line with weight and bias. **Guess** before each:
#
# 1. From batches of 8 to batches of 32: how much smaller does the cloud get?
# 2. Drag the ring to the bottom of the bowl. The full gradient is 0 there. And those of the batches?
# 3. Let batches of 8 run, then stop. Which way is ahead, and does it come to rest?

# %%
viz.batch_noise()

# %% [markdown]
# Half as wide. At the bottom only noise is left, in every direction: so the way in batches trembles around
# the bottom and never rests, as long as the learning rate stays. But it was there before the full descent
# had taken its third step. Far away the noise hardly matters; near the end it is all that matters.

# %% [markdown]
# Three names go with that. **Batch** gradient descent uses all examples in each step, as you did so far.
# **Stochastic** gradient descent uses one, drawn by chance. **Mini-batch** gradient descent uses a few. In
# daily speech all that draws by chance is called SGD.

# %% [markdown]
# ## Cutting an epoch into batches
#
# To be fair to all, nobody draws blindly. Put the examples into a random order, cut it into pieces of $B$,
# and take a step for each. When every example has been used once, an **epoch** is over. For the next one, a
# new order.
#
# Two tools of NumPy do most of it, here with 10 examples:

# %%
rng = np.random.default_rng(0)
order = rng.permutation(10)
letters = np.array(list("abcdefghij"))
print("order:       ", order)
print("order[4:8]:  ", order[4:8])
print("order[8:12]: ", order[8:12])
print("letters there:", letters[order[8:12]])

# %% [markdown]
# A slice that reaches beyond the end stops there by itself. And an array of numbers in square brackets
# picks those entries, or rows, in that order.

# %%
quiz("08-steps-in-an-epoch")

# %% [markdown]
# Write the cutting. What is asked for:
#
# - one pair `(x, labels)` for each batch, in a list (or `yield` them one by one, if you know how),
# - every example exactly once, and each with its own label,
# - a new order at every call, drawn from the `rng` that comes in and from nothing else,
# - sizes $B, B, \dots$, and the last batch holds what is left. `batch_size` may be larger than $N$: then
#   there is one batch.


# %% exercise="minibatches"
def minibatches(x, labels, batch_size, rng):
    """The batches of one epoch, as pairs (x, labels).

    x: (N, D)        labels: (N,), class numbers
    batch_size: examples in a batch, an integer
    rng: random generator, for the order
    """
    batches = []
    # BEGIN SOLUTION
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        part = order[start : start + batch_size]
        batches.append((x[part], labels[part]))
    # END SOLUTION
    return batches


# %%
check(minibatches)

# %% [markdown] tags=["solution"]
# **Why this way.** One `order` is drawn, and the same piece of it picks rows of `x` and entries of
# `labels`, so nothing can come apart. The slice takes care of the last batch. Another way: shuffle both
# once, `x = x[order]` and `labels = labels[order]`, and cut slices. With `yield` in place of the list only
# one batch is in memory at a time, which matters when the examples are photographs.

# %%
batches = use(minibatches)(x, labels, 32, np.random.default_rng(0))
sizes = [len(batch_labels) for _, batch_labels in batches]
print(len(sizes), "batches, of sizes", sizes[0], sizes[1], "...", sizes[-1])
print("looks at a picture:", sum(sizes))
print("labels of the first eight:", batches[0][1][:8])

# %% [markdown]
# ## A fair mean
#
# Each batch tells its own mean loss. For the epoch we want one number: the mean over all *examples*.

# %%
quiz("08-unequal-batches")

# %% [markdown]
# In most epochs the last batch is smaller, and so this comes up each time. Write it for any number of
# batches. Lists come in. To calculate with them entry by entry, make arrays of them:
# `np.array(batch_losses)`.


# %% exercise="epoch_loss"
def epoch_loss(batch_losses, batch_sizes):
    """The mean loss over all examples of an epoch.

    batch_losses: list of numbers, the mean loss of each batch
    batch_sizes: list of integers, how many examples each holds
    """
    # BEGIN SOLUTION
    loss = np.average(batch_losses, weights=batch_sizes)
    # END SOLUTION
    return loss


# %%
check(epoch_loss)

# %% [markdown] tags=["solution"]
# **Why this way.** Mean times size is the sum over a batch; all sums together, divided by all sizes
# together, are the mean over all. That is what `np.average` does with weights. Another way:
# `np.dot(batch_losses, batch_sizes) / sum(batch_sizes)`.

# %%
losses_seen, sizes_seen = [0.5, 5.0], [1436, 1]
print(f"plain mean:     {np.mean(losses_seen):.3f}")
print(f"mean by size:   {use(epoch_loss)(losses_seen, sizes_seen):.3f}")

# %% [markdown]
# With batches of 1436, the last batch is one single picture. If it happens to be hard to read, the plain
# mean cries alarm: one picture out of 1437 makes half of the number. By size it counts for what it is.

# %% [markdown]
# ## One epoch
#
# One step on one batch holds nothing new. The pieces are from lesson 07:

# %%
batch_x, batch_labels = batches[0]
loss, grads = mlp_loss_gradients(batch_x, batch_labels, start)
params = sgd_update(start, grads, 0.5)
print(f"loss of this batch before its step: {loss:.3f}")
print(f"loss of this batch after it:        {mlp_loss_gradients(batch_x, batch_labels, params)[0]:.3f}")

# %% [markdown]
# Make an epoch of it: one step after each batch, and each step goes on from where the last one ended. With
# the params, give back the epoch's loss: the mean over the examples, where each batch counts with its loss
# *before* its own step. You get that for nothing, since the gradient needs the forward pass anyway.
#
# Call your own `minibatches` and `epoch_loss`. Leave the `params` that came in as they were: the lesson goes
# back to `start` again and again. `sgd_update` makes new ones.


# %% exercise="train_epoch"
def train_epoch(params, x, labels, batch_size, lr, rng):
    """One pass over all examples, a step for each batch: the new params, and the epoch's loss.

    params: dict of arrays        x: (N, D)        labels: (N,)
    batch_size: an integer        lr: learning rate        rng: random generator
    """
    losses, sizes = [], []
    # BEGIN SOLUTION
    for batch_x, batch_labels in minibatches(x, labels, batch_size, rng):
        loss, grads = mlp_loss_gradients(batch_x, batch_labels, params)
        params = sgd_update(params, grads, lr)
        losses.append(loss)
        sizes.append(len(batch_labels))
    # END SOLUTION
    return params, epoch_loss(losses, sizes)


# %%
check(train_epoch)

# %% [markdown] tags=["solution"]
# **Why this way.** `params` keeps its name, so each batch begins where the one before has ended. Loss and
# gradients belong to one forward pass, and the step comes after. No division by the batch size anywhere:
# the 1/N of each batch is inside the gradient of its loss. Another way: keep a running sum of `loss *
# len(batch_labels)` and divide by `len(x)` at the end.

# %%
epoch, rng = use(train_epoch), np.random.default_rng(0)
params = start
for k in range(10):
    params, loss = epoch(params, x, labels, 32, 0.5, rng)
    print(f"epoch {k + 1:2d}: loss {loss:.3f}")
print(f"accuracy on the held-out pictures: {accuracy(params):.3f}")

# %% [markdown]
# Ten epochs are 14370 looks, as many as for the ten full steps in the beginning. These looks made 450
# steps, and the network reads more than 97 in a hundred pictures that it has never seen.
#
# (One thing about these losses: the network moves while they are collected, so the number of an epoch is
# the mean over a network on the way. After the epoch it is mostly better than that.)

# %% [markdown]
# ## How small?
#
# If 32 is better than all, is 1 better than 32? Let three trainings race: batches of 1, of 32, and of all.
# Give each the same number of looks, four epochs, and each a learning rate that suits it. A batch of one
# needs small steps, since each goes nearly anywhere. **Predict** which one is left behind.

# %%
quiz("08-which-batch-size")

# %%
viz.batch_descents()

# %% [markdown]
# Look at the dots: with batches of one, the loss of a single step says next to nothing about how the
# training goes. The line through them does. This is why people look at the mean of an epoch.
#
# With the same looks, the two runs of many steps are far ahead of the one that took four. Which of those
# two leads at the end is a matter of the start and of the order: look how they jump.

# %% [markdown]
# But looks are not all that costs. Every step is a trip through Python and NumPy, whether it carries one
# picture or thirty. **Guess** before you look: which epoch takes longest by the clock, and by how much? The
# times differ from run to run; their order hardly does.

# %% tags=["nbval-ignore-output"]
for B, lr in ((1, 0.02), (32, 0.5), (1437, 0.5)):
    began = time.perf_counter()
    epoch(start, x, labels, B, lr, np.random.default_rng(0))
    print(f"B = {B:4d}: {-(-len(x) // B):4d} steps, {1000 * (time.perf_counter() - began):6.1f} ms")

# %% [markdown]
# So there are two prices, looks and steps. One example a step wastes steps; everything in each step wastes
# looks. In between both are cheap, and there people work: batches of 32 to a few hundred are common, larger
# where a machine computes many rows at once.
#
# And is the full batch *wrong*? No. It needs patience:

# %%
params = start
for _ in range(180):
    params, loss = epoch(params, x, labels, len(x), 0.5, np.random.default_rng(0))
print(f"180 epochs of one step: loss {loss:.3f}, accuracy {accuracy(params):.3f}")

# %% [markdown]
# 180 steps on everything bring the loss to 0.106. The run with batches of 32 had taken 180 steps when its
# fourth epoch ended, and told 0.153. So the exact steps are the better steps. But each of them costs 45
# times as many looks, and 45 times better they are not.

# %% [markdown]
# ## When is it enough?
#
# So far somebody chose the number of epochs. A **convergence criterion** lets the losses decide: stop when
# they hardly change. One quiet epoch may be chance, so we ask for several in a row. That number is called
# **patience**.
#
# Write it. The verdict is `True` when each of the last `patience` changes is smaller than `tolerance`, up
# or down: $|L_i - L_{i-1}| < \text{tolerance}$. As long as there are no more than `patience` losses, it is
# `False`. It looks at changes as they are, not at percentages.


# %% exercise="has_converged"
def has_converged(losses, tolerance, patience):
    """True if each of the last `patience` changes of the loss is below `tolerance`, else False.

    losses: list of numbers, one for each epoch, never empty
    tolerance: a number        patience: an integer, at least 1
    """
    # BEGIN SOLUTION
    if len(losses) <= patience:
        return False
    changes = np.abs(np.diff(losses[-patience - 1 :]))
    verdict = bool(np.all(changes < tolerance))
    # END SOLUTION
    return verdict


# %%
check(has_converged)

# %% [markdown] tags=["solution"]
# **Why this way.** Between `patience + 1` losses there are `patience` changes, so that many are needed.
# `np.diff` takes each minus the one before, and the absolute value makes a rise count like a fall. Another
# way is a loop over `range(1, patience + 1)` which compares `losses[-i]` with `losses[-i - 1]`, and says
# False at the first loud change.

# %% [markdown]
# Now let it decide. Two trainings, one with lr = 0.1 and one with a learning rate a thousand times smaller.
# **Predict**: which one is stopped first?


# %%
quiet = use(has_converged)


def train_until_quiet(lr, tolerance=0.005, patience=3):
    """Epochs of batches of 32 until the loss stands nearly still, 100 at most."""
    params, losses, rng = start, [], np.random.default_rng(0)
    while len(losses) < 100:
        params, loss = epoch(params, x, labels, 32, lr, rng)
        losses.append(loss)
        if quiet(losses, tolerance, patience):
            break
    return params, losses


for lr in (0.1, 0.0001):
    params, losses = train_until_quiet(lr)
    print(f"lr {lr}: {len(losses)} epochs, loss {losses[-1]:.3f}, accuracy {accuracy(params):.3f}")

# %% [markdown]
# The first line is what we hoped for. The second is a warning. With steps that small the loss hardly moves
# from the start, and the criterion says at once: it stands still. That is true. **Standing still is not the
# same as having arrived.** Look at the loss itself, too.

# %% [markdown]
# ## Find the bug
#
# Somebody wrote the epoch in one piece, without the helpers. It runs without an error, and nothing is
# learned by it. It has two slips, and the second would stay hidden if you found only the first.


# %% exercise="sgd_epoch_repaired"
def sgd_epoch_repaired(params, x, labels, batch_size, lr, rng):
    """One pass over all examples, a step for each batch: the same as `train_epoch`."""
    # BEGIN SOLUTION
    order = rng.permutation(len(x))
    x, labels = x[order], labels[order]
    # END SOLUTION
    # BEGIN BUG
    # x, labels = rng.permutation(x), rng.permutation(labels)
    # END BUG
    losses, sizes = [], []
    for start in range(0, len(x), batch_size):
        x_batch, labels_batch = x[start : start + batch_size], labels[start : start + batch_size]
        logits, cache = mlp_forward(x_batch, params)
        p = softmax(logits)
        own = np.arange(len(x_batch)), labels_batch  # the place of each true class
        # BEGIN SOLUTION
        losses.append(-np.sum(np.log(p[own])) / len(x_batch))
        p[own] -= 1
        params = sgd_update(params, mlp_backward(p / len(x_batch), cache, params), lr)
        # END SOLUTION
        # BEGIN BUG
        # losses.append(-np.sum(np.log(p[own])) / batch_size)
        # p[own] -= 1
        # params = sgd_update(params, mlp_backward(p / batch_size, cache, params), lr)
        # END BUG
        sizes.append(len(x_batch))
    return params, np.average(losses, weights=sizes)


# %%
rng = np.random.default_rng(0)
losses = [sgd_epoch_repaired(start, x[:10], labels[:10], 4, 0.0, rng)[1] for _ in range(3)]
print(f"with lr = 0, three epochs: {losses[0]:.4f} {losses[1]:.4f} {losses[2]:.4f}")
print(f"mean loss of the ten:      {mlp_loss_gradients(x[:10], labels[:10], start)[0]:.4f}")
params = start
for _ in range(5):
    params, loss = sgd_epoch_repaired(params, x, labels, 32, 0.5, rng)
print(f"after five epochs on everything: loss {loss:.3f}, accuracy {accuracy(params):.3f}")

# %%
check(sgd_epoch_repaired)

# %% [markdown] tags=["solution"]
# **What was wrong.** Two calls of `rng.permutation` give two orders: every picture got the label of another
# one, and there is nothing to learn from that. And the last batch, which is smaller, was divided by the
# size of a full one: its loss came out too small and its step too short. With lr = 0 nothing moves, so all
# epochs must have the same loss, the mean over all. This little test finds both slips. Another way to
# divide rightly: `softmax_cross_entropy` of lesson 06, which counts the rows itself.

# %% [markdown]
# ## Ten examples by hand
#
# One more epoch, in the smallest form: 10 examples, batches of 4, in the order given. The numbers come from
# sines, so that you can have the very same ones elsewhere.

# %%
small_x, small_labels = np.sin(np.arange(50.0)).reshape(10, 5), np.arange(10) % 3
small = {
    "W1": np.cos(np.arange(20.0)).reshape(5, 4),
    "b1": np.zeros(4),
    "W2": np.cos(np.arange(12.0)).reshape(4, 3),
    "b2": np.zeros(3),
}
found = []
for k in (0, 4, 8):
    loss, grads = mlp_loss_gradients(small_x[k : k + 4], small_labels[k : k + 4], small)
    small = sgd_update(small, grads, 0.1)
    found.append(loss)
print(f"{use(epoch_loss)(found, [4, 4, 2]):.9f}")
print(f"{small['W2'][0, 0]:.9f}")

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import numpy as np
# import torch
# from torch.utils.data import DataLoader, TensorDataset
#
# x = torch.tensor(np.sin(np.arange(50.0)).reshape(10, 5))
# labels = torch.arange(10) % 3
# W1 = torch.tensor(np.cos(np.arange(20.0)).reshape(5, 4), requires_grad=True)
# b1 = torch.zeros(4, dtype=torch.float64, requires_grad=True)
# W2 = torch.tensor(np.cos(np.arange(12.0)).reshape(4, 3), requires_grad=True)
# b2 = torch.zeros(3, dtype=torch.float64, requires_grad=True)
#
# optimiser = torch.optim.SGD([W1, b1, W2, b2], lr=0.1)
# total = 0.0
# for x_batch, labels_batch in DataLoader(TensorDataset(x, labels), batch_size=4):
#     logits = torch.relu(x_batch @ W1 + b1) @ W2 + b2
#     loss = torch.nn.functional.cross_entropy(logits, labels_batch)
#     optimiser.zero_grad()
#     loss.backward()
#     optimiser.step()
#     total += loss.item() * len(x_batch)
# print(f"{total / len(x):.9f}")  # 1.120509226
# print(f"{W2[0, 0].item():.9f}")  # 1.007796651
# ```
#
# Your two numbers. `DataLoader` is your `minibatches`, with `shuffle=True` for a new order in each epoch.
# Its rest comes last as yours does. `optimiser.step()` is `sgd_update`, and the weighting by size is left
# to you.

# %% [markdown]
# ## Three sentences to keep
#
# 1. A batch of $B$ examples gives the full gradient plus noise that shrinks like $1/\sqrt{B}$: four times
#    the examples buy half the noise.
# 2. For the same number of looks at the data, many rough steps get further than few exact ones.
# 3. Draw one new order for each epoch, use it for inputs and labels alike, and let each batch count by its
#    size.
#
# Next: the steps are noisy and the valley is narrow. Can a step remember the ones before it?

# %% tags=["nbval-ignore-output"]
progress()
