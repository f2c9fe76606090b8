"""The policies under which bundles are read, by name: what a reader may hold in hand."""

from collections.abc import Callable

from h2verify import note
from made_bundles import KEYS, Good, make_signer

from h2corridor.evidence import LogSigner

WITNESSES = {
    name: make_signer(f"witness.example/{name}", number) for number, name in enumerate(("north", "south", "east"), 11)
}
_LOG, _SIGNER = f"log {KEYS.log.vkey}\n", f"signer {KEYS.issuer.vkey}\n"


def witness_vkey(signer: LogSigner) -> str:
    """A witness's key: the same public key under the type of cosignatures."""
    return note.format_verifier_key(signer.key.name, note.COSIGNATURE_ED25519, signer.key.public_key)


def cosign(checkpoint: str, name: str, time_s: int = 1_772_700_100) -> str:
    """A checkpoint with a witness's cosignature more."""
    found, signer = note.parse_note(checkpoint.encode()), WITNESSES[name]
    key_id = note.key_id(signer.key.name, note.COSIGNATURE_ED25519, signer.key.public_key)
    signature = time_s.to_bytes(8, "big") + signer.sign(f"cosignature/v1\ntime {time_s}\n{found.text}".encode())
    line = note.NoteSignature(name=signer.key.name, key_id=key_id, signature=signature)
    return note.format_note(found.text, [*found.signatures, line]).decode()


def _witnessed(quorum: str) -> str:
    lines = [f"witness {name} {witness_vkey(signer)}\n" for name, signer in WITNESSES.items()]
    return _LOG + "".join(lines) + f"group two 2 {' '.join(WITNESSES)}\nquorum {quorum}\n" + _SIGNER


def _text(text: str) -> Callable[[Good], bytes | None]:
    return lambda good: text.encode("latin-1")


POLICIES: dict[str, Callable[[Good], bytes | None]] = {
    "none": lambda good: None,
    "good": lambda good: good.policy,
    "pinned-editions": lambda good: good.pinned_policy,
    "witnessed": _text(_witnessed("two")),
    "other-signer": _text(f"{_LOG}quorum none\nsigner {KEYS.stranger.vkey}\n"),
    "other-log": _text(f"log {KEYS.stranger.vkey}\nquorum none\n{_SIGNER}"),
    "without-signers": _text(f"{_LOG}quorum none\n"),
    "without-log": _text(f"quorum none\n{_SIGNER}"),
    "without-quorum": _text(_LOG + _SIGNER),
    "empty": _text(""),
    "unknown-keyword": _text(f"{_LOG}quorum none\n{_SIGNER}trust everybody\n"),
    "two-quorums": _text(f"{_LOG}quorum none\nquorum none\n{_SIGNER}"),
    "damaged-key": _text(f"{_LOG}quorum none\nsigner {KEYS.issuer.vkey[:-2]}\n"),
    "unknown-witness": _text(f"{_LOG}group two 2 north south\nquorum two\n{_SIGNER}"),
    "group-of-itself": _text(f"{_LOG}group a any a\nquorum a\n{_SIGNER}"),
    "too-high-threshold": _text(_witnessed("two").replace("group two 2", "group two 4")),
    "binary": _text("\x00\x01\x02" * 100),
    "damaged-edition": _text(f"{_LOG}quorum none\n{_SIGNER}edition iso14083/2023.1 {'0' * 63}\n"),
    "issuer-as-log": _text(f"log {KEYS.issuer.vkey}\nquorum none\nsigner {KEYS.log.vkey}\n"),
}
