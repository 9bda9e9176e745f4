# %% python
# tries: never ends
# ends: timeout
# fools: hangs
def sigmoid(z):
    while True:
        pass

# %% cell
# tries: never ends in the cell
# ends: not_attempted timeout
# fools: hangs
while True:
    pass

# %% C
# tries: never ends in one call of C code
# ends: timeout
# fools: hangs
def sigmoid(z):
    return sum(range(10**14))

# %% number
# tries: calculates a number of a billion digits
# ends: timeout memory
# fools: hangs
def sigmoid(z):
    return 7 ** 10**9

# %% pattern
# tries: matches a pattern that backtracks
# ends: timeout
# fools: hangs
import re
def sigmoid(z):
    return re.match('(a|aa)+$', 'a' * 60 + 'b')

# %% sleep
# tries: sleeps
# ends: timeout
# fools: hangs
import time
def sigmoid(z):
    time.sleep(10**6)

# %% catches all
# tries: catches whatever is to stop it
# ends: timeout
# fools: hangs
def sigmoid(z):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
