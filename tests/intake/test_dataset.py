"""The folder of a data set."""

from pathlib import Path

import pytest

from h2corridor.intake import DatasetFolder, UnitedDataset, read_trial_facts
from h2corridor.model.errors import InputError


def test_a_folder_that_is_absent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"dataset\.absent"):
        DatasetFolder(tmp_path / "nowhere")


def test_a_file_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "trial.zip"
    file.write_bytes(b"")
    with pytest.raises(InputError, match=r"dataset\.not-a-folder"):
        DatasetFolder(file)


def test_a_folder_without_a_trial_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"trial\.absent: trial\.toml"):
        read_trial_facts(DatasetFolder(tmp_path))


def test_truth_and_hidden_files_are_never_listed(tmp_path: Path) -> None:
    for path in ("a.csv", "truth/trips.csv", ".hidden/x", "telemetry/V/truth/x", "telemetry/V/.d"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"1")

    assert ["a.csv", "telemetry/V/truth/x"] == DatasetFolder(tmp_path).list_paths()


def test_a_file_name_that_a_terminal_would_obey_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J.csv").write_bytes(b"")
    with pytest.raises(InputError, match=r"dataset\.odd-file-name"):
        DatasetFolder(tmp_path).list_paths()


def test_a_table_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(b"12345")
    monkeypatch.setattr("h2corridor.intake.dataset.TABLE_BYTES_MAX", 4)
    with pytest.raises(
        InputError, match=r"dataset\.file-too-large: a\.csv: expected a table of at most 4 bytes, came 5"
    ):
        DatasetFolder(tmp_path).read_bytes("a.csv")


def test_a_folder_that_leads_back_to_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "again").symlink_to(tmp_path)

    assert len(DatasetFolder(tmp_path).list_paths()) == 6


def test_an_absent_file_is_none(tmp_path: Path) -> None:
    assert DatasetFolder(tmp_path).read_bytes("a.csv") is None


def _write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content)
    return folder


def test_a_data_set_and_the_inbox_are_read_as_one(tmp_path: Path) -> None:
    handed_over = _write(tmp_path / "dataset", legs="a", sites="b")
    inbox = _write(tmp_path / "inbox", seals="c", sites="b")
    united = UnitedDataset(handed_over, inbox)

    assert ["legs.csv", "seals.csv", "sites.csv"] == united.list_paths()
    assert [b"a", b"c", None] == [united.read_bytes(f"{name}.csv") for name in ("legs", "seals", "absent")]
    assert [handed_over / "legs.csv", inbox / "seals.csv"] == [
        united.file_of(path) for path in ("legs.csv", "seals.csv")
    ]


def test_either_may_be_absent_but_not_both(tmp_path: Path) -> None:
    folder = _write(tmp_path / "some", legs="a")

    assert ["legs.csv"] == UnitedDataset(folder, tmp_path / "none").list_paths()
    assert ["legs.csv"] == UnitedDataset(None, folder).list_paths()
    with pytest.raises(InputError, match=r"dataset\.absent"):
        UnitedDataset(None, tmp_path / "none")


def test_different_bytes_at_one_path_are_refused(tmp_path: Path) -> None:
    united = UnitedDataset(_write(tmp_path / "dataset", legs="a"), _write(tmp_path / "inbox", legs="b"))
    with pytest.raises(InputError, match=r"dataset\.two-versions: legs\.csv"):
        united.list_paths()
