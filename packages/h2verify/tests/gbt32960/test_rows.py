"""What a telemetry row turns out to be."""

from hashlib import sha256
from typing import Any

import pytest
from h2verify.gbt32960 import FRAME_COLUMNS, frame_columns_reference, read_row, read_row_columns


@pytest.fixture(scope="module")
def frames(vectors: list[dict[str, Any]]) -> dict[str, bytes]:
    return {vector["id"]: bytes.fromhex(vector["hex"]) for vector in vectors}


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("2016-06-fc-truck-full", "ok"),
        ("2016-05-heartbeat", "ok"),
        ("2016-27-bad-bcc", "bad_check_byte"),
        ("2016-28-truncated-frame", "truncated"),
        ("2025-26-truncated-frame", "truncated"),
        ("2016-30-encrypted-aes", "encrypted"),
        ("2016-33-bad-time", "unreadable_time"),
        ("2016-24-unknown-item", "ok"),
    ],
)
def test_a_vector_as_a_row_has_its_outcome_and_its_header(frames: dict[str, bytes], name: str, outcome: str) -> None:
    row = read_row_columns(frames[name])

    assert (outcome, int(name[:4])) == (row["outcome"], row["edition"])
    assert f"TESTVIN{name[:4]}0000{name[5:7]}" == row["vin"]
    assert (outcome == "ok") == (row["data_unit_digest"] is not None)


def test_the_columns_of_a_2016_frame_are_its_raw_integers(frames: dict[str, bytes]) -> None:
    data = frames["2016-06-fc-truck-full"]
    expected = {
        "outcome": "ok",
        "edition": 2016,
        "command": 2,
        "response": 254,
        "encryption": 1,
        "vin": "TESTVIN2016000006",
        "data_unit_digest": sha256(data[24:-1]).hexdigest()[:32],
        "device_time_s": 1772410530,
        "item_mask": 0b11101110,
        "vehicle_state": 1,
        "charge_state": 3,
        "speed_raw": 723,
        "odometer_raw": 1234567,
        "voltage_raw": 6123,
        "current_raw": 10850,
        "soc_raw": 63,
        "gear_raw": 46,
        "stacks_reported": 1,
        "stack_current_raw": 1450,
        "stack_voltage_raw": 3890,
        "consumption_raw": 870,
        "h2_pressure_raw": 281,
        "h2_temperature_raw": 710,
        "h2_concentration_raw": 12,
        "position_status": 0,
        "longitude_raw": 106700000,
        "latitude_raw": 29500000,
        "said_v_max_raw": 3345,
        "said_v_min_raw": 3301,
        "said_c_max_raw": 73,
        "said_c_min_raw": 69,
    }

    assert expected == {name: value for name, value in read_row_columns(data).items() if value is not None}


def test_a_login_names_its_terminal(frames: dict[str, bytes]) -> None:
    assert "89860000000000000001" == read_row_columns(frames["2016-01-login"])["terminal_id"]
    assert "89860000000000000004" == read_row_columns(frames["2025-01-login"])["terminal_id"]


def test_lists_of_cells_and_probes_give_their_extremes(frames: dict[str, bytes]) -> None:
    names = (*(f"listed_{name}_raw" for name in ("v_max", "v_min", "c_max", "c_min")), "cells_declared_raw")
    rows = [read_row_columns(frames[name]) for name in ("2016-20-backfill-free-order", "2025-05-fc-truck-full")]

    assert [(3415, 3387, 71, 69, 3), (3345, 3301, 73, 69, None)] == [tuple(row[name] for name in names) for row in rows]
    assert [3, None] == [row["cells_listed"] for row in rows]


def test_the_current_of_a_2025_frame_is_the_sum_over_its_stacks(frames: dict[str, bytes]) -> None:
    row = read_row_columns(frames["2025-05-fc-truck-full"])

    assert tuple(
        row[name] for name in ("stack_count_raw", "stacks_reported", "stack_current_raw", "stack_voltage_raw")
    ) == (2, 2, 1450 + 1441, 3890)

    assert (row["h2_remaining_raw"], row["coordinate_system"]) == (55, 1)


def test_one_stack_without_a_current_leaves_no_sum(frames: dict[str, bytes]) -> None:
    row = read_row_columns(frames["2025-14-three-stacks-and-sentinels"])

    assert (row["stacks_reported"], row["stack_current_raw"]) == (3, None)


def test_a_stack_count_that_is_a_sentinel_reports_no_stack(frames: dict[str, bytes]) -> None:
    row = read_row_columns(frames["2025-15-stack-count-invalid"])

    assert tuple(
        row[name] for name in ("stack_count_raw", "stacks_reported", "stack_current_raw", "stack_voltage_raw")
    ) == (255, 0, None, None)


def test_sentinels_stay_as_received(frames: dict[str, bytes]) -> None:
    row = read_row_columns(frames["2016-19-vehicle-sentinels"])

    assert (row["speed_raw"], row["odometer_raw"], row["soc_raw"]) == (0xFFFF, 0xFFFFFFFE, 0xFF)


def test_one_frame_in_junk_is_read_and_says_so(frames: dict[str, bytes]) -> None:
    alone = read_row_columns(frames["2016-06-fc-truck-full"])
    row = read_row_columns(b"\x00##" + frames["2016-06-fc-truck-full"] + b"xyz")

    assert alone | {"tail_reason": "junk around the frame"} == row


def test_two_frames_in_a_row_are_not_one(frames: dict[str, bytes]) -> None:
    reading = read_row(frames["2016-05-heartbeat"] * 2)

    assert (reading.outcome, reading.reason) == ("garbage", "more than one frame in the row")


@pytest.mark.parametrize(
    "data", [b"", b"#", b"##\x02", b"GET / HTTP/1.1", b"##\x02\xfeGET / HTTP/1.1\r\n\r\n", bytes(60)]
)
def test_bytes_that_are_no_frame_are_garbage_without_a_header(data: bytes) -> None:
    row = read_row_columns(data)

    assert {name: value for name, value in row.items() if value is not None} == {"outcome": "garbage"}


def test_a_frame_cut_inside_its_header_is_truncated(frames: dict[str, bytes]) -> None:
    row = read_row_columns(frames["2016-06-fc-truck-full"][:15])

    assert (row["outcome"], row["vin"]) == ("truncated", None)


def test_a_2016_body_under_a_2025_mark_fills_no_column(frames: dict[str, bytes]) -> None:
    row = read_row_columns(frames["2025-27-2016-layout-under-2025-mark"])

    assert (row["outcome"], row["tail_reason"], row["item_mask"]) == ("ok", "2016 layout", 0)
    assert row["h2_temperature_raw"] is None


def test_every_row_has_every_column_in_order(frames: dict[str, bytes]) -> None:
    for row in frame_columns_reference(frames.values()):
        assert tuple(row) == FRAME_COLUMNS
