"""Good bundles, the forger and the faults, importable beside the tests and made once a session."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from corpus import write_corpus
from made_bundles import Good, make_good


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Good:
    """Bundles of the packaged trial that hold, and all keys."""
    return make_good(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="session")
def corpus(good: Good, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every bundle and policy in a folder, as `make bundles` writes them."""
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(good, folder)
    return folder
