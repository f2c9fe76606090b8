"""A watched folder: what has come to rest is taken in once, what is still written is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from h2corridor.app.watching import FolderWatch
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

    def growing(path: str, at_rest: tuple[int, int]) -> Iterator[bytes]:
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
