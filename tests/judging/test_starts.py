"""Training runs and random starts: judged from where the answer itself begins, and by what comes of it."""

import numpy as np
import pytest

from bplearn.exercises import find
from bplearn.nn import linear_backward, softmax_cross_entropy
from bplearn.proofs import verdict
from tests.judging import only, said

INIT, TRAIN = find("init_mlp"), find("train_mlp")


def uniform(sizes, rng):
    """Right: uniform, and the last layer drawn first."""
    params = {}
    for k in range(len(sizes) - 1, 0, -1):
        bound = np.sqrt(6 / sizes[k - 1])
        params[f"W{k}"] = rng.uniform(-bound, bound, (sizes[k - 1], sizes[k]))
        params[f"b{k}"] = np.zeros(sizes[k])
    return params


def gradients(x, labels, params):
    """Loss and gradients in a learner's own words."""
    cache, grads, layers = [], {}, len(params) // 2
    for k in range(1, layers + 1):
        z = x @ params[f"W{k}"] + params[f"b{k}"]
        cache.append((x, z))
        x = z * (z > 0)
    loss, dz = softmax_cross_entropy(z, labels)
    for k in range(layers, 0, -1):
        da, grads[f"W{k}"], grads[f"b{k}"] = linear_backward(dz, cache[k - 1][0], params[f"W{k}"])
        dz = da * (cache[k - 2][1] > 0) if k > 1 else None
    return loss, grads


def training(start, more=0):
    def answer(x, labels, sizes, lr, steps, rng):
        params, losses = start(sizes, rng), []
        for k in range(steps + more + 1):
            loss, grads = gradients(x, labels, params)
            losses.append(loss)
            if k < steps + more:
                params = {name: params[name] - lr * grads[name] for name in params}
        return params, losses

    return answer


def zeros(sizes, rng):
    return {name: 0 * array for name, array in uniform(sizes, rng).items()}


def of_its_own(sizes, rng):
    return uniform(sizes, np.random.default_rng(3))


def of_numpy(sizes, rng):
    return uniform(sizes, np.random)


def unseeded(sizes, rng):
    return uniform(sizes, np.random.default_rng())


def test_any_right_way_to_draw_passes():
    assert verdict(INIT, lambda *args: uniform(*args)).passed
    assert verdict(TRAIN, training(uniform)).passed


@pytest.mark.parametrize(
    ("start", "mistake"),
    [
        (zeros, "trains_weights_that_start_equal"),
        (of_its_own, "starts_with_a_generator_of_its_own"),
        (of_numpy, "starts_with_a_generator_of_its_own"),
    ],
)
def test_a_start_that_does_not_follow_the_generator_is_named(start, mistake):
    told = said(verdict(TRAIN, training(start)))
    assert told["other_rng_other_weights"] == mistake
    assert told["W1"] == "ok"


@pytest.mark.parametrize(
    ("draw", "mistake"),
    [
        (of_its_own, "draws_from_a_generator_of_its_own"),
        (of_numpy, "draws_from_a_generator_of_its_own"),
        (unseeded, "draws_from_a_generator_without_a_seed"),
    ],
)
def test_weights_that_do_not_follow_the_generator_are_named(draw, mistake):
    report = verdict(INIT, lambda *args: draw(*args))
    assert {finding.mistake for finding in report.findings if finding.status != "ok"} == {mistake}


def test_a_start_without_a_seed_does_not_pass():
    assert not verdict(TRAIN, training(unseeded)).passed


def test_the_global_generator_of_numpy_is_left_as_it_was():
    before = np.random.get_state()[1].copy()
    verdict(INIT, lambda *args: of_numpy(*args))
    assert np.array_equal(before, np.random.get_state()[1])


def test_a_step_too_many_shows_in_the_number_of_losses():
    told = said(verdict(TRAIN, training(uniform, more=1)))
    assert told["losses"] == "wrong_shape"
    assert "learns" not in told  # the outcome waits until the steps are right


@pytest.mark.parametrize("count", [1, 3])
def test_another_number_of_results_is_said(count):
    def answer(*args):
        params, losses = training(uniform)(*args)
        return (params, losses, losses)[:count]

    assert only(verdict(TRAIN, answer)).mistake == "wrong_number_of_values"


def test_a_slip_that_needs_equal_sizes_is_named_though_one_layer_runs():
    def answer(dlogits, cache, params):
        grads, dz = {}, dlogits
        for k in range(len(cache), 0, -1):
            a_in, z = cache[k - 1]
            da, grads[f"W{k}"], grads[f"b{k}"] = linear_backward(dz, a_in, params[f"W{k}"])
            dz = da * (z > 0) if k > 1 else None
        return grads

    assert only(verdict(find("mlp_backward"), answer)).mistake == "takes_the_slope_at_the_layer_above"


def test_random_weights_practically_never_fail():
    assert all(verdict(INIT, lambda *args: uniform(*args), seed).passed for seed in range(60))
