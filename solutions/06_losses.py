# %% [markdown]
# # 06 · Losses
#
# *About 45 minutes. You need: lesson 01 and lessons 03 to 05.*
#
# **What exactly are we making small?** Descent makes the loss small, and nothing else. It has no idea what
# you meant. If the loss asks the wrong question, the network will answer the wrong question perfectly.
#
# There is also a promise to keep. In lesson 01 somebody's bug turned out to be the gradient of *another*
# loss. Here you find out which.

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.data import digits
from bplearn.nn import (  # lessons 01 to 05
    central_difference,
    linear_backward,
    linear_forward,
    numerical_gradient,
    relative_error,
    sigmoid,
    sigmoid_slope,
    softmax,
    softmax_backward,
)

# %% [markdown]
# ## One decimal point
#
# Eight measurements that lie near a straight line. Somebody typed them in, and lost one decimal point: in the
# seventh, 2.6 became 26.

# %%
x = np.arange(8.0)[:, None] / 2  # (8, 1): eight examples, one input
y = np.array([1.2, 1.5, 1.1, 1.7, 2.2, 2.5, 2.6, 3.0])[:, None]
y_typed = y.copy()
y_typed[6] = 26.0
print("measured:", y.T)
print("typed:   ", y_typed.T)

# %% [markdown]
# We let a line learn from the table: one neuron without a sigmoid, which is a layer with one input and one
# output. **Predict** first what the slip does to it.

# %%
quiz("06-one-decimal-point")

# %% [markdown]
# ## The mean squared error
#
# To fit a line we need a loss. The most common one for numbers that can be anything is the **mean squared
# error**, MSE: the average of the squares over *all* entries, whatever the shape.
#
# $$L = \frac{1}{\text{number of entries}} \sum (\hat y - y)^2$$
#
# Unlike lesson 01's loss it has no $\tfrac12$. You will meet both, and a third one that divides by the number
# of rows alone. They differ by a factor, and so do their gradients.
#
# From here on each loss function gives back two things: its value, one number, and its gradient with respect
# to the *prediction*, shaped like the prediction. The target is given. Nobody nudges it.


# %% exercise="mse_loss"
def mse_loss(y_hat, y):
    """Mean of the squares over all entries, without a 1/2, and its gradient.

    y_hat, y: arrays of one shape, with any number of axes
    loss: a number        dy_hat: shaped like y_hat
    """
    # BEGIN SOLUTION
    difference = y_hat - y
    loss = np.mean(difference**2)
    dy_hat = 2 * difference / y_hat.size
    # END SOLUTION
    return loss, dy_hat


# %%
check(mse_loss)

# %% [markdown] tags=["solution"]
# **Why this way.** Each prediction stands in exactly one of the squares, so its slope is that of one square,
# $2\,(\hat y - y)$, over the number of squares. `size` counts all entries, whatever the shape. Another way:
# `np.sum(difference * difference) / difference.size`.

# %% [markdown]
# Is it the gradient? Lesson 03's tool nudges every entry and compares.

# %%
mse = use(mse_loss)
rng = np.random.default_rng(0)
y_hat, target = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
_, dy_hat = mse(y_hat, target)
felt = numerical_gradient(lambda a: mse(a, target)[0], y_hat, 1e-5)
print("relative error below 1e-6:", relative_error(dy_hat, felt) < 1e-6)

# %% [markdown]
# Now let the line learn. The layer is lesson 04's. Its backward pass asks for what arrives at its output, and
# that is what the loss hands over: the way back begins here.


# %%
def fit_line(loss, y, lr, steps=1000):
    """Slope and height at x = 0 of the line that makes the loss small."""
    W, b = np.zeros((1, 1)), np.zeros(1)
    for _ in range(steps):
        _, dy_hat = loss(linear_forward(x, W, b), y)
        _, dW, db = linear_backward(dy_hat, x, W)
        W, b = W - lr * dW, b - lr * db
    return float(W[0, 0]), float(b[0])


by_squares = {"as measured": fit_line(mse, y, lr=0.1), "one slip": fit_line(mse, y_typed, lr=0.1)}
for name, (slope, height) in by_squares.items():
    print(f"{name:12} slope {slope:.2f}   height at 0: {height:.1f}")

# %%
viz.fitted_lines(x, y_typed, by_squares)

# %% [markdown]
# One slip, and the slope is six times as large. The line now misses *all* eight points. Why? Put the good
# line back, and look at how hard each point pulls on it. That is `dy_hat`:

# %%
slope, height = by_squares["as measured"]
good_line = x * slope + height
print(mse(good_line, y_typed)[1].T.round(4))

# %% [markdown]
# The square's slope grows with the distance, without a limit. One point pulls with 5.84, the other seven
# with 0.12 or less. A square asks for no *large* misses, and pays for that with many small ones. That is the
# question which the MSE asks. It is a fine one where large misses are real. It is a poor one where they are
# slips.

# %% [markdown]
# **How 1/N comes in.** Nudge one prediction. Of the eight squares only its own reacts, with slope $2r$, where
# $r = \hat y - y$. But the loss is the *mean*, so it notices an eighth of that. A mean over N examples gives
# each of them a share of 1/N, and so this 1/N stands in each entry of the gradient.
#
# **Predict**: somebody writes the whole table down twice, sixteen rows in all. What happens to the pull of
# the seventh point, and what to `dW` of the layer?

# %%
for copies in (1, 2):
    inputs, targets = np.tile(x, (copies, 1)), np.tile(y_typed, (copies, 1))
    _, dy_hat = mse(np.tile(good_line, (copies, 1)), targets)
    _, dW, _ = linear_backward(dy_hat, inputs, np.array([[slope]]))
    print(f"{len(inputs):2} rows: pull of the seventh {dy_hat[6, 0]:.2f}   dW {dW[0, 0]:.2f}")

# %% [markdown]
# Each row pulls half as hard, and the layer adds up twice as many of them. So `dW` stays as it is: lesson
# 04's layer need not know how many rows there are, because the 1/N came along with `dy_hat`. It is put in
# once, by the loss. Whoever divides again in a layer has divided twice.
#
# (In this table a row holds one number. With more of them the MSE divides by the number of *entries*.)

# %% [markdown]
# **A trap that raises no error.** A layer with one output gives a column, (8, 1). Suppose that the targets
# come as a flat array, (8,).

# %%
quiz("06-column-minus-row")

# %%
print((good_line - y_typed[:, 0]).shape)

# %% [markdown]
# No error, a loss that is a number, and 64 differences in place of 8. Print shapes before you subtract.

# %% [markdown]
# ## A limit for each pull
#
# Could a point that is far away have a say, but a limited one? Look at three losses for one entry, with
# $r = \hat y - y$, and below them their slopes: the pull.

# %%
viz.loss_pulls()

# %% [markdown]
# The middle way is the **Huber loss**: a parabola near the target, which goes over into straight lines at a
# distance $\delta$.
#
# $$\ell(r) = \begin{cases} \tfrac12 r^2 & |r| \le \delta \\ \delta\,\big(|r| - \tfrac12\delta\big) & |r| >
# \delta \end{cases}$$
#
# Put $r = \delta$ into both lines: they meet. Do their slopes meet as well? The loss is written for you, the
# mean of $\ell$ over *all* entries: `np.where(condition, this, that)` chooses entry by entry. Write the
# gradient. What is the slope of each of the two formulas, and what does the mean do to it?


# %% exercise="huber_loss"
def huber_loss(y_hat, y, delta):
    """Mean Huber loss over all entries, and its gradient.

    y_hat, y: arrays of one shape        delta: a number above 0
    loss: a number                       dy_hat: shaped like y_hat
    """
    r = y_hat - y
    far = np.abs(r) > delta
    loss = np.mean(np.where(far, delta * (np.abs(r) - delta / 2), r**2 / 2))
    # BEGIN SOLUTION
    dy_hat = np.clip(r, -delta, delta) / r.size
    # END SOLUTION
    return loss, dy_hat


# %%
check(huber_loss)

# %% [markdown] tags=["solution"]
# **Why this way.** The slope of the parabola is $r$, the slope of the lines is $\delta$ or $-\delta$. So the
# pull is $r$, clipped at $\pm\delta$, and there is no jump where the pieces meet. Clipping the *loss* would
# be another matter: beyond $\delta$ it would be flat, and a far point would have no say at all. Another way:
# `np.where(far, delta * np.sign(r), r) / r.size`.

# %%
huber = use(huber_loss)
by_huber = fit_line(lambda y_hat, y: huber(y_hat, y, 0.5), y_typed, lr=0.2)  # half squares, twice the rate
lines = {"Huber": by_huber, "squares": by_squares["one slip"]}
for name, (slope, height) in lines.items():
    print(f"{name:8} slope {slope:.2f}   height at 0: {height:.1f}")
viz.fitted_lines(x, y_typed, lines)

# %% [markdown]
# Same data, same slip, same descent, another loss: slope 0.63, and 0.54 without the slip. The far point still
# has a say, of $\delta$ and no more. The price is one more number to choose: $\delta$ is the distance at
# which you begin to suspect a slip.
#
# Drag the far point down. **Guess** first: at which height does the squared line begin to leave the others?
# And what does Huber become with a $\delta$ of 5, or of 0.05?

# %%
viz.outlier_explorer()

# %% [markdown]
# The squared line follows at once, however small the slip; it hears every point in proportion to its
# distance. A large $\delta$ makes Huber a squared error, as long as the slip keeps below it. A small one
# makes nearly every pull alike: then only the number of points above and below counts.

# %% [markdown]
# ## Surprise
#
# Many questions have the answer *yes* or *no*. A forecaster says: rain tomorrow, with probability $p = 0.9$.
# It rains ($y = 1$), or it does not ($y = 0$). How wrong was the forecaster?
#
# What happened had the probability $p$ if it rained, and $1 - p$ if it did not. For many days these numbers
# multiply, and a good forecaster makes the product large. A product of thousands of small numbers is no good
# to compute with, so take its logarithm, which is a sum. And take minus that, since we make losses *small*:
#
# $$\text{surprise} = -\ln(\text{probability of what happened})$$

# %%
for chance in (1.0, 0.9, 0.5, 0.1, 0.001):
    print(f"it happened, and had been given {chance:5.3f}: surprise {abs(np.log(chance)):.3f}")

# %%
viz.surprise_curve()

# %% [markdown]
# (`abs` takes the minus away: the logarithm of a probability is never above 0.) The unit is called a *nat*.
# What was certain surprises nobody, a coin gives 0.693, and whoever swore that it cannot happen is surprised
# without a limit. **Predict**:

# %%
quiz("06-two-forecasters")

# %% [markdown]
# The mean surprise over N examples is called the **binary cross-entropy**. Since $y$ is 0 or 1, one formula
# serves both cases: one of the two terms is always switched off.
#
# $$L = -\frac1N \sum_n \big[\, y_n \ln p_n + (1 - y_n) \ln(1 - p_n) \,\big]$$
#
# For the gradient take one $p_n$ and ask what each of the two terms does when it moves. The slope of $\ln u$
# is $1/u$, and in the second term there is something inside. Your $p$ lies strictly between 0 and 1 here, so
# no safety net is needed; if you add one, keep it at 1e-9 or less.


# %% exercise="binary_cross_entropy"
def binary_cross_entropy(p, y):
    """Mean surprise, in nats, and its gradient with respect to p.

    p (N,): probabilities of a yes        y (N,): 1.0 for yes, 0.0 for no
    loss: a number                        dp (N,)
    """
    # BEGIN SOLUTION
    loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    dp = (-y / p + (1 - y) / (1 - p)) / len(y)
    # END SOLUTION
    return loss, dp


# %%
check(binary_cross_entropy)

# %% [markdown] tags=["solution"]
# **Why this way.** Term by term: $-y\,/\,p$ from the first, and from the second $(1 - y)\,/\,(1 - p)$: two
# minus signs, one in front and one from inside, make a plus. Another way: on one fraction it reads
# $(p - y)\,/\,(p\,(1 - p))$. Keep that form in mind for the next section.

# %%
bce = use(binary_cross_entropy)
rain = np.array([1.0] * 9 + [0.0])
for name, p in (("Ada", 0.9), ("Ben", 0.999)):
    print(f"{name} says {p}: mean surprise {bce(np.full(10, p), rain)[0]:.3f}")
print(f"a coin says 0.5: mean surprise {np.log(2):.3f}")

# %% [markdown]
# Ben was nearer to the truth on nine days of ten, and in the end he is surprised nearly as much as a coin.
# Cross-entropy asks for honest odds. To be sure and right gains little; to be sure and wrong costs a lot.

# %% [markdown]
# ## What cancels
#
# Where does $p$ come from? From a sigmoid: $p = \sigma(z)$. So the way back goes on through it, with the
# slope that made lesson 01's neuron deaf. **Predict** what that does here.

# %%
quiz("06-sure-and-wrong")

# %%
z, y_true = np.array([7.0, -1.0, 0.5]), np.array([0.0, 1.0, 1.0])
p = sigmoid(z)
_, dp = bce(p, y_true)
print("p                  ", p.round(4))
print("dp                 ", dp.round(2))
print("slope of sigmoid   ", sigmoid_slope(z).round(5))
print("dz, their product  ", (dp * sigmoid_slope(z)).round(4))
print("(p - y) / 3        ", ((p - y_true) / 3).round(4))

# %% [markdown]
# The first example is sure and wrong. Its `dp` is huge, its slope is tiny, and their product is neither. On
# paper:
#
# $$\frac{dL}{dz} = \frac{p - y}{N\,p\,(1 - p)} \cdot p\,(1 - p) = \frac{p - y}{N}$$
#
# The slope cancels. What is left is the simplest thing that could stand there: what was said, minus what
# happened.

# %% [markdown]
# **The promise.** Lesson 01's bug was `dz = a - y`: the slope was left out, and it was not the gradient of
# $\tfrac12(\hat y - y)^2$. You have seen it again a moment ago. It is the gradient of the *cross-entropy* of
# a single example, and with that loss it is no bug at all. The formula holds for a target in between, like
# lesson 01's 0.2, as well. Nudge and see, at the old dial $w = 2$:

# %%
x_old, y_old = 1.5, np.array([0.2])


def cross_entropy_at(w):
    """The cross-entropy of lesson 01's neuron with b = 0."""
    return bce(np.array([sigmoid(w * x_old)]), y_old)[0]


print(f"slope of the cross-entropy, felt:  {central_difference(cross_entropy_at, 2.0, 1e-5):.4f}")
print(f"lesson 01's bug, (a - y) x:        {(sigmoid(2.0 * x_old) - 0.2) * x_old:.4f}")

# %% [markdown]
# And why is it often the better loss for a sigmoid? Let a neuron start sure and wrong, and train it with
# both.

# %%
viz.flat_against_steep()

# %% [markdown]
# For the squared error the wrong end is a plateau. For the cross-entropy it is the steepest part of the hill.
# A larger learning rate leaves the plateau sooner, but it is then the rate for the whole way. Both losses are
# least where $p = y$. They differ in how they get you there.

# %% [markdown]
# ## Too sure for a float
#
# There is a hole in the floor. A float has about 16 digits, and a sigmoid near 1 runs out of them.

# %%
p = sigmoid(40.0)
print("p =", p, "   1 - p =", 1 - p)
with np.errstate(divide="ignore"):
    print("surprise when the answer is no:", -np.log(1 - p))

# %% [markdown]
# The true surprise is 40, and we got infinity. A small number added inside the logarithm would hide that, and
# cap the loss. Better not to form $p$ at all, and to work from the score $z$ that goes into the sigmoid. Such
# a score is called a **logit**. On paper $1 - p = 1/(1 + e^z)$ and $p = e^z/(1 + e^z)$, so
#
# $$-\ln(1 - p) = \ln(1 + e^z) \qquad\qquad -\ln p = \ln(1 + e^z) - z$$
#
# So for both targets at once the surprise is $\ln(1 + e^z) - z\,y$. The first term is lesson 05's softplus.
# It overflows as it stands, and this is its stable form:
#
# $$\ln(1 + e^z) = \max(z, 0) + \ln\big(1 + e^{-|z|}\big)$$

# %% [markdown]
# Write it. The gradient is the one that cancelled. Loss and gradient should hold out to $z = \pm 1000$.
# `np.log1p(u)` is $\ln(1 + u)$, exact for tiny $u$ too.


# %% exercise="bce_with_logits"
def bce_with_logits(z, y):
    """Mean surprise, in nats, from logits, and its gradient with respect to z.

    z (N,): logits, p = sigmoid(z)        y (N,): 1.0 for yes, 0.0 for no
    loss: a number                        dz (N,)
    """
    # BEGIN SOLUTION
    loss = np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))
    dz = (sigmoid(z) - y) / len(y)
    # END SOLUTION
    return loss, dz


# %%
check(bce_with_logits)

# %% [markdown] tags=["solution"]
# **Why this way.** The exponential only ever sees $-|z|$, which is never positive, so nothing overflows; and
# no probability is formed, so nothing is rounded to 1 before its logarithm is taken. Another way:
# `np.logaddexp(0, z) - z * y`, in which NumPy does the same.

# %%
loss, dz = use(bce_with_logits)(np.array([1000.0, -1000.0, 40.0]), np.array([0.0, 1.0, 0.0]))
print(f"loss {loss:.0f}   dz {dz.round(3)}")

# %% [markdown]
# The mean of 1000, 1000 and 40, and every gradient is a third, up or down. Nothing is infinite.

# %% [markdown]
# ## One of many
#
# (A good place for a break, if you need one. The second half is the same idea for more than two classes.)
#
# Now the answer is one of K classes, given as a class number: the **label**. The network gives K logits for
# each example, and lesson 05's softmax turns them into K probabilities.
#
# To compare probabilities with a label we write the label as probabilities too: 1 for the class that
# happened, 0 for the others. This is called **one-hot**. Labels $2, 0$ with $K = 4$ become
#
# $$\begin{pmatrix} 0 & 0 & 1 & 0 \\ 1 & 0 & 0 & 0 \end{pmatrix}$$
#
# Why must K be told? In a batch some classes may not occur, the last one included.


# %% exercise="one_hot"
def one_hot(labels, K):
    """A table of floats with one 1 in each row, at the place of its class.

    labels (N,): class numbers, integers from 0 to K - 1        K: the number of classes
    table (N, K)
    """
    # BEGIN SOLUTION
    table = np.zeros((len(labels), K))
    table[np.arange(len(labels)), labels] = 1.0
    # END SOLUTION
    return table


# %%
check(one_hot)

# %% [markdown] tags=["solution"]
# **Why this way.** Two index arrays of one length are gone through in pairs: row 0 with its label, row 1 with
# its label, and so on. `table[:, labels]` would mean these columns in *all* rows. Another way:
# `np.eye(K)[labels]` picks rows of the identity matrix.

# %%
print(use(one_hot)(np.array([2, 0, 2, 1, 0]), 4))

# %% [markdown]
# The surprise at the true class is $-\ln p_\text{true}$. And here is the same hole in the floor: when another
# class is far ahead, $p_\text{true}$ is too small for a float.

# %%
z_far = np.array([[1000.0, 0.0, 2.0]])
with np.errstate(divide="ignore"):
    print(np.log(softmax(z_far)))

# %% [markdown]
# The same fix: take the logarithm before the exponential is formed. Write $z'$ for the scores of a row minus
# the largest of them, as in lesson 05. Then
#
# $$\ln p_k = \ln \frac{e^{z'_k}}{\sum_j e^{z'_j}} = z'_k - \ln \sum_j e^{z'_j}$$
#
# The sum contains the term $e^0 = 1$, so its logarithm is harmless. Each row by itself, also next to rows of
# very different size, out to $\pm 1000$.


# %% exercise="log_softmax"
def log_softmax(z):
    """Logarithms of the softmax probabilities, each row by itself.

    z (N, K): logits        log_p (N, K)
    """
    # BEGIN SOLUTION
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    # END SOLUTION
    return log_p


# %%
check(log_softmax)

# %% [markdown] tags=["solution"]
# **Why this way.** The logarithm of a quotient is a difference, and the logarithm of an exponential is its
# exponent, so the exponential of the numerator is never formed. `keepdims=True` keeps the sum as a column,
# one number beside each row. Another way: `z - np.logaddexp.reduce(z, axis=1, keepdims=True)`.

# %%
print(use(log_softmax)(z_far))

# %% [markdown]
# ## Softmax and cross-entropy
#
# $$L = -\frac1N \sum_n \ln p_{n,\,\text{label}_n}$$
#
# This is the (categorical) **cross-entropy**, the usual loss of a network that picks one of many. Its
# gradient with respect to the logits cancels like the other one. With the one-hot table $Y$:
#
# $$\frac{dL}{dz} = \frac{p - Y}{N}$$
#
# Why? $\ln p_\text{true} = z_\text{true} - \ln\sum_j e^{z_j}$. The first term moves with the true score
# alone, with slope 1. The slope of the second with respect to $z_k$ is $e^{z_k}/\sum_j e^{z_j}$: that is
# $p_k$. So minus the whole has slope $p_k - 1$ at the true class, and $p_k$ at the others.


# %% exercise="softmax_cross_entropy"
def softmax_cross_entropy(z, labels):
    """Mean surprise at the true classes, in nats, and its gradient with respect to z.

    z (N, K): logits        labels (N,): class numbers, integers from 0 to K - 1
    loss: a number          dz (N, K)
    """
    # BEGIN SOLUTION
    N, K = z.shape
    loss = -np.mean(log_softmax(z)[np.arange(N), labels])
    dz = (softmax(z) - one_hot(labels, K)) / N
    # END SOLUTION
    return loss, dz


# %%
check(softmax_cross_entropy)

# %% [markdown] tags=["solution"]
# **Why this way.** The loss picks one logarithm from each row. The gradient needs the probabilities
# themselves, and `softmax` is safe there: a probability that is rounded to 0 does no harm in a difference.
# Another way: `dz = np.exp(log_p)`, then subtract 1 at `[np.arange(N), labels]` and divide by N.

# %%
cross_entropy = use(softmax_cross_entropy)
rng = np.random.default_rng(0)
z, labels = rng.normal(size=(5, 3)), np.array([2, 0, 2, 1, 0])
loss, dz = cross_entropy(z, labels)
felt = numerical_gradient(lambda scores: cross_entropy(scores, labels)[0], z, 1e-5)
print("relative error below 1e-6:", relative_error(dz, felt) < 1e-6)
print("largest sum of a row:", np.abs(dz.sum(axis=1)).max().round(12))

# %% [markdown]
# Every row adds up to 0: what the true class is pulled up by, the others are pushed down by, each in
# proportion to how much was promised to it.

# %%
quiz("06-nothing-learned-yet")

# %% [markdown]
# ## One step
#
# Lesson 04's ten neurons again, one for each digit, with the loss that is made for classes. 1,437 images to
# learn from, 8 by 8 pixels, and 360 that are kept aside. All weights begin at 0.

# %%
images, truth, new_images, new_truth = digits()
images, new_images = images / 16, new_images / 16
W, b = np.zeros((64, 10)), np.zeros(10)
loss, dz = cross_entropy(linear_forward(images, W, b), truth)
_, dW, db = linear_backward(dz, images, W)
print(f"loss {loss:.4f}   ln 10 = {np.log(10):.4f}")

# %% [markdown]
# The loss is $\ln K$, as predicted: a good first test for any classifier. And `dW` has 64 numbers for each
# class, one for each pixel. Minus the gradient says how the weights want to change. What does that look like?
# Each column as an 8 by 8 picture:

# %%
viz.class_pictures(-dW)

# %% [markdown]
# Ten digits, out of a single gradient. `dW` is `images.T @ dz`: each image, times what was said minus what
# happened. So in each column of `-dW` the images of its own class are added up, and a tenth of all images is
# taken away. How far does *one* step get? Make a guess.

# %%
for step in range(3):
    right = np.mean(linear_forward(new_images, W, b).argmax(axis=1) == new_truth)
    print(f"steps taken: {step}   new images right: {100 * right:.0f} %")
    _, dz = cross_entropy(linear_forward(images, W, b), truth)
    _, dW, db = linear_backward(dz, images, W)
    W, b = W - 0.5 * dW, b - 0.5 * db

# %% [markdown]
# From 9 % to 79 % in one step, from weights that were all 0. It will not go on like that, and one layer has
# its limits. But it is a good loss that says so much with its first gradient.

# %% [markdown]
# ## Find the bug
#
# Somebody wrote the whole thing in one function. The loss is right. The rows of `dz` add up to 0, as they
# should. It trains, too. And yet:


# %% exercise="classifier_loss"
def classifier_loss(z, labels):
    """Mean surprise at the true classes, in nats, and its gradient with respect to z.

    z (N, K): logits        labels (N,): class numbers, integers from 0 to K - 1
    """
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)  # log_softmax in one line
    rows = np.arange(len(labels))
    loss = -np.mean(log_p[rows, labels])
    error = np.exp(log_p)  # the probabilities
    error[rows, labels] -= 1
    error = error / len(labels)
    # BEGIN SOLUTION
    return loss, error
    # END SOLUTION
    # BEGIN BUG
    # return loss, softmax_backward(error, np.exp(log_p))  # back through the softmax
    # END BUG


# %% role="use"
def final_loss(loss_and_gradient, steps=100):
    """Loss of one layer that has learned the digits for so many steps."""
    W, b = np.zeros((64, 10)), np.zeros(10)
    for _ in range(steps):
        _, dz = loss_and_gradient(linear_forward(images, W, b), truth)
        _, dW, db = linear_backward(dz, images, W)
        W, b = W - 0.5 * dW, b - 0.5 * db
    return cross_entropy(linear_forward(images, W, b), truth)[0]


print(f"100 steps with softmax_cross_entropy: loss {final_loss(cross_entropy):.2f}")
print(f"100 steps with classifier_loss:       loss {final_loss(classifier_loss):.2f}")

# %% role="use"
print("true class said   its dz as written   its dz felt")
for lead in (0.0, 2.0, 4.0, 8.0):
    z = np.array([[0.0, lead, 0.5, -0.5]])  # class 0 is true, class 1 leads
    felt = numerical_gradient(lambda z: classifier_loss(z, np.array([0]))[0], z, 1e-5)
    written = classifier_loss(z, np.array([0]))[1]
    print(f"{softmax(z)[0, 0]:15.5f} {written[0, 0]:19.5f} {felt[0, 0]:13.5f}")

# %% [markdown]
# As handed out, it learns far more slowly, and the last two columns disagree. By what *factor*, and in which
# row is it worst? You have seen a gradient that dies where the answer is most wrong. Which factor did that in
# lesson 01, and where could such a factor come from here? Repair it, run both cells again, then the check.

# %%
check(classifier_loss)

# %% [markdown] tags=["solution"]
# **What was wrong.** $(p - Y)/N$ is the gradient with respect to $z$: the way back through the softmax is
# inside already. `softmax_backward` goes through it once more. Its rows add up to 0 whatever comes in, so
# that test saw nothing. Another way: begin one link earlier. The gradient with respect to $p$ is $-Y/(p\,N)$,
# and *that* one goes through `softmax_backward`; but it divides by $p$, which may be 0.

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import torch
# from torch.nn import functional as F
#
# z = torch.tensor([1000.0, -1000.0, 40.0], dtype=torch.float64, requires_grad=True)
# loss = F.binary_cross_entropy_with_logits(z, torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64))
# loss.backward()
# print(f"{loss:.0f} {z.grad[0]:.3f} {z.grad[1]:.3f}")  # 680 0.333 -0.333
#
# scores = torch.zeros(1, 10, dtype=torch.float64, requires_grad=True)
# loss = F.cross_entropy(scores, torch.tensor([3]))
# print(f"{loss:.4f}")  # 2.3026
# ```
#
# `F.cross_entropy` takes *logits*, like yours. Hand it probabilities and no error is raised: the softmax is
# applied twice, and the loss of a network that is sure and right never gets near 0.

# %% [markdown]
# ## Three sentences to keep
#
# 1. The loss is the question that is asked: squares chase the far points, Huber gives each a limited say,
#    cross-entropy asks for honest odds.
# 2. On top of a sigmoid or a softmax, the cross-entropy cancels the slope: what is left is probability minus
#    truth, over N, and this 1/N is the only one.
# 3. Work from logits: take the logarithm before the probability can become 0.
#
# Next: a layer, a bend, a loss. Put them together, and what can such a network learn that one layer cannot?

# %% tags=["nbval-ignore-output"]
progress()
