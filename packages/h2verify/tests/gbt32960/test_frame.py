"""The reference decoder against every outside vector, and the traps by name."""

from decimal import Decimal
from typing import Any

import pytest
from h2verify.errors import DecodeError
from h2verify.gbt32960 import Frame, decode_frame, frame_to_json, read_items, xor_of
from h2verify.gbt32960.tables import EDITION_2016

HEADER_KEYS = (
    "edition",
    "command",
    "response",
    "vin",
    "encryption",
    "data_length",
    "bcc_in_frame",
    "bcc_ok",
)


def by_id(vectors: list[dict[str, Any]], name: str) -> Frame:
    return decode_frame(bytes.fromhex(next(vector["hex"] for vector in vectors if vector["id"] == name)))


def test_every_accepted_vector_gives_exactly_its_expected_values(vectors: list[dict[str, Any]]) -> None:
    accepted = [vector for vector in vectors if vector["verdict"].startswith("accept")]

    assert len(accepted) >= 56
    for vector in accepted:
        actual = frame_to_json(decode_frame(bytes.fromhex(vector["hex"])))

        assert {"verdict": vector["verdict"]} | vector["expected"] == actual, vector["id"]


def test_a_refused_or_incomplete_vector_gives_its_header_and_nothing_else(vectors: list[dict[str, Any]]) -> None:
    refused = [vector for vector in vectors if vector["verdict"] in {"reject", "incomplete"}]

    assert len(refused) >= 4
    for vector in refused:
        actual = frame_to_json(decode_frame(bytes.fromhex(vector["hex"])))
        expected = vector["expected"]

        assert vector["verdict"] == actual["verdict"]
        assert {key: expected[key] for key in HEADER_KEYS} == {key: actual[key] for key in HEADER_KEYS}
        assert expected.get("bytes_missing") == actual.get("bytes_missing")
        assert (actual["time"], actual["items"], actual["undecoded_tail"]) == (None, None, None)


def test_the_third_party_frame_decodes_to_what_a_second_decoder_read(third_party: dict[str, Any]) -> None:
    given = third_party["frames"][0]
    expected = given["expected_by_second_decoder"]
    actual = frame_to_json(decode_frame(bytes.fromhex(given["hex"])))
    items = {item["type"]: item for item in actual["items"]}
    cells = items[8]["subsystems"][0]["cells_v"]["value"]

    assert expected["items"] == [item["type"] for item in actual["items"]]
    assert expected["time"] == actual["time"]
    assert expected["cell_voltages"][0]["cell_v"] == [float(value) for value in cells]
    assert expected["cell_temps"][0]["probe_c"] == [int(v) for v in items[9]["subsystems"][0]["probes_c"]["value"]]
    assert list(expected["extremes"].values()) == [float(field["value"]) for field in items[6]["fields"].values()]
    assert expected["alarm"]["flags"] == items[7]["fields"]["flags_raw"]


def test_the_third_party_frame_with_a_wrong_check_byte_is_refused(third_party: dict[str, Any]) -> None:
    given = third_party["frames"][1]
    frame = decode_frame(bytes.fromhex(given["hex"]))
    expected = given["expected_by_second_decoder"]

    assert (frame.verdict, frame.items) == ("reject", None)
    assert (expected["bcc"], expected["bcc_computed"]) == (frame.bcc_in_frame, frame.bcc_computed)


def test_the_third_party_2025_sample_has_the_published_offsets_and_values(third_party: dict[str, Any]) -> None:
    given = third_party["frames"][2]
    expected = given["expected_raw"]
    frame = decode_frame(bytes.fromhex(given["hex"]))
    actual = frame_to_json(frame)
    fields = actual["items"][2]["fields"]
    stack = actual["items"][8]["stacks"][0]

    assert expected["item_types_hex"] == [f"{item.type:02x}" for item in frame.items or ()]
    assert expected["item_offsets_in_data_unit"] == [item.offset for item in frame.items or ()]
    assert expected["odometer_km"] == actual["items"][0]["fields"]["odometer_km"]["value"]
    assert str(expected["h2_max_temp_c"]) == fields["h2_max_temp_c"]["value"]
    assert Decimal(expected["h2_max_conc_pct"]) == Decimal(fields["h2_max_conc_pct"]["value"])
    assert expected["stack"]["h2_inlet_pressure_kpa"] == stack["h2_inlet_pressure_kpa"]["value"]
    assert actual["range_findings"] == ["dcdc", "hv_dcdc"]


def test_the_third_party_fuel_cell_item_has_its_published_raw_values(third_party: dict[str, Any]) -> None:
    given = third_party["fuel_cell_items"][0]
    items, tail = read_items(EDITION_2016, bytes.fromhex(given["hex_item"]), 0)
    raw = items[0].raw
    names = {
        "voltage": "stack_voltage_v",
        "current": "stack_current_a",
        "consumption": "consumption_kg_per_100km",
        "h2_temp": "h2_max_temp_c",
        "h2_temp_no": "h2_max_temp_probe",
        "h2_conc": "h2_max_conc_mg_per_kg",
        "h2_conc_no": "h2_max_conc_sensor",
        "h2_press": "h2_max_pressure_mpa",
        "h2_press_no": "h2_max_pressure_sensor",
        "hv_dcdc": "hv_dcdc",
    }

    actual = {theirs: raw[ours] for theirs, ours in names.items()} | {"probes": raw["probe_temps_c"]}

    assert tail is None
    assert given["raw"] | {"probes": tuple(given["raw"]["probes"])} == actual


def test_the_signed_bytes_are_exactly_those_before_the_signature(vectors: list[dict[str, Any]]) -> None:
    frame = by_id(vectors, "2025-06-signed")
    signed = frame.signed

    assert signed is not None
    assert (signed.start, signed.end) == (0, 81)
    assert frame.data[24 : 24 + 81] == signed.data


def test_an_empty_signature_covers_nothing(vectors: list[dict[str, Any]]) -> None:
    assert by_id(vectors, "2025-07-signature-empty").signed is None


def test_a_2016_body_under_a_2025_mark_never_becomes_a_figure(vectors: list[dict[str, Any]]) -> None:
    frame = by_id(vectors, "2025-27-2016-layout-under-2025-mark")

    assert frame.items is None
    assert frame.tail is not None
    assert (frame.tail.reason, frame.tail.offset) == ("2016 layout", 6)


def test_a_2025_body_under_a_2016_mark_never_becomes_a_figure(vectors: list[dict[str, Any]]) -> None:
    data = bytearray(by_id(vectors, "2025-05-fc-truck-full").data)
    data[:2] = b"##"
    frame = decode_frame(bytes(data))

    assert frame.items is None
    assert frame.tail is not None
    assert frame.tail.reason == "2025 layout"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "gbt32960.no-start-mark"),
        (b"#$" + bytes(40), "gbt32960.no-start-mark"),
        (b"##\x02", "gbt32960.header-cut"),
        (bytes.fromhex("232307fe") + b"V" * 17 + bytes.fromhex("010000bf00"), "gbt32960.surplus-bytes"),
    ],
)
def test_bytes_that_are_no_single_frame_are_refused_with_a_code(data: bytes, code: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_frame(data)

    assert code == caught.value.code


def _frame(command: int, unit: bytes, mark: bytes = b"##", response: int = 0xFE, encryption: int = 1) -> bytes:
    checked = bytes((command, response)) + b"TESTVIN0000000001" + bytes((encryption,)) + len(unit).to_bytes(2) + unit
    return mark + checked + bytes((xor_of(checked),))


NOON = bytes((26, 3, 2, 12, 0, 0))


def test_an_unknown_command_is_named_and_kept() -> None:
    frame = decode_frame(_frame(0x7A, b"\x01\x02"))

    assert frame.verdict == "accept-with-finding"
    assert frame.tail is not None
    assert (frame.tail.data, frame.tail.reason) == (b"\x01\x02", "unknown command 0x7a")


def test_a_command_of_2025_is_unknown_in_2016() -> None:
    unit = b"\x01\x01"

    assert decode_frame(_frame(0x0A, unit)).body is None
    assert dict(decode_frame(_frame(0x0A, unit, b"$$")).body or {}) == {"result_raw": 1, "information_raw": 1}


def test_a_platform_login_shows_no_password() -> None:
    unit = NOON + b"\x00\x07" + b"platform-one" + b"secret".ljust(20, b"\x00") + b"\x01"
    actual = frame_to_json(decode_frame(_frame(0x05, unit)))
    expected = {"serial": 7, "username": "platform-one", "password": {"status": "withheld"}, "encryption_raw": 1}

    assert ("accept", expected) == (actual["verdict"], actual["platform_login"])


def test_a_reply_to_a_login_carries_only_a_time() -> None:
    frame = decode_frame(_frame(0x01, NOON, response=1))

    assert (frame.verdict, frame.body, frame.time_s) == ("accept", None, 1772424000)


def test_a_real_time_data_unit_too_short_for_its_time_is_kept_whole() -> None:
    frame = decode_frame(_frame(0x02, b"\x1a\x03"))

    assert (frame.verdict, frame.time_s) == ("accept-with-finding", None)
    assert frame.tail is not None
    assert frame.tail.data == b"\x1a\x03"


def test_bytes_after_the_end_of_a_body_are_kept() -> None:
    frame = decode_frame(_frame(0x04, NOON + b"\x00\x01\xaa"))

    assert frame.body is not None
    assert frame.tail is not None
    assert (frame.tail.offset, frame.tail.data) == (8, b"\xaa")


def test_an_encryption_that_only_2025_defines_is_named() -> None:
    frame = decode_frame(_frame(0x02, bytes(32), b"$$", encryption=5))

    assert frame.tail is not None
    assert frame.tail.reason == "encryption 5 (SM4): check BCC first, then decrypt"
