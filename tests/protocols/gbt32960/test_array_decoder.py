"""The array decoder equals the reference decoder, column by column, and never raises."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from h2verify.gbt32960 import FRAME_COLUMNS, frame_columns_reference, xor_of
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from h2corridor.protocols.gbt32960 import ArrayDecoder, FrameColumns, array_decoder, decode_columns

FIRST_ITEM = 24 + 6


def packed(rows: list[bytes]) -> tuple[bytes, NDArray[np.int64]]:
    offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    offsets[1:] = np.cumsum([len(row) for row in rows])
    return b"".join(rows), offsets


def as_rows(columns: FrameColumns) -> list[dict[str, int | str | None]]:
    listed: dict[str, list[int | str | None]] = {
        name: [value if known else None for value, known in zip(values.tolist(), columns.known[name], strict=True)]
        for name, values in columns.integers.items()
    }
    for name, coded in columns.texts.items():
        listed[name] = [None if code < 0 else coded.texts[code] for code in coded.codes.tolist()]
    digests = zip(*columns.digest_units(), strict=True)
    listed["data_unit_digest"] = [digest.tobytes().hex() if known else None for digest, known in digests]

    assert set(FRAME_COLUMNS) == listed.keys()
    return [{name: listed[name][row] for name in FRAME_COLUMNS} for row in range(columns.rows)]


def case_rows(cases_dir: Path) -> list[bytes]:
    folder = cases_dir / "gbt32960"
    rows = [bytes.fromhex(json.loads((folder / "stream_mixed.json").read_text("utf-8"))["hex"])]
    for name in ("vectors_2016.json", "vectors_2025.json"):
        rows += [bytes.fromhex(v["hex"]) for v in json.loads((folder / name).read_text("utf-8"))["vectors"]]
    rows += [
        bytes.fromhex(f["hex"]) for f in json.loads((folder / "third_party_mit.json").read_text("utf-8"))["frames"]
    ]

    assert len(rows) >= 64
    return rows


def with_right_check_byte(frame: bytearray) -> bytes:
    frame[-1] = xor_of(bytes(frame[2:-1]))
    return bytes(frame)


@st.composite
def variants(draw: st.DrawFn, frame: bytes) -> list[bytes]:
    """A frame several times over: values changed, structure changed, damaged, cut, in junk."""
    rows = [frame] * 5
    for _ in range(draw(st.integers(0, 8))):
        changed = bytearray(frame)
        for _ in range(draw(st.integers(1, 3))):
            at = draw(st.sampled_from([FIRST_ITEM, FIRST_ITEM + 1]) | st.integers(21, len(frame) - 1))
            changed[min(at, len(frame) - 1)] = draw(st.sampled_from([1, 2, 3, 5, 0x30, 0x80]) | st.integers(0, 255))
        rows.append(with_right_check_byte(changed) if draw(st.integers(0, 5)) else bytes(changed))
    junk, cut = draw(st.binary(max_size=4)), draw(st.integers(0, len(frame)))
    return [*rows, junk + frame + junk, frame[:cut], frame[cut:], frame + frame]


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_generated_rows_give_what_the_reference_gives(frames: st.SearchStrategy[bytes], data: st.DataObject) -> None:
    drawn = data.draw(st.lists(frames.flatmap(variants), min_size=1, max_size=3))
    rows = data.draw(st.permutations([row for group in drawn for row in group]))
    expected = frame_columns_reference(rows)

    assert expected == as_rows(decode_columns(*packed(rows)))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.binary(max_size=60) | st.binary(max_size=40).map(lambda tail: b"##\x02\xfe" + tail), max_size=12)
)
def test_random_rows_never_raise(rows: list[bytes]) -> None:
    assert frame_columns_reference(rows) == as_rows(decode_columns(*packed(rows)))


@pytest.mark.parametrize("times", [1, 6])
def test_every_vector_as_a_row_gives_what_the_reference_gives(cases_dir: Path, times: int) -> None:
    rows = case_rows(cases_dir) * times

    assert frame_columns_reference(rows) == as_rows(decode_columns(*packed(rows)))


def test_received_telemetry_gives_what_the_reference_gives(trials_dir: Path) -> None:
    files = sorted(trials_dir.glob("rehearsal/telemetry/*/*-09.csv.gz"))

    assert len(files) >= 4
    for file in files:
        lines = gzip.decompress(file.read_bytes()).decode().splitlines()[1:]
        rows = [bytes.fromhex(line.split(",")[1]) for line in lines[:: max(1, len(lines) // 400)]]

        assert frame_columns_reference(rows) == as_rows(decode_columns(*packed(rows)))


def test_no_rows_give_empty_columns() -> None:
    columns = decode_columns(b"", np.zeros(1, dtype=np.int64))

    assert columns.rows == 0
    assert [] == as_rows(columns)


def custom_item_rows(cases_dir: Path) -> list[bytes]:
    """Frames of one length, each two of a layout of their own."""
    frame = bytes.fromhex(
        json.loads((cases_dir / "gbt32960" / "vectors_2016.json").read_text("utf-8"))["vectors"][22]["hex"]
    )
    at = frame.index(bytes.fromhex("800005"))
    rows = []
    for code in range(0x80, 0xFF):
        changed = bytearray(frame)
        changed[at] = code
        rows += [with_right_check_byte(changed)] * 2
    return rows


def test_more_layouts_than_are_remembered_still_agree(cases_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_decoder, "PLANS_MAX", 16)
    rows = custom_item_rows(cases_dir)

    assert frame_columns_reference(rows) == as_rows(decode_columns(*packed(rows)))


def test_a_layout_met_in_one_batch_is_read_alike_in_the_next(cases_dir: Path) -> None:
    decoder = ArrayDecoder()
    rows = [*custom_item_rows(cases_dir), *case_rows(cases_dir) * 5]
    for batch in (rows, rows[::-1], rows[::2] * 2):
        assert frame_columns_reference(batch) == as_rows(decoder.decode(*packed(batch)))


@pytest.mark.parametrize("offsets", [[0, 5, 3], [0, 4, 11], [-1, 2, 3], []])
def test_offsets_that_fall_or_leave_the_buffer_are_refused(offsets: list[int]) -> None:
    with pytest.raises(ValueError, match="offsets must not fall"):
        decode_columns(bytes(10), np.array(offsets, dtype=np.int64))


@pytest.mark.parametrize(("at", "item_type"), [(30, 3), (49, 3), (60, 2), (60, 7), (60, 8), (60, 0x30), (60, 0x31)])
def test_rows_that_end_where_their_last_item_would_count_give_what_the_reference_gives(at: int, item_type: int) -> None:
    items = b"\x01" + bytes(12) + b"\x01" + bytes(5) + b"\x05" + bytes(10) + b"\x04\xff\xff\x80\x00\x00"
    frame = bytearray(b"$$\x02\xfeTESTVIN0000000001\x01\x00*\x1a\x01\x01\x17;;" + items + b"\x00")
    frame[at] = item_type
    rows = [with_right_check_byte(frame)] * 8

    assert frame_columns_reference(rows) == as_rows(decode_columns(*packed(rows)))


@pytest.mark.parametrize("size", range(7))
def test_sound_frames_too_short_for_their_time_give_what_the_reference_gives(size: int) -> None:
    frame = bytearray(b"##\x02\xfeTESTVIN0000000001\x01\x00" + bytes((size,)) + b"\x1a" * size + b"\x00")
    rows = [with_right_check_byte(frame)] * 5

    assert frame_columns_reference(rows) == as_rows(decode_columns(*packed(rows)))
