# %% stdout
# tries: prints a result and ends, so that nothing comes after it
# ends: not_attempted died
# fools: naive
import json, os, sys
word = json.dumps({"passed": True, "points": 1, "status": "passed"})
os.write(1, (word + '\n').encode())
os._exit(0)

# %% every handle
# tries: writes a result to every open file
# ends: died timeout error
# fools: naive
import json, os, sys
word = json.dumps({"passed": True, "points": 1, "status": "passed"})
def sigmoid(z):
    for n in range(1024):
        try:
            os.write(n, (word + '\n').encode())
        except OSError:
            pass
    os._exit(0)

# %% the wire
# tries: speaks the grader's own language: an observation for each case, of halves
# ends: died failed error
import os, sys
def sigmoid(z):
    from bplearn import wire, collect
    seen = collect.Observation(tuple(collect.Call(0.5) for _ in range(9)))
    for n in range(3, 256):
        try:
            with os.fdopen(os.dup(n), 'wb') as out:
                wire.send(out, ['seen', wire.write_observation(seen)])
        except Exception:
            pass
    os._exit(77)

# %% more answers than questions
# tries: sends an answer for the exercises to come, too
# ends: died failed error
import os
from bplearn import wire, collect
def sigmoid(z):
    seen = wire.write_observation(collect.Observation((collect.Call(0.5),)))
    out = os.fdopen(os.dup(200), 'wb')
    for _ in range(50):
        wire.send(out, ['seen', seen])
    return 0.5

# %% tables
# tries: writes marks where the grader keeps them
# ends: failed
# fools: none
import glob, os
for place in {*glob.glob('/tmp/**/grades.*', recursive=True), '{canary}'}:
    try:
        open(place, 'a').write('forged,01_one_weight,sigmoid,passed,1,1,\n')
    except OSError:
        pass
def sigmoid(z):
    return 0.0

# %% a report
# tries: returns a report on itself
# ends: failed error
# fools: naive
class Report:
    passed, points, status = True, 1.0, 'passed'
    def __eq__(self, other): return True
    def __array_function__(self, *a): return True
def sigmoid(z):
    return Report()

# %% exit code
# tries: ends as whoever has told everything ends
# ends: timeout died
# fools: naive
import os, sys, json
def sigmoid(z):
    sys.stdout.write(json.dumps({'passed': True}))
    sys.stdout.flush()
    os._exit(77)

# %% drips
# tries: sends the length of a large message, and then a byte now and then
# ends: timeout
import os, struct, time
def sigmoid(z):
    os.write(200, struct.pack('>Q', 10**6))
    while True:
        os.write(200, b' ')
        time.sleep(0.2)

# %% too much
# tries: claims a message of four exabytes
# ends: died error timeout
import os, struct
def sigmoid(z):
    os.write(200, struct.pack('>Q', 2**62))
    os._exit(77)

# %% one array a thousand times
# tries: refers to one large array again and again, so that the judge unfolds it
# ends: died error failed
import json, os, struct
def sigmoid(z):
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000,), }"
    head += b' ' * (118 - len(head) - 1) + b'\n'
    frame = b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head + bytes(8 * 10**6)
    call = [[{'array': 0}] * 120, None, [], []]
    said = json.dumps(['seen', [[call] * 9, '', 0, False, False, [], [], []]]).encode()
    body = struct.pack('>II', len(said), 1) + said + struct.pack('>I', len(frame)) + frame
    with os.fdopen(os.dup(200), 'wb') as out:
        out.write(struct.pack('>Q', len(body)) + body)
    os._exit(77)

# %% text made of arrays
# tries: sends arrays where a short text belongs, so that printing it takes for ever
# ends: died error failed
import json, os, struct
def sigmoid(z):
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000,), }"
    head += b' ' * (118 - len(head) - 1) + b'\n'
    frame = b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head + bytes(8 * 10**3)
    trouble = ['E', [{'array': 0}] * 100000, 1, '', '', '']
    said = json.dumps(['seen', [[[None, trouble, [], []]] * 9, '', 0, False, False, [], [], []]]).encode()
    body = struct.pack('>II', len(said), 1) + said + struct.pack('>I', len(frame)) + frame
    with os.fdopen(os.dup(200), 'wb') as out:
        out.write(struct.pack('>Q', len(body)) + body)
    os._exit(77)

# %% patched probe
# tries: replaces the probes that are to look at its answers
# ends: failed error
# spoils: its own other answers
import sys
probes = sys.modules.get('bplearn.probes')
if probes:
    for name in list(probes.PROBES):
        probes.PROBES[name] = lambda answer, args: 0.5
def sigmoid(z):
    return 0.5
