"""Received telemetry as the `frames` table: one Parquet file a received file, kept until its bytes count no more.

The tables are derived: they can be removed at any time and come again with the same bytes.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from h2corridor.app.frame_table import FRAMES_SCHEMA, NOT_READ, FramesNote, write_frame_table
from h2corridor.app.kept import KeptTables, Key, software_digest
from h2corridor.app.processes import run_in_order
from h2corridor.intake import TelemetryPath
from h2corridor.store.files import Receipt, Workspace, storage_errors

__all__ = ["FRAMES_SCHEMA", "NOT_READ", "FrameFile", "Progress", "iterate_frames", "make_frames"]

PROCESSES_FROM_BYTES = 40_000_000
"""Fewer received bytes than this are decoded sooner than other processes have started."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameFile:
    """The frames of one received file as a table, what they follow from, and what was found in them."""

    place: TelemetryPath
    sha256: str
    table: Path
    note: FramesNote
    is_new: bool


def make_frames(
    workspace: Workspace,
    kept: KeptTables,
    files: Sequence[tuple[TelemetryPath, Receipt]],
    progress: Progress,
    *,
    processes: int = 1,
) -> list[FrameFile]:
    """Decode those of the received telemetry files whose tables are not there.

    Parameters
    ----------
    workspace : open for writing
    kept : where the tables stand
    files : telemetry paths with their receipts
    processes : at most so many work at the same time

    Returns
    -------
    the frames of each file, in the order given

    Raises
    ------
    StorageError
        A file cannot be read or written. `decode.process-lost`: a process ended before its work did.
    """
    keys = {_name_of(place, receipt): _key_of(place, receipt) for place, receipt in files}
    found = {name: kept.find(name, key) for name, key in keys.items()}
    notes = {name: msgspec.json.decode(note, type=FramesNote) for name, note in found.items() if note is not None}
    absent = {name: file for name, file in zip(keys, files, strict=True) if name not in notes}
    jobs = [(workspace.content_path(receipt), place, _table(kept, name)) for name, (place, receipt) in absent.items()]
    absent_bytes = sum(receipt.manifest.size for _, receipt in absent.values())
    progress("decode", len(notes), len(files))
    with storage_errors(kept.folder):
        made = run_in_order(write_frame_table, jobs, processes if absent_bytes >= PROCESSES_FROM_BYTES else 1)
        for name, note in zip(absent, made, strict=True):
            kept.keep(name, keys[name], msgspec.json.encode(note), [_table(kept, name).name])
            notes[name] = note
            progress("decode", len(notes), len(files))
    return [
        FrameFile(
            place=place,
            sha256=receipt.manifest.sha256,
            table=_table(kept, name),
            note=notes[name],
            is_new=name in absent,
        )
        for name, (place, receipt) in zip(keys, files, strict=True)
    ]


def iterate_frames(tables: Sequence[Path]) -> Iterator[dict[str, object]]:
    """Give the rows of frame tables one after another, as the plain reference reads them."""
    for path in tables:
        for batch in pq.ParquetFile(path).iter_batches():
            yield from batch.to_pylist()


def _name_of(place: TelemetryPath, receipt: Receipt) -> str:
    return f"{receipt.manifest.sha256[:32]}-{hashlib.sha256(place.path.encode()).hexdigest()[:16]}"


def _key_of(place: TelemetryPath, receipt: Receipt) -> Key:
    return {"path": place.path, "sha256": receipt.manifest.sha256, "software": software_digest()}


def _table(kept: KeptTables, name: str) -> Path:
    return kept.folder / f"{name}.parquet"
