"""Zip archives taken apart and put together again field by field, so that each can have exactly one fault."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Members = dict[str, bytes]

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
DAY = 33


@dataclass(kw_only=True)
class Entry:
    """A member; `local`, `central` and `both` override what its headers say: name, flags, method, crc, packed, size,
    extra, and of the central one offset, disk, made_by, attributes."""

    name: str | bytes
    data: bytes = b""
    method: int = 8
    packed: bytes | None = None
    before: bytes = b""
    both: dict[str, int | bytes] = field(default_factory=dict)
    local: dict[str, int | bytes] = field(default_factory=dict)
    central: dict[str, int | bytes] = field(default_factory=dict)


def members_of(data: bytes) -> Members:
    """The members of a good archive, unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def entries_of(data: bytes) -> list[Entry]:
    """The members of a good archive, to be changed and written again."""
    return [Entry(name=name, data=content) for name, content in members_of(data).items()]


def pack(members: Mapping[str, bytes]) -> bytes:
    """An archive of members, in order of name."""
    return write_zip(Entry(name=name, data=members[name]) for name in sorted(members))


def deflated(data: bytes) -> bytes:
    """The raw deflate stream of some bytes."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def write_zip(entries: Iterable[Entry], *, gap: bytes = b"", tail: bytes = b"", **end: int) -> bytes:
    """The archive; `end` overrides the end record: disk, here, count, length, offset, comment.

    Parameters
    ----------
    gap : bytes
        Between the last member and the directory.
    tail : bytes
        After the end record.
    """
    file, directory, count = bytearray(), bytearray(), 0
    for entry in entries:
        count += 1
        packed = entry.packed
        if packed is None:
            packed = deflated(entry.data) if entry.method == 8 else entry.data
        said = _said(entry, packed, len(file))
        file += entry.before + _local_header({**said, **entry.both, **entry.local}) + packed
        directory += _central_header({**said, **entry.both, **entry.central})
    file += gap
    stated = {"disk": 0, "here": count, "count": count, "length": len(directory), "offset": len(file), "comment": 0}
    stated |= end
    numbers = [stated[name] for name in ("disk", "disk", "here", "count", "length", "offset", "comment")]
    return bytes(file + directory) + END.pack(b"PK\x05\x06", *numbers) + tail


def _said(entry: Entry, packed: bytes, at: int) -> dict[str, int | bytes]:
    return {
        "name": entry.name if isinstance(entry.name, bytes) else entry.name.encode("ascii"),
        "flags": 0,
        "method": entry.method,
        "crc": zlib.crc32(entry.data),
        "packed": len(packed),
        "size": len(entry.data),
        "extra": b"",
        "offset": at + len(entry.before),
        "disk": 0,
        "made_by": 20,
        "attributes": 0,
    }


def _local_header(said: Mapping[str, int | bytes]) -> bytes:
    name, extra = bytes(said["name"]), bytes(said["extra"])
    numbers = [said[key] for key in ("crc", "packed", "size")]
    head = (b"PK\x03\x04", 20, said["flags"], said["method"], 0, DAY)
    return LOCAL.pack(*head, *numbers, len(name), len(extra)) + name + extra


def _central_header(said: Mapping[str, int | bytes]) -> bytes:
    name, extra = bytes(said["name"]), bytes(said["extra"])
    numbers = [said[key] for key in ("crc", "packed", "size")]
    head = (b"PK\x01\x02", said["made_by"], 20, said["flags"], said["method"], 0, DAY)
    lengths = (len(name), len(extra), 0, said["disk"], 0, said["attributes"], said["offset"])
    return CENTRAL.pack(*head, *numbers, *lengths) + name + extra
