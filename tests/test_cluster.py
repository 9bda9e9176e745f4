"""The same class by a dask cluster: the same marks."""

import pytest

from tests.sample_class import LOSS, RIGHT, hand_in
from tests.sample_cluster import cluster
from tests.sample_shell import process


@pytest.mark.sandbox
@pytest.mark.slow
def test_a_cluster_gives_the_marks_of_a_pool(tmp_path):
    pytest.importorskip("distributed", reason="needs dask: python -m pip install 'bplearn[cluster]'")
    for n in range(6):
        hand_in(tmp_path / "in", f"s{n}", RIGHT, LOSS if n % 2 else "1 / 0")
    hand_in(tmp_path / "in", "loop", "def sigmoid(z):\n    while True: pass", LOSS)
    common = ("grade", "in", "--seed", 7, "--timeout", 1, "-o")
    assert process(*common, "pool", cwd=tmp_path).returncode == 0
    with cluster(tmp_path) as address:
        done = process(*common, "cluster", "--scheduler", address, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    tables = [(tmp_path / out / "grades.csv").read_bytes() for out in ("pool", "cluster")]
    assert tables[0] == tables[1]
    assert b"loop,01_one_weight,sigmoid,timeout,0,1" in tables[1]
