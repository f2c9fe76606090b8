"""Steps 4, 5 and 11: the log's checkpoint, what it commits to, and whether the reader trusts those who signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from h2verify import canonical, merkle, note
from h2verify.bundle import limits
from h2verify.bundle.forms import SHA256, TEXT, WHOLE, ByType, Document, ListOf, one_of, read_document
from h2verify.bundle.statement import TYPE, Identity, SignedStatement, key_reference
from h2verify.errors import BundleError, ProofError
from h2verify.policy import Policy, parse_policy, require_quorum

PROOFS = "h2corridor/log-proofs/1"
ACTIVITY = "h2corridor/activity/1"

_HASHES = ListOf(SHA256, limits.PROOF_HASHES_MAX)
_ENTRY = ByType(
    {
        ACTIVITY: {"groups": WHOLE, "root": SHA256, "type": TEXT},
        "h2corridor/received-file/1": {"records": WHOLE, "root": SHA256, "type": TEXT},
        "h2corridor/release/1": {"digest": SHA256, "type": TEXT},
        TYPE: {"digest": SHA256, "type": TEXT},
    }
)
_PROOFS = {
    "checkpoint": TEXT,
    "consistency": _HASHES,
    "entries": ListOf({"entry": _ENTRY, "hashes": _HASHES, "index": WHOLE}, limits.LOG_ENTRIES_MAX),
    "format": one_of(PROOFS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHead:
    """A checkpoint of the log with the note it stands in."""

    checkpoint: note.Checkpoint
    signed: note.Note


def verify_log(signed: SignedStatement) -> LogHead:
    """The checkpoint of the statement's proof, once it is the log's and the statement's digest is in its tree.

    Raises
    ------
    BundleError
        `log.checkpoint`, `log.origin`, `log.older-checkpoint`, `log.inclusion`.
    """
    proof = signed.log_proof
    head = _read_checkpoint(proof["checkpoint"], signed.identity)
    if head.checkpoint.size <= proof["index"]:
        fault = f"the tree has {head.checkpoint.size} entries, the statement is said to be entry {proof['index']}"
        raise BundleError("log.older-checkpoint", fault)
    entry = {"digest": canonical.digest_hex(signed.statement), "type": TYPE}
    _require_inclusion(entry, proof, head.checkpoint, "the statement")
    return head


def verify_trust(data: bytes | None, signed: SignedStatement, head: LogHead) -> tuple[Policy | None, int]:
    """The reader's policy and how many of its witnesses cosigned; None and 0 where no policy was given.

    Raises
    ------
    BundleError
        `policy.form`, `policy.no-log`, `policy.no-signers`, `policy.unknown-log`, `policy.unknown-signer`,
        `policy.quorum`, `policy.unknown-edition`.
    """
    if data is None:
        return None, 0
    identity = signed.identity
    try:
        policy = parse_policy(data)
        if not policy.logs:
            raise BundleError("policy.no-log", "your policy names no log")
        if not policy.signers:
            raise BundleError("policy.no-signers", "your policy names no signer: nobody may issue statements")
        if identity.log not in policy.logs:
            raise BundleError("policy.unknown-log", f"{key_reference(identity.log)} is no log of your policy")
        if identity.issuer not in policy.signers:
            fault = f"{key_reference(identity.issuer)} is no signer of your policy"
            raise BundleError("policy.unknown-signer", fault)
        count = require_quorum(policy, head.signed)
        _require_editions(policy, signed.statement)
        return policy, count
    except ProofError as error:
        raise BundleError(error.code, error.fault, where=error.where, next_step=error.next_step) from error


def _require_editions(policy: Policy, statement: Document) -> None:
    """Where a policy pins editions, refuse a statement by any other, or by one of the same name and another digest."""
    used = [(statement["rule_set"]["edition"], statement["rule_set"]["digest"])]
    used += [(each["method"], each["digest"]) for each in statement["comparisons"]]
    for name, digest in used if policy.editions else ():
        if (name, digest) not in policy.editions:
            fault = f"your policy does not name the edition with the digest {digest}"
            raise BundleError("policy.unknown-edition", fault, where=name)


def verify_proofs(
    data: bytes, signed: SignedStatement, head: LogHead, policy: Policy | None
) -> tuple[Mapping[bytes, int], int]:
    """The canonical entries that the member `proofs.json` proves to be in the log, each with the first place it is
    proved at, and the size of that log. The activity tree is among them, before the statement.

    Under a policy the later checkpoint too must reach its quorum.

    Raises
    ------
    BundleError
        `proofs.form`, `log.checkpoint`, `log.origin`, `policy.quorum`, `log.consistency`, `log.inclusion`,
        `activity.tree`, `activity.late`.
    """
    document = read_document(data, _PROOFS, code="proofs.form", where="proofs.json")
    later = _read_checkpoint(document["checkpoint"], signed.identity)
    if policy is not None:
        _require_later_quorum(policy, later)
    _require_consistency(head.checkpoint, later.checkpoint, document["consistency"])
    for number, each in enumerate(document["entries"]):
        _require_inclusion(each["entry"], each, later.checkpoint, f"proofs.json.entries[{number}]")
    logged: dict[bytes, int] = {}
    for each in document["entries"]:
        entry = canonical.encode(each["entry"])
        logged[entry] = min(each["index"], logged.get(entry, each["index"]))
    tree = canonical.encode({**signed.statement["activity"], "type": ACTIVITY})
    if tree not in logged:
        raise BundleError("activity.tree", "no proved entry is the activity tree that the statement names")
    if logged[tree] >= signed.log_proof["index"]:
        raise BundleError("activity.late", "the activity tree came into the log after the statement")
    return logged, later.checkpoint.size


def _read_checkpoint(text: str, identity: Identity) -> LogHead:
    try:
        signed = note.parse_note(text.encode())
        note.verify_note(signed, [identity.log])
        checkpoint = note.parse_checkpoint(signed.text)
    except ProofError as error:
        raise BundleError("log.checkpoint", error.message) from error
    if checkpoint.origin != identity.log.name:
        raise BundleError("log.origin", f"expected origin {identity.log.name}, found {checkpoint.origin[:100]}")
    return LogHead(checkpoint=checkpoint, signed=signed)


def _require_inclusion(entry: Document, proof: Document, checkpoint: note.Checkpoint, where: str) -> None:
    leaf = merkle.leaf_hash(canonical.encode(entry))
    try:
        merkle.verify_inclusion(proof["index"], checkpoint.size, leaf, _hashes(proof["hashes"]), checkpoint.root)
    except ProofError as error:
        raise BundleError("log.inclusion", error.fault, where=where) from error


def _require_consistency(earlier: note.Checkpoint, later: note.Checkpoint, hashes: Sequence[str]) -> None:
    try:
        merkle.verify_consistency(earlier.size, later.size, earlier.root, later.root, _hashes(hashes))
    except ProofError as error:
        raise BundleError("log.consistency", error.fault) from error


def _require_later_quorum(policy: Policy, later: LogHead) -> None:
    try:
        require_quorum(policy, later.signed)
    except ProofError as error:
        raise BundleError(error.code, error.fault, where="proofs.json.checkpoint") from error


def _hashes(texts: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]
