"""A watched folder: what has come to rest is taken in once, what is still written is not."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from h2corridor.app.watching import FAULTS_MAX, RETRY_LOOKS, FolderWatch
from h2corridor.intake.watched_folder import FileState
from h2corridor.model.errors import InputError, StorageError
from h2corridor.store.files import Inbox


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The watched folder and the inbox."""
    (tmp_path / "watched").mkdir()
    return tmp_path / "watched", tmp_path / "inbox"


def test_a_file_is_taken_in_when_two_looks_see_the_same_and_stays(folders: tuple[Path, Path]) -> None:
    watched, inbox = folders
    watch = FolderWatch(watched, Inbox(inbox))
    (watched / "legs.csv").write_bytes(b"half")
    watch.look()
    (watched / "legs.csv").write_bytes(b"half and half")
    watch.look()
    before = list(inbox.iterdir())
    watch.look()

    assert [] == before
    assert b"half and half" == (inbox / "legs.csv").read_bytes() == (watched / "legs.csv").read_bytes()


def test_a_file_that_changes_later_supersedes(folders: tuple[Path, Path]) -> None:
    watched, inbox = folders
    watch = FolderWatch(watched, Inbox(inbox))
    for data in (b"one", b"another"):
        (watched / "legs.csv").write_bytes(data)
        watch.look()
        watch.look()
        watch.look()

    assert b"another" == (inbox / "legs.csv").read_bytes()
    assert [b"one"] == [path.read_bytes() for path in inbox.glob(".superseded/*/legs.csv")]


def test_a_file_that_changes_while_it_is_read_is_left_for_later(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched, inbox = folders
    watch = FolderWatch(watched, Inbox(inbox))
    (watched / "legs.csv").write_bytes(b"one")
    watch.look()
    real = watch._chunks

    def growing(path: str, at_rest: FileState) -> Iterator[bytes]:
        (watched / path).write_bytes(b"one and more")
        return real(path, at_rest)

    with monkeypatch.context() as patch:
        patch.setattr(watch, "_chunks", growing)
        watch.look()
    nothing = list(inbox.iterdir())
    watch.look()
    watch.look()

    assert [] == nothing
    assert b"one and more" == (inbox / "legs.csv").read_bytes()


def test_a_file_that_cannot_be_taken_in_is_named_and_the_others_are(folders: tuple[Path, Path]) -> None:
    watched, inbox = folders
    watch = FolderWatch(watched, Inbox(inbox))
    (watched / "legs.csv").write_bytes(b"one")
    (watched / "sites.csv").write_bytes(b"two")
    (inbox / "legs.csv").mkdir()
    watch.look()
    watch.look()

    assert ["legs.csv"] == list(watch.faults)
    assert b"two" == (inbox / "sites.csv").read_bytes()


def test_what_the_disk_refused_is_tried_again_though_the_file_is_the_same(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched, inbox = folders
    taker = Inbox(inbox)
    watch = FolderWatch(watched, taker)
    (watched / "legs.csv").write_bytes(b"one")

    def full(*_: object) -> None:
        raise StorageError("storage.full", "the disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(taker, "put", full)
        watch.look()
        watch.look()
    refused = dict(watch.faults)
    for _ in range(RETRY_LOOKS):
        watch.look()

    assert {"legs.csv": "storage.full: the disk is full."} == refused
    assert ({}, b"one") == (watch.faults, (inbox / "legs.csv").read_bytes())


def test_bytes_that_were_superseded_are_reported_until_somebody_makes_them_count(folders: tuple[Path, Path]) -> None:
    watched, inbox = folders
    taker = Inbox(inbox)
    watch = FolderWatch(watched, taker)
    for data in (b"one", b"other", b"one"):
        (watched / "legs.csv").write_bytes(data)
        watch.look()
        watch.look()
        watch.look()
    reported, counting = dict(watch.faults), (inbox / "legs.csv").read_bytes()
    other = hashlib.sha256(b"other").hexdigest()
    taker.put("legs.csv", [b"one"], replaces=other)
    for _ in range(RETRY_LOOKS):
        watch.look()

    assert b"other" == counting
    assert ["legs.csv"] == list(reported)
    assert reported["legs.csv"].endswith(f'If-Match: "{other}".')
    assert ({}, b"one") == (watch.faults, (inbox / "legs.csv").read_bytes())


@pytest.mark.parametrize("path", ["legs.csv", "signatures/a.note"])
def test_no_link_leads_out_of_the_folder(folders: tuple[Path, Path], tmp_path: Path, path: str) -> None:
    watched, inbox = folders
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / Path(path).name).write_bytes(b"secret")
    link = watched / path.split("/", maxsplit=1)[0]
    link.symlink_to(tmp_path / "outside" / ("" if "/" in path else path))
    watch = FolderWatch(watched, Inbox(inbox))
    watch.look()
    watch.look()

    assert [f"watch.link: {link.name}: expected"] == [fault[: len(link.name) + 22] for fault in watch.faults.values()]
    assert [] == list(inbox.iterdir())


@pytest.mark.parametrize("path", ["legs.csv", "signatures/a.note"])
def test_a_link_that_takes_the_place_of_what_was_seen_is_not_followed(
    folders: tuple[Path, Path], tmp_path: Path, path: str
) -> None:
    """The same size and time as the file that was seen: nothing but the link itself tells."""
    watched, inbox = folders
    (watched / path).parent.mkdir(exist_ok=True)
    (watched / path).write_bytes(b"public")
    watch = FolderWatch(watched, Inbox(inbox))
    watch.look()
    state = watch._seen[path]
    top = watched / path.split("/", maxsplit=1)[0]
    top.rename(tmp_path / "outside")
    secret = tmp_path / "outside" / ("a.note" if "/" in path else "")
    secret.write_bytes(b"secret")
    os.utime(secret, ns=(state.changed_at_ns, state.changed_at_ns))
    top.symlink_to(tmp_path / "outside")
    watch._take(path, state)

    assert not list(inbox.rglob("*.csv")) and not list(inbox.rglob("*.note"))


@pytest.mark.parametrize("name", [b"a\\b.csv", b"a\nb.csv", b"\xff.csv", b"pipe"])
def test_one_odd_thing_is_named_and_the_others_are_taken_in(folders: tuple[Path, Path], name: bytes) -> None:
    watched, inbox = folders
    watch = FolderWatch(watched, Inbox(inbox))
    odd = watched / os.fsdecode(name)
    if name == b"pipe":
        os.mkfifo(odd)
    else:
        odd.write_bytes(b"x")
    (watched / "sites.csv").write_bytes(b"two")
    watch.look()
    watch.look()
    named = list(watch.faults.values())
    odd.unlink()
    watch.look()

    assert 1 == len(named) and named[0].isprintable()
    assert b"two" == (inbox / "sites.csv").read_bytes()
    assert {} == watch.faults


def test_of_very_many_faults_the_first_are_named_and_the_rest_counted(folders: tuple[Path, Path]) -> None:
    watched, inbox = folders
    for number in range(FAULTS_MAX + 7):
        (watched / f"{number}.csv").symlink_to("nowhere")
    watch = FolderWatch(watched, Inbox(inbox))
    watch.look()

    assert (FAULTS_MAX + 1, "and 7 more") == (len(watch.faults), watch.faults["..."])


def test_an_absent_folder_to_watch_is_not_asked_for_a_data_set(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"dataset\.absent: .*nowhere: expected a folder to be watched") as caught:
        FolderWatch(tmp_path / "nowhere", Inbox(tmp_path / "inbox"))

    assert "trial.toml" not in caught.value.message
