"""Step 10: what suppliers signed travels along, is listed in the statement, and their signatures hold.

A note may carry two signatures (a fill, by carrier and station); the statement lists each.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from h2verify import note
from h2verify.bundle import limits
from h2verify.bundle.container import Archive
from h2verify.bundle.forms import Document
from h2verify.bundle.statement import Identity, SignedStatement, key_reference
from h2verify.errors import BundleError, ProofError
from h2verify.supplier_notes import FileManifestText, FillText, SupplierText, parse_supplier_text

TELEMETRY = "telemetry-manifest"
FILL = "fill"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierNote:
    """A note whose listed signatures hold, and what it says."""

    digest: str
    says: SupplierText


def verify_suppliers(archive: Archive, signed: SignedStatement, *, is_raw: bool) -> tuple[SupplierNote, ...]:
    """The notes of the bundle, once they are those the statement lists and every listed signature holds.

    Parameters
    ----------
    is_raw : bool
        Whether the bundle goes down to raw: then manifests of files must be there too.

    Raises
    ------
    BundleError
        `signature.form`, `signature.missing`, `signature.extra`, `signature.unknown-key`, `signature.invalid`;
        `container.limit`.
    """
    names = archive.under("signatures/")
    if len(names) > limits.SIGNATURE_NOTES_MAX:
        raise BundleError("container.limit", f"more than {limits.SIGNATURE_NOTES_MAX} signed notes")
    notes: dict[str, tuple[str, note.Note]] = {}
    texts: set[str] = set()
    lines = 0
    for name in names:
        parsed = _parse(archive[name], name)
        lines += len(parsed.signatures)
        if lines > limits.SUPPLIER_SIGNATURES_MAX:
            raise BundleError("container.limit", f"more than {limits.SUPPLIER_SIGNATURES_MAX} suppliers' signatures")
        digest = hashlib.sha256(archive[name]).hexdigest()
        if digest in notes or parsed.text in texts:
            raise BundleError("signature.extra", "the same text stands in two notes", where=name)
        texts.add(parsed.text)
        notes[digest] = (name, parsed)
    listed = signed.statement["supplier_signatures"]
    for each in listed:
        if each["digest"] not in notes and (is_raw or each["kind"] == FILL):
            raise BundleError("signature.missing", f"no note of digest {each['digest']}", where=each["about"])
    return tuple(_verify_note(digest, *notes[digest], listed, signed.identity) for digest in sorted(notes))


def _parse(data: bytes, name: str) -> note.Note:
    try:
        return note.parse_note(data)
    except ProofError as error:
        raise BundleError("signature.form", error.message, where=name) from error


def _verify_note(
    digest: str, name: str, parsed: note.Note, listed: Sequence[Document], identity: Identity
) -> SupplierNote:
    own = [each for each in listed if each["digest"] == digest]
    if not own:
        raise BundleError("signature.extra", "the statement does not list this note", where=name)
    try:
        says = parse_supplier_text(parsed.text)
    except ProofError as error:
        raise BundleError("signature.form", error.fault, where=name) from error
    references = {each["key"] for each in own}
    if len(references) != len(own):
        raise BundleError("signature.extra", "one signature is listed twice", where=name)
    for each in own:
        _require_meaning(each, says, name)
        _require_signed(each, parsed, identity, name)
    known = {key_reference(key) for _, key in identity.suppliers}
    for line in parsed.signatures:
        reference = f"{line.name}+{line.key_id.hex()}"
        if reference in known - references:
            raise BundleError("signature.extra", f"signed by {reference}, which is not listed", where=name)
    return SupplierNote(digest=digest, says=says)


def _require_meaning(listed: Mapping[str, str], says: SupplierText, name: str) -> None:
    if isinstance(says, FillText):
        expected = (FILL, says.refuelling_id)
    else:
        expected = (TELEMETRY if says.names_telemetry else "file-manifest", says.party_id)
    if (listed["kind"], listed["about"]) != expected:
        fault = f"listed as {listed['kind']} about {listed['about']}, it is {expected[0]} about {expected[1]}"
        raise BundleError("signature.form", fault, where=name)
    if isinstance(says, FileManifestText) and listed["party_id"] != says.party_id:
        raise BundleError("signature.form", "listed for another party than the one it names", where=name)


def _require_signed(listed: Mapping[str, str], parsed: note.Note, identity: Identity, name: str) -> None:
    parties = [(party_id, key) for party_id, key in identity.suppliers if key_reference(key) == listed["key"]]
    key = next((key for party_id, key in parties if party_id == listed["party_id"]), None)
    if key is None:
        fault = f"{listed['key']} is no supplier's key of {listed['party_id']} in identity.json"
        raise BundleError("signature.unknown-key", fault, where=name)
    if note.signature_status(parsed, key) != "valid":
        raise BundleError("signature.invalid", f"the signature of {listed['key']} does not hold", where=name)
