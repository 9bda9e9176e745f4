# %% [markdown]
# # 01 · One weight, one sigmoid
#
# *About 45 minutes. You need: lesson 00, what a slope is, and the derivatives of $u^2$, $1/u$ and $e^u$.*
#
# **Which way should I turn this one dial?** A network has millions of dials, and it turns all of them at
# once, in the right direction, without seeing where it is going. Here is the same thing with one dial.
# Everything that follows in this course is this lesson, said for more dials at a time.

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz

# %% [markdown]
# ## One dial
#
# A machine takes a number $x$, multiplies it by the setting $w$ of its dial, and squashes the product between
# 0 and 1. That is its answer:
#
# $$\hat y = \sigma(w\,x)$$
#
# We feed it $x = 1.5$, and we would like to hear $y = 0.2$. The dial stands at $w = 2$.

# %%
viz.dial_curve()

# %% [markdown]
# You can see what to do: turn left until the curve meets the line. But with a million dials nobody sees a
# curve. All that is left is to *feel*: turn the dial by a hair, and notice what the answer does.
#
# **Predict** before you go on. A wrong guess costs nothing and makes the answer stick.

# %%
quiz("01-a-hair")

# %% [markdown]
# ## The squashing function
#
# It is called the **sigmoid**:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# Try three numbers in your head. For $z = 0$ it gives one half. For a large $z$ the exponential dies away,
# and it gives nearly 1. For a very negative $z$ the exponential explodes, and one divided by something huge
# is nearly 0.
#
# Write it. `np.exp` takes numbers and whole arrays alike, so nothing special is needed for arrays. It should
# hold far out too, at $z = \pm 1000$. If Python warns there of an *overflow*, it means that $e^{1000}$ is too
# large to be written down; that is no harm as long as the answer comes out right.


# %% exercise="sigmoid"
def sigmoid(z):
    """Squash z between 0 and 1.

    z: a number or an array of any shape
    """
    # BEGIN SOLUTION
    e = np.exp(-np.abs(z))  # never the exponential of something positive
    return np.where(z >= 0, 1.0, e) / (1.0 + e)
    # END SOLUTION


# %%
check(sigmoid)

# %% [markdown] tags=["solution"]
# **Why this way.** The plain `1 / (1 + np.exp(-z))` is right, and it passes. For $z = -1000$ it computes
# $e^{1000}$ on the way, which overflows to infinity with a warning, and $1/\infty$ is 0 after all. The
# version above multiplies numerator and denominator by $e^{z}$ when $z$ is negative. So the exponent is
# $-|z|$ on both sides, and nothing overflows. Another way: `0.5 * (1 + np.tanh(z / 2))`.

# %% [markdown]
# Now measure what you predicted. `use` takes your function if it passes its check, and the course's own until
# then, so that you can always read on.

# %%
s = use(sigmoid)
at_200, at_199 = s(2.00 * 1.5), s(1.99 * 1.5)
print(f"w = 2.00 answers {at_200:.4f}")
print(f"w = 1.99 answers {at_199:.4f}")
print(f"The dial moved by 0.01, the answer by {at_200 - at_199:.4f}.")

# %% [markdown]
# The answer moved by 0.0007. At this setting the machine is nearly deaf: the sigmoid is almost flat here, and
# turning the dial does next to nothing. Keep that word in mind. In lesson 10 this deafness stops a whole
# network from learning.

# %% [markdown]
# ## How wrong is it?
#
# To improve, the machine needs one number that says how wrong the answer is, and that is smallest when the
# answer is right. We take half the squared distance, and call it the **loss**:
#
# $$L = \tfrac12\,(\hat y - y)^2$$
#
# The square makes it positive on both sides of the target. The $\tfrac12$ is there for later: when we take
# the slope, a 2 will come down from the square, and the two cancel.


# %% exercise="squared_error"
def squared_error(y_hat, y):
    """Half the squared distance between the answer y_hat and the target y.

    y_hat, y: numbers
    """
    # BEGIN SOLUTION
    return 0.5 * (y_hat - y) ** 2
    # END SOLUTION


# %%
check(squared_error)

# %% [markdown] tags=["solution"]
# **Why this way.** First the difference, then the square, then the half. The brackets matter: `y_hat - y **
# 2` would square the target alone. Another way: `(y_hat - y) * (y_hat - y) / 2`.

# %%
L = use(squared_error)
for w in (2.0, 1.0, 0.0, -0.924, -2.0):
    y_hat = s(w * 1.5)
    print(f"w = {w:6.3f}   answer {y_hat:.3f}   loss {L(y_hat, 0.2):.4f}")

# %% [markdown]
# The loss falls, reaches 0 near $w = -0.924$, and rises again. Here is the whole curve, with a ruler laid on
# it at our dial. The steepness of that ruler is all that the machine needs to know. It is the **slope** of
# the loss, and we write it `dw`: for a small nudge of $w$, the loss moves `dw` times as far. (For a whole
# unit that need not hold: the curve bends, the ruler does not.)

# %%
viz.loss_tangent()

# %% [markdown]
# ## Three boxes
#
# How can one find the slope without drawing the curve? Look at what a nudge of the dial goes through:
#
# $$w \;\to\; z = w\,x \;\to\; \hat y = \sigma(z) \;\to\; L = \tfrac12(\hat y - y)^2$$
#
# Three boxes. Each one passes the nudge on, stretched or shrunk by some factor. Follow a nudge of 0.01
# through them. **Predict** first: which of the three boxes shrinks it most?

# %%
x, y, w, nudge = 1.5, 0.2, 2.0, 0.01
z_before, z_after = (w - nudge) * x, w * x
y_before, y_after = s(z_before), s(z_after)
L_before, L_after = L(y_before, y), L(y_after, y)
print(f"w     moved by {nudge:.5f}")
print(f"z     moved by {z_after - z_before:.5f}   factor {(z_after - z_before) / nudge:.3f}")
print(f"y_hat moved by {y_after - y_before:.5f}   factor {(y_after - y_before) / (z_after - z_before):.3f}")
print(f"L     moved by {L_after - L_before:.5f}   factor {(L_after - L_before) / (y_after - y_before):.3f}")
print(f"all together: factor {(L_after - L_before) / nudge:.3f}")

# %% [markdown]
# The three factors multiply: a nudge that is stretched by 1.5, then shrunk to 0.045 of its size, then to
# 0.752 of that, is changed by their product, 0.051. This is the **chain rule**, and it is the heart of
# backpropagation:
#
# $$\frac{dL}{dw} \;=\; \frac{dL}{d\hat y}\cdot\frac{d\hat y}{dz}\cdot\frac{dz}{dw}$$
#
# Two of the factors are easy. In $z = w\,x$ a nudge of $w$ is stretched by $x$. And the slope of
# $\tfrac12(\hat y - y)^2$ is $\hat y - y$: answer minus target, sign and all. The one in the middle is worth
# a closer look.

# %% [markdown]
# ## The slope of the sigmoid
#
# **Predict**: where on the curve is it largest, and where is it nearly zero?

# %%
viz.sigmoid_slopes()

# %% [markdown]
# There is a short formula for it, and it uses the sigmoid's own value. Write $a = \sigma(z)$. Then
#
# $$\sigma'(z) = a\,(1 - a)$$
#
# Check it against the picture: at $z = 0$ we have $a = \tfrac12$, so the slope is a quarter. At both ends
# either $a$ or $1 - a$ is nearly zero, and so is the slope.

# %% [markdown]
# Where does the formula come from? Write $\sigma = 1/u$ with $u = 1 + e^{-z}$ and go link by link:
#
# 1. the slope of $1/u$ is $-1/u^2$,
# 2. the slope of $u$ is $-e^{-z}$,
# 3. their product is $e^{-z}/u^2$, which is $\frac1u\cdot\frac{e^{-z}}{u}$. The first factor is $a$. In the
#    second $e^{-z}$ is $u - 1$, so it is $1 - \frac1u$, which is $1 - a$.
#
# The short form has an advantage: it stays a number at $z = -1000$, where $e^{-z}/u^2$ becomes infinity
# divided by infinity. Yours should hold there as well.


# %% exercise="sigmoid_slope"
def sigmoid_slope(z):
    """Slope of the sigmoid at z.

    z: a number or an array of any shape (what goes into the sigmoid, not what comes out)
    """
    # BEGIN SOLUTION
    a = sigmoid(z)
    return a * (1 - a)
    # END SOLUTION


# %%
check(sigmoid_slope)

# %% [markdown] tags=["solution"]
# **Why this way.** It needs one exponential, inside `sigmoid`, and stays finite however large $z$ is. Written
# out, `np.exp(-z) / (1 + np.exp(-z)) ** 2` is the same in the middle, and becomes infinity divided by
# infinity for very negative $z$. Another way: `sigmoid(z) * sigmoid(-z)`.

# %%
slope = use(sigmoid_slope)
print(f"slope at z = 0: {slope(0.0):.3f}")
print(f"slope at z = 3: {slope(3.0):.3f}   (our dial: z = 2 times 1.5)")

# %% [markdown]
# 0.045 is the factor that you measured with the nudge. That is why the machine is deaf here.
#
# Now all three factors without any nudging, from the loss back to the dial. We write `dz` for "how the loss
# reacts when $z$ moves", and so for the others.

# %%
dy_hat = s(3.0) - 0.2  # the loss: answer minus target
dz = dy_hat * slope(3.0)  # back through the sigmoid
dw = dz * 1.5  # back through the product, to the dial
print(f"dy_hat = {dy_hat:.3f}   dz = {dz:.3f}   dw = {dw:.3f}")

# %% [markdown]
# The nudge gave 0.752 for the first one and this gives 0.753: a nudge of 0.01 is small, and the slope is what
# comes out as it gets smaller and smaller.

# %% [markdown]
# ## The gradient of a neuron
#
# Most machines have a second dial, $b$, which shifts the sum before it is squashed. It is called the
# **bias**:
#
# $$z = w\,x + b \qquad \hat y = \sigma(z) \qquad L = \tfrac12(\hat y - y)^2$$
#
# This is a **neuron**. It has two dials, so there are two slopes, `dw` and `db`. Together they are called the
# **gradient**. Two factors of the chain are the same for both. Only the last one differs: how does $z$ react
# when $w$ moves, and how when $b$ moves? Walk back as above.


# %% exercise="neuron_gradient"
def neuron_gradient(x, w, b, y):
    """Slopes of the loss for both dials.

    x, w, b, y: numbers
    """
    # BEGIN SOLUTION
    z = w * x + b
    dy_hat = sigmoid(z) - y
    dz = dy_hat * sigmoid_slope(z)
    dw = dz * x
    db = dz
    # END SOLUTION
    return dw, db


# %%
check(neuron_gradient)

# %% [markdown] tags=["solution"]
# **Why this way.** One line for each box, walked from the loss to the dials. `dz` is shared: it is what
# arrives at $z$, before the ways part. For $w$ it is stretched by $x$, for $b$ by 1. Another way is one line,
# `d = (sigmoid(z) - y) * sigmoid_slope(z)` and then `return d * x, d`. Longer is better here: each name can
# be printed.

# %% [markdown]
# Is it the slope? Ask the dial itself: nudge it a little to both sides and see how the loss differs. Lesson
# 03 makes a tool of this.

# %%
gradient = use(neuron_gradient)
dw, db = gradient(x=1.5, w=2.0, b=0.0, y=0.2)
hair = 1e-5
felt = (L(s((2.0 + hair) * 1.5), 0.2) - L(s((2.0 - hair) * 1.5), 0.2)) / (2 * hair)
print(f"dw by the chain rule: {dw:.6f}")
print(f"dw felt by nudging:   {felt:.6f}")

# %% [markdown]
# Alike in every digit. One more prediction, and then we turn the dial.

# %%
quiz("01-flat-and-wrong")

# %% [markdown]
# ## One step downhill
#
# `dw` is positive at our dial: turning it up makes the loss larger. So turn it down. And by how much? In
# proportion to the slope: long steps where it is steep, short ones where it is flat. The proportion is yours
# to choose. It is called the **learning rate**, `lr`:
#
# $$w \leftarrow w - \mathrm{lr}\cdot \frac{dL}{dw}$$
#
# Write it for a number or an array. Give back a new value and leave the old one as it is: `w -= ...` would
# change the caller's array under their feet.


# %% exercise="descent_step"
def descent_step(w, dw, lr):
    """One step against the gradient, as a new value.

    w, dw: numbers, or arrays of one shape
    lr: the learning rate, a number
    """
    # BEGIN SOLUTION
    return w - lr * dw
    # END SOLUTION


# %%
check(descent_step)

# %% [markdown] tags=["solution"]
# **Why this way.** The gradient points uphill, hence the minus. `w - lr * dw` makes a new array; `w -= lr *
# dw` would write into the one that was handed in. Another way: `w + lr * (-dw)`.

# %%
w, move = 2.0, use(descent_step)
for step in range(5):
    dw, _ = gradient(1.5, w, 0.0, 0.2)
    print(f"after {step} steps: w = {w:6.3f}   loss {L(s(w * 1.5), 0.2):.4f}   slope {dw:.4f}")
    w = move(w, dw, lr=4.0)

# %% [markdown]
# The slope tells how long the next step is: short at first, then longer and longer as the curve gets steeper.
#
# Now push on it. Drag the dot, the target or the learning rate, and take steps. Three things to try, each
# with a guess before it:
#
# 1. From $w = 2$ with a small learning rate: how many steps to the bottom?
# 2. Find a learning rate that arrives in fewer than ten steps.
# 3. Find one that overshoots so far that it lands where the curve is flat. Can it come back?

# %%
viz.loss_explorer()

# %%
quiz("01-three-rates")

# %% [markdown]
# ## Let it run
#
# Step after step: this is **gradient descent**. In each step both gradients are taken first, and then both
# dials move. The two slopes belong to one and the same position; if $w$ moved before `db` was taken, `db`
# would be the slope at a place where nobody stands.
#
# Keep the losses too: one at the start, and one after each step, so there are `steps + 1` of them.


# %% exercise="train_neuron"
def train_neuron(x, y, w, b, lr, steps):
    """Gradient descent on one example.

    x, y: the example, numbers        w, b: where the dials start
    lr: learning rate                 steps: how many, an integer
    losses: steps + 1 numbers, losses[k] after k steps
    """
    losses = [squared_error(sigmoid(w * x + b), y)]
    # BEGIN SOLUTION
    for _ in range(steps):
        dw, db = neuron_gradient(x, w, b, y)
        w = descent_step(w, dw, lr)
        b = descent_step(b, db, lr)
        losses.append(squared_error(sigmoid(w * x + b), y))
    # END SOLUTION
    return w, b, np.array(losses)


# %%
check(train_neuron)

# %% [markdown] tags=["solution"]
# **Why this way.** `dw, db = ...` takes both slopes before anything moves. The loss is computed anew at the
# end of each round, with the dials as they are then. Another way: put `w, b` in one array and take one step
# for both.

# %%
train = use(train_neuron)
w, b, losses = train(x=1.5, y=0.2, w=2.0, b=0.0, lr=2.0, steps=40)
print(f"w = {w:.3f}, b = {b:.3f}, z = {w * 1.5 + b:.3f}, answer {s(w * 1.5 + b):.3f}, loss {losses[-1]:.5f}")
viz.losses({"lr = 2": losses})

# %% [markdown]
# The answer is right, and yet $w$ is nowhere near $-0.924$. Two dials share the work: every pair with $1.5\,w
# + b = -1.386$ gives the answer 0.2, a whole line of bottoms. Which one is reached depends on where you
# start.

# %% [markdown]
# Look at the shape. It hardly falls at first, then quickly, then slowly again. The slow end is what you
# expect: near the bottom the slope is small. But why the slow *start*, where the answer is worst?
#
# You know already. At $w = 2$ the sigmoid is nearly flat, and the middle factor of the chain lets next to
# nothing through. Very wrong and very sure learns slowest.

# %% [markdown]
# And the learning rate? Back to one dial, with three rates:

# %%
viz.learning_rates()

# %% [markdown]
# Too small: safe, and it takes forever. Too large: it jumps over the valley and lands where the curve is
# flat. Can it come back? Yes, but only by creeping, for there the slope is nearly zero. From far enough out
# it practically never would. There is no formula for the right rate. Lesson 09 has methods that depend less
# on it.

# %% [markdown]
# ## Find the bug
#
# Somebody else wrote this one and trained with it, and the loss did fall. But the slopes that it gives are
# not the slopes of *this* loss. The table below it says where.


# %% exercise="neuron_gradient_repaired"
def neuron_gradient_repaired(x, w, b, y):
    """Slopes of the loss for both dials.

    x, w, b, y: numbers
    """
    z = w * x + b
    a = 1 / (1 + np.exp(-z))
    # BEGIN SOLUTION
    dz = (a - y) * a * (1 - a)
    # END SOLUTION
    # BEGIN BUG
    # dz = a - y
    # END BUG
    return dz * x, dz


# %% role="use"
def felt_slope(w, hair=1e-5):
    """Slope of the loss at the dial w, by nudging: x = 1.5, b = 0, y = 0.2."""
    return (L(s((w + hair) * 1.5), 0.2) - L(s((w - hair) * 1.5), 0.2)) / (2 * hair)


print("    w     dw as written    dw felt by nudging")
for w in (-4.0, -0.5, 0.5, 2.0, 4.0):
    written, _ = neuron_gradient_repaired(1.5, w, 0.0, 0.2)
    print(f"{w:5.1f} {written:17.4f} {felt_slope(w):21.4f}")

# %% [markdown]
# As handed out, the two columns disagree. In which rows by the largest *factor*, and what is special about
# the sigmoid there? Repair the function, run the table again, and then the check.

# %%
check(neuron_gradient_repaired)

# %% [markdown] tags=["solution"]
# **What was wrong.** The factor in the middle of the chain, the slope of the sigmoid, was left out. So the
# steps are longest where the answer is most wrong, which looks like a good idea, but it is the gradient of
# another loss. Lesson 06 says which one, and why it is often the better one for a sigmoid.

# %% [markdown]
# Once it passes, the next cell draws the steps of both versions on the loss curve.

# %%
if use(neuron_gradient_repaired) is neuron_gradient_repaired:
    viz.two_losses_slopes()

# %% [markdown]
# ## The same in PyTorch
#
# PyTorch takes the slopes for you. Run this where it is installed; the course does not need it.
#
# ```python
# import torch
#
# w = torch.tensor(2.0, requires_grad=True)
# b = torch.tensor(0.0, requires_grad=True)
# loss = 0.5 * (torch.sigmoid(w * 1.5 + b) - 0.2) ** 2
# loss.backward()
# print(f"{w.grad:.6f} {b.grad:.6f}")  # 0.050998 0.033999
# ```
#
# The first number is your `dw`. `backward()` walked through your three boxes.

# %% [markdown]
# ## Three sentences to keep
#
# 1. The gradient says how many times as far the loss moves as a nudged dial; a step goes against it.
# 2. Along a path the slopes of the boxes multiply: that is the chain rule, the heart of backpropagation.
# 3. Where one factor is nearly zero hardly anything gets through, however wrong the answer is.
#
# Next: what if there are two dials, one behind the other? Then blame has to travel.

# %% tags=["nbval-ignore-output"]
progress()
