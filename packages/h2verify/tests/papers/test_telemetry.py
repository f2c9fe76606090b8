"""Telemetry rows: a frame and its time of receipt, or nothing."""

import gzip

from h2verify.content import FileContent
from h2verify.papers import TelemetryRow, read_telemetry
from h2verify.rows import split_records
from hypothesis import given, settings
from hypothesis import strategies as st

TIME = "2026-03-02T07:12:00.5+08:00"
AT_MS = 1_772_406_720_500


def _read(content: bytes, *, is_cut: bool = False) -> list[TelemetryRow]:
    records = list(split_records([content]))
    return list(read_telemetry((record, is_cut and record is records[-1]) for record in records))


def test_rows_keep_their_numbers_whatever_stands_between_them() -> None:
    content = f"received_at,frame\n{TIME},2323\n\n{TIME},zz\n{TIME},23 23\nx\n{TIME},\n,FFfe\r\n".encode()

    assert [TelemetryRow(1, AT_MS, b"##"), TelemetryRow(7, None, b"\xff\xfe")] == _read(content)


def test_columns_stand_where_the_header_says() -> None:
    assert [TelemetryRow(1, AT_MS, b"\x01")] == _read(f"\ufeffx,frame,received_at\n,01,{TIME}\n".encode())


def test_quoted_cells_stand_without_their_quotes() -> None:
    content = f'received_at,frame,note\n"{TIME}","01","a,b\nc"\n"{TIME}"x,01,\n'.encode()

    assert [TelemetryRow(1, AT_MS, b"\x01"), TelemetryRow(2, None, b"\x01")] == _read(content)


def test_a_header_without_both_columns_gives_nothing() -> None:
    for header in (
        b"received_at\n",
        b"received_at,frame,frame\n",
        b'"received_at,frame\n',
        b"\xff,frame,received_at\n",
    ):
        assert [] == _read(header + f"{TIME},01\n".encode())


def test_a_row_cut_short_gives_nothing_and_one_without_a_line_end_does() -> None:
    content = f"received_at,frame\n{TIME},01".encode()

    assert [TelemetryRow(1, AT_MS, b"\x01")] == _read(content)
    assert [] == _read(content, is_cut=True)


def test_a_content_is_cut_where_it_ends_inside_packed_data_and_not_where_only_its_check_sum_is_wrong() -> None:
    packed = gzip.compress(b"received_at,frame\n,01", mtime=0)
    wrong = bytearray(packed)
    wrong[-5] ^= 1
    damaged = {
        "whole": packed,
        "cut": packed[:-9],
        "check": bytes(wrong),
        "junk": packed + b"xy",
        "none": b"",
        "text": b"xy",
    }
    contents = {name: FileContent("a.gz", [data]) for name, data in damaged.items()}

    assert [18 + 3, 18 + 3, 0] == [sum(map(len, contents[name])) for name in ("whole", "check", "none")]
    assert all(sum(map(len, contents[name])) >= 0 for name in ("cut", "junk", "text"))
    assert {"cut"} == {name for name, content in contents.items() if content.is_cut}
    assert {"whole"} == {name for name, content in contents.items() if content.complete}


def test_a_row_that_is_too_long_gives_nothing_nor_do_its_pieces() -> None:
    long = b"received_at,frame\n," + b"01" * (1 << 20) + b"\n,02\n"

    assert [TelemetryRow(4, None, b"\x02")] == _read(long)


@settings(max_examples=200, deadline=None)
@given(
    content=st.lists(st.sampled_from([b"received_at,frame", b"\n", b"\r", b'"', b",", b"01", TIME.encode(), b"\xff"]))
)
def test_any_bytes_give_rows_or_nothing(content: list[bytes]) -> None:
    rows = _read(b"".join(content))

    assert sorted(row.row for row in rows) == [row.row for row in rows]
