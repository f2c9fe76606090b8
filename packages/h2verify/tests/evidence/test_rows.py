import csv
import hashlib
import io

import pytest
from h2verify import merkle, rows
from h2verify.errors import ProofError
from hypothesis import example, given, settings
from hypothesis import strategies as st

SALT = bytes(range(32))
CSV_BYTES = st.text(alphabet='a,"\n\r', max_size=40).map(str.encode)


def _split(data: bytes, chunk_bytes: int = 1 << 20, limit: int = 1 << 20) -> list[bytes]:
    chunks = (data[at : at + chunk_bytes] for at in range(0, len(data), chunk_bytes))
    return list(rows.split_records(chunks, max_record_bytes=limit))


def test_a_record_is_a_line_with_its_end() -> None:
    assert [b"a,b\n", b"1,2\r\n", b"\n", b"3"] == _split(b"a,b\n1,2\r\n\n3")
    assert [] == _split(b"")
    assert [b"a\n"] == _split(b"a\n")


def test_a_line_end_inside_quotes_does_not_end_the_record() -> None:
    assert [b'a,"b\nc",d\n', b"e\n"] == _split(b'a,"b\nc",d\ne\n')
    assert [b'"a""\n",b\n', b"c\n"] == _split(b'"a""\n",b\nc\n')


def test_a_quote_inside_a_field_opens_nothing() -> None:
    assert [b'5" pipe\n', b'a,b"c\n', b"d\n"] == _split(b'5" pipe\na,b"c\nd\n')
    assert [b'"a"b"\n', b"c\n"] == _split(b'"a"b"\nc\n')


@given(CSV_BYTES, st.integers(1, 7), st.integers(1, 9))
@example(b'"a""', 3, 9)
@example(b'a,"b\nc', 2, 9)
@settings(max_examples=200, deadline=None)
def test_chunks_of_any_size_give_the_same_records_and_records_join_to_the_content(
    data: bytes, chunk_bytes: int, limit: int
) -> None:
    assert _split(data) == _split(data, chunk_bytes)
    assert _split(data, limit=limit) == _split(data, chunk_bytes, limit)
    assert data == b"".join(_split(data, chunk_bytes, limit))
    assert all(0 < len(record) <= limit for record in _split(data, chunk_bytes, limit))


@given(st.lists(st.lists(st.text(alphabet='a,"\n', max_size=4), min_size=1, max_size=3), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_what_a_csv_writer_writes_has_one_record_a_row(table: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(table)

    assert len(table) == len(_split(file.getvalue().encode(), 3))


def test_an_overlong_record_comes_in_pieces_and_memory_stays_bounded() -> None:
    assert [b"abcd", b"ef\n", b"g\n"] == _split(b"abcdef\ng\n", 1, 4)
    assert [b"abcd", b"efg\n", b"h"] == _split(b"abcdefg\nh", 100, 4)
    never_closed = (b'"' + b"x" * 4095 for _ in range(1000))

    assert [1 << 20] * 3 == [len(piece) for piece in rows.split_records(never_closed)][:3]


def _definition(file_salt: bytes, entry: bytes, records: list[bytes]) -> bytes:
    leaves = []
    for index, data in enumerate([entry, *records]):
        salt = hashlib.sha256(b"\x02" + file_salt + index.to_bytes(8, "big")).digest()
        leaves.append(hashlib.sha256(b"\x00" + salt + data).digest())
    return merkle.HashTree(leaves).root()


def test_the_root_is_that_of_the_definition_for_every_number_of_records() -> None:
    records = [b"%d\n" % at for at in range(40)]
    for count in range(41):
        one_by_one = rows.RowCommitment(SALT)
        in_bulk = rows.RowCommitment(SALT)
        for record in records[:count]:
            one_by_one.add(record)
        in_bulk.add_many(records[: count // 3])
        in_bulk.add_many(records[count // 3 : count])
        expected = _definition(SALT, b"entry", records[:count])

        assert expected == one_by_one.root(b"entry") == in_bulk.root(b"entry")
        assert count == in_bulk.records


def test_every_fact_of_a_file_is_under_the_root() -> None:
    facts = {
        "path": "telemetry/a.csv.gz",
        "size": 10,
        "sha256": "00" * 32,
        "records": 2,
        "received_at_ms": 5,
        "content_complete": True,
    }
    expected = (
        b'{"content_complete":true,"path":"telemetry/a.csv.gz","received_at_ms":5,"records":2,"sha256":"'
        + b"00" * 32
        + b'","size":10}'
    )

    assert expected == rows.file_entry(**facts)  # type: ignore[arg-type]  # each case names its facts


def test_the_leaf_shows_nothing_but_the_number_of_records() -> None:
    expected = b'{"records":2,"root":"' + b"ab" * 32 + b'","type":"h2corridor/received-file/1"}'

    assert expected == rows.leaf_entry(records=2, root=b"\xab" * 32)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ProofError) as refused:
        rows.RowCommitment(b"short")

    assert "rows.salt" == refused.value.code
