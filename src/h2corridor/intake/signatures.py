"""Suppliers' signatures in a data set: which hold, and findings for those that do not.

`signatures/keys.txt` says whose a key is, one line `<party_id> <verifier key>` each; `signatures/*.note` are signed
notes whose texts `h2verify.supplier_notes` reads. Nothing here is required; a signature that is there must hold.
"""

import datetime
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from h2verify.errors import VerifyError
from h2verify.note import (
    ED25519,
    Note,
    VerifierKey,
    format_verifier_key,
    parse_note,
    parse_verifier_key,
    signature_status,
)
from h2verify.supplier_notes import FileManifestText, FillText, SignedFile, SupplierText, parse_supplier_text

from h2corridor.intake.dataset import Dataset
from h2corridor.model.findings import Finding
from h2corridor.model.signatures import SignatureKind, SupplierSignature
from h2corridor.model.trial import Refuelling, TrialFacts

FOLDER = "signatures/"
KEYS_FILE = "signatures/keys.txt"
_NOTES_MAX = 100_000
_KEYS_MAX = 10_000
_SHOWN_MAX = 200

Digests = Mapping[str, tuple[str, int]]
"""By path, the SHA-256 (hexadecimal) and size of every file of the data set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    parties: Mapping[VerifierKey, str]

    def of_note(self, note: Note) -> list[tuple[VerifierKey, str]]:
        named = {(line.name, line.key_id) for line in note.signatures}
        return [(key, party) for key, party in self.parties.items() if (key.name, key.key_id) in named]


def read_signatures(
    dataset: Dataset, facts: TrialFacts, digests: Digests
) -> tuple[tuple[SupplierSignature, ...], list[Finding]]:
    """Give the suppliers' signatures that hold, and findings for everything that does not.

    Parameters
    ----------
    digests
        Every file of the data set as received.
    """
    paths = [path for path in dataset.list_paths() if path.startswith(FOLDER)]
    notes = [path for path in paths if path.endswith(".note")]
    findings: list[Finding] = []
    keys = _read_keys(dataset, facts, findings)
    signatures: list[SupplierSignature] = []
    for path in notes[:_NOTES_MAX]:
        data = dataset.read_bytes(path) or b""
        try:
            note = parse_note(data)
            text = parse_supplier_text(note.text)
        except VerifyError as error:
            findings.append(_finding("signature.damaged", path, fault=error.fault))
            continue
        held, faults = _check_note(path, note, text, keys, facts=facts)
        faults += _check_files(path, text, digests) if isinstance(text, FileManifestText) else []
        findings += faults
        signatures += [_signature(text, data, note, key, party) for key, party in held if not faults]
    return tuple(signatures), findings


def _read_keys(dataset: Dataset, facts: TrialFacts, findings: list[Finding]) -> _Keys:
    known = {party.party_id for party in facts.parties}
    parties: dict[VerifierKey, str] = {}
    content = (dataset.read_bytes(KEYS_FILE) or b"").decode("utf-8", "replace")
    for line in [each.strip() for each in content.splitlines()[:_KEYS_MAX]]:
        party, _, vkey = line.partition(" ")
        if not line or line.startswith("#"):
            continue
        try:
            key = parse_verifier_key(vkey.strip())
        except VerifyError as error:
            findings.append(_finding("signature.damaged", KEYS_FILE, fault=error.fault))
            continue
        if key.key_type != ED25519:
            fault = f"only Ed25519 keys (type 01) stand here, came type {key.key_type:02x}: {key.name[:_SHOWN_MAX]}"
            findings.append(_finding("signature.damaged", KEYS_FILE, fault=fault))
        elif party not in known:
            findings.append(_finding("signature.unknown-party", KEYS_FILE, party_id=party[:_SHOWN_MAX]))
        elif parties.setdefault(key, party) != party:
            findings.append(_finding("signature.damaged", KEYS_FILE, fault=f"one key of two parties: {key.name}"))
    return _Keys(parties=parties)


def _check_note(
    path: str, note: Note, text: SupplierText, keys: _Keys, *, facts: TrialFacts
) -> tuple[list[tuple[VerifierKey, str]], list[Finding]]:
    """Give the keys that signed with the parties they belong to, and what is wrong with the note."""
    candidates = keys.of_note(note)
    if not candidates:
        names = ", ".join(line.name for line in note.signatures)[:_SHOWN_MAX]
        return [], [_finding("signature.unknown-key", path, names=names)]
    fill = _find_fill(text, facts)
    faults = [] if isinstance(text, FileManifestText) else _check_fill(path, text, fill)
    allowed = {text.party_id} if isinstance(text, FileManifestText) else _fill_parties(fill, facts)
    held = []
    for key, party in candidates:
        if party not in allowed:
            faults.append(_finding("signature.wrong-party", path, party_id=party, fill=fill))
        elif signature_status(note, key) != "valid":
            faults.append(_finding("signature.invalid", path, party_id=party, fill=fill))
        else:
            held.append((key, party))
    return held, faults


def _find_fill(text: SupplierText, facts: TrialFacts) -> Refuelling | None:
    if isinstance(text, FileManifestText):
        return None
    return next((fill for fill in facts.refuellings if fill.refuelling_id == text.refuelling_id), None)


def _fill_parties(fill: Refuelling | None, facts: TrialFacts) -> set[str]:
    """The carrier whose truck was filled and the operator of the station."""
    if fill is None:
        return set()
    carriers = {vehicle.carrier_id for vehicle in facts.vehicles if vehicle.vin == fill.vin}
    return carriers | {site.operator_id for site in facts.sites if site.site_id == fill.station_id and site.operator_id}


def _check_fill(path: str, text: FillText, fill: Refuelling | None) -> list[Finding]:
    if fill is None:
        return [_finding("signature.no-such-fill", path, refuelling_id=text.refuelling_id[:_SHOWN_MAX])]
    if text.station_id == fill.station_id and text.numbers == (fill.started_at_ms, fill.ended_at_ms, fill.mass_mg):
        return []
    return [_finding("signature.other-fill", path, refuelling_id=fill.refuelling_id, fill=fill)]


def _check_files(path: str, text: FileManifestText, digests: Digests) -> list[Finding]:
    return [finding for file in text.files for finding in _check_file(path, file, digests)]


def _check_file(path: str, file: SignedFile, digests: Digests) -> Iterator[Finding]:
    received = digests.get(file.path)
    parts = file.path.split("/")
    vin = parts[1] if parts[0] == "telemetry" and len(parts) > 2 else None
    if received is None:
        yield Finding(check="signature.absent-file", file=file.path, vin=vin, params={"note": path})
    elif received != (file.sha256, file.size):
        yield Finding(check="signature.other-file", file=file.path, vin=vin, params={"note": path})


def _finding(check: str, path: str, *, fill: Refuelling | None = None, **params: str) -> Finding:
    """A finding on a note; one about a fill bears on its truck and time."""
    if fill is None:
        return Finding(check=check, file=path, params=params)
    at = datetime.datetime.fromtimestamp(fill.started_at_ms // 1000, datetime.UTC).isoformat()
    return Finding(check=check, file="refuellings.csv", row=fill.row, vin=fill.vin, at=at, params=params)


def _signature(text: SupplierText, data: bytes, note: Note, key: VerifierKey, party: str) -> SupplierSignature:
    kind: SignatureKind = "fill"
    if isinstance(text, FileManifestText):
        kind = "telemetry-manifest" if text.names_telemetry else "file-manifest"
    return SupplierSignature(
        kind=kind,
        about=text.party_id if isinstance(text, FileManifestText) else text.refuelling_id,
        party_id=party,
        key=f"{key.name}+{key.key_id.hex()}",
        vkey=format_verifier_key(key.name, key.key_type, key.public_key),
        digest=hashlib.sha256(data).hexdigest(),
        note=data,
    )


def sort_signatures(signatures: Sequence[SupplierSignature]) -> list[SupplierSignature]:
    """Put signatures in the one order of statements: kind, what they are about, party, key."""
    return sorted(signatures, key=lambda each: (each.kind, each.about, each.party_id, each.key))
