"""Hashes, signatures, trees, notes and decimals of the page against published vectors and against Python."""

import base64
import hashlib
import json
import random
import zlib
from collections.abc import Callable
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from h2verify import canonical, note
from h2verify.bundle.records import verify_fill_notes
from h2verify.bundle.suppliers import SupplierNote
from h2verify.derivation import arithmetic, decimal_text, published
from h2verify.errors import VerifyError
from h2verify.supplier_notes import FillText, SignedFile, format_file_manifest, parse_supplier_text
from in_page import run_in_page
from playwright.sync_api import Page

HELP = """
const bytes = (text) => Uint8Array.from(atob(text ?? ""), (letter) => letter.charCodeAt(0));
const holds = (attempt) => { try { attempt(); return true; } catch (error) {
  if (!(error instanceof Refusal)) throw error; return false; } };
"""


def _in_page(page: Page, body: str, argument: Any) -> Any:
    return page.evaluate(f"(given) => {{ {HELP} {body} }}", argument)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_hashes_are_those_of_the_standard_library(open_verifier: Callable[..., Page]) -> None:
    draw = random.Random(1)
    messages = [draw.randbytes(length) for length in (*range(0, 260), 1_000, 65_537)]
    body = "return given.map((text) => [sha256Hex(bytes(text)), hexOf(sha512(bytes(text))), crc32(bytes(text))]);"
    found = _in_page(open_verifier(), body, [_base64(message) for message in messages])
    expected = [
        [hashlib.sha256(each).hexdigest(), hashlib.sha512(each).hexdigest(), zlib.crc32(each)] for each in messages
    ]

    assert expected == found


def test_deflate_streams_unpack_and_their_end_is_known(open_verifier: Callable[..., Page]) -> None:
    draw = random.Random(2)
    contents = [b"", b"a" * 70_000, draw.randbytes(3_000), bytes(draw.choices(b"abcd ", k=40_000))]
    packed = []
    for content in contents:
        for level in (0, 1, 6, 9):
            for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY):
                packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
                packed.append((content, packer.compress(content) + packer.flush()))
    body = """return given.map((text) => { const packed = bytes(text + "");
        const {content, next} = inflate(packed, 0, packed.length, 1e6);
        return [sha256Hex(content), packed.length - next]; });"""
    found = _in_page(open_verifier(), body, [_base64(stream) for _, stream in packed])

    assert [[hashlib.sha256(content).hexdigest(), 0] for content, _ in packed] == found


def test_damaged_deflate_streams_give_what_zlib_gives(open_verifier: Callable[..., Page]) -> None:
    draw = random.Random(3)
    streams = []
    for _ in range(400):
        stream = bytearray(zlib.compress(bytes(draw.choices(b"abcd ", k=draw.randrange(1, 300))), 9, -15))
        for _ in range(draw.randrange(1, 4)):
            stream[draw.randrange(len(stream))] = draw.randrange(256)
        streams.append(bytes(stream))
    body = """return given.map((text) => { const packed = bytes(text);
        try { const {content, next} = inflate(packed, 0, packed.length, 100000);
              return [sha256Hex(content), packed.length - next]; }
        catch (error) { if (!(error instanceof InflateFault)) throw error; return error.kind; } });"""
    found = _in_page(open_verifier(), body, [_base64(stream) for stream in streams])

    assert [_unpacked(stream) for stream in streams] == found


def _unpacked(stream: bytes) -> list[object] | str:
    unpacker = zlib.decompressobj(-15)
    try:
        content = unpacker.decompress(stream, 100_001) + unpacker.flush()
    except zlib.error:
        return "stream"
    if len(content) > 100_000:
        return "limit"
    return [hashlib.sha256(content).hexdigest(), len(unpacker.unused_data)] if unpacker.eof else "stream"


def test_every_published_ed25519_vector_has_its_verdict(cases_dir: Path, open_verifier: Callable[..., Page]) -> None:
    path = cases_dir / "signatures-credentials" / "wycheproof" / "ed25519_test.json"
    groups = json.loads(path.read_text())["testGroups"]
    vectors = [(group["publicKey"]["pk"], test) for group in groups for test in group["tests"]]
    body = "return given.map(([key, m, s]) => signatureHolds(bytesOfHex(key), bytesOfHex(m), bytesOfHex(s)));"
    found = _in_page(open_verifier(), body, [[key, test["msg"], test["sig"]] for key, test in vectors])

    assert 151 == len(found)
    assert [test["result"] == "valid" for _, test in vectors] == found


def test_every_published_tree_proof_has_its_verdict(cases_dir: Path, open_verifier: Callable[..., Page]) -> None:
    folder = cases_dir / "merkle-tlog" / "rfc6962"
    inclusion = json.loads((folder / "inclusion.json").read_text())
    consistency = json.loads((folder / "consistency.json").read_text())
    page = open_verifier()
    included = _in_page(
        page,
        """return given.map((v) => holds(() => verifyInclusion(BigInt(v.leafIdx), BigInt(v.treeSize),
            bytes(v.leafHash), (v.proof ?? []).map(bytes), bytes(v.root))));""",
        [{**each, "leafIdx": str(each["leafIdx"]), "treeSize": str(each["treeSize"])} for each in inclusion],
    )
    continued = _in_page(
        page,
        """return given.map((v) => holds(() => verifyConsistency(BigInt(v.size1), BigInt(v.size2),
            bytes(v.root1), bytes(v.root2), (v.proof ?? []).map(bytes))));""",
        [{**each, "size1": str(each["size1"]), "size2": str(each["size2"])} for each in consistency],
    )

    assert (98, 98) == (len(included), len(continued))
    assert [not each["wantErr"] for each in inclusion] == included
    assert [not each["wantErr"] for each in consistency] == continued


def test_every_published_note_has_its_verdict_for_every_key(
    cases_dir: Path, open_verifier: Callable[..., Page]
) -> None:
    cases = json.loads((cases_dir / "merkle-tlog" / "c2sp_notes.json").read_text())["cases"]
    body = """return given.map(({note, keys}) => {
        const parsed = parseNote(utf8(note));
        return keys.map((key) => signatureStatus(parsed, parseVerifierKey(key))); });"""
    given = [{"note": case["note"], "keys": case["verifier_keys"]} for case in cases]
    found = _in_page(open_verifier(), body, given)

    assert 8 == len(found)
    assert [case["expected_per_key"] for case in cases] == found


def test_a_line_that_stands_a_hundred_times_is_verified_once(
    cases_dir: Path, open_verifier: Callable[..., Page]
) -> None:
    case = json.loads((cases_dir / "merkle-tlog" / "c2sp_notes.json").read_text())["cases"][0]
    parsed = note.parse_note(case["note"].encode())
    lines = (parsed.signatures * note.MAX_SIGNATURES)[: note.MAX_SIGNATURES]
    body = """const verify = signatureHolds;
      let verified = 0;
      signatureHolds = (...parts) => { verified += 1; return verify(...parts); };
      const found = parseNote(utf8(given.note));
      const statuses = given.keys.map((key) => signatureStatus(found, parseVerifierKey(key)));
      return [statuses, verified];"""
    given = {"note": note.format_note(parsed.text, lines).decode(), "keys": case["verifier_keys"]}
    statuses, verified = run_in_page(open_verifier(), body, given)

    assert "valid" in statuses
    assert case["expected_per_key"] == statuses
    assert 1 <= verified <= len(parsed.signatures)


def _code(attempt: Callable[[], object]) -> str | None:
    try:
        attempt()
    except VerifyError as error:
        return error.code
    return None


def test_levels_are_counted_alike_whatever_the_bytes_are(open_verifier: Callable[..., Page]) -> None:
    draw = random.Random(5)
    texts = ["}" + "[" * 65, "}" + "[" * 66, "]" * 500 + "[" * 565, "[" * 65 + '"', '"' + "[" * 99, '"\\"[' + "[" * 65]
    texts += ["".join(draw.choices('[[[[{{]}"\\a', k=draw.randrange(400))) for _ in range(800)]
    expected = [_code(lambda text=text: canonical.parse(text.encode())) for text in texts]  # type: ignore[misc]  # bound
    body = "return given.map((text) => codeOf(() => parseJson(utf8(text))));"

    assert ["canonical.json", "canonical.depth"] == expected[:2]
    assert 80 < expected.count("canonical.depth") < 700
    assert expected == run_in_page(open_verifier(), body, texts)


def test_paths_in_suppliers_manifests_end_alike(open_verifier: Callable[..., Page]) -> None:
    letters = [chr(code) for code in (*range(0x20, 0x3100), *range(0xFE00, 0x10000), 0x1D173, 0xE0020)]
    files = [SignedFile(sha256="0" * 64, size=3, path=path) for each in letters for path in (f"{each}a", f"a{each}")]
    texts = [format_file_manifest("P1", [file]) for file in files]
    expected = [_code(lambda text=text: parse_supplier_text(text)) is None for text in texts]  # type: ignore[misc]  # bound
    body = "return given.map((text) => codeOf(() => parseSupplierText(text, '')) === null);"

    assert 2 * 20 == expected.count(False)
    assert expected == run_in_page(open_verifier(), body, texts)


TIMES = (
    ("2026-03-02T09:02:53+08:00", True),
    ("2026-03-02T01:02:53Z", True),
    ("2026-03-02T01:02:53-00:00", True),
    ("2026-03-02T15:02:53+14:00", True),
    ("2026-03-02T09:02:53.000000000+08:00", True),
    ("20260302T090253+0800", False),
    ("2026-03-02T09:02:53+0800", False),
    ("2026-03-02T09:02:53+08", False),
    ("2026-W10-1T09:02:53+08:00", False),
    ("2026-03-02 09:02:53+08:00", False),
    ("2026-03-02x09:02:53+08:00", False),
    ("2026-03-02T09:02:53,000+08:00", False),
    ("2026-03-02T09:02:53.000999+08:00", False),
    ("2026-03-02T09:02:53.0000000000+08:00", False),
    ("2026-03-02T09:02:53+08:00:00", False),
    ("2026-03-02T01:02:53z", False),
    ("2026-03-02T25:02:53+24:00", False),
    ("2026-03-02T01:02+00:00", False),
    ("2026-03-02T01:02:53", False),
)


@pytest.mark.parametrize("field", ["started_at", "ended_at"])
def test_signed_times_have_one_form(field: str, open_verifier: Callable[..., Page]) -> None:
    at_ms = 1_772_413_373_000
    record = {"kind": "fill", "refuelling_id": "R1", "station_id": "S1", "mass_mg": 32_830_000}
    groups = {"truck/truck-1": [{**record, "started_at_ms": at_ms, "ended_at_ms": at_ms}]}
    said = {"refuelling_id": "R1", "station_id": "S1", "mass_kg": "32.83", "started_at": TIMES[0][0]}
    fills = [{**said, "ended_at": TIMES[0][0], field: text} for text, _ in TIMES]
    held = [[SupplierNote(digest="00", says=FillText(**fill))] for fill in fills]
    expected = [_code(lambda notes=notes: verify_fill_notes(notes, groups)) for notes in held]  # type: ignore[misc]  # bound
    body = """const groups = new Map(Object.entries(given.groups));
      return given.fills.map((says) => codeOf(() => verifyFillNotes([{says: {kind: "fill", ...says}}], groups)));"""

    assert [None if holds else "signature.fill" for _, holds in TIMES] == expected
    assert expected == run_in_page(open_verifier(), body, {"groups": groups, "fills": fills})


def test_decimals_are_those_of_python_in_every_digit(open_verifier: Callable[..., Page]) -> None:
    draw = random.Random(4)
    pairs = [(_decimal(draw), _decimal(draw)) for _ in range(2_000)]
    body = """return given.map(([a, b]) => { const [x, y] = [Decimal.of(a), Decimal.of(b)];
        const quotient = y.isZero ? "none" : ARITHMETIC.divide(x, y).toString();
        return [ARITHMETIC.add(x, y).toString(), ARITHMETIC.subtract(x, y).toString(),
                ARITHMETIC.multiply(x, y).toString(), quotient, x.compare(y), shownText(x)]; });"""
    found = _in_page(open_verifier(), body, pairs)
    with localcontext(arithmetic()):
        expected = [_results(Decimal(a), Decimal(b)) for a, b in pairs]

    assert expected == found


def _decimal(draw: random.Random) -> str:
    whole = draw.choice(["0", str(draw.randrange(10 ** draw.choice([1, 3, 12, 40])))])
    fraction = str(draw.randrange(10 ** draw.choice([1, 6, 18, 40]))).rstrip("0")
    fives = draw.choice([fraction, "5", "0000000000005", "49999999999995", ""])
    text = f"{whole}.{fives}" if fives else whole
    return draw.choice(["", "-"]) + text if Decimal(text) else "0"


def _results(a: Decimal, b: Decimal) -> list[object]:
    quotient = decimal_text(a / b) if b else "none"
    order = (a > b) - (a < b)
    return [decimal_text(a + b), decimal_text(a - b), decimal_text(a * b), quotient, order, published(a)]
