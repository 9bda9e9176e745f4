# %% [markdown]
# # 04 · From a neuron to a layer
#
# *About 45 minutes. You need: lessons 02 and 03, and what `x @ W` does (lesson 00).*
#
# **How do a thousand neurons and a batch fit in three lines?** So far there was one neuron, one number that
# went in, one example. A layer has a thousand neurons, each looks at all inputs, and a whole batch of
# examples goes through at once. Written out, the way back is loops within loops, three times over. Every
# library does it in three lines without a single loop. You are going to write them, and the shapes will tell
# you how.

# %% role="setup"
from time import perf_counter

import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.data import digits
from bplearn.nn import descent_step, relative_error, upstream_gradient

# %% [markdown]
# ## Four judges, two cakes
#
# The neuron of lesson 01 had one input. Give it several, each with a dial of its own, and let it add up what
# comes through. This is the **weighted sum**:
#
# $$z = x_0\,w_0 + x_1\,w_1 + x_2\,w_2 + b$$
#
# (The squashing behind it is a box of its own, and waits for lesson 05.)
#
# Think of a judge who scores a cake. The inputs say how many spoons more or less than in the recipe went in:
# of sugar, of butter, of salt. The weights say what this judge makes of each. And the bias is the judge's
# mood, which is added to every score, whatever the cake.

# %%
cake = np.array([2.0, -3.0, 5.0])
judge, mood = np.array([4.0, -3.0, 2.0]), 30.0
print("each ingredient:", cake * judge)
print("score:", np.sum(cake * judge) + mood)

# %% [markdown]
# Five spoons of salt too many, and this judge gives ten points for them. There is always one.
#
# Now two cakes and four judges. A cake is a **row** of `x`, a judge is a **column** of `W`; the one from
# above is number 2. Each judge tastes each cake, so there are eight scores:

# %%
x = np.array([[2.0, -3.0, 5.0], [4.0, 6.0, -2.0]])
W = np.array([[7.0, -2.0, 4.0, 5.0], [2.0, 6.0, -3.0, 7.0], [-4.0, 5.0, 2.0, -6.0]])
b = np.array([10.0, 20.0, 30.0, 40.0])


def by_loops(x, W, b):
    """Each judge m adds up the ingredients d of each cake n."""
    z = np.zeros((len(x), len(b)))
    for n in range(len(x)):
        for m in range(len(b)):
            z[n, m] = b[m]
            for d in range(x.shape[1]):
                z[n, m] += x[n, d] * W[d, m]
    return z


print(by_loops(x, W, b))

# %% [markdown]
# As a formula, with $n$ for the example, $d$ for the input and $m$ for the neuron:
#
# $$z_{nm} = \sum_d x_{nd}\,W_{dm} + b_m$$
#
# A row of the left table meets a column of the right one, their products are added up, and $d$ vanishes: that
# is the matrix product of lesson 00. All neurons side by side are called a **layer**. Write it in one line.


# %% exercise="linear_forward"
def linear_forward(x, W, b):
    """Weighted sums of all neurons for all examples.

    x: (N, D), for one example (1, D)        W: (D, M)        b: (M,)
    gives back z: (N, M)
    """
    # BEGIN SOLUTION
    return x @ W + b
    # END SOLUTION


# %%
check(linear_forward)

# %% [markdown] tags=["solution"]
# **Why this way.** `@` adds up over the last axis of `x` and the first of `W`, which is $d$. In the sum with
# `b`, of shape (M,), NumPy puts it beside each of the N rows. Another way: `np.einsum("nd,dm->nm", x, W) +
# b`, where the letter that is missing behind the arrow is the one that is added up.

# %% [markdown]
# One line, and it does not care how many. Here are 1,437 images of handwritten digits, 64 pixels each, and a
# thousand neurons with weights drawn at random:

# %%
forward = use(linear_forward)
print("same as the loops:", np.array_equal(forward(x, W, b), by_loops(x, W, b)))
images, labels, test_images, test_labels = digits()
pixels = images / 16  # from 0 (white) to 1 (black)
rng = np.random.default_rng(4)
z = forward(pixels, rng.normal(size=(64, 1000)), np.zeros(1000))
print(f"z has shape {z.shape}: {1437 * 64 * 1000:,} multiplications")

# %% [markdown]
# ## What arrives
#
# Behind the layer something follows, and ends in one number, the loss. We need not know what. From there a
# message arrives for each entry of `z`: how the loss reacts when this entry moves. That is `dz`, with the
# shape of `z`. Lesson 02 called it `dout`; from now on it has the name of what it belongs to. Here is one,
# made up:

# %%
dz = np.array([[0.5, -2.5, 2.0, -0.5], [1.5, 0.5, -3.0, 3.5]])
print(dz.shape)

# %% [markdown]
# From it we want three gradients: `dW` and `db`, so that the layer can learn, and `dx` for whoever stands
# before it. Keep one thing in mind: **a gradient has the shape of what it belongs to**, since it holds one
# number for each number that can be nudged.

# %% [markdown]
# ## One weight
#
# Before any formula: what does a nudge reach?

# %%
quiz("04-one-weight-moves")

# %%
nudged = W.copy()
nudged[1, 2] += 0.01
print((forward(x, nudged, b) - forward(x, W, b)).round(4))

# %% [markdown]
# One column moved: judge 2, both cakes. Judge 2 now thinks a hair better of butter. The first cake has 3
# spoons less of it and loses 0.03, the second has 6 more and gains 0.06. So the nudge is stretched by $x$,
# differently in each example.

# %%
viz.layer_reach(x, W, b, dz, moves="W")

# %% [markdown]
# The weight is used twice, once for each cake: lesson 02's dial in two places. **Along a path multiply,
# across paths add.** On each path, what arrives is multiplied by what had stretched the nudge:

# %%
first_cake = x[0, 1] * dz[0, 2]
second_cake = x[1, 1] * dz[1, 2]
print(f"dW[1, 2] = {first_cake} + {second_cake} = {first_cake + second_cake}")

# %% [markdown]
# And so for all twelve weights, in loops. Look at the `+=`: the blame of the second cake is added to that of
# the first.

# %%
dW = np.zeros_like(W)
for n in range(2):
    for d in range(3):
        for m in range(4):
            dW[d, m] += x[n, d] * dz[n, m]
print(dW)

# %% [markdown]
# As formulas, what you have and what you want:
#
# $$z_{nm} = \sum_d x_{nd}\,W_{dm} + b_m \qquad\qquad dW_{dm} = \sum_n x_{nd}\,dz_{nm}$$
#
# Both are sums of products. But `@` adds up over the *last* axis of the left table and the *first* of the
# right one. Forwards that fits: the $d$ stand side by side. Here the $n$ must meet, and $n$ comes first in
# both. So one table has to be turned: `table.T` exchanges rows and columns.
#
# Which one, and which stands in front? Ask the shape. Of all products of these two tables only one is (D, M).


# %% exercise="linear_weight_gradient"
def linear_weight_gradient(dz, x):
    """How the loss reacts to each weight of z = x @ W + b, added up over the examples (not averaged).

    dz: (N, M), what arrives        x: (N, D)
    gives back dW: (D, M)
    """
    # BEGIN SOLUTION
    return x.T @ dz
    # END SOLUTION


# %%
check(linear_weight_gradient)

# %% [markdown] tags=["solution"]
# **Why this way.** (D, N) times (N, M): the examples meet and vanish, which is the sum over $n$. The other
# product that runs, `dz.T @ x`, holds the same numbers turned round, (M, D). Another way:
# `np.einsum("nd,nm->dm", x, dz)`, the formula letter by letter.

# %% [markdown]
# Is it true? Lesson 03 built the tool: it nudges each weight and feels, with `dz` arriving from above.

# %%
weight_gradient = use(linear_weight_gradient)
measured = upstream_gradient(lambda moved: forward(x, moved, b), dz, W, h=1e-5)
print(weight_gradient(dz, x))
print("as measured:", relative_error(weight_gradient(dz, x), measured) < 1e-6)

# %% [markdown]
# ## One bias
#
# A bias is added to every score of its judge. **Predict**: if the mood of judge 2 rises by 0.01, which scores
# move, and by how much?

# %%
viz.layer_reach(x, W, b, dz, moves="b")

# %% [markdown]
# Each score of this judge moves by the same 0.01, with nothing to stretch it. One bias was copied to N rows
# on the way forward. N copies send back blame, and across paths blame adds. **What is copied on the way
# forward is added up on the way back.**


# %% exercise="linear_bias_gradient"
def linear_bias_gradient(dz):
    """How the loss reacts to each bias of z = x @ W + b, added up over the examples (not averaged).

    dz: (N, M), what arrives
    gives back db: (M,)
    """
    # BEGIN SOLUTION
    return dz.sum(axis=0)
    # END SOLUTION


# %%
check(linear_bias_gradient)

# %% [markdown] tags=["solution"]
# **Why this way.** The axis that you name disappears. The examples should, and they are axis 0. Another way:
# `np.ones(len(dz)) @ dz`. A bias is a weight whose input is always 1, so this is `x.T @ dz` once more.

# %%
db = use(linear_bias_gradient)(dz)
measured = upstream_gradient(lambda moved: forward(x, W, moved), dz, b, h=1e-5)
print("db =", db)
print("as measured:", relative_error(db, measured) < 1e-6)

# %% [markdown]
# **Where does the 1/N live?** Losses are means over the batch, so somewhere somebody divides by N. It happens
# once: in the loss. There each example is given its share, so the 1/N comes along inside `dz`. A layer does
# not know which loss it serves. It adds up what arrives and divides by nothing.

# %%
quiz("04-where-the-mean-lives")

# %% [markdown]
# ## One input
#
# Who needs the gradient of a cake? Nobody can turn an input. But in a network, what goes *into* this layer
# came *out of* the one before it, and that one has weights. `dx` is the message for it, as `dh` was in lesson
# 02.
#
# **Predict**: a nudge of `x[0, 1]`, the butter in the first cake, moves which scores?

# %%
viz.layer_reach(x, W, b, dz, moves="x")

# %% [markdown]
# Every judge tastes it, in this one cake. Now the neurons are the paths:
#
# $$dx_{nd} = \sum_m dz_{nm}\,W_{dm}$$
#
# This time $m$ must meet $m$, and it comes *last* in both. Examples do not mix at all: each one has its own
# input.


# %% exercise="linear_input_gradient"
def linear_input_gradient(dz, W):
    """How the loss reacts to each input of z = x @ W + b, each example by itself.

    dz: (N, M), what arrives        W: (D, M)
    gives back dx: (N, D)
    """
    # BEGIN SOLUTION
    return dz @ W.T
    # END SOLUTION


# %%
check(linear_input_gradient)

# %% [markdown] tags=["solution"]
# **Why this way.** (N, M) times (M, D): the neurons meet and vanish. The same weights that spread an input
# over the neurons collect the blame, read the other way round; that is all that the `.T` says. Another way:
# `np.einsum("nm,dm->nd", dz, W)`.

# %%
input_gradient = use(linear_input_gradient)
measured = upstream_gradient(lambda moved: forward(moved, W, b), dz, x, h=1e-5)
print(input_gradient(dz, W))
print("as measured:", relative_error(input_gradient(dz, W), measured) < 1e-6)

# %% [markdown]
# ## The way back of a layer
#
# Put the three together. What arrives comes first, then what the forward pass used; the results come in the
# order of the forward pass: x, W, b. (For `b` only the shape would matter, so it is not handed over.)


# %% exercise="linear_backward"
def linear_backward(dz, x, W):
    """Gradients of the loss for the inputs, weights and biases of z = x @ W + b.

    dz: (N, M), what arrives        x: (N, D)        W: (D, M)
    gives back dx: (N, D), dW: (D, M), db: (M,)
    """
    # BEGIN SOLUTION
    dx = linear_input_gradient(dz, W)
    dW = linear_weight_gradient(dz, x)
    db = linear_bias_gradient(dz)
    # END SOLUTION
    return dx, dW, db


# %%
check(linear_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** Each line is something that you have checked already. Another way is to write the three
# products here once more: `dz @ W.T`, `x.T @ dz`, `dz.sum(axis=0)`.

# %%
viz.layer_shapes()

# %% [markdown]
# Three gradients, three lines, for a thousand neurons as for four. If you ever forget them, this picture
# brings them back. Write down the shapes: for `dx` and `dW` only one product fits, for `db` only one sum.
#
# The cakes were small. Does it hold for a batch of 100 images and 30 neurons, with random weights? The tool
# has 1,920 weights to nudge, twice each, and runs all of the forward pass every time. You run one line.

# %%
backward = use(linear_backward)
batch, W30, b30 = pixels[:100], rng.normal(size=(64, 30)), rng.normal(size=30)
dz30 = rng.normal(size=(100, 30))
dx, dW, db = backward(dz30, batch, W30)
measured = upstream_gradient(lambda moved: forward(batch, moved, b30), dz30, W30, h=1e-2)
print("shapes:", dx.shape, dW.shape, db.shape)
print("dW as measured:", relative_error(dW, measured) < 1e-6)

# %% [markdown]
# (`h` may be as large as `1e-2` here. The layer is a straight line in each weight, so nothing is cut off, and
# a longer step leaves less to rounding.)

# %% [markdown]
# ## Loop or product
#
# The three loops at the top and the one line give the same numbers. Does it matter which one you run?

# %%
quiz("04-loop-or-matrix")


# %%
def seconds(function, *arguments):
    """Time of the fastest of three runs."""
    times = []
    for _ in range(3):
        start = perf_counter()
        function(*arguments)
        times.append(perf_counter() - start)
    return min(times)


# %% tags=["nbval-ignore-output"]
products, loop, matrix = [], [], []
for N, M in ((10, 3), (30, 10), (100, 10), (100, 30)):
    layer = (pixels[:N], rng.normal(size=(64, M)), np.zeros(M))
    products.append(N * 64 * M)
    loop.append(seconds(by_loops, *layer))
    matrix.append(seconds(forward, *layer))
    print(f"{products[-1]:7,} multiplications: the loop took {loop[-1] / matrix[-1]:8,.0f} times as long")
viz.loop_and_matrix(products, loop, matrix)

# %% [markdown]
# Your machine has its own numbers, and they change a little from run to run. Look at two things: how far
# apart the lines are, and that the lower one is nearly flat on the left, where calling NumPy at all takes
# longer than the arithmetic. This is one reason why data go through a network in batches.

# %% [markdown]
# ## Find the bug
#
# Somebody wrote all three gradients in one function. It runs on every batch, and no line of it complains.


# %% exercise="layer_gradients_repaired"
def layer_gradients_repaired(dz, x, W):
    """Gradients of the loss for the inputs, weights and biases of z = x @ W + b.

    dz: (N, M), what arrives        x: (N, D)        W: (D, M)
    gives back dx: (N, D), dW: (D, M), db: (M,)
    """
    dx = dz @ W.T
    # BEGIN SOLUTION
    dW = x.T @ dz
    db = dz.sum(axis=0)
    # END SOLUTION
    # BEGIN BUG
    # dW = x.T @ dz / len(x)
    # db = dz.sum(axis=1)
    # END BUG
    return dx, dW, db


# %% role="use"
six_x, six_dz = rng.normal(size=(6, 3)), rng.normal(size=(6, 4))
dx, dW, db = layer_gradients_repaired(six_dz, six_x, W)
felt = upstream_gradient(lambda moved: forward(six_x, moved, b), six_dz, W, h=1e-3)
print("6 examples, 3 inputs, 4 neurons")
print("db has shape", db.shape)
print("dW felt by nudging, divided by dW as written:")
print((felt / dW).round(3))

# %% [markdown]
# In a right version `db` has one number for each neuron, and the table holds nothing but ones. Repair the
# function, run the cell above again, and then the check.

# %%
check(layer_gradients_repaired)

# %% [markdown] tags=["solution"]
# **What was wrong.** `sum(axis=1)` made the neurons disappear and kept the examples: 6 numbers for 4 biases.
# And `dW` was divided by the number of examples, although the mean is the business of the loss, which has
# done it. The first one shows in a shape. The second shows in nothing but a measured slope: the direction is
# right, only the steps are too short. Another way: `return linear_backward(dz, x, W)`.

# %% [markdown]
# ## Ten neurons read digits
#
# You have all that a layer needs to learn. So give it something to do: ten neurons, one for each digit, each
# looking at all 64 pixels. Neuron 3 should say 1 where a 3 is shown and 0 elsewhere, and so for the others.
#
# The loss is that of lesson 01, added up over the ten neurons, and the mean over all images. The gradient of
# $\tfrac12(z - y)^2$ is $z - y$, and here, once, is the 1/N.

# %%
y = np.eye(10)[labels]  # a row for each image: 1 at its digit, 0 elsewhere
W10, b10 = np.zeros((64, 10)), np.zeros(10)
for step in range(200):
    z = forward(pixels, W10, b10)
    if step % 50 == 0:
        print(f"after {step:3d} steps: loss {np.sum(0.5 * (z - y) ** 2) / len(y):.3f}")
    _, dW, db = backward((z - y) / len(y), pixels, W10)
    W10, b10 = descent_step(W10, dW, 0.1), descent_step(b10, db, 0.1)

# %% [markdown]
# 200 steps, and in each of them 1,437 images go forward and their blame comes back. Now show it images that
# were kept aside, and take the neuron that says most. **Predict**: how many in a hundred will it read? Mere
# guessing gets ten.

# %%
read = forward(test_images / 16, W10, b10).argmax(axis=1)
print(f"right: {np.sum(read == test_labels)} of {len(read)} new images, {np.mean(read == test_labels):.0%}")

# %% [markdown]
# What has it learned? Each neuron has 64 weights, one for each pixel, so they can be laid out as an image.
# **Predict**: where should ink speak most *against* a 0?

# %%
viz.weight_images(W10)

# %% [markdown]
# Nobody told it what a digit looks like. Neuron 0 holds the middle against a 0: ink in its hole.
#
# After 50 steps the loss fell ever more slowly. So why not take longer steps? **Predict**: at twice the
# learning rate, is it there in half the time?

# %%
W20, b20 = np.zeros((64, 10)), np.zeros(10)
for step in range(21):
    z = forward(pixels, W20, b20)
    if step in (0, 1, 2, 5, 10, 20):
        print(f"after {step:2d} steps: loss {np.sum(0.5 * (z - y) ** 2) / len(y):9.3f}")
    _, dW, db = backward((z - y) / len(y), pixels, W20)
    W20, b20 = descent_step(W20, dW, 0.2), descent_step(b20, db, 0.2)

# %% [markdown]
# The first step still helps. Then each one jumps over the valley and lands higher up the other side. In
# lesson 01 a jump too far ended where the curve was flat, and the dial crept back. This loss only gets
# steeper farther out, so the next jump is longer still, and it explodes. The 0.1 was found by trying.
#
# This layer is a straight line in its inputs. Each pixel votes for or against, whatever the other pixels say.
# Would a second layer on top of it know better?

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import torch
#
# x = torch.tensor([[2.0, -3.0, 5.0], [4.0, 6.0, -2.0]], requires_grad=True)
# W = torch.tensor([[7.0, -2.0, 4.0, 5.0], [2.0, 6.0, -3.0, 7.0], [-4.0, 5.0, 2.0, -6.0]], requires_grad=True)
# b = torch.tensor([10.0, 20.0, 30.0, 40.0], requires_grad=True)
# z = x @ W + b
# z.backward(torch.tensor([[0.5, -2.5, 2.0, -0.5], [1.5, 0.5, -3.0, 3.5]]))
# print(W.grad[1].tolist())  # [7.5, 10.5, -24.0, 22.5]
# print(b.grad.tolist())  # [2.0, -2.0, -1.0, 3.0]
# print(x.grad[0].tolist())  # [14.0, -23.5, -7.5]
# ```
#
# Your judges' numbers. `backward` takes what arrives, as yours does. PyTorch's own `torch.nn.Linear(3, 4)`
# keeps its weights turned round, (4, 3), one row for each neuron, and computes `x @ weight.T + bias`.

# %% [markdown]
# ## Three sentences to keep
#
# 1. A layer is M neurons side by side, a batch is N examples one below the other, and `x @ W + b` does them
#    all.
# 2. A gradient has the shape of what it belongs to, and only one product (for the biases one sum) has that
#    shape.
# 3. What is used in many places collects blame from all of them, so a layer adds up and never divides: the
#    1/N lives in the loss.
#
# Next: two layers, one behind the other, are still one layer, unless something between them bends.

# %% tags=["nbval-ignore-output"]
progress()
