"""Whatever of a kept statement is changed, lost or added, fsck names it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from made_runs import NOW_MS

from h2corridor.app.bootstrap import make_release_signer
from h2corridor.app.export import list_statements
from h2corridor.app.release import record_release
from h2corridor.model.report import Report
from h2corridor.store.files import Workspace


@pytest.fixture(scope="module")
def sound(first_run: tuple[Report, Path], keys_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with statements and a decision to release raw data; every received file but small ones is checked
    elsewhere."""
    workspace = Path(shutil.copytree(first_run[1], tmp_path_factory.mktemp("fsck") / "w"))
    record_release(
        workspace,
        list_statements(workspace)[0].statement_id,
        decided_by="a",
        recipient="b",
        purpose="c",
        basis="d",
        now_ms=NOW_MS,
        log=make_release_signer(workspace, keys_folder),
    )
    return workspace


def _faulty(workspace: Path) -> set[str]:
    return {fault.path for fault in Workspace.open(workspace).fsck()}


def _kept(workspace: Path) -> list[Path]:
    found = [path for path in sorted((workspace / "statements").rglob("*")) if path.is_file()]

    assert len(found) > 40
    return found


def _named(workspace: Path, path: Path) -> str:
    """What fsck calls a file: of an edition it knows the digest of the whole folder only."""
    name = path.relative_to(workspace)
    return "/".join(name.parts[:3]) if name.parts[1] == "editions" else name.as_posix()


def test_a_sound_workspace_has_no_fault(sound: Path) -> None:
    assert set() == _faulty(sound)


def test_a_changed_byte_in_any_kept_file_is_found_and_the_file_is_named(sound: Path) -> None:
    for path in _kept(sound):
        data = path.read_bytes()
        for at in (0, len(data) // 3, len(data) // 2, len(data) - 1):
            path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])

            assert _named(sound, path) in _faulty(sound), (path, at)
        path.write_bytes(data)

    assert set() == _faulty(sound)


def test_a_lost_file_is_found(sound: Path) -> None:
    for path in _kept(sound):
        data = path.read_bytes()
        path.unlink()

        assert _faulty(sound), path
        path.write_bytes(data)


def test_an_entry_of_the_log_whose_statement_is_gone_is_named(sound: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(sound, tmp_path / "w"))
    shutil.rmtree(workspace / "statements" / list_statements(workspace)[1].statement_id)
    (fault,) = Workspace.open(workspace).fsck()

    assert "fsck.no-receipt" == fault.code
    assert "under received/, statements/ or trial/" in fault.fault


@pytest.mark.parametrize(
    ("stray", "code"),
    [
        ("statements/notes.txt", "fsck.stray"),
        ("statements/st-0", "fsck.stray"),
        ("statements/{id}/notes.txt", "fsck.stray"),
        ("statements/{id}/.statement.json.part", "fsck.half-written"),
        ("statements/{tree}/000099.json", "fsck.stray"),
        ("statements/{id}/draft.json", "fsck.unfinished"),
    ],
)
def test_what_does_not_belong_there_is_named(sound: Path, stray: str, code: str) -> None:
    names = {"id": list_statements(sound)[0].statement_id}
    names["tree"] = next((sound / "statements").glob("activity-*")).name
    path = sound / stray.format_map(names)
    path.write_bytes(b"{}")
    (fault,) = Workspace.open(sound).fsck()
    path.unlink()

    assert (path.relative_to(sound).as_posix(), code) == (fault.path, fault.code)


@pytest.mark.parametrize("policy", ["", "log x\nquorum none\n", "quorum none\n"])
def test_a_policy_without_the_keys_is_named(sound: Path, tmp_path: Path, policy: str) -> None:
    workspace = Path(shutil.copytree(sound, tmp_path / "w"))
    (workspace / "policy.txt").write_text(policy)

    assert "policy.txt" in _faulty(workspace)


def test_a_policy_that_lost_the_issuer_is_named_and_written_again_by_the_next_run(
    sound: Path, trials_dir: Path, run_into: Callable[..., Report], tmp_path: Path
) -> None:
    workspace = Path(shutil.copytree(sound, tmp_path / "w"))
    policy = workspace / "policy.txt"
    whole = policy.read_text()
    policy.write_text("".join(line for line in whole.splitlines(keepends=True) if not line.startswith("signer")))

    assert "policy.txt" in _faulty(workspace)
    run_into(trials_dir / "first-run", workspace)
    assert whole == policy.read_text()
    assert set() == _faulty(workspace)
