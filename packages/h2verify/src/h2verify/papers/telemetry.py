"""Rows of a telemetry file: when each frame arrived, and its bytes."""

import csv
import re
from binascii import Error as HexError
from binascii import unhexlify
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from h2verify.papers.cells import find_instant_ms

RECEIVED_AT, FRAME = "received_at", "frame"
ROW_BYTES_MAX = 256 * 1024
INSTANT_BYTES_MAX = 64
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BREAKS = re.compile(r"[,\r\n]")


@dataclass(frozen=True, slots=True)
class TelemetryRow:
    """Row `row` of a file: what arrived, and when [ms since 1970-01-01 UTC], None where that cannot be read."""

    row: int
    received_at_ms: int | None
    frame: bytes


def read_telemetry(records: Iterable[tuple[bytes, bool]]) -> Iterator[TelemetryRow]:
    """The rows of a telemetry file that hold the bytes of a frame; rows that do not are passed over, and counted.

    Parameters
    ----------
    records : the records of the file's content, header first, each with whether it is cut short (the last of a content
        that could not be unpacked to its end, when it has no line end)
    """
    layout: _Layout | None = None
    follows_open = False
    for row, (record, is_cut) in enumerate(records):
        too_long = len(record) > ROW_BYTES_MAX or follows_open
        follows_open = not record.endswith(b"\n")
        if row == 0:
            layout = None if too_long or is_cut else _find_layout(_without_end(record))
            if layout is None:
                return
        elif layout is not None and not too_long and not is_cut:
            found = _find_row(row, layout, _without_end(record))
            if found is not None:
                yield found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Where the two columns stand in a row of so many cells."""

    cell_count: int
    time: int
    frame: int


def _find_layout(line: bytes) -> _Layout | None:
    try:
        rows = list(csv.reader([line.removeprefix(_BYTE_ORDER_MARK).decode("utf-8")], strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    names = rows[0] if len(rows) == 1 else []
    if names.count(RECEIVED_AT) != 1 or names.count(FRAME) != 1:
        return None
    return _Layout(cell_count=len(names), time=names.index(RECEIVED_AT), frame=names.index(FRAME))


def _find_row(row: int, layout: _Layout, line: bytes) -> TelemetryRow | None:
    cells: Sequence[bytes] = _quoted_cells(line) if b'"' in line else line.split(b",")
    if len(cells) != layout.cell_count or not cells[layout.frame]:
        return None
    try:
        frame = unhexlify(cells[layout.frame])
    except HexError:
        return None
    time = cells[layout.time]
    received_at_ms = find_instant_ms(time.decode("latin-1")) if len(time) <= INSTANT_BYTES_MAX else None
    return TelemetryRow(row, received_at_ms, frame)


def _quoted_cells(line: bytes) -> list[bytes]:
    """The cells of a row as they are meant; what would end a cell or a record inside one is a blank."""
    try:
        cells = next(csv.reader([line.decode("latin-1")], strict=True), [])
    except csv.Error:
        return line.replace(b'"', b"?").split(b",")
    return [_BREAKS.sub(" ", cell).encode("latin-1") for cell in cells]


def _without_end(record: bytes) -> bytes:
    return record.removesuffix(b"\n").removesuffix(b"\r")
