"""The array decoder: many telemetry rows at once, grouped by layout, equal to the reference column by column.

Rows of one length are gathered into a matrix. Of the real-time frames in clear with a right check byte, the first is
walked once; all that agree with it in every structural byte (edition, item types, counts, lengths) are read at the same
offsets; then the first of the others, and so on. What is rare, damaged or otherwise not plain goes to the reference
decoder, row by row.
"""

from collections.abc import Iterator
from hashlib import sha256

import numpy as np
from h2verify.gbt32960 import (
    EDITION_2016,
    EDITION_2025,
    EDITIONS,
    FRAME_OVERHEAD,
    PLAIN,
    REALTIME,
    REISSUE,
    read_row_columns,
    text_of,
)
from h2verify.gbt32960.frame import HEADER_SIZE
from h2verify.gbt32960.instant import TIME_SIZE, YEAR_MAX
from h2verify.gbt32960.plan import LayoutPlan, ListPlaces, Place, plan_layout
from h2verify.gbt32960.rows import CURRENT_ABNORMAL
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .columns import Bools, ColumnsBuilder, FrameColumns, Rows

Bytes = NDArray[np.uint8]

_BLOCK_ROWS = 8192
"""Rows read at a time, so that a block stays in the processor's cache."""
_GROUP_ROWS_MIN = 4
"""Fewer rows of a length or layout are not worth a walk of their own."""
_LAYOUTS_MAX = 64
"""Layouts tried in one block; the rows left after so many go to the reference decoder."""
_EMPTY_COMMANDS = tuple(
    code
    for code, layout in EDITION_2016.commands.items()
    if layout.parts == () and not layout.timed and layout == EDITION_2025.commands[code]
)
_UTC_PLUS_8_S = 8 * 3600
_YEAR_BY_MARK = {edition.mark[0]: edition.year for edition in EDITIONS.values()}


def decode_columns(buffer: bytes | memoryview, offsets: NDArray[np.int64]) -> FrameColumns:
    """The columns of the `frames` table, from `outcome` on, of many rows.

    Parameters
    ----------
    buffer
        The bytes of all rows, one after another.
    offsets
        Where each row begins, and where the last one ends; shape (rows + 1,), never falling.  [bytes]

    Returns
    -------
    FrameColumns
        Arrays of shape (rows,); the same values as `h2verify.gbt32960.frame_columns_reference`.

    Raises
    ------
    ValueError
        The offsets fall, or point outside the buffer. Received bytes never raise.
    """
    view = memoryview(buffer).cast("B")
    lengths = np.diff(offsets)
    if len(offsets) == 0 or offsets[0] < 0 or offsets[-1] > len(view) or (lengths < 0).any():
        raise ValueError("offsets must not fall and must stay inside the buffer")
    out = ColumnsBuilder(len(lengths))
    data = np.frombuffer(view, dtype=np.uint8)
    for length, rows in _blocks(lengths):
        rest = rows
        if len(rows) >= _GROUP_ROWS_MIN and (length == FRAME_OVERHEAD or length >= FRAME_OVERHEAD + TIME_SIZE):
            matrix = sliding_window_view(data, length)[offsets[rows]]
            rest = _decode_empty(matrix, rows, out) if length == FRAME_OVERHEAD else _decode_block(matrix, rows, out)
        for row in rest.tolist():
            out.put_row(row, read_row_columns(bytes(view[offsets[row] : offsets[row + 1]])))
    return out.build()


def _blocks(lengths: NDArray[np.int64]) -> Iterator[tuple[int, Rows]]:
    """Length and row indices of blocks of rows that are equally long."""
    order = np.argsort(lengths, kind="stable")
    distinct, starts = np.unique(lengths[order], return_index=True)
    ends = [*starts.tolist()[1:], len(order)]
    for length, first, end in zip(distinct.tolist(), starts.tolist(), ends[: len(starts)], strict=True):
        for start in range(first, end, _BLOCK_ROWS):
            yield length, order[start : min(start + _BLOCK_ROWS, end)]


def _decode_empty(matrix: Bytes, rows: Rows, out: ColumnsBuilder) -> Rows:
    """Puts frames without a data unit, as heartbeats are; gives the rows left to the reference decoder."""
    done = _is_plain(matrix, _EMPTY_COMMANDS)
    matrix, left, rows = matrix[done], rows[~done], rows[done]
    _put_header(matrix, rows, out)
    out.put("edition", rows, np.where(matrix[:, 0] == EDITION_2016.mark[0], EDITION_2016.year, EDITION_2025.year))
    out.put("outcome", rows, "ok")
    out.put("data_unit_digest", rows, sha256().hexdigest()[:32])
    return left


def _decode_block(matrix: Bytes, rows: Rows, out: ColumnsBuilder) -> Rows:
    """Puts what can be read in groups; gives the rows left to the reference decoder."""
    done = np.zeros(len(rows), dtype=np.bool_)
    open_rows = np.flatnonzero(_is_plain(matrix, (REALTIME, REISSUE)))
    for _ in range(_LAYOUTS_MAX):
        if len(open_rows) < _GROUP_ROWS_MIN:
            break
        example = matrix[open_rows[0]]
        plan = plan_layout(example.tobytes(), _YEAR_BY_MARK[int(example[0])])
        structure = np.array(plan.structure)
        agrees = (matrix[np.ix_(open_rows, structure)] == example[structure]).all(axis=1)
        if plan.is_regular:
            group = open_rows[agrees]
            _put_group(matrix if len(group) == len(matrix) else matrix[group], rows[group], plan, out)
            done[group] = True
        open_rows = open_rows[~agrees]
    return rows[~done]


def _is_plain(matrix: Bytes, commands: tuple[int, ...]) -> Bools:
    """Whole frames of one of the commands, in clear, with a right check byte."""
    length = matrix.shape[1]
    declared = _integers(matrix, Place(22, 2))
    plain: Bools = (
        np.isin(matrix[:, 0], list(_YEAR_BY_MARK))
        & (matrix[:, 0] == matrix[:, 1])
        & np.isin(matrix[:, 2], commands)
        & (matrix[:, 21] == PLAIN)
        & (declared == length - FRAME_OVERHEAD)
        & (np.bitwise_xor.reduce(matrix[:, 2:], axis=1) == 0)
    )
    return plain


def _integers(matrix: Bytes, place: Place) -> NDArray[np.int64]:
    """The big-endian integers at one place of every row; shape (rows,)."""
    raw = np.ascontiguousarray(matrix[:, place.offset : place.offset + place.width])
    return raw.view(f">u{place.width}")[:, 0].astype(np.int64)


def _put_header(matrix: Bytes, rows: Rows, out: ColumnsBuilder) -> None:
    out.put("command", rows, matrix[:, 2])
    out.put("response", rows, matrix[:, 3])
    out.put("encryption", rows, PLAIN)
    out.put("vin", rows, _vins(matrix))


def _put_group(matrix: Bytes, rows: Rows, plan: LayoutPlan, out: ColumnsBuilder) -> None:
    _put_header(matrix, rows, out)
    out.put("edition", rows, _YEAR_BY_MARK[int(matrix[0, 0])])
    seconds, is_time = _device_times(matrix[:, HEADER_SIZE : HEADER_SIZE + TIME_SIZE])
    if not is_time.all():
        out.put("outcome", rows[~is_time], "unreadable_time")
        matrix, rows, seconds = matrix[is_time], rows[is_time], seconds[is_time]
    out.put("outcome", rows, "ok")
    out.put("device_time_s", rows, seconds)
    out.put("data_unit_digest", rows, _digests(matrix))
    for name, constant in plan.constants.items():
        out.put(name, rows, constant)
    for name, place in plan.places.items():
        out.put(name, rows, _integers(matrix, place))
    for name, places in plan.sums.items():
        parts = np.stack([_integers(matrix, place) for place in places])
        known = (parts < CURRENT_ABNORMAL).all(axis=0)
        out.put(name, rows[known], parts.sum(axis=0)[known])
    for name, lists in plan.lists.items():
        _put_extremes(matrix, rows, name, lists, out)


def _put_extremes(matrix: Bytes, rows: Rows, name: str, lists: ListPlaces, out: ColumnsBuilder) -> None:
    """Puts the highest and the lowest value of lists, without sentinels; nothing where there is no other value."""
    columns = [matrix[:, start : start + count * lists.width] for start, count in lists.spans if count]
    packed = np.ascontiguousarray(np.concatenate(columns, axis=1))
    values = packed.view(f">u{lists.width}").astype(np.int64)
    known = values < lists.abnormal
    some = known.any(axis=1)
    highest, lowest = np.where(known, values, -1).max(axis=1), np.where(known, values, lists.abnormal).min(axis=1)
    out.put(f"{name}_max_raw", rows[some], highest[some])
    out.put(f"{name}_min_raw", rows[some], lowest[some])


def _vins(matrix: Bytes) -> NDArray[np.object_]:
    packed = matrix[:, 4:21].tobytes()
    texts: dict[bytes, str] = {}
    vins = np.empty(len(matrix), dtype=object)
    for row in range(len(matrix)):
        raw = packed[17 * row : 17 * row + 17]
        vins[row] = texts[raw] if raw in texts else texts.setdefault(raw, text_of(raw))
    return vins


def _digests(matrix: Bytes) -> NDArray[np.object_]:
    """The first 16 bytes of the SHA-256 of every data unit, in hexadecimal."""
    units = memoryview(matrix[:, HEADER_SIZE:-1].tobytes())
    size = matrix.shape[1] - FRAME_OVERHEAD
    digests = np.empty(len(matrix), dtype=object)
    digests[:] = [sha256(units[at : at + size]).hexdigest()[:32] for at in range(0, len(units), size)]
    return digests


def _device_times(times: Bytes) -> tuple[NDArray[np.int64], Bools]:
    """Seconds since 1970-01-01 UTC of six-byte times (UTC+8), and which of them are times at all.  [s]"""
    year, month, day, hour, minute, second = times.astype(np.int64).T
    months = np.where((month >= 1) & (month <= 12), (year + 30) * 12 + month - 1, 0)
    first = months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    after = (months + 1).astype("M8[M]").astype("M8[D]").astype(np.int64)
    is_date = (year <= YEAR_MAX) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= after - first)
    is_time = is_date & (hour < 24) & (minute < 60) & (second < 60)
    seconds = (first + day - 1) * 86_400 + hour * 3600 + minute * 60 + second - _UTC_PLUS_8_S
    return seconds, is_time
