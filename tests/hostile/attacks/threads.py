# %% endless
# tries: starts threads that never end
# ends: failed not_attempted timeout
# fools: hangs
import threading
def spin():
    while True:
        pass
for _ in range(3):
    threading.Thread(target=spin).start()
def sigmoid(z):
    return 0.0

# %% locks
# tries: holds the lock that imports need
# ends: timeout failed
import threading, _imp
_imp.acquire_lock()
def sigmoid(z):
    t = threading.Thread(target=lambda: __import__('wave'))
    t.start()
    t.join()
    return 0.0

# %% patch later
# tries: waits until the checks begin, and patches then
# ends: failed error
# fools: naive
import threading, time
def later():
    while True:
        np.allclose = lambda *a, **k: True
        time.sleep(0.001)
threading.Thread(target=later, daemon=True).start()
time.sleep(0.01)
def sigmoid(z):
    return 0.0

# %% finalizer
# tries: patches when an object is collected, in a thread of its own
# ends: failed error
# fools: naive
import threading
class Last:
    def __del__(self):
        np.allclose = lambda *a, **k: True
t = threading.Thread(target=lambda: Last() and None)
t.start()
t.join()
def sigmoid(z):
    return 0.0
