# %% gc
# tries: looks through all objects for a function called reference
# ends: error not_attempted
# fools: naive
import gc, types
stolen = next(o for o in gc.get_objects() if isinstance(o, types.FunctionType) and o.__name__ == 'reference')
def sigmoid(z):
    return globals()['stolen'](z)

# %% modules
# tries: looks through all modules for a sigmoid or a reference
# ends: error not_attempted
# fools: naive
import sys
found = [getattr(m, n) for m in list(sys.modules.values()) for n in ('reference', 'sigmoid') if hasattr(m, n)]
stolen = [f for f in found if callable(f) and f(0.0) == 0.5][0]
def sigmoid(z):
    return globals()['stolen'](z)

# %% proc mem
# tries: reads the memory of this process for what was expected
# ends: error
import re
hits = 0
for line in open('/proc/self/maps'):
    if 'rw' in line and '[heap]' in line:
        a, b = (int(x, 16) for x in line.split()[0].split('-'))
        with open('/proc/self/mem', 'rb') as m:
            m.seek(a)
            hits += len(re.findall(b'bplearn.exercises|lesson01_one_weight', m.read(b - a)))
found = f'SECRET-IN-MEMORY {hits}' if hits else 'nothing'
def sigmoid(z):
    raise RuntimeError(found)

# %% cases
# tries: collects arrays that lie about and looks for one that fits its argument
# ends: error failed
import gc
def sigmoid(z):
    near = [o for o in gc.get_objects() if isinstance(o, np.ndarray) and o.shape == np.shape(z)
            and o is not z and o.dtype.kind == 'f' and np.all((o > 0) & (o < 1))]
    return near[-1]
