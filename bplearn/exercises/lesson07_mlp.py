"""Lesson 07: the full network."""

import itertools

import numpy as np

from bplearn import probes
from bplearn.exercise import Choice, Exercise, Quiz
from bplearn.nn import mlp
from bplearn.nn.activations import relu_backward, relu_forward, softmax
from bplearn.nn.linear import linear_backward, linear_forward
from bplearn.nn.losses import softmax_cross_entropy

# ---- init_mlp ----


def sizes_and_generators(rng):
    """Small networks tell shapes; two with large layers tell mean and spread."""
    for sizes in ((2, 16, 3), (3, 5, 4, 2), (7, 4), (120, 300, 160), (170, 400, 140, 3)):
        yield {"sizes": sizes, "rng": probes.Seed(int(rng.integers(2**31)))}


init_mlp = Exercise(
    reference=mlp.init_mlp,
    cases=sizes_and_generators,
    returns=("params",),
    points=1,
    probe="initial",
    # A mean of n weights with standard deviation s is off by s / sqrt(n), a spread by s / sqrt(2 n) or less.
    # With s = sqrt(2 / fan_in) and at least 120 x 300 weights that is 6.8e-4 and 4.8e-4. Answer and reference
    # are both drawn, which makes 9.6e-4 and 6.8e-4; six times that is allowed. The smallest spread is 0.071.
    atol={"means": 5.8e-3, "spreads": 4.1e-3},
    hints=(
        "How many layers does a network of sizes (2, 16, 3) have, and which shape has each of its arrays?",
        (
            "Layer k leads from sizes[k - 1] numbers to sizes[k]. `rng.normal(size=...)` draws weights "
            "of spread 1."
            " What makes them wider or narrower?"
        ),
        (
            "For k = 1, 2, ...: fan_in is sizes[k - 1]; Wk is a draw of shape (fan_in, sizes[k]) times "
            "the square "
            "root of 2 / fan_in; bk is sizes[k] zeros."
        ),
    ),
)


def _init(sizes, draw, bias=np.zeros):
    """Another initialisation: ``draw(fan_in, fan_out, k)`` gives the weights of layer k."""
    params = {}
    for k, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes), start=1):
        params[f"W{k}"], params[f"b{k}"] = draw(fan_in, fan_out, k), bias(fan_out)
    return params


def _he(rng):
    return lambda fan_in, fan_out, k: rng.normal(size=(fan_in, fan_out)) * np.sqrt(2 / fan_in)


@init_mlp.property("b1")
@init_mlp.property("b2")
@init_mlp.property("b3")
def biases_start_at_zero(bias, sizes, rng):
    """The biases do not start at 0. The weights are drawn, so that units differ; biases need no draw."""
    return not np.any(bias)


@init_mlp.mistake(row="L8")
def starts_at_zero(sizes, rng):
    """All weights are 0. Then all units of a layer are copies of each other, and every step keeps them
    so. What could make them differ?
    """
    return _init(sizes, lambda fan_in, fan_out, k: np.zeros((fan_in, fan_out)))


@init_mlp.mistake(row="F14")
def starts_with_ones(sizes, rng):
    """All weights start equal. Then all units of a layer are copies of each other, and every step keeps
    them so.
    """
    return _init(sizes, lambda fan_in, fan_out, k: np.ones((fan_in, fan_out)))


@init_mlp.mistake()
def starts_all_equal_at_the_spread(sizes, rng):
    """All weights of a layer are sqrt(2 / fan_in). That number is to be their *spread*: each weight is
    a random draw, times it.
    """
    return _init(sizes, lambda fan_in, fan_out, k: np.full((fan_in, fan_out), np.sqrt(2 / fan_in)))


@init_mlp.mistake(row="L9")
def takes_the_variance_for_the_spread(sizes, rng):
    """The draws are multiplied by 2 / fan_in. That is the variance; what a draw is multiplied by is the
    standard deviation. Which of the two is the root of the other?
    """
    return _init(sizes, lambda i, o, k: rng.normal(size=(i, o)) * 2 / i)


@init_mlp.mistake(row="L10")
def counts_the_outputs(sizes, rng):
    """The spread is taken from the number of outputs. One entry of z adds up how many products: as many
    as there are inputs, or outputs?
    """
    return _init(sizes, lambda i, o, k: rng.normal(size=(i, o)) * np.sqrt(2 / o))


@init_mlp.mistake(row="L11")
def forgets_the_two(sizes, rng):
    """The spread is sqrt(1 / fan_in). A ReLU silences about half of what arrives; the 2 makes up for it."""
    return _init(sizes, lambda i, o, k: rng.normal(size=(i, o)) * np.sqrt(1 / i))


@init_mlp.mistake()
def counts_inputs_and_outputs(sizes, rng):
    """The spread is sqrt(2 / (inputs + outputs)), a rule that was made for tanh. Here only the inputs
    count.
    """
    return _init(sizes, lambda i, o, k: rng.normal(size=(i, o)) * np.sqrt(2 / (i + o)))


@init_mlp.mistake()
def leaves_the_spread_at_one(sizes, rng):
    """The weights are drawn, and not scaled: their spread is 1 in every layer. The more inputs, the
    smaller it should be.
    """
    return _init(sizes, lambda i, o, k: rng.normal(size=(i, o)))


@init_mlp.mistake()
def starts_tiny(sizes, rng):
    """The spread is 0.01 in every layer. It should depend on the number of inputs: sqrt(2 / fan_in)."""
    return _init(sizes, lambda i, o, k: rng.normal(size=(i, o)) * 0.01)


@init_mlp.mistake()
def uses_the_first_fan_in_everywhere(sizes, rng):
    """The spread of the first layer is used in every layer. Each layer has inputs of its own."""
    return _init(sizes, lambda i, o, k: rng.normal(size=(i, o)) * np.sqrt(2 / sizes[0]))


@init_mlp.mistake()
def divides_by_the_spread(sizes, rng):
    """Divided by sqrt(2 / fan_in) where a product is due: the more inputs, the *smaller* the weights."""
    return _init(sizes, lambda i, o, k: rng.normal(size=(i, o)) / np.sqrt(2 / i))


@init_mlp.mistake()
def forgets_the_root_of_the_two(sizes, rng):
    """The spread is 2 / sqrt(fan_in): the root covers fan_in alone. It is the root of the whole fraction."""
    return _init(sizes, lambda i, o, k: rng.normal(size=(i, o)) * 2 / np.sqrt(i))


@init_mlp.mistake(row="L12")
def draws_from_zero_to_one(sizes, rng):
    """The draws lie between 0 and 1, so no weight is negative. What should the mean of the weights be?"""
    return _init(sizes, lambda i, o, k: rng.random((i, o)) * np.sqrt(2 / i))


@init_mlp.mistake(row="L13")
def takes_the_bound_for_the_spread(sizes, rng):
    """The draws are uniform between -s and s. Their standard deviation is then s / sqrt(3), and it
    should be s. Draw ten thousand and measure.
    """
    return _init(sizes, lambda i, o, k: rng.uniform(-1, 1, (i, o)) * np.sqrt(2 / i))


@init_mlp.mistake(row="L14")
def seeds_every_layer_alike(sizes, rng):
    """Every layer is drawn from a generator with the same seed, so the layers hold the same draws. One
    generator, the one that was handed over, serves all layers in turn.
    """
    return _init(sizes, lambda i, o, k: np.random.default_rng(0).normal(size=(i, o)) * np.sqrt(2 / i))


@init_mlp.mistake()
def draws_from_a_generator_of_its_own(sizes, rng):
    """The weights do not depend on `rng`: another generator gives the same ones. Who draws them?"""
    return _init(sizes, _he(np.random.default_rng(0)))


@init_mlp.mistake()
def draws_from_a_generator_without_a_seed(sizes, rng):
    """The same `rng` gives other weights each time, so no run can be repeated. A new generator without
    a seed is made inside; the one that was handed over is meant to draw.
    """
    return _init(sizes, _he(np.random.default_rng()))


@init_mlp.mistake(row="C15")
def gives_the_biases_a_row(sizes, rng):
    """The biases have shape (1, M). One number for each of the M units: shape (M,)."""
    return _init(sizes, _he(rng), bias=lambda o: np.zeros((1, o)))


@init_mlp.mistake()
def gives_the_biases_the_shape_of_the_inputs(sizes, rng):
    """Each bias has the length of the layer's input. A bias is added to what comes *out* of the product."""
    params = _init(sizes, _he(rng))
    return params | {f"b{k + 1}": np.zeros(size) for k, size in enumerate(sizes[:-1])}


@init_mlp.mistake()
def turns_the_weights(sizes, rng):
    """The weights have shape (outputs, inputs). In z = x @ W + b they have shape (inputs, outputs)."""
    return _init(sizes, lambda i, o, k: rng.normal(size=(o, i)) * np.sqrt(2 / i))


@init_mlp.mistake()
def starts_the_biases_at_one(sizes, rng):
    """The biases start at 1. They start at 0: the random weights are enough to make the units differ."""
    return _init(sizes, _he(rng), bias=np.ones)


# ---- mlp_forward ----

SHAPES = (
    (3, (5, 4)),
    (4, (3, 5, 2)),
    (5, (3, 7, 4)),
    (6, (4, 3, 7, 5)),
    (3, (4, 6, 5, 2, 7)),
    (7, (5, 4, 3)),
)


def _network(rng, N, sizes):
    """Inputs and parameters; no z of a hidden layer is near 0, no sum of the cases cancels."""
    while True:
        params = mlp.init_mlp(sizes, rng)
        params = {k: rng.normal(0, 0.6, v.shape) if k[0] == "b" else v for k, v in params.items()}
        x = rng.normal(size=(N, sizes[0]))
        logits, cache = mlp.mlp_forward(x, params)
        hidden = [z for _, z in cache[:-1]]
        alive = all((z > 0).any() and (z < 0).any() for z in hidden)
        if alive and all(np.abs(z).min() > 0.01 for _, z in cache):
            return x, params, logits, cache


def networks(rng):
    for N, sizes in SHAPES:
        x, params, _, _ = _network(rng, N, sizes)
        yield {"x": x, "params": params}


def square_networks(rng):
    for layers in (2, 3, 3, 4, 4):
        x, params, _, _ = _network(rng, 4, (4,) * (layers + 1))
        yield {"x": x, "params": params}


mlp_forward = Exercise(
    reference=mlp.mlp_forward,
    cases=networks,
    square=square_networks,
    returns=("logits", "cache"),
    points=1,
    hints=(
        "Two numbers change from layer to layer: what comes in, and k. What is `a` before the first layer?",
        (
            "Inside the loop: z from a with the layer's W and b, then remember, then the next a. Which "
            "layer has no"
            " ReLU behind it?"
        ),
        (
            "Append the pair (a, z) before you overwrite a. Then a is `relu_forward(z)` in every layer "
            "but the "
            "last, whose z are the logits."
        ),
    ),
)


def _forward(x, params, hidden=relu_forward, entry=lambda a, z, out: (a, z), product=linear_forward):
    """Another forward pass: with another bend, another cache entry, another product."""
    layers, a, cache = len(params) // 2, x, []
    for k in range(1, layers + 1):
        z = product(a, params[f"W{k}"], params[f"b{k}"])
        out = hidden(z) if k < layers else z
        cache.append(entry(a, z, out))
        a = out
    return a, cache


@mlp_forward.mistake("logits")
def bends_the_output(x, params):
    """The ReLU is applied to the last layer too, so no logit is negative. Which layers are hidden?"""
    return relu_forward(mlp.mlp_forward(x, params)[0])


@mlp_forward.mistake("logits")
def gives_probabilities(x, params):
    """These are probabilities. Logits are due, the z of the last layer: the loss turns them into
    probabilities.
    """
    return softmax(mlp.mlp_forward(x, params)[0])


@mlp_forward.mistake("logits")
def gives_the_last_hidden_layer(x, params):
    """This is what went into the last layer. The logits are what its product gives."""
    return mlp.mlp_forward(x, params)[1][-1][0]


@mlp_forward.mistake()
def never_bends(x, params):
    """The ReLU is missing between the layers. Without a bend two layers are as good as one: which line
    of the loop makes the next layer's input?
    """
    return _forward(x, params, hidden=lambda z: z)


@mlp_forward.mistake()
def bends_all_but_the_first(x, params):
    """There is no ReLU behind the *first* layer, and one behind the last. Which layer gives the logits?"""
    layers, a, cache = len(params) // 2, x, []
    for k in range(1, layers + 1):
        z = linear_forward(a, params[f"W{k}"], params[f"b{k}"])
        cache.append((a, z))
        a = relu_forward(z) if k > 1 else z
    return a, cache


@mlp_forward.mistake()
def squashes_with_a_sigmoid(x, params):
    """The hidden layers are squashed by a sigmoid. This network bends with a ReLU."""
    return _forward(x, params, hidden=lambda z: 1 / (1 + np.exp(-z)))


@mlp_forward.mistake()
def squashes_with_a_tanh(x, params):
    """The hidden layers are squashed by a tanh. This network bends with a ReLU."""
    return _forward(x, params, hidden=np.tanh)


@mlp_forward.mistake()
def forgets_the_biases(x, params):
    """The biases are missing. They are in `params` beside the weights: b1, b2, ..."""
    return _forward(x, params, product=lambda a, W, b: a @ W)


@mlp_forward.mistake()
def subtracts_the_biases(x, params):
    """The biases are subtracted. z = a @ W + b."""
    return _forward(x, params, product=lambda a, W, b: a @ W - b)


@mlp_forward.mistake()
def bends_what_comes_in(x, params):
    """The ReLU is applied before each product, so the inputs x are bent as well. It belongs between two
    layers.
    """
    return mlp.mlp_forward(relu_forward(x), params)


@mlp_forward.mistake()
def bends_before_the_bias(x, params):
    """The bias is added after the ReLU. It belongs to z: it decides where the bend sits."""
    last = f"W{len(params) // 2}"
    bent = [name for name in params if name[0] == "W" and name != last]

    def product(a, W, b):
        return relu_forward(a @ W) + b if any(W is params[name] for name in bent) else a @ W + b

    return _forward(x, params, hidden=lambda z: z, product=product)


@mlp_forward.mistake("cache")
def remembers_what_comes_out(x, params):
    """The first of each pair is what comes *out* of the layer. What went *in* is what the gradient of W
    needs.
    """
    return _forward(x, params, entry=lambda a, z, out: (out, z))[1]


@mlp_forward.mistake("cache")
def exchanges_the_pair(x, params):
    """The two in each pair are exchanged: first what went into the layer, then its z."""
    return _forward(x, params, entry=lambda a, z, out: (z, a))[1]


@mlp_forward.mistake("cache")
def remembers_the_bent_z(x, params):
    """The second of each pair is the output of the ReLU. The cache holds z, from before the bend."""
    return _forward(x, params, entry=lambda a, z, out: (a, relu_forward(z)))[1]


@mlp_forward.mistake("cache")
def remembers_z_alone(x, params):
    """Each entry is z alone. A pair is due: what went in, and z."""
    return _forward(x, params, entry=lambda a, z, out: z)[1]


@mlp_forward.mistake("cache")
def remembers_the_inputs_alone(x, params):
    """Each entry is what went in alone. A pair is due: what went in, and z."""
    return _forward(x, params, entry=lambda a, z, out: a)[1]


@mlp_forward.mistake("cache")
def remembers_the_last_layer_first(x, params):
    """The last layer stands first. The cache is in the order of the forward pass: the first layer first."""
    cache = mlp.mlp_forward(x, params)[1]
    return cache[::-1] if len(cache) > 1 else cache


@mlp_forward.mistake("cache")
def forgets_the_last_layer_in_the_cache(x, params):
    """The last layer's pair is missing. One pair for each layer: the last one has inputs and a z too."""
    return mlp.mlp_forward(x, params)[1][:-1]


@mlp_forward.mistake("cache")
def remembers_the_first_input_everywhere(x, params):
    """x is remembered as the input of every layer. Layer 2 received what came out of layer 1."""
    return _forward(x, params, entry=lambda a, z, out: (x, z))[1]


# ---- mlp_backward ----


def caches(rng):
    for N, sizes in SHAPES:
        _, params, logits, cache = _network(rng, N, sizes)
        yield {"dlogits": rng.normal(size=logits.shape), "cache": cache, "params": params}


def square_caches(rng):
    for case in square_networks(rng):
        logits, cache = mlp.mlp_forward(**case)
        yield {"dlogits": rng.normal(size=logits.shape), "cache": cache, "params": case["params"]}


mlp_backward = Exercise(
    reference=mlp.mlp_backward,
    cases=caches,
    square=square_caches,
    returns=("grads",),
    points=3,
    fresh=("cache",),
    upstream="dlogits",
    hints=(
        "Start at the last layer: `dlogits` is its dz. Which three things does `linear_backward` give "
        "you there?",
        (
            "dW and db are kept. What arrives at the layer's input is the da of the layer below. Which "
            "box stands "
            "between that da and the dz below, and which z does it need?"
        ),
        (
            "Go from the last k down to 1. After `linear_backward` with the input of layer k: if k > 1, "
            "the next dz"
            " is `relu_backward` of what arrived, at the z of layer k - 1."
        ),
    ),
)


def _back(dlogits, cache, params, *, product=linear_backward, bend=None, source=None, first=None):
    """Another backward pass. ``bend(da, z, k)`` is the way through the ReLU below layer k."""
    grads, dz = {}, dlogits if first is None else first
    for k in range(len(cache), 0, -1):
        a_in = cache[k - 1][0] if source is None else source(k)
        da, grads[f"W{k}"], grads[f"b{k}"] = product(dz, a_in, params[f"W{k}"])
        if k > 1:
            z = cache[k - 2][1]
            dz = relu_backward(da, z) if bend is None else bend(da, z, k)
    return {name: grads[name] for name in params}


@mlp_backward.mistake(row="F1")
def skips_the_hidden_slope(dlogits, cache, params):
    """The slope of the hidden layers is skipped. The signal passed a ReLU on the way forward. What does
    a unit that was silent pass back?
    """
    return _back(dlogits, cache, params, bend=lambda da, z, k: da)


@mlp_backward.mistake(row="F2")
def takes_the_slope_at_the_layer_above(dlogits, cache, params):
    """The hidden slope is taken at the z of the layer above. Label each cache entry with its layer
    number: which z went into the ReLU that you are passing?
    """
    return _back(dlogits, cache, params, bend=lambda da, z, k: relu_backward(da, cache[k - 1][1]))


@mlp_backward.mistake()
def takes_the_slope_before_the_weights(dlogits, cache, params):
    """The slope is taken at the z of the layer above, before its weights are passed. On the way back
    you meet the weights of layer k first, then the ReLU below, with the z of layer k - 1.
    """

    def product(dz, a_in, W):
        k = next(k for k in range(1, len(cache) + 1) if params[f"W{k}"] is W)
        _, dW, db = linear_backward(dz, a_in, W)
        return relu_backward(dz, cache[k - 1][1]) @ W.T, dW, db

    return _back(dlogits, cache, params, product=product, bend=lambda da, z, k: da)


@mlp_backward.mistake()
def bends_the_logits_on_the_way_back(dlogits, cache, params):
    """A slope is taken at the output as well. The logits passed no ReLU on the way forward."""
    return _back(dlogits, cache, params, first=relu_backward(dlogits, cache[-1][1]))


@mlp_backward.mistake(row="F5")
def takes_z_for_the_input(dlogits, cache, params):
    """dW is made with the z of the layer below. What did the layer actually receive: z, or what came
    out of the ReLU?
    """
    return _back(dlogits, cache, params, source=lambda k: cache[k - 2][1] if k > 1 else cache[0][0])


@mlp_backward.mistake(row="F6")
def takes_the_inputs_of_the_other_end(dlogits, cache, params):
    """The inputs of the layers are in the wrong order: the last layer gets those of the first. The
    cache begins with the first layer; you begin with the last.
    """
    return _back(dlogits, cache, params, source=lambda k: cache[len(cache) - k][0])


@mlp_backward.mistake(row="F7")
def divides_by_the_batch_in_every_layer(dlogits, cache, params):
    """Each layer divides by N again and hands it on, so the layers below get 1/N twice, three times.
    Where does the mean live? Once, in the loss.
    """

    def product(dz, a_in, W):
        return linear_backward(dz / len(dz), a_in, W)

    return _back(dlogits, cache, params, product=product)


@mlp_backward.mistake()
def averages_over_the_batch(dlogits, cache, params):
    """Every gradient is divided by N. The 1/N of the loss is inside `dlogits` already; layers add up
    the examples.
    """
    return {name: grad / len(dlogits) for name, grad in mlp.mlp_backward(dlogits, cache, params).items()}


@mlp_backward.mistake()
def averages_the_biases(dlogits, cache, params):
    """The gradients of the biases are means over the batch. Examples are added up, for biases as for
    weights.
    """
    grads = mlp.mlp_backward(dlogits, cache, params)
    return {name: grad / len(dlogits) if name[0] == "b" else grad for name, grad in grads.items()}


@mlp_backward.mistake(row="F13")
def leaves_the_biases_at_zero(dlogits, cache, params):
    """The gradients of the biases are 0, so biases never learn. Nudge a bias: does the loss move?"""
    grads = mlp.mlp_backward(dlogits, cache, params)
    return {name: np.zeros_like(grad) if name[0] == "b" else grad for name, grad in grads.items()}


@mlp_backward.mistake()
def sums_the_biases_along_the_wrong_axis(dlogits, cache, params):
    """The gradients of the biases have one number for each example. One for each *unit* is due: add up
    the rows.
    """

    def product(dz, a_in, W):
        return dz @ W.T, a_in.T @ dz, dz.sum(axis=1)

    return _back(dlogits, cache, params, product=product)


@mlp_backward.mistake(row="F9")
def walks_from_the_first_layer(dlogits, cache, params):
    """The layers are visited first to last. Nothing has arrived at the first layer yet: who knows how
    the loss reacts to what came out of it?
    """
    grads, dz = {}, dlogits
    for k, (a_in, z) in enumerate(cache, start=1):
        da, grads[f"W{k}"], grads[f"b{k}"] = linear_backward(dz, a_in, params[f"W{k}"])
        dz = relu_backward(da, z)
    return grads


@mlp_backward.mistake()
def hands_every_layer_the_same(dlogits, cache, params):
    """Every layer gets `dlogits`. What arrives at a hidden layer has come through all layers above."""
    pairs = enumerate((a_in for a_in, _ in cache), start=1)
    return {
        f"{letter}{k}": a_in.T @ dlogits if letter == "W" else dlogits.sum(axis=0)
        for k, a_in in pairs
        for letter in "Wb"
    }


@mlp_backward.mistake()
def multiplies_by_z_in_place_of_what_went_in(dlogits, cache, params):
    """The weight gradients are made with `z`, what came *out* of the product. Which of the two arrays of a
    pair went into it?
    """
    grads = mlp.mlp_backward(dlogits, cache, params)
    dz = dlogits
    for k in range(len(cache), 0, -1):
        grads[f"W{k}"] = cache[k - 1][1].T @ dz
        if k > 1:
            dz = relu_backward(dz @ params[f"W{k}"].T, cache[k - 2][1])
    return grads


@mlp_backward.mistake()
def goes_back_around_the_weights(dlogits, cache, params):
    """The weights are left out on the way back: only the ReLU is passed. The signal came forward
    through W; it goes back through W too.
    """

    def product(dz, a_in, W):
        return dz, a_in.T @ dz, dz.sum(axis=0)

    return _back(dlogits, cache, params, product=product)


@mlp_backward.mistake()
def goes_back_through_the_weights_unturned(dlogits, cache, params):
    """On the way back the weights are not transposed. Row or column: which weights does an input feed?"""

    def product(dz, a_in, W):
        return dz @ W, a_in.T @ dz, dz.sum(axis=0)

    return _back(dlogits, cache, params, product=product)


@mlp_backward.mistake(row="D11")
def opens_by_what_arrives(dlogits, cache, params):
    """The ReLU lets through what arrives positive. It was set on the way forward, by the sign of z."""
    return _back(dlogits, cache, params, bend=lambda da, z, k: relu_forward(da))


@mlp_backward.mistake(row="D13")
def passes_the_switch_alone(dlogits, cache, params):
    """What goes on from a hidden layer is the switch alone, ones and zeros. What arrives is let through
    by it: multiply.
    """
    return _back(dlogits, cache, params, bend=lambda da, z, k: (z > 0) * 1.0)


@mlp_backward.mistake(row="D12")
def multiplies_by_the_activation(dlogits, cache, params):
    """What arrives is multiplied by the activation itself. The slope of a ReLU is 1 or 0, not its value."""
    return _back(dlogits, cache, params, bend=lambda da, z, k: da * relu_forward(z))


@mlp_backward.mistake()
def opens_where_z_is_negative(dlogits, cache, params):
    """The switch is the wrong way round: it lets through where z is negative. Which units passed
    something on?
    """
    return _back(dlogits, cache, params, bend=lambda da, z, k: da * (z < 0))


@mlp_backward.mistake()
def uses_the_slope_of_a_sigmoid(dlogits, cache, params):
    """The hidden slope is a (1 - a), which belongs to a sigmoid. The hidden layers are ReLUs: a switch."""

    def bend(da, z, k):
        a = relu_forward(z)
        return da * a * (1 - a)

    return _back(dlogits, cache, params, bend=bend)


@mlp_backward.mistake()
def leaves_the_lower_layers_at_zero(dlogits, cache, params):
    """Only the last layer gets its gradients, the others stay 0. Pass on what arrives at its input."""
    return _back(dlogits, cache, params, bend=lambda da, z, k: np.zeros_like(da))


@mlp_backward.mistake()
def numbers_the_layers_from_the_end(dlogits, cache, params):
    """The numbers of the layers are turned round: W1 gets the gradient of the last W. Which number has
    the layer at which you begin?
    """
    grads, layers = mlp.mlp_backward(dlogits, cache, params), len(cache)
    return {
        f"{name[0]}{k}": grads[f"{name[0]}{layers + 1 - k}"]
        for name in ("W", "b")
        for k in range(1, layers + 1)
    }


# ---- mlp_loss_gradients ----


def _classes(rng, N, K):
    """Class numbers, two different ones at least."""
    return rng.permutation(np.arange(N) % K)


def labelled_networks(rng):
    for N, sizes in ((5, (3, 4)), *SHAPES[1:]):
        x, params, _, _ = _network(rng, N, sizes)
        yield {"x": x, "labels": _classes(rng, N, sizes[-1]), "params": params}


mlp_loss_gradients = Exercise(
    reference=mlp.mlp_loss_gradients,
    cases=labelled_networks,
    returns=("loss", "grads"),
    points=2,
    hints=(
        "Three functions, all of them written. Which one comes first, and what does it hand to the next?",
        "`softmax_cross_entropy` stands between forward and backward. It gives two results; who needs "
        "the second?",
        "Forward gives logits and cache; the loss gives a number and dlogits; backward takes dlogits and "
        "the cache.",
    ),
)


def _graded(x, params, dlogits):
    """Gradients for what somebody takes for dlogits."""
    return mlp.mlp_backward(dlogits, mlp.mlp_forward(x, params)[1], params)


@mlp_loss_gradients.mistake(row="F8")
def passes_the_softmax_twice(x, labels, params):
    """The slope p (1 - p) is multiplied on top. `dlogits` has come through the softmax already: p minus
    target is loss and softmax in one.
    """
    logits, _ = mlp.mlp_forward(x, params)
    loss, dlogits = softmax_cross_entropy(logits, labels)
    p = softmax(logits)
    return loss, _graded(x, params, dlogits * p * (1 - p))


@mlp_loss_gradients.mistake(row="H2")
def divides_by_the_batch_again(x, labels, params):
    """The gradients are divided by N once more. The loss is a mean: its gradient has the 1/N already."""
    loss, grads = mlp.mlp_loss_gradients(x, labels, params)
    return loss, {name: grad / len(x) for name, grad in grads.items()}


@mlp_loss_gradients.mistake()
def gives_the_sum_over_the_batch(x, labels, params):
    """Loss and gradients are N times too large: a sum over the examples. The loss is their mean."""
    loss, grads = mlp.mlp_loss_gradients(x, labels, params)
    return loss * len(x), {name: grad * len(x) for name, grad in grads.items()}


@mlp_loss_gradients.mistake("loss")
def adds_the_losses_up(x, labels, params):
    """The loss is N times too large: added up over the examples. The gradients are those of the mean."""
    return mlp.mlp_loss_gradients(x, labels, params)[0] * len(x)


@mlp_loss_gradients.mistake()
def hands_the_loss_probabilities(x, labels, params):
    """The loss gets probabilities. `softmax_cross_entropy` applies the softmax itself: give it logits."""
    loss, dp = softmax_cross_entropy(softmax(mlp.mlp_forward(x, params)[0]), labels)
    return loss, _graded(x, params, dp)


@mlp_loss_gradients.mistake()
def sends_the_logits_back(x, labels, params):
    """The logits are sent back. What goes back is how the loss reacts to them: `dlogits`."""
    logits, _ = mlp.mlp_forward(x, params)
    return mlp.mlp_loss_gradients(x, labels, params)[0], _graded(x, params, logits)


@mlp_loss_gradients.mistake()
def sends_ones_back(x, labels, params):
    """Ones are sent back, so the labels play no part in the gradients. What goes back is `dlogits`,
    which the loss gives.
    """
    logits, _ = mlp.mlp_forward(x, params)
    return mlp.mlp_loss_gradients(x, labels, params)[0], _graded(x, params, np.ones_like(logits))


@mlp_loss_gradients.mistake()
def multiplies_by_the_loss(x, labels, params):
    """Everything that goes back is multiplied by the loss. `dlogits` is complete: hand it on as it is."""
    loss, grads = mlp.mlp_loss_gradients(x, labels, params)
    return loss, {name: loss * grad for name, grad in grads.items()}


@mlp_loss_gradients.mistake()
def forgets_the_target(x, labels, params):
    """The probabilities are sent back, and the target was never taken off. Would this change if the
    labels did?
    """
    logits, _ = mlp.mlp_forward(x, params)
    return mlp.mlp_loss_gradients(x, labels, params)[0], _graded(x, params, softmax(logits) / len(x))


@mlp_loss_gradients.mistake(row="A3")
def takes_target_minus_probability(x, labels, params):
    """The sign of all gradients is flipped: target minus probability. A gradient points uphill."""
    loss, grads = mlp.mlp_loss_gradients(x, labels, params)
    return loss, {name: -grad for name, grad in grads.items()}


@mlp_loss_gradients.mistake()
def bends_the_logits(x, labels, params):
    """The logits pass a ReLU before the loss. Scores may be negative: that is how a class is ruled out."""
    logits, _ = mlp.mlp_forward(x, params)
    loss, dlogits = softmax_cross_entropy(relu_forward(logits), labels)
    return loss, _graded(x, params, relu_backward(dlogits, logits))


# ---- sgd_update ----


def steps_of_descent(rng):
    for sizes in ((3, 2), (2, 5, 3), (4, 3, 2), (3, 6, 5, 2), (5, 4)):
        params = mlp.init_mlp(sizes, rng)
        params = {name: rng.normal(size=array.shape) for name, array in params.items()}
        grads = {name: rng.normal(size=array.shape) for name, array in params.items()}
        yield {"params": params, "grads": grads, "lr": float(rng.uniform(0.05, 0.7))}


sgd_update = Exercise(
    reference=mlp.sgd_update,
    cases=steps_of_descent,
    returns=("params",),
    points=1,
    fresh=("params", "grads"),
    hints=(
        "Lesson 01's step for one dial was w - lr * dw. What has to happen for *all* arrays of a dict?",
        "Do not touch what is inside `params`. Make a new dict: for each name, a new array.",
        "Under each name: params[name] minus lr times grads[name]. A minus between two arrays makes a "
        "new one.",
    ),
)


@sgd_update.mistake(row="H1")
def moves_a_name_of_its_own(params, grads, lr):
    """Nothing has moved: the parameters come back as they were. Where does the new array end up: under
    a local name, or in the dict that is returned?
    """
    return {name: array.copy() for name, array in params.items()}


@sgd_update.mistake(row="H9")
def forgets_the_rate(params, grads, lr):
    """The learning rate is not used. Halve `lr`: does the step halve?"""
    return {name: params[name] - grads[name] for name in params}


@sgd_update.mistake()
def uses_the_rate_twice(params, grads, lr):
    """The learning rate is applied twice. Halve `lr`: does the step halve, or become a quarter?"""
    return {name: params[name] - lr * lr * grads[name] for name in params}


@sgd_update.mistake()
def divides_by_the_rate(params, grads, lr):
    """The gradient is divided by the learning rate. A smaller rate should make a smaller step."""
    return {name: params[name] - grads[name] / lr for name in params}


@sgd_update.mistake(row="A15")
def climbs(params, grads, lr):
    """The step goes with the gradient: uphill. Which way does the loss fall?"""
    return {name: params[name] + lr * grads[name] for name in params}


@sgd_update.mistake()
def gives_the_step_alone(params, grads, lr):
    """This is the step alone. Where does it start from?"""
    return {name: -lr * grads[name] for name in params}


@sgd_update.mistake()
def gives_the_scaled_gradient(params, grads, lr):
    """This is lr times the gradient. It has to be taken off the parameters."""
    return {name: lr * grads[name] for name in params}


@sgd_update.mistake()
def gives_the_gradients(params, grads, lr):
    """These are the gradients. The parameters after the step are due."""
    return {name: grads[name].copy() for name in params}


@sgd_update.mistake(row="F13")
def leaves_the_biases_where_they_are(params, grads, lr):
    """The biases have not moved. They have gradients as well."""
    return {name: params[name] - lr * grads[name] * (name[0] == "W") for name in params}


@sgd_update.mistake()
def leaves_the_weights_where_they_are(params, grads, lr):
    """The weights have not moved, only the biases. Does the loop reach every name?"""
    return {name: params[name] - lr * grads[name] * (name[0] == "b") for name in params}


@sgd_update.mistake()
def moves_the_last_array_alone(params, grads, lr):
    """Only the last array has moved. Is the line inside the loop?"""
    return {name: params[name] - lr * grads[name] * (name == list(params)[-1]) for name in params}


@sgd_update.mistake()
def moves_the_first_array_alone(params, grads, lr):
    """Only the first array has moved. Is the `return` inside the loop?"""
    return {name: params[name] - lr * grads[name] * (name == next(iter(params))) for name in params}


@sgd_update.mistake()
def moves_by_the_sign(params, grads, lr):
    """Every entry moves by the same amount: only the sign of the gradient is used. Steep ones should
    move further.
    """
    return {name: params[name] - lr * np.sign(grads[name]) for name in params}


@sgd_update.mistake()
def shrinks_the_parameters(params, grads, lr):
    """The parameters are multiplied by (1 - lr), and the gradients are left out."""
    return {name: params[name] * (1 - lr) for name in params}


@sgd_update.mistake()
def takes_the_parameters_off_the_gradients(params, grads, lr):
    """The learning rate multiplies the whole difference. It belongs to the gradient alone."""
    return {name: lr * (params[name] - grads[name]) for name in params}


# ---- train_mlp ----


def training_runs(rng):
    runs = ((5, (3, 4), 3), (6, (2, 5, 3), 4), (7, (3, 5, 4), 5), (9, (4, 6, 5, 3), 6), (8, (2, 7, 4), 9))
    for N, sizes, steps in runs:
        yield {
            "x": rng.normal(size=(N, sizes[0])),
            "labels": _classes(rng, N, sizes[-1]),
            "sizes": sizes,
            "lr": float(rng.uniform(0.15, 0.4)),
            "steps": steps,
            "rng": probes.Seed(int(rng.integers(2**31))),
        }


def xor_by_outcome(rng):
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    labels = np.array([0, 1, 1, 0])
    run = {"x": x, "labels": labels, "sizes": (2, 16, 2), "lr": 0.5, "steps": 1000, "rng": probes.Seed(7)}
    yield "XOR, 1,000 steps", run


def _run(x, labels, sizes, lr, steps, start, update=mlp.sgd_update, gradients=mlp.mlp_loss_gradients):
    """Another training run, from a start or from a generator."""
    params = start if isinstance(start, dict) else mlp.init_mlp(sizes, start)
    losses = []
    for _ in range(steps):
        loss, grads = gradients(x, labels, params)
        losses.append(loss)
        params = update(params, grads, lr)
    losses.append(mlp.mlp_loss_gradients(x, labels, params)[0])
    return params, np.array(losses)


def continues_as_the_course(x, labels, sizes, lr, steps, rng):
    return _run(x, labels, sizes, lr, steps, rng)


train_mlp = Exercise(
    reference=mlp.train_mlp,
    cases=training_runs,
    extreme=xor_by_outcome,
    returns=("params", "losses"),
    points=2,
    probe="training",
    continues=continues_as_the_course,
    hints=(
        "With steps = 0, what should come back? That much has to stand around the loop.",
        "One round: loss and gradients at the parameters as they are, write the loss down, then move.",
        (
            "After the loop one loss is still missing, the one at the parameters that you return. Take "
            "it with "
            "`mlp_loss_gradients`, and leave its gradients alone."
        ),
    ),
)


@train_mlp.mistake("losses", row="H10")
def writes_losses_after_the_steps_alone(x, labels, sizes, lr, steps, rng):
    """The loss at the start is missing: it is written down after each step. losses[i] is the loss
    *before* step i.
    """
    return _run(x, labels, sizes, lr, steps, rng)[1][1:]


@train_mlp.mistake("losses", row="H10")
def writes_each_loss_after_its_step(x, labels, sizes, lr, steps, rng):
    """Each loss is taken after its step. losses[i] is the loss *before* step i, so the loss at the start
    comes first.
    """
    found = _run(x, labels, sizes, lr, steps, rng)[1]
    return np.append(found[1:], found[-1])


@train_mlp.property("losses")
def stops_where_the_last_loss_was_taken(losses, x, labels, sizes, lr, steps, rng):
    """There is a step too many: your loop moves once more after the last loss, and with `steps=0` it moves
    already. How many losses are due, and how many steps?
    """
    due = _run(x, labels, sizes, lr, steps, rng)[1]
    return np.shape(losses) != due.shape or len(due) < 2 or not np.allclose(losses[1:], due[:-1], rtol=1e-9)


@train_mlp.mistake("losses")
def leaves_out_the_last_loss(x, labels, sizes, lr, steps, rng):
    """The loss at the parameters that come back is missing: steps + 1 losses are due."""
    return _run(x, labels, sizes, lr, steps, rng)[1][:-1]


@train_mlp.mistake("losses")
def repeats_the_last_loss(x, labels, sizes, lr, steps, rng):
    """The last loss is written down twice. After the last step the loss has to be taken anew."""
    found = _run(x, labels, sizes, lr, steps, rng)[1]
    return np.append(found[:-1], found[-2:-1])


@train_mlp.mistake("losses")
def keeps_the_last_loss_alone(x, labels, sizes, lr, steps, rng):
    """Only the last loss is there. One for each step, and one more: a curve, not a number."""
    return _run(x, labels, sizes, lr, steps, rng)[1][-1:]


@train_mlp.mistake()
def climbs_in_every_step(x, labels, sizes, lr, steps, rng):
    """The loss goes up: the steps go with the gradient. Which way is downhill?"""
    return _run(x, labels, sizes, -lr, steps, rng)


@train_mlp.mistake(row="H9")
def steps_with_the_rate_twice(x, labels, sizes, lr, steps, rng):
    """The learning rate is applied twice. `sgd_update` multiplies by it already."""
    return _run(x, labels, sizes, lr * lr, steps, rng)


@train_mlp.mistake()
def steps_without_the_rate(x, labels, sizes, lr, steps, rng):
    """The learning rate is not used: each step is as long as the gradient."""
    return _run(x, labels, sizes, 1.0, steps, rng)


@train_mlp.mistake(row="H2")
def divides_the_steps_by_the_batch(x, labels, sizes, lr, steps, rng):
    """Every step is divided by N. The loss is a mean, and its gradient has the 1/N already."""
    return _run(x, labels, sizes, lr / len(x), steps, rng)


@train_mlp.mistake()
def takes_one_step_too_few(x, labels, sizes, lr, steps, rng):
    """One step too few is taken. How many steps lie between steps + 1 losses?"""
    return _run(x, labels, sizes, lr, steps - 1, rng)


# One step too many is no mistake here: such an answer begins one step later too, and is told its losses are
# one too many.


@train_mlp.mistake()
def returns_after_the_first_step(x, labels, sizes, lr, steps, rng):
    """It stops after the first step. Is the `return` inside the loop?"""
    return _run(x, labels, sizes, lr, min(1, steps), rng)


@train_mlp.mistake()
def never_moves(x, labels, sizes, lr, steps, rng):
    """The parameters never move, and all losses are equal. `sgd_update` gives back a *new* dict: who
    takes it?
    """
    return _run(x, labels, sizes, 0.0, steps, rng)


@train_mlp.mistake(row="F11")
def takes_the_gradients_only_once(x, labels, sizes, lr, steps, rng):
    """The gradients of the first forward pass are used in every step. They belong to parameters that
    have moved on since.
    """
    start = rng if isinstance(rng, dict) else mlp.init_mlp(sizes, rng)
    _, grads = mlp.mlp_loss_gradients(x, labels, start)

    def gradients(x, labels, params):
        return mlp.mlp_loss_gradients(x, labels, params)[0], grads

    return _run(x, labels, sizes, lr, steps, start, gradients=gradients)


@train_mlp.mistake(row="F10")
def adds_the_gradients_up(x, labels, sizes, lr, steps, rng):
    """The gradients of all earlier steps are still inside: they pile up. Each step has gradients of its
    own.
    """
    piled: dict[str, np.ndarray] = {}

    def gradients(x, labels, params):
        loss, grads = mlp.mlp_loss_gradients(x, labels, params)
        piled.update({name: piled.get(name, 0.0) + grad for name, grad in grads.items()})
        return loss, dict(piled)

    return _run(x, labels, sizes, lr, steps, rng, gradients=gradients)


@train_mlp.mistake(row="F4")
def moves_each_layer_before_it_is_passed(x, labels, sizes, lr, steps, rng):
    """Each layer is moved on the way back, before what arrives goes through its weights. Finish all
    gradients first, then move everything.
    """

    def gradients(x, labels, params):
        logits, cache = mlp.mlp_forward(x, params)
        loss, dlogits = softmax_cross_entropy(logits, labels)

        def product(dz, a_in, W):
            _, dW, db = linear_backward(dz, a_in, W)
            return dz @ (W - lr * dW).T, dW, db

        return loss, _back(dlogits, cache, params, product=product)

    return _run(x, labels, sizes, lr, steps, rng, gradients=gradients)


@train_mlp.mistake(row="H8")
def moves_the_arrays_one_after_another(x, labels, sizes, lr, steps, rng):
    """The arrays move one after another, each by gradients taken anew. All gradients of a step belong
    to one forward pass.
    """

    def update(params, grads, lr):
        for name in params:
            grads = mlp.mlp_loss_gradients(x, labels, params)[1]
            params = params | {name: params[name] - lr * grads[name]}
        return params

    return _run(x, labels, sizes, lr, steps, rng, update=update)


@train_mlp.mistake(row="F13")
def never_moves_the_biases(x, labels, sizes, lr, steps, rng):
    """The biases never move. Compare them before and after ten steps."""
    return _run(x, labels, sizes, lr, steps, rng, update=leaves_the_biases_where_they_are)


@train_mlp.mistake()
def gives_the_start_back(x, labels, sizes, lr, steps, rng):
    """The losses fall, and the parameters that come back are those of the start. Which dict is returned?"""
    start = rng if isinstance(rng, dict) else mlp.init_mlp(sizes, rng)
    return start, _run(x, labels, sizes, lr, steps, start)[1]


@train_mlp.mistake()
def trains_weights_that_start_equal(x, labels, sizes, lr, steps, rng):
    """From this start XOR is never learnt, and the generator makes no difference. Weights that start
    all equal stay copies of each other: draw them with `init_mlp`.
    """
    equal = {
        name: np.zeros_like(array) for name, array in mlp.init_mlp(sizes, np.random.default_rng(0)).items()
    }
    return _run(x, labels, sizes, lr, steps, rng if isinstance(rng, dict) else equal)


@train_mlp.mistake()
def starts_with_a_generator_of_its_own(x, labels, sizes, lr, steps, rng):
    """The start does not depend on `rng`: another generator gives the same one. Hand `rng` on to
    `init_mlp`.
    """
    return _run(x, labels, sizes, lr, steps, rng if isinstance(rng, dict) else np.random.default_rng(0))


# ---- mlp_backward_repaired ----


def two_layer_caches(rng):
    for N, sizes in ((3, (2, 5, 4)), (5, (3, 7, 4)), (6, (4, 5, 3)), (7, (5, 3, 4)), (4, (6, 5, 2))):
        _, params, logits, cache = _network(rng, N, sizes)
        yield {"dlogits": rng.normal(size=logits.shape), "cache": cache, "params": params}


def square_two_layer_caches(rng):
    for _ in range(5):
        _, params, logits, cache = _network(rng, 4, (4, 4, 4))
        yield {"dlogits": rng.normal(size=logits.shape), "cache": cache, "params": params}


def divides_again_and_bends_at_the_output(dlogits, cache, params):
    """Symptom: with 5 examples `W2` and `b2` are a fifth of the numerical gradient. `W1` and `b1` are
    no multiple of it at all.
    """
    N = len(dlogits)
    (x, _), (a1, z2) = cache
    dz1 = relu_backward(dlogits, z2) @ params["W2"].T
    return {
        "W1": x.T @ dz1 / N,
        "b1": dz1.sum(axis=0) / N,
        "W2": a1.T @ dlogits / N,
        "b2": dlogits.sum(axis=0) / N,
    }


mlp_backward_repaired = Exercise(
    reference=mlp.mlp_backward_repaired,
    cases=two_layer_caches,
    square=square_two_layer_caches,
    returns=("grads",),
    points=3,
    fresh=("cache",),
    upstream="dlogits",
    hints=(
        "There are two slips. The symptom of W2 is a number; where in the function does that number stand?",
        (
            "The other one: walk back from the logits. Which do you meet first, W2 or the ReLU? And "
            "which z went "
            "into that ReLU?"
        ),
        "Layers add up; no 1/N here. First back through W2, then `relu_backward` at z1.",
    ),
    handed_out=divides_again_and_bends_at_the_output,
    handed_out_rows=("F2", "F7"),
)
mlp_backward_repaired.mistakes.extend(mlp_backward.mistakes)


@mlp_backward_repaired.mistake()
def still_divides_in_the_second_layer(dlogits, cache, params):
    """The first layer is right, the second still divides by N. Which line did the 1/N survive in?"""
    grads = mlp.mlp_backward(dlogits, cache, params)
    return grads | {name: grads[name] / len(dlogits) for name in ("W2", "b2")}


@mlp_backward_repaired.mistake()
def still_divides_in_the_first_layer(dlogits, cache, params):
    """The second layer is right, the first still divides by N. Which line did the 1/N survive in?"""
    grads = mlp.mlp_backward(dlogits, cache, params)
    return grads | {name: grads[name] / len(dlogits) for name in ("W1", "b1")}


@mlp_backward_repaired.mistake()
def divides_and_skips_the_slope(dlogits, cache, params):
    """Two things: every gradient is divided by N, and the hidden slope is gone. Layers add up, and the
    ReLU that was passed going forward is passed coming back, at z1.
    """
    grads = skips_the_hidden_slope(dlogits, cache, params)
    return {name: grad / len(dlogits) for name, grad in grads.items()}


@mlp_backward_repaired.mistake()
def bends_before_the_second_weights_and_divides_once(dlogits, cache, params):
    """The second layer is right. In the first, the ReLU is still passed before W2, at the wrong z, and
    the result is divided by N.
    """
    grads = takes_the_slope_before_the_weights(dlogits, cache, params)
    return grads | {name: grads[name] / len(dlogits) for name in ("W1", "b1")}


# ---- quizzes ----

one_layer_xor = Quiz(
    "07-one-layer-xor",
    (
        "One layer, no hidden units, trained on the four points of XOR for 1,000 steps. Chance gives a "
        "loss of "
        "ln 2 = 0.693. Where will the loss end?"
    ),
    (
        Choice(
            "Near 0: four points are few",
            "Few, but they lie crosswise. One layer draws one straight line, and no line parts them.",
        ),
        Choice(
            "Near 0.35, half way",
            "Three points can be had right, but only by being sure and wrong about the fourth, which "
            "costs more.",
        ),
        Choice(
            "At 0.693: it learns nothing",
            (
                "The best that one layer can do, by this loss, is to say one half for every point. "
                "Whatever pulls the "
                "line one way for one point pulls it back for the opposite one."
            ),
            right=True,
        ),
    ),
)

which_z = Quiz(
    "07-which-z",
    (
        "You are on the way back. `linear_backward` of layer 3 has given you what arrives at the input "
        "of layer 3. "
        "Which z does the ReLU need that comes next?"
    ),
    (
        Choice(
            "z of layer 3",
            "That one came after the weights of layer 3. You are already in front of them.",
        ),
        Choice(
            "z of layer 2",
            (
                "What went into layer 3 is the ReLU of layer 2's z. That ReLU is the next box on the way "
                "back, and its"
                " switches were set by that z."
            ),
            right=True,
        ),
        Choice(
            "None: layer 3 has done it",
            "`linear_backward` passes the weights and nothing else. The ReLU is a box of its own.",
        ),
    ),
)

zero_start = Quiz(
    "07-zero-start",
    "All weights and biases start at 0 and we train on XOR with 16 hidden units. What happens?",
    (
        Choice(
            "Nothing at all: every gradient is 0, except perhaps those of b2",
            (
                "No hidden unit fires, so dW2 is 0; nothing comes back through W2 = 0, so dW1 is 0. And "
                "on XOR the two "
                "classes balance, so even b2 stays."
            ),
            right=True,
        ),
        Choice(
            "It learns, a little more slowly",
            "There has to be a difference between units before a gradient can make it larger. At 0 there "
            "is none.",
        ),
        Choice(
            "It learns, but only one unit's worth",
            (
                "That is what happens when all start at the same number that is *not* 0: sixteen copies "
                "of one unit. "
                "At 0 it is worse."
            ),
        ),
    ),
)

twice_as_deep = Quiz(
    "07-memory",
    "You double the number of examples in the batch. What happens to the memory that the cache takes?",
    (
        Choice(
            "It stays: the network is the same", "The weights stay. The cache holds one row for each example."
        ),
        Choice(
            "It doubles",
            "Each entry has one row for each example. In large networks the cache, not the weights, "
            "fills the memory.",
            right=True,
        ),
        Choice(
            "It grows fourfold", "Rows double, and their lengths stay: the number of units has not changed."
        ),
    ),
)
