"""The texts that suppliers sign."""

import pytest
from h2verify.errors import ProofError
from h2verify.supplier_notes import (
    FileManifestText,
    FillText,
    SignedFile,
    format_file_manifest,
    format_fill,
    parse_supplier_text,
)

FILES = (
    SignedFile(sha256="a" * 64, size=0, path="legs.csv"),
    SignedFile(sha256="b" * 64, size=12, path="telemetry/LNXTEST0000000001/2026-03-02.csv.gz"),
)
FILL = FillText(
    refuelling_id="R1",
    station_id="S1",
    started_at="2026-03-02T08:15:30+08:00",
    ended_at="2026-03-02T08:31:00+08:00",
    mass_kg="27.41",
)
MANIFEST_TEXT = format_file_manifest("P1", FILES)


def test_a_file_manifest_reads_back():
    found = parse_supplier_text(MANIFEST_TEXT)

    assert found == FileManifestText(party_id="P1", files=FILES)


def test_a_fill_reads_back():
    found = parse_supplier_text(format_fill(FILL))

    assert found == FILL


def test_a_manifest_with_a_telemetry_path_says_so():
    found = parse_supplier_text(MANIFEST_TEXT)

    assert isinstance(found, FileManifestText)
    assert found.names_telemetry


@pytest.mark.parametrize("letter", ["\x20", "\x85", "\xa0", "\u1680", "\u2000", "\u200a", "\u2028", "\u3000"])
def test_a_path_with_white_space_at_an_end_is_refused(letter):
    for path in (f"{letter}a", f"a{letter}", letter):
        with pytest.raises(ProofError):
            parse_supplier_text(format_file_manifest("P1", [SignedFile(sha256="a" * 64, size=0, path=path)]))

    inside = format_file_manifest("P1", [SignedFile(sha256="a" * 64, size=0, path=f"a{letter}b")])

    assert parse_supplier_text(inside).files[0].path == f"a{letter}b"


@pytest.mark.parametrize("letter", ["\ufeff", "\u180e", "\u200b", "\x7f"])
def test_a_path_may_end_with_what_is_no_white_space(letter):
    text = format_file_manifest("P1", [SignedFile(sha256="a" * 64, size=0, path=f"{letter}a{letter}")])

    assert parse_supplier_text(text).files[0].path == f"{letter}a{letter}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "h2corridor/file-manifest/1\n",
        "h2corridor/file-manifest/1\nP1\n",
        "h2corridor/file-manifest/2\nP1\n" + MANIFEST_TEXT.split("\n", 2)[2],
        MANIFEST_TEXT[:-1],
        MANIFEST_TEXT + "\n",
        MANIFEST_TEXT.replace("a" * 64, "A" * 64),
        MANIFEST_TEXT.replace("  12  ", "  012  "),
        MANIFEST_TEXT.replace("  12  ", " 12 "),
        MANIFEST_TEXT + MANIFEST_TEXT.split("\n")[2] + "\n",
        "\n".join([*MANIFEST_TEXT.split("\n")[:2], *reversed(MANIFEST_TEXT.split("\n")[2:4]), ""]),
        format_fill(FILL).replace("station_id", "station"),
        format_fill(FILL) + "more: 1\n",
        format_fill(FILL).replace("mass_kg: 27.41", "mass_kg: "),
    ],
)
def test_any_other_text_is_refused(text):
    with pytest.raises(ProofError) as caught:
        parse_supplier_text(text)

    assert caught.value.code == "supplier-note.form"
