"""Lesson 14's live picture: it finds what made a number; values and gradients are those of nn's Value."""

from types import SimpleNamespace

import numpy as np
import pytest

from bplearn import viz
from bplearn.nn import Value
from bplearn.viz import live_graphs
from tests.browser.bare import live_of, show

pytestmark = pytest.mark.browser


def expression(a, b, c):
    t = a * b + c
    return (t.tanh() - a / b) * t.exp() + (-c).relu() * (b * b + 1.5) ** 0.5 + (a * a + 1).log() / 3


def small(a, b, c):
    t = (a * b).tanh() - c
    return t * t / b


def test_each_operation_is_found_from_its_numbers():
    a, b = Value(0.7), Value(-1.3)
    made = {
        "+": a + b, "\u00d7": a * b, "exp": a.exp(), "log": a.log(), "tanh": b.tanh(), "relu": b.relu(),
    }  # fmt: skip
    for op, node in made.items():
        assert live_graphs.operation(node)["op"] == op
    assert live_graphs.operation(a**2.5) == {"op": "power", "n": pytest.approx(2.5)}
    minus = SimpleNamespace(data=2.0, grad=0.0, parents=(a, b), local_gradients=(1.0, -1.0))
    over = SimpleNamespace(
        data=0.7 / -1.3, grad=0.0, parents=(a, b), local_gradients=(1 / -1.3, -0.7 / 1.3**2)
    )
    odd = SimpleNamespace(data=0.1, grad=0.0, parents=(a, b), local_gradients=(5.0, 5.0))
    assert [live_graphs.operation(one)["op"] for one in (minus, over, odd)] == ["\u2212", "\u00f7", "?"]


def test_values_and_gradients_in_the_browser_are_those_of_nn(compute):
    rng = np.random.default_rng(3)
    for numbers in rng.uniform(0.3, 2.0, size=(10, 3)) * rng.choice([-1.0, 1.0], size=(10, 3)):
        a, b, c = leaves = [Value(x) for x in (0.4, 0.9, -1.2)]  # the picture is made with other values
        nodes = live_of("live_graph", small(*leaves), a=a, b=b, c=c).state["nodes"]
        for node in nodes:
            if node["name"] in "abc":
                node["data"] = float(numbers["abc".index(node["name"])])
        ((values, grads),) = compute(
            ["values"], "((n) => [n.map((x) => x.data), gradients(n, 99)])(recompute(i))", [nodes]
        )
        fresh = [Value(x) for x in numbers]
        out = small(*fresh)
        out.backward()
        assert values[-1] == pytest.approx(out.data, rel=1e-9)
        for name, leaf in zip("abc", fresh, strict=True):
            place = [node["name"] for node in nodes].index(name)
            assert grads[place] == pytest.approx(leaf.grad, rel=1e-9, abs=1e-12)


def test_the_last_step_says_whether_backward_left_these_numbers(shared_page):
    root = show(shared_page, "live_graph")
    for _ in range(4):
        root.get_by_role("button", name="Next step").click()
    assert root.locator(".bpl-says").inner_text().endswith("your backward() has left.")
    root.get_by_label("leaf a").press("ArrowRight")
    assert "backward()" not in root.locator(".bpl-says").inner_text()


def test_a_graph_that_is_too_large_or_lacks_something_is_refused_in_one_line():
    a = Value(1.0)
    with pytest.raises(ValueError, match="too many nodes"):
        viz.live_graph(expression(a, Value(2.0), Value(3.0)))
    bare = SimpleNamespace(data=1.0, parents=(), local_gradients=())
    with pytest.raises(ValueError, match=r"SimpleNamespace without \.grad"):
        viz.live_graph(bare)
