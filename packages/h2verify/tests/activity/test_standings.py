"""Readings to standings, silences and ends, one fact at a time."""

import pytest
from h2verify.activity.readings import add_steps, readings_of
from h2verify.activity.standings import silences_of, standing_runs, truck_ends
from h2verify.activity.uses import frame_uses
from made_activity import HUB, T0, TRUCK, TRUCKS, Drive, Row, frame

PERIOD_S = (T0, T0 + 86_400)


def _steps(*frames: Row) -> list[Row]:
    return add_steps(readings_of(frame_uses(frames, TRUCKS, PERIOD_S), TRUCKS))


def test_a_standing_is_unbroken_rest_of_a_minute() -> None:
    steps = _steps(*Drive().go(HUB, 60).stay(60).go(HUB, 60).stay(50).go(HUB, 60).frames)

    assert [60] == [row["ended_at_s"] - row["started_at_s"] for row in standing_runs(steps)]


def test_a_truck_at_rest_on_another_odometer_had_left_in_between() -> None:
    frames = Drive().go(HUB, 60).stay(120).stay(120).go(HUB, 60).frames
    moved = [row | {"odometer_raw": row["odometer_raw"] + (3 if row["row"] > 19 else 0)} for row in frames]

    assert [(70, 320)] == _spans(standing_runs(_steps(*frames)))
    assert [(70, 190), (200, 320)] == _spans(standing_runs(_steps(*moved)))


def _spans(runs: list[Row]) -> list[tuple[int, int]]:
    return [(run["started_at_s"] - T0, run["ended_at_s"] - T0) for run in runs]


def test_the_first_and_last_standing_need_no_minute() -> None:
    runs = standing_runs(_steps(*Drive().stay(10).go(HUB, 60).stay(10).frames))

    assert [(1, 0), (0, 1)] == [(run["is_first"], run["is_last"]) for run in runs]


@pytest.mark.parametrize(("speed", "runs"), [(299, [(10, 10), (70, 70)]), (300, [])])
def test_a_slow_truck_stands_where_its_data_begin_and_end(speed: int, runs: list[tuple[int, int]]) -> None:
    frames = Drive().go(HUB, 70).frames
    ends = {1: speed, frames[-1]["row"]: speed}
    slow = [row | {"speed_raw": ends.get(row["row"], row["speed_raw"])} for row in frames]

    assert runs == _spans(standing_runs(_steps(*slow)))


@pytest.mark.parametrize(
    ("steps", "runs", "moving"),
    [((0, 2), [(20, 140)], 0), ((0, 3), [(20, 130), (140, 140)], 1), ((3, 0), [(20, 20), (30, 140)], 1)],
)
def test_a_slow_truck_beside_a_standing_in_place_stands_there(
    steps: tuple[int, int], runs: list[tuple[int, int]], moving: int
) -> None:
    frames = Drive().stay(130).frames[1:]
    shifts = {2: (30, -steps[0]), frames[-1]["row"]: (299, steps[1])}
    slow = [
        row | {"speed_raw": speed or row["speed_raw"], "odometer_raw": row["odometer_raw"] + step}
        for row in frames
        for speed, step in [shifts.get(row["row"], (0, 0))]
    ]
    known = _steps(*slow)

    assert runs == _spans(standing_runs(known))
    assert moving == sum(1 for row in known if row.speed)


def test_a_standing_says_when_the_stacks_went_quiet_and_what_the_tank_held() -> None:
    frames = Drive().go(HUB, 60).stay(120, stack_on=True).stay(600, fill_to_kpa=35_000).go(HUB, 60).frames
    (run,) = standing_runs(_steps(*frames))

    assert T0 + 200 == run["quiet_at_s"]
    assert (T0 + 70, T0 + 800) == (run["first_fuel_at_s"], run["last_fuel_at_s"])
    assert T0 + 810 == run["next_at_s"]


def test_a_standing_knows_the_fixes_beside_it_with_their_odometer() -> None:
    lost = Drive().go(HUB, 60).stay(600).go(HUB, 60).frames
    for row in lost[6:-6]:
        row["position_status"] = 1
    (run,) = standing_runs(_steps(*lost))

    assert (None, HUB[0], HUB[0]) == (run["longitude_e6"], run["before_longitude_e6"], run["after_longitude_e6"])
    assert (50_012, 50_014) == (run["before_odometer"], run["after_odometer"])


def test_more_than_a_minute_without_a_frame_is_a_silence() -> None:
    steps = _steps(*Drive().go(HUB, 60).be_silent(50).go(HUB, 60).be_silent(51).go(HUB, 60).frames)

    (found,) = silences_of(steps)

    assert (T0 + 170, T0 + 231) == (found["from_s"], found["to_s"])
    assert (720, 50_024, 50_026) == (found["next_speed"], found["odometer"], found["next_odometer"])
    assert (35_000, 150) == (found["pressure_kpa"], found["next_temperature_dc"])


def test_the_ends_of_a_trucks_data_are_those_of_readings_and_of_looks_into_the_tank() -> None:
    ends = truck_ends(_steps(frame(1, 0, h2_pressure_raw=None), frame(2, 10), frame(3, 20), frame(4, 30)))[TRUCK]

    assert (T0, T0 + 30) == (ends["first_at_s"], ends["last_at_s"])
    assert (T0 + 10, T0 + 30) == (ends["first_fuel_at_s"], ends["last_fuel_at_s"])
