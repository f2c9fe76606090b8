"""Zip archives written field by field, so that each can have exactly one fault."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


@dataclass(kw_only=True)
class Entry:
    """A member; `local` and `central` override what its two headers say: name, flags, method, crc, packed, size."""

    name: str
    data: bytes = b"{}"
    method: int = 8
    packed: bytes | None = None
    before: bytes = b""
    after: bytes = b""
    extra: bytes = b""
    local: dict[str, int | bytes] = field(default_factory=dict)
    central: dict[str, int | bytes] = field(default_factory=dict)


def deflated(data: bytes) -> bytes:
    """The raw deflate stream of some bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def write_zip(entries: Sequence[Entry], *, end: dict[str, int] | None = None, tail: bytes = b"") -> bytes:
    """The archive; `end` overrides the end record: disk, here, count, length, offset, comment."""
    file, directory = b"", b""
    for entry in entries:
        packed = entry.packed
        if packed is None:
            packed = deflated(entry.data) if entry.method == 8 else entry.data
        said: dict[str, int | bytes] = {
            "name": entry.name.encode("latin-1"),
            "flags": 0,
            "method": entry.method,
            "crc": zlib.crc32(entry.data),
            "packed": len(packed),
            "size": len(entry.data),
            "offset": len(file) + len(entry.before),
        }
        file += entry.before + _local_header({**said, **entry.local}, entry.extra) + packed + entry.after
        directory += _central_header({**said, **entry.central}, entry.extra)
    stated = {"disk": 0, "here": len(entries), "count": len(entries), "length": len(directory), "offset": len(file)}
    stated |= {"comment": 0, **(end or {})}
    numbers = [stated[name] for name in ("disk", "disk", "here", "count", "length", "offset", "comment")]
    return file + directory + _END.pack(b"PK\x05\x06", *numbers) + tail


def _local_header(said: dict[str, int | bytes], extra: bytes) -> bytes:
    name = said["name"]
    numbers = [said[key] for key in ("crc", "packed", "size")]
    lengths = (len(name), len(extra))  # type: ignore[arg-type]  # the name is bytes
    return _LOCAL.pack(b"PK\x03\x04", 20, said["flags"], said["method"], 0, 33, *numbers, *lengths) + name + extra  # type: ignore[operator]  # the name is bytes


def _central_header(said: dict[str, int | bytes], extra: bytes) -> bytes:
    name = said["name"]
    numbers = [said[key] for key in ("crc", "packed", "size")]
    lengths = (len(name), len(extra), 0, 0, 0, 0, said["offset"])  # type: ignore[arg-type]  # the name is bytes
    fixed = (b"PK\x01\x02", 20, 20, said["flags"], said["method"], 0, 33)
    return _CENTRAL.pack(*fixed, *numbers, *lengths) + name + extra  # type: ignore[operator]  # the name is bytes
