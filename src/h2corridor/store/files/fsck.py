"""The check of a whole workspace: everything is rebuilt from the received bytes and compared.

Received bytes against their digests, manifests against the trees rebuilt over the records, statements against what they
bind and their signatures, activity against its hashes, leaves against all of these, every tile and bundle against the
leaves, the checkpoint against its signature and the tiles. A fault names its file.
"""

import re
from hashlib import sha256
from pathlib import Path

import msgspec
from h2verify import note
from h2verify.errors import ProofError
from h2verify.merkle import leaf_hash

from h2corridor.evidence import FileManifest, commit_to_file, decode_manifest
from h2corridor.model.errors import CorridorError
from h2corridor.store.files.durable import PART_SUFFIX
from h2corridor.store.files.fsck_log import check_log
from h2corridor.store.files.fsck_statements import StatementCheck
from h2corridor.store.files.fsck_trial import check_trial
from h2corridor.store.files.policy import read_own_keys
from h2corridor.store.files.received import ReceivedFiles, read_chunks

_CONTENT = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})")
_MANIFEST = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})\.[0-9a-f]{32}\.json")


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in a workspace that does not hold; `path` is relative to the workspace."""

    code: str
    path: str
    fault: str
    next_step: str


_NEXT_STEPS = {
    "fsck.half-written": "Open the workspace with a run: what a killed run left is removed.",
    "fsck.unrecorded": "Run the trial again, which records the file, or remove it.",
    "fsck.not-logged": "Run the trial again: it appends the file to the log.",
    "fsck.unfinished": "Run the trial again: it completes or removes what an interrupted run has left.",
    "fsck.torn": "Compare it with a copy of the disk, let the trucks send these minutes again, then move it away.",
    "fsck.stray": "Move the file elsewhere; nothing here refers to it.",
    "fsck.policy": "Run the trial again: it writes the keys from keys/log.vkey and keys/issuer.vkey.",
}
_RESTORE = "Restore this file from a copy of the workspace."


def check_workspace(folder: Path, vkey: str | None) -> list[Fault]:
    """Everything that does not hold in a workspace, ordered by path; empty when all of it does."""
    faults: list[tuple[str, str, str]] = []
    log, issuers = _find_keys(folder, vkey, faults)
    manifests = _check_received(folder / "received", faults)
    statements = StatementCheck(
        folder, log=log, issuers=issuers, received=[(each.path, each.sha256) for each in manifests.values()]
    )
    statements.run()
    leaves = {leaf_hash(manifest.leaf_entry()): path for path, manifest in manifests.items()} | statements.leaves
    faults += statements.faults
    leaves |= check_trial(folder, faults)
    for path in (folder / "gateway").glob("*.torn"):
        faults.append((f"gateway/{path.name}", "fsck.torn", "bytes behind damage; frames in it may be acknowledged"))
    faults += check_log(folder / "log", log, leaves, waiting=statements.drafts)
    return [
        Fault(code=code, path=path, fault=fault, next_step=_NEXT_STEPS.get(code, _RESTORE))
        for path, code, fault in sorted(set(faults))
    ]


def _find_keys(
    folder: Path, vkey: str | None, faults: list[tuple[str, str, str]]
) -> tuple[note.VerifierKey | None, tuple[note.VerifierKey, ...]]:
    """The log's key, the one given or else that of the workspace's own policy (which shows damage, not who signed), and
    those of issuers, which the policy names."""
    policy = folder / "policy.txt"
    given = None if vkey is None else note.parse_verifier_key(vkey)
    if not policy.exists() and not (folder / "log" / "checkpoint").exists():
        return given, ()
    try:
        log, issuers = read_own_keys(policy.read_bytes())
    except (OSError, ProofError) as error:
        faults.append(("policy.txt", "fsck.policy", f"no keys to check log and statements with: {error}"))
        return given, ()
    if not issuers and any((folder / "statements").glob("st-*")):
        faults.append(("policy.txt", "fsck.policy", "names no key that statements are signed with"))
    return given or log, issuers


def _check_received(folder: Path, faults: list[tuple[str, str, str]]) -> dict[str, FileManifest]:
    """The manifests that hold, by their path in the workspace."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    contents = {match[2]: name for name in names if (match := _CONTENT.fullmatch(name))}
    sound = {digest for digest, name in contents.items() if _check_content(folder, name, digest, faults)}
    manifests = {}
    recorded = set()
    for name in names:
        if match := _MANIFEST.fullmatch(name):
            recorded.add(match[2])
            manifest = _check_manifest(folder, name, match[2], sound, faults)
            if manifest is not None:
                manifests[f"received/{name}"] = manifest
        elif name.endswith(PART_SUFFIX):
            faults.append((f"received/{name}", "fsck.half-written", "a file that was never finished"))
        elif not _CONTENT.fullmatch(name):
            faults.append((f"received/{name}", "fsck.stray", "neither received bytes nor a manifest"))
    for digest in contents.keys() - recorded:
        faults.append((f"received/{contents[digest]}", "fsck.unrecorded", "received bytes without a manifest"))
    return manifests


def _check_content(folder: Path, name: str, digest: str, faults: list[tuple[str, str, str]]) -> bool:
    computed = sha256()
    try:
        with (folder / name).open("rb") as file:
            for chunk in read_chunks(file):
                computed.update(chunk)
    except OSError as error:
        faults.append((f"received/{name}", "fsck.unreadable", f"cannot be read: {error.strerror}"))
        return False
    if computed.hexdigest() != digest:
        fault = f"the received bytes were changed: expected SHA-256 {digest}, got {computed.hexdigest()}"
        faults.append((f"received/{name}", "fsck.content", fault))
        return False
    return True


def _check_manifest(
    folder: Path, name: str, digest: str, sound: set[str], faults: list[tuple[str, str, str]]
) -> FileManifest | None:
    path = f"received/{name}"
    files = ReceivedFiles(folder)
    try:
        manifest = decode_manifest((folder / name).read_bytes(), about=path)
    except OSError as error:
        faults.append((path, "fsck.unreadable", f"cannot be read: {error.strerror}"))
        return None
    except CorridorError as error:
        faults.append((path, "fsck.manifest", error.fault))
        return None
    if files.manifest_path(manifest.path, manifest.sha256) != folder / name:
        faults.append((path, "fsck.manifest", f"does not belong to its name: it speaks of {manifest.path}"))
        return None
    if digest not in sound:
        if not files.content_path(digest).exists():
            faults.append((path, "fsck.missing", f"the received bytes {digest} of {manifest.path} are missing"))
        return manifest
    with files.open_content(digest) as file:
        rebuilt = commit_to_file(
            read_chunks(file),
            path=manifest.path,
            size=files.content_path(digest).stat().st_size,
            sha256=digest,
            file_salt=bytes.fromhex(manifest.file_salt),
            received_at_ms=manifest.received_at_ms,
        )
    if rebuilt != manifest:
        fault = f"the tree over the records of {manifest.path} gives root {rebuilt.root}, the manifest says otherwise"
        faults.append((path, "fsck.manifest", fault))
        return None
    return manifest
