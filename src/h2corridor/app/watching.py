"""A watched folder: files that have come to rest are taken into the inbox, and stay where they are."""

import threading
from collections.abc import Iterator
from pathlib import Path

from h2corridor.intake import DatasetFolder
from h2corridor.model.errors import CorridorError
from h2corridor.store.files import Inbox

LOOK_SECONDS = 1.0
CHUNK_BYTES = 1 << 18

_Look = tuple[int, int]
"""Size and time of the last change [ns]."""


class _StillWrittenError(Exception):
    """A file changed while it was read: it is looked at again."""


class FolderWatch:
    """Looks at a folder laid out as a data set; a file is at rest when two looks in a row see the same size and time.

    Attributes
    ----------
    faults
        By path, why a file is not in the inbox; it is tried again when it changes.
    """

    def __init__(self, folder: Path, inbox: Inbox) -> None:
        self._folder = DatasetFolder(folder)
        self._inbox = inbox
        self._seen: dict[str, _Look] = {}
        self._taken: dict[str, _Look] = {}
        self.faults: dict[str, str] = {}

    def run(self, ended: threading.Event) -> None:
        """Look until told to end."""
        while not ended.wait(LOOK_SECONDS):
            self.look()

    def look(self) -> None:
        """Take in what has come to rest since the last look."""
        try:
            paths = self._folder.list_paths()
        except CorridorError as error:
            self.faults[""] = error.message
            return
        before, self._seen = self._seen, {}
        for path in paths:
            now = self._look_at(path)
            if now is None:
                continue
            self._seen[path] = now
            if before.get(path) == now != self._taken.get(path):
                self._take(path, now)

    def _take(self, path: str, at_rest: _Look) -> None:
        try:
            self._inbox.put(path, self._chunks(path, at_rest))
        except _StillWrittenError:
            return
        except (OSError, CorridorError) as error:
            self.faults[path] = str(error)
        else:
            self.faults.pop(path, None)
        self._taken[path] = at_rest

    def _chunks(self, path: str, at_rest: _Look) -> Iterator[bytes]:
        """The bytes of a file; after the last one it must be as it was before the first."""
        with (self._folder.root / path).open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk
        if self._look_at(path) != at_rest:
            raise _StillWrittenError

    def _look_at(self, path: str) -> _Look | None:
        try:
            found = (self._folder.root / path).stat()
        except OSError:
            return None
        return found.st_size, found.st_mtime_ns
