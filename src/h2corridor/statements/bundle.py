"""The members of a bundle, for each of its three depths."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from h2verify import canonical
from h2verify.wording import README

from h2corridor.model.signatures import SupplierSignature
from h2corridor.statements.statement import LogProof, Statement

Depth = Literal["figure", "activity", "raw"]
DEPTHS: tuple[Depth, ...] = ("figure", "activity", "raw")

BUNDLE_FORMAT = "h2corridor/bundle/1"
IDENTITY_FORMAT = "h2corridor/identity/1"
PROOFS_FORMAT = "h2corridor/log-proofs/1"

Members = dict[str, bytes]


def with_manifest(members: Mapping[str, bytes], *, statement_id: str, depth: Depth) -> Members:
    """The members of a whole bundle: those given, a page for people, and the manifest that names them all."""
    named = {**members, "README.txt": README}
    listed = {
        name: {"sha256": hashlib.sha256(named[name]).hexdigest(), "size": len(named[name])} for name in sorted(named)
    }
    said: Statement = {"depth": depth, "format": BUNDLE_FORMAT, "members": listed, "statement_id": statement_id}
    return {**named, "manifest.json": canonical.encode(said)}


def edition_members(folder: str, label: str, files: Mapping[str, bytes]) -> Members:
    """A whole edition as members.

    Parameters
    ----------
    folder
        `rulesets` or `comparisons`.
    label
        `<id>/<edition>`.
    """
    return {f"{folder}/{label}/{path}": data for path, data in files.items()}


def note_members(signatures: Iterable[SupplierSignature]) -> Members:
    """What suppliers signed, each note once however many signed it, in order of their digests."""
    notes = {signature.digest: signature.note for signature in signatures}
    return {f"signatures/{number}.note": notes[digest] for number, digest in enumerate(sorted(notes), start=1)}


def identity_document(keys: Sequence[Mapping[str, Any]]) -> bytes:
    """The member `identity.json`: whose each key is, as the operator says."""
    return canonical.encode({"format": IDENTITY_FORMAT, "keys": [dict(each) for each in keys]})


def proofs_document(checkpoint: bytes, consistency: Sequence[bytes], proofs: Sequence[tuple[bytes, LogProof]]) -> bytes:
    """The member `proofs.json`: entries of the log, each proved in one checkpoint.

    Parameters
    ----------
    consistency
        That the statement's tree is a prefix of the checkpoint's; empty when it is the same.
    proofs
        Entries as they stand in the log, each with its proof in this checkpoint.
    """
    entries: list[Any] = [
        {
            "entry": canonical.parse(entry),
            "hashes": [each.hex() for each in proof.hashes],
            "index": proof.index,
        }
        for entry, proof in proofs
    ]
    return canonical.encode(
        {
            "checkpoint": checkpoint.decode(),
            "consistency": [each.hex() for each in consistency],
            "entries": entries,
            "format": PROOFS_FORMAT,
        }
    )
