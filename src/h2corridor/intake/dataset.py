"""Where a data set is read from: a folder as it was handed over, or the same paths kept in a workspace."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from h2corridor.model.errors import InputError

TABLE_BYTES_MAX = 256 * 1024 * 1024
PATHS_MAX = 2_000_000
DEPTH_MAX = 6
NEVER_READ = "truth"


class Dataset(Protocol):
    """The files of a trial data set by their paths inside it, with `/` between the parts."""

    def list_paths(self) -> Sequence[str]:
        """Every file, sorted; never one under `truth/`."""

    def read_bytes(self, path: str) -> bytes | None:
        """The content of a file, or None where it is absent."""


class DatasetFolder:
    """A data set as a folder on disk; it is only ever read.

    Parameters
    ----------
    root
        The folder that holds `trial.toml`.

    Raises
    ------
    InputError
        `dataset.absent` or `dataset.not-a-folder`.
    """

    def __init__(self, root: Path) -> None:
        if not root.exists():
            raise InputError(
                "dataset.absent",
                "expected a folder with trial.toml in it, found nothing.",
                about=str(root),
                next_step="Check the path of the data set.",
            )
        if not root.is_dir():
            raise InputError(
                "dataset.not-a-folder",
                "expected a folder with trial.toml in it, found a file.",
                about=str(root),
                next_step="Unpack it if it is an archive, and name the folder.",
            )
        self.root = root

    def list_paths(self) -> Sequence[str]:
        """Every file, sorted; names that begin with a dot and everything under `truth/` are passed over."""
        paths: list[str] = []
        for path in _walk(self.root, "", DEPTH_MAX):
            paths.append(path)
            if len(paths) > PATHS_MAX:
                raise InputError(
                    "dataset.too-many-files",
                    f"more than {PATHS_MAX} files.",
                    about=str(self.root),
                    next_step="Split the trial into shorter periods.",
                )
        return sorted(paths)

    def read_bytes(self, path: str) -> bytes | None:
        """The content of a table of at most 256 MiB, or None where it is absent."""
        file = self.root / path
        try:
            if not file.is_file():
                return None
            if file.stat().st_size > TABLE_BYTES_MAX:
                raise InputError(
                    "dataset.file-too-large",
                    f"expected a table of at most {TABLE_BYTES_MAX} bytes, came {file.stat().st_size}.",
                    about=path,
                    next_step="Split the trial into shorter periods.",
                )
            return file.read_bytes()
        except OSError as error:
            raise _unreadable(path, error) from error

    def open_binary(self, path: str) -> BinaryIO:
        """An open stream on a file that `list_paths` named; the caller closes it."""
        try:
            return (self.root / path).open("rb")
        except OSError as error:
            raise _unreadable(path, error) from error


class UnitedDataset:
    """A data set and the inbox of a workspace as one: what was handed over, and what came by a door.

    Parameters
    ----------
    dataset
        The folder handed over; None where all came by a door.
    inbox
        The inbox of the workspace; it may be absent.

    Raises
    ------
    InputError
        `dataset.absent`, `dataset.not-a-folder`; `dataset.two-versions`: a path is in both with different bytes.
    """

    def __init__(self, dataset: Path | None, inbox: Path) -> None:
        self._inbox = inbox
        self._folders = [DatasetFolder(folder) for folder in (dataset, inbox) if folder and _is_wanted(folder, inbox)]
        if not self._folders:
            raise InputError(
                "dataset.absent",
                "no data set was named, and nothing has come by a door.",
                about=str(inbox),
                next_step="Name the folder of a data set, or put trial.toml and its tables into the inbox.",
            )

    def list_paths(self) -> Sequence[str]:
        """Every file of both, sorted."""
        listed = [folder.list_paths() for folder in self._folders]
        for path in set(listed[0]).intersection(*listed[1:]) if len(listed) > 1 else ():
            if len({_digest_of(folder.root / path) for folder in self._folders}) > 1:
                raise InputError(
                    "dataset.two-versions",
                    "the data set and the inbox have different bytes at this path, and nobody said which count.",
                    about=path,
                    next_step="Take it out of the data set, or put the one that counts into the inbox as well.",
                )
        return sorted({path for paths in listed for path in paths})

    def read_bytes(self, path: str) -> bytes | None:
        """The content of a table of at most 256 MiB, or None where it is absent."""
        found = (folder.read_bytes(path) for folder in self._folders)
        return next((content for content in found if content is not None), None)

    def file_of(self, path: str) -> Path:
        """Where the bytes of a path stand that `list_paths` named."""
        files = [folder.root / path for folder in self._folders]
        return next((file for file in files if file.is_file()), files[0])

    def list_superseded(self) -> Sequence[tuple[str, Path]]:
        """What stood in the inbox before, by path: it is received and logged, and counts no more."""
        root = self._inbox / ".superseded"
        folders = sorted(root.iterdir()) if root.is_dir() else []
        return [(path, folder / path) for folder in folders for path in DatasetFolder(folder).list_paths()]


def _is_wanted(folder: Path, inbox: Path) -> bool:
    return folder != inbox or folder.is_dir()


def _digest_of(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except OSError as error:
        raise _unreadable(str(file), error) from error


def _walk(folder: Path, prefix: str, depth: int) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.is_dir(), entry.is_file()) for entry in entries]
    except OSError as error:
        raise _unreadable(prefix or str(folder), error) from error
    for name, is_folder, is_file in found:
        if name.startswith(".") or (not prefix and name == NEVER_READ):
            continue
        if is_file:
            yield _clear(prefix + name)
        elif is_folder and depth > 1:
            yield from _walk(folder / name, f"{_clear(prefix + name)}/", depth - 1)


def _clear(path: str) -> str:
    if path.isprintable() and "\\" not in path:
        return path
    raise InputError(
        "dataset.odd-file-name",
        "expected a file name of printable UTF-8 characters without a backslash.",
        about=ascii(path),
        next_step="Rename the file.",
    )


def _unreadable(about: str, error: OSError) -> InputError:
    return InputError(
        "dataset.unreadable",
        f"the operating system refused to read it: {error.strerror}.",
        about=about,
        next_step="Give the running user permission to read the data set.",
    )
