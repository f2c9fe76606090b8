"""What is known of one received file, the entry that commits to it, and the leaf that stands in the log."""

import hmac
from collections.abc import Iterable

import msgspec
from h2verify import canonical, rows
from h2verify.content import FileContent
from h2verify.errors import CanonicalError

from h2corridor.model.errors import EvidenceError, InputError

MANIFEST_FORMAT = 1
RECORDS_MAX = 50_000_000
"""Of one file: a few kilobytes of gz can unpack to any number of lines."""
_MAX_MANIFEST_BYTES = 1 << 20


class FileManifest(msgspec.Struct, frozen=True, kw_only=True):
    """One received file: where it stood in its data set, its bytes, and the commitment to its records.

    `records` counts the header line; `content_complete` is False when a gz file could not be unpacked to its end, and
    the records are then those of the part that could. `root` covers every other field.
    """

    path: str
    size: int
    sha256: str
    records: int
    content_complete: bool
    received_at_ms: int
    file_salt: str
    root: str

    def encode(self) -> bytes:
        """The canonical JSON that is kept beside the received bytes."""
        return canonical.encode({"format": MANIFEST_FORMAT, **msgspec.structs.asdict(self)})

    def leaf_entry(self) -> bytes:
        """The entry that stands in the log for this file."""
        return rows.leaf_entry(records=self.records, root=bytes.fromhex(self.root))


def decode_manifest(data: bytes, *, about: str) -> FileManifest:
    """The manifest in these bytes, which must be exactly what `encode` writes.

    Raises
    ------
    EvidenceError
        `evidence.manifest` when the bytes are anything else; `about` names their file.
    """
    next_step = "Compare with a copy of the workspace, or receive the file again."
    try:
        value = canonical.parse_canonical(data, max_bytes=_MAX_MANIFEST_BYTES)
        manifest = msgspec.convert(value, FileManifest)
    except (CanonicalError, msgspec.ValidationError) as error:
        raise EvidenceError("evidence.manifest", str(error), about=about, next_step=next_step) from error
    if not all(_is_sha256(text) for text in (manifest.sha256, manifest.file_salt, manifest.root)):
        fault = "sha256, file_salt and root are 64 hexadecimal digits"
        raise EvidenceError("evidence.manifest", fault, about=about, next_step=next_step)
    if manifest.encode() != data:
        fault = f"not a manifest of format {MANIFEST_FORMAT} with its fields and no others"
        raise EvidenceError("evidence.manifest", fault, about=about, next_step=next_step)
    return manifest


def derive_file_salt(seed: bytes, path: str, sha256: str) -> bytes:
    """The salt of a file, from the operator's secret seed: the same file at the same path has the same salt.

    HMAC-SHA256(seed, "file-salt" ‖ the 32 bytes of sha256 ‖ path in UTF-8).
    """
    return hmac.digest(seed, b"file-salt" + bytes.fromhex(sha256) + path.encode(), "sha256")


def commit_to_file(
    chunks: Iterable[bytes], *, path: str, size: int, sha256: str, file_salt: bytes, received_at_ms: int
) -> FileManifest:
    """The manifest of a file from its received bytes, whatever they say.

    Parameters
    ----------
    chunks
        The received bytes in order, in chunks of any size; memory stays within a few MiB.
    path
        Inside the data set, with forward slashes; `.gz` at its end means that the records are those of the content.
    size, sha256
        Of the received bytes.
    file_salt
        32 secret bytes, different for every file.

    Raises
    ------
    InputError
        `evidence.too-many-records`: more than any data set needs in one file.
    """
    content = FileContent(path, chunks)
    commitment = rows.RowCommitment(file_salt)
    for batch in rows.batch_records(rows.split_records(content)):
        commitment.add_many(batch)
        if commitment.records > RECORDS_MAX:
            next_step = "Ask its supplier for files of one truck and one day."
            raise InputError(
                "evidence.too-many-records", f"more than {RECORDS_MAX} rows.", about=path, next_step=next_step
            )
    entry = rows.file_entry(
        path=path,
        size=size,
        sha256=sha256,
        records=commitment.records,
        received_at_ms=received_at_ms,
        content_complete=content.complete,
    )
    return FileManifest(
        path=path,
        size=size,
        sha256=sha256,
        records=commitment.records,
        content_complete=content.complete,
        received_at_ms=received_at_ms,
        file_salt=file_salt.hex(),
        root=commitment.root(entry).hex(),
    )


def _is_sha256(text: str) -> bool:
    return len(text) == 64 and all(digit in "0123456789abcdef" for digit in text)
