"""Kept tables: found while they hold and what they were made from is the same, made again otherwise, swept when nobody
asks.
"""

from pathlib import Path

import pytest

from h2corridor.app.kept import KeptTables, software_digest

KEY = {"sha256": "ab", "software": "1"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    kept = KeptTables(tmp_path / "kept")
    (kept.folder / "one.parquet").write_bytes(b"a table")
    kept.keep("one", KEY, b'{"rows":[1,2]}', ["one.parquet"])
    return kept.folder


def test_what_was_made_from_the_same_is_found(folder: Path) -> None:
    assert b'{"rows":[1,2]}' == KeptTables(folder).find("one", KEY)


@pytest.mark.parametrize("other", [{"sha256": "cd"}, {"software": "2"}])
def test_what_was_made_from_something_else_is_not_found(folder: Path, other: dict[str, str]) -> None:
    assert KeptTables(folder).find("one", {**KEY, **other}) is None


@pytest.mark.parametrize("name", ["one.json", "one.parquet"])
@pytest.mark.parametrize("damage", [b"", b"a tablf", b'{"rows":[1,3]}'])
def test_what_is_damaged_is_not_found(folder: Path, name: str, damage: bytes) -> None:
    (folder / name).write_bytes(damage)

    assert KeptTables(folder).find("one", KEY) is None


def test_a_note_that_was_changed_is_not_found(folder: Path) -> None:
    note = folder / "one.json"
    note.write_bytes(note.read_bytes().replace(b"[1,2]", b"[1,3]"))

    assert KeptTables(folder).find("one", KEY) is None


def test_a_table_that_is_gone_is_not_found(folder: Path) -> None:
    (folder / "one.parquet").unlink()

    assert KeptTables(folder).find("one", KEY) is None


def test_what_nobody_asked_for_is_swept(folder: Path) -> None:
    kept = KeptTables(folder)
    kept.keep("two", KEY, b"{}")
    kept.sweep()

    assert ["two.json"] == [path.name for path in folder.iterdir()]


@pytest.mark.parametrize(("made", "differing"), [(b'{"rows":[1,2]}', []), (b'{"rows":[1]}', ["one"])])
def test_from_nothing_nothing_is_found_and_what_differs_is_named(
    folder: Path, made: bytes, differing: list[str]
) -> None:
    kept = KeptTables(folder, from_nothing=True)

    assert kept.find("one", KEY) is None

    kept.keep("one", KEY, made, ["one.parquet"])

    assert differing == kept.differing


def test_a_package_and_a_module_have_digests_of_their_own() -> None:
    found = {software_digest(place) for place in ("h2corridor.activity", "h2corridor.quality", "h2corridor.app:frames")}

    assert 3 == len(found)
