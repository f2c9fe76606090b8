"""Runs of the two public trials, made once a test session."""

import csv
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from h2corridor.app.bootstrap import make_request
from h2corridor.app.trial_run import run_trial
from h2corridor.evidence.keys import format_private_key
from h2corridor.model.report import Report

sys.path.insert(0, str(Path(__file__).parent))

from made_runs import NOW_MS


@pytest.fixture
def dataset(trials_dir: Path, tmp_path: Path) -> Path:
    """A copy of the small trial, to change."""
    copy = tmp_path / "dataset"
    shutil.copytree(trials_dir / "first-run", copy, ignore=shutil.ignore_patterns("truth"))
    for path in copy.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return copy


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    (folder / "log.key").write_text(format_private_key("test.example/corridor", bytes(range(32))) + "\n")
    (folder / "salt.seed").write_bytes(bytes(range(32, 64)))
    return folder


@pytest.fixture(scope="session")
def run_into(keys_folder: Path) -> Callable[..., Report]:
    def run(dataset: Path, workspace: Path, threads: int = 2, now_ms: int = NOW_MS) -> Report:
        request = make_request(
            dataset,
            workspace,
            now_ms=now_ms,
            keys=keys_folder,
            salt_seed=keys_folder / "salt.seed",
            threads=threads,
        )
        return run_trial(request, lambda *_: None)

    return run


@pytest.fixture(scope="session")
def first_run(
    trials_dir: Path, run_into: Callable[..., Report], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Report, Path]:
    workspace = tmp_path_factory.mktemp("first-run") / "workspace"
    return run_into(trials_dir / "first-run", workspace), workspace


@pytest.fixture(scope="session")
def rehearsal(
    trials_dir: Path, run_into: Callable[..., Report], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Report, Path]:
    workspace = tmp_path_factory.mktemp("rehearsal") / "workspace"
    return run_into(trials_dir / "rehearsal", workspace), workspace


@pytest.fixture(scope="session")
def read_truth(trials_dir: Path) -> Callable[[str, str], list[dict[str, str]]]:
    def read(trial: str, table: str) -> list[dict[str, str]]:
        with (trials_dir / trial / "truth" / f"{table}.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    return read
