"""The side that runs the learner's code: what it makes of a cell."""

import pytest

from bplearn.grader.worker import without_magics


@pytest.mark.parametrize(
    "text", ["%%javascript\nx", "%lsmagic", "  !ls", "%%time\n%%time", "%%script python\nprint(1)", ""]
)
def test_without_magics_a_cell_is_python_of_as_many_lines(text):
    assert without_magics(text).count("\n") in (text.count("\n"), 0)
    compile(without_magics(text), "cell", "exec")
