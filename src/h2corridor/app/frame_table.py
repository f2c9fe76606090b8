"""One received telemetry file as one Parquet file of the `frames` table; runs in this process or in another.

What it imports is little, for every process of a pool imports it anew.
"""

from binascii import hexlify
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from h2verify.gbt32960 import FRAME_COLUMNS, TEXT_COLUMNS
from numpy.typing import NDArray

from h2corridor.intake import FrameBatch, TelemetryPath, TelemetryReader
from h2corridor.model.findings import Finding
from h2corridor.protocols.gbt32960 import ArrayDecoder, CodedTexts, FrameColumns

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


class FramesNote(msgspec.Struct, frozen=True, kw_only=True):
    """What was found while a file was decoded: the VINs its frames name, and what is wrong with it."""

    vins: tuple[str, ...]
    findings: tuple[Finding, ...]


def write_frame_table(content: Path, place: TelemetryPath, target: Path) -> FramesNote:
    """Decode a telemetry file into a Parquet file, and give what was found in it.

    Parameters
    ----------
    content : the received bytes
    place : their path in the data set
    target : appears when it is whole

    Raises
    ------
    OSError
        A file cannot be read or written.
    """
    decoder = ArrayDecoder()
    vins: set[str] = set()
    part = target.with_name(f".{target.name}.part")
    with content.open("rb") as stream:
        reader = TelemetryReader(place.path, stream)
        with pa.OSFile(str(part), "wb") as sink, pq.ParquetWriter(sink, FRAMES_SCHEMA, **PARQUET) as writer:
            for batch in reader:
                columns = decoder.decode(batch.frame_bytes, batch.offsets)
                table = frame_table(batch, place, columns)
                vins.update(pc.unique(table["vin"].drop_null()).to_pylist())
                writer.write_table(table)
    part.replace(target)
    return FramesNote(vins=tuple(sorted(vins)), findings=tuple(reader.findings))


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
        "data_unit_digest": _digest_texts(*columns.digest_units()),
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
    text = pa.py_buffer(hexlify(digests[known].tobytes()))
    return pa.StringArray.from_buffers(len(known), pa.py_buffer(ends * digits), text, _bitmap(known))


def _bitmap(known: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(known, bitorder="little"))
