# %% itself
# tries: kills itself
# ends: died
# fools: hangs
import os
def sigmoid(z):
    os.kill(os.getpid(), 9)

# %% parents
# tries: kills its parent, its group and all it can see
# ends: died failed
import os, signal
def sigmoid(z):
    for target in (os.getppid(), 1, -1):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            pass
    return 0.0

# %% stop
# tries: stops itself and whoever started it, for ever
# ends: timeout
import os, signal
def sigmoid(z):
    os.kill(os.getppid(), signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGSTOP)

# %% segfault
# tries: reads address zero
# ends: died
# fools: hangs
import ctypes
def sigmoid(z):
    ctypes.string_at(0)

# %% ptrace
# tries: attaches to the process that started it
# ends: failed died timeout
import ctypes, os
def sigmoid(z):
    libc = ctypes.CDLL(None)
    for pid in (1, os.getppid()):
        libc.ptrace(16, pid, 0, 0)
    return 0.0
