# %% fill
# tries: fills the disk
# ends: error died
def sigmoid(z):
    n = 0
    while True:
        open(f'/tmp/{n}', 'wb').write(b'x' * 10**7)
        n += 1

# %% one file
# tries: writes one file without end
# ends: error died
def sigmoid(z):
    with open('/tmp/large', 'wb') as f:
        while True:
            f.write(b'x' * 10**7)

# %% many files
# tries: makes files until there are no more names
# ends: error died timeout
import os
def sigmoid(z):
    n = 0
    while True:
        os.close(os.open(f'/tmp/{n}', os.O_CREAT))
        n += 1

# %% shared memory
# tries: fills shared memory
# ends: error died
def sigmoid(z):
    n = 0
    while True:
        open(f'/dev/shm/{n}', 'wb').write(b'x' * 10**7)
        n += 1
