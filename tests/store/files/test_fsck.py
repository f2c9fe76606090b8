import shutil
from pathlib import Path

import pytest

from h2corridor.evidence import derive_file_salt
from h2corridor.store.files import Workspace, load_or_create_keys

SEED = bytes(range(32))
NOW_MS = 1_772_409_600_000


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of three files: small, so that every byte of its log can be tried."""
    folder = tmp_path_factory.mktemp("fsck")
    _fill(
        folder / "w",
        {"parties.csv": b"party_id\nP1\nP2\n", "telemetry/a.csv": b"at,frame\n1,2323\n", "z.toml": b"x=1\n"},
    )
    return folder / "w"


def _fill(folder: Path, files: dict[str, bytes]) -> None:
    source = folder.parent / "source"
    with Workspace.create_or_open(folder, now_ms=NOW_MS, software="h2corridor 0.1.0") as workspace:
        receipts = []
        for path, data in files.items():
            source.write_bytes(data)
            receipts.append(workspace.receive(path, source, now_ms=NOW_MS, file_salt=_salt))
        signer = load_or_create_keys(workspace.keys_path, randomness=bytes)
        workspace.append_to_log(receipts, signer)


def _salt(path: str, sha256: str) -> bytes:
    return derive_file_salt(SEED, path, sha256)


def _faulty(folder: Path) -> set[str]:
    return {fault.path for fault in Workspace.open(folder).fsck()}


def _files(folder: Path) -> list[Path]:
    files = [path for name in ("log", "received") for path in sorted((folder / name).rglob("*")) if path.is_file()]
    assert len(files) > 6
    return files


def _copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "w"))


def test_a_sound_workspace_has_no_fault(sound: Path) -> None:
    assert set() == _faulty(sound)


def test_every_flipped_byte_under_received_and_log_is_found_and_its_file_named(sound: Path) -> None:
    tried = 0
    for path in _files(sound):
        data = path.read_bytes()
        for at in range(0, len(data), 1 if "log" in path.parts else 3):
            tried += 1
            path.write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :])

            assert path.relative_to(sound).as_posix() in _faulty(sound), (path, at)
        path.write_bytes(data)

    assert tried > 600
    assert set() == _faulty(sound)


def test_a_damaged_file_is_named_and_its_neighbours_are_not(sound: Path, tmp_path: Path) -> None:
    folder = _copy(sound, tmp_path)
    for path in _files(folder):
        if path.suffix == ".json":
            continue
        data = path.read_bytes()
        path.write_bytes(bytes([data[0] ^ 1]) + data[1:])

        assert {path.relative_to(folder).as_posix()} == _faulty(folder)
        path.write_bytes(data)


def test_a_missing_file_is_named(sound: Path, tmp_path: Path) -> None:
    folder = _copy(sound, tmp_path)
    for path in _files(folder):
        data = path.read_bytes()
        path.unlink()
        faults = " ".join(f"{fault.path} {fault.fault}" for fault in Workspace.open(folder).fsck())

        assert path.name.partition(".")[0] in faults
        path.write_bytes(data)


def test_a_cut_or_emptied_file_is_named(sound: Path, tmp_path: Path) -> None:
    folder = _copy(sound, tmp_path)
    for path in _files(folder):
        data = path.read_bytes()
        for damaged in (data[:-1], b"", data + b"\0"):
            path.write_bytes(damaged)

            assert path.relative_to(folder).as_posix() in _faulty(folder)
        path.write_bytes(data)


def test_what_does_not_belong_there_is_named(sound: Path, tmp_path: Path) -> None:
    folder = _copy(sound, tmp_path)
    strays = [
        "received/notes.txt",
        "received/.incoming.part",
        "log/tile/0/000.p/99",
        "log/tile/0/abc",
        "log/.checkpoint.part",
    ]
    for stray in strays:
        (folder / stray).write_bytes(bytes(32))

        assert {stray} == _faulty(folder)
        (folder / stray).unlink()


def test_bytes_without_a_manifest_and_a_manifest_without_its_leaf_are_named(sound: Path, tmp_path: Path) -> None:
    folder = _copy(sound, tmp_path)
    (tmp_path / "more").write_bytes(b"more\n")
    with Workspace.create_or_open(folder, now_ms=NOW_MS, software="h2corridor 0.1.0") as workspace:
        workspace.receive("more.csv", tmp_path / "more", now_ms=NOW_MS, file_salt=_salt)
    (fault,) = Workspace.open(folder).fsck()

    assert "fsck.not-logged" == fault.code
    (folder / fault.path).unlink()
    (fault,) = Workspace.open(folder).fsck()

    assert "fsck.unrecorded" == fault.code


def test_a_leaf_whose_receipt_was_removed_is_named(sound: Path, tmp_path: Path) -> None:
    folder = _copy(sound, tmp_path)
    receipt = Workspace.open(folder).list_receipts()[1]
    for path in (folder / "received").glob(f"??/{receipt.manifest.sha256}*"):
        path.unlink()
    (fault,) = Workspace.open(folder).fsck()

    assert "fsck.no-receipt" == fault.code
    assert "entry 1" in fault.fault


def test_a_workspace_signed_by_someone_else_is_found_with_the_right_key(sound: Path, tmp_path: Path) -> None:
    mine = load_or_create_keys(tmp_path, randomness=lambda count: b"\x02" * count)
    faults = Workspace.open(sound).fsck(mine.vkey)

    assert ["log/checkpoint"] == [fault.path for fault in faults]


def test_damage_in_a_log_of_several_levels_is_named_to_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    _fill(folder, {f"f{at:03d}.csv": b"%d\n" % at for at in range(300)})
    paths = [path for path in _files(folder) if "log" in path.parts and path.name != "checkpoint"]

    assert 5 == len(paths)
    for path in paths:
        data = path.read_bytes()
        path.write_bytes(data[:40] + bytes([data[40] ^ 4]) + data[41:]) if len(data) > 40 else path.write_bytes(
            bytes(32)
        )

        assert {path.relative_to(folder).as_posix()} == _faulty(folder)
        path.write_bytes(data)
    both = [folder / "log/tile/entries/000", folder / "log/tile/0/001.p/44"]
    for path in both:
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))

    assert {path.relative_to(folder).as_posix() for path in both} == _faulty(folder)


def test_without_a_sound_checkpoint_the_files_are_still_compared(sound: Path, tmp_path: Path) -> None:
    folder = _copy(sound, tmp_path)
    (folder / "log" / "checkpoint").write_bytes(b"lost")
    (folder / "log/tile/0/000.p/3").write_bytes(bytes(96))

    assert {"log/checkpoint", "log/tile/0/000.p/3", "log/tile/entries/000.p/3"} == _faulty(folder)


def test_a_damaged_policy_is_named(sound: Path, tmp_path: Path) -> None:
    folder = _copy(sound, tmp_path)
    policy = (folder / "policy.txt").read_text()

    assert policy.startswith("log h2corridor.example/")
    assert policy.endswith("\nquorum none\n")
    (folder / "policy.txt").write_text(policy.replace("quorum none", "quorum nine"))

    assert {"policy.txt"} == _faulty(folder)


def test_a_fresh_workspace_has_no_fault(tmp_path: Path) -> None:
    Workspace.create_or_open(tmp_path, now_ms=NOW_MS, software="h2corridor 0.1.0").close()

    assert set() == _faulty(tmp_path)
