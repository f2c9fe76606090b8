"""A watched folder: files that have come to rest are taken into the inbox, and stay where they are."""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from h2corridor.intake.watched_folder import FileState, WatchedFolder
from h2corridor.model.errors import CorridorError, InputError
from h2corridor.store.files import Inbox, InboxFile

LOOK_SECONDS = 1.0
RETRY_LOOKS = 30
FAULTS_MAX = 100
CHUNK_BYTES = 1 << 18


class _StillWrittenError(Exception):
    """A file changed while it was read: it is looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    """Why a file in this state is not in the inbox, and at which look it is tried again (None: when it changes)."""

    state: FileState
    why: str
    again_at: int | None


class FolderWatch:
    """Looks at a folder laid out as a data set; a file is at rest when two looks in a row see the same size and time.

    Attributes
    ----------
    faults
        By path, why a file is not what counts in the inbox. What cannot be used is tried again when it changes;
        what the disk refused, and what was superseded, by and by.
    """

    def __init__(self, folder: Path, inbox: Inbox) -> None:
        self._folder = WatchedFolder(folder)
        self._inbox = inbox
        self._looks = 0
        self._seen: dict[str, FileState] = {}
        self._taken: dict[str, FileState] = {}
        self._refused: dict[str, _Refusal] = {}
        self.faults: dict[str, str] = {}

    def run(self, ended: threading.Event) -> None:
        """Look until told to end."""
        while not ended.wait(LOOK_SECONDS):
            self.look()

    def look(self) -> None:
        """Take in what has come to rest since the last look."""
        self._looks += 1
        try:
            listing = self._folder.list_files()
        except OSError as error:
            self.faults = {"": str(error)}
            return
        before, self._seen = self._seen, listing.files
        self._taken = {path: state for path, state in self._taken.items() if path in listing.files}
        self._refused = {path: refusal for path, refusal in self._refused.items() if path in listing.files}
        for path, now in listing.files.items():
            if before.get(path) == now and self._is_due(path, now):
                self._take(path, now)
        self._report({**listing.faults, **{path: refusal.why for path, refusal in self._refused.items()}})

    def _is_due(self, path: str, now: FileState) -> bool:
        refusal = self._refused.get(path)
        if refusal is None or refusal.state != now:
            return self._taken.get(path) != now
        return refusal.again_at is not None and self._looks >= refusal.again_at

    def _take(self, path: str, at_rest: FileState) -> None:
        by_and_by = self._looks + RETRY_LOOKS
        try:
            kept = self._inbox.put(path, self._chunks(path, at_rest))
        except _StillWrittenError:
            return
        except InputError as error:
            self._refused[path] = _Refusal(state=at_rest, why=error.message, again_at=None)
        except (OSError, CorridorError) as error:
            self._refused[path] = _Refusal(state=at_rest, why=str(error), again_at=by_and_by)
        else:
            if kept.counts:
                self._refused.pop(path, None)
                self._taken[path] = at_rest
            else:
                self._refused[path] = _Refusal(state=at_rest, why=_superseded(kept), again_at=by_and_by)

    def _report(self, faults: dict[str, str]) -> None:
        self.faults = dict(islice(faults.items(), FAULTS_MAX))
        if len(faults) > FAULTS_MAX:
            self.faults["..."] = f"and {len(faults) - FAULTS_MAX} more"

    def _chunks(self, path: str, at_rest: FileState) -> Iterator[bytes]:
        """The bytes of a file; before the first and after the last it must be as it was seen."""
        with self._folder.open_file(path) as stream:
            _require_unchanged(stream.fileno(), at_rest)
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk
            _require_unchanged(stream.fileno(), at_rest)


def _require_unchanged(descriptor: int, at_rest: FileState) -> None:
    if FileState.of(os.fstat(descriptor)) != at_rest:
        raise _StillWrittenError


def _superseded(kept: InboxFile) -> str:
    return InputError(
        "watch.superseded",
        f"these bytes stood there before they were corrected, and do not count: those with SHA-256 {kept.counting} do.",
        about=kept.path,
        next_step=f'If they are to count again, upload them with If-Match: "{kept.counting}".',
    ).message
