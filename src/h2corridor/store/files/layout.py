"""What makes a folder a workspace: its header, its one writer and the names inside it."""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from h2verify import canonical
from h2verify.errors import CanonicalError

from h2corridor.model.errors import StorageError, WorkspaceError
from h2corridor.store.files import durable

WORKSPACE_FORMAT = 1
HEADER = "workspace.json"
LOCK = ".lock"
POLICY = "policy.txt"
INBOX, GATEWAY = "inbox", "gateway"
"""The doors' folders: they have a lock of their own, so that trucks go on sending while a run computes."""
FOLDERS = ("received", "log", "tables", "report", "statements")


class WorkspaceHeader(msgspec.Struct, frozen=True, kw_only=True):
    """`workspace.json`: the format, and the software and time of the run that made the folder."""

    format: int
    software: str
    created_at: str


def decode_header(data: bytes, *, about: str) -> WorkspaceHeader:
    """The header in these bytes.

    Raises
    ------
    WorkspaceError
        `workspace.newer` for a format above ours, `workspace.damaged` for anything that is no header.
    """
    try:
        value = canonical.parse(data, max_bytes=1 << 16)
        number = value.get("format") if isinstance(value, dict) else None
        if isinstance(number, int) and number > WORKSPACE_FORMAT:
            fault = f"the workspace has format {number}, this software reads formats up to {WORKSPACE_FORMAT}."
            next_step = "Install a newer h2corridor, or choose another workspace folder."
            raise WorkspaceError("workspace.newer", fault, about=about, next_step=next_step)
        header = msgspec.convert(value, WorkspaceHeader)
    except (CanonicalError, msgspec.ValidationError) as error:
        raise _damaged(about, f"expected format, software and created_at: {error}.") from error
    if header.format != WORKSPACE_FORMAT:
        raise _damaged(about, f"format {header.format} was never published.")
    return header


def read_header(folder: Path) -> WorkspaceHeader:
    """The header of an existing workspace."""
    path = folder / HEADER
    try:
        return decode_header(path.read_bytes(), about=str(path))
    except (FileNotFoundError, NotADirectoryError) as error:
        next_step = "Give the folder of an earlier `h2corridor trial run --workspace`."
        raise WorkspaceError(
            "workspace.absent", f"no workspace: there is no {HEADER}.", about=str(folder), next_step=next_step
        ) from error
    except OSError as error:
        raise _unusable(folder, f"cannot be read: {os.strerror(error.errno or 0)}.") from error


def prepare_folder(folder: Path) -> None:
    """Make the workspace folder if it is absent; a folder with other things in it is left as it is."""
    if folder.exists() and not folder.is_dir():
        raise _unusable(folder, "is not a folder.")
    _refuse_foreign(folder)
    try:
        durable.make_folder(folder)
    except StorageError as error:
        raise _unusable(folder, f"cannot be made: {error.fault}") from error


def write_header(folder: Path, *, now_ms: int, software: str) -> None:
    """Make the folder a workspace, unless it is one; a folder with other things in it is left alone."""
    if (folder / HEADER).exists():
        read_header(folder)
    else:
        _refuse_foreign(folder)
        created_at = datetime.fromtimestamp(now_ms / 1000, UTC).isoformat(timespec="milliseconds")
        header = WorkspaceHeader(format=WORKSPACE_FORMAT, software=software, created_at=created_at)
        durable.write_file(folder / HEADER, canonical.encode(msgspec.structs.asdict(header)) + b"\n")
    for name in FOLDERS:
        durable.make_folder(folder / name)


def _refuse_foreign(folder: Path) -> None:
    if not folder.is_dir() or (folder / HEADER).exists():
        return
    names = {path.name for path in folder.iterdir()} - {LOCK, f".{HEADER}{durable.PART_SUFFIX}"}
    if names:
        fault = f"the folder holds {len(names)} other things, such as {min(names)}, and no {HEADER}."
        next_step = "Choose an empty or new folder as workspace."
        raise WorkspaceError("workspace.foreign", fault, about=str(folder), next_step=next_step)


def is_workspace(folder: Path) -> bool:
    """Whether the folder has the header of a workspace."""
    return (folder / HEADER).exists()


def inbox_of(folder: Path) -> Path:
    """Where the inbox of a workspace stands, which need not be there yet."""
    return folder / INBOX


def lock_folder(folder: Path, *, exclusive: bool) -> int | None:
    """Hold the workspace until the descriptor is closed; None where a reader finds no lock file to share.

    Raises
    ------
    WorkspaceError
        `workspace.busy` when another process writes, `workspace.unusable` when the folder cannot be written.
    """
    path = folder / LOCK
    flags = os.O_RDWR | os.O_CREAT if exclusive else os.O_RDONLY
    try:
        descriptor = os.open(path, flags, 0o644)
    except OSError as error:
        if not exclusive:
            return None
        raise _unusable(folder, f"cannot be written: {os.strerror(error.errno or 0)}.") from error
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        next_step = "Wait until the other run has ended; its lock ends with it."
        raise WorkspaceError(
            "workspace.busy", "another process is writing here.", about=str(folder), next_step=next_step
        ) from error
    return descriptor


def _damaged(about: str, fault: str) -> WorkspaceError:
    next_step = "Restore this file from a copy; received files and log are not touched."
    return WorkspaceError("workspace.damaged", fault, about=about, next_step=next_step)


def _unusable(folder: Path, fault: str) -> WorkspaceError:
    next_step = "Choose a folder that this user can write, or change its permissions."
    return WorkspaceError("workspace.unusable", fault, about=str(folder), next_step=next_step)
