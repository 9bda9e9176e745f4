# %% [markdown]
# # 03 · Gradient checking
#
# *About 35 minutes. You need: lessons 01 and 02.*
#
# **How do you know that a gradient is right, if nobody gives you a check?** In lesson 02 a slope was wrong by
# more than a quarter, and the loss went down all the same. A wrong gradient raises no error. It trains, only
# worse, and you will blame the data.
#
# There is a way to find out that knows no formulas at all: turn each dial a little and feel what the loss
# does. In this lesson you build the tool that does it. All checks of this course stand on it.

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.nn import (  # lessons 01 and 02
    max_backward,
    neuron_gradient,
    quotient_backward,
    shared_weight_gradient,
    sigmoid,
    squared_error,
    two_weight_backward,
    two_weight_forward,
)

# %% [markdown]
# ## A hair to one side
#
# Here is lesson 01's machine again: $x = 1.5$, target 0.2, one dial. Its slope at $w = 2$ is known to all
# digits, from the chain rule. In lesson 01 you also *felt* it, with a hair of $h$: the loss a hair further
# on, minus the loss here, over $h$. How good was that?


# %%
def loss_at(w):
    """Loss of lesson 01's machine at the dial w."""
    return squared_error(sigmoid(1.5 * w), 0.2)


true_slope, _ = neuron_gradient(1.5, 2.0, 0.0, 0.2)
print(f"by the chain rule: {true_slope:.8f}")
for h in (0.1, 0.01, 0.001):
    felt = (loss_at(2.0 + h) - loss_at(2.0)) / h
    print(f"felt with h = {h}: {felt:.8f}   error {abs(felt - true_slope):.1e}")

# %% [markdown]
# A hair ten times finer makes the error ten times smaller. That is slow. To trust six digits one would need a
# very fine hair, and we shall see that this has a price.
#
# The step went to the right. **Predict** what happens if it goes to both sides.

# %%
quiz("03-two-sides")

# %%
viz.chords()

# %% [markdown]
# Two places, one on either side of $x$, and the slope of the line through them. This is called the **central
# difference**. With $h$ for the step to *one* side, the two places are $2h$ apart:
#
# $$\frac{f(x + h) - f(x - h)}{2h}$$
#
# `f` is a function that you are given: number in, number out. Functions can be handed over like numbers, and
# then called, as in `f(x + h)`.


# %% exercise="central_difference"
def central_difference(f, x, h):
    """Slope of f at x, measured from x - h to x + h.

    f: function, number in, number out        x, h: numbers
    """
    # BEGIN SOLUTION
    slope = (f(x + h) - f(x - h)) / (2 * h)
    # END SOLUTION
    return slope


# %%
check(central_difference)

# %% [markdown] tags=["solution"]
# **Why this way.** A rise over a run: the rise is right minus left, and the run is $2h$, in brackets, since
# `/ 2 * h` would divide by 2 and then multiply by $h$. Another way: the mean of the two slopes to one side
# each, `((f(x + h) - f(x)) / h + (f(x) - f(x - h)) / h) / 2`. It is the same number.

# %%
central = use(central_difference)
for h in (0.1, 0.01, 0.001):
    felt = central(loss_at, 2.0, h)
    print(f"felt with h = {h}: {felt:.8f}   error {abs(felt - true_slope):.1e}")

# %% [markdown]
# Now a hair ten times finer makes the error a *hundred* times smaller. Why? Near $x$, a function is a
# constant, plus a slope, plus a bend, plus less and less:
#
# $$f(x \pm h) = f(x) \pm h f'(x) + \tfrac12 h^2 f''(x) \pm \tfrac16 h^3 f'''(x) + \dots$$
#
# Subtract the two. The bend has the same sign on both sides, and is gone. What is left of the error begins
# with $\tfrac16 h^2 f'''$: the square of $h$.

# %% [markdown]
# ## How fine a hair?
#
# If finer is better, take the finest.

# %%
quiz("03-how-small")

# %% tags=["nbval-ignore-output"]
for h in (1e-5, 1e-8, 1e-10, 1e-13, 1e-15):
    felt = central(loss_at, 2.0, h)
    print(f"felt with h = {h:.0e}: {felt:.8f}   relative error {abs(felt - true_slope) / true_slope:.0e}")

# %% [markdown]
# So there is a best hair. Drag the mark from right to left, and **guess** at each power of ten whether the
# next one is better: first to both sides, then to one.

# %%
viz.step_valley()

# %% [markdown]
# From right to left the curve falls, as the formula says: $h$ for one side, $h^2$ for both. Then something
# else rises. A float keeps about 16 digits, so each value of $f$ is wrong by about $10^{-16} |f|$, and the
# division by $2h$ blows that up. Between the two lies the floor of the valley. For two sides and ordinary
# numbers it is near **h = 1e-5**, and there the slope is good to nine or ten digits.

# %% [markdown]
# ## Many dials
#
# A gradient has a slope for each entry of an array. Feel them one by one: move *one* entry to either side
# while all others stand still, and write the slope in its place. When you are done, `x` must be what it was.
#
# The array may have any shape. `np.ndindex(x.shape)` goes through all places, whatever the number of axes,
# and `x[i]` takes such a place as it is:

# %%
for i in np.ndindex((2, 3)):
    print(i, end=" ")

# %%
quiz("03-integers")


# %% exercise="numerical_gradient"
def numerical_gradient(f, x, h):
    """Gradient of f at x, measured entry by entry. x stays as it is.

    f: function, takes an array shaped like x and gives a number
    x: array of floats of any shape        h: step to either side
    gives back an array shaped like x
    """
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        # BEGIN SOLUTION
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = (f(up) - f(down)) / (2 * h)
        # END SOLUTION
    return gradient


# %%
check(numerical_gradient)

# %% [markdown] tags=["solution"]
# **Why this way.** Two fresh copies in each round, so nothing of an earlier round is left in them. Another
# way saves the copies: keep `old = x[i]`, set `x[i] = old + h`, then `x[i] = old - h`, and put `old` back.
# (`x[i] += h` and later `x[i] -= h` need not end exactly where they began: sums are rounded.)

# %% [markdown]
# Try it on lesson 02's two weights in a row. The array is `[w1, w2]`, and the true gradient is lesson 02's:

# %%
feel = use(numerical_gradient)


def two_weight_loss(w):
    """Loss of lesson 02's network for an array of its two weights."""
    _, y_hat = two_weight_forward(0.5, w[0], w[1])
    return squared_error(y_hat, 1.0)


felt = feel(two_weight_loss, np.array([0.4, 0.6]), 1e-5)
print(f"felt:       {felt[0]:.9f} {felt[1]:.9f}")
dw1, dw2 = two_weight_backward(0.5, 0.4, 0.6, 1.0)
print(f"chain rule: {dw1:.9f} {dw2:.9f}")

# %% [markdown]
# To feel takes two runs of the whole network for each weight. For a million weights that is two million runs
# for a single step. The chain rule needs one run there and one back. So nobody trains like this. But nobody
# should trust a backward pass that has not been compared with it once.

# %% [markdown]
# ## How alike is alike?
#
# Measured and computed gradients never agree in all digits. Somebody has to say what is near enough.
# **Predict**: a gradient with two entries, felt and written. Which entry is wrong?

# %%
felt, written = np.array([0.00001234, 2_000_000.0]), np.array([0.00002468, 2_000_000.5])
print("differences:", np.abs(felt - written))

# %% [markdown]
# The first entry is twice as large as it should be, with a difference that looks like nothing. The second has
# a difference of half a unit, and is right to six digits. A difference means nothing without the size of what
# is compared. So divide by it: by the *larger* of the two sizes, so that it does not matter which gradient is
# called the right one.
#
# $$\text{error} = \max_i \frac{|a_i - b_i|}{\max(|a_i|, |b_i|, 10^{-8})}$$
#
# And what is the $10^{-8}$ for? Look at a dial that does nothing.


# %%
def deaf(x):
    """Always 1, but computed from x."""
    return (1 + x) ** 2 - 2 * x - x**2


slope = central(deaf, 0.3, 1e-5)
print(f"felt: {slope:.0e}   true: 0")
print(f"without a floor, the relative error is {abs(slope - 0.0) / max(abs(slope), 0.0):.0f}")

# %% [markdown]
# True is 0, felt is a trace of rounding, and the error is 1: "all wrong". With nothing felt at all it would
# even be 0/0. The **floor** of $10^{-8}$ says: below this, everything is zero.
#
# One more thing can go wrong silently. A row of shape (3,) and a column of shape (3, 1) can be subtracted;
# NumPy makes a (3, 3) table of them. A gradient of another shape is no gradient of this array, so refuse it:
# `raise ValueError("a word to the reader")`.


# %% exercise="relative_error"
def relative_error(a, b):
    """Largest difference of two gradients, each entry relative to the larger of its two sizes, 1e-8 at least.

    a, b: arrays or numbers; if their shapes differ, a ValueError is raised
    gives back one number
    """
    if np.shape(a) != np.shape(b):
        # BEGIN SOLUTION
        raise ValueError(f"shapes {np.shape(a)} and {np.shape(b)} differ")
        # END SOLUTION
    # BEGIN SOLUTION
    size = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8)
    error = np.max(np.abs(a - b) / size)
    # END SOLUTION
    return error


# %%
check(relative_error)

# %% [markdown] tags=["solution"]
# **Why this way.** `np.maximum` compares two arrays entry by entry; `np.max` takes the largest of one array.
# It is the largest error that counts: one wrong entry among a thousand is one wrong weight. Another way:
# `np.maximum.reduce([np.abs(a), np.abs(b), np.full(np.shape(a), 1e-8)])` for the size.

# %%
error_of = use(relative_error)
print("the pair from above:", error_of(felt, written))
felt = feel(two_weight_loss, np.array([0.4, 0.6]), 1e-5)
print("lesson 02's gradient, below 1e-8:", error_of(felt, np.array([dw1, dw2])) < 1e-8)

# %% [markdown]
# How to read such a number, for `h = 1e-5` and floats of the usual kind:
#
# | relative error | what it means |
# |---|---|
# | below 1e-6 | right; the rest is rounding |
# | 1e-6 to 1e-4 | look again: a strong curve, a corner, or entries near the floor |
# | above 1e-4 | wrong, or there is a corner |
#
# A missing factor gives 0.1 or more. There is hardly ever a doubt.

# %% [markdown]
# ## Many numbers come out
#
# From the next lesson on, a box takes an array and gives an array: no loss, only outputs. What is the
# gradient of *that*? Remember lesson 02: a box gets a number from above for each of its outputs, called
# `dout`, which says how the loss reacts to it. So invent a loss that reacts in exactly this way:
#
# $$L = \sum_k \text{dout}_k \cdot \text{out}_k$$
#
# Its slope with respect to output $k$ is $\text{dout}_k$, whatever the box does. And it is one number, so
# your tool can feel it.


# %% exercise="upstream_gradient"
def upstream_gradient(forward, dout, x, h):
    """Gradient of the loss for x, felt through a box with many outputs, when dout arrives at them.

    forward: function, takes an array shaped like x and gives an array shaped like dout
    gives back an array shaped like x
    """

    # BEGIN SOLUTION
    def loss(moved):
        return np.sum(dout * forward(moved))

    gradient = numerical_gradient(loss, x, h)
    # END SOLUTION
    return gradient


# %%
check(upstream_gradient)

# %% [markdown] tags=["solution"]
# **Why this way.** A function written inside another one sees `dout` and `forward` around it, so only the
# moved array has to be handed over. Another way: `lambda moved: np.sum(dout * forward(moved))`, a function
# without a name, in the place where it is needed.

# %% [markdown]
# Which `dout` should one take for a test? The loss is made up anyway, so why not a 1 everywhere?

# %%
quiz("03-ones-arrive")


# %%
def shares(x):
    """What part of the whole each entry is."""
    return x / np.sum(x)


through = use(upstream_gradient)
x = np.array([2.0, 3.0, 5.0])
print("ones arrive:     ", through(shares, np.ones(3), x, 1e-5).round(6))
print("something random:", through(shares, np.array([0.5, -1.0, 2.0]), x, 1e-5).round(6))

# %% [markdown]
# With ones even "all zeros" would pass for a gradient. Ones hide other mistakes too: whoever forgets to
# multiply by `dout` gets away with it. So let random numbers arrive, of both signs.

# %% [markdown]
# ## Where feeling fails
#
# Two things no hair can feel. The first is a corner, such as that of the absolute value, or of lesson 02's
# `max` where both are alike.

# %%
quiz("03-at-the-corner")

# %%
for place in (0.0, 1e-6, 2e-5):
    print(f"|x| at {place:.0e}: felt {central(np.abs, place, 1e-5):.2f}")

# %% [markdown]
# At 0 the result is neither of the two slopes. At 1e-6 it is still a mixture, since the step of 1e-5 reaches
# across the corner. Further away than $h$ all is well. So if a check fails in one single entry, ask whether a
# corner is near, and test somewhere else.
#
# The second is chance. If `f` rolls dice at each call, as some boxes of later lessons do, the two calls are
# two different functions, and what you feel is the dice:

# %%
dice = np.random.default_rng(0)
print(f"felt: {central(lambda x: x**2 + 0.001 * dice.normal(), 3.0, 1e-5):.1f}   true: 6")

# %% [markdown]
# Roll them once, before you measure, and keep the result.

# %% [markdown]
# ## Now check everything
#
# Here are the gradients of the first two lessons, at numbers drawn by chance. And one more: the bug of lesson
# 01, which forgot the slope of the sigmoid.

# %%
rng = np.random.default_rng(7)
x, w, b, y = rng.normal(size=4)
u, v, dout = rng.normal(size=(3, 5))


def neuron_loss(p):
    """Loss of a neuron for an array of its weight and bias."""
    return squared_error(sigmoid(p[0] * x + p[1]), y)


def shared_loss(p):
    """Loss of lesson 02's dial in two places."""
    return squared_error(sigmoid(p[0] * sigmoid(p[0] * x)), y)


# %%
felt_neuron = feel(neuron_loss, np.array([w, b]), 1e-5)
without_slope = (sigmoid(w * x + b) - y) * np.array([x, 1.0])
pairs = {
    "neuron_gradient": (felt_neuron, np.array(neuron_gradient(x, w, b, y))),
    "shared_weight_gradient": (feel(shared_loss, np.array([w]), 1e-5)[0], shared_weight_gradient(x, w, y)),
    "quotient_backward": (through(lambda u: u / v, dout, u, 1e-5), quotient_backward(dout, u, v)[0]),
    "max_backward": (through(lambda u: np.maximum(u, v), dout, u, 1e-5), max_backward(dout, u, v)[0]),
    "lesson 01's bug": (felt_neuron, without_slope),
}
for name, (felt, written) in pairs.items():
    error = error_of(felt, written)
    print(f"{name:24} {'right' if error < 1e-6 else f'wrong: relative error {error:.2f}'}")

# %% [markdown]
# Four are right, and the bug stands out, without anybody having told the tool what a sigmoid is. That is its
# strength: it shares no formula with what it tests, so it cannot share a mistake with it either.

# %% [markdown]
# ## Find the bug
#
# Somebody put all this into one function. It runs, and often its verdict is right. Three gradients, and what
# it says about them:


# %% exercise="gradient_matches"
def gradient_matches(f, df, x):
    """True if df gives the gradient of f at x: h = 1e-5, relative error below 1e-4.

    f: function, array in, number out        df: function, array in, array out
    """
    measured = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        # BEGIN SOLUTION
        up, down = x.copy(), x.copy()
        up[i] += 1e-5
        down[i] -= 1e-5
        measured[i] = (f(up) - f(down)) / 2e-5
        # END SOLUTION
        # BEGIN BUG
        # moved = x.copy()
        # moved[i] += 1e-5
        # measured[i] = (f(moved) - f(x)) / 1e-5
        # END BUG
    # BEGIN SOLUTION
    return relative_error(measured, df(x)) < 1e-4
    # END SOLUTION
    # BEGIN BUG
    # return np.max(np.abs(measured - df(x))) < 1e-4
    # END BUG


# %%
x = np.array([0.02, -0.01, 0.03])


def cube(x):
    return np.sum(x**3 + x)


def slope(x):
    return 3 * x**2 + 1


# %% role="use"
print("right, large:  ", gradient_matches(lambda x: 1e6 * cube(x), lambda x: 1e6 * slope(x), x))
print("right, curved: ", gradient_matches(lambda x: np.sum(np.exp(80 * x)), lambda x: 80 * np.exp(80 * x), x))
print("wrong, twice:  ", gradient_matches(lambda x: 1e-5 * cube(x), lambda x: 2e-5 * slope(x), x))

# %% [markdown]
# It should say True, True, False. There are two slips, one in the measuring and one in the comparing. You may
# call what you have written in this lesson.

# %%
check(gradient_matches)

# %% [markdown] tags=["solution"]
# **What was wrong.** It stepped to one side only, which is off by about $\tfrac12 h f''$: too much where the
# ground is strongly curved. And it compared the plain difference with 1e-4, whatever the size: large
# gradients can never be right by that measure, and tiny ones never wrong. Another way: `return
# relative_error(numerical_gradient(f, x, 1e-5), df(x)) < 1e-4`.

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import torch
#
# w = torch.tensor([0.4, 0.6], dtype=torch.float64, requires_grad=True)
#
#
# def two_weight_loss(w):
#     return 0.5 * (torch.sigmoid(w[1] * torch.sigmoid(w[0] * 0.5)) - 1.0) ** 2
#
#
# two_weight_loss(w).backward()
# print(f"{w.grad[0]:.9f} {w.grad[1]:.9f}")  # -0.007557073 -0.055957673
# print(torch.autograd.gradcheck(two_weight_loss, w))  # True
# ```
#
# `gradcheck` is your tool: it nudges every entry to both sides and compares. It wants `float64`. With the
# usual `float32`, which keeps about 7 digits, the valley has its floor far higher up.

# %% [markdown]
# ## Three sentences to keep
#
# 1. A gradient can be felt: move each entry to both sides, with h = 1e-5, and divide by 2h.
# 2. Whether two gradients agree is a question of their relative error, with a floor for what is zero: right
#    ones are below 1e-6, a bug is far above.
# 3. Test with random numbers, arriving ones included, away from corners, with the dice held still.
#
# Next: a thousand neurons at once. Now you can know whether their gradients are right.

# %% tags=["nbval-ignore-output"]
progress()
