"""Received files of a raw bundle: whole files row by row against the root in the log, single rows by their proofs."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from h2verify.bundle.forms import (
    BASE64,
    SHA256,
    TEXT,
    WHOLE,
    Document,
    ListOf,
    Maybe,
    decode_base64,
    one_of,
    read_document,
)
from h2verify.bundle.limits import PROOF_HASHES_MAX
from h2verify.content import FileContent
from h2verify.errors import BundleError, ProofError
from h2verify.merkle import verify_inclusion
from h2verify.rows import RowCommitment, batch_records, file_entry, leaf_entry, salted_leaf_hash, split_records

RECEIVED = "received/"
TELEMETRY = "telemetry/"
CONTENT_BYTES_MAX = 160 << 20
"""The contents of all files that are disclosed whole, unpacked."""

TELEMETRY_RECORDS_MAX = 100_000
OTHER_RECORDS_MAX = 300_000
_SLICE_BYTES = 1 << 14
_TELEMETRY_PATH = re.compile(r"telemetry/([A-Z0-9]{17})/([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.[0-9]{1,15})?\.csv\.gz")
_MEMBER = re.compile(r"received/([1-9][0-9]{0,5})\.(json|bin)")

_DOCUMENT = {
    "bytes": Maybe(_MEMBER),
    "file_salt": Maybe(SHA256),
    "format": one_of("h2corridor/received/1"),
    "manifest": {
        "content_complete": one_of(True, False),
        "path": TEXT,
        "received_at_ms": WHOLE,
        "records": WHOLE,
        "root": SHA256,
        "sha256": SHA256,
        "size": WHOLE,
    },
    "records": ListOf(
        {"entry": BASE64, "hashes": ListOf(SHA256, PROOF_HASHES_MAX), "index": WHOLE, "salt": SHA256},
        TELEMETRY_RECORDS_MAX,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A received file: whole in member `member`, or the records of it that are shown, by number (0 is the header)."""

    path: str
    size: int
    sha256: str
    logged_index: int
    member: str | None
    shown: Mapping[int, bytes] = field(default_factory=dict)


class Received:
    """The received files of a bundle by path, each proved to be in the log."""

    def __init__(self, archive: Mapping[str, bytes], files: Mapping[str, ReceivedFile]) -> None:
        self._archive = archive
        self.files = files

    def is_whole(self, path: str) -> bool:
        """Whether a file is disclosed with every byte."""
        return path in self.files and self.files[path].member is not None

    def iterate_records(self, path: str) -> Iterator[tuple[bytes, bool]]:
        """The records of a whole file, and of each whether it is cut short: the last of a content that ends inside
        packed data, when it has no line end."""
        member = self.files[path].member
        if member is None:
            raise BundleError("received.missing", "expected the whole file.", where=path)
        content = FileContent(path, _slices(self._archive[member]))
        before: bytes | None = None
        for record in split_records(content):
            if before is not None:
                yield before, False
            before = record
        if before is not None:
            yield before, content.is_cut and not before.endswith(b"\n")

    def find_records(self, path: str, numbers: Collection[int]) -> Mapping[int, bytes]:
        """Of the records asked for by number, those that are disclosed."""
        file = self.files.get(path)
        if file is None:
            return {}
        if file.member is None:
            return {number: file.shown[number] for number in numbers if number in file.shown}
        wanted = frozenset(numbers)
        records = enumerate(record for record, _ in self.iterate_records(path))
        return {number: record for number, record in records if number in wanted}


def verify_received(archive: Mapping[str, bytes], logged: Mapping[bytes, int], stated_index: int) -> Received:
    """The received files of a bundle, once each of them is what the log holds.

    Parameters
    ----------
    archive : all members of the bundle
    logged : the entries, as canonical bytes, that `proofs.json` proves to be in the log, with their places
    stated_index : the statement's place in the log

    Raises
    ------
    BundleError
        `received.form`, `received.log` (its entry is not proved), `received.late` (it came after the statement),
        `received.content` (bytes, digest, size),
        `received.rows` (another root), `received.row` (a row's proof); `container.limit`.
    """
    names = sorted(name for name in archive if name.startswith(RECEIVED))
    budget = _Budget()
    files: dict[str, ReceivedFile] = {}
    used: set[str] = set()
    for name in names:
        match = _MEMBER.fullmatch(name)
        if match is None:
            raise _form(name, "no received member has this name")
        if match[2] == "json":
            file = _verify_file(archive, name, logged, budget)
            if file.logged_index >= stated_index:
                raise BundleError("received.late", "it came into the log after the statement.", where=file.path)
            if file.path in files:
                raise _form(name, f"{file.path} is there already")
            files[file.path] = file
            used |= {name, file.member or name}
    if len(used) != len(names):
        raise _form(next(name for name in names if name not in used), "no received/<n>.json speaks of it")
    return Received(archive, files)


def telemetry_paths(received: Received, vin: str) -> list[str]:
    """The telemetry files of a truck, in order of day."""
    found = ((path, _TELEMETRY_PATH.fullmatch(path)) for path in received.files)
    return sorted(path for path, match in found if match and match[1] == vin and _is_day(match[2]))


class _Budget:
    """What all whole files together may still hold."""

    def __init__(self) -> None:
        self._bytes = CONTENT_BYTES_MAX
        self._telemetry_records = TELEMETRY_RECORDS_MAX
        self._other_records = OTHER_RECORDS_MAX

    def count(self, pieces: Iterator[bytes], path: str) -> Iterator[bytes]:
        """The pieces, counted."""
        for piece in pieces:
            self._bytes -= len(piece)
            if self._bytes < 0:
                fault = f"whole files unpack to more than {CONTENT_BYTES_MAX} bytes."
                raise BundleError("container.limit", fault, where=path)
            yield piece

    def take_records(self, count: int, path: str) -> None:
        """Count records: of telemetry, and of all else."""
        if path.startswith(TELEMETRY):
            self._telemetry_records -= count
        else:
            self._other_records -= count
        if min(self._telemetry_records, self._other_records) < 0:
            fault = f"more than {TELEMETRY_RECORDS_MAX} records of telemetry, or {OTHER_RECORDS_MAX} of other files."
            raise BundleError("container.limit", fault, where=path)


def _verify_file(archive: Mapping[str, bytes], name: str, logged: Mapping[bytes, int], budget: _Budget) -> ReceivedFile:
    document = read_document(archive[name], _DOCUMENT, code="received.form", where=name)
    manifest = document["manifest"]
    member = document["bytes"]
    is_whole = member is not None
    if is_whole != (document["file_salt"] is not None) or is_whole == bool(document["records"]):
        raise _form(name, "expected bytes and file_salt, or records")
    if is_whole and (member != name.removesuffix("json") + "bin" or member not in archive):
        raise _form(name, f"expected the bytes in {name.removesuffix('json')}bin")
    entry = leaf_entry(records=manifest["records"], root=bytes.fromhex(manifest["root"]))
    if entry not in logged:
        raise BundleError("received.log", "its entry is not proved to be in the log.", where=manifest["path"])
    shown: Mapping[int, bytes] = {}
    if is_whole:
        _verify_whole(archive[member], bytes.fromhex(document["file_salt"]), manifest, budget)
    else:
        shown = _verify_records(document["records"], manifest, name)
    return ReceivedFile(
        path=manifest["path"],
        size=manifest["size"],
        sha256=manifest["sha256"],
        logged_index=logged[entry],
        member=member,
        shown=shown,
    )


def _verify_whole(data: bytes, file_salt: bytes, manifest: Document, budget: _Budget) -> None:
    """Hold every byte and every record of a file against its manifest, whose root is in the log."""
    path = manifest["path"]
    if len(data) != manifest["size"] or hashlib.sha256(data).hexdigest() != manifest["sha256"]:
        raise BundleError("received.content", "its bytes have another size or digest.", where=path)
    content = FileContent(path, _slices(data))
    commitment = RowCommitment(file_salt)
    for batch in batch_records(split_records(budget.count(iter(content), path))):
        budget.take_records(len(batch), path)
        commitment.add_many(batch)
    if content.complete != manifest["content_complete"]:
        raise BundleError("received.content", "content_complete is not what unpacking it shows.", where=path)
    if commitment.records != manifest["records"] or commitment.root(_entry_0(manifest)).hex() != manifest["root"]:
        fault = f"its {commitment.records} records give another root than the one in the log."
        raise BundleError("received.rows", fault, where=path)


def _verify_records(records: Sequence[Document], manifest: Document, name: str) -> Mapping[int, bytes]:
    """The shown records by number, once entry 0, the header and each row are proved to stand where they say."""
    root, size = bytes.fromhex(manifest["root"]), manifest["records"] + 1
    entries: dict[int, bytes] = {}
    last = -1
    for number, record in enumerate(records):
        where = f"{name}.records[{number}]"
        index, entry = record["index"], decode_base64(record["entry"], code="received.form", where=where)
        if index <= last:
            raise _form(where, "records stand in ascending order, each once")
        last = index
        leaf = salted_leaf_hash(bytes.fromhex(record["salt"]), entry)
        try:
            verify_inclusion(index, size, leaf, [bytes.fromhex(each) for each in record["hashes"]], root)
        except ProofError as error:
            raise BundleError("received.row", error.fault, where=f"{manifest['path']} entry {index}") from error
        entries[index] = entry
    if {0, 1} - entries.keys():
        raise _form(name, "expected entry 0 and the header among the records")
    if entries.pop(0) != _entry_0(manifest):
        raise BundleError("received.row", "entry 0 says something else than the manifest.", where=manifest["path"])
    return {index - 1: entry for index, entry in entries.items()}


def _entry_0(manifest: Document) -> bytes:
    return file_entry(
        path=manifest["path"],
        size=manifest["size"],
        sha256=manifest["sha256"],
        records=manifest["records"],
        received_at_ms=manifest["received_at_ms"],
        content_complete=manifest["content_complete"],
    )


def _slices(data: bytes) -> Iterator[bytes]:
    """The bytes in small slices: what an unpacker gives back is copied, and many small members would copy it often."""
    view = memoryview(data)
    for at in range(0, len(data), _SLICE_BYTES):
        yield bytes(view[at : at + _SLICE_BYTES])


def _form(where: str, fault: str) -> BundleError:
    return BundleError("received.form", f"{fault}.", where=where)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
