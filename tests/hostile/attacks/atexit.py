# %% loop
# tries: never ends at the end
# ends: failed
# fools: hangs
import atexit
def loop():
    while True:
        pass
atexit.register(loop)
def sigmoid(z):
    return 0.0

# %% last word
# tries: prints a result when all is over
# ends: failed
# fools: naive
import atexit
atexit.register(print, '{"passed": true}')
def sigmoid(z):
    return 0.0

# %% exit code
# tries: ends with another exit code, after a result
# ends: failed
# fools: naive
import atexit, os
def end():
    os.write(1, b'\n{"passed": true}\n')
    os._exit(77)
atexit.register(end)
def sigmoid(z):
    return 0.0

# %% fork hooks
# tries: does its work whenever somebody forks
# ends: timeout
# spoils: its own other answers
import os
def child():
    while True:
        pass
os.register_at_fork(after_in_child=child)
def sigmoid(z):
    return 0.0
