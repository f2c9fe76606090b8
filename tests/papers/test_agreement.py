"""A stranger reads papers and telemetry rows as the platform does: the same bytes give the same rows."""

import gzip
import io
from pathlib import Path

import pytest
from h2verify.bundle.raw_received import Received, ReceivedFile
from h2verify.errors import BundleError
from h2verify.papers import TABLES, read_sites, read_standing, read_telemetry
from h2verify.papers.trial_tables import NUMBER_MAX
from h2verify.rows import split_records
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.intake import DatasetFolder, TelemetryReader, read_trial_facts
from h2corridor.intake.columns import list_tables
from h2corridor.intake.table_rows import read_table
from h2corridor.model.errors import InputError

PATH = "telemetry/LTESTHYDR0GEN0001/2026-03-02.csv.gz"
TIME = "2026-03-02T07:12:00.500+08:00"
PIECES = [
    b"\n",
    b"\r\n",
    b"\r",
    b'"',
    b",",
    b"01",
    b"2323fe",
    b"x",
    TIME.encode(),
    b"2026-03-02T07:12:00Z",
    b"\xff",
    b" ",
]
LINES = [f"{TIME},0102\n".encode(), f'"{TIME}","01"\n'.encode(), b",ff\r\n", b"\n", b"," + b"00" * 140_000 + b"\n"]
HEADERS = [
    b"received_at,frame\n",
    b"\xef\xbb\xbfreceived_at,frame,note\r\n",
    b"frame,received_at\n",
    b'"received_at",frame\n',
]
SITE_CELLS = ["A", "B", "", "29.6", "106.32", "91", "1.1234567", '"x,y"', '"', "\r", "hub", "-0.5"]

contents = st.builds(
    lambda header, lines: header + b"".join(lines),
    st.sampled_from(HEADERS),
    st.lists(
        st.one_of(st.sampled_from(LINES), st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join)), max_size=12
    ),
)


def _rows_of_the_platform(packed: bytes) -> list[tuple[int, int | None, bytes]]:
    rows = []
    for batch in TelemetryReader(PATH, io.BytesIO(packed)):
        for place, row in enumerate(batch.rows.tolist()):
            if batch.problems[place] == 0:
                at_ms = int(batch.received_at_ms[place]) if batch.received_at_known[place] else None
                rows.append((row, at_ms, batch.frame_bytes[batch.offsets[place] : batch.offsets[place + 1]]))
    return rows


def _rows_of_a_stranger(packed: bytes) -> list[tuple[int, int | None, bytes]]:
    file = ReceivedFile(path=PATH, size=len(packed), sha256="", logged_index=0, member="received/1.bin")
    received = Received({"received/1.bin": packed}, {PATH: file})
    return [(row.row, row.received_at_ms, row.frame) for row in read_telemetry(received.iterate_records(PATH))]


@settings(max_examples=150, deadline=None)
@given(
    content=contents,
    members=st.integers(1, 2),
    cut=st.integers(0, 40),
    damage=st.none() | st.integers(0, 60),
    tail=st.sampled_from([b"", b"\0\0", b"junk"]),
)
def test_telemetry_gives_the_same_rows_whole_cut_or_damaged(
    content: bytes, members: int, cut: int, damage: int | None, tail: bytes
) -> None:
    half = len(content) // members
    packed = bytearray(
        b"".join(gzip.compress(part, mtime=0) for part in (content[:half], content[half:]) if part) + tail
    )
    if damage is not None:
        packed[-1 - damage % len(packed)] ^= 0x41
    packed = packed[: max(len(packed) - cut, 0)] if cut < 30 else packed

    assert _rows_of_the_platform(bytes(packed)) == _rows_of_a_stranger(bytes(packed))


def test_every_telemetry_file_of_the_trials_gives_the_same_rows(trials_dir: Path) -> None:
    files = sorted(trials_dir.glob("*/telemetry/*/*.csv.gz"))

    assert len(files) >= 10
    for file in files:
        assert _rows_of_the_platform(file.read_bytes()) == _rows_of_a_stranger(file.read_bytes())


def test_the_sites_of_the_trials_are_the_same(trials_dir: Path) -> None:
    for trial in ("first-run", "rehearsal"):
        facts, _ = read_trial_facts(DatasetFolder(trials_dir / trial))
        sites = read_sites(split_records([(trials_dir / trial / "sites.csv").read_bytes()]))

        assert facts.sites
        assert [(site.row, site.site_id, site.longitude_e6, site.latitude_e6, site.kind) for site in facts.sites] == [
            (site.row, site.site_id, site.longitude_e6, site.latitude_e6, site.kind) for site in sites.values()
        ]


@settings(max_examples=300, deadline=None)
@given(rows=st.lists(st.lists(st.sampled_from(SITE_CELLS), min_size=1, max_size=8), max_size=5))
def test_a_row_of_sites_stands_for_both_or_for_neither(rows: list[list[str]]) -> None:
    header = "site_id,lat,lon,kind,name_en,name_zh,operator_id"
    content = "\n".join([header, *(",".join((row * 7)[:7]) for row in rows), ""]).encode()
    table = next(table for table in list_tables() if table.file == "sites.csv")
    try:
        expected = [(site.row, site.site_id, site.latitude_e6) for site in read_table(table, content).rows]
    except InputError:
        return
    found = read_sites(split_records([content]))

    assert expected == [(site.row, site.site_id, site.latitude_e6) for site in found.values()]


@settings(max_examples=100, deadline=None)
@given(content=st.lists(st.sampled_from(PIECES), max_size=20).map(b"".join))
def test_any_bytes_are_sites_or_refused(content: bytes) -> None:
    try:
        read_sites(split_records([content]))
    except BundleError as error:
        assert error.code == "papers.row"


KINDS = {"text": "text", "word": "text", "decimal": "number", "quantity": "quantity", "whole": "quantity"}


@pytest.mark.parametrize("file", TABLES)
def test_a_stranger_asks_of_a_row_what_the_platform_asks(file: str) -> None:
    ours = next(table for table in list_tables() if table.file == file)
    theirs = TABLES[file]

    assert [
        (
            column.name,
            KINDS.get(column.kind, column.kind),
            column.scale,
            column.lowest if column.kind in ("decimal", "quantity", "whole") else None,
            column.empty == "row",
        )
        for column in ours.columns
    ] == [
        (
            cell.column.name,
            cell.column.kind,
            cell.column.places,
            -NUMBER_MAX if cell.low is None and cell.column.kind in ("number", "quantity") else cell.low,
            cell.required,
        )
        for cell in theirs.cells.values()
    ]
    assert all(column.high == NUMBER_MAX for column in ours.columns)
    assert (ours.keys, ours.spans) == (theirs.keys, theirs.spans)
    named = [(column.name, column.refers) for column in ours.columns if column.drops and column.name != "vin"]
    assert named == list(theirs.names)


CELLS = {
    "text": ["A", "B", "", "x" * 4097, '"a,b"', "站"],
    "number": ["1", "", "-0", "-1", "999999999999.5", "1." + "1" * 19, "x"],
    "quantity": ["1", "2.500", "", "-0.0", "-1", "0.0000001", "1e3", "999999999999.5", "1000000000000"],
    "instant": ["2026-03-02T08:00:00+08:00", "2026-03-02T09:00:00+08:00", "", "2026-03-02T08:00:00", "2026-13-02"],
    "day": ["2026-03-02", "2026-03-03", "2026-02-30", ""],
}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("file", TABLES)
def test_a_row_of_any_table_stands_for_both_or_for_neither(file: str, data: st.DataObject) -> None:
    cells = [cell.column for cell in TABLES[file].cells.values()]
    good = [CELLS[cell.kind][0] for cell in cells]
    rows = []
    for _ in range(data.draw(st.integers(1, 5))):
        row = list(good)
        for place in data.draw(st.lists(st.integers(0, len(cells) - 1), max_size=3)):
            row[place] = data.draw(st.sampled_from(CELLS[cells[place].kind]))
        rows.append(",".join(row) + data.draw(st.sampled_from(["", "", "", ",", "\r"])))
    content = "\n".join([",".join(cell.name for cell in cells), *rows, ""]).encode()
    table = next(table for table in list_tables() if table.file == file)

    expected = [row.row for row in read_table(table, content).rows]
    assert expected == [row.row for row in read_standing(file, split_records([content]))]


def test_the_rows_of_the_trials_that_stand_are_the_platforms(trials_dir: Path) -> None:
    for trial in ("first-run", "rehearsal"):
        for file in TABLES:
            content = (trials_dir / trial / file).read_bytes()
            table = next(table for table in list_tables() if table.file == file)

            assert [row.row for row in read_table(table, content).rows] == [
                row.row for row in read_standing(file, split_records([content]))
            ]
