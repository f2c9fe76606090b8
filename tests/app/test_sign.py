"""Suppliers sign what they hand over; intake believes only what holds."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from h2verify import note

from h2corridor.app.sign import make_supplier_key, read_supplier_key, sign_files, sign_fill
from h2corridor.evidence import LogSigner
from h2corridor.intake import DatasetFolder, read_signatures, read_trial_facts
from h2corridor.model.errors import InputError, UsageError
from h2corridor.model.findings import Finding
from h2corridor.model.signatures import SupplierSignature

PACKAGED = Path(__file__).parents[2] / "src" / "h2corridor" / "demo" / "first-run"
CARRIER, STATION, SHIPPER = "FR-P01", "FR-P03", "FR-P04"
FILL = "FR-R0001"


def some_bytes(first: int) -> Callable[[int], bytes]:
    return lambda count: bytes([first]) * count


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    shutil.copytree(PACKAGED, tmp_path / "trial")
    return tmp_path / "trial"


def signer_of(dataset: Path, party: str, first: int) -> LogSigner:
    signer = make_supplier_key(party, dataset.parent / f"{party}.key", randomness=some_bytes(first))
    folder = dataset / "signatures"
    folder.mkdir(exist_ok=True)
    with (folder / "keys.txt").open("a", encoding="utf-8") as keys:
        keys.write(f"{party} {signer.vkey}\n")
    return signer


def read(dataset: Path) -> tuple[tuple[SupplierSignature, ...], list[Finding]]:
    folder = DatasetFolder(dataset)
    facts, _ = read_trial_facts(folder)
    files = {path: (dataset / path).read_bytes() for path in folder.list_paths()}
    digests = {path: (hashlib.sha256(data).hexdigest(), len(data)) for path, data in files.items()}
    return read_signatures(folder, facts, digests)


def codes(findings: list[Finding]) -> list[str]:
    return [finding.check for finding in findings]


def test_files_that_their_supplier_signed_are_believed(dataset):
    sign_files(dataset, STATION, signer_of(dataset, STATION, 1), ["refuellings.csv", "meters.csv"])
    signatures, findings = read(dataset)

    assert [] == findings
    assert [("file-manifest", STATION, STATION)] == [(s.kind, s.about, s.party_id) for s in signatures]


def test_telemetry_gets_a_note_of_its_own_since_its_paths_hold_vins(dataset):
    written = sign_files(dataset, CARRIER, signer_of(dataset, CARRIER, 1), [])
    signatures, findings = read(dataset)

    assert [f"signatures/files-{CARRIER}.note", f"signatures/telemetry-{CARRIER}.note"] == written
    assert ["file-manifest", "telemetry-manifest"] == [s.kind for s in signatures]
    assert [] == findings


def test_carrier_and_station_sign_the_same_fill(dataset):
    sign_fill(dataset, FILL, signer_of(dataset, CARRIER, 1))
    sign_fill(dataset, FILL, signer_of(dataset, STATION, 2))
    signatures, findings = read(dataset)

    assert [] == findings
    assert [("fill", FILL, CARRIER), ("fill", FILL, STATION)] == [(s.kind, s.about, s.party_id) for s in signatures]
    assert 1 == len({s.digest for s in signatures})


def test_a_file_that_was_changed_after_signing_is_found(dataset):
    sign_files(dataset, STATION, signer_of(dataset, STATION, 1), ["meters.csv"])
    with (dataset / "meters.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    signatures, findings = read(dataset)

    assert () == signatures
    assert [("signature.other-file", "meters.csv")] == [(f.check, f.file) for f in findings]


def test_a_signed_file_that_was_taken_out_is_found(dataset):
    sign_files(dataset, STATION, signer_of(dataset, STATION, 1), ["meters.csv"])
    (dataset / "meters.csv").unlink()
    _, findings = read(dataset)

    assert [("signature.absent-file", "meters.csv")] == [(f.check, f.file) for f in findings]


def test_a_fill_that_was_changed_after_signing_bears_on_its_truck_and_time(dataset):
    sign_fill(dataset, FILL, signer_of(dataset, STATION, 1))
    table = dataset / "refuellings.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("32.83", "31.83"), encoding="utf-8")
    signatures, findings = read(dataset)

    assert () == signatures
    assert ["signature.other-fill"] == codes(findings)
    assert ("refuellings.csv", 1, "LFHUEZJP1TG007811") == (findings[0].file, findings[0].row, findings[0].vin)


def test_the_same_mass_written_otherwise_is_the_same_fill(dataset):
    sign_fill(dataset, FILL, signer_of(dataset, STATION, 1))
    table = dataset / "refuellings.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("32.83,", "32.830,"), encoding="utf-8")
    _, findings = read(dataset)

    assert [] == findings


def test_a_signature_over_another_text_does_not_hold(dataset):
    sign_fill(dataset, FILL, signer_of(dataset, STATION, 1))
    note = dataset / "signatures" / f"fill-{FILL}.note"
    other = dataset / "signatures" / "other.note"
    sign_fill(dataset, "FR-R0002", read_supplier_key(dataset.parent / f"{STATION}.key"))
    second = (dataset / "signatures" / "fill-FR-R0002.note").read_text(encoding="utf-8")
    text = note.read_text(encoding="utf-8").partition("\n\n")[0]
    signature = second.partition("\n\n")[2]
    other.write_text(f"{text}\n\n{signature}", encoding="utf-8")
    _, findings = read(dataset)

    assert ["signature.invalid"] == codes(findings)


def test_a_party_that_had_no_part_in_a_fill_cannot_vouch_for_it(dataset):
    sign_fill(dataset, FILL, signer_of(dataset, SHIPPER, 1))
    signatures, findings = read(dataset)

    assert () == signatures
    assert ["signature.wrong-party"] == codes(findings)


def test_a_key_nobody_named_counts_for_nothing(dataset):
    signer = make_supplier_key(STATION, dataset.parent / "k", randomness=some_bytes(1))
    sign_fill(dataset, FILL, signer)
    signatures, findings = read(dataset)

    assert () == signatures
    assert ["signature.unknown-key"] == codes(findings)


@pytest.mark.parametrize("content", ["", "no note\n", "h2corridor/fill/1\n\n— x AAAA\n", "\x00" * 50])
def test_a_damaged_note_is_a_finding(dataset, content):
    signer_of(dataset, STATION, 1)
    (dataset / "signatures" / "x.note").write_text(content, encoding="utf-8")
    _, findings = read(dataset)

    assert ["signature.damaged"] == codes(findings)


def test_a_key_of_an_unknown_party_is_a_finding(dataset):
    signer_of(dataset, "NOBODY", 1)
    _, findings = read(dataset)

    assert ["signature.unknown-party"] == codes(findings)


def test_a_key_is_never_replaced(dataset):
    signer_of(dataset, STATION, 1)

    with pytest.raises(UsageError) as caught:
        make_supplier_key(STATION, dataset.parent / f"{STATION}.key", randomness=some_bytes(2))

    assert "sign.key-exists" == caught.value.code


def test_a_second_party_does_not_sign_beside_other_content(dataset):
    sign_fill(dataset, FILL, signer_of(dataset, STATION, 1))
    table = dataset / "refuellings.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("32.83", "31.83"), encoding="utf-8")

    with pytest.raises(InputError) as caught:
        sign_fill(dataset, FILL, signer_of(dataset, CARRIER, 2))

    assert "sign.other-text" == caught.value.code


@pytest.mark.parametrize("paths", [["absent.csv"], ["../x"], ["signatures/keys.txt"]])
def test_only_files_of_the_data_set_can_be_signed(dataset, paths):
    with pytest.raises(UsageError) as caught:
        sign_files(dataset, STATION, signer_of(dataset, STATION, 1), paths)

    assert "sign.no-such-file" == caught.value.code


def test_a_key_of_a_kind_that_is_not_verified_is_found_and_signs_nothing(dataset):
    sign_fill(dataset, FILL, signer_of(dataset, STATION, 1))
    other = note.format_verifier_key("post.quantum", note.COSIGNATURE_ML_DSA_44, bytes(1312))
    parsed = note.parse_verifier_key(other)
    line = note.NoteSignature(name=parsed.name, key_id=parsed.key_id, signature=bytes(2420))
    with (dataset / "signatures" / "keys.txt").open("a", encoding="utf-8") as keys:
        keys.write(f"{STATION} {other}\n")
    path = dataset / "signatures" / f"fill-{FILL}.note"
    signed = note.parse_note(path.read_bytes())
    path.write_bytes(note.format_note(signed.text.removesuffix("\n") + "\n", [*signed.signatures, line]))
    signatures, findings = read(dataset)

    assert [FILL] == [each.about for each in signatures]
    assert ["signature.damaged"] == codes(findings)


def test_a_fill_is_found_in_a_table_with_a_cell_beyond_the_csv_readers_limit(dataset):
    table = dataset / "refuellings.csv"
    table.write_text(table.read_text(encoding="utf-8").rstrip("\n") + "x" * 140_000 + "\n", encoding="utf-8")

    assert f"signatures/fill-{FILL}.note" == sign_fill(dataset, FILL, signer_of(dataset, STATION, 1))
