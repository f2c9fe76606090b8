"""Steps 14 to 18 in the page against h2verify: contents, cells, and raw bundles with one random change."""

import base64
import copy
import gzip
import random
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from h2verify.bundle import raw
from h2verify.bundle.raw_frames import LOOSE_BYTES_MAX
from h2verify.chains.forms import FORMS
from h2verify.content import FileContent
from h2verify.errors import BundleError
from h2verify.papers import TABLES, find_instant_ms, read_standing, read_telemetry
from h2verify.papers.tables import read_cells, read_header
from h2verify.rows import split_records
from h2verify.supplier_notes import SignedFile
from in_page import run_in_page
from made_left_out import FAULTY, PAPERS, STANDLESS, add
from made_raw import STATED_AT, STATEMENT_ID, TELEMETRY_PATH, RawBundle, RawParts, make_parts, seal
from playwright.sync_api import Page
from random_changes import random_change

OpenVerifier = Callable[..., Page]

TABLE_BYTES = b'ab1,,"\n\r0'
OPEN = """
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const bundleOf = (members) => new Bundle(new Map(members.map(([name, text]) => [name, {bytes: bytesOf(text)}])));
const verify = ({members, logged, statedAt, groups, statement, signed}) => codeOf(() => {
  const [bundle, entries, byName] = [bundleOf(members), new Map(logged), new Map(Object.entries(groups))];
  verifyRelease(bundle.document("release.json"), statement.statement_id, entries);
  const received = verifyReceived(bundle, entries, statedAt);
  const opened = verifyOpened(bundle.document("opened.json"), byName);
  verifyPapers(received, opened, byName, statement, [{says: {kind: "files", files: signed}}]);
  verifyFrames(received, opened, byName);
});
"""


def _packed(draw: random.Random) -> bytes:
    """Gzip members, most of them with a fault."""
    content = bytes(draw.choices(TABLE_BYTES, k=draw.choice((0, 1, 40, 400, 3000))))
    packed = b""
    for _ in range(draw.choice((1, 1, 2))):
        strategy = draw.choice((zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY))
        packer = zlib.compressobj(draw.choice((0, 1, 9)), zlib.DEFLATED, 31, 9, strategy)
        packed += packer.compress(content) + packer.flush() + bytes(draw.choice((0, 0, 3)))
    data = bytearray(packed)
    fault = draw.randrange(4)
    if fault == 0:
        return bytes(data[: draw.randrange(len(data) + 1)])
    for _ in range(0 if fault == 1 else draw.choice((1, 1, 3))):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    return bytes(data)


def test_contents_end_where_h2verify_says_they_end(open_verifier: OpenVerifier) -> None:
    draw = random.Random(1)
    files = [b"", b"\0", b"\x1f", *(_packed(draw) for _ in range(1_200))]
    expected = []
    for data in files:
        content = FileContent("x.gz", [data[at : at + 97] for at in range(0, len(data), 97)])
        expected.append([b"".join(content).hex(), content.complete, content.is_cut])
    body = """return given.map((text) => {
      const {content, complete, isCut} = contentOfFile("x.gz", bytesOfHex(text), 1e6);
      return [hexOf(content), complete, isCut];
    });"""

    assert {(True, False), (False, True), (False, False)} == {(complete, cut) for _, complete, cut in expected}
    assert expected == run_in_page(open_verifier(), body, [data.hex() for data in files])


def test_a_content_above_its_limit_is_refused(open_verifier: OpenVerifier) -> None:
    body = "return given.map(([path, text, max]) => codeOf(() => contentOfFile(path, bytesOfHex(text), max)));"
    bomb = gzip.compress(bytes(2_000_000)).hex()
    given = [("x.gz", bomb, 2_000_000), ("x.gz", bomb, 1_999_999), ("x", "00" * 10, 10), ("x", "00" * 10, 9)]

    assert [None, "container.limit", None, "container.limit"] == run_in_page(open_verifier(), body, given)


def _cells(header: bytes, record: bytes) -> Any:
    try:
        return sorted(read_cells(read_header(header), record).items())
    except BundleError:
        return None


def test_records_and_cells_are_cut_in_the_same_places(open_verifier: OpenVerifier) -> None:
    draw = random.Random(2)
    texts = [bytes(draw.choices(TABLE_BYTES, k=draw.randrange(1, 90))) for _ in range(1_500)]
    texts += ["é,ü\nñ,ß".encode(), b"\xef\xbb\xbfa,b\r\n1,2\r\n", b"a,b\n\xff,1\n", b'a,b\n"1",\r\n', b"a,b\n1\0,2\n"]
    long = [b"x" * (1 << 20) + b"\n" + b"y" * ((1 << 20) + 5) + b"\nz", b'"' + b"x\n" * 600_000 + b'"\nq']
    expected = []
    for text in texts:
        records = list(split_records([text]))
        expected.append([[len(each) for each in records], _cells(records[0], records[-1])])
    body = """return given.map((text) => {
      const records = [];
      eachRecord(bytesOfHex(text), (record) => records.push(record));
      let cells = null;
      try { cells = [...cellsByColumn(columnsOfHeader(records[0]), records.at(-1))].sort(byKeys((each) => each[0])); }
      catch (error) { if (!(error instanceof CsvFault)) throw error; }
      return [records.map((record) => record.length), cells];
    });"""
    lengths = """return given.map((text) => {
      const found = [];
      eachRecord(bytesOfHex(text), (record) => found.push(record.length));
      return found;
    });"""
    page = open_verifier()

    assert any(cells for _, cells in expected)
    assert [[records, cells and [list(cell) for cell in cells]] for records, cells in expected] == run_in_page(
        page, body, [text.hex() for text in texts]
    )
    assert [[len(each) for each in split_records([text])] for text in long] == run_in_page(
        page, lengths, [text.hex() for text in long]
    )


def test_instants_are_read_alike(open_verifier: OpenVerifier) -> None:
    draw = random.Random(3)
    texts = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999-14:00", "2026-02-29T00:00:00Z", "2024-02-29T24:00:00Z"]
    for _ in range(800):
        text = list("2026-03-02T08:15:30.250+08:00")
        for _ in range(draw.randrange(3)):
            text[draw.randrange(len(text))] = draw.choice("0123456789-:TZ.+ ")
        texts.append("".join(text))
    body = "return given.map((text) => instantMsOf(text));"

    assert [find_instant_ms(text) for text in texts] == run_in_page(open_verifier(), body, texts)


def _given(bundle: RawBundle, signed: Iterable[SignedFile] = ()) -> dict[str, Any]:
    return {
        "members": [[name, base64.b64encode(data).decode()] for name, data in bundle.archive.items()],
        "logged": [[entry.decode(), place] for entry, place in bundle.logged.items()],
        "statedAt": STATED_AT,
        "groups": bundle.groups,
        "statement": bundle.statement,
        "signed": [{"path": each.path, "sha256": each.sha256, "size": each.size} for each in signed],
    }


def _code(bundle: RawBundle, signed: Iterable[SignedFile] = ()) -> str | None:
    try:
        raw.verify_release(bundle.document("release.json"), STATEMENT_ID, bundle.logged)
        received = raw.verify_received(bundle.archive, bundle.logged, STATED_AT)
        opened = raw.verify_opened(bundle.document("opened.json"), bundle.groups)
        raw.verify_papers(received, opened, bundle.groups, bundle.statement, signed)
        raw.verify_frames(received, opened, bundle.groups)
    except BundleError as error:
        return error.code
    return None


def _in_page(open_verifier: OpenVerifier, bundles: list[RawBundle]) -> list[str | None]:
    found: list[str | None] = run_in_page(
        open_verifier(), f"{OPEN} return given.map(verify);", [_given(bundle) for bundle in bundles]
    )
    return found


def test_members_with_one_change_are_refused_for_the_same_reason(open_verifier: OpenVerifier) -> None:
    draw = random.Random(4)
    whole = seal(make_parts())
    bundles = [whole, whole.with_member("received/1.bin", None)]
    names = [name for name in whole.archive if name.endswith(".json") and len(whole.archive[name]) < 40_000]

    def change(document: Any) -> None:
        random_change(draw, document)

    bundles += [whole.with_document(draw.choice(names), change) for _ in range(150)]
    for name in names:
        bundles.append(whole.with_member(name, None) if name.startswith("received/") else whole)
    expected = [_code(bundle) for bundle in bundles]

    assert {None, "release.form", "received.form", "received.log", "received.row", "opened.hash"} <= set(expected)
    assert expected == _in_page(open_verifier, bundles)


def _change_table(draw: random.Random, parts: RawParts) -> None:
    path = draw.choice(list(parts.tables))
    row = draw.randrange(len(parts.tables[path]))
    cells = parts.tables[path][row].decode().split(",")
    place = draw.randrange(len(cells))
    cells[place] = draw.choice(("", "1", "x", f"{cells[place].strip()}0", "1e1", '"', "STATION", "2026-03-01"))
    parts.tables[path][row] = ",".join(cells).rstrip("\n").encode() + b"\n"


def _change_row(draw: random.Random, parts: RawParts) -> None:
    number = draw.randrange(len(parts.rows))
    kind = draw.randrange(5)
    if kind == 0:
        parts.rows.pop(number)
    elif kind == 1:
        parts.rows.insert(draw.randrange(1, len(parts.rows)), parts.rows[number])
    elif kind == 2:
        text = bytearray(parts.rows[number])
        text[draw.randrange(len(text))] = draw.choice(b'0f,"x:')
        parts.rows[number] = bytes(text)
    elif kind == 3:
        del parts.rows[draw.randrange(1, len(parts.rows)) :]
    elif number:
        at, _, digits = parts.rows[number].decode().strip().partition(",")
        data = bytearray.fromhex(digits)
        place, value = draw.randrange(24, len(data) - 1), draw.choice((0, 1, 0xFE, 0xFF))
        data[-1] ^= data[place] ^ value
        data[place] = value
        parts.rows[number] = f"{at},{data.hex()}\n".encode()


def _change_records(draw: random.Random, parts: RawParts) -> None:
    """Change a field of a record to something else of its form: what is of no form never comes this far."""
    while True:
        record = draw.choice(draw.choice(list(parts.groups.values())))
        name = draw.choice([name for name in record if name != "kind"])
        holder = {name: copy.deepcopy(record[name])}
        random_change(draw, holder)
        if name in holder and FORMS[record["kind"]].fields[name](holder[name]):
            record[name] = holder[name]
            return


@pytest.mark.parametrize("change", [_change_table, _change_row, _change_records])
def test_what_was_committed_otherwise_is_refused_for_the_same_reason(
    change: Callable[[random.Random, RawParts], None], open_verifier: OpenVerifier
) -> None:
    draw = random.Random(5)
    made = make_parts()
    bundles = []
    for _ in range(60):
        parts = copy.deepcopy(made)
        change(draw, parts)
        bundles.append(seal(parts))
    expected = [_code(bundle) for bundle in bundles]

    assert len(set(expected)) > 1
    assert expected == _in_page(open_verifier, bundles)


def test_rows_left_out_are_found_by_both(open_verifier: OpenVerifier) -> None:
    changes = [add(path, row) for path, row in (*PAPERS.values(), *FAULTY.values())]
    changes += [change for _, change in STANDLESS.values()]
    bundles = []
    for change in changes:
        parts = make_parts()
        change(parts)
        bundles.append(seal(parts))
    expected = [_code(bundle) for bundle in bundles]

    assert {None, "papers.left-out", "papers.row", "received.missing"} == set(expected)
    assert expected == _in_page(open_verifier, bundles)


def test_rows_that_are_no_frame_are_counted_alike(open_verifier: OpenVerifier) -> None:
    full = [b"," + b"23" * 1000 + b"\n"] * (LOOSE_BYTES_MAX // 1000)
    left = LOOSE_BYTES_MAX % 1000
    bundles = []
    for rows in ([*full, b"," + b"00" * left + b"\n"], [*full, b"," + b"00" * (left + 1) + b"\n"]):
        parts = make_parts()
        parts.rows += rows
        bundles.append(seal(parts))
    expected = [_code(bundle) for bundle in bundles]

    assert [None, "container.limit"] == expected
    assert expected == _in_page(open_verifier, bundles)


CELLS = {
    "text": ("A", "B", "", "x" * 4097, '"a,b"', "站"),
    "number": ("1", "", "-0", "-1", "999999999999.5", "1." + "1" * 19, "x"),
    "quantity": ("1", "2.500", "", "-0.0", "-1", "0.0000001", "1e3", "999999999999.5", "1000000000000"),
    "instant": ("2026-03-02T08:00:00+08:00", "2026-03-02T09:00:00+08:00", "", "2026-03-02T08:00:00", "2026-13-02"),
    "day": ("2026-03-02", "2026-03-03", "2026-02-30", ""),
}


def _table(draw: random.Random, file: str) -> bytes:
    cells = [cell.column for cell in TABLES[file].cells.values()]
    lines = [",".join(cell.name for cell in cells)]
    for _ in range(draw.randrange(1, 6)):
        row = [CELLS[cell.kind][0] for cell in cells]
        for _ in range(draw.randrange(3)):
            place = draw.randrange(len(cells))
            row[place] = draw.choice(CELLS[cells[place].kind])
        lines.append(",".join(row) + draw.choice(("", "", "", ",", "\r")))
    return "\n".join([*lines, ""]).encode()


def test_the_same_rows_of_a_table_stand(open_verifier: OpenVerifier) -> None:
    draw = random.Random(7)
    tables = [(file, _table(draw, file)) for file in TABLES for _ in range(80)]
    expected = [[row.row for row in read_standing(file, split_records([content]))] for file, content in tables]
    body = """return given.map(([path, text]) => {
      return standingRows(path, {whole: {content: bytesOfHex(text)}}).map((row) => row.row);
    });"""

    assert sum(map(len, expected)) > 600
    assert any(len(rows) < content.count(b"\n") - 1 for rows, (_, content) in zip(expected, tables, strict=True))
    assert expected == run_in_page(open_verifier(), body, [(file, content.hex()) for file, content in tables])


def test_a_suppliers_manifest_holds_for_the_files_it_names(open_verifier: OpenVerifier) -> None:
    bundle = seal(make_parts())
    said = bundle.document(bundle.member(TELEMETRY_PATH))["manifest"]
    cases = [
        [SignedFile(sha256=said["sha256"], size=said["size"], path=TELEMETRY_PATH)],
        [SignedFile(sha256="0" * 64, size=said["size"], path=TELEMETRY_PATH)],
        [SignedFile(sha256="0" * 64, size=0, path="another.csv")],
    ]
    expected = [_code(bundle, signed) for signed in cases]
    found = run_in_page(open_verifier(), f"{OPEN} return given.map(verify);", [_given(bundle, each) for each in cases])

    assert [None, "signature.file", None] == expected
    assert expected == found


def test_rows_of_any_bytes_are_cut_and_read_as_h2verify_does(open_verifier: OpenVerifier) -> None:
    draw = random.Random(6)
    good = b"2026-03-02T08:00:00+08:00,2323ab\n"
    contents = []
    for _ in range(400):
        rows = [
            b"\xef\xbb\xbf" * draw.randrange(2) + draw.choice((b"received_at,frame\n", b'"frame",x,received_at\r\n'))
        ]
        for _ in range(4):
            row = bytearray(draw.choice((good, good.upper(), b'"2323",x,2026-03-02T08:00:00Z\r\n', b"x,\n")))
            for _ in range(draw.randrange(3)):
                row[draw.randrange(len(row))] = draw.choice((*b',"\n\rfF0Z', 0, 0x80, 0xE9, 0xFF))
            rows.append(bytes(row))
        contents.append(b"".join(rows))
    expected = []
    for content in contents:
        found = read_telemetry((record, False) for record in split_records([content]))
        expected.append([[row.row, row.received_at_ms, row.frame.hex()] for row in found])
    body = """return given.map((text) => {
      const rows = [];
      const take = (bytes, row, receivedAtMs) => rows.push([row, receivedAtMs, hexOf(bytes)]);
      eachTelemetryRow({content: bytesOfHex(text), isCut: false}, take);
      return rows;
    });"""

    assert sum(map(len, expected)) > 400
    assert expected == run_in_page(open_verifier(), body, [content.hex() for content in contents])
