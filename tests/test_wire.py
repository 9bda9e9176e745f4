"""What crosses between processes comes back as it was; what is hostile is refused."""

import io
import json
import struct
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bplearn import wire
from bplearn.collect import Call, Observation, Trouble, observe
from bplearn.plain import MAX_ENTRIES, MAX_ITEMS, Odd
from bplearn.probes import Named, Seed


def sent(value):
    stream = io.BytesIO()
    wire.send(stream, value)
    return io.BytesIO(stream.getvalue())


def same(a, b):
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and (a == b or (a != a and b != b))


# ---- round trips ----

KINDS = st.one_of(
    *[t(sizes=(n,)) for t in (hnp.integer_dtypes, hnp.unsigned_integer_dtypes) for n in (8, 64)],
    hnp.floating_dtypes(),
    hnp.boolean_dtypes(),
)
ARRAYS = hnp.arrays(KINDS, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(st.characters(codec=None)),
    ARRAYS,
    st.builds(Odd, st.text(max_size=9)),
    st.builds(Seed, st.integers(0, 2**32)),
    st.just(Named("quadratic")),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=4), inner, max_size=4),
    ),
    max_leaves=8,
)


@given(VALUES)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_every_plain_value_comes_back_as_it_was(value):
    assert same(wire.receive(sent(value)), value)


@pytest.mark.parametrize(
    "array",
    [
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(12)[::-2],
        np.array(3.5),
        np.zeros((0, 3)),
        np.arange(3, dtype=">f8"),
        np.array([np.nan, np.inf, -0.0]),
        np.zeros((1,) * 20),
    ],
    ids=["fortran", "reversed", "0-d", "empty", "big-endian", "special", "20 axes"],
)
def test_arrays_of_every_layout_come_back_with_their_values_and_shape(array):
    back = wire.receive(sent([array]))[0]
    assert back.shape == array.shape
    assert np.array_equal(back, array, equal_nan=True)
    assert np.array_equal(np.signbit(back), np.signbit(array))


@pytest.mark.parametrize("value", [{1, 2}, 1j, object(), b"x", [range(3)]], ids=lambda v: type(v).__name__)
def test_what_is_not_plain_cannot_be_sent(value):
    with pytest.raises(TypeError, match="cannot cross"):
        wire.send(io.BytesIO(), value)


# ---- hostile messages ----


def message(head, *frames):
    head = head if isinstance(head, bytes) else json.dumps(head).encode()
    body = struct.pack(">II", len(head), len(frames)) + head
    body += b"".join(struct.pack(">I", len(frame)) + frame for frame in frames)
    return struct.pack(">Q", len(body)) + body


def npy(shape=(), descr="<f8", data=b"\0" * 8, *, version=(1, 0), header=None):
    text = repr({"descr": descr, "fortran_order": False, "shape": shape}).encode() + b"\n"
    text = text if header is None else header
    size = struct.pack("<H" if version == (1, 0) else "<I", len(text))
    return b"\x93NUMPY" + bytes(version) + size + text + data


PICKLED = io.BytesIO()
np.lib.format.write_array(PICKLED, np.array([object()]), allow_pickle=True)
ARRAY = {"array": 0}
HOSTILE = {
    "huge message": struct.pack(">Q", 2**63),
    "huge head": struct.pack(">QII", 8, 2**32 - 1, 0),
    "many frames": struct.pack(">QII", 8, 0, 2**32 - 1),
    "huge frame": message(ARRAY)[:-4] + b"}}}}",
    "not json": message(b"\xff\xfe{"),
    "deep json": message(b"[" * 200_000),
    "unknown kind": message({"code": "import os"}),
    "two kinds": message({"array": 0, "float": "1"}, npy()),
    "float too large": message({"float": "0x1p5000"}),
    "not npy": message(ARRAY, b"hello world"),
    "pickled npy": message(ARRAY, PICKLED.getvalue()),
    "objects": message(ARRAY, npy((1,), "|O")),
    "structured": message(ARRAY, npy((1,), [("a", "<f8")])),
    "dates": message(ARRAY, npy((1,), "<m8[s]")),
    "npy 2": message(ARRAY, npy(version=(2, 0))),
    "npy 3": message(ARRAY, npy(version=(3, 0))),
    "truncated array": message(ARRAY, npy((3,))),
    "negative shape": message(ARRAY, npy((-1,))),
    "more entries than allowed": message(ARRAY, npy((MAX_ENTRIES + 1,))),
    "shape that overflows": message(ARRAY, npy((10**400,))),
    "product that overflows": message(ARRAY, npy((10**200, 10**200))),
    "nothing times much": message(ARRAY, npy((0, 10**30))),
    "header that does not end": message(ARRAY, npy(header=b"(" * 500)),
    "header with an open text": message(ARRAY, npy(header=b"'''")),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.filterwarnings("ignore")
def test_a_hostile_message_is_refused_and_nothing_else_happens(name):
    with pytest.raises((wire.WireError, EOFError)):
        wire.receive(io.BytesIO(HOSTILE[name]))


@pytest.mark.parametrize("cut", range(0, 250, 3))
def test_a_truncated_message_is_refused(cut):
    whole = sent([np.arange(3.0), "text", {"a": 1.5}]).getvalue()
    with pytest.raises((wire.WireError, EOFError)):
        wire.receive(io.BytesIO(whole[: min(cut, len(whole) - 1)]))


@given(st.binary(max_size=200), st.booleans())
@settings(max_examples=150, deadline=None, derandomize=True)
@pytest.mark.filterwarnings("ignore")
def test_noise_is_refused(noise, framed):
    with pytest.raises((wire.WireError, EOFError)):
        wire.receive(io.BytesIO(message(b"\xff" + noise) if framed else noise))


@pytest.mark.parametrize("name", ["huge message", "huge head", "many frames", "product that overflows"])
@pytest.mark.filterwarnings("ignore:overflow")
def test_a_length_that_lies_allocates_nothing(name):
    tracemalloc.start()
    with pytest.raises((wire.WireError, EOFError, OverflowError)):
        wire.receive(io.BytesIO(HOSTILE[name]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


# ---- observations ----

SEEN = Observation(
    calls=(
        Call((1.5, np.arange(3.0)), None, (0, 2), ("UserWarning: x",)),
        Call(trouble=Trouble("ValueError", "no", 3, "x = 1", "f", "y = f()")),
        Call(Odd("generator")),
    ),
    printed="printed",
    print_size=7,
    blank=True,
    stub=True,
    uses=("sigmoid",),
    course=("bplearn.nn.neuron.sigmoid",),
)


def through(seen):
    return wire.read_observation(wire.receive(sent(wire.write_observation(seen))))


def test_an_observation_comes_back_as_it_was():
    assert repr(through(SEEN)) == repr(SEEN)
    assert through(None) is None


def test_cases_with_seeds_and_named_functions_can_cross_and_are_revived():
    cases = [[Seed(7), Named("quadratic")], [Seed(8), Named("quadratic")]]
    crossed = wire.receive(sent(cases))
    seen = observe(lambda rng, f: f(rng.normal(size=3)), crossed)
    assert seen.calls == observe(lambda rng, f: f(rng.normal(size=3)), cases).calls
    assert seen.calls[0].value == pytest.approx(np.sum(np.random.default_rng(7).normal(size=3) ** 2) / 2)


def parts(value=1.0):
    return wire.write_observation(replace(SEEN, calls=(Call(value, SEEN.calls[1].trouble, (0,), ("w",)),)))


def changed(place, to, call=None):
    """What a worker would send, with one part of it replaced (of the first call, if `call` names it)."""
    sent_parts = parts()
    (sent_parts if call is None else sent_parts[0][0])[place] = to
    return sent_parts


def test_the_parts_that_are_changed_below_are_an_observation():
    assert wire.read_observation(parts()).calls[0].value == 1.0


NONSENSE = [{}, {"a": 1}, 5, None, float("inf"), np.zeros((2, 2)), 10**400, Odd("x"), [[1]], [None]]


@pytest.mark.parametrize("place", range(len(parts())))
@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda v: repr(v)[:20])
def test_a_wrong_type_in_an_observation_is_refused_or_made_harmless(place, nonsense):
    try:
        seen = wire.read_observation(changed(place, nonsense))
    except wire.WireError:
        return
    assert all(isinstance(text, str) for text in (seen.printed, *seen.uses, *seen.course))
    assert isinstance(seen.print_size, int)


@pytest.mark.parametrize("value", [5, "abcdefgh", [], [[]] * 7, [[]] * 9, {}, Odd("x")], ids=repr)
def test_what_is_no_observation_at_all_is_refused(value):
    with pytest.raises(wire.WireError):
        wire.read_observation(value)


VALUE, TROUBLE, CHANGED = range(3)
CALLS = {
    "changed is a dict": (CHANGED, {}),
    "changed is infinite": (CHANGED, [float("inf")]),
    "changed is negative": (CHANGED, [-99]),
    "line is infinite": (TROUBLE, ["a", "b", float("inf"), "c", "d"]),
    "trouble is short": (TROUBLE, ["ValueError"]),
    "value is a seed": (VALUE, Seed(1)),
    "value is a function": (VALUE, Named("quadratic")),
    "value holds a seed": (VALUE, [{"a": (Seed(1),)}]),
    "value is a huge integer": (VALUE, 10**400),
    "value is an odd list": (VALUE, Odd(["x"])),
    "value has too many items": (VALUE, [[]] * 100_000),
}


def harmless(value):
    if isinstance(value, dict):
        value = [*value.items()]
    if isinstance(value, (list, tuple)):
        return len(value) <= MAX_ITEMS and all(map(harmless, value))
    small = not isinstance(value, int) or abs(value) < 2**63
    return small and not isinstance(getattr(value, "kind", ""), list) and not isinstance(value, (Seed, Named))


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_no_honest_worker_sends_is_refused_or_made_odd(name):
    place, nonsense = CALLS[name]
    try:
        (call,) = wire.read_observation(changed(place, nonsense, call=0)).calls
    except wire.WireError:
        return
    assert harmless(call.value)
    assert all(place >= 0 for place in call.changed)


LONG = "x" * 10_000
LONG_TEXTS = {
    "value": replace(SEEN, calls=(Call(LONG),)),
    "key": replace(SEEN, calls=(Call({LONG: 1}),)),
    "kind": replace(SEEN, calls=(Call(Odd(LONG)),)),
    "message": replace(SEEN, calls=(Call(trouble=Trouble("E", LONG)),)),
    "warning": replace(SEEN, calls=(Call(1, None, (), (LONG,)),)),
    "printed": replace(SEEN, printed=LONG),
    "name": replace(SEEN, uses=(LONG,), course=(LONG,)),
}


@pytest.mark.parametrize("where", LONG_TEXTS)
def test_every_text_is_cut(where):
    assert len(repr(through(LONG_TEXTS[where]))) < 3_000
