import dataclasses
import errno
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from h2verify import note, tiles
from h2verify.merkle import leaf_hash, verify_inclusion

from h2corridor.evidence import derive_file_salt
from h2corridor.model.errors import EvidenceError, InputError, StorageError, WorkspaceError
from h2corridor.store.files import Workspace, load_or_create_keys, load_or_create_salt_seed, load_salt_seed
from h2corridor.store.files.durable import PartFile, write_file

NOW_MS = 1_772_409_600_000
SOFTWARE = "h2corridor 0.1.0"
SEED = bytes(range(32))


def file_salt(path: str, sha256: str) -> bytes:
    return derive_file_salt(SEED, path, sha256)


def zeros(count: int) -> bytes:
    return bytes(count)


def open_workspace(path: Path, now_ms: int = NOW_MS) -> Workspace:
    return Workspace.create_or_open(path, now_ms=now_ms, software=SOFTWARE)


def fill(folder: Path, files: dict[str, bytes], source: Path, now_ms: int = NOW_MS) -> note.Checkpoint:
    """Receive files and log them, as a trial run does."""
    with open_workspace(folder, now_ms) as workspace:
        signer = load_or_create_keys(workspace.keys_path, randomness=zeros)
        receipts = []
        for path, data in files.items():
            (source / "file").write_bytes(data)
            receipts.append(workspace.receive(path, source / "file", now_ms=now_ms, file_salt=file_salt))
        return workspace.append_to_log(receipts, signer)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_what_was_received_is_kept_byte_for_byte_and_logged(tmp_path: Path) -> None:
    data = b'a,b\n1,"x\ny"\n\xff'
    checkpoint = fill(tmp_path / "w", {"t/a.csv": data, "b.toml": b""}, tmp_path)
    workspace = Workspace.open(tmp_path / "w")
    first, second = workspace.list_receipts()
    signer = load_or_create_keys(workspace.keys_path, randomness=zeros)
    verified = note.verify_checkpoint(
        (tmp_path / "w/log/checkpoint").read_bytes(), note.parse_verifier_key(signer.vkey)
    )

    assert checkpoint == verified == workspace.find_checkpoint()
    assert ("t/a.csv", 0, "b.toml", 1) == (
        first.manifest.path,
        first.leaf_index,
        second.manifest.path,
        second.leaf_index,
    )
    assert [b"a,b\n", b'1,"x\ny"\n', b"\xff"] == list(workspace.read_records(first))
    with workspace.open_received(first) as file:
        assert data == file.read()
    assert [] == workspace.fsck(signer.vkey) == workspace.fsck()


def test_the_tiles_give_the_root_of_the_checkpoint_by_the_stranger_s_package_alone(tmp_path: Path) -> None:
    fill(tmp_path / "w", {f"f{at}.csv": b"%d\n" % at for at in range(5)}, tmp_path)
    log = tmp_path / "w" / "log"
    checkpoint = note.parse_checkpoint(note.parse_note((log / "checkpoint").read_bytes()).text)
    tiles.verify_tiles(lambda path: (log / path).read_bytes(), checkpoint.size, checkpoint.root)
    workspace = Workspace.open(tmp_path / "w")
    receipt = workspace.list_receipts()[3]
    leaf = leaf_hash(receipt.manifest.leaf_entry())
    verify_inclusion(3, checkpoint.size, leaf, workspace.prove_in_log(receipt), checkpoint.root)

    assert 5 == checkpoint.size


def test_a_second_run_adds_nothing_and_changes_no_byte(tmp_path: Path) -> None:
    files = {"a.csv": b"a\n", "b.csv": b"b\n"}
    fill(tmp_path / "w", files, tmp_path)
    before = snapshot(tmp_path / "w")
    fill(tmp_path / "w", files, tmp_path, NOW_MS + 5)

    assert before == snapshot(tmp_path / "w")


def test_two_fresh_workspaces_with_the_same_secrets_and_time_are_the_same(tmp_path: Path) -> None:
    files = {f"f{at}.csv": b"%d\n" % at for at in range(4)}
    fill(tmp_path / "one", files, tmp_path)
    fill(tmp_path / "two", files, tmp_path)

    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")


def test_the_same_content_at_two_paths_is_kept_once_with_two_receipts(tmp_path: Path) -> None:
    checkpoint = fill(tmp_path / "w", {"a.csv": b"same\n", "b.csv": b"same\n"}, tmp_path)
    kept = [path for path in (tmp_path / "w" / "received").glob("??/*") if path.suffix != ".json"]

    assert (2, 1) == (checkpoint.size, len(kept))


def test_a_changed_file_is_a_new_receipt_and_the_old_one_stays(tmp_path: Path) -> None:
    fill(tmp_path / "w", {"a.csv": b"old\n"}, tmp_path)
    before = snapshot(tmp_path / "w" / "received")
    checkpoint = fill(tmp_path / "w", {"a.csv": b"new\n"}, tmp_path, NOW_MS + 1000)
    after = snapshot(tmp_path / "w" / "received")
    times = [receipt.manifest.received_at_ms for receipt in Workspace.open(tmp_path / "w").list_receipts()]

    assert 2 == checkpoint.size
    assert before == {path: after[path] for path in before}
    assert [NOW_MS, NOW_MS + 1000] == times
    assert [] == Workspace.open(tmp_path / "w").fsck()


def test_a_log_has_grown_from_each_of_its_earlier_checkpoints_and_from_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    files = {f"f{at}.csv": b"%d\n" % at for at in range(7)}
    earlier = [fill(folder, dict(list(files.items())[:count]), tmp_path) for count in range(1, 8)]
    workspace = Workspace.open(folder)
    wrong = [
        dataclasses.replace(earlier[2], root=earlier[3].root),
        dataclasses.replace(earlier[2], size=0),
        dataclasses.replace(earlier[6], size=8),
        dataclasses.replace(earlier[2], origin="other.example/log"),
    ]

    assert [True] * 7 == [workspace.has_grown_from(each) for each in earlier]
    assert [False] * 4 == [workspace.has_grown_from(each) for each in wrong]


def test_partial_tiles_are_dropped_once_their_tile_is_full(tmp_path: Path) -> None:
    files = {f"f{at:03d}.csv": b"%d\n" % at for at in range(258)}
    fill(tmp_path / "w", dict(list(files.items())[:200]), tmp_path)
    fill(tmp_path / "w", files, tmp_path)
    log = {path.removeprefix("log/") for path in snapshot(tmp_path / "w") if path.startswith("log/")}
    expected = {"checkpoint", *(tile.path for tile in tiles.list_tiles(258))}

    assert expected == log
    assert [] == Workspace.open(tmp_path / "w").fsck()


def test_keys_are_private_and_made_once(tmp_path: Path) -> None:
    asked: list[int] = []

    def randomness(count: int) -> bytes:
        asked.append(count)
        return bytes([7]) * count

    keys = tmp_path / "keys"
    signer = load_or_create_keys(keys, randomness=randomness, origin="example.org/corridor")
    seed = load_or_create_salt_seed(keys, randomness=randomness)

    assert "example.org/corridor" == signer.key.name
    assert signer.vkey == load_or_create_keys(keys, randomness=randomness).vkey
    assert seed == load_or_create_salt_seed(keys, randomness=randomness) == bytes([7]) * 32
    assert [32, 32] == asked
    assert 0o700 == stat.S_IMODE(keys.stat().st_mode)
    assert {0o600} == {stat.S_IMODE((keys / name).stat().st_mode) for name in ("log.key", "salt.seed")}


def test_keys_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    load_or_create_keys(tmp_path, randomness=zeros)
    with pytest.raises(InputError) as other_origin:
        load_or_create_keys(tmp_path, randomness=zeros, origin="example.org/other")
    (tmp_path / "log.vkey").write_text("another\n")
    with pytest.raises(InputError) as other_half:
        load_or_create_keys(tmp_path, randomness=zeros)
    (tmp_path / "short").write_bytes(b"short")
    with pytest.raises(InputError) as short_seed:
        load_salt_seed(tmp_path / "short")
    with pytest.raises(InputError) as no_seed:
        load_salt_seed(tmp_path / "absent")
    codes = [error.value.code for error in (other_origin, other_half, short_seed, no_seed)]

    assert ["keys.mismatch", "keys.mismatch", "keys.salt-seed", "keys.unreadable"] == codes


def test_a_log_begun_with_another_key_is_not_continued(tmp_path: Path) -> None:
    fill(tmp_path / "w", {"a.csv": b"a\n"}, tmp_path)
    before = snapshot(tmp_path / "w")
    other = load_or_create_keys(tmp_path / "other", randomness=lambda count: b"\x01" * count)
    with open_workspace(tmp_path / "w") as workspace, pytest.raises(EvidenceError) as refused:
        workspace.append_to_log(workspace.list_receipts(), other)

    assert "evidence.checkpoint" == refused.value.code
    assert "--keys" in refused.value.next_step
    assert before == snapshot(tmp_path / "w")


def test_nothing_is_signed_on_top_of_a_damaged_log(tmp_path: Path) -> None:
    fill(tmp_path / "w", {"a.csv": b"a\n"}, tmp_path)
    tile = tmp_path / "w" / "log" / "tile" / "0" / "000.p" / "1"
    tile.write_bytes(bytes(32))
    with pytest.raises(EvidenceError) as refused:
        fill(tmp_path / "w", {"b.csv": b"b\n"}, tmp_path)

    assert "log fsck" in refused.value.next_step


def test_a_newer_workspace_is_refused_with_both_versions(tmp_path: Path) -> None:
    open_workspace(tmp_path / "w").close()
    header = json.loads((tmp_path / "w" / "workspace.json").read_text())

    assert {"format": 1, "software": SOFTWARE, "created_at": "2026-03-02T00:00:00.000+00:00"} == header
    (tmp_path / "w" / "workspace.json").write_text(json.dumps({"format": 7, "anything": []}))
    for open_it in (open_workspace, Workspace.open):
        with pytest.raises(WorkspaceError) as refused:
            open_it(tmp_path / "w")

        assert "workspace.newer" == refused.value.code
        assert "format 7" in refused.value.message
        assert "up to 1" in refused.value.message


@pytest.mark.parametrize(
    "header", [b"", b"\0" * 90, b"[]", b'{"format":0,"software":"","created_at":""}', b'{"format":1}']
)
def test_a_damaged_header_is_named(tmp_path: Path, header: bytes) -> None:
    open_workspace(tmp_path).close()
    (tmp_path / "workspace.json").write_bytes(header)
    with pytest.raises(WorkspaceError) as refused:
        open_workspace(tmp_path)

    assert "workspace.damaged" == refused.value.code
    assert "workspace.json" in refused.value.message


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"x")
    with pytest.raises(WorkspaceError) as refused:
        open_workspace(tmp_path)

    assert "workspace.foreign" == refused.value.code


def test_a_place_that_cannot_be_a_workspace_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(WorkspaceError) as refused:
            open_workspace(path)

        assert "workspace.unusable" == refused.value.code
    with pytest.raises(WorkspaceError) as absent:
        Workspace.open(tmp_path / "nowhere")

    assert "workspace.absent" == absent.value.code


def test_there_is_one_writer_and_readers_do_not_write(tmp_path: Path) -> None:
    with open_workspace(tmp_path / "w"):
        with pytest.raises(WorkspaceError) as second:
            open_workspace(tmp_path / "w")
        with pytest.raises(WorkspaceError) as fsck:
            Workspace.open(tmp_path / "w").fsck()
    open_workspace(tmp_path / "w").close()
    with pytest.raises(WorkspaceError) as reader:
        Workspace.open(tmp_path / "w").append_to_log([], load_or_create_keys(tmp_path / "k", randomness=zeros))

    assert ["workspace.busy", "workspace.busy", "workspace.reader"] == [e.value.code for e in (second, fsck, reader)]


@pytest.mark.parametrize("path", ["", "/etc/passwd", "a/../b", "a//b", "./a", "a\nb", "a\udcff", "x" * 2000])
def test_a_path_that_could_be_misread_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "source").write_bytes(b"x")
    with open_workspace(tmp_path / "w") as workspace, pytest.raises(InputError) as refused:
        workspace.receive(path, tmp_path / "source", now_ms=NOW_MS, file_salt=file_salt)

    assert "input.path" == refused.value.code


def test_a_source_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    with open_workspace(tmp_path / "w") as workspace:
        before = snapshot(tmp_path / "w")
        for source in (tmp_path / "absent", tmp_path):
            with pytest.raises(InputError) as refused:
                workspace.receive("a.csv", source, now_ms=NOW_MS, file_salt=file_salt)

            assert "input.unreadable" == refused.value.code

        assert before == snapshot(tmp_path / "w")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "storage.full"),
        (errno.EACCES, "storage.denied"),
        (errno.EROFS, "storage.read-only"),
        (errno.EIO, "storage.failed"),
    ],
)
@pytest.mark.parametrize("call", ["write", "fsync", "replace", "open"])
def test_a_refusal_of_the_system_at_any_call_leaves_the_old_state_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, code: str
) -> None:
    fill(tmp_path / "w", {"a.csv": b"a\n"}, tmp_path)
    before = snapshot(tmp_path / "w" / "log")
    real: Callable[..., object] = getattr(os, call)
    (tmp_path / "file").write_bytes(b"b\n")
    for nth in range(1, 40):
        calls = iter(range(1, 1000))

        def refuse(*arguments: object, nth: int = nth, calls: object = calls, **named: object) -> object:
            if next(calls) == nth:  # type: ignore[call-overload]
                raise OSError(number, os.strerror(number))
            return real(*arguments, **named)

        with open_workspace(tmp_path / "w") as workspace:
            signer = load_or_create_keys(workspace.keys_path, randomness=zeros)
            monkeypatch.setattr(os, call, refuse)
            try:
                receipt = workspace.receive("b.csv", tmp_path / "file", now_ms=NOW_MS, file_salt=file_salt)
                workspace.append_to_log([receipt], signer)
                finished = True
            except StorageError as error:
                finished = False

                assert code == error.code
                assert error.next_step
            finally:
                monkeypatch.undo()
        if finished:
            break

        assert not list((tmp_path / "w").rglob("*.part"))
        now = snapshot(tmp_path / "w" / "log")
        assert before["checkpoint"] == now["checkpoint"] or [] == Workspace.open(tmp_path / "w").fsck()
        assert all(before[path] == now[path] for path in before if path != "checkpoint")
    fill(tmp_path / "w", {"a.csv": b"a\n", "b.csv": b"b\n"}, tmp_path)
    fill(tmp_path / "twin", {"a.csv": b"a\n"}, tmp_path)
    fill(tmp_path / "twin", {"a.csv": b"a\n", "b.csv": b"b\n"}, tmp_path)

    assert finished
    assert nth > 2
    assert snapshot(tmp_path / "twin") == snapshot(tmp_path / "w")
    assert [] == Workspace.open(tmp_path / "w").fsck()


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    write_file(tmp_path / "f", b"old")
    with pytest.raises(ValueError, match="interrupted"), PartFile(tmp_path, "f") as part:
        part.write(b"ne")
        raise ValueError("interrupted")

    assert {"f": b"old"} == snapshot(tmp_path)
    write_file(tmp_path / "f", b"new")

    assert {"f": b"new"} == snapshot(tmp_path)
