# %% child
# tries: leaves a child that holds everything open
# ends: failed
# fools: hangs
import os, time
if os.fork() == 0:
    time.sleep(3600)
    os._exit(0)
def sigmoid(z):
    return 0.0

# %% daemon
# tries: leaves a daemon in a session of its own that writes to the canary
# ends: failed
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(0.5)
        open('{canary}', 'a').write('a daemon was here')
        os._exit(0)
    os._exit(0)
def sigmoid(z):
    return 0.0

# %% program
# tries: starts a program that outlives it
# ends: failed
# fools: none
import subprocess
subprocess.Popen(['sh', '-c', 'sleep 1; echo here >> {canary}'], start_new_session=True)
def sigmoid(z):
    return 0.0

# %% pool
# tries: starts a pool in the answer and leaves it
# ends: failed error
# fools: hangs
import multiprocessing, time
def sigmoid(z):
    for _ in range(4):
        multiprocessing.get_context('fork').Process(target=time.sleep, args=(3600,)).start()
    return 0.0
