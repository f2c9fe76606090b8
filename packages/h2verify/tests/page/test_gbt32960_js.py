"""Telemetry rows in the page against h2verify: real rows, and rows with faults of every kind."""

import random
from collections.abc import Callable

from h2verify.gbt32960 import read_row_columns, xor_of
from in_page import run_in_page
from made_raw import drive
from playwright.sync_api import Page
from random_frames_2025 import frame_2025

OpenVerifier = Callable[..., Page]

COLUMNS = (
    *("outcome", "edition", "command", "vin", "data_unit_digest", "device_time_s", "speed_raw", "odometer_raw"),
    *("soc_raw", "stacks_reported", "stack_current_raw", "stack_voltage_raw", "h2_pressure_raw"),
    *("h2_temperature_raw", "position_status", "longitude_raw", "latitude_raw", "coordinate_system"),
)
OUTCOMES = {"bad_check_byte", "encrypted", "garbage", "ok", "truncated", "unknown_command", "unreadable_time"}
SENTINELS = (0, 1, 0xFE, 0xFF)
COMMANDS = (1, 2, 3, 4, 7, 8, 0x0A, 0x0B, 0x80, 0x90)


def _rows() -> list[bytes]:
    draw = random.Random(1)
    rows = [bytes.fromhex(row.decode().strip().rpartition(",")[2]) for row in drive()[1::13]]
    rows += [frame_2025(draw) for _ in range(60)]
    return [*rows, *(_with_fault(draw, rows) for _ in range(3_000))]


def _checked(data: bytearray) -> bytes:
    """The same frame with a right check byte."""
    return bytes(data[:-1]) + bytes((xor_of(bytes(data[2:-1])),))


def _with_fault(draw: random.Random, rows: list[bytes]) -> bytes:
    data = bytearray(draw.choice(rows))
    fault = draw.randrange(9)
    if fault == 0:
        return bytes(data[: draw.randrange(len(data))])
    if fault == 1:
        return draw.randbytes(draw.randrange(40)) + data + draw.randbytes(draw.randrange(2))
    if fault == 2:
        return bytes(data[: draw.randrange(len(data))]) + draw.choice(rows) + draw.choice((b"", draw.choice(rows)))
    if fault == 3:
        data[draw.randrange(len(data))] = draw.randrange(256)
        return bytes(data)
    if fault == 4:
        data[:2] = draw.choice((b"##", b"$$"))
    elif fault == 5:
        data[2:4] = bytes((draw.choice(COMMANDS), draw.choice((1, 2, 0xFE))))
        data[21] = draw.choice((1, 1, 1, 2, 0xFF))
    elif fault == 6:
        data[24:30] = bytes(draw.choice((0, 1, 2, 12, 29, 30, 31, 59, 60, 99, 100)) for _ in range(6))
    elif fault == 7:
        data = data[: draw.randrange(25, len(data))] + data[-1:]
        data[22:24] = (len(data) - 25).to_bytes(2)
    else:
        for _ in range(draw.randrange(1, 4)):
            data[draw.randrange(30, len(data))] = draw.choice((*SENTINELS, draw.randrange(256)))
    return _checked(data)


def test_every_row_gives_the_same_columns(open_verifier: OpenVerifier) -> None:
    rows = _rows()
    body = "return given.map((text) => gbRowColumns(bytesOfHex(text)));"
    expected = [{name: columns[name] for name in COLUMNS} for columns in map(read_row_columns, rows)]
    outcomes = {str(columns["outcome"]) for columns in expected}

    assert OUTCOMES == outcomes
    assert expected == run_in_page(open_verifier(), body, [row.hex() for row in rows])


def test_items_of_one_edition_in_a_frame_of_the_other_give_no_values(open_verifier: OpenVerifier) -> None:
    draw = random.Random(2)
    frames = []
    for _ in range(40):
        data = bytearray(frame_2025(draw))
        data[:2] = b"##"
        frames.append(_checked(data))
    body = "return given.map((text) => gbRowColumns(bytesOfHex(text)));"
    found = run_in_page(open_verifier(), body, [data.hex() for data in frames])
    expected = [{name: columns[name] for name in COLUMNS} for columns in map(read_row_columns, frames)]

    assert any(columns["speed_raw"] is None for columns in expected)
    assert expected == found
