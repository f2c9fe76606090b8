"""The trial report: what it says of the run it is made from."""

import shutil
from pathlib import Path

import pytest
from made_runs import NOW_MS

from h2corridor.app.bootstrap import make_record_signer
from h2corridor.app.trial_report import make_trial_report
from h2corridor.model.report import Report
from h2corridor.model.trial_report import decode_trial_report
from h2corridor.store.files import Workspace


@pytest.fixture
def workspace(first_run: tuple[Report, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(first_run[1], tmp_path / "w"))


def test_files_that_the_run_did_not_read_are_not_in_its_report(
    workspace: Path, keys_folder: Path, trials_dir: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes((trials_dir / "first-run/parties.csv").read_bytes() + b"\n")
    before = decode_trial_report(make_trial_report(workspace))
    with Workspace.create_or_open(workspace, now_ms=NOW_MS, software="test") as opened:
        receipts = [
            opened.receive(path, other, now_ms=NOW_MS, file_salt=lambda *_: bytes(32))
            for path in ("parties.csv", "removed.csv")
        ]
        opened.append_to_log(receipts, make_record_signer(keys_folder)(opened.keys_path))
    after = decode_trial_report(make_trial_report(workspace))

    assert before.tables
    assert (before.tables, before.received_files) == (after.tables, after.received_files)
    assert all(each.log_index is not None for each in after.tables)
