"""Rows of the `frames` table made by hand: a truck that drives without a fault, and ways to break it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
from h2verify.gbt32960 import FRAME_COLUMNS, TEXT_COLUMNS

TRUCK = "LTESTHYDR0GEN0001"
OTHER_TRUCK = "LTESTHYDR0GEN0002"
STRANGER = "LTESTHYDR0GEN0009"
FILE = f"telemetry/{TRUCK}/2026-03-02.csv.gz"
START_S = int(datetime(2026, 3, 2, 8, tzinfo=timezone(timedelta(hours=8))).timestamp())
DAY = date(2026, 3, 2)
PERIOD_S = (START_S, START_S + 86_400)
TEXTS = {"file", "folder_vin", *TEXT_COLUMNS}
COLUMNS = ("file", "row", "folder_vin", "received_at_ms", "received_at_s", *FRAME_COLUMNS)
SCHEMA = pa.schema([(name, pa.string() if name in TEXTS else pa.int64()) for name in COLUMNS])
DRIVING: Mapping[str, Any] = {
    "outcome": "ok",
    "edition": 2016,
    "command": 2,
    "encryption": 1,
    "vin": TRUCK,
    "item_mask": 1 << 1 | 1 << 2 | 1 << 3 | 1 << 5 | 1 << 6 | 1 << 7,
    "vehicle_state": 1,
    "charge_state": 3,
    "gear_raw": 0x2E,
    "voltage_raw": 6100,
    "current_raw": 10_100,
    "soc_raw": 60,
    "stacks_reported": 1,
    "stack_current_raw": 1000,
    "stack_voltage_raw": 4000,
    "h2_pressure_raw": 300,
    "h2_temperature_raw": 550,
    "h2_concentration_raw": 50,
    "position_status": 0,
    "longitude_raw": 106_320_000,
}
Frames = list[dict[str, Any]]
E6_A_FRAME = 1_800
"""What 200 m are in millionths of a degree of latitude."""


def driving_frames(count: int) -> Frames:
    """A truck of edition 2016 that drives southwards at 72 km/h and sends every ten seconds, without a fault."""
    return [
        {
            **dict.fromkeys(COLUMNS),
            **DRIVING,
            "file": FILE,
            "row": n + 1,
            "folder_vin": TRUCK,
            "received_at_ms": (START_S + 10 * n) * 1000 + 500,
            "received_at_s": START_S + 10 * n,
            "data_unit_digest": f"{n:032x}",
            "device_time_s": START_S + 10 * n,
            "speed_raw": 720,
            "odometer_raw": 100_000 + 2 * n,
            "latitude_raw": 29_600_000 - E6_A_FRAME * n,
        }
        for n in range(count)
    ]


def change(frames: Frames, rows: Sequence[int], **values: Any) -> Frames:
    """The frames with other values in the rows of these numbers."""
    return [{**frame, **values} if frame["row"] in rows else frame for frame in frames]


def damage(frames: Frames, rows: Sequence[int], outcome: str, **values: Any) -> Frames:
    """The frames with nothing left in these rows but their place, time of receipt and this outcome."""
    kept = ("file", "row", "folder_vin", "received_at_ms", "received_at_s")
    bare = [{**dict.fromkeys(COLUMNS), **{name: frame[name] for name in kept}} for frame in frames]
    return [
        {**empty, "outcome": outcome, **values} if frame["row"] in rows else frame
        for frame, empty in zip(frames, bare, strict=True)
    ]
