"""Lesson 14: an engine that writes the backward pass itself."""

import math
import re
from collections import deque

import numpy as np

from bplearn.engines import DOUBLINGS
from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import autodiff

# ---- four local rules ----

SHAPES = ((), (3,), (2, 4), (5, 3), (4, 3, 2))


def _also(exercise, like, row="", output=""):
    """Register one more form of a mistake."""

    def register(form):
        form.__name__, form.__doc__ = like.__name__, like.__doc__
        return exercise.mistake(output, row)(form)

    return register


def _away_from_nought(rng, shape):
    """Numbers of both signs, none near 0, 1 or -1, and no two alike; a bare float for the empty shape."""
    numbers = rng.uniform(0.4, 0.8, shape) * rng.choice((-1.0, 1.0), shape) * rng.choice((1.0, 3.1), shape)
    return numbers if shape else float(numbers)


def two_operands(rng):
    """Numbers first, then arrays of one shape."""
    for shape in SHAPES:
        yield {name: _away_from_nought(rng, shape) for name in ("dout", "a", "b")}


def a_power(rng):
    """Whole exponents with bases of both signs, others with positive ones."""
    for shape, n in zip(SHAPES, (3, 2, 4, -2, 5), strict=True):
        yield {"dout": _away_from_nought(rng, shape), "a": _away_from_nought(rng, shape), "n": n}
    yield {"dout": _away_from_nought(rng, (2, 3)), "a": rng.uniform(0.4, 3.0, (2, 3)), "n": 0.3}


def results_of_exp(rng):
    """What exp gave: positive, below and above 1."""
    for shape in SHAPES:
        yield {"dout": _away_from_nought(rng, shape), "out": np.exp(_away_from_nought(rng, shape))}


add_backward = Exercise(
    reference=autodiff.add_backward,
    cases=two_operands,
    returns=("da", "db"),
    points=2,
    upstream="dout",
    hints=(
        "If `a` grows by a little, by how much does `a + b` grow?",
        "The local gradient is 1 for both. And what is multiplied with it?",
        "What arrives, `dout`, goes on to both as it is.",
    ),
)


@add_backward.mistake("da")
@add_backward.mistake("db")
def ignores_what_arrives(dout, a, b):
    """This is the local gradient, 1, alone. What arrives from above goes times it."""
    return np.ones_like(dout)


@_also(add_backward, ignores_what_arrives, output="da")
@_also(add_backward, ignores_what_arrives, output="db")
def _one(dout, a, b):
    return 1.0


@add_backward.mistake("da")
def passes_on_itself(dout, a, b):
    """The value `a` goes back here. Backward passes blame on, not values."""
    return 1.0 * a


@add_backward.mistake("db")
def passes_on_the_second_value(dout, a, b):
    """The value `b` goes back here. Backward passes blame on, not values."""
    return 1.0 * b


@add_backward.mistake("da")
def multiplies_by_its_own_value(dout, a, b):
    """`dout` is multiplied by `a`. In a sum nothing is multiplied: if `a` grows by 1, `a + b` grows by 1."""
    return dout * a


@add_backward.mistake("da")
def is_the_rule_of_the_product(dout, a, b):
    """This is the rule of a product. In a sum the other number does not matter."""
    return dout * b


@add_backward.mistake("db")
def multiplies_by_its_own_second_value(dout, a, b):
    """`dout` is multiplied by `b`. In a sum nothing is multiplied: if `b` grows by 1, `a + b` grows by 1."""
    return dout * b


@add_backward.mistake("db")
def is_the_rule_of_the_product_for_b(dout, a, b):
    """This is the rule of a product. In a sum the other number does not matter."""
    return dout * a


@add_backward.mistake("db")
def takes_it_for_a_difference(dout, a, b):
    """The sign belongs to a difference. In `a + b` both numbers push the same way."""
    return -dout


@add_backward.mistake("da")
@add_backward.mistake("db")
def shares_the_blame_out(dout, a, b):
    """The blame is halved. It is not a cake: each of the two moves the sum as much as if it were alone."""
    return dout / 2


@add_backward.mistake("da")
@add_backward.mistake("db")
def multiplies_by_the_sum(dout, a, b):
    """`dout` is multiplied by the result. How much does the sum grow when one of the two grows by 1?"""
    return dout * (a + b)


mul_backward = Exercise(
    reference=autodiff.mul_backward,
    cases=two_operands,
    returns=("da", "db"),
    points=2,
    upstream="dout",
    hints=(
        "If `b` is 3 and `a` grows by 1, by how much does `a * b` grow?",
        "Each one's local gradient is the *other* number.",
        "What arrives times the other operand, for both.",
    ),
)


@mul_backward.mistake("da", row="R9")
def multiplies_by_itself(dout, a, b):
    """The gradient of `a` is made with `a`. How much `a * b` grows with `a` is up to the *other* number."""
    return dout * a


@mul_backward.mistake("db", row="R9")
def multiplies_b_by_itself(dout, a, b):
    """The gradient of `b` is made with `b`. How much `a * b` grows with `b` is up to the *other* number."""
    return dout * b


@mul_backward.mistake("da")
def forgets_what_arrives(dout, a, b):
    """The local gradient is right, and what arrives is not in it. Each rule multiplies by `dout`."""
    return 1.0 * b


@mul_backward.mistake("db")
def forgets_what_arrives_for_b(dout, a, b):
    """The local gradient is right, and what arrives is not in it. Each rule multiplies by `dout`."""
    return 1.0 * a


@mul_backward.mistake("da")
@mul_backward.mistake("db")
def passes_it_on_as_a_sum_does(dout, a, b):
    """What arrives goes on as it is: that is the rule of a sum. How much does a product grow?"""
    return 1.0 * dout


@mul_backward.mistake("da")
@mul_backward.mistake("db")
def multiplies_by_the_product(dout, a, b):
    """`dout` is multiplied by the result, so by one factor too many."""
    return dout * a * b


@mul_backward.mistake("da")
@mul_backward.mistake("db")
def multiplies_by_both_added(dout, a, b):
    """`dout` is multiplied by `a + b`, as if one number stood for both. Each has a gradient of its own."""
    return dout * (a + b)


@mul_backward.mistake("da")
def divides_by_the_other(dout, a, b):
    """`dout` is divided by `b`. If `b` is large, does `a * b` grow more with `a`, or less?"""
    return dout / b


@mul_backward.mistake("da")
def adds_what_arrives(dout, a, b):
    """`dout` is added. Along a chain slopes are multiplied."""
    return dout + b


@mul_backward.mistake("db")
def adds_what_arrives_for_b(dout, a, b):
    """`dout` is added. Along a chain slopes are multiplied."""
    return dout + a


pow_backward = Exercise(
    reference=autodiff.pow_backward,
    cases=a_power,
    returns=("da",),
    points=2,
    upstream="dout",
    hints=(
        "What is the slope of `a**2`? Of `a**3`?",
        "The exponent comes down in front, and is one less above.",
        "What arrives, times `n`, times `a` to the power of one less than `n`.",
    ),
)


@pow_backward.mistake("da", row="R12")
def keeps_the_exponent(dout, a, n):
    """The exponent came down in front and stayed above as well. It loses one: at n = 2 the slope is 2a."""
    return dout * n * a**n


@pow_backward.mistake("da", row="R12")
def forgets_the_factor(dout, a, n):
    """The exponent lost one, and nothing came down in front. At n = 2, is the slope `a` or `2 * a`?"""
    return dout * a ** (n - 1)


@pow_backward.mistake("da")
def forgets_what_arrives_at_a_power(dout, a, n):
    """The slope is right, and what arrives is not in it. Each rule multiplies by `dout`."""
    return n * a ** (n - 1)


@pow_backward.mistake("da")
def is_the_slope_in_the_exponent(dout, a, n):
    """This is the slope when the *exponent* moves. `n` is a constant here; `a` is what moves."""
    with np.errstate(all="ignore"):
        return dout * a**n * np.log(np.abs(a))


@_also(pow_backward, is_the_slope_in_the_exponent, output="da")
def _log_of_the_base(dout, a, n):
    with np.errstate(all="ignore"):
        return dout * a**n * np.log(a)


@pow_backward.mistake("da")
def forgets_the_brackets_of_the_exponent(dout, a, n):
    """`a ** n - 1` takes 1 off the *power*. What belongs to the exponent needs brackets round it."""
    return dout * n * a**n - 1


@pow_backward.mistake("da")
def gives_the_power_itself(dout, a, n):
    """`dout` times the value. The slope of a power is another power."""
    return dout * a**n


@pow_backward.mistake("da")
def puts_the_lower_exponent_in_front(dout, a, n):
    """The factor in front is `n - 1`. What comes down is the old exponent, the new one stays above."""
    return dout * (n - 1) * a ** (n - 1)


@pow_backward.mistake("da")
def raises_the_exponent(dout, a, n):
    """The exponent grew by one. That is how one integrates; a slope loses one."""
    return dout * n * a ** (n + 1)


@pow_backward.mistake("da")
def takes_the_integral(dout, a, n):
    """The exponent grew by one, and a division came in front: an integral. A slope loses one."""
    return dout * a ** (n + 1) / (n + 1)


@pow_backward.mistake("da")
def takes_the_base_for_the_exponent(dout, a, n):
    """`n` and `a` have changed places: the base is `a`, the exponent is `n`."""
    with np.errstate(all="ignore"):
        return dout * a * np.float64(n) ** (a - 1)


@pow_backward.mistake("da")
def multiplies_where_a_power_stands(dout, a, n):
    """`a * (n - 1)` stands where a power is due: `**`, not `*`."""
    return dout * n * a * (n - 1)


exp_backward = Exercise(
    reference=autodiff.exp_backward,
    cases=results_of_exp,
    returns=("da",),
    points=2,
    upstream="dout",
    hints=(
        "What is special about exp: how does its slope compare with its value?",
        "`out` is `exp(a)` already.",
        "What arrives times what came out.",
    ),
)


@exp_backward.mistake("da", row="R13")
def takes_exp_once_more(dout, out):
    """`exp` is taken of what came out, so twice in all. `out` is `exp(a)` already."""
    return dout * np.exp(out)


@exp_backward.mistake("da")
def goes_back_to_the_input(dout, out):
    """`dout` is multiplied by `a`, the logarithm of `out`. The slope of exp is exp itself."""
    return dout * np.log(out)


@exp_backward.mistake("da")
def is_the_slope_of_the_logarithm(dout, out):
    """`dout` is divided by the number: that is the logarithm's rule."""
    return dout / out


@exp_backward.mistake("da")
def forgets_what_arrives_at_exp(dout, out):
    """The slope is right, and what arrives is not in it. Each rule multiplies by `dout`."""
    return 1.0 * out


@exp_backward.mistake("da")
def is_the_slope_of_the_sigmoid(dout, out):
    """`out * (1 - out)` is the slope of the sigmoid. That of exp is plainer."""
    return dout * out * (1 - out)


@exp_backward.mistake("da")
def is_the_slope_of_tanh(dout, out):
    """`1 - out**2` is the slope of tanh. That of exp is plainer."""
    return dout * (1 - out**2)


@exp_backward.mistake("da")
def passes_it_on(dout, out):
    """What arrives goes on as it is. How steep is exp where it has the value `out`?"""
    return 1.0 * dout


@exp_backward.mistake("da")
def takes_exp_of_what_arrives(dout, out):
    """`exp` is taken of `dout`. What arrives is multiplied, never put through a function."""
    return np.exp(dout)


@exp_backward.mistake("da")
def is_the_power_rule_with_log(dout, out):
    """The logarithm of the value stands as one more factor: that belongs to bases other than e."""
    return dout * out * np.log(out)


# ---- an order ----


def graphs(rng):
    """Nodes that are used more than once, by way of paths of different length, and some the root never
    needs.
    """
    small = {"a": [], "b": [], "c": ["a", "b"], "d": ["c", "a"]}
    yield {"root": "d", "parents": small, "_size": ""}
    yield {
        "root": "e",
        "parents": {"e": ["d", "c"], "d": ["c"], "c": ["b", "a"], "b": ["a"], "a": []},
        "_size": "",
    }
    crossing = {
        "f": ["b", "e"],
        "e": ["d", "a"],
        "d": ["c", "b"],
        "c": ["a"],
        "b": ["a"],
        "a": [],
        "x": ["f", "a"],
    }
    yield {"root": "f", "parents": crossing, "_size": ""}
    for count in (8, 11):
        parents = _random_graph(rng, count)
        root = next(node for node in parents if not any(node in above for above in parents.values()))
        yield {"root": root, "parents": parents, "_size": ""}


def _random_graph(rng, count):
    """Each node made from three earlier ones, perhaps twice from the same; names say nothing of the
    order.
    """
    names = rng.permutation(list("bcdefghijklm"))[:count].tolist()
    made: dict[str, list[str]] = {names[0]: [], names[1]: []}
    for k, name in enumerate(names[2:], start=2):
        made[name] = [names[k - 1], *(names[i] for i in rng.integers(0, k, size=2))]
    made[names[-1]] += [names[-2]]
    return {name: made[name] for name in rng.permutation(list(made)).tolist()}


def large_graphs(rng):
    """What ends a recursion, and what ends a walk without a memory."""
    chain = {f"n{k}": [f"n{k - 1}"] for k in range(1, 10_000)} | {"n0": []}
    yield "a chain of ten thousand nodes", {"root": "n9999", "parents": chain, "_size": "ten_thousand_deep"}
    doubled = {f"n{k}": [f"n{k - 1}"] * 2 for k in range(1, 41)} | {"n0": []}
    yield "forty doublings", {"root": "n40", "parents": doubled, "_size": "forty_doublings"}


topological_order = Exercise(
    reference=autodiff.topological_order,
    cases=graphs,
    extreme=large_graphs,
    returns=("order",),
    points=1,
    probe="ordering",
    takes=("root", "parents", "_size"),
    hints=(
        "When may a node be written down? What must stand in the list already?",
        (
            "Go up from the root, and write a node down when you *leave* it for good, after all its"
            " parents. "
            "Remember where you have been."
        ),
        (
            "Keep a stack of your own in place of recursion. Look at its last node: is one of its "
            "parents new? "
            "Then remember that parent and put it on the stack. Else write the node down and take it off."
        ),
    ),
)


@topological_order.mistake(row="R3")
def puts_children_first(root, parents):
    """The order is the wrong way round: children stand before their parents. The root comes last."""
    return autodiff.topological_order(root, parents)[::-1]


@topological_order.mistake(row="R4")
def remembers_nothing(root, parents):
    """A node that is used twice is listed twice, and all above it as well. Where has the walk been already?
    With forty doublings there are a million million ways up.
    """
    order, stack = [], [(root, False)]
    while stack:
        node, left = stack.pop()
        if left:
            order.append(node)
        else:
            stack.append((node, True))
            stack += [(parent, False) for parent in reversed(parents[node])]
    return order


def _walk(root, parents, take):
    """Write nodes down as they are met; `take` chooses from those that wait."""
    order, waiting, seen = [], deque([root]), {root}
    while waiting:
        node = take(waiting)
        order.append(node)
        new = [parent for parent in dict.fromkeys(parents[node]) if parent not in seen]
        seen.update(new)
        waiting += new
    return order


@topological_order.mistake(row="R2")
def goes_level_by_level(root, parents):
    """The walk goes level by level. A node that is used near the root and far from it as well then stands
    in the wrong place: when is a node *complete*? When all that was made from it has been passed.
    """
    return _walk(root, parents, deque.popleft)[::-1]


@_also(topological_order, goes_level_by_level, "R2")
def _not_turned(root, parents):
    return _walk(root, parents, deque.popleft)


@topological_order.mistake(row="R2")
def writes_nodes_down_on_the_way_up(root, parents):
    """A node is written down when it is met first. Its parents may be met only later, on another way: write
    it down when all of them stand in the list.
    """
    return _walk(root, parents, deque.pop)[::-1]


@_also(topological_order, writes_nodes_down_on_the_way_up, "R2")
def _left_first(root, parents):
    turned = {node: above[::-1] for node, above in dict.items(parents)}
    return _walk(root, turned, deque.pop)[::-1]


def _preorder(root, parents, turn):
    """Depth first, each node written down when it is entered, its parents in order or the other way
    round.
    """
    order, stack, seen = [], [root], set()
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack += parents[node][::turn]
    return order


@_also(topological_order, writes_nodes_down_on_the_way_up, "R2")
def _entered_left(root, parents):
    return _preorder(root, parents, -1)[::-1]


@_also(topological_order, writes_nodes_down_on_the_way_up, "R2")
def _entered_right(root, parents):
    return _preorder(root, parents, 1)[::-1]


@_also(topological_order, writes_nodes_down_on_the_way_up, "R2")
def _entered_left_not_turned(root, parents):
    return _preorder(root, parents, -1)


@_also(topological_order, writes_nodes_down_on_the_way_up, "R2")
def _entered_right_not_turned(root, parents):
    return _preorder(root, parents, 1)


@_also(topological_order, writes_nodes_down_on_the_way_up, "R2")
def _walked_not_turned(root, parents):
    return _walk(root, parents, deque.pop)


@topological_order.mistake()
def calls_itself_for_each_parent(root, parents):
    """The function calls itself for each parent, and Python allows about a thousand calls inside each
    other. A chain of ten thousand needs a stack of your own: a list.
    """
    return _recursive(root, parents, [], set())


def _recursive(node, parents, order, seen):
    if node in seen:
        return order
    seen.add(node)
    for parent in parents[node]:
        _recursive(parent, parents, order, seen)
    order.append(node)
    return order


@topological_order.mistake()
def forgets_the_root(root, parents):
    """The root itself is missing. It is below nothing, and needs a place: the last one."""
    return autodiff.topological_order(root, parents)[:-1]


@topological_order.mistake()
def lists_every_node(root, parents):
    """All nodes of the dict are listed, those too which the root was not made from. Start from the root."""
    order = autodiff.topological_order(root, parents)
    return [node for node in sorted(parents) if node not in order] + order


@_also(topological_order, lists_every_node)
def _others_last(root, parents):
    order = autodiff.topological_order(root, parents)
    return order + [node for node in sorted(parents) if node not in order]


@_also(topological_order, lists_every_node)
def _whole_dict(root, parents):
    whole = {**parents, "all": list(parents)}
    return autodiff.topological_order("all", whole)[:-1]


@topological_order.mistake()
def leaves_the_leaves_out(root, parents):
    """Nodes without parents are missing. They are nodes as well: the ones whose gradients one wants."""
    return [node for node in autodiff.topological_order(root, parents) if parents[node]]


@topological_order.mistake()
def stops_at_the_parents(root, parents):
    """Only the root's own parents are listed. They have parents too: the walk goes on from each of them."""
    return [*dict.fromkeys(parents[root]), root]


@topological_order.mistake()
def sorts_the_names(root, parents):
    """The nodes are sorted by name, or taken as they stand in the dict. The order must come from the
    parents.
    """
    return sorted(autodiff.topological_order(root, parents))


@_also(topological_order, sorts_the_names)
def _as_in_the_dict(root, parents):
    below = set(autodiff.topological_order(root, parents))
    return [node for node in parents if node in below]


@topological_order.mistake()
def goes_up_one_side_only(root, parents):
    """Of each node's parents only one is followed. All of them count."""
    order, node = [root], root
    while parents[node]:
        node = parents[node][0]
        order.append(node)
    return order[::-1]


@_also(topological_order, goes_up_one_side_only)
def _last_parent_only(root, parents):
    order, node = [root], root
    while parents[node]:
        node = parents[node][-1]
        order.append(node)
    return order[::-1]


# ---- a pass over it ----


def nodes_in_order(rng):
    """Shared nodes, one used twice by the same node, paths of different length; slopes away from 1."""

    def made_from(*names):
        return [(name, float(rng.uniform(0.3, 2.6) * rng.choice((-1.0, 1.0)))) for name in names]

    yield {"nodes": {"a": [], "b": made_from("a"), "c": made_from("b", "a")}}
    yield {"nodes": {"a": [], "b": [], "c": made_from("a", "b"), "d": made_from("c", "c")}}
    yield {
        "nodes": {
            "a": [],
            "b": [],
            "c": made_from("b", "a"),
            "d": made_from("c", "a"),
            "e": made_from("d", "c"),
        }
    }
    for count in (7, 9):
        names = [f"n{k}" for k in range(count)]
        links = {
            name: made_from(names[k - 1], *(names[i] for i in rng.integers(0, k, size=2)))
            for k, name in enumerate(names)
            if k
        }
        yield {"nodes": {names[0]: []} | links}


def overwrites_what_came_before(order):
    """A node that is used twice ends up with a gradient from one of its uses only."""
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            parent.grad = local * node.grad


backward_pass = Exercise(
    reference=autodiff.backward_pass,
    cases=nodes_in_order,
    returns=("grads",),
    points=3,
    probe="passing",
    takes=("nodes",),
    handed_out=overwrites_what_came_before,
    handed_out_rows=("R1",),
    hints=(
        "Which node of the failing example is used more than once? What should become of its two shares?",
        "Lesson 02, where a path forks: what comes back over several paths is added.",
        "What a node sends to a parent must be added to what the parent has already.",
    ),
)


@backward_pass.mistake(row="R3")
def reaches_the_roots_parents_only(order):
    """Only the root's own parents got something. Either the pass begins with the leaves, which know nothing
    yet, or it ends after the root. Blame starts at the end, and each node passes on what it got.
    """
    order[-1].grad = 1.0
    for node in order:
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            parent.grad += local * node.grad


@backward_pass.mistake(row="R6")
def forgets_the_seed(order):
    """All gradients are 0. What is the gradient of the root with respect to itself? Something has to start
    the chain.
    """


@backward_pass.mistake(row="R6")
def seeds_the_first_node(order):
    """The 1 is given to the first node of the order. The root, where blame starts, is the last one."""
    order[0].grad = 1.0
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            parent.grad += local * node.grad


@backward_pass.mistake()
def seeds_every_node(order):
    """Every node starts from 1. Only the root does; the others start from 0 and wait for what comes."""
    for node in order:
        node.grad = 1.0
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            parent.grad += local * node.grad


@_also(backward_pass, seeds_every_node)
def _seeds_in_the_loop(order):
    for node in reversed(order):
        node.grad = 1.0
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            parent.grad += local * node.grad


@backward_pass.mistake()
def forgets_the_local_gradient(order):
    """A node's gradient goes on as it is. On the way it is multiplied by the local gradient."""
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent in node.parents:
            parent.grad += node.grad


@backward_pass.mistake()
def forgets_what_has_arrived(order):
    """Local gradients are added up alone. Each is multiplied by the gradient of the node that passes it
    on.
    """
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            parent.grad += local


@backward_pass.mistake()
def adds_in_place_of_multiplying(order):
    """The local gradient and the node's gradient are added. Along a path slopes are multiplied."""
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            parent.grad += local + node.grad


@backward_pass.mistake()
def keeps_the_first_share_only(order):
    """What a second path sends back is thrown away: only the first share is kept. Shares are added."""
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            parent.grad = parent.grad or local * node.grad


@backward_pass.mistake()
def multiplies_the_paths(order):
    """What comes over two paths is multiplied. Paths are added; only along one path one multiplies."""
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            parent.grad = local * node.grad * (parent.grad or 1.0)


@backward_pass.mistake(row="R5")
def counts_a_parent_once(order):
    """A parent that stands twice in a node gets one share. In `c * c` both places count."""
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, local in dict(zip(node.parents, node.local_gradients, strict=True)).items():
            parent.grad += local * node.grad


@_also(backward_pass, counts_a_parent_once, "R5")
def _first_share(order):
    order[-1].grad = 1.0
    for node in reversed(order):
        first = dict(zip(node.parents[::-1], node.local_gradients[::-1], strict=True))
        for parent, local in first.items():
            parent.grad += local * node.grad


@backward_pass.mistake()
def passes_nothing_on(order):
    """The root has its 1, and nobody else got anything. Does the loop begin with the root, and does what it
    adds go to the *parents'* gradients?
    """
    order[-1].grad = 1.0


@backward_pass.mistake(row="R14")
def gives_all_to_the_last_parent(order):
    """Everything lands at the last parent. A function made in a loop sees the loop's *last* value; hand
    over what it needs as an argument.
    """
    order[-1].grad = 1.0
    for node in reversed(order):
        for _ in node.parents:
            node.parents[-1].grad += node.local_gradients[-1] * node.grad


@backward_pass.mistake()
def shares_the_gradient_out(order):
    """The gradient is divided by the number of parents. Blame is not a cake: each gets its slope times
    all.
    """
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            parent.grad += local * node.grad / len(node.parents)


# ---- the class ----

PARTS = {
    "sums": ("out = a + b", "out = a + b + a"),
    "products": ("out = (a + b) * c", "out = (a * b + c) * b"),
    "differences": ("out = (a - b) * c", "out = (-a + b) * c", "out = c - (a - b) * b"),
    "powers": ("out = a ** 3 * b", "out = (a * a) ** -0.5 * b + a ** 2", "out = (b * b + c * c) ** 1.5 * a"),
    "quotients": ("out = a / b * c", "out = c / (a * b)", "out = a / (b / c)"),
    "numbers_on_the_right": (
        "out = (a + 2.5) * b",
        "out = (a - 0.7) * b",
        "out = a * 1.7 * b",
        "out = a / 2.6 * b",
    ),
    "numbers_on_the_left": (
        "out = (2.5 + a) * b",
        "out = (0.7 - a) * b",
        "out = 1.7 * a * b",
        "out = 2.6 / a * b",
    ),
    "exp_and_log": ("out = a.exp() * b", "out = (a * a).log() * b", "out = ((a * b).exp() + 1.3).log() * c"),
    "tanh": ("out = a.tanh() * b", "out = (a * b + c).tanh() * a"),
    "relu": ("out = (a * a).relu() * b + (-b * b).relu() * c", "out = (a * a + b * b).relu() * c"),
    "used_again": (
        "out = a * a * b",
        "t = a + a\nout = (t + t) * b",
        "t = a * b\nu = t + c\nv = u * t\nout = v * a + t",
        "t = a * b\nout = t * t.tanh() * t + a",
    ),
}


def leaves(rng):
    """Numbers of both signs; none near 0 or 1, no two alike."""
    a, b, c = rng.permutation([0.6, 1.3, 1.9]) + rng.uniform(-0.15, 0.15, 3)
    return {"a": float(a), "b": float(-b), "c": float(c)}


def expressions(rng):
    """Each part of the engine by itself, then all of them in expressions drawn by chance."""
    for part, texts in PARTS.items():
        for text in texts:
            numbers = leaves(rng) if re.search(r"\bc\b", text) else _first_two(leaves(rng))
            yield {"code": text, "numbers": numbers, "_part": part}
    for length in (3, 4, 5, 6, 7):
        yield {"code": _random_code(rng, length), "numbers": leaves(rng), "_part": "expressions"}
    yield {"code": "out = a * a; out = a * b", "numbers": _first_two(leaves(rng)), "_part": "two_roots"}
    yield {
        "code": "out = a * b * a; out = (a + b) * b; out = a.exp()",
        "numbers": _first_two(leaves(rng)),
        "_part": "two_roots",
    }


def _first_two(numbers):
    return {name: numbers[name] for name in ("a", "b")}


_STEPS = (
    "{x} + {y}",
    "{x} - {y}",
    "{x} * {y} * 0.6",
    "{x} / ({y} * {y} + 0.7)",
    "{x}.tanh() * {y}",
    "({x} * 0.3).exp() + {y}",
    "({x} * {x} + 0.4).log() - {y}",
    "({x} * {x} + 0.2).relu() + {y}",
    "({x} * {x} + 0.5) ** -1.5 * {y}",
    "2.5 - {x} * {y}",
    "1.7 / ({x} * {x} + 0.8) + {y}",
)


def _random_code(rng, length):
    """Lines that each combine two earlier names, the last ones more often; no step may be taken twice."""
    names, lines = ["a", "b", "c"], []
    for k, step in enumerate(rng.permutation(_STEPS)[:length].tolist(), start=1):
        x, y = names[-1], names[int(rng.integers(0, len(names) - 1))]
        lines.append(f"t{k} = {step.format(x=x, y=y)}")
        names.append(f"t{k}")
    return "\n".join([*lines, f"out = {names[-1]} * {names[-2]} + a * b * c"])


def large_expressions(rng):
    """What ends a recursion, and what ends a walk without a memory."""
    deep = "out = a * 1.5\nfor _ in range(10_000): out = out + b"
    yield (
        "ten thousand nodes in a row",
        {"code": deep, "numbers": _first_two(leaves(rng)), "_part": "ten_thousand_deep"},
    )
    doubled = {"code": DOUBLINGS.format(40), "numbers": {"a": leaves(rng)["a"]}, "_part": "forty_doublings"}
    yield "forty doublings", doubled


Value = Exercise(
    reference=autodiff.Value,
    cases=expressions,
    extreme=large_expressions,
    returns=("numbers",),
    points=3,
    probe="engine",
    takes=("code", "numbers", "_part"),
    hints=(
        (
            "Take one operation at a time. `__mul__` looks like `__add__`: what is its result, what"
            " are its two "
            "local gradients?"
        ),
        (
            "`a - b` is `a + (-b)`, and `a / b` is `a * b ** -1`: what is built from the others "
            "needs no local "
            "gradient of its own. With a number on the left, Python asks the Value on the right: `2 - a` "
            "becomes `a.__rsub__(2)`."
        ),
        (
            "`backward` needs an order and a pass. You have written both: `topological_order` of the graph "
            "below `self`, then `backward_pass` over it."
        ),
    ),
)


def _order(root):
    return autodiff.topological_order(root, autodiff._Parents())


def _push(node):
    for parent, local in zip(node.parents, node.slopes, strict=True):
        parent.grad += local * node.grad


def _right_pass(root):
    root.grad = 1.0
    for node in reversed(_order(root)):
        _push(node)


# For each operation its result and its local gradients.
RULES = {
    "add": lambda a, b: (a + b, (1.0, 1.0)),
    "sub": lambda a, b: (a - b, (1.0, -1.0)),
    "rsub": lambda a, b: (b - a, (-1.0, 1.0)),
    "mul": lambda a, b: (a * b, (b, a)),
    "div": lambda a, b: (a / b, (1.0 / b, -a / b**2)),
    "rdiv": lambda a, b: (b / a, (-b / a**2, 1.0 / a)),
    "pow": lambda a, n: (a**n, (n * a ** (n - 1),)),
    "neg": lambda a: (-a, (-1.0,)),
    "exp": lambda a: (math.exp(a), (math.exp(a),)),
    "log": lambda a: (math.log(a), (1.0 / a,)),
    "tanh": lambda a: (math.tanh(a), (1.0 - math.tanh(a) ** 2,)),
    "relu": lambda a: (max(a, 0.0), (float(a > 0),)),
    "backward": _right_pass,
    "parents": lambda parents: parents,
}


class _Engine:
    """An engine of exchangeable rules: what the wrong versions are made from."""

    def __init__(self, data, rules, parents=(), slopes=()):
        self.data, self.grad, self.rules, self.rule = data, 0.0, rules, ""
        self.parents, self.slopes = tuple(parents), tuple(slopes)

    def _made(self, rule, *others):
        kind = type(self)
        operands = [self, *(o if isinstance(o, _Engine) else kind(o, self.rules) for o in others)]
        data, slopes = self.rules[rule](*(operand.data for operand in operands))
        made = kind(data, self.rules, operands[: len(slopes)], slopes)
        made.rule = rule
        return made

    def __add__(self, other):
        return self._made("add", other)

    def __mul__(self, other):
        return self._made("mul", other)

    def __sub__(self, other):
        return self._made("sub", other)

    def __rsub__(self, other):
        return self._made("rsub", other)

    def __truediv__(self, other):
        return self._made("div", other)

    def __rtruediv__(self, other):
        return self._made("rdiv", other)

    def __pow__(self, n):
        return self._made("pow", n)

    def __neg__(self):
        return self._made("neg")

    def exp(self):
        return self._made("exp")

    def log(self):
        return self._made("log")

    def tanh(self):
        return self._made("tanh")

    def relu(self):
        return self._made("relu")

    def backward(self):
        self.rules["backward"](self)

    __radd__, __rmul__ = __add__, __mul__


class _Built(_Engine):
    """An engine with fewer rules: what can be built from sums, products and powers is built from them."""

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -1.0 * other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * (other**-1.0)

    def __rtruediv__(self, other):
        return self**-1.0 * other


class _BuiltOnNegation(_Built):
    """The same with a rule of its own for the minus sign."""

    def __neg__(self):
        return self._made("neg")

    def __sub__(self, other):
        return self + (-other)


class _BuiltOnProducts(_Built):
    """The same with a rule of its own for the minus sign, and differences that do not use it."""

    def __neg__(self):
        return self._made("neg")


BUILT_ON = {
    "mul": (_Built, _BuiltOnNegation, _BuiltOnProducts),
    "pow": (_Built,),
    "neg": (_BuiltOnNegation, _BuiltOnProducts),
}


def _wrong(row="", **rules):
    """Register an engine with some rules exchanged; the function that is decorated says what is wrong."""
    kinds = (_Engine, *(kind for rule in rules for kind in BUILT_ON.get(rule, ())))

    def register(told):
        for kind in kinds:
            Value.mistake(row=row)(_maker(told, kind, RULES | rules))
        return told

    return register


def _maker(told, kind, rules):
    def compute(number):
        return kind(number, rules)

    compute.__name__, compute.__doc__ = told.__name__, told.__doc__
    return compute


# -- the way back --


class _Turned:
    def __getitem__(self, node):
        return node.parents[::-1]


def _overwriting(parents, ops=()):
    """A pass in which the last share wins, at some operations only if they are named."""

    def pass_on(node):
        for parent, local in zip(node.parents, node.slopes, strict=True):
            kept = parent.grad if ops and node.rule not in ops else 0.0
            parent.grad = kept + local * node.grad

    def backward(root):
        root.grad = 1.0
        for node in reversed(autodiff.topological_order(root, parents)):
            pass_on(node)

    return backward


@_wrong("R1", backward=_overwriting(autodiff._Parents(), ops=("mul",)))
@_wrong("R1", backward=_overwriting(_Turned(), ops=("mul",)))
@_wrong("R1", backward=_overwriting(autodiff._Parents()))
@_wrong("R1", backward=_overwriting(_Turned()))
def keeps_the_last_share_only():
    """What a second use sends back overwrites the first. A number that is used twice collects both: try
    `a + a`.
    """


def _everywhere_at_once(node):
    _push(node)
    for parent in node.parents:
        _everywhere_at_once(parent)


def _one_after_the_other(node):
    for parent, local in zip(node.parents, node.slopes, strict=True):
        parent.grad += local * node.grad
        _one_after_the_other(parent)


def _seeded(walk):
    def backward(root):
        root.grad = 1.0
        walk(root)

    return backward


@_wrong("R2", backward=_seeded(_everywhere_at_once))
@_wrong("R2", backward=_seeded(_one_after_the_other))
def passes_on_before_it_is_complete():
    """A node passes its gradient on each time something arrives, and so counts the first share again. It
    must wait until *all* shares are there: that is what the order is for. Try `t = a + a; out = t + t`.
    """


def _by_level(root):
    order = _walk(root, _Above(), deque.popleft)
    _pass_along(root, order)


def _as_met(root):
    _pass_along(root, _walk(root, _Above(), deque.pop))


class _Above:
    def __getitem__(self, node):
        return node.parents


def _pass_along(root, order):
    root.grad = 1.0
    for node in order:
        _push(node)


@_wrong("R2", backward=_by_level)
@_wrong("R2", backward=_as_met)
@_wrong("R2", backward=lambda root: _pass_along(root, _preorder(root, _Above(), 1)))
@_wrong("R2", backward=lambda root: _pass_along(root, _preorder(root, _Above(), -1)))
def goes_back_in_a_wrong_order():
    """Every node has its turn once, and some before all that was made from them has had its own. The order
    must be a topological one: your `topological_order` gives it.
    """


@_wrong("R3", backward=lambda root: _pass_along(root, _order(root)))
def starts_with_the_leaves():
    """The pass runs from the leaves to the root. Blame starts at the root: turn the order round."""


def _every_path(node, arriving=1.0):
    node.grad += arriving
    for parent, local in zip(node.parents, node.slopes, strict=True):
        _every_path(parent, local * arriving)


@_wrong("R4", backward=_every_path)
def walks_every_path():
    """Each path is walked by itself. With forty doublings there are a million million of them: let each
    node have its turn once, when all its shares have come in. And Python ends a recursion after a
    thousand calls.
    """


@_wrong(backward=lambda root: _pass_along(root, _recursive(root, _Above(), [], set())[::-1]))
def makes_the_order_by_recursion():
    """The function that makes the order calls itself for each parent, and Python allows about a thousand
    calls inside each other. Use your `topological_order`, or a stack of your own.
    """


@_wrong("R6", backward=lambda root: None)
def sends_nothing_back():
    """All gradients stay 0. What is the gradient of `out` with respect to `out`? Something has to start the
    chain.
    """


def _seeds_with_the_value(root):
    root.grad = root.data
    for node in reversed(_order(root)):
        _push(node)


@_wrong(backward=_seeds_with_the_value)
def starts_from_the_value():
    """The root starts with its own value. Its gradient with respect to itself is 1, whatever its value
    is.
    """


def _clears(root):
    for node in _order(root):
        node.grad = 0.0
    _right_pass(root)


@_wrong(backward=_clears)
def clears_the_leaves_first():
    """All gradients are set to 0 before each backward pass. A leaf that is used in two expressions collects
    from both; whoever trains with it clears it.
    """


def _adds_to_the_seed(root):
    order = _order(root)
    for node in order:
        node.grad = 1.0
    for node in reversed(order):
        _push(node)


@_wrong(backward=_adds_to_the_seed)
def starts_every_node_from_1():
    """Every node starts from a gradient of 1. Only the root does."""


def _all_to_the_last(root):
    root.grad = 1.0
    for node in reversed(_order(root)):
        for _ in node.parents:
            node.parents[-1].grad += node.slopes[-1] * node.grad


@_wrong("R14", backward=_all_to_the_last)
def remembers_the_last_parent_only():
    """Everything lands at the last operand. A function made in a loop sees the loop's *last* value; hand
    over what it needs as an argument.
    """


def _once_for_each_parent(root):
    root.grad = 1.0
    for node in reversed(_order(root)):
        for parent, local in dict(zip(node.parents, node.slopes, strict=True)).items():
            parent.grad += local * node.grad


@_wrong("R5", backward=_once_for_each_parent)
def keeps_a_parent_once():
    """A number that is both operands, as in `a * a`, is counted once. Is there a set, or a dict by
    parent?
    """


# -- products, sums, differences --


@_wrong("B14", mul=lambda a, b: (a * b, (a, b)))
def takes_its_own_number():
    """In a product each operand is given its own value as slope. It is the *other* one's: `mul_backward`."""


@_wrong(mul=lambda a, b: (a * b, (1.0, 1.0)))
def treats_a_product_as_a_sum():
    """In a product both local gradients are 1, as in a sum. Compare with your `mul_backward`."""


@_wrong("R20", mul=lambda a, b: (a * b, (b,)))
@_wrong("R20", mul=lambda a, b: (a * b, ()))
def loses_an_operand_of_a_product():
    """A product forgets what it was made from. Which of its operands are among its parents?"""


@_wrong("R10", sub=lambda a, b: (a - b, (1.0, 1.0)), rsub=lambda a, b: (b - a, (1.0, 1.0)))
@_wrong("R10", sub=lambda a, b: (a - b, (1.0, 1.0)))
def forgets_the_minus_of_a_difference():
    """In `a - b` the gradient of `b` has the sign of a sum. If `b` grows, what becomes of the difference?"""


@_wrong("R20", sub=lambda a, b: (a - b, (1.0,)), rsub=lambda a, b: (b - a, (-1.0,)))
@_wrong("R20", sub=lambda a, b: (a - b, ()), rsub=lambda a, b: (b - a, ()))
def takes_a_difference_of_plain_numbers():
    """A difference is made from `.data` alone and forgets an operand: the way back ends there. Which result
    has no parents?
    """


@_wrong("R11", rsub=RULES["sub"], rdiv=RULES["div"])
@_wrong("R11", rsub=RULES["sub"])
@_wrong("R11", rdiv=RULES["div"])
def exchanges_the_operands():
    """With a number on the left the operands change places. `2 - a` arrives as `a.__rsub__(2)`, and must
    give `2 - a`. So must `2 / a`.
    """


@_wrong(rsub=lambda a, b: (b - a, (1.0,)))
def forgets_the_minus_with_a_number_on_the_left():
    """In `2 - a` the gradient of `a` has the wrong sign. If `a` grows, what becomes of `2 - a`?"""


@_wrong(neg=lambda a: (-a, (1.0,)))
def forgets_the_minus_of_a_negation():
    """`-a` moves against `a`, and so does its gradient: the local gradient is minus 1."""


# -- powers and quotients --


@_wrong("R12", pow=lambda a, n: (a**n, (n * a**n,)))
def keeps_the_exponent_in_the_engine():
    """In `a ** n` the exponent came down in front and stayed above as well. It loses one."""


@_wrong("R12", pow=lambda a, n: (a**n, (a ** (n - 1),)))
def forgets_the_factor_of_a_power():
    """In `a ** n` the exponent lost one, and nothing came down in front."""


@_wrong("R20", pow=lambda a, n: (a**n, ()))
def takes_a_power_of_plain_numbers():
    """A power is made from `.data` alone and has no parents: the way back ends there."""


@_wrong(div=lambda a, b: (a / b, (1.0 / b, a / b**2)), rdiv=lambda a, b: (b / a, (b / a**2, 1.0 / a)))
@_wrong(div=lambda a, b: (a / b, (1.0 / b, a / b**2)))
@_wrong(rdiv=lambda a, b: (b / a, (b / a**2,)))
def forgets_the_minus_of_a_quotient():
    """In `a / b` the gradient of `b` has the wrong sign. If `b` grows, does `a / b` grow?"""


@_wrong(div=lambda a, b: (a / b, (1.0 / b, -1.0 / b**2)), rdiv=lambda a, b: (b / a, (-1.0 / a**2, 1.0 / a)))
@_wrong(div=lambda a, b: (a / b, (1.0 / b, -1.0 / b**2)))
@_wrong(rdiv=lambda a, b: (b / a, (-1.0 / a**2,)))
def forgets_the_numerator():
    """In `a / b` the gradient of `b` lacks the factor `a`. At `a` = 1000, does it not matter more?"""


@_wrong(div=lambda a, b: (a / b, (1.0 / b, 1.0 / a)), rdiv=lambda a, b: (b / a, (1.0 / b, 1.0 / a)))
@_wrong(div=lambda a, b: (a / b, (b, a)), rdiv=lambda a, b: (b / a, (b, a)))
@_wrong(div=lambda a, b: (a / b, (1.0 / b, a)), rdiv=lambda a, b: (b / a, (b, 1.0 / a)))
def treats_a_quotient_as_a_product():
    """The quotient's local gradients follow a product's rule. Write `a / b` as `a * b ** -1`, and it
    follows by itself.
    """


@_wrong("R20", div=lambda a, b: (a / b, (1.0 / b,)), rdiv=lambda a, b: (b / a, ()))
@_wrong("R20", div=lambda a, b: (a / b, ()), rdiv=lambda a, b: (b / a, ()))
@_wrong("R20", div=lambda a, b: (a / b, (1.0 / b,)))
def divides_plain_numbers():
    """A quotient is made from `.data` and forgets an operand: the way back ends there."""


# -- functions --


@_wrong("B19", exp=lambda a: (math.exp(a), (a,)))
@_wrong("B19", exp=lambda a: (math.exp(a), (math.exp(math.exp(a)),)))
def takes_the_wrong_number_for_exp():
    """The local gradient of exp is what came *out*: `exp_backward`. Here it is made from another number."""


@_wrong("B20", log=lambda a: (math.log(a), (1.0 / math.log(a),)))
@_wrong("B20", log=lambda a: (math.log(a), (math.log(a),)))
@_wrong("B20", log=lambda a: (math.log(a), (a,)))
def takes_the_wrong_number_for_log():
    """The local gradient of the logarithm is 1 divided by what went *in*."""


@_wrong(log=lambda a: (math.log10(a), (1.0 / (a * math.log(10)),)))
@_wrong(log=lambda a: (math.log10(a), (1.0 / a,)))
@_wrong(log=lambda a: (math.log2(a), (1.0 / a,)))
def takes_a_logarithm_of_another_base():
    """`log` is the natural logarithm, `math.log`."""


@_wrong(tanh=lambda a: (math.tanh(a), (1.0 - a**2,)))
@_wrong(tanh=lambda a: (math.tanh(a), (1.0 - math.tanh(a),)))
@_wrong(tanh=lambda a: (math.tanh(a), (math.tanh(a) * (1.0 - math.tanh(a)),)))
@_wrong(tanh=lambda a: (math.tanh(a), (1.0 + math.tanh(a) ** 2,)))
@_wrong(tanh=lambda a: (math.tanh(a), (1.0,)))
def takes_a_wrong_slope_for_tanh():
    """The values of tanh are right, its local gradient is not. Lesson 05: 1 minus the square of what came
    *out*.
    """


@_wrong(relu=lambda a: (max(a, 0.0), (1.0,)))
def lets_all_blame_through_a_relu():
    """A ReLU sends everything back. Where it gave 0, nothing may pass."""


@_wrong(relu=lambda a: (max(a, 0.0), (max(a, 0.0),)))
@_wrong(relu=lambda a: (max(a, 0.0), (a,)))
@_wrong(relu=lambda a: (max(a, 0.0), (float(a < 0),)))
def takes_a_wrong_slope_for_relu():
    """The values of the ReLU are right, its local gradient is not: 1 where it let the number through,
    else 0.
    """


@_wrong("R20", exp=lambda a: (math.exp(a), ()))
@_wrong("R20", log=lambda a: (math.log(a), ()))
@_wrong("R20", tanh=lambda a: (math.tanh(a), ()))
@_wrong("R20", relu=lambda a: (max(a, 0.0), ()))
def takes_a_function_of_plain_numbers():
    """A function's result has no parents: the way back ends there. Hand `self` over as its parent."""


# ---- a step towards arrays ----


def stretched_gradients(rng):
    """Axes in front that were not there, axes of size 1 that were stretched, both at once, and neither."""
    for full, shape in (
        ((5, 3), (3,)),
        ((5, 3), (5, 1)),
        ((4, 5, 3), (5, 1)),
        ((4, 5, 3), (1, 5, 3)),
        ((4, 5, 3), (3,)),
        ((3, 6), (1, 6)),
        ((4, 6), ()),
        ((5, 4), (5, 4)),
        ((2, 3, 4, 5), (3, 1, 5)),
    ):
        yield {"grad": rng.normal(size=full), "shape": shape}


unbroadcast = Exercise(
    reference=autodiff.unbroadcast,
    cases=stretched_gradients,
    returns=("gradient",),
    points=1,
    hints=(
        "Lesson 04 had one bias for all rows. What became of the rows' blame?",
        (
            "Two things may have happened to the small array: axes came in front, and axes of size 1 "
            "were stretched."
        ),
        (
            "First add up the axes in front, as many as `grad` has more than `shape`. Then add up "
            "each axis that "
            "has size 1 in `shape`, and keep it as an axis of size 1."
        ),
    ),
)


def _in_front(grad, shape):
    return tuple(range(grad.ndim - len(shape)))


def _ones(shape):
    return tuple(axis for axis, size in enumerate(shape) if size == 1)


@unbroadcast.mistake(row="R16")
def adds_nothing_up(grad, shape):
    """The gradient has the shape of the stretched array. Each copy brings blame back: add it up."""
    return 1.0 * grad


@unbroadcast.mistake()
def averages_over_the_copies(grad, shape):
    """The copies' blame is averaged. Each copy counts in full, so it is added up."""
    grad = grad.mean(axis=_in_front(grad, shape))
    return grad.mean(axis=_ones(shape), keepdims=True)


@unbroadcast.mistake()
def adds_up_the_axes_in_front_only(grad, shape):
    """Axes that came in front are added up. Those of size 1 that were stretched are not."""
    return grad.sum(axis=_in_front(grad, shape))


@unbroadcast.mistake()
def adds_up_the_stretched_axes_only(grad, shape):
    """Axes of size 1 that were stretched are added up. Those that came in front are not."""
    lead = grad.ndim - len(shape)
    return grad.sum(axis=tuple(axis + lead for axis in _ones(shape)), keepdims=True)


@unbroadcast.mistake()
def loses_the_axes_of_size_1(grad, shape):
    """The stretched axes are added up and gone. The result must have the shape asked for: keep them as
    axes of size 1.
    """
    return grad.sum(axis=_in_front(grad, shape)).sum(axis=_ones(shape))


@unbroadcast.mistake()
def keeps_the_axes_in_front(grad, shape):
    """The axes in front are added up and stay as axes of size 1. The small array did not have them."""
    lead = grad.ndim - len(shape)
    stretched = tuple(axis + lead for axis in _ones(shape))
    return grad.sum(axis=(*_in_front(grad, shape), *stretched), keepdims=True)


@unbroadcast.mistake()
def takes_one_copy(grad, shape):
    """One copy's blame is taken, the others' is lost. Add them up."""
    while grad.ndim > len(shape):
        grad = grad[0]
    for axis in _ones(shape):
        grad = np.take(grad, [0], axis=axis)
    return 1.0 * grad


@unbroadcast.mistake()
def adds_everything_up(grad, shape):
    """Everything is added up to one number. Only what was *copied* is added up."""
    return np.full(shape, grad.sum())


@unbroadcast.mistake()
def adds_up_the_first_axis(grad, shape):
    """Always the first axis is added up. Which axes were made when the array was stretched?"""
    return grad.sum(axis=0)


@unbroadcast.mistake()
def adds_up_the_axes_behind(grad, shape):
    """The last axes are added up. NumPy lines shapes up at their *ends*: new axes come in front."""
    return grad.sum(axis=tuple(range(len(shape), grad.ndim)))


# ---- quizzes ----

what_a_box_needs = Quiz(
    "14-what-a-box-needs",
    (
        "A box computes `out = a * b` somewhere in a large network. What must it know to send blame "
        "back to `a` and `b`?"
    ),
    (
        Choice(
            "What arrives at its output, and its own `a` and `b`.",
            (
                "Whatever lies behind the box is summed up in what arrives, and whatever lies "
                "before it is none of "
                "its business."
            ),
            right=True,
        ),
        Choice(
            "The loss function.",
            "The loss has its say through what arrives. A box in the middle never sees it.",
        ),
        Choice(
            "The whole path from itself to the loss.",
            "The path behind it has been multiplied up already, into the one number that arrives.",
        ),
        Choice(
            "Nothing but what arrives.",
            "Almost. How much a product grows with `a` depends on `b`, so it has to remember its operands.",
        ),
    ),
)

when_complete = Quiz(
    "14-when-complete",
    "`t = a * b`, `u = t + c`, `out = u * t`. On the way back, when may `t` send blame on to `a` and `b`?",
    (
        Choice(
            "As soon as something arrives from `out`.",
            "Then what `u` still has to send comes too late, or the first share is sent twice.",
        ),
        Choice(
            "When its shares from both `out` and `u` have arrived.",
            (
                "`t` is complete then. So `u` must have its turn before `t`, although `out` uses `t` "
                "directly too."
            ),
            right=True,
        ),
        Choice(
            "At any time: in the end everything is added up anyway.",
            (
                "Adding up helps `t`. But `a` gets what `t` had at the moment of sending, and an "
                "incomplete "
                "gradient, sent on, stays incomplete."
            ),
        ),
    ),
)

second_expression = Quiz(
    "14-second-expression",
    (
        "`a = Value(3)`. You run `(a * 2).backward()`, and `a.grad` is 2. Then you run `(a * "
        "5).backward()`. What is "
        "`a.grad` now?"
    ),
    (
        Choice("5", "That would be so if `backward` cleared the leaves first. It only ever adds."),
        Choice(
            "7",
            (
                "Gradients of two expressions add up in a leaf. Between two steps of a training "
                "that is not wanted: "
                "start each step from fresh Values, or set `.grad` to 0."
            ),
            right=True,
        ),
        Choice("10", "Two uses are added, not multiplied: 2 + 5."),
    ),
)

how_much_slower = Quiz(
    "14-how-much-slower",
    (
        "One object for each number, against arrays. How much slower is the engine, for XOR's "
        "arrays of 32 numbers "
        "at most, and for one layer of 64 by 64 weights?"
    ),
    (
        Choice(
            "As fast: the same numbers are multiplied.",
            (
                "The same numbers, and around each one an object is made, two tuples, and a place in "
                "the order."
            ),
        ),
        Choice(
            "Some ten times in both cases.",
            "For XOR that is near. But an array pays for Python once, however many numbers it holds.",
        ),
        Choice(
            "Some ten times for XOR, thousands of times for the layer.",
            (
                "An array pays for Python once for all its numbers, the engine once for each. So "
                "the gap grows with "
                "the arrays."
            ),
            right=True,
        ),
    ),
)
