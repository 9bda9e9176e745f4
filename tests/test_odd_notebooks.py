"""Odd notebooks are graded, or one clear line says why not; no batch is lost."""

import io
import json

import pytest

from bplearn.grader.marking import Settings, Task, mark
from bplearn.version import __version__
from tests.sample_class import LOSS, RIGHT, notebook

NONE = Settings(7, __version__, sandbox="none")


def marked(data, file="01_one_weight.ipynb", **settings):
    data = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    return mark(Task("jane", file, data), NONE._replace(**settings))


UNREADABLE = {
    "empty": "",
    "not json": "def sigmoid(z): return 1",
    "not utf-8": b"\xff\xfe{}",
    "a list": "[]",
    "deep": "[" * 10**6,
    "deep objects": '{"cells":' * 10**5,
    "a huge number": '{"cells": [], "nbformat": ' + "9" * 10**5 + "}",
    "format 3": json.dumps({"nbformat": 3, "worksheets": [{"cells": []}], "metadata": {}}),
    "format 99": json.dumps({"nbformat": 99, "cells": [{}], "metadata": {}}),
    "cells are no list": json.dumps({"nbformat": 4, "cells": {"a": 1}, "metadata": {}}),
    "a cell is no cell": json.dumps({"nbformat": 4, "cells": [7], "metadata": {}}),
    "no text": json.dumps(
        {"nbformat": 4, "cells": [{"cell_type": "code", "source": {"x": 1}}], "metadata": {}}
    ),
    "another course": json.dumps(
        {
            "nbformat": 4,
            "metadata": {"bplearn": {"lesson": "99_x"}},
            "cells": [{"cell_type": "code", "source": ""}],
        }
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_notebook_is_one_clear_line(name):
    found = marked(UNREADABLE[name])
    assert (found.status, found.reports, "\n" in found.detail, bool(found.detail)) == (
        "unreadable",
        (),
        False,
        True,
    )


GOOD = {
    "bom": "\ufeff" + notebook(RIGHT),
    "windows": notebook(RIGHT).replace("\\n", "\\r\\n"),
    "format 4.0": notebook(RIGHT, nbformat_minor=0),
    "no metadata": notebook(RIGHT, metadata={}),
    "odd metadata": notebook(RIGHT, metadata={"bplearn": [1], "kernelspec": None}),
    "a newer minor": notebook(RIGHT, nbformat_minor=99, more={"x": [1]}),
    "twice the same key": notebook(RIGHT).replace('"nbformat": 4', '"nbformat": 9, "nbformat": 4'),
    "half a character": notebook(RIGHT, extra="\ud800"),
    "NaN": notebook(RIGHT, extra=float("nan")),
}


@pytest.mark.parametrize("name", GOOD)
def test_an_odd_notebook_is_graded(name):
    found = marked(GOOD[name], timeout=10.0)
    assert (found.status, {r["exercise"]: r["passed"] for r in found.reports}["sigmoid"]) == ("graded", True)


def test_a_renamed_notebook_without_metadata_is_known_by_what_it_defines():
    assert marked(notebook(RIGHT, LOSS, metadata={}), file="Untitled3.ipynb").lesson == "01_one_weight"


def test_another_lesson_than_the_one_asked_for_is_told():
    found = marked(notebook(RIGHT), lesson="02_chain_rule")
    assert (found.status, found.lesson) == ("wrong_lesson", "01_one_weight")


def test_cells_marked_as_handed_out_count_only_as_they_were_handed_out():
    body = json.loads(notebook(RIGHT, "def sigmoid(z):\n    return 0"))
    body["cells"][1]["metadata"] = {"bplearn": {"role": "check", "hash": "0" * 16}}
    found = marked(json.dumps(body))
    assert not {r["exercise"]: r["passed"] for r in found.reports}["sigmoid"]


def test_fifty_megabytes_of_outputs_are_read(tmp_path):
    body = json.loads(notebook(RIGHT))
    body["cells"][0]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["x" * 1000 + "\n"] * 50_000}
    ]
    data = io.BytesIO(json.dumps(body).encode())
    assert data.getbuffer().nbytes > 50 * 10**6
    assert marked(data.getvalue()).status == "graded"
