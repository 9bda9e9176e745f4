"""What a machine lacks is said, and is a failure where BPLEARN_REQUIRE names it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEEDS_A_SANDBOX = """
import pytest

@pytest.mark.sandbox
def test_that_needs_a_sandbox():
    pass
"""


@pytest.mark.parametrize(
    ("required", "word"), [("", "1 skipped"), ("browser,torch", "1 skipped"), ("browser,sandbox", "1 error")]
)
def test_a_missing_sandbox_is_skipped_or_fails_with_what_to_install(tmp_path, required, word):
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_it.py").write_text(NEEDS_A_SANDBOX)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    sandbox\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rsE", "-p", "no:cacheprovider", str(tmp_path)],
        env=os.environ | {"PATH": "", "BPLEARN_REQUIRE": required},
        capture_output=True,
        text=True,
    )
    assert word in done.stdout
    assert "needs sandbox: apt-get install bubblewrap" in done.stdout
