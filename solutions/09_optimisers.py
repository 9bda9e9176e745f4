# %% [markdown]
# # 09 · Optimisers
#
# *About 45 minutes. You need: lesson 08.*
#
# **The steps are noisy and the valley is narrow. Can a step remember the ones before it?** You have all
# gradients, and they are right. What you do with them was so far one line: take the learning rate times the
# gradient off. In this lesson that line grows a memory.

# %% role="setup"
import numpy as np

from bplearn import check, hint, progress, quiz, solution, use, viz
from bplearn.data import digits
from bplearn.nn import init_mlp, minibatches, mlp_loss_gradients

# %% [markdown]
# ## A ravine
#
# Two weights, $x$ and $y$, and a loss that is a hundred times steeper in one of them:
#
# $$f(x, y) = \tfrac12 (x^2 + 100\, y^2)$$
#
# We start at (10, 1). The bottom is at (0, 0), and we call it reached when the loss is below 0.001.


# %%
def loss_at(w):
    """Loss of the ravine at w = [x, y]."""
    return 0.5 * (w[0] ** 2 + 100 * w[1] ** 2)


def descend(step, memories, limit=1000):
    """Path from (10, 1) to the bottom. step(w, dw, *memory, t) gives back w and what it remembers."""
    w, memory = np.array([10.0, 1.0]), [np.zeros(2)] * memories
    path = [w]
    while loss_at(w) >= 0.001 and len(path) <= limit:
        dw = w * np.array([1.0, 100.0])
        w, *memory = step(w, dw, *memory, len(path))
        path.append(w)
    return np.array(path)


# %% [markdown]
# Plain descent remembers nothing, so its step gives back `w` alone: a tuple of one, with a comma.

# %%
paths = {"plain descent": descend(lambda w, dw, t: (w - 0.018 * dw,), 0)}
print("plain descent, rate 0.018:", len(paths["plain descent"]) - 1, "steps")
too_fast = descend(lambda w, dw, t: (w - 0.021 * dw,), 0, limit=30)
print("rate 0.021, after 30 steps: y =", too_fast[-1][1].round(2))

# %% [markdown]
# With 0.018 it takes 298 steps. With a little more it is thrown out. Why is there no rate in between that is
# fast?

# %%
quiz("09-across-and-along")

# %% [markdown]
# ## A ball that rolls
#
# Across the ravine the gradient changes its sign at every step. Along it, it always points the same way. So
# add gradients up: across they cancel, along they pile up. Let older ones fade, by a factor $\mu$ (*mu*) a
# step. The sum is called the **velocity**, the method **momentum**:
#
# $$v \leftarrow \mu\, v + dw \qquad\qquad w \leftarrow w - \text{lr}\cdot v$$

# %%
quiz("09-how-fast")

# %% [markdown]
# One array goes in, with its gradient and its velocity, of any shape. What comes back are **new arrays**; the
# old ones stay as they were. The velocity that comes back goes into the next step; at first it is zeros.


# %% exercise="momentum_step"
def momentum_step(w, dw, v, lr, mu):
    """One step with momentum: gives back w and v, both new.

    w, dw, v: arrays of one shape: weights, gradient, velocity        lr, mu: numbers
    """
    # BEGIN SOLUTION
    v = mu * v + dw
    w = w - lr * v
    # END SOLUTION
    return w, v


# %%
check(momentum_step)

# %% [markdown] tags=["solution"]
# **Why this way.** First the velocity, then the step, with the *new* velocity. `w -= lr * v` would change the
# caller's array; `w - lr * v` makes a new one. Another way: `new_v = mu * v + dw` and `return w - lr * new_v,
# new_v`.

# %% [markdown]
# The same race, with a velocity. **Guess** before you run the next cell: plain descent took 298 steps. How
# many now?

# %%
momentum = use(momentum_step)
paths["momentum"] = descend(lambda w, dw, v, t: momentum(w, dw, v, 0.01, 0.9), 1)
print("momentum, rate 0.01, mu 0.9:", len(paths["momentum"]) - 1, "steps")

# %% [markdown]
# About a third of the steps. (Others write it otherwise: with $(1 - \mu)$ at the gradient, or with the
# learning rate inside $v$. The steps are the same up to a rescaled rate, as long as the rate does not change.
# The check asks for the form above, and knows the others by name.)

# %% [markdown]
# ## Look where you are going
#
# A ball that rolls too fast overshoots. **Nesterov's** idea: the velocity will carry us on in any case, so
# act as if it had. In the form that is used today the velocity is the same, and only the step differs:
#
# $$v \leftarrow \mu\, v + dw \qquad\qquad w \leftarrow w - \text{lr}\cdot (dw + \mu\, v)$$
#
# In the bracket stands the *new* $v$: what the velocity will be one step on, if the gradient stays.


# %% exercise="nesterov_step"
def nesterov_step(w, dw, v, lr, mu):
    """One step with Nesterov's momentum: gives back w and v, both new.

    w, dw, v: arrays of one shape        lr, mu: numbers
    """
    # BEGIN SOLUTION
    v = mu * v + dw
    w = w - lr * (dw + mu * v)
    # END SOLUTION
    return w, v


# %%
check(nesterov_step)

# %% [markdown] tags=["solution"]
# **Why this way.** With the *old* velocity in the bracket, `dw + mu * v` would be the new velocity, and the
# step that of ordinary momentum. Another way: `w - lr * dw - lr * mu * v`.

# %% [markdown]
# **Guess**: the same rate, the same mu. Is a look ahead worth a few steps, or many?

# %%
nesterov = use(nesterov_step)
paths["Nesterov"] = descend(lambda w, dw, v, t: nesterov(w, dw, v, 0.01, 0.9), 1)
print("Nesterov, rate 0.01, mu 0.9:", len(paths["Nesterov"]) - 1, "steps")

# %% [markdown]
# On a smooth ravine without noise this is as good as it gets. On noisy gradients the difference to momentum
# is often small.

# %% [markdown]
# ## A size for each weight
#
# Another thought: the trouble is that one rate serves two slopes. Then divide each gradient by its own usual
# size. **RMSProp** keeps a running average of the *squares*, and divides by its root:
#
# $$s \leftarrow \rho\, s + (1 - \rho)\, dw^2 \qquad\qquad w \leftarrow w - \text{lr}\, \frac{dw}{\sqrt s +
# \varepsilon}$$
#
# all entry by entry. $\rho$ (*rho*) is the share of the old average that is kept. The small $\varepsilon$
# (*eps*) keeps the divisor from 0. It stands outside the root.


# %% exercise="rmsprop_step"
def rmsprop_step(w, dw, s, lr, rho, eps):
    """One step of RMSProp: gives back w and s, both new.

    w, dw, s: arrays of one shape        lr, rho, eps: numbers
    """
    # BEGIN SOLUTION
    s = rho * s + (1 - rho) * dw**2
    w = w - lr * dw / (np.sqrt(s) + eps)
    # END SOLUTION
    return w, s


# %%
check(rmsprop_step)

# %% [markdown] tags=["solution"]
# **Why this way.** The shares `rho` and `1 - rho` add up to 1, so `s` is an average and settles at the square
# of a constant gradient. Another way: `s + (1 - rho) * (dw**2 - s)`, which moves `s` a part of the way.

# %% [markdown]
# At the start one gradient is ten times as large as the other. **Predict**: which weight moves further in the
# first step? And when the bottom is near, will the steps become short?

# %%
rmsprop = use(rmsprop_step)
path = descend(lambda w, dw, s, t: rmsprop(w, dw, s, 0.3, 0.9, 1e-8), 1, limit=200)
print("after  1 step: ", path[1].round(2))
print("after 40 steps:", path[40].round(2), f"  loss {loss_at(path[40]):.3f}")
print("after 41 steps:", path[41].round(2), f"  loss {loss_at(path[41]):.3f}")

# %% [markdown]
# Both weights moved alike in the first step, and further than the learning rate: `s` began at 0, so the
# divisor is too small at first. Adam will mend that.
#
# And it does not come to rest. Near the bottom the gradient is small, its usual size is small as well, and
# the quotient is not: $y$ goes from 0.22 to -0.11, a step about as long as the learning rate, and right
# across the bottom. That is mended further down.

# %% [markdown]
# ## Both: Adam
#
# **Adam** averages the gradients, like a velocity, *and* their squares:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, dw \qquad\qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, dw^2$$
#
# (Here $v$ is the average of the squares. The letters are those of the paper that proposed Adam.) Both begin
# at 0, so at first they are too small: after one step $m$ is only the part $1 - \beta_1$ of the gradient,
# after $t$ steps the part $1 - \beta_1^t$. That is known exactly, so divide by it:
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad\qquad w \leftarrow w -
# \text{lr}\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$

# %%
quiz("09-first-step")

# %% [markdown]
# `t` is the number of this step. It counts from 1, and whoever calls counts it. The corrected values serve
# this step alone: what comes back are $m$ and $v$ *without* the correction.


# %% exercise="adam_step"
def adam_step(w, dw, m, v, t, lr, beta1, beta2, eps):
    """One step of Adam: gives back w, m and v, all new; m and v uncorrected.

    w, dw, m, v: arrays of one shape        t: number of this step, from 1
    lr, beta1, beta2, eps: numbers; eps stands outside the root
    """
    # BEGIN SOLUTION
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * dw**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w = w - lr * m_hat / (np.sqrt(v_hat) + eps)
    # END SOLUTION
    return w, m, v


# %%
check(adam_step)

# %% [markdown] tags=["solution"]
# **Why this way.** The corrected values have names of their own, so the averages stay what they are. The
# correction comes before the root. Another way: scale the rate once, `lr * np.sqrt(1 - beta2**t) / (1 -
# beta1**t)`; then `eps` has to be multiplied by the same root, or it means something else.

# %%
adam = use(adam_step)
paths["Adam"] = descend(lambda w, dw, m, v, t: adam(w, dw, m, v, t, 0.5, 0.9, 0.999, 1e-8), 2)
print("Adam, rate 0.5:", len(paths["Adam"]) - 1, "steps")
slow = descend(lambda w, dw, m, v, t: adam(w, dw, m, v, t, 0.1, 0.9, 0.999, 1e-8), 2)
print("Adam, rate 0.1:", len(slow) - 1, "steps")

# %% [markdown]
# Now all four on one map. **Predict** where Adam's first steps lead: down the steep wall, along the ravine,
# or in between?

# %%
viz.ravine_race(paths)

# %% [markdown]
# Look at the shapes. Plain descent jumps from wall to wall. Momentum swings, and gathers speed along the
# ravine. Nesterov's look ahead damps the swing at once. Adam sets off down the diagonal, as if both
# directions were equally steep, and shoots past in both.

# %% [markdown]
# Do not take the order for a law. Here is the race to play with, RMSProp included. **Guess** first:
#
# 1. All rates doubled: who is thrown out, and who hardly notices?
# 2. Start on the floor of the ravine, at $y = 0$: no walls to jump between. Is plain descent quick now?
# 3. On the saddle everybody starts next to the ridge, where the slope across is nearly 0. Who leaves it
#    first?

# %%
viz.optimiser_race()

# %% [markdown]
# Twice the rate throws plain descent and Nesterov out, momentum bears it, and Adam hardly notices: it
# divides by the slope, so a steep wall does not make a long step. On the floor plain descent is as slow as
# ever: what the walls allow is too small for the floor, wherever you stand. From the ridge of the saddle
# Adam and RMSProp are gone after 11 steps, the others after 40 and more: divided by its own size, a slope
# of next to nothing is as good as any. The price you know: RMSProp does not come to rest.

# %% [markdown]
# And look what did *not* change in all this.

# %%
quiz("09-who-computes")

# %% [markdown]
# **Backpropagation is not the optimiser.** One computes gradients, exactly, for whoever wants them. The other
# decides where to go. People say "trained with backpropagation" and mean both. When a training fails, it pays
# to know which of the two you doubt: the first can be checked (lesson 03), the second can only be tried.

# %% [markdown]
# ## Weights that fade
#
# Large weights make a network nervous: a small change of the input, a large one of the output. So one often
# lets every weight fade a little in each step, unless its gradient holds it: **weight decay**. (What it is
# good for is lesson 13's question.) In **AdamW** it stands beside Adam's direction and goes through none of
# its averages:
#
# $$w \leftarrow w - \text{lr} \Big( \frac{\hat m}{\sqrt{\hat v} + \varepsilon} + \text{weight\_decay} \cdot w
# \Big)$$
#
# The $w$ on the right is the old one, in both places. You may call your `adam_step`; it gives back
# weights that have moved, not the direction.


# %% exercise="adamw_step"
def adamw_step(w, dw, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """One step of AdamW: gives back w, m and v, all new; m and v as in adam_step.

    w, dw, m, v: arrays of one shape        t: number of this step, from 1
    lr, beta1, beta2, eps, weight_decay: numbers
    """
    # BEGIN SOLUTION
    moved, m, v = adam_step(w, dw, m, v, t, lr, beta1, beta2, eps)
    w = moved - lr * weight_decay * w
    # END SOLUTION
    return w, m, v


# %%
check(adamw_step)

# %% [markdown] tags=["solution"]
# **Why this way.** `moved` has a name of its own, so the old `w` is still there for the decay. Another way:
# `adam_step((1 - lr * weight_decay) * w, dw, ...)`: Adam's direction does not depend on `w`, so the order
# does not matter.

# %% [markdown]
# Why not add the decay to the gradient, where it would go through Adam's division? Try both ways: two weights
# of 1, one with wild gradients, one with calm ones, 200 steps of pure noise. **Predict** which of the two
# weights does not fade when the decay is inside.

# %%
adamw, rng = use(adamw_step), np.random.default_rng(0)
w1, w2 = np.ones(2), np.ones(2)
memory1, memory2 = [np.zeros(2)] * 2, [np.zeros(2)] * 2
for t in range(1, 201):
    noise = rng.normal(size=2) * np.array([10.0, 0.01])
    w1, *memory1 = adamw(w1, noise, *memory1, t, 0.01, 0.9, 0.999, 1e-8, 0.5)
    w2, *memory2 = adam(w2, noise + 0.5 * w2, *memory2, t, 0.01, 0.9, 0.999, 1e-8)
print("decay beside the direction:", w1.round(2))
print("decay inside the gradient: ", w2.round(2))

# %% [markdown]
# Beside the direction both fade, each with its own noise on top. Inside the gradient the calm weight is gone,
# and the wild one has not faded at all: its decay was divided by its size.

# %% [markdown]
# ## A rate that changes
#
# RMSProp could not come to rest. Large steps are good at first, and small ones at the end. The simplest
# **schedule** is a staircase: each time `every` epochs have passed, the rate is multiplied by `drop`. With a
# first rate of 0.8, `drop` 0.5 and `every` 10: epochs 0 to 9 have 0.8, epochs 10 to 19 have 0.4, and so on.


# %% exercise="step_decay"
def step_decay(lr, epoch, drop, every):
    """The learning rate of an epoch.

    lr: rate of the first epochs        epoch: integer, from 0
    drop: the factor that is kept at each fall        every: epochs from fall to fall
    """
    # BEGIN SOLUTION
    lr = lr * drop ** (epoch // every)
    # END SOLUTION
    return lr


# %%
check(step_decay)

# %% [markdown] tags=["solution"]
# **Why this way.** `//` says how many whole times `every` goes into `epoch`: the number of falls that lie
# behind. Another way is a loop: `for _ in range(epoch // every): lr = lr * drop`.

# %%
staircase = use(step_decay)
print([round(staircase(0.8, epoch, 0.5, 10), 2) for epoch in (0, 9, 10, 19, 20)])

# %% [markdown]
# The other one that is much used goes up in a straight line, then down along half a wave. The rise is called
# **warm-up**: at first the averages of Adam know little, and large steps do harm. For steps from 0:
#
# - while `step < warmup`: the rate is $\text{lr}_\text{max}\,(\text{step} + 1) / \text{warmup}$,
# - after that $q = (\text{step} - \text{warmup}) / (\text{total} - \text{warmup})$, 1 at most, and the rate
#   is
#
# $$\text{lr}_\text{min} + (\text{lr}_\text{max} - \text{lr}_\text{min})\, \frac{1 + \cos(\pi q)}{2}$$
#
# `warmup` may be 0. `np.pi` and `np.cos` are what you think they are.


# %% exercise="cosine_schedule"
def cosine_schedule(step, total, lr_max, lr_min, warmup):
    """The learning rate of a step: up in a straight line, then down along half a wave.

    step: integer, from 0        total: step at which lr_min is reached
    lr_max, lr_min: numbers        warmup: steps of the rise, may be 0
    """
    # BEGIN SOLUTION
    if step < warmup:
        return lr_max * (step + 1) / warmup
    q = min(1.0, (step - warmup) / (total - warmup))
    lr = lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * q)) / 2
    # END SOLUTION
    return lr


# %%
check(cosine_schedule)

# %% [markdown] tags=["solution"]
# **Why this way.** $1 + \cos$ goes from 2 to 0, so half of it is the share of the way that is left. `min`
# keeps the wave from rising again behind `total`. Another way: `np.cos(np.pi * q / 2) ** 2`, which is the
# same share.

# %%
cosine = use(cosine_schedule)
viz.schedules(
    {
        "staircase": [staircase(0.3, step, 0.5, 30) for step in range(130)],
        "cosine with warm-up": [cosine(step, 120, 0.3, 0.0, 10) for step in range(130)],
    }
)

# %% [markdown]
# Does it bring RMSProp to rest? The same ravine, the same largest rate of 0.3, once as it was and once with a
# cosine down to 0 over 120 steps:

# %%
fixed = descend(lambda w, dw, s, t: rmsprop(w, dw, s, 0.3, 0.9, 1e-8), 1, limit=120)
falling = descend(lambda w, dw, s, t: rmsprop(w, dw, s, cosine(t - 1, 120, 0.3, 0.0, 0), 0.9, 1e-8), 1, 120)
print(f"fixed rate:   {len(fixed) - 1} steps, loss {loss_at(fixed[-1]):.4f}")
print(f"falling rate: {len(falling) - 1} steps, loss {loss_at(falling[-1]):.4f}")

# %% [markdown]
# ## On digits
#
# Now for real, with lesson 08's digits: 64-32-10, batches of 32, five epochs. Every array has a memory of its
# own, and `t` counts once per step, not once per array.


# %%
images, labels, _, _ = digits()
x = images / 16


def train(step, memories):
    """Loss over all 1437 images after five epochs."""
    params, rng, t = init_mlp((64, 32, 10), np.random.default_rng(0)), np.random.default_rng(1), 0
    memory = {name: [np.zeros_like(array)] * memories for name, array in params.items()}
    for _ in range(5):
        for x_batch, labels_batch in minibatches(x, labels, 32, rng):
            _, grads = mlp_loss_gradients(x_batch, labels_batch, params)
            t += 1
            for name in params:
                params[name], *memory[name] = step(params[name], grads[name], *memory[name], t)
    return mlp_loss_gradients(x, labels, params)[0]


# %% [markdown]
# **Guess** twice: who is ahead when all three have a rate of 0.01, and who when each has a rate of its own?


# %%
def plain(lr):
    return train(lambda w, dw, t: (w - lr * dw,), 0)


def rolling(lr):
    return train(lambda w, dw, v, t: momentum(w, dw, v, lr, 0.9), 1)


def adaptive(lr):
    return train(lambda w, dw, m, v, t: adam(w, dw, m, v, t, lr, 0.9, 0.999, 1e-8), 2)


print(f"all at 0.01:   plain {plain(0.01):.2f}, momentum {rolling(0.01):.2f}, Adam {adaptive(0.01):.2f}")
print(f"each at its own: plain {plain(0.5):.2f}, momentum {rolling(0.1):.2f}, Adam {adaptive(0.01):.2f}")

# %% [markdown]
# At one rate for all, Adam seems to be in another league. That comparison is all over the internet, and it is
# not fair: 0.01 suits Adam and nobody else. With a rate that suits each (0.5, 0.1 and 0.01 here, found by
# trying), **the gap nearly closes**, and in this run momentum is even ahead. Over ten other starts the ranges
# overlapped, with an unlucky start or two for plain descent, whose rate is a bold one.
#
# What Adam saves is the search: rates between 0.001 and 0.01 do for very many networks, while the right
# rate of plain descent depends on everything. That is worth a lot. It is not the same as being better.

# %% [markdown]
# ## Find the bug
#
# Somebody shortened Adam. The first step is right to the last digit.


# %% exercise="adam_step_repaired"
def adam_step_repaired(w, dw, m, v, t, lr, beta1, beta2, eps):
    """One step of Adam: gives back w, m and v, all new; m and v uncorrected.

    w, dw, m, v: arrays of one shape        t: number of this step, from 1
    lr, beta1, beta2, eps: numbers; eps stands outside the root
    """
    # BEGIN SOLUTION
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * dw**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
    # END SOLUTION
    # BEGIN BUG
    # m = (beta1 * m + (1 - beta1) * dw) / (1 - beta1)
    # v = (beta2 * v + (1 - beta2) * dw**2) / (1 - beta2)
    # return w - lr * m / (np.sqrt(v) + eps), m, v
    # END BUG


# %% role="use"
w, m, v = np.zeros(1), np.zeros(1), np.zeros(1)
for t in range(1, 6):
    before = w
    w, m, v = adam_step_repaired(w, np.ones(1), m, v, t, 0.1, 0.9, 0.999, 1e-8)
    print(f"step {t}: length {(before - w)[0]:.3f}   m {m[0]:8.2f}   v {v[0]:10.2f}")

# %% [markdown]
# The gradient is 1 at every step. In a right version every step is 0.1 long: the corrected averages of a
# constant are that constant. And `m` and `v` themselves grow slowly towards 1. There are two slips.

# %%
check(adam_step_repaired)

# %% [markdown] tags=["solution"]
# **What was wrong.** The correction was $1 - \beta$ in each step, without the power of $t$: right for the
# first step, too strong from the second on. And the corrected values were written over the averages, so the
# next step corrected them again. Both are invisible at $t = 1$. Another way: `return adam_step(w, dw, m, v,
# t, lr, beta1, beta2, eps)`.

# %% [markdown]
# ## Three steps by hand
#
# The smallest Adam there is: two weights, three gradients.

# %%
w, m, v = np.array([1.0, -2.0]), np.zeros(2), np.zeros(2)
for t, dw in enumerate(([0.5, -1.0], [0.1, 2.0], [-0.3, 0.4]), start=1):
    w, m, v = adam(w, np.array(dw), m, v, t, 0.1, 0.9, 0.999, 1e-8)
    print(f"{w[0]:.6f} {w[1]:.6f}")

# %% [markdown]
# ## The same in PyTorch
#
# ```python
# import torch
#
# w = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
# optimiser = torch.optim.Adam([w], lr=0.1, betas=(0.9, 0.999), eps=1e-8)
# for dw in ([0.5, -1.0], [0.1, 2.0], [-0.3, 0.4]):
#     w.grad = torch.tensor(dw, dtype=torch.float64)
#     optimiser.step()
# print(f"{w[0].item():.6f} {w[1].item():.6f}")  # 0.798625 -1.975723
# ```
#
# `torch.optim.SGD` with `momentum=0.9`, `nesterov=True`, `torch.optim.RMSprop`, `torch.optim.AdamW`: all with
# your formulas. The averages live inside the optimiser, one pair for each array, and it counts `t` itself.

# %% [markdown]
# ## Three sentences to keep
#
# 1. Momentum adds up gradients, so what changes its sign cancels and what keeps it piles up; Adam also
#    divides each weight's gradient by its usual size.
# 2. Averages that begin at 0 are too small at first, and that can be corrected exactly: divide by $1 -
#    \beta^t$, a copy, for this step.
# 3. Backpropagation computes, the optimiser decides; compare optimisers each at its own best rate.
#
# Next: with all this, why did deep networks of sigmoids not learn for twenty years?

# %% tags=["nbval-ignore-output"]
progress()
