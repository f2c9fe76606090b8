"""How many values of a signal are null or abnormal, by truck and day."""

from collections.abc import Callable
from typing import Any

import pytest
from made_frames import DRIVING, TRUCK, change, driving_frames

from h2corridor.model.findings import Finding

Find = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("values", "null_pct", "abnormal_pct"),
    [({"soc_raw": 0xFF}, "7.5", "0.0"), ({"soc_raw": 0xFE}, "0.0", "7.5"), ({"soc_raw": None}, "7.5", "0.0")],
)
def test_a_signal_that_fails_often_is_stated_by_day(
    find_in: Find, values: dict[str, Any], null_pct: str, abnormal_pct: str
) -> None:
    found = find_in("sensor.rates", change(driving_frames(40), [3, 20, 30], **values))
    params = {"signal": "state of charge", "day": "2026-03-02", "null_pct": null_pct, "abnormal_pct": abnormal_pct}

    assert [("vehicles.csv", None, TRUCK, "2026-03-02T00:00:00+08:00", params)] == [
        (each.file, each.row, each.vin, each.at, each.params) for each in found
    ]


@pytest.mark.parametrize(
    ("values", "signal"),
    [
        ({"item_mask": DRIVING["item_mask"] - (1 << 2)}, "drive motors"),
        ({"item_mask": DRIVING["item_mask"] - (1 << 6)}, "battery extremes"),
        ({"position_status": 1}, "position"),
        ({"item_mask": DRIVING["item_mask"] | (1 << 8), "cells_listed": 0}, "cell voltages"),
    ],
)
def test_an_item_a_position_or_a_list_that_lacks_often_is_stated_by_day(
    find_in: Find, values: dict[str, Any], signal: str
) -> None:
    frames = driving_frames(40)

    assert [] == find_in("sensor.rates", frames)
    assert [(signal, "2026-03-02")] == [
        (each.params["signal"], each.params["day"])
        for each in find_in("sensor.rates", change(frames, [3, 20, 30], **values))
    ]


def test_what_is_called_a_valid_position_and_is_no_place_is_abnormal(find_in: Find) -> None:
    frames = change(driving_frames(40), [3, 20, 30], longitude_raw=0, latitude_raw=0)
    found = find_in("sensor.rates", frames)

    assert [("position", "0.0", "7.5")] == [
        (each.params["signal"], each.params["null_pct"], each.params["abnormal_pct"]) for each in found
    ]


def test_a_rate_at_the_limit_is_none(find_in: Find) -> None:
    assert [] == find_in("sensor.rates", change(driving_frames(40), [3, 20], soc_raw=0xFF))


def test_a_value_beyond_its_range_is_abnormal_by_edition(find_in: Find) -> None:
    frames = change(driving_frames(40), [3, 20, 30], speed_raw=2201)

    assert [("speed", "7.5")] == [
        (each.params["signal"], each.params["abnormal_pct"]) for each in find_in("sensor.rates", frames)
    ]
    mask_2025 = sum(1 << item for item in (1, 2, 3, 5, 6, 7, 8, 0x30))
    lists = {"item_mask": mask_2025, "listed_v_max_raw": 3345, "listed_c_max_raw": 62}
    newer = change(frames, range(1, 41), edition=2025, h2_temperature_raw=55, **lists)
    assert [] == find_in("sensor.rates", newer, edition=2025)


def test_days_end_at_local_midnight(find_in: Find) -> None:
    later_s = 16 * 3600 - 200
    moved = ("device_time_s", "received_at_s")
    frames = [
        {
            **each,
            **{name: each[name] + later_s for name in moved},
            "received_at_ms": each["received_at_ms"] + later_s * 1000,
        }
        for each in driving_frames(40)
    ]
    found = find_in("sensor.rates", change(frames, [3, 10], soc_raw=0xFF))

    assert [("2026-03-02", "10.0")] == [(each.params["day"], each.params["null_pct"]) for each in found]
