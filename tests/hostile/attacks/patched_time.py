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

# %% alarm
# tries: takes the alarm away that is to wake its guard
# ends: timeout
# fools: hangs
import signal
signal.alarm = signal.setitimer = signal.signal = lambda *a: None
def sigmoid(z):
    while True:
        try:
            while True:
                pass
        except BaseException:
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
