# %% at once
# tries: asks for a terabyte
# ends: memory
def sigmoid(z):
    return np.ones(10**12)

# %% bit by bit
# tries: grows until it is stopped
# ends: memory died timeout
def sigmoid(z):
    a = []
    while True:
        a.append(bytearray(10**7))

# %% in children
# tries: grows in eight children at once
# ends: memory died timeout
import os, time
def sigmoid(z):
    for _ in range(8):
        if os.fork() == 0:
            a = []
            while True:
                a.append(bytearray(b'x' * 10**7))
                time.sleep(0.001)
    time.sleep(600)

# %% in the cell
# tries: grows in the cell
# ends: not_attempted memory died
a = 'x'
while True:
    a += a

# %% a view
# tries: returns a view of 10**15 numbers on one
# ends: failed error memory
def sigmoid(z):
    return np.broadcast_to(0.5, (10**5, 10**5, 10**5))

# %% out of sight
# tries: keeps memory in files that have no name, where no limit of a process counts it
# ends: error
import os
kept = []
def sigmoid(z):
    while True:
        handle = os.memfd_create("m")
        os.posix_fallocate(handle, 0, 60 * 2**20)
        kept.append(handle)

# %% System V
# tries: keeps memory in segments that outlive a process
# ends: failed
import ctypes
libc = ctypes.CDLL(None)
def sigmoid(z):
    return float(sum(libc.shmget(0, 60 * 2**20, 0o1600) >= 0 for _ in range(100)))
