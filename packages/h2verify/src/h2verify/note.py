"""Signed notes, verifier keys and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

A note is a text, an empty line and signature lines `— <name> <base64 of key id and signature>`. Signatures of unknown
keys are ignored; a known key whose signature fails rejects the whole note. Base64 is read strictly: one byte string has
one form, so no byte of a note can change unseen.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from h2verify.ed25519 import verify_signature
from h2verify.errors import ProofError
from h2verify.merkle import HASH_BYTES

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
MAX_TREE_SIZE = 2**63 - 1

ED25519 = 0x01
COSIGNATURE_ED25519 = 0x04
COSIGNATURE_ML_DSA_44 = 0x06
_PUBLIC_KEY_BYTES = {ED25519: 32, COSIGNATURE_ED25519: 32, COSIGNATURE_ML_DSA_44: 1312}
_PREFIX = "— "


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One signature line; `signature` is without the key id."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A parsed note; `text` ends with a line feed and is what was signed."""

    text: str
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key as it stands in a policy: `<name>+<key id>+<base64 of type and key>`."""

    name: str
    key_id: bytes
    key_type: int
    public_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The size and root a log stands by."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def key_id(name: str, key_type: int, public_key: bytes) -> bytes:
    """The first four bytes of SHA-256 over name, line feed, type and key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([key_type]) + public_key).digest()[:4]


def format_verifier_key(name: str, key_type: int, public_key: bytes) -> str:
    """The text form of a public key."""
    require_key_name(name)
    encoded = base64.b64encode(bytes([key_type]) + public_key).decode()
    return f"{name}+{key_id(name, key_type, public_key).hex()}+{encoded}"


def parse_verifier_key(text: str) -> VerifierKey:
    """A public key from its text form; the key id is recomputed, never trusted."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise ProofError("vkey.form", "expected <name>+<key id>+<base64>")
    name, id_hex, encoded = parts
    require_key_name(name)
    data = _decode_base64(encoded)
    if not data or len(data) != 1 + _PUBLIC_KEY_BYTES.get(data[0], len(data) - 1):
        raise ProofError("vkey.form", f"{name}: the key has the wrong length for its type")
    expected = key_id(name, data[0], data[1:])
    if id_hex != expected.hex():
        raise ProofError("vkey.key-id", f"{name}: expected key id {expected.hex()}, got {id_hex[:20]}")
    return VerifierKey(name=name, key_id=expected, key_type=data[0], public_key=data[1:])


def require_key_name(name: str) -> None:
    """Raise `ProofError` unless the name can stand in a note: not empty, no plus sign, no white space."""
    if not name or "+" in name or any(char.isspace() or ord(char) < 0x20 for char in name):
        raise ProofError("vkey.name", f"{name[:60]!r} cannot be a key name (no plus sign, no white space)")


def parse_note(data: bytes) -> Note:
    """The text and signatures of a note, without verifying any.

    Raises
    ------
    ProofError
        `note.form` when the bytes are not a note of at most 1,000,000 bytes with 1 to 100 well-formed signature lines.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise ProofError("note.form", f"expected at most {MAX_NOTE_BYTES} bytes, got {len(data)}")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProofError("note.form", "a note is UTF-8") from error
    if any(char < " " and char != "\n" for char in whole):
        raise ProofError("note.form", "a note holds no control characters but line feeds")
    text, separator, tail = whole.rpartition("\n\n")
    if not separator or not text or not tail.endswith("\n"):
        raise ProofError("note.form", "expected a text, an empty line and signature lines")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise ProofError("note.form", f"expected at most {MAX_SIGNATURES} signatures, got {len(lines)}")
    return Note(text=text + "\n", signatures=tuple(_parse_signature(line) for line in lines))


def format_note(text: str, signatures: Sequence[NoteSignature]) -> bytes:
    """The bytes of a note."""
    lines = [f"{_PREFIX}{line.name} {base64.b64encode(line.key_id + line.signature).decode()}\n" for line in signatures]
    return (text + "\n" + "".join(lines)).encode()


def signature_status(note: Note, key: VerifierKey) -> Literal["valid", "invalid", "unknown-key"]:
    """Whether the key's signatures on the note hold; `unknown-key` when it made none. Each is verified once."""
    own = {line.signature for line in note.signatures if line.name == key.name and line.key_id == key.key_id}
    if not own:
        return "unknown-key"
    return "valid" if all(_holds(note.text, signature, key) for signature in own) else "invalid"


def verify_note(note: Note, keys: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
    """The keys that signed the note.

    Raises
    ------
    ProofError
        `note.signature` when a known key's signature fails, `note.unknown-keys` when none of the keys signed,
        `note.algorithm` for a key of a type that is not verified here (ML-DSA-44).
    """
    statuses = [(key, signature_status(note, key)) for key in keys]
    for key, status in statuses:
        if status == "invalid":
            raise ProofError("note.signature", f"the signature of {key.name}+{key.key_id.hex()} does not hold")
    signers = tuple(key for key, status in statuses if status == "valid")
    if not signers:
        names = ", ".join(f"{key.name}+{key.key_id.hex()}" for key in keys)
        raise ProofError("note.unknown-keys", f"no signature by any of: {names}")
    return signers


def cosignature_time_s(line: NoteSignature) -> int:
    """When a witness says it signed, in seconds since 1970-01-01 UTC; trust it only after verification. [s]"""
    if len(line.signature) < 8:
        raise ProofError("note.form", f"{line.name}: a cosignature begins with eight bytes of time")
    return int.from_bytes(line.signature[:8], "big")


def parse_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from the text of its note: origin, size, root, then optional extension lines."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise ProofError("checkpoint.form", "expected origin, tree size and root, one a line")
    origin, size_text, root_text, *extensions = lines
    if not (size_text.isascii() and size_text.isdigit()) or (size_text[0] == "0" and size_text != "0"):
        raise ProofError("checkpoint.form", f"{size_text[:40]!r} is not a tree size")
    if len(size_text) > 19 or int(size_text) > MAX_TREE_SIZE:
        raise ProofError("checkpoint.form", "the tree size is beyond 2^63 - 1")
    root = _decode_base64(root_text)
    if len(root) != HASH_BYTES:
        raise ProofError("checkpoint.form", f"expected a root of {HASH_BYTES} bytes, got {len(root)}")
    return Checkpoint(origin=origin, size=int(size_text), root=root, extensions=tuple(extensions))


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """The text of a checkpoint's note."""
    root = base64.b64encode(checkpoint.root).decode()
    return "".join(f"{line}\n" for line in (checkpoint.origin, checkpoint.size, root, *checkpoint.extensions))


def verify_checkpoint(data: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint in a note, verified with the log's key, whose name is the origin."""
    note = parse_note(data)
    verify_note(note, [key])
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != key.name:
        raise ProofError("checkpoint.origin", f"expected origin {key.name}, got {checkpoint.origin[:100]}")
    return checkpoint


def _parse_signature(line: str) -> NoteSignature:
    if not line.startswith(_PREFIX):
        raise ProofError("note.form", f"a signature line begins with an em dash and a space, got {line[:40]!r}")
    name, separator, encoded = line.removeprefix(_PREFIX).partition(" ")
    if not separator:
        raise ProofError("note.form", "a signature line is em dash, name, base64")
    require_key_name(name)
    data = _decode_base64(encoded)
    if len(data) < 5:
        raise ProofError("note.form", f"{name}: a signature has more than the four bytes of the key id")
    return NoteSignature(name=name, key_id=data[:4], signature=data[4:])


def _holds(text: str, signature: bytes, key: VerifierKey) -> bool:
    if key.key_type == ED25519:
        message = text.encode()
    elif key.key_type == COSIGNATURE_ED25519:
        if len(signature) != 72:
            return False
        time_s = int.from_bytes(signature[:8], "big")
        message, signature = f"cosignature/v1\ntime {time_s}\n{text}".encode(), signature[8:]
    else:
        raise ProofError("note.algorithm", f"{key.name}: keys of type {key.key_type:#04x} are not verified here")
    try:
        verify_signature(key.public_key, message, signature)
    except ProofError:
        return False
    return True


def _decode_base64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProofError("note.base64", f"{text[:60]!r} is not base64") from error
    if base64.b64encode(data).decode() != text:
        raise ProofError("note.base64", f"{text[:60]!r} is not the one base64 form of its bytes")
    return data
