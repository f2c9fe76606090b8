"""Sites on loopback for the browser: the packaged trial, an empty workspace, the public rehearsal."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from h2corridor.app.bootstrap import make_request
from h2corridor.app.trial_run import run_trial
from h2corridor.console.calculator import Calculator
from h2corridor.console.serve import open_server
from h2corridor.console.site import WorkspaceSite
from h2corridor.store.files import Workspace


@contextmanager
def _served(workspace: Path) -> Iterator[str]:
    with open_server(WorkspaceSite(workspace, "en"), 0, Calculator(None)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.url.rstrip("/")
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def demo_url(chromium_path: str, demo_workspace: Path) -> Iterator[str]:
    """What `make demo` shows."""
    with _served(demo_workspace) as url:
        yield url


@pytest.fixture(scope="session")
def empty_url(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A workspace without a run."""
    workspace = tmp_path_factory.mktemp("empty") / "workspace"
    Workspace.create_or_open(workspace, now_ms=0, software="test").close()
    with _served(workspace) as url:
        yield url


@pytest.fixture(scope="session")
def rehearsal_url(chromium_path: str, trials_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """33 shipments and 43 trips, most of them withheld."""
    workspace = tmp_path_factory.mktemp("rehearsal") / "workspace"
    run_trial(make_request(trials_dir / "rehearsal", workspace, now_ms=1_773_500_000_000), lambda *_: None)
    with _served(workspace) as url:
        yield url
