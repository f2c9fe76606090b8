"""The six-byte times of many frames at once; the calendar is a table over year and month."""

from functools import cache

import numpy as np
from h2verify.gbt32960.instant import YEAR_MAX

from .columns import Bools, Bytes, Int64s

_DAY_S = 86_400
_UTC_PLUS_8_S = 8 * 3600


def read_device_times(times: Bytes) -> tuple[Int64s, Bools]:
    """Seconds since 1970-01-01 UTC of six-byte times (UTC+8), shape (n, 6), and which of them are times at all.  [s]"""
    first, days = _calendar()
    year, month, day, hour, minute, second = times.T
    at = (year.astype(np.intp) << 8) | month
    is_time = (day >= 1) & (day <= days[at]) & (hour < 24) & (minute < 60) & (second < 60)
    seconds = first[at]
    seconds += day * np.int64(_DAY_S)
    seconds += hour * np.int64(3600)
    seconds += minute * np.int64(60)
    seconds += second
    return seconds, is_time


@cache
def _calendar() -> tuple[Int64s, Bytes]:
    """By year and month, each a byte: the second at which day 0 of the month begins, and how many days it has."""
    month = np.arange(12 * (YEAR_MAX + 1))
    at = (month // 12 << 8) + month % 12 + 1
    begins = (month + 12 * 30).astype("M8[M]").astype("M8[D]").astype(np.int64)
    ends = (month + 12 * 30 + 1).astype("M8[M]").astype("M8[D]").astype(np.int64)
    first, days = np.zeros(1 << 16, dtype=np.int64), np.zeros(1 << 16, dtype=np.uint8)
    first[at], days[at] = (begins - 1) * _DAY_S - _UTC_PLUS_8_S, ends - begins
    return first, days
