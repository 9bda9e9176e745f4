"""The engine beside PyTorch's own, on random graphs, deep graphs and graphs that double."""

import random
from types import SimpleNamespace

import numpy as np
import pytest

from bplearn import nn
from bplearn.data import xor
from bplearn.nn import Value

OPERATIONS = (
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / (b * b + 1.5),
    lambda a, b: 0.3 + a,
    lambda a, b: 2.0 - a * b,
    lambda a, b: 1.7 * a,
    lambda a, b: 2.0 / (a * a + 1),
    lambda a, b: -a / 3,
    lambda a, b: (a * a + 0.5) ** -1.5,
    lambda a, b: (a * a + 0.1).log(),
    lambda a, b: (a - 2).tanh().exp(),
    lambda a, b: (a + b).relu(),
)


def random_expression(leaves, seed):
    """Twelve operations on whatever is there already, so that nodes are reused."""
    chance, nodes = random.Random(seed), list(leaves)
    for _ in range(12):
        a, b = chance.choice(nodes), chance.choice(nodes)
        nodes.append(chance.choice(OPERATIONS)(a, b).tanh() + a)
    return nodes[-1] * nodes[-2] + nodes[-3]


@pytest.mark.parametrize("seed", range(20))
def test_random_expressions_have_the_gradients_of_pytorch(torch, seed):
    numbers = np.random.default_rng(seed).normal(size=3)
    ours = [Value(number) for number in numbers]
    theirs = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in numbers]
    out, expected = random_expression(ours, seed), random_expression(theirs, seed)
    out.backward()
    expected.backward()
    assert out.data == pytest.approx(expected.item(), rel=1e-12)
    for value, leaf in zip(ours, theirs, strict=True):
        assert value.grad == pytest.approx(
            0.0 if leaf.grad is None else leaf.grad.item(), rel=1e-9, abs=1e-12
        )


def test_a_graph_of_ten_thousand_boxes_is_no_trouble():
    x = Value(1.5)
    out = x
    for _ in range(10_000):
        out = out + 0.001 * x
    out.backward()
    assert x.grad == pytest.approx(11.0, rel=1e-9)


def test_forty_doublings_take_forty_steps():
    x = Value(1.0)
    out = x
    for _ in range(40):
        out = out + out
    out.backward()
    assert x.grad == 2.0**40


def test_gradients_of_two_expressions_add_up():
    a = Value(3.0)
    (a * a).backward()
    (a * 5).backward()
    assert a.grad == 11.0


def test_orders_put_parents_first_and_each_node_once():
    parents = {node: [node - 1, node - 1, max(node - 7, 0)] for node in range(1, 10_000)} | {0: []}
    assert nn.topological_order(9_999, parents) == list(range(10_000))
    assert nn.topological_order(5, parents) == [0, 1, 2, 3, 4, 5]


def test_a_backward_pass_over_nodes_accumulates():
    a, b = (SimpleNamespace(grad=0.0, parents=[], local_gradients=[]) for _ in range(2))
    c = SimpleNamespace(grad=0.0, parents=[a, b], local_gradients=[3.0, -1.0])
    d = SimpleNamespace(grad=0.0, parents=[c, c, a], local_gradients=[0.5, 2.0, 10.0])
    assert nn.backward_pass([a, b, c, d]) is None
    assert [node.grad for node in (a, b, c, d)] == [17.5, -2.5, 2.5, 1.0]


def test_the_engine_trains_the_network_of_lesson_07():
    x, labels = xor()
    start, losses = nn.train_mlp(x, labels, (2, 16, 2), 0.5, 0, np.random.default_rng(0))
    _, losses = nn.train_mlp(x, labels, (2, 16, 2), 0.5, 5, np.random.default_rng(0))
    params = {name: np.vectorize(Value, otypes=[object])(array) for name, array in start.items()}
    for step in range(6):
        z1 = x @ params["W1"] + params["b1"]
        z2 = np.vectorize(lambda v: v.relu(), otypes=[object])(z1) @ params["W2"] + params["b2"]
        log_p = [row[k] - sum(score.exp() for score in row).log() for row, k in zip(z2, labels, strict=True)]
        loss = -sum(log_p) / len(x)
        assert loss.data == pytest.approx(losses[step], abs=1e-10)
        loss.backward()
        params = {
            name: np.vectorize(lambda v: Value(v.data - 0.5 * v.grad), otypes=[object])(array)
            for name, array in params.items()
        }
