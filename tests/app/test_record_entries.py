"""A record that is not the one that was logged is refused, and nothing of it is logged."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from made_runs import NOW_MS

from h2corridor.app.bootstrap import make_record_signer
from h2corridor.app.trial_consents import add_consent
from h2corridor.app.trial_plan import plan_template, record_plan
from h2corridor.app.trial_record import read_record
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import EvidenceError
from h2corridor.model.report import Report
from h2corridor.model.trial_record import Consent, RecordDocument
from h2corridor.store.files import Workspace
from h2corridor.store.files.trial import TrialFiles

LogOf = Callable[[Path], LogSigner]


@pytest.fixture(scope="module")
def log_of(keys_folder: Path) -> LogOf:
    return make_record_signer(keys_folder)


@pytest.fixture(scope="module")
def recorded(trials_dir: Path, tmp_path_factory: pytest.TempPathFactory, log_of: LogOf) -> Path:
    folder = tmp_path_factory.mktemp("recorded")
    plan = folder / "plan.toml"
    plan.write_text(plan_template(trials_dir / "first-run"), "utf-8")
    record_plan(folder / "w", plan, now_ms=NOW_MS, log_of=log_of)
    for purpose in ("first", "second"):
        _consent(folder / "w", purpose, log_of)
    return folder / "w"


@pytest.fixture
def workspace(recorded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(recorded, tmp_path / "w"))


def _consent(workspace: Path, purpose: str, log_of: LogOf) -> Consent:
    words = {"legal_basis": "b", "given_by": "g", "from_day": "2026-03-01", "until_day": "2026-12-31"}
    return add_consent(workspace, "FR-P01", ["telemetry"], purpose=purpose, **words, now_ms=NOW_MS, log_of=log_of)


def _change(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"given_by":"g"', b'"given_by":"h"'))


@pytest.mark.parametrize(
    ("number", "change", "said"),
    [
        (2, _change, "its digest is not in the log"),
        (3, _change, "its digest is not in the log"),
        (3, Path.unlink, "its digest is in the log, and it is missing"),
    ],
)
def test_a_document_that_was_changed_or_lost_is_not_logged_by_the_next_command(
    number: int, change: Callable[[Path], None], said: str, workspace: Path, log_of: LogOf
) -> None:
    file = workspace / f"trial/00000{number}.json"
    change(file)
    before = Workspace.open(workspace).list_entries()
    with pytest.raises(EvidenceError, match=rf"evidence\.trial-record: trial/00000{number}\.json: {said}.*log fsck"):
        _consent(workspace, "third", log_of)

    assert before == Workspace.open(workspace).list_entries()


def test_a_run_is_refused_beside_a_changed_document(
    workspace: Path, trials_dir: Path, run_into: Callable[..., Report]
) -> None:
    _change(workspace / "trial/000002.json")
    with pytest.raises(EvidenceError, match=r"evidence\.trial-record"):
        run_into(trials_dir / "first-run", workspace)

    assert not list(workspace.glob("received/*/*"))


def test_another_document_after_one_that_was_cut_off_logs_both(
    workspace: Path, log_of: LogOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = TrialFiles.keep_document

    def keep_and_end(files: TrialFiles, document: RecordDocument) -> None:
        keep(files, document)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(TrialFiles, "keep_document", keep_and_end)
        with pytest.raises(KeyboardInterrupt):
            _consent(workspace, "third", log_of)
    _consent(workspace, "fourth", log_of)

    assert 5 == len(read_record(workspace).documents)
    assert [] == Workspace.open(workspace).fsck()
