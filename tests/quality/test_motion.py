"""What moves against what stands: odometer, speed, positions, gear."""

from collections.abc import Callable
from typing import Any

import pytest
from h2verify.activity.readings import FROZEN_NINTHS_MM, SAME_PLACE_E6
from made_frames import DAY, TRUCK, Frames, change, driving_frames

from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import get_threshold

Find = Callable[..., list[Finding]]


def test_an_odometer_that_stands_still_while_the_truck_drives_is_found_once(find_in: Find) -> None:
    frames = change(driving_frames(60), list(range(20, 50)), odometer_raw=100_080)
    found = find_in("odometer.frozen", frames)

    assert 1 == len(found)
    assert 20 <= (found[0].row or 0) <= 22
    assert [] == find_in("odometer.frozen", driving_frames(60))


def test_the_catalogue_states_the_distance_that_the_arithmetic_allows_a_still_odometer() -> None:
    assert SAME_PLACE_E6 == 10 * get_threshold("odometer.frozen", "place_m_max", DAY)
    assert FROZEN_NINTHS_MM == int(get_threshold("odometer.frozen", "driven_km_max", DAY) * 9_000_000)


def test_speed_noise_of_a_truck_that_stays_is_no_frozen_odometer(find_in: Find) -> None:
    frames = _standing(driving_frames(60), range(20, 50), speed_raw=720)

    assert [] == find_in("odometer.frozen", frames)
    assert [(21, 48)] == [(each.row, each.last_row) for each in find_in("vehicle.speed-while-parked", frames)]


def test_a_departure_after_such_noise_is_not_called_parked(find_in: Find) -> None:
    frames = _standing(driving_frames(80), range(20, 60), speed_raw=0)
    frames = change(change(frames, range(30, 40), speed_raw=720), [58, 59], speed_raw=90)

    assert [(30, 40)] == [
        (each.row, (each.last_row or 0) + 1) for each in find_in("vehicle.speed-while-parked", frames)
    ]


@pytest.mark.parametrize(("last", "is_found"), [(30, False), (31, True)])
def test_odometer_and_speed_that_stand_still_while_positions_move_are_found(
    find_in: Find, last: int, is_found: bool
) -> None:
    frames = change(driving_frames(60), range(20, last + 1), speed_raw=0, odometer_raw=100_038)
    frames = [
        {**each, "odometer_raw": 100_038 + 2 * max(0, each["row"] - last)} if each["row"] > last else each
        for each in frames
    ]

    assert [(20, last)] * is_found == [(each.row, each.last_row) for each in find_in("odometer.stalled", frames)]


def test_a_truck_that_stands_is_not_stalled(find_in: Find) -> None:
    assert [] == find_in("odometer.stalled", _standing(driving_frames(60), range(20, 50), speed_raw=0))


@pytest.mark.parametrize("values", [{"gear_raw": 0x0F}, {"vehicle_state": 2}, {"charge_state": 1}])
def test_a_speed_of_a_parked_truck_is_found(find_in: Find, values: dict[str, Any]) -> None:
    frames = change(driving_frames(40), [10, 11], **values)

    assert [(10, 11, {"count": "2"})] == [
        (each.row, each.last_row, each.params) for each in find_in("vehicle.speed-while-parked", frames)
    ]


@pytest.mark.parametrize(("step", "odometer_km"), [(4, "79.6"), (1, "19.9"), (2, None)])
def test_an_odometer_that_counts_another_distance_than_the_speed_is_found(
    find_in: Find, step: int, odometer_km: str | None
) -> None:
    frames = [{**each, "odometer_raw": 100_000 + step * each["row"]} for each in driving_frames(200)]
    params = {"odometer_km": odometer_km, "speed_km": "39.8"}

    assert [("vehicles.csv", None, TRUCK, params)] * (odometer_km is not None) == [
        (each.file, each.row, each.vin, each.params) for each in find_in("odometer.against-speed", frames)
    ]


def test_what_lies_within_its_tolerance_or_is_short_is_not_compared(find_in: Find) -> None:
    frames = [{**each, "odometer_raw": 100_000 + 2 * each["row"] * 22 // 20} for each in driving_frames(200)]

    assert [] == find_in("odometer.against-speed", frames)
    doubled = [{**each, "odometer_raw": 100_000 + 4 * each["row"]} for each in driving_frames(100)]
    assert [] == find_in("odometer.against-speed", doubled)


def test_slow_creeping_while_parked_is_noise(find_in: Find) -> None:
    frames = change(driving_frames(40), [10], gear_raw=0x0F, speed_raw=30)

    assert 1 == len(find_in("vehicle.speed-while-parked", frames))
    assert [] == find_in("vehicle.speed-while-parked", change(frames, [10], speed_raw=29))


def test_a_truck_that_creeps_on_within_a_whole_kilometre_is_not_parked(find_in: Find) -> None:
    frames = [{**each, "odometer_raw": (100_000 + 2 * each["row"]) // 10 * 10} for each in driving_frames(40)]
    creeping = [{**frames[-1], **_later(frames[-1], number)} for number in range(1, 40)]

    assert [] == find_in("vehicle.speed-while-parked", frames + creeping)


def _later(frame: dict[str, Any], number: int) -> dict[str, Any]:
    """What a frame says that comes so many times ten seconds after another at 5 km/h."""
    late = {name: frame[name] + 10 * number for name in ("device_time_s", "received_at_s")}
    return {
        **late,
        "row": frame["row"] + number,
        "received_at_ms": frame["received_at_ms"] + 10_000 * number,
        "data_unit_digest": f"{frame['row'] + number:032x}",
        "speed_raw": 50,
        "longitude_raw": frame["longitude_raw"] + 142 * number,
    }


def test_a_gear_that_is_not_known_is_not_park(find_in: Find) -> None:
    assert [] == find_in("vehicle.speed-while-parked", change(driving_frames(40), [10], gear_raw=0xFF))


def _standing(frames: Frames, rows: range, **values: Any) -> Frames:
    """The frames with a truck that stands in these rows and drives on from there."""
    first = frames[rows[0] - 1]
    still = {name: first[name] for name in ("odometer_raw", "latitude_raw")}
    lost = {name: frames[rows[-1] - 1][name] - first[name] for name in still}
    later = [
        {**each, **{name: each[name] - lost[name] for name in still}} if each["row"] > rows[-1] else each
        for each in frames
    ]
    return change(later, rows, **still, **values)
