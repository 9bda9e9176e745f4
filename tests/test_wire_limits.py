"""What a submission claims is counted before it is unfolded."""

import numpy as np
import pytest

from bplearn import wire
from bplearn.plain import MAX_ENTRIES

BIG = np.zeros(MAX_ENTRIES // 2)


def observation(*calls):
    return [[list(call) for call in calls], "", 0, False, False, [], [], []]


def test_one_array_that_is_referred_to_again_and_again_is_refused():
    with pytest.raises(wire.WireError, match="too many numbers"):
        wire.read_observation(observation(*[([BIG] * 20, None, [], [])] * 9))


def test_text_is_not_made_of_arrays():
    trouble = ["E", [np.zeros(1000)] * 100_000, 1, "", "", ""]
    found = wire.read_observation(observation(*[(None, trouble, [], [])] * 9))
    assert found.calls[0].trouble.message == "<list>"


def test_what_cannot_be_printed_does_not_come_through():
    found = wire.read_observation(observation(({"\x1b]0;x\x07\u202e\x00\r=1": 1.0}, None, [], ["\x1b[2J"])))
    (key,) = found.calls[0].value
    assert key.isprintable()
    assert found.calls[0].warned[0].isprintable()
