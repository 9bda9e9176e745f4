# %% submissions
# tries: reads what the others have handed in
# ends: error
# fools: none
import glob
found = 'nothing'
for path in glob.glob('{folder}/**/*.ipynb', recursive=True):
    found = 'READ-A-NEIGHBOUR ' + open(path).read()[:20]
    break

def sigmoid(z):
    raise RuntimeError(found)

# %% a secret
# tries: reads a file at home, and the environment
# ends: error
# fools: none
import os
try:
    found = open('{secret}').read()
except OSError:
    found = 'nothing'
found += os.environ.get('BPLEARN_SECRET', '')

def sigmoid(z):
    raise RuntimeError(found)

# %% processes
# tries: reads command lines and environments of all processes
# ends: error
# fools: none
import glob, os
own = {str(os.getpid()), '1', str(os.getppid()), 'self', 'thread-self'}
found = ''
for path in glob.glob('/proc/*/environ') + glob.glob('/proc/*/cmdline'):
    if path.split('/')[2] not in own:
        try:
            found += open(path).read()
        except OSError:
            pass
found = 'SECRET-OF-A-PROCESS' if ('SECRET' in found or 'pytest' in found) else 'nothing'
def sigmoid(z):
    raise RuntimeError(found)

# %% a note for the next one
# tries: leaves files, shared memory and queues for the notebook after it, and takes what was left for it
# ends: error
import glob, ctypes
libc = ctypes.CDLL(None)
found = 'nothing'
for place in ('/tmp', '/dev/shm', '/var/tmp', '/run', '/box', '/dev', '/dev/mqueue'):
    if glob.glob(place + '/note-*'):
        found = 'A-NOTE-WAS-LEFT'
    try:
        open(place + '/note-for-you', 'w').write('hello')
    except OSError:
        pass
if libc.shmget(4711, 4096, 0) >= 0:
    found = 'A-NOTE-WAS-LEFT'
libc.shmget(4711, 4096, 0o1666)

def sigmoid(z):
    raise RuntimeError(found)

# %% a note again
# tries: the same once more, so that there is one to find
# ends: error
import glob, ctypes
libc = ctypes.CDLL(None)
found = 'nothing'
for place in ('/tmp', '/dev/shm', '/var/tmp', '/run', '/box', '/dev', '/dev/mqueue'):
    if glob.glob(place + '/note-*'):
        found = 'A-NOTE-WAS-LEFT'
if libc.shmget(4711, 4096, 0) >= 0:
    found = 'A-NOTE-WAS-LEFT'

def sigmoid(z):
    raise RuntimeError(found)

# %% the canary
# tries: writes outside
# ends: error
# fools: none
import os
found = 'nothing'
for place in ('{canary}', '/usr/x', '/etc/x', '/box/x', '/site/x'):
    try:
        open(place, 'a').write('here')
        found = 'WROTE ' + place
    except OSError:
        pass

def sigmoid(z):
    raise RuntimeError(found)
