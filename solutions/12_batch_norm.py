# %% [markdown]
# # 12 · Batch and layer normalization
#
# *About 45 minutes. You need: lessons 04, 09 and 10.*
#
# **What if the layers' numbers were put in order, in every layer, at every step?** Lesson 10 drew the
# first weights with care, so that nothing dies out and nothing explodes. But such care is for the start
# only. Each step moves the weights, and ten layers of sigmoids did not learn even so.

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.data import digits
from bplearn.nn import (  # lessons 03 to 10
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
# ## What one layer hands to the next
#
# Lesson 10's digits, every pixel with mean 0 and spread 1, go through six layers of ReLUs. The weights
# follow He's rule, with one slip: somebody has made all of them twice as large. **Predict**:

# %%
quiz("12-twice-as-large")

# %%
images, labels, test_images, test_labels = digits()
mean, spread = images.mean(axis=0), images.std(axis=0)
spread[spread == 0] = 1.0
pixels, test_pixels = (images - mean) / spread, (test_images - mean) / spread


def arriving(scale, order=lambda z: z):
    """What arrives at the bends of six layers of ReLUs, each `z` put through `order` first."""
    a, seen, rng = pixels[:200], [], np.random.default_rng(0)
    for _ in range(6):
        seen.append(order(a @ (scale * he_init(64, 64, rng))))
        a = relu_forward(seen[-1])
    return seen


once, twice = (arriving(scale)[-1].std() for scale in (1, 2))
print(f"spread in layer 6: {once:.2f} with He's weights, {twice:.1f} with twice as large ones")
print(f"too large by a factor of {twice / once:.0f}")

# %% [markdown]
# Now do in each layer what we did with the pixels. What arrives is a table too: a row for each example, a
# column for each unit. Take each column's mean off, and divide by its spread.


# %%
def in_order(z):
    """Each column with mean 0 and spread 1."""
    return (z - z.mean(axis=0)) / z.std(axis=0)


viz.layer_inputs({"as they come": arriving(2), "put in order": arriving(2, in_order)})

# %% [markdown]
# On the left every layer doubles what it is handed. On the right the factor is gone at once: layer 6 sees
# what layer 1 sees, and no layer cares how large the weights before it are.

# %% [markdown]
# ## Batch normalization
#
# Which mean? That of the **batch** which is there at the moment. For each column of `x` (N, D):
#
# $$\hat x = \frac{x - \text{mean}}{\sqrt{\text{var} + \varepsilon}} \qquad y = \gamma\, \hat x + \beta$$
#
# `var` is the mean of the squared distances from the mean, divided by N: the **biased** variance. `eps`
# is a small number **inside** the root: a unit that never varies would be 0 / 0 without it. (A deviation
# is the root of a variance; until here we called it spread.)
#
# `gamma` and `beta`, one number for each column, are learnt. A unit may need another mean and another
# spread than 0 and 1. These are now two numbers that a gradient can move, and no longer the work of all
# layers before.


# %% exercise="batchnorm_train"
def batchnorm_train(x, gamma, beta, eps):
    """Normalised output, and the batch's mean and variance.

    x: (N, D)        gamma, beta: (D,)        eps: a small number
    gives back y: (N, D), mean: (D,), var: (D,)
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
# **Why this way.** `axis=0` runs over the examples and leaves one number for each unit; `var` divides by
# N by itself. Another way: `np.mean((x - mean) ** 2, axis=0)`.

# %% [markdown]
# **Predict** before you run the next cell:

# %%
quiz("12-shifted-input")

# %%
forward_train, rng = use(batchnorm_train), np.random.default_rng(1)
x = rng.normal(size=(6, 3)) * (1, 5, 20) + (0, 3, -40)
gamma, beta = np.array([1.5, 2.0, -0.5]), np.array([0.0, 1.0, 3.0])
y, _, _ = forward_train(x, gamma, beta, 1e-5)
moved, _, _ = forward_train(x + np.array([100, 0, 0]), gamma, beta, 1e-5)
print("means of the columns:  ", x.mean(axis=0).round(2), "->", y.mean(axis=0).round(2))
print("spreads of the columns:", x.std(axis=0).round(2), "->", y.std(axis=0).round(2))
print("the same after adding 100 to a column:", np.allclose(y, moved))

# %% [markdown]
# The means are now `beta`, and the spreads are the sizes of `gamma`.
#
# And see what the 100 stands for: a bias. Whatever a layer's `b` adds to a column, the mean takes away.
# **A bias before a normalization is idle**, so leave it out; `beta` does its work. We will meet this
# again on the way back.

# %% [markdown]
# ## One image alone
#
# While you train there is a batch. Later there may be one image.

# %%
quiz("12-one-image")

# %% [markdown]
# So the layer has two modes. In **training** it uses the batch's statistics, and on the side it keeps a
# running average of them. In **evaluation** it uses that average, and updates nothing.
#
# The average is one that forgets, as in lesson 09. With `momentum` $m$:
#
# $$\text{running} \leftarrow m \cdot \text{running} + (1 - m) \cdot \text{batch}$$
#
# Say it aloud: *momentum is the share of the old value that stays*. PyTorch gives the same name to the
# **other** share, so its 0.1 is our 0.9.

# %%
quiz("12-which-share")

# %% [markdown]
# Mean and variance are averaged alike. Give back new arrays; the old ones stay as they are.


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
# averages. Another way: `running_mean + (1 - momentum) * (mean - running_mean)`, a step towards the new
# value.

# %%
kept, running = use(batchnorm_running), (np.zeros(3), np.ones(3))
for step in range(1, 101):
    batch = rng.normal(size=(32, 3)) * (1, 5, 20) + (0, 3, -40)
    _, mean, var = forward_train(batch, gamma, beta, 1e-5)
    running = kept(*running, mean, var, 0.9)
    if step in (1, 10, 100):
        print(f"after {step:3} batches: mean", running[0].round(1) + 0.0, " variance", running[1].round())

# %% [markdown]
# The batches were drawn with means 0, 3, -40 and deviations 1, 5, 20, whose squares are the variances.
# After 100 of them the average is near, and it goes on trembling a little: what is older than some tens
# of batches is forgotten.
#
# Now evaluation: the same formula, with the stored statistics. Each example stands by itself.


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
# **Why this way.** Nothing here asks about other rows, so a row's result is its own. Another way: one
# stretch and one shift, `scale = gamma / np.sqrt(running_var + eps)`, then `x * scale + (beta -
# running_mean * scale)`.

# %% [markdown]
# One example, among five others, and alone:

# %%
evaluate = use(batchnorm_eval)
for name, batch in (("among others", x), ("alone", x[:1])):
    trained = forward_train(batch, gamma, beta, 1e-5)[0][0]
    evaluated = evaluate(batch, gamma, beta, *running, 1e-5)[0]
    print(f"{name:12}  training mode {trained.round(2)}   evaluation mode {evaluated.round(2)}")

# %% [markdown]
# In training mode the result depends on the neighbours, and alone nothing but `beta` is left. Forgetting to
# change the mode is a common bug: no error, only bad answers.

# %% [markdown]
# Both modes at work on one unit in front of a sigmoid. **Predict** each before you try it:
#
# 1. Play, in training mode: the layers below learn, and the inputs drift. What does the sigmoid notice?
# 2. Change to the stored statistics, then drag the inputs away. What now?
# 3. A batch of 2: where do the two examples come out, whatever they were?

# %%
viz.batch_norm_explorer()

# %% [markdown]
# In training the sigmoid notices nothing: its inputs stay where it is steep. The stored statistics follow a
# few batches behind, and once they are in use they no longer follow at all: data that have moved since are
# strangers. And two examples always come out at -1 and 1 (times `gamma`, plus `beta`): so small a batch has
# nothing to say but which of the two is larger.

# %% [markdown]
# ## The way back, box by box
#
# A famous exercise, and a long one. First count the ways:

# %%
quiz("12-three-ways")

# %% [markdown]
# These are the boxes of one column:
#
# ```text
# x ──┬── mean ──┐
#     └──────── centred ──┬── squares, mean = var ── (var + eps) ** -0.5 = 1/std ──┐
#                         └────────────────────────────────────── x_hat = centred / std
#                                                             y = gamma * x_hat + beta
# ```
#
# Go from the end, as in lesson 02; where two arrows leave a box, what comes back is added.
#
# 1. `dbeta`, `dgamma`: sums over the examples. `dx_hat` is what arrives, times `gamma`.
# 2. `dvar`: the slope of `v ** -0.5` is `-0.5 * v ** -1.5`. One variance serves all rows: add up.
# 3. `centred` is blamed twice: directly, and through `var`, a mean of squares.
# 4. `x` is blamed twice: directly, and through `mean`.


# %% exercise="batchnorm_backward"
def batchnorm_backward(dy, x, gamma, eps):
    """Gradients of x, gamma and beta in training mode.

    dy, x: (N, D)        gamma: (D,)        eps: a small number
    gives back dx: (N, D), dgamma: (D,), dbeta: (D,)
    """
    # BEGIN SOLUTION
    N = len(x)
    centred = x - x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + eps)
    dgamma = np.sum(dy * centred / std, axis=0)
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
# **Why this way.** Each line is a box. The last one is the way through the mean: `centred = x - mean`, so
# the mean's blame is minus the column's sum, and each row gets 1/N of it. Another way: give `mean` a
# second blame, from the variance: it is always 0, for the distances from a mean add up to 0.

# %%
blame, back = rng.normal(size=x.shape), use(batchnorm_backward)
dx, dgamma, dbeta = back(blame, x, gamma, 0.1)
measured = numerical_gradient(lambda v: np.sum(blame * forward_train(v, gamma, beta, 0.1)[0]), x, 1e-5)
print("agrees with lesson 03's measurement:", np.allclose(dx, measured, atol=1e-7))
print("gradient of a bias before it:", np.abs(dx.sum(axis=0)).round(6))
print("gradient of beta:            ", dbeta.round(2))

# %% [markdown]
# There it is again, the idle bias. Its gradient would be the sum of each column of `dx` (lesson 04), and
# that is 0, for any `x` and any loss. It would never move, and could not do anything if it did.

# %% [markdown]
# ## In one line
#
# What the boxes do together is simpler than the boxes. **Think**:

# %%
quiz("12-what-is-left")

# %% [markdown]
# There are two moves that the outputs of a batch cannot make, whatever `x` does: all of them together up
# or down (the mean takes it away), and wider or narrower along `x_hat` (the deviation takes it away).
# Blame that asks for them is lost. Here are six examples of one unit:

# %%
normed = forward_train(np.array([[0.4], [1.0], [1.9], [2.3], [3.6], [4.1]]), np.ones(1), np.zeros(1), 1e-5)[0]
arrived = np.array([[-0.3], [0.9], [0.3], [1.6], [0.8], [1.9]])
viz.blame_left(arrived[:, 0], normed[:, 0])

# %% [markdown]
# What is left passes, times `gamma / std`. With bars for means over the rows:
#
# $$dx = \frac{\gamma}{\text{std}} \Big( dy - \overline{dy} - \hat x \cdot \overline{dy\, \hat x} \Big)$$
#
# `x_hat` and `std`, the root of `var + eps`, come from the forward pass.


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
# **Why this way.** Put the boxes into each other: `dvar` brings the last term, for `centred * std**-3` is
# `x_hat / std**2`. Another way, with sums: `gamma / (N * std) * (N * dy - dy.sum(axis=0) - x_hat *
# np.sum(dy * x_hat, axis=0))`.

# %%
std = np.sqrt(x.var(axis=0) + 0.1)
x_hat = (x - x.mean(axis=0)) / std
closed = use(batchnorm_backward_closed)(blame, x_hat, std, gamma)
print("boxes and formula agree:", np.allclose(closed, dx))
pure = in_order(x)  # eps is 0 here
for name, arrived in (("all alike", np.full(x.shape, 0.7)), ("along x_hat", pure), ("any", blame)):
    left = use(batchnorm_backward_closed)(arrived, pure, x.std(axis=0), gamma)
    print(f"blame {name:12} length {np.linalg.norm(arrived):.2f} -> {np.linalg.norm(left):.2f}")

# %% [markdown]
# Nothing of the two kinds comes through, and of any other blame a part. (With a visible `eps` a little of
# the second kind does: the columns of `x_hat` are then a little too narrow.)
#
# And in evaluation mode?

# %%
quiz("12-in-evaluation")


# %% exercise="batchnorm_eval_backward"
def batchnorm_eval_backward(dy, x, gamma, running_mean, running_var, eps):
    """Gradients of x, gamma and beta in evaluation mode.

    dy, x: (N, D)        gamma, running_mean, running_var: (D,)        eps: a small number
    gives back dx: (N, D), dgamma: (D,), dbeta: (D,)
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
# **Why this way.** With constants in the place of mean and variance this is a layer with one weight and one
# bias for each unit. Another way: `dx = gamma / std * dy`, the closed form without its two corrections.

# %%
in_evaluation, _, _ = use(batchnorm_eval_backward)(blame, x, gamma, *running, 0.1)
print("sums of the columns of dx, training:  ", np.abs(dx.sum(axis=0)).round(6))
print("sums of the columns of dx, evaluation:", in_evaluation.sum(axis=0).round(3))

# %% [markdown]
# ## Into a network
#
# A normalization goes behind each hidden layer's weights, before its bend. `b` is `beta` where there is a
# normalization, and the usual bias where there is none, so both networks have the same shape.


# %%
def draw(depth, bend, normed, seed):
    """First weights of `depth` hidden layers of 64 units, by lesson 10's rules."""
    rng, sizes = np.random.default_rng(seed), [64] * (depth + 1) + [10]
    rule = he_init if bend == "relu" else xavier_init
    params = {f"W{k}": rule(sizes[k - 1], sizes[k], rng) for k in range(1, depth + 2)}
    params |= {f"b{k}": np.zeros(sizes[k]) for k in range(1, depth + 2)}
    return params | ({f"gamma{k}": np.ones(64) for k in range(1, depth + 1)} if normed else {})


# %%
def before_bend(z, params, k, stats, training):
    """What the bend of layer k gets to see; in training the running statistics in `stats` are renewed."""
    if f"gamma{k}" not in params:
        return z + params[f"b{k}"]
    if not training:
        return evaluate(z, params[f"gamma{k}"], params[f"b{k}"], *stats[k], 1e-5)
    y, mean, var = forward_train(z, params[f"gamma{k}"], params[f"b{k}"], 1e-5)
    stats[k] = kept(*stats.get(k, (mean, var)), mean, var, 0.9)
    return y


# %% [markdown]
# The pass forward keeps, for each hidden layer, what went in, `z`, what the bend saw, and what it gave:


# %%
def forward(x, params, bend, stats, training=True):
    """Logits, and what each hidden layer keeps for the way back."""
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
    """Lesson 07's way back, with one box more in each hidden layer."""
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
# Plain gradient descent on batches of 64, nothing else. Then the held-out images, in evaluation mode:


# %%
def train(depth, bend, normed, lr, seed, epochs=5):
    """Share of the held-out digits read right, and the loss of each batch."""
    params, stats, losses, rng = draw(depth, bend, normed, seed), {}, [], np.random.default_rng(seed + 100)
    for _ in range(epochs):
        for x_batch, labels_batch in minibatches(pixels, labels, 64, rng):
            logits, cache = forward(x_batch, params, bend, stats)
            loss, dlogits = softmax_cross_entropy(logits, labels_batch)
            losses.append(loss)
            grads = gradients(dlogits, cache, params, bend)
            params = {name: params[name] - lr * grads[name] for name in params}
    logits, _ = forward(test_pixels, params, bend, stats, training=False)
    return np.mean(logits.argmax(axis=1) == test_labels), losses


# %% [markdown]
# ## Ten layers of sigmoids
#
# Lesson 10 gave them up: whatever the start, the network guessed, and one digit in ten is right by chance.
# Here they are again, five epochs from three different starts, without normalization and with it.

# %% tags=["nbval-ignore-output"]
curves = {}
for name, normed in (("without", False), ("with", True)):
    runs = [train(10, "sigmoid", normed, 0.1, seed) for seed in range(3)]
    print(f"{name:8}", "  ".join(f"{share:.0%}" for share, _ in runs))
    curves["normalised" if normed else "plain"] = runs[0][1]

# %% tags=["nbval-ignore-output"]
viz.losses(curves)

# %% [markdown]
# Same weights at the start, same batches, same learning rate. Without normalization the loss does not leave
# its place. With it, it falls at once.

# %% [markdown]
# ## A ten times larger learning rate
#
# Now five layers of ReLUs, which learn without help too, if the rate is small. What may a larger one do?
# One thing can be said beforehand:

# %%
quiz("12-ten-times")

# %%
h, W, blame_64 = pixels[:64], xavier_init(64, 64, np.random.default_rng(2)), rng.normal(size=(64, 64))
for scale in (1, 10):
    z = h @ (scale * W)
    y, _, _ = forward_train(z, np.ones(64), np.zeros(64), 1e-5)
    dz, _, _ = back(blame_64, z, np.ones(64), 1e-5)
    print(f"weights times {scale:2}: spread of y {y.std():.2f}, norm of dW {np.linalg.norm(h.T @ dz):.0f}")

# %% [markdown]
# After a step that was too large the weights are larger. Their size does no harm, and from then on they are
# moved more gently. Will that do? Each rate is ten times the one before, with three starts for each:

# %% tags=["nbval-ignore-output"]
found = {}
for name, normed in (("without normalization", False), ("with normalization", True)):
    with np.errstate(all="ignore"):
        found[name] = {
            lr: [train(5, "relu", normed, lr, seed)[0] for seed in range(3)] for lr in (0.1, 1.0, 10.0)
        }
viz.rates_that_learn(found)

# %% [markdown]
# At 0.1 both networks learn, and normalization makes little difference. At 1 the plain network is lost (now
# and then a start gets through; try other seeds), and the normalised one learns. At 10 both fail.
#
# That is **what is measured**: deep networks train that did not, and ten times larger steps can be taken.
# It is no cure for everything. With a good bend, a good start and a small rate you can do without.

# %% [markdown]
# **Why does it help? That is debated.** The inventors (2015) thought of layers that have to chase the
# changing outputs of the layers before, and called it *internal covariate shift*. In 2018 Santurkar and
# others disturbed the normalised outputs on purpose, at every step, and the networks trained as well as
# before. They found smoother losses instead: the gradient holds for longer steps. Others point at the
# scale of the weights, as in the cell above. You will read each of these as *the* reason. It is safer to
# say what it does.

# %% [markdown]
# ## Each example by itself
#
# The batch is also a nuisance. Results depend on neighbours, a small batch has poor statistics, and two
# modes are one more thing to get wrong. **Layer normalization** turns the table by 90 degrees: each
# *row*, one example, gets its own mean and variance, over its D units. No running statistics, and one
# mode for everything. Attention networks use it.
#
# The forward pass is given. `gamma` and `beta` are still one number for each *column*.


# %% role="setup"
def layernorm_forward(x, gamma, beta, eps):
    """Each row normalised by itself.

    x: (N, D)        gamma, beta: (D,)        eps: a small number
    """
    centred = x - x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return gamma * centred / std + beta


# %%
quiz("12-what-does-not-turn")

# %% [markdown]
# The way back is that of batch normalization, turned. But one thing has changed: along a row `gamma` is
# different in each place. So it must be in `dx_hat` *before* the means are taken, and cannot wait in
# front of the brackets. `keepdims=True` leaves a column of means, which fits the table.


# %% exercise="layernorm_backward"
def layernorm_backward(dy, x, gamma, eps):
    """Gradients of x, gamma and beta.

    dy, x: (N, D)        gamma: (D,)        eps: a small number
    gives back dx: (N, D), dgamma: (D,), dbeta: (D,)
    """
    # BEGIN SOLUTION
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
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
# **Why this way.** The closed form, with `dx_hat` in the place of `dy` and means along the row. Another
# way: box by box as above, with `axis=1, keepdims=True` in each mean and in each sum.

# %%
normed = layernorm_forward(x, gamma, beta, 0.1)
measured = numerical_gradient(lambda v: np.sum(blame * layernorm_forward(v, gamma, beta, 0.1)), x, 1e-5)
dx, _, _ = use(layernorm_backward)(blame, x, gamma, 0.1)
print("agrees with the measurement:", np.allclose(dx, measured, atol=1e-7))
print("a row alone gives the same: ", np.allclose(layernorm_forward(x[:1], gamma, beta, 0.1), normed[:1]))
print("sums of the rows of dx:   ", np.abs(dx.sum(axis=1)).round(6))
print("sums of the columns of dx:", dx.sum(axis=0).round(3))

# %% [markdown]
# Now it is the rows that add up to 0, and the columns do not. So a bias before a layer normalization has a
# gradient: it adds another number in each place of a row, and no mean takes that away.

# %% [markdown]
# ## Find the bug
#
# A backward pass from a forum. Its author writes that training "works, more or less".


# %% exercise="batchnorm_backward_repaired"
def batchnorm_backward_repaired(dy, x, gamma, eps):
    """Gradients of x, gamma and beta in training mode.

    dy, x: (N, D)        gamma: (D,)        eps: a small number
    """
    # BEGIN SOLUTION
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    along = np.mean(dy * x_hat, axis=0)
    dx = gamma / std * (dy - dy.mean(axis=0) - x_hat * along)
    return dx, np.sum(dy * x_hat, axis=0), np.sum(dy, axis=0)
    # END SOLUTION
    # BEGIN BUG
    # std = np.sqrt(x.var(axis=0) + eps)
    # x_hat = (x - x.mean(axis=0)) / std
    # dx = (dy - dy.mean(axis=0)) / std
    # return dx, np.sum(dy * x_hat, axis=0), np.sum(dy, axis=0)
    # END BUG


# %% role="use"
for name, scale in (("gamma as above", gamma), ("gamma = 1", np.ones(3))):
    dx, _, _ = batchnorm_backward_repaired(blame, x, scale, 0.1)
    measured = numerical_gradient(
        lambda v, scale=scale: np.sum(blame * forward_train(v, scale, beta, 0.1)[0]), x, 1e-5
    )
    print(f"{name:15} largest gap to the measurement: {np.max(np.abs(dx - measured)):.4f}")

# %% [markdown]
# Both gaps should be 0.0000.

# %%
check(batchnorm_backward_repaired)

# %% [markdown] tags=["solution"]
# **What was wrong.** Two things. `gamma` was left out, which a test with `gamma` = 1 hides, and networks
# begin with that. And the way through the variance was missing, which no `gamma` hides. Another way:
# `return batchnorm_backward(dy, x, gamma, eps)`.

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
# Its `momentum=0.1` is our 0.9. And its *running* variance is the unbiased one, divided by N - 1: 7 here,
# so $0.9 \cdot 1 + 0.1 \cdot 7$. For the output it divides by N, as you do. `layer.eval()` and
# `layer.train()` change the mode. Layer normalization is `torch.nn.LayerNorm`.

# %% [markdown]
# The same numbers, with your functions:

# %%
three = np.array([[1.0], [2.0], [6.0]])
y, mean, var = forward_train(three, np.ones(1), np.zeros(1), 1e-5)
running = kept(np.zeros(1), np.ones(1), mean, var * 3 / 2, 0.9)
print(y[:, 0].round(3), running[0].round(3), running[1].round(3))
print(evaluate(three, np.ones(1), np.zeros(1), *running, 1e-5)[0].round(3))

# %% [markdown]
# ## Three sentences to keep
#
# 1. Batch normalization gives each unit mean 0 and deviation 1 over the batch, and then two learnt numbers,
#    `gamma` and `beta`; a bias before it is idle.
# 2. Training uses the batch's own statistics, evaluation uses stored ones: two modes, two backward passes.
# 3. On the way back, blame loses its mean and its share along `x_hat`: the two moves that the outputs of a
#    batch cannot make.
#
# Next: we can make the training loss small, in deep networks too. What is a small loss worth?

# %% tags=["nbval-ignore-output"]
progress()
