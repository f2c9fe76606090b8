"""What a truck's sensors say: odometer steps, sentinels, missing items, stacks."""

from collections.abc import Callable
from typing import Any

import pytest
from made_frames import DAY, DRIVING, change, driving_frames

from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import get_threshold

Find = Callable[..., list[Finding]]


def _with_odometer_step(step: int) -> list[dict[str, Any]]:
    frames = driving_frames(40)
    return [{**frame, "odometer_raw": frame["odometer_raw"] + step * (frame["row"] > 20)} for frame in frames]


def _speaks_2025(**values: Any) -> list[dict[str, Any]]:
    items = 1 << 1 | 1 << 3 | 1 << 5 | 1 << 0x30
    frames = change(driving_frames(40), range(1, 41), edition=2025, item_mask=items, h2_temperature_raw=55)
    frames = change(frames, range(1, 41), stacks_reported=2)
    return change(frames, [10], **values)


def test_a_jump_names_the_rows_on_both_sides(find_in: Find) -> None:
    found = find_in("odometer.jump", _with_odometer_step(1090))

    assert [(20, 21, {"step_km": "109.2", "count": "1"})] == [(each.row, each.last_row, each.params) for each in found]
    assert [] == find_in("odometer.reset", _with_odometer_step(1090))


def test_a_jump_over_rows_without_odometer_names_the_rows_that_have_one(find_in: Find) -> None:
    frames = change(_with_odometer_step(1090), [20, 21], odometer_raw=0xFFFF_FFFE)

    assert [(19, 22)] == [(each.row, each.last_row) for each in find_in("odometer.jump", frames)]


def test_the_catalogue_states_the_speed_that_the_arithmetic_applies(find_in: Find) -> None:
    kmh = get_threshold("odometer.jump", "speed_kmh_max", DAY)
    driven_tenths, last_digits_tenths, faultless_tenths = int(kmh * 10 * 10 / 3600), 2, 2
    most = driven_tenths + last_digits_tenths - faultless_tenths

    assert [] == find_in("odometer.jump", _with_odometer_step(most))
    assert 1 == len(find_in("odometer.jump", _with_odometer_step(most + 1)))


def test_steps_by_turns_are_one_finding_of_each_kind(find_in: Find) -> None:
    frames = driving_frames(60)
    frames = [{**each, "odometer_raw": each["odometer_raw"] + 5_000 * (each["row"] in (20, 22, 30))} for each in frames]

    assert [(19, 30, {"step_km": "500.2", "count": "3"})] == [
        (each.row, each.last_row, each.params) for each in find_in("odometer.jump", frames)
    ]
    assert [(20, 31, "3")] == [
        (each.row, each.last_row, each.params["count"]) for each in find_in("odometer.reset", frames)
    ]


def test_a_reset_is_no_jump(find_in: Find) -> None:
    found = find_in("odometer.reset", _with_odometer_step(-100_000))

    assert [(20, 21, {"from_km": "10003.8", "to_km": "4.0", "count": "1"})] == [
        (each.row, each.last_row, each.params) for each in found
    ]
    assert [] == find_in("odometer.jump", _with_odometer_step(-100_000))


@pytest.mark.parametrize(
    ("column", "value", "signal"),
    [
        ("speed_raw", 0xFFFE, "speed"),
        ("odometer_raw", 0xFFFF_FFFF, "odometer"),
        ("h2_pressure_raw", 0xFFFF, "hydrogen pressure"),
        ("h2_temperature_raw", 0xFFFE, "hydrogen temperature"),
        ("stack_current_raw", 0xFFFE, "stack current"),
        ("stack_voltage_raw", 0xFFFF, "stack voltage"),
        ("soc_raw", 0xFE, "state of charge"),
        ("voltage_raw", 0xFFFF, "voltage"),
        ("current_raw", 0xFFFE, "current"),
    ],
)
def test_a_sentinel_is_found_by_its_signal(find_in: Find, column: str, value: int, signal: str) -> None:
    frames = change(driving_frames(40), [10], **{column: value})

    assert [(10, {"signals": signal, "count": "1"})] == [
        (each.row, each.params) for each in find_in("sensor.sentinel", frames)
    ]
    assert [] == find_in("sensor.out-of-range", frames)


def test_a_run_of_sentinels_names_all_its_signals_once(find_in: Find) -> None:
    frames = change(change(driving_frames(40), [10], speed_raw=0xFFFE), [11], h2_pressure_raw=0xFFFE)

    assert [(10, 11, "speed, hydrogen pressure")] == [
        (each.row, each.last_row, each.params["signals"]) for each in find_in("sensor.sentinel", frames)
    ]


def test_one_stack_abnormal_leaves_the_current_of_2025_unknown(find_in: Find) -> None:
    found = find_in("sensor.sentinel", _speaks_2025(stack_current_raw=None), edition=2025, stack_count=2)

    assert [(10, "stack current")] == [(each.row, each.params["signals"]) for each in found]


def test_a_value_beyond_its_range_is_no_sentinel(find_in: Find) -> None:
    frames = change(driving_frames(40), [10], h2_pressure_raw=1001)

    assert [] == find_in("sensor.sentinel", frames)
    assert [(10, "hydrogen pressure")] == [
        (each.row, each.params["signals"]) for each in find_in("sensor.out-of-range", frames)
    ]


@pytest.mark.parametrize("values", [{"latitude_raw": 90_000_001}, {"longitude_raw": 0xFFFF_FFFF}], ids=str)
def test_a_position_that_is_nowhere_on_earth_is_out_of_range(find_in: Find, values: dict[str, int]) -> None:
    frames = change(driving_frames(40), [10], **values)

    assert [(10, "position")] == [(each.row, each.params["signals"]) for each in find_in("sensor.out-of-range", frames)]
    assert [] == find_in("sensor.out-of-range", change(frames, [10], position_status=1))


def test_a_missing_fuel_cell_item_is_found(find_in: Find) -> None:
    found = find_in(
        "sensor.item-missing", change(driving_frames(40), [10, 11], item_mask=DRIVING["item_mask"] - (1 << 3))
    )

    assert [(10, 11, {"item": "0x03", "count": "2"})] == [(each.row, each.last_row, each.params) for each in found]


def test_a_missing_stack_item_of_2025_is_found(find_in: Find) -> None:
    frames = _speaks_2025(item_mask=1 << 1 | 1 << 3 | 1 << 5, stacks_reported=None, stack_current_raw=None)

    assert [(10, "0x30")] == [
        (each.row, each.params["item"]) for each in find_in("sensor.item-missing", frames, edition=2025, stack_count=2)
    ]


def test_a_frame_without_vehicle_data_lacks_nothing(find_in: Find) -> None:
    assert [] == find_in("sensor.item-missing", change(driving_frames(40), [10], item_mask=1 << 5))


@pytest.mark.parametrize(("item", "name"), [(0x01, "0x01"), (0x05, "0x05")])
def test_an_item_that_every_fuel_cell_truck_sends_is_found_by_one_row(find_in: Find, item: int, name: str) -> None:
    mask = DRIVING["item_mask"] - (1 << item)

    assert [(10, name)] == [
        (each.row, each.params["item"])
        for each in find_in("sensor.item-missing", change(driving_frames(40), [10], item_mask=mask))
    ]


@pytest.mark.parametrize(("sent", "found"), [(32, [9]), (31, [])])
def test_another_item_is_missed_where_four_of_five_rows_have_it(find_in: Find, sent: int, found: list[int]) -> None:
    usual = 1 << 1 | 1 << 3 | 1 << 5
    frames = change(driving_frames(40), range(1, 41), item_mask=usual | 1 << 7)
    frames = change(frames, range(9, 9 + 40 - sent), item_mask=usual)
    rows = find_in("sensor.item-missing", frames)

    assert found == [each.row for each in rows]
    assert {"0x07"} >= {each.params["item"] for each in rows}


def test_another_number_of_stacks_is_found(find_in: Find) -> None:
    found = find_in("sensor.stack-count", _speaks_2025(stacks_reported=1), edition=2025, stack_count=2)

    assert [(10, {"came": "1", "registered": "2", "count": "1"})] == [(each.row, each.params) for each in found]
