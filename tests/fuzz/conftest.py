"""Fuzz targets importable beside the tests, and the fuzzer, which not every system can install.

Without it these tests are skipped; with `H2CORRIDOR_REQUIRE_FUZZER=1` (as in CI) they fail instead.
"""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

ABSENT = "needs atheris, which has wheels for Linux on x86-64: make fuzzer"


@pytest.fixture(scope="session")
def fuzzer() -> None:
    """The fuzzer is there."""
    if importlib.util.find_spec("atheris") is not None:
        return
    if os.environ.get("H2CORRIDOR_REQUIRE_FUZZER") == "1":
        pytest.fail(ABSENT)
    pytest.skip(ABSENT)
