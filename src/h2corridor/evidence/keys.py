"""The keys that sign log, statements and suppliers' notes, in the text form of signed notes."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from h2verify import note
from h2verify.errors import ProofError

from h2corridor.model.errors import InputError

SEED_BYTES = 32
_HEADER = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSigner:
    """Who signs: the public key and the act of signing. Of a log the key's name is the origin; the issuer's is
    `issuer_name` of it, unless the operator chose another."""

    key: note.VerifierKey
    sign: Callable[[bytes], bytes]

    @property
    def vkey(self) -> str:
        """The public key in text form, as it stands in a policy."""
        return note.format_verifier_key(self.key.name, self.key.key_type, self.key.public_key)


def default_origin(seed: bytes) -> str:
    """A log name for a key whose owner gave none: it follows from the key, so that no two logs share one."""
    public_key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return f"h2corridor.example/{public_key[:4].hex()}"


def issuer_name(origin: str) -> str:
    """The name of a new issuer's key beside the log of this origin."""
    return f"{origin}/issuer"


def key_reference(key: note.VerifierKey) -> str:
    """`<name>+<key id>`, as documents name the key that signed them."""
    return f"{key.name}+{key.key_id.hex()}"


def format_private_key(name: str, seed: bytes) -> str:
    """`PRIVATE+KEY+<name>+<key id>+<base64 of type and seed>`, the text form that note signers read."""
    note.require_key_name(name)
    public_key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    encoded = base64.b64encode(bytes([note.ED25519]) + seed).decode()
    return f"{_HEADER}{name}+{note.key_id(name, note.ED25519, public_key).hex()}+{encoded}"


def parse_private_key(text: str, *, about: str) -> LogSigner:
    """The signer behind a private key in text form.

    Raises
    ------
    InputError
        `keys.form` when the text is no Ed25519 note key; the message never shows any of it.
    """
    next_step = f"Expected one line {_HEADER}<name>+<key id>+<base64>, or no file so that a key is made."
    parts = text.strip().removeprefix(_HEADER).split("+", 2)
    if not text.startswith(_HEADER) or len(parts) != 3:
        raise InputError("keys.form", "not the private key of a note signer", about=about, next_step=next_step)
    name, id_hex, encoded = parts
    try:
        data = base64.b64decode(encoded, validate=True)
        note.require_key_name(name)
    except (binascii.Error, ValueError, ProofError) as error:
        raise InputError("keys.form", "its name or base64 is damaged", about=about, next_step=next_step) from error
    if len(data) != 1 + SEED_BYTES or data[0] != note.ED25519:
        raise InputError("keys.form", "not an Ed25519 key (type 01)", about=about, next_step=next_step)
    private_key = Ed25519PrivateKey.from_private_bytes(data[1:])
    public_key = private_key.public_key().public_bytes_raw()
    key_id = note.key_id(name, note.ED25519, public_key)
    if key_id.hex() != id_hex:
        raise InputError("keys.form", "the key id does not belong to the key", about=about, next_step=next_step)
    key = note.VerifierKey(name=name, key_id=key_id, key_type=note.ED25519, public_key=public_key)
    return LogSigner(key=key, sign=private_key.sign)
