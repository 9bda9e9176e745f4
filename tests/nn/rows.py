"""The gradients of lessons 01 to 09 and their witnesses: a new layer, loss or neuron is one row."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bplearn import nn


@dataclass(frozen=True)
class Row:
    """A backward function, what it is the gradient of, and how PyTorch says the same."""

    backward: Callable  # (dout, *inputs) -> one gradient for each input
    forward: Callable  # (*inputs) -> out
    witness: Callable  # (torch, *inputs) -> out
    inputs: Callable  # rng -> the inputs that are differentiated


def _numbers(count):
    return lambda rng: tuple(rng.normal(size=count))


def _arrays(*shapes):
    return lambda rng: tuple(rng.normal(size=shape) for shape in shapes)


def _apart(rng):
    u = rng.normal(size=(3, 4))
    return u, u + rng.choice((-1.0, 1.0), size=u.shape) * rng.uniform(0.1, 1.0, size=u.shape)


def _away_from_zero(*shapes):
    """Entries of both signs, none near the kink at 0."""

    def inputs(rng):
        return tuple(
            rng.choice((-1.0, 1.0), size=shape) * rng.uniform(0.05, 2.0, size=shape) for shape in shapes
        )

    return inputs


X, Y = 0.7, 0.2  # input and target: the losses are not differentiated by these
ALPHA, DELTA = 0.07, 0.8
LABELS = np.array([2, 0, 3, 2, 1])  # five examples of four classes
TARGETS = np.array([1.0, 0.0, 0.0, 1.0, 0.0])
REAL = np.linspace(-1.0, 2.0, 12).reshape(3, 4)
BATCH = np.random.default_rng(7).normal(size=(5, 3))
SIZES = ((3, 6), (6,), (6, 7), (7,), (7, 4), (4,))  # the parameters of a network 3-6-7-4
NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def _linear(torch, x, W, b):
    return torch.nn.functional.linear(x, W.T, b)


def _network(torch, *values, x=BATCH):
    a = torch.as_tensor(x)
    for k in range(0, len(values), 2):
        a = a if k == 0 else torch.relu(a)
        a = _linear(torch, a, values[k], values[k + 1])
    return a


def _cross_entropy(torch, z):
    return torch.nn.functional.cross_entropy(z, torch.as_tensor(LABELS))


def _network_backward(dlogits, *values):
    params = dict(zip(NAMES, values, strict=False))
    grads = nn.mlp_backward(dlogits, nn.mlp_forward(BATCH, params)[1], params)
    return tuple(grads[name] for name in params)


def _network_logits(*values):
    return nn.mlp_forward(BATCH, dict(zip(NAMES, values, strict=False)))[0]


def _of_loss(loss, *args):
    """Value and gradient of a loss as a pair of functions of its first argument."""
    return {
        "backward": lambda dout, z: (dout * loss(z, *args)[1],),
        "forward": lambda z: loss(z, *args)[0],
    }


ROWS = {
    "sigmoid_slope": Row(
        backward=lambda dout, z: (dout * nn.sigmoid_slope(z),),
        forward=nn.sigmoid,
        witness=lambda torch, z: torch.sigmoid(z),
        inputs=_arrays((3, 4)),
    ),
    "neuron_gradient": Row(
        backward=lambda dout, w, b: nn.neuron_gradient(X, w, b, Y),
        forward=lambda w, b: nn.squared_error(nn.sigmoid(w * X + b), Y),
        witness=lambda torch, w, b: (torch.sigmoid(w * X + b) - Y) ** 2 / 2,
        inputs=_numbers(2),
    ),
    "two_weight_backward": Row(
        backward=lambda dout, w1, w2: nn.two_weight_backward(X, w1, w2, Y),
        forward=lambda w1, w2: nn.squared_error(nn.two_weight_forward(X, w1, w2)[1], Y),
        witness=lambda torch, w1, w2: (torch.sigmoid(w2 * torch.sigmoid(w1 * X)) - Y) ** 2 / 2,
        inputs=_numbers(2),
    ),
    "shared_weight_gradient": Row(
        backward=lambda dout, w: (nn.shared_weight_gradient(X, w, Y),),
        forward=lambda w: nn.squared_error(nn.sigmoid(w * nn.sigmoid(w * X)), Y),
        witness=lambda torch, w: (torch.sigmoid(w * torch.sigmoid(w * X)) - Y) ** 2 / 2,
        inputs=_numbers(1),
    ),
    "quotient_backward": Row(
        backward=nn.quotient_backward,
        forward=np.divide,
        witness=lambda torch, u, v: u / v,
        inputs=lambda rng: (rng.normal(size=(3, 4)), rng.uniform(0.5, 2.0, size=(3, 4))),
    ),
    "max_backward": Row(
        backward=nn.max_backward,
        forward=np.maximum,
        witness=lambda torch, u, v: torch.maximum(u, v),
        inputs=_apart,
    ),
    "linear_backward": Row(
        backward=lambda dz, x, W, b: nn.linear_backward(dz, x, W),
        forward=nn.linear_forward,
        witness=_linear,
        inputs=_arrays((5, 3), (3, 4), (4,)),
    ),
    "linear_weight_gradient": Row(
        backward=lambda dz, W: (nn.linear_weight_gradient(dz, BATCH),),
        forward=lambda W: nn.linear_forward(BATCH, W, np.zeros(4)),
        witness=lambda torch, W: torch.as_tensor(BATCH) @ W,
        inputs=_arrays((3, 4)),
    ),
    "linear_bias_gradient": Row(
        backward=lambda dz, b: (nn.linear_bias_gradient(dz),),
        forward=lambda b: nn.linear_forward(BATCH, np.ones((3, 4)), b),
        witness=lambda torch, b: torch.as_tensor(BATCH @ np.ones((3, 4))) + b,
        inputs=_arrays((4,)),
    ),
    "linear_input_gradient": Row(
        backward=lambda dz, x: (nn.linear_input_gradient(dz, REAL),),
        forward=lambda x: nn.linear_forward(x, REAL, np.zeros(4)),
        witness=lambda torch, x: x @ torch.as_tensor(REAL),
        inputs=_arrays((5, 3)),
    ),
    "relu_backward": Row(
        backward=lambda da, z: (nn.relu_backward(da, z),),
        forward=nn.relu_forward,
        witness=lambda torch, z: torch.relu(z),
        inputs=_away_from_zero((3, 4)),
    ),
    "tanh_backward": Row(
        backward=lambda da, z: (nn.tanh_backward(da, nn.tanh_forward(z)),),
        forward=nn.tanh_forward,
        witness=lambda torch, z: torch.tanh(z),
        inputs=_arrays((3, 4)),
    ),
    "leaky_relu_backward": Row(
        backward=lambda da, z: (nn.leaky_relu_backward(da, z, ALPHA),),
        forward=lambda z: nn.leaky_relu_forward(z, ALPHA),
        witness=lambda torch, z: torch.nn.functional.leaky_relu(z, ALPHA),
        inputs=_away_from_zero((3, 4)),
    ),
    "softplus_backward": Row(
        backward=lambda da, z: (nn.softplus_backward(da, z),),
        forward=nn.softplus_forward,
        witness=lambda torch, z: torch.nn.functional.softplus(z),
        inputs=_arrays((3, 4)),
    ),
    "softmax_backward": Row(
        backward=lambda dp, z: (nn.softmax_backward(dp, nn.softmax(z)),),
        forward=nn.softmax,
        witness=lambda torch, z: torch.softmax(z, dim=1),
        inputs=_arrays((5, 4)),
    ),
    "mse_loss": Row(
        **_of_loss(nn.mse_loss, REAL),
        witness=lambda torch, y_hat: torch.nn.functional.mse_loss(y_hat, torch.as_tensor(REAL)),
        inputs=_arrays((3, 4)),
    ),
    "binary_cross_entropy": Row(
        **_of_loss(nn.binary_cross_entropy, TARGETS),
        witness=lambda torch, p: torch.nn.functional.binary_cross_entropy(p, torch.as_tensor(TARGETS)),
        inputs=lambda rng: (rng.uniform(0.05, 0.95, size=5),),
    ),
    "bce_with_logits": Row(
        **_of_loss(nn.bce_with_logits, TARGETS),
        witness=lambda torch, z: torch.nn.functional.binary_cross_entropy_with_logits(
            z, torch.as_tensor(TARGETS)
        ),
        inputs=_arrays((5,)),
    ),
    "softmax_cross_entropy": Row(
        **_of_loss(nn.softmax_cross_entropy, LABELS), witness=_cross_entropy, inputs=_arrays((5, 4))
    ),
    "huber_loss": Row(
        **_of_loss(nn.huber_loss, np.zeros((3, 4)), DELTA),
        witness=lambda torch, y_hat: torch.nn.functional.huber_loss(
            y_hat, torch.zeros(3, 4, dtype=torch.float64), delta=DELTA
        ),
        inputs=lambda rng: (
            rng.choice((-1.0, 1.0), (3, 4)) * rng.choice((0.3, 1.7), (3, 4)) * rng.uniform(0.9, 1.1, (3, 4)),
        ),
    ),
    "mlp_backward": Row(
        backward=_network_backward, forward=_network_logits, witness=_network, inputs=_arrays(*SIZES)
    ),
    "mlp_backward of one layer": Row(
        backward=_network_backward, forward=_network_logits, witness=_network, inputs=_arrays((3, 4), (4,))
    ),
    "mlp_loss_gradients": Row(
        backward=lambda dout, *values: tuple(
            nn.mlp_loss_gradients(BATCH, LABELS, dict(zip(NAMES, values, strict=True)))[1].values()
        ),
        forward=lambda *values: nn.softmax_cross_entropy(_network_logits(*values), LABELS)[0],
        witness=lambda torch, *values: _cross_entropy(torch, _network(torch, *values)),
        inputs=_arrays(*SIZES),
    ),
}
