"""Received telemetry as the `frames` table: one Parquet file a received file, made anew by every run.

The tables are derived: they can be removed at any time and come again with the same bytes.
"""

import hashlib
from binascii import hexlify
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from h2verify.gbt32960 import FRAME_COLUMNS, TEXT_COLUMNS
from numpy.typing import NDArray

from h2corridor.intake import FrameBatch, TelemetryPath, TelemetryReader
from h2corridor.model.findings import Finding
from h2corridor.protocols.gbt32960 import ArrayDecoder, CodedTexts, FrameColumns
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

_TEXTS = [field.name for field in FRAMES_SCHEMA if field.type == pa.string() and field.name != "data_unit_digest"]
PARQUET: dict[str, Any] = {
    "version": "2.6",
    "compression": "zstd",
    "use_dictionary": _TEXTS,
    "column_encoding": {field.name: "DELTA_BINARY_PACKED" for field in FRAMES_SCHEMA if field.type == pa.int64()},
    "write_statistics": False,
}
"""Differences packed for integers, dictionaries for texts that repeat: half the time and size of the defaults."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done and how much there is."""


def make_frames(
    workspace: Workspace, files: Sequence[tuple[TelemetryPath, Receipt]], progress: Progress
) -> tuple[list[Path], list[Finding]]:
    """Decode the received telemetry files.

    Parameters
    ----------
    workspace : open for writing
    files : telemetry paths with their receipts

    Returns
    -------
    the Parquet files, in the order given, and what intake found in the received ones
    """
    folder = workspace.tables_path / "frames"
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    tables: list[Path] = []
    findings: list[Finding] = []
    for done, (place, receipt) in enumerate(files):
        progress("decode", done, len(files))
        name = hashlib.sha256(place.path.encode()).hexdigest()[:16]
        target = folder / f"{receipt.manifest.sha256[:32]}.{name}.parquet"
        findings += _make_table(workspace, place, receipt, target)
        tables.append(target)
    progress("decode", len(files), len(files))
    return tables, findings


def _make_table(workspace: Workspace, place: TelemetryPath, receipt: Receipt, target: Path) -> list[Finding]:
    with workspace.open_received(receipt) as stream:
        reader = TelemetryReader(place.path, stream)
        decoder = ArrayDecoder()
        part = target.with_name(f".{target.name}.part")
        with storage_errors(target):
            with pa.OSFile(str(part), "wb") as sink, pq.ParquetWriter(sink, FRAMES_SCHEMA, **PARQUET) as writer:
                for batch in reader:
                    columns = decoder.decode(batch.frame_bytes, batch.offsets)
                    writer.write_table(frame_table(batch, place, columns))
            part.replace(target)
    return reader.findings


def frame_table(batch: FrameBatch, place: TelemetryPath, columns: FrameColumns) -> pa.Table:
    """Give a batch of rows, and what they were decoded to, as rows of the `frames` table."""
    outcome = columns.texts["outcome"]
    unread = np.where(batch.problems != 0, len(outcome.texts), outcome.codes)
    texts = dict(columns.texts) | {"outcome": CodedTexts(codes=unread, texts=(*outcome.texts, NOT_READ))}
    made = {
        "file": _repeated(place.path, len(batch)),
        "row": pa.array(batch.rows),
        "folder_vin": _repeated(place.vin, len(batch)),
        "received_at_ms": _integers(batch.received_at_ms, batch.received_at_known),
        "received_at_s": _integers(batch.received_at_ms // 1000, batch.received_at_known),
        "data_unit_digest": _digest_texts(columns.digests, columns.digests_known),
        **{name: _texts(coded) for name, coded in texts.items()},
        **{name: _integers(values, columns.known[name]) for name, values in columns.integers.items()},
    }
    return pa.table(made, schema=FRAMES_SCHEMA)


def _integers(values: NDArray[np.int64], known: NDArray[np.bool_]) -> pa.Array:
    return pa.array(values) if known.all() else pa.array(values, mask=~known)


def _repeated(text: str, rows: int) -> pa.Array:
    return _texts(CodedTexts(codes=np.zeros(rows, dtype=np.int32), texts=(text,)))


def _texts(coded: CodedTexts) -> pa.Array:
    return pa.array(coded.texts, pa.string()).take(pa.array(coded.codes, mask=coded.codes < 0))


def _digest_texts(digests: NDArray[np.uint8], known: NDArray[np.bool_]) -> pa.Array:
    """Digests in hexadecimal, absent where they are not known."""
    digits = 2 * digests.shape[1]
    ends = np.zeros(len(known) + 1, dtype=np.int32)
    np.cumsum(known, out=ends[1:])
    text = pa.py_buffer(hexlify(digests[known]))
    return pa.StringArray.from_buffers(len(known), pa.py_buffer(ends * digits), text, _bitmap(known))


def _bitmap(known: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(known, bitorder="little"))


def iterate_frames(tables: Sequence[Path]) -> Iterator[dict[str, object]]:
    """Give the rows of frame tables one after another, as the plain reference reads them."""
    for path in tables:
        for batch in pq.ParquetFile(path).iter_batches():
            yield from batch.to_pylist()
