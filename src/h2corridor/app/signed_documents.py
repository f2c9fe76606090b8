"""Signed documents in files: a note whose text is the name of the format and one line of canonical JSON.

A folder of notes needs no server: a file's name and place say nothing, its bytes everything. `keys.txt`, one line
`<party> <verifier key>` each as `h2corridor sign key` prints it, says whose keys count.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from h2verify.bundle.statement import key_fingerprint
from h2verify.errors import ProofError
from h2verify.note import (
    ED25519,
    MAX_NOTE_BYTES,
    Note,
    VerifierKey,
    parse_note,
    parse_verifier_key,
    signature_status,
)

from h2corridor.evidence import LogSigner
from h2corridor.evidence.supplier_notes import add_signature
from h2corridor.model.errors import EvidenceError, InputError
from h2corridor.model.rule_profile import document_digest, encode_document
from h2corridor.store.files import storage_errors, write_file

KEYS_FILE = "keys.txt"
NOTE_SUFFIX = ".note"
_KEYS_MAX = 10_000
_FILES_MAX = 100_000
_PREFIX = "h2corridor/"


class ListedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that counts: whose it is, and the whole fingerprint that people compare by another way."""

    party: str
    key: VerifierKey

    @property
    def fingerprint(self) -> str:
        """The digest whose beginning is the key id."""
        return key_fingerprint(self.key)


def read_keys(path: Path) -> tuple[ListedKey, ...]:
    """The keys of a list, in order of party and fingerprint.

    Raises
    ------
    InputError
        `signed.keys`: the list cannot be read, or a line of it is not a party and the key that bears its name.
    """
    found: dict[VerifierKey, ListedKey] = {}
    lines = read_limited(path).decode("utf-8", "replace").splitlines()
    for number, line in enumerate(lines[: _KEYS_MAX + 1], start=1):
        if not line.strip() or line.startswith("#"):
            continue
        listed = _read_key(line, path, number)
        found[listed.key] = listed
    if len(lines) > _KEYS_MAX or not found:
        fault = f"expected 1 to {_KEYS_MAX} lines with keys, came {len(found)} keys in {len(lines)} lines."
        raise _bad_keys(fault, path)
    return tuple(sorted(found.values(), key=lambda each: (each.party, each.fingerprint)))


def list_notes(folder: Path) -> tuple[Path, ...]:
    """Every note of a folder, sub-folders included; anything else in it is left alone.

    Raises
    ------
    InputError
        `signed.folder`: there is no such folder, or it holds too many files.
    """
    if not folder.is_dir():
        next_step = "Name the folder of the dialogue; `h2corridor profile new` makes one."
        raise InputError("signed.folder", "there is no such folder.", about=str(folder), next_step=next_step)
    with storage_errors(folder):
        found = sorted(path for path in folder.rglob(f"*{NOTE_SUFFIX}") if path.is_file())
    if len(found) > _FILES_MAX:
        fault = f"{len(found)} notes are more than a dialogue may have ({_FILES_MAX})."
        raise InputError("signed.folder", fault, about=str(folder), next_step="Keep one dialogue in one folder.")
    return tuple(found)


class OpenedNote(msgspec.Struct, frozen=True, kw_only=True):
    """A note whose signatures hold: its text, the JSON in it, and the fingerprints of the keys that signed."""

    text: str
    body: bytes
    signers: tuple[str, ...]


def open_note(data: bytes, keys: Sequence[ListedKey], *, about: str) -> OpenedNote:
    """A signed document before it is decoded, with the keys that signed it.

    Raises
    ------
    InputError
        `signed.note`: the bytes are no note, or its text is not a format and one line.
    EvidenceError
        `signed.signature`: a signature does not hold. `signed.unlisted-key`: it was made with a key that is not
        listed.
    """
    try:
        note = parse_note(data)
    except ProofError as error:
        raise _bad_note(error.fault, about) from error
    header, _, body = note.text.removesuffix("\n").partition("\n")
    if not header.startswith(_PREFIX) or not body or "\n" in body:
        raise _bad_note(f"expected a line {_PREFIX}FORMAT and one line of JSON", about)
    return OpenedNote(text=note.text, body=body.encode(), signers=_signers(note, keys, about))


def require_form(opened: OpenedNote, document: msgspec.Struct, *, about: str) -> None:
    """Refuse a note that names another format, or whose JSON is not canonical: its digest would not be the document's.

    Raises
    ------
    InputError
        `signed.note`.
    """
    if _text_of(document) != opened.text:
        raise _bad_note("it names another format, or its JSON is not canonical (RFC 8785) or leaves fields out", about)


def write_document(folder: Path, document: msgspec.Struct, signer: LogSigner) -> Path:
    """Sign a document and put it into a folder, under a name that tells its kind and digest."""
    text = _text_of(document)
    kind = text.removeprefix(_PREFIX).partition("/")[0]
    target = folder / f"{kind}-{document_digest(document)[:16]}{NOTE_SUFFIX}"
    with storage_errors(target):
        folder.mkdir(parents=True, exist_ok=True)
    write_file(target, add_signature(text, signer, existing=None, about=target.name))
    return target


def read_limited(path: Path) -> bytes:
    """The bytes of a small file; InputError `signed.unreadable` when it cannot be read or is larger than a note."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_NOTE_BYTES + 1)
    except OSError as error:
        fault = f"cannot be read: {error.strerror or error}."
        raise InputError("signed.unreadable", fault, about=str(path), next_step="Check the path.") from error
    if len(data) > MAX_NOTE_BYTES:
        fault = f"it has more than {MAX_NOTE_BYTES} bytes."
        raise InputError("signed.unreadable", fault, about=str(path), next_step="Name the file that was meant.")
    return data


def _text_of(document: msgspec.Struct) -> str:
    """What is signed: the format's name and the canonical JSON, a line each."""
    return f"{_PREFIX}{msgspec.to_builtins(document)['format']}\n{encode_document(document).decode()}\n"


def _read_key(line: str, path: Path, number: int) -> ListedKey:
    party, _, text = line.strip().partition(" ")
    try:
        key = parse_verifier_key(text.strip())
    except ProofError as error:
        raise _bad_keys(f"line {number}: {error.fault}.", path) from error
    if key.name != party or key.key_type != ED25519:
        raise _bad_keys(f"line {number}: expected an Ed25519 key of {party}, came one of {key.name}.", path)
    return ListedKey(party=party, key=key)


def _bad_keys(fault: str, path: Path) -> InputError:
    next_step = "Write one line `<party> <verifier key>` each, as `h2corridor sign key` prints it."
    return InputError("signed.keys", fault, about=str(path), next_step=next_step)


def _bad_note(fault: str, about: str) -> InputError:
    next_step = "Ask who sent the file for it again."
    return InputError("signed.note", f"{fault}.", about=about, next_step=next_step)


def _signers(note: Note, keys: Sequence[ListedKey], about: str) -> tuple[str, ...]:
    by_reference: Mapping[tuple[str, bytes], ListedKey] = {(each.key.name, each.key.key_id): each for each in keys}
    signers = set()
    for line in note.signatures:
        listed = by_reference.get((line.name, line.key_id))
        if listed is None:
            fault = f"it is signed with {line.name}+{line.key_id.hex()}, which is not among the listed keys."
            next_step = "Have the owner tell you the key by another way, and list it; or remove the file."
            raise EvidenceError("signed.unlisted-key", fault, about=about, next_step=next_step)
        if signature_status(note, listed.key) != "valid":
            fault = f"the signature of {line.name}+{line.key_id.hex()} does not hold."
            next_step = "The file was changed after it was signed: ask its author for the original."
            raise EvidenceError("signed.signature", fault, about=about, next_step=next_step)
        signers.add(listed.fingerprint)
    return tuple(sorted(signers))
