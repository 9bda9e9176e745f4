# %% [markdown]
# # 10 · Vanishing gradients
#
# *About 45 minutes. You need: lessons 05, 07 and 09.*
#
# **Why did deep sigmoid networks not learn for twenty years?** More layers should make a better network, and
# everything for it was there in 1986: the chain rule, the sigmoid, patience. It did not work. The gradients
# were right. What was wrong with them?

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.data import digits
from bplearn.nn import (  # lessons 01 to 09
    linear_backward,
    linear_forward,
    minibatches,
    momentum_step,
    relu_forward,
    sigmoid,
    softmax_cross_entropy,
)

# %% [markdown]
# ## A network that does not learn
#
# Digits again. This time every pixel has its mean taken off and is divided by its spread, so that inputs are
# about as often negative as positive (lesson 13 says more about that).
#
# The network has as many hidden layers as we like, of 64 units each, then one layer for the ten logits. The
# activation can be chosen. Its slope is computed from its output `a`, as in lesson 05.

# %%
images, labels, test_images, test_labels = digits()
mean, spread = images.mean(axis=0), images.std(axis=0)
spread[spread == 0] = 1.0  # pixels that are always white
x, x_test = (images - mean) / spread, (test_images - mean) / spread
BENDS = {  # a function, and its slope from its output
    "sigmoid": (sigmoid, lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a**2),
    "relu": (relu_forward, lambda a: (a > 0) * 1.0),
}


# %%
def network(depth, draw, rng):
    """Weights of `depth` hidden layers and one for the logits; draw(fan_in, fan_out, rng) makes each."""
    sizes = [64] * (depth + 1) + [10]
    params = {f"W{k}": draw(sizes[k - 1], sizes[k], rng) for k in range(1, depth + 2)}
    return params | {f"b{k}": np.zeros(sizes[k]) for k in range(1, depth + 2)}


def forward(x, params, bend):
    """What goes into each layer, and the logits last."""
    layers, outs = len(params) // 2, [x]
    for k in range(1, layers + 1):
        z = linear_forward(outs[-1], params[f"W{k}"], params[f"b{k}"])
        outs.append(BENDS[bend][0](z) if k < layers else z)
    return outs


# %%
def gradients(x, labels, params, bend):
    """Lesson 07's way back, with any bend."""
    outs, grads = forward(x, params, bend), {}
    _, dz = softmax_cross_entropy(outs[-1], labels)
    for k in range(len(params) // 2, 0, -1):
        da, grads[f"W{k}"], grads[f"b{k}"] = linear_backward(dz, outs[k - 1], params[f"W{k}"])
        dz = da * BENDS[bend][1](outs[k - 1]) if k > 1 else None
    return grads


# %%
def train(params, bend, lr=0.05, epochs=10):
    """Momentum on batches of 32; gives back the new params."""
    rng, v = np.random.default_rng(1), dict.fromkeys(params, 0.0)
    for _ in range(epochs):
        for x_batch, labels_batch in minibatches(x, labels, 32, rng):
            grads = gradients(x_batch, labels_batch, params, bend)
            moved = {name: momentum_step(params[name], grads[name], v[name], lr, 0.9) for name in params}
            params, v = ({name: pair[k] for name, pair in moved.items()} for k in (0, 1))
    return params


# %% [markdown]
# Each weight is a draw of about $1/\sqrt{64}$, the fashion of the time. Ten epochs, and the held-out images:


# %% tags=["nbval-ignore-output"]
def old_fashion(fan_in, fan_out, rng):
    """Draws of spread one over the root of the inputs."""
    return rng.normal(size=(fan_in, fan_out)) / np.sqrt(fan_in)


def accuracy(params, bend):
    """Share of the held-out images that are read right."""
    return np.mean(forward(x_test, params, bend)[-1].argmax(axis=1) == test_labels)


for depth in (1, 3, 10):
    trained = train(network(depth, old_fashion, np.random.default_rng(0)), "sigmoid")
    print(f"{depth:2} hidden layers of sigmoids: {accuracy(trained, 'sigmoid'):.0%} right")

# %% [markdown]
# One hidden layer reads nearly everything. With three it gets worse, and with ten the network guesses: one
# digit in ten is right by chance. And nothing is broken. Every gradient is exact.

# %% [markdown]
# ## Measure where blame is lost
#
# We have a gradient for each layer's weights. How large is it? Signs must not cancel, so take the length of
# all its entries together: the root of the sum of their squares, called the **Frobenius norm**. `grads` may
# hold more than is asked; `depth` says how many layers to measure, from the first.


# %% exercise="layer_gradient_norms"
def layer_gradient_norms(grads, depth):
    """Size of the weight gradients of layers 1 to depth.

    grads: dict with W1, W2, ... and more        depth: an integer
    gives back norms: (depth,)
    """
    # BEGIN SOLUTION
    norms = np.array([np.linalg.norm(grads[f"W{k}"]) for k in range(1, depth + 1)])
    # END SOLUTION
    return norms


# %%
check(layer_gradient_norms)

# %% [markdown] tags=["solution"]
# **Why this way.** `np.linalg.norm` of a table is the root of the sum of its squares. Another way:
# `np.sqrt(np.sum(grads[f"W{k}"] ** 2))`.

# %%
norms_of, batch = use(layer_gradient_norms), (x[:128], labels[:128])
start = network(10, old_fashion, np.random.default_rng(0))
sizes = norms_of(gradients(*batch, start, "sigmoid"), 10)
for k in (1, 2, 3, 9, 10):
    print(f"layer {k:2}: {sizes[k - 1]:.1e}")

# %%
viz.gradient_ladder({"ten sigmoid layers": sizes})

# %% [markdown]
# A straight line on a scale of powers of ten: each layer on the way back divides what is left by about the
# same number, here four. The first layers get a gradient of next to nothing. They stay at their random
# start, and hand random features to the layers above.

# %%
quiz("10-thirty-layers")

# %% [markdown]
# ## How much can come through?
#
# What does blame meet in one layer? First the slope of the sigmoid, 1/4 at most (lesson 01). Then the matrix
# of weights. How far can a matrix stretch an arrow? At most by its **spectral norm**, one number for each
# matrix; call the largest of them `weight_norm`. So one layer passes on at most
#
# $$\tfrac14 \cdot \text{weight\_norm}$$
#
# of what arrives. Write the bound for `depth` layers, each with one matrix and one sigmoid. It may be above
# 1.


# %% exercise="sigmoid_gradient_bound"
def sigmoid_gradient_bound(depth, weight_norm):
    """Largest factor by which a gradient can come back through that many sigmoid layers.

    depth: number of layers        weight_norm: largest spectral norm of their matrices
    """
    # BEGIN SOLUTION
    bound = (weight_norm / 4) ** depth
    # END SOLUTION
    return bound


# %%
check(sigmoid_gradient_bound)

# %% [markdown] tags=["solution"]
# **Why this way.** Factors along a path multiply, one matrix and one slope for each layer. Another way:
# `weight_norm**depth * 0.25**depth`.

# %%
largest = max(np.linalg.norm(start[f"W{k}"], 2) for k in range(2, 11))
print(f"largest spectral norm: {largest:.2f}")
print(f"bound for nine layers: {use(sigmoid_gradient_bound)(9, largest):.1e}")
print(f"measured, layer 1 over layer 10: {sizes[0] / sizes[-1]:.1e}")

# %% [markdown]
# The bound is far too kind: no arrow is stretched by the most in every layer, and few sigmoids stand at
# their steepest. But it says what matters. A slope of 1/4 is a toll, and it has to be paid at every layer.
# To make up for it weights would have to be four times as strong, and strong weights drive sigmoids into
# saturation.

# %% [markdown]
# ## Another bend, another start
#
# tanh has slope 1 in the middle: no toll, as long as it stays there. So what about the weights?

# %%
quiz("10-small-weights")


# %%
def through(scale, depth=20):
    """Spread of the activations, and mean slope of tanh, layer by layer; weights have spread scale / 8."""

    def draw(fan_in, fan_out, rng):
        return scale / 8 * rng.normal(size=(fan_in, fan_out))

    outs = forward(x[:128], network(depth, draw, np.random.default_rng(0)), "tanh")[1:-1]
    return [out.std() for out in outs], [np.mean(1 - out**2) for out in outs]


runs = {f"weights of {scale}/8": through(scale) for scale in (0.3, 1, 3)}
viz.signal_spreads({name: run[0] for name, run in runs.items()}, {name: run[1] for name, run in runs.items()})

# %% [markdown]
# Why $1/8$? One entry of `z` adds up 64 products. If weights and activations are independent and have mean 0,
# variances add:
#
# $$\text{var}(z) = n_\text{in} \cdot \text{var}(w) \cdot \text{mean}(a^2)$$
#
# To keep it as it is, var(w) has to be $1/n_\text{in}$: here 1/64, a spread of 1/8. With less, the signal
# dies out; with more, tanh saturates. On the way *back* a layer adds up over its outputs, and the same
# argument asks for $1/n_\text{out}$. **Xavier** Glorot's compromise, for both:
#
# $$\text{var}(w) = \frac{2}{n_\text{in} + n_\text{out}}$$
#
# Draw such a matrix, of shape (fan_in, fan_out), normal or uniform, from `rng` and nothing else.


# %% exercise="xavier_init"
def xavier_init(fan_in, fan_out, rng):
    """Random weights (fan_in, fan_out), mean 0, variance 2 / (fan_in + fan_out)."""
    # BEGIN SOLUTION
    W = rng.normal(size=(fan_in, fan_out)) * np.sqrt(2 / (fan_in + fan_out))
    # END SOLUTION
    return W


# %%
check(xavier_init)

# %% [markdown] tags=["solution"]
# **Why this way.** A factor stretches the spread, and the spread is the root of the variance. Another way:
# `rng.uniform(-s, s, (fan_in, fan_out))` with $s = \sqrt{6 / (n_\text{in} + n_\text{out})}$, whose spread is
# $s / \sqrt 3$.

# %% [markdown]
# And for ReLU? It cuts off what is negative, half of everything, and with it half of mean($a^2$).

# %%
quiz("10-why-two")

# %% [markdown]
# Kaiming **He** put that into the rule: var(w) $= 2 / n_\text{in}$. You have used it since lesson 07.


# %% exercise="he_init"
def he_init(fan_in, fan_out, rng):
    """Random weights (fan_in, fan_out), mean 0, variance 2 / fan_in."""
    # BEGIN SOLUTION
    W = rng.normal(size=(fan_in, fan_out)) * np.sqrt(2 / fan_in)
    # END SOLUTION
    return W


# %%
check(he_init)

# %% [markdown] tags=["solution"]
# **Why this way.** The 2 makes up for the half that is cut off. Another way: `rng.normal(0, np.sqrt(2 /
# fan_in), (fan_in, fan_out))`, where the spread is handed to the draw.

# %%
xavier, he = use(xavier_init), use(he_init)
ladder = {}
for name, draw in (("sigmoid", xavier), ("tanh", xavier), ("relu", he)):
    deep = network(30, draw, np.random.default_rng(0))
    ladder[name] = norms_of(gradients(*batch, deep, name), 30)
    print(f"30 layers of {name:8} layer 1: {ladder[name][0]:.1e}   layer 30: {ladder[name][-1]:.1e}")

# %%
viz.gradient_ladder(ladder)

# %% [markdown]
# Same depth, same data, same loss. With a bend that has slope 1 and a start that fits it, the first layer
# hears as much as the last. (Look at sizes, not only at ratios: with weights that are far too small all
# layers are equally deaf.)

# %% [markdown]
# ## Not only at the start
#
# That was before the first step. Does it matter once training goes on? Ten hidden layers, ten epochs:

# %% tags=["nbval-ignore-output"]
for bend, draw, lr in (("sigmoid", xavier, 0.05), ("tanh", xavier, 0.05), ("relu", he, 0.01)):
    first = network(10, draw, np.random.default_rng(0))
    trained = train(first, bend, lr)
    before, after = (norms_of(gradients(*batch, params, bend), 1)[0] for params in (first, trained))
    print(f"{bend:8} dW1 {before:.0e} before, {after:.0e} after; {accuracy(trained, bend):.0%} right")

# %% [markdown]
# The sigmoids are where they were, and as deaf as before. Ten layers of tanh or ReLU learn. ReLU got a
# smaller learning rate; with 0.05 and momentum it is thrown out of the valley. That is the next lesson's
# matter.

# %% [markdown]
# Here is a smaller network, 16 units a layer and 64 points of two classes, in which all of it can be
# turned. Make a **guess** each time:
#
# 1. Sigmoids, 10 layers: does a larger draw of the weights save layer 1?
# 2. tanh with weights that are too small: what dies first, the signal or the gradient?
# 3. ReLU, 30 layers, Xavier or He: which of the two arrives?
# 4. Train each of them. Which ones move at all?

# %%
viz.depth_explorer()

# %% [markdown]
# The two panels tell two stories. With weights that are too small the signal dies on its way forward, and
# takes the gradient with it. With sigmoids the signal is fine, the lower line is level, and still nothing
# comes back: it is the slope that takes it. Look at both before you blame one.

# %% [markdown]
# ## Dead units
#
# ReLU has a toll of its own: level ground. A unit that is silent for *every* example gets no blame and
# never wakes (lesson 05). What share of a layer's units is that? `activations` holds a row for each
# example, a column for each unit, after ReLU.


# %% exercise="dead_unit_share"
def dead_unit_share(activations):
    """Share of the units that are 0 for all examples.

    activations: (N, H), after ReLU        gives back one number, 0 to 1
    """
    # BEGIN SOLUTION
    share = np.mean(np.all(activations == 0, axis=0))
    # END SOLUTION
    return share


# %%
check(dead_unit_share)

# %% [markdown] tags=["solution"]
# **Why this way.** `all` along the examples asks of each unit whether it is always silent; the mean of True
# and False is a share. Another way: `np.mean(activations.max(axis=0) == 0)`.

# %%
dead = use(dead_unit_share)
healthy = network(3, he, np.random.default_rng(0))
pushed = healthy | {f"b{k}": np.full(64, -4.0) for k in (1, 2, 3)}
for name, params in (("biases at 0", healthy), ("biases at -4", pushed)):
    shares = [dead(out) for out in forward(x, params, "relu")[1:-1]]
    print(f"{name:13} dead in layers 1 to 3: {shares[0]:.0%} {shares[1]:.0%} {shares[2]:.0%}")

# %% [markdown]
# One bad step with a large learning rate can push biases as far as that.

# %% [markdown]
# ## A way past the layer
#
# There is another cure, and it made networks of hundreds of layers possible. Let each layer *add* to what
# comes in, instead of replacing it: $y = x + F(x)$. This is a **residual** block. Now x stands in two
# places, and lesson 02 knows what to do.
#
# You are given `dy`, and `branch_backward`, a function that takes the gradient at F's output and gives the
# one at F's input. Call it once.


# %% exercise="residual_backward"
def residual_backward(dy, branch_backward):
    """How the loss reacts to x in y = x + F(x).

    dy: what arrives        branch_backward: the way back through F, a function
    gives back dx, shaped like dy
    """
    # BEGIN SOLUTION
    dx = dy + branch_backward(dy)
    # END SOLUTION
    return dx


# %%
check(residual_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** Along the plus what arrives goes back unchanged, and across paths blame adds. Another way:
# `np.add(dy, branch_backward(dy))`.

# %% [markdown]
# Thirty sigmoid layers with such a path, and without. How much of what arrives on top comes out below?

# %%
rng = np.random.default_rng(0)
matrices = [xavier(64, 64, rng) for _ in range(30)]
a, slopes = x[:128], []
for W in matrices:
    a = sigmoid(a @ W)
    slopes.append(a * (1 - a))
arriving = plain = past = rng.normal(size=(128, 64))
for W, slope in zip(matrices[::-1], slopes[::-1], strict=True):
    plain = (plain * slope) @ W.T
    past = use(residual_backward)(past, lambda dy, W=W, slope=slope: (dy * slope) @ W.T)
for name, left in (("without", plain), ("with", past)):
    print(f"{name:8} a way past: {np.linalg.norm(left) / np.linalg.norm(arriving):.1e} of what arrived")

# %% [markdown]
# On the straight way nothing is ever multiplied. A layer that has nothing to say does no harm.

# %% [markdown]
# ## Find the bug
#
# Somebody reports that half of all units of a healthy network are dead.


# %% exercise="dead_unit_share_repaired"
def dead_unit_share_repaired(activations):
    """Share of the units that are 0 for all examples.

    activations: (N, H), after ReLU
    """
    # BEGIN SOLUTION
    return np.mean((activations == 0).all(axis=0))
    # END SOLUTION
    # BEGIN BUG
    # return np.mean(activations == 0)
    # END BUG


# %% role="use"
hidden = forward(x, healthy, "relu")[1]
print(f"reported as dead: {dead_unit_share_repaired(hidden):.0%}")
print("units that spoke at least once:", np.sum(hidden.max(axis=0) > 0), "of", hidden.shape[1])

# %% [markdown]
# If all 64 have spoken, none is dead.

# %%
check(dead_unit_share_repaired)

# %% [markdown] tags=["solution"]
# **What was wrong.** It counted zeros, and a ReLU gives a zero for half of what it sees: that is its job.
# Dead is who gives nothing but zeros. Another way: `return dead_unit_share(activations)`.

# %% [markdown]
# ## Six boxes by hand
#
# The smallest deep network: one unit in each layer, all weights 1, six sigmoids in a row. How does the last
# output react to the first input?

# %%
a, slope = 0.5, 1.0
for _ in range(6):
    a = sigmoid(a)
    slope *= a * (1 - a)
print(f"{a:.9f} {slope:.9f}")

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import torch
#
# x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
# a = x
# for _ in range(6):
#     a = torch.sigmoid(a)
# a.backward()
# print(f"{a.item():.9f} {x.grad.item():.9f}")  # 0.659024953 0.000136621
# W = torch.empty(64, 64)
# torch.nn.init.xavier_normal_(W)
# torch.nn.init.kaiming_normal_(W, nonlinearity="relu")
# ```
#
# `xavier_normal_` and `kaiming_normal_` are your two rules. Left to itself, `torch.nn.Linear` draws from a
# uniform distribution with a smaller spread.

# %% [markdown]
# ## Three sentences to keep
#
# 1. On its way back the gradient is multiplied by a slope and by weights at each layer: what is below 1 dies
#    out with depth, what is above 1 explodes.
# 2. A bend with slope 1 and weights drawn for it, 2 / (in + out) for tanh and 2 / in for ReLU, keep signal
#    and blame alive.
# 3. A way past the layers, y = x + F(x), carries blame back with no toll at all.
#
# Next: and what if it explodes?

# %% tags=["nbval-ignore-output"]
progress()
