"""Frames of any file as JSON, whichever form they come in."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from h2verify.gbt32960 import decode_frame, frame_to_json
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.app.decode import decode_stream
from h2corridor.model.errors import InputError

Record = dict[str, Any]
HEARTBEAT = bytes.fromhex("232307fe5445535456494e32303136303030303035010000bf")
DAMAGED = HEARTBEAT[:-1] + b"\x00"
AT = "2026-03-02T08:15:30.250+08:00"


def _decoded(content: bytes) -> list[Record]:
    return list(decode_stream(io.BufferedReader(io.BytesIO(content)), "given"))


def _as_json(frame: bytes) -> Record:
    return frame_to_json(decode_frame(frame))


@pytest.fixture(scope="module")
def mixed(cases_dir: Path) -> Record:
    loaded: Record = json.loads((cases_dir / "gbt32960" / "stream_mixed.json").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def vectors(cases_dir: Path) -> dict[str, bytes]:
    files = [cases_dir / "gbt32960" / f"vectors_{edition}.json" for edition in (2016, 2025)]
    return {
        vector["id"]: bytes.fromhex(vector["hex"])
        for file in files
        for vector in json.loads(file.read_text("utf-8"))["vectors"]
    }


def test_a_line_of_hexadecimal_is_a_frame() -> None:
    (record,) = _decoded(HEARTBEAT.hex().encode() + b"\n")

    assert {"row": 1, "received_at": None, **_as_json(HEARTBEAT)} == record
    assert "TESTVIN2016000005" == record["vin"]


def test_lines_may_carry_their_time_of_receipt_spaces_and_either_end() -> None:
    lines = f"{AT},{HEARTBEAT.hex(' ')}\r\n\r\n{HEARTBEAT.hex().upper()}"
    records = _decoded(lines.encode())

    assert [(1, AT), (2, None)] == [(record["row"], record["received_at"]) for record in records]
    assert [_as_json(HEARTBEAT)] * 2 == [_without_place(record) for record in records]


def _without_place(record: Record) -> Record:
    return {key: value for key, value in record.items() if key not in ("row", "received_at", "offset")}


def test_a_line_that_is_no_hexadecimal_is_named_and_the_next_one_read() -> None:
    records = _decoded(b"232\n" + HEARTBEAT.hex().encode() + b"\nfe:fe\n")

    assert ["frame.not-hex", None, "frame.not-hex"] == [record.get("error") for record in records]


def test_bytes_too_few_for_a_frame_are_an_error_with_their_bytes() -> None:
    (record,) = _decoded(b"2323\n")

    assert "2323" == record["hex"]
    assert record["error"]


def test_a_telemetry_file_gives_each_row_with_its_number_and_time() -> None:
    rows = f"received_at,frame\n{AT},{HEARTBEAT.hex()}\nnever,{HEARTBEAT.hex()}\n{AT},{DAMAGED.hex()}\n"
    records = _decoded(gzip.compress(rows.encode()))
    frames = [record for record in records if "verdict" in record]

    assert [(1, AT), (2, None), (3, AT)] == [(record["row"], record["received_at"]) for record in frames]
    assert [_as_json(HEARTBEAT), _as_json(HEARTBEAT), _as_json(DAMAGED)] == [_without_place(each) for each in frames]
    assert [("telemetry.received-at-unreadable", 2)] == [
        (record["error"], record["row"]) for record in records if "error" in record
    ]


def test_a_telemetry_file_cut_in_the_middle_gives_what_is_whole_and_says_so() -> None:
    lines = [f"{AT},{bytes([number % 256]).hex()}{HEARTBEAT.hex()}" for number in range(400)]
    content = gzip.compress("\n".join(["received_at,frame", *lines, ""]).encode())
    records = _decoded(content[: len(content) // 2])

    assert 0 < sum("params" not in record for record in records) <= 400
    assert "telemetry.cut-short" in [record.get("error") for record in records]


def test_a_raw_stream_gives_its_frames_and_its_junk_by_their_place(mixed: Record, vectors: dict[str, bytes]) -> None:
    data = bytes.fromhex(mixed["hex"])
    records = _decoded(data)
    expected = [_as_json(vectors[name.split()[0]]) for name in mixed["expected_frames"]]

    assert expected == [_without_place(record) for record in records if "error" not in record]
    assert [mixed["junk_hex"]] == [record["hex"] for record in records if record.get("error") == "stream.junk"]
    assert [mixed["trailing_partial_bytes"]] == [
        len(record["hex"]) // 2 for record in records if record.get("error") == "stream.partial"
    ]
    assert list(range(1, len(records) + 1)) == [record["row"] for record in records]
    for record in records:
        if "hex" in record:
            assert bytes.fromhex(record["hex"]) == data[record["offset"] :][: len(record["hex"]) // 2]


def test_an_empty_file_has_no_frames() -> None:
    assert [] == _decoded(b"")


@settings(max_examples=80, deadline=None)
@given(
    start=st.sampled_from([b"", b"##", b"$$\x02", b"\x1f\x8b", b"\x1f\x8b\x08", b"23", HEARTBEAT]),
    content=st.binary(max_size=200),
)
def test_every_record_is_ready_for_json_and_nothing_but_text_is_refused(start: bytes, content: bytes) -> None:
    try:
        records = _decoded(start + content)
    except InputError as error:
        assert "decode.not-frames" == error.code
        assert not start.startswith((b"##", b"$$", b"\x1f"))
        return

    assert records == json.loads(json.dumps(records))
    assert all("verdict" in record or "error" in record for record in records)


def test_a_damaged_line_among_lines_of_frames_is_told_and_the_others_are_read() -> None:
    lines = f"{HEARTBEAT.hex()}\n{HEARTBEAT.hex()[:-2]}zz\n{HEARTBEAT.hex()}\n"

    assert [None, "frame.not-hex", None] == [record.get("error") for record in _decoded(lines.encode())]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"])
def test_a_time_of_receipt_without_a_date_in_the_corridor_is_a_finding(at: str) -> None:
    frame, finding = _decoded(gzip.compress(f"received_at,frame\n{at},{HEARTBEAT.hex()}\n".encode()))

    assert (None, 7) == (frame["received_at"], frame["command"])
    assert "telemetry.received-at-unreadable" == finding["error"]


@pytest.mark.parametrize("content", ["leg_id,consignment_id\nL1,C1\n", "编号,货票\n甲,乙\n"])
def test_a_text_without_frames_is_refused_and_not_shown_as_bytes(content: str) -> None:
    with pytest.raises(InputError, match=r"decode\.not-frames: given"):
        _decoded(content.encode())


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [(b"see ## 3\nand $$ 4\n", True), (b"a letter\n## cut", False), (b"$$ cut", False), (b"\r\n$$", False)],
)
def test_a_start_mark_makes_frames_of_a_text_only_where_a_line_begins_with_it(text: bytes, is_refused: bool) -> None:
    if not is_refused:
        assert _decoded(text)
        return
    with pytest.raises(InputError, match=r"decode\.not-frames"):
        _decoded(text)
