"""Telemetry files: batches of rows with their numbers, whatever is wrong with the file."""

import gzip
import io
import zlib
from pathlib import Path

import numpy as np
import pytest
from h2verify.content import FileContent
from h2verify.rows import MAX_RECORD_BYTES, split_records
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.intake import FrameBatch, RowProblem, TelemetryReader
from h2corridor.intake import telemetry as telemetry_module
from h2corridor.intake.telemetry_records import ROW_BYTES_MAX
from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import get_check, severity_of

PATH = "telemetry/LTESTHYDR0GEN0001/2026-03-02.csv.gz"
HEADER = b"received_at,frame\n"
TIME = b"2026-03-02T08:15:30.250+08:00"
TIME_MS = 1_772_410_530_250


def _read(compressed: bytes, **limits: int) -> tuple[list[FrameBatch], list[Finding]]:
    reader = TelemetryReader(PATH, io.BytesIO(compressed), **limits)
    batches = list(reader)

    assert reader.row_count == sum(len(batch) for batch in batches)
    return batches, reader.findings


def _frames(batches: list[FrameBatch]) -> list[bytes]:
    return [
        batch.frame_bytes[batch.offsets[place] : batch.offsets[place + 1]]
        for batch in batches
        for place in range(len(batch))
    ]


def _content(*rows: bytes) -> bytes:
    return HEADER + b"".join(row + b"\n" for row in rows)


def _rows(count: int) -> list[bytes]:
    return [b"%s,2323%08x" % (TIME, number) for number in range(count)]


def test_rows_come_with_number_time_and_bytes() -> None:
    batches, findings = _read(gzip.compress(_content(TIME + b",2323fe", b"2026-03-02T00:15:30Z,2424FE01")))

    assert findings == []
    assert [1, 2] == batches[0].rows.tolist()
    assert [TIME_MS, TIME_MS - 250] == batches[0].received_at_ms.tolist()
    assert [b"\x23\x23\xfe", b"\x24\x24\xfe\x01"] == _frames(batches)
    assert batches[0].received_at_known.all()


@pytest.mark.parametrize(
    "content",
    [
        _content(*_rows(3)).replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + _content(*_rows(3)),
        _content(*_rows(3))[:-1],
        _content(*(b'"%s","%s"' % tuple(row.split(b",")) for row in _rows(3))),
        b"frame,received_at\n" + b"".join(b"%s,%s\n" % tuple(reversed(row.split(b","))) for row in _rows(3)),
    ],
    ids=["crlf", "byte order mark", "no last line end", "quoted", "columns the other way round"],
)
def test_the_same_rows_in_another_dress_read_the_same(content: bytes) -> None:
    batches, findings = _read(gzip.compress(content))

    assert findings == []
    assert [bytes.fromhex(row.split(b",")[1].decode()) for row in _rows(3)] == _frames(batches)
    assert [TIME_MS] * 3 == [instant for batch in batches for instant in batch.received_at_ms.tolist()]


def test_an_extra_column_is_kept_and_reported_once() -> None:
    batches, findings = _read(gzip.compress(b'gateway,received_at,frame\n"a,b",%s,2323\nx,%s,2424\n' % (TIME, TIME)))

    assert [("table.unknown-columns", "gateway")] == [(each.check, each.params["columns"]) for each in findings]
    assert [b"##", b"$$"] == _frames(batches)


def test_a_file_in_several_members_with_padding_is_one_file() -> None:
    rows = _content(*_rows(10))
    batches, findings = _read(gzip.compress(rows[:90]) + gzip.compress(rows[90:]) + bytes(512))

    assert findings == []
    assert 10 == len(_frames(batches))


@pytest.mark.parametrize(
    ("row", "check", "problem"),
    [
        (TIME + b",23zz", "frame.not-hex", RowProblem.NOT_HEX),
        (TIME + b",232", "frame.not-hex", RowProblem.NOT_HEX),
        (TIME + b",23 23", "frame.not-hex", RowProblem.NOT_HEX),
        (TIME + b",", "frame.not-hex", RowProblem.NO_FRAME),
        (TIME, "telemetry.wrong-cell-count", RowProblem.WRONG_CELL_COUNT),
        (TIME + b",2323,", "telemetry.wrong-cell-count", RowProblem.WRONG_CELL_COUNT),
        (b"", "table.blank-row", RowProblem.BLANK),
        (TIME + b"," + b"23" * ROW_BYTES_MAX, "telemetry.row-too-long", RowProblem.TOO_LONG),
        (b'"' + b"\n" * ROW_BYTES_MAX + b'"', "telemetry.row-too-long", RowProblem.TOO_LONG),
    ],
)
def test_a_faulty_row_keeps_its_number_and_is_a_finding(row: bytes, check: str, problem: RowProblem) -> None:
    before, after = _rows(2)
    batches, findings = _read(gzip.compress(_content(before, row, after)))
    problems = [code for batch in batches for code in batch.problems.tolist()]

    assert [(check, 2, None)] == [(each.check, each.row, each.last_row) for each in findings]
    assert [0, problem, 0] == problems
    assert [6, 0, 6] == [len(frame) for frame in _frames(batches)]
    assert [1, 2, 3] == [row for batch in batches for row in batch.rows.tolist()]


@pytest.mark.parametrize("time", [b"2026-03-02T08:15:30.250", b"2026-03-02 08:15:30+08:00", b"yesterday", b""])
def test_a_time_of_receipt_that_cannot_be_read_is_unknown_and_the_frame_is_used(time: bytes) -> None:
    batches, findings = _read(gzip.compress(_content(time + b",2323")))

    assert [("telemetry.received-at-unreadable", 1)] == [(each.check, each.row) for each in findings]
    assert ([False], [b"##"]) == (batches[0].received_at_known.tolist(), _frames(batches))


def test_a_run_of_faulty_rows_is_one_finding_across_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry_module, "BATCH_ROWS_MAX", 4)
    rows = [*_rows(2), *(TIME + b",zz%d" % number for number in range(5)), *_rows(2)]
    batches, findings = _read(gzip.compress(_content(*rows)))

    assert [("frame.not-hex", 3, 7, "zz0")] == [(e.check, e.row, e.last_row, e.params["came"]) for e in findings]
    assert [3, 4, 2] == [len(batch) for batch in batches]


def test_a_record_over_the_limit_of_the_evidence_is_as_many_rows_as_pieces() -> None:
    long = b"x" * MAX_RECORD_BYTES + TIME + b",2323"
    batches, findings = _read(gzip.compress(_content(*_rows(1), long, *_rows(1))))

    assert [("telemetry.row-too-long", 2, 3)] == [(each.check, each.row, each.last_row) for each in findings]
    assert [6, 0, 0, 6] == [len(frame) for frame in _frames(batches)]


def test_faults_without_end_are_counted_not_listed() -> None:
    rows = [row for number in range(1500) for row in (TIME + b",zz", TIME + b",2323")]
    _, findings = _read(gzip.compress(_content(*rows)))

    assert 1001 == len(findings)
    assert ("table.more-of-the-same", 2001, 2999, "500") == (
        findings[-1].check,
        findings[-1].row,
        findings[-1].last_row,
        findings[-1].params["count"],
    )


def test_a_file_cut_in_the_middle_gives_the_whole_rows_before_the_cut() -> None:
    noise = np.random.default_rng(7).bytes(400_000).hex().encode()
    rows = [TIME + b"," + noise[place : place + 400] for place in range(0, len(noise), 400)]
    whole = gzip.compress(_content(*rows))
    batches, findings = _read(whole[: len(whole) // 2])
    good = [frame for frame in _frames(batches) if frame]
    last = int(findings[0].params["last_good_row"])

    assert [("telemetry.cut-short", "blocking")] == [(each.check, severity_of(each)) for each in findings]
    assert [bytes.fromhex(row.split(b",")[1].decode()) for row in rows[: len(good)]] == good
    assert len(good) == last > 800
    assert RowProblem.CUT_SHORT == batches[-1].problems[-1]


def test_damaged_compression_gives_the_whole_rows_before_the_damage() -> None:
    rows = _content(*_rows(5))
    deflate = zlib.compressobj(wbits=31)
    damaged = deflate.compress(rows) + deflate.flush(zlib.Z_FULL_FLUSH) + b"\x07" + b"\xff" * 50
    batches, findings = _read(damaged)

    assert [("telemetry.corrupt", "5")] == [(each.check, each.params["last_good_row"]) for each in findings]
    assert 5 == len(_frames(batches))


def test_a_wrong_checksum_is_a_finding_and_every_row_is_read() -> None:
    whole = bytearray(gzip.compress(_content(*_rows(5))))
    whole[-6] ^= 1
    batches, findings = _read(bytes(whole))

    assert [("telemetry.checksum-wrong", "5")] == [(each.check, each.params["last_good_row"]) for each in findings]
    assert 5 == len(_frames(batches))


def test_bytes_after_the_end_are_a_finding() -> None:
    batches, findings = _read(gzip.compress(_content(*_rows(5))) + b"more")

    assert [("telemetry.trailing-bytes", "5")] == [(each.check, each.params["last_good_row"]) for each in findings]
    assert 5 == len(_frames(batches))


@pytest.mark.parametrize(
    ("compressed", "came"),
    [
        (b"", "0 bytes"),
        (bytes(4096), "0x00000000"),
        (b"\0", "0x00"),
        (_content(*_rows(2)), "0x72656365"),
        (b"PK\3\4", "0x504b0304"),
    ],
)
def test_a_file_that_is_no_gzip_is_a_finding(compressed: bytes, came: str) -> None:
    batches, findings = _read(compressed)

    assert [("telemetry.not-gzip", came, "blocking")] == [(e.check, e.params["came"], severity_of(e)) for e in findings]
    assert [] == batches


@pytest.mark.parametrize(
    "content", [b"", b"time,frame\n1,2\n", b"frame,frame,received_at\n", b"\xff\xfe\n", b"2" * 600_000, b'"']
)
def test_a_file_without_its_header_is_a_finding(content: bytes) -> None:
    batches, findings = _read(gzip.compress(content))

    assert ["telemetry.header-wrong"] == [each.check for each in findings]
    assert [] == batches


def test_content_without_end_is_read_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("h2corridor.intake.gunzip.CONTENT_PIECE_BYTES", 20_000)
    bomb = gzip.compress(HEADER + b"\n" * 300_000)
    batches, findings = _read(bomb, content_bytes_max=50_000)

    assert "telemetry.too-large" in [each.check for each in findings]
    assert 0 < sum(len(batch) for batch in batches) < 50_000


def test_output_that_just_fills_a_piece_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    content = _content(*_rows(200))
    for piece in (1, 7, len(content), len(content) - 1):
        monkeypatch.setattr("h2corridor.intake.gunzip.CONTENT_PIECE_BYTES", piece)
        batches, findings = _read(gzip.compress(content))

        assert ([], 200) == (findings, len(_frames(batches)))


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_whatever_the_bytes_rows_are_numbered_as_the_evidence_numbers_them(data: st.DataObject) -> None:
    content = bytearray(_content(*_rows(40)))
    junk = st.one_of(st.binary(max_size=9), st.sampled_from([b'"', b"\n", b"\r", b",", b"\0" * 50]))
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 9))] = data.draw(junk)
    compressed = bytearray(gzip.compress(bytes(content)))
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(0, len(compressed)))
        compressed[place : place + data.draw(st.integers(0, 9))] = data.draw(junk)
    batches, findings = _read(bytes(compressed))
    numbers = [row for batch in batches for row in batch.rows.tolist()]
    records = list(split_records(FileContent("x.gz", [bytes(compressed)])))
    refused = any(finding.check in ("telemetry.header-wrong", "telemetry.not-gzip") for finding in findings)

    assert (0 if refused else max(0, len(records) - 1)) == len(numbers)
    assert list(range(1, len(numbers) + 1)) == numbers
    for batch in batches:
        assert len(batch.frame_bytes) == batch.offsets[-1]
        assert ((np.diff(batch.offsets) > 0) == (batch.problems == RowProblem.NONE)).all()
    for finding in findings:
        assert set(get_check(finding.check).params) == set(finding.params)


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.sampled_from([b"a", b'"', b",", b"\n", b"\r\n", TIME + b",2323\n", b'"x\ny",']), max_size=40))
def test_the_size_of_pieces_changes_nothing(cells: list[bytes]) -> None:
    compressed = gzip.compress(HEADER + b"".join(cells))
    whole, findings = _read(compressed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("h2corridor.intake.gunzip.CONTENT_PIECE_BYTES", 5)
        pieces, same_findings = _read(compressed)

    assert _frames(whole) == _frames(pieces)
    assert findings == same_findings


@pytest.mark.parametrize("trial", ["first-run", "rehearsal"])
def test_the_telemetry_of_the_trials_reads_without_a_finding(trials_dir: Path, trial: str) -> None:
    rows = 0
    for file in sorted((trials_dir / trial / "telemetry").glob("*/*.csv.gz")):
        content = gzip.decompress(file.read_bytes()).splitlines()[1:]
        batches, findings = _read(file.read_bytes())
        rows += len(content)

        assert findings == []
        assert [bytes.fromhex(line.split(b",")[1].decode()) for line in content] == _frames(batches)
    assert rows > 2000
