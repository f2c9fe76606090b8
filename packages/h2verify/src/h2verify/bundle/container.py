"""The zip container, read strictly from its bytes: every byte of the file belongs to one member or to the directory.

Nothing in it is believed: members are unpacked while they are counted, and unpacking stops at the limit. Two readers
can only disagree about a zip file where it says a thing twice; here both places must say the same, and no byte may lie
outside.
"""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from h2verify.bundle import limits
from h2verify.errors import BundleError

MANIFEST = "manifest.json"

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LOCAL_MARK = b"PK\x03\x04"
_CENTRAL_MARK = b"PK\x01\x02"
_END_MARK = b"PK\x05\x06"
_UTF8_NAMES = 1 << 11
_STORED = 0
_DEFLATED = 8
_ZIP64_EXTRA = 0x0001
_FILE_TYPE_SHIFT = 28
_REGULAR_FILE = 0o10
"""The highest four bits of a member's attributes, where an archiver notes them: what kind of file it was."""

_SLICE_BYTES = 1 << 16
_PIECE_BYTES = 1 << 20
_NAME = re.compile(r"[A-Za-z0-9._@-]+(?:/[A-Za-z0-9._@-]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member: where its packed bytes lie, and what it turned out to be once unpacked."""

    name: str
    method: int
    start: int
    packed_bytes: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A row of the central directory."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed_bytes: int
    size: int
    offset: int


class Archive(Mapping[str, bytes]):
    """The members of a container by name; each is unpacked when it is asked for and not kept."""

    def __init__(self, data: bytes, members: Mapping[str, Member]) -> None:
        self._data = data
        self.members = members

    def __getitem__(self, name: str) -> bytes:
        member = self.members[name]
        return b"".join(_unpack(self._data, member.method, member.start, member.packed_bytes, name))

    def __iter__(self) -> Iterator[str]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)

    def under(self, folder: str) -> list[str]:
        """The names below a folder (which ends in a slash), sorted."""
        return sorted(name for name in self.members if name.startswith(folder))


def read_container(data: bytes) -> Archive:
    """The members of a bundle's container, each unpacked once, counted and hashed.

    Raises
    ------
    BundleError
        `container.not-zip`, `container.no-manifest` (no bundle at all); `container.limit`, `.zip`, `.name`,
        `.duplicate`, `.method`, `.checksum`.
    """
    if data[:4] != _LOCAL_MARK and data[-_END.size :][:4] != _END_MARK:
        raise BundleError("container.not-zip", "expected a zip archive.", next_step="Hand over the bundle as received.")
    if len(data) > limits.FILE_BYTES_MAX:
        raise _limit(f"the file is larger than {limits.FILE_BYTES_MAX} bytes")
    entries = _read_directory(data)
    _require_manifest(entries)
    _require_names([entry.name for entry in entries])
    starts = _require_layout(data, entries)
    return Archive(data, _unpack_all(data, entries, starts))


def _read_directory(data: bytes) -> list[_Entry]:
    """The rows of the central directory, which ends where the end record begins, which ends the file."""
    if len(data) < _END.size or data[-_END.size :][:4] != _END_MARK:
        raise _zip("the end record is not the end of the file: it is cut off, or something follows it")
    _, disk, first_disk, here, count, length, offset, comment = _END.unpack(data[-_END.size :])
    if disk or first_disk or here != count or comment:
        raise _zip("the end record speaks of several volumes or of a comment")
    if count > limits.MEMBERS_MAX:
        raise _limit(f"{count} members; at most {limits.MEMBERS_MAX}")
    if offset + length != len(data) - _END.size:
        raise _zip("the central directory does not end where the end record begins")
    entries, at = [], offset
    for _ in range(count):
        entry, at = _read_entry(data, at)
        entries.append(entry)
    if at != len(data) - _END.size:
        raise _zip("the central directory is longer or shorter than its rows")
    return entries


def _read_entry(data: bytes, at: int) -> tuple[_Entry, int]:
    end = len(data) - _END.size
    if at + _CENTRAL.size > end:
        raise _zip("a row of the central directory is cut off")
    fields = _CENTRAL.unpack_from(data, at)
    mark, _, _, flags, method, _, _, crc, packed, size, name_length, extra, comment, disk, _, kind, offset = fields
    name_at = at + _CENTRAL.size
    after = name_at + name_length + extra + comment
    if mark != _CENTRAL_MARK or after > end or disk:
        raise _zip("a row of the central directory is damaged")
    if kind >> _FILE_TYPE_SHIFT not in (0, _REGULAR_FILE):
        raise _zip("a member is a link or another thing that is no regular file")
    _require_no_zip64(data[name_at + name_length : name_at + name_length + extra])
    name = data[name_at : name_at + name_length]
    return _Entry(name=name, flags=flags, method=method, crc=crc, packed_bytes=packed, size=size, offset=offset), after


def _require_manifest(entries: list[_Entry]) -> None:
    if not any(entry.name == MANIFEST.encode() for entry in entries):
        raise BundleError(
            "container.no-manifest",
            f"a zip archive without {MANIFEST} is no evidence bundle.",
            next_step="Hand over the bundle as received.",
        )


def _require_names(names: list[bytes]) -> None:
    seen: dict[str, str] = {}
    for raw in names:
        name = raw.decode("latin-1")
        bad = len(name) > limits.NAME_LENGTH_MAX or not _NAME.fullmatch(name) or {".", ".."} & set(name.split("/"))
        if bad:
            raise BundleError("container.name", f"{name[:100]!r} cannot be the name of a member")
        folded = name.lower()
        if folded in seen:
            raise BundleError("container.duplicate", f"{seen[folded]} and {name} are one name when case is ignored")
        seen[folded] = name


def _require_layout(data: bytes, entries: list[_Entry]) -> list[int]:
    """Where each member's packed bytes begin, once local headers and members tile the file up to the directory."""
    starts = {}
    at = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        name = entry.name.decode("ascii")
        if entry.offset != at:
            raise _zip("bytes lie before it that belong to no member, or it overlaps another", where=name)
        start = _require_local_header(data, entry, name)
        starts[name] = start
        at = start + entry.packed_bytes
    if at != _END.unpack(data[-_END.size :])[6]:
        raise _zip("bytes lie between the last member and the central directory, or they overlap")
    return [starts[entry.name.decode("ascii")] for entry in entries]


def _require_local_header(data: bytes, entry: _Entry, name: str) -> int:
    if entry.flags & ~_UTF8_NAMES:
        raise _zip(f"its flags are {entry.flags:#06x}; only bit 11 may be set", where=name)
    if entry.method not in (_STORED, _DEFLATED):
        raise BundleError("container.method", f"method {entry.method}; only 0 and 8 are read", where=name)
    if entry.offset + _LOCAL.size > len(data):
        raise _zip("its local header lies outside the file", where=name)
    fields = _LOCAL.unpack_from(data, entry.offset)
    mark, _, flags, method, _, _, crc, packed, size, name_length, extra = fields
    name_at = entry.offset + _LOCAL.size
    start: int = name_at + name_length + extra
    said = (mark, flags, method, crc, packed, size, data[name_at : name_at + name_length])
    expected = (_LOCAL_MARK, entry.flags, entry.method, entry.crc, entry.packed_bytes, entry.size, entry.name)
    if said != expected or start + packed > len(data):
        raise _zip("its local header and the central directory do not agree", where=name)
    _require_no_zip64(data[name_at + name_length : start])
    return start


def _require_no_zip64(extra: bytes) -> None:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _ZIP64_EXTRA:
            raise _zip("zip64 fields are not read")
        at += 4 + length


def _unpack_all(data: bytes, entries: list[_Entry], starts: list[int]) -> dict[str, Member]:
    members: dict[str, Member] = {}
    budget = _Budget()
    for entry, start in zip(entries, starts, strict=True):
        name = entry.name.decode("ascii")
        digest = hashlib.sha256()
        crc = 0
        counter = budget.counter(name)
        for piece in _unpack(data, entry.method, start, entry.packed_bytes, name):
            counter.add(piece)
            digest.update(piece)
            crc = zlib.crc32(piece, crc)
        if crc != entry.crc or counter.size != entry.size:
            fault = f"{counter.size} bytes with CRC {crc:08x}, the directory says {entry.size} with {entry.crc:08x}"
            raise BundleError("container.checksum", fault, where=name)
        members[name] = Member(
            name=name,
            method=entry.method,
            start=start,
            packed_bytes=entry.packed_bytes,
            size=counter.size,
            sha256=digest.hexdigest(),
        )
    return members


class _Budget:
    """What all members together may still use."""

    def __init__(self) -> None:
        self.bytes = limits.UNPACKED_BYTES_MAX
        self.json_bytes = limits.JSON_BYTES_SUM_MAX
        self.json_marks = limits.JSON_MARKS_SUM_MAX

    def counter(self, name: str) -> "_Counter":
        return _Counter(self, name)


class _Counter:
    """Counts one member and stops at the first limit."""

    def __init__(self, budget: _Budget, name: str) -> None:
        self._budget = budget
        self._name = name
        self._is_json = name.endswith(".json")
        self._limit = limits.JSON_BYTES_MAX if self._is_json else limits.MEMBER_BYTES_MAX
        self.size = 0
        self._marks = 0

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        self._budget.bytes -= len(piece)
        if self.size > self._limit:
            raise _limit(f"unpacks to more than {self._limit} bytes", where=self._name)
        if self._budget.bytes < 0:
            raise _limit(f"all members unpack to more than {limits.UNPACKED_BYTES_MAX} bytes")
        if self._is_json:
            self._add_marks(piece)

    def _add_marks(self, piece: bytes) -> None:
        marks = sum(piece.count(mark) for mark in (b"[", b"{", b",", b":"))
        self._marks += marks
        self._budget.json_marks -= marks
        self._budget.json_bytes -= len(piece)
        if self._marks > limits.JSON_MARKS_MAX:
            raise _limit(f"more than {limits.JSON_MARKS_MAX} of the characters [ {{ , :", where=self._name)
        if self._budget.json_marks < 0 or self._budget.json_bytes < 0:
            raise _limit(
                f"JSON members hold more than {limits.JSON_BYTES_SUM_MAX} bytes together, or more than "
                f"{limits.JSON_MARKS_SUM_MAX} of the characters [ {{ , :"
            )


def _unpack(data: bytes, method: int, start: int, packed_bytes: int, name: str) -> Iterator[bytes]:
    """The unpacked bytes in pieces of at most 1 MiB; the packed ones are fed in small slices, so that none is copied
    again and again."""
    view = memoryview(data)[start : start + packed_bytes]
    if method == _STORED:
        for at in range(0, packed_bytes, _PIECE_BYTES):
            yield bytes(view[at : at + _PIECE_BYTES])
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    at = 0
    try:
        while at < packed_bytes and not inflater.eof:
            rest = bytes(view[at : at + _SLICE_BYTES])
            at += len(rest)
            while rest and not inflater.eof:
                piece = inflater.decompress(rest, _PIECE_BYTES)
                rest = inflater.unconsumed_tail
                if piece:
                    yield piece
        yield from _last_pieces(inflater)
    except zlib.error as error:
        raise _zip("its packed bytes are damaged", where=name) from error
    if not inflater.eof or inflater.unused_data or at != packed_bytes:
        raise _zip("its packed bytes end too early, or others follow them", where=name)


def _last_pieces(inflater: "zlib._Decompress") -> Iterator[bytes]:
    """What the inflater still holds back when its input is at an end."""
    while not inflater.eof:
        piece = inflater.decompress(b"", _PIECE_BYTES)
        if not piece:
            return
        yield piece


def _zip(fault: str, *, where: str = "") -> BundleError:
    return BundleError("container.zip", fault, where=where)


def _limit(fault: str, *, where: str = "") -> BundleError:
    return BundleError("container.limit", fault, where=where)
