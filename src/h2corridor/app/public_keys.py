"""The public keys of a workspace with their fingerprints: what its operator reads out to whoever holds a bundle."""

from collections import Counter
from pathlib import Path
from typing import Literal

import msgspec
from h2verify.bundle.statement import key_fingerprint, key_reference
from h2verify.errors import ProofError
from h2verify.note import VerifierKey, format_verifier_key

from h2corridor.app.export import list_issuers
from h2corridor.model.errors import WorkspaceError
from h2corridor.store.files import Workspace
from h2corridor.store.files.policy import read_own_keys


class PublicKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is told to a stranger; `statements` counts those that stand here under it, None for the log's."""

    role: Literal["log", "issuer"]
    key: str
    fingerprint: str
    vkey: str
    statements: int | None


def list_public_keys(workspace: Path) -> tuple[PublicKey, ...]:
    """The log's key and those of issuers, as the workspace's `policy.txt` names them.

    Raises
    ------
    WorkspaceError
        The folder is no workspace; `workspace.policy`: it has no `policy.txt` yet, or one that names no log.
    EvidenceError
        `evidence.statement`: a kept statement is damaged.
    """
    opened = Workspace.open(workspace)
    path = opened.path / "policy.txt"
    if not path.is_file():
        next_step = "Run `h2corridor trial run DATASET --workspace DIR` first."
        raise WorkspaceError("workspace.policy", "is not there yet.", about=str(path), next_step=next_step)
    try:
        log, issuers = read_own_keys(opened.read_policy())
    except ProofError as error:
        next_step = "Correct what the message names; or move the file away, and the next run writes a new one."
        raise WorkspaceError("workspace.policy", str(error), about=str(path), next_step=next_step) from error
    signed = Counter(list_issuers(workspace))
    return (
        _public_key("log", log, None),
        *(_public_key("issuer", each, signed[key_reference(each)]) for each in issuers),
    )


def _public_key(role: Literal["log", "issuer"], key: VerifierKey, statements: int | None) -> PublicKey:
    return PublicKey(
        role=role,
        key=key_reference(key),
        fingerprint=key_fingerprint(key),
        vkey=format_verifier_key(key.name, key.key_type, key.public_key),
        statements=statements,
    )
