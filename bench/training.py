"""The course's teaching code against PyTorch eager: an epoch of the same training, in turn, in one process.

    python bench/training.py [ROUNDS]

Three networks: one for the digits of lesson 08, and two of the size of larger pictures. Same weights, same
batches, SGD and Adam in float64, one thread each; CPU time, median of the rounds. Before anything is timed
both sides train one epoch and must end at the same weights, so that the same work is compared. Target: on
the digits network at least twice as many examples a second as PyTorch.
"""

import os
import statistics
import sys
import time

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

import numpy as np  # noqa: E402
import torch  # noqa: E402

from bplearn import nn  # noqa: E402

# layer sizes, batch, examples in an epoch
SIZES = {
    "digits 64-64-10, batch 32": ((64, 64, 10), 32, 1440),
    "784-128-10, batch 64": ((784, 128, 10), 64, 1280),
    "784-256-256-10, batch 128": ((784, 256, 256, 10), 128, 1280),
}
ADAM = (0.001, 0.9, 0.999, 1e-8)
TARGET = 2.0


def data(sizes, batch, count):
    rng = np.random.default_rng(0)
    x, labels = rng.random((count, sizes[0])), rng.integers(sizes[-1], size=count)
    batches = [(x[k : k + batch], labels[k : k + batch]) for k in range(0, count, batch)]
    return nn.init_mlp(sizes, rng), batches


def ours_sgd(params, batches):
    for x, labels in batches:
        _, grads = nn.mlp_loss_gradients(x, labels, params)
        params = nn.sgd_update(params, grads, 0.1)
    return params


def ours_adam(params, batches):
    m = {name: np.zeros_like(w) for name, w in params.items()}
    v = {name: np.zeros_like(w) for name, w in params.items()}
    for t, (x, labels) in enumerate(batches, start=1):
        _, grads = nn.mlp_loss_gradients(x, labels, params)
        new = {}
        for name, w in params.items():
            new[name], m[name], v[name] = nn.adam_step(w, grads[name], m[name], v[name], t, *ADAM)
        params = new
    return params


def theirs(make_optimiser):
    def train(params, batches):
        leaves = {name: torch.tensor(w, requires_grad=True) for name, w in params.items()}
        optimiser = make_optimiser(leaves.values())
        layers = len(leaves) // 2
        for x, labels in batches:
            a = x
            for k in range(1, layers + 1):
                a = torch.addmm(leaves[f"b{k}"], a if k == 1 else torch.relu(a), leaves[f"W{k}"])
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(a, labels).backward()
            optimiser.step()
        return {name: leaf.detach().numpy() for name, leaf in leaves.items()}

    return train


METHODS = {
    "SGD": (ours_sgd, theirs(lambda leaves: torch.optim.SGD(leaves, lr=0.1))),
    "Adam": (ours_adam, theirs(lambda leaves: torch.optim.Adam(leaves, lr=ADAM[0]))),
}


def seconds(train, params, batches):
    start = time.process_time()
    train(params, batches)
    return time.process_time() - start


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    torch.set_num_threads(1)
    print(f"thousand examples a CPU second, median of {rounds} rounds in turn")
    print(f"{'network':<28}{'':<6}{'bplearn.nn':>12}{'PyTorch':>10}{'ratio':>8}")
    for name, (sizes, batch, count) in SIZES.items():
        params, batches = data(sizes, batch, count)
        tensors = [(torch.as_tensor(x), torch.as_tensor(labels)) for x, labels in batches]
        for method, (ours, pytorch) in METHODS.items():
            for key, w in ours(params, batches).items():
                np.testing.assert_allclose(w, pytorch(params, tensors)[key], rtol=1e-6, atol=1e-9)
            pairs = [
                (seconds(ours, params, batches), seconds(pytorch, params, tensors)) for _ in range(rounds)
            ]
            mine, other = (count / 1000 / statistics.median(column) for column in zip(*pairs, strict=True))
            print(f"{name:<28}{method:<6}{mine:12.1f}{other:10.1f}{mine / other:8.2f}")
    print(f"target: at least {TARGET:g} on the digits network")


if __name__ == "__main__":
    main()
