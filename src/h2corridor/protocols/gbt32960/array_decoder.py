"""The array decoder: many telemetry rows at once, grouped by layout, equal to the reference column by column.

Rows of one length make a matrix. Real-time frames in clear with a right check byte that agree with a known layout in
every structural byte (edition, item types, counts, lengths) are read at the same offsets; the first one that agrees
with none is walked once and makes its layout known. What is rare, damaged or otherwise not plain goes to the reference
decoder, row by row.
"""

from collections.abc import Iterator
from functools import lru_cache, reduce
from operator import or_

import numpy as np
from h2verify.gbt32960 import (
    EDITION_2016,
    EDITION_2025,
    EDITIONS,
    FRAME_OVERHEAD,
    PLAIN,
    REALTIME,
    REISSUE,
    RowDecoder,
    text_of,
)
from h2verify.gbt32960.frame import HEADER_SIZE
from h2verify.gbt32960.instant import TIME_SIZE
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .columns import Bools, Bytes, ColumnsBuilder, FrameColumns, Int64s
from .device_times import read_device_times
from .group_plan import GroupPlan, make_group_plan

PLANS_MAX = 1024
"""Layouts that are remembered; frames of further ones go to the reference decoder."""

_BLOCK_ROWS = 8192
"""Rows read at a time, so that a block stays in the processor's cache."""
_GROUP_ROWS_MIN = 4
"""Fewer rows of a length or layout are not worth arrays of their own."""
_SHORTEST_TIMED = FRAME_OVERHEAD + TIME_SIZE
"""A shorter data unit of a reading has no time."""
_VIN = slice(4, 21)
_MIXING = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)
"""Odd numbers that make one key of a VIN, which is sorted a good deal faster than its bytes."""
_EMPTY_COMMANDS = tuple(
    code
    for code, layout in EDITION_2016.commands.items()
    if layout.parts == () and not layout.timed and layout == EDITION_2025.commands[code]
)
_YEAR_BY_MARK = {edition.mark[0]: edition.year for edition in EDITIONS.values()}


class ArrayDecoder:
    """Gives what `h2verify.gbt32960.frame_columns_reference` gives, and remembers the layouts it has met."""

    def __init__(self) -> None:
        self._plans: dict[int, list[GroupPlan]] = {}
        self._plan_count = 0
        self._reference = RowDecoder()

    def decode(self, buffer: bytes, offsets: Int64s) -> FrameColumns:
        """The columns of the `frames` table, from `outcome` on, of many rows.

        Parameters
        ----------
        buffer
            The bytes of all rows, one after another.
        offsets
            Where each row begins, and where the last one ends; shape (rows + 1,), never falling.  [bytes]

        Raises
        ------
        ValueError
            The offsets fall, or point outside the buffer. Received bytes never raise.
        """
        lengths = np.diff(offsets)
        if len(offsets) == 0 or offsets[0] < 0 or offsets[-1] > len(buffer) or (lengths < 0).any():
            raise ValueError("offsets must not fall and must stay inside the buffer")
        out = ColumnsBuilder(buffer, len(lengths))
        data = np.frombuffer(buffer, dtype=np.uint8)
        rest = [np.zeros(0, dtype=np.int64)]
        for length, rows in _blocks(lengths):
            if len(rows) < _GROUP_ROWS_MIN or (length < _SHORTEST_TIMED and length != FRAME_OVERHEAD):
                rest.append(rows)
                continue
            block, other = _put_damaged(_Block(_matrix(data, offsets, rows, length), rows, offsets[rows]), out)
            rest += [other, _decode_empty(block, out) if length == FRAME_OVERHEAD else self._decode_block(block, out)]
        others = np.concatenate(rest)
        if len(others):
            places = zip(offsets[others].tolist(), offsets[others + 1].tolist(), strict=True)
            out.put_rows(others, [self._reference.read_row_columns(buffer[start:end]) for start, end in places])
        return out.build()

    def _decode_block(self, block: "_Block", out: ColumnsBuilder) -> Int64s:
        """Puts what can be read in groups; gives the rows left to the reference decoder."""
        left = np.ones(len(block.rows), dtype=np.bool_)
        open_rows = np.flatnonzero(block.is_plain((REALTIME, REISSUE)))
        plans = self._plans.setdefault(block.matrix.shape[1], [])
        known = iter(tuple(plans))
        while len(open_rows) >= _GROUP_ROWS_MIN:
            plan = next(known, None) or self._make_plan(block.matrix[open_rows[0]].tobytes(), plans)
            if plan is None:
                break
            agrees = plan.agrees(block.matrix if len(open_rows) == len(block.rows) else block.matrix[open_rows])
            group, open_rows = open_rows[agrees], open_rows[~agrees]
            if plan.is_regular and len(group):
                _put_group(block.part(group), plan, out)
                left[group] = False
        return block.rows[left]

    def _make_plan(self, frame: bytes, plans: list[GroupPlan]) -> GroupPlan | None:
        if self._plan_count >= PLANS_MAX:
            return None
        self._plan_count += 1
        plans.append(make_group_plan(frame, _YEAR_BY_MARK[frame[0]]))
        return plans[-1]


def decode_columns(buffer: bytes, offsets: Int64s) -> FrameColumns:
    """What a decoder that has met no layout yet gives; see `ArrayDecoder.decode`."""
    return ArrayDecoder().decode(buffer, offsets)


class _Block:
    """Rows of one length: their bytes as a matrix that is contiguous, their numbers, where each begins."""

    def __init__(self, matrix: Bytes, rows: Int64s, starts: Int64s) -> None:
        self.matrix = matrix
        self.rows = rows
        self.starts = starts

    def part(self, places: NDArray[np.intp] | Bools) -> "_Block":
        """Some of the rows."""
        if len(places) == len(self.rows) and places.dtype != np.bool_:
            return self
        return _Block(self.matrix[places], self.rows[places], self.starts[places])

    def is_plain(self, commands: tuple[int, ...]) -> Bools:
        """Frames of one of the commands, in clear."""
        plain: Bools = _is_one_of(self.matrix[:, 2], commands) & (self.matrix[:, 21] == PLAIN)
        return plain


def _blocks(lengths: Int64s) -> Iterator[tuple[int, Int64s]]:
    """Length and row indices of blocks of rows that are equally long."""
    # sixteen bits are sorted in linear time; whatever is longer shares the end and is told apart there
    order = np.argsort(np.minimum(lengths, 0xFFFF).astype(np.uint16), kind="stable")
    ordered = lengths[order]
    ends = [*(np.flatnonzero(np.diff(ordered)) + 1).tolist(), len(order)] if len(order) else []
    first = 0
    for end in ends:
        for start in range(first, end, _BLOCK_ROWS):
            yield int(ordered[first]), order[start : min(start + _BLOCK_ROWS, end)]
        first = end


def _matrix(data: Bytes, offsets: Int64s, rows: Int64s, length: int) -> Bytes:
    """The bytes of rows, shape (rows, length); a view where the rows lie side by side."""
    first, last = int(rows[0]), int(rows[-1])
    if last - first + 1 == len(rows) and int(offsets[last + 1] - offsets[first]) == len(rows) * length:
        return data[offsets[first] : offsets[last + 1]].reshape(len(rows), length)
    gathered: Bytes = sliding_window_view(data, length)[offsets[rows]]
    return gathered


def _is_one_of(values: Bytes, allowed: tuple[int, ...]) -> Bools:
    return reduce(or_, (values == each for each in allowed))


def _put_damaged(block: _Block, out: ColumnsBuilder) -> tuple[_Block, Int64s]:
    """Puts frames with a wrong check byte; gives those with a right one, and the rows that are not one whole frame.

    Both start marks are the same byte, so that the exclusive or of a whole frame is that of what the check covers.
    """
    matrix = block.matrix
    declared = matrix.shape[1] - FRAME_OVERHEAD
    whole: Bools = (
        _is_one_of(matrix[:, 0], tuple(_YEAR_BY_MARK))
        & (matrix[:, 0] == matrix[:, 1])
        & (matrix[:, 22] == declared >> 8)
        & (matrix[:, 23] == (declared & 0xFF))
    )
    right = whole & (np.bitwise_xor.reduce(matrix, axis=1) == 0)
    if right.all():
        return block, block.rows[:0]
    damaged = whole & ~right
    if damaged.any():
        _open_group(block.part(damaged), "bad_check_byte", out)
    return block.part(right), block.rows[~whole]


def _decode_empty(block: _Block, out: ColumnsBuilder) -> Int64s:
    """Puts frames without a data unit, as heartbeats are; gives the rows left to the reference decoder."""
    plain = block.is_plain(_EMPTY_COMMANDS)
    if plain.any():
        frames = block.part(plain)
        _open_group(frames, "ok", out)
        out.put_units(frames.starts + HEADER_SIZE, frames.starts + HEADER_SIZE)
    return block.rows[~plain]


def _put_group(block: _Block, plan: GroupPlan, out: ColumnsBuilder) -> None:
    seconds, is_time = read_device_times(block.matrix[:, HEADER_SIZE : HEADER_SIZE + TIME_SIZE])
    if not is_time.all():
        _open_group(block.part(~is_time), "unreadable_time", out)
        block, seconds = block.part(is_time), seconds[is_time]
    if len(block.rows):
        _open_group(block, "ok", out)
        out.put("device_time_s", seconds)
        out.put_units(block.starts + HEADER_SIZE, block.starts + (block.matrix.shape[1] - 1))
        plan.put(block.matrix, out)


def _open_group(block: _Block, outcome: str, out: ColumnsBuilder) -> None:
    """The next group of the columns, with what stands in its headers."""
    matrix = block.matrix
    out.open_group(block.rows)
    out.put_texts("outcome", [outcome])
    out.put("edition", np.where(matrix[:, 0] == EDITION_2016.mark[0], EDITION_2016.year, EDITION_2025.year))
    out.put("command", matrix[:, 2])
    out.put("response", matrix[:, 3])
    out.put("encryption", matrix[:, 21])
    out.put_texts("vin", *_vins(matrix[:, _VIN]))


def _vins(raw: Bytes) -> tuple[list[str], Int64s]:
    """The distinct VINs and which of them each row has."""
    if (raw == raw[:1]).all():
        return [_vin_text(raw[0].tobytes())], np.zeros(len(raw), dtype=np.int64)
    halves = np.ascontiguousarray(raw[:, 1:]).view(np.uint64)
    keys = halves[:, 0] * _MIXING[0] + halves[:, 1] * _MIXING[1] + raw[:, 0]
    distinct, codes = np.unique(keys, return_inverse=True)
    example = np.empty(len(distinct), dtype=np.int64)
    example[codes] = np.arange(len(raw))
    if (raw[example][codes] != raw).any():
        # two VINs that mix to one key
        return [_vin_text(vin.tobytes()) for vin in raw], np.arange(len(raw))
    return [_vin_text(vin.tobytes()) for vin in raw[example]], codes


@lru_cache(maxsize=4096)
def _vin_text(vin: bytes) -> str:
    return text_of(vin)
