# %% [markdown]
# # 12 · Batch and layer normalization
#
# *About 45 minutes. You need: lessons 04, 09 and 10.*
#
# **What if the layers' numbers were put in order, in every layer, at every step?** Lesson 10 drew the
# first weights with care, so that nothing dies and nothing explodes. But care at the start is gone after
# some steps, and a sigmoid network ten layers deep did not learn even so.

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.data import digits
from bplearn.nn import (  # lessons 01 to 10
    he_init,
    linear_backward,
    linear_forward,
    minibatches,
    numerical_gradient,
    relu_backward,
    relu_forward,
    sigmoid,
    softmax_cross_entropy,
    xavier_init,
)

# %% [markdown]
# ## The idea
#
# Lesson 10 standardised the *pixels*: each column got mean 0 and deviation 1. A layer's output is a table
# of the same kind, a row for each example, a column for each unit. So do the same with it, in every
# layer.
#
# Which mean? The one of the batch that is there at the moment:
#
# $$\hat x = \frac{x - \text{mean}}{\sqrt{\text{var} + \varepsilon}} \qquad y = \gamma\, \hat x + \beta$$
#
# Mean and variance are those of each column; `eps` keeps a column that does not vary from 0 / 0.

# %% [markdown]
# `gamma` and `beta`, one number for each column, are learnt. They let a unit have another scale than 1 if
# that serves the loss. The difference to before: scale and shift are now two numbers that a gradient can
# move, and no longer the outcome of all layers before.
#
# Here the variance is the **biased** one, divided by N, and `eps` stands **inside** the root.


# %% exercise="batchnorm_train"
def batchnorm_train(x, gamma, beta, eps):
    """Normalised output, and the batch's mean and variance.

    x: (N, D)        gamma, beta: (D,)        eps: a small number
    """
    # BEGIN SOLUTION
    mean = x.mean(axis=0)
    var = x.var(axis=0)
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    # END SOLUTION
    return y, mean, var


# %%
check(batchnorm_train)

# %% [markdown] tags=["solution"]
# **Why this way.** `var` divides by N by itself, and is centred. Another way: `np.mean((x - mean) ** 2,
# axis=0)`.

# %% [markdown]
# **Predict** before you go on:

# %%
quiz("12-shifted-input")

# %%
forward_train = use(batchnorm_train)
rng = np.random.default_rng(0)
x, gamma, beta = rng.normal(size=(6, 3)) * (1, 5, 20) + (0, 3, -40), np.array([1.0, 2.0, 0.5]), np.zeros(3)
y, _, _ = forward_train(x, gamma, beta, 1e-5)
shifted, _, _ = forward_train(x + 100, gamma, beta, 1e-5)
print("spread of the columns before:", x.std(axis=0).round(1), " after:", y.std(axis=0).round(3))
print("the same after adding 100:", bool(np.allclose(y, shifted)))

# %% [markdown]
# The columns' spreads are now `gamma`. And a bias before the normalization is **idle**: whatever it adds,
# the mean takes away. Leave it out, `beta` does its work.

# %% [markdown]
# ## One image alone
#
# While training there is a batch. Later there may be one image:

# %%
quiz("12-one-image")

# %% [markdown]
# So the layer has two modes. In **training** mode it uses the batch's statistics, and on the side keeps a
# running average of them. In **evaluation** mode it uses that average, and updates nothing.
#
# The running average is lesson 09's. With `momentum` *m*:
#
# $$\text{running} \leftarrow m \cdot \text{running} + (1 - m) \cdot \text{batch}$$
#
# Here `momentum` is the share of the **old** value that stays, 0.9 for example. PyTorch gives the same
# name to the *other* share. Mean and variance are averaged alike. Return new arrays.


# %% exercise="batchnorm_running"
def batchnorm_running(running_mean, running_var, mean, var, momentum):
    """Running mean and variance after one more batch.

    running_mean, running_var, mean, var: (D,)        momentum: share of the old value that stays
    """
    # BEGIN SOLUTION
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    # END SOLUTION
    return running_mean, running_var


# %%
check(batchnorm_running)

# %% [markdown] tags=["solution"]
# **Why this way.** The two weights add up to 1, so the running value stays in the range of what it
# averages. Another way: `running_mean + (1 - momentum) * (mean - running_mean)`.

# %% [markdown]
# And the evaluation mode: the same formula, with the stored statistics. Each example by itself.


# %% exercise="batchnorm_eval"
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    """Output normalised by stored statistics.

    x: (N, D)        gamma, beta, running_mean, running_var: (D,)        eps: a small number
    """
    # BEGIN SOLUTION
    y = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    # END SOLUTION
    return y


# %%
check(batchnorm_eval)

# %% [markdown] tags=["solution"]
# **Why this way.** Nothing here asks about other rows, so a row's result is its own. Another way: make
# one stretch and one shift, `scale = gamma / np.sqrt(running_var + eps)` and `x * scale + (beta -
# running_mean * scale)`.

# %%
kept, running = use(batchnorm_running), (np.zeros(3), np.ones(3))
for _ in range(100):
    batch = rng.normal(size=(32, 3)) * (1, 5, 20) + (0, 3, -40)
    _, mean, var = forward_train(batch, gamma, beta, 1e-5)
    running = kept(*running, mean, var, 0.9)
print("running mean:", running[0].round(1), "  deviation:", np.sqrt(running[1]).round(1))
print("one example:", use(batchnorm_eval)(x[:1], gamma, beta, *running, 1e-5).round(2))

# %% [markdown]
# Nearly what the batches were drawn from: means 0, 3, -40 and deviations 1, 5, 20.

# %% [markdown]
# ## The way back, box by box
#
# The most famous backward pass of all. Count the ways first:

# %%
quiz("12-three-ways")

# %% [markdown]
# Here are the boxes of the forward pass, for one column. Go through them from the end, as in lesson 02;
# where two arrows leave a box, what comes back is added.
#
# ```text
# x ──┬── mean ──┐
#     └──────── centred ──┬── square, mean = var ── (var + eps) ** -0.5 = 1/std ──┐
#                         └───────────────────────────────────────── x_hat = centred / std
#                                                               y = gamma * x_hat + beta
# ```
#
# 1. `dbeta`, `dgamma`: sums over the examples. `dx_hat` is what arrives, through `gamma`.
# 2. Through `1/std` to `var`: the slope of `v ** -0.5` is `-0.5 * v ** -1.5`. One variance serves all rows.
# 3. `centred` gets blame twice: directly, and through `var`, a mean of squares.
# 4. `x` gets it twice: directly, and through `mean`.


# %% exercise="batchnorm_backward"
def batchnorm_backward(dy, x, gamma, eps):
    """Gradients of x, gamma and beta in training mode.

    dy, x: (N, D)        gamma: (D,)        eps: a small number
    """
    N = len(x)
    centred = x - x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = centred / std
    # BEGIN SOLUTION
    dgamma = np.sum(dy * x_hat, axis=0)
    dbeta = np.sum(dy, axis=0)
    dx_hat = dy * gamma
    dvar = np.sum(dx_hat * centred, axis=0) * -0.5 * std**-3
    dcentred = dx_hat / std + dvar * 2 * centred / N
    dx = dcentred - dcentred.mean(axis=0)
    # END SOLUTION
    return dx, dgamma, dbeta


# %%
check(batchnorm_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** Each line is one box. The last one is the way through the mean: `centred = x - mean`,
# so the mean's blame is minus the column's sum, and each row gets a share of 1/N. Another way: the closed
# form, which comes next.

# %%
blame = rng.normal(size=x.shape)
back = use(batchnorm_backward)
measured = numerical_gradient(lambda v: np.sum(blame * forward_train(v, gamma, beta, 0.1)[0]), x, 1e-5)
dx, _, _ = back(blame, x, gamma, 0.1)
print("agrees with the measurement:", bool(np.allclose(dx, measured, atol=1e-7)))
print("each column of dx adds up to 0:", bool(np.allclose(dx.sum(axis=0), 0)))

# %% [markdown]
# The columns of `dx` add up to 0. That sum would be the gradient of the idle bias: exactly nothing.

# %% [markdown]
# ## In one line
#
# What the boxes do together is simpler than the boxes. **Think**:

# %%
quiz("12-what-is-left")

# %% [markdown]
# A batch cannot be moved in two ways: all together (the mean takes it away), and along itself, `x_hat`,
# wider or narrower (the deviation takes it away). So `dy` loses its mean and its share along `x_hat`.
# What is left passes, times `gamma / std`:
#
# $$dx = \frac{\gamma}{\text{std}} \Big( dy - \overline{dy} - \hat x \cdot \overline{dy\, \hat x} \Big)$$
#
# Bars are means over the rows. `x_hat` and `std = sqrt(var + eps)` come from the forward pass.


# %% exercise="batchnorm_backward_closed"
def batchnorm_backward_closed(dy, x_hat, std, gamma):
    """Gradient of x in training mode, in one formula.

    dy, x_hat: (N, D)        std, gamma: (D,)
    """
    # BEGIN SOLUTION
    along = np.mean(dy * x_hat, axis=0)
    dx = gamma / std * (dy - dy.mean(axis=0) - x_hat * along)
    # END SOLUTION
    return dx


# %%
check(batchnorm_backward_closed)

# %% [markdown] tags=["solution"]
# **Why this way.** The formula as it stands. Put the boxes' results into each other: `dvar` brings the
# last term, `std**-3` and `centred` become `x_hat / std**2`. Another way: with sums, `gamma / (N * std) *
# (N * dy - dy.sum(axis=0)
# - x_hat * np.sum(dy * x_hat, axis=0))`.

# %%
std = np.sqrt(x.var(axis=0) + 0.1)
x_hat = (x - x.mean(axis=0)) / std
closed = use(batchnorm_backward_closed)(blame, x_hat, std, gamma)
print("both ways agree:", bool(np.allclose(closed, dx)))

# %% [markdown]
# And in evaluation mode?

# %%
quiz("12-in-evaluation")


# %% exercise="batchnorm_eval_backward"
def batchnorm_eval_backward(dy, x, gamma, running_mean, running_var, eps):
    """Gradients of x, gamma and beta in evaluation mode.

    dy, x: (N, D)        gamma, running_mean, running_var: (D,)        eps: a small number
    """
    # BEGIN SOLUTION
    std = np.sqrt(running_var + eps)
    dx = dy * gamma / std
    dgamma = np.sum(dy * (x - running_mean) / std, axis=0)
    dbeta = np.sum(dy, axis=0)
    # END SOLUTION
    return dx, dgamma, dbeta


# %%
check(batchnorm_eval_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** With constants in the place of mean and variance this is a layer with one weight for
# each unit. Another way: `dx = gamma / std * dy`, the closed form without its two corrections.

# %%
eval_dx, _, _ = use(batchnorm_eval_backward)(blame, x, gamma, *running, 0.1)
print("columns of dx in evaluation mode add up to:", eval_dx.sum(axis=0).round(3))

# %% [markdown]
# ## Does it help?
#
# A network with normalization behind each hidden layer, before the bend. Without it the same network has
# biases; `b` stands for `beta` where there is a normalization.


# %%
def draw(depth, bend, normed, seed):
    """First weights: lesson 10's rules, 64 units a layer."""
    rng, sizes = np.random.default_rng(seed), [64] * (depth + 1) + [10]
    rule = he_init if bend == "relu" else xavier_init
    params = {f"W{k}": rule(sizes[k - 1], sizes[k], rng) for k in range(1, depth + 2)}
    params |= {f"b{k}": np.zeros(sizes[k]) for k in range(1, depth + 2)}
    return params | ({f"gamma{k}": np.ones(64) for k in range(1, depth + 1)} if normed else {})


# %%
def before_bend(z, params, k, stats, training):
    """What the bend of layer k gets to see; `stats` holds running statistics and is updated in training."""
    if f"gamma{k}" not in params:
        return z + params[f"b{k}"]
    if not training:
        return use(batchnorm_eval)(z, params[f"gamma{k}"], params[f"b{k}"], *stats[k], 1e-5)
    y, mean, var = forward_train(z, params[f"gamma{k}"], params[f"b{k}"], 1e-5)
    stats[k] = kept(*stats.get(k, (mean, var)), mean, var, 0.9)
    return y


# %%
def forward(x, params, bend, stats, training=True):
    """Logits, and for each hidden layer what went in, z, what the bend saw and what it gave."""
    depth, a, cache = sum(name[0] == "W" for name in params) - 1, x, []
    for k in range(1, depth + 1):
        z = a @ params[f"W{k}"]
        seen = before_bend(z, params, k, stats, training)
        out = relu_forward(seen) if bend == "relu" else sigmoid(seen)
        cache.append((a, z, seen, out))
        a = out
    return linear_forward(a, params[f"W{depth + 1}"], params[f"b{depth + 1}"]), cache


# %%
def gradients(dlogits, cache, params, bend):
    """Lesson 07's way back, with one box more in each layer."""
    last = len(cache) + 1
    d, dW, db = linear_backward(dlogits, cache[-1][3], params[f"W{last}"])
    grads = {f"W{last}": dW, f"b{last}": db}
    for k, (a, z, seen, out) in reversed(list(enumerate(cache, start=1))):
        d = relu_backward(d, seen) if bend == "relu" else d * out * (1 - out)
        if f"gamma{k}" in params:
            d, grads[f"gamma{k}"], grads[f"b{k}"] = back(d, z, params[f"gamma{k}"], 1e-5)
        else:
            grads[f"b{k}"] = d.sum(axis=0)
        d, grads[f"W{k}"], _ = linear_backward(d, a, params[f"W{k}"])
    return grads


# %% [markdown]
# First a look at what arrives at the bends, in a ReLU network whose weights were drawn twice too large:

# %%
images, labels, test_images, test_labels = digits()
mean, spread = images.mean(axis=0), images.std(axis=0)
spread[spread == 0] = 1.0
pixels, test_pixels = (images - mean) / spread, (test_images - mean) / spread
arriving = {}
for name, normed in (("without", False), ("with normalization", True)):
    params = draw(6, "relu", normed, seed=0)
    large = {key: 2 * value if key[0] == "W" else value for key, value in params.items()}
    arriving[name] = [seen for _, _, seen, _ in forward(pixels[:200], large, "relu", {})[1]]
viz.layer_inputs(arriving)


# %% [markdown]
# Without, each layer doubles what the last one gave. With normalization the factor is gone at once: the
# layer does not care how large its weights are. Now train, five seeds each.


# %%
def accuracy(depth, bend, normed, lr, seed):
    """Share of the held-out digits read right after five epochs of plain gradient descent."""
    params, stats, rng = draw(depth, bend, normed, seed), {}, np.random.default_rng(seed + 100)
    for _ in range(5):
        for x_batch, labels_batch in minibatches(pixels, labels, 64, rng):
            logits, cache = forward(x_batch, params, bend, stats)
            grads = gradients(softmax_cross_entropy(logits, labels_batch)[1], cache, params, bend)
            params = {name: params[name] - lr * grads[name] for name in params}
    logits, _ = forward(test_pixels, params, bend, stats, training=False)
    return np.mean(logits.argmax(axis=1) == test_labels)


# %% tags=["nbval-ignore-output"]
for depth, bend, lr in ((10, "sigmoid", 0.1), (5, "relu", 0.1), (5, "relu", 1.0)):
    print(f"{depth} layers, {bend}, learning rate {lr}")
    for normed in (False, True):
        with np.errstate(all="ignore"):
            found = [accuracy(depth, bend, normed, lr, seed) for seed in range(5)]
        word = "with   " if normed else "without"
        print(f"   {word}  {min(found):.0%} to {max(found):.0%}, on average {np.mean(found):.0%}")

# %% [markdown]
# Ten sigmoid layers learn nothing without it (a tenth is chance) and read nearly all digits with it. Five
# ReLU layers learn both ways with a small rate; with a ten times larger one only the normalized network
# does.
#
# **Why** does it help? That is still debated. The inventors thought of layers chasing each other's
# changing outputs. In 2018 others disturbed those outputs on purpose, and training with normalization was
# as good; they found smoother losses instead. What is plain: a layer's scale no longer depends on all the
# layers before it, and larger steps are safe.

# %% [markdown]
# ## Each example by itself
#
# The batch is also a nuisance. Results depend on neighbours, small batches have poor statistics, two
# modes are one more thing to get wrong. **Layer normalization** turns the table by 90 degrees: each *row*
# gets its own mean and variance, over its D units. No running statistics, no modes. Attention networks
# use it.
#
# The forward pass is given. `gamma` and `beta` are still one number for each column.

# %% role="setup"


def layernorm_forward(x, gamma, beta, eps):
    """Each row normalised by itself.

    x: (N, D)        gamma, beta: (D,)        eps: a small number
    """
    centred = x - x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return gamma * centred / std + beta


# %% [markdown]
# The way back looks like batch normalization's, turned. One thing does not turn: along a row `gamma` is
# different in each place. So it must be in `dx_hat` *before* means are taken, and cannot be pulled out in
# front. And `dgamma`, `dbeta` still add up over the examples.


# %% exercise="layernorm_backward"
def layernorm_backward(dy, x, gamma, eps):
    """Gradients of x, gamma and beta.

    dy, x: (N, D)        gamma: (D,)        eps: a small number
    """
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    # BEGIN SOLUTION
    dgamma = np.sum(dy * x_hat, axis=0)
    dbeta = np.sum(dy, axis=0)
    dx_hat = dy * gamma
    along = np.mean(dx_hat * x_hat, axis=1, keepdims=True)
    dx = (dx_hat - dx_hat.mean(axis=1, keepdims=True) - x_hat * along) / std
    # END SOLUTION
    return dx, dgamma, dbeta


# %%
check(layernorm_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** The closed form, with `dx_hat` in the place of `dy * gamma` and axis 1 for the means.
# Another way: box by box, as above, with `keepdims=True` in each mean.

# %%
measured = numerical_gradient(lambda v: np.sum(blame * layernorm_forward(v, gamma, beta, 0.1)), x, 1e-5)
dx, _, _ = use(layernorm_backward)(blame, x, gamma, 0.1)
print("agrees with the measurement:", bool(np.allclose(dx, measured, atol=1e-7)))
alone = layernorm_forward(x[:1], gamma, beta, 0.1)
print("a row alone gives the same:", bool(np.allclose(alone, layernorm_forward(x, gamma, beta, 0.1)[:1])))

# %% [markdown]
# ## Find the bug
#
# A backward pass from a forum. Its author says that training "works, more or less".


# %% exercise="batchnorm_backward_repaired"
def batchnorm_backward_repaired(dy, x, gamma, eps):
    """Gradients of x, gamma and beta in training mode.

    dy, x: (N, D)        gamma: (D,)        eps: a small number
    """
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    # BEGIN SOLUTION
    along = np.mean(dy * x_hat, axis=0)
    dx = gamma / std * (dy - dy.mean(axis=0) - x_hat * along)
    # END SOLUTION
    # BEGIN BUG
    # dx = (dy - dy.mean(axis=0)) / std
    # END BUG
    return dx, np.sum(dy * x_hat, axis=0), np.sum(dy, axis=0)


# %% role="use"
for name, scale in (("gamma", gamma), ("gamma = 1", np.ones(3))):
    dx, _, _ = batchnorm_backward_repaired(blame, x, scale, 0.1)
    measured = numerical_gradient(
        lambda v, g=scale: np.sum(blame * forward_train(v, g, beta, 0.1)[0]), x, 1e-5
    )
    print(f"{name:10} largest gap to the measurement: {np.max(np.abs(dx - measured)):.4f}")

# %% [markdown]
# Both gaps should be 0.0000.

# %%
check(batchnorm_backward_repaired)

# %% [markdown] tags=["solution"]
# **What was wrong.** `gamma` was left out, which `gamma` = 1 hides, and so was the way through the
# variance, which no value of `gamma` hides. A check with a single setting would have found half of it.
# Another way: return what `batchnorm_backward(dy, x, gamma, eps)` gives.

# %% [markdown]
# Three numbers, for a comparison:

# %%
three = np.array([[1.0], [2.0], [6.0]])
y, mean, var = forward_train(three, np.ones(1), np.zeros(1), 1e-5)
print("y:", y.ravel().round(3))
print("running, biased:  ", *kept(np.zeros(1), np.ones(1), mean, var, 0.9))
print("running, unbiased:", *kept(np.zeros(1), np.ones(1), mean, three.var(axis=0, ddof=1), 0.9))
print(use(batchnorm_eval)(three, np.ones(1), np.zeros(1), np.array([0.3]), np.array([1.6]), 1e-5)[0].round(3))

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import torch
#
# layer = torch.nn.BatchNorm1d(1, momentum=0.1, dtype=torch.float64)
# x = torch.tensor([[1.0], [2.0], [6.0]], dtype=torch.float64)
# y = layer(x)
# print([round(v, 3) for v in y.flatten().tolist()])  # [-0.926, -0.463, 1.389]
# print([round(v, 3) for v in (layer.running_mean.item(), layer.running_var.item())])  # [0.3, 1.6]
# layer.eval()
# print(round(layer(x)[0].item(), 3))  # 0.553
# ```
#
# PyTorch's `momentum=0.1` is our 0.9: it names the share of the *new* value. Its running variance takes the
# unbiased variance, as the third line above; while training it divides by the biased one, as you do. Layer
# normalization is `torch.nn.LayerNorm`.

# %% [markdown]
# ## Three sentences to keep
#
# 1. Normalization takes a column's mean and scale away and gives it two learnt numbers, `gamma` and `beta`;
#    a bias before it is idle.
# 2. Training mode uses the batch, evaluation mode stored averages; their backward passes differ.
# 3. Backward, `dy` loses its mean and its share along `x_hat`: a batch cannot be moved in these two ways.
#
# Next: all of this makes the training loss small. Is that what we want?

# %% tags=["nbval-ignore-output"]
progress()
