# %% [markdown]
# # 11 · Gradient clipping
#
# *About 35 minutes. You need: lesson 10.*
#
# **And what if it explodes?** Lesson 10 kept gradients from dying out. Ten layers of ReLU then learned,
# with a small learning rate. With a larger one and momentum, something else happens.

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.data import digits
from bplearn.nn import (  # lessons 06 to 10
    he_init,
    minibatches,
    mlp_backward,
    mlp_forward,
    momentum_step,
    softmax_cross_entropy,
)

# %% [markdown]
# ## A training that ends in nan
#
# Lesson 10's digits, standardised, and its network: ten hidden layers of 64 ReLUs, drawn by He's rule. We
# write down how long the whole gradient is at each step, all arrays together as one vector.

# %%
images, labels, test_images, test_labels = digits()
mean, spread = images.mean(axis=0), images.std(axis=0)
spread[spread == 0] = 1.0
x, x_test = (images - mean) / spread, (test_images - mean) / spread
sizes = [64] * 11 + [10]
start = {f"W{k}": he_init(sizes[k - 1], sizes[k], np.random.default_rng(k)) for k in range(1, 12)}
start |= {f"b{k}": np.zeros(sizes[k]) for k in range(1, 12)}


def length(grads):
    """Norm of all gradients together."""
    return np.sqrt(sum(np.sum(array**2) for array in grads.values()))


# %%
def train(clip, epochs=10, lr=0.05):
    """Momentum on batches of 32, each gradient put through `clip`; params, and all norms before clipping."""
    params, v, norms, rng = start, dict.fromkeys(start, 0.0), [], np.random.default_rng(1)
    for _ in range(epochs):
        for x_batch, labels_batch in minibatches(x, labels, 32, rng):
            logits, cache = mlp_forward(x_batch, params)
            grads = mlp_backward(softmax_cross_entropy(logits, labels_batch)[1], cache, params)
            norms.append(length(grads))
            clipped = clip(grads)
            moved = {name: momentum_step(params[name], clipped[name], v[name], lr, 0.9) for name in params}
            params, v = ({name: pair[k] for name, pair in moved.items()} for k in (0, 1))
    return params, norms


def accuracy(params):
    """Share of the held-out images that are read right."""
    return np.mean(mlp_forward(x_test, params)[0].argmax(axis=1) == test_labels)


# %% tags=["nbval-ignore-output"]
with np.errstate(all="ignore"):
    lost, wild = train(lambda grads: grads)
    print(f"the first norms: {wild[0]:.1f} {wild[1]:.1f} {wild[2]:.1f}; the largest: {np.nanmax(wild):.0e}")
    print("weights that are still numbers:", f"{np.mean(np.isfinite(lost['W1'])):.0%}")

# %%
quiz("11-one-nan")

# %% [markdown]
# One step went too far, the next gradient was larger for that, and so on: an explosion. A smaller learning
# rate helps, and makes every step small, long gradients and short ones alike. Better to limit the long ones.

# %% [markdown]
# ## A limit for each entry
#
# The plain way: no entry may be larger than `limit`, up or down. `grads` is a dict of arrays, as in lesson
# 07. Give back a **new** dict with new arrays; `grads` stays as it was.


# %% exercise="clip_by_value"
def clip_by_value(grads, limit):
    """Gradients with each entry between -limit and limit: a new dict with the same keys.

    grads: dict of arrays        limit: a number above 0
    """
    # BEGIN SOLUTION
    return {name: np.clip(array, -limit, limit) for name, array in grads.items()}
    # END SOLUTION


# %%
check(clip_by_value)

# %% [markdown] tags=["solution"]
# **Why this way.** `np.clip` makes a new array. Another way: `np.minimum(np.maximum(array, -limit), limit)`.

# %% [markdown]
# It works, and it has a flaw. **Predict**:

# %%
quiz("11-which-way")

# %% [markdown]
# Push on it. The square is a limit for each entry; beside it is another kind, a circle. **Guess** before you
# drag: which gradients does the square turn most, and which not at all?

# %%
viz.clip_explorer()

# %% [markdown]
# On an axis and on a diagonal the square keeps the direction; in between, a long gradient is pulled towards
# the diagonal, by up to 45 degrees. The circle never turns it. The gradient's direction is what the chain
# rule is for. It would be a pity to lose it.

# %% [markdown]
# ## A limit for the whole
#
# Take all arrays as one long vector, and its **norm**, the root of the sum of all squares. If it is larger
# than `max_norm`, multiply *everything* by one factor that brings it down to `max_norm`. If not, leave
# everything as it is. One factor for all keeps the direction.
#
# Biases count too. Nothing is added to the divisor: what keeps the limit, a gradient of zero included,
# needs no division at all.


# %% exercise="clip_by_norm"
def clip_by_norm(grads, max_norm):
    """Gradients scaled by one factor until their joint norm keeps the limit: a new dict with the same keys.

    grads: dict of arrays        max_norm: a number above 0
    """
    # BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(array**2) for array in grads.values()))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: array * scale for name, array in grads.items()}
    # END SOLUTION


# %%
check(clip_by_norm)

# %% [markdown] tags=["solution"]
# **Why this way.** The squares of all arrays are added up before the root is taken: norms themselves do not
# add. Another way: `np.linalg.norm([np.linalg.norm(array) for array in grads.values()])`, a norm of norms,
# which is the same number.

# %% [markdown]
# ## Did the direction change?
#
# Measure it. The angle between two vectors comes from their product and their lengths:
#
# $$\cos \alpha = \frac{\sum_i a_i\, b_i}{\|a\|\, \|b\|}$$
#
# over all entries of all arrays. Pair the arrays by their *names*; the order of a dict means nothing.
# Rounding can push a cosine a hair beyond 1, and then `np.arccos` gives nan: limit it to [-1, 1]. Neither
# norm is 0.


# %% exercise="gradient_angle"
def gradient_angle(grads_a, grads_b):
    """Angle between two gradients, each taken as one long vector, in degrees.

    grads_a, grads_b: dicts of arrays with the same keys, perhaps in another order
    """
    # BEGIN SOLUTION
    a = np.concatenate([grads_a[name].ravel() for name in grads_a])
    b = np.concatenate([grads_b[name].ravel() for name in grads_a])
    cosine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
    degrees = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    # END SOLUTION
    return degrees


# %%
check(gradient_angle)

# %% [markdown] tags=["solution"]
# **Why this way.** `ravel` lays each array out flat, and both lists follow the names of the first dict.
# Another way: add up `np.sum(grads_a[name] * grads_b[name])` over the names, and the squares likewise.

# %%
by_value, by_norm, angle = use(clip_by_value), use(clip_by_norm), use(gradient_angle)
logits, cache = mlp_forward(x[:32], start)
grads = mlp_backward(softmax_cross_entropy(logits, labels[:32])[1], cache, start)
print(f"norm {length(grads):.2f}")
for name, clipped in (("by value, 0.01", by_value(grads, 0.01)), ("by norm, 1", by_norm(grads, 1.0))):
    print(f"{name:15} norm {length(clipped):.2f}   turned by {angle(grads, clipped):.1f} degrees")

# %% [markdown]
# ## The same training, with a limit
#
# Same start, same batches, same learning rate, momentum as before. Only a limit of 1:

# %% tags=["nbval-ignore-output"]
saved, tamed = train(lambda grads: by_norm(grads, 1.0))
print(f"clipped by norm: {accuracy(saved):.0%} of the held-out images right")
print(f"clipped steps: {np.mean(np.array(tamed) > 1):.0%}; the largest norm: {max(tamed):.1f}")

# %% tags=["nbval-ignore-output"]
viz.gradient_norms({"clipped by norm": tamed, "not clipped": wild}, limit=1.0)

# %% [markdown]
# The gradient still grows at times. But a step can no longer be carried away by it, so the next gradient is
# ordinary again.

# %%
quiz("11-too-low")

# %% [markdown]
# A limit is one more number to choose. How much does it matter?

# %% tags=["nbval-ignore-output"]
for limit in (1, 3, 5, 10, 15):
    with np.errstate(all="ignore"):
        tried, norms = train(lambda grads, limit=limit: by_norm(grads, limit))
        share = np.mean(np.array(norms) > limit)
        print(f"limit {limit:2}: {share:4.0%} of the steps clipped, {accuracy(tried):.0%} right")

# %% [markdown]
# A limit of 1 is strict: it shortens four steps of five, and so is a smaller learning rate as well. A limit
# of 15 is hardly ever reached, and when it is, it is too late. In between there is room. Write the norms of
# a training down before you choose, and clip *after* you have measured and *before* the optimiser's step:
# measured afterwards, the norm is the limit, whatever was there.

# %% [markdown]
# ## Find the bug
#
# Somebody was in a hurry. Training with it does not explode.


# %% exercise="clip_by_norm_repaired"
def clip_by_norm_repaired(grads, max_norm):
    """Gradients scaled by one factor until their joint norm keeps the limit: a new dict with the same keys.

    grads: dict of arrays        max_norm: a number above 0
    """
    # BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(array**2) for array in grads.values()))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: array * scale for name, array in grads.items()}
    # END SOLUTION
    # BEGIN BUG
    # return {name: array * max_norm / np.linalg.norm(array) for name, array in grads.items()}
    # END BUG


# %% role="use"
tiny = {"W1": np.array([[0.003, -0.004]]), "b1": np.array([0.0001, 0.0])}
clipped = clip_by_norm_repaired(tiny, 1.0)
print(f"a tiny gradient of norm {length(tiny):.4f} comes back with norm {length(clipped):.4f}")
large = {"W1": np.array([[30.0, -40.0]]), "b1": np.array([1.0, 0.0])}
clipped = clip_by_norm_repaired(large, 1.0)
print(
    f"a large one comes back with norm {length(clipped):.2f}, turned by {angle(large, clipped):.0f} degrees"
)

# %% [markdown]
# The tiny one should come back as it was. The large one should have norm 1, and its old direction.

# %%
check(clip_by_norm_repaired)

# %% [markdown] tags=["solution"]
# **What was wrong.** Each array was brought to the limit by itself, so the layers' shares were lost and the
# arrow turned. And there was no condition: short gradients were stretched. Another way: `return
# clip_by_norm(grads, max_norm)`.

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import torch
#
# W = torch.zeros(1, 2, dtype=torch.float64, requires_grad=True)
# b = torch.zeros(2, dtype=torch.float64, requires_grad=True)
# W.grad = torch.tensor([[30.0, -40.0]], dtype=torch.float64)
# b.grad = torch.tensor([1.0, 0.0], dtype=torch.float64)
# norm = torch.nn.utils.clip_grad_norm_([W, b], max_norm=1.0)
# print(f"{norm.item():.4f} {W.grad[0, 0].item():.4f} {b.grad[0].item():.4f}")  # 50.0100 0.5999 0.0200
# ```
#
# It changes the gradients in place and gives back the norm as it was. (It adds a millionth to the divisor,
# which nobody will notice.) `clip_grad_value_` is the other one.

# %% [markdown]
# ## Three sentences to keep
#
# 1. A gradient that is too long makes a step too far, and the next gradient longer still: a limit on the
#    length breaks the chain.
# 2. Clip by norm, over all arrays together, with one factor: the direction stays, and what is short stays
#    as it is.
# 3. Measure before you clip, and clip before the step.
#
# Next: so far we have put up with what the layers make of the numbers. What if we put them in order, in every
# layer, at every step?

# %% tags=["nbval-ignore-output"]
progress()
