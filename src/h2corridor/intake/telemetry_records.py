"""The content of a telemetry file cut into records and cells, in arrays of positions.

Records are those of `h2verify.rows`, so that row numbers are the evidence's; quotes round a cell are no part of it.
"""

import csv
import re
from binascii import Error as HexError
from binascii import unhexlify
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import chain

import numpy as np
from h2verify.rows import MAX_RECORD_BYTES, split_records
from numpy.typing import NDArray

from h2corridor.intake.received_times import Bools, Int64s

ROW_BYTES_MAX = 256 * 1024
BLOCK_BYTES_MAX = 8 * 1024 * 1024
_NEWLINE, _RETURN, _COMMA = b"\n\r,"
_BREAKS = re.compile(r"[,\r\n]")

Bytes = NDArray[np.uint8]


class RowProblem(IntEnum):
    """Why a row has no frame; NONE where it has one."""

    NONE = 0
    NOT_HEX = 1
    NO_FRAME = 2
    WRONG_CELL_COUNT = 3
    TOO_LONG = 4
    CUT_SHORT = 5
    BLANK = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBlock:
    """Whole records in a row: their bytes, where each begins and ends (line end left out), the commas between cells.

    `too_long` marks a record over `ROW_BYTES_MAX` and each piece of one; a record with quotes stands here without them.
    `is_open` says that the last record has no line end.
    """

    text: bytes
    array: Bytes
    starts: Int64s
    ends: Int64s
    commas: Int64s
    too_long: Bools
    is_open: bool

    def __len__(self) -> int:
        return len(self.starts)

    def part(self, first: int, last: int) -> "RecordBlock":
        """The records from first up to last, over the same bytes."""
        return replace(
            self,
            starts=self.starts[first:last],
            ends=self.ends[first:last],
            too_long=self.too_long[first:last],
            is_open=self.is_open and last >= len(self),
        )


def cut_blocks(content: Iterable[bytes], rows_max: int) -> Iterator[RecordBlock]:
    """The records of a content, cut as the evidence cuts them, in blocks of at most so many rows and some megabytes.

    A block whose last record is open is given after the content has ended. While there are no quotes and no record of
    more than the evidence's limit, records end where lines end; from there on `split_records` says where.
    """
    pieces = iter(content)
    pending = b""
    for piece in pieces:
        data = pending + piece
        array = np.frombuffer(data, dtype=np.uint8)
        after = np.flatnonzero(array == _NEWLINE).astype(np.int64, copy=False) + 1
        longest = int(np.diff(after, prepend=0, append=len(data)).max())
        if b'"' in data or longest > MAX_RECORD_BYTES:
            yield from _cut_one_by_one(chain((data,), pieces), rows_max)
            return
        pending = data
        if len(after):
            lengths = np.diff(after, prepend=0)
            whole = _block(data, lengths, lengths > ROW_BYTES_MAX)
            yield from (whole.part(first, first + rows_max) for first in range(0, len(after), rows_max))
            pending = data[int(after[-1]) :]
    if pending:
        yield _block(pending, np.array([len(pending)]), np.array([len(pending) > ROW_BYTES_MAX]))


def _cut_one_by_one(content: Iterable[bytes], rows_max: int) -> Iterator[RecordBlock]:
    records: list[bytes] = []
    size = 0
    is_open = False
    for record in split_records(content):
        records.append(record)
        size += len(record)
        if len(records) >= rows_max or size >= BLOCK_BYTES_MAX:
            yield _block_of(records, is_open)
            is_open = not records[-1].endswith(b"\n")
            records, size = [], 0
    if records:
        yield _block_of(records, is_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the two columns stand in a record of so many cells."""

    cell_count: int
    time: int
    frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Where the cells of each record begin and end, shape (n,); both zero where the record has a problem."""

    time_starts: Int64s
    time_ends: Int64s
    frame_starts: Int64s
    frame_ends: Int64s
    problems: Bytes


def locate_cells(block: RecordBlock, layout: Layout) -> Cells:
    """The time and frame cells of every record of a block."""
    first = np.searchsorted(block.commas, block.starts)
    count = np.searchsorted(block.commas, block.ends) - first
    problems = np.zeros(len(block.starts), dtype=np.uint8)
    problems[count != layout.cell_count - 1] = RowProblem.WRONG_CELL_COUNT
    problems[block.ends == block.starts] = RowProblem.BLANK
    problems[block.too_long] = RowProblem.TOO_LONG
    time_starts, time_ends = _column(block, first, layout.time, layout.cell_count, problems)
    frame_starts, frame_ends = _column(block, first, layout.frame, layout.cell_count, problems)
    problems[(problems == RowProblem.NONE) & (frame_starts == frame_ends)] = RowProblem.NO_FRAME
    return Cells(
        time_starts=time_starts,
        time_ends=time_ends,
        frame_starts=frame_starts,
        frame_ends=frame_ends,
        problems=problems,
    )


def decode_frames(text: bytes, cells: Cells) -> tuple[bytes, Int64s, Bytes]:
    """The bytes of all frames one after another, where each begins and the last ends, and the problem of each row.

    A frame is empty where there is a problem. Cells with an even number of digits are joined and decoded in one go;
    where one of them is no hexadecimal, they are decoded one by one.
    """
    digits = cells.frame_ends - cells.frame_starts
    is_hex = digits % 2 == 0
    places = zip(cells.frame_starts[is_hex].tolist(), cells.frame_ends[is_hex].tolist(), strict=True)
    found = [text[start:end] for start, end in places]
    try:
        frames = unhexlify(b"".join(found))
    except HexError:
        decoded = [_find_frame(each) for each in found]
        is_hex[is_hex] = np.fromiter((frame is not None for frame in decoded), dtype=np.bool_, count=len(decoded))
        frames = b"".join(frame for frame in decoded if frame is not None)
    offsets = np.zeros(len(digits) + 1, dtype=np.int64)
    np.cumsum(np.where(is_hex, digits // 2, 0), out=offsets[1:])
    return frames, offsets, np.where(is_hex, cells.problems, np.uint8(RowProblem.NOT_HEX))


def _find_frame(digits: bytes) -> bytes | None:
    try:
        return unhexlify(digits)
    except HexError:
        return None


def _block_of(records: list[bytes], follows_open: bool) -> RecordBlock:
    """A block of records; one after an open one is the next piece of it."""
    too_long = _lengths(records) > ROW_BYTES_MAX
    is_open = np.fromiter((not record.endswith(b"\n") for record in records), dtype=np.bool_, count=len(records))
    too_long |= np.concatenate(([follows_open], is_open[:-1]))
    plain = [_without_quotes(record) if b'"' in record else record for record in records]
    return _block(b"".join(plain), _lengths(plain), too_long)


def _block(text: bytes, lengths: Int64s, too_long: Bools) -> RecordBlock:
    array = np.frombuffer(text, dtype=np.uint8)
    after = np.cumsum(lengths)
    starts = after - lengths
    looked_at = array if len(array) else np.zeros(1, dtype=np.uint8)
    closed = (lengths > 0) & (looked_at[after - 1] == _NEWLINE)
    ends = after - closed
    ends = ends - ((ends > starts) & (looked_at[ends - 1] == _RETURN))
    return RecordBlock(
        text=text,
        array=array,
        starts=starts,
        ends=ends,
        commas=np.flatnonzero(array == _COMMA).astype(np.int64, copy=False),
        too_long=too_long,
        is_open=not closed[-1],
    )


def _lengths(parts: list[bytes]) -> Int64s:
    return np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))


def _without_quotes(record: bytes) -> bytes:
    """The record with its cells as they are meant; what would end a cell or a record inside one becomes a blank."""
    try:
        cells = next(csv.reader([record.decode("latin-1")], strict=True), [])
    except csv.Error:
        return record.replace(b'"', b"?")
    line_end = b"\n" if record.endswith(b"\n") else b""
    return ",".join(_BREAKS.sub(" ", cell) for cell in cells).encode("latin-1") + line_end


def _column(block: RecordBlock, first: Int64s, column: int, count: int, problems: Bytes) -> tuple[Int64s, Int64s]:
    """Begin and end of one cell of each record without a problem."""
    good = problems == RowProblem.NONE
    starts, ends = np.zeros(len(good), dtype=np.int64), np.zeros(len(good), dtype=np.int64)
    if not good.any():
        return starts, ends
    begin = block.starts[good] if column == 0 else block.commas[first[good] + column - 1] + 1
    end = block.ends[good] if column == count - 1 else block.commas[first[good] + column]
    starts[good], ends[good] = begin, end
    return starts, ends
