"""The outside vectors of the protocol."""

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def vectors(cases_dir: Path) -> list[dict[str, Any]]:
    """All vectors of both editions; never empty."""
    found = []
    for name in ("vectors_2016.json", "vectors_2025.json"):
        found += json.loads((cases_dir / "gbt32960" / name).read_text("utf-8"))["vectors"]

    assert len(found) >= 60
    return found


@pytest.fixture(scope="session")
def mixed_stream(cases_dir: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((cases_dir / "gbt32960" / "stream_mixed.json").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="session")
def third_party(cases_dir: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((cases_dir / "gbt32960" / "third_party_mit.json").read_text("utf-8"))
    return loaded
