"""Servers that tests start as processes of their own, on loopback.

Where one cannot be had its tests are skipped; with `H2CORRIDOR_REQUIRE_SERVERS=1` (as in CI) they fail instead.
"""

import os
import socket
from collections.abc import Callable

import pytest


@pytest.fixture(scope="session")
def require() -> Callable[[bool, str], None]:
    """Skip, or fail where servers are required, unless what a server needs is there."""

    def required(is_there: bool, absent: str) -> None:
        if not is_there and os.environ.get("H2CORRIDOR_REQUIRE_SERVERS") == "1":
            pytest.fail(absent)
        if not is_there:
            pytest.skip(absent)

    return required


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Give ports of loopback that nobody listens on."""

    def free() -> int:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port: int = taken.getsockname()[1]
            return port

    return free
