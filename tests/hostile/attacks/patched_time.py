# %% clocks
# tries: stops all clocks and then never ends
# ends: timeout
# fools: hangs
import time
for name in ('time', 'monotonic', 'perf_counter', 'process_time', 'thread_time'):
    setattr(time, name, lambda: 0.0)
def sigmoid(z):
    while True:
        pass

# %% limits
# tries: asks for more time, and ignores the end of it
# ends: timeout
# fools: hangs
import resource, signal
signal.signal(signal.SIGXCPU, signal.SIG_IGN)
try:
    resource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6))
except (ValueError, OSError):
    pass
def sigmoid(z):
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass

# %% deaf
# tries: turns a deaf ear to every signal, so that the kernel's word that time is up is not heard
# ends: timeout
# fools: hangs
import signal
def sigmoid(z):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass

# %% children
# tries: uses up the time of one process after the other
# ends: timeout
# fools: hangs
import os
def sigmoid(z):
    while True:
        if os.fork():
            os.wait()
        else:
            n = 0
            while n < 10**7:
                n += 1
            os._exit(0)
