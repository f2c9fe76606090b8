"""Received files: the bytes under their digest, and beside them one manifest for each path they came by.

    received/<first two digits>/<sha256>                      the bytes, exactly
    received/<first two digits>/<sha256>.<path digest>.json   the manifest of this content at one path

The path digest is the first 32 hexadecimal digits of SHA-256 over the path in UTF-8. So the same content at two paths
is kept once, a file that comes again adds nothing, and a changed file is another receipt beside the first.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from h2corridor.evidence import FileManifest, commit_to_file, decode_manifest
from h2corridor.model.errors import EvidenceError, InputError
from h2corridor.store.files import durable

CHUNK_BYTES = 1 << 18
MAX_PATH_BYTES = 1024

FileSalt = Callable[[str, str], bytes]
"""(path, sha256) to the 32 salt bytes of that file."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """A received file and its place in the log; `leaf_index` is None until it has been appended."""

    manifest: FileManifest
    leaf_index: int | None = None


class ReceivedFiles:
    """The folder `received/`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[str, str], FileManifest] | None = None

    def receive(self, path: str, source: Path, *, now_ms: int, file_salt: FileSalt) -> FileManifest:
        """Keep the bytes of `source` under `path` and commit to their records; a file already kept is only found."""
        _require_path(path)
        known = self._manifests()
        if any(kept_path == path for kept_path, _ in known):
            manifest = known.get((path, _digest_of(source)))
            if manifest is not None and self.content_path(manifest.sha256).exists():
                self._require_unaltered(manifest.sha256)
                return manifest
        sha256, size = self._keep_content(source)
        manifest = known.get((path, sha256))
        if manifest is None:
            with self.open_content(sha256) as file:
                manifest = commit_to_file(
                    read_chunks(file),
                    path=path,
                    size=size,
                    sha256=sha256,
                    file_salt=file_salt(path, sha256),
                    received_at_ms=now_ms,
                )
            durable.write_file(self.manifest_path(path, sha256), manifest.encode())
            known[path, sha256] = manifest
        return manifest

    def list_manifests(self) -> tuple[FileManifest, ...]:
        """Every manifest, ordered by path, time of receipt and digest."""
        return tuple(sorted(self._manifests().values(), key=lambda m: (m.path, m.received_at_ms, m.sha256)))

    def open_content(self, sha256: str) -> BinaryIO:
        """The received bytes for reading."""
        path = self.content_path(sha256)
        try:
            return path.open("rb")
        except OSError as error:
            fault = f"the received bytes cannot be read: {error.strerror}"
            next_step = "Run `h2corridor log fsck`; receive the file again or restore it from a copy."
            raise EvidenceError("evidence.content", fault, about=str(path), next_step=next_step) from error

    def content_path(self, sha256: str) -> Path:
        """Where the bytes with this digest stand."""
        return self._folder / sha256[:2] / sha256

    def manifest_path(self, path: str, sha256: str) -> Path:
        """Where the manifest of this content at this path stands."""
        digest = hashlib.sha256(path.encode()).hexdigest()[:32]
        return self._folder / sha256[:2] / f"{sha256}.{digest}.json"

    def _keep_content(self, source: Path) -> tuple[str, int]:
        digest = hashlib.sha256()
        size = 0
        with durable.PartFile(self._folder, "incoming") as part:
            for chunk in _read_source(source):
                digest.update(chunk)
                size += len(chunk)
                part.write(chunk)
            target = self.content_path(digest.hexdigest())
            durable.make_folder(target.parent)
            part.publish(target)
        return digest.hexdigest(), size

    def _require_unaltered(self, sha256: str) -> None:
        """Refuse kept bytes that are not those of their name: nothing is computed from them."""
        path = self.content_path(sha256)
        if _digest_of(path) != sha256:
            fault = "the kept bytes are not those that were received."
            next_step = (
                "Put this file aside, do not delete it, and restore it from a copy of the workspace. Where the data "
                "set still has the bytes that were received, run again without it: they are then received anew."
            )
            raise EvidenceError("evidence.content", fault, about=str(path), next_step=next_step)

    def _manifests(self) -> dict[tuple[str, str], FileManifest]:
        if self._known is None:
            with durable.storage_errors(self._folder):
                files = [(path, path.read_bytes()) for path in sorted(self._folder.glob("??/*.json"))]
            manifests = [decode_manifest(data, about=str(path)) for path, data in files]
            self._known = {(manifest.path, manifest.sha256): manifest for manifest in manifests}
        return self._known


def read_chunks(file: BinaryIO) -> Iterator[bytes]:
    """The rest of a file in chunks."""
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def _read_source(source: Path) -> Iterable[bytes]:
    try:
        with source.open("rb") as file:
            yield from read_chunks(file)
    except OSError as error:
        fault = f"cannot be read: {error.strerror}"
        raise InputError(
            "input.unreadable", fault, about=str(source), next_step="Check file and permissions."
        ) from error


def _digest_of(source: Path) -> str:
    digest = hashlib.sha256()
    for chunk in _read_source(source):
        digest.update(chunk)
    return digest.hexdigest()


def _require_path(path: str) -> None:
    parts = path.split("/")
    sound = path.isprintable() and not path.startswith("/") and not {"", ".", ".."} & set(parts)
    if not sound or len(path.encode("utf-8", "surrogatepass")) > MAX_PATH_BYTES:
        fault = f"expected a printable path inside the data set, at most {MAX_PATH_BYTES} bytes, with forward slashes"
        raise InputError("input.path", fault, about=ascii(path), next_step="Rename the file.")
