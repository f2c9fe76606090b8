"""A folder that others write into while it is read: its own files, nothing that a link leads to, the rest named."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from h2corridor.intake.dataset import DEPTH_MAX, NEVER_READ, PATHS_MAX
from h2corridor.model.errors import InputError

_INSIDE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""No link is followed, and no pipe is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """A file's size and the time of its last change [ns]."""

    size: int
    changed_at_ns: int

    @classmethod
    def of(cls, found: os.stat_result) -> "FileState":
        """What the operating system says of a file."""
        return cls(size=found.st_size, changed_at_ns=found.st_mtime_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A folder at one moment: its files by path, and by path why something in it is not read."""

    files: dict[str, FileState] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


class WatchedFolder:
    """A folder laid out as a data set; names that begin with a dot and everything under `truth/` are passed over.

    Raises
    ------
    InputError
        `dataset.absent` or `dataset.not-a-folder`.
    """

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            code, found = ("dataset.not-a-folder", "a file") if root.exists() else ("dataset.absent", "nothing")
            fault = f"expected a folder to be watched, which may be empty, found {found}."
            raise InputError(code, fault, about=str(root), next_step="Make the folder, or check --watch.")
        self._root = root

    def list_files(self) -> Listing:
        """Its files at this moment; what cannot be read is a fault and keeps nothing else back."""
        listing = Listing()
        with _opened(self._root, os.O_RDONLY | os.O_CLOEXEC) as folder:
            self._walk(folder, "", listing)
        return listing

    def open_file(self, path: str) -> BinaryIO:
        """An open stream on a file that was listed; it never leads out of the folder.

        Raises
        ------
        OSError
            It is gone, may not be read, or a link took its place or that of a folder on the way.
        """
        *folders, name = path.split("/")
        with ExitStack() as opened:
            at = opened.enter_context(_opened(self._root, os.O_RDONLY | os.O_CLOEXEC))
            for folder in folders:
                at = opened.enter_context(_opened(folder, _INSIDE, at=at))
            return os.fdopen(os.open(name, _INSIDE, dir_fd=at), "rb")

    def _walk(self, folder: int, prefix: str, listing: Listing) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                path = prefix + entry.name
                if entry.name.startswith(".") or path == NEVER_READ:
                    continue
                if len(listing.files) + len(listing.faults) >= PATHS_MAX:
                    listing.faults[""] = _fault("dataset.too-many-files", f"more than {PATHS_MAX} files.", "").message
                    return
                try:
                    self._enter(folder, entry, path, listing)
                except FileNotFoundError:
                    continue
                except OSError as error:
                    fault = f"the operating system refused to read it: {error.strerror}."
                    listing.faults[path] = _fault("dataset.unreadable", fault, path).message
                except InputError as error:
                    listing.faults[ascii(path)] = error.message

    def _enter(self, folder: int, entry: os.DirEntry[str], path: str, listing: Listing) -> None:
        if not entry.name.isprintable() or "\\" in entry.name:
            raise _fault("dataset.odd-file-name", "expected a name of printable UTF-8 without a backslash.", path)
        if entry.is_symlink():
            raise _fault("watch.link", "expected a file or folder, found a link, which is not followed.", path)
        if entry.is_dir(follow_symlinks=False):
            if path.count("/") + 1 >= DEPTH_MAX:
                raise _fault("watch.too-deep", f"expected at most {DEPTH_MAX - 1} folders inside each other.", path)
            with _opened(entry.name, _INSIDE, at=folder) as inner:
                self._walk(inner, f"{path}/", listing)
        elif entry.is_file(follow_symlinks=False):
            listing.files[path] = FileState.of(entry.stat(follow_symlinks=False))
        else:
            raise _fault("watch.no-file", "expected a file, found a device, a socket or a pipe.", path)


def _fault(code: str, fault: str, path: str) -> InputError:
    return InputError(code, fault, about=ascii(path)[1:-1], next_step="Take it out of the watched folder.")


@contextmanager
def _opened(name: Path | str, flags: int, *, at: int | None = None) -> Iterator[int]:
    descriptor = os.open(name, flags | os.O_DIRECTORY, dir_fd=at)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
