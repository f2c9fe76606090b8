"""What activity rests on is in the same log as the statement, which only grew."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from h2verify import canonical, merkle, note
from h2verify.bundle.log_proof import LogHead, verify_proofs
from h2verify.bundle.statement import Identity, SignedStatement, Standing
from h2verify.errors import BundleError
from h2verify.policy import parse_policy
from made_bundle import ISSUING, LOG, Signer

TREE = {"groups": 2, "root": "ab" * 32, "type": "h2corridor/activity/1"}
FILE = {"records": 3, "root": "cd" * 32, "type": "h2corridor/received-file/1"}
ENTRIES = [canonical.encode(each) for each in (FILE, TREE)] + [b"statement", b"later"]
IDENTITY = Identity(log=LOG.key, issuer=ISSUING.key, suppliers=())
SIGNED = SignedStatement(
    statement={"activity": {"groups": 2, "root": "ab" * 32}},
    log_proof={"index": 2},
    identity=IDENTITY,
    standing=Standing(status="in_force", as_of="", by=None),
)


def _tree(size: int) -> merkle.HashTree:
    return merkle.HashTree([merkle.leaf_hash(entry) for entry in ENTRIES[:size]])


def _text(size: int, origin: str = LOG.key.name) -> str:
    return note.format_checkpoint(note.Checkpoint(origin=origin, size=size, root=_tree(size).root()))


def _head(size: int) -> LogHead:
    text = _text(size)
    signed = note.Note(text=text, signatures=(LOG.sign_note(text),))
    return LogHead(checkpoint=note.parse_checkpoint(text), signed=signed)


def _proofs(size: int = 4, earlier: int = 3) -> dict[str, Any]:
    tree = _tree(size)
    consistency = merkle.consistency_proof(tree.hash_at, earlier, size) if earlier < size else ()
    entries = [
        {
            "entry": dict(entry),
            "hashes": [each.hex() for each in merkle.inclusion_proof(tree.hash_at, index, size)],
            "index": index,
        }
        for index, entry in enumerate((FILE, TREE))
    ]
    text = _text(size)
    return {
        "checkpoint": note.format_note(text, [LOG.sign_note(text)]).decode(),
        "consistency": [each.hex() for each in consistency],
        "entries": entries,
        "format": "h2corridor/log-proofs/1",
    }


def _code(document: Any, head: LogHead | None = None, policy: bytes | None = None) -> str:
    with pytest.raises(BundleError) as refused:
        verify_proofs(
            canonical.encode(document), SIGNED, head or _head(3), None if policy is None else parse_policy(policy)
        )
    return refused.value.code


@pytest.mark.parametrize(("size", "earlier"), [(4, 3), (3, 3), (4, 4)])
def test_entries_in_the_same_or_a_later_checkpoint_are_proved(size: int, earlier: int) -> None:
    proved, log_size = verify_proofs(canonical.encode(_proofs(size, earlier)), SIGNED, _head(earlier), None)

    assert ({entry: place for place, entry in enumerate(ENTRIES[:2])}, size) == (proved, log_size)


def test_an_activity_tree_that_came_after_the_statement_is_refused() -> None:
    early = replace(SIGNED, log_proof={"index": 1})
    with pytest.raises(BundleError, match=r"activity\.late"):
        verify_proofs(canonical.encode(_proofs()), early, _head(3), None)


def _checkpoint(text: str, signer: Signer) -> Callable[[Any], None]:
    signed = note.format_note(text, [signer.sign_note(text)]).decode()
    return lambda document: document.update(checkpoint=signed)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda document: document.update(more=1), "proofs.form"),
        (lambda document: document["entries"][0].update(index=-1), "proofs.form"),
        (lambda document: document["entries"][0].update(entry={"type": "else"}), "proofs.form"),
        (lambda document: document["entries"][0]["entry"].update(more=1), "proofs.form"),
        (lambda document: document.update(checkpoint="x"), "log.checkpoint"),
        (_checkpoint(_text(4), Signer("forger")), "log.checkpoint"),
        (_checkpoint(_text(4, "another"), LOG), "log.origin"),
        (lambda document: document.update(consistency=[]), "log.consistency"),
        (_checkpoint(_text(2), LOG), "log.consistency"),
        (lambda document: document["entries"][0].update(index=1), "log.inclusion"),
        (lambda document: document["entries"][0]["entry"].update(records=4), "log.inclusion"),
        (lambda document: document["entries"].pop(1), "activity.tree"),
    ],
)
def test_proofs_with_a_fault_are_refused(change: Callable[[Any], object], code: str) -> None:
    document = _proofs()
    change(document)

    assert code == _code(document)


def test_a_checkpoint_of_a_rewritten_log_is_refused() -> None:
    rewritten = note.Checkpoint(origin=LOG.key.name, size=3, root=bytes(32))
    head = LogHead(checkpoint=rewritten, signed=note.Note(text="", signatures=()))

    assert "log.consistency" == _code(_proofs(), head)


def test_under_a_policy_the_later_checkpoint_reaches_the_quorum_too() -> None:
    witness = Signer("w", note.COSIGNATURE_ED25519)
    policy = f"log {LOG.vkey}\nsigner {ISSUING.vkey}\nwitness w {witness.vkey}\nquorum w\n".encode()

    assert "policy.quorum" == _code(_proofs(), policy=policy)
