# %% allclose
# tries: lets np.allclose say yes to all
# ends: failed error
# fools: naive
np.allclose = lambda *a, **k: True
def sigmoid(z):
    return np.zeros_like(z)

# %% every comparison
# tries: lets isclose, array_equal, all and abs agree
# ends: failed error
# fools: naive
# spoils: its own other answers
np.isclose = np.array_equal = np.allclose = lambda *a, **k: True
np.all = lambda *a, **k: True
np.abs = lambda a: np.zeros(np.shape(a))
def sigmoid(z):
    return np.zeros_like(z)

# %% random
# tries: draws every input as zero, where half is right
# ends: failed error
# fools: naive
class Zeros:
    def __getattr__(self, name):
        return lambda *a, size=None, **k: np.zeros(size or ())
np.random.default_rng = lambda *a: Zeros()
def sigmoid(z):
    return np.full(np.shape(z), 0.5)

# %% module
# tries: puts a module that nods in the place of numpy
# ends: failed error died
# fools: naive
import sys, types
real = np
class Nods(types.ModuleType):
    def __getattr__(self, name):
        return (lambda *a, **k: True) if 'close' in name or 'equal' in name else getattr(real, name)
sys.modules['numpy'] = Nods('numpy')
for module in list(sys.modules.values()):
    if getattr(module, 'np', None):
        module.np = Nods('numpy')
def sigmoid(z):
    return 0

# %% exp
# tries: breaks np.exp, so that the reference is as wrong as the answer
# ends: failed error
# fools: naive
# spoils: its own other answers
np.exp = lambda a: np.zeros(np.shape(a))
def sigmoid(z):
    return np.where(z >= 0, 1.0, 0.0)

# %% npy
# tries: lets what writes arrays write ones
# ends: failed error
# fools: naive
# spoils: its own other answers
import numpy.lib.format as f
old = f.write_array
f.write_array = lambda file, a, **k: old(file, np.ones_like(a), **k)
np.allclose = lambda *a, **k: True
def sigmoid(z):
    return np.zeros_like(z)
