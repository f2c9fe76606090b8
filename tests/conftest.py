"""Where the outside material is: test vectors (`H2CORRIDOR_CASES`) and trial data (`H2CORRIDOR_TRIALS`)."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _outside(variable: str, default: str) -> Path:
    folder = Path(os.environ.get(variable, str(ROOT.parent / "shared" / default)))
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent: set {variable} to the folder of outside {default}")
    return folder


@pytest.fixture(scope="session")
def cases_dir() -> Path:
    return _outside("H2CORRIDOR_CASES", "cases")


@pytest.fixture(scope="session")
def trials_dir() -> Path:
    return _outside("H2CORRIDOR_TRIALS", "trials")


@pytest.fixture(scope="session")
def demo_workspace(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A workspace with one run of the packaged trial: what `make demo` shows. Tests only read it."""

    def run(folder: Path) -> None:
        from h2corridor.app.bootstrap import make_request
        from h2corridor.app.trial_run import run_trial

        dataset = ROOT / "src" / "h2corridor" / "demo" / "first-run"
        run_trial(make_request(dataset, folder / "workspace", now_ms=1_772_700_000_000), lambda *_: None)

    return made_once("demo", run) / "workspace"
