# %% [markdown]
# # 05 · Activations
#
# *About 40 minutes. You need: lessons 03 and 04.*
#
# **Why bend the line, and what does the bend cost on the way back?** Lesson 04's layer is straight: twice the
# input, twice the change. The sigmoid of lesson 01 bends. What for? And how does one choose a bend, if each
# of them takes something away from the blame that comes back?

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.nn import (  # lessons 01 to 04
    linear_forward,
    relative_error,
    sigmoid,
    sigmoid_slope,
    upstream_gradient,
)

# %% [markdown]
# ## Two layers are one
#
# Put a layer behind a layer. More weights, more neurons: surely it can do more?

# %%
quiz("05-two-layers")

# %%
rng = np.random.default_rng(0)
x, W1, b1 = rng.normal(size=(5, 3)), rng.normal(size=(3, 7)), rng.normal(size=7)
W2, b2 = rng.normal(size=(7, 4)), rng.normal(size=4)
two = linear_forward(linear_forward(x, W1, b1), W2, b2)
one = linear_forward(x, W1 @ W2, b1 @ W2 + b2)
print("two layers:", W1.size + b1.size + W2.size + b2.size, "numbers")
print("one layer: ", 3 * 4 + 4, "numbers, and the same outputs:", np.allclose(two, one))

# %% [markdown]
# 60 numbers say what 16 can say. A straight function of a straight function is straight. For anything else
# something between the layers has to bend, entry by entry. It is called an **activation**, and `a` is what
# comes out of it: $a = f(z)$.
#
# How much can a bend do? Here is a weighted sum of a few lines with one bend each:

# %%
viz.hinges()

# %% [markdown]
# ## The cheapest bend
#
# Each of these lines is flat up to some place, and rises from there. That is all a **ReLU** does (*rectified
# linear unit*):
#
# $$a = \begin{cases} z & z > 0 \\ 0 & \text{else} \end{cases}$$
#
# No exponential, no division. Write it for an array of any shape, entry by entry.


# %% exercise="relu_forward"
def relu_forward(z):
    """z where it is positive, 0 elsewhere.

    z: array of any shape        gives back a, shaped like z
    """
    # BEGIN SOLUTION
    a = np.maximum(z, 0.0)
    # END SOLUTION
    return a


# %%
check(relu_forward)

# %% [markdown] tags=["solution"]
# **Why this way.** `np.maximum` compares two things entry by entry, here with 0. Another way: `z * (z > 0)`,
# the input times a switch that is 1 or 0.

# %%
print(use(relu_forward)(np.array([[-3.0, -0.5, 0.5, 3.0]])))

# %% [markdown]
# ## Back through a switch
#
# From above arrives `da`, a number for each entry of `a`: how the loss reacts to it. Each output depends on
# one input alone, so there is one path, and along a path one multiplies:
#
# $$dz = da \cdot \text{slope at } z$$
#
# entry by entry. The slope of a ReLU is 1 where the input was positive: blame passes. Elsewhere it is 0,
# and nothing passes. So a ReLU is a switch, and it was set on the way forward, by `z`. (At exactly 0 there
# is a corner, lesson 03's kind. Any slope from 0 to 1 will do there; this course takes 0, and the check
# does not ask.)


# %% exercise="relu_backward"
def relu_backward(da, z):
    """How the loss reacts to the inputs of a ReLU.

    da: what arrives, shaped like z        z: what went in, any shape
    gives back dz, shaped like z
    """
    # BEGIN SOLUTION
    dz = np.where(z > 0, da, 0.0)
    # END SOLUTION
    return dz


# %%
check(relu_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** `np.where(condition, this, that)` chooses entry by entry. Another way: `da * (z > 0)`,
# where True counts as 1.

# %%
z, da = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
written = use(relu_backward)(da, z)
felt = upstream_gradient(use(relu_forward), da, z, 1e-5)
print("as measured:", relative_error(written, felt) < 1e-6)

# %% [markdown]
# ## What a bend costs
#
# Lesson 01's machine was deaf at $w = 2$: the sigmoid is nearly flat there. An activation that is flat is
# called **saturated**. Whatever arrives is multiplied by next to nothing, and the weights behind it hear
# nothing.

# %%
viz.activations()

# %%
quiz("05-how-much-arrives")

# %%
print(f"ten sigmoids at their best: {0.25**10:.1e}")
for z_at in (0.1, 2.0, 5.0, 10.0):
    print(f"z = {z_at:4}: slope of sigmoid {sigmoid_slope(z_at):.1e}, of ReLU {float(z_at > 0):.0f}")

# %% [markdown]
# A ReLU multiplies by 1 wherever it is switched on, however large `z` is. That, and its price, is why it
# stands in most networks today. What many layers do to blame has a lesson of its own, number 10.
#
# Now push on it. **Guess** before you drag:
#
# 1. Where does a tanh let half of the blame through, and where does a sigmoid?
# 2. Which of the five never lets more back than arrived, and which lets a little back everywhere?

# %%
viz.activation_explorer()

# %% [markdown]
# A tanh lets half through at $z = \pm 0.88$. A sigmoid nowhere: a quarter is the most. None of the five
# lets more back than arrived; all they can do is take away. And the leaky ReLU is the only one that is
# never flat.

# %% [markdown]
# ## A sigmoid about zero
#
# The hyperbolic tangent has the shape of a sigmoid, from -1 to 1, and slope 1 in the middle. NumPy has it:
# `np.tanh(z)`. Its slope is
#
# $$\tanh'(z) = 1 - \tanh^2(z)$$
#
# Look at what it needs: not `z`, but the *output*. That was computed on the way forward. Keep it, and the way
# back costs a multiplication. Here `a` is given, and it is `np.tanh(z)` already.


# %% exercise="tanh_backward"
def tanh_backward(da, a):
    """How the loss reacts to the inputs of a tanh.

    da: what arrives, shaped like a        a: what came out, np.tanh(z)
    gives back dz, shaped like a
    """
    # BEGIN SOLUTION
    dz = da * (1 - a**2)
    # END SOLUTION
    return dz


# %%
check(tanh_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** The brackets matter: `da * 1 - a**2` is something else. Another way: `da * (1 - a) * (1 +
# a)`, which shows where the slope vanishes: at both ends, where `a` is 1 or -1.

# %%
felt = upstream_gradient(np.tanh, da, z, 1e-5)
print("as measured:", relative_error(use(tanh_backward)(da, np.tanh(z)), felt) < 1e-6)

# %% [markdown]
# Now put a price on saturation. Somebody starts with weights ten times too large, so every `z` is ten times
# too large. How much of the blame gets through a tanh? Guess before you run this.

# %%
wide, blame = np.random.default_rng(1).normal(size=(2, 200, 5))
for times in (0.5, 1.0, 3.0, 10.0):
    comes_back = use(tanh_backward)(blame, np.tanh(times * wide))
    through = np.abs(comes_back).sum() / np.abs(blame).sum()
    print(f"z {times:4} times as large: {through:4.0%} gets through")

# %% [markdown]
# Lesson 04's `dW` is `x.T @ dz`. Where little comes through, `dW` is small: the weights that are too large
# are the ones that hardly move. The gradient is right, and lesson 03's check would pass it. What saturation
# costs is time. Smaller weights at the start are a remedy; lesson 10 says how small.

# %% [markdown]
# ## A switch that leaks
#
# A ReLU has a flat side as well, and it is worse than flat: it is level.

# %%
quiz("05-dead-forever")

# %% [markdown]
# One way out is a small slope on that side, a leak. With a number `alpha` between 0 and 1, say 0.1, the
# forward pass of a **leaky ReLU** is this:


# %%
def leaky_relu_forward(z, alpha):
    """z where it is positive, alpha z elsewhere."""
    return np.where(z > 0, z, alpha * z)


print(leaky_relu_forward(np.array([[-3.0, -0.5, 0.5, 3.0]]), 0.1))

# %% [markdown]
# Two straight pieces, two slopes. Write the way back.


# %% exercise="leaky_relu_backward"
def leaky_relu_backward(da, z, alpha):
    """How the loss reacts to the inputs of a leaky ReLU.

    da: what arrives, shaped like z        z: what went in, any shape        alpha: a number
    gives back dz, shaped like z
    """
    # BEGIN SOLUTION
    dz = np.where(z > 0, da, alpha * da)
    # END SOLUTION
    return dz


# %%
check(leaky_relu_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** The slope of a straight piece is one number, wherever on it you are. Another way: `da *
# np.where(z > 0, 1.0, alpha)`: first the slopes, then the product.

# %%
felt = upstream_gradient(lambda moved: leaky_relu_forward(moved, 0.1), da, z, 1e-5)
print("as measured:", relative_error(use(leaky_relu_backward)(da, z, 0.1), felt) < 1e-6)

# %% [markdown]
# ## A rounded corner
#
# The **softplus** is a ReLU whose corner has been rounded off:
#
# $$a = \ln(1 + e^z)$$
#
# As it stands it is no good for large $z$: a float ends near $10^{308}$, and $e^{1000}$ is far beyond. The
# remedy is one step of school algebra. Take $e^z$ out of the bracket:
#
# $$\ln(1 + e^z) = \ln\big(e^z (e^{-z} + 1)\big) = z + \ln(1 + e^{-z})$$
#
# For positive $z$ the right form is harmless, for negative $z$ the left one. Both in one line, with an
# exponent that is never positive: $\max(z, 0) + \ln(1 + e^{-|z|})$.


# %%
def softplus_forward(z):
    """ln(1 + e^z); np.log1p(u) is ln(1 + u), exact for tiny u too."""
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


with np.errstate(over="ignore"):
    print("as it stands:", np.log(1 + np.exp(np.array([0.0, 10.0, 1000.0]))).round(4).tolist())
print("stable:      ", softplus_forward(np.array([0.0, 10.0, 1000.0])).round(4).tolist())

# %% [markdown]
# Its slope? The chain rule, with $u = 1 + e^z$ inside the logarithm: one over $u$, times the slope of $u$.
# Look at the result before you type it. You know this function, and you have a stable form of it. The answer
# should hold out to $z = \pm 1000$.


# %% exercise="softplus_backward"
def softplus_backward(da, z):
    """How the loss reacts to the inputs of a softplus, a = ln(1 + e^z); safe for z of +-1000.

    da: what arrives, shaped like z        z: what went in, any shape
    gives back dz, shaped like z
    """
    # BEGIN SOLUTION
    dz = da * sigmoid(z)
    # END SOLUTION
    return dz


# %%
check(softplus_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** $e^z / (1 + e^z)$, divided above and below by $e^z$, is $1 / (1 + e^{-z})$: the sigmoid,
# and lesson 01's one is stable on both sides. Another way: `da * np.exp(z - softplus_forward(z))`.

# %%
felt = upstream_gradient(softplus_forward, da, z, 1e-5)
print("as measured:", relative_error(use(softplus_backward)(da, z), felt) < 1e-6)

# %% [markdown]
# ## One of many
#
# So far each entry went its own way. The last layer of a network that has to choose one of K classes needs
# something else: K scores come out of it for each example, any numbers, and we want K **shares** that are
# positive and add up to 1. Exponentials are positive; their sum makes them shares. Each row by itself:
#
# $$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$$
#
# This is the **softmax**. Since $e^{1000}$ is too large for a float, shift first. Take one number $c$ off all
# scores of a row:
#
# $$\frac{e^{z_k - c}}{\sum_j e^{z_j - c}} = \frac{e^{-c}\, e^{z_k}}{e^{-c} \sum_j e^{z_j}} = p_k$$
#
# Nothing changes. With the row's own *largest* score for $c$, the largest exponent is 0, and nothing can
# overflow.

# %% [markdown]
# In NumPy a sum along a row is `sum(axis=1)`, as in lesson 00. It makes (N,) of (N, K), a row of numbers that
# lies down. With `keepdims=True` it stays a column, (N, 1), and stands beside the rows it belongs to:

# %%
table = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
print(table.sum(axis=1), " shape", table.sum(axis=1).shape)
print(table - table.max(axis=1, keepdims=True))


# %% exercise="softmax"
def softmax(z):
    """Shares of K classes for each row of scores; safe for scores of +-1000.

    z: (N, K)        gives back p: (N, K), each row adds up to 1
    """
    # BEGIN SOLUTION
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    # END SOLUTION
    return p


# %%
check(softmax)

# %% [markdown] tags=["solution"]
# **Why this way.** The same shifted exponentials stand above and below the line. Each row has a largest score
# of its own: one number for the whole table would leave a row far below it with nothing but zeros. Another
# way: `np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))`.

# %%
p = use(softmax)(np.array([[1.0, 2.0, 0.5, -1.0], [1000.0, 999.0, 0.0, -1000.0]]))
print(p.round(3))
print("rows add up to", p.sum(axis=1))

# %% [markdown]
# Back through a softmax it gets interesting. Nudge one score. Which shares move?

# %%
viz.softmax_shares()

# %% [markdown]
# All of them. So each score has a path to *every* share of its row, and across paths blame adds. The slopes,
# from the quotient rule of lesson 02, are these:
#
# $$\frac{\partial p_k}{\partial z_k} = p_k (1 - p_k) \qquad\qquad
# \frac{\partial p_j}{\partial z_k} = -p_j\, p_k \quad (j \ne k)$$
#
# Multiply by what arrives at each share and add up over all of them. A $p_k$ can be taken out of everything:
#
# $$dz_k = p_k \Big( dp_k - \sum_j dp_j\, p_j \Big)$$
#
# The sum is what arrives *on average*, with the shares as weights. A class is blamed for how much it differs
# from the average, in proportion to its share.


# %% exercise="softmax_backward"
def softmax_backward(dp, p):
    """How the loss reacts to the scores that went into a softmax.

    dp: (N, K), what arrives        p: (N, K), what came out, softmax(z)
    gives back dz: (N, K)
    """
    # BEGIN SOLUTION
    average = np.sum(dp * p, axis=1, keepdims=True)
    dz = p * (dp - average)
    # END SOLUTION
    return dz


# %%
check(softmax_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** All paths of a row in one sum; no table of K times K slopes is ever written down. Another
# way writes it: for each example `(np.diag(p[n]) - np.outer(p[n], p[n])) @ dp[n]`. For a thousand classes
# that is a million slopes for each example.

# %%
z, dp = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
dz = use(softmax_backward)(dp, use(softmax)(z))
print("as measured:", relative_error(dz, upstream_gradient(use(softmax), dp, z, 1e-5)) < 1e-6)

# %%
quiz("05-shift-a-row")

# %%
print("largest sum of a row of dz:", np.abs(dz.sum(axis=1)).max().round(12))

# %% [markdown]
# The rows add up to 0, and they must: to raise all scores of a row changes nothing, so no gradient can ask
# for it. Remember such facts. They test a gradient without a second opinion.

# %% [markdown]
# ## Which bend where?
#
# Inside a network: ReLU, unless there is a reason. At the end, the question decides. A number that may be
# anything gets no activation; yes or no gets a sigmoid.

# %%
quiz("05-which-output")

# %% [markdown]
# ## Find the bug
#
# Somebody wrote the way back of a softmax from memory of the sigmoid's $a(1 - a)$.


# %% exercise="softmax_backward_repaired"
def softmax_backward_repaired(dp, p):
    """How the loss reacts to the scores that went into a softmax.

    dp: (N, K), what arrives        p: (N, K), what came out, softmax(z)
    gives back dz: (N, K)
    """
    # BEGIN SOLUTION
    dz = p * (dp - np.sum(dp * p, axis=1, keepdims=True))
    # END SOLUTION
    # BEGIN BUG
    # dz = dp * p * (1 - p)
    # END BUG
    return dz


# %% role="use"
p = use(softmax)(z)
dz = softmax_backward_repaired(dp, p)
print("rows of dz add up to", dz.sum(axis=1).round(3) + 0.0)
felt = upstream_gradient(use(softmax), dp, z, 1e-5)
print("written:", dz[0].round(4))
print("felt:   ", felt[0].round(4))

# %% [markdown]
# In a right version all the sums are 0. What paths has it forgotten? (To call the function that you have
# written above is a repair too.)

# %%
check(softmax_backward_repaired)

# %% [markdown] tags=["solution"]
# **What was wrong.** $p_k(1 - p_k)$ is the path of a score to its *own* share. The paths to all other shares
# of the row, $-p_j\,p_k$, were missing. For a sigmoid, whose entries know nothing of each other, there are no
# such paths. Another way: `return softmax_backward(dp, p)`.

# %% [markdown]
# ## Bent, and trained to follow
#
# Can descent find such bends by itself? One input, 12 hidden units, one output: a layer, a ReLU, a layer. The
# curve is that of the first picture, and the way back is put together from pieces that you have.

# %%
backward_relu, forward_relu = use(relu_backward), use(relu_forward)
x = np.linspace(-3.0, 3.0, 60)[:, None]
y = np.sin(2 * x) + 0.3 * x
straight = np.polyval(np.polyfit(x[:, 0], y[:, 0], 1), x[:, 0])
print(f"best straight line: loss {0.5 * np.mean((straight - y[:, 0]) ** 2):.4f}")

# %%
rng = np.random.default_rng(3)
W1, b1, W2, b2 = rng.normal(size=(1, 12)), rng.normal(size=12), 0.3 * rng.normal(size=(12, 1)), np.zeros(1)
for step in range(4001):
    z1 = linear_forward(x, W1, b1)
    a1 = forward_relu(z1)
    dz2 = (linear_forward(a1, W2, b2) - y) / len(x)
    if step % 1000 == 0:
        print(f"after {step:4} steps: loss {0.5 * np.sum((dz2 * len(x)) ** 2) / len(x):.4f}")
    dz1 = backward_relu(dz2 @ W2.T, z1)
    W2, b2 = W2 - 0.05 * a1.T @ dz2, b2 - 0.05 * dz2.sum(axis=0)
    W1, b1 = W1 - 0.05 * x.T @ dz1, b1 - 0.05 * dz1.sum(axis=0)

# %%
y_hat = linear_forward(forward_relu(linear_forward(x, W1, b1)), W2, b2)
viz.learned_bends(x[:, 0], y[:, 0], y_hat[:, 0], -b1 / W1[0])

# %% [markdown]
# No straight line gets anywhere near. And nobody placed the bends: the blame that came back through the
# switches did. They are not where you would have put them: several lie in one place, and the hump on the left
# got none. Another start would miss something else. Lesson 07 makes a network of any depth of this.

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import torch
#
# torch.set_default_dtype(torch.float64)
# z = torch.tensor([[1.0, 2.0, 0.5, -1.0], [1000.0, 999.0, 0.0, -1000.0]], requires_grad=True)
# p = torch.softmax(z, dim=1)
# print(p[0].detach().numpy().round(3))  # [0.224 0.609 0.136 0.03 ]
# p.backward(torch.tensor([[1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]))
# print(z.grad[0].sum().abs().item() < 1e-12)  # True
# print(torch.nn.functional.softplus(torch.tensor([0.0, 10.0, 1000.0])).tolist()[2])  # 1000.0
# torch.set_default_dtype(torch.float32)
# ```
#
# `torch.relu`, `torch.tanh`, `torch.nn.functional.leaky_relu`: the names are the same. Its slope of a ReLU at
# 0 is 0, like ours.

# %% [markdown]
# ## Three sentences to keep
#
# 1. Without a bend between them all layers are one; almost any bend will do, and ReLU is the cheapest.
# 2. On the way back each entry is multiplied by the slope at the place of the forward pass: where the
#    function is flat, nothing comes back.
# 3. A softmax ties the entries of a row together: shift each row by its largest score, and let its gradient's
#    rows add up to 0.
#
# Next: the network answers. How wrong is it, and who says so?

# %% tags=["nbval-ignore-output"]
progress()
