"""What a forger signs, proves and lists: notes, checkpoints, proofs of a small log, signed documents, manifests."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from h2verify import canonical, merkle, note
from zips import Members

from h2corridor.evidence import LogSigner

Document = dict[str, Any]
STATEMENT, SIGNED, STATUS = "h2corridor/statement/1", "h2corridor/signed-statement/1", "h2corridor/status/1"


def with_manifest(
    members: Members, statement_id: str, depth: str, change: Callable[[Document], Document] = lambda manifest: manifest
) -> Members:
    """These members and the manifest that names them."""
    listed = {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in members.items()}
    manifest = {"depth": depth, "format": "h2corridor/bundle/1", "members": listed, "statement_id": statement_id}
    return {**members, "manifest.json": canonical.encode(change(manifest))}


def repair_manifest(members: Members) -> Members:
    """Members that an outsider changed, with the digests of their manifest made to fit."""
    manifest = json.loads(members["manifest.json"])
    others = {name: data for name, data in members.items() if name != "manifest.json"}
    return with_manifest(others, manifest["statement_id"], manifest["depth"])


def sign_document(label: str, said: Document, signer: LogSigner) -> Document:
    """A signature object over a label and the canonical JSON of what is said."""
    value = signer.sign(label.encode() + b"\n" + canonical.encode(said))
    return {"key": reference(signer), "value": base64.b64encode(value).decode()}


def sign_statement(statement: Document, proof: Document, signer: LogSigner) -> Document:
    """The signed statement."""
    said = {"log_proof": proof, "statement": statement}
    return {"format": SIGNED, **said, "signature": sign_document(SIGNED, said, signer)}


def sign_note(text: str, *signers: LogSigner) -> bytes:
    """A signed note."""
    lines = [
        note.NoteSignature(name=each.key.name, key_id=each.key.key_id, signature=each.sign(text.encode()))
        for each in signers
    ]
    return note.format_note(text, lines)


def reference(signer: LogSigner) -> str:
    """`<name>+<key id>`."""
    return f"{signer.key.name}+{signer.key.key_id.hex()}"


def log_tree(entries: Iterable[bytes]) -> merkle.HashTree:
    """The tree of a log with these entries."""
    return merkle.HashTree(merkle.leaf_hash(entry) for entry in entries)


def checkpoint_note(tree: merkle.HashTree, signer: LogSigner, *, origin: str = "", root: bytes = b"") -> str:
    """The signed checkpoint of a tree; origin and root are its own unless others are given."""
    said = note.Checkpoint(origin=origin or signer.key.name, size=tree.size, root=root or tree.root())
    return sign_note(note.format_checkpoint(said), signer).decode()


def prove(entries: list[bytes], index: int, signer: LogSigner) -> Document:
    """The place of an entry in the log of these."""
    tree = log_tree(entries)
    path = hexes(merkle.inclusion_proof(tree.hash_at, index, tree.size))
    return {"checkpoint": checkpoint_note(tree, signer), "hashes": path, "index": index}


def hexes(hashes: Iterable[bytes]) -> list[str]:
    """Hashes as documents have them."""
    return [each.hex() for each in hashes]
