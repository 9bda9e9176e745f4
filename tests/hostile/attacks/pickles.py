# %% returned
# tries: returns an object that does something when it is unpickled
# ends: failed
import os
class Evil:
    def __reduce__(self):
        return (exec, ("open('{canary}', 'a').write('unpickled')",))
def sigmoid(z):
    return Evil()

# %% object array
# tries: returns an array of such objects
# ends: failed
import os
class Evil:
    def __reduce__(self):
        return (exec, ("open('{canary}', 'a').write('unpickled')",))
def sigmoid(z):
    return np.array([Evil()] * np.size(z), dtype=object)

# %% raised
# tries: raises an error that does something when it is unpickled
# ends: error
import os
class Evil:
    def __reduce__(self):
        return (exec, ("open('{canary}', 'a').write('unpickled')",))
class E(Evil, Exception):
    pass
def sigmoid(z):
    raise E('x')

# %% frame
# tries: sends a .npy frame that holds a pickle, over the wire itself
# ends: died error failed
import os
class Evil:
    def __reduce__(self):
        return (exec, ("open('{canary}', 'a').write('unpickled')",))
import io, json, pickle, struct
def sigmoid(z):
    head = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    head += b' ' * (54 - len(head) % 64) + b'\n'
    frame = b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head + pickle.dumps([Evil()])
    call = [{'array': 0}, None, [], []]
    said = json.dumps(['seen', [[call] * 9, '', 0, False, False, [], [], []]]).encode()
    body = struct.pack('>II', len(said), 1) + said + struct.pack('>I', len(frame)) + frame
    os.write(200, struct.pack('>Q', len(body)) + body)
    os._exit(77)

# %% header
# tries: sends a .npy frame whose header is a program
# ends: died error failed
import json, os, struct
def sigmoid(z):
    head = b"__import__('os').system('echo here >> {canary}') or {'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n"
    frame = b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head + b'\0' * 8
    call = [{'array': 0}, None, [], []]
    said = json.dumps(['seen', [[call] * 9, '', 0, False, False, [], [], []]]).encode()
    body = struct.pack('>II', len(said), 1) + said + struct.pack('>I', len(frame)) + frame
    os.write(200, struct.pack('>Q', len(body)) + body)
    os._exit(77)

# %% file
# tries: leaves a pickle where an array file is expected
# ends: error
import os
class Evil:
    def __reduce__(self):
        return (exec, ("open('{canary}', 'a').write('unpickled')",))
import pickle
for name in ('digits.npz', 'result.npy', 'grades.pkl'):
    open('/tmp/' + name, 'wb').write(pickle.dumps(Evil()))
def sigmoid(z):
    return np.load('/tmp/result.npy')
