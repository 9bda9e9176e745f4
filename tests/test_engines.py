"""What is drawn out of an order, a pass and an engine; walks that do not end are ended."""

import pytest

from bplearn import engines
from bplearn.collect import observe
from bplearn.nn import Value, backward_pass, topological_order

GRAPH = {"a": [], "b": [], "c": ["a", "b"], "d": ["c", "a"], "e": ["d"]}


def ordered(*nodes):
    return engines.ordering(lambda root, parents: list(nodes), ("d", GRAPH, ""))


def test_an_order_is_told_by_what_holds_of_it():
    told = ordered("a", "d", "c", "c")
    assert told["listed"] == {"a": 1, "b": 0, "c": 2, "d": 1, "e": 0}
    assert told["parents_behind"] == {"a": 0, "b": 0, "c": 1, "d": 1, "e": 0}
    assert told["root_last"] is False


@pytest.mark.parametrize("order", [("a", "b", "c", "d"), ("b", "a", "c", "d")])
def test_every_right_order_gives_the_same(order):
    assert ordered(*order) == engines.ordering(topological_order, ("d", GRAPH, ""))


@pytest.mark.parametrize("order", [("a", "nobody"), ("a", 3), ("a", ["b"])])
def test_a_list_of_something_else_is_an_error_that_says_so(order):
    with pytest.raises(TypeError, match="no node"):
        ordered(*order)


@pytest.mark.parametrize("value", [{"a"}, "abcd", iter("ab")])
def test_something_else_than_a_list_is_an_error_that_says_so(value):
    with pytest.raises(TypeError, match="a list of nodes"):
        engines.ordering(lambda root, parents: value, ("d", GRAPH, ""))


def without_memory(root, parents):
    order, stack = [], [root]
    while stack:
        order.append(stack.pop())
        stack += parents.get(order[-1])
    return order


def test_a_walk_without_a_memory_is_ended():
    doubled = {f"n{k}": [f"n{k - 1}"] * 2 for k in range(1, 41)} | {"n0": []}
    assert engines.ordering(without_memory, ("n40", doubled, "forty")) == {"forty": engines.NO_END}
    assert engines.ordering(topological_order, ("n40", doubled, "forty")) == {"forty": engines.ENDS}


def test_a_pass_is_told_by_the_gradients_it_leaves():
    links = {"a": [], "b": [("a", 2.0)], "c": [("b", 3.0), ("b", 0.5), ("a", 1.0)]}
    assert engines.passing(backward_pass, (links,)) == {
        "grads": {"a.grad": 8.0, "b.grad": 3.5, "c.grad": 1.0}
    }


def test_an_engine_is_told_by_values_and_gradients():
    told = engines.engine(Value, ("t = a * b\nout = t + a", {"a": 2.0, "b": 3.0}, "sums"))
    assert told == {"sums": {"out.data": 8.0, "a.grad": 4.0, "b.grad": 2.0}}


def test_two_roots_go_backward_one_after_the_other():
    told = engines.engine(Value, ("out = a * 5; out = a * a", {"a": 3.0}, "two"))
    assert told["two"]["a.grad"] == 11.0


class EveryPath:
    """A number that sends each share back by itself."""

    def __init__(self, data, parents=()):
        self.data, self.parents, self.grad = data, parents, 0.0

    def __add__(self, other):
        return EveryPath(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, number):
        return EveryPath(self.data * number, ((self, number),))

    def backward(self, arriving=1.0):
        self.grad += arriving
        for parent, local in self.parents:
            parent.backward(local * arriving)


@pytest.mark.parametrize(("answer", "told"), [(EveryPath, {"ends": False}), (Value, None)])
def test_forty_doublings_are_tried_only_after_twelve_were_quick(answer, told):
    args = (engines.DOUBLINGS.format(40), {"a": 1.0}, "forty_doublings")
    found = engines.engine(answer, args)["forty_doublings"]
    assert found == (told or {"out.data": 1.5 * 2.0**40, "a.grad": 1.5 * 2.0**40})


def test_what_an_engine_lacks_is_told_without_a_line_of_ours():
    (call,) = observe(complex, [["out = a + 1", {"a": 1.0}, "sums"]], "engine").calls
    assert (call.trouble.kind, call.trouble.line) == ("AttributeError", 0)
