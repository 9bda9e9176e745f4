# %% [markdown]
# # 00 · Start here: how this course works
#
# *About 25 minutes. You need: a little Python and NumPy.*
#
# A network that reads handwriting has many thousands of numbers inside. It answers wrongly. Which of
# those numbers should change, and which way? **Backpropagation** finds out, for all of them at once. You
# are going to write it yourself, a few lines at a time, from one weight on, until your own program reads
# handwriting.

# %% [markdown]
# After each few lines you ask for a **check**. It compares what you wrote with the course's own version on
# numbers that you have not seen. If something is wrong it shows which result and where, and if it knows the
# mistake it says what went wrong and why.
#
# This first lesson shows how that feels, and refreshes the one thing that trips everybody: the shapes of
# arrays.

# %% [markdown]
# Click into the next cell and press **Shift + Enter**. That runs it and moves on. Each lesson begins like
# this.

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz

# %% [markdown]
# ## A table of numbers
#
# Data come as a table. In this course **a row is an example, a column is a feature**, always. Here are four
# flowers with three measurements each, in centimetres:

# %%
x = np.array(
    [
        [5.1, 3.5, 1.4],
        [4.9, 3.0, 1.3],
        [6.3, 3.3, 6.0],
        [5.8, 2.7, 5.1],
    ]
)
print(x.shape)

# %% [markdown]
# The shape is (4, 3): first the number of rows, then the number of columns. We call them $N$ and $D$: $N$
# examples with $D$ features each.
#
# Many operations go *along an axis*. **Predict** what this one does before you run the cell below it.

# %%
quiz("00-which-axis")

# %%
print("x.sum(axis=0) has shape", x.sum(axis=0).shape)
print("x.sum(axis=1) has shape", x.sum(axis=1).shape)

# %% [markdown]
# Here is another small table with all its sums.

# %%
viz.axes_picture()

# %% [markdown]
# The number names the axis that **disappears**. `axis=0` runs down the rows and leaves one number for each
# column. If you keep one sentence of this lesson, keep that one.

# %% [markdown]
# ## Your first exercise
#
# The most common line in this course is `z = x @ W + b`. Each of the $N$ examples goes in as a row of $D$
# numbers and comes out as a row of $M$ numbers. `W` is a table of shape $(D, M)$, and `b` has shape $(M,)$:
# it is added to each row.

# %%
viz.affine_picture(N=6, D=3, M=2)

# %% [markdown]
# Write a function that says which shape `z` has. It gets two shapes and gives one back. `x_shape[0]` is the
# first size of `x`, `x_shape[1]` the second.
#
# First run the cell as it is, and the check below it: "not attempted" is not an error, and costs nothing.
# Then replace the line `raise NotImplementedError`, run the cell again, and check again.


# %% exercise="affine_shape"
def affine_shape(x_shape, W_shape):
    """Shape of x @ W + b, as a tuple of two sizes.

    x_shape: (N, D)
    W_shape: (D, M)
    """
    # BEGIN SOLUTION
    return x_shape[0], W_shape[1]
    # END SOLUTION


# %%
check(affine_shape)

# %% [markdown] tags=["solution"]
# **Why this way.** The inner sizes meet in the product and vanish; the outer ones stay. Adding `b`
# changes no shape. Another way: unpack first, `N, D = x_shape` and `D, M = W_shape`, then `return N, M`.
# That says in words what happens.

# %% [markdown]
# Once it says **passed**, use what you wrote: let it predict, and let NumPy say whether it is true.

# %%
predicted = use(affine_shape)((4, 3), (3, 5))
W, b = np.ones((3, 5)), np.zeros(5)
print("predicted:", predicted)
print("in truth: ", (x @ W + b).shape)

# %% [markdown]
# `use(affine_shape)` gave you your own function if it passes, and the course's until then. So you can
# always read on and run on: skip what does not work yet, and come back. (An exercise may build on the one
# before it; then its card says which to mend first.)

# %% [markdown]
# ## A broken one
#
# Each lesson has one exercise that somebody else wrote, with a bug. You get the symptom; the cause is yours
# to find.
#
# This function should give the mean of each column: the mean length, the mean width, and so on.


# %% exercise="column_means"
def column_means(x):
    """Mean of each column.

    x: (N, D)        gives back: (D,)
    """
    # BEGIN SOLUTION
    return x.mean(axis=0)
    # END SOLUTION
    # BEGIN BUG
    # return x.mean(axis=1)
    # END BUG


# %%
means = column_means(x)
print("three features in, this many means out:", means.size)

# %% [markdown]
# Before you repair it, see what a *diagnosis* looks like. Make it wrong in another way on purpose: replace
# the last line by
#
# ```python
# return x.sum(axis=0)
# ```
#
# run the cell, and then the check. Read the card. Then repair it and check again.

# %%
check(column_means)

# %% [markdown] tags=["solution"]
# **What was wrong.** `axis=1` makes the columns disappear: one mean for each flower, of centimetres of
# different things. `axis=0` makes the rows disappear and leaves one mean for each feature. Another way:
# `x.sum(axis=0) / len(x)`.

# %% [markdown]
# ## When you are stuck
#
# Make a new cell anywhere (press **Esc**, then **B**) and type one of these:
#
# | type | and you get |
# |---|---|
# | `hint(column_means)` | a hint; called again, the next one. They go from a question to something concrete |
# | `solution(column_means)` | our version with its reasons, once yours passes or the last hint was read |
# | `progress()` | what you have done in all lessons |
#
# Hints cost nothing. Somebody who tries, reads a hint and tries again learns more than somebody who gives
# up.

# %% [markdown]
# ## Your work is safe
#
# Every time you check, the text of your answer is kept in a small file beside your notebooks. Nothing
# leaves your computer. In a terminal, in the folder of your notebooks:
#
# | type | and |
# |---|---|
# | `bplearn list` | see lessons, points and progress |
# | `bplearn history column_means` | see all your attempts; `--restore 2` brings the second one back |
# | `bplearn reset 00_start_here.ipynb` | get the original back; yours is kept beside it |
# | `bplearn update` | get newer lessons without losing a line of yours |
# | `bplearn check 00_start_here.ipynb` | check the saved notebook in a fresh process |
#
# The last one matters: a notebook remembers what you ran, even cells that you have deleted since.

# %% [markdown]
# ## How we write things
#
# The same names mean the same things in all lessons:
#
# | name | meaning | shape |
# |---|---|---|
# | `x` | inputs, a row for each example | (N, D) |
# | `W`, `b` | weights and biases of a layer | (D, M), (M,) |
# | `z`, `a` | before and after the activation | (N, M) |
# | `y`, `y_hat` | what is wanted, what is answered | |
# | `dW` | how the loss changes when `W` does | the shape of `W` |
#
# Two words for later. The **loss** is one number that says how wrong the answers are. A **gradient** says
# how the loss reacts to a nudge: `dW` holds one such number for each number in `W`. So **a gradient has
# the shape of what it belongs to**. When two shapes disagree you have found a bug without running
# anything.

# %% [markdown]
# ## The same in PyTorch
#
# Each lesson ends with a look at PyTorch, the library most people use. The course does not need it. Shapes
# work alike; what NumPy calls `axis` is called `dim` there.
#
# ```python
# import torch
#
# x = torch.ones(4, 3)
# layer = torch.nn.Linear(3, 5)
# print(tuple(layer(x).shape))  # (4, 5)
# print(tuple(x.mean(dim=0).shape))  # (3,)
# print(tuple(layer.weight.shape))  # (5, 3)
# ```
#
# Look at the last line: PyTorch keeps the weights of a layer turned round, $(M, D)$, and multiplies by the
# transpose.

# %% [markdown]
# ## Three sentences to keep
#
# 1. A row is an example; `axis` names the axis that disappears.
# 2. In `x @ W + b` the inner sizes meet and vanish: (N, D) and (D, M) give (N, M).
# 3. A gradient has the shape of what it belongs to.
#
# Next: one dial, and the question which way to turn it.

# %% tags=["nbval-ignore-output"]
progress()
