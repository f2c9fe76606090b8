"""Records of a file, and the salted Merkle tree over them that the log commits to.

A record is a line with its end (LF, or CRLF); a line end inside RFC 4180 quotes does not end it. A quote opens a quoted
field only at the start of a field; inside, two quotes stand for one. What follows the last line end is a record too. A
record longer than `MAX_RECORD_BYTES` comes in pieces of exactly that length, the rest last, each a record of its own.

The tree has entry 0 for the file (`file_entry`) and entry r + 1 for record r. Every entry carries its own salt, so that
one record can be shown without letting anyone guess at the others.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from h2verify.canonical import encode
from h2verify.errors import ProofError
from h2verify.merkle import Frontier, node_hash

MAX_RECORD_BYTES = 1 << 20
FILE_SALT_BYTES = 32
LEAF_TYPE = "h2corridor/received-file/1"
_SALT_PREFIX = b"\x02"
_RECORDS_AT_ONCE = 4096
_BYTES_AT_ONCE = 1 << 21

_FIELD_START, _PLAIN, _QUOTED, _QUOTE_SEEN = range(4)
_PLAIN_STOP = re.compile(rb'\n|,(?:"|\Z)')


def split_records(chunks: Iterable[bytes], *, max_record_bytes: int = MAX_RECORD_BYTES) -> Iterator[bytes]:
    """The records of a content given in chunks of any size; joined again they are the content.

    Memory stays within one chunk and one record. How the content is cut into chunks makes no difference.
    """
    pending = bytearray()
    state = _FIELD_START
    for chunk in chunks:
        if state != _QUOTED and b'"' not in chunk:
            *lines, rest = chunk.split(b"\n")
            for line in lines:
                if pending or len(line) >= max_record_bytes:
                    pending += line
                    pending += b"\n"
                    yield from _pieces(pending, max_record_bytes, 0)
                else:
                    yield line + b"\n"
            pending += rest
            if rest or lines:
                state = _FIELD_START if not rest or rest.endswith(b",") else _PLAIN
        else:
            at = 0
            while at < len(chunk):
                end, state = _find_record_end(chunk, at, state)
                pending += chunk[at:end]
                at = end
                if state == _FIELD_START and pending.endswith(b"\n"):
                    yield from _pieces(pending, max_record_bytes, 0)
        yield from _pieces(pending, max_record_bytes, max_record_bytes)
    yield from _pieces(pending, max_record_bytes, 0)


def batch_records(records: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The records in batches that are small whether records are many or long."""
    batch: list[bytes] = []
    size = 0
    for record in records:
        batch.append(record)
        size += len(record)
        if len(batch) == _RECORDS_AT_ONCE or size >= _BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    yield batch


def record_salt(file_salt: bytes, index: int) -> bytes:
    """The salt of entry `index` of a file's tree: SHA-256(0x02 ‖ file_salt ‖ uint64 index, big-endian)."""
    return hashlib.sha256(_SALT_PREFIX + file_salt + index.to_bytes(8, "big")).digest()


def salted_leaf_hash(salt: bytes, entry: bytes) -> bytes:
    """The RFC 6962 leaf hash of salt ‖ entry."""
    return hashlib.sha256(b"\x00" + salt + entry).digest()


def file_entry(
    *, path: str, size: int, sha256: str, records: int, received_at_ms: int, content_complete: bool
) -> bytes:
    """Entry 0 of a file's tree, before its salt: the canonical JSON of what is known of the file."""
    return encode(
        {
            "content_complete": content_complete,
            "path": path,
            "received_at_ms": received_at_ms,
            "records": records,
            "sha256": sha256,
            "size": size,
        }
    )


def leaf_entry(*, records: int, root: bytes) -> bytes:
    """The entry of a received file in the log: nothing of it in clear but how many records it has."""
    return encode({"type": LEAF_TYPE, "records": records, "root": root.hex()})


class RowCommitment:
    """The salted Merkle tree over a file's records, built in one pass and in constant memory.

    Entry 0 is known only at the end (it states how many records there are), so the tree is kept as RFC 6962 divides it:
    entry 0 with the complete subtrees of 1, 2, 4, 8 ... entries to its right, and the block still being filled.
    """

    def __init__(self, file_salt: bytes) -> None:
        if len(file_salt) != FILE_SALT_BYTES:
            raise ProofError("rows.salt", f"expected a file salt of {FILE_SALT_BYTES} bytes, got {len(file_salt)}")
        self._file_salt = file_salt
        self._blocks: list[bytes] = []
        self._block = Frontier()
        self.records = 0

    def add(self, record: bytes) -> None:
        """Commit to the next record."""
        self.add_many([record])

    def add_many(self, records: Sequence[bytes]) -> None:
        """Commit to the next records: the fast way for many."""
        sha256 = hashlib.sha256
        prefix = _SALT_PREFIX + self._file_salt
        leaves = [
            sha256(b"\x00" + sha256(prefix + index.to_bytes(8, "big")).digest() + record).digest()
            for index, record in enumerate(records, self.records + 1)
        ]
        self.records += len(leaves)
        at = 0
        while at < len(leaves):
            capacity = 1 << len(self._blocks)
            part = leaves[at : at + capacity - self._block.size]
            self._block.add_many(part)
            at += len(part)
            if self._block.size == capacity:
                self._blocks.append(self._block.root())
                self._block = Frontier()

    def root(self, file_entry: bytes) -> bytes:
        """The root of the tree with `file_entry` as entry 0."""
        root = salted_leaf_hash(record_salt(self._file_salt, 0), file_entry)
        for block in self._blocks:
            root = node_hash(root, block)
        return node_hash(root, self._block.root()) if self._block.size else root


def _find_record_end(data: bytes, at: int, state: int) -> tuple[int, int]:
    """Where the record that is open at `at` ends in `data`, and the state there; the end of `data` if it does not."""
    while at < len(data):
        if state == _QUOTED:
            quote = data.find(b'"', at)
            if quote < 0:
                return len(data), _QUOTED
            at, state = quote + 1, _QUOTE_SEEN
        elif state in (_QUOTE_SEEN, _FIELD_START) and data[at] == 0x22:
            at, state = at + 1, _QUOTED
        else:
            stop = _PLAIN_STOP.search(data, at)
            if stop is None:
                return len(data), _PLAIN
            at = stop.end()
            if stop[0] == b"\n":
                return at, _FIELD_START
            state = _QUOTED if stop[0] == b',"' else _FIELD_START
    return at, state


def _pieces(pending: bytearray, max_bytes: int, keep: int) -> Iterator[bytes]:
    """Cut pieces of `max_bytes` off `pending` until at most `keep` bytes remain."""
    while len(pending) > keep:
        yield bytes(pending[:max_bytes])
        del pending[:max_bytes]
