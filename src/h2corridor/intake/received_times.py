"""Times of receipt of many rows at once: ISO 8601 with offset to milliseconds, the common shapes in arrays.

What the arrays cannot read is read again one by one, so that both ways give the same answer.
"""

import numpy as np
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
            cells = text[starts[rows, None] + np.arange(length)]
            instants[rows], known[rows] = _read_shape(cells, shape)
    known &= (instants >= INSTANT_MS_MIN) & (instants <= INSTANT_MS_MAX)
    for row in np.flatnonzero(~known & (lengths > 0) & (lengths <= _TEXT_MAX)).tolist():
        instant = parse_instant_ms(text[starts[row] : ends[row]].tobytes().decode("latin-1"))
        if isinstance(instant, int):
            instants[row], known[row] = instant, True
    return np.where(known, instants, 0), known


def _read_shape(cells: NDArray[np.uint8], shape: str) -> tuple[Int64s, Bools]:
    digits = cells - 48
    number = [position for position, each in enumerate(shape) if each == "d"]
    good: Bools = np.all(digits[:, number] <= 9, axis=1)
    fixed = [position for position, each in enumerate(shape) if each not in "d+"]
    good &= np.all(cells[:, fixed] == np.frombuffer(shape.encode(), dtype=np.uint8)[fixed], axis=1)

    def whole(first: int, count: int) -> Int64s:
        value = np.zeros(len(cells), dtype=np.int64)
        for position in range(first, first + count):
            value = value * 10 + digits[:, position]
        return value

    year, month, day = whole(0, 4), whole(5, 2), whole(8, 2)
    hour, minute, second = whole(11, 2), whole(14, 2), whole(17, 2)
    good &= _is_date(year, month, day) & (hour < 24) & (minute < 60) & (second < 60)
    milliseconds = whole(20, 3) if "." in shape else 0
    offset_minutes = np.zeros(len(cells), dtype=np.int64)
    if "+" in shape:
        sign = shape.index("+")
        east, west = cells[:, sign] == ord("+"), cells[:, sign] == ord("-")
        offset_minutes = whole(sign + 1, 2) * 60 + whole(sign + 4, 2)
        good &= (east | west) & (offset_minutes <= 14 * 60) & (whole(sign + 4, 2) < 60)
        offset_minutes = np.where(west, -offset_minutes, offset_minutes)
    seconds = _days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset_minutes * 60
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
