"""Files that cannot be cut into rows and columns: each is named with its place and a next step."""

from typing import Any

import pytest

from h2corridor.intake import read_trial_facts
from h2corridor.intake.delimited import read_header, read_records
from h2corridor.model.errors import InputError

HEADER = b"party_id,name_zh,name_en,role,country\n"
REFUSED = [
    ("table.empty", b"", ""),
    ("table.all-zeros", bytes(300), ""),
    ("table.no-header", b"\n\n", "header"),
    ("table.missing-column", b"party_id,name_zh\n", "header"),
    ("table.duplicate-column", HEADER.replace(b"name_en", b"name_zh"), "header"),
    ("table.too-many-columns", HEADER[:-1] + b",x" * 300 + b"\n", "header"),
    ("table.not-utf8", HEADER + b"P1,a,b,carrier,CN\nP2," + "甲".encode("gb18030") + b",B,carrier,CN\n", "row 2"),
    ("table.zero-byte", HEADER + b"P1,a,\0,carrier,CN\n", "row 1"),
    ("table.open-quote", HEADER + b'P1,a,b,carrier,CN\nP2,"a,b,carrier,CN\nP3,a,b,carrier,CN\n', "row 2"),
    ("table.quotes", HEADER + b'P1,"a"b,c,carrier,CN\n', "row 1"),
    ("table.line-end", HEADER.replace(b"\n", b"\r") + b"P1,a,b,carrier,CN\r", "header"),
    ("table.row-too-long", HEADER + b"P1," + b"x" * 1_100_000 + b",b,carrier,CN\n", "row 1"),
]


@pytest.mark.parametrize(("code", "content", "where"), REFUSED)
def test_a_file_that_cannot_be_cut_is_refused_with_its_place(small: Any, code: str, content: bytes, where: str) -> None:
    small.files["parties.csv"] = content
    with pytest.raises(InputError) as refused:
        read_trial_facts(small)
    error = refused.value

    assert (code, "parties.csv", where, 2) == (error.code, error.about, error.where, error.exit_status)
    assert error.fault.startswith("expected")
    assert error.next_step


def test_a_missing_column_is_named(small: Any) -> None:
    small.files["parties.csv"] = b"party_id,name_zh,role\n"
    with pytest.raises(InputError, match="name_en, country"):
        read_trial_facts(small)


def test_a_wrong_encoding_names_byte_and_offset() -> None:
    with pytest.raises(InputError, match="byte 0xBC at offset 4"):
        list(read_records("x.csv", b"a\nb,\xbc\n"))


def test_a_byte_order_mark_crlf_quotes_and_a_missing_last_line_end_are_read() -> None:
    content = b'\xef\xbb\xbfa,b\r\n"1,5","say ""hi"""\r\n"two\nlines",3'

    assert [["a", "b"], ["1,5", 'say "hi"'], ["two\nlines", "3"]] == list(read_records("x.csv", content))


def test_a_blank_line_is_a_record() -> None:
    assert [["a"], [], ["1"]] == list(read_records("x.csv", b"a\n\n1\n"))


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("，", "full-width commas")])
def test_a_header_that_something_else_than_commas_separates_is_told_so(sign: str, name: str) -> None:
    with pytest.raises(InputError, match=rf"table\.missing-column: legs\.csv, header: .*came {name}"):
        read_header("legs.csv", iter([[sign.join(("leg_id", "vin"))]]), ("leg_id", "vin"))
