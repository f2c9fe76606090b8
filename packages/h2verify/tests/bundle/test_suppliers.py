"""Suppliers' signatures travel along: each listed one is there and holds, and none that is not listed."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from h2verify import note
from h2verify.bundle import verify_bundle
from h2verify.bundle.records import verify_fill_notes
from h2verify.bundle.suppliers import SupplierNote
from h2verify.errors import BundleError
from h2verify.supplier_notes import FillText, SignedFile, format_file_manifest, format_fill
from made_bundle import Signer, make_bundle, make_members, pack, with_manifest

STATION = Signer("station.example")
CARRIER = Signer("carrier.example")
FILL = FillText(
    refuelling_id="R1",
    station_id="S1",
    started_at="2026-03-02T08:15:30+08:00",
    ended_at="2026-03-02T08:31:00+08:00",
    mass_kg="27.41",
)
RECORD = {
    "kind": "fill",
    "refuelling_id": "R1",
    "station_id": "S1",
    "started_at_ms": 1_772_410_530_000,
    "ended_at_ms": 1_772_411_460_000,
    "mass_mg": 27_410_000,
}
FILES = format_file_manifest("P2", [SignedFile(sha256="00" * 32, size=3, path="legs.csv")])
TELEMETRY = format_file_manifest("P2", [SignedFile(sha256="00" * 32, size=3, path="telemetry/V/d.csv.gz")])


def _listed(
    signed: bytes, signer: Signer, kind: str = "fill", about: str = "R1", party_id: str = "P2"
) -> dict[str, str]:
    digest = hashlib.sha256(signed).hexdigest()
    return {"about": about, "digest": digest, "key": signer.reference, "kind": kind, "party_id": party_id}


def _bundle(notes: list[bytes], listed: list[dict[str, str]], keys: dict[str, list[Signer]]) -> bytes:
    suppliers = [
        {"key": signer.vkey, "name_en": None, "name_zh": None, "party_id": party_id, "role": "supplier"}
        for party_id, signers in keys.items()
        for signer in signers
    ]
    members = {f"signatures/{number}.note": data for number, data in enumerate(notes, start=1)}
    return make_bundle(
        {
            "statement": lambda statement: statement.update(supplier_signatures=listed),
            "identity": lambda identity: identity["keys"].extend(suppliers),
            "members": lambda all_members: all_members.update(members),
        }
    )


def _signed(text: str, *signers: Signer) -> bytes:
    return note.format_note(text, [signer.sign_note(text) for signer in signers])


KEYS = {"P2": [STATION], "P3": [CARRIER]}
FILL_NOTE = _signed(format_fill(FILL), STATION, CARRIER)
FILES_NOTE = _signed(FILES, STATION)


def _both(signed: bytes) -> list[dict[str, str]]:
    return [_listed(signed, STATION), _listed(signed, CARRIER, party_id="P3")]


BOTH = _both(FILL_NOTE)


def test_a_fill_signed_by_carrier_and_station_and_a_manifest_of_files_hold() -> None:
    listed = [
        *BOTH,
        _listed(FILES_NOTE, STATION, "file-manifest", "P2"),
        _listed(_signed(TELEMETRY, STATION), STATION, "telemetry-manifest", "P2"),
    ]
    notes = [FILL_NOTE, FILES_NOTE]
    result = verify_bundle(_bundle(notes, listed, KEYS))

    assert result.holds, result.reason
    assert {"notes": 2} == result.steps[9].details


ONE_LINE = _signed(format_fill(FILL), STATION)
OTHER_TEXT = note.format_note(format_fill(FILL), [STATION.sign_note("x\n"), CARRIER.sign_note(format_fill(FILL))])
HELLO = _signed("hello\n", STATION)
BY_THE_CARRIER = _signed(FILES, CARRIER)


@pytest.mark.parametrize(
    ("notes", "listed", "keys", "code"),
    [
        ([], BOTH, KEYS, "signature.missing"),
        ([FILL_NOTE], [], KEYS, "signature.extra"),
        ([FILL_NOTE], BOTH[:1], KEYS, "signature.extra"),
        ([FILL_NOTE], [*BOTH, BOTH[0]], KEYS, "signature.extra"),
        ([FILL_NOTE, _signed(format_fill(FILL), STATION)], BOTH, KEYS, "signature.extra"),
        ([FILL_NOTE], BOTH, {"P2": [STATION]}, "signature.unknown-key"),
        ([FILL_NOTE], BOTH, {"P2": [CARRIER], "P3": [STATION]}, "signature.unknown-key"),
        ([ONE_LINE], BOTH, KEYS, "signature.missing"),
        ([ONE_LINE], _both(ONE_LINE), KEYS, "signature.invalid"),
        ([OTHER_TEXT], _both(OTHER_TEXT), KEYS, "signature.invalid"),
        ([b"no note"], BOTH, KEYS, "signature.missing"),
        ([b"no note"], [], KEYS, "signature.form"),
        ([HELLO], [_listed(HELLO, STATION)], KEYS, "signature.form"),
        ([FILL_NOTE], [{**each, "about": "R2"} for each in BOTH], KEYS, "signature.form"),
        ([FILL_NOTE], [{**each, "kind": "file-manifest"} for each in BOTH], KEYS, "signature.form"),
        ([BY_THE_CARRIER], [_listed(BY_THE_CARRIER, CARRIER, "file-manifest", "P2", "P3")], KEYS, "signature.form"),
    ],
)
def test_a_suppliers_signature_with_a_fault_is_refused(notes: Any, listed: Any, keys: Any, code: str) -> None:
    result = verify_bundle(_bundle(notes, listed, keys))
    expected = "signature.form" if notes == [b"no note"] else code

    assert expected == result.reason_code, result.reason


def test_more_signatures_than_can_be_verified_in_time_are_refused() -> None:
    line = STATION.sign_note(format_fill(FILL))
    notes = [note.format_note(f"{format_fill(FILL)}{number}\n", [line] * 100) for number in range(11)]

    assert "container.limit" == verify_bundle(_bundle(notes, [], KEYS)).reason_code


def test_a_key_that_is_named_twice_for_a_party_is_refused() -> None:
    assert "identity.form" == verify_bundle(_bundle([], [], {"P2": [STATION, STATION]})).reason_code


def test_a_signed_fill_agrees_with_its_record() -> None:
    held = SupplierNote(digest="00", says=FILL)

    assert 1 == verify_fill_notes([held], {"truck/truck-1": [RECORD]})
    assert 0 == verify_fill_notes([held], {"truck/truck-1": [{**RECORD, "refuelling_id": "R2"}]})


@pytest.mark.parametrize(
    "other",
    [{"mass_mg": 27_410_001}, {"station_id": "S2"}, {"started_at_ms": 0}, {"ended_at_ms": 1_772_411_460_001}],
)
def test_a_signed_fill_that_says_something_else_than_its_record_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(BundleError) as refused:
        verify_fill_notes([SupplierNote(digest="00", says=FILL)], {"truck/truck-1": [{**RECORD, **other}]})

    assert "signature.fill" == refused.value.code


@pytest.mark.parametrize(
    ("started_at", "holds"),
    [
        ("2026-03-02T00:15:30Z", True),
        ("2026-03-02T08:15:30.000000000+08:00", True),
        ("20260302T081530+0800", False),
        ("2026-03-02T08:15:30+08", False),
        ("2026-W10-1T08:15:30+08:00", False),
        ("2026-03-02 08:15:30+08:00", False),
        ("2026-03-02T08:15:30,000+08:00", False),
        ("2026-03-02T08:15:30+08:00:00", False),
        ("2026-03-02T08:15:30", False),
    ],
)
def test_a_signed_time_has_the_form_of_an_instant(started_at: str, holds: bool) -> None:
    held = SupplierNote(digest="00", says=replace(FILL, started_at=started_at))
    if holds:
        assert 1 == verify_fill_notes([held], {"truck/truck-1": [RECORD]})
    else:
        with pytest.raises(BundleError):
            verify_fill_notes([held], {"truck/truck-1": [RECORD]})


@pytest.mark.parametrize("mass", ["27.41000000", "x", "1e3", "27.4100001", "-1"])
def test_masses_are_read_exactly_or_not_at_all(mass: str) -> None:
    says = FillText(**{**{name: getattr(FILL, name) for name in FILL.__slots__}, "mass_kg": mass})
    held = [SupplierNote(digest="00", says=says)]
    if mass == "27.41000000":
        assert 1 == verify_fill_notes(held, {"truck/truck-1": [RECORD]})
    else:
        with pytest.raises(BundleError):
            verify_fill_notes(held, {"truck/truck-1": [RECORD]})


def test_members_can_be_made_anew() -> None:
    members = make_members()
    members.pop("manifest.json")

    assert "statement.id" == verify_bundle(pack(with_manifest(members, "st-0123456789abcdef"))).reason_code
