"""Silences on the way, clocks that are off."""

from collections.abc import Callable
from typing import Any

import pytest
from h2verify.activity.readings import LONGEST_STEP_S
from h2verify.activity.uses import CLOCK_OFF_MS, CLOCK_STEADY_MS, OUT_OF_PERIOD_S, RHYTHM_S
from made_frames import DAY, FILE, START_S, TRUCK, change, driving_frames

from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import get_threshold

Find = Callable[..., list[Finding]]


def test_a_silence_on_the_way_names_the_rows_on_both_sides(find_in: Find) -> None:
    frames = [frame for frame in driving_frames(60) if not 20 < frame["row"] <= 40]
    expected = Finding(
        check="time.gap",
        file=FILE,
        row=20,
        last_row=41,
        vin=TRUCK,
        at="2026-03-02T08:03:10+08:00",
        params={"gap_s": "210"},
    )

    assert [expected] == find_in("time.gap", frames)


def test_a_parked_truck_that_sleeps_is_no_gap(find_in: Find) -> None:
    frames = change(driving_frames(60), range(18, 44), speed_raw=0, odometer_raw=100_034)
    frames = [frame for frame in frames if not 20 < frame["row"] <= 40]

    assert [] == find_in("time.gap", frames)


@pytest.mark.parametrize(("asleep_s", "is_found"), [(400, True), (36_000, False)])
def test_a_truck_that_rolled_to_rest_and_slept_is_no_gap(find_in: Find, asleep_s: int, is_found: bool) -> None:
    """It was rolling when it was last heard, and its odometer went on by its last digit."""
    frames = change(driving_frames(60), [20], speed_raw=44, odometer_raw=100_033)
    frames = change(frames, range(21, 61), speed_raw=0, odometer_raw=100_034)
    frames = [_later(frame, asleep_s) if frame["row"] > 20 else frame for frame in frames]

    assert is_found == bool(find_in("time.gap", frames))


def _later(frame: dict[str, Any], seconds: int) -> dict[str, Any]:
    times = {name: frame[name] + seconds for name in ("device_time_s", "received_at_s")}
    return {**frame, **times, "received_at_ms": frame["received_at_ms"] + seconds * 1000}


def test_a_silence_without_odometer_is_a_gap_where_the_truck_moved_on_a_side(find_in: Find) -> None:
    frames = change(driving_frames(60), range(1, 61), odometer_raw=0xFFFF_FFFF)
    frames = [frame for frame in frames if not 20 < frame["row"] <= 40]

    assert [(20, 41)] == [(each.row, each.last_row) for each in find_in("time.gap", frames)]


def test_one_lost_frame_is_no_gap(find_in: Find) -> None:
    assert [] == find_in("time.gap", [frame for frame in driving_frames(60) if frame["row"] != 20])


def test_a_gap_over_the_end_of_a_file_stays_in_the_earlier_one(find_in: Find) -> None:
    frames = [frame for frame in driving_frames(60) if not 20 < frame["row"] <= 40]
    other = FILE.replace("02.csv", "03.csv")
    frames = [{**frame, "file": other, "row": frame["row"] - 40} if frame["row"] > 40 else frame for frame in frames]

    assert [(FILE, 20, None)] == [(each.file, each.row, each.last_row) for each in find_in("time.gap", frames)]


def test_a_steady_offset_of_the_clock_is_found(find_in: Find) -> None:
    frames = [
        {**frame, "device_time_s": frame["device_time_s"] - 450 * (20 <= frame["row"] <= 30)}
        for frame in driving_frames(60)
    ]

    assert [(20, 30, {"offset_s": "-450", "count": "11"})] == [
        (each.row, each.last_row, each.params) for each in find_in("time.clock-off", frames)
    ]


def test_the_catalogue_states_what_the_arithmetic_applies() -> None:
    assert LONGEST_STEP_S == get_threshold("time.gap", "gap_s_max", DAY)
    assert RHYTHM_S == get_threshold("time.clock-off", "follows_s_max", DAY)
    assert CLOCK_STEADY_MS == 1000 * get_threshold("time.clock-off", "steady_s_max", DAY)
    assert OUT_OF_PERIOD_S == get_threshold("time.outside-period", "margin_s_max", DAY)
    limits = [("time.clock-off", "clock_offset_s_max"), ("time.future", "ahead_s_max"), ("time.past", "behind_s_max")]
    assert {CLOCK_OFF_MS} == {1000 * get_threshold(code, name, DAY) for code, name in limits}


@pytest.mark.parametrize(("ahead_s", "is_found"), [(30, False), (31, True), (7200, True)])
def test_a_frame_from_the_future_is_found(find_in: Find, ahead_s: int, is_found: bool) -> None:
    frames = driving_frames(60)
    frames[19].update(
        device_time_s=frames[19]["device_time_s"] + ahead_s, received_at_ms=frames[19]["received_at_s"] * 1000
    )
    found = find_in("time.future", frames)

    assert [(20, {"ahead_s": str(ahead_s), "count": "1"})] * is_found == [(each.row, each.params) for each in found]
    assert [] == find_in("time.clock-off", frames)


def test_a_clock_that_is_steadily_ahead_is_off_and_not_from_the_future(find_in: Find) -> None:
    frames = [
        {**frame, "device_time_s": frame["device_time_s"] + 450 * (20 <= frame["row"] <= 30)}
        for frame in driving_frames(60)
    ]

    assert [] == find_in("time.future", frames)
    assert 1 == len(find_in("time.clock-off", frames))


@pytest.mark.parametrize(("outside_s", "is_found"), [(86_400, False), (86_401, True)])
def test_a_frame_of_another_time_altogether_is_found(find_in: Find, outside_s: int, is_found: bool) -> None:
    frames = change(driving_frames(60), [20], device_time_s=START_S - outside_s, odometer_raw=100_000)

    assert [(20, {"count": "1"})] * is_found == [
        (each.row, each.params) for each in find_in("time.outside-period", frames)
    ]


def test_a_frame_of_an_earlier_time_and_a_longer_way_is_found(find_in: Find) -> None:
    frames = change(driving_frames(60), [40], device_time_s=START_S + 100)
    expected = [(40, {"behind_s": "290", "count": "1"})]

    assert expected == [(each.row, each.params) for each in find_in("time.past", frames)]
    assert [] == find_in("time.future", frames)
    assert [] == find_in("frame.conflicting", frames)
