# %% [markdown]
# # 02 · The chain rule on a graph
#
# *About 45 minutes. You need: lesson 01.*
#
# **How does blame travel through two weights?** In lesson 01 the dial sat right next to the answer. In a
# network most dials sit far behind, with others between them and the answer. When the answer is wrong, how
# much of it is *their* fault? Nobody next to the loss has ever seen them.

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.nn import sigmoid, sigmoid_slope, squared_error  # the course's version of lesson 01

# %% [markdown]
# ## Two dials in a row
#
# The machine of lesson 01, twice: what comes out of the first goes into the second. The number in between is
# called $h$, the **hidden** value, since nobody outside ever sees it.
#
# $$h = \sigma(w_1\,x) \qquad \hat y = \sigma(w_2\,h) \qquad L = \tfrac12(\hat y - y)^2$$
#
# Here it is as a **graph**: a circle for each box, an arrow for each number that travels. We feed it $x =
# 0.5$, the dials stand at $w_1 = 0.4$ and $w_2 = 0.6$, and we would like to hear $y = 1$.

# %%
viz.chain_graph(show="forward")

# %% [markdown]
# Walking along the arrows is the **forward pass**. Write it: two lines, and both numbers come back.


# %% exercise="two_weight_forward"
def two_weight_forward(x, w1, w2):
    """Forward pass: the hidden value and the answer.

    x, w1, w2: numbers
    """
    # BEGIN SOLUTION
    h = sigmoid(w1 * x)
    y_hat = sigmoid(w2 * h)
    # END SOLUTION
    return h, y_hat


# %%
check(two_weight_forward)

# %% [markdown] tags=["solution"]
# **Why this way.** One line for each machine. `h` gets a name and comes back although nobody asked for it:
# the way back needs it. Another way is one line, `sigmoid(w2 * sigmoid(w1 * x))`, but then `h` is lost.

# %%
forward = use(two_weight_forward)
h, y_hat = forward(x=0.5, w1=0.4, w2=0.6)
print(f"h = {h:.9f}   y_hat = {y_hat:.9f}   L = {squared_error(y_hat, 1.0):.9f}")

# %% [markdown]
# It answers 0.58 and should answer 1. So both dials should move. Which way, and which of them matters more?

# %% [markdown]
# ## Back through a product
#
# You know the box with the sigmoid. The new one is the product, in which *two* numbers meet that can both
# move.

# %%
quiz("02-back-through-a-product")

# %% [markdown]
# In $u\,v$ a nudge of $u$ is stretched by $v$, and a nudge of $v$ by $u$. Each gets **the other one** as its
# factor. So on the way back we need numbers from the way forward. That is why a network that learns must
# remember what it computed.

# %% [markdown]
# ## Worked example
#
# Start at the loss and walk against the arrows. At each box, take what has arrived and multiply by the slope
# of the box. We write `d` and a name for "how the loss reacts when this name moves".

# %%
x, w1, w2, y = 0.5, 0.4, 0.6, 1.0
h, y_hat = forward(x, w1, w2)
dy_hat = y_hat - y  # the loss
dz2 = dy_hat * y_hat * (1 - y_hat)  # the second sigmoid
dw2 = dz2 * h  # the product w2 * h, towards w2
dh = dz2 * w2  # the same product, towards h
print(f"dy_hat = {dy_hat:.6f}")
print(f"dz2    = {dz2:.6f}")
print(f"dw2    = {dw2:.6f}")
print(f"dh     = {dh:.6f}")

# %% [markdown]
# Look at `dh`. It is what the hidden value hears: *nudge me up, and the loss falls by 0.061 times the nudge*.
# The hidden value is no dial; it cannot be turned. But it can pass the message on, to the machine behind it.
# And that machine is the one from lesson 01: for it, `dh` plays the part that `y_hat - y` played there.
#
# Step through it. First forward, then back; then drag a weight, and see which of the gradients feel it.

# %%
viz.backprop_diagram()

# %% [markdown]
# Three questions to answer with the picture: What happens to `dw1` when you drag $x$ to 0, and why is `dw2`
# still there? What does `dw1` do when you drag $w_2$ to 0? And can you bring `dw1` farther from 0 than `dw2`?

# %% [markdown]
# ## Your turn: all the way back
#
# The worked example stopped at `dh`. Go on to `dw1`, and give back both. Remember: the slope of a sigmoid is
# $a\,(1 - a)$ with its *own* output $a$.


# %% exercise="two_weight_backward"
def two_weight_backward(x, w1, w2, y):
    """Backward pass: how the loss reacts to both weights.

    x, w1, w2, y: numbers
    """
    h, y_hat = two_weight_forward(x, w1, w2)
    # BEGIN SOLUTION
    dy_hat = y_hat - y
    dz2 = dy_hat * y_hat * (1 - y_hat)
    dw2 = dz2 * h
    dh = dz2 * w2
    dz1 = dh * h * (1 - h)
    dw1 = dz1 * x
    # END SOLUTION
    return dw1, dw2


# %%
check(two_weight_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** Every line takes what the line above has brought and multiplies one slope to it. Nothing
# is computed twice: `dz2` serves both ways that part at the product. Another way: write both chains out in
# full, five factors and three, and find that they begin alike.

# %%
backward = use(two_weight_backward)
dw1, dw2 = backward(x=0.5, w1=0.4, w2=0.6, y=1.0)
print(f"dw1 = {dw1:.9f}")
print(f"dw2 = {dw2:.9f}")

# %%
viz.chain_graph(show="both")

# %% [markdown]
# Both are negative: turning either dial up lowers the loss. And `dw1` is 7 times smaller than `dw2`. Mostly
# two things shrank it on the way: the factor $w_2 = 0.6$, and the slope of another sigmoid, which is never
# more than a quarter. With ten machines in a row this happens at each of them, and the shrinkings multiply.
# Keep this for lesson 10.
#
# And the three questions? `dw1` ends with the factor $x$, so at $x = 0$ it is 0; `dw2` ends with $h$, and $h
# = \sigma(0)$ is still one half. At $w_2 = 0$ nothing comes back through the second product. And divided by
# each other, all that the two share drops out: `dw1` is $w_2\,(1 - h)\,x$ times `dw2`. Make $w_2$ and $x$
# large and $w_1$ negative, and the dial at the back matters more.

# %% [markdown]
# **Why backwards?** Written out in full, `dw1` has five factors and `dw2` three, and both begin with the same
# two. Whoever starts at the loss multiplies those two once, as `dz2`, and both use it. With a million weights
# nearly everything is shared: one walk back serves all of them.
#
# Is it true? Nudge both dials and feel.


# %%
def loss(w1, w2):
    """The loss of the machine for x = 0.5 and y = 1."""
    return squared_error(forward(0.5, w1, w2)[1], 1.0)


def felt(w1, w2, hair=1e-5):
    """Slopes of the loss for both dials, by nudging."""
    return (
        (loss(w1 + hair, w2) - loss(w1 - hair, w2)) / (2 * hair),
        (loss(w1, w2 + hair) - loss(w1, w2 - hair)) / (2 * hair),
    )


print("dw1 felt: {:.9f}\ndw2 felt: {:.9f}".format(*felt(0.4, 0.6)))

# %% [markdown]
# ## One dial in two places
#
# Now a twist. Suppose both machines share *one* dial:
#
# $$\hat y = \sigma\big(w\,\sigma(w\,x)\big)$$
#
# This is no curiosity. A network that reads text word by word uses the same weights at each word; one that
# looks at pictures uses the same weights at each place. If you turn the dial, two things in the machine
# change.

# %%
quiz("02-two-paths")

# %% [markdown]
# Write the gradient of the shared dial. You have a function that does nearly all of it.


# %% exercise="shared_weight_gradient"
def shared_weight_gradient(x, w, y):
    """How the loss reacts to the one weight of y_hat = sigmoid(w * sigmoid(w * x)).

    x, w, y: numbers
    """
    # BEGIN SOLUTION
    dw_first, dw_second = two_weight_backward(x, w, w, y)
    dw = dw_first + dw_second
    # END SOLUTION
    return dw


# %%
check(shared_weight_gradient)

# %% [markdown] tags=["solution"]
# **Why this way.** Pretend that there are two dials which happen to stand alike, and ask for the gradient of
# each. One turn of the shared dial turns both, so both effects arrive. Another way: walk back as before and,
# whenever you meet $w$, add to `dw` instead of setting it. Lesson 14 builds an engine on this one `+=`.

# %%
dw = use(shared_weight_gradient)(x=0.5, w=0.4, y=1.0)
hair = 1e-5
up, down = (squared_error(forward(0.5, w, w)[1], 1.0) for w in (0.4 + hair, 0.4 - hair))
print(f"dw by the chain rule: {dw:.6f}")
print(f"dw felt by nudging:   {(up - down) / (2 * hair):.6f}")

# %%
viz.fan_out()

# %% [markdown]
# **Along a path multiply, across paths add.** That is the whole rule book.

# %% [markdown]
# ## Any box will do
#
# By now you may suspect that nobody needs to understand a whole network. Each box needs to know two things:
# what came in on the way forward, and what arrives on the way back. We call the arriving number `dout`: how
# the loss reacts to what the box put **out**. For the product $u\,v$ that makes
#
# ```python
# def product_backward(dout, u, v):
#     return dout * v, dout * u
# ```
#
# What arrives comes first, then what went in; the results come in the order of what went in. From now on all
# backward functions of this course look like that.
#
# Do the same for the quotient, `out = u / v`. **Predict** the sign first: for positive numbers, if $v$ grows,
# does $u/v$ grow?


# %% exercise="quotient_backward"
def quotient_backward(dout, u, v):
    """How the loss reacts to u and v, for out = u / v.

    dout, u, v: numbers, or arrays of one shape
    """
    # BEGIN SOLUTION
    du = dout / v
    dv = -dout * u / v**2
    # END SOLUTION
    return du, dv


# %%
check(quotient_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** In $u$ the quotient is a straight line of slope $1/v$. In $v$ it is $u\,v^{-1}$, with
# slope $-u\,v^{-2}$. Another way: a product of $u$ and $1/v$, and the chain rule through $1/v$.

# %%
du, dv = use(quotient_backward)(1.0, 3.0, 2.0)
print(f"du = {du:6.3f}   felt: {(3.0001 / 2 - 2.9999 / 2) / 0.0002:6.3f}")
print(f"dv = {dv:6.3f}   felt: {(3 / 2.0001 - 3 / 1.9999) / 0.0002:6.3f}")

# %% [markdown]
# And one box that is no formula at all but a **switch**: the larger of two numbers, `out = np.maximum(u, v)`,
# entry by entry. Take $u = 5$ and $v = 3$. Nudge the 5: out moves along. Nudge the 3: nothing happens. So who
# gets the blame?
#
# A comparison of arrays gives an array of True and False, a **mask**. In a product they count as 1 and 0:

# %%
prices = np.array([4.0, 12.0, 7.0])
print(prices > 5)
print(prices * (prices > 5))


# %% exercise="max_backward"
def max_backward(dout, u, v):
    """How the loss reacts to u and v, for out = np.maximum(u, v), without ties.

    dout, u, v: numbers, or arrays of one shape
    """
    # BEGIN SOLUTION
    du = dout * (u > v)
    dv = dout * (v > u)
    # END SOLUTION
    return du, dv


# %%
check(max_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** `u > v` is an array of True and False, which count as 1 and 0 in a product: entry by
# entry, what arrives is let through or stopped. At a tie there is no slope, and any share is fine. Another
# way: `np.where(u > v, dout, 0.0)`.

# %%
u, v = np.array([5.0, 1.0, -2.0]), np.array([3.0, 4.0, -6.0])
dout = np.array([0.1, 0.2, 0.3])
du, dv = use(max_backward)(dout, u, v)
print("du =", du)
print("dv =", dv)

# %% [markdown]
# All blame goes to the winner, none is lost, none is made up. In lesson 05 you meet the most used switch of
# all: $\max(z, 0)$.

# %% [markdown]
# ## Find the bug
#
# With the gradients in hand we can train. Somebody wrote the loop below. It learns, the loss falls, and the
# weights that come out are slightly off.


# %% exercise="train_two_weights"
def train_two_weights(x, y, w1, w2, lr, steps):
    """Gradient descent on one example.

    x, y: the example, numbers        w1, w2: where the weights start
    lr: learning rate                 steps: how many, an integer
    losses: steps + 1 numbers, losses[k] after k steps
    """
    losses = [squared_error(sigmoid(w2 * sigmoid(w1 * x)), y)]
    for _ in range(steps):
        hidden = sigmoid(w1 * x)
        answer = sigmoid(w2 * hidden)
        blame = (answer - y) * answer * (1 - answer)  # what arrives behind the second product
        # BEGIN SOLUTION
        dw2 = blame * hidden
        dw1 = blame * w2 * hidden * (1 - hidden) * x
        w2 = w2 - lr * dw2
        w1 = w1 - lr * dw1
        # END SOLUTION
        # BEGIN BUG
        # w2 = w2 - lr * blame * hidden
        # w1 = w1 - lr * blame * w2 * hidden * (1 - hidden) * x
        # END BUG
        losses.append(squared_error(sigmoid(w2 * sigmoid(w1 * x)), y))
    return w1, w2, np.array(losses)


# %%
w1, w2, _ = train_two_weights(x=0.5, y=1.0, w1=0.4, w2=0.6, lr=3.0, steps=1)
felt_w1, felt_w2 = felt(0.4, 0.6)
print(f"w2 moved by {w2 - 0.6:.6f}, minus lr times its slope is {-3 * felt_w2:.6f}")
print(f"w1 moved by {w1 - 0.4:.6f}, minus lr times its slope is {-3 * felt_w1:.6f}")

# %%
check(train_two_weights)

# %% [markdown] tags=["solution"]
# **What was wrong.** `w2` had moved already when `w1` asked for it. The `dw1` that came out was made of old
# `h`, old `y_hat` and new `w2`: the slope at no place at all. All gradients of a step belong to one forward
# pass, so take them all, then move everything. Another way: swap the two lines. That is right too, but by
# good fortune: `hidden` and `blame` were computed before, and `dw2` needs no $w_1$. With three weights you
# would have to think again; taking all gradients first is always right.

# %% [markdown]
# What is the rule behind it?

# %%
quiz("02-old-or-new")

# %% [markdown]
# And how much does the slip matter? Once yours passes, the next cell draws both runs.

# %%
if use(train_two_weights) is train_two_weights:
    viz.interleaved_updates()

# %% [markdown]
# One of the slopes was off by up to 28 %, and the loss hardly shows it. Here it even ends a hair lower: `w2`
# had grown, so the wrong steps of `w1` came out longer. That is luck, and what makes it a nasty bug:
# everything looks fine, and the slope is not the slope. Only a comparison with true slopes finds it. The next
# lesson builds the tool.

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import torch
#
# w1 = torch.tensor(0.4, dtype=torch.float64, requires_grad=True)
# w2 = torch.tensor(0.6, dtype=torch.float64, requires_grad=True)
# h = torch.sigmoid(w1 * 0.5)
# y_hat = torch.sigmoid(w2 * h)
# loss = 0.5 * (y_hat - 1.0) ** 2
# loss.backward()
# print(f"{w1.grad:.9f} {w2.grad:.9f}")  # -0.007557073 -0.055957673
# ```
#
# Your two numbers. While the forward lines run, PyTorch notes down the graph, box by box; `backward()` walks
# it from the loss to the weights with the rules that you wrote in this lesson.

# %% [markdown]
# ## Three sentences to keep
#
# 1. Each box multiplies what arrives by its own slope, taken at the numbers of the forward pass, and passes
#    it on.
# 2. Along a path multiply, across paths add.
# 3. All gradients of one step belong to one forward pass: take them all before anything moves.
#
# Next: how do you know that a gradient is right, if nobody gives you a check?

# %% tags=["nbval-ignore-output"]
progress()
