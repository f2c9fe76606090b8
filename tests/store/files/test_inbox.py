"""The inbox: durable, never overwritten, and no path leads out of it."""

import hashlib
import os
from pathlib import Path

import pytest

from h2corridor.intake.driver_columns import refuse_driver_columns
from h2corridor.model.errors import InputError, StorageError
from h2corridor.store.files import Inbox, durable


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_file_is_put_under_its_path_and_again_changes_nothing(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "inbox")
    first = inbox.put("telemetry/V/2026-03-02.csv.gz", [b"a", b"b"], sha256=_sha256(b"ab"))
    again = inbox.put("telemetry/V/2026-03-02.csv.gz", [b"ab"])

    assert first == again
    assert (_sha256(b"ab"), 2, True) == (first.sha256, first.size, first.counts)
    assert {"telemetry/V/2026-03-02.csv.gz": b"ab"} == _tree(tmp_path / "inbox")


def test_other_bytes_supersede_and_the_earlier_ones_are_kept(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    for data in (b"one", b"two"):
        inbox.put("legs.csv", [data])

    assert {"legs.csv": b"two", f".superseded/{_sha256(b'one')}/legs.csv": b"one"} == _tree(tmp_path)


def test_an_old_upload_that_is_repeated_undoes_nothing(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    for data in (b"one", b"two"):
        inbox.put("legs.csv", [data])
    before = _tree(tmp_path)

    assert not inbox.put("legs.csv", [b"one"]).counts
    assert before == _tree(tmp_path)


def test_earlier_bytes_count_again_when_those_they_replace_are_named(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    for data in (b"one", b"two"):
        inbox.put("legs.csv", [data])
    refused = inbox.put("legs.csv", [b"one"])
    again = [inbox.put("legs.csv", [b"one"], replaces=_sha256(b"two")).counts for _ in range(2)]
    late = inbox.put("legs.csv", [b"two"])

    assert (_sha256(b"two"), [True, True], False) == (refused.counting, again, late.counts)
    assert {
        "legs.csv": b"one",
        **{f".superseded/{_sha256(data)}/legs.csv": data for data in (b"one", b"two")},
    } == _tree(tmp_path)


@pytest.mark.parametrize("counting", [b"two", None])
def test_what_takes_the_place_of_other_bytes_than_it_names_is_refused(tmp_path: Path, counting: bytes | None) -> None:
    inbox = Inbox(tmp_path)
    if counting:
        inbox.put("legs.csv", [counting])

    with pytest.raises(InputError, match=r"inbox\.other-counts"):
        inbox.put("legs.csv", [b"one"], replaces=_sha256(b"zero"))

    assert ({"legs.csv": counting} if counting else {}) == _tree(tmp_path)


def test_a_file_whose_folder_could_not_be_made_durable_is_not_acknowledged_until_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name was given, then the disk failed: what the sender repeats must reach the disk."""
    inbox = Inbox(tmp_path)
    path = "telemetry/V/2026-03-02.csv.gz"
    real = durable.sync_folder
    synced: list[str] = []

    def failing(folder: Path) -> None:
        if folder.name == "V" and (tmp_path / path).exists():
            raise OSError(5, "no")
        real(folder)

    def counted(folder: Path) -> None:
        synced.append(folder.relative_to(tmp_path).as_posix())
        real(folder)

    for put in (lambda: inbox.put(path, [b"x"]), lambda: inbox.add_part(path, b"x")):
        with monkeypatch.context() as patch:
            patch.setattr(durable, "sync_folder", failing)
            with pytest.raises(StorageError):
                put()
        with monkeypatch.context() as patch:
            patch.setattr(durable, "sync_folder", counted)
            put()

    assert ["telemetry/V", "telemetry", "."] * 2 == synced


@pytest.mark.parametrize(
    "path",
    ["", "/legs.csv", "../legs.csv", "a/../../b", "a//b", ".superseded/x", "a/.b", "truth/trips.csv", "a\\b", "a\nb",
     "a/b/c/d/e/f/g", "x" * 600, "."],
)  # fmt: skip
def test_a_path_that_no_data_set_has_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(InputError, match=r"inbox\.path"):
        Inbox(tmp_path / "inbox").put(path, [b"x"])

    assert {} == _tree(tmp_path)


@pytest.mark.parametrize(("first", "then"), [("a/b.csv", "a"), ("a", "a/b.csv"), ("a", "a/b/c.csv")])
def test_a_folder_and_a_file_never_take_each_others_place(tmp_path: Path, first: str, then: str) -> None:
    inbox = Inbox(tmp_path)
    inbox.put(first, [b"x"])

    with pytest.raises(InputError, match=r"inbox\.path-taken"):
        inbox.put(then, [b"y"])

    assert {first: b"x"} == _tree(tmp_path)


def test_a_part_that_was_sealed_is_never_superseded(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    for _ in range(2):
        inbox.add_part("telemetry/V/2026-03-02.000000000001.csv.gz", b"x")

    with pytest.raises(InputError, match=r"inbox\.path-taken"):
        inbox.add_part("telemetry/V/2026-03-02.000000000001.csv.gz", b"y")

    assert {"telemetry/V/2026-03-02.000000000001.csv.gz": b"x"} == _tree(tmp_path)


def test_bytes_of_another_digest_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"inbox\.digest"):
        Inbox(tmp_path).put("legs.csv", [b"x"], sha256=_sha256(b"y"))

    assert {} == _tree(tmp_path)


def test_a_file_that_may_not_be_kept_leaves_nothing(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, refuse=refuse_driver_columns)

    with pytest.raises(InputError, match=r"table\.driver"):
        inbox.put("legs.csv", [b"leg_id,dri", b"ver\n"])

    assert {} == _tree(tmp_path)


@pytest.mark.parametrize("name", ["write", "fsync", "replace", "link"])
def test_whichever_call_the_disk_refuses_the_earlier_file_still_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    inbox = Inbox(tmp_path)
    inbox.put("legs.csv", [b"one"])

    def refused(*_: object, **__: object) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as patch:
        patch.setattr(os, name, refused)
        with pytest.raises(StorageError):
            inbox.put("legs.csv", [b"two"])

    assert b"one" == (tmp_path / "legs.csv").read_bytes()
    assert inbox.put("legs.csv", [b"two"]).counts
    assert {"legs.csv": b"two", f".superseded/{_sha256(b'one')}/legs.csv": b"one"} == _tree(tmp_path)
