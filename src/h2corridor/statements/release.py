"""The recorded decision to release raw data: who decided, for whom, what for, and on what basis."""

from collections.abc import Mapping
from typing import Any

from h2verify import canonical
from h2verify.errors import CanonicalError

from h2corridor.model.errors import EvidenceError
from h2corridor.statements.statement import digest_entry

RELEASE_TYPE = "h2corridor/release/1"
FIELDS = ("basis", "decided_at", "decided_by", "purpose", "recipient", "release_id", "statement_id")
_ID_DIGITS = 16
_MAX_BYTES = 1 << 16

Release = dict[str, str]


def make_release(
    statement_id: str, *, decided_by: str, recipient: str, purpose: str, basis: str, decided_at: str
) -> Release:
    """The decision, with an id that follows from it."""
    said = {
        "basis": basis,
        "decided_at": decided_at,
        "decided_by": decided_by,
        "purpose": purpose,
        "recipient": recipient,
        "statement_id": statement_id,
    }
    return {**said, "release_id": f"rel-{canonical.digest_hex(said)[:_ID_DIGITS]}"}


def release_entry(release: Mapping[str, str]) -> bytes:
    """The entry that stands in the log for a decision."""
    return digest_entry(release, RELEASE_TYPE)


def release_document(release: Mapping[str, str]) -> bytes:
    """The member `release.json` of a bundle."""
    return canonical.encode({"format": RELEASE_TYPE, "release": dict(release)})


def decode_release(data: bytes, *, about: str) -> Release:
    """The decision in the bytes that `release_document` wrote.

    Raises
    ------
    EvidenceError
        `evidence.release`: the bytes are anything else.
    """
    next_step = "Restore the file from a copy of the workspace."
    try:
        document: Any = canonical.parse_canonical(data, max_bytes=_MAX_BYTES)
        said = {name: str(document["release"][name]) for name in FIELDS}
    except (CanonicalError, KeyError, TypeError) as error:
        raise EvidenceError("evidence.release", f"{error}.", about=about, next_step=next_step) from error
    again = make_release(**{name: said[name] for name in FIELDS if name != "release_id"})
    if release_document(again) != data:
        fault = "not a decision with its fields, its id and no others."
        raise EvidenceError("evidence.release", fault, about=about, next_step=next_step)
    return again
