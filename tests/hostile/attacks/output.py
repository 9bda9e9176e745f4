# %% print
# tries: prints for ever
# ends: timeout
def sigmoid(z):
    while True:
        print('x' * 10**6)

# %% handle
# tries: writes for ever to handle 1
# ends: timeout
import os
def sigmoid(z):
    while True:
        os.write(1, b'x' * 10**6)

# %% values
# tries: returns more numbers than anybody wants
# ends: failed error died timeout
def sigmoid(z):
    return {str(n): np.zeros(1000) for n in range(20000)}

# %% warnings
# tries: warns a hundred thousand times
# ends: failed timeout
import warnings
def sigmoid(z):
    for n in range(10**5):
        warnings.warn(f'{n} ' * 100)
    return 0.0
