# %% sys.exit
# tries: ends the program in a cell
# ends: not_attempted
# fools: hangs
import sys
sys.exit(0)

# %% os._exit
# tries: ends it without a word
# ends: not_attempted died
# fools: hangs
import os
os._exit(0)

# %% quit
# tries: raises SystemExit in the answer
# ends: error
# fools: hangs
def sigmoid(z):
    raise SystemExit(0)

# %% abort
# tries: aborts
# ends: died
# fools: hangs
import os
def sigmoid(z):
    os.abort()

# %% exec
# tries: becomes another program that says all is well
# ends: died
# fools: naive
import os, sys
def sigmoid(z):
    os.execv('/bin/echo', ['echo', '{"passed": true}'])
