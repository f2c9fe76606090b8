"""A filed trial report holds by its proof alone, and nothing else does."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_runs import NOW_MS
from typer.testing import CliRunner

from h2corridor.app.bootstrap import make_record_signer
from h2corridor.app.trial_proof import check_report_proof
from h2corridor.app.trial_report import file_trial_report, prove_trial_report
from h2corridor.cli.commands import app
from h2corridor.evidence.keys import format_private_key, parse_private_key
from h2corridor.model.errors import CorridorError, EvidenceError
from h2corridor.model.report import Report

OTHER_LOG = parse_private_key(format_private_key("test.example/corridor", bytes(32)), about="x")
Files = tuple[Path, Path, Path]


@pytest.fixture(scope="module")
def filed(first_run: tuple[Report, Path], keys_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("filed")
    workspace = Path(shutil.copytree(first_run[1], folder / "w"))
    _, data = file_trial_report(workspace, now_ms=NOW_MS, log_of=make_record_signer(keys_folder))
    report, proof, policy = (folder / name for name in ("report.json", "proof.json", "policy.txt"))
    report.write_bytes(data)
    proof.write_bytes(prove_trial_report(workspace, data))
    shutil.copy(workspace / "policy.txt", policy)
    shutil.rmtree(workspace)
    return report, proof, policy


def _proof(**changed: Any) -> Callable[[bytes], bytes]:
    return lambda data: json.dumps({**json.loads(data), **changed}).encode()


def test_a_filed_report_holds_without_its_workspace(filed: Files) -> None:
    found = check_report_proof(*filed)

    assert ("first-run", "test.example/corridor") == (found["trial"], found["origin"])
    report, proof, policy = filed
    shown = CliRunner().invoke(
        app, ["trial", "check-report", str(report), "--proof", str(proof), "--policy", str(policy), "--json"]
    )

    assert found == json.loads(shown.stdout)


@pytest.mark.parametrize(
    ("which", "change", "code"),
    [
        (0, lambda data: data.replace(b"First run", b"Worst run"), r"proof\.other-report"),
        (0, lambda data: data[:-1], r"report\.unreadable"),
        (1, _proof(index=0), r"evidence\.report-proof: .* proof\.length"),
        (1, _proof(hashes=["ab" * 32]), r"proof\.length"),
        (1, _proof(checkpoint="x"), r"note\.form"),
        (1, _proof(index=-1), r"trial\.report-file"),
        (1, _proof(more=1), r"trial\.report-file"),
        (2, lambda _: f"log {OTHER_LOG.vkey}\nquorum none\n".encode(), r"note\.unknown-keys"),
        (2, lambda _: b"quorum none\n", r"note\.unknown-keys"),
        (2, lambda _: b"quorum all\n", r"policy\.form"),
    ],
)
def test_whatever_of_report_proof_and_policy_is_changed_it_does_not_hold(
    which: int, change: Callable[[bytes], bytes], code: str, filed: Files, tmp_path: Path
) -> None:
    files = [Path(shutil.copy(file, tmp_path / file.name)) for file in filed]
    files[which].write_bytes(change(files[which].read_bytes()))

    with pytest.raises(CorridorError, match=code):
        check_report_proof(*files)


def test_a_changed_report_with_a_proof_that_names_it_does_not_hold(filed: Files, tmp_path: Path) -> None:
    report, proof, policy = filed
    changed, forged = tmp_path / "report.json", tmp_path / "proof.json"
    changed.write_bytes(report.read_bytes().replace(b"First run", b"Worst run"))
    forged.write_bytes(_proof(sha256=hashlib.sha256(changed.read_bytes()).hexdigest())(proof.read_bytes()))

    with pytest.raises(EvidenceError, match=r"evidence\.report-proof: .* proof\.root"):
        check_report_proof(changed, forged, policy)
