"""A statement's id, its entry in the log, its signature, and the issuer's word on its status."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify import canonical
from h2verify.bundle.statement import NOT_IN_ID
from h2verify.ed25519 import verify_signature
from h2verify.errors import CanonicalError, ProofError
from h2verify.merkle import leaf_hash, verify_inclusion
from h2verify.note import VerifierKey, verify_checkpoint

from h2corridor.evidence import LogSigner
from h2corridor.evidence.keys import key_reference
from h2corridor.model.errors import EvidenceError

STATEMENT_TYPE = "h2corridor/statement/1"
SIGNED_FORMAT = "h2corridor/signed-statement/1"
STATUS_FORMAT = "h2corridor/status/1"
ID_DIGITS = 16
_STATUS_FIELDS = ("as_of", "by", "reason", "statement_id", "status")
_MAX_BYTES = 1 << 22

Statement = dict[str, Any]
"""The fields of section 3 of the format, as canonical JSON can carry them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogProof:
    """The place of an entry in the log: the checkpoint's note as it was signed, and the path to its root."""

    checkpoint: bytes
    index: int
    hashes: Sequence[bytes]

    def as_json(self) -> Statement:
        """The proof as it stands in a signed statement."""
        hashes = [each.hex() for each in self.hashes]
        return {"checkpoint": self.checkpoint.decode(), "hashes": hashes, "index": self.index}


def with_id(fields: Mapping[str, Any]) -> Statement:
    """The statement whose other fields are these; its id follows from what is said, and neither from when, nor from the
    tree of records that it was first said with, nor from what was said before.
    """
    said = {name: value for name, value in fields.items() if name not in NOT_IN_ID}
    return {**fields, "statement_id": f"st-{canonical.digest_hex(said)[:ID_DIGITS]}"}


def says_the_same(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two statements differ at most in what their ids do not follow from."""
    apart = dict.fromkeys(NOT_IN_ID)
    return {**first, **apart} == {**second, **apart}


def editions_of(statement: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Name and digest of each edition that a statement was made by: its rule set's, then its comparisons'."""
    rule_set = statement["rule_set"]
    return (
        (rule_set["edition"], rule_set["digest"]),
        *((each["method"], each["digest"]) for each in statement["comparisons"]),
    )


def digest_entry(document: Mapping[str, Any], kind: str) -> bytes:
    """The entry that commits to a document: its digest and what it is."""
    return canonical.encode({"digest": canonical.digest_hex(dict(document)), "type": kind})


def statement_entry(statement: Mapping[str, Any]) -> bytes:
    """The entry that stands in the log for a statement, before anything is signed."""
    return digest_entry(statement, STATEMENT_TYPE)


def sign_statement(statement: Statement, proof: LogProof, issuer: LogSigner) -> bytes:
    """The signed statement: what is said, the proof that it is in the log, and the issuer's signature over both."""
    signed = {"log_proof": proof.as_json(), "statement": statement}
    return canonical.encode({"format": SIGNED_FORMAT, **signed, "signature": _sign(SIGNED_FORMAT, signed, issuer)})


def sign_status(
    statement_id: str, as_of: str, issuer: LogSigner, *, by: str | None = None, reason: str | None = None
) -> bytes:
    """The issuer's word on a statement as of an instant: in force; superseded, where another is named in whose favour;
    or withdrawn, where a reason is.
    """
    status = "superseded" if by else "withdrawn" if reason else "in_force"
    said = {"as_of": as_of, "by": by, "reason": reason, "statement_id": statement_id, "status": status}
    return canonical.encode({"format": STATUS_FORMAT, **said, "signature": _sign(STATUS_FORMAT, said, issuer)})


def read_statement(data: bytes, *, about: str) -> tuple[Statement, Statement]:
    """The statement and its log proof in the bytes of a kept `statement.json`, without checking any signature.

    Raises
    ------
    EvidenceError
        `evidence.statement`: the bytes are no signed statement.
    """
    try:
        document = _parse(data)
        if document["format"] != SIGNED_FORMAT:
            raise _damaged(about, f"not a document of format {SIGNED_FORMAT}")
        return dict(document["statement"]), dict(document["log_proof"])
    except (CanonicalError, ProofError, KeyError, TypeError, ValueError) as error:
        raise _damaged(about, f"no signed statement: {error}") from error


def read_status(data: bytes, *, about: str) -> Statement:
    """The issuer's word in the bytes of a kept `status.json`, without checking its signature; it raises as
    `read_statement`.
    """
    try:
        document = _parse(data)
        return {name: document[name] for name in _STATUS_FIELDS}
    except (CanonicalError, ProofError, KeyError) as error:
        raise _damaged(about, f"no status: {error}") from error


def require_statement(data: bytes, *, issuers: Sequence[VerifierKey], log: VerifierKey, about: str) -> Statement:
    """The statement in kept bytes, after its id, its signature and its place in the log were checked.

    Raises
    ------
    EvidenceError
        `evidence.statement`: something does not hold; the fault says what.
    """
    statement, proof = read_statement(data, about=about)
    if with_id(statement) != statement:
        raise _damaged(about, "its id does not follow from what it says")
    said = {"log_proof": proof, "statement": statement}
    try:
        _require_signature(data, SIGNED_FORMAT, said, issuers)
        checkpoint = verify_checkpoint(proof["checkpoint"].encode(), log)
        hashes = [bytes.fromhex(each) for each in proof["hashes"]]
        leaf = leaf_hash(statement_entry(statement))
        verify_inclusion(proof["index"], checkpoint.size, leaf, hashes, checkpoint.root)
    except (CanonicalError, ProofError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(about, f"does not hold: {error}") from error
    return statement


def require_status(data: bytes, statement_id: str, *, issuers: Sequence[VerifierKey], about: str) -> None:
    """Refuse kept bytes that are not an issuer's signed word on this statement; EvidenceError `evidence.statement`."""
    try:
        document = _parse(data)
        if document["statement_id"] != statement_id:
            raise _damaged(about, "speaks of another statement")
        said = {name: document[name] for name in _STATUS_FIELDS}
        _require_signature(data, STATUS_FORMAT, said, issuers)
    except (CanonicalError, ProofError, KeyError, TypeError, ValueError) as error:
        raise _damaged(about, f"does not hold: {error}") from error


def _sign(label: str, said: Statement, issuer: LogSigner) -> Statement:
    return {
        "key": key_reference(issuer.key),
        "value": base64.b64encode(issuer.sign(_message(label, said))).decode(),
    }


def _require_signature(data: bytes, label: str, said: Statement, issuers: Sequence[VerifierKey]) -> None:
    """Raise unless the document is exactly what was said and the signature over it of one of these."""
    signature = _parse(data)["signature"]
    issuer = next((each for each in issuers if key_reference(each) == signature["key"]), None)
    if issuer is None:
        raise ProofError("note.unknown-keys", f"signed by {str(signature['key'])[:100]}, which is no key of the issuer")
    value = base64.b64decode(signature["value"], validate=True)
    again = {"key": key_reference(issuer), "value": base64.b64encode(value).decode()}
    if canonical.encode({"format": label, **said, "signature": again}) != data:
        raise ProofError("note.form", f"not a document of format {label} signed by {again['key']}")
    verify_signature(issuer.public_key, _message(label, said), value)


def _parse(data: bytes) -> Statement:
    document = canonical.parse_canonical(data, max_bytes=_MAX_BYTES)
    if not isinstance(document, dict):
        raise ProofError("note.form", "not an object")
    return document


def _message(label: str, said: Statement) -> bytes:
    return label.encode() + b"\n" + canonical.encode(said)


def _damaged(about: str, fault: str) -> EvidenceError:
    next_step = "Restore the file from a copy of the workspace; `h2corridor log fsck` names what is damaged."
    return EvidenceError("evidence.statement", f"{fault}.", about=about, next_step=next_step)
