# %% [markdown]
# # 06 · losses
#
# About 30 minutes. **The question that a reader of this lesson has goes here.**

# %%
import numpy as np

from bplearn import check, quiz, use

# %% [markdown]
# ## See
#
# A picture or a worked example comes before a formula. Show pictures with `viz`.

# %%
x = np.array([1.0, -2.0, 3.0])
print(2.0 * x)

# %% [markdown]
# ## Predict
#
# Ask before you tell.

# %%
quiz("06-double")

# %% [markdown]
# ## Write
#
# Say what comes in and what comes out. The few lines that matter are the learner's.


# %% exercise="scale_06"
def scale_06(x, factor):
    """Every entry of x, times factor.

    x (n,), factor a number
    """
    # BEGIN SOLUTION
    return factor * x
    # END SOLUTION


# %%
check(scale_06)

# %% [markdown] tags=["solution"]
# Say why this works, and name one other way: `np.multiply(factor, x)` gives the same.

# %% [markdown]
# ## Use
#
# Never check without use: something worth seeing, made with what was written.

# %%
print(use(scale_06)(x, 10.0))

# %% [markdown]
# ## Three sentences to keep
#
# - One.
# - Two.
# - Three.
