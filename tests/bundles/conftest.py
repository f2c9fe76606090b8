"""Good bundles, the forger and the faults, importable beside the tests and made once for all workers."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from corpus import write_corpus
from made_bundles import Good, make_good, read_good, write_good

MadeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def good(made_once: MadeOnce) -> Good:
    """Bundles of the packaged trial that hold, and all keys."""
    return read_good(made_once("good", lambda folder: write_good(make_good(folder), folder)))


@pytest.fixture(scope="session")
def corpus(good: Good, made_once: MadeOnce) -> Path:
    """Every bundle and policy in a folder, as `make bundles` writes them."""
    return made_once("corpus", lambda folder: write_corpus(good, folder))
