# %% [markdown]
# # 14 · Your own engine
#
# *About 45 minutes. You need: lessons 02, 05 and 07.*
#
# **Can a program write the backward pass itself?** For each new network you have worked out the way back by
# hand: two weights, one layer, many layers, batch normalization. PyTorch never asks you to. In this lesson
# you build the part of it that spares you the work, in some fifty lines.

# %% role="setup"
import time
from types import SimpleNamespace

import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.data import xor
from bplearn.nn import linear_backward, numerical_gradient, train_mlp  # lessons 04, 03 and 07

# %% [markdown]
# ## What one box must know
#
# In lesson 02 an expression was a graph of boxes. Blame came in at the end of each box and left at its
# inputs. **Before you read on:**

# %%
quiz("14-what-a-box-needs")

# %% [markdown]
# So each operation has a small backward rule of its own, and the rule is the same in every network. Write
# four of them (the product was lesson 02's first box). `dout` is what arrives, as always; what comes back
# is the gradient of each operand. Operands are numbers, or arrays of one shape that are combined entry by
# entry.


# %% exercise="add_backward"
def add_backward(dout, a, b):
    """Gradients of a and b, where out = a + b.

    dout, a, b: numbers, or arrays of one shape
    """
    # BEGIN SOLUTION
    da = dout
    db = dout
    # END SOLUTION
    return da, db


# %%
check(add_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** If `a` grows by 1, the sum grows by 1: the local gradient is 1 for both. Another way:
# `return 1.0 * dout, 1.0 * dout`, which makes new arrays.


# %% exercise="mul_backward"
def mul_backward(dout, a, b):
    """Gradients of a and b, where out = a * b.

    dout, a, b: numbers, or arrays of one shape
    """
    # BEGIN SOLUTION
    da = dout * b
    db = dout * a
    # END SOLUTION
    return da, db


# %%
check(mul_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** How much a product grows with one factor is up to the other one. So the box keeps both
# numbers from the forward pass. Another way: from the result, `dout * out / a`, which fails at `a` = 0.

# %% [markdown]
# A power comes next, `a ** n`, with an exponent that is a constant. And exp, which has a rule that needs
# nothing but what came *out*.


# %% exercise="pow_backward"
def pow_backward(dout, a, n):
    """Gradient of a, where out = a**n and n is a constant.

    dout, a: numbers, or arrays of one shape        n: a number
    """
    # BEGIN SOLUTION
    da = dout * n * a ** (n - 1)
    # END SOLUTION
    return da


# %%
check(pow_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** The exponent comes down in front and is one less above. With `n = -1` this is the rule
# of `1 / a`, so division needs none of its own. Another way: `dout * n * a**n / a`, which fails at 0.


# %% exercise="exp_backward"
def exp_backward(dout, out):
    """Gradient of a, where out = exp(a).

    dout, out: numbers, or arrays of one shape
    """
    # BEGIN SOLUTION
    da = dout * out
    # END SOLUTION
    return da


# %%
check(exp_backward)

# %% [markdown] tags=["solution"]
# **Why this way.** The slope of exp is exp itself, and its value is there already. Another way: none is
# shorter.

# %% [markdown]
# The rules can be plugged together in any way. Here they go by hand through `exp(a * b) + a**2`, where `a`
# is used twice. Lesson 03's measurement agrees:

# %%
a, b = 0.7, -1.2
product = a * b
e = np.exp(product)
square = a**2
de, dsquare = use(add_backward)(1.0, e, square)
dproduct = use(exp_backward)(de, e)
da_from_product, db = use(mul_backward)(dproduct, a, b)
da = da_from_product + use(pow_backward)(dsquare, a, 2)
measured = numerical_gradient(lambda v: np.exp(v[0] * v[1]) + v[0] ** 2, np.array([a, b]), 1e-5)
print(f"by the rules {da:.6f} {db:.6f}   measured {measured[0]:.6f} {measured[1]:.6f}")

# %% [markdown]
# The rules are local. Two things were not, and you did them in your head: the **order** of the boxes, and
# the **sum** over `a`'s two uses. A program has to do both.

# %% [markdown]
# ## In which order?
#
# Take `t = a * b`, `u = t + c`, `out = u * t`. Note that `t` is used twice. **Decide**, on the way back:

# %%
quiz("14-when-complete")

# %% [markdown]
# Forward each node comes after everything it was made from. Backward is that order turned round. Such an
# order is called **topological**.
#
# A graph is given as a dict: for each node the list of its *parents*, the nodes that it was made from. A
# leaf has an empty list. Give back a list of the nodes that the root needs, each once, parents before
# children, so that the root comes last. Which of several right orders you choose is up to you.
#
# The graph may be ten thousand nodes deep, and Python allows about a thousand calls inside each other. So
# no recursion: use a loop, and a list of what is still to be done.


# %% exercise="topological_order"
def topological_order(root, parents):
    """The nodes below root, and root, each once and after all of its parents.

    root: a node, for example "out"
    parents: dict, for each node the list of its parents; [] for a leaf
    """
    # BEGIN SOLUTION
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack += [(parent, False) for parent in parents[node]]
    # END SOLUTION
    return order


# %%
check(topological_order)

# %% [markdown] tags=["solution"]
# **Why this way.** Each node is put on the stack twice: first to go up to its parents, then, when they
# are all done, to be written down. `seen` lets each have its turn once. Another way: count for each node
# how many of its children are still to come, and take the nodes whose count is 0, from the root up; then
# turn it round.

# %%
graph = {"out": ["u", "t"], "u": ["t", "c"], "t": ["a", "b"], "a": [], "b": [], "c": [], "unused": ["a"]}
print(use(topological_order)("out", graph))

# %% [markdown]
# ## Find the bug: the pass
#
# With an order, the backward pass is one loop for every graph there is. A node here has three things:
# `.grad`, 0.0 at first; `.parents`, a list; and `.local_gradients`, one number for each parent. The last
# node of the order is the root.
#
# Somebody wrote this version, tried it on a chain, and was content.


# %% exercise="backward_pass"
def backward_pass(order):
    """Fill the .grad of every node; the root's own is 1. Returns None.

    order: list of nodes, parents before children, the root last
    """
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            # BEGIN SOLUTION
            parent.grad += local * node.grad
            # END SOLUTION
            # BEGIN BUG
            # parent.grad = local * node.grad
            # END BUG


# %% role="use"
def node(*links):
    """A node made from (parent, local gradient) pairs."""
    return SimpleNamespace(grad=0.0, parents=[p for p, _ in links], local_gradients=[s for _, s in links])


chain_a, sum_a = node(), node()
chain = node((chain_a, 3.0))
twice = node((sum_a, 1.0), (sum_a, 1.0))
backward_pass([chain_a, chain])
backward_pass([sum_a, twice])
print(f"3 * a: {chain_a.grad}, due 3.0        a + a: {sum_a.grad}, due 2.0")

# %%
check(backward_pass)

# %% [markdown] tags=["solution"]
# **What was wrong.** What a second path sent back overwrote what the first had brought. Paths are added:
# lesson 02's fork. Another way: `parent.grad = parent.grad + local * node.grad`.

# %% [markdown]
# ## A number that remembers
#
# Who writes the graph down? The numbers themselves, while the forward pass runs. A `Value` holds a float in
# `.data`, and beside it what it was made from. With that, `a + b` on Values makes a node, and the whole
# expression makes a graph.
#
# Python lets a class say what its `+` does: `a + b` calls `a.__add__(b)`. With a plain number on the left,
# `2 + a`, it calls `a.__radd__(2)`; likewise `__rsub__` for `2 - a`, and so on.

# %% [markdown]
# Given: the constructor, and `__add__` as a pattern. Yours:
#
# - `__mul__`, `__pow__` (its exponent is a plain number), `__neg__`, `__sub__`, `__truediv__`
# - with a number on the left: `__radd__`, `__rmul__`, `__rsub__`, `__rtruediv__`
# - `exp()`, `log()` (natural), `tanh()`, `relu()`
# - `backward()`: seed this number with 1 and fill the `.grad` of all below it. Returns None.
#
# Much of it can be built from the rest: `a - b` is `a + (-b)`. Work in any order, run the check often; it
# says what is missing next. A leaf that is used in two expressions collects from both: `backward` clears
# nothing.

# %% role="setup"
import math


def graph_below(root):
    """A dict: root and each Value it needs, with the list of its parents, as topological_order takes it."""
    parents, todo = {}, [root]
    while todo:
        value = todo.pop()
        if value not in parents:
            parents[value] = list(value.parents)
            todo += value.parents
    return parents


# %% exercise="Value"
class Value:
    """A float that remembers what it was made from: .data, .grad, .parents, .local_gradients."""

    def __init__(self, data, parents=(), local_gradients=()):
        self.data, self.grad = float(data), 0.0
        self.parents, self.local_gradients = parents, local_gradients

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def backward(self):
        """Add the gradient of this number to the .grad of each Value that it was made from."""
        # BEGIN SOLUTION
        backward_pass(topological_order(self, graph_below(self)))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1.0

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1.0 * other

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        out = math.exp(self.data)
        return Value(out, (self,), (out,))

    def log(self):
        return Value(math.log(self.data), (self,), (1.0 / self.data,))

    def tanh(self):
        out = math.tanh(self.data)
        return Value(out, (self,), (1.0 - out**2,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), (float(self.data > 0),))
        # END SOLUTION


# %%
check(Value)

# %% [markdown] tags=["solution"]
# **Why this way.** Seven operations have local gradients of their own; the rest is built from them, so
# there is less to get wrong. Whatever is built, `backward` stays the same line. Another way: each result
# keeps a small function that sends its gradient back, and `backward` calls them in the order.

# %%
V = use(Value)
a, b, c = V(2.0), V(-0.5), V(1.5)
t = a * b
u = t + c
out = u * t
out.backward()
viz.live_graph(out, a=a, b=b, c=c, t=t, u=u)

# %% [markdown]
# This graph was written down by the numbers themselves, and every gradient in it came from `backward`. Step
# through it, and before each step **predict** two things: which box goes next, and what it sends. `t` gets
# 1.00 × (−1.00) over `u` and 0.50 × 1.00 from `out`, together −0.50, and only then does it pass anything on.
#
# Change the expression and run the cell again; nothing else has to be changed. That is the point.
#
# One thing to know before you train with it:

# %%
quiz("14-second-expression")

# %% [markdown]
# ## It trains a network
#
# Lesson 07's network for XOR again: 2 inputs, 16 hidden ReLUs, 2 logits, same start, same learning rate.
# Its weights are now arrays of *Values*, and NumPy's `@` and `+` work on them as on numbers: they call
# your `__mul__` and `__add__`. There is no backward function in this cell.

# %% role="use"
as_values = np.vectorize(V, otypes=[object])
x, labels = xor()
start, _ = train_mlp(x, labels, (2, 16, 2), 0.5, 0, np.random.default_rng(0))


def loss_of(params):
    """Mean surprise of the network, as one Value."""
    z1 = x @ params["W1"] + params["b1"]
    z2 = np.vectorize(lambda v: v.relu(), otypes=[object])(z1) @ params["W2"] + params["b2"]
    log_p = [row[k] - sum(score.exp() for score in row).log() for row, k in zip(z2, labels, strict=True)]
    return -sum(log_p) / len(x)


# %%
def step(params, lr=0.5):
    """The loss, and the params after one step: fresh Values, whose gradients are 0."""
    loss = loss_of(params)
    loss.backward()
    move = np.vectorize(lambda v: V(v.data - lr * v.grad), otypes=[object])
    return loss.data, {name: move(array) for name, array in params.items()}


began, params, mine = time.perf_counter(), {name: as_values(array) for name, array in start.items()}, []
for _ in range(50):
    loss, params = step(params)
    mine.append(loss)
seconds = time.perf_counter() - began
_, lesson_07 = train_mlp(x, labels, (2, 16, 2), 0.5, 49, np.random.default_rng(0))
print(f"loss of the engine:  {mine[0]:.4f} ... {mine[-1]:.4f}")
print(f"loss of lesson 07:   {lesson_07[0]:.4f} ... {lesson_07[-1]:.4f}")
print("all 50 agree to 1e-10:", bool(np.max(np.abs(np.array(mine) - lesson_07)) < 1e-10))

# %% [markdown]
# The same fifty losses. Your engine knows nothing of layers, of softmax or of XOR, and it found every
# gradient that you derived by hand in lessons 04 to 07.
#
# And its price? **Guess** before you run the cell below.

# %%
quiz("14-how-much-slower")


# %% tags=["nbval-ignore-output"]
def seconds_of(run):
    """How long a call takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


by_arrays = min(
    seconds_of(lambda: train_mlp(x, labels, (2, 16, 2), 0.5, 49, np.random.default_rng(0))) for _ in range(20)
)
print(f"XOR, 50 steps:    engine {seconds:.2f} s, arrays {by_arrays:.4f} s: {seconds / by_arrays:.0f} times")
rows, W64 = np.ones((8, 64)), as_values(np.ones((64, 64)))
engine = seconds_of(lambda: (rows @ W64).sum().backward())
plain = np.ones((64, 64))
arrays = min(seconds_of(lambda: linear_backward(rows @ plain, rows, plain)) for _ in range(20))
print(f"one layer, 64x64: engine {engine:.2f} s, arrays {arrays:.6f} s: {engine / arrays:.0f} times")

# %% [markdown]
# One node for each *number*: that is where the time goes, each with a Python object and its bookkeeping.
# The larger the arrays, the worse it looks beside them.
#
# Libraries make one node for each *array*. The graph of a network then has a few dozen nodes, and inside
# a node runs fast compiled code, with the backward functions that you wrote in lessons 04 to 12.

# %% [markdown]
# ## A step towards arrays
#
# With arrays there is one difficulty more. `x @ W + b` adds a bias of shape (M,) to each of N rows: NumPy
# *stretches* the smaller array. On the way back the gradient has the stretched shape, and must return to
# the small one. What was copied is added up, as for every fork.
#
# NumPy lines shapes up at their ends. So two things can have happened: axes came **in front**, and axes of
# **size 1** were stretched. Undo both. The result has exactly the shape asked for.


# %% exercise="unbroadcast"
def unbroadcast(grad, shape):
    """Gradient of an array of that shape, which was stretched to the shape of grad.

    grad: array        shape: tuple, with as many axes as grad or fewer
    """
    # BEGIN SOLUTION
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    gradient = grad.sum(axis=stretched, keepdims=True)
    # END SOLUTION
    return gradient


# %%
check(unbroadcast)

# %% [markdown] tags=["solution"]
# **Why this way.** With an empty tuple of axes `sum` adds nothing up, so no case needs an `if`. Another
# way: a `while grad.ndim > len(shape)` that sums axis 0 away, then a loop over the axes of size 1.

# %%
rng = np.random.default_rng(0)
dz, x_rows, W = rng.normal(size=(5, 3)), rng.normal(size=(5, 4)), rng.normal(size=(4, 3))
print("lesson 04's db:  ", np.round(linear_backward(dz, x_rows, W)[2], 4))
print("by unbroadcast:  ", np.round(use(unbroadcast)(dz, (3,)), 4))

# %% [markdown]
# Lesson 04's sum over the rows was this rule all along. Another use of it: lesson 12 takes a mean of
# shape (D,) from a batch of shape (N, D), and sums come back.

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import torch
#
# a = torch.tensor(2.0, requires_grad=True)
# b = torch.tensor(-0.5, requires_grad=True)
# c = torch.tensor(1.5, requires_grad=True)
# t = a * b
# out = (t + c) * t
# out.backward()
# print(a.grad.item(), b.grad.item(), c.grad.item())  # 0.25 -1.0 -1.0
# ```
#
# The three numbers of the graph above. `requires_grad=True` makes a leaf of a tensor. Its gradients add up
# over several calls of `backward`, as yours do: hence `optimizer.zero_grad()` in every training loop.

# %% [markdown]
# ## Three sentences to keep
#
# 1. Each operation knows its own local gradients, and needs to know nothing else.
# 2. One order, parents before children, turned round, makes every backward pass: a node passes on only
#    when all its shares have come in.
# 3. What comes over several paths is added, whether the paths are uses of a number or copies of an array.
#
# Next: you have every part there is. The last lesson puts them together, and reads handwriting.

# %% tags=["nbval-ignore-output"]
progress()
