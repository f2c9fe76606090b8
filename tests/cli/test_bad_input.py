"""Bad input: a clear message with file, row, expectation and next step; nothing half-written, nothing lost."""

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from h2corridor.model.report import Report, decode_report
from h2corridor.store.files import Workspace

TELEMETRY = "telemetry/LFHUEZJP1TG007811/2026-03-02.csv.gz"
Prepare = Callable[[Path], None]


@pytest.fixture
def dataset(trials_dir: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "dataset"
    shutil.copytree(trials_dir / "first-run", copy, ignore=shutil.ignore_patterns("truth"))
    for path in copy.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    copy.chmod(0o755)
    return copy


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from h2corridor.cli import main; main()", *arguments]
    environment = {**os.environ, "LANG": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def _run_trial(dataset: Path, workspace: Path) -> subprocess.CompletedProcess[str]:
    return _run("trial", "run", str(dataset), "--workspace", str(workspace))


def _replace(path: str, old: str, new: str) -> Prepare:
    def prepare(dataset: Path) -> None:
        file = dataset / path
        text = file.read_text(encoding="utf-8")

        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return prepare


def _latin(dataset: Path) -> None:
    file = dataset / "parties.csv"
    file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))


UNUSABLE: dict[str, tuple[Prepare, list[str]]] = {
    "no trial.toml": (lambda dataset: (dataset / "trial.toml").unlink(), ["trial.toml"]),
    "unknown format": (_replace("trial.toml", "format = 1", "format = 7"), ["trial.toml", "7", "1"]),
    "missing column": (_replace("refuellings.csv", "mass_kg", "weight"), ["refuellings.csv", "mass_kg"]),
    "wrong encoding": (_latin, ["parties.csv", "UTF-8"]),
    "zeros for a table": (lambda dataset: (dataset / "legs.csv").write_bytes(bytes(4096)), ["legs.csv"]),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_cannot_be_used_at_all_is_refused_before_anything_is_written(
    case: str, dataset: Path, tmp_path: Path
) -> None:
    prepare, expected = UNUSABLE[case]
    prepare(dataset)
    done = _run_trial(dataset, tmp_path / "workspace")

    assert 2 == done.returncode
    assert [] == [word for word in expected if word not in done.stderr]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "workspace").exists()


FAULTY: dict[str, tuple[Prepare, str, str, int | None]] = {
    "time without offset": (
        _replace("refuellings.csv", "2026-03-02T09:02:53+08:00", "2026-03-02T09:02:53"),
        "refuellings.csv",
        "offset",
        1,
    ),
    "negative mass": (_replace("consignments.csv", ",10400,", ",-10400,"), "consignments.csv", "-10400", 1),
}


@pytest.mark.parametrize("case", FAULTY)
def test_a_faulty_value_is_a_blocking_finding_at_its_row(case: str, dataset: Path, tmp_path: Path) -> None:
    prepare, file, word, row = FAULTY[case]
    prepare(dataset)
    done = _run_trial(dataset, tmp_path / "workspace")
    report = decode_report((tmp_path / "workspace" / "report" / "report.json").read_bytes())
    found = [each for each in report.findings if each.severity == "blocking" and (each.file, each.row) == (file, row)]

    assert 0 == done.returncode, done.stderr
    assert found
    assert word in " ".join(each.message for each in found)
    assert all(each.next_step for each in found)


def _cut(dataset: Path) -> None:
    file = dataset / TELEMETRY
    file.write_bytes(file.read_bytes()[:60_000])


@pytest.mark.parametrize("prepare", [_cut, lambda dataset: (dataset / TELEMETRY).write_bytes(bytes(60_000))])
def test_a_damaged_telemetry_file_is_kept_whole_and_named(prepare: Prepare, dataset: Path, tmp_path: Path) -> None:
    prepare(dataset)
    done = _run_trial(dataset, tmp_path / "workspace")
    report = decode_report((tmp_path / "workspace" / "report" / "report.json").read_bytes())

    assert 0 == done.returncode, done.stderr
    assert [TELEMETRY] == sorted({each.file for each in report.findings if each.check.startswith("telemetry.")})
    workspace = Workspace.open(tmp_path / "workspace")
    receipt = next(each for each in workspace.list_receipts() if each.manifest.path == TELEMETRY)
    with workspace.open_received(receipt) as kept:
        assert (dataset / TELEMETRY).read_bytes() == kept.read()


def test_a_workspace_of_a_newer_version_is_left_alone(dataset: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    _run_trial(dataset, workspace)
    header = workspace / "workspace.json"
    header.write_text(header.read_text().replace('"format": 1', '"format": 99').replace('"format":1', '"format":99'))
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    done = _run_trial(dataset, workspace)

    assert 2 == done.returncode
    assert "99" in done.stderr
    assert before == {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}


def test_a_place_that_cannot_hold_a_workspace_is_named(dataset: Path, tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    done = _run_trial(dataset, occupied / "workspace")

    assert done.returncode in (1, 2)
    assert str(occupied) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_loses_nothing_that_was_received(
    dataset: Path, tmp_path: Path, first_report: Callable[[Path, Path], Report]
) -> None:
    workspace = tmp_path / "workspace"
    first_report(dataset, workspace)
    before = {path: path.read_bytes() for path in (workspace / "received").rglob("*") if path.is_file()}
    more = b"".join(f"2026-03-03T07:12:00.688+08:00,{os.urandom(300).hex()}\n".encode() for _ in range(40_000))
    file = dataset / TELEMETRY.replace("03-02", "03-03")
    file.write_bytes(gzip.compress(b"received_at,frame\n" + more))
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000)); "
    ignore = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    command = [sys.executable, "-c", limit + ignore + "from h2corridor.cli import main; main()"]
    arguments = ["trial", "run", str(dataset), "--workspace", str(workspace)]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)

    assert 1 == done.returncode
    assert "Traceback" not in done.stderr
    assert "storage." in done.stderr or "engine." in done.stderr
    after = {path: path.read_bytes() for path in (workspace / "received").rglob("*") if path.is_file()}
    assert before.items() <= after.items()
    assert [] == [path for path in workspace.rglob("*.part") if path.is_file()]
    assert 0 == _run_trial(dataset, workspace).returncode


@pytest.fixture
def first_report() -> Callable[[Path, Path], Report]:
    def run(dataset: Path, workspace: Path) -> Report:
        done = _run_trial(dataset, workspace)

        assert 0 == done.returncode, done.stderr
        return decode_report((workspace / "report" / "report.json").read_bytes())

    return run


def test_nothing_is_computed_from_kept_bytes_that_were_altered(
    dataset: Path, tmp_path: Path, first_report: Callable[[Path, Path], Report]
) -> None:
    workspace = tmp_path / "workspace"
    first_report(dataset, workspace)
    receipts = Workspace.open(workspace).list_receipts()
    batches = next(each.manifest for each in receipts if each.manifest.path == "hydrogen_batches.csv")
    kept = workspace / "received" / batches.sha256[:2] / batches.sha256
    kept.write_bytes(kept.read_bytes().replace(b"2.186", b"9.186"))
    done = _run_trial(dataset, workspace)

    assert 1 == done.returncode
    assert str(kept) in done.stderr
    assert "evidence.content" in done.stderr


def test_a_folder_with_other_things_in_it_is_left_as_it_is(dataset: Path) -> None:
    before = sorted(path for path in dataset.rglob("*"))
    done = _run_trial(dataset, dataset)

    assert 2 == done.returncode
    assert "workspace.foreign" in done.stderr
    assert before == sorted(path for path in dataset.rglob("*"))


def test_a_key_that_is_none_is_refused_in_one_line(dataset: Path, tmp_path: Path) -> None:
    _run_trial(dataset, tmp_path / "workspace")
    done = _run("log", "fsck", "--workspace", str(tmp_path / "workspace"), "--vkey", "nonsense")

    assert 2 == done.returncode
    assert "cli.vkey" in done.stderr
    assert "Traceback" not in done.stderr
