"""Frames of any file as JSON: hexadecimal lines, a telemetry csv.gz, or a raw byte stream."""

import binascii
import codecs
import datetime
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from h2verify.errors import DecodeError
from h2verify.gbt32960 import decode_frame, frame_to_json, split_stream

from h2corridor.intake import TelemetryReader
from h2corridor.model.errors import InputError

GZIP_MAGIC = b"\x1f\x8b"
CHUNK_BYTES = 1 << 16
LINE_BYTES_MAX = 1 << 20
_BEIJING = datetime.timezone(datetime.timedelta(hours=8))
"""Times of receipt are shown in the time zone of the protocol's own times."""
_HEX = frozenset(b"0123456789abcdefABCDEF \t\r\n,:-+.TZ")
_FRAME_LINE = re.compile(rb"^([^,\n]*,)?(2323|2424)[0-9a-fA-F]{40,}", re.MULTILINE)
"""A line that begins as a frame does, with a time of receipt before it or without: others beside it may be damaged."""
_MARKED_LINE = re.compile(rb"^(##|\$\$)", re.MULTILINE)

Record = dict[str, Any]


def decode_stream(stream: BinaryIO, name: str) -> Iterator[Record]:
    """Give one record a frame, or a record that says why there is none.

    Parameters
    ----------
    stream : opened for bytes; one that can be peeked into (`io.BufferedReader`)
    name : of the file, for findings

    Returns
    -------
    records with `row` (or `offset` in a raw stream), `received_at` where known, and the frame's own keys, or `error`

    Raises
    ------
    InputError
        `decode.not-frames`: it is text, and no line of hexadecimal.
    """
    start = stream.peek(CHUNK_BYTES)[:CHUNK_BYTES] if hasattr(stream, "peek") else b""
    if start.startswith(GZIP_MAGIC):
        yield from _telemetry(stream, name)
    elif (start and frozenset(start) <= _HEX) or _FRAME_LINE.search(start):
        yield from _hex_lines(stream)
    elif _is_text(start):
        raise InputError(
            "decode.not-frames",
            "expected frames, came text.",
            about=name,
            next_step="Name a file of hexadecimal lines, a telemetry csv.gz, or the raw bytes of frames.",
        )
    else:
        yield from _raw(stream)


def _is_text(start: bytes) -> bool:
    """Whether bytes are text of which no line begins with a frame's start mark, without control characters; a cut
    character is let be."""
    if not start or _MARKED_LINE.search(start) or any(byte < 32 and byte not in b"\t\n\r\f" for byte in start):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True


def _telemetry(stream: BinaryIO, name: str) -> Iterator[Record]:
    reader = TelemetryReader(name, stream)
    for batch in reader:
        for place in range(len(batch)):
            data = batch.frame_bytes[int(batch.offsets[place]) : int(batch.offsets[place + 1])]
            known = bool(batch.received_at_known[place])
            received_at = _instant_text(int(batch.received_at_ms[place])) if known else None
            yield {"row": batch.first_row + place, "received_at": received_at, **_frame(data)}
    for finding in reader.findings:
        yield {"row": finding.row, "received_at": None, "error": finding.check, "params": finding.params}


def _hex_lines(stream: BinaryIO) -> Iterator[Record]:
    row = 0
    while line := stream.readline(LINE_BYTES_MAX):
        text = line.strip()
        if not text:
            continue
        row += 1
        received_at, _, last = text.rpartition(b",")
        try:
            data = binascii.unhexlify(last.replace(b" ", b""))
        except binascii.Error as error:
            yield {"row": row, "received_at": None, "error": "frame.not-hex", "message": str(error)}
            continue
        yield {"row": row, "received_at": received_at.decode("ascii", "replace") or None, **_frame(data)}


def _raw(stream: BinaryIO) -> Iterator[Record]:
    for row, segment in enumerate(split_stream(iter(lambda: stream.read(CHUNK_BYTES), b"")), start=1):
        place: Record = {"row": row, "received_at": None, "offset": segment.offset}
        if segment.kind == "frame":
            yield {**place, **_frame(segment.data)}
        else:
            yield {**place, "error": f"stream.{segment.kind}", "hex": segment.data.hex()}


def _instant_text(at_ms: int) -> str:
    return datetime.datetime.fromtimestamp(at_ms / 1000, _BEIJING).isoformat(timespec="milliseconds")


def _frame(data: bytes) -> Record:
    try:
        return frame_to_json(decode_frame(data))
    except DecodeError as error:
        return {"error": error.code, "message": str(error), "hex": data.hex()}
