"""The inbox: files of the data set that came by a door, under their paths; none is ever overwritten.

    inbox/<path>                       what counts
    inbox/.superseded/<sha256>/<path>  what stood there before: a run receives and logs it too

Bytes that were superseded once do not come back by themselves: a sender that repeats an old upload, because the answer
was lost, undoes nothing. They count again when the sender names the bytes that they shall take the place of.
"""

import hashlib
import itertools
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from h2corridor.model.errors import InputError
from h2corridor.store.files import durable

SUPERSEDED = ".superseded"
DEPTH_MAX = 6
PATH_BYTES_MAX = 512
_NEVER_READ = "truth"


class InboxFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that was put in: durable, and whether it is the one that counts at its path.

    Where it was superseded before and does not count, `counting` is the SHA-256 of the one that does.
    """

    path: str
    sha256: str
    size: int
    counts: bool
    counting: str | None = None


class Inbox:
    """The inbox of one workspace, written by one process; several threads may put files in.

    Parameters
    ----------
    folder
        `inbox/` of the workspace; made if it is absent.
    require_path
        Called with the path of a file that a supplier sends, before it is read; raises where none may stand there.
    refuse
        Called with a path and the file that is to stand there; raises where the file may not be kept.
    """

    def __init__(
        self,
        folder: Path,
        *,
        require_path: Callable[[str], None] = lambda _path: None,
        refuse: Callable[[str, Path], None] = lambda _path, _file: None,
    ) -> None:
        durable.make_folder(folder)
        durable.sweep_parts(folder)
        self._folder = folder
        self._require_path = require_path
        self._refuse = refuse
        self._names = itertools.count()
        self._publishing = threading.Lock()

    def put(
        self, path: str, chunks: Iterable[bytes], *, sha256: str | None = None, replaces: str | None = None
    ) -> InboxFile:
        """Keep a file durably; the same bytes again change nothing.

        Parameters
        ----------
        path
            Inside the data set, with forward slashes.
        chunks
            The bytes.
        sha256
            What they must have, in hexadecimal.
        replaces
            The SHA-256 of what counts now. With it, bytes that were superseded once may count again.

        Raises
        ------
        InputError
            `inbox.path`: no path that a data set may have. `inbox.path-taken`: a folder stands there, or a file where
            a folder of the path should. `inbox.digest`: the bytes are not those of the digest. `inbox.other-counts`:
            something else than `replaces` counts. And what `require_path` and `refuse` raise.
        StorageError
            When the disk is full or refuses; nothing half-written stays.
        """
        _require_sound(path)
        self._require_path(path)
        digest, size = hashlib.sha256(), 0
        with durable.PartFile(self._folder, f"incoming-{next(self._names)}") as part:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                part.write(chunk)
            came = digest.hexdigest()
            if sha256 is not None and came != sha256:
                fault = f"expected bytes with SHA-256 {sha256}, came {came}."
                raise InputError("inbox.digest", fault, about=path, next_step="Send the file again.")
            self._refuse(path, part.path)
            with self._publishing:
                counting = self._publish(part, path, came, replaces)
        return InboxFile(
            path=path,
            sha256=came,
            size=size,
            counts=counting == came,
            counting=None if counting == came else counting,
        )

    def list_folders(self, path: str) -> list[str]:
        """The names of the folders inside one; none where it is absent."""
        folder = self._folder / path
        with durable.storage_errors(folder):
            return sorted(each.name for each in folder.iterdir() if each.is_dir()) if folder.is_dir() else []

    def has_part(self, folder: str, number: int) -> bool:
        """Whether what the gateway sealed of a segment has a file in a folder."""
        parent = self._folder / folder
        with durable.storage_errors(parent):
            return any(parent.glob(f"*.{number:012d}.csv.gz"))

    def add_part(self, path: str, data: bytes) -> None:
        """Keep what the gateway sealed, durably; the same bytes again change nothing, and other bytes never come in.

        Raises
        ------
        InputError
            `inbox.path-taken`: something else stands at the path.
        StorageError
            As `put`.
        """
        with self._publishing, durable.storage_errors(self._folder / path):
            self._require_free(path)
            target = self._folder / path
            if target.is_file() and target.read_bytes() != data:
                raise InputError(
                    "inbox.path-taken",
                    "a file with other bytes stands where the gateway puts a part of a day.",
                    about=path,
                    next_step="Take it out of the inbox: the gateway then seals this segment again.",
                )
            durable.make_folder(target.parent)
            durable.write_file(target, data)
            self._sync_folders(target)

    def _publish(self, part: durable.PartFile, path: str, sha256: str, replaces: str | None) -> str:
        """Give the bytes their place if they may have it; the SHA-256 of what counts there then."""
        target = self._folder / path
        with durable.storage_errors(target):
            self._require_free(path)
            counting = _digest_of(target) if target.is_file() else None
            if counting == sha256:
                self._sync_folders(target)
                return sha256
            if replaces not in (None, counting):
                raise _other_counts(path, replaces, counting)
            if counting is not None:
                if replaces is None and (self._folder / SUPERSEDED / sha256 / path).exists():
                    return counting
                self._supersede(target, path, counting)
            durable.make_folder(target.parent)
            part.publish(target)
            self._sync_folders(target)
        return sha256

    def _sync_folders(self, path: Path) -> None:
        """Make the names on the way from the inbox to a path durable: an earlier attempt may have failed at any."""
        for folder in path.parents:
            durable.sync_folder(folder)
            if folder == self._folder:
                return

    def _require_free(self, path: str) -> None:
        """No folder may stand at a path, and no file at a folder of it."""
        parts = path.split("/")
        folders = (self._folder.joinpath(*parts[:end]) for end in range(1, len(parts)))
        taken = next((each for each in folders if each.exists() and not each.is_dir()), None)
        if taken is None and (self._folder / path).is_dir():
            taken = self._folder / path
        if taken is not None:
            raise InputError(
                "inbox.path-taken",
                f"{taken.relative_to(self._folder)} is a {'folder' if taken.is_dir() else 'file'} in the inbox.",
                about=path,
                next_step="Take it out of the inbox, then send the file again.",
            )

    def _supersede(self, target: Path, path: str, sha256: str) -> None:
        kept = self._folder / SUPERSEDED / sha256 / path
        durable.make_folder(kept.parent)
        if not kept.exists():
            os.link(target, kept)
        self._sync_folders(kept)


def _other_counts(path: str, replaces: str | None, counting: str | None) -> InputError:
    return InputError(
        "inbox.other-counts",
        f"expected that {replaces} counts at this path, found {counting or 'nothing'}.",
        about=path,
        next_step="Look at what counts now, then name it in If-Match, or leave If-Match out.",
    )


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _require_sound(path: str) -> None:
    parts = path.split("/")
    sound = path.isprintable() and "\\" not in path and len(path.encode()) <= PATH_BYTES_MAX
    if not sound or len(parts) > DEPTH_MAX or parts[0] == _NEVER_READ or any(_is_odd(part) for part in parts):
        raise InputError(
            "inbox.path",
            f"expected at most {DEPTH_MAX} printable names, none that begins with a dot, not under truth/.",
            about=ascii(path)[:200],
            next_step="Give the path as it stands in the trial format.",
        )


def _is_odd(part: str) -> bool:
    return not part or part.startswith(".")
