"""Device times of many frames at once are those of the calendar."""

import numpy as np
from h2verify.gbt32960 import find_instant, utc_seconds
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.protocols.gbt32960.device_times import read_device_times


def test_leap_days_and_impossible_times_are_told_apart() -> None:
    times = [(28, 2, 29), (26, 2, 29), (0, 2, 29), (26, 0, 1), (26, 13, 1), (26, 4, 31), (26, 4, 0), (100, 1, 1)]
    matrix = np.array([[*date, 0, 0, 0] for date in times], dtype=np.uint8)
    _, is_time = read_device_times(matrix)

    assert [True, False, True, False, False, False, False, False] == is_time.tolist()


@settings(max_examples=100, deadline=None)
@given(times=st.lists(st.tuples(*(st.integers(0, 255) | st.integers(0, last) for last in (99, 12, 31, 23, 59, 59)))))
def test_six_bytes_give_what_the_reference_gives(times: list[tuple[int, ...]]) -> None:
    seconds, is_time = read_device_times(np.array(times, dtype=np.uint8).reshape(-1, 6))
    instants = [find_instant(bytes(time)) for time in times]
    found = [int(at) if known else None for at, known in zip(seconds, is_time, strict=True)]

    assert [None if instant is None else utc_seconds(instant) for instant in instants] == found
