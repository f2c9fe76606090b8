"""Both public trials in the page: every statement holds down to its records, and some down to what the trucks sent."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from same_verdicts import both_verdicts

Verify = Callable[..., dict[str, Any]]

RAW = 2
"""How many statements of a trial are followed down to frames."""


def _h2corridor(*arguments: str) -> str:
    """What a command of the platform prints; a test beside it, since the package does not need it."""
    pytest.importorskip("h2corridor", reason="needs the platform to run a trial")
    command = [sys.executable, "-c", "from h2corridor.cli import main; main()", *arguments]

    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def _export(workspace: Path, statement_id: str, depth: str, folder: Path) -> bytes:
    path = folder / f"{statement_id}-{depth}.zip"
    _h2corridor(
        *("statement", "export", statement_id, "--workspace", str(workspace), "--depth", depth, "--out", str(path))
    )
    return path.read_bytes()


def _release(workspace: Path, statement_id: str) -> None:
    why = [
        part for name in ("decided-by", "recipient", "purpose", "basis") for part in (f"--{name}", "made for a test")
    ]
    _h2corridor("statement", "release", statement_id, "--workspace", str(workspace), *why)


@pytest.mark.slow
@pytest.mark.parametrize("trial", ["first-run", "rehearsal"])
def test_statements_of_a_trial_hold_in_the_page_down_to_frames(
    trial: str, trials_dir: Path, tmp_path: Path, verify_in_page: Verify
) -> None:
    workspace = tmp_path / "workspace"
    _h2corridor("trial", "run", str(trials_dir / trial), "--workspace", str(workspace))
    listed = json.loads(_h2corridor("statement", "list", "--workspace", str(workspace), "--json"))
    names = [each["statement_id"] for each in (listed["statements"] if isinstance(listed, dict) else listed)]
    bundles = [_export(workspace, name, "activity", tmp_path) for name in names[:: max(1, len(names) // 5)]]
    for name in names[:RAW]:
        _release(workspace, name)
        bundles.append(_export(workspace, name, "raw", tmp_path))

    assert len(bundles) > RAW
    for bundle in bundles:
        ours, theirs = both_verdicts(verify_in_page, bundle)

        assert theirs["reason_code"] is None
        assert ours == theirs
