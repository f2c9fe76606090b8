"""A frame field by field: together the fields are the frame, and each says what the reference decoder says."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from h2verify.gbt32960 import decode_frame, frame_to_json
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.app.frame_fields import FIELDS_MAX, frame_fields

DEMO = Path(__file__).parents[2] / "src" / "h2corridor" / "demo" / "first-run"
HEADER_2016 = b"##\x02\xfe" + b"LTESTVEHICLE00001" + b"\x01"


def _frames() -> list[bytes]:
    found: list[bytes] = []
    for path in sorted(DEMO.glob("telemetry/*/*.csv.gz")):
        rows = gzip.decompress(path.read_bytes()).decode().splitlines()[1:]
        found += [bytes.fromhex(row.rpartition(",")[2]) for row in rows[:: len(rows) // 20]]

    assert len(found) > 10
    return found


def _framed(data_unit: bytes, command: int = 2) -> bytes:
    head = HEADER_2016[:2] + bytes([command]) + HEADER_2016[3:]
    data = head + len(data_unit).to_bytes(2) + data_unit
    check = 0
    for byte in data[2:]:
        check ^= byte
    return data + bytes([check])


def _joined(found: dict[str, Any]) -> str:
    return "".join(field["hex"] for field in found["fields"])


def _by_name(found: dict[str, Any], name: str) -> dict[str, Any]:
    field: dict[str, Any] = next(field for field in found["fields"] if field["name"] == name)
    return field


@pytest.mark.parametrize("data", _frames())
def test_the_fields_together_are_the_frame_each_where_it_says(data: bytes) -> None:
    found = frame_fields(data)

    assert data.hex() == _joined(found)
    for field in found["fields"]:
        assert data[field["offset"] :].hex().startswith(field["hex"])


def test_raw_and_value_are_those_of_the_reference_decoder() -> None:
    data = _frames()[5]
    vehicle = frame_to_json(decode_frame(data))["items"][0]["fields"]
    found = {field["name"]: field for field in frame_fields(data)["fields"] if field["group"] == "0:vehicle"}

    for name, expected in vehicle.items():
        assert (expected["raw"], expected["value"]) == (found[name]["raw"], found[name]["value"])


def test_a_position_in_the_south_and_west_is_negative() -> None:
    place = bytes([5, 6]) + (106_000_000).to_bytes(4) + (29_000_000).to_bytes(4)
    found = frame_fields(_framed(bytes([26, 3, 2, 7, 12, 0]) + place))

    assert ("-106.000000", "-29.000000") == (
        _by_name(found, "longitude")["value"],
        _by_name(found, "latitude")["value"],
    )


def test_a_check_byte_that_differs_is_named_and_nothing_is_decoded() -> None:
    data = _frames()[5]
    found = frame_fields(data[:-1] + bytes([data[-1] ^ 1]))

    assert ("reject", "differs") == (found["verdict"], _by_name(found, "check_byte")["status"])
    assert _by_name(found, "undecoded")["hex"] == data[24:-1].hex()


def test_a_password_is_masked_wherever_it_stands() -> None:
    login = bytes([26, 3, 2, 7, 12, 0]) + b"\0\1" + b"platform-one" + b"secret-of-20-letters" + b"\1"
    for data in (_framed(login, command=5), _framed(login[:-1], command=5), _framed(login, command=5)[:-1] + b"\0"):
        assert b"secret".hex() not in _joined(frame_fields(data))


def test_a_run_beyond_the_limit_is_shown_as_a_rest() -> None:
    count = 60_000
    fuel_cell = b"\x03" + bytes(6) + count.to_bytes(2) + b"\x64" * count + bytes(10)
    found = frame_fields(_framed(bytes([26, 3, 2, 7, 12, 0]) + fuel_cell))

    assert len(found["fields"]) == FIELDS_MAX + 1
    assert found["fields"][-1]["name"] == "rest"


@settings(max_examples=150)
@given(st.binary(max_size=300), st.sampled_from([1, 2, 3, 4, 5, 7, 9, 10, 11]), st.sampled_from([b"##", b"$$"]))
def test_any_data_unit_gives_fields_that_hide_no_byte(data_unit: bytes, command: int, mark: bytes) -> None:
    data = mark + _framed(data_unit, command)[2:]
    found = frame_fields(data)

    assert len(data) * 2 == len(_joined(found))
    for field in found["fields"]:
        assert "*" in field["hex"] or data[field["offset"] :].hex().startswith(field["hex"])


@settings(max_examples=100)
@given(st.binary(max_size=60))
def test_any_bytes_give_an_answer(data: bytes) -> None:
    found = frame_fields(data)

    assert data.hex() == _joined(found)
    assert "verdict" in found or "error" in found
