"""What a supplier does before it hands data over: make a key, sign files, sign a fill."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path

from h2verify.supplier_notes import TELEMETRY, FillText, SignedFile, format_file_manifest, format_fill

from h2corridor.evidence import LogSigner, format_private_key, parse_private_key
from h2corridor.evidence.keys import SEED_BYTES
from h2corridor.evidence.supplier_notes import add_signature
from h2corridor.intake import DatasetFolder
from h2corridor.intake.delimited import read_header, read_records
from h2corridor.intake.signatures import FOLDER
from h2corridor.model.errors import InputError, UsageError
from h2corridor.store.files import storage_errors, write_file

REFUELLINGS = "refuellings.csv"
_KEY_BYTES_MAX = 4096
_CHUNK = 1 << 20
_UNSAFE = frozenset('/\\:*?"<>|')


def make_supplier_key(party_id: str, target: Path, *, randomness: Callable[[int], bytes]) -> LogSigner:
    """Make a key for a party and keep it in a file of its own (0600); a key that is there is never replaced.

    Raises
    ------
    UsageError
        `sign.key-exists`.
    """
    if target.exists():
        next_step = "Use it, or name another file; a lost key cannot be made again."
        raise UsageError("sign.key-exists", "there is a file already.", about=str(target), next_step=next_step)
    text = format_private_key(party_id, randomness(SEED_BYTES))
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_file(target, f"{text}\n".encode(), mode=0o600)
    return parse_private_key(text, about=str(target))


def read_supplier_key(path: Path) -> LogSigner:
    """Read a party's key from its file."""
    try:
        with path.open("rb") as file:
            data = file.read(_KEY_BYTES_MAX + 1)
    except OSError as error:
        fault = f"cannot be read: {error.strerror}."
        next_step = "Make a key with `h2corridor sign key`."
        raise InputError("keys.unreadable", fault, about=str(path), next_step=next_step) from error
    return parse_private_key(data.decode("utf-8", "replace"), about=str(path))


def sign_files(dataset: Path, party_id: str, signer: LogSigner, paths: Sequence[str]) -> list[str]:
    """Sign for files of a data set; telemetry, whose paths hold VINs, gets a note of its own.

    Parameters
    ----------
    paths
        Inside the data set; none stands for every file but those under `signatures/`.

    Returns
    -------
    list of str
        The notes written, by their paths inside the data set.
    """
    folder = DatasetFolder(dataset)
    listed = [path for path in folder.list_paths() if not path.startswith(FOLDER)]
    unknown = sorted(set(paths) - set(listed))
    if unknown:
        next_step = "Name files by their paths inside the data set."
        raise UsageError("sign.no-such-file", "the data set has no such file.", about=unknown[0], next_step=next_step)
    chosen = list(paths) or listed
    groups = {
        "files": [path for path in chosen if not path.startswith(TELEMETRY)],
        "telemetry": [path for path in chosen if path.startswith(TELEMETRY)],
    }
    written = []
    for name, members in groups.items():
        if members:
            text = format_file_manifest(party_id, [_signed_file(folder, path) for path in members])
            written.append(_write_note(folder.root, f"{name}-{party_id}", text, signer, replace=True))
    return written


def sign_fill(dataset: Path, refuelling_id: str, signer: LogSigner) -> str:
    """Add a party's signature to a fill, as `refuellings.csv` states it now; gives the note's path."""
    folder = DatasetFolder(dataset)
    names = [field.name for field in fields(FillText)]
    row = _find_row(folder.read_bytes(REFUELLINGS), refuelling_id)
    if row is None or not all(row.get(name) for name in names):
        fault = f"{REFUELLINGS} has no fill {refuelling_id} with {', '.join(names[1:])}."
        raise UsageError("sign.no-such-fill", fault, next_step="Check the id, or complete the row.")
    text = format_fill(FillText(**{name: str(row[name]) for name in names}))
    return _write_note(folder.root, f"fill-{refuelling_id}", text, signer, replace=False)


def _find_row(content: bytes | None, refuelling_id: str) -> dict[str, str] | None:
    """The row of a fill, cut as a run cuts it."""
    if content is None:
        return None
    records = read_records(REFUELLINGS, content)
    header = read_header(REFUELLINGS, records, ("refuelling_id",))
    rows = (dict(zip(header, cells, strict=False)) for cells in records)
    return next((row for row in rows if row.get("refuelling_id") == refuelling_id), None)


def _signed_file(folder: DatasetFolder, path: str) -> SignedFile:
    digest, size = hashlib.sha256(), 0
    with folder.open_binary(path) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return SignedFile(sha256=digest.hexdigest(), size=size, path=path)


def _write_note(root: Path, name: str, text: str, signer: LogSigner, *, replace: bool) -> str:
    """Write a note; one that says something else is replaced only where it is the signer's alone."""
    safe = "".join("_" if char in _UNSAFE or not char.isprintable() or char.isspace() else char for char in name)
    path = f"{FOLDER}{safe}.note"
    target = root / path
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        existing = target.read_bytes() if target.exists() and not replace else None
    write_file(target, add_signature(text, signer, existing=existing, about=path))
    return path
