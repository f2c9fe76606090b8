"""The documents of a trial's record as bytes, and the entries that commit to them in the log."""

import hashlib
from typing import Any

import msgspec
from h2verify import canonical
from h2verify.errors import CanonicalError

from h2corridor.model.errors import EvidenceError
from h2corridor.model.trial_record import RecordDocument

RECORD_TYPE = "h2corridor/trial-record/1"
REPORT_TYPE = "h2corridor/trial-report/1"
_MAX_BYTES = 1 << 24


def record_document(document: RecordDocument) -> bytes:
    """A document as it is kept.

    Raises
    ------
    CanonicalError
        A text in it cannot be written.
    """
    return canonical.encode({"format": RECORD_TYPE, "document": msgspec.to_builtins(document)})


def record_entry(document: RecordDocument) -> bytes:
    """The entry that stands in the log for a document: the digest of the file as it is kept."""
    return _entry(record_document(document), RECORD_TYPE)


def is_record_entry(entry: bytes) -> bool:
    """Whether an entry of the log stands for a document of a trial's record."""
    return entry.endswith(canonical.encode({"type": RECORD_TYPE})[1:])


def report_entry(report: bytes) -> bytes:
    """The entry that stands in the log for a trial report: the digest of its bytes."""
    return _entry(report, REPORT_TYPE)


def decode_record(data: bytes, *, about: str) -> RecordDocument:
    """The document in the bytes that `record_document` wrote.

    Raises
    ------
    EvidenceError
        `evidence.trial-record`: the bytes are anything else.
    """
    next_step = "Run `h2corridor log fsck`; restore the file from a copy of the workspace."
    try:
        read: Any = canonical.parse_canonical(data, max_bytes=_MAX_BYTES)
        document: RecordDocument = msgspec.convert(read["document"], type=RecordDocument)
    except (CanonicalError, msgspec.ValidationError, KeyError, TypeError) as error:
        raise EvidenceError("evidence.trial-record", f"{error}.", about=about, next_step=next_step) from error
    if record_document(document) != data:
        fault = "not a document of a trial's record with its fields and no others."
        raise EvidenceError("evidence.trial-record", fault, about=about, next_step=next_step)
    return document


def _entry(data: bytes, kind: str) -> bytes:
    return canonical.encode({"digest": hashlib.sha256(data).hexdigest(), "type": kind})
