"""Times of receipt of many rows at once: ISO 8601 with offset to milliseconds, the common shapes in arrays.

What the arrays cannot read is read again one by one, so that both ways give the same answer.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from h2corridor.intake.cells import INSTANT_MS_MAX, INSTANT_MS_MIN, parse_instant_ms

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
_TEXT_MAX = 64
_DAYS_IN_MONTH = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int64)
_SHAPES = {
    29: "dddd-dd-ddTdd:dd:dd.ddd+dd:dd",
    25: "dddd-dd-ddTdd:dd:dd+dd:dd",
    24: "dddd-dd-ddTdd:dd:dd.dddZ",
    20: "dddd-dd-ddTdd:dd:ddZ",
}


def read_received_times(text: NDArray[np.uint8], starts: Int64s, ends: Int64s) -> tuple[Int64s, Bools]:
    """Milliseconds since 1970-01-01 UTC, and whether each could be read.

    Parameters
    ----------
    text
        The bytes that hold all cells.
    starts, ends
        Where each cell begins and ends, shape (n,).

    Returns
    -------
    array of int64, shape (n,)
        Zero where it could not be read.
    array of bool, shape (n,)
        True where it could be read.
    """
    instants = np.zeros(len(starts), dtype=np.int64)
    known = np.zeros(len(starts), dtype=np.bool_)
    lengths = ends - starts
    for length, shape in _SHAPES.items():
        rows = np.flatnonzero(lengths == length)
        if len(rows):
            cells = np.ascontiguousarray(sliding_window_view(text, length)[starts[rows]].T)
            instants[rows], known[rows] = _read_shape(cells, shape)
    known &= (instants >= INSTANT_MS_MIN) & (instants <= INSTANT_MS_MAX)
    for row in np.flatnonzero(~known & (lengths > 0) & (lengths <= _TEXT_MAX)).tolist():
        instant = parse_instant_ms(text[starts[row] : ends[row]].tobytes().decode("latin-1"))
        if isinstance(instant, int):
            instants[row], known[row] = instant, True
    return np.where(known, instants, 0), known


def _read_shape(cells: NDArray[np.uint8], shape: str) -> tuple[Int64s, Bools]:
    """Cells of one shape, a place of the text a row of `cells`; a date that all share is reckoned once."""
    digits = cells - 48
    number = [position for position, each in enumerate(shape) if each == "d"]
    good: Bools = np.all(digits[number] <= 9, axis=0)
    fixed = [position for position, each in enumerate(shape) if each not in "d+"]
    good &= np.all(cells[fixed] == np.frombuffer(shape.encode(), dtype=np.uint8)[fixed, None], axis=0)

    def whole(first: int, count: int, digits: NDArray[np.uint8] = digits) -> Int64s:
        value: Int64s = digits[first].astype(np.int64)
        for position in range(first + 1, first + count):
            value = value * 10 + digits[position]
        return value

    date = digits[:, :1] if (cells[:10] == cells[:10, :1]).all() else digits
    year, month, day = whole(0, 4, date), whole(5, 2, date), whole(8, 2, date)
    hour, minute, second = whole(11, 2), whole(14, 2), whole(17, 2)
    good &= _is_date(year, month, day) & (hour < 24) & (minute < 60) & (second < 60)
    seconds = _days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    if "+" in shape:
        sign = shape.index("+")
        east, west = cells[sign] == ord("+"), cells[sign] == ord("-")
        offset_minutes = whole(sign + 1, 2) * 60 + whole(sign + 4, 2)
        good &= (east | west) & (offset_minutes <= 14 * 60) & (whole(sign + 4, 2) < 60)
        seconds -= np.where(west, -offset_minutes, offset_minutes) * 60
    milliseconds = whole(20, 3) if "." in shape else 0
    return np.where(good, seconds * 1000 + milliseconds, 0), good


def _is_date(year: Int64s, month: Int64s, day: Int64s) -> Bools:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = _DAYS_IN_MONTH[np.where(month <= 12, month, 0)] + (leap & (month == 2))
    good: Bools = (year >= 1) & (day >= 1) & (day <= days)
    return good


def _days(year: Int64s, month: Int64s, day: Int64s) -> Int64s:
    """Days since 1970-01-01 in the Gregorian calendar; years begin in March, so that a leap day ends one."""
    shifted = year - (month <= 2)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days: Int64s = shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + day_of_year - 719_468
    return days
