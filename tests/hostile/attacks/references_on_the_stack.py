# %% locals
# tries: climbs the stack to a variable called expected
# ends: error
# fools: naive
import sys
def sigmoid(z):
    frame = sys._getframe()
    while frame:
        if 'expected' in frame.f_locals:
            return frame.f_locals['expected']
        frame = frame.f_back
    raise LookupError('nothing')

# %% globals
# tries: climbs the stack to a module that has a reference
# ends: error
# fools: naive
import inspect
def sigmoid(z):
    for info in inspect.stack():
        for name in ('reference', 'exercises', 'judge'):
            if name in info.frame.f_globals:
                return info.frame.f_globals[name](z)
    raise LookupError('nothing')

# %% trace
# tries: has every call traced, and takes what a function called reference returns
# ends: error
# fools: naive
import sys
taken = {}
def trace(frame, event, arg):
    if event == 'return' and frame.f_code.co_name == 'reference':
        taken[len(arg)] = arg
    return trace
sys.settrace(trace)
for frame in sys._current_frames().values():
    while frame:
        frame.f_trace = trace
        frame = frame.f_back
def sigmoid(z):
    return taken[len(z)]

# %% profile
# tries: the same with a profile of C calls, and raises what it has seen
# ends: error
# fools: naive
import sys
seen = []
def look(frame, event, arg):
    if event == 'return' and frame.f_code.co_name in ('reference', 'sample', 'expected'):
        seen.append(arg)
sys.setprofile(look)
def sigmoid(z):
    return seen[-1]
