"""Optimisers and schedules, step by step, as PyTorch's own take them."""

import numpy as np
import pytest

from bplearn import nn

STEPS, LR = 7, 0.07
BETAS, EPS = (0.8, 0.95), 0.1


def _momentum(w, dw, v, t):
    return nn.momentum_step(w, dw, *v, LR, 0.8)


def _nesterov(w, dw, v, t):
    return nn.nesterov_step(w, dw, *v, LR, 0.8)


def _rmsprop(w, dw, v, t):
    return nn.rmsprop_step(w, dw, *v, LR, 0.9, EPS)


def _adam(w, dw, v, t):
    return nn.adam_step(w, dw, *v, t, LR, *BETAS, EPS)


def _adamw(w, dw, v, t):
    return nn.adamw_step(w, dw, *v, t, LR, *BETAS, EPS, 0.3)


# ours, how many arrays it remembers, PyTorch's
PAIRS = {
    "momentum_step": (_momentum, 1, lambda torch, w: torch.optim.SGD(w, lr=LR, momentum=0.8)),
    "nesterov_step": (_nesterov, 1, lambda torch, w: torch.optim.SGD(w, lr=LR, momentum=0.8, nesterov=True)),
    "rmsprop_step": (_rmsprop, 1, lambda torch, w: torch.optim.RMSprop(w, lr=LR, alpha=0.9, eps=EPS)),
    "adam_step": (_adam, 2, lambda torch, w: torch.optim.Adam(w, lr=LR, betas=BETAS, eps=EPS)),
    "adamw_step": (
        _adamw,
        2,
        lambda torch, w: torch.optim.AdamW(w, lr=LR, betas=BETAS, eps=EPS, weight_decay=0.3),
    ),
}


@pytest.mark.parametrize("shape", [(3, 4), (5,)])
@pytest.mark.parametrize(("ours", "memories", "theirs"), PAIRS.values(), ids=PAIRS)
def test_steps_follow_pytorch(torch, ours, memories, theirs, shape):
    rng = np.random.default_rng(3)
    w, memory = rng.normal(size=shape), [np.zeros(shape)] * memories
    leaf = torch.tensor(w, requires_grad=True)
    optimiser = theirs(torch, [leaf])
    for t in range(1, STEPS + 1):
        dw = rng.normal(size=shape)
        w, *memory = ours(w, dw, memory, t)
        leaf.grad = torch.tensor(dw)
        optimiser.step()
        np.testing.assert_allclose(w, leaf.detach().numpy(), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("ours", "memories", "theirs"), PAIRS.values(), ids=PAIRS)
def test_steps_leave_the_old_arrays_alone(ours, memories, theirs):
    old = [np.full(3, value) for value in (1.0, 2.0, 3.0, 4.0)]
    ours(old[0], old[1], old[2 : 2 + memories], 2)
    assert [array.tolist() for array in old] == [[value] * 3 for value in (1.0, 2.0, 3.0, 4.0)]


def test_step_decay_follows_pytorch(torch):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, step_size=3, gamma=0.6)
    for epoch in range(11):
        assert nn.step_decay(0.4, epoch, 0.6, 3) == pytest.approx(schedule.get_last_lr()[0], rel=1e-12)
        optimiser.step()
        schedule.step()


def test_cosine_schedule_follows_pytorch(torch):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=9, eta_min=0.1)
    for step in range(10):
        assert nn.cosine_schedule(step, 9, 0.4, 0.1, 0) == pytest.approx(schedule.get_last_lr()[0], rel=1e-9)
        optimiser.step()
        schedule.step()


def test_a_warm_up_rises_in_equal_parts_and_joins_the_cosine():
    rates = [nn.cosine_schedule(step, 12, 0.8, 0.2, 4) for step in range(5)]
    np.testing.assert_allclose(rates, [0.2, 0.4, 0.6, 0.8, 0.8])
