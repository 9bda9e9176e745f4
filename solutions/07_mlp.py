# %% [markdown]
# # 07 · The full network
#
# *About 45 minutes. You need: lessons 04 to 06, and the gradient check of lesson 03.*
#
# **Can we teach a network a rule that no straight line can draw?** First *either, but not both*: four
# points on which a whole field of research once stumbled. Then two moons that reach into each other. You
# have all the boxes: a layer, a bend, a loss. In this lesson they become a network.

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.data import two_moons, xor
from bplearn.nn import (  # lessons 03 to 06
    linear_backward,
    linear_forward,
    mse_loss,
    numerical_gradient,
    relative_error,
    relu_backward,
    relu_forward,
    softmax_cross_entropy,
)

# %% [markdown]
# ## Either, but not both
#
# Two switches, four ways to set them. The lamp is on (class 1) if exactly one switch is up. This is called
# **XOR**, *exclusive or*.

# %%
x_xor, labels_xor = xor()
for row, label in zip(x_xor, labels_xor, strict=True):
    print(row, "->", label)

# %% [markdown]
# Try it with what lessons 04 and 06 gave: one layer from two inputs to two logits, and the loss for classes
# on top. **Predict** how far it gets.

# %%
quiz("07-one-layer-xor")

# %%
W, b = np.random.default_rng(0).normal(size=(2, 2)), np.zeros(2)
one_layer = []
for _ in range(1001):
    loss, dz = softmax_cross_entropy(linear_forward(x_xor, W, b), labels_xor)
    one_layer.append(round(float(loss), 6))
    _, dW, db = linear_backward(dz, x_xor, W)
    W, b = W - 0.5 * dW, b - 0.5 * db
print(f"loss: {one_layer[0]:.3f} at the start, {one_layer[-1]:.3f} in the end;  ln 2 = {np.log(2):.3f}")

# %% [markdown]
# Stuck at $\ln 2 = 0.693$: it says "one half" for every point. One layer parts the plane with one straight
# line, and the classes lie crosswise. A line gets 3 of the 4 points right at best, and by the loss even
# that is a bad bargain: being sure and wrong once costs more than three right answers bring.
#
# More layers of the same kind do not help. A line of a line is a line. What helps is a **bend** in between.

# %%
viz.xor_folded()

# %% [markdown]
# The two hidden units $h_1 = \text{ReLU}(x_1 + x_2)$ and $h_2 = \text{ReLU}(x_1 + x_2 - 1)$ fold the plane
# so that one line is enough. A **hidden layer** does not draw the boundary. It moves the points to where a
# line can.
#
# These two were found by hand. For two moons, or for handwriting, nobody finds them. The network has to.

# %% [markdown]
# ## What a network is made of
#
# Layer, ReLU, layer, ReLU, ..., layer. No bend after the last one: its $z$ are the **logits**, and the loss
# takes them as they are. Such a network is called a **multilayer perceptron**, MLP. Its numbers live in one
# dictionary: `params["W1"]`, `params["b1"]`, `params["W2"]`, ... Its shape is a tuple: `sizes = (2, 16, 3)`
# is 2 inputs, 16 hidden units, 3 logits, so two layers.
#
# Where should the weights start? **Predict** what happens if all of them start at 0.

# %%
quiz("07-zero-start")

# %% [markdown]
# So they start at random, and the units begin as different as chance makes them. Draw the weights of each
# layer with mean 0 and standard deviation
#
# $$\sqrt{2 / n_\text{in}} \qquad n_\text{in} = \text{number of inputs of this layer}$$
#
# Many inputs make a long sum, so each of them gets a smaller weight. Lesson 10 says why it is exactly this
# number. Biases start at 0, one for each unit, with shape `(M,)`. A normal or a uniform distribution is
# equally welcome; all that chance decides comes from `rng`.


# %% exercise="init_mlp"
def init_mlp(sizes, rng):
    """Random weights and zero biases: a dict with W1, b1, W2, b2, ...

    sizes: tuple of int, inputs first    rng: a numpy Generator
    """
    params = {}
    for k in range(1, len(sizes)):
        # BEGIN SOLUTION
        fan_in, fan_out = sizes[k - 1], sizes[k]
        params[f"W{k}"] = rng.normal(size=(fan_in, fan_out)) * np.sqrt(2 / fan_in)
        params[f"b{k}"] = np.zeros(fan_out)
        # END SOLUTION
    return params


# %%
check(init_mlp)

# %% [markdown] tags=["solution"]
# **Why this way.** `rng.normal` draws with standard deviation 1, and a factor stretches that. One generator
# serves all layers in turn, so no two get the same draws. Another way: `rng.uniform(-s, s, ...)` with $s =
# \sqrt{6 / n_\text{in}}$, whose standard deviation is $s / \sqrt 3$.

# %%
params = use(init_mlp)((2, 16, 3), np.random.default_rng(0))
for name, array in params.items():
    print(name, array.shape)

# %% [markdown]
# ## Forward, and remember
#
# Lesson 02 said that a network that learns must remember what it computed. Here is what, for three layers:

# %%
viz.cache_picture()

# %% [markdown]
# For each layer we keep a pair: what went **in**, `a_in`, and what its product gave, `z`. The list of pairs
# is the **cache**, first layer first. `x` is what goes into layer 1.
#
# Write the loop. It should work for any number of layers, one included.


# %% exercise="mlp_forward"
def mlp_forward(x, params):
    """Logits (N, K), and the cache: a list of pairs (a_in, z), the first layer first.

    x (N, D), params: dict with W1, b1, W2, b2, ...
    """
    layers = len(params) // 2
    a, cache = x, []
    for k in range(1, layers + 1):
        # BEGIN SOLUTION
        z = linear_forward(a, params[f"W{k}"], params[f"b{k}"])
        cache.append((a, z))
        a = relu_forward(z) if k < layers else z
        # END SOLUTION
    return a, cache


# %%
check(mlp_forward)

# %% [markdown] tags=["solution"]
# **Why this way.** The pair is put away before `a` is overwritten. The last layer has no ReLU, so there `a`
# is `z`, the logits. Another way: bend at the *start* of each round but the first, and return the last `z`.

# %%
forward = use(mlp_forward)
logits, cache = forward(x_xor, params)
print("logits", logits.shape)
for k, (a_in, z) in enumerate(cache, start=1):
    print(f"layer {k}: a_in {a_in.shape}  z {z.shape}")

# %% [markdown]
# A guess about cost:

# %%
quiz("07-memory")

# %%
big = use(init_mlp)((64, 128, 128, 10), np.random.default_rng(0))
weights = sum(array.size for array in big.values())
for N in (32, 1024):
    kept = sum(a.size + z.size for a, z in forward(np.zeros((N, 64)), big)[1])
    print(f"batch of {N:4}: {weights} parameters, {kept} numbers kept for the way back")

# %% [markdown]
# That is the price of a fast way back: everything on the way forward has to stay in memory until it has
# been used. With large batches the cache outgrows the network itself.

# %% [markdown]
# ## Worked example: back through two layers
#
# Nothing new happens on the way back. Each box is a function that you wrote in lessons 04 to 06; what one
# gives, the next one takes. Read it beside the picture above, from the bottom right to the left.

# %%
x, labels = x_xor, labels_xor
params = use(init_mlp)((2, 3, 2), np.random.default_rng(4))
logits, cache = forward(x, params)
(x1_in, z1), (a1, z2) = cache  # layer 1, layer 2
loss, dlogits = softmax_cross_entropy(logits, labels)
da1, dW2, db2 = linear_backward(dlogits, a1, params["W2"])  # layer 2, with what went into it
dz1 = relu_backward(da1, z1)  # the ReLU between the layers, at the z that went into it
dx, dW1, db1 = linear_backward(dz1, x1_in, params["W1"])  # layer 1
for name, array in {"dlogits": dlogits, "dW2": dW2, "da1": da1, "dz1": dz1, "dW1": dW1}.items():
    print(f"{name:8}{array.shape}")

# %% [markdown]
# Three lines, and three things to notice. There is no 1/N in them: the loss has put it into `dlogits`,
# once. Each layer uses the pair with its own number for its `dW`. And the ReLU uses `z1`, from the pair
# *below* the layer that was passed last.

# %% [markdown]
# Here is the same network with the same weights, lesson 02's diagram grown to two layers. Step through it
# with one example, then with all four. **Guess** before you look:
#
# 1. (1, 0) switches two of the three hidden units off. Which weights get no gradient at all?
# 2. With all four examples, is there a weight that still gets none?
# 3. Choose a weight of layer 1. Of which numbers is its gradient the product, and where do you see them?

# %%
viz.network_diagram()

# %% [markdown]
# A weight hears nothing if what went into it was 0, or if the unit it leads to was off: both stand at the
# ends of its edge. The middle unit is off for all four points, so its weights hear nothing at all, on
# either side. Everything else is a product of what the way forward left at one end and what came back to
# the other, added up over the examples.

# %%
quiz("07-which-z")

# %% [markdown]
# Lesson 02 did this for two weights. Now do it for any number of layers: from the last one to the first.
# `grads` gets the same keys as `params`: `grads["W1"]` is `dW1`. Read the cache, and leave it as it is;
# somebody may need it again. (`cache.pop()` would empty it.)


# %% exercise="mlp_backward"
def mlp_backward(dlogits, cache, params):
    """Gradients for all parameters: a dict with the keys of params.

    dlogits (N, K): what arrives at the logits
    cache: list of pairs (a_in, z), first layer first     params: dict with W1, b1, W2, b2, ...
    """
    grads, dz = {}, dlogits
    # BEGIN SOLUTION
    for k in range(len(cache), 0, -1):
        a_in, _ = cache[k - 1]
        da, grads[f"W{k}"], grads[f"b{k}"] = linear_backward(dz, a_in, params[f"W{k}"])
        if k > 1:
            dz = relu_backward(da, cache[k - 2][1])
    # END SOLUTION
    return grads


# %%
check(mlp_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** Layer `k` is entry `k - 1` of the list, and the ReLU below it belongs to layer `k - 1`,
# entry `k - 2`. Below layer 1 there is no ReLU, and nobody asks how the loss reacts to `x`. Another way:
# `for k, (a_in, z) in reversed(list(enumerate(cache, 1)))`, with the ReLU at the *start* of the round for
# all but the last layer.

# %%
grads = use(mlp_backward)(dlogits, cache, params)
print("the worked example's dW1 and dW2:", np.allclose(grads["W1"], dW1), np.allclose(grads["W2"], dW2))

# %% [markdown]
# ## One function for loss and gradients
#
# Put the three together: forward, loss, backward. From here on nobody has to think about what is inside.


# %% exercise="mlp_loss_gradients"
def mlp_loss_gradients(x, labels, params):
    """The mean cross-entropy of the batch, and its gradients: a dict with the keys of params.

    x (N, D), labels (N,) class numbers, params: dict with W1, b1, W2, b2, ...
    """
    # BEGIN SOLUTION
    logits, cache = mlp_forward(x, params)
    loss, dlogits = softmax_cross_entropy(logits, labels)
    grads = mlp_backward(dlogits, cache, params)
    # END SOLUTION
    return loss, grads


# %%
check(mlp_loss_gradients)

# %% [markdown] tags=["solution"]
# **Why this way.** `softmax_cross_entropy` stands where the two ways meet: it ends the way forward with the
# loss and begins the way back with `dlogits`. Another way: write all three out in one function; it is
# longer, and nothing in it can be checked alone.

# %% [markdown]
# Is it true? Lesson 03's tool takes each weight of a network with three layers, nudges it, and feels.

# %%
loss_gradients = use(mlp_loss_gradients)
rng = np.random.default_rng(2)
x, labels = rng.normal(size=(6, 3)), np.array([0, 1, 1, 0, 1, 0])
params = use(init_mlp)((3, 5, 4, 2), rng)
_, grads = loss_gradients(x, labels, params)
for name, array in params.items():

    def loss_of(moved, name=name):
        return loss_gradients(x, labels, params | {name: moved})[0]

    felt = numerical_gradient(loss_of, array, 1e-5)
    print(f"{name}: {felt.size:2} slopes felt, alike: {relative_error(felt, grads[name]) < 1e-5}")

# %% [markdown]
# To feel them all took two forward passes for every single parameter. Your function took one pass forward
# and one back, for all of them together. That is why networks can be large.

# %% [markdown]
# ## A step for all parameters
#
# Backpropagation gives gradients. It does not move anything; that is the **optimiser's** part, and the
# plainest one is the step of lesson 01, for each array. It is called SGD, *stochastic gradient descent*;
# the next lesson says what is stochastic about it.
#
# Give back a **new** dict with new arrays, and leave `params` and `grads` as they were: whoever called may
# want to compare before and after. (`params[name] -= ...` would change the old array in place.)


# %% exercise="sgd_update"
def sgd_update(params, grads, lr):
    """Parameters after one step of gradient descent: a new dict with new arrays.

    params, grads: dicts with the same keys     lr: learning rate, a number
    """
    # BEGIN SOLUTION
    return {name: params[name] - lr * grads[name] for name in params}
    # END SOLUTION


# %%
check(sgd_update)

# %% [markdown] tags=["solution"]
# **Why this way.** `a - b` makes a new array, so nothing old is touched. Another way: an empty dict, a
# loop, and one entry a round.

# %%
moved = use(sgd_update)(params, grads, lr=0.5)
print(
    f"loss before {loss_gradients(x, labels, params)[0]:.4f}, after {loss_gradients(x, labels, moved)[0]:.4f}"
)

# %% [markdown]
# ## Train
#
# Start at random with `init_mlp(sizes, rng)`. Then, `steps` times: loss and gradients of **all** examples
# at the parameters as they are, write the loss down, move. One pass over all examples is called an
# **epoch**; here every step is one.
#
# `losses[i]` is the loss before update `i`, and the last one is the loss of the parameters that come back.
# That makes `steps + 1` losses; with `steps=0` the start comes back, and one loss.
#
# The check follows yours step by step from wherever it starts, and then lets it learn XOR in 1,000 steps: the
# last loss has to be below 0.05.


# %% exercise="train_mlp"
def train_mlp(x, labels, sizes, lr, steps, rng):
    """Parameters after training on all examples at once, and steps + 1 losses.

    x (N, D), labels (N,), sizes: tuple of int, lr: learning rate
    steps: how many, an integer     rng: a numpy Generator, for the first weights
    """
    params = init_mlp(sizes, rng)
    losses = []
    # BEGIN SOLUTION
    for _ in range(steps):
        loss, grads = mlp_loss_gradients(x, labels, params)
        losses.append(loss)
        params = sgd_update(params, grads, lr)
    losses.append(mlp_loss_gradients(x, labels, params)[0])
    # END SOLUTION
    return params, np.array(losses)


# %%
check(train_mlp)

# %% [markdown] tags=["solution"]
# **Why this way.** All gradients belong to one forward pass, then everything moves at once: lesson 02's
# rule. The last loss stands outside the loop, since nothing moves after it. Another way: `steps + 1`
# rounds, and no step in the last one.

# %%
train = use(train_mlp)
params, hidden_layer = train(x_xor, labels_xor, (2, 16, 2), 0.5, 1000, np.random.default_rng(0))
print(f"loss in the end: {hidden_layer[-1]:.4f}")
print("answers:", forward(x_xor, params)[0].argmax(axis=1), " due:", labels_xor)

# %%
viz.losses({"one layer": one_layer, "with 16 hidden units": hidden_layer})

# %% [markdown]
# XOR, learnt from four examples. Nobody told the hidden units where to bend; the blame that came back through
# `W2` did. And the start was chance. What if it had been another one?

# %%
ends = [
    train(x_xor, labels_xor, (2, 16, 2), 0.5, 1000, np.random.default_rng(seed))[1][-1] for seed in range(10)
]
print(f"ten seeds: from {min(ends):.4f} to {max(ends):.4f}")

# %% [markdown]
# ## Two moons
#
# 400 points, two half circles with some noise. First the one straight line as a baseline: a network with
# `sizes` (2, 2) has no hidden layer. How good a rule is, fresh points tell that it has never seen.

# %%
x_moons, labels_moons = two_moons(400, 0.2, np.random.default_rng(0))
x_fresh, labels_fresh = two_moons(400, 0.2, np.random.default_rng(1))


def share_right(params, x, labels):
    """The share of points whose largest logit is the one of their class."""
    return np.mean(forward(x, params)[0].argmax(axis=1) == labels)


line, _ = train(x_moons, labels_moons, (2, 2), 0.5, 1000, np.random.default_rng(1))
print(f"one line, fresh points: {share_right(line, x_fresh, labels_fresh):.3f}")

# %%
snapshots = {}
for steps in (0, 10, 100, 1000):
    snapshots[steps], _ = train(x_moons, labels_moons, (2, 16, 2), 0.5, steps, np.random.default_rng(1))
    print(f"{steps:4} steps, fresh points: {share_right(snapshots[steps], x_fresh, labels_fresh):.3f}")

# %%
viz.boundaries(snapshots, x_moons, labels_moons)

# %% [markdown]
# It begins worse than guessing: nobody has told it yet which class is which. After 10 steps the boundary has
# turned, and does no better than the straight line. Then it begins to bend where it pays. In the end it is
# made of straight pieces, one bend for each hidden unit that has found a use.

# %% [markdown]
# Now it is yours to play with. The network in the picture is the one that you have written, in the browser's
# own language. **Guess** before each:
#
# 1. XOR with 2 hidden units: you have seen two that solve it. Does descent find them? Try ten times "New
#    weights". And with 8?
# 2. No hidden layer. And three layers of 8 without an activation?
# 3. Two spirals: what do you need until it has found a rule?
# 4. A learning rate of 10?

# %%
viz.playground()

# %% [markdown]
# Two units are enough to *say* XOR, but of fifteen starts (seeds 1 to 15, 2,000 steps) descent finds it in
# 5; with 4 units in 12, with 8 in all. More units than needed make it easier to find what few could say.
# Without a bend it never gets there, however deep it is. The spirals need two layers of 16 or so. And a
# rate that is too large throws ReLUs to where they are silent for every point; nothing calls them back
# (lesson 05).

# %% [markdown]
# What did you need for it? A layer, a switch, a loss, and the chain rule in a loop.

# %% [markdown]
# ## Find the bug
#
# Somebody wrote the way back for exactly two layers, without the loop. It runs, and training with it goes
# downhill for a while. Two things are wrong.


# %% exercise="mlp_backward_repaired"
def mlp_backward_repaired(dlogits, cache, params):
    """Gradients of a network of two layers: a dict with W1, b1, W2, b2.

    dlogits (N, K), cache: list of two pairs (a_in, z), params: dict with W1, b1, W2, b2
    """
    # BEGIN SOLUTION
    (x, z1), (a1, _) = cache
    dz1 = relu_backward(dlogits @ params["W2"].T, z1)
    dW2, db2 = a1.T @ dlogits, dlogits.sum(axis=0)
    dW1, db1 = x.T @ dz1, dz1.sum(axis=0)
    # END SOLUTION
    # BEGIN BUG
    # N = len(dlogits)
    # (x, z1), (a1, z2) = cache
    # dz1 = relu_backward(dlogits, z2) @ params["W2"].T
    # dW2, db2 = a1.T @ dlogits / N, dlogits.sum(axis=0) / N
    # dW1, db1 = x.T @ dz1 / N, dz1.sum(axis=0) / N
    # END BUG
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


# %% role="use"
rng = np.random.default_rng(3)
x, labels = rng.normal(size=(5, 3)), np.array([0, 1, 3, 2, 1])
params = use(init_mlp)((3, 7, 4), rng)
logits, cache = forward(x, params)
written = mlp_backward_repaired(softmax_cross_entropy(logits, labels)[1], cache, params)
_, true = loss_gradients(x, labels, params)
for name in ("b2", "b1"):
    print(f"{name} as written:", written[name][:4].round(4))
    print(f"{name} true:      ", true[name][:4].round(4))

# %% [markdown]
# As handed out, one of the pairs differs by a plain factor, and you can say which. The other one is no
# multiple at all. The true gradients are the ones that passed lesson 03's check above.

# %%
check(mlp_backward_repaired)

# %% [markdown] tags=["solution"]
# **What was wrong.** Every layer took a mean over the batch, though the loss had put its 1/N into `dlogits`
# already. And the switch stood in the wrong place: `dlogits` went through a ReLU at `z2`, where there is
# none, and what came back through `W2` passed the real one unstopped. Another way: call `linear_backward`
# twice, as in the worked example; it has no place for either slip.

# %% [markdown]
# ## A model as others write it
#
# A small model as one finds it in many tutorials: 10 inputs, 5 hidden units, 1 output, the mean squared
# error and a learning rate of 0.01. First with your functions. The last layer has no ReLU, so its output
# may be any number, and lesson 06's `mse_loss` takes it.

# %%
params = {"W1": np.sin(np.arange(50.0)).reshape(10, 5), "b1": np.zeros(5)}
params |= {"W2": np.cos(np.arange(5.0)).reshape(5, 1), "b2": np.zeros(1)}
x, y = np.sin(0.7 * np.arange(80.0)).reshape(8, 10), np.cos(np.arange(8.0)).reshape(8, 1)
y_hat, cache = forward(x, params)
loss, dy_hat = mse_loss(y_hat, y)
grads = use(mlp_backward)(dy_hat, cache, params)
moved = use(sgd_update)(params, grads, lr=0.01)
print(f"{loss:.6f} {mse_loss(forward(x, moved)[0], y)[0]:.6f}")
print(f"{grads['W1'][0, 0]:.6f} {np.abs(grads['W1']).sum():.6f}")
print(f"{grads['W2'][0, 0]:.6f} {grads['b2'][0]:.6f}")

# %% [markdown]
# ## The same in PyTorch
#
# A layer there keeps its weights the other way round, (M, D). Run this where PyTorch is installed.
#
# ```python
# import torch
#
# torch.set_default_dtype(torch.float64)
# model = torch.nn.Sequential(torch.nn.Linear(10, 5), torch.nn.ReLU(), torch.nn.Linear(5, 1))
# with torch.no_grad():
#     model[0].weight[:] = torch.sin(torch.arange(50.0)).reshape(10, 5).T
#     model[2].weight[:] = torch.cos(torch.arange(5.0)).reshape(1, 5)
#     model[0].bias[:], model[2].bias[:] = 0.0, 0.0
# x = torch.sin(0.7 * torch.arange(80.0)).reshape(8, 10)
# y = torch.cos(torch.arange(8.0)).reshape(8, 1)
# optimiser = torch.optim.SGD(model.parameters(), lr=0.01)
# loss = torch.nn.functional.mse_loss(model(x), y)
# loss.backward()
# dW1, dW2, db2 = model[0].weight.grad, model[2].weight.grad, model[2].bias.grad
# optimiser.step()
# after = torch.nn.functional.mse_loss(model(x), y)
# print(f"{loss:.6f} {after:.6f}")  # 0.433976 0.391585
# print(f"{dW1[0, 0]:.6f} {dW1.abs().sum():.6f}")  # 0.182347 10.694928
# print(f"{dW2[0, 0]:.6f} {db2[0]:.6f}")  # -0.095599 -0.697866
# torch.set_default_dtype(torch.float32)
# ```
#
# The same six numbers. `backward()` is your loop; `step()` is your `sgd_update`.

# %% [markdown]
# ## Three sentences to keep
#
# 1. A hidden layer moves the points to where a straight line can part them; without a bend between them,
#    two layers are one.
# 2. The way back is the way forward in reverse: each layer takes what arrives, uses its own pair of the
#    cache, and hands on what arrives below.
# 3. Backpropagation gives the gradients, the optimiser takes the step; the 1/N of the mean lives in the
#    loss, once.
#
# Next: every step of this lesson looked at all examples. Why look at all data before each step?

# %% tags=["nbval-ignore-output"]
progress()
