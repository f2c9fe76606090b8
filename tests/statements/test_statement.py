"""Ids, signatures and proofs of statements."""

import json
from typing import Any

import pytest
from h2verify import canonical, note
from h2verify.merkle import HashTree, inclusion_proof, leaf_hash

from h2corridor.evidence import LogSigner, format_private_key, parse_private_key, sign_checkpoint
from h2corridor.model.errors import EvidenceError
from h2corridor.statements.statement import (
    LogProof,
    read_statement,
    require_statement,
    require_status,
    says_the_same,
    sign_statement,
    sign_status,
    statement_entry,
    with_id,
)


def _signer(name: str, first: int) -> LogSigner:
    return parse_private_key(format_private_key(name, bytes([first, *range(31)])), about="key")


LOG, ISSUER = _signer("example.org/log", 1), _signer("example.org/log/issuer", 2)
SAID = with_id({"figure": {"wtw_kgco2e": "1"}, "validity": {"stated_at": "2026-03-05T16:40:00+08:00"}})


def _signed(said: dict[str, Any] = SAID, issuer: LogSigner = ISSUER) -> bytes:
    leaves = [leaf_hash(b"first"), leaf_hash(statement_entry(said)), leaf_hash(b"last")]
    tree = HashTree(leaves)
    proof = LogProof(
        checkpoint=sign_checkpoint(3, tree.root(), LOG), index=1, hashes=inclusion_proof(tree.hash_at, 1, 3)
    )
    return sign_statement(said, proof, issuer)


def _require(data: bytes, log: note.VerifierKey = LOG.key, issuer: note.VerifierKey = ISSUER.key) -> dict[str, Any]:
    return require_statement(data, issuers=[issuer], log=log, about="x")


def test_the_id_follows_from_everything_but_the_validity() -> None:
    later = with_id({**SAID, "validity": {"stated_at": "2027-01-01T00:00:00+08:00"}})
    other = with_id({**SAID, "figure": {"wtw_kgco2e": "2"}})

    assert SAID["statement_id"] == later["statement_id"]
    assert SAID["statement_id"] != other["statement_id"]
    assert says_the_same(SAID, later)
    assert not says_the_same(SAID, other)


def test_a_signed_statement_holds_and_says_what_was_said() -> None:
    assert SAID == _require(_signed())
    assert SAID == read_statement(_signed(), about="x")[0]


def test_every_changed_byte_of_a_signed_statement_is_noticed() -> None:
    data = _signed()
    for at in range(len(data)):
        with pytest.raises(EvidenceError, match=r"evidence\.statement"):
            _require(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


def test_another_log_another_issuer_and_a_proof_of_another_entry_are_refused() -> None:
    document = json.loads(_signed())
    moved = canonical.encode({**document, "statement": with_id({**SAID, "figure": {"wtw_kgco2e": "2"}})})
    for data, log, issuer in (
        (_signed(), ISSUER.key, ISSUER.key),
        (_signed(), LOG.key, LOG.key),
        (_signed(issuer=LOG), LOG.key, ISSUER.key),
        (moved, LOG.key, ISSUER.key),
    ):
        with pytest.raises(EvidenceError, match=r"evidence\.statement"):
            _require(data, log, issuer)


def test_what_was_signed_without_its_digest_in_the_log_is_refused() -> None:
    tree = HashTree([leaf_hash(b"first")])
    proof = LogProof(checkpoint=sign_checkpoint(1, tree.root(), LOG), index=0, hashes=())
    with pytest.raises(EvidenceError, match=r"root"):
        _require(sign_statement(SAID, proof, ISSUER))


def test_a_status_holds_for_its_statement_only() -> None:
    status = sign_status("st-0123456789abcdef", "2026-03-05T16:40:00+08:00", ISSUER)
    require_status(status, "st-0123456789abcdef", issuers=[ISSUER.key], about="x")
    for data, name in (
        (status, "st-fedcba9876543210"),
        (status.replace(b"in_force", b"in_farce"), "st-0123456789abcdef"),
        (status.replace(b"2026", b"2027"), "st-0123456789abcdef"),
        (b"[]", "st-0123456789abcdef"),
    ):
        with pytest.raises(EvidenceError, match=r"evidence\.statement"):
            require_status(data, name, issuers=[ISSUER.key], about="x")
