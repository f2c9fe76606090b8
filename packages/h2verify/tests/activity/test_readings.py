"""Frames to readings, steps and standings, one fact at a time."""

import pytest
from h2verify.activity.readings import add_steps, readings_of
from h2verify.activity.uses import frame_uses
from h2verify.activity.values import TruckRegister
from made_activity import HUB, NOWHERE, T0, TRUCK, TRUCKS, Row, frame

EDITION_2025 = TruckRegister(vin=TRUCK, edition=2025, stack_count=2, cells=330, tank_volume_ml=3_080_000)
PERIOD_S = (T0, T0 + 86_400)


def _steps(*frames: Row) -> list[Row]:
    return add_steps(readings_of(frame_uses(frames, TRUCKS, PERIOD_S), TRUCKS))


def _uses(*frames: Row) -> list[tuple[str, int | None]]:
    return [(row["use"], row["at_s"] and row["at_s"] - T0) for row in frame_uses(frames, TRUCKS, PERIOD_S)]


def test_the_same_content_counts_once_the_first_time_it_came() -> None:
    again = frame(2, 0, data_unit_digest=f"{1:032x}", command=3, received_at_ms=(T0 - 5) * 1000)

    assert [("repeated", None), ("used", 0)] == _uses(frame(1, 0), again)


def test_of_two_contents_for_one_device_time_the_first_received_counts() -> None:
    assert [("conflicting", None), ("used", 0)] == _uses(frame(1, 0, received_at_ms=T0 * 1000 + 900), frame(2, 0))


def test_a_frame_without_a_time_of_receipt_came_last() -> None:
    untimed = frame(1, 0, received_at_ms=None, received_at_s=None)

    assert [("conflicting", None), ("used", 0)] == _uses(untimed, frame(2, 0))


def test_a_clock_that_is_off_steadily_counts_at_arrival() -> None:
    slow = [frame(n, 10 * n, device_time_s=T0 + 10 * n - 90) for n in range(3)]
    alone = [*slow[:1], *(frame(n, 10 * n) for n in (1, 2))]

    assert [("used", 0), ("used", 10), ("used", 20)] == _uses(*slow)
    assert [1, 1, 1] == [row["clock_off"] for row in frame_uses(slow, TRUCKS, PERIOD_S)]
    assert [0, 0, 0] == [row["clock_off"] for row in frame_uses(alone, TRUCKS, PERIOD_S)]


def test_a_single_frame_that_arrives_before_it_was_made_counts_nowhere() -> None:
    prompt = [frame(n, 10 * n) for n in range(3)]
    ahead = frame(4, 30, device_time_s=T0 + 7200)
    of_later = frame(5, 7200)

    assert ("misdated", None) == _uses(*prompt, ahead)[3]
    assert [("misdated", None), ("used", 7200)] == _uses(*prompt, ahead, of_later)[3:]
    assert ("misdated", None) == _uses(*prompt, ahead | {"command": 3})[3]
    assert ("used", 7200) == _uses(*prompt, ahead | {"received_at_ms": None, "received_at_s": None})[3]


def test_a_clock_that_is_ahead_by_more_and_more_is_off() -> None:
    ahead = [frame(n, 10 * n, device_time_s=T0 + 10 * n + 450 + 20 * n) for n in range(3)]

    assert [("used", 0), ("used", 10), ("used", 20)] == _uses(*ahead)


@pytest.mark.parametrize(("odometer", "use"), [(50_002, "misdated"), (50_001, "used"), (0xFFFF_FFFF, "used")])
def test_a_late_frame_that_says_a_longer_way_than_the_next_counts_nowhere(odometer: int, use: str) -> None:
    prompt = [frame(n, 600 * n, odometer_raw=50_000 + n) for n in range(3)]
    late = frame(4, 1210, device_time_s=T0 + 500, odometer_raw=odometer)

    assert ["used", "used", "used", use] == [each for each, _ in _uses(*prompt, late)]
    assert "used" == _uses(*prompt, late | {"command": 3})[3][0]


def _clocks_off(made_and_came: list[tuple[int, int]]) -> list[int]:
    """Which of real-time frames, each made and come at a second, have a clock that is off."""
    frames = [frame(n, came, device_time_s=T0 + made) for n, (made, came) in enumerate(made_and_came)]
    return [row["clock_off"] for row in frame_uses(frames, TRUCKS, PERIOD_S)]


def test_a_clock_is_off_where_it_jumps_and_not_where_frames_are_late() -> None:
    prompt, after = [(10 * n, 10 * n) for n in range(3)], [(10 * n, 10 * n + 3) for n in range(6, 9)]
    slow = [(10 * n - 90, 10 * n) for n in range(3, 6)]
    late = [(10 * n, 10 * n + 40) for n in range(3, 9)]
    restarted = [(3600 + 10 * n - 90, 3600 + 10 * n) for n in range(3)]

    assert [0] * 3 + [1] * 3 + [0] * 3 == _clocks_off([*prompt, *slow, *after])
    assert [0] * 3 + [0] * 6 == _clocks_off([*prompt, *late])
    assert [0] * 3 + [0] * 6 + [0] * 3 == _clocks_off([*prompt, *late, *after])
    assert [0] * 3 + [1] * 3 == _clocks_off([*prompt, *restarted])


@pytest.mark.parametrize(("odometer", "is_off"), [(50_001, 0), (50_003, 1)])
def test_frames_that_others_overtook_are_late_and_no_slow_clock(odometer: int, is_off: int) -> None:
    """Two frames come behind a younger one; those of a slow clock would say a longer way."""
    prompt = [frame(n, 20 * n, odometer_raw=50_000 + n) for n in range(3)]
    overtaken = [frame(4 + n, 62 + n, device_time_s=T0 + 25 + n, odometer_raw=odometer) for n in range(2)]
    marked = frame_uses([*prompt, *overtaken], TRUCKS, PERIOD_S)

    assert [0, 0, 0, is_off, is_off] == [row["clock_off"] for row in marked]


def test_frames_made_every_second_and_sent_at_once_are_late() -> None:
    prompt, stored = [(n, n) for n in range(10)], [(n, 200 + n // 100) for n in range(10, 110)]
    again = [(200 + n, 200 + n) for n in range(5)]

    assert [0] * 110 == _clocks_off(prompt + stored)
    assert [0] * 115 == _clocks_off(prompt + again + stored)


def test_late_frames_from_before_the_odometer_was_reset_count() -> None:
    prompt = [frame(n, 600 * n, odometer_raw=odometer) for n, odometer in enumerate((50_000, 3, 4))]
    late = frame(4, 1300, device_time_s=T0 + 500, odometer_raw=50_004)
    wrong = frame(5, 1310, device_time_s=T0 + 1100, odometer_raw=50_005)

    assert ["used"] * 4 + ["misdated"] == [each for each, _ in _uses(*prompt, late, wrong)]


@pytest.mark.parametrize(
    ("device_s", "use"),
    [(-86_400, "used"), (-86_401, "out_of_period"), (172_800, "used"), (172_801, "out_of_period")],
)
def test_a_frame_of_another_time_than_the_trials_counts_nowhere(device_s: int, use: str) -> None:
    later = frame(1, 0, device_time_s=T0 + device_s, received_at_ms=(T0 + 200_000) * 1000, odometer_raw=None)

    assert [use] == [each for each, _ in _uses(later)]


def test_a_re_issue_is_late_and_not_wrong_about_the_time() -> None:
    late = [frame(n, 10 * n, command=3, received_at_ms=(T0 + 900 + n) * 1000) for n in range(3)]

    assert [("used", 0), ("used", 10), ("used", 20)] == _uses(*late)


@pytest.mark.parametrize(
    ("values", "use"),
    [
        ({"outcome": "bad_check_byte"}, "bad_check_byte"),
        ({"vin": "LTESTHYDR0GEN0009"}, "unregistered"),
        ({"folder_vin": "LTESTHYDR0GEN0002"}, "foreign"),
        ({"edition": 2025}, "other_edition"),
        ({"command": 1}, "used"),
    ],
)
def test_what_is_no_reading_of_a_registered_truck_gives_none(values: Row, use: str) -> None:
    uses = frame_uses([frame(1, 0, **values)], TRUCKS, PERIOD_S)

    assert [(use, None)] == [(row["use"], row["at_s"]) for row in uses]
    assert [] == readings_of(uses, TRUCKS)


@pytest.mark.parametrize(
    ("column", "raw", "name"),
    [
        ("speed_raw", 65_535, "speed"),
        ("speed_raw", 2201, "speed"),
        ("odometer_raw", 0xFFFFFFFE, "odometer"),
        ("soc_raw", 101, "soc_pct"),
        ("stack_current_raw", 60_001, "cell_current"),
        ("stack_voltage_raw", 20_001, "stack_power"),
        ("h2_pressure_raw", 1001, "pressure_kpa"),
        ("h2_temperature_raw", 2401, "temperature_dc"),
        ("position_status", 1, "longitude_e6"),
        ("longitude_raw", 180_000_001, "latitude_e6"),
    ],
)
def test_a_sentinel_or_a_value_out_of_range_is_absent(column: str, raw: int, name: str) -> None:
    (bad,), (good,) = _steps(frame(1, 0, **{column: raw})), _steps(frame(1, 0))

    assert bad[name] is None
    assert good[name] is not None


def test_south_and_west_are_negative_and_nowhere_is_no_place() -> None:
    (south_west,) = _steps(frame(1, 0, position_status=6))
    (nowhere,) = _steps(frame(1, 0, longitude_raw=0, latitude_raw=0))

    assert (-HUB[0], -HUB[1]) == (south_west["longitude_e6"], south_west["latitude_e6"])
    assert nowhere["longitude_e6"] is None


def test_the_editions_scale_temperature_each_in_its_way() -> None:
    trucks = {TRUCK: EDITION_2025}
    new = frame(1, 0, edition=2025, stacks_reported=2, h2_temperature_raw=55)
    (of_2025,) = readings_of(frame_uses([new], trucks, PERIOD_S), trucks)
    (of_2016,) = _steps(frame(1, 0, h2_temperature_raw=550))

    assert 150 == of_2025["temperature_dc"] == of_2016["temperature_dc"]


@pytest.mark.parametrize(("reported", "known"), [(2, True), (1, False), (None, False)])
def test_a_2025_truck_says_its_current_only_when_all_its_stacks_report(reported: int | None, known: bool) -> None:
    trucks = {TRUCK: EDITION_2025}
    (row,) = readings_of(frame_uses([frame(1, 0, edition=2025, stacks_reported=reported)], trucks, PERIOD_S), trucks)

    assert (330 * 1000 if known else None) == row["cell_current"]


def test_charge_is_the_trapezoid_between_readings_five_minutes_apart_at_most() -> None:
    far = [frame(2, 60), frame(3, 360, odometer_raw=50_040), frame(4, 661, odometer_raw=50_080)]
    steps = _steps(frame(1, 0, stack_current_raw=500), *far)

    assert [500 * 400 * 60, 1500 * 400 * 60, 2000 * 400 * 300, 0] == [row["charge_twice"] for row in steps]
    assert [500 * 40 * 60, 1500 * 40 * 60, 2000 * 4000 * 3, 0] == [row["energy_twice"] // 100 for row in steps]
    assert [0, 0, 0, 301] == [row["unobserved_s"] for row in steps]
    assert [60, 300, 301, 0] == [row["silence_s"] for row in steps]


@pytest.mark.parametrize(("step", "seconds"), [(0, 0), (2, 24), (30, 300)])
def test_of_a_silence_charge_counts_over_the_time_that_the_way_takes_at_30_km_h(step: int, seconds: int) -> None:
    row = _steps(frame(1, 0), frame(2, 300, odometer_raw=50_000 + step))[1]

    assert (2000 * 400 * seconds, 0) == (row["charge_twice"], row["unobserved_s"])


def test_charge_up_to_a_reading_with_the_stacks_off_counts_for_the_step_of_a_truck_with_its_stacks_on() -> None:
    currents = [(0, 1000), (10, 1000), (40, 0), (70, 0), (100, 300), (104, 300)]
    steps = _steps(*(frame(n, at, stack_current_raw=raw) for n, (at, raw) in enumerate(currents)))

    assert [1000 * 10, 2000 * 10, 1000 * 10, 0, 300 * 4, 900 * 4] == [row["charge_twice"] // 400 for row in steps]


def test_charge_between_on_and_off_counts_in_whole_where_nothing_tells_how_often_the_truck_sends() -> None:
    off, on = (
        _steps(frame(1, 0), frame(2, 30, stack_current_raw=0)),
        _steps(frame(1, 0, stack_current_raw=0), frame(2, 30)),
    )

    beyond = 1000 * 400 * 30  # the stacks run where the data end

    assert [1000 * 400 * 30, 1000 * 400 * 30 + beyond] == [off[1]["charge_twice"], on[1]["charge_twice"]]


def test_stacks_that_run_on_an_edge_of_the_data_count_for_half_a_step_beyond() -> None:
    instants = [0, 10, 30, 331, 341, 642, 703]
    steps = _steps(*(frame(n, at) for n, at in enumerate(instants)))
    begun, ended = [10, 0, 0, 10, 0, 0, 0], [0, 0, 20, 0, 10, 0, 0]
    within = [0, 2 * 10, 2 * 20, 0, 2 * 10, 0, 0]

    assert [sum(each) for each in zip(begun, within, ended, strict=True)] == [
        row["charge_twice"] // 400_000 for row in steps
    ]


def test_a_current_that_is_absent_leaves_the_seconds_unobserved() -> None:
    steps = _steps(frame(1, 0), frame(2, 10, stack_current_raw=65_535), frame(3, 20))

    assert [0, 10, 10] == [row["unobserved_s"] for row in steps]


@pytest.mark.parametrize(("step", "unobserved_s"), [(0, 0), (1, 12), (300, 3600), (900, 3600)])
def test_unobserved_is_no_longer_than_the_distance_takes_at_30_km_h(step: int, unobserved_s: int) -> None:
    row = _steps(frame(1, 0, speed_raw=0), frame(2, 3600, speed_raw=0, odometer_raw=50_000 + step))[1]

    assert unobserved_s == row["unobserved_s"]


@pytest.mark.parametrize(
    ("values", "unobserved_s"),
    [
        ({"speed_raw": 0}, 0),
        ({"speed_raw": None}, 0),
        ({"speed_raw": 10}, 3600),
        ({"speed_raw": 0, "longitude_raw": HUB[0] + 2001}, 3600),
        ({"speed_raw": 0, "position_status": 1}, 3600),
    ],
)
def test_where_the_odometer_says_nothing_a_truck_that_stayed_in_place_did_not_drive(
    values: Row, unobserved_s: int
) -> None:
    row = _steps(frame(1, 0, speed_raw=0), frame(2, 3600, odometer_raw=None, **values))[1]

    assert unobserved_s == row["unobserved_s"]


def test_an_odometer_that_fell_back_while_the_truck_stayed_in_place_is_a_step_and_no_distance() -> None:
    row = _steps(frame(1, 0, speed_raw=0), frame(2, 3600, speed_raw=0, odometer_raw=0))[1]

    assert (0, 0, -50_000) == (row["distance_ninths_mm"], row["distance_unknown"], row["odometer_step"])


@pytest.mark.parametrize(("frames", "frozen"), [(3, 0), (4, 1)])
def test_an_odometer_that_stood_still_over_half_a_kilometre_is_replaced_by_speed(frames: int, frozen: int) -> None:
    still = [frame(n, 10 * n, longitude_raw=HUB[0] + 2001 * n) for n in range(frames)]
    steps = _steps(*still, frame(frames, 10 * frames, odometer_raw=50_002))
    by_speed = 2 * 720 * 10 * 125

    assert [0, *[frozen] * (frames - 1), 0] == [row["frozen"] for row in steps]
    assert [0, *[frozen * by_speed] * (frames - 1), 2 * 900_000] == [row["distance_ninths_mm"] for row in steps]


@pytest.mark.parametrize("every_s", [1, 10, 30])
def test_an_odometer_of_whole_kilometres_gives_the_way_to_its_last_digit(every_s: int) -> None:
    steps = _steps(*_whole_km(every_s, 90_800))

    assert 0.5 > abs(90.8 - sum(row["distance_ninths_mm"] for row in steps) / 9_000_000)
    assert {(0, 0, None, 10)} == {
        (row["frozen"], row["distance_unknown"], row["odometer_step"], row["odometer_unit"]) for row in steps
    }


@pytest.mark.parametrize("every_s", [1, 10, 30])
def test_an_odometer_of_whole_kilometres_that_stands_still_is_replaced_by_speed(every_s: int) -> None:
    frames = _whole_km(every_s, 90_800)
    steps = _steps(*(row | {"odometer_raw": 50_200} if 1000 <= _driven_s(row) < 2000 else row for row in frames))

    assert 0.5 > abs(90.8 - sum(row["distance_ninths_mm"] for row in steps) / 9_000_000)
    assert 900 // every_s < sum(row["frozen"] for row in steps)


def test_a_step_that_catches_up_with_what_speed_counts_is_counted_once() -> None:
    still = [frame(n, 30 * n, longitude_raw=HUB[0] + 5000 * n) for n in range(3)]
    steps = _steps(*still, frame(3, 90, odometer_raw=50_014), frame(4, 100, odometer_raw=50_015))

    assert 2 * 720 * 90 * 125 + 900_000 == sum(row["distance_ninths_mm"] for row in steps)


def _whole_km(every_s: int, way_m: int) -> list[Row]:
    """Frames of a truck that drives at 72 km/h and shows whole kilometres."""
    times = range(0, way_m // 20 + 1, every_s)
    return [
        frame(n, at, odometer_raw=50_000 + at // 50 * 10, longitude_raw=HUB[0] + 200 * at, data_unit_digest=f"{n:032x}")
        for n, at in enumerate(times)
    ]


def _driven_s(row: Row) -> int:
    return int(row["device_time_s"]) - T0


def test_distance_is_the_odometers_step_over_frames_that_lack_it() -> None:
    steps = _steps(frame(1, 0), frame(2, 10, odometer_raw=None), frame(3, 20, odometer_raw=50_004))

    assert [0, 0, 4 * 900_000] == [row["distance_ninths_mm"] for row in steps]


@pytest.mark.parametrize(("step", "possible"), [(6, True), (7, False), (-1, False)])
def test_a_step_faster_than_a_truck_drives_is_replaced_by_speed_and_time(step: int, possible: bool) -> None:
    row = _steps(frame(1, 0), frame(2, 10, odometer_raw=50_000 + step))[1]

    assert (step * 900_000 if possible else (720 + 720) * 10 * 125) == row["distance_ninths_mm"]
    assert (None if possible else step) == row["odometer_step"]


def test_an_impossible_step_without_speeds_or_over_two_minutes_is_unknown() -> None:
    blind = _steps(frame(1, 0), frame(2, 10, odometer_raw=90_000, speed_raw=None))[1]
    long = _steps(frame(1, 0), frame(2, 121, odometer_raw=90_000))[1]

    assert [(0, 1), (0, 1)] == [(row["distance_ninths_mm"], row["distance_unknown"]) for row in (blind, long)]


def test_a_speed_is_none_where_odometer_and_places_say_that_the_truck_stands() -> None:
    noisy = [frame(n, 10 * n, speed_raw=420) for n in range(12)]
    untold = [row | {"speed_raw": 65_535, "odometer_raw": 0xFFFF_FFFF} for row in noisy]
    gone = [row | {"longitude_raw": HUB[0] + 301 * n} for n, row in enumerate(noisy)]

    assert [(420, 0), *[(0, 1)] * 10, (420, 0)] == [(row["speed"], row["stays"]) for row in _steps(*noisy)]
    assert [(None, 0), *[(0, 1)] * 10, (None, 0)] == [(row["speed"], row["stays"]) for row in _steps(*untold)]
    assert [(420, 0)] * 12 == [(row["speed"], row["stays"]) for row in _steps(*gone)]
    assert [0] * 12 == [row["distance_ninths_mm"] for row in _steps(*noisy)]


def test_a_truck_that_says_every_second_where_it_drives_does_not_stay() -> None:
    driving = [frame(n, n, odometer_raw=50_000 + n // 5, longitude_raw=HUB[0] + 200 * n) for n in range(60)]
    parked = [row | {"longitude_raw": HUB[0], "odometer_raw": 50_000} for row in driving]

    assert [720] * 60 == [row["speed"] for row in _steps(*driving)]
    assert [0] * 58 == [row["speed"] for row in _steps(*parked)][1:-1]


def test_a_truck_stays_where_all_of_half_a_minute_lies_in_one_place() -> None:
    still = [frame(n, 5 * n) for n in range(8)]
    passing = [row | {"longitude_raw": HUB[0] + 301} if n == 7 else row for n, row in enumerate(still)]
    unplaced = [row | {"position_status": 1} if n == 7 else row for n, row in enumerate(still)]
    stepping = [row | {"odometer_raw": 50_001} if n == 7 else row for n, row in enumerate(still)]

    assert [0, 1, 1, 1, 1, 1, 1, 0] == [row["stays"] for row in _steps(*still)]
    for rows in (passing, unplaced, stepping):
        assert [0, 1, 1, 1, 0, 0, 0, 0] == [row["stays"] for row in _steps(*rows)]


def test_a_way_that_a_silent_odometer_tells_at_rest_counts_where_the_truck_last_drove() -> None:
    silent = {"odometer_raw": 0xFFFF_FFFF}
    places = [HUB[0] + 2000 * n for n in range(3)]
    odometers = [50_000, 0xFFFF_FFFF, 0xFFFF_FFFF]
    driving = [frame(n, 10 * n, longitude_raw=places[n], odometer_raw=odometers[n]) for n in range(3)]
    at_rest = [frame(3, 30, speed_raw=0, **silent), frame(4, 40, speed_raw=0, odometer_raw=50_007)]
    on_the_way = [*driving, frame(4, 40, odometer_raw=50_007)]

    assert [0, 0, 6_300_000, 0, 0] == [row["distance_ninths_mm"] for row in _steps(*driving, *at_rest)]
    assert [0, 0, 0, 6_300_000] == [row["distance_ninths_mm"] for row in _steps(*on_the_way)]


def test_an_odometer_is_not_frozen_where_half_of_the_places_lie_together() -> None:
    noisy = [frame(n, 10 * n, speed_raw=420) for n in range(12)]
    away = [row | {"longitude_raw": NOWHERE[0]} if n == 5 else row for n, row in enumerate(noisy)]
    unplaced = [row | {"position_status": 1} if n > 5 else row for n, row in enumerate(noisy)]
    hardly_placed = [row | {"position_status": 1} if n > 4 else row for n, row in enumerate(noisy)]

    assert [0, 0, 0, 1] == [_steps(*rows)[3]["frozen"] for rows in (noisy, away, unplaced, hardly_placed)]
