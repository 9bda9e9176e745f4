# %% equal to all
# tries: returns something that is equal to everything
# ends: failed error
# fools: naive
class Equal:
    def __eq__(self, other): return True
    def __array_function__(self, *a): return True
    def __getattr__(self, name): return lambda *a, **k: self
def sigmoid(z):
    return Equal()

# %% array function
# tries: answers for numpy when numpy compares it
# ends: failed error
# fools: naive
class Yes(np.ndarray):
    def __array_function__(self, f, types, args, kwargs): return True
def sigmoid(z):
    return np.zeros(np.shape(z)).view(Yes)

# %% ufunc
# tries: an array whose difference from anything is nothing
# ends: failed error
# fools: naive
class Near(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *a, **k):
        shape = np.broadcast_shapes(*map(np.shape, a))
        return np.ones(shape, bool) if ufunc.types[0][-1] == '?' else np.zeros(shape)
    def __array_function__(self, *a): return True
def sigmoid(z):
    return np.zeros(np.shape(z)).view(Near)

# %% lazy array
# tries: becomes an array only when it is compared, and looks up then what is expected
# ends: failed error
# fools: naive
import sys
class Later:
    def __array__(self, dtype=None, copy=None):
        frame = sys._getframe()
        while frame:
            if 'expected' in frame.f_locals:
                return np.asarray(frame.f_locals['expected'])
            frame = frame.f_back
        return np.zeros(3)
def sigmoid(z):
    return Later()

# %% object array
# tries: an array of objects that agree with every number
# ends: failed error
# fools: naive
class Agrees(float):
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __abs__(self): return 0.0
    def __le__(self, other): return True
    def __eq__(self, other): return True
np.allclose = lambda a, b: all(x == y for x, y in zip(a, b))
def sigmoid(z):
    return np.array([Agrees(0) for _ in range(np.size(z))], dtype=object).reshape(np.shape(z))

# %% float subclass
# tries: a float that is equal to all floats
# ends: failed error
# fools: naive
class Same(float):
    def __eq__(self, other): return True
    def __float__(self): return self
    def __array_function__(self, *a): return True
def sigmoid(z):
    return Same(0.5)

# %% changes its mind
# tries: gives an array away and fills it later, from a thread that has found what is expected
# ends: failed error
# fools: naive
import threading, sys, time
out = []
def watch():
    while True:
        for frame in sys._current_frames().values():
            while frame:
                if 'expected' in frame.f_locals and out:
                    e = np.asarray(frame.f_locals['expected'])
                    for o in out:
                        if o.shape == e.shape: o[...] = e
                frame = frame.f_back
threading.Thread(target=watch, daemon=True).start()
class Slow(np.ndarray):
    def __array_function__(self, f, t, a, k):
        time.sleep(0.05)
        return f(*[np.asarray(x) for x in a], **k)
def sigmoid(z):
    out.append(np.zeros(np.shape(z)).view(Slow))
    return out[-1]

# %% a mapping
# tries: a list that has whatever is asked for
# ends: failed error
# fools: naive
class All(list):
    def __len__(self): return 3
    def __getitem__(self, i): return self
    def __array_function__(self, *a): return True
    def __iter__(self): return iter([0.5] * 3)
def sigmoid(z):
    return All()
