"""Received telemetry as the `frames` table: one Parquet file a received file, made once by each version of the decoder.

The tables are derived: they can be removed at any time and come again with the same bytes.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from h2verify.gbt32960 import FRAME_COLUMNS, TEXT_COLUMNS

from h2corridor.app.kept import KeptTables, software_digest
from h2corridor.intake import FrameBatch, TelemetryPath, TelemetryReader
from h2corridor.model.findings import Finding
from h2corridor.protocols.gbt32960 import decode_columns
from h2corridor.store.files import Receipt, Workspace, storage_errors

NOT_READ = "unreadable_row"
"""The outcome of a row whose bytes intake could not make out; intake has said why."""

FRAMES_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("row", pa.int64()),
        ("folder_vin", pa.string()),
        ("received_at_ms", pa.int64()),
        ("received_at_s", pa.int64()),
        *((name, pa.string() if name in TEXT_COLUMNS else pa.int64()) for name in FRAME_COLUMNS),
    ]
)

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done and how much there is."""


DECODING = ("h2verify", "h2corridor.intake", "h2corridor.model", "h2corridor.protocols", "h2corridor.app:frames")
"""What a table of frames follows from besides the received bytes."""


class FramesNote(msgspec.Struct, frozen=True, kw_only=True):
    """What was found while a file was decoded: the VINs its frames name, and what is wrong with it."""

    vins: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameFile:
    """The frames of one received file as a table, what they follow from, and what was found in them."""

    place: TelemetryPath
    sha256: str
    table: Path
    note: FramesNote
    is_new: bool


def make_frames(
    workspace: Workspace, kept: KeptTables, files: Sequence[tuple[TelemetryPath, Receipt]], progress: Progress
) -> list[FrameFile]:
    """Decode those of the received telemetry files whose tables are not there.

    Parameters
    ----------
    workspace : open for writing
    kept : where the tables stand
    files : telemetry paths with their receipts

    Returns
    -------
    the frames of each file, in the order given
    """
    made: list[FrameFile] = []
    for done, (place, receipt) in enumerate(files):
        progress("decode", done, len(files))
        made.append(_find_or_make(workspace, kept, place, receipt))
    progress("decode", len(files), len(files))
    return made


def _find_or_make(workspace: Workspace, kept: KeptTables, place: TelemetryPath, receipt: Receipt) -> FrameFile:
    sha256 = receipt.manifest.sha256
    name = f"{sha256[:32]}-{hashlib.sha256(place.path.encode()).hexdigest()[:16]}"
    target = kept.folder / f"{name}.parquet"
    key = {"path": place.path, "sha256": sha256, "software": software_digest(*DECODING)}
    found = kept.find(name, key)
    note = msgspec.json.decode(found, type=FramesNote) if found else _make_table(workspace, place, receipt, target)
    if found is None:
        kept.keep(name, key, msgspec.json.encode(note), [target.name])
    return FrameFile(place=place, sha256=sha256, table=target, note=note, is_new=found is None)


def _make_table(workspace: Workspace, place: TelemetryPath, receipt: Receipt, target: Path) -> FramesNote:
    vins: set[str] = set()
    with workspace.open_received(receipt) as stream:
        reader = TelemetryReader(place.path, stream)
        part = target.with_name(f".{target.name}.part")
        with storage_errors(target):
            with pq.ParquetWriter(part, FRAMES_SCHEMA, compression="zstd", version="2.6") as writer:
                for batch in reader:
                    table = _table(batch, place)
                    vins.update(pc.unique(table["vin"].drop_null()).to_pylist())
                    writer.write_table(table)
            part.replace(target)
    return FramesNote(vins=tuple(sorted(vins)), findings=tuple(reader.findings))


def _table(batch: FrameBatch, place: TelemetryPath) -> pa.Table:
    columns = decode_columns(batch.frame_bytes, batch.offsets)
    unread = batch.problems != 0
    outcome = columns.values["outcome"].copy()
    outcome[unread] = NOT_READ
    unknown = ~batch.received_at_known
    made = {
        "file": pa.array([place.path] * len(batch), pa.string()),
        "row": pa.array(batch.rows),
        "folder_vin": pa.array([place.vin] * len(batch), pa.string()),
        "received_at_ms": pa.array(batch.received_at_ms, pa.int64(), mask=unknown),
        "received_at_s": pa.array(np.floor_divide(batch.received_at_ms, 1000), pa.int64(), mask=unknown),
    }
    for name in FRAME_COLUMNS:
        values = outcome if name == "outcome" else columns.values[name]
        missing = ~columns.valid[name]
        if name == "outcome":
            missing = np.zeros(len(batch), dtype=np.bool_)
        made[name] = pa.array(values, FRAMES_SCHEMA.field(name).type, mask=missing)
    return pa.table(made, schema=FRAMES_SCHEMA)


def iterate_frames(tables: Sequence[Path]) -> Iterator[dict[str, object]]:
    """Give the rows of frame tables one after another, as the plain reference reads them."""
    for path in tables:
        for batch in pq.ParquetFile(path).iter_batches():
            yield from batch.to_pylist()
