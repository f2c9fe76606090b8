"""Files that are complete and durable under their name, or not there: write beside, sync, rename, sync the folder."""

import errno
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from h2corridor.model.errors import StorageError

PART_SUFFIX = ".part"

_REASONS = {
    errno.ENOSPC: ("storage.full", "the disk is full", "Free space, then run the same command again."),
    errno.EDQUOT: ("storage.full", "the disk quota is used up", "Free space, then run the same command again."),
    errno.EFBIG: ("storage.full", "the file is larger than this system allows", "Raise the limit on file sizes."),
    errno.EACCES: (
        "storage.denied",
        "permission denied",
        "Give the user of this process access, or choose another place.",
    ),
    errno.EPERM: ("storage.denied", "operation not permitted", "Give the user of this process access."),
    errno.EROFS: ("storage.read-only", "the file system is read-only", "Choose a place that can be written."),
}


def storage_error(error: OSError, path: Path) -> StorageError:
    """What the operating system refused, as an error that says what to do."""
    fallback = ("storage.failed", os.strerror(error.errno or errno.EIO), "Check the disk, then run again.")
    code, fault, next_step = _REASONS.get(error.errno or 0, fallback)
    return StorageError(code, f"{fault}. Nothing half-written was left.", about=str(path), next_step=next_step)


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn an `OSError` about `path` into a `StorageError`."""
    try:
        yield
    except OSError as error:
        raise storage_error(error, path) from error


class PartFile:
    """A file in the making, beside the place it will have; gone again unless it is published."""

    def __init__(self, folder: Path, name: str, *, mode: int = 0o644) -> None:
        self.path = folder / f".{name}{PART_SUFFIX}"
        with storage_errors(self.path):
            self._descriptor: int | None = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def write(self, data: bytes | memoryview) -> None:
        """Append bytes."""
        rest = memoryview(data)
        with storage_errors(self.path):
            while rest:
                rest = rest[os.write(self._open_descriptor(), rest) :]

    def publish(self, target: Path) -> None:
        """Make the bytes durable and give them their name, in place of what had it."""
        with storage_errors(target):
            os.fsync(self._open_descriptor())
            self._close()
            os.replace(self.path, target)  # noqa: PTH105  the crash tests count this very call
            sync_folder(target.parent)

    def _open_descriptor(self) -> int:
        if self._descriptor is None:
            raise OSError(errno.EBADF, "already published")
        return self._descriptor

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def write_file(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put a whole file in place, durably and in one step; nothing happens if it already says the same.

    Raises
    ------
    StorageError
        `storage.full`, `storage.denied`, `storage.read-only` or `storage.failed`; what was there before is still there.
    """
    with suppress(OSError):
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return
    with PartFile(path.parent, path.name, mode=mode) as part:
        part.write(data)
        part.publish(path)


def make_folder(path: Path, *, mode: int = 0o755) -> None:
    """Make a folder and its missing parents, durably."""
    if path.is_dir():
        return
    if path.parent != path:
        make_folder(path.parent)
    with storage_errors(path):
        path.mkdir(mode=mode, exist_ok=True)
        sync_folder(path.parent)


def remove_file(path: Path) -> None:
    """Remove a file that may be absent, durably."""
    with storage_errors(path):
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep_parts(folder: Path, *, besides: Collection[str] = ()) -> None:
    """Remove what writers that were cut off have left below a folder, besides some of the folders in it."""
    for path in sorted(folder.rglob(f".*{PART_SUFFIX}")):
        if path.relative_to(folder).parts[0] not in besides:
            remove_file(path)
