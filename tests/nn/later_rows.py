"""The gradients of lessons 10 to 15 and their witnesses."""

import numpy as np

from bplearn import nn
from tests.nn.rows import Row, _arrays, _away_from_zero

EPS = 0.1  # visible: where it stands makes a difference
STATISTICS = np.array([0.3, -0.2, 0.5]), np.array([0.8, 1.7, 0.4])
MASK = np.random.default_rng(3).choice((0.0, 1.25), size=(5, 3))
BRANCH = np.random.default_rng(4).normal(size=(3, 3))
NORM_INPUTS = _arrays((5, 3), (3,), (3,))  # x, gamma, beta


def _norm(backward):
    """A backward pass of (dy, x, gamma, ...) as one of all three inputs."""
    return lambda dy, x, gamma, beta: backward(dy, x, gamma)


def _batch_norm(torch, x, gamma, beta):
    return torch.nn.functional.batch_norm(x, None, None, gamma, beta, training=True, eps=EPS)


def _stored_norm(torch, x, gamma, beta):
    mean, var = map(torch.as_tensor, STATISTICS)
    return torch.nn.functional.batch_norm(x, mean, var, gamma, beta, training=False, eps=EPS)


def _closed(dy, x):
    std = np.sqrt(x.var(axis=0) + EPS)
    return (nn.batchnorm_backward_closed(dy, (x - x.mean(axis=0)) / std, std, GAMMA),)


GAMMA, BETA = np.array([0.7, -1.3, 2.1]), np.array([0.2, 0.4, -0.6])


def _penalty(penalty):
    """The gradient of a penalty on a weight, beside a bias that has none, and its value."""
    bias = {"b1": np.ones(3)}
    return {
        "backward": lambda dout, W: (dout * penalty({"W1": W} | bias, 0.3)[1]["W1"],),
        "forward": lambda W: penalty({"W1": W} | bias, 0.3)[0],
    }


ROWS = {
    "residual_backward": Row(
        backward=lambda dy, x: (nn.residual_backward(dy, lambda d: d * (1 - np.tanh(x) ** 2)),),
        forward=lambda x: x + np.tanh(x),
        witness=lambda torch, x: x + torch.tanh(x),
        inputs=_arrays((5, 3)),
    ),
    "batchnorm_backward": Row(
        backward=_norm(lambda dy, x, gamma: nn.batchnorm_backward(dy, x, gamma, EPS)),
        forward=lambda x, gamma, beta: nn.batchnorm_train(x, gamma, beta, EPS)[0],
        witness=_batch_norm,
        inputs=NORM_INPUTS,
    ),
    "batchnorm_backward_closed": Row(
        backward=_closed,
        forward=lambda x: nn.batchnorm_train(x, GAMMA, BETA, EPS)[0],
        witness=lambda torch, x: _batch_norm(torch, x, torch.as_tensor(GAMMA), torch.as_tensor(BETA)),
        inputs=_arrays((5, 3)),
    ),
    "batchnorm_eval_backward": Row(
        backward=_norm(lambda dy, x, gamma: nn.batchnorm_eval_backward(dy, x, gamma, *STATISTICS, EPS)),
        forward=lambda x, gamma, beta: nn.batchnorm_eval(x, gamma, beta, *STATISTICS, EPS),
        witness=_stored_norm,
        inputs=NORM_INPUTS,
    ),
    "layernorm_backward": Row(
        backward=_norm(lambda dy, x, gamma: nn.layernorm_backward(dy, x, gamma, EPS)),
        forward=lambda x, gamma, beta: nn.layernorm_forward(x, gamma, beta, EPS),
        witness=lambda torch, x, gamma, beta: torch.nn.functional.layer_norm(x, (3,), gamma, beta, EPS),
        inputs=NORM_INPUTS,
    ),
    "dropout_backward": Row(
        backward=lambda dy, x: (nn.dropout_backward(dy, MASK),),
        forward=lambda x: x * MASK,
        witness=lambda torch, x: x * torch.as_tensor(MASK),
        inputs=_arrays((5, 3)),
    ),
    "l2_penalty": Row(
        **_penalty(nn.l2_penalty),
        witness=lambda torch, W: 0.15 * (W**2).sum(),
        inputs=_arrays((5, 3)),
    ),
    "l1_penalty": Row(
        **_penalty(nn.l1_penalty),
        witness=lambda torch, W: 0.3 * W.abs().sum(),
        inputs=_away_from_zero((5, 3)),
    ),
    "add_backward": Row(
        backward=nn.add_backward,
        forward=np.add,
        witness=lambda torch, a, b: a + b,
        inputs=_arrays((5, 3), (5, 3)),
    ),
    "mul_backward": Row(
        backward=nn.mul_backward,
        forward=np.multiply,
        witness=lambda torch, a, b: a * b,
        inputs=_arrays((5, 3), (5, 3)),
    ),
    "pow_backward": Row(
        backward=lambda dout, a: (nn.pow_backward(dout, a, -1.7),),
        forward=lambda a: a**-1.7,
        witness=lambda torch, a: a**-1.7,
        inputs=lambda rng: (rng.uniform(0.5, 2.0, size=(5, 3)),),
    ),
    "exp_backward": Row(
        backward=lambda dout, a: (nn.exp_backward(dout, np.exp(a)),),
        forward=np.exp,
        witness=lambda torch, a: torch.exp(a),
        inputs=_arrays((5, 3)),
    ),
    "unbroadcast": Row(
        backward=lambda dout, a: (nn.unbroadcast(dout, (3, 1)),),
        forward=lambda a: a + np.zeros((5, 3, 4)),
        witness=lambda torch, a: a.expand(5, 3, 4),
        inputs=_arrays((3, 1)),
    ),
}
